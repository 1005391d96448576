//! The fitted equation of motion simulated, beside the recording it was fitted to.

use irrev_landscape::langevin::Boundary;
use irrev_landscape::memory::{
    PassiveFit, Resimulation, ResimulationOptions, Side, TabulatedForce, Transitions, resimulated,
};
use irrev_landscape::moments::ConditionalMoments;
use irrev_numerics::Estimate;
use irrev_report::{
    Axis, Check, Curve, CurveStyle, Figure, Lines, Mark, Report, Table, readable_estimate, readable_number,
};

use super::definitions::{
    RESIMULATED_CORRELATION, RESIMULATED_DENSITY, RESIMULATED_TRANSITION, TRANSITION_TIME,
};
use super::memory::band;
use super::subject::Subject;
use crate::error::Result;

/// Heading of the summary.
const WHAT_IT_GIVES_BACK: &str = "What the fitted equation gives back";

/// Differences by more than so many standard errors are no chance: at the worst of some hundred lags, and of some tens of cells.
const BY_CHANCE: f64 = 5.0;
const BY_CHANCE_OF_CELLS: f64 = 4.0;

/// Differences below this part of ⟨ṙ²⟩, or of all weight, are slight however small their errors are.
const SLIGHT: f64 = 0.03;

/// Largest accepted difference of ⟨ṙ²⟩ of the walkers from that of the recording, beside its error: the step is too long beyond.
const STEP: f64 = 0.01;

/// Barrier that parts two wells, in kT.
const BARRIER: f64 = 1.0;

/// # Errors
/// As [`resimulated`].
pub(super) fn add(
    subject: &Subject<'_>,
    (fit, lags): (&PassiveFit, usize),
    moments: &ConditionalMoments,
    report: &mut Report,
) -> Result<()> {
    let name = subject.name();
    let walkers = subject.request.resimulate;
    if walkers == Some(0) {
        return Ok(());
    }
    let defaults = ResimulationOptions::default();
    let options = ResimulationOptions {
        coordinate: subject.coordinate,
        lags,
        walkers: walkers.unwrap_or(defaults.walkers),
        least_count: subject.request.least_count,
        barrier: BARRIER,
    };
    let [low, high] = subject.recorded.found().ranges[subject.coordinate];
    let visits = moments.effective_counts();
    let force: Vec<f64> = moments
        .mean_acceleration()
        .iter()
        .zip(visits)
        .map(|(force, visits)| {
            if visits >= options.least_count {
                force.value
            } else {
                f64::NAN
            }
        })
        .collect();
    let found = TabulatedForce::of_cells(&subject.grid, &force, (low, high))
        .and_then(|force| resimulated(subject.record, &force, fit, &subject.grid, &options, subject.run));
    match found {
        Ok(found) => told(subject, &found, report),
        Err(error @ irrev_landscape::Error::Numerics(irrev_numerics::Error::Cancelled)) => {
            return Err(subject.fail(error));
        }
        Err(error) => report.push_left_out("resimulation", format!("{name}: {error}")),
    }
    Ok(())
}

fn told(subject: &Subject<'_>, found: &Resimulation, report: &mut Report) {
    let name = subject.name();
    let (correlation, of_correlation) = found.correlation_deviation();
    let (density, of_density) = found.density_deviation(&subject.grid);
    report.push_quantity(
        subject
            .quantity(&RESIMULATED_CORRELATION, correlation)
            .key()
            .with_note(in_errors(of_correlation)),
    );
    report.push_quantity(
        subject
            .quantity(&RESIMULATED_DENSITY, density)
            .key()
            .with_note(in_errors(of_density)),
    );
    let equipartition = &found.equipartition;
    report.push_check(Check::new(
        format!("resimulation_step{}", subject.suffix()),
        format!(
            "⟨ṙ²⟩ of walkers of {name} against that of their bath, relative: whether the step is short enough"
        ),
        equipartition.value - 1.0,
        STEP + BY_CHANCE * equipartition.standard_error,
    ));
    let times = found
        .recorded
        .transitions
        .as_ref()
        .zip(found.simulated.transitions.as_ref());
    for sentence in [
        verdict(name, (correlation, of_correlation), (density, of_density)),
        how(found, name),
    ] {
        report.push_summary(WHAT_IT_GIVES_BACK, sentence);
    }
    if let Some((recorded, simulated)) = times {
        passages(subject, found, (recorded, simulated), report);
    }
    pictures(subject, found, report);
}

fn in_errors(errors: f64) -> String {
    format!(
        "at the worst {} standard errors of both",
        readable_number(errors, 2)
    )
}

fn verdict(name: &str, correlation: (f64, f64), density: (f64, f64)) -> String {
    let holds = |(part, errors): (f64, f64), most: f64| errors <= most || part <= SLIGHT;
    let told = |what: &str, unit: &str, (part, errors): (f64, f64)| {
        format!(
            "{what} within {:.1} % of {unit} ({} standard errors at the worst)",
            100.0 * part,
            readable_number(errors, 2)
        )
    };
    let misses = |what: &str, unit: &str, (part, errors): (f64, f64)| {
        format!(
            "{what}, which is off by {:.1} % of {unit}, {} standard errors at the worst",
            100.0 * part,
            readable_number(errors, 2)
        )
    };
    let (c, rho) = ("the velocity autocorrelation", "the density");
    let (of_c, of_rho) = ("⟨ṙ²⟩", "its weight");
    match (holds(correlation, BY_CHANCE), holds(density, BY_CHANCE_OF_CELLS)) {
        (true, true) => format!(
            "The fitted equation of motion of {name}, simulated, gives back {}, and {}.",
            told(c, of_c, correlation),
            told(rho, of_rho, density)
        ),
        (true, false) => format!(
            "The fitted equation of motion of {name}, simulated, gives back {}, but not {}.",
            told(c, of_c, correlation),
            misses(rho, of_rho, density)
        ),
        (false, true) => format!(
            "The fitted equation of motion of {name}, simulated, gives back {}, but not {}.",
            told(rho, of_rho, density),
            misses(c, of_c, correlation)
        ),
        (false, false) => format!(
            "The fitted equation of motion of {name}, simulated, does not give back the recording: not {}, and not {}.",
            misses(c, of_c, correlation),
            misses(rho, of_rho, density)
        ),
    }
}

/// What was simulated, and what of the coordinate it leaves out.
fn how(found: &Resimulation, name: &str) -> String {
    let ends = match found.boundary {
        Boundary::Periodic(_) => "round the circle".to_owned(),
        Boundary::Reflecting { lower, upper } => format!(
            "between walls at {} and {}, beyond which {name} is not known",
            readable_number(lower, 4),
            readable_number(upper, 4)
        ),
        _ => "on the whole line".to_owned(),
    };
    format!(
        "{} walkers made {} frames each, {} step{} to a frame, {ends}; cells with {:.1} % of the recording are compared.",
        found.walkers,
        found.frames,
        found.substeps,
        if found.substeps == 1 { "" } else { "s" },
        100.0 * found.compared
    )
}

/// Mean times between the two deepest wells.
fn passages(
    subject: &Subject<'_>,
    found: &Resimulation,
    (recorded, simulated): (&Transitions, &Transitions),
    report: &mut Report,
) {
    let Some(wells) = &found.wells else { return };
    let (name, centres) = (subject.name(), subject.grid.centres());
    let bottom = |well: usize| {
        let density = |cell: &&usize| found.recorded.density[**cell].value;
        let cell = wells[well]
            .iter()
            .max_by(|a, b| density(a).total_cmp(&density(b)));
        readable_number(cell.map_or(f64::NAN, |cell| centres[*cell]), 3)
    };
    let places = [bottom(0), bottom(1)];
    let told = |side: &Transitions, way: usize| match side.counts[way] {
        0 => "never".to_owned(),
        n => format!(
            "{} ({n} passage{})",
            readable_estimate(side.times[way].value, Some(side.times[way].standard_error)),
            if n == 1 { "" } else { "s" }
        ),
    };
    for (way, word) in [(0, "there"), (1, "back")] {
        let (from, to) = (&places[way], &places[1 - way]);
        let seen = recorded.counts[way] > 0 && simulated.counts[way] > 0;
        let mut sentence = format!(
            "From the well of {name} at {from} to that at {to} it takes {} in the recording and {} by the equation",
            told(recorded, way),
            told(simulated, way)
        );
        if seen {
            let (a, b) = (recorded.times[way], simulated.times[way]);
            // relative errors of times are those of their logarithms
            let off = (b.value / a.value).ln().abs()
                / (a.standard_error / a.value).hypot(b.standard_error / b.value);
            sentence += &format!(", {} standard errors apart", readable_number(off, 2));
            for (definition, estimate) in [(&TRANSITION_TIME, a), (&RESIMULATED_TRANSITION, b)] {
                let quantity = subject.quantity(definition, estimate.value);
                let key = format!("{}_{word}", quantity.name);
                report.push_quantity(
                    quantity
                        .named(key)
                        .estimate(estimate.standard_error)
                        .with_note(format!("from {from} to {to}")),
                );
            }
        }
        report.push_summary(WHAT_IT_GIVES_BACK, sentence + ".");
    }
}

/// Both curves, one over the other.
fn both(x: &[f64], recorded: &[Estimate], simulated: &[Estimate]) -> [Curve; 2] {
    [
        band("recorded", x, recorded),
        band("fitted equation", x, simulated).styled(CurveStyle::Dashed),
    ]
}

fn pictures(subject: &Subject<'_>, found: &Resimulation, report: &mut Report) {
    let (name, suffix) = (subject.name(), subject.suffix());
    let (recorded, simulated): (&Side, &Side) = (&found.recorded, &found.simulated);
    let caption = "From the recording, and from walkers that follow the generalised Langevin equation with its mean force and fitted kernel. Bands: 95 %.";
    let [a, b] = both(
        &found.times,
        &recorded.velocity_correlation,
        &simulated.velocity_correlation,
    );
    report.push_figure(Figure::new(
        format!("resimulated_correlation{suffix}"),
        format!("Velocity autocorrelation of {name}, recorded and given back"),
        caption,
        Lines::new(
            Axis::new("time", subject.time_unit()),
            Axis::new("⟨ṙ(t) ṙ(0)⟩", ""),
        )
        .curve(a)
        .curve(b),
    ));
    let centres = subject.grid.centres();
    let [a, b] = both(&centres, &recorded.density, &simulated.density);
    let mut lines = Lines::new(Axis::new(name, subject.unit()), Axis::new("ρ", ""))
        .curve(a)
        .curve(b);
    if let Some(wells) = &found.wells {
        for (well, label) in wells.iter().zip(["first well", "second well"]) {
            let density = |cell: &&usize| recorded.density[**cell].value;
            if let Some(cell) = well.iter().max_by(|a, b| density(a).total_cmp(&density(b))) {
                lines = lines.mark(Mark::vertical(centres[*cell], label));
            }
        }
    }
    report.push_figure(Figure::new(
        format!("resimulated_density{suffix}"),
        format!("Density of {name}, recorded and given back"),
        format!("{caption} Cells with too few visits are left open."),
        lines,
    ));
    let values = |of: &[Estimate]| of.iter().map(|e| e.value).collect::<Vec<f64>>();
    let errors = |of: &[Estimate]| of.iter().map(|e| e.standard_error).collect::<Vec<f64>>();
    let table = |key: &str, title: String, x: (&str, &str, &[f64]), a: &[Estimate], b: &[Estimate]| {
        Table::new(format!("{key}{suffix}"), title)
            .numbers(x.0, x.1, x.2.to_vec())
            .numbers("recorded", "", values(a))
            .numbers("error of recorded", "", errors(a))
            .numbers("fitted equation", "", values(b))
            .numbers("error of fitted equation", "", errors(b))
    };
    report.push_table(table(
        "resimulated_correlation",
        format!("Velocity autocorrelation of {name}, recorded and by the fitted equation"),
        ("time", subject.time_unit(), &found.times),
        &recorded.velocity_correlation,
        &simulated.velocity_correlation,
    ));
    report.push_table(table(
        "resimulated_density",
        format!("Density of {name}, recorded and by the fitted equation"),
        ("r", subject.unit(), &centres),
        &recorded.density,
        &simulated.density,
    ));
}

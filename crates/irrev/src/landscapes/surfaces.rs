//! G, V_m, V* and kT ln(w/kT) of a coordinate with errors, and what follows from them.

use irrev_landscape::landscape::{Comparison, Kind, Landscape, LandscapeOptions, Verdict, landscape};
use irrev_landscape::moments::{
    Accelerations, ConditionalMoments, MomentOptions, Velocities, conditional_moments,
};
use irrev_numerics::Estimate;
use irrev_report::{
    Axis, Curve, CurveStyle, Figure, Lines, QuantityKind, Report, Table, readable_estimate, readable_number,
};

use super::definitions::{
    CIRCULATION, DIFFERENCE, EQUIPARTITION, FREE_ENERGY_BARRIER, IDENTITY, MEAN_FORCE_BARRIER, METRIC_HIGH,
    METRIC_LOW, NORMALISED_BARRIER, SAMPLING_BIAS,
};
use super::sampling::WHAT_IT_CAN_GIVE;
use super::subject::Subject;
use crate::error::Result;

/// Heading of the summary.
const WHICH_LANDSCAPE: &str = "Which landscape";

/// # Errors
/// As [`conditional_moments`] and [`landscape`].
pub(super) fn add(subject: &Subject<'_>, report: &mut Report) -> Result<()> {
    let options = subject.moments()?;
    let moments = conditional_moments(subject.record, &subject.grid, &options, subject.run);
    let moments = moments.map_err(|error| subject.fail(error))?;
    let kt = subject.request.temperature;
    let asked = LandscapeOptions {
        temperature: kt,
        least_count: subject.request.least_count,
        draws: subject.request.draws,
        ..LandscapeOptions::default()
    };
    let found = landscape(&moments, &asked, subject.run).map_err(|error| subject.fail(error))?;
    warn(subject, &moments, report);
    for (place, comparison) in found.comparisons.iter().enumerate() {
        // one component is the rule; of several the one with most of the frames is told in numbers
        if place == main_component(&found, &moments) {
            quantities(subject, (&found, place), comparison, report);
            beside_differences(subject, &moments, report)?;
        }
    }
    let mean = found
        .comparisons
        .get(main_component(&found, &moments))
        .map_or(1.0, |comparison| comparison.mean_metric.value);
    barriers(subject, &found, mean, report);
    if let Some(round) = &found.circulation {
        let mean = &round.mean_force;
        report.push_quantity(
            subject
                .quantity(&CIRCULATION, mean.value)
                .estimate(mean.standard_error),
        );
    }
    let component = main_component(&found, &moments);
    if let Some(comparison) = found.comparisons.get(component) {
        let difference = largest_difference(&found, comparison, component) / kt;
        report.push_summary(
            WHICH_LANDSCAPE,
            verdict(subject, &found, (comparison, difference), options.velocities),
        );
    }
    if found.components.len() > 1 {
        report.push_summary(
            WHICH_LANDSCAPE,
            format!(
                "Cells of {} with enough visits form {} parts that no visited cell joins: no constant joins their landscapes.",
                subject.name(),
                found.components.len()
            ),
        );
    }
    report.push_figure(picture(subject, &found));
    report.push_figure(metric_picture(subject, &found, &moments));
    report.push_table(table(subject, &found, &moments));
    Ok(())
}

/// The component with most frames.
fn main_component(found: &Landscape, moments: &ConditionalMoments) -> usize {
    let counts = moments.counts();
    let frames = |component: usize| -> u64 {
        found.components[component]
            .cells
            .iter()
            .map(|cell| counts[*cell])
            .sum()
    };
    (0..found.components.len())
        .max_by_key(|c| frames(*c))
        .unwrap_or(0)
}

fn warn(subject: &Subject<'_>, moments: &ConditionalMoments, report: &mut Report) {
    let (below, above) = moments.outside();
    let part = (below + above) as f64 / moments.frames().max(1) as f64;
    if part > 0.01 {
        report.push_warning(format!(
            "{}: {:.1} % of the frames lie outside of the cells.",
            subject.name(),
            100.0 * part
        ));
    }
    let steps = moments.periodic_steps();
    if steps.doubtful > 0 {
        report.push_warning(format!(
            "{}: {} steps are longer than 0.4 of the period after taking the short way round; some may have gone the long way: record more often.",
            subject.name(),
            steps.doubtful
        ));
    }
    if !moments.errors().resolved() {
        report.push_warning(format!(
            "{}: blocks of the recording are not much longer than its correlation time, so that errors are too small: they still grow by {:.0} % when blocks are doubled.",
            subject.name(),
            100.0 * (moments.errors().growth().sqrt() - 1.0)
        ));
    }
}

/// What differences of positions and metrics make of ⟨Ṙ²⟩ where velocities are recorded.
fn beside_differences(subject: &Subject<'_>, given: &ConditionalMoments, report: &mut Report) -> Result<()> {
    if !matches!(subject.moments()?.velocities, Velocities::Given) {
        return Ok(());
    }
    let mean = |moments: &ConditionalMoments| {
        let cells = moments.mean_square_velocity().into_iter().zip(moments.counts());
        let known = cells.filter(|(w, _)| w.value.is_finite());
        let (sum, frames) = known.fold((0.0, 0.0), |(sum, frames), (w, count)| {
            (sum + w.value * count as f64, frames + count as f64)
        });
        sum / frames
    };
    let other = |velocities: Velocities| {
        let options = MomentOptions {
            coordinate: subject.coordinate,
            velocities,
            accelerations: Accelerations::NotNeeded,
            ..MomentOptions::default()
        };
        conditional_moments(subject.record, &subject.grid, &options, subject.run)
            .map_err(|error| subject.fail(error))
    };
    let recorded = mean(given);
    let bias = 1.0 - mean(&other(Velocities::Differences)?) / recorded;
    report.push_quantity(subject.quantity(&SAMPLING_BIAS, bias));
    report.push_summary(
        WHAT_IT_CAN_GIVE,
        format!(
            "{}: at this time step differences of positions give ⟨Ṙ²⟩ {:.1} % lower than recorded velocities; accelerations from second differences are low by about as much.",
            subject.name(),
            100.0 * bias
        ),
    );
    if subject.has_metrics() {
        let temperature = subject.request.temperature;
        let ratio = recorded / mean(&other(Velocities::Metrics { temperature })?);
        report.push_quantity(subject.quantity(&EQUIPARTITION, ratio));
    }
    Ok(())
}

/// Largest |G − V_m kT/⟨w⟩| over the cells of a component.
fn largest_difference(found: &Landscape, comparison: &Comparison, component: usize) -> f64 {
    let mean = comparison.mean_metric.value;
    let cells = found.components[component].cells.iter();
    cells
        .map(|&cell| (found.free_energy[cell].value - found.mean_force_potential[cell].value / mean).abs())
        .fold(0.0, f64::max)
}

fn quantities(
    subject: &Subject<'_>,
    (found, component): (&Landscape, usize),
    comparison: &Comparison,
    report: &mut Report,
) {
    let kt = subject.request.temperature;
    let (low, high) = comparison.metric_range;
    let of = |definition: &irrev_report::Definition, value: f64| {
        subject
            .quantity(definition, value)
            .of_kind(QuantityKind::Estimate)
    };
    report.push_quantity(of(&METRIC_LOW, low));
    report.push_quantity(of(&METRIC_HIGH, high).with_note(p_value("w = kT", comparison.metric_p_value)));
    report.push_quantity(
        of(&DIFFERENCE, largest_difference(found, comparison, component) / kt)
            .key()
            .with_note(p_value("G = V_m", comparison.difference_p_value)),
    );
    report.push_quantity(
        of(&IDENTITY, comparison.identity_residual / kt)
            .with_note(p_value("the identity", comparison.identity_p_value)),
    );
}

fn p_value(what: &str, p: f64) -> String {
    format!("p-value of {what}: {}", readable_number(p, 2))
}

fn barriers(subject: &Subject<'_>, found: &Landscape, mean_metric: f64, report: &mut Report) {
    let kt = subject.request.temperature;
    let edges = subject.grid.edges();
    let whole = (edges[0], edges[edges.len() - 1]);
    for (definition, kind, unit) in [
        (&FREE_ENERGY_BARRIER, Kind::FreeEnergy, kt),
        (&MEAN_FORCE_BARRIER, Kind::MeanForcePotential, kt * mean_metric),
        (&NORMALISED_BARRIER, Kind::NormalisedMeanForcePotential, kt),
    ] {
        let Some(barrier) = found.barrier(kind, whole) else {
            continue;
        };
        let height = &barrier.from_left;
        let note = format!("at {}", told(&barrier.top));
        report.push_quantity(
            subject
                .quantity(definition, height.value / unit)
                .estimate(height.standard_error / unit)
                .with_note(note),
        );
    }
}

fn told(estimate: &Estimate) -> String {
    readable_estimate(estimate.value, Some(estimate.standard_error))
}

/// What the two landscapes say of the coordinate.
fn verdict(
    subject: &Subject<'_>,
    found: &Landscape,
    (comparison, difference): (&Comparison, f64),
    velocities: Velocities,
) -> String {
    let name = subject.name();
    let (low, high) = comparison.metric_range;
    let range = format!(
        "⟨Ṙ²; r⟩ goes from {} to {} kT",
        readable_number(low, 3),
        readable_number(high, 3)
    );
    let source = match velocities {
        Velocities::Given => "recorded velocities",
        Velocities::Metrics { .. } => "recorded metrics",
        _ => "differences of positions",
    };
    let difference = readable_number(difference, 3);
    let sense = match comparison.verdict {
        Verdict::Equal => "free energy and mean-force potential are the same within errors".to_owned(),
        Verdict::EqualWithOtherMetric => {
            "free energy and mean-force potential do not differ beyond errors although w is not kT".to_owned()
        }
        Verdict::Proportional { ratio } => format!(
            "w is constant within errors but not kT, so that G = {} V_m, as for a coordinate that is not weighted by mass",
            readable_number(ratio, 4)
        ),
        Verdict::Different => format!(
            "free energy and mean-force potential are different landscapes, up to {difference} kT apart: where {name} is found is not how it is pushed"
        ),
        Verdict::Inconsistent => format!(
            "free energy and mean-force potential are up to {difference} kT apart, but the identity of equilibrium G = V* + kT ln(w/kT) fails beyond errors, by up to {} kT: steps or cells are too wide for it, or the system is not in equilibrium",
            readable_number(comparison.identity_residual / subject.request.temperature, 2)
        ),
        _ => "there are too few independent stretches to judge".to_owned(),
    };
    let undefined = found.free_energy.iter().filter(|g| g.value.is_nan()).count();
    let empty = match undefined {
        0 => String::new(),
        cells => format!(
            " {cells} of {} cells are visited too rarely and left open.",
            found.points.len()
        ),
    };
    format!("Along {name}, {range} (from {source}); {sense}.{empty}")
}

fn band(name: &str, points: &[f64], values: &[Estimate], scale: f64) -> Curve {
    let of = |part: &dyn Fn(&Estimate) -> f64| values.iter().map(|e| part(e) * scale).collect::<Vec<f64>>();
    Curve::new(name, points.to_vec(), of(&|e| e.value))
        .with_band(of(&|e| e.interval.0), of(&|e| e.interval.1))
}

/// All four in kT; V_m in units of the mean w, which is kT where the coordinate is weighted by mass.
fn picture(subject: &Subject<'_>, found: &Landscape) -> Figure {
    let kt = subject.request.temperature;
    let mean = found
        .comparisons
        .first()
        .map_or(1.0, |comparison| comparison.mean_metric.value);
    let v_m = if (mean - 1.0).abs() < 0.01 {
        "V_m".to_owned()
    } else {
        format!("V_m · kT/⟨w⟩ (÷ {})", readable_number(mean, 3))
    };
    let points = &found.points;
    Figure::new(
        format!("landscapes{}", subject.suffix()),
        format!("Landscapes along {}", subject.name()),
        "Free energy G = −kT ln ρ, mean-force potential V_m (in units of the mean of w), V* = −kT ∫⟨R̈; r⟩/⟨Ṙ²; r⟩dr, and kT ln(w/kT); G is the sum of the last two. Bands: 95 %.",
        Lines::new(
            Axis::new(subject.name(), subject.unit()),
            Axis::new("energy", "kT"),
        )
        .curve(band("G", points, &found.free_energy, 1.0 / kt))
        .curve(band(&v_m, points, &found.mean_force_potential, 1.0 / (kt * mean)))
        .curve(
            band("V*", points, &found.normalised_mean_force_potential, 1.0 / kt).styled(CurveStyle::Dashed),
        )
        .curve(band("kT ln(w/kT)", points, &found.metric_term, 1.0 / kt).styled(CurveStyle::Dashed)),
    )
}

fn metric_picture(subject: &Subject<'_>, found: &Landscape, moments: &ConditionalMoments) -> Figure {
    let kt = subject.request.temperature;
    // where G is left open, this is, too
    let nothing = Estimate::from_mean(f64::NAN, f64::NAN, 0);
    let known = moments.mean_square_velocity().into_iter().zip(&found.free_energy);
    let known: Vec<Estimate> = known
        .map(|(w, g)| if g.value.is_finite() { w } else { nothing })
        .collect();
    Figure::new(
        format!("metric{}", subject.suffix()),
        format!("Mean square velocity along {}", subject.name()),
        "⟨Ṙ²; r⟩ in units of kT, in cells with enough visits: the same everywhere where free energy and mean-force potential are one landscape, and 1 if the coordinate is weighted by mass. Band: 95 %.",
        Lines::new(Axis::new(subject.name(), subject.unit()), Axis::new("w/kT", "")).curve(band(
            "w/kT",
            &found.points,
            &known,
            1.0 / kt,
        )),
    )
}

fn table(subject: &Subject<'_>, found: &Landscape, moments: &ConditionalMoments) -> Table {
    let unit = subject.unit();
    let values = |of: &[Estimate]| of.iter().map(|e| e.value).collect::<Vec<f64>>();
    let errors = |of: &[Estimate]| of.iter().map(|e| e.standard_error).collect::<Vec<f64>>();
    let mut table = Table::new(
        format!("landscapes{}", subject.suffix()),
        format!(
            "Landscapes along {} cell by cell; what is visited too rarely is left open",
            subject.name()
        ),
    )
    .numbers("r", unit, found.points.clone())
    .numbers(
        "frames",
        "1",
        moments.counts().iter().map(|count| *count as f64).collect(),
    )
    .numbers("independent visits", "1", moments.effective_counts());
    let columns: [(&str, Vec<Estimate>); 7] = [
        ("density", moments.density()),
        ("mean square velocity", moments.mean_square_velocity()),
        ("mean acceleration", moments.mean_acceleration()),
        ("G", found.free_energy.clone()),
        ("V_m", found.mean_force_potential.clone()),
        ("V*", found.normalised_mean_force_potential.clone()),
        ("kT ln(w/kT)", found.metric_term.clone()),
    ];
    for (name, column) in columns {
        table =
            table
                .numbers(name, "", values(&column))
                .numbers(format!("error of {name}"), "", errors(&column));
    }
    table
}

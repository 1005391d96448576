//! Section: several numbers of spins, extrapolated to infinitely many.

use irrev_ising::simulation::{Extrapolation, FiniteSizeStudy, Observable, Start, finite_size_study_of};
use irrev_numerics::Estimate;
use irrev_numerics::estimate::normal_deviate_of_student;
use irrev_report::{Axis, Check, Curve, CurveStyle, Definition, Figure, Lines, Mark, Report, Table};

use super::context::{Context, Simulated};
use super::definitions::{
    EXTRAPOLATED_CONDITIONAL_ENTROPY, EXTRAPOLATED_ENTROPY_PRODUCTION, EXTRAPOLATED_FLIP_RATE,
    EXTRAPOLATED_MAGNETIZATION,
};
use super::infinite;
use super::simulation::{CHANCE, one_phase_only, unit};
use crate::error::{Error, Result};
use crate::spins;

/// Quantities that are extrapolated.
const EXTRAPOLATED: [(Observable, &str, &Definition); 4] = [
    (
        Observable::EntropyProduction,
        "entropy production",
        &EXTRAPOLATED_ENTROPY_PRODUCTION,
    ),
    (
        Observable::ConditionalEntropy,
        "conditional entropy",
        &EXTRAPOLATED_CONDITIONAL_ENTROPY,
    ),
    (Observable::Activity, "flip rate", &EXTRAPOLATED_FLIP_RATE),
    (
        Observable::Magnetization,
        "magnetisation",
        &EXTRAPOLATED_MAGNETIZATION,
    ),
];

/// Points of the curve through the sizes.
const POINTS: usize = 60;

/// # Errors
/// Those of the simulation: memory, cancellation, checkpoints.
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let mut exact = infinite::known(context)?;
    if let Some(warning) = one_phase_only(context, exact.as_ref()) {
        report.push_warning(warning);
        exact = None;
    }
    // from random spins draws order either way, and their m is no control variate
    let starts_up = context
        .values
        .sampling
        .as_ref()
        .is_some_and(|sampling| sampling.start == Start::Up);
    let control = exact
        .filter(|exact| starts_up && exact.magnetization >= 0.0)
        .map(|exact| exact.magnetization);
    let Some((options, disorder)) = spins::ensemble(&context.values, control) else {
        return Ok(());
    };
    let name = context.environment.spec().source.name();
    let study = finite_size_study_of(context.sizes(), &options, &disorder, context.run)
        .map_err(|e| Error::ising(name, e))?;
    report.push_table(table(context, &study));
    let mut rows: Vec<Row> = Vec::new();
    for (observable, words, definition) in EXTRAPOLATED {
        // without order every draw may have the same m, which has no error and needs no extrapolation
        let (Ok(found), Ok(line)) = (study.infinite(observable), study.by_a_line(observable)) else {
            continue;
        };
        let known = exact.and_then(|exact| exact.of(observable));
        report.push_quantity(
            context
                .quantity(definition, found.infinite.value)
                .in_unit(unit(context, observable))
                .estimate(found.infinite.standard_error),
        );
        report.push_figure(figure(context, &study, (observable, words), &found, known));
        verify(words, &found, known, degrees_of_freedom(&study), report);
        rows.push(Row {
            words,
            found,
            line,
            known,
        });
    }
    report.push_table(extrapolations(&rows));
    let last = study.sizes.last();
    context.simulated = last.map(|size| Simulated {
        magnetization: size.get(Observable::Magnetization),
        entropy_production: size.get(Observable::EntropyProduction),
        is_of_one: false,
    });
    context.infinite = context.infinite.or(exact);
    Ok(())
}

/// What is found for a quantity.
struct Row {
    words: &'static str,
    found: Extrapolation,
    /// The line through the sizes, for comparison.
    line: Extrapolation,
    known: Option<f64>,
}

/// Draws that the errors of all sizes are estimated from, less one for each mean.
fn degrees_of_freedom(study: &FiniteSizeStudy) -> f64 {
    let spare = study.sizes.iter().map(|size| size.draws.len().saturating_sub(1));
    spare.sum::<usize>() as f64
}

fn verify(words: &str, found: &Extrapolation, known: Option<f64>, spare_draws: f64, report: &mut Report) {
    if !found.fits() {
        report.push_warning(format!(
            "The {words} is no polynomial in 1/N over these sizes (misfit of {:.1} standard deviations), so that its extrapolation is not \
             trusted: take larger sizes.",
            found.misfit()
        ));
        return;
    }
    // the error of a line through two sizes leaves out all that is not linear
    let Some(known) = known.filter(|_| found.coefficients.len() > 2) else {
        return;
    };
    report.push_check(Check::new(
        format!("extrapolated_{}", words.replace(' ', "_")),
        format!("extrapolated {words} within {CHANCE} standard errors of that of infinitely many spins, as normal deviates of Student's distribution with {spare_draws} degrees of freedom (false alarm 6e-7)"),
        normal_deviate_of_student(
            (found.infinite.value - known) / found.infinite.standard_error,
            spare_draws,
        ),
        CHANCE,
    ));
}

fn table(context: &Context<'_>, study: &FiniteSizeStudy) -> Table {
    let mut sizes = Vec::new();
    let mut names = Vec::new();
    let (mut means, mut disorder, mut thermal, mut controlled, mut controlled_errors) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut units = Vec::new();
    for (observable, words, _) in EXTRAPOLATED {
        for size in &study.sizes {
            let mean = size.get(observable);
            let control = size.controlled(observable);
            sizes.push(size.spins as f64);
            names.push(words.to_owned());
            means.push(mean.value);
            disorder.push(mean.standard_error);
            thermal.push(size.thermal_error(observable));
            controlled.push(control.map_or(f64::NAN, |c| c.value));
            controlled_errors.push(control.map_or(f64::NAN, |c| c.standard_error));
            units.push(unit(context, observable));
        }
    }
    Table::new(
        "finite_size",
        format!(
            "Averages per spin over {} draws of each size",
            context.values.draws
        ),
    )
    .text("quantity", names)
    .numbers("spins", "", sizes)
    .numbers("average", "", means)
    .numbers("error with disorder", "", disorder)
    .numbers("thermal part of the error", "", thermal)
    .numbers("at the exact magnetisation", "", controlled)
    .numbers("its error", "", controlled_errors)
    .text("unit", units)
}

fn extrapolations(rows: &[Row]) -> Table {
    let column = |of: &dyn Fn(&Row) -> f64| rows.iter().map(of).collect::<Vec<f64>>();
    Table::new("extrapolation", "Polynomials in 1/N")
        .text("quantity", rows.iter().map(|row| row.words.to_owned()).collect())
        .numbers("N → ∞", "", column(&|row| row.found.infinite.value))
        .numbers(
            "standard error",
            "",
            column(&|row| row.found.infinite.standard_error),
        )
        .numbers("exact", "", column(&|row| row.known.unwrap_or(f64::NAN)))
        .numbers(
            "degree",
            "",
            column(&|row| row.found.coefficients.len() as f64 - 1.0),
        )
        .numbers("chi squared", "", column(&|row| row.found.chi_squared))
        .numbers(
            "degrees of freedom",
            "",
            column(&|row| row.found.degrees_of_freedom as f64),
        )
        .numbers("by a line", "", column(&|row| row.line.infinite.value))
        .numbers(
            "its standard error",
            "",
            column(&|row| row.line.infinite.standard_error),
        )
}

fn figure(
    context: &Context<'_>,
    study: &FiniteSizeStudy,
    (observable, words): (Observable, &str),
    found: &Extrapolation,
    known: Option<f64>,
) -> Figure {
    let largest = study
        .sizes
        .iter()
        .map(|size| 1.0 / size.spins as f64)
        .fold(0.0, f64::max);
    let polynomial = |x: f64| found.coefficients.iter().rev().fold(0.0, |sum, a| sum * x + a);
    let x: Vec<f64> = (0..POINTS)
        .map(|k| 1.05 * largest * k as f64 / (POINTS - 1) as f64)
        .collect();
    let y = x.iter().map(|x| polynomial(*x)).collect();
    let points = |name: &str, estimates: Vec<(f64, Estimate)>| {
        let column = |of: &dyn Fn(&Estimate) -> f64| estimates.iter().map(|e| of(&e.1)).collect::<Vec<f64>>();
        Curve::new(
            name,
            estimates.iter().map(|e| e.0).collect(),
            column(&|e| e.value),
        )
        .with_band(
            column(&|e| e.value - e.standard_error),
            column(&|e| e.value + e.standard_error),
        )
        .styled(CurveStyle::Markers)
    };
    let plain =
        |size: &irrev_ising::simulation::EnsembleAverage| (1.0 / size.spins as f64, size.get(observable));
    let controlled: Option<Vec<(f64, Estimate)>> = study
        .sizes
        .iter()
        .map(|size| Some((1.0 / size.spins as f64, size.controlled(observable)?)))
        .collect();
    let mut lines = Lines::new(Axis::new("1/N", "1"), Axis::new(words, unit(context, observable))).curve(
        points("average over draws", study.sizes.iter().map(plain).collect()),
    );
    if let Some(controlled) = controlled {
        lines = lines.curve(points("at the exact magnetisation", controlled));
    }
    lines = lines
        .curve(Curve::new("polynomial", x, y).styled(CurveStyle::Dashed))
        .curve(points("extrapolated", vec![(0.0, found.infinite)]));
    if let Some(known) = known {
        lines = lines.mark(Mark::point(0.0, known, "exact, N → ∞"));
    }
    Figure::new(
        format!(
            "finite_size_{}",
            words.replace(' ', "_").replace("magnetisation", "magnetization")
        ),
        format!("Finite sizes: {words}"),
        "Per spin, against 1/N, with one standard error over draws; the dashed polynomial leads to infinitely many spins.",
        lines,
    )
}

//! Section: how fast the distribution changes along the relaxation, in the geometry of distributions.

mod definitions;
mod figures;
mod observables;

pub(super) use definitions::all as definitions;

use irrev_network::information::time::{Marginal, RelaxationSpeed, SpeedOptions, speed_of_relaxation};
use irrev_report::{Bound, Check, Report, Table, readable_number};

use super::context::{Context, RELAXATION_STATES};
use super::relaxation;
use crate::error::Result;
use definitions::{GEODESIC, INITIAL_SPEED, LEAST_TIME, STATISTICAL_ACTION, STATISTICAL_LENGTH};
use observables::{Named, of_states};

/// Heading of the summary.
const HOW_FAST: &str = "How fast it changes";

/// Most times at which everything is evaluated.
const MOST_TIMES: usize = 161;

/// Panels of the search for maxima, two for each jump of the fastest state, beyond which it is not begun unasked.
const MOST_PANELS: f64 = 2e5;

/// Distance to the stationary state, Σ |p − π|, below which nothing moves.
const AT_REST: f64 = 1e-12;

/// Why nothing is to be said of speeds, or `None`.
pub(super) fn obstacle(context: &Context<'_>) -> Option<String> {
    let states = context.network().states().len();
    if states > RELAXATION_STATES {
        return Some(format!(
            "{states} states are too many to follow (limit {RELAXATION_STATES})"
        ));
    }
    let pi = context.stationary.as_ref().ok()?.probabilities();
    let p = context.initial.probabilities();
    let apart: f64 = p.iter().zip(pi).map(|(p, pi)| (p - pi).abs()).sum();
    (apart < AT_REST).then(|| "it begins in its stationary state, and nothing moves".into())
}

/// # Errors
/// As [`speed_of_relaxation`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let fail = |e| context.fail(e);
    let Some(times) = relaxation::times(context)? else {
        return Ok(());
    };
    let Some(&end) = times.last() else { return Ok(()) };
    let kinetics = &context.system.kinetics;
    let observables = of_states(context);
    let fastest = kinetics.exit_rates().into_iter().fold(0.0, f64::max);
    let parts = context.network().subsystems();
    let searched = !parts.is_empty() && 2.0 * fastest * end <= MOST_PANELS;
    let marginals = match searched {
        false => Vec::new(),
        true => parts
            .iter()
            .map(|part| Marginal::of_subsystem(context.network(), &part.name))
            .collect::<irrev_network::Result<_>>()
            .map_err(fail)?,
    };
    if !parts.is_empty() && !searched {
        report.push_warning(
            "The Fisher information of the subsystems alone is not followed: the fastest jumps are too many for the whole interval. Shorten `[time] end`.",
        );
    }
    let every = times.len().div_ceil(MOST_TIMES);
    let options = SpeedOptions {
        times: times.iter().copied().step_by(every).collect(),
        observables: observables.iter().map(|named| named.values.clone()).collect(),
        marginals,
        ..SpeedOptions::default()
    };
    let speed =
        speed_of_relaxation(kinetics, &context.initial, (0.0, end), &options, context.run).map_err(fail)?;
    path(context, &speed, report);
    table(context, &speed, report);
    figures::add(context, &speed, &observables, report);
    laws(context, &speed, &observables, report);
    sentences(context, &speed, report);
    Ok(())
}

/// Length, action and the chain of bounds.
fn path(context: &Context<'_>, speed: &RelaxationSpeed, report: &mut Report) {
    let path = &speed.path;
    let length = context
        .quantity(&STATISTICAL_LENGTH, path.length.value)
        .with_error(Some(path.length.error))
        .key();
    report.push_quantity(length);
    let mut action = context.quantity(&STATISTICAL_ACTION, path.action.value);
    if path.action.value.is_finite() {
        action = action.with_error(Some(path.action.error));
    } else {
        action = action.with_note(format!(
            "infinite, as states that are empty at first are filled at once: {}",
            speed.filling.join(", ")
        ));
    }
    report.push_quantity(action);
    report.push_quantity(context.quantity(&GEODESIC, path.geodesic));
    if let Some(first) = speed.at.first() {
        report.push_quantity(context.quantity(&INITIAL_SPEED, first.speed));
    }
    if let Some(least) = path.least_time().filter(|_| path.action.value.is_finite()) {
        report.push_quantity(context.quantity(&LEAST_TIME, least));
        report.push_bound(
            Bound::at_least(
                "time_and_action",
                "duration × action ≥ length²",
                path.duration * path.action.value,
                path.length.value * path.length.value,
            )
            .with_errors(
                path.duration * path.action.error,
                2.0 * path.length.value * path.length.error,
            )
            .assuming("any path (Cauchy and Schwarz); equality for constant speed"),
        );
    }
    report.push_bound(
        Bound::at_least(
            "length_and_geodesic",
            "length ≥ shortest path between the ends",
            path.length.value,
            path.geodesic,
        )
        .with_errors(path.length.error, 4.0 * f64::EPSILON)
        .assuming("any path; equality on the geodesic"),
    );
}

fn table(context: &Context<'_>, speed: &RelaxationSpeed, report: &mut Report) {
    let rate = context.units.per_time();
    let (squared, cubed) = (context.units.apply("1/time²"), context.units.apply("1/time³"));
    let column = |of: &dyn Fn(&irrev_network::information::time::SpeedAt) -> f64| -> Vec<f64> {
        speed.at.iter().map(of).collect()
    };
    let mut table = Table::new(
        "speed",
        "Fisher information of time and its rate of change along the relaxation, of the whole and of each subsystem alone",
    )
    .numbers("time", context.units.time(), column(&|at| at.time))
    .numbers("fisher_information", squared.clone(), column(&|at| at.fisher_information))
    .numbers("speed", rate, column(&|at| at.speed))
    .numbers(
        "fisher_information_rate",
        cubed.clone(),
        column(&|at| at.fisher_information_rate),
    )
    .numbers(
        "entropy_production_rate",
        context.units.entropy_rate(),
        column(&|at| at.entropy_production_rate),
    );
    for (k, marginal) in speed.marginals.iter().enumerate() {
        table = table
            .numbers(
                format!("fisher_information of {}", marginal.name),
                squared.clone(),
                column(&|at| at.marginals[k].fisher_information),
            )
            .numbers(
                format!("fisher_information_rate of {}", marginal.name),
                cubed.clone(),
                column(&|at| at.marginals[k].fisher_information_rate),
            );
    }
    report.push_table(table);
}

/// What must hold: information of the whole never grows, that of a part is less, and no observable knows more than there is.
fn laws(context: &Context<'_>, speed: &RelaxationSpeed, observables: &[Named], report: &mut Report) {
    let fastest = context
        .system
        .kinetics
        .exit_rates()
        .into_iter()
        .fold(0.0, f64::max);
    // √I is known to some roundings of the fastest rate
    let rounding = 64.0 * f64::EPSILON * fastest;
    let finite = || speed.at.iter().filter(|at| at.fisher_information.is_finite());
    let growth = finite().map(|at| at.fisher_information_rate).fold(0.0, f64::max);
    report.push_check(Check::new(
        "fisher_information_falls",
        "largest dI/dt of the whole, which is not positive for constant rates",
        growth,
        rounding * fastest * fastest,
    ));
    let excess = finite()
        .flat_map(|at| {
            at.marginals
                .iter()
                .map(|part| part.fisher_information.sqrt() - at.speed)
        })
        .fold(0.0, f64::max);
    if !speed.marginals.is_empty() {
        report.push_check(Check::new(
            "part_and_whole",
            "largest excess of the speed of a subsystem over that of the whole",
            excess,
            rounding,
        ));
    }
    for (k, named) in observables.iter().enumerate() {
        let worst = finite()
            .map(|at| &at.observables[k])
            .map(|bound| bound.velocity.abs() - (bound.fisher_information * bound.variance).sqrt())
            .fold(0.0, f64::max);
        let size = named
            .values
            .iter()
            .fold(0.0_f64, |size, value| size.max(value.abs()));
        report.push_check(Check::new(
            format!("cramer_rao_{}", named.name),
            "largest |d⟨r⟩/dt| − √(I Var r)",
            worst,
            rounding * size,
        ));
    }
}

fn sentences(context: &Context<'_>, speed: &RelaxationSpeed, report: &mut Report) {
    let number = |x: f64| readable_number(x, 4);
    if let Some(efficiency) = speed.path.geodesic_efficiency() {
        report.push_summary(
            HOW_FAST,
            format!(
                "In {} the distribution goes a way of {}; the shortest between the same ends is {} ({:.0} %).",
                context.units.lasting(number(speed.path.duration)),
                number(speed.path.length.value),
                number(speed.path.geodesic),
                100.0 * efficiency
            ),
        );
    }
    for part in speed.marginals.iter().filter(|part| !part.monotone) {
        let times: Vec<String> = part
            .maxima
            .iter()
            .take(5)
            .map(|maximum| context.units.lasting(number(maximum.time)))
            .collect();
        let when = if times.is_empty() {
            "without a maximum inside the interval".to_owned()
        } else {
            format!("with a maximum at {}", times.join(", "))
        };
        report.push_summary(
            HOW_FAST,
            format!(
                "Seen alone, {} does not slow down monotonically ({when}): no process of its own with constant rates does that, so something that it does not show drives it.",
                part.name
            ),
        );
    }
}

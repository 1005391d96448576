//! Section: walkers under the equation of motion, with work, heat and entropy along their paths.

mod histogram;
mod motion;
mod theorems;

use irrev_network::simulation::estimators::{Moments, jarzynski};
use irrev_numerics::Estimate;
use irrev_report::{Check, Report, Table, readable_number};

use super::super::Section;
use super::super::definitions::JARZYNSKI_FREE_ENERGY;
use super::context::Context;
use super::definitions::{SIMULATED_ENTROPY_PRODUCTION, SIMULATED_HEAT, SIMULATED_RESIDUAL, SIMULATED_WORK};
use crate::error::{Error, Result};
use crate::model::{Integrator, SimulationValues};
use motion::{Done, LONGEST, simulated};

/// Most steps of all walkers together.
const MOST_STEPS: f64 = 1e13;

/// Step in units of the fastest motion from which an exact integrator's heat is told to be rough.
const ROUGH: f64 = 0.04;

/// Step in units of the fastest motion from which motion with inertia is unstable in any trap.
const UNSTABLE: f64 = 2.0;

/// Standard errors that a simulated number may be from one that is known: beyond by chance once in 1.7 million.
const FAR: f64 = 5.0;

/// # Errors
/// As [`simulated`].
pub(super) fn add(context: &mut Context<'_>, report: &mut Report) -> Result<()> {
    let Some(asked) = context.values.simulation.clone() else {
        return Ok(());
    };
    let all = (asked.time + asked.discard) / asked.step * asked.walkers as f64;
    if all > MOST_STEPS {
        return Err(Error::NotPossible {
            model: context.environment.spec().source.name().into(),
            what: "the simulation".into(),
            reason: format!(
                "it would take {all:.1e} steps of walkers, and {MOST_STEPS:.0e} are the most; take a longer step, less time or fewer walkers"
            ),
        });
    }
    let done = simulated(context, &asked).map_err(|error| context.fail(error))?;
    if context.values.frictions.is_some() && done.longest >= UNSTABLE {
        return Err(Error::NotPossible {
            model: context.environment.spec().source.name().into(),
            what: "the simulation".into(),
            reason: format!(
                "`simulate.step` is {}, {} times the time of the fastest motion where walkers are; from {UNSTABLE} on every walk runs away",
                asked.step,
                readable_number(done.longest, 3)
            ),
        });
    }
    if !done.is_settled {
        report.push_warning(if context.values.fields.depends_on_time() {
            "The walkers had not come to equilibrium when the protocol began, so that no free energy follows from their works: let them settle longer (`simulate.discard`)."
        } else {
            "The energy of the walkers changed while they were looked at: they had not settled, and what they left in their baths is no stationary rate. Let them settle longer (`simulate.discard`)."
        });
    }
    told(context, &asked, &done, report)?;
    report.push_figure(done.histogram.picture(context));
    if let Some(window) = done.window.as_ref().filter(|_| done.is_settled) {
        theorems::of_stationary_state(context, window, report)?;
    }
    Ok(())
}

fn mean(values: impl IntoIterator<Item = f64>) -> Estimate {
    Moments::of(&values.into_iter().collect::<Vec<f64>>()).mean()
}

fn told(context: &Context<'_>, asked: &SimulationValues, done: &Done, report: &mut Report) -> Result<()> {
    let books = &done.books;
    let rate = 1.0 / done.duration;
    let of = |definition: &irrev_report::Definition, estimate: &Estimate| {
        context
            .quantity(definition, estimate.value)
            .estimate(estimate.standard_error)
    };
    let since = |after: &[f64], before: &[f64]| -> Vec<f64> {
        after
            .iter()
            .zip(before)
            .map(|(after, before)| after - before)
            .collect()
    };
    let entropy = since(&books.medium_entropy(), &done.before.medium_entropy());
    let production = mean(entropy.iter().map(|entropy| entropy * rate));
    let d = context.values.coordinates.len();
    if !context.values.fields.depends_on_time() {
        report.push_quantity(
            of(&SIMULATED_ENTROPY_PRODUCTION, &production)
                .with_note(format!("{} walkers, step {}", asked.walkers, asked.step)),
        );
        if let Some(known) = report
            .quantity("continuum_entropy_production_rate")
            .filter(|_| done.is_settled)
        {
            let (value, error) = (known.value, known.error.unwrap_or(0.0));
            report.push_check(Check::new(
                "simulated_entropy_production",
                "entropy of the baths along paths against the Fokker–Planck equation, in standard errors; a first-order integrator adds its step",
                (production.value - value).abs() / (production.standard_error + error + asked.step * value.abs()),
                FAR,
            ));
        }
    }
    if asked.integrator == Some(Integrator::ExactLinear) && d > 1 && done.longest > ROUGH {
        report.push_warning(format!(
            "Positions are exact for any step, but heat and entropy of single baths are taken from the ends of steps, which misses what turns within one: about {} % of what goes round. Take a shorter step for them.",
            readable_number(50.0 * done.longest, 2)
        ));
    }
    for (i, coordinate) in context.values.coordinates.iter().enumerate() {
        let heat = since(&books.heat, &done.before.heat);
        let heat = mean(heat.iter().skip(i).step_by(d).map(|heat| heat * rate));
        report.push_quantity(
            of(&SIMULATED_HEAT, &heat).named(format!("{}_{}", SIMULATED_HEAT.name, coordinate.name)),
        );
    }
    report.push_check(Check::new(
        "step",
        "the step in units of the fastest motion where walkers are: h μ |∂F| of overdamped, h (|∂F|/m)^½ of underdamped motion",
        done.longest,
        LONGEST,
    ));
    if let (Ok(work), Ok(earlier), Ok(residual)) = (books.work(), done.before.work(), books.residual()) {
        let work = since(&work, &earlier);
        report.push_quantity(of(&SIMULATED_WORK, &mean(work.iter().copied())));
        report.push_quantity(of(&SIMULATED_RESIDUAL, &mean(residual.iter().copied())));
        if let (true, Some(temperature), false) = (
            context.values.fields.depends_on_time(),
            context.values.temperature().filter(|_| done.is_settled),
            context.values.fields.has_force(),
        ) {
            let found = jarzynski(&work, temperature.recip()).map_err(|error| context.fail(error.into()))?;
            report.push_quantity(of(&JARZYNSKI_FREE_ENERGY, &found).key());
            if let Some(reversed) = &done.reversed {
                theorems::of_protocol(context, (&work, reversed), temperature, report)?;
            }
        }
        report.push_table(work_table(context, &work, &entropy));
    }
    Ok(())
}

fn work_table(context: &Context<'_>, work: &[f64], entropy: &[f64]) -> Table {
    Table::new(
        "walkers",
        "Work done on each walker and entropy it left in the baths, after what is left out",
    )
    .numbers("work", context.units.energy(), work.to_vec())
    .numbers("entropy of the baths", "nats", entropy.to_vec())
}

//! Work of a protocol, and the free energy that it knows (Jarzynski).

use irrev_network::simulation::estimators::{ExponentialAverage, jarzynski};
use irrev_network::simulation::graph::Observable;
use irrev_numerics::special::log_sum_exp;
use irrev_report::{Report, readable_number};

use super::question::Question;
use super::tell::{Told, exact};
use crate::analysis::definitions::{
    FREE_ENERGY_CHANGE, JARZYNSKI_FREE_ENERGY, SIMULATED_WORK, SIMULATED_WORK_VARIANCE,
};
use crate::error::Result;
use crate::model::{Formula, Snapshot};
use crate::simulate::told::estimated;

/// A weight above this share of ⟨e^{−W/T}⟩ rules it.
const LARGEST_SHARE: f64 = 0.1;

/// Distance from equilibrium at which a start still is one.
const EQUILIBRIUM: f64 = 1e-9;

/// The energies of the states as a law of time, if the protocol moves them.
pub(super) fn energies<'q>(
    question: &'q Question<'_>,
) -> Option<impl Fn(f64, &mut [f64]) -> irrev_network::Result<()> + Sync + 'q> {
    let moving = |s: &crate::model::State| s.energy.as_ref().is_some_and(Formula::depends_on_time);
    let environment = question.environment;
    let moves = environment.spec().states.iter().any(moving);
    moves.then_some(move |time: f64, energies: &mut [f64]| {
        let now = environment
            .evaluate(time)
            .map_err(|error| irrev_network::Error::RateLaw {
                time,
                reason: error.to_string(),
            })?;
        energies.copy_from_slice(&now.energies);
        Ok(())
    })
}

pub(super) fn add(question: &Question<'_>, told: &Told<'_>, report: &mut Report) -> Result<()> {
    let ensemble = told.ensemble;
    let Some(moments) = ensemble.moments_of(Observable::Work) else {
        return Ok(());
    };
    let units = &question.units;
    report.push_quantity(estimated(&SIMULATED_WORK, units, &moments.mean()).key());
    report.push_quantity(estimated(&SIMULATED_WORK_VARIANCE, units, &moments.variance()));
    let (Some(temperature), Some(work)) = (
        equilibrium_temperature(question, told),
        ensemble.samples_of(Observable::Work),
    ) else {
        return Ok(());
    };
    if work.len() < 2 || !question.targets.is_empty() {
        return Ok(());
    }
    let beta = 1.0 / temperature;
    let estimate = jarzynski(work, beta).map_err(|e| question.fail(e))?;
    let average = ExponentialAverage::of(work.iter().map(|w| -beta * w));
    report.push_quantity(
        estimated(&JARZYNSKI_FREE_ENERGY, units, &estimate).with_note(format!(
            "{} effective samples, the largest weight holds {} %",
            readable_number(average.effective_sample_size(), 3),
            readable_number(100.0 * average.largest_share(), 3)
        )),
    );
    if average.largest_share() > LARGEST_SHARE {
        report.push_warning(format!(
            "One trajectory holds {} % of ⟨e^−W/T⟩: the free energy from the work is too large by an amount that its error does not show. Drive more \
             slowly, or take more trajectories.",
            readable_number(100.0 * average.largest_share(), 3)
        ));
    }
    let end = question.environment.evaluate(question.horizon)?;
    let change = free_energy(&end, beta) - free_energy(&question.snapshot, beta);
    report.push_quantity(exact(question, &FREE_ENERGY_CHANGE, change));
    Ok(())
}

/// F = −T ln Σ g e^{−E/T}.
fn free_energy(snapshot: &Snapshot, beta: f64) -> f64 {
    let exponents: Vec<f64> = exponents(snapshot, beta).collect();
    -log_sum_exp(&exponents) / beta
}

fn exponents(snapshot: &Snapshot, beta: f64) -> impl Iterator<Item = f64> + '_ {
    let states = snapshot.energies.iter().zip(&snapshot.degeneracies);
    states.map(move |(e, g)| g.ln() - beta * e)
}

/// The temperature, if there is one, and the trajectories start in equilibrium at it with nothing but the energies to drive them.
fn equilibrium_temperature(question: &Question<'_>, told: &Told<'_>) -> Option<f64> {
    let spec = question.environment.spec();
    let now = &question.snapshot;
    let &temperature = now.temperatures.first()?;
    let constant = spec.reservoirs.iter().all(|r| !r.temperature.depends_on_time());
    let one = now.temperatures.iter().all(|t| *t == temperature);
    let undriven = now.transitions.iter().all(|t| t.force == 0.0);
    let closed = now.numbers.iter().all(|n| *n == 0.0);
    if !(constant && one && undriven && closed) {
        return None;
    }
    let log_sum = log_sum_exp(&exponents(now, 1.0 / temperature).collect::<Vec<f64>>());
    let equilibrium = exponents(now, 1.0 / temperature).map(|x| (x - log_sum).exp());
    let distance: f64 = equilibrium
        .zip(told.initial.probabilities())
        .map(|(p, q)| (p - q).abs())
        .sum();
    (distance < EQUILIBRIUM).then_some(temperature)
}

//! Molecule counts without sampling: the master equation on a small lattice, and trajectories of its stationary state.

use irrev_network::counts::{
    CountLattice, MasterEquationOptions, StationaryCounts, TransientMoments, stationary_counts,
    transient_moments,
};
use irrev_network::dynamics::entropy_moments;
use irrev_network::simulation::graph::{
    EnsembleOptions, Keep, Observable, Running, Simulator, SystemEntropy, TrajectoryOptions, ensemble,
};
use irrev_network::{Error as NetworkError, Kinetics};
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::{Error as NumericsError, Run};
use irrev_report::{Quantity, Report, Table, readable_number};

use super::counts::{CountQuestion, EntropyBooks, add_theorems, stationary_sample};
use super::fluctuations::Asked;
use crate::analysis::definitions::{
    COUNT_ENTROPY_PRODUCTION_RATE, STATIONARY_COUNT_VARIANCE, STATIONARY_MEAN_COUNT,
};
use crate::analysis::units::Units;
use crate::chemistry::CountModel;
use crate::error::Result;

/// Most states of a lattice.
const STATES: usize = 20_000;

/// Bytes that a small lattice may plan per state and per channel.
const BYTES: u64 = 200;

/// Probability that may lie outside.
const OUTSIDE: f64 = 1e-12;

/// Multiply-adds that a distribution over time may take: some ten seconds.
const WORK: f64 = 3e9;

/// Entropy in nats that a trajectory of the stationary state produces on average: both sides of its distribution are seen best there.
const ENTROPY: f64 = 3.0;

/// Most jumps of such a trajectory.
const JUMPS: f64 = 2000.0;

/// Jumps of all of them together: a second or so.
const ALL_JUMPS: f64 = 2e7;

/// Trajectories of the stationary state, within that number of jumps; more if the ensemble has more.
const TRAJECTORIES: (u64, u64) = (1000, 100_000);

/// ⟨e^{−Σ}⟩ is asked of an interval in which ⟨e^{−2Σ}⟩ is at most this part of √n: twice within what it needs to be resolved.
const SECOND_MOMENT: f64 = 0.125;

/// Times an interval is halved for that.
const HALVINGS: usize = 8;

/// Below this part of the activity the entropy production is rounding: an equilibrium.
const EQUILIBRIUM: f64 = 1e-11;

/// Species listed as numbers.
const NUMBERED: usize = 24;

/// A run that plans no more memory than a small lattice takes, its stationary distribution included.
fn limited<'a>(model: &CountModel, run: &Run<'a>) -> Run<'a> {
    let (species, reactions) = (
        model.system.species().len() as u64,
        model.system.reactions().len() as u64,
    );
    let planned = STATES as u64 * (BYTES * (1 + reactions) + 16 * species);
    Run {
        memory_limit: run.memory_limit.min(planned),
        checkpoints: None,
        ..*run
    }
}

/// What cannot be calculated is a reason, not a failure; a cancelled run stays one.
fn or_reason<T>(outcome: irrev_network::Result<T>) -> irrev_network::Result<Result<T, String>> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(error @ NetworkError::Numerics(NumericsError::Cancelled)) => Err(error),
        Err(NetworkError::ManyStates { .. } | NetworkError::Numerics(NumericsError::Memory { .. })) => {
            Ok(Err(format!(
                "the counts it reaches are more than {STATES} states, or joined too densely"
            )))
        }
        Err(other) => Ok(Err(other.to_string())),
    }
}

fn options() -> MasterEquationOptions {
    MasterEquationOptions {
        tolerance: OUTSIDE,
        states: STATES,
        ..MasterEquationOptions::default()
    }
}

/// Moments over time and the distribution at the last time, or why there are none.
pub(super) fn transient(
    model: &CountModel,
    times: &[f64],
    run: &Run<'_>,
) -> irrev_network::Result<Result<TransientMoments, String>> {
    if model.system.depends_on_time() {
        return Ok(Err("a propensity depends on time".into()));
    }
    let run = limited(model, run);
    let bounds: Vec<i64> = model.initial.iter().map(|n| 2 * n + 10).collect();
    let lattice = match or_reason(CountLattice::at_most(
        STATES,
        &model.system,
        &model.initial,
        &bounds,
        &run,
    ))? {
        Ok(lattice) => lattice,
        Err(reason) => return Ok(Err(reason)),
    };
    let fastest = lattice.kinetics().exit_rates().into_iter().fold(0.0, f64::max);
    let end = times.last().copied().unwrap_or(0.0);
    let channels = lattice.kinetics().network().edges().len() as f64;
    if fastest * end * (lattice.states() as f64 + 2.0 * channels) > WORK {
        return Ok(Err("the master equation would take too many steps".into()));
    }
    or_reason(transient_moments(
        &model.system,
        &model.initial,
        times,
        &options(),
        &run,
    ))
}

/// The stationary state of the master equation and its fluctuation theorems, where the lattice is small.
pub(super) fn stationary(
    question: &CountQuestion<'_>,
    model: &CountModel,
    entropy: &EntropyBooks,
    report: &mut Report,
) -> Result<()> {
    let fail = |e| question.fail(e);
    if model.system.depends_on_time() {
        return Ok(());
    }
    let run = limited(model, question.run);
    let found = stationary_counts(&model.system, &model.initial, &options(), &run);
    let found = match or_reason(found).map_err(fail)? {
        Ok(found) => found,
        Err(reason) => {
            report.push_warning(format!(
                "The stationary state on counts, and the fluctuation theorems in it, are left out: {reason}."
            ));
            return Ok(());
        }
    };
    tables(question, model, &found, report);
    if entropy.quantity().is_some() {
        dissipation(question, model, &found, report);
    }
    if entropy.finite() {
        theorems(question, &found, report)?;
    }
    Ok(())
}

fn tables(question: &CountQuestion<'_>, model: &CountModel, found: &StationaryCounts, report: &mut Report) {
    let species = model.system.species();
    for (s, name) in species.iter().enumerate().take(NUMBERED) {
        report.push_quantity(
            Quantity::new(STATIONARY_MEAN_COUNT, found.means[s])
                .named(format!("stationary_mean_count_{name}")),
        );
        report.push_quantity(
            Quantity::new(STATIONARY_COUNT_VARIANCE, found.variances[s])
                .named(format!("stationary_count_variance_{name}")),
        );
    }
    let mut table = Table::new(
        "stationary_counts",
        "Stationary state of the master equation; beside it, the steady state of the rate equations times the system size",
    )
    .text("species", species.to_vec())
    .numbers("mean", "1", found.means.clone())
    .numbers("variance", "1", found.variances.clone())
    .numbers(
        "variance_over_mean",
        "1",
        found.variances.iter().zip(&found.means).map(|(v, m)| v / m).collect(),
    );
    if let Some(steady) = &question.steady {
        let counts = steady.iter().map(|a| a * model.system_size).collect();
        table = table.numbers("rate_equations", "1", counts);
    }
    report.push_table(table);
}

/// What the reactions that count in the thermodynamics dissipate.
fn dissipation(
    question: &CountQuestion<'_>,
    model: &CountModel,
    found: &StationaryCounts,
    report: &mut Report,
) {
    let units = Units::of_trajectories(&question.environment.spec().units);
    let counted = question.chemistry.system.reactions().iter().map(|r| r.counted);
    let per_reaction = &found.entropy_production_rate_by_reaction;
    let rate = compensated_sum(
        per_reaction
            .iter()
            .zip(counted)
            .filter(|(_, counted)| *counted)
            .map(|(rate, _)| *rate),
    );
    let note = format!(
        "on {} states; the probability at their edge is {}",
        found.lattice.states(),
        readable_number(found.edge_mass, 2)
    );
    report.push_quantity(
        Quantity::new(COUNT_ENTROPY_PRODUCTION_RATE, rate)
            .in_unit(units.entropy_rate())
            .with_note(note)
            .key(),
    );
    let reactions = model.system.reactions();
    report.push_table(
        Table::new(
            "stationary_count_reactions",
            "Net rate and dissipation of each reaction in the stationary state of the master equation",
        )
        .text("reaction", reactions.iter().map(|r| r.name.clone()).collect())
        .numbers("net_rate", units.per_time(), found.currents.clone())
        .numbers(
            "entropy_production_rate",
            units.entropy_rate(),
            per_reaction.clone(),
        ),
    );
}

/// The fluctuation theorems on trajectories on the lattice from its stationary state: ⟨e^{−Σ}⟩ over a short interval, if need be, and the rest
/// over one in which Σ takes many values.
fn theorems(question: &CountQuestion<'_>, found: &StationaryCounts, report: &mut Report) -> Result<()> {
    let fail = |e| question.fail(e);
    let flow = found.lattice.kinetics().flow(&found.distribution).map_err(fail)?;
    let (rate, activity) = (flow.entropy_production_rate(), flow.activity());
    let positive = found.distribution.probabilities().iter().all(|p| *p > 0.0);
    if !rate.is_finite() || rate <= EQUILIBRIUM * activity || !positive {
        return Ok(());
    }
    let interval = (ENTROPY / rate).min(JUMPS / activity);
    let short = resolved_interval(question, found, interval, activity).map_err(fail)?;
    let unit = Units::of_trajectories(&question.environment.spec().units);
    report.push_summary(
        Report::HOW_IRREVERSIBLE,
        format!(
            "In the stationary state on counts it produces {} {}; {} trajectories of it, each over {} {}, test the fluctuation theorems.",
            readable_number(found.entropy_production_rate, 4),
            unit.entropy_rate(),
            number(question, interval, activity),
            readable_number(interval, 4),
            unit.time()
        ),
    );
    if short == interval {
        return tested(question, found, (interval, activity), Asked::All, report);
    }
    tested(question, found, (short, activity), Asked::Integral, report)?;
    tested(question, found, (interval, activity), Asked::Distribution, report)
}

/// How many trajectories over an interval.
fn number(question: &CountQuestion<'_>, interval: f64, activity: f64) -> u64 {
    let affordable = ALL_JUMPS / (activity * interval).max(1.0);
    let least = question.trajectories.clamp(TRAJECTORIES.0, TRAJECTORIES.1) as f64;
    affordable.clamp(least, TRAJECTORIES.1 as f64) as u64
}

/// The interval, halved until ⟨e^{−Σ}⟩ over it is resolved by as many trajectories.
fn resolved_interval(
    question: &CountQuestion<'_>,
    found: &StationaryCounts,
    mut interval: f64,
    activity: f64,
) -> irrev_network::Result<f64> {
    for _ in 0..HALVINGS {
        let kinetics = found.lattice.kinetics();
        let deviation = match entropy_moments(kinetics, &found.distribution, interval, question.run) {
            Ok(moments) => moments.integral_fluctuation_sd,
            // a jump of hundreds of nats back leaves the range of numbers
            Err(NetworkError::Domain { .. }) => f64::INFINITY,
            Err(error) => return Err(error),
        };
        let n = number(question, interval, activity) as f64;
        if 1.0 + deviation * deviation <= SECOND_MOMENT * n.sqrt() {
            break;
        }
        interval *= 0.5;
    }
    Ok(interval)
}

/// Makes trajectories over an interval and adds what is asked of them.
fn tested(
    question: &CountQuestion<'_>,
    found: &StationaryCounts,
    (interval, activity): (f64, f64),
    asked: Asked,
    report: &mut Report,
) -> Result<()> {
    let fail = |e| question.fail(e);
    let simulator = Simulator::new(
        found.lattice.kinetics(),
        TrajectoryOptions {
            horizon: interval,
            system_entropy: SystemEntropy::Stationary(found.distribution.clone()),
            running: Some(Running::TotalEntropy),
            ..TrajectoryOptions::default()
        },
    )
    .map_err(fail)?;
    let options = EnsembleOptions {
        trajectories: number(question, interval, activity),
        keep: Keep::Samples,
        ..EnsembleOptions::default()
    };
    let run = Run {
        checkpoints: None,
        ..*question.run
    };
    let sum = ensemble(&simulator, &found.distribution, &options, &run).map_err(fail)?;
    if !report.provenance.methods.contains(&sum.algorithm) {
        report.provenance.methods.push(sum.algorithm.clone());
    }
    let Some(total) = sum.samples_of(Observable::TotalEntropy) else {
        return Ok(());
    };
    let unit = Units::of_trajectories(&question.environment.spec().units);
    let minima = sum.samples_of(Observable::Minimum);
    let sample = stationary_sample(total, minima, asked, interval, unit.time());
    add_theorems(question, &sample, report)
}

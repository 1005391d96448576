//! Ensembles of trajectories, summed up as they come.
//!
//! Trajectory i draws its start from the stream (seed, initial state, i) and its jumps from (seed, trajectory, i). Blocks of 32 consecutive
//! trajectories are filled on any thread and joined in their order, so the result has the same bits for any number of threads and
//! memory does not grow with the number of trajectories, unless the samples are kept. On cancellation, and at a chosen interval, the
//! blocks joined so far go to the checkpoint store; a later call with the same question continues there. An ensemble that is to end at a wanted
//! precision looks at it after every 32 blocks, whatever the number of threads.

use std::time::{Duration, Instant};

use irrev_numerics::Run;
use irrev_numerics::streams::{Purpose, Stream};
use rayon::prelude::*;

use super::checkpoint::Checkpoint;
use super::options::SystemEntropy;
use super::simulator::{Simulation, ask};
use super::tally::{Ensemble, Observable};
use super::trajectory::Trajectory;
use crate::error::Result;
use crate::state::Distribution;

/// Trajectories per block; part of the definition of the result, so it never changes.
const BLOCK: u64 = 32;

/// Blocks between two looks at a wanted precision; part of the definition of the result, too.
const LOOK_EVERY: u64 = 32;

/// Wanted time between joins: progress and cancellation look alive, and threads wait for each other seldom.
const ROUND: Duration = Duration::from_millis(200);

/// Whether the numbers of every trajectory are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Keep {
    /// Moments and counts only: memory independent of the number of trajectories.
    #[default]
    Summary,
    /// Also every observable of every trajectory: 8 bytes each.
    Samples,
}

/// Size of an ensemble and what is kept of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EnsembleOptions {
    /// Number of trajectories, ≥ 1. Default 10,000.
    pub trajectories: u64,
    /// What is kept. Default: the summary.
    pub keep: Keep,
    /// Ends the ensemble once the mean of an observable is known to this standard error (positive). Default: none.
    pub wanted: Option<(Observable, f64)>,
    /// Time between two checkpoints, if the run has a place for them. Default: 10 s.
    pub checkpoint_interval: Duration,
}

impl Default for EnsembleOptions {
    fn default() -> Self {
        Self {
            trajectories: 10_000,
            keep: Keep::Summary,
            wanted: None,
            checkpoint_interval: Duration::from_secs(10),
        }
    }
}

/// Trajectories that start from a distribution, summed up.
///
/// ```
/// use irrev_network::{Distribution, MarkovJump};
/// use irrev_network::simulation::graph::{EnsembleOptions, Observable, Simulator, SystemEntropy, TrajectoryOptions, ensemble};
/// let ring = MarkovJump::from_rates(3, &[(0, 1, 2.0, 1.0), (1, 2, 2.0, 1.0), (2, 0, 2.0, 1.0)])?;
/// let steady = Distribution::uniform(3)?;
/// let options = TrajectoryOptions { system_entropy: SystemEntropy::Stationary(steady.clone()), ..Default::default() };
/// let simulator = Simulator::new(&ring, options)?;
/// let sum = ensemble(&simulator, &steady, &EnsembleOptions { trajectories: 4000, ..Default::default() }, &Default::default())?;
/// let sigma = sum.mean(Observable::TotalEntropy).unwrap();                  // exact: ln 2 per unit time
/// assert!((sigma.value - 2_f64.ln()).abs() < 5.0 * sigma.standard_error);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Length`] for a start that does not fit; [`crate::Error::Unknown`] for a wanted precision of an observable that is not
/// kept; [`crate::Error::Domain`] for no trajectory, or a start that is not the initial
/// distribution of [`SystemEntropy::Ends`]; memory over the limit of `run` if
/// samples are kept; a checkpoint that is damaged; cancelled; whatever a rate law returns.
pub fn ensemble(
    simulation: &impl Simulation,
    start: &Distribution,
    options: &EnsembleOptions,
    run: &Run<'_>,
) -> Result<Ensemble> {
    let total = options.trajectories;
    simulation
        .network()
        .check_states("initial distribution", start.probabilities())?;
    crate::require("number of trajectories", total as f64, total >= 1, "at least 1")?;
    if let SystemEntropy::Ends { initial, .. } = &simulation.options().system_entropy {
        let difference = initial.total_variation(start)?;
        crate::require(
            "distance between the start and the initial distribution of the system entropy",
            difference,
            difference <= Distribution::SUM_TOLERANCE,
            "0: Σ holds ln p₀ of the distribution that the trajectories start from",
        )?;
    }
    let empty = Ensemble::empty(simulation, options.keep == Keep::Samples);
    if let Some((observable, error)) = options.wanted {
        crate::require("wanted standard error", error, error > 0.0, "a positive number")?;
        if empty.mean(observable).is_none() {
            return Err(crate::error::Error::Unknown {
                what: "observable of this ensemble",
                name: format!("{observable:?}"),
            });
        }
    }
    let kept = empty.bytes_per_trajectory().saturating_mul(total);
    run.require_memory("the samples of an ensemble", kept)?;
    let mut question = vec![run.seed, total, options.keep as u64];
    if let Some((observable, error)) = options.wanted {
        question.extend(format!("{observable:?}").bytes().map(u64::from));
        question.push(error.to_bits());
    }
    question.extend(start.probabilities().iter().map(|p| p.to_bits()));
    question.extend(simulation.description());
    let checkpoint = Checkpoint::new("graph-ensemble", question, run);
    let blocks = total.div_ceil(BLOCK);
    let resumed = checkpoint.load(|words| Some((words.next()?, empty.clone().read(words)?)))?;
    let (mut block, mut sum) = resumed.unwrap_or((0, empty.clone()));
    let proposal = simulation.proposal(start.probabilities());
    let fill = |b: u64| -> Result<Ensemble> {
        ask(run)?;
        let mut part = empty.clone();
        let mut record = Trajectory::default();
        for index in b * BLOCK..((b + 1) * BLOCK).min(total) {
            let state = Stream::new(run.seed, Purpose::InitialState, index).categorical(&proposal);
            simulation.sample(state, index, &mut record, run)?;
            if simulation.is_weighted() {
                record.log_weight += (start.probabilities()[state] / proposal[state]).ln();
            }
            part.add(&record);
        }
        Ok(part)
    };
    let save = |block: u64, sum: &Ensemble| {
        let mut words = vec![block];
        sum.write(&mut words);
        checkpoint.save(&words)
    };
    run.install(|| {
        let mut saved = Instant::now();
        let mut round = rayon::current_num_threads() as u64;
        while block < blocks {
            let began = Instant::now();
            let next = (block + round).min(blocks);
            let filled: Result<Vec<Ensemble>> = (block..next).into_par_iter().map(fill).collect();
            let parts = match filled.and_then(|parts| {
                run.report(next as f64 / blocks as f64, "trajectories")?;
                Ok(parts)
            }) {
                Ok(parts) => parts,
                Err(stopped) => {
                    save(block, &sum)?;
                    return Err(stopped);
                }
            };
            for part in &parts {
                sum.merge(part);
                block += 1;
                if block.is_multiple_of(LOOK_EVERY) && precise_enough(&sum, options) {
                    return Ok(sum);
                }
            }
            if saved.elapsed() > options.checkpoint_interval {
                save(block, &sum)?;
                saved = Instant::now();
            }
            // the size of a round decides who waits for whom, never a number of the result
            if began.elapsed() < ROUND / 2 {
                round = round.saturating_mul(2).min(1 << 12);
            }
        }
        Ok(sum)
    })?
}

fn precise_enough(sum: &Ensemble, options: &EnsembleOptions) -> bool {
    let known = |(observable, error)| sum.mean(observable).is_some_and(|m| m.standard_error <= error);
    options.wanted.is_some_and(known)
}

//! One long trajectory, cut into increments: time averages instead of ensemble averages.
//!
//! Every 64 increments begin with a fresh stream, (seed, trajectory, group). Waiting times have no memory, so the law is that of one
//! unbroken trajectory, and the state at a group's beginning is all that a checkpoint needs besides the sums.

use std::time::{Duration, Instant};

use irrev_numerics::Run;
use irrev_numerics::streams::{Purpose, Stream};

use super::checkpoint::{Checkpoint, network_words};
use super::options::TrajectoryOptions;
use super::simulator::{ask, watch};
use super::table::JumpTable;
use super::trajectory::Trajectory;
use super::walk::Walk;
use crate::error::Result;
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;

/// Increments per stream; part of the definition of the result, so it never changes.
const GROUP: usize = 64;

/// Time between checkpoints.
const SAVE_EVERY: Duration = Duration::from_secs(10);

/// Length of a long run and the currents followed.
#[derive(Debug, Clone, PartialEq)]
pub struct LongRunOptions {
    /// Weights per forward jump of each edge, one list per current; ln(k⁺/k⁻) for the entropy delivered to the medium. Default: none.
    pub currents: Vec<Vec<f64>>,
    /// Duration of an increment, > 0. Default 1.
    pub duration: f64,
    /// Number of increments. Default 10,000.
    pub increments: usize,
}

impl Default for LongRunOptions {
    fn default() -> Self {
        Self {
            currents: Vec::new(),
            duration: 1.0,
            increments: 10_000,
        }
    }
}

/// A long trajectory by its increments.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LongRun {
    /// What each current gained in each increment: one list per current, to be given to
    /// [`crate::simulation::estimators::scaled_cumulants`].
    pub increments: Vec<Vec<f64>>,
    /// Jumps: entry 2e along edge e, 2e + 1 against it.
    pub jump_counts: Vec<u64>,
    /// Time spent in each state.
    pub residence: Vec<f64>,
}

/// Follows one trajectory from a start drawn from a distribution.
///
/// ```
/// use irrev_network::{Distribution, MarkovJump, simulation::{estimators::scaled_cumulants, graph::{LongRunOptions, long_run}}};
/// let ring = MarkovJump::from_rates(3, &[(0, 1, 2.0, 1.0), (1, 2, 2.0, 1.0), (2, 0, 2.0, 1.0)])?;
/// let options = LongRunOptions { currents: vec![vec![1.0; 3]], ..Default::default() };
/// let path = long_run(&ring, &Distribution::uniform(3)?, &options, &Default::default())?;
/// let c = scaled_cumulants(&path.increments[0], 1.0)?;                       // exact: 1 and 3
/// assert!((c.values[0].value - 1.0).abs() < 5.0 * c.values[0].standard_error);
/// assert!((c.values[1].value - 3.0).abs() < 5.0 * c.values[1].standard_error);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Length`], [`crate::Error::Domain`]; memory for the increments over the limit of `run`; a damaged checkpoint; cancelled.
pub fn long_run(
    kinetics: &MarkovJump,
    start: &Distribution,
    options: &LongRunOptions,
    run: &Run<'_>,
) -> Result<LongRun> {
    let network = kinetics.network();
    let (states, edges) = (network.states().len(), network.edges().len());
    network.check_states("initial distribution", start.probabilities())?;
    for weights in &options.currents {
        network.check_weights(weights)?;
    }
    let LongRunOptions {
        duration, increments, ..
    } = *options;
    let good = duration.is_finite() && duration > 0.0;
    crate::require(
        "duration of an increment",
        duration,
        good,
        "a finite time above 0",
    )?;
    crate::require(
        "number of increments",
        increments as f64,
        increments >= 1,
        "at least 1",
    )?;
    run.require_memory(
        "the increments of a long run",
        8_u64.saturating_mul((options.currents.len() as u64).saturating_mul(increments as u64)),
    )?;
    let mut question = vec![run.seed, increments as u64, duration.to_bits()];
    question.extend(network_words(network));
    let rates = kinetics.forward_rate().iter().chain(kinetics.backward_rate());
    let numbers = rates
        .chain(start.probabilities())
        .chain(options.currents.iter().flatten());
    question.extend(numbers.map(|x| x.to_bits()));
    let checkpoint = Checkpoint::new("graph-long-run", question, run);
    let table = JumpTable::new(kinetics)?;
    let plain = TrajectoryOptions::default();
    let watch = watch(&plain, states, Vec::new());
    let mut progress = match checkpoint.load(|words| Progress::read(options, states, edges, words))? {
        Some(progress) => progress,
        None => Progress {
            state: Stream::new(run.seed, Purpose::InitialState, 0).categorical(start.probabilities()),
            sum: LongRun {
                increments: vec![Vec::new(); options.currents.len()],
                jump_counts: vec![0; 2 * edges],
                residence: vec![0.0; states],
            },
            done: 0,
        },
    };
    let mut saved = Instant::now();
    let mut record = Trajectory::default();
    while progress.done < increments {
        let count = GROUP.min(increments - progress.done);
        let went = run
            .report(progress.done as f64 / increments as f64, "long trajectory")
            .map_err(Into::into)
            .and_then(|()| {
                record.cleared(states, edges, progress.state);
                let stream = Stream::new(run.seed, Purpose::Trajectory, (progress.done / GROUP) as u64);
                let mut walk = Walk::new(&table, &watch, stream, progress.state);
                let mut gained = vec![Vec::with_capacity(count); options.currents.len()];
                let mut before = vec![0; 2 * edges];
                for k in 1..=count {
                    walk.advance(&table, k as f64 * duration, &[], &mut record, &|_| ask(run))?;
                    for (list, weights) in gained.iter_mut().zip(&options.currents) {
                        list.push(increment(weights, &record.jump_counts, &before));
                    }
                    before.copy_from_slice(&record.jump_counts);
                }
                Ok(gained)
            });
        match went {
            Ok(gained) => progress.add(&record, gained, count),
            Err(stopped) => {
                checkpoint.save(&progress.words())?;
                return Err(stopped);
            }
        }
        if saved.elapsed() > SAVE_EVERY {
            checkpoint.save(&progress.words())?;
            saved = Instant::now();
        }
    }
    Ok(progress.sum)
}

/// Σ weight (net jumps since the earlier counts).
fn increment(weights: &[f64], now: &[u64], before: &[u64]) -> f64 {
    let gained = |j: usize| (now[j] - before[j]) as f64;
    weights
        .iter()
        .enumerate()
        .map(|(e, w)| w * (gained(2 * e) - gained(2 * e + 1)))
        .sum()
}

/// How far a long run has come.
struct Progress {
    done: usize,
    state: usize,
    sum: LongRun,
}

impl Progress {
    fn add(&mut self, record: &Trajectory, gained: Vec<Vec<f64>>, count: usize) {
        self.done += count;
        self.state = record.end;
        for (list, more) in self.sum.increments.iter_mut().zip(gained) {
            list.extend(more);
        }
        for (sum, more) in self.sum.jump_counts.iter_mut().zip(&record.jump_counts) {
            *sum += more;
        }
        for (sum, more) in self.sum.residence.iter_mut().zip(&record.residence) {
            *sum += more;
        }
    }

    fn words(&self) -> Vec<u64> {
        let mut words = vec![self.done as u64, self.state as u64];
        words.extend(&self.sum.jump_counts);
        let times = self.sum.residence.iter();
        words.extend(
            times
                .chain(self.sum.increments.iter().flatten())
                .map(|x| x.to_bits()),
        );
        words
    }

    fn read(
        options: &LongRunOptions,
        states: usize,
        edges: usize,
        words: &mut impl Iterator<Item = u64>,
    ) -> Option<Self> {
        let done = usize::try_from(words.next()?).ok()?;
        let state = usize::try_from(words.next()?).ok().filter(|s| *s < states)?;
        let jump_counts = (0..2 * edges).map(|_| words.next()).collect::<Option<_>>()?;
        let mut numbers = |count: usize| {
            (0..count)
                .map(|_| words.next().map(f64::from_bits))
                .collect::<Option<Vec<_>>>()
        };
        Some(Self {
            done,
            state,
            sum: LongRun {
                jump_counts,
                residence: numbers(states)?,
                increments: options
                    .currents
                    .iter()
                    .map(|_| numbers(done))
                    .collect::<Option<_>>()?,
            },
        })
    }
}

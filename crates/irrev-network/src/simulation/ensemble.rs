//! Ensembles: trajectories by index, sums in a fixed order, results that do not know how they were made.
//!
//! Trajectories are cut into blocks of a size that depends on their number only. Blocks run in parallel, for a slice of time at a stretch, and
//! are merged in their order; between slices the monitor is asked, and a checkpoint is written if one is due. Only blocks under way take memory.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use irrev_numerics::{Estimate, Run, streams};
use rayon::prelude::*;

use super::moments::Moments;
use super::options::{Keep, SimulationOptions};
use super::progress::{Progress, Sums, fingerprint};
use super::records::{Quantity, Trajectory};
use super::trajectory::{Plan, Walk};
use crate::counts::CountSystem;
use crate::error::{Error, Result};

/// How long the blocks run before the monitor is asked.
const SLICE: Duration = Duration::from_millis(40);
/// Blocks under way for each thread.
const BLOCKS_PER_THREAD: usize = 8;
/// A wanted error is looked at after this many trajectories, rounded up to blocks.
const LOOK_EVERY: u64 = 1024;

/// Jumps of a reaction over the ensemble.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct ReactionSummary {
    /// Name of the reaction.
    pub name: String,
    /// n⁺ at the end of each trajectory.
    pub forward: Moments,
    /// n⁻ at the end of each trajectory.
    pub backward: Moments,
    /// Jumps whose reverse had propensity zero, over all trajectories.
    pub one_way: u64,
}

/// A passage over the ensemble.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct PassageSummary {
    /// Its name.
    pub name: String,
    /// Times of the trajectories that got there; their number is the moments' count.
    pub time: Moments,
    /// Medium entropy then, in nats.
    pub entropy: Moments,
}

/// Moments of an ensemble at the output times, and what else was asked for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Ensemble {
    /// Versioned name of the method.
    pub algorithm: &'static str,
    /// Versioned name of the random streams.
    pub streams: &'static str,
    /// Whether the trajectories have the law of the jump process; if not, their entropy production and extremes are approximations too.
    pub exact: bool,
    /// Output times.
    pub times: Vec<f64>,
    /// What is recorded at each.
    pub quantities: Vec<Quantity>,
    /// Moments by time and quantity, row by row; over the trajectories that reached the time.
    pub moments: Vec<Moments>,
    /// Jumps of the reactions, if the books keep jumps or the medium entropy.
    pub reactions: Vec<ReactionSummary>,
    /// Passages in the order of the books.
    pub passages: Vec<PassageSummary>,
    /// Number of trajectories made.
    pub trajectories: u64,
    /// Whether the wanted error was met before the last trajectory.
    pub stopped_early: bool,
    /// Ends by (last time, most jumps, passage).
    pub ends: (u64, u64, u64),
    /// The trajectories, if they were kept.
    pub kept: Vec<Trajectory>,
}

impl Ensemble {
    /// Moments of a quantity at an output time, by their indices.
    ///
    /// # Errors
    /// [`Error::Unknown`] for an index out of range.
    pub fn moments_at(&self, time: usize, quantity: usize) -> Result<&Moments> {
        let width = self.quantities.len();
        let found = self.moments.get(time * width + quantity);
        found.filter(|_| quantity < width).ok_or_else(|| Error::Unknown {
            what: "output time or quantity",
            name: format!("{time}, {quantity}"),
        })
    }

    /// Mean of a quantity at an output time with its standard error.
    ///
    /// # Errors
    /// [`Error::Unknown`] for an index out of range.
    pub fn mean(&self, time: usize, quantity: usize) -> Result<Estimate> {
        Ok(self.moments_at(time, quantity)?.mean_estimate())
    }

    /// Variance of a quantity at an output time with its standard error.
    ///
    /// # Errors
    /// [`Error::Unknown`] for an index out of range.
    pub fn variance(&self, time: usize, quantity: usize) -> Result<Estimate> {
        Ok(self.moments_at(time, quantity)?.variance_estimate())
    }

    /// Index of a quantity.
    #[must_use]
    pub fn quantity(&self, quantity: &Quantity) -> Option<usize> {
        self.quantities.iter().position(|q| q == quantity)
    }
}

/// Trajectories from fixed initial counts.
///
/// ```
/// use irrev_network::counts::{CountReaction, CountSystem};
/// use irrev_network::simulation::{SimulationOptions, simulate};
/// let reaction = CountReaction::mass_action("0 <-> X", &[], &[(0, 1)], 10.0, 0.5);
/// let birth_death = CountSystem::new(vec!["X".into()], vec![reaction])?;
/// let options = SimulationOptions { times: vec![1.7], trajectories: 20_000, ..Default::default() };
/// let ensemble = simulate(&birth_death, &[3], &options, &Default::default())?;
/// let mean = ensemble.mean(0, 0)?;
/// assert!((mean.value - 12.733_946).abs() < 5.0 * mean.standard_error);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`], [`Error::Length`], [`Error::Unknown`] for counts or options that make no sense; [`Error::Method`] for a method that cannot do what is asked;
/// [`Error::Propensity`] for a law without a valid value at a state that a trajectory reached; [`Error::Numerics`] if the run is cancelled, would take more memory than
/// allowed, or its checkpoint belongs to another question.
pub fn simulate(
    system: &CountSystem,
    initial: &[i64],
    options: &SimulationOptions,
    run: &Run<'_>,
) -> Result<Ensemble> {
    let plan = Plan::new(system, initial, options, run.seed)?;
    let (algorithm, _) = plan.simulator()?;
    run.install(|| Driver::new(&plan, algorithm, run)?.run())?
}

/// Trajectories of one block; 256 blocks at least, if there are as many trajectories, and none longer than 64.
fn block_length(trajectories: u64) -> u64 {
    (trajectories / 256).clamp(1, 64)
}

/// A block under way.
pub(super) struct Slot {
    pub(super) block: u64,
    /// Trajectory under way and the end of the block.
    pub(super) next: u64,
    pub(super) last: u64,
    pub(super) walk: Walk,
    pub(super) sums: Sums,
    pub(super) idle: bool,
}

impl Slot {
    pub(super) fn begin(&mut self, plan: &Plan<'_>, block: u64) {
        let length = block_length(plan.options.trajectories);
        self.block = block;
        self.next = block * length;
        self.last = self.end_of_block(plan);
        self.sums.clear();
        self.walk.begin(plan, self.next);
        self.idle = false;
    }

    /// First trajectory of the next block.
    pub(super) fn end_of_block(&self, plan: &Plan<'_>) -> u64 {
        let trajectories = plan.options.trajectories;
        ((self.block + 1) * block_length(trajectories)).min(trajectories)
    }

    /// Runs until the block is done or the time is up.
    fn advance(&mut self, plan: &Plan<'_>, until: Instant) -> Result<()> {
        while !self.done() && Instant::now() < until {
            self.walk.advance(plan)?;
            if let Some(end) = self.walk.ended {
                self.sums.add(plan, &self.walk, end);
                self.next += 1;
                if self.next < self.last {
                    self.walk.begin(plan, self.next);
                }
            }
        }
        Ok(())
    }

    pub(super) fn done(&self) -> bool {
        self.idle || self.next >= self.last
    }
}

struct Driver<'a> {
    plan: &'a Plan<'a>,
    algorithm: &'static str,
    run: &'a Run<'a>,
    slots: Vec<Slot>,
    progress: Progress,
    /// Finished blocks that wait for an earlier one.
    waiting: BTreeMap<u64, Sums>,
    fingerprint: String,
    blocks: u64,
}

impl<'a> Driver<'a> {
    fn new(plan: &'a Plan<'a>, algorithm: &'static str, run: &'a Run<'a>) -> Result<Self> {
        let trajectories = plan.options.trajectories;
        let blocks = trajectories.div_ceil(block_length(trajectories));
        let most = BLOCKS_PER_THREAD * rayon::current_num_threads();
        let slots = most.min(usize::try_from(blocks).unwrap_or(most));
        run.require_memory("the ensemble", memory(plan, slots as u64))?;
        let mut driver = Self {
            slots: Vec::new(),
            progress: Progress::new(plan),
            waiting: BTreeMap::new(),
            fingerprint: fingerprint(plan, algorithm),
            plan,
            algorithm,
            run,
            blocks,
        };
        if let Some(store) = run.checkpoints
            && let Some((progress, under_way, waiting)) = Progress::load(store, &driver.fingerprint, plan)?
        {
            (driver.progress, driver.slots, driver.waiting) = (progress, under_way, waiting);
        }
        while driver.slots.len() < slots {
            driver.slots.push(Slot::idle(plan)?);
        }
        Ok(driver)
    }

    fn run(mut self) -> Result<Ensemble> {
        let mut saved = Instant::now();
        self.fill();
        while !self.finished() {
            let until = Instant::now() + SLICE;
            let outcome: Vec<(u64, Result<()>)> = self
                .slots
                .par_iter_mut()
                .map(|slot| (slot.block, slot.advance(self.plan, until)))
                .collect();
            let failed = outcome.into_iter().filter_map(|(b, r)| r.err().map(|e| (b, e)));
            if let Some((_, error)) = failed.min_by_key(|f| f.0) {
                return Err(error);
            }
            self.merge();
            self.fill();
            let reported = self.run.report(self.fraction(), "trajectories");
            let due = saved.elapsed().as_secs_f64() >= self.plan.options.checkpoint_interval;
            if let Some(store) = self.run.checkpoints
                && (due || reported.is_err() || self.finished())
            {
                self.progress
                    .save(store, &self.fingerprint, &self.slots, &self.waiting)?;
                saved = Instant::now();
            }
            reported?;
        }
        Ok(self.ensemble())
    }

    fn finished(&self) -> bool {
        self.progress.stopped || self.progress.merged == self.blocks
    }

    fn fraction(&self) -> f64 {
        let under_way = self.slots.iter().filter(|s| !s.idle);
        let done: u64 = under_way
            .map(|s| s.next % block_length(self.plan.options.trajectories))
            .sum();
        let total = self.plan.options.trajectories as f64;
        ((self.progress.sums.trajectories + done) as f64 / total).min(1.0)
    }

    /// Takes finished blocks in their order.
    fn merge(&mut self) {
        for slot in self.slots.iter_mut().filter(|s| !s.idle && s.next >= s.last) {
            let empty = Sums::new(self.plan);
            self.waiting
                .insert(slot.block, std::mem::replace(&mut slot.sums, empty));
            slot.idle = true;
        }
        let length = block_length(self.plan.options.trajectories);
        let look = LOOK_EVERY.div_ceil(length);
        while let Some(sums) = self.waiting.remove(&self.progress.merged) {
            if self.progress.stopped {
                return;
            }
            self.progress.sums.merge(sums);
            self.progress.merged += 1;
            if self.progress.merged.is_multiple_of(look) && self.progress.merged < self.blocks {
                self.progress.stopped = self.precise_enough();
            }
        }
    }

    fn precise_enough(&self) -> bool {
        let Some(wanted) = &self.plan.options.wanted_error else {
            return false;
        };
        let place = wanted.time * self.plan.quantities.len() + wanted.quantity;
        let moments = &self.progress.sums.moments[place];
        moments.mean_estimate().standard_error <= wanted.standard_error
    }

    /// Gives every idle slot a block, unless the oldest block has fallen far behind.
    fn fill(&mut self) {
        let horizon = self.progress.merged + 4 * self.slots.len() as u64;
        for slot in self.slots.iter_mut().filter(|s| s.idle) {
            if self.progress.begun < self.blocks.min(horizon) {
                slot.begin(self.plan, self.progress.begun);
                self.progress.begun += 1;
            }
        }
    }

    fn ensemble(self) -> Ensemble {
        let Sums {
            moments,
            reactions,
            passages,
            trajectories,
            ends,
            kept,
        } = self.progress.sums;
        Ensemble {
            algorithm: self.algorithm,
            streams: streams::ALGORITHM,
            exact: super::is_exact(self.plan.options.method),
            times: self.plan.options.times.clone(),
            quantities: self.plan.quantities.clone(),
            moments,
            reactions,
            passages,
            trajectories,
            stopped_early: self.progress.stopped,
            ends,
            kept,
        }
    }
}

/// Estimate in bytes: sums and a trajectory per slot and per waiting block, the system, and the trajectories that are kept.
fn memory(plan: &Plan<'_>, slots: u64) -> u64 {
    let cells = (plan.options.times.len() * plan.quantities.len()) as u64;
    let channels = plan.channels.len() as u64;
    let sums = cells * size_of::<Moments>() as u64 + channels * 128;
    let walk = cells * 8 + channels * 160 + plan.channels.slots as u64 * 48 + 4096;
    let kept = match plan.options.keep {
        Keep::Moments => 0,
        Keep::Trajectories => plan.options.trajectories.saturating_mul(
            cells * 8 + (plan.system.reactions().len() * 24 + size_of::<Trajectory>()) as u64,
        ),
    };
    kept.saturating_add(slots * (walk + 5 * sums))
}

//! One trajectory, jump by jump.

use irrev_numerics::Run;

use super::books::Level;
use super::options::SimulationOptions;
use super::records::End;
use super::trajectory::{Plan, Walk};
use crate::counts::CountSystem;
use crate::error::{Error, Result};

/// A jump of a path.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct PathEvent {
    /// When.
    pub time: f64,
    /// Index of the reaction.
    pub reaction: usize,
    /// Whether it ran forward.
    pub forward: bool,
}

/// A trajectory with all its jumps.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Path {
    /// Versioned name of the method.
    pub algorithm: &'static str,
    /// Counts at the start.
    pub initial: Vec<i64>,
    /// The jumps in their order.
    pub events: Vec<PathEvent>,
    /// Time up to which it is known.
    pub end_time: f64,
    /// Why it ended.
    pub end: End,
}

/// Trajectory `index` of the seed, the same as [`simulate`](super::simulate) makes with these times and method, with every jump.
///
/// `options.most_jumps` bounds the memory, 24 bytes a jump, which must fit the limit of the run; books and thresholds are not looked at.
///
/// ```
/// use irrev_network::counts::{CountReaction, CountSystem};
/// use irrev_network::simulation::{SimulationOptions, sample_path};
/// let decay = CountSystem::new(vec!["X".into()], vec![CountReaction::one_way("decay", &[(0, 1)], &[], 1.0)])?;
/// let options = SimulationOptions { times: vec![100.0], most_jumps: Some(1000), ..Default::default() };
/// let path = sample_path(&decay, &[20], &options, 0, &Default::default())?;
/// assert_eq!(path.events.len(), 20);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// Those of [`simulate`](super::simulate); [`Error::Domain`] without `most_jumps`; [`Error::Method`] for an approximate method.
pub fn sample_path(
    system: &CountSystem,
    initial: &[i64],
    options: &SimulationOptions,
    index: u64,
    run: &Run<'_>,
) -> Result<Path> {
    let plan = Plan::new(system, initial, options, run.seed)?;
    let most = options.most_jumps.ok_or_else(|| Error::Domain {
        what: "largest number of jumps of a path".into(),
        value: f64::INFINITY,
        expected: "most_jumps, since every jump is kept",
    })?;
    run.require_memory(
        "the jumps of a path",
        most.saturating_mul(size_of::<PathEvent>() as u64),
    )?;
    let (algorithm, _) = plan.simulator()?;
    if !crate::simulation::is_exact(options.method) {
        return Err(Error::Method {
            method: options.method.name(),
            reason: "it keeps no single jumps; take an exact method",
        });
    }
    let mut walk = Walk::new(&plan)?;
    walk.begin(&plan, index);
    walk.account.level = Level::Recording;
    walk.ended = None;
    let mut events = Vec::new();
    while walk.ended.is_none() {
        let start = walk.window_start();
        walk.advance(&plan)?;
        for (at, channel) in walk.events().drain(..) {
            let (reaction, forward) = plan.channels.reaction[channel as usize];
            let mut time = start;
            time.add(at);
            events.push(PathEvent {
                time: time.value(),
                reaction: reaction as usize,
                forward,
            });
        }
        run.report((events.len() as f64 / most as f64).min(1.0), "jumps of a path")?;
    }
    Ok(Path {
        algorithm,
        initial: initial.to_vec(),
        events,
        end_time: walk.time(),
        end: walk.ended.unwrap_or(End::Time),
    })
}

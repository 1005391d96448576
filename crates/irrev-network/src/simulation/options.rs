//! What to simulate: times, trajectories, method, books, and when to stop.

use super::books::Books;
use super::langevin::LangevinOptions;
use super::tau_leap::{LeapRule, TauLeapOptions};
use crate::counts::CountSystem;
use crate::error::{Error, Result};

/// How trajectories are made. All but the last two are exact; see [`engine`](super) for their costs.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub enum Method {
    /// `dense` if the system is small enough, else `direct`; `integrated_hazard` if propensities depend on time.
    #[default]
    Automatic,
    /// Direct method evaluating everything: up to 8 mass-action channels.
    Dense,
    /// Direct method with dependency graph and tree of sums.
    Direct,
    /// Direct method with a linear search that learns the busy channels.
    SortedDirect,
    /// Next reaction method.
    NextReaction,
    /// Composition and rejection.
    CompositionRejection,
    /// Rejection with bounds on propensities: for laws that cost much.
    Rejection,
    /// Integrated hazard, for propensities that depend on time.
    IntegratedHazard,
    /// Approximate: tau-leaping.
    TauLeaping(TauLeapOptions),
    /// Approximate: chemical Langevin equation.
    Langevin(LangevinOptions),
}

impl Method {
    /// Name, without version.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Dense => "dense",
            Self::Direct => "direct",
            Self::SortedDirect => "sorted_direct",
            Self::NextReaction => "next_reaction",
            Self::CompositionRejection => "composition_rejection",
            Self::Rejection => "rejection",
            Self::IntegratedHazard => "integrated_hazard",
            Self::TauLeaping(TauLeapOptions {
                rule: LeapRule::Midpoint,
                ..
            }) => "tau_leaping_midpoint",
            Self::TauLeaping(_) => "tau_leaping",
            Self::Langevin(_) => "langevin",
        }
    }
}

/// What to keep of an ensemble.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Keep {
    /// Moments at the output times; memory does not grow with the number of trajectories.
    #[default]
    Moments,
    /// Moments, and every trajectory at the output times with its books.
    Trajectories,
}

/// A precision at which an ensemble may end early.
#[derive(Debug, Clone, PartialEq)]
pub struct WantedError {
    /// Index into the quantities of the result; the species come first, in their order.
    pub quantity: usize,
    /// Index of the output time.
    pub time: usize,
    /// Standard error of the mean that is good enough; positive.
    pub standard_error: f64,
}

/// Options of [`simulate`](super::simulate).
///
/// ```
/// use irrev_network::simulation::{Books, SimulationOptions};
/// let options = SimulationOptions {
///     times: vec![1.0, 2.0],
///     trajectories: 1000,
///     books: Books::full(),
///     ..Default::default()
/// };
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct SimulationOptions {
    /// Output times, ascending, from `start` on; the last one ends the trajectory. Default none, which is refused.
    pub times: Vec<f64>,
    /// Time at which the initial counts hold; default 0.
    pub start: f64,
    /// Number of trajectories; default 1.
    pub trajectories: u64,
    /// Default: chosen by a fixed rule.
    pub method: Method,
    /// What to keep along each trajectory; default nothing.
    pub books: Books,
    /// Default: moments only.
    pub keep: Keep,
    /// Ends a trajectory after so many jumps; default none. Output times it does not reach are missing from the moments.
    pub most_jumps: Option<u64>,
    /// Ends the ensemble once a mean is known well enough, looked at after every 1024 trajectories or so, at places that depend on nothing else; default none.
    pub wanted_error: Option<WantedError>,
    /// Seconds between two checkpoints, if the run has a place for them; default 10.
    pub checkpoint_interval: f64,
}

impl Default for SimulationOptions {
    fn default() -> Self {
        Self {
            times: Vec::new(),
            start: 0.0,
            trajectories: 1,
            method: Method::Automatic,
            books: Books::default(),
            keep: Keep::Moments,
            most_jumps: None,
            wanted_error: None,
            checkpoint_interval: 10.0,
        }
    }
}

impl SimulationOptions {
    pub(crate) fn check(&self, system: &CountSystem) -> Result<()> {
        crate::require("start time", self.start, self.start.is_finite(), "a finite time")?;
        if self.times.is_empty() {
            return Err(Error::Length {
                what: "output times",
                found: 0,
                expected: 1,
            });
        }
        let mut last = self.start;
        for &t in &self.times {
            crate::require(
                "output time",
                t,
                t.is_finite() && t >= last,
                "finite times in ascending order, from the start time on",
            )?;
            last = t;
        }
        crate::require(
            "number of trajectories",
            self.trajectories as f64,
            (1..=1 << 62).contains(&self.trajectories),
            "a number from 1 to 2^62",
        )?;
        crate::require(
            "checkpoint interval",
            self.checkpoint_interval,
            self.checkpoint_interval >= 0.0,
            "seconds, not negative",
        )?;
        if let Some(wanted) = &self.wanted_error {
            crate::require(
                "wanted standard error",
                wanted.standard_error,
                wanted.standard_error > 0.0,
                "a positive number",
            )?;
        }
        let reservoirs = system.reactions().iter().filter_map(|r| r.reservoir).max();
        self.books.check(
            system.species().len(),
            system.reactions().len(),
            reservoirs.map_or(0, |r| r + 1),
        )
    }
}

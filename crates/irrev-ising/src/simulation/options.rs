//! What a simulation is asked for.

use serde::{Deserialize, Serialize};

use super::noise::MOST_REPLICAS;
use crate::error::{Error, Result};

/// Where replicas start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Start {
    /// All spins +1, which chooses the phase of positive magnetisation if there are two.
    #[default]
    Up,
    /// Every spin ±1 with probability ½.
    Random,
}

/// Format of fields while sampling; averages are always accumulated in double precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum FieldFormat {
    /// Fields are right to about 1e-7 √N, far below any statistical error, at twice the speed.
    #[default]
    Single,
    /// The reference: elementary functions of the standard library.
    Double,
}

/// How updates one at a time are made; the law of the trajectories is the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum SequentialMethod {
    /// In lockstep for dense networks of 1024 and more spins with 8 and more replicas, else independently.
    #[default]
    Automatic,
    /// Each replica chooses spins at random, N times per unit of time, on its own.
    Independent,
    /// Groups of 64 replicas try the same spins in the same order, each with its own outcome: fields then need one matrix product for many attempts, which is
    /// several times faster for large dense networks. The chance of the order is common to a group, and contained in errors.
    Lockstep,
    /// As `Independent`, in continuous time: spins are tried whenever one of N clocks of rate 1 rings, so that the number of attempts in a time is Poisson's.
    Clocks,
    /// From flip to flip in continuous time, which looks at all spins at every flip of a dense network: for deeply ordered phases, where less than about one spin
    /// of the whole network turns in a unit of time.
    RejectionFree,
}

/// Lengths and numbers of a simulation. Times are steps of parallel updates, or units of time in which every spin is refreshed once on average.
///
/// ```
/// use irrev_ising::simulation::Sampling;
/// let options = Sampling { replicas: 64, measured: 1000, ..Sampling::default() };
/// assert_eq!(options.burn_in, 100);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    /// Copies of the network, each with its own random numbers; default 128.
    pub replicas: usize,
    /// Time before the first measurement; default 100. Where a part α of the spins is refreshed at a step, times in which every spin is refreshed once on average:
    /// that many over α steps.
    pub burn_in: u64,
    /// Time that is measured; default 400.
    pub measured: u64,
    /// Time between measurements, at least 1; default 4. Orbits of period 2, which parallel updates have with J₀ < 0, need an odd one.
    pub every: u64,
    /// Where replicas start; default all up.
    pub start: Start,
    /// Format of fields; default single.
    pub format: FieldFormat,
    /// How updates one at a time are made; default automatic.
    pub sequential: SequentialMethod,
    /// Lags of the autocorrelation C(τ), in measurements; default 0: it is not measured. Fewer than measurements. Memory N/8 bytes per replica and lag.
    pub lags: usize,
    /// Which draw of an ensemble this is: draws have different random numbers; default 0.
    pub draw: u64,
    /// Seconds between checkpoints, if the run keeps them; default 10.
    pub checkpoint_seconds: f64,
}

impl Default for Sampling {
    fn default() -> Self {
        Self {
            replicas: 128,
            burn_in: 100,
            measured: 400,
            every: 4,
            start: Start::Up,
            format: FieldFormat::Single,
            sequential: SequentialMethod::Automatic,
            lags: 0,
            draw: 0,
            checkpoint_seconds: 10.0,
        }
    }
}

impl Sampling {
    /// Most draws of an ensemble: their random numbers are told apart by the 30 highest bits of an index.
    const MOST_DRAWS: u64 = 1 << 30;

    /// Checks numbers and lengths.
    ///
    /// # Errors
    /// [`Error::Domain`] that names the option.
    pub fn check(&self) -> Result<()> {
        let replicas = (1..=MOST_REPLICAS).contains(&self.replicas);
        Error::require(
            "the number of replicas",
            self.replicas as f64,
            replicas,
            "from 1 to 2^32",
        )?;
        Error::require(
            "the time between measurements",
            self.every as f64,
            self.every > 0,
            "at least 1",
        )?;
        Error::require(
            "the number of the draw",
            self.draw as f64,
            self.draw < Self::MOST_DRAWS,
            "less than 2^30",
        )?;
        Error::require(
            "the measured time",
            self.measured as f64,
            self.measurements() >= 2,
            "at least twice the time between measurements",
        )?;
        Error::require(
            "the number of lags",
            self.lags as f64,
            (self.lags as u64) < self.measurements(),
            "less than the number of measurements, which is the measured time over the time between them",
        )
    }

    /// How often is measured: the measured time over the time between measurements.
    #[must_use]
    pub fn measurements(&self) -> u64 {
        self.measured / self.every.max(1)
    }

    /// The same with burn-in in steps of which each refreshes a part of the spins.
    pub(super) fn for_part(&self, part: f64) -> Self {
        Self {
            burn_in: (self.burn_in as f64 / part).ceil() as u64,
            ..self.clone()
        }
    }

    /// Intervals of burn-in, rounded up, and of measurement.
    pub(super) fn intervals(&self) -> (u64, u64) {
        (self.burn_in.div_ceil(self.every), self.measurements())
    }
}

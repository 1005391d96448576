//! Carries units of replicas through burn-in and measurement, in parallel, with progress, cancellation and checkpoints.
//!
//! A unit is a fixed number of replicas that share work. Units do not know of each other and are joined in their order, so results do not depend on who
//! carries which. After each chunk of time units rebuild what they keep beside their spins; a checkpoint is therefore little more than spins as bits.

use std::time::Instant;

use irrev_numerics::Run;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::lags::{Lags, autocorrelation};
use super::options::Sampling;
use super::record::{Averages, KINDS, Record, Row};
use crate::error::{Error, Result};

/// Spin updates between two checkpoints of one unit, about; a second or a few.
const CHUNK_WORK: f64 = 5e7;
/// Longest chunk in units of time: fields kept flip by flip are computed anew at its end.
const LONGEST_CHUNK: f64 = 1000.0;

/// What a unit must keep to go on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct UnitState {
    /// Steps, attempts or random words used so far.
    pub(super) clock: u64,
    /// Spins of each replica as bits.
    pub(super) spins: Vec<Vec<u64>>,
    /// What is left of the exponential time to the next flip, if flips have times.
    pub(super) waiting: f64,
    /// Random words used for the numbers of attempts, if those are random.
    pub(super) ticks: u64,
}

/// Replicas that are carried together.
pub(super) trait Unit: Send {
    /// Replicas in it.
    fn replicas(&self) -> usize;
    /// Computes anew what is kept beside spins; returns the largest change of a field.
    fn rebuild(&mut self) -> f64;
    /// Lets time pass, and writes what is measured during it, one row per replica.
    fn interval(&mut self, length: u64, rows: Option<&mut [Row]>, run: &Run<'_>) -> Result<()>;
    /// What must be kept.
    fn state(&self) -> UnitState;
    /// Goes back to what was kept, with all else built anew.
    fn restore(&mut self, state: &UnitState);
}

/// What a checkpoint holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Progress {
    /// Of network, options and seed.
    fingerprint: u64,
    intervals: u64,
    units: Vec<UnitState>,
    record: Record,
    lags: Vec<Vec<Lags>>,
}

/// What is simulated, beside the units.
pub(super) struct Plan<'a> {
    pub(super) options: &'a Sampling,
    pub(super) run: &'a Run<'a>,
    pub(super) spins: usize,
    pub(super) fingerprint: u64,
}

/// `Err` if the run has been cancelled.
pub(super) fn stop_if_cancelled(run: &Run<'_>) -> Result<()> {
    if run.monitor.cancelled() {
        return Err(Error::Numerics(irrev_numerics::Error::Cancelled));
    }
    Ok(())
}

impl Plan<'_> {
    /// Intervals from one rebuilding to the next: a function of the options, since it has a part in the bits.
    fn chunk(&self, replicas: usize) -> u64 {
        let work = (self.spins * replicas) as f64;
        let time = (CHUNK_WORK / work).min(LONGEST_CHUNK);
        ((time / self.options.every as f64) as u64).max(1)
    }

    fn checkpoint_name(&self) -> String {
        format!("ising-{:016x}", self.fingerprint)
    }

    /// Burn-in and measurement of all units.
    pub(super) fn carry_out<U: Unit>(&self, units: Vec<U>) -> Result<Averages> {
        self.run.install(|| self.carry(units))?
    }

    fn carry<U: Unit>(&self, mut units: Vec<U>) -> Result<Averages> {
        let (burn_in, measured) = self.options.intervals();
        let total = burn_in + measured;
        let replicas: usize = units.iter().map(Unit::replicas).sum();
        let chunk = self.chunk(units.first().map_or(1, Unit::replicas));
        let mut progress = self.begin(&mut units, replicas)?;
        let mut saved = Instant::now();
        while progress.intervals < total {
            let count = chunk.min(total - progress.intervals);
            let first = progress.intervals;
            let pieces: Vec<Result<Piece>> = units
                .par_iter_mut()
                .zip(&mut progress.lags)
                .map(|(unit, lags)| self.piece(unit, lags, first, count, burn_in))
                .collect();
            let pieces: Vec<Piece> = pieces.into_iter().collect::<Result<_>>()?;
            join(&mut progress.record, &pieces, replicas);
            progress.intervals += count;
            self.run
                .report(progress.intervals as f64 / total as f64, "simulating spins")?;
            if let Some(store) = self.run.checkpoints
                && saved.elapsed().as_secs_f64() >= self.options.checkpoint_seconds
            {
                progress.units = units.iter().map(Unit::state).collect();
                store.save_value(&self.checkpoint_name(), &progress)?;
                saved = Instant::now();
            }
        }
        let lags: Vec<&Lags> = progress.lags.iter().flatten().collect();
        let c = autocorrelation(&lags, self.spins, self.options.every);
        Ok(progress.record.averages(self.spins, self.options.every, c))
    }

    /// From the beginning, or from a checkpoint of the same simulation.
    fn begin<U: Unit>(&self, units: &mut [U], replicas: usize) -> Result<Progress> {
        if let Some(store) = self.run.checkpoints
            && let Some(progress) = store.load_value::<Progress>(&self.checkpoint_name())?
            && progress.fingerprint == self.fingerprint
        {
            for (unit, state) in units.iter_mut().zip(&progress.units) {
                unit.restore(state);
            }
            return Ok(progress);
        }
        let lags = |unit: &U| vec![Lags::new(self.options.lags); unit.replicas()];
        Ok(Progress {
            fingerprint: self.fingerprint,
            intervals: 0,
            units: Vec::new(),
            record: Record::new(replicas),
            lags: units.iter().map(lags).collect(),
        })
    }

    /// One unit's part of a chunk.
    fn piece<U: Unit>(
        &self,
        unit: &mut U,
        lags: &mut [Lags],
        first: u64,
        count: u64,
        burn_in: u64,
    ) -> Result<Piece> {
        let replicas = unit.replicas();
        let mut piece = Piece {
            drift: 0.0,
            series: Vec::new(),
            sums: vec![[0.0; KINDS]; replicas],
        };
        let mut rows = vec![[0.0; KINDS]; replicas];
        for interval in first..first + count {
            stop_if_cancelled(self.run)?;
            if interval < burn_in {
                unit.interval(self.options.every, None, self.run)?;
                continue;
            }
            unit.interval(self.options.every, Some(&mut rows), self.run)?;
            let mut total = [0.0; KINDS];
            for (sum, row) in piece.sums.iter_mut().zip(&rows) {
                for k in 0..KINDS {
                    sum[k] += row[k];
                    total[k] += row[k];
                }
            }
            piece.series.push(total);
            if self.options.lags > 0 {
                for (lags, spins) in lags.iter_mut().zip(unit.state().spins) {
                    lags.push(spins, self.spins);
                }
            }
        }
        piece.drift = unit.rebuild();
        Ok(piece)
    }
}

/// What one unit measured during a chunk.
struct Piece {
    drift: f64,
    /// Sums over its replicas, measurement by measurement.
    series: Vec<Row>,
    /// Sums over time, replica by replica.
    sums: Vec<Row>,
}

/// Adds the pieces of all units, in their order.
fn join(record: &mut Record, pieces: &[Piece], replicas: usize) {
    let measurements = pieces.first().map_or(0, |piece| piece.series.len());
    for k in 0..measurements {
        let sum = pieces.iter().fold([0.0; KINDS], |sum, piece| {
            std::array::from_fn(|o| sum[o] + piece.series[k][o])
        });
        record.push(&sum.map(|x| x / replicas as f64));
    }
    let mut first = 0;
    for piece in pieces {
        record.add_sums(first, &piece.sums);
        record.drift = record.drift.max(piece.drift);
        first += piece.sums.len();
    }
}

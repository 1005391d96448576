//! Updates one at a time of many replicas of a dense network, at the speed of matrix products.
//!
//! Replicas of a group try the same spins in the same order, each with its own variates: every one of them is a trajectory of the random sequential dynamics. Which
//! spins are tried does not depend on the state, so the next [`AHEAD`] are known. Until then only their fields are needed and kept up to
//! date; then all fields take up what has flipped, in one product of the columns of β J with the flips of all replicas. A column is read once for the group,
//! where one replica alone would read it from memory at every flip.
//!
//! Averages over a group share the chance of the order, which independent replicas would not; their error is therefore also taken from their series in time.

use irrev_numerics::Run;
use irrev_numerics::linalg::{Earlier, product_into, vectorised};
use irrev_numerics::streams::{Purpose, fill_words};

use super::driver::{Unit, UnitState, stop_if_cancelled};
use super::lags::{pack, unpack};
use super::noise::{ReplicaNoise, Use, random_spins};
use super::options::Start;
use super::real::Real;
use super::record::Row;
use super::sequential::{Sequential, measured, site};
use crate::error::Result;

/// Replicas that try the same spins; part of the definition of the result.
pub(super) const GROUP: usize = 64;
/// With fewer replicas each alone is faster.
pub(super) const FEWEST: usize = 8;
/// In smaller networks, whose couplings stay near the processor, each alone is faster.
pub(super) const LARGE: usize = 1024;
/// Attempts between two products; part of the definition of the result.
const AHEAD: usize = 64;
/// Operations between two questions whether to stop: some milliseconds.
const WORK_UNASKED: usize = 1 << 28;

/// A group of replicas.
pub(super) struct LockstepUnit<'a, T> {
    shared: &'a Sequential<T>,
    /// β J, column after column.
    columns: &'a [T],
    noise: Vec<ReplicaNoise>,
    attempts: u64,
    spins: Vec<T>,
    received: Vec<T>,
    batch: Batch<T>,
}

/// The attempts that are known ahead. Numbers of attempt b and replica r lie at b R + r, so that an attempt is one row of all replicas.
struct Batch<T> {
    sites: Vec<u64>,
    /// Columns of β J of the spins to be tried.
    panel: Vec<T>,
    variates: Vec<T>,
    fields: Vec<T>,
    spins: Vec<T>,
    /// Changes of spins: at r B + b for the product.
    flips: Vec<T>,
    bits: Vec<u32>,
    words: Vec<u64>,
    one: Vec<T>,
}

impl<'a, T: Real> LockstepUnit<'a, T> {
    pub(super) fn new(
        shared: &'a Sequential<T>,
        columns: &'a [T],
        noise: Vec<ReplicaNoise>,
        start: Start,
    ) -> Self {
        let (n, replicas) = (shared.n, noise.len());
        let mut spins = vec![T::UP; n * replicas];
        if start == Start::Random {
            for (spins, noise) in spins.chunks_exact_mut(n).zip(&noise) {
                random_spins(noise.seed(), *noise, spins);
            }
        }
        let mut received = vec![T::default(); n * replicas];
        shared.coupling.receive(&spins, n, &mut received);
        let rows = vec![T::default(); AHEAD * replicas];
        Self {
            shared,
            columns,
            noise,
            attempts: 0,
            spins,
            received,
            batch: Batch {
                sites: vec![0; AHEAD],
                panel: vec![T::default(); AHEAD * n],
                variates: rows.clone(),
                fields: rows.clone(),
                spins: rows.clone(),
                flips: rows,
                bits: vec![0; AHEAD],
                words: Vec::new(),
                one: vec![T::default(); AHEAD],
            },
        }
    }

    /// The next attempts of all replicas, at most to the end of a batch.
    fn attempt(&mut self, most: u64) -> u64 {
        let batch = self.attempts / AHEAD as u64;
        let first = (self.attempts % AHEAD as u64) as usize;
        let count = (AHEAD - first).min(most as usize);
        self.look_ahead(batch, first, count);
        let (shared, columns) = (self.shared, self.columns);
        let (batch, replicas) = (&mut self.batch, self.noise.len());
        vectorised(
            #[inline(always)]
            || batch.try_all(shared.n, columns, first, count, replicas),
        );
        self.take_up(first, count);
        self.attempts += count as u64;
        count as u64
    }

    /// Sites, variates, fields and spins of the attempts.
    fn look_ahead(&mut self, batch: u64, first: usize, count: usize) {
        let (n, replicas) = (self.shared.n, self.noise.len());
        let own = &mut self.batch;
        let choice = self.noise[0].index(Use::Choice);
        let position = batch * AHEAD as u64;
        let seed = self.noise[0].seed();
        fill_words(seed, Purpose::Trajectory, choice, position, &mut own.sites);
        for word in &mut own.sites {
            *word = site(*word, n);
        }
        let sites = &own.sites[first..first + count];
        for (column, &i) in own.panel.chunks_exact_mut(n).zip(sites) {
            column.copy_from_slice(&self.columns[i as usize * n..(i as usize + 1) * n]);
        }
        for (r, noise) in self.noise.iter().enumerate() {
            noise.bits(Use::Acceptance, batch, &mut own.words, &mut own.bits);
            let (bits, one) = (&own.bits, &mut own.one);
            vectorised(
                #[inline(always)]
                || noise.logistic(batch, bits, one),
            );
            let (received, spins) = (
                &self.received[r * n..(r + 1) * n],
                &self.spins[r * n..(r + 1) * n],
            );
            for (b, &i) in sites.iter().enumerate() {
                let (at, i) = (b * replicas + r, i as usize);
                own.variates[at] = own.one[first + b];
                own.fields[at] = received[i] + self.shared.fields[i];
                own.spins[at] = spins[i];
            }
        }
    }

    /// New spins, and what they change in the fields of all others.
    fn take_up(&mut self, first: usize, count: usize) {
        let (n, replicas) = (self.shared.n, self.noise.len());
        let sites = &self.batch.sites[first..first + count];
        for (r, spins) in self.spins.chunks_exact_mut(n).enumerate() {
            // in the order of attempts: the last one counts
            for (b, &i) in sites.iter().enumerate() {
                spins[i as usize] = self.batch.spins[b * replicas + r];
            }
        }
        product_into(
            &mut self.received,
            Earlier::Kept,
            &self.batch.panel[..count * n],
            &self.batch.flips[..count * replicas],
            n,
        );
    }
}

impl<T: Real> Batch<T> {
    /// One attempt after the other, each of all replicas.
    #[inline(always)]
    fn try_all(&mut self, n: usize, columns: &[T], first: usize, count: usize, replicas: usize) {
        let sites = &self.sites[first..first + count];
        let mut change = [T::default(); GROUP];
        let change = &mut change[..replicas];
        for (b, &from) in sites.iter().enumerate() {
            let (row, later) = (b * replicas, (b + 1) * replicas);
            let (done, rest) = self.fields.split_at_mut(later);
            let fields = &done[row..];
            let tried = fields.iter().zip(&self.variates[row..later]);
            for ((spin, change), (field, variate)) in
                self.spins[row..later].iter_mut().zip(&mut *change).zip(tried)
            {
                let new = if *field > *variate { T::UP } else { -T::UP };
                *change = new - *spin;
                *spin = new;
            }
            for (r, change) in change.iter().enumerate() {
                self.flips[r * count + b] = *change;
            }
            let column = &columns[from as usize * n..(from as usize + 1) * n];
            for (k, &to) in sites[b + 1..].iter().enumerate() {
                let strength = column[to as usize];
                let fields = &mut rest[k * replicas..(k + 1) * replicas];
                for (field, change) in fields.iter_mut().zip(&*change) {
                    *field += strength * *change;
                }
            }
            // a spin that is tried again begins from where it is now
            if let Some(k) = sites[b + 1..].iter().position(|to| *to == from) {
                let again = (b + 1 + k) * replicas;
                self.spins.copy_within(row..later, again);
            }
        }
    }
}

impl<T: Real> Unit for LockstepUnit<'_, T> {
    fn replicas(&self) -> usize {
        self.noise.len()
    }

    fn rebuild(&mut self) -> f64 {
        self.shared.refreshed(&self.spins, &mut self.received)
    }

    fn interval(&mut self, length: u64, rows: Option<&mut [Row]>, run: &Run<'_>) -> Result<()> {
        let n = self.shared.n;
        let mut left = length * n as u64;
        let unasked = (WORK_UNASKED / (AHEAD * n * self.noise.len())).max(1);
        while left > 0 {
            stop_if_cancelled(run)?;
            for _ in 0..unasked {
                if left == 0 {
                    break;
                }
                left -= self.attempt(left);
            }
        }
        let replicas = self.spins.chunks_exact(n).zip(self.received.chunks_exact(n));
        for (row, (spins, received)) in rows.into_iter().flatten().zip(replicas) {
            *row = measured(spins, received, &self.shared.fields);
        }
        Ok(())
    }

    fn state(&self) -> UnitState {
        UnitState {
            clock: self.attempts,
            spins: self.spins.chunks_exact(self.shared.n).map(pack).collect(),
            waiting: 0.0,
            ticks: 0,
        }
    }

    fn restore(&mut self, state: &UnitState) {
        self.attempts = state.clock;
        for (spins, words) in self.spins.chunks_exact_mut(self.shared.n).zip(&state.spins) {
            unpack(words, spins);
        }
        self.rebuild();
    }
}

//! Updates one at a time: spins are chosen at random and refreshed, N times per unit of time, with fields that are kept up to date.
//!
//! Here replicas go each its own way; [`lockstep`](super::lockstep) is for many replicas of dense networks. A flip adds 2 s β J_ki to the fields of all spins k: one contiguous column if couplings are dense, the neighbours if they are sparse. Rounding adds up, so
//! fields are computed anew at the end of every chunk of time, and the largest difference is reported.
//!
//! In continuous time every spin has a clock of rate 1. Together they ring as one of rate N whose rings choose a spin at random, so that states at given
//! times are those after a Poisson number of attempts: no waiting times are needed, and stationary averages of states are the same.

use irrev_numerics::Run;
use irrev_numerics::linalg::vectorised;
use irrev_numerics::streams::{BatchedStream, Purpose, RandomBits as _, fill_words};

use super::driver::{Unit, UnitState, stop_if_cancelled};
use super::interaction::{Interaction, require_range, scaled_fields};
use super::lags::{pack, unpack};
use super::noise::{ReplicaNoise, Use, random_spins};
use super::options::{Sampling, SequentialMethod, Start};
use super::real::{Real, lane_sums};
use super::record::Row;
use crate::error::Result;
use crate::network::KineticIsing;

/// Attempts for which random numbers are made at once; part of the definition of the result.
const BATCH: usize = 256;
/// Flips times spins between two questions whether to stop: some milliseconds.
const WORK_UNASKED: usize = 1 << 23;

/// The network in the format of the sampler.
#[derive(Debug, Clone)]
pub(super) struct Sequential<T> {
    pub(super) n: usize,
    pub(super) coupling: Interaction<T>,
    pub(super) fields: Vec<T>,
}

impl<T: Real> Sequential<T> {
    /// # Errors
    /// [`crate::Error::SelfCoupling`], [`crate::Error::Domain`] for fields out of range.
    pub(super) fn new(network: &KineticIsing) -> Result<Self> {
        network.require_no_self_coupling()?;
        require_range::<T>(network)?;
        Ok(Self {
            n: network.spins(),
            coupling: Interaction::new(network),
            fields: scaled_fields(network),
        })
    }

    /// β J s computed anew; the largest difference from `received`, which it replaces.
    pub(super) fn refreshed(&self, spins: &[T], received: &mut [T]) -> f64 {
        let before = received.to_vec();
        self.coupling.receive(spins, self.n, received);
        let difference = |(a, b): (&T, &T)| -> f64 { (*a - *b).into() };
        before
            .iter()
            .zip(&*received)
            .map(|pair| difference(pair).abs())
            .fold(0.0, f64::max)
    }
}

/// Bytes of the network and of its replicas.
pub(super) fn memory(network: &KineticIsing, options: &Sampling, number: usize) -> u64 {
    let (n, replicas) = (network.spins() as u64, options.replicas as u64);
    let entries = network.couplings().entries() as u64;
    entries * (number as u64 + 8) + 2 * n * replicas * number as u64
}

/// The spin that a random word chooses, ⌊u N⌋ with u of 64 bits: each has the same probability within 2⁻⁶⁴.
#[inline(always)]
pub(super) fn site(word: u64, n: usize) -> u64 {
    ((u128::from(word) * n as u128) >> 64) as u64
}

/// The random words of a replica's numbers of attempts, after some of them.
fn clocks(noise: ReplicaNoise, ticks: u64) -> BatchedStream {
    BatchedStream::at(noise.seed(), Purpose::Trajectory, noise.index(Use::Clocks), ticks)
}

/// One replica.
pub(super) struct SequentialUnit<'a, T> {
    shared: &'a Sequential<T>,
    noise: ReplicaNoise,
    attempts: u64,
    /// Numbers of attempts in a time, where spins are tried as clocks ring; else there are N per unit of time.
    clocks: Option<BatchedStream>,
    spins: Vec<T>,
    received: Vec<T>,
    /// Variates and chosen spins of the batch that `loaded` names.
    loaded: Option<u64>,
    variates: Vec<T>,
    sites: Vec<u64>,
    bits: Vec<u32>,
    words: Vec<u64>,
}

impl<'a, T: Real> SequentialUnit<'a, T> {
    pub(super) fn new(
        shared: &'a Sequential<T>,
        noise: ReplicaNoise,
        start: Start,
        method: SequentialMethod,
    ) -> Self {
        let n = shared.n;
        let mut spins = vec![T::UP; n];
        if start == Start::Random {
            random_spins(noise.seed(), noise, &mut spins);
        }
        let mut received = vec![T::default(); n];
        shared.coupling.receive(&spins, n, &mut received);
        Self {
            shared,
            noise,
            attempts: 0,
            clocks: (method == SequentialMethod::Clocks).then(|| clocks(noise, 0)),
            spins,
            received,
            loaded: None,
            variates: vec![T::default(); BATCH],
            sites: vec![0; BATCH],
            bits: vec![0; BATCH],
            words: Vec::new(),
        }
    }

    /// Random numbers of a batch.
    fn load(&mut self, batch: u64) {
        if self.loaded == Some(batch) {
            return;
        }
        let noise = self.noise;
        noise.bits(Use::Acceptance, batch, &mut self.words, &mut self.bits);
        let (bits, variates) = (&self.bits, &mut self.variates);
        vectorised(
            #[inline(always)]
            || noise.logistic(batch, bits, variates),
        );
        let position = batch * BATCH as u64;
        fill_words(
            noise.seed(),
            Purpose::Trajectory,
            noise.index(Use::Choice),
            position,
            &mut self.sites,
        );
        for word in &mut self.sites {
            *word = site(*word, self.shared.n);
        }
        self.loaded = Some(batch);
    }

    /// The next attempts, at most to the end of a batch.
    fn attempt(&mut self, most: u64) -> u64 {
        let batch = self.attempts / BATCH as u64;
        self.load(batch);
        let first = (self.attempts % BATCH as u64) as usize;
        let count = (BATCH - first).min(most as usize);
        let (shared, spins, received) = (self.shared, &mut self.spins[..], &mut self.received[..]);
        let (sites, variates) = (
            &self.sites[first..first + count],
            &self.variates[first..first + count],
        );
        vectorised(
            #[inline(always)]
            || {
                for (&site, &variate) in sites.iter().zip(variates) {
                    let i = site as usize;
                    let spin = if received[i] + shared.fields[i] > variate {
                        T::UP
                    } else {
                        -T::UP
                    };
                    if spin != spins[i] {
                        spins[i] = spin;
                        shared.coupling.send(i, spin + spin, received);
                    }
                }
            },
        );
        self.attempts += count as u64;
        count as u64
    }
}

/// What a state says of the time around it: conditional means over the next refreshment of every spin.
pub(super) fn measured<T: Real>(spins: &[T], received: &[T], fields: &[T]) -> Row {
    let n = spins.len();
    let [m, heat, entropy, kept] = vectorised(
        #[inline(always)]
        || {
            lane_sums(
                n,
                #[inline(always)]
                |i| {
                    let h = received[i] + fields[i];
                    let (tanh, entropy) = T::response(h);
                    [spins[i], (tanh - spins[i]) * h, entropy, tanh * spins[i]]
                },
            )
        },
    );
    let n = n as f64;
    [
        m / n,
        (m / n).abs(),
        heat / n,
        entropy / n,
        0.5 * (1.0 - kept / n),
        heat / n,
    ]
}

impl<T: Real> Unit for SequentialUnit<'_, T> {
    fn replicas(&self) -> usize {
        1
    }

    fn rebuild(&mut self) -> f64 {
        self.shared.refreshed(&self.spins, &mut self.received)
    }

    fn interval(&mut self, length: u64, rows: Option<&mut [Row]>, run: &Run<'_>) -> Result<()> {
        let mean = length * self.shared.n as u64;
        let mut left = match &mut self.clocks {
            Some(stream) => stream.poisson(mean as f64) as u64,
            None => mean,
        };
        let unasked = (WORK_UNASKED / (BATCH * self.shared.n)).max(1);
        while left > 0 {
            stop_if_cancelled(run)?;
            for _ in 0..unasked {
                if left == 0 {
                    break;
                }
                left -= self.attempt(left);
            }
        }
        if let Some(rows) = rows {
            rows[0] = measured(&self.spins, &self.received, &self.shared.fields);
        }
        Ok(())
    }

    fn state(&self) -> UnitState {
        UnitState {
            clock: self.attempts,
            spins: vec![pack(&self.spins)],
            waiting: 0.0,
            ticks: self.clocks.as_ref().map_or(0, BatchedStream::position),
        }
    }

    fn restore(&mut self, state: &UnitState) {
        self.attempts = state.clock;
        if let Some(stream) = &mut self.clocks {
            *stream = clocks(self.noise, state.ticks);
        }
        self.loaded = None;
        unpack(&state.spins[0], &mut self.spins);
        self.rebuild();
    }
}

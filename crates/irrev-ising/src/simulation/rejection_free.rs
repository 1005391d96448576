//! From flip to flip in continuous time: the next flip comes after an exponential time with the sum of all rates w_i = 1/(1 + e^{2 s_i h_i}), and is that of
//! spin i with probability w_i/Σ w.
//!
//! For ordered phases, where nearly every refreshed spin stays what it was. Averages are weighted with the time a state lasts. In a dense network every
//! flip changes every rate, so a flip costs a pass over all spins; in a sparse one it costs the neighbours.
//!
//! Source: A. B. Bortz, M. H. Kalos and J. L. Lebowitz, J. Comput. Phys. 17, 10 (1975).

use irrev_numerics::Run;
use irrev_numerics::linalg::vectorised;
use irrev_numerics::streams::{BatchedStream, Purpose, RandomBits as _};

use super::driver::{Unit, UnitState, stop_if_cancelled};
use super::interaction::Interaction;
use super::lags::{pack, unpack};
use super::noise::{ReplicaNoise, Use, random_spins};
use super::options::Start;
use super::real::{Real, lane_sums};
use super::record::Row;
use super::sequential::Sequential;
use super::sum_tree::SumTree;
use crate::error::Result;

/// Flips between two questions whether to stop.
const FLIPS_UNASKED: usize = 256;

/// One replica.
pub(super) struct RejectionFreeUnit<'a, T> {
    shared: &'a Sequential<T>,
    stream: BatchedStream,
    noise: ReplicaNoise,
    spins: Vec<T>,
    received: Vec<T>,
    rates: SumTree,
    /// Σ s_i, Σ −2 w_i s_i h_i and Σ of the entropies of refreshed spins, in the present state.
    present: [f64; 3],
    /// Exponential number of mean 1 that is left before the next flip.
    waiting: f64,
}

impl<'a, T: Real> RejectionFreeUnit<'a, T> {
    pub(super) fn new(shared: &'a Sequential<T>, noise: ReplicaNoise, start: Start) -> Self {
        let n = shared.n;
        let mut spins = vec![T::UP; n];
        if start == Start::Random {
            random_spins(noise.seed(), noise, &mut spins);
        }
        let stream = BatchedStream::new(noise.seed(), Purpose::Trajectory, noise.index(Use::Acceptance));
        let mut unit = Self {
            shared,
            stream,
            noise,
            spins,
            received: vec![T::default(); n],
            rates: SumTree::new(n),
            present: [0.0; 3],
            waiting: 0.0,
        };
        unit.rebuild();
        unit.waiting = unit.stream.exponential_ziggurat();
        unit
    }

    /// Rate, and contributions of one spin to heat and entropy.
    #[inline(always)]
    fn spin(spin: T, h: T) -> [T; 3] {
        let along = spin * h;
        let rate = T::flip_rate(along);
        let (_, entropy) = T::response(h);
        [rate, -(rate + rate) * along, entropy]
    }

    /// All rates and sums of the present state.
    fn weigh(&mut self) {
        let (spins, received) = (&self.spins[..], &self.received[..]);
        let fields = &self.shared.fields[..];
        let mut sums = [0.0; 3];
        self.rates.set_all(|rates| {
            vectorised(
                #[inline(always)]
                || {
                    sums = lane_sums(
                        spins.len(),
                        #[inline(always)]
                        |i| {
                            let [rate, heat, entropy] = Self::spin(spins[i], received[i] + fields[i]);
                            rates[i] = rate.into();
                            [spins[i], heat, entropy]
                        },
                    );
                },
            );
        });
        self.present = sums;
    }

    /// Flips a spin.
    fn flip(&mut self, i: usize) {
        let spin = -self.spins[i];
        let Interaction::Sparse { sent, .. } = &self.shared.coupling else {
            self.spins[i] = spin;
            self.shared.coupling.send(i, spin + spin, &mut self.received);
            self.weigh();
            return;
        };
        let neighbours = sent.row(i).iter().map(|&(k, _)| k as usize);
        let touched = || neighbours.clone().chain([i]);
        for k in touched() {
            self.account(k, -1.0);
        }
        self.spins[i] = spin;
        self.shared.coupling.send(i, spin + spin, &mut self.received);
        for k in touched() {
            self.account(k, 1.0);
        }
    }

    /// Takes a spin out of the sums, or puts it in with its present rate.
    fn account(&mut self, k: usize, sign: f64) {
        let h = self.received[k] + self.shared.fields[k];
        let [rate, heat, entropy] = Self::spin(self.spins[k], h);
        for (sum, part) in self.present.iter_mut().zip([self.spins[k], heat, entropy]) {
            *sum += sign * part.into();
        }
        if sign > 0.0 {
            self.rates.set(k, rate.into());
        }
    }
}

impl<T: Real> Unit for RejectionFreeUnit<'_, T> {
    fn replicas(&self) -> usize {
        1
    }

    fn rebuild(&mut self) -> f64 {
        let drift = self.shared.refreshed(&self.spins, &mut self.received);
        self.weigh();
        drift
    }

    fn interval(&mut self, length: u64, rows: Option<&mut [Row]>, run: &Run<'_>) -> Result<()> {
        let (length, n) = (length as f64, self.shared.n as f64);
        let mut left = length;
        let mut integral: Row = [0.0; 6];
        let mut flips = 0;
        loop {
            let total = self.rates.total();
            let lasts = (self.waiting / total).min(left);
            let [m, heat, entropy] = self.present.map(|x| x / n);
            let state = [m, m.abs(), heat, entropy, total / n, heat];
            for (sum, x) in integral.iter_mut().zip(state) {
                *sum += lasts * x;
            }
            // without a rate there is no flip
            if !(self.waiting < total * left) {
                self.waiting -= total * left;
                break;
            }
            left -= lasts;
            let point = self.stream.fraction() * total;
            let next = self.rates.find(point);
            self.flip(next);
            self.waiting = self.stream.exponential_ziggurat();
            flips += 1;
            if flips % FLIPS_UNASKED == 0 {
                stop_if_cancelled(run)?;
            }
        }
        if let Some(rows) = rows {
            rows[0] = integral.map(|x| x / length);
        }
        Ok(())
    }

    fn state(&self) -> UnitState {
        UnitState {
            clock: self.stream.position(),
            spins: vec![pack(&self.spins)],
            waiting: self.waiting,
            ticks: 0,
        }
    }

    fn restore(&mut self, state: &UnitState) {
        let index = self.noise.index(Use::Acceptance);
        self.stream = BatchedStream::at(self.noise.seed(), Purpose::Trajectory, index, state.clock);
        self.waiting = state.waiting;
        unpack(&state.spins[0], &mut self.spins);
        self.rebuild();
    }
}

//! Random numbers of a replica: a function of (seed, replica, step, spin), so that no state has to be kept.
//!
//! Replica r of draw d has four streams, with indices 2³⁴ d + 4 r + [`Use`]. One word serves two spins.

use irrev_numerics::streams::{Purpose, fill_words, philox4x64};

use super::real::{RARE, Real};

/// What the words of a replica are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Whether a refreshed spin becomes +1.
    Acceptance = 0,
    /// Which spins are refreshed.
    Choice = 1,
    /// How often spins are refreshed, where that is random.
    Clocks = 2,
}

/// Seed and first index of the streams of a replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ReplicaNoise {
    seed: u64,
    index: u64,
}

/// Bits that lie between draws.
const REPLICA_BITS: u32 = 34;

/// Most replicas of one draw: their indices are not to reach those of the next.
pub(super) const MOST_REPLICAS: usize = 1 << (REPLICA_BITS - 2);

impl ReplicaNoise {
    pub(super) fn new(seed: u64, draw: u64, replica: usize) -> Self {
        Self {
            seed,
            index: (draw << REPLICA_BITS) + 4 * replica as u64,
        }
    }

    pub(super) fn seed(&self) -> u64 {
        self.seed
    }

    pub(super) fn index(&self, purpose: Use) -> u64 {
        self.index + purpose as u64
    }

    /// Fills `bits` with those of a step; `words` is scratch. The first half of the spins takes low, the second half high halves of words.
    pub(super) fn bits(&self, purpose: Use, step: u64, words: &mut Vec<u64>, bits: &mut [u32]) {
        let half = bits.len().div_ceil(2);
        words.resize(half.next_multiple_of(4), 0);
        let position = step * words.len() as u64;
        fill_words(
            self.seed,
            Purpose::Trajectory,
            self.index(purpose),
            position,
            words,
        );
        let (low, high) = bits.split_at_mut(half);
        for (bits, word) in low.iter_mut().zip(&*words) {
            *bits = *word as u32;
        }
        for (bits, word) in high.iter_mut().zip(&*words) {
            *bits = (*word >> 32) as u32;
        }
    }

    /// Logistic variates of a step, one for each of `bits`; to be called within [`irrev_numerics::linalg::vectorised`].
    #[inline(always)]
    pub(super) fn logistic<T: Real>(&self, step: u64, bits: &[u32], variates: &mut [T]) {
        let mut least = u32::MAX;
        for (variate, &bits) in variates.iter_mut().zip(bits) {
            *variate = T::logistic(bits);
            least = least.min(bits & 0x7fff_ffff);
        }
        if least < RARE {
            self.refine(step, bits, variates);
        }
    }

    /// Draws those variates anew whose bits are too few.
    #[cold]
    fn refine<T: Real>(&self, step: u64, bits: &[u32], variates: &mut [T]) {
        for (i, (variate, &bits)) in variates.iter_mut().zip(bits).enumerate() {
            if bits & 0x7fff_ffff < RARE {
                *variate = T::rare_logistic(bits, self.finer(step, i));
            }
        }
    }

    /// 52 more bits for one spin at one step, from counters that no stream uses.
    fn finer(&self, step: u64, i: usize) -> f64 {
        let word = philox4x64([step, i as u64, self.index, 1], [self.seed, 1])[0];
        ((word >> 12) as f64 + 0.5) / 4_503_599_627_370_496.0
    }
}

/// Spins of a replica at the start, drawn at random.
pub(super) fn random_spins<T: Real>(seed: u64, noise: ReplicaNoise, spins: &mut [T]) {
    let mut words = vec![0; spins.len().div_ceil(64)];
    fill_words(seed, Purpose::InitialState, noise.index, 0, &mut words);
    for (i, spin) in spins.iter_mut().enumerate() {
        *spin = if words[i / 64] >> (i % 64) & 1 == 1 {
            T::UP
        } else {
            -T::UP
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logistic_variates_have_the_law_of_a_spin_in_a_field() {
        // P(λ < h) = 1/(1 + e^{−2h}); n = 4e5, 5 σ of a binomial at each of five fields and three seeds: 15 × 6e-7 false alarms
        let n = 400_000;
        for seed in [1, 2, 3] {
            let noise = ReplicaNoise::new(seed, 0, 0);
            let (mut words, mut bits, mut variates) = (Vec::new(), vec![0; n], vec![0.0_f32; n]);
            noise.bits(Use::Acceptance, 3, &mut words, &mut bits);
            noise.logistic(3, &bits, &mut variates);
            for h in [-3.0, -0.5, 0.0, 1.0, 4.0] {
                let p = crate::response::probability_up(h);
                let below = variates.iter().filter(|v| f64::from(**v) < h).count() as f64;
                let error = (n as f64 * p * (1.0 - p)).sqrt();
                assert!((below - n as f64 * p).abs() < 5.0 * error, "{h}");
            }
        }
    }

    #[test]
    fn rare_variates_are_drawn_more_finely_and_keep_their_sign() {
        let noise = ReplicaNoise::new(1, 0, 0);
        let mut variates = [0.0_f64; 3];
        noise.logistic(0, &[0, 0x8000_0000, 5], &mut variates);
        assert!(variates[0] > 11.0 && variates[1] < -11.0 && variates[2] > 10.0);
        assert_ne!(variates[0], -variates[1]);
    }
}

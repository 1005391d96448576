//! Autocorrelation C(τ) = Σ_i ⟨s_i(t+τ) s_i(t)⟩/N, from spins packed 64 to a word: two states are compared by counting bits.

use irrev_numerics::Estimate;
use serde::{Deserialize, Serialize};

use super::real::Real;
use super::statistics::mean_of_draws;

/// Spins as bits, +1 set.
pub(super) fn pack<T: Real>(spins: &[T]) -> Vec<u64> {
    let word = |chunk: &[T]| {
        let bits = chunk.iter().enumerate();
        bits.fold(0, |word, (i, s)| word | u64::from(*s > T::default()) << i)
    };
    spins.chunks(64).map(word).collect()
}

/// The spins of [`pack`].
pub(super) fn unpack<T: Real>(words: &[u64], spins: &mut [T]) {
    for (i, spin) in spins.iter_mut().enumerate() {
        *spin = if words[i / 64] >> (i % 64) & 1 == 1 {
            T::UP
        } else {
            -T::UP
        };
    }
}

/// Earlier states of one replica, and sums of their overlaps with later ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Lags {
    earlier: std::collections::VecDeque<Vec<u64>>,
    /// For each lag from 0: spins that agree minus spins that do not, and how many states were compared.
    sums: Vec<(i64, u64)>,
}

impl Lags {
    pub(super) fn new(lags: usize) -> Self {
        Self {
            earlier: std::collections::VecDeque::new(),
            sums: vec![(0, 0); lags + 1],
        }
    }

    /// Takes the next state of N spins.
    pub(super) fn push(&mut self, state: Vec<u64>, spins: usize) {
        if self.sums.len() == 1 {
            return;
        }
        self.earlier.push_front(state);
        self.earlier.truncate(self.sums.len());
        let now = &self.earlier[0];
        for (then, sum) in self.earlier.iter().zip(&mut self.sums) {
            let different: u32 = now.iter().zip(then).map(|(a, b)| (a ^ b).count_ones()).sum();
            sum.0 += spins as i64 - 2 * i64::from(different);
            sum.1 += 1;
        }
    }
}

/// C(τ) of replicas with its error from their spread, at lags of `every`; nothing if no lag was asked for.
pub(super) fn autocorrelation(replicas: &[&Lags], spins: usize, every: u64) -> Vec<(f64, Estimate)> {
    let lags = replicas.first().map_or(0, |lags| lags.sums.len());
    if lags < 2 {
        return Vec::new();
    }
    let one = |lag: usize| {
        let mean = |lags: &&Lags| lags.sums[lag].0 as f64 / (lags.sums[lag].1 as f64 * spins as f64);
        let means: Vec<f64> = replicas.iter().map(mean).collect();
        ((lag as u64 * every) as f64, mean_of_draws(&means))
    };
    (0..lags)
        .filter(|lag| replicas[0].sums[*lag].1 > 0)
        .map(one)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_spins_come_back_and_overlap_as_spins_do() {
        let a: Vec<f32> = (0..130).map(|i| if i % 3 == 0 { 1.0 } else { -1.0 }).collect();
        let b: Vec<f32> = (0..130).map(|i| if i % 5 == 0 { 1.0 } else { -1.0 }).collect();
        let mut back = vec![0.0_f32; 130];
        unpack(&pack(&a), &mut back);
        assert_eq!(a, back);
        let mut lags = Lags::new(1);
        lags.push(pack(&a), 130);
        lags.push(pack(&b), 130);
        let overlap: f32 = a.iter().zip(&b).map(|(x, y)| x * y).sum();
        let c = autocorrelation(&[&lags], 130, 2);
        assert_eq!((c[0].1.value, c[1].0), (1.0, 2.0));
        assert!((c[1].1.value - f64::from(overlap) / 130.0).abs() < 1e-15);
    }
}

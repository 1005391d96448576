//! Means and correlations of spins under a distribution over all states.

use irrev_numerics::linalg::Matrix;
use irrev_numerics::sum::blocked_sum;
use rayon::prelude::*;

use super::turns::spins;

/// Magnetisations m_i = ⟨s_i⟩ and equal-time correlations C_ik = ⟨s_i s_k⟩ − m_i m_k.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Correlations {
    /// m, one per spin.
    pub magnetizations: Vec<f64>,
    /// C, symmetric, with 1 − m_i² on the diagonal.
    pub equal_time: Matrix,
}

/// States of a block whose sums are taken one after the other: the same on any number of threads.
const BLOCK: usize = 1 << 12;

/// Σ over states of a vector that depends on the state.
pub(super) fn vector_sum(states: usize, length: usize, term: impl Fn(usize, &mut [f64]) + Sync) -> Vec<f64> {
    let blocks: Vec<Vec<f64>> = (0..states.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            let mut sum = vec![0.0; length];
            for state in block * BLOCK..((block + 1) * BLOCK).min(states) {
                term(state, &mut sum);
            }
            sum
        })
        .collect();
    let mut total = vec![0.0; length];
    for block in blocks {
        for (t, b) in total.iter_mut().zip(block) {
            *t += b;
        }
    }
    total
}

impl Correlations {
    /// Of a distribution over the 2^N states.
    pub(super) fn of(distribution: &[f64], n: usize) -> Self {
        let sums = vector_sum(distribution.len(), n * (n + 1), |state, sum| {
            let p = distribution[state];
            let s: Vec<f64> = spins(state, n).collect();
            for (i, a) in s.iter().enumerate() {
                sum[n * n + i] += p * a;
                for (k, b) in s[..i].iter().enumerate() {
                    sum[i * n + k] += p * a * b;
                }
            }
        });
        let magnetizations = sums[n * n..].to_vec();
        let m = &magnetizations;
        let equal_time = Matrix::from_fn(n, n, |i, k| {
            if i == k {
                (1.0 - m[i]) * (1.0 + m[i])
            } else {
                sums[i.max(k) * n + i.min(k)] - m[i] * m[k]
            }
        });
        Self {
            magnetizations,
            equal_time,
        }
    }
}

/// −Σ p ln p, in nats.
pub(super) fn entropy(distribution: &[f64]) -> f64 {
    blocked_sum(distribution.len(), |s| {
        -irrev_numerics::special::x_ln_x(distribution[s])
    })
}

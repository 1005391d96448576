//! Sums of Chebyshev polynomials of H acting on a vector.
//!
//! With the spectrum of H inside c ± h, T_0 v = v, T_1 v = H̃ v and T_{n+1} v = 2 H̃ T_n v − T_{n−1} v for H̃ = (H − c)/h. The recurrence is stable, every step is one pass
//! over memory, and any number of sums Σ_n a_n T_n v shares the same vectors.
//!
//! Source: Tal-Ezer and Kosloff, J. Chem. Phys. 81, 3967 (1984).

use irrev_numerics::Run;

use crate::error::Result;
use crate::kernel::{Amplitude, Combination, SectorHamiltonian};
use crate::lanczos::SpectralBounds;
use crate::vector::each_block;

/// Most Chebyshev vectors that are kept, so that a sum is read and written once for all of them.
const MOST_KEPT: usize = 8;

/// Part of a block that stays in the nearest cache while all kept vectors are added.
const PART: usize = 512;

/// Chebyshev vectors kept at a time for a number of sums: with one sum, as few as possible.
pub(crate) fn kept(sums: usize) -> usize {
    sums.clamp(2, MOST_KEPT)
}

/// Σ_n a_n T_n(H̃) v for each list of weights a; `lanes` vectors side by side. `product(a, x)` is a times an entry of a Chebyshev vector.
pub(crate) fn sums<T: Amplitude, A: Copy + Sync, O: Copy + Send + Sync + std::ops::AddAssign>(
    h: &SectorHamiltonian,
    bounds: SpectralBounds,
    (start, lanes): (&[T], usize),
    (weights, zero): (&[Vec<A>], O),
    product: impl Fn(A, T) -> O + Sync + Copy,
    run: &Run<'_>,
) -> Result<Vec<Vec<O>>> {
    let terms = weights.iter().map(Vec::len).max().unwrap_or(0);
    let mut sums: Vec<Vec<O>> = weights.iter().map(|_| vec![zero; start.len()]).collect();
    let ring = kept(weights.len());
    let mut vectors: Vec<Vec<T>> = vec![start.to_vec()];
    let (centre, half) = (bounds.centre(), bounds.half_width());
    for n in 0..terms {
        let place = n % ring;
        if n > 0 {
            if vectors.len() <= place {
                vectors.push(vec![T::ZERO; start.len()]);
            }
            let factor = if n == 1 { 1.0 } else { 2.0 };
            let combination = Combination {
                h: factor / half,
                x: -factor * centre / half,
                y: if n == 1 { 0.0 } else { -1.0 },
            };
            let mut next = std::mem::take(&mut vectors[place]);
            let (last, before) = (&vectors[(n - 1) % ring], (n + ring - 2) % ring);
            if before == place || n == 1 {
                h.combine(combination, lanes, last, &mut next)?;
            } else {
                h.combine_with(combination, lanes, last, &vectors[before], &mut next)?;
            }
            vectors[place] = next;
        }
        if place + 1 == ring || n + 1 == terms {
            run.report(n as f64 / terms as f64, "Chebyshev expansion")?;
            let first = n - place;
            for (sum, weights) in sums.iter_mut().zip(weights) {
                let weights = weights.get(first..(n + 1).min(weights.len())).unwrap_or_default();
                add_all(sum, weights, &vectors, product);
            }
        }
    }
    Ok(sums)
}

/// sum += Σ_k a_k v_k.
fn add_all<T: Amplitude, A: Copy + Sync, O: Copy + Send + Sync + std::ops::AddAssign>(
    sum: &mut [O],
    weights: &[A],
    vectors: &[Vec<T>],
    product: impl Fn(A, T) -> O + Sync + Copy,
) {
    if weights.is_empty() {
        return;
    }
    each_block(
        sum,
        #[inline(always)]
        |at, block| {
            for (part, sum) in block.chunks_mut(PART).enumerate() {
                for (&weight, vector) in weights.iter().zip(vectors) {
                    let vector = &vector[at + part * PART..];
                    for (s, v) in sum.iter_mut().zip(vector) {
                        *s += product(weight, *v);
                    }
                }
            }
        },
    );
}

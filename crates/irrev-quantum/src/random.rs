//! Random vectors.

use num_complex::Complex64;
use rayon::prelude::*;

use irrev_numerics::streams::{Purpose, Stream};

use crate::kernel::Amplitude;
use crate::vector::normalise;

/// Amplitudes drawn from one stream.
const BLOCK: usize = 4096;

/// A normalised vector with independent normal amplitudes: uniform on the sphere. A function of dimension, seed and index, on any number of threads.
///
/// ```
/// let x = irrev_quantum::random::random_state::<f64>(100, 1, 0);
/// assert!((x.iter().map(|x| x * x).sum::<f64>() - 1.0).abs() < 1e-14);
/// ```
#[must_use]
pub fn random_state<T: Amplitude>(dimension: usize, seed: u64, index: u32) -> Vec<T> {
    let mut state = vec![T::ZERO; dimension];
    state
        .par_chunks_mut(BLOCK)
        .enumerate()
        .for_each(|(block, amplitudes)| {
            let mut stream = Stream::new(seed, Purpose::InitialState, u64::from(index) << 40 | block as u64);
            for amplitude in amplitudes {
                let re = stream.normal();
                let im = if T::COMPLEX { stream.normal() } else { 0.0 };
                *amplitude = T::nearest(Complex64::new(re, im));
            }
        });
    normalise(&mut state);
    state
}

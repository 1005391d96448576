//! Inner products and sums of long vectors, in fixed blocks, so that the bits do not depend on the number of threads.

use rayon::prelude::*;

use irrev_numerics::linalg::vectorised;
use irrev_numerics::sum::CompensatedSum;

use crate::kernel::Amplitude;

/// Length of a block; part of the definition of the results.
const BLOCK: usize = 4096;

/// Running sums side by side within a block, so that they are added in wide vectors.
const LANES: usize = 8;

/// ⟨x, y⟩ = Σ x* y.
pub(crate) fn inner<T: Amplitude>(x: &[T], y: &[T]) -> T {
    let block = |(x, y): (&[T], &[T])| {
        vectorised(
            #[inline(always)]
            || {
                let mut sums = [T::ZERO; LANES];
                let ((x, x_rest), (y, y_rest)) = (x.as_chunks::<LANES>(), y.as_chunks::<LANES>());
                for (x, y) in x.iter().zip(y) {
                    for lane in 0..LANES {
                        sums[lane] += x[lane].conjugate() * y[lane];
                    }
                }
                for (lane, (x, y)) in x_rest.iter().zip(y_rest).enumerate() {
                    sums[lane] += x.conjugate() * *y;
                }
                let [a, b, c, d, e, f, g, h] = sums;
                ((a + b) + (c + d)) + ((e + f) + (g + h))
            },
        )
    };
    let parts: Vec<T> = if x.len() <= 4 * BLOCK {
        x.chunks(BLOCK).zip(y.chunks(BLOCK)).map(block).collect()
    } else {
        x.par_chunks(BLOCK).zip(y.par_chunks(BLOCK)).map(block).collect()
    };
    let mut sums = [CompensatedSum::default(); 2];
    for part in parts {
        let part = part.to_complex();
        sums[0].add(part.re);
        sums[1].add(part.im);
    }
    T::nearest(num_complex::Complex64::new(sums[0].value(), sums[1].value()))
}

/// √⟨x, x⟩.
pub(crate) fn norm<T: Amplitude>(x: &[T]) -> f64 {
    inner(x, x).to_complex().re.max(0.0).sqrt()
}

/// y += a x.
pub(crate) fn add<T: Amplitude>(a: T, x: &[T], y: &mut [T]) {
    each_block(
        y,
        #[inline(always)]
        |at, y| {
            for (y, x) in y.iter_mut().zip(&x[at..]) {
                *y += a * *x;
            }
        },
    );
}

/// x ← a x.
pub(crate) fn scale<T: Amplitude>(a: f64, x: &mut [T]) {
    each_block(
        x,
        #[inline(always)]
        |_, x| {
            for x in x {
                *x = x.times_real(a);
            }
        },
    );
}

/// x / ‖x‖ in place; the norm it had.
pub(crate) fn normalise<T: Amplitude>(x: &mut [T]) -> f64 {
    let length = norm(x);
    if length > 0.0 {
        scale(1.0 / length, x);
    }
    length
}

/// Work on every block of a vector, given where it begins; in wide vectors and in parallel where that pays.
pub(crate) fn each_block<T: Send>(x: &mut [T], work: impl Fn(usize, &mut [T]) + Sync) {
    let run = |(block, x): (usize, &mut [T])| {
        vectorised(
            #[inline(always)]
            || work(block * BLOCK, x),
        );
    };
    if x.len() <= 4 * BLOCK {
        x.chunks_mut(BLOCK).enumerate().for_each(run);
    } else {
        x.par_chunks_mut(BLOCK).enumerate().for_each(run);
    }
}

//! Divergence of counts from their mirror image, with the error and the bias that blocks of time tell.
//!
//! Each category has an image under reversal of time. D = Σ p ln(p/p̃) with p̃ the share of the image. The influence of one sample is
//! ψ = ln(p/p̃) + 1 − p̃/p, so that the scatter of ψ over blocks gives the error of correlated data; the second derivatives with the scatter of the counts
//! over blocks give the bias to first order.

use irrev_numerics::special::log_ratio;
use irrev_numerics::sum::compensated_sum;

use crate::replicas::mean_and_deviation;

/// Divergence and what blocks tell of it; per sample.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reversal {
    /// Infinite if a category was seen whose image was not.
    pub(super) plugin: f64,
    /// With 1/2 added to the counts inside of the logarithm.
    pub(super) pseudocount_half: f64,
    /// NaN where the plug-in is infinite.
    pub(super) standard_error: f64,
    /// What noise has added; NaN where the plug-in is infinite.
    pub(super) bias: f64,
    /// Mean influence in each block; empty where the plug-in is infinite.
    pub(super) block_means: Vec<f64>,
    /// Categories seen without their image.
    pub(super) one_way: Vec<usize>,
}

/// Sums over the blocks.
pub(super) fn totals(blocks: &[Vec<u32>]) -> Vec<u64> {
    let mut total = vec![0_u64; blocks.first().map_or(0, Vec::len)];
    for block in blocks {
        for (sum, &n) in total.iter_mut().zip(block) {
            *sum += u64::from(n);
        }
    }
    total
}

/// Plug-in divergence of counts from their image, with a pseudo-count inside of the logarithm.
pub(super) fn divergence(counts: &[u64], image: impl Fn(usize) -> usize, pseudocount: f64) -> f64 {
    let total = counts.iter().sum::<u64>() as f64;
    let terms = counts.iter().enumerate().filter_map(|(a, &n)| {
        let m = counts[image(a)];
        // both orders of a pair at once; equal counts cancel
        (n > m).then(|| (n - m) as f64 * log_ratio(n as f64 + pseudocount, m as f64 + pseudocount))
    });
    compensated_sum(terms) / total
}

/// Divergence of block counts from their image; at least two blocks with samples.
pub(super) fn reversal(blocks: &[Vec<u32>], image: impl Fn(usize) -> usize) -> Reversal {
    let counts = totals(blocks);
    let total = counts.iter().sum::<u64>() as f64;
    let one_way: Vec<usize> = (0..counts.len())
        .filter(|&a| counts[a] > 0 && counts[image(a)] == 0)
        .collect();
    let plugin = divergence(&counts, &image, 0.0);
    let (block_means, bias) = if one_way.is_empty() {
        (
            influences(blocks, &counts, &image),
            bias(blocks, &counts, total, &image),
        )
    } else {
        (Vec::new(), f64::NAN)
    };
    Reversal {
        plugin,
        pseudocount_half: divergence(&counts, &image, 0.5),
        standard_error: error_of_mean(&block_means),
        bias,
        block_means,
        one_way,
    }
}

/// Standard error of the mean of independent blocks; NaN without blocks.
pub(super) fn error_of_mean(blocks: &[f64]) -> f64 {
    mean_and_deviation(blocks).1 / (blocks.len() as f64).sqrt()
}

/// Mean influence of the samples of each block.
fn influences(blocks: &[Vec<u32>], counts: &[u64], image: &impl Fn(usize) -> usize) -> Vec<f64> {
    let influence: Vec<f64> = (0..counts.len())
        .map(|a| {
            let (n, m) = (counts[a] as f64, counts[image(a)] as f64);
            if n == 0.0 {
                0.0
            } else {
                log_ratio(n, m) + 1.0 - m / n
            }
        })
        .collect();
    blocks
        .iter()
        .filter_map(|block| {
            let samples: u64 = block.iter().map(|&n| u64::from(n)).sum();
            let sum: f64 = block.iter().zip(&influence).map(|(&n, f)| f64::from(n) * f).sum();
            (samples > 0).then(|| sum / samples as f64)
        })
        .collect()
}

/// ½ Σ Cov(n_a, n_b) ∂²D/∂n_a∂n_b with the covariance of block counts: of n and the count m of its image, 1/n + m/n² twice over and −(1/n + 1/m).
fn bias(blocks: &[Vec<u32>], counts: &[u64], total: f64, image: &impl Fn(usize) -> usize) -> f64 {
    let number = blocks.len() as f64;
    let share: Vec<f64> = blocks
        .iter()
        .map(|block| block.iter().map(|&n| f64::from(n)).sum::<f64>() / total)
        .collect();
    let mut sum = 0.0;
    for (a, &n) in counts.iter().enumerate() {
        let b = image(a);
        if a >= b || n == 0 {
            continue;
        }
        let (n, m) = (n as f64, counts[b] as f64);
        let (mut nn, mut mm, mut nm) = (0.0, 0.0, 0.0);
        for (block, share) in blocks.iter().zip(&share) {
            let (dn, dm) = (f64::from(block[a]) - share * n, f64::from(block[b]) - share * m);
            nn += dn * dn;
            mm += dm * dm;
            nm += dn * dm;
        }
        sum += nn * (1.0 / n + m / (n * n)) + mm * (1.0 / m + n / (m * m)) - 2.0 * nm * (1.0 / n + 1.0 / m);
    }
    0.5 * sum * number / (number - 1.0) / total
}

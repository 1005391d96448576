//! Sums over consecutive blocks of data, from which errors of correlated averages follow.
//!
//! Data arrive as leaves, sums over some thousand frames of one segment. Consecutive leaves make a block; when there are too many blocks, neighbours are
//! joined and blocks become twice as long. Memory stays constant, and blocks end up as long as the data allow, which is what correlated data need.
//! The order of additions follows from the order of leaves alone.
//!
//! The variance of a ratio R = ΣS/ΣN over n blocks is n/(n − 1) Σ_B (S_B − R N_B)²/(ΣN)²; for blocks much longer than the correlation time it
//! tends to the true one. Sources: H. Flyvbjerg and H. G. Petersen, J. Chem. Phys. 91, 461 (1989); H. R. Künsch, Ann. Stat. 17, 1217 (1989).

pub(crate) use irrev_numerics::blocks::Blocks;
use irrev_numerics::streams::{Purpose, Stream};

/// Errors come from at least this many blocks if there are as many: the error of an error is 1/√128 = 9 %.
const RESAMPLED: usize = 64;

/// The blocks that errors are taken from: joined as often as leaves 64.
pub(crate) fn resampled(blocks: &Blocks) -> Vec<Vec<f64>> {
    blocks.halved(halvings(blocks))
}

/// Blocks half as long as those of [`resampled`], if there are any.
pub(crate) fn finer(blocks: &Blocks) -> Option<Vec<Vec<f64>>> {
    Some(blocks.halved(halvings(blocks).checked_sub(1)?))
}

fn halvings(blocks: &Blocks) -> u32 {
    (blocks.rows().len() / RESAMPLED).max(1).ilog2()
}

/// Variance of ΣS/ΣN over blocks, given the pairs (S_B, N_B); NaN for fewer than two blocks with N_B ≠ 0.
pub(crate) fn variance_of_ratio(blocks: impl Iterator<Item = (f64, f64)> + Clone) -> f64 {
    let (mut sum, mut weight) = (0.0, 0.0);
    let (mut count, mut seen) = (0.0, 0_u32);
    for (s, n) in blocks.clone() {
        sum += s;
        weight += n;
        count += 1.0;
        seen += u32::from(n != 0.0);
    }
    if seen < 2 {
        return f64::NAN;
    }
    let ratio = sum / weight;
    let squares: f64 = blocks.map(|(s, n)| (s - ratio * n) * (s - ratio * n)).sum();
    count / (count - 1.0) * squares / (weight * weight)
}

/// Totals of blocks drawn anew with replacement, as many as there are; a function of seed and draw.
pub(crate) fn resampled_total(blocks: &[Vec<f64>], seed: u64, draw: u64) -> Vec<f64> {
    let mut stream = Stream::new(seed, Purpose::Bootstrap, draw);
    let mut times = vec![0.0; blocks.len()];
    for _ in blocks {
        times[stream.below(blocks.len() as u64) as usize] += 1.0;
    }
    let mut total = vec![0.0; blocks.first().map_or(0, Vec::len)];
    for (row, times) in blocks.iter().zip(times).filter(|(_, times)| *times > 0.0) {
        for (total, term) in total.iter_mut().zip(row) {
            *total += times * term;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_come_from_64_to_128_blocks() {
        let mut blocks = Blocks::new(1);
        for _ in 0..5000 {
            blocks.add(vec![1.0]).unwrap();
        }
        // 313 blocks of 16 leaves
        assert_eq!(
            (resampled(&blocks).len(), finer(&blocks).unwrap().len()),
            (79, 157)
        );
    }

    #[test]
    fn a_ratio_has_the_variance_of_its_blocks() {
        // means of pairs 1, 3 and 2 with equal weights: variance of the mean is 1/3
        let pairs = [(2.0, 2.0), (6.0, 2.0), (4.0, 2.0)];
        assert!((variance_of_ratio(pairs.iter().copied()) - 1.0 / 3.0).abs() < 1e-15);
        assert!(variance_of_ratio([(1.0, 1.0), (0.0, 0.0)].into_iter()).is_nan());
    }
}

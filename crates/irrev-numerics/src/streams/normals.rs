//! Standard normal numbers by their place in a stream, many in one call.
//!
//! Number n of a stream is a function of the stream and of n alone: its first try is made of word n; the one in eighty that the ziggurat rejects goes on with words from 2⁶³ + 64 n on,
//! where no first try comes. A simulation of any number of steps therefore has no generator to keep: numbers are asked for by step, in any order and in pieces of any length.
//!
//! Source: Marsaglia and Tsang, J. Stat. Softw. 5, 8 (2000).

use super::normal_ziggurat::{EDGE, HEIGHT, TAIL};
use super::{Purpose, Stream, fill_words, open_uniform};

/// Block at which the words for rejected tries begin: word 2⁶³.
const SPARE: u64 = 1 << 61;
/// Blocks of spare words for each number; a number in 10¹⁰⁰ needs more, and then shares some with the next.
const SPARE_BLOCKS: u64 = 16;
/// Words drawn at a time.
const PIECE: usize = 64;

/// Standard normal numbers `first`, `first + 1`, … of a stream; `first` below 2⁵⁷.
///
/// ```
/// use irrev_numerics::streams::{Purpose, fill_normals};
/// let (mut all, mut part) = ([0.0; 1000], [0.0; 7]);
/// fill_normals(1, Purpose::Trajectory, 5, 0, &mut all);
/// fill_normals(1, Purpose::Trajectory, 5, 123, &mut part);
/// assert_eq!(part, all[123..130]);
/// let mean = all.iter().sum::<f64>() / 1e3;
/// assert!(mean.abs() < 5.0 / 1e3_f64.sqrt());                          // 5 σ
/// ```
pub fn fill_normals(seed: u64, purpose: Purpose, index: u64, first: u64, numbers: &mut [f64]) {
    let mut words = [0; PIECE];
    // words come in whole blocks of four
    let mut skipped = (first % 4) as usize;
    let mut place = first - skipped as u64;
    let mut rest = numbers;
    while !rest.is_empty() {
        let taken = rest.len().min(PIECE - skipped);
        let (now, later) = rest.split_at_mut(taken);
        let words = &mut words[..skipped + taken];
        fill_words(seed, purpose, index, place, words);
        let words = &words[skipped..];
        let mut rejected = first_tries(words, now);
        while rejected != 0 {
            let i = rejected.trailing_zeros() as usize;
            let n = place + (skipped + i) as u64;
            now[i] = further_try(words[i], seed, purpose, index, n);
            rejected &= rejected - 1;
        }
        (rest, skipped, place) = (later, 0, place + PIECE as u64);
    }
}

/// The number made of one word, its layer, and whether the layer rejects it.
#[inline(always)]
fn first_try(word: u64) -> (f64, usize, bool) {
    let layer = (word & 0xff) as usize;
    let x = open_uniform(word) * EDGE[layer];
    (signed(x, word), layer, x >= EDGE[layer + 1])
}

/// Numbers of up to 64 words, and as bits which of them are rejected.
#[inline(always)]
fn first_tries(words: &[u64], numbers: &mut [f64]) -> u64 {
    let mut rejected = 0;
    for (i, (word, number)) in words.iter().zip(numbers).enumerate() {
        let rejects;
        (*number, _, rejects) = first_try(*word);
        rejected |= u64::from(rejects) << i;
    }
    rejected
}

/// x with bit 8 of the word as its sign: bits 0 to 7 are the layer, 12 to 63 the place in it.
#[inline(always)]
fn signed(x: f64, word: u64) -> f64 {
    f64::from_bits(x.to_bits() | (word & 0x100) << 55)
}

/// Wedges and tail, for a word whose first try is rejected.
#[cold]
#[inline(never)]
fn further_try(word: u64, seed: u64, purpose: Purpose, index: u64, n: u64) -> f64 {
    let mut spare = Stream::new(seed, purpose, index);
    spare.block = SPARE + SPARE_BLOCKS * n;
    let mut word = word;
    loop {
        let (number, layer, rejects) = first_try(word);
        if !rejects {
            return number;
        }
        if layer == 0 {
            return signed(beyond_the_tail(&mut spare), word);
        }
        let y = HEIGHT[layer] + spare.uniform() * (HEIGHT[layer + 1] - HEIGHT[layer]);
        if y < (-0.5 * number * number).exp() {
            return number;
        }
        word = spare.bits();
    }
}

/// A number beyond r with the density of e^{−x²/2}: r + an exponential number of rate r, accepted with probability e^{−e²/2}.
fn beyond_the_tail(spare: &mut Stream) -> f64 {
    loop {
        let excess = -spare.uniform().ln() / TAIL;
        if -2.0 * spare.uniform().ln() > excess * excess {
            return TAIL + excess;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(seed: u64, n: usize) -> Vec<f64> {
        let mut numbers = vec![0.0; n];
        fill_normals(seed, Purpose::Search, 4, 0, &mut numbers);
        numbers
    }

    #[test]
    fn numbers_are_normal() {
        for seed in [1, 2, 3] {
            let mut sample = sample(seed, 1_000_000);
            // moments 0, 1, 0, 3, 0, 15 with variances (2k − 1)!! − moment²; 5 σ each, 18 checks: 1e-5
            for (k, moment, variance) in [
                (1, 0.0, 1.0),
                (2, 1.0, 2.0),
                (3, 0.0, 15.0),
                (4, 3.0, 96.0),
                (5, 0.0, 945.0),
                (6, 15.0, 10_170.0),
            ] {
                let mean = sample.iter().map(|x| x.powi(k)).sum::<f64>() / 1e6;
                assert!(
                    (mean - moment).abs() < 5.0 * (variance / 1e6_f64).sqrt(),
                    "moment {k}: {mean}"
                );
            }
            // P(|x| > r) = 2.580e-4; 5 σ of a binomial
            let tail = sample.iter().filter(|x| x.abs() > TAIL).count() as f64;
            assert!((tail - 258.0).abs() < 5.0 * 16.1, "{tail} in the tail");
            // Kolmogorov against the integral of the density by Simpson's rule on cells of 1/256: P(√n D > 2.7) = 9e-7
            sample.sort_by(f64::total_cmp);
            let density = |x: f64| (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt();
            let (mut below, mut furthest) = (0.0, 0.0_f64);
            let width = 1.0 / 256.0;
            for cell in -1536..1536 {
                let x = f64::from(cell) * width;
                let empirical = sample.partition_point(|s| *s < x) as f64 / 1e6;
                furthest = furthest.max((empirical - below).abs());
                below += width / 6.0 * (density(x) + 4.0 * density(x + 0.5 * width) + density(x + width));
            }
            assert!(furthest * 1e3 < 2.7, "√n D = {}", furthest * 1e3);
        }
    }

    #[test]
    fn neighbours_are_independent() {
        // the mean of x y, of x² y² − 1 and of x y of neighbouring streams: variances 1, 8, 1; 5 σ
        let (n, all) = (1_000_000, sample(9, 1_000_000));
        let mut other = vec![0.0; n];
        fill_normals(9, Purpose::Search, 5, 0, &mut other);
        let mean = |f: &dyn Fn(usize) -> f64| (1..n).map(f).sum::<f64>() / n as f64;
        assert!(mean(&|i| all[i] * all[i - 1]).abs() < 5e-3);
        assert!((mean(&|i| (all[i] * all[i - 1]).powi(2)) - 1.0).abs() < 5e-3 * 8_f64.sqrt());
        assert!(mean(&|i| all[i] * other[i]).abs() < 5e-3);
    }

    #[test]
    fn a_number_depends_on_its_place_only() {
        let all = sample(2, 700);
        for first in 0..200 {
            let mut part = vec![0.0; 300];
            fill_normals(2, Purpose::Search, 4, first, &mut part);
            assert_eq!(part, all[first as usize..first as usize + 300]);
        }
    }

    #[test]
    fn the_numbers_keep_their_bits() {
        // frozen: a change of these numbers changes every stored result
        let fold = |fold: u64, x: &f64| fold.rotate_left(7) ^ x.to_bits();
        assert_eq!(sample(1, 10_000).iter().fold(0, fold), 2_056_019_973_419_870_224);
    }
}

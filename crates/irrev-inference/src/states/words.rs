//! Divergence of words of k states from the words read backwards: what longer memory adds, and where the data end.
//!
//! D_k is the divergence of (x_1 … x_k) from (x_k … x_1). For a stationary process D_k/(k − 1) is a lower bound on the entropy production per step of
//! whatever drives it, and D_k − D_{k−1} tends to the largest such bound that the sequence itself can give. Words outgrow the data quickly: a word seen whose
//! mirror image was not makes the plug-in infinite, and long before that it is too high. Each length therefore comes with the extrapolation of its plug-in to infinitely
//! many data, from the whole, its halves and its quarters, and with a verdict whether there are data enough.
//!
//! Sources: Roldán and Parrondo, Phys. Rev. Lett. 105, 150607 (2010); Strong, Koberle, de Ruyter van Steveninck and Bialek, Phys. Rev. Lett. 80, 197 (1998), for the extrapolation.

use irrev_numerics::{Estimate, EstimateKind};

use super::entropy::{EntropyCorrection, entropy_of_counts};
use super::reversal::{Reversal, divergence, error_of_mean, reversal, totals};
use crate::error::{Error, Result};
use crate::packing::{bits_of, projected, require_symbols, tally};
use crate::replicas::student;

/// Blocks of time behind errors; quarters of the data are whole numbers of blocks.
const BLOCKS: usize = 32;
/// Bits of the longest word.
const BITS: u32 = 128;
/// Most counters of one length: blocks times words.
const COUNTERS: usize = 1 << 27;

/// What is assumed.
const ASSUMPTIONS: &[&str] = &[
    "the sequence is stationary",
    "correlations end within a 32nd of the data (for the intervals)",
    "D_k/(k − 1) bounds the entropy production per step from below; D_k − D_{k−1} estimates its limit for long words",
];

/// How words are compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WordOptions {
    /// Longest word, at least 2; default 6. Lengths beyond the first that the data do not suffice for are left out.
    pub longest: usize,
    /// Largest share of words seen once among all; more is too few data. Default 0.01.
    pub singles: f64,
    /// Correction of the entropies of words; default Grassberger's.
    pub correction: EntropyCorrection,
}

impl Default for WordOptions {
    fn default() -> Self {
        Self {
            longest: 6,
            singles: 0.01,
            correction: EntropyCorrection::Grassberger,
        }
    }
}

/// Words of one length.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WordDivergence {
    /// Number of states in a word, k.
    pub length: usize,
    /// Plug-in D_k in nats; infinite if a word was seen whose mirror image was not.
    pub divergence: f64,
    /// The same with 1/2 added to the counts inside of the logarithm.
    pub pseudocount_half: f64,
    /// 2 D(N) − D(N/2): without the part that falls like 1/N. NaN or infinite where a half lacks mirror images.
    pub extrapolated: f64,
    /// (8 D(N) − 6 D(N/2) + D(N/4))/3: without the parts that fall like 1/N and 1/N². NaN or infinite where a quarter lacks mirror images.
    pub extrapolated_twice: f64,
    /// (D_k − bias)/(k − 1) per step, with a 95 % interval from blocks of time; a lower bound. Zero for k = 1.
    pub rate: Estimate,
    /// (D_k − bias) − (D_{k−1} − bias) per step, with a 95 % interval; an estimate of the limit.
    pub increment: Estimate,
    /// Entropy of the words, corrected as asked.
    pub entropy: f64,
    /// H_k − H_{k−1} per step (H_1 for k = 1).
    pub entropy_rate: f64,
    /// Different words seen.
    pub distinct: usize,
    /// Words seen whose mirror image was not.
    pub without_image: usize,
    /// Share of words seen once among all.
    pub singles: f64,
    /// Whether there are too few data: a word lacks its image, too many were seen once, or the two extrapolations differ by more than three standard errors.
    pub undersampled: bool,
}

/// Words of all lengths.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WordDivergences {
    /// Lengths 1, 2, …, up to the first that is undersampled.
    pub lengths: Vec<WordDivergence>,
    /// Place of the longest length for which the data suffice, if it is two or more.
    pub longest: Option<usize>,
    /// Whether the last increment that the data suffice for agrees with the one before within two standard errors: the sequence's memory is then exhausted.
    pub settled: bool,
    /// What would make it wrong.
    pub assumptions: &'static [&'static str],
}

/// Divergences of words of 1 … `longest` states from their mirror images; sequences of states 0 … `states` − 1, words never reach across their ends.
///
/// ```
/// use irrev_inference::states::{WordOptions, word_divergences};
/// let mut stream = irrev_numerics::streams::Stream::new(1, irrev_numerics::streams::Purpose::Search, 0);
/// let mut state = 0;
/// let ring: Vec<u32> = (0..20_000).map(|_| { state = (state + if stream.uniform() < 0.6 { 1 } else { 2 }) % 3; state }).collect();
/// let words = word_divergences(3, &[&ring], &WordOptions { longest: 4, ..Default::default() })?;
/// let exact = 0.2 * (0.6_f64 / 0.4).ln();                              // a Markov chain: the same at every length
/// for word in &words.lengths[1..] {
///     assert!((word.rate.value - exact).abs() < 5.0 * word.rate.standard_error);
/// }
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`] for options without a meaning; [`Error::State`]; [`Error::Histories`] for words of more than 128 bits; [`Error::TooFew`] for fewer than 64 words.
pub fn word_divergences(
    states: usize,
    sequences: &[&[u32]],
    options: &WordOptions,
) -> Result<WordDivergences> {
    let WordOptions {
        longest,
        singles,
        correction,
    } = *options;
    Error::require("longest word", longest as f64, longest >= 2, "at least 2")?;
    Error::require(
        "share of words seen once",
        singles,
        (0.0..=1.0).contains(&singles),
        "0 to 1",
    )?;
    for (place, sequence) in sequences.iter().enumerate() {
        require_symbols(&format!("sequence {place}"), sequence, states)?;
    }
    let bits = bits_of(states);
    let needed = bits.saturating_mul(longest as u32);
    if needed > BITS {
        return Err(Error::Histories {
            what: "words",
            found: needed,
            allowed: BITS,
        });
    }
    let mut lengths: Vec<WordDivergence> = Vec::new();
    let mut before = (0.0, 0.0, Vec::new());
    for length in 1..=longest {
        let table = WordTable::new(sequences, length, bits)?;
        let found = table.reversal();
        let counts = totals(&table.blocks);
        let entropy = entropy_of_counts(&counts, correction);
        let value = found.plugin - found.bias;
        let word = described(&table, &found, &counts, length, entropy, (&before, singles));
        before = (value, entropy, found.block_means);
        let last = word.undersampled;
        lengths.push(word);
        if last {
            break;
        }
    }
    let longest = lengths
        .iter()
        .rposition(|w| !w.undersampled)
        .filter(|&place| place > 0);
    let settled = longest.is_some_and(|place| {
        let (now, earlier) = (lengths[place].increment, lengths[place - 1].increment);
        place > 1 && (now.value - earlier.value).abs() <= 2.0 * now.standard_error.max(earlier.standard_error)
    });
    Ok(WordDivergences {
        lengths,
        longest,
        settled,
        assumptions: ASSUMPTIONS,
    })
}

/// The record of one length; `earlier` holds corrected divergence, entropy and block means of the length before.
fn described(
    table: &WordTable,
    found: &Reversal,
    counts: &[u64],
    length: usize,
    entropy: f64,
    (earlier, most_singles): (&(f64, f64, Vec<f64>), f64),
) -> WordDivergence {
    let total = counts.iter().sum::<u64>();
    let samples = total as usize;
    let freedom = BLOCKS - 1;
    let steps = (length - 1).max(1) as f64;
    let value = found.plugin;
    let half = table.part(2);
    let quarter = table.part(4);
    let extrapolated = 2.0 * value - half;
    let extrapolated_twice = (8.0 * value - 6.0 * half + quarter) / 3.0;
    let difference: Vec<f64> = match earlier.2.len() {
        0 => found.block_means.clone(),
        _ => found
            .block_means
            .iter()
            .zip(&earlier.2)
            .map(|(a, b)| a - b)
            .collect(),
    };
    let singles = counts.iter().filter(|&&n| n == 1).count() as f64 / total as f64;
    // counts of a word and its image may differ by one at the ends, which no error bar sees
    let ends = counts.iter().filter(|&&n| n > 0).count() as f64 / total as f64;
    let apart = (extrapolated - extrapolated_twice).abs() > 3.0 * found.standard_error + ends;
    WordDivergence {
        length,
        divergence: value,
        pseudocount_half: found.pseudocount_half,
        extrapolated,
        extrapolated_twice,
        rate: Estimate {
            kind: EstimateKind::LowerBound,
            ..student(
                value / steps,
                found.standard_error / steps,
                found.bias / steps,
                freedom,
                samples,
            )
        },
        increment: student(
            value - earlier.0,
            error_of_mean(&difference),
            found.bias,
            freedom,
            samples,
        ),
        entropy,
        entropy_rate: entropy - earlier.1,
        distinct: counts.iter().filter(|&&n| n > 0).count(),
        without_image: found.one_way.len(),
        singles,
        undersampled: !found.one_way.is_empty() || singles > most_singles || apart,
    }
}

/// Words of one length, by blocks of time.
struct WordTable {
    words: Vec<u128>,
    length: usize,
    bits: u32,
    blocks: Vec<Vec<u32>>,
}

impl WordTable {
    fn new(sequences: &[&[u32]], length: usize, bits: u32) -> Result<Self> {
        let number: usize = sequences
            .iter()
            .map(|s| (s.len() + 1).saturating_sub(length))
            .sum();
        if number < 2 * BLOCKS {
            return Err(Error::TooFew {
                what: "comparing words with their mirror images",
                unit: "words",
                found: number,
                needed: 2 * BLOCKS,
            });
        }
        let all = || {
            sequences
                .iter()
                .flat_map(|s| s.windows(length))
                .map(|w| packed(w, bits))
        };
        let mut pairs = tally(all(), bits * length as u32);
        let mirrored = projected(&pairs, |word| mirror(word, length, bits));
        pairs.extend(mirrored);
        let words: Vec<u128> = projected(&pairs, |word| word)
            .into_iter()
            .map(|(word, _)| word)
            .collect();
        let counters = words.len().saturating_mul(BLOCKS);
        Error::require(
            "number of different words",
            words.len() as f64,
            counters <= COUNTERS,
            "at most 4 million: shorten the words",
        )?;
        let mut blocks = vec![vec![0_u32; words.len()]; BLOCKS];
        let per_block = number.div_ceil(BLOCKS);
        for (place, word) in all().enumerate() {
            if let Ok(index) = words.binary_search(&word) {
                blocks[place / per_block][index] += 1;
            }
        }
        Ok(Self {
            words,
            length,
            bits,
            blocks,
        })
    }

    fn image(&self, index: usize) -> usize {
        let mirrored = mirror(self.words[index], self.length, self.bits);
        // images are among the words by construction
        self.words.binary_search(&mirrored).unwrap_or(index)
    }

    fn images(&self) -> Vec<usize> {
        (0..self.words.len()).map(|index| self.image(index)).collect()
    }

    fn reversal(&self) -> Reversal {
        let images = self.images();
        reversal(&self.blocks, |index| images[index])
    }

    /// Mean plug-in of `parts` stretches of the data.
    fn part(&self, parts: usize) -> f64 {
        let images = self.images();
        let sum: f64 = self
            .blocks
            .chunks(BLOCKS / parts)
            .map(|blocks| divergence(&totals(blocks), |index| images[index], 0.0))
            .sum();
        sum / parts as f64
    }
}

fn packed(word: &[u32], bits: u32) -> u128 {
    word.iter()
        .fold(0, |sum, &state| (sum << bits) | u128::from(state))
}

/// The word read backwards.
fn mirror(mut word: u128, length: usize, bits: u32) -> u128 {
    let mask = (1_u128 << bits) - 1;
    let mut out = 0;
    for _ in 0..length {
        out = (out << bits) | (word & mask);
        word >>= bits;
    }
    out
}

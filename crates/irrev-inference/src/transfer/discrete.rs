//! Transfer entropy between series of symbols.
//!
//! A sample is one word of bits: the source's past, the target's past, the target's next symbol, from high to low. The word rolls along the series; small
//! ones index a table, large ones are sorted. With S_A = Σ n ln n over the values of A, TE = (S_{x'xy} + S_x − S_{xx'} − S_{xy})/N.

use irrev_numerics::Estimate;
use irrev_numerics::run::Run;
use irrev_numerics::special::x_ln_x;
use irrev_numerics::sum::compensated_sum;

use super::surrogates::{Surrogate, SurrogateTest, surrogate_test};
use crate::error::{Error, Result};
use crate::packing::{DENSE_BITS, bits_of, projected, require_symbols, tally};
use crate::replicas::{batch_error, student};

/// Stretches counted side by side, each into its own table.
const LANES: usize = 4;
/// Up to here four tables stay in the cache.
const LANE_BITS: u32 = 13;
/// Batches behind the standard error.
const BATCHES: usize = 64;

const ASSUMPTIONS: &[&str] = &[
    "the series are stationary",
    "the histories reach as far as the memory of the target",
    "correlations end within a 64th of the data (for the interval)",
];

/// Target and source of one stretch of time, of equal length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DiscretePair<'a> {
    /// Symbols of the target x.
    pub target: &'a [u32],
    /// Symbols of the source y.
    pub source: &'a [u32],
}

/// Alphabets, histories and surrogates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DiscreteOptions {
    /// Symbols of the target are 0 … this − 1; default 2.
    pub target_symbols: usize,
    /// Symbols of the source are 0 … this − 1; default 2.
    pub source_symbols: usize,
    /// k ≥ 1, length of the target's past; default 1.
    pub target_history: usize,
    /// l ≥ 1, length of the source's past; default 1.
    pub source_history: usize,
    /// Steps by which the source's past ends earlier than the target's; default 0.
    pub delay: usize,
    /// Number of surrogates; default 0.
    pub surrogates: usize,
    /// How surrogates are made; default turned round.
    pub surrogate: Surrogate,
}

impl Default for DiscreteOptions {
    fn default() -> Self {
        Self {
            target_symbols: 2,
            source_symbols: 2,
            target_history: 1,
            source_history: 1,
            delay: 0,
            surrogates: 0,
            surrogate: Surrogate::CircularShift,
        }
    }
}

/// Plug-in transfer entropy, and what a first-order correction makes of it, in nats per step.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct PluginTransferEntropy {
    /// Plug-in; never negative, and too high by about (free parameters)/2N.
    pub plugin: f64,
    /// With Miller and Madow's (occupied cells − 1)/2N added to each of the four entropies.
    pub miller_madow: f64,
    /// Number of samples N.
    pub samples: usize,
}

/// Transfer entropy of symbols, in nats per step.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct DiscreteTransferEntropy {
    /// Plug-in and Miller and Madow's.
    pub plugin: PluginTransferEntropy,
    /// Plug-in less its bias (the mean of the surrogates where there are any, Miller and Madow's otherwise), with a 95 % interval from the scatter of local
    /// transfer entropies over 64 stretches of time. Where the transfer entropy is zero the interval is too narrow: judge by the surrogates.
    pub estimate: Estimate,
    /// The plug-in beside surrogates.
    pub surrogates: Option<SurrogateTest>,
    /// What would make it wrong.
    pub assumptions: &'static [&'static str],
}

/// Plug-in transfer entropy source → target; nothing is counted across the ends of a pair. About a nanosecond a sample for small tables.
///
/// ```
/// use irrev_inference::transfer::{DiscreteOptions, DiscretePair, plugin_transfer_entropy};
/// let mut stream = irrev_numerics::streams::Stream::new(1, irrev_numerics::streams::Purpose::Search, 0);
/// let source: Vec<u32> = (0..10_000).map(|_| stream.below(2) as u32).collect();
/// let target: Vec<u32> = [0].into_iter().chain(source.iter().copied()).take(10_000).collect();   // a copy, one step late
/// let te = plugin_transfer_entropy(&[DiscretePair { target: &target, source: &source }], &DiscreteOptions::default())?;
/// assert!((te.plugin - 2.0_f64.ln()).abs() < 1e-2);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::Size`], [`Error::State`] for pairs that do not fit; [`Error::Domain`] for empty histories; [`Error::Histories`] for more than 128 bits a sample;
/// [`Error::TooFew`] without a sample.
pub fn plugin_transfer_entropy(
    pairs: &[DiscretePair],
    options: &DiscreteOptions,
) -> Result<PluginTransferEntropy> {
    let layout = Layout::new(options)?;
    require_pairs(pairs, options, &layout, 1)?;
    Ok(layout.counted(pairs).transfer_entropy())
}

/// Transfer entropy source → target with its interval, and surrogates where asked for.
///
/// ```
/// use irrev_inference::transfer::{DiscreteOptions, DiscretePair, discrete_transfer_entropy};
/// # let mut stream = irrev_numerics::streams::Stream::new(1, irrev_numerics::streams::Purpose::Search, 0);
/// # let source: Vec<u32> = (0..2000).map(|_| stream.below(2) as u32).collect();
/// # let target: Vec<u32> = (0..2000).map(|_| stream.below(2) as u32).collect();
/// let options = DiscreteOptions { surrogates: 99, ..Default::default() };
/// let te = discrete_transfer_entropy(&[DiscretePair { target: &target, source: &source }], &options, &irrev_numerics::Run::default())?;
/// assert!(te.surrogates.unwrap().p_value > 1e-3 && te.estimate.value < te.plugin.plugin);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// Those of [`plugin_transfer_entropy`]; [`Error::TooFew`] for fewer than 128 samples; [`Error::Domain`] for a single surrogate; cancellation.
pub fn discrete_transfer_entropy(
    pairs: &[DiscretePair],
    options: &DiscreteOptions,
    run: &Run,
) -> Result<DiscreteTransferEntropy> {
    let layout = Layout::new(options)?;
    require_pairs(pairs, options, &layout, 2 * BATCHES)?;
    let counts = layout.counted(pairs);
    let plugin = counts.transfer_entropy();
    let surrogates = surrogate_test(plugin.plugin, options.surrogates, run, |stream| {
        let sources: Vec<Vec<u32>> = pairs
            .iter()
            .map(|p| options.surrogate.of(p.source, stream))
            .collect();
        let of_surrogates: Vec<DiscretePair> = pairs
            .iter()
            .zip(&sources)
            .map(|(pair, source)| DiscretePair {
                target: pair.target,
                source,
            })
            .collect();
        Ok(layout.counted(&of_surrogates).transfer_entropy().plugin)
    })?;
    let bias = surrogates.map_or(plugin.plugin - plugin.miller_madow, |test| test.mean);
    let error = batch_error(&counts.local(&layout, pairs), BATCHES);
    Ok(DiscreteTransferEntropy {
        plugin,
        estimate: student(plugin.plugin, error, bias, BATCHES - 1, plugin.samples),
        surrogates,
        assumptions: ASSUMPTIONS,
    })
}

fn require_pairs(
    pairs: &[DiscretePair],
    options: &DiscreteOptions,
    layout: &Layout,
    needed: usize,
) -> Result<()> {
    for (place, DiscretePair { target, source }) in pairs.iter().enumerate() {
        if source.len() != target.len() {
            return Err(Error::Size {
                what: "source of a pair",
                found: source.len(),
                expected: target.len(),
            });
        }
        require_symbols(&format!("target {place}"), target, options.target_symbols)?;
        require_symbols(&format!("source {place}"), source, options.source_symbols)?;
    }
    let found: usize = pairs.iter().map(|pair| layout.samples(pair)).sum();
    if found < needed {
        return Err(Error::TooFew {
            what: "transfer entropy between symbols",
            unit: "samples",
            found,
            needed,
        });
    }
    Ok(())
}

/// Where the parts of a sample stand in its word.
struct Layout {
    target_bits: u32,
    source_bits: u32,
    /// Bits of the target's past and next symbol together.
    low: u32,
    bits: u32,
    target_history: usize,
    source_history: usize,
    delay: usize,
}

impl Layout {
    fn new(options: &DiscreteOptions) -> Result<Self> {
        let DiscreteOptions {
            target_history,
            source_history,
            delay,
            ..
        } = *options;
        for (what, length) in [
            ("target history", target_history),
            ("source history", source_history),
        ] {
            Error::require(what, length as f64, (1..=128).contains(&length), "1 to 128 steps")?;
        }
        let target_bits = bits_of(options.target_symbols);
        let source_bits = bits_of(options.source_symbols);
        let low = target_bits * (target_history as u32 + 1);
        let bits = low + source_bits * source_history as u32;
        if bits > u128::BITS {
            return Err(Error::Histories {
                what: "histories of target and source",
                found: bits,
                allowed: u128::BITS,
            });
        }
        Ok(Self {
            target_bits,
            source_bits,
            low,
            bits,
            target_history,
            source_history,
            delay,
        })
    }

    /// First time with a whole past.
    fn first(&self) -> usize {
        (self.target_history - 1).max(self.source_history - 1 + self.delay)
    }

    fn samples(&self, pair: &DiscretePair) -> usize {
        pair.target.len().saturating_sub(self.first() + 1)
    }

    /// Words of all samples of a pair.
    fn words<'a>(&'a self, pair: &'a DiscretePair) -> impl Iterator<Item = u128> + 'a {
        let DiscretePair { target, source } = *pair;
        let first = self.first();
        let number = self.samples(pair);
        let all = |bits: u32| u128::MAX >> (u128::BITS - bits);
        let own_mask = all(self.low - self.target_bits);
        let past_mask = all(self.bits - self.low);
        let (mut own, mut past) = (0_u128, 0_u128);
        if number > 0 {
            own = packed(&target[first + 1 - self.target_history..=first], self.target_bits);
            let end = first - self.delay;
            past = packed(&source[end + 1 - self.source_history..end], self.source_bits);
        }
        (first..first + number).map(move |t| {
            past = ((past << self.source_bits) | u128::from(source[t - self.delay])) & past_mask;
            let near = (own << self.target_bits) | u128::from(target[t + 1]);
            own = near & own_mask;
            if self.bits == self.low {
                near
            } else {
                (past << self.low) | near
            }
        })
    }

    fn counted(&self, pairs: &[DiscretePair]) -> Counts {
        if self.bits > DENSE_BITS {
            let words = pairs.iter().flat_map(|pair| self.words(pair));
            return Counts::of_words(&tally(words, self.bits), self);
        }
        let lanes = if self.bits <= LANE_BITS { LANES } else { 1 };
        let mut tables = vec![vec![0_u32; 1 << self.bits]; lanes];
        for pair in pairs {
            let length = self.samples(pair) / LANES;
            if lanes == LANES && length > 0 {
                match (self.target_bits, self.source_bits) {
                    (1, 1) => self.count_side_by_side::<1, 1>(&mut tables, pair, length),
                    _ => self.count_side_by_side::<0, 0>(&mut tables, pair, length),
                }
                let from = LANES * length;
                let rest = DiscretePair {
                    target: &pair.target[from..],
                    source: &pair.source[from..],
                };
                self.words(&rest).for_each(|word| tables[0][word as usize] += 1);
            } else {
                self.words(pair).for_each(|word| tables[0][word as usize] += 1);
            }
        }
        let mut joint = vec![0_u64; 1 << self.bits];
        for table in &tables {
            for (sum, &n) in joint.iter_mut().zip(table) {
                *sum += u64::from(n);
            }
        }
        Counts::dense(joint, self)
    }

    /// Four stretches of `length` samples each; bits of symbols that are known beforehand cost less (0: not known).
    fn count_side_by_side<const TARGET: u32, const SOURCE: u32>(
        &self,
        tables: &mut [Vec<u32>],
        pair: &DiscretePair,
        length: usize,
    ) {
        let [a, b, c, d] = tables else { return };
        let mask = (1_usize << self.bits) - 1;
        let tables = [a, b, c, d].map(|table| &mut table[..=mask]);
        let begin: [usize; LANES] = std::array::from_fn(|lane| self.first() + lane * length);
        let next = begin.map(|t| &pair.target[t + 1..][..length]);
        let past = begin.map(|t| &pair.source[t - self.delay..][..length]);
        let mut own =
            begin.map(|t| packed(&pair.target[t + 1 - self.target_history..=t], self.target_bits) as usize);
        let mut high = begin.map(|t| {
            let end = t - self.delay;
            packed(&pair.source[end + 1 - self.source_history..end], self.source_bits) as usize
        });
        let own_mask = (1_usize << (self.low - self.target_bits)) - 1;
        let high_mask = (1_usize << (self.bits - self.low)) - 1;
        let target_bits = if TARGET > 0 { TARGET } else { self.target_bits };
        let source_bits = if SOURCE > 0 { SOURCE } else { self.source_bits };
        // a product costs less than a shift by a number not known beforehand
        let width = 1_usize << self.low;
        for t in 0..length {
            for lane in 0..LANES {
                high[lane] = ((high[lane] << source_bits) | past[lane][t] as usize) & high_mask;
                let near = (own[lane] << target_bits) | next[lane][t] as usize;
                own[lane] = near & own_mask;
                // symbols are below their number, so the mask changes nothing but the bounds check
                tables[lane][(high[lane] * width + near) & mask] += 1;
            }
        }
    }
}

fn packed(symbols: &[u32], bits: u32) -> u128 {
    symbols.iter().fold(0, |word, &s| (word << bits) | u128::from(s))
}

/// Numbers of joint words and of their three parts.
struct Counts {
    joint: Vec<(u128, u64)>,
    own_and_next: Vec<(u128, u64)>,
    own_and_source: Vec<(u128, u64)>,
    own: Vec<(u128, u64)>,
}

impl Counts {
    fn of_words(joint: &[(u128, u64)], layout: &Layout) -> Self {
        let near = u128::MAX >> (u128::BITS - layout.low);
        let next = layout.target_bits;
        let own_and_next = projected(joint, |word| word & near);
        Self {
            own_and_source: projected(joint, |word| word >> next),
            own: projected(&own_and_next, |word| word >> next),
            joint: joint.to_vec(),
            own_and_next,
        }
    }

    fn dense(joint: Vec<u64>, layout: &Layout) -> Self {
        let occupied: Vec<(u128, u64)> = joint
            .into_iter()
            .enumerate()
            .filter(|&(_, n)| n > 0)
            .map(|(word, n)| (word as u128, n))
            .collect();
        Self::of_words(&occupied, layout)
    }

    fn transfer_entropy(&self) -> PluginTransferEntropy {
        let samples: u64 = self.joint.iter().map(|&(_, n)| n).sum();
        let n = samples as f64;
        let sum = |part: &[(u128, u64)]| compensated_sum(part.iter().map(|&(_, n)| x_ln_x(n as f64)));
        let cells = |part: &[(u128, u64)]| part.len() as f64;
        let parts = sum(&self.joint) + sum(&self.own) - sum(&self.own_and_next) - sum(&self.own_and_source);
        let correction =
            cells(&self.own_and_next) + cells(&self.own_and_source) - cells(&self.own) - cells(&self.joint);
        let plugin = (parts / n).max(0.0);
        PluginTransferEntropy {
            plugin,
            miller_madow: plugin + correction / (2.0 * n),
            samples: samples as usize,
        }
    }

    /// ln [p(x'|x, y)/p(x'|x)] of every sample: its influence on the plug-in.
    fn local(&self, layout: &Layout, pairs: &[DiscretePair]) -> Vec<f64> {
        let near = u128::MAX >> (u128::BITS - layout.low);
        let next = layout.target_bits;
        let number = |part: &[(u128, u64)], word: u128| match part.binary_search_by_key(&word, |p| p.0) {
            Ok(place) => part[place].1 as f64,
            Err(_) => f64::NAN,
        };
        let values: Vec<f64> = self
            .joint
            .iter()
            .map(|&(word, n)| {
                let with = n as f64 / number(&self.own_and_source, word >> next);
                let without =
                    number(&self.own_and_next, word & near) / number(&self.own, (word & near) >> next);
                (with / without).ln()
            })
            .collect();
        pairs
            .iter()
            .flat_map(|pair| layout.words(pair))
            .map(|word| match self.joint.binary_search_by_key(&word, |p| p.0) {
                Ok(place) => values[place],
                Err(_) => f64::NAN,
            })
            .collect()
    }
}

//! From a stimulus and spikes to symbols: how fast spikes report on the stimulus.
//!
//! Time is cut into bins. The target is whether a spike fell into a bin, the source the quantile level of the stimulus' mean in it. Transfer entropy
//! stimulus → spikes divided by the bin's width is an information rate: what the stimulus' past says of the next bin beyond the spikes' own past, in nats per time.

use irrev_numerics::Estimate;
use irrev_numerics::run::Run;

use super::discrete::{DiscreteOptions, DiscretePair, DiscreteTransferEntropy, discrete_transfer_entropy};
use super::surrogates::Surrogate;
use crate::error::{Error, Result};

/// One presentation of a stimulus and the spikes it drew.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SpikeTrial<'a> {
    /// When the stimulus was sampled, rising.
    pub stimulus_times: &'a [f64],
    /// Its values.
    pub stimulus: &'a [f64],
    /// Times of spikes in the same unit, in any order; those outside of the stimulus do not count.
    pub spikes: &'a [f64],
}

/// Bins, levels and histories.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StimulusOptions {
    /// Width of a bin, in the unit of time of the data.
    pub bin: f64,
    /// Levels of the stimulus, of equal occupation; default 4.
    pub levels: usize,
    /// Bins of the spikes' past; default 1.
    pub spike_history: usize,
    /// Bins of the stimulus' past; default 1.
    pub stimulus_history: usize,
    /// Bins by which the stimulus is read earlier; default 0.
    pub delay: usize,
    /// Number of surrogates; default 99.
    pub surrogates: usize,
}

impl Default for StimulusOptions {
    fn default() -> Self {
        Self {
            bin: 1.0,
            levels: 4,
            spike_history: 1,
            stimulus_history: 1,
            delay: 0,
            surrogates: 99,
        }
    }
}

/// What spikes report on a stimulus.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StimulusToSpikes {
    /// Transfer entropy stimulus → spikes, in nats per bin.
    pub transfer_entropy: DiscreteTransferEntropy,
    /// The same per time.
    pub information_rate: Estimate,
    /// Number of bins.
    pub bins: usize,
    /// Share of bins with a spike.
    pub spike_share: f64,
    /// Spikes that shared a bin with another and are not told apart.
    pub merged_spikes: usize,
}

/// Level of each number among `levels` of equal occupation: 0 lowest; equal numbers share a level.
///
/// ```
/// assert_eq!(irrev_inference::transfer::quantile_symbols(&[3.0, 1.0, 2.0, 9.0], 2)?, [1, 0, 0, 1]);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`] for fewer than two levels; [`Error::Entry`]; [`Error::TooFew`] for fewer numbers than levels; [`Error::Constant`].
pub fn quantile_symbols(series: &[f64], levels: usize) -> Result<Vec<u32>> {
    Error::require(
        "levels",
        levels as f64,
        (2..=1 << 16).contains(&levels),
        "2 to 65536",
    )?;
    if series.len() < levels {
        return Err(Error::TooFew {
            what: "cutting a series into levels",
            unit: "numbers",
            found: series.len(),
            needed: levels,
        });
    }
    if let Some(index) = series.iter().position(|x| !x.is_finite()) {
        return Err(Error::Entry {
            what: "series to be cut into levels".into(),
            index,
            value: series[index],
        });
    }
    let mut sorted = series.to_vec();
    sorted.sort_by(f64::total_cmp);
    if sorted[0] == sorted[sorted.len() - 1] {
        return Err(Error::Constant {
            what: "series to be cut into levels".into(),
            value: sorted[0],
        });
    }
    let edges: Vec<f64> = (1..levels).map(|q| sorted[q * sorted.len() / levels]).collect();
    Ok(series
        .iter()
        .map(|x| edges.partition_point(|edge| edge <= x) as u32)
        .collect())
}

/// Whether a spike fell into each of `bins` bins of a width from a start on, and how many spikes shared a bin with one before.
///
/// ```
/// let (symbols, merged) = irrev_inference::transfer::spike_bins(&[0.5, 2.1, 2.2, 9.0], 0.0, 1.0, 4)?;
/// assert_eq!((symbols, merged), (vec![1, 0, 1, 0], 1));
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`] for a width that is not positive; [`Error::Entry`] for a time that is no number.
pub fn spike_bins(spikes: &[f64], start: f64, width: f64, bins: usize) -> Result<(Vec<u32>, usize)> {
    Error::require(
        "width of a bin",
        width,
        width > 0.0 && width.is_finite(),
        "a positive number",
    )?;
    let mut symbols = vec![0; bins];
    let mut merged = 0;
    for (index, &value) in spikes.iter().enumerate() {
        if !value.is_finite() {
            return Err(Error::Entry {
                what: "spike times".into(),
                index,
                value,
            });
        }
        let place = ((value - start) / width).floor();
        if place >= 0.0 && place < bins as f64 {
            let symbol = &mut symbols[place as usize];
            merged += *symbol as usize;
            *symbol = 1;
        }
    }
    Ok((symbols, merged))
}

/// Transfer entropy from a stimulus to spikes, and the information rate; trials are counted together, and nothing across their ends.
///
/// ```
/// use irrev_inference::transfer::{SpikeTrial, StimulusOptions, stimulus_to_spikes};
/// # let mut stream = irrev_numerics::streams::Stream::new(1, irrev_numerics::streams::Purpose::Search, 0);
/// let times: Vec<f64> = (0..3000).map(f64::from).collect();
/// let stimulus: Vec<f64> = times.iter().map(|_| stream.normal()).collect();
/// // a spike in the next bin wherever the stimulus is high
/// let spikes: Vec<f64> = times.iter().zip(&stimulus).filter(|(_, s)| **s > 0.5).map(|(t, _)| t + 1.0).collect();
/// let trial = SpikeTrial { stimulus_times: &times, stimulus: &stimulus, spikes: &spikes };
/// let found = stimulus_to_spikes(&[trial], &StimulusOptions { surrogates: 19, ..Default::default() }, &irrev_numerics::Run::default())?;
/// assert!(found.information_rate.value > 0.3);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::Size`], [`Error::Times`], [`Error::Entry`] for trials that do not fit; [`Error::Domain`] where a bin holds no sample of the stimulus; those of
/// [`discrete_transfer_entropy`].
pub fn stimulus_to_spikes(
    trials: &[SpikeTrial],
    options: &StimulusOptions,
    run: &Run,
) -> Result<StimulusToSpikes> {
    let mut means = Vec::new();
    let mut targets = Vec::new();
    let mut merged_spikes = 0;
    for (place, trial) in trials.iter().enumerate() {
        let binned = stimulus_bins(trial, options.bin, place)?;
        let start = trial.stimulus_times[0];
        let (symbols, merged) = spike_bins(trial.spikes, start, options.bin, binned.len())?;
        merged_spikes += merged;
        targets.push(symbols);
        means.push(binned);
    }
    // levels are those of all trials together
    let levels = quantile_symbols(&means.concat(), options.levels)?;
    let mut rest = &levels[..];
    let mut pairs = Vec::new();
    for target in &targets {
        let (source, later) = rest.split_at(target.len());
        pairs.push(DiscretePair { target, source });
        rest = later;
    }
    let discrete = DiscreteOptions {
        target_symbols: 2,
        source_symbols: options.levels,
        target_history: options.spike_history,
        source_history: options.stimulus_history,
        delay: options.delay,
        surrogates: options.surrogates,
        surrogate: Surrogate::CircularShift,
    };
    let transfer_entropy = discrete_transfer_entropy(&pairs, &discrete, run)?;
    let bins = levels.len();
    let spikes = targets.iter().flatten().filter(|&&s| s == 1).count();
    let per_time = |x: f64| x / options.bin;
    let of = transfer_entropy.estimate;
    Ok(StimulusToSpikes {
        information_rate: Estimate {
            value: per_time(of.value),
            standard_error: per_time(of.standard_error),
            interval: (per_time(of.interval.0), per_time(of.interval.1)),
            bias_correction: per_time(of.bias_correction),
            ..of
        },
        transfer_entropy,
        bins,
        spike_share: spikes as f64 / bins as f64,
        merged_spikes,
    })
}

/// Mean of the stimulus in each whole bin of a trial.
fn stimulus_bins(trial: &SpikeTrial, width: f64, place: usize) -> Result<Vec<f64>> {
    let SpikeTrial {
        stimulus_times: times,
        stimulus,
        ..
    } = *trial;
    Error::require(
        "width of a bin",
        width,
        width > 0.0 && width.is_finite(),
        "a positive number",
    )?;
    if times.len() != stimulus.len() {
        return Err(Error::Size {
            what: "stimulus of a trial",
            found: stimulus.len(),
            expected: times.len(),
        });
    }
    if times.len() < 2 {
        return Err(Error::TooFew {
            what: "a stimulus",
            unit: "samples",
            found: times.len(),
            needed: 2,
        });
    }
    for (index, &value) in times.iter().enumerate() {
        let before = if index > 0 {
            times[index - 1]
        } else {
            f64::NEG_INFINITY
        };
        if !(value > before && value.is_finite()) {
            return Err(Error::Times {
                what: format!("stimulus of trial {place}"),
                index,
                value,
                before,
            });
        }
    }
    let step = (times[times.len() - 1] - times[0]) / (times.len() - 1) as f64;
    // the last sample stands for one more step
    let bins = ((times[times.len() - 1] - times[0] + step) / width * (1.0 + 1e-12)).floor() as usize;
    let mut sums = vec![(0.0, 0_u32); bins];
    for (time, value) in times.iter().zip(stimulus) {
        if let Some(sum) = sums.get_mut(((time - times[0]) / width * (1.0 + 1e-12)).floor() as usize) {
            sum.0 += value;
            sum.1 += 1;
        }
    }
    Error::require(
        "width of a bin",
        width,
        sums.iter().all(|sum| sum.1 > 0),
        "at least the longest step of the stimulus: one bin holds no sample of it",
    )?;
    Ok(sums.into_iter().map(|(sum, n)| sum / f64::from(n)).collect())
}

//! Entropy production of recorded activity, σ = Σ_ij (J_ij − J_ji) ⟨s_i(t+1) s_j(t)⟩ in nats per step, with what is needed to believe it.
//!
//! The plug-in number, couplings and correlations from the same data, is never negative by chance and biased upward by about 0.8 N (N − 1)/T in a reversible
//! network; in recordings half to nine tenths of it can be bias. So it is not offered alone. [`entropy_production`] gives the estimate by cross-fit
//! (couplings from one half, correlations from the other, both ways) without the first-order bias of couplings, an interval from blocks drawn anew, and two nulls: units
//! shifted against each other in circles, which keeps what each unit does and breaks what they do together; and blocks of time reversed by a coin, which
//! keeps all correlations that are symmetric in time and makes past and future alike.
//!
//! The recording is taken as stationary, and as made by parallel updates with one-step memory; σ is a property of the binned process, not of the cells.
//! Divide by the width of a bin for nats per second.
//!
//! Sources: M. Aguilera, S. A. Moosavi and H. Shimazaki, Nat. Commun. 12, 1197 (2021) for σ; V. Chernozhukov et al., Econom. J. 21, C1 (2018) for
//! cross-fitting; H. R. Künsch, Ann. Stat. 17, 1217 (1989) for blocks.

use irrev_numerics::linalg::Matrix;
use irrev_numerics::streams::{Purpose, Stream};
use irrev_numerics::{Estimate, EstimateKind, Run};
use rayon::prelude::*;

use super::cross_fit::{CrossFit, asymmetry, cross_fit, overlap};
use super::likelihood::{Fit, FitOptions, maximum_likelihood};
use super::raster::Raster;
use super::resampling::interval;
use super::transitions::Transitions;
use crate::error::{Error, Result};

/// Tolerance of fits to nulls.
const NULL_TOLERANCE: f64 = 1e-6;

/// How entropy production is estimated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct EntropyProductionOptions {
    /// How networks are fitted.
    pub fit: FitOptions,
    /// Blocks per half that are drawn anew; default 50. A block should be longer than the memory of the recording.
    pub blocks: usize,
    /// Draws of blocks behind the interval; default 2000.
    pub draws: usize,
    /// Draws of each null, at least 1; default 20.
    pub nulls: usize,
    /// Confidence level of the interval; default 0.95.
    pub level: f64,
}

impl Default for EntropyProductionOptions {
    fn default() -> Self {
        Self {
            fit: FitOptions::default(),
            blocks: 50,
            draws: 2000,
            nulls: 20,
            level: 0.95,
        }
    }
}

/// What the same analysis gives for data without a direction of time.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NullDistribution {
    /// Cross-fitted values, nats per step.
    pub cross_fit: Vec<f64>,
    /// Plug-in values, nats per step: their mean is bias.
    pub plug_in: Vec<f64>,
    /// (1 + number of nulls at or above the estimate)/(1 + nulls), both by cross-fit: the probability of so large a value by chance.
    pub p_value: f64,
}

/// Entropy production of recorded activity; all values in nats per step.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct EntropyProduction {
    /// σ by cross-fit with couplings that have no first-order bias (what that takes away is `bias_correction`), with its interval.
    pub estimate: Estimate,
    /// By how much the penalty lowers the estimate, to first order: if it is not small beside the standard error, take a smaller penalty.
    pub shrinkage: f64,
    /// σ by cross-fit before the correction.
    pub cross_fit: f64,
    /// Couplings and correlations from the same data: an ingredient of comparisons, biased upward by about `plug_in_bias`.
    pub plug_in: f64,
    /// Plug-in less estimate.
    pub plug_in_bias: f64,
    /// Units shifted against each other in circles.
    pub shifted: NullDistribution,
    /// Blocks of time reversed by a coin.
    pub reversed_blocks: NullDistribution,
    /// Cross-fit of the whole recording played backwards. A network with parallel updates played backwards is no such network, but near reversibility it
    /// almost is one: then this is near the forward value. If it is far from it, the model describes the data in one direction only, and σ is that of the model.
    pub backwards: f64,
    /// σ_ij = (J_ij − J_ji)(⟨s_i' s_j⟩ − ⟨s_j' s_i⟩) by cross-fit, symmetric; those with i < j add up to `cross_fit`.
    pub pairs: Matrix,
    /// Σ_j (J_ij − J_ji) ⟨s_i' s_j⟩ by cross-fit, the share of each unit as the later one; they add up to `cross_fit` and may be negative.
    pub units: Vec<f64>,
    /// The network fitted to all data.
    pub fit: Fit,
}

impl EntropyProductionOptions {
    /// Checks what an interval needs.
    fn check(&self) -> Result<()> {
        let Self {
            blocks, draws, level, ..
        } = *self;
        Error::require("the number of blocks", blocks as f64, blocks >= 10, "at least 10")?;
        Error::require("the number of draws", draws as f64, draws >= 100, "at least 100")?;
        Error::require(
            "the confidence level",
            level,
            level > 0.0 && level < 1.0,
            "a number between 0 and 1",
        )
    }
}

/// The cross-fit without the first-order bias of couplings, with the interval from blocks drawn anew; and what the penalty takes from it.
fn estimate(
    crossed: &CrossFit,
    transitions: &Transitions<'_>,
    options: &EntropyProductionOptions,
    seed: u64,
) -> Result<(Estimate, f64)> {
    let scatter = crossed.scatter(transitions, options.blocks, options.draws, seed)?;
    let value = crossed.flow - scatter.bias;
    let estimate = Estimate {
        value,
        standard_error: scatter.standard_error,
        interval: interval(value, &scatter.deviations, options.level),
        level: options.level,
        sample_size: 2 * options.blocks,
        bias_correction: scatter.bias,
        kind: EstimateKind::Estimate,
    };
    Ok((estimate, scatter.shrinkage))
}

/// The largest of some penalties that takes less from the entropy production, to first order, than a given part of its standard error; the smallest if none does. A
/// penalty that predicts best takes more: prediction gains from smaller scatter what an estimate loses by being pulled to zero.
///
/// Takes 2 fits of half the data for each penalty that is tried, from the largest down.
///
/// # Errors
/// As [`entropy_production`](fn@entropy_production); [`Error::Domain`] without a penalty.
///
/// ```
/// use irrev_ising::inference::{Coding, EntropyProductionOptions, Raster, unbiased_penalty};
/// use irrev_numerics::Run;
/// let activity: Vec<u8> = (0..2400_u32).map(|k| (k.wrapping_mul(2654435761) >> 17 & 1) as u8).collect();
/// let raster = Raster::from_array(&activity, 1200, 2, Coding::ZeroOne)?;
/// let found = unbiased_penalty(&raster, &[1.0, 1e-2, 1e-4], 0.25, &EntropyProductionOptions::default(), &Run::default())?;
/// assert!(found < 1.0);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
pub fn unbiased_penalty(
    raster: &Raster,
    penalties: &[f64],
    part: f64,
    options: &EntropyProductionOptions,
    run: &Run<'_>,
) -> Result<f64> {
    options.check()?;
    Error::require(
        "the number of penalties",
        penalties.len() as f64,
        !penalties.is_empty(),
        "at least 1",
    )?;
    let transitions = raster.transitions()?;
    transitions.require("an interval of the entropy production", 8 * options.blocks)?;
    let mut descending = penalties.to_vec();
    descending.sort_by(|a, b| b.total_cmp(a));
    run.install(|| {
        for (k, &penalty) in descending.iter().enumerate() {
            run.report(
                k as f64 / descending.len() as f64,
                "choosing a penalty that does not bias the entropy production",
            )?;
            let crossed = cross_fit(
                &transitions,
                &FitOptions {
                    penalty,
                    ..options.fit
                },
            )?;
            let (found, shrinkage) = estimate(&crossed, &transitions, options, run.seed)?;
            if shrinkage.abs() <= part * found.standard_error {
                return Ok(penalty);
            }
        }
        Ok(descending[descending.len() - 1])
    })?
}

/// The estimate of [`entropy_production`](fn@entropy_production) alone, without nulls and shares: for many recordings of a simulated network, say. Takes 2 fits of half the data.
///
/// # Errors
/// As [`entropy_production`](fn@entropy_production).
///
/// ```
/// use irrev_ising::inference::{Coding, EntropyProductionOptions, FitOptions, Raster, cross_fit_estimate, entropy_production};
/// use irrev_numerics::Run;
/// let activity: Vec<u8> = (0..2400_u32).map(|k| (k.wrapping_mul(2654435761) >> 17 & 1) as u8).collect();
/// let raster = Raster::from_array(&activity, 1200, 2, Coding::ZeroOne)?;
/// let options = EntropyProductionOptions { fit: FitOptions { penalty: 1e-3, ..FitOptions::default() }, nulls: 1, ..Default::default() };
/// let alone = cross_fit_estimate(&raster, &options, &Run::default())?;
/// assert_eq!(alone, entropy_production(&raster, &options, &Run::default())?.estimate);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
pub fn cross_fit_estimate(
    raster: &Raster,
    options: &EntropyProductionOptions,
    run: &Run<'_>,
) -> Result<Estimate> {
    options.check()?;
    let transitions = raster.transitions()?;
    transitions.require("an interval of the entropy production", 8 * options.blocks)?;
    run.install(|| {
        run.report(0.0, "fitting halves of the recording")?;
        let crossed = cross_fit(&transitions, &options.fit)?;
        Ok(estimate(&crossed, &transitions, options, run.seed)?.0)
    })?
}

/// Plug-in and cross-fit of one set of transitions.
fn both(transitions: &Transitions<'_>, options: &FitOptions) -> Result<(f64, f64)> {
    let fit = maximum_likelihood(transitions, options)?;
    let plug_in = overlap(&asymmetry(&fit.couplings), &transitions.correlations().delayed);
    Ok((plug_in, cross_fit(transitions, options)?.flow))
}

/// Each unit shifted by its own number of bins. Shifts are spread over the circle, one in the middle half of each of N equal arcs in random order, so that no
/// two units meet again by accident: one event seen in two units would otherwise come back as a perfect prediction when they are shifted one bin apart.
fn shifted(raster: &Raster, seed: u64, draw: usize) -> Result<Raster> {
    let mut stream = Stream::new(seed, Purpose::Search, 2 * draw as u64);
    let (n, bins) = (raster.units(), raster.bins() as f64);
    let mut arcs: Vec<usize> = (0..n).collect();
    for place in (1..n).rev() {
        arcs.swap(place, stream.below(place as u64 + 1) as usize);
    }
    let arc = bins / n as f64;
    let shifts: Vec<usize> = arcs
        .iter()
        .map(|k| (arc * (*k as f64 + 0.25 + 0.5 * stream.uniform())) as usize)
        .collect();
    raster.circularly_shifted(&shifts)
}

/// Blocks of bins, each played backwards with probability ½.
fn block_reversed(raster: &Raster, blocks: usize, seed: u64, draw: usize) -> (Raster, Vec<usize>) {
    let mut stream = Stream::new(seed, Purpose::Search, 2 * draw as u64 + 1);
    let edges: Vec<usize> = (0..=blocks).map(|k| k * raster.bins() / blocks).collect();
    let mut source: Vec<usize> = (0..raster.bins()).collect();
    for edge in edges.windows(2) {
        if stream.below(2) == 1 {
            source[edge[0]..edge[1]].reverse();
        }
    }
    (raster.reordered(|bin| source[bin]), edges)
}

fn null(values: Vec<(f64, f64)>, found: f64) -> NullDistribution {
    let (plug_in, cross_fit): (Vec<f64>, Vec<f64>) = values.into_iter().unzip();
    let above = cross_fit.iter().filter(|x| **x >= found).count();
    NullDistribution {
        p_value: (1 + above) as f64 / (1 + cross_fit.len()) as f64,
        cross_fit,
        plug_in,
    }
}

/// Entropy production of recorded activity by cross-fit, with interval and nulls.
///
/// Takes 3 fits and `nulls` times 6 more. The same seed gives the same bits for any number of threads.
///
/// # Errors
/// Those of [`maximum_likelihood`], for all data, their halves, and the null data; [`Error::Domain`] for options; cancelled runs.
///
/// ```
/// use irrev_ising::inference::{Coding, EntropyProductionOptions, FitOptions, Raster, entropy_production};
/// use irrev_numerics::Run;
/// // two units, the second repeats the first one bin later in three bins out of four
/// let drive: Vec<bool> = (0..400u32).map(|t| t.wrapping_mul(2654435761) >> 16 & 1 == 1).collect();
/// let follow = |t: usize| if t % 4 == 0 { t % 8 == 0 } else { t > 0 && drive[t - 1] };
/// let activity: Vec<u8> = (0..400).flat_map(|t| [u8::from(drive[t]), u8::from(follow(t))]).collect();
/// let raster = Raster::from_array(&activity, 400, 2, Coding::ZeroOne)?;
/// let options = EntropyProductionOptions { fit: FitOptions { penalty: 1e-3, ..FitOptions::default() }, blocks: 20, nulls: 5, ..Default::default() };
/// let found = entropy_production(&raster, &options, &Run::default())?;
/// assert!(found.estimate.interval.0 > 0.0 && found.shifted.p_value < 0.2);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
pub fn entropy_production(
    raster: &Raster,
    options: &EntropyProductionOptions,
    run: &Run<'_>,
) -> Result<EntropyProduction> {
    let EntropyProductionOptions {
        fit, blocks, nulls, ..
    } = *options;
    options.check()?;
    Error::require("the number of nulls", nulls as f64, nulls >= 1, "at least 1")?;
    let transitions = raster.transitions()?;
    transitions.require("an interval of the entropy production", 8 * blocks)?;
    run.install(|| {
        run.report(0.0, "fitting the network")?;
        let whole = maximum_likelihood(&transitions, &fit)?;
        let plug_in = overlap(&asymmetry(&whole.couplings), &transitions.correlations().delayed);
        let crossed = cross_fit(&transitions, &fit)?;
        run.report(0.1, "drawing blocks")?;
        let (estimate, shrinkage) = estimate(&crossed, &transitions, options, run.seed)?;
        let backwards = raster.reversed();
        let backwards = cross_fit(&backwards.transitions()?, &fit)?.flow;
        // a null is one of many draws: its digits beyond the sixth tell nothing
        let null_fit = FitOptions {
            tolerance: fit.tolerance.max(NULL_TOLERANCE),
            ..fit
        };
        let done = |k: usize| 0.2 + 0.8 * k as f64 / (2 * nulls) as f64;
        let shifted_values: Result<Vec<(f64, f64)>> = (0..nulls)
            .into_par_iter()
            .map(|draw| {
                run.report(done(draw), "shifting units in circles")?;
                let moved = shifted(raster, run.seed, draw)?;
                both(&moved.transitions()?, &null_fit)
            })
            .collect();
        let reversed_values: Result<Vec<(f64, f64)>> = (0..nulls)
            .into_par_iter()
            .map(|draw| {
                run.report(done(nulls + draw), "reversing blocks of time")?;
                let (moved, edges) = block_reversed(raster, 2 * blocks, run.seed, draw);
                let inside = edges.windows(2).map(|edge| edge[0]..edge[1] - 1);
                both(&Transitions::of(&moved, inside), &null_fit)
            })
            .collect();
        Ok(EntropyProduction {
            estimate,
            shrinkage,
            cross_fit: crossed.flow,
            plug_in,
            plug_in_bias: plug_in - estimate.value,
            shifted: null(shifted_values?, crossed.flow),
            reversed_blocks: null(reversed_values?, crossed.flow),
            backwards,
            pairs: crossed.pairs,
            units: crossed.units,
            fit: whole,
        })
    })?
}

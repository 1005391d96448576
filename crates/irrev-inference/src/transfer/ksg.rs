//! Transfer entropy of any law by nearest neighbours (Kraskov, Stögbauer and Grassberger; Frenzel and Pompe).
//!
//! TE ≈ ψ(k) + ⟨ψ(n_own + 1) − ψ(n_own,next + 1) − ψ(n_own,source + 1)⟩ with n the number of other samples strictly closer than the k-th neighbour in (next,
//! own, source), maximum norm, no rescaling, no noise unless asked for. Errors come from the jackknife over blocks of time: a bootstrap would draw samples twice,
//! and a sample is its own nearest neighbour then.
//!
//! Sources: Kraskov, Stögbauer and Grassberger, Phys. Rev. E 69, 066138 (2004), algorithm 1; Frenzel and Pompe, Phys. Rev. Lett. 99, 204101 (2007).

use std::fmt;

use irrev_numerics::run::Run;
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::{Estimate, EstimateKind};
use rayon::prelude::*;

use super::histories::Histories;
use super::neighbours::terms;
use super::surrogates::{Surrogate, SurrogateTest, surrogate_test};
use crate::error::{Error, Result};
use crate::replicas::{Task, mean_and_deviation, student};

const ASSUMPTIONS: &[&str] = &[
    "the series are stationary with a smooth joint density",
    "the histories reach as far as the memory of the target",
    "the bias of nearest neighbours, towards zero for few samples or many dimensions, is not in the interval",
    "correlations are short beside one of the jackknife's blocks",
];

/// Neighbours, histories, noise, surrogates and jackknife.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KsgOptions {
    /// k ≥ 1, which neighbour; default 4.
    pub neighbours: usize,
    /// Length of the target's past; default 1.
    pub target_history: usize,
    /// Length of the source's past; default 1.
    pub source_history: usize,
    /// Noise that parts ties: uniform, of this half-width in units of each series' standard deviation. Default `None`: the data as they are.
    pub jitter: Option<f64>,
    /// Blocks of the jackknife: 0 for no interval, otherwise at least 5; default 20.
    pub blocks: usize,
    /// Number of surrogates; default 0.
    pub surrogates: usize,
    /// How surrogates are made; default turned round.
    pub surrogate: Surrogate,
}

impl Default for KsgOptions {
    fn default() -> Self {
        Self {
            neighbours: 4,
            target_history: 1,
            source_history: 1,
            jitter: None,
            blocks: 20,
            surrogates: 0,
            surrogate: Surrogate::CircularShift,
        }
    }
}

/// What a reader of the value should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KsgNote {
    /// The value is negative.
    Negative,
    /// Samples whose k-th neighbour is at distance zero.
    Ties {
        /// How many.
        samples: usize,
    },
}

impl fmt::Display for KsgNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Negative => write!(
                f,
                "the value is negative although a transfer entropy is not: noise of the estimator about a value near zero"
            ),
            Self::Ties { samples } => write!(
                f,
                "{samples} samples coincide with as many others as neighbours are asked for; the estimator is made for a density: add jitter, or treat the values as symbols"
            ),
        }
    }
}

/// Transfer entropy by nearest neighbours, in nats per step.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct KsgTransferEntropy {
    /// Value, with standard error and 95 % interval of the jackknife over blocks (NaN without blocks). No bias is taken off.
    pub estimate: Estimate,
    /// The value beside surrogates; `effective` is free of the bias that surrogates share.
    pub surrogates: Option<SurrogateTest>,
    /// What a reader should know.
    pub notes: Vec<KsgNote>,
    /// What would make it wrong.
    pub assumptions: &'static [&'static str],
}

/// Transfer entropy source → target by nearest neighbours. About O(N log N); the jackknife costs as many times as it has blocks.
///
/// ```
/// use irrev_inference::transfer::{KsgOptions, ksg_transfer_entropy};
/// # let mut stream = irrev_numerics::streams::Stream::new(1, irrev_numerics::streams::Purpose::Search, 0);
/// let (mut x, mut y) = (vec![0.0_f64], vec![0.0_f64]);
/// for t in 0..1000 {
///     x.push(0.5 * x[t] + 0.8 * (3.0 * y[t]).sin() + 0.3 * stream.normal());
///     y.push(stream.normal());
/// }
/// let te = ksg_transfer_entropy(&x, &y, &KsgOptions { surrogates: 19, ..Default::default() }, &irrev_numerics::Run::default())?;
/// assert_eq!(te.surrogates.unwrap().p_value, 0.05);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::Size`], [`Error::Entry`], [`Error::Constant`], [`Error::TooFew`] for series that do not do; [`Error::Domain`] for options without a meaning; cancellation.
pub fn ksg_transfer_entropy(
    target: &[f64],
    source: &[f64],
    options: &KsgOptions,
    run: &Run,
) -> Result<KsgTransferEntropy> {
    let KsgOptions {
        neighbours,
        target_history,
        source_history,
        jitter,
        blocks,
        surrogates,
        surrogate,
    } = *options;
    Error::require("neighbours", neighbours as f64, neighbours >= 1, "at least 1")?;
    Error::require(
        "blocks of the jackknife",
        blocks as f64,
        blocks == 0 || blocks >= 5,
        "0, or at least 5",
    )?;
    let lengths = (target_history, source_history);
    let needed = (4 * blocks).max(2 * (neighbours + 1));
    Histories::new(target, source, lengths, needed)?;
    let (target, source) = match jitter {
        Some(width) => {
            Error::require(
                "jitter",
                width,
                width > 0.0 && width.is_finite(),
                "a positive number",
            )?;
            (jittered(target, width, 0, run), jittered(source, width, 1, run))
        }
        None => (target.to_vec(), source.to_vec()),
    };
    let histories = Histories::new(&target, &source, lengths, needed)?;
    let samples = histories.samples();
    let found = terms(&histories, neighbours, run)?;
    let value = mean(&found.terms);
    let test = surrogate_test(value, surrogates, run, |stream| {
        let source = surrogate.of(&source, stream);
        let of_surrogate = Histories::new(&target, &source, lengths, needed)?;
        Ok(mean(&terms(&of_surrogate, neighbours, &inner(run))?.terms))
    })?;
    let mut notes = Vec::new();
    if value < 0.0 {
        notes.push(KsgNote::Negative);
    }
    if found.ties > 0 {
        notes.push(KsgNote::Ties { samples: found.ties });
    }
    Ok(KsgTransferEntropy {
        estimate: Estimate {
            kind: EstimateKind::Estimate,
            ..student(
                value,
                jackknife_error(&histories, neighbours, blocks, run)?,
                0.0,
                blocks.max(1) - 1,
                samples,
            )
        },
        surrogates: test,
        notes,
        assumptions: ASSUMPTIONS,
    })
}

fn mean(terms: &[f64]) -> f64 {
    compensated_sum(terms.iter().copied()) / terms.len() as f64
}

/// The same run inside of a parallel loop, whose pool it already has.
fn inner<'a>(run: &Run<'a>) -> Run<'a> {
    Run { threads: 0, ..*run }
}

/// Error from the values without one block of samples at a time; NaN without blocks.
fn jackknife_error(histories: &Histories, neighbours: usize, blocks: usize, run: &Run) -> Result<f64> {
    if blocks == 0 {
        return Ok(f64::NAN);
    }
    let n = histories.samples();
    let without: Result<Vec<f64>> = run.install(|| {
        (0..blocks)
            .into_par_iter()
            .map(|block| {
                run.report(block as f64 / blocks as f64, "jackknife")?;
                let rest = histories.without(block * n / blocks, (block + 1) * n / blocks);
                Ok(mean(&terms(&rest, neighbours, &inner(run))?.terms))
            })
            .collect()
    })?;
    let b = blocks as f64;
    Ok(mean_and_deviation(&without?).1 * (b - 1.0) / b.sqrt())
}

fn jittered(series: &[f64], width: f64, place: usize, run: &Run) -> Vec<f64> {
    let scale = 2.0 * width * mean_and_deviation(series).1;
    let mut stream = Task::Jitter.stream(run.seed, place);
    series
        .iter()
        .map(|x| x + scale * (stream.uniform() - 0.5))
        .collect()
}

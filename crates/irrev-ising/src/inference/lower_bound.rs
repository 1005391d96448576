//! A lower bound on the entropy production of recorded activity that needs no model: only lagged correlations.
//!
//! For g_ij(t) = s_i(t+1) s_j(t) − s_i(t) s_j(t+1), which changes its sign under time reversal, every θ gives a bound on the entropy produced per step of a
//! stationary process, Markovian or not: σ ≥ ⟨θ·g⟩ − ln⟨e^{−θ·g}⟩ (Donsker and Varadhan, with the reversed averages written as forward ones). The right
//! side is concave in θ; its maximum is the dual of the least irreversible process with the same ⟨g⟩.
//!
//! Maximised and evaluated on the same data it is biased upward. Here θ comes from one half and the bound from the other, both ways; and because −ln of a
//! sample mean is too large on average, the logarithm is replaced by its tangent, −ln z ≥ 1 − z/a − ln a with a from the half that gave θ. What is returned is
//! then a mean over transitions whose expectation is not above σ. θ·g is cut off at ±ln T of the half that gave θ, which keeps the bound (any function that
//! changes its sign under reversal gives one): a transition more than T times less likely backwards cannot be judged from T of them. Only the recording's stationarity is assumed; unseen memory or units lower the bound.
//!
//! Sources: M. Aguilera, S. Ito and A. Kolchinsky, arXiv:2505.10444; D.-K. Kim, Y. Bae, S. Lee and H. Jeong, Phys. Rev. Lett. 125, 140604 (2020) for the
//! variational form; X. Nguyen, M. J. Wainwright and M. I. Jordan, IEEE Trans. Inf. Theory 56, 5847 (2010) for the tangent.

use irrev_numerics::linalg::Matrix;
use irrev_numerics::{Estimate, EstimateKind, Run};

use super::ascent::Ascent;
use super::raster::Raster;
use super::resampling::{Draws, interval, scaled_deviations};
use super::transitions::{Block, Blocks, Transitions, accumulate};
use crate::error::{Error, Result};

/// How the bound is found.
#[derive(Debug, Clone, PartialEq)]
pub struct LowerBoundOptions {
    /// Candidates for μ of the penalty μ/2 Σ_ij ⟨g_ij²⟩ θ_ij² that keeps θ from describing noise; the one that does best on the last quarter of the half that gives θ
    /// is taken. θ = 0 is always a candidate. Default 0.01, 0.1, 1, 10, 100.
    pub penalties: Vec<f64>,
    /// Blocks per half from which the error follows; default 50.
    pub blocks: usize,
    /// Draws of blocks behind the interval; default 2000.
    pub draws: usize,
    /// Confidence level of the interval; default 0.95.
    pub level: f64,
}

impl Default for LowerBoundOptions {
    fn default() -> Self {
        Self {
            penalties: vec![0.01, 0.1, 1.0, 10.0, 100.0],
            blocks: 50,
            draws: 2000,
            level: 0.95,
        }
    }
}

/// A lower bound on the entropy production, nats per step.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LowerBound {
    /// The bound from data that did not choose θ: an unbiased estimate of a number not above σ. Below zero it says nothing.
    pub estimate: Estimate,
    /// The bound from the data that chose θ, biased upward: for comparison only.
    pub in_sample: f64,
    /// Mean θ of both halves, antisymmetric; θ_ij > 0 where s_j now goes with s_i later more than the reverse.
    pub forces: Matrix,
    /// Penalties chosen by the halves; infinite where θ = 0 did best.
    pub penalties: [f64; 2],
}

/// Passes after which the maximum is taken as it is: any θ gives a bound.
const PASSES: usize = 200;
/// Largest step in θ, in units of 1/√⟨g²⟩, at which the maximum counts as found.
const FOUND: f64 = 1e-6;

/// θ·g cut off at ±c, and ⟨e^{−θ·g}⟩ of the data that gave θ: all that evaluates the bound.
struct Witness {
    theta: Matrix,
    cutoff: f64,
    partition: f64,
    penalty: f64,
}

/// Averages under weights e^{−y}, y = θ·g cut off.
struct Tilted {
    /// ⟨y⟩.
    mean: f64,
    /// ⟨e^{−y}⟩.
    partition: f64,
    /// ⟨e^{−y} s_i' s_j⟩.
    delayed: Matrix,
}

/// y = θ·g = s'·Θ s for each transition of a block, with Θ antisymmetric.
fn exponents(block: &Block, theta: &Matrix) -> Vec<f64> {
    let n = theta.rows();
    let padded = Matrix::from_fn(n, n + 1, |i, j| if j == 0 { 0.0 } else { theta[(i, j - 1)] });
    let sent = block.fields(&padded);
    (0..block.len())
        .map(|t| {
            block
                .after(t)
                .iter()
                .zip(sent.column(t))
                .map(|(a, b)| a * b)
                .sum()
        })
        .collect()
}

fn tilted(blocks: &Blocks<'_>, theta: &Matrix, cutoff: f64) -> Tilted {
    let n = theta.rows();
    let zero = || Tilted {
        mean: 0.0,
        partition: 0.0,
        delayed: Matrix::zeros(n, n + 1),
    };
    let add = |sum: &mut Tilted, block: &Block| {
        let mut y = exponents(block, theta);
        y.iter_mut().for_each(|y| *y = y.clamp(-cutoff, cutoff));
        let weights: Vec<f64> = y.iter().map(|y| (-y).exp()).collect();
        let after: Vec<f64> = (0..block.len())
            .flat_map(|t| block.after(t).iter().map(|s| weights[t] * s).collect::<Vec<_>>())
            .collect();
        block.add_products(&mut sum.delayed, &after);
        sum.mean += y.iter().sum::<f64>();
        sum.partition += weights.iter().sum::<f64>();
    };
    let join = |total: &mut Tilted, part: Tilted| {
        accumulate(&mut total.delayed, &part.delayed);
        total.mean += part.mean;
        total.partition += part.partition;
    };
    let sums = blocks.sum(zero, add, join);
    let each = 1.0 / blocks.transitions() as f64;
    Tilted {
        mean: each * sums.mean,
        partition: each * sums.partition,
        delayed: Matrix::from_fn(n, n, |i, j| each * sums.delayed[(i, j + 1)]),
    }
}

/// θ as an antisymmetric matrix from its entries with i < j.
fn matrix_of(pairs: &[(usize, usize)], entries: &[f64], n: usize) -> Matrix {
    let mut theta = Matrix::zeros(n, n);
    for (&(i, j), x) in pairs.iter().zip(entries) {
        theta[(i, j)] = *x;
        theta[(j, i)] = -x;
    }
    theta
}

fn pairs_of(n: usize) -> Vec<(usize, usize)> {
    (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j))).collect()
}

/// The θ that maximises the penalised bound.
fn maximised(transitions: &Transitions<'_>, penalty: f64) -> Witness {
    let n = transitions.units();
    let pairs = pairs_of(n);
    let blocks = transitions.blocks();
    let plain = transitions.correlations().delayed;
    let squares = mean_squares(&blocks, n);
    // a pair that is never asymmetric has g = 0 throughout: its θ stays 0
    let scales: Vec<f64> = pairs.iter().map(|&(i, j)| squares[(i, j)]).collect();
    let inverse = |rest: &[f64]| -> Vec<f64> {
        let terms = rest.iter().zip(&scales);
        terms
            .map(|(r, s)| if *s > 0.0 { r / (s * (1.0 + penalty)) } else { 0.0 })
            .collect()
    };
    let gradient = |found: &Tilted, theta: &[f64]| -> Vec<f64> {
        let shift = |k: &Matrix, i: usize, j: usize| k[(i, j)] - k[(j, i)];
        let terms = pairs.iter().zip(theta).zip(&scales);
        terms
            .map(|((&(i, j), x), s)| {
                shift(&plain, i, j) + shift(&found.delayed, i, j) / found.partition - penalty * s * x
            })
            .collect()
    };
    let start = vec![0.0; pairs.len()];
    let at_zero = Tilted {
        mean: 0.0,
        partition: 1.0,
        delayed: plain.clone(),
    };
    let mut ascent = Ascent::new(start.clone(), gradient(&at_zero, &start), inverse);
    for _ in 0..PASSES {
        if ascent.residual() <= FOUND {
            break;
        }
        let trial = ascent.trial();
        let found = tilted(&blocks, &matrix_of(&pairs, &trial, n), f64::INFINITY);
        let slope = gradient(&found, &trial);
        ascent.advance(trial, slope, inverse);
    }
    let theta = matrix_of(&pairs, &ascent.into_place(), n);
    let cutoff = (transitions.len() as f64).ln();
    Witness {
        partition: tilted(&blocks, &theta, cutoff).partition,
        theta,
        cutoff,
        penalty,
    }
}

/// ⟨g_ij²⟩ = 2 − 2 ⟨s_i' s_i s_j' s_j⟩.
fn mean_squares(blocks: &Blocks<'_>, n: usize) -> Matrix {
    let add = |sum: &mut Matrix, block: &Block| {
        let kept = Matrix::from_fn(n, block.len(), |i, t| block.after(t)[i] * block.before(t)[i + 1]);
        accumulate(sum, &kept.gram_of_rows());
    };
    let sum = blocks.sum(
        || Matrix::zeros(n, n),
        add,
        |total, part| accumulate(total, &part),
    );
    let each = 1.0 / blocks.transitions() as f64;
    Matrix::from_fn(n, n, |i, j| 2.0 - 2.0 * each * sum[(i, j)])
}

/// ⟨y⟩ + 1 − ⟨e^{−y}⟩/a − ln a on given transitions.
fn held_out(transitions: &Transitions<'_>, witness: &Witness) -> f64 {
    // θ = 0 says nothing, to the last bit: what rounding would leave of its terms has an error of the same size, and looks like a bound above zero
    if witness.penalty.is_infinite() {
        return 0.0;
    }
    let found = tilted(&transitions.blocks(), &witness.theta, witness.cutoff);
    found.mean + 1.0 - found.partition / witness.partition - witness.partition.ln()
}

/// The witness of one half, with the penalty that does best on its last quarter.
fn chosen(half: &Transitions<'_>, penalties: &[f64]) -> Witness {
    let n = half.units();
    let last = half.split(4)[3].extent();
    let (most, checked) = (half.apart_from(last.clone()), half.within(last));
    let mut best = (0.0, f64::INFINITY);
    for &penalty in penalties {
        let value = held_out(&checked, &maximised(&most, penalty));
        if value > best.0 {
            best = (value, penalty);
        }
    }
    if best.1.is_finite() {
        return maximised(half, best.1);
    }
    Witness {
        theta: Matrix::zeros(n, n),
        cutoff: 0.0,
        partition: 1.0,
        penalty: best.1,
    }
}

/// A lower bound on the entropy production per step from lagged correlations, by data that did not choose it.
///
/// O(T N²) per pass, some tens of passes per candidate penalty and half.
///
/// # Errors
/// [`DataError::TooShort`](super::DataError::TooShort), [`Error::Domain`] for options, cancelled runs.
///
/// ```
/// use irrev_ising::inference::{Coding, LowerBoundOptions, Raster, correlation_lower_bound};
/// use irrev_numerics::Run;
/// // activity runs round a ring of three units: 1 → 2 → 3 → 1
/// let activity: Vec<u8> = (0..1200).flat_map(|t| { let at = (t + t / 7) % 3; (0..3).map(move |i| u8::from(i == at)) }).collect();
/// let raster = Raster::from_array(&activity, 1200, 3, Coding::ZeroOne)?;
/// let bound = correlation_lower_bound(&raster, &LowerBoundOptions::default(), &Run::default())?;
/// assert!(bound.estimate.interval.0 > 0.5);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
pub fn correlation_lower_bound(
    raster: &Raster,
    options: &LowerBoundOptions,
    run: &Run<'_>,
) -> Result<LowerBound> {
    let blocks = options.blocks;
    Error::require("the number of blocks", blocks as f64, blocks >= 10, "at least 10")?;
    let (draws, level) = (options.draws, options.level);
    Error::require("the number of draws", draws as f64, draws >= 100, "at least 100")?;
    Error::require(
        "the confidence level",
        level,
        level > 0.0 && level < 1.0,
        "a number between 0 and 1",
    )?;
    for &penalty in &options.penalties {
        Error::require(
            "a penalty",
            penalty,
            penalty > 0.0 && penalty.is_finite(),
            "a positive number",
        )?;
    }
    let transitions = raster.transitions()?;
    transitions.require("a lower bound", 8 * blocks)?;
    run.install(|| {
        let halves = transitions.halves();
        let mut found = Vec::with_capacity(2);
        for (k, half) in halves.iter().enumerate() {
            run.report(0.5 * k as f64, "maximising the lower bound")?;
            found.push(chosen(half, &options.penalties));
        }
        let mut means = [0.0; 2];
        let mut deviations = [const { Vec::new() }; 2];
        let mut in_sample = 0.0;
        for (k, half) in halves.iter().enumerate() {
            let witness = &found[1 - k];
            means[k] = held_out(half, witness);
            let parts = half.split(blocks);
            let deviation = |part: &Transitions<'_>| {
                let share = part.len() as f64 / half.len() as f64;
                share * (held_out(part, witness) - means[k])
            };
            deviations[k] = parts.iter().map(deviation).collect::<Vec<f64>>();
            in_sample += 0.5 * held_out(half, &found[k]);
        }
        // blocks are independent: the variance of a mean of B of them follows from B − 1 differences
        let few = blocks as f64 / (blocks as f64 - 1.0);
        let squares: f64 = deviations.iter().flatten().map(|d| d * d).sum();
        let error = 0.5 * (few * squares).sqrt();
        let value = 0.5 * (means[0] + means[1]);
        let drawn: Vec<f64> = (0..draws)
            .map(|draw| {
                let mut counts = Draws::new(run.seed, draw);
                let moved = |d: &Vec<f64>| -> f64 {
                    let w = counts.excess_counts(blocks);
                    d.iter().zip(&w).map(|(d, w)| d * w).sum()
                };
                0.5 * deviations.iter().map(moved).sum::<f64>()
            })
            .collect();
        let spread = scaled_deviations(&drawn, error * error);
        let n = raster.units();
        Ok(LowerBound {
            estimate: Estimate {
                value,
                standard_error: error,
                interval: interval(value, &spread, level),
                level,
                sample_size: 2 * blocks,
                bias_correction: 0.0,
                kind: EstimateKind::LowerBound,
            },
            in_sample,
            forces: Matrix::from_fn(n, n, |i, j| {
                0.5 * (found[0].theta[(i, j)] + found[1].theta[(i, j)])
            }),
            penalties: [found[0].penalty, found[1].penalty],
        })
    })?
}

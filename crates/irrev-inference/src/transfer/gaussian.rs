//! Transfer entropy of normal laws: half the logarithm of a ratio of residual variances.
//!
//! TE = ½ ln [Var(x_{t+1} | own past)/Var(x_{t+1} | own past and source's past)], from centred columns made orthogonal one after the other, so that no
//! covariance matrix is formed. Twice N TE is the likelihood ratio of Granger's test.

use irrev_numerics::Estimate;
use irrev_numerics::run::Run;

use super::histories::Histories;
use super::surrogates::{Surrogate, SurrogateTest, surrogate_test};
use crate::error::{Error, Result};
use crate::replicas::{batch_error, student};

/// Batches behind the standard error.
const BATCHES: usize = 64;
/// A column with less of its variance left than this says nothing that the columns before do not.
const DEPENDENT: f64 = 1e-20;

const ASSUMPTIONS: &[&str] = &[
    "the series are stationary and normal (otherwise: the linear part)",
    "the histories reach as far as the memory of the target",
    "correlations end within a 64th of the data (for the interval)",
];

/// Histories and surrogates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GaussianOptions {
    /// k ≥ 1, length of the target's past; default 1.
    pub target_history: usize,
    /// l ≥ 1, length of the source's past; default 1.
    pub source_history: usize,
    /// Number of surrogates; default 0.
    pub surrogates: usize,
    /// How surrogates are made; default turned round.
    pub surrogate: Surrogate,
}

impl Default for GaussianOptions {
    fn default() -> Self {
        Self {
            target_history: 1,
            source_history: 1,
            surrogates: 0,
            surrogate: Surrogate::CircularShift,
        }
    }
}

/// Transfer entropy of normal laws, in nats per step.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GaussianTransferEntropy {
    /// Plug-in, ½ ln of the ratio of variances; never negative, and too high by about l/2N.
    pub plugin: f64,
    /// Plug-in less l/2N, with a 95 % interval from the scatter of local transfer entropies over 64 stretches of time. Where the transfer entropy is zero the
    /// interval is too narrow: judge by the surrogates.
    pub estimate: Estimate,
    /// Variance of the next value given the target's past.
    pub own_variance: f64,
    /// Variance of the next value given both pasts.
    pub full_variance: f64,
    /// The plug-in beside surrogates.
    pub surrogates: Option<SurrogateTest>,
    /// What would make it wrong.
    pub assumptions: &'static [&'static str],
}

/// Transfer entropy source → target of linear, normal series. O(N (k + l)²).
///
/// ```
/// use irrev_inference::transfer::{GaussianOptions, gaussian_transfer_entropy};
/// # let mut stream = irrev_numerics::streams::Stream::new(1, irrev_numerics::streams::Purpose::Search, 0);
/// let (mut x, mut y) = (vec![0.0], vec![0.0]);
/// for t in 0..10_000 {
///     x.push(0.5 * x[t] + 0.3 * y[t] + stream.normal());
///     y.push(0.7 * y[t] + stream.normal());
/// }
/// let te = gaussian_transfer_entropy(&x, &y, &GaussianOptions::default(), &irrev_numerics::Run::default())?;
/// assert!((te.estimate.value - 0.072763).abs() < 5.0 * te.estimate.standard_error);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`Error::Size`], [`Error::Entry`], [`Error::Constant`], [`Error::TooFew`] (128 samples, and 4 for each column) for series that do not do; [`Error::Domain`] for empty
/// histories, or where one column follows exactly from others.
pub fn gaussian_transfer_entropy(
    target: &[f64],
    source: &[f64],
    options: &GaussianOptions,
    run: &Run,
) -> Result<GaussianTransferEntropy> {
    let GaussianOptions {
        target_history: k,
        source_history: l,
        ..
    } = *options;
    let needed = (2 * BATCHES).max(4 * (k + l + 1));
    let histories = Histories::new(target, source, (k, l), needed)?;
    let found = residuals(&histories)?;
    let surrogates = surrogate_test(found.transfer_entropy, options.surrogates, run, |stream| {
        let source = options.surrogate.of(source, stream);
        Ok(residuals(&Histories::new(target, &source, (k, l), needed)?)?.transfer_entropy)
    })?;
    let n = histories.samples() as f64;
    let (own_variance, full_variance) = (square(&found.own) / n, square(&found.full) / n);
    let local: Vec<f64> = found
        .own
        .iter()
        .zip(&found.full)
        .map(|(a, b)| 0.5 * (a * a / own_variance - b * b / full_variance))
        .collect();
    let bias = surrogates.map_or(l as f64 / (2.0 * n), |test| test.mean);
    Ok(GaussianTransferEntropy {
        plugin: found.transfer_entropy,
        estimate: student(
            found.transfer_entropy,
            batch_error(&local, BATCHES),
            bias,
            BATCHES - 1,
            histories.samples(),
        ),
        own_variance,
        full_variance,
        surrogates,
        assumptions: ASSUMPTIONS,
    })
}

/// What is left of the next value after its own past, and after both.
struct Residuals {
    own: Vec<f64>,
    full: Vec<f64>,
    transfer_entropy: f64,
}

fn residuals(histories: &Histories) -> Result<Residuals> {
    let mut basis: Vec<Vec<f64>> = Vec::new();
    let mut next = centred(&histories.next);
    for column in &histories.own {
        let direction = orthogonal(column, &basis)?;
        remove(&mut next, &direction);
        basis.push(direction);
    }
    let own = next.clone();
    let mut explained = 0.0;
    for column in &histories.source {
        let direction = orthogonal(column, &basis)?;
        let along = remove(&mut next, &direction);
        explained += along * along;
        basis.push(direction);
    }
    let left = square(&own);
    Error::require(
        "variance of the target given its own past",
        left,
        left > DEPENDENT * square(&centred(&histories.next)),
        "a positive number: the target follows exactly from its past",
    )?;
    // small transfer entropies keep their digits: ½ ln [1/(1 − share explained)]
    let share = explained / left;
    let transfer_entropy = if share < 0.5 {
        -0.5 * (-share).ln_1p()
    } else {
        0.5 * (left / square(&next)).ln()
    };
    Error::require(
        "variance of the target given both pasts",
        square(&next) / left,
        transfer_entropy.is_finite() && square(&next) > DEPENDENT * left,
        "a positive number: the target follows exactly from the source",
    )?;
    Ok(Residuals {
        own,
        full: next,
        transfer_entropy,
    })
}

fn square(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum()
}

fn centred(column: &[f64]) -> Vec<f64> {
    let mean = irrev_numerics::sum::compensated_sum(column.iter().copied()) / column.len() as f64;
    column.iter().map(|x| x - mean).collect()
}

/// Unit vector along what a column has beyond the basis; projected out twice, which is enough (Kahan and Parlett).
fn orthogonal(column: &[f64], basis: &[Vec<f64>]) -> Result<Vec<f64>> {
    let mut column = centred(column);
    let before = square(&column);
    for _ in 0..2 {
        for direction in basis {
            remove(&mut column, direction);
        }
    }
    let left = square(&column);
    Error::require(
        "share of a history column that the others do not fix",
        left / before,
        left > DEPENDENT * before,
        "a positive number: shorten the histories",
    )?;
    let scale = left.sqrt().recip();
    for x in &mut column {
        *x *= scale;
    }
    Ok(column)
}

/// Removes the part along a unit vector, and returns it.
fn remove(column: &mut [f64], direction: &[f64]) -> f64 {
    let along: f64 = column.iter().zip(direction).map(|(a, b)| a * b).sum();
    for (x, d) in column.iter_mut().zip(direction) {
        *x -= along * d;
    }
    along
}

//! Transfer entropy given the endless past, from a fitted autoregression.

use irrev_numerics::Estimate;
use irrev_numerics::run::Run;
use irrev_numerics::streams::Stream;

use super::autoregression::VectorAutoregression;
use super::histories::Histories;
use crate::error::{Error, Result};
use crate::replicas::{Task, replicas, require_level, shifted};

/// Steps after which a simulated process has forgotten its start, in units of the order; what is left shows in no replica's interval.
const BURN_IN: usize = 200;

const ASSUMPTIONS: &[&str] = &[
    "the series are stationary and normal (otherwise: the linear part)",
    "an autoregression of this order holds",
    "the interval is that of replicas simulated from the fit",
];

/// Order of the autoregression and replicas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FullHistoryOptions {
    /// Lags of the autoregression; default 1.
    pub order: usize,
    /// Replicas simulated from the fit and fitted again, at least 20; default 200.
    pub replicas: usize,
    /// Level of the interval; default 0.95.
    pub level: f64,
}

impl Default for FullHistoryOptions {
    fn default() -> Self {
        Self {
            order: 1,
            replicas: 200,
            level: 0.95,
        }
    }
}

/// Transfer entropy given the endless past, in nats per step.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FullHistoryTransferEntropy {
    /// That of the fit.
    pub plugin: f64,
    /// Less its bias, with the interval of replicas.
    pub estimate: Estimate,
    /// The fit; component 0 is the target.
    pub model: VectorAutoregression,
    /// What would make it wrong.
    pub assumptions: &'static [&'static str],
}

/// Fits an autoregression to target and source and solves the Riccati equation for the endless past.
///
/// ```
/// use irrev_inference::transfer::{FullHistoryOptions, full_history_transfer_entropy};
/// # let mut stream = irrev_numerics::streams::Stream::new(1, irrev_numerics::streams::Purpose::Search, 0);
/// let (mut x, mut y) = (vec![0.0], vec![0.0]);
/// for t in 0..2000 {
///     x.push(0.5 * x[t] + 0.3 * y[t] + stream.normal());
///     y.push(0.7 * y[t] + stream.normal());
/// }
/// let options = FullHistoryOptions { replicas: 40, ..Default::default() };
/// let te = full_history_transfer_entropy(&x, &y, &options, &irrev_numerics::Run::default())?;
/// assert!((te.estimate.value - 0.072568).abs() < 5.0 * te.estimate.standard_error);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// Those of [`VectorAutoregression::fit`] and of its transfer entropy; [`Error::Domain`] for options without a meaning; cancellation.
pub fn full_history_transfer_entropy(
    target: &[f64],
    source: &[f64],
    options: &FullHistoryOptions,
    run: &Run,
) -> Result<FullHistoryTransferEntropy> {
    let FullHistoryOptions {
        order,
        replicas: number,
        level,
    } = *options;
    require_level(level)?;
    Error::require("replicas", number as f64, number >= 20, "at least 20")?;
    // refuses series that do not do
    Histories::new(target, source, (order, order), 1)?;
    let model = VectorAutoregression::fit(&[target, source], order)?;
    let plugin = model.full_history_transfer_entropy(0, 1)?;
    let draws = replicas(Task::Simulation, number, run, |stream| {
        let (x, y) = simulated(&model, target.len(), stream)?;
        VectorAutoregression::fit(&[&x, &y], order)?.full_history_transfer_entropy(0, 1)
    })?;
    Ok(FullHistoryTransferEntropy {
        plugin,
        estimate: shifted(plugin, &draws, level, target.len() - order),
        model,
        assumptions: ASSUMPTIONS,
    })
}

/// A replica of the pair, started from rest and left to forget it.
fn simulated(
    model: &VectorAutoregression,
    length: usize,
    stream: &mut Stream,
) -> Result<(Vec<f64>, Vec<f64>)> {
    let q = model.noise();
    let (a, b) = (q[(0, 0)].sqrt(), q[(0, 1)] / q[(0, 0)].sqrt());
    let c = (q[(1, 1)] - b * b).max(0.0).sqrt();
    let p = model.lags().len();
    let burn_in = BURN_IN * p;
    let mut x = vec![0.0; p];
    let mut y = vec![0.0; p];
    for t in p..p + burn_in + length {
        let (u, v) = (stream.normal(), stream.normal());
        let (mut next_x, mut next_y) = (a * u, b * u + c * v);
        for (h, lag) in model.lags().iter().enumerate() {
            let (past_x, past_y) = (x[t - 1 - h], y[t - 1 - h]);
            next_x += lag[(0, 0)] * past_x + lag[(0, 1)] * past_y;
            next_y += lag[(1, 0)] * past_x + lag[(1, 1)] * past_y;
        }
        x.push(next_x);
        y.push(next_y);
    }
    Ok((x.split_off(p + burn_in), y.split_off(p + burn_in)))
}

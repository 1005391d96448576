//! Projections of a joint distribution on all orders.

use irrev_numerics::tolerance::Convergence;

use super::newton::Table;
use crate::error::{Error, Result};
use crate::information::joint::relative_entropy;
use crate::information::product::product_size;
use crate::state::Distribution;

/// q_k: the distribution of largest entropy with all marginals of p on up to k axes.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LogLinearProjection {
    /// k.
    pub order: usize,
    /// q_k, row-major.
    pub distribution: Distribution,
    /// D(p‖q_k), in nats.
    pub divergence: f64,
    /// The residual is the Newton decrement, half of whose square is the divergence still to go.
    pub convergence: Convergence,
}

/// Projections on all orders and how their divergences add up, in nats.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Hierarchy {
    /// q₁, q₂, … up to the highest order asked for.
    pub projections: Vec<LogLinearProjection>,
    /// D(q₂‖q₁), D(q₃‖q₂), … and last D(p‖q) for the highest q.
    pub pythagoras: Vec<f64>,
    /// D(p‖q_k) − D(p‖q_{k+1}) − D(q_{k+1}‖q_k) for each pair of orders: rounding.
    pub pythagoras_residual: Vec<f64>,
    /// D(p‖q₁) = Σ_k H(x_k) − H(x).
    pub total_correlation: f64,
}

impl Hierarchy {
    /// D(p‖q₁), D(p‖q₂), …
    #[must_use]
    pub fn divergences(&self) -> Vec<f64> {
        self.projections.iter().map(|q| q.divergence).collect()
    }
}

/// Projects a joint distribution on the orders 1 … N − 1 (order 1 for a single axis).
///
/// ```
/// use irrev_network::{Distribution, information::hierarchy::hierarchy};
/// let p = Distribution::new(vec![0.042, 0.0879, 0.2593, 0.1928, 0.0446, 0.1475, 0.1615, 0.0644])?;
/// let split = hierarchy(&p, &[2, 2, 2])?;
/// assert!((split.divergences()[1] - 0.006143939846487891).abs() < 1e-14);         // what only three bodies together explain
/// assert!((split.total_correlation - split.pythagoras.iter().sum::<f64>()).abs() < 1e-14);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// As [`hierarchy_to_order`].
pub fn hierarchy(p: &Distribution, sizes: &[usize]) -> Result<Hierarchy> {
    hierarchy_to_order(p, sizes, sizes.len().saturating_sub(1).max(1))
}

/// Projects a joint distribution on the orders 1 … `highest`.
///
/// Newton's method in whichever coordinates are fewer: the natural parameters up to order k, whose Hessian is a covariance of indicators, or the moments
/// beyond it, whose Hessian is of the inverse probabilities (if p has no zeros). Either Hessian is read off a table that one pass along every axis
/// makes; each order starts from the one below. O(unknowns³ + axes · cells) per iteration.
///
/// ```
/// use irrev_network::{Distribution, information::hierarchy::hierarchy_to_order};
/// let parity = Distribution::new(vec![0.25, 0.0, 0.0, 0.25, 0.0, 0.25, 0.25, 0.0])?;   // pairs are independent, the triple is not
/// let split = hierarchy_to_order(&parity, &[2, 2, 2], 2)?;
/// assert!((split.pythagoras[0]).abs() < 1e-15 && (split.pythagoras[1] - 2f64.ln()).abs() < 1e-14);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`] if sizes and distribution differ; [`Error::Domain`] for an axis without labels, or an order that is not 1 … N; [`Error::OverLimit`] for more than 4096
/// unknowns; [`irrev_numerics::Error::NotConverged`].
pub fn hierarchy_to_order(p: &Distribution, sizes: &[usize], highest: usize) -> Result<Hierarchy> {
    let cells = product_size(sizes)?;
    if cells != p.len() {
        return Err(Error::Length {
            what: "distribution",
            found: p.len(),
            expected: cells,
        });
    }
    crate::require(
        "the highest order of a hierarchy",
        highest as f64,
        (1..=sizes.len()).contains(&highest),
        "between 1 and the number of axes",
    )?;
    let mut table = Table::new(p.probabilities(), sizes);
    let mut projections = Vec::with_capacity(highest);
    for order in 1..=highest {
        let (q, convergence) = table.project(order)?;
        projections.push(LogLinearProjection {
            order,
            divergence: relative_entropy(p.probabilities(), |z| q[z]),
            distribution: Distribution::new(q)?,
            convergence,
        });
    }
    let between = |pair: &[LogLinearProjection]| pair[1].distribution.relative_entropy(&pair[0].distribution);
    let mut pythagoras = projections
        .windows(2)
        .map(between)
        .collect::<Result<Vec<f64>>>()?;
    let pairs = projections.windows(2).zip(&pythagoras);
    let pythagoras_residual = pairs
        .map(|(pair, between)| pair[0].divergence - pair[1].divergence - between)
        .collect();
    pythagoras.extend(projections.last().map(|q| q.divergence));
    Ok(Hierarchy {
        total_correlation: projections[0].divergence,
        projections,
        pythagoras,
        pythagoras_residual,
    })
}

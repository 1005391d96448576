//! A step of a chain against its reverse.

use irrev_numerics::linalg::Matrix;
use irrev_numerics::special::log_ratio;
use irrev_numerics::sum::compensated_sum;

use super::MarkovChain;
use crate::error::{Error, Result};
use crate::information::joint::relative_entropy;
use crate::state::Distribution;

/// Projection of a step onto the backward manifold {Q = T(j|i) q(i)}.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BackwardProjection {
    /// Entropy production D = min_q D(P‖Q) of the step, in nats; +∞ if a step has no reverse.
    pub divergence: f64,
    /// The q at the minimum, q = T p.
    pub law: Distribution,
    /// H(q) − H(p), in nats.
    pub entropy_change: f64,
    /// Σ P ln[T(i|j)/T(j|i)], what the surroundings receive, in nats; D is the sum of the two.
    pub environment_change: f64,
    /// Steps (j, i), from j to i, that occur and have no reverse.
    pub one_way: Vec<(usize, usize)>,
}

/// Projects a step onto the backward manifold: D = H(q) − H(p) + Σ P ln[T(i|j)/T(j|i)] at q = T p.
///
/// ```
/// use irrev_network::{Distribution, information::chain::{MarkovChain, backward_projection}};
/// use irrev_numerics::linalg::Matrix;
/// let t = [[0.5, 0.1, 0.3], [0.4, 0.6, 0.2], [0.1, 0.3, 0.5]];
/// let chain = MarkovChain::new(Matrix::from_fn(3, 3, |i, j| t[i][j]))?;
/// let projection = backward_projection(&chain, &Distribution::new(vec![0.7, 0.2, 0.1])?)?;
/// assert!((projection.divergence - 0.5704223423676288).abs() < 1e-14);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`].
///
/// Source: Ito, Oizumi and Amari, Phys. Rev. Research 2, 033048 (2020).
pub fn backward_projection(chain: &MarkovChain, p: &Distribution) -> Result<BackwardProjection> {
    let joint = chain.two_time(p)?;
    let law = chain.step(p)?;
    let (n, t, q) = (chain.states(), chain.transition(), law.probabilities());
    let pairs = || (0..n * n).map(|z| (z % n, z / n));
    let one_way = pairs()
        .filter(|&(i, j)| joint[(i, j)] > 0.0 && t[(j, i)] == 0.0)
        .map(|(i, j)| (j, i))
        .collect();
    let environment = pairs().map(|(i, j)| {
        let weight = joint[(i, j)];
        if weight == 0.0 {
            0.0
        } else {
            weight * log_ratio(t[(i, j)], t[(j, i)])
        }
    });
    Ok(BackwardProjection {
        divergence: relative_entropy(joint.data(), |z| t[(z / n, z % n)] * q[z % n]),
        entropy_change: law.entropy() - p.entropy(),
        environment_change: compensated_sum(environment),
        one_way,
        law,
    })
}

/// Divergences of a two-time distribution from the time-symmetric ones, in both directions.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct SymmetricProjections {
    /// min D(P‖Q), at Q = (P + Pᵀ)/2, in nats; at most ln 2.
    pub m_divergence: f64,
    /// min D(Q‖P), at Q ∝ √(P Pᵀ): −ln Σ √(P Pᵀ), in nats; +∞ if no step has a reverse.
    pub e_divergence: f64,
}

/// Projects a two-time distribution onto Q(i, j) = Q(j, i). The step itself is what it is projected from, `two_time[(i, j)]`.
///
/// ```
/// use irrev_network::{Distribution, information::chain::{MarkovChain, symmetric_projections}};
/// use irrev_numerics::linalg::Matrix;
/// let t = [[0.5, 0.1, 0.3], [0.4, 0.6, 0.2], [0.1, 0.3, 0.5]];
/// let chain = MarkovChain::new(Matrix::from_fn(3, 3, |i, j| t[i][j]))?;
/// let symmetric = symmetric_projections(&chain.two_time(&chain.stationary_distribution()?)?)?;
/// assert!((symmetric.e_divergence - 0.04733626931280351).abs() < 1e-14);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`] unless the matrix is square; [`Error::Distribution`] unless it is a distribution.
pub fn symmetric_projections(two_time: &Matrix) -> Result<SymmetricProjections> {
    let n = two_time.rows();
    if two_time.columns() != n {
        return Err(Error::Length {
            what: "columns of the two-time distribution",
            found: two_time.columns(),
            expected: n,
        });
    }
    Distribution::new(two_time.data().to_vec())?;
    let reverse = |z: usize| two_time[(z / n, z % n)];
    let p = two_time.data();
    // 1 − Σ √(P Pᵀ) = Σ (√P − √Pᵀ)²/2 has no cancellation near symmetry
    let apart = compensated_sum((0..n * n).map(|z| 0.5 * (p[z].sqrt() - reverse(z).sqrt()).powi(2)));
    let overlap = compensated_sum((0..n * n).map(|z| (p[z] * reverse(z)).sqrt()));
    Ok(SymmetricProjections {
        m_divergence: relative_entropy(p, |z| 0.5 * p[z] + 0.5 * reverse(z)),
        e_divergence: if apart < 0.5 {
            -(-apart).ln_1p()
        } else {
            -overlap.ln()
        },
    })
}

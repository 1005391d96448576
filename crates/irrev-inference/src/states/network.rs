//! Stationary law and entropy production of a rate matrix that was fitted or drawn.

use irrev_numerics::linalg::{AbsorbingFactor, Matrix};
use irrev_numerics::special::dissipation;
use irrev_numerics::sum::compensated_sum;

use crate::error::Result;

/// Stationary distribution of rates W_ij (j → i, diagonal ignored), by elimination without a subtraction. States that no rate enters or leaves have probability 0. O(n³).
///
/// ```
/// use irrev_inference::states::network_stationary_distribution;
/// use irrev_numerics::linalg::Matrix;
/// let rates = Matrix::from_columns(2, vec![0.0, 1.0, 3.0, 0.0]);     // 0 → 1 at 1, 1 → 0 at 3
/// assert_eq!(network_stationary_distribution(&rates)?, [0.75, 0.25]);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`irrev_numerics::Error::Singular`] if there is more than one closed set of states; [`irrev_numerics::Error::Domain`] for a rate that is negative or not finite.
pub fn network_stationary_distribution(rates: &Matrix) -> Result<Vec<f64>> {
    let n = rates.rows();
    let rate = |to: usize, from: usize| if to == from { 0.0 } else { rates[(to, from)] };
    let joined: Vec<usize> = (0..n)
        .filter(|&s| (0..n).any(|r| rate(s, r) > 0.0 || rate(r, s) > 0.0))
        .collect();
    let mut distribution = vec![0.0; n];
    // what is eliminated must find its way to the state that is kept: the one entered fastest relative to how fast it is left, so that no transient state is taken
    let weight = |s: usize| {
        let (mut into, mut out) = (0.0, 0.0);
        for &r in &joined {
            into += rate(s, r);
            out += rate(r, s);
        }
        into / (into + out)
    };
    let Some(&kept) = joined.iter().max_by(|&&a, &&b| weight(a).total_cmp(&weight(b))) else {
        distribution.fill((n as f64).recip());
        return Ok(distribution);
    };
    let others: Vec<usize> = joined.iter().copied().filter(|&s| s != kept).collect();
    let inner = Matrix::from_fn(others.len(), others.len(), |i, j| rate(others[i], others[j]));
    let leak = others.iter().map(|&s| rate(kept, s)).collect();
    let source: Vec<f64> = others.iter().map(|&s| rate(s, kept)).collect();
    let relative = AbsorbingFactor::new(inner, leak)?.solve(&source);
    let total = 1.0 + relative.iter().sum::<f64>();
    distribution[kept] = total.recip();
    for (&s, p) in others.iter().zip(&relative) {
        distribution[s] = p / total;
    }
    Ok(distribution)
}

/// Entropy production rate Σ (j⁺ − j⁻) ln(j⁺/j⁻) of rates W_ij (j → i) at their stationary distribution, in nats per time; infinite if a flux has no way back.
///
/// ```
/// use irrev_inference::states::network_entropy_production_rate;
/// use irrev_numerics::linalg::Matrix;
/// let ring = Matrix::from_fn(3, 3, |to, from| [0.0, 2.0, 1.0][(3 + to - from) % 3]);
/// assert!((network_entropy_production_rate(&ring)? - 2.0_f64.ln()).abs() < 1e-15);
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// Those of [`network_stationary_distribution`].
pub fn network_entropy_production_rate(rates: &Matrix) -> Result<f64> {
    let p = network_stationary_distribution(rates)?;
    let pairs = (0..p.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
    Ok(compensated_sum(pairs.map(|(i, j)| {
        dissipation(rates[(i, j)] * p[j], rates[(j, i)] * p[i])
    })))
}

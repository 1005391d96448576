//! How well an observable tells the time.

use irrev_numerics::sum::compensated_sum;

use super::fisher::fisher_information;
use crate::error::{Error, Result};

/// A variance below this many squared roundings of the largest value of the observable is none.
const CONSTANT: f64 = 8.0 * f64::EPSILON;

/// The Cramér–Rao inequality |d⟨r⟩/dt|² ≤ I Var r of one observable.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct CramerRao {
    /// ⟨r⟩ = Σ r p.
    pub mean: f64,
    /// Var r.
    pub variance: f64,
    /// d⟨r⟩/dt = Σ r ṗ.
    pub velocity: f64,
    /// I = Σ ṗ²/p.
    pub fisher_information: f64,
    /// I Var r − (d⟨r⟩/dt)² ≥ 0, summed as squares; 0 for an observable that does not vary, +∞ with I.
    pub slack: f64,
    /// (d⟨r⟩/dt)²/(I Var r), from 0 to 1 where r − ⟨r⟩ is proportional to ṗ/p; `None` where nothing varies or nothing moves.
    pub efficiency: Option<f64>,
}

/// The Cramér–Rao inequality of an observable r (one value per state) at a distribution and its rate of change.
///
/// ```
/// use irrev_network::information::time::cramer_rao;
/// // of two states every observable is efficient
/// let bound = cramer_rao(&[0.3, 0.7], &[0.2, -0.2], &[1.0, -0.5])?;
/// assert!(bound.slack < 1e-15 && (bound.efficiency.unwrap() - 1.0).abs() < 1e-14);
/// assert_eq!(cramer_rao(&[0.3, 0.7], &[0.2, -0.2], &[2.0, 2.0])?.efficiency, None);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// Source: Ito and Dechant, Phys. Rev. X 10, 021056 (2020), Eq. (7).
///
/// # Errors
/// As [`fisher_information`]; [`Error::Domain`] for a value of the observable that is not finite.
pub fn cramer_rao(distribution: &[f64], rate: &[f64], observable: &[f64]) -> Result<CramerRao> {
    let information = fisher_information(distribution, rate)?;
    if observable.len() != distribution.len() {
        return Err(Error::Length {
            what: "observable",
            found: observable.len(),
            expected: distribution.len(),
        });
    }
    for (i, &value) in observable.iter().enumerate() {
        crate::require(
            &format!("the observable in state {i}"),
            value,
            value.is_finite(),
            "a finite number",
        )?;
    }
    let total = compensated_sum(distribution.iter().copied());
    let mean = compensated_sum(distribution.iter().zip(observable).map(|(p, r)| p * r)) / total;
    let from_mean: Vec<f64> = observable.iter().map(|r| r - mean).collect();
    let spread = compensated_sum(distribution.iter().zip(&from_mean).map(|(p, d)| p * d * d));
    // ṗ sums to zero, so that the mean may be taken off; what rounding leaves of the sum then does not count
    let velocity = compensated_sum(rate.iter().zip(&from_mean).map(|(v, d)| v * d));
    let size = observable.iter().fold(0.0_f64, |most, r| most.max(r.abs()));
    let constant = spread <= (CONSTANT * size).powi(2);
    let variance = if constant { 0.0 } else { spread };
    let slack = if constant {
        0.0
    } else if information.is_infinite() {
        f64::INFINITY
    } else {
        // I Var r − v² = Var r ‖ṗ/p − (v/Var r)(r − ⟨r⟩)‖² in the norm of p
        let slope = velocity / variance;
        let residual = distribution.iter().zip(rate).zip(&from_mean);
        let squares = residual.map(|((&p, &v), &d)| match p > 0.0 {
            true => p * (v / p - slope * d).powi(2),
            false => 0.0,
        });
        variance * compensated_sum(squares)
    };
    let bound = information * variance;
    Ok(CramerRao {
        mean,
        variance,
        velocity,
        fisher_information: information,
        slack,
        efficiency: (!constant && bound > 0.0).then(|| velocity * velocity / bound),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_observable_proportional_to_the_score_is_efficient() {
        let (p, v) = ([0.1, 0.2, 0.3, 0.4], [0.05, -0.1, 0.2, -0.15]);
        let score: Vec<f64> = p.iter().zip(&v).map(|(p, v)| 3.0 * v / p - 7.0).collect();
        let bound = cramer_rao(&p, &v, &score).unwrap();
        assert!((bound.efficiency.unwrap() - 1.0).abs() < 1e-13);
        assert!(bound.slack < 1e-14 * bound.fisher_information * bound.variance);
    }

    #[test]
    fn a_state_that_is_being_filled_leaves_infinite_slack() {
        let bound = cramer_rao(&[0.5, 0.5, 0.0], &[-0.1, -0.1, 0.2], &[1.0, 2.0, 3.0]).unwrap();
        assert_eq!((bound.slack, bound.efficiency), (f64::INFINITY, Some(0.0)));
    }
}

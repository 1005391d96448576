//! Length and action of a path of states, and the shortest path between its ends.

use irrev_numerics::quadrature::{Integrals, integrate};
use irrev_numerics::{Tolerance, operator::norm};

use crate::bounds::Side;
use crate::error::{Error, Result};

/// ℒ = ∫√I dt and 𝒞 = ∫I dt along a path of duration τ, and the length of the shortest path between its ends: τ𝒞 ≥ ℒ², ℒ ≥ geodesic.
///
/// ```
/// use irrev_network::bounds::Side;
/// use irrev_network::information::time::StatisticalLength;
/// let path = StatisticalLength { duration: 2.0, length: Side::exact(1.0), action: Side::exact(0.8), geodesic: 0.9 };
/// assert_eq!((path.least_time(), path.geodesic_efficiency()), (Some(1.25), Some(0.9)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StatisticalLength {
    /// τ.
    pub duration: f64,
    /// ℒ, without unit.
    pub length: Side,
    /// 𝒞, in 1/time; +∞ from a start with empty states that are filled at once.
    pub action: Side,
    /// Length of the shortest path between the ends, whatever dynamics would take it.
    pub geodesic: f64,
}

impl StatisticalLength {
    /// ℒ²/𝒞 ≤ τ: no path of this length takes less time at this action; `None` where nothing moves.
    #[must_use]
    pub fn least_time(&self) -> Option<f64> {
        (self.action.value > 0.0).then(|| self.length.value * (self.length.value / self.action.value))
    }

    /// ℒ²/(τ𝒞) from 0 to 1, which is reached at constant speed; `None` where nothing moves.
    #[must_use]
    pub fn action_efficiency(&self) -> Option<f64> {
        self.least_time().map(|time| time / self.duration)
    }

    /// geodesic/ℒ from 0 to 1, which is reached on the shortest path; `None` where nothing moves.
    #[must_use]
    pub fn geodesic_efficiency(&self) -> Option<f64> {
        (self.length.value > 0.0).then(|| self.geodesic / self.length.value)
    }

    /// τ𝒞 − ℒ² ≥ 0.
    #[must_use]
    pub fn action_slack(&self) -> f64 {
        self.duration * self.action.value - self.length.value * self.length.value
    }

    /// ℒ − geodesic ≥ 0.
    #[must_use]
    pub fn geodesic_slack(&self) -> f64 {
        self.length.value - self.geodesic
    }
}

/// Length 2 arccos Σ √(p q) of the shortest path between two distributions, from 0 to π.
///
/// Computed as 4 arcsin(‖√p − √q‖/2), which keeps its digits where the two are close.
///
/// ```
/// use irrev_network::information::time::geodesic_between_distributions;
/// let apart = geodesic_between_distributions(&[1.0, 0.0], &[0.0, 1.0])?;
/// assert!((apart - std::f64::consts::PI).abs() < 1e-15);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`]; [`Error::Domain`] for a negative entry.
pub fn geodesic_between_distributions(p: &[f64], q: &[f64]) -> Result<f64> {
    Ok(4.0 * (0.5 * distance_of_roots(p, q)?).min(1.0).asin())
}

/// Length 2‖√x − √y‖ of the shortest path between two vectors of amounts in the metric Σ dx²/x, in √amount.
///
/// # Errors
/// As [`geodesic_between_distributions`].
pub fn geodesic_between_amounts(x: &[f64], y: &[f64]) -> Result<f64> {
    Ok(2.0 * distance_of_roots(x, y)?)
}

fn distance_of_roots(p: &[f64], q: &[f64]) -> Result<f64> {
    if p.len() != q.len() {
        return Err(Error::Length {
            what: "the end of a path",
            found: q.len(),
            expected: p.len(),
        });
    }
    for &value in p.iter().chain(q) {
        crate::require("an entry at an end", value, value >= 0.0, "a number ≥ 0")?;
    }
    let apart = |(&p, &q): (&f64, &f64)| match p == q {
        true => 0.0,
        false => (p - q) / (p.sqrt() + q.sqrt()),
    };
    Ok(norm(&p.iter().zip(q).map(apart).collect::<Vec<_>>()))
}

/// ∫√I dt and ∫I dt over the panels `breaks` (times from the start, first 0), with their errors.
///
/// In s = √t the integrand is the speed of √p, which is finite where I diverges as 1/t because a state fills. The action is +∞ if it is said to be.
pub(super) fn integrated(
    breaks: &[f64],
    tolerance: Tolerance,
    infinite_action: bool,
    mut information: impl FnMut(f64) -> Result<f64>,
) -> Result<([Side; 2], Integrals)> {
    let roots: Vec<f64> = breaks.iter().map(|t| t.sqrt()).collect();
    let integrals = integrate(
        &roots,
        2,
        tolerance,
        |values, k| values[k],
        |s, out| -> Result<()> {
            let found = information(s * s)?;
            out[0] = 2.0 * s * found.sqrt();
            out[1] = if infinite_action { 0.0 } else { 2.0 * s * found };
            Ok(())
        },
    )?;
    let side = |k: usize| Side {
        value: integrals.values[k],
        error: integrals.errors[k],
    };
    let action = if infinite_action {
        Side::exact(f64::INFINITY)
    } else {
        side(1)
    };
    Ok(([side(0), action], integrals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_distributions_keep_the_digits_of_their_distance() {
        // 2 arccos(1 − d²/2) with d ≪ √ε would be 0
        let (p, e) = ([0.5, 0.5], 1e-10);
        let apart = geodesic_between_distributions(&p, &[0.5 + e, 0.5 - e]).unwrap();
        assert!((apart / (2.0 * e) - 1.0).abs() < 1e-6, "{apart}");
    }

    #[test]
    fn the_length_of_a_filling_state_is_that_of_its_root() {
        // p = (1 − t, t) from t = 0: the geodesic itself, 2 arcsin √t, with an infinite action
        let information = |t: f64| Ok(1.0 / t + 1.0 / (1.0 - t));
        let ([length, action], _) =
            integrated(&[0.0, 0.5], Tolerance::relative(1e-12), true, information).unwrap();
        let exact = 2.0 * 0.5_f64.sqrt().asin();
        assert!((length.value - exact).abs() < 1e-12 && action.value == f64::INFINITY);
    }
}

//! Wasserstein distances on a line, by quantiles.
//!
//! On a line the best transport keeps the order: the u-quantile goes to the u-quantile, whatever q ≥ 1, so that
//! W_q(μ, ν)^q = ∫₀¹ |F⁻¹(u) − G⁻¹(u)|^q du. For samples and histograms the integrand is constant between the steps of both distribution
//! functions, and the integral is a sum of at most n + m − 1 terms.
//!
//! Conventions: weights are normalised; W_q has the unit of the positions.
//!
//! Source: Villani, Topics in Optimal Transportation (2003), theorem 2.18.

use irrev_numerics::sum::{CompensatedSum, compensated_sum};

use crate::error::{Error, Result};

/// A distribution of finitely many points on a line: a sample, or a histogram with the positions of its bins.
#[derive(Debug, Clone, PartialEq)]
pub struct PointsOnLine {
    /// (position, fraction up to and including this point), ascending; the last fraction is 1.
    steps: Vec<(f64, f64)>,
}

impl PointsOnLine {
    /// Points with weights, in any order; weights are normalised.
    ///
    /// # Errors
    /// [`Error::Length`] unless there is one weight per position; [`Error::Domain`] for a position that is not finite, a weight that is negative or not
    /// finite, or weights without a positive, finite sum.
    pub fn weighted(positions: &[f64], weights: &[f64]) -> Result<Self> {
        if weights.len() != positions.len() {
            return Err(Error::Length {
                what: "weights",
                found: weights.len(),
                expected: positions.len(),
            });
        }
        for (i, (&x, &w)) in positions.iter().zip(weights).enumerate() {
            crate::require(&format!("position {i}"), x, x.is_finite(), "a finite number")?;
            crate::require(
                &format!("weight {i}"),
                w,
                w >= 0.0 && w.is_finite(),
                "a finite number ≥ 0",
            )?;
        }
        let total = compensated_sum(weights.iter().copied());
        crate::require(
            "the sum of the weights",
            total,
            total > 0.0 && total.is_finite(),
            "a positive number",
        )?;
        let mut points: Vec<(f64, f64)> = positions.iter().copied().zip(weights.iter().copied()).collect();
        points.retain(|point| point.1 > 0.0);
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut sum = CompensatedSum::default();
        for point in &mut points {
            sum.add(point.1);
            point.1 = (sum.value() / total).min(1.0);
        }
        if let Some(last) = points.last_mut() {
            last.1 = 1.0;
        }
        Ok(Self { steps: points })
    }

    /// A sample: every position with the same weight.
    ///
    /// # Errors
    /// [`Error::Domain`] if it is empty or a position is not finite.
    pub fn sample(positions: &[f64]) -> Result<Self> {
        Self::weighted(positions, &vec![1.0; positions.len()])
    }
}

/// The best transport as (from, to, fraction > 0), ascending; it is the same for all q ≥ 1.
///
/// ```
/// use irrev_network::transport::line::{PointsOnLine, monotone_transport};
/// let plan = monotone_transport(&PointsOnLine::sample(&[0.0, 1.0])?, &PointsOnLine::weighted(&[3.0, 2.0], &[3.0, 1.0])?);
/// assert_eq!(plan, [(0.0, 2.0, 0.25), (0.0, 3.0, 0.25), (1.0, 3.0, 0.5)]);
/// # Ok::<(), irrev_network::Error>(())
/// ```
#[must_use]
pub fn monotone_transport(from: &PointsOnLine, to: &PointsOnLine) -> Vec<(f64, f64, f64)> {
    let mut plan = Vec::with_capacity(from.steps.len() + to.steps.len());
    let (mut i, mut j, mut done) = (0, 0, 0.0);
    while let (Some(&(x, f)), Some(&(y, g))) = (from.steps.get(i), to.steps.get(j)) {
        let next = f.min(g);
        if next > done {
            plan.push((x, y, next - done));
            done = next;
        }
        i += usize::from(f <= next);
        j += usize::from(g <= next);
    }
    plan
}

/// W_q between two distributions of points on a line, q ≥ 1. O(n + m); the error is a few roundings.
///
/// ```
/// use irrev_network::transport::line::{PointsOnLine, wasserstein};
/// let (here, there) = (PointsOnLine::sample(&[0.0, 1.0, 3.0])?, PointsOnLine::sample(&[5.0, 6.0, 8.0])?);
/// assert!((wasserstein(2.0, &here, &there)? - 5.0).abs() < 1e-14);              // a shift
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Domain`] for an order below 1 or not finite.
pub fn wasserstein(order: f64, from: &PointsOnLine, to: &PointsOnLine) -> Result<f64> {
    crate::require(
        "the order q of W_q",
        order,
        order >= 1.0 && order.is_finite(),
        "a finite number ≥ 1",
    )?;
    let plan = monotone_transport(from, to);
    // in units of the longest way, so that no power leaves the range; halves first, for ends far apart
    let half_way = |&(x, y, _): &(f64, f64, f64)| (0.5 * x - 0.5 * y).abs();
    let longest = plan.iter().map(half_way).fold(0.0, f64::max);
    if longest == 0.0 {
        return Ok(0.0);
    }
    let terms = plan
        .iter()
        .map(|step| step.2 * (half_way(step) / longest).powf(order));
    Ok(2.0 * (longest * compensated_sum(terms).powf(order.recip())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_one_is_the_area_between_the_distribution_functions() {
        let a = PointsOnLine::weighted(&[2.0, 0.0, 0.5], &[0.2, 0.5, 0.3]).unwrap();
        let b = PointsOnLine::weighted(&[1.0, 3.0], &[4.0, 6.0]).unwrap();
        // F − G on [0, 0.5], [0.5, 1], [1, 2], [2, 3]
        let area = 0.5 * 0.5 + 0.5 * 0.8 + 1.0 * 0.4 + 1.0 * 0.6;
        assert!((wasserstein(1.0, &a, &b).unwrap() - area).abs() < 1e-15);
    }

    #[test]
    fn distances_are_symmetric_grow_with_the_order_and_scale_with_the_unit() {
        let a = PointsOnLine::sample(&[0.3, -1.0, 7.0, 2.0, 2.0]).unwrap();
        let b = PointsOnLine::weighted(&[1.0, -4.0, 0.0], &[0.2, 0.0, 1.7]).unwrap();
        let mut last = 0.0;
        for order in [1.0, 1.5, 2.0, 4.0, 40.0] {
            let (there, back) = (
                wasserstein(order, &a, &b).unwrap(),
                wasserstein(order, &b, &a).unwrap(),
            );
            assert!(
                (there - back).abs() < 1e-14 * there && there >= last,
                "{order}: {there} {back}"
            );
            last = there;
        }
        assert_eq!(wasserstein(3.0, &a, &a).unwrap(), 0.0);
        let far = PointsOnLine::sample(&[1e300]).unwrap();
        let near = PointsOnLine::sample(&[-1e300]).unwrap();
        assert!((wasserstein(2.0, &far, &near).unwrap() / 2e300 - 1.0).abs() < 1e-15);
    }

    #[test]
    fn bad_points_and_orders_are_refused() {
        let one = PointsOnLine::sample(&[0.0]).unwrap();
        assert!(PointsOnLine::sample(&[]).is_err());
        assert!(PointsOnLine::sample(&[f64::NAN]).is_err());
        assert!(PointsOnLine::weighted(&[0.0, 1.0], &[1.0]).is_err());
        assert!(PointsOnLine::weighted(&[0.0], &[-1.0]).is_err());
        assert!(PointsOnLine::weighted(&[0.0], &[0.0]).is_err());
        assert!(wasserstein(0.5, &one, &one).is_err() && wasserstein(f64::NAN, &one, &one).is_err());
    }
}

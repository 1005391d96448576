//! Where we are: a probability distribution over the states.

use irrev_numerics::special::{log_ratio, x_ln_x};
use irrev_numerics::sum::compensated_sum;

use crate::error::{Error, Result};

/// A probability distribution: non-negative, summing to 1.
///
/// ```
/// use irrev_network::Distribution;
/// let p = Distribution::new(vec![0.25, 0.75])?;
/// assert!((p.entropy() - 0.5623351446188083).abs() < 1e-15);
/// # Ok::<(), irrev_network::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution(Vec<f64>);

impl Distribution {
    /// Accepted deviation of the sum from 1.
    pub const SUM_TOLERANCE: f64 = 1e-9;

    /// Takes probabilities as they are, if they are non-negative and sum to 1 within 1e-9.
    ///
    /// # Errors
    /// [`Error::Distribution`] with the entry or the sum that is wrong.
    pub fn new(probabilities: Vec<f64>) -> Result<Self> {
        let wrong = |problem: String| {
            Err(Error::Distribution {
                problem,
                tolerance: Self::SUM_TOLERANCE,
            })
        };
        if probabilities.is_empty() {
            return wrong("is empty".into());
        }
        for (i, &p) in probabilities.iter().enumerate() {
            if !(p.is_finite() && p >= 0.0) {
                return wrong(format!("has {p} at state {i}"));
            }
        }
        let sum = compensated_sum(probabilities.iter().copied());
        if (sum - 1.0).abs() > Self::SUM_TOLERANCE {
            return wrong(format!("sums to {sum}"));
        }
        Ok(Self(probabilities))
    }

    /// The uniform distribution on n ≥ 1 states.
    ///
    /// # Errors
    /// [`Error::NoStates`] for n = 0.
    pub fn uniform(n: usize) -> Result<Self> {
        if n == 0 {
            return Err(Error::NoStates);
        }
        Ok(Self(vec![1.0 / n as f64; n]))
    }

    /// Certainty of one state.
    ///
    /// # Errors
    /// [`Error::Unknown`] if the state is not below n.
    pub fn point(n: usize, state: usize) -> Result<Self> {
        if state >= n {
            return Err(Error::Unknown {
                what: "state",
                name: state.to_string(),
            });
        }
        let mut p = vec![0.0; n];
        p[state] = 1.0;
        Ok(Self(p))
    }

    /// Normalises non-negative weights whose sum is positive, by its compensated sum.
    pub(crate) fn from_weights(mut weights: Vec<f64>) -> Self {
        let sum = compensated_sum(weights.iter().copied());
        for w in &mut weights {
            *w /= sum;
        }
        Self(weights)
    }

    /// The probabilities.
    #[must_use]
    pub fn probabilities(&self) -> &[f64] {
        &self.0
    }

    /// Number of states.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Always false: a distribution has at least one state.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Shannon entropy −Σ p ln p, in nats.
    #[must_use]
    pub fn entropy(&self) -> f64 {
        -compensated_sum(self.0.iter().map(|&p| x_ln_x(p)))
    }

    /// Relative entropy D(p‖q) = Σ p ln(p/q) ≥ 0, in nats; +∞ where q = 0 < p.
    ///
    /// # Errors
    /// [`Error::Length`] if the distributions have different numbers of states.
    pub fn relative_entropy(&self, q: &Self) -> Result<f64> {
        if q.len() != self.len() {
            return Err(Error::Length {
                what: "distribution",
                found: q.len(),
                expected: self.len(),
            });
        }
        // p ln(p/q) − p + q is non-negative term by term, and the added terms sum to zero
        let terms = self
            .0
            .iter()
            .zip(&q.0)
            .map(|(&p, &q)| irrev_numerics::special::relative_entropy_term(p, q));
        let defect = compensated_sum(self.0.iter().zip(&q.0).map(|(p, q)| p - q));
        Ok((compensated_sum(terms) + defect).max(0.0))
    }

    /// Σᵢ |pᵢ − qᵢ|/2, the total variation distance.
    ///
    /// # Errors
    /// [`Error::Length`] if the distributions have different numbers of states.
    pub fn total_variation(&self, q: &Self) -> Result<f64> {
        if q.len() != self.len() {
            return Err(Error::Length {
                what: "distribution",
                found: q.len(),
                expected: self.len(),
            });
        }
        Ok(0.5 * compensated_sum(self.0.iter().zip(&q.0).map(|(p, q)| (p - q).abs())))
    }

    /// ln(pᵢ/qᵢ) for every state, ±∞ and 0 by the limits of [`log_ratio`].
    pub(crate) fn log_ratios(&self, q: &Self) -> Vec<f64> {
        self.0.iter().zip(&q.0).map(|(&p, &q)| log_ratio(p, q)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_distributions_are_refused_with_the_figure() {
        assert!(Distribution::new(vec![]).is_err());
        assert!(Distribution::new(vec![0.5, f64::NAN]).is_err());
        assert!(
            Distribution::new(vec![1.5, -0.5])
                .unwrap_err()
                .to_string()
                .contains("-0.5")
        );
        assert!(
            Distribution::new(vec![0.5, 0.4])
                .unwrap_err()
                .to_string()
                .contains("0.9")
        );
    }

    #[test]
    fn relative_entropy_is_zero_only_at_equality_and_infinite_off_the_support() {
        let p = Distribution::new(vec![0.5, 0.5]).unwrap();
        let q = Distribution::new(vec![1.0, 0.0]).unwrap();
        assert_eq!(p.relative_entropy(&p).unwrap(), 0.0);
        assert_eq!(p.relative_entropy(&q).unwrap(), f64::INFINITY);
        assert!((q.relative_entropy(&p).unwrap() - 2f64.ln()).abs() < 1e-15);
        assert_eq!(p.total_variation(&q).unwrap(), 0.5);
    }
}

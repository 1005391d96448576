//! What optimal transport carries: masses on points, in any unit.
//!
//! W₁ is defined between any two families of masses with equal totals M, whatever M is: it is homogeneous of degree one, W₁(λp, λq) = λ W₁(p, q), and has
//! the unit of mass times that of length. A probability distribution is the case M = 1.

use irrev_numerics::sum::compensated_sum;

use crate::error::{Error, Result};
use crate::state::Distribution;

/// Masses ≥ 0, one per state or point, with their total.
///
/// ```
/// use irrev_network::transport::Masses;
/// let molecules = Masses::new(vec![3.0, 0.0, 5.0])?;
/// assert_eq!((molecules.total(), molecules.values()), (8.0, [3.0, 0.0, 5.0].as_slice()));
/// assert!(Masses::new(vec![1.0, -1.0]).is_err());
/// # Ok::<(), irrev_network::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Masses {
    values: Vec<f64>,
    total: f64,
}

impl Masses {
    /// Accepted difference of two totals, relative to the larger: what sums of rounded decimals may miss each other by.
    pub const TOTAL_TOLERANCE: f64 = 1e-9;

    /// Takes masses as they are; nothing is normalised. They may all be zero.
    ///
    /// # Errors
    /// [`Error::NoStates`] for none; [`Error::Domain`] for one that is negative or not finite, with its place, and for a total beyond the range of doubles.
    pub fn new(values: Vec<f64>) -> Result<Self> {
        if values.is_empty() {
            return Err(Error::NoStates);
        }
        for (i, &mass) in values.iter().enumerate() {
            let fits = mass >= 0.0 && mass.is_finite();
            crate::require(&format!("mass {i}"), mass, fits, "a finite number ≥ 0")?;
        }
        let total = compensated_sum(values.iter().copied());
        crate::require(
            "the sum of the masses",
            total,
            total.is_finite(),
            "a finite number; choose another unit of mass",
        )?;
        Ok(Self { values, total })
    }

    /// The masses.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Their sum M.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.total
    }

    /// Number of states or points, of which there is at least one.
    #[must_use]
    #[allow(clippy::len_without_is_empty)] // there is none without a state
    pub fn len(&self) -> usize {
        self.values.len()
    }
}

/// The probabilities over their sum, which may miss 1 by what a distribution is allowed.
impl From<&Distribution> for Masses {
    fn from(distribution: &Distribution) -> Self {
        let p = distribution.probabilities();
        let sum = compensated_sum(p.iter().copied());
        Self {
            values: p.iter().map(|p| p / sum).collect(),
            total: 1.0,
        }
    }
}

impl From<&Self> for Masses {
    fn from(masses: &Self) -> Self {
        masses.clone()
    }
}

/// Two families of masses with the same total, ready to be carried.
#[derive(Debug)]
pub(super) struct EqualMasses {
    pub(super) from: Vec<f64>,
    pub(super) to: Vec<f64>,
    /// M, the total of the first.
    pub(super) total: f64,
    /// What the second had too much or too little and was scaled for.
    pub(super) scaled: f64,
}

impl EqualMasses {
    /// The second family is scaled to the total of the first where they differ by more than `rounding` (relative), which is left to the solver.
    ///
    /// # Errors
    /// [`Error::UnequalMasses`] where they differ by more than [`Masses::TOTAL_TOLERANCE`].
    pub(super) fn new(from: Masses, to: Masses, rounding: f64) -> Result<Self> {
        let larger = from.total.max(to.total);
        let difference = (from.total - to.total).abs();
        if difference > Masses::TOTAL_TOLERANCE * larger {
            return Err(Error::UnequalMasses {
                from: from.total,
                to: to.total,
                tolerance: Masses::TOTAL_TOLERANCE,
            });
        }
        let mut found = Self {
            total: from.total,
            from: from.values,
            to: to.values,
            scaled: 0.0,
        };
        if difference > rounding * larger {
            let factor = found.total / to.total;
            found.to.iter_mut().for_each(|mass| *mass *= factor);
            found.scaled = difference;
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masses_are_refused_by_their_place_and_never_normalised() {
        for wrong in [-1.0, f64::NAN, f64::INFINITY] {
            let refused = Masses::new(vec![1.0, wrong]).unwrap_err();
            assert!(matches!(refused, Error::Domain { what, .. } if what == "mass 1"));
        }
        assert!(Masses::new(vec![]).is_err() && Masses::new(vec![f64::MAX; 2]).is_err());
        assert_eq!(Masses::new(vec![0.0; 2]).unwrap().total(), 0.0);
        assert_eq!(Masses::new(vec![2.0, 4.0]).unwrap().values(), [2.0, 4.0]);
    }

    #[test]
    fn totals_that_miss_each_other_by_rounded_decimals_are_scaled_and_others_refused() {
        let masses = |values: [f64; 2]| Masses::new(values.to_vec()).unwrap();
        let scaled = EqualMasses::new(masses([6.0, 2.0]), masses([4.0, 4.0 + 4e-9]), 1e-12).unwrap();
        assert!((scaled.to.iter().sum::<f64>() - 8.0).abs() < 1e-14 && (scaled.scaled - 4e-9).abs() < 1e-14);
        let kept = EqualMasses::new(masses([6.0, 2.0]), masses([4.0, 4.0 + 1e-13]), 1e-12).unwrap();
        assert_eq!((kept.to[0], kept.scaled), (4.0, 0.0));
        let refused = EqualMasses::new(masses([6.0, 2.0]), masses([4.0, 5.0]), 1e-12).unwrap_err();
        assert!(
            refused.to_string().contains("8 at the start and 9 at the end"),
            "{refused}"
        );
    }
}

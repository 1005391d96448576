//! A kinetic Ising network: couplings, fields and a temperature, and the probability with which spins turn.

use crate::couplings::Couplings;
use crate::error::{Error, Result};

/// N spins s_i = ±1 with local fields h_i(s) = β (H_i + Σ_j J_ij s_j), in units of k_B T.
///
/// A spin that is refreshed becomes +1 with probability 1/(1 + e^{−2h_i}) = (1 + tanh h_i)/2, whatever it was. β multiplies couplings and fields
/// alike.
///
/// Source: R. J. Glauber, J. Math. Phys. 4, 294 (1963); W. A. Little, Math. Biosci. 19, 101 (1974) for parallel updates.
///
/// ```
/// use irrev_ising::{Couplings, KineticIsing};
/// let pair = Couplings::from_rows(&[vec![0.0, 0.8], vec![-0.8, 0.0]])?;
/// let network = KineticIsing::new(pair, vec![0.1, 0.0], 2.0)?;
/// let fields = network.local_fields(&[1, -1]);
/// assert!((fields[0] + 1.4).abs() < 1e-15 && (fields[1] + 1.6).abs() < 1e-15);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct KineticIsing {
    couplings: Couplings,
    fields: Vec<f64>,
    inverse_temperature: f64,
}

/// Which spins are refreshed together.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Update {
    /// All of them at every step (Little's dynamics).
    Parallel,
    /// One at a time, each at rate 1 (Glauber's dynamics); spins chosen at random N times per unit of time have the same stationary law.
    Sequential,
    /// Each with this probability at every step, in (0, 1]: 1 is [`Update::Parallel`], and towards 0 steps of this length are [`Update::Sequential`].
    PartlyParallel(f64),
}

impl KineticIsing {
    /// A network from couplings and fields in units of energy, and β ≥ 0.
    ///
    /// # Errors
    /// [`Error::Size`] if there are not as many fields as spins, [`Error::Field`], [`Error::Domain`] for β.
    pub fn new(couplings: Couplings, fields: Vec<f64>, inverse_temperature: f64) -> Result<Self> {
        if fields.len() != couplings.spins() {
            return Err(Error::Size {
                what: "the list of fields",
                found: fields.len(),
                expected: couplings.spins(),
            });
        }
        if let Some(spin) = fields.iter().position(|h| !h.is_finite()) {
            return Err(Error::Field {
                spin,
                value: fields[spin],
            });
        }
        Error::require(
            "the inverse temperature",
            inverse_temperature,
            inverse_temperature >= 0.0 && inverse_temperature.is_finite(),
            "a number of at least 0",
        )?;
        Ok(Self {
            couplings,
            fields,
            inverse_temperature,
        })
    }

    /// Number of spins N.
    #[must_use]
    pub fn spins(&self) -> usize {
        self.fields.len()
    }

    /// Couplings J, in units of energy.
    #[must_use]
    pub fn couplings(&self) -> &Couplings {
        &self.couplings
    }

    /// Fields H, in units of energy.
    #[must_use]
    pub fn fields(&self) -> &[f64] {
        &self.fields
    }

    /// β.
    #[must_use]
    pub fn inverse_temperature(&self) -> f64 {
        self.inverse_temperature
    }

    /// The same network at another temperature.
    ///
    /// # Errors
    /// [`Error::Domain`].
    pub fn at_inverse_temperature(&self, inverse_temperature: f64) -> Result<Self> {
        Self::new(self.couplings.clone(), self.fields.clone(), inverse_temperature)
    }

    /// h_i(s) = β (H_i + Σ_j J_ij s_j) for spins ±1.
    #[must_use]
    pub fn local_fields(&self, spins: &[i8]) -> Vec<f64> {
        let spins: Vec<f64> = spins.iter().map(|s| f64::from(*s)).collect();
        self.local_fields_of(&spins)
    }

    /// h_i of spins, or of mean spins, given as numbers.
    #[must_use]
    pub fn local_fields_of(&self, spins: &[f64]) -> Vec<f64> {
        let received = self.couplings.apply(spins);
        let terms = self.fields.iter().zip(&received);
        terms.map(|(h, j)| self.inverse_temperature * (h + j)).collect()
    }

    /// `Err` if a spin acts on itself: then updates one at a time dissipate even with symmetric couplings.
    ///
    /// # Errors
    /// [`Error::SelfCoupling`].
    pub fn require_no_self_coupling(&self) -> Result<()> {
        match self.couplings.first_self_coupling() {
            Some((spin, value)) => Err(Error::SelfCoupling { spin, value }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn fields_and_temperature_are_checked() {
        let couplings = Couplings::from_rows(&[vec![0.0]]).unwrap();
        let wrong = KineticIsing::new(couplings.clone(), vec![0.0, 1.0], 1.0);
        assert!(wrong.unwrap_err().to_string().contains("2 entries where 1"));
        assert!(KineticIsing::new(couplings.clone(), vec![f64::NAN], 1.0).is_err());
        assert!(KineticIsing::new(couplings, vec![0.0], -1.0).is_err());
    }
}

//! Work, heat and entropy along the path of each walker.
//!
//! ```text
//! E = V + Σ m v²/2,     ΔE = W_protocol + W_drive − Σᵢ Qᵢ + residual,     S = Σᵢ Qᵢ/Tᵢ
//! ```
//!
//! Heat is positive into the baths. The work of the protocol is the change of V while the walkers stand, that of the drive ∫ f·dx. An integrator with finite steps keeps the balance up to the residual, which is
//! reported and not distributed: it shrinks like h² (like h for the noise of overdamped paths in a potential of third or higher order), and where it is not small against what is asked, h is too long.
//!
//! Averages of e^{−W/T} and free energies are taken from the works by `irrev_network::simulation::estimators`: `ExponentialAverage` (with its effective sample size), `jarzynski`, and, with
//! works of the [reversed](super::Reversed) protocol, `bennett_acceptance_ratio` and `crooks`.
//!
//! Sources: K. Sekimoto, Stochastic Energetics (2010); D. A. Sivak, J. D. Chodera and G. E. Crooks, Phys. Rev. X 3, 011007 (2013), for the residual, their shadow work.

use irrev_network::simulation::estimators::Moments;
use irrev_numerics::Estimate;

use crate::error::{Error, Result};

/// Books of all walkers since the start.
///
/// ```
/// use irrev_landscape::langevin::{LangevinOptions, LinearField, Overdamped, Start, simulate};
/// use irrev_numerics::{Run, linalg::Matrix};
/// let trap = LinearField::new(Matrix::from_columns(1, vec![-1.0]), vec![0.0])?;
/// let dynamics = Overdamped::new(vec![1.0], vec![0.01])?.into();
/// let options = LangevinOptions { step: 0.01, steps: 1000, ..Default::default() };
/// let books = simulate(&trap, &dynamics, &Start::at(&[2.0], 100), &options, &Run::default())?.thermodynamics;
/// // the energy x²/2 = 2 goes into the bath but for T/2 in the mean; 5 σ of T/√2/√100
/// assert!((books.mean_heat(0)?.value - 1.995).abs() < 5.0 * 7.1e-4);
/// assert!(books.residual()?.iter().all(|r| r.abs() < 1e-12));
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Thermodynamics {
    /// Tᵢ of each coordinate's bath.
    pub temperatures: Vec<f64>,
    /// Heat into each bath, walker by walker: d numbers for the first walker, d for the second …
    pub heat: Vec<f64>,
    /// Work of the non-gradient forces of each walker; zero if the field names none.
    pub drive_work: Vec<f64>,
    /// What needs V; `None` for a field that does not know it.
    pub energies: Option<Energies>,
}

/// Energies of all walkers.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Energies {
    /// V + Σ m v²/2 at the start.
    pub first: Vec<f64>,
    /// V + Σ m v²/2 now.
    pub now: Vec<f64>,
    /// Work of the protocol; zero if V does not depend on time.
    pub protocol_work: Vec<f64>,
}

/// Mean of independent walkers with its standard error.
fn mean(values: impl IntoIterator<Item = f64>) -> Estimate {
    Moments::of(&values.into_iter().collect::<Vec<f64>>()).mean()
}

impl Thermodynamics {
    /// Number of walkers.
    #[must_use]
    pub fn walkers(&self) -> usize {
        self.drive_work.len()
    }

    fn heats(&self) -> impl Iterator<Item = &[f64]> {
        self.heat.chunks_exact(self.temperatures.len().max(1))
    }

    /// Σᵢ Qᵢ of each walker.
    #[must_use]
    pub fn total_heat(&self) -> Vec<f64> {
        self.heats().map(|q| q.iter().sum()).collect()
    }

    /// Entropy production of the baths Σᵢ Qᵢ/Tᵢ of each walker, in nats.
    #[must_use]
    pub fn medium_entropy(&self) -> Vec<f64> {
        let of_walker = |q: &[f64]| q.iter().zip(&self.temperatures).map(|(q, t)| q / t).sum();
        self.heats().map(of_walker).collect()
    }

    /// Work of protocol and drive of each walker.
    ///
    /// # Errors
    /// [`Error::Missing`] if V is not known.
    pub fn work(&self) -> Result<Vec<f64>> {
        let protocol = &self.energies()?.protocol_work;
        Ok(protocol
            .iter()
            .zip(&self.drive_work)
            .map(|(w, f)| w + f)
            .collect())
    }

    /// ΔE + Σ Q − W of each walker: what the integrator adds by its finite step.
    ///
    /// # Errors
    /// [`Error::Missing`] if V is not known.
    pub fn residual(&self) -> Result<Vec<f64>> {
        let energies = self.energies()?;
        let balance = energies
            .now
            .iter()
            .zip(&energies.first)
            .map(|(e, first)| e - first);
        let flows = self.total_heat().into_iter().zip(self.work()?);
        Ok(balance.zip(flows).map(|(de, (q, w))| de + q - w).collect())
    }

    /// Mean heat into the bath of one coordinate.
    ///
    /// # Errors
    /// [`Error::NoCoordinate`].
    pub fn mean_heat(&self, coordinate: usize) -> Result<Estimate> {
        let coordinates = self.temperatures.len();
        if coordinate >= coordinates {
            return Err(Error::NoCoordinate {
                coordinate,
                coordinates,
            });
        }
        Ok(mean(self.heats().map(|q| q[coordinate])))
    }

    /// Mean entropy production of the baths, in nats.
    #[must_use]
    pub fn mean_medium_entropy(&self) -> Estimate {
        mean(self.medium_entropy())
    }

    /// Mean work.
    ///
    /// # Errors
    /// [`Error::Missing`] if V is not known.
    pub fn mean_work(&self) -> Result<Estimate> {
        Ok(mean(self.work()?))
    }

    fn energies(&self) -> Result<&Energies> {
        self.energies.as_ref().ok_or(Error::Missing {
            what: "energies of the force field",
        })
    }
}

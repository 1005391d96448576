//! What a measurement of the bath's energy finds in a vector.
//!
//! The energies E_b with weights |⟨b|χ⟩|², from all eigenstates, or as many nodes of Gauss's rule for that measure as Lanczos' recurrence gives: m steps integrate
//! polynomials up to degree 2m − 1 exactly, and e^{zE} up to the Chebyshev coefficients beyond, 2 Σ_{n ≥ 2m} |I_n(z h)| for a spectrum of half width h. Weights are
//! positive, so that nothing cancels at any real exponent.
//!
//! Source: Golub and Meurant, Matrices, Moments and Quadrature (Princeton, 2010), chapters 6 and 7.

use num_complex::Complex64;

use irrev_numerics::Run;

use crate::diagonalise::Spectrum;
use crate::error::{Error, Result};
use crate::kernel::SectorHamiltonian;
use crate::lanczos::{LanczosCoefficients, lanczos_coefficients, lanczos_coefficients_of_occupations};
use crate::vector::{inner, norm};

/// Most steps of Lanczos' recurrence.
const MOST_STEPS: usize = 400;

/// Bound of what Gauss's rule may lose, relative to the norm squared.
const LOST: f64 = 1e-15;

/// Energies and the probabilities with which they are found; together ⟨χ|χ⟩.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SpectralMeasure {
    /// Energies, ascending.
    pub energies: Vec<f64>,
    /// Probabilities.
    pub weights: Vec<f64>,
}

impl SpectralMeasure {
    /// From all eigenstates of the sector.
    ///
    /// # Errors
    /// [`Error::Size`] unless the vector belongs to the sector, [`Error::NoStates`] without eigenvectors.
    pub fn exact(spectrum: &Spectrum, chi: &[Complex64]) -> Result<Self> {
        Ok(Self {
            energies: spectrum.energies(),
            weights: spectrum.populations(chi)?,
        })
    }

    /// Gauss's rule by Lanczos, good for exponents z E with |z| up to `exponent`, an inverse energy.
    ///
    /// Loss of orthogonality doubles nodes, which share their weight, and costs no accuracy.
    ///
    /// # Errors
    /// [`Error::Size`]; [`Error::Domain`] if more than 400 steps would be needed, for |z| · width around 1000; [`irrev_numerics::Error::Cancelled`].
    ///
    /// ```
    /// use irrev_numerics::Run;
    /// use irrev_quantum::bath::SpectralMeasure;
    /// use irrev_quantum::lattice::{Boundary, Lattice};
    /// use irrev_quantum::{Complex64, Hamiltonian, Sector, SectorHamiltonian};
    /// let pair = Hamiltonian::uniform(&Lattice::chain(2, Boundary::Open)?, 1.0, 0.0, 0.0)?;
    /// let h = SectorHamiltonian::new(&pair, Sector::new(2, 1)?)?;
    /// let chi = [Complex64::ONE, Complex64::ZERO];
    /// let found = SpectralMeasure::by_lanczos(&h, &chi, 1.0, &Run::default())?;
    /// assert!((found.mean_exponential((-0.7).into(), 0.0).re - 0.7_f64.cosh()).abs() < 1e-14);
    /// # Ok::<(), irrev_quantum::Error>(())
    /// ```
    pub fn by_lanczos(
        h: &SectorHamiltonian,
        chi: &[Complex64],
        exponent: f64,
        run: &Run<'_>,
    ) -> Result<Self> {
        Error::require_size("the bath vector", chi.len(), h.dimension())?;
        if norm(chi) == 0.0 {
            return Ok(Self {
                energies: Vec::new(),
                weights: Vec::new(),
            });
        }
        Self::within(h, chi, exponent.abs() * half_width(h), run)
    }

    /// As [`Self::by_lanczos`], for exponents whose product with half the width of the spectrum is at most `reach`.
    pub(crate) fn within(
        h: &SectorHamiltonian,
        chi: &[Complex64],
        reach: f64,
        run: &Run<'_>,
    ) -> Result<Self> {
        let weight = inner(chi, chi).re;
        let steps = steps_within(reach)?;
        let found = if h.is_real() && chi.iter().all(|z| z.im == 0.0) {
            let real: Vec<f64> = chi.iter().map(|z| z.re).collect();
            lanczos_coefficients(h, &real, steps, run)?
        } else {
            lanczos_coefficients(h, chi, steps, run)?
        };
        Self::by_gauss(&found, weight)
    }

    /// As [`Self::within`], for each of several occupations, given by their places in the sector of a real H.
    pub(crate) fn of_occupations(
        h: &SectorHamiltonian,
        places: &[usize],
        reach: f64,
        run: &Run<'_>,
    ) -> Result<Vec<Self>> {
        let steps = steps_within(reach)?;
        let found = lanczos_coefficients_of_occupations(h, places, steps, run)?;
        found.iter().map(|found| Self::by_gauss(found, 1.0)).collect()
    }

    /// Gauss's rule for the measure of a vector with ⟨χ|χ⟩ = `weight`.
    fn by_gauss(coefficients: &LanczosCoefficients, weight: f64) -> Result<Self> {
        let ritz = coefficients.ritz()?;
        let weights = (0..ritz.values.len()).map(|j| weight * ritz.vectors[(0, j)].powi(2));
        Ok(Self {
            weights: weights.collect(),
            energies: ritz.values,
        })
    }

    /// ⟨χ|e^{z(H_B − E)}|χ⟩ for a reference energy E.
    #[must_use]
    pub fn mean_exponential(&self, z: Complex64, reference: f64) -> Complex64 {
        let terms = self.energies.iter().zip(&self.weights);
        terms.map(|(e, w)| (z * (e - reference)).exp() * *w).sum()
    }
}

/// Half of an interval that holds the spectrum, by sums of moduli: at most some times too wide.
fn half_width(h: &SectorHamiltonian) -> f64 {
    let model = h.model();
    let sites: f64 = model.energies().iter().map(|w| 0.5 * w.abs()).sum();
    let bonds = model.bonds().iter();
    sites
        + bonds
            .map(|b| (b.hopping.norm() + 0.25 * b.interaction.abs()).max(0.5 * b.interaction.abs()))
            .sum::<f64>()
}

/// As [`steps_for`].
///
/// # Errors
/// [`Error::Domain`] for more than 400.
fn steps_within(reach: f64) -> Result<usize> {
    let steps = steps_for(reach);
    Error::require(
        "the exponent times the width of the bath",
        2.0 * reach,
        steps <= MOST_STEPS,
        "at most some 1000; diagonalise the bath for more",
    )?;
    Ok(steps)
}

/// Fewest steps m with 2 Σ_{n ≥ 2m} I_n(x) < 1e-15 e^x; bounded by I_n(x) ≤ (x/2)^n/n! · e^{x²/4(n+1)}.
fn steps_for(x: f64) -> usize {
    let mut steps = 4;
    let mut logarithm = 0.0;
    let mut n = 0;
    while steps <= MOST_STEPS {
        while n < 2 * steps {
            n += 1;
            logarithm += (0.5 * x / n as f64).ln();
        }
        let growth = 0.25 * x * x / (n + 1) as f64 - x;
        if n as f64 > x && 4.0 * (logarithm + growth).exp() < LOST {
            break;
        }
        steps += 1;
    }
    steps
}

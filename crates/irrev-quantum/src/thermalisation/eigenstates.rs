//! Elements of an observable among eigenstates, and how they scatter.

use num_complex::Complex64;
use rayon::prelude::*;

use irrev_numerics::Run;
use irrev_numerics::sum::compensated_sum;

use crate::diagonalise::Spectrum;
use crate::error::{Error, Result};
use crate::kernel::SectorHamiltonian;
use crate::model::Hamiltonian;
use crate::temperature::{Matched, Matching, canonical_state, match_temperature};
use crate::vector::inner;

/// ⟨a|O|a⟩ of all levels of a sector, or of one block of its symmetries.
///
/// ```
/// use irrev_numerics::Run;
/// use irrev_quantum::diagonalise::{Symmetries, Wanted, diagonalise};
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::thermalisation::{Elements, density};
/// use irrev_quantum::{Hamiltonian, Sector, SectorHamiltonian};
/// let chain = Hamiltonian::uniform(&Lattice::chain(6, Boundary::Open)?, 1.0, 0.5, 0.0)?;
/// let h = SectorHamiltonian::new(&chain, Sector::new(6, 2)?)?;
/// let run = Run::default();
/// let spectrum = diagonalise(&h, &Symmetries::none(&chain), Wanted::States, &run)?;
/// let elements = Elements::new(&spectrum, &density(6, 2)?, None, &run)?;
/// let sum: f64 = elements.diagonal().iter().sum();
/// assert!((sum - 5.0).abs() < 1e-12);                                   // the trace: C(5, 1) states have site 2 occupied
/// let found = elements.thermalisation(0.1, 1.0, &run)?;
/// assert!(found.variance <= found.largest_deviation.powi(2));
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
#[derive(Debug)]
pub struct Elements<'a> {
    spectrum: &'a Spectrum,
    observable: SectorHamiltonian,
    levels: Vec<usize>,
    energies: Vec<f64>,
    diagonal: Vec<f64>,
}

/// Eigenstate thermalisation of an observable in a window |E_a − E| ≤ δ around the canonical energy E at some β.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct EigenstateThermalisation {
    /// β of the centre.
    pub beta: f64,
    /// E, the canonical energy.
    pub centre: f64,
    /// δ.
    pub half_width: f64,
    /// Levels in the window.
    pub count: usize,
    /// Mean of O_aa in the window.
    pub mean: f64,
    /// Mean of (O_aa − mean)² in the window: weak thermalisation.
    pub variance: f64,
    /// Largest |O_aa − mean| in the window: strong thermalisation.
    pub largest_deviation: f64,
    /// Least and largest O_aa in the window.
    pub support: [f64; 2],
    /// Mean of |O_ab|² over all a ≠ b in the window; `None` for fewer than two levels.
    pub off_diagonal: Option<f64>,
    /// Σ_a p_a O_aa over all levels.
    pub canonical_mean: f64,
    /// Σ_a p_a (O_aa − canonical mean)².
    pub canonical_variance: f64,
    /// Smallest gap of all levels; where it is rounding, O_aa is not unique.
    pub smallest_gap: f64,
}

impl<'a> Elements<'a> {
    /// Diagonal elements of an observable, which is a Hamiltonian on the same sites; for levels of one symmetry label or of all.
    ///
    /// # Errors
    /// [`Error::Size`] for an observable on other sites; [`Error::NoStates`] without eigenvectors; [`Error::NoBlock`]; [`irrev_numerics::Error::Cancelled`].
    pub fn new(
        spectrum: &'a Spectrum,
        observable: &Hamiltonian,
        label: Option<&[usize]>,
        run: &Run<'_>,
    ) -> Result<Self> {
        let observable = SectorHamiltonian::new(observable, spectrum.sector().clone())?;
        let belongs = |level: &usize| {
            let block = &spectrum.blocks[spectrum.levels[*level].block];
            label.is_none_or(|label| block.label == label)
        };
        let levels: Vec<usize> = (0..spectrum.levels.len()).filter(belongs).collect();
        if levels.is_empty() {
            return Err(Error::NoBlock {
                label: label.unwrap_or_default().to_vec(),
            });
        }
        let diagonal = levels
            .par_iter()
            .map(|&level| {
                run.report(0.0, "elements of an observable")?;
                let state = spectrum.state(level).ok_or(Error::NoStates)?;
                let image = applied(&observable, &state)?;
                Ok(inner(&state, &image).re)
            })
            .collect::<Result<_>>()?;
        Ok(Self {
            energies: levels
                .iter()
                .map(|&level| spectrum.levels[level].energy)
                .collect(),
            spectrum,
            observable,
            levels,
            diagonal,
        })
    }

    /// Energies of the levels, ascending.
    #[must_use]
    pub fn energies(&self) -> &[f64] {
        &self.energies
    }

    /// O_aa, in their order.
    #[must_use]
    pub fn diagonal(&self) -> &[f64] {
        &self.diagonal
    }

    /// Weak and strong thermalisation in the window of half width δ around the canonical energy at β.
    ///
    /// Memory: two vectors a level of the window.
    ///
    /// # Errors
    /// [`Error::EmptyWindow`] without levels; [`Error::Domain`]; [`irrev_numerics::Error::Memory`].
    pub fn thermalisation(
        &self,
        beta: f64,
        half_width: f64,
        run: &Run<'_>,
    ) -> Result<EigenstateThermalisation> {
        let canonical = canonical_state(&self.energies, beta)?;
        let centre = canonical.energy;
        let inside: Vec<usize> = (0..self.levels.len())
            .filter(|&a| (self.energies[a] - centre).abs() <= half_width)
            .collect();
        if inside.is_empty() {
            return Err(Error::EmptyWindow { centre, half_width });
        }
        let count = inside.len() as f64;
        let mean = compensated_sum(inside.iter().map(|&a| self.diagonal[a])) / count;
        let deviation = |a: &usize| self.diagonal[*a] - mean;
        let support = inside
            .iter()
            .fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], &a| {
                [low.min(self.diagonal[a]), high.max(self.diagonal[a])]
            });
        let canonical_mean = canonical.mean(&self.diagonal)?;
        let squares: Vec<f64> = self
            .diagonal
            .iter()
            .map(|o| (o - canonical_mean).powi(2))
            .collect();
        Ok(EigenstateThermalisation {
            beta,
            centre,
            half_width,
            count: inside.len(),
            mean,
            variance: compensated_sum(inside.iter().map(|a| deviation(a).powi(2))) / count,
            largest_deviation: inside.iter().map(|a| deviation(a).abs()).fold(0.0, f64::max),
            support,
            off_diagonal: self.off_diagonal(&inside, run)?,
            canonical_mean,
            canonical_variance: canonical.mean(&squares)?,
            smallest_gap: self
                .energies
                .windows(2)
                .map(|pair| pair[1] - pair[0])
                .fold(f64::INFINITY, f64::min),
        })
    }

    /// Part of the levels with |O_aa − ⟨O⟩ at β_a| > ε, where β_a gives the canonical ensemble of these levels the energy E_a. Extremal levels are compared with themselves and never count.
    ///
    /// O(D²) operations a step of Newton's method.
    ///
    /// # Errors
    /// [`Error::FlatSpectrum`] if all levels are equal.
    pub fn violating_fraction(&self, epsilon: f64) -> Result<f64> {
        let sectors = [self.energies.clone()];
        let violated: Vec<bool> = (0..self.levels.len())
            .into_par_iter()
            .map(
                |a| match match_temperature(&sectors, 0, self.energies[a], Matching::Sector)? {
                    Matched::Finite(reservoir) => {
                        let thermal = canonical_state(&self.energies, reservoir.beta)?;
                        Ok((self.diagonal[a] - thermal.mean(&self.diagonal)?).abs() > epsilon)
                    }
                    _ => Ok(false),
                },
            )
            .collect::<Result<_>>()?;
        let count = violated.iter().filter(|violated| **violated).count();
        Ok(count as f64 / self.levels.len() as f64)
    }

    /// Mean of |O_ab|² over a ≠ b.
    fn off_diagonal(&self, inside: &[usize], run: &Run<'_>) -> Result<Option<f64>> {
        let count = inside.len();
        if count < 2 {
            return Ok(None);
        }
        let vectors = 32 * count as u128 * self.observable.dimension() as u128;
        Error::require_memory(run, "elements between levels", vectors)?;
        let states: Vec<Vec<Complex64>> = inside
            .par_iter()
            .map(|&a| self.spectrum.state(self.levels[a]).ok_or(Error::NoStates))
            .collect::<Result<_>>()?;
        let images: Vec<Vec<Complex64>> = states
            .par_iter()
            .map(|state| applied(&self.observable, state))
            .collect::<Result<_>>()?;
        let rows: Vec<f64> = (1..count)
            .into_par_iter()
            .map(|a| {
                let row = states[..a]
                    .iter()
                    .map(|state| inner(state, &images[a]).norm_sqr());
                compensated_sum(row)
            })
            .collect();
        Ok(Some(
            2.0 * compensated_sum(rows) / (count as f64 * (count - 1) as f64),
        ))
    }
}

/// O ψ.
fn applied(observable: &SectorHamiltonian, state: &[Complex64]) -> Result<Vec<Complex64>> {
    let mut image = vec![Complex64::ZERO; state.len()];
    observable.apply(state, &mut image)?;
    Ok(image)
}

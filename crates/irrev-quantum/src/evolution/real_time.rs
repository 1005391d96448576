//! ψ(t) = e^{−iHt} ψ(0) at many times.

use num_complex::Complex64;

use irrev_numerics::Run;

use super::bessel::bessel_j;
use super::{EvolutionOptions, truncation};
use crate::chebyshev;
use crate::error::{Error, Result};
use crate::kernel::{Amplitude, SectorHamiltonian};
use crate::lanczos::{SpectralBounds, spectral_bounds};
use crate::vector::{inner, norm};

/// States at the times asked for, and how well the laws were kept.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Evolution {
    /// The times, as asked.
    pub times: Vec<f64>,
    /// ψ(t), by time.
    pub states: Vec<Vec<Complex64>>,
    /// Products with H that the longest time took.
    pub terms: usize,
    /// Bound of the error by truncation in norm, the largest over the times.
    pub truncation: f64,
    /// Largest | ‖ψ(t)‖ − ‖ψ(0)‖ |.
    pub norm_drift: f64,
    /// Largest |⟨H⟩_t − ⟨H⟩_0|, an energy.
    pub energy_drift: f64,
}

/// ψ(t) for each of the times, in any order and of either sign, from one pass. With a real start and real hoppings all products are real ones.
///
/// Memory: 2 to 8 vectors like the start, and 16 bytes a state and time.
///
/// # Errors
/// [`Error::Size`], [`Error::ComplexHoppings`] for a real start; [`Error::Domain`] for a time that is not finite; [`Error::Diverged`] if the norm drifts, since the bounds of
/// the spectrum do not hold; [`irrev_numerics::Error::Memory`], [`irrev_numerics::Error::Cancelled`].
///
/// ```
/// use irrev_numerics::Run;
/// use irrev_quantum::evolution::{EvolutionOptions, evolve};
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::{Hamiltonian, Sector, SectorHamiltonian};
/// let pair = Lattice::chain(2, Boundary::Open)?;
/// let h = SectorHamiltonian::new(&Hamiltonian::uniform(&pair, 1.0, 0.0, 0.0)?, Sector::new(2, 1)?)?;
/// let evolution = evolve(&h, &[1.0, 0.0], &[0.5, 2.0], &EvolutionOptions::default(), &Run::default())?;
/// for (t, state) in evolution.times.iter().zip(&evolution.states) {
///     assert!((state[1].norm_sqr() - t.sin().powi(2)).abs() < 1e-12);     // the particle swings with J = 1
/// }
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn evolve<T: Amplitude>(
    h: &SectorHamiltonian,
    start: &[T],
    times: &[f64],
    options: &EvolutionOptions,
    run: &Run<'_>,
) -> Result<Evolution> {
    run.install(|| {
        h.require_closed::<T>()?;
        Error::require_size("the start", start.len(), h.dimension())?;
        for &t in times {
            Error::require("a time", t, t.is_finite(), "a finite number")?;
        }
        let numbers = if T::COMPLEX { 2 } else { 1 } * chebyshev::kept(times.len()) + 2 * times.len();
        Error::require_memory(
            run,
            "evolution in time",
            8 * numbers as u128 * start.len() as u128,
        )?;

        let bounds = match options.bounds {
            Some(bounds) => bounds,
            None => spectral_bounds(h, run)?,
        };
        let Exponentials { states, terms, lost } =
            exponentials(h, start, (bounds, times), options.tolerance, run)?;

        let (length, energy) = (norm(start), mean_energy(h, start)?);
        let mut evolution = Evolution {
            times: times.to_vec(),
            terms,
            truncation: lost * length,
            norm_drift: 0.0,
            energy_drift: 0.0,
            states,
        };
        for state in &evolution.states {
            evolution.norm_drift = evolution.norm_drift.max((norm(state) - length).abs());
            evolution.energy_drift = evolution
                .energy_drift
                .max((mean_energy(h, state)? - energy).abs());
        }
        require_norm(evolution.norm_drift, length, bounds)?;
        Ok(evolution)
    })?
}

/// e^{−iHt} ψ by t, the products with H that took, and the sum of weights left out.
pub(crate) struct Exponentials {
    pub(crate) states: Vec<Vec<Complex64>>,
    terms: usize,
    pub(crate) lost: f64,
}

/// The sums of Chebyshev polynomials alone, without the checks of [`evolve`].
pub(crate) fn exponentials<T: Amplitude>(
    h: &SectorHamiltonian,
    start: &[T],
    (bounds, times): (SpectralBounds, &[f64]),
    tolerance: f64,
    run: &Run<'_>,
) -> Result<Exponentials> {
    let mut lost = 0.0_f64;
    let weights: Vec<Vec<Complex64>> = times
        .iter()
        .map(|&t| {
            let mut weights = bessel_j((bounds.half_width() * t).abs());
            weights[1..].iter_mut().for_each(|w| *w *= 2.0);
            let (terms, rest) = truncation(&weights, tolerance);
            lost = lost.max(rest);
            let turn = if t < 0.0 { Complex64::I } else { -Complex64::I };
            let phase = Complex64::cis(-bounds.centre() * t);
            let powers = [Complex64::ONE, turn, -Complex64::ONE, -turn];
            weights[..terms]
                .iter()
                .enumerate()
                .map(|(n, w)| phase * powers[n % 4] * *w)
                .collect()
        })
        .collect();
    let states = chebyshev::sums(
        h,
        bounds,
        (start, 1),
        (&weights, Complex64::ZERO),
        #[inline(always)]
        |weight: Complex64, x: T| x.times_complex(weight),
        run,
    )?;
    Ok(Exponentials {
        states,
        terms: weights.iter().map(Vec::len).max().unwrap_or(0).saturating_sub(1),
        lost,
    })
}

/// A norm that drifts by more than this part of itself is due to a level outside of the bounds.
const DIVERGED: f64 = 1e-6;

/// Refuses the drift of a norm that only a level outside of the bounds explains.
pub(crate) fn require_norm(drift: f64, length: f64, bounds: SpectralBounds) -> Result<()> {
    if drift <= DIVERGED * length {
        return Ok(());
    }
    Err(Error::Diverged {
        drift,
        lowest: bounds.lowest(),
        highest: bounds.highest(),
    })
}

/// ⟨ψ|H|ψ⟩, for any norm of ψ; an energy times the norm squared.
///
/// # Errors
/// [`Error::Size`], [`Error::ComplexHoppings`].
pub fn mean_energy<T: Amplitude>(h: &SectorHamiltonian, state: &[T]) -> Result<f64> {
    let mut image = vec![T::ZERO; state.len()];
    h.apply(state, &mut image)?;
    Ok(inner(state, &image).to_complex().re)
}

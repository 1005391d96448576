//! Microcanonical states: random vectors filtered to a window of energy.

use irrev_numerics::Run;

use crate::chebyshev;
use crate::error::{Error, Result};
use crate::kernel::{Amplitude, SectorHamiltonian};
use crate::lanczos::{SpectralBounds, spectral_bounds};
use crate::random::random_state;
use crate::vector::{add, inner, norm, normalise};

/// Chebyshev weights of a Gaussian fall like exp(−(n δ/h)²/2), which is rounding at n δ/h = 8.6.
const REACH: f64 = 8.6;

/// Most terms: narrower windows than some 1e-4 of the width are a matter for [`super::levels_near`].
const MOST_TERMS: usize = 200_000;

/// A normalised state with energies in a window, and how narrow it is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WindowState<T> {
    /// The state.
    pub state: Vec<T>,
    /// ⟨H⟩.
    pub mean_energy: f64,
    /// ⟨H²⟩ − ⟨H⟩².
    pub energy_variance: f64,
    /// Part of the random vector that was kept, ‖g(H) r‖²: the number of levels in the window over the dimension, about.
    pub kept: f64,
    /// Products with H.
    pub terms: usize,
}

/// exp(−(H − E)²/(2δ²)) r, normalised, for the random vector r of the run's seed and an index: a typical state of the window E ± δ/√2.
///
/// Energies of the state are spread by exp(−(E_a − E)²/δ²), whose variance is δ²/2 while the density of levels does not change across the window; mean and variance are measured.
///
/// # Errors
/// [`Error::ComplexHoppings`]; [`Error::Domain`] for E or δ without sense, a window below some 1e-4 of the half width, or one without levels;
/// [`irrev_numerics::Error::Memory`], [`irrev_numerics::Error::Cancelled`].
///
/// ```
/// use irrev_numerics::Run;
/// use irrev_quantum::interior::window_state;
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::{Hamiltonian, Sector, SectorHamiltonian};
/// let grid = Lattice::square([4, 3], [Boundary::Open; 2])?;
/// let h = SectorHamiltonian::new(&Hamiltonian::uniform(&grid, 1.0, 0.5, 0.0)?, Sector::new(12, 5)?)?;
/// let window = window_state::<f64>(&h, -1.0, 0.4, 0, &Run::default())?;
/// assert!((window.mean_energy + 1.0).abs() < 0.1);
/// assert!((window.energy_variance - 0.08).abs() < 0.03);
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn window_state<T: Amplitude>(
    h: &SectorHamiltonian,
    energy: f64,
    width: f64,
    index: u32,
    run: &Run<'_>,
) -> Result<WindowState<T>> {
    run.install(|| {
        h.require_closed::<T>()?;
        Error::require(
            "the energy of the window",
            energy,
            energy.is_finite(),
            "a finite number",
        )?;
        Error::require(
            "the width of the window",
            width,
            width > 0.0 && width.is_finite(),
            "a positive number",
        )?;
        Error::require_memory(
            run,
            "a window state",
            (4 * size_of::<T>()) as u128 * h.dimension() as u128,
        )?;
        let bounds = spectral_bounds(h, run)?;
        let weights = gaussian_weights(bounds, energy, width)?;
        let start: Vec<T> = random_state(h.dimension(), run.seed, index);
        let sums = chebyshev::sums(
            h,
            bounds,
            (&start, 1),
            (std::slice::from_ref(&weights), T::ZERO),
            #[inline(always)]
            |weight: f64, x: T| x.times_real(weight),
            run,
        )?;
        let mut state = sums.into_iter().next().unwrap_or_default();
        let length = normalise(&mut state);
        // rounding of the sum alone
        Error::require(
            "the part of a random vector in the window",
            length,
            length > 1e-13,
            "some levels in the window",
        )?;
        let mut image = vec![T::ZERO; state.len()];
        h.apply(&state, &mut image)?;
        let mean_energy = inner(&state, &image).to_complex().re;
        add(T::from_real(-mean_energy), &state, &mut image);
        Ok(WindowState {
            state,
            mean_energy,
            energy_variance: norm(&image).powi(2),
            kept: length * length,
            terms: weights.len() - 1,
        })
    })?
}

/// Chebyshev weights of exp(−(E' − E)²/(2δ²)) by Gauss's rule, which is exact up to the weights beyond twice their reach.
fn gaussian_weights(bounds: SpectralBounds, energy: f64, width: f64) -> Result<Vec<f64>> {
    let reach = (REACH * bounds.half_width() / width).ceil();
    Error::require(
        "the width of the window",
        width,
        reach < MOST_TERMS as f64,
        "at least 5e-5 of half the width of the spectrum",
    )?;
    let terms = reach as usize + 24;
    let nodes = 2 * terms;
    let angle = |k: usize| std::f64::consts::PI * k as f64 / (2 * nodes) as f64;
    // cos(π (2k + 1) n / 2N) for whole arguments modulo 4N
    let cosines: Vec<f64> = (0..4 * nodes).map(|k| angle(k).cos()).collect();
    let values: Vec<f64> = (0..nodes)
        .map(|k| {
            let distance = bounds.centre() + bounds.half_width() * cosines[2 * k + 1] - energy;
            (-0.5 * (distance / width).powi(2)).exp()
        })
        .collect();
    // nodes far outside of the window add nothing
    let inside: Vec<(usize, f64)> = values
        .into_iter()
        .enumerate()
        .filter(|(_, v)| *v > 1e-40)
        .collect();
    let weight = |n: usize| {
        let sum: f64 = inside
            .iter()
            .map(|(k, v)| v * cosines[(2 * k + 1) * n % (4 * nodes)])
            .sum();
        sum / nodes as f64 * if n == 0 { 1.0 } else { 2.0 }
    };
    Ok((0..terms).map(weight).collect())
}

//! How well a state returns: under its own evolution, reversed, and reversed with another Hamiltonian.

use num_complex::Complex64;

use irrev_numerics::Run;

use super::{EvolutionOptions, evolve};
use crate::error::{Error, Result};
use crate::kernel::SectorHamiltonian;
use crate::vector::{add, inner, norm};

/// Return and echo at one time.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Echo {
    /// t.
    pub time: f64,
    /// ⟨ψ_0|e^{−iHt}|ψ_0⟩.
    pub amplitude: Complex64,
    /// |⟨ψ_0|e^{−iHt}|ψ_0⟩|².
    pub return_probability: f64,
    /// |⟨ψ_0|e^{iH't} e^{−iHt}|ψ_0⟩|².
    pub loschmidt_echo: f64,
    /// ‖e^{iHt} e^{−iHt} ψ_0 − ψ_0‖, computed there and back: the error of the evolution.
    pub reversal_error: f64,
}

/// Return amplitudes and Loschmidt echoes of a normalised state under H, with H' for the way back.
///
/// Source: Peres, Phys. Rev. A 30, 1610 (1984).
///
/// # Errors
/// [`Error::Size`] for a state or H' of another sector; as [`evolve`].
///
/// ```
/// use irrev_numerics::Run;
/// use irrev_quantum::evolution::{EvolutionOptions, echoes};
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::{Complex64, Hamiltonian, Sector, SectorHamiltonian};
/// let pair = Lattice::chain(2, Boundary::Open)?;
/// let h = |j| SectorHamiltonian::new(&Hamiltonian::uniform(&pair, j, 0.0, 0.0)?, Sector::new(2, 1)?);
/// let start = [Complex64::ONE, Complex64::ZERO];
/// let found = echoes(&h(1.0)?, &h(1.1)?, &start, &[2.0], &EvolutionOptions::default(), &Run::default())?;
/// assert!((found[0].return_probability - 2.0_f64.cos().powi(2)).abs() < 1e-12);
/// assert!((found[0].loschmidt_echo - 0.2_f64.cos().powi(2)).abs() < 1e-12);
/// assert!(found[0].reversal_error < 1e-11);
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn echoes(
    h: &SectorHamiltonian,
    back: &SectorHamiltonian,
    start: &[Complex64],
    times: &[f64],
    options: &EvolutionOptions,
    run: &Run<'_>,
) -> Result<Vec<Echo>> {
    Error::require_size("states of H'", back.dimension(), h.dimension())?;
    // bounds that are given belong to H
    let free = EvolutionOptions {
        bounds: None,
        ..*options
    };
    let there = evolve(h, start, times, options, run)?;
    let other = evolve(back, start, times, &free, run)?;
    let mut found = Vec::with_capacity(times.len());
    for (k, &time) in times.iter().enumerate() {
        let state = &there.states[k];
        let mut returned = evolve(h, state, &[-time], options, run)?.states.swap_remove(0);
        add(-Complex64::ONE, start, &mut returned);
        let amplitude = inner(start, state);
        found.push(Echo {
            time,
            amplitude,
            return_probability: amplitude.norm_sqr(),
            loschmidt_echo: inner(&other.states[k], state).norm_sqr(),
            reversal_error: norm(&returned),
        });
    }
    Ok(found)
}

//! The system beside the whole bath and beside its near part only.

use irrev_numerics::Run;
use irrev_numerics::linalg::{Matrix, hermitian_eigenvalues};

use num_complex::Complex64;

use crate::bath::BathState;
use crate::composite::{Composite, SystemState, evolve_joint};
use crate::error::{Error, Result};
use crate::evolution::EvolutionOptions;

/// ρ_S(t) with the whole bath and with a cut one.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Truncation {
    /// The times, as asked.
    pub times: Vec<f64>,
    /// ρ_S with all bonds, by time.
    pub whole: Vec<Matrix<Complex64>>,
    /// ρ_S without the bonds that were cut, by time.
    pub cut: Vec<Matrix<Complex64>>,
    /// Trace distances ½ Tr |ρ_S − ρ_S,cut|, by time: no measurement on S tells the baths apart with more than this advantage.
    pub distances: Vec<f64>,
}

impl Truncation {
    /// The pair of neighbouring times between which the distance first exceeds ε; `None` if it never does. The first time twice if it does from the start.
    #[must_use]
    pub fn felt(&self, epsilon: f64) -> Option<(f64, f64)> {
        let place = self.distances.iter().position(|distance| *distance > epsilon)?;
        Some((self.times[place.saturating_sub(1)], self.times[place]))
    }
}

/// Evolves S beside its bath, and beside the same state of a bath in which every bond that does not have both ends in `keep` is removed. Sites, site energies and contacts stay.
///
/// Where the two differ, S has felt what lies beyond. A front of free particles moves at speed 2J on a chain.
///
/// # Errors
/// [`Error::Site`] for a site that does not exist; as [`evolve_joint`].
///
/// ```
/// use irrev_numerics::Run;
/// use irrev_quantum::bath::BathState;
/// use irrev_quantum::composite::{Composite, Contact, SystemState};
/// use irrev_quantum::evolution::EvolutionOptions;
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::light_cone::compare_with_cut_bath;
/// use irrev_quantum::Hamiltonian;
/// let bath = Hamiltonian::uniform(&Lattice::chain(6, Boundary::Open)?, 1.0, 0.5, 0.0)?;
/// let composite = Composite::new(&Hamiltonian::new(&[0.0], &[])?, &bath, &[Contact::hopping(0, 0, 1.0)])?;
/// let near = composite.bath_sites_within(2)?;
/// assert_eq!(near, [0, 1, 2]);
/// let (full, state) = (SystemState::diagonal(&[0.0, 1.0])?, BathState::occupation(&bath, 0b101010)?);
/// let times = [0.1, 0.5, 1.0, 2.0, 4.0];
/// let found = compare_with_cut_bath(&composite, &full, &state, &near, &times, &EvolutionOptions::default(), &Run::default())?;
/// assert!(found.distances[0] < 1e-8 && found.distances[4] > 0.01);
/// assert!(found.felt(1e-3).is_some());
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn compare_with_cut_bath(
    composite: &Composite,
    system: &SystemState,
    bath: &BathState,
    keep: &[usize],
    times: &[f64],
    options: &EvolutionOptions,
    run: &Run<'_>,
) -> Result<Truncation> {
    let states = |composite: &Composite, options: &EvolutionOptions| -> Result<Vec<Matrix<Complex64>>> {
        let evolution = evolve_joint(composite, system, bath, times, options, run)?;
        Ok((0..times.len())
            .filter_map(|time| evolution.reduced(time))
            .collect())
    };
    let whole = states(composite, options)?;
    // bounds that are given belong to the whole
    let free = EvolutionOptions {
        bounds: None,
        ..*options
    };
    let cut = states(&composite.with_cut_bath(keep)?, &free)?;
    let distances = whole
        .iter()
        .zip(&cut)
        .map(|(a, b)| trace_distance(a, b))
        .collect::<Result<_>>()?;
    Ok(Truncation {
        times: times.to_vec(),
        whole,
        cut,
        distances,
    })
}

/// ½ Tr |a − b|.
fn trace_distance(a: &Matrix<Complex64>, b: &Matrix<Complex64>) -> Result<f64> {
    let difference = Matrix::from_fn(a.rows(), a.rows(), |i, j| a[(i, j)] - b[(i, j)]);
    let values = hermitian_eigenvalues(&difference).map_err(Error::from)?;
    Ok(0.5 * values.iter().map(|value| value.abs()).sum::<f64>())
}

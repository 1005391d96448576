//! Local observables. Each is a Hamiltonian with few terms, and acts on states as one.

use num_complex::Complex64;

use crate::error::{Error, Result};
use crate::model::{Bond, Hamiltonian};

/// n_i.
///
/// # Errors
/// [`Error::Site`], and as [`Hamiltonian::new`].
///
/// ```
/// let n = irrev_quantum::thermalisation::density(3, 1)?;
/// assert_eq!((n.diagonal(0b010), n.diagonal(0b101)), (1.0, 0.0));
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn density(sites: usize, i: usize) -> Result<Hamiltonian> {
    let mut energies = vec![0.0; sites];
    let place = energies.get_mut(i).ok_or(Error::Site {
        what: "an observable".into(),
        site: i,
        sites,
    })?;
    *place = 1.0;
    Hamiltonian::new(&energies, &[])
}

/// n_i n_j.
///
/// # Errors
/// [`Error::Site`], [`Error::SelfBond`], and as [`Hamiltonian::new`].
pub fn pair_density(sites: usize, i: usize, j: usize) -> Result<Hamiltonian> {
    let bond = Bond {
        i,
        j,
        hopping: Complex64::ZERO,
        interaction: 1.0,
    };
    Hamiltonian::new(&vec![0.0; sites], &[bond])
}

/// c_i† c_j + c_j† c_i.
///
/// # Errors
/// [`Error::Site`], [`Error::SelfBond`], and as [`Hamiltonian::new`].
pub fn hopping(sites: usize, i: usize, j: usize) -> Result<Hamiltonian> {
    let bond = Bond {
        i,
        j,
        hopping: -Complex64::ONE,
        interaction: 0.0,
    };
    Hamiltonian::new(&vec![0.0; sites], &[bond])
}

//! Hamiltonians, and observables, which are Hamiltonians with few terms.

use irrev_quantum::thermalisation;
use irrev_quantum::{Bond, Complex64, Hamiltonian, Sector, SectorHamiltonian, evolution};
use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::lattice::{columns, pairs};
use crate::errors::{OrRaise, model_error};
use crate::records::ToPython;

/// Energies of sites; bonds in two columns, their hoppings and interactions: as `irrev.quantum.Hamiltonian` holds them.
#[derive(FromPyObject)]
pub(crate) struct ModelParts<'py>(
    PyReadonlyArray1<'py, f64>,
    PyReadonlyArray2<'py, i64>,
    PyReadonlyArray1<'py, Complex64>,
    PyReadonlyArray1<'py, f64>,
);

impl ModelParts<'_> {
    pub(super) fn hamiltonian(&self) -> PyResult<Hamiltonian> {
        let pairs = pairs("bonds", &self.1)?;
        let (hoppings, interactions) = (self.2.as_slice()?, self.3.as_slice()?);
        let bonds: Vec<Bond> = pairs
            .iter()
            .zip(hoppings.iter().zip(interactions))
            .map(|(&(i, j), (&hopping, &interaction))| Bond {
                i,
                j,
                hopping,
                interaction,
            })
            .collect();
        Hamiltonian::new(self.0.as_slice()?, &bonds).or_raise()
    }

    /// H in the sector of N particles.
    pub(super) fn sector(&self, particles: usize) -> PyResult<SectorHamiltonian> {
        in_sector(&self.hamiltonian()?, particles)
    }
}

pub(super) fn in_sector(model: &Hamiltonian, particles: usize) -> PyResult<SectorHamiltonian> {
    let sector = Sector::new(model.sites(), particles).or_raise()?;
    SectorHamiltonian::new(model, sector).or_raise()
}

/// A Hamiltonian as the arrays that [`ModelParts`] reads.
pub(super) fn parts<'py>(py: Python<'py>, model: &Hamiltonian) -> PyResult<Bound<'py, PyTuple>> {
    let bonds = model.bonds();
    let pairs: Vec<(usize, usize)> = bonds.iter().map(|bond| (bond.i, bond.j)).collect();
    let hoppings: Vec<Complex64> = bonds.iter().map(|bond| bond.hopping).collect();
    let interactions: Vec<f64> = bonds.iter().map(|bond| bond.interaction).collect();
    PyTuple::new(
        py,
        [
            model.energies().to_vec().to_python(py)?,
            columns(py, &pairs)?,
            hoppings.to_python(py)?,
            interactions.to_python(py)?,
        ],
    )
}

/// The entries of a vector that is real in every one of them.
pub(super) fn real_parts(vector: &[Complex64]) -> Option<Vec<f64>> {
    vector
        .iter()
        .all(|z| z.im == 0.0)
        .then(|| vector.iter().map(|z| z.re).collect())
}

/// Raises what is wrong with a Hamiltonian.
#[pyfunction]
pub(crate) fn check_hamiltonian(parts: ModelParts<'_>) -> PyResult<()> {
    parts.hamiltonian().map(|_| ())
}

#[pyfunction]
pub(crate) fn hamiltonian_from_rows<'py>(
    py: Python<'py>,
    energies: PyReadonlyArray1<'py, f64>,
    hoppings: PyReadonlyArray2<'py, Complex64>,
    interactions: PyReadonlyArray2<'py, f64>,
) -> PyResult<Bound<'py, PyTuple>> {
    let hoppings: Vec<Vec<Complex64>> = hoppings.as_array().outer_iter().map(|row| row.to_vec()).collect();
    let interactions: Vec<Vec<f64>> = interactions
        .as_array()
        .outer_iter()
        .map(|row| row.to_vec())
        .collect();
    let model = Hamiltonian::from_rows(energies.as_slice()?, &hoppings, &interactions).or_raise()?;
    parts(py, &model)
}

/// ⟨s|H|s⟩ of occupation states.
#[pyfunction]
pub(crate) fn hamiltonian_diagonal<'py>(
    py: Python<'py>,
    model: ModelParts<'py>,
    words: Vec<u64>,
) -> PyResult<Bound<'py, PyAny>> {
    let model = model.hamiltonian()?;
    let outside = |word: &&u64| model.sites() < 64 && **word >> model.sites() != 0;
    if let Some(word) = words.iter().find(outside) {
        let message = format!(
            "word {word} occupies a site beyond the {} there are",
            model.sites()
        );
        return Err(model_error(py, message));
    }
    let diagonal: Vec<f64> = words.iter().map(|&word| model.diagonal(word)).collect();
    diagonal.to_python(py)
}

/// H ψ.
#[pyfunction]
pub(crate) fn apply_hamiltonian<'py>(
    py: Python<'py>,
    model: ModelParts<'py>,
    particles: usize,
    state: PyReadonlyArray1<'py, Complex64>,
) -> PyResult<Bound<'py, PyAny>> {
    let (h, state) = (model.sector(particles)?, state.as_slice()?.to_vec());
    let mut image = vec![Complex64::ZERO; state.len()];
    py.detach(|| h.apply(&state, &mut image)).or_raise()?;
    image.to_python(py)
}

/// ⟨ψ|H|ψ⟩.
#[pyfunction]
pub(crate) fn mean_energy(
    py: Python<'_>,
    model: ModelParts<'_>,
    particles: usize,
    state: PyReadonlyArray1<'_, Complex64>,
) -> PyResult<f64> {
    let (h, state) = (model.sector(particles)?, state.as_slice()?.to_vec());
    py.detach(|| evolution::mean_energy(&h, &state)).or_raise()
}

/// n_i, n_i n_j or c_i† c_j + c_j† c_i, by the number of sites and which of the last.
#[pyfunction]
pub(crate) fn observable_model<'py>(
    py: Python<'py>,
    sites: usize,
    at: Vec<usize>,
    hops: bool,
) -> PyResult<Bound<'py, PyTuple>> {
    let found = match (at.as_slice(), hops) {
        (&[i, j], true) => thermalisation::hopping(sites, i, j),
        (&[i, j], false) => thermalisation::pair_density(sites, i, j),
        (&[i], false) => thermalisation::density(sites, i),
        _ => {
            let message = format!("{} sites were named, expected one site or a pair", at.len());
            return Err(model_error(py, message));
        }
    };
    parts(py, &found.or_raise()?)
}

//! A system in contact with a bath, and the initial state of the system.

use irrev_numerics::linalg::Matrix;
use irrev_quantum::composite::{Composite, Contact, Drive, Factors, SystemState};
use numpy::{Complex64, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use super::Fields;
use super::lattice::pairs;
use super::model::{ModelParts, parts};
use crate::arrays::indices;
use crate::errors::OrRaise;
use crate::records::{ToPython, rows};

/// Times of the knots and factors of system and contact there: as `irrev.quantum.Drive` holds them.
#[derive(FromPyObject)]
pub(crate) struct DriveParts<'py>(
    PyReadonlyArray1<'py, f64>,
    PyReadonlyArray1<'py, f64>,
    PyReadonlyArray1<'py, f64>,
);

impl DriveParts<'_> {
    fn drive(&self) -> PyResult<Drive> {
        Drive::new(self.0.as_slice()?, self.1.as_slice()?, self.2.as_slice()?).or_raise()
    }
}

/// System, bath, contacts in two columns (system, bath), their hoppings and interactions, and a drive: as `irrev.quantum.Composite` holds them.
#[derive(FromPyObject)]
pub(crate) struct CompositeParts<'py>(
    ModelParts<'py>,
    ModelParts<'py>,
    PyReadonlyArray2<'py, i64>,
    PyReadonlyArray1<'py, Complex64>,
    PyReadonlyArray1<'py, f64>,
    Option<DriveParts<'py>>,
);

impl CompositeParts<'_> {
    pub(super) fn composite(&self) -> PyResult<Composite> {
        let contacts: Vec<Contact> = pairs("contacts", &self.2)?
            .iter()
            .zip(self.3.as_slice()?.iter().zip(self.4.as_slice()?))
            .map(|(&(system, bath), (&hopping, &interaction))| Contact {
                system,
                bath,
                hopping,
                interaction,
            })
            .collect();
        let composite =
            Composite::new(&self.0.hamiltonian()?, &self.1.hamiltonian()?, &contacts).or_raise()?;
        match &self.5 {
            Some(drive) => Ok(composite.driven(drive.drive()?)),
            None => Ok(composite),
        }
    }
}

/// Probabilities and vectors, one row each: as `irrev.quantum.SystemState` holds them.
#[derive(FromPyObject)]
pub(crate) struct SystemParts<'py>(PyReadonlyArray1<'py, f64>, PyReadonlyArray2<'py, Complex64>);

impl SystemParts<'_> {
    pub(super) fn state(&self) -> PyResult<SystemState> {
        let vectors: Vec<Vec<Complex64>> = self.1.as_array().outer_iter().map(|row| row.to_vec()).collect();
        SystemState::new(self.0.as_slice()?, &vectors).or_raise()
    }
}

/// Probabilities and vectors of a state of the system.
fn system_parts<'py>(py: Python<'py>, state: &SystemState) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(
        py,
        [
            state.probabilities().to_vec().to_python(py)?,
            rows(py, state.vectors(), state.dimension())?,
        ],
    )
}

/// Raises what is wrong with a drive.
#[pyfunction]
pub(crate) fn check_drive(drive: DriveParts<'_>) -> PyResult<()> {
    drive.drive().map(|_| ())
}

/// Factors of system and contact at some times, after a jump where there is one.
#[pyfunction]
pub(crate) fn drive_factors<'py>(
    py: Python<'py>,
    drive: DriveParts<'py>,
    times: PyReadonlyArray1<'py, f64>,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let drive = drive.drive()?;
    let factors: Vec<Factors> = times.as_slice()?.iter().map(|&t| drive.after(t)).collect();
    let column = |of: fn(&Factors) -> f64| factors.iter().map(of).collect::<Vec<f64>>().to_python(py);
    Ok((column(|f| f.system)?, column(|f| f.contact)?))
}

/// Raises what is wrong with a composite.
#[pyfunction]
pub(crate) fn check_composite(composite: CompositeParts<'_>) -> PyResult<()> {
    composite.composite().map(|_| ())
}

/// H on all sites, and H_I alone.
#[pyfunction]
pub(crate) fn whole_model<'py>(
    py: Python<'py>,
    composite: CompositeParts<'py>,
) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyTuple>)> {
    let composite = composite.composite()?;
    Ok((
        parts(py, composite.whole())?,
        parts(py, &composite.contact_energy().or_raise()?)?,
    ))
}

/// Sites of the bath at most r bonds away from a contact.
#[pyfunction]
pub(crate) fn bath_sites_within<'py>(
    py: Python<'py>,
    composite: CompositeParts<'py>,
    r: usize,
) -> PyResult<Bound<'py, PyAny>> {
    composite
        .composite()?
        .bath_sites_within(r)
        .or_raise()?
        .to_python(py)
}

/// The bath without bonds that leave the sites to keep.
#[pyfunction]
pub(crate) fn cut_bath<'py>(
    py: Python<'py>,
    composite: CompositeParts<'py>,
    keep: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyTuple>> {
    let cut = composite
        .composite()?
        .with_cut_bath(&indices("keep", keep)?)
        .or_raise()?;
    parts(py, cut.bath())
}

/// A state of the system with what has no probability left out.
#[pyfunction]
pub(crate) fn system_state<'py>(py: Python<'py>, given: SystemParts<'py>) -> PyResult<Bound<'py, PyTuple>> {
    system_parts(py, &given.state()?)
}

#[pyfunction]
pub(crate) fn system_state_from_matrix<'py>(
    py: Python<'py>,
    rho: PyReadonlyArray2<'py, Complex64>,
) -> PyResult<Bound<'py, PyTuple>> {
    let view = rho.as_array();
    let rho = Matrix::from_fn(view.nrows(), view.ncols(), |i, j| view[(i, j)]);
    system_parts(py, &SystemState::from_matrix(&rho).or_raise()?)
}

#[pyfunction]
pub(crate) fn regularised_system_state<'py>(
    py: Python<'py>,
    given: SystemParts<'py>,
    epsilon: f64,
) -> PyResult<Bound<'py, PyTuple>> {
    system_parts(py, &given.state()?.regularised(epsilon).or_raise()?)
}

/// Number of sites, entropy and density matrix of a state of the system.
#[pyfunction]
pub(crate) fn system_state_properties<'py>(py: Python<'py>, given: SystemParts<'py>) -> Fields<'py> {
    let state = given.state()?;
    let fields = PyDict::new(py);
    fields.set_item("sites", state.sites())?;
    fields.set_item("entropy", state.entropy())?;
    fields.set_item("matrix", state.to_matrix().to_python(py)?)?;
    Ok(fields)
}

//! Dual coordinates and tilted equilibria.

use irrev_network::information::dual::{self, Tilted, TiltedEquilibrium, TiltedOptions, TiltedProblem};
use irrev_numerics::Tolerance;
use numpy::PyReadonlyArray2;
use pyo3::prelude::*;

use super::Fields;
use crate::arrays::{self, distribution, finite, samples, vector};
use crate::errors::OrRaise;
use crate::matrices::matrix;
use crate::records::{ToPython, record};

#[pyfunction]
pub(crate) fn simplex_coordinates<'py>(py: Python<'py>, p: &Bound<'py, PyAny>) -> Fields<'py> {
    let found = dual::simplex_coordinates(&distribution("distribution", p)?).or_raise()?;
    Ok(record!(py, found; eta, theta, psi, phi, metric_eta, metric_theta))
}

#[pyfunction]
pub(crate) fn distribution_from_theta<'py>(
    py: Python<'py>,
    theta: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let theta = samples("theta", theta)?;
    dual::distribution_from_theta(&theta).or_raise()?.to_python(py)
}

#[pyfunction]
pub(crate) fn distribution_from_eta<'py>(
    py: Python<'py>,
    eta: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let eta = vector("eta", eta)?;
    dual::distribution_from_eta(&eta).or_raise()?.to_python(py)
}

#[pyfunction]
pub(crate) fn equilibrium_gauge<'py>(
    py: Python<'py>,
    p: &Bound<'py, PyAny>,
    energies: &Bound<'py, PyAny>,
    inverse_temperature: f64,
) -> Fields<'py> {
    let (p, energies) = (distribution("distribution", p)?, vector("energies", energies)?);
    let found = dual::equilibrium_gauge(&p, &energies, inverse_temperature).or_raise()?;
    Ok(
        record!(py, found; theta_equilibrium, psi_equilibrium, theta, psi, phi, divergence, free_energy_excess,
        equilibrium),
    )
}

#[pyfunction]
pub(crate) fn bregman_divergence(p: &Bound<'_, PyAny>, q: &Bound<'_, PyAny>) -> PyResult<f64> {
    dual::bregman_divergence(&distribution("p", p)?, &distribution("q", q)?).or_raise()
}

fn inside<'py>(py: Python<'py>, found: &TiltedEquilibrium) -> Fields<'py> {
    Ok(
        record!(py, found; theta, psi, least_entropy_production, lower_bound, distribution, metric_theta, rank,
        convergence),
    )
}

/// Where the means lie, and the fields of that outcome.
#[pyfunction]
pub(crate) fn tilted_equilibrium<'py>(
    py: Python<'py>,
    energies: &Bound<'py, PyAny>,
    inverse_temperature: f64,
    observables: PyReadonlyArray2<'py, f64>,
    means: &Bound<'py, PyAny>,
    tol: f64,
) -> PyResult<(&'static str, Bound<'py, pyo3::types::PyDict>)> {
    let values = matrix(&observables)?;
    let rows = 0..values.rows();
    let problem = TiltedProblem {
        energies: vector("energies", energies)?,
        inverse_temperature: finite(py, "inverse_temperature", inverse_temperature)?,
        observables: rows
            .map(|m| (0..values.columns()).map(|s| values[(m, s)]).collect())
            .collect(),
        means: vector("means", means)?,
    };
    let options = TiltedOptions {
        tolerance: Tolerance {
            relative: arrays::tolerance(py, tol)?,
            ..TiltedOptions::default().tolerance
        },
    };
    let found = py
        .detach(|| dual::tilted_equilibrium(&problem, &options))
        .or_raise()?;
    match found {
        Tilted::Boundary(found) => {
            let fields = record!(py, found; normal, face, gap);
            fields.set_item("on_the_face", inside(py, &found.on_the_face)?)?;
            Ok(("boundary", fields))
        }
        Tilted::OutOfReach(found) => Ok(("out of reach", record!(py, found; normal, gap, nearest_state))),
        Tilted::Interior(found) => Ok(("interior", inside(py, &found)?)),
    }
}

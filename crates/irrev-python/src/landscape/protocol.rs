//! Protocols of least work and of least dissipation.

use irrev_landscape::protocol::{self, DisplacementProtocol, gaussian_ends};
use pyo3::prelude::*;

use super::Fields;
use crate::arrays::vector;
use crate::errors::{OrRaise, model_error};
use crate::records::{ToPython, record};

/// The best way to move a trap.
#[pyfunction]
pub(crate) fn moved_trap(
    py: Python<'_>,
    stiffness: f64,
    distance: f64,
    duration: f64,
    mobility: f64,
) -> Fields<'_> {
    let found = protocol::moved_trap(stiffness, distance, duration, mobility).or_raise()?;
    Ok(record!(py, found; work, jump, speed))
}

/// The best way to change the stiffness of a trap.
#[pyfunction]
pub(crate) fn stiffened_trap(
    py: Python<'_>,
    from_: f64,
    to: f64,
    duration: f64,
    temperature: f64,
    mobility: f64,
) -> Fields<'_> {
    let found = protocol::stiffened_trap(from_, to, duration, temperature, mobility).or_raise()?;
    Ok(record!(py, found; work, free_energy_difference, standard_deviation, inner_stiffness))
}

/// (mean, standard deviation) at both ends, duration, T and μ.
type Ends = ((f64, f64), (f64, f64), f64, f64, f64);

/// W₂² and entropy production between two normal distributions.
#[pyfunction]
pub(crate) fn gaussian_protocol(py: Python<'_>, ends: Ends) -> Fields<'_> {
    let found = gaussian_ends(ends.0, ends.1, ends.2, ends.3, ends.4).or_raise()?;
    Ok(record!(py, found; squared_distance, entropy_production))
}

/// Mean and width, stiffness and centre at times.
#[pyfunction]
pub(crate) fn gaussian_trap_at<'py>(py: Python<'py>, ends: Ends, times: &Bound<'py, PyAny>) -> Fields<'py> {
    let times = vector("times", times)?;
    let protocol = gaussian_ends(ends.0, ends.1, ends.2, ends.3, ends.4).or_raise()?;
    let found = times
        .iter()
        .map(|time| protocol.at(*time))
        .collect::<irrev_landscape::Result<Vec<_>>>();
    let found = found.or_raise()?;
    let column = |of: fn(&protocol::TrapAt) -> f64| found.iter().map(of).collect::<Vec<f64>>();
    let fields = pyo3::types::PyDict::new(py);
    fields.set_item("mean", column(|trap| trap.mean).to_python(py)?)?;
    fields.set_item(
        "standard_deviation",
        column(|trap| trap.standard_deviation).to_python(py)?,
    )?;
    fields.set_item("stiffness", column(|trap| trap.stiffness).to_python(py)?)?;
    fields.set_item("centre", column(|trap| trap.centre).to_python(py)?)?;
    Ok(fields)
}

/// Quantiles of both ends at the levels (i + ½)/n, duration, T and μ.
#[derive(FromPyObject)]
pub(crate) struct DisplacementParts<'py>(Bound<'py, PyAny>, Bound<'py, PyAny>, f64, f64, f64);

impl DisplacementParts<'_> {
    fn protocol(&self) -> PyResult<DisplacementProtocol> {
        let (from, to) = (vector("from_", &self.0)?, vector("to", &self.1)?);
        if from.len() != to.len() {
            let message = format!("to has {} quantiles, expected {} as from_", to.len(), from.len());
            return Err(model_error(self.0.py(), message));
        }
        let levels = from.len();
        // levels are asked for at (i + ½)/n
        let place = |u: f64| ((u * levels as f64) as usize).min(levels.saturating_sub(1));
        DisplacementProtocol::new(
            |u| from[place(u)],
            |u| to[place(u)],
            levels,
            self.2,
            self.3,
            self.4,
        )
        .or_raise()
    }
}

/// W₂² and the least entropy production.
#[pyfunction]
pub(crate) fn displacement_protocol(parts: DisplacementParts<'_>) -> PyResult<(f64, f64)> {
    let protocol = parts.protocol()?;
    Ok((protocol.squared_distance(), protocol.entropy_production()))
}

/// Density, velocity and potentials at a time.
#[pyfunction]
pub(crate) fn displacement_at<'py>(py: Python<'py>, parts: DisplacementParts<'py>, time: f64) -> Fields<'py> {
    let found = parts.protocol()?.at(time).or_raise()?;
    Ok(record!(py, found; points, density, velocity, potential, equilibrium_potential))
}

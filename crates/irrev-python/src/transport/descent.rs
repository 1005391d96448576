//! Steepest descent of relative entropy, and its steps as minima.

use std::sync::Arc;

use irrev_network::transport::{self, MinimisingMovementOptions, Wasserstein2Options};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::geodesic::Geodesic;
use crate::arrays::distribution;
use crate::kinetics::MarkovJump;
use crate::records::{ToPython, record};
use crate::run::{Options, supervised, unmonitored};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

#[pyfunction]
pub(crate) fn gradient_flow<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    at: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let at = distribution("distribution", at)?;
    let inner = Arc::clone(&kinetics.0);
    let found = unmonitored(py, kinetics.channels(), move || {
        transport::gradient_flow(&inner, &at)
    })?;
    let fields = PyDict::new(py);
    for (name, velocity) in [
        ("master", &found.master),
        ("descent", &found.descent),
        ("defect", &found.defect),
    ] {
        fields.set_item(name, record!(py, velocity; rate, norm, potential))?;
    }
    fields.set_item("relative_defect", found.relative_defect())?;
    Ok(fields)
}

#[pyfunction]
#[allow(clippy::too_many_arguments, reason = "the options of one call")]
pub(crate) fn minimising_movement<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    start: &Bound<'py, PyAny>,
    step: f64,
    tol: f64,
    wasserstein2_tol: f64,
    options: Options,
) -> Fields<'py> {
    let start = distribution("start", start)?;
    let inner = Arc::clone(&kinetics.0);
    let how = MinimisingMovementOptions {
        wasserstein2: Wasserstein2Options::within(wasserstein2_tol),
        tolerance: tol,
        ..MinimisingMovementOptions::default()
    };
    let (found, start) = supervised(py, options, move |run, _| -> irrev_network::Result<_> {
        let found = transport::minimising_movement(&inner, &start, step, &how, run)?;
        Ok((found, start))
    })?;
    let fields = record!(py, found; step, state, relative_entropy_before, relative_entropy_after, gap, master, convergence);
    fields.set_item("dissipated", found.dissipated())?;
    let least = found.least_dissipated();
    fields.set_item("least_dissipated", (least.value, least.error).to_python(py)?)?;
    fields.set_item("state_error", found.state_error())?;
    fields.set_item("deviation", found.deviation())?;
    let ends = (start, found.state);
    let kinetics = Arc::clone(&kinetics.0);
    let geodesic = Geodesic::found(kinetics, ends, wasserstein2_tol, found.geodesic);
    fields.set_item("geodesic", geodesic)?;
    Ok(fields)
}

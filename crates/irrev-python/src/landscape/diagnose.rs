//! What a recording can give and what it cannot.

use irrev_landscape::Result;
use irrev_landscape::diagnose::{self, Regime, Sampling, kramers_moyal, sampling};
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::estimates::columns;
use super::grid::GridParts;
use super::recording::LandscapeRecord;
use super::surfaces::ProfileParts;
use super::{AGAIN, Fields};
use crate::errors::OrRaise;
use crate::records::record;
use crate::run::{Options, supervised};

/// What the steps of a recording say about its step and its noise.
#[pyclass(frozen, eq, module = "irrev._core")]
pub(crate) struct LandscapeSampling {
    record: Py<LandscapeRecord>,
    coordinate: usize,
    seed: u64,
    sampling: Sampling,
}

/// The same question has the same answer, part of which may be NaN.
impl PartialEq for LandscapeSampling {
    fn eq(&self, other: &Self) -> bool {
        self.coordinate == other.coordinate
            && self.seed == other.seed
            && self.record.get() == other.record.get()
    }
}

#[pymethods]
impl LandscapeSampling {
    #[new]
    fn new(
        py: Python<'_>,
        record: Py<LandscapeRecord>,
        coordinate: usize,
        options: Options,
    ) -> PyResult<Self> {
        let (recording, seed) = (record.get().shared(), options.0);
        let sampling = supervised(py, options, move |run, _| -> Result<_> {
            sampling(&recording.record()?, coordinate, run)
        })?;
        Ok(Self {
            record,
            coordinate,
            seed,
            sampling,
        })
    }

    fn figures<'py>(&self, py: Python<'py>) -> Fields<'py> {
        let s = &self.sampling;
        let fields = record!(py, s; step, exponent, noise, noise_of_velocity, step_of_velocity);
        let regime = match s.regime {
            Regime::Inertial => "inertial",
            Regime::Overdamped => "overdamped",
            _ => "between",
        };
        fields.set_item("regime", regime)?;
        fields.set_item("structure", columns(py, &s.structure)?)?;
        fields.set_item("warnings", PyTuple::new(py, s.warnings())?)?;
        Ok(fields)
    }

    /// Raises where there are no velocities.
    fn require_velocities(&self) -> PyResult<()> {
        self.sampling.require_velocities().or_raise()
    }

    /// A profile from central differences without what noise adds.
    fn corrected<'py>(&self, py: Python<'py>, profile: ProfileParts<'py>) -> Fields<'py> {
        let found = self.sampling.corrected(&profile.profile()?);
        Ok(record!(py, found; points, density, mean_square_velocity, mean_acceleration))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (py, this) = (slf.py(), slf.get());
        let again: Options = (this.seed, AGAIN.1, AGAIN.2, AGAIN.3);
        let question = (this.record.clone_ref(py), this.coordinate, again);
        Ok((slf.get_type().into_any(), question.into_pyobject(py)?))
    }
}

/// Drift and diffusion in cells.
#[pyfunction]
pub(crate) fn landscape_kramers_moyal<'py>(
    py: Python<'py>,
    record: &LandscapeRecord,
    coordinate: usize,
    grid: GridParts,
    noise: f64,
    least_count: u64,
    options: Options,
) -> Fields<'py> {
    let (recording, grid) = (record.shared(), grid.grid().or_raise()?);
    let found = supervised(py, options, move |run, _| -> Result<_> {
        kramers_moyal(&recording.record()?, coordinate, &grid, noise, least_count, run)
    })?;
    let fields = record!(py, found; points, step, counts);
    for (name, estimates) in [
        ("drift_at_step", &found.drift_at_step),
        ("diffusion_at_step", &found.diffusion_at_step),
        ("drift", &found.drift),
        ("diffusion", &found.diffusion),
    ] {
        fields.set_item(name, columns(py, estimates)?)?;
    }
    Ok(fields)
}

/// (D₁ʰ, D₂ʰ) from (D₁, D₂) where the drift has the slope −k.
#[pyfunction]
pub(crate) fn at_finite_step(drift: f64, diffusion: f64, k: f64, step: f64) -> (f64, f64) {
    diagnose::at_finite_step(drift, diffusion, k, step)
}

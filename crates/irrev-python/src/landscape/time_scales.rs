//! Autocovariances: a damped oscillator's or a function of Python's, what filters and finite differences make of them; filtered trajectories; hierarchies of linear systems.

use std::cell::RefCell;

use irrev_landscape::diagnose::finite_differences;
use irrev_landscape::filter;
use irrev_landscape::hidden;
use irrev_landscape::oscillator::DampedOscillator;
use irrev_landscape::{Error, Result};
use numpy::PyReadonlyArray2;
use pyo3::prelude::*;

use super::Fields;
use super::recording::LandscapeRecord;
use crate::arrays::vector;
use crate::errors::OrRaise;
use crate::matrices::matrix;
use crate::records::{ToPython, record, rows};

/// ω², γ, kT of an oscillator, or C(t) as a function.
#[derive(FromPyObject)]
pub(crate) enum Autocovariance<'py> {
    Oscillator(f64, f64, f64),
    Function(Bound<'py, PyAny>),
}

impl Autocovariance<'_> {
    /// Calls `work` with C(t); what the function of Python raises is raised.
    fn with<T>(&self, work: impl FnOnce(&dyn Fn(f64) -> f64) -> Result<T>) -> PyResult<T> {
        let function = match self {
            Self::Oscillator(omega_squared, friction, temperature) => {
                let oscillator = DampedOscillator::new(*omega_squared, *friction, *temperature).or_raise()?;
                return work(&|t| oscillator.autocovariance(t)).or_raise();
            }
            Self::Function(function) => function,
        };
        let raised = RefCell::new(None);
        let found = work(&|t| {
            let value = function.call1((t,)).and_then(|value| value.extract::<f64>());
            value.unwrap_or_else(|error| {
                raised.borrow_mut().get_or_insert(error);
                f64::NAN
            })
        });
        match raised.into_inner() {
            Some(error) => Err(error),
            None => found.or_raise(),
        }
    }
}

/// C(t) of a damped oscillator.
#[pyfunction]
pub(crate) fn oscillator_autocovariance<'py>(
    py: Python<'py>,
    oscillator: (f64, f64, f64),
    times: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let oscillator = DampedOscillator::new(oscillator.0, oscillator.1, oscillator.2).or_raise()?;
    let times = vector("times", times)?;
    let values: Vec<f64> = times.iter().map(|t| oscillator.autocovariance(*t)).collect();
    values.to_python(py)
}

/// Moments of finite differences of noisy positions.
#[pyfunction]
pub(crate) fn finite_differences_of<'py>(
    py: Python<'py>,
    autocovariance: Autocovariance<'py>,
    step: f64,
    noise: f64,
) -> Fields<'py> {
    let found = autocovariance.with(|c| {
        for (what, value, least) in [
            ("the time step", step, f64::MIN_POSITIVE),
            ("the noise", noise, 0.0),
        ] {
            if !(value >= least && value.is_finite()) {
                let expected = "a positive number (a noise may be 0)";
                return Err(Error::Domain {
                    what,
                    value,
                    expected,
                });
            }
        }
        Ok(finite_differences(c, step, noise))
    })?;
    Ok(record!(py, found; forward_square, central_square, slope))
}

/// What a box of a width makes of a linear coordinate.
#[pyfunction]
pub(crate) fn box_filtered<'py>(
    py: Python<'py>,
    autocovariance: Autocovariance<'py>,
    temperature: f64,
    width: f64,
) -> Fields<'py> {
    let found = autocovariance.with(|c| filter::box_filtered(c, temperature, width))?;
    Ok(record!(py, found; variance, mean_square_velocity, free_energy_curvature, mean_force_curvature, ratio))
}

/// Step, and columns r, ṙ, r̈ of every filtered trajectory of a coordinate.
#[pyfunction]
pub(crate) fn box_filter<'py>(
    py: Python<'py>,
    record: &LandscapeRecord,
    coordinate: usize,
    steps: usize,
) -> PyResult<Vec<(f64, Bound<'py, PyAny>)>> {
    let recording = record.shared();
    let found = py.detach(|| -> Result<_> {
        let record = recording.record()?;
        let period = record.period(coordinate)?;
        let filtered = |segment| filter::box_filter(segment, coordinate, period, steps);
        record.segments().iter().map(filtered).collect::<Result<Vec<_>>>()
    });
    let columns = |one: &filter::FilteredTrajectory| {
        let columns = [
            one.positions.clone(),
            one.velocities.clone(),
            one.accelerations.clone(),
        ];
        Ok((one.step, rows(py, &columns, one.positions.len())?))
    };
    found.or_raise()?.iter().map(columns).collect()
}

/// Levels, variances, W, D and mean forces of a linear system seen along a direction.
#[pyfunction]
pub(crate) fn linear_hierarchy<'py>(
    py: Python<'py>,
    stiffness: PyReadonlyArray2<'py, f64>,
    direction: &Bound<'py, PyAny>,
    temperature: f64,
) -> Fields<'py> {
    let (stiffness, direction) = (matrix(&stiffness)?, vector("direction", direction)?);
    let found = hidden::linear_hierarchy(&stiffness, &direction, temperature).or_raise()?;
    let fields = record!(py, found; variances, frequencies_squared, strengths);
    fields.set_item("levels", rows(py, &found.levels, direction.len())?)?;
    // row n has n entries: those of levels that are not averaged over are zero
    let n = found.levels.len();
    let filled: Vec<Vec<f64>> = found
        .mean_forces()
        .into_iter()
        .map(|mut row| {
            row.resize(n, 0.0);
            row
        })
        .collect();
    fields.set_item("mean_forces", rows(py, &filled, n)?)?;
    Ok(fields)
}

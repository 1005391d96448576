//! Entropy production from currents: the whole answer, windows of time, and a current that is given.

use irrev_inference::Result;
use irrev_inference::currents::{
    BoundOptions, Dissipation, HeldOutOptions, MomentOptions, Motion, NoisePolicy, PlugIn, RateOptions,
    UncertaintyBound, WindowOptions, bound_of_current, dissipation_in_time, entropy_production_rate,
};
use irrev_inference::resampling::IntervalKind;
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use super::Fields;
use super::certificate::InferenceCertificate;
use super::currents::{BasisParts, InferenceCurrents, choice};
use super::noise::noise_fields;
use super::series::SeriesParts;
use crate::arrays::named;
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

/// Motion, draws, level and kind of the interval, tolerance of the rank.
#[derive(FromPyObject)]
pub(crate) struct BoundParts(String, usize, f64, String, f64);

impl BoundParts {
    pub(super) fn options(&self, py: Python<'_>) -> PyResult<BoundOptions> {
        let intervals = [
            ("recentred", IntervalKind::Recentred),
            ("percentile", IntervalKind::Percentile),
            ("basic", IntervalKind::Basic),
            ("BCa", IntervalKind::BiasCorrectedAccelerated),
            ("student", IntervalKind::Student),
        ];
        Ok(BoundOptions {
            motion: motion(py, &self.0)?,
            draws: self.1,
            level: self.2,
            interval: named(py, "interval", &self.3, &intervals)?,
            rank_tolerance: self.4,
        })
    }
}

pub(super) fn motion(py: Python<'_>, name: &str) -> PyResult<Motion> {
    let motions = [("stationary", Motion::StationaryConfined), ("any", Motion::Any)];
    named(py, "motion", name, &motions)
}

pub(super) fn strided(strides: Vec<usize>) -> MomentOptions {
    MomentOptions {
        strides,
        ..MomentOptions::default()
    }
}

/// The plain numbers of each stride, as dictionaries.
pub(super) fn plug_in_fields<'py>(py: Python<'py>, found: &[PlugIn]) -> PyResult<Bound<'py, PyList>> {
    let each: Vec<_> = found
        .iter()
        .map(|one| Ok(record!(py, one; step, steps, central, second_moment, logarithmic)))
        .collect::<PyResult<_>>()?;
    PyList::new(py, each)
}

pub(super) fn bound_fields<'py>(
    py: Python<'py>,
    found: &UncertaintyBound,
    currents: InferenceCurrents,
) -> Fields<'py> {
    let fields = record!(py, found; estimate, step_error, bias, rank, coefficients, blocks, correlation_time, undefined_draws, cap);
    fields.set_item("plug_in", plug_in_fields(py, &found.plug_in)?)?;
    fields.set_item("currents", Py::new(py, currents)?)?;
    Ok(fields)
}

/// Estimate, certified bound, noise and assumptions of a series; asked are what noise is met with, strides and folds.
#[pyfunction]
pub(crate) fn inference_dissipation<'py>(
    py: Python<'py>,
    series: SeriesParts<'py>,
    basis: BasisParts,
    asked: (String, Vec<usize>, usize),
    bound: BoundParts,
    options: Options,
) -> Fields<'py> {
    let (noise, strides, folds) = asked;
    let policies = [
        ("take out", NoisePolicy::TakeOutOrRefuse),
        ("keep", NoisePolicy::Keep),
    ];
    let own = series.own()?;
    let bound = bound.options(py)?;
    let asked = RateOptions {
        basis: basis.basis(py)?,
        noise: named(py, "noise", &noise, &policies)?,
        moments: strided(strides),
        held_out: HeldOutOptions {
            folds,
            level: bound.level,
            rank_tolerance: bound.rank_tolerance,
            ..HeldOutOptions::default()
        },
        bound,
    };
    let found: Dissipation = supervised(py, options, move |run, _| -> Result<_> {
        entropy_production_rate(&own.series()?, &asked, run)
    })?;
    let currents = found.held_out.certificate.currents.clone();
    let fields = bound_fields(py, &found.estimate, InferenceCurrents(currents))?;
    fields.set_item("bound", found.held_out.estimate.to_python(py)?)?;
    fields.set_item("in_sample", found.held_out.in_sample)?;
    fields.set_item("noise", noise_fields(py, &found.noise)?)?;
    fields.set_item("noise_taken_out", found.noise_taken_out)?;
    fields.set_item("radial", choice(py, found.radial.as_ref())?)?;
    fields.set_item("assumptions", PyTuple::new(py, &found.assumptions)?)?;
    let certificate = InferenceCertificate(found.held_out.certificate);
    fields.set_item("certificate", Py::new(py, certificate)?)?;
    Ok(fields)
}

/// The bound in windows of time, over trajectories that begin together.
#[pyfunction]
pub(crate) fn inference_in_time<'py>(
    py: Python<'py>,
    series: SeriesParts<'py>,
    basis: BasisParts,
    window: (usize, Vec<usize>),
    bound: BoundParts,
    options: Options,
) -> PyResult<Bound<'py, PyList>> {
    let own = series.own()?;
    let basis = basis.basis(py)?;
    let (steps, strides) = window;
    let asked = WindowOptions {
        steps,
        moments: strided(strides),
        bound: bound.options(py)?,
    };
    let (currents, windows) = supervised(py, options, move |run, _| -> Result<_> {
        let series = own.series()?;
        let (currents, _) = basis.currents(&series, run)?;
        let found = dissipation_in_time(&series, &currents, &asked, run)?;
        Ok((currents, found))
    })?;
    let each: Vec<Bound<'py, PyDict>> = windows
        .iter()
        .map(|window| {
            let fields = bound_fields(py, &window.bound, InferenceCurrents(currents.clone()))?;
            fields.set_item("from_", window.from)?;
            fields.set_item("to", window.to)?;
            fields.set_item("trajectories", window.trajectories)?;
            Ok(fields)
        })
        .collect::<PyResult<_>>()?;
    PyList::new(py, each)
}

/// The bound of a current that was fixed beforehand.
#[pyfunction]
pub(crate) fn inference_bound_of_current<'py>(
    py: Python<'py>,
    series: SeriesParts<'py>,
    currents: Py<InferenceCurrents>,
    coefficients: PyReadonlyArray1<'py, f64>,
    level: f64,
    options: Options,
) -> PyResult<Bound<'py, PyAny>> {
    let own = series.own()?;
    let coefficients = coefficients.as_slice()?.to_vec();
    let currents = currents.get().0.clone();
    supervised(py, options, move |run, _| -> Result<_> {
        bound_of_current(&own.series()?, &currents, &coefficients, level, run)
    })?
    .to_python(py)
}

//! Networks from recorded activity.

use irrev_ising::Error;
use irrev_ising::inference::{
    self, Binning, Coding, CrossValidation, Edges, EntropyProductionOptions, Fit, FitOptions,
    LowerBoundOptions, MeanFieldInversion, NullDistribution, PenaltyKind, Raster, ScenarioOptions,
    SparseOptions, StandardErrors,
};
use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::errors::{OrRaise, model_error};
use crate::records::{ToPython, matrix, record};
use crate::run::{Options, supervised};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

/// Activity as `irrev.ising.inference` hands it over: 0 and 1, a row for each bin.
#[derive(FromPyObject)]
pub(crate) struct Activity<'py>(PyReadonlyArray2<'py, u8>);

impl Activity<'_> {
    fn raster(&self) -> PyResult<Raster> {
        let view = self.0.as_array();
        let values: Vec<u8> = view.iter().copied().collect();
        Raster::from_array(&values, view.nrows(), view.ncols(), Coding::ZeroOne).or_raise()
    }
}

/// λ and the tolerance of a fit.
#[derive(FromPyObject)]
pub(crate) struct FitAsked(f64, f64);

impl FitAsked {
    fn options(&self) -> FitOptions {
        FitOptions {
            penalty: self.0,
            tolerance: self.1,
        }
    }
}

#[pyfunction]
pub(crate) fn bin_spikes<'py>(
    py: Python<'py>,
    units: PyReadonlyArray1<'py, i64>,
    times: PyReadonlyArray1<'py, f64>,
    grid: (usize, usize, f64, f64),
    snapped: bool,
) -> Fields<'py> {
    let (count, bins, width, start) = grid;
    let index = |unit: &i64| {
        usize::try_from(*unit)
            .map_err(|_| model_error(py, format!("units holds {unit}; units are numbered from 0")))
    };
    let units: Vec<usize> = units.as_array().iter().map(index).collect::<PyResult<_>>()?;
    let times = times.as_array().to_vec();
    let binning = Binning {
        units: count,
        bins,
        width,
        start,
        edges: if snapped { Edges::Snapped } else { Edges::Quotient },
    };
    let found = py
        .detach(|| Raster::from_spikes(&units, &times, &binning))
        .or_raise()?;
    let fields = record!(py, found; in_bins, repeated, before, after, on_edge);
    let raster = &found.raster;
    let cells = (0..bins).flat_map(|bin| (0..count).map(move |unit| raster.active(bin, unit)));
    fields.set_item("activity", matrix(py, cells.collect::<Vec<bool>>(), bins, count)?)?;
    Ok(fields)
}

fn fit_fields<'py>(py: Python<'py>, fit: &Fit, errors: Option<&StandardErrors>) -> Fields<'py> {
    let fields = record!(py, fit; couplings, fields, penalty, log_likelihood, conditional_entropy, response, transitions, convergence);
    let (of_couplings, of_fields) = match errors {
        Some(errors) => (errors.couplings.to_python(py)?, errors.fields.to_python(py)?),
        None => (py.None().into_bound(py), py.None().into_bound(py)),
    };
    fields.set_item("coupling_errors", of_couplings)?;
    fields.set_item("field_errors", of_fields)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn fit_ising<'py>(
    py: Python<'py>,
    activity: Activity<'py>,
    asked: FitAsked,
    with_errors: bool,
    options: Options,
) -> Fields<'py> {
    let (raster, asked) = (activity.raster()?, asked.options());
    let (fit, errors) = supervised(py, options, move |_, _| {
        let transitions = raster.transitions()?;
        let fit = inference::maximum_likelihood(&transitions, &asked)?;
        let errors = with_errors
            .then(|| fit.standard_errors(&transitions))
            .transpose()?;
        Ok::<_, Error>((fit, errors))
    })?;
    fit_fields(py, &fit, errors.as_ref())
}

#[pyfunction]
pub(crate) fn sparse_fits<'py>(
    py: Python<'py>,
    activity: Activity<'py>,
    penalties: Option<Vec<f64>>,
    path: (usize, f64),
    iteration: (f64, usize),
    options: Options,
) -> PyResult<Bound<'py, PyList>> {
    let raster = activity.raster()?;
    let (steps, lowest) = path;
    let asked = SparseOptions {
        tolerance: iteration.0,
        max_passes: iteration.1,
    };
    let found = supervised(py, options, move |_, _| {
        let transitions = raster.transitions()?;
        let penalties = match penalties {
            Some(given) => given,
            None => inference::sparse_penalties(&transitions, steps, lowest)?,
        };
        inference::sparse_path(&transitions, &penalties, &asked)
    })?;
    let entries: Vec<_> = found
        .iter()
        .map(|sparse| {
            let fields = PyDict::new(py);
            fields.set_item("penalty", sparse.penalty)?;
            fields.set_item("coupling_count", sparse.couplings)?;
            fields.set_item("fit", fit_fields(py, &sparse.fit, None)?)?;
            Ok(fields)
        })
        .collect::<PyResult<_>>()?;
    PyList::new(py, entries)
}

fn validation<'py>(py: Python<'py>, found: &CrossValidation) -> Fields<'py> {
    let fields = record!(py, found; penalties, best, simplest);
    let scores: Vec<_> = found
        .scores
        .iter()
        .map(|score| score.to_python(py))
        .collect::<PyResult<_>>()?;
    fields.set_item("scores", PyList::new(py, scores)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn cross_validate_ising<'py>(
    py: Python<'py>,
    activity: Activity<'py>,
    penalties: Option<Vec<f64>>,
    absolute: bool,
    folds: usize,
    options: Options,
) -> Fields<'py> {
    let raster = activity.raster()?;
    let kind = if absolute {
        PenaltyKind::Absolute(SparseOptions::default())
    } else {
        PenaltyKind::Quadratic(FitOptions::default())
    };
    let found = supervised(py, options, move |run, _| {
        let transitions = raster.transitions()?;
        let penalties = match penalties {
            Some(penalties) => penalties,
            None => kind.penalties(&transitions)?,
        };
        inference::cross_validation(&transitions, &penalties, kind, folds, run)
    })?;
    validation(py, &found)
}

#[pyfunction]
pub(crate) fn invert_mean_field<'py>(py: Python<'py>, activity: Activity<'py>, theory: &str) -> Fields<'py> {
    let which = match theory {
        "naive" => MeanFieldInversion::Naive,
        "TAP" => MeanFieldInversion::ThoulessAndersonPalmer,
        _ => {
            return Err(model_error(
                py,
                format!("theory is \"{theory}\"; expected \"naive\" or \"TAP\""),
            ));
        }
    };
    let raster = activity.raster()?;
    let found = py
        .detach(|| inference::mean_field_inversion(&raster.transitions()?, which))
        .or_raise()?;
    Ok(record!(py, found; couplings, fields, without_root))
}

fn nulls<'py>(py: Python<'py>, found: &NullDistribution) -> Fields<'py> {
    Ok(record!(py, found; cross_fit, plug_in, p_value))
}

#[pyfunction]
pub(crate) fn infer_entropy_production<'py>(
    py: Python<'py>,
    activity: Activity<'py>,
    asked: FitAsked,
    resampling: (usize, usize, usize, f64),
    options: Options,
) -> Fields<'py> {
    let raster = activity.raster()?;
    let (blocks, draws, nulls_drawn, level) = resampling;
    let asked = EntropyProductionOptions {
        fit: asked.options(),
        blocks,
        draws,
        nulls: nulls_drawn,
        level,
    };
    let found = supervised(py, options, move |run, _| {
        inference::entropy_production(&raster, &asked, run)
    })?;
    let fields =
        record!(py, found; estimate, shrinkage, cross_fit, plug_in, plug_in_bias, backwards, pairs, units);
    fields.set_item("shifted", nulls(py, &found.shifted)?)?;
    fields.set_item("reversed_blocks", nulls(py, &found.reversed_blocks)?)?;
    fields.set_item("fit", fit_fields(py, &found.fit, None)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn correlation_lower_bound<'py>(
    py: Python<'py>,
    activity: Activity<'py>,
    penalties: Option<Vec<f64>>,
    resampling: (usize, usize, f64),
    options: Options,
) -> Fields<'py> {
    let raster = activity.raster()?;
    let (blocks, draws, level) = resampling;
    let usual = LowerBoundOptions::default();
    let asked = LowerBoundOptions {
        penalties: penalties.unwrap_or(usual.penalties),
        blocks,
        draws,
        level,
    };
    let found = supervised(py, options, move |run, _| {
        inference::correlation_lower_bound(&raster, &asked, run)
    })?;
    let fields = record!(py, found; estimate, in_sample, forces);
    fields.set_item("penalties", found.penalties.to_vec().to_python(py)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn place_scenario<'py>(
    py: Python<'py>,
    activity: Activity<'py>,
    asked: FitAsked,
    resampling: (usize, usize, f64),
    options: Options,
) -> Fields<'py> {
    let (raster, fit) = (activity.raster()?, asked.options());
    let (blocks, draws, level) = resampling;
    let asked = ScenarioOptions { blocks, draws, level };
    let found = supervised(py, options, move |run, _| {
        let transitions = raster.transitions()?;
        let fit = inference::maximum_likelihood(&transitions, &fit)?;
        inference::scenario(&fit, &transitions, &asked, run)
    })?;
    let fields = record!(py, found; mean_coupling, coupling_spread, mean_self_coupling, squared_standard_error, feedback,
        spectral_radius, uncertainty, conditional_entropy_per_unit);
    let (mean_field, field_spread) = found.fields;
    fields.set_item("mean_field", mean_field)?;
    fields.set_item("field_spread", field_spread)?;
    let ellipse = record!(py, found.ellipse; centre, half_axes, angle, level);
    let (xx, xy, yy) = found.ellipse.covariance;
    ellipse.set_item(
        "covariance",
        crate::records::rows(py, &[vec![xx, xy], vec![xy, yy]], 2)?,
    )?;
    fields.set_item("ellipse", ellipse)?;
    fields.set_item("distance_to_criticality", found.distance_to_criticality())?;
    Ok(fields)
}

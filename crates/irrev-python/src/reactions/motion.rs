//! What happens over time: evolution, steady states, limit cycles, branches, response.

use std::sync::Arc;

use irrev::model::Override;
use irrev_network::reactions::continuation::{self, ContinuationOptions, PointKind};
use irrev_network::reactions::evolution::{self, EvolutionOptions};
use irrev_network::reactions::limit_cycle::{self as cycles, LimitCycleOptions, Section};
use irrev_network::reactions::steady_state::{
    Stability, SteadyState, relaxed_steady_state, steady_state_near,
};
use irrev_network::reactions::{Budget, ReactionSystem as Inner, response};
use irrev_numerics::{Error as NumericsError, Tolerance};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::system::ReactionSystem;
use crate::arrays::{self, finite, place, vector};
use crate::errors::Exception;
use crate::experiment::Model;
use crate::records::{ToPython, record, rows};
use crate::run::{Options, Watch, supervised};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

fn budget<'py>(py: Python<'py>, budget: &Budget) -> Fields<'py> {
    let fields = record!(py, budget; entropy_production, excess, housekeeping, wasserstein_length, activity, diffusion, extents);
    fields.set_item("errors", budget.errors.to_vec().to_python(py)?)?;
    Ok(fields)
}

fn stability(stability: Stability) -> &'static str {
    match stability {
        Stability::Stable => "stable",
        Stability::Unstable => "unstable",
        _ => "marginal",
    }
}

#[pyfunction]
#[allow(
    clippy::too_many_arguments,
    reason = "an evolution has a start, an interval, times and options"
)]
pub(crate) fn evolve_reactions<'py>(
    py: Python<'py>,
    system: &ReactionSystem,
    start: Option<&Bound<'py, PyAny>>,
    duration: f64,
    times: &Bound<'py, PyAny>,
    tol: f64,
    with_budget: bool,
    error_estimate: bool,
    options: Options,
) -> Fields<'py> {
    let (start, duration) = (system.start("start", start)?, finite(py, "duration", duration)?);
    let default = EvolutionOptions::default();
    let settings = EvolutionOptions {
        times: vector("times", times)?,
        tolerance: Tolerance {
            relative: arrays::tolerance(py, tol)?,
            ..default.tolerance
        },
        budget: with_budget,
        error_estimate,
        ..default
    };
    let inner = Arc::clone(&system.inner);
    let found = supervised(py, options, move |run, _| {
        evolution::evolve(&inner, &start, duration, &settings, run)
    })?;
    let fields = record!(py, found; times, final_amounts, speed_limits, final_errors, convergence);
    fields.set_item(
        "amounts",
        rows(py, &found.amounts, system.inner.state_names().len())?,
    )?;
    fields.set_item(
        "budget",
        found.budget.as_ref().map(|b| budget(py, b)).transpose()?,
    )?;
    Ok(fields)
}

fn steady_fields<'py>(py: Python<'py>, found: &SteadyState) -> Fields<'py> {
    let fields = record!(py, found; amounts, eigenvalues, convergence);
    fields.set_item("stability", stability(found.stability))?;
    Ok(fields)
}

/// From a start by relaxation, or from a guess by Newton's method.
#[pyfunction]
pub(crate) fn steady_state<'py>(
    py: Python<'py>,
    system: &ReactionSystem,
    start: Option<&Bound<'py, PyAny>>,
    guess: Option<&Bound<'py, PyAny>>,
    options: Options,
) -> Fields<'py> {
    let inner = Arc::clone(&system.inner);
    let found = match (start, guess) {
        (Some(_), Some(_)) => return Err(PyTypeError::new_err("give start or guess, not both")),
        (start, None) => {
            let start = system.start("start", start)?;
            supervised(py, options, move |run, _| {
                relaxed_steady_state(&inner, &start, run)
            })?
        }
        (None, Some(guess)) => {
            let guess = system.state("guess", guess)?;
            supervised(py, options, move |_, _| steady_state_near(&inner, &guess))?
        }
    };
    steady_fields(py, &found)
}

#[pyfunction]
#[allow(
    clippy::too_many_arguments,
    reason = "a cycle is sought from a start, on a section, with limits"
)]
pub(crate) fn limit_cycle<'py>(
    py: Python<'py>,
    system: &ReactionSystem,
    start: Option<&Bound<'py, PyAny>>,
    section: Option<(Bound<'py, PyAny>, f64)>,
    points: usize,
    returns: usize,
    transient: Option<f64>,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let start = system.start("start", start)?;
    let names = system.inner.state_names();
    let section = section.map(|(species, value)| {
        let state = place("dynamic species", names, &species)?;
        let value = finite(py, "the value of the section", value)?;
        PyResult::Ok(Section { state, value })
    });
    let default = LimitCycleOptions::default();
    let settings = LimitCycleOptions {
        section: section.transpose()?,
        returns,
        transient: transient.map(|t| finite(py, "transient", t)).transpose()?,
        tolerance: Tolerance {
            relative: arrays::tolerance(py, tol)?,
            ..default.tolerance
        },
    };
    let inner = Arc::clone(&system.inner);
    let (found, times, orbit) = supervised(py, options, move |run, _| -> irrev_network::Result<_> {
        let found = cycles::limit_cycle(&inner, &start, &settings, run)?;
        let (first, last) = (found.trajectory.times()[0], found.trajectory.time());
        let at = |k: usize| first + (last - first) * (k as f64 / (points.max(2) - 1) as f64);
        let times: Vec<f64> = (0..points).map(|k| at(k).min(last)).collect();
        let orbit: Result<Vec<_>, _> = times.iter().map(|t| found.trajectory.at(*t)).collect();
        Ok((found, times, orbit?))
    })?;
    let fields = record!(py, found; period, amounts, multipliers, is_stable, convergence);
    fields.set_item("section_species", &names[found.section.state])?;
    fields.set_item("section_value", found.section.value)?;
    fields.set_item("budget", budget(py, &found.budget)?)?;
    fields.set_item("times", times.to_python(py)?)?;
    fields.set_item("orbit", rows(py, &orbit, names.len())?)?;
    Ok(fields)
}

/// Where systems along a branch come from.
enum Family {
    /// A number of a model, by its key.
    Model(Model, String),
    /// A Python function of the parameter.
    Function(Py<PyAny>),
}

impl Family {
    /// The system at a value of the parameter; a Python exception is kept in `watch`.
    fn at(&self, value: f64, watch: &Watch) -> irrev_network::Result<Inner> {
        let raised = |error: PyErr| {
            watch.keep(error);
            irrev_network::Error::from(NumericsError::Cancelled)
        };
        match self {
            Self::Model(model, key) => {
                let mut overrides = model.overrides.clone();
                overrides.retain(|o| o.key != *key);
                overrides.push(Override::number(key.clone(), value));
                let made = model.chemistry_with(&overrides, |_, chemistry| Ok(chemistry.system.clone()));
                made.map_err(|error| raised(Python::attach(|py| error.exception(py))))
            }
            Self::Function(function) => Python::attach(|py| {
                let system = function.bind(py).call1((value,))?;
                let system = system.cast::<ReactionSystem>().map_err(|_| {
                    PyTypeError::new_err("the function of the parameter must return a ReactionSystem")
                })?;
                PyResult::Ok((*system.get().inner).clone())
            })
            .map_err(raised),
        }
    }
}

#[pyfunction]
#[allow(
    clippy::too_many_arguments,
    reason = "a branch has a family of systems, a start, a range and options"
)]
pub(crate) fn steady_branch<'py>(
    py: Python<'py>,
    family: &Bound<'py, PyAny>,
    key: Option<String>,
    from: f64,
    start: &Bound<'py, PyAny>,
    upwards: bool,
    range: (f64, f64),
    largest_step: f64,
    most_points: usize,
    options: Options,
) -> Fields<'py> {
    let family = match (family.cast::<Model>(), key) {
        (Ok(model), Some(key)) => Family::Model(model.get().clone(), key),
        (Ok(_), None) => {
            return Err(PyTypeError::new_err(
                "key is missing: which number of the model is the parameter?",
            ));
        }
        (Err(_), _) if family.is_callable() => Family::Function(family.clone().unbind()),
        (Err(_), _) => {
            return Err(PyTypeError::new_err(
                "give a Model with a key, or a function from the parameter to a ReactionSystem",
            ));
        }
    };
    let (start, from) = (vector("start", start)?, finite(py, "from_", from)?);
    let settings = ContinuationOptions {
        range,
        largest_step: finite(py, "largest_step", largest_step)?,
        most_points,
    };
    let found = supervised(py, options, move |run, watch| -> irrev_network::Result<_> {
        let system_at = |value: f64| family.at(value, watch);
        let found = continuation::steady_branch(&system_at, from, &start, upwards, &settings, run)?;
        // a step just beyond where systems exist is a step that was not taken
        watch.forget();
        Ok(found)
    })?;
    let fields = record!(py, found; convergence);
    let points = &found.points;
    let column = |of: &dyn Fn(&continuation::BranchPoint) -> f64| points.iter().map(of).collect::<Vec<f64>>();
    fields.set_item("parameters", column(&|p| p.parameter).to_python(py)?)?;
    fields.set_item(
        "entropy_production_rates",
        column(&|p| p.entropy_production_rate).to_python(py)?,
    )?;
    let amounts: Vec<Vec<f64>> = points.iter().map(|p| p.amounts.clone()).collect();
    fields.set_item(
        "amounts",
        rows(py, &amounts, amounts.first().map_or(0, Vec::len))?,
    )?;
    let leading: Vec<_> = points.iter().map(|p| p.leading).collect();
    fields.set_item("leading", leading.to_python(py)?)?;
    fields.set_item(
        "stability",
        PyList::new(py, points.iter().map(|p| stability(p.stability)))?,
    )?;
    let kind = |p: &continuation::BranchPoint| match p.kind {
        PointKind::Fold => "fold",
        PointKind::Hopf => "hopf",
        _ => "regular",
    };
    fields.set_item("kinds", PyList::new(py, points.iter().map(kind))?)?;
    Ok(fields)
}

/// Response at the steady state near the given amounts.
#[pyfunction]
pub(crate) fn steady_response<'py>(
    py: Python<'py>,
    system: &ReactionSystem,
    steady: &Bound<'py, PyAny>,
    options: Options,
) -> Fields<'py> {
    let steady = system.state("steady", steady)?;
    let inner = Arc::clone(&system.inner);
    let found = supervised(py, options, move |_, _| {
        let steady = steady_state_near(&inner, &steady)?;
        response::steady_response(&inner, &steady)
    })?;
    let fields = record!(py, found; forward, backward, entropy_production_rate);
    let columns = system.inner.state_names().len();
    fields.set_item("amounts_forward", rows(py, &found.amounts_forward, columns)?)?;
    fields.set_item("amounts_backward", rows(py, &found.amounts_backward, columns)?)?;
    Ok(fields)
}

//! A state against a steady state.

use std::cell::RefCell;
use std::sync::Arc;

use irrev_network::information::stability::{self, AgainstSteadyState, Excess, Motion, StateDependentRates};
use irrev_network::reactions::steady_state::{Stability, steady_state_near};
use irrev_numerics::Error as NumericsError;
use numpy::PyReadonlyArray2;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::Fields;
use crate::arrays::{distribution, vector};
use crate::driven::fill;
use crate::errors::OrRaise;
use crate::flow::Flow;
use crate::matrices::matrix;
use crate::network::Network;
use crate::reactions::ReactionSystem;
use crate::records::{ToPython, record};

fn excess_fields<'py>(py: Python<'py>, found: &Excess) -> Fields<'py> {
    let fields = record!(py, found; housekeeping, divergence_decay, second_variation, second_variation_rate,
        fisher_information, rate, size);
    for (name, sum) in [("resolved", &found.resolved), ("lumped", &found.lumped)] {
        fields.set_item(name, record!(py, sum; excess, entropy_production_rate))?;
    }
    fields.set_item("parallel", &found.parallel)?;
    let (motion, no_test) = match found.motion() {
        Ok(Motion::Approaching) => (Some("approaching"), None),
        Ok(Motion::Leaving) => (Some("leaving"), None),
        Ok(_) => (Some("neither"), None),
        Err(reason) => (None, Some(reason.to_string())),
    };
    fields.set_item("motion", motion)?;
    fields.set_item("no_test", no_test)?;
    Ok(fields)
}

fn against<'py>(py: Python<'py>, found: &AgainstSteadyState) -> Fields<'py> {
    let fields = record!(py, found; steady, fisher_information_rate, eigenvalues);
    fields.set_item("excess", excess_fields(py, &found.excess)?)?;
    let stability = match found.stability {
        Stability::Stable => "stable",
        Stability::Unstable => "unstable",
        _ => "marginal",
    };
    fields.set_item("stability", stability)?;
    Ok(fields)
}

/// Both as a flow and the state that it belongs to.
#[pyfunction]
pub(crate) fn excess_entropy_production<'py>(
    py: Python<'py>,
    flow: &Flow,
    state: &Bound<'py, PyAny>,
    steady_flow: &Flow,
    steady: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let (state, steady) = (vector("state", state)?, vector("steady", steady)?);
    let found = stability::excess_entropy_production((&flow.0, &state), (&steady_flow.0, &steady));
    excess_fields(py, &found.or_raise()?)
}

/// The steady state is the one that Newton's method finds from the amounts given.
#[pyfunction]
pub(crate) fn reaction_stability<'py>(
    py: Python<'py>,
    system: &ReactionSystem,
    amounts: &Bound<'py, PyAny>,
    steady: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let (amounts, steady) = (system.state("amounts", amounts)?, system.state("steady", steady)?);
    let inner = Arc::clone(&system.inner);
    let found = py.detach(move || {
        let steady = steady_state_near(&inner, &steady)?;
        stability::reaction_stability(&inner, &amounts, &steady)
    });
    against(py, &found.or_raise()?)
}

/// k⁺, k⁻ and their derivatives by the state.
#[pyfunction]
pub(crate) fn differentiated_rates<'py>(
    py: Python<'py>,
    rates: &Bound<'py, PyAny>,
    state: &Bound<'py, PyAny>,
    edges: usize,
) -> Fields<'py> {
    let state = vector("state", state)?;
    let raised: RefCell<Option<PyErr>> = RefCell::new(None);
    let read = |p: &[f64], forward: &mut [f64], backward: &mut [f64]| -> PyResult<()> {
        let value = rates.call1((p.to_vec().to_python(py)?,))?;
        let (k, back): (Bound<'_, PyAny>, Bound<'_, PyAny>) = value
            .extract()
            .map_err(|_| PyTypeError::new_err("rates must return a pair (forward, backward) of arrays"))?;
        fill("forward rates", &k, forward)?;
        fill("backward rates", &back, backward)
    };
    let found = stability::differentiated_rates(&state, edges, |p, forward, backward| {
        read(p, forward, backward).map_err(|error| {
            *raised.borrow_mut() = Some(error);
            NumericsError::Cancelled.into()
        })
    });
    match raised.into_inner() {
        Some(error) => Err(error),
        None => {
            let found = found.or_raise()?;
            Ok(record!(py, found; forward, backward, forward_derivative, backward_derivative))
        }
    }
}

/// A state with its rates as Python packs it: p, k⁺, k⁻, ∂k⁺/∂p, ∂k⁻/∂p.
type Rated<'py> = (
    Bound<'py, PyAny>,
    Bound<'py, PyAny>,
    Bound<'py, PyAny>,
    PyReadonlyArray2<'py, f64>,
    PyReadonlyArray2<'py, f64>,
);

fn rated(
    name: &str,
    (state, forward, backward, d_forward, d_backward): &Rated<'_>,
) -> PyResult<(Vec<f64>, StateDependentRates)> {
    let rates = StateDependentRates {
        forward: vector("forward rates", forward)?,
        backward: vector("backward rates", backward)?,
        forward_derivative: matrix(d_forward)?,
        backward_derivative: matrix(d_backward)?,
    };
    Ok((distribution(name, state)?.probabilities().to_vec(), rates))
}

#[pyfunction]
pub(crate) fn nonlinear_stability<'py>(
    py: Python<'py>,
    network: &Network,
    here: Rated<'py>,
    there: Rated<'py>,
) -> PyResult<Bound<'py, PyDict>> {
    let ((state, rates), (steady, steady_rates)) = (rated("state", &here)?, rated("steady", &there)?);
    let network = Arc::clone(&network.0);
    let found = py
        .detach(move || stability::nonlinear_stability(&network, (&state, &rates), (&steady, &steady_rates)));
    against(py, &found.or_raise()?)
}

//! Infinite networks.

use irrev_ising::infinite::{
    Axis, Branch, InfiniteNetwork, OrderParameters, Parameter, PhaseDiagram, Quantity,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::drawn::Fields as FieldsDrawn;
use crate::arrays::vector;
use crate::errors::{OrRaise, model_error};
use crate::records::{ToPython, matrix, record, rows};
use crate::run::{Options, supervised};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

/// β, J₀, ΔJ and the law of the fields.
#[derive(FromPyObject)]
pub(crate) struct Infinite(f64, f64, f64, FieldsDrawn);

impl Infinite {
    fn network(&self, py: Python<'_>) -> PyResult<InfiniteNetwork> {
        let network = InfiniteNetwork {
            inverse_temperature: self.0,
            mean_coupling: self.1,
            spread: self.2,
            fields: self.3.law(py)?,
        };
        network.check().or_raise()?;
        Ok(network)
    }
}

/// Raises what is wrong with the parameters of an infinite network.
#[pyfunction]
pub(crate) fn check_infinite(py: Python<'_>, network: Infinite) -> PyResult<()> {
    network.network(py).map(|_| ())
}

fn branch(py: Python<'_>, name: &str) -> PyResult<Branch> {
    match name {
        "up" => Ok(Branch::Up),
        "down" => Ok(Branch::Down),
        _ => Err(model_error(
            py,
            format!("branch is \"{name}\"; expected \"up\" or \"down\""),
        )),
    }
}

fn order<'py>(py: Python<'py>, found: &OrderParameters) -> Fields<'py> {
    Ok(
        record!(py, found; magnetization, overlap, gain, conditional_entropy, entropy_production, reversed_entropy, feedback,
        susceptibility, magnetization_slope, numerical_error),
    )
}

#[pyfunction]
pub(crate) fn infinite_parallel<'py>(py: Python<'py>, network: Infinite, at: &str) -> Fields<'py> {
    let (network, at) = (network.network(py)?, branch(py, at)?);
    order(py, &py.detach(|| network.order_parameters(at)).or_raise()?)
}

/// The state of period two, or None where the stationary one is stable.
#[pyfunction]
pub(crate) fn infinite_alternating<'py>(
    py: Python<'py>,
    network: Infinite,
    at: &str,
) -> PyResult<Option<Bound<'py, PyDict>>> {
    let (network, at) = (network.network(py)?, branch(py, at)?);
    let Some(found) = py.detach(|| network.alternating(at)).or_raise()? else {
        return Ok(None);
    };
    let fields = record!(py, found; successive_overlap, conditional_entropy, entropy_production, reversed_entropy, flips, multiplier,
        numerical_error);
    let phases = found.phases.iter().map(|phase| -> Fields<'py> {
        Ok(record!(py, phase; magnetization, overlap, gain, conditional_entropy, entropy_production, reversed_entropy))
    });
    fields.set_item("phases", phases.collect::<PyResult<Vec<_>>>()?)?;
    Ok(Some(fields))
}

#[pyfunction]
pub(crate) fn infinite_draw_spread<'py>(
    py: Python<'py>,
    network: Infinite,
    spins: usize,
    at: &str,
) -> Fields<'py> {
    let (network, at) = (network.network(py)?, branch(py, at)?);
    let found = py.detach(|| network.draw_spread(spins, at)).or_raise()?;
    Ok(record!(py, found; magnetization, entropy_production, entropy_production_rate))
}

#[pyfunction]
pub(crate) fn alternation_inverse_temperature(py: Python<'_>, network: Infinite) -> PyResult<Option<f64>> {
    network
        .network(py)?
        .inverse_temperature_of_alternation()
        .or_raise()
}

#[pyfunction]
pub(crate) fn infinite_sequential<'py>(
    py: Python<'py>,
    network: Infinite,
    at: &str,
    lags: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let (network, at, lags) = (network.network(py)?, branch(py, at)?, vector("lags", lags)?);
    let found = py.detach(|| network.sequential(at)).or_raise()?;
    let fields = order(py, &found.order)?;
    fields.update(record!(py, found; entropy_production_rate, forgotten, flip_rate, entropy_per_attempt, numerical_error).as_mapping())?;
    let correlations: Vec<f64> = lags.iter().map(|lag| found.autocorrelation.at(*lag)).collect();
    fields.set_item("lags", lags.to_python(py)?)?;
    fields.set_item("autocorrelation", correlations.to_python(py)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn infinite_partly_parallel<'py>(
    py: Python<'py>,
    network: Infinite,
    update_probability: f64,
    at: &str,
) -> Fields<'py> {
    let (network, at) = (network.network(py)?, branch(py, at)?);
    let found = py
        .detach(|| network.partly_parallel(update_probability, at))
        .or_raise()?;
    let fields = record!(py, found; entropy_production, flips, autocorrelation, numerical_error);
    fields.set_item("order", order(py, &found.order)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn infinite_solutions<'py>(
    py: Python<'py>,
    network: Infinite,
) -> PyResult<Vec<Bound<'py, PyDict>>> {
    let network = network.network(py)?;
    let found = py.detach(|| network.solutions()).or_raise()?;
    found.iter().map(|state| order(py, state)).collect()
}

#[pyfunction]
pub(crate) fn zero_temperature<'py>(py: Python<'py>, network: Infinite, at: &str) -> Fields<'py> {
    let (network, at) = (network.network(py)?, branch(py, at)?);
    let found = py.detach(|| network.zero_temperature(at)).or_raise()?;
    Ok(
        record!(py, found; magnetization, overlap, undecided, conditional_entropy_times_beta, entropy_production_per_beta,
        entropy_production_rate_per_beta, flip_rate, forgotten, feedback),
    )
}

/// Name of a parameter, first and last value, and number of values.
#[derive(FromPyObject)]
pub(crate) struct AxisGiven(String, f64, f64, usize);

impl AxisGiven {
    fn axis(self, py: Python<'_>) -> PyResult<Axis> {
        let parameter = match self.0.as_str() {
            "beta" => Parameter::InverseTemperature,
            "mean_coupling" => Parameter::MeanCoupling,
            "spread" => Parameter::Spread,
            "mean_field" => Parameter::MeanField,
            "field_width" => Parameter::FieldWidth,
            other => {
                return Err(model_error(
                    py,
                    format!(
                        "an axis is \"{other}\"; expected \"beta\", \"mean_coupling\", \"spread\", \"mean_field\" or \"field_width\""
                    ),
                ));
            }
        };
        Ok(Axis {
            parameter,
            from: self.1,
            to: self.2,
            points: self.3,
        })
    }
}

/// Values of the axes, one matrix per quantity, and the points (x, y) of the critical line.
#[pyfunction]
pub(crate) fn phase_diagram<'py>(
    py: Python<'py>,
    network: Infinite,
    x: AxisGiven,
    y: AxisGiven,
    at: &str,
    options: Options,
) -> Fields<'py> {
    let (network, at) = (network.network(py)?, branch(py, at)?);
    let (x, y) = (x.axis(py)?, y.axis(py)?);
    let found = supervised(py, options, move |run, _| {
        PhaseDiagram::of(&network, x, y, at, run)
    })?;
    let fields = PyDict::new(py);
    fields.set_item("x", x.values().to_python(py)?)?;
    fields.set_item("y", y.values().to_python(py)?)?;
    for (name, quantity) in MAPPED {
        fields.set_item(name, matrix(py, found.values(quantity), y.points, x.points)?)?;
    }
    let line: Vec<Vec<f64>> = found.critical_line.iter().map(|(x, y)| vec![*x, *y]).collect();
    fields.set_item("critical_line", rows(py, &line, 2)?)?;
    let line: Vec<Vec<f64>> = found.alternation_line.iter().map(|(x, y)| vec![*x, *y]).collect();
    fields.set_item("alternation_line", rows(py, &line, 2)?)?;
    Ok(fields)
}

/// Quantities of a map by their names in Python.
const MAPPED: [(&str, Quantity); 15] = [
    ("magnetization", Quantity::Magnetization),
    ("overlap", Quantity::Overlap),
    ("gain", Quantity::Gain),
    ("conditional_entropy", Quantity::ConditionalEntropy),
    ("reversed_entropy", Quantity::ReversedEntropy),
    ("entropy_production", Quantity::EntropyProduction),
    ("entropy_production_rate", Quantity::EntropyProductionRate),
    ("flip_rate", Quantity::FlipRate),
    ("decay_rate", Quantity::DecayRate),
    ("feedback", Quantity::Feedback),
    ("susceptibility", Quantity::Susceptibility),
    ("magnetization_slope", Quantity::MagnetizationSlope),
    (
        "parallel_conditional_entropy",
        Quantity::ParallelConditionalEntropy,
    ),
    ("even_magnetization", Quantity::EvenMagnetization),
    ("odd_magnetization", Quantity::OddMagnetization),
];

#[pyfunction]
pub(crate) fn critical_inverse_temperature(py: Python<'_>, network: Infinite) -> PyResult<Option<f64>> {
    network.network(py)?.critical_inverse_temperature().or_raise()
}

#[pyfunction]
pub(crate) fn critical_spread(py: Python<'_>, network: Infinite) -> PyResult<Option<f64>> {
    network.network(py)?.critical_spread().or_raise()
}

#[pyfunction]
pub(crate) fn quench_correlations<'py>(
    py: Python<'py>,
    network: Infinite,
    magnetization: f64,
    steps: usize,
    lag: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let network = network.network(py)?;
    let found = py
        .detach(|| {
            network
                .quench(magnetization, steps)
                .map(|quench| quench.correlations(lag))
        })
        .or_raise()?;
    found.to_python(py)
}

#[pyfunction]
pub(crate) fn quench<'py>(
    py: Python<'py>,
    network: Infinite,
    magnetization: f64,
    steps: usize,
) -> Fields<'py> {
    let network = network.network(py)?;
    let found = py.detach(|| network.quench(magnetization, steps)).or_raise()?;
    let fields =
        record!(py, found; magnetizations, replica_overlaps, gains, conditional_entropies, bath_entropies);
    let (lower, upper): (Vec<f64>, Vec<f64>) = found.system_entropies.iter().copied().unzip();
    fields.set_item("system_entropy_lower", lower.to_python(py)?)?;
    fields.set_item("system_entropy_upper", upper.to_python(py)?)?;
    Ok(fields)
}

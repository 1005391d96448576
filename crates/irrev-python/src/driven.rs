//! Rates that depend on time, given by Python functions or by expressions in `t`.

use std::sync::Arc;

use irrev::expression::{Compiled, Expression};
use irrev_network::dynamics::{self, RateLaw, StateLaw};
use irrev_network::{Distribution, Kinetics};
use irrev_numerics::{Error as NumericsError, Tolerance};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::arrays::{self, distribution, finite, vector};
use crate::errors::{OrRaise, model_error};
use crate::flow::Flow;
use crate::network::Network;
use crate::records::record;
use crate::run::{Options, Watch, supervised};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

/// Expressions in the time `t` and in named parameters, compiled.
#[derive(Clone)]
pub(crate) struct Formulas {
    compiled: Arc<[Compiled]>,
    /// Values of the parameters, after a place for the time.
    values: Arc<[f64]>,
}

impl Formulas {
    pub(crate) fn parse(
        py: Python<'_>,
        what: &str,
        texts: &[String],
        parameters: &[(String, f64)],
        slope: bool,
    ) -> PyResult<Self> {
        let names: Vec<&str> = std::iter::once("t")
            .chain(parameters.iter().map(|p| p.0.as_str()))
            .collect();
        let one = |text: &String| {
            let compiled = Expression::parse(text)
                .map(|e| if slope { e.derivative("t") } else { e })
                .and_then(|e| e.compile(&names));
            compiled.map_err(|error| {
                let help = error
                    .help
                    .as_ref()
                    .map_or(String::new(), |help| format!("; {help}"));
                model_error(py, format!("{what} \"{text}\": {}{help}", error.message))
            })
        };
        Ok(Self {
            compiled: texts.iter().map(one).collect::<PyResult<_>>()?,
            values: std::iter::once(0.0)
                .chain(parameters.iter().map(|p| p.1))
                .collect(),
        })
    }

    pub(crate) fn evaluate(&self, t: f64, out: &mut [f64]) {
        let mut values = self.values.to_vec();
        values[0] = t;
        for (out, compiled) in out.iter_mut().zip(self.compiled.iter()) {
            *out = compiled.evaluate(&values);
        }
    }
}

/// A law in time: what Python gives, and how it is evaluated.
pub(crate) enum Law {
    Formulas { forward: Formulas, backward: Formulas },
    Function(Py<PyAny>),
}

/// Numbers that a Python function of the time returns, or the reason why they cannot be had, kept in the watch.
pub(crate) fn call(
    function: &Py<PyAny>,
    watch: &Watch,
    t: f64,
    read: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<()>,
) -> irrev_network::Result<()> {
    Python::attach(|py| function.bind(py).call1((t,)).and_then(|value| read(&value))).map_err(|error| {
        watch.keep(error);
        NumericsError::Cancelled.into()
    })
}

pub(crate) fn fill(name: &str, value: &Bound<'_, PyAny>, out: &mut [f64]) -> PyResult<()> {
    let numbers = vector(name, value)?;
    if numbers.len() != out.len() {
        let (found, expected) = (numbers.len(), out.len());
        return Err(model_error(
            value.py(),
            format!("{name} has {found} entries, expected {expected}"),
        ));
    }
    out.copy_from_slice(&numbers);
    Ok(())
}

/// Markov jump process with rates that depend on time.
///
/// Parameters
/// ----------
/// network : Network
/// rates : callable or pair of sequences
///     Either a function of the time that returns (k⁺, k⁻), two arrays with one rate per edge; or a pair (k⁺, k⁻) of sequences with one
///     expression per edge, as text in `t` and the parameters, or a number.
/// parameters : mapping of str to float, optional
///     Values of the names in the expressions.
///
/// Examples
/// --------
/// >>> from irrev.network import DrivenJump, Network
/// >>> process = DrivenJump(Network.from_edges(2, [(0, 1)]),
/// ...                      rates=(["k*exp(cos(t)/2)"], ["k*exp(-cos(t)/2)"]), parameters={"k": 2.0})
/// >>> forward, backward = process.rates_at(0.0)
/// >>> round(float(forward[0]), 12)
/// 3.2974425414
#[pyclass(frozen, module = "irrev.network")]
pub(crate) struct DrivenJump {
    pub(crate) network: Network,
    pub(crate) law: Arc<Law>,
    rates: Py<PyAny>,
    pub(crate) parameters: Vec<(String, f64)>,
}

/// Expressions of one direction, from text or numbers.
pub(crate) fn texts(name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<String>> {
    let wrong = || {
        PyTypeError::new_err(format!(
            "{name} must hold one expression (text or a number) per entry"
        ))
    };
    if value.is_instance_of::<pyo3::types::PyString>() {
        return Err(wrong());
    }
    let one = |item: PyResult<Bound<'_, PyAny>>| {
        let item = item?;
        match item.extract::<String>() {
            Ok(text) => Ok(text),
            Err(_) => item
                .extract::<f64>()
                .map(|number| format!("{number:?}"))
                .map_err(|_| wrong()),
        }
    };
    value.try_iter().map_err(|_| wrong())?.map(one).collect()
}

fn named(parameters: Option<&Bound<'_, PyDict>>) -> PyResult<Vec<(String, f64)>> {
    let mut named = Vec::new();
    for (name, value) in parameters.into_iter().flatten() {
        let name: String = name.extract()?;
        let value: f64 = value
            .extract()
            .map_err(|_| PyTypeError::new_err(format!("parameter \"{name}\" must be a number")))?;
        named.push((
            name.clone(),
            finite(
                parameters_py(parameters)?,
                &format!("parameter \"{name}\""),
                value,
            )?,
        ));
    }
    if let Some((name, _)) = named.iter().find(|p| p.0 == "t") {
        return Err(PyValueError::new_err(format!(
            "\"{name}\" is the time and cannot be a parameter"
        )));
    }
    Ok(named)
}

fn parameters_py<'py>(parameters: Option<&Bound<'py, PyDict>>) -> PyResult<Python<'py>> {
    parameters
        .map(Bound::py)
        .ok_or_else(|| PyValueError::new_err("no parameters"))
}

impl DrivenJump {
    /// The process for one computation, its Python errors kept in `watch`.
    pub(crate) fn process<'a>(
        network: &Arc<irrev_network::Network>,
        law: &'a Law,
        watch: &'a Watch,
    ) -> dynamics::DrivenJump<'a> {
        let rates: Box<RateLaw<'a>> = match law {
            Law::Formulas { forward, backward } => Box::new(|t, f: &mut [f64], b: &mut [f64]| {
                forward.evaluate(t, f);
                backward.evaluate(t, b);
                Ok(())
            }),
            Law::Function(function) => Box::new(move |t, f: &mut [f64], b: &mut [f64]| {
                call(function, watch, t, |value| {
                    let (forward, backward): (Bound<'_, PyAny>, Bound<'_, PyAny>) =
                        value.extract().map_err(|_| {
                            PyTypeError::new_err("rates must return a pair (forward, backward) of arrays")
                        })?;
                    fill("forward rates", &forward, f)?;
                    fill("backward rates", &backward, b)
                })
            }),
        };
        dynamics::DrivenJump::new(Arc::clone(network), rates)
    }

    /// Runs work on the process in the calling thread.
    fn at_once<T>(
        &self,
        work: impl FnOnce(&dynamics::DrivenJump<'_>) -> irrev_network::Result<T>,
    ) -> PyResult<T> {
        let watch = Watch::default();
        let result = work(&Self::process(&self.network.0, &self.law, &watch));
        watch.raise()?;
        result.or_raise()
    }
}

#[pymethods]
impl DrivenJump {
    #[new]
    #[pyo3(signature = (network, *, rates, parameters=None))]
    fn new(
        network: &Network,
        rates: Bound<'_, PyAny>,
        parameters: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let parameters = named(parameters)?;
        let py = rates.py();
        let law = if rates.is_callable() {
            Law::Function(rates.clone().unbind())
        } else {
            let (forward, backward): (Bound<'_, PyAny>, Bound<'_, PyAny>) =
                rates.extract().map_err(|_| {
                    PyTypeError::new_err(
                        "rates must be a function of the time, or a pair (forward, backward)",
                    )
                })?;
            let read = |what: &'static str, value: &Bound<'_, PyAny>| {
                let texts = texts(what, value)?;
                let (found, expected) = (texts.len(), network.0.edges().len());
                if found != expected {
                    return Err(irrev_network::Error::Length {
                        what,
                        found,
                        expected,
                    })
                    .or_raise();
                }
                Formulas::parse(py, what, &texts, &parameters, false)
            };
            Law::Formulas {
                forward: read("forward rates", &forward)?,
                backward: read("backward rates", &backward)?,
            }
        };
        Ok(Self {
            network: network.clone(),
            law: Arc::new(law),
            rates: rates.unbind(),
            parameters,
        })
    }

    /// The network.
    #[getter]
    fn network(&self) -> Network {
        self.network.clone()
    }

    /// The law as it was given.
    #[getter]
    fn rates(&self, py: Python<'_>) -> Py<PyAny> {
        self.rates.clone_ref(py)
    }

    /// Values of the names in the expressions.
    #[getter]
    fn parameters<'py>(&self, py: Python<'py>) -> Fields<'py> {
        let fields = PyDict::new(py);
        for (name, value) in &self.parameters {
            fields.set_item(name, value)?;
        }
        Ok(fields)
    }

    /// Rates (k⁺, k⁻) at a time, checked to be finite and not negative.
    fn rates_at<'py>(&self, py: Python<'py>, time: f64) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        use crate::records::ToPython;
        let time = finite(py, "time", time)?;
        let (forward, backward) = self.at_once(|process| process.rates_at(time))?;
        Ok((forward.to_python(py)?, backward.to_python(py)?))
    }

    /// The flow at a time and a distribution.
    fn flow(&self, py: Python<'_>, time: f64, distribution: &Bound<'_, PyAny>) -> PyResult<Flow> {
        let (time, p) = (
            finite(py, "time", time)?,
            arrays::distribution("distribution", distribution)?,
        );
        let flow = self.at_once(|process| {
            process
                .network()
                .divergence(&vec![0.0; process.network().edges().len()])?;
            irrev_network::Flow::evaluate(process, time, p.probabilities())
        })?;
        Ok(Flow(Arc::new(flow)))
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let fields = PyDict::new(py);
        fields.set_item("rates", &self.rates)?;
        fields.set_item("parameters", self.parameters(py)?)?;
        Ok((PyTuple::new(py, [self.network.clone()])?, fields))
    }

    fn __repr__(&self) -> String {
        format!(
            "<DrivenJump on {} states and {} edges>",
            self.network.0.states().len(),
            self.network.0.edges().len()
        )
    }
}

fn driven_fields<'py>(py: Python<'py>, found: &dynamics::DrivenRecord) -> Fields<'py> {
    Ok(
        record!(py, found; times, distributions, final_distribution, entropy_production, activity, net_jumps,
        medium_entropy, convergence),
    )
}

#[pyfunction]
#[allow(
    clippy::too_many_arguments,
    reason = "a protocol has a process, a start, an interval, times and options"
)]
pub(crate) fn driven_process<'py>(
    py: Python<'py>,
    process: &DrivenJump,
    start: &Bound<'py, PyAny>,
    from: f64,
    to: f64,
    times: &Bound<'py, PyAny>,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let (start, times) = (distribution("start", start)?, vector("times", times)?);
    let (from, to) = (finite(py, "from_", from)?, finite(py, "to", to)?);
    let tolerance = Tolerance::relative(arrays::tolerance(py, tol)?);
    let (network, law) = (Arc::clone(&process.network.0), Arc::clone(&process.law));
    let found = supervised(py, options, move |run, watch| {
        let process = DrivenJump::process(&network, &law, watch);
        dynamics::driven_process(&process, &start, from, to, &times, tolerance, run)
    })?;
    driven_fields(py, &found)
}

#[pyfunction]
pub(crate) fn periodic_state<'py>(
    py: Python<'py>,
    process: &DrivenJump,
    period: f64,
    times: &Bound<'py, PyAny>,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let times = vector("times", times)?;
    let tolerance = Tolerance::relative(arrays::tolerance(py, tol)?);
    let (network, law) = (Arc::clone(&process.network.0), Arc::clone(&process.law));
    let found = supervised(py, options, move |run, watch| {
        let process = DrivenJump::process(&network, &law, watch);
        dynamics::periodic_state(&process, period, &times, tolerance, run)
    })?;
    let fields = record!(py, found; distribution);
    fields.set_item("record", driven_fields(py, &found.record)?)?;
    Ok(fields)
}

/// Energies as expressions (differentiated here) or their rates as a function of the time.
fn energy_law(
    process: &DrivenJump,
    energies: Option<&Bound<'_, PyAny>>,
    energy_rate: Option<&Bound<'_, PyAny>>,
) -> PyResult<Result<Formulas, Py<PyAny>>> {
    let states = process.network.0.states().len();
    let formulas = |what: &'static str, value: &Bound<'_, PyAny>, slope: bool| {
        let texts = texts(what, value)?;
        if texts.len() != states {
            let found = texts.len();
            return Err(irrev_network::Error::Length {
                what,
                found,
                expected: states,
            })
            .or_raise();
        }
        Formulas::parse(value.py(), what, &texts, &process.parameters, slope)
    };
    match (energies, energy_rate) {
        (Some(energies), None) => Ok(Ok(formulas("energies", energies, true)?)),
        (None, Some(rate)) if rate.is_callable() => Ok(Err(rate.clone().unbind())),
        (None, Some(rate)) => Ok(Ok(formulas("energy_rate", rate, false)?)),
        _ => Err(PyTypeError::new_err("give either energies or energy_rate")),
    }
}

#[pyfunction]
#[allow(
    clippy::too_many_arguments,
    reason = "a protocol has a process, energies, a temperature, a start and an interval"
)]
pub(crate) fn work_statistics<'py>(
    py: Python<'py>,
    process: &DrivenJump,
    energies: Option<&Bound<'py, PyAny>>,
    energy_rate: Option<&Bound<'py, PyAny>>,
    inverse_temperature: f64,
    start: &Bound<'py, PyAny>,
    from: f64,
    to: f64,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let start: Distribution = distribution("start", start)?;
    let (from, to) = (finite(py, "from_", from)?, finite(py, "to", to)?);
    if to <= from {
        let (what, expected) = ("to".to_owned(), "a time after from_");
        return Err(irrev_network::Error::Domain {
            what,
            value: to,
            expected,
        })
        .or_raise();
    }
    let beta = finite(py, "inverse_temperature", inverse_temperature)?;
    let tolerance = Tolerance::relative(arrays::tolerance(py, tol)?);
    let energy = energy_law(process, energies, energy_rate)?;
    let (network, law) = (Arc::clone(&process.network.0), Arc::clone(&process.law));
    let found = supervised(py, options, move |run, watch| {
        let process = DrivenJump::process(&network, &law, watch);
        let slope: Box<StateLaw<'_>> = match &energy {
            Ok(formulas) => Box::new(|t, out: &mut [f64]| {
                formulas.evaluate(t, out);
                Ok(())
            }),
            Err(function) => Box::new(|t, out: &mut [f64]| {
                call(function, watch, t, |value| fill("energy_rate", value, out))
            }),
        };
        dynamics::work_statistics(&process, &slope, beta, &start, from, to, tolerance, run)
    })?;
    Ok(record!(py, found; mean, variance, exponential_average, convergence))
}

//! Estimators on samples.

use irrev_network::simulation::estimators::{
    self, DetailedFluctuation, ExponentialAverage, IntegralFluctuation, Reliability,
};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::arrays::{finite, integers, samples, vector};
use crate::errors::{OrRaise, model_error};
use crate::records::{ToPython, record};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

/// Estimates as a list.
pub(super) fn estimates<'py>(
    py: Python<'py>,
    all: &[irrev_numerics::Estimate],
) -> PyResult<Bound<'py, PyList>> {
    let all: PyResult<Vec<_>> = all.iter().map(|e| e.to_python(py)).collect();
    PyList::new(py, all?)
}

pub(super) fn integral_fields<'py>(py: Python<'py>, found: &IntegralFluctuation) -> Fields<'py> {
    let fields = record!(py, found; mean, log_mean, expected, deviation, effective_sample_size, predicted_effective_sample_size, largest_share);
    let reliability = match found.reliability {
        Reliability::Sound => "sound",
        Reliability::RuledByOne => "ruled by one",
        Reliability::FewEffectiveSamples => "few effective samples",
        Reliability::TailNotSampled => "tail not sampled",
        _ => "contradiction",
    };
    fields.set_item("reliability", reliability)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn integral_fluctuation<'py>(
    py: Python<'py>,
    entropies: &Bound<'py, PyAny>,
    log_weights: Option<&Bound<'py, PyAny>>,
    missing_weight: f64,
) -> Fields<'py> {
    let entropies = samples("samples", entropies)?;
    let average = match log_weights {
        None => ExponentialAverage::of(entropies.iter().map(|s| -s)),
        Some(weights) => {
            let weights = samples("log_weights", weights)?;
            if weights.len() != entropies.len() {
                let message = format!(
                    "log_weights has {} entries, expected {}, one per sample",
                    weights.len(),
                    entropies.len()
                );
                return Err(model_error(py, message));
            }
            ExponentialAverage::of(entropies.iter().zip(&weights).map(|(s, w)| w - s))
        }
    };
    let found = estimators::integral_fluctuation(&average, finite(py, "missing_weight", missing_weight)?)
        .or_raise()?;
    integral_fields(py, &found)
}

#[pyfunction]
pub(crate) fn stationary_integral_fluctuation<'py>(
    py: Python<'py>,
    entropies: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let entropies = samples("samples", entropies)?;
    integral_fields(py, &estimators::stationary_integral_fluctuation(&entropies))
}

#[pyfunction]
pub(crate) fn detailed_fluctuation<'py>(
    py: Python<'py>,
    entropies: &Bound<'py, PyAny>,
    width: f64,
) -> Fields<'py> {
    let DetailedFluctuation {
        bins,
        slope,
        chi_squared,
        degrees_of_freedom,
        ..
    } = estimators::detailed_fluctuation(&samples("samples", entropies)?, width).or_raise()?;
    let fields = PyDict::new(py);
    let column = |of: &dyn Fn(&estimators::DetailedBin) -> f64| bins.iter().map(of).collect::<Vec<f64>>();
    fields.set_item("entropies", column(&|b| b.entropy).to_python(py)?)?;
    fields.set_item("log_ratios", column(&|b| b.log_ratio).to_python(py)?)?;
    fields.set_item("standard_errors", column(&|b| b.standard_error).to_python(py)?)?;
    let positive: Vec<u64> = bins.iter().map(|b| b.counts.0).collect();
    let negative: Vec<u64> = bins.iter().map(|b| b.counts.1).collect();
    fields.set_item("positive_counts", positive.to_python(py)?)?;
    fields.set_item("negative_counts", negative.to_python(py)?)?;
    fields.set_item("slope", slope.to_python(py)?)?;
    fields.set_item("chi_squared", chi_squared)?;
    fields.set_item("degrees_of_freedom", degrees_of_freedom)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn jarzynski<'py>(
    py: Python<'py>,
    work: &Bound<'py, PyAny>,
    inverse_temperature: f64,
) -> PyResult<Bound<'py, PyAny>> {
    let found = estimators::jarzynski(&vector("work", work)?, inverse_temperature);
    found.or_raise()?.to_python(py)
}

#[pyfunction]
pub(crate) fn bennett_acceptance_ratio<'py>(
    py: Python<'py>,
    forward: &Bound<'py, PyAny>,
    reverse: &Bound<'py, PyAny>,
    inverse_temperature: f64,
) -> PyResult<Bound<'py, PyAny>> {
    let (forward, reverse) = (vector("work", forward)?, vector("reverse", reverse)?);
    let found = estimators::bennett_acceptance_ratio(&forward, &reverse, inverse_temperature);
    found.or_raise()?.to_python(py)
}

#[pyfunction]
pub(crate) fn crooks<'py>(
    py: Python<'py>,
    forward: &Bound<'py, PyAny>,
    reverse: &Bound<'py, PyAny>,
    inverse_temperature: f64,
    width: f64,
) -> Fields<'py> {
    let (forward, reverse) = (vector("work", forward)?, vector("reverse", reverse)?);
    let found = estimators::crooks(&forward, &reverse, inverse_temperature, width).or_raise()?;
    let fields = record!(py, found; slope, free_energy, chi_squared, degrees_of_freedom);
    let column = |of: &dyn Fn(&(f64, f64, f64)) -> f64| found.points.iter().map(of).collect::<Vec<f64>>();
    fields.set_item("works", column(&|p| p.0).to_python(py)?)?;
    fields.set_item("log_ratios", column(&|p| p.1).to_python(py)?)?;
    fields.set_item("standard_errors", column(&|p| p.2).to_python(py)?)?;
    Ok(fields)
}

/// Cumulants 1 to 4.
#[pyfunction]
pub(crate) fn cumulants<'py>(py: Python<'py>, values: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
    let values = samples("samples", values)?;
    estimates(py, &estimators::Moments::of(&values).cumulants())
}

#[pyfunction]
pub(crate) fn scaled_cumulants_of_increments<'py>(
    py: Python<'py>,
    increments: &Bound<'py, PyAny>,
    duration: f64,
) -> Fields<'py> {
    let found = estimators::scaled_cumulants(&vector("increments", increments)?, duration).or_raise()?;
    let fields = record!(py, found; batch_length, batches, window, resolved);
    fields.set_item("values", estimates(py, &found.values)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn survival_function<'py>(
    py: Python<'py>,
    durations: &Bound<'py, PyAny>,
    passed: &Bound<'py, PyAny>,
    times: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let durations = samples("durations", durations)?;
    let passed: Vec<bool> = integers("passed", passed)?.into_iter().map(|x| x != 0).collect();
    let found = estimators::survival_function(&durations, &passed, &vector("times", times)?).or_raise()?;
    let fields = record!(py, found; passed, censored);
    let column =
        |of: &dyn Fn(&estimators::SurvivalPoint) -> f64| found.points.iter().map(of).collect::<Vec<f64>>();
    fields.set_item("times", column(&|p| p.time).to_python(py)?)?;
    fields.set_item("survival", column(&|p| p.survival.value).to_python(py)?)?;
    fields.set_item(
        "standard_errors",
        column(&|p| p.survival.standard_error).to_python(py)?,
    )?;
    fields.set_item("lower", column(&|p| p.survival.interval.0).to_python(py)?)?;
    fields.set_item("upper", column(&|p| p.survival.interval.1).to_python(py)?)?;
    let at_risk: Vec<u64> = found.points.iter().map(|p| p.at_risk).collect();
    fields.set_item("at_risk", at_risk.to_python(py)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn infimum_law<'py>(
    py: Python<'py>,
    minima: &Bound<'py, PyAny>,
    levels: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let (minima, levels) = (vector("minima", minima)?, vector("levels", levels)?);
    let found = estimators::infimum_law(&minima, &levels).or_raise()?;
    let fields = record!(py, found; mean, mean_excess);
    let column =
        |of: &dyn Fn(&estimators::InfimumLevel) -> f64| found.levels.iter().map(of).collect::<Vec<f64>>();
    fields.set_item("levels", column(&|l| l.level).to_python(py)?)?;
    fields.set_item("probabilities", column(&|l| l.probability.value).to_python(py)?)?;
    fields.set_item(
        "standard_errors",
        column(&|l| l.probability.standard_error).to_python(py)?,
    )?;
    fields.set_item("bounds", column(&|l| l.bound).to_python(py)?)?;
    fields.set_item("excesses", column(&|l| l.excess).to_python(py)?)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn autocorrelation_time<'py>(py: Python<'py>, series: &Bound<'py, PyAny>) -> Fields<'py> {
    let found = estimators::autocorrelation_time(&vector("series", series)?).or_raise()?;
    Ok(record!(py, found; time, window, mean, resolved))
}

#[pyfunction]
pub(crate) fn proportion(py: Python<'_>, successes: u64, trials: u64) -> PyResult<Bound<'_, PyAny>> {
    if successes > trials {
        let message = format!("successes is {successes}, expected at most the number of trials, {trials}");
        return Err(model_error(py, message));
    }
    estimators::proportion(successes, trials).to_python(py)
}

/// A mean with its standard error, as an estimate with a normal interval.
#[pyfunction]
pub(crate) fn estimate(
    py: Python<'_>,
    value: f64,
    standard_error: f64,
    sample_size: usize,
) -> PyResult<Bound<'_, PyAny>> {
    irrev_numerics::Estimate::from_mean(value, standard_error, sample_size).to_python(py)
}

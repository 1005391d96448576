//! Transfer entropy: who informs whom.

use irrev_inference::Result;
use irrev_inference::transfer::{
    DiscreteOptions, DiscretePair, DiscreteTransferEntropy, FullHistoryOptions, GaussianOptions, KsgOptions,
    SpikeTrial, StimulusOptions, Surrogate, SurrogateTest, discrete_transfer_entropy,
    full_history_transfer_entropy, gaussian_transfer_entropy, ksg_transfer_entropy, quantile_symbols,
    stimulus_to_spikes,
};
use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use super::Fields;
use super::autoregression::InferenceAutoregression;
use super::symbols::SymbolParts;
use crate::arrays::named;
use crate::errors::OrRaise;
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

/// Number and kind of surrogates.
#[derive(FromPyObject)]
pub(crate) struct SurrogateParts(usize, String);

impl SurrogateParts {
    fn kind(&self, py: Python<'_>) -> PyResult<Surrogate> {
        let kinds = [
            ("circular shift", Surrogate::CircularShift),
            ("shuffle", Surrogate::Shuffle),
        ];
        named(py, "surrogate", &self.1, &kinds)
    }
}

fn surrogate_fields<'py>(
    py: Python<'py>,
    found: Option<&SurrogateTest>,
) -> PyResult<Option<Bound<'py, PyDict>>> {
    found
        .map(|test| Ok(record!(py, test; number, mean, standard_deviation, p_value, effective)))
        .transpose()
}

/// Target and source, a numeric series each.
#[derive(FromPyObject)]
pub(crate) struct PairParts<'py>(PyReadonlyArray1<'py, f64>, PyReadonlyArray1<'py, f64>);

impl PairParts<'_> {
    fn own(&self) -> PyResult<(Vec<f64>, Vec<f64>)> {
        Ok((self.0.as_slice()?.to_vec(), self.1.as_slice()?.to_vec()))
    }
}

fn discrete_fields<'py>(py: Python<'py>, found: &DiscreteTransferEntropy) -> Fields<'py> {
    let fields = record!(py, found.plugin; plugin, miller_madow, samples);
    fields.set_item("estimate", found.estimate.to_python(py)?)?;
    fields.set_item("surrogates", surrogate_fields(py, found.surrogates.as_ref())?)?;
    fields.set_item("assumptions", PyTuple::new(py, found.assumptions)?)?;
    Ok(fields)
}

/// Of symbols: alphabets, histories, delay.
#[pyfunction]
pub(crate) fn inference_discrete<'py>(
    py: Python<'py>,
    target: SymbolParts<'py>,
    source: SymbolParts<'py>,
    asked: (usize, usize, usize, usize, usize),
    surrogates: SurrogateParts,
    options: Options,
) -> Fields<'py> {
    let (target_symbols, source_symbols, target_history, source_history, delay) = asked;
    let asked = DiscreteOptions {
        target_symbols,
        source_symbols,
        target_history,
        source_history,
        delay,
        surrogates: surrogates.0,
        surrogate: surrogates.kind(py)?,
    };
    let (targets, sources) = (target.own(py, "target")?, source.own(py, "source")?);
    let found = supervised(py, options, move |run, _| {
        let pairs: Vec<DiscretePair<'_>> = targets
            .iter()
            .zip(&sources)
            .map(|(target, source)| DiscretePair { target, source })
            .collect();
        discrete_transfer_entropy(&pairs, &asked, run)
    })?;
    discrete_fields(py, &found)
}

/// Of normal laws.
#[pyfunction]
pub(crate) fn inference_gaussian<'py>(
    py: Python<'py>,
    pair: PairParts<'py>,
    histories: (usize, usize),
    surrogates: SurrogateParts,
    options: Options,
) -> Fields<'py> {
    let (target_history, source_history) = histories;
    let asked = GaussianOptions {
        target_history,
        source_history,
        surrogates: surrogates.0,
        surrogate: surrogates.kind(py)?,
    };
    let (target, source) = pair.own()?;
    let found = supervised(py, options, move |run, _| {
        gaussian_transfer_entropy(&target, &source, &asked, run)
    })?;
    let fields = record!(py, found; plugin, estimate, own_variance, full_variance);
    fields.set_item("surrogates", surrogate_fields(py, found.surrogates.as_ref())?)?;
    fields.set_item("assumptions", PyTuple::new(py, found.assumptions)?)?;
    Ok(fields)
}

/// By nearest neighbours: neighbours, histories, jitter, blocks.
#[pyfunction]
pub(crate) fn inference_ksg<'py>(
    py: Python<'py>,
    pair: PairParts<'py>,
    asked: (usize, usize, usize, Option<f64>, usize),
    surrogates: SurrogateParts,
    options: Options,
) -> Fields<'py> {
    let (neighbours, target_history, source_history, jitter, blocks) = asked;
    let asked = KsgOptions {
        neighbours,
        target_history,
        source_history,
        jitter,
        blocks,
        surrogates: surrogates.0,
        surrogate: surrogates.kind(py)?,
    };
    let (target, source) = pair.own()?;
    let found = supervised(py, options, move |run, _| {
        ksg_transfer_entropy(&target, &source, &asked, run)
    })?;
    let fields = record!(py, found; estimate);
    let notes: Vec<String> = found.notes.iter().map(ToString::to_string).collect();
    fields.set_item("notes", PyTuple::new(py, notes)?)?;
    fields.set_item("surrogates", surrogate_fields(py, found.surrogates.as_ref())?)?;
    fields.set_item("assumptions", PyTuple::new(py, found.assumptions)?)?;
    Ok(fields)
}

/// Given the endless past, from a fitted autoregression: order, replicas, level.
#[pyfunction]
pub(crate) fn inference_full_history<'py>(
    py: Python<'py>,
    pair: PairParts<'py>,
    asked: (usize, usize, f64),
    options: Options,
) -> Fields<'py> {
    let (order, replicas, level) = asked;
    let asked = FullHistoryOptions {
        order,
        replicas,
        level,
    };
    let (target, source) = pair.own()?;
    let found = supervised(py, options, move |run, _| {
        full_history_transfer_entropy(&target, &source, &asked, run)
    })?;
    let fields = record!(py, found; plugin, estimate);
    fields.set_item("model", Py::new(py, InferenceAutoregression(found.model))?)?;
    fields.set_item("assumptions", PyTuple::new(py, found.assumptions)?)?;
    Ok(fields)
}

/// Sample times, values and spike times of one presentation.
type TrialParts<'py> = (
    PyReadonlyArray1<'py, f64>,
    PyReadonlyArray1<'py, f64>,
    PyReadonlyArray1<'py, f64>,
);

/// What spikes report on a stimulus: width of a bin; levels, histories, delay and surrogates.
#[pyfunction]
pub(crate) fn inference_stimulus<'py>(
    py: Python<'py>,
    trials: Vec<TrialParts<'py>>,
    bin: f64,
    asked: (usize, usize, usize, usize, usize),
    options: Options,
) -> Fields<'py> {
    let (levels, spike_history, stimulus_history, delay, surrogates) = asked;
    let asked = StimulusOptions {
        bin,
        levels,
        spike_history,
        stimulus_history,
        delay,
        surrogates,
    };
    let own: Vec<[Vec<f64>; 3]> = trials
        .iter()
        .map(|(times, values, spikes)| {
            Ok([
                times.as_slice()?.to_vec(),
                values.as_slice()?.to_vec(),
                spikes.as_slice()?.to_vec(),
            ])
        })
        .collect::<PyResult<_>>()?;
    let found = supervised(py, options, move |run, _| -> Result<_> {
        let trials: Vec<SpikeTrial<'_>> = own
            .iter()
            .map(|[stimulus_times, stimulus, spikes]| SpikeTrial {
                stimulus_times,
                stimulus,
                spikes,
            })
            .collect();
        stimulus_to_spikes(&trials, &asked, run)
    })?;
    let fields = record!(py, found; information_rate, bins, spike_share, merged_spikes);
    fields.set_item("transfer_entropy", discrete_fields(py, &found.transfer_entropy)?)?;
    Ok(fields)
}

/// Levels of equal occupation.
#[pyfunction]
pub(crate) fn inference_levels<'py>(
    py: Python<'py>,
    series: PyReadonlyArray1<'py, f64>,
    levels: usize,
) -> PyResult<Bound<'py, PyArray1<i64>>> {
    let found = quantile_symbols(series.as_slice()?, levels).or_raise()?;
    Ok(PyArray1::from_iter(py, found.into_iter().map(i64::from)))
}

//! Rates, entropy production and hidden states behind visits of states.

use irrev_inference::states::{
    EntropyCorrection, JumpCounts, JumpTrajectory, RatePosterior, RatePrior, RateSupport, Transition,
    TransitionSeries, WaitingOptions, WordDivergence, WordOptions, entropy_of_counts, jump_counts,
    jump_entropy_production, step_entropy_production, transition_counts, visits_as_transitions,
    waiting_time_divergence, word_divergences,
};
use irrev_inference::{Error, Result};
use irrev_numerics::linalg::Matrix;
use numpy::{PyArray1, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use super::Fields;
use super::symbols::{SymbolParts, borrowed, symbols};
use crate::arrays::named;
use crate::errors::{OrRaise, data_error};
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

/// Visits of one trajectory: states, entry times, end.
#[derive(FromPyObject)]
pub(crate) struct VisitParts<'py>(PyReadonlyArray1<'py, i64>, PyReadonlyArray1<'py, f64>, f64);

/// Visits that can leave for another thread.
struct OwnVisits {
    states: Vec<u32>,
    entry_times: Vec<f64>,
    end: f64,
}

impl OwnVisits {
    fn trajectory(&self) -> JumpTrajectory<'_> {
        JumpTrajectory {
            states: &self.states,
            entry_times: &self.entry_times,
            end: self.end,
        }
    }
}

fn own(py: Python<'_>, visits: &[VisitParts<'_>]) -> PyResult<Vec<OwnVisits>> {
    let each = |parts: &VisitParts<'_>| {
        Ok(OwnVisits {
            states: symbols(py, "states", &parts.0)?,
            entry_times: parts.1.as_slice()?.to_vec(),
            end: parts.2,
        })
    };
    visits.iter().map(each).collect()
}

fn counted(states: usize, visits: &[OwnVisits]) -> Result<JumpCounts> {
    let trajectories: Vec<JumpTrajectory<'_>> = visits.iter().map(OwnVisits::trajectory).collect();
    jump_counts(states, &trajectories)
}

/// Jumps and time in each state; counts of several recordings add up.
#[pyclass(frozen, eq, module = "irrev._core")]
#[derive(PartialEq)]
pub(crate) struct InferenceJumps(JumpCounts);

#[pymethods]
impl InferenceJumps {
    #[new]
    fn new(py: Python<'_>, states: usize, visits: Vec<VisitParts<'_>>) -> PyResult<Self> {
        let visits = own(py, &visits)?;
        py.detach(|| counted(states, &visits)).map(Self).or_raise()
    }

    #[staticmethod]
    fn from_counts(counts: PyReadonlyArray2<'_, f64>, dwell: Vec<f64>) -> PyResult<Self> {
        let view = counts.as_array();
        let counts = Matrix::from_fn(view.nrows(), view.ncols(), |i, j| view[[i, j]]);
        JumpCounts::from_counts(counts, dwell).map(Self).or_raise()
    }

    fn merged(&self, other: &Self) -> PyResult<Self> {
        let mut both = self.0.clone();
        both.merge(&other.0).or_raise()?;
        Ok(Self(both))
    }

    /// Counts, rates of maximum likelihood and their errors.
    fn figures<'py>(&self, py: Python<'py>) -> Fields<'py> {
        let counts = &self.0;
        let fields = PyDict::new(py);
        fields.set_item("counts", counts.counts().to_python(py)?)?;
        fields.set_item("dwell", counts.dwell().to_vec().to_python(py)?)?;
        fields.set_item("duration", counts.duration())?;
        fields.set_item("jumps", counts.jumps())?;
        fields.set_item("rates", counts.rates().to_python(py)?)?;
        fields.set_item("standard_errors", counts.standard_errors().to_python(py)?)?;
        fields.set_item("log_likelihood", counts.log_likelihood())?;
        Ok(fields)
    }

    /// Entropy production rates.
    fn entropy_production<'py>(
        &self,
        py: Python<'py>,
        draws: usize,
        level: f64,
        options: Options,
    ) -> Fields<'py> {
        let counts = self.0.clone();
        let found = supervised(py, options, move |run, _| {
            jump_entropy_production(&counts, draws, level, run)
        })?;
        let fields = record!(py, found; plugin, pseudocount_half, fitted_stationary, bias_rule, corrected);
        fields.set_item("one_way", PyTuple::new(py, found.one_way)?)?;
        fields.set_item("assumptions", PyTuple::new(py, found.assumptions)?)?;
        Ok(fields)
    }

    /// Draws of all rates from the posterior, one after the other.
    fn posterior<'py>(
        &self,
        py: Python<'py>,
        draws: usize,
        prior: (f64, f64),
        support: &str,
        options: Options,
    ) -> PyResult<Bound<'py, PyAny>> {
        let supports = [("seen", RateSupport::SeenEitherWay), ("all", RateSupport::All)];
        let support = named(py, "support", support, &supports)?;
        let (shape, rate) = prior;
        let counts = self.0.clone();
        let n = counts.dwell().len();
        let rows = supervised(py, options, move |run, _| -> Result<_> {
            let posterior = RatePosterior::new(&counts, RatePrior { shape, rate }, support)?;
            let rows = posterior.samples(draws, run, |rates| {
                Ok((0..n * n).map(|k| rates[(k / n, k % n)]).collect())
            })?;
            (0..n * n).map(|k| rows.of(k)).collect::<Result<Vec<Vec<f64>>>>()
        })?;
        let by_draw: Vec<f64> = (0..draws)
            .flat_map(|draw| rows.iter().map(move |rate| rate[draw]))
            .collect();
        Ok(PyArray1::from_vec(py, by_draw).reshape([draws, n, n])?.into_any())
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (py, counts) = (slf.py(), &slf.get().0);
        let parts = (counts.counts().to_python(py)?, counts.dwell().to_vec());
        Ok((slf.get_type().getattr("from_counts")?, parts.into_pyobject(py)?))
    }
}

/// Irreversibility of a step.
#[pyfunction]
pub(crate) fn inference_steps<'py>(
    py: Python<'py>,
    states: usize,
    sequences: SymbolParts<'py>,
) -> Fields<'py> {
    let sequences = sequences.own(py, "sequences")?;
    let (counts, found) = py
        .detach(|| {
            let counts = transition_counts(states, &borrowed(&sequences))?;
            let found = step_entropy_production(&counts);
            Ok::<_, Error>((counts, found))
        })
        .or_raise()?;
    let fields = record!(py, found; plugin, pseudocount_half, corrected);
    fields.set_item("counts", counts.matrix().to_python(py)?)?;
    fields.set_item("transition_matrix", counts.transition_matrix().to_python(py)?)?;
    fields.set_item("steps", counts.steps())?;
    fields.set_item("one_way", PyTuple::new(py, found.one_way)?)?;
    fields.set_item("assumptions", PyTuple::new(py, found.assumptions)?)?;
    Ok(fields)
}

const CORRECTIONS: [(&str, EntropyCorrection); 3] = [
    ("plug-in", EntropyCorrection::PlugIn),
    ("Miller-Madow", EntropyCorrection::MillerMadow),
    ("Grassberger", EntropyCorrection::Grassberger),
];

fn word_fields<'py>(py: Python<'py>, word: &WordDivergence) -> Fields<'py> {
    Ok(
        record!(py, word; length, divergence, pseudocount_half, extrapolated, extrapolated_twice, rate, increment,
        entropy, entropy_rate, distinct, without_image, singles, undersampled),
    )
}

/// Words of several states against the same read backwards.
#[pyfunction]
pub(crate) fn inference_words<'py>(
    py: Python<'py>,
    states: usize,
    sequences: SymbolParts<'py>,
    longest: usize,
    singles: f64,
    correction: &str,
) -> Fields<'py> {
    let options = WordOptions {
        longest,
        singles,
        correction: named(py, "correction", correction, &CORRECTIONS)?,
    };
    let sequences = sequences.own(py, "sequences")?;
    let found = py
        .detach(|| word_divergences(states, &borrowed(&sequences), &options))
        .or_raise()?;
    let fields = PyDict::new(py);
    let lengths: Vec<_> = found
        .lengths
        .iter()
        .map(|word| word_fields(py, word))
        .collect::<PyResult<_>>()?;
    fields.set_item("lengths", PyList::new(py, lengths)?)?;
    fields.set_item("longest", found.longest)?;
    fields.set_item("settled", found.settled)?;
    fields.set_item("assumptions", PyTuple::new(py, found.assumptions)?)?;
    Ok(fields)
}

/// Transitions with the kind of each way back, or visits.
#[derive(FromPyObject)]
pub(crate) enum WaitingParts<'py> {
    Transitions(
        Vec<(PyReadonlyArray1<'py, i64>, PyReadonlyArray1<'py, f64>)>,
        Vec<u32>,
    ),
    Visits(Vec<VisitParts<'py>>, usize),
}

/// Transitions and waiting times against their reverses.
#[pyfunction]
pub(crate) fn inference_waiting<'py>(
    py: Python<'py>,
    given: WaitingParts<'py>,
    transition: &str,
    asked: (usize, usize, f64),
    options: Options,
) -> Fields<'py> {
    let transitions = [("link", Transition::Link), ("lumped", Transition::Lumped)];
    let (bins, replicas, level) = asked;
    let asked = WaitingOptions {
        transition: named(py, "transition", transition, &transitions)?,
        bins,
        replicas,
        level,
    };
    let (series, reverse, states) = match given {
        WaitingParts::Transitions(parts, reverse) => {
            let each = |(kinds, times): &(PyReadonlyArray1<'py, i64>, PyReadonlyArray1<'py, f64>)| {
                Ok(TransitionSeries {
                    kinds: symbols(py, "kinds", kinds)?,
                    times: times.as_slice()?.to_vec(),
                })
            };
            let series = parts.iter().map(each).collect::<PyResult<Vec<_>>>()?;
            (series, reverse, None)
        }
        WaitingParts::Visits(visits, states) => {
            let visits = own(py, &visits)?;
            // refuses visits that are none
            counted(states, &visits).or_raise()?;
            let trajectories: Vec<JumpTrajectory<'_>> = visits.iter().map(OwnVisits::trajectory).collect();
            let (series, reverse, states) = visits_as_transitions(&trajectories);
            (series, reverse, Some(states))
        }
    };
    let found = supervised(py, options, move |run, _| {
        waiting_time_divergence(&series, &reverse, &asked, run)
    })?;
    let fields = record!(py, found; order, waiting, rate, pairs, duration);
    fields.set_item("one_way", PyTuple::new(py, found.one_way)?)?;
    fields.set_item("states", states.map(|s| PyTuple::new(py, s)).transpose()?)?;
    fields.set_item("assumptions", PyTuple::new(py, found.assumptions)?)?;
    Ok(fields)
}

/// Entropy of a law from numbers of occurrences.
#[pyfunction]
pub(crate) fn inference_entropy(
    py: Python<'_>,
    counts: PyReadonlyArray1<'_, i64>,
    correction: &str,
) -> PyResult<f64> {
    let correction = named(py, "correction", correction, &CORRECTIONS)?;
    let count = |(place, n): (usize, &i64)| {
        u64::try_from(*n)
            .map_err(|_| data_error(py, format!("counts[{place}] is {n}, expected a number from 0")))
    };
    let counts: Vec<u64> = counts
        .as_slice()?
        .iter()
        .enumerate()
        .map(count)
        .collect::<PyResult<_>>()?;
    Ok(entropy_of_counts(&counts, correction))
}

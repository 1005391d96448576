//! Trajectories of molecule counts.

use std::path::PathBuf;
use std::sync::Arc;

use irrev_network::simulation::{
    self as simulation, Books, Ensemble, Keep, LangevinOptions, LeapRule, Method, Moments, Passage, Quantity,
    Side, SimulationOptions, TauLeapOptions, Trajectory, WantedError, Watched, WeightedCurrent,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::reactions::CountSystem;
use crate::records::{ToPython, matrix, record};
use crate::run::{Options, resumable, supervised};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

/// A threshold: name, what is watched with weights of species or reactions, threshold, whether from below, whether it stops.
type Threshold = (String, String, Vec<(usize, f64)>, f64, bool, bool);

/// What is asked of an ensemble, as `irrev.simulation` gives it.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Asked {
    times: Vec<f64>,
    start: f64,
    trajectories: u64,
    method: String,
    epsilon: f64,
    jumps: bool,
    residence: bool,
    entropy: bool,
    currents: Vec<(String, Vec<f64>)>,
    passages: Vec<Threshold>,
    histograms: Vec<usize>,
    keep: bool,
    most_jumps: Option<u64>,
    /// Quantity, output time, standard error.
    wanted_error: Option<(usize, usize, f64)>,
    checkpoint_interval: f64,
}

fn method(name: &str, epsilon: f64) -> PyResult<Method> {
    let leap = |rule| Method::TauLeaping(TauLeapOptions { epsilon, rule });
    Ok(match name {
        "automatic" => Method::Automatic,
        "dense" => Method::Dense,
        "direct" => Method::Direct,
        "sorted_direct" => Method::SortedDirect,
        "next_reaction" => Method::NextReaction,
        "composition_rejection" => Method::CompositionRejection,
        "rejection" => Method::Rejection,
        "integrated_hazard" => Method::IntegratedHazard,
        "tau_leaping" => leap(LeapRule::Explicit),
        "tau_leaping_midpoint" => leap(LeapRule::Midpoint),
        "langevin" => Method::Langevin(LangevinOptions { epsilon }),
        _ => {
            return Err(PyValueError::new_err(format!(
                "unknown method \"{name}\"; known: automatic, dense, direct, sorted_direct, next_reaction, composition_rejection, \
                 rejection, integrated_hazard, and, approximate, tau_leaping, tau_leaping_midpoint, langevin"
            )));
        }
    })
}

impl Asked {
    fn options(self, reactions: usize) -> PyResult<SimulationOptions> {
        let passage = |(name, kind, weights, threshold, from_below, stops): Threshold| Passage {
            of: match kind.as_str() {
                "counts" => Watched::Counts(weights),
                "current" => {
                    let mut dense = vec![0.0; reactions];
                    weights.iter().for_each(|&(r, weight)| dense[r] = weight);
                    Watched::Current(dense)
                }
                _ => Watched::MediumEntropy,
            },
            side: if from_below { Side::AtLeast } else { Side::AtMost },
            name,
            threshold,
            stops,
        };
        Ok(SimulationOptions {
            method: method(&self.method, self.epsilon)?,
            times: self.times,
            start: self.start,
            trajectories: self.trajectories,
            books: Books {
                jumps: self.jumps,
                residence: self.residence,
                entropy: self.entropy,
                currents: self
                    .currents
                    .into_iter()
                    .map(|(name, weights)| WeightedCurrent { name, weights })
                    .collect(),
                passages: self.passages.into_iter().map(passage).collect(),
                histograms: self.histograms,
                reservoirs: Vec::new(),
            },
            keep: if self.keep {
                Keep::Trajectories
            } else {
                Keep::Moments
            },
            most_jumps: self.most_jumps,
            wanted_error: self
                .wanted_error
                .map(|(quantity, time, standard_error)| WantedError {
                    quantity,
                    time,
                    standard_error,
                }),
            checkpoint_interval: self.checkpoint_interval,
        })
    }
}

fn moments<'py>(py: Python<'py>, moments: &Moments) -> Fields<'py> {
    let fields = PyDict::new(py);
    fields.set_item("count", moments.count())?;
    fields.set_item("mean", moments.mean_estimate().to_python(py)?)?;
    fields.set_item("variance", moments.variance_estimate().to_python(py)?)?;
    Ok(fields)
}

fn columns<'py>(py: Python<'py>, fields: &Bound<'py, PyDict>, all: &[Moments]) -> PyResult<()> {
    let column = |of: &dyn Fn(&Moments) -> f64| all.iter().map(of).collect::<Vec<f64>>().to_python(py);
    fields.set_item("mean", column(&|m| m.mean())?)?;
    fields.set_item("mean_error", column(&|m| m.mean_estimate().standard_error)?)?;
    fields.set_item("variance", column(&|m| m.variance())?)?;
    fields.set_item(
        "variance_error",
        column(&|m| m.variance_estimate().standard_error)?,
    )?;
    let counts: Vec<u64> = all.iter().map(Moments::count).collect();
    fields.set_item("count", counts.to_python(py)?)
}

/// The kept trajectories: flat arrays by trajectory, and for every histogram the time at each count.
fn kept<'py>(py: Python<'py>, fields: &Bound<'py, PyDict>, kept: &[Trajectory]) -> PyResult<()> {
    let flat = |of: &dyn Fn(&Trajectory) -> Vec<f64>| kept.iter().flat_map(of).collect::<Vec<f64>>();
    fields.set_item("samples", flat(&|t| t.values.clone()).to_python(py)?)?;
    fields.set_item("end_times", flat(&|t| vec![t.end_time]).to_python(py)?)?;
    let passage = |of: fn(&simulation::PassageRecord) -> f64| {
        flat(&|t| {
            let reached = t.passages.iter();
            reached.map(|p| p.as_ref().map_or(f64::NAN, of)).collect()
        })
    };
    fields.set_item("passage_times", passage(|p| p.time).to_python(py)?)?;
    fields.set_item("passage_entropies", passage(|p| p.entropy).to_python(py)?)?;
    let jumps: Vec<u64> = kept
        .iter()
        .flat_map(|t| t.jumps.iter().flat_map(|j| [j.forward, j.backward]))
        .collect();
    fields.set_item("jumps", jumps.to_python(py)?)?;
    let species = kept.first().map_or(0, |t| t.histograms.len());
    let histograms: PyResult<Vec<_>> = (0..species)
        .map(|s| {
            let width = kept.iter().map(|t| t.histograms[s].len()).max().unwrap_or(0);
            let rows = kept.iter().flat_map(|t| {
                let times = &t.histograms[s];
                times
                    .iter()
                    .copied()
                    .chain(std::iter::repeat_n(0.0, width - times.len()))
            });
            crate::records::matrix(py, rows.collect(), kept.len(), width)
        })
        .collect();
    fields.set_item("histograms", PyList::new(py, histograms?)?)
}

fn ensemble_fields<'py>(py: Python<'py>, found: &Ensemble) -> Fields<'py> {
    let fields = record!(py, found; algorithm, streams, exact, times, trajectories, stopped_early);
    let names: Vec<String> = found.quantities.iter().map(Quantity::name).collect();
    fields.set_item("quantities", names)?;
    columns(py, &fields, &found.moments)?;
    let reactions: PyResult<Vec<_>> = found
        .reactions
        .iter()
        .map(|r| {
            let fields = record!(py, r; name, one_way);
            fields.set_item("forward", moments(py, &r.forward)?)?;
            fields.set_item("backward", moments(py, &r.backward)?)?;
            Ok(fields)
        })
        .collect();
    fields.set_item("reactions", PyList::new(py, reactions?)?)?;
    let passages: PyResult<Vec<_>> = found
        .passages
        .iter()
        .map(|p| {
            let fields = record!(py, p; name);
            fields.set_item("time", moments(py, &p.time)?)?;
            fields.set_item("entropy", moments(py, &p.entropy)?)?;
            Ok(fields)
        })
        .collect();
    fields.set_item("passages", PyList::new(py, passages?)?)?;
    fields.set_item("ends", found.ends)?;
    kept(py, &fields, &found.kept)?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn simulate<'py>(
    py: Python<'py>,
    system: &CountSystem,
    initial: Option<&Bound<'py, PyAny>>,
    asked: Asked,
    checkpoint: Option<PathBuf>,
    options: Options,
) -> Fields<'py> {
    let initial = system.start("initial", initial)?;
    let settings = asked.options(system.inner.reactions().len())?;
    let inner = Arc::clone(&system.inner);
    let found = resumable(py, options, checkpoint, move |run, _| {
        simulation::simulate(&inner, &initial, &settings, run)
    })?;
    ensemble_fields(py, &found)
}

#[pyfunction]
pub(crate) fn sample_path<'py>(
    py: Python<'py>,
    system: &CountSystem,
    initial: Option<&Bound<'py, PyAny>>,
    asked: Asked,
    index: u64,
    options: Options,
) -> Fields<'py> {
    let initial = system.start("initial", initial)?;
    let settings = asked.options(system.inner.reactions().len())?;
    let inner = Arc::clone(&system.inner);
    let found = supervised(py, options, move |run, _| {
        simulation::sample_path(&inner, &initial, &settings, index, run)
    })?;
    let fields = record!(py, found; algorithm, end_time);
    let events = &found.events;
    let times: Vec<f64> = events.iter().map(|e| e.time).collect();
    let reactions: Vec<usize> = events.iter().map(|e| e.reaction).collect();
    let signs: Vec<i64> = events.iter().map(|e| if e.forward { 1 } else { -1 }).collect();
    fields.set_item("times", times.to_python(py)?)?;
    fields.set_item("reactions", reactions.to_python(py)?)?;
    fields.set_item("directions", signs.to_python(py)?)?;
    let end = match found.end {
        simulation::End::Time => "time",
        simulation::End::Jumps => "jumps",
        _ => "passage",
    };
    fields.set_item("end", end)?;
    // the counts after every jump, the initial ones first
    let mut state = found.initial.clone();
    let mut counts = state.clone();
    for (event, sign) in events.iter().zip(&signs) {
        for &(s, change) in &system.inner.reactions()[event.reaction].change {
            state[s] += sign * change;
        }
        counts.extend_from_slice(&state);
    }
    let counts = matrix(py, counts, events.len() + 1, state.len())?;
    fields.set_item("counts", counts)?;
    Ok(fields)
}

//! Trajectories on an explicit graph of states: constant, driven and tilted rates.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use irrev_network::simulation::estimators::{ExponentialAverage, integral_fluctuation};
use irrev_network::simulation::graph::{
    self, DrivenSimulator, Ending, Ensemble, EnsembleOptions, Guide, JumpTimes, Keep, LongRunOptions,
    Observable, Running, Simulation, Simulator, Stop, SystemEntropy, Tilt, TiltedSimulator,
    TrajectoryOptions,
};
use irrev_network::{Distribution, MarkovJump as Process};
use irrev_numerics::Run;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::estimators::{estimates, integral_fields};
use crate::arrays::distribution;
use crate::driven::{DrivenJump, Formulas, call, fill, texts};
use crate::errors::OrRaise;
use crate::kinetics::MarkovJump;
use crate::records::{ToPython, record};
use crate::run::{Options, Watch, resumable};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

/// What is asked of every trajectory, and of the ensemble, as `irrev.simulation` gives it.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Asked {
    horizon: f64,
    times: Vec<f64>,
    stop_states: Vec<usize>,
    upper: Option<f64>,
    lower: Option<f64>,
    most_jumps: Option<u64>,
    currents: Vec<Vec<f64>>,
    temperatures: Option<Vec<f64>>,
    /// "stationary" with one distribution, or "ends" with two.
    system_entropy: Option<(String, Vec<Vec<f64>>)>,
    /// "medium_entropy", "total_entropy", or "current" with weights.
    running: Option<(String, Vec<f64>)>,
    trajectories: u64,
    keep: bool,
    /// Observable and standard error.
    wanted_error: Option<(String, f64)>,
    checkpoint_interval: f64,
    /// Weight of reversed trajectories that end where the initial distribution vanishes.
    missing_weight: f64,
}

impl Asked {
    fn options(&self) -> irrev_network::Result<TrajectoryOptions<'static>> {
        let law = |p: &[f64]| Distribution::new(p.to_vec());
        let system_entropy = match &self.system_entropy {
            None => SystemEntropy::Ignored,
            Some((_, parts)) => match parts.as_slice() {
                [stationary] => SystemEntropy::Stationary(law(stationary)?),
                [initial, end] => SystemEntropy::Ends {
                    initial: law(initial)?,
                    end: law(end)?,
                },
                _ => SystemEntropy::Ignored,
            },
        };
        let running = self.running.as_ref().map(|(name, weights)| match name.as_str() {
            "total_entropy" => Running::TotalEntropy,
            "current" => Running::Current(weights.clone()),
            _ => Running::MediumEntropy,
        });
        Ok(TrajectoryOptions {
            horizon: self.horizon,
            times: self.times.clone(),
            stop: Stop {
                states: self.stop_states.clone(),
                upper: self.upper,
                lower: self.lower,
                jumps: self.most_jumps.unwrap_or(u64::MAX),
            },
            counts: true,
            currents: self.currents.clone(),
            temperatures: self.temperatures.clone(),
            system_entropy,
            running,
        })
    }

    fn ensemble(&self) -> irrev_network::Result<EnsembleOptions> {
        let wanted = match &self.wanted_error {
            Some((name, error)) => Some((observable(name)?, *error)),
            None => None,
        };
        let interval = Duration::try_from_secs_f64(self.checkpoint_interval);
        Ok(EnsembleOptions {
            trajectories: self.trajectories,
            keep: if self.keep { Keep::Samples } else { Keep::Summary },
            wanted,
            checkpoint_interval: interval.map_err(|_| irrev_network::Error::Domain {
                what: "checkpoint interval".into(),
                value: self.checkpoint_interval,
                expected: "seconds, not negative",
            })?,
        })
    }
}

/// The observable with a name, as [`name`] gives it.
fn observable(wanted: &str) -> irrev_network::Result<Observable> {
    let numbered = |(kind, k): (&str, &str)| {
        let k = k.parse().ok()?;
        match kind {
            "current" => Some(Observable::Current(k)),
            "heat" => Some(Observable::Heat(k)),
            _ => None,
        }
    };
    let plain = [
        Observable::Duration,
        Observable::Jumps,
        Observable::MediumEntropy,
        Observable::TotalEntropy,
        Observable::Work,
        Observable::Running,
        Observable::Minimum,
        Observable::Maximum,
        Observable::LogWeight,
    ];
    let found = plain.into_iter().find(|o| name(*o) == wanted);
    let found = found.or_else(|| wanted.split_once(' ').and_then(numbered));
    found.ok_or_else(|| irrev_network::Error::Unknown {
        what: "observable",
        name: wanted.into(),
    })
}

fn name(observable: Observable) -> String {
    match observable {
        Observable::Duration => "duration".into(),
        Observable::Jumps => "jumps".into(),
        Observable::MediumEntropy => "medium_entropy".into(),
        Observable::TotalEntropy => "total_entropy".into(),
        Observable::Work => "work".into(),
        Observable::Running => "running".into(),
        Observable::Minimum => "minimum".into(),
        Observable::Maximum => "maximum".into(),
        Observable::LogWeight => "log_weight".into(),
        Observable::Current(k) => format!("current {k}"),
        Observable::Heat(k) => format!("heat {k}"),
        _ => "another".into(),
    }
}

fn average<'py>(py: Python<'py>, average: &ExponentialAverage) -> Fields<'py> {
    let fields = PyDict::new(py);
    fields.set_item("mean", average.mean().to_python(py)?)?;
    fields.set_item("log_mean", average.log_mean().to_python(py)?)?;
    fields.set_item("effective_sample_size", average.effective_sample_size())?;
    fields.set_item("largest_share", average.largest_share())?;
    Ok(fields)
}

fn ensemble_fields<'py>(py: Python<'py>, found: &Ensemble, missing_weight: f64) -> Fields<'py> {
    let fields = record!(py, found; algorithm, trajectories, jump_counts, residence);
    let names: Vec<String> = found.observables.iter().map(|o| name(*o)).collect();
    fields.set_item("observables", names)?;
    let cumulants: PyResult<Vec<_>> = found
        .moments
        .iter()
        .map(|m| estimates(py, &m.cumulants()))
        .collect();
    fields.set_item("cumulants", PyList::new(py, cumulants?)?)?;
    fields.set_item("normalisation", average(py, &found.normalisation)?)?;
    let keeps_entropy = found.observables.contains(&Observable::TotalEntropy);
    let integral = keeps_entropy
        .then(|| integral_fluctuation(&found.exponential_entropy, missing_weight))
        .transpose()
        .or_raise()?;
    fields.set_item(
        "integral_fluctuation",
        integral.map(|found| integral_fields(py, &found)).transpose()?,
    )?;
    let negative = keeps_entropy.then(|| found.negative_entropy.mean().to_python(py));
    fields.set_item("negative_entropy", negative.transpose()?)?;
    let states = found.residence.len();
    let occupations: Vec<i64> = found.occupations.iter().flatten().map(|n| *n as i64).collect();
    let rows = found.occupations.len();
    fields.set_item(
        "occupations",
        crate::records::matrix(py, occupations, rows, states)?,
    )?;
    let endings = PyDict::new(py);
    endings.set_item("horizon", found.endings.horizon)?;
    endings.set_item("targets", found.endings.targets.clone())?;
    endings.set_item("upper", found.endings.upper)?;
    endings.set_item("lower", found.endings.lower)?;
    endings.set_item("jumps", found.endings.jumps)?;
    endings.set_item("absorbed", found.endings.absorbed)?;
    fields.set_item("endings", endings)?;
    fields.set_item(
        "target_probabilities",
        estimates(py, &found.splitting_probabilities())?,
    )?;
    let samples: Vec<f64> = found.samples.iter().flatten().flatten().copied().collect();
    let kept = found.samples.as_ref().map_or(0, |_| found.trajectories as usize);
    let rows = if kept > 0 { found.observables.len() } else { 0 };
    fields.set_item("samples", crate::records::matrix(py, samples, rows, kept)?)?;
    let code = |ending: &Ending| match ending {
        Ending::Horizon => -1,
        Ending::Upper => -2,
        Ending::Lower => -3,
        Ending::Jumps => -4,
        Ending::Absorbed => -5,
        Ending::Target(k) => *k as i64,
        _ => -6,
    };
    let endings: Vec<i64> = found.sample_endings.iter().map(code).collect();
    fields.set_item("sample_endings", endings.to_python(py)?)?;
    Ok(fields)
}

fn ensemble(
    simulation: &impl Simulation,
    start: &Distribution,
    asked: &Asked,
    run: &Run<'_>,
) -> irrev_network::Result<Ensemble> {
    graph::ensemble(simulation, start, &asked.ensemble()?, run)
}

#[pyfunction]
pub(crate) fn sample_jump_process<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    start: &Bound<'py, PyAny>,
    asked: Asked,
    checkpoint: Option<PathBuf>,
    options: Options,
) -> Fields<'py> {
    let start = distribution("start", start)?;
    let inner: Arc<Process> = Arc::clone(&kinetics.0);
    let missing = asked.missing_weight;
    let found = resumable(py, options, checkpoint, move |run, _| {
        ensemble(&Simulator::new(&inner, asked.options()?)?, &start, &asked, run)
    })?;
    ensemble_fields(py, &found, missing)
}

/// Towards what trajectories are tilted, as `irrev.simulation` gives it.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Tilted {
    weights: Vec<f64>,
    chi: f64,
    initial: Option<Vec<f64>>,
    end: Option<Vec<f64>>,
    /// Whether the tilt is of the total entropy between `initial` and `end` as distributions.
    total_entropy: bool,
    intervals: Option<usize>,
}

impl Tilted {
    fn tilt(self, process: &Process) -> irrev_network::Result<Tilt> {
        let mut tilt = match (self.total_entropy, self.initial, self.end) {
            (true, Some(initial), Some(end)) => Tilt::total_entropy(
                process,
                &Distribution::new(initial)?,
                &Distribution::new(end)?,
                self.chi,
            ),
            (_, initial, end) => {
                let plain = Tilt::current(process, self.weights, self.chi);
                Tilt {
                    initial: initial.unwrap_or_else(|| plain.initial.clone()),
                    end: end.unwrap_or_else(|| plain.end.clone()),
                    ..plain
                }
            }
        };
        tilt.guide = self.intervals.map_or(Guide::LongTime, Guide::Intervals);
        Ok(tilt)
    }
}

#[pyfunction]
pub(crate) fn sample_tilted_process<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    tilted: Tilted,
    start: &Bound<'py, PyAny>,
    asked: Asked,
    checkpoint: Option<PathBuf>,
    options: Options,
) -> Fields<'py> {
    let start = distribution("start", start)?;
    let inner: Arc<Process> = Arc::clone(&kinetics.0);
    let missing = asked.missing_weight;
    let found = resumable(py, options, checkpoint, move |run, _| {
        let tilt = tilted.tilt(&inner)?;
        let simulator = TiltedSimulator::new(&inner, &tilt, asked.options()?, run)?;
        ensemble(&simulator, &start, &asked, run)
    })?;
    ensemble_fields(py, &found, missing)
}

/// Energies of the states over time: expressions, or a function of the time.
enum Energies {
    Formulas(Formulas),
    Function(Py<PyAny>),
}

impl Energies {
    fn new(process: &DrivenJump, value: &Bound<'_, PyAny>) -> PyResult<Self> {
        if value.is_callable() {
            return Ok(Self::Function(value.clone().unbind()));
        }
        let texts = texts("energies", value)?;
        let (found, expected) = (texts.len(), process.network.0.states().len());
        if found != expected {
            let what = "energies";
            return Err(irrev_network::Error::Length {
                what,
                found,
                expected,
            })
            .or_raise();
        }
        let formulas = Formulas::parse(value.py(), "energies", &texts, &process.parameters, false)?;
        Ok(Self::Formulas(formulas))
    }

    fn write(&self, t: f64, out: &mut [f64], watch: &Watch) -> irrev_network::Result<()> {
        match self {
            Self::Formulas(formulas) => {
                formulas.evaluate(t, out);
                Ok(())
            }
            Self::Function(function) => call(function, watch, t, |value| fill("energies", value, out)),
        }
    }
}

#[pyfunction]
#[allow(
    clippy::too_many_arguments,
    reason = "a protocol has a process, energies, breaks and a start beside the options"
)]
pub(crate) fn sample_driven_process<'py>(
    py: Python<'py>,
    process: &DrivenJump,
    energies: Option<&Bound<'py, PyAny>>,
    breaks: Vec<f64>,
    start: &Bound<'py, PyAny>,
    asked: Asked,
    checkpoint: Option<PathBuf>,
    options: Options,
) -> Fields<'py> {
    let start = distribution("start", start)?;
    let energies = energies.map(|value| Energies::new(process, value)).transpose()?;
    if checkpoint.is_some()
        && energies
            .as_ref()
            .is_some_and(|e| matches!(e, Energies::Function(_)))
    {
        return Err(PyTypeError::new_err(
            "a checkpoint needs energies as expressions: a function cannot be told from another one",
        ));
    }
    let (network, law) = (Arc::clone(&process.network.0), Arc::clone(&process.law));
    let missing = asked.missing_weight;
    let found = resumable(py, options, checkpoint, move |run, watch| {
        let process = DrivenJump::process(&network, &law, watch);
        let law = |t: f64, out: &mut [f64]| match &energies {
            Some(energies) => energies.write(t, out, watch),
            None => Ok(()),
        };
        let simulator = DrivenSimulator::new(
            &process,
            if energies.is_some() { Some(&law) } else { None },
            JumpTimes::Integrated { breaks },
            asked.options()?,
            run,
        )?;
        ensemble(&simulator, &start, &asked, run)
    })?;
    ensemble_fields(py, &found, missing)
}

#[pyfunction]
#[allow(
    clippy::too_many_arguments,
    reason = "a long run has a process, a start, currents and increments beside the options"
)]
pub(crate) fn long_run<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    start: &Bound<'py, PyAny>,
    currents: Vec<Vec<f64>>,
    duration: f64,
    increments: usize,
    checkpoint: Option<PathBuf>,
    options: Options,
) -> Fields<'py> {
    let start = distribution("start", start)?;
    let inner = Arc::clone(&kinetics.0);
    let settings = LongRunOptions {
        currents,
        duration,
        increments,
    };
    let found = resumable(py, options, checkpoint, move |run, _| {
        graph::long_run(&inner, &start, &settings, run)
    })?;
    let fields = record!(py, found; jump_counts, residence);
    fields.set_item(
        "increments",
        crate::records::rows(py, &found.increments, increments)?,
    )?;
    Ok(fields)
}

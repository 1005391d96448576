//! Walkers that go on as long as one likes.
//!
//! The walkers lie behind a lock, paused; whoever asks something of them waits until a call under way has ended, without holding the interpreter.

use std::sync::{Arc, Mutex, PoisonError};

use irrev_landscape::langevin::{Paused, Simulation};
use irrev_landscape::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::super::Fields;
use super::parts::{Course, DynamicsParts, FieldParts, Question};
use super::thermodynamics::fields as books;
use crate::errors::{OrRaise, general_error};
use crate::records::matrix;
use crate::run::{Options, supervised};

/// A simulation between two calls; `irrev.landscape.langevin.Simulation` shows it.
#[pyclass(frozen, module = "irrev._core")]
pub(crate) struct LangevinSimulation {
    question: Arc<Question>,
    /// None after an error in the middle of a stretch: then walkers have made different numbers of steps.
    walkers: Arc<Mutex<Option<Paused>>>,
    options: (u64, u64),
}

/// Whether walkers may go on after an error: they all have made the same number of steps.
fn may_go_on(error: &Error) -> bool {
    matches!(error, Error::Numerics(irrev_numerics::Error::Cancelled))
}

/// Work on the walkers, if there are any; `None` if there are not.
fn on_walkers<T>(
    question: &Question,
    walkers: &Mutex<Option<Paused>>,
    work: impl FnOnce(&mut Simulation<'_>) -> Result<T>,
) -> Result<Option<T>> {
    let mut kept = walkers.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(paused) = kept.take() else {
        return Ok(None);
    };
    let dynamics = question.dynamics()?;
    let mut simulation = Simulation::resume(question.field(), &dynamics, &question.options, paused)?;
    let done = work(&mut simulation);
    if done.as_ref().err().is_none_or(may_go_on) {
        *kept = Some(simulation.pause());
    }
    done.map(Some)
}

impl LangevinSimulation {
    /// A look at the walkers.
    fn look<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut Simulation<'_>) -> Result<T> + Send,
    ) -> PyResult<T> {
        let found = py.detach(|| on_walkers(&self.question, &self.walkers, work));
        found.or_raise()?.ok_or_else(|| ended(py))
    }

    fn table<T: numpy::Element>(&self, py: Python<'_>, entries: Vec<T>) -> PyResult<Py<PyAny>> {
        let d = self.question.dimension();
        let rows = entries.len() / d;
        Ok(matrix(py, entries, rows, d)?.unbind())
    }
}

fn ended(py: Python<'_>) -> PyErr {
    general_error(
        py,
        "the simulation ended by an error; restore a checkpoint, or make it anew".into(),
    )
}

#[pymethods]
impl LangevinSimulation {
    /// Walkers at their start.
    #[new]
    fn new(
        py: Python<'_>,
        field: FieldParts<'_>,
        dynamics: DynamicsParts<'_>,
        course: Course<'_>,
        options: Options,
    ) -> PyResult<Self> {
        let question = Arc::new(Question::read(py, field, dynamics, course)?);
        let limits = (options.0, options.2);
        let simulation = Self {
            question,
            walkers: Arc::default(),
            options: limits,
        };
        simulation.begin(py, options, None)?;
        Ok(simulation)
    }

    /// Makes steps.
    fn advance(&self, py: Python<'_>, steps: u64, options: Options) -> PyResult<()> {
        let (question, walkers) = (Arc::clone(&self.question), Arc::clone(&self.walkers));
        let done = supervised(py, options, move |run, _| {
            on_walkers(&question, &walkers, |simulation| simulation.advance(steps, run))
        })?;
        done.ok_or_else(|| ended(py))
    }

    /// (steps, time) since the start.
    fn clock(&self, py: Python<'_>) -> PyResult<(u64, f64)> {
        self.look(py, |simulation| Ok((simulation.steps(), simulation.time())))
    }

    /// Positions, walkers × coordinates.
    fn positions(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let found = self.look(py, |simulation| Ok(simulation.positions()))?;
        self.table(py, found)
    }

    /// Velocities likewise; None for motion without inertia.
    fn velocities(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let found = self.look(py, |simulation| Ok(simulation.velocities()))?;
        (!found.is_empty()).then(|| self.table(py, found)).transpose()
    }

    /// Whole turns of periodic coordinates likewise.
    fn turns(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        let found = self.look(py, |simulation| Ok(simulation.turns()))?;
        self.table(py, found)
    }

    /// The books.
    fn thermodynamics<'py>(&self, py: Python<'py>) -> Fields<'py> {
        let found = self.look(py, |simulation| simulation.thermodynamics())?;
        books(py, &found)
    }

    /// The state as bytes.
    fn checkpoint<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let found = self.look(py, |simulation| Ok(simulation.checkpoint()))?;
        Ok(PyBytes::new(py, &found))
    }

    /// Back, or ahead, to a state; that of before stays if it is refused.
    fn restore(&self, py: Python<'_>, checkpoint: Vec<u8>) -> PyResult<()> {
        let (seed, memory_limit) = self.options;
        self.begin(py, (seed, 0, memory_limit, None), Some(checkpoint))
    }
}

impl LangevinSimulation {
    /// Walkers at their start, or at a checkpoint.
    fn begin(&self, py: Python<'_>, options: Options, checkpoint: Option<Vec<u8>>) -> PyResult<()> {
        let (question, walkers) = (Arc::clone(&self.question), Arc::clone(&self.walkers));
        supervised(py, options, move |run, _| {
            let dynamics = question.dynamics()?;
            let mut simulation = Simulation::new(
                question.field(),
                &dynamics,
                &question.start,
                &question.options,
                run,
            )?;
            if let Some(checkpoint) = checkpoint {
                simulation.restore(&checkpoint)?;
            }
            *walkers.lock().unwrap_or_else(PoisonError::into_inner) = Some(simulation.pause());
            Ok::<(), Error>(())
        })
    }
}

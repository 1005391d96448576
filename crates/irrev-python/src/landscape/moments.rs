//! Averages in the cells of a coordinate, of a whole recording or of chunks as they come.

use std::sync::{Arc, Mutex};

use irrev_landscape::Result;
use irrev_landscape::moments::{
    Accelerations, ConditionalMoments, MomentOptions, MomentPass, Outside, Velocities, conditional_moments,
};
use irrev_numerics::Run;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use super::estimates::columns;
use super::grid::GridParts;
use super::recording::{LandscapeRecord, OwnSegment, Recording, SegmentParts};
use super::{AGAIN, Fields};
use crate::arrays::named;
use crate::errors::{OrRaise, general_error};
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

/// Coordinate, where velocities come from and kT for those of metrics, where accelerations come from, the shortest block, and whether frames outside of the cells are allowed.
#[derive(Clone, FromPyObject, IntoPyObject)]
pub(crate) struct MomentParts(usize, String, Option<f64>, String, Option<usize>, bool);

impl MomentParts {
    pub(super) fn options(&self, py: Python<'_>) -> PyResult<MomentOptions> {
        let velocities = match (self.1.as_str(), self.2) {
            ("metrics", Some(temperature)) => Velocities::Metrics { temperature },
            (name, _) => {
                let known = [
                    ("differences", Velocities::Differences),
                    ("given", Velocities::Given),
                ];
                named(py, "velocities", name, &known)?
            }
        };
        let known = [
            ("differences", Accelerations::Differences),
            ("given", Accelerations::Given),
            ("not needed", Accelerations::NotNeeded),
        ];
        Ok(MomentOptions {
            coordinate: self.0,
            velocities,
            accelerations: named(py, "accelerations", &self.3, &known)?,
            shortest_block: self.4,
            outside: if self.5 {
                Outside::Counted
            } else {
                Outside::Refused
            },
        })
    }
}

/// Where moments come from.
enum Question {
    Record {
        record: Py<LandscapeRecord>,
        grid: GridParts,
        options: MomentParts,
    },
    Pass,
}

/// Sums of a pass over a record, and the averages that follow.
#[pyclass(frozen, eq, module = "irrev._core")]
pub(crate) struct LandscapeMoments {
    question: Question,
    moments: Arc<ConditionalMoments>,
}

impl PartialEq for LandscapeMoments {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.moments, &other.moments) || self.moments == other.moments
    }
}

impl LandscapeMoments {
    pub(super) fn shared(&self) -> Arc<ConditionalMoments> {
        Arc::clone(&self.moments)
    }
}

#[pymethods]
impl LandscapeMoments {
    #[new]
    fn new(
        py: Python<'_>,
        record: Py<LandscapeRecord>,
        grid: GridParts,
        options: MomentParts,
        run: Options,
    ) -> PyResult<Self> {
        let recording: Arc<Recording> = record.get().shared();
        let (cells, asked) = (grid.grid().or_raise()?, options.options(py)?);
        let moments = supervised(py, run, move |run, _| -> Result<_> {
            conditional_moments(&recording.record()?, &cells, &asked, run)
        })?;
        Ok(Self {
            question: Question::Record {
                record,
                grid,
                options,
            },
            moments: Arc::new(moments),
        })
    }

    /// All averages, and what their errors rest on.
    fn figures<'py>(&self, py: Python<'py>) -> Fields<'py> {
        let (m, fields) = (&self.moments, PyDict::new(py));
        let errors = m.errors();
        fields.set_item("counts", m.counts().to_python(py)?)?;
        fields.set_item("outside", m.outside())?;
        fields.set_item("frames", m.frames())?;
        for (name, estimates) in [
            ("density", m.density()),
            ("mean_velocity", m.mean_velocity()),
            ("mean_square_velocity", m.mean_square_velocity()),
            ("mean_acceleration", m.mean_acceleration()),
            ("mean_square_acceleration", m.mean_square_acceleration()),
        ] {
            fields.set_item(name, columns(py, &estimates)?)?;
        }
        fields.set_item("effective_counts", m.effective_counts().to_python(py)?)?;
        fields.set_item("blocks", errors.blocks())?;
        fields.set_item("frames_per_block", errors.frames_per_block())?;
        fields.set_item("growth", errors.growth())?;
        fields.set_item("resolved", errors.resolved())?;
        let steps = m.periodic_steps();
        fields.set_item("periodic_steps", record!(py, steps; wraps, doubtful, largest))?;
        Ok(fields)
    }

    /// The moments of both, as if the frames of the other had come after these.
    fn merged(&self, other: &Self) -> PyResult<Self> {
        let mut both = (*self.moments).clone();
        both.merge((*other.moments).clone()).or_raise()?;
        Ok(Self {
            question: Question::Pass,
            moments: Arc::new(both),
        })
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (py, this) = (slf.py(), slf.get());
        match &this.question {
            Question::Record {
                record,
                grid,
                options,
            } => {
                let question = (record.clone_ref(py), grid.to_parts(py)?, options.clone(), AGAIN);
                Ok((slf.get_type().into_any(), question.into_pyobject(py)?))
            }
            Question::Pass => Err(PyTypeError::new_err(
                "moments of chunks or of several records cannot be pickled, because their frames are gone; keep what figures you need",
            )),
        }
    }
}

/// Moments from chunks of trajectories.
#[pyclass(frozen, module = "irrev._core")]
pub(crate) struct LandscapePass(Mutex<MomentPass>);

impl LandscapePass {
    fn with<T>(&self, py: Python<'_>, work: impl FnOnce(&mut MomentPass) -> PyResult<T>) -> PyResult<T> {
        let mut open = self
            .0
            .lock()
            .map_err(|_| general_error(py, "an earlier chunk failed inside; begin a new pass".into()))?;
        work(&mut open)
    }
}

#[pymethods]
impl LandscapePass {
    #[new]
    fn new(py: Python<'_>, grid: GridParts, options: MomentParts, memory_limit: u64) -> PyResult<Self> {
        let run = Run {
            memory_limit,
            ..Run::default()
        };
        let pass = MomentPass::new(grid.grid().or_raise()?, &options.options(py)?, &run).or_raise()?;
        Ok(Self(Mutex::new(pass)))
    }

    /// The next frames of the open trajectory, or the first of a new one.
    fn push(&self, py: Python<'_>, chunk: SegmentParts<'_>) -> PyResult<()> {
        let chunk = OwnSegment::read(&chunk)?;
        self.with(py, |pass| pass.push(&chunk.segment().or_raise()?).or_raise())
    }

    fn end_trajectory(&self, py: Python<'_>) -> PyResult<()> {
        self.with(py, |pass| pass.end_segment().or_raise())
    }

    /// The moments of all frames so far; the pass goes on.
    fn moments(&self, py: Python<'_>) -> PyResult<LandscapeMoments> {
        let pass = self.with(py, |pass| Ok(pass.clone()))?;
        Ok(LandscapeMoments {
            question: Question::Pass,
            moments: Arc::new(py.detach(|| pass.finish()).or_raise()?),
        })
    }
}

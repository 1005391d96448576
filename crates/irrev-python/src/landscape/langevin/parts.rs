//! What is asked of a simulation, as `irrev.landscape.langevin` hands it over.

use irrev::model::{FieldFormulas, FieldRows};
use irrev_landscape::langevin::{
    Boundary, DampedCosine, Dynamics, ForceField, Generalized, LangevinOptions, LinearField, MemoryBath,
    MemoryKernel, Overdamped, OverdampedIntegrator, Start, Underdamped, UnderdampedIntegrator,
};
use irrev_landscape::linear::underdamped::Bath;
use irrev_landscape::memory::ContinuedFraction;
use irrev_landscape::record::Period;
use irrev_landscape::{Error, Result};
use numpy::{PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::super::Fields;
use crate::arrays::named;
use crate::errors::OrRaise;
use crate::matrices::matrix;
use crate::records::ToPython;

/// Formulas (names of coordinates, parameters, V, f of each coordinate), or a matrix and an offset.
#[derive(FromPyObject)]
pub(crate) enum FieldParts<'py> {
    Formulas(
        Vec<String>,
        Vec<(String, f64)>,
        Option<String>,
        Vec<Option<String>>,
    ),
    Linear(PyReadonlyArray2<'py, f64>, PyReadonlyArray1<'py, f64>),
}

/// Temperatures and mobilities (numbers, or formulas in the names of the field) and an integrator; masses, frictions and temperatures with an integrator; or masses, temperatures and memories.
#[derive(FromPyObject)]
pub(crate) enum DynamicsParts<'py> {
    Overdamped(Vec<f64>, Vec<f64>, Vec<Option<String>>, String),
    Underdamped(Vec<f64>, Vec<f64>, Vec<f64>, String),
    Generalized(Vec<f64>, Vec<f64>, Vec<MemoryParts<'py>>),
}

/// White friction, coupling and drift.
#[derive(FromPyObject)]
pub(crate) struct MemoryParts<'py>(f64, PyReadonlyArray1<'py, f64>, PyReadonlyArray2<'py, f64>);

/// Positions (walkers × coordinates) and velocities; of each coordinate None, ("period", start, length) or ("walls", lower, upper); h, steps, t₀, steps between frames, seconds between checkpoints.
pub(crate) type Course<'py> = (
    PyReadonlyArray2<'py, f64>,
    Option<PyReadonlyArray2<'py, f64>>,
    Vec<Option<(String, f64, f64)>>,
    (f64, u64, f64, u64, f64),
);

/// A field that owns what it needs.
enum Field {
    Formulas(Box<FieldRows>),
    Linear(LinearField),
}

impl Field {
    /// `mobilities` are formulas in the names of the field; empty if they are numbers.
    fn read(field: FieldParts<'_>, mobilities: Vec<Option<String>>) -> PyResult<Self> {
        Ok(match field {
            FieldParts::Formulas(coordinates, parameters, potential, forces) => {
                let formulas = FieldFormulas {
                    coordinates,
                    parameters,
                    potential,
                    forces,
                    mobilities,
                };
                Self::Formulas(Box::new(formulas.rows().or_raise()?))
            }
            FieldParts::Linear(given, offset) => {
                let offset = offset.as_slice()?.to_vec();
                Self::Linear(LinearField::new(matrix(&given)?, offset).or_raise()?)
            }
        })
    }
}

/// An equation of motion that owns what it needs.
enum Motion {
    Overdamped(Overdamped<'static>),
    /// Mobilities are those of the field, at these temperatures.
    OfPlace(Vec<f64>, OverdampedIntegrator),
    Underdamped(Underdamped),
    Generalized(Generalized),
}

/// A question with everything that an answer needs.
pub(super) struct Question {
    field: Field,
    motion: Motion,
    pub(super) start: Start,
    pub(super) options: LangevinOptions,
}

impl Question {
    pub(super) fn read(
        py: Python<'_>,
        field: FieldParts<'_>,
        dynamics: DynamicsParts<'_>,
        course: Course<'_>,
    ) -> PyResult<Self> {
        let (positions, velocities, boundaries, (step, steps, start_time, record_every, checkpoint_interval)) =
            course;
        let dimension = positions.shape()[1];
        let mut start = Start::of_positions(dimension, positions.as_slice()?.to_vec()).or_raise()?;
        if let Some(velocities) = velocities {
            start = start
                .with_velocities(velocities.as_slice()?.to_vec())
                .or_raise()?;
        }
        let boundaries = boundaries.into_iter().map(|given| boundary(py, given));
        let options = LangevinOptions {
            step,
            steps,
            start_time,
            boundaries: boundaries.collect::<PyResult<_>>()?,
            record_every,
            checkpoint_interval,
        };
        let mobilities = match &dynamics {
            DynamicsParts::Overdamped(_, _, formulas, _) => formulas.clone(),
            _ => Vec::new(),
        };
        let field = Field::read(field, mobilities)?;
        Ok(Self {
            field,
            motion: motion(py, dynamics)?,
            start,
            options,
        })
    }

    pub(super) fn field(&self) -> &dyn ForceField {
        match &self.field {
            Field::Formulas(rows) => &**rows,
            Field::Linear(linear) => linear,
        }
    }

    pub(super) fn dynamics(&self) -> Result<Dynamics<'_>> {
        Ok(match (&self.motion, &self.field) {
            (Motion::OfPlace(temperatures, integrator), Field::Formulas(rows)) => {
                Overdamped::with_mobility_field(&**rows, temperatures.clone())?
                    .integrated_by(*integrator)?
                    .into()
            }
            (Motion::OfPlace(..), Field::Linear(_)) => {
                return Err(Error::Missing {
                    what: "names of coordinates: mobilities that are formulas need a field that is one, too",
                });
            }
            (Motion::Overdamped(motion), _) => motion.clone().into(),
            (Motion::Underdamped(motion), _) => motion.clone().into(),
            (Motion::Generalized(motion), _) => motion.clone().into(),
        })
    }

    /// Number of coordinates.
    pub(super) fn dimension(&self) -> usize {
        self.start.dimension()
    }
}

fn boundary(py: Python<'_>, given: Option<(String, f64, f64)>) -> PyResult<Boundary> {
    let Some((kind, first, second)) = given else {
        return Ok(Boundary::Free);
    };
    let known = [("period", true), ("walls", false)];
    Ok(if named(py, "a boundary", &kind, &known)? {
        Boundary::Periodic(Period::new(first, second).or_raise()?)
    } else {
        Boundary::Reflecting {
            lower: first,
            upper: second,
        }
    })
}

fn motion(py: Python<'_>, given: DynamicsParts<'_>) -> PyResult<Motion> {
    Ok(match given {
        DynamicsParts::Overdamped(temperatures, mobilities, formulas, integrator) => {
            let known = [
                ("euler-maruyama", OverdampedIntegrator::EulerMaruyama),
                ("leimkuhler-matthews", OverdampedIntegrator::LeimkuhlerMatthews),
                ("exact", OverdampedIntegrator::ExactLinear),
            ];
            let integrator = named(py, "integrator", &integrator, &known)?;
            if formulas.is_empty() {
                let motion = Overdamped::new(mobilities, temperatures).or_raise()?;
                Motion::Overdamped(motion.integrated_by(integrator).or_raise()?)
            } else {
                Motion::OfPlace(temperatures, integrator)
            }
        }
        DynamicsParts::Underdamped(masses, frictions, temperatures, integrator) => {
            let known = [
                ("baoab", UnderdampedIntegrator::Baoab),
                ("exact", UnderdampedIntegrator::ExactLinear),
            ];
            let integrator = named(py, "integrator", &integrator, &known)?;
            let baths = masses.into_iter().zip(frictions).zip(temperatures);
            let baths = baths.map(|((mass, friction), temperature)| Bath {
                mass,
                friction,
                temperature,
            });
            Motion::Underdamped(
                Underdamped::new(baths.collect())
                    .or_raise()?
                    .integrated_by(integrator),
            )
        }
        DynamicsParts::Generalized(masses, temperatures, memories) => {
            let baths = masses.into_iter().zip(temperatures).zip(memories);
            let baths = baths.map(|((mass, temperature), memory)| {
                Ok(MemoryBath {
                    mass,
                    temperature,
                    kernel: memory.kernel()?,
                })
            });
            Motion::Generalized(Generalized::new(baths.collect::<PyResult<_>>()?).or_raise()?)
        }
    })
}

impl MemoryParts<'_> {
    fn kernel(&self) -> PyResult<MemoryKernel> {
        let white = MemoryKernel::white(self.0).or_raise()?;
        let coloured = MemoryKernel::general(self.1.as_slice()?.to_vec(), matrix(&self.2)?).or_raise()?;
        Ok(white.plus(&coloured))
    }
}

/// Refuses a field that makes no sense.
#[pyfunction]
pub(crate) fn check_langevin_field(field: FieldParts<'_>) -> PyResult<()> {
    Field::read(field, Vec::new()).map(|_| ())
}

/// White friction, coupling and drift of a sum of exponentials (two lists), of damped cosines (four), or of the strengths and rates of a continued fraction.
#[pyfunction]
pub(crate) fn langevin_memory<'py>(
    py: Python<'py>,
    kind: &str,
    columns: Vec<PyReadonlyArray1<'py, f64>>,
) -> Fields<'py> {
    let columns: Vec<Vec<f64>> = columns
        .iter()
        .map(|column| Ok(column.as_slice()?.to_vec()))
        .collect::<PyResult<_>>()?;
    let kernel = match (kind, columns.as_slice()) {
        ("continued fraction", [strengths, rates]) => MemoryKernel::continued_fraction(&ContinuedFraction {
            strengths: strengths.clone(),
            rates: rates.clone(),
        }),
        (_, [amplitudes, rates, frequencies, phases]) => {
            let terms = amplitudes.iter().zip(rates).zip(frequencies).zip(phases);
            let terms = terms.map(|(((amplitude, rate), frequency), phase)| DampedCosine {
                amplitude: *amplitude,
                rate: *rate,
                frequency: *frequency,
                phase: *phase,
            });
            MemoryKernel::damped_cosines(&terms.collect::<Vec<_>>())
        }
        (_, [amplitudes, rates]) => MemoryKernel::exponentials(amplitudes, rates),
        _ => MemoryKernel::white(0.0),
    };
    memory_fields(py, &kernel.or_raise()?)
}

/// White friction, coupling and drift.
pub(crate) fn memory_fields<'py>(py: Python<'py>, kernel: &MemoryKernel) -> Fields<'py> {
    let fields = PyDict::new(py);
    fields.set_item("friction", kernel.friction())?;
    fields.set_item("coupling", kernel.coupling().to_vec().to_python(py)?)?;
    fields.set_item("drift", kernel.drift().to_python(py)?)?;
    Ok(fields)
}

/// K at times t > 0 without the white part; refuses what is no memory.
#[pyfunction]
pub(crate) fn langevin_memory_at<'py>(
    py: Python<'py>,
    memory: MemoryParts<'py>,
    times: Vec<f64>,
) -> PyResult<Bound<'py, PyAny>> {
    let kernel = memory.kernel()?;
    times
        .iter()
        .map(|t| kernel.at(*t))
        .collect::<Vec<f64>>()
        .to_python(py)
}

//! All levels of one or more sectors, with their eigenvectors.

use std::sync::Arc;

use irrev_quantum::bath::BathSpectrum;
use irrev_quantum::diagonalise::{Symmetries, Wanted};
use irrev_quantum::temperature::{Matched, Matching, TemperatureSign};
use numpy::{Complex64, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};

use super::model::{ModelParts, parts};
use super::{AGAIN, Fields};
use crate::arrays::named;
use crate::errors::{OrRaise, general_error};
use crate::records::ToPython;
use crate::run::{Options, supervised};

/// Levels and eigenvectors of a Hamiltonian in a range of particle numbers.
#[pyclass(frozen, eq, module = "irrev._core")]
pub(crate) struct Eigenstates(Arc<Solved>);

/// A question and its answer.
struct Solved {
    numbers: (usize, usize),
    generators: Vec<Vec<usize>>,
    wanted: Wanted,
    spectrum: BathSpectrum,
}

/// A question has one answer, whatever the number of threads.
impl PartialEq for Eigenstates {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (&self.0, &other.0);
        a.spectrum.bath() == b.spectrum.bath()
            && a.numbers == b.numbers
            && a.generators == b.generators
            && a.wanted == b.wanted
    }
}

impl Eigenstates {
    /// The spectra, for work that goes on in another thread.
    pub(super) fn shared(&self) -> SharedSpectrum {
        SharedSpectrum(Arc::clone(&self.0))
    }

    pub(super) fn spectrum(&self) -> &BathSpectrum {
        &self.0.spectrum
    }
}

/// Spectra that several owners read.
pub(super) struct SharedSpectrum(Arc<Solved>);

impl SharedSpectrum {
    pub(super) fn spectrum(&self) -> &BathSpectrum {
        &self.0.spectrum
    }
}

/// A temperature with its name; numbers that mean nothing are `None`.
fn temperature<'py>(py: Python<'py>, found: &Matched) -> Fields<'py> {
    let fields = PyDict::new(py);
    let (kind, beta, alpha) = match found {
        Matched::Finite(reservoir) => ("finite", Some(reservoir.beta), Some(reservoir.alpha)),
        Matched::Lowest => ("lowest", Some(f64::INFINITY), None),
        Matched::Highest => ("highest", Some(f64::NEG_INFINITY), None),
        Matched::Empty => ("empty", None, Some(f64::NEG_INFINITY)),
        Matched::Full => ("full", None, Some(f64::INFINITY)),
        _ => {
            let message = format!("this version of irrev does not know the temperature {found:?}");
            return Err(general_error(py, message));
        }
    };
    let (sign, potential) = match found {
        Matched::Finite(reservoir) => (
            Some(match reservoir.sign() {
                TemperatureSign::Positive => "positive",
                TemperatureSign::Infinite => "infinite",
                TemperatureSign::Negative => "negative",
            }),
            reservoir.chemical_potential(),
        ),
        Matched::Lowest => (Some("positive"), None),
        Matched::Highest => (Some("negative"), None),
        _ => (None, None),
    };
    fields.set_item("kind", kind)?;
    fields.set_item("beta", beta)?;
    fields.set_item("alpha", alpha)?;
    fields.set_item("sign", sign)?;
    fields.set_item("chemical_potential", potential)?;
    Ok(fields)
}

#[pymethods]
impl Eigenstates {
    #[new]
    fn new(
        py: Python<'_>,
        model: ModelParts<'_>,
        numbers: (usize, usize),
        generators: Vec<Vec<usize>>,
        states: bool,
        options: Options,
    ) -> PyResult<Self> {
        let model = model.hamiltonian()?;
        let symmetries = Symmetries::new(&model, &generators).or_raise()?;
        let wanted = if states { Wanted::States } else { Wanted::Levels };
        let spectrum = supervised(py, options, move |run, _| {
            BathSpectrum::new(&model, numbers.0..=numbers.1, &symmetries, wanted, run)
        })?;
        Ok(Self(Arc::new(Solved {
            numbers,
            generators,
            wanted,
            spectrum,
        })))
    }

    /// Energies, gaps, blocks and places in them of all levels with n particles, and the labels and energies of the blocks.
    fn levels<'py>(&self, py: Python<'py>, particles: usize) -> Fields<'py> {
        let sector = self.spectrum().sector(particles).or_raise()?;
        let fields = PyDict::new(py);
        let numbers = |value: &dyn Fn(&irrev_quantum::diagonalise::Level) -> f64| -> Vec<f64> {
            sector.levels.iter().map(value).collect()
        };
        let places = |value: &dyn Fn(&irrev_quantum::diagonalise::Level) -> usize| -> Vec<usize> {
            sector.levels.iter().map(value).collect()
        };
        fields.set_item("energies", numbers(&|level| level.energy).to_python(py)?)?;
        fields.set_item("gaps", numbers(&|level| level.gap).to_python(py)?)?;
        fields.set_item("blocks", places(&|level| level.block).to_python(py)?)?;
        fields.set_item("places", places(&|level| level.index).to_python(py)?)?;
        let labels = sector.blocks.iter().map(|block| PyTuple::new(py, &block.label));
        let labels: Vec<Bound<'py, PyTuple>> = labels.collect::<PyResult<_>>()?;
        fields.set_item("labels", PyTuple::new(py, labels)?)?;
        Ok(fields)
    }

    /// The eigenvector of a level, among all or within a block; a degenerate one is refused unless it is to be kept.
    fn state<'py>(
        &self,
        py: Python<'py>,
        particles: usize,
        index: usize,
        label: Option<Vec<usize>>,
        keep: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let spectrum = self.spectrum();
        if keep {
            let sector = spectrum.sector(particles).or_raise()?;
            let missing = if index < sector.levels.len() {
                irrev_quantum::Error::NoStates
            } else {
                irrev_quantum::Error::NoLevel {
                    index,
                    levels: sector.levels.len(),
                }
            };
            let state = py.detach(|| sector.state(index));
            return state.ok_or(missing).or_raise()?.to_python(py);
        }
        let found = py.detach(|| match &label {
            Some(label) => spectrum.eigenstate_of_block(particles, label, index),
            None => spectrum.eigenstate(particles, index),
        });
        found.or_raise()?.state.to_python(py)
    }

    /// |⟨a|ψ⟩|² of all levels with n particles.
    fn populations<'py>(
        &self,
        py: Python<'py>,
        particles: usize,
        state: PyReadonlyArray1<'py, Complex64>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (sector, state) = (
            self.spectrum().sector(particles).or_raise()?,
            state.as_slice()?.to_vec(),
        );
        py.detach(|| sector.populations(&state)).or_raise()?.to_python(py)
    }

    /// β and α of an energy with n particles.
    fn temperature<'py>(
        &self,
        py: Python<'py>,
        particles: usize,
        energy: f64,
        matching: &str,
    ) -> Fields<'py> {
        let known = [
            ("grand", Matching::Grand),
            ("sector", Matching::Sector),
            ("fock", Matching::Fock),
        ];
        let matching = named(py, "matching", matching, &known)?;
        let spectrum = self.spectrum();
        let found = py.detach(|| spectrum.temperature(particles, energy, matching));
        temperature(py, &found.or_raise()?)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyType>, Bound<'py, PyTuple>)> {
        let (py, this) = (slf.py(), &slf.get().0);
        let question = (
            parts(py, this.spectrum.bath())?,
            this.numbers,
            this.generators.clone(),
            this.wanted == Wanted::States,
            AGAIN,
        );
        Ok((slf.get_type(), question.into_pyobject(py)?))
    }

    fn __copy__(&self) -> Self {
        Self(Arc::clone(&self.0))
    }

    fn __deepcopy__(&self, _memo: &Bound<'_, PyAny>) -> Self {
        self.__copy__()
    }

    fn __repr__(&self) -> String {
        let (low, high) = self.0.numbers;
        let what = if self.0.wanted == Wanted::States {
            "eigenstates"
        } else {
            "levels"
        };
        format!(
            "<{what} of {} sites with {low} to {high} particles>",
            self.spectrum().bath().sites()
        )
    }
}

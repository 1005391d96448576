//! States of a bath, and ensembles of its levels.

use std::sync::Arc;

use irrev_quantum::Hamiltonian;
use irrev_quantum::Result;
use irrev_quantum::bath::{BathState, typical_state};
use irrev_quantum::temperature::{self, Matched, Reservoir};
use numpy::{Complex64, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use super::eigenstates::Eigenstates;
use super::model::{ModelParts, parts};
use super::{AGAIN, Fields};
use crate::arrays::{named, vector};
use crate::errors::{OrRaise, model_error};
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

/// ρ_B = Σ_a w_a |a⟩⟨a|.
#[pyclass(frozen, eq, module = "irrev._core")]
pub(crate) struct BathEnsemble {
    question: Question,
    state: Arc<BathState>,
}

/// How a state was made.
enum Question {
    Eigenstate {
        spectrum: Py<Eigenstates>,
        particles: usize,
        index: usize,
        label: Option<Vec<usize>>,
    },
    Gibbs {
        spectrum: Py<Eigenstates>,
        reservoir: Reservoir,
    },
    Typical {
        bath: Hamiltonian,
        reservoir: Reservoir,
        index: u32,
        seed: u64,
        /// Effective dimension, scatter, and the numbers left out.
        found: (f64, f64, Vec<usize>),
    },
    Pure {
        bath: Hamiltonian,
    },
    Occupation {
        bath: Hamiltonian,
        word: u64,
    },
    Mixture {
        probabilities: Vec<f64>,
        states: Vec<Py<BathEnsemble>>,
    },
}

impl PartialEq for BathEnsemble {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.state, &other.state) || self.state == other.state
    }
}

impl BathEnsemble {
    pub(super) fn state(&self) -> &BathState {
        &self.state
    }

    pub(super) fn shared(&self) -> Arc<BathState> {
        Arc::clone(&self.state)
    }

    fn answered(question: Question, state: BathState) -> Self {
        Self {
            question,
            state: Arc::new(state),
        }
    }
}

#[pymethods]
impl BathEnsemble {
    /// One eigenstate, by its index among all levels or within a block.
    #[staticmethod]
    fn eigenstate(
        py: Python<'_>,
        spectrum: Py<Eigenstates>,
        particles: usize,
        index: usize,
        label: Option<Vec<usize>>,
    ) -> PyResult<Self> {
        let levels = spectrum.get().shared();
        let found = py.detach(|| match &label {
            Some(label) => BathState::eigenstate_of_block(levels.spectrum(), particles, label, index),
            None => BathState::eigenstate(levels.spectrum(), particles, index),
        });
        let state = found.or_raise()?;
        let question = Question::Eigenstate {
            spectrum,
            particles,
            index,
            label,
        };
        Ok(Self::answered(question, state))
    }

    /// exp(−βH + αN)/Ξ.
    #[staticmethod]
    fn gibbs(
        py: Python<'_>,
        spectrum: Py<Eigenstates>,
        beta: f64,
        alpha: f64,
        options: Options,
    ) -> PyResult<Self> {
        let levels = spectrum.get().shared();
        let reservoir = Reservoir { beta, alpha };
        let state = supervised(py, options, move |run, _| -> Result<_> {
            let energies = levels.spectrum().all_energies()?;
            let amplitudes: u64 = energies.iter().map(|sector| (sector.len() as u64).pow(2)).sum();
            run.require_memory("all eigenstates of a Gibbs state", amplitudes.saturating_mul(16))?;
            BathState::gibbs(levels.spectrum(), reservoir)
        })?;
        Ok(Self::answered(Question::Gibbs { spectrum, reservoir }, state))
    }

    /// A random vector in each number of particles that together look like exp(−βH + αN)/Ξ.
    #[staticmethod]
    fn typical(
        py: Python<'_>,
        bath: ModelParts<'_>,
        beta: f64,
        alpha: f64,
        index: u32,
        options: Options,
    ) -> PyResult<Self> {
        let (bath, reservoir, seed) = (bath.hamiltonian()?, Reservoir { beta, alpha }, options.0);
        let model = bath.clone();
        let found = supervised(py, options, move |run, _| {
            typical_state(&model, reservoir, index, run)
        })?;
        let question = Question::Typical {
            bath,
            reservoir,
            index,
            seed,
            found: (found.effective_dimension, found.scatter, found.left_out),
        };
        Ok(Self::answered(question, found.state))
    }

    /// Effective dimension, scatter and numbers left out of a typical state; None of any other.
    fn typicality<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        let Question::Typical { found, .. } = &self.question else {
            return Ok(None);
        };
        let fields = PyDict::new(py);
        fields.set_item("effective_dimension", found.0)?;
        fields.set_item("scatter", found.1)?;
        fields.set_item("left_out", found.2.to_python(py)?)?;
        Ok(Some(fields))
    }

    /// Any normalised vector with n particles.
    #[staticmethod]
    fn pure(
        py: Python<'_>,
        bath: ModelParts<'_>,
        particles: usize,
        state: PyReadonlyArray1<'_, Complex64>,
    ) -> PyResult<Self> {
        let (bath, state) = (bath.hamiltonian()?, state.as_slice()?.to_vec());
        let state = py
            .detach(|| BathState::pure(&bath, particles, &state))
            .or_raise()?;
        Ok(Self::answered(Question::Pure { bath }, state))
    }

    /// The occupation state of a word.
    #[staticmethod]
    fn occupation(bath: ModelParts<'_>, word: u64) -> PyResult<Self> {
        let bath = bath.hamiltonian()?;
        let state = BathState::occupation(&bath, word).or_raise()?;
        Ok(Self::answered(Question::Occupation { bath, word }, state))
    }

    /// A mixture of states of one bath.
    #[staticmethod]
    fn mixture(probabilities: &Bound<'_, PyAny>, states: Vec<Py<BathEnsemble>>) -> PyResult<Self> {
        let probabilities = vector("probabilities", probabilities)?;
        let parts: Vec<BathState> = states.iter().map(|state| state.get().state().clone()).collect();
        let state = BathState::mixture(&probabilities, &parts).or_raise()?;
        Ok(Self::answered(
            Question::Mixture {
                probabilities,
                states,
            },
            state,
        ))
    }

    /// Weights, energies and numbers of the members, and the means of the last two.
    fn figures<'py>(&self, py: Python<'py>) -> Fields<'py> {
        let members = self.state.members();
        let weights: Vec<f64> = members.iter().map(|member| member.weight).collect();
        let energies: Vec<f64> = members.iter().map(|member| member.energy).collect();
        let particles: Vec<usize> = members.iter().map(|member| member.particles).collect();
        let fields = PyDict::new(py);
        fields.set_item("sites", self.state.sites())?;
        fields.set_item("mean_energy", self.state.mean_energy())?;
        fields.set_item("mean_number", self.state.mean_number())?;
        fields.set_item("weights", weights.to_python(py)?)?;
        fields.set_item("energies", energies.to_python(py)?)?;
        fields.set_item("particles", particles.to_python(py)?)?;
        Ok(fields)
    }

    /// The vector of a member.
    fn vector<'py>(&self, py: Python<'py>, member: usize) -> PyResult<Bound<'py, PyAny>> {
        let members = self.state.members();
        let Some(found) = members.get(member) else {
            let message = format!(
                "member {member} was asked for; the members are 0 to {}",
                members.len() - 1
            );
            return Err(model_error(py, message));
        };
        found.state.to_python(py)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (py, this, class) = (slf.py(), slf.get(), slf.get_type());
        let (maker, question) = match &this.question {
            Question::Eigenstate {
                spectrum,
                particles,
                index,
                label,
            } => {
                let question = (spectrum.clone_ref(py), *particles, *index, label.clone());
                ("eigenstate", question.into_pyobject(py)?)
            }
            Question::Gibbs { spectrum, reservoir } => {
                let question = (spectrum.clone_ref(py), reservoir.beta, reservoir.alpha, AGAIN);
                ("gibbs", question.into_pyobject(py)?)
            }
            Question::Typical {
                bath,
                reservoir,
                index,
                seed,
                ..
            } => {
                let again = (*seed, AGAIN.1, AGAIN.2, AGAIN.3);
                let question = (parts(py, bath)?, reservoir.beta, reservoir.alpha, *index, again);
                ("typical", question.into_pyobject(py)?)
            }
            Question::Pure { bath } => {
                // a vector has one member
                let member = &this.state.members()[0];
                let question = (parts(py, bath)?, member.particles, member.state.to_python(py)?);
                ("pure", question.into_pyobject(py)?)
            }
            Question::Occupation { bath, word } => {
                ("occupation", (parts(py, bath)?, *word).into_pyobject(py)?)
            }
            Question::Mixture {
                probabilities,
                states,
            } => {
                let states: Vec<Py<Self>> = states.iter().map(|state| state.clone_ref(py)).collect();
                (
                    "mixture",
                    (probabilities.to_python(py)?, states).into_pyobject(py)?,
                )
            }
        };
        Ok((class.getattr(maker)?, question))
    }

    fn __repr__(&self) -> String {
        format!(
            "<bath of {} sites, members: {}>",
            self.state.sites(),
            self.state.members().len()
        )
    }
}

/// Raises what is infinite about a temperature that has this name.
#[pyfunction]
pub(crate) fn require_finite_temperature(py: Python<'_>, kind: &str) -> PyResult<()> {
    let none = Reservoir {
        beta: 0.0,
        alpha: 0.0,
    };
    let known = [
        ("finite", Matched::Finite(none)),
        ("lowest", Matched::Lowest),
        ("highest", Matched::Highest),
        ("empty", Matched::Empty),
        ("full", Matched::Full),
    ];
    named(py, "kind", kind, &known)?.finite().or_raise().map(|_| ())
}

/// exp(−βH)/Z from all energies of a sector.
#[pyfunction]
pub(crate) fn canonical_state<'py>(py: Python<'py>, energies: &Bound<'py, PyAny>, beta: f64) -> Fields<'py> {
    let energies = vector("energies", energies)?;
    let found = py
        .detach(|| temperature::canonical_state(&energies, beta))
        .or_raise()?;
    Ok(
        record!(py, found; beta, probabilities, log_partition, energy, heat_capacity, entropy, effective_dimension),
    )
}

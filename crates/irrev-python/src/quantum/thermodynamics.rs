//! Entropy production of a system in contact with a bath, and its fluctuations.

use std::sync::Arc;

use irrev_quantum::composite;
use irrev_quantum::evolution::EvolutionOptions;
use irrev_quantum::temperature::Reservoir;
use irrev_quantum::thermodynamics::{self, Balance, BathEnergies, ThermalContact};
use numpy::{Complex64, PyReadonlyArray1};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple, PyType};

use super::bath::BathEnsemble;
use super::composite::{CompositeParts, SystemParts};
use super::eigenstates::Eigenstates;
use super::motion::within;
use super::{AGAIN, Fields};
use crate::arrays::vector;
use crate::errors::{OrRaise, model_error};
use crate::records::{ToPython, record, rows};
use crate::run::{Options, supervised};

/// Composite, state of the system, state of the bath, β and α: as `irrev.quantum.ThermalContact` holds them.
#[derive(FromPyObject)]
pub(crate) struct ContactParts<'py>(CompositeParts<'py>, SystemParts<'py>, Py<BathEnsemble>, f64, f64);

impl ContactParts<'_> {
    fn contact(&self) -> PyResult<ThermalContact> {
        let reservoir = Reservoir {
            beta: self.3,
            alpha: self.4,
        };
        let (composite, system) = (self.0.composite()?, self.1.state()?);
        ThermalContact::new(&composite, &system, self.2.get().state(), reservoir).or_raise()
    }
}

/// Raises what is wrong with a contact.
#[pyfunction]
pub(crate) fn check_thermal_contact(contact: ContactParts<'_>) -> PyResult<()> {
    contact.contact().map(|_| ())
}

/// All pure states that a contact starts from, at some times.
#[pyclass(frozen, eq, module = "irrev._core")]
pub(crate) struct JointEvolution {
    /// The contact as it was given.
    parts: Py<PyAny>,
    how: EvolutionOptions,
    solved: Arc<Solved>,
}

struct Solved {
    contact: ThermalContact,
    evolution: composite::JointEvolution,
}

/// A question has one answer, whatever the number of threads.
impl PartialEq for JointEvolution {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (&self.solved, &other.solved);
        Arc::ptr_eq(a, b)
            || (a.evolution.times == b.evolution.times && self.how == other.how && a.contact == b.contact)
    }
}

impl JointEvolution {
    fn require_time(&self, py: Python<'_>, time: usize) -> PyResult<()> {
        let count = self.solved.evolution.times.len();
        if time < count {
            return Ok(());
        }
        let message = format!("time {time} was asked for; {count} times were, counted from 0");
        Err(model_error(py, message))
    }
}

#[pymethods]
impl JointEvolution {
    #[new]
    fn new(
        contact: &Bound<'_, PyAny>,
        times: &Bound<'_, PyAny>,
        tol: f64,
        options: Options,
    ) -> PyResult<Self> {
        let py = contact.py();
        let parts = contact.clone().unbind();
        let contact = contact.extract::<ContactParts<'_>>()?.contact()?;
        let (times, how) = (vector("times", times)?, within(py, tol)?);
        let solved = supervised(py, options, move |run, _| -> irrev_quantum::Result<_> {
            let evolution = contact.evolve(&times, &how, run)?;
            Ok(Solved { contact, evolution })
        })?;
        Ok(Self {
            parts,
            how,
            solved: Arc::new(solved),
        })
    }

    /// Times, how well the laws were kept, and how many pure states there are.
    fn figures<'py>(&self, py: Python<'py>) -> Fields<'py> {
        let evolution = &self.solved.evolution;
        let fields = record!(py, evolution; times, norm_drift, energy_drift, truncation);
        fields.set_item("branches", evolution.branches.len())?;
        Ok(fields)
    }

    /// ρ_S at a time.
    fn reduced<'py>(&self, py: Python<'py>, time: usize) -> PyResult<Bound<'py, PyAny>> {
        self.require_time(py, time)?;
        match py.detach(|| self.solved.evolution.reduced(time)) {
            Some(rho) => rho.to_python(py),
            None => Err(model_error(py, "nothing was evolved".into())),
        }
    }

    /// The books at all times.
    fn entropy_production<'py>(&self, py: Python<'py>, options: Options) -> Fields<'py> {
        let solved = Arc::clone(&self.solved);
        let found = supervised(py, options, move |_, _| {
            thermodynamics::entropy_production(&solved.contact, &solved.evolution)
        })?;
        let fields = record!(py, found; norm_drift, energy_residual, number_residual, truncation);
        let columns: [Column; 12] = [
            ("times", |books| books.time),
            ("entropy", |books| books.entropy),
            ("entropy_change", |books| books.entropy_change),
            ("system_energy", |books| books.system_energy),
            ("contact_energy", |books| books.contact_energy),
            ("bath_energy", |books| books.bath_energy),
            ("bath_energy_change", |books| books.bath_energy_change),
            ("system_number", |books| books.system_number),
            ("bath_number_change", |books| books.bath_number_change),
            ("work", |books| books.work),
            ("heat", |books| books.heat),
            ("entropy_production", |books| books.entropy_production),
        ];
        for (name, value) in columns {
            let column: Vec<f64> = found.balances.iter().map(value).collect();
            fields.set_item(name, column.to_python(py)?)?;
        }
        let populations: Vec<Vec<f64>> = found
            .balances
            .iter()
            .map(|books| books.populations.clone())
            .collect();
        let size = populations.first().map_or(0, Vec::len);
        fields.set_item("populations", rows(py, &populations, size)?)?;
        Ok(fields)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyType>, Bound<'py, PyTuple>)> {
        let (py, this) = (slf.py(), slf.get());
        let question = (
            this.parts.clone_ref(py),
            this.solved.evolution.times.to_python(py)?,
            this.how.tolerance,
            AGAIN,
        );
        Ok((slf.get_type(), question.into_pyobject(py)?))
    }

    fn __repr__(&self) -> String {
        let evolution = &self.solved.evolution;
        format!(
            "<{} pure states at {} times>",
            evolution.branches.len(),
            evolution.times.len()
        )
    }
}

/// A number of the books by its name.
type Column = (&'static str, fn(&Balance) -> f64);

/// What two measurements can find, at one time and in one direction.
#[pyclass(frozen, eq, module = "irrev._core")]
pub(crate) struct Fluctuations {
    question: Measured,
    found: Arc<thermodynamics::Fluctuations>,
}

/// How it was measured: exactly with a spectrum, otherwise for |u| up to the largest.
struct Measured {
    evolution: Py<JointEvolution>,
    time: usize,
    spectrum: Option<Py<Eigenstates>>,
    largest: f64,
    backward: bool,
}

impl PartialEq for Fluctuations {
    fn eq(&self, other: &Self) -> bool {
        self.found == other.found
    }
}

#[pymethods]
impl Fluctuations {
    #[new]
    fn new(
        py: Python<'_>,
        evolution: Py<JointEvolution>,
        time: usize,
        spectrum: Option<Py<Eigenstates>>,
        largest: f64,
        backward: bool,
        options: Options,
    ) -> PyResult<Self> {
        evolution.get().require_time(py, time)?;
        let (solved, how) = (Arc::clone(&evolution.get().solved), evolution.get().how);
        let levels = spectrum.as_ref().map(|spectrum| spectrum.get().shared());
        let found = supervised(py, options, move |run, _| {
            let energies = match &levels {
                Some(levels) => BathEnergies::Exact(levels.spectrum()),
                None => BathEnergies::MatrixFree { largest },
            };
            let (contact, evolution) = (&solved.contact, &solved.evolution);
            if backward {
                thermodynamics::Fluctuations::backward(contact, evolution, time, energies, &how, run)
            } else {
                thermodynamics::Fluctuations::forward(contact, evolution, time, energies, run)
            }
        })?;
        let question = Measured {
            evolution,
            time,
            spectrum,
            largest,
            backward,
        };
        Ok(Self {
            question,
            found: Arc::new(found),
        })
    }

    /// Mean, probability to end where the end has weight, and ⟨e^{−σ}⟩ if |u| = 1 is known.
    fn figures<'py>(&self, py: Python<'py>) -> Fields<'py> {
        let known = self.question.spectrum.is_some() || self.question.largest >= 1.0;
        let average = if known {
            Some(self.found.exponential_average().or_raise()?)
        } else {
            None
        };
        let fields = PyDict::new(py);
        fields.set_item("mean", py.detach(|| self.found.mean()))?;
        fields.set_item("reached", py.detach(|| self.found.reached()))?;
        fields.set_item("exponential_average", average)?;
        Ok(fields)
    }

    /// G(u) at complex u.
    fn generating_function<'py>(
        &self,
        py: Python<'py>,
        u: PyReadonlyArray1<'py, Complex64>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (u, found) = (u.as_slice()?.to_vec(), &self.found);
        let values: irrev_quantum::Result<Vec<Complex64>> =
            py.detach(|| u.iter().map(|&u| found.generating_function(u)).collect());
        values.or_raise()?.to_python(py)
    }

    /// Peaks of P(σ): their places and probabilities.
    fn distribution<'py>(&self, py: Python<'py>) -> Fields<'py> {
        let found = py.detach(|| self.found.distribution()).or_raise()?;
        let fields = PyDict::new(py);
        let column = |value: fn(&thermodynamics::Outcome) -> f64| -> Vec<f64> {
            found.outcomes.iter().map(value).collect()
        };
        fields.set_item("sigma", column(|outcome| outcome.sigma).to_python(py)?)?;
        fields.set_item(
            "probability",
            column(|outcome| outcome.probability).to_python(py)?,
        )?;
        fields.set_item("total", found.total())?;
        fields.set_item("mean", found.mean())?;
        Ok(fields)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyType>, Bound<'py, PyTuple>)> {
        let (py, this) = (slf.py(), &slf.get().question);
        let question = (
            this.evolution.clone_ref(py),
            this.time,
            this.spectrum.as_ref().map(|spectrum| spectrum.clone_ref(py)),
            this.largest,
            this.backward,
            AGAIN,
        );
        Ok((slf.get_type(), question.into_pyobject(py)?))
    }

    fn __repr__(&self) -> String {
        let process = if self.question.backward {
            "backward"
        } else {
            "forward"
        };
        format!("<{process} fluctuations at time {}>", self.question.time)
    }
}

/// c_2 in ⟨e^{−σ}⟩ = 1 + c_2 t² + O(t⁴).
#[pyfunction]
pub(crate) fn short_time_coefficient(
    py: Python<'_>,
    contact: ContactParts<'_>,
    options: Options,
) -> PyResult<f64> {
    let contact = contact.contact()?;
    supervised(py, options, move |run, _| {
        thermodynamics::short_time_coefficient(&contact, run)
    })
}

/// ⟨e^{−σ}⟩ − (1 − λ) at a time in two parts, with the bath cut at a distance from the contact.
#[pyfunction]
pub(crate) fn theorem_deviation<'py>(
    py: Python<'py>,
    contact: ContactParts<'py>,
    spectrum: Py<Eigenstates>,
    distance: usize,
    when: (f64, f64),
    options: Options,
) -> Fields<'py> {
    let (time, tol) = when;
    let (contact, how) = (contact.contact()?, within(py, tol)?);
    let levels = spectrum.get().shared();
    let found = supervised(py, options, move |run, _| {
        let keep = contact.composite().bath_sites_within(distance)?;
        thermodynamics::deviation(&contact, levels.spectrum(), &keep, time, &how, run)
    })?;
    Ok(record!(py, found; total, thermalisation, finite_size))
}

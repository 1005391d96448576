//! `irrev.reactions.CountSystem`.

use std::sync::Arc;

use irrev::chemistry::{CountModel, FormulaReaction, count_system_from_formulas};
use irrev_network::counts::{CountSystem as Inner, Propensity};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple};

use super::entries::{self, named_numbers};
use crate::arrays::integers;
use crate::errors::{OrRaise, model_error};
use crate::experiment::Model;
use crate::present::present_by;
use crate::records::ToPython;

/// What a system was made of, to be made again.
#[derive(Clone, PartialEq)]
enum Source {
    Written {
        parameters: Vec<(String, f64)>,
        reactions: Vec<FormulaReaction>,
    },
    Model(Model),
}

/// Species and reactions on molecule counts: a Markov jump process with one channel per reaction and direction; immutable.
///
/// Parameters
/// ----------
/// species : sequence of str
///     Names of the species, in the order of the counts.
/// reactions : sequence of tuple
///     (name, equation, forward, backward), the equation as on paper: "2 X + Y <=> 3 X", "A -> 0"; or (name, reactants, products, forward, backward),
///     with mappings from species to whole coefficients. A rate is a number, the constant c of mass action c ∏ n(n-1)…(n-ν+1) (falling factorials, no 1/ν!), or
///     a formula as text for the whole propensity, in the names of species, parameters and the time `t`. 0 backward is a one-way reaction. A
///     propensity is 0 where the jump would make a count negative, whatever its formula says.
/// parameters : mapping of str to float, optional
///     Values of other names in the formulas.
/// initial : array_like or mapping, optional
///     Counts at time 0, where functions of the package begin unless told otherwise.
///
/// Examples
/// --------
/// >>> from irrev.reactions import CountSystem, stationary_counts
/// >>> schloegl = CountSystem(
/// ...     ["X"],
/// ...     reactions=[
/// ...         ("r1", "2 X <=> 3 X", "0.0225*X*(X-1)", "0.0001125*X*(X-1)*(X-2)"),
/// ...         ("r2", "0 <=> X", 37.5, 2.0),
/// ...     ],
/// ...     initial=[20],
/// ... )
/// >>> round(stationary_counts(schloegl).entropy_production_rate, 6)
/// 30.201445
#[pyclass(frozen, eq, module = "irrev.reactions")]
#[derive(Clone)]
pub(crate) struct CountSystem {
    pub(crate) inner: Arc<Inner>,
    initial: Option<Vec<i64>>,
    /// Molecules per unit of amount, if the system comes from a model.
    system_size: f64,
    /// What was decided on the way from a model.
    warnings: Vec<String>,
    source: Source,
}

impl PartialEq for CountSystem {
    fn eq(&self, other: &Self) -> bool {
        self.inner.species() == other.inner.species()
            && self.source == other.source
            && self.initial == other.initial
    }
}

impl CountSystem {
    /// A model on counts.
    pub(crate) fn of_model(model: &Model, made: CountModel) -> Self {
        let rounded = made.rounded.iter().map(|(name, molecules)| {
            format!("`{name}` begins with {molecules} molecules, which is no whole number; it was rounded")
        });
        Self {
            warnings: rounded.collect(),
            inner: Arc::new(made.system),
            initial: Some(made.initial),
            system_size: made.system_size,
            source: Source::Model(model.clone()),
        }
    }

    /// Counts to begin with: those given, by an array or a mapping, or the initial ones of the system.
    pub(crate) fn start(&self, name: &str, given: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<i64>> {
        match (given, &self.initial) {
            (Some(given), _) => counts(name, self.inner.species(), given),
            (None, Some(initial)) => Ok(initial.clone()),
            (None, None) => Err(PyTypeError::new_err(format!(
                "{name} is missing: this system has no initial counts; give those of {}",
                self.inner.species().join(", ")
            ))),
        }
    }
}

/// Counts from an array, or from a mapping that names every species.
fn counts(what: &str, species: &[String], value: &Bound<'_, PyAny>) -> PyResult<Vec<i64>> {
    let py = value.py();
    let found = match value.cast::<PyDict>() {
        Err(_) => integers(what, value)?,
        Ok(mapping) => {
            let unknown =
                |name: &String| model_error(py, format!("{what} names \"{name}\", which is no species"));
            for name in mapping.keys() {
                let name: String = name.extract()?;
                if !species.contains(&name) {
                    return Err(unknown(&name));
                }
            }
            let count = |name: &String| match mapping.get_item(name)? {
                Some(count) => count.extract::<i64>().map_err(|_| {
                    PyTypeError::new_err(format!("{what} of \"{name}\" must be a whole number"))
                }),
                None => Err(model_error(
                    py,
                    format!("{what} does not say how many \"{name}\" there are"),
                )),
            };
            species.iter().map(count).collect::<PyResult<_>>()?
        }
    };
    if found.len() != species.len() {
        let message = format!(
            "{what} has {} entries, expected {}: the counts of {}",
            found.len(),
            species.len(),
            species.join(", ")
        );
        return Err(model_error(py, message));
    }
    if let Some((name, count)) = species.iter().zip(&found).find(|(_, count)| **count < 0) {
        let message = format!("{what} count of \"{name}\" is {count}; there are no fewer than 0 molecules");
        return Err(model_error(py, message));
    }
    Ok(found)
}

#[pymethods]
impl CountSystem {
    #[new]
    #[pyo3(signature = (species, *, reactions, parameters=None, initial=None))]
    fn new(
        species: Vec<String>,
        reactions: Vec<Bound<'_, PyAny>>,
        parameters: Option<&Bound<'_, PyDict>>,
        initial: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let initial = initial
            .map(|value| counts("initial", &species, value))
            .transpose()?;
        let reactions = entries::reactions(&species, &reactions)?;
        let parameters = named_numbers("parameter", parameters)?;
        let inner = count_system_from_formulas(&species, &parameters, &reactions).or_raise()?;
        Ok(Self {
            inner: Arc::new(inner),
            initial,
            system_size: 1.0,
            warnings: Vec::new(),
            source: Source::Written {
                parameters,
                reactions,
            },
        })
    }

    /// Names of the species, in the order of the counts.
    #[getter]
    fn species<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.inner.species())
    }

    /// Counts at time 0; None if nobody gave them.
    #[getter]
    fn initial_counts<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.initial.as_ref().map(|n| n.to_python(py)).transpose()
    }

    /// The reactions: named tuples (name, change, forward, backward).
    ///
    /// `change` maps species to products - reactants; a direction is "mass action", "formula" or, for none, None.
    #[getter]
    fn reactions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        static CELL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let class = CELL.import(py, "irrev.reactions._reaction", "CountReaction")?;
        let law = |propensity: &Propensity| match propensity {
            Propensity::MassAction { .. } => "mass action",
            _ => "formula",
        };
        let reactions: PyResult<Vec<_>> = self
            .inner
            .reactions()
            .iter()
            .map(|r| {
                let change = PyDict::new(py);
                for &(s, n) in &r.change {
                    change.set_item(&self.inner.species()[s], n)?;
                }
                class.call1((&r.name, change, law(&r.forward), r.backward.as_ref().map(law)))
            })
            .collect();
        PyTuple::new(py, reactions?)
    }

    /// Molecules per unit of amount, for a system of a model; 1 otherwise.
    #[getter]
    fn system_size(&self) -> f64 {
        self.system_size
    }

    /// What was changed on the way from a model: initial amounts that were no whole number of molecules.
    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.warnings)
    }

    /// Whether some propensity depends on the time.
    #[getter]
    fn depends_on_time(&self) -> bool {
        self.inner.depends_on_time()
    }

    /// The model that the system was read from; None if it was built here.
    #[getter]
    fn model(&self) -> Option<Model> {
        match &self.source {
            Source::Model(model) => Some(model.clone()),
            Source::Written { .. } => None,
        }
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (py, this) = (slf.py(), slf.get());
        match &this.source {
            Source::Model(model) => {
                let of_model = py.get_type::<Model>().getattr("counts")?;
                Ok((of_model, PyTuple::new(py, [model.clone()])?))
            }
            Source::Written {
                parameters,
                reactions,
            } => {
                let names = this.inner.species();
                let entries: PyResult<Vec<_>> =
                    reactions.iter().map(|r| entries::entry(py, names, r)).collect();
                let given = PyDict::new(py);
                for (name, value) in parameters {
                    given.set_item(name, value)?;
                }
                let fields = PyDict::new(py);
                fields.set_item("reactions", entries?)?;
                fields.set_item("parameters", given)?;
                fields.set_item("initial", this.initial_counts(py)?)?;
                let positional = (names.to_vec(),).into_pyobject(py)?;
                let arguments = (slf.get_type().into_any(), positional, fields).into_pyobject(py)?;
                Ok((py.import("copyreg")?.getattr("__newobj_ex__")?, arguments))
            }
        }
    }

    fn __repr__(&self) -> String {
        format!(
            "<CountSystem of {} species and {} reactions>",
            self.inner.species().len(),
            self.inner.reactions().len()
        )
    }

    /// A few lines of text for a reader.
    fn summary(slf: &Bound<'_, Self>) -> PyResult<String> {
        present_by(slf, "irrev.reactions._present", "counts_summary")?.extract()
    }

    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        present_by(slf, "irrev.reactions._present", "counts_html")?.extract()
    }

    /// Species, reactions and counts as plain Python values.
    fn to_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        present_by(slf, "irrev.reactions._present", "counts_dict")
    }
}

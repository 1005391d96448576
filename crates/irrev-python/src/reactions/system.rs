//! `irrev.reactions.ReactionSystem`.

use std::sync::Arc;

use irrev::chemistry::{FormulaReaction, Rate, reaction_system_from_formulas};
use irrev_network::Kinetics;
use irrev_network::reactions::{Law, ReactionSystem as Inner, Species};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple};

use super::entries::{self, named_numbers};
use crate::arrays::{finite, place, vector};
use crate::errors::{OrRaise, model_error};
use crate::experiment::Model;
use crate::flow::Flow;
use crate::network::Network;
use crate::present::present_by;
use crate::records::{ToPython, matrix};

/// What a system was made of, to be made again.
#[derive(Clone, PartialEq)]
enum Source {
    Written {
        species: Vec<Species>,
        parameters: Vec<(String, f64)>,
        reactions: Vec<FormulaReaction>,
    },
    Model(Model),
}

/// A chemical reaction network with its rate laws, by amounts; immutable.
///
/// Every reaction r has one-way fluxes j⁺ and j⁻, and the state changes by dx/dt = S J with J = j⁺ - j⁻ and S = products - reactants.
///
/// Parameters
/// ----------
/// species : sequence of str
///     Names of the dynamic species, in the order of the state.
/// reactions : sequence of tuple
///     (name, equation, forward, backward), the equation as on paper: "2 X + Y <=> 3 X", "A -> 0"; or
///     (name, reactants, products, forward, backward), with mappings from species to real coefficients above 0. A rate is a number, the constant k of
///     mass action k ∏ x^ν (no 1/ν!), or a formula as text for the whole flux, in the names of species, parameters and the time `t`. 0 backward is a
///     one-way reaction.
/// chemostats : mapping of str to float, optional
///     Species that are held from outside, with their amounts; they stand after the dynamic ones.
/// parameters : mapping of str to float, optional
///     Values of other names in the formulas.
/// initial : array_like or mapping, optional
///     Amounts of the dynamic species at time 0, where functions of the package begin unless told otherwise.
/// left_out : sequence of str, optional
///     Reactions that do not count in the thermodynamics, by name; they still drive the dynamics.
///
/// Examples
/// --------
/// >>> from irrev.reactions import ReactionSystem
/// >>> brusselator = ReactionSystem(
/// ...     ["X", "Y"],
/// ...     chemostats={"A": 1.0, "B": 3.0},
/// ...     reactions=[
/// ...         ("feed", "A <=> X", 1.0, 1.0),
/// ...         ("convert", "B + X <=> Y + A", 1.0, 0.1),
/// ...         ("auto", "2 X + Y <=> 3 X", 1.0, 0.1),
/// ...     ],
/// ... )
/// >>> round(brusselator.flow([1.3, 2.1]).entropy_production_rate, 10)
/// 20.1221421577
#[pyclass(frozen, eq, module = "irrev.reactions")]
#[derive(Clone)]
pub(crate) struct ReactionSystem {
    pub(crate) inner: Arc<Inner>,
    initial: Option<Vec<f64>>,
    source: Source,
}

impl PartialEq for ReactionSystem {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source && self.initial == other.initial
    }
}

impl ReactionSystem {
    fn written(
        species: Vec<Species>,
        parameters: Vec<(String, f64)>,
        reactions: Vec<FormulaReaction>,
        initial: Option<Vec<f64>>,
    ) -> PyResult<Self> {
        let inner = reaction_system_from_formulas(&species, &parameters, &reactions).or_raise()?;
        Ok(Self {
            inner: Arc::new(inner),
            initial,
            source: Source::Written {
                species,
                parameters,
                reactions,
            },
        })
    }

    /// The system of a model at its initial amounts.
    pub(crate) fn of_model(model: &Model, inner: Inner, initial: Vec<f64>) -> Self {
        Self {
            inner: Arc::new(inner),
            initial: Some(initial),
            source: Source::Model(model.clone()),
        }
    }

    /// Amounts to begin with: those given, or the initial ones of the system.
    pub(crate) fn start(&self, name: &str, given: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<f64>> {
        match (given, &self.initial) {
            (Some(given), _) => self.state(name, given),
            (None, Some(initial)) => Ok(initial.clone()),
            (None, None) => Err(PyTypeError::new_err(format!(
                "{name} is missing: this system has no initial amounts, {} are expected",
                self.inner.state_names().join(", ")
            ))),
        }
    }

    /// Amounts of the dynamic species, as an array in their order.
    pub(crate) fn state(&self, name: &str, value: &Bound<'_, PyAny>) -> PyResult<Vec<f64>> {
        let x = vector(name, value)?;
        let (found, expected) = (x.len(), self.inner.state_names().len());
        if found != expected {
            let names = self.inner.state_names().join(", ");
            let message = format!("{name} has {found} entries, expected {expected}: the amounts of {names}");
            return Err(model_error(value.py(), message));
        }
        Ok(x)
    }
}

/// Initial amounts from an array, or from a mapping that names every dynamic species.
fn initial_amounts(species: &[String], value: &Bound<'_, PyAny>) -> PyResult<Vec<f64>> {
    let py = value.py();
    let amounts = match value.cast::<PyDict>() {
        Err(_) => vector("initial", value)?,
        Ok(mapping) => {
            let named = named_numbers("initial amount of", Some(mapping))?;
            if let Some((name, _)) = named.iter().find(|(name, _)| !species.contains(name)) {
                let message = format!("initial names \"{name}\", which is no dynamic species");
                return Err(model_error(py, message));
            }
            let amount = |name: &String| {
                let found = named.iter().find(|(known, _)| known == name);
                found.map(|(_, amount)| *amount).ok_or_else(|| {
                    model_error(py, format!("initial does not say how much \"{name}\" there is"))
                })
            };
            species.iter().map(amount).collect::<PyResult<_>>()?
        }
    };
    if amounts.len() != species.len() {
        let message = format!(
            "initial has {} entries, expected {}",
            amounts.len(),
            species.len()
        );
        return Err(model_error(py, message));
    }
    match amounts.iter().position(|amount| *amount < 0.0) {
        None => Ok(amounts),
        Some(k) => {
            let message = format!(
                "initial amount of \"{}\" is {}, expected none below 0",
                species[k], amounts[k]
            );
            Err(model_error(py, message))
        }
    }
}

#[pymethods]
impl ReactionSystem {
    #[new]
    #[pyo3(signature = (species, *, reactions, chemostats=None, parameters=None, initial=None, left_out=Vec::new()))]
    fn new(
        species: Vec<String>,
        reactions: Vec<Bound<'_, PyAny>>,
        chemostats: Option<&Bound<'_, PyDict>>,
        parameters: Option<&Bound<'_, PyDict>>,
        initial: Option<&Bound<'_, PyAny>>,
        left_out: Vec<String>,
    ) -> PyResult<Self> {
        let initial = initial
            .map(|value| initial_amounts(&species, value))
            .transpose()?;
        let held = named_numbers("chemostat", chemostats)?;
        let all: Vec<Species> = species
            .into_iter()
            .map(|name| Species { name, held: None })
            .chain(held.into_iter().map(|(name, amount)| Species {
                name,
                held: Some(amount),
            }))
            .collect();
        let names: Vec<String> = all.iter().map(|s| s.name.clone()).collect();
        let mut list = entries::reactions(&names, &reactions)?;
        for name in left_out {
            match list.iter_mut().find(|r| r.name == name) {
                Some(reaction) => reaction.counted = false,
                None => {
                    let what = "reaction";
                    return Err(irrev_network::Error::Unknown { what, name }).or_raise();
                }
            }
        }
        Self::written(all, named_numbers("parameter", parameters)?, list, initial)
    }

    /// Names of all species: the dynamic ones, and the chemostats.
    #[getter]
    fn species<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.inner.species().iter().map(|s| &s.name))
    }

    /// Names of the dynamic species, in the order of the state.
    #[getter]
    fn state_names<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.inner.state_names())
    }

    /// Amount of every chemostat, by name.
    #[getter]
    fn held_amounts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let held = PyDict::new(py);
        for species in self.inner.species() {
            if let Some(amount) = species.held {
                held.set_item(&species.name, amount)?;
            }
        }
        Ok(held)
    }

    /// Amounts of the dynamic species at time 0; None if nobody gave them.
    #[getter]
    fn initial_amounts<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.initial.as_ref().map(|x| x.to_python(py)).transpose()
    }

    /// The reactions: named tuples (name, equation, reactants, products, law, forward_rate, backward_rate, counted).
    ///
    /// The law is "mass action", with its two constants, "formula" or "net flux", without.
    #[getter]
    fn reactions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        static CELL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let class = CELL.import(py, "irrev.reactions._reaction", "Reaction")?;
        let side = |terms: &[(usize, f64)]| {
            let mapping = PyDict::new(py);
            for &(s, c) in terms {
                mapping.set_item(&self.inner.species()[s].name, c)?;
            }
            PyResult::Ok(mapping)
        };
        let reactions: PyResult<Vec<_>> = self
            .inner
            .reactions()
            .iter()
            .map(|r| {
                let (law, forward, backward) = match r.law {
                    Law::MassAction { forward, backward } => ("mass action", Some(forward), Some(backward)),
                    Law::General => ("formula", None, None),
                    Law::Net => ("net flux", None, None),
                };
                let equation = self.inner.equation(r);
                let sides = (side(&r.reactants)?, side(&r.products)?);
                class.call1((
                    &r.name, equation, sides.0, sides.1, law, forward, backward, r.counted,
                ))
            })
            .collect();
        PyTuple::new(py, reactions?)
    }

    /// Stoichiometric matrix S = products - reactants, shape (dynamic species, reactions).
    #[getter]
    fn stoichiometry<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let (rows, columns) = (self.inner.state_names().len(), self.inner.reactions().len());
        let mut entries = vec![0.0; rows * columns];
        for r in 0..columns {
            for &(state, c) in self.inner.change(r) {
                entries[state * columns + r] = c;
            }
        }
        matrix(py, entries, rows, columns)
    }

    /// The network of the reactions that count in the thermodynamics, on the dynamic species; flows of the system live on it.
    #[getter]
    fn network(&self) -> Network {
        Network(Arc::clone(self.inner.network()))
    }

    /// Names of the reactions that do not count in the thermodynamics.
    #[getter]
    fn left_out(&self) -> Vec<&str> {
        self.inner.left_out()
    }

    /// Names of the counted reactions without a reverse, each of which makes the entropy production infinite.
    #[getter]
    fn one_way_reactions(&self) -> Vec<&str> {
        self.inner.one_way_reactions()
    }

    /// Whether fluxes depend on the time explicitly.
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

    /// The flow at amounts of the dynamic species: forces, currents, entropy production rate of the counted reactions.
    #[pyo3(signature = (amounts, *, time=0.0))]
    fn flow(&self, py: Python<'_>, amounts: &Bound<'_, PyAny>, time: f64) -> PyResult<Flow> {
        let (x, time) = (self.state("amounts", amounts)?, finite(py, "time", time)?);
        Ok(Flow(Arc::new(self.inner.flow(time, &x).or_raise()?)))
    }

    /// One-way fluxes (j⁺, j⁻) of all reactions, counted or not.
    #[pyo3(signature = (amounts, *, time=0.0))]
    fn fluxes<'py>(
        &self,
        py: Python<'py>,
        amounts: &Bound<'py, PyAny>,
        time: f64,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let (x, time) = (self.state("amounts", amounts)?, finite(py, "time", time)?);
        let (forward, backward) = self.inner.all_fluxes(time, &x).or_raise()?;
        Ok((forward.to_python(py)?, backward.to_python(py)?))
    }

    /// dx/dt of the dynamic species, through all reactions.
    #[pyo3(signature = (amounts, *, time=0.0))]
    fn rate_of_change<'py>(
        &self,
        py: Python<'py>,
        amounts: &Bound<'py, PyAny>,
        time: f64,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (x, time) = (self.state("amounts", amounts)?, finite(py, "time", time)?);
        let mut rate = vec![0.0; x.len()];
        self.inner.rate_of_change(time, &x, &mut rate).or_raise()?;
        rate.to_python(py)
    }

    /// Jacobian of dx/dt: row changes, column causes; exact derivatives of the laws.
    #[pyo3(signature = (amounts, *, time=0.0))]
    fn jacobian<'py>(
        &self,
        py: Python<'py>,
        amounts: &Bound<'py, PyAny>,
        time: f64,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (x, time) = (self.state("amounts", amounts)?, finite(py, "time", time)?);
        self.inner.jacobian(time, &x).or_raise()?.to_python(py)
    }

    /// The same system with other mass-action constants of one reaction, given by name or index.
    fn with_rates(
        &self,
        py: Python<'_>,
        reaction: &Bound<'_, PyAny>,
        forward: f64,
        backward: f64,
    ) -> PyResult<Self> {
        let names: Vec<String> = self.inner.reactions().iter().map(|r| r.name.clone()).collect();
        let r = place("reaction", &names, reaction)?;
        let (species, parameters, mut reactions) = self.parts(py)?;
        reactions[r].forward = Rate::MassAction(finite(py, "forward", forward)?);
        reactions[r].backward = Rate::MassAction(finite(py, "backward", backward)?);
        // a formula has no constants to be replaced
        self.inner.with_rates(r, forward, backward).or_raise()?;
        Self::written(species, parameters, reactions, self.initial.clone())
    }

    /// The same system with other amounts of some chemostats, as in `{"A": 2.0}`.
    fn with_held(&self, py: Python<'_>, held: &Bound<'_, PyDict>) -> PyResult<Self> {
        let (mut species, parameters, reactions) = self.parts(py)?;
        for (name, amount) in named_numbers("chemostat", Some(held))? {
            match species.iter_mut().find(|s| s.name == name && s.held.is_some()) {
                Some(species) => species.held = Some(amount),
                None => {
                    let what = "chemostat";
                    return Err(irrev_network::Error::Unknown { what, name }).or_raise();
                }
            }
        }
        Self::written(species, parameters, reactions, self.initial.clone())
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (py, this) = (slf.py(), slf.get());
        match &this.source {
            Source::Model(model) => {
                let of_model = py.get_type::<Model>().getattr("reaction_system")?;
                Ok((of_model, PyTuple::new(py, [model.clone()])?))
            }
            Source::Written {
                species,
                parameters,
                reactions,
            } => {
                let fields = PyDict::new(py);
                let names: Vec<String> = species.iter().map(|s| s.name.clone()).collect();
                let entries: PyResult<Vec<_>> =
                    reactions.iter().map(|r| entries::entry(py, &names, r)).collect();
                let given = PyDict::new(py);
                for (name, value) in parameters {
                    given.set_item(name, value)?;
                }
                fields.set_item("reactions", entries?)?;
                fields.set_item("chemostats", this.held_amounts(py)?)?;
                fields.set_item("parameters", given)?;
                fields.set_item("initial", this.initial_amounts(py)?)?;
                fields.set_item("left_out", this.left_out())?;
                let dynamic = (this.inner.state_names().to_vec(),).into_pyobject(py)?;
                let class = slf.get_type().into_any();
                let arguments = (class, dynamic, fields).into_pyobject(py)?;
                Ok((py.import("copyreg")?.getattr("__newobj_ex__")?, arguments))
            }
        }
    }

    fn __repr__(&self) -> String {
        format!(
            "<ReactionSystem of {} species and {} reactions>",
            self.inner.species().len(),
            self.inner.reactions().len()
        )
    }

    /// A few lines of text for a reader.
    fn summary(slf: &Bound<'_, Self>) -> PyResult<String> {
        present_by(slf, "irrev.reactions._present", "system_summary")?.extract()
    }

    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        present_by(slf, "irrev.reactions._present", "system_html")?.extract()
    }

    /// Species, reactions and amounts as plain Python values.
    fn to_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        present_by(slf, "irrev.reactions._present", "system_dict")
    }

    /// One row per reaction, as a `pandas.DataFrame`.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        present_by(slf, "irrev.reactions._present", "system_pandas")
    }
}

type Parts = (Vec<Species>, Vec<(String, f64)>, Vec<FormulaReaction>);

impl ReactionSystem {
    /// What the system was written from; refused for a system of a model, whose numbers have keys.
    fn parts(&self, py: Python<'_>) -> PyResult<Parts> {
        match &self.source {
            Source::Written {
                species,
                parameters,
                reactions,
            } => Ok((species.clone(), parameters.clone(), reactions.clone())),
            Source::Model(_) => Err(model_error(
                py,
                "this system was read from a model: change its numbers by key, with system.model.with_set({…}).reaction_system()"
                    .into(),
            )),
        }
    }
}

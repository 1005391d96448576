//! `irrev.network.Network`, its builder, and its channels.

use std::sync::Arc;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple};

use crate::arrays::{count, pairs, vector};
use crate::errors::OrRaise;
use crate::present::present;
use crate::records::ToPython;
use crate::run::require_memory;

/// States, and the channels along which a system jumps between them; immutable.
///
/// The incidence matrix B has -1 where an edge starts and +1 where it ends. Parallel channels are never merged.
///
/// Parameters
/// ----------
/// states : sequence of str
///     Names of the states.
/// channels : sequence of tuple
///     (name, from, to) or (name, from, to, reservoir), by names.
/// reservoirs : sequence of str
///     Names of the reservoirs.
/// subsystems : mapping of str to sequence of str
///     For each subsystem its label in every state, in the order of the states.
///
/// Examples
/// --------
/// >>> from irrev.network import Network
/// >>> dot = Network(["empty", "filled"], reservoirs=["left", "right"],
/// ...               channels=[("left lead", "empty", "filled", "left"),
/// ...                         ("right lead", "empty", "filled", "right")])
/// >>> [edge.name for edge in dot.edges]
/// ['left lead', 'right lead']
#[pyclass(frozen, eq, module = "irrev.network")]
#[derive(Clone, PartialEq)]
pub(crate) struct Network(pub(crate) Arc<irrev_network::Network>);

/// A channel as Python gives it: (name, from, to) or (name, from, to, reservoir).
fn channel(item: &Bound<'_, PyAny>) -> PyResult<(String, String, String, Option<String>)> {
    if let Ok(full) = item.extract() {
        return Ok(full);
    }
    let wrong = |_| {
        PyTypeError::new_err("channels must be (name, from, to) or (name, from, to, reservoir), by names")
    };
    let (name, from, to): (String, String, String) = item.extract().map_err(wrong)?;
    Ok((name, from, to, None))
}

/// Names of the channels (x, y) between named states: "x→y", and "x→y #2" … for parallel ones.
fn joined(states: Vec<String>, edges: &[(usize, usize)]) -> irrev_network::Result<irrev_network::Network> {
    let plain = irrev_network::Network::from_edges(states.len(), edges)?;
    let mut builder = irrev_network::Network::builder().states(states.clone());
    for edge in plain.edges() {
        let (from, to) = (&states[edge.from], &states[edge.to]);
        let parallel = edge
            .name
            .split_once(" #")
            .map_or(String::new(), |(_, k)| format!(" #{k}"));
        builder = builder.channel(format!("{from}→{to}{parallel}"), from, to, None);
    }
    builder.build()
}

/// A network from a number or the names of its states, and pairs of indices.
pub(crate) fn network_of(
    states: &Bound<'_, PyAny>,
    edges: &[(usize, usize)],
) -> PyResult<irrev_network::Network> {
    let py = states.py();
    if let Ok(names) = states.extract::<Vec<String>>() {
        return joined(names, edges).or_raise();
    }
    let states = count("states", states, u32::MAX)? as usize;
    // a name per state is kept: about 64 bytes each
    require_memory(py, "the names of the states", 64 * states as u64)?;
    irrev_network::Network::from_edges(states, edges).or_raise()
}

impl Network {
    fn parts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let network = &self.0;
        let fields = PyDict::new(py);
        let name = |i: usize| network.states()[i].as_str();
        let channels: Vec<_> = network
            .edges()
            .iter()
            .map(|e| {
                let bath = e.reservoir.map(|r| network.reservoirs()[r].as_str());
                (e.name.as_str(), name(e.from), name(e.to), bath)
            })
            .collect();
        fields.set_item("channels", channels)?;
        fields.set_item("reservoirs", network.reservoirs())?;
        fields.set_item("subsystems", self.subsystems(py)?)?;
        Ok(fields)
    }

    /// Name and the two complexes of every reaction.
    fn joined_complexes(&self) -> Vec<(String, usize, usize)> {
        let edges = self.0.edges().iter();
        edges.map(|e| (e.name.clone(), e.from, e.to)).collect()
    }
}

#[pymethods]
impl Network {
    #[new]
    #[pyo3(signature = (states, *, channels=Vec::new(), reservoirs=Vec::new(), subsystems=None))]
    fn new(
        states: Vec<String>,
        channels: Vec<Bound<'_, PyAny>>,
        reservoirs: Vec<String>,
        subsystems: Option<Bound<'_, PyDict>>,
    ) -> PyResult<Self> {
        let mut builder = irrev_network::Network::builder().states(states);
        for name in reservoirs {
            builder = builder.reservoir(name);
        }
        for (name, labels) in subsystems.iter().flatten() {
            builder = builder.subsystem(name.extract::<String>()?, labels.extract::<Vec<String>>()?);
        }
        for item in &channels {
            let (name, from, to, bath) = channel(item)?;
            builder = builder.channel(name, from, to, bath.as_deref());
        }
        Ok(Self(Arc::new(builder.build().or_raise()?)))
    }

    /// Network on a number of states (or on named ones) with channels x -> y given as pairs of indices, shape (edges, 2).
    ///
    /// Channels are named "x→y", parallel ones "x→y #2" and so on.
    ///
    /// >>> from irrev.network import Network
    /// >>> Network.from_edges(3, [(0, 1), (1, 2), (2, 0)]).edges[2].name
    /// '2→0'
    #[staticmethod]
    fn from_edges(states: &Bound<'_, PyAny>, edges: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self(Arc::new(network_of(states, &pairs("edges", edges)?)?)))
    }

    /// Network of reactions: species, the complexes that reactions join, and the reactions (name, from, to) by indices of complexes.
    ///
    /// Parameters
    /// ----------
    /// species : sequence of str
    /// complexes : sequence of tuple
    ///     (name, composition), the composition a list of (index of a species, coefficient).
    /// reactions : sequence of tuple
    ///     (name, from, to).
    ///
    /// >>> from irrev.network import Network
    /// >>> dimer = Network.from_reactions(["A", "B"], [("2 A", [(0, 2.0)]), ("B", [(1, 1.0)])], [("pair", 0, 1)])
    /// >>> dimer.divergence([0.5])
    /// array([-1. ,  0.5])
    #[staticmethod]
    fn from_reactions(
        species: Vec<String>,
        complexes: Vec<(String, Vec<(usize, f64)>)>,
        reactions: Vec<(String, usize, usize)>,
    ) -> PyResult<Self> {
        let complexes = complexes
            .into_iter()
            .map(|(name, composition)| irrev_network::Complex { name, composition });
        let network = irrev_network::Network::from_reactions(species, complexes.collect(), reactions);
        Ok(Self(Arc::new(network.or_raise()?)))
    }

    /// The complexes that reactions join, as (name, ((species, coefficient), …)); None for a network of jumps between states.
    #[getter]
    fn complexes<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let Some(complexes) = self.0.complexes() else {
            return Ok(None);
        };
        let one = |complex: &irrev_network::Complex| {
            let composition = PyTuple::new(py, &complex.composition)?;
            (&complex.name, composition).into_pyobject(py)
        };
        let all: PyResult<Vec<_>> = complexes.iter().map(one).collect();
        Ok(Some(PyTuple::new(py, all?)?))
    }

    /// Starts a network that is collected by name.
    ///
    /// >>> from irrev.network import Network
    /// >>> Network.builder().states(["a", "b"]).channel("hop", "a", "b").build().states
    /// ('a', 'b')
    #[staticmethod]
    fn builder() -> NetworkBuilder {
        NetworkBuilder(irrev_network::Network::builder())
    }

    /// Names of the states.
    #[getter]
    fn states<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.states())
    }

    /// The channels: named tuples (name, from_, to, reservoir) with indices of states (for reactions, of complexes) and of the reservoir.
    #[getter]
    fn edges<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        static CELL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let class = CELL.import(py, "irrev.network._edge", "Edge")?;
        let edges: PyResult<Vec<_>> = self
            .0
            .edges()
            .iter()
            .map(|e| class.call1((&e.name, e.from, e.to, e.reservoir)))
            .collect();
        PyTuple::new(py, edges?)
    }

    /// Names of the reservoirs.
    #[getter]
    fn reservoirs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.reservoirs())
    }

    /// The subsystems of a composite system: for each its label in every state.
    #[getter]
    fn subsystems<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let subsystems = PyDict::new(py);
        for s in self.0.subsystems() {
            subsystems.set_item(&s.name, PyTuple::new(py, &s.labels)?)?;
        }
        Ok(subsystems)
    }

    /// Index of the state with a name.
    fn state(&self, name: &str) -> PyResult<usize> {
        self.0.state(name).or_raise()
    }

    /// Index of the edge with a name.
    fn edge(&self, name: &str) -> PyResult<usize> {
        self.0.edge(name).or_raise()
    }

    /// The incidence matrix B as three arrays (states, edges, signs): -1 where an edge starts, +1 where it ends.
    ///
    /// >>> from irrev.network import Network
    /// >>> states, edges, signs = Network.from_edges(2, [(0, 1)]).incidence()
    /// >>> signs
    /// array([-1.,  1.])
    #[allow(clippy::type_complexity, reason = "three arrays")]
    fn incidence<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let (mut states, mut edges, mut signs) = (Vec::new(), Vec::new(), Vec::new());
        for (state, edge, sign) in self.0.incidence() {
            states.push(state);
            edges.push(edge);
            signs.push(sign);
        }
        Ok((states.to_python(py)?, edges.to_python(py)?, signs.to_python(py)?))
    }

    /// B J: the rate of change of the state under the currents J, one entry per state.
    fn divergence<'py>(&self, current: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let rate = self.0.divergence(&vector("current", current)?).or_raise()?;
        rate.to_python(current.py())
    }

    /// Bᵀ φ: the difference φ_y - φ_x along every edge x -> y.
    fn gradient<'py>(&self, potential: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let slope = self.0.gradient(&vector("potential", potential)?).or_raise()?;
        slope.to_python(potential.py())
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (py, this) = (slf.py(), slf.get());
        let (class, states) = (slf.get_type().into_any(), this.0.states().to_vec());
        if this.0.complexes().is_some() {
            let complexes = this.complexes(py)?;
            let arguments = (states, complexes, this.joined_complexes()).into_pyobject(py)?;
            return Ok((class.getattr("from_reactions")?, arguments));
        }
        let arguments = (class, (states,), this.parts(py)?).into_pyobject(py)?;
        Ok((py.import("copyreg")?.getattr("__newobj_ex__")?, arguments))
    }

    fn __repr__(&self) -> String {
        let (states, channels) = match self.0.complexes() {
            Some(_) => ("species", "reactions"),
            None => ("states", "edges"),
        };
        format!(
            "<Network of {} {states} and {} {channels}>",
            self.0.states().len(),
            self.0.edges().len()
        )
    }

    /// A few lines of text for a reader.
    fn summary(slf: &Bound<'_, Self>) -> PyResult<String> {
        present(slf, "network_summary")?.extract()
    }

    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        present(slf, "network_html")?.extract()
    }

    /// States, edges, reservoirs and subsystems as plain Python values.
    fn to_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        present(slf, "network_dict")
    }

    /// One row per edge, as a `pandas.DataFrame`.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        present(slf, "network_pandas")
    }
}

/// Collects states, reservoirs, subsystems and channels by name; `build` checks them together.
///
/// Each method returns a new builder.
#[pyclass(frozen, module = "irrev.network")]
#[derive(Clone)]
pub(crate) struct NetworkBuilder(irrev_network::NetworkBuilder);

#[pymethods]
impl NetworkBuilder {
    /// Adds states.
    fn states(&self, names: Vec<String>) -> Self {
        Self(self.0.clone().states(names))
    }

    /// Adds a reservoir.
    fn reservoir(&self, name: String) -> Self {
        Self(self.0.clone().reservoir(name))
    }

    /// Adds a subsystem with its label in every state, in the order of the states.
    fn subsystem(&self, name: String, labels: Vec<String>) -> Self {
        Self(self.0.clone().subsystem(name, labels))
    }

    /// Adds a channel from one state to another, exchanging with a reservoir or with none that is named.
    #[pyo3(signature = (name, from_, to, reservoir=None))]
    fn channel(&self, name: String, from_: String, to: String, reservoir: Option<&str>) -> Self {
        Self(self.0.clone().channel(name, from_, to, reservoir))
    }

    /// Checks everything and builds the network.
    fn build(&self) -> PyResult<Network> {
        Ok(Network(Arc::new(self.0.clone().build().or_raise()?)))
    }
}

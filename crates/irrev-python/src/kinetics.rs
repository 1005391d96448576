//! `irrev.network.MarkovJump`.

use std::sync::Arc;

use irrev_network::Kinetics;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::arrays::{distribution, pairs, vector};
use crate::errors::OrRaise;
use crate::flow::Flow;
use crate::network::{Network, network_of};
use crate::present::present;
use crate::records::{ToPython, matrix};
use crate::run::{require_memory, unmonitored};

/// Markov jump process with constant rates: along an edge x -> y the fluxes are k⁺ p_x and k⁻ p_y.
///
/// dp/dt = W p, and the columns of W sum to zero by construction.
///
/// Parameters
/// ----------
/// network : Network
/// forward_rate, backward_rate : array_like, shape (edges,)
///     Rates k⁺ (x -> y) and k⁻ (y -> x), in 1/time; a zero makes the edge one-way.
///
/// Examples
/// --------
/// >>> from irrev.network import MarkovJump
/// >>> ring = MarkovJump.from_rates(3, [(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])
/// >>> round(ring.flow(ring.stationary_distribution()).entropy_production_rate, 12)
/// 2.12337968147
#[pyclass(frozen, eq, module = "irrev.network")]
#[derive(Clone, PartialEq)]
pub(crate) struct MarkovJump(pub(crate) Arc<irrev_network::MarkovJump>);

impl MarkovJump {
    pub(crate) fn channels(&self) -> usize {
        self.0.network().edges().len()
    }
}

#[pymethods]
impl MarkovJump {
    #[new]
    #[pyo3(signature = (network, *, forward_rate, backward_rate))]
    fn new(
        network: &Network,
        forward_rate: &Bound<'_, PyAny>,
        backward_rate: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let (forward, backward) = (
            vector("forward_rate", forward_rate)?,
            vector("backward_rate", backward_rate)?,
        );
        let kinetics = irrev_network::MarkovJump::new(Arc::clone(&network.0), forward, backward);
        Ok(Self(Arc::new(kinetics.or_raise()?)))
    }

    /// Process on a number of states, or on named ones.
    ///
    /// Parameters
    /// ----------
    /// states : int or sequence of str
    ///     Number of the states, or their names.
    /// channels : array_like, shape (edges, 4) or (edges, 2)
    ///     Rows x, y, k⁺, k⁻; or rows x, y with the rates in the next two arguments.
    /// forward_rate, backward_rate : array_like, shape (edges,), optional
    ///     k⁺ (x -> y) and k⁻ (y -> x), in 1/time.
    ///
    /// Examples
    /// --------
    /// >>> from irrev.network import MarkovJump
    /// >>> rows = MarkovJump.from_rates(2, [(0, 1, 2.0, 0.5)])
    /// >>> columns = MarkovJump.from_rates(2, [(0, 1)], [2.0], [0.5])
    /// >>> rows == columns
    /// True
    #[staticmethod]
    #[pyo3(signature = (states, channels, forward_rate=None, backward_rate=None))]
    fn from_rates(
        states: &Bound<'_, PyAny>,
        channels: &Bound<'_, PyAny>,
        forward_rate: Option<&Bound<'_, PyAny>>,
        backward_rate: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let py = channels.py();
        let (channels, forward, backward) = match (forward_rate, backward_rate) {
            (Some(forward), Some(backward)) => (channels.clone(), forward.clone(), backward.clone()),
            _ => py
                .import("irrev._arrays")?
                .call_method1("split_channels", (channels, forward_rate, backward_rate))?
                .extract()?,
        };
        let network = network_of(states, &pairs("channels", &channels)?)?;
        let (forward, backward) = (
            vector("forward_rate", &forward)?,
            vector("backward_rate", &backward)?,
        );
        let kinetics = irrev_network::MarkovJump::new(network, forward, backward);
        Ok(Self(Arc::new(kinetics.or_raise()?)))
    }

    /// The network.
    #[getter]
    fn network(&self) -> Network {
        Network(Arc::clone(self.0.network()))
    }

    /// k⁺ of every edge, in 1/time.
    #[getter]
    fn forward_rate<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.forward_rate().to_vec().to_python(py)
    }

    /// k⁻ of every edge, in 1/time.
    #[getter]
    fn backward_rate<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.backward_rate().to_vec().to_python(py)
    }

    /// ln(k⁺/k⁻) of every edge: the entropy that a forward jump delivers to the medium, in nats.
    #[getter]
    fn medium_entropy_change<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.medium_entropy_change().to_python(py)
    }

    /// Names of the edges with exactly one zero rate.
    #[getter]
    fn one_way_edges(&self) -> Vec<String> {
        self.0.one_way_edges()
    }

    /// Rate of leaving each state, in 1/time.
    #[getter]
    fn exit_rates<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.exit_rates().to_python(py)
    }

    /// The jumps as three arrays (from, to, rate), forward before backward, edge by edge; zero rates are left out.
    #[allow(clippy::type_complexity, reason = "three arrays")]
    fn jumps<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let (mut from, mut to, mut rates) = (Vec::new(), Vec::new(), Vec::new());
        for (x, y, rate) in self.0.jumps() {
            from.push(x);
            to.push(y);
            rates.push(rate);
        }
        Ok((from.to_python(py)?, to.to_python(py)?, rates.to_python(py)?))
    }

    /// The generator W, dp/dt = W p, as a dense matrix (row: to, column: from), 8 states² bytes.
    fn generator<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let n = self.0.network().states().len();
        let needed = 8_u64.saturating_mul(n as u64).saturating_mul(n as u64);
        require_memory(py, "the dense generator", needed)?;
        let mut w = vec![0.0; n * n];
        for (from, to, rate) in self.0.jumps() {
            w[to * n + from] += rate;
        }
        for (i, exit) in self.0.exit_rates().iter().enumerate() {
            w[i * n + i] = -exit;
        }
        matrix(py, w, n, n)
    }

    /// The flow at a distribution over the states.
    fn flow(&self, distribution: &Bound<'_, PyAny>) -> PyResult<Flow> {
        let p = self::distribution("distribution", distribution)?;
        Ok(Flow(Arc::new(self.0.flow(&p).or_raise()?)))
    }

    /// The stationary distribution, W π = 0, accurate to a few n ε in every component; zero on transient states.
    ///
    /// Raises
    /// ------
    /// ModelError
    ///     If it is not unique, naming the closed classes; see `closed_classes`.
    fn stationary_distribution<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let kinetics = Arc::clone(&self.0);
        unmonitored(py, self.channels(), move || kinetics.stationary_distribution())?.to_python(py)
    }

    /// Largest imbalance of a state relative to the flow through it: 0 for an exact stationary state.
    fn stationarity_defect(&self, distribution: &Bound<'_, PyAny>) -> PyResult<f64> {
        let p = self::distribution("distribution", distribution)?;
        self.0.stationarity_defect(&p).or_raise()
    }

    /// Largest stationary current relative to its activity, max |J|/(j⁺ + j⁻): 0 with detailed balance, 1 for one-way edges.
    fn detailed_balance_defect(&self, py: Python<'_>) -> PyResult<f64> {
        let kinetics = Arc::clone(&self.0);
        unmonitored(py, self.channels(), move || kinetics.detailed_balance_defect())
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let fields = PyDict::new(py);
        fields.set_item("forward_rate", self.forward_rate(py)?)?;
        fields.set_item("backward_rate", self.backward_rate(py)?)?;
        Ok((PyTuple::new(py, [self.network()])?, fields))
    }

    fn __repr__(&self) -> String {
        format!(
            "<MarkovJump on {} states and {} edges>",
            self.0.network().states().len(),
            self.channels()
        )
    }

    /// A few lines of text for a reader.
    fn summary(slf: &Bound<'_, Self>) -> PyResult<String> {
        present(slf, "kinetics_summary")?.extract()
    }

    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        present(slf, "kinetics_html")?.extract()
    }

    /// States, edges and rates as plain Python values.
    fn to_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        present(slf, "kinetics_dict")
    }

    /// One row per edge with its rates, as a `pandas.DataFrame`.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        present(slf, "kinetics_pandas")
    }
}

//! `irrev.network.Flow`.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::arrays::vector;
use crate::errors::OrRaise;
use crate::network::Network;
use crate::present::present;
use crate::records::ToPython;

/// One-way fluxes j⁺, j⁻ of every edge at one state and time, and what follows from them.
///
/// Parameters
/// ----------
/// network : Network
/// forward_flux, backward_flux : array_like, shape (edges,)
///     j⁺ and j⁻, in 1/time, not negative.
///
/// Notes
/// -----
/// A flux one way only makes force and entropy production rate infinite, with Onsager coefficient 0; no flux either way contributes nothing.
///
/// Examples
/// --------
/// >>> from irrev.network import three_state_ring
/// >>> ring = three_state_ring(0.5, 1.0)
/// >>> flow = ring.flow(ring.stationary_distribution())
/// >>> flow.force.round(12)
/// array([0.5, 0.5, 0.5])
#[pyclass(frozen, eq, module = "irrev.network")]
#[derive(Clone, PartialEq)]
pub(crate) struct Flow(pub(crate) Arc<irrev_network::Flow>);

#[pymethods]
impl Flow {
    #[new]
    #[pyo3(signature = (network, *, forward_flux, backward_flux))]
    fn new(
        network: &Network,
        forward_flux: &Bound<'_, PyAny>,
        backward_flux: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let (forward, backward) = (
            vector("forward_flux", forward_flux)?,
            vector("backward_flux", backward_flux)?,
        );
        let flow = irrev_network::Flow::new(Arc::clone(&network.0), forward, backward);
        Ok(Self(Arc::new(flow.or_raise()?)))
    }

    /// The network.
    #[getter]
    fn network(&self) -> Network {
        Network(Arc::clone(self.0.network()))
    }

    /// j⁺ per edge, in 1/time.
    #[getter]
    fn forward_flux<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.forward_flux().to_vec().to_python(py)
    }

    /// j⁻ per edge, in 1/time.
    #[getter]
    fn backward_flux<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.backward_flux().to_vec().to_python(py)
    }

    /// Current J = j⁺ - j⁻ per edge, in 1/time, positive along the edge.
    #[getter]
    fn current<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.current().to_python(py)
    }

    /// Force F = ln(j⁺/j⁻) per edge, in nats; infinite on a one-way flux, 0 where nothing flows.
    #[getter]
    fn force<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.force().to_python(py)
    }

    /// Edge Onsager coefficient L = J/F, the logarithmic mean of j⁺ and j⁻, in 1/time; 0 on a one-way flux.
    #[getter]
    fn onsager_coefficient<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.onsager_coefficient().to_python(py)
    }

    /// Entropy production rate Σ (j⁺ - j⁻) ln(j⁺/j⁻), in nats per time; infinite if an edge carries flux one way only.
    #[getter]
    fn entropy_production_rate(&self) -> f64 {
        self.0.entropy_production_rate()
    }

    /// Entropy production rate of every edge, (j⁺ - j⁻) ln(j⁺/j⁻), in nats per time.
    #[getter]
    fn entropy_production_rate_per_edge<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.entropy_production_rate_per_edge().to_python(py)
    }

    /// Entropy production rate by reservoir, in nats per time; edges without one stand under "no reservoir".
    #[getter]
    fn entropy_production_rate_by_reservoir<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.entropy_production_rate_by_reservoir().to_python(py)
    }

    /// Entropy production rate by the subsystems that the jumps change, in nats per time; empty without subsystems.
    #[getter]
    fn entropy_production_rate_by_subsystem<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.entropy_production_rate_by_subsystem().to_python(py)
    }

    /// Indices of the edges that carry flux one way only, and so make the entropy production rate infinite.
    #[getter]
    fn one_way_edges<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.one_way_edges().to_python(py)
    }

    /// Activity Σ (j⁺ + j⁻): jumps per unit time.
    #[getter]
    fn activity(&self) -> f64 {
        self.0.activity()
    }

    /// Dynamical state mobility Σ L, in 1/time.
    #[getter]
    fn mobility(&self) -> f64 {
        self.0.mobility()
    }

    /// Rate of change of the state, B J, one entry per state, in 1/time.
    #[getter]
    fn rate_of_change<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.0.rate_of_change().to_python(py)
    }

    /// Σ w J: mean rate of a current with a weight per forward jump (minus it per backward jump).
    fn weighted_current(&self, weights: &Bound<'_, PyAny>) -> PyResult<f64> {
        self.0.weighted_current(&vector("weights", weights)?).or_raise()
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let fields = PyDict::new(py);
        fields.set_item("forward_flux", self.forward_flux(py)?)?;
        fields.set_item("backward_flux", self.backward_flux(py)?)?;
        Ok((PyTuple::new(py, [self.network()])?, fields))
    }

    fn __repr__(&self) -> String {
        let network = self.0.network();
        let channels = if network.complexes().is_some() {
            "reactions"
        } else {
            "edges"
        };
        format!(
            "<Flow on {} {channels}, entropy production rate {}>",
            network.edges().len(),
            self.0.entropy_production_rate()
        )
    }

    /// A few lines of text for a reader.
    fn summary(slf: &Bound<'_, Self>) -> PyResult<String> {
        present(slf, "flow_summary")?.extract()
    }

    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        present(slf, "flow_html")?.extract()
    }

    /// All quantities by name, as numbers and arrays.
    fn to_dict<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        present(slf, "flow_dict")
    }

    /// One row per edge, as a `pandas.DataFrame`.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        present(slf, "flow_pandas")
    }

    /// What `plot` draws: names of the edges with their entropy production rate.
    fn plot_data<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        present(slf, "flow_plot_data")
    }

    /// Bars of the entropy production rate of every edge; returns the `matplotlib` axes.
    #[pyo3(signature = (*, ax=None))]
    fn plot<'py>(slf: &Bound<'py, Self>, ax: Option<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
        let module = slf.py().import("irrev.network._present")?;
        module.call_method1("flow_plot", (slf, ax))
    }
}

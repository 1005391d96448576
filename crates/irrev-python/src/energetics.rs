//! Energies, reservoirs, heat, work and engines.

use std::sync::Arc;

use irrev_network::energetics::{self, Engine, RateRule, Reservoir};
use irrev_network::{Flow as NetworkFlow, Kinetics};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::arrays::{distribution, finite, place, vector};
use crate::dynamics::relaxed;
use crate::errors::{OrRaise, model_error};
use crate::flow::Flow;
use crate::kinetics::MarkovJump;
use crate::network::Network;
use crate::records::{ToPython, record};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

/// Energies of the states of a network and properties of its reservoirs.
///
/// Parameters
/// ----------
/// network : Network
/// energies : array_like, shape (states,)
///     E per state, in units of energy.
/// reservoirs : sequence of Reservoir
///     In the order of the network's reservoirs.
/// numbers : array_like, shape (states,), optional
///     Particle number per state; default 0.
/// degeneracies : array_like, shape (states,), optional
///     Degeneracy g > 0 per state; default 1.
/// driving_work : array_like, shape (edges,), optional
///     Work of the non-conservative force per forward jump, in units of energy; default 0.
///
/// Examples
/// --------
/// >>> from irrev.network import Energetics, two_level_two_baths
/// >>> kinetics, energetics = two_level_two_baths(1.0, 2.0, 0.5, 1.0)
/// >>> energetics.heat_per_jump()
/// [-1.0, -1.0]
#[pyclass(frozen, eq, module = "irrev.network")]
#[derive(Clone, PartialEq)]
pub(crate) struct Energetics {
    network: Network,
    inner: Arc<energetics::Energetics>,
}

/// A reservoir from an object with `temperature` and `chemical_potential`.
fn reservoir(value: &Bound<'_, PyAny>) -> PyResult<Reservoir> {
    Ok(Reservoir {
        temperature: value.getattr("temperature")?.extract()?,
        chemical_potential: value.getattr("chemical_potential")?.extract()?,
    })
}

impl Energetics {
    /// Energies and reservoirs that fit a network.
    pub(crate) fn checked(network: &Network, inner: energetics::Energetics) -> PyResult<Self> {
        inner.check(&network.0).or_raise()?;
        Ok(Self {
            network: network.clone(),
            inner: Arc::new(inner),
        })
    }

    fn reservoir(&self, value: &Bound<'_, PyAny>) -> PyResult<usize> {
        place("reservoir", self.network.0.reservoirs(), value)
    }

    /// Refuses a flow or a process of a network that these energies were not made for.
    fn require_network(&self, py: Python<'_>, network: &irrev_network::Network) -> PyResult<()> {
        if *network == *self.network.0 {
            Ok(())
        } else {
            Err(model_error(py, "the energetics belong to another network".into()))
        }
    }
}

#[pymethods]
impl Energetics {
    #[new]
    #[pyo3(signature = (network, *, energies, reservoirs, numbers=None, degeneracies=None, driving_work=None))]
    fn new(
        network: &Network,
        energies: &Bound<'_, PyAny>,
        reservoirs: Vec<Bound<'_, PyAny>>,
        numbers: Option<&Bound<'_, PyAny>>,
        degeneracies: Option<&Bound<'_, PyAny>>,
        driving_work: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let (n, m) = (network.0.states().len(), network.0.edges().len());
        let or = |name: &str, value: Option<&Bound<'_, PyAny>>, default: Vec<f64>| {
            value.map_or(Ok(default), |value| vector(name, value))
        };
        let inner = energetics::Energetics {
            energies: vector("energies", energies)?,
            numbers: or("numbers", numbers, vec![0.0; n])?,
            degeneracies: or("degeneracies", degeneracies, vec![1.0; n])?,
            reservoirs: reservoirs.iter().map(reservoir).collect::<PyResult<_>>()?,
            driving_work: or("driving_work", driving_work, vec![0.0; m])?,
        };
        Self::checked(network, inner)
    }

    /// Energies and temperatures of the reservoirs, with no particles, no degeneracy and no driving.
    #[staticmethod]
    #[pyo3(signature = (network, *, energies, temperatures))]
    fn thermal(
        network: &Network,
        energies: &Bound<'_, PyAny>,
        temperatures: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let (energies, temperatures) = (
            vector("energies", energies)?,
            vector("temperatures", temperatures)?,
        );
        Self::checked(
            network,
            energetics::Energetics::thermal(&network.0, energies, &temperatures),
        )
    }

    /// The network.
    #[getter]
    fn network(&self) -> Network {
        self.network.clone()
    }

    /// E per state, in units of energy.
    #[getter]
    fn energies<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.inner.energies.to_python(py)
    }

    /// Particle number per state.
    #[getter]
    fn numbers<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.inner.numbers.to_python(py)
    }

    /// Degeneracy per state.
    #[getter]
    fn degeneracies<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.inner.degeneracies.to_python(py)
    }

    /// The reservoirs, in the order of the network.
    #[getter]
    fn reservoirs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let class = py.import("irrev.network.energetics")?.getattr("Reservoir")?;
        let all: PyResult<Vec<_>> = self
            .inner
            .reservoirs
            .iter()
            .map(|r| class.call1((r.temperature, r.chemical_potential)))
            .collect();
        PyTuple::new(py, all?)
    }

    /// Work of the non-conservative force per forward jump of each edge, in units of energy.
    #[getter]
    fn driving_work<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.inner.driving_work.to_python(py)
    }

    /// Heat into the reservoir per forward jump of each edge, in units of energy; None without a reservoir.
    fn heat_per_jump(&self) -> PyResult<Vec<Option<f64>>> {
        self.inner.heat_per_jump(&self.network.0).or_raise()
    }

    /// ln(k⁺/k⁻) that local detailed balance demands of each edge, in nats; None without a reservoir.
    fn detailed_balance_log_ratio(&self) -> PyResult<Vec<Option<f64>>> {
        self.inner.detailed_balance_log_ratio(&self.network.0).or_raise()
    }

    /// (edge, largest deviation of ln(k⁺/k⁻) from local detailed balance); None if no edge has a reservoir.
    fn detailed_balance_residual(
        &self,
        py: Python<'_>,
        kinetics: &MarkovJump,
    ) -> PyResult<Option<(usize, f64)>> {
        self.require_network(py, kinetics.0.network())?;
        self.inner.detailed_balance_residual(&kinetics.0).or_raise()
    }

    /// Refuses rates that break local detailed balance by more than a relative tolerance.
    #[pyo3(signature = (kinetics, *, tolerance=1e-9))]
    fn require_detailed_balance(
        &self,
        py: Python<'_>,
        kinetics: &MarkovJump,
        tolerance: f64,
    ) -> PyResult<()> {
        self.require_network(py, kinetics.0.network())?;
        self.inner
            .require_detailed_balance(&kinetics.0, tolerance)
            .or_raise()
    }

    /// Gibbs distribution g e^{-(E - μN)/T}/Z of one reservoir, by name or index.
    fn gibbs_distribution<'py>(&self, reservoir: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let index = self.reservoir(reservoir)?;
        self.inner
            .gibbs_distribution(index)
            .or_raise()?
            .to_python(reservoir.py())
    }

    /// Mean energy Σ p E.
    fn mean_energy(&self, distribution: &Bound<'_, PyAny>) -> PyResult<f64> {
        self.inner
            .mean_energy(&self::distribution("distribution", distribution)?)
            .or_raise()
    }

    /// Entropy of the system -Σ p ln(p/g), in nats.
    fn entropy(&self, distribution: &Bound<'_, PyAny>) -> PyResult<f64> {
        self.inner
            .entropy(&self::distribution("distribution", distribution)?)
            .or_raise()
    }

    /// Nonequilibrium free energy Σ p (E - μN) - T S with respect to one reservoir, in units of energy.
    #[pyo3(signature = (distribution, *, reservoir))]
    fn free_energy(&self, distribution: &Bound<'_, PyAny>, reservoir: &Bound<'_, PyAny>) -> PyResult<f64> {
        let index = self.reservoir(reservoir)?;
        self.inner
            .free_energy(&self::distribution("distribution", distribution)?, index)
            .or_raise()
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyTuple>, Bound<'py, PyDict>)> {
        let fields = PyDict::new(py);
        fields.set_item("energies", self.energies(py)?)?;
        fields.set_item("reservoirs", self.reservoirs(py)?)?;
        fields.set_item("numbers", self.numbers(py)?)?;
        fields.set_item("degeneracies", self.degeneracies(py)?)?;
        fields.set_item("driving_work", self.driving_work(py)?)?;
        Ok((PyTuple::new(py, [self.network.clone()])?, fields))
    }

    fn __repr__(&self) -> String {
        format!(
            "<Energetics of {} states and {} reservoirs>",
            self.inner.energies.len(),
            self.inner.reservoirs.len()
        )
    }
}

fn budget_fields<'py>(py: Python<'py>, budget: &energetics::EnergyBudget) -> Fields<'py> {
    Ok(
        record!(py, budget; heat, particles, chemical_work, driving_work, energy_rate, first_law_defect, entropy_rate,
        clausius_rate),
    )
}

#[pyfunction]
pub(crate) fn energy_budget<'py>(
    py: Python<'py>,
    flow: &Flow,
    p: &Bound<'py, PyAny>,
    energetics: &Energetics,
) -> Fields<'py> {
    energetics.require_network(py, flow.0.network())?;
    let p = distribution("distribution", p)?;
    // a distribution of another length would be cut to the shorter of the two
    energetics.inner.entropy(&p).or_raise()?;
    let budget = energetics::energy_budget(&flow.0, &p, &energetics.inner).or_raise()?;
    budget_fields(py, &budget)
}

#[pyfunction]
pub(crate) fn clausius_sum<'py>(
    py: Python<'py>,
    kinetics: &MarkovJump,
    energetics: &Energetics,
    start: &Bound<'py, PyAny>,
    final_distribution: &Bound<'py, PyAny>,
    net_jumps: &Bound<'py, PyAny>,
) -> Fields<'py> {
    energetics.require_network(py, kinetics.0.network())?;
    let start = distribution("start", start)?;
    let jumps = vector("net_jumps", net_jumps)?;
    let (found, expected) = (jumps.len(), kinetics.channels());
    if found != expected {
        return Err(irrev_network::Error::Length {
            what: "net_jumps",
            found,
            expected,
        })
        .or_raise();
    }
    let relaxation = relaxed(distribution("final_distribution", final_distribution)?, jumps).or_raise()?;
    let sum = energetics::clausius_sum(&kinetics.0, &energetics.inner, &start, &relaxation).or_raise()?;
    Ok(record!(py, sum; entropy_change, heat, reservoir_entropy, total, energy_change))
}

/// The record of a stationary budget, as far as its use depends on it: heat, chemical and driving work.
///
/// The record of the library can be made from a flow only; the one of a single state that never moves is filled in.
fn budget(
    heat: Vec<f64>,
    chemical_work: f64,
    driving_work: f64,
) -> irrev_network::Result<energetics::EnergyBudget> {
    let network = irrev_network::Network::from_edges(1, &[])?;
    let energetics = energetics::Energetics::thermal(&network, vec![0.0], &[]);
    let flow = NetworkFlow::new(network, Vec::new(), Vec::new())?;
    let mut budget =
        energetics::energy_budget(&flow, &irrev_network::Distribution::uniform(1)?, &energetics)?;
    budget.heat = heat;
    budget.chemical_work = chemical_work;
    budget.driving_work = driving_work;
    Ok(budget)
}

/// (name of the use, its fields), or None.
#[pyfunction]
pub(crate) fn engine<'py>(
    py: Python<'py>,
    heat: &Bound<'py, PyAny>,
    chemical_work: f64,
    driving_work: f64,
    energetics: &Energetics,
) -> PyResult<Option<(&'static str, Bound<'py, PyDict>)>> {
    let heat = vector("heat", heat)?;
    let (found, expected) = (heat.len(), energetics.inner.reservoirs.len());
    if found != expected {
        return Err(irrev_network::Error::Length {
            what: "heat",
            found,
            expected,
        })
        .or_raise();
    }
    let budget = budget(heat, chemical_work, driving_work).or_raise()?;
    let fields = PyDict::new(py);
    let name = match energetics::engine(&budget, &energetics.inner) {
        Some(Engine::HeatEngine {
            power,
            efficiency,
            carnot,
        }) => {
            fields.set_item("power", power)?;
            fields.set_item("efficiency", efficiency)?;
            fields.set_item("carnot", carnot)?;
            "HeatEngine"
        }
        Some(Engine::Refrigerator {
            power,
            coefficient_of_performance,
            carnot,
        }) => {
            fields.set_item("power", power)?;
            fields.set_item("coefficient_of_performance", coefficient_of_performance)?;
            fields.set_item("carnot", carnot)?;
            "Refrigerator"
        }
        Some(Engine::Dissipator { power }) => {
            fields.set_item("power", power)?;
            "Dissipator"
        }
        _ => return Ok(None),
    };
    Ok(Some((name, fields)))
}

/// Rates (k⁺, k⁻) of an edge by a rule: its name, its prefactor, and its second number if it has one.
#[pyfunction]
#[allow(
    clippy::too_many_arguments,
    reason = "a rule's two numbers and an edge with its bath and work"
)]
pub(crate) fn rule_rates(
    py: Python<'_>,
    rule: &str,
    prefactor: f64,
    second: f64,
    energetics: &Energetics,
    edge: &Bound<'_, PyAny>,
    bath: Option<&Bound<'_, PyAny>>,
    work: Option<f64>,
) -> PyResult<(f64, f64)> {
    let rule = match rule {
        "Arrhenius" => RateRule::Arrhenius {
            prefactor,
            barrier: finite(py, "barrier", second)?,
        },
        "Metropolis" => RateRule::Metropolis { prefactor },
        "Glauber" => RateRule::Glauber { prefactor },
        "Fermi" => RateRule::Fermi { prefactor },
        "Bose" => RateRule::Bose { prefactor },
        _ => RateRule::Symmetric {
            prefactor,
            load: second,
        },
    };
    let network = &energetics.network.0;
    let names: Vec<String> = network.edges().iter().map(|e| e.name.clone()).collect();
    let index = place("edge", &names, edge)?;
    let edge = &network.edges()[index];
    let bath = match (bath, edge.reservoir) {
        (Some(bath), _) => {
            let bath = reservoir(bath)?;
            if !(bath.temperature.is_finite() && bath.temperature > 0.0) {
                let (what, expected) = ("temperature".to_owned(), "a finite number above 0");
                return Err(irrev_network::Error::Domain {
                    what,
                    value: bath.temperature,
                    expected,
                })
                .or_raise();
            }
            bath
        }
        (None, Some(r)) => energetics.inner.reservoirs[r],
        (None, None) => {
            return Err(model_error(
                py,
                format!("edge \"{}\" has no reservoir; give one", edge.name),
            ));
        }
    };
    let work = finite(py, "work", work.unwrap_or(energetics.inner.driving_work[index]))?;
    rule.rates(&energetics.inner, edge, bath, work).or_raise()
}

/// The two systems of `irrev_network::gallery`.
#[pyfunction]
pub(crate) fn three_state_ring(force: f64, rate: f64) -> PyResult<MarkovJump> {
    Ok(MarkovJump(Arc::new(
        irrev_network::gallery::three_state_ring(force, rate).or_raise()?,
    )))
}

#[pyfunction]
pub(crate) fn two_level_two_baths(
    gap: f64,
    hot: f64,
    cold: f64,
    rate: f64,
) -> PyResult<(MarkovJump, Energetics)> {
    let (kinetics, inner) = irrev_network::gallery::two_level_two_baths(gap, hot, cold, rate).or_raise()?;
    let network = Network(Arc::clone(kinetics.network()));
    let energetics = Energetics::checked(&network, inner)?;
    Ok((MarkovJump(Arc::new(kinetics)), energetics))
}

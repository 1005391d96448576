//! Everything about one Markov network at once, sharing the work: what a report or a sweep asks for at every point.

use irrev_numerics::tolerance::Convergence;

use crate::bounds::{UncertaintyRelation, uncertainty_relation};
use crate::cycles::{CycleBasis, fundamental_cycles};
use crate::decomposition::{
    GeometricDecomposition, HatanoSasaDecomposition, InformationGeometricDecomposition, geometric,
    hatano_sasa_decomposition, information_geometric,
};
use crate::dynamics::CountingStatistics;
use crate::error::Result;
use crate::flow::Flow;
use crate::kinetics::{Kinetics, MarkovJump};
use crate::projection::Projection;
use crate::state::Distribution;

/// Thermodynamics of a Markov network at one distribution, beside its stationary state.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Overview {
    /// Stationary distribution.
    pub stationary: Distribution,
    /// Flow in the stationary state.
    pub stationary_flow: Flow,
    /// Flow at the distribution.
    pub flow: Flow,
    /// Entropy production rate at the distribution, in nats per time.
    pub entropy_production_rate: f64,
    /// Geometric excess/housekeeping split.
    pub geometric: GeometricDecomposition,
    /// Hatano–Sasa split.
    pub hatano_sasa: HatanoSasaDecomposition,
    /// Information-geometric split.
    pub information_geometric: InformationGeometricDecomposition,
    /// Fundamental cycles.
    pub cycles: CycleBasis,
    /// Affinity of each cycle, in nats.
    pub affinities: Vec<f64>,
    /// Stationary current around each cycle, in 1/time.
    pub cycle_currents: Vec<f64>,
    /// Housekeeping current around each cycle at the distribution, in 1/time.
    pub housekeeping_cycle_currents: Vec<f64>,
    /// Uncertainty relations of the current with the given weights.
    pub uncertainty: UncertaintyRelation,
}

impl Overview {
    /// Worst relative residual among the solves behind the numbers.
    #[must_use]
    pub fn convergence(&self) -> Convergence {
        self.geometric.convergence
    }
}

/// Computes an [`Overview`] at a distribution, with the uncertainty relations of the current with the given weights.
///
/// # Errors
/// [`crate::Error::OneWay`] for one-way edges, [`crate::Error::SeveralClosedClasses`], [`crate::Error::Length`]; numerical failure.
pub fn overview(kinetics: &MarkovJump, distribution: &Distribution, weights: &[f64]) -> Result<Overview> {
    let stationary = kinetics.stationary_distribution()?;
    let stationary_flow = kinetics.flow(&stationary)?;
    let flow = kinetics.flow(distribution)?;
    let projection = Projection::new(kinetics.network())?;
    let geometric = geometric::decompose(&flow, &projection)?;
    let hatano_sasa = hatano_sasa_decomposition(kinetics, distribution, &stationary)?;
    let information_geometric = information_geometric::decompose(&flow, &projection, &geometric.potential)?;
    let cycles = fundamental_cycles(kinetics.network());
    let affinities = cycles.affinities(kinetics);
    let cycle_currents = cycles.currents(&stationary_flow.current());
    let housekeeping_cycle_currents = cycles.currents(&geometric.housekeeping_current);
    let statistics = CountingStatistics::around(kinetics, stationary.clone())?;
    let uncertainty = uncertainty_relation(&statistics, &stationary_flow, weights)?;
    Ok(Overview {
        entropy_production_rate: flow.entropy_production_rate(),
        stationary,
        stationary_flow,
        flow,
        geometric,
        hatano_sasa,
        information_geometric,
        cycles,
        affinities,
        cycle_currents,
        housekeeping_cycle_currents,
        uncertainty,
    })
}

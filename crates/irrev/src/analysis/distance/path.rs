//! A geodesic as numbers for a report: moments on a grid of times, and what its currents carry in total.

use irrev_network::transport::{Geodesic, Moment, ReactionGeodesic};
use irrev_network::{Distribution, MarkovJump, Network};
use irrev_numerics::quadrature::gauss_legendre;

/// Even steps of time that a picture has at least.
const STEPS: usize = 32;

/// Most numbers of all moments together.
const MOST_NUMBERS: usize = 200_000;

/// The part of the time beside an empty end that some pictures leave out.
const HIDDEN: f64 = 0.01;

/// Points of Gauss' rule on each element of time.
const NODES: usize = 4;

/// The moments of a geodesic that are drawn.
pub(super) struct Moments {
    pub(super) times: Vec<f64>,
    pub(super) moments: Vec<Moment>,
}

impl Moments {
    pub(super) fn of(geodesic: &Geodesic) -> irrev_network::Result<Self> {
        Self::sampled(geodesic.network(), geodesic.times(), |t| geodesic.at(t))
    }

    pub(super) fn of_reactions(geodesic: &ReactionGeodesic) -> irrev_network::Result<Self> {
        Self::sampled(geodesic.network(), geodesic.times(), |t| geodesic.at(t))
    }

    /// Moments at the given times and those of an even grid.
    fn sampled(
        network: &Network,
        mut times: Vec<f64>,
        at: impl Fn(f64) -> irrev_network::Result<Moment>,
    ) -> irrev_network::Result<Self> {
        let size = network.states().len() * 2 + network.edges().len();
        times.extend((0..=STEPS).map(|k| k as f64 / STEPS as f64));
        times.sort_by(f64::total_cmp);
        times.dedup();
        if times.len() * size > MOST_NUMBERS {
            times = (0..=STEPS).map(|k| k as f64 / STEPS as f64).collect();
        }
        let moments = times
            .iter()
            .map(|&t| at(t))
            .collect::<irrev_network::Result<_>>()?;
        Ok(Self { times, moments })
    }

    /// The part of the path that a picture of what diverges beside empty states can show: without the outermost hundredth at such an end.
    pub(super) fn away_from_empty_ends(&self) -> Self {
        let empty = |moment: Option<&Moment>| moment.is_some_and(|m| m.state.contains(&0.0));
        let seen = seen((empty(self.moments.first()), empty(self.moments.last())));
        let kept = self
            .times
            .iter()
            .zip(&self.moments)
            .filter(|(t, _)| seen.contains(t));
        let (times, moments) = kept.map(|(t, m)| (*t, m.clone())).unzip();
        Self { times, moments }
    }

    /// One number of each moment, as a function of time.
    pub(super) fn curve(&self, number: impl Fn(&Moment) -> f64) -> Vec<f64> {
        self.moments.iter().map(number).collect()
    }
}

/// The times of a path, from 0 to 1, that a picture of what diverges beside empty ends shows.
pub(super) fn seen((first, last): (bool, bool)) -> std::ops::RangeInclusive<f64> {
    let start = if first { HIDDEN } else { 0.0 };
    let end = if last { 1.0 - HIDDEN } else { 1.0 };
    start..=end
}

/// What a geodesic carries and pays, integrated over its elements of time.
pub(super) struct Carried {
    /// ∫ J dt per edge: probability carried along it.
    pub(super) probability: Vec<f64>,
    /// ∫ J Bᵀψ dt per edge: its part of W₂².
    pub(super) action: Vec<f64>,
    /// ∫ Σ L dt.
    pub(super) mobility: f64,
}

impl Carried {
    pub(super) fn along(geodesic: &Geodesic, kinetics: &MarkovJump) -> irrev_network::Result<Self> {
        let network = geodesic.network();
        let edges = network.edges().len();
        let (nodes, weights) = gauss_legendre(NODES);
        let mut carried = Self {
            probability: vec![0.0; edges],
            action: vec![0.0; edges],
            mobility: 0.0,
        };
        for element in geodesic.times().windows(2) {
            let length = element[1] - element[0];
            for (node, weight) in nodes.iter().zip(&weights) {
                let moment = geodesic.at(element[0] + length * node)?;
                let force = network.gradient(&moment.potential)?;
                for (e, (current, force)) in moment.current.iter().zip(&force).enumerate() {
                    carried.probability[e] += length * weight * current;
                    carried.action[e] += length * weight * current * force;
                }
                // between its nodes a polynomial may pass an empty state by a rounding
                let inside: Vec<f64> = moment.state.iter().map(|p| p.max(0.0)).collect();
                let sum: f64 = inside.iter().sum();
                let state = Distribution::new(inside.iter().map(|p| p / sum).collect())?;
                carried.mobility += length * weight * kinetics.flow(&state)?.mobility();
            }
        }
        Ok(carried)
    }
}

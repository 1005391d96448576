//! A locally shortest path between two states of a reaction network.

use std::sync::Arc;

use super::super::action::{Potentials, differences};
use super::super::geodesic::Moment;
use super::super::require_time;
use super::problem::Problem;
use super::trace::Traced;
use crate::error::Result;
use crate::network::Network;

/// In what sense a path is shortest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Optimality {
    /// No path is shorter: there is one direction only, or every Onsager coefficient is concave, so that the problem is convex.
    Global,
    /// No path near it is shorter: the second variation is positive definite. A very different path may be.
    Local,
    /// The first variation vanishes, and the second is not positive definite: some path near it may be shorter.
    Stationary,
}

/// Why no path is shorter than one that is [`Optimality::Global`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum GlobalProof {
    /// Nothing moves.
    AtRest,
    /// All reactions change the state along one direction, as in Schlögl's model: every path passes the same states, and the fastest way through each of them
    /// is known.
    OneDirection,
    /// Both directions of every reaction are of order at most one in the dynamic species: every L is concave, and the problem convex.
    FirstOrder,
}

/// A path at constant speed between two states, shortest among its neighbours, with its exact length.
#[derive(Debug, Clone)]
pub struct ReactionGeodesic {
    network: Arc<Network>,
    from: Vec<f64>,
    to: Vec<f64>,
    pub(super) length: f64,
    pub(super) length_error: f64,
    pub(super) excess: f64,
    ways: f64,
    proof: Option<GlobalProof>,
    optimality: Optimality,
    directions: usize,
    tolerance: f64,
    pub(super) starts: usize,
    pub(super) minima: usize,
    motion: Option<Arc<Motion>>,
}

/// What moves.
struct Motion {
    problem: Problem,
    potentials: Potentials,
    traced: Traced,
}

impl std::fmt::Debug for Motion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Motion")
            .field("kept", &self.problem.kept)
            .field("meshes", &self.traced.meshes)
            .field("steps", &self.traced.steps)
            .finish_non_exhaustive()
    }
}

impl ReactionGeodesic {
    /// No motion between equal states; `length` is what rounding leaves between them.
    pub(super) fn at_rest(network: Arc<Network>, from: &[f64], to: &[f64], tolerance: f64) -> Self {
        Self {
            network,
            from: from.to_vec(),
            to: to.to_vec(),
            length: 0.0,
            length_error: 0.0,
            excess: 0.0,
            ways: 0.0,
            proof: Some(GlobalProof::AtRest),
            optimality: Optimality::Global,
            directions: 0,
            tolerance,
            starts: 0,
            minima: 1,
            motion: None,
        }
    }

    /// A traced path, with the lengths of the ways at its ends.
    pub(super) fn along(
        self,
        problem: Problem,
        potentials: Potentials,
        traced: Traced,
        ways: (f64, f64),
    ) -> Self {
        let length = traced.length + ways.0;
        let proof = problem.global_proof();
        Self {
            length,
            length_error: traced.length_error + ways.1,
            // half the relative deficit of the square; a way to an end and back is the most that skipping it saves
            excess: 0.5 * traced.deficit / traced.length + 2.0 * ways.0,
            ways: ways.0,
            proof,
            optimality: if proof.is_some() {
                Optimality::Global
            } else if traced.definite {
                Optimality::Local
            } else {
                Optimality::Stationary
            },
            directions: problem.class.dimension(),
            motion: Some(Arc::new(Motion {
                problem,
                potentials,
                traced,
            })),
            ..self
        }
    }

    /// Length ∫ ‖ẋ‖ dt of the path, in √(amount · time): the distance is not more, but for [`Self::length_error`].
    #[must_use]
    pub fn length(&self) -> f64 {
        self.length
    }

    /// Estimate of the error of the quadrature in the length.
    #[must_use]
    pub fn length_error(&self) -> f64 {
        self.length_error
    }

    /// Estimate of how much shorter the shortest path near this one may be: what the discretisation and ends without some species leave open.
    #[must_use]
    pub fn excess(&self) -> f64 {
        self.excess
    }

    /// Length of the straight ways beside ends without some species: part of the length, and left out by [`Self::at`] but for the ends themselves.
    #[must_use]
    pub fn ways(&self) -> f64 {
        self.ways
    }

    /// Squared length: the least entropy production along this path in the time τ is cost/τ.
    #[must_use]
    pub fn cost(&self) -> f64 {
        self.length * self.length
    }

    /// In what sense the path is shortest.
    #[must_use]
    pub fn optimality(&self) -> Optimality {
        self.optimality
    }

    /// Why no path is shorter, where that is known.
    #[must_use]
    pub fn global_proof(&self) -> Option<GlobalProof> {
        self.proof
    }

    /// Independent directions in which reactions change the state: species less conservation laws, without species that stay absent; 0 at rest.
    #[must_use]
    pub fn directions(&self) -> usize {
        self.directions
    }

    /// Whether the excess is within the asked tolerance of the squared length.
    #[must_use]
    pub fn converged(&self) -> bool {
        2.0 * self.excess <= self.tolerance * self.length
    }

    /// Starts from which a stationary path was reached.
    #[must_use]
    pub fn starts(&self) -> usize {
        self.starts
    }

    /// Different locally shortest paths that these led to.
    #[must_use]
    pub fn minima(&self) -> usize {
        self.minima
    }

    /// The network it lives on: states are the dynamic species, edges the counted reactions.
    #[must_use]
    pub fn network(&self) -> &Arc<Network> {
        &self.network
    }

    /// Newton steps that led to this path, over all meshes.
    #[must_use]
    pub fn newton_steps(&self) -> usize {
        self.motion.as_ref().map_or(0, |m| m.traced.steps)
    }

    /// Meshes that were needed.
    #[must_use]
    pub fn meshes(&self) -> usize {
        self.motion.as_ref().map_or(0, |m| m.traced.meshes)
    }

    /// Ends of the elements of time on which the path is a polynomial, in ascending order: what a picture needs.
    #[must_use]
    pub fn times(&self) -> Vec<f64> {
        let ends = self.motion.as_ref().map(|m| m.traced.path.mesh.ends.clone());
        ends.unwrap_or_else(|| vec![0.0, 1.0])
    }

    /// Amounts, potential and currents at a time t in [0, 1].
    ///
    /// At an end where species are absent, potential and currents are those an instant inside: in the limit they diverge.
    ///
    /// # Errors
    /// [`crate::Error::Domain`] for a time outside [0, 1], or where rounding leaves an amount that is not positive.
    pub fn at(&self, time: f64) -> Result<Moment> {
        require_time(time)?;
        let mut moment = Moment {
            state: self.from.clone(),
            potential: vec![0.0; self.from.len()],
            current: vec![0.0; self.network.edges().len()],
        };
        if let Some(motion) = &self.motion {
            motion.at(time, &mut moment)?;
        }
        match time {
            0.0 => moment.state.clone_from(&self.from),
            1.0 => moment.state.clone_from(&self.to),
            _ => {}
        }
        Ok(moment)
    }
}

impl Motion {
    fn at(&self, time: f64, moment: &mut Moment) -> Result<()> {
        let (path, mobility) = (&self.traced.path, &self.problem.mobility);
        let (element, s) = path.mesh.locate(time);
        let state = path.inside(element, s);
        let velocity = path.velocity_inside(element, s);
        let lowest = state.iter().copied().fold(f64::INFINITY, f64::min);
        crate::require(
            "an amount on the geodesic",
            lowest,
            lowest > 0.0,
            "a positive number",
        )?;
        let mut conductances = Vec::new();
        mobility.values(&state, &mut conductances);
        // where rounding of the velocity breaks a law, the potential of the equations of motion serves
        let potential = self
            .potentials
            .solve(&conductances, &velocity)?
            .unwrap_or_else(|| self.traced.potential.at(time));
        let mut across = Vec::new();
        differences(mobility, &potential, &mut across);
        mobility.add_edge_currents(&state, &across, &mut moment.current);
        for (&i, (x, psi)) in self.problem.kept.iter().zip(state.iter().zip(&potential)) {
            moment.state[i] = *x;
            moment.potential[i] = *psi;
        }
        Ok(())
    }
}

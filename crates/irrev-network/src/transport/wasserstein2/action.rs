//! The discrete action ½ Σ w ẋᵀ K(x)⁻¹ ẋ of a path, with K = S L(x) Sᵀ, and its logarithmic barrier −μ Σ w ρ ln x. The density ρ gives every element
//! of time the same share of the barrier, however short: beside an end on the boundary the path is as well guarded as half way.

use irrev_numerics::elimination::{EliminationPlan, PlanOptions, SolveOptions, Threads};
use irrev_numerics::linalg::WeightedLeastSquares;
use irrev_numerics::sum::{CompensatedSum, compensated_sum};

use rayon::prelude::*;

use super::mobility::Mobility;
use super::path::DiscretePath;
use crate::error::Result;

/// Rounding of a velocity whose states nearly cancel; what remains of its sum is spread evenly.
const IMBALANCE: f64 = 1e-3;

/// Solves K ψ = ẋ for many conductances of one network.
pub(crate) enum Potentials {
    /// Jumps: K is the Laplacian of a graph.
    Graph(Box<EliminationPlan>),
    /// Reactions: K is that of weighted least squares.
    Stoichiometry(Box<WeightedLeastSquares>),
}

impl Potentials {
    pub(crate) fn new(mobility: &Mobility) -> Result<Self> {
        if mobility.concave {
            let pairs: Vec<(usize, usize)> = mobility
                .bundles
                .iter()
                .map(|b| (b.depends[0], b.depends[1]))
                .collect();
            let options = PlanOptions {
                threads: Threads::One,
                ..PlanOptions::default()
            };
            let plan = EliminationPlan::new(mobility.states, &pairs, &options)?;
            return Ok(Self::Graph(Box::new(plan)));
        }
        let rows = mobility.bundles.iter().map(|b| b.change.clone()).collect();
        let problem = WeightedLeastSquares::new(rows, mobility.states)?;
        Ok(Self::Stoichiometry(Box::new(problem)))
    }

    /// ψ, or `None` if the velocity cannot be carried.
    pub(crate) fn solve(&self, conductances: &[f64], velocity: &[f64]) -> Result<Option<Vec<f64>>> {
        match self {
            Self::Graph(plan) => {
                let factor = plan.laplacian(conductances, Threads::One)?;
                let options = SolveOptions {
                    imbalance_tolerance: IMBALANCE,
                    ..SolveOptions::default()
                };
                Ok(factor
                    .solve(velocity, &options)
                    .ok()
                    .map(|solution| solution.values))
            }
            Self::Stoichiometry(problem) => {
                let no_targets = vec![0.0; conductances.len()];
                let found = problem.solve(conductances, &no_targets, velocity)?;
                Ok(found.map(|projected| projected.x))
            }
        }
    }
}

/// What happens at one point of a path.
#[derive(Debug, Clone)]
pub(crate) struct Slice {
    /// Weight in time.
    pub(crate) weight: f64,
    /// Density ρ of the barrier: one over the number of elements and this one's width.
    pub(crate) guard: f64,
    /// x.
    pub(crate) state: Vec<f64>,
    /// ẋ.
    pub(crate) velocity: Vec<f64>,
    /// ψ with S L Sᵀ ψ = ẋ.
    pub(crate) potential: Vec<f64>,
}

impl Slice {
    /// `None` if the state is not positive there.
    fn at(
        mobility: &Mobility,
        potentials: &Potentials,
        path: &DiscretePath,
        element: usize,
        point: usize,
    ) -> Result<Option<Self>> {
        let mut state = vec![0.0; mobility.states];
        let mut velocity = vec![0.0; mobility.states];
        path.at_point(element, point, &mut state, &mut velocity);
        if !state.iter().all(|x| *x > 0.0) {
            return Ok(None);
        }
        if mobility.concave {
            // what rounding leaves of the sum would swamp the currents into states of little probability
            let left = compensated_sum(velocity.iter().copied());
            let most = state.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
            if let Some((most, _)) = most {
                velocity[most] -= left;
            }
        }
        let mut conductances = Vec::new();
        mobility.values(&state, &mut conductances);
        let weight = path.mesh.width(element) * path.mesh.basis.weights[point];
        let potential = potentials.solve(&conductances, &velocity)?;
        let guard = path.mesh.guard(element);
        Ok(potential.map(|potential| Self {
            weight,
            guard,
            state,
            velocity,
            potential,
        }))
    }
}

/// A path's slices and its action.
#[derive(Debug, Clone)]
pub(crate) struct Action {
    /// ½ Σ w ẋ·ψ: half the squared length at constant speed.
    pub(crate) kinetic: f64,
    /// Σ w ρ ln x.
    logarithms: f64,
    pub(crate) slices: Vec<Slice>,
}

impl Action {
    /// Evaluates a path; `None` if a state at a point is not positive.
    pub(crate) fn of(
        mobility: &Mobility,
        potentials: &Potentials,
        path: &DiscretePath,
    ) -> Result<Option<Self>> {
        let stages = path.mesh.basis.stages();
        let evaluated: Vec<Result<Option<Slice>>> = (0..path.mesh.points())
            .into_par_iter()
            .map(|k| Slice::at(mobility, potentials, path, k / stages, k % stages))
            .collect();
        let slices: Result<Option<Vec<Slice>>> = evaluated.into_iter().collect();
        let power = |slice: &Slice| {
            let pairs = slice.velocity.iter().zip(&slice.potential);
            pairs.map(|(v, psi)| v * psi).sum()
        };
        Ok(slices?.and_then(|slices| Self::of_slices(slices, power)))
    }

    /// The action of slices with the given squared speeds; `None` if it is not finite.
    pub(crate) fn of_slices(slices: Vec<Slice>, squared_speed: impl Fn(&Slice) -> f64) -> Option<Self> {
        let (mut kinetic, mut logarithms) = (CompensatedSum::default(), CompensatedSum::default());
        for slice in &slices {
            kinetic.add(0.5 * slice.weight * squared_speed(slice));
            let weight = slice.weight * slice.guard;
            logarithms.add(weight * slice.state.iter().map(|x| x.ln()).sum::<f64>());
        }
        let (kinetic, logarithms) = (kinetic.value(), logarithms.value());
        (kinetic.is_finite() && logarithms.is_finite()).then_some(Self {
            kinetic,
            logarithms,
            slices,
        })
    }

    /// The action with the barrier μ.
    pub(crate) fn value(&self, barrier: f64) -> f64 {
        self.kinetic - barrier * self.logarithms
    }
}

/// Differences Sᵀψ over the bundles.
pub(crate) fn differences(mobility: &Mobility, potential: &[f64], out: &mut Vec<f64>) {
    out.clear();
    out.extend(
        mobility
            .bundles
            .iter()
            .map(|b| b.change.iter().map(|&(i, c)| c * potential[i]).sum::<f64>()),
    );
}

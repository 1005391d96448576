//! Projection of edge forces on gradients: the ψ that minimises Σ L (F − Bᵀψ)², that is B L Bᵀ ψ = B L F.
//!
//! The problem is posed in the forces, not in ẋ = B L F. Where a weak edge joins two strongly driven parts, the little that ẋ sends
//! across is lost in the rounding of ẋ, and dividing it by a small L ruins ψ; the forces determine it to a few ε whatever the spread of L.
//!
//! In a reaction network S stands for B, whose columns hold more than two species; there the projection is a weighted least-squares problem.
//!
//! B L Bᵀ is singular by nature: it conserves the probability of each component. The gauge chosen is Σψ = 0 on each
//! component, and orthogonality to all conservation laws in a reaction network; edges with L = 0 drop out and may disconnect the network
//! further.

mod star_mesh;

use irrev_numerics::elimination::{EliminationPlan, PlanOptions, SolveOptions, Threads};
use irrev_numerics::linalg::WeightedLeastSquares;
use irrev_numerics::sum::{CompensatedSum, compensated_sum};
use irrev_numerics::tolerance::Convergence;

use self::star_mesh::StarMesh;
use crate::error::Result;
use crate::network::{Change, Network};

/// Relative imbalance of the current that the projection must reach.
const RESIDUAL: f64 = 1e-10;

/// A net one-way current into a component beyond this part of all one-way currents cannot be carried by a potential.
const IMBALANCE: f64 = 1e-9;

/// Most refinements of a potential found by sparse elimination; each gains up to 16 digits, fewer the more L spreads.
const REFINEMENTS: usize = 8;

/// Projects the forces of one network for many L; keeps the symbolic work.
pub(crate) struct Projection<'a> {
    network: &'a Network,
    method: Method,
}

enum Method {
    /// Elimination of forces, accurate for any spread of L.
    StarMesh(StarMesh),
    /// Sparse elimination with refinement in the forces, for large networks.
    Sparse(Box<EliminationPlan>),
    /// Weighted least squares, for the stoichiometry of reactions.
    Stoichiometry(Box<WeightedLeastSquares>),
}

impl<'a> Projection<'a> {
    pub(crate) fn new(network: &'a Network) -> Result<Self> {
        let n = network.states().len();
        if network.complexes().is_some() {
            let rows = (0..network.edges().len())
                .map(|e| network.change(e).to_vec())
                .collect();
            let problem = Box::new(WeightedLeastSquares::new(rows, n)?);
            return Ok(Self {
                network,
                method: Method::Stoichiometry(problem),
            });
        }
        let pairs = || network.edges().iter().map(|e| (e.from, e.to));
        let method = match StarMesh::new(n, pairs()) {
            Some(mesh) => Method::StarMesh(mesh),
            None => {
                let pairs: Vec<_> = pairs().collect();
                Method::Sparse(Box::new(EliminationPlan::new(
                    n,
                    &pairs,
                    &PlanOptions::default(),
                )?))
            }
        };
        Ok(Self { network, method })
    }

    /// ψ with B L Bᵀ ψ = B (L F + J′) and zero mean on each component, or `None` if J′ feeds some component (then no potential can
    /// carry it). J′ (`one_way`) is the current on edges with L = 0, empty for none; F is read only where L > 0.
    pub(crate) fn potential(
        &self,
        onsager: &[f64],
        force: &[f64],
        one_way: &[f64],
    ) -> Result<Option<Vec<f64>>> {
        match &self.method {
            Method::StarMesh(mesh) => {
                Ok(mesh.potential(onsager, force, &self.injected(one_way), self.limit(one_way)))
            }
            Method::Sparse(plan) => self.refined(plan, onsager, force, one_way),
            Method::Stoichiometry(problem) => {
                let injected = self.injected(one_way);
                Ok(problem.solve(onsager, force, &injected)?.map(|found| found.x))
            }
        }
    }

    /// The imbalance of L (F − Bᵀψ) + J′ at the worst state, relative to the largest current through a state.
    pub(crate) fn convergence(
        &self,
        onsager: &[f64],
        force: &[f64],
        one_way: &[f64],
        psi: &[f64],
    ) -> Convergence {
        let mut through = vec![0.0; psi.len()];
        for (e, change) in self.changes() {
            let l = onsager[e];
            let size = if l > 0.0 {
                l * (force[e].abs() + difference(&change, psi).abs())
            } else {
                one_way.get(e).map_or(0.0, |j| j.abs())
            };
            for &(state, c) in &*change {
                through[state] += c.abs() * size;
            }
        }
        let largest = |x: &[f64]| x.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        let left = largest(&self.unbalanced(onsager, force, one_way, psi));
        let relative = if left == 0.0 {
            0.0
        } else {
            left / largest(&through)
        };
        Convergence::direct(relative, RESIDUAL)
    }

    /// The columns of B or S, edge by edge.
    fn changes(&self) -> impl Iterator<Item = (usize, Change<'_>)> {
        (0..self.network.edges().len()).map(|e| (e, self.network.change(e)))
    }

    fn injected(&self, one_way: &[f64]) -> Vec<f64> {
        self.sums(one_way.iter().copied())
    }

    fn limit(&self, one_way: &[f64]) -> f64 {
        IMBALANCE * compensated_sum(one_way.iter().map(|j| j.abs()))
    }

    /// B J with compensation.
    fn sums(&self, currents: impl Iterator<Item = f64>) -> Vec<f64> {
        let mut rate = vec![CompensatedSum::default(); self.network.states().len()];
        for ((_, change), j) in self.changes().zip(currents).filter(|c| c.1 != 0.0) {
            for &(state, c) in &*change {
                rate[state].add(c * j);
            }
        }
        rate.iter().map(CompensatedSum::value).collect()
    }

    /// B (L (F − Bᵀψ) + J′), each edge's force rounded once.
    fn unbalanced(&self, onsager: &[f64], force: &[f64], one_way: &[f64], psi: &[f64]) -> Vec<f64> {
        self.sums(self.changes().map(|(e, change)| {
            let l = onsager[e];
            if l > 0.0 {
                l * (force[e] - difference(&change, psi))
            } else {
                one_way.get(e).copied().unwrap_or(0.0)
            }
        }))
    }

    fn refined(
        &self,
        plan: &EliminationPlan,
        onsager: &[f64],
        force: &[f64],
        one_way: &[f64],
    ) -> Result<Option<Vec<f64>>> {
        let members = self.components(onsager);
        let injected = self.injected(one_way);
        let limit = self.limit(one_way);
        for states in &members {
            if compensated_sum(states.iter().map(|&i| injected[i])).abs() > limit {
                return Ok(None);
            }
        }
        // the balance of each component was judged above, and refinement is done here
        let options = SolveOptions {
            imbalance_tolerance: f64::INFINITY,
            refinement_steps: 0,
        };
        let factor = plan.laplacian(onsager, Threads::Shared)?;
        let mut psi = vec![0.0; injected.len()];
        let mut smallest = f64::INFINITY;
        for _ in 0..REFINEMENTS {
            let left = self.unbalanced(onsager, force, one_way, &psi);
            let step = factor.solve(&left, &options)?.values;
            let gradient = self.network.gradient(&step)?;
            // the correction in its own norm ‖Bᵀδ‖_L falls until rounding of the forces stops it
            let size = compensated_sum(onsager.iter().zip(&gradient).map(|(l, g)| l * g * g)).sqrt();
            if !(size < 0.5 * smallest) {
                break;
            }
            smallest = size;
            for (psi, step) in psi.iter_mut().zip(&step) {
                *psi += step;
            }
        }
        for states in &members {
            centre(&mut psi, states);
        }
        Ok(Some(psi))
    }

    /// States of every component under the edges with L > 0.
    fn components(&self, onsager: &[f64]) -> Vec<Vec<usize>> {
        let n = self.network.states().len();
        let mut sets = petgraph::unionfind::UnionFind::<usize>::new(n);
        for (edge, &l) in self.network.edges().iter().zip(onsager) {
            if l > 0.0 {
                sets.union(edge.from, edge.to);
            }
        }
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); n];
        for (state, root) in sets.into_labeling().into_iter().enumerate() {
            members[root].push(state);
        }
        members.retain(|states| !states.is_empty());
        members
    }
}

/// (Bᵀψ)ₑ from the edge's column.
fn difference(change: &[(usize, f64)], psi: &[f64]) -> f64 {
    change.iter().map(|&(state, c)| c * psi[state]).sum()
}

/// Subtracts the mean over the given states.
fn centre(psi: &mut [f64], states: &[usize]) {
    let mean = compensated_sum(states.iter().map(|&i| psi[i])) / states.len() as f64;
    for &i in states {
        psi[i] -= mean;
    }
}

//! The weighted graph Laplacian B L Bᵀ of a network, and its solution on each connected component.
//!
//! B L Bᵀ is singular by nature: it conserves the probability of each component. The gauge chosen is Σψ = 0 on each
//! component; edges with L = 0 drop out and may disconnect the network further.

use irrev_numerics::elimination::{EliminationPlan, PlanOptions, SolveOptions, Threads};
use irrev_numerics::linalg::{AbsorbingFactor, Matrix};
use irrev_numerics::operator::norm;
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::tolerance::Convergence;

use crate::error::Result;
use crate::network::Network;

/// Up to this many states a dense factorisation is faster than a sparse one.
const DENSE: usize = 48;

/// Relative residual that a solution must reach.
const RESIDUAL: f64 = 1e-10;

/// A net rate of change of a component beyond this part of the flow through it cannot be carried by a potential.
const IMBALANCE: f64 = 1e-9;

/// Solves B L Bᵀ ψ = w for one pattern and many L; keeps the symbolic work.
pub(crate) struct Laplacian<'a> {
    network: &'a Network,
    plan: Option<EliminationPlan>,
}

/// A potential with its relative residual ‖w − B L Bᵀ ψ‖/‖w‖.
pub(crate) struct Potential {
    pub(crate) psi: Vec<f64>,
    pub(crate) convergence: Convergence,
}

impl<'a> Laplacian<'a> {
    pub(crate) fn new(network: &'a Network) -> Result<Self> {
        let n = network.states().len();
        let plan = if n > DENSE {
            let pairs: Vec<(usize, usize)> = network.edges().iter().map(|e| (e.from, e.to)).collect();
            Some(EliminationPlan::new(n, &pairs, &PlanOptions::default())?)
        } else {
            None
        };
        Ok(Self { network, plan })
    }

    /// ψ with B L Bᵀ ψ = w and zero mean on each component, or `None` if w does not sum to zero on some component (then no
    /// potential can carry it). `scale` is the magnitude of the fluxes that w was summed from.
    pub(crate) fn solve(&self, onsager: &[f64], w: &[f64], scale: f64) -> Result<Option<Potential>> {
        let component = self.components(onsager);
        let count = component.iter().copied().max().map_or(0, |c| c + 1);
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (state, &c) in component.iter().enumerate() {
            members[c].push(state);
        }
        for states in &members {
            let net = compensated_sum(states.iter().map(|&i| w[i]));
            if net.abs() > IMBALANCE * scale {
                return Ok(None);
            }
        }
        // the balance of each component was judged above, against the fluxes that w was summed from
        let balanced = SolveOptions {
            imbalance_tolerance: f64::INFINITY,
            ..SolveOptions::default()
        };
        let mut psi = match &self.plan {
            Some(plan) => {
                plan.laplacian(onsager, Threads::Shared)?
                    .solve(w, &balanced)?
                    .values
            }
            None => self.dense(onsager, w, &members)?,
        };
        for states in &members {
            let mean = compensated_sum(states.iter().map(|&i| psi[i])) / states.len() as f64;
            for &i in states {
                psi[i] -= mean;
            }
        }
        let left = self.residual(onsager, w, &psi);
        let size = norm(w);
        let residual = if size == 0.0 {
            norm(&left)
        } else {
            norm(&left) / size
        };
        Ok(Some(Potential {
            psi,
            convergence: Convergence::direct(residual, RESIDUAL),
        }))
    }

    fn residual(&self, onsager: &[f64], w: &[f64], psi: &[f64]) -> Vec<f64> {
        let mut left = w.to_vec();
        for (edge, l) in self.network.edges().iter().zip(onsager) {
            let j = l * (psi[edge.to] - psi[edge.from]);
            left[edge.from] += j;
            left[edge.to] -= j;
        }
        left
    }

    /// Component of every state under the edges with L > 0.
    fn components(&self, onsager: &[f64]) -> Vec<usize> {
        let mut sets = petgraph::unionfind::UnionFind::<usize>::new(self.network.states().len());
        for (edge, &l) in self.network.edges().iter().zip(onsager) {
            if l > 0.0 {
                sets.union(edge.from, edge.to);
            }
        }
        let roots = sets.into_labeling();
        let mut number = vec![usize::MAX; roots.len()];
        let mut count = 0;
        roots
            .iter()
            .map(|&r| {
                if number[r] == usize::MAX {
                    number[r] = count;
                    count += 1;
                }
                number[r]
            })
            .collect()
    }

    /// Grounds the last state of each component; one step of refinement.
    fn dense(&self, onsager: &[f64], w: &[f64], members: &[Vec<usize>]) -> Result<Vec<f64>> {
        let n = self.network.states().len();
        let mut place = vec![(0, usize::MAX); n];
        for (c, states) in members.iter().enumerate() {
            for (k, &i) in states[..states.len() - 1].iter().enumerate() {
                place[i] = (c, k);
            }
            if let Some(&ground) = states.last() {
                place[ground] = (c, usize::MAX);
            }
        }
        let mut rates: Vec<Matrix> = members
            .iter()
            .map(|s| Matrix::zeros(s.len() - 1, s.len() - 1))
            .collect();
        let mut leak: Vec<Vec<f64>> = members.iter().map(|s| vec![0.0; s.len() - 1]).collect();
        for (edge, &l) in self.network.edges().iter().zip(onsager) {
            if l == 0.0 {
                continue;
            }
            let ((c, i), (_, j)) = (place[edge.from], place[edge.to]);
            match (i, j) {
                (usize::MAX, j) => leak[c][j] += l,
                (i, usize::MAX) => leak[c][i] += l,
                (i, j) => {
                    rates[c][(i, j)] += l;
                    rates[c][(j, i)] += l;
                }
            }
        }
        let factors: Vec<AbsorbingFactor> = rates
            .into_iter()
            .zip(leak)
            .map(|(r, l)| AbsorbingFactor::new(r, l))
            .collect::<Result<_, _>>()?;
        let mut psi = vec![0.0; n];
        for _ in 0..2 {
            let left = self.residual(onsager, w, &psi);
            for (factor, states) in factors.iter().zip(members) {
                let free = &states[..states.len() - 1];
                let correction = factor.solve(&free.iter().map(|&i| left[i]).collect::<Vec<_>>());
                for (&i, d) in free.iter().zip(correction) {
                    psi[i] += d;
                }
            }
        }
        Ok(psi)
    }
}

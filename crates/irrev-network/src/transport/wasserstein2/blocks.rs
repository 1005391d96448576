//! Newton's equations at one point: the blocks that the system in path and potential is made of.
//!
//! ```text
//! H = −½ Σ (Sᵀψ)² ∂²L + μ/x²,   C = S diag(Sᵀψ) ∂L,   K = S L Sᵀ,   −ψ̇ = ½ Σ (Sᵀψ)² ∂L + μ/x.
//! ```

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::action::{Action, Slice, differences};
use super::mobility::{Conductances, Mobility};

/// Pairs of states that interact, and where each bundle's contribution goes.
pub(super) struct Pattern {
    /// (row, column) of every entry.
    pub(super) pairs: Vec<(usize, usize)>,
    /// Place of every contribution, bundle by bundle; `usize::MAX` for none.
    places: Vec<usize>,
    /// Place of the diagonal entry of every state, if the pattern has one.
    pub(super) diagonal: Vec<usize>,
}

impl Pattern {
    fn new(states: usize, contributions: impl Iterator<Item = (usize, usize)> + Clone, lower: bool) -> Self {
        let kept = |pair: &(usize, usize)| !lower || pair.0 >= pair.1;
        let mut place: BTreeMap<(usize, usize), usize> = (0..states).map(|i| ((i, i), 0)).collect();
        place.extend(contributions.clone().filter(kept).map(|pair| (pair, 0)));
        let pairs: Vec<(usize, usize)> = place.keys().copied().collect();
        for (k, slot) in place.values_mut().enumerate() {
            *slot = k;
        }
        Self {
            places: contributions
                .map(|pair| place.get(&pair).copied().unwrap_or(usize::MAX))
                .collect(),
            diagonal: (0..states).map(|i| place[&(i, i)]).collect(),
            pairs,
        }
    }
}

/// The blocks of one point, over the pairs of their patterns.
pub(super) struct Local {
    pub(super) hessian: Vec<f64>,
    pub(super) coupling: Vec<f64>,
    pub(super) laplacian: Vec<f64>,
    /// ½ Σ (Sᵀψ)² ∂L + μρ/x: minus the rate of change of ψ.
    pub(super) descent: Vec<f64>,
}

/// The patterns of H, C and the lower triangle of K on one network.
pub(super) struct Blocks {
    pub(super) hessian: Pattern,
    pub(super) coupling: Pattern,
    pub(super) laplacian: Pattern,
}

impl Blocks {
    pub(super) fn new(mobility: &Mobility) -> Self {
        let bundles = &mobility.bundles;
        let hessian = Pattern::new(
            mobility.states,
            bundles.iter().flat_map(|b| {
                b.depends
                    .iter()
                    .flat_map(|&i| b.depends.iter().map(move |&j| (i, j)))
            }),
            false,
        );
        let coupling = Pattern::new(
            mobility.states,
            bundles.iter().flat_map(|b| {
                b.change
                    .iter()
                    .flat_map(|c| b.depends.iter().map(move |&j| (c.0, j)))
            }),
            false,
        );
        let laplacian = Pattern::new(
            mobility.states,
            bundles.iter().flat_map(|b| {
                b.change
                    .iter()
                    .flat_map(|c| b.change.iter().map(move |d| (c.0, d.0)))
            }),
            true,
        );
        Self {
            hessian,
            coupling,
            laplacian,
        }
    }

    /// The blocks of every point.
    pub(super) fn at(&self, mobility: &Mobility, action: &Action, barrier: f64) -> Vec<Local> {
        let evaluate = |slice: &Slice| {
            let (mut conductances, mut across) = (Conductances::default(), Vec::new());
            mobility.evaluate(&slice.state, true, &mut conductances);
            differences(mobility, &slice.potential, &mut across);
            self.local(mobility, slice, barrier * slice.guard, &conductances, &across)
        };
        action.slices.par_iter().map(evaluate).collect()
    }

    /// The blocks of one point.
    fn local(
        &self,
        mobility: &Mobility,
        slice: &Slice,
        barrier: f64,
        at: &Conductances,
        across: &[f64],
    ) -> Local {
        let mut hessian = vec![0.0; self.hessian.pairs.len()];
        let mut coupling = vec![0.0; self.coupling.pairs.len()];
        let mut laplacian = vec![0.0; self.laplacian.pairs.len()];
        let mut descent: Vec<f64> = slice.state.iter().map(|x| barrier / x).collect();
        let (mut in_coupling, mut in_laplacian) = (0, 0);
        for (k, bundle) in mobility.bundles.iter().enumerate() {
            let v = across[k];
            let slope = &at.slope[mobility.slope_start[k]..mobility.slope_start[k + 1]];
            let range = mobility.curvature_start[k]..mobility.curvature_start[k + 1];
            for (place, c) in self.hessian.places[range.clone()]
                .iter()
                .zip(&at.curvature[range])
            {
                hessian[*place] -= 0.5 * v * v * c;
            }
            for &(_, c) in &bundle.change {
                for s in slope {
                    coupling[self.coupling.places[in_coupling]] += c * v * s;
                    in_coupling += 1;
                }
                for &(_, d) in &bundle.change {
                    let place = self.laplacian.places[in_laplacian];
                    if place != usize::MAX {
                        laplacian[place] += c * d * at.value[k];
                    }
                    in_laplacian += 1;
                }
            }
            for (&i, s) in bundle.depends.iter().zip(slope) {
                descent[i] += 0.5 * v * v * s;
            }
        }
        for (place, x) in self.hessian.diagonal.iter().zip(&slice.state) {
            hessian[*place] += barrier / (x * x);
        }
        Local {
            hessian,
            coupling,
            laplacian,
            descent,
        }
    }
}

//! Weighted graphs: A ψ = w with A = B L Bᵀ.

use super::error::EliminationError;
use super::graph::Components;
use super::numeric::{GraphWeights, Values, eliminate};
use super::plan::{EliminationPlan, Threads};
use super::residual::{Compensated, Solution, SolveOptions, checked_magnitude, refined, rescaled};
use super::solve::{Outflow, Triangle};
use super::weights::checked_scale;

/// A weighted graph Laplacian A = B L Bᵀ = (I − N) D (I − N)ᵀ with N ≥ 0, grounded at one node per component.
///
/// (A ψ)_i = Σ_e B_ie L_e (ψ_head − ψ_tail), with B_ie = +1 at the head of edge e and −1 at its tail.
#[derive(Debug, Clone)]
pub struct LaplacianFactor {
    plan: EliminationPlan,
    conductances: Vec<f64>,
    scale: f64,
    values: Values,
    /// Components of the edges with positive conductance, where they differ from the pattern's.
    components: Option<Components>,
}

impl EliminationPlan {
    /// Eliminates the graph with these conductances L, one per edge, in the order of the edges.
    ///
    /// An edge with L = 0 is absent and may disconnect the graph. Relative errors of the factor's entries are
    /// of order ε times the number of operations on the way, whatever the conductances.
    ///
    /// # Errors
    /// [`EliminationError::InvalidWeight`] names a conductance that is negative, infinite or not a number;
    /// [`EliminationError::Length`]; [`EliminationError::RangeTooWide`] and [`EliminationError::Underflow`]
    /// where double precision cannot hold the conductances or what they reduce to;
    /// [`EliminationError::ThreadPool`].
    pub fn laplacian(
        &self,
        conductances: &[f64],
        threads: Threads,
    ) -> Result<LaplacianFactor, EliminationError> {
        let mut factor = LaplacianFactor {
            plan: self.clone(),
            conductances: Vec::new(),
            scale: 1.0,
            values: Values::default(),
            components: None,
        };
        factor.update(conductances, threads)?;
        Ok(factor)
    }
}

impl LaplacianFactor {
    /// Eliminates again with other conductances, in the memory of this factor.
    ///
    /// # Errors
    /// Those of [`EliminationPlan::laplacian`]. The factor is then not to be used until an update succeeds.
    pub fn update(&mut self, conductances: &[f64], threads: Threads) -> Result<(), EliminationError> {
        let plan = &*self.plan.shared;
        self.scale = checked_scale(&[("conductance", conductances)], plan.edges.len())?;
        self.conductances.clear();
        self.conductances.extend_from_slice(conductances);
        let weights = GraphWeights {
            conductances,
            scale: self.scale,
        };
        let values = &mut self.values;
        threads.run(self.plan.work(), |parallel| {
            eliminate(&plan.structure, &weights, values, parallel)
        })?;
        let absent = conductances.contains(&0.0);
        self.components =
            absent.then(|| Components::new(plan.nodes, &plan.edges, |edge| conductances[edge] > 0.0));
        self.check_outflows()
    }

    /// One node per component has no outflow, all others a normal number.
    fn check_outflows(&self) -> Result<(), EliminationError> {
        let components = self.components();
        let mut grounded = vec![false; components.count()];
        for (&node, &outflow) in self.plan.shared.structure.order.iter().zip(&self.values.outflow) {
            let component = components.label[node as usize] as usize;
            let again = outflow == 0.0 && std::mem::replace(&mut grounded[component], true);
            if again || (outflow > 0.0 && outflow < f64::MIN_POSITIVE) {
                return Err(EliminationError::Underflow { node: node as usize });
            }
        }
        Ok(())
    }

    fn components(&self) -> &Components {
        self.components.as_ref().unwrap_or(&self.plan.shared.components)
    }

    /// The plan this factor was made from.
    pub fn plan(&self) -> &EliminationPlan {
        &self.plan
    }

    /// Number of connected components of the edges with positive conductance.
    pub fn component_count(&self) -> usize {
        self.components().count()
    }

    /// The component of each node, numbered from 0 in the order of their first nodes.
    pub fn component_labels(&self) -> &[u32] {
        &self.components().label
    }

    /// The potential ψ with A ψ = w, of zero mean on each component.
    ///
    /// w must sum to zero on each component. What rounding has left of a sum is spread evenly, removed, and
    /// reported as [`Solution::imbalance`]; beyond the tolerance it is an error. Sums of the residual are
    /// compensated, and one step of refinement is the default.
    ///
    /// # Errors
    /// [`EliminationError::Unbalanced`] names a node of the component;
    /// [`EliminationError::InvalidRightHandSide`], [`EliminationError::Length`];
    /// [`EliminationError::Overflow`] if ψ exceeds the range of double precision.
    pub fn solve(
        &self,
        right_hand_side: &[f64],
        options: &SolveOptions,
    ) -> Result<Solution, EliminationError> {
        let plan = &*self.plan.shared;
        let magnitude = checked_magnitude("right-hand side", right_hand_side, plan.nodes)?;
        let mut balanced: Vec<f64> = right_hand_side.iter().map(|value| value / magnitude).collect();
        let imbalance = self.balance(&mut balanced, options.imbalance_tolerance, magnitude)?;
        let (solution, relative_residual) = refined(
            balanced,
            options.refinement_steps,
            |vector| self.invert(vector),
            |balanced, potential| self.residual(balanced, potential),
            |potential| self.remove_mean(potential),
        );
        // A carries the scale, hence its inverse the reciprocal: ψ = scale · magnitude · (scaled solution).
        let values = rescaled(solution, order_for_product(self.scale, magnitude))?;
        Ok(Solution {
            values,
            relative_residual,
            imbalance,
        })
    }

    /// Sum and sum of magnitudes per component.
    fn component_sums(&self, vector: &[f64]) -> Vec<(Compensated, f64, usize)> {
        let components = self.components();
        let mut sums = vec![(Compensated::default(), 0.0, 0usize); components.count()];
        for (&component, &value) in components.label.iter().zip(vector) {
            let (sum, magnitude, nodes) = &mut sums[component as usize];
            sum.add(value);
            *magnitude += value.abs();
            *nodes += 1;
        }
        sums
    }

    fn remove_mean(&self, vector: &mut [f64]) {
        let sums = self.component_sums(vector);
        let means: Vec<f64> = sums
            .iter()
            .map(|(sum, _, nodes)| sum.value() / *nodes as f64)
            .collect();
        for (value, &component) in vector.iter_mut().zip(&self.components().label) {
            *value -= means[component as usize];
        }
    }

    /// Removes the mean on each component; returns the largest relative imbalance met.
    fn balance(&self, vector: &mut [f64], tolerance: f64, unit: f64) -> Result<f64, EliminationError> {
        let mut worst = 0.0f64;
        for (component, (sum, magnitude, _)) in self.component_sums(vector).iter().enumerate() {
            let defect = sum.value().abs();
            if defect > tolerance * magnitude {
                return Err(EliminationError::Unbalanced {
                    node: self.components().representative[component] as usize,
                    defect: defect * unit,
                    magnitude: magnitude * unit,
                    tolerance,
                });
            }
            if *magnitude > 0.0 {
                worst = worst.max(defect / magnitude);
            }
        }
        self.remove_mean(vector);
        Ok(worst)
    }

    /// The factor's inverse applied to a vector.
    fn invert(&self, vector: &[f64]) -> Vec<f64> {
        let structure = &self.plan.shared.structure;
        let mut ordered: Vec<f64> = structure
            .order
            .iter()
            .map(|&node| vector[node as usize])
            .collect();
        let triangle = Triangle {
            structure,
            values: &self.values,
            channel: 0,
            channels: 1,
        };
        triangle.forward(&mut ordered, Outflow::Ignored);
        for (value, &outflow) in ordered.iter_mut().zip(&self.values.outflow) {
            *value = if outflow > 0.0 { *value / outflow } else { 0.0 };
        }
        triangle.backward(&mut ordered, Outflow::Ignored);
        structure
            .position
            .iter()
            .map(|&position| ordered[position as usize])
            .collect()
    }

    /// w − A ψ, current by current, with compensated sums.
    fn residual(&self, right_hand_side: &[f64], potential: &[f64]) -> Vec<f64> {
        let mut sums: Vec<Compensated> = right_hand_side
            .iter()
            .map(|&value| Compensated::new(value))
            .collect();
        for (&(tail, head), conductance) in self.plan.shared.edges.iter().zip(&self.conductances) {
            let (tail, head) = (tail as usize, head as usize);
            let current = conductance * self.scale * (potential[head] - potential[tail]);
            sums[head].add(-current);
            sums[tail].add(current);
        }
        sums.into_iter().map(Compensated::value).collect()
    }
}

/// The two factors, the one that keeps a number near 1 in range first.
pub(super) fn order_for_product(scale: f64, magnitude: f64) -> [f64; 2] {
    // Solutions of scaled systems are of order 2^-300 or more; growing factors go last.
    if scale < magnitude {
        [scale, magnitude]
    } else {
        [magnitude, scale]
    }
}

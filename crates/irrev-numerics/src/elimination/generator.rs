//! Markov generators: stationary distribution and singular systems.

use super::error::{EliminationError, ReducibleDefect};
use super::laplacian::order_for_product;
use super::numeric::{ChainWeights, Values, eliminate};
use super::plan::{EliminationPlan, Threads};
use super::residual::{
    Compensated, Solution, SolveOptions, checked_magnitude, compensated_sum, refined, rescaled,
};
use super::solve::{Outflow, Triangle};
use super::weights::checked_scale;

/// An irreducible Markov generator W, factored as −Wᵀ = (I − T D⁻¹) D (I − A) with T, A ≥ 0.
///
/// dp/dt = W p. An edge (tail, head) adds its forward rate to W_head,tail and its backward rate to
/// W_tail,head; columns of W sum to zero.
///
/// ```
/// use irrev_numerics::elimination::{EliminationPlan, PlanOptions, SolveOptions, Threads};
///
/// // Two states: 0 → 1 at rate 1, 1 → 0 at rate 3.
/// let plan = EliminationPlan::new(2, &[(0, 1)], &PlanOptions::default())?;
/// let factor = plan.generator(&[1.0], &[3.0], Threads::One)?;
/// assert_eq!(factor.stationary_distribution(), [0.75, 0.25]);
/// let response = factor.solve(&[1.0, -1.0], &SolveOptions::default())?;
/// assert_eq!(response.values, [-0.25, 0.25]);
/// # Ok::<(), irrev_numerics::elimination::EliminationError>(())
/// ```
#[derive(Debug, Clone)]
pub struct GeneratorFactor {
    plan: EliminationPlan,
    forward: Vec<f64>,
    backward: Vec<f64>,
    scale: f64,
    values: Values,
    stationary: Vec<f64>,
}

const TOWARDS: usize = 0;
const AWAY: usize = 1;

impl EliminationPlan {
    /// Eliminates the chain with these rates, one forward and one backward rate per edge.
    ///
    /// The stationary distribution comes with it: each probability has a relative error of order ε times the
    /// number of operations on the way, whatever the rates and however small the probability. Probabilities
    /// below about 1e-290 of the largest may underflow to zero. Effective rates below about 1e-390 of the
    /// largest rate count as zero where a state has others; where it has none that is an error.
    ///
    /// # Errors
    /// [`EliminationError::Reducible`] if not all states communicate; a generator without states is reducible
    /// in no sense and gives an empty factor. Further those of [`EliminationPlan::laplacian`].
    pub fn generator(
        &self,
        forward: &[f64],
        backward: &[f64],
        threads: Threads,
    ) -> Result<GeneratorFactor, EliminationError> {
        let mut factor = GeneratorFactor {
            plan: self.clone(),
            forward: Vec::new(),
            backward: Vec::new(),
            scale: 1.0,
            values: Values::default(),
            stationary: Vec::new(),
        };
        factor.update(forward, backward, threads)?;
        Ok(factor)
    }
}

impl GeneratorFactor {
    /// Eliminates again with other rates, in the memory of this factor.
    ///
    /// # Errors
    /// Those of [`EliminationPlan::generator`]. The factor is then not to be used until an update succeeds.
    pub fn update(
        &mut self,
        forward: &[f64],
        backward: &[f64],
        threads: Threads,
    ) -> Result<(), EliminationError> {
        let plan = &*self.plan.shared;
        let kinds = [("forward rate", forward), ("backward rate", backward)];
        self.scale = checked_scale(&kinds, plan.edges.len())?;
        self.forward.clear();
        self.forward.extend_from_slice(forward);
        self.backward.clear();
        self.backward.extend_from_slice(backward);
        let weights = ChainWeights {
            forward,
            backward,
            scale: self.scale,
        };
        let values = &mut self.values;
        threads.run(2.0 * self.plan.work(), |parallel| {
            eliminate(&plan.structure, &weights, values, parallel)
        })?;
        self.check_communication()?;
        self.stationary = self.null_distribution();
        Ok(())
    }

    /// A chain is irreducible iff each state, when its turn comes, can be left for and reached from those
    /// that remain.
    fn check_communication(&self) -> Result<(), EliminationError> {
        let order = &self.plan.shared.structure.order;
        let Some(last) = order.len().checked_sub(1) else {
            return Ok(());
        };
        let flows = self.values.outflow.iter().zip(&self.values.inflow);
        for (&state, (&outflow, &inflow)) in order[..last].iter().zip(flows) {
            if outflow.min(inflow) >= f64::MIN_POSITIVE {
                continue;
            }
            // Zero may mean that there is no way, or that the way was too narrow: ask the edges themselves.
            return Err(match self.unreachable() {
                Some((state, defect)) => EliminationError::Reducible { state, defect },
                None => EliminationError::Underflow { node: state as usize },
            });
        }
        Ok(())
    }

    /// A state without a way to or from state 0, if there is one.
    fn unreachable(&self) -> Option<(usize, ReducibleDefect)> {
        let plan = &*self.plan.shared;
        let ways = |out: &[f64], back: &[f64]| {
            let mut next = vec![Vec::new(); plan.nodes];
            for (edge, &(tail, head)) in plan.edges.iter().enumerate() {
                if out[edge] > 0.0 {
                    next[tail as usize].push(head);
                }
                if back[edge] > 0.0 {
                    next[head as usize].push(tail);
                }
            }
            let mut seen = vec![false; plan.nodes];
            let mut pending = vec![0u32];
            seen[0] = true;
            while let Some(state) = pending.pop() {
                for &other in &next[state as usize] {
                    if !std::mem::replace(&mut seen[other as usize], true) {
                        pending.push(other);
                    }
                }
            }
            seen.iter().position(|&seen| !seen)
        };
        let from_first = ways(&self.forward, &self.backward);
        let to_first = ways(&self.backward, &self.forward);
        from_first
            .map(|state| (state, ReducibleDefect::NoWayIn))
            .or(to_first.map(|state| (state, ReducibleDefect::NoWayOut)))
    }

    fn triangle(&self, channel: usize) -> Triangle<'_> {
        Triangle {
            structure: &self.plan.shared.structure,
            values: &self.values,
            channel,
            channels: 2,
        }
    }

    fn null_distribution(&self) -> Vec<f64> {
        let structure = &self.plan.shared.structure;
        let mut ordered = vec![0.0; structure.order.len()];
        self.triangle(TOWARDS).null_vector(&mut ordered);
        let total = compensated_sum(ordered.iter().copied());
        structure
            .position
            .iter()
            .map(|&position| ordered[position as usize] / total)
            .collect()
    }

    /// The plan this factor was made from.
    pub fn plan(&self) -> &EliminationPlan {
        &self.plan
    }

    /// The distribution π with W π = 0 and Σ π = 1, accurate in every component.
    pub fn stationary_distribution(&self) -> &[f64] {
        &self.stationary
    }

    /// max_i |(W π)_i| / (outgoing flux of i): how well each state's probability is conserved.
    pub fn stationary_imbalance(&self) -> f64 {
        let zero = vec![0.0; self.stationary.len()];
        let residual = self.residual(&zero, &self.stationary);
        let mut outgoing = zero;
        for (edge, &(tail, head)) in self.plan.shared.edges.iter().enumerate() {
            outgoing[tail as usize] += self.forward[edge] * self.scale * self.stationary[tail as usize];
            outgoing[head as usize] += self.backward[edge] * self.scale * self.stationary[head as usize];
        }
        let relative = residual.iter().zip(&outgoing).filter(|(_, out)| **out > 0.0);
        relative
            .map(|(residual, out)| residual.abs() / out)
            .fold(0.0, f64::max)
    }

    /// The vector y = W# r with W y = r and Σ y = 0 (W# the group inverse), for Σ r = 0.
    ///
    /// A sum of r within the tolerance is removed along π, as the group inverse does, and reported.
    ///
    /// # Errors
    /// Those of [`LaplacianFactor::solve`](super::LaplacianFactor::solve).
    pub fn solve(
        &self,
        right_hand_side: &[f64],
        options: &SolveOptions,
    ) -> Result<Solution, EliminationError> {
        let magnitude = checked_magnitude("right-hand side", right_hand_side, self.plan.nodes())?;
        let mut balanced: Vec<f64> = right_hand_side.iter().map(|value| value / magnitude).collect();
        let sum = compensated_sum(balanced.iter().copied());
        let size: f64 = balanced.iter().map(|value| value.abs()).sum();
        let imbalance = self.checked_imbalance(sum, size, magnitude, options)?;
        self.remove_along_stationary(&mut balanced);
        let (solution, relative_residual) = refined(
            balanced,
            options.refinement_steps,
            |vector| self.invert(vector),
            |balanced, solution| self.residual(balanced, solution),
            |solution| self.remove_along_stationary(solution),
        );
        let values = rescaled(solution, order_for_product(self.scale, magnitude))?;
        Ok(Solution {
            values,
            relative_residual,
            imbalance,
        })
    }

    /// The vector z = (W#)ᵀ s with Wᵀ z = s and Σ π z = 0, for Σ π s = 0.
    ///
    /// A stationary mean of s within the tolerance is subtracted, as the group inverse does, and reported.
    ///
    /// # Errors
    /// Those of [`LaplacianFactor::solve`](super::LaplacianFactor::solve).
    pub fn solve_transpose(
        &self,
        right_hand_side: &[f64],
        options: &SolveOptions,
    ) -> Result<Solution, EliminationError> {
        let magnitude = checked_magnitude("right-hand side", right_hand_side, self.plan.nodes())?;
        let mut balanced: Vec<f64> = right_hand_side.iter().map(|value| value / magnitude).collect();
        let mean = self.stationary_mean(&balanced);
        let size = balanced
            .iter()
            .zip(&self.stationary)
            .map(|(value, weight)| value.abs() * weight)
            .sum();
        let imbalance = self.checked_imbalance(mean, size, magnitude, options)?;
        self.remove_stationary_mean(&mut balanced);
        let (solution, relative_residual) = refined(
            balanced,
            options.refinement_steps,
            |vector| self.invert_transpose(vector),
            |balanced, solution| self.residual_transpose(balanced, solution),
            |solution| self.remove_stationary_mean(solution),
        );
        let values = rescaled(solution, order_for_product(self.scale, magnitude))?;
        Ok(Solution {
            values,
            relative_residual,
            imbalance,
        })
    }

    fn checked_imbalance(
        &self,
        sum: f64,
        size: f64,
        unit: f64,
        options: &SolveOptions,
    ) -> Result<f64, EliminationError> {
        let tolerance = options.imbalance_tolerance;
        if sum.abs() > tolerance * size {
            let (defect, magnitude) = (sum.abs() * unit, size * unit);
            return Err(EliminationError::Unbalanced {
                node: 0,
                defect,
                magnitude,
                tolerance,
            });
        }
        Ok(if size > 0.0 { sum.abs() / size } else { 0.0 })
    }

    /// y − π Σ y.
    fn remove_along_stationary(&self, vector: &mut [f64]) {
        let sum = compensated_sum(vector.iter().copied());
        for (value, weight) in vector.iter_mut().zip(&self.stationary) {
            *value -= weight * sum;
        }
    }

    fn stationary_mean(&self, vector: &[f64]) -> f64 {
        compensated_sum(
            vector
                .iter()
                .zip(&self.stationary)
                .map(|(value, weight)| value * weight),
        )
    }

    /// z − 1 Σ π z.
    fn remove_stationary_mean(&self, vector: &mut [f64]) {
        let mean = self.stationary_mean(vector);
        for value in vector {
            *value -= mean;
        }
    }

    /// A vector y with W y = r, up to a multiple of π: (I − A)ᵀ D (I − T D⁻¹)ᵀ y = −r.
    fn invert(&self, vector: &[f64]) -> Vec<f64> {
        self.in_order(vector, |ordered| {
            self.triangle(AWAY).forward(ordered, Outflow::Ignored);
            self.triangle(TOWARDS).backward(ordered, Outflow::Divides);
        })
    }

    /// A vector z with Wᵀ z = s, up to a constant: (I − T D⁻¹) D (I − A) z = −s.
    fn invert_transpose(&self, vector: &[f64]) -> Vec<f64> {
        self.in_order(vector, |ordered| {
            self.triangle(TOWARDS).forward(ordered, Outflow::Divides);
            self.triangle(AWAY).backward(ordered, Outflow::Ignored);
        })
    }

    /// Applies `substitute` to minus the vector in elimination order.
    fn in_order(&self, vector: &[f64], substitute: impl Fn(&mut [f64])) -> Vec<f64> {
        let structure = &self.plan.shared.structure;
        let mut ordered: Vec<f64> = structure
            .order
            .iter()
            .map(|&node| -vector[node as usize])
            .collect();
        substitute(&mut ordered);
        structure
            .position
            .iter()
            .map(|&position| ordered[position as usize])
            .collect()
    }

    /// r − W y, current by current, with compensated sums.
    fn residual(&self, right_hand_side: &[f64], vector: &[f64]) -> Vec<f64> {
        let mut sums: Vec<Compensated> = right_hand_side
            .iter()
            .map(|&value| Compensated::new(value))
            .collect();
        for (edge, &(tail, head)) in self.plan.shared.edges.iter().enumerate() {
            let (tail, head) = (tail as usize, head as usize);
            let forward = self.forward[edge] * self.scale * vector[tail];
            let backward = self.backward[edge] * self.scale * vector[head];
            sums[head].add(-forward);
            sums[tail].add(forward);
            sums[head].add(backward);
            sums[tail].add(-backward);
        }
        sums.into_iter().map(Compensated::value).collect()
    }

    /// s − Wᵀ z, difference by difference, with compensated sums.
    fn residual_transpose(&self, right_hand_side: &[f64], vector: &[f64]) -> Vec<f64> {
        let mut sums: Vec<Compensated> = right_hand_side
            .iter()
            .map(|&value| Compensated::new(value))
            .collect();
        for (edge, &(tail, head)) in self.plan.shared.edges.iter().enumerate() {
            let (tail, head) = (tail as usize, head as usize);
            let difference = (vector[head] - vector[tail]) * self.scale;
            sums[tail].add(-self.forward[edge] * difference);
            sums[head].add(self.backward[edge] * difference);
        }
        sums.into_iter().map(Compensated::value).collect()
    }
}

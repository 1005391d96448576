//! The stationary distribution, accurate in every component.
//!
//! Elimination of states without a subtraction (Grassmann, Taksar and Heyman): dense for small classes, sparse with a fill-reducing
//! order for large ones. Each probability has a relative error of a few n ε whatever its size.

use irrev_numerics::elimination::{EliminationPlan, PlanOptions, Threads};

use super::classes::closed_sets;
use crate::error::{Error, Result};
use crate::kinetics::{Kinetics, MarkovJump};
use crate::scaling::{exponent_towards, scaled};
use crate::state::Distribution;

/// Up to this many states a dense elimination is faster than a sparse one.
const DENSE: usize = 48;

/// Stationary weights of an irreducible class (not normalised), in the order of `states`.
pub(super) fn irreducible_stationary(kinetics: &MarkovJump, states: &[usize]) -> Result<Vec<f64>> {
    let n = states.len();
    if n == 1 {
        return Ok(vec![1.0]);
    }
    let mut place = vec![usize::MAX; kinetics.network().states().len()];
    for (k, &i) in states.iter().enumerate() {
        place[i] = k;
    }
    if n > DENSE {
        let (mut pairs, mut forward, mut backward) = (Vec::new(), Vec::new(), Vec::new());
        let rates = kinetics.forward_rate().iter().zip(kinetics.backward_rate());
        for (edge, (&f, &b)) in kinetics.network().edges().iter().zip(rates) {
            let (x, y) = (place[edge.from], place[edge.to]);
            if x != usize::MAX && y != usize::MAX && (f > 0.0 || b > 0.0) {
                pairs.push((x, y));
                forward.push(f);
                backward.push(b);
            }
        }
        let plan = EliminationPlan::new(n, &pairs, &PlanOptions::default())?;
        return Ok(plan
            .generator(&forward, &backward, Threads::Shared)?
            .stationary_distribution()
            .to_vec());
    }
    let mut rates = vec![0.0; n * n];
    let largest = kinetics.jumps().map(|jump| jump.2).fold(0.0, f64::max);
    let exponent = exponent_towards(LARGEST_EXPONENT, largest);
    for (from, to, rate) in kinetics.jumps() {
        let (x, y) = (place[from], place[to]);
        if x != usize::MAX && y != usize::MAX {
            rates[x * n + y] += scaled(rate, exponent);
        }
    }
    null_vector(n, rates)
}

/// Rates are scaled so that the largest is near 2⁴⁰⁰, which leaves 420 decades below it.
const LARGEST_EXPONENT: i32 = 400;

/// Weights are scaled down where they pass this; those 1e-300 of the largest or less become 0.
const LARGE_WEIGHT: f64 = 1e150;

/// Stationary weights of n states with rates at [from · n + to], by elimination of the states from the first on.
fn null_vector(n: usize, mut rates: Vec<f64>) -> Result<Vec<f64>> {
    let mut exit = vec![0.0; n];
    for k in 0..n - 1 {
        let (row, later) = rates[k * n..].split_at_mut(n);
        exit[k] = row[k + 1..].iter().sum();
        if exit[k] == 0.0 {
            let (what, residual) = (
                "stationary distribution: a way out of a state narrower than 1e-420",
                f64::INFINITY,
            );
            return Err(irrev_numerics::Error::Singular { what, residual }.into());
        }
        // who came from elsewhere to k goes on from k; the diagonal is never read
        for from in later.chunks_exact_mut(n) {
            let share = from[k] / exit[k];
            if share > 0.0 {
                for (to, onward) in from[k + 1..].iter_mut().zip(&row[k + 1..]) {
                    *to += share * onward;
                }
            }
        }
    }
    let mut weights = vec![0.0; n];
    weights[n - 1] = 1.0;
    for k in (0..n - 1).rev() {
        let inflow: f64 = (k + 1..n)
            .map(|j| weights[j] * (rates[j * n + k] / exit[k]))
            .sum();
        weights[k] = inflow;
        if inflow > LARGE_WEIGHT {
            for w in &mut weights {
                *w /= LARGE_WEIGHT;
            }
        }
    }
    Ok(weights)
}

impl MarkovJump {
    /// The stationary distribution π, W π = 0, accurate to a few n ε in every component. Zero on transient states.
    ///
    /// ```
    /// use irrev_network::MarkovJump;
    /// let w = MarkovJump::from_rates(2, &[(0, 1, 1e-20, 1.0)])?;
    /// assert!((w.stationary_distribution()?.probabilities()[1] / 1e-20 - 1.0).abs() < 1e-15);
    /// # Ok::<(), irrev_network::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::SeveralClosedClasses`], naming them, if it is not unique; see [`crate::dynamics::closed_classes`].
    pub fn stationary_distribution(&self) -> Result<Distribution> {
        let n = self.network().states().len();
        let sets = closed_sets(self);
        let [states] = sets.as_slice() else {
            return Err(Error::several_classes(self, &sets));
        };
        let weights = irreducible_stationary(self, states)?;
        let mut p = vec![0.0; n];
        for (&i, w) in states.iter().zip(weights) {
            p[i] = w;
        }
        Ok(Distribution::from_weights(p))
    }

    /// Memory that [`MarkovJump::stationary_distribution`] will need, in bytes, from the pattern of the network alone.
    ///
    /// # Errors
    /// Numerical failure of the plan.
    pub fn stationary_memory(&self) -> Result<u64> {
        let n = self.network().states().len();
        if n <= DENSE {
            return Ok(8 * (n * n) as u64);
        }
        let pairs: Vec<(usize, usize)> = self.network().edges().iter().map(|e| (e.from, e.to)).collect();
        let plan = EliminationPlan::new(n, &pairs, &PlanOptions::default())?;
        Ok((plan.bytes() + plan.generator_bytes() + plan.generator_working_bytes()) as u64)
    }

    /// Largest imbalance |Σ flow in − Σ flow out| of a state relative to the flow out of it: 0 for an exact stationary state.
    ///
    /// # Errors
    /// [`Error::Length`].
    pub fn stationarity_defect(&self, distribution: &Distribution) -> Result<f64> {
        self.network()
            .check_states("distribution", distribution.probabilities())?;
        let p = distribution.probabilities();
        let rate = self.flow(distribution)?.rate_of_change();
        let mut through = vec![0.0; p.len()];
        for (from, to, k) in self.jumps() {
            through[from] += k * p[from];
            through[to] += k * p[from];
        }
        let relative = rate
            .iter()
            .zip(&through)
            .map(|(r, t)| if *t == 0.0 { 0.0 } else { r.abs() / t });
        Ok(relative.fold(0.0, f64::max))
    }

    /// Largest stationary current relative to its activity, max |J|/(j⁺ + j⁻): 0 with detailed balance, 1 for one-way edges.
    ///
    /// # Errors
    /// As [`MarkovJump::stationary_distribution`].
    pub fn detailed_balance_defect(&self) -> Result<f64> {
        let flow = self.flow(&self.stationary_distribution()?)?;
        let relative = flow.fluxes().map(|(a, b)| {
            if a + b == 0.0 {
                0.0
            } else {
                (a - b).abs() / (a + b)
            }
        });
        Ok(relative.fold(0.0, f64::max))
    }
}

//! The stationary distribution, accurate in every component.
//!
//! Elimination of states without a subtraction (Grassmann, Taksar and Heyman): dense for small classes, sparse with a fill-reducing
//! order for large ones. Each probability has a relative error of a few n ε whatever its size.

use irrev_numerics::elimination::{EliminationPlan, PlanOptions, Threads};
use irrev_numerics::linalg::{AbsorbingFactor, Matrix};

use super::classes::closed_sets;
use crate::error::{Error, Result};
use crate::kinetics::{Kinetics, MarkovJump};
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
    // the last state stays: the others are visited from it in proportion to their stationary weight
    let last = n - 1;
    let mut rates = Matrix::zeros(last, last);
    let mut leak = vec![0.0; last];
    let mut visits = vec![0.0; last];
    for (from, to, rate) in kinetics.jumps() {
        let (x, y) = (place[from], place[to]);
        if x == usize::MAX || y == usize::MAX {
            continue;
        }
        if x == last {
            visits[y] += rate;
        } else if y == last {
            leak[x] += rate;
        } else {
            rates[(y, x)] += rate;
        }
    }
    let mut weights = AbsorbingFactor::new(rates, leak)?.solve(&visits);
    weights.push(1.0);
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

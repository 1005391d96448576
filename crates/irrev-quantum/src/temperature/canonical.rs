//! Canonical averages in a sector, from its levels.

use irrev_numerics::special::log_sum_exp;
use irrev_numerics::sum::compensated_sum;

use crate::error::{Error, Result};

/// exp(−βH)/Z in one sector.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CanonicalState {
    /// β, an inverse energy.
    pub beta: f64,
    /// Probability of every level.
    pub probabilities: Vec<f64>,
    /// ln Z.
    pub log_partition: f64,
    /// ⟨H⟩.
    pub energy: f64,
    /// β² Var H, dimensionless.
    pub heat_capacity: f64,
    /// ln Z + β ⟨H⟩, in nats.
    pub entropy: f64,
    /// Z(β)²/Z(2β): how many states count. An average by one random vector scatters by its inverse root.
    pub effective_dimension: f64,
}

impl CanonicalState {
    /// Σ_a p_a O_a for the diagonal elements of an observable, by level.
    ///
    /// # Errors
    /// [`Error::Size`] unless there is one for every level.
    pub fn mean(&self, diagonal: &[f64]) -> Result<f64> {
        Error::require_size("diagonal elements", diagonal.len(), self.probabilities.len())?;
        let terms = self.probabilities.iter().zip(diagonal);
        Ok(compensated_sum(terms.map(|(p, o)| p * o)))
    }
}

/// Canonical averages at β of either sign from all energies of a sector; nothing overflows.
///
/// # Errors
/// [`Error::Domain`] for a β that is not finite or no levels at all.
///
/// ```
/// let two = irrev_quantum::temperature::canonical_state(&[-1.0, 1.0], 0.5)?;
/// assert!((two.energy + 0.5_f64.tanh()).abs() < 1e-15);
/// assert!((two.log_partition - (2.0 * 0.5_f64.cosh()).ln()).abs() < 1e-15);
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn canonical_state(energies: &[f64], beta: f64) -> Result<CanonicalState> {
    Error::require("β", beta, beta.is_finite(), "a finite number")?;
    Error::require(
        "the number of levels",
        energies.len() as f64,
        !energies.is_empty(),
        "at least one",
    )?;
    let logits = |factor: f64| -> Vec<f64> { energies.iter().map(|e| -factor * beta * e).collect() };
    let log_partition = log_sum_exp(&logits(1.0));
    let probabilities: Vec<f64> = logits(1.0).iter().map(|x| (x - log_partition).exp()).collect();
    let mean = |value: &dyn Fn(f64) -> f64| {
        compensated_sum(probabilities.iter().zip(energies).map(|(p, &e)| p * value(e)))
    };
    let energy = mean(&|e| e);
    Ok(CanonicalState {
        beta,
        log_partition,
        energy,
        heat_capacity: beta * beta * mean(&|e| (e - energy).powi(2)),
        entropy: log_partition + beta * energy,
        effective_dimension: (2.0 * log_partition - log_sum_exp(&logits(2.0))).exp(),
        probabilities,
    })
}

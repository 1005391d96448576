//! Solutions, their gauge, and residuals with compensated sums.

use super::error::EliminationError;
use super::weights::{exponent, power_of_two};

/// How a singular system is solved.
#[derive(Debug, Clone, PartialEq)]
pub struct SolveOptions {
    /// Steps of iterative refinement (default 1). Each costs as much as the first solution.
    pub refinement_steps: usize,
    /// A right-hand side whose sum on a component exceeds this fraction of its sum of magnitudes is refused
    /// (default 1e-8, which leaves room for rounding where the right-hand side is itself a small difference).
    /// A smaller imbalance is removed and reported.
    pub imbalance_tolerance: f64,
}

impl Default for SolveOptions {
    fn default() -> Self {
        Self {
            refinement_steps: 1,
            imbalance_tolerance: 1e-8,
        }
    }
}

/// Solution of a singular system in the gauge stated where it was computed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Solution {
    /// One value per node.
    pub values: Vec<f64>,
    /// ‖right-hand side − matrix · solution‖₂ / ‖right-hand side‖₂ after the last refinement, the right-hand
    /// side being balanced first; 0 for a right-hand side of zero.
    pub relative_residual: f64,
    /// Largest imbalance of the right-hand side on a component, |sum| / sum of magnitudes, that was removed.
    pub imbalance: f64,
}

/// Unevaluated sum of two numbers, the second far smaller.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Compensated {
    high: f64,
    low: f64,
}

impl Compensated {
    pub(super) fn new(value: f64) -> Self {
        Self {
            high: value,
            low: 0.0,
        }
    }

    /// Adds a number; the rounding error is kept (Knuth's two-sum).
    #[inline(always)]
    pub(super) fn add(&mut self, value: f64) {
        let sum = self.high + value;
        let shadow = sum - self.high;
        self.low += (self.high - (sum - shadow)) + (value - shadow);
        self.high = sum;
    }

    pub(super) fn value(self) -> f64 {
        self.high + self.low
    }
}

pub(super) fn compensated_sum(values: impl Iterator<Item = f64>) -> f64 {
    let mut total = Compensated::default();
    values.for_each(|value| total.add(value));
    total.value()
}

/// Checks a right-hand side and returns the power of two near its largest entry.
pub(super) fn checked_magnitude(
    what: &'static str,
    values: &[f64],
    nodes: usize,
) -> Result<f64, EliminationError> {
    if values.len() != nodes {
        return Err(EliminationError::Length {
            what,
            expected: nodes,
            found: values.len(),
        });
    }
    let mut largest = 0.0f64;
    for (node, &value) in values.iter().enumerate() {
        if !value.is_finite() {
            return Err(EliminationError::InvalidRightHandSide { node, value });
        }
        largest = largest.max(value.abs());
    }
    // Between 2^-1021 and 2^1021, so that the inverse is a power of two as well.
    Ok(if largest == 0.0 {
        1.0
    } else {
        power_of_two(exponent(largest).clamp(-1021, 1021))
    })
}

pub(super) fn norm(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>().sqrt()
}

/// Solves with refinement: `invert` applies the factor, `residual` forms right-hand side minus matrix times
/// solution, `fix` restores the gauge. Returns the solution and its relative residual.
pub(super) fn refined(
    balanced: Vec<f64>,
    steps: usize,
    invert: impl Fn(&[f64]) -> Vec<f64>,
    residual: impl Fn(&[f64], &[f64]) -> Vec<f64>,
    fix: impl Fn(&mut [f64]),
) -> (Vec<f64>, f64) {
    let size = norm(&balanced);
    if size == 0.0 {
        return (vec![0.0; balanced.len()], 0.0);
    }
    let mut solution = invert(&balanced);
    fix(&mut solution);
    let mut remaining = residual(&balanced, &solution);
    for _ in 0..steps {
        for (value, correction) in solution.iter_mut().zip(invert(&remaining)) {
            *value += correction;
        }
        fix(&mut solution);
        remaining = residual(&balanced, &solution);
    }
    (solution, norm(&remaining) / size)
}

/// Multiplies by two powers of two, one after the other so that neither over- nor underflows needlessly.
pub(super) fn rescaled(mut values: Vec<f64>, factors: [f64; 2]) -> Result<Vec<f64>, EliminationError> {
    for (node, value) in values.iter_mut().enumerate() {
        *value = *value * factors[0] * factors[1];
        if !value.is_finite() {
            return Err(EliminationError::Overflow { node });
        }
    }
    Ok(values)
}

//! Checks and bounds: what was verified, with which numbers.

use crate::number;
use serde::{Deserialize, Serialize};

/// An identity that must hold, evaluated: residual against tolerance.
///
/// ```
/// use irrev_report::Check;
/// let check = Check::new("normalisation", "probabilities sum to one: |Σᵢ pᵢ − 1|", 1e-16, 1e-12);
/// assert!(check.passed);
/// assert!(!Check::new("balance", "inflow equals outflow", f64::NAN, 1e-9).passed);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Check {
    /// Name.
    pub name: String,
    /// What must hold, as a sentence with its formula.
    pub what: String,
    /// Deviation found, in absolute value.
    #[serde(with = "number::one")]
    pub residual: f64,
    /// Largest deviation allowed.
    #[serde(with = "number::one")]
    pub tolerance: f64,
    /// Whether the residual is within the tolerance.
    pub passed: bool,
}

impl Check {
    /// Evaluates |`residual`| ≤ `tolerance`; a NaN residual fails.
    pub fn new(name: impl Into<String>, what: impl Into<String>, residual: f64, tolerance: f64) -> Self {
        let residual = residual.abs();
        let passed = residual <= tolerance;
        Self {
            name: name.into(),
            what: what.into(),
            residual,
            tolerance,
            passed,
        }
    }
}

/// What became of a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BoundStatus {
    /// The inequality holds with the numbers found.
    Holds,
    /// The inequality is violated beyond rounding and statistical error.
    Violated,
    /// The assumptions do not apply here; the numbers may be NaN. The reason stands in `Bound::note`.
    NotApplicable,
}

/// An inequality left ≥ right between measured or computed numbers.
///
/// `slack` = left / right: 1 means saturated, larger is looser (∞ if right is 0 and left is positive, 1 if
/// both are 0). The inequality is taken to hold up to [`Bound::ROUNDING`] · |right|, and up to three combined
/// standard errors once they are given.
///
/// ```
/// use irrev_report::{Bound, BoundStatus};
/// let bound = Bound::at_least("thermodynamic_uncertainty", "variance rate × Σ̇ / mean² ≥ 2", 2.4, 2.0)
///     .assuming("stationary continuous-time Markov dynamics without odd variables");
/// assert_eq!(bound.status, BoundStatus::Holds);
/// assert!((bound.slack - 1.2).abs() < 1e-15);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Bound {
    /// Name.
    pub name: String,
    /// The inequality in words and symbols, larger side first.
    pub statement: String,
    /// The side that must be the larger.
    #[serde(with = "number::one")]
    pub left: f64,
    /// Its standard error, if it is an estimate.
    #[serde(with = "number::optional", default, skip_serializing_if = "Option::is_none")]
    pub left_error: Option<f64>,
    /// The side that must be the smaller.
    #[serde(with = "number::one")]
    pub right: f64,
    /// Its standard error, if it is an estimate.
    #[serde(with = "number::optional", default, skip_serializing_if = "Option::is_none")]
    pub right_error: Option<f64>,
    /// Unit of both sides; empty for pure numbers.
    #[serde(default)]
    pub unit: String,
    /// left / right.
    #[serde(with = "number::one")]
    pub slack: f64,
    /// Under which assumptions the inequality is a theorem.
    pub assumptions: String,
    /// Whether it holds.
    pub status: BoundStatus,
    /// Why it does not apply, or another remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Bound {
    /// Relative rounding allowed before an inequality between exact numbers counts as violated.
    ///
    /// Saturated bounds (left = right) must not fail by the rounding of the sums behind both sides; those
    /// are accurate to a few hundred units in the last place, 1e-13, and solver tolerances stay below 1e-9.
    pub const ROUNDING: f64 = 1e-9;

    /// Evaluates `left` ≥ `right`; NaN on either side counts as violated.
    pub fn at_least(name: impl Into<String>, statement: impl Into<String>, left: f64, right: f64) -> Self {
        let slack = if left == right { 1.0 } else { left / right };
        let mut bound = Self {
            name: name.into(),
            statement: statement.into(),
            left,
            left_error: None,
            right,
            right_error: None,
            unit: String::new(),
            slack,
            assumptions: String::new(),
            status: BoundStatus::Violated,
            note: None,
        };
        bound.status = bound.evaluate();
        bound
    }

    /// A bound whose assumptions do not apply here, with the reason.
    pub fn not_applicable(
        name: impl Into<String>,
        statement: impl Into<String>,
        reason: impl Into<String>,
    ) -> Self {
        let mut bound = Self::at_least(name, statement, f64::NAN, f64::NAN);
        bound.status = BoundStatus::NotApplicable;
        bound.note = Some(reason.into());
        bound
    }

    /// States the assumptions under which the inequality is a theorem.
    #[must_use]
    pub fn assuming(mut self, assumptions: impl Into<String>) -> Self {
        self.assumptions = assumptions.into();
        self
    }

    /// States the unit of both sides.
    #[must_use]
    pub fn in_unit(mut self, unit: impl Into<String>) -> Self {
        self.unit = crate::quantity::unit_label(unit);
        self
    }

    /// Gives standard errors (0 for an exact side) and evaluates again, allowing three combined ones.
    #[must_use]
    pub fn with_errors(mut self, left_error: f64, right_error: f64) -> Self {
        self.left_error = (left_error != 0.0).then_some(left_error);
        self.right_error = (right_error != 0.0).then_some(right_error);
        if self.status != BoundStatus::NotApplicable {
            self.status = self.evaluate();
        }
        self
    }

    /// Adds a remark for the reader.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Whether the inequality holds; `None` if it does not apply.
    pub fn holds(&self) -> Option<bool> {
        match self.status {
            BoundStatus::Holds => Some(true),
            BoundStatus::Violated => Some(false),
            BoundStatus::NotApplicable => None,
        }
    }

    fn evaluate(&self) -> BoundStatus {
        let statistical = 3.0
            * self
                .left_error
                .unwrap_or(0.0)
                .hypot(self.right_error.unwrap_or(0.0));
        let allowance = Self::ROUNDING * self.right.abs() + statistical;
        // Equality first: ∞ ≥ ∞ holds although ∞ − ∞ is undefined.
        if self.left == self.right || self.left - self.right >= -allowance {
            BoundStatus::Holds
        } else {
            BoundStatus::Violated
        }
    }
}

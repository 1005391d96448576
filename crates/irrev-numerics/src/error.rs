//! Everything that can go wrong in numerics, each with the place and the figure.

use crate::tolerance::Convergence;

/// Result with the crate's [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Failure of a numerical routine.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Two arrays that must have the same length do not.
    #[error("{what} has {found} entries, expected {expected}")]
    Length {
        /// Which array.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The length it should have.
        expected: usize,
    },
    /// A number that must be finite is not.
    #[error("{what}[{index}] is {value}, expected a finite number")]
    NotFinite {
        /// Which array.
        what: &'static str,
        /// Position in it.
        index: usize,
        /// What stands there.
        value: f64,
    },
    /// An argument outside its domain.
    #[error("{what} is {value}, expected {expected}")]
    Domain {
        /// Which argument.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What would have been accepted.
        expected: &'static str,
    },
    /// An iteration stopped before its target.
    #[error("{what} did not converge: {convergence}")]
    NotConverged {
        /// Which method.
        what: &'static str,
        /// How far it came.
        convergence: Convergence,
    },
    /// A matrix is singular to working precision.
    #[error("{what}: the matrix is singular to working precision (relative residual {residual:.1e})")]
    Singular {
        /// Which solve.
        what: &'static str,
        /// The relative residual that betrayed it.
        residual: f64,
    },
    /// A number that must be a fraction, and is none with a reasonable denominator.
    #[error(
        "{value} is not a fraction with a denominator up to a million; exact null spaces need whole or rational coefficients"
    )]
    NotRational {
        /// The number.
        value: f64,
    },
    /// Exact integer arithmetic outgrew its range.
    #[error("{what} outgrows the range of exact integers; the coefficients are too irregular")]
    Overflow {
        /// What was computed.
        what: &'static str,
    },
    /// The run was cancelled from outside.
    #[error("interrupted")]
    Cancelled,
    /// The work would need more memory than allowed.
    #[error(
        "{what} needs about {needed} bytes of memory, the limit is {limit}; raise the limit or reduce the problem"
    )]
    Memory {
        /// What asked for it.
        what: &'static str,
        /// Estimate in bytes.
        needed: u64,
        /// Limit in bytes.
        limit: u64,
    },
    /// A checkpoint could not be written or read back.
    #[error("checkpoint {path}: {reason}")]
    Checkpoint {
        /// File concerned.
        path: String,
        /// What happened.
        reason: String,
    },
    /// Threads could not be started.
    #[error("cannot start {threads} threads: {reason}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// The system's answer.
        reason: String,
    },
    /// Sparse elimination refused its input.
    #[error(transparent)]
    Elimination(#[from] crate::elimination::EliminationError),
}

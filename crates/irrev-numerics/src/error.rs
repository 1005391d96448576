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
        "{what} needs about {} of memory, the limit is {}; raise the limit or reduce the problem", bytes_in_words(*needed), bytes_in_words(*limit)
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

/// What kind of failure an error is; the exit code of the command and the exception in Python follow from it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input, or a question asked of it, is wrong.
    Invalid,
    /// The work would exceed a limit.
    OverLimit,
    /// The question has a meaning, but the computation did not reach its answer.
    NotConverged {
        /// How far an iteration came; `None` where the obstacle is another one.
        convergence: Option<Convergence>,
    },
    /// The run was cancelled from outside.
    Cancelled,
    /// What was reached could not be stored or read back.
    Storage,
}

impl Error {
    /// What kind of failure it is.
    ///
    /// ```
    /// use irrev_numerics::{Error, ErrorKind};
    /// let singular = Error::Singular { what: "projection", residual: 0.5 };
    /// assert_eq!(singular.kind(), ErrorKind::NotConverged { convergence: None });
    /// ```
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::NotConverged { convergence, .. } => ErrorKind::NotConverged {
                convergence: Some(*convergence),
            },
            Self::Singular { .. } => ErrorKind::NotConverged { convergence: None },
            Self::Memory { .. } | Self::Threads { .. } => ErrorKind::OverLimit,
            Self::Cancelled => ErrorKind::Cancelled,
            Self::Checkpoint { .. } => ErrorKind::Storage,
            Self::Length { .. }
            | Self::NotFinite { .. }
            | Self::Domain { .. }
            | Self::NotRational { .. }
            | Self::Overflow { .. }
            | Self::Elimination(_) => ErrorKind::Invalid,
        }
    }
}

/// Bytes as a person writes them: three digits and the decimal unit.
///
/// ```
/// assert_eq!(irrev_numerics::error::bytes_in_words(1_290_492_000), "1.29 GB");
/// ```
#[must_use]
pub fn bytes_in_words(bytes: u64) -> String {
    const UNITS: [&str; 7] = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"];
    let (mut size, mut unit) = (bytes as f64, 0);
    // 999.5 would be written as 1000
    while size >= 999.5 && unit + 1 < UNITS.len() {
        size /= 1000.0;
        unit += 1;
    }
    let decimals = match size {
        _ if unit == 0 => 0,
        s if s < 9.995 => 2,
        s if s < 99.95 => 1,
        _ => 0,
    };
    format!("{size:.decimals$} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::bytes_in_words;

    #[test]
    fn sizes_have_three_digits() {
        let sizes = [216, 999, 1000, 12_345, 999_499, 999_500, 4_000_000_000, u64::MAX];
        let written = sizes.map(bytes_in_words);
        let expected = [
            "216 bytes",
            "999 bytes",
            "1.00 kB",
            "12.3 kB",
            "999 kB",
            "1.00 MB",
            "4.00 GB",
            "18.4 EB",
        ];
        assert_eq!(written, expected);
    }
}

//! What can be wrong with data or with a question asked of them.

use irrev_numerics::ErrorKind;

/// Result with the crate's [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Failure of an estimate; each variant names the place, the value and the way out.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Two inputs that belong together have different sizes.
    #[error("{what} has {found} entries where {expected} are expected")]
    Size {
        /// Which input.
        what: &'static str,
        /// Entries found.
        found: usize,
        /// Entries expected.
        expected: usize,
    },
    /// Fewer data than the question needs.
    #[error("{what} needs at least {needed} {unit}; the data have {found}")]
    TooFew {
        /// What was asked for.
        what: &'static str,
        /// Unit in which data are counted, such as "steps".
        unit: &'static str,
        /// How many there are.
        found: usize,
        /// How many there must be.
        needed: usize,
    },
    /// An entry that is no finite number.
    #[error("{what}, entry {index} is {value}; entries must be finite numbers")]
    Entry {
        /// Which input.
        what: String,
        /// Its place, counted from 0.
        index: usize,
        /// Value found.
        value: f64,
    },
    /// A channel that never changes carries nothing.
    #[error("{what} is {value} throughout; a constant channel says nothing: leave it out")]
    Constant {
        /// Which channel.
        what: String,
        /// Its value.
        value: f64,
    },
    /// Times that do not increase.
    #[error("{what}: time {index} is {value}, not later than the one before ({before})")]
    Times {
        /// Which times.
        what: String,
        /// Place, counted from 0.
        index: usize,
        /// Time found.
        value: f64,
        /// Time before it.
        before: f64,
    },
    /// A parameter outside of where it has a meaning.
    #[error("{what} is {value}; expected {expected}")]
    Domain {
        /// Which parameter.
        what: &'static str,
        /// Value found.
        value: f64,
        /// What is expected.
        expected: &'static str,
    },
    /// Something in the numerics failed.
    #[error(transparent)]
    Numerics(#[from] irrev_numerics::Error),
}

impl Error {
    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Numerics(error) => error.kind(),
            _ => ErrorKind::Invalid,
        }
    }

    /// `Err(Error::Domain)` unless the condition holds.
    pub(crate) fn require(what: &'static str, value: f64, holds: bool, expected: &'static str) -> Result<()> {
        if holds {
            Ok(())
        } else {
            Err(Self::Domain {
                what,
                value,
                expected,
            })
        }
    }
}

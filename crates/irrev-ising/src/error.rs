//! What can be wrong with a kinetic Ising network, with its data, or with a question asked of them.

use irrev_numerics::ErrorKind;

/// Result with the crate's [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Failure of a construction or of an analysis; each variant names the place, the value and the way out.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A network needs at least one spin.
    #[error("the network has no spins; give at least one")]
    NoSpins,
    /// Couplings must join every spin with every spin.
    #[error("couplings have {rows} rows and {columns} columns; a network of N spins needs N of both")]
    NotSquare {
        /// Rows found.
        rows: usize,
        /// Columns found.
        columns: usize,
    },
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
    /// A coupling that is not a number.
    #[error("coupling from spin {from} to spin {to} is {value}; couplings must be finite")]
    Coupling {
        /// Spin that is acted on, counted from 0.
        to: usize,
        /// Spin that acts.
        from: usize,
        /// Value found.
        value: f64,
    },
    /// A field that is not a number.
    #[error("field of spin {spin} is {value}; fields must be finite")]
    Field {
        /// Spin, counted from 0.
        spin: usize,
        /// Value found.
        value: f64,
    },
    /// Sequential updates of a spin that acts on itself are not what they seem.
    #[error(
        "spin {spin} acts on itself (coupling {}); one at a time, such updates dissipate even if couplings are symmetric: remove self-couplings first",
        written(*.value)
    )]
    SelfCoupling {
        /// Spin, counted from 0.
        spin: usize,
        /// Its coupling to itself.
        value: f64,
    },
    /// A parameter outside of where it has a meaning.
    #[error("{what} is {}; expected {expected}", written(*.value))]
    Domain {
        /// Which parameter.
        what: &'static str,
        /// Value found.
        value: f64,
        /// What is expected.
        expected: &'static str,
    },
    /// More states than can be enumerated.
    #[error(
        "{spins} spins have 2^{spins} states; {quantity} is enumerated up to {most} spins, beyond that simulate"
    )]
    TooManySpins {
        /// Spins of the network.
        spins: usize,
        /// What was asked for.
        quantity: &'static str,
        /// Largest number of spins.
        most: usize,
    },
    /// A network so cold that a state is never left within the range of numbers.
    #[error(
        "the network is so cold that some of its states are never left within the range of numbers, and nothing tells how likely they are; take a smaller β"
    )]
    Frozen,
    /// Recorded activity from which a network cannot be inferred.
    #[error(transparent)]
    Data(#[from] crate::inference::DataError),
    /// Something in the numerics failed.
    #[error(transparent)]
    Numerics(#[from] irrev_numerics::Error),
}

/// A number without a row of zeros: in powers of ten where it would have one.
fn written(value: f64) -> String {
    if value.is_finite() && value != 0.0 && !(1e-5..1e16).contains(&value.abs()) {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}

impl Error {
    /// What kind of failure it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Numerics(error) => error.kind(),
            Self::Frozen => ErrorKind::NotConverged { convergence: None },
            Self::TooManySpins { .. } => ErrorKind::OverLimit,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_far_from_one_are_written_in_powers_of_ten() {
        let message = |value| Error::require("β", value, false, "less").unwrap_err().to_string();
        assert_eq!(message(1e300), "β is 1e300; expected less");
        assert_eq!(message(-2.5e-9), "β is -2.5e-9; expected less");
        assert_eq!(message(1000.0), "β is 1000; expected less");
        assert_eq!(message(f64::INFINITY), "β is inf; expected less");
    }
}

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
    /// A state outside of the states there are.
    #[error("{what}: entry {index} is state {state}; states are counted from 0 to {last}")]
    State {
        /// Which sequence.
        what: String,
        /// Its place, counted from 0.
        index: usize,
        /// State found.
        state: u32,
        /// The last state there is.
        last: usize,
    },
    /// A jump that leads nowhere.
    #[error(
        "{what}: visits {index} and the one before are both of state {state}; a jump changes the state: join them to one visit"
    )]
    Stay {
        /// Which trajectory.
        what: String,
        /// Place of the second visit, counted from 0.
        index: usize,
        /// The state.
        state: u32,
    },
    /// Histories with more possibilities than can be told apart.
    #[error(
        "{what} need {found} bits a sample; at most {allowed} can be told apart: shorten them or use fewer symbols"
    )]
    Histories {
        /// Which histories.
        what: &'static str,
        /// Bits they need.
        found: u32,
        /// Bits there are.
        allowed: u32,
    },
    /// A number that must be positive.
    #[error("{what}, entry {index} is {value}; the {law} law needs positive numbers")]
    NotPositive {
        /// Which input.
        what: String,
        /// Its place, counted from 0.
        index: usize,
        /// Value found.
        value: f64,
        /// Which law asks for it.
        law: &'static str,
    },
    /// A frame with too few cells.
    #[error("frame {frame} (time {time}) has {found} cells; {needed} are needed")]
    Frame {
        /// Place of the frame, counted from 0.
        frame: usize,
        /// Its time.
        time: f64,
        /// Cells found.
        found: usize,
        /// Cells needed.
        needed: usize,
    },
    /// One cell at one time, twice.
    #[error("cell {cell} has two values at time {time}; leave one of them out")]
    Twice {
        /// The cell.
        cell: u64,
        /// The time.
        time: f64,
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

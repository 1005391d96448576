//! What can be wrong with recorded activity.

/// Recorded activity that cannot be read, or from which a network cannot be inferred; each variant names the place, the value and the way out.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// A recording needs units.
    #[error("the recording has no units; give at least one")]
    NoUnits,
    /// An array whose length is not bins × units.
    #[error("the array has {found} values where {bins} bins of {units} units need {}", bins * units)]
    Shape {
        /// Values found.
        found: usize,
        /// Bins declared.
        bins: usize,
        /// Units declared.
        units: usize,
    },
    /// A value that is neither of the two allowed ones.
    #[error("bin {bin}, unit {unit} (counted from 0): {value} is neither {inactive} nor {active}")]
    NotBinary {
        /// Bin, counted from 0.
        bin: usize,
        /// Unit, counted from 0.
        unit: usize,
        /// Value found.
        value: f64,
        /// Value of an inactive unit.
        inactive: f64,
        /// Value of an active unit.
        active: f64,
    },
    /// Lists of spikes that do not belong together.
    #[error("{units} unit numbers for {times} spike times; give one of each per spike")]
    SpikeLists {
        /// Length of the list of units.
        units: usize,
        /// Length of the list of times.
        times: usize,
    },
    /// A spike of a unit that does not exist.
    #[error("spike {spike} (counted from 0) is of unit {unit}; units are numbered 0 to {}", units.saturating_sub(1))]
    UnknownUnit {
        /// Position in the list, counted from 0.
        spike: usize,
        /// Unit found.
        unit: usize,
        /// Number of units.
        units: usize,
    },
    /// A spike at no time.
    #[error("spike {spike} (counted from 0) is at time {time}; spike times must be finite")]
    SpikeTime {
        /// Position in the list, counted from 0.
        spike: usize,
        /// Time found.
        time: f64,
    },
    /// Too little data for a question.
    #[error("{found} transitions between neighbouring bins are too few; {what} needs at least {needed}")]
    TooShort {
        /// What was asked for.
        what: &'static str,
        /// Transitions found.
        found: usize,
        /// Transitions needed.
        needed: usize,
    },
    /// A unit that never changes has no finite field.
    #[error(
        "unit {unit} is {} in every bin considered (of the recording, or of a part that is judged apart from the rest, as its halves are), so its field would be infinite; leave it out, or take wider bins or more data",
        if *active { "active" } else { "silent" }
    )]
    Constant {
        /// Unit, counted from 0.
        unit: usize,
        /// Whether it is always active, or never.
        active: bool,
    },
    /// A unit whose activity is a linear function of that of units before it.
    #[error(
        "the activity of unit {unit} is, in every bin considered, a linear function of that of units before it (the same unit twice?), so couplings are not unique; leave it out or give a penalty above 0"
    )]
    Dependent {
        /// Unit, counted from 0.
        unit: usize,
    },
    /// A unit whose next state is predicted without exception from another one: the likelihood has no maximum.
    #[error(
        "when unit {by} is {}, unit {unit} is {} one bin later, without exception: the likelihood grows for ever with this coupling; give a penalty above 0",
        if *when_active { "active" } else { "silent" },
        if *then_active { "active" } else { "silent" }
    )]
    SeparatedPair {
        /// Unit that is predicted, counted from 0.
        unit: usize,
        /// Unit that predicts.
        by: usize,
        /// State of the unit that predicts.
        when_active: bool,
        /// State of the unit that is predicted.
        then_active: bool,
    },
    /// A unit whose next state is separated by a combination of units.
    #[error(
        "a combination of units predicts unit {unit} one bin later without an error: the likelihood grows for ever along it; give a penalty above 0"
    )]
    Separated {
        /// Unit that is predicted, counted from 0.
        unit: usize,
    },
    /// Two inputs that belong to different units.
    #[error("the fit is of {fitted} units and the data have {found}; use data of the same units")]
    UnitsDiffer {
        /// Units of the fit.
        fitted: usize,
        /// Units of the data.
        found: usize,
    },
}

//! What a trajectory hands out.

/// A number recorded at each output time.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Quantity {
    /// Count of a species.
    Count(String),
    /// Time integral of the count of a species since the start.
    CountIntegral(String),
    /// Jumps of all channels since the start: the time-integrated activity.
    Activity,
    /// Medium entropy since the start, in nats; +∞ after a jump without a reverse.
    MediumEntropy,
    /// Largest medium entropy so far.
    MaximumEntropy,
    /// Smallest medium entropy so far.
    MinimumEntropy,
    /// A weighted current since the start, by its name.
    Current(String),
    /// Heat into a reservoir since the start, by its name.
    Heat(String),
}

impl Quantity {
    /// Name in tables: `X`, `integral(X)`, `activity`, `medium_entropy`, `maximum_entropy`, `minimum_entropy`, the name of a current, `heat(bath)`.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Count(species) => species.clone(),
            Self::CountIntegral(species) => format!("integral({species})"),
            Self::Activity => "activity".into(),
            Self::MediumEntropy => "medium_entropy".into(),
            Self::MaximumEntropy => "maximum_entropy".into(),
            Self::MinimumEntropy => "minimum_entropy".into(),
            Self::Current(name) => name.clone(),
            Self::Heat(reservoir) => format!("heat({reservoir})"),
        }
    }
}

/// Why a trajectory ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// The last output time.
    Time,
    /// The largest number of jumps.
    Jumps,
    /// A passage that stops.
    Passage,
}

/// Jumps of a reaction by direction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReactionJumps {
    /// n⁺.
    pub forward: u64,
    /// n⁻.
    pub backward: u64,
    /// Jumps of either direction whose reverse had propensity zero: each makes the medium entropy infinite.
    pub one_way: u64,
}

/// When a passage happened.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct PassageRecord {
    /// First time at the threshold.
    pub time: f64,
    /// Medium entropy then, in nats.
    pub entropy: f64,
}

/// A kept trajectory.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Trajectory {
    /// Its index, which with the seed names its stream.
    pub index: u64,
    /// Quantities at the output times, row by row; NaN at times that were not reached.
    pub values: Vec<f64>,
    /// Time of its end.
    pub end_time: f64,
    /// Why it ended.
    pub end: End,
    /// Jumps of each reaction, if the books keep them.
    pub jumps: Vec<ReactionJumps>,
    /// Passages in the order of the books; `None` where the threshold was not reached.
    pub passages: Vec<Option<PassageRecord>>,
    /// Time at each count, for each species of the books' histograms.
    pub histograms: Vec<Vec<f64>>,
}

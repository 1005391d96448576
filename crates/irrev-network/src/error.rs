//! What can be wrong with a network, its kinetics, or a question asked of them.

use irrev_numerics::ErrorKind;

/// Result with the crate's [`enum@Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Failure of a construction or of an analysis; each variant names the place, the value and the way out.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A network needs at least one state.
    #[error("the network has no states; name at least one")]
    NoStates,
    /// Two states, reservoirs or edges share a name.
    #[error("{what} \"{name}\" is defined twice; names must be unique")]
    Duplicate {
        /// State, reservoir, edge or subsystem.
        what: &'static str,
        /// The repeated name.
        name: String,
    },
    /// A name or index that the network does not have.
    #[error("unknown {what} \"{name}\"")]
    Unknown {
        /// State, reservoir or edge.
        what: &'static str,
        /// What was asked for.
        name: String,
    },
    /// An edge from a state to itself.
    #[error("edge \"{edge}\" joins state \"{state}\" to itself; a jump must change the state")]
    SelfLoop {
        /// Name of the edge.
        edge: String,
        /// Name of the state.
        state: String,
    },
    /// A question that only a network of jumps between states can answer.
    #[error(
        "{quantity} is defined for jumps between states, and this network's reactions join complexes of species; a chemical master equation on molecule counts is such a jump process"
    )]
    NotAJumpNetwork {
        /// What was asked for.
        quantity: &'static str,
    },
    /// A reaction whose law is missing or does not fit what is asked of it.
    #[error("reaction \"{reaction}\": {reason}")]
    MissingLaw {
        /// Name of the reaction.
        reaction: String,
        /// What is wrong.
        reason: &'static str,
    },
    /// Something failed at a time of an evolution.
    #[error("at time {time:e}: {error}")]
    AtTime {
        /// The time.
        time: f64,
        /// What failed.
        #[source]
        error: Box<Self>,
    },
    /// An evolution that the integrator could not follow further.
    #[error("the evolution cannot be followed: {reason}")]
    Evolution {
        /// Time and obstacle.
        reason: String,
    },
    /// A motion that leaves every bound within the interval, by a pole or by overflow.
    #[error(
        "the amount of {species} grows without bound: it is {amount:.1e} at time {time} and {last:.1e} at {end}, and cannot be followed further; end the interval before that, or give what makes {species} a limit or a reverse"
    )]
    Unbounded {
        /// The species that grows fastest.
        species: String,
        /// A time shortly before the end.
        time: f64,
        /// Its amount then.
        amount: f64,
        /// The last time looked at.
        end: f64,
        /// Its amount then.
        last: f64,
    },
    /// A rate of change that is infinite or not a number, though no amount grows without bound.
    #[error(
        "at time {time:e} the rate of {species} is {value}, and the motion cannot be followed further; a law leaves the range of its formula there"
    )]
    RateNotFinite {
        /// The species.
        species: String,
        /// The time.
        time: f64,
        /// The rate.
        value: f64,
    },
    /// A question that only constant rates can answer.
    #[error("{quantity} needs rates that do not depend on time")]
    TimeDependent {
        /// What was asked for.
        quantity: &'static str,
    },
    /// A truncated lattice that leaves too much out.
    #[error(
        "the bounds on counts leave out probability {outside:.1e}, more than {tolerance:.0e}; allow larger counts"
    )]
    Truncation {
        /// Probability outside, or on the edge.
        outside: f64,
        /// Accepted probability.
        tolerance: f64,
    },
    /// A lattice of counts that is larger than wanted.
    #[error("the counts that can be reached are more than {most} states; allow more, or smaller counts")]
    ManyStates {
        /// States allowed.
        most: usize,
    },
    /// No periodic orbit was found.
    #[error("no limit cycle was found: {reason}")]
    NoLimitCycle {
        /// What was seen instead.
        reason: String,
    },
    /// A motion that does not come to rest.
    #[error(
        "no steady state was reached by time {time:e}; the motion may oscillate (a limit cycle) or grow without bound"
    )]
    NoSteadyState {
        /// How long it was followed.
        time: f64,
    },
    /// A motion whose other species rest while some pile up for ever.
    #[error(
        "there is no steady state: by time {time:.3e} all else rests, but without end {} per unit of time, for nothing limits what there is; hold \
         such a species fixed (a chemostat, in SBML a boundary species) to study what flows into it",
        piling(.species)
    )]
    Accumulation {
        /// When the rest was at rest.
        time: f64,
        /// The species with their rates of growth, amount per time.
        species: Vec<(String, f64)>,
    },
    /// A question whose cost grows too fast with the number of species.
    #[error("{quantity}: sought for at most {most} dynamic species, and the system has {species}")]
    ManySpecies {
        /// What was asked for.
        quantity: &'static str,
        /// Dynamic species of the system.
        species: usize,
        /// Most that are taken on.
        most: usize,
    },
    /// An array with the wrong number of entries.
    #[error("{what} has {found} entries, expected {expected}")]
    Length {
        /// Which array.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The length it should have.
        expected: usize,
    },
    /// A rate that is negative or not finite.
    #[error("the {direction} rate of \"{edge}\" is {value}; rates must be finite and not negative")]
    Rate {
        /// Name of the edge or reaction.
        edge: String,
        /// "forward" or "backward".
        direction: &'static str,
        /// The rate.
        value: f64,
    },
    /// A rate law that has no value at some time.
    #[error("the rates at time {time} cannot be evaluated: {reason}")]
    RateLaw {
        /// The time.
        time: f64,
        /// What is wrong there.
        reason: String,
    },
    /// A number outside its domain.
    #[error("{what} is {value}, expected {expected}")]
    Domain {
        /// Which number.
        what: String,
        /// Its value.
        value: f64,
        /// What would have been accepted.
        expected: &'static str,
    },
    /// A distribution with a negative entry or the wrong sum.
    #[error("the distribution {problem}; it must be non-negative and sum to 1 within {tolerance:.0e}")]
    Distribution {
        /// What is wrong, with the figure.
        problem: String,
        /// Accepted deviation of the sum.
        tolerance: f64,
    },
    /// Masses to be carried whose totals differ.
    #[error(
        "the masses sum to {from} at the start and {to} at the end; transport is between equal totals, within {tolerance:.0e} of them"
    )]
    UnequalMasses {
        /// Total at the start.
        from: f64,
        /// Total at the end.
        to: f64,
        /// Accepted difference, relative to the larger.
        tolerance: f64,
    },
    /// A quantity that needs both directions of every edge.
    #[error("{quantity} needs every channel to run both ways, but {} one way only: {}", if edges.len() == 1 { "this one runs" } else { "these run" }, edges.join(", "))]
    OneWay {
        /// What was asked for.
        quantity: &'static str,
        /// Names of the one-way edges.
        edges: Vec<String>,
    },
    /// The stationary state is not unique.
    #[error("the stationary state is not unique: there are {} closed classes, {}; where the process ends up depends on where it starts", classes.len(), classes.iter().map(|c| format!("{{{}}}", c.join(", "))).collect::<Vec<_>>().join(" and "))]
    SeveralClosedClasses {
        /// Names of the states of each closed class.
        classes: Vec<Vec<String>>,
    },
    /// A quantity that needs a strictly positive state.
    #[error("{quantity} needs positive probability on every state, but \"{state}\" has {value}")]
    NotPositive {
        /// What was asked for.
        quantity: &'static str,
        /// Name of the state.
        state: String,
        /// Its probability.
        value: f64,
    },
    /// Rates that contradict the energies and the reservoir.
    #[error(
        "edge \"{edge}\": ln(forward/backward) = {found} differs from the local detailed balance value {expected} by more than {tolerance:.0e}; change the rates, the energies, or the reservoir"
    )]
    DetailedBalance {
        /// Name of the edge.
        edge: String,
        /// ln of the ratio of the rates.
        found: f64,
        /// What energies and reservoir demand.
        expected: f64,
        /// Accepted deviation.
        tolerance: f64,
    },
    /// A target that cannot be reached from the start.
    #[error("no target can be reached for certain from \"{state}\"; first-passage moments are infinite")]
    Unreachable {
        /// Name of the state.
        state: String,
    },
    /// Cycles that do not form a basis.
    #[error("the {found} named cycles are not a basis: the network has {expected} independent cycles")]
    CycleBasis {
        /// Number of independent cycles given.
        found: usize,
        /// Number of independent cycles of the network.
        expected: usize,
    },
    /// A list of states that is not a closed path.
    #[error("\"{name}\" is not a cycle: no edge joins \"{from}\" and \"{to}\"")]
    NotACycle {
        /// Name of the cycle.
        name: String,
        /// State where the path breaks.
        from: String,
        /// Next state.
        to: String,
    },
    /// A propensity that is negative or not finite at a state that a trajectory reached.
    #[error("reaction \"{reaction}\": the {direction} propensity is {value} at time {time} where {}; a law must be finite and not negative wherever the trajectory goes", state.join(", "))]
    Propensity {
        /// Name of the reaction.
        reaction: String,
        /// "forward" or "backward".
        direction: &'static str,
        /// Its value.
        value: f64,
        /// The time.
        time: f64,
        /// "species = count" of every species.
        state: Vec<String>,
    },
    /// A simulation method that cannot do what is asked.
    #[error("method \"{method}\": {reason}")]
    Method {
        /// Name of the method.
        method: &'static str,
        /// Why not, and what to take instead.
        reason: &'static str,
    },
    /// A shortest path that arithmetic in double precision does not resolve.
    #[error(
        "the geodesic cannot be resolved within {tolerance:.0e}: beside its ends states hold as little as {lowest:.1e}; ask for a wider tolerance, or mix a little of the uniform distribution into the ends; without a geodesic it is proven that {lower:.6e} ≤ W₂ ≤ {upper:.6e} ({reason})"
    )]
    NoGeodesic {
        /// Smallest probability at either end.
        lowest: f64,
        /// Asked relative width of the interval.
        tolerance: f64,
        /// A number that W₂ is not below.
        lower: f64,
        /// A number that W₂ is not above.
        upper: f64,
        /// What failed.
        reason: String,
    },
    /// Two distributions that no path joins.
    #[error(
        "no path joins the two distributions: the states {} are joined to no other state, and would have to {} the probability {:.6e}; choose distributions with the same probability on each connected part",
        component.join(", "),
        if *surplus > 0.0 { "lose" } else { "gain" },
        surplus.abs()
    )]
    NoPath {
        /// Names of the states of a component.
        component: Vec<String>,
        /// Its probability at the start less that at the end.
        surplus: f64,
    },
    /// A shortest path between amounts of species that was not found.
    #[error(
        "no geodesic between these amounts was found: {reason}; give ends farther from absent species (the lowest amount is {lowest:.1e}), or ask for a wider tolerance"
    )]
    NoReactionGeodesic {
        /// Smallest amount at either end.
        lowest: f64,
        /// What failed.
        reason: String,
    },
    /// A question about the parts of a network that names none.
    #[error(
        "{quantity} needs subsystems, and the network names none; give every subsystem its label in every state"
    )]
    NoSubsystems {
        /// What was asked for.
        quantity: &'static str,
    },
    /// Two states in which every subsystem is the same.
    #[error(
        "states \"{first}\" and \"{second}\" are the same in every subsystem ({}); name a subsystem that tells them apart",
        labels.join(", ")
    )]
    SameInEveryPart {
        /// Name of a state.
        first: String,
        /// Name of another.
        second: String,
        /// Labels of the subsystems in both.
        labels: Vec<String>,
    },
    /// A jump that changes several subsystems at once.
    #[error(
        "edge \"{edge}\" from \"{from}\" to \"{to}\" changes {} at once; in a multipartite network a jump changes one subsystem, so that each \
         flow belongs to one: join these into one subsystem",
        parts.join(" and ")
    )]
    NotMultipartite {
        /// Name of the edge.
        edge: String,
        /// State that a forward jump leaves.
        from: String,
        /// State that it enters.
        to: String,
        /// Names of the subsystems that it changes.
        parts: Vec<String>,
    },
    /// A question whose cost grows too fast with a number.
    #[error("{what}: {found}, and at most {most} are taken on; ask for less")]
    OverLimit {
        /// What is counted, and for which question.
        what: &'static str,
        /// How many there are.
        found: f64,
        /// How many are taken on.
        most: usize,
    },
    /// Something failed in the numerics.
    #[error(transparent)]
    Numerics(#[from] irrev_numerics::Error),
}

impl Error {
    /// What kind of failure it is.
    ///
    /// ```
    /// use irrev_network::Error;
    /// use irrev_numerics::ErrorKind;
    /// let lost = Error::NoLimitCycle { reason: "the motion comes to rest".into() };
    /// assert_eq!(lost.kind(), ErrorKind::NotConverged { convergence: None });
    /// assert_eq!(Error::NoStates.kind(), ErrorKind::Invalid);
    /// ```
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Numerics(error) => error.kind(),
            Self::AtTime { error, .. } => error.kind(),
            Self::Evolution { .. }
            | Self::Unbounded { .. }
            | Self::RateNotFinite { .. }
            | Self::NoSteadyState { .. }
            | Self::Accumulation { .. }
            | Self::NoLimitCycle { .. }
            | Self::NoGeodesic { .. }
            | Self::NoReactionGeodesic { .. }
            | Self::Truncation { .. } => ErrorKind::NotConverged { convergence: None },
            Self::ManySpecies { .. } | Self::ManyStates { .. } | Self::OverLimit { .. } => {
                ErrorKind::OverLimit
            }
            _ => ErrorKind::Invalid,
        }
    }

    /// Whether arithmetic failed, which an easier problem or another method may not do.
    pub(crate) fn is_of_arithmetic(&self) -> bool {
        use irrev_numerics::Error as E;
        matches!(
            self,
            Self::Numerics(
                E::NotConverged { .. }
                    | E::Singular { .. }
                    | E::Domain { .. }
                    | E::NotFinite { .. }
                    | E::Elimination(_)
            )
        )
    }
}

impl From<irrev_numerics::elimination::EliminationError> for Error {
    fn from(e: irrev_numerics::elimination::EliminationError) -> Self {
        Self::Numerics(e.into())
    }
}

/// "P grows by 0.2", for each.
fn piling(species: &[(String, f64)]) -> String {
    let one = |(name, rate): &(String, f64)| format!("{name} grows by {rate:.3e}");
    species.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_resolved_is_not_converged_wherever_it_happens() {
        let not_converged = ErrorKind::NotConverged { convergence: None };
        let geodesic = Error::NoGeodesic {
            lowest: 0.0,
            tolerance: 1e-6,
            lower: 0.0,
            upper: 1.0,
            reason: "rounding".into(),
        };
        let of_reactions = Error::NoReactionGeodesic {
            lowest: 0.0,
            reason: "rounding".into(),
        };
        assert_eq!(
            (geodesic.kind(), of_reactions.kind()),
            (not_converged, not_converged)
        );
        let later = Error::AtTime {
            time: 1.0,
            error: Box::new(geodesic),
        };
        assert_eq!(later.kind(), not_converged);
        assert_eq!(Error::NoStates.kind(), ErrorKind::Invalid);
    }
}

//! Why an integration ended early.

use crate::error::Error;

/// What kept the steps from getting on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Obstacle {
    /// The local error stayed above the tolerance.
    Accuracy,
    /// The equations of a step could not be solved.
    Iteration,
    /// The limit of steps was reached.
    Steps,
}

impl std::fmt::Display for Obstacle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Accuracy => {
                "the local error stays above the tolerance: the rate may jump here, or the solution may become infinite"
            }
            Self::Iteration => {
                "the equations of a step cannot be solved: the rate may jump here, or its Jacobian may be wrong"
            }
            Self::Steps => "the limit of steps is reached: raise max_steps, or integrate over a shorter interval",
        })
    }
}

/// An integration that ended early; E is the error of the system's rate, returned as it came.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure<E: std::error::Error + 'static> {
    /// The rate, its Jacobian, an integrand or an event function returned an error, on short steps too.
    #[error("at time {time:e}: {error}")]
    System {
        /// Time of the call.
        time: f64,
        /// The error as it was returned.
        #[source]
        error: E,
    },
    /// A rate, Jacobian, integrand or event function is infinite or not a number, on short steps too.
    #[error("at time {time:e}: component {component} of the {what} is {value}, expected a finite number")]
    NotFinite {
        /// Which function.
        what: &'static str,
        /// Time of the call.
        time: f64,
        /// Component (the row for a Jacobian, the number of the event for an event function).
        component: usize,
        /// What stands there.
        value: f64,
    },
    /// The integration does not get beyond a time.
    #[error("no way on from time {time:e} with a step of {step:e}: {obstacle}")]
    NotConverged {
        /// Time reached.
        time: f64,
        /// Width of the last step tried.
        step: f64,
        /// What was in the way.
        obstacle: Obstacle,
    },
    /// Wrong input, a cancelled run, or too little memory.
    #[error(transparent)]
    Numerics(#[from] Error),
}

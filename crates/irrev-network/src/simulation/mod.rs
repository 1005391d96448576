//! Stochastic simulation with thermodynamic books.
//!
//! [`simulate`] makes an ensemble of trajectories of a [`CountSystem`](crate::counts::CountSystem) and returns moments at the output times, with the books that
//! were asked for: jumps per channel, time integrals, currents, medium entropy with its extremes, heat per reservoir, first passages.
//! [`sample_path`] returns one trajectory jump by jump. [`graph`] follows a [`crate::MarkovJump`] or a [`crate::dynamics::DrivenJump`] on an
//! explicit graph of states, and [`estimators`] turns what trajectories brought home into numbers with error bars and checks of the
//! fluctuation theorems.
//!
//! Conventions: the state at an output time is the state before the first jump after it. Trajectory i of seed s draws from the stream (s, trajectory, i)
//! alone, and sums run over trajectories in a fixed order: results do not depend on threads, on output times, or on interruptions. Time is
//! carried in two parts, so a clock at 10⁹ still resolves waits of 10⁻⁹. k_B = 1, entropies in nats.

mod account;
pub mod books;
mod engine;
mod ensemble;
pub mod estimators;
pub mod graph;
mod langevin;
mod leap_step;
mod log_product;
mod moments;
mod options;
mod path;
mod progress;
mod records;
mod tau_leap;
mod trajectory;
mod words;

pub use books::{Books, HeatReservoir, Passage, Side, Watched, WeightedCurrent};
pub use ensemble::{Ensemble, PassageSummary, ReactionSummary, simulate};
pub use langevin::LangevinOptions;
pub use moments::Moments;
pub use options::{Keep, Method, SimulationOptions, WantedError};
pub use path::{Path, PathEvent, sample_path};
pub use records::{End, PassageRecord, Quantity, ReactionJumps, Trajectory};
pub use tau_leap::{LeapRule, TauLeapOptions};

/// Whether a method has the law of the jump process.
fn is_exact(method: Method) -> bool {
    !matches!(method, Method::TauLeaping(_) | Method::Langevin(_))
}

fn require_epsilon(epsilon: f64) -> crate::Result<()> {
    let what = "epsilon, the part by which a propensity may change in a step";
    crate::require(
        what,
        epsilon,
        epsilon > 0.0 && epsilon < 1.0,
        "a number between 0 and 1",
    )
}

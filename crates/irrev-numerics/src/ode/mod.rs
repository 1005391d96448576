//! Initial value problems dx/dt = f(t, x), stiff or not, with integrals ∫ q(t, x) dt and events along the way.
//!
//! Steps are Radau IIA collocation of order 5, 9 or 13 with simplified Newton iterations: stable for every decaying
//! mode however stiff, and at tight tolerances as economical as an explicit method where nothing is stiff. Linear
//! invariants of f are kept to rounding. The solution is a polynomial on every step, with the tolerance's accuracy
//! between the steps and more at their ends; integrals are Radau quadratures of the same steps, events are zeros
//! found by repeating the step up to them.
//!
//! Conventions: nothing is clipped: a component may become negative by the size of its tolerance, and a rate that
//! refuses it makes the step shorter. Time runs forward; a dissipative system run backward is not a well-posed
//! problem, and a reversible one is reversed by the sign of its rate. Every number is the same on any number of
//! threads.
//!
//! Why not diffsol (0.18), the library that one would reach for: its rates cannot fail, so that an error of the rate
//! can neither shorten a step nor come back to its caller, it takes no difference for a Jacobian, and its orders, at
//! most five, make relative errors of 1e-10 costly.
//!
//! | file | holds |
//! |---|---|
//! | `system`, `problem` | what is integrated, and what is watched |
//! | `options` | tolerances |
//! | `collocation` | nodes, interpolation and modes of the method |
//! | `jacobian` | J, and factors of λ − h J |
//! | `step`, `newton`, `integrals` | one step and its error, its equations, the integrals over it |
//! | `integrate`, `pulse` | from step to step, with progress and cancellation |
//! | `event`, `watch`, `locate` | zeros on the way: what they are, which happen, where exactly |
//! | `trajectory`, `failure` | what comes out |
//!
//! Sources: Hairer and Wanner, *Solving Ordinary Differential Equations II* (1996), IV.8, and J. Comput. Appl. Math.
//! 111, 93 (1999); Gustafsson, ACM Trans. Math. Softw. 20, 496 (1994), for the control of the step.

mod collocation;
mod event;
mod failure;
mod integrals;
mod integrate;
mod jacobian;
mod locate;
mod newton;
mod options;
mod problem;
mod pulse;
mod step;
mod system;
mod trajectory;
mod watch;

pub use event::{Direction, Event};
pub use failure::{Failure, Obstacle};
pub use options::{Absolute, Options, Order};
pub use problem::Problem;
pub use system::{JacobianKind, RateFunction, System, from_rate};
pub use trajectory::{End, GlobalError, Occurrence, Statistics, Trajectory};

use crate::run::Run;

/// Solves dx/dt = f(t, x) from `state` at time `start` to time `end`.
///
/// # Errors
/// As [`Problem::solve`].
pub fn solve<S: System>(
    system: &S,
    start: f64,
    state: &[f64],
    end: f64,
    options: &Options,
    run: &Run<'_>,
) -> Result<Trajectory, Failure<S::Error>> {
    Problem::new(system).solve(start, state, end, options, run)
}

/// Solves dx/dt = f(t, x) together with `count` integrals ∫ q(t, x) dt, which `integrand(t, x, q)` writes.
///
/// # Errors
/// As [`Problem::solve`].
#[expect(
    clippy::too_many_arguments,
    reason = "a problem in one call; Problem names them one by one"
)]
pub fn solve_with_quadratures<S: System>(
    system: &S,
    count: usize,
    integrand: impl Fn(f64, &[f64], &mut [f64]) -> Result<(), S::Error>,
    start: f64,
    state: &[f64],
    end: f64,
    options: &Options,
    run: &Run<'_>,
) -> Result<Trajectory, Failure<S::Error>> {
    Problem::new(system)
        .with_integrand(count, integrand)
        .solve(start, state, end, options, run)
}

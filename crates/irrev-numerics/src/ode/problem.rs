//! A system together with what is to be integrated and watched along the way.

use super::options::Scale;
use super::system::{all_finite, finite_rate};
use super::trajectory::{GlobalError, Trajectory};
use super::{Event, Failure, Options, System, integrate};
use crate::error::{Error, Result as Numerics};
use crate::run::Run;

type Function<'a, E> = Box<dyn Fn(f64, &[f64], &mut [f64]) -> Result<(), E> + 'a>;

/// An initial value problem: a system, integrals ∫ q(t, x) dt along the solution, and events.
///
/// ```
/// use irrev_numerics::ode::{self, Direction, Event, Failure, Problem};
/// use std::convert::Infallible;
/// // a pendulum bob: x'' = −x, its mean square over one period
/// let oscillator = ode::from_rate(2, |_, x, dx| -> Result<(), Infallible> {
///     (dx[0], dx[1]) = (x[1], -x[0]);
///     Ok(())
/// });
/// let path = Problem::new(&oscillator)
///     .with_integrand(1, |_, x, q| {
///         q[0] = x[0] * x[0];
///         Ok(())
///     })
///     .with_event(Event::new(Direction::Rising, |_, x| Ok(x[0])).terminal(1))
///     .solve(0.0, &[0.0, 1.0], 10.0, &Default::default(), &Default::default())?;
/// let pi = std::f64::consts::PI;
/// assert!((path.time() - 2.0 * pi).abs() < 1e-10 && (path.quadratures()[0] - pi).abs() < 1e-10);
/// # Ok::<(), Failure<Infallible>>(())
/// ```
pub struct Problem<'a, S: System> {
    pub(super) system: &'a S,
    pub(super) integrals: usize,
    integrand: Option<Function<'a, S::Error>>,
    pub(super) events: Vec<Event<'a, S::Error>>,
}

impl<'a, S: System> Problem<'a, S> {
    /// The system alone.
    #[must_use]
    pub fn new(system: &'a S) -> Self {
        Self {
            system,
            integrals: 0,
            integrand: None,
            events: Vec::new(),
        }
    }

    /// Adds `count` integrals of q(t, x); `integrand(t, x, q)` writes them. They start at zero, and the tolerance
    /// controls them like the state.
    #[must_use]
    pub fn with_integrand(
        mut self,
        count: usize,
        integrand: impl Fn(f64, &[f64], &mut [f64]) -> Result<(), S::Error> + 'a,
    ) -> Self {
        self.integrals = count;
        self.integrand = Some(Box::new(integrand));
        self
    }

    /// Adds an event; events are numbered in the order in which they are added.
    #[must_use]
    pub fn with_event(mut self, event: Event<'a, S::Error>) -> Self {
        self.events.push(event);
        self
    }

    /// Solves from `state` at time `start` to time `end`.
    ///
    /// # Errors
    /// [`Failure`]: the system's error with its time; a rate that is not finite; a step that becomes too small or
    /// too many of them; wrong input, cancellation, memory.
    pub fn solve(
        &self,
        start: f64,
        state: &[f64],
        end: f64,
        options: &Options,
        run: &Run<'_>,
    ) -> Result<Trajectory, Failure<S::Error>> {
        self.check(start, state, end, options)?;
        let mut path = integrate::integrate(self, start, state, end, options, run)?;
        if options.error_estimate {
            let tighter = Options {
                relative: 0.01 * options.relative,
                ..tightened(options)
            };
            let exact = integrate::integrate(self, start, state, end, &tighter, run)?;
            let difference =
                |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).collect::<Vec<_>>();
            let mut accepted = vec![0.0; state.len()];
            Scale::new(options, path.state()).write(path.state(), &vec![0.0; state.len()], &mut accepted);
            let error = difference(path.state(), exact.state());
            path.global_error = Some(GlobalError {
                scaled: error
                    .iter()
                    .zip(&accepted)
                    .map(|(e, a)| e / a)
                    .fold(0.0, f64::max),
                state: error,
                quadratures: difference(path.quadratures(), exact.quadratures()),
            });
        }
        Ok(path)
    }

    fn check(&self, start: f64, state: &[f64], end: f64, options: &Options) -> Numerics<()> {
        let n = self.system.dimension();
        if n == 0 {
            let expected = "at least one component";
            return Err(Error::Domain {
                what: "dimension of the system",
                value: 0.0,
                expected,
            });
        }
        if state.len() != n {
            return Err(Error::Length {
                what: "initial state",
                found: state.len(),
                expected: n,
            });
        }
        if let Some(index) = state.iter().position(|v| !v.is_finite()) {
            return Err(Error::NotFinite {
                what: "initial state",
                index,
                value: state[index],
            });
        }
        options.check(n, start, end)
    }

    /// Rate and integrands at a point, each finite.
    pub(super) fn point(&self, time: f64, state: Vec<f64>) -> Result<Point, Failure<S::Error>> {
        let mut rate = vec![0.0; state.len()];
        finite_rate(self.system, time, &state, &mut rate)?;
        let mut integrand = vec![0.0; self.integrals];
        self.integrand(time, &state, &mut integrand)?;
        Ok(Point {
            time,
            state,
            rate,
            integrand,
        })
    }

    pub(super) fn integrand(&self, time: f64, x: &[f64], out: &mut [f64]) -> Result<(), Failure<S::Error>> {
        if let Some(integrand) = &self.integrand {
            integrand(time, x, out).map_err(|error| Failure::System { time, error })?;
            all_finite("integrand", time, out)?;
        }
        Ok(())
    }
}

/// The options with every absolute tolerance a hundred times smaller.
fn tightened(options: &Options) -> Options {
    use super::Absolute;
    let absolute = match &options.absolute {
        // a share is relative to the relative tolerance, which is tightened by itself
        Absolute::Share(share) => Absolute::Share(*share),
        Absolute::Same(value) => Absolute::Same(0.01 * value),
        Absolute::Each(values) => Absolute::Each(values.iter().map(|v| 0.01 * v).collect()),
    };
    Options {
        absolute,
        integral: 0.01 * options.integral,
        ..options.clone()
    }
}

/// A state with its rate and integrands.
#[derive(Clone)]
pub(super) struct Point {
    pub(super) time: f64,
    pub(super) state: Vec<f64>,
    pub(super) rate: Vec<f64>,
    pub(super) integrand: Vec<f64>,
}

//! From step to step: widths, retries, landings, and the ends of an integration.

use super::collocation::Collocation;
use super::options::Scale;
use super::problem::{Point, Problem};
use super::pulse::Pulse;
use super::step::{Attempt, Piece, Stepper};
use super::trajectory::{End, Trajectory};
use super::{Failure, JacobianKind, Obstacle, Options, Statistics, System};
use crate::run::Run;

/// Failed attempts in a row after which no shorter step is tried.
const MOST_FAILURES: usize = 100;

/// Largest factor from one width to the next, and largest divisor.
const LARGEST_GROWTH: f64 = 8.0;
const LARGEST_SHRINK: f64 = 5.0;

/// Part of the width that the error estimate promises which is dared.
const SAFETY: f64 = 0.9;

/// A step may grow by this much before new factors pay.
const KEPT_GROWTH: f64 = 1.2;

/// First step, as a share of the interval, where the state gives no scale of time.
const LEAST_SHARE: f64 = 1e-6;

/// Iterations that converge faster than this keep their Jacobian.
const KEPT_CONTRACTION: f64 = 1e-3;

/// What the last accepted step left for the control of the next one.
struct Past {
    width: f64,
    error: f64,
    stages: Vec<f64>,
}

/// What became of a step.
enum Tried {
    /// It stands, ends here, and came with this error and these iterations.
    Accepted {
        next: Point,
        error: f64,
        contraction: f64,
        iterations: usize,
    },
    /// It does not; the next attempt takes this fraction of the width.
    Refused(f64),
}

/// An integration under way.
pub(super) struct Course<'a, S: System> {
    pub(super) problem: &'a Problem<'a, S>,
    pub(super) options: &'a Options,
    run: &'a Run<'a>,
    pub(super) pulse: Pulse<'a>,
    pub(super) stepper: Stepper<'a, S>,
    pub(super) scale: Scale<'a>,
    pub(super) here: Point,
    pub(super) end: f64,
    past: Option<Past>,
    /// Attempts failed in a row, and what to say if no shorter step helps.
    failures: usize,
    trouble: Option<Failure<S::Error>>,
    /// g of every event at the present point, and how often each happened.
    pub(super) signs: Vec<f64>,
    pub(super) counts: Vec<usize>,
    pub(super) quadratures: Vec<f64>,
    /// ∫|q| so far.
    pub(super) magnitudes: Vec<f64>,
    pub(super) path: Trajectory,
}

/// Solves once; the input is checked.
pub(super) fn integrate<S: System>(
    problem: &Problem<'_, S>,
    start: f64,
    state: &[f64],
    end: f64,
    options: &Options,
    run: &Run<'_>,
) -> Result<Trajectory, Failure<S::Error>> {
    let n = state.len() as u64;
    if problem.system.jacobian_kind() != JacobianKind::Sparse {
        // J, one real and (s − 1)/2 complex factors, each with a copy while it is made
        run.require_memory(
            "the factors of an implicit step",
            8 * n * n * (2 + 2 * options.stages() as u64),
        )?;
    }
    let mut pulse = Pulse::new(run, start, end);
    pulse.beat(start)?;
    let here = problem.point(start, state.to_vec())?;
    let m = problem.integrals;
    let stepper = Stepper::new(problem, options, Collocation::new(options.stages())?);
    let path = Trajectory {
        method: stepper.method.clone(),
        n: state.len(),
        integrals: m,
        times: vec![start],
        knots: state.iter().copied().chain(std::iter::repeat_n(0.0, m)).collect(),
        stages: Vec::new(),
        quadrature_errors: vec![0.0; m],
        events: Vec::new(),
        end: End::Interval,
        statistics: Statistics::default(),
        global_error: None,
    };
    let mut signs = Vec::with_capacity(problem.events.len());
    for (number, event) in problem.events.iter().enumerate() {
        signs.push(event.value(number, start, state)?);
    }
    let mut scale = Scale::new(options, state);
    if scale.largest() == 0.0 {
        // a state of zeros has the size that its rate gives it in a first step
        let width = options.first_step.unwrap_or(LEAST_SHARE * (end - start));
        scale.admit(&here.rate.iter().map(|v| v * width).collect::<Vec<_>>());
    }
    let course = Course {
        scale,
        counts: vec![0; signs.len()],
        quadratures: vec![0.0; m],
        magnitudes: vec![0.0; m],
        past: None,
        failures: 0,
        trouble: None,
        problem,
        options,
        run,
        pulse,
        stepper,
        here,
        end,
        signs,
        path,
    };
    course.run()
}

impl<S: System> Course<'_, S> {
    fn run(mut self) -> Result<Trajectory, Failure<S::Error>> {
        let mut wanted = self.first_width();
        // whether the Jacobian belongs to the present point, and whether it will do in any case
        let (mut fresh, mut usable) = (false, false);
        let (options, start) = (self.options, self.path.times[0]);
        let mut landings = options.landings.iter().copied().filter(|t| *t > start).peekable();
        while self.here.time < self.end && !self.is_steady() {
            self.pulse.beat(self.here.time)?;
            let target = landings.peek().copied().unwrap_or(self.end);
            let limited = wanted.min(options.largest_step.unwrap_or(f64::INFINITY));
            let remaining = target - self.here.time;
            // a remainder that is only rounding is no step of its own
            let reaches = limited >= remaining * (1.0 - 1e-10);
            let end = if reaches { target } else { self.here.time + limited };
            let width = end - self.here.time;
            self.require_progress(width)?;
            if !usable {
                self.stepper.linearise(&self.here, &self.scale)?;
                fresh = true;
            }
            match self.try_step(end)? {
                Tried::Refused(fraction) => {
                    wanted = width * fraction;
                    usable = fresh;
                }
                Tried::Accepted {
                    next,
                    error,
                    contraction,
                    iterations,
                } => {
                    if self.watch(end)? {
                        break;
                    }
                    let change = self.change(width, error, iterations);
                    fresh = false;
                    usable = contraction <= KEPT_CONTRACTION;
                    let factor = if self.failures > 0 {
                        change.min(1.0)
                    } else if usable && (1.0..=KEPT_GROWTH).contains(&change) {
                        1.0
                    } else {
                        change
                    };
                    // a step cut short by a landing says nothing against the wider one
                    wanted = if reaches {
                        (width * factor).max(wanted)
                    } else {
                        width * factor
                    };
                    self.accept(next, width, error);
                    let bytes = 8 * (self.path.stages.len() + self.path.knots.len() + self.path.times.len());
                    self.run.require_memory("the continuous solution", bytes as u64)?;
                    while landings.peek().is_some_and(|t| *t <= self.here.time) {
                        landings.next();
                    }
                }
            }
        }
        self.path.statistics = self.stepper.statistics;
        Ok(self.path)
    }

    /// Width of the first step: a hundredth of the time in which the state would change by itself, at most.
    fn first_width(&self) -> f64 {
        let interval = self.end - self.here.time;
        if let Some(width) = self.options.first_step {
            return width.min(interval);
        }
        let n = self.here.state.len();
        let mut accepted = vec![0.0; n];
        self.scale.write(&self.here.state, &vec![0.0; n], &mut accepted);
        let largest = |values: &[f64]| {
            values
                .iter()
                .zip(&accepted)
                .map(|(v, a)| v.abs() / a)
                .fold(0.0, f64::max)
        };
        let (size, speed) = (largest(&self.here.state), largest(&self.here.rate));
        let width = 0.01 * (size / speed);
        // nothing there, or nothing moves: the interval is the only scale of time
        if width > 0.0 && width.is_finite() {
            width.min(interval)
        } else {
            LEAST_SHARE * interval
        }
    }

    /// Refuses to go on without hope.
    fn require_progress(&mut self, width: f64) -> Result<(), Failure<S::Error>> {
        let Statistics {
            steps,
            rejected,
            abandoned,
            ..
        } = self.stepper.statistics;
        let time = self.here.time;
        if steps + rejected + abandoned >= self.options.max_steps {
            return Err(Failure::NotConverged {
                time,
                step: width,
                obstacle: Obstacle::Steps,
            });
        }
        if width > 4.0 * f64::EPSILON * time.abs() && self.failures <= MOST_FAILURES {
            return Ok(());
        }
        // the last piece up to a landing may be as short as it likes
        if self.trouble.is_none() && width > 0.0 {
            return Ok(());
        }
        let accuracy = Failure::NotConverged {
            time,
            step: width,
            obstacle: Obstacle::Accuracy,
        };
        Err(self.trouble.take().unwrap_or(accuracy))
    }

    fn refuse(&mut self, trouble: Failure<S::Error>, fraction: f64) -> Tried {
        self.failures += 1;
        self.trouble = Some(trouble);
        Tried::Refused(fraction)
    }

    fn try_step(&mut self, end: f64) -> Result<Tried, Failure<S::Error>> {
        let (time, width) = (self.here.time, end - self.here.time);
        match &self.past {
            Some(past) if self.failures < 2 => self.stepper.predict(&past.stages, 1.0, width / past.width),
            _ => self.stepper.predict_rest(),
        }
        let stuck = |obstacle| Failure::NotConverged {
            time,
            step: width,
            obstacle,
        };
        let attempt =
            self.stepper
                .attempt(&self.here, end, &self.scale, &self.magnitudes, &mut self.pulse)?;
        let (error, contraction, iterations) = match attempt {
            Attempt::Solved {
                error,
                contraction,
                iterations,
            } => (error, contraction, iterations),
            Attempt::Unsolved(fraction) => {
                self.stepper.statistics.abandoned += 1;
                return Ok(self.refuse(stuck(Obstacle::Iteration), fraction));
            }
            Attempt::Undefined(failure) => {
                self.stepper.statistics.abandoned += 1;
                return Ok(self.refuse(failure, 0.25));
            }
        };
        let error = match &self.past {
            Some(past) => error.max(self.stepper.interpolation_error(&past.stages, width / past.width)),
            None => error,
        };
        if !(error < 1.0) {
            self.stepper.statistics.rejected += 1;
            let change = self.change(width, error, iterations).min(0.9);
            let fraction = if self.past.is_none() {
                change.min(0.1)
            } else {
                change
            };
            return Ok(self.refuse(stuck(Obstacle::Accuracy), fraction));
        }
        let gained = self.stepper.gain();
        let state: Vec<f64> = self.here.state.iter().zip(gained).map(|(x, z)| x + z).collect();
        self.stepper.statistics.rates += 1;
        match self.problem.point(end, state) {
            Ok(next) => Ok(Tried::Accepted {
                next,
                error,
                contraction,
                iterations,
            }),
            Err(failure) => {
                self.stepper.statistics.abandoned += 1;
                Ok(self.refuse(failure, 0.25))
            }
        }
    }

    /// Factor from a step's width to the next one's.
    fn change(&self, width: f64, error: f64, iterations: usize) -> f64 {
        let power = 1.0 / (self.stepper.method.stages() + 1) as f64;
        let limit = self.stepper.iteration_limit() as f64;
        let safety = SAFETY * (2.0 * limit + 1.0) / (2.0 * limit + iterations as f64);
        let mut shrink = error.powf(power) / safety.min(SAFETY);
        if let (Some(past), true) = (&self.past, error < 1.0) {
            // Gustafsson: the trend of the error from step to step
            let trend = past.width / width * (error * error / past.error).powf(power) / SAFETY;
            shrink = shrink.max(trend);
        }
        1.0 / shrink.clamp(1.0 / LARGEST_GROWTH, LARGEST_SHRINK)
    }

    /// Whether the rate is small enough to stop.
    fn is_steady(&mut self) -> bool {
        let Some(limit) = self.options.steady_rate else {
            return false;
        };
        let steady = self.here.rate.iter().all(|v| v.abs() <= limit);
        if steady {
            self.path.end = End::Steady;
        }
        steady
    }

    fn accept(&mut self, next: Point, width: f64, error: f64) {
        let piece = self.stepper.piece(&self.here, next.time);
        self.record(&piece);
        for (total, magnitude) in self.magnitudes.iter_mut().zip(&self.stepper.magnitudes) {
            *total += magnitude;
        }
        self.past = Some(Past {
            width,
            error: error.max(1e-2),
            stages: piece.z,
        });
        self.scale.admit(&next.state);
        self.here = next;
        (self.failures, self.trouble) = (0, None);
    }

    /// Appends a piece to the trajectory.
    pub(super) fn record(&mut self, piece: &Piece) {
        let (n, m) = (self.path.n, self.path.integrals);
        for i in 0..self.stepper.method.stages() {
            self.path.stages.extend_from_slice(&piece.z[i * n..(i + 1) * n]);
            self.path.stages.extend_from_slice(&piece.q[i * m..(i + 1) * m]);
        }
        for (total, gained) in self.quadratures.iter_mut().zip(&piece.q[piece.q.len() - m..]) {
            *total += gained;
        }
        for (total, error) in self.path.quadrature_errors.iter_mut().zip(&piece.errors) {
            *total += error;
        }
        self.path.times.push(piece.time);
        self.path.knots.extend_from_slice(&piece.state);
        self.path.knots.extend_from_slice(&self.quadratures);
        self.stepper.statistics.steps += 1;
    }
}

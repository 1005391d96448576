//! Limit cycles: the orbit a motion settles on, its period, its stability, and what one turn costs.
//!
//! The transient is followed from crossing to crossing of a Poincaré section x_s = value (upwards) until returns repeat; then Newton's
//! method on orbit and period together closes it, φ_T(x) = x. The derivative of φ_T (the monodromy) comes from central differences of
//! whole turns; its eigenvalues are the Floquet multipliers, one of which is 1 along the orbit: its deviation measures the accuracy.
//!
//! Over one period Σ̇ integrates to what is dissipated in a turn; the geometric excess does not vanish on the way, though the state returns.
//!
//! Source: Yoshimura, Kolchinsky, Dechant and Ito, Phys. Rev. Research 5, 013017 (2023), for the split along a cycle.

use irrev_numerics::linalg::{LinearSolver, Matrix, eigenvalues};
use irrev_numerics::ode::{self, Direction, Event, Options, Trajectory};
use irrev_numerics::{Convergence, Error as NumericsError, Run, StopReason, Tolerance};
use num_complex::Complex64;

use super::ReactionSystem;
use super::evolution::{EvolutionOptions, integrator};
use super::motion::{Budget, BudgetIntegrand, Motion, failed, relative_distance};
use super::steady_state::time_scale;
use super::subspace::Subspace;
use crate::error::{Error, Result};
use crate::kinetics::Kinetics as _;

/// Where a cycle is cut.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Section {
    /// Dynamic species.
    pub state: usize,
    /// Amount at which it is crossed upwards.
    pub value: f64,
}

/// How a limit cycle is sought.
#[derive(Debug, Clone, PartialEq)]
pub struct LimitCycleOptions {
    /// Poincaré section; default `None` takes the species that varies most, at the middle of its range.
    pub section: Option<Section>,
    /// Returns after which the transient is given up; default 400.
    pub returns: usize,
    /// Longest transient, in the unit of time; default `None` is 10¹² times the shortest time scale at the start.
    pub transient: Option<f64>,
    /// Relative accuracy of the orbit; default 1e-11, with at most 100 000 steps an integration.
    pub tolerance: Tolerance,
}

impl Default for LimitCycleOptions {
    fn default() -> Self {
        Self {
            section: None,
            returns: 400,
            transient: None,
            tolerance: Tolerance {
                relative: 1e-11,
                absolute: 0.0,
                max_iterations: 100_000,
            },
        }
    }
}

/// A periodic orbit.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LimitCycle {
    /// Period T.
    pub period: f64,
    /// Where it was cut.
    pub section: Section,
    /// State at the section.
    pub amounts: Vec<f64>,
    /// What one turn costs.
    pub budget: Budget,
    /// Floquet multipliers on the stoichiometric class, by falling modulus; one is 1.
    pub multipliers: Vec<Complex64>,
    /// Whether all other multipliers lie within the unit circle.
    pub is_stable: bool,
    /// Newton steps, and ‖φ_T(x) − x‖/‖x‖.
    pub convergence: Convergence,
    /// One turn from the section, continuous.
    pub trajectory: Trajectory,
}

/// Longest default transient in units of the shortest time scale.
const LONGEST: f64 = 1e12;

/// Returns this near each other, relative, are handed to Newton's method.
const REPEATED: f64 = 1e-3;

/// Most that the period may change in a step, relative.
const LONGEST_STEP: f64 = 0.1;

/// A crossing this near the orbit's start, relative, is its return.
const SAME_STATE: f64 = 1e-6;

/// Newton steps before giving up.
const STEPS: usize = 12;

/// A multiplier this near 1 is the one along the orbit.
const TRIVIAL: f64 = 1e-3;

/// Size of the differences for the monodromy, relative.
const DIFFERENCE: f64 = 1e-5;

/// Amounts below this part of the largest waver by rounding.
const NOISE: f64 = 1e-6;

/// Crossings of the middle that count as oscillation.
const CROSSINGS: usize = 4;

/// An orbit must extend over this part of its amounts, or it is a steady state approached in a spiral.
const EXTENT: f64 = 1e-4;

/// The limit cycle that a start settles on.
///
/// ```
/// use irrev_network::reactions::{ReactionSystem, limit_cycle::limit_cycle};
/// let brusselator = ReactionSystem::builder().species("X").species("Y")
///     .mass_action("feed", &[], &[("X", 1.0)], 1.0, 1.0)
///     .mass_action("convert", &[("X", 1.0)], &[("Y", 1.0)], 3.0, 0.1)
///     .mass_action("auto", &[("X", 2.0), ("Y", 1.0)], &[("X", 3.0)], 1.0, 0.1)
///     .build()?;
/// let cycle = limit_cycle(&brusselator, &[1.0, 2.0], &Default::default(), &Default::default())?;
/// assert!((cycle.period - 6.057370679692582).abs() < 1e-8);
/// assert!((cycle.budget.excess - 1.577006853014716).abs() < 1e-7);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`], [`Error::Domain`]; [`Error::NoLimitCycle`] if no oscillation is seen; not converged; cancelled.
pub fn limit_cycle(
    system: &ReactionSystem,
    start: &[f64],
    options: &LimitCycleOptions,
    run: &Run<'_>,
) -> Result<LimitCycle> {
    system.network().check_states("initial amounts", start)?;
    if system.depends_on_time() {
        return Err(Error::NoLimitCycle {
            reason: "the rates depend on time, so there is no autonomous cycle".into(),
        });
    }
    let motion = Motion::new(system);
    let settings = EvolutionOptions {
        tolerance: options.tolerance,
        ..EvolutionOptions::default()
    };
    let solver = integrator(&settings);
    let (section, from, period) = settled(system, &motion, start, options, run)?;
    let orbit = Orbit {
        system,
        motion: &motion,
        solver,
        run,
        subspace: Subspace::new(system),
        section,
    };
    orbit.closed(from, period)
}

/// Follows the transient until returns to the section repeat: section, state there, period.
fn settled(
    system: &ReactionSystem,
    motion: &Motion<'_>,
    start: &[f64],
    options: &LimitCycleOptions,
    run: &Run<'_>,
) -> Result<(Section, Vec<f64>, f64)> {
    let coarse = integrator(&EvolutionOptions {
        tolerance: Tolerance {
            relative: 1e-8,
            ..options.tolerance
        },
        ..EvolutionOptions::default()
    });
    let shortest = time_scale(system, start)?;
    let longest = options.transient.unwrap_or(LONGEST * shortest);
    let (section, mut x) = match options.section {
        Some(section) => {
            if section.state >= start.len() {
                return Err(Error::Unknown {
                    what: "dynamic species",
                    name: section.state.to_string(),
                });
            }
            (section, start.to_vec())
        }
        None => chosen_section(motion, start, [shortest, longest], &coarse, run)?,
    };
    let mut before: Option<Vec<f64>> = None;
    let (mut elapsed, mut returns) = (0.0, 0);
    while elapsed < longest && returns < options.returns {
        let crossing = Event::new(Direction::Rising, move |_, x: &[f64]| {
            Ok(x[section.state] - section.value)
        });
        let path = ode::Problem::new(motion)
            .with_event(crossing.terminal(1))
            .solve(0.0, &x, longest - elapsed, &coarse, run)
            .map_err(failed)?;
        let duration = path.time();
        elapsed += duration;
        let Some(event) = path.events().first() else {
            break;
        };
        returns += 1;
        x = event.state.clone();
        if let Some(last) = &before
            && relative_distance(last, &x) < REPEATED
        {
            return Ok((section, x, duration));
        }
        before = Some(x.clone());
    }
    Err(Error::NoLimitCycle {
        reason: format!(
            "{returns} crossings of {} = {} upwards within time {elapsed:e} did not come to repeat",
            system.state_names()[section.state],
            section.value
        ),
    })
}

/// The section of the species that oscillates most, found by following the motion ten times longer each time.
fn chosen_section(
    motion: &Motion<'_>,
    start: &[f64],
    [shortest, longest]: [f64; 2],
    solver: &Options,
    run: &Run<'_>,
) -> Result<(Section, Vec<f64>)> {
    let (mut x, mut span) = (start.to_vec(), shortest);
    while span <= longest {
        let path = ode::solve(motion, 0.0, &x, span, solver, run).map_err(failed)?;
        x = path.state().to_vec();
        if let Some(section) = oscillation(&path) {
            return Ok((section, x));
        }
        span *= 10.0;
    }
    Err(Error::NoLimitCycle {
        reason: format!("no species keeps oscillating within time {longest:e}"),
    })
}

/// The species that varies most in the second half of a motion, relative to its largest amount, cut at the middle of its range; `None`
/// if none crosses its middle again and again: a drift across the range is no oscillation.
pub(super) fn oscillation(path: &Trajectory) -> Option<Section> {
    let begin = 0.5 * (path.times()[0] + path.time());
    let later: Vec<usize> = (0..path.times().len())
        .filter(|k| path.times()[*k] >= begin)
        .collect();
    let largest = path.state().iter().fold(0.0_f64, |m, v| m.max(*v));
    let varying = (0..path.state().len()).filter_map(|state| {
        let series: Vec<f64> = later.iter().map(|&k| path.state_after(k)[state]).collect();
        let (low, high) = range(series.iter().copied());
        let value = 0.5 * (low + high);
        let crossings = series
            .windows(2)
            .filter(|w| w[0] < value && w[1] >= value)
            .count();
        let extent = (high - low) / high.max(f64::MIN_POSITIVE);
        (crossings >= CROSSINGS && extent > EXTENT && high > NOISE * largest)
            .then_some((extent, Section { state, value }))
    });
    varying
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, section)| section)
}

/// Smallest and largest of non-negative values.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, 0.0_f64), |(low, high), v| {
        (low.min(v), high.max(v))
    })
}

struct Orbit<'a> {
    system: &'a ReactionSystem,
    motion: &'a Motion<'a>,
    solver: Options,
    run: &'a Run<'a>,
    subspace: Subspace,
    section: Section,
}

impl Orbit<'_> {
    fn after(&self, x: &[f64], time: f64) -> Result<Vec<f64>> {
        let path = ode::solve(self.motion, 0.0, x, time, &self.solver, self.run).map_err(failed)?;
        Ok(path.state().to_vec())
    }

    /// ∂φ_T/∂x on the stoichiometric class, by central differences along its basis.
    fn monodromy(&self, x: &[f64], period: f64) -> Result<Matrix> {
        let size = DIFFERENCE * super::bounds::dot(x, x).sqrt();
        let mut columns = Vec::with_capacity(self.subspace.dimension());
        for u in self.subspace.basis() {
            // no amount may become negative
            let room = x
                .iter()
                .zip(u)
                .filter(|(_, u)| **u != 0.0)
                .map(|(x, u)| 0.5 * x / u.abs());
            let h = room.fold(size, f64::min).max(1e-3 * size);
            let moved = |sign: f64| -> Vec<f64> {
                x.iter()
                    .zip(u)
                    .map(|(x, u)| (x + sign * h * u).max(0.0))
                    .collect()
            };
            let (up, down) = (
                self.after(&moved(1.0), period)?,
                self.after(&moved(-1.0), period)?,
            );
            let difference: Vec<f64> = up.iter().zip(&down).map(|(a, b)| (a - b) / (2.0 * h)).collect();
            columns.push(self.subspace.reduced(&difference));
        }
        let r = columns.len();
        Ok(Matrix::from_fn(r, r, |i, j| columns[j][i]))
    }

    /// Newton's method for (M − 1) δ + ẋ δT = −(φ_T(x) − x) with the section kept: δ_s = value − x_s.
    fn closed(&self, from: Vec<f64>, period: f64) -> Result<LimitCycle> {
        let (mut x, mut period) = (from, period);
        let n = x.len();
        let r = self.subspace.dimension();
        let mut monodromy = self.monodromy(&x, period)?;
        let mut rate = vec![0.0; n];
        let target = 100.0 * self.solver.relative;
        let (mut best, mut before) = (f64::INFINITY, f64::INFINITY);
        for iterations in 0..STEPS {
            let end = self.after(&x, period)?;
            let gap: Vec<f64> = x.iter().zip(&end).map(|(x, e)| x - e).collect();
            let residual = relative_distance(&x, &end);
            best = best.min(residual);
            let on_section = (x[self.section.state] - self.section.value).abs()
                <= 4.0 * f64::EPSILON * self.section.value.abs();
            // below the target one more step is taken, for what it still gains
            if residual <= target
                && on_section
                && (residual >= 0.5 * before || residual <= self.solver.relative)
            {
                let once = self.first_return(&x, period)?;
                return self.judged(&x, once, iterations, residual, target);
            }
            if residual > 0.1 * before {
                monodromy = self.monodromy(&x, period)?;
            }
            before = residual;
            self.system.rate_of_change(0.0, &end, &mut rate)?;
            let along = self.subspace.reduced(&rate);
            let bordered = Matrix::from_fn(r + 1, r + 1, |i, j| match (i < r, j < r) {
                (true, true) => monodromy[(i, j)] - if i == j { 1.0 } else { 0.0 },
                (true, false) => along[i],
                (false, true) => self.subspace.basis()[j][self.section.state],
                (false, false) => 0.0,
            });
            let mut right = self.subspace.reduced(&gap);
            right.push(self.section.value - x[self.section.state]);
            let solved = LinearSolver::new(bordered)?.solve(&right)?.x;
            let step = self.subspace.full(&solved[..r], n);
            // a longer step in the period could land on a multiple of it, which closes the orbit as well
            let length = (LONGEST_STEP * period / solved[r].abs()).min(1.0);
            x.iter_mut()
                .zip(&step)
                .for_each(|(x, d)| *x = (*x + length * d).max(0.0));
            // rounding of the step must not leave the section
            x[self.section.state] = self.section.value;
            period += length * solved[r];
            if !(period > 0.0) {
                break;
            }
        }
        Err(NumericsError::NotConverged {
            what: "the limit cycle",
            convergence: Convergence {
                iterations: STEPS,
                residual: best,
                target,
                reason: StopReason::IterationLimit,
            },
        }
        .into())
    }

    /// The time of the first return to x within a period that may be a multiple of the least one.
    fn first_return(&self, x: &[f64], period: f64) -> Result<f64> {
        let Section { state, value } = self.section;
        let crossing = Event::new(Direction::Rising, move |_, x: &[f64]| Ok(x[state] - value));
        let path = ode::Problem::new(self.motion)
            .with_event(crossing)
            .solve(0.0, x, period * (1.0 + REPEATED), &self.solver, self.run)
            .map_err(failed)?;
        let returned = path
            .events()
            .iter()
            .find(|event| relative_distance(x, &event.state) < SAME_STATE);
        Ok(returned.map_or(period, |event| event.time))
    }

    fn judged(
        &self,
        x: &[f64],
        period: f64,
        iterations: usize,
        residual: f64,
        target: f64,
    ) -> Result<LimitCycle> {
        let integrand = BudgetIntegrand::new(self.system)?;
        let precise = Options {
            error_estimate: self.solver.relative >= 1e-12,
            ..self.solver.clone()
        };
        let trajectory = integrand
            .problem(self.motion)
            .solve(0.0, x, period, &precise, self.run)
            .map_err(failed)?;
        let extent = (0..x.len()).fold(0.0_f64, |most, s| {
            let (low, high) = range((0..trajectory.times().len()).map(|k| trajectory.state_after(k)[s]));
            most.max((high - low) / high.max(f64::MIN_POSITIVE))
        });
        if extent < EXTENT {
            return Err(Error::NoLimitCycle {
                reason: "the motion spirals into a steady state".into(),
            });
        }
        let mut multipliers = eigenvalues(&self.monodromy(x, period)?)?.values;
        multipliers.sort_by(|a, b| b.norm().total_cmp(&a.norm()));
        let trivial = (0..multipliers.len()).min_by(|a, b| {
            let from_one = |k: usize| (multipliers[k] - 1.0).norm();
            from_one(*a).total_cmp(&from_one(*b))
        });
        let others = multipliers
            .iter()
            .enumerate()
            .filter(|(k, _)| Some(*k) != trivial);
        let is_stable = others.map(|(_, m)| m.norm()).all(|m| m < 1.0);
        if let Some(k) = trivial
            && (multipliers[k] - 1.0).norm() > TRIVIAL
        {
            return Err(NumericsError::NotConverged {
                what: "the monodromy of the limit cycle (no multiplier is 1)",
                convergence: Convergence {
                    iterations,
                    residual: (multipliers[k] - 1.0).norm(),
                    target: TRIVIAL,
                    reason: StopReason::Breakdown,
                },
            }
            .into());
        }
        Ok(LimitCycle {
            period,
            section: self.section,
            amounts: x.to_vec(),
            budget: integrand.budget(&trajectory, residual),
            multipliers,
            is_stable,
            convergence: Convergence {
                iterations,
                residual,
                target,
                reason: StopReason::Converged,
            },
            trajectory,
        })
    }
}

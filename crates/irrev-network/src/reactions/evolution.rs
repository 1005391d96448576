//! Concentrations over time, and what the change costs.
//!
//! dx/dt = S J from a start, by a stiff integrator with dense output; the entropy production, its geometric parts, the length of the
//! path and the extents of reaction are integrals controlled by the same tolerance. With the diffusions they give the speed limit of every
//! species, τ ≥ 2 Δx_i²/(Σ D̄_i).
//!
//! A species that starts at zero makes Σ̇ diverge as −ln t: integrable, and no stage of the integrator lies at the start.

use irrev_numerics::ode::{self, Absolute, Failure, Options};
use irrev_numerics::{Convergence, Run, StopReason, Tolerance};

use super::ReactionSystem;
use super::bounds::speed_limit;
use super::motion::{Budget, BudgetIntegrand, Motion, failed, floored_flow};
use crate::decomposition::{GeometricDecomposition, geometric_decomposition};
use crate::error::{Error, Result};
use crate::flow::Flow;
use crate::kinetics::Kinetics as _;

/// How an evolution is followed.
#[derive(Debug, Clone, PartialEq)]
pub struct EvolutionOptions {
    /// Times at which the state is returned, ascending, within [0, duration]; default none.
    pub times: Vec<f64>,
    /// Local accuracy of amounts and integrals (relative; default 1e-10); `max_iterations` bounds the steps (default 100 000).
    pub tolerance: Tolerance,
    /// Share of the largest amount below which relative accuracy of a species is given up; default 1e-8.
    pub smallest_share: f64,
    /// Whether the budget of the dissipation is integrated too; default yes.
    pub budget: bool,
    /// Whether the error at the end is found by a tighter repetition; default no.
    pub error_estimate: bool,
}

impl Default for EvolutionOptions {
    fn default() -> Self {
        Self {
            times: Vec::new(),
            tolerance: Tolerance {
                relative: 1e-10,
                absolute: 0.0,
                max_iterations: 100_000,
            },
            smallest_share: 1e-8,
            budget: true,
            error_estimate: false,
        }
    }
}

/// A motion over [0, duration].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Evolution {
    /// The times asked for.
    pub times: Vec<f64>,
    /// Amounts of the dynamic species at those times.
    pub amounts: Vec<Vec<f64>>,
    /// Amounts at the end.
    pub final_amounts: Vec<f64>,
    /// What the motion cost, if asked for.
    pub budget: Option<Budget>,
    /// Lower bound on the duration from each species, with the entropy production of the counted reactions; 0 for a species that follows a
    /// rate of its own, which no dissipation limits; empty without budget.
    pub speed_limits: Vec<f64>,
    /// Error of every final amount, if asked for.
    pub final_errors: Option<Vec<f64>>,
    /// Steps, and the global error in units of the local tolerance (0 if it was not asked for).
    pub convergence: Convergence,
    /// The continuous solution.
    pub trajectory: ode::Trajectory,
}

/// Follows dx/dt = S J from `start` over [0, duration].
///
/// ```
/// use irrev_network::reactions::{ReactionSystem, evolution::evolve};
/// let enzyme = ReactionSystem::builder()
///     .species("E").species("S").species("ES").species("P")
///     .mass_action("bind", &[("E", 1.0), ("S", 1.0)], &[("ES", 1.0)], 2.0, 0.5)
///     .mass_action("release", &[("ES", 1.0)], &[("E", 1.0), ("P", 1.0)], 1.0, 0.3)
///     .build()?;
/// let path = evolve(&enzyme, &[1.0, 2.0, 0.01, 0.01], 1.0, &Default::default(), &Default::default())?;
/// assert!((path.budget.unwrap().entropy_production - 3.872988548727452).abs() < 1e-8);
/// assert!(path.speed_limits.iter().all(|limit| *limit <= 1.0));
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Length`], [`crate::Error::Domain`] for negative amounts or times out of range; [`crate::Error::Evolution`] if the
/// integrator cannot go on, [`crate::Error::Unbounded`] or [`crate::Error::RateNotFinite`] with the species where it can be told;
/// whatever the laws report, with the time; cancelled.
pub fn evolve(
    system: &ReactionSystem,
    start: &[f64],
    duration: f64,
    options: &EvolutionOptions,
    run: &Run<'_>,
) -> Result<Evolution> {
    system.network().check_states("initial amounts", start)?;
    for (name, &value) in system.state_names().iter().zip(start) {
        let fits = value.is_finite() && value >= 0.0;
        crate::require(
            &format!("the initial amount of {name}"),
            value,
            fits,
            "a non-negative number",
        )?;
    }
    let fits = duration.is_finite() && duration >= 0.0;
    crate::require("duration", duration, fits, "a finite time from 0 on")?;
    let motion = Motion::new(system);
    let integrator = integrator(options);
    let with_budget = options.budget && !system.counted().is_empty();
    let integrand = BudgetIntegrand::new(system)?;
    let problem = if with_budget {
        integrand.problem(&motion)
    } else {
        ode::Problem::new(&motion)
    };
    let landed = Options {
        landings: options.times.clone(),
        ..integrator.clone()
    };
    let trajectory = match problem.solve(0.0, start, duration, &landed, run) {
        Ok(trajectory) => trajectory,
        Err(failure) => return Err(not_followed(&motion, start, failure, &integrator, run)),
    };
    let mut amounts = Vec::with_capacity(options.times.len());
    for &time in &options.times {
        amounts.push(trajectory.at(time)?);
    }
    let final_amounts = trajectory.state().to_vec();
    let budget = with_budget.then(|| integrand.budget(&trajectory, 0.0));
    let speed_limits = budget.as_ref().map_or_else(Vec::new, |budget| {
        let moved = (0..start.len()).map(|k| match system.is_external(system.dynamic()[k]) {
            true => 0.0,
            false => final_amounts[k] - start[k],
        });
        moved
            .zip(&budget.diffusion)
            .map(|(change, &d)| speed_limit(change, budget.entropy_production, d, duration))
            .collect()
    });
    let global = trajectory.global_error();
    Ok(Evolution {
        times: options.times.clone(),
        amounts,
        budget,
        speed_limits,
        final_errors: global.map(|g| g.state.clone()),
        convergence: Convergence {
            iterations: trajectory.statistics().steps,
            residual: global.map_or(0.0, |g| g.scaled),
            // the local tolerance is met step by step; errors of many steps add up
            target: f64::INFINITY,
            reason: StopReason::Converged,
        },
        final_amounts,
        trajectory,
    })
}

/// Parts of the time that was reached at which a motion is looked at again, to see whether it grows without bound.
const BEFORE_THE_END: [f64; 2] = [0.99, 0.999];

/// Growth between those that nothing but a pole or an overflow shows: a pole of order one grows tenfold.
const UNBOUNDED_GROWTH: f64 = 2.0;

/// Why a motion could not be followed to its end, in the words of chemistry: which species, when, and what became of it.
pub(super) fn not_followed(
    motion: &Motion<'_>,
    start: &[f64],
    failure: Failure<Error>,
    integrator: &Options,
    run: &Run<'_>,
) -> Error {
    let time = match &failure {
        Failure::System { time, .. }
        | Failure::NotFinite { time, .. }
        | Failure::NotConverged { time, .. } => *time,
        // wrong input and cancelled runs say nothing about the motion
        other => return failed(other.clone()),
    };
    if let Some(unbounded) = unbounded(motion, start, time, integrator, run) {
        return unbounded;
    }
    match failure {
        Failure::NotFinite {
            what: "rate",
            component,
            value,
            ..
        } => Error::RateNotFinite {
            species: motion
                .system
                .state_names()
                .get(component)
                .cloned()
                .unwrap_or_default(),
            time,
            value,
        },
        failure => failed(failure),
    }
}

/// The species that grows without bound towards a time, if one does.
fn unbounded(
    motion: &Motion<'_>,
    start: &[f64],
    time: f64,
    integrator: &Options,
    run: &Run<'_>,
) -> Option<Error> {
    let [time_before, end] = BEFORE_THE_END.map(|part| part * time);
    let again = Options {
        landings: vec![time_before, end],
        ..integrator.clone()
    };
    let path = ode::Problem::new(motion)
        .solve(0.0, start, end, &again, run)
        .ok()?;
    let (before, last) = (path.at(time_before).ok()?, path.at(end).ok()?);
    let largest_at_start = start.iter().fold(0.0_f64, |most, x| most.max(*x));
    let growth = |k: usize| last[k] / before[k];
    let grows = |k: &usize| last[*k] > largest_at_start && growth(*k) > UNBOUNDED_GROWTH;
    let fastest = (0..last.len())
        .filter(grows)
        .max_by(|&a, &b| growth(a).total_cmp(&growth(b)))?;
    Some(Error::Unbounded {
        species: motion.system.state_names()[fastest].clone(),
        time: time_before,
        amount: before[fastest],
        end,
        last: last[fastest],
    })
}

pub(super) fn integrator(options: &EvolutionOptions) -> Options {
    let absolute = if options.tolerance.absolute > 0.0 {
        Absolute::Same(options.tolerance.absolute)
    } else {
        Absolute::Share(options.smallest_share)
    };
    Options {
        relative: options.tolerance.relative,
        absolute,
        // integrals that have died out need no relative accuracy of what is left of them
        integral: 1e-3 * options.tolerance.relative,
        max_steps: options.tolerance.max_iterations,
        error_estimate: options.error_estimate,
        ..Options::default()
    }
}

/// Flow and geometric split at a state of an evolution, whose amounts may be negative by rounding.
///
/// # Errors
/// As [`ReactionSystem::flow`] and [`geometric_decomposition`].
pub fn flow_and_split(
    system: &ReactionSystem,
    time: f64,
    x: &[f64],
) -> Result<(Flow, GeometricDecomposition)> {
    let flow = floored_flow(system, time, x)?;
    let split = geometric_decomposition(&flow)?;
    Ok((flow, split))
}

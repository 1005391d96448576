//! Speed of amounts of species, beside the Gibbs energy that drives them.

use irrev_numerics::special::log_ratio;
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::{Run, Tolerance};

use super::fisher::fisher_information;
use super::length::{StatisticalLength, geodesic_between_amounts, integrated};
use super::relaxation::check_window;
use crate::error::Result;
use crate::reactions::ReactionSystem;
use crate::reactions::dual_coordinates::divergence;
use crate::reactions::evolution::{EvolutionOptions, evolve};
use crate::reactions::steady_state::relaxed_steady_state;

/// A force below this is that of an equilibrium which is known to the accuracy of steady states.
const AT_EQUILIBRIUM: f64 = 1e-9;

/// Panels of the time that a length begins with: halvings towards the start.
const HALVINGS: i32 = 40;

/// What stands for an amount that rounding made negative, relative to the largest.
const FLOOR: f64 = 1e-140;

/// What is asked of a motion of amounts.
#[derive(Debug, Clone, PartialEq)]
pub struct ReactionSpeedOptions {
    /// Times from the start, ascending, at most the end of the window; default none.
    pub times: Vec<f64>,
    /// Amounts x° that the divergence is taken from; default: the steady state that the start relaxes to.
    pub reference: Option<Vec<f64>>,
    /// Accuracy of length and action (relative; default 1e-9); gives up after 4000 panels. The motion is followed ten times as accurately.
    pub tolerance: Tolerance,
}

impl Default for ReactionSpeedOptions {
    fn default() -> Self {
        Self {
            times: Vec::new(),
            reference: None,
            tolerance: Tolerance {
                relative: 1e-9,
                absolute: 1e-13,
                max_iterations: 4000,
            },
        }
    }
}

/// Amounts at one time and how fast they change.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ReactionSpeedAt {
    /// Time from the start.
    pub time: f64,
    /// x of the dynamic species.
    pub amounts: Vec<f64>,
    /// Σ ẋ²/x, in amount per time².
    pub speed_squared: f64,
    /// Σ̇ of the counted reactions, in nats times amount per time.
    pub entropy_production_rate: f64,
    /// D(x‖x°) = Σ x ln(x/x°) − x + x°, in amount: the Gibbs energy above x° in units of RT, if x° is an equilibrium.
    pub divergence: f64,
    /// −dD/dt = −Σ ẋ ln(x/x°), in amount per time: −dG/dt if x° is an equilibrium, and then Σ̇ in a closed system.
    pub divergence_decay: f64,
}

/// A motion of amounts in the geometry of positive measures.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ReactionSpeed {
    /// The times asked for.
    pub at: Vec<ReactionSpeedAt>,
    /// Length in √amount, action in amount per time, and 2‖√x − √x'‖ between the ends.
    pub path: StatisticalLength,
    /// x°.
    pub reference: Vec<f64>,
    /// Whether no reaction runs at x°, so that D is a Gibbs energy.
    pub reference_is_equilibrium: bool,
    /// Names of the species that are absent at the beginning of the window and made at once, which makes the action infinite.
    pub filling: Vec<String>,
}

/// Follows ẋ = S J from `start` at time 0, and measures its path over the window (from, to).
///
/// ```
/// use irrev_network::information::time::{ReactionSpeedOptions, speed_of_reactions};
/// use irrev_network::reactions::ReactionSystem;
/// let exchange = ReactionSystem::builder().species("A").species("B").mass_action("r", &[("A", 1.0)], &[("B", 1.0)], 1.0, 0.5).build()?;
/// let options = ReactionSpeedOptions { times: vec![0.0], ..Default::default() };
/// let speed = speed_of_reactions(&exchange, &[3.0, 0.0], (0.0, 2.0), &options, &Default::default())?;
/// let arc = |t: f64| 2.0 * 3.0_f64.sqrt() * ((2.0 - 2.0 * (-1.5 * t).exp()) / 3.0_f64).sqrt().asin();   // B moves on an arc
/// assert!((speed.path.length.value - arc(2.0)).abs() < 1e-7 && speed.filling == ["B"]);
/// assert!(speed.reference_is_equilibrium);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// Source: Yoshimura and Ito, Phys. Rev. Research 3, 013175 (2021).
///
/// # Errors
/// As [`evolve`] and [`relaxed_steady_state`]; [`crate::Error::Length`], [`crate::Error::Domain`] for times, a window or a reference out of range; not converged.
pub fn speed_of_reactions(
    system: &ReactionSystem,
    start: &[f64],
    window: (f64, f64),
    options: &ReactionSpeedOptions,
    run: &Run<'_>,
) -> Result<ReactionSpeed> {
    check_window(window)?;
    let reference = match &options.reference {
        Some(amounts) => amounts.clone(),
        None => relaxed_steady_state(system, start, run)?.amounts,
    };
    let forces = system.flow(0.0, &reference)?.force();
    let followed = EvolutionOptions {
        times: options.times.clone(),
        tolerance: Tolerance {
            relative: 0.1 * options.tolerance.relative,
            max_iterations: EvolutionOptions::default().tolerance.max_iterations,
            absolute: 0.0,
        },
        budget: false,
        ..EvolutionOptions::default()
    };
    let evolution = evolve(system, start, window.1, &followed, run)?;
    let rate_at = |time: f64, x: &[f64]| -> Result<Vec<f64>> {
        let mut rate = vec![0.0; x.len()];
        system.rate_of_change(time, x, &mut rate)?;
        Ok(rate)
    };
    let mut at = Vec::with_capacity(options.times.len());
    for (&time, amounts) in options.times.iter().zip(&evolution.amounts) {
        let x = not_negative(amounts);
        let rate = rate_at(time, &x)?;
        let logarithms = x.iter().zip(&reference).map(|(&x, &r)| log_ratio(x, r));
        let decay = rate.iter().zip(logarithms);
        let decay = decay.map(|(&v, l)| if v == 0.0 { 0.0 } else { -v * l });
        at.push(ReactionSpeedAt {
            time,
            speed_squared: fisher_information(&x, &rate)?,
            entropy_production_rate: system.flow(time, &x)?.entropy_production_rate(),
            divergence: divergence(&x, &reference),
            divergence_decay: compensated_sum(decay),
            amounts: amounts.clone(),
        });
    }
    let (from, to) = window;
    let state = |time: f64| evolution.trajectory.at(time);
    let (first, last) = (not_negative(&state(from)?), not_negative(&state(to)?));
    let first_rate = rate_at(from, &first)?;
    let filling: Vec<String> = (0..first.len())
        .filter(|&i| first[i] == 0.0 && first_rate[i] != 0.0)
        .map(|i| system.state_names()[i].clone())
        .collect();
    let duration = to - from;
    let mut breaks = vec![0.0];
    breaks.extend((0..=HALVINGS).rev().map(|k| duration * 0.5_f64.powi(k)));
    let infinite = !filling.is_empty();
    let ([length, action], _) = integrated(&breaks, options.tolerance, infinite, |t| {
        run.report(t / duration, "length of the path")?;
        let time = (from + t).min(to);
        let x = floored(&state(time)?);
        fisher_information(&x, &rate_at(time, &x)?)
    })?;
    Ok(ReactionSpeed {
        at,
        path: StatisticalLength {
            duration,
            length,
            action,
            geodesic: geodesic_between_amounts(&first, &last)?,
        },
        reference_is_equilibrium: forces.iter().all(|force| force.abs() <= AT_EQUILIBRIUM),
        reference,
        filling,
    })
}

/// Amounts that an integrator may have left below zero, lifted to what has no weight.
fn floored(x: &[f64]) -> Vec<f64> {
    let largest = x.iter().fold(0.0_f64, |most, x| most.max(*x));
    x.iter().map(|x| x.max(FLOOR * largest)).collect()
}

fn not_negative(x: &[f64]) -> Vec<f64> {
    x.iter().map(|x| x.max(0.0)).collect()
}

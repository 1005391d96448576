//! Speed limits of a deterministic reaction network: what a change of its state dissipates at least in a given time.
//!
//! Along the motion x(t), 0 ≤ t ≤ τ, of ẋ = S J with the Onsager coefficients L of the reactions:
//!
//! ```text
//! W₂²/τ ≤ ℓ²/τ ≤ Σ_ex ≤ Σ,   ℓ = ∫√Σ̇_ex dt,      and for every species   2 (Δx_i)²/∫D_i dt ≤ Σ_ex ≤ Σ.
//! ```
//!
//! W₂ is the length of the shortest path between the ends. Where only a locally shortest path is known, W₂ may be less than its length, and the bounds by W₂
//! say that they lack it; those by ℓ and by species need no distance. Volume 1, so that Σ is in nats times amount.
//!
//! Sources: Yoshimura, Kolchinsky, Dechant and Ito, Phys. Rev. Research 5, 013017 (2023); Yoshimura and Ito, Phys. Rev. Lett. 127, 160601 (2021).

use super::bound::{Bound, Cost, Side, Sides, Unmet};
use super::species::{one_way, species_speed_limits};
use super::speed_limit::proven;
use super::transport_limit::WASSERSTEIN;
use crate::error::Result;
use crate::reactions::evolution::Evolution;
use crate::reactions::{Budget, ReactionSystem};
use crate::transport::{Optimality, ReactionGeodesic};

/// A change of an amount below this part of it is a rounding error.
const ROUNDING: f64 = 64.0 * f64::EPSILON;

/// Speed limits of a motion from `start`, by its length, by a shortest path between its ends if one is given, and by every species; empty for an evolution
/// without budget.
///
/// ```
/// use irrev_network::bounds::{Cost, reaction_speed_limits};
/// use irrev_network::reactions::{ReactionSystem, evolution::evolve};
/// use irrev_network::transport::reaction_geodesic;
/// use irrev_numerics::Run;
/// // one direction of change, so that the shortest path is known to be the shortest
/// let system = ReactionSystem::builder().species("X")
///     .mass_action("pair", &[("X", 2.0)], &[("X", 3.0)], 3.0, 0.6)
///     .mass_action("feed", &[], &[("X", 1.0)], 0.25, 2.95)
///     .build()?;
/// let (start, run) = ([3.0], Run::default());
/// let motion = evolve(&system, &start, 0.5, &Default::default(), &run)?;
/// let shortest = reaction_geodesic(&system, &start, &motion.final_amounts, &Default::default(), &run)?;
/// let limits = reaction_speed_limits(&system, &start, 0.5, &motion, shortest.geodesic())?;
/// assert!(limits.iter().all(|limit| limit.holds()));
/// let nearest = limits.iter().find(|limit| limit.name == "wasserstein2" && limit.cost == Cost::Excess).unwrap();
/// assert!(nearest.sides().unwrap().tightness().unwrap() > 0.5);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Length`] unless there is one start per dynamic species.
pub fn reaction_speed_limits(
    system: &ReactionSystem,
    start: &[f64],
    duration: f64,
    evolution: &Evolution,
    shortest: Option<&ReactionGeodesic>,
) -> Result<Vec<Bound>> {
    let species = species_speed_limits(system, start, duration, evolution)?;
    let Some(budget) = &evolution.budget else {
        return Ok(species);
    };
    let side = |value, error| Side { value, error };
    let [of_whole, of_excess, _, of_length] = budget.errors;
    let whole = side(budget.entropy_production, of_whole);
    let time = Side::exact(duration);
    let (excess, length) = match is_at_rest(budget, evolution) {
        true => (
            side(0.0, budget.excess + of_excess),
            side(0.0, budget.wasserstein_length + of_length),
        ),
        false => (
            side(budget.excess, of_excess),
            side(budget.wasserstein_length, of_length),
        ),
    };
    let steady = length.squared_over(time);
    let both_ways = match budget.one_way.is_empty() {
        true => Ok(()),
        false => Err(one_way(system, evolution)?),
    };
    let row = |name, cost, formula, sides: Result<Sides, Unmet>| Bound {
        name,
        subject: None,
        cost,
        formula,
        source: WASSERSTEIN,
        outcome: both_ways.clone().and(sides),
    };
    let mut rows = vec![
        row(
            "excess_part",
            Cost::EntropyProduction,
            "Σ_ex",
            Ok(Sides::new(whole, excess)),
        ),
        row(
            "constant_speed",
            Cost::Excess,
            "ℓ²/τ",
            Ok(Sides::new(excess, steady).within(duration)),
        ),
    ];
    if let Some(path) = shortest {
        let least = match path.optimality() {
            Optimality::Global => Ok(distance(path).squared_over(time)),
            _ => Err(Unmet::LocalGeodesic),
        };
        for (name, cost, paid) in [
            ("geodesic", Cost::ConstantSpeed, steady),
            ("wasserstein2", Cost::Excess, excess),
            ("wasserstein2", Cost::EntropyProduction, whole),
        ] {
            let sides = least
                .clone()
                .map(|least| Sides::new(paid, least).within(duration));
            rows.push(row(name, cost, "W₂²/τ", sides));
        }
    }
    rows.extend(species);
    Ok(rows)
}

/// Whether no amount moved that the numerics could tell from rounding: with its excess a species can have moved by (Σ_ex ∫D_i dt/2)^½ at most.
fn is_at_rest(budget: &Budget, evolution: &Evolution) -> bool {
    let amounts = evolution.final_amounts.iter().zip(&budget.diffusion);
    amounts.enumerate().all(|(i, (amount, diffusion))| {
        let known = evolution.final_errors.as_ref().map_or(0.0, |errors| errors[i]);
        let moved = (0.5 * budget.excess.max(0.0) * diffusion).sqrt();
        moved <= known.max(ROUNDING * amount.abs())
    })
}

/// W₂ as what a shortest path leaves of it: its length, less what discretisation and quadrature may have added.
fn distance(path: &ReactionGeodesic) -> Side {
    let upper = path.length() + path.length_error();
    proven(path.length() - path.excess() - path.length_error(), upper, 0.0)
}

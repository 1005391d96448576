//! Bounds on amounts of species in a deterministic reaction network, as records.
//!
//! With the scaled diffusion D_i = Σ_r S_ir² (j⁺ + j⁻) of species i:
//!
//! ```text
//! Σ ≥ Σ_ex ≥ 2 (Δx_i)²/∫D_i dt    over an interval,      Σ̇ ≥ Σ̇_ex ≥ 2 ẋ_i²/D_i    at one instant.
//! ```
//!
//! Both hold for the excess, since the excess currents move every species alike. The numbers are those of
//! [`reactions::bounds`](crate::reactions::bounds). Conventions: volume 1, so that Σ is in nats times amount; the 2 fixes the normalisation of D.
//!
//! Source: Yoshimura and Ito, Phys. Rev. Lett. 127, 160601 (2021).

use super::bound::{Bound, Cost, Side, Sides, Unmet};
use crate::decomposition::geometric_decomposition;
use crate::error::Result;
use crate::flow::Flow;
use crate::kinetics::Kinetics;
use crate::reactions::ReactionSystem;
use crate::reactions::bounds::scaled_diffusion;
use crate::reactions::evolution::Evolution;

const SOURCE: &str = "Yoshimura and Ito, Phys. Rev. Lett. 127, 160601 (2021)";

/// Speed limits of every dynamic species that reactions move along an evolution from `start`, on the excess and on the entropy production; empty for an
/// evolution without budget. A species that follows a rate of its own is limited by no dissipation, and has none.
///
/// ```
/// use irrev_network::reactions::{ReactionSystem, evolution::evolve};
/// use irrev_network::bounds::species_speed_limits;
/// let system = ReactionSystem::builder().species("A").species("B")
///     .mass_action("r", &[("A", 1.0)], &[("B", 1.0)], 1.0, 0.5)
///     .build()?;
/// let path = evolve(&system, &[1.0, 0.1], 1.0, &Default::default(), &Default::default())?;
/// let limits = species_speed_limits(&system, &[1.0, 0.1], 1.0, &path)?;
/// assert!(limits.len() == 4 && limits.iter().all(|limit| limit.holds()));
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Length`] unless there is one start per dynamic species.
pub fn species_speed_limits(
    system: &ReactionSystem,
    start: &[f64],
    duration: f64,
    evolution: &Evolution,
) -> Result<Vec<Bound>> {
    system.network().check_states("initial amounts", start)?;
    let Some(budget) = &evolution.budget else {
        return Ok(Vec::new());
    };
    let paid = [
        (
            Cost::Excess,
            Side {
                value: budget.excess,
                error: budget.errors[1],
            },
        ),
        (
            Cost::EntropyProduction,
            Side {
                value: budget.entropy_production,
                error: budget.errors[0],
            },
        ),
    ];
    let mut rows = Vec::with_capacity(2 * start.len());
    for (i, (x0, x)) in start.iter().zip(&evolution.final_amounts).enumerate() {
        if system.is_external(system.dynamic()[i]) {
            continue;
        }
        let change = Side {
            value: x - x0,
            error: evolution.final_errors.as_ref().map_or(0.0, |errors| errors[i]),
        };
        let bound = change.squared_over(Side::exact(0.5 * budget.diffusion[i]));
        for (cost, paid) in paid {
            let outcome = if paid.value.is_finite() {
                Ok(Sides::new(paid, bound).within(duration))
            } else {
                Err(one_way(system, evolution)?)
            };
            rows.push(Bound {
                name: "species_change",
                subject: Some(system.state_names()[i].clone()),
                cost,
                formula: "2 (Δx)²/∫D dt",
                source: SOURCE,
                outcome,
            });
        }
    }
    Ok(rows)
}

/// The reactions that run one way only at the end of an evolution, where all that can be present are.
pub(super) fn one_way(system: &ReactionSystem, evolution: &Evolution) -> Result<Unmet> {
    let flow = system.flow(0.0, &evolution.final_amounts)?;
    let names = flow.one_way_edges().into_iter();
    Ok(Unmet::OneWay {
        edges: names.map(|e| flow.network().edges()[e].name.clone()).collect(),
    })
}

/// Uncertainty relations Σ̇ ≥ 2 ẋ²/D of every dynamic species at one state, on the rates of excess and of entropy production.
///
/// # Errors
/// Failure of the geometric decomposition.
pub fn species_uncertainty(flow: &Flow) -> Result<Vec<Bound>> {
    let one_way = flow.one_way_edges();
    let paid = if one_way.is_empty() {
        let split = geometric_decomposition(flow)?;
        Ok([
            (Cost::Excess, Side::exact(split.excess)),
            (
                Cost::EntropyProduction,
                Side::exact(flow.entropy_production_rate()),
            ),
        ])
    } else {
        let names = one_way.into_iter();
        Err(Unmet::OneWay {
            edges: names.map(|e| flow.network().edges()[e].name.clone()).collect(),
        })
    };
    let rates = flow.rate_of_change();
    let diffusion = scaled_diffusion(flow);
    let mut rows = Vec::with_capacity(2 * rates.len());
    for ((name, rate), d) in flow.network().states().iter().zip(rates).zip(diffusion) {
        let bound = Side::exact(rate).squared_over(Side::exact(0.5 * d));
        for (k, cost) in [Cost::Excess, Cost::EntropyProduction].into_iter().enumerate() {
            rows.push(Bound {
                name: "species_rate",
                subject: Some(name.clone()),
                cost,
                formula: "2 ẋ²/D",
                source: SOURCE,
                outcome: paid.clone().map(|paid| Sides::new(paid[k].1, bound)),
            });
        }
    }
    Ok(rows)
}

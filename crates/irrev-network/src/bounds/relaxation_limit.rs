//! Rows of the table of speed limits that need constant rates: those by the stationary state.

use super::bound::{Bound, Cost, Side, Sides, Unmet};
use super::path::PathIntegrals;
use super::speed_limit::Distances;
use crate::error::Result;
use crate::kinetics::MarkovJump;
use crate::state::Distribution;

/// min over r > 0 of (r ln r + 1 − r)(r + 1)/(r − 1)², rounded down: relative entropies against squares of differences.
const RELATIVE_ENTROPY: f64 = 0.896_1;

/// A stationary current below this part of its activity is rounding.
const DETAILED_BALANCE: f64 = 1e-12;

pub(super) fn rows(kinetics: &MarkovJump, path: &PathIntegrals, distances: &Distances) -> Result<Vec<Bound>> {
    let stationary = kinetics
        .stationary_distribution()
        .ok()
        .filter(|pi| pi.probabilities().iter().all(|p| *p > 0.0))
        .ok_or(Unmet::PositiveStationaryState);
    let nonadiabatic = match &stationary {
        Err(unmet) => Err(unmet.clone()),
        Ok(pi) => Ok(nonadiabatic(path, pi)?),
    };
    let least = distances.l1.squared_over(path.jumps.times(2.0));
    Ok(vec![
        Bound {
            name: "shiraishi_funo_saito_nonadiabatic",
            subject: None,
            cost: Cost::Nonadiabatic,
            formula: "0.896 L₁²/(2τĀ), L₁ = 2 TV",
            source: "Shiraishi, Funo and Saito, Phys. Rev. Lett. 121, 070601 (2018)",
            outcome: nonadiabatic
                .map(|paid| Sides::new(paid, least.times(RELATIVE_ENTROPY)).within(path.duration)),
        },
        Bound {
            name: "shiraishi_saito",
            subject: None,
            cost: Cost::EntropyProduction,
            formula: "D(p(0)‖p(τ))",
            source: "Shiraishi and Saito, Phys. Rev. Lett. 123, 110603 (2019)",
            outcome: match stationary {
                Err(unmet) => Err(unmet),
                Ok(_) => relative_entropy(kinetics, path)?,
            },
        },
    ])
}

/// Σ_na = D(p(0)‖π) − D(p(τ)‖π), with one-way channels, too.
fn nonadiabatic(path: &PathIntegrals, stationary: &Distribution) -> Result<Side> {
    let before = path.start.relative_entropy(stationary)?;
    let after = path.end.relative_entropy(stationary)?;
    // the state's error enters with the slope of D(p(τ)‖π)
    let steepest = path
        .end
        .log_ratios(stationary)
        .iter()
        .filter(|slope| slope.is_finite())
        .fold(0.0_f64, |m, slope| m.max(slope.abs()));
    Ok(Side {
        value: if path.is_at_rest() { 0.0 } else { before - after },
        error: (1.0 + steepest) * path.state_error + 8.0 * f64::EPSILON * (before + after),
    })
}

/// With detailed balance Σ = D(p(0)‖π) − D(p(τ)‖π) ≥ D(p(0)‖p(τ)).
fn relative_entropy(kinetics: &MarkovJump, path: &PathIntegrals) -> Result<Result<Sides, Unmet>> {
    if let Err(unmet) = path.both_ways() {
        return Ok(Err(unmet));
    }
    let defect = kinetics.detailed_balance_defect()?;
    if defect > DETAILED_BALANCE {
        return Ok(Err(Unmet::DetailedBalance { defect }));
    }
    let value = path.start.relative_entropy(path.resolved_end())?;
    // dD(p‖q) = −Σ p dq/q
    let steepest = path.start.probabilities().iter().zip(path.end.probabilities());
    let steepest = steepest
        .filter(|(p, _)| **p > 0.0)
        .map(|(p, q)| p / q)
        .fold(0.0, f64::max);
    Ok(Ok(Sides::new(
        path.entropy_production,
        Side {
            value,
            error: steepest * path.state_error,
        },
    )))
}

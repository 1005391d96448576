//! Rows of the table of speed limits that need neither constant rates nor a stationary state.

use irrev_numerics::sum::compensated_sum;

use super::bound::{Bound, Cost, Side, Sides, Unmet};
use super::path::PathIntegrals;
use super::speed_limit::{Distances, SpeedLimitOptions, limit, on_both};
use crate::error::Result;
use crate::projection::Projection;

pub(super) const WASSERSTEIN: &str =
    "Yoshimura, Kolchinsky, Dechant and Ito, Phys. Rev. Research 5, 013017 (2023)";
const SHIRAISHI: &str = "Shiraishi, Funo and Saito, Phys. Rev. Lett. 121, 070601 (2018)";
const VO: &str = "Vo, Van Vu and Hasegawa, Phys. Rev. E 102, 062132 (2020)";
const VAN_VU: &str = "Van Vu and Saito, Phys. Rev. X 13, 011013 (2023)";
const DECHANT: &str = "Dechant, J. Phys. A 52, 035001 (2019)";

/// All rows, from the sharpest of each chain to the simplest.
pub(super) fn rows(
    path: &PathIntegrals,
    distances: &Distances,
    options: &SpeedLimitOptions,
) -> Result<Vec<Bound>> {
    let mut rows = metric(path, distances);
    rows.extend(resistance(path)?);
    for observable in &options.observables {
        path.network.check_states("observable", &observable.values)?;
        rows.extend(change_of(path, &observable.name, &observable.values)?);
    }
    rows.extend(mobility_and_jumps(path, distances));
    if let (Some(lengths), Some(distance)) = (&options.lengths, &distances.weighted_wasserstein1) {
        rows.extend(with_lengths(path, lengths, distance));
    }
    rows.push(least_jumps(path, distances));
    Ok(rows)
}

/// W₂²/τ ≤ ℓ²/τ ≤ Σ_ex ≤ Σ.
fn metric(path: &PathIntegrals, distances: &Distances) -> Vec<Bound> {
    let duration = Side::exact(path.duration);
    let steady = path.wasserstein_length.squared_over(duration);
    let row = |name, cost, formula, outcome| Bound {
        name,
        subject: None,
        cost,
        formula,
        source: WASSERSTEIN,
        outcome,
    };
    let whole = path
        .both_ways()
        .map(|()| Sides::new(path.entropy_production, path.excess));
    let mut rows = vec![
        row("excess_part", Cost::EntropyProduction, "Σ_ex", whole),
        row(
            "constant_speed",
            Cost::Excess,
            "ℓ²/τ",
            limit(path, path.excess, Ok(steady)),
        ),
    ];
    if let Some(distance) = &distances.wasserstein2 {
        let least = || distance.clone().map(|d| d.squared_over(duration));
        rows.push(row(
            "geodesic",
            Cost::ConstantSpeed,
            "W₂²/τ",
            limit(path, steady, least()),
        ));
        rows.extend(on_both(path, |cost, paid| {
            row("wasserstein2", cost, "W₂²/τ", limit(path, paid, least()))
        }));
    }
    rows
}

/// Δpᵀ K⁺ Δp with K = ∫ B L Bᵀ dt: the effective resistance of the time-integrated mobilities.
fn resistance(path: &PathIntegrals) -> Result<[Bound; 2]> {
    let bound = match path.both_ways() {
        Err(unmet) => Err(unmet),
        Ok(()) => Ok(least_dissipation(path)?),
    };
    Ok(on_both(path, |cost, paid| Bound {
        name: "resistance",
        subject: None,
        cost,
        formula: "Δpᵀ (∫ B L Bᵀ dt)⁺ Δp",
        source: DECHANT,
        outcome: limit(path, paid, bound.clone()),
    }))
}

/// The larger of all 2 ψ·Δp − Σ (Bᵀψ)² ∫L, at the potential that carries the net jumps: a lower bound for any ψ.
fn least_dissipation(path: &PathIntegrals) -> Result<Side> {
    let mobility: Vec<f64> = path.edge_mobility.iter().map(|side| side.value).collect();
    let force: Vec<f64> = path
        .net_jumps
        .iter()
        .zip(&mobility)
        .map(|(jumps, l)| jumps.value / l)
        .collect();
    let Some(potential) = Projection::new(&path.network)?.potential(&mobility, &force, &[])? else {
        return Ok(Side::exact(0.0));
    };
    let gradient = path.network.gradient(&potential)?;
    let gained = compensated_sum(
        potential
            .iter()
            .zip(
                path.resolved_end()
                    .probabilities()
                    .iter()
                    .zip(path.start.probabilities()),
            )
            .map(|(psi, (end, start))| 2.0 * psi * (end - start)),
    );
    let spent = path.weighted_mobility(&gradient);
    let steepest = potential.iter().fold(0.0_f64, |m, psi| m.max(psi.abs()));
    Ok(Side {
        value: (gained - spent.value).max(0.0),
        error: spent.error + 2.0 * steepest * path.state_error,
    })
}

/// (Δ⟨r⟩)²/∫Σ(Bᵀr)²L dt for one observable.
fn change_of(path: &PathIntegrals, name: &str, values: &[f64]) -> Result<[Bound; 2]> {
    let ends = path
        .resolved_end()
        .probabilities()
        .iter()
        .zip(path.start.probabilities());
    let largest = values.iter().fold(0.0_f64, |m, r| m.max(r.abs()));
    let change = Side {
        value: compensated_sum(values.iter().zip(ends).map(|(r, (end, start))| r * (end - start))),
        error: largest * path.state_error,
    };
    let mobility = path.weighted_mobility(&path.network.gradient(values)?);
    Ok(on_both(path, |cost, paid| Bound {
        name: "observable",
        subject: Some(name.to_owned()),
        cost,
        formula: "(Δ⟨r⟩)²/∫Σ(Bᵀr)²L dt",
        source: DECHANT,
        outcome: limit(path, paid, Ok(change.squared_over(mobility))),
    }))
}

/// W₁ with mobility, then with jumps, then TV with jumps: each is below the one before.
fn mobility_and_jumps(path: &PathIntegrals, distances: &Distances) -> Vec<Bound> {
    let w1 = || distances.wasserstein1.clone();
    let tv = distances.total_variation;
    let row = |name, formula, source, outcome: &dyn Fn(Side) -> Result<Sides, Unmet>| {
        on_both(path, |cost, paid| Bound {
            name,
            subject: None,
            cost,
            formula,
            source,
            outcome: outcome(paid),
        })
    };
    let artanh = |paid, distance: Side| {
        path.both_ways()?;
        Ok(artanh_limit(path, paid, distance))
    };
    [
        row("wasserstein1_mobility", "W₁²/(τM̄)", VAN_VU, &|paid| {
            limit(path, paid, w1().map(|d| d.squared_over(path.mobility)))
        }),
        row(
            "wasserstein1_artanh",
            "2 W₁ artanh(W₁/(τĀ))",
            VAN_VU,
            &|paid| artanh(paid, w1()?),
        ),
        row("wasserstein1_jumps", "2 W₁²/(τĀ)", VAN_VU, &|paid| {
            limit(path, paid, w1().map(|d| d.squared_over(path.jumps.times(0.5))))
        }),
        row("total_variation_artanh", "2 TV artanh(TV/(τĀ))", VO, &|paid| {
            artanh(paid, tv)
        }),
        row(
            "shiraishi_funo_saito",
            "L₁²/(2τĀ), L₁ = 2 TV",
            SHIRAISHI,
            &|paid| limit(path, paid, Ok(distances.l1.squared_over(path.jumps.times(2.0)))),
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// 2d artanh(d/𝒜), and the time d/(Ā tanh(Σ/2d)) that it allows at the same Ā.
fn artanh_limit(path: &PathIntegrals, paid: Side, distance: Side) -> Sides {
    if distance.value == 0.0 {
        return Sides::new(paid, Side::exact(0.0)).within(path.duration);
    }
    // W₁ ≤ 𝒜, but for rounding; the bound grows with the share
    let share = (distance.value / path.jumps.value).min(1.0 - f64::EPSILON);
    let value = 2.0 * distance.value * share.atanh();
    let relative = distance.relative_error() + path.jumps.relative_error();
    // d ln artanh(x)/d ln x = x/((1 − x²) artanh x) ≤ 1/(1 − x²)
    let slope = 1.0 / ((1.0 - share) * (1.0 + share));
    let bound = Side {
        value,
        error: value * (distance.relative_error() + slope * relative),
    };
    let saturation = (0.5 * paid.value / distance.value).tanh();
    let time = path.duration * share / saturation;
    Sides {
        least_time: Some(Side {
            value: time,
            error: time * (2.0 * relative + paid.relative_error()),
        }),
        ..Sides::new(paid, bound)
    }
}

/// W₁²/∫Σℓ²L dt and 2W₁²/∫Σℓ²(j⁺ + j⁻) dt with the given lengths.
fn with_lengths(path: &PathIntegrals, lengths: &[f64], distance: &Result<Side, Unmet>) -> Vec<Bound> {
    let row = |name, formula, below: Side| {
        on_both(path, |cost, paid| Bound {
            name,
            subject: Some("given lengths".into()),
            cost,
            formula,
            source: VAN_VU,
            outcome: limit(path, paid, distance.clone().map(|d| d.squared_over(below))),
        })
    };
    let mobility = path.weighted_mobility(lengths);
    let jumps = path.weighted_jumps(lengths).times(0.5);
    [
        row("weighted_wasserstein1_mobility", "W₁²/∫Σℓ²L dt", mobility),
        row("weighted_wasserstein1_jumps", "2 W₁²/∫Σℓ²(j⁺ + j⁻) dt", jumps),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A jump carries its probability one channel far: 𝒜 ≥ W₁, whatever is dissipated.
fn least_jumps(path: &PathIntegrals, distances: &Distances) -> Bound {
    let outcome = distances.wasserstein1.clone();
    Bound {
        name: "least_jumps",
        subject: None,
        cost: Cost::Jumps,
        formula: "W₁",
        source: VAN_VU,
        outcome: outcome.map(|d| Sides::new(path.jumps, d).within(path.duration)),
    }
}

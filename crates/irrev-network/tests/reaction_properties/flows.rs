//! Splits, invariances and bounds at one state, for mass action with coefficients up to 3 and fluxes that spread over dozens of decades.

use irrev_network::Flow;
use irrev_network::decomposition::{
    GeometricDecomposition, geometric_decomposition, information_geometric_decomposition,
};
use irrev_network::reactions::bounds::{scaled_diffusion, uncertainty_products};
use irrev_network::reactions::distance::wasserstein_speed;
use irrev_numerics::integer::null_space;
use irrev_testing::random::{cases, rates};
use proptest::prelude::*;

use super::EPS;
use super::networks::{MILD, RandomReactions, Side, WILD, networks};

/// χ bounds weighted projections on the rows of S whatever the weights (Stewart, Linear Algebra Appl. 112, 189 (1989)): projected forces are wrong by χ
/// times the roundings ε Σ |S ψ| of a residual F − Sᵀψ. Ratios of minors of S bound it; for a dozen sparse rows of entries up to 4, hundreds are met.
const CHI: f64 = 1e3;

/// What sums of the split may be off by, relative to the dissipation: χ ε, and ten roundings of each of a dozen terms.
const PROJECTED: f64 = 1e4 * EPS;

pub(crate) fn flow(network: &RandomReactions) -> Flow {
    network.system().flow(0.0, &network.state()).unwrap()
}

/// Σ̇, excess, housekeeping, activity and mobility.
fn scalars(flow: &Flow) -> [(&'static str, f64); 5] {
    let split = geometric_decomposition(flow).unwrap();
    [
        ("entropy production rate", flow.entropy_production_rate()),
        ("excess", split.excess),
        ("housekeeping", split.housekeeping),
        ("activity", flow.activity()),
        ("mobility", flow.mobility()),
    ]
}

/// Every scalar of `changed` is `factor` times that of `original`.
fn check_scaled(changed: &Flow, original: &Flow, factor: f64) -> Result<(), TestCaseError> {
    // L F* δF* of every reaction with δF* = χ ε max Σ |S ψ|, added up by Cauchy and Schwarz
    let total = original.entropy_production_rate();
    let potential = geometric_decomposition(original).unwrap().potential;
    let terms = |e: usize| {
        original
            .network()
            .change(e)
            .iter()
            .map(|&(s, c)| (c * potential[s]).abs())
            .sum::<f64>()
    };
    let force = original
        .force()
        .iter()
        .enumerate()
        .fold(0.0_f64, |m, (e, f)| m.max(f.abs()).max(terms(e)));
    let dissipation = CHI * EPS * factor * force * (original.mobility() * total).sqrt();
    for (k, ((name, got), (_, expected))) in scalars(changed).iter().zip(scalars(original)).enumerate() {
        let wanted = factor * expected;
        let allowed = if k < 3 { dissipation } else { 64.0 * EPS * wanted };
        prop_assert!(
            (got - wanted).abs() <= allowed,
            "{name}: {got:e}, expected {wanted:e}, allowed {allowed:e}"
        );
    }
    Ok(())
}

/// ‖f‖² = Σ L f².
fn square(flow: &Flow, of: impl Fn(usize) -> f64) -> f64 {
    flow.onsager_coefficient()
        .iter()
        .enumerate()
        .map(|(e, l)| l * of(e) * of(e))
        .sum()
}

/// Σ_r |S_ir| (j⁺ + j⁻): what goes through every species.
pub(crate) fn traffic(flow: &Flow) -> Vec<f64> {
    let mut sums = vec![0.0; flow.network().states().len()];
    for (e, (a, b)) in flow.forward_flux().iter().zip(flow.backward_flux()).enumerate() {
        for &(s, c) in &*flow.network().change(e) {
            sums[s] += c.abs() * (a + b);
        }
    }
    sums
}

/// The part of each species' change by L (F − F*), relative to what goes through the worst species.
fn imbalance(flow: &Flow, split: &GeometricDecomposition) -> f64 {
    let (onsager, force) = (flow.onsager_coefficient(), flow.force());
    let n = flow.network().states().len();
    let (mut left, mut through) = (vec![0.0; n], vec![0.0; n]);
    for e in 0..onsager.len() {
        for &(s, c) in &*flow.network().change(e) {
            left[s] += c * onsager[e] * (force[e] - split.excess_force[e]);
            through[s] += c.abs() * onsager[e] * (force[e].abs() + split.excess_force[e].abs());
        }
    }
    let largest = |v: &[f64]| v.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    if largest(&left) == 0.0 {
        0.0
    } else {
        largest(&left) / largest(&through)
    }
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn dissipation_splits_into_two_parts_that_are_not_negative(network in networks(WILD)) {
        let flow = flow(&network);
        let total = flow.entropy_production_rate();
        let split = geometric_decomposition(&flow).unwrap();
        prop_assert!(total >= 0.0 && split.excess >= 0.0 && split.housekeeping >= 0.0);
        prop_assert!(split.convergence.converged(), "{}", split.convergence);
        let sum = split.excess + split.housekeeping;
        prop_assert!((sum - total).abs() <= PROJECTED * total, "{sum:e} {total:e}");
        // S L F* = ẋ
        prop_assert!(imbalance(&flow, &split) <= PROJECTED, "{:e}", imbalance(&flow, &split));
        // F* is in the row space: whatever cycle runs round, it adds up to nothing
        let columns: Vec<Vec<(usize, f64)>> = (0..network.reactions.len()).map(|e| flow.network().change(e).to_vec()).collect();
        let mut rows = vec![Vec::new(); flow.network().states().len()];
        for (e, column) in columns.iter().enumerate() {
            for &(s, c) in column {
                rows[s].push((e, c));
            }
        }
        for cycle in null_space(&rows, columns.len()).unwrap().basis {
            let round: f64 = cycle.iter().map(|&(e, c)| c as f64 * split.excess_force[e]).sum();
            let size: f64 = cycle.iter().map(|&(e, c)| {
                let along: f64 = columns[e].iter().map(|&(s, a)| (a * split.potential[s]).abs()).sum();
                (c as f64).abs() * along
            }).sum();
            prop_assert!(round.abs() <= 64.0 * EPS * size, "{round:e} of {size:e}");
        }
    }

    #[test]
    fn the_excess_is_the_squared_speed_of_the_state(network in networks(MILD)) {
        let flow = flow(&network);
        let split = geometric_decomposition(&flow).unwrap();
        let rates = flow.rate_of_change();
        let speed = wasserstein_speed(&network.system(), 0.0, &network.state(), &rates).unwrap();
        // ẋ is rounded with the fluxes it is a difference of, and 2 δẋ·ψ comes of it
        let rounding: f64 = split.potential.iter().zip(traffic(&flow)).map(|(psi, t)| 8.0 * EPS * psi.abs() * t).sum();
        let allowed = PROJECTED * split.excess + 2.0 * rounding;
        prop_assert!((speed * speed - split.excess).abs() <= allowed, "{:e} {:e} {allowed:e}", speed * speed, split.excess);
    }

    #[test]
    fn the_information_geometric_excess_lies_between_zero_and_the_geometric_one(network in networks(WILD)) {
        let flow = flow(&network);
        let total = flow.entropy_production_rate();
        let geometric = geometric_decomposition(&flow).unwrap();
        let information = information_geometric_decomposition(&flow).unwrap();
        prop_assert!(information.excess >= 0.0);
        prop_assert!(information.gap >= 0.0 && information.gap <= 1e-9 * total, "{:e} of {total:e}", information.gap);
        prop_assert!(information.excess <= geometric.excess + information.gap + PROJECTED * total, "{:e} {:e}", information.excess, geometric.excess);
    }

    #[test]
    fn reversing_and_reordering_reactions_and_species_change_no_scalar(network in networks(WILD), shift in 0..8_usize) {
        let n = network.amounts.len();
        let renamed = |s: usize| (s + shift) % n;
        let side = |side: &Side| {
            let mut side: Side = side.iter().map(|&(s, c)| (renamed(s), c)).collect();
            side.reverse();
            side
        };
        let mut changed = network.clone();
        for s in 0..n {
            changed.amounts[renamed(s)] = network.amounts[s];
            changed.held[renamed(s)] = network.held[s];
        }
        let reversed = |(r, (left, right, up, down)): (usize, &(Side, Side, f64, f64))| {
            if r % 3 == 0 { (side(right), side(left), *down, *up) } else { (side(left), side(right), *up, *down) }
        };
        changed.reactions = network.reactions.iter().enumerate().map(reversed).rev().collect();
        check_scaled(&flow(&changed), &flow(&network), 1.0)?;
    }

    #[test]
    fn faster_rates_dissipate_faster_and_nothing_else(network in networks(WILD), factor in rates(6.0)) {
        let mut faster = network.clone();
        for reaction in &mut faster.reactions {
            reaction.2 *= factor;
            reaction.3 *= factor;
        }
        check_scaled(&flow(&faster), &flow(&network), factor)?;
    }

    #[test]
    fn splitting_a_channel_into_proportional_parts_changes_nothing(network in networks(WILD), share in 0.01..0.99_f64) {
        let mut split = network.clone();
        for r in 0..network.reactions.len() {
            let (left, right, up, down) = network.reactions[r].clone();
            split.reactions[r].2 = share * up;
            split.reactions[r].3 = share * down;
            split.reactions.push((left, right, (1.0 - share) * up, (1.0 - share) * down));
        }
        check_scaled(&flow(&split), &flow(&network), 1.0)?;
    }

    #[test]
    fn another_unit_of_amount_scales_every_flux(network in networks(WILD), unit in rates(2.0)) {
        // x → u x with k → k u^(1 − molecules) multiplies every flux, and with it every rate of dissipation, by u
        let mut changed = network.clone();
        for x in &mut changed.amounts {
            *x *= unit;
        }
        let power = |side: &[(usize, i64)]| unit.powi(1 - side.iter().map(|s| s.1 as i32).sum::<i32>());
        for (left, right, up, down) in &mut changed.reactions {
            *up *= power(left);
            *down *= power(right);
        }
        check_scaled(&flow(&changed), &flow(&network), unit)?;
    }

    #[test]
    fn uncertainty_products_stay_above_two_with_the_excess_too(network in networks(WILD)) {
        let flow = flow(&network);
        let split = geometric_decomposition(&flow).unwrap();
        let rates = flow.rate_of_change();
        let diffusion = scaled_diffusion(&flow);
        let traffic = traffic(&flow);
        let products = uncertainty_products(&flow, split.excess);
        let total = uncertainty_products(&flow, flow.entropy_production_rate());
        for (i, (with_excess, with_total)) in products.iter().zip(&total).enumerate() {
            let (Some(with_excess), Some(with_total)) = (with_excess, with_total) else {
                prop_assert_eq!(rates[i], 0.0);
                continue;
            };
            // what ẋ_i has lost in the difference of its fluxes, which are good to the roundings of eight factors
            let lost = 2.0 * EPS * traffic[i] / rates[i].abs();
            prop_assert!(*with_total >= 2.0 * (1.0 - 2.0 * lost - 8.0 * EPS), "{with_total} {lost:e}");
            // the projection leaves an imbalance of ẋ_i of its own
            let moved = PROJECTED * square(&flow, |e| flow.force()[e]).sqrt() * diffusion[i].sqrt() / rates[i].abs();
            prop_assert!(*with_excess >= 2.0 * (1.0 - 2.0 * lost - moved - PROJECTED), "{with_excess} {lost:e} {moved:e}");
        }
    }
}

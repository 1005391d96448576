//! Potentials, the free-energy balance, detailed and complex balance, and the Glansdorff–Prigogine excess.

use irrev_network::decomposition::geometric_decomposition;
use irrev_network::reactions::excess::{divergence_decay, glansdorff_prigogine_excess};
use irrev_network::reactions::thermodynamics::{FreeEnergyBalance, free_energy_balance, standard_potentials};
use irrev_testing::random::{cases, rates};
use proptest::collection::vec;
use proptest::prelude::*;

use super::EPS;
use super::flows::{flow, traffic};
use super::networks::{MILD, RandomReactions, Ranges, Side, WILD, balanced, networks};

/// Without reservoirs.
const CLOSED: Ranges = Ranges { held: 0.0, ..WILD };

/// Σ over reactions of the current's parts times the terms of the force: the roundings of a balance are ε times this.
fn terms(network: &RandomReactions, potentials: &[f64]) -> f64 {
    let flow = flow(network);
    let columns = network.columns();
    let mu: Vec<f64> = potentials
        .iter()
        .zip(&network.amounts)
        .map(|(m, x)| m.abs() + x.ln().abs() + 1.0)
        .collect();
    let fluxes = flow
        .forward_flux()
        .iter()
        .zip(flow.backward_flux())
        .zip(flow.force());
    fluxes
        .zip(&columns)
        .map(|(((a, b), force), column)| {
            let species: f64 = column.iter().zip(&mu).map(|(c, mu)| (*c as f64).abs() * mu).sum();
            (a + b) * (force.abs() + species)
        })
        .sum()
}

/// A balance holds to 300 ε of its terms: a dozen reactions of up to eight species, three roundings each.
fn check(balance: &FreeEnergyBalance, size: f64) -> Result<(), TestCaseError> {
    let allowed = 300.0 * EPS * size;
    prop_assert!(
        balance.residual.abs() <= allowed,
        "{:e}, allowed {allowed:e}",
        balance.residual
    );
    // Σ̇ = −dG/dt + Σ μ I + Σ a J
    let with_reservoirs = balance.entropy_production_rate + balance.gibbs_energy_rate
        - balance.chemical_work_rate
        - balance.leftover_work_rate;
    prop_assert!(
        with_reservoirs.abs() <= allowed,
        "{with_reservoirs:e}, allowed {allowed:e}"
    );
    Ok(())
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn the_dissipation_is_paid_for_by_energy_reservoirs_and_leftover_forces(network in networks(WILD)) {
        let system = network.system();
        let balance = free_energy_balance(&system, 0.0, &network.state(), None).unwrap();
        let found = standard_potentials(&system, 0.0, &network.state()).unwrap();
        check(&balance, terms(&network, &found.potentials))?;
    }

    #[test]
    fn detailed_balance_leaves_no_force_unexplained((network, potentials) in balanced(WILD)) {
        let system = network.system();
        let found = standard_potentials(&system, 0.0, &network.state()).unwrap();
        prop_assert!(found.is_consistent());
        // ln K is a force of tens of nats and logarithms of amounts; least squares of whole numbers lose two digits at most
        let largest = network.amounts.iter().map(|x| x.ln().abs()).fold(1.0, f64::max);
        for a in &found.leftover_forces {
            prop_assert!(a.abs() <= 1e4 * EPS * largest, "{a:e}");
        }
        // the potentials differ from the true ones by conserved quantities only
        for column in network.columns() {
            let apart: f64 = column.iter().zip(found.potentials.iter().zip(&potentials)).map(|(c, (a, b))| *c as f64 * (a - b)).sum();
            prop_assert!(apart.abs() <= 1e4 * EPS * largest, "{apart:e}");
        }
        // either set of potentials balances
        for given in [None, Some(&potentials[..])] {
            check(&free_energy_balance(&system, 0.0, &network.state(), given).unwrap(), terms(&network, &potentials))?;
        }
    }

    #[test]
    fn a_closed_network_in_detailed_balance_dissipates_its_free_energy((network, potentials) in balanced(CLOSED)) {
        let system = network.system();
        let balance = free_energy_balance(&system, 0.0, &network.state(), Some(&potentials)).unwrap();
        let allowed = 100.0 * EPS * terms(&network, &potentials);
        prop_assert!((balance.entropy_production_rate + balance.gibbs_energy_rate).abs() <= allowed);
        prop_assert!(balance.exchanges.is_empty());
        // everything is excess: the force is a gradient
        let split = geometric_decomposition(&flow(&network)).unwrap();
        prop_assert!(split.housekeeping <= 1e4 * EPS * balance.entropy_production_rate + allowed * EPS, "{:e}", split.housekeeping);
    }

    #[test]
    fn nothing_is_dissipated_where_all_forces_vanish((mut network, potentials) in balanced(WILD)) {
        for (x, m) in network.amounts.iter_mut().zip(&potentials) {
            *x = (-m).exp();
        }
        let flow = flow(&network);
        // forces are roundings of products of a dozen factors, and dissipate their squares
        let force = 64.0 * EPS;
        prop_assert!(flow.force().iter().all(|f| f.abs() <= force), "{:?}", flow.force());
        prop_assert!(flow.entropy_production_rate() <= force * force * flow.activity());
    }

    #[test]
    fn the_glansdorff_prigogine_excess_is_the_decay_of_the_divergence(network in networks(MILD), other in vec(rates(2.0), 6)) {
        // between any two states: Σ (J − J°)(F − F°) = −Σ (ẋ − ẋ°) ln(x/x°), because forces of mass action differ by −Sᵀ ln(x/x°)
        let mut reference = network.clone();
        for (s, x) in other.iter().enumerate().take(network.amounts.len()) {
            if !network.held[s] {
                reference.amounts[s] = *x;
            }
        }
        let (here, there) = (flow(&network), flow(&reference));
        let got = glansdorff_prigogine_excess(&here, &there).unwrap();
        let (x, y) = (network.state(), reference.state());
        let rates = here.rate_of_change().into_iter().zip(there.rate_of_change());
        let expected: f64 = rates.zip(x.iter().zip(&y)).map(|((v, w), (x, y))| -(v - w) * (x / y).ln()).sum();
        let zero = vec![0.0; network.amounts.len()];
        let size = terms(&network, &zero) + terms(&reference, &zero)
            + here.force().iter().zip(there.force()).map(|(f, g)| f.abs() + g.abs()).sum::<f64>() * (here.activity() + there.activity());
        prop_assert!((got - expected).abs() <= 100.0 * EPS * size, "{got:e} {expected:e} {size:e}");
    }

    #[test]
    fn the_divergence_from_a_complex_balanced_state_never_grows(
        complexes in vec(vec((0..5_usize, 1..=3_i64), 0..=3), 2..=6),
        exchange in vec(rates(4.0), 6), current in rates(4.0), steady in vec(rates(2.0), 5), amounts in vec(rates(6.0), 5),
    ) {
        // a current round the ring of complexes, and any exchange beside it, at the steady state
        let mut sides: Vec<Side> = Vec::new();
        for complex in complexes {
            let mut side: Side = Vec::new();
            for (s, c) in complex {
                if side.iter().all(|(other, _)| *other != s) {
                    side.push((s, c));
                }
            }
            side.sort_unstable();
            if !sides.contains(&side) {
                sides.push(side);
            }
        }
        prop_assume!(sides.len() >= 2);
        let monomial = |side: &Side| -> f64 { side.iter().map(|&(s, c)| steady[s].powi(c as i32)).product() };
        let m = sides.len();
        let reactions = (0..m).map(|i| {
            let (left, right) = (sides[i].clone(), sides[(i + 1) % m].clone());
            let (up, down) = ((exchange[i] + current) / monomial(&left), exchange[i] / monomial(&right));
            (left, right, up, down)
        }).collect();
        let network = RandomReactions { amounts: amounts.clone(), held: vec![false; 5], reactions };
        let decay = divergence_decay(&network.system(), 0.0, &amounts, &steady).unwrap();
        let rounding: f64 = traffic(&flow(&network)).iter().zip(amounts.iter().zip(&steady)).map(|(t, (x, y))| t * (x / y).ln().abs()).sum();
        prop_assert!(decay >= -100.0 * EPS * rounding, "{decay:e} {rounding:e}");
    }

    #[test]
    fn in_detailed_balance_the_divergence_decays_by_what_is_dissipated((network, potentials) in balanced(CLOSED)) {
        let equilibrium: Vec<f64> = potentials.iter().map(|m| (-m).exp()).collect();
        let decay = divergence_decay(&network.system(), 0.0, &network.state(), &equilibrium).unwrap();
        let total = flow(&network).entropy_production_rate();
        prop_assert!((decay - total).abs() <= 100.0 * EPS * terms(&network, &potentials), "{decay:e} {total:e}");
    }
}

//! Laws that hold for every network, on a thousand random ones with rates over 24 decades.
//!
//! Tolerances are in units of n ε times the sum of what was added: `scale` below is Σₑ (j⁺ + j⁻)(1 + |F|), the activity weighted with
//! the forces, which bounds the rounding of every sum over edges of a flux times a force.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

use irrev_network::cycles::fundamental_cycles;
use irrev_network::decomposition::{
    geometric_decomposition, hatano_sasa_decomposition, information_geometric_decomposition,
};
use irrev_network::dynamics::{Evolution, relaxation_spectrum};
use irrev_network::energetics::{Energetics, RateRule, energy_budget};
use irrev_network::gradient_flow::gradient_flow_identity;
use irrev_network::{Distribution, Flow, Kinetics, MarkovJump, Network};
use irrev_numerics::{Run, Tolerance};
use irrev_testing::random::{
    RandomNetwork, balanced_networks_with_state, boundary_distributions, cases, networks,
    networks_with_state, positive_distributions, rates,
};
use proptest::collection::vec;
use proptest::prelude::*;

const DECADES: f64 = 24.0;
const EPS: f64 = f64::EPSILON;

fn process(network: &RandomNetwork) -> MarkovJump {
    MarkovJump::from_rates(network.states, &network.channels).unwrap()
}

/// Σₑ (j⁺ + j⁻)(1 + |F|).
fn scale(flow: &Flow) -> f64 {
    let fluxes = flow.forward_flux().iter().zip(flow.backward_flux());
    fluxes
        .zip(flow.force())
        .map(|((a, b), f)| (a + b) * (1.0 + f.abs()))
        .sum()
}

/// The process at the given state and at its stationary state.
fn flows(process: &MarkovJump, p: Vec<f64>) -> [Flow; 2] {
    let given = process.flow(&Distribution::new(p).unwrap()).unwrap();
    let stationary = process.stationary_distribution().unwrap();
    [given, process.flow(&stationary).unwrap()]
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn entropy_production_is_never_negative_and_is_the_sum_of_its_parts((network, p) in networks_with_state(50, DECADES)) {
        for flow in flows(&process(&network), p) {
            let total = flow.entropy_production_rate();
            prop_assert!(total >= 0.0);
            let per_edge = flow.entropy_production_rate_per_edge();
            prop_assert!(per_edge.iter().all(|s| *s >= 0.0));
            let sum: f64 = per_edge.iter().sum();
            prop_assert!((sum - total).abs() <= per_edge.len() as f64 * EPS * total);
        }
    }

    #[test]
    fn the_geometric_parts_are_orthogonal_and_sum_to_the_whole((network, p) in networks_with_state(50, DECADES)) {
        for flow in flows(&process(&network), p) {
            let split = geometric_decomposition(&flow).unwrap();
            let (total, scale) = (flow.entropy_production_rate(), scale(&flow));
            prop_assert!(split.excess >= 0.0 && split.housekeeping >= 0.0);
            prop_assert!(
                (split.excess + split.housekeeping - total).abs() <= 1e-12 * scale,
                "excess {:e} + housekeeping {:e} against {:e}, scale {:e}", split.excess, split.housekeeping, total, scale
            );
            let inner: f64 = split.excess_force.iter().zip(&split.housekeeping_current).map(|(f, j)| f * j).sum();
            prop_assert!(inner.abs() <= 1e-12 * scale, "⟨F*, F − F*⟩ = {inner:e}, scale {scale:e}");
        }
    }

    #[test]
    fn the_stationary_state_has_no_excess(network in networks(50, DECADES)) {
        let process = process(&network);
        let flow = process.flow(&process.stationary_distribution().unwrap()).unwrap();
        let split = geometric_decomposition(&flow).unwrap();
        // π is right to n ε in every entry, which moves each force by as much: the square is left of it
        let n = network.states as f64;
        prop_assert!(split.excess <= (8.0 * n * EPS).powi(2) * scale(&flow), "{:e} of {:e}", split.excess, scale(&flow));
    }

    #[test]
    fn the_hatano_sasa_parts_sum_to_the_whole_and_both_are_non_negative((network, p) in networks_with_state(50, DECADES)) {
        let process = process(&network);
        let pi = process.stationary_distribution().unwrap();
        let state = Distribution::new(p).unwrap();
        let flow = process.flow(&state).unwrap();
        let split = hatano_sasa_decomposition(&process, &state, &pi).unwrap();
        prop_assert!(split.adiabatic >= 0.0 && split.nonadiabatic >= 0.0);
        let defect = split.adiabatic + split.nonadiabatic - flow.entropy_production_rate();
        // the terms of either part are bounded by the fluxes times ln of ratios of rates and of π, which exceed the forces
        let logs: f64 = process.network().edges().iter().enumerate().map(|(e, edge)| {
            let (a, b) = (flow.forward_flux()[e], flow.backward_flux()[e]);
            let spread = (pi.probabilities()[edge.from] / pi.probabilities()[edge.to]).ln().abs();
            (a + b) * (1.0 + flow.force()[e].abs() + spread)
        }).sum();
        // the adjoint rates leave each state as often as the true ones only up to the accuracy n ε of π
        let n = network.states as f64;
        prop_assert!(defect.abs() <= 8.0 * n * EPS * logs, "{defect:e} of {logs:e}");
    }

    #[test]
    fn relative_entropy_to_the_stationary_state_falls_at_the_nonadiabatic_rate((network, p) in networks_with_state(50, 6.0)) {
        let process = process(&network);
        let pi = process.stationary_distribution().unwrap();
        let state = Distribution::new(p).unwrap();
        let identity = gradient_flow_identity(&process, &state).unwrap();
        let nonadiabatic = hatano_sasa_decomposition(&process, &state, &pi).unwrap().nonadiabatic;
        let logs: f64 = state.probabilities().iter().zip(pi.probabilities()).map(|(p, q)| (p / q).ln().abs()).fold(1.0, f64::max);
        let bound = 64.0 * network.states as f64 * EPS * logs * process.flow(&state).unwrap().activity();
        prop_assert!((identity.relative_entropy_rate + nonadiabatic).abs() <= bound);
    }

    #[test]
    fn the_information_geometric_primal_bounds_its_dual((network, p) in networks_with_state(50, DECADES)) {
        for flow in flows(&process(&network), p) {
            let (total, scale) = (flow.entropy_production_rate(), scale(&flow));
            let split = information_geometric_decomposition(&flow).unwrap();
            prop_assert!(split.excess >= 0.0 && split.housekeeping >= 0.0);
            prop_assert!(split.gap <= 1e-9 * total + 1e-12 * scale, "gap {:e} of {:e}", split.gap, total);
            prop_assert!((split.excess + split.housekeeping - total).abs() <= 4.0 * EPS * total);
            // Kolchinsky and coworkers: it never exceeds the geometric excess
            let geometric = geometric_decomposition(&flow).unwrap().excess;
            prop_assert!(split.excess <= geometric + 1e-12 * scale, "{:e} above {geometric:e}", split.excess);
        }
    }

    #[test]
    fn cycles_carry_the_housekeeping_part_and_in_the_stationary_state_everything((network, p) in networks_with_state(50, DECADES)) {
        let process = process(&network);
        let basis = fundamental_cycles(process.network());
        prop_assert_eq!(basis.cycles.len() + network.states, network.channels.len() + 1);
        let affinities = basis.affinities(&process);
        for flow in flows(&process, p) {
            let split = geometric_decomposition(&flow).unwrap();
            let currents = basis.currents(&split.housekeeping_current);
            let sum: f64 = currents.iter().zip(&affinities).map(|(j, a)| j * a).sum();
            // an affinity sums up to n logarithms of up to 55 nats, whatever the flux
            let size: f64 = basis.cycles.iter().zip(&currents).map(|(c, j)| {
                let medium = process.medium_entropy_change();
                j.abs() * c.edges.iter().map(|(e, _)| 1.0 + medium[*e].abs()).sum::<f64>()
            }).sum();
            prop_assert!((sum - split.housekeeping).abs() <= 1e-12 * (scale(&flow) + size), "{sum:e} against {:e}", split.housekeeping);
        }
        let steady = process.flow(&process.stationary_distribution().unwrap()).unwrap();
        let sum: f64 = basis.currents(&steady.current()).iter().zip(&affinities).map(|(j, a)| j * a).sum();
        let largest = affinities.iter().fold(1.0_f64, |m, a| m.max(a.abs()));
        let n = network.states as f64;
        prop_assert!((sum - steady.entropy_production_rate()).abs() <= n * EPS * largest * steady.activity() * n);
    }

    #[test]
    fn evolution_conserves_probability_keeps_it_positive_and_approaches_the_stationary_state(
        (network, p, time) in networks(50, DECADES).prop_flat_map(|n| {
            let states = n.states;
            (Just(n), prop_oneof![positive_distributions(states), boundary_distributions(states)], rates(30.0))
        })
    ) {
        let process = process(&network);
        let evolution = Evolution::new(&process).unwrap();
        let pi = process.stationary_distribution().unwrap();
        let start = Distribution::new(p).unwrap();
        let before = start.relative_entropy(&pi).unwrap();
        let (run, tight) = (Run::default(), Tolerance::relative(1e-14));
        let moved = evolution.advance(&start, time, tight, &run).unwrap().distribution;
        let n = network.states as f64;
        let sum: f64 = moved.probabilities().iter().sum();
        prop_assert!((sum - 1.0).abs() <= 4.0 * n * EPS);
        prop_assert!(moved.probabilities().iter().all(|p| *p >= 0.0));
        let after = moved.relative_entropy(&pi).unwrap();
        let logs = pi.probabilities().iter().fold(1.0_f64, |m, q| m.max(-q.ln()));
        prop_assert!(after <= before + 64.0 * n * EPS * logs, "D rose from {before:e} to {after:e}");
        // the stationary state stays; an error of one entry is relative to that entry, so total variation is n ε at most
        let still = evolution.advance(&pi, time, tight, &run).unwrap().distribution;
        prop_assert!(still.total_variation(&pi).unwrap() <= 1e-12);
    }

    #[test]
    fn detailed_balance_dissipates_nothing_and_descends_relative_entropy((network, p) in balanced_networks_with_state(50, DECADES)) {
        let process = process(&network);
        let pi = process.stationary_distribution().unwrap();
        let steady = process.flow(&pi).unwrap();
        let n = network.states as f64;
        // forces of n ε, whose square is left
        prop_assert!(steady.entropy_production_rate() <= n * EPS * steady.activity());
        prop_assert!(process.detailed_balance_defect().unwrap() <= 8.0 * n * EPS);
        let state = Distribution::new(p).unwrap();
        let flow = process.flow(&state).unwrap();
        let identity = gradient_flow_identity(&process, &state).unwrap();
        prop_assert!(identity.residual <= 64.0 * n * EPS * scale(&flow), "{:e} of {:e}", identity.residual, scale(&flow));
        let split = hatano_sasa_decomposition(&process, &state, &pi).unwrap();
        prop_assert!(split.adiabatic <= 64.0 * n * EPS * scale(&flow));
        // all of the entropy production is excess
        let geometric = geometric_decomposition(&flow).unwrap();
        prop_assert!(geometric.housekeeping <= 1e-12 * scale(&flow), "{:e} of {:e}", geometric.housekeeping, scale(&flow));
    }
}

/// A network with energies, two reservoirs, particles and driving, and rates that obey local detailed balance.
fn energetic(network: &RandomNetwork, energies: &[f64], work: f64) -> (MarkovJump, Energetics) {
    let mut builder = Network::builder()
        .states((0..network.states).map(|i| i.to_string()))
        .reservoir("hot")
        .reservoir("cold")
        .subsystem(
            "parity",
            (0..network.states).map(|i| if i % 2 == 0 { "even" } else { "odd" }),
        )
        .subsystem(
            "half",
            (0..network.states).map(|i| if 2 * i < network.states { "low" } else { "high" }),
        );
    for (e, c) in network.channels.iter().enumerate() {
        let bath = if e % 2 == 0 { "hot" } else { "cold" };
        builder = builder.channel(format!("e{e}"), c.0.to_string(), c.1.to_string(), Some(bath));
    }
    let topology = builder.build().unwrap();
    let mut energetics = Energetics::thermal(&topology, energies.to_vec(), &[1.7, 0.6]);
    energetics.reservoirs[0].chemical_potential = 0.3;
    energetics.numbers = (0..network.states).map(|i| (i % 3) as f64).collect();
    energetics.degeneracies = (0..network.states).map(|i| 1.0 + (i % 4) as f64).collect();
    energetics.driving_work = (0..network.channels.len())
        .map(|e| if e % 5 == 0 { work } else { 0.0 })
        .collect();
    let (mut forward, mut backward) = (Vec::new(), Vec::new());
    for (edge, (channel, work)) in topology
        .edges()
        .iter()
        .zip(network.channels.iter().zip(&energetics.driving_work))
    {
        let rule = RateRule::Symmetric {
            prefactor: channel.2,
            load: 0.5,
        };
        let bath = energetics.reservoirs[edge.reservoir.unwrap()];
        let (f, b) = rule.rates(&energetics, edge, bath, *work).unwrap();
        forward.push(f);
        backward.push(b);
    }
    (MarkovJump::new(topology, forward, backward).unwrap(), energetics)
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn energy_is_conserved_and_entropy_production_is_what_clausius_says(
        ((network, p), energies, work) in networks_with_state(50, 6.0).prop_flat_map(|(network, p)| {
            let n = network.states;
            (Just((network, p)), vec(-3.0..3.0, n), -2.0..2.0)
        })
    ) {
        let (process, energetics) = energetic(&network, &energies, work);
        energetics.require_detailed_balance(&process, 1e-13).unwrap();
        let state = Distribution::new(p).unwrap();
        let flow = process.flow(&state).unwrap();
        let budget = energy_budget(&flow, &state, &energetics).unwrap();
        let bound = 64.0 * network.states as f64 * EPS * scale(&flow);
        prop_assert!(budget.first_law_defect.abs() <= bound);
        // −ln p of a state on the way out can exceed every force: weigh it with what flows
        let logs = state.probabilities().iter().fold(1.0_f64, |m, p| m.max(-p.ln()));
        let total = flow.entropy_production_rate();
        prop_assert!((budget.clausius_rate - total).abs() <= bound * logs, "{:e} against {total:e}", budget.clausius_rate);
        for parts in [flow.entropy_production_rate_by_reservoir(), flow.entropy_production_rate_by_subsystem()] {
            prop_assert!(parts.values().all(|s| *s >= 0.0));
            prop_assert!((parts.values().sum::<f64>() - total).abs() <= 8.0 * EPS * total);
        }
    }

    #[test]
    fn every_mode_of_a_process_decays((network, _) in balanced_networks_with_state(30, DECADES)) {
        let process = process(&network);
        let spectrum = relaxation_spectrum(&process, &Run::default()).unwrap();
        prop_assert!(spectrum.detailed_balance);
        prop_assert!(spectrum.eigenvalues.iter().all(|v| v.re <= 0.0 && v.im == 0.0), "{:?}", spectrum.eigenvalues);
        // modes slower than n ε of the fastest are lost in its rounding
        prop_assert!(spectrum.relaxation_times.len() < network.states);
    }
}

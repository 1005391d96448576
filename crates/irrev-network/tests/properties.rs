//! Invariances, bounds and accuracy on random networks with rates over 24 decades, unless a test says otherwise.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

use irrev_network::bounds::uncertainty_relation;
use irrev_network::decomposition::{geometric_decomposition, information_geometric_decomposition};
use irrev_network::dynamics::{counting_statistics, evolve};
use irrev_network::energetics::{Energetics, energy_budget};
use irrev_network::{Distribution, Kinetics, MarkovJump, Network};
use irrev_numerics::{Run, Tolerance};
use irrev_testing::extended;
use irrev_testing::random::{RandomNetwork, cases, networks, networks_with_state, rates};
use proptest::collection::vec;
use proptest::prelude::*;

const DECADES: f64 = 24.0;
const EPS: f64 = f64::EPSILON;

fn process(network: &RandomNetwork) -> MarkovJump {
    MarkovJump::from_rates(network.states, &network.channels).unwrap()
}

/// The scalars of a process at a state, with their names.
fn scalars(process: &MarkovJump, p: &[f64]) -> Vec<(&'static str, f64)> {
    let flow = process.flow(&Distribution::new(p.to_vec()).unwrap()).unwrap();
    let steady = process.flow(&process.stationary_distribution().unwrap()).unwrap();
    let split = geometric_decomposition(&flow).unwrap();
    vec![
        ("entropy production rate", flow.entropy_production_rate()),
        (
            "stationary entropy production rate",
            steady.entropy_production_rate(),
        ),
        ("activity", flow.activity()),
        ("mobility", flow.mobility()),
        ("excess", split.excess),
        ("housekeeping", split.housekeeping),
        (
            "information-geometric excess",
            information_geometric_decomposition(&flow).unwrap().excess,
        ),
    ]
}

/// Every scalar of `changed` is `factor` times that of `original`, within 1e-9 of the entropy production and activity (the
/// information-geometric excess is certified to that).
fn check_scaled(changed: &[(&str, f64)], original: &[(&str, f64)], factor: f64) -> Result<(), TestCaseError> {
    let size = factor * (original[0].1 + original[2].1);
    // conditions of a stationary state: forces are ratios of probabilities good to n ε, so its rate is good to that times its activity
    for ((name, got), (_, expected)) in changed.iter().zip(original) {
        let wanted = factor * expected;
        let allowed = if *name == "information-geometric excess" {
            1e-9
        } else {
            1e-11
        };
        prop_assert!(
            (got - wanted).abs() <= allowed * size.max(wanted),
            "{name}: {got:e}, expected {wanted:e}, size {size:e}"
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn every_stationary_probability_agrees_with_elimination_in_twice_the_precision(network in networks(50, DECADES)) {
        let got = process(&network).stationary_distribution().unwrap();
        let reference = extended::stationary_distribution(network.states, &network.channels);
        let n = network.states as f64;
        for (i, (g, e)) in got.probabilities().iter().zip(&reference).enumerate() {
            // O'Cinneide's bound grows as n³ ε; 16 n ε holds for all networks met
            prop_assert!((g - e).abs() <= 16.0 * n * EPS * e, "state {i}: {g:e} against {e:e}");
        }
        prop_assert!((got.probabilities().iter().sum::<f64>() - 1.0).abs() <= n * EPS);
    }

    #[test]
    fn relabelling_states_and_flipping_edges_change_no_scalar((network, p) in networks_with_state(50, DECADES), shift in 1..50_usize) {
        let n = network.states;
        let step = (shift..).find(|s| gcd(*s, n) == 1).unwrap();
        let renamed = |i: usize| (i * step + shift) % n;
        let channels: Vec<_> = network.channels.iter().rev().enumerate().map(|(e, &(x, y, f, b))| {
            let (x, y) = (renamed(x), renamed(y));
            if e % 3 == 0 { (y, x, b, f) } else { (x, y, f, b) }
        }).collect();
        let mut q = vec![0.0; n];
        for (i, p) in p.iter().enumerate() {
            q[renamed(i)] = *p;
        }
        let changed = RandomNetwork { states: n, channels };
        check_scaled(&scalars(&process(&changed), &q), &scalars(&process(&network), &p), 1.0)?;
    }

    #[test]
    fn a_thousand_times_faster_process_produces_a_thousand_times_the_entropy(
        (network, p) in networks_with_state(50, DECADES), factor in rates(6.0)
    ) {
        let mut faster = network.clone();
        for channel in &mut faster.channels {
            (channel.2, channel.3) = (channel.2 * factor, channel.3 * factor);
        }
        check_scaled(&scalars(&process(&faster), &p), &scalars(&process(&network), &p), factor)?;
    }

    #[test]
    fn splitting_a_channel_in_half_changes_neither_flows_nor_dissipation((network, p) in networks_with_state(50, DECADES)) {
        let mut split = network.clone();
        for e in 0..network.channels.len() {
            let (x, y, f, b) = network.channels[e];
            let half = (x, y, 0.5 * f, 0.5 * b);
            split.channels[e] = half;
            split.channels.push(half);
        }
        let (whole, halves) = (process(&network), process(&split));
        check_scaled(&scalars(&halves, &p), &scalars(&whole, &p), 1.0)?;
        let state = Distribution::new(p).unwrap();
        prop_assert_eq!(halves.flow(&state).unwrap().activity(), whole.flow(&state).unwrap().activity());
    }

    #[test]
    fn powers_of_two_of_all_rates_scale_every_number_exactly((network, p) in networks_with_state(50, DECADES), exponent in prop_oneof![Just(-800), Just(-400), Just(400), Just(800)]) {
        let factor = 2.0_f64.powi(exponent);
        let mut scaled = network.clone();
        for channel in &mut scaled.channels {
            (channel.2, channel.3) = (channel.2 * factor, channel.3 * factor);
        }
        // fluxes that leave the range of doubles are the user's own: keep those that do not
        let smallest = p.iter().copied().fold(1.0, f64::min);
        prop_assume!(smallest * 1e-12 * factor > f64::MIN_POSITIVE);
        let (base, scaled) = (process(&network), process(&scaled));
        let pi = scaled.stationary_distribution().unwrap();
        for (got, expected) in pi.probabilities().iter().zip(base.stationary_distribution().unwrap().probabilities()) {
            prop_assert!((got - expected).abs() <= 64.0 * network.states as f64 * EPS * expected);
        }
        let state = Distribution::new(p).unwrap();
        let (flow, other) = (base.flow(&state).unwrap(), scaled.flow(&state).unwrap());
        let (split, far) = (geometric_decomposition(&flow).unwrap(), geometric_decomposition(&other).unwrap());
        let total = flow.entropy_production_rate() * factor;
        prop_assert!((other.entropy_production_rate() - total).abs() <= 1e-12 * total);
        for (got, expected) in [(far.excess, split.excess), (far.housekeeping, split.housekeeping)] {
            prop_assert!((got - expected * factor).abs() <= 1e-10 * total + 1e-10 * flow.activity() * factor);
        }
        let information = information_geometric_decomposition(&other).unwrap();
        prop_assert!(information.excess.is_finite() && information.gap <= 1e-9 * total);
        let statistics = counting_statistics(&scaled).unwrap();
        prop_assert!(statistics.entropy_cumulants(2).unwrap().values.iter().all(|c| c.is_finite()));
    }

    #[test]
    fn uncertainty_relations_hold_for_random_currents((network, weights) in networks(50, 6.0).prop_flat_map(|n| {
        let edges = n.channels.len();
        (Just(n), vec(-1.0..1.0, edges))
    })) {
        let process = process(&network);
        let statistics = counting_statistics(&process).unwrap();
        let flow = process.flow(statistics.stationary_distribution()).unwrap();
        let relation = uncertainty_relation(&statistics, &flow, &weights).unwrap();
        prop_assert!(relation.variance_rate >= 0.0);
        // near equilibrium mean and dissipation vanish together, and the products lose what the mean has lost
        let size: f64 = weights.iter().zip(flow.forward_flux().iter().zip(flow.backward_flux())).map(|(w, (a, b))| w.abs() * (a + b)).sum();
        let lost = 64.0 * network.states as f64 * EPS * size / relation.mean.abs();
        if !relation.thermodynamic_product.is_nan() {
            prop_assert!(relation.thermodynamic_product >= 2.0 * (1.0 - 1e-10 - 2.0 * lost), "{relation:?}");
            prop_assert!(relation.kinetic_product >= 1.0 - 1e-10 - 2.0 * lost, "{relation:?}");
            prop_assert!(relation.short_time_product >= 2.0 * (1.0 - 1e-10 - 2.0 * lost), "{relation:?}");
        }
    }
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn the_generating_function_of_the_entropy_is_symmetric(network in networks(30, 6.0), chi in -1.5..0.5_f64) {
        let process = process(&network);
        let statistics = counting_statistics(&process).unwrap();
        let weights = process.medium_entropy_change();
        let at = |chi| statistics.scaled_generating_function(&weights, chi, &Run::default());
        let (here, there) = (at(chi).unwrap(), at(-1.0 - chi).unwrap());
        // each value is bracketed; the brackets of equal numbers overlap
        prop_assert!(
            (here.value - there.value).abs() <= 2.0 * (here.convergence.target + there.convergence.target),
            "{here:?} {there:?}"
        );
        prop_assert!(at(0.0).unwrap().value.abs() <= 2.0 * here.convergence.target);
    }

    #[test]
    fn shifting_all_energies_changes_nothing_but_the_energy((network, p) in networks_with_state(30, 6.0), shift in -50.0..50.0_f64) {
        let mut builder = Network::builder().states((0..network.states).map(|i| i.to_string())).reservoir("bath");
        for (e, c) in network.channels.iter().enumerate() {
            builder = builder.channel(e.to_string(), c.0.to_string(), c.1.to_string(), Some("bath"));
        }
        let topology = builder.build().unwrap();
        let (forward, backward) = network.channels.iter().map(|c| (c.2, c.3)).unzip();
        let energies: Vec<f64> = (0..network.states).map(|i| (i as f64).sin()).collect();
        let shifted = energies.iter().map(|e| e + shift).collect();
        let state = Distribution::new(p).unwrap();
        let (original, moved) = (
            Energetics::thermal(&topology, energies, &[1.5]),
            Energetics::thermal(&topology, shifted, &[1.5]),
        );
        let process = MarkovJump::new(topology, forward, backward).unwrap();
        let flow = process.flow(&state).unwrap();
        let [before, after] = [&original, &moved].map(|e| energy_budget(&flow, &state, e).unwrap());
        let bound = 64.0 * EPS * (1.0 + shift.abs()) * flow.activity();
        prop_assert!((before.heat[0] - after.heat[0]).abs() <= bound);
        prop_assert!((before.energy_rate - after.energy_rate).abs() <= network.states as f64 * bound);
        prop_assert_eq!(before.entropy_rate, after.entropy_rate);
        let mean = |e: &Energetics| e.mean_energy(&state).unwrap();
        prop_assert!((mean(&moved) - mean(&original) - shift).abs() <= 64.0 * EPS * (1.0 + shift.abs()));
        for (here, there) in original.gibbs_distribution(0).unwrap().probabilities().iter().zip(moved.gibbs_distribution(0).unwrap().probabilities()) {
            prop_assert!((here - there).abs() <= 64.0 * EPS * (1.0 + shift.abs()) * here);
        }
    }

    #[test]
    fn two_half_intervals_evolve_as_one((network, p) in networks_with_state(50, DECADES), time in rates(24.0)) {
        let process = process(&network);
        let start = Distribution::new(p).unwrap();
        let (tight, run) = (Tolerance::relative(1e-13), Run::default());
        let after = |p: &Distribution, t| evolve(&process, p, t, tight, &run).unwrap().distribution;
        let halves = after(&after(&start, 0.5 * time), 0.5 * time);
        let whole = after(&start, time);
        // squarings lose n ε each, and there are log₂ of the time in units of the fastest rate
        let bound = 1e-12 + 100.0 * network.states as f64 * EPS;
        prop_assert!(halves.total_variation(&whole).unwrap() <= bound);
        prop_assert_eq!(process.network().states().len(), whole.len());
    }
}

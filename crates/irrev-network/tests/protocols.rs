//! Optimal protocols against the master equation under their rates, naive ways, and what is refused.

#![allow(clippy::unwrap_used)] // helpers of tests are tests too

use irrev_network::transport::{OptimalProtocol, Wasserstein2Options, optimal_protocol, straight_path};
use irrev_network::{Distribution, Error, MarkovJump};
use irrev_numerics::special::logarithmic_mean;
use irrev_numerics::{Run, Tolerance};
use irrev_testing::random::{cases, networks, positive_distributions};
use proptest::prelude::*;

fn distribution(values: &[f64]) -> Distribution {
    Distribution::new(values.to_vec()).unwrap()
}

fn protocol(kinetics: &MarkovJump, from: &Distribution, to: &Distribution, duration: f64) -> OptimalProtocol {
    optimal_protocol(
        kinetics,
        from,
        to,
        duration,
        &Wasserstein2Options::default(),
        &Run::default(),
    )
    .unwrap()
}

/// A driven ring with a second channel beside the first edge, against it.
fn driven() -> MarkovJump {
    MarkovJump::from_rates(
        3,
        &[
            (0, 1, 2.0, 0.5),
            (1, 2, 3.0, 1.0),
            (2, 0, 1.5, 0.25),
            (1, 0, 0.3, 0.6),
        ],
    )
    .unwrap()
}

fn line(states: usize) -> MarkovJump {
    let steps: Vec<_> = (1..states).map(|i| (i - 1, i, 1.0, 1.0)).collect();
    MarkovJump::from_rates(states, &steps).unwrap()
}

#[test]
fn the_master_equation_under_the_protocol_arrives_and_dissipates_the_least() {
    let (ring, path) = (driven(), line(4));
    for (kinetics, from, to) in [
        (&ring, vec![0.6, 0.3, 0.1], vec![0.1, 0.2, 0.7]),
        (&ring, vec![1.0, 0.0, 0.0], vec![0.1, 0.2, 0.7]),
        (&ring, vec![1.0, 0.0, 0.0], vec![0.0, 0.0, 1.0]),
        (&path, vec![1.0, 0.0, 0.0, 0.0], vec![0.25, 0.25, 0.25, 0.25]),
        (&path, vec![1.0, 0.0, 0.0, 0.0], vec![0.0, 0.0, 0.0, 1.0]),
    ] {
        let (from, to) = (distribution(&from), distribution(&to));
        for duration in [0.1, 20.0] {
            let protocol = protocol(kinetics, &from, &to, duration);
            let done = protocol
                .simulated(Tolerance::relative(1e-7), &Run::default())
                .unwrap();
            let cost = protocol.cost();
            // path and potential leave open what the certificate does
            let open = cost.relative_error().sqrt();
            assert!(done.missed <= 0.1 * open, "{:e} {open:e}", done.missed);
            assert!(
                done.mobility_deviation <= 0.1 * open,
                "{:e}",
                done.mobility_deviation
            );
            let off = (done.entropy_production.value - cost.value).abs();
            assert!(
                off <= cost.error + done.entropy_production.error + 1e-7 * cost.value,
                "{} {cost}",
                done.entropy_production
            );
        }
    }
}

#[test]
fn every_channel_keeps_its_mobility_and_all_feel_the_potential() {
    let kinetics = driven();
    let (from, to) = (distribution(&[0.6, 0.3, 0.1]), distribution(&[0.1, 0.2, 0.7]));
    let protocol = protocol(&kinetics, &from, &to, 2.0);
    for time in [0.0, 0.7, 2.0] {
        let at = protocol.at(time).unwrap();
        let p = &at.state;
        // the two channels between 0 and 1 run against each other
        assert!((at.force[0] + at.force[3]).abs() < 1e-14);
        for (e, (x, y)) in [(0, 1), (1, 2), (2, 0), (1, 0)].into_iter().enumerate() {
            let (a, b) = (at.forward_rate[e] * p[x], at.backward_rate[e] * p[y]);
            let kept = logarithmic_mean(
                kinetics.forward_rate()[e] * p[x],
                kinetics.backward_rate()[e] * p[y],
            );
            assert!((logarithmic_mean(a, b) / kept - 1.0).abs() < 1e-13);
            assert!(((a / b).ln() - at.force[e]).abs() < 1e-13);
        }
    }
    // half the time takes twice the force
    let fast = self::protocol(&kinetics, &from, &to, 1.0);
    for (f, g) in fast
        .at(0.35)
        .unwrap()
        .force
        .iter()
        .zip(&protocol.at(0.7).unwrap().force)
    {
        assert!((f / g - 2.0).abs() < 1e-12);
    }
    assert!((fast.cost().value / protocol.cost().value - 2.0).abs() < 1e-14);
}

#[test]
fn two_states_take_the_closed_form_rates() {
    // symmetric rates: L = Λ(1 − p, p), constant speed W₂ = ∫dp/√L, so that F = W₂/(T √L)
    let pair = MarkovJump::from_rates(2, &[(0, 1, 1.0, 1.0)]).unwrap();
    let protocol = protocol(&pair, &distribution(&[0.9, 0.1]), &distribution(&[0.2, 0.8]), 3.0);
    for time in [0.0, 1.0, 1.5, 3.0] {
        let at = protocol.at(time).unwrap();
        let conductance = logarithmic_mean(at.state[0], at.state[1]);
        let force = protocol.geodesic().distance() / (3.0 * conductance.sqrt());
        assert!(
            (at.force[0] / force - 1.0).abs() < 1e-6,
            "{} {force}",
            at.force[0]
        );
    }
}

#[test]
fn no_naive_way_is_cheaper() {
    let kinetics = driven();
    let (from, duration) = (distribution(&[0.8, 0.1, 0.1]), 0.7);
    let (run, tolerance) = (Run::default(), Tolerance::relative(1e-9));
    let relaxed =
        irrev_network::dynamics::evolve(&kinetics, &from, duration, Tolerance::relative(1e-13), &run)
            .unwrap();
    let protocol = protocol(&kinetics, &from, &relaxed.distribution, duration);
    let alone = protocol.left_alone(tolerance, &run).unwrap();
    assert!(alone.missed < 1e-9);
    assert!(alone.entropy_production.value > protocol.cost().value * 1.01);
    let straight = straight_path(&kinetics, &from, &relaxed.distribution, tolerance, &run).unwrap();
    let length = protocol.geodesic().distance();
    assert!(straight.length.value >= length && straight.action.value >= straight.length.value.powi(2));
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn random_networks_are_driven_to_their_ends((network, p, q) in networks(6, 4.0).prop_flat_map(|n| {
        let states = n.states;
        (Just(n), positive_distributions(states), positive_distributions(states))
    })) {
        // mixed with the uniform distribution: what is resolved beside the boundary is tested above
        let mixed = |p: Vec<f64>| distribution(&p.iter().map(|x| 0.9 * x + 0.1 / network.states as f64).collect::<Vec<_>>());
        let (from, to) = (mixed(p), mixed(q));
        let kinetics = MarkovJump::from_rates(network.states, &network.channels).unwrap();
        let (run, tolerance) = (Run::default(), Tolerance::relative(1e-6));
        let protocol = protocol(&kinetics, &from, &to, 1.0);
        let (cost, done) = (protocol.cost(), protocol.simulated(tolerance, &run).unwrap());
        let open = cost.relative_error().sqrt();
        // and beside the boundary what the path resolves
        prop_assert!(done.missed <= open + 1e3 * protocol.resolved(), "{:e} {:e}", done.missed, open);
        let off = (done.entropy_production.value - cost.value).abs();
        prop_assert!(off <= cost.error + 1e-5 * cost.value, "{} {cost}", done.entropy_production);
        let straight = straight_path(&kinetics, &from, &to, tolerance, &run).unwrap();
        let least = protocol.geodesic().lower_bound();
        prop_assert!(straight.length.value >= least * (1.0 - 1e-6));
        prop_assert!(straight.action.value >= straight.length.value.powi(2) * (1.0 - 1e-6));
    }
}

#[test]
fn nothing_to_do_costs_nothing() {
    let kinetics = driven();
    for state in [distribution(&[0.5, 0.3, 0.2]), distribution(&[1.0, 0.0, 0.0])] {
        let protocol = protocol(&kinetics, &state, &state, 1.0);
        let done = protocol
            .simulated(Tolerance::relative(1e-8), &Run::default())
            .unwrap();
        assert_eq!(protocol.cost().value, 0.0);
        assert!(
            done.missed < 1e-13 && done.entropy_production.value < 1e-12,
            "{done:?}"
        );
    }
}

#[test]
fn a_straight_path_through_empty_states_costs_an_infinite_amount() {
    let (path, run, tolerance) = (line(4), Run::default(), Tolerance::relative(1e-8));
    let straight = |from: &[f64], to: &[f64]| {
        straight_path(&path, &distribution(from), &distribution(to), tolerance, &run).unwrap()
    };
    // only through states that stay empty, or that are filled no earlier than the current has to pass
    assert_eq!(
        straight(&[1.0, 0.0, 0.0, 0.0], &[0.0, 0.0, 0.0, 1.0])
            .action
            .value,
        f64::INFINITY
    );
    assert_eq!(
        straight(&[1.0, 0.0, 0.0, 0.0], &[0.25; 4]).action.value,
        f64::INFINITY
    );
    // from one occupied state to its neighbour: two states, whose length has no other path
    let next = straight(&[1.0, 0.0, 0.0, 0.0], &[0.0, 1.0, 0.0, 0.0]);
    let pair = MarkovJump::from_rates(2, &[(0, 1, 1.0, 1.0)]).unwrap();
    let alone = protocol(&pair, &distribution(&[1.0, 0.0]), &distribution(&[0.0, 1.0]), 1.0);
    assert!((next.length.value - alone.geodesic().distance()).abs() < 1e-7);
    // empty neighbours filled from both sides
    assert!(
        straight(&[0.5, 0.0, 0.0, 0.5], &[0.25; 4])
            .action
            .value
            .is_finite()
    );
}

#[test]
fn what_has_no_protocol_is_refused() {
    let apart = MarkovJump::from_rates(4, &[(0, 1, 1.0, 2.0), (2, 3, 1.0, 0.5)]).unwrap();
    let (p, q) = (
        distribution(&[0.5, 0.1, 0.2, 0.2]),
        distribution(&[0.1, 0.1, 0.4, 0.4]),
    );
    let (options, run) = (Wasserstein2Options::default(), Run::default());
    let error = optimal_protocol(&apart, &p, &q, 1.0, &options, &run).unwrap_err();
    assert!(matches!(&error, Error::NoPath { surplus, .. } if (surplus - 0.4).abs() < 1e-12));
    assert!(
        error.to_string().contains("0, 1") && error.to_string().contains("lose"),
        "{error}"
    );
    // each part by itself is
    let within = distribution(&[0.1, 0.5, 0.1, 0.3]);
    let done = protocol(&apart, &p, &within, 1.0)
        .simulated(Tolerance::relative(1e-7), &run)
        .unwrap();
    assert!(done.missed < 1e-6);
    for duration in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(optimal_protocol(&apart, &p, &within, duration, &options, &run).is_err());
    }
    let known = protocol(&apart, &p, &within, 1.0);
    assert!(known.at(1.5).is_err() && known.at(f64::NAN).is_err());
    let one_way = MarkovJump::from_rates(2, &[(0, 1, 1.0, 0.0)]).unwrap();
    let (p, q) = (distribution(&[0.5, 0.5]), distribution(&[0.1, 0.9]));
    assert!(matches!(
        optimal_protocol(&one_way, &p, &q, 1.0, &options, &run),
        Err(Error::OneWay { .. })
    ));
    assert!(matches!(
        straight_path(&one_way, &p, &q, Tolerance::default(), &run),
        Err(Error::OneWay { .. })
    ));
}

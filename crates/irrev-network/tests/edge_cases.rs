//! Inputs at the edge of what makes sense: each gives its limit, a documented infinity, or a refusal by name.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

use irrev_network::bounds::uncertainty_relation;
use irrev_network::cycles::fundamental_cycles;
use irrev_network::decomposition::{
    geometric_decomposition, hatano_sasa_decomposition, information_geometric_decomposition,
};
use irrev_network::dynamics::{
    RelaxationOptions, closed_classes, counting_statistics, current_moments, entropy_moments, evolve,
    first_passage, limiting_distribution, relaxation, relaxation_spectrum,
};
use irrev_network::overview::overview;
use irrev_network::{Distribution, Error, Flow, MarkovJump, Network};
use irrev_numerics::{Run, Tolerance};
use irrev_testing::{assert_all_close, assert_close};

fn process(states: usize, channels: &[(usize, usize, f64, f64)]) -> MarkovJump {
    MarkovJump::from_rates(states, channels).unwrap()
}

fn distribution(p: &[f64]) -> Distribution {
    Distribution::new(p.to_vec()).unwrap()
}

fn after(process: &MarkovJump, p: &Distribution, t: f64) -> Vec<f64> {
    evolve(process, p, t, Tolerance::relative(1e-12), &Run::default())
        .unwrap()
        .distribution
        .probabilities()
        .to_vec()
}

#[test]
fn one_state_has_nothing_to_do() {
    let one = process(1, &[]);
    let pi = one.stationary_distribution().unwrap();
    assert_eq!(pi.probabilities(), [1.0]);
    let flow = one.flow(&pi).unwrap();
    assert_eq!((flow.entropy_production_rate(), flow.activity()), (0.0, 0.0));
    let split = geometric_decomposition(&flow).unwrap();
    assert_eq!((split.excess, split.housekeeping), (0.0, 0.0));
    let information = information_geometric_decomposition(&flow).unwrap();
    assert_eq!((information.excess, information.gap), (0.0, 0.0));
    assert_eq!(after(&one, &pi, 5.0), [1.0]);
    assert_eq!(
        relaxation_spectrum(&one, &Run::default()).unwrap().spectral_gap,
        0.0
    );
    assert!(
        counting_statistics(&one)
            .unwrap()
            .scaled_cumulants(&[], 3)
            .unwrap()
            .values
            .iter()
            .all(|c| *c == 0.0)
    );
    assert!(
        overview(&one, &pi, &[])
            .unwrap()
            .uncertainty
            .thermodynamic_product
            .is_nan()
    );
}

#[test]
fn states_without_edges_stay_where_they_are() {
    let still = process(3, &[]);
    let p = distribution(&[0.2, 0.3, 0.5]);
    assert_eq!(after(&still, &p, 1e6), p.probabilities());
    assert_eq!(closed_classes(&still).unwrap().len(), 3);
    assert_eq!(limiting_distribution(&still, &p).unwrap().distribution, p);
    let path = relaxation(&still, &p, 1.0, &RelaxationOptions::default(), &Run::default()).unwrap();
    assert_eq!(path.entropy_production, 0.0);
}

#[test]
fn a_disconnected_network_names_its_classes_and_is_analysed_by_component() {
    let two = process(4, &[(0, 1, 1.0, 2.0), (2, 3, 3.0, 1.0)]);
    let Err(Error::SeveralClosedClasses { classes }) = two.stationary_distribution() else {
        panic!("one arbitrary vector");
    };
    assert_eq!(classes, [["0", "1"], ["2", "3"]]);
    let p = distribution(&[0.4, 0.1, 0.2, 0.3]);
    let split = geometric_decomposition(&two.flow(&p).unwrap()).unwrap();
    // two trees: every force is a gradient
    assert!(split.housekeeping < 1e-30 && split.excess > 0.0);
    assert_close("gauge", split.potential[0] + split.potential[1], 0.0, 0.0, 1e-15);
    assert_close("gauge", split.potential[2] + split.potential[3], 0.0, 0.0, 1e-15);
    let limit = limiting_distribution(&two, &p).unwrap();
    assert_all_close(
        "limit",
        limit.distribution.probabilities(),
        &[1.0 / 3.0, 0.5 / 3.0, 0.125, 0.375],
        1e-14,
        0.0,
    );
    assert_all_close(
        "after long",
        &after(&two, &p, 100.0),
        limit.distribution.probabilities(),
        1e-12,
        0.0,
    );
}

#[test]
fn absorbing_states_end_with_the_probabilities_of_the_gamblers_ruin() {
    let ruin = process(4, &[(1, 0, 1.0, 0.0), (1, 2, 2.0, 1.0), (2, 3, 2.0, 0.0)]);
    let limit = limiting_distribution(&ruin, &Distribution::point(4, 1).unwrap()).unwrap();
    assert_eq!(limit.classes.len(), 2);
    assert_all_close("ruin", &limit.probabilities, &[3.0 / 7.0, 4.0 / 7.0], 1e-14, 0.0);
    let one_exit = process(3, &[(0, 1, 1.0, 0.5), (1, 2, 3.0, 0.0)]);
    assert_eq!(
        one_exit.stationary_distribution().unwrap().probabilities(),
        [0.0, 0.0, 1.0]
    );
}

#[test]
fn one_way_edges_dissipate_without_bound_and_are_named() {
    let one_way = process(3, &[(0, 1, 1.0, 1.0), (1, 2, 2.0, 0.0), (2, 0, 1.0, 3.0)]);
    let p = distribution(&[0.5, 0.25, 0.25]);
    let flow = one_way.flow(&p).unwrap();
    assert_eq!(flow.entropy_production_rate(), f64::INFINITY);
    assert_eq!(flow.one_way_edges(), [1]);
    assert_eq!(one_way.one_way_edges(), ["1→2"]);
    assert_eq!(
        (flow.onsager_coefficient()[1], flow.force()[1]),
        (0.0, f64::INFINITY)
    );
    let split = geometric_decomposition(&flow).unwrap();
    assert_eq!(split.housekeeping, f64::INFINITY);
    assert!(split.excess.is_finite() && split.excess >= 0.0);
    assert!(split.housekeeping_current.iter().all(|j| j.is_finite()));
    let parts = flow.entropy_production_rate_by_reservoir();
    assert_eq!(parts["no reservoir"], f64::INFINITY);
    let pi = one_way.stationary_distribution().unwrap();
    let named = |e: Error| matches!(e, Error::OneWay { edges, .. } if edges == ["1→2"]);
    assert!(named(hatano_sasa_decomposition(&one_way, &p, &pi).unwrap_err()));
    assert!(named(information_geometric_decomposition(&flow).unwrap_err()));
    assert!(named(
        entropy_moments(&one_way, &p, 1.0, &Run::default()).unwrap_err()
    ));
    assert!(named(
        counting_statistics(&one_way)
            .unwrap()
            .entropy_cumulants(2)
            .unwrap_err()
    ));
    assert!(named(overview(&one_way, &p, &[1.0; 3]).unwrap_err()));
    let path = relaxation(&one_way, &p, 1.0, &RelaxationOptions::default(), &Run::default()).unwrap();
    assert_eq!(path.entropy_production, f64::INFINITY);
    assert!(path.activity.is_finite() && path.adiabatic.is_none());
    let affinity = fundamental_cycles(flow.network()).affinities(&one_way)[0];
    assert!(affinity.is_infinite());
}

#[test]
fn a_one_way_bridge_between_components_has_no_potential_at_all() {
    let bridge = process(4, &[(0, 1, 1.0, 1.0), (1, 2, 1.0, 0.0), (2, 3, 1.0, 1.0)]);
    let split = geometric_decomposition(&bridge.flow(&Distribution::uniform(4).unwrap()).unwrap()).unwrap();
    assert_eq!((split.excess, split.housekeeping), (f64::INFINITY, f64::INFINITY));
    assert!(split.potential.is_empty());
}

#[test]
fn zero_probabilities_give_documented_infinities_and_never_nan() {
    let ring = process(3, &[(0, 1, 1.0, 2.0), (1, 2, 1.0, 2.0), (2, 0, 1.0, 2.0)]);
    let flow = ring.flow(&Distribution::point(3, 0).unwrap()).unwrap();
    assert_eq!(flow.entropy_production_rate(), f64::INFINITY);
    // nothing flows between the two empty states
    assert_eq!((flow.force()[1], flow.onsager_coefficient()[1]), (0.0, 0.0));
    assert_eq!(flow.entropy_production_rate_per_edge()[1], 0.0);
    let split = geometric_decomposition(&flow).unwrap();
    assert_eq!(split.excess, f64::INFINITY);
    let pi = ring.stationary_distribution().unwrap();
    let hatano_sasa = hatano_sasa_decomposition(&ring, &Distribution::point(3, 0).unwrap(), &pi).unwrap();
    assert_eq!(hatano_sasa.nonadiabatic, f64::INFINITY);
    assert!(hatano_sasa.adiabatic.is_finite());
    // the divergence is integrable
    let path = relaxation(
        &ring,
        &Distribution::point(3, 0).unwrap(),
        30.0,
        &RelaxationOptions::default(),
        &Run::default(),
    )
    .unwrap();
    let lost = 3.0_f64.ln();
    assert_close("nonadiabatic", path.nonadiabatic.unwrap(), lost, 1e-8, 0.0);
    let stationary_part = 30.0 * 2.0_f64.ln();
    assert_close(
        "total",
        path.entropy_production,
        lost + stationary_part,
        1e-8,
        0.0,
    );
}

#[test]
fn an_edge_with_no_rate_either_way_is_as_if_absent() {
    let with = process(3, &[(0, 1, 1.0, 2.0), (1, 2, 0.5, 1.0), (2, 0, 0.0, 0.0)]);
    let without = process(3, &[(0, 1, 1.0, 2.0), (1, 2, 0.5, 1.0)]);
    let p = distribution(&[0.5, 0.3, 0.2]);
    assert_eq!(
        with.stationary_distribution().unwrap(),
        without.stationary_distribution().unwrap()
    );
    let [a, b] = [&with, &without].map(|k| {
        let flow = k.flow(&p).unwrap();
        let pi = k.stationary_distribution().unwrap();
        let split = geometric_decomposition(&flow).unwrap();
        let hatano_sasa = hatano_sasa_decomposition(k, &p, &pi).unwrap();
        let information = information_geometric_decomposition(&flow).unwrap();
        vec![
            flow.entropy_production_rate(),
            split.excess,
            hatano_sasa.nonadiabatic,
            information.excess,
            information.primal,
        ]
    });
    assert_all_close("scalars", &a, &b, 1e-13, 0.0);
    assert!(!overview(&with, &p, &[1.0, 0.0, 0.0]).unwrap().affinities[0].is_nan());
}

#[test]
fn parallel_channels_are_a_cycle_of_two_and_are_never_merged() {
    let pair = process(2, &[(0, 1, 2.0, 1.0), (0, 1, 1.0, 3.0)]);
    let pi = pair.stationary_distribution().unwrap();
    let flow = pair.flow(&pi).unwrap();
    let basis = fundamental_cycles(flow.network());
    assert_eq!(basis.cycles.len(), 1);
    let affinity = basis.affinities(&pair)[0];
    assert_close("affinity", affinity.abs(), 6.0_f64.ln(), 1e-15, 0.0);
    let current = basis.currents(&flow.current())[0];
    assert_close(
        "Σ̇",
        flow.entropy_production_rate(),
        current * affinity,
        1e-14,
        0.0,
    );
    assert!(flow.entropy_production_rate() > 0.1);
    assert!(geometric_decomposition(&flow).unwrap().excess < 1e-30);
}

#[test]
fn a_target_that_may_never_be_reached_is_refused_by_the_name_of_the_trap() {
    let trap = process(4, &[(0, 1, 1.0, 1.0), (1, 2, 1.0, 1.0), (1, 3, 0.1, 0.0)]);
    let start = Distribution::point(4, 0).unwrap();
    let passage =
        |start: &Distribution, targets: &[usize]| first_passage(&trap, start, targets, &[], &Run::default());
    assert!(matches!(passage(&start, &[2]), Err(Error::Unreachable { state }) if state == "3"));
    assert!(passage(&start, &[2, 3]).is_ok());
    assert!(matches!(passage(&start, &[]), Err(Error::Unknown { .. })));
    assert!(matches!(passage(&start, &[9]), Err(Error::Unknown { .. })));
    // a start on the target is there at once
    let there = passage(&Distribution::point(4, 2).unwrap(), &[2]).unwrap();
    assert_eq!(
        (there.mean, there.variance, there.splitting_probabilities[0]),
        (0.0, 0.0, 1.0)
    );
}

#[test]
fn rates_near_the_ends_of_the_range_keep_their_ratios() {
    for unit in [1e-300, 1e-150, 1e150, 1e295] {
        let ring = process(
            3,
            &[
                (0, 1, 2.0 * unit, 0.5 * unit),
                (1, 2, 3.0 * unit, unit),
                (2, 0, 1.5 * unit, 0.25 * unit),
            ],
        );
        let p = distribution(&[0.5, 0.3, 0.2]);
        let all = overview(&ring, &p, &[1.0, 0.0, 0.0]).unwrap();
        assert_close(
            "excess",
            all.geometric.excess / unit,
            0.8694120955609179,
            1e-11,
            0.0,
        );
        assert_close(
            "housekeeping",
            all.geometric.housekeeping / unit,
            1.9492010983724053,
            1e-11,
            0.0,
        );
        assert_close(
            "nonadiabatic",
            all.hatano_sasa.nonadiabatic / unit,
            0.6378439001582431,
            1e-11,
            0.0,
        );
        assert_close(
            "information",
            all.information_geometric.excess / unit,
            0.7148284076014249,
            1e-9,
            0.0,
        );
        let relation = uncertainty_relation(
            &counting_statistics(&ring).unwrap(),
            &all.stationary_flow,
            &[1.0, 0.0, 0.0],
        )
        .unwrap();
        assert_close("mean", relation.mean / unit, 0.49650349650349646, 1e-12, 0.0);
        assert_close(
            "variance",
            relation.variance_rate / unit,
            0.28293653629855886,
            1e-11,
            0.0,
        );
        assert_close(
            "product",
            relation.thermodynamic_product,
            2.437092804262421,
            1e-11,
            0.0,
        );
        let moved = after(&ring, &p, 0.3 / unit);
        let plain = process(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)]);
        assert_all_close("p(t)", &moved, &after(&plain, &p, 0.3), 1e-12, 0.0);
    }
}

#[test]
fn numbers_that_make_no_sense_are_refused_by_name() {
    for bad in [f64::NAN, f64::INFINITY, -1.0] {
        let refused = MarkovJump::from_rates(2, &[(0, 1, 1.0, bad)]).unwrap_err();
        assert!(
            matches!(&refused, Error::Rate { edge, direction: "backward", .. } if edge == "0→1"),
            "{refused}"
        );
        assert!(Distribution::new(vec![bad, 0.5]).is_err());
        let network = Network::from_edges(2, &[(0, 1)]).unwrap();
        assert!(matches!(
            Flow::new(network, vec![bad], vec![1.0]),
            Err(Error::Rate { .. })
        ));
        let two = process(2, &[(0, 1, 1.0, 1.0)]);
        let p = Distribution::uniform(2).unwrap();
        let run = Run::default();
        assert!(matches!(
            evolve(&two, &p, bad, Tolerance::relative(1e-9), &run),
            Err(Error::Domain { .. })
        ));
        assert!(matches!(
            relaxation(&two, &p, bad, &RelaxationOptions::default(), &run),
            Err(Error::Domain { .. })
        ));
        assert!(matches!(
            entropy_moments(&two, &p, bad, &run),
            Err(Error::Domain { .. })
        ));
        assert!(first_passage(&two, &p, &[1], &[bad], &run).is_err());
        if !bad.is_finite() {
            let statistics = counting_statistics(&two).unwrap();
            assert!(matches!(
                statistics.scaled_cumulants(&[bad], 2),
                Err(Error::Domain { .. })
            ));
            assert!(statistics.scaled_generating_function(&[1.0], bad, &run).is_err());
            assert!(current_moments(&two, &[bad], &p, 1.0, &run).is_err());
        }
    }
}

#[test]
fn arrays_of_the_wrong_length_are_refused_with_both_lengths() {
    let two = process(2, &[(0, 1, 1.0, 2.0)]);
    let three = Distribution::uniform(3).unwrap();
    let pi = two.stationary_distribution().unwrap();
    let wrong = |e: Error| {
        matches!(
            e,
            Error::Length {
                found: 3,
                expected: 2,
                ..
            } | Error::Length {
                found: 2,
                expected: 1,
                ..
            }
        )
    };
    let run = Run::default();
    assert!(wrong(two.flow(&three).unwrap_err()));
    assert!(wrong(hatano_sasa_decomposition(&two, &three, &pi).unwrap_err()));
    assert!(wrong(hatano_sasa_decomposition(&two, &pi, &three).unwrap_err()));
    assert!(wrong(
        evolve(&two, &three, 1.0, Tolerance::relative(1e-9), &run).unwrap_err()
    ));
    assert!(wrong(
        relaxation(&two, &three, 1.0, &RelaxationOptions::default(), &run).unwrap_err()
    ));
    assert!(wrong(limiting_distribution(&two, &three).unwrap_err()));
    assert!(wrong(first_passage(&two, &three, &[0], &[], &run).unwrap_err()));
    assert!(wrong(
        current_moments(&two, &[1.0, 2.0], &pi, 1.0, &run).unwrap_err()
    ));
    assert!(wrong(
        counting_statistics(&two)
            .unwrap()
            .scaled_cumulants(&[1.0, 2.0], 2)
            .unwrap_err()
    ));
    assert!(wrong(overview(&two, &three, &[1.0]).unwrap_err()));
    assert!(wrong(overview(&two, &pi, &[1.0, 2.0]).unwrap_err()));
    assert!(wrong(
        MarkovJump::new(
            Network::from_edges(2, &[(0, 1)]).unwrap(),
            vec![1.0, 2.0],
            vec![1.0]
        )
        .unwrap_err()
    ));
    assert!(pi.relative_entropy(&three).is_err() && pi.total_variation(&three).is_err());
}

#[test]
fn an_order_of_cumulants_out_of_range_is_refused() {
    let two = process(2, &[(0, 1, 1.0, 2.0)]);
    let statistics = counting_statistics(&two).unwrap();
    assert!(
        statistics.scaled_cumulants(&[1.0], 0).is_err() && statistics.scaled_cumulants(&[1.0], 9).is_err()
    );
}

#[test]
fn long_times_follow_the_scaled_cumulants() {
    let ring = MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)]).unwrap();
    let start = Distribution::new(vec![0.5, 0.3, 0.2]).unwrap();
    let run = Run::default();
    let weights = [1.0, 0.5, -0.25];
    let statistics = irrev_network::dynamics::counting_statistics(&ring).unwrap();
    let c = statistics.scaled_cumulants(&weights, 2).unwrap().values;
    let near = irrev_network::dynamics::current_moments(&ring, &weights, &start, 100.0, &run).unwrap();
    for t in [1e4, 1e8, 1e14] {
        let m = irrev_network::dynamics::current_moments(&ring, &weights, &start, t, &run).unwrap();
        // offsets from the start are those of any time after relaxation
        assert!((m.mean - near.mean - c[0] * (t - 100.0)).abs() <= 1e-13 * m.mean.abs());
        assert!((m.variance - near.variance - c[1] * (t - 100.0)).abs() <= 1e-12 * m.variance);
        let e = irrev_network::dynamics::entropy_moments(&ring, &start, t, &run).unwrap();
        assert!((e.integral_fluctuation - 1.0).abs() < 1e-10 && e.variance > 0.0);
    }
}

#[test]
fn a_ring_of_many_states_does_not_exhaust_the_stack() {
    let n = 200_000;
    let channels: Vec<_> = (0..n).map(|i| (i, (i + 1) % n, 2.0, 1.0)).collect();
    let ring = MarkovJump::from_rates(n, &channels).unwrap();
    let p = std::thread::Builder::new()
        .stack_size(512 * 1024)
        .spawn(move || ring.stationary_distribution().unwrap())
        .unwrap()
        .join()
        .unwrap();
    assert!((p.probabilities()[77_777] * n as f64 - 1.0).abs() < 1e-10);
}

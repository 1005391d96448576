//! Speed limits and the records that they share with uncertainty relations, by the public API: reference values (`data/bounds.json`), random networks, and cases of equality.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

#[path = "../cases/mod.rs"]
mod cases;
mod reactions;
#[path = "../verdicts/mod.rs"]
mod verdicts;

use irrev_network::bounds::{
    Cost, Diffusion, Observable, Side, SpeedLimitOptions, SpeedLimits, Unmet, Verdict, driven_current_bounds,
    driven_speed_limits, finite_time_uncertainty, langevin_speed_limit, path_integrals, speed_limits,
    wasserstein2_length,
};
use irrev_network::dynamics::DrivenJump;
use irrev_network::transport::{Wasserstein2Options, wasserstein2};
use irrev_network::{Distribution, Kinetics, MarkovJump};
use irrev_numerics::{Run, Tolerance};
use irrev_testing::random::{
    RandomNetwork, balanced_networks, boundary_distributions, cases as tries, networks,
    positive_distributions,
};
use irrev_testing::{assert_all_close, assert_close};
use proptest::collection::vec;
use proptest::prelude::*;

use cases::{Case, index, numbers, only_kinds, run_cases};
use verdicts::all_hold;

const FILE: &str = include_str!("../data/bounds.json");

/// Stiff beyond most that is measured, and still followed in a blink.
const DECADES: f64 = 8.0;

fn process(network: &RandomNetwork) -> MarkovJump {
    MarkovJump::from_rates(network.states, &network.channels).unwrap()
}

fn state(p: &[f64]) -> Distribution {
    Distribution::new(p.to_vec()).unwrap()
}

fn without_wasserstein2() -> SpeedLimitOptions {
    SpeedLimitOptions {
        wasserstein2: None,
        ..Default::default()
    }
}

fn tolerance() -> Tolerance {
    SpeedLimitOptions::default().tolerance
}

fn limits(kinetics: &MarkovJump, p: &[f64], duration: f64, options: &SpeedLimitOptions) -> SpeedLimits {
    speed_limits(kinetics, &state(p), duration, options, &Run::default()).unwrap()
}

/// The value of a bound's smaller side.
fn bound(limits: &SpeedLimits, name: &str, cost: Cost) -> f64 {
    limits.find(name, cost).unwrap().sides().unwrap().bound.value
}

fn least_time(limits: &SpeedLimits, name: &str, cost: Cost) -> f64 {
    let sides = limits.find(name, cost).unwrap().sides().unwrap();
    sides.least_time.unwrap().value
}

fn unbalanced(unmet: &Unmet) -> bool {
    matches!(unmet, Unmet::DetailedBalance { .. })
}

fn channels(case: &Case<'_>) -> Vec<(usize, usize, f64, f64)> {
    let edges = case.inputs["edges"].as_array().unwrap();
    let edge = |e: &serde_json::Value| {
        (
            index(&e[0]),
            index(&e[1]),
            e[2].as_f64().unwrap(),
            e[3].as_f64().unwrap(),
        )
    };
    edges.iter().map(edge).collect()
}

#[test]
fn a_stationary_start_moves_nothing_and_is_bound_by_nothing() {
    let pair = MarkovJump::from_rates(2, &[(0, 1, 2.0, 0.7)]).unwrap();
    let ring = MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)]).unwrap();
    for kinetics in [pair, ring] {
        let rest = kinetics.stationary_distribution().unwrap();
        let limits = |start: &Distribution| {
            speed_limits(
                &kinetics,
                start,
                0.5,
                &SpeedLimitOptions::default(),
                &Run::default(),
            )
            .unwrap()
        };
        let still = limits(&rest);
        assert!(still.path.is_at_rest());
        assert_eq!(still.distances.wasserstein2, Some(Ok(Side::exact(0.0))));
        assert_eq!(still.distances.wasserstein1.clone().unwrap().value, 0.0);
        assert_eq!(still.distances.total_variation.value, 0.0);
        for bound in &still.bounds {
            let verdict = bound.sides().map(irrev_network::bounds::Sides::verdict);
            assert!(matches!(verdict, None | Some(Verdict::NothingMoves)), "{bound}");
        }
        // what keeps a stationary state driven is still paid
        let paid = still.path.entropy_production.value;
        let produced = 0.5 * kinetics.flow(&rest).unwrap().entropy_production_rate();
        assert!((paid - produced).abs() <= 1e-9 * produced + 1e-20);
        // a small motion is one
        let mut near = rest.probabilities().to_vec();
        (near[0], near[1]) = (near[0] + 1e-7, near[1] - 1e-7);
        let moving = limits(&state(&near));
        assert!(!moving.path.is_at_rest());
        all_hold(&moving.bounds, |unmet| {
            matches!(unmet, Unmet::DetailedBalance { .. })
        });
        let nearest = moving
            .find("wasserstein2", Cost::Excess)
            .unwrap()
            .sides()
            .unwrap();
        assert!(nearest.tightness().unwrap() > 0.3, "{nearest:?}");
    }
}

#[test]
fn reference_speed_limits_are_reproduced() {
    only_kinds(FILE, &["speed_limits"]);
    let count = run_cases(FILE, &["speed_limits"], |_, case| {
        let kinetics = MarkovJump::from_rates(index(&case.inputs["n"]), &channels(case)).unwrap();
        let options = SpeedLimitOptions {
            wasserstein2: Some(Wasserstein2Options::within(1e-8)),
            ..Default::default()
        };
        let tau = case.number("tau");
        let found = limits(&kinetics, &numbers(&case.inputs["p0"]), tau, &options);
        let (path, far) = (&found.path, &found.distances);
        use Cost::{EntropyProduction as Whole, Excess};
        case.compare("p_tau", path.end.probabilities().to_vec());
        case.compare("EP", path.entropy_production.value);
        case.compare("EP_excess", path.excess.value);
        case.compare("W2_length_of_path", path.wasserstein_length.value);
        case.compare("Abar", path.jumps.value / tau);
        case.compare("Mbar", path.mobility.value / tau);
        case.compare("L1", far.l1.value);
        case.compare("W1", far.wasserstein1.clone().unwrap().value);
        case.compare("W2", far.wasserstein2.clone().unwrap().unwrap().value);
        case.compare("tau_bound_W2", least_time(&found, "wasserstein2", Whole));
        case.compare("tau_bound_W2_excess", least_time(&found, "wasserstein2", Excess));
        case.compare("tau_bound_SFS", least_time(&found, "shiraishi_funo_saito", Whole));
        case.compare("EP_bound_W2", bound(&found, "wasserstein2", Whole));
        case.compare("EP_bound_SFS", bound(&found, "shiraishi_funo_saito", Whole));
        case.compare(
            "EP_bound_artanh_TV",
            bound(&found, "total_variation_artanh", Whole),
        );
        case.compare("EP_bound_artanh_W1", bound(&found, "wasserstein1_artanh", Whole));
        case.compare(
            "EP_bound_W1_mobility",
            bound(&found, "wasserstein1_mobility", Whole),
        );
        all_hold(&found.bounds, unbalanced);
        let length = wasserstein2_length(
            &kinetics,
            &state(&numbers(&case.inputs["p0"])),
            tau,
            &options,
            &Run::default(),
        )
        .unwrap();
        assert_eq!(length.ratio, found.length_ratio());
        assert!(length.ratio.unwrap().value > 1.0);
    });
    assert_eq!(count, 2);
}

/// A network, a start (on the boundary every other time), a duration and one number per state.
fn tasks(
    networks: impl Strategy<Value = RandomNetwork>,
) -> impl Strategy<Value = (RandomNetwork, Vec<f64>, f64, Vec<f64>, Vec<f64>)> {
    networks.prop_flat_map(|network| {
        let (n, edges) = (network.states, network.channels.len());
        let start = prop_oneof![positive_distributions(n), boundary_distributions(n)];
        let duration = (-1.5..1.0_f64).prop_map(|x| 10.0_f64.powf(x));
        (
            Just(network),
            start,
            duration,
            vec(-1.0..1.0_f64, n),
            vec(0.1..2.0_f64, edges),
        )
    })
}

fn with_everything(values: Vec<f64>, lengths: Vec<f64>) -> SpeedLimitOptions {
    SpeedLimitOptions {
        lengths: Some(lengths),
        observables: vec![Observable {
            name: "r".into(),
            values,
        }],
        ..without_wasserstein2()
    }
}

/// Each of the second chain's bounds is below the next, up to the errors of both.
fn chain_is_ordered(found: &SpeedLimits) {
    let chain = [
        "shiraishi_funo_saito",
        "total_variation_artanh",
        "wasserstein1_artanh",
        "wasserstein1_mobility",
        "resistance",
    ];
    let side = |name: &str| found.find(name, Cost::Excess).unwrap().sides().unwrap().bound;
    for pair in chain.windows(2) {
        let (weak, strong) = (side(pair[0]), side(pair[1]));
        let allowed = weak.error + strong.error + 1e-12 * strong.value;
        assert!(
            weak.value <= strong.value + allowed,
            "{pair:?}: {weak} > {strong}"
        );
    }
    for weaker in [
        "observable",
        "weighted_wasserstein1_mobility",
        "wasserstein1_jumps",
    ] {
        let (weak, strong) = (side(weaker), side("resistance"));
        let allowed = weak.error + strong.error + 1e-12 * strong.value;
        assert!(
            weak.value <= strong.value + allowed,
            "{weaker}: {weak} > {strong}"
        );
    }
}

proptest! {
    #![proptest_config(tries(60))]

    #[test]
    fn speed_limits_hold_on_random_networks((network, start, duration, values, lengths) in tasks(networks(6, DECADES))) {
        let found = limits(&process(&network), &start, duration, &with_everything(values, lengths));
        all_hold(&found.bounds, unbalanced);
        chain_is_ordered(&found);
    }

    #[test]
    fn speed_limits_hold_with_detailed_balance((network, start, duration, values, lengths) in tasks(balanced_networks(6, DECADES))) {
        let found = limits(&process(&network), &start, duration, &with_everything(values, lengths));
        all_hold(&found.bounds, |_| false);
        chain_is_ordered(&found);
        // without a housekeeping part the excess is everything
        prop_assert_eq!(found.find("excess_part", Cost::EntropyProduction).unwrap().sides().unwrap().verdict(), Verdict::Saturated);
    }

    #[test]
    fn uncertainty_relations_hold_from_any_start((network, start, duration, _, mut weights) in tasks(networks(6, DECADES))) {
        // of either sign
        for weight in &mut weights {
            *weight -= 1.0;
        }
        let found = finite_time_uncertainty(
            &process(&network), &weights, &state(&start), duration, tolerance(), &Run::default(),
        ).unwrap();
        all_hold(&found.bounds, |unmet| *unmet == Unmet::NoResponse);
        let value = |name: &str| found.find(name).unwrap().sides().map(|s| s.bound.value);
        if let (Some(both), Some(one)) = (value("thermodynamic_kinetic"), value("thermodynamic")) {
            prop_assert!(both >= one * (1.0 - 1e-12));
        }
    }
}

proptest! {
    #![proptest_config(tries(8))]

    #[test]
    fn the_chain_of_wasserstein2_holds(
        (network, start) in networks(4, 2.0).prop_flat_map(|network| {
            let n = network.states;
            (Just(network), vec(0.2..1.0_f64, n))
        }),
        duration in 0.1..1.0_f64,
    ) {
        let total: f64 = start.iter().sum();
        let start: Vec<f64> = start.iter().map(|p| p / total).collect();
        let found = limits(&process(&network), &start, duration, &SpeedLimitOptions::default());
        all_hold(&found.bounds, unbalanced);
        if let Some(ratio) = found.length_ratio() {
            prop_assert!(ratio.value + ratio.error >= 1.0);
        }
    }
}

#[test]
fn one_way_channels_are_named_and_what_needs_no_dissipation_still_holds() {
    let kinetics =
        MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 0.0), (2, 0, 1.5, 0.25)]).unwrap();
    let name = kinetics.one_way_edges();
    let found = limits(&kinetics, &[0.7, 0.2, 0.1], 0.8, &SpeedLimitOptions::default());
    assert_eq!(found.path.entropy_production.value, f64::INFINITY);
    let mut still = Vec::new();
    for bound in &found.bounds {
        match &bound.outcome {
            Ok(sides) => {
                assert_eq!(sides.verdict(), Verdict::Holds, "{bound}");
                still.push(bound.name);
            }
            Err(unmet) => {
                assert_eq!(*unmet, Unmet::OneWay { edges: name.clone() }, "{bound}");
                assert!(bound.to_string().contains(&name[0]) && !bound.holds());
            }
        }
    }
    assert_eq!(still, ["least_jumps", "shiraishi_funo_saito_nonadiabatic"]);
    let weights = [1.0, 0.5, -0.2];
    let precision = finite_time_uncertainty(
        &kinetics,
        &weights,
        &state(&[0.7, 0.2, 0.1]),
        0.8,
        tolerance(),
        &Run::default(),
    )
    .unwrap();
    for (name, applies) in [
        ("kinetic", true),
        ("pseudo_entropy", true),
        ("thermodynamic", false),
        ("thermodynamic_kinetic", false),
        ("current_mobility", false),
    ] {
        assert_eq!(precision.find(name).unwrap().holds(), applies, "{name}");
    }
    assert!(
        wasserstein2_length(
            &kinetics,
            &state(&[0.7, 0.2, 0.1]),
            0.8,
            &Default::default(),
            &Run::default()
        )
        .is_err()
    );
}

#[test]
fn parallel_channels_are_not_merged() {
    // two reservoirs drive the same pair of states apart: the state stands still at a cost
    let kinetics = MarkovJump::from_rates(2, &[(0, 1, 2.0, 1.0), (0, 1, 1.0, 2.0)]).unwrap();
    let found = limits(&kinetics, &[0.5, 0.5], 1.0, &SpeedLimitOptions::default());
    assert_close("Σ", found.path.entropy_production.value, 2_f64.ln(), 1e-9, 0.0);
    assert!(found.path.excess.value < 1e-20 && found.length_ratio().is_none());
    all_hold(&found.bounds, unbalanced);
    // and from elsewhere both channels carry
    let found = limits(&kinetics, &[0.9, 0.1], 0.3, &SpeedLimitOptions::default());
    all_hold(&found.bounds, unbalanced);
}

#[test]
fn a_start_on_the_boundary_has_its_limits_too() {
    let kinetics =
        MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)]).unwrap();
    // Σ̇ diverges as −ln t at the start, and all integrals exist
    for (tau, start) in [(0.01, [1.0, 0.0, 0.0]), (1.0, [0.0, 0.4, 0.6])] {
        let found = limits(&kinetics, &start, tau, &without_wasserstein2());
        all_hold(&found.bounds, unbalanced);
        assert!(found.path.excess.relative_error() < 1e-8);
    }
    // W₂ close to the boundary
    let near = limits(
        &kinetics,
        &[0.998, 1e-3, 1e-3],
        0.5,
        &SpeedLimitOptions::default(),
    );
    all_hold(&near.bounds, unbalanced);
    assert!(
        near.find("wasserstein2", Cost::Excess)
            .unwrap()
            .sides()
            .unwrap()
            .tightness()
            .unwrap()
            > 0.5
    );
}

#[test]
fn two_states_near_equilibrium_saturate_every_limit() {
    let kinetics = MarkovJump::from_rates(2, &[(0, 1, 1.0, 1.0)]).unwrap();
    // F = ln(p₀/p₁) ≈ 4h falls by the part 2τ over the interval, and the bounds by the part τ² /3
    let (h, tau) = (1e-3, 1e-3);
    let found = limits(&kinetics, &[0.5 + h, 0.5 - h], tau, &SpeedLimitOptions::default());
    for bound in found
        .bounds
        .iter()
        .filter(|b| b.cost != Cost::Jumps && b.cost != Cost::Nonadiabatic)
    {
        let sides = bound.sides().unwrap();
        let allowed = h * h + tau * tau + 4.0 * (sides.bound.relative_error() + sides.cost.relative_error());
        if bound.name == "shiraishi_saito" {
            continue;
        }
        assert_close(bound.name, sides.tightness().unwrap(), 1.0, allowed, 0.0);
        if let Some(time) = sides.least_time {
            assert_close(bound.name, time.value, tau, 2.0 * allowed, 0.0);
        }
    }
    // on a line every path that does not turn back is a shortest one, far from equilibrium, too
    let far = limits(&kinetics, &[0.99, 0.01], 3.0, &SpeedLimitOptions::default());
    assert_close("ℓ/W₂", far.length_ratio().unwrap().value, 1.0, 1e-6, 0.0);
}

#[test]
fn driving_along_the_geodesic_saturates_wasserstein2() {
    let triangle =
        MarkovJump::from_rates(3, &[(0, 1, 1.0, 2.0), (1, 2, 1.5, 0.5), (2, 0, 1.0, 0.7)]).unwrap();
    let (from, to, tau) = (state(&[0.6, 0.3, 0.1]), state(&[0.1, 0.2, 0.7]), 0.8);
    let how = Wasserstein2Options::within(1e-8);
    let found = wasserstein2(&triangle, &from, &to, &how, &Run::default()).unwrap();
    let geodesic = found.geodesic().unwrap();
    // rates that have L and F = Bᵀψ/τ at the geodesic's state: j⁺ = J/(1 − e^{−F}), j⁻ = J/(e^F − 1)
    let driven = DrivenJump::new(
        triangle.network().clone(),
        Box::new(|t, forward, backward| {
            let moment = geodesic.at((t / tau).clamp(0.0, 1.0))?;
            let onsager = triangle
                .flow(&Distribution::new(moment.state.clone())?)?
                .onsager_coefficient();
            for (e, edge) in triangle.network().edges().iter().enumerate() {
                let current = moment.current[e] / tau;
                let force = current / onsager[e];
                forward[e] = current / -(-force).exp_m1() / moment.state[edge.from];
                backward[e] = current / force.exp_m1() / moment.state[edge.to];
            }
            Ok(())
        }),
    );
    let options = SpeedLimitOptions {
        tolerance: Tolerance {
            relative: 1e-6,
            absolute: 1e-10,
            max_iterations: 4000,
        },
        ..Default::default()
    };
    let limits = driven_speed_limits(&driven, &from, 0.0, tau, &options, &Run::default()).unwrap();
    let least = geodesic.distance() * geodesic.distance() / tau;
    assert_close("Σ", limits.path.entropy_production.value, least, 1e-5, 0.0);
    assert_close(
        "ℓ",
        limits.path.wasserstein_length.value,
        geodesic.distance(),
        1e-5,
        0.0,
    );
    assert_all_close(
        "end",
        limits.path.end.probabilities(),
        to.probabilities(),
        1e-5,
        0.0,
    );
    let by_distance = limits.find("wasserstein2", Cost::Excess).unwrap();
    assert_eq!(by_distance.outcome, Err(Unmet::ConstantRates));
    all_hold(&limits.bounds, |unmet| *unmet == Unmet::ConstantRates);
}

#[test]
fn driven_rates_obey_the_same_limits() {
    let network = MarkovJump::from_rates(3, &[(0, 1, 1.0, 1.0), (1, 2, 1.0, 1.0), (2, 0, 1.0, 1.0)]).unwrap();
    let driven = DrivenJump::new(
        network.network().clone(),
        Box::new(|t, forward, backward| {
            for e in 0..3 {
                let phase = 2.0 * t + e as f64;
                forward[e] = (1.5 * phase.sin()).exp();
                backward[e] = (0.7 * phase.cos()).exp();
            }
            Ok(())
        }),
    );
    let options = SpeedLimitOptions {
        tolerance: Tolerance {
            relative: 1e-7,
            absolute: 1e-11,
            max_iterations: 4000,
        },
        ..Default::default()
    };
    for start in [[0.7, 0.2, 0.1], [0.0, 1.0, 0.0]] {
        let found =
            driven_speed_limits(&driven, &state(&start), 0.3, 1.9, &options, &Run::default()).unwrap();
        all_hold(&found.bounds, |unmet| *unmet == Unmet::ConstantRates);
        let currents = driven_current_bounds(&found.path, &[1.0, 0.5, -0.3]).unwrap();
        all_hold(&currents, |_| false);
    }
    // with rates that do not change, both ways of following the path agree
    let constant = DrivenJump::new(
        network.network().clone(),
        Box::new(|_, forward, backward| {
            forward.fill(1.0);
            backward.fill(1.0);
            Ok(())
        }),
    );
    let start = state(&[0.7, 0.2, 0.1]);
    let one = driven_speed_limits(&constant, &start, 0.0, 1.0, &options, &Run::default()).unwrap();
    let other = speed_limits(&network, &start, 1.0, &options, &Run::default()).unwrap();
    assert_close(
        "Σ",
        one.path.entropy_production.value,
        other.path.entropy_production.value,
        1e-6,
        0.0,
    );
    assert_close("𝒜", one.path.jumps.value, other.path.jumps.value, 1e-6, 0.0);
    assert_close(
        "𝓘",
        one.path.pseudo_entropy.value,
        other.path.pseudo_entropy.value,
        1e-6,
        0.0,
    );
}

#[test]
fn faster_rates_in_less_time_dissipate_as_much() {
    let channels = [
        (0, 1, 2.0, 0.5),
        (1, 2, 3.0, 1.0),
        (2, 0, 1.5, 0.25),
        (0, 1, 0.3, 0.4),
    ];
    let faster: Vec<_> = channels
        .iter()
        .map(|c| (c.0, c.1, 8.0 * c.2, 8.0 * c.3))
        .collect();
    let of = |channels: &[(usize, usize, f64, f64)], tau: f64| {
        limits(
            &MarkovJump::from_rates(3, channels).unwrap(),
            &[0.0, 0.6, 0.4],
            tau,
            &without_wasserstein2(),
        )
    };
    let (slow, fast) = (of(&channels, 0.8), of(&faster, 0.1));
    for (a, b) in slow.bounds.iter().zip(&fast.bounds) {
        let (Ok(a), Ok(b)) = (&a.outcome, &b.outcome) else {
            continue;
        };
        assert_close("cost", a.cost.value, b.cost.value, 1e-8, 0.0);
        assert_close("bound", a.bound.value, b.bound.value, 1e-8, 0.0);
    }
}

#[test]
fn an_overdamped_oscillator_obeys_its_limit() {
    // relaxing at the rate κ, mean and standard deviation move at ṁ and ṡ, and ⟨ν²⟩ = ṁ² + ṡ²
    let (mobility, temperature, stiffness, tau) = (0.5, 2.0, 1.2, 1.7_f64);
    let (diffusion, rate) = (mobility * temperature, mobility * stiffness);
    let (m0, v0, v1) = (1.5, 0.2, temperature / stiffness);
    let mean = |t: f64| m0 * (-rate * t).exp();
    let variance = |t: f64| v1 + (v0 - v1) * (-2.0 * rate * t).exp();
    // Σ = D(p(0)‖π) − D(p(τ)‖π)
    let divergence =
        |t: f64| 0.5 * (variance(t) / v1 - 1.0 - (variance(t) / v1).ln() + mean(t) * mean(t) / v1);
    let dissipated = divergence(0.0) - divergence(tau);
    let distance = ((mean(tau) - m0).powi(2) + (variance(tau).sqrt() - v0.sqrt()).powi(2)).sqrt();
    let medium = Diffusion {
        mobility,
        temperature,
    };
    let limit = langevin_speed_limit(
        &medium,
        Side::exact(distance),
        tau,
        Cost::EntropyProduction,
        Side::exact(dissipated),
    )
    .unwrap();
    let sides = limit.sides().unwrap();
    assert_eq!(sides.verdict(), Verdict::Holds);
    assert_close(
        "bound",
        sides.bound.value,
        distance * distance / (diffusion * tau),
        1e-14,
        0.0,
    );
    assert!(sides.least_time.unwrap().value < tau);
    // in a short time the relaxation is as good as a geodesic
    let (short, early) = (1e-4, |t: f64| {
        (mean(t) - m0).hypot(variance(t).sqrt() - v0.sqrt())
    });
    let dissipated = divergence(0.0) - divergence(short);
    let limit = langevin_speed_limit(
        &medium,
        Side::exact(early(short)),
        short,
        Cost::EntropyProduction,
        Side::exact(dissipated),
    )
    .unwrap();
    assert_close(
        "short",
        limit.sides().unwrap().tightness().unwrap(),
        1.0,
        1e-6,
        0.0,
    );
    let refused = langevin_speed_limit(
        &Diffusion {
            mobility: 0.0,
            temperature,
        },
        Side::exact(1.0),
        1.0,
        Cost::Excess,
        Side::exact(1.0),
    );
    assert!(refused.is_err());
}

#[test]
fn a_start_that_does_not_fit_is_refused() {
    let kinetics = MarkovJump::from_rates(2, &[(0, 1, 1.0, 1.0)]).unwrap();
    let run = Run::default();
    let start = Distribution::uniform(3).unwrap();
    assert!(speed_limits(&kinetics, &start, 1.0, &Default::default(), &run).is_err());
    let start = Distribution::uniform(2).unwrap();
    assert!(path_integrals(&kinetics, &start, 0.0, tolerance(), &run).is_err());
    assert!(path_integrals(&kinetics, &start, f64::NAN, tolerance(), &run).is_err());
    let wrong = SpeedLimitOptions {
        lengths: Some(vec![-1.0]),
        ..without_wasserstein2()
    };
    assert!(speed_limits(&kinetics, &start, 1.0, &wrong, &run).is_err());
    let wrong = SpeedLimitOptions {
        observables: vec![Observable {
            name: "r".into(),
            values: vec![1.0],
        }],
        ..without_wasserstein2()
    };
    assert!(speed_limits(&kinetics, &start, 1.0, &wrong, &run).is_err());
}

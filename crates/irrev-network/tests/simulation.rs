//! Simulated reaction networks against exact moments and exact entropy production, for every method.
//!
//! n = 20,000 and seed 1 throughout, five standard errors two-sided: 6e-7 a comparison, some 300 comparisons, so about 2e-4 for the whole file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use irrev_network::Error;
use irrev_network::counts::{CountReaction, CountSystem, Propensity, PropensityLaw};
use irrev_network::simulation::{
    Books, Ensemble, HeatReservoir, Keep, LangevinOptions, LeapRule, Method, Passage, Quantity, Side,
    SimulationOptions, TauLeapOptions, Watched, WeightedCurrent, sample_path, simulate,
};
use irrev_numerics::Run;
use std::sync::Arc;

const SIGMAS: f64 = 5.0;
const EXACT: [Method; 5] = [
    Method::Direct,
    Method::SortedDirect,
    Method::NextReaction,
    Method::CompositionRejection,
    Method::Rejection,
];

fn assert_within(what: &str, value: f64, error: f64, expected: f64) {
    assert!(
        (value - expected).abs() <= SIGMAS * error + 1e-12 * expected.abs(),
        "{what}: {value} ± {error}, expected {expected}"
    );
}

fn assert_moments(what: &str, ensemble: &Ensemble, time: usize, quantity: usize, expected: (f64, f64)) {
    let (mean, variance) = (
        ensemble.mean(time, quantity).unwrap(),
        ensemble.variance(time, quantity).unwrap(),
    );
    assert_within(
        &format!("mean of {what}"),
        mean.value,
        mean.standard_error,
        expected.0,
    );
    assert_within(
        &format!("variance of {what}"),
        variance.value,
        variance.standard_error,
        expected.1,
    );
}

fn check_transients(id: &str, method: Method, last_time: f64) -> Ensemble {
    let case = crate::oracles::case(id);
    let (system, start) = crate::oracles::system(id);
    let all = case["expected"]["transient"].as_array().unwrap();
    let points: Vec<_> = all
        .iter()
        .filter(|p| p["t"].as_f64().unwrap() <= last_time)
        .collect();
    let options = SimulationOptions {
        times: points.iter().map(|p| p["t"].as_f64().unwrap()).collect(),
        trajectories: 20_000,
        method,
        ..Default::default()
    };
    let ensemble = simulate(&system, &start, &options, &Run::default()).unwrap();
    for (k, point) in points.iter().enumerate() {
        for (s, name) in system.species().iter().enumerate() {
            let of = |key: &str| point[key][name].as_f64().unwrap();
            let what = format!("{id}, {name} at {}, {}", point["t"], ensemble.algorithm);
            assert_moments(&what, &ensemble, k, s, (of("mean"), of("var")));
        }
    }
    ensemble
}

#[test]
fn every_exact_method_has_the_exact_transient_moments() {
    for id in [
        "dimerisation",
        "schloegl_small",
        "mm_reversible",
        "brusselator_small",
    ] {
        for method in EXACT {
            check_transients(id, method, 2.0);
        }
        check_transients(id, Method::Automatic, 20.0);
    }
}

#[test]
fn the_small_method_is_chosen_for_small_systems_and_named() {
    let name = |id: &str| check_transients(id, Method::Automatic, 1.0).algorithm;
    assert_eq!(name("dimerisation"), "dense/1");
    assert_eq!(name("mm_reversible"), "direct/1");
}

#[test]
fn birth_and_death_has_its_closed_form_and_becomes_poisson() {
    let expected = crate::oracles::case("birth_death_a")["expected"].clone();
    let of = |key: &str| expected[key].as_f64().unwrap();
    let (system, start) = crate::oracles::system("birth_death_a");
    for method in EXACT.into_iter().chain([Method::Automatic]) {
        let options = SimulationOptions {
            times: vec![1.7, 40.0],
            trajectories: 20_000,
            method,
            ..Default::default()
        };
        let ensemble = simulate(&system, &start, &options, &Run::default()).unwrap();
        assert_moments(method.name(), &ensemble, 0, 0, (of("mean"), of("var")));
        assert_moments(method.name(), &ensemble, 1, 0, (20.0, 20.0));
        // third central moment of Poisson: 20, with standard error √(κ…/n) ≈ √(6·20³ + …)/√n
        let third = ensemble.moments_at(1, 0).unwrap().higher().0;
        assert_within(
            "third moment",
            third,
            (6.0 * 20_f64.powi(3) * 1.3 / 2e4).sqrt(),
            20.0,
        );
    }
}

#[test]
fn a_channel_by_channel_account_sees_the_entropy_that_lumping_hides() {
    // from t₀ on the mean is stationary to 1e-9; entropy over an interval of 20 against 20 times the exact rate
    for (id, t0, names) in [
        ("schloegl_small", 20.0, vec!["r1", "r2"]),
        ("brusselator_small", 60.0, vec!["in", "auto", "conv"]),
    ] {
        let expected = crate::oracles::case(id)["expected"].clone();
        let (system, start) = crate::oracles::system(id);
        let reservoirs = names.iter().map(|n| HeatReservoir {
            name: (*n).into(),
            temperature: 1.0,
        });
        let reservoirs: Vec<_> = reservoirs.collect();
        let run = |reservoirs: Vec<HeatReservoir>| {
            let options = SimulationOptions {
                times: vec![t0, t0 + 20.0],
                trajectories: 4000,
                keep: Keep::Trajectories,
                books: Books {
                    reservoirs,
                    ..Books::full()
                },
                ..Default::default()
            };
            simulate(&system, &start, &options, &Run::default()).unwrap()
        };
        let growth = |ensemble: &Ensemble, quantity: &Quantity| {
            let q = ensemble.quantity(quantity).unwrap();
            let width = ensemble.quantities.len();
            let rates = ensemble
                .kept
                .iter()
                .map(|t| (t.values[width + q] - t.values[q]) / 20.0);
            let rates: Vec<f64> = rates.collect();
            let n = rates.len() as f64;
            let mean = rates.iter().sum::<f64>() / n;
            let spread = rates.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
            (mean, (spread / n).sqrt())
        };
        let (rate, error) = growth(&run(vec![]), &Quantity::MediumEntropy);
        assert_within(id, rate, error, expected["epr_total"].as_f64().unwrap());
        let with_heat = run(reservoirs);
        let mut sum = 0.0;
        for name in names {
            // one reaction's entropy flow is not its production; only their sum is compared with the reference
            sum += growth(&with_heat, &Quantity::Heat(name.into())).0;
        }
        let total = growth(&with_heat, &Quantity::MediumEntropy).0;
        assert!((sum - total).abs() < 1e-9 * total);
    }
}

#[test]
fn the_running_entropy_is_the_integer_account_of_its_jumps() {
    // mass action whose reverse undoes it: Σ = Σ_r (n⁺ − n⁻) ln(c⁺/c⁻) + Σ ln n(0)! − ln n(T)!, with integers only
    let (system, start) = crate::models::brusselator();
    let options = SimulationOptions {
        times: vec![500.0],
        keep: Keep::Trajectories,
        books: Books::full(),
        ..Default::default()
    };
    let ensemble = simulate(&system, &start, &options, &Run::default()).unwrap();
    let path = &ensemble.kept[0];
    let constants = system
        .reactions()
        .iter()
        .map(|r| match (&r.forward, &r.backward) {
            (
                Propensity::MassAction { constant: f, .. },
                Some(Propensity::MassAction { constant: b, .. }),
            ) => (f / b).ln(),
            _ => panic!("mass action"),
        });
    let jumps = path.jumps.iter().map(|j| j.forward as f64 - j.backward as f64);
    let ln_factorial = |n: f64| (1..=n as u64).map(|k| (k as f64).ln()).sum::<f64>();
    let state: f64 = (0..2)
        .map(|s| ln_factorial(start[s] as f64) - ln_factorial(path.values[s]))
        .sum();
    let expected: f64 = constants.zip(jumps).map(|(c, n)| c * n).sum::<f64>() + state;
    let at = |q: &Quantity| path.values[ensemble.quantity(q).unwrap()];
    let found = at(&Quantity::MediumEntropy);
    // 4e5 jumps of two roundings each: √(8e5) ε ≈ 2e-13 of one nat, and the rounding of the sum itself
    assert!(
        (found - expected).abs() < 1e-11 * expected.abs(),
        "{found} {expected}"
    );
    assert!(at(&Quantity::MaximumEntropy) >= found && at(&Quantity::MinimumEntropy) <= 0.0);
}

#[test]
fn time_integrals_are_those_of_the_path() {
    let (system, start) = crate::oracles::system("brusselator_small");
    let options = SimulationOptions {
        times: vec![3.0, 400.0],
        most_jumps: Some(1_000_000),
        keep: Keep::Trajectories,
        books: Books {
            residence: true,
            jumps: true,
            histograms: vec![0],
            ..Default::default()
        },
        ..Default::default()
    };
    let kept = &simulate(&system, &start, &options, &Run::default()).unwrap().kept[0];
    let path = sample_path(&system, &start, &options, 0, &Run::default()).unwrap();
    let (mut n, mut last) = ([0.0_f64; 2], 0.0_f64);
    let mut integral = [[0.0; 2]; 2];
    let mut histogram = vec![0.0; 200];
    for event in path.events.iter().map(Some).chain([None]) {
        let until = event.map_or(400.0, |e| e.time);
        for s in 0..2 {
            integral[0][s] += n[s] * (until.min(3.0) - last.min(3.0));
            integral[1][s] += n[s] * (until - last);
        }
        histogram[n[0] as usize] += until - last;
        last = until;
        if let Some(e) = event {
            for &(s, d) in &system.reactions()[e.reaction].change {
                n[s] += if e.forward { d } else { -d } as f64;
            }
        }
    }
    let width = 5; // two counts, two integrals, the activity
    for (k, integral) in integral.iter().enumerate() {
        for (s, expected) in integral.iter().enumerate() {
            let found = kept.values[k * width + 2 + s];
            assert!((found - expected).abs() < 1e-10 * expected, "{found} {expected}");
        }
    }
    assert_eq!(kept.values[width + 4] as usize, path.events.len());
    for (n, time) in kept.histograms[0].iter().enumerate() {
        assert!((time - histogram[n]).abs() < 1e-9);
    }
    assert!((kept.histograms[0].iter().sum::<f64>() - 400.0).abs() < 1e-9);
}

#[test]
fn the_path_does_not_depend_on_the_output_times_or_the_books() {
    let (system, start) = crate::oracles::system("brusselator_small");
    let last = |times: Vec<f64>, method, books| {
        let options = SimulationOptions {
            times,
            method,
            books,
            trajectories: 20,
            ..Default::default()
        };
        let e = simulate(&system, &start, &options, &Run::default()).unwrap();
        let k = e.times.len() - 1;
        (0..2)
            .map(|s| e.mean(k, s).unwrap().value.to_bits())
            .collect::<Vec<_>>()
    };
    for method in EXACT.into_iter().chain([Method::Automatic]) {
        let once = last(vec![30.0], method, Books::default());
        let often = last(
            (1..=60).map(|k| 0.5 * f64::from(k)).collect(),
            method,
            Books::full(),
        );
        assert_eq!(once, often, "{}", method.name());
    }
}

#[test]
fn absorbing_states_end_exactly_and_one_way_jumps_are_counted() {
    let decay = CountSystem::new(
        vec!["X".into()],
        vec![CountReaction::one_way("decay", &[(0, 1)], &[], 0.3)],
    )
    .unwrap();
    for method in EXACT.into_iter().chain([Method::Automatic]) {
        let options = SimulationOptions {
            times: vec![1e300],
            method,
            trajectories: 50,
            books: Books::full(),
            ..Default::default()
        };
        let e = simulate(&decay, &[1000], &options, &Run::default()).unwrap();
        let at = |q: Quantity| e.mean(0, e.quantity(&q).unwrap()).unwrap().value;
        assert_eq!(at(Quantity::Count("X".into())), 0.0, "{}", method.name());
        assert_eq!(at(Quantity::Activity), 1000.0);
        assert_eq!(at(Quantity::MediumEntropy), f64::INFINITY);
        assert_eq!(e.reactions[0].one_way, 50 * 1000);
        // ∫ n dt = Σ 1/0.3 over the molecules; relative error of the mean 1/√(50·1000), 5 σ
        let integral = at(Quantity::CountIntegral("X".into()));
        assert!(
            (integral * 0.3 / 1000.0 - 1.0).abs() < 5.0 / 50_000_f64.sqrt(),
            "{integral}"
        );
    }
}

#[test]
fn a_channel_with_constant_zero_never_fires_and_its_reverse_is_one_way() {
    let list = vec![CountReaction::mass_action("r", &[(0, 1)], &[(1, 1)], 1.0, 0.0)];
    let system = CountSystem::new(vec!["A".into(), "B".into()], list).unwrap();
    let options = SimulationOptions {
        times: vec![100.0],
        books: Books::full(),
        ..Default::default()
    };
    for method in EXACT {
        let options = SimulationOptions {
            method,
            ..options.clone()
        };
        let e = simulate(&system, &[7, 2], &options, &Run::default()).unwrap();
        assert_eq!(e.mean(0, 0).unwrap().value, 0.0);
        assert_eq!(e.reactions[0].one_way, 7);
        assert_eq!(e.reactions[0].backward.mean(), 0.0);
    }
}

#[test]
fn propensities_of_missing_pairs_are_zero_of_either_sign() {
    // with no molecules c·n(n − 1) is −0: three such channels before the only one that can fire
    let pair = |k: usize| CountReaction::one_way(format!("pair{k}"), &[(k, 2)], &[], 1.0);
    let mut list = vec![pair(0), pair(1), pair(2)];
    list.push(CountReaction::one_way("decay", &[(3, 1)], &[], 1.0));
    let names = ["A", "B", "C", "D"].map(String::from).to_vec();
    let system = CountSystem::new(names, list).unwrap();
    for method in EXACT.into_iter().chain([Method::Automatic]) {
        let options = SimulationOptions {
            times: vec![1e3],
            method,
            ..Default::default()
        };
        let e = simulate(&system, &[0, 0, 0, 100], &options, &Run::default()).unwrap();
        let left: Vec<f64> = (0..4).map(|s| e.mean(0, s).unwrap().value).collect();
        assert_eq!(left, [0.0; 4], "{}", method.name());
    }
}

#[test]
fn conserved_numbers_stay_and_a_system_without_reactions_waits() {
    let (system, start) = crate::models::multisite();
    let options = SimulationOptions {
        times: vec![0.5, 2.0],
        ..Default::default()
    };
    for method in EXACT {
        let options = SimulationOptions {
            method,
            ..options.clone()
        };
        let e = simulate(&system, &start, &options, &Run::default()).unwrap();
        for k in 0..2 {
            let total: f64 = (0..128).map(|s| e.mean(k, s).unwrap().value).sum();
            assert_eq!(total, 2000.0);
        }
    }
    let nothing = CountSystem::new(vec!["X".into()], vec![]).unwrap();
    for method in EXACT.into_iter().chain([Method::Automatic]) {
        let options = SimulationOptions {
            method,
            ..options.clone()
        };
        let e = simulate(&nothing, &[5], &options, &Run::default()).unwrap();
        assert_eq!(e.mean(1, 0).unwrap().value, 5.0);
    }
}

#[test]
fn waits_far_below_the_rounding_of_the_clock_still_pass_time() {
    // rates 1e9 from a start at 1e9: waits of 5e-11, the clock resolves 1.2e-7; birth and death to its stationary state
    let list = vec![CountReaction::mass_action("r", &[], &[(0, 1)], 1e10, 1e9)];
    let system = CountSystem::new(vec!["X".into()], list).unwrap();
    for method in EXACT.into_iter().chain([Method::Automatic]) {
        let options = SimulationOptions {
            start: 1e9,
            times: vec![1e9 + 2f64.powi(-20)],
            trajectories: 300,
            method,
            books: Books::full(),
            ..Default::default()
        };
        let e = simulate(&system, &[10], &options, &Run::default()).unwrap();
        assert_moments(method.name(), &e, 0, 0, (10.0, 10.0));
        let q = e.quantity(&Quantity::Activity).unwrap();
        let activity = e.mean(0, q).unwrap();
        // 2·1e10 jumps per unit time over 2⁻²⁰
        assert_within(
            "activity",
            activity.value,
            activity.standard_error,
            2e10 * 2f64.powi(-20),
        );
    }
}

#[test]
fn thresholds_of_counts_currents_and_entropy_are_met_once_and_may_end_the_run() {
    // pure birth at rate 2: the time of the 10th jump has mean 5 and variance 2.5
    let birth = CountSystem::new(
        vec!["X".into()],
        vec![CountReaction::mass_action("birth", &[], &[(0, 1)], 2.0, 0.0)],
    )
    .unwrap();
    let passage = |name: &str, of: Watched, threshold: f64, stops: bool| Passage {
        name: name.into(),
        of,
        threshold,
        side: Side::AtLeast,
        stops,
    };
    let options = SimulationOptions {
        times: vec![1e4],
        trajectories: 20_000,
        books: Books {
            passages: vec![
                passage("at once", Watched::Counts(vec![(0, 1.0)]), 0.0, false),
                passage("ten", Watched::Counts(vec![(0, 1.0)]), 10.0, false),
                passage("twelve", Watched::Current(vec![0.5]), 6.0, true),
                passage("never", Watched::Counts(vec![(0, -1.0)]), 1.0, false),
            ],
            currents: vec![WeightedCurrent {
                name: "half".into(),
                weights: vec![0.5],
            }],
            ..Default::default()
        },
        ..Default::default()
    };
    let e = simulate(&birth, &[0], &options, &Run::default()).unwrap();
    assert_eq!(e.ends, (0, 0, 20_000));
    assert_eq!(
        (e.passages[0].time.mean(), e.passages[0].time.variance()),
        (0.0, 0.0)
    );
    let time = e.passages[1].time;
    assert_within("mean", time.mean(), time.mean_estimate().standard_error, 5.0);
    assert_within(
        "variance",
        time.variance(),
        time.variance_estimate().standard_error,
        2.5,
    );
    let time = e.passages[2].time;
    assert_within("mean", time.mean(), time.mean_estimate().standard_error, 6.0);
    assert_eq!(e.passages[3].time.count(), 0);
    assert_eq!(
        e.moments_at(0, 0).unwrap().count(),
        0,
        "the output time was not reached"
    );
}

/// a(t) = 1 + sin t, on nothing.
#[derive(Debug)]
struct Periodic;

impl PropensityLaw for Periodic {
    fn value(&self, time: f64, _: &[f64]) -> f64 {
        10.0 * (1.0 + time.sin())
    }
    fn species(&self) -> &[usize] {
        &[]
    }
    fn depends_on_time(&self) -> bool {
        true
    }
}

#[test]
fn driven_births_are_a_poisson_process_with_the_integrated_rate() {
    let birth = CountReaction {
        name: "birth".into(),
        change: vec![(0, 1)],
        forward: Propensity::Law(Arc::new(Periodic)),
        backward: None,
        reservoir: None,
    };
    let system = CountSystem::new(vec!["X".into()], vec![birth]).unwrap();
    let options = SimulationOptions {
        times: vec![0.5, 4.0, 9.0],
        trajectories: 20_000,
        ..Default::default()
    };
    let e = simulate(&system, &[0], &options, &Run::default()).unwrap();
    assert_eq!(e.algorithm, "integrated_hazard/1");
    for (k, t) in [0.5_f64, 4.0, 9.0].into_iter().enumerate() {
        let mean = 10.0 * (t + 1.0 - t.cos());
        assert_moments("driven births", &e, k, 0, (mean, mean));
    }
    let refused = SimulationOptions {
        method: Method::Direct,
        ..options
    };
    assert!(matches!(
        simulate(&system, &[0], &refused, &Run::default()),
        Err(Error::Method { .. })
    ));
}

/// 5 − n: negative from n = 6 on.
#[derive(Debug)]
struct TurnsNegative;

impl PropensityLaw for TurnsNegative {
    fn value(&self, _: f64, n: &[f64]) -> f64 {
        5.5 - n[0]
    }
    fn species(&self) -> &[usize] {
        &[0]
    }
    fn depends_on_time(&self) -> bool {
        false
    }
    fn bounds(&self, low: &[f64], high: &[f64]) -> Option<(f64, f64)> {
        Some(((5.5 - high[0]).max(0.0), (5.5 - low[0]).max(0.0)))
    }
}

#[test]
fn a_law_that_turns_negative_is_an_error_with_time_state_and_reaction() {
    let birth = CountReaction {
        name: "birth".into(),
        change: vec![(0, 1)],
        forward: Propensity::Law(Arc::new(TurnsNegative)),
        backward: None,
        reservoir: None,
    };
    let system = CountSystem::new(vec!["X".into()], vec![birth]).unwrap();
    for method in EXACT.into_iter().chain([Method::IntegratedHazard]) {
        let options = SimulationOptions {
            times: vec![1e3],
            method,
            ..Default::default()
        };
        let error = simulate(&system, &[0], &options, &Run::default()).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("birth") && text.contains("X = 6") && text.contains("-0.5"),
            "{}: {text}",
            method.name()
        );
    }
}

/// A law that gives no bounds.
#[derive(Debug)]
struct Constant;

impl PropensityLaw for Constant {
    fn value(&self, _: f64, _: &[f64]) -> f64 {
        1.0
    }
    fn species(&self) -> &[usize] {
        &[]
    }
    fn depends_on_time(&self) -> bool {
        false
    }
}

#[test]
fn a_method_that_cannot_do_what_is_asked_says_what_can() {
    let birth = CountReaction {
        name: "birth".into(),
        change: vec![(0, 1)],
        forward: Propensity::Law(Arc::new(Constant)),
        backward: None,
        reservoir: None,
    };
    let law = CountSystem::new(vec!["X".into()], vec![birth]).unwrap();
    let refusal = |system: &CountSystem, start: &[i64], method| {
        let options = SimulationOptions {
            times: vec![1.0],
            method,
            ..Default::default()
        };
        let error = simulate(system, start, &options, &Run::default()).unwrap_err();
        assert!(matches!(error, Error::Method { .. }), "{error}");
        error.to_string()
    };
    assert!(refusal(&law, &[0], Method::Rejection).contains("bounds"));
    assert!(refusal(&law, &[0], Method::Dense).contains("take direct"));
    let (vilar, start) = crate::models::vilar();
    assert!(refusal(&vilar, &start, Method::Dense).contains("take direct"));
}

#[test]
fn a_law_that_does_not_vanish_cannot_make_a_count_negative() {
    // death at a constant rate, as a nullary mass action with change −1
    let mut death = CountReaction::one_way("death", &[], &[], 1.0);
    death.change = vec![(0, -1)];
    let system = CountSystem::new(vec!["X".into()], vec![death]).unwrap();
    for method in EXACT.into_iter().chain([Method::Automatic]) {
        let options = SimulationOptions {
            times: vec![1e3],
            method,
            trajectories: 10,
            ..Default::default()
        };
        let e = simulate(&system, &[9], &options, &Run::default()).unwrap();
        assert_eq!(
            (e.mean(0, 0).unwrap().value, e.variance(0, 0).unwrap().value),
            (0.0, 0.0)
        );
    }
}

#[test]
fn leaping_and_langevin_come_close_where_counts_are_large_and_say_what_they_are() {
    // Schlögl far from small counts would be slow; birth and death at 1e4: mean and variance known, bias of ε = 0.03 below 1 %
    let system = CountSystem::new(
        vec!["X".into()],
        vec![CountReaction::mass_action("r", &[], &[(0, 1)], 1e4, 1.0)],
    )
    .unwrap();
    let leap = |rule| Method::TauLeaping(TauLeapOptions { rule, epsilon: 0.03 });
    for method in [
        leap(LeapRule::Explicit),
        leap(LeapRule::Midpoint),
        Method::Langevin(LangevinOptions::default()),
    ] {
        let options = SimulationOptions {
            times: vec![1.0],
            trajectories: 4000,
            method,
            ..Default::default()
        };
        let e = simulate(&system, &[2000], &options, &Run::default()).unwrap();
        assert!(!e.exact, "{}", e.algorithm);
        let (mean, variance) = (e.mean(0, 0).unwrap(), e.variance(0, 0).unwrap());
        let exact = 1e4 - 8e3 * (-1.0_f64).exp();
        let exact_variance =
            1e4 * (1.0 - (-1.0_f64).exp()) + 2000.0 * (-1.0_f64).exp() * (1.0 - (-1.0_f64).exp());
        assert!(
            (mean.value - exact).abs() < 0.01 * exact + 5.0 * mean.standard_error,
            "{} {}",
            e.algorithm,
            mean.value
        );
        assert!(
            (variance.value - exact_variance).abs() < 0.04 * exact_variance + 5.0 * variance.standard_error,
            "{} {} {exact_variance}",
            e.algorithm,
            variance.value
        );
    }
}

#[test]
fn leaps_never_make_a_count_negative_and_small_systems_fall_back_on_exact_jumps() {
    for id in ["dimerisation", "schloegl_small", "brusselator_small"] {
        let method = Method::TauLeaping(TauLeapOptions::default());
        let e = check_transients(id, method, 1.0);
        assert_eq!(e.algorithm, "tau_leaping/1");
    }
    let (system, start) = crate::models::vilar();
    let options = SimulationOptions {
        times: (1..50).map(f64::from).collect(),
        method: Method::TauLeaping(TauLeapOptions {
            epsilon: 0.2,
            ..Default::default()
        }),
        keep: Keep::Trajectories,
        books: Books::full(),
        ..Default::default()
    };
    let e = simulate(&system, &start, &options, &Run::default()).unwrap();
    assert!(e.kept[0].values.iter().all(|v| !(*v < 0.0)));
}

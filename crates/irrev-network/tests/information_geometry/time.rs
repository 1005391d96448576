//! Fisher information of time: speed, length, bounds, monotone relaxation.

use super::random::*;
use super::reference::*;
use irrev_network::bounds::Unmet;
use irrev_network::dynamics::DrivenJump;
use irrev_network::information::time::{
    Marginal, ReactionSpeedOptions, SpeedOptions, cramer_rao, sampled_irreversibility,
    short_time_uncertainty_optimum, speed_of_driven_process, speed_of_reactions, speed_of_relaxation,
};
use irrev_network::reactions::ReactionSystem;
use irrev_network::{Distribution, Kinetics, MarkovJump};
use irrev_numerics::Tolerance;
use irrev_numerics::streams::{Purpose, Stream};
use irrev_testing::reference::{cases, number, numbers};
use irrev_testing::{assert_all_close, assert_close};

#[test]
fn fisher_information_of_time_along_relaxations() {
    for case in &cases(FILE, "fisher_time") {
        let check = Checked::new(case);
        let window = check.inputs("integration_window");
        let dims = &case["inputs"]["marg_dims"];
        let marginals = match dims.as_array() {
            Some(dims) => {
                let dims: Vec<usize> = dims.iter().map(|d| d.as_u64().unwrap() as usize).collect();
                vec![Marginal::of_factor("first", &dims, 0).unwrap()]
            }
            None => vec![],
        };
        let options = SpeedOptions {
            times: check.inputs("times"),
            observables: vec![check.inputs("observable")],
            marginals,
            ..SpeedOptions::default()
        };
        let start = distribution(check.inputs("p0"));
        let kinetics = process(&check.matrix("W"));
        let found = speed_of_relaxation(&kinetics, &start, (window[0], window[1]), &options, &run()).unwrap();
        for (row, at) in case["expected"]["rows"].as_array().unwrap().iter().zip(&found.at) {
            let all = numbers(&row["p"]);
            assert_all_close("p", at.distribution.probabilities(), &all, 1e-7, 1e-11);
            check.same("fisher", at.fisher_information, &row["fisher"]);
            check.same("speed", at.speed, &row["speed"]);
            check.same("dfisher_dt", at.fisher_information_rate, &row["dfisher_dt"]);
            check.same("epr", at.entropy_production_rate, &row["epr"]);
            let bound = &at.observables[0];
            check.same("mean", bound.mean, &row["mean"]);
            check.same("var", bound.variance, &row["var"]);
            check.same("velocity", bound.velocity, &row["velocity"]);
            check.same("slack", bound.slack, &row["cramer_rao_slack"]);
            check.same("efficiency", bound.efficiency.unwrap(), &row["efficiency"]);
            if let Some(part) = at.marginals.first() {
                check.same("marginal", part.fisher_information, &row["fisher_marginal"]);
                check.same(
                    "its rate",
                    part.fisher_information_rate,
                    &row["dfisher_marginal_dt"],
                );
            }
        }
        check.compare("length", found.path.length.value);
        check.compare("action_integral_fisher", found.path.action.value);
        check.compare("geodesic", found.path.geodesic);
        check.compare("time_bound_L2_over_action", found.path.least_time().unwrap());
        check.compare("geodesic_efficiency", found.path.geodesic_efficiency().unwrap());
        if let Some(part) = found.marginals.first() {
            let expected = case["expected"]["marginal_local_maxima"].as_array().unwrap();
            assert_eq!(part.maxima.len(), expected.len());
            for (maximum, expected) in part.maxima.iter().zip(expected) {
                let allowed = number(&case["tolerance"]["local_maxima_t_abs"]);
                assert_close("t", maximum.time, number(&expected["t"]), 0.0, allowed);
                check.same("maximum", maximum.fisher_information, &expected["fisher"]);
            }
            assert_eq!(
                Some(part.monotone),
                case["expected"]["marginal_monotone"].as_bool()
            );
            assert!(part.undecided.is_empty(), "{:?}", part.undecided);
        }
    }
}

#[test]
fn speed_of_amounts() {
    for case in &cases(FILE, "crn_speed") {
        let check = Checked::new(case);
        let (up, down, times) = (
            check.inputs("kplus"),
            check.inputs("kminus"),
            check.inputs("times"),
        );
        let system = ReactionSystem::builder()
            .species("A")
            .species("B")
            .mass_action("grow", &[("A", 1.0), ("B", 1.0)], &[("B", 2.0)], up[0], down[0])
            .mass_action("turn", &[("A", 1.0)], &[("B", 1.0)], up[1], down[1])
            .build()
            .unwrap();
        let options = ReactionSpeedOptions {
            times: times.clone(),
            ..ReactionSpeedOptions::default()
        };
        let window = (times[0], times[times.len() - 1]);
        let found = speed_of_reactions(&system, &check.inputs("x0"), window, &options, &run()).unwrap();
        for (row, at) in case["expected"]["rows"].as_array().unwrap().iter().zip(&found.at) {
            assert_all_close("x", &at.amounts, &numbers(&row["x"]), 1e-7, 1e-10);
            check.same("speed_squared", at.speed_squared, &row["speed_squared"]);
            check.same("epr", at.entropy_production_rate, &row["epr"]);
            check.same("gibbs_difference", at.divergence, &row["gibbs_difference"]);
            check.same("minus_dGdt", at.divergence_decay, &row["minus_dGdt"]);
        }
        check.compare("length", found.path.length.value);
        check.compare_all("x_eq", &found.reference);
        assert!(found.reference_is_equilibrium);
    }
}

#[test]
fn uncertainty_of_jumps_in_the_shortest_time() {
    for case in &cases(FILE, "jump_tur") {
        let check = Checked::new(case);
        let kinetics = process(&check.matrix("W"));
        let steady = kinetics.stationary_distribution().unwrap();
        let flow = kinetics.flow(&steady).unwrap();
        check.compare_all("p", steady.probabilities());
        check.compare("epr", flow.entropy_production_rate());
        let optimum = short_time_uncertainty_optimum(&flow);
        check.compare("short_time_tur_optimum", optimum);
        check.compare("gap", flow.entropy_production_rate() - optimum);
        let shown = sampled_irreversibility(&kinetics, &steady, 0.05, &run()).unwrap();
        check.compare("kld_rate_dt005", shown);
        for (edge, current) in kinetics.network().edges().iter().zip(flow.current()) {
            let key = format!("{}->{}", edge.from, edge.to);
            check.same(&key, current, &case["expected"]["currents"][&key]);
        }
    }
}

#[test]
fn no_observable_beats_the_fisher_information_and_the_score_reaches_it() {
    for trial in 0..1000 {
        let mut stream = Stream::new(3, Purpose::Search, trial);
        let n = 2 + trial as usize % 7;
        let kinetics = random_process(&mut stream, n);
        let p = random_state(&mut stream, n);
        let rate = kinetics.flow(&p).unwrap().rate_of_change();
        let observable: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
        let bound = cramer_rao(p.probabilities(), &rate, &observable).unwrap();
        let product = bound.fisher_information * bound.variance;
        let difference = product - bound.velocity * bound.velocity;
        assert!(bound.slack >= 0.0);
        assert_close("slack", bound.slack, difference, 1e-12, 1e-13 * product);
        let score: Vec<f64> = rate.iter().zip(p.probabilities()).map(|(v, p)| v / p).collect();
        let best = cramer_rao(p.probabilities(), &rate, &score).unwrap();
        assert_close("efficiency", best.efficiency.unwrap(), 1.0, 1e-12, 0.0);
    }
}

#[test]
fn relaxation_with_constant_rates_slows_down_and_takes_no_short_cut() {
    for trial in 0..40 {
        let mut stream = Stream::new(4, Purpose::Search, trial);
        let n = 2 + trial as usize % 5;
        let kinetics = random_process(&mut stream, n);
        let start = match trial % 4 {
            0 => Distribution::point(n, 0).unwrap(),
            _ => random_state(&mut stream, n),
        };
        let options = SpeedOptions {
            times: vec![0.01, 0.1, 0.3, 1.0],
            marginals: vec![Marginal::new("all", (0..n).collect()).unwrap()],
            ..SpeedOptions::default()
        };
        let found = speed_of_relaxation(&kinetics, &start, (0.0, 1.0), &options, &run()).unwrap();
        let path = &found.path;
        assert!(found.at.iter().all(|at| at.fisher_information_rate <= 0.0));
        assert!(
            found
                .at
                .windows(2)
                .all(|w| w[1].fisher_information <= w[0].fisher_information)
        );
        // the whole, searched as a part, has no maximum either
        assert!(found.marginals[0].monotone && found.marginals[0].maxima.is_empty());
        assert!(path.geodesic_slack() > -1e-9 * path.length.value, "{path:?}");
        assert!(
            path.action_slack() > -1e-8 * path.length.value.powi(2),
            "{path:?}"
        );
        assert_eq!(path.action.value.is_infinite(), trial % 4 == 0);
        // the part's own derivative agrees with the sum of squares
        for at in &found.at {
            let own = at.marginals[0].fisher_information_rate;
            assert_close("dI/dt", own, at.fisher_information_rate, 1e-9, 1e-10);
        }
    }
}

#[test]
fn every_maximum_of_a_part_is_found_by_a_fine_scan_too() {
    for trial in 0..20 {
        let mut stream = Stream::new(5, Purpose::Search, trial);
        let kinetics = random_process(&mut stream, 6);
        let start = random_state(&mut stream, 6);
        let part = Marginal::of_factor("part", &[2, 3], trial as usize % 2).unwrap();
        let window = (0.0, 3.0);
        let options = SpeedOptions {
            marginals: vec![part.clone()],
            ..SpeedOptions::default()
        };
        let found = speed_of_relaxation(&kinetics, &start, window, &options, &run()).unwrap();
        let grid = SpeedOptions {
            times: (0..=600).map(|k| f64::from(k) * 0.005).collect(),
            ..options
        };
        let scan = speed_of_relaxation(&kinetics, &start, window, &grid, &run()).unwrap();
        let rates: Vec<f64> = scan
            .at
            .iter()
            .map(|at| at.marginals[0].fisher_information_rate)
            .collect();
        // where I has fallen to 1e-20 of its start the scan sees rounding
        let largest = scan
            .at
            .iter()
            .map(|at| at.marginals[0].fisher_information)
            .fold(0.0, f64::max);
        let seen = (1..rates.len()).filter(|&k| {
            rates[k - 1] > 0.0
                && rates[k] < 0.0
                && scan.at[k].marginals[0].fisher_information > 1e-18 * largest
        });
        let times: Vec<f64> = found.marginals[0].maxima.iter().map(|m| m.time).collect();
        for k in seen {
            let (from, to) = (scan.at[k - 1].time, scan.at[k].time);
            assert!(
                times.iter().any(|t| (from..=to).contains(t)),
                "{from}–{to}: {times:?}"
            );
        }
        for maximum in &found.marginals[0].maxima {
            let at = |t: f64| {
                let options = SpeedOptions {
                    times: vec![t],
                    marginals: vec![part.clone()],
                    ..SpeedOptions::default()
                };
                let found = speed_of_relaxation(&kinetics, &start, window, &options, &run()).unwrap();
                (
                    found.at[0].marginals[0].fisher_information,
                    found.at[0].marginals[0].fisher_information_rate,
                )
            };
            let (value, _) = at(maximum.time);
            let (before, after) = (
                at(maximum.time * (1.0 - 1e-6)).1,
                at(maximum.time * (1.0 + 1e-6)).1,
            );
            assert_close("I", maximum.fisher_information, value, 1e-8, 1e-14 * largest);
            if value > 1e-10 * largest {
                assert!(before > 0.0 && after < 0.0, "{maximum:?}: {before:e} {after:e}");
            }
        }
    }
}

#[test]
fn a_start_with_empty_states_has_a_finite_length_and_an_infinite_action() {
    // 0 → 1 → 2: state 1 fills at once, state 2 as t²
    let chain = MarkovJump::from_rates(3, &[(0, 1, 1.0, 0.5), (1, 2, 2.0, 0.3)]).unwrap();
    let options = SpeedOptions {
        times: vec![0.0],
        observables: vec![vec![0.0, 1.0, 2.0]],
        marginals: vec![Marginal::new("last", vec![0, 0, 1]).unwrap()],
        ..SpeedOptions::default()
    };
    let start = Distribution::point(3, 0).unwrap();
    let found = speed_of_relaxation(&chain, &start, (0.0, 1.0), &options, &run()).unwrap();
    assert_eq!(found.filling, ["1"]);
    assert_eq!(found.path.action.value, f64::INFINITY);
    assert!(found.path.length.value.is_finite() && found.path.geodesic_slack() > 0.0);
    assert!(found.path.length.error < 1e-8);
    let at = &found.at[0];
    assert_eq!(
        (at.fisher_information, at.fisher_information_rate),
        (f64::INFINITY, f64::NEG_INFINITY)
    );
    // p₂ = t² + …: its ṗ²/p begins at 2 p̈ = 4
    assert_close("the part", at.marginals[0].fisher_information, 4.0, 1e-13, 0.0);
    // the same length from just after the start, where √p has moved by 2√t
    let later = (1e-12, 1.0);
    let rest = speed_of_relaxation(&chain, &start, later, &SpeedOptions::default(), &run()).unwrap();
    assert_close(
        "length",
        rest.path.length.value + 2e-6,
        found.path.length.value,
        1e-8,
        0.0,
    );
}

#[test]
fn a_stationary_start_does_not_move() {
    let mut stream = Stream::new(6, Purpose::Search, 0);
    let kinetics = random_process(&mut stream, 5);
    let steady = kinetics.stationary_distribution().unwrap();
    let options = SpeedOptions {
        times: vec![1.0],
        marginals: vec![Marginal::new("part", vec![0, 0, 1, 1, 1]).unwrap()],
        ..SpeedOptions::default()
    };
    let found = speed_of_relaxation(&kinetics, &steady, (0.0, 2.0), &options, &run()).unwrap();
    assert_eq!(found.at[0].fisher_information, 0.0);
    assert!(found.path.length.value < 1e-12 && found.marginals[0].maxima.is_empty());
    let bad = |window, times: Vec<f64>| {
        let options = SpeedOptions {
            times,
            ..SpeedOptions::default()
        };
        speed_of_relaxation(&kinetics, &steady, window, &options, &run())
            .unwrap_err()
            .to_string()
    };
    assert!(bad((1.0, 1.0), vec![]).contains("end of the window"));
    assert!(bad((-1.0, 1.0), vec![]).contains("beginning of the window"));
    assert!(bad((0.0, 1.0), vec![f64::NAN]).contains("time is NaN"));
}

#[test]
fn driving_speeds_a_process_up_again_and_the_theorem_is_not_claimed() {
    let pair = MarkovJump::from_rates(2, &[(0, 1, 1.0, 1.0)]).unwrap();
    let rates = |t: f64, forward: &mut [f64], backward: &mut [f64]| {
        (forward[0], backward[0]) = ((3.0 * (t - 1.0).tanh()).exp(), 1.0);
        Ok(())
    };
    let driven = DrivenJump::new(pair.network().clone(), Box::new(rates));
    let tolerance = Tolerance {
        relative: 1e-8,
        absolute: 1e-12,
        max_iterations: 4000,
    };
    let start = Distribution::uniform(2).unwrap();
    let found = speed_of_driven_process(&driven, &start, (0.0, 2.0), &[0.5, 1.0], tolerance, &run()).unwrap();
    assert!(found.fisher_information[1] > found.fisher_information[0]);
    assert_eq!(found.monotone_relaxation, Unmet::ConstantRates);
    // constant rates in the clothes of a protocol give the relaxation
    let constant = |_: f64, forward: &mut [f64], backward: &mut [f64]| {
        (forward[0], backward[0]) = (2.0, 0.5);
        Ok(())
    };
    let driven = DrivenJump::new(pair.network().clone(), Box::new(constant));
    let point = Distribution::point(2, 0).unwrap();
    let one = speed_of_driven_process(&driven, &point, (0.0, 1.0), &[], tolerance, &run()).unwrap();
    let same = MarkovJump::from_rates(2, &[(0, 1, 2.0, 0.5)]).unwrap();
    let other = speed_of_relaxation(&same, &point, (0.0, 1.0), &SpeedOptions::default(), &run()).unwrap();
    assert_close(
        "length",
        one.path.length.value,
        other.path.length.value,
        1e-7,
        0.0,
    );
}

//! Trajectories against exact values (`data/trajectories.json`), by the public API.
//!
//! n = 20,000 trajectories of seed 1 each. A mean passes within 5 √(exact variance/n), a variance within 5 √((m₄ − s⁴)/n), a probability
//! within 5 binomial standard deviations where at least 20 successes and 20 failures are expected: 5 σ two-sided, a false alarm of
//! 6e-7 for each of about 130 comparisons, 8e-5 in all. A bias of 1 % of a standard deviation would show at 1.4 σ, of 5 % at 7 σ.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

use irrev_network::dynamics::{DrivenJump, evolve};
use irrev_network::simulation::estimators::{
    Moments, Reliability, bennett_acceptance_ratio, crooks, detailed_fluctuation, infimum_law,
    integral_fluctuation, jarzynski, scaled_cumulants, survival_function,
};
use irrev_network::simulation::graph::{
    DrivenSimulator, Ending, Ensemble, EnsembleOptions, JumpTimes, Keep, LongRunOptions, Observable, Running,
    Simulator, Stop, SystemEntropy, TrajectoryOptions, ensemble, long_run,
};
use irrev_network::{Distribution, MarkovJump, Network};
use irrev_numerics::{Run, Tolerance};
use serde_json::Value;

const TRAJECTORIES: u64 = 20_000;

const SIGMAS: f64 = 5.0;

struct Case {
    id: String,
    inputs: Value,
    expected: Value,
}

fn cases(kind: &str) -> Vec<Case> {
    let all: Vec<Value> = serde_json::from_str(include_str!("data/trajectories.json")).unwrap();
    let cases: Vec<Case> = all
        .iter()
        .filter(|c| c["inputs"]["kind"] == kind)
        .map(|c| Case {
            id: c["id"].as_str().unwrap().into(),
            inputs: c["inputs"].clone(),
            expected: c["expected"].clone(),
        })
        .collect();
    assert!(!cases.is_empty());
    cases
}

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|x| x.as_f64().unwrap())
        .collect()
}

fn kept() -> EnsembleOptions {
    EnsembleOptions {
        trajectories: TRAJECTORIES,
        keep: Keep::Samples,
        ..EnsembleOptions::default()
    }
}

impl Case {
    fn number(&self, key: &str) -> Option<f64> {
        self.expected[key].as_f64()
    }

    fn process(&self) -> MarkovJump {
        let states = self.inputs["states"].as_u64().unwrap() as usize;
        let index = |v: &Value| v.as_u64().unwrap() as usize;
        let mut channels = Vec::new();
        for pair in self.inputs["pairs"].as_array().into_iter().flatten() {
            let rate = |key: &str| pair[key].as_f64().unwrap();
            channels.push((index(&pair["a"]), index(&pair["b"]), rate("kf"), rate("kr")));
        }
        for edge in self.inputs["directed_edges"].as_array().into_iter().flatten() {
            channels.push((
                index(&edge["a"]),
                index(&edge["b"]),
                edge["rate"].as_f64().unwrap(),
                0.0,
            ));
        }
        MarkovJump::from_rates(states, &channels).unwrap()
    }

    fn mean(&self, what: &str, got: f64, expected: f64, variance: f64) {
        let allowed = SIGMAS * (variance / TRAJECTORIES as f64).sqrt() + 1e-9 * expected.abs();
        assert!(
            (got - expected).abs() <= allowed,
            "{}: {what} {got}, exact {expected} ± {allowed}",
            self.id
        );
    }

    fn moments(&self, what: &str, got: &Moments, mean: Option<f64>, variance: Option<f64>) {
        let (Some(mean), Some(variance)) = (mean, variance) else {
            return;
        };
        self.mean(what, got.mean().value, mean, variance);
        let error = SIGMAS * got.variance().standard_error;
        let found = got.variance().value;
        assert!(
            (found - variance).abs() <= error,
            "{}: variance of {what} {found}, exact {variance} ± {error}",
            self.id
        );
    }

    fn probability(&self, what: &str, successes: u64, p: f64) {
        let n = TRAJECTORIES as f64;
        if n * p.min(1.0 - p) < 20.0 {
            return;
        }
        let allowed = SIGMAS * (n * p * (1.0 - p)).sqrt();
        let difference = (successes as f64 - n * p).abs();
        assert!(
            difference <= allowed,
            "{}: {what} {successes}, exact {} ± {allowed}",
            self.id,
            n * p
        );
    }

    /// ⟨e^{−Σ}⟩ where its spread is known and small enough for a normal law.
    fn integral_fluctuation(&self, sum: &Ensemble) {
        let Some(spread) = self.number("sd_of_exp_minus_total_entropy") else {
            return;
        };
        let found = sum.exponential_entropy.mean().value;
        if spread <= 30.0 {
            self.mean(
                "⟨e^{−Σ}⟩",
                found,
                self.number("ift_mean_exp_minus_total_entropy").unwrap(),
                spread * spread,
            );
        }
    }
}

#[test]
fn currents_entropies_and_occupations_follow_the_master_equation() {
    let run = Run::default();
    for case in cases("jump_process") {
        let process = case.process();
        let start = Distribution::new(numbers(&case.inputs["p0"])).unwrap();
        let t = case.inputs["t"].as_f64().unwrap();
        let end = evolve(&process, &start, t, Tolerance::relative(1e-12), &run)
            .unwrap()
            .distribution;
        let weights = case.inputs["observable"]["weights_forward"].as_array();
        let options = TrajectoryOptions {
            horizon: t,
            times: vec![t],
            currents: weights
                .map(|w| numbers(&Value::Array(w.clone())))
                .into_iter()
                .collect(),
            system_entropy: SystemEntropy::Ends {
                initial: start.clone(),
                end: end.clone(),
            },
            ..Default::default()
        };
        let simulator = Simulator::new(&process, options).unwrap();
        let sum = ensemble(&simulator, &start, &kept(), &run).unwrap();
        for (state, p) in end.probabilities().iter().enumerate() {
            case.probability("occupation", sum.occupations[0][state], *p);
        }
        if let Some(current) = sum.moments_of(Observable::Current(0)) {
            let (mean, variance) = (
                case.number("observable_mean_at_t"),
                case.number("observable_var_at_t"),
            );
            case.moments("observable", current, mean, variance);
        }
        let (mean, variance) = (
            case.number("total_entropy_mean_at_t"),
            case.number("total_entropy_var_at_t"),
        );
        case.moments(
            "Σ",
            sum.moments_of(Observable::TotalEntropy).unwrap(),
            mean,
            variance,
        );
        case.integral_fluctuation(&sum);
        let expected = case.number("mean_exp_minus_total_entropy").unwrap_or(1.0);
        let missing = 1.0 - expected;
        if case.number("missing_weight").is_some() {
            let judged = integral_fluctuation(&sum.exponential_entropy, missing).unwrap();
            assert!(judged.deviation.abs() <= SIGMAS, "{}: {judged:?}", case.id);
            assert_eq!(judged.reliability, Reliability::Sound);
            let naive = integral_fluctuation(&sum.exponential_entropy, 0.0).unwrap();
            assert_eq!(
                naive.reliability,
                Reliability::Contradiction,
                "{}: {naive:?}",
                case.id
            );
        }
    }
}

#[test]
fn the_detailed_theorem_holds_on_the_uniform_ring() {
    let case = cases("jump_process")
        .into_iter()
        .find(|c| c.id == "dft_ring4")
        .unwrap();
    let process = case.process();
    let start = Distribution::uniform(4).unwrap();
    let step = case.number("entropy_per_step").unwrap();
    let options = TrajectoryOptions {
        horizon: 2.0,
        currents: vec![vec![1.0; 4]],
        system_entropy: SystemEntropy::Stationary(start.clone()),
        ..Default::default()
    };
    let simulator = Simulator::new(&process, options).unwrap();
    let sum = ensemble(&simulator, &start, &kept(), &Run::default()).unwrap();
    let steps = sum.samples_of(Observable::Current(0)).unwrap();
    let listed = numbers(&case.expected["net_steps"]);
    for (n, p) in listed.iter().zip(numbers(&case.expected["probability"])) {
        let count = steps.iter().filter(|s| *s == n).count();
        case.probability("net steps", count as u64, p);
    }
    let negative = sum.negative_entropy.mean().value * TRAJECTORIES as f64;
    case.probability(
        "Σ < 0",
        negative.round() as u64,
        case.number("probability_sigma_negative").unwrap(),
    );
    let detailed = detailed_fluctuation(sum.samples_of(Observable::TotalEntropy).unwrap(), step).unwrap();
    assert!(detailed.bins.len() >= 3);
    let slope = detailed.slope;
    assert!(
        (slope.value - 1.0).abs() < SIGMAS * slope.standard_error && slope.standard_error < 0.03,
        "{slope:?}"
    );
    // chi² of 4 or 5 degrees of freedom exceeds 45 with probability 2e-8
    assert!(detailed.chi_squared < 45.0, "{detailed:?}");
}

#[test]
fn work_and_heat_of_a_driven_two_level_system_obey_both_laws() {
    let run = Run::default();
    for case in cases("driven_two_level") {
        let input = |key: &str| case.inputs[key].as_f64().unwrap();
        let (from, to, tau, gamma, beta) = (
            input("E1_start"),
            input("E1_end"),
            input("tau"),
            input("gamma"),
            input("beta"),
        );
        let gap = move |t: f64| from + (to - from) * t / tau;
        let network = Network::builder()
            .states(["down", "up"])
            .reservoir("bath")
            .channel("exchange", "down", "up", Some("bath"))
            .build()
            .unwrap();
        let law = move |t: f64, up: &mut [f64], down: &mut [f64]| {
            up[0] = gamma * (-0.5 * beta * gap(t)).exp();
            down[0] = gamma * (0.5 * beta * gap(t)).exp();
            Ok(())
        };
        let process = DrivenJump::new(network, Box::new(law));
        let energies = move |t: f64, e: &mut [f64]| {
            e[0] = 0.0;
            e[1] = gap(t);
            Ok(())
        };
        // the rate of leaving "down" is largest at the start of a quarter, that of leaving "up" at its end
        let quarter = tau / 4.0;
        let bound = move |t: f64, state: usize| {
            let until = ((t / quarter).floor() + 1.0) * quarter;
            let (a, b) = (gap(until - quarter), gap(until));
            (
                gamma
                    * if state == 0 {
                        (-0.5 * beta * a).exp()
                    } else {
                        (0.5 * beta * b).exp()
                    },
                until,
            )
        };
        let start = Distribution::new(numbers(&case.inputs["p0"])).unwrap();
        let end = Distribution::new(numbers(&case.expected["p_end"])).unwrap();
        for thinning in [false, true] {
            let times = if thinning {
                JumpTimes::Thinning(&bound)
            } else {
                JumpTimes::Integrated { breaks: vec![] }
            };
            let options = TrajectoryOptions {
                horizon: tau,
                times: vec![tau],
                temperatures: Some(vec![1.0 / beta]),
                system_entropy: SystemEntropy::Ends {
                    initial: start.clone(),
                    end: end.clone(),
                },
                ..Default::default()
            };
            let simulator = DrivenSimulator::new(&process, Some(&energies), times, options, &run).unwrap();
            let sum = ensemble(&simulator, &start, &kept(), &run).unwrap();
            let work = sum.moments_of(Observable::Work).unwrap();
            case.moments("work", work, case.number("mean_work"), case.number("var_work"));
            for (state, p) in end.probabilities().iter().enumerate() {
                case.probability("final state", sum.occupations[0][state], *p);
            }
            let heat = sum.moments_of(Observable::Heat(0)).unwrap();
            case.mean(
                "heat into the bath",
                heat.mean().value,
                -case.number("mean_heat_absorbed").unwrap(),
                heat.variance().value,
            );
            let sigma = sum.moments_of(Observable::TotalEntropy).unwrap();
            case.mean(
                "Σ",
                sigma.mean().value,
                case.number("total_entropy_production").unwrap(),
                sigma.variance().value,
            );
            // first law on every trajectory: W − Q is the energy at the end, 0 or E1_end (both start at energy 0)
            let (works, heats) = (
                sum.samples_of(Observable::Work).unwrap(),
                sum.samples_of(Observable::Heat(0)).unwrap(),
            );
            for (w, q) in works.iter().zip(heats) {
                let energy = w - q;
                assert!(
                    energy.abs().min((energy - to).abs()) < 1e-11 * (1.0 + w.abs() + q.abs()) * tau,
                    "{w} {q}"
                );
            }
            let free = jarzynski(works, beta).unwrap();
            let exact = case.number("delta_F").unwrap();
            assert!(
                (free.value - exact).abs() < SIGMAS * free.standard_error,
                "{}: {free:?}, exact {exact}",
                case.id
            );
            let theorem = integral_fluctuation(&sum.exponential_entropy, 0.0).unwrap();
            assert_eq!(theorem.reliability, Reliability::Sound, "{theorem:?}");
        }
    }
}

#[test]
fn a_periodic_state_repeats_and_dissipates_as_its_rates_say() {
    // k e^{±A cos(wt)/2} with A = 2, w = k = 1; exact values by high-precision integration over the period 2π
    let run = Run::default();
    let (p1, epr, jumps) = (
        0.846_520_100_280_609_4,
        0.155_769_863_159_578_6,
        0.873_133_913_634_639_2,
    );
    let network = Network::from_edges(2, &[(0, 1)]).unwrap();
    let law = |t: f64, up: &mut [f64], down: &mut [f64]| {
        up[0] = t.cos().exp();
        down[0] = (-t.cos()).exp();
        Ok(())
    };
    let process = DrivenJump::new(network, Box::new(law));
    let start = Distribution::new(vec![1.0 - p1, p1]).unwrap();
    let period = std::f64::consts::TAU;
    let options = TrajectoryOptions {
        horizon: period,
        times: vec![period],
        ..Default::default()
    };
    let times = JumpTimes::Integrated { breaks: vec![] };
    let simulator = DrivenSimulator::new(&process, None, times, options, &run).unwrap();
    let sum = ensemble(&simulator, &start, &kept(), &run).unwrap();
    let rate = |observable| {
        let found = sum.mean(observable).unwrap();
        (found.value / period, SIGMAS * found.standard_error / period)
    };
    let (found, allowed) = rate(Observable::Jumps);
    assert!((found - jumps).abs() < allowed, "{found} {jumps} ± {allowed}");
    // over a period the system's entropy returns, so all that is produced goes to the medium
    let (found, allowed) = rate(Observable::MediumEntropy);
    assert!((found - epr).abs() < allowed, "{found} {epr} ± {allowed}");
    let back = &sum.occupation(0)[1];
    assert!((back.value - p1).abs() < SIGMAS * back.standard_error, "{back:?}");
}

#[test]
fn both_directions_of_a_protocol_give_the_free_energy_by_crooks_and_bennett() {
    let run = Run::default();
    let works = |from: f64, to: f64| {
        let gap = move |t: f64| from + (to - from) * t;
        let network = Network::from_edges(2, &[(0, 1)]).unwrap();
        let law = move |t: f64, up: &mut [f64], down: &mut [f64]| {
            up[0] = 3.0 * (-gap(t)).exp();
            down[0] = 3.0;
            Ok(())
        };
        let process = DrivenJump::new(network, Box::new(law));
        let energies = move |t: f64, e: &mut [f64]| {
            e[0] = 0.0;
            e[1] = gap(t);
            Ok(())
        };
        let z = 1.0 + (-from).exp();
        let start = Distribution::new(vec![1.0 / z, (-from).exp() / z]).unwrap();
        let times = JumpTimes::Integrated { breaks: vec![] };
        let simulator = DrivenSimulator::new(
            &process,
            Some(&energies),
            times,
            TrajectoryOptions::default(),
            &run,
        )
        .unwrap();
        let sum = ensemble(&simulator, &start, &kept(), &run).unwrap();
        sum.samples_of(Observable::Work).unwrap().to_vec()
    };
    let (forward, reverse) = (works(-1.0, 2.0), works(2.0, -1.0));
    let exact = -((1.0 + (-2.0_f64).exp()) / (1.0 + 1.0_f64.exp())).ln();
    let bennett = bennett_acceptance_ratio(&forward, &reverse, 1.0).unwrap();
    // 5 σ two-sided each: 6e-7
    assert!(
        (bennett.value - exact).abs() < SIGMAS * bennett.standard_error,
        "{bennett:?}, exact {exact}"
    );
    let line = crooks(&forward, &reverse, 1.0, 0.25).unwrap();
    assert!(
        (line.slope.value - 1.0).abs() < SIGMAS * line.slope.standard_error,
        "{:?}",
        line.slope
    );
    assert!(
        (line.free_energy.value - exact).abs() < SIGMAS * line.free_energy.standard_error,
        "{:?}",
        line.free_energy
    );
    assert!(bennett.standard_error < jarzynski(&forward, 1.0).unwrap().standard_error);
}

#[test]
fn first_passages_split_and_wait_as_the_master_equation_says() {
    for case in cases("first_passage") {
        let process = case.process();
        let targets: Vec<usize> = numbers(&case.inputs["targets"])
            .iter()
            .map(|t| *t as usize)
            .collect();
        let options = TrajectoryOptions {
            horizon: f64::INFINITY,
            stop: Stop {
                states: targets,
                ..Default::default()
            },
            ..Default::default()
        };
        let simulator = Simulator::new(&process, options).unwrap();
        let states = process.exit_rates().len();
        let start = Distribution::point(states, case.inputs["start"].as_u64().unwrap() as usize).unwrap();
        let sum = ensemble(&simulator, &start, &kept(), &Run::default()).unwrap();
        let time = sum.moments_of(Observable::Duration).unwrap();
        case.moments(
            "first-passage time",
            time,
            case.number("mean"),
            case.number("variance"),
        );
        let third = time.cumulants()[2];
        let exact = case.number("third_central_moment").unwrap();
        assert!(
            (third.value - exact).abs() < SIGMAS * third.standard_error,
            "{}: {third:?}, exact {exact}",
            case.id
        );
        let durations = sum.samples_of(Observable::Duration).unwrap();
        let cdf: Vec<(f64, f64)> = case.expected["cdf"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| (p[0].as_f64().unwrap(), p[1].as_f64().unwrap()))
            .collect();
        for (t, p) in &cdf {
            let passed = durations.iter().filter(|d| *d <= t).count();
            case.probability("P(T ≤ t)", passed as u64, *p);
        }
        let splitting = numbers(&case.expected["splitting_probabilities"]);
        for (k, p) in splitting.iter().enumerate() {
            case.probability("splitting", sum.endings.targets[k], *p);
            let given: Vec<f64> = durations
                .iter()
                .zip(&sum.sample_endings)
                .filter(|(_, e)| **e == Ending::Target(k))
                .map(|(d, _)| *d)
                .collect();
            let mean = Moments::of(&given).mean();
            let exact = case.expected["conditional_means"][k].as_f64().unwrap();
            assert!(
                (mean.value - exact).abs() < SIGMAS * mean.standard_error,
                "{}: {mean:?}, exact {exact}",
                case.id
            );
        }
        // cut off at the median time: the survival function before it must not change
        let cut = cdf[2].0;
        let shortened: Vec<f64> = durations.iter().map(|d| d.min(cut)).collect();
        let passed: Vec<bool> = durations.iter().map(|d| *d <= cut).collect();
        let survival = survival_function(&shortened, &passed, &[cdf[0].0, cdf[1].0]).unwrap();
        for (point, (_, p)) in survival.points.iter().zip(&cdf) {
            case.probability(
                "survival",
                (point.survival.value * TRAJECTORIES as f64).round() as u64,
                1.0 - p,
            );
        }
    }
}

#[test]
fn a_current_reaches_its_threshold_in_the_time_of_a_biased_walk() {
    for case in cases("current_threshold") {
        let process = case.process();
        let start = Distribution::uniform(5).unwrap();
        let threshold = case.inputs["threshold"].as_f64().unwrap();
        let stopped = |upper: f64, lower: Option<f64>| {
            let options = TrajectoryOptions {
                horizon: f64::INFINITY,
                running: Some(Running::Current(vec![1.0; 5])),
                stop: Stop {
                    upper: Some(upper),
                    lower,
                    ..Default::default()
                },
                ..Default::default()
            };
            let simulator = Simulator::new(&process, options).unwrap();
            ensemble(&simulator, &start, &kept(), &Run::default()).unwrap()
        };
        let sum = stopped(threshold, None);
        assert_eq!(sum.endings.upper, TRAJECTORIES);
        let time = sum.moments_of(Observable::Duration).unwrap();
        case.moments(
            "time to the threshold",
            time,
            case.number("mean"),
            case.number("variance"),
        );
        for pair in case.expected["probability_ever_reaching_minus"]
            .as_array()
            .unwrap()
        {
            // from +50 the walk comes back with probability 2^−50
            let below = stopped(50.0, Some(-pair[0].as_f64().unwrap()));
            case.probability("ever reaching −M", below.endings.lower, pair[1].as_f64().unwrap());
        }
    }
}

#[test]
fn the_infimum_law_holds_with_equality_on_the_uniform_ring() {
    // Σ is a walk in steps of ln 2 that reaches −m ln 2 with probability 2^−m; the horizon of 100 cuts off a part of e^{−17}
    let process = MarkovJump::from_rates(
        5,
        &[
            (0, 1, 2.0, 1.0),
            (1, 2, 2.0, 1.0),
            (2, 3, 2.0, 1.0),
            (3, 4, 2.0, 1.0),
            (4, 0, 2.0, 1.0),
        ],
    )
    .unwrap();
    let start = Distribution::uniform(5).unwrap();
    let options = TrajectoryOptions {
        horizon: 100.0,
        system_entropy: SystemEntropy::Stationary(start.clone()),
        running: Some(Running::TotalEntropy),
        ..Default::default()
    };
    let simulator = Simulator::new(&process, options).unwrap();
    let sum = ensemble(&simulator, &start, &kept(), &Run::default()).unwrap();
    let minima = sum.samples_of(Observable::Minimum).unwrap();
    let levels: Vec<f64> = (1..=6).map(|m| f64::from(m) * 2f64.ln()).collect();
    let law = infimum_law(minima, &levels).unwrap();
    for level in &law.levels {
        assert!(level.excess.abs() < SIGMAS, "{level:?}");
    }
    // ⟨inf⟩ = −ln 2 Σ 2^−m = −ln 2
    assert!((law.mean.value + 2f64.ln()).abs() < SIGMAS * law.mean.standard_error && law.mean_excess < 0.0);
    let (ends, running) = (
        sum.samples_of(Observable::TotalEntropy).unwrap(),
        sum.samples_of(Observable::Running).unwrap(),
    );
    for (sigma, value) in ends.iter().zip(running) {
        // counts times constants against a compensated sum over some 300 jumps
        assert!((sigma - value).abs() < 1e-12);
    }
}

#[test]
fn scaled_cumulants_of_one_long_run_agree_with_perturbation_theory() {
    let run = Run::default();
    for case in cases("jump_process") {
        let Some(exact) = case.expected["observable_scaled_cumulants_1_to_4"].as_array() else {
            continue;
        };
        let process = case.process();
        let options = LongRunOptions {
            currents: vec![numbers(&case.inputs["observable"]["weights_forward"])],
            increments: 200_000,
            ..Default::default()
        };
        let start = process.stationary_distribution().unwrap();
        let path = long_run(&process, &start, &options, &run).unwrap();
        let found = scaled_cumulants(&path.increments[0], 1.0).unwrap();
        assert!(found.resolved, "{}: {found:?}", case.id);
        // the bounded current of a two-state system has no scaled variance: what batches of finite length leave is their bias
        let orders = if case.id == "two_state" { 1 } else { 3 };
        for k in 0..orders {
            let (got, exact) = (found.values[k], exact[k].as_f64().unwrap());
            let allowed = SIGMAS * got.standard_error;
            assert!(
                (got.value - exact).abs() < allowed,
                "{}: c{} {got:?}, exact {exact}",
                case.id,
                k + 1
            );
        }
    }
}

//! Limits with closed forms.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

use irrev_network::dynamics::{
    DrivenJump, RelaxationOptions, count_distribution, counting_statistics, current_moments, entropy_moments,
    first_passage, periodic_state, relaxation, relaxation_spectrum,
};
use irrev_network::energetics::{Energetics, Engine, RateRule, energy_budget, engine};
use irrev_network::{Distribution, MarkovJump, Network, gallery};
use irrev_numerics::{Run, Tolerance};
use irrev_testing::{assert_all_close, assert_close};

const EPS: f64 = f64::EPSILON;

fn ring(n: usize, forward: f64, backward: f64) -> MarkovJump {
    let channels: Vec<_> = (0..n).map(|i| (i, (i + 1) % n, forward, backward)).collect();
    MarkovJump::from_rates(n, &channels).unwrap()
}

fn chain(n: usize, forward: f64, backward: f64) -> MarkovJump {
    let channels: Vec<_> = (0..n - 1).map(|i| (i, i + 1, forward, backward)).collect();
    MarkovJump::from_rates(n, &channels).unwrap()
}

#[test]
fn the_steps_round_a_uniform_ring_have_the_cumulants_of_two_poisson_processes() {
    let (a, b) = (1.7, 0.4);
    for n in [3, 7, 60] {
        let ring = ring(n, a, b);
        let statistics = counting_statistics(&ring).unwrap();
        let cumulants = statistics.scaled_cumulants(&vec![1.0; n], 8).unwrap().values;
        for (k, c) in cumulants.iter().enumerate() {
            let expected = if k % 2 == 0 { a - b } else { a + b };
            // order k sums 2ᵏ terms of this size
            assert_close(&format!("c{}", k + 1), *c, expected, 256.0 * n as f64 * EPS, 0.0);
        }
        for chi in [-1.2, -0.5, 0.3, 2.0_f64] {
            let value = statistics
                .scaled_generating_function(&vec![1.0; n], chi, &Run::default())
                .unwrap();
            let expected = a * chi.exp_m1() + b * (-chi).exp_m1();
            assert_close("λ(χ)", value.value, expected, 0.0, 2e-12 * (a + b));
            assert!(value.bracket.0 <= expected + 1e-13 && expected - 1e-13 <= value.bracket.1);
        }
        let flow = ring.flow(statistics.stationary_distribution()).unwrap();
        assert_close(
            "Σ̇",
            flow.entropy_production_rate(),
            (a - b) * (a / b).ln(),
            1e-13,
            0.0,
        );
    }
}

#[test]
fn the_steps_round_a_uniform_ring_are_skellam_distributed_at_any_time() {
    let (a, b, t) = (1.7, 0.4, 3.0);
    let ring = ring(4, a, b);
    let start = Distribution::point(4, 2).unwrap();
    let counts = count_distribution(&ring, &[1; 4], &start, t, 60, &Run::default()).unwrap();
    // P(n) = e^{−(a+b)t} Σ_j (at)^{n+j} (bt)^j/((n+j)! j!)
    let skellam = |n: i32| {
        let (up, down) = if n >= 0 { (a * t, b * t) } else { (b * t, a * t) };
        let mut term = (-(a + b) * t).exp() * (1..=n.abs()).map(|k| up / f64::from(k)).product::<f64>();
        let mut sum = 0.0;
        for j in 1..200 {
            sum += term;
            term *= up * down / (f64::from(n.abs() + j) * f64::from(j));
        }
        sum
    };
    for n in -40..=40 {
        assert_close(
            &format!("P({n})"),
            counts.probability(i64::from(n)),
            skellam(n),
            1e-11,
            0.0,
        );
    }
    let moments = current_moments(&ring, &[1.0; 4], &start, t, &Run::default()).unwrap();
    assert_close("mean", moments.mean, (a - b) * t, 1e-12, 0.0);
    assert_close("variance", moments.variance, (a + b) * t, 1e-11, 0.0);
    let uniform = Distribution::uniform(4).unwrap();
    let entropy = entropy_moments(&ring, &uniform, t, &Run::default()).unwrap();
    assert_close("⟨Σ⟩", entropy.mean, (a - b) * t * (a / b).ln(), 1e-12, 0.0);
    assert_close("⟨e^−Σ⟩", entropy.integral_fluctuation, 1.0, 1e-12, 0.0);
}

#[test]
fn jumps_of_a_one_way_ring_are_a_poisson_process() {
    let ring = ring(5, 2.5, 0.0);
    let cumulants = counting_statistics(&ring)
        .unwrap()
        .scaled_cumulants(&[1.0; 5], 8)
        .unwrap()
        .values;
    assert_all_close("cumulants", &cumulants, &[2.5; 8], 1e-12, 0.0);
    let counts = count_distribution(
        &ring,
        &[1; 5],
        &Distribution::point(5, 0).unwrap(),
        2.0,
        80,
        &Run::default(),
    )
    .unwrap();
    let mut poisson = (-5.0_f64).exp();
    for n in 0..60 {
        assert_close(&format!("P({n})"), counts.probability(n), poisson, 1e-11, 0.0);
        assert_eq!(counts.probability(-n - 1), 0.0);
        poisson *= 5.0 / (n + 1) as f64;
    }
}

#[test]
fn two_baths_exchange_heat_through_a_two_level_system_at_the_known_rate() {
    let (gap, hot, cold, rate) = (1.3, 2.0, 0.7, 0.9);
    let (process, energetics) = gallery::two_level_two_baths(gap, hot, cold, rate).unwrap();
    let pi = process.stationary_distribution().unwrap();
    let budget = energy_budget(&process.flow(&pi).unwrap(), &pi, &energetics).unwrap();
    let half = |t: f64| 0.5 * gap / t;
    let current = rate * (half(cold) - half(hot)).sinh() / (half(hot).cosh() + half(cold).cosh());
    assert_close(
        "heat into the cold bath",
        budget.heat[1],
        gap * current,
        1e-13,
        0.0,
    );
    assert_close(
        "heat into the hot bath",
        budget.heat[0],
        -gap * current,
        1e-13,
        0.0,
    );
    let dissipated = process.flow(&pi).unwrap().entropy_production_rate();
    assert_close(
        "Σ̇",
        dissipated,
        gap * current * (1.0 / cold - 1.0 / hot),
        1e-13,
        0.0,
    );
    assert!(matches!(
        engine(&budget, &energetics),
        Some(Engine::Dissipator { .. })
    ));
}

#[test]
fn a_queue_is_geometrically_distributed_however_rare_its_long_states() {
    for (arrivals, service) in [(0.3, 1.0), (1e-11, 1e11), (1e11, 1e-11)] {
        for n in [2, 13, 40, 90] {
            let p = chain(n, arrivals, service).stationary_distribution().unwrap();
            let ratio: f64 = arrivals / service;
            let top = if ratio < 1.0 { 0 } else { n - 1 };
            for (i, &got) in p.probabilities().iter().enumerate() {
                let far = i.abs_diff(top) as i32;
                let expected = ratio.min(1.0 / ratio).powi(far) * (1.0 - ratio.min(1.0 / ratio));
                // below 1e-150 of the largest it may be gone
                if expected > 1e-150 {
                    let finite = 1.0 - ratio.min(1.0 / ratio).powi(n as i32);
                    assert_close(
                        &format!("p{i}"),
                        got,
                        expected / finite,
                        16.0 * n as f64 * EPS,
                        0.0,
                    );
                }
                assert!(got.is_finite());
            }
        }
    }
}

#[test]
fn first_passage_along_a_chain_is_erlang_one_way_and_diffusive_both_ways() {
    let (n, k) = (9, 2.0);
    let start = Distribution::point(n + 1, 0).unwrap();
    let times = [1.0, 4.0, 8.0];
    let erlang = first_passage(&chain(n + 1, k, 0.0), &start, &[n], &times, &Run::default()).unwrap();
    let steps = n as f64;
    assert_close("mean", erlang.mean, steps / k, 1e-14, 0.0);
    assert_close("variance", erlang.variance, steps / (k * k), 1e-13, 0.0);
    assert_close("skewness", erlang.skewness, 2.0 / steps.sqrt(), 1e-12, 0.0);
    for (t, got) in times.iter().zip(&erlang.cumulative) {
        let mut term = (-k * t).exp();
        let mut below = 0.0;
        for j in 0..n {
            below += term;
            term *= k * t / (j + 1) as f64;
        }
        assert_close("P(T ≤ t)", *got, 1.0 - below, 0.0, 1e-13);
    }
    let walk = first_passage(&chain(n + 1, k, k), &start, &[n], &[], &Run::default()).unwrap();
    assert_close(
        "diffusive mean",
        walk.mean,
        0.5 * steps * (steps + 1.0) / k,
        1e-13,
        0.0,
    );
}

#[test]
fn modes_of_a_uniform_ring_are_its_fourier_modes() {
    let (n, a, b) = (6, 1.5, 0.5);
    let spectrum = relaxation_spectrum(&ring(n, a, b), &Run::default()).unwrap();
    let angle = 2.0 * std::f64::consts::PI / n as f64;
    assert_close(
        "gap",
        spectrum.spectral_gap,
        (a + b) * (1.0 - angle.cos()),
        1e-12,
        0.0,
    );
    let coherence = (a - b) * angle.sin() / ((a + b) * (1.0 - angle.cos()));
    assert_close("coherence", spectrum.coherence, coherence, 1e-12, 0.0);
    assert!(!spectrum.detailed_balance);
}

#[test]
fn slow_driving_follows_equilibrium_and_dissipates_in_proportion_to_its_frequency() {
    let at = |w: f64| {
        let law = move |t: f64, up: &mut [f64], down: &mut [f64]| {
            let half = 0.5 * (w * t).cos();
            (up[0], down[0]) = ((-half).exp(), half.exp());
            Ok(())
        };
        let process = DrivenJump::new(Network::from_edges(2, &[(0, 1)]).unwrap(), Box::new(law));
        let period = 2.0 * std::f64::consts::PI / w;
        let tolerance = Tolerance {
            max_iterations: 100_000,
            ..Tolerance::relative(1e-9)
        };
        periodic_state(&process, period, &[], tolerance, &Run::default()).unwrap()
    };
    let equilibrium = 1.0 / (1.0 + 1.0_f64.exp());
    let (slow, slower) = (at(0.1), at(0.05));
    // at an extremum of the energy the lag is of second order in the frequency: a quarter for half the frequency
    let lag = |s: &irrev_network::dynamics::PeriodicState| s.distribution.probabilities()[1] - equilibrium;
    assert_close("lag", lag(&slow) / lag(&slower), 4.0, 0.1_f64.powi(2), 0.0);
    assert!(lag(&slow).abs() < 0.1_f64.powi(2));
    let ratio = slow.record.entropy_production / slower.record.entropy_production;
    assert_close("dissipation per period", ratio, 2.0, 0.1_f64.powi(2), 0.0);
    assert!(slower.record.entropy_production > 0.0);
}

/// One level between a hot and a cold lead.
fn quantum_dot(level: f64, hot: (f64, f64), cold: (f64, f64)) -> (MarkovJump, Energetics) {
    let network = Network::builder()
        .states(["empty", "filled"])
        .reservoir("hot")
        .reservoir("cold")
        .channel("hot lead", "empty", "filled", Some("hot"))
        .channel("cold lead", "empty", "filled", Some("cold"))
        .build()
        .unwrap();
    let mut energetics = Energetics::thermal(&network, vec![0.0, level], &[hot.0, cold.0]);
    energetics.numbers = vec![0.0, 1.0];
    energetics.reservoirs[0].chemical_potential = hot.1;
    energetics.reservoirs[1].chemical_potential = cold.1;
    let rule = RateRule::Fermi { prefactor: 1.0 };
    let (forward, backward) = network
        .edges()
        .iter()
        .zip(&energetics.reservoirs)
        .map(|(edge, bath)| rule.rates(&energetics, edge, *bath, 0.0).unwrap())
        .unzip();
    (MarkovJump::new(network, forward, backward).unwrap(), energetics)
}

#[test]
fn a_tightly_coupled_engine_reaches_carnot_where_it_stalls() {
    let (hot, cold, level, mu_hot) = (2.0, 1.0, 3.0, 0.0);
    // every electron takes ε − μ_h from the hot lead and delivers μ_c − μ_h; both leads balance at (ε − μ_c)/T_c = (ε − μ_h)/T_h
    let stall = level - (level - mu_hot) * cold / hot;
    let run = |mu_cold: f64| {
        let (process, energetics) = quantum_dot(level, (hot, mu_hot), (cold, mu_cold));
        let pi = process.stationary_distribution().unwrap();
        let flow = process.flow(&pi).unwrap();
        let budget = energy_budget(&flow, &pi, &energetics).unwrap();
        (
            engine(&budget, &energetics).unwrap(),
            flow.entropy_production_rate(),
        )
    };
    for short in [0.5, 0.1, 1e-3, 1e-6] {
        let (engine, dissipation) = run(stall - short);
        let Engine::HeatEngine {
            efficiency,
            carnot,
            power,
        } = engine
        else {
            panic!("{engine:?}");
        };
        // the current is a difference of fluxes near 0.1 that vanishes like the distance to the stall
        let rounding = 16.0 * EPS / short;
        assert_close(
            "efficiency",
            efficiency,
            (stall - short - mu_hot) / (level - mu_hot),
            0.0,
            rounding,
        );
        assert_close(
            "distance from Carnot",
            carnot - efficiency,
            short / (level - mu_hot),
            0.0,
            rounding,
        );
        assert!(power > 0.0 && dissipation > 0.0);
    }
    assert!(run(stall).1 < 1e-28, "no dissipation at the stall");
    let (engine, _) = run(stall + 0.2);
    let Engine::Refrigerator {
        coefficient_of_performance,
        carnot,
        ..
    } = engine
    else {
        panic!("{engine:?}");
    };
    assert!(coefficient_of_performance < carnot);
}

#[test]
fn a_two_state_relaxation_dissipates_the_free_energy_it_loses() {
    let process = MarkovJump::from_rates(2, &[(0, 1, 2.0, 1.0)]).unwrap();
    let pi = process.stationary_distribution().unwrap();
    // from the corner of the simplex Σ̇ diverges as −ln t, and its integral does not
    let start = Distribution::point(2, 0).unwrap();
    let path = relaxation(
        &process,
        &start,
        40.0,
        &RelaxationOptions::default(),
        &Run::default(),
    )
    .unwrap();
    let lost = start.relative_entropy(&pi).unwrap();
    assert_close("Σ", path.entropy_production, lost, 1e-8, 0.0);
    assert_close("excess", path.excess, lost, 1e-8, 0.0);
    assert_close("nonadiabatic", path.nonadiabatic.unwrap(), lost, 1e-8, 0.0);
    assert_close("net jumps", path.net_jumps[0], 2.0 / 3.0, 1e-8, 0.0);
}

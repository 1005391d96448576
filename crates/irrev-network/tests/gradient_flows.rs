//! Steepest descent and minimising movements: identities, closed forms, order of accuracy, and what is refused.

#![allow(clippy::unwrap_used)] // helpers of tests are tests too

use irrev_network::decomposition::geometric_decomposition;
use irrev_network::dynamics::evolve;
use irrev_network::transport::{
    MinimisingMovement, MinimisingMovementOptions, Wasserstein2, Wasserstein2Options, gradient_flow,
    minimising_movement, wasserstein2,
};
use irrev_network::{Distribution, Error, MarkovJump};
use irrev_numerics::{Run, Tolerance};
use irrev_testing::random::{RandomNetwork, balanced_networks_with_state, cases, networks_with_state};
use proptest::prelude::*;

const EPS: f64 = f64::EPSILON;

/// Decades of the rates of random networks.
const DECADES: f64 = 9.0;

fn distribution(values: &[f64]) -> Distribution {
    Distribution::new(values.to_vec()).unwrap()
}

fn process(network: &RandomNetwork) -> MarkovJump {
    MarkovJump::from_rates(network.states, &network.channels).unwrap()
}

fn largest(values: impl IntoIterator<Item = f64>) -> f64 {
    values.into_iter().fold(0.0, |most, v| most.max(v.abs()))
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn the_master_equation_is_steepest_descent_plus_the_defect((network, p) in networks_with_state(12, DECADES)) {
        let process = process(&network);
        let state = Distribution::new(p).unwrap();
        let flow = process.flow(&state).unwrap();
        let at = gradient_flow(&process, &state).unwrap();
        let pi = process.stationary_distribution().unwrap();
        let logs = largest(state.probabilities().iter().zip(pi.probabilities()).map(|(p, q)| (p / q).ln()));
        // currents L f with forces that are ln of ratios, each rounded to n ε
        let n = network.states as f64;
        let size = flow.activity() * (1.0 + logs + largest(flow.force()));
        for (i, master) in at.master.rate.iter().enumerate() {
            let sum = at.descent.rate[i] + at.defect.rate[i];
            prop_assert!((master - sum).abs() <= 64.0 * n * EPS * size, "{master:e} {sum:e} of {size:e}");
        }
        let excess = geometric_decomposition(&flow).unwrap().excess;
        prop_assert!((at.master.norm.powi(2) - excess).abs() <= 1e-12 * excess);
        // the triangle inequality in the metric
        prop_assert!(at.master.norm <= (at.descent.norm + at.defect.norm) * (1.0 + 1e-12));
    }

    #[test]
    fn with_detailed_balance_there_is_no_defect_and_without_there_is((network, p) in networks_with_state(12, DECADES), (balanced, q) in balanced_networks_with_state(12, DECADES)) {
        let (reversible, state) = (process(&balanced), Distribution::new(q).unwrap());
        let at = gradient_flow(&reversible, &state).unwrap();
        let mobility = reversible.flow(&state).unwrap().mobility();
        // forces of n ε on every channel
        prop_assert!(at.defect.norm <= 64.0 * balanced.states as f64 * EPS * mobility.sqrt(), "{:e}", at.defect.norm);
        let driven = process(&network);
        if driven.detailed_balance_defect().unwrap() > 1e-3 {
            let state = Distribution::new(p).unwrap();
            let pi = driven.stationary_distribution().unwrap();
            let mobility = driven.flow(&state).unwrap().mobility();
            // what drives it is not seen at the stationary state itself, and at others unless its currents have no room there
            prop_assert!(gradient_flow(&driven, &state).unwrap().defect.norm > 0.0);
            let still = gradient_flow(&driven, &pi).unwrap();
            prop_assert!(still.defect.norm <= 1e-9 * mobility.sqrt().max(driven.flow(&pi).unwrap().mobility().sqrt()));
        }
    }
}

#[test]
fn channels_that_run_one_way_have_no_part_in_the_descent() {
    let ring = MarkovJump::from_rates(3, &[(0, 1, 1.0, 0.0), (1, 2, 1.0, 0.0), (2, 0, 1.0, 0.0)]).unwrap();
    let at = gradient_flow(&ring, &distribution(&[0.5, 0.3, 0.2])).unwrap();
    assert_eq!(at.descent.rate, [0.0; 3]);
    assert_eq!(at.descent.norm, 0.0);
    for (defect, expected) in at.defect.rate.iter().zip([-0.3, 0.2, 0.1]) {
        assert!((defect - expected).abs() < 1e-15);
    }
    assert_eq!(at.defect.norm, f64::INFINITY);
    let empty = gradient_flow(&ring, &distribution(&[0.5, 0.5, 0.0])).unwrap_err();
    assert!(matches!(empty, Error::NotPositive { state, .. } if state == "2"));
}

/// Detailed balance on a ring with a chord and a parallel channel: rates √(π_y/π_x) times a symmetric factor.
fn reversible() -> MarkovJump {
    let pi = [0.4_f64, 0.3, 0.2, 0.1];
    let channels: Vec<(usize, usize, f64, f64)> = [
        (0, 1, 1.0),
        (1, 2, 2.0),
        (2, 3, 0.7),
        (3, 0, 1.3),
        (0, 2, 0.5),
        (1, 0, 0.8),
    ]
    .iter()
    .map(|&(x, y, c): &(usize, usize, f64)| (x, y, c * (pi[y] / pi[x]).sqrt(), c * (pi[x] / pi[y]).sqrt()))
    .collect();
    MarkovJump::from_rates(4, &channels).unwrap()
}

fn moved(kinetics: &MarkovJump, start: &Distribution, step: f64) -> MinimisingMovement {
    let options = MinimisingMovementOptions::default();
    minimising_movement(kinetics, start, step, &options, &Run::default()).unwrap()
}

#[test]
fn two_states_fulfil_the_euler_lagrange_equation_of_the_integral() {
    // W₂ = ∫ dp/√L: the minimiser obeys ln(ρ₁/ρ₀) + W₂/(τ√L) = 0, which bisection solves with Simpson's rule for the integral
    let (up, down, p0, step) = (1.0, 2.0, 0.9, 0.3);
    let conductance = |p: f64| {
        let (a, b) = (up * (1.0 - p), down * p);
        if a == b { a } else { (a - b) / (a / b).ln() }
    };
    let length = |p: f64| {
        let (n, h) = (2000, (p0 - p) / 2000.0);
        let f = |k: usize| 1.0 / conductance(p + h * k as f64).sqrt();
        let inner: f64 = (1..n).map(|k| if k % 2 == 1 { 4.0 } else { 2.0 } * f(k)).sum();
        h / 3.0 * (f(0) + f(n) + inner)
    };
    let slope = |p: f64| (down * p / (up * (1.0 - p))).ln() - length(p) / (step * conductance(p).sqrt());
    let (mut low, mut high) = (1.0 / 3.0, p0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if slope(middle) > 0.0 {
            high = middle
        } else {
            low = middle
        }
    }
    let pair = MarkovJump::from_rates(2, &[(0, 1, up, down)]).unwrap();
    let found = moved(&pair, &distribution(&[1.0 - p0, p0]), step);
    // a residual of 1e-6 of the force leaves an error of that order in p
    assert!(
        (found.state.probabilities()[1] - low).abs() < 1e-6,
        "{:?} {low}",
        found.state
    );
    assert!(found.gap < 1e-5 && found.state_error() < 3e-3);
}

#[test]
fn steps_follow_the_master_equation_with_an_error_proportional_to_their_length() {
    let chain = reversible();
    let (start, duration) = (distribution(&[0.1, 0.2, 0.3, 0.4]), 0.4);
    let exact = evolve(
        &chain,
        &start,
        duration,
        Tolerance::relative(1e-12),
        &Run::default(),
    )
    .unwrap();
    let exact = &exact.distribution;
    let errors: Vec<f64> = [8, 16, 32]
        .iter()
        .map(|&steps| {
            let mut state = start.clone();
            for _ in 0..steps {
                state = moved(&chain, &state, duration / f64::from(steps)).state;
            }
            state.total_variation(exact).unwrap()
        })
        .collect();
    for pair in errors.windows(2) {
        // the next order is a tenth of it at these steps
        assert!((1.8..2.2).contains(&(pair[0] / pair[1])), "{errors:?}");
    }
    // and one step with an error of second order
    let (long, short) = (
        moved(&chain, &start, 0.004).deviation(),
        moved(&chain, &start, 0.002).deviation(),
    );
    assert!((3.6..4.4).contains(&(long / short)), "{long:e} {short:e}");
}

#[test]
fn no_other_state_is_lower_than_the_gap_allows_and_relative_entropy_pays_for_the_distance() {
    let chain = reversible();
    let pi = chain.stationary_distribution().unwrap();
    for start in [
        distribution(&[0.1, 0.2, 0.3, 0.4]),
        distribution(&[0.0, 0.0, 0.0, 1.0]),
    ] {
        for step in [1e-3, 0.1, 10.0] {
            let found = moved(&chain, &start, step);
            let value = |p: &Distribution| {
                let options = Wasserstein2Options::default();
                let Wasserstein2::Finite(way) =
                    wasserstein2(&chain, &start, p, &options, &Run::default()).unwrap()
                else {
                    return f64::INFINITY;
                };
                p.relative_entropy(&pi).unwrap() + way.upper_bound().powi(2) / (2.0 * step)
            };
            let here = value(&found.state);
            assert!(
                found.gap < 1e-3 * here.max(found.relative_entropy_before),
                "{:e}",
                found.gap
            );
            for (i, j) in [(0, 1), (1, 3), (3, 2)] {
                for part in [1e-3, 0.1] {
                    let mut other = found.state.probabilities().to_vec();
                    let some = part * other[i];
                    other[i] -= some;
                    other[j] += some;
                    assert!(value(&distribution(&other)) >= here - found.gap);
                }
            }
            let least = found.least_dissipated();
            assert!(found.dissipated() >= least.value);
            // curvature is positive here, so that the price is twice as high
            assert!(
                found.dissipated() >= 2.0 * least.value * (1.0 - 1e-5),
                "{} {least}",
                found.dissipated()
            );
        }
    }
}

#[test]
fn equilibrium_stays_and_a_long_step_reaches_it() {
    let chain = reversible();
    let pi = chain.stationary_distribution().unwrap();
    let still = moved(&chain, &pi, 0.5);
    assert!(still.state.total_variation(&pi).unwrap() < 1e-14);
    let far = moved(&chain, &distribution(&[0.1, 0.2, 0.3, 0.4]), 1e4);
    assert!(far.state.total_variation(&pi).unwrap() < 1e-3);
    let alone = MarkovJump::from_rates(1, &[]).unwrap();
    assert_eq!(
        moved(&alone, &distribution(&[1.0]), 1.0).state.probabilities(),
        [1.0]
    );
}

#[test]
fn what_has_no_minimising_movement_is_refused_with_the_figure() {
    let driven = MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)]).unwrap();
    let (p, options, run) = (
        distribution(&[0.5, 0.3, 0.2]),
        MinimisingMovementOptions::default(),
        Run::default(),
    );
    let error = minimising_movement(&driven, &p, 0.1, &options, &run).unwrap_err();
    assert!(error.to_string().contains("without detailed balance"), "{error}");
    assert!(matches!(error, Error::Domain { value, .. } if value > 0.5));
    let chain = reversible();
    let p = distribution(&[0.1, 0.2, 0.3, 0.4]);
    for step in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(minimising_movement(&chain, &p, step, &options, &run).is_err());
    }
    let loose = MinimisingMovementOptions {
        tolerance: 0.5,
        ..options
    };
    assert!(minimising_movement(&chain, &p, 0.1, &loose, &run).is_err());
    let short = distribution(&[0.5, 0.5]);
    assert!(matches!(
        minimising_movement(&chain, &short, 0.1, &options, &run),
        Err(Error::Length { .. })
    ));
}

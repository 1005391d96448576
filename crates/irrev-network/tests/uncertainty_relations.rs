//! Uncertainty relations in finite time, for constant rates and under protocols: cases of equality, and derivatives by differences.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

use irrev_network::bounds::{
    SpeedLimitOptions, Unmet, driven_uncertainty, finite_time_uncertainty, uncertainty_relation,
};
use irrev_network::dynamics::{DrivenJump, counting_statistics, current_moments, driven_current_moments};
use irrev_network::{Distribution, Kinetics, MarkovJump};
use irrev_numerics::{Run, Tolerance};
use irrev_testing::assert_close;

use crate::verdicts::all_hold;

fn state(p: &[f64]) -> Distribution {
    Distribution::new(p.to_vec()).unwrap()
}

fn tolerance() -> Tolerance {
    SpeedLimitOptions::default().tolerance
}

#[test]
fn the_response_is_the_derivative_by_the_duration() {
    let kinetics = MarkovJump::from_rates(
        4,
        &[
            (0, 1, 2.0, 0.5),
            (1, 2, 3.0, 1.0),
            (2, 3, 1.5, 0.2),
            (3, 0, 0.7, 0.9),
        ],
    )
    .unwrap();
    let (weights, start, tau) = ([1.0, -0.5, 0.3, 2.0], state(&[0.6, 0.1, 0.1, 0.2]), 0.9);
    let found =
        finite_time_uncertainty(&kinetics, &weights, &start, tau, tolerance(), &Run::default()).unwrap();
    let mean = |t: f64| {
        current_moments(&kinetics, &weights, &start, t, &Run::default())
            .unwrap()
            .mean
    };
    let step = 1e-4;
    let slope = (mean(tau + step) - mean(tau - step)) / (2.0 * step);
    // the third derivative times step²/6, and rounding over the step
    assert_close("τ ∂⟨X⟩/∂τ", found.response.value, tau * slope, 1e-6, 1e-9);
    assert_close("⟨X⟩", found.mean.value, mean(tau), 1e-13, 0.0);
}

#[test]
fn a_homogeneous_ring_saturates_the_relations_that_know_its_activity() {
    let ring = |force: f64| {
        let (f, b) = ((0.5 * force).exp(), (-0.5 * force).exp());
        MarkovJump::from_rates(3, &[(0, 1, f, b), (1, 2, f, b), (2, 0, f, b)]).unwrap()
    };
    let at = |kinetics: &MarkovJump| {
        finite_time_uncertainty(
            kinetics,
            &[1.0; 3],
            &Distribution::uniform(3).unwrap(),
            1.5,
            tolerance(),
            &Run::default(),
        )
        .unwrap()
    };
    let found = at(&ring(2.0));
    let tightness = |name: &str| found.find(name).unwrap().sides().unwrap().tightness().unwrap();
    assert_close("pseudo-entropy", tightness("pseudo_entropy"), 1.0, 1e-9, 0.0);
    assert_close(
        "thermodynamic-kinetic",
        tightness("thermodynamic_kinetic"),
        1.0,
        1e-9,
        0.0,
    );
    // Var Σ/⟨X⟩² = F coth(F/2)
    assert_close(
        "thermodynamic",
        tightness("thermodynamic"),
        1.0_f64.tanh(),
        1e-9,
        0.0,
    );
    assert_close("mobility", tightness("current_mobility"), 1.0, 1e-9, 0.0);
    // one way, counting every jump: a Poisson process
    let poisson = MarkovJump::from_rates(3, &[(0, 1, 1.0, 0.0), (1, 2, 1.0, 0.0), (2, 0, 1.0, 0.0)]).unwrap();
    let kinetic = at(&poisson);
    assert_close(
        "kinetic",
        kinetic
            .find("kinetic")
            .unwrap()
            .sides()
            .unwrap()
            .tightness()
            .unwrap(),
        1.0,
        1e-9,
        0.0,
    );
    // without a force there is no current to bound
    let still = at(&ring(0.0));
    assert_eq!(still.find("kinetic").unwrap().outcome, Err(Unmet::NoResponse));
}

#[test]
fn stationary_relations_are_records_too() {
    let ring = MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)]).unwrap();
    let statistics = counting_statistics(&ring).unwrap();
    let flow = ring.flow(statistics.stationary_distribution()).unwrap();
    let relation = uncertainty_relation(&statistics, &flow, &[1.0, 0.0, 0.0]).unwrap();
    let bounds = relation.bounds(&flow);
    all_hold(&bounds, |_| false);
    let products = [
        relation.thermodynamic_product,
        relation.short_time_product,
        2.0 * relation.kinetic_product,
    ];
    for (bound, product) in bounds.iter().zip(products) {
        assert_close(
            bound.name,
            bound.sides().unwrap().tightness().unwrap(),
            2.0 / product,
            1e-12,
            0.0,
        );
    }
    // over long times the precision in a finite time becomes the one in the long run
    let start = statistics.stationary_distribution();
    let long =
        finite_time_uncertainty(&ring, &[1.0, 0.0, 0.0], start, 1e4, tolerance(), &Run::default()).unwrap();
    let tightness = long
        .find("thermodynamic")
        .unwrap()
        .sides()
        .unwrap()
        .tightness()
        .unwrap();
    assert_close(
        "long run",
        tightness,
        2.0 / relation.thermodynamic_product,
        1e-3,
        0.0,
    );
}

/// A triangle whose rates follow a protocol, all of them multiplied by a pace.
fn pumped(pace: f64, one_way: bool) -> DrivenJump<'static> {
    let network = MarkovJump::from_rates(3, &[(0, 1, 1.0, 1.0), (1, 2, 1.0, 1.0), (2, 0, 1.0, 1.0)]).unwrap();
    DrivenJump::new(
        network.network().clone(),
        Box::new(move |t, forward, backward| {
            for e in 0..3 {
                let phase = 2.0 * t + e as f64;
                forward[e] = pace * (1.5 * phase.sin()).exp();
                backward[e] = if one_way {
                    0.0
                } else {
                    pace * (0.7 * phase.cos()).exp()
                };
            }
            Ok(())
        }),
    )
}

#[test]
fn the_response_to_pace_is_the_derivative_of_the_mean_by_all_rates() {
    let weights = [1.0, 0.5, -0.3];
    let start = state(&[0.7, 0.2, 0.1]);
    let moments = |pace| {
        let process = pumped(pace, false);
        driven_current_moments(
            &process,
            &weights,
            &start,
            0.3,
            1.9,
            Tolerance::relative(1e-12),
            &Run::default(),
        )
        .unwrap()
    };
    // fourth-order differences: step 1e-3 leaves 1e-12 of curvature, and 1e-12/1e-3 of rounding
    let h = 1e-3;
    let mean = |steps: f64| moments(1.0 + steps * h).mean;
    let difference = (8.0 * (mean(1.0) - mean(-1.0)) - (mean(2.0) - mean(-2.0))) / (12.0 * h);
    assert_close("R", moments(1.0).response, difference, 1e-8, 0.0);
}

#[test]
fn precision_under_a_protocol_costs_what_koyuk_and_seifert_say() {
    for one_way in [false, true] {
        for start in [[0.7, 0.2, 0.1], [0.0, 1.0, 0.0]] {
            for (from, to) in [(0.3, 0.4), (0.0, 3.0), (1.0, 20.0)] {
                let process = pumped(1.0, one_way);
                let tolerance = Tolerance {
                    relative: 1e-7,
                    absolute: 1e-11,
                    max_iterations: 4000,
                };
                let found = driven_uncertainty(
                    &process,
                    &[1.0, 1.0, 1.0],
                    &state(&start),
                    from,
                    to,
                    tolerance,
                    &Run::default(),
                )
                .unwrap();
                all_hold(&found.bounds, |unmet| {
                    one_way && matches!(unmet, Unmet::OneWay { .. })
                });
                assert!(found.find("kinetic").unwrap().holds());
            }
        }
    }
}

#[test]
fn a_current_whose_mean_vanishes_is_followed() {
    let process = pumped(1.0, false);
    let moments = |weights: &[f64]| {
        let start = Distribution::uniform(3).unwrap();
        driven_current_moments(
            &process,
            weights,
            &start,
            0.0,
            1.0,
            Tolerance::relative(1e-9),
            &Run::default(),
        )
        .unwrap()
    };
    // at the start the currents of two channels cancel exactly
    let jumps = process.rates_at(0.0).unwrap();
    let net: Vec<f64> = jumps.0.iter().zip(&jumps.1).map(|(f, b)| f - b).collect();
    let found = moments(&[1.0, -net[0] / net[1], 0.0]);
    assert!(found.variance > 0.0 && found.errors[0] < 1e-7);
    let nothing = moments(&[0.0; 3]);
    assert_eq!(
        (nothing.mean, nothing.variance, nothing.response),
        (0.0, 0.0, 0.0)
    );
}

#[test]
fn moments_of_a_driven_current_at_constant_rates_are_those_of_a_jump_process() {
    let ring = MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)]).unwrap();
    let constant = DrivenJump::new(
        ring.network().clone(),
        Box::new(|_, forward, backward| {
            forward.copy_from_slice(&[2.0, 3.0, 1.5]);
            backward.copy_from_slice(&[0.5, 1.0, 0.25]);
            Ok(())
        }),
    );
    // weights of any unit
    for unit in [1.0, 1e-12] {
        let weights = [1.0, -0.5, 2.0].map(|w| w * unit);
        let start = state(&[0.8, 0.0, 0.2]);
        let tolerance = tolerance();
        let one =
            driven_uncertainty(&constant, &weights, &start, 0.0, 2.0, tolerance, &Run::default()).unwrap();
        let other =
            finite_time_uncertainty(&ring, &weights, &start, 2.0, tolerance, &Run::default()).unwrap();
        assert_close("⟨X⟩", one.mean.value, other.mean.value, 1e-8, 0.0);
        assert_close("Var X", one.variance.value, other.variance.value, 1e-8, 0.0);
        assert_close("R", one.response.value, other.response.value, 1e-8, 0.0);
        for (a, b) in one.bounds.iter().zip(&other.bounds) {
            let (a, b) = (a.sides().unwrap(), b.sides().unwrap());
            assert_close("bound", a.bound.value, b.bound.value, 1e-7, 0.0);
        }
    }
}

//! Infinite networks where the answer is known: hot, cold, without disorder, without mean coupling, symmetric.

use std::f64::consts::{LN_2, PI};

use irrev_ising::ensemble::FieldLaw;
use irrev_ising::infinite::{Axis, Branch, InfiniteNetwork, Parameter, PhaseDiagram, Quantity};
use irrev_numerics::Run;

fn network(beta: f64, mean_coupling: f64, spread: f64, fields: FieldLaw) -> InfiniteNetwork {
    InfiniteNetwork {
        inverse_temperature: beta,
        mean_coupling,
        spread,
        fields,
    }
}

const NO_FIELD: FieldLaw = FieldLaw::Constant(0.0);

#[test]
fn at_infinite_temperature_nothing_dissipates() {
    for fields in [
        FieldLaw::Constant(0.7),
        FieldLaw::Uniform { low: -1.0, high: 3.0 },
        FieldLaw::Gaussian {
            mean: 0.5,
            spread: 1.0,
        },
    ] {
        let state = network(0.0, 1.0, 0.5, fields).sequential(Branch::Up).unwrap();
        assert_eq!(state.order.magnetization, 0.0);
        assert!(state.order.overlap.abs() < 1e-15);
        assert!((state.order.conditional_entropy - LN_2).abs() < 1e-15);
        assert_eq!(state.order.entropy_production, 0.0);
        assert_eq!(state.entropy_production_rate, 0.0);
        assert!((state.flip_rate - 0.5).abs() < 1e-14);
        // m ≃ βH̄ when hot
        assert!((state.order.magnetization_slope - fields.mean()).abs() < 1e-14);
    }
}

#[test]
fn hot_networks_dissipate_as_the_square_of_their_disorder() {
    // the next order is ς⁴ for σ and σ̇
    let beta = 1e-3;
    let state = network(beta, 1.0, 0.8, NO_FIELD).sequential(Branch::Up).unwrap();
    let variance = (beta * 0.8_f64).powi(2);
    assert!((state.order.entropy_production / variance - 1.0).abs() < 2.0 * variance);
    assert!((state.entropy_production_rate / (0.5 * variance) - 1.0).abs() < 2.0 * variance);
    assert!((LN_2 - state.order.conditional_entropy - 0.5 * variance).abs() < variance * variance);
}

#[test]
fn without_disorder_spins_are_those_of_curie_and_weiss() {
    let state = network(1.5, 1.0, 0.0, NO_FIELD).sequential(Branch::Up).unwrap();
    let m = state.order.magnetization;
    assert!((m - (1.5 * m).tanh()).abs() < 1e-15 && m > 0.8);
    assert!((state.order.overlap - m * m).abs() < 1e-15);
    assert_eq!(state.entropy_production_rate, 0.0);
    // a spin is only remembered until it is refreshed
    for lag in [0.1, 1.0, 4.0] {
        let expected = m * m + (1.0 - m * m) * f64::exp(-lag);
        assert!((state.autocorrelation.at(lag) - expected).abs() < 1e-14);
    }
    // towards it entropy productions vanish as ΔJ², with the factor of the equal couplings
    let small = network(1.5, 1.0, 1e-5, NO_FIELD).sequential(Branch::Up).unwrap();
    let k = 1.0 - m * m;
    let expected = (1.5e-5_f64).powi(2) * k * k;
    assert!((small.order.entropy_production / expected - 1.0).abs() < 1e-8);
    assert!((small.entropy_production_rate / (0.5 * expected) - 1.0).abs() < 1e-8);
}

#[test]
fn cold_disordered_networks_approach_their_constants() {
    let limit = network(1.0, 1.0, 1.0, NO_FIELD)
        .zero_temperature(Branch::Up)
        .unwrap();
    assert_eq!((limit.magnetization, limit.overlap), (0.0, 0.0));
    assert!((limit.entropy_production_per_beta - (2.0 / PI).sqrt()).abs() < 1e-14);
    assert!((limit.conditional_entropy_times_beta - PI * PI / 6.0 / (2.0 * PI).sqrt()).abs() < 1e-14);
    assert!((limit.forgotten - 0.361_399_57).abs() < 1e-8);
    assert!((limit.entropy_production_rate_per_beta - 0.288_355_13).abs() < 1e-8);
    assert!((limit.flip_rate - (1.0 / PI - 0.25).sqrt()).abs() < 1e-13);
    // corrections fall as 1/β²: a hundredth of them at ten times β
    let at = |beta: f64| network(beta, 1.0, 1.0, NO_FIELD).sequential(Branch::Up).unwrap();
    let errors = [100.0, 1000.0].map(|beta| {
        let state = at(beta);
        [
            state.order.entropy_production / beta - limit.entropy_production_per_beta,
            state.entropy_production_rate / beta - limit.entropy_production_rate_per_beta,
            state.order.conditional_entropy * beta - limit.conditional_entropy_times_beta,
            state.flip_rate - limit.flip_rate,
        ]
    });
    for (which, (hot, cold)) in errors[0].iter().zip(&errors[1]).enumerate() {
        assert!(
            hot.abs() < 0.02 && cold.abs() < 0.15 * hot.abs() + 1e-10,
            "{which} {hot} {cold}"
        );
    }
}

#[test]
fn cold_networks_with_fields_approach_theirs() {
    for fields in [
        FieldLaw::Constant(0.2),
        FieldLaw::Uniform { low: -0.5, high: 0.7 },
        FieldLaw::Gaussian {
            mean: 0.1,
            spread: 0.4,
        },
    ] {
        let cold = network(3000.0, 1.0, 0.7, fields);
        let limit = cold.zero_temperature(Branch::Up).unwrap();
        let state = cold.sequential(Branch::Up).unwrap();
        let close = |found: f64, expected: f64, what: &str| {
            assert!(
                (found - expected).abs() < 3e-6 * (1.0 + expected),
                "{fields:?} {what} {found} {expected}"
            );
        };
        close(state.order.magnetization, limit.magnetization, "m");
        close(
            state.order.conditional_entropy * 3000.0,
            limit.conditional_entropy_times_beta,
            "S",
        );
        // q and what depends on it approach as 1/β
        assert!((state.order.overlap - limit.overlap).abs() < 2e-3);
        let per_beta = state.order.entropy_production / 3000.0;
        assert!((per_beta - limit.entropy_production_per_beta).abs() < 2e-3);
        // at β = ∞ the same numbers are what they are
        let frozen = cold
            .at_inverse_temperature(f64::INFINITY)
            .sequential(Branch::Up)
            .unwrap();
        assert_eq!(frozen.order.magnetization, limit.magnetization);
        assert_eq!(frozen.order.conditional_entropy, 0.0);
        assert_eq!(frozen.order.entropy_production, f64::INFINITY);
        assert_eq!(frozen.entropy_production_rate, f64::INFINITY);
    }
}

#[test]
fn without_disorder_and_temperature_all_spins_are_frozen() {
    let frozen = network(f64::INFINITY, 1.0, 0.0, FieldLaw::Constant(0.3));
    let states = frozen.solutions().unwrap();
    let m: Vec<f64> = states.iter().map(|s| s.magnetization).collect();
    assert_eq!(m, [-1.0, 1.0]);
    let state = frozen.sequential(Branch::Up).unwrap();
    assert_eq!(
        (
            state.order.overlap,
            state.entropy_production_rate,
            state.flip_rate
        ),
        (1.0, 0.0, 0.0)
    );
    // what wants to turn against itself finds no rest
    let error = network(f64::INFINITY, -1.0, 0.0, FieldLaw::Constant(0.3))
        .solutions()
        .unwrap_err();
    assert!(error.to_string().contains("spread of couplings"), "{error}");
}

#[test]
fn the_critical_disorder_at_zero_temperature_is_known() {
    let critical = |beta, fields| network(beta, 2.0, 0.3, fields).critical_spread().unwrap();
    let cold = critical(f64::INFINITY, NO_FIELD).unwrap();
    assert!((cold - (2.0 / PI).sqrt() * 2.0).abs() < 1e-13);
    let normal = critical(
        f64::INFINITY,
        FieldLaw::Gaussian {
            mean: 0.0,
            spread: 0.9,
        },
    )
    .unwrap();
    assert!((normal * normal + 0.81 - 8.0 / PI).abs() < 1e-13);
    // J₀ = 1, ±0.5: 0.741301 in the literature's units
    let uniform = critical(f64::INFINITY, FieldLaw::Uniform { low: -1.0, high: 1.0 }).unwrap();
    assert!((uniform / 2.0 - 0.741_301).abs() < 1e-6, "{uniform}");
    assert_eq!(
        critical(f64::INFINITY, FieldLaw::Uniform { low: -2.1, high: 2.1 }),
        None
    );
    assert_eq!(critical(0.4, NO_FIELD), None);
    // both ways to cross the line agree
    let spread = critical(0.9, NO_FIELD).unwrap();
    let beta = network(1.0, 2.0, spread, NO_FIELD)
        .critical_inverse_temperature()
        .unwrap()
        .unwrap();
    assert!((beta - 0.9).abs() < 1e-12);
    // exactly at ΔJ_c only β = ∞ would do, beyond nothing does
    assert_eq!(
        network(1.0, 2.0, 1.001 * cold, NO_FIELD)
            .critical_inverse_temperature()
            .unwrap(),
        None
    );
    assert!(
        network(1.0, 1.0, 0.5, FieldLaw::Constant(0.1))
            .critical_spread()
            .is_err()
    );
}

#[test]
fn order_begins_at_the_critical_temperature_as_a_square_root() {
    let critical = network(1.0, 1.0, 0.5, NO_FIELD)
        .critical_inverse_temperature()
        .unwrap()
        .unwrap();
    let m = |excess: f64| {
        let here = network(critical * (1.0 + excess), 1.0, 0.5, NO_FIELD);
        here.order_parameters(Branch::Up).unwrap().magnetization
    };
    assert_eq!(m(-1e-6), 0.0);
    // m² ∝ β − β_c with corrections of the relative size of the excess
    let ratio = m(4e-6) / m(1e-6);
    assert!((ratio - 2.0).abs() < 1e-4, "{ratio}");
}

#[test]
fn a_field_against_the_order_leaves_three_states_until_it_is_too_strong() {
    let states = network(2.0, 1.0, 0.4, FieldLaw::Constant(0.02))
        .solutions()
        .unwrap();
    assert_eq!(states.len(), 3);
    assert!(states[0].magnetization < 0.0 && states[2].magnetization > 0.0);
    assert!(states[0].is_stable() && !states[1].is_stable() && states[2].is_stable());
    for state in &states {
        assert!(state.residuals.0 < 1e-14 && state.residuals.1 < 1e-14 && state.numerical_error < 1e-13);
    }
    let strong = network(2.0, 1.0, 0.4, FieldLaw::Constant(0.5))
        .solutions()
        .unwrap();
    assert_eq!(strong.len(), 1);
    let oscillating = network(3.0, -1.0, 0.2, NO_FIELD)
        .order_parameters(Branch::Up)
        .unwrap();
    assert!(oscillating.is_stable() && !oscillating.is_stable_in_parallel());
}

#[test]
fn slopes_are_those_of_neighbouring_solutions() {
    let here = network(1.6, 1.0, 0.5, FieldLaw::Uniform { low: -0.2, high: 0.4 });
    let state = here.order_parameters(Branch::Up).unwrap();
    let m = |n: InfiniteNetwork| n.order_parameters(Branch::Up).unwrap().magnetization;
    let h = 1e-4;
    let by_beta =
        (m(here.at_inverse_temperature(1.6 + h)) - m(here.at_inverse_temperature(1.6 - h))) / (2.0 * h);
    assert!((by_beta - state.magnetization_slope).abs() < 1e-6);
    let by_field = (m(here.with(Parameter::MeanField, 0.1 + h))
        - m(here.with(Parameter::MeanField, 0.1 - h)))
        / (2.0 * h);
    assert!((by_field - state.susceptibility).abs() < 1e-6);
}

#[test]
fn maps_do_not_depend_on_threads_and_end_at_the_known_line() {
    let base = network(1.0, 1.0, 0.2, NO_FIELD);
    let x = Axis {
        parameter: Parameter::InverseTemperature,
        from: 0.0,
        to: 4.0,
        points: 9,
    };
    let y = Axis {
        parameter: Parameter::FieldWidth,
        from: 0.0,
        to: 1.2,
        points: 7,
    };
    let map = |threads| {
        let run = Run {
            threads,
            ..Run::default()
        };
        PhaseDiagram::of(&base, x, y, Branch::Up, &run).unwrap()
    };
    let (one, three) = (map(1), map(3));
    assert_eq!(one, three);
    for (beta, width) in &one.critical_line {
        let fields = FieldLaw::Uniform {
            low: -width,
            high: *width,
        };
        let critical = network(1.0, 1.0, 0.2, fields)
            .critical_inverse_temperature()
            .unwrap()
            .unwrap();
        assert!((critical - beta).abs() < 1e-9, "{beta} {width} {critical}");
    }
    // the line separates order from disorder
    let m = one.values(Quantity::Magnetization);
    for (j, width) in y.values().iter().enumerate() {
        for (i, beta) in x.values().iter().enumerate() {
            let fields = FieldLaw::Uniform {
                low: -width,
                high: *width,
            };
            let ordered = network(*beta, 1.0, 0.2, fields).disordered_feedback().unwrap() > 1.0;
            assert_eq!(m[j * 9 + i] > 0.0, ordered, "{beta} {width}");
        }
    }
    let same = PhaseDiagram::of(&base, x, x, Branch::Up, &Run::default());
    assert!(same.unwrap_err().to_string().contains("two different parameters"));
}

#[test]
fn the_coldest_finite_temperature_meets_the_limit() {
    for fields in [
        FieldLaw::Constant(0.1),
        FieldLaw::Uniform { low: -0.4, high: 0.6 },
        FieldLaw::Gaussian {
            mean: 0.1,
            spread: 0.4,
        },
    ] {
        let cold = network(4e7, 1.0, 0.6, fields);
        let limit = cold.zero_temperature(Branch::Up).unwrap();
        let state = cold.sequential(Branch::Up).unwrap();
        // m to all digits, what depends on q to order 1/β
        let close = |found: f64, expected: f64, what: &str| {
            assert!(
                (found / expected - 1.0).abs() < 1e-7,
                "{fields:?} {what} {found} {expected}"
            );
        };
        assert!((state.order.magnetization - limit.magnetization).abs() < 1e-13);
        close(state.order.overlap, limit.overlap, "q");
        close(
            state.order.conditional_entropy * 4e7,
            limit.conditional_entropy_times_beta,
            "S",
        );
        close(
            state.order.entropy_production / 4e7,
            limit.entropy_production_per_beta,
            "σ",
        );
        close(
            state.entropy_production_rate / 4e7,
            limit.entropy_production_rate_per_beta,
            "rate",
        );
        close(state.flip_rate, limit.flip_rate, "flips");
        assert!(state.numerical_error < 1e-8, "{:e}", state.numerical_error);
    }
    let beyond = network(1e9, 1.0, 0.6, NO_FIELD)
        .sequential(Branch::Up)
        .unwrap_err();
    assert!(
        beyond.to_string().contains("infinite inverse temperature"),
        "{beyond}"
    );
}

#[test]
fn two_scenarios_raise_the_entropy_production_and_the_conditional_entropy_tells_them_apart() {
    let at = |beta: f64, spread: f64| {
        network(beta, 1.0, spread, NO_FIELD)
            .sequential(Branch::Up)
            .unwrap()
    };
    // weak disorder: a cusp at criticality, where spins are still uncertain
    let critical = network(1.0, 1.0, 0.5, NO_FIELD)
        .critical_inverse_temperature()
        .unwrap()
        .unwrap();
    let peak = at(critical, 0.5);
    for step in 1..40 {
        let beta = 0.1 * f64::from(step);
        let state = at(beta, 0.5);
        assert!(
            state.order.entropy_production < peak.order.entropy_production,
            "{beta}"
        );
        assert!(
            state.entropy_production_rate < peak.entropy_production_rate,
            "{beta}"
        );
    }
    assert!((peak.order.entropy_production - 0.337_124_990).abs() < 1e-9);
    assert!((peak.entropy_production_rate - 0.156_345_127).abs() < 1e-9);
    assert!(peak.order.conditional_entropy > 0.5);
    // strong disorder: ever more, and ever more certain
    let mut last = at(0.0, 1.0);
    for step in 1..40 {
        let state = at(0.25 * f64::from(step), 1.0);
        assert!(state.order.entropy_production > last.order.entropy_production);
        assert!(state.entropy_production_rate > last.entropy_production_rate);
        assert!(state.order.conditional_entropy < last.order.conditional_entropy);
        assert!(state.flip_rate < last.flip_rate);
        last = state;
    }
    assert!(last.order.conditional_entropy < 0.07);
    // and disorder weakens order
    let m: Vec<f64> = (0..=8)
        .map(|i| at(3.0, 0.1 * f64::from(i)).order.magnetization)
        .collect();
    assert!(
        m.windows(2).all(|pair| pair[0] > pair[1] || pair[0] == 0.0),
        "{m:?}"
    );
}

#[test]
fn parameters_without_meaning_are_named() {
    for (wrong, what) in [
        (network(-1.0, 1.0, 0.5, NO_FIELD), "temperature"),
        (network(1.0, f64::NAN, 0.5, NO_FIELD), "mean coupling"),
        (network(1.0, 1.0, -0.5, NO_FIELD), "spread"),
        (
            network(1.0, 1.0, 0.5, FieldLaw::Uniform { low: 1.0, high: 0.0 }),
            "field",
        ),
    ] {
        let error = wrong.sequential(Branch::Up).unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
    }
}

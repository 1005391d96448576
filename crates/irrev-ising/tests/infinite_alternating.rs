//! Alternating states of infinite networks: against the ordered state that they are without fields, the end of a quench, and simulations.

use irrev_ising::ensemble::{CouplingLaw, FieldLaw, SelfCouplings};
use irrev_ising::infinite::{
    AlternatingState, Axis, Branch, InfiniteNetwork, Parameter, PhaseDiagram, Quantity,
};
use irrev_ising::simulation::{Averages, Observable, Sampling, simulate};
use irrev_ising::{KineticIsing, Update};
use irrev_numerics::Run;

fn network(beta: f64, j0: f64, spread: f64, fields: FieldLaw) -> InfiniteNetwork {
    InfiniteNetwork {
        inverse_temperature: beta,
        mean_coupling: j0,
        spread,
        fields,
    }
}

fn alternating(network: &InfiniteNetwork) -> AlternatingState {
    let state = network.alternating(Branch::Up).unwrap();
    state.unwrap_or_else(|| panic!("{network:?} does not alternate"))
}

/// Fields of every kind, with a mean and without.
fn laws() -> [FieldLaw; 5] {
    [
        FieldLaw::Constant(0.3),
        FieldLaw::Uniform { low: -0.3, high: 0.7 },
        FieldLaw::Uniform { low: -0.5, high: 0.5 },
        FieldLaw::Gaussian {
            mean: -0.2,
            spread: 0.4,
        },
        FieldLaw::Gaussian {
            mean: 0.0,
            spread: 0.4,
        },
    ]
}

#[test]
fn without_fields_it_is_the_ordered_state_with_every_second_step_turned_over() {
    for (beta, j0, spread) in [
        (1.0, 2.0, 0.5),
        (1.4, 1.0, 0.5),
        (3.0, 1.0, 0.7),
        (8.0, 1.5, 0.3),
        (2.0, 1.0, 0.0),
        (f64::INFINITY, 1.0, 0.6),
    ] {
        let none = FieldLaw::Constant(0.0);
        let state = alternating(&network(beta, -j0, spread, none));
        let ordered = network(beta, j0, spread, none)
            .order_parameters(Branch::Up)
            .unwrap();
        // errors of two solvers, relative to the numbers: a few hundred ε
        let close = |a: f64, b: f64, what: &str| {
            let allowed = 1e-13 * (1.0 + b.abs());
            assert!(
                a == b || (a - b).abs() < allowed,
                "β={beta} J₀={j0} ΔJ={spread} {what}: {a} {b}"
            );
        };
        for (phase, sign) in state.phases.iter().zip([1.0, -1.0]) {
            close(phase.magnetization, sign * ordered.magnetization, "m");
            close(phase.unfrozen, ordered.unfrozen, "1 − q");
            close(phase.gain, ordered.gain, "k");
            close(phase.conditional_entropy, ordered.conditional_entropy, "S_c");
        }
        close(state.successive_overlap, -ordered.overlap, "successive overlap");
        close(state.entropy_production, ordered.entropy_production, "σ");
        close(state.conditional_entropy, ordered.conditional_entropy, "S_c");
        close(state.reversed_entropy, ordered.reversed_entropy, "S_r");
        close(state.multiplier, ordered.feedback.powi(2), "multiplier");
        assert!(
            state.numerical_error < 1e-12 && state.residual < 1e-12,
            "{state:?}"
        );
    }
}

#[test]
fn the_entropy_production_is_not_that_of_the_unstable_state() {
    let network = network(1.0, -2.0, 0.5, FieldLaw::Constant(0.0));
    let state = alternating(&network);
    let unstable = network.order_parameters(Branch::Up).unwrap();
    assert!((unstable.entropy_production - 0.207).abs() < 5e-4);
    assert!((state.entropy_production - 0.005).abs() < 5e-4, "{state:?}");
    assert!((state.staggered_magnetization() - 0.93).abs() < 0.01 && state.magnetization().abs() < 1e-14);
}

#[test]
fn with_fields_it_is_where_a_quench_ends() {
    for fields in laws() {
        for (beta, j0, spread) in [(1.5, -1.4, 0.5), (4.0, -1.0, 0.6), (1.0, -3.0, 1.0)] {
            let network = network(beta, j0, spread, fields);
            let state = alternating(&network);
            let quench = network.quench(1.0, 300).unwrap();
            let [a, b] = state.phases;
            let close = |found: f64, expected: f64, what: &str| {
                assert!(
                    (found - expected).abs() < 1e-10,
                    "{network:?} {what}: {found} {expected}"
                );
            };
            close(quench.magnetizations[300], a.magnetization, "m, even");
            close(quench.magnetizations[299], b.magnetization, "m, odd");
            close(quench.replica_overlaps[300], a.overlap, "Q, even");
            close(quench.replica_overlaps[299], b.overlap, "Q, odd");
            for lag in [1, 3, 7] {
                let c = quench.correlations(lag);
                close(c[299 - lag], state.successive_overlap, "C, odd lag");
                close(c[300 - lag], state.successive_overlap, "C, odd lag");
            }
            for lag in [2, 4] {
                let c = quench.correlations(lag);
                close(c[300 - lag], a.overlap, "C, even");
                close(c[299 - lag], b.overlap, "C, odd");
            }
            // step 299 leads into the even phase
            let bath = |s: usize| quench.bath_entropies[s];
            let change = a.conditional_entropy - b.conditional_entropy;
            close(
                bath(299),
                a.entropy_production + change,
                "bath, into the even phase",
            );
            close(
                bath(298),
                b.entropy_production - change,
                "bath, into the odd phase",
            );
            close(0.5 * (bath(298) + bath(299)), state.entropy_production, "σ");
            close(
                quench.conditional_entropies[298],
                a.conditional_entropy,
                "S_c, even",
            );
            close(
                quench.conditional_entropies[299],
                b.conditional_entropy,
                "S_c, odd",
            );
            assert!(
                state.numerical_error < 1e-12 && state.residual < 1e-12,
                "{state:?}"
            );
        }
    }
}

#[test]
fn large_networks_alternate_as_the_infinite_one() {
    // 12 draws; |t| > 7.5 of Student's law with 11 degrees of freedom has probability 1.2e-5, times 2 × 4 numbers: 1e-4. Errors of each draw are thermal and of
    // its disorder; a network of N spins is off by a few/N, which 6/N covers.
    const SPINS: usize = 1024;
    const DRAWS: u64 = 12;
    let sampling = Sampling {
        replicas: 16,
        burn_in: 40,
        measured: 60,
        every: 1,
        ..Sampling::default()
    };
    for (fields, j0, spread) in [
        (FieldLaw::Uniform { low: -0.3, high: 0.9 }, -2.0, 0.6),
        (
            FieldLaw::Gaussian {
                mean: 0.3,
                spread: 0.4,
            },
            -1.8,
            0.5,
        ),
    ] {
        let exact = alternating(&network(1.0, j0, spread, fields));
        let couplings = CouplingLaw::Gaussian {
            mean: j0,
            spread,
            symmetry: 0.0,
        };
        let run = Run::default();
        let draws: Vec<Averages> = (0..DRAWS)
            .map(|draw| {
                let j = couplings.draw(SPINS, SelfCouplings::Kept, 1, draw).unwrap();
                let finite = KineticIsing::new(j, fields.draw(SPINS, 1, draw).unwrap(), 1.0).unwrap();
                let sampling = Sampling {
                    draw,
                    ..sampling.clone()
                };
                simulate(&finite, Update::Parallel, &sampling, &run).unwrap()
            })
            .collect();
        for (observable, expected) in [
            (Observable::EntropyProduction, exact.entropy_production),
            (Observable::ConditionalEntropy, exact.conditional_entropy),
            (Observable::Activity, exact.flips),
            (Observable::Magnetization, exact.magnetization()),
        ] {
            let values: Vec<f64> = draws.iter().map(|d| d.get(observable).value).collect();
            let n = DRAWS as f64;
            let mean = values.iter().sum::<f64>() / n;
            let variance: f64 = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
            let allowed = 7.5 * (variance / n).sqrt() + 6.0 / SPINS as f64;
            let case = format!("{fields:?} {observable:?}: {mean} {expected} ± {allowed}");
            assert!((mean - expected).abs() < allowed, "{case}");
            // and the test can tell: the stationary state that is never reached is far away
            assert!(allowed < 0.03, "{case}");
        }
    }
}

#[test]
fn alternation_sets_in_continuously_where_the_stationary_state_loses_stability() {
    for fields in laws() {
        let at = |j0: f64| network(1.3, j0, 0.5, fields);
        let (mut stable, mut unstable) = (-0.1, -6.0);
        for _ in 0..50 {
            let middle = 0.5 * (stable + unstable);
            if at(middle).alternating(Branch::Up).unwrap().is_some() {
                unstable = middle;
            } else {
                stable = middle;
            }
        }
        let beyond = |by: f64| alternating(&at(unstable - by)).staggered_magnetization();
        // a square root: ten times as far, √10 times as large; the next order is of relative size 1e-3
        let (near, far) = (beyond(1e-5), beyond(1e-4));
        assert!(near > 0.0 && near < 0.02, "{fields:?} {near}");
        assert!(
            (far / near - 10f64.sqrt()).abs() < 0.02,
            "{fields:?} {near} {far}"
        );
        let settled = at(unstable).order_parameters(Branch::Up).unwrap();
        assert!((settled.feedback + 1.0).abs() < 1e-9);
        let state = alternating(&at(unstable - 1e-5));
        assert!((state.entropy_production - settled.entropy_production).abs() < 1e-3);
        assert!(state.multiplier < 1.0 && state.multiplier > 0.99);
    }
}

#[test]
fn phases_and_branches_belong_together() {
    for fields in laws() {
        let network = network(2.0, -1.5, 0.6, fields);
        let up = alternating(&network);
        let down = network.alternating(Branch::Down).unwrap().unwrap();
        assert!(up.staggered_magnetization() > 0.0 && (0.0..1.0).contains(&up.multiplier));
        assert_eq!([up.phases[1], up.phases[0]], down.phases);
        for phase in up.phases {
            assert!(
                (0.0..=1.0).contains(&phase.overlap) && phase.overlap >= phase.magnetization.powi(2) - 1e-14
            );
            assert!(phase.entropy_production >= 0.0);
            let sum = phase.conditional_entropy + phase.entropy_production;
            assert_eq!(phase.reversed_entropy, sum);
        }
        let [a, b] = up.phases;
        assert!(up.successive_overlap.powi(2) <= a.overlap * b.overlap + 1e-14);
    }
}

#[test]
fn low_temperatures_lead_to_the_state_without_temperature() {
    for fields in laws() {
        let frozen = alternating(&network(f64::INFINITY, -1.0, 0.6, fields));
        // tanh differs from a sign within 1/β of 0: corrections of order 1/β², and of order 1/β to overlaps, whose arcsine is cut off at 1
        let cold = alternating(&network(3000.0, -1.0, 0.6, fields));
        for (a, b) in frozen.phases.iter().zip(&cold.phases) {
            assert!((a.magnetization - b.magnetization).abs() < 1e-6, "{fields:?}");
            assert!((a.unfrozen - b.unfrozen).abs() < 2e-3, "{fields:?}");
            assert!((a.local_susceptibility / b.local_susceptibility - 1.0).abs() < 1e-5);
        }
        let overlaps = (frozen.successive_overlap, cold.successive_overlap);
        assert!((overlaps.0 - overlaps.1).abs() < 2e-3, "{fields:?} {overlaps:?}");
        assert_eq!(frozen.entropy_production, f64::INFINITY);
    }
}

#[test]
fn maps_show_the_state_that_parallel_updates_reach() {
    let fields = FieldLaw::Constant(0.2);
    let axis = |parameter, from, to, points| Axis {
        parameter,
        from,
        to,
        points,
    };
    let x = axis(Parameter::MeanCoupling, -3.0, 1.0, 9);
    let y = axis(Parameter::Spread, 0.2, 0.8, 3);
    let base = network(1.2, 0.0, 0.0, fields);
    let map = PhaseDiagram::of(&base, x, y, Branch::Up, &Run::default()).unwrap();
    let mut alternate = 0;
    for (j, spread) in y.values().into_iter().enumerate() {
        for (i, j0) in x.values().into_iter().enumerate() {
            let here = network(1.2, j0, spread, fields);
            let point = map.points[j * 9 + i];
            let settled = here.order_parameters(Branch::Up).unwrap();
            assert_eq!(point.value(Quantity::Magnetization), settled.magnetization);
            let (even, odd, entropy, production) = match here.alternating(Branch::Up).unwrap() {
                Some(state) => {
                    alternate += 1;
                    let [a, b] = state.phases;
                    (
                        a.magnetization,
                        b.magnetization,
                        state.conditional_entropy,
                        state.entropy_production,
                    )
                }
                None => {
                    let m = settled.magnetization;
                    (m, m, settled.conditional_entropy, settled.entropy_production)
                }
            };
            assert_eq!(point.value(Quantity::EvenMagnetization), even);
            assert_eq!(point.value(Quantity::OddMagnetization), odd);
            assert_eq!(point.value(Quantity::ParallelConditionalEntropy), entropy);
            assert_eq!(point.value(Quantity::EntropyProduction), production);
            assert_eq!(point.value(Quantity::ReversedEntropy), entropy + production);
        }
    }
    assert!(alternate > 5 && alternate < 20, "{alternate}");
    // one crossing in each of the three rows, and the state is marginal there
    assert!(map.critical_line.is_empty() && map.alternation_line.len() >= 3);
    for (j0, spread) in &map.alternation_line {
        let settled = network(1.2, *j0, *spread, fields)
            .order_parameters(Branch::Up)
            .unwrap();
        assert!((settled.feedback + 1.0).abs() < 1e-10);
    }
}

#[test]
fn without_a_mean_field_alternation_begins_where_the_opposite_coupling_orders() {
    for fields in [
        FieldLaw::Constant(0.0),
        FieldLaw::Uniform { low: -0.4, high: 0.4 },
    ] {
        let negative = network(1.0, -1.0, 0.5, fields);
        let critical = negative.inverse_temperature_of_alternation().unwrap().unwrap();
        let at = |beta: f64| {
            negative
                .at_inverse_temperature(beta)
                .alternating(Branch::Up)
                .unwrap()
        };
        assert!(at(critical * (1.0 - 1e-9)).is_none() && at(critical * (1.0 + 1e-9)).is_some());
    }
    let positive = network(1.0, 1.0, 0.5, FieldLaw::Constant(0.0));
    assert_eq!(positive.inverse_temperature_of_alternation().unwrap(), None);
    let biased = network(1.0, -1.0, 0.5, FieldLaw::Constant(0.1));
    assert!(biased.inverse_temperature_of_alternation().is_err());
}

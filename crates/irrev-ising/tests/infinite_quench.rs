//! Infinite networks after a quench against simulations of finite ones, and against their own stationary states.

use irrev_ising::ensemble::{CouplingLaw, FieldLaw, SelfCouplings};
use irrev_ising::infinite::{Branch, InfiniteNetwork};
use irrev_ising::response::{log_two_cosh, probability_up};
use irrev_ising::{Couplings, KineticIsing};
use irrev_numerics::streams::{Purpose, Stream};

const SPINS: usize = 2000;
const STEPS: usize = 4;

/// Per step: magnetisation after it, entropy into the bath, and product of spins two steps apart; per spin, for one start.
fn simulated(network: &KineticIsing, m0: f64, stream: &mut Stream) -> Vec<[f64; 3]> {
    let n = SPINS as f64;
    let up = |p: f64, stream: &mut Stream| if stream.uniform() < p { 1.0 } else { -1.0 };
    let mut history = vec![
        (0..SPINS)
            .map(|_| up(0.5 * (1.0 + m0), stream))
            .collect::<Vec<f64>>(),
    ];
    let mut fields = network.local_fields_of(&history[0]);
    (0..STEPS)
        .map(|t| {
            let next: Vec<f64> = fields.iter().map(|h| up(probability_up(*h), stream)).collect();
            let after = network.local_fields_of(&next);
            let bath: f64 = (0..SPINS)
                .map(|i| {
                    next[i] * fields[i] - log_two_cosh(fields[i]) - history[t][i] * after[i]
                        + log_two_cosh(after[i])
                })
                .sum();
            let memory = t.checked_sub(1).map_or(f64::NAN, |s| {
                next.iter().zip(&history[s]).map(|(a, b)| a * b).sum::<f64>() / n
            });
            let m = next.iter().sum::<f64>() / n;
            history.push(next);
            fields = after;
            [m, bath / n, memory]
        })
        .collect()
}

#[test]
fn finite_networks_follow_the_infinite_one_after_a_quench() {
    // 16 draws; |t| > 6.5 of Student's law with 15 degrees of freedom has probability 1e-5, times 2 × 11 numbers: 2e-4. A network of N spins is
    // off by a few/N of the scale of the numbers, which 4/N covers.
    const DRAWS: usize = 16;
    let cases = [
        (FieldLaw::Uniform { low: -0.3, high: 0.7 }, 0.6, 1.0),
        (
            FieldLaw::Gaussian {
                mean: 0.2,
                spread: 0.5,
            },
            -0.8,
            1.0,
        ),
    ];
    for (law, m0, beta) in cases {
        let infinite = InfiniteNetwork {
            inverse_temperature: beta,
            mean_coupling: 1.0,
            spread: 0.6,
            fields: law,
        };
        let exact = infinite.quench(m0, STEPS).unwrap();
        let memory = exact.correlations(2);
        let couplings = CouplingLaw::Gaussian {
            mean: 1.0,
            spread: 0.6,
            symmetry: 0.0,
        };
        let draws: Vec<Vec<[f64; 3]>> = (0..DRAWS as u64)
            .map(|draw| {
                let j: Couplings = couplings.draw(SPINS, SelfCouplings::Kept, 1, draw).unwrap();
                let network = KineticIsing::new(j, law.draw(SPINS, 1, draw).unwrap(), beta).unwrap();
                let mut stream = Stream::new(1, Purpose::Trajectory, draw);
                simulated(&network, m0, &mut stream)
            })
            .collect();
        for t in 0..STEPS {
            let expected = [
                exact.magnetizations[t + 1],
                exact.bath_entropies[t],
                t.checked_sub(1).map_or(f64::NAN, |s| memory[s]),
            ];
            for (which, expected) in expected.iter().enumerate().filter(|(_, x)| !x.is_nan()) {
                let values: Vec<f64> = draws.iter().map(|d| d[t][which]).collect();
                let mean = values.iter().sum::<f64>() / DRAWS as f64;
                let variance: f64 =
                    values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (DRAWS - 1) as f64;
                let error = (variance / DRAWS as f64).sqrt();
                let allowed = 6.5 * error + 4.0 / SPINS as f64;
                assert!(
                    (mean - expected).abs() < allowed,
                    "{law:?} t={t} {which}: {mean} ± {error} {expected}"
                );
                // and the test can tell: a wrong term is of order 0.1
                assert!(allowed < 0.08, "{law:?} t={t} {which}: {allowed}");
            }
        }
    }
}

#[test]
fn a_quench_ends_in_the_stationary_state() {
    for fields in [
        FieldLaw::Constant(0.2),
        FieldLaw::Uniform { low: -0.5, high: 0.8 },
        FieldLaw::Gaussian {
            mean: 0.1,
            spread: 0.6,
        },
    ] {
        for (beta, spread) in [(0.7, 0.3), (2.0, 0.9), (6.0, 1.2)] {
            let network = InfiniteNetwork {
                inverse_temperature: beta,
                mean_coupling: 1.0,
                spread,
                fields,
            };
            let quench = network.quench(1.0, 150).unwrap();
            let steady = network.order_parameters(Branch::Up).unwrap();
            let close = |found: f64, expected: f64, what: &str| {
                assert!(
                    (found - expected).abs() < 1e-10,
                    "{network:?} {what}: {found} {expected}"
                );
            };
            close(quench.magnetizations[150], steady.magnetization, "m");
            close(quench.bath_entropies[149], steady.entropy_production, "bath");
            close(
                quench.conditional_entropies[149],
                steady.conditional_entropy,
                "S_c",
            );
            close(quench.replica_overlaps[150], steady.overlap, "Q");
            close(*quench.correlations(3).last().unwrap(), steady.overlap, "C");
            for t in 0..150 {
                let (low, high) = quench.entropy_production_bounds(t).unwrap();
                assert!(
                    high >= low && high >= 0.0,
                    "{network:?} second law at {t}: {high}"
                );
                let (low, high) = quench.system_entropies[t + 1];
                assert!(low >= 0.0 && low <= high + 1e-13 && high <= 2f64.ln() + 1e-13);
            }
        }
    }
}

#[test]
fn equal_couplings_leave_no_doubt_about_the_entropy_of_the_network() {
    // without disorder spins stay independent: both bounds meet, and the second law is an identity of one spin
    let network = InfiniteNetwork {
        inverse_temperature: 1.3,
        mean_coupling: 1.0,
        spread: 0.0,
        fields: FieldLaw::Constant(0.1),
    };
    let quench = network.quench(-0.9, 30).unwrap();
    for t in 0..30 {
        let (low, high) = quench.system_entropies[t + 1];
        assert!((high - low).abs() < 1e-14);
        let (low, high) = quench.entropy_production_bounds(t).unwrap();
        assert!(high >= 0.0 && (high - low).abs() < 1e-13);
    }
}

#[test]
fn a_quench_without_meaning_is_refused() {
    let network = InfiniteNetwork {
        inverse_temperature: f64::INFINITY,
        mean_coupling: 1.0,
        spread: 0.5,
        fields: FieldLaw::Constant(0.0),
    };
    assert!(
        network
            .quench(0.0, 3)
            .unwrap_err()
            .to_string()
            .contains("infinite entropy")
    );
    assert!(network.at_inverse_temperature(1.0).quench(1.5, 3).is_err());
}

//! Partly parallel updates of infinite networks against both ends, and against a simulation in between.

use irrev_ising::KineticIsing;
use irrev_ising::ensemble::{CouplingLaw, FieldLaw, SelfCouplings};
use irrev_ising::infinite::{Branch, InfiniteNetwork};
use irrev_ising::response::{log_two_cosh, probability_up};
use irrev_numerics::streams::{Purpose, Stream};

fn network(beta: f64, spread: f64, fields: FieldLaw) -> InfiniteNetwork {
    InfiniteNetwork {
        inverse_temperature: beta,
        mean_coupling: 1.0,
        spread,
        fields,
    }
}

#[test]
fn all_at_once_and_one_at_a_time_are_its_ends() {
    for (beta, spread, fields) in [
        (1.0, 0.5, FieldLaw::Constant(0.0)),
        (4.0, 1.0, FieldLaw::Constant(0.1)),
        (20.0, 0.6, FieldLaw::Uniform { low: -0.2, high: 0.5 }),
        (
            2.0,
            0.0,
            FieldLaw::Gaussian {
                mean: 0.1,
                spread: 0.5,
            },
        ),
    ] {
        let network = network(beta, spread, fields);
        let all = network.partly_parallel(1.0, Branch::Up).unwrap();
        let sigma = all.order.entropy_production;
        assert!((all.entropy_production - sigma).abs() < 1e-13 * (1.0 + sigma));
        assert!((all.autocorrelation[1] - all.order.overlap).abs() < 1e-13);
        // corrections of first order in α: half of them at half of α, and nothing left after extrapolation but the second order
        let sequential = network.sequential(Branch::Up).unwrap();
        let at = |alpha: f64| network.partly_parallel(alpha, Branch::Up).unwrap();
        let (few, fewer) = (at(2e-3), at(1e-3));
        let rate = 2.0 * fewer.entropy_production / 1e-3 - few.entropy_production / 2e-3;
        assert!(
            (rate - sequential.entropy_production_rate).abs() < 1e-4 * (1.0 + rate),
            "{rate}"
        );
        let flips = 2.0 * fewer.flips / 1e-3 - few.flips / 2e-3;
        assert!((flips - sequential.flip_rate).abs() < 1e-4, "{flips}");
        let c = sequential.autocorrelation.at(0.7);
        assert!((2.0 * fewer.autocorrelation[700] - few.autocorrelation[350] - c).abs() < 1e-4);
        assert!(fewer.numerical_error < 1e-10, "{:e}", fewer.numerical_error);
    }
    let wrong = network(1.0, 0.5, FieldLaw::Constant(0.0)).partly_parallel(0.0, Branch::Up);
    assert!(
        wrong
            .unwrap_err()
            .to_string()
            .contains("probability of an update")
    );
}

#[test]
fn finite_networks_dissipate_and_forget_as_the_infinite_one() {
    // 8 draws; |t| > 9 of Student's law with 7 degrees of freedom has probability 4e-5, times 3 numbers: 1.3e-4; 4/N covers the finite size
    const SPINS: usize = 1000;
    const STEPS: usize = 80;
    const START: usize = 40;
    let (alpha, fields) = (0.4, FieldLaw::Constant(0.15));
    let infinite = network(1.0, 0.7, fields);
    let exact = infinite.partly_parallel(alpha, Branch::Up).unwrap();
    let law = CouplingLaw::Gaussian {
        mean: 1.0,
        spread: 0.7,
        symmetry: 0.0,
    };
    let draws: Vec<[f64; 3]> = (0..8)
        .map(|draw| {
            let j = law.draw(SPINS, SelfCouplings::Kept, 2, draw).unwrap();
            let network = KineticIsing::new(j, fields.draw(SPINS, 2, draw).unwrap(), 1.0).unwrap();
            let mut stream = Stream::new(2, Purpose::Trajectory, draw);
            let mut history = vec![vec![1.0; SPINS]];
            let mut h = network.local_fields_of(&history[0]);
            let mut sums = [0.0; 3];
            for t in 0..STEPS {
                let before = history[t].clone();
                let mut after = before.clone();
                let tried: Vec<bool> = (0..SPINS).map(|_| stream.uniform() < alpha).collect();
                for i in (0..SPINS).filter(|i| tried[*i]) {
                    after[i] = if stream.uniform() < probability_up(h[i]) {
                        1.0
                    } else {
                        -1.0
                    };
                }
                let next = network.local_fields_of(&after);
                if t >= START {
                    sums[0] += (0..SPINS)
                        .filter(|i| tried[*i])
                        .map(|i| {
                            after[i] * h[i] - log_two_cosh(h[i]) - before[i] * next[i] + log_two_cosh(next[i])
                        })
                        .sum::<f64>();
                    for (which, lag) in [(1, 1), (2, 3)] {
                        let earlier = &history[t + 1 - lag];
                        sums[which] += after.iter().zip(earlier).map(|(a, b)| a * b).sum::<f64>();
                    }
                }
                history.push(after);
                h = next;
            }
            sums.map(|sum| sum / (SPINS * (STEPS - START)) as f64)
        })
        .collect();
    let expected = [
        exact.entropy_production,
        exact.autocorrelation[1],
        exact.autocorrelation[3],
    ];
    for (which, expected) in expected.iter().enumerate() {
        let mean = draws.iter().map(|d| d[which]).sum::<f64>() / 8.0;
        let variance = draws.iter().map(|d| (d[which] - mean).powi(2)).sum::<f64>() / 7.0;
        let error = (variance / 8.0).sqrt();
        assert!(
            (mean - expected).abs() < 9.0 * error + 0.004,
            "{which}: {mean} ± {error} {expected}"
        );
        assert!(9.0 * error < 0.06, "{which}: {error}");
    }
}

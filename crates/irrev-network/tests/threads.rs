//! The same bits for 1, 2 and 5 threads, on networks large enough to be shared out and on small ones.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

use irrev_network::decomposition::geometric_decomposition;
use irrev_network::dynamics::{counting_statistics, evolve};
use irrev_network::{Distribution, MarkovJump};
use irrev_numerics::{Run, Tolerance};
use irrev_testing::assert_same_bits;

/// A torus of side × side states driven round both ways, with rates that vary from place to place.
fn torus(side: usize) -> MarkovJump {
    let at = |x: usize, y: usize| (x % side) * side + y % side;
    let mut channels = Vec::new();
    for x in 0..side {
        for y in 0..side {
            let wobble = 1.0 + 0.5 * ((3 * x + 7 * y) as f64).sin();
            channels.push((at(x, y), at(x + 1, y), 1.5 * wobble, 0.7));
            channels.push((at(x, y), at(x, y + 1), 0.9, 1.2 * wobble));
        }
    }
    MarkovJump::from_rates(side * side, &channels).unwrap()
}

/// Stationary distribution, projected forces and evolved state, on the given number of threads.
fn numbers(process: &MarkovJump, states: usize, threads: usize) -> Vec<f64> {
    let run = Run {
        threads,
        ..Run::default()
    };
    run.install(|| {
        let pi = process.stationary_distribution().unwrap();
        let flow = process.flow(&pi).unwrap();
        let away: Vec<f64> = (0..states).map(|i| 1.0 + (i as f64).cos().powi(2)).collect();
        let total: f64 = away.iter().sum();
        let start = Distribution::new(away.iter().map(|w| w / total).collect()).unwrap();
        let split = geometric_decomposition(&process.flow(&start).unwrap()).unwrap();
        let moved = evolve(process, &start, 1.0, Tolerance::relative(1e-10), &run).unwrap();
        let mut out = pi.probabilities().to_vec();
        out.extend(&split.potential);
        out.extend(moved.distribution.probabilities());
        out.extend([flow.entropy_production_rate(), split.excess, split.housekeeping]);
        out
    })
    .unwrap()
}

#[test]
fn a_network_of_twenty_thousand_states_gives_the_same_bits_on_any_number_of_threads() {
    let side = 142;
    let process = torus(side);
    let one = numbers(&process, side * side, 1);
    for threads in [2, 5] {
        assert_same_bits(
            &format!("{threads} threads"),
            &numbers(&process, side * side, threads),
            &one,
        );
    }
}

#[test]
fn small_networks_give_the_same_bits_on_any_number_of_threads() {
    for side in [3, 5, 9] {
        let process = torus(side);
        let cumulants = |threads| {
            let run = Run {
                threads,
                ..Run::default()
            };
            run.install(|| {
                counting_statistics(&process)
                    .unwrap()
                    .entropy_cumulants(4)
                    .unwrap()
                    .values
            })
            .unwrap()
        };
        for threads in [2, 5] {
            let what = format!("side {side}, {threads} threads");
            assert_same_bits(
                &what,
                &numbers(&process, side * side, threads),
                &numbers(&process, side * side, 1),
            );
            assert_same_bits(&what, &cumulants(threads), &cumulants(1));
        }
    }
}

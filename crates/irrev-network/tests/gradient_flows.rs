//! Steepest descent, minimising movements and optimal protocols: identities, closed forms, and what is refused.

#![allow(clippy::unwrap_used)] // helpers of tests are tests too

use irrev_network::transport::{
    MinimisingMovement, MinimisingMovementOptions, Wasserstein2Options, gradient_flow, minimising_movement,
    optimal_protocol, straight_path,
};
use irrev_network::{Distribution, Error, MarkovJump};
use irrev_numerics::{Run, Tolerance};

fn distribution(values: &[f64]) -> Distribution {
    Distribution::new(values.to_vec()).unwrap()
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

fn jko(kinetics: &MarkovJump, start: &Distribution, step: f64) -> MinimisingMovement {
    minimising_movement(
        kinetics,
        start,
        step,
        &MinimisingMovementOptions::default(),
        &Run::default(),
    )
    .unwrap()
}

#[test]
fn scratch() {
    let chain = reversible();
    for start in [
        distribution(&[0.1, 0.2, 0.3, 0.4]),
        distribution(&[0.0, 0.0, 0.0, 1.0]),
        distribution(&[0.4, 0.3, 0.2, 0.1]),
        distribution(&[0.4, 0.3, 0.2 - 1e-9, 0.1 + 1e-9]),
    ] {
        for step in [1e-6, 1e-3, 0.01, 0.1, 1.0, 10.0] {
            let clock = std::time::Instant::now();
            match minimising_movement(&chain, &start, step, &Default::default(), &Run::default()) {
                Ok(m) => println!(
                    "{:?} {step}: evaluations {} residual {:.1e} target {:.1e} gap {:.1e} moved {:.2e} deviation {:.2e} dissipated {:.6e} least {} in {:?}",
                    start.probabilities(), m.convergence.iterations, m.convergence.residual, m.convergence.target, m.gap,
                    m.state.total_variation(&start).unwrap(), m.deviation(), m.dissipated(), m.least_dissipated(), clock.elapsed()
                ),
                Err(e) => println!("{:?} {step}: {e} {:?}", start.probabilities(), clock.elapsed()),
            }
        }
    }
    let driven = MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25), (0, 1, 0.3, 0.6)]).unwrap();
    let line = MarkovJump::from_rates(4, &[(0, 1, 1.0, 1.0), (1, 2, 1.0, 1.0), (2, 3, 1.0, 1.0)]).unwrap();
    for (k, from, to) in [
        (&driven, vec![0.6, 0.3, 0.1], vec![0.1, 0.2, 0.7]),
        (&driven, vec![1.0, 0.0, 0.0], vec![0.1, 0.2, 0.7]),
        (&driven, vec![1.0, 0.0, 0.0], vec![0.0, 0.0, 1.0]),
        (&line, vec![1.0, 0.0, 0.0, 0.0], vec![0.0, 0.0, 0.0, 1.0]),
        (&line, vec![1.0, 0.0, 0.0, 0.0], vec![0.25, 0.25, 0.25, 0.25]),
    ] {
        let (from, to) = (distribution(&from), distribution(&to));
        for tol in [1e-4, 1e-6, 1e-8] {
            let clock = std::time::Instant::now();
            let p = optimal_protocol(k, &from, &to, 2.0, &Wasserstein2Options::within(tol), &Run::default()).unwrap();
            let solved = clock.elapsed();
            let straight = straight_path(k, &from, &to, Tolerance::relative(1e-8), &Run::default());
            println!("cost {} {:?} straight {:?}", p.cost(), solved, straight);
            match p.simulated(Tolerance::relative(1e-8), &Run::default()) {
                Ok(s) => println!(
                    "  missed {:.1e} ep {} mobility {:.1e} steps {} in {:?}",
                    s.missed, s.entropy_production, s.mobility_deviation, s.convergence.iterations, clock.elapsed()
                ),
                Err(e) => println!("  {e} {:?}", clock.elapsed()),
            }
        }
    }
}

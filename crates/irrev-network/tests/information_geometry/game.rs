//! Games of least dissipation.

use super::reference::*;
use irrev_network::information::game::{
    Dissipation, Game, GameOptions, cooperative_optimum, nash_equilibrium, pareto_front,
};
use irrev_numerics::linalg::Matrix;
use irrev_numerics::streams::{Purpose, Stream};
use irrev_testing::assert_all_close;
use irrev_testing::reference::cases;

#[test]
fn nash_equilibria() {
    for case in &cases(FILE, "nash") {
        let check = Checked::new(case);
        let conductances = [check.inputs("gx"), check.inputs("gy")].concat();
        let law = conductances
            .iter()
            .map(|&conductance| Dissipation::Linear { conductance })
            .collect();
        let weights = vec![check.input("lamX"), check.input("lamY")];
        let game = Game::new(
            check.matrix("B"),
            law,
            vec![0, 0, 1, 1],
            weights,
            check.inputs("target"),
        )
        .unwrap();
        let nash = nash_equilibrium(&game, &GameOptions::default()).unwrap();
        check.compare_all("J", &nash.currents);
        check.compare("partial_epr_X", nash.partial_entropy_production[0]);
        check.compare("partial_epr_Y", nash.partial_entropy_production[1]);
        check.compare("total", nash.total);
        check.compare("penalty", nash.penalty);
        check.compare_all("achieved", &nash.achieved);
        let together = cooperative_optimum(&game, &GameOptions::default()).unwrap();
        check.compare_all("cooperative_J", &together.currents);
        check.compare("cooperative_total", together.total);
    }
}

/// A random game of jumps or linear edges on a ring.
fn random_game(stream: &mut Stream, players: usize, equal: bool, linear: bool) -> Game {
    let n = 4;
    let incidence = Matrix::from_fn(n, n + 1, |i, e| {
        let (from, to) = if e < n { (e, (e + 1) % n) } else { (0, 2) };
        f64::from(i32::from(i == to) - i32::from(i == from))
    });
    let mut positive = || 10.0_f64.powf(2.0 * stream.uniform() - 1.0);
    let law = (0..=n)
        .map(|_| match linear {
            true => Dissipation::Linear {
                conductance: positive(),
            },
            false => Dissipation::Jumps {
                mean_flux: positive(),
            },
        })
        .collect();
    let common = positive();
    let weights = (0..players)
        .map(|_| if equal { common } else { positive() })
        .collect();
    let owner = (0..=n).map(|e| e % players).collect();
    let target = (0..n).map(|_| positive() - 1.0).collect();
    Game::new(incidence, law, owner, weights, target).unwrap()
}

#[test]
fn with_equal_weights_the_nash_equilibrium_is_the_cooperative_optimum() {
    for trial in 0..200 {
        let mut stream = Stream::new(10, Purpose::Search, trial);
        let game = random_game(&mut stream, 1 + trial as usize % 4, true, trial % 2 == 0);
        let nash = nash_equilibrium(&game, &GameOptions::default()).unwrap();
        let together = cooperative_optimum(&game, &GameOptions::default()).unwrap();
        assert_all_close("J", &nash.currents, &together.currents, 1e-12, 1e-13);
    }
}

#[test]
fn no_player_gains_by_moving_alone_and_the_front_lies_below() {
    for trial in 0..100 {
        let mut stream = Stream::new(11, Purpose::Search, trial);
        let game = random_game(&mut stream, 2, false, trial % 2 == 0);
        let options = GameOptions::default();
        let shares: Vec<Vec<f64>> = (1..10)
            .map(|k| vec![0.1 * f64::from(k), 1.0 - 0.1 * f64::from(k)])
            .collect();
        let front = pareto_front(&game, &shares, &options).unwrap();
        for (player, gradient) in front.nash.own_gradients.iter().enumerate() {
            assert!(
                *gradient < 1e-9 * (1.0 + front.nash.costs[player]),
                "{gradient:e}"
            );
        }
        for point in &front.points {
            // no point of the front pays more in its own weighting than the Nash equilibrium
            let weighted = |costs: &[f64]| point.shares[0] * costs[0] + point.shares[1] * costs[1];
            assert!(weighted(&point.outcome.costs) <= weighted(&front.nash.costs) * (1.0 + 1e-10));
        }
        // along the curve one gains what the other loses
        assert!(
            front
                .points
                .windows(2)
                .all(|w| w[1].outcome.costs[0] <= w[0].outcome.costs[0] * (1.0 + 1e-9))
        );
        assert!(
            front
                .points
                .windows(2)
                .all(|w| w[1].outcome.costs[1] >= w[0].outcome.costs[1] * (1.0 - 1e-9))
        );
    }
    let mut stream = Stream::new(11, Purpose::Search, 0);
    let game = random_game(&mut stream, 2, false, true);
    assert!(pareto_front(&game, &[vec![0.0, 1.0]], &GameOptions::default()).is_err());
    assert!(
        Game::new(
            Matrix::identity(1),
            vec![Dissipation::Linear { conductance: 0.0 }],
            vec![0],
            vec![1.0],
            vec![0.0]
        )
        .is_err()
    );
    assert!(
        Game::new(
            Matrix::identity(1),
            vec![Dissipation::Linear { conductance: 1.0 }],
            vec![1],
            vec![1.0],
            vec![0.0]
        )
        .is_err()
    );
}

#[test]
fn great_weights_leave_the_cycle_to_their_ratio() {
    // λ → ∞ at a fixed ratio: the target is met, and the circulating current minimises Σ D/λ
    let edge = |conductance: f64| Dissipation::Linear { conductance };
    let ring = Matrix::from_fn(3, 3, |i, e| {
        f64::from(i32::from(i == (e + 1) % 3) - i32::from(i == e))
    });
    let target = vec![-1.0, 0.5, 0.5];
    let at = |scale: f64| {
        let weights = vec![2.0 * scale, scale];
        let law = vec![edge(1.0), edge(0.5), edge(2.0)];
        let game = Game::new(ring.clone(), law, vec![0, 0, 1], weights, target.clone()).unwrap();
        nash_equilibrium(&game, &GameOptions::default()).unwrap()
    };
    let (large, huge) = (at(1e6), at(1e12));
    assert!(huge.penalty < 1e-20);
    assert_all_close("J", &large.currents, &huge.currents, 1e-5, 1e-6);
    // stationarity along the cycle: Σ J/(g λ) = 0
    let along = huge.currents[0] / 2.0 + huge.currents[1] / (0.5 * 2.0) + huge.currents[2] / 2.0;
    assert!(along.abs() < 1e-9, "{along:e}");
}

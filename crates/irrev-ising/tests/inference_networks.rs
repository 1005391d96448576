//! Networks found again: errors of couplings, sparse networks, penalties chosen by prediction, and the place in the phase diagram.
#![allow(clippy::unwrap_used)]

use crate::support::Instance;
use irrev_ising::inference::{
    FitOptions, PenaltyKind, ScenarioOptions, SparseOptions, cross_validation, maximum_likelihood, scenario,
    sparse_path, sparse_penalties,
};
use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;
use irrev_testing::{assert_all_close, assert_close};

fn options(penalty: f64) -> FitOptions {
    FitOptions {
        penalty,
        ..FitOptions::default()
    }
}

#[test]
fn couplings_are_off_by_their_standard_errors() {
    let truth = Instance::new(10, 1.0, 0.5, 0.3, 1);
    let raster = truth.simulate(1.0, 5001, 100, 2);
    let transitions = raster.transitions().unwrap();
    let fit = maximum_likelihood(&transitions, &options(0.0)).unwrap();
    let errors = fit.standard_errors(&transitions).unwrap();
    let squares = (0..100).map(|k| {
        let (i, j) = (k / 10, k % 10);
        ((fit.couplings[(i, j)] - truth.couplings[i][j]) / errors.couplings[(i, j)]).powi(2)
    });
    let mean = squares.sum::<f64>() / 100.0;
    // mean of 100 squares of normal numbers, spread √(2/100): 5 σ two-sided, 6e-7 (tail of χ² above: 1e-5)
    assert!((mean - 1.0).abs() < 0.71, "{mean}");
    assert!(fit.schwarz() > fit.akaike());
}

#[test]
fn a_sparse_network_fulfils_its_conditions_and_tends_to_the_most_likely_one() {
    let raster = Instance::new(6, 1.0, 0.8, 0.3, 3).simulate(1.0, 2001, 100, 4);
    let transitions = raster.transitions().unwrap();
    let penalties = sparse_penalties(&transitions, 8, 1e-5).unwrap();
    let path = sparse_path(&transitions, &penalties, &SparseOptions::default()).unwrap();
    assert_eq!(path[0].couplings, 0);
    assert!(path.windows(2).all(|pair| pair[0].couplings <= pair[1].couplings));
    let objective = |fit: &irrev_ising::inference::Fit, penalty: f64| {
        let size: f64 = fit.couplings.data().iter().map(|x| x.abs()).sum();
        fit.log_likelihood_of(&transitions).unwrap() - penalty * size
    };
    for sparse in &path[1..5] {
        assert!(sparse.fit.convergence.converged());
        let top = objective(&sparse.fit, sparse.penalty);
        for k in 0..36 {
            for step in [1e-3, -1e-3] {
                let mut other = sparse.fit.clone();
                other.couplings[(k / 6, k % 6)] += step;
                assert!(objective(&other, sparse.penalty) < top);
            }
        }
    }
    let likely = maximum_likelihood(&transitions, &options(0.0)).unwrap();
    // the path ends at λ = 1e-5 of the largest; couplings move by about λ/k times √N
    assert_all_close(
        "couplings",
        path[7].fit.couplings.data(),
        likely.couplings.data(),
        0.0,
        1e-4,
    );
}

#[test]
fn prediction_chooses_a_penalty_between_none_and_all() {
    // 600 transitions for 12 × 13 parameters: noise is worth suppressing, couplings are worth keeping
    let raster = Instance::new(12, 0.5, 0.5, 0.3, 3).simulate(1.0, 601, 100, 4);
    let transitions = raster.transitions().unwrap();
    let penalties = [100.0, 1.0, 0.1, 0.03, 0.01, 1e-4];
    let kind = PenaltyKind::Quadratic(FitOptions::default());
    let with = |threads: usize| {
        cross_validation(
            &transitions,
            &penalties,
            kind,
            6,
            &Run {
                threads,
                ..Run::default()
            },
        )
        .unwrap()
    };
    let found = with(1);
    assert!((1..5).contains(&found.best), "{found:?}");
    assert!(penalties[found.simplest] >= penalties[found.best]);
    assert_eq!(found, with(3));
    let sparse = sparse_penalties(&transitions, 6, 0.01).unwrap();
    let found = cross_validation(
        &transitions,
        &sparse,
        PenaltyKind::Absolute(SparseOptions::default()),
        6,
        &Run::default(),
    );
    let found = found.unwrap();
    assert!(found.best > 0 && found.best < 5, "{found:?}");
}

/// N⟨J⟩ and √(N var J) of the couplings between different spins.
fn place(couplings: &[Vec<f64>]) -> (f64, f64) {
    let n = couplings.len();
    let off: Vec<f64> = (0..n * n)
        .filter(|k| k / n != k % n)
        .map(|k| couplings[k / n][k % n])
        .collect();
    let count = off.len() as f64;
    let mean = off.iter().sum::<f64>() / count;
    let square: f64 = off.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (count - 1.0);
    (n as f64 * mean, (n as f64 * square).sqrt())
}

#[test]
fn a_network_is_placed_in_the_phase_diagram_without_the_noise_of_its_couplings() {
    let truth = Instance::new(30, 0.6, 0.5, 0.2, 7);
    let (mean, spread) = place(&truth.couplings);
    let raster = truth.simulate(1.0, 3001, 100, 8);
    let transitions = raster.transitions().unwrap();
    let fit = maximum_likelihood(&transitions, &options(0.0)).unwrap();
    let found = scenario(&fit, &transitions, &ScenarioOptions::default(), &Run::default()).unwrap();
    let (x, y) = (found.mean_coupling, found.coupling_spread);
    // 5 standard errors of this network's own couplings: 6e-7 each
    assert!((x.value - mean).abs() < 5.0 * x.standard_error, "{x:?} {mean}");
    assert!(
        (y.value - spread).abs() < 5.0 * y.standard_error,
        "{y:?} {spread}"
    );
    let fitted: Vec<Vec<f64>> = (0..30)
        .map(|i| (0..30).map(|j| fit.couplings[(i, j)]).collect())
        .collect();
    let raw = place(&fitted).1;
    assert!(raw > y.interval.1, "the noise is worth taking out: {raw} {y:?}");
    assert_close(
        "axes",
        found.ellipse.half_axes.0 * found.ellipse.half_axes.1,
        area(&found.ellipse),
        1e-10,
        0.0,
    );
    assert!(found.feedback > 0.3 && found.feedback < 0.7 && found.distance_to_criticality() > 0.0);
    assert!(found.uncertainty > 0.7 && found.uncertainty < 1.0 && found.spectral_radius < 1.0);
}

/// Product of the half-axes from the determinant of the covariance.
fn area(ellipse: &irrev_ising::inference::Ellipse) -> f64 {
    let (a, b, c) = ellipse.covariance;
    -2.0 * (1.0 - ellipse.level).ln() * (a * c - b * b).sqrt()
}

#[test]
fn a_nearly_deterministic_network_lies_at_the_deterministic_corner() {
    let truth = Instance::new(8, 0.0, 1.0, 0.0, 2);
    let raster = truth.simulate(1.5, 20_001, 100, 3);
    let transitions = raster.transitions().unwrap();
    let fit = maximum_likelihood(&transitions, &options(0.0)).unwrap();
    let found = scenario(&fit, &transitions, &ScenarioOptions::default(), &Run::default()).unwrap();
    let warm = scenario(
        &maximum_likelihood(&transitions, &options(1.0)).unwrap(),
        &transitions,
        &ScenarioOptions::default(),
        &Run::default(),
    );
    assert!(found.uncertainty < warm.unwrap().uncertainty);
    let error = |k: usize| (fit.couplings[(k / 8, k % 8)] - 1.5 * truth.couplings[k / 8][k % 8]).abs();
    let errors = fit.standard_errors(&transitions).unwrap();
    let relative = Matrix::from_fn(8, 8, |i, j| error(8 * i + j) / errors.couplings[(i, j)]);
    // 64 errors within 5 σ: 4e-5
    assert!(relative.data().iter().all(|x| *x < 5.0));
}

//! Dual coordinates and tilted equilibria.

use super::random::*;
use super::reference::*;
use irrev_network::information::dual::{
    Tilted, TiltedProblem, bregman_divergence, chemical::dual_coordinates, distribution_from_eta,
    distribution_from_theta, equilibrium_gauge, simplex_coordinates, tilted_equilibrium,
};
use irrev_numerics::linalg::Matrix;
use irrev_numerics::streams::{Purpose, Stream};
use irrev_testing::reference::{cases, numbers};
use irrev_testing::{assert_all_close, assert_close};

#[test]
fn dual_coordinates_of_distributions() {
    for case in &cases(FILE, "dual") {
        let check = Checked::new(case);
        let p = distribution(check.inputs("p"));
        let at = simplex_coordinates(&p).unwrap();
        check.compare_all("eta", &at.eta);
        check.compare_all("theta", &at.theta);
        check.compare("psi", at.psi);
        check.compare("phi", at.phi);
        check.compare_matrix("metric_eta", &at.metric_eta);
        let gauge = equilibrium_gauge(&p, &check.inputs("E"), check.input("beta")).unwrap();
        check.compare_all("theta_eq", &gauge.theta_equilibrium);
        check.compare("psi_eq", gauge.psi_equilibrium);
        check.compare("KL_to_eq", gauge.divergence);
        check.compare("beta_free_energy_excess", gauge.free_energy_excess);
        check.compare_all("theta_gauge", &gauge.theta);
        check.compare("psi_gauge", gauge.psi);
        check.compare("phi_gauge", gauge.phi);
    }
}

#[test]
fn tilted_equilibria() {
    for case in &cases(FILE, "tilted") {
        let check = Checked::new(case);
        let problem = TiltedProblem {
            energies: check.inputs("E"),
            inverse_temperature: check.input("beta"),
            observables: case["inputs"]["observables"]
                .as_array()
                .unwrap()
                .iter()
                .map(numbers)
                .collect(),
            means: check.inputs("eta"),
        };
        let Tilted::Interior(found) = tilted_equilibrium(&problem, &Default::default()).unwrap() else {
            panic!("not inside the hull");
        };
        check.compare_all("theta", &found.theta);
        check.compare("psi", found.psi);
        check.compare("min_ep", found.least_entropy_production);
        check.compare("min_ep", found.lower_bound);
        check.compare_all("q", found.distribution.probabilities());
        check.compare_matrix("metric_theta", &found.metric_theta);
    }
}

#[test]
fn dual_coordinates_of_amounts() {
    for case in &cases(FILE, "chem_dual") {
        let check = Checked::new(case);
        let at = dual_coordinates(&check.matrix("S"), &check.inputs("x_eq"), &check.inputs("xi")).unwrap();
        check.compare_all("x", &at.amounts);
        check.compare_all("chemical_potential_shift", &at.chemical_potential_shift);
        check.compare_all("affinity", &at.affinity);
        check.compare("gibbs_difference", at.gibbs_difference);
        check.compare_matrix("metric_xi", &at.metric);
        check.compare_all("theta_dual", &at.dual);
        check.compare("legendre_dual_potential", at.legendre_dual_potential);
    }
}

#[test]
fn legendre_transforms_hold_on_random_distributions() {
    for trial in 0..500 {
        let mut stream = Stream::new(8, Purpose::Search, trial);
        let n = 2 + trial as usize % 6;
        let (p, q) = (random_state(&mut stream, n), random_state(&mut stream, n));
        let at = simplex_coordinates(&p).unwrap();
        let product: f64 = at.theta.iter().zip(&at.eta).map(|(t, e)| t * e).sum();
        assert_close("ψ + φ", at.psi + at.phi, product, 1e-13, 1e-13);
        for back in [distribution_from_theta(&at.theta), distribution_from_eta(&at.eta)] {
            assert_all_close(
                "p",
                back.unwrap().probabilities(),
                p.probabilities(),
                1e-12,
                1e-15,
            );
        }
        let divergence = p.relative_entropy(&q).unwrap();
        assert_close(
            "Bregman",
            bregman_divergence(&p, &q).unwrap(),
            divergence,
            1e-12,
            1e-13,
        );
        // chemistry: ψ(θ) = θ·ξ − D has the gradient ξ
        let s = Matrix::from_fn(n, 1, |i, _| if i == 0 { -1.0 } else { 1.0 / (n - 1) as f64 });
        let x = p.probabilities();
        let potential = |xi: f64| dual_coordinates(&s, x, &[xi]).unwrap();
        let (xi, h) = (0.3 * x[0], 1e-5 * x[0]);
        let (up, down, here) = (potential(xi + h), potential(xi - h), potential(xi));
        let slope = (up.legendre_dual_potential - down.legendre_dual_potential) / (up.dual[0] - down.dual[0]);
        assert_close("∂ψ/∂θ", slope, xi, 1e-5, 0.0);
        assert!(here.gibbs_difference >= 0.0);
    }
}

#[test]
fn tilted_equilibria_have_their_means_and_the_least_divergence() {
    for trial in 0..200 {
        let mut stream = Stream::new(9, Purpose::Search, trial);
        let (n, m) = (4 + trial as usize % 5, 1 + trial as usize % 3);
        // units over many decades must not matter
        let unit: Vec<f64> = (0..m)
            .map(|_| 10.0_f64.powf(12.0 * stream.uniform() - 6.0))
            .collect();
        let observables: Vec<Vec<f64>> = unit
            .iter()
            .map(|u| (0..n).map(|_| u * (5.0 + stream.normal())).collect())
            .collect();
        let p = random_state(&mut stream, n);
        let mean = |r: &Vec<f64>| r.iter().zip(p.probabilities()).map(|(r, p)| r * p).sum::<f64>();
        let problem = TiltedProblem {
            energies: (0..n).map(|_| 3.0 * stream.normal()).collect(),
            inverse_temperature: 1.0,
            means: observables.iter().map(mean).collect(),
            observables,
        };
        let Tilted::Interior(found) = tilted_equilibrium(&problem, &Default::default()).unwrap() else {
            panic!("trial {trial}");
        };
        for (r, eta) in problem.observables.iter().zip(&problem.means) {
            let got: f64 = r
                .iter()
                .zip(found.distribution.probabilities())
                .map(|(r, q)| r * q)
                .sum();
            assert_close("mean", got, *eta, 1e-11, 0.0);
        }
        assert_close(
            "duality",
            found.lower_bound,
            found.least_entropy_production,
            1e-10,
            1e-11,
        );
        let gauge = equilibrium_gauge(&p, &problem.energies, 1.0).unwrap();
        assert!(gauge.divergence >= found.least_entropy_production * (1.0 - 1e-10) - 1e-12);
        // beyond every state in a direction: out of reach, with a hyperplane that shows it
        let beyond = TiltedProblem {
            means: problem
                .observables
                .iter()
                .map(|r| r.iter().fold(f64::NEG_INFINITY, |most, r| most.max(*r)) * 1.01)
                .collect(),
            ..problem.clone()
        };
        let Tilted::OutOfReach(no) = tilted_equilibrium(&beyond, &Default::default()).unwrap() else {
            panic!("trial {trial}: within reach");
        };
        for s in 0..n {
            let terms = (0..m).map(|a| no.normal[a] * (beyond.observables[a][s] - beyond.means[a]));
            assert!(terms.sum::<f64>() < 0.0);
        }
    }
}

#[test]
fn means_on_the_hull_name_their_face_and_dependent_observables_are_no_obstacle() {
    // a square of states and its middle; the mean on the right-hand side
    let (x, y) = (vec![0.0, 1.0, 0.0, 1.0, 0.5], vec![0.0, 0.0, 1.0, 1.0, 0.5]);
    let problem = |observables: Vec<Vec<f64>>, means: Vec<f64>| TiltedProblem {
        energies: vec![0.0; 5],
        inverse_temperature: 1.0,
        observables,
        means,
    };
    let side = problem(vec![x.clone(), y.clone()], vec![1.0, 0.25]);
    let Tilted::Boundary(found) = tilted_equilibrium(&side, &Default::default()).unwrap() else {
        panic!("not on the boundary");
    };
    assert_eq!(found.face, [1, 3]);
    assert!(found.normal[0] > 0.0 && found.normal[1].abs() < 1e-9 * found.normal[0] && found.gap > 0.0);
    let q = found.on_the_face.distribution.probabilities();
    assert_all_close("q", q, &[0.0, 0.75, 0.0, 0.25, 0.0], 1e-11, 1e-13);
    let least = 0.75 * (0.75 * 5.0_f64).ln() + 0.25 * (0.25 * 5.0_f64).ln();
    assert_close("D", found.on_the_face.least_entropy_production, least, 1e-12, 0.0);
    // close to the side is still inside
    let close = problem(vec![x.clone(), y.clone()], vec![1.0 - 1e-9, 0.25]);
    assert!(matches!(
        tilted_equilibrium(&close, &Default::default()).unwrap(),
        Tilted::Interior(_)
    ));
    // x and 1 − x say the same; their means must agree
    let minus: Vec<f64> = x.iter().map(|x| 1.0 - x).collect();
    let twice = problem(vec![x.clone(), minus.clone()], vec![0.7, 0.3]);
    let Tilted::Interior(found) = tilted_equilibrium(&twice, &Default::default()).unwrap() else {
        panic!("dependent observables");
    };
    assert_eq!(found.rank, 1);
    let contradiction = problem(vec![x.clone(), minus], vec![0.7, 0.4]);
    assert!(matches!(
        tilted_equilibrium(&contradiction, &Default::default()).unwrap(),
        Tilted::OutOfReach(_)
    ));
    let corner = problem(vec![x, y], vec![1.0, 1.0]);
    let Tilted::Boundary(found) = tilted_equilibrium(&corner, &Default::default()).unwrap() else {
        panic!("not a corner");
    };
    assert_eq!(found.face, [3]);
}

//! What interactions of few units explain.

use super::random::*;
use super::reference::*;
use irrev_network::information::hierarchy::{hierarchy, hierarchy_to_order, spin_coordinates};
use irrev_network::{Distribution, Error};
use irrev_numerics::streams::{Purpose, Stream};
use irrev_testing::reference::numbers;
use irrev_testing::{assert_all_close, assert_close};

#[test]
fn the_hierarchy_is_that_of_the_reference() {
    for case in Case::all("hierarchy") {
        let p = Distribution::new(numbers(case.input("p"))).unwrap();
        let split = hierarchy(&p, &sizes(case.input("dims"))).unwrap();
        case.check("KL_to_order", &split.divergences());
        case.check("pythagoras", &split.pythagoras);
        case.check("total_correlation", &[split.total_correlation]);
        let spins = spin_coordinates(&split.projections[1].distribution, 2).unwrap();
        case.check("theta_order2_pm1_basis", &spins.natural);
        case.check("eta_order2_pm1_basis", &spins.mean);
        case.check("psi_order2", &[spins.log_partition]);
        assert_eq!(spins.subsets[4], [0, 2]);
    }
}

/// Marginals on every set of `order` axes of two tables.
fn check_marginals(p: &[f64], q: &[f64], sizes: &[usize], order: usize, allowed: f64) {
    let n = sizes.len();
    for set in (0_usize..1 << n).filter(|s| s.count_ones() as usize == order) {
        let mut difference = std::collections::HashMap::new();
        for z in 0..p.len() {
            let (mut rest, mut key) = (z, Vec::new());
            for k in (0..n).rev() {
                if set >> k & 1 == 1 {
                    key.push(rest % sizes[k]);
                }
                rest /= sizes[k];
            }
            *difference.entry(key).or_insert(0.0) += p[z] - q[z];
        }
        for d in difference.values() {
            assert!(f64::abs(*d) < allowed, "marginal off by {d:e}");
        }
    }
}

#[test]
fn projections_keep_marginals_and_have_no_interaction_beyond_their_order() {
    for index in 0..40 {
        let mut stream = Stream::new(4, Purpose::Search, index);
        let n = 3 + index as usize % 4;
        let sizes = vec![2; n];
        let p = random_distribution(&mut stream, 1 << n, 2.0);
        let split = hierarchy(&p, &sizes).unwrap();
        for q in &split.projections {
            check_marginals(
                p.probabilities(),
                q.distribution.probabilities(),
                &sizes,
                q.order,
                1e-13,
            );
            let spins = spin_coordinates(&q.distribution, n).unwrap();
            for (set, theta) in spins.subsets.iter().zip(&spins.natural) {
                assert!(
                    set.len() <= q.order || theta.abs() < 1e-11,
                    "order {}: θ{set:?} = {theta:e}",
                    q.order
                );
            }
        }
        for residual in &split.pythagoras_residual {
            assert!(residual.abs() < 1e-13, "{residual:e}");
        }
        assert_close(
            "sum",
            split.pythagoras.iter().sum(),
            split.total_correlation,
            1e-12,
            1e-14,
        );
    }
    // axes of different sizes, on either side of the choice of coordinates
    let mut stream = Stream::new(5, Purpose::Search, 0);
    let sizes = [3, 2, 4, 2];
    let p = random_distribution(&mut stream, 48, 2.0);
    for q in hierarchy(&p, &sizes).unwrap().projections {
        check_marginals(
            p.probabilities(),
            q.distribution.probabilities(),
            &sizes,
            q.order,
            1e-13,
        );
    }
}

#[test]
fn empty_cells_are_handled_and_stay_empty_where_marginals_say_so() {
    // x = y for certain: q₂ keeps that, and z is told by both
    let p = Distribution::new(vec![0.3, 0.2, 0.0, 0.0, 0.0, 0.0, 0.1, 0.4]).unwrap();
    let split = hierarchy(&p, &[2, 2, 2]).unwrap();
    assert!(split.divergences()[1].abs() < 1e-14);
    assert_eq!(split.projections[1].distribution.probabilities()[2], 0.0);
    // no pair is empty, yet pairs leave no room: cells 000 and 111 change in opposite senses
    let p = Distribution::new(vec![0.0, 0.1, 0.2, 0.15, 0.05, 0.3, 0.2, 0.0]).unwrap();
    let split = hierarchy(&p, &[2, 2, 2]).unwrap();
    let q = &split.projections[1];
    assert!(
        q.divergence.abs() < 1e-12,
        "{:e} {:?}",
        q.divergence,
        q.convergence
    );
    assert_all_close(
        "q₂ = p",
        q.distribution.probabilities(),
        p.probabilities(),
        0.0,
        1e-12,
    );
    // a label that never occurs, one axis, certainty
    let p = Distribution::new(vec![0.0, 0.0, 0.0, 0.2, 0.5, 0.3]).unwrap();
    assert!(hierarchy(&p, &[2, 3]).unwrap().total_correlation.abs() < 1e-15);
    assert!(
        hierarchy(&Distribution::point(8, 3).unwrap(), &[2, 2, 2])
            .unwrap()
            .total_correlation
            == 0.0
    );
    assert!(hierarchy(&p, &[6]).unwrap().total_correlation.abs() < 1e-15);
    assert!(hierarchy(&p, &[2, 2]).is_err() && hierarchy_to_order(&p, &[2, 3], 3).is_err());
    assert!(matches!(spin_coordinates(&p, 1), Err(Error::Length { .. })));
}

#[test]
fn twelve_units_are_projected_on_pairs() {
    let mut stream = Stream::new(6, Purpose::Search, 0);
    let p = random_distribution(&mut stream, 4096, 2.0);
    let split = hierarchy_to_order(&p, &[2; 12], 2).unwrap();
    let q = &split.projections[1];
    check_marginals(
        p.probabilities(),
        q.distribution.probabilities(),
        &[2; 12],
        2,
        1e-14,
    );
    assert!(split.pythagoras_residual[0].abs() < 1e-13);
}

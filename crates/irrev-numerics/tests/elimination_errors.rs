//! What elimination refuses, and what lies beyond double precision.

#![allow(clippy::unwrap_used)] // helpers of tests are tests too

use crate::graphs::*;
use irrev_numerics::elimination::*;

#[test]
fn faulty_edges_and_weights_are_named() {
    let new = |edges: &[(usize, usize)]| EliminationPlan::new(3, edges, &PlanOptions::default()).unwrap_err();
    assert_eq!(
        new(&[(0, 1), (1, 3)]),
        EliminationError::NodeOutOfRange {
            edge: 1,
            node: 3,
            nodes: 3
        }
    );
    assert_eq!(
        new(&[(0, 1), (2, 2)]),
        EliminationError::SelfLoop { edge: 1, node: 2 }
    );
    let plan = plan(3, &[(0, 1), (1, 2)]);
    for value in [-1.0, f64::INFINITY, f64::NAN] {
        let error = plan.laplacian(&[1.0, value], Threads::One).unwrap_err();
        assert!(matches!(
            error,
            EliminationError::InvalidWeight {
                edge: 1,
                what: "conductance",
                ..
            }
        ));
        let error = plan
            .generator(&[1.0, 1.0], &[value, 1.0], Threads::One)
            .unwrap_err();
        assert!(matches!(
            error,
            EliminationError::InvalidWeight {
                edge: 0,
                what: "backward rate",
                ..
            }
        ));
    }
    let error = plan.laplacian(&[1.0], Threads::One).unwrap_err();
    assert_eq!(
        error,
        EliminationError::Length {
            what: "conductance",
            expected: 2,
            found: 1
        }
    );
    let error = plan.laplacian(&[1e-200, 1e200], Threads::One).unwrap_err();
    assert!(
        matches!(error, EliminationError::RangeTooWide { edge: 0, .. }),
        "{error}"
    );
    let graph = plan.laplacian(&[1.0, 1.0], Threads::One).unwrap();
    let error = graph
        .solve(&[0.0, f64::NAN, 0.0], &SolveOptions::default())
        .unwrap_err();
    assert!(matches!(
        error,
        EliminationError::InvalidRightHandSide { node: 1, .. }
    ));
    let error = graph.solve(&[0.0], &SolveOptions::default()).unwrap_err();
    assert_eq!(
        error,
        EliminationError::Length {
            what: "right-hand side",
            expected: 3,
            found: 1
        }
    );
}

#[test]
fn solutions_beyond_double_precision_are_an_error() {
    let graph = plan(2, &[(0, 1)]).laplacian(&[1e-300], Threads::One).unwrap();
    let error = graph
        .solve(&[-1e100, 1e100], &SolveOptions::default())
        .unwrap_err();
    assert!(matches!(error, EliminationError::Overflow { .. }), "{error}");
    let solution = graph.solve(&[-1e-300, 1e-300], &SolveOptions::default()).unwrap();
    assert_close(&solution.values, &[-0.5, 0.5], 4.0 * EPSILON);
}

#[test]
fn effective_rates_below_double_precision_are_an_error() {
    // State 0 lies between 1 and 2 and falls back to 1 nearly always: 1 → 2 happens at rate 1e-180 · 1e-370.
    let plan = plan_with(3, &[(1, 0), (0, 2)], Ordering::Natural);
    let error = plan
        .generator(&[1e-180, 1e-180], &[1e190, 1e190], Threads::One)
        .unwrap_err();
    assert_eq!(error, EliminationError::Underflow { node: 1 });
    // Over fewer decades it is a number like others: detailed balance gives p1 : p0 : p2 = 1 : 1e-200 : 1e-200.
    let chain = plan
        .generator(&[1e-100, 1.0], &[1e100, 1.0], Threads::One)
        .unwrap();
    assert!(componentwise(chain.stationary_distribution(), &[1e-200, 1.0, 1e-200]) < 8.0 * EPSILON);
}

#[test]
fn a_distribution_over_500_decades_keeps_what_double_precision_can_hold() {
    // Uphill from the last state eliminated, each step a factor 1e-50; the largest stays one.
    let nodes = 11;
    for reversed in [false, true] {
        let (forward, backward) = if reversed { (1.0, 1e-50) } else { (1e-50, 1.0) };
        let chain = plan_with(nodes, &path(nodes), Ordering::Natural)
            .generator(
                &vec![forward; nodes - 1],
                &vec![backward; nodes - 1],
                Threads::One,
            )
            .unwrap();
        for (node, &p) in chain.stationary_distribution().iter().enumerate() {
            let steps = if reversed { nodes - 1 - node } else { node };
            let expected = 10f64.powi(-50 * steps as i32);
            if steps <= 5 {
                assert!((p / expected - 1.0).abs() < 1e-13, "{node}: {p}");
            } else {
                assert!(p <= 1.000_1e-300);
            }
        }
    }
}

#[test]
fn reducible_generators_are_refused_with_a_state_that_shows_it() {
    // One way only.
    let error = plan(2, &[(0, 1)])
        .generator(&[1.0], &[0.0], Threads::One)
        .unwrap_err();
    assert_eq!(
        error,
        EliminationError::Reducible {
            state: 1,
            defect: ReducibleDefect::NoWayOut
        }
    );
    let error = plan(2, &[(0, 1)])
        .generator(&[0.0], &[1.0], Threads::One)
        .unwrap_err();
    assert_eq!(
        error,
        EliminationError::Reducible {
            state: 1,
            defect: ReducibleDefect::NoWayIn
        }
    );
    // Two parts.
    let error = plan(4, &[(0, 1), (2, 3)])
        .generator(&[1.0; 2], &[1.0; 2], Threads::One)
        .unwrap_err();
    assert!(matches!(error, EliminationError::Reducible { .. }), "{error}");
    // A ring of one-way edges communicates.
    let one_way = plan(100, &ring(100))
        .generator(&[2.0; 100], &[0.0; 100], Threads::One)
        .unwrap();
    assert!(componentwise(one_way.stationary_distribution(), &[0.01; 100]) < 1e3 * EPSILON);
    // Large graphs find it too.
    let side = 60;
    let edges = torus(side);
    let mut forward = vec![1.0; edges.len()];
    let mut backward = vec![1.0; edges.len()];
    for (edge, &(tail, head)) in edges.iter().enumerate() {
        if tail == 1234 {
            forward[edge] = 0.0;
        }
        if head == 1234 {
            backward[edge] = 0.0;
        }
    }
    let error = plan(side * side, &edges)
        .generator(&forward, &backward, Threads::One)
        .unwrap_err();
    assert!(matches!(error, EliminationError::Reducible { .. }), "{error}");
}

//! Newton's method for a path of least action where the action is not convex.
//!
//! The matrix of the second variation is Σ w [(D − I C)ᵀ K⁻¹ (D − I C) + I Iᵀ H]. Its first part is a square; H = −½ Σ (Sᵀψ)² ∂²L may have either
//! sign. Where the whole is not positive definite its negative eigenvalues are taken out of H point by point, which leaves a positive definite
//! matrix, so that every step descends. Near a minimum the whole is positive definite and the steps are Newton's.

use irrev_numerics::linalg::{ChainElement, Matrix, solve_chain, solve_definite_chain, symmetric_eigen};
use irrev_numerics::tolerance::{Convergence, StopReason};
use irrev_numerics::{Error as NumericsError, Run};
use rayon::prelude::*;

use super::super::action::Action;
use super::super::blocks::Local;
use super::super::dense_step::{Reduced, element_matrix};
use super::super::newton::progress;
use super::super::path::DiscretePath;
use super::problem::Problem;
use crate::error::Result;

/// Most steps at one barrier.
const STEPS: usize = 300;

/// A step keeps this part of the way to the boundary,
const BOUNDARY: f64 = 0.95;

/// and raises no species by more than this part of its largest amount on the path, lest the path leaves for amounts at which nothing resists:
const GROWTH: f64 = 0.5;

/// so many times what it began with.
const ESCAPED: f64 = 1e4;

/// What is added to H in ln x, as parts of the action, where rounding leaves the convexified matrix singular.
const SHIFTS: [f64; 4] = [0.0, 1e-8, 1e-4, 1.0];

/// The part of the predicted decrease that a step must bring.
const DECREASE: f64 = 1e-4;

/// Halvings of a step before it is given up.
const HALVINGS: usize = 40;

/// Decrements below this part of the action are rounding.
const ROUNDING: f64 = 1e-14;

/// A decrement below this part of the action, when rounding stops the line search, counts as converged.
const STALLED: f64 = 1e-9;

/// A path of least action among its neighbours, or a stationary one.
#[derive(Debug)]
pub(super) struct Minimum {
    pub(super) path: DiscretePath,
    pub(super) action: Action,
    pub(super) steps: usize,
    /// Whether the second variation is positive definite there.
    pub(super) definite: bool,
}

/// Bytes of the matrices of one step.
pub(super) fn memory(problem: &Problem, path: &DiscretePath) -> u64 {
    let order = ((path.mesh.basis.degree + 1) * problem.class.dimension()) as u64;
    8 * 4 * order * order * path.mesh.elements() as u64
}

/// Descends from a path to a stationary one on its mesh, to a decrement of `tolerance` relative to the action.
///
/// # Errors
/// [`irrev_numerics::Error::NotConverged`]; [`irrev_numerics::Error::Cancelled`]; [`irrev_numerics::Error::Domain`] for a path that is not positive.
pub(super) fn minimise(
    problem: &Problem,
    mut path: DiscretePath,
    barrier: f64,
    tolerance: f64,
    run: &Run<'_>,
) -> Result<Minimum> {
    let mut action = problem.action(&path).ok_or_else(|| NumericsError::Domain {
        what: "the lowest component of a path",
        value: path.lowest_at_points(),
        expected: "a positive path to start from",
    })?;
    let largest = |action: &Action| {
        let amounts = action.slices.iter().flat_map(|slice| &slice.state);
        amounts.fold(0.0_f64, |most, x| most.max(*x))
    };
    let scale = largest(&action);
    let mut decrement = f64::INFINITY;
    for steps in 0..STEPS {
        run.report(progress(steps), &format!("step {}", steps + 1))?;
        let size = largest(&action) / scale;
        if size > ESCAPED {
            return Err(NumericsError::Domain {
                what: "the largest amount on a path, relative to that on its start",
                value: size,
                expected: "a bounded path; here a way by ever larger amounts, at which reactions are ever faster, may be shorter than any",
            }
            .into());
        }
        let Step {
            gradient,
            step,
            definite,
        } = newton_step(problem, &path, &action, barrier)?;
        decrement = -gradient.iter().zip(&step).map(|(g, s)| g * s).sum::<f64>();
        let full = expanded(problem, &step);
        let mut length = largest_length(&path, &action, &full);
        if decrement.abs() <= tolerance.max(ROUNDING) * action.kinetic {
            // one step more squares what is left
            let last = path.moved(&full, length);
            let last_action = problem.action(&last);
            if let Some(new) = last_action
                .filter(|new| new.value(barrier) <= action.value(barrier) + STALLED * action.kinetic)
            {
                (path, action) = (last, new);
            }
            return Ok(Minimum {
                path,
                action,
                steps,
                definite,
            });
        }
        let mut better = None;
        for _ in 0..HALVINGS {
            let candidate = path.moved(&full, length);
            if let Some(new) = problem.action(&candidate)
                && new.value(barrier) <= action.value(barrier) - DECREASE * length * decrement
            {
                better = Some((candidate, new));
                break;
            }
            length *= 0.5;
        }
        match better {
            Some(next) => (path, action) = next,
            None if decrement.abs() <= STALLED * action.kinetic => {
                return Ok(Minimum {
                    path,
                    action,
                    steps,
                    definite,
                });
            }
            None => break,
        }
    }
    Err(NumericsError::NotConverged {
        what: "Newton's method for a geodesic",
        convergence: Convergence {
            iterations: STEPS,
            residual: decrement,
            target: tolerance * action.kinetic,
            reason: StopReason::IterationLimit,
        },
    }
    .into())
}

/// A descent step of the inner nodes, in independent amounts.
struct Step {
    gradient: Vec<f64>,
    step: Vec<f64>,
    /// Whether it is Newton's with a positive definite matrix.
    definite: bool,
}

fn newton_step(problem: &Problem, path: &DiscretePath, action: &Action, barrier: f64) -> Result<Step> {
    let mesh = &path.mesh;
    let stages = mesh.basis.stages();
    let local = problem.blocks.at(&problem.mobility, action, barrier);
    let gradient = gradient(problem, path, action, &local);
    let points: Vec<Reduced> = action
        .slices
        .par_iter()
        .zip(&local)
        .map(|(slice, local)| reduced(problem, &slice.state, local))
        .collect::<Result<_>>()?;
    let elements = |points: &[Reduced]| -> Vec<ChainElement> {
        (0..mesh.elements())
            .into_par_iter()
            .map(|element| {
                let range = element * stages..(element + 1) * stages;
                ChainElement {
                    matrix: element_matrix(mesh, element, &action.slices[range.clone()], &points[range]),
                    right_hand_side: right_hand_side(problem, path, element, &gradient),
                }
            })
            .collect()
    };
    let dimension = problem.class.dimension();
    if let Some(step) = solve_definite_chain(elements(&points), dimension)? {
        return Ok(Step {
            gradient,
            step,
            definite: true,
        });
    }
    let convex: Vec<Reduced> = points.into_par_iter().map(convexified).collect::<Result<_>>()?;
    let mut failure = irrev_numerics::Error::Singular {
        what: "a chain of elements",
        residual: 1.0,
    };
    for shift in SHIFTS {
        let shifted: Vec<Reduced> = convex
            .par_iter()
            .zip(&action.slices)
            .map(|(point, slice)| shifted(problem, point, &slice.state, shift * action.kinetic))
            .collect();
        match solve_chain(elements(&shifted), dimension) {
            Ok(step) => {
                return Ok(Step {
                    step,
                    gradient,
                    definite: false,
                });
            }
            Err(error) => failure = error,
        }
    }
    Err(failure.into())
}

/// Steps of all states from those of the independent ones.
fn expanded(problem: &Problem, step: &[f64]) -> Vec<f64> {
    step.chunks_exact(problem.class.dimension())
        .flat_map(|node| problem.class.expanded(node))
        .collect()
}

/// Derivative of the action by the independent amounts at the inner nodes.
fn gradient(problem: &Problem, path: &DiscretePath, action: &Action, local: &[Local]) -> Vec<f64> {
    let (mesh, class) = (&path.mesh, &problem.class);
    let (n, basis) = (class.dimension(), &mesh.basis);
    let mut gradient = vec![0.0; (mesh.nodes() - 2) * n];
    for (k, (slice, l)) in action.slices.iter().zip(local).enumerate() {
        let (element, point) = (k / basis.stages(), k % basis.stages());
        let (psi, descent) = (class.pulled_back(&slice.potential), class.pulled_back(&l.descent));
        for j in 0..=basis.degree {
            let node = element * basis.degree + j;
            if node == 0 || node + 1 == mesh.nodes() {
                continue;
            }
            let value = basis.value[point][j];
            let derivative = basis.derivative[point][j] / mesh.width(element);
            for (i, g) in gradient[(node - 1) * n..][..n].iter_mut().enumerate() {
                *g += slice.weight * (derivative * psi[i] - value * descent[i]);
            }
        }
    }
    gradient
}

/// Minus the gradient of an element's nodes; what belongs to shared ends is given to the element before.
fn right_hand_side(problem: &Problem, path: &DiscretePath, element: usize, gradient: &[f64]) -> Vec<f64> {
    let (n, degree) = (problem.class.dimension(), path.mesh.basis.degree);
    let mut right = vec![0.0; (degree + 1) * n];
    for j in 1..=degree {
        let node = element * degree + j;
        if node + 1 < path.mesh.nodes() {
            for (r, g) in right[j * n..][..n].iter_mut().zip(&gradient[(node - 1) * n..]) {
                *r = -g;
            }
        }
    }
    right
}

/// The blocks of one point in independent amounts.
fn reduced(problem: &Problem, state: &[f64], local: &Local) -> Result<Reduced> {
    let class = &problem.class;
    let n = class.dimension();
    let singular = irrev_numerics::Error::Singular {
        what: "the metric of reactions",
        residual: 1.0,
    };
    let (local_class, factor) = problem.metric(state).ok_or(singular)?;
    let (mut half, mut half_coupled, mut hessian) =
        (Matrix::zeros(n, n), Matrix::zeros(n, n), Matrix::zeros(n, n));
    // C with a row for every state
    let mut coupling: Matrix = Matrix::zeros(state.len(), n);
    for (&(i, j), c) in problem.blocks.coupling.pairs.iter().zip(&local.coupling) {
        for &(j, by) in &class.rows[j] {
            coupling[(i, j)] += c * by;
        }
    }
    let mut unit = vec![0.0; n];
    for j in 0..n {
        unit[j] = 1.0;
        let column = factor.half_solve(&local_class.restricted(&class.expanded(&unit)));
        let coupled = factor.half_solve(&local_class.restricted(coupling.column(j)));
        unit[j] = 0.0;
        for i in 0..n {
            half[(i, j)] = column[i];
            half_coupled[(i, j)] = coupled[i];
        }
    }
    for (&(i, j), h) in problem.blocks.hessian.pairs.iter().zip(&local.hessian) {
        for &(row, a) in &class.rows[i] {
            for &(column, b) in &class.rows[j] {
                hessian[(row, column)] += a * h * b;
            }
        }
    }
    Ok(Reduced {
        half,
        half_coupled,
        hessian,
    })
}

/// The same without the negative eigenvalues of H.
fn convexified(point: Reduced) -> Result<Reduced> {
    let spectrum = symmetric_eigen(&point.hessian)?;
    let n = point.hessian.rows();
    let mut hessian = Matrix::zeros(n, n);
    for (k, value) in spectrum
        .values
        .iter()
        .enumerate()
        .filter(|(_, value)| **value > 0.0)
    {
        let vector = spectrum.vectors.column(k);
        for j in 0..n {
            for i in 0..n {
                hessian[(i, j)] += value * vector[i] * vector[j];
            }
        }
    }
    Ok(Reduced { hessian, ..point })
}

/// The same with the Hessian of −λ Σ ln x added to H.
fn shifted(problem: &Problem, point: &Reduced, state: &[f64], lambda: f64) -> Reduced {
    let mut hessian = point.hessian.clone();
    for (row, x) in problem.class.rows.iter().zip(state) {
        for &(i, a) in row {
            for &(j, b) in row {
                hessian[(i, j)] += lambda * (a / x) * (b / x);
            }
        }
    }
    Reduced {
        half: point.half.clone(),
        half_coupled: point.half_coupled.clone(),
        hessian,
    }
}

/// The longest step, at most 1, that leaves every state at every point positive, and bounded.
fn largest_length(path: &DiscretePath, action: &Action, step: &[f64]) -> f64 {
    let (mesh, n) = (&path.mesh, path.nodes[0].len());
    let basis = &mesh.basis;
    let mut length = 1.0;
    let mut change = vec![0.0; n];
    let largest: Vec<f64> = (0..n)
        .map(|i| {
            action
                .slices
                .iter()
                .fold(0.0_f64, |most, slice| most.max(slice.state[i]))
        })
        .collect();
    for (k, slice) in action.slices.iter().enumerate() {
        change.fill(0.0);
        let first = k / basis.stages() * basis.degree;
        for (j, weight) in basis.value[k % basis.stages()].iter().enumerate() {
            let node = first + j;
            if node > 0 && node + 1 < mesh.nodes() {
                for (c, s) in change.iter_mut().zip(&step[(node - 1) * n..][..n]) {
                    *c += weight * s;
                }
            }
        }
        for ((x, c), most) in slice.state.iter().zip(&change).zip(&largest) {
            if *c < 0.0 {
                length = f64::min(length, -BOUNDARY * x / c);
            } else if *c > GROWTH * most {
                length = f64::min(length, GROWTH * most / c);
            }
        }
    }
    length
}

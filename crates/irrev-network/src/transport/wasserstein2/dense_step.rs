//! Newton's step in the path alone, for networks of few states.
//!
//! With the potentials eliminated the matrix is Σ w [(D − I C)ᵀ K⁻¹ (D − I C) + I Iᵀ H], positive definite on steps that conserve probability: one
//! state, the ground, gives what the others take. K⁻¹ is formed without subtractions and Cholesky's method does not mind scales, so
//! that probabilities may be as small as they like.

use irrev_numerics::linalg::{AbsorbingFactor, ChainElement, Matrix, solve_chain};
use rayon::prelude::*;

use super::action::{Action, Slice};
use super::blocks::{Blocks, Local};
use super::mesh::TimeMesh;
use crate::error::Result;

/// K⁻¹, K⁻¹C and CᵀK⁻¹C + H of one Gauss point without the ground.
struct Reduced {
    inverse: Matrix,
    moved: Matrix,
    curved: Matrix,
}

/// The step of the inner nodes against their gradient; `ground` is the state that balances the others.
pub(super) fn step(
    states: usize,
    ground: usize,
    blocks: &Blocks,
    mesh: &TimeMesh,
    action: &Action,
    local: &[Local],
    gradient: &[f64],
) -> Result<Vec<f64>> {
    let degree = mesh.basis.degree;
    let rest = states - 1;
    let elements: Result<Vec<ChainElement>> = (0..mesh.elements())
        .into_par_iter()
        .map(|element| {
            let order = (degree + 1) * rest;
            let mut matrix = Matrix::zeros(order, order);
            for point in 0..degree {
                let k = element * degree + point;
                let reduced = Reduced::new(states, ground, blocks, &local[k])?;
                add_point(&mut matrix, mesh, element, point, &action.slices[k], &reduced);
            }
            Ok(ChainElement {
                right_hand_side: right_hand_side(states, ground, mesh, element, gradient),
                matrix,
            })
        })
        .collect();
    let solution = solve_chain(elements?, rest)?;
    let mut step = Vec::with_capacity(gradient.len());
    for node in solution.chunks_exact(rest) {
        step.extend_from_slice(&node[..ground]);
        step.push(-node.iter().sum::<f64>());
        step.extend_from_slice(&node[ground..]);
    }
    Ok(step)
}

/// Minus the gradient of an element's nodes; what belongs to shared ends is given to the element before.
fn right_hand_side(states: usize, ground: usize, mesh: &TimeMesh, element: usize, gradient: &[f64]) -> Vec<f64> {
    let degree = mesh.basis.degree;
    (0..=degree)
        .flat_map(|j| {
            let node = element * degree + j;
            let free = node > 0 && node + 1 < mesh.nodes() && j > 0;
            let own = if free { &gradient[(node - 1) * states..][..states] } else { &[] };
            (0..states)
                .filter(move |i| *i != ground)
                .map(move |i| if free { own[ground] - own[i] } else { 0.0 })
        })
        .collect()
}

impl Reduced {
    fn new(states: usize, ground: usize, blocks: &Blocks, local: &Local) -> Result<Self> {
        let rest = states - 1;
        // place without the ground
        let place = |i: usize| if i < ground { i } else { i - 1 };
        let mut rates = Matrix::zeros(rest, rest);
        let mut leak = vec![0.0; rest];
        for (&(i, j), k) in blocks.laplacian.pairs.iter().zip(&local.laplacian) {
            match (i == ground, j == ground) {
                _ if i == j => {}
                (true, _) => leak[place(j)] = -k,
                (_, true) => leak[place(i)] = -k,
                _ => {
                    rates[(place(i), place(j))] = -k;
                    rates[(place(j), place(i))] = -k;
                }
            }
        }
        let factor = AbsorbingFactor::new(rates, leak)?;
        let mut inverse = Matrix::zeros(rest, rest);
        for j in 0..rest {
            let mut unit = vec![0.0; rest];
            unit[j] = 1.0;
            for (i, x) in factor.solve(&unit).into_iter().enumerate() {
                inverse[(i, j)] = x;
            }
        }
        // C without the ground's row, and with what the ground gives for every other state
        let mut coupling: Vec<(usize, usize, f64)> = Vec::with_capacity(local.coupling.len());
        for (&(i, j), &c) in blocks.coupling.pairs.iter().zip(&local.coupling) {
            if i == ground || c == 0.0 {
                continue;
            }
            if j == ground {
                coupling.extend((0..rest).map(|other| (place(i), other, -c)));
            } else {
                coupling.push((place(i), place(j), c));
            }
        }
        let mut moved = Matrix::zeros(rest, rest);
        for &(i, j, c) in &coupling {
            for row in 0..rest {
                moved[(row, j)] += inverse[(row, i)] * c;
            }
        }
        let mut curved = Matrix::zeros(rest, rest);
        for column in 0..rest {
            for &(i, j, c) in &coupling {
                curved[(j, column)] += c * moved[(i, column)];
            }
        }
        let mut ground_row = vec![0.0; rest];
        let mut ground_own = 0.0;
        for (&(i, j), &h) in blocks.hessian.pairs.iter().zip(&local.hessian) {
            match (i == ground, j == ground) {
                (true, true) => ground_own = h,
                (true, false) => ground_row[place(j)] = h,
                (false, true) => {}
                (false, false) => curved[(place(i), place(j))] += h,
            }
        }
        for i in 0..rest {
            for j in 0..rest {
                curved[(i, j)] += ground_own - ground_row[i] - ground_row[j];
            }
        }
        Ok(Self {
            inverse,
            moved,
            curved,
        })
    }
}

/// Adds one Gauss point's share to its element's matrix, which is filled on both sides of the diagonal.
fn add_point(
    matrix: &mut Matrix,
    mesh: &TimeMesh,
    element: usize,
    point: usize,
    slice: &Slice,
    reduced: &Reduced,
) {
    let (degree, rest) = (mesh.basis.degree, reduced.inverse.rows());
    let value = &mesh.basis.value[point];
    let width = mesh.width(element);
    let derivative: Vec<f64> = mesh.basis.derivative[point].iter().map(|d| d / width).collect();
    let w = slice.weight;
    for j in 0..=degree {
        for k in 0..=j {
            let both = w * derivative[j] * derivative[k];
            let (late, early) = (w * derivative[j] * value[k], w * value[j] * derivative[k]);
            let neither = w * value[j] * value[k];
            for column in 0..rest {
                for row in 0..rest {
                    let entry = both * reduced.inverse[(row, column)]
                        - late * reduced.moved[(row, column)]
                        - early * reduced.moved[(column, row)]
                        + neither * reduced.curved[(row, column)];
                    matrix[(j * rest + row, k * rest + column)] += entry;
                    if j != k {
                        matrix[(k * rest + column, j * rest + row)] += entry;
                    }
                }
            }
        }
    }
}

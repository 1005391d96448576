//! Newton's step in the path alone, for networks of few states.
//!
//! With the potentials eliminated the matrix is Σ w [(D − I C)ᵀ K⁻¹ (D − I C) + I Iᵀ H], positive definite on steps that conserve probability: one
//! state, the ground, gives what the others take: on every element the one with most probability, so that the step of no small probability is
//! the difference of large ones. K⁻¹ is formed without subtractions and Cholesky's method does not mind scales, so that probabilities may be
//! as small as they like.

use irrev_numerics::linalg::{AbsorbingFactor, ChainElement, Matrix, solve_chain};
use rayon::prelude::*;

use super::action::{Action, Slice};
use super::blocks::{Blocks, Local};
use super::mesh::TimeMesh;
use super::path::DiscretePath;
use crate::error::Result;

/// One point without the ground. With R ᵀR = K⁻¹, from half of an elimination without subtractions, its share of the matrix is
/// (R (D − I C))ᵀ (R (D − I C)) + I Iᵀ H: a square, however large D and C are and however nearly they cancel.
pub(super) struct Reduced {
    pub(super) half: Matrix,
    pub(super) half_coupled: Matrix,
    pub(super) hessian: Matrix,
}

/// The state with most probability half way along every element.
pub(super) fn grounds(path: &DiscretePath) -> Vec<usize> {
    (0..path.mesh.elements())
        .map(|element| {
            let state = path.inside(element, 0.5);
            let most = state.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
            most.map_or(0, |(place, _)| place)
        })
        .collect()
}

/// About how many multiplications a step takes: on every element the square of a matrix over its nodes, and its factors.
pub(super) fn multiplications(states: usize, mesh: &TimeMesh) -> f64 {
    let order = ((mesh.basis.degree + 1) * (states - 1)) as f64;
    mesh.elements() as f64 * order * order * order
}

/// The step of the inner nodes against their gradient; `grounds` are the states that balance the others on every element.
pub(super) fn step(
    states: usize,
    grounds: &[usize],
    blocks: &Blocks,
    mesh: &TimeMesh,
    action: &Action,
    local: &[Local],
    gradient: &[f64],
) -> Result<Vec<f64>> {
    let (degree, stages) = (mesh.basis.degree, mesh.basis.stages());
    let rest = states - 1;
    let elements: Result<Vec<ChainElement>> = (0..mesh.elements())
        .into_par_iter()
        .map(|element| {
            let ground = grounds[element];
            let points: Result<Vec<Reduced>> = (element * stages..(element + 1) * stages)
                .map(|k| Reduced::new(states, ground, blocks, &local[k]))
                .collect();
            let slices = &action.slices[element * stages..][..stages];
            let mut matrix = element_matrix(mesh, element, slices, &points?);
            if element > 0 && grounds[element - 1] != ground {
                change_ground(&mut matrix, rest, grounds[element - 1], ground);
            }
            Ok(ChainElement {
                right_hand_side: right_hand_side(states, ground, mesh, element, gradient),
                matrix,
            })
        })
        .collect();
    let solution = solve_chain(elements?, rest)?;
    let mut step = Vec::with_capacity(gradient.len());
    for (k, node) in solution.chunks_exact(rest).enumerate() {
        // nodes count from one; the one between two elements is the first one's
        let ground = grounds[k / degree];
        step.extend_from_slice(&node[..ground]);
        step.push(-node.iter().sum::<f64>());
        step.extend_from_slice(&node[ground..]);
    }
    Ok(step)
}

/// The place of a state among all but the ground.
fn place(state: usize, ground: usize) -> usize {
    if state < ground { state } else { state - 1 }
}

/// Expresses the first node of an element's matrix by the unknowns of the element before, which has another ground: what was the unknown of its ground
/// is minus the sum of all others, and the unknown of the element's own ground acts through that sum alone.
fn change_ground(matrix: &mut Matrix, rest: usize, before: usize, own: usize) {
    let order = matrix.rows();
    let given = place(before, own);
    let old: Vec<Vec<f64>> = (0..rest).map(|j| matrix.column(j).to_vec()).collect();
    // columns first, then the same for rows
    for state in (0..=rest).filter(|s| *s != before) {
        let to = place(state, before);
        for i in 0..order {
            let same = if state == own {
                0.0
            } else {
                old[place(state, own)][i]
            };
            matrix[(i, to)] = same - old[given][i];
        }
    }
    let old: Vec<Vec<f64>> = (0..rest)
        .map(|i| (0..order).map(|j| matrix[(i, j)]).collect())
        .collect();
    for state in (0..=rest).filter(|s| *s != before) {
        let to = place(state, before);
        for j in 0..order {
            let same = if state == own {
                0.0
            } else {
                old[place(state, own)][j]
            };
            matrix[(to, j)] = same - old[given][j];
        }
    }
}

/// Minus the gradient of an element's nodes; what belongs to shared ends is given to the element before.
fn right_hand_side(
    states: usize,
    ground: usize,
    mesh: &TimeMesh,
    element: usize,
    gradient: &[f64],
) -> Vec<f64> {
    let degree = mesh.basis.degree;
    (0..=degree)
        .flat_map(|j| {
            let node = element * degree + j;
            let free = node > 0 && node + 1 < mesh.nodes() && j > 0;
            let own = if free {
                &gradient[(node - 1) * states..][..states]
            } else {
                &[]
            };
            (0..states)
                .filter(move |i| *i != ground)
                .map(move |i| if free { own[ground] - own[i] } else { 0.0 })
        })
        .collect()
}

impl Reduced {
    fn new(states: usize, ground: usize, blocks: &Blocks, local: &Local) -> Result<Self> {
        let rest = states - 1;
        let place = |i: usize| place(i, ground);
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
        let half = AbsorbingFactor::new(rates, leak)?.half_inverse();
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
        let mut half_coupled = Matrix::zeros(rest, rest);
        for &(i, j, c) in &coupling {
            for (sum, h) in half_coupled.column_mut(j).iter_mut().zip(half.column(i)) {
                *sum += h * c;
            }
        }
        let mut hessian = Matrix::zeros(rest, rest);
        let mut ground_row = vec![0.0; rest];
        let mut ground_own = 0.0;
        for (&(i, j), &h) in blocks.hessian.pairs.iter().zip(&local.hessian) {
            match (i == ground, j == ground) {
                (true, true) => ground_own = h,
                (true, false) => ground_row[place(j)] = h,
                (false, true) => {}
                (false, false) => hessian[(place(i), place(j))] += h,
            }
        }
        for (j, of_column) in ground_row.iter().enumerate() {
            for (h, of_row) in hessian.column_mut(j).iter_mut().zip(&ground_row) {
                *h += ground_own - of_row - of_column;
            }
        }
        Ok(Self {
            half,
            half_coupled,
            hessian,
        })
    }
}

/// An element's matrix over its nodes, on both sides of the diagonal.
pub(super) fn element_matrix(
    mesh: &TimeMesh,
    element: usize,
    slices: &[Slice],
    points: &[Reduced],
) -> Matrix {
    let basis = &mesh.basis;
    let (degree, width) = (basis.degree, mesh.width(element));
    let rest = points[0].half.rows();
    let mut root = Matrix::zeros(basis.stages() * rest, (degree + 1) * rest);
    for (point, (slice, reduced)) in slices.iter().zip(points).enumerate() {
        let w = slice.weight.sqrt();
        for j in 0..=degree {
            let (derivative, value) = (w * basis.derivative[point][j] / width, w * basis.value[point][j]);
            for column in 0..rest {
                let entries = &mut root.column_mut(j * rest + column)[point * rest..][..rest];
                let halves = reduced
                    .half
                    .column(column)
                    .iter()
                    .zip(reduced.half_coupled.column(column));
                for (entry, (half, coupled)) in entries.iter_mut().zip(halves) {
                    *entry = derivative * half - value * coupled;
                }
            }
        }
    }
    let mut matrix = root.gram();
    let mut block = Matrix::zeros(rest, rest);
    for j in 0..=degree {
        for k in (0..=j).filter(|&k| basis.share_a_point(j, k)) {
            for column in 0..rest {
                let sums = block.column_mut(column);
                sums.fill(0.0);
                for (point, (slice, reduced)) in slices.iter().zip(points).enumerate() {
                    let weight = slice.weight * basis.value[point][j] * basis.value[point][k];
                    for (sum, h) in sums.iter_mut().zip(reduced.hessian.column(column)) {
                        *sum += weight * h;
                    }
                }
            }
            // symmetric itself, it is its own transpose
            let places = if j == k {
                vec![(j, k)]
            } else {
                vec![(j, k), (k, j)]
            };
            for (j, k) in places {
                for column in 0..rest {
                    let sums = &mut matrix.column_mut(k * rest + column)[j * rest..][..rest];
                    for (sum, h) in sums.iter_mut().zip(block.column(column)) {
                        *sum += h;
                    }
                }
            }
        }
    }
    matrix
}

//! Positive definite systems of a chain of elements: neighbours share the unknowns at their common end.
//!
//! Finite elements in time lead here. Each element's inner unknowns are eliminated on their own (static condensation), what is left joins only
//! neighbouring ends and is eliminated from the first to the last. All pivots are diagonal blocks of Cholesky's method, whose accuracy
//! does not depend on how unknowns are scaled.

use faer::linalg::solvers::{Llt, Solve};
use faer::{Mat, MatRef, Side};
use rayon::prelude::*;

use super::Matrix;
use crate::dense_kernels::DenseKernels;
use crate::error::{Error, Result};

/// What is added to the diagonal, relative to it, where rounding has left a matrix indefinite; then a hundred times more, and so on.
const SHIFTS: [f64; 8] = [0.0, 1e-14, 1e-12, 1e-10, 1e-8, 1e-6, 1e-4, 1e-2];

/// How many of these are rounding of a matrix that is positive definite beyond doubt.
const OF_ROUNDING: usize = 2;

/// One element: its matrix over the unknowns at its start, inside, and at its end, and its right-hand side.
#[derive(Debug, Clone)]
pub struct ChainElement {
    /// Symmetric, of order 2 · end + inner.
    pub matrix: Matrix,
    /// As many numbers; those at shared ends are added.
    pub right_hand_side: Vec<f64>,
}

/// The inside of an element expressed by its ends.
struct Condensed {
    /// inner⁻¹ (inner, ends): inner rows, 2 · end columns.
    dependence: Mat<f64>,
    /// inner⁻¹ right-hand side.
    free: Vec<f64>,
    /// What is left on the ends.
    ends: Mat<f64>,
    right: Vec<f64>,
}

/// Solves a chain whose very first and last ends are fixed at zero; each element has `end` unknowns at either end.
///
/// The solution has the unknowns in the order of the chain: inside of the first element, its end, inside of the second, and so on.
///
/// # Errors
/// [`Error::Length`] for an element of the wrong size; [`Error::NotFinite`]; [`Error::Singular`] if the matrix is not positive definite.
pub fn solve_chain(elements: Vec<ChainElement>, end: usize) -> Result<Vec<f64>> {
    solve_shifted(elements, end, &SHIFTS)
}

/// As [`solve_chain`], with `None` for a matrix that is not positive definite beyond the rounding of its entries: a test as well as a solution.
///
/// # Errors
/// [`Error::Length`] for an element of the wrong size; [`Error::NotFinite`].
pub fn solve_definite_chain(elements: Vec<ChainElement>, end: usize) -> Result<Option<Vec<f64>>> {
    match solve_shifted(elements, end, &SHIFTS[..OF_ROUNDING]) {
        Ok(solution) => Ok(Some(solution)),
        Err(Error::Singular { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn solve_shifted(elements: Vec<ChainElement>, end: usize, shifts: &[f64]) -> Result<Vec<f64>> {
    let _kernels = DenseKernels::on_this_thread();
    let inner: Vec<usize> = elements
        .iter()
        .map(|e| e.right_hand_side.len().saturating_sub(2 * end))
        .collect();
    for (element, inner) in elements.iter().zip(&inner) {
        if element.matrix.rows() != 2 * end + inner || element.matrix.columns() != 2 * end + inner {
            return Err(Error::Length {
                what: "an element's matrix",
                found: element.matrix.rows(),
                expected: 2 * end + inner,
            });
        }
    }
    let condensed: Result<Vec<Condensed>> = elements
        .into_par_iter()
        .map(|element| condense(&element, end, shifts))
        .collect();
    let condensed = condensed?;
    let joints = condensed.len().saturating_sub(1);
    let values = solve_joints(&condensed, joints, end, shifts)?;
    let mut solution = Vec::new();
    for (k, element) in condensed.iter().enumerate() {
        let value = |joint: Option<usize>, i: usize| match joint {
            Some(joint) if joint < joints => values[joint][(i, 0)],
            _ => 0.0,
        };
        for (row, free) in element.free.iter().enumerate() {
            let mut x = *free;
            for i in 0..end {
                x -= element.dependence[(row, i)] * value(k.checked_sub(1), i);
                x -= element.dependence[(row, end + i)] * value(Some(k), i);
            }
            solution.push(x);
        }
        if k < joints {
            solution.extend((0..end).map(|i| values[k][(i, 0)]));
        }
    }
    if let Some(index) = solution.iter().position(|x| !x.is_finite()) {
        return Err(Error::NotFinite {
            what: "the solution of a chain",
            index,
            value: solution[index],
        });
    }
    Ok(solution)
}

/// What a joint depends on once it is eliminated: value = free − dependence · value of the next joint towards the middle.
struct Eliminated {
    dependence: Mat<f64>,
    free: Mat<f64>,
}

/// The unknowns between elements, eliminated from both ends of the chain towards its softest joint: what is stiff goes first, and no small
/// stiffness is left as the difference of large ones.
fn solve_joints(condensed: &[Condensed], joints: usize, end: usize, shifts: &[f64]) -> Result<Vec<Mat<f64>>> {
    let own = |joint: usize| {
        let (before, after) = (&condensed[joint], &condensed[joint + 1]);
        let pivot = before.ends.submatrix(end, end, end, end) + after.ends.submatrix(0, 0, end, end);
        let right = Mat::from_fn(end, 1, |i, _| before.right[end + i] + after.right[i]);
        (pivot, right)
    };
    let stiffness = |joint: usize| {
        let (before, after) = (&condensed[joint].ends, &condensed[joint + 1].ends);
        (0..end)
            .map(|i| before[(end + i, end + i)] + after[(i, i)])
            .sum::<f64>()
    };
    let softest = (0..joints)
        .map(|k| (stiffness(k), k))
        .min_by(|a, b| a.0.total_cmp(&b.0));
    let Some((_, middle)) = softest else {
        return Ok(Vec::new());
    };
    // row of the joint before, column of the joint after, across element k + 1 that lies between joints k and k + 1
    let across = |joint: usize| condensed[joint + 1].ends.submatrix(0, end, end, end).to_owned();
    let mut eliminated: Vec<Option<Eliminated>> = (0..joints).map(|_| None).collect();
    let towards = (0..middle).map(|k| (k, k.checked_sub(1), k + 1));
    let back = (middle + 1..joints)
        .rev()
        .map(|k| (k, (k + 1 < joints).then_some(k + 1), k - 1));
    let corrected = |joint: usize, outer: &[usize], eliminated: &[Option<Eliminated>]| {
        let (mut pivot, mut right) = own(joint);
        for &other in outer {
            if let Some(gone) = &eliminated[other] {
                let coupling = if other < joint {
                    across(other).transpose().to_owned()
                } else {
                    across(joint)
                };
                pivot -= &coupling * &gone.dependence;
                right -= &coupling * &gone.free;
            }
        }
        (pivot, right)
    };
    for (joint, outer, inner) in towards.chain(back) {
        let (pivot, right) = corrected(joint, outer.as_slice(), &eliminated);
        let factor = cholesky(pivot.as_ref(), shifts)?;
        let coupling = if inner > joint {
            across(joint)
        } else {
            across(inner).transpose().to_owned()
        };
        eliminated[joint] = Some(Eliminated {
            dependence: factor.solve(&coupling),
            free: factor.solve(&right),
        });
    }
    let neighbours: Vec<usize> = [middle.checked_sub(1), Some(middle + 1).filter(|k| *k < joints)]
        .into_iter()
        .flatten()
        .collect();
    let (pivot, right) = corrected(middle, &neighbours, &eliminated);
    let mut values: Vec<Mat<f64>> = (0..joints).map(|_| Mat::zeros(end, 1)).collect();
    values[middle] = cholesky(pivot.as_ref(), shifts)?.solve(&right);
    let outward = (0..middle)
        .rev()
        .map(|k| (k, k + 1))
        .chain((middle + 1..joints).map(|k| (k, k - 1)));
    for (joint, inner) in outward {
        if let Some(gone) = &eliminated[joint] {
            values[joint] = &gone.free - &gone.dependence * &values[inner];
        }
    }
    Ok(values)
}

fn condense(element: &ChainElement, end: usize, shifts: &[f64]) -> Result<Condensed> {
    let _kernels = DenseKernels::on_this_thread();
    let order = element.matrix.rows();
    let inner = order - 2 * end;
    let matrix = MatRef::from_column_major_slice(element.matrix.data(), order, order);
    // the ends are before and after the inner unknowns
    let sides = [(0, 0), (end, end + inner)];
    let mut ends = Mat::zeros(2 * end, 2 * end);
    for (i, row) in sides {
        for (j, column) in sides {
            ends.submatrix_mut(i, j, end, end)
                .copy_from(matrix.submatrix(row, column, end, end));
        }
    }
    let mut right = [
        &element.right_hand_side[..end],
        &element.right_hand_side[end + inner..],
    ]
    .concat();
    if inner == 0 {
        return Ok(Condensed {
            dependence: Mat::zeros(0, 2 * end),
            free: Vec::new(),
            ends,
            right,
        });
    }
    let factor = cholesky(matrix.submatrix(end, end, inner, inner), shifts)?;
    let mut coupling = Mat::zeros(inner, 2 * end);
    for (j, column) in sides {
        coupling
            .submatrix_mut(0, j, inner, end)
            .copy_from(matrix.submatrix(end, column, inner, end));
    }
    let dependence = factor.solve(&coupling);
    let free = factor.solve(&Mat::from_fn(inner, 1, |i, _| element.right_hand_side[end + i]));
    ends -= coupling.transpose() * &dependence;
    let carried = coupling.transpose() * &free;
    for (i, r) in right.iter_mut().enumerate() {
        *r -= carried[(i, 0)];
    }
    Ok(Condensed {
        dependence,
        free: (0..inner).map(|i| free[(i, 0)]).collect(),
        ends,
        right,
    })
}

/// Cholesky factors, of the matrix itself if rounding allows.
fn cholesky(matrix: MatRef<'_, f64>, shifts: &[f64]) -> Result<Llt<f64>> {
    for &shift in shifts {
        let factor = if shift == 0.0 {
            Llt::new(matrix, Side::Lower)
        } else {
            let mut shifted = matrix.to_owned();
            for i in 0..matrix.nrows() {
                shifted[(i, i)] *= 1.0 + shift;
            }
            Llt::new(shifted.as_ref(), Side::Lower)
        };
        if let Ok(factor) = factor {
            return Ok(factor);
        }
    }
    Err(Error::Singular {
        what: "a chain of elements",
        residual: 1.0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_gives_what_the_assembled_matrix_gives() {
        let (end, inner, count) = (2, 3, 4);
        let order = 2 * end + inner;
        let elements: Vec<ChainElement> = (0..count)
            .map(|e| ChainElement {
                matrix: Matrix::from_fn(order, order, |i, j| {
                    let (low, high) = (i.min(j), i.max(j));
                    ((low * 7 + high * 3 + e) as f64).sin() + if i == j { 9.0 } else { 0.0 }
                }),
                right_hand_side: (0..order).map(|i| ((i + 5 * e) as f64).cos()).collect(),
            })
            .collect();
        let x = solve_chain(elements.clone(), end).unwrap();
        let total = count * (inner + end) - end;
        assert_eq!(x.len(), total);
        // residual of the assembled system, unknowns of the two outermost ends being zero
        let mut residual = vec![0.0; total + 2 * end];
        let mut full = vec![0.0; end];
        full.extend(&x);
        full.extend(vec![0.0; end]);
        for (e, element) in elements.iter().enumerate() {
            let first = e * (inner + end);
            let product = element.matrix.apply_to(&full[first..first + order]);
            for (i, (p, b)) in product.iter().zip(&element.right_hand_side).enumerate() {
                residual[first + i] += b - p;
            }
        }
        for r in &residual[end..end + total] {
            assert!(r.abs() < 1e-13, "{residual:?}");
        }
    }

    #[test]
    fn a_chain_that_is_not_definite_is_told_from_one_that_rounding_shook() {
        let chain = |corner: f64| {
            let matrix = Matrix::from_fn(3, 3, |i, j| match (i, j) {
                (1, 1) => corner,
                _ if i == j => 2.0,
                _ => -1.0,
            });
            let element = ChainElement {
                matrix,
                right_hand_side: vec![0.0, 1.0, 0.0],
            };
            solve_definite_chain(vec![element.clone(), element], 1).unwrap()
        };
        // the joint holds 4 − 2/corner: positive from one half on
        assert!(chain(0.6).is_some());
        assert!(chain(0.4).is_none());
        assert!(chain(-1.0).is_none());
        assert!(chain(0.5 * (1.0 + 1e-9)).is_some());
    }
}

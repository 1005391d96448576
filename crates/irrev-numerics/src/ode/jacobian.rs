//! The Jacobian of the rate, and factors of the shifted matrices λ − h J.

use super::options::Scale;
use super::system::{all_finite, finite_rate};
use super::{Failure, JacobianKind, System};
use crate::error::Error;
use crate::linalg::{Factor, Field, Matrix, SparseOrdering};

/// J = ∂f/∂x at one point.
pub(super) enum Jacobian {
    Dense(Matrix),
    Sparse {
        n: usize,
        entries: Vec<(usize, usize, f64)>,
        ordering: SparseOrdering,
    },
}

impl Jacobian {
    pub(super) fn new(kind: JacobianKind, n: usize) -> Self {
        match kind {
            JacobianKind::Sparse => Self::Sparse {
                n,
                entries: Vec::new(),
                ordering: SparseOrdering::default(),
            },
            _ => Self::Dense(Matrix::zeros(n, n)),
        }
    }

    /// Evaluates J at (t, x), where the rate is `f`; returns the number of rates it took.
    pub(super) fn refresh<S: System>(
        &mut self,
        system: &S,
        t: f64,
        x: &[f64],
        f: &[f64],
        scale: &Scale<'_>,
    ) -> Result<usize, Failure<S::Error>> {
        let failed = |error| Failure::System { time: t, error };
        match self {
            Self::Sparse { entries, .. } => {
                entries.clear();
                system.sparse_jacobian(t, x, entries).map_err(failed)?;
                let n = x.len();
                for &(row, column, value) in entries.iter() {
                    let place = row.max(column);
                    if place >= n {
                        return Err(Error::Length {
                            what: "place in a Jacobian",
                            found: place,
                            expected: n,
                        }
                        .into());
                    }
                    if !value.is_finite() {
                        return Err(Failure::NotFinite {
                            what: "Jacobian",
                            time: t,
                            component: row,
                            value,
                        });
                    }
                }
                Ok(0)
            }
            Self::Dense(matrix) if system.jacobian_kind() == JacobianKind::Dense => {
                *matrix = Matrix::zeros(x.len(), x.len());
                system.jacobian(t, x, matrix).map_err(failed)?;
                for j in 0..x.len() {
                    all_finite("Jacobian", t, matrix.column(j))?;
                }
                Ok(0)
            }
            Self::Dense(matrix) => by_differences(system, t, x, f, scale, matrix),
        }
    }

    /// Factors of λ − h J; `None` if that is singular or not finite.
    pub(super) fn shifted<T: Field>(&mut self, shift: T, h: f64) -> Option<Factor<T>> {
        match self {
            Self::Dense(matrix) => {
                let n = matrix.rows();
                Factor::dense(&Matrix::from_fn(n, n, |i, j| {
                    let entry = T::from_real(-h * matrix[(i, j)]);
                    if i == j { shift + entry } else { entry }
                }))
            }
            Self::Sparse { n, entries, ordering } => {
                let n = *n;
                let scaled = entries.iter().map(|&(i, j, v)| (i, j, T::from_real(-h * v)));
                Factor::sparse(n, (0..n).map(|i| (i, i, shift)).chain(scaled), ordering)
            }
        }
    }
}

/// One-sided differences upward, downward where the rate is undefined above.
///
/// Rounding and curvature balance at √ε of a component's size; Newton's iteration asks for no more than that.
fn by_differences<S: System>(
    system: &S,
    t: f64,
    x: &[f64],
    f: &[f64],
    scale: &Scale<'_>,
    matrix: &mut Matrix,
) -> Result<usize, Failure<S::Error>> {
    let n = x.len();
    let mut point = x.to_vec();
    let mut moved = vec![0.0; n];
    let mut rates = 0;
    for j in 0..n {
        let wanted = f64::EPSILON.sqrt()
            * x[j]
                .abs()
                .max(scale.floor(j))
                .max(f64::MIN_POSITIVE / f64::EPSILON);
        point[j] = x[j] + wanted;
        rates += 1;
        if finite_rate(system, t, &point, &mut moved).is_err() {
            point[j] = x[j] - wanted;
            rates += 1;
            finite_rate(system, t, &point, &mut moved)?;
        }
        let width = point[j] - x[j];
        for i in 0..n {
            matrix[(i, j)] = (moved[i] - f[i]) / width;
        }
        all_finite("Jacobian", t, matrix.column(j))?;
        point[j] = x[j];
    }
    Ok(rates)
}

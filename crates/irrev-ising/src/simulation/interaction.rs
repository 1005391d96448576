//! β J of a network in the format of a sampler.

use irrev_numerics::linalg::{Earlier, product_into};

use super::real::Real;
use crate::couplings::Couplings;
use crate::error::{Error, Result};
use crate::network::KineticIsing;

/// A matrix that acts on spins: dense in columns, or rows of its entries and of those of its transpose.
#[derive(Debug, Clone)]
pub(super) enum Interaction<T> {
    /// Column j: what spin j sends to each spin.
    Dense(Vec<T>),
    /// What each spin receives and what it sends.
    Sparse { received: Rows<T>, sent: Rows<T> },
}

/// Compressed rows.
#[derive(Debug, Clone)]
pub(super) struct Rows<T> {
    start: Vec<usize>,
    entries: Vec<(u32, T)>,
}

impl<T: Real> Rows<T> {
    fn new<'a>(n: usize, row: impl Fn(usize) -> Box<dyn Iterator<Item = (usize, f64)> + 'a>) -> Self {
        let (mut start, mut entries) = (vec![0], Vec::new());
        for i in 0..n {
            entries.extend(row(i).map(|(j, value)| (j as u32, T::of(value))));
            start.push(entries.len());
        }
        Self { start, entries }
    }

    /// Entries of a row.
    #[inline(always)]
    pub(super) fn row(&self, i: usize) -> &[(u32, T)] {
        &self.entries[self.start[i]..self.start[i + 1]]
    }
}

/// Beyond one entry in eight a dense product is faster than a sparse one.
fn is_sparse(couplings: &Couplings) -> bool {
    couplings.dense().is_none() && couplings.entries() < couplings.spins() * couplings.spins() / 8
}

impl<T: Real> Interaction<T> {
    /// β J.
    pub(super) fn new(network: &KineticIsing) -> Self {
        let (n, beta, couplings) = (
            network.spins(),
            network.inverse_temperature(),
            network.couplings(),
        );
        if is_sparse(couplings) {
            return Self::Sparse {
                received: Rows::new(n, |i| {
                    Box::new(couplings.received(i).map(move |(j, x)| (j, beta * x)))
                }),
                sent: Rows::new(n, |i| {
                    Box::new(couplings.sent(i).map(move |(j, x)| (j, beta * x)))
                }),
            };
        }
        let matrix = couplings.to_matrix();
        Self::Dense(matrix.data().iter().map(|x| T::of(beta * x)).collect())
    }

    /// β (J − Jᵀ).
    pub(super) fn antisymmetric(network: &KineticIsing) -> Self {
        let (n, beta, couplings) = (
            network.spins(),
            network.inverse_temperature(),
            network.couplings(),
        );
        if is_sparse(couplings) {
            let row = |i: usize, sign: f64| {
                let there = couplings.received(i).map(move |(j, x)| (j, sign * beta * x));
                let back = couplings.sent(i).map(move |(j, x)| (j, -sign * beta * x));
                Box::new(there.chain(back)) as Box<dyn Iterator<Item = (usize, f64)>>
            };
            return Self::Sparse {
                received: Rows::new(n, |i| row(i, 1.0)),
                sent: Rows::new(n, |i| row(i, -1.0)),
            };
        }
        let matrix = couplings.to_matrix();
        let entry = |place: usize| {
            let (i, j) = (place % n, place / n);
            T::of(beta * (matrix[(i, j)] - matrix[(j, i)]))
        };
        Self::Dense((0..n * n).map(entry).collect())
    }

    /// Column after column, if dense.
    pub(super) fn columns(&self) -> Option<&[T]> {
        match self {
            Self::Dense(columns) => Some(columns),
            Self::Sparse { .. } => None,
        }
    }

    /// What every spin receives in every replica; replicas are columns of `spins` and of `received`.
    pub(super) fn receive(&self, spins: &[T], n: usize, received: &mut [T]) {
        match self {
            Self::Dense(matrix) => product_into(received, Earlier::Replaced, matrix, spins, n),
            Self::Sparse { received: rows, .. } => {
                for (spins, out) in spins.chunks_exact(n).zip(received.chunks_exact_mut(n)) {
                    for (i, out) in out.iter_mut().enumerate() {
                        let mut sum = T::default();
                        for &(j, value) in rows.row(i) {
                            sum += value * spins[j as usize];
                        }
                        *out = sum;
                    }
                }
            }
        }
    }

    /// Adds what spin i sends when it changes by `change`.
    #[inline(always)]
    pub(super) fn send(&self, i: usize, change: T, received: &mut [T]) {
        match self {
            Self::Dense(matrix) => {
                let n = received.len();
                for (h, &j) in received.iter_mut().zip(&matrix[i * n..(i + 1) * n]) {
                    *h += j * change;
                }
            }
            Self::Sparse { sent, .. } => {
                for &(k, value) in sent.row(i) {
                    received[k as usize] += value * change;
                }
            }
        }
    }
}

/// β H.
pub(super) fn scaled_fields<T: Real>(network: &KineticIsing) -> Vec<T> {
    let beta = network.inverse_temperature();
    network.fields().iter().map(|h| T::of(beta * h)).collect()
}

/// Refuses fields so large that the format overflows.
pub(super) fn require_range<T: Real>(network: &KineticIsing) -> Result<()> {
    let received = |i: usize| network.couplings().received(i).map(|(_, x)| x.abs()).sum::<f64>();
    let reach = |i: usize| network.inverse_temperature() * (network.fields()[i].abs() + received(i));
    let largest = (0..network.spins()).map(reach).fold(0.0, f64::max);
    Error::require(
        "the largest local field in units of temperature",
        largest,
        largest <= T::LARGEST,
        "at most 1e30 in single and 1e300 in double precision; choose a lower inverse temperature",
    )
}

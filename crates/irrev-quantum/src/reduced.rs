//! Reduced states of some sites of a pure state.
//!
//! With the amplitudes as a matrix A[s, e] over configurations s of the chosen sites and e of the others, ρ = A A†. The number of particles is fixed, so that ρ has a block for
//! every number of particles on the chosen sites, and nothing between them. Environments are streamed, each an outer product; no object of 2^L numbers appears.

use num_complex::Complex64;
use rayon::prelude::*;

use irrev_numerics::linalg::{Matrix, hermitian_eigenvalues, vectorised};
use irrev_numerics::sum::compensated_sum;

use crate::diagonalise::BitMap;
use crate::error::{Error, Result};
use crate::kernel::Amplitude;
use crate::sector::{Sector, binomial, rank_of_word, words, words_from};

/// Most sites of a reduced state: blocks of up to C(14, 7) = 3432 rows.
pub const MOST_REDUCED_SITES: usize = 14;

/// Environments that one task adds up; part of the definition of the result.
const TASK: usize = 4096;

/// Density matrix of m sites, in blocks of fixed particle number.
///
/// Bit q of a configuration is the q-th of the sites in the order in which they were chosen.
///
/// ```
/// use irrev_quantum::reduced::reduced_state;
/// use irrev_quantum::Sector;
/// let sector = Sector::new(2, 1)?;
/// let amplitude = 0.5_f64.sqrt();
/// let rho = reduced_state(&sector, &[amplitude, amplitude], &[0])?;      // a particle shared by two sites
/// assert!((rho.entropy()? - 2.0_f64.ln()).abs() < 1e-14);
/// assert!((rho.to_matrix()[(1, 1)].re - 0.5).abs() < 1e-15);
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ReducedState {
    /// The sites, as chosen.
    pub sites: Vec<usize>,
    /// By number of particles on these sites: ρ among their configurations in ascending order; 0 × 0 if no state has that many.
    pub blocks: Vec<Matrix<Complex64>>,
}

impl ReducedState {
    /// The matrix of 2^m × 2^m numbers, rows and columns by configuration.
    #[must_use]
    pub fn to_matrix(&self) -> Matrix<Complex64> {
        let m = self.sites.len();
        let mut matrix = Matrix::zeros(1 << m, 1 << m);
        for (ones, block) in self
            .blocks
            .iter()
            .enumerate()
            .filter(|(_, block)| block.rows() > 0)
        {
            for (j, column) in words(m, ones).enumerate() {
                for (i, row) in words(m, ones).enumerate() {
                    matrix[(row as usize, column as usize)] = block[(i, j)];
                }
            }
        }
        matrix
    }

    /// Probability of every configuration, 2^m numbers.
    #[must_use]
    pub fn probabilities(&self) -> Vec<f64> {
        let m = self.sites.len();
        let probability = |word: u64| {
            let block = &self.blocks[word.count_ones() as usize];
            let place = rank_of_word(word) as usize;
            if block.rows() == 0 {
                0.0
            } else {
                block[(place, place)].re
            }
        };
        (0..1_u64 << m).map(probability).collect()
    }

    /// All 2^m eigenvalues, ascending. Rounding may leave some below zero by 1e-16.
    ///
    /// # Errors
    /// [`irrev_numerics::Error::NotConverged`].
    pub fn eigenvalues(&self) -> Result<Vec<f64>> {
        let m = self.sites.len();
        let mut values = Vec::with_capacity(1 << m);
        for (ones, block) in self.blocks.iter().enumerate() {
            if block.rows() == 0 {
                values.extend(std::iter::repeat_n(0.0, binomial(m, ones) as usize));
            } else if (0..block.rows()).all(|i| block[(i, i)].re == 0.0) {
                values.extend(std::iter::repeat_n(0.0, block.rows()));
            } else {
                values.extend(hermitian_eigenvalues(block)?);
            }
        }
        values.sort_by(f64::total_cmp);
        Ok(values)
    }

    /// Von Neumann entropy −Tr ρ ln ρ, in nats, with 0 ln 0 = 0.
    ///
    /// # Errors
    /// As [`Self::eigenvalues`].
    pub fn entropy(&self) -> Result<f64> {
        let term = |p: f64| if p > 0.0 { -p * p.ln() } else { 0.0 };
        Ok(compensated_sum(self.eigenvalues()?.into_iter().map(term)))
    }

    /// Tr ρ².
    #[must_use]
    pub fn purity(&self) -> f64 {
        compensated_sum(
            self.blocks
                .iter()
                .flat_map(|block| block.data())
                .map(|x| x.norm_sqr()),
        )
    }
}

/// Density matrix of the given sites, in the given order, for a pure state of a sector. O(D) operations for each row of a block.
///
/// A state that is not normalised gives Tr ρ = ‖ψ‖².
///
/// # Errors
/// [`Error::Size`] unless the state belongs to the sector; [`Error::Site`], [`Error::RepeatedSite`]; [`Error::Domain`] for more than 14 sites.
pub fn reduced_state<T: Amplitude>(sector: &Sector, state: &[T], sites: &[usize]) -> Result<ReducedState> {
    Error::require_size(
        "the state",
        state.len(),
        usize::try_from(sector.dimension()).unwrap_or(usize::MAX),
    )?;
    let total = sector.sites();
    for (k, &site) in sites.iter().enumerate() {
        if site >= total {
            return Err(Error::Site {
                what: "the list of sites of a reduced state".into(),
                site,
                sites: total,
            });
        }
        if sites[..k].contains(&site) {
            return Err(Error::RepeatedSite {
                what: "the list of sites of a reduced state",
                site,
            });
        }
    }
    let m = sites.len();
    Error::require(
        "the number of sites of a reduced state",
        m as f64,
        m <= MOST_REDUCED_SITES,
        "at most 14",
    )?;
    let others: Vec<usize> = (0..total).filter(|site| !sites.contains(site)).collect();
    let (inside, outside) = (BitMap::new(sites), BitMap::new(&others));
    let blocks = (0..=m).map(|ones| {
        let environment = sector
            .particles()
            .checked_sub(ones)
            .filter(|n| *n <= others.len());
        let Some(environment) = environment else {
            return Matrix::zeros(0, 0);
        };
        let rows: Vec<u64> = words(m, ones).map(|word| inside.apply(word)).collect();
        let count = binomial(others.len(), environment) as usize;
        let parts: Vec<Matrix<T>> = (0..count.div_ceil(TASK))
            .into_par_iter()
            .map(|task| {
                let environments = words_from(others.len(), environment, (task * TASK) as u64).take(TASK);
                let environments: Vec<u64> = environments.map(|word| outside.apply(word)).collect();
                outer_products(sector, state, &rows, &environments)
            })
            .collect();
        let mut block = Matrix::zeros(rows.len(), rows.len());
        for part in &parts {
            for (sum, x) in block.data_mut().iter_mut().zip(part.data()) {
                *sum += x.to_complex();
            }
        }
        block
    });
    Ok(ReducedState {
        sites: sites.to_vec(),
        blocks: blocks.collect(),
    })
}

/// Σ_e a_e a_e† over some environments, a_e the amplitudes with the rows inside.
fn outer_products<T: Amplitude>(
    sector: &Sector,
    state: &[T],
    rows: &[u64],
    environments: &[u64],
) -> Matrix<T> {
    let mut sum = Matrix::zeros(rows.len(), rows.len());
    let mut column = vec![T::ZERO; rows.len()];
    for &environment in environments {
        for (amplitude, &row) in column.iter_mut().zip(rows) {
            *amplitude = state[sector.rank_inside(row | environment) as usize];
        }
        vectorised(
            #[inline(always)]
            || {
                for (j, &right) in column.iter().enumerate() {
                    let right = right.conjugate();
                    for (x, &left) in sum.column_mut(j).iter_mut().zip(&column) {
                        *x += left * right;
                    }
                }
            },
        );
    }
    sum
}

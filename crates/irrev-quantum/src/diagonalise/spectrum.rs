//! Diagonalisation, and levels of all blocks in one order.

use num_complex::Complex64;
use rayon::prelude::*;

use irrev_numerics::Run;
use irrev_numerics::linalg::{Matrix, hermitian_eigen, hermitian_eigenvalues};

use super::basis::SymmetricBasis;
use super::permutation::{BitMap, require_permutation};
use super::symmetry::Symmetries;
use crate::error::{Error, Result};
use crate::kernel::{Amplitude, SectorHamiltonian};
use crate::model::Hamiltonian;
use crate::vector::normalise;

/// What a diagonalisation is to find.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// Energies only: half of the memory, and less time.
    Levels,
    /// Energies and eigenvectors.
    States,
}

/// A level of a sector.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Level {
    /// Energy.
    pub energy: f64,
    /// Block it belongs to, as counted in [`Spectrum::blocks`].
    pub block: usize,
    /// Place within its block, ascending from 0.
    pub index: usize,
    /// Distance to the nearer neighbour among all levels; infinite if there is no other. Rounding if degenerate.
    pub gap: f64,
}

/// A block of one symmetry.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Block {
    /// (q_1, q_2, …): generator k is multiplication by exp(2πi q_k/o_k).
    pub label: Vec<usize>,
    /// Levels of the block, ascending.
    pub energies: Vec<f64>,
    vectors: Vectors,
}

#[derive(Debug, Clone, PartialEq)]
enum Vectors {
    None,
    Real(Matrix<f64>),
    Complex(Matrix<Complex64>),
}

impl Block {
    /// The block of the conjugate character.
    fn conjugate(&self, label: &[usize]) -> Self {
        Self {
            label: label.to_vec(),
            energies: self.energies.clone(),
            vectors: match &self.vectors {
                Vectors::Complex(vectors) => {
                    let mut conjugate = vectors.clone();
                    conjugate.data_mut().iter_mut().for_each(|z| *z = z.conj());
                    Vectors::Complex(conjugate)
                }
                others => others.clone(),
            },
        }
    }
}

/// All levels of a sector.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Spectrum {
    /// Levels in ascending order, those of all blocks together.
    pub levels: Vec<Level>,
    /// Blocks, in the order of [`Symmetries::labels`]; empty ones are left out.
    pub blocks: Vec<Block>,
    sector: crate::sector::Sector,
    symmetries: Symmetries,
}

/// All levels of a sector, and eigenvectors if wanted. Blocks are done in parallel; of two conjugate characters of a real H only one is.
///
/// # Errors
/// [`Error::Size`] if the symmetries belong to another lattice; [`irrev_numerics::Error::Memory`] before anything is done, [`irrev_numerics::Error::Cancelled`],
/// [`irrev_numerics::Error::NotConverged`].
///
/// ```
/// use irrev_numerics::Run;
/// use irrev_quantum::diagonalise::{Symmetries, Wanted, diagonalise};
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::{Hamiltonian, Sector, SectorHamiltonian};
/// let ring = Lattice::chain(6, Boundary::Periodic)?;
/// let model = Hamiltonian::uniform(&ring, 1.0, 0.3, 0.0)?;
/// let h = SectorHamiltonian::new(&model, Sector::new(6, 2)?)?;
/// let shift: Vec<usize> = (0..6).map(|i| (i + 1) % 6).collect();
/// let whole = diagonalise(&h, &Symmetries::none(&model), Wanted::Levels, &Run::default())?;
/// let blocks = diagonalise(&h, &Symmetries::new(&model, &[shift])?, Wanted::Levels, &Run::default())?;
/// assert_eq!(blocks.blocks.len(), 6);                                    // momenta
/// for (a, b) in whole.levels.iter().zip(&blocks.levels) {
///     assert!((a.energy - b.energy).abs() < 1e-13);
/// }
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn diagonalise(
    h: &SectorHamiltonian,
    symmetries: &Symmetries,
    wanted: Wanted,
    run: &Run<'_>,
) -> Result<Spectrum> {
    run.install(|| {
        Error::require_size(
            "a permutation of the sites",
            symmetries.sites(),
            h.model().sites(),
        )?;
        let needed = required_memory(h.model(), h.sector().particles(), symmetries, wanted, run)?;
        Error::require_memory(run, "diagonalisation", needed)?;
        let labels = symmetries.labels();
        let bases: Vec<SymmetricBasis<'_>> = labels
            .par_iter()
            .map(|label| SymmetricBasis::new(symmetries, label, h.sector()))
            .collect();
        let real = |label: &[usize]| h.is_real() && symmetries.is_real(label);
        // under a real H the block of the conjugate character is the conjugate one
        let twin = |place: usize| -> Option<usize> {
            let conjugate = symmetries.conjugate(&labels[place]);
            let earlier = labels[..place].iter().position(|label| *label == conjugate);
            earlier.filter(|_| h.is_real())
        };
        let mut solved: Vec<Option<Block>> = bases
            .par_iter()
            .enumerate()
            .map(|(place, basis)| {
                if basis.dimension() == 0 || twin(place).is_some() {
                    return Ok(None);
                }
                run.report(0.0, "diagonalisation")?;
                let label = labels[place].clone();
                let (energies, vectors) = if real(&label) {
                    let (energies, vectors) = solved::<f64>(h, basis, wanted)?;
                    (energies, vectors.map_or(Vectors::None, Vectors::Real))
                } else {
                    let (energies, vectors) = solved::<Complex64>(h, basis, wanted)?;
                    (energies, vectors.map_or(Vectors::None, Vectors::Complex))
                };
                Ok(Some(Block {
                    label,
                    energies,
                    vectors,
                }))
            })
            .collect::<Result<_>>()?;
        for place in 0..labels.len() {
            if let Some(earlier) = twin(place) {
                solved[place] = solved[earlier]
                    .as_ref()
                    .map(|block| block.conjugate(&labels[place]));
            }
        }
        let blocks: Vec<Block> = solved.into_iter().flatten().collect();
        Ok(Spectrum {
            levels: merged(&blocks),
            blocks,
            sector: h.sector().clone(),
            symmetries: symmetries.clone(),
        })
    })?
}

/// Bytes that [`diagonalise`] plans for, known before anything is done: those of as many of the largest blocks as there are threads, or of the vectors of all blocks if that is more.
///
/// # Errors
/// [`Error::Particles`].
///
/// ```
/// use irrev_quantum::diagonalise::{Symmetries, Wanted, required_memory};
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::Hamiltonian;
/// let grid = Lattice::square([5, 4], [Boundary::Open; 2])?;
/// let h = Hamiltonian::uniform(&grid, 1.0, 0.1, 1.0)?;
/// let bytes = required_memory(&h, 10, &Symmetries::of_lattice(&h, &grid)?, Wanted::States, &Default::default())?;
/// assert!(bytes > 60 << 30);                                            // four blocks of 46 000 states
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn required_memory(
    model: &Hamiltonian,
    particles: usize,
    symmetries: &Symmetries,
    wanted: Wanted,
    run: &Run<'_>,
) -> Result<u128> {
    let mut needed: Vec<u128> = symmetries
        .labels()
        .iter()
        .map(|label| {
            let dimension = symmetries.dimension(label, particles)?;
            let is_real = model.is_real() && symmetries.is_real(label);
            Ok(memory(dimension.into(), if is_real { 8 } else { 16 }, wanted))
        })
        .collect::<Result<_>>()?;
    needed.sort_unstable_by(|a, b| b.cmp(a));
    // vectors of all blocks stay, a quarter of what their diagonalisation takes
    let threads = match run.threads {
        0 => rayon::current_num_threads(),
        threads => threads,
    };
    let stays = match wanted {
        Wanted::States => needed.iter().sum::<u128>() / 4,
        Wanted::Levels => 0,
    };
    let at_once = needed.iter().take(threads).sum::<u128>();
    Ok(stays.max(at_once))
}

/// Bytes that a block takes: the matrix, and with vectors also they, a copy, and what the reduction works on.
fn memory(dimension: u128, scalar: u128, wanted: Wanted) -> u128 {
    let matrices = if wanted == Wanted::States { 4 } else { 2 };
    matrices * scalar * dimension * dimension
}

fn solved<T: Amplitude>(
    h: &SectorHamiltonian,
    basis: &SymmetricBasis<'_>,
    wanted: Wanted,
) -> Result<(Vec<f64>, Option<Matrix<T>>)> {
    let matrix = basis.matrix::<T>(h.model());
    Ok(match wanted {
        Wanted::Levels => (hermitian_eigenvalues(&matrix)?, None),
        Wanted::States => {
            let found = hermitian_eigen(&matrix)?;
            (found.values, Some(found.vectors))
        }
    })
}

/// Levels of all blocks in ascending order, with their gaps.
fn merged(blocks: &[Block]) -> Vec<Level> {
    let mut levels: Vec<Level> = Vec::new();
    for (block, found) in blocks.iter().enumerate() {
        levels.extend(found.energies.iter().enumerate().map(|(index, &energy)| Level {
            energy,
            block,
            index,
            gap: f64::INFINITY,
        }));
    }
    levels.sort_by(|a, b| a.energy.total_cmp(&b.energy));
    for k in 1..levels.len() {
        let distance = levels[k].energy - levels[k - 1].energy;
        levels[k].gap = distance;
        levels[k - 1].gap = levels[k - 1].gap.min(distance);
    }
    levels
}

impl Spectrum {
    /// The sector.
    #[must_use]
    pub fn sector(&self) -> &crate::sector::Sector {
        &self.sector
    }

    /// Energies of all levels, ascending.
    #[must_use]
    pub fn energies(&self) -> Vec<f64> {
        self.levels.iter().map(|level| level.energy).collect()
    }

    /// The normalised eigenvector of a level in the whole sector; `None` if states were not wanted or there is no such level. Real, up to zeros, if its block is.
    #[must_use]
    pub fn state(&self, level: usize) -> Option<Vec<Complex64>> {
        let Level { block, index, .. } = *self.levels.get(level)?;
        let Block { label, vectors, .. } = &self.blocks[block];
        let basis = SymmetricBasis::new(&self.symmetries, label, &self.sector);
        let mut state = match vectors {
            Vectors::None => return None,
            Vectors::Real(vectors) => basis.expanded(vectors.column(index), &self.sector),
            Vectors::Complex(vectors) => basis.expanded(vectors.column(index), &self.sector),
        };
        normalise(&mut state);
        Some(state)
    }

    /// As [`Self::state`] for a level of a real block; `None` also if its block is complex.
    #[must_use]
    pub fn real_state(&self, level: usize) -> Option<Vec<f64>> {
        let block = self.levels.get(level)?.block;
        matches!(self.blocks[block].vectors, Vectors::Real(_))
            .then(|| self.state(level))?
            .map(|state| state.iter().map(|z| z.re).collect())
    }

    /// ⟨a|P|a⟩ for a permutation P of the sites, which takes site i to `permutation[i]`: 1 in an even state of a mirror image, −1 in an odd one, between them in a state that is neither. `None`
    /// without states, or such a level.
    ///
    /// # Errors
    /// [`Error::Size`], [`Error::Site`], [`Error::RepeatedSite`] for what is no permutation.
    ///
    /// ```
    /// use irrev_numerics::Run;
    /// use irrev_quantum::diagonalise::{Symmetries, Wanted, diagonalise};
    /// use irrev_quantum::lattice::{Boundary, Lattice};
    /// use irrev_quantum::{Hamiltonian, Sector, SectorHamiltonian};
    /// let chain = Lattice::chain(3, Boundary::Open)?;
    /// let h = Hamiltonian::uniform(&chain, 1.0, 0.0, 0.0)?;
    /// let sector = SectorHamiltonian::new(&h, Sector::new(3, 1)?)?;
    /// let spectrum = diagonalise(&sector, &Symmetries::none(&h), Wanted::States, &Run::default())?;
    /// let parities: Vec<f64> = (0..3).filter_map(|a| spectrum.mean_permutation(a, &[2, 1, 0]).unwrap()).collect();
    /// assert!((parities[0] - 1.0).abs() < 1e-12 && (parities[1] + 1.0).abs() < 1e-12);
    /// # Ok::<(), irrev_quantum::Error>(())
    /// ```
    pub fn mean_permutation(&self, level: usize, permutation: &[usize]) -> Result<Option<f64>> {
        require_permutation(permutation, self.sector.sites())?;
        let Some(state) = self.state(level) else {
            return Ok(None);
        };
        let image = BitMap::new(permutation);
        let terms = self.sector.words().zip(&state);
        let sum: Complex64 = terms
            .map(|(word, amplitude)| {
                state[self.sector.rank_inside(image.apply(word)) as usize].conj() * amplitude
            })
            .sum();
        Ok(Some(sum.re))
    }

    /// Probabilities |⟨a|ψ⟩|² of all levels, in their order. O(D²/g) operations with g symmetries.
    ///
    /// # Errors
    /// [`Error::Size`] unless the state belongs to the sector; [`Error::NoStates`] if states were not wanted.
    pub fn populations(&self, state: &[Complex64]) -> Result<Vec<f64>> {
        Error::require_size("the state", state.len(), self.levels.len())?;
        let blocks: Vec<Vec<f64>> = self
            .blocks
            .iter()
            .map(|Block { label, vectors, .. }| {
                let basis = SymmetricBasis::new(&self.symmetries, label, &self.sector);
                let components = basis.projected::<Complex64>(state, &self.sector);
                let columns = 0..components.len();
                match vectors {
                    Vectors::None => Err(Error::NoStates),
                    Vectors::Real(vectors) => {
                        let population = |a| squared_overlap(vectors.column(a), &components);
                        Ok(columns.map(population).collect())
                    }
                    Vectors::Complex(vectors) => {
                        let population = |a| squared_overlap(vectors.column(a), &components);
                        Ok(columns.map(population).collect())
                    }
                }
            })
            .collect::<Result<_>>()?;
        let place = |level: &Level| blocks[level.block][level.index];
        Ok(self.levels.iter().map(place).collect())
    }
}

/// |Σ x* y|².
fn squared_overlap<T: Amplitude>(x: &[T], y: &[Complex64]) -> f64 {
    let terms = x.iter().zip(y).map(|(x, y)| x.conjugate().to_complex() * y);
    terms.sum::<Complex64>().norm_sqr()
}

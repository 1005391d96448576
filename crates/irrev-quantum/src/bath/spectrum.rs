//! All levels of a bath, sector by sector, and its eigenstates.

use std::ops::RangeInclusive;

use irrev_numerics::Run;

use super::state::BathMember;
use crate::diagonalise::{Spectrum, Symmetries, Wanted, diagonalise, required_memory};
use crate::error::{Error, Result};
use crate::kernel::SectorHamiltonian;
use crate::model::Hamiltonian;
use crate::sector::Sector;
use crate::temperature::{Matched, Matching, match_temperature};

/// Levels closer than this part of the width of their sector are one degenerate level, whose states are not unique.
const DEGENERATE: f64 = 1e-8;

/// Spectra of a bath in some or all sectors of its particle number.
///
/// ```
/// use irrev_numerics::Run;
/// use irrev_quantum::bath::BathSpectrum;
/// use irrev_quantum::diagonalise::{Symmetries, Wanted};
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::{Error, Hamiltonian};
/// let ring = Hamiltonian::uniform(&Lattice::chain(4, Boundary::Periodic)?, 1.0, 0.0, 0.0)?;
/// let spectrum = BathSpectrum::new(&ring, 0..=4, &Symmetries::none(&ring), Wanted::States, &Run::default())?;
/// assert!((spectrum.eigenstate(1, 0)?.energy + 2.0).abs() < 1e-14);
/// assert!(matches!(spectrum.eigenstate(1, 1), Err(Error::DegenerateLevel { .. })));   // two momenta, one energy
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct BathSpectrum {
    bath: Hamiltonian,
    sectors: Vec<Option<Spectrum>>,
}

impl BathSpectrum {
    /// Diagonalises the bath in a range of particle numbers, by blocks of its symmetries.
    ///
    /// # Errors
    /// [`Error::Particles`] for a range beyond the sites; as [`diagonalise`].
    pub fn new(
        bath: &Hamiltonian,
        particles: RangeInclusive<usize>,
        symmetries: &Symmetries,
        wanted: Wanted,
        run: &Run<'_>,
    ) -> Result<Self> {
        let needed = Self::required_memory(bath, particles.clone(), symmetries, wanted, run)?;
        Error::require_memory(run, "diagonalisation of the bath", needed)?;
        let mut sectors = vec![None; bath.sites() + 1];
        let mut dimensions = Vec::new();
        for n in particles {
            dimensions.push((Sector::new(bath.sites(), n)?.dimension(), n));
        }
        // the largest first, of which a user waits to hear
        dimensions.sort_unstable_by(|a, b| b.cmp(a));
        let work = |dimension: u64| (dimension as f64).powi(3);
        let all: f64 = dimensions.iter().map(|(dimension, _)| work(*dimension)).sum();
        let mut done = 0.0;
        for &(dimension, n) in &dimensions {
            run.report(done / all, "diagonalisation of the bath")?;
            done += work(dimension);
            let h = SectorHamiltonian::new(bath, Sector::new(bath.sites(), n)?)?;
            sectors[n] = Some(diagonalise(&h, symmetries, wanted, run)?);
        }
        Ok(Self {
            bath: bath.clone(),
            sectors,
        })
    }

    /// Bytes that [`Self::new`] plans for, known before anything is done: those of its largest diagonalisation, or of the eigenvectors of all sectors if that is more.
    ///
    /// # Errors
    /// [`Error::Particles`] for a range beyond the sites.
    pub fn required_memory(
        bath: &Hamiltonian,
        particles: RangeInclusive<usize>,
        symmetries: &Symmetries,
        wanted: Wanted,
        run: &Run<'_>,
    ) -> Result<u128> {
        let scalar = if bath.is_real() { 8 } else { 16 };
        let (mut largest, mut vectors) = (0, 0);
        for n in particles {
            largest = largest.max(required_memory(bath, n, symmetries, wanted, run)?);
            if wanted == Wanted::States {
                for label in symmetries.labels() {
                    vectors += scalar * u128::from(symmetries.dimension(&label, n)?).pow(2);
                }
            }
        }
        Ok(largest.max(vectors))
    }

    /// H_B.
    #[must_use]
    pub fn bath(&self) -> &Hamiltonian {
        &self.bath
    }

    /// The spectrum with n particles.
    ///
    /// # Errors
    /// [`Error::MissingSector`] if that sector was not diagonalised.
    pub fn sector(&self, n: usize) -> Result<&Spectrum> {
        let found = self.sectors.get(n).and_then(Option::as_ref);
        found.ok_or(Error::MissingSector { particles: n })
    }

    /// Energies with n particles, for every n from 0 to M.
    ///
    /// # Errors
    /// [`Error::MissingSector`] unless all sectors were diagonalised.
    pub fn all_energies(&self) -> Result<Vec<Vec<f64>>> {
        (0..=self.bath.sites())
            .map(|n| Ok(self.sector(n)?.energies()))
            .collect()
    }

    /// The eigenstate of an index in ascending energy, from 0, with n particles.
    ///
    /// # Errors
    /// [`Error::DegenerateLevel`] if a neighbour lies within 1e-8 of the width of the sector: which state it is would be up to the diagonalisation.
    /// [`Error::NoLevel`], [`Error::MissingSector`], [`Error::NoStates`].
    pub fn eigenstate(&self, n: usize, index: usize) -> Result<BathMember> {
        let spectrum = self.sector(n)?;
        let (level, width) = self.level(n, index)?;
        if level.gap < DEGENERATE * width || (width == 0.0 && spectrum.levels.len() > 1) {
            return Err(Error::DegenerateLevel {
                index,
                gap: level.gap,
                width,
            });
        }
        self.member(n, index)
    }

    /// The eigenstate of an index within the block of a symmetry label, which breaks ties between levels that differ in symmetry only.
    ///
    /// # Errors
    /// As [`Self::eigenstate`], with the gap within the block; [`Error::NoBlock`] for a label without states.
    pub fn eigenstate_of_block(&self, n: usize, label: &[usize], index: usize) -> Result<BathMember> {
        let spectrum = self.sector(n)?;
        let block = spectrum.blocks.iter().position(|block| block.label == label);
        let block = block.ok_or_else(|| Error::NoBlock {
            label: label.to_vec(),
        })?;
        let energies = &spectrum.blocks[block].energies;
        let among_all = spectrum
            .levels
            .iter()
            .position(|level| (level.block, level.index) == (block, index));
        let among_all = among_all.ok_or(Error::NoLevel {
            index,
            levels: energies.len(),
        })?;
        let (_, width) = self.level(n, among_all)?;
        let neighbours = [
            index.checked_sub(1),
            Some(index + 1).filter(|next| *next < energies.len()),
        ];
        let gap = neighbours
            .iter()
            .flatten()
            .map(|&other| (energies[other] - energies[index]).abs())
            .fold(f64::INFINITY, f64::min);
        if gap < DEGENERATE * width {
            return Err(Error::DegenerateLevel { index, gap, width });
        }
        self.member(n, among_all)
    }

    /// β and α of an eigenstate, or of any energy with n particles; see [`match_temperature`].
    ///
    /// # Errors
    /// [`Error::MissingSector`] unless all sectors were diagonalised, or that of n particles for [`Matching::Sector`]; as [`match_temperature`].
    pub fn temperature(&self, n: usize, energy: f64, matching: Matching) -> Result<Matched> {
        let energies = if matching == Matching::Sector {
            let mut energies = vec![Vec::new(); self.sectors.len()];
            energies[n.min(self.bath.sites())] = self.sector(n)?.energies();
            energies
        } else {
            self.all_energies()?
        };
        match_temperature(&energies, n, energy, matching)
    }

    /// Any level as an eigenstate, with whatever state the diagonalisation chose if it is degenerate: for averages over whole levels.
    pub(super) fn member(&self, n: usize, index: usize) -> Result<BathMember> {
        let (level, _) = self.level(n, index)?;
        let state = self.sector(n)?.state(index).ok_or(Error::NoStates)?;
        Ok(BathMember {
            weight: 1.0,
            particles: n,
            energy: level.energy,
            state,
        })
    }

    /// A level and the width of its sector.
    fn level(&self, n: usize, index: usize) -> Result<(crate::diagonalise::Level, f64)> {
        let levels = &self.sector(n)?.levels;
        let level = levels.get(index).ok_or(Error::NoLevel {
            index,
            levels: levels.len(),
        })?;
        Ok((*level, levels[levels.len() - 1].energy - levels[0].energy))
    }
}

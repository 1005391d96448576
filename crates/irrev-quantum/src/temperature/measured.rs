//! β and α without diagonalisation: the levels of a sector as Gauss nodes of its density of states.
//!
//! Tr f(H) over a sector is a sum over any basis, D times the mean over random vectors, or a sum over one state of each orbit of the symmetries times the size of the orbit.
//! Each ⟨v|f(H)|v⟩ is summed by Gauss's rule from Lanczos' recurrence ([`SpectralMeasure`]), which for f = e^{−βH} is exact to rounding after some ten steps at high temperature.
//! The nodes of all vectors together, with their weights, then stand for the levels.
//!
//! Sources: Hams and De Raedt, Phys. Rev. E 62, 4365 (2000); Sugiura and Shimizu, Phys. Rev. Lett. 108, 240401 (2012), for typicality.

use std::ops::RangeInclusive;

use num_complex::Complex64;
use rayon::prelude::*;

use irrev_numerics::Run;

use super::matching::{Matching, Reservoir};
use super::newton::{Level, matched};
use crate::bath::SpectralMeasure;
use crate::diagonalise::point_group;
use crate::error::{Error, Result};
use crate::kernel::SectorHamiltonian;
use crate::lanczos::{LANES, spectral_bounds};
use crate::lattice::Lattice;
use crate::model::Hamiltonian;
use crate::random::random_state;
use crate::sector::Sector;

/// Vectors that the trace over a sector is taken with.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Probes<'a> {
    /// Every occupation, one for each orbit of the mirror images of the lattice that leave H as it is: exact up to rounding.
    Every(&'a Lattice),
    /// So many random vectors, 2 or more, with a statistical error of about 1/√(number · effective dimension).
    Random(usize),
}

/// Levels of a bath as nodes with weights, sector by sector.
///
/// ```
/// use irrev_numerics::Run;
/// use irrev_quantum::bath::BathSpectrum;
/// use irrev_quantum::diagonalise::{Symmetries, Wanted};
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::temperature::{Matching, MeasuredLevels, Probes};
/// use irrev_quantum::Hamiltonian;
/// let (run, grid) = (Run::default(), Lattice::square([3, 2], [Boundary::Open; 2])?);
/// let bath = Hamiltonian::uniform(&grid, 1.0, 0.2, 1.0)?;
/// let measured = MeasuredLevels::new(&bath, 0..=6, Probes::Every(&grid), 0.5, &run)?;
/// let found = measured.temperature(2, 1.5, Matching::Grand)?;
/// let spectrum = BathSpectrum::new(&bath, 0..=6, &Symmetries::none(&bath), Wanted::Levels, &run)?;
/// let exact = spectrum.temperature(2, 1.5, Matching::Grand)?.finite()?;
/// assert!((found.reservoir.beta - exact.beta).abs() < 1e-11 && found.standard_errors.is_none());
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct MeasuredLevels {
    nodes: Vec<Node>,
    /// Random vectors of each sector; none if every state was taken.
    vectors: usize,
    exponent: f64,
    sites: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Node {
    energy: f64,
    particles: usize,
    /// How many levels it stands for.
    weight: f64,
    /// Which random vector of its sector found it.
    vector: usize,
}

/// β and α with what is known of their error.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct MeasuredReservoir {
    /// β and α.
    pub reservoir: Reservoir,
    /// Standard errors of β and α over the random vectors (jackknife); `None` if every state was taken.
    pub standard_errors: Option<(f64, f64)>,
}

impl MeasuredLevels {
    /// Nodes good for |β| up to `exponent`, an inverse energy, of the sectors with the given particle numbers. What lies beyond must not matter at the β and α that are asked for.
    ///
    /// Every state: D²/g products of some 10 Lanczos steps a sector, for g mirror images. Random: one vector takes that many products of H, and 24 bytes a state.
    ///
    /// # Errors
    /// [`Error::Particles`]; [`Error::Domain`] for fewer than two random vectors; as [`SpectralMeasure::by_lanczos`]; [`irrev_numerics::Error::Memory`].
    pub fn new(
        bath: &Hamiltonian,
        particles: RangeInclusive<usize>,
        probes: Probes<'_>,
        exponent: f64,
        run: &Run<'_>,
    ) -> Result<Self> {
        if let Probes::Random(vectors) = probes {
            Error::require(
                "the number of random vectors",
                vectors as f64,
                vectors >= 2,
                "at least 2, as errors come from their differences",
            )?;
        }
        let mut nodes = Vec::new();
        for n in particles.clone() {
            run.report(
                (n - particles.start()) as f64 / (particles.end() - particles.start() + 1) as f64,
                "density of states of the bath",
            )?;
            let h = SectorHamiltonian::new(bath, Sector::new(bath.sites(), n)?)?;
            let reach = exponent * spectral_bounds(&h, run)?.half_width();
            let nodes_of = |found: &SpectralMeasure, weight: f64, vector: usize| -> Vec<Node> {
                let nodes = found.energies.iter().zip(&found.weights);
                nodes
                    .map(|(&energy, w)| Node {
                        energy,
                        particles: n,
                        weight: weight * w,
                        vector,
                    })
                    .filter(|node| node.weight > 0.0)
                    .collect()
            };
            let measured = |probe: Probe| SpectralMeasure::within(&h, &probe.state(&h, run.seed), reach, run);
            let found: Vec<Vec<Node>> = match probes {
                // several occupations together read the tables of H once
                Probes::Every(lattice) if h.is_real() => {
                    let orbits = orbits(bath, lattice, h.sector());
                    let of = |orbits: &[(usize, f64)]| {
                        let places: Vec<usize> = orbits.iter().map(|orbit| orbit.0).collect();
                        let found = SpectralMeasure::of_occupations(&h, &places, reach, run)?;
                        let nodes = orbits.iter().zip(&found);
                        Ok(nodes
                            .flat_map(|((_, size), found)| nodes_of(found, *size, 0))
                            .collect())
                    };
                    orbits.par_chunks(LANES).map(of).collect::<Result<_>>()?
                }
                Probes::Every(lattice) => {
                    let of = |(place, size): (usize, f64)| {
                        Ok(nodes_of(&measured(Probe::Occupation(place))?, size, 0))
                    };
                    let orbits = orbits(bath, lattice, h.sector());
                    orbits.into_par_iter().map(of).collect::<Result<_>>()?
                }
                Probes::Random(vectors) => {
                    // vectors one after the other: each product uses all threads, and memory is that of one
                    Error::require_memory(run, "the vectors of a trace", 5 * 16 * h.dimension() as u128)?;
                    let share = h.dimension() as f64 / vectors as f64;
                    let of = |vector: usize| {
                        let index = ((n as u32 + 1) << 16) | vector as u32;
                        Ok(nodes_of(&measured(Probe::Random(index))?, share, vector))
                    };
                    (0..vectors).map(of).collect::<Result<_>>()?
                }
            };
            nodes.extend(found.into_iter().flatten());
        }
        Ok(Self {
            nodes,
            vectors: if let Probes::Random(vectors) = probes {
                vectors
            } else {
                0
            },
            exponent,
            sites: bath.sites(),
        })
    }

    /// β and α of an energy with n particles; see [`super::match_temperature`]. α is 0 unless the ensemble is [`Matching::Grand`].
    ///
    /// # Errors
    /// [`Error::Domain`] for an energy outside of the nodes, or if |β| exceeds what they were measured for; [`Error::InfiniteReservoir`] for an empty or a full bath.
    pub fn temperature(
        &self,
        particles: usize,
        energy: f64,
        matching: Matching,
    ) -> Result<MeasuredReservoir> {
        if matching == Matching::Grand && (particles == 0 || particles == self.sites) {
            let what = if particles == 0 {
                "α = −∞"
            } else {
                "α = +∞"
            };
            return Err(Error::InfiniteReservoir { what });
        }
        let found = self.matched(particles, energy, matching, None)?;
        if self.vectors == 0 {
            return Ok(MeasuredReservoir {
                reservoir: found,
                standard_errors: None,
            });
        }
        let others: Vec<Reservoir> = (0..self.vectors)
            .map(|without| self.matched(particles, energy, matching, Some(without)))
            .collect::<Result<_>>()?;
        let count = others.len() as f64;
        let spread = |of: &dyn Fn(&Reservoir) -> f64| {
            let mean = others.iter().map(of).sum::<f64>() / count;
            let squares = others.iter().map(|other| (of(other) - mean).powi(2)).sum::<f64>();
            ((count - 1.0) / count * squares).sqrt()
        };
        Ok(MeasuredReservoir {
            reservoir: found,
            standard_errors: Some((spread(&|r| r.beta), spread(&|r| r.alpha))),
        })
    }

    /// Mean energy at β within the sector of n particles, as the nodes give it.
    ///
    /// # Errors
    /// [`Error::MissingSector`] if that sector was not measured; [`Error::Domain`] for |β| beyond what nodes were measured for.
    pub fn canonical_energy(&self, particles: usize, beta: f64) -> Result<f64> {
        self.require_exponent(beta)?;
        let nodes: Vec<&Node> = self
            .nodes
            .iter()
            .filter(|node| node.particles == particles)
            .collect();
        let lowest = nodes
            .iter()
            .map(|node| beta * node.energy)
            .fold(f64::INFINITY, f64::min);
        if nodes.is_empty() {
            return Err(Error::MissingSector { particles });
        }
        let (mut partition, mut energy) = (0.0, 0.0);
        for node in nodes {
            let weight = node.weight * (lowest - beta * node.energy).exp();
            partition += weight;
            energy += weight * node.energy;
        }
        Ok(energy / partition)
    }

    fn require_exponent(&self, beta: f64) -> Result<()> {
        Error::require(
            "β",
            beta,
            beta.abs() <= self.exponent,
            "at most what levels were measured for; measure them for a larger exponent",
        )
    }

    fn matched(
        &self,
        particles: usize,
        energy: f64,
        matching: Matching,
        without: Option<usize>,
    ) -> Result<Reservoir> {
        let levels: Vec<Level> = self
            .nodes
            .iter()
            .filter(|node| without != Some(node.vector))
            .filter(|node| matching != Matching::Sector || node.particles == particles)
            .map(|node| Level {
                energy: node.energy - energy,
                number: node.particles as f64 - particles as f64,
                logarithm: node.weight.ln(),
            })
            .collect();
        let inside =
            levels.iter().any(|level| level.energy < 0.0) && levels.iter().any(|level| level.energy > 0.0);
        Error::require(
            "the energy to match",
            energy,
            inside,
            "an energy inside the spectrum",
        )?;
        let start =
            (matching == Matching::Grand).then(|| (particles as f64 / (self.sites - particles) as f64).ln());
        let found = matched(&levels, start)?;
        self.require_exponent(found.beta)?;
        Ok(found)
    }
}

/// A vector to take a trace with.
enum Probe {
    /// The state of a place in the sector.
    Occupation(usize),
    /// The random vector of an index.
    Random(u32),
}

impl Probe {
    fn state(&self, h: &SectorHamiltonian, seed: u64) -> Vec<Complex64> {
        match self {
            Self::Occupation(place) => {
                let mut state = vec![Complex64::ZERO; h.dimension()];
                state[*place] = Complex64::ONE;
                state
            }
            // real vectors are as typical, and real H maps them twice as fast
            Self::Random(index) if h.is_real() => {
                let real: Vec<f64> = random_state(h.dimension(), seed, *index);
                real.into_iter().map(Complex64::from).collect()
            }
            Self::Random(index) => random_state(h.dimension(), seed, *index),
        }
    }
}

/// The first state of each orbit by its place, and the size of the orbit.
fn orbits(bath: &Hamiltonian, lattice: &Lattice, sector: &Sector) -> Vec<(usize, f64)> {
    let group = point_group(bath, lattice);
    let mut found = Vec::new();
    for (place, word) in sector.words().enumerate() {
        let mut images: Vec<u64> = group.iter().map(|element| element.apply(word)).collect();
        images.sort_unstable();
        images.dedup();
        if images[0] == word {
            found.push((place, images.len() as f64));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bath::BathSpectrum;
    use crate::diagonalise::{Symmetries, Wanted};
    use crate::lattice::Boundary;

    #[test]
    fn orbits_cover_a_sector_once() {
        let grid = Lattice::square([3, 3], [Boundary::Open; 2]).unwrap();
        let bath = Hamiltonian::uniform(&grid, 1.0, 0.3, 0.2).unwrap();
        for n in 0..=9 {
            let sector = Sector::new(9, n).unwrap();
            let sizes: f64 = orbits(&bath, &grid, &sector).iter().map(|orbit| orbit.1).sum();
            assert_eq!(sizes, sector.dimension() as f64);
        }
        let fewer = orbits(&bath, &grid, &Sector::new(9, 4).unwrap()).len();
        assert!(fewer < 126 / 4, "{fewer}");
    }

    #[test]
    fn every_state_gives_what_diagonalisation_gives_and_random_ones_nearly() {
        let (run, grid) = (
            Run::default(),
            Lattice::square([4, 3], [Boundary::Open; 2]).unwrap(),
        );
        let bath = Hamiltonian::uniform(&grid, 1.0, 0.1, 1.0).unwrap();
        let spectrum =
            BathSpectrum::new(&bath, 0..=12, &Symmetries::none(&bath), Wanted::Levels, &run).unwrap();
        let every = MeasuredLevels::new(&bath, 0..=12, Probes::Every(&grid), 0.6, &run).unwrap();
        let random = MeasuredLevels::new(&bath, 0..=12, Probes::Random(8), 0.6, &run).unwrap();
        for matching in [Matching::Grand, Matching::Sector, Matching::Fock] {
            for energy in [2.9, 3.6] {
                let exact = spectrum
                    .temperature(4, energy, matching)
                    .unwrap()
                    .finite()
                    .unwrap();
                let found = every.temperature(4, energy, matching).unwrap();
                assert!((found.reservoir.beta - exact.beta).abs() < 1e-11, "{matching:?}");
                assert!(
                    (found.reservoir.alpha - exact.alpha).abs() < 1e-11,
                    "{matching:?}"
                );
                let near = random.temperature(4, energy, matching).unwrap();
                let (beta, alpha) = near.standard_errors.unwrap();
                // eight vectors: t with 7 degrees of freedom exceeds 10 with a probability of 2e-5
                assert!((near.reservoir.beta - exact.beta).abs() < 10.0 * beta);
                assert!((near.reservoir.alpha - exact.alpha).abs() <= 10.0 * alpha);
            }
        }
        assert!(every.temperature(4, -8.0, Matching::Grand).is_err());
    }
}

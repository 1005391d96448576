//! Where walkers start.

use irrev_numerics::streams::{Purpose, fill_normals};

use super::boundary::Boundary;
use super::dynamics::Dynamics;
use crate::error::{Error, Result};

/// Velocities at the start.
#[derive(Debug, Clone, PartialEq)]
enum Velocities {
    /// Normal with variance Tᵢ/mᵢ.
    Thermal,
    /// Walker by walker.
    Given(Vec<f64>),
}

/// Positions and velocities of the walkers at the start.
///
/// Velocities are drawn from the Maxwell distribution of each coordinate's bath unless they are given; auxiliary variables of a memory are drawn from their equilibrium. Motion without inertia has neither.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    dimension: usize,
    positions: Vec<f64>,
    velocities: Velocities,
}

impl Start {
    /// All walkers at one point.
    ///
    /// ```
    /// use irrev_landscape::langevin::Start;
    /// assert_eq!(Start::at(&[-1.0, 0.0], 1000).walkers(), 1000);
    /// ```
    #[must_use]
    pub fn at(point: &[f64], walkers: usize) -> Self {
        Self {
            dimension: point.len(),
            positions: point.repeat(walkers),
            velocities: Velocities::Thermal,
        }
    }

    /// A position for each walker, one after the other: d numbers for the first, d for the second …
    ///
    /// # Errors
    /// [`Error::Size`] unless there are d numbers for each walker.
    pub fn of_positions(dimension: usize, positions: Vec<f64>) -> Result<Self> {
        let whole = positions.len() / dimension.max(1) * dimension;
        Error::require_size("the positions of walkers", positions.len(), whole)?;
        Ok(Self {
            dimension,
            positions,
            velocities: Velocities::Thermal,
        })
    }

    /// The same with given velocities, in the order of the positions.
    ///
    /// # Errors
    /// [`Error::Size`] unless there are as many as positions, [`Error::Domain`] for a velocity that is not finite.
    pub fn with_velocities(mut self, velocities: Vec<f64>) -> Result<Self> {
        Error::require_size(
            "the velocities of walkers",
            velocities.len(),
            self.positions.len(),
        )?;
        for &v in &velocities {
            Error::require("a velocity at the start", v, v.is_finite(), "a finite number")?;
        }
        self.velocities = Velocities::Given(velocities);
        Ok(self)
    }

    /// Number of walkers.
    #[must_use]
    pub fn walkers(&self) -> usize {
        self.positions.len() / self.dimension.max(1)
    }

    /// Number of coordinates.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Position of a walker, where its boundaries allow it.
    pub(super) fn position(&self, walker: usize, boundaries: &[Boundary]) -> Result<Vec<f64>> {
        let point = &self.positions[walker * self.dimension..(walker + 1) * self.dimension];
        let both = point.iter().zip(boundaries);
        both.map(|(x, boundary)| boundary.entered(*x)).collect()
    }

    /// Velocities and auxiliary variables of a walker: numbers of its own stream, so that they do not depend on the others.
    pub(super) fn motion(&self, walker: usize, dynamics: &Dynamics<'_>, seed: u64) -> (Vec<f64>, Vec<f64>) {
        let (masses, temperatures) = (dynamics.masses(), dynamics.temperatures());
        let auxiliaries = dynamics.auxiliaries();
        let d = masses.len();
        let mut drawn = vec![0.0; d + auxiliaries.iter().sum::<usize>()];
        fill_normals(seed, Purpose::InitialState, walker as u64, 0, &mut drawn);
        let thermal = |i: usize| (temperatures[i] / masses[i]).sqrt();
        let velocities = match &self.velocities {
            Velocities::Thermal => (0..d).map(|i| thermal(i) * drawn[i]).collect(),
            Velocities::Given(all) if d > 0 => all[walker * d..(walker + 1) * d].to_vec(),
            Velocities::Given(_) => Vec::new(),
        };
        let owners = auxiliaries
            .iter()
            .enumerate()
            .flat_map(|(i, k)| std::iter::repeat_n(i, *k));
        // without inertia there are no auxiliary variables either
        let hidden = owners.zip(&drawn[d..]).map(|(i, x)| thermal(i) * x).collect();
        (velocities, hidden)
    }

    /// Words that tell one start from another.
    pub(super) fn fingerprint(&self) -> String {
        // FNV-1a over the bits
        let fold = |hash: u64, x: &f64| (hash ^ x.to_bits()).wrapping_mul(0x0000_0100_0000_01b3);
        let hash = |x: &[f64]| x.iter().fold(0xcbf2_9ce4_8422_2325, fold);
        let velocities = match &self.velocities {
            Velocities::Thermal => 0,
            Velocities::Given(v) => hash(v),
        };
        format!(
            "{} walkers {:x} {velocities:x}",
            self.walkers(),
            hash(&self.positions)
        )
    }
}

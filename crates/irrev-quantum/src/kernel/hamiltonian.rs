//! The Hamiltonian of a sector as something that maps vectors to vectors.

use num_complex::Complex64;
use rayon::prelude::*;

use irrev_numerics::LinearOperator;
use irrev_numerics::linalg::{DenseScalar, vectorised};

use crate::error::{Error, Result};
use crate::model::Hamiltonian;
use crate::sector::Sector;

use super::block::block;
use super::tables::{Coefficient, Tables};

/// States that one task writes, at least; part of nothing that is computed.
const TASK: usize = 8192;

/// Factors of y ← h H x + x x + y y, all real: what a three-term recurrence asks of H.
///
/// The default is y ← H x.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Combination {
    /// Factor of H x.
    pub h: f64,
    /// Factor of x.
    pub x: f64,
    /// Factor of what y held before; at 0 that does not matter at all.
    pub y: f64,
}

impl Default for Combination {
    fn default() -> Self {
        Self {
            h: 1.0,
            x: 0.0,
            y: 0.0,
        }
    }
}

/// Amplitudes of a state, real or complex: `f64` or [`Complex64`].
pub trait Amplitude: DenseScalar + private::Sealed {
    /// Whether these are complex.
    const COMPLEX: bool;
    /// The number itself, or its real part where amplitudes are real.
    fn nearest(z: Complex64) -> Self;
    /// As a complex number.
    fn to_complex(self) -> Complex64;
    /// Multiplied by a real number.
    fn times_real(self, by: f64) -> Self;
    /// Multiplied by a complex number.
    fn times_complex(self, by: Complex64) -> Complex64;
}

mod private {
    use super::{Combination, SectorHamiltonian};

    pub trait Sealed: bytemuck::Pod {
        /// y ← h H x + b x + c y on vectors of fitting lengths; whether that is possible.
        fn combine(
            h: &SectorHamiltonian,
            combination: Combination,
            lanes: usize,
            x: &[Self],
            z: Option<&[Self]>,
            y: &mut [Self],
        ) -> bool;
    }
}

impl Amplitude for f64 {
    const COMPLEX: bool = false;
    #[inline(always)]
    fn nearest(z: Complex64) -> Self {
        z.re
    }
    #[inline(always)]
    fn to_complex(self) -> Complex64 {
        Complex64::new(self, 0.0)
    }
    #[inline(always)]
    fn times_real(self, by: f64) -> Self {
        self * by
    }
    #[inline(always)]
    fn times_complex(self, by: Complex64) -> Complex64 {
        Complex64::new(self * by.re, self * by.im)
    }
}

impl Amplitude for Complex64 {
    const COMPLEX: bool = true;
    #[inline(always)]
    fn nearest(z: Complex64) -> Self {
        z
    }
    #[inline(always)]
    fn to_complex(self) -> Complex64 {
        self
    }
    #[inline(always)]
    fn times_real(self, by: f64) -> Self {
        self * by
    }
    #[inline(always)]
    fn times_complex(self, by: Complex64) -> Complex64 {
        self * by
    }
}

impl private::Sealed for f64 {
    fn combine(
        h: &SectorHamiltonian,
        combination: Combination,
        lanes: usize,
        x: &[Self],
        z: Option<&[Self]>,
        y: &mut [Self],
    ) -> bool {
        let Kind::Real(tables) = &h.tables else {
            return false;
        };
        real_lanes(tables, combination, lanes, x, z, y);
        true
    }
}

impl private::Sealed for Complex64 {
    fn combine(
        h: &SectorHamiltonian,
        combination: Combination,
        lanes: usize,
        x: &[Self],
        z: Option<&[Self]>,
        y: &mut [Self],
    ) -> bool {
        match &h.tables {
            // real and imaginary parts are two real vectors side by side
            Kind::Real(tables) => real_lanes(
                tables,
                combination,
                2 * lanes,
                bytemuck::cast_slice(x),
                z.map(bytemuck::cast_slice),
                bytemuck::cast_slice_mut(y),
            ),
            Kind::Complex(tables) => match lanes {
                1 => all_blocks::<Complex64, 1>(tables, combination, x, z, y),
                2 => all_blocks::<Complex64, 2>(tables, combination, x, z, y),
                4 => all_blocks::<Complex64, 4>(tables, combination, x, z, y),
                _ => all_blocks::<Complex64, 8>(tables, combination, x, z, y),
            },
        }
        true
    }
}

fn real_lanes(
    tables: &Tables<f64>,
    combination: Combination,
    lanes: usize,
    x: &[f64],
    z: Option<&[f64]>,
    y: &mut [f64],
) {
    match lanes {
        1 => all_blocks::<f64, 1>(tables, combination, x, z, y),
        2 => all_blocks::<f64, 2>(tables, combination, x, z, y),
        4 => all_blocks::<f64, 4>(tables, combination, x, z, y),
        8 => all_blocks::<f64, 8>(tables, combination, x, z, y),
        _ => all_blocks::<f64, 16>(tables, combination, x, z, y),
    }
}

/// H of hard-core bosons in the sector of N particles, applied without being stored.
///
/// Memory: tables by half lattice, some 100 kB. One product takes about 5 to 20 ns a state and thread.
///
/// ```
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::{Hamiltonian, Sector, SectorHamiltonian};
/// let chain = Lattice::chain(4, Boundary::Open)?;
/// let h = SectorHamiltonian::new(&Hamiltonian::uniform(&chain, 1.0, 0.5, 0.0)?, Sector::new(4, 1)?)?;
/// let mut y = [0.0; 4];
/// h.apply(&[0.0, 1.0, 0.0, 0.0], &mut y)?;                              // a particle on site 1 hops both ways
/// assert_eq!(y, [-1.0, 0.0, -1.0, 0.0]);
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub struct SectorHamiltonian {
    model: Hamiltonian,
    sector: Sector,
    dimension: usize,
    tables: Kind,
}

enum Kind {
    Real(Tables<f64>),
    Complex(Tables<Complex64>),
}

impl SectorHamiltonian {
    /// The Hamiltonian in a sector of its lattice.
    ///
    /// # Errors
    /// [`Error::Size`] if the sector is one of another number of sites; [`Error::TooManyStates`] if a vector could not be indexed.
    pub fn new(model: &Hamiltonian, sector: Sector) -> Result<Self> {
        Error::require_size("the sector", sector.sites(), model.sites())?;
        let states = sector.dimension();
        let dimension = usize::try_from(states)
            .ok()
            .filter(|n| *n <= isize::MAX as usize / 16);
        let dimension = dimension.ok_or(Error::TooManyStates { states })?;
        let tables = if model.is_real() {
            Kind::Real(Tables::new(model, &sector)?)
        } else {
            Kind::Complex(Tables::new(model, &sector)?)
        };
        Ok(Self {
            model: model.clone(),
            sector,
            dimension,
            tables,
        })
    }

    /// The Hamiltonian on all of its sectors.
    #[must_use]
    pub fn model(&self) -> &Hamiltonian {
        &self.model
    }

    /// The sector.
    #[must_use]
    pub fn sector(&self) -> &Sector {
        &self.sector
    }

    /// Number of states.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Whether H maps real vectors to real ones.
    #[must_use]
    pub fn is_real(&self) -> bool {
        matches!(self.tables, Kind::Real(_))
    }

    /// `Ok` if H maps vectors of these amplitudes to vectors of them.
    ///
    /// # Errors
    /// [`Error::ComplexHoppings`].
    pub fn require_closed<T: Amplitude>(&self) -> Result<()> {
        if self.is_real() || T::COMPLEX {
            Ok(())
        } else {
            Err(Error::ComplexHoppings)
        }
    }

    /// y = H x.
    ///
    /// # Errors
    /// [`Error::Size`] unless both have the length [`Self::dimension`]; [`Error::ComplexHoppings`].
    pub fn apply<T: Amplitude>(&self, x: &[T], y: &mut [T]) -> Result<()> {
        self.combine(Combination::default(), 1, x, y)
    }

    /// y ← h H x + b x + c y with the factors of a combination, on 1, 2, 4 or 8 vectors side by side: `x[lanes * state + lane]`. One pass over memory; several
    /// vectors at once take less time than one after the other.
    ///
    /// # Errors
    /// [`Error::Lanes`], [`Error::Size`] unless both have the length `lanes` · [`Self::dimension`], [`Error::ComplexHoppings`].
    ///
    /// ```
    /// # use irrev_quantum::lattice::{Boundary, Lattice};
    /// # use irrev_quantum::{Combination, Hamiltonian, Sector, SectorHamiltonian};
    /// # let chain = Lattice::chain(2, Boundary::Open)?;
    /// let h = SectorHamiltonian::new(&Hamiltonian::uniform(&chain, 1.0, 0.0, 0.0)?, Sector::new(2, 1)?)?;
    /// let x = [1.0, 5.0, 2.0, 6.0];                                      // (1, 2) and (5, 6)
    /// let mut y = [1.0; 4];
    /// h.combine(Combination { h: 2.0, x: 1.0, y: -1.0 }, 2, &x, &mut y)?;
    /// assert_eq!(y, [-4.0, -8.0, -1.0, -5.0]);
    /// # Ok::<(), irrev_quantum::Error>(())
    /// ```
    pub fn combine<T: Amplitude>(
        &self,
        combination: Combination,
        lanes: usize,
        x: &[T],
        y: &mut [T],
    ) -> Result<()> {
        self.combine_checked(combination, lanes, x, None, y)
    }

    /// y ← h H x + b x + c z: as [`Self::combine`], with z in place of what y held before.
    ///
    /// # Errors
    /// As [`Self::combine`].
    pub fn combine_with<T: Amplitude>(
        &self,
        combination: Combination,
        lanes: usize,
        x: &[T],
        z: &[T],
        y: &mut [T],
    ) -> Result<()> {
        Error::require_size("the vector z", z.len(), x.len())?;
        self.combine_checked(combination, lanes, x, Some(z), y)
    }

    fn combine_checked<T: Amplitude>(
        &self,
        combination: Combination,
        lanes: usize,
        x: &[T],
        z: Option<&[T]>,
        y: &mut [T],
    ) -> Result<()> {
        if !matches!(lanes, 1 | 2 | 4 | 8) {
            return Err(Error::Lanes { lanes });
        }
        Error::require_size("the vector x", x.len(), lanes * self.dimension)?;
        Error::require_size("the vector y", y.len(), lanes * self.dimension)?;
        if T::combine(self, combination, lanes, x, z, y) {
            Ok(())
        } else {
            Err(Error::ComplexHoppings)
        }
    }
}

impl std::fmt::Debug for SectorHamiltonian {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SectorHamiltonian")
            .field("model", &self.model)
            .field("particles", &self.sector.particles())
            .field("dimension", &self.dimension)
            .finish_non_exhaustive()
    }
}

impl LinearOperator<Complex64> for SectorHamiltonian {
    fn dimension(&self) -> usize {
        self.dimension
    }

    fn apply(&self, x: &[Complex64], y: &mut [Complex64]) {
        <Complex64 as private::Sealed>::combine(self, Combination::default(), 1, x, None, y);
    }
}

/// All blocks, in tasks of neighbouring ones.
fn all_blocks<C: Coefficient, const W: usize>(
    tables: &Tables<C>,
    combination: Combination,
    x: &[C],
    z: Option<&[C]>,
    y: &mut [C],
) {
    let (x, y) = (x.as_chunks::<W>().0, y.as_chunks_mut::<W>().0);
    let z = z.map(|z| z.as_chunks::<W>().0);
    let starts = &tables.high.starts;
    let blocks = tables.high.words.len();
    let mut tasks = Vec::new();
    let (mut first, mut rest) = (0, y);
    for end in 1..=blocks {
        let states = starts[end] - starts[first];
        if states >= TASK || end == blocks {
            let (own, others) = rest.split_at_mut(states);
            tasks.push((first..end, own));
            (first, rest) = (end, others);
        }
    }
    let run = |(range, own): (std::ops::Range<usize>, &mut [[C; W]])| {
        let mut scratch = vec![0.0; tables.longest_block];
        vectorised(
            #[inline(always)]
            || {
                let mut rest = own;
                for index in range {
                    let (y, others) = rest.split_at_mut(starts[index + 1] - starts[index]);
                    block(tables, index, combination, (x, z), y, &mut scratch);
                    rest = others;
                }
            },
        );
    };
    if tasks.len() == 1 || rayon::current_num_threads() == 1 {
        tasks.into_iter().for_each(run);
    } else {
        tasks.into_par_iter().for_each(run);
    }
}

//! Force fields on blocks of walkers.
//!
//! A block is d rows of `lanes` walkers each: coordinate i of walker l of the block is `positions[i * lanes + l]`. A field answers for all walkers of a block at once, so that a loop over
//! a row becomes vector instructions, and an interpreter pays its overhead once for 64 walkers.
//!
//! F(x, t) = −∇V(x, t) + f(x, t): the potential V and the drive f, the part that is no gradient, are known to some fields only. With them work and heat can be told apart in every respect;
//! without them the heat alone is known.

use irrev_numerics::linalg::Matrix;

use super::rows::{rows, rows_mut};
use crate::error::{Error, Result};

/// What a field knows of itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Parts {
    /// V is known: [`ForceField::potential`] answers. Then F + ∇V is the drive, zero unless `drive` says otherwise.
    pub potential: bool,
    /// There is a part f that is no gradient: [`ForceField::drive`] answers.
    pub drive: bool,
    /// Forces or potential depend on time explicitly.
    pub time: bool,
}

/// Forces on walkers, and what of them is the gradient of a potential.
///
/// Answers must depend on the arguments only, and on those of a walker for this walker: on that rests that a run has the same bits on any number of threads.
///
/// ```
/// use irrev_landscape::Result;
/// use irrev_landscape::langevin::{ForceField, Parts};
/// /// V = (x² − 1)²
/// struct DoubleWell;
/// impl ForceField for DoubleWell {
///     fn dimension(&self) -> usize { 1 }
///     fn parts(&self) -> Parts { Parts { potential: true, ..Default::default() } }
///     fn forces(&self, _: f64, x: &[f64], _: usize, forces: &mut [f64]) -> Result<()> {
///         for (f, x) in forces.iter_mut().zip(x) { *f = -4.0 * x * (x * x - 1.0); }
///         Ok(())
///     }
///     fn potential(&self, _: f64, x: &[f64], _: usize, energies: &mut [f64]) -> Result<()> {
///         for (v, x) in energies.iter_mut().zip(x) { *v = (x * x - 1.0).powi(2); }
///         Ok(())
///     }
/// }
/// let mut forces = [0.0; 3];
/// DoubleWell.forces(0.0, &[-1.0, 0.5, 2.0], 3, &mut forces)?;
/// assert_eq!(forces, [0.0, 1.5, -24.0]);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
pub trait ForceField: Sync {
    /// Number of coordinates d.
    fn dimension(&self) -> usize;

    /// What the field knows of itself; by default nothing but its forces, which do not depend on time.
    fn parts(&self) -> Parts {
        Parts::default()
    }

    /// All forces F(x, t), drive included, d rows of `lanes`; energy per unit of the coordinate.
    ///
    /// # Errors
    /// What goes wrong in the evaluation, e.g. [`Error::Field`].
    fn forces(&self, time: f64, positions: &[f64], lanes: usize, forces: &mut [f64]) -> Result<()>;

    /// V(x, t) of each walker.
    ///
    /// # Errors
    /// [`Error::Missing`] unless `parts().potential`.
    fn potential(&self, time: f64, positions: &[f64], lanes: usize, energies: &mut [f64]) -> Result<()> {
        let _ = (time, positions, lanes, energies);
        Err(Error::Missing {
            what: "energies of the force field",
        })
    }

    /// The part f(x, t) of the forces that is no gradient, d rows of `lanes`.
    ///
    /// # Errors
    /// [`Error::Missing`] unless `parts().drive`.
    fn drive(&self, time: f64, positions: &[f64], lanes: usize, drive: &mut [f64]) -> Result<()> {
        let _ = (time, positions, lanes, drive);
        Err(Error::Missing {
            what: "non-gradient forces of the force field",
        })
    }

    /// The matrix A and the vector b of a field F = A x + b that does not depend on time, for integrators that are exact then.
    fn linear(&self) -> Option<(&Matrix, &[f64])> {
        None
    }

    /// Words that tell this field from others, so that a checkpoint is not continued with another; empty if it has none.
    fn fingerprint(&self) -> String {
        String::new()
    }
}

/// F = A x + b.
///
/// The potential is that of the symmetric part, V = −x·A_s x/2 − b·x; the antisymmetric part A_a x, which turns, is the drive.
///
/// ```
/// use irrev_landscape::langevin::{ForceField, LinearField};
/// use irrev_numerics::linalg::Matrix;
/// // a trap of stiffness 2 about x = 0.5
/// let trap = LinearField::new(Matrix::from_columns(1, vec![-2.0]), vec![1.0])?;
/// let mut forces = [0.0; 2];
/// trap.forces(0.0, &[0.5, 1.0], 2, &mut forces)?;
/// assert_eq!(forces, [0.0, -1.0]);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct LinearField {
    matrix: Matrix,
    offset: Vec<f64>,
    turns: bool,
}

impl LinearField {
    /// A (d × d, energy over coordinates squared) and b.
    ///
    /// # Errors
    /// [`Error::Size`] unless A is square and as large as b, [`Error::Domain`] for entries that are not finite.
    pub fn new(matrix: Matrix, offset: Vec<f64>) -> Result<Self> {
        let d = offset.len();
        Error::require_size("the rows of a force matrix", matrix.rows(), d)?;
        Error::require_size("the columns of a force matrix", matrix.columns(), d)?;
        for &entry in matrix.data().iter().chain(&offset) {
            Error::require(
                "an entry of a linear force",
                entry,
                entry.is_finite(),
                "a finite number",
            )?;
        }
        let turns = (0..d).any(|i| (0..i).any(|j| matrix[(i, j)] != matrix[(j, i)]));
        Ok(Self {
            matrix,
            offset,
            turns,
        })
    }

    /// A.
    #[must_use]
    pub fn matrix(&self) -> &Matrix {
        &self.matrix
    }

    /// b.
    #[must_use]
    pub fn offset(&self) -> &[f64] {
        &self.offset
    }
}

impl ForceField for LinearField {
    fn dimension(&self) -> usize {
        self.offset.len()
    }

    fn parts(&self) -> Parts {
        Parts {
            potential: true,
            drive: self.turns,
            time: false,
        }
    }

    fn forces(&self, _: f64, positions: &[f64], lanes: usize, forces: &mut [f64]) -> Result<()> {
        for (i, (row, b)) in rows_mut(forces, lanes).zip(&self.offset).enumerate() {
            row.fill(*b);
            for (j, x) in rows(positions, lanes).enumerate() {
                add_scaled(row, self.matrix[(i, j)], x);
            }
        }
        Ok(())
    }

    fn potential(&self, _: f64, positions: &[f64], lanes: usize, energies: &mut [f64]) -> Result<()> {
        energies.fill(0.0);
        for (i, (x, b)) in rows(positions, lanes).zip(&self.offset).enumerate() {
            for (v, x) in energies.iter_mut().zip(x) {
                *v -= b * x;
            }
            for (j, y) in rows(positions, lanes).enumerate() {
                // x·A x = x·A_s x
                let half = 0.5 * self.matrix[(i, j)];
                for ((v, x), y) in energies.iter_mut().zip(x).zip(y) {
                    *v -= half * x * y;
                }
            }
        }
        Ok(())
    }

    fn drive(&self, _: f64, positions: &[f64], lanes: usize, drive: &mut [f64]) -> Result<()> {
        for (i, row) in rows_mut(drive, lanes).enumerate() {
            row.fill(0.0);
            for (j, x) in rows(positions, lanes).enumerate() {
                add_scaled(row, 0.5 * (self.matrix[(i, j)] - self.matrix[(j, i)]), x);
            }
        }
        Ok(())
    }

    fn linear(&self) -> Option<(&Matrix, &[f64])> {
        Some((&self.matrix, &self.offset))
    }

    fn fingerprint(&self) -> String {
        format!("linear {:?} {:?}", self.matrix.data(), self.offset)
    }
}

/// row += factor · x.
#[inline(always)]
pub(super) fn add_scaled(row: &mut [f64], factor: f64, x: &[f64]) {
    for (r, x) in row.iter_mut().zip(x) {
        *r += factor * x;
    }
}

type VectorOfPoint<'a> = Box<dyn Fn(f64, &[f64], &mut [f64]) + Sync + 'a>;
type NumberOfPoint<'a> = Box<dyn Fn(f64, &[f64]) -> f64 + Sync + 'a>;

/// A field given by functions of one point, for trying things out; a field that answers for whole blocks is several times faster.
///
/// ```
/// use irrev_landscape::langevin::{ForceField, PointField};
/// // V = 1 − cos φ and a constant drive of 0.3 on a circle
/// let ring = PointField::new(1, |_, x, f| f[0] = -x[0].sin() + 0.3)
///     .with_potential(|_, x| 1.0 - x[0].cos())
///     .with_drive(|_, _, f| f[0] = 0.3);
/// let mut energies = [0.0];
/// ring.potential(0.0, &[std::f64::consts::PI], 1, &mut energies)?;
/// assert_eq!(energies, [2.0]);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
pub struct PointField<'a> {
    dimension: usize,
    forces: VectorOfPoint<'a>,
    potential: Option<NumberOfPoint<'a>>,
    drive: Option<VectorOfPoint<'a>>,
    time: bool,
    name: String,
}

impl<'a> PointField<'a> {
    /// A function (t, x, F) that writes all forces at x, drive included.
    #[must_use]
    pub fn new(dimension: usize, forces: impl Fn(f64, &[f64], &mut [f64]) + Sync + 'a) -> Self {
        Self {
            dimension,
            forces: Box::new(forces),
            potential: None,
            drive: None,
            time: false,
            name: String::new(),
        }
    }

    /// The same with V(t, x).
    #[must_use]
    pub fn with_potential(mut self, potential: impl Fn(f64, &[f64]) -> f64 + Sync + 'a) -> Self {
        self.potential = Some(Box::new(potential));
        self
    }

    /// The same with the part f(t, x) of the forces that is no gradient.
    #[must_use]
    pub fn with_drive(mut self, drive: impl Fn(f64, &[f64], &mut [f64]) + Sync + 'a) -> Self {
        self.drive = Some(Box::new(drive));
        self
    }

    /// The same, depending on time.
    #[must_use]
    pub fn depending_on_time(mut self) -> Self {
        self.time = true;
        self
    }

    /// The same with a name, by which a checkpoint knows it.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }
}

/// Calls a function of one point for each walker of a block.
fn by_points(positions: &[f64], lanes: usize, mut each: impl FnMut(usize, &[f64])) {
    let mut point = vec![0.0; positions.len() / lanes];
    for lane in 0..lanes {
        for (x, row) in point.iter_mut().zip(rows(positions, lanes)) {
            *x = row[lane];
        }
        each(lane, &point);
    }
}

fn vectors(f: &VectorOfPoint<'_>, time: f64, positions: &[f64], lanes: usize, found: &mut [f64]) {
    let mut vector = vec![0.0; positions.len() / lanes];
    by_points(positions, lanes, |lane, point| {
        f(time, point, &mut vector);
        for (row, v) in rows_mut(found, lanes).zip(&vector) {
            row[lane] = *v;
        }
    });
}

impl ForceField for PointField<'_> {
    fn dimension(&self) -> usize {
        self.dimension
    }

    fn parts(&self) -> Parts {
        Parts {
            potential: self.potential.is_some(),
            drive: self.drive.is_some(),
            time: self.time,
        }
    }

    fn forces(&self, time: f64, positions: &[f64], lanes: usize, forces: &mut [f64]) -> Result<()> {
        vectors(&self.forces, time, positions, lanes, forces);
        Ok(())
    }

    fn potential(&self, time: f64, positions: &[f64], lanes: usize, energies: &mut [f64]) -> Result<()> {
        let potential = self.potential.as_ref().ok_or(Error::Missing {
            what: "energies of the force field",
        })?;
        by_points(positions, lanes, |lane, point| {
            energies[lane] = potential(time, point)
        });
        Ok(())
    }

    fn drive(&self, time: f64, positions: &[f64], lanes: usize, drive: &mut [f64]) -> Result<()> {
        let of_point = self.drive.as_ref().ok_or(Error::Missing {
            what: "non-gradient forces of the force field",
        })?;
        vectors(of_point, time, positions, lanes, drive);
        Ok(())
    }

    fn fingerprint(&self) -> String {
        self.name.clone()
    }
}

/// The field of the reversed protocol: at time t that of another at τ − t.
///
/// Works from runs of both directions, each from its own equilibrium, give free energies by `irrev_network::simulation::estimators::bennett_acceptance_ratio` and `crooks`.
pub struct Reversed<'a> {
    field: &'a dyn ForceField,
    duration: f64,
}

impl<'a> Reversed<'a> {
    /// The field and the duration τ of the protocol.
    ///
    /// ```
    /// use irrev_landscape::langevin::{ForceField, PointField, Reversed};
    /// let pulled = PointField::new(1, |t, x, f| f[0] = 2.0 * t - x[0]).depending_on_time();
    /// let mut forces = [0.0];
    /// Reversed::new(&pulled, 3.0)?.forces(1.0, &[0.5], 1, &mut forces)?;
    /// assert_eq!(forces, [3.5]);
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Domain`] unless τ is finite.
    pub fn new(field: &'a dyn ForceField, duration: f64) -> Result<Self> {
        Error::require(
            "the duration of a protocol",
            duration,
            duration.is_finite(),
            "a finite number",
        )?;
        Ok(Self { field, duration })
    }
}

impl ForceField for Reversed<'_> {
    fn dimension(&self) -> usize {
        self.field.dimension()
    }

    fn parts(&self) -> Parts {
        self.field.parts()
    }

    fn forces(&self, time: f64, positions: &[f64], lanes: usize, forces: &mut [f64]) -> Result<()> {
        self.field.forces(self.duration - time, positions, lanes, forces)
    }

    fn potential(&self, time: f64, positions: &[f64], lanes: usize, energies: &mut [f64]) -> Result<()> {
        self.field
            .potential(self.duration - time, positions, lanes, energies)
    }

    fn drive(&self, time: f64, positions: &[f64], lanes: usize, drive: &mut [f64]) -> Result<()> {
        self.field.drive(self.duration - time, positions, lanes, drive)
    }

    fn linear(&self) -> Option<(&Matrix, &[f64])> {
        self.field.linear()
    }

    fn fingerprint(&self) -> String {
        format!("reversed from {} of {}", self.duration, self.field.fingerprint())
    }
}

//! Where a coordinate ends: nowhere, in a circle, or at walls.

use crate::error::{Error, Result};
use crate::record::Period;

/// The ends of a coordinate.
///
/// ```
/// use irrev_landscape::Period;
/// use irrev_landscape::langevin::{Boundary, LangevinOptions};
/// // an angle, and a distance from a wall
/// let wall = Boundary::Reflecting { lower: 0.0, upper: f64::INFINITY };
/// let options = LangevinOptions { boundaries: vec![Boundary::Periodic(Period::radians()), wall], ..Default::default() };
/// assert_eq!(options.boundaries.len(), 2);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum Boundary {
    /// The whole line.
    #[default]
    Free,
    /// A circle: positions lie in the period, and whole turns are counted.
    Periodic(Period),
    /// Walls, of which one may be infinitely far. What would lie behind a wall is mirrored at it, and the velocity reversed.
    ///
    /// Mirrored Euler steps have a weak error of first order. Source: Bossy, Gobet and Talay, J. Appl. Probab. 41, 877 (2004).
    Reflecting {
        /// Lower wall; −∞ for none.
        lower: f64,
        /// Upper wall; ∞ for none.
        upper: f64,
    },
}

impl Boundary {
    pub(super) fn check(self) -> Result<()> {
        if let Self::Reflecting { lower, upper } = self {
            Error::require(
                "the lower wall",
                lower,
                lower < upper,
                "a number below the upper wall",
            )?;
        }
        Ok(())
    }

    /// A start on the coordinate: inside of walls, brought into a period.
    pub(super) fn entered(self, x: f64) -> Result<f64> {
        Error::require("a position at the start", x, x.is_finite(), "a finite number")?;
        match self {
            Self::Free => Ok(x),
            Self::Periodic(period) => Ok(period.wrapped(x)),
            Self::Reflecting { lower, upper } => {
                let inside = x >= lower && x <= upper;
                Error::require(
                    "a position at the start",
                    x,
                    inside,
                    "a number between the reflecting walls",
                )?;
                Ok(x)
            }
        }
    }

    /// Whether a position that was brought back is where it should be; it is not after a step longer than the period, or than the room between walls.
    #[inline(always)]
    pub(super) fn holds(self, x: f64) -> bool {
        match self {
            Self::Free => true,
            Self::Periodic(period) => x >= period.start() && x < period.end(),
            Self::Reflecting { lower, upper } => x >= lower && x <= upper,
        }
    }

    /// Positions brought back into the period, with the turns they made.
    #[inline(always)]
    pub(super) fn wrap(self, positions: &mut [f64], turns: &mut [i64]) {
        let Self::Periodic(period) = self else { return };
        for (x, turns) in positions.iter_mut().zip(turns) {
            if *x < period.start() || *x >= period.end() {
                // a step longer than the period leaves it outside, where it is found
                *turns += if *x < period.start() { -1 } else { 1 };
                *x = period.brought_back(*x);
            }
        }
    }

    /// Positions behind a wall mirrored at it; the velocities of these walkers are reversed.
    #[inline(always)]
    pub(super) fn reflect(self, positions: &mut [f64], velocities: Option<&mut [f64]>) {
        let Self::Reflecting { lower, upper } = self else {
            return;
        };
        let mirrored = |x: f64| {
            if x < lower {
                2.0 * lower - x
            } else if x > upper {
                2.0 * upper - x
            } else {
                x
            }
        };
        match velocities {
            None => positions.iter_mut().for_each(|x| *x = mirrored(*x)),
            Some(velocities) => {
                for (x, v) in positions.iter_mut().zip(velocities) {
                    let inside = mirrored(*x);
                    // an exact comparison: what lies inside is returned as it is
                    if inside != *x {
                        *v = -*v;
                    }
                    *x = inside;
                }
            }
        }
    }
}

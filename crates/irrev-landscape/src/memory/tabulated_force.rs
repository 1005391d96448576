//! A mean force known in the cells of a coordinate, as a field for walkers, with where they may go.

use crate::error::{Error, Result};
use crate::grid::Grid;
use crate::langevin::{Boundary, ForceField};

/// Cells count as equally wide if they differ by less than this part.
const EVEN: f64 = 1e-6;

/// f(r), linearly interpolated between the centres of equal cells in which it is known, and constant beyond the outermost of them.
///
/// A circle whose cells are all known stays one. One with a gap is cut there: the longest run of unknown cells is left out and walls stand at its edges, since no force is known that would bring a
/// walker across; positions then go on beyond the period rather than jump. Shorter runs are bridged.
#[derive(Debug, Clone, PartialEq)]
pub struct TabulatedForce {
    start: f64,
    spacing: f64,
    values: Vec<f64>,
    boundary: Boundary,
}

impl TabulatedForce {
    /// From the force in each cell, NaN where it is not known; `reach` is where the walls of a coordinate on a line stand, such as the range of a recording.
    ///
    /// ```
    /// use irrev_landscape::Grid;
    /// use irrev_landscape::langevin::{Boundary, ForceField};
    /// use irrev_landscape::memory::TabulatedForce;
    /// let force = TabulatedForce::of_cells(&Grid::uniform(0.0, 4.0, 4)?, &[1.0, f64::NAN, -1.0, f64::NAN], (0.2, 3.9))?;
    /// let mut found = [0.0; 3];
    /// force.forces(0.0, &[0.3, 1.5, 3.0], 3, &mut found)?;
    /// assert_eq!(found, [1.0, 0.0, -1.0]);
    /// assert_eq!(force.boundary(), Boundary::Reflecting { lower: 0.2, upper: 3.9 });
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Size`] unless there is a force for each cell, [`Error::Unlike`] for cells of different widths, [`Error::Empty`] unless it is known in two cells, [`Error::Domain`] for walls that do not ascend.
    pub fn of_cells(grid: &Grid, force: &[f64], reach: (f64, f64)) -> Result<Self> {
        let n = grid.cells();
        Error::require_size("the forces in cells", force.len(), n)?;
        let widths = grid.widths();
        let width = widths[0];
        if widths.iter().any(|w| (w - width).abs() > EVEN * width) {
            return Err(Error::Unlike {
                what: "widths of the cells of a tabulated force",
            });
        }
        let known = |cell: usize| force[cell].is_finite();
        if (0..n).filter(|cell| known(*cell)).count() < 2 {
            return Err(Error::Empty {
                what: "the table of forces, but for one cell at most,",
                way_out: "give a longer recording, or fewer cells",
            });
        }
        let centres = grid.centres();
        let gap = grid.period().and_then(|_| longest_gap(n, &known));
        let (first, count, boundary) = match (grid.period(), gap) {
            (Some(period), None) => (0, n + 2, Boundary::Periodic(period)),
            (Some(_), Some((start, length))) => {
                let first = (start + length) % n;
                let lower = grid.edges()[first];
                let upper = lower + width * (n - length) as f64;
                (first, n - length, Boundary::Reflecting { lower, upper })
            }
            (None, _) => {
                let (lower, upper) = reach;
                Error::require(
                    "the upper wall",
                    upper,
                    lower < upper,
                    "a number above the lower wall",
                )?;
                let first = (0..n).find(|cell| known(*cell)).unwrap_or(0);
                let last = (0..n).rfind(|cell| known(*cell)).unwrap_or(first);
                (first, last - first + 1, Boundary::Reflecting { lower, upper })
            }
        };
        let round = matches!(boundary, Boundary::Periodic(_));
        // on a circle the table begins a cell before the first and ends one after the last
        let cell = |k: usize| (first + k + n - usize::from(round)) % n;
        let start = centres[first] - if round { width } else { 0.0 };
        Ok(Self {
            start,
            spacing: width,
            values: bridged((0..count).map(|k| force[cell(k)]).collect()),
            boundary,
        })
    }

    /// The ends of the coordinate.
    #[must_use]
    pub fn boundary(&self) -> Boundary {
        self.boundary
    }

    /// Largest |f'|, in 1/time².
    #[must_use]
    pub fn steepest(&self) -> f64 {
        let slopes = self.values.windows(2).map(|f| (f[1] - f[0]).abs() / self.spacing);
        slopes.fold(0.0, f64::max)
    }

    fn at(&self, r: f64) -> f64 {
        let last = self.values.len() - 1;
        let place = ((r - self.start) / self.spacing).clamp(0.0, last as f64);
        let below = (place as usize).min(last.saturating_sub(1));
        let part = place - below as f64;
        self.values[below] + part * (self.values[below + 1] - self.values[below])
    }
}

impl ForceField for TabulatedForce {
    fn dimension(&self) -> usize {
        1
    }

    fn forces(&self, _: f64, positions: &[f64], _: usize, forces: &mut [f64]) -> Result<()> {
        for (force, r) in forces.iter_mut().zip(positions) {
            *force = self.at(*r);
        }
        Ok(())
    }

    fn fingerprint(&self) -> String {
        format!("{self:?}")
    }
}

/// First cell and length of the longest run of unknown cells round a circle.
fn longest_gap(cells: usize, known: &impl Fn(usize) -> bool) -> Option<(usize, usize)> {
    let starts = (0..cells).filter(|cell| !known(*cell) && known((cell + cells - 1) % cells));
    let run = |start: usize| (0..cells).take_while(|k| !known((start + k) % cells)).count();
    starts
        .map(|start| (start, run(start)))
        // of equal ones the first
        .fold(None, |best, gap| match best {
            Some((_, length)) if length >= gap.1 => best,
            _ => Some(gap),
        })
}

/// Values with straight lines over what is not known between them; the first and the last are known.
fn bridged(mut values: Vec<f64>) -> Vec<f64> {
    let known: Vec<usize> = (0..values.len()).filter(|k| values[*k].is_finite()).collect();
    for pair in known.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let (from, to) = (values[a], values[b]);
        for k in a + 1..b {
            values[k] = from + (to - from) * (k - a) as f64 / (b - a) as f64;
        }
    }
    values
}

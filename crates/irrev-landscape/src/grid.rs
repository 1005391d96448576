//! Cells of a coordinate: on a line or on a circle, each closed on the left.
//!
//! Cell i holds e_i ≤ r < e_{i+1}: what lies on an edge belongs to the cell on its right, and the highest edge to none (on a circle, to the first).
//! The edges decide, also where the rounding of (r − e_0)/Δ would say otherwise.

use crate::error::{Error, Result};
use crate::record::Period;

/// Numbers below 2⁵¹ added to it are rounded to whole ones, which stand in the lowest bits.
const ROUNDS_TO_WHOLE: f64 = 6_755_399_441_055_744.0;

/// Most cells: their numbers must fit the lowest bits.
const MOST_CELLS: usize = 1 << 24;

/// Cells of one coordinate.
///
/// ```
/// use irrev_landscape::{Grid, Period};
/// let line = Grid::uniform(-1.0, 1.0, 4)?;
/// assert_eq!(line.edges(), [-1.0, -0.5, 0.0, 0.5, 1.0]);
/// assert_eq!((line.cell(0.5), line.cell(1.0)), (Some(3), None));
/// let circle = Grid::circle(Period::new(0.0, 1.0)?, 10)?;
/// assert_eq!(circle.cell(1.0), Some(0));
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// −∞, the edges, ∞: slot s lies between entries s and s + 1; slot 0 is what is below, slot i + 1 is cell i, the last is what is above.
    bounds: Vec<f64>,
    /// If all cells are equally wide.
    even: Option<Even>,
    period: Option<Period>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Even {
    /// Cells per unit of the coordinate.
    density: f64,
    /// More than (r − e_0)/Δ may be off by rounding, in cells, next to an edge.
    margin: f64,
}

impl Grid {
    /// Equal cells between two ends.
    ///
    /// # Errors
    /// [`Error::Domain`] unless 1 ≤ cells ≤ 2²⁴, [`Error::Edges`] unless the ends ascend and are far enough apart for the cells to differ.
    pub fn uniform(lowest: f64, highest: f64, cells: usize) -> Result<Self> {
        Self::equal(lowest, highest, cells, None)
    }

    /// Equal cells once around a circle.
    ///
    /// # Errors
    /// As [`Self::uniform`].
    pub fn circle(period: Period, cells: usize) -> Result<Self> {
        Self::equal(period.start(), period.end(), cells, Some(period))
    }

    fn equal(lowest: f64, highest: f64, cells: usize, period: Option<Period>) -> Result<Self> {
        Self::require_cells(cells)?;
        let edge = |i: usize| match i {
            0 => lowest,
            i if i == cells => highest,
            i => lowest + (highest - lowest) * (i as f64 / cells as f64),
        };
        let mut grid = Self::from_edges((0..=cells).map(edge).collect())?;
        // cells hardly wider than the rounding of their edges are searched for instead
        let resolved =
            (highest - lowest) / cells as f64 > 64.0 * f64::EPSILON * lowest.abs().max(highest.abs());
        let density = cells as f64 / (highest - lowest);
        let rounding = f64::EPSILON * (cells as f64 + lowest.abs().max(highest.abs()) * density);
        grid.even = resolved.then_some(Even {
            density,
            margin: 8.0 * rounding,
        });
        grid.period = period;
        Ok(grid)
    }

    /// Cells between any ascending edges.
    ///
    /// # Errors
    /// [`Error::Domain`] for fewer than two edges or more than 2²⁴ cells, [`Error::Edges`] if they do not ascend.
    pub fn from_edges(edges: Vec<f64>) -> Result<Self> {
        Self::require_cells(edges.len().saturating_sub(1))?;
        let mut bounds = Vec::with_capacity(edges.len() + 2);
        bounds.push(f64::NEG_INFINITY);
        for (index, value) in edges.into_iter().enumerate() {
            let before = bounds[index];
            if !(value > before && value.is_finite()) {
                return Err(Error::Edges { index, value, before });
            }
            bounds.push(value);
        }
        bounds.push(f64::INFINITY);
        Ok(Self {
            bounds,
            even: None,
            period: None,
        })
    }

    fn require_cells(cells: usize) -> Result<()> {
        let holds = (1..=MOST_CELLS).contains(&cells);
        Error::require("the number of cells", cells as f64, holds, "1 to 2²⁴")
    }

    /// Number of cells.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.bounds.len() - 3
    }

    /// The edges, one more than cells, in the unit of the coordinate.
    #[must_use]
    pub fn edges(&self) -> &[f64] {
        &self.bounds[1..self.bounds.len() - 1]
    }

    /// The middle of every cell.
    #[must_use]
    pub fn centres(&self) -> Vec<f64> {
        self.edges().windows(2).map(|e| 0.5 * (e[0] + e[1])).collect()
    }

    /// The width of every cell.
    #[must_use]
    pub fn widths(&self) -> Vec<f64> {
        self.edges().windows(2).map(|e| e[1] - e[0]).collect()
    }

    /// The period, if the cells go round a circle.
    #[must_use]
    pub fn period(&self) -> Option<Period> {
        self.period
    }

    /// The cell of a value; `None` outside of the cells and for NaN.
    #[must_use]
    pub fn cell(&self, value: f64) -> Option<usize> {
        if value.is_nan() {
            return None;
        }
        (self.slot(value) as usize)
            .checked_sub(1)
            .filter(|cell| *cell < self.cells())
    }

    /// Number of slots: the cells and one on either side.
    pub(crate) fn slots(&self) -> usize {
        self.cells() + 2
    }

    /// The slot of a number: 0 below the cells, i + 1 in cell i, the last above.
    #[inline(always)]
    pub(crate) fn slot(&self, value: f64) -> u32 {
        let value = self.period.map_or(value, |period| period.brought_back(value));
        let Some(Even { density, .. }) = self.even else {
            return (self.edges().partition_point(|edge| *edge <= value)) as u32;
        };
        // a guess that is off by one at most, then the edges themselves; no branches
        let place = ((value - self.bounds[1]) * density).clamp(-1.0, self.cells() as f64);
        let guess = ((place + 0.5) + ROUNDS_TO_WHOLE).to_bits() as u32 & (2 * MOST_CELLS as u32 - 1);
        let lower = guess - u32::from(value < self.bounds[guess as usize]);
        lower + u32::from(value >= self.bounds[lower as usize + 1])
    }

    /// The slot of each number, as [`Self::slot`] gives it; none may be NaN.
    #[inline(always)]
    pub(crate) fn slots_of(&self, values: &[f64], slots: &mut [u32]) {
        let clear = match (self.even, self.period) {
            (Some(even), None) => self.slots_by_place(even, |x| x, values, slots),
            (Some(even), Some(period)) => {
                self.slots_by_place(even, |x| period.brought_back(x), values, slots)
            }
            (None, _) => false,
        };
        if !clear {
            for (slot, x) in slots.iter_mut().zip(values) {
                *slot = self.slot(*x);
            }
        }
    }

    /// Slots by (r − e_0)/Δ alone, in a loop that vectorises; `false` if a number is so close to an edge that rounding may have put it on the wrong side.
    #[inline(always)]
    fn slots_by_place(
        &self,
        even: Even,
        back: impl Fn(f64) -> f64,
        values: &[f64],
        slots: &mut [u32],
    ) -> bool {
        let (lowest, last) = (self.bounds[1], self.cells() as f64 + 0.5);
        let mut doubtful = false;
        for (slot, x) in slots.iter_mut().zip(values) {
            // the middle of slot s is at s; far away is the middle of the outer slots
            let place = ((back(*x) - lowest) * even.density).clamp(-0.5, last) + 0.5;
            let rounded = place + ROUNDS_TO_WHOLE;
            doubtful |= (place - (rounded - ROUNDS_TO_WHOLE)).abs() > 0.5 - even.margin;
            *slot = rounded.to_bits() as u32 & (2 * MOST_CELLS as u32 - 1);
        }
        !doubtful
    }

    /// As [`Self::slot`], with what lies on an edge below it; on a circle from 1 to the number of cells.
    pub(crate) fn slot_from_below(&self, value: f64) -> usize {
        let value = self.period.map_or(value, |period| period.brought_back(value));
        let slot = self.slot(value) as usize;
        match slot {
            slot if value > self.bounds[slot] => slot,
            1 if self.period.is_some() => self.cells(),
            slot => slot - 1,
        }
    }

    /// The grid goes round the same circle as the coordinate, or both lie on a line.
    pub(crate) fn require_period(&self, period: Option<Period>) -> Result<()> {
        if self.period == period {
            Ok(())
        } else {
            Err(Error::Unlike {
                what: "periods: that of the cells and that of the coordinate",
            })
        }
    }

    /// Runs of neighbouring cells for which `populated` is true, in ascending order; on a circle a run may pass its end.
    ///
    /// ```
    /// use irrev_landscape::{Grid, Period};
    /// let circle = Grid::circle(Period::new(0.0, 1.0)?, 5)?;
    /// let runs = circle.components(&[true, false, true, true, true]);
    /// assert_eq!(runs[0].cells, [2, 3, 4, 0]);
    /// assert!(!runs[0].closed);
    /// # Ok::<(), irrev_landscape::Error>(())
    /// ```
    #[must_use]
    pub fn components(&self, populated: &[bool]) -> Vec<Component> {
        let inside = |cell: usize| populated.get(cell).copied().unwrap_or(false);
        let n = self.cells();
        let mut runs: Vec<Vec<usize>> = Vec::new();
        for cell in (0..n).filter(|cell| inside(*cell)) {
            match runs.last_mut() {
                Some(run) if run.last() == Some(&cell.wrapping_sub(1)) => run.push(cell),
                _ => runs.push(vec![cell]),
            }
        }
        let closed = self.period.is_some() && runs.len() == 1 && runs[0].len() == n;
        let joined = self.period.is_some() && runs.len() > 1 && inside(0) && inside(n - 1);
        if joined {
            let first = runs.remove(0);
            if let Some(last) = runs.last_mut() {
                last.extend(first);
            }
        }
        runs.into_iter()
            .map(|cells| Component { cells, closed })
            .collect()
    }
}

/// A run of neighbouring cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// The cells in the order of the coordinate; on a circle they may pass from the last to the first.
    pub cells: Vec<usize>,
    /// Whether the run is the whole circle, so that its last cell is a neighbour of its first.
    pub closed: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edges_decide_for_every_value_next_to_them() {
        // widths that are no binary fractions: the product with the density rounds to either side of whole numbers
        for (lowest, highest, cells) in [
            (-std::f64::consts::PI, std::f64::consts::PI, 24),
            (0.1, 0.7, 997),
            (-3.0, 1e9, 7),
        ] {
            let grid = Grid::uniform(lowest, highest, cells).unwrap();
            for (i, &edge) in grid.edges().iter().enumerate() {
                assert_eq!(grid.cell(edge), Some(i).filter(|i| *i < cells));
                assert_eq!(grid.cell(edge.next_down()), i.checked_sub(1));
            }
        }
    }

    #[test]
    fn uneven_cells_and_far_values_fall_where_they_should() {
        let uneven = Grid::from_edges(vec![0.0, 1.0, 10.0]).unwrap();
        assert_eq!(
            (
                uneven.cell(0.0),
                uneven.cell(1.0),
                uneven.cell(10.0),
                uneven.cell(-1.0)
            ),
            (Some(0), Some(1), None, None)
        );
        let even = Grid::uniform(0.0, 1.0, 3).unwrap();
        for far in [-f64::MAX, f64::MAX, f64::NEG_INFINITY, f64::INFINITY, f64::NAN] {
            assert_eq!(even.cell(far), None, "{far}");
        }
        assert!(matches!(
            Grid::from_edges(vec![0.0, 1.0, 1.0]),
            Err(Error::Edges { index: 2, .. })
        ));
        assert!(matches!(
            Grid::uniform(1.0, 0.0, 2),
            Err(Error::Edges { index: 1, .. })
        ));
        assert!(Grid::uniform(0.0, 1.0, 0).is_err());
    }

    #[test]
    fn many_at_once_fall_where_each_falls() {
        let slots = |grid: &Grid, values: &[f64]| {
            let mut found = vec![0; values.len()];
            grid.slots_of(values, &mut found);
            found
        };
        for (lowest, highest, cells) in [
            (0.1, 0.7, 997),
            (-3.0, 1e9, 7),
            (1e6, 1e6 + 1.0, 100),
            (-2.0, 2.0, 4),
        ] {
            let grid = Grid::uniform(lowest, highest, cells).unwrap();
            let width = (highest - lowest) / cells as f64;
            // all numbers at once on, next to and between edges, and one by one, where some are clear of them
            let near = grid
                .edges()
                .iter()
                .flat_map(|e| [*e, e.next_down(), e.next_up(), e + 0.3 * width, e - 1e-9 * width]);
            let values: Vec<f64> = near.chain([f64::MIN, f64::MAX, lowest - 0.2 * width]).collect();
            let expected: Vec<u32> = values.iter().map(|x| grid.slot(*x)).collect();
            assert_eq!(slots(&grid, &values), expected);
            let single: Vec<u32> = values.iter().flat_map(|x| slots(&grid, &[*x])).collect();
            assert_eq!(single, expected);
        }
        let circle = Grid::circle(Period::radians(), 24).unwrap();
        let values: Vec<f64> = (0..400).map(|k| -3.2 + 0.016 * f64::from(k)).collect();
        let expected: Vec<u32> = values.iter().map(|x| circle.slot(*x)).collect();
        assert_eq!(slots(&circle, &values), expected);
        let uneven = Grid::from_edges(vec![0.0, 1.0, 10.0]).unwrap();
        assert_eq!(slots(&uneven, &[0.5, 3.0, -1.0, 11.0]), [1, 2, 0, 3]);
    }

    #[test]
    fn a_whole_circle_is_one_closed_run() {
        let circle = Grid::circle(Period::new(-1.0, 2.0).unwrap(), 3).unwrap();
        let runs = circle.components(&[true; 3]);
        assert_eq!(
            runs,
            [Component {
                cells: vec![0, 1, 2],
                closed: true
            }]
        );
        let line = Grid::uniform(-1.0, 1.0, 3).unwrap();
        assert!(!line.components(&[true; 3])[0].closed);
        assert_eq!(line.components(&[true, false, true]).len(), 2);
        assert!(line.components(&[false; 3]).is_empty());
    }
}

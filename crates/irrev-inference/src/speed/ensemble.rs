//! One quantity of many cells at common times; cells may be missing.

use crate::error::{Error, Result};

/// Values of cells at common times.
///
/// ```
/// use irrev_inference::speed::CellEnsemble;
/// let long = CellEnsemble::from_long(&[0.0, 0.0, 1.0], &[7, 9, 7], &[1.5, 2.5, 3.5])?;
/// assert_eq!((long.times(), long.cells()), (&[0.0, 1.0][..], 2));
/// assert!(long.frame(1)[1].is_nan());                            // cell 9 is missing at time 1
/// # Ok::<(), irrev_inference::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CellEnsemble {
    times: Vec<f64>,
    cells: usize,
    /// Frame after frame; NaN where a cell is missing.
    values: Vec<f64>,
}

impl CellEnsemble {
    /// From rows (time, cell, value) in any order. Times are equal where their bits are.
    ///
    /// # Errors
    /// [`Error::Size`]; [`Error::Entry`] for a number that is not finite; [`Error::Twice`] for a cell with two values at a time.
    pub fn from_long(times: &[f64], cells: &[u64], values: &[f64]) -> Result<Self> {
        for (what, found) in [
            ("cells of a long table", cells.len()),
            ("values of a long table", values.len()),
        ] {
            if found != times.len() {
                return Err(Error::Size {
                    what,
                    found,
                    expected: times.len(),
                });
            }
        }
        for (what, column) in [
            ("times of a long table", times),
            ("values of a long table", values),
        ] {
            if let Some(index) = column.iter().position(|x| !x.is_finite()) {
                return Err(Error::Entry {
                    what: what.into(),
                    index,
                    value: column[index],
                });
            }
        }
        let mut frames = times.to_vec();
        frames.sort_by(f64::total_cmp);
        frames.dedup();
        let mut names = cells.to_vec();
        names.sort_unstable();
        names.dedup();
        let mut table = vec![f64::NAN; frames.len() * names.len()];
        for ((&time, &cell), &value) in times.iter().zip(cells).zip(values) {
            let frame = frames.partition_point(|&t| t < time);
            let place = names.partition_point(|&c| c < cell);
            let entry = &mut table[frame * names.len() + place];
            if !entry.is_nan() {
                return Err(Error::Twice { cell, time });
            }
            *entry = value;
        }
        Ok(Self {
            times: frames,
            cells: names.len(),
            values: table,
        })
    }

    /// From a table of frames × cells, frame after frame, NaN where a cell is missing.
    ///
    /// # Errors
    /// [`Error::Size`]; [`Error::Times`] for times that do not rise; [`Error::Entry`] for an infinite value.
    pub fn from_wide(times: &[f64], cells: usize, values: &[f64]) -> Result<Self> {
        if values.len() != times.len() * cells {
            return Err(Error::Size {
                what: "values of a wide table",
                found: values.len(),
                expected: times.len() * cells,
            });
        }
        for (index, &value) in times.iter().enumerate() {
            let before = if index > 0 {
                times[index - 1]
            } else {
                f64::NEG_INFINITY
            };
            if !(value > before && value.is_finite()) {
                return Err(Error::Times {
                    what: "wide table of cells".into(),
                    index,
                    value,
                    before,
                });
            }
        }
        if let Some(index) = values.iter().position(|x| x.is_infinite()) {
            return Err(Error::Entry {
                what: "values of a wide table".into(),
                index,
                value: values[index],
            });
        }
        Ok(Self {
            times: times.to_vec(),
            cells,
            values: values.to_vec(),
        })
    }

    /// Times of the frames, rising.
    #[must_use]
    pub fn times(&self) -> &[f64] {
        &self.times
    }

    /// Number of different cells.
    #[must_use]
    pub fn cells(&self) -> usize {
        self.cells
    }

    /// Values at one frame, cell by cell; NaN where a cell is missing.
    ///
    /// # Panics
    /// If there is no such frame.
    #[must_use]
    pub fn frame(&self, frame: usize) -> &[f64] {
        &self.values[frame * self.cells..(frame + 1) * self.cells]
    }

    /// The smallest number of cells in a frame, and the frame; `None` without frames.
    pub(super) fn emptiest(&self) -> Option<(usize, usize)> {
        (0..self.times.len())
            .map(|frame| (self.frame(frame).iter().filter(|x| !x.is_nan()).count(), frame))
            .min()
    }
}

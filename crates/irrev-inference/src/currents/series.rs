//! Series of points as they are given.

use std::borrow::Cow;

use crate::error::{Error, Result};

/// Points in d dimensions at equal steps, in one or several uninterrupted segments (trajectories, or what gaps leave of one).
///
/// A segment holds its points one after the other, d numbers each, borrowed or owned. Steps are taken inside of a segment only; a segment of one point has none and is left out.
///
/// ```
/// use irrev_inference::currents::Series;
/// let (first, second) = ([0.0, 1.0, 0.5, 1.5, 0.25, 2.0], [3.0, 1.0, 2.0, 2.0]);
/// let series = Series::new([&first[..], &second], 2, 0.1)?;
/// assert_eq!((series.dimension(), series.points(), series.steps()), (2, 5, 3));
/// assert!(Series::new([&[1.0, 2.0, 1.0, 3.0][..]], 2, 0.1).is_err());       // the first coordinate never changes
/// # Ok::<(), irrev_inference::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Series<'a> {
    segments: Vec<Cow<'a, [f64]>>,
    dimension: usize,
    step: f64,
}

impl<'a> Series<'a> {
    /// Series of the given segments, dimension (at least 1) and step (positive, in the data's unit of time).
    ///
    /// # Errors
    /// [`Error::Domain`] for dimension or step; [`Error::Size`] for a segment that does not hold whole points; [`Error::Entry`] for a value that is no finite number;
    /// [`Error::TooFew`] without a single step; [`Error::Constant`] for a coordinate that has one value throughout.
    pub fn new<S: Into<Cow<'a, [f64]>>>(
        segments: impl IntoIterator<Item = S>,
        dimension: usize,
        step: f64,
    ) -> Result<Self> {
        Error::require(
            "the dimension of points",
            dimension as f64,
            dimension > 0,
            "at least 1",
        )?;
        let positive = step > 0.0 && step.is_finite();
        Error::require("the step of time", step, positive, "a positive number")?;
        let mut kept = Vec::new();
        for (number, segment) in segments.into_iter().enumerate() {
            let segment: Cow<'a, [f64]> = segment.into();
            if !segment.len().is_multiple_of(dimension) {
                return Err(Error::Size {
                    what: "a segment of points in their dimension",
                    found: segment.len(),
                    expected: segment.len().next_multiple_of(dimension),
                });
            }
            if let Some(index) = segment.iter().position(|x| !x.is_finite()) {
                return Err(Error::Entry {
                    what: format!("coordinate {} of segment {number}, points", index % dimension),
                    index: index / dimension,
                    value: segment[index],
                });
            }
            if segment.len() > dimension {
                kept.push(segment);
            }
        }
        let series = Self {
            segments: kept,
            dimension,
            step,
        };
        series.require_steps("a series", 1)?;
        series.require_motion()?;
        Ok(series)
    }

    /// Series of one segment given by its coordinates, a column each.
    ///
    /// ```
    /// use irrev_inference::currents::Series;
    /// let series = Series::from_columns(&[&[0.0, 0.5, 0.25], &[1.0, 1.5, 2.0]], 0.1)?;
    /// assert_eq!(series.segment(0), [0.0, 1.0, 0.5, 1.5, 0.25, 2.0]);
    /// # Ok::<(), irrev_inference::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Size`] for columns of different lengths, and as [`Self::new`].
    pub fn from_columns(columns: &[&[f64]], step: f64) -> Result<Series<'static>> {
        let points = columns.first().map_or(0, |column| column.len());
        if let Some(other) = columns.iter().find(|column| column.len() != points) {
            return Err(Error::Size {
                what: "a column",
                found: other.len(),
                expected: points,
            });
        }
        let mut rows = Vec::with_capacity(points * columns.len());
        for t in 0..points {
            rows.extend(columns.iter().map(|column| column[t]));
        }
        Series::new([rows], columns.len(), step)
    }

    /// d.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Time between points.
    #[must_use]
    pub fn step(&self) -> f64 {
        self.step
    }

    /// Number of segments with at least one step.
    #[must_use]
    pub fn segments(&self) -> usize {
        self.segments.len()
    }

    /// Points of a segment one after the other.
    ///
    /// # Panics
    /// If there is no such segment.
    #[must_use]
    pub fn segment(&self, number: usize) -> &[f64] {
        &self.segments[number]
    }

    /// Number of points.
    #[must_use]
    pub fn points(&self) -> usize {
        self.each().map(|points| points.len() / self.dimension).sum()
    }

    /// Number of steps, one less than points in every segment.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.points() - self.segments.len()
    }

    pub(super) fn each(&self) -> impl Iterator<Item = &[f64]> {
        self.segments.iter().map(|segment| &segment[..])
    }

    /// Steps `range` of all, counted through the segments, as a series that borrows this one.
    pub(super) fn part(&self, range: std::ops::Range<usize>) -> Series<'_> {
        let d = self.dimension;
        let mut segments = Vec::new();
        let mut before = 0;
        for points in self.each() {
            let steps = points.len() / d - 1;
            let (from, to) = (
                range.start.clamp(before, before + steps) - before,
                range.end.clamp(before, before + steps) - before,
            );
            if from < to {
                segments.push(Cow::Borrowed(&points[from * d..(to + 1) * d]));
            }
            before += steps;
        }
        Series {
            segments,
            dimension: d,
            step: self.step,
        }
    }

    /// Steps `range` of each segment that has them all, as a series that borrows this one.
    pub(super) fn window(&self, range: std::ops::Range<usize>) -> Series<'_> {
        let d = self.dimension;
        let whole = self.each().filter(|points| points.len() / d > range.end);
        let segments = whole.map(|points| Cow::Borrowed(&points[range.start * d..(range.end + 1) * d]));
        Series {
            segments: segments.collect(),
            dimension: d,
            step: self.step,
        }
    }

    /// Mean of each coordinate over all points.
    pub(super) fn mean(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.dimension];
        for points in self.each() {
            // about the first point, so that an offset costs no digits; one partial sum for each segment
            let first = &points[..self.dimension];
            let mut own = vec![0.0; self.dimension];
            for point in points.chunks_exact(self.dimension) {
                for ((sum, x), origin) in own.iter_mut().zip(point).zip(first) {
                    *sum += x - origin;
                }
            }
            let n = (points.len() / self.dimension) as f64;
            for ((sum, own), origin) in sums.iter_mut().zip(&own).zip(first) {
                *sum += own + n * origin;
            }
        }
        let n = self.points() as f64;
        sums.iter().map(|sum| sum / n).collect()
    }

    pub(super) fn require_steps(&self, what: &'static str, needed: usize) -> Result<()> {
        let found = self.steps();
        if found >= needed {
            return Ok(());
        }
        Err(Error::TooFew {
            what,
            unit: "steps",
            found,
            needed,
        })
    }

    fn require_motion(&self) -> Result<()> {
        for a in 0..self.dimension {
            let first = self.segments[0][a];
            let moves = |points: &[f64]| points[a..].iter().step_by(self.dimension).any(|x| *x != first);
            if !self.each().any(moves) {
                return Err(Error::Constant {
                    what: format!("coordinate {a}"),
                    value: first,
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_series_are_refused_with_place_and_value() {
        let nan = Series::new([vec![0.0, 1.0], vec![1.0, f64::NAN]], 1, 1.0).unwrap_err();
        assert_eq!(
            nan.to_string().split("; ").next(),
            Some("coordinate 0 of segment 1, points, entry 1 is NaN")
        );
        assert!(Series::new([vec![0.0, 1.0, 2.0]], 2, 1.0).is_err());
        assert!(Series::new([vec![0.0, 1.0]], 1, 0.0).is_err());
        assert!(Series::new([vec![0.0]], 1, 1.0).is_err());
        assert!(Series::new(Vec::<Vec<f64>>::new(), 1, 1.0).is_err());
        assert!(Series::from_columns(&[], 1.0).is_err());
        assert!(Series::from_columns(&[&[0.0, 1.0], &[1.0]], 1.0).is_err());
    }

    #[test]
    fn parts_hold_the_steps_that_are_asked_for() {
        let series = Series::new([vec![0.0, 1.0, 2.0], vec![9.0], vec![5.0, 6.0, 7.0, 8.0]], 1, 1.0).unwrap();
        assert_eq!(series.steps(), 5);
        let part = series.part(1..3);
        let found: Vec<&[f64]> = part.each().collect();
        assert_eq!(found, [&[1.0, 2.0][..], &[5.0, 6.0]]);
        assert_eq!(series.part(0..5).steps(), 5);
        assert_eq!(series.mean(), [29.0 / 7.0]);
    }
}

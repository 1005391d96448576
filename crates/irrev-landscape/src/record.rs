//! Trajectories as they are given: segments of columns that nobody has touched yet.
//!
//! A record is any number of uninterrupted segments. A segment has 1 to m coordinates, one column each, at equal steps or at given times, and optionally
//! velocities, accelerations (or forces over mass) and metrics g = ∇R·M⁻¹∇R of each frame. Columns are borrowed: 10⁸ frames may lie in a mapped file.
//! Differences are taken inside of a segment only.
//!
//! Shapes, times and weights are checked when a segment is made; values are checked where they are first read, in the same pass, or by [`Record::check`].

use std::ops::Range;

use crate::error::{Error, Result};

/// How far beyond its ends a periodic coordinate may lie, in periods: what rounding to single precision does to an angle.
const ROUNDING_OF_PERIOD: f64 = 1e-6;

/// The period of a coordinate and where its range begins, in the unit of the coordinate.
///
/// ```
/// use irrev_landscape::Period;
/// let angle = Period::new(-180.0, 360.0)?;
/// assert_eq!(angle.nearest_image(350.0), -10.0);
/// assert_eq!(angle.wrapped(540.0), -180.0);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Period {
    start: f64,
    length: f64,
}

impl Period {
    /// A range from `start` to `start + length`, whose ends are one point.
    ///
    /// # Errors
    /// [`Error::Domain`] unless both are finite and the length is positive.
    pub fn new(start: f64, length: f64) -> Result<Self> {
        Error::require(
            "the start of a period",
            start,
            start.is_finite(),
            "a finite number",
        )?;
        let positive = length > 0.0 && length.is_finite() && start + length > start;
        Error::require(
            "the length of a period",
            length,
            positive,
            "a positive number that its start does not swallow",
        )?;
        Ok(Self { start, length })
    }

    /// Angles from −π to π.
    #[must_use]
    pub fn radians() -> Self {
        Self {
            start: -std::f64::consts::PI,
            length: std::f64::consts::TAU,
        }
    }

    /// Where the range begins.
    #[must_use]
    pub fn start(self) -> f64 {
        self.start
    }

    /// Where it ends.
    #[must_use]
    pub fn end(self) -> f64 {
        self.start + self.length
    }

    /// Its length.
    #[must_use]
    pub fn length(self) -> f64 {
        self.length
    }

    /// The value in the range that is the same point of the circle: start ≤ result < end.
    #[must_use]
    pub fn wrapped(self, value: f64) -> f64 {
        let turns = ((value - self.start) / self.length).floor();
        self.brought_back(value - turns * self.length)
    }

    /// [`Self::wrapped`] for values less than a period outside of the range.
    #[inline(always)]
    pub(crate) fn brought_back(self, value: f64) -> f64 {
        let below = if value < self.start {
            value + self.length
        } else {
            value
        };
        // what rounding leaves at the end is the start
        if below >= self.end() {
            (below - self.length).max(self.start)
        } else {
            below
        }
    }

    /// A difference of two values in the range, taken the short way round.
    #[inline(always)]
    #[must_use]
    pub fn nearest_image(self, difference: f64) -> f64 {
        let half = 0.5 * self.length;
        let lower = if difference > half {
            difference - self.length
        } else {
            difference
        };
        if lower < -half { lower + self.length } else { lower }
    }

    pub(crate) fn holds(self, value: f64) -> bool {
        let margin = ROUNDING_OF_PERIOD * self.length;
        value >= self.start - margin && value <= self.end() + margin
    }
}

/// When the frames of a segment were taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Clock<'a> {
    /// At equal steps of this length.
    Step(f64),
    /// At these times, which ascend.
    Times(&'a [f64]),
}

impl<'a> Clock<'a> {
    fn part(self, frames: Range<usize>) -> Self {
        match self {
            Self::Step(step) => Self::Step(step),
            Self::Times(times) => Self::Times(&times[frames]),
        }
    }
}

/// One uninterrupted stretch of a trajectory.
///
/// ```
/// use irrev_landscape::record::{Clock, Segment};
/// let (x, v) = ([0.0, 0.1, 0.3], [1.0, 1.5, 2.0]);
/// let segment = Segment::new(Clock::Step(0.1), vec![&x])?.with_velocities(vec![&v])?.with_weight(2.0)?;
/// assert_eq!((segment.frames(), segment.coordinates()), (3, 1));
/// assert!(Segment::new(Clock::Times(&[0.0, 0.2, 0.2]), vec![&x]).is_err());
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Segment<'a> {
    clock: Clock<'a>,
    positions: Vec<&'a [f64]>,
    velocities: Option<Vec<&'a [f64]>>,
    accelerations: Option<Vec<&'a [f64]>>,
    metrics: Option<Vec<&'a [f64]>>,
    weight: f64,
}

impl<'a> Segment<'a> {
    /// Positions of one or more coordinates, a column each, with their clock; weight 1.
    ///
    /// # Errors
    /// [`Error::Empty`] without a coordinate, [`Error::Size`] if columns differ in length, [`Error::Domain`] for a step that is not positive,
    /// [`Error::NotFinite`] and [`Error::Times`] for times that are no numbers or do not ascend.
    pub fn new(clock: Clock<'a>, positions: Vec<&'a [f64]>) -> Result<Self> {
        let first = positions.first().ok_or(Error::Empty {
            what: "the list of coordinates",
            way_out: "give at least one",
        })?;
        let frames = first.len();
        require_columns("a column of positions", &positions, positions.len(), frames)?;
        match clock {
            Clock::Step(step) => {
                Error::require(
                    "the time step",
                    step,
                    step > 0.0 && step.is_finite(),
                    "a positive number",
                )?;
            }
            Clock::Times(times) => {
                Error::require_size("the column of times", times.len(), frames)?;
                require_ascending(times)?;
            }
        }
        Ok(Self {
            clock,
            positions,
            velocities: None,
            accelerations: None,
            metrics: None,
            weight: 1.0,
        })
    }

    /// The same with velocities ṙ, a column for each coordinate.
    ///
    /// # Errors
    /// [`Error::Size`].
    pub fn with_velocities(mut self, columns: Vec<&'a [f64]>) -> Result<Self> {
        require_columns("the velocities", &columns, self.coordinates(), self.frames())?;
        self.velocities = Some(columns);
        Ok(self)
    }

    /// The same with accelerations r̈ (for a mass-weighted Cartesian coordinate: forces), a column for each coordinate.
    ///
    /// # Errors
    /// [`Error::Size`].
    pub fn with_accelerations(mut self, columns: Vec<&'a [f64]>) -> Result<Self> {
        require_columns("the accelerations", &columns, self.coordinates(), self.frames())?;
        self.accelerations = Some(columns);
        Ok(self)
    }

    /// The same with metrics g = ∇R·M⁻¹∇R of every frame, a column for each coordinate: ⟨Ṙ²; r⟩ = kT ⟨g; r⟩.
    ///
    /// # Errors
    /// [`Error::Size`].
    pub fn with_metrics(mut self, columns: Vec<&'a [f64]>) -> Result<Self> {
        require_columns("the metrics", &columns, self.coordinates(), self.frames())?;
        self.metrics = Some(columns);
        Ok(self)
    }

    /// The same with another weight of all its frames.
    ///
    /// # Errors
    /// [`Error::Domain`] unless the weight is positive.
    pub fn with_weight(mut self, weight: f64) -> Result<Self> {
        Error::require(
            "the weight of a segment",
            weight,
            weight > 0.0 && weight.is_finite(),
            "a positive number",
        )?;
        self.weight = weight;
        Ok(self)
    }

    /// Number of frames.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.positions[0].len()
    }

    /// Number of coordinates.
    #[must_use]
    pub fn coordinates(&self) -> usize {
        self.positions.len()
    }

    /// When its frames were taken.
    #[must_use]
    pub fn clock(&self) -> Clock<'a> {
        self.clock
    }

    /// Weight of its frames in averages.
    #[must_use]
    pub fn weight(&self) -> f64 {
        self.weight
    }

    /// The column of positions of a coordinate.
    ///
    /// # Errors
    /// [`Error::NoCoordinate`].
    pub fn positions(&self, coordinate: usize) -> Result<&'a [f64]> {
        self.positions
            .get(coordinate)
            .copied()
            .ok_or(Error::NoCoordinate {
                coordinate,
                coordinates: self.coordinates(),
            })
    }

    /// The column of velocities of a coordinate.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::NoCoordinate`].
    pub fn velocities(&self, coordinate: usize) -> Result<&'a [f64]> {
        self.column("velocities", &self.velocities, coordinate)
    }

    /// The column of accelerations of a coordinate.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::NoCoordinate`].
    pub fn accelerations(&self, coordinate: usize) -> Result<&'a [f64]> {
        self.column("accelerations", &self.accelerations, coordinate)
    }

    /// The column of metrics of a coordinate.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::NoCoordinate`].
    pub fn metrics(&self, coordinate: usize) -> Result<&'a [f64]> {
        self.column("metrics", &self.metrics, coordinate)
    }

    fn column(
        &self,
        what: &'static str,
        columns: &Option<Vec<&'a [f64]>>,
        coordinate: usize,
    ) -> Result<&'a [f64]> {
        let columns = columns.as_ref().ok_or(Error::Missing { what })?;
        let coordinates = self.coordinates();
        columns.get(coordinate).copied().ok_or(Error::NoCoordinate {
            coordinate,
            coordinates,
        })
    }

    /// A part of the segment; frames beyond its end are left out.
    #[must_use]
    pub fn part(&self, frames: Range<usize>) -> Self {
        let end = frames.end.min(self.frames());
        let frames = frames.start.min(end)..end;
        let cut = |columns: &Vec<&'a [f64]>| columns.iter().map(|column| &column[frames.clone()]).collect();
        Self {
            clock: self.clock.part(frames.clone()),
            positions: cut(&self.positions),
            velocities: self.velocities.as_ref().map(cut),
            accelerations: self.accelerations.as_ref().map(cut),
            metrics: self.metrics.as_ref().map(cut),
            weight: self.weight,
        }
    }

    fn columns(&self) -> impl Iterator<Item = (&'static str, &'a [f64])> + '_ {
        let named = |what: &'static str, columns: &'_ Option<Vec<&'a [f64]>>| {
            columns
                .iter()
                .flatten()
                .map(move |column| (what, *column))
                .collect::<Vec<_>>()
        };
        self.positions
            .iter()
            .map(|column| ("a position", *column))
            .chain(named("a velocity", &self.velocities))
            .chain(named("an acceleration", &self.accelerations))
            .chain(named("a metric", &self.metrics))
    }
}

/// The uninterrupted pieces of a segment: it is cut where two frames are further apart in time than `longest_step`, and rows in which some value is
/// no number are left out. A piece has at least one frame.
///
/// ```
/// use irrev_landscape::record::{Clock, Segment, pieces};
/// let times = [0.0, 0.1, 0.2, 5.0, 5.1];
/// let x = [1.0, 2.0, 3.0, f64::NAN, 5.0];
/// let found = pieces(&Segment::new(Clock::Times(&times), vec![&x])?, 0.15);
/// let frames: Vec<usize> = found.iter().map(|piece| piece.frames()).collect();
/// assert_eq!(frames, [3, 1]);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
#[must_use]
pub fn pieces<'a>(segment: &Segment<'a>, longest_step: f64) -> Vec<Segment<'a>> {
    let whole = |row: usize| segment.columns().all(|(_, column)| column[row].is_finite());
    let follows = |row: usize| match segment.clock {
        Clock::Step(step) => step <= longest_step,
        Clock::Times(times) => times[row] - times[row - 1] <= longest_step,
    };
    let mut found = Vec::new();
    let mut start = 0;
    let mut open = false;
    for row in 0..segment.frames() {
        let keep = whole(row);
        if open && !(keep && follows(row)) {
            found.push(segment.part(start..row));
            open = false;
        }
        if keep && !open {
            (start, open) = (row, true);
        }
    }
    if open {
        found.push(segment.part(start..segment.frames()));
    }
    found
}

/// Segments of the same coordinates.
///
/// ```
/// use irrev_landscape::record::{Clock, Record, Segment};
/// use irrev_landscape::Period;
/// let phi = [3.0, 3.1, -3.1];
/// let segment = Segment::new(Clock::Step(0.004), vec![&phi])?;
/// let record = Record::new(vec![Some(Period::radians())], vec![segment])?;
/// record.check()?;
/// assert_eq!(record.frames(), 3);
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Record<'a> {
    periods: Vec<Option<Period>>,
    segments: Vec<Segment<'a>>,
}

impl<'a> Record<'a> {
    /// Segments with the period of each coordinate, `None` for one on a line.
    ///
    /// # Errors
    /// [`Error::Size`] if some segment has another number of coordinates.
    pub fn new(periods: Vec<Option<Period>>, segments: Vec<Segment<'a>>) -> Result<Self> {
        for segment in &segments {
            Error::require_size(
                "a segment's list of coordinates",
                segment.coordinates(),
                periods.len(),
            )?;
        }
        Ok(Self { periods, segments })
    }

    /// One coordinate on a line, in any number of trajectories at equal steps.
    ///
    /// # Errors
    /// As [`Segment::new`].
    pub fn of_positions(step: f64, trajectories: impl IntoIterator<Item = &'a [f64]>) -> Result<Self> {
        let segments = trajectories
            .into_iter()
            .map(|x| Segment::new(Clock::Step(step), vec![x]));
        Self::new(vec![None], segments.collect::<Result<_>>()?)
    }

    /// Its segments.
    #[must_use]
    pub fn segments(&self) -> &[Segment<'a>] {
        &self.segments
    }

    /// The period of every coordinate.
    #[must_use]
    pub fn periods(&self) -> &[Option<Period>] {
        &self.periods
    }

    /// The period of one coordinate.
    ///
    /// # Errors
    /// [`Error::NoCoordinate`].
    pub fn period(&self, coordinate: usize) -> Result<Option<Period>> {
        let coordinates = self.periods.len();
        self.periods.get(coordinate).copied().ok_or(Error::NoCoordinate {
            coordinate,
            coordinates,
        })
    }

    /// Frames of all segments.
    #[must_use]
    pub fn frames(&self) -> u64 {
        self.segments.iter().map(|segment| segment.frames() as u64).sum()
    }

    /// Reads every value once: all are numbers, and periodic coordinates lie in their period.
    ///
    /// # Errors
    /// [`Error::NotFinite`], [`Error::OutsidePeriod`].
    pub fn check(&self) -> Result<()> {
        for segment in &self.segments {
            for (what, column) in segment.columns() {
                require_numbers(what, column, 0)?;
            }
            for (coordinate, (period, column)) in self.periods.iter().zip(&segment.positions).enumerate() {
                require_inside(*period, coordinate, column, 0)?;
            }
        }
        Ok(())
    }
}

fn require_columns(what: &'static str, columns: &[&[f64]], coordinates: usize, frames: usize) -> Result<()> {
    Error::require_size(what, columns.len(), coordinates)?;
    columns
        .iter()
        .try_for_each(|column| Error::require_size(what, column.len(), frames))
}

fn require_ascending(times: &[f64]) -> Result<()> {
    require_numbers("a time", times, 0)?;
    match times.windows(2).position(|pair| pair[1] <= pair[0]) {
        Some(place) => Err(Error::Times {
            row: place as u64 + 1,
            time: times[place + 1],
            before: times[place],
        }),
        None => Ok(()),
    }
}

/// All values are finite; `first_row` is the row of the first of them.
#[inline(always)]
pub(crate) fn require_numbers(what: &'static str, column: &[f64], first_row: u64) -> Result<()> {
    // without a branch for each value, so that the loop vectorises
    if column.iter().fold(true, |all, x| all & x.is_finite()) {
        return Ok(());
    }
    match column.iter().position(|x| !x.is_finite()) {
        Some(row) => Err(Error::NotFinite {
            what,
            row: first_row + row as u64,
            value: column[row],
        }),
        None => Ok(()),
    }
}

/// All values lie in the period, if there is one.
#[inline(always)]
pub(crate) fn require_inside(
    period: Option<Period>,
    coordinate: usize,
    column: &[f64],
    first_row: u64,
) -> Result<()> {
    let Some(period) = period else { return Ok(()) };
    if column.iter().fold(true, |all, x| all & period.holds(*x)) {
        return Ok(());
    }
    match column.iter().position(|x| !period.holds(*x)) {
        Some(row) => Err(Error::OutsidePeriod {
            coordinate,
            row: first_row + row as u64,
            value: column[row],
            start: period.start(),
            end: period.end(),
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named_with_its_row() {
        let x = [0.0, f64::NAN, 7.0];
        let times = [0.0, 2.0, 1.0];
        let uneven = Segment::new(Clock::Times(&times), vec![&x]);
        assert_eq!(
            uneven,
            Err(Error::Times {
                row: 2,
                time: 1.0,
                before: 2.0
            })
        );
        assert!(matches!(
            Segment::new(Clock::Step(0.0), vec![&x]),
            Err(Error::Domain { .. })
        ));
        assert!(matches!(
            Segment::new(Clock::Step(1.0), vec![]),
            Err(Error::Empty { .. })
        ));
        let segment = Segment::new(Clock::Step(1.0), vec![&x]).unwrap();
        assert!(matches!(
            segment.clone().with_velocities(vec![&x[..2]]),
            Err(Error::Size {
                found: 2,
                expected: 3,
                ..
            })
        ));
        assert!(matches!(
            segment.velocities(0),
            Err(Error::Missing { what: "velocities" })
        ));
        assert!(matches!(
            segment.positions(1),
            Err(Error::NoCoordinate {
                coordinate: 1,
                coordinates: 1
            })
        ));
        let record = Record::new(vec![None], vec![segment.clone()]).unwrap();
        assert!(matches!(record.check(), Err(Error::NotFinite { row: 1, .. })));
        let angle = Record::new(vec![Some(Period::radians())], pieces(&segment, 1.0)).unwrap();
        assert!(matches!(
            angle.check(),
            Err(Error::OutsidePeriod {
                row: 0,
                value: 7.0,
                ..
            })
        ));
        assert!(Record::new(vec![None; 2], vec![segment]).is_err());
    }

    #[test]
    fn single_precision_may_pass_the_end_of_a_period_and_is_brought_back() {
        let pi = f64::from(std::f32::consts::PI);
        let period = Period::radians();
        assert!(pi > period.end());
        let x = [pi, -pi];
        let record = Record::new(
            vec![Some(period)],
            vec![Segment::new(Clock::Step(1.0), vec![&x]).unwrap()],
        )
        .unwrap();
        record.check().unwrap();
        assert!(period.brought_back(pi) >= period.start() && period.brought_back(-pi) < period.end());
        assert_eq!(period.wrapped(period.end()), period.start());
        assert!(period.wrapped(-1e-300 + period.start()) < period.end());
    }

    #[test]
    fn a_gap_of_rows_without_numbers_cuts_whatever_their_place() {
        let nan = f64::NAN;
        for (x, expected) in [
            (vec![nan, 1.0, 2.0, nan], vec![2]),
            (vec![1.0, nan, nan, 2.0, 3.0], vec![1, 2]),
            (vec![nan, nan], vec![]),
        ] {
            let segment = Segment::new(Clock::Step(1.0), vec![&x]).unwrap();
            let frames: Vec<usize> = pieces(&segment, 2.0).iter().map(Segment::frames).collect();
            assert_eq!(frames, expected);
        }
    }
}

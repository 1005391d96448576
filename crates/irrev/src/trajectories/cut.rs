//! From rows to uninterrupted trajectories: values are checked, and what does not go on is cut or refused.

use irrev_landscape::Period;

use super::fault::fault;
use super::pace::Pace;
use super::reading::{Gaps, OutsidePeriod, Reading};
use super::roles::Roles;
use super::rows::{Block, Layout};
use crate::error::{Error, Result};

/// Frames of a piece that is handed on, at most.
pub(super) const CHUNK: usize = 65_536;

/// How far beyond the ends of its period a coordinate may lie, in periods, as in `irrev_landscape::Record`.
const ROUNDING_OF_PERIOD: f64 = 1e-6;

/// Some frames of a trajectory that follow each other.
#[derive(Debug)]
pub(super) struct Piece<'a> {
    pub(super) file: usize,
    /// Columns of values.
    pub(super) columns: &'a [Vec<f64>],
    /// Their times, where there is a column of them.
    pub(super) times: &'a [f64],
    /// Frames of the trajectory before.
    pub(super) first: u64,
    /// At the end of a trajectory.
    pub(super) end: Option<End>,
}

/// What is known of a trajectory at its end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct End {
    /// The step, where all are even.
    pub(super) step: Option<f64>,
    /// Whether steps are uneven, and could be even but for the digits of their times.
    pub(super) is_coarse: bool,
}

/// Takes what is cut.
pub(super) type Sink<'s, E> = dyn FnMut(Piece<'_>) -> Result<(), E> + 's;

/// Cuts the rows of one file.
pub(super) struct Cutter<'a> {
    pub(super) file: usize,
    pub(super) layout: &'a Layout,
    pub(super) roles: &'a Roles,
    pub(super) reading: &'a Reading,
    /// Frames that wait to be handed on.
    columns: Vec<Vec<f64>>,
    times: Vec<f64>,
    /// Frames of the open trajectory that were handed on.
    handed: u64,
    /// Times of the open trajectory.
    pace: Option<Pace>,
    /// Frames of the open trajectory that wait.
    waiting: usize,
    /// Number of the open trajectory, by its column.
    number: Option<f64>,
    /// Smallest and largest value of each coordinate.
    pub(super) ranges: Vec<[f64; 2]>,
}

impl<'a> Cutter<'a> {
    pub(super) fn new(file: usize, layout: &'a Layout, roles: &'a Roles, reading: &'a Reading) -> Self {
        Self {
            file,
            layout,
            roles,
            reading,
            columns: vec![Vec::new(); roles.values],
            times: Vec::new(),
            handed: 0,
            pace: None,
            waiting: 0,
            number: None,
            ranges: vec![[f64::INFINITY, f64::NEG_INFINITY]; roles.coordinates],
        }
    }

    /// Takes the rows of a block.
    pub(super) fn push<E: From<Error>>(
        &mut self,
        block: &mut Block,
        sink: &mut Sink<'_, E>,
    ) -> Result<(), E> {
        if block.begins {
            self.end(sink)?;
            self.number = None;
        }
        let whole = self.whole_rows(block)?;
        self.check_periods(block)?;
        let rows = block.rows();
        if whole.is_none() && self.roles.time.is_none() && self.roles.trajectory.is_none() {
            return self.take(block, 0..rows, sink);
        }
        let mut start = 0;
        for row in 0..rows {
            if whole.as_ref().is_some_and(|whole| !whole[row]) {
                self.take(block, start..row, sink)?;
                self.end(sink)?;
                start = row + 1;
                continue;
            }
            if self.begins_anew(block, row)? {
                self.take(block, start..row, sink)?;
                self.end(sink)?;
                start = row;
            }
            if let Some(place) = self.roles.time {
                let time = block.columns[place][row];
                match &mut self.pace {
                    Some(pace) => pace.push(time, block.rounding),
                    None => self.pace = Some(Pace::from(time)),
                }
            }
        }
        self.take(block, start..rows, sink)
    }

    /// Ends the open trajectory.
    pub(super) fn end<E: From<Error>>(&mut self, sink: &mut Sink<'_, E>) -> Result<(), E> {
        let pace = self.pace.take();
        if self.waiting > 0 {
            let end = End {
                step: self.roles.step.or_else(|| pace.and_then(|pace| pace.step())),
                is_coarse: pace.is_some_and(|pace| pace.is_coarse()),
            };
            self.hand_on(Some(end), sink)?;
        }
        self.handed = 0;
        Ok(())
    }

    fn hand_on<E: From<Error>>(&mut self, end: Option<End>, sink: &mut Sink<'_, E>) -> Result<(), E> {
        sink(Piece {
            file: self.file,
            columns: &self.columns,
            times: &self.times,
            first: self.handed,
            end,
        })?;
        self.handed += self.waiting as u64;
        self.waiting = 0;
        self.columns.iter_mut().for_each(Vec::clear);
        self.times.clear();
        Ok(())
    }

    /// Takes rows that go on with the open trajectory, or begin one.
    fn take<E: From<Error>>(
        &mut self,
        block: &Block,
        mut rows: std::ops::Range<usize>,
        sink: &mut Sink<'_, E>,
    ) -> Result<(), E> {
        while !rows.is_empty() {
            if self.waiting == CHUNK {
                self.hand_on(None, sink)?;
            }
            let some = rows.start..rows.end.min(rows.start + CHUNK - self.waiting);
            for (target, column) in self.columns.iter_mut().zip(&block.columns) {
                target.extend_from_slice(&column[some.clone()]);
            }
            if let Some(place) = self.roles.time {
                self.times.extend_from_slice(&block.columns[place][some.clone()]);
            }
            self.waiting += some.len();
            rows.start = some.end;
        }
        Ok(())
    }

    /// Whether a row does not go on with the one before.
    fn begins_anew(&mut self, block: &Block, row: usize) -> Result<bool> {
        if let Some(place) = self.roles.trajectory {
            let number = block.columns[place][row];
            if self.number.replace(number).is_some_and(|before| before != number) {
                return Ok(true);
            }
        }
        let (Some(place), Some(pace)) = (self.roles.time, &self.pace) else {
            return Ok(false);
        };
        let (time, before) = (block.columns[place][row], pace.last());
        let splits = self.reading.gaps == Gaps::Split;
        let problem = if time == before {
            Some((
                format!("the time {time} is that of the frame before, expected a later one"),
                "keep one of the two frames; if times were written with too few digits, give the step instead of them",
            ))
        } else if time < before {
            Some((
                format!("the time {time} follows {before}, expected a later one"),
                "sort the rows, name the column that numbers the trajectories, or cut here: split at gaps",
            ))
        } else if pace.is_gap(time, self.reading.longest_step, block.rounding) {
            let usual = pace.usual();
            Some((
                format!(
                    "the time {time} follows {before}, a gap of {} after steps of {usual:.6}",
                    rounded(time - before)
                ),
                "cut here: split at gaps; or say which is the longest step between neighbours",
            ))
        } else {
            None
        };
        match problem {
            None => Ok(false),
            Some(_) if splits && time != before => Ok(true),
            Some((message, help)) => Err(self.fault_at(block, row, place, &message, help)),
        }
    }

    /// Which rows hold numbers only; `None` if all do.
    fn whole_rows(&self, block: &Block) -> Result<Option<Vec<bool>>> {
        if block.columns.iter().all(|column| are_finite(column)) {
            return Ok(None);
        }
        let is_whole = |row: usize| block.columns.iter().all(|column| column[row].is_finite());
        let whole: Vec<bool> = (0..block.rows()).map(is_whole).collect();
        if self.reading.gaps == Gaps::Split {
            return Ok(Some(whole));
        }
        let Some(row) = whole.iter().position(|whole| !whole) else {
            return Ok(None);
        };
        let place = block
            .columns
            .iter()
            .position(|column| !column[row].is_finite())
            .unwrap_or(0);
        let message = format!(
            "the value is {}, expected a finite number",
            block.columns[place][row]
        );
        Err(self.fault_at(
            block,
            row,
            place,
            &message,
            "cut trajectories at such rows: split at gaps",
        ))
    }

    /// Looks at the coordinates: their range, and whether periodic ones are inside of their period.
    fn check_periods(&mut self, block: &mut Block) -> Result<()> {
        for coordinate in 0..self.roles.coordinates {
            if let Some(period) = self.roles.periods[coordinate] {
                let margin = ROUNDING_OF_PERIOD * period.length();
                let (lowest, highest) = (period.start() - margin, period.end() + margin);
                let is_outside = |value: f64| value < lowest || value > highest;
                let column = &mut block.columns[coordinate];
                if self.reading.outside == OutsidePeriod::Wrap {
                    for value in column
                        .iter_mut()
                        .filter(|value| is_outside(**value) && value.is_finite())
                    {
                        *value = period.wrapped(*value);
                    }
                } else if let Some(row) = column
                    .iter()
                    .position(|value| is_outside(*value) && value.is_finite())
                {
                    return Err(self.outside(block, row, coordinate, period));
                }
            }
            let ([least, most], known) = (extremes(&block.columns[coordinate]), self.ranges[coordinate]);
            self.ranges[coordinate] = [known[0].min(least), known[1].max(most)];
        }
        Ok(())
    }

    fn outside(&self, block: &Block, row: usize, coordinate: usize, period: Period) -> Error {
        let value = block.columns[coordinate][row];
        let message = format!(
            "the value {value} lies outside of its period, from {} to {}",
            rounded(period.start()),
            rounded(period.end())
        );
        let in_radians = (period.length() - std::f64::consts::TAU).abs() < 1e-3;
        let help = if in_radians && value.abs() <= 360.0 {
            "are these degrees, and the period in radians? Give the period in the unit of the column; or bring values back: wrap"
        } else {
            "give the period in the unit of the column, or bring values back: wrap"
        };
        self.fault_at(block, row, coordinate, &message, help)
    }

    fn fault_at(&self, block: &Block, row: usize, place: usize, message: &str, help: &str) -> Error {
        let column = self.layout.called(self.roles.asked[place]);
        let at = self.layout.place(block, row);
        fault(
            &self.layout.file,
            format!("{at}, {column}: {message}"),
            Some(help),
        )
    }
}

/// Whether all values are finite, without a branch for each.
fn are_finite(values: &[f64]) -> bool {
    let all = |some: &[f64]| some.iter().fold(true, |all, value| all & value.is_finite());
    values.chunks(1024).all(all)
}

/// The least and the greatest of the values that are numbers; in lanes, so that none waits for the one before.
fn extremes(values: &[f64]) -> [f64; 2] {
    const LANES: usize = 8;
    let (mut least, mut most) = ([f64::INFINITY; LANES], [f64::NEG_INFINITY; LANES]);
    let (whole, rest) = values.as_chunks::<LANES>();
    let mut take = |lane: usize, value: f64| {
        // comparisons with what is no number are false
        least[lane] = if value < least[lane] { value } else { least[lane] };
        most[lane] = if value > most[lane] { value } else { most[lane] };
    };
    for some in whole {
        (0..LANES).for_each(|lane| take(lane, some[lane]));
    }
    rest.iter().for_each(|value| take(0, *value));
    let infinite = (f64::INFINITY, f64::NEG_INFINITY);
    let joined = least
        .iter()
        .zip(&most)
        .fold(infinite, |(least, most), (l, m)| (least.min(*l), most.max(*m)));
    [joined.0, joined.1]
}

/// A number without the noise of its last digits.
fn rounded(value: f64) -> f64 {
    format!("{value:.9e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_and_finiteness_see_every_value() {
        let mut values: Vec<f64> = (0..2500).map(|k| f64::from(k).sin()).collect();
        for place in [0, 7, 8, 1023, 1024, 2499] {
            let usual = std::mem::replace(&mut values[place], 5.0);
            assert_eq!(extremes(&values)[1], 5.0);
            assert!(are_finite(&values));
            values[place] = f64::NAN;
            assert!(!are_finite(&values));
            assert!(extremes(&values)[1] < 1.0);
            values[place] = usual;
        }
        assert_eq!(extremes(&[]), [f64::INFINITY, f64::NEG_INFINITY]);
    }
}

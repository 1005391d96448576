//! One coordinate of a recording, with what is asked of it.

use irrev_landscape::moments::{Accelerations, MomentOptions, Velocities};
use irrev_landscape::record::Segment;
use irrev_landscape::{Grid, Record};
use irrev_numerics::Run;
use irrev_report::{Definition, Quantity};

use super::request::{LandscapeRequest, VelocitySource};
use crate::error::{Error, Result};
use crate::trajectories::Trajectories;

/// Part of the frames that may lie outside of the cells at either end.
const OUTSIDE: f64 = 5e-4;

/// Frames from which quantiles are taken.
const SAMPLED: usize = 200_000;

pub(super) struct Subject<'a> {
    /// Name of the recording in messages.
    pub(super) source: &'a str,
    pub(super) recorded: &'a Trajectories,
    pub(super) record: &'a Record<'a>,
    pub(super) coordinate: usize,
    pub(super) request: &'a LandscapeRequest,
    pub(super) run: &'a Run<'a>,
    pub(super) grid: Grid,
}

impl<'a> Subject<'a> {
    pub(super) fn new(
        (source, recorded): (&'a str, &'a Trajectories),
        record: &'a Record<'a>,
        coordinate: usize,
        request: &'a LandscapeRequest,
        run: &'a Run<'a>,
    ) -> Result<Self> {
        let fail = |error| Error::landscape(source, error);
        let name = &recorded.names()[coordinate];
        let refused = |reason: String| Error::NotPossible {
            model: source.into(),
            what: format!("a landscape of {name}"),
            reason,
        };
        let [low, high] = recorded.found().ranges[coordinate];
        if low == high {
            return Err(refused(format!("it is {low} in all frames")));
        }
        let period = record.period(coordinate).map_err(fail)?;
        if period.is_none() && !request.periods_told {
            let jumps = jumps(record, coordinate, 0.8 * (high - low)).map_err(fail)?;
            if jumps > 0 {
                return Err(refused(format!(
                    "{jumps} of its steps pass from one end of its range, {low} to {high}, to the other, as those of an angle do that is brought back into a period; say which (--period radians, degrees or START:END), or that it has none (--period none)"
                )));
            }
        }
        let grid = grid(record, coordinate, request.cells, request).map_err(fail)?;
        Ok(Self {
            source,
            recorded,
            record,
            coordinate,
            request,
            run,
            grid,
        })
    }

    pub(super) fn fail(&self, error: irrev_landscape::Error) -> Error {
        Error::landscape(self.source, error)
    }

    /// Unit of the coordinate, empty where files do not tell it.
    pub(super) fn unit(&self) -> &str {
        self.recorded.found().units[self.coordinate]
            .as_deref()
            .unwrap_or_default()
    }

    /// Unit of time, likewise.
    pub(super) fn time_unit(&self) -> &str {
        self.recorded.found().time_unit.as_deref().unwrap_or_default()
    }

    pub(super) fn name(&self) -> &str {
        &self.recorded.names()[self.coordinate]
    }

    /// What tells names of one coordinate from those of another: nothing where there is one.
    pub(super) fn suffix(&self) -> String {
        match self.recorded.names().len() {
            1 => String::new(),
            _ => format!(
                "_{}",
                self.name()
                    .replace(|c: char| !c.is_ascii_alphanumeric(), "_")
                    .to_lowercase()
            ),
        }
    }

    /// A quantity of this coordinate.
    pub(super) fn quantity(&self, definition: &Definition, value: f64) -> Quantity {
        Quantity::new(definition.clone(), value).named(format!("{}{}", definition.name, self.suffix()))
    }

    pub(super) fn has_velocities(&self) -> bool {
        has(self.record, |segment| segment.velocities(self.coordinate).is_ok())
    }

    pub(super) fn has_metrics(&self) -> bool {
        has(self.record, |segment| segment.metrics(self.coordinate).is_ok())
    }

    /// How moments are taken, by the velocities that are asked for.
    ///
    /// # Errors
    /// [`Error::Request`] for metrics that were not recorded.
    pub(super) fn moments(&self) -> Result<MomentOptions> {
        let velocities = match self.request.velocities {
            VelocitySource::Differences => Velocities::Differences,
            VelocitySource::Metrics if self.has_metrics() => Velocities::Metrics {
                temperature: self.request.temperature,
            },
            VelocitySource::Metrics => {
                return Err(Error::Request {
                    option: "velocities",
                    given: "metrics".into(),
                    problem: "needs a column of metrics (--metric)".into(),
                });
            }
            VelocitySource::Automatic if self.has_velocities() => Velocities::Given,
            VelocitySource::Automatic => Velocities::Differences,
        };
        let given = has(self.record, |segment| {
            segment.accelerations(self.coordinate).is_ok()
        });
        Ok(MomentOptions {
            coordinate: self.coordinate,
            velocities,
            accelerations: if given {
                Accelerations::Given
            } else {
                Accelerations::Differences
            },
            ..MomentOptions::default()
        })
    }
}

/// Whether all segments have something.
pub(super) fn has(record: &Record<'_>, what: impl Fn(&Segment<'_>) -> bool) -> bool {
    !record.segments().is_empty() && record.segments().iter().all(what)
}

/// Steps that are longer than so much, where nearly all are far shorter.
fn jumps(record: &Record<'_>, coordinate: usize, long: f64) -> irrev_landscape::Result<u64> {
    let (mut jumps, mut middling, mut all) = (0, 0, 0_u64);
    for segment in record.segments() {
        for pair in segment.positions(coordinate)?.windows(2) {
            let step = (pair[1] - pair[0]).abs();
            jumps += u64::from(step > long);
            middling += u64::from(step > 0.25 * long && step <= long);
            all += 1;
        }
    }
    // steps of all lengths are those of a coarse recording, and no sign of a period
    Ok(if jumps > middling && 100 * jumps < all {
        jumps
    } else {
        0
    })
}

/// Equal cells round the circle, in the range given, or where nearly all frames lie.
pub(super) fn grid(
    record: &Record<'_>,
    coordinate: usize,
    cells: usize,
    request: &LandscapeRequest,
) -> irrev_landscape::Result<Grid> {
    if let Some(period) = record.period(coordinate)? {
        return Grid::circle(period, cells);
    }
    if let Some((low, high)) = request.range {
        return Grid::uniform(low, high, cells);
    }
    let stride = (record.frames() as usize / SAMPLED).max(1);
    let mut sample = Vec::new();
    for segment in record.segments() {
        sample.extend(segment.positions(coordinate)?.iter().step_by(stride));
    }
    sample.sort_by(f64::total_cmp);
    let last = sample.len().saturating_sub(1);
    let out = (OUTSIDE * last as f64) as usize;
    let (low, high) = match (sample.get(out), sample.get(last - out)) {
        (Some(low), Some(high)) if low < high => (*low, *high),
        // a coordinate that stands still has one cell round its value, and nothing follows from it
        (Some(low), _) => (low - 0.5, low + 0.5),
        _ => (0.0, 1.0),
    };
    Grid::uniform(low, high, cells)
}

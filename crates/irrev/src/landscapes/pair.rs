//! Two coordinates of a recording, with what is asked of them.

use irrev_landscape::field::{PairMotion, PairSource, RecordedFieldOptions};
use irrev_landscape::{Grid, Record};
use irrev_numerics::Run;
use irrev_report::{Axis, Definition, Quantity};

use super::request::{LandscapeRequest, VelocitySource};
use super::subject::{grid, has};
use crate::error::{Error, Result};
use crate::trajectories::Trajectories;

pub(super) struct Pair<'a> {
    pub(super) source: &'a str,
    recorded: &'a Trajectories,
    pub(super) record: &'a Record<'a>,
    pub(super) coordinates: [usize; 2],
    pub(super) grids: [Grid; 2],
    pub(super) motion: PairMotion,
    pub(super) request: &'a LandscapeRequest,
    pub(super) run: &'a Run<'a>,
}

/// The places of the two names, if two are asked for; columns without names go by their numbers.
///
/// # Errors
/// [`Error::Request`] for a name that no coordinate has.
pub(super) fn of_request(names: &[String], request: &LandscapeRequest) -> Result<Option<[usize; 2]>> {
    let Some([first, second]) = &request.field else {
        return Ok(None);
    };
    let place = |name: &String| {
        names
            .iter()
            .position(|other| other == name || *other == format!("column {name}"))
            .ok_or_else(|| Error::Request {
                option: "field",
                given: name.clone(),
                problem: format!(
                    "is no coordinate of this recording; there is {}",
                    names.join(", ")
                )
                .into(),
            })
    };
    Ok(Some([place(first)?, place(second)?]))
}

impl<'a> Pair<'a> {
    /// `overdamped` says of each coordinate whether its steps show diffusion.
    pub(super) fn new(
        (source, recorded): (&'a str, &'a Trajectories),
        record: &'a Record<'a>,
        coordinates: [usize; 2],
        overdamped: [bool; 2],
        (request, run): (&'a LandscapeRequest, &'a Run<'a>),
    ) -> Result<Self> {
        let of = |coordinate: usize| {
            grid(record, coordinate, request.field_cells, request)
                .map_err(|error| Error::landscape(source, error))
        };
        let [i, j] = coordinates;
        let velocities = has(record, |segment| {
            segment.velocities(i).is_ok() && segment.velocities(j).is_ok()
        });
        let motion = if overdamped.contains(&true) && !velocities {
            PairMotion::Overdamped
        } else {
            PairMotion::Inertial
        };
        Ok(Self {
            source,
            recorded,
            record,
            coordinates,
            grids: [of(i)?, of(j)?],
            motion,
            request,
            run,
        })
    }

    pub(super) fn fail(&self, error: irrev_landscape::Error) -> Error {
        Error::landscape(self.source, error)
    }

    /// Where velocities and accelerations come from: columns, unless differences are asked for.
    pub(super) fn options(&self) -> RecordedFieldOptions {
        let [i, j] = self.coordinates;
        let velocities = has(self.record, |segment| {
            segment.velocities(i).is_ok() && segment.velocities(j).is_ok()
        });
        let accelerations = has(self.record, |segment| {
            segment.accelerations(i).is_ok() && segment.accelerations(j).is_ok()
        });
        let source = |given: bool| {
            if given {
                PairSource::Given
            } else {
                PairSource::Differences
            }
        };
        RecordedFieldOptions {
            motion: self.motion,
            velocities: source(velocities && self.request.velocities != VelocitySource::Differences),
            accelerations: source(accelerations),
            metric: self.request.metric_weights,
            least_count: self.request.least_count,
            draws: self.request.draws,
        }
    }

    pub(super) fn name(&self, axis: usize) -> &str {
        &self.recorded.names()[self.coordinates[axis]]
    }

    pub(super) fn names(&self) -> String {
        format!("{} and {}", self.name(0), self.name(1))
    }

    pub(super) fn axis(&self, axis: usize) -> Axis {
        let unit = self.recorded.found().units[self.coordinates[axis]].as_deref();
        Axis::new(self.name(axis), unit.unwrap_or_default())
    }

    pub(super) fn quantity(&self, definition: &Definition, value: f64) -> Quantity {
        Quantity::new(definition.clone(), value)
    }

    /// Whether a coordinate is an angle or the like.
    pub(super) fn is_circle(&self, axis: usize) -> bool {
        self.grids[axis].period().is_some()
    }
}

//! What the sections of a Langevin model share: its numbers, units, grid and stationary state.

use std::sync::Arc;

use irrev_landscape::axes::Axis;
use irrev_landscape::fokker_planck::{Extrapolation, GridProcess, Weights, discretised, extrapolated};
use irrev_landscape::langevin::ForceField;
use irrev_network::Distribution;
use irrev_numerics::Run;
use irrev_report::{Definition, Quantity};

use super::super::units::Units;
use super::super::{Section, SweepRequest};
use super::linear;
use crate::error::{Error, Result};
use crate::model::{
    DynamicsKind, Ends, Integrator, LangevinEnvironment, LangevinValues, ProjectedFunction, WallKind,
};

/// The stationary state on the grid.
pub(super) struct OnGrid {
    pub(super) process: GridProcess,
    pub(super) stationary: Distribution,
}

pub(crate) struct Context<'a> {
    pub(super) environment: &'a LangevinEnvironment<'a>,
    pub(super) run: &'a Run<'a>,
    pub(super) values: LangevinValues,
    pub(super) units: Units,
    /// A sweep asked for in place of the model's own.
    pub(crate) sweep: Option<SweepRequest>,
    /// Seconds between checkpoints of a simulation, if the run keeps any.
    pub(crate) checkpoint_interval: f64,
    /// The grid, if the coordinates have one.
    pub(super) axes: Option<Vec<Axis>>,
    on_grid: Option<Arc<OnGrid>>,
}

impl<'a> Context<'a> {
    /// # Errors
    /// Values of the model that are not allowed.
    pub(crate) fn new(environment: &'a LangevinEnvironment<'a>, run: &'a Run<'a>) -> Result<Self> {
        let values = environment.values()?;
        let name = environment.spec().source.name();
        Ok(Self {
            environment,
            run,
            axes: values.axes().map_err(|error| Error::landscape(name, error))?,
            values,
            units: Units::of_trajectories(&environment.spec().units),
            sweep: None,
            checkpoint_interval: 60.0,
            on_grid: None,
        })
    }

    pub(super) fn fail(&self, error: irrev_landscape::Error) -> Error {
        Error::landscape_of(self.environment.spec().source.name(), error, &self.names())
    }

    /// A quantity in the model's units.
    pub(super) fn quantity(&self, definition: &Definition, value: f64) -> Quantity {
        let unit = self.units.apply(&definition.unit);
        Quantity::new(definition.clone(), value).in_unit(unit)
    }

    /// A quantity of the continuum, with the error of its extrapolation and what the grid itself gives.
    pub(super) fn of_grids(&self, definition: &Definition, found: &Extrapolation) -> Quantity {
        self.quantity(definition, found.value)
            .estimate(found.error)
            .with_note(format!(
                "extrapolated from three grids, the finest of which gives {}",
                irrev_report::readable_number(found.on_grids[2], 8)
            ))
    }

    /// Names of the coordinates.
    pub(super) fn names(&self) -> Vec<&str> {
        self.values
            .coordinates
            .iter()
            .map(|coordinate| coordinate.name.as_str())
            .collect()
    }

    /// Unit of coordinates.
    pub(super) fn length(&self) -> String {
        self.units.label("length")
    }

    /// Why a section cannot be computed.
    pub(crate) fn obstacle(&self, section: Section) -> Option<String> {
        match section {
            Section::SteadyState => self.no_stationary_state(),
            Section::Field => match self.values.coordinates.len() {
                1 => Some(
                    "a field along one coordinate is a gradient, but for what goes round a circle".into(),
                ),
                _ => self.no_stationary_state(),
            },
            Section::Linear => self.no_linear_motion(),
            Section::Subsystems => match self.values.coordinates.len() {
                1 => Some("one coordinate has no parts".into()),
                _ => self.no_stationary_state(),
            },
            Section::Counting => match self.values.coordinates.iter().any(|c| c.ends == Ends::Periodic) {
                false => {
                    Some("no coordinate is periodic, so that nothing is counted that goes on for ever".into())
                }
                true => self.no_stationary_state(),
            },
            Section::Relaxation => match &self.values.relaxation {
                None => Some("the model asks for no relaxation (`[relaxation]`)".into()),
                Some(_) => self.no_stationary_state(),
            },
            Section::Protocol => self.no_protocol(),
            Section::Spectrum => self.no_grid(),
            Section::FirstPassage => match &self.values.passage {
                None => Some("the model asks for no passage (`[first_passage]`)".into()),
                Some(_) => self.no_grid(),
            },
            Section::Projection => self.no_projection(),
            Section::Simulation => self.no_simulation(),
            Section::Sweep => (self.sweep.is_none() && self.environment.spec().sweeps.is_empty())
                .then(|| "the model asks for no sweep (`[[sweep]]`, `--over`)".into()),
            _ => None,
        }
    }

    /// Why there are no closed forms of linear motion.
    fn no_linear_motion(&self) -> Option<String> {
        let fields = &self.values.fields;
        if let Some(c) = self.values.coordinates.iter().find(|c| c.ends != Ends::Open) {
            return Some(format!(
                "`coordinates.{}` has ends, and linear motion goes on for ever",
                c.name
            ));
        }
        if fields.has_mobility_of_place() {
            return Some("the mobility depends on place".into());
        }
        let Some(field) = fields.linear() else {
            return Some("the force is not linear in the coordinates, or changes with time".into());
        };
        match self.environment.spec().dynamics {
            DynamicsKind::Overdamped => (!linear::comes_back(self, &field))
                .then(|| "the linear force does not bring the motion back".into()),
            DynamicsKind::Underdamped if field.parts().drive => {
                Some("closed forms of underdamped motion are for forces of a potential".into())
            }
            DynamicsKind::Underdamped => (!linear::comes_back(self, &field))
                .then(|| "the linear force does not bring the motion back".into()),
            DynamicsKind::Generalized => Some("baths have a memory".into()),
        }
    }

    /// Why no protocol is compared with the best one.
    fn no_protocol(&self) -> Option<String> {
        let values = &self.values;
        if values.protocol.is_none() {
            return Some("the model asks for no protocol (`[protocol]`)".into());
        }
        let [coordinate] = &values.coordinates[..] else {
            return Some(format!(
                "the best protocol is known along a line, and there are {} coordinates",
                values.coordinates.len()
            ));
        };
        if self.environment.spec().dynamics.has_inertia() {
            return Some("the best protocol is known for overdamped motion".into());
        }
        if !values.fields.depends_on_time() {
            return Some("the potential does not change with time".into());
        }
        if values.fields.has_force() || values.fields.has_mobility_of_place() {
            return Some(
                "the best protocol is known for a potential alone, and the same mobility everywhere".into(),
            );
        }
        if coordinate.ends == Ends::Periodic || self.has_absorbing_end() {
            return Some("the best protocol is known along a line without absorbing ends".into());
        }
        self.axes.is_none().then(|| {
            format!(
                "`coordinates.{}` has no `min` and `max`, between which a grid would lie",
                coordinate.name
            )
        })
    }

    /// Why there is no Fokker–Planck equation on a grid.
    pub(super) fn no_grid(&self) -> Option<String> {
        self.environment.without_grid(&self.values)
    }

    fn no_stationary_state(&self) -> Option<String> {
        let absorbs = |ends: Ends| matches!(ends, Ends::Walls(low, high) if low == WallKind::Absorbing || high == WallKind::Absorbing);
        let absorbing = self.values.coordinates.iter().find(|c| absorbs(c.ends));
        self.no_grid().or_else(|| {
            absorbing.map(|c| {
                format!(
                    "`coordinates.{}` has an absorbing end, at which everything stops in the long run",
                    c.name
                )
            })
        })
    }

    /// Whether some coordinate has an absorbing end.
    pub(super) fn has_absorbing_end(&self) -> bool {
        self.values.coordinates.iter().any(|c| {
            matches!(c.ends, Ends::Walls(low, high) if low == WallKind::Absorbing || high == WallKind::Absorbing)
        })
    }

    fn no_simulation(&self) -> Option<String> {
        let Some(asked) = &self.values.simulation else {
            return Some("the model asks for no simulation (`[simulate]`)".into());
        };
        let fields = &self.values.fields;
        match asked.integrator {
            Some(Integrator::ExactLinear) if fields.linear().is_none() => {
                return Some("`simulate.integrator = \"exact-linear\"` is for forces that are linear in the coordinates and constant in time".into());
            }
            Some(Integrator::ExactLinear | Integrator::LeimkuhlerMatthews)
                if fields.has_mobility_of_place() =>
            {
                return Some(
                    "with a mobility that depends on place the integrator is \"euler-maruyama\"".into(),
                );
            }
            _ => {}
        }
        let absorbs = |ends: Ends| matches!(ends, Ends::Walls(low, high) if low == WallKind::Absorbing || high == WallKind::Absorbing);
        let absorbing = self.values.coordinates.iter().find(|c| absorbs(c.ends));
        absorbing.map(|c| {
            format!(
                "`coordinates.{}` has an absorbing end, which walkers do not have",
                c.name
            )
        })
    }

    fn no_projection(&self) -> Option<String> {
        let values = &self.values;
        if values.projections.is_empty() {
            return Some("the model asks for no projection (`[[projections]]`)".into());
        }
        if values.fields.has_force() {
            return Some(
                "beside the potential there is a force, so that there is no equilibrium to project".into(),
            );
        }
        if values.temperature().is_none() {
            return Some("baths of several temperatures leave no equilibrium to project".into());
        }
        if values.fields.depends_on_time() {
            return Some("the potential depends on time".into());
        }
        let heavy = values.masses.iter().any(|mass| *mass != 1.0);
        let angle = values
            .projections
            .iter()
            .find(|projection| projection.function == ProjectedFunction::EllipticAngle);
        angle
            .filter(|_| heavy)
            .map(|angle| format!("{} is for masses of 1; use q = √m x, or a formula", angle.name))
    }

    /// The process on the grid with its stationary state, computed once.
    ///
    /// # Errors
    /// As [`discretised`]; several closed parts.
    pub(super) fn on_grid(&mut self) -> Result<Arc<OnGrid>> {
        if let Some(known) = &self.on_grid {
            return Ok(Arc::clone(known));
        }
        let found = Arc::new(self.solved().map_err(|error| self.fail(error))?);
        self.on_grid = Some(Arc::clone(&found));
        Ok(found)
    }

    fn solved(&self) -> irrev_landscape::Result<OnGrid> {
        let axes = self.axes.as_deref().unwrap_or_default();
        let process = discretised(&self.values.overdamped(0.0)?, axes, Weights::default(), self.run)?;
        let stationary = process.kinetics().stationary_distribution()?;
        Ok(OnGrid { process, stationary })
    }

    /// Numbers of the continuum by extrapolation over three grids, whose finest has the given axes.
    ///
    /// # Errors
    /// As [`extrapolated`].
    pub(super) fn extrapolated(
        &self,
        axes: &[Axis],
        quantities: impl Fn(&GridProcess) -> irrev_landscape::Result<Vec<f64>>,
    ) -> Result<Vec<Extrapolation>> {
        let found = self
            .values
            .overdamped(0.0)
            .and_then(|motion| extrapolated(&motion, axes, Weights::default(), self.run, quantities));
        found.map_err(|error| self.fail(error))
    }

    /// The axes of the grid, with intervals that can be halved twice.
    ///
    /// # Errors
    /// Too few intervals.
    pub(super) fn even_axes(&self) -> Result<Vec<Axis>> {
        self.coarser(usize::MAX)
    }

    /// The axes of the grid with at most so many nodes, and intervals that can be halved twice.
    ///
    /// # Errors
    /// Too few intervals.
    pub(super) fn coarser(&self, most: usize) -> Result<Vec<Axis>> {
        let axes = self.axes.as_deref().unwrap_or_default();
        let nodes = axes.iter().map(Axis::nodes).product::<usize>() as f64;
        let part = (most as f64 / nodes)
            .powf(1.0 / axes.len().max(1) as f64)
            .min(1.0);
        axes.iter()
            .map(|axis| {
                let intervals = (axis.intervals() as f64 * part) as usize / 4 * 4;
                axis.with_intervals(intervals.max(12))
            })
            .collect::<irrev_landscape::Result<_>>()
            .map_err(|error| self.fail(error))
    }
}

//! The numbers of a Langevin model, evaluated and in the types of the physics.

use std::borrow::Cow;

use irrev_landscape::axes::{Axis, Wall};
use irrev_landscape::fokker_planck::Overdamped;
use irrev_landscape::langevin::MemoryKernel;

use super::super::diagnostic::{Fault, ModelError, code};
use super::super::environment::swept;
use super::super::formula::Formula;
use super::super::keyed::Values;
use super::super::overrides::Override;
use super::overrides::overridden;
use super::projections::ProjectionValues;
use super::{DynamicsKind, Ends, Fields, Integrator, Langevin, ProjectedFunction, WallKind, memory, numbers};
use crate::source::ExitCategory;

/// Intervals of each coordinate of a grid where the file is silent, by the number of coordinates.
const INTERVALS: [usize; 3] = [512, 96, 24];

/// Up to which a potential closes round a circle, relative to its values and to T.
const CLOSED: f64 = 1e-9;

/// A model whose numbers can be evaluated.
#[derive(Clone, Debug)]
pub struct LangevinEnvironment<'a> {
    spec: Cow<'a, Langevin>,
}

/// A coordinate with its numbers.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CoordinateValues {
    /// Its name.
    pub name: String,
    /// What is at its ends.
    pub ends: Ends,
    /// Where it begins and ends; `None` if the model does not say.
    pub range: Option<(f64, f64)>,
    /// Intervals of a grid along it; `None` if the model does not say.
    pub intervals: Option<usize>,
}

/// A passage from one point to another.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PassageValues {
    /// Where it begins.
    pub from: Vec<f64>,
    /// Where it ends.
    pub to: Vec<f64>,
    /// Nearer than this is there; 0 for the node of the grid nearest to the end.
    pub radius: f64,
}

/// A relaxation from a normal distribution.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RelaxationValues {
    /// Its mean.
    pub from: Vec<f64>,
    /// Its standard deviation along each coordinate.
    pub width: Vec<f64>,
    /// How long it is followed.
    pub time: f64,
    /// Times at which it is shown.
    pub points: usize,
}

/// A simulation.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SimulationValues {
    /// h.
    pub step: f64,
    /// How long each walker is looked at.
    pub time: f64,
    /// How many walkers.
    pub walkers: usize,
    /// Time before that, in which walkers settle.
    pub discard: f64,
    /// Where they start; `None` leaves the choice to the analysis.
    pub start: Option<Vec<f64>>,
    /// How they are integrated; `None` for the default of the kind of motion.
    pub integrator: Option<Integrator>,
}

/// Every number of a model.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LangevinValues {
    /// Value per parameter.
    pub parameters: Vec<f64>,
    /// The coordinates.
    pub coordinates: Vec<CoordinateValues>,
    /// T of the bath of each coordinate.
    pub temperatures: Vec<f64>,
    /// m of each coordinate; 1 in overdamped motion.
    pub masses: Vec<f64>,
    /// γ of each coordinate, white; none in overdamped motion.
    pub frictions: Option<Vec<f64>>,
    /// K of each coordinate, with its white part; only in generalised motion.
    pub kernels: Option<Vec<MemoryKernel>>,
    /// V, f and μ.
    pub fields: Fields,
    /// The passage asked for.
    pub passage: Option<PassageValues>,
    /// The relaxation asked for.
    pub relaxation: Option<RelaxationValues>,
    /// τ of the protocol whose cost is asked for.
    pub protocol: Option<f64>,
    /// The projections asked for.
    pub projections: Vec<ProjectionValues>,
    /// The simulation asked for.
    pub simulation: Option<SimulationValues>,
}

impl LangevinValues {
    /// T, if all baths have the same.
    #[must_use]
    pub fn temperature(&self) -> Option<f64> {
        let first = *self.temperatures.first()?;
        self.temperatures.iter().all(|t| *t == first).then_some(first)
    }

    /// A distance from the origin within which all coordinates end; 10 where some do not.
    #[must_use]
    pub fn reach(&self) -> f64 {
        let far = self.coordinates.iter().map(|coordinate| coordinate.range);
        let far: Option<Vec<f64>> = far
            .map(|range| range.map(|(min, max)| min.abs().max(max.abs())))
            .collect();
        far.map_or(10.0, |far| far.into_iter().fold(0.0, f64::max))
    }

    /// The axes of a grid over the coordinates; `None` if some of them has no ends, or there are more than three.
    ///
    /// # Errors
    /// [`irrev_landscape::Error::Domain`] for ends that do not ascend.
    pub fn axes(&self) -> irrev_landscape::Result<Option<Vec<Axis>>> {
        let Some(default) = INTERVALS.get(self.coordinates.len().wrapping_sub(1)) else {
            return Ok(None);
        };
        let mut axes = Vec::new();
        for coordinate in &self.coordinates {
            let Some((min, max)) = coordinate.range else {
                return Ok(None);
            };
            let intervals = coordinate.intervals.unwrap_or(*default);
            let wall = |kind| match kind {
                WallKind::Reflecting => Wall::Reflecting,
                WallKind::Absorbing => Wall::Absorbing,
            };
            axes.push(match coordinate.ends {
                Ends::Periodic => Axis::circle(min, max, intervals)?,
                Ends::Open => Axis::line(min, max, intervals)?,
                Ends::Walls(low, high) => Axis::between(min, wall(low), max, wall(high), intervals)?,
            });
        }
        Ok(Some(axes))
    }

    /// The overdamped motion at a time. Where baths differ in temperature, T is that of the first, and D_i = μ_i T_i and F_i/T_i are kept: all of the force then counts as one without
    /// potential.
    ///
    /// # Errors
    /// [`irrev_landscape::Error::Domain`] for a temperature that is not positive.
    pub fn overdamped(&self, time: f64) -> irrev_landscape::Result<Overdamped<'_>> {
        let fields = &self.fields;
        let dimension = fields.dimension();
        if let Some(temperature) = self.temperature() {
            return Ok(
                Overdamped::new(temperature, move |x: &[f64]| fields.potential(time, x))?
                    .with_force(move |x, f| (0..dimension).for_each(|i| f[i] = fields.own_force(i, time, x)))
                    .with_mobility(move |x, mu| {
                        (0..dimension).for_each(|i| mu[i] = fields.mobility(i, time, x))
                    }),
            );
        }
        let reference = self.temperatures[0];
        let ratio = move |i: usize| self.temperatures[i] / reference;
        Ok(Overdamped::new(reference, |_: &[f64]| 0.0)?
            .with_force(move |x, f| (0..dimension).for_each(|i| f[i] = fields.force(i, time, x) / ratio(i)))
            .with_mobility(move |x, mu| {
                (0..dimension).for_each(|i| mu[i] = fields.mobility(i, time, x) * ratio(i));
            }))
    }
}

impl<'a> LangevinEnvironment<'a> {
    /// The model with the overrides applied, one after the other.
    ///
    /// # Errors
    /// A key that names no number of the model (with the nearest that does), or a value that is no number or expression.
    pub fn new(spec: &'a Langevin, overrides: &[Override]) -> Result<Self, ModelError> {
        let spec = if overrides.is_empty() {
            Cow::Borrowed(spec)
        } else {
            Cow::Owned(overridden(spec, overrides)?)
        };
        Ok(Self { spec })
    }

    /// The model, with the overrides applied.
    #[must_use]
    pub fn spec(&self) -> &Langevin {
        &self.spec
    }

    fn reader(&self) -> Result<Values<'_>, ModelError> {
        let spec = self.spec();
        Values::new(&spec.source, &spec.parameters, &spec.numbers, numbers::of)
    }

    /// Every number of the model.
    ///
    /// # Errors
    /// Each formula without a finite value, each value that is not allowed, and ends that do not ascend.
    pub fn values(&self) -> Result<LangevinValues, ModelError> {
        evaluated(self.spec(), self.reader()?)
    }

    /// The value of one of the model's formulas.
    ///
    /// # Errors
    /// A value that is not allowed.
    pub(crate) fn value_of(&self, formula: &Formula) -> Result<f64, ModelError> {
        let mut reader = self.reader()?;
        let value = reader.value(formula);
        reader.faults.stop_if_any()?;
        Ok(value)
    }

    /// The values of the sweep at `index`; none for an index beyond the sweeps.
    ///
    /// # Errors
    /// A value that is not finite, or an end of a logarithmic range that is not positive.
    pub fn sweep_values(&self, index: usize) -> Result<Vec<f64>, ModelError> {
        let Some(sweep) = self.spec().sweeps.get(index) else {
            return Ok(Vec::new());
        };
        let mut reader = self.reader()?;
        let slots = reader.slots().to_vec();
        let values = swept(&sweep.values, &slots, &mut reader.faults);
        reader.faults.stop_if_any()?;
        Ok(values)
    }
}

/// The number of each coordinate under `key.NAME`, or the one under `key` for all, or a value of its own.
fn of_each(spec: &Langevin, reader: &mut Values<'_>, key: &str, otherwise: f64) -> Vec<f64> {
    let common = reader.stated(key);
    let one = |coordinate: &super::Coordinate| {
        let own = reader.stated(&format!("{key}.{}", coordinate.name));
        own.or(common).unwrap_or(otherwise)
    };
    spec.coordinates.iter().map(one).collect()
}

fn evaluated(spec: &Langevin, mut reader: Values<'_>) -> Result<LangevinValues, ModelError> {
    let parameters = reader.slots()[..spec.parameters.len()].to_vec();
    let coordinates: Vec<CoordinateValues> = spec
        .coordinates
        .iter()
        .map(|coordinate| {
            let mut stated = |key: &str| reader.stated(&format!("coordinates.{}.{key}", coordinate.name));
            CoordinateValues {
                name: coordinate.name.clone(),
                ends: coordinate.ends,
                range: stated("min").zip(stated("max")),
                intervals: stated("intervals").map(|intervals| intervals as usize),
            }
        })
        .collect();
    let temperatures = of_each(spec, &mut reader, "dynamics.temperature", 1.0);
    let masses = of_each(spec, &mut reader, "dynamics.mass", 1.0);
    let silent = if spec.dynamics == DynamicsKind::Generalized {
        0.0
    } else {
        f64::NAN
    };
    let frictions = of_each(spec, &mut reader, "dynamics.friction", silent);
    let passage = spec.has_passage.then(|| PassageValues {
        from: of_each(spec, &mut reader, "first_passage.from", f64::NAN),
        to: of_each(spec, &mut reader, "first_passage.to", f64::NAN),
        radius: reader.at("first_passage.radius"),
    });
    let relaxation = spec.has_relaxation.then(|| RelaxationValues {
        from: of_each(spec, &mut reader, "relaxation.from", f64::NAN),
        width: of_each(spec, &mut reader, "relaxation.width", f64::NAN),
        time: reader.at("relaxation.time"),
        points: reader.whole("relaxation.points"),
    });
    let protocol = spec.has_protocol.then(|| reader.at("protocol.duration"));
    let projections = (0..spec.projections.len())
        .map(|place| ProjectionValues::new(spec, place, &mut reader))
        .collect::<Vec<_>>();
    let simulation = spec.has_simulation.then(|| {
        let start = of_each(spec, &mut reader, "simulate.start", f64::NAN);
        SimulationValues {
            step: reader.at("simulate.step"),
            time: reader.at("simulate.time"),
            walkers: reader.whole("simulate.walkers"),
            discard: reader.at("simulate.discard"),
            start: (!start.iter().all(|x| x.is_nan())).then_some(start),
            integrator: spec.integrator,
        }
    });
    let kernels =
        (spec.dynamics == DynamicsKind::Generalized).then(|| memory::kernels(spec, &frictions, &mut reader));
    reader.faults.stop_if_any()?;
    let kernels = kernels.transpose().map_err(|(key, error)| {
        let message = format!("`{key}`: {error}");
        match reader.fault_at(&key, &message) {
            Some(diagnostic) => ModelError::single(ExitCategory::Invalid, diagnostic),
            None => failure(spec, spec.dynamics_span, message),
        }
    })?;
    check(spec, &reader, &coordinates, &projections)?;
    let of_passage = passage
        .iter()
        .flat_map(|p| [("first_passage.from", &p.from), ("first_passage.to", &p.to)]);
    let of_relaxation = relaxation
        .iter()
        .flat_map(|r| [("relaxation.from", &r.from), ("relaxation.width", &r.width)]);
    for (key, point) in of_passage.chain(of_relaxation) {
        complete(spec, key, point)?;
    }
    if frictions.iter().any(|friction| friction.is_nan()) && spec.dynamics == DynamicsKind::Underdamped {
        let message = "`dynamics.friction` has no value for some coordinate; expected one for each";
        return Err(failure(spec, spec.dynamics_span, message.to_owned()));
    }
    let names: Vec<String> = spec
        .parameters
        .iter()
        .map(|parameter| parameter.name.clone())
        .chain(spec.coordinates.iter().map(|coordinate| coordinate.name.clone()))
        .collect();
    let of = |key: &str| spec.fields.iter().find(|field| field.key() == key);
    let of_coordinates = |key: &str| -> Vec<Option<&Formula>> {
        spec.coordinates
            .iter()
            .map(|coordinate| of(&format!("{key}.{}", coordinate.name)).or_else(|| of(key)))
            .collect()
    };
    let fields = Fields::new(
        &names,
        &parameters,
        of("dynamics.potential"),
        &of_coordinates("dynamics.force"),
        &of_coordinates("dynamics.mobility"),
    );
    closed(spec, &coordinates, &temperatures, &fields)?;
    Ok(LangevinValues {
        parameters,
        coordinates,
        temperatures,
        masses,
        frictions: spec.dynamics.has_inertia().then_some(frictions),
        kernels,
        fields,
        passage,
        relaxation,
        protocol,
        projections,
        simulation,
    })
}

/// What must fit together.
fn check(
    spec: &Langevin,
    reader: &Values<'_>,
    coordinates: &[CoordinateValues],
    projections: &[ProjectionValues],
) -> Result<(), ModelError> {
    for (coordinate, written) in coordinates.iter().zip(&spec.coordinates) {
        if let Some((min, max)) = coordinate.range
            && min >= max
        {
            let key = format!("coordinates.{}.max", coordinate.name);
            let message = format!("`{key}` is {max}; expected a number above `min`, which is {min}");
            return Err(match reader.fault_at(&key, &message) {
                Some(diagnostic) => ModelError::single(ExitCategory::Invalid, diagnostic),
                None => failure(spec, written.span, message),
            });
        }
    }
    for (place, projection) in projections.iter().enumerate() {
        let span = spec.projections[place].span;
        let dimension = spec.coordinates.len();
        let plane = matches!(
            projection.function,
            ProjectedFunction::DifferenceOfDistances | ProjectedFunction::EllipticAngle
        );
        if dimension > 3 || (plane && dimension != 2) {
            let message = format!(
                "`projections[{place}]` is of {}, and the model has {dimension} coordinates",
                if plane {
                    "a plane"
                } else {
                    "one to three coordinates"
                },
            );
            return Err(failure(spec, span, message));
        }
        if projection.function == ProjectedFunction::Formula && projection.formula.is_none() {
            let message = format!("`projections[{place}].formula` is a number, expected a coordinate");
            return Err(failure(spec, span, message));
        }
        let ascend = projection.points.windows(2).all(|pair| pair[0] < pair[1]);
        if !ascend {
            return Err(failure(
                spec,
                span,
                format!("`projections[{place}].range` does not ascend; expected its lower end first"),
            ));
        }
        projection
            .level_sets()
            .map_err(|error| failure(spec, span, format!("`projections[{place}]`: {error}")))?;
    }
    Ok(())
}

/// A potential round a circle comes back to its value.
fn closed(
    spec: &Langevin,
    coordinates: &[CoordinateValues],
    temperatures: &[f64],
    fields: &Fields,
) -> Result<(), ModelError> {
    for (i, coordinate) in coordinates.iter().enumerate() {
        let (Ends::Periodic, Some((low, high))) = (coordinate.ends, coordinate.range) else {
            continue;
        };
        // at a few places of the others, none of which is special
        for part in [0.37, 0.71] {
            let place = |c: &CoordinateValues| c.range.map_or(part, |(min, max)| min + part * (max - min));
            let mut x: Vec<f64> = coordinates.iter().map(place).collect();
            let mut at = |end: f64| {
                x[i] = end;
                fields.potential(0.0, &x)
            };
            let (first, last, inside) = (at(low), at(high), at(low + part * (high - low)));
            let scale = first.abs().max(last.abs()).max(inside.abs()).max(temperatures[i]);
            if (last - first).abs() > CLOSED * scale {
                let name = &coordinate.name;
                let message = format!(
                    "the potential is {first} at `{name}` = {low} and {last} at {high}, which are one place, since `coordinates.{name}` is periodic; write what drives round the circle as `dynamics.force`"
                );
                return Err(failure(spec, spec.coordinates[i].span, message));
            }
        }
    }
    Ok(())
}

/// A number for each coordinate.
fn complete(spec: &Langevin, key: &str, point: &[f64]) -> Result<(), ModelError> {
    let Some(place) = point.iter().position(|x| x.is_nan()) else {
        return Ok(());
    };
    let message = format!(
        "`{key}` has no value for `{}`; expected one for each coordinate",
        spec.coordinates[place].name
    );
    Err(failure(spec, spec.dynamics_span, message))
}

fn failure(spec: &Langevin, span: crate::source::Span, message: String) -> ModelError {
    let fault = Fault::error(code::BAD_VALUE, span, message);
    ModelError::single(ExitCategory::Invalid, fault.in_file(&spec.source))
}

//! Coordinates onto which a model is projected.

use irrev_landscape::projection::{CoordinateFunction, LevelSets};

use super::super::formula::{Admit, Formula, Scope};
use super::super::keyed::{Reader, Values};
use super::super::reader::Table;
use super::Langevin;
use super::fields::{Fields, Function};
use crate::expression::Expression;
use crate::source::Span;

/// The keys of a projection.
pub(super) const KEYS: &[&str] = &[
    "name", "type", "along", "centre", "focus", "unit", "formula", "range", "points",
];

/// A coordinate R(q), whose numbers stand under `projections[k]`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProjectionKind {
    /// What reports call it.
    pub name: String,
    /// Which function it is.
    pub function: ProjectedFunction,
    /// Where it is written.
    pub span: Span,
}

/// Functions of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProjectedFunction {
    /// R = a·q.
    Linear,
    /// R = |q − c|.
    Distance,
    /// R = |q + (f, 0)| − |q − (f, 0)|, in a plane.
    DifferenceOfDistances,
    /// R = u ν with q = f (cosh μ cos ν, sinh μ sin ν), in a plane.
    EllipticAngle,
    /// Any formula.
    Formula,
}

pub(super) const FUNCTIONS: &[(ProjectedFunction, &str)] = &[
    (ProjectedFunction::Linear, "linear"),
    (ProjectedFunction::Distance, "distance"),
    (
        ProjectedFunction::DifferenceOfDistances,
        "difference-of-distances",
    ),
    (ProjectedFunction::EllipticAngle, "elliptic-angle"),
    (ProjectedFunction::Formula, "formula"),
];

impl ProjectedFunction {
    /// The word of the key `type`.
    #[must_use]
    pub fn word(self) -> &'static str {
        let known = FUNCTIONS.iter().find(|(function, _)| *function == self);
        known.map_or("", |(_, word)| word)
    }
}

/// Reads a projection of so many coordinates; a formula is added to the fields.
pub(super) fn read(
    table: &Table,
    (reader, of_place): (&mut Reader, &Scope),
    (place, dimension): (usize, usize),
    fields: &mut Vec<Formula>,
) -> Option<ProjectionKind> {
    table.only(KEYS);
    let function = table.require("type")?.choice(FUNCTIONS)?;
    let wanted: &[(&str, usize)] = match function {
        ProjectedFunction::Linear => &[("along", dimension)],
        ProjectedFunction::Distance => &[("centre", dimension)],
        ProjectedFunction::DifferenceOfDistances => &[("focus", 1)],
        ProjectedFunction::EllipticAngle => &[("focus", 1)],
        ProjectedFunction::Formula => &[],
    };
    match (function, table.get("formula")) {
        (ProjectedFunction::Formula, _) => {
            fields.push(table.require("formula")?.formula(of_place, Admit::Constants)?);
        }
        (_, Some(item)) => {
            item.refuse(&format!(
                "found beside `type = \"{}\"`, which has no such key",
                function.word()
            ));
            return None;
        }
        (_, None) => {}
    }
    for key in ["along", "centre", "focus"] {
        match wanted.iter().find(|(name, _)| *name == key) {
            Some((_, count)) => {
                let item = table.require(key)?;
                let found = reader.keep_all(&item)?;
                if found != *count {
                    item.refuse(&format!("found {found} numbers, expected {count}"));
                    return None;
                }
            }
            None => {
                if let Some(item) = table.get(key) {
                    item.refuse(&format!(
                        "found beside `type = \"{}\"`, which has no such key",
                        function.word()
                    ));
                    return None;
                }
            }
        }
    }
    let range = table.require("range")?;
    if reader.keep_all(&range)? != 2 {
        range.refuse("expected two numbers, where the coordinate begins and ends");
        return None;
    }
    for key in ["unit", "points"] {
        reader.optional(Some(table), key, &format!("projections[{place}].{key}"));
    }
    Some(ProjectionKind {
        name: table.string("name").unwrap_or_else(|| function.word().to_owned()),
        function,
        span: table.span(),
    })
}

/// A projection with its numbers.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ProjectionValues {
    /// Its name.
    pub name: String,
    /// Which function it is.
    pub function: ProjectedFunction,
    /// a of a linear coordinate, c of a distance.
    pub vector: Vec<f64>,
    /// R as it was written, where it is a formula that is no number.
    pub formula: Option<Expression>,
    /// f.
    pub focus: f64,
    /// u: length of a unit of the elliptic angle.
    pub unit: f64,
    /// Points at which landscapes are computed, ascending.
    pub points: Vec<f64>,
}

impl ProjectionValues {
    /// Evaluates the numbers of the projection at a place.
    pub(super) fn new(spec: &Langevin, place: usize, reader: &mut Values<'_>) -> Self {
        let key = |name: &str| format!("projections[{place}].{name}");
        let kind = &spec.projections[place];
        let vector = reader.all(&key(if kind.function == ProjectedFunction::Linear {
            "along"
        } else {
            "centre"
        }));
        let range = reader.all(&key("range"));
        let points = reader.whole(&key("points"));
        let (low, high) = (
            range.first().copied().unwrap_or(f64::NAN),
            range.last().copied().unwrap_or(f64::NAN),
        );
        let at = |k: usize| low + (high - low) * k as f64 / (points.max(2) - 1) as f64;
        Self {
            name: kind.name.clone(),
            function: kind.function,
            vector,
            formula: spec
                .formula(&key("formula"))
                .and_then(|formula| formula.expression().cloned()),
            focus: reader.stated(&key("focus")).unwrap_or(f64::NAN),
            unit: reader.at(&key("unit")),
            points: (0..points).map(at).collect(),
        }
    }

    /// The chart of its level sets in a plane; none of a formula, or where there is another number of coordinates.
    ///
    /// # Errors
    /// [`irrev_landscape::Error::Domain`] for numbers that are no coordinate.
    pub fn level_sets(&self) -> irrev_landscape::Result<Option<LevelSets<'static>>> {
        let plane = || <[f64; 2]>::try_from(&self.vector[..]).ok();
        Ok(match self.function {
            ProjectedFunction::Linear => plane().map(LevelSets::linear).transpose()?,
            ProjectedFunction::Distance => plane().map(LevelSets::distance),
            ProjectedFunction::DifferenceOfDistances => Some(LevelSets::difference_of_distances(self.focus)?),
            ProjectedFunction::EllipticAngle => Some(LevelSets::elliptic_angle(self.focus, self.unit)?),
            ProjectedFunction::Formula => None,
        })
    }

    /// The coordinate with its derivatives; none of an elliptic angle, which has a chart alone.
    #[must_use]
    pub fn coordinate<'a>(&'a self, fields: &'a Fields) -> Option<CoordinateFunction<'a>> {
        match self.function {
            ProjectedFunction::Linear => Some(CoordinateFunction::new(
                |q| q.iter().zip(&self.vector).map(|(q, a)| a * q).sum(),
                |_, gradient| gradient.copy_from_slice(&self.vector),
                |_, second| second.fill(0.0),
            )),
            ProjectedFunction::Distance => Some(of_distances(vec![(1.0, self.vector.clone())])),
            ProjectedFunction::DifferenceOfDistances => Some(of_distances(vec![
                (1.0, vec![-self.focus, 0.0]),
                (-1.0, vec![self.focus, 0.0]),
            ])),
            ProjectedFunction::EllipticAngle => None,
            ProjectedFunction::Formula => {
                let formula = self.formula.as_ref()?;
                let names = fields.coordinate_names();
                let slopes: Vec<Expression> = names.iter().map(|name| formula.derivative(name)).collect();
                let second: Vec<Function> = slopes
                    .iter()
                    .zip(names)
                    .map(|(slope, name)| fields.slope(slope, name))
                    .collect();
                let slopes: Vec<Function> = slopes.iter().map(|slope| fields.function(slope)).collect();
                let value = fields.function(formula);
                let all = |functions: &[Function], q: &[f64], out: &mut [f64]| {
                    let slots = fields.placed(0.0, q);
                    out.iter_mut()
                        .zip(functions)
                        .for_each(|(out, function)| *out = function.at(&slots));
                };
                Some(CoordinateFunction::new(
                    move |q| value.at(&fields.placed(0.0, q)),
                    move |q, gradient| all(&slopes, q, gradient),
                    move |q, out| all(&second, q, out),
                ))
            }
        }
    }
}

/// A sum of multiples of distances from points.
fn of_distances<'a>(terms: Vec<(f64, Vec<f64>)>) -> CoordinateFunction<'a> {
    let (of_gradient, of_second) = (terms.clone(), terms.clone());
    CoordinateFunction::new(
        move |q| {
            terms
                .iter()
                .map(|(factor, from)| factor * distance(q, from))
                .sum()
        },
        move |q, gradient| {
            gradient.fill(0.0);
            of_gradient
                .iter()
                .for_each(|(factor, from)| add_gradient(q, from, *factor, gradient));
        },
        move |q, second| {
            second.fill(0.0);
            of_second
                .iter()
                .for_each(|(factor, from)| add_second(q, from, *factor, second));
        },
    )
}

fn distance(q: &[f64], from: &[f64]) -> f64 {
    q.iter()
        .zip(from)
        .map(|(q, c)| (q - c).powi(2))
        .sum::<f64>()
        .sqrt()
}

/// Adds a multiple of the gradient of a distance.
fn add_gradient(q: &[f64], from: &[f64], factor: f64, gradient: &mut [f64]) {
    let r = distance(q, from);
    for ((g, q), c) in gradient.iter_mut().zip(q).zip(from) {
        *g += factor * (q - c) / r;
    }
}

/// Adds a multiple of the second derivatives of a distance along each axis.
fn add_second(q: &[f64], from: &[f64], factor: f64, second: &mut [f64]) {
    let r = distance(q, from);
    for ((s, q), c) in second.iter_mut().zip(q).zip(from) {
        *s += factor * (1.0 - ((q - c) / r).powi(2)) / r;
    }
}

//! Coordinates of a plane onto which a model is projected.

use irrev_landscape::projection::LevelSets;

use super::super::keyed::{Reader, Values};
use super::super::reader::Table;
use super::Langevin;
use crate::source::Span;

/// The keys of a projection.
pub(super) const KEYS: &[&str] = &[
    "name", "type", "along", "centre", "focus", "unit", "range", "points",
];

/// A coordinate R(q) of a plane, whose numbers stand under `projections[k]`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProjectionKind {
    /// What reports call it.
    pub name: String,
    /// Which function of the plane it is.
    pub function: PlaneFunction,
    /// Where it is written.
    pub span: Span,
}

/// Functions of a plane whose level sets are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaneFunction {
    /// R = a·q.
    Linear,
    /// R = |q − c|.
    Distance,
    /// R = |q + (f, 0)| − |q − (f, 0)|.
    DifferenceOfDistances,
    /// R = u ν with q = f (cosh μ cos ν, sinh μ sin ν).
    EllipticAngle,
}

pub(super) const FUNCTIONS: &[(PlaneFunction, &str)] = &[
    (PlaneFunction::Linear, "linear"),
    (PlaneFunction::Distance, "distance"),
    (PlaneFunction::DifferenceOfDistances, "difference-of-distances"),
    (PlaneFunction::EllipticAngle, "elliptic-angle"),
];

impl PlaneFunction {
    /// The word of the key `type`.
    #[must_use]
    pub fn word(self) -> &'static str {
        let known = FUNCTIONS.iter().find(|(function, _)| *function == self);
        known.map_or("", |(_, word)| word)
    }
}

/// Reads a projection.
pub(super) fn read(table: &Table, reader: &mut Reader, place: usize) -> Option<ProjectionKind> {
    table.only(KEYS);
    let function = table.require("type")?.choice(FUNCTIONS)?;
    let wanted: &[(&str, usize)] = match function {
        PlaneFunction::Linear => &[("along", 2)],
        PlaneFunction::Distance => &[("centre", 2)],
        PlaneFunction::DifferenceOfDistances => &[("focus", 1)],
        PlaneFunction::EllipticAngle => &[("focus", 1)],
    };
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
    pub function: PlaneFunction,
    /// a of a linear coordinate, c of a distance.
    pub vector: [f64; 2],
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
        let vector = reader.all(&key(if kind.function == PlaneFunction::Linear {
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
            vector: [
                vector.first().copied().unwrap_or(0.0),
                vector.last().copied().unwrap_or(0.0),
            ],
            focus: reader.stated(&key("focus")).unwrap_or(f64::NAN),
            unit: reader.at(&key("unit")),
            points: (0..points).map(at).collect(),
        }
    }

    /// The chart of its level sets.
    ///
    /// # Errors
    /// [`irrev_landscape::Error::Domain`] for numbers that are no coordinate.
    pub fn level_sets(&self) -> irrev_landscape::Result<LevelSets<'static>> {
        match self.function {
            PlaneFunction::Linear => LevelSets::linear(self.vector),
            PlaneFunction::Distance => Ok(LevelSets::distance(self.vector)),
            PlaneFunction::DifferenceOfDistances => LevelSets::difference_of_distances(self.focus),
            PlaneFunction::EllipticAngle => LevelSets::elliptic_angle(self.focus, self.unit),
        }
    }
}

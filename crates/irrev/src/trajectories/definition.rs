//! Coordinates from the positions of atoms: distances, angles, dihedral angles, differences of distances, linear combinations.
//!
//! Differences of positions take the nearest image of the periodic cell, so that a molecule may be cut by its walls; a distance longer than half of the
//! cell is thereby never found. Linear combinations take positions as they are. Dihedral angles lie in (−π, π], 0 is *cis* (IUPAC).

use std::str::FromStr;

use irrev_landscape::Period;

use crate::error::{Error, Result};

/// A coordinate made from positions of atoms, which are counted from 0.
///
/// Lengths are in the unit of the file (XTC nm, DCD Å), angles in radians.
///
/// ```
/// use irrev::trajectories::Definition;
/// let phi: Definition = "dihedral(4, 6, 8, 14)".parse()?;
/// assert_eq!(phi, Definition::Dihedral([4, 6, 8, 14]));
/// assert_eq!(phi.to_string(), "dihedral(4, 6, 8, 14)");
/// let separation: Definition = "linear(1 x7, -1 x2)".parse()?;      // x of atom 7 less x of atom 2
/// assert_eq!(separation.to_string(), "linear(1 x7, -1 x2)");
/// assert!("distance(3)".parse::<Definition>().is_err());
/// # Ok::<(), irrev::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Definition {
    /// Distance |r_i − r_j|.
    Distance([usize; 2]),
    /// Angle at the second atom, in [0, π].
    Angle([usize; 3]),
    /// Dihedral angle about the bond of the second and the third atom, in (−π, π].
    Dihedral([usize; 4]),
    /// Difference of distances |r_i − r_j| − |r_k − r_l|, the coordinate of a transfer.
    DistanceDifference([usize; 4]),
    /// Σ c·x of Cartesian components, without images.
    Linear(Vec<Term>),
}

/// A Cartesian component of an atom with its factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Term {
    /// Factor.
    pub factor: f64,
    /// Atom, counted from 0.
    pub atom: usize,
    /// Component: 0 for x, 1 for y, 2 for z.
    pub axis: usize,
}

const AXES: [&str; 3] = ["x", "y", "z"];

impl Definition {
    /// The atoms that take part.
    pub(super) fn atoms(&self) -> Vec<usize> {
        match self {
            Self::Distance(atoms) => atoms.to_vec(),
            Self::Angle(atoms) => atoms.to_vec(),
            Self::Dihedral(atoms) | Self::DistanceDifference(atoms) => atoms.to_vec(),
            Self::Linear(terms) => terms.iter().map(|term| term.atom).collect(),
        }
    }

    /// Its period: of dihedral angles, 2π.
    #[must_use]
    pub fn period(&self) -> Option<Period> {
        matches!(self, Self::Dihedral(_)).then(Period::radians)
    }

    /// Its unit, where lengths have the one given.
    pub(super) fn unit(&self, length: &str) -> String {
        match self {
            Self::Angle(_) | Self::Dihedral(_) => "rad".to_owned(),
            _ => length.to_owned(),
        }
    }

    /// What is wrong with it for a file of so many atoms.
    pub(super) fn fault(&self, atoms: usize) -> Option<String> {
        let own = self.atoms();
        if let Some(atom) = own.iter().find(|atom| **atom >= atoms) {
            return Some(format!(
                "{self} names atom {atom}, but the file has {atoms} atoms, 0 to {}",
                atoms.saturating_sub(1)
            ));
        }
        let twice = |atoms: &[usize]| {
            (1..atoms.len())
                .find(|k| atoms[..*k].contains(&atoms[*k]))
                .map(|k| atoms[k])
        };
        let repeated = match self {
            Self::DistanceDifference(atoms) => twice(&atoms[..2]).or_else(|| twice(&atoms[2..])),
            Self::Linear(terms) if terms.is_empty() => return Some(format!("{self} has no terms")),
            Self::Linear(terms) => {
                let bad = terms
                    .iter()
                    .find(|term| !term.factor.is_finite() || term.axis > 2);
                return bad.map(|term| {
                    format!(
                        "{self}: the factor {} or the axis {} is not possible",
                        term.factor, term.axis
                    )
                });
            }
            _ => twice(&own),
        };
        repeated.map(|atom| format!("{self} names atom {atom} twice"))
    }

    /// Its value, not a number where it is not defined (three atoms of a dihedral angle in a line).
    pub(super) fn value(&self, position: &impl Fn(usize) -> [f64; 3], cell: &Cell) -> f64 {
        let between = |from: usize, to: usize| cell.nearest(difference(position(to), position(from)));
        match self {
            Self::Distance([i, j]) => length(between(*i, *j)),
            Self::DistanceDifference([i, j, k, l]) => length(between(*i, *j)) - length(between(*k, *l)),
            Self::Angle([i, j, k]) => {
                let (a, b) = (between(*j, *i), between(*j, *k));
                if length(a) == 0.0 || length(b) == 0.0 {
                    return f64::NAN;
                }
                // accurate near 0 and π, unlike the arc cosine
                length(cross(a, b)).atan2(dot(a, b))
            }
            Self::Dihedral([i, j, k, l]) => {
                let (first, bond, last) = (between(*i, *j), between(*j, *k), between(*k, *l));
                let (normal, other) = (cross(first, bond), cross(bond, last));
                if dot(normal, normal) == 0.0 || dot(other, other) == 0.0 {
                    return f64::NAN;
                }
                let angle = (length(bond) * dot(first, other)).atan2(dot(normal, other));
                if angle == -std::f64::consts::PI {
                    -angle
                } else {
                    angle
                }
            }
            Self::Linear(terms) => terms
                .iter()
                .map(|term| term.factor * position(term.atom)[term.axis])
                .sum(),
        }
    }
}

impl std::fmt::Display for Definition {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = match self {
            Self::Distance(_) => "distance",
            Self::Angle(_) => "angle",
            Self::Dihedral(_) => "dihedral",
            Self::DistanceDifference(_) => "difference",
            Self::Linear(_) => "linear",
        };
        let inside: Vec<String> = match self {
            Self::Linear(terms) => terms
                .iter()
                .map(|term| {
                    format!(
                        "{} {}{}",
                        term.factor,
                        AXES.get(term.axis).unwrap_or(&"?"),
                        term.atom
                    )
                })
                .collect(),
            _ => self.atoms().iter().map(usize::to_string).collect(),
        };
        write!(formatter, "{name}({})", inside.join(", "))
    }
}

impl FromStr for Definition {
    type Err = Error;

    /// Reads `distance(i, j)`, `angle(i, j, k)`, `dihedral(i, j, k, l)`, `difference(i, j, k, l)` or `linear(c xi, c yj, …)`.
    fn from_str(text: &str) -> Result<Self> {
        let wrong = |problem: String| Error::Request {
            option: "define",
            given: text.to_owned(),
            problem,
        };
        let (name, inside) = text
            .trim()
            .strip_suffix(')')
            .and_then(|rest| rest.split_once('('))
            .ok_or_else(|| wrong("is none; expected one such as distance(0, 1)".into()))?;
        let parts: Vec<&str> = inside.split(',').map(str::trim).collect();
        if name.trim() == "linear" {
            let terms: Option<Vec<Term>> = parts.iter().map(|part| term(part)).collect();
            return terms.map(Self::Linear).ok_or_else(|| {
                wrong(
                    "has a term that is none; expected terms such as 1.5 x7, with x, y or z of an atom"
                        .into(),
                )
            });
        }
        let atoms: Option<Vec<usize>> = parts.iter().map(|part| part.parse().ok()).collect();
        let atoms = atoms
            .ok_or_else(|| wrong("names an atom by no whole number; atoms are counted from 0".into()))?;
        let count = |expected: usize| wrong(format!("has {} atoms, expected {expected}", atoms.len()));
        match name.trim() {
            "distance" => atoms
                .as_slice()
                .try_into()
                .map(Self::Distance)
                .map_err(|_| count(2)),
            "angle" => atoms.as_slice().try_into().map(Self::Angle).map_err(|_| count(3)),
            "dihedral" => atoms
                .as_slice()
                .try_into()
                .map(Self::Dihedral)
                .map_err(|_| count(4)),
            "difference" => atoms
                .as_slice()
                .try_into()
                .map(Self::DistanceDifference)
                .map_err(|_| count(4)),
            _ => Err(wrong(
                "is unknown; known are distance, angle, dihedral, difference and linear".into(),
            )),
        }
    }
}

/// A factor and a component, as in `1.5 x7`.
fn term(text: &str) -> Option<Term> {
    let (factor, component) = text.split_once(char::is_whitespace)?;
    let component = component.trim();
    let axis = AXES.iter().position(|axis| component.starts_with(axis))?;
    Some(Term {
        factor: factor.parse().ok().filter(|factor: &f64| factor.is_finite())?,
        atom: component[1..].parse().ok()?,
        axis,
    })
}

/// The periodic cell of a frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell {
    Open,
    /// Lengths of the edges.
    Box([f64; 3]),
    /// Edges: the first along x, the second in the plane of x and y.
    Triclinic([[f64; 3]; 3]),
}

impl Cell {
    /// The cell of three edges, of which the first is along x and the second in the plane of x and y; open if one of them has no length.
    pub(super) fn of_edges(edges: [[f64; 3]; 3]) -> Self {
        let diagonal = [edges[0][0], edges[1][1], edges[2][2]];
        let is_possible = diagonal.iter().all(|length| *length > 0.0 && length.is_finite());
        let off = [edges[1][0], edges[2][0], edges[2][1]];
        match (is_possible, off == [0.0; 3]) {
            (false, _) => Self::Open,
            (true, true) => Self::Box(diagonal),
            (true, false) => Self::Triclinic(edges),
        }
    }

    /// The cell of three lengths and the cosines of the angles between the second and the third, the third and the first, the first and the second.
    pub(super) fn of_lengths([a, b, c]: [f64; 3], [alpha, beta, gamma]: [f64; 3]) -> Self {
        let sine = (1.0 - gamma * gamma).sqrt();
        let across = (alpha - beta * gamma) / sine;
        let height = (1.0 - beta * beta - across * across).sqrt();
        Self::of_edges([
            [a, 0.0, 0.0],
            [b * gamma, b * sine, 0.0],
            [c * beta, c * across, c * height],
        ])
    }

    fn nearest(&self, mut difference: [f64; 3]) -> [f64; 3] {
        match self {
            Self::Open => difference,
            Self::Box(lengths) => {
                for (component, length) in difference.iter_mut().zip(lengths) {
                    *component -= length * (*component / length).round();
                }
                difference
            }
            Self::Triclinic(edges) => {
                for axis in (0..3).rev() {
                    let turns = (difference[axis] / edges[axis][axis]).round();
                    difference = shifted(difference, edges[axis], -turns);
                }
                // in a skew cell a neighbour may be nearer still
                let around = [-1.0, 0.0, 1.0];
                let images = around.iter().flat_map(|i| around.iter().map(move |j| (i, j)));
                let images = images.flat_map(|(i, j)| around.iter().map(move |k| [*i, *j, *k]));
                images
                    .map(|turns| (0..3).fold(difference, |at, axis| shifted(at, edges[axis], turns[axis])))
                    .min_by(|a, b| dot(*a, *a).total_cmp(&dot(*b, *b)))
                    .unwrap_or(difference)
            }
        }
    }
}

fn shifted(at: [f64; 3], edge: [f64; 3], turns: f64) -> [f64; 3] {
    [0, 1, 2].map(|axis| at[axis] + turns * edge[axis])
}

fn difference(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [0, 1, 2].map(|axis| a[axis] - b[axis])
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn length(a: [f64; 3]) -> f64 {
    dot(a, a).sqrt()
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::{FRAC_PI_2, PI};

    fn value(definition: &str, positions: &[[f64; 3]], cell: &Cell) -> f64 {
        let definition: Definition = definition.parse().unwrap();
        assert_eq!(definition.fault(positions.len()), None);
        definition.value(&|atom| positions[atom], cell)
    }

    #[test]
    fn values_follow_from_geometry() {
        let open = Cell::Open;
        let corner = [[1.0, 0.0, 0.0], [0.0; 3], [0.0, 1.0, 0.0], [0.0, 1.0, 1.0]];
        assert_eq!(value("distance(0, 2)", &corner, &open), 2.0_f64.sqrt());
        assert_eq!(value("angle(0, 1, 2)", &corner, &open), FRAC_PI_2);
        assert_eq!(value("dihedral(0, 1, 2, 3)", &corner, &open).abs(), FRAC_PI_2);
        assert_eq!(
            value("difference(0, 2, 1, 2)", &corner, &open),
            2.0_f64.sqrt() - 1.0
        );
        assert_eq!(value("linear(2 x0, -1 z3)", &corner, &open), 1.0);
        let trans = [[1.0, 0.0, 0.0], [0.0; 3], [0.0, 1.0, 0.0], [-1.0, 1.0, -0.0]];
        assert_eq!(value("dihedral(0, 1, 2, 3)", &trans, &open), PI);
        let mirrored: Vec<[f64; 3]> = corner.iter().map(|[x, y, z]| [*x, *y, -z]).collect();
        let angle = value("dihedral(0, 1, 2, 3)", &corner, &open);
        assert_eq!(value("dihedral(0, 1, 2, 3)", &mirrored, &open), -angle);
        // looking along the bond, the front turns clockwise onto the back: IUPAC's positive sense
        assert_eq!(angle.signum(), -1.0);
        let line = [[0.0; 3], [1.0, 0.0, 0.0], [2.0, 0.0, 0.0], [3.0, 1.0, 0.0]];
        assert!(value("dihedral(0, 1, 2, 3)", &line, &open).is_nan());
    }

    #[test]
    fn the_nearest_image_is_found_in_any_cell() {
        let pair = [[0.1, 0.1, 0.1], [2.9, 3.9, 4.9]];
        let near = value("distance(0, 1)", &pair, &Cell::Box([3.0, 4.0, 5.0]));
        assert!((near - 0.12_f64.sqrt()).abs() < 1e-12);
        // 60° in the plane: the images of a skew cell against all of them
        let cell = Cell::of_lengths([3.0, 3.0, 4.0], [0.0, 0.0, 0.5]);
        let Cell::Triclinic(edges) = cell else {
            panic!("{cell:?}")
        };
        for k in 0..1000 {
            let at = [1, 2, 3].map(|axis| (f64::from(k) * f64::from(axis) * 0.618).sin() * 9.0);
            let by_hand = (-5..=5)
                .flat_map(|i| (-5..=5).flat_map(move |j| (-5..=5).map(move |k| [i, j, k])))
                .map(|turns| {
                    length((0..3).fold(at, |at, axis| shifted(at, edges[axis], f64::from(turns[axis]))))
                })
                .fold(f64::INFINITY, f64::min);
            assert!((length(cell.nearest(at)) - by_hand).abs() < 1e-12);
        }
        assert_eq!(Cell::of_lengths([0.0; 3], [0.0; 3]), Cell::Open);
    }

    #[test]
    fn what_is_no_definition_is_refused() {
        for (text, message) in [
            ("phi", "distance(0, 1)"),
            ("distance(1, -2)", "no whole number"),
            ("angle(1, 2)", "has 2 atoms, expected 3"),
            ("torsion(1, 2, 3, 4)", "is unknown"),
            ("linear(x1)", "1.5 x7"),
            ("linear(1 w1)", "1.5 x7"),
        ] {
            let error = text.parse::<Definition>().unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
        let fault = |text: &str| text.parse::<Definition>().unwrap().fault(3).unwrap_or_default();
        assert!(fault("distance(0, 3)").contains("atom 3, but the file has 3 atoms, 0 to 2"));
        assert!(fault("angle(0, 1, 0)").contains("atom 0 twice"));
        assert!(fault("difference(0, 1, 2, 2)").contains("atom 2 twice"));
        assert_eq!(fault("difference(0, 1, 1, 2)"), "");
    }
}

//! Landscapes of a model in a plane, whose potential (and coordinate, if it is none of the known ones) are functions of Python.
//!
//! Integrals are adaptive, so that the points at which the functions are needed are not known beforehand. Each round runs with what is known: where something is missing, the density is taken for
//! zero, so that nothing is refined there, and the point is noted. After each round Python is asked for all that is missing, for many points at a time; the last round misses nothing, and is
//! what the library would have found with the functions themselves.

use std::cell::RefCell;

use irrev_landscape::Result;
use irrev_landscape::landscape::Profile;
use irrev_landscape::projection::{LevelPoint, LevelSets, PlanarSystem};
use numpy::{PyArrayMethods, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;

use super::Fields;
use super::tables::{Places, array, key};
use crate::arrays::{named, vector};
use crate::errors::{OrRaise, model_error};
use crate::records::{ToPython, record};

/// Rounds after which refinement is taken to have no end.
const ROUNDS: usize = 200;

/// What a function of Python gives at points of a plane: known values, and points that are missed.
struct Known<const N: usize> {
    values: RefCell<Places<[f64; N]>>,
    missed: RefCell<Vec<Vec<f64>>>,
}

impl<const N: usize> Known<N> {
    fn new() -> Self {
        Self {
            values: RefCell::default(),
            missed: RefCell::default(),
        }
    }

    /// The values at a point, or those of nothing.
    fn at(&self, x: [f64; 2], nothing: [f64; N]) -> [f64; N] {
        if !(x[0].is_finite() && x[1].is_finite()) {
            return nothing;
        }
        let found = self.values.borrow().get(&key(&x)).copied();
        found.unwrap_or_else(|| {
            self.missed.borrow_mut().push(x.to_vec());
            nothing
        })
    }

    /// Asks for what is missed; whether there was anything.
    fn fetch(&self, py: Python<'_>, name: &str, function: &Bound<'_, PyAny>) -> PyResult<bool> {
        let mut missed = self.missed.take();
        missed.sort_by_key(|x| key(x));
        missed.dedup();
        if missed.is_empty() {
            return Ok(false);
        }
        let answer = function.call1((array(py, &missed, 2)?,))?;
        let answer: PyReadonlyArray2<'_, f64> = answer.cast::<numpy::PyArray2<f64>>()?.try_readonly()?;
        if answer.shape() != [missed.len(), N] {
            let message = format!(
                "{name} gave an array of shape {:?}, expected ({}, {N})",
                answer.shape(),
                missed.len()
            );
            return Err(model_error(py, message));
        }
        let mut values = self.values.borrow_mut();
        for (x, row) in missed.iter().zip(answer.as_slice()?.chunks_exact(N)) {
            let mut columns = [0.0; N];
            columns.copy_from_slice(row);
            values.insert(key(x), columns);
        }
        Ok(true)
    }
}

/// A known coordinate from its two numbers.
type Maker<'a> = fn(f64, f64) -> Result<LevelSets<'a>>;

/// A coordinate of the plane by its name and numbers, or a chart: a function of rows (r, s) and one of r, as `irrev.landscape.LevelSets` holds them.
#[derive(FromPyObject)]
pub(crate) enum Coordinate<'py> {
    Named(String, f64, f64),
    Chart(Bound<'py, PyAny>, Bound<'py, PyAny>),
}

impl<'py> Coordinate<'py> {
    fn level_sets<'a>(
        &self,
        py: Python<'_>,
        chart: &'a Known<6>,
        range: (f64, f64),
    ) -> PyResult<LevelSets<'a>> {
        match self {
            Self::Chart(..) => Ok(LevelSets::of_chart(
                |r, s| {
                    let far = f64::INFINITY;
                    let [x, y, area, gx, gy, laplacian] = chart.at([r, s], [far, far, 0.0, 0.0, 0.0, 0.0]);
                    LevelPoint {
                        point: [x, y],
                        area,
                        gradient: [gx, gy],
                        laplacian,
                    }
                },
                move |_, _| Ok(range),
            )),
            Self::Named(name, first, second) => {
                let known: [(&str, Maker<'a>); 5] = [
                    ("linear", |x, y| LevelSets::linear([x, y])),
                    ("distance", |x, y| Ok(LevelSets::distance([x, y]))),
                    ("difference of distances", |f, _| {
                        LevelSets::difference_of_distances(f)
                    }),
                    ("elliptic angle", LevelSets::elliptic_angle),
                    ("parabola", |g, _| LevelSets::parabola(g)),
                ];
                named(py, "the coordinate", name, &known)?(*first, *second).or_raise()
            }
        }
    }

    /// Ends of s at every r.
    fn ranges(&self, py: Python<'py>, points: &[f64]) -> PyResult<Vec<(f64, f64)>> {
        let Self::Chart(_, range) = self else {
            return Ok(vec![(0.0, 0.0); points.len()]);
        };
        let (low, high) = range
            .call1((points.to_vec().to_python(py)?,))?
            .extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>()?;
        let (low, high) = (vector("range", &low)?, vector("range", &high)?);
        if low.len() != points.len() || high.len() != points.len() {
            return Err(model_error(
                py,
                format!(
                    "range gave {} and {} ends for {} values",
                    low.len(),
                    high.len(),
                    points.len()
                ),
            ));
        }
        Ok(low.into_iter().zip(high).collect())
    }
}

/// ρ, w and a of a coordinate of a system in a plane; `values` gives V and ∇V at the rows of an array.
#[pyfunction]
#[allow(clippy::too_many_arguments, reason = "the system, the coordinate, the points")]
pub(crate) fn project<'py>(
    py: Python<'py>,
    values: &Bound<'py, PyAny>,
    temperature: f64,
    reach: f64,
    coordinate: Coordinate<'py>,
    points: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let points = vector("points", points)?;
    if let Some(k) = points.windows(2).position(|pair| pair[1] <= pair[0]) {
        let message = format!(
            "points[{}] is {} and follows {}; points must ascend",
            k + 1,
            points[k + 1],
            points[k]
        );
        return Err(model_error(py, message));
    }
    let (plane, chart) = (Known::<3>::new(), Known::<6>::new());
    let nowhere = [f64::INFINITY, 0.0, 0.0];
    let mut system = None;
    for _ in 0..ROUNDS {
        let potential = |q: [f64; 2]| plane.at(q, nowhere)[0];
        let gradient = |q: [f64; 2]| {
            let [_, x, y] = plane.at(q, nowhere);
            [x, y]
        };
        let found = PlanarSystem::new(potential, gradient, temperature, reach);
        if !plane.fetch(py, "the potential", values)? {
            system = Some(found.or_raise()?);
            break;
        }
        py.check_signals()?;
    }
    let system = system.ok_or_else(|| endless(py))?;
    let ranges = coordinate.ranges(py, &points)?;
    let level_sets = ranges
        .iter()
        .map(|range| coordinate.level_sets(py, &chart, *range))
        .collect::<PyResult<Vec<_>>>()?;
    let mut profiles: Vec<Option<Profile>> = vec![None; points.len()];
    for _ in 0..ROUNDS {
        let mut failure = None;
        for (k, profile) in profiles
            .iter_mut()
            .enumerate()
            .filter(|(_, profile)| profile.is_none())
        {
            let before = plane.missed.borrow().len() + chart.missed.borrow().len();
            let found = system.profile(&level_sets[k], &points[k..=k]);
            if plane.missed.borrow().len() + chart.missed.borrow().len() > before {
                continue;
            }
            match found {
                Ok(found) => *profile = Some(found),
                Err(error) => {
                    failure.get_or_insert(error);
                    break;
                }
            }
        }
        if let Some(error) = failure {
            return Err(error).or_raise();
        }
        let mut more = plane.fetch(py, "the potential", values)?;
        if let Coordinate::Chart(function, _) = &coordinate {
            more |= chart.fetch(py, "the chart", function)?;
        }
        py.check_signals()?;
        if !more {
            break;
        }
    }
    let found: Vec<Profile> = profiles
        .into_iter()
        .collect::<Option<_>>()
        .ok_or_else(|| endless(py))?;
    let column =
        |of: fn(&Profile) -> &Vec<f64>| found.iter().flat_map(|profile| of(profile).clone()).collect();
    let profile = Profile {
        points: points.clone(),
        density: column(|profile| &profile.density),
        mean_square_velocity: column(|profile| &profile.mean_square_velocity),
        mean_acceleration: column(|profile| &profile.mean_acceleration),
    };
    Ok(record!(py, profile; points, density, mean_square_velocity, mean_acceleration))
}

fn endless(py: Python<'_>) -> PyErr {
    crate::errors::general_error(
        py,
        format!(
            "the potential or the coordinate asked for more and more points in {ROUNDS} rounds: they are no functions of their arguments alone"
        ),
    )
}

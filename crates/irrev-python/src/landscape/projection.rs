//! Landscapes of a model in a plane, whose potential (and coordinate, if it is none of the known ones) are functions of Python.
//!
//! Integrals are adaptive, so that the points at which the functions are needed are not known beforehand. Each round runs with what is known: where something is missing, the density is taken for
//! zero, so that nothing is refined there, and the point is noted. After each round Python is asked for all that is missing, for many points at a time; the last round misses nothing, and is
//! what the library would have found with the functions themselves.

use std::cell::RefCell;

use irrev_landscape::Result;
use irrev_landscape::landscape::Profile;
use irrev_landscape::projection::{LevelPoint, LevelSets, PlanarSystem};
use irrev_numerics::Error as NumericsError;
use irrev_numerics::Run;
use numpy::{PyArrayMethods, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;

use super::Fields;
use super::tables::{Places, key};
use crate::arrays::{named, vector};
use crate::errors::{general_error, model_error};
use crate::records::{ToPython, record, rows};
use crate::run::{Options, Watch, supervised};

/// Rounds after which refinement is taken to have no end.
const ROUNDS: usize = 200;

/// A function of Python of the rows of an array with two columns, N numbers each: what is known of it, and points that are missed.
struct Known<'a, const N: usize> {
    name: &'static str,
    function: Option<&'a Py<PyAny>>,
    watch: &'a Watch,
    values: RefCell<Places<[f64; N]>>,
    missed: RefCell<Vec<Vec<f64>>>,
}

impl<'a, const N: usize> Known<'a, N> {
    fn of(name: &'static str, function: Option<&'a Py<PyAny>>, watch: &'a Watch) -> Self {
        Self {
            name,
            function,
            watch,
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

    fn missing(&self) -> usize {
        self.missed.borrow().len()
    }

    /// Asks for what is missed; whether there was anything. What Python raises is kept for the calling thread.
    fn fetch(&self) -> Result<bool> {
        let mut missed = self.missed.take();
        let Some(function) = self.function.filter(|_| !missed.is_empty()) else {
            return Ok(false);
        };
        missed.sort_by_key(|x| key(x));
        missed.dedup();
        let asked = Python::attach(|py| self.ask(py, function, &missed));
        asked.map(|()| true).map_err(|error| {
            self.watch.keep(error);
            NumericsError::Cancelled.into()
        })
    }

    fn ask(&self, py: Python<'_>, function: &Py<PyAny>, missed: &[Vec<f64>]) -> PyResult<()> {
        let answer = function.call1(py, (rows(py, missed, 2)?,))?;
        let answer: PyReadonlyArray2<'_, f64> =
            answer.bind(py).cast::<numpy::PyArray2<f64>>()?.try_readonly()?;
        if answer.shape() != [missed.len(), N] {
            let (name, shape, points) = (self.name, answer.shape(), missed.len());
            let message = format!("{name} gave an array of shape {shape:?}, expected ({points}, {N})");
            return Err(model_error(py, message));
        }
        let mut values = self.values.borrow_mut();
        for (x, row) in missed.iter().zip(answer.as_slice()?.chunks_exact(N)) {
            let mut columns = [0.0; N];
            columns.copy_from_slice(row);
            values.insert(key(x), columns);
        }
        Ok(())
    }
}

/// A known coordinate from its two numbers.
type Maker<'a> = fn(f64, f64) -> Result<LevelSets<'a>>;

/// A coordinate of the plane by its name and numbers, or a chart: a function of rows (r, s) and one of r, as `irrev.landscape.LevelSets` holds them.
#[derive(FromPyObject)]
pub(crate) enum Coordinate {
    Named(String, f64, f64),
    Chart(Py<PyAny>, Py<PyAny>),
}

fn makers<'a>() -> [(&'static str, Maker<'a>); 5] {
    [
        ("linear", |x, y| LevelSets::linear([x, y])),
        ("distance", |x, y| Ok(LevelSets::distance([x, y]))),
        ("difference of distances", |f, _| {
            LevelSets::difference_of_distances(f)
        }),
        ("elliptic angle", LevelSets::elliptic_angle),
        ("parabola", |g, _| LevelSets::parabola(g)),
    ]
}

impl Coordinate {
    /// Refuses a name that is not known.
    fn check(&self, py: Python<'_>) -> PyResult<()> {
        match self {
            Self::Named(name, ..) => named(py, "the coordinate", name, &makers()).map(|_| ()),
            Self::Chart(..) => Ok(()),
        }
    }

    fn chart(&self) -> Option<&Py<PyAny>> {
        match self {
            Self::Named(..) => None,
            Self::Chart(chart, _) => Some(chart),
        }
    }

    /// Ends of s at every r, of a chart.
    fn ranges(&self, py: Python<'_>, points: &[f64]) -> PyResult<Vec<(f64, f64)>> {
        let Self::Chart(_, range) = self else {
            return Ok(vec![(0.0, 0.0); points.len()]);
        };
        let ends = range.bind(py).call1((points.to_vec().to_python(py)?,))?;
        let (low, high) = ends.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>()?;
        let (low, high) = (vector("range", &low)?, vector("range", &high)?);
        if low.len() != points.len() || high.len() != points.len() {
            let message = format!(
                "range gave {} and {} ends for {} values",
                low.len(),
                high.len(),
                points.len()
            );
            return Err(model_error(py, message));
        }
        Ok(low.into_iter().zip(high).collect())
    }

    fn level_sets<'a>(&self, chart: &'a Known<'_, 6>, range: (f64, f64)) -> Result<LevelSets<'a>> {
        if let Self::Named(name, first, second) = self {
            for (known, maker) in makers() {
                if known == name {
                    return maker(*first, *second);
                }
            }
        }
        Ok(LevelSets::of_chart(
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
        ))
    }
}

/// What is asked: kT, reach, coordinate, the points and the ends of s at each.
struct Question {
    temperature: f64,
    reach: f64,
    coordinate: Coordinate,
    points: Vec<f64>,
    ranges: Vec<(f64, f64)>,
}

impl Question {
    /// Rounds until nothing is missing: first for the whole density, then for every value of the coordinate.
    fn answer(&self, plane: &Known<'_, 3>, chart: &Known<'_, 6>, run: &Run<'_>) -> Result<Profile> {
        let nowhere = [f64::INFINITY, 0.0, 0.0];
        let made = || {
            let potential = |q: [f64; 2]| plane.at(q, nowhere)[0];
            let gradient = |q: [f64; 2]| {
                let [_, x, y] = plane.at(q, nowhere);
                [x, y]
            };
            PlanarSystem::new(potential, gradient, self.temperature, self.reach)
        };
        let mut found = made();
        for round in 0.. {
            run.report(0.0, "projection: the whole density")?;
            if !plane.fetch()? {
                break;
            }
            self.limit(round, plane)?;
            found = made();
        }
        let system = found?;
        let sets = |range: &(f64, f64)| self.coordinate.level_sets(chart, *range);
        let level_sets: Vec<LevelSets<'_>> = self.ranges.iter().map(sets).collect::<Result<_>>()?;
        let count = self.points.len();
        let mut profiles: Vec<Option<Profile>> = vec![None; count];
        // batches grow, so that averages which do not exist are met by few values, and soon
        let (mut start, mut size) = (0, 1);
        while start < count {
            let end = (start + size).min(count);
            for round in 0.. {
                self.limit(round, plane)?;
                for k in start..end {
                    if profiles[k].is_some() {
                        continue;
                    }
                    run.report(k as f64 / count as f64, "projection: level sets")?;
                    let before = plane.missing() + chart.missing();
                    let one = system.profile(&level_sets[k], &self.points[k..=k]);
                    if plane.missing() + chart.missing() == before {
                        profiles[k] = Some(one?);
                    }
                }
                if !(plane.fetch()? | chart.fetch()?) {
                    break;
                }
            }
            (start, size) = (end, 4 * size);
        }
        let found: Vec<Profile> = profiles.into_iter().flatten().collect();
        let column =
            |of: fn(&Profile) -> &Vec<f64>| found.iter().flat_map(|profile| of(profile).clone()).collect();
        Ok(Profile {
            points: self.points.clone(),
            density: column(|profile| &profile.density),
            mean_square_velocity: column(|profile| &profile.mean_square_velocity),
            mean_acceleration: column(|profile| &profile.mean_acceleration),
        })
    }

    /// Refuses functions that ask for more and more.
    fn limit(&self, round: usize, plane: &Known<'_, 3>) -> Result<()> {
        if round < ROUNDS {
            return Ok(());
        }
        let message = format!(
            "after {ROUNDS} rounds more points are asked for: a function does not depend on its arguments alone"
        );
        plane.watch.keep(Python::attach(|py| general_error(py, message)));
        Err(NumericsError::Cancelled.into())
    }
}

/// ρ, w and a of a coordinate of a system in a plane; `values` gives V and ∇V at the rows of an array.
#[pyfunction]
pub(crate) fn project<'py>(
    py: Python<'py>,
    values: Py<PyAny>,
    system: (f64, f64),
    coordinate: Coordinate,
    points: &Bound<'py, PyAny>,
    options: Options,
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
    coordinate.check(py)?;
    let question = Question {
        temperature: system.0,
        reach: system.1,
        ranges: coordinate.ranges(py, &points)?,
        coordinate,
        points,
    };
    let profile = supervised(py, options, move |run, watch| -> Result<_> {
        let plane = Known::of("the potential", Some(&values), watch);
        let chart = Known::of("the chart", question.coordinate.chart(), watch);
        question.answer(&plane, &chart, run)
    })?;
    Ok(record!(py, profile; points, density, mean_square_velocity, mean_acceleration))
}

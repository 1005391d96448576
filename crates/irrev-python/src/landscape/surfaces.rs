//! Landscapes of a recording with errors, and those of a profile that is known exactly.

use std::sync::Arc;

use irrev_landscape::grid::Component;
use irrev_landscape::landscape::{
    Barrier, Gauge, Jacobian, Kind, Landscape, LandscapeOptions, Profile, Surfaces, Verdict, barrier,
    landscape, wells,
};
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use super::estimates::columns;
use super::moments::LandscapeMoments;
use super::{AGAIN, Fields};
use crate::arrays::{named, vector};
use crate::errors::{OrRaise, model_error};
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

/// kT, least count, dimension of a distance whose Jacobian is removed, gauge with its value, draws, significance.
#[derive(Clone, PartialEq, FromPyObject, IntoPyObject)]
pub(crate) struct LandscapeParts(f64, f64, Option<f64>, String, f64, usize, f64);

fn jacobian(dimension: Option<f64>) -> Jacobian {
    dimension.map_or(Jacobian::Kept, |dimension| Jacobian::Removed { dimension })
}

fn kind(py: Python<'_>, name: &str) -> PyResult<Kind> {
    let known = [
        ("free_energy", Kind::FreeEnergy),
        ("mean_force_potential", Kind::MeanForcePotential),
        (
            "normalised_mean_force_potential",
            Kind::NormalisedMeanForcePotential,
        ),
    ];
    named(py, "kind", name, &known)
}

impl LandscapeParts {
    fn options(&self, py: Python<'_>) -> PyResult<LandscapeOptions> {
        let known = [
            ("most populated", Gauge::MostPopulated),
            ("first", Gauge::First),
            ("near", Gauge::Near(self.4)),
        ];
        Ok(LandscapeOptions {
            temperature: self.0,
            least_count: self.1,
            jacobian: jacobian(self.2),
            gauge: named(py, "gauge", &self.3, &known)?,
            draws: self.5,
            significance: self.6,
        })
    }
}

/// The landscapes of one coordinate of a recording.
#[pyclass(frozen, eq, module = "irrev._core")]
pub(crate) struct LandscapeSurfaces {
    moments: Py<LandscapeMoments>,
    parts: LandscapeParts,
    run: (u64, usize),
    landscape: Arc<Landscape>,
}

/// The same question has the same answer, whose gaps are NaN and equal nothing.
impl PartialEq for LandscapeSurfaces {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts && self.run.0 == other.run.0 && self.moments.get() == other.moments.get()
    }
}

fn verdict(verdict: &Verdict) -> (&'static str, Option<f64>) {
    match verdict {
        Verdict::Equal => ("equal", None),
        Verdict::EqualWithOtherMetric => ("equal with another metric", None),
        Verdict::Proportional { ratio } => ("proportional", Some(*ratio)),
        Verdict::Different => ("different", None),
        Verdict::Inconsistent => ("inconsistent", None),
        _ => ("unknown", None),
    }
}

#[pymethods]
impl LandscapeSurfaces {
    #[new]
    fn new(
        py: Python<'_>,
        moments: Py<LandscapeMoments>,
        parts: LandscapeParts,
        run: Options,
    ) -> PyResult<Self> {
        let (averages, options, asked) = (moments.get().shared(), parts.options(py)?, (run.0, run.1));
        let found = supervised(py, run, move |run, _| landscape(&averages, &options, run))?;
        Ok(Self {
            moments,
            parts,
            run: asked,
            landscape: Arc::new(found),
        })
    }

    /// Landscapes, where they differ, and what goes round a circle.
    fn figures<'py>(&self, py: Python<'py>) -> Fields<'py> {
        let (found, fields) = (&self.landscape, PyDict::new(py));
        fields.set_item("points", found.points.to_python(py)?)?;
        for (name, estimates) in [
            ("free_energy", &found.free_energy),
            ("mean_force_potential", &found.mean_force_potential),
            (
                "normalised_mean_force_potential",
                &found.normalised_mean_force_potential,
            ),
            ("metric_term", &found.metric_term),
        ] {
            fields.set_item(name, columns(py, estimates)?)?;
        }
        let mut components = Vec::new();
        let parts = found
            .components
            .iter()
            .zip(&found.references)
            .zip(&found.comparisons);
        for ((component, reference), comparison) in parts {
            let (verdict, ratio) = verdict(&comparison.verdict);
            let compared = record!(py, comparison; metric_range, largest_metric_deviation, metric_p_value, mean_metric, constant_p_value, largest_difference, difference_p_value, identity_residual, identity_p_value);
            compared.set_item("verdict", verdict)?;
            compared.set_item("ratio", ratio)?;
            let fields = record!(py, component; cells, closed);
            fields.set_item("reference", *reference)?;
            fields.set_item("comparison", compared)?;
            components.push(fields);
        }
        fields.set_item("components", components)?;
        let round = found
            .circulation
            .as_ref()
            .map(|round| -> Fields<'py> { Ok(record!(py, round; mean_force, tilt, normalised)) });
        fields.set_item("circulation", round.transpose()?)?;
        Ok(fields)
    }

    /// Place and heights of the barrier of a landscape between two values of the coordinate.
    fn barrier<'py>(
        &self,
        py: Python<'py>,
        kind: &str,
        low: f64,
        high: f64,
    ) -> PyResult<Option<Bound<'py, PyDict>>> {
        let (kind, landscape) = (self::kind(py, kind)?, Arc::clone(&self.landscape));
        let found = py.detach(|| landscape.barrier(kind, (low, high)));
        found
            .map(|found| Ok(record!(py, found; top, from_left, from_right)))
            .transpose()
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (py, this) = (slf.py(), slf.get());
        let again = (this.run.0, this.run.1, AGAIN.2, AGAIN.3);
        let question = (this.moments.clone_ref(py), this.parts.clone(), again);
        Ok((slf.get_type().into_any(), question.into_pyobject(py)?))
    }
}

/// Points, ρ, w and a.
#[derive(FromPyObject)]
pub(crate) struct ProfileParts<'py>(
    PyReadonlyArray1<'py, f64>,
    PyReadonlyArray1<'py, f64>,
    PyReadonlyArray1<'py, f64>,
    PyReadonlyArray1<'py, f64>,
);

impl ProfileParts<'_> {
    pub(super) fn profile(&self) -> PyResult<Profile> {
        Ok(Profile {
            points: self.0.as_slice()?.to_vec(),
            density: self.1.as_slice()?.to_vec(),
            mean_square_velocity: self.2.as_slice()?.to_vec(),
            mean_acceleration: self.3.as_slice()?.to_vec(),
        })
    }
}

/// The four landscapes of a profile, zero at a reference point; `circle` is the length of the period.
#[pyfunction]
pub(crate) fn exact_surfaces<'py>(
    py: Python<'py>,
    profile: ProfileParts<'py>,
    reference: usize,
    circle: Option<f64>,
    temperature: f64,
    jacobian: Option<f64>,
) -> Fields<'py> {
    let profile = profile.profile()?;
    if reference >= profile.points.len() {
        let message = format!(
            "the reference is point {reference}; the profile has the points 0 to {}",
            profile.points.len().saturating_sub(1)
        );
        return Err(model_error(py, message));
    }
    let whole = Component {
        cells: (0..profile.points.len()).collect(),
        closed: circle.is_some(),
    };
    let found = Surfaces::new(
        &profile,
        &[(whole, reference)],
        circle,
        temperature,
        self::jacobian(jacobian),
    )
    .or_raise()?;
    let fields =
        record!(py, found; free_energy, mean_force_potential, normalised_mean_force_potential, metric_term);
    fields.set_item("circulation", found.circulation)?;
    Ok(fields)
}

/// Place and heights of the barrier of values at ascending points.
#[pyfunction]
pub(crate) fn barrier_of_values(
    points: &Bound<'_, PyAny>,
    values: &Bound<'_, PyAny>,
) -> PyResult<Option<(f64, f64, f64)>> {
    let py = points.py();
    let (points, values) = (vector("points", points)?, vector("values", values)?);
    if points.len() != values.len() {
        let message = format!(
            "values has {} entries, expected {}, one for each point",
            values.len(),
            points.len()
        );
        return Err(model_error(py, message));
    }
    Ok(barrier(&points, &values).map(
        |Barrier {
             top,
             from_left,
             from_right,
         }| (top, from_left, from_right),
    ))
}

/// Places and depths of the wells of values.
#[pyfunction]
pub(crate) fn wells_of_values(values: &Bound<'_, PyAny>, least_depth: f64) -> PyResult<Vec<(usize, f64)>> {
    let values = vector("values", values)?;
    Ok(wells(&values, least_depth)
        .iter()
        .map(|well| (well.place, well.depth))
        .collect())
}

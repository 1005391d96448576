//! Hidden dimensions of a recording: levels, their joint density, and its peaks.

use std::sync::Arc;

use irrev_landscape::Result;
use irrev_landscape::hidden::{
    DensityOptions, Exploration, ExploreOptions, Hierarchy, HierarchyOptions, JointDensity, Level, Peak,
    Stop, Topology, explore, hierarchy, joint_density, peaks,
};
use irrev_landscape::moments::Accelerations;
use numpy::PyReadonlyArray2;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

use super::grid::GridParts;
use super::recording::LandscapeRecord;
use super::{AGAIN, Fields};
use crate::arrays::named;
use crate::errors::OrRaise;
use crate::records::{ToPython, matrix, record};
use crate::run::{Options, supervised};

/// Coordinate, where accelerations come from, levels, width of windows, fewest visits, parts, draws.
#[derive(Clone, PartialEq, FromPyObject, IntoPyObject)]
pub(crate) struct HierarchyParts(usize, String, usize, Option<f64>, f64, usize, usize);

impl HierarchyParts {
    fn options(&self, py: Python<'_>) -> PyResult<HierarchyOptions> {
        let known = [
            ("differences", Accelerations::Differences),
            ("given", Accelerations::Given),
        ];
        Ok(HierarchyOptions {
            coordinate: self.0,
            accelerations: named(py, "accelerations", &self.1, &known)?,
            levels: self.2,
            bandwidth: self.3,
            least_visits: self.4,
            parts: self.5,
            draws: self.6,
        })
    }
}

/// Two levels, cells along each, smoothing and draws.
#[derive(FromPyObject)]
pub(crate) struct DensityParts((usize, usize), Option<(GridParts, GridParts)>, f64, usize);

impl DensityParts {
    fn options(&self) -> PyResult<DensityOptions> {
        let cells = match &self.1 {
            Some((first, second)) => Some((first.grid().or_raise()?, second.grid().or_raise()?)),
            None => None,
        };
        Ok(DensityOptions {
            levels: self.0,
            cells,
            smoothing: self.2,
            draws: self.3,
        })
    }
}

/// The hierarchy of a recording; `irrev.landscape.Hierarchy` shows it.
#[pyclass(frozen, eq, module = "irrev._core")]
pub(crate) struct HiddenHierarchy {
    record: Py<LandscapeRecord>,
    parts: HierarchyParts,
    seed: u64,
    found: Arc<Hierarchy>,
}

impl PartialEq for HiddenHierarchy {
    fn eq(&self, other: &Self) -> bool {
        // the same question has the same answer, NaN included
        Arc::ptr_eq(&self.found, &other.found)
            || (self.seed == other.seed
                && self.parts == other.parts
                && self.record.get() == other.record.get())
    }
}

fn level<'py>(py: Python<'py>, level: &Level) -> Fields<'py> {
    let fields = record!(py, level; number, variance, mean_square_velocity, frequency_squared, strength, mean_square_acceleration, closure, closure_in_sample, known);
    fields.set_item("explained", level.explained().to_python(py)?)?;
    let noise = &level.noise;
    fields.set_item("noise", (noise.noise, noise.step, noise.means, noise.total()))?;
    fields.set_item("below_noise", level.below_noise())?;
    let mean = &level.mean_force;
    fields.set_item("bandwidths", mean.bandwidths().to_python(py)?)?;
    fields.set_item("relative_bandwidth", mean.relative_bandwidth())?;
    fields.set_item("frames_per_visit", mean.frames_per_visit())?;
    Ok(fields)
}

fn peak<'py>(py: Python<'py>, peak: &Peak) -> Fields<'py> {
    let fields = record!(py, peak; height, saddle);
    fields.set_item("cell", (peak.cell[0], peak.cell[1]))?;
    fields.set_item("persistence", peak.persistence())?;
    Ok(fields)
}

fn density<'py>(py: Python<'py>, found: &JointDensity) -> Fields<'py> {
    let (n, m) = (found.cells.0.cells(), found.cells.1.cells());
    let fields = record!(py, found; noise_band, outside);
    fields.set_item("levels", found.levels)?;
    fields.set_item("bandwidths", (found.bandwidths[0], found.bandwidths[1]))?;
    fields.set_item(
        "edges",
        (
            found.cells.0.edges().to_vec().to_python(py)?,
            found.cells.1.edges().to_vec().to_python(py)?,
        ),
    )?;
    fields.set_item("probability", matrix(py, found.probability.clone(), n, m)?)?;
    fields.set_item("smoothed", matrix(py, found.smoothed.clone(), n, m)?)?;
    fields.set_item("density", matrix(py, found.density(), n, m)?)?;
    let significant = found.significant_peaks().count();
    let of_peak = |one: &Peak| {
        let fields = peak(py, one)?;
        let [first, second] = found.place(one);
        fields.set_item("place", (first, second))?;
        fields.set_item("persistence", found.persistence(one).to_python(py)?)?;
        fields.set_item("significant", one.persistence() > 2.0 * found.noise_band)?;
        Ok(fields)
    };
    let peaks = found.peaks.iter().map(of_peak).collect::<PyResult<Vec<_>>>()?;
    fields.set_item("peaks", PyList::new(py, peaks)?)?;
    fields.set_item("significant", significant)?;
    Ok(fields)
}

#[pymethods]
impl HiddenHierarchy {
    #[new]
    fn new(
        py: Python<'_>,
        record: Py<LandscapeRecord>,
        parts: HierarchyParts,
        run: Options,
    ) -> PyResult<Self> {
        let (recording, asked, seed) = (record.get().shared(), parts.options(py)?, run.0);
        let found = supervised(py, run, move |run, _| -> Result<_> {
            hierarchy(&recording.record()?, &asked, run)
        })?;
        Ok(Self {
            record,
            parts,
            seed,
            found: Arc::new(found),
        })
    }

    /// What is known of each level, and why there are no more.
    fn levels<'py>(&self, py: Python<'py>) -> PyResult<(Vec<Bound<'py, PyDict>>, &'static str)> {
        let levels = self.found.levels.iter().map(|one| level(py, one));
        Ok((
            levels.collect::<PyResult<_>>()?,
            match self.found.stop {
                Stop::Asked => "asked",
                Stop::Noise => "noise",
                Stop::Thin => "thin",
                Stop::Closed => "closed",
                Stop::Short => "short",
                _ => "other",
            },
        ))
    }

    /// r_n at each frame of each trajectory; NaN where it is not known.
    fn series<'py>(&self, py: Python<'py>, n: usize) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let series = self.found.series(n).or_raise()?;
        series.iter().map(|one| one.to_vec().to_python(py)).collect()
    }

    /// ⟨r̈_n; r₁, …, r_n⟩ at points, a row each.
    fn mean_force<'py>(
        &self,
        py: Python<'py>,
        n: usize,
        points: PyReadonlyArray2<'py, f64>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let levels = &self.found.levels;
        let Some(level) = levels.get(n.wrapping_sub(1)) else {
            let (coordinate, coordinates) = (n, levels.len() + 1);
            let error = irrev_landscape::Error::NoCoordinate {
                coordinate,
                coordinates,
            };
            return Err(error).or_raise();
        };
        let table = points.as_array();
        let values = table
            .rows()
            .into_iter()
            .map(|row| level.mean_force.at(&row.to_vec()));
        values.collect::<Result<Vec<f64>>>().or_raise()?.to_python(py)
    }

    /// ρ of two levels, and its peaks.
    fn joint_density<'py>(&self, py: Python<'py>, asked: DensityParts, options: Options) -> Fields<'py> {
        let (found, asked) = (Arc::clone(&self.found), asked.options()?);
        let found = supervised(py, options, move |run, _| -> Result<_> {
            joint_density(&found, &asked, run)
        })?;
        density(py, &found)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (py, this) = (slf.py(), slf.get());
        let again: Options = (this.seed, AGAIN.1, AGAIN.2, AGAIN.3);
        let question = (this.record.clone_ref(py), this.parts.clone(), again);
        Ok((slf.get_type().into_any(), question.into_pyobject(py)?))
    }
}

/// A hierarchy, the density of two of its levels, and what they cannot show.
#[pyfunction]
pub(crate) fn explore_hidden<'py>(
    py: Python<'py>,
    record: Py<LandscapeRecord>,
    parts: HierarchyParts,
    asked: DensityParts,
    options: Options,
) -> PyResult<(
    HiddenHierarchy,
    Bound<'py, PyDict>,
    Bound<'py, PyDict>,
    Vec<String>,
)> {
    let (recording, seed) = (record.get().shared(), options.0);
    let how = ExploreOptions {
        hierarchy: parts.options(py)?,
        density: asked.options()?,
    };
    let found: Exploration = supervised(py, options, move |run, _| -> Result<_> {
        explore(&recording.record()?, &how, run)
    })?;
    let blind = &found.blind_spot;
    let blind = record!(py, blind; level, closure, open);
    let sentences = found.sentences();
    let density = density(py, &found.density)?;
    let hierarchy = HiddenHierarchy {
        record,
        parts,
        seed,
        found: Arc::new(found.hierarchy),
    };
    Ok((hierarchy, density, blind, sentences))
}

/// All peaks of a density on a grid.
#[pyfunction]
pub(crate) fn density_peaks<'py>(
    py: Python<'py>,
    given: PyReadonlyArray2<'py, f64>,
    cylinder: bool,
) -> PyResult<Vec<Bound<'py, PyDict>>> {
    let table = given.as_array();
    let values: Vec<f64> = table.iter().copied().collect();
    let topology = if cylinder {
        Topology::Cylinder
    } else {
        Topology::Plane
    };
    let found = peaks(&values, [table.nrows(), table.ncols()], topology).or_raise()?;
    found.iter().map(|one| peak(py, one)).collect()
}

//! Linear diffusions in closed form.

use irrev_landscape::linear::convexity::convexity_bounds;
use irrev_landscape::linear::subsystem::{self, PartialEntropyProduction};
use irrev_landscape::linear::{self, LinearDiffusion};
use irrev_numerics::Tolerance;
use numpy::PyReadonlyArray2;
use pyo3::prelude::*;

use super::Fields;
use crate::arrays::tolerance;
use crate::errors::OrRaise;
use crate::matrices::{Normal, matrix, moments};
use crate::records::{ToPython, record};

/// A and D.
#[derive(FromPyObject)]
pub(crate) struct DiffusionParts<'py>(PyReadonlyArray2<'py, f64>, PyReadonlyArray2<'py, f64>);

impl DiffusionParts<'_> {
    fn diffusion(&self) -> PyResult<LinearDiffusion> {
        LinearDiffusion::new(matrix(&self.0)?, matrix(&self.1)?).or_raise()
    }
}

type Pair<'py> = PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)>;

/// Mean and covariance of the stationary state; a check of the diffusion alone if `only_check`.
#[pyfunction]
pub(crate) fn linear_stationary<'py>(
    py: Python<'py>,
    diffusion: DiffusionParts<'py>,
    only_check: bool,
) -> PyResult<Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>> {
    let diffusion = diffusion.diffusion()?;
    if only_check {
        return Ok(None);
    }
    moments(py, &diffusion.stationary().or_raise()?).map(Some)
}

/// The distribution after a time.
#[pyfunction]
pub(crate) fn linear_at<'py>(
    py: Python<'py>,
    diffusion: DiffusionParts<'py>,
    start: Normal<'py>,
    time: f64,
) -> Pair<'py> {
    let start = start.gaussian(py, "start")?;
    moments(py, &diffusion.diffusion()?.at(&start, time).or_raise()?)
}

/// V, m and v(m) of the local mean velocity.
#[pyfunction]
pub(crate) fn linear_velocity<'py>(
    py: Python<'py>,
    diffusion: DiffusionParts<'py>,
    state: Normal<'py>,
) -> Fields<'py> {
    let state = state.gaussian(py, "state")?;
    let found = diffusion.diffusion()?.local_mean_velocity(&state).or_raise()?;
    Ok(record!(py, found; matrix, mean, at_mean))
}

/// Entropy production rate and its parts.
#[pyfunction]
pub(crate) fn linear_dissipation<'py>(
    py: Python<'py>,
    diffusion: DiffusionParts<'py>,
    state: Normal<'py>,
) -> Fields<'py> {
    let state = state.gaussian(py, "state")?;
    let found = diffusion.diffusion()?.entropy_production(&state).or_raise()?;
    Ok(record!(py, found; rate, excess, housekeeping, system, surroundings))
}

/// Entropy production in a time.
#[pyfunction]
pub(crate) fn linear_produced(
    py: Python<'_>,
    diffusion: DiffusionParts<'_>,
    start: Normal<'_>,
    time: f64,
) -> PyResult<f64> {
    let start = start.gaussian(py, "start")?;
    diffusion.diffusion()?.produced(&start, time).or_raise()
}

/// W₂² in the metric D⁻¹ over a time.
#[pyfunction]
pub(crate) fn linear_transport_bound(
    py: Python<'_>,
    diffusion: DiffusionParts<'_>,
    from_: Normal<'_>,
    to: Normal<'_>,
    time: f64,
) -> PyResult<f64> {
    let (from, to) = (from_.gaussian(py, "from_")?, to.gaussian(py, "to")?);
    diffusion
        .diffusion()?
        .transport_bound(&from, &to, time)
        .or_raise()
}

/// The inequalities of a convex potential.
#[pyfunction]
pub(crate) fn linear_convexity<'py>(
    py: Python<'py>,
    diffusion: DiffusionParts<'py>,
    state: Normal<'py>,
) -> Fields<'py> {
    let state = state.gaussian(py, "state")?;
    let found = convexity_bounds(&diffusion.diffusion()?, &state).or_raise()?;
    Ok(record!(py, found; convexity, relative_entropy, squared_distance, hwi, log_sobolev, talagrand))
}

/// D(p‖q) between normal distributions.
#[pyfunction]
pub(crate) fn gaussian_relative_entropy(py: Python<'_>, p: Normal<'_>, q: Normal<'_>) -> PyResult<f64> {
    linear::convexity::relative_entropy(&p.gaussian(py, "p")?, &q.gaussian(py, "q")?).or_raise()
}

/// The gradient nearest to a linear field.
#[pyfunction]
pub(crate) fn linear_split<'py>(
    py: Python<'py>,
    field: PyReadonlyArray2<'py, f64>,
    covariance: PyReadonlyArray2<'py, f64>,
    metric: PyReadonlyArray2<'py, f64>,
) -> Fields<'py> {
    let found = linear::split(&matrix(&field)?, &matrix(&covariance)?, &matrix(&metric)?).or_raise()?;
    Ok(record!(py, found; gradient, curvature, flux, mean_square_gradient, mean_square_flux))
}

fn law<'py>(py: Python<'py>, part: &PartialEntropyProduction) -> Fields<'py> {
    Ok(record!(py, part; rate, system, surroundings, information_flow))
}

/// The second laws of a part and of the rest.
#[pyfunction]
pub(crate) fn two_parts<'py>(
    py: Python<'py>,
    diffusion: DiffusionParts<'py>,
    state: Normal<'py>,
    part: Vec<usize>,
) -> Fields<'py> {
    let state = state.gaussian(py, "state")?;
    let found = subsystem::two_parts(&diffusion.diffusion()?, &state, &part).or_raise()?;
    let fields = record!(py, found; mutual_information);
    fields.set_item("part", law(py, &found.part)?)?;
    fields.set_item("rest", law(py, &found.rest)?)?;
    Ok(fields)
}

/// ∫ σ_X dt of a part.
#[pyfunction]
pub(crate) fn produced_by_part<'py>(
    py: Python<'py>,
    diffusion: DiffusionParts<'py>,
    start: Normal<'py>,
    part: Vec<usize>,
    time: f64,
    tol: f64,
) -> PyResult<Bound<'py, PyAny>> {
    let (diffusion, start) = (diffusion.diffusion()?, start.gaussian(py, "start")?);
    let tolerance = Tolerance::relative(tolerance(py, tol)?);
    let found = py.detach(|| subsystem::produced_by_part(&diffusion, &start, &part, time, tolerance));
    found.or_raise()?.to_python(py)
}

/// W₂² over a time between the marginals of a part.
#[pyfunction]
pub(crate) fn part_of_transport_bound(
    py: Python<'_>,
    diffusion: DiffusionParts<'_>,
    from_: Normal<'_>,
    to: Normal<'_>,
    part: Vec<usize>,
    time: f64,
) -> PyResult<f64> {
    let (from, to) = (from_.gaussian(py, "from_")?, to.gaussian(py, "to")?);
    subsystem::part_of_transport_bound(&diffusion.diffusion()?, &from, &to, &part, time).or_raise()
}

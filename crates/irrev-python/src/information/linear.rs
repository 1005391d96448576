//! Linear processes in discrete time, and linear Langevin equations looked at every so often.

use irrev_network::information::gaussian::{self, IntegratedOptions, SampledDiffusion, VectorAutoregression};
use irrev_numerics::Tolerance;
use irrev_numerics::linalg::Matrix;
use numpy::PyReadonlyArray2;
use pyo3::prelude::*;

use super::Fields;
use crate::arrays;
use crate::errors::OrRaise;
use crate::matrices::matrix;
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

/// A and Q.
#[derive(FromPyObject)]
pub(crate) struct Steps<'py>(PyReadonlyArray2<'py, f64>, PyReadonlyArray2<'py, f64>);

impl Steps<'_> {
    fn process(&self) -> PyResult<VectorAutoregression> {
        VectorAutoregression::new(matrix(&self.0)?, matrix(&self.1)?).or_raise()
    }
}

/// S, and the residual of its equation.
#[pyfunction]
pub(crate) fn autoregression_covariance<'py>(
    py: Python<'py>,
    steps: Steps<'py>,
) -> PyResult<(Bound<'py, PyAny>, f64)> {
    let process = steps.process()?;
    Ok((process.covariance().to_python(py)?, process.residual()))
}

/// Between two groups of variables at one time, or of past and future without groups.
#[pyfunction]
pub(crate) fn autoregression_information(
    steps: Steps<'_>,
    groups: Option<(Vec<usize>, Vec<usize>)>,
) -> PyResult<f64> {
    let process = steps.process()?;
    match groups {
        Some((one, other)) => process.instantaneous_information(&one, &other),
        None => process.past_future_information(),
    }
    .or_raise()
}

/// Stochastic interaction of parts, or irreversibility without parts.
#[pyfunction]
pub(crate) fn autoregression_interaction(steps: Steps<'_>, parts: Option<Vec<Vec<usize>>>) -> PyResult<f64> {
    let process = steps.process()?;
    match parts {
        Some(parts) => process.stochastic_interaction(&parts),
        None => process.irreversibility(),
    }
    .or_raise()
}

/// With k and l steps of history, or all of it.
#[pyfunction]
pub(crate) fn autoregression_transfer(
    py: Python<'_>,
    steps: Steps<'_>,
    source: Vec<usize>,
    target: Vec<usize>,
    history: Option<(usize, usize)>,
) -> PyResult<f64> {
    let process = steps.process()?;
    py.detach(|| match history {
        Some((k, l)) => process.transfer_entropy(&source, &target, k, l),
        None => process.transfer_entropy_of_all_history(&source, &target),
    })
    .or_raise()
}

/// Φ_G.
#[pyfunction]
pub(crate) fn autoregression_integrated<'py>(
    py: Python<'py>,
    steps: Steps<'py>,
    random_starts: usize,
    tol: f64,
    options: Options,
) -> Fields<'py> {
    let process = steps.process()?;
    let asked = IntegratedOptions {
        random_starts,
        tolerance: Tolerance {
            relative: arrays::tolerance(py, tol)?,
            ..IntegratedOptions::default().tolerance
        },
    };
    let found = supervised(py, options, move |run, _| {
        gaussian::integrated_information(&process, &asked, run)
    })?;
    let fields = record!(py, found; value, diagonal, convergence, curvature, stochastic_interaction,
        past_future_information);
    fields.set_item("agreeing", found.agreeing)?;
    Ok(fields)
}

/// A and D.
#[derive(FromPyObject)]
pub(crate) struct DiffusionParts<'py>(PyReadonlyArray2<'py, f64>, PyReadonlyArray2<'py, f64>);

impl DiffusionParts<'_> {
    fn diffusion(&self) -> PyResult<SampledDiffusion> {
        SampledDiffusion::new(matrix(&self.0)?, matrix(&self.1)?).or_raise()
    }
}

/// A and D of a chain of beads.
#[pyfunction]
pub(crate) fn bead_chain<'py>(
    py: Python<'py>,
    beads: usize,
    temperatures: (f64, f64),
    stiffness: f64,
    friction: f64,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let chain = gaussian::bead_chain(beads, temperatures, stiffness, friction).or_raise()?;
    Ok((chain.drift().to_python(py)?, chain.diffusion().to_python(py)?))
}

/// S, F and Σ̇.
#[pyfunction]
pub(crate) fn diffusion_figures<'py>(py: Python<'py>, parts: DiffusionParts<'py>) -> Fields<'py> {
    let diffusion = parts.diffusion()?;
    let fields = pyo3::types::PyDict::new(py);
    fields.set_item("covariance", diffusion.covariance().to_python(py)?)?;
    fields.set_item("optimal_force", diffusion.optimal_force().to_python(py)?)?;
    fields.set_item("entropy_production_rate", diffusion.entropy_production_rate())?;
    Ok(fields)
}

#[pyfunction]
pub(crate) fn diffusion_short_time_bound(
    parts: DiffusionParts<'_>,
    coefficients: PyReadonlyArray2<'_, f64>,
) -> PyResult<f64> {
    let coefficients = matrix(&coefficients)?;
    parts.diffusion()?.short_time_bound(&coefficients).or_raise()
}

/// A and Q of the steps.
#[pyfunction]
pub(crate) fn sampled_diffusion<'py>(
    py: Python<'py>,
    parts: DiffusionParts<'py>,
    dt: f64,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let steps = parts.diffusion()?.sampled(dt).or_raise()?;
    Ok((steps.transition().to_python(py)?, steps.noise().to_python(py)?))
}

/// Mean rate, variance and bound of one current.
#[pyfunction]
pub(crate) fn sampled_current(
    parts: DiffusionParts<'_>,
    dt: f64,
    coefficients: PyReadonlyArray2<'_, f64>,
) -> PyResult<(f64, f64, f64)> {
    let (diffusion, coefficients) = (parts.diffusion()?, matrix(&coefficients)?);
    require_square(&coefficients, diffusion.dimension()).or_raise()?;
    let currents = diffusion.currents(dt).or_raise()?;
    Ok((
        currents.mean_rate(&coefficients),
        currents.variance(&coefficients),
        currents.bound(&coefficients),
    ))
}

/// The bound of all linear currents, or of the rotations alone.
#[pyfunction]
pub(crate) fn sampled_bounds(
    py: Python<'_>,
    parts: DiffusionParts<'_>,
    dt: f64,
    rotations: bool,
) -> PyResult<f64> {
    let currents = parts.diffusion()?.currents(dt).or_raise()?;
    py.detach(|| match rotations {
        true => currents.bound_of_rotations(),
        false => currents.bound_of_all_linear(),
    })
    .or_raise()
}

fn require_square(coefficients: &Matrix, n: usize) -> irrev_network::Result<()> {
    for (what, found) in [
        ("rows of the coefficients", coefficients.rows()),
        ("columns of the coefficients", coefficients.columns()),
    ] {
        if found != n {
            return Err(irrev_network::Error::Length {
                what,
                found,
                expected: n,
            });
        }
    }
    Ok(())
}

//! Time correlations, memory kernels, and continued fractions.

use irrev_landscape::Result;
use irrev_landscape::correlation::correlations;
use irrev_landscape::memory::{self, ContinuedFraction, KernelOptions, MeanForce, memory_kernel};
use numpy::PyReadonlyArray1;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::Fields;
use super::estimates::{columns, set_columns};
use super::recording::LandscapeRecord;
use crate::arrays::vector;
use crate::errors::OrRaise;
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

/// Correlations of pairs of signals, each in several segments.
#[pyfunction]
pub(crate) fn landscape_correlations<'py>(
    py: Python<'py>,
    signals: Vec<Vec<PyReadonlyArray1<'py, f64>>>,
    pairs: Vec<(usize, usize)>,
    lags: usize,
    options: Options,
) -> PyResult<(usize, Vec<Bound<'py, PyDict>>)> {
    let read = |segments: &Vec<PyReadonlyArray1<'py, f64>>| -> PyResult<Vec<Vec<f64>>> {
        segments
            .iter()
            .map(|segment| Ok(segment.as_slice()?.to_vec()))
            .collect()
    };
    let signals = signals.iter().map(read).collect::<PyResult<Vec<_>>>()?;
    let count = pairs.len();
    let found = supervised(py, options, move |run, _| -> Result<_> {
        let borrowed: Vec<Vec<&[f64]>> = signals
            .iter()
            .map(|segments| segments.iter().map(Vec::as_slice).collect())
            .collect();
        correlations(&borrowed, &pairs, lags, run)
    })?;
    let estimates = (0..count).map(|pair| columns(py, &found.estimates(pair)));
    Ok((found.blocks(), estimates.collect::<PyResult<_>>()?))
}

/// f = −Ω² r, a table of points and values, or the stiffnesses of −Σ k_j r_j.
#[derive(FromPyObject)]
pub(crate) enum ForceParts<'py> {
    Linear(f64),
    Table(PyReadonlyArray1<'py, f64>, PyReadonlyArray1<'py, f64>),
    Coupled((PyReadonlyArray1<'py, f64>,)),
}

/// The force of an equation; none for None.
pub(super) fn mean_force(given: Option<ForceParts<'_>>) -> PyResult<MeanForce> {
    Ok(match given {
        None => MeanForce::None,
        Some(ForceParts::Linear(omega_squared)) => MeanForce::Linear { omega_squared },
        Some(ForceParts::Table(points, values)) => MeanForce::Table {
            points: points.as_slice()?.to_vec(),
            values: values.as_slice()?.to_vec(),
        },
        Some(ForceParts::Coupled((stiffness,))) => MeanForce::Coupled {
            stiffness: stiffness.as_slice()?.to_vec(),
        },
    })
}

/// The memory kernel of one coordinate with its band.
#[pyfunction]
pub(crate) fn landscape_memory_kernel<'py>(
    py: Python<'py>,
    record: &LandscapeRecord,
    coordinate: usize,
    lags: usize,
    mean_force: Option<ForceParts<'py>>,
    draws: usize,
    options: Options,
) -> Fields<'py> {
    let asked = KernelOptions {
        coordinate,
        lags,
        mean_force: self::mean_force(mean_force)?,
        draws,
    };
    let recording = record.shared();
    let found = supervised(py, options, move |run, _| -> Result<_> {
        memory_kernel(&recording.record()?, &asked, run)
    })?;
    let fields = record!(py, found; times);
    set_columns(
        py,
        &fields,
        &[
            ("kernel", &found.kernel),
            ("integral", &found.integral),
            ("velocity_correlation", &found.velocity_correlation),
        ],
    )?;
    let halves = found.halves.as_ref();
    let halves = halves.map(|[first, second]| Ok::<_, PyErr>((first.to_python(py)?, second.to_python(py)?)));
    fields.set_item("halves", halves.transpose()?)?;
    Ok(fields)
}

/// K from ⟨ṙ(t) ṙ(0)⟩ and ⟨f(r(t)) ṙ(0)⟩.
#[pyfunction]
pub(crate) fn kernel_from_correlations<'py>(
    py: Python<'py>,
    velocity: &Bound<'py, PyAny>,
    force: &Bound<'py, PyAny>,
    step: f64,
) -> PyResult<Bound<'py, PyAny>> {
    let (velocity, force) = (vector("velocity", velocity)?, vector("force", force)?);
    let found = py.detach(|| memory::kernel_from_correlations(&velocity, &force, step));
    found.or_raise()?.to_python(py)
}

/// ∫₀ᵗ K ds from the same.
#[pyfunction]
pub(crate) fn integral_from_correlations<'py>(
    py: Python<'py>,
    velocity: &Bound<'py, PyAny>,
    force: &Bound<'py, PyAny>,
    step: f64,
) -> PyResult<Bound<'py, PyAny>> {
    let (velocity, force) = (vector("velocity", velocity)?, vector("force", force)?);
    let found = py.detach(|| memory::integral_from_correlations(&velocity, &force, step));
    found.or_raise()?.to_python(py)
}

/// Solves c₀ K(t) + ∫₀ᵗ K(s) g(t − s) ds = f(t).
#[pyfunction]
pub(crate) fn second_kind<'py>(
    py: Python<'py>,
    c0: f64,
    g: &Bound<'py, PyAny>,
    f: &Bound<'py, PyAny>,
    step: f64,
) -> PyResult<Bound<'py, PyAny>> {
    let (g, f) = (vector("kernel", g)?, vector("right_side", f)?);
    let found = py.detach(|| memory::second_kind(c0, &g, &f, step));
    found.or_raise()?.to_python(py)
}

/// D and g of Σ c e^{−at}.
#[pyfunction]
pub(crate) fn continued_fraction<'py>(
    py: Python<'py>,
    amplitudes: &Bound<'py, PyAny>,
    rates: &Bound<'py, PyAny>,
) -> Fields<'py> {
    let (amplitudes, rates) = (vector("amplitudes", amplitudes)?, vector("rates", rates)?);
    let found = ContinuedFraction::from_exponentials(&amplitudes, &rates).or_raise()?;
    Ok(record!(py, found; strengths, rates))
}

fn fraction(strengths: &Bound<'_, PyAny>, rates: &Bound<'_, PyAny>) -> PyResult<ContinuedFraction> {
    Ok(ContinuedFraction {
        strengths: vector("strengths", strengths)?,
        rates: vector("rates", rates)?,
    })
}

/// K(s).
#[pyfunction]
pub(crate) fn continued_fraction_transform(
    strengths: &Bound<'_, PyAny>,
    rates: &Bound<'_, PyAny>,
    s: f64,
) -> PyResult<f64> {
    Ok(fraction(strengths, rates)?.transform(s))
}

/// Amplitudes and ascending rates.
#[pyfunction]
pub(crate) fn continued_fraction_exponentials<'py>(
    py: Python<'py>,
    strengths: &Bound<'py, PyAny>,
    rates: &Bound<'py, PyAny>,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let (amplitudes, rates) = fraction(strengths, rates)?.exponentials().or_raise()?;
    Ok((amplitudes.to_python(py)?, rates.to_python(py)?))
}

//! Kernels that depend on position, kernels of several coordinates, and the random force.

use irrev_landscape::Result;
use irrev_landscape::memory::{
    Basis, KernelOptions, ProjectedOptions, fluctuation_dissipation, position_dependence, projected_kernel,
    random_force, second_kind_matrix,
};
use irrev_numerics::linalg::Matrix;
use numpy::{PyArray1, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::Fields;
use super::estimates::{columns, set_columns};
use super::memory::{ForceParts, mean_force};
use super::moments::LandscapeMoments;
use super::recording::{LandscapeRecord, period};
use crate::arrays::{named, vector};
use crate::errors::OrRaise;
use crate::matrices::matrix;
use crate::records::{ToPython, record};
use crate::run::{Options, supervised};

/// "constant", "hats" with points, "polynomials" with centre, half width and degree, "fourier" with start, length and order.
#[derive(FromPyObject)]
pub(crate) struct BasisParts<'py>(String, PyReadonlyArray1<'py, f64>, usize);

impl BasisParts<'_> {
    fn basis(&self, py: Python<'_>) -> PyResult<Basis> {
        let numbers = self.1.as_slice()?;
        let at = |k: usize| numbers.get(k).copied().unwrap_or(f64::NAN);
        let known = [("constant", 0), ("hats", 1), ("polynomials", 2), ("fourier", 3)];
        Ok(match named(py, "the kind of a basis", &self.0, &known)? {
            0 => Basis::Constant,
            1 => Basis::Hats {
                points: numbers.to_vec(),
            },
            2 => Basis::Polynomials {
                centre: at(0),
                half_width: at(1),
                degree: self.2,
            },
            _ => match period(Some((at(0), at(1)))).or_raise()? {
                Some(period) => Basis::Fourier {
                    period,
                    order: self.2,
                },
                None => Basis::Constant,
            },
        })
    }
}

/// φ_k at places, a row each.
#[pyfunction]
pub(crate) fn basis_values<'py>(
    py: Python<'py>,
    basis: BasisParts<'py>,
    at: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let basis = basis.basis(py)?;
    let rows: Vec<Vec<f64>> = vector("at", at)?.iter().map(|r| basis.at(*r)).collect();
    crate::records::rows(py, &rows, basis.functions())
}

/// Coordinates, lags, the coordinate of positions, points, and draws.
type Asked<'py> = (Vec<usize>, usize, usize, PyReadonlyArray1<'py, f64>, usize);

/// A matrix of kernels at points of a coordinate, with its bands.
#[pyfunction]
pub(crate) fn landscape_projected_kernel<'py>(
    py: Python<'py>,
    record: &LandscapeRecord,
    asked: Asked<'py>,
    mean_forces: Vec<Option<ForceParts<'py>>>,
    basis: BasisParts<'py>,
    options: Options,
) -> Fields<'py> {
    let (coordinates, lags, position, points, draws) = asked;
    let asked = ProjectedOptions {
        coordinates,
        mean_forces: mean_forces.into_iter().map(mean_force).collect::<PyResult<_>>()?,
        lags,
        basis: basis.basis(py)?,
        position,
        points: points.as_slice()?.to_vec(),
        draws,
    };
    let recording = record.shared();
    let found = supervised(py, options, move |run, _| -> Result<_> {
        projected_kernel(&recording.record()?, &asked, run)
    })?;
    let fields = record!(py, found; times, points, coordinates, conditioning);
    let d = found.coordinates;
    let mut kernels = Vec::new();
    for point in 0..found.points.len() {
        for row in 0..d {
            for column in 0..d {
                kernels.push(columns(py, found.kernel(row, column, point).or_raise()?)?);
            }
        }
    }
    fields.set_item("kernels", PyList::new(py, kernels)?)?;
    let shape = [d, d, found.basis.functions(), found.times.len()];
    let coefficients = PyArray1::from_slice(py, found.coefficients()).reshape(shape)?;
    fields.set_item("coefficients", coefficients)?;
    Ok(fields)
}

/// How much ⟨ṙ²; r⟩ varies; None for fewer than two cells with enough visits.
#[pyfunction]
pub(crate) fn landscape_position_dependence<'py>(
    py: Python<'py>,
    moments: &LandscapeMoments,
) -> PyResult<Option<Bound<'py, PyDict>>> {
    let Some(found) = position_dependence(&moments.shared()) else {
        return Ok(None);
    };
    let fields = record!(py, found; lowest, highest, spread, range, advised);
    fields.set_item("sentence", found.sentence())?;
    Ok(Some(fields))
}

/// ⟨ξ(t) ξ(0)⟩/⟨ṙ²⟩ beside K.
#[pyfunction]
pub(crate) fn landscape_fluctuation_dissipation<'py>(
    py: Python<'py>,
    record: &LandscapeRecord,
    coordinate: usize,
    lags: usize,
    force: Option<ForceParts<'py>>,
    draws: usize,
    options: Options,
) -> Fields<'py> {
    let asked = KernelOptions {
        coordinate,
        lags,
        mean_force: mean_force(force)?,
        draws,
    };
    let recording = record.shared();
    let found = supervised(py, options, move |run, _| -> Result<_> {
        fluctuation_dissipation(&recording.record()?, &asked, run)
    })?;
    let fields = record!(py, found; times);
    set_columns(
        py,
        &fields,
        &[
            ("kernel", &found.kernel),
            ("noise", &found.noise),
            ("difference", &found.difference),
        ],
    )?;
    fields.set_item("largest_deviation", found.largest_deviation())?;
    Ok(fields)
}

/// ξ along each trajectory.
#[pyfunction]
pub(crate) fn landscape_random_force<'py>(
    py: Python<'py>,
    record: &LandscapeRecord,
    coordinate: usize,
    force: Option<ForceParts<'py>>,
    kernel: PyReadonlyArray1<'py, f64>,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let force = mean_force(force)?;
    let kernel = kernel.as_slice()?.to_vec();
    let recording = record.shared();
    let found = py.detach(|| random_force(&recording.record()?, coordinate, &force, &kernel));
    found
        .or_raise()?
        .iter()
        .map(|series| series.to_python(py))
        .collect()
}

/// Solves K(t) C₀ + ∫₀ᵗ K(s) G(t − s) ds = F(t): `g` has a row for each entry of G, `f` one for each of F, and so has the answer.
#[pyfunction]
pub(crate) fn landscape_second_kind_matrix<'py>(
    py: Python<'py>,
    c0: PyReadonlyArray2<'py, f64>,
    g: PyReadonlyArray2<'py, f64>,
    f: PyReadonlyArray2<'py, f64>,
    step: f64,
) -> PyResult<Bound<'py, PyAny>> {
    let series = |table: &Matrix| -> Vec<Vec<f64>> {
        let row = |i: usize| (0..table.columns()).map(|k| table[(i, k)]).collect();
        (0..table.rows()).map(row).collect()
    };
    let (c0, g, f) = (matrix(&c0)?, series(&matrix(&g)?), series(&matrix(&f)?));
    let lags = f.first().map_or(0, Vec::len);
    let found = py.detach(|| second_kind_matrix(&c0, &g, &f, step)).or_raise()?;
    crate::records::rows(py, &found, lags)
}

//! Families of currents.

use irrev_inference::currents::{Basis, Currents, Monomial, RadialChoice, RadialOptions};
use numpy::{PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use super::{Fields, unreadable};
use crate::arrays::named;
use crate::errors::OrRaise;
use crate::records::{ToPython, rows};

/// A family of currents; `irrev.inference.Currents` shows it.
#[pyclass(frozen, eq, module = "irrev._core")]
#[derive(PartialEq)]
pub(crate) struct InferenceCurrents(pub(super) Currents);

#[pymethods]
impl InferenceCurrents {
    #[staticmethod]
    fn linear(dimension: usize) -> Self {
        Self(Currents::linear(dimension))
    }

    #[staticmethod]
    fn affine(origin: Vec<f64>) -> Self {
        Self(Currents::affine(origin))
    }

    #[staticmethod]
    fn antisymmetric(dimension: usize) -> Self {
        Self(Currents::antisymmetric(dimension))
    }

    /// Centres in units of the scales, a row each.
    #[staticmethod]
    fn radial(
        origin: Vec<f64>,
        scales: Vec<f64>,
        centres: PyReadonlyArray2<'_, f64>,
        width: f64,
    ) -> PyResult<Self> {
        let centres = centres.as_slice()?.to_vec();
        Currents::radial(origin, scales, centres, width)
            .map(Self)
            .or_raise()
    }

    /// Exponents and component of each power product.
    #[staticmethod]
    fn monomials(dimension: usize, monomials: Vec<(Vec<u32>, usize)>) -> PyResult<Self> {
        let chosen = monomials
            .into_iter()
            .map(|(exponents, component)| Monomial { exponents, component });
        Currents::monomials(dimension, chosen.collect())
            .map(Self)
            .or_raise()
    }

    fn dimension(&self) -> usize {
        self.0.dimension()
    }

    fn labels(&self) -> Vec<String> {
        self.0.labels()
    }

    /// The field of coefficients at points, a row each.
    fn field<'py>(
        &self,
        py: Python<'py>,
        coefficients: PyReadonlyArray1<'py, f64>,
        points: PyReadonlyArray2<'py, f64>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let coefficients = coefficients.as_slice()?;
        let points = points.as_array();
        let values = points.rows().into_iter().map(|point| {
            let point: Vec<f64> = point.iter().copied().collect();
            self.0.field(coefficients, &point)
        });
        let values: Vec<Vec<f64>> = values.collect::<Result<_, _>>().or_raise()?;
        rows(py, &values, self.0.dimension())
    }

    fn to_json(&self, py: Python<'_>) -> PyResult<String> {
        serde_json::to_string(&self.0).map_err(|error| unreadable(py, "currents", &error))
    }

    #[staticmethod]
    fn from_json(py: Python<'_>, text: &str) -> PyResult<Self> {
        serde_json::from_str(text)
            .map(Self)
            .map_err(|error| unreadable(py, "currents", &error))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let py = slf.py();
        let text = slf.get().to_json(py)?;
        Ok((slf.get_type().getattr("from_json")?, PyTuple::new(py, [text])?))
    }
}

/// A family by its name, the numbers of radial centres that are tried with their width, or currents.
#[derive(FromPyObject)]
pub(crate) enum BasisParts {
    Chosen(Py<InferenceCurrents>),
    Named(String),
    Radial(Vec<usize>, f64),
}

impl BasisParts {
    pub(super) fn basis(&self, py: Python<'_>) -> PyResult<Basis> {
        match self {
            Self::Chosen(currents) => Ok(Basis::Chosen(currents.get().0.clone())),
            Self::Radial(centres, width) => Ok(Basis::Radial(RadialOptions {
                centres: centres.clone(),
                width: *width,
                ..RadialOptions::default()
            })),
            Self::Named(name) => {
                let known = [
                    ("affine", Family::Affine),
                    ("linear", Family::Linear),
                    ("antisymmetric", Family::Antisymmetric),
                    ("radial", Family::Radial),
                ];
                Ok(match named(py, "basis", name, &known)? {
                    Family::Affine => Basis::Affine,
                    Family::Linear => Basis::Linear,
                    Family::Antisymmetric => Basis::Antisymmetric,
                    Family::Radial => Basis::Radial(RadialOptions::default()),
                })
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Family {
    Affine,
    Linear,
    Antisymmetric,
    Radial,
}

/// How radial currents were chosen; None where they were not.
pub(super) fn choice<'py>(
    py: Python<'py>,
    found: Option<&RadialChoice>,
) -> PyResult<Option<Bound<'py, PyDict>>> {
    let fields = |choice: &RadialChoice| -> Fields<'py> {
        let (tried, bounds): (Vec<usize>, Vec<f64>) = choice.tried.iter().copied().unzip();
        let fields = PyDict::new(py);
        fields.set_item("centres", choice.centres)?;
        fields.set_item("tried", tried.to_python(py)?)?;
        fields.set_item("bounds", bounds.to_python(py)?)?;
        Ok(fields)
    };
    found.map(fields).transpose()
}

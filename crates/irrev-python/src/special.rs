//! Functions of two one-way fluxes, element by element.

use irrev_numerics::special;
use pyo3::prelude::*;

use crate::arrays::vector;
use crate::errors::model_error;
use crate::records::ToPython;

/// Two vectors of equal length, finite and not negative.
fn fluxes(a: &Bound<'_, PyAny>, b: &Bound<'_, PyAny>) -> PyResult<Vec<(f64, f64)>> {
    let read = |name: &str, value: &Bound<'_, PyAny>| {
        let entries = vector(name, value)?;
        match entries.iter().find(|x| **x < 0.0) {
            None => Ok(entries),
            Some(x) => Err(model_error(
                value.py(),
                format!("{name} holds {x}, expected no number below 0"),
            )),
        }
    };
    Ok(read("a", a)?.into_iter().zip(read("b", b)?).collect())
}

fn each<'py>(
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
    function: impl Fn(f64, f64) -> f64,
) -> PyResult<Bound<'py, PyAny>> {
    let values: Vec<f64> = fluxes(a, b)?.into_iter().map(|(a, b)| function(a, b)).collect();
    values.to_python(a.py())
}

#[pyfunction]
pub(crate) fn logarithmic_mean<'py>(
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    each(a, b, special::logarithmic_mean)
}

#[pyfunction]
pub(crate) fn dissipation<'py>(a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    each(a, b, special::dissipation)
}

#[pyfunction]
pub(crate) fn log_ratio<'py>(a: &Bound<'py, PyAny>, b: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    each(a, b, special::log_ratio)
}

#[pyfunction]
pub(crate) fn logarithmic_mean_gradient<'py>(
    a: &Bound<'py, PyAny>,
    b: &Bound<'py, PyAny>,
) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let pairs = fluxes(a, b)?;
    if pairs.iter().any(|(a, b)| a.min(*b) == 0.0) {
        let message = "the gradient of the logarithmic mean needs a and b above 0".into();
        return Err(model_error(a.py(), message));
    }
    let (first, second): (Vec<f64>, Vec<f64>) = pairs
        .into_iter()
        .map(|(a, b)| special::logarithmic_mean_gradient(a, b))
        .unzip();
    Ok((first.to_python(a.py())?, second.to_python(a.py())?))
}

/// Shannon entropy of a distribution, in nats.
#[pyfunction]
pub(crate) fn entropy(p: &Bound<'_, PyAny>) -> PyResult<f64> {
    Ok(crate::arrays::distribution("distribution", p)?.entropy())
}

/// Relative entropy of two distributions, in nats.
#[pyfunction]
pub(crate) fn relative_entropy(p: &Bound<'_, PyAny>, q: &Bound<'_, PyAny>) -> PyResult<f64> {
    use crate::errors::OrRaise;
    let (p, q) = (
        crate::arrays::distribution("p", p)?,
        crate::arrays::distribution("q", q)?,
    );
    p.relative_entropy(&q).or_raise()
}

/// Total variation distance of two distributions.
#[pyfunction]
pub(crate) fn total_variation(p: &Bound<'_, PyAny>, q: &Bound<'_, PyAny>) -> PyResult<f64> {
    use crate::errors::OrRaise;
    let (p, q) = (
        crate::arrays::distribution("p", p)?,
        crate::arrays::distribution("q", q)?,
    );
    p.total_variation(&q).or_raise()
}

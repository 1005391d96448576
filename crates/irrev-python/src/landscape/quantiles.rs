//! W₂² on a line and on a circle.

use irrev_landscape::Result;
use irrev_landscape::transport1d::Quantiles;
use pyo3::prelude::*;

use super::recording::period;
use crate::arrays::vector;
use crate::errors::OrRaise;

/// Positions or edges, weights if there are any, and whether these are spread between edges: as `irrev.landscape.transport1d.Quantiles` holds them.
#[derive(FromPyObject)]
pub(crate) struct QuantileParts<'py>(Bound<'py, PyAny>, Option<Bound<'py, PyAny>>, bool);

impl QuantileParts<'_> {
    fn quantiles(&self) -> PyResult<Quantiles> {
        let positions = vector(if self.2 { "edges" } else { "positions" }, &self.0)?;
        let weights = self
            .1
            .as_ref()
            .map(|weights| vector("weights", weights))
            .transpose()?;
        let found: Result<Quantiles> = match (weights, self.2) {
            (Some(weights), true) => Quantiles::of_histogram(&positions, &weights),
            (Some(weights), false) => Quantiles::of_points(&positions, &weights),
            (None, _) => Quantiles::of_sample(&positions),
        };
        found.or_raise()
    }
}

/// Raises what is wrong with a distribution.
#[pyfunction]
pub(crate) fn check_quantiles(given: QuantileParts<'_>) -> PyResult<()> {
    given.quantiles().map(|_| ())
}

/// W₂² between two distributions, on a line or on a circle (start, length).
#[pyfunction]
pub(crate) fn squared_distance(
    py: Python<'_>,
    from_: QuantileParts<'_>,
    to: QuantileParts<'_>,
    circle: Option<(f64, f64)>,
) -> PyResult<f64> {
    let (from, to, circle) = (from_.quantiles()?, to.quantiles()?, period(circle).or_raise()?);
    py.detach(|| match circle {
        None => Ok(from.squared_distance(&to)),
        Some(circle) => from.squared_distance_on_circle(&to, circle),
    })
    .or_raise()
}

//! Series as Python gives them.

use irrev_inference::Result;
use irrev_inference::currents::Series;
use numpy::{PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;

/// Trajectories (points × coordinates each) and the time between points.
#[derive(FromPyObject)]
pub(crate) struct SeriesParts<'py>(Vec<PyReadonlyArray2<'py, f64>>, f64);

impl SeriesParts<'_> {
    /// A copy that checks itself when it is asked.
    pub(super) fn own(&self) -> PyResult<OwnSeries> {
        let segments = self.0.iter().map(|segment| Ok(segment.as_slice()?.to_vec()));
        Ok(OwnSeries {
            segments: segments.collect::<PyResult<_>>()?,
            dimension: self.0.first().map_or(0, |segment| segment.shape()[1]),
            step: self.1,
        })
    }
}

/// A series that can leave for another thread.
pub(super) struct OwnSeries {
    segments: Vec<Vec<f64>>,
    dimension: usize,
    step: f64,
}

impl OwnSeries {
    pub(super) fn series(&self) -> Result<Series<'_>> {
        Series::new(self.segments.iter().map(Vec::as_slice), self.dimension, self.step)
    }
}

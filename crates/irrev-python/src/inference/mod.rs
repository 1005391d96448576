//! `irrev.inference`: what data tell of a system's thermodynamics, with kind, interval and assumptions.
//!
//! Series are copied once, since the computation runs in a thread of its own. What is needed again later stays behind handles: the currents ([`InferenceCurrents`]), the certificate of a bound
//! ([`InferenceCertificate`]) and sums over a stream of points ([`InferenceMoments`]), which are pickled and written as the JSON of their record in the library; numbers of jumps ([`InferenceJumps`]) and
//! autoregressions ([`InferenceAutoregression`]).

mod autoregression;
mod bounds;
mod certificate;
mod currents;
mod moments;
mod noise;
mod series;
mod speed;
mod states;
mod symbols;
mod transfer;
mod variational;

use irrev_inference::Error;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::Error as JsonError;

use crate::errors::data_error;

pub(crate) use autoregression::InferenceAutoregression;
pub(crate) use bounds::{inference_bound_of_current, inference_dissipation, inference_in_time};
pub(crate) use certificate::InferenceCertificate;
pub(crate) use currents::InferenceCurrents;
pub(crate) use moments::InferenceMoments;
pub(crate) use noise::inference_noise;
pub(crate) use speed::{inference_chord, inference_hellinger, inference_speed};
pub(crate) use states::{
    InferenceJumps, inference_entropy, inference_steps, inference_waiting, inference_words,
};
pub(crate) use transfer::{
    inference_discrete, inference_full_history, inference_gaussian, inference_ksg, inference_levels,
    inference_stimulus,
};
pub(crate) use variational::{inference_maximum, inference_variational};

type Fields<'py> = PyResult<Bound<'py, PyDict>>;

/// The exception for text that is not the JSON of a record.
fn unreadable(py: Python<'_>, what: &str, error: &JsonError) -> PyErr {
    data_error(py, format!("{what} cannot be read: {error}"))
}

impl crate::errors::Exception for Error {
    fn exception(&self, py: Python<'_>) -> PyErr {
        match self {
            Self::Domain { .. } => crate::errors::model_error(py, self.to_string()),
            Self::Numerics(error) => crate::errors::of_kind(py, error.kind(), self.to_string()),
            _ => data_error(py, self.to_string()),
        }
    }
}

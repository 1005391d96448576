//! Inference: which network made recorded activity, and how irreversible it is.

mod cholesky;
pub mod error;
mod exponential;
pub mod likelihood;
mod newton;
mod scores;
pub mod spikes;
pub mod transitions;

pub use error::DataError;
pub use likelihood::{Fit, FitOptions, maximum_likelihood};
pub use spikes::{Binned, Binning, Coding, ConstantUnit, Edges, Raster};
pub use transitions::{Correlations, Transitions};

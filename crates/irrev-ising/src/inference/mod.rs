//! Inference: which network made recorded activity, and how irreversible it is.
//!
//! | question | functions |
//! |---|---|
//! | how do spikes become spins | [`Raster`], [`Binning`] |
//! | which network with parallel updates is most likely | [`maximum_likelihood`], its [standard errors](Fit::standard_errors); quickly: [`mean_field_inversion`] |
//! | which couplings are needed | [`sparse_path`], [`cross_validation`] |
//! | how much entropy is produced | [`entropy_production`](fn@entropy_production): by cross-fit, with interval, nulls and bias |
//! | how much at least, without a model | [`correlation_lower_bound`] |
//! | near criticality, or near determinism | [`scenario`](fn@scenario) |
//!
//! Conventions: data cannot tell β from the strength of couplings, so fitted couplings and fields are βJ and βH. Units are counted from 0. Entropies are in
//! nats per step, that is per bin, of all units together; divide by the width of a bin for nats per second. The binned process is what they belong to.

mod ascent;
mod bias_reduction;
mod cholesky;
mod cross_fit;
pub mod entropy_production;
pub mod error;
mod exponential;
mod fisher;
pub mod likelihood;
pub mod lower_bound;
pub mod mean_field;
mod newton;
pub mod raster;
mod resampling;
pub mod scenario;
mod scores;
pub mod sparse;
pub mod spikes;
pub mod transitions;
pub mod validation;

pub use entropy_production::{
    EntropyProduction, EntropyProductionOptions, NullDistribution, cross_fit_estimate, entropy_production,
    unbiased_penalty,
};
pub use error::DataError;
pub use fisher::StandardErrors;
pub use likelihood::{Fit, FitOptions, maximum_likelihood};
pub use lower_bound::{LowerBound, LowerBoundOptions, correlation_lower_bound};
pub use mean_field::{MeanFieldFit, MeanFieldInversion, mean_field_inversion};
pub use raster::{Coding, ConstantUnit, Raster};
pub use scenario::{Ellipse, Scenario, ScenarioOptions, scenario};
pub use sparse::{SparseFit, SparseOptions, sparse_path, sparse_penalties};
pub use spikes::{Binned, Binning, Edges};
pub use transitions::{Correlations, Transitions};
pub use validation::{CrossValidation, PenaltyKind, cross_validation};

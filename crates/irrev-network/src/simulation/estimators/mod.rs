//! Estimators with their errors: pure functions on samples, and accumulators that can be merged.
//!
//! | module | answers |
//! |---|---|
//! | [`Moments`] | mean, variance, third and fourth cumulant, with standard errors, from a stream of numbers |
//! | [`jackknife`] | value, bias and standard error of any statistic |
//! | [`ExponentialAverage`], [`integral_fluctuation`], [`stationary_integral_fluctuation`] | ⟨e^{−Σ}⟩ with its effective sample size, and whether it can be trusted |
//! | [`detailed_fluctuation`], [`balanced_edges`] | ln P(s)/P(−s) against s |
//! | [`jarzynski`], [`bennett_acceptance_ratio`], [`crooks`] | free energy from work |
//! | [`survival_function`], [`wilson_interval`], [`infimum_law`] | first passages, probabilities, the infimum of Σ |
//! | [`autocorrelation_time`], [`scaled_cumulants`] | correlated series: long runs instead of ensembles |
//!
//! Every number is an [`irrev_numerics::Estimate`] or a record of them. Standard errors are asymptotic (n → ∞) unless the item says
//! otherwise; where an error bar is known to mislead, the record says so instead of printing a smaller one.

mod autocorrelation;
mod detailed_fluctuation;
mod exponential;
mod infimum;
mod integral_fluctuation;
mod jackknife;
mod moments;
mod proportion;
mod scaled;
mod skewness;
mod survival;
mod work;

pub use autocorrelation::{AutocorrelationTime, autocorrelation_time};
pub use detailed_fluctuation::{
    DetailedBin, DetailedFluctuation, balanced_edges, detailed_fluctuation, detailed_fluctuation_between,
};
pub use exponential::ExponentialAverage;
pub use infimum::{InfimumLaw, InfimumLevel, infimum_law};
pub use integral_fluctuation::{
    IntegralFluctuation, Reliability, integral_fluctuation, stationary_integral_fluctuation,
};
pub use jackknife::jackknife;
pub use moments::Moments;
pub use proportion::{proportion, wilson_interval};
pub use scaled::{ScaledCumulantEstimates, scaled_cumulants};
pub use survival::{Survival, SurvivalPoint, survival_function};
pub use work::{CrooksFit, bennett_acceptance_ratio, crooks, jarzynski};

/// Two-sided 95 % quantile of the normal distribution.
const NORMAL_95: f64 = 1.959_963_984_540_054;

/// An estimate that is undefined for lack of data: NaN with an infinite error.
fn undefined(sample_size: usize) -> irrev_numerics::Estimate {
    irrev_numerics::Estimate::from_mean(f64::NAN, f64::INFINITY, sample_size)
}

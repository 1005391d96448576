//! Estimators with their errors: pure functions on samples, and accumulators that can be merged.
//!
//! | module | answers |
//! |---|---|
//! | [`Moments`] | mean, variance, third and fourth cumulant, with standard errors, from a stream of numbers |
//! | [`jackknife`] | value, bias and standard error of any statistic |
//! | [`ExponentialAverage`], [`integral_fluctuation`] | ⟨e^{−Σ}⟩ with its effective sample size, and whether it can be trusted |
//! | [`detailed_fluctuation`] | ln P(s)/P(−s) against s |
//! | [`jarzynski`], [`bennett_acceptance_ratio`], [`crooks`] | free energy from work |
//! | [`survival_function`], [`wilson_interval`], [`infimum_law`] | first passages, probabilities, the infimum of Σ |
//! | [`autocorrelation_time`], [`scaled_cumulants`] | correlated series: long runs instead of ensembles |
//!
//! Every number is an [`irrev_numerics::Estimate`] or a record of them. Standard errors are asymptotic (n → ∞) unless the item says
//! otherwise; where an error bar is known to mislead, the record says so instead of printing a smaller one.

mod autocorrelation;
mod exponential;
mod fluctuation;
mod infimum;
mod jackknife;
mod moments;
mod proportion;
mod scaled;
mod survival;
mod work;

pub use autocorrelation::{AutocorrelationTime, autocorrelation_time};
pub use exponential::ExponentialAverage;
pub use fluctuation::{
    DetailedBin, DetailedFluctuation, IntegralFluctuation, Reliability, detailed_fluctuation,
    integral_fluctuation,
};
pub use infimum::{InfimumLaw, InfimumLevel, infimum_law};
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

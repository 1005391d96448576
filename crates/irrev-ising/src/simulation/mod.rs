//! Networks too large for enumeration, by simulation: with many replicas at once, conditional means instead of counts, and honest errors.
//!
//! | question | item |
//! |---|---|
//! | what are m, entropy production, conditional entropy, activity and C(τ) of this network | [`simulate`] |
//! | is that the only stationary state, and was it reached | [`two_starts`] |
//! | what happens while fields or couplings change | [`ParallelSampler`] |
//! | what does one expect of a large network of a random ensemble | [`ensemble_average`], [`finite_size_study`] |
//! | how large is an error | [`mean_of_series`], [`mean_of_draws`], [`jackknife`] |
//!
//! Parallel updates multiply β J with a matrix of replicas in single precision and compare fields with logistic variates; updates one at a time keep fields up
//! to date with one column of J per flip, or go from flip to flip in continuous time.
//!
//! Conventions: quantities are per spin and per step or unit of time, in nats; random numbers are functions of (seed, draw, replica, step, spin), so the same
//! seed gives the same bits for any number of threads and after any interruption. Matrix products use the widest vectors there are: another processor may round a field
//! differently and so, rarely, turn another spin.

mod driver;
mod ensemble_run;
mod fingerprint;
mod finite_size;
mod interaction;
mod lags;
mod lockstep;
mod noise;
mod options;
mod parallel;
mod real;
mod record;
mod rejection_free;
mod sampler;
mod sequential;
mod simulate;
mod statistics;
mod sum_tree;

pub use ensemble_run::{Disorder, EnsembleAverage, EnsembleOptions, ensemble_average, ensemble_average_of};
pub use finite_size::{Extrapolation, FiniteSizeStudy, extrapolate, finite_size_study, finite_size_study_of};
pub use options::{FieldFormat, Sampling, SequentialMethod, Start};
pub use record::{Averages, Observable};
pub use sampler::{PairMoments, ParallelSampler, StepRecord};
pub use simulate::{TwoStarts, simulate, two_starts};
pub use statistics::{integrated_autocorrelation_time, jackknife, mean_of_draws, mean_of_series};

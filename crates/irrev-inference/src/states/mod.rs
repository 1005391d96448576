//! Rates, entropy production and hidden states behind visits of states.
//!
//! | data | question | here |
//! |---|---|---|
//! | visits with their times, every jump seen | rates with errors, entropy production, any function of the rates | [`jump_counts`], [`JumpCounts`], [`RatePosterior`], [`jump_entropy_production`] |
//! | states step by step | irreversibility of a step, and of longer words | [`transition_counts`], [`step_entropy_production`], [`word_divergences`] |
//! | some transitions of a larger network, with their times | dissipation that waiting times betray | [`waiting_time_divergence`] |
//! | how often each of many things occurred | entropy | [`entropy_of_counts`] |
//!
//! Conventions: rate matrices have W_ij = rate j → i; nats; states are counted from 0. A pair of states seen one way only makes a plug-in entropy
//! production infinite, which is said with the pair; where a prior or a pseudo-count makes it finite, that stands in the name.
//!
//! Sources: Billingsley, *Statistical Inference for Markov Processes* (1961); Roldán and Parrondo, Phys. Rev. Lett. 105, 150607 (2010); van der Meer, Ertel and
//! Seifert, Phys. Rev. X 12, 031025 (2022).

mod dissipation;
mod entropy;
mod network;
mod posterior;
mod reversal;
mod sequence;
mod trajectory;
mod waiting;
mod words;

pub use dissipation::{JumpEntropyProduction, jump_entropy_production};
pub use entropy::{EntropyCorrection, entropy_of_counts};
pub use network::{network_entropy_production_rate, network_stationary_distribution};
pub use posterior::{PosteriorSamples, RatePosterior, RatePrior, RateSupport};
pub use sequence::{StepEntropyProduction, TransitionCounts, step_entropy_production, transition_counts};
pub use trajectory::{JumpCounts, JumpTrajectory, jump_counts};
pub use waiting::{
    Transition, TransitionSeries, WaitingOptions, WaitingTimes, visits_as_transitions,
    waiting_time_divergence,
};
pub use words::{WordDivergence, WordDivergences, WordOptions, word_divergences};

//! Transfer entropy: who informs whom.
//!
//! TE = I(x_{t+1}; y_t … y_{t−l+1} | x_t … x_{t−k+1}), in nats per step: what the source's past says of the target's next value beyond the target's own past.
//!
//! | data | estimator | here |
//! |---|---|---|
//! | symbols | plug-in over packed histories, Miller and Madow's correction | [`discrete_transfer_entropy`] |
//! | numbers, linear and normal | ratio of residual variances; a fitted autoregression for the whole past | [`gaussian_transfer_entropy`], [`VectorAutoregression`] |
//! | numbers, any law | nearest neighbours | [`ksg_transfer_entropy`] |
//! | stimulus and spikes | symbols from quantiles and bins | [`stimulus_to_spikes`] |
//!
//! Surrogates of the source ([`Surrogate`]) show what an estimator finds where there is nothing; the effective transfer entropy is the value less their mean. An
//! estimate may be negative although the transfer entropy is not.
//!
//! Sources: Schreiber, Phys. Rev. Lett. 85, 461 (2000); Barnett, Barrett and Seth, Phys. Rev. Lett. 103, 238701 (2009); Frenzel and Pompe, Phys. Rev. Lett. 99, 204101 (2007).

mod autoregression;
mod discrete;
mod full_history;
mod gaussian;
mod histories;
mod ksg;
mod neighbours;
mod spikes;
mod surrogates;
mod tree;

pub use autoregression::VectorAutoregression;
pub use discrete::{
    DiscreteOptions, DiscretePair, DiscreteTransferEntropy, PluginTransferEntropy, discrete_transfer_entropy,
    plugin_transfer_entropy,
};
pub use full_history::{FullHistoryOptions, FullHistoryTransferEntropy, full_history_transfer_entropy};
pub use gaussian::{GaussianOptions, GaussianTransferEntropy, gaussian_transfer_entropy};
pub use ksg::{KsgNote, KsgOptions, KsgTransferEntropy, ksg_transfer_entropy};
pub use spikes::{
    SpikeTrial, StimulusOptions, StimulusToSpikes, quantile_symbols, spike_bins, stimulus_to_spikes,
};
pub use surrogates::{Surrogate, SurrogateTest};

//! Random systems on which laws are tried.

use super::reference::*;
use irrev_network::{Distribution, MarkovJump};
use irrev_numerics::streams::Stream;

/// A connected process with rates over two decades.
pub(super) fn random_process(stream: &mut Stream, n: usize) -> MarkovJump {
    let mut rate = || 10.0_f64.powf(2.0 * stream.uniform() - 1.0);
    let mut channels: Vec<(usize, usize, f64, f64)> =
        (0..n).map(|i| (i, (i + 1) % n, rate(), rate())).collect();
    channels.extend((0..n / 2).map(|i| (i, i + n / 2, rate(), rate())));
    MarkovJump::from_rates(n, &channels).unwrap()
}

pub(super) fn random_state(stream: &mut Stream, n: usize) -> Distribution {
    let weights: Vec<f64> = (0..n).map(|_| stream.exponential(1.0)).collect();
    let total: f64 = weights.iter().sum();
    distribution(weights.iter().map(|w| w / total).collect())
}

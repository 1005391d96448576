//! Entropy production of a fully observed network, by plug-in and from the posterior of its rates.

use irrev_numerics::Estimate;
use irrev_numerics::run::Run;

use super::network::network_entropy_production_rate;
use super::posterior::{RatePosterior, RatePrior, RateSupport};
use super::trajectory::JumpCounts;
use crate::error::Result;
use crate::replicas::{require_level, shifted};

/// What is assumed.
const ASSUMPTIONS: &[&str] = &[
    "all states and jumps are seen",
    "rates are constant in time and depend on the state only",
    "one channel between two states; several are lumped, which lowers the entropy production",
];

/// Entropy production rates of one set of counts, in nats per time.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct JumpEntropyProduction {
    /// Plug-in, (1/τ) Σ_{i>j} (N_ij − N_ji) ln[(N_ij/T_j)/(N_ji/T_i)]; infinite if a pair was seen one way only.
    pub plugin: f64,
    /// The same with 1/2 added to the counts inside of the logarithm.
    pub pseudocount_half: f64,
    /// Of the rates N/T at their stationary law; infinite if a pair was seen one way only.
    pub fitted_stationary: f64,
    /// Pairs (from, to) seen in that direction only.
    pub one_way: Vec<(usize, usize)>,
    /// Rule of thumb for what noise adds to the plug-in near equilibrium: pairs of states/τ.
    pub bias_rule: f64,
    /// Stationary value with the posterior's interval, both freed of what noise adds: with σ₀ the value at the posterior's mean rates and b the excess of the
    /// mean of σ over it, the data have added b to σ₀ and the draws another b. Noise may take the value below zero where there is no dissipation to be seen.
    pub corrected: Estimate,
    /// What would make it wrong.
    pub assumptions: &'static [&'static str],
}

/// Entropy production rate from counts, with an interval from `draws` draws of the posterior under Jeffreys' prior.
///
/// ```
/// use irrev_inference::states::{JumpTrajectory, jump_counts, jump_entropy_production};
/// use irrev_numerics::Run;
/// let (states, times): (Vec<u32>, Vec<f64>) = (0..300).map(|k| ([0, 1, 2, 0, 1, 0, 2, 1, 2][k % 9], k as f64)).unzip();
/// let counts = jump_counts(3, &[JumpTrajectory { states: &states, entry_times: &times, end: 300.0 }])?;
/// let sigma = jump_entropy_production(&counts, 200, 0.95, &Run::default())?;
/// assert!(sigma.corrected.value < sigma.plugin && sigma.one_way.is_empty());
/// # Ok::<(), irrev_inference::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Domain`] for a level that is none or fewer than 20 draws; failure of a stationary distribution if the jumps seen leave several closed sets of states.
pub fn jump_entropy_production(
    counts: &JumpCounts,
    draws: usize,
    level: f64,
    run: &Run,
) -> Result<JumpEntropyProduction> {
    require_level(level)?;
    let posterior = RatePosterior::new(counts, RatePrior::default(), RateSupport::SeenEitherWay)?;
    let samples = posterior.samples(draws, run, |rates| {
        Ok(vec![network_entropy_production_rate(rates)?])
    })?;
    let reference = network_entropy_production_rate(&posterior.mean())?;
    let one_way = counts.one_way_pairs();
    let fitted_stationary = if one_way.is_empty() {
        network_entropy_production_rate(&counts.rates())?
    } else {
        f64::INFINITY
    };
    Ok(JumpEntropyProduction {
        plugin: counts.plugin_entropy_production_rate(),
        pseudocount_half: counts.pseudocount_entropy_production_rate(0.5),
        fitted_stationary,
        one_way,
        bias_rule: counts.pairs() as f64 / counts.duration(),
        corrected: shifted(reference, &samples.of(0)?, level, counts.jumps()),
        assumptions: ASSUMPTIONS,
    })
}

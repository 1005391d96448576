//! The excess between two flows on the same channels.

use std::fmt;

use irrev_numerics::special::log_ratio;
use irrev_numerics::sum::compensated_sum;

use crate::error::{Error, Result};
use crate::flow::Flow;
use crate::information::time::fisher_information;

/// The excess and −dD/dt count as equal within this part of the sum of their terms' sizes.
const EQUAL: f64 = 1e-10;

/// A state counts as steady if every imbalance is below this part of the traffic through its state.
const STEADY: f64 = 1e-9;

/// Σ_c (J_c − J°_c)(F_c − F°_c) over channels, in nats per time (times amount).
///
/// ```
/// use irrev_network::{Distribution, MarkovJump, information::stability::glansdorff_prigogine_excess};
/// let pair = MarkovJump::from_rates(2, &[(0, 1, 1.0, 1.0)])?;
/// let (here, steady) = (pair.flow(&Distribution::new(vec![0.8, 0.2])?)?, pair.flow(&Distribution::uniform(2)?)?);
/// assert!((glansdorff_prigogine_excess(&here, &steady)? - 0.6 * 4.0_f64.ln()).abs() < 1e-15);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Length`] if the flows are of different networks; [`Error::OneWay`] where a flux is one way only.
pub fn glansdorff_prigogine_excess(flow: &Flow, steady: &Flow) -> Result<f64> {
    flow.network()
        .check_edges("steady forward fluxes", steady.forward_flux())?;
    for flow in [flow, steady] {
        flow.require_both_ways("the Glansdorff–Prigogine excess")?;
    }
    Ok(compensated_sum(terms(&fluxes(flow), &fluxes(steady))))
}

/// A sum over channels at a state, beside the same at the steady state.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct ChannelSum {
    /// Σ (J − J°)(F − F°).
    pub excess: f64,
    /// Σ J F.
    pub entropy_production_rate: f64,
}

/// What the sign of the excess says of the motion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Motion {
    /// D(p‖p°) falls.
    Approaching,
    /// D(p‖p°) grows: the steady state is left.
    Leaving,
    /// It does neither, to rounding.
    Neither,
}

/// Why a sum over channels is no test of stability.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct NoTest {
    /// The sum.
    pub excess: f64,
    /// −dD/dt, which it would have to be.
    pub divergence_decay: f64,
}

impl fmt::Display for NoTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the sum over channels, {:.6e}, is not −dD/dt = {:.6e} and its sign says nothing about stability: channels are lumped together, or rates depend on \
             the state in another way than by mass action; give each process a channel of its own, or judge by dI/dt and the eigenvalues",
            self.excess, self.divergence_decay
        )
    }
}

/// A state against a steady state.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Excess {
    /// The sums over the channels as they are.
    pub resolved: ChannelSum,
    /// The sums if channels that change the state in the same way were one; no test of stability where they are several.
    pub lumped: ChannelSum,
    /// Names of the channels that change the state in the same way, where there are several.
    pub parallel: Vec<Vec<String>>,
    /// Σ̇ − excess.
    pub housekeeping: f64,
    /// −d/dt D(p‖p°) = −Σ ṗ ln(p/p°).
    pub divergence_decay: f64,
    /// ½ Σ (p − p°)²/p°: the second variation, to second order D(p‖p°).
    pub second_variation: f64,
    /// Its rate of change, Σ (p − p°) ṗ/p°.
    pub second_variation_rate: f64,
    /// I = Σ ṗ²/p.
    pub fisher_information: f64,
    /// ṗ.
    pub rate: Vec<f64>,
    /// Size of the terms that the sums are made of, to which their rounding is relative.
    pub size: f64,
}

impl Excess {
    /// Whether the state approaches p°, by the sign of the resolved excess.
    ///
    /// ```
    /// use irrev_network::{Distribution, MarkovJump, information::stability::{Motion, excess_entropy_production}};
    /// let pair = MarkovJump::from_rates(2, &[(0, 1, 1.0, 1.0), (0, 1, 2.0, 1.0)])?;
    /// let (p, steady) = (Distribution::new(vec![0.8, 0.2])?, pair.stationary_distribution()?);
    /// let found = excess_entropy_production((&pair.flow(&p)?, p.probabilities()), (&pair.flow(&steady)?, steady.probabilities()))?;
    /// assert_eq!(found.motion(), Ok(Motion::Approaching));
    /// assert!(found.lumped.entropy_production_rate < found.resolved.entropy_production_rate && found.parallel.len() == 1);
    /// # Ok::<(), irrev_network::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`NoTest`] unless the excess is −dD/dt.
    pub fn motion(&self) -> Result<Motion, NoTest> {
        let rounding = EQUAL * self.size;
        let excess = self.resolved.excess;
        if (excess - self.divergence_decay).abs() > rounding {
            return Err(NoTest {
                excess,
                divergence_decay: self.divergence_decay,
            });
        }
        Ok(if excess.abs() <= 1e-3 * rounding {
            Motion::Neither
        } else if excess > 0.0 {
            Motion::Approaching
        } else {
            Motion::Leaving
        })
    }
}

/// The excess entropy production of a state against a steady state: each as its flow and its probabilities (or amounts), on the same channels.
///
/// # Errors
/// [`Error::Length`]; [`Error::OneWay`]; [`Error::NotPositive`] for a state or steady state with an empty entry; [`Error::Domain`] if the steady state is
/// not steady to 1e-9 of its traffic.
pub fn excess_entropy_production(
    (flow, state): (&Flow, &[f64]),
    (steady_flow, steady): (&Flow, &[f64]),
) -> Result<Excess> {
    let network = flow.network();
    for (what, values) in [("state", state), ("steady state", steady)] {
        network.check_states(what, values)?;
        for (name, &value) in network.states().iter().zip(values) {
            if !(value > 0.0) {
                return Err(Error::NotPositive {
                    quantity: "the excess against a steady state",
                    state: name.clone(),
                    value,
                });
            }
        }
    }
    let excess = glansdorff_prigogine_excess(flow, steady_flow)?;
    check_steady(steady_flow)?;
    let (parallel, merged) = parallel_channels(flow);
    let (lumped_here, lumped_there) = (
        lumped(&fluxes(flow), &merged),
        lumped(&fluxes(steady_flow), &merged),
    );
    let rate = flow.rate_of_change();
    let entropy_production_rate = flow.entropy_production_rate();
    let decay: Vec<f64> = rate
        .iter()
        .zip(state.iter().zip(steady))
        .map(|(v, (&p, &s))| -v * log_ratio(p, s))
        .collect();
    let deviation = |i: usize| (state[i] - steady[i]) / steady[i];
    let entries = || 0..state.len();
    let size = terms(&fluxes(flow), &fluxes(steady_flow))
        .map(f64::abs)
        .sum::<f64>()
        + decay.iter().map(|t| t.abs()).sum::<f64>();
    Ok(Excess {
        resolved: ChannelSum {
            excess,
            entropy_production_rate,
        },
        lumped: ChannelSum {
            excess: compensated_sum(terms(&lumped_here, &lumped_there)),
            entropy_production_rate: compensated_sum(
                lumped_here
                    .iter()
                    .map(|&(a, b)| irrev_numerics::special::dissipation(a, b)),
            ),
        },
        parallel,
        housekeeping: entropy_production_rate - excess,
        divergence_decay: compensated_sum(decay),
        second_variation: 0.5 * compensated_sum(entries().map(|i| (state[i] - steady[i]) * deviation(i))),
        second_variation_rate: compensated_sum(entries().map(|i| deviation(i) * rate[i])),
        fisher_information: fisher_information(state, &rate)?,
        rate,
        size,
    })
}

fn fluxes(flow: &Flow) -> Vec<(f64, f64)> {
    flow.fluxes().collect()
}

/// (J − J°)(F − F°) per channel; the forces' difference is taken flux by flux, where it keeps its digits near the steady state.
fn terms<'a>(here: &'a [(f64, f64)], steady: &'a [(f64, f64)]) -> impl Iterator<Item = f64> + 'a {
    here.iter().zip(steady).map(|(&(a, b), &(a0, b0))| {
        let change = if a > 0.0 && a0 > 0.0 {
            log_ratio(a, a0) - log_ratio(b, b0)
        } else {
            log_ratio(a, b) - log_ratio(a0, b0)
        };
        ((a - a0) - (b - b0)) * change
    })
}

/// # Errors
/// [`Error::Domain`] naming the worst state.
fn check_steady(flow: &Flow) -> Result<()> {
    let mut traffic = vec![0.0; flow.network().states().len()];
    for (e, (a, b)) in flow.fluxes().enumerate() {
        for &(state, c) in &*flow.network().change(e) {
            traffic[state] += c.abs() * (a + b);
        }
    }
    for (i, rate) in flow.rate_of_change().into_iter().enumerate() {
        let name = &flow.network().states()[i];
        crate::require(
            &format!("the imbalance of \"{name}\" in the steady state, relative to its traffic,"),
            if traffic[i] > 0.0 {
                rate.abs() / traffic[i]
            } else {
                0.0
            },
            rate.abs() <= STEADY * traffic[i],
            "at most 1e-9: give a state that does not change",
        )?;
    }
    Ok(())
}

/// Names of channels with the same change of the state, where there are several, and for every channel its group and direction in it.
fn parallel_channels(flow: &Flow) -> (Vec<Vec<String>>, Vec<(usize, bool)>) {
    let network = flow.network();
    let mut changes: Vec<Vec<(usize, f64)>> = Vec::new();
    let mut members: Vec<Vec<String>> = Vec::new();
    let mut merged = Vec::with_capacity(network.edges().len());
    for (e, edge) in network.edges().iter().enumerate() {
        let mut change = network.change(e).to_vec();
        change.sort_by_key(|entry| entry.0);
        let reversed: Vec<(usize, f64)> = change.iter().map(|&(state, c)| (state, -c)).collect();
        let place = changes.iter().position(|c| *c == change || *c == reversed);
        let group = place.unwrap_or_else(|| {
            changes.push(change.clone());
            members.push(Vec::new());
            changes.len() - 1
        });
        members[group].push(edge.name.clone());
        merged.push((group, changes[group] == change));
    }
    members.retain(|names| names.len() > 1);
    (members, merged)
}

fn lumped(fluxes: &[(f64, f64)], merged: &[(usize, bool)]) -> Vec<(f64, f64)> {
    let groups = merged.iter().map(|m| m.0 + 1).max().unwrap_or(0);
    let mut sums = vec![(0.0, 0.0); groups];
    for (&(a, b), &(group, along)) in fluxes.iter().zip(merged) {
        let (a, b) = if along { (a, b) } else { (b, a) };
        sums[group].0 += a;
        sums[group].1 += b;
    }
    sums
}

//! What the parts of a chain do in one step: partial entropy production, transfer of information, interaction.

use super::MarkovChain;
use super::projections::{BackwardProjection, backward_projection};
use crate::error::Result;
use crate::information::joint::{conditional_information, marginal_index, relative_entropy, strides, sums};
use crate::state::Distribution;

/// One step of a chain on a product of parts; all in nats.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StepOfParts {
    /// The whole: entropy production D of the step.
    pub total: BackwardProjection,
    /// Partial entropy production D_k ≥ 0 of every part: Σ P ln[P(z_k|z'_k, z_{−k}, z'_{−k})/T^k(z_k|z'_k, z_{−k})]. +∞ if a step of the part has no reverse.
    pub partial: Vec<f64>,
    /// D − Σ_k D_k, which vanishes as the step gets short; `None` if both are infinite.
    pub nonadditivity: Option<f64>,
    /// `transfer_entropy[i][k]` = I(z'_k; z_i|z_k), from part i to part k; 0 for i = k.
    pub transfer_entropy: Vec<Vec<f64>>,
    /// I(z'_k; z_{−k}|z_k): what part k receives from all the others together.
    pub received: Vec<f64>,
    /// Stochastic interaction Φ_SI = Σ_k H(z'_k|z_k) − H(z'|z) ≥ 0; the sum of `received` if the parts step independently given z.
    pub stochastic_interaction: f64,
    /// I(z; z'), between past and future of the whole.
    pub past_future_information: f64,
}

/// Splits a step by the parts, states being row-major in `sizes`. O(parts · states²).
///
/// The kernel of part k is T^k(z'_k|z) = Σ over z'_{−k} of T(z'|z), whether or not the parts step independently. For a chain sampled from a multipartite jump
/// process, D_k over the interval tends to σ_k of [`second_laws`](crate::information::parts::second_laws).
///
/// ```
/// use irrev_network::{gallery, information::{chain::{MarkovChain, step_of_parts}, parts::second_laws}};
/// let channel = gallery::membrane_channel(&Default::default())?;
/// let steady = channel.stationary_distribution()?;
/// let step = step_of_parts(&MarkovChain::sampled(&channel, 1e-5)?, &[2, 2], &steady)?;
/// let rate = second_laws(&channel, &steady)?.parts[0].entropy_production_rate;
/// assert!((step.partial[0] / 1e-5 / rate - 1.0).abs() < 1e-3);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`crate::Error::Length`] if sizes, chain and distribution differ; [`crate::Error::Domain`] for a part without states.
///
/// Source: Ito, Oizumi and Amari, Phys. Rev. Research 2, 033048 (2020); Φ_SI: Ay, Entropy 17, 2432 (2015).
pub fn step_of_parts(chain: &MarkovChain, sizes: &[usize], p: &Distribution) -> Result<StepOfParts> {
    chain.require_product(sizes)?;
    let joint = chain.two_time(p)?;
    let total = backward_projection(chain, p)?;
    let parts: Vec<PartStep> = (0..sizes.len())
        .map(|k| PartStep::new(chain, sizes, k, p.probabilities()))
        .collect();
    let partial: Vec<f64> = parts
        .iter()
        .map(|part| part.local_backward(joint.data(), sizes))
        .collect();
    let sum: f64 = irrev_numerics::sum::compensated_sum(partial.iter().copied());
    let others = |k: usize| (0..sizes.len()).filter(|&i| i != k).collect::<Vec<_>>();
    let transfer = |i: usize, part: &PartStep| {
        if i == part.k {
            0.0
        } else {
            part.information_from(&[i], sizes)
        }
    };
    let (n, q) = (chain.states(), total.law.probabilities());
    let independent = |z: usize| {
        let (next, now) = (z % n, z / n);
        let own = parts.iter().map(|part| part.alone(next, now, sizes));
        p.probabilities()[now] * own.product::<f64>()
    };
    Ok(StepOfParts {
        nonadditivity: Some(total.divergence - sum).filter(|x| !x.is_nan()),
        transfer_entropy: (0..sizes.len())
            .map(|i| parts.iter().map(|part| transfer(i, part)).collect())
            .collect(),
        received: parts
            .iter()
            .map(|part| part.information_from(&others(part.k), sizes))
            .collect(),
        stochastic_interaction: relative_entropy(joint.data(), independent),
        past_future_information: relative_entropy(joint.data(), |z| q[z % n] * p.probabilities()[z / n]),
        total,
        partial,
    })
}

/// One part's step.
struct PartStep {
    k: usize,
    stride: usize,
    states: usize,
    /// T^k(u|z), row-major in (u, z).
    kernel: Vec<f64>,
    /// T^k(u|z) p(z).
    joint: Vec<f64>,
    /// P(u|v) of the part by itself, row-major in (u, v); 0 for a v that does not occur.
    alone: Vec<f64>,
}

impl PartStep {
    fn new(chain: &MarkovChain, sizes: &[usize], k: usize, p: &[f64]) -> Self {
        let (states, size) = (chain.states(), sizes[k]);
        let (label, _) = marginal_index(sizes, &[k]);
        let mut kernel = vec![0.0; size * states];
        for z in 0..states {
            for (u, total) in sums(&label, chain.transition().column(z), size)
                .into_iter()
                .enumerate()
            {
                kernel[u * states + z] = total;
            }
        }
        let joint: Vec<f64> = kernel
            .iter()
            .enumerate()
            .map(|(i, t)| t * p[i % states])
            .collect();
        let own = sums(&label, p, size);
        let mut alone = Vec::with_capacity(size * size);
        for u in 0..size {
            let row = sums(&label, &joint[u * states..(u + 1) * states], size);
            alone.extend(
                row.iter()
                    .zip(&own)
                    .map(|(&x, &p)| if p > 0.0 { x / p } else { 0.0 }),
            );
        }
        Self {
            k,
            stride: strides(sizes)[k],
            states,
            kernel,
            joint,
            alone,
        }
    }

    fn label(&self, z: usize, sizes: &[usize]) -> usize {
        z / self.stride % sizes[self.k]
    }

    fn alone(&self, next: usize, now: usize, sizes: &[usize]) -> f64 {
        self.alone[self.label(next, sizes) * sizes[self.k] + self.label(now, sizes)]
    }

    /// min over q of D(P‖T^k(z_k|z'_k, z₋ₖ) q(z'_k, z₋ₖ, z'₋ₖ)), where q is the marginal of P.
    fn local_backward(&self, joint: &[f64], sizes: &[usize]) -> f64 {
        let n = self.states;
        let without = |z: usize| z - self.label(z, sizes) * self.stride;
        let index: Vec<usize> = (0..n * n).map(|z| without(z / n) * n + z % n).collect();
        let marginal = sums(&index, joint, n * n);
        relative_entropy(joint, |z| {
            let (next, now) = (z % n, z / n);
            let back_from = without(now) + self.label(next, sizes) * self.stride;
            self.kernel[self.label(now, sizes) * n + back_from] * marginal[index[z]]
        })
    }

    /// I(z'_k; z_A|z_k) for the parts A.
    fn information_from(&self, parts: &[usize], sizes: &[usize]) -> f64 {
        let table = [&[sizes[self.k]], sizes].concat();
        let sources: Vec<usize> = parts.iter().map(|i| i + 1).collect();
        conditional_information(&self.joint, &table, [&[0], &sources, &[self.k + 1]])
    }
}

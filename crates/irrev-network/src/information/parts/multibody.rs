//! The information flow by the number of parts that share the information.

use irrev_numerics::special::log_ratio;
use irrev_numerics::sum::{CompensatedSum, compensated_sum};
use rayon::prelude::*;

use super::edges::{Active, PartedFlow};
use crate::error::{Error, Result};
use crate::flow::Flow;
use crate::state::Distribution;

/// Most parts of which all 2^N subsets are looked at.
const MOST_PARTS: usize = 16;

/// Information flows of all parts, split by order.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MultibodyFlow {
    /// `orders[n − 2][k]` = İ_k⁽ⁿ⁾, n = 2 … N, in nats per time; Σₙ İ_k⁽ⁿ⁾ = İ_k.
    pub orders: Vec<Vec<f64>>,
    /// `amplification[n − 2]`: the largest factor by which roundings of the flows of ln p_T enter İ⁽ⁿ⁾, a product of binomial coefficients.
    pub amplification: Vec<f64>,
}

/// Splits the information flow of every part into contributions of pairs, triples, … of parts.
///
/// With ι_S(z) = Σ_{∅≠T⊆S} (−1)^{|S|−|T|} ln p_T(z_T), the local interaction information of the parts S (Möbius inversion of the marginals' logarithms),
/// İ_k⁽ⁿ⁾ = Σ_{|S|=n, S∋k} Σ_{k-edges} J [ι_S(z') − ι_S(z)], and Σ_{n ≥ 2} İ_k⁽ⁿ⁾ = İ_k. A subset T of m parts enters order n with
/// (−1)^{n−m} C(N−m, n−m). O(2^N (states + edges)), in parallel over subsets.
///
/// ```
/// use irrev_network::{gallery, information::parts::{multibody_information_flow, second_laws}};
/// let symport = gallery::transporter(&Default::default())?;
/// let steady = symport.stationary_distribution()?;
/// let split = multibody_information_flow(&symport.flow(&steady)?, &steady)?;
/// let whole = second_laws(&symport, &steady)?.parts[0].information_flow;
/// assert!((split.orders.iter().map(|order| order[0]).sum::<f64>() - whole).abs() < 1e-14);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::OverLimit`] for more than 16 parts; [`Error::NotPositive`] for an empty state that a channel enters, as orders of opposite sign would be
/// infinite; else as [`super::second_laws`].
///
/// Source: Yoshida, Okada, Muneyuki and Ito, arXiv:2112.04024, by a decomposition into cycles; here through the marginals.
pub fn multibody_information_flow(flow: &Flow, state: &Distribution) -> Result<MultibodyFlow> {
    let parted = PartedFlow::of_flow(flow, state)?;
    let number = parted.space.parts();
    if number > MOST_PARTS {
        return Err(Error::OverLimit {
            what: "parts of a multi-body split, which looks at every subset of them",
            found: number as f64,
            most: MOST_PARTS,
        });
    }
    parted.require_positive_ends("the multi-body information flow")?;
    let edges: Vec<Active> = parted.active().collect();
    // Σ J Δ ln p_T over the edges of each part in T
    let of_subset: Vec<Vec<f64>> = (1_usize..1 << number)
        .into_par_iter()
        .map(|subset| flows_of_marginal(&parted, &edges, subset))
        .collect();
    let mut orders = Vec::with_capacity(number.saturating_sub(1));
    let mut amplification = Vec::new();
    for n in 2..=number {
        let factor = |m: usize| {
            let sign = if (n - m).is_multiple_of(2) { 1.0 } else { -1.0 };
            sign * binomial(number - m, n - m)
        };
        let of_part = |k: usize| {
            let terms = (1_usize..1 << number).zip(&of_subset);
            let taken = terms.filter(|(subset, _)| subset >> k & 1 == 1 && subset.count_ones() as usize <= n);
            compensated_sum(taken.map(|(subset, flows)| factor(subset.count_ones() as usize) * flows[k]))
        };
        orders.push((0..number).map(of_part).collect());
        amplification.push(
            (1..=n)
                .map(|m| factor(m).abs() * binomial(number - 1, m - 1))
                .fold(0.0, f64::max),
        );
    }
    Ok(MultibodyFlow {
        orders,
        amplification,
    })
}

/// Σ over the edges of k of J ln[p_T(z'_T)/p_T(z_T)], for every part k in T; 0 for the others.
fn flows_of_marginal(parted: &PartedFlow<'_>, edges: &[Active], subset: usize) -> Vec<f64> {
    let number = parted.space.parts();
    let parts: Vec<usize> = (0..number).filter(|k| subset >> k & 1 == 1).collect();
    let gathered = parted.space.gather(&parts);
    let marginal = gathered.sums(parted.p);
    let mut sums = vec![CompensatedSum::default(); number];
    for e in edges.iter().filter(|e| subset >> e.part & 1 == 1) {
        let (to, from) = (gathered.group[e.to], gathered.group[e.from]);
        sums[e.part].add(e.carried(log_ratio(marginal[to], marginal[from])));
    }
    sums.iter().map(CompensatedSum::value).collect()
}

/// n over k as a float; exact for the small numbers that occur.
fn binomial(n: usize, k: usize) -> f64 {
    (0..k)
        .fold(1.0, |product, i| product * (n - i) as f64 / (i + 1) as f64)
        .round()
}

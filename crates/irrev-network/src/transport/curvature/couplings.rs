//! A lower bound of κ by couplings of the jumps at neighbouring states.
//!
//! For a pair e = (x, y) let the jumps x → w and y → z happen together at rates m_e(w, z) whose margins are the rates of the process. As
//! (Bᵀ Δψ)_e = Σ m_e(w, z) (ψ_z − ψ_w − g_e) and Λ₁ u + Λ₂ v ≥ Λ(u, v), every joint jump onto another pair f = (w, z) adds at least
//!
//! ```text
//! ½ c_e m_e(f) [g_e² Λ_f − Λ_e g_f²]
//! ```
//!
//! to ψᵀ Hess ψ, and these cancel in the sum over pairs if c_e m_e(f) = c_f m_f(e). What remains bounds the Hessian by κ K: jumps x → y
//! alone (rate a) and y → x alone (rate b) leave [(a + b)/2 + ½ min_r (a Λ(1, r) + b Λ(1, 1/r))] L g², and a joint jump of rate m onto one common
//! state leaves ½ m L g². The least over pairs bounds κ, if no other jump is left without a partner. For two states nothing has been lost.
//!
//! Partners are assigned greedily: common states first, then squares with four corners, then pairs that overlap. Where an assignment is not
//! unique another one might give more, and a renumbering of states may change the bound; it stays a bound.
//!
//! Sources: the inequality, complete graphs and hypercubes: Erbar and Maas, Arch. Ration. Mech. Anal. 206, 997 (2012); squares of commuting jumps and
//! birth–death chains: Fathi and Maas, Ann. Appl. Probab. 26, 1774 (2016); couplings of jumps: G. Conforti, arXiv:2004.10850 (2020), and F. Pedrotti,
//! arXiv:2308.00516 (2023). The criterion as it stands here is derived above.

use std::collections::HashMap;

use irrev_numerics::special::{logarithmic_mean, logarithmic_mean_gradient};

use super::reversible::Reversible;

/// Rate without partner, relative to the rate of its jump, that is rounding.
const LEFT_OVER: f64 = 1e-12;

/// The bound is lowered by this share of its parts for what rounding may have added.
const ROUNDING: f64 = 1e-13;

/// An oriented pair of states: which pair, and whether from its first to its second state.
type Oriented = (usize, bool);

/// Rates at the pair (x, y) that have no partner yet.
struct Free {
    /// Of x → w, by w.
    first: HashMap<usize, f64>,
    /// Of y → z, by z.
    second: HashMap<usize, f64>,
    /// Rate of joint jumps onto one state.
    merging: f64,
}

/// A proven lower bound of κ, in 1/time, if all jumps find partners.
pub(super) fn coupling_bound(chain: &Reversible) -> Option<f64> {
    let pi = chain.stationary.probabilities();
    let n = chain.states();
    let mut rates: Vec<HashMap<usize, f64>> = vec![HashMap::new(); n];
    let mut pair_of = HashMap::new();
    for (e, pair) in chain.pairs.iter().enumerate() {
        rates[pair.from].insert(pair.to, pair.conductance / pi[pair.from]);
        rates[pair.to].insert(pair.from, pair.conductance / pi[pair.to]);
        pair_of.insert((pair.from, pair.to), (e, true));
        pair_of.insert((pair.to, pair.from), (e, false));
    }
    let ends = |(e, along): Oriented| {
        let pair = &chain.pairs[e];
        if along {
            (pair.from, pair.to)
        } else {
            (pair.to, pair.from)
        }
    };
    let mut free: Vec<Free> = chain
        .pairs
        .iter()
        .map(|pair| merged(&rates[pair.from], &rates[pair.to]))
        .collect();
    for overlapping in [false, true] {
        for e in 0..chain.pairs.len() {
            for f in partners(chain, &rates, &pair_of, e, overlapping) {
                let (x, y) = ends((e, true));
                let (w, z) = ends(f);
                // c_e m_e(f) = c_f m_f(e) is at most what any of the four jumps has left; a state that stays costs nothing
                let [c, d] = [chain.pairs[e].conductance, chain.pairs[f.0].conductance];
                let (there, back) = (&free[e], &free[f.0]);
                let (at_w, at_z) = if f.1 {
                    (&back.first, &back.second)
                } else {
                    (&back.second, &back.first)
                };
                let most = [
                    (x != w).then(|| c * left(&there.first, w)),
                    (y != z).then(|| c * left(&there.second, z)),
                    (x != w).then(|| d * left(at_w, x)),
                    (y != z).then(|| d * left(at_z, y)),
                ];
                let joint = most.into_iter().flatten().fold(f64::INFINITY, f64::min);
                if joint <= 0.0 {
                    continue;
                }
                take(&mut free[e].first, w, joint / c);
                take(&mut free[e].second, z, joint / c);
                let back = &mut free[f.0];
                let (at_w, at_z) = if f.1 {
                    (&mut back.first, &mut back.second)
                } else {
                    (&mut back.second, &mut back.first)
                };
                take(at_w, x, joint / d);
                take(at_z, y, joint / d);
            }
        }
    }
    let mut bound = f64::INFINITY;
    for (pair, free) in chain.pairs.iter().zip(&free) {
        let alone = |free: &HashMap<usize, f64>, from: usize, partner: usize| {
            let others = |(to, rate): (&usize, &f64)| *to == partner || *rate <= LEFT_OVER * rates[from][to];
            // what subtraction leaves of a rate that is used up is rounding, and proves nothing
            let own = left(free, partner);
            let own = if own > LEFT_OVER * rates[from][&partner] {
                own
            } else {
                0.0
            };
            free.iter().all(others).then_some(own)
        };
        let a = alone(&free.first, pair.from, pair.to)?;
        let b = alone(&free.second, pair.to, pair.from)?;
        let parts = 0.5 * (a + b + free.merging);
        let mixed = 0.5 * least_of_two_means(a, b);
        bound = bound.min((parts + mixed) * (1.0 - ROUNDING));
    }
    Some(bound)
}

/// Pairs f onto which the ends of pair e can jump together, each end by one jump or, for overlapping pairs, not at all; ascending.
fn partners(
    chain: &Reversible,
    rates: &[HashMap<usize, f64>],
    pair_of: &HashMap<(usize, usize), Oriented>,
    e: usize,
    overlapping: bool,
) -> Vec<Oriented> {
    let (x, y) = (chain.pairs[e].from, chain.pairs[e].to);
    let mut found = Vec::new();
    for &w in rates[x].keys().chain([&x]) {
        for &z in rates[y].keys().chain([&y]) {
            let touches = w == x || w == y || z == x || z == y;
            // each couple of pairs is visited once, from its first member; e itself, turned round, is no partner
            if let Some(&f) = pair_of.get(&(w, z)).filter(|f| f.0 > e && touches == overlapping) {
                found.push(f);
            }
        }
    }
    found.sort_unstable();
    found
}

/// The rates at two states once jumps onto common states are joined.
fn merged(at_x: &HashMap<usize, f64>, at_y: &HashMap<usize, f64>) -> Free {
    let mut free = Free {
        first: at_x.clone(),
        second: at_y.clone(),
        merging: 0.0,
    };
    let mut common: Vec<usize> = at_x.keys().copied().filter(|w| at_y.contains_key(w)).collect();
    common.sort_unstable();
    for w in common {
        let joint = at_x[&w].min(at_y[&w]);
        take(&mut free.first, w, joint);
        take(&mut free.second, w, joint);
        free.merging += joint;
    }
    free
}

/// The rate that the jump onto a state has left; 0 for a state that no jump leads to.
fn left(free: &HashMap<usize, f64>, to: usize) -> f64 {
    free.get(&to).copied().unwrap_or(0.0)
}

/// Uses up a part of a rate.
fn take(free: &mut HashMap<usize, f64>, to: usize, rate: f64) {
    if let Some(rest) = free.get_mut(&to) {
        *rest = (*rest - rate).max(0.0);
    }
}

/// min over r > 0 of a Λ(1, r) + b Λ(1, 1/r), for a, b ≥ 0: between 2√(ab) and a + b, and 0 if one of them is 0.
///
/// In z = ln r it is ∫ (a e^{sz} + b e^{−sz}) ds over s from 0 to 1, convex, with its minimum between 0 and ln(b/a).
fn least_of_two_means(a: f64, b: f64) -> f64 {
    if a == 0.0 || b == 0.0 {
        return 0.0;
    }
    let value = |z: f64| a * logarithmic_mean(1.0, z.exp()) + b * logarithmic_mean(1.0, (-z).exp());
    let slope = |z: f64| {
        let by_second = |r: f64| r * logarithmic_mean_gradient(1.0, r).1;
        a * by_second(z.exp()) - b * by_second((-z).exp())
    };
    let end = (b / a).ln();
    let (mut low, mut high) = (end.min(0.0), end.max(0.0));
    while high - low > f64::EPSILON * high.abs().max(low.abs()) {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if slope(middle) > 0.0 {
            high = middle;
        } else {
            low = middle;
        }
    }
    // tangents at both ends of the bracket bound a convex function from below
    let width = high - low;
    (value(low) - width * slope(low).abs()).min(value(high) - width * slope(high).abs())
}

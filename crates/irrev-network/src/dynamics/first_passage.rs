//! First-passage times: moments, splitting probabilities and the distribution of the time to reach a set of states.
//!
//! With the targets absorbing, M = −W on the other states; the k-th moment from each start is m_k = k M^{−T} m_{k−1}, m₀ = 1, solved
//! without a subtraction. Splitting probabilities and conditional means come from the mean occupation times before absorption.
//!
//! Source: van Kampen, Stochastic Processes in Physics and Chemistry, ch. XII.

use irrev_numerics::linalg::{AbsorbingFactor, Matrix};
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::{Run, Tolerance};

use super::evolution::Evolution;
use crate::error::{Error, Result};
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;

/// Statistics of the first time at which any target is reached.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FirstPassage {
    /// ⟨T⟩, in units of time.
    pub mean: f64,
    /// Var T.
    pub variance: f64,
    /// ⟨(T − ⟨T⟩)³⟩.
    pub third_central_moment: f64,
    /// Third central moment over variance^{3/2}.
    pub skewness: f64,
    /// ⟨T⁴⟩.
    pub fourth_raw_moment: f64,
    /// P(T ≤ t) at the times asked for.
    pub cumulative: Vec<f64>,
    /// Probability that each target is the first reached, in the order given.
    pub splitting_probabilities: Vec<f64>,
    /// ⟨T⟩ given which target was reached; NaN for a target that is never first.
    pub conditional_means: Vec<f64>,
}

/// First-passage statistics from a start distribution to a set of target states.
///
/// ```
/// use irrev_network::{Distribution, MarkovJump, dynamics::first_passage};
/// let walk = MarkovJump::from_rates(3, &[(0, 1, 1.0, 1.0), (1, 2, 1.0, 1.0)])?;
/// let t = first_passage(&walk, &Distribution::point(3, 0)?, &[2], &[], &Default::default())?;
/// assert!((t.mean - 3.0).abs() < 1e-14);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::Unknown`] for a target out of range or no target; [`Error::Unreachable`] if some start may never reach one; memory over the limit of
/// `run`; cancelled.
pub fn first_passage(
    kinetics: &MarkovJump,
    start: &Distribution,
    targets: &[usize],
    times: &[f64],
    run: &Run<'_>,
) -> Result<FirstPassage> {
    let network = kinetics.network();
    let n = network.states().len();
    network.check_states("initial distribution", start.probabilities())?;
    if targets.is_empty() {
        return Err(Error::Unknown {
            what: "target state",
            name: String::new(),
        });
    }
    let mut target_of = vec![usize::MAX; n];
    for (k, &target) in targets.iter().enumerate() {
        if target >= n {
            return Err(Error::Unknown {
                what: "target state",
                name: target.to_string(),
            });
        }
        target_of[target] = k;
    }
    let open = visited_before(kinetics, start, &target_of);
    let within_reach = target_within_reach(kinetics, &target_of);
    if let Some(&stuck) = open.iter().find(|&&i| !within_reach[i]) {
        return Err(Error::Unreachable {
            state: network.states()[stuck].clone(),
        });
    }
    run.require_memory("first-passage moments", 16 * (open.len() as u64).pow(2))?;
    let mut place = vec![usize::MAX; n];
    for (k, &i) in open.iter().enumerate() {
        place[i] = k;
    }
    let m = open.len();
    let mut rates = Matrix::zeros(m, m);
    let mut leak = vec![0.0; m];
    let mut into_target: Vec<Vec<f64>> = vec![vec![0.0; m]; targets.len()];
    for (from, to, rate) in kinetics.jumps() {
        if place[from] == usize::MAX {
            continue;
        }
        if target_of[to] == usize::MAX {
            rates[(place[to], place[from])] += rate;
        } else {
            leak[place[from]] += rate;
            into_target[target_of[to]][place[from]] += rate;
        }
    }
    let factor = AbsorbingFactor::new(rates, leak)?;
    let begin: Vec<f64> = open.iter().map(|&i| start.probabilities()[i]).collect();
    let dot = |x: &[f64], y: &[f64]| compensated_sum(x.iter().zip(y).map(|(a, b)| a * b));
    let mut moment = vec![1.0; m];
    let mut raw = [0.0; 5];
    for (k, value) in raw.iter_mut().enumerate().skip(1) {
        moment = factor
            .solve_transpose(&moment)
            .iter()
            .map(|v| k as f64 * v)
            .collect();
        *value = dot(&begin, &moment);
    }
    let mean = raw[1];
    let variance = raw[2] - mean * mean;
    let third = raw[3] - 3.0 * mean * raw[2] + 2.0 * mean.powi(3);
    // occupation times z = M⁻¹ p₀ and M⁻¹ z give P(target) = Σ rate z and ⟨T; target⟩ = Σ rate M⁻¹z
    let occupation = factor.solve(&begin);
    let weighted = factor.solve(&occupation);
    let mut splitting_probabilities: Vec<f64> = into_target.iter().map(|r| dot(r, &occupation)).collect();
    let conditional_means = into_target
        .iter()
        .zip(&splitting_probabilities)
        .map(|(r, p)| if *p > 0.0 { dot(r, &weighted) / p } else { f64::NAN });
    let conditional_means = conditional_means.collect();
    for (i, &p) in start.probabilities().iter().enumerate() {
        if target_of[i] != usize::MAX {
            splitting_probabilities[target_of[i]] += p;
        }
    }
    let absorbing = absorbing_copy(kinetics, &target_of)?;
    let evolution = Evolution::new(&absorbing)?;
    let mut cumulative = Vec::with_capacity(times.len());
    for &t in times {
        crate::require(
            "time",
            t,
            t.is_finite() && t >= 0.0,
            "a finite time, not negative",
        )?;
        let p = evolution
            .advance(start, t, Tolerance::relative(1e-14), run)?
            .distribution;
        cumulative.push(compensated_sum(targets.iter().map(|&i| p.probabilities()[i])));
    }
    Ok(FirstPassage {
        mean,
        variance,
        third_central_moment: third,
        skewness: third / variance.powf(1.5),
        fourth_raw_moment: raw[4],
        cumulative,
        splitting_probabilities,
        conditional_means,
    })
}

/// The process with every jump out of a target removed.
fn absorbing_copy(kinetics: &MarkovJump, target_of: &[usize]) -> Result<MarkovJump> {
    let edges = kinetics.network().edges();
    let keep = |from: usize, rate: f64| if target_of[from] == usize::MAX { rate } else { 0.0 };
    let forward = edges
        .iter()
        .zip(kinetics.forward_rate())
        .map(|(e, &f)| keep(e.from, f))
        .collect();
    let backward = edges
        .iter()
        .zip(kinetics.backward_rate())
        .map(|(e, &b)| keep(e.to, b))
        .collect();
    MarkovJump::new(std::sync::Arc::clone(kinetics.network()), forward, backward)
}

/// Non-target states that can be visited before a target is reached, ascending.
fn visited_before(kinetics: &MarkovJump, start: &Distribution, target_of: &[usize]) -> Vec<usize> {
    let n = target_of.len();
    let mut onward: Vec<Vec<usize>> = vec![Vec::new(); n];
    for (from, to, _) in kinetics.jumps() {
        if target_of[from] == usize::MAX {
            onward[from].push(to);
        }
    }
    let seen = spread(&onward, (0..n).filter(|&i| start.probabilities()[i] > 0.0));
    (0..n)
        .filter(|&i| seen[i] && target_of[i] == usize::MAX)
        .collect()
}

/// Whether a target can be reached from each state.
fn target_within_reach(kinetics: &MarkovJump, target_of: &[usize]) -> Vec<bool> {
    let n = target_of.len();
    let mut back: Vec<Vec<usize>> = vec![Vec::new(); n];
    for (from, to, _) in kinetics.jumps() {
        back[to].push(from);
    }
    spread(&back, (0..n).filter(|&i| target_of[i] != usize::MAX))
}

/// States reached from a set along the given neighbours.
fn spread(neighbours: &[Vec<usize>], from: impl Iterator<Item = usize>) -> Vec<bool> {
    let mut seen = vec![false; neighbours.len()];
    let mut stack: Vec<usize> = from.collect();
    for &i in &stack {
        seen[i] = true;
    }
    while let Some(i) = stack.pop() {
        for &j in &neighbours[i] {
            if !seen[j] {
                seen[j] = true;
                stack.push(j);
            }
        }
    }
    seen
}

//! The straight path between two distributions, p(s) = (1 − s) p₀ + s p₁, and what it costs with the mobility of a process.
//!
//! Its speed in the metric of [W₂](super::wasserstein2) is √(Δp·K(p)⁺Δp) with Δp = p₁ − p₀. Passed evenly in the time T it costs ∫₀¹ Δp·K⁺Δp ds/T, at constant speed
//! ℓ²/T with its length ℓ: both at least W₂²/T.
//!
//! Between two states that are empty at an end L grows like s, so that a current that has to pass there costs an infinite amount. Whether it has to
//! is a matter of counting: without such channels every connected part must keep its probability.

use irrev_numerics::elimination::{EliminationPlan, PlanOptions, SolveOptions, Threads};
use irrev_numerics::quadrature::integrate;
use irrev_numerics::sum::compensated_sum;
use irrev_numerics::{Run, Tolerance};
use petgraph::unionfind::UnionFind;

use crate::bounds::Side;
use crate::error::{Error, Result};
use crate::flow::Flow;
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;

/// Halvings of the interval towards an end with empty states, where the speed has an integrable singularity.
const HALVINGS: i32 = 60;

/// Probability that a connected part may gain or lose as a matter of rounding.
const ROUNDING: f64 = 1e-12;

/// The straight path between two distributions.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct StraightPath {
    /// ∫₀¹ Δp·K⁺Δp ds: its action, in nats × time; over T what it costs to pass it evenly in the time T. +∞ if it leads through empty states.
    pub action: Side,
    /// ∫₀¹ √(Δp·K⁺Δp) ds: its length, in √(nats·time), at least W₂ and at most √action; its square over T is the cost at constant speed.
    pub length: Side,
}

/// Action and length of the straight path between two distributions, to a relative tolerance.
///
/// ```
/// use irrev_network::{Distribution, MarkovJump, transport::straight_path};
/// let pair = MarkovJump::from_rates(2, &[(0, 1, 1.0, 1.0)])?;
/// let (from, to) = (Distribution::new(vec![0.9, 0.1])?, Distribution::new(vec![0.2, 0.8])?);
/// let path = straight_path(&pair, &from, &to, Default::default(), &Default::default())?;
/// assert!((path.length.value - 1.0256921195).abs() < 1e-9);            // two states have no other path
/// assert!(path.action.value > path.length.value.powi(2));              // but an even pace is not the best
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::OneWay`], [`Error::Length`]; not converged; cancelled.
pub fn straight_path(
    kinetics: &MarkovJump,
    from: &Distribution,
    to: &Distribution,
    tolerance: Tolerance,
    run: &Run<'_>,
) -> Result<StraightPath> {
    let network = kinetics.network();
    network.check_states("from", from.probabilities())?;
    network.check_states("to", to.probabilities())?;
    kinetics.require_both_ways("the straight path between distributions")?;
    let (p, q) = (from.probabilities(), to.probabilities());
    let mut step: Vec<f64> = p.iter().zip(q).map(|(p, q)| q - p).collect();
    // both sums are 1 but for rounding, which the largest probability takes
    let left = compensated_sum(step.iter().copied());
    if let Some(most) = (0..p.len()).max_by(|&i, &j| (p[i] + q[i]).total_cmp(&(p[j] + q[j]))) {
        step[most] -= left;
    }
    if !can_be_carried(kinetics, p, q, &step) {
        return Ok(StraightPath {
            action: Side::exact(f64::INFINITY),
            length: Side::exact(f64::INFINITY),
        });
    }
    let pairs: Vec<(usize, usize)> = network.edges().iter().map(|e| (e.from, e.to)).collect();
    let plan = EliminationPlan::new(
        p.len(),
        &pairs,
        &PlanOptions {
            threads: Threads::One,
            ..PlanOptions::default()
        },
    )?;
    let options = SolveOptions {
        imbalance_tolerance: f64::INFINITY,
        ..SolveOptions::default()
    };
    let breaks = graded(p.contains(&0.0), q.contains(&0.0));
    let scale = |values: &[f64], k: usize| values[k];
    let integrals = integrate(&breaks, 2, tolerance, scale, |s, out| {
        run.report(s, "the straight path")?;
        let state: Vec<f64> = p.iter().zip(q).map(|(p, q)| (1.0 - s) * p + s * q).collect();
        let onsager = Flow::evaluate(kinetics, 0.0, &state)?.onsager_coefficient();
        let potential = plan
            .laplacian(&onsager, Threads::One)?
            .solve(&step, &options)?
            .values;
        out[0] = compensated_sum(potential.iter().zip(&step).map(|(psi, d)| psi * d)).max(0.0);
        out[1] = out[0].sqrt();
        Ok::<(), Error>(())
    })?;
    let side = |k: usize| Side {
        value: integrals.values[k],
        error: integrals.errors[k],
    };
    Ok(StraightPath {
        action: side(0),
        length: side(1),
    })
}

/// Whether the currents can do without the channels whose ends are both empty at p or both empty at q.
fn can_be_carried(kinetics: &MarkovJump, p: &[f64], q: &[f64], step: &[f64]) -> bool {
    let mut parts = UnionFind::<usize>::new(p.len());
    for (x, y, _) in kinetics.jumps() {
        let empty = |p: &[f64]| p[x] == 0.0 && p[y] == 0.0;
        let never = |i: usize| p[i] == 0.0 && q[i] == 0.0;
        if !(empty(p) || empty(q) || never(x) || never(y)) {
            parts.union(x, y);
        }
    }
    let labels = parts.into_labeling();
    let mut gained = vec![0.0; p.len()];
    for (label, d) in labels.iter().zip(step) {
        gained[*label] += d;
    }
    gained.iter().all(|g: &f64| g.abs() <= ROUNDING)
}

/// 0 to 1, halved again and again towards ends where the integrand is singular.
fn graded(start: bool, end: bool) -> Vec<f64> {
    let towards = |singular: bool| -> Vec<f64> {
        let halvings = if singular { HALVINGS } else { 1 };
        (1..=halvings).rev().map(|k| 0.5_f64.powi(k)).collect()
    };
    let mut breaks = vec![0.0];
    breaks.extend(towards(start));
    // 1 − 2⁻ᵏ is 1 in double precision from the 54th halving on
    breaks.extend(
        towards(end)
            .iter()
            .rev()
            .skip(1)
            .map(|s| 1.0 - s)
            .filter(|s| *s < 1.0),
    );
    breaks.push(1.0);
    breaks
}

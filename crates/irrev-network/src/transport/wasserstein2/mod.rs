//! The distance W₂ whose mobility is the edge Onsager coefficient, with geodesics and bounds from both sides.
//!
//! ```text
//! W₂(p₀, p₁)² = min ∫₀¹ Σ J²/L(P) dt   over paths with Ṗ = B J, P(0) = p₀, P(1) = p₁,
//!             = 2 max [ψ₁·p₁ − ψ₀·p₀]  over potentials with ψ̇·q + ½ Σ L(q) (Bᵀψ)² ≤ 0 for all q ≥ 0,
//! ```
//!
//! with L_e(p) = Λ(k⁺ p_x, k⁻ p_y). L is concave and homogeneous of degree one for any positive rates, so both problems are convex with or without
//! detailed balance, and no stationary state enters. In equal time no other dynamics with these mobilities dissipates less than the geodesic:
//! W₂² ≤ τ ∫ Σ̇ dt. With detailed balance this is Maas' distance, of which the master equation is the gradient flow of relative entropy.
//!
//! **Method.** Polynomials on elements of time turn the first problem into a finite convex one; Newton's method solves it with a logarithmic barrier and
//! sparse factors. Elements are refined until the bounds are as near as asked for. The bounds themselves are computed from path and
//! potential alone, whatever made them, up to rounding. States without probability are approached by the triangle inequality.
//!
//! **Cost** with n states, m pairs, N points in time: O(n m + N n³) for dense, about O(N n^1.5) for planar networks, per Newton step; some twenty steps.
//!
//! Conventions: each pair of states counts once (no factor ½); t runs from 0 to 1; W₂ has the unit √time. Sources: J. Maas, J. Funct. Anal. 261, 2250
//! (2011); K. Yoshimura, A. Kolchinsky, A. Dechant and S. Ito, Phys. Rev. Res. 5, 013017 (2023), for L without detailed balance; M. Erbar, M. Rumpf,
//! B. Schmitzer and S. Simon, Numer. Math. 144, 89 (2020), for the discrete problem.

mod action;
mod blocks;
mod bracket;
mod certificate;
mod dense_step;
mod ends;
mod geodesic;
mod mesh;
mod mobility;
mod newton;
mod path;
mod positivity;
mod potential;
pub mod reactions;
mod refinement;
mod sparse_step;
mod two_states;

use irrev_numerics::Run;
use irrev_numerics::sum::compensated_sum;

use self::bracket::bracket;
use self::geodesic::Part;
pub use self::geodesic::{Geodesic, Moment};
use self::mobility::Mobility;
use crate::error::{Error, Result};
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;

/// Probability that a component may gain or lose, and part of a probability that may change, as a matter of rounding.
const ROUNDING: f64 = 1e-12;

/// How well W₂ is to be known.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Wasserstein2Options {
    /// Asked width of the interval that is proven to hold W₂², relative to W₂² (default 1e-6). 1e-10 to 0.1.
    pub tolerance: f64,
}

impl Default for Wasserstein2Options {
    fn default() -> Self {
        Self { tolerance: 1e-6 }
    }
}

impl Wasserstein2Options {
    /// A relative width of the interval for W₂².
    #[must_use]
    pub fn within(tolerance: f64) -> Self {
        Self { tolerance }
    }
}

/// W₂ between two distributions.
#[derive(Debug, Clone)]
pub enum Wasserstein2 {
    /// With the path that realises it.
    Finite(Box<Geodesic>),
    /// No path leads there: these states form a component that would have to lose (surplus > 0) or gain probability.
    Infinite {
        /// Names of the states of the component.
        component: Vec<String>,
        /// Its probability at the start less that at the end.
        surplus: f64,
    },
}

impl Wasserstein2 {
    /// The distance; +∞ if there is no path.
    #[must_use]
    pub fn distance(&self) -> f64 {
        self.geodesic().map_or(f64::INFINITY, Geodesic::distance)
    }

    /// The path, if there is one.
    #[must_use]
    pub fn geodesic(&self) -> Option<&Geodesic> {
        match self {
            Self::Finite(geodesic) => Some(geodesic),
            Self::Infinite { .. } => None,
        }
    }
}

/// W₂ between two distributions under a jump process, with its geodesic and bounds.
///
/// ```
/// use irrev_network::{Distribution, MarkovJump, transport::{Wasserstein2Options, wasserstein2}};
/// use irrev_numerics::Run;
/// let triangle = MarkovJump::from_rates(3, &[(0, 1, 1.0, 1.0), (0, 2, 1.0, 1.0), (1, 2, 1.0, 1.0)])?;
/// let (from, to) = (Distribution::new(vec![0.6, 0.3, 0.1])?, Distribution::new(vec![0.1, 0.2, 0.7])?);
/// let found = wasserstein2(&triangle, &from, &to, &Wasserstein2Options::default(), &Run::default())?;
/// let geodesic = found.geodesic().unwrap();
/// assert!((geodesic.distance() - 0.7916137353448573).abs() < 1e-9);
/// assert!(geodesic.lower_bound() <= geodesic.distance() && geodesic.distance() <= geodesic.upper_bound());
/// assert!(geodesic.upper_bound() / geodesic.lower_bound() < 1.0 + 1e-6);
/// let half_way = geodesic.at(0.5)?;
/// assert!((half_way.state[0] - 0.34362028568493796).abs() < 1e-6);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// The bounds may be farther apart than asked for where a path comes too near the boundary; [`Geodesic::converged`] says so.
///
/// # Errors
/// [`Error::OneWay`] for an edge with one zero rate; [`Error::Length`]; [`Error::Domain`] for a tolerance out of range; whatever the numerics
/// report (memory, cancellation, non-convergence).
pub fn wasserstein2(
    kinetics: &MarkovJump,
    from: &Distribution,
    to: &Distribution,
    options: &Wasserstein2Options,
    run: &Run<'_>,
) -> Result<Wasserstein2> {
    solve(kinetics, from, to, None, options, run)
}

/// As [`wasserstein2`], starting from the geodesic of a problem nearby: other ends or other rates on the same states, as along a sweep. The result is the
/// same up to what the bounds allow; where the old path does not fit it is found afresh.
///
/// ```
/// use irrev_network::{Distribution, MarkovJump, transport::{Wasserstein2Options, wasserstein2, wasserstein2_near}};
/// use irrev_numerics::Run;
/// let triangle = |k| MarkovJump::from_rates(3, &[(0, 1, k, 1.0), (0, 2, 1.0, 1.0), (1, 2, 1.0, 1.0)]);
/// let (from, to) = (Distribution::new(vec![0.6, 0.3, 0.1])?, Distribution::new(vec![0.1, 0.2, 0.7])?);
/// let (options, run) = (Wasserstein2Options::default(), Run::default());
/// let first = wasserstein2(&triangle(1.0)?, &from, &to, &options, &run)?;
/// let next = wasserstein2_near(&triangle(1.1)?, &from, &to, first.geodesic().unwrap(), &options, &run)?;
/// assert!(next.geodesic().unwrap().newton_steps() < first.geodesic().unwrap().newton_steps());
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// Those of [`wasserstein2`]; [`Error::Length`] for a geodesic on another number of states.
pub fn wasserstein2_near(
    kinetics: &MarkovJump,
    from: &Distribution,
    to: &Distribution,
    near: &Geodesic,
    options: &Wasserstein2Options,
    run: &Run<'_>,
) -> Result<Wasserstein2> {
    let (found, expected) = (near.network().states().len(), kinetics.network().states().len());
    if found != expected {
        return Err(Error::Length {
            what: "the states of a geodesic to start from",
            found,
            expected,
        });
    }
    solve(kinetics, from, to, Some(near), options, run)
}

fn solve(
    kinetics: &MarkovJump,
    from: &Distribution,
    to: &Distribution,
    near: Option<&Geodesic>,
    options: &Wasserstein2Options,
    run: &Run<'_>,
) -> Result<Wasserstein2> {
    let network = kinetics.network();
    network.check_states("from", from.probabilities())?;
    network.check_states("to", to.probabilities())?;
    crate::require(
        "the tolerance of W₂",
        options.tolerance,
        (1e-10..=0.1).contains(&options.tolerance),
        "a number from 1e-10 to 0.1",
    )?;
    kinetics.require_both_ways("the Wasserstein distance")?;
    let (p, q) = (normalised(from), normalised(to));
    let mut parts = Vec::new();
    for states in components(kinetics) {
        let probability = |p: &[f64]| compensated_sum(states.iter().map(|&i| p[i]));
        let (start, end) = (probability(&p), probability(&q));
        if (start - end).abs() > ROUNDING {
            return Ok(Wasserstein2::Infinite {
                component: states.iter().map(|&i| network.states()[i].clone()).collect(),
                surplus: start - end,
            });
        }
        let start_state: Vec<f64> = states.iter().map(|&i| p[i]).collect();
        // the same probability at both ends to the last bit that rounding allows
        let end_state: Vec<f64> = states.iter().map(|&i| q[i] * (start / end)).collect();
        if start == 0.0 || end == 0.0 || start_state == end_state {
            parts.push(Part::at_rest(states, start_state));
            continue;
        }
        let mobility = Mobility::of_jumps(kinetics, &states)?;
        if differ_by_rounding(&start_state, &end_state)
            && let Some(part) = Part::unresolved(&mobility, &states, &start_state, &end_state)?
        {
            parts.push(part);
            continue;
        }
        let near = near.and_then(|geodesic| geodesic.part(states[0]));
        let proven = |states: &[usize], mobility: &Mobility| {
            bracket(kinetics, states, mobility, (&start_state, &end_state), run)
        };
        let ends = (start_state.clone(), end_state.clone());
        match Part::solve(
            mobility.clone(),
            states.clone(),
            ends,
            near,
            options.tolerance,
            run,
        ) {
            Ok(part) if part.is_within(options.tolerance) => parts.push(part),
            Ok(part) => parts.push(part.tightened(proven(&states, &mobility)?)),
            Err(error) => return Err(bracketed(error, kinetics, (&p, &q), options.tolerance, run)?),
        }
    }
    let geodesic = Geodesic::new(network.clone(), parts, options.tolerance);
    Ok(Wasserstein2::Finite(Box::new(geodesic)))
}

/// A geodesic that is not resolved, with what is proven of W₂ all the same; any other error as it is.
fn bracketed(
    error: Error,
    kinetics: &MarkovJump,
    (p, q): (&[f64], &[f64]),
    tolerance: f64,
    run: &Run<'_>,
) -> Result<Error> {
    let Error::NoGeodesic { lowest, reason, .. } = error else {
        return Ok(error);
    };
    let (mut below, mut above) = (0.0, 0.0);
    for states in components(kinetics) {
        let of = |p: &[f64]| -> Vec<f64> { states.iter().map(|&i| p[i]).collect() };
        let (start, end) = (of(p), of(q));
        if start == end {
            continue;
        }
        let mobility = Mobility::of_jumps(kinetics, &states)?;
        let (lower, upper) = bracket(kinetics, &states, &mobility, (&start, &end), run)?;
        (below, above) = (below + lower, above + upper);
    }
    Ok(Error::NoGeodesic {
        lowest,
        tolerance,
        lower: below.sqrt(),
        upper: above.sqrt(),
        reason,
    })
}

/// Whether every probability is the same at both ends but for rounding, so that there is no path to resolve.
fn differ_by_rounding(start: &[f64], end: &[f64]) -> bool {
    start
        .iter()
        .zip(end)
        .all(|(a, b)| (a - b).abs() <= ROUNDING * a.min(*b))
}

fn normalised(p: &Distribution) -> Vec<f64> {
    let sum = compensated_sum(p.probabilities().iter().copied());
    p.probabilities().iter().map(|x| x / sum).collect()
}

/// States joined by edges with positive rates, in the order of their first states.
fn components(kinetics: &MarkovJump) -> Vec<Vec<usize>> {
    let n = kinetics.network().states().len();
    let mut neighbours = vec![Vec::new(); n];
    for (from, to, _) in kinetics.jumps() {
        neighbours[from].push(to);
    }
    let mut seen = vec![false; n];
    let mut components = Vec::new();
    for first in 0..n {
        if seen[first] {
            continue;
        }
        seen[first] = true;
        let mut members = vec![first];
        let mut next = 0;
        while next < members.len() {
            for &other in &neighbours[members[next]] {
                if !std::mem::replace(&mut seen[other], true) {
                    members.push(other);
                }
            }
            next += 1;
        }
        members.sort_unstable();
        components.push(members);
    }
    components
}

/// An index out of [0, 1] or not a number.
fn require_time(time: f64) -> Result<()> {
    if (0.0..=1.0).contains(&time) {
        return Ok(());
    }
    Err(Error::Domain {
        what: "the time on a geodesic".into(),
        value: time,
        expected: "a number from 0 to 1",
    })
}

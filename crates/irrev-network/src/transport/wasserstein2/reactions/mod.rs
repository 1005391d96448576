//! Shortest paths between the amounts of two states of a reaction network.
//!
//! ```text
//! W₂(x₀, x₁)² = inf ∫₀¹ Σ_r J_r²/L_r(x) dt   over paths in positive amounts with ẋ = S J, x(0) = x₀, x(1) = x₁,
//! ```
//!
//! with L_r = Λ(j⁺, j⁻) of mass action, j± = k± ∏ x^ν±. In equal time no other dynamics with these coefficients dissipates less on the way: length² ≤ τ ∫ Σ̇ dt.
//!
//! **What is proven, and what is not.** Where both directions of every reaction are of order at most one in the dynamic species, or there is one direction
//! of change only, every minimiser is a global one. With higher orders L is not concave, the problem not convex and minimisers are *local*
//! ([`Optimality`]); a certificate as for jumps does not exist. The length returned is that of the path found, by adaptive quadrature,
//! so that the distance is at most the length plus its error. Several starts are tried and the shortest result kept; their number and that of different
//! minima are reported.
//!
//! **Method.** Polynomials on elements of time, Newton's method in the amounts of independent species with convexified steps where the second variation is not
//! positive definite, meshes refined by what the path lacks in being stationary. A species that is absent at both ends and cannot be made stays absent.
//!
//! Conventions: no factor ½; amounts in a volume of 1; t runs from 0 to 1; lengths have the unit √(amount · time).
//!
//! Sources: K. Yoshimura, A. Kolchinsky, A. Dechant and S. Ito, Phys. Rev. Res. 5, 013017 (2023), for the metric; J. Nocedal and S. Wright, Numerical
//! Optimization (2006), chapter 3, for Newton's method where a matrix is not positive definite.

mod class;
mod ends;
mod geodesic;
mod minimise;
mod problem;
mod starts;
mod trace;

use irrev_numerics::{Run, Tolerance};

use self::ends::beside;
pub use self::geodesic::{GlobalProof, Optimality, ReactionGeodesic};
use self::problem::Problem;
use super::action::Potentials;
use super::differ_by_rounding;
use crate::error::{Error, Result};
use crate::kinetics::Kinetics as _;
use crate::reactions::ReactionSystem;
use crate::reactions::distance::wasserstein2_one_reaction;

/// Parts of the size of the distance that ways from ends without some species may take; where the first are not resolved the next are tried.
const WAYS: [f64; 4] = [5e-7, 5e-6, 5e-5, 5e-4];

/// Accuracy of the integral that is the distance where there is one direction of change.
const ONE_DIRECTION: f64 = 1e-12;

/// How well a path is to be resolved, and how widely it is searched for.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct ReactionGeodesicOptions {
    /// Part of the squared length that the discretisation may add (default 1e-8). 1e-11 to 0.1.
    pub tolerance: f64,
    /// Starting paths, tried beyond the first only where the problem is not convex (default 12). 1 to 10 000.
    pub starts: usize,
}

impl Default for ReactionGeodesicOptions {
    fn default() -> Self {
        Self {
            tolerance: 1e-8,
            starts: 12,
        }
    }
}

impl ReactionGeodesicOptions {
    /// A tolerance relative to the squared length.
    #[must_use]
    pub fn within(tolerance: f64) -> Self {
        Self {
            tolerance,
            ..Self::default()
        }
    }

    /// With a number of starting paths.
    #[must_use]
    pub fn from_starts(self, starts: usize) -> Self {
        Self { starts, ..self }
    }
}

/// A path between two states, or why there is none.
#[derive(Debug, Clone)]
pub enum ReactionWasserstein2 {
    /// With the path.
    Finite(Box<ReactionGeodesic>),
    /// No path leads there: a conserved amount differs.
    Infinite {
        /// The conserved combination: names of species with their coefficients.
        law: Vec<(String, i64)>,
        /// Its value at the start.
        from: f64,
        /// Its value at the end.
        to: f64,
    },
}

impl ReactionWasserstein2 {
    /// Length of the path; +∞ if there is none.
    #[must_use]
    pub fn length(&self) -> f64 {
        self.geodesic().map_or(f64::INFINITY, ReactionGeodesic::length)
    }

    /// The path, if there is one.
    #[must_use]
    pub fn geodesic(&self) -> Option<&ReactionGeodesic> {
        match self {
            Self::Finite(geodesic) => Some(geodesic),
            Self::Infinite { .. } => None,
        }
    }
}

/// The shortest path found between two states of a reaction network with mass action, over its counted reactions.
///
/// `from` and `to` are amounts of the dynamic species; zero is allowed.
///
/// ```
/// use irrev_network::{reactions::ReactionSystem, transport::{Optimality, reaction_geodesic}};
/// use irrev_numerics::Run;
/// let system = ReactionSystem::builder().species("A").species("B").species("C")
///     .mass_action("pair", &[("A", 2.0)], &[("B", 1.0)], 1.0, 0.5)
///     .mass_action("turn", &[("B", 1.0)], &[("C", 1.0)], 1.0, 1.0)
///     .build()?;
/// let found = reaction_geodesic(&system, &[2.0, 0.1, 0.1], &[0.2, 0.3, 0.8], &Default::default(), &Run::default())?;
/// let path = found.geodesic().unwrap();
/// assert_eq!(path.optimality(), Optimality::Local);
/// let half_way = path.at(0.5)?;
/// // A + 2 B + 2 C is conserved
/// assert!((half_way.state[0] + 2.0 * half_way.state[1] + 2.0 * half_way.state[2] - 2.4).abs() < 1e-12);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// [`Error::OneWay`] for a counted reaction with one zero rate; [`Error::MissingLaw`] for one that is no mass action with constant reservoirs;
/// [`Error::TimeDependent`]; [`Error::Length`]; [`Error::Domain`] for an amount or an option out of range; [`Error::NoReactionGeodesic`] where an end is infinitely
/// far or the path is not resolved; coefficients that are no fractions; cancelled.
pub fn reaction_geodesic(
    system: &ReactionSystem,
    from: &[f64],
    to: &[f64],
    options: &ReactionGeodesicOptions,
    run: &Run<'_>,
) -> Result<ReactionWasserstein2> {
    check(system, from, to, options)?;
    let problem = Problem::new(system, from, to)?;
    let (start, end) = (problem.restricted(from), problem.restricted(to));
    let name = |place: usize| system.state_names()[problem.kept[place]].clone();
    if let Some(broken) = problem.class.broken_law(&start, &end) {
        return Ok(ReactionWasserstein2::Infinite {
            law: broken.law.iter().map(|&(i, a)| (name(i), a)).collect(),
            from: broken.from,
            to: broken.to,
        });
    }
    let found = ReactionGeodesic::at_rest(system.network().clone(), from, to, options.tolerance);
    if differ_by_rounding(&start, &end) {
        return Ok(ReactionWasserstein2::Finite(Box::new(found)));
    }
    // what rounding leaves of the conserved amounts is taken from the dependent species
    let end = problem.class.with_independent(&start, &end);
    let one_direction = problem.class.dimension() == 1 && problem.kept.len() == from.len();
    let mut found = traced(system, problem, (&start, &end), found, options, run)?;
    if one_direction && let Some((length, error)) = on_one_line(system, from, to)? {
        // the ways from ends without some species need not be approximated
        (found.length, found.length_error, found.excess) = (length, error, 0.0);
    }
    Ok(ReactionWasserstein2::Finite(Box::new(found)))
}

fn check(system: &ReactionSystem, from: &[f64], to: &[f64], options: &ReactionGeodesicOptions) -> Result<()> {
    for (what, amounts) in [("from", from), ("to", to)] {
        system.network().check_states(what, amounts)?;
        for (name, &x) in system.state_names().iter().zip(amounts) {
            let fits = x >= 0.0 && x.is_finite();
            crate::require(
                &format!("the amount of {name} in `{what}`"),
                x,
                fits,
                "a non-negative number",
            )?;
        }
    }
    crate::require(
        "the tolerance of a geodesic",
        options.tolerance,
        (1e-11..=0.1).contains(&options.tolerance),
        "a number from 1e-11 to 0.1",
    )?;
    crate::require(
        "the number of starts of a geodesic",
        options.starts as f64,
        (1..=10_000).contains(&options.starts),
        "a number from 1 to 10 000",
    )
}

/// The path between two states of a class, with wider ways at ends without some species where narrow ones are not resolved.
fn traced(
    system: &ReactionSystem,
    problem: Problem,
    (start, end): (&[f64], &[f64]),
    rest: ReactionGeodesic,
    options: &ReactionGeodesicOptions,
    run: &Run<'_>,
) -> Result<ReactionGeodesic> {
    let potentials = Potentials::new(&problem.mobility)?;
    let lowest = start.iter().chain(end).fold(f64::INFINITY, |low, x| low.min(*x));
    let unresolved = |reason: String| Error::NoReactionGeodesic { lowest, reason };
    let step: Vec<f64> = start.iter().zip(end).map(|(a, b)| b - a).collect();
    let across = problem.slice(1.0, problem.inner.clone(), step);
    let scale = across
        .map(|slice| problem.squared_speed(&slice).sqrt())
        .ok_or_else(|| unresolved("the metric is singular half way".into()))?;
    // of a convex problem every start finds the same path
    let wanted = match problem.global_proof() {
        Some(_) => 1,
        None => options.starts,
    };
    let mut failure = None;
    for part in WAYS {
        let first = beside(&problem, &potentials, start, part * scale)?;
        let last = beside(&problem, &potentials, end, part * scale)?;
        let mesh = trace::first_mesh();
        let ends = (first.state.as_slice(), last.state.as_slice());
        let starts = starts::starts(&problem, system, ends, &mesh, wanted, run.seed);
        match trace::search(&problem, starts, options.tolerance, run) {
            Ok(found) => {
                let ways = (first.length + last.length, first.error + last.error);
                let mut geodesic = rest.along(problem, potentials, found.best, ways);
                (geodesic.starts, geodesic.minima) = (found.successes, found.minima);
                return Ok(geodesic);
            }
            Err(error) if run.monitor.cancelled() => return Err(error),
            Err(error) => failure = Some(error),
        }
        if lowest > 0.0 {
            break;
        }
    }
    let reason = failure.map_or_else(String::new, |error| error.to_string());
    Err(unresolved(reason))
}

/// The distance with its error where all counted reactions change the species along one direction.
fn on_one_line(system: &ReactionSystem, from: &[f64], to: &[f64]) -> Result<Option<(f64, f64)>> {
    let changes = system.counted().iter().map(|r| system.change(*r));
    let Some(&(state, c)) = changes.filter_map(|change| change.first()).next() else {
        return Ok(None);
    };
    let extent = (to[state] - from[state]) / c;
    let tolerance = Tolerance::relative(ONE_DIRECTION);
    match wasserstein2_one_reaction(system, 0.0, from, (0.0, extent), tolerance) {
        Ok(length) => Ok(Some((length.value, length.error))),
        // rounding at an end
        Err(Error::Domain { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

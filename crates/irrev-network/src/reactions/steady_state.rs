//! Steady states of the rate equations, and whether they are stable.
//!
//! ẋ = 0 on the stoichiometric class of a start, by Newton's method in coordinates of the class; a start far away is first followed by the
//! integrator. The residual is judged species by species against the traffic through it, Σ_r |S_ir| (j⁺ + j⁻). Stability is the sign of
//! the largest real part among the eigenvalues of the Jacobian on the class.

use irrev_numerics::linalg::{Matrix, least_norm};
use irrev_numerics::ode::{self, End, Options};
use irrev_numerics::{Convergence, Error as NumericsError, Run, StopReason, Tolerance};
use num_complex::Complex64;

use super::ReactionSystem;
use super::evolution::{EvolutionOptions, integrator, not_followed};
use super::motion::Motion;
use super::subspace::Subspace;
use crate::error::{Error, Result};
use crate::kinetics::Kinetics as _;

/// Accepted imbalance relative to the traffic.
const RESIDUAL: f64 = 1e-12;

/// Newton steps before giving up.
const STEPS: usize = 60;

/// Newton's method may move a relaxed state by this much, relative; more would be another state.
const SAME: f64 = 1e-2;

/// What grew by this factor over ten times the time grows in proportion to it, or faster.
const GROWN: f64 = 5.0;

/// Growth rates within this part of the spectral radius of zero count as marginal.
const MARGINAL: f64 = 1e-9;

/// What becomes of small disturbances.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stability {
    /// All decay.
    Stable,
    /// Some grow.
    Unstable,
    /// Some neither grow nor decay, to working precision.
    Marginal,
}

/// A steady state.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SteadyState {
    /// Amounts of the dynamic species.
    pub amounts: Vec<f64>,
    /// Eigenvalues of the Jacobian on the stoichiometric class, by falling real part, in 1/time.
    pub eigenvalues: Vec<Complex64>,
    /// What becomes of small disturbances.
    pub stability: Stability,
    /// Newton steps, and the imbalance relative to the traffic at the worst species.
    pub convergence: Convergence,
}

/// The steady state that Newton's method finds from a guess, on the guess's stoichiometric class; stable or not.
///
/// # Errors
/// [`Error::Length`], [`Error::Domain`]; not converged, or the Jacobian on the class is singular.
pub fn steady_state_near(system: &ReactionSystem, guess: &[f64]) -> Result<SteadyState> {
    let subspace = Subspace::new(system);
    judged(system, &subspace, newton(system, &subspace, guess)?)
}

/// The steady state that a start relaxes to.
///
/// ```
/// use irrev_network::reactions::{ReactionSystem, steady_state::{Stability, relaxed_steady_state}};
/// let schloegl = ReactionSystem::builder().species("X").chemostat("A", 1.0).chemostat("B", 1.0)
///     .mass_action("auto", &[("A", 1.0), ("X", 2.0)], &[("X", 3.0)], 3.0, 1.0)
///     .mass_action("feed", &[("B", 1.0)], &[("X", 1.0)], 0.25, 2.0)
///     .build()?;
/// let low = relaxed_steady_state(&schloegl, &[0.0], &Default::default())?;
/// let high = relaxed_steady_state(&schloegl, &[3.0], &Default::default())?;
/// assert!(low.amounts[0] < 0.2 && high.amounts[0] > 1.0);
/// assert!(low.stability == Stability::Stable && high.stability == Stability::Stable);
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// As [`steady_state_near`]; [`Error::NoSteadyState`] if the motion does not come to rest, as on a limit cycle; [`Error::Accumulation`] if all
/// rests but what piles up without end; [`Error::Unbounded`] for growth that cannot be followed.
pub fn relaxed_steady_state(system: &ReactionSystem, start: &[f64], run: &Run<'_>) -> Result<SteadyState> {
    let mut relaxation = Relaxing::new(system, start)?;
    for _ in 0..DECADES {
        relaxation.advance(run)?;
        if let Some(found) = relaxation.steady_state() {
            return Ok(found);
        }
        relaxation.require_no_accumulation()?;
    }
    Err(relaxation.unsettled())
}

/// A motion followed over ten times longer spans, from the shortest time scale on.
pub(super) struct Relaxing<'a> {
    system: &'a ReactionSystem,
    motion: Motion<'a>,
    subspace: Subspace,
    solver: Options,
    start: Vec<f64>,
    pub(super) x: Vec<f64>,
    pub(super) time: f64,
    /// State and time before the last span.
    before: (Vec<f64>, f64),
    span: f64,
    pub(super) path: Option<ode::Trajectory>,
}

impl<'a> Relaxing<'a> {
    pub(super) fn new(system: &'a ReactionSystem, start: &[f64]) -> Result<Self> {
        system.network().check_states("initial amounts", start)?;
        let options = EvolutionOptions {
            tolerance: Tolerance {
                relative: 1e-8,
                ..EvolutionOptions::default().tolerance
            },
            ..EvolutionOptions::default()
        };
        Ok(Self {
            system,
            motion: Motion::new(system),
            subspace: Subspace::new(system),
            solver: Options {
                steady_rate: Some(0.0),
                ..integrator(&options)
            },
            start: start.to_vec(),
            x: start.to_vec(),
            time: 0.0,
            before: (start.to_vec(), 0.0),
            span: time_scale(system, start)?,
            path: None,
        })
    }

    /// Follows the motion over the next span.
    pub(super) fn advance(&mut self, run: &Run<'_>) -> Result<()> {
        if self.path.is_some() {
            self.span *= 10.0;
        }
        let path = ode::solve(
            &self.motion,
            self.time,
            &self.x,
            self.time + self.span,
            &self.solver,
            run,
        )
        .map_err(|failure| not_followed(&self.motion, &self.start, failure, &self.solver, run))?;
        self.before = (std::mem::take(&mut self.x), self.time);
        self.x = path.state().iter().map(|v| v.max(0.0)).collect();
        self.time = path.time();
        self.path = Some(path);
        Ok(())
    }

    /// The steady state beside the end of the motion so far, if it is one that the motion approaches.
    pub(super) fn steady_state(&self) -> Option<SteadyState> {
        let balanced = newton(self.system, &self.subspace, &self.x).ok()?;
        let at_rest = self.path.as_ref().is_some_and(|path| path.end() == End::Steady);
        let apart = farthest(&self.x, &balanced.amounts);
        // the spectrum is the costly part, and only what is near needs it
        if !at_rest && apart > SAME {
            return None;
        }
        let found = judged(self.system, &self.subspace, balanced).ok()?;
        let near = apart <= SAME * closeness(self.span, &found);
        // a drift along a family of balanced states passes for rest where it is small against a traffic that grows with it
        let drifts = found.stability == Stability::Marginal && farthest(&self.before.0, &self.x) > SAME;
        // what stands exactly on an unstable state stays there
        (!drifts && (at_rest || near && found.stability != Stability::Unstable)).then_some(found)
    }

    /// Why a motion that was followed to the end settles on nothing: what grew for ever while the rest stood still, if that is it.
    pub(super) fn unsettled(&self) -> Error {
        let (before, since) = &self.before;
        let grows = |k: &usize| self.x[*k] > GROWN * before[*k];
        let growing: Vec<usize> = (0..self.x.len()).filter(grows).collect();
        let rest = |x: &[f64]| -> Vec<f64> {
            let others = x.iter().enumerate().filter(|(k, _)| !growing.contains(k));
            others.map(|(_, x)| *x).collect()
        };
        if growing.is_empty() || farthest(&rest(before), &rest(&self.x)) > SAME {
            return Error::NoSteadyState { time: self.time };
        }
        let mean_rate = |k: usize| (self.x[k] - before[k]) / (self.time - since);
        let species = growing.into_iter();
        Error::Accumulation {
            time: self.time,
            species: species
                .map(|k| (self.system.state_names()[k].clone(), mean_rate(k)))
                .collect(),
        }
    }

    /// Refuses to follow a motion further in which nothing moves any more but species that pile up at constant rates: no rate depends on them,
    /// so that they never stop.
    pub(super) fn require_no_accumulation(&self) -> Result<()> {
        let mut rate = vec![0.0; self.x.len()];
        self.system.rate_of_change(0.0, &self.x, &mut rate)?;
        let jacobian = self.system.jacobian(0.0, &self.x)?;
        let acts = |state: usize| (0..self.x.len()).any(|i| jacobian[(i, state)] != 0.0);
        let mut piling = Vec::new();
        for (state, name) in self.system.state_names().iter().enumerate() {
            if rate[state] > 0.0 && !acts(state) {
                piling.push((name.clone(), rate[state]));
                rate[state] = 0.0;
            }
        }
        if piling.is_empty() || !(imbalance(self.system, &self.x, &rate)? <= RESIDUAL) {
            return Ok(());
        }
        Err(Error::Accumulation {
            time: self.time,
            species: piling,
        })
    }
}

/// Decades of time that a relaxation is followed over.
pub(super) const DECADES: usize = 16;

/// How near the motion must have come: the longer it ran beyond the slowest mode, the nearer. Modes that do not decay at all, where steady
/// states form a family, do not count.
fn closeness(span: f64, found: &SteadyState) -> f64 {
    let radius = found.eigenvalues.iter().fold(0.0_f64, |m, l| m.max(l.norm()));
    let decays = found
        .eigenvalues
        .iter()
        .map(|l| -l.re)
        .filter(|rate| *rate > MARGINAL * radius);
    let slowest = decays.fold(f64::INFINITY, f64::min);
    (-slowest * span).exp().clamp(1e-5, 1.0)
}

/// Amounts below this part of the largest are not compared to relative accuracy.
const SMALL: f64 = 1e-9;

/// Largest relative difference of a species.
fn farthest(x: &[f64], y: &[f64]) -> f64 {
    let largest = x.iter().chain(y).fold(0.0_f64, |m, v| m.max(v.abs()));
    let apart = |(x, y): (&f64, &f64)| {
        (x - y).abs() / (x.abs().max(y.abs()) + SMALL * largest).max(f64::MIN_POSITIVE)
    };
    x.iter().zip(y).map(apart).fold(0.0, f64::max)
}

/// The shortest time scale of the motion at a state: amounts over traffic.
pub(super) fn time_scale(system: &ReactionSystem, x: &[f64]) -> Result<f64> {
    let mut columns = vec![0.0; x.len()];
    system.jacobian_entries(0.0, x, &mut |_, column, value| columns[column] += value.abs())?;
    let fastest = columns.iter().fold(0.0_f64, |m, v| m.max(*v));
    if fastest > 0.0 && fastest.is_finite() {
        return Ok(1.0 / fastest);
    }
    let mut rate = vec![0.0; x.len()];
    system.rate_of_change(0.0, x, &mut rate)?;
    let size = rate.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    Ok(if size > 0.0 { 1.0 / size } else { 1.0 })
}

/// A state at which everything balances, its stability unknown.
struct Balanced {
    amounts: Vec<f64>,
    residual: f64,
    iterations: usize,
}

fn newton(system: &ReactionSystem, subspace: &Subspace, guess: &[f64]) -> Result<Balanced> {
    system.network().check_states("guess", guess)?;
    let mut x = guess.to_vec();
    let mut rate = vec![0.0; x.len()];
    let mut best = f64::INFINITY;
    let mut stalls = 0;
    for iterations in 0..STEPS {
        system.rate_of_change(0.0, &x, &mut rate)?;
        let residual = imbalance(system, &x, &rate)?;
        if !residual.is_finite() {
            break;
        }
        // once at rounding a further step gains nothing
        stalls = if residual < 0.5 * best { 0 } else { stalls + 1 };
        best = best.min(residual);
        if residual == 0.0 || (residual <= RESIDUAL && stalls > 0) {
            return Ok(Balanced {
                amounts: x,
                residual,
                iterations,
            });
        }
        if stalls > 12 {
            break;
        }
        let step = newton_step(system, subspace, &x, &rate)?;
        // amounts stay positive: at most nine tenths of the way to zero; what is as good as gone may go
        let largest = x.iter().fold(0.0_f64, |m, v| m.max(*v));
        let mut length = 1.0_f64;
        for (x, d) in x.iter().zip(&step) {
            if *d < 0.0 && *x > SMALL * largest && x + d <= 0.0 {
                length = length.min(-0.9 * x / d);
            }
        }
        x.iter_mut()
            .zip(&step)
            .for_each(|(x, d)| *x = (*x + length * d).max(0.0));
    }
    Err(NumericsError::NotConverged {
        what: "the steady state",
        convergence: Convergence {
            iterations: STEPS,
            residual: best,
            target: RESIDUAL,
            reason: StopReason::IterationLimit,
        },
    }
    .into())
}

/// Singular values of the scaled Jacobian below this part of the largest belong to directions in which steady states form a family.
const FAMILY: f64 = 1e-11;

/// −J⁻¹ ẋ on the stoichiometric class; of least relative size where J is singular there.
fn newton_step(system: &ReactionSystem, subspace: &Subspace, x: &[f64], rate: &[f64]) -> Result<Vec<f64>> {
    let right: Vec<f64> = rate.iter().map(|r| -r).collect();
    if let Ok(step) = subspace.solver(system, x).and_then(|solver| solver.solve(&right)) {
        return Ok(step);
    }
    let jacobian = system.jacobian(0.0, x)?;
    // relative changes of amounts, against relative imbalances: what spreads over many decades is of one size there
    let traffic = traffic(system, x)?;
    let largest = x.iter().fold(f64::MIN_POSITIVE, |m, v| m.max(*v));
    let unit: Vec<f64> = x.iter().map(|v| v.max(SMALL * largest)).collect();
    let floor = SMALL * traffic.iter().fold(f64::MIN_POSITIVE, |m, t| m.max(*t));
    let weight: Vec<f64> = traffic.iter().map(|t| 1.0 / t.max(floor)).collect();
    let n = x.len();
    let across = subspace.complement(n);
    let scaled = Matrix::from_fn(n + across.len(), n, |i, j| match across.get(i.wrapping_sub(n)) {
        Some(law) => law[j] * unit[j] / largest,
        None => weight[i] * jacobian[(i, j)] * unit[j],
    });
    let mut imbalance: Vec<f64> = rate.iter().zip(&weight).map(|(v, w)| -v * w).collect();
    imbalance.resize(n + across.len(), 0.0);
    let relative = least_norm(&scaled, &imbalance, FAMILY)?.x;
    Ok(relative.iter().zip(&unit).map(|(u, x)| u * x).collect())
}

/// Σ_r |S_ir| (j⁺ + j⁻): what flows through each species.
fn traffic(system: &ReactionSystem, x: &[f64]) -> Result<Vec<f64>> {
    let (forward, backward) = system.all_fluxes(0.0, x)?;
    let mut traffic = vec![0.0; x.len()];
    for r in 0..system.reactions().len() {
        for &(state, c) in system.change(r) {
            traffic[state] += c.abs() * (forward[r].abs() + backward[r].abs());
        }
    }
    Ok(traffic)
}

/// Largest |ẋ_i| relative to the traffic through species i, or to a billionth of the largest traffic: what dies out never balances its own.
fn imbalance(system: &ReactionSystem, x: &[f64], rate: &[f64]) -> Result<f64> {
    let traffic = traffic(system, x)?;
    let floor = SMALL * traffic.iter().fold(0.0_f64, |m, t| m.max(*t));
    let relative = |(v, t): (&f64, &f64)| if *v == 0.0 { 0.0 } else { v.abs() / t.max(floor) };
    Ok(rate.iter().zip(&traffic).map(relative).fold(0.0, f64::max))
}

fn judged(system: &ReactionSystem, subspace: &Subspace, found: Balanced) -> Result<SteadyState> {
    let x = found.amounts;
    for (name, &value) in system.state_names().iter().zip(&x) {
        crate::require(
            &format!("the steady amount of {name}"),
            value,
            value >= 0.0,
            "a non-negative number",
        )?;
    }
    let values = subspace.eigenvalues(system, &x)?;
    Ok(SteadyState {
        stability: stability(&values),
        eigenvalues: values,
        amounts: x,
        convergence: Convergence {
            iterations: found.iterations,
            residual: found.residual,
            target: RESIDUAL,
            reason: StopReason::Converged,
        },
    })
}

/// Stability by the largest real part.
pub(crate) fn stability(values: &[Complex64]) -> Stability {
    let radius = values.iter().fold(0.0_f64, |m, v| m.max(v.norm()));
    match values.first().map(|v| v.re) {
        Some(growth) if growth > MARGINAL * radius => Stability::Unstable,
        Some(growth) if growth >= -MARGINAL * radius => Stability::Marginal,
        _ => Stability::Stable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_that_nothing_uses_piles_up_and_is_named() {
        // A is fed and turns into P: A rests at 2/0.5, P grows by 2
        let system = ReactionSystem::builder()
            .species("A")
            .species("P")
            .mass_action("feed", &[], &[("A", 1.0)], 2.0, 0.0)
            .mass_action("make", &[("A", 1.0)], &[("P", 1.0)], 0.5, 0.0)
            .build()
            .unwrap();
        let outcome = relaxed_steady_state(&system, &[0.0, 0.0], &Run::default());
        let Err(Error::Accumulation { species, time }) = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(species[0].0, "P");
        assert!(species.len() == 1 && (species[0].1 - 2.0).abs() < 1e-9 && time < 1e6);
    }

    #[test]
    fn what_dies_out_leaves_the_rest_in_peace() {
        // A + B → C until A is gone; B ⇌ D goes on beside it
        let system = ReactionSystem::builder()
            .species("A")
            .species("B")
            .species("C")
            .species("D")
            .mass_action("bind", &[("A", 1.0), ("B", 1.0)], &[("C", 1.0)], 3.0, 0.0)
            .mass_action("turn", &[("B", 1.0)], &[("D", 1.0)], 2.0, 1.0)
            .build()
            .unwrap();
        let found = relaxed_steady_state(&system, &[1.0, 4.0, 0.0, 0.0], &Run::default()).unwrap();
        for (x, expected) in found.amounts.iter().zip([0.0, 1.0, 1.0, 2.0]) {
            assert!((x - expected).abs() < 1e-8, "{found:?}");
        }
        assert_eq!(found.stability, Stability::Stable);
    }

    #[test]
    fn a_reaction_that_uses_itself_up_rests() {
        // A + B → C and no more: all rates vanish together
        let system = ReactionSystem::builder()
            .species("A")
            .species("B")
            .species("C")
            .mass_action("bind", &[("A", 1.0), ("B", 1.0)], &[("C", 1.0)], 3.0, 0.0)
            .build()
            .unwrap();
        let found = relaxed_steady_state(&system, &[1.0, 2.0, 0.0], &Run::default()).unwrap();
        for (x, expected) in found.amounts.iter().zip([0.0, 1.0, 1.0]) {
            assert!((x - expected).abs() < 1e-8, "{found:?}");
        }
    }

    #[test]
    fn a_line_of_steady_states_is_marginal_along_itself() {
        // E is used up by a poison: whatever S is left then stays
        let system = ReactionSystem::builder()
            .species("E")
            .species("S")
            .species("P")
            .mass_action(
                "make",
                &[("E", 1.0), ("S", 1.0)],
                &[("E", 1.0), ("P", 1.0)],
                1.0,
                0.0,
            )
            .mass_action("decay", &[("E", 1.0)], &[], 1.0, 0.0)
            .build()
            .unwrap();
        let found = relaxed_steady_state(&system, &[1.0, 2.0, 0.0], &Run::default()).unwrap();
        // dS/dE = S, hence S = 2/e
        let left = 2.0 * (-1.0_f64).exp();
        for (x, expected) in found.amounts.iter().zip([0.0, left, 2.0 - left]) {
            assert!((x - expected).abs() < 1e-6, "{found:?}");
        }
        assert_eq!(found.stability, Stability::Marginal);
    }

    #[test]
    fn a_pair_that_is_fed_for_ever_grows_and_is_no_steady_state() {
        // d(X + Y)/dt = 0.1 while X ⇌ Y, so X : Y = 2 : 1
        let fed = ReactionSystem::builder()
            .species("X")
            .species("Y")
            .mass_action("in", &[], &[("X", 1.0)], 0.1, 0.0)
            .mass_action("r", &[("X", 1.0)], &[("Y", 1.0)], 1.0, 2.0)
            .build()
            .unwrap();
        let outcome = relaxed_steady_state(&fed, &[1.0, 0.5], &Run::default());
        let Err(Error::Accumulation { species, .. }) = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!([&species[0].0, &species[1].0], ["X", "Y"]);
        for ((_, rate), expected) in species.iter().zip([0.2 / 3.0, 0.1 / 3.0]) {
            assert!((rate - expected).abs() < 1e-6, "{species:?}");
        }
    }

    #[test]
    fn growth_to_infinity_in_finite_time_is_called_so() {
        let explosive = ReactionSystem::builder()
            .species("X")
            .mass_action("r", &[("X", 2.0)], &[("X", 3.0)], 1.0, 0.0)
            .build()
            .unwrap();
        let outcome = relaxed_steady_state(&explosive, &[1.0], &Run::default());
        assert!(matches!(outcome, Err(Error::Unbounded { .. })), "{outcome:?}");
    }
}

//! A shortest path with what is proven of its length.

use std::sync::Arc;

use irrev_numerics::run::{Monitor, Stage};
use irrev_numerics::{Error as NumericsError, Run};

use super::action::{Action, Potentials, differences};
use super::ends::{End, NearbyState, states_from};
use super::mobility::Mobility;
use super::path::DiscretePath;
use super::potential::PotentialPath;
use super::refinement::{Guess, Solved, refine, rough, settle};
use super::require_time;
use super::two_states::Interval;
use crate::error::{Error, Result};
use crate::network::Network;

/// A path from the boundary is first found within this tolerance,
const WIDEST: f64 = 1e-2;

/// and then from ends so many times nearer to the boundary.
const DEEPER: f64 = 10.0;

/// A path on which some state holds at some time less than this part of an even share is first found within the widest tolerance, too.
const DRY: f64 = 1e-3;

/// Where a loose tolerance finds no path this one is tried.
const TIGHTER: f64 = 1e-6;

/// A level is tried so many times, each time with the amounts in empty states that the last path shows.
const ATTEMPTS: usize = 4;

/// Where a first path, and where the levels that lead to the boundary, count as done in the progress.
const PROGRESS: (f64, f64) = (0.05, 0.5);

/// A shortest path between two distributions, at constant speed, with bounds on its length.
#[derive(Debug, Clone)]
pub struct Geodesic {
    network: Arc<Network>,
    parts: Vec<Part>,
    distance: f64,
    lower_bound: f64,
    upper_bound: f64,
    tolerance: f64,
}

/// A geodesic at one time.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Moment {
    /// Probabilities P.
    pub state: Vec<f64>,
    /// Potential ψ, in nats: the force on every edge is Bᵀψ. Zero where nothing moves.
    pub potential: Vec<f64>,
    /// Currents J = L(P) Bᵀψ per edge, as probability per unit of t.
    pub current: Vec<f64>,
}

/// What happens on one component of the network.
#[derive(Debug, Clone)]
pub(super) struct Part {
    states: Vec<usize>,
    start: Vec<f64>,
    end: Vec<f64>,
    /// Squares of the distance and of its bounds.
    distance: f64,
    lower: f64,
    upper: f64,
    motion: Option<Motion>,
}

#[derive(Debug, Clone)]
struct Motion {
    mobility: Mobility,
    path: DiscretePath,
    potential: PotentialPath,
    newton_steps: usize,
    meshes: usize,
}

impl Part {
    pub(super) fn at_rest(states: Vec<usize>, state: Vec<f64>) -> Self {
        Self {
            states,
            end: state.clone(),
            start: state,
            distance: 0.0,
            lower: 0.0,
            upper: 0.0,
            motion: None,
        }
    }

    /// Ends that differ by rounding only: W₂ is between 0 and the length of the straight path, on which L is at least what it is at the lower of
    /// both probabilities. `None` if that does not carry the difference.
    pub(super) fn unresolved(
        mobility: &Mobility,
        states: &[usize],
        start: &[f64],
        end: &[f64],
    ) -> Result<Option<Self>> {
        let lower: Vec<f64> = start.iter().zip(end).map(|(a, b)| a.min(*b)).collect();
        let step: Vec<f64> = start.iter().zip(end).map(|(a, b)| b - a).collect();
        let mut conductances = Vec::new();
        mobility.values(&lower, &mut conductances);
        // of a step that is rounding the sum is rounding, too
        let mean = step.iter().sum::<f64>() / step.len() as f64;
        let step: Vec<f64> = step.iter().map(|s| s - mean).collect();
        let potential = Potentials::new(mobility)?.solve(&conductances, &step)?;
        Ok(potential.map(|potential| {
            let power: f64 = step.iter().zip(&potential).map(|(s, psi)| s * psi).sum();
            let upper = power.max(0.0);
            Self {
                distance: upper,
                upper,
                ..Self::at_rest(states.to_vec(), start.to_vec())
            }
        }))
    }

    /// The shortest path between two states of a component, which may start from a path found before.
    pub(super) fn solve(
        mobility: Mobility,
        states: Vec<usize>,
        (start, end): (Vec<f64>, Vec<f64>),
        near: Option<&Part>,
        tolerance: f64,
        run: &Run<'_>,
    ) -> Result<Self> {
        let potentials = Potentials::new(&mobility)?;
        if mobility.states == 2 {
            return Self::of_two_states(mobility, &potentials, states, (start, end));
        }
        let near = near
            .filter(|part| part.states == states)
            .and_then(|part| part.motion.as_ref())
            .map(|motion| &motion.path);
        let within = |tolerance| approach(&mobility, &potentials, (&start, &end), near, tolerance, run);
        let Approached { solved, lower, upper } = match within(tolerance) {
            // levels begin and end elsewhere for a tighter one
            Err(Error::NoGeodesic { .. }) if tolerance > TIGHTER => within(TIGHTER),
            found => found,
        }?;
        let distance = (2.0 * solved.action.kinetic).clamp(lower, upper.max(lower));
        Ok(Self {
            states,
            start,
            end,
            distance,
            lower,
            upper,
            motion: Some(Motion {
                mobility,
                path: solved.path,
                potential: solved.potential,
                newton_steps: solved.newton_steps,
                meshes: solved.meshes,
            }),
        })
    }

    /// Whether the bounds are as near as was asked for.
    pub(super) fn is_within(&self, tolerance: f64) -> bool {
        self.upper - self.lower <= tolerance * self.upper
    }

    /// The same path with further bounds on the square of the distance.
    pub(super) fn tightened(self, (below, above): (f64, f64)) -> Self {
        let (lower, upper) = (self.lower.max(below), self.upper.min(above));
        Self {
            distance: self.distance.clamp(lower, upper.max(lower)),
            lower,
            upper,
            ..self
        }
    }

    /// Two states: path and bounds by quadrature.
    fn of_two_states(
        mobility: Mobility,
        potentials: &Potentials,
        states: Vec<usize>,
        (start, end): (Vec<f64>, Vec<f64>),
    ) -> Result<Self> {
        let interval = Interval::new(&mobility, start.iter().sum());
        let found = interval.distance(&start, &end);
        let path = interval.path(&start, &end);
        let action = Action::of(&mobility, potentials, &path)?.ok_or(NumericsError::Domain {
            what: "the lowest component of a path",
            value: path.lowest_at_points(),
            expected: "a positive path",
        })?;
        let potential = PotentialPath::of(&mobility, &path.mesh, &action, 0.0);
        let square = |length: f64| length * length;
        Ok(Self {
            states,
            start,
            end,
            distance: square(found.distance),
            lower: square(found.lower),
            upper: square(found.upper),
            motion: Some(Motion {
                mobility,
                path,
                potential,
                newton_steps: 0,
                meshes: 1,
            }),
        })
    }
}

/// Positive states between which the problem is solved, and a path between them to start from.
struct Level {
    /// Relative tolerance that the states are near enough for.
    tolerance: f64,
    first: NearbyState,
    last: NearbyState,
    guess: Guess,
    /// The path between farther states that the guess prolongs.
    above: Option<Guess>,
}

impl Level {
    /// States beside both ends as near as a tolerance needs, and a path found farther from them prolonged that far.
    fn below(above: Guess, (from, to): (&End<'_>, &End<'_>), tolerance: f64) -> Self {
        let length = above.length;
        let (first, last) = (from.nearby(length, tolerance), to.nearby(length, tolerance));
        let parts = (first.distance / length, last.distance / length);
        let path = above.path.prolonged(&first.state, &last.state, parts);
        Self {
            tolerance,
            first,
            last,
            guess: Guess {
                path,
                ..above.clone()
            },
            above: Some(above),
        }
    }
}

/// A solution between positive states, and the bounds on W₂² between the true ends that follow.
struct Approached {
    solved: Solved,
    lower: f64,
    upper: f64,
}

impl Approached {
    fn new(level: &Level, solved: Solved, (start, end): (&[f64], &[f64])) -> Self {
        let ways = level.first.distance + level.last.distance;
        // the potential is feasible whatever the ends: it is paired with the true ones
        let (early, late) = solved.potential.ends();
        let gained = |psi: &[f64], truly: &[f64], nearby: &[f64]| {
            let terms = psi.iter().zip(truly.iter().zip(nearby));
            irrev_numerics::sum::compensated_sum(terms.map(|(psi, (p, q))| psi * (p - q)))
        };
        let dual = solved.lower
            + 2.0 * (gained(late, end, &level.last.state) - gained(early, start, &level.first.state));
        Self {
            lower: dual.max(0.0),
            upper: (solved.upper.max(0.0).sqrt() + ways).powi(2),
            solved,
        }
    }

    /// Width of the interval relative to its upper end.
    fn width(&self) -> f64 {
        if self.upper.is_finite() {
            (self.upper - self.lower) / self.upper
        } else {
            f64::INFINITY
        }
    }
}

/// Solves between positive states, which approach ends on the boundary as far as the tolerance needs or arithmetic allows.
fn approach(
    mobility: &Mobility,
    potentials: &Potentials,
    (start, end): (&[f64], &[f64]),
    near: Option<&DiscretePath>,
    tolerance: f64,
    run: &Run<'_>,
) -> Result<Approached> {
    let (mut from, mut to) = (End::new(mobility, start), End::new(mobility, end));
    let on_the_boundary = from.is_on_the_boundary() || to.is_on_the_boundary();
    let mut asked = if on_the_boundary {
        // the first length may be wrong by much
        (DEEPER * tolerance).max(WIDEST)
    } else {
        tolerance
    };
    let mut scale = rough_distance(mobility, potentials, start, end)?;
    let mut tries = 0;
    let part = |from: f64, to: f64| Stage::new(run.monitor, (from, to), "geodesic".into());
    let first_path = part(0.0, PROGRESS.0);
    let (first, last, guess) = loop {
        let (first, last) = (from.nearby(scale, asked), to.nearby(scale, asked));
        let warm = near.and_then(|path| path.led(&first.state, &last.state));
        let guess = match warm.map_or_else(
            || {
                let run = heard_by(run, &first_path);
                rough(mobility, potentials, &first.state, &last.state, &run)
            },
            |path| Ok(Guess::warm(path)),
        ) {
            Ok(guess) => guess,
            // too much in states that are far from occupied ones may be as hard as too little
            Err(error) if on_the_boundary && tries < ATTEMPTS && error.is_of_arithmetic() => {
                tries += 1;
                asked /= DEEPER;
                continue;
            }
            Err(error) => return Err(no_geodesic(&first, &last, tolerance, error)),
        };
        // with empty states the first scale may be far too large
        if !on_the_boundary || guess.length.is_infinite() || scale <= 2.0 * guess.length {
            break (first, last, guess);
        }
        scale = guess.length;
    };
    let even = start.iter().sum::<f64>() / mobility.states as f64;
    if guess.path.lowest_at_points() < DRY * even {
        asked = asked.max(WIDEST);
    }
    let mut levels = vec![Level {
        tolerance: asked,
        first,
        last,
        guess,
        above: None,
    }];
    let mut done = PROGRESS.0;
    while let Some(level) = levels.last()
        && level.tolerance > tolerance
    {
        // so many levels are ahead, each nearer to the boundary by the same factor
        let ahead = (level.tolerance / tolerance).log(DEEPER).max(1.0);
        let next = done + (PROGRESS.1 - done) / ahead;
        let whole = part(done, next);
        let name = format!("towards empty states within {:.0e}", level.tolerance);
        let stage = Stage::new(&whole, (0.0, 1.0), name);
        done = next;
        let settled = match settle(
            mobility,
            potentials,
            level.guess.clone(),
            level.tolerance,
            &heard_by(run, &stage),
        ) {
            Ok(settled) => settled,
            Err(error) if error.is_of_arithmetic() => break,
            Err(error) => return Err(error),
        };
        let asked = if level.tolerance < 2.0 * DEEPER * tolerance {
            tolerance
        } else {
            level.tolerance / DEEPER
        };
        from.learn(states_from(&settled.path, false).iter());
        to.learn(states_from(&settled.path, true).iter());
        levels.push(Level::below(settled, (&from, &to), asked));
    }
    // the deepest level that can be resolved: the interval says what it costs to stop above the one asked for
    let (mut best, mut failure): (Option<Approached>, _) = (None, None);
    let refinement = part(done, 1.0);
    let refined = |level: &Level| {
        let run = heard_by(run, &refinement);
        refine(mobility, potentials, level.guess.clone(), level.tolerance, &run)
    };
    while let Some(mut level) = levels.pop() {
        let mut last = f64::INFINITY;
        for attempt in 1..=ATTEMPTS {
            let found = match refined(&level) {
                Ok(solved) => Approached::new(&level, solved, (start, end)),
                Err(error) if error.is_of_arithmetic() => {
                    failure.get_or_insert(no_geodesic(&level.first, &level.last, tolerance, error));
                    break;
                }
                Err(error) => return Err(error),
            };
            let resolved = found.width() <= level.tolerance;
            let learns = attempt == 1 || found.width() < last;
            last = found.width();
            // a path that is right but for an instant beside its ends says what should have been there
            let learns = learns && (found.solved.wide_at_ends || found.width() < 1.0);
            let again = level
                .above
                .take_if(|_| on_the_boundary && !resolved && learns && attempt < ATTEMPTS);
            if again.is_some() {
                from.learn(states_from(&found.solved.path, false).iter());
                to.learn(states_from(&found.solved.path, true).iter());
            }
            if best.as_ref().is_none_or(|best| found.width() < best.width()) {
                best = Some(found);
            }
            let Some(above) = again else {
                break;
            };
            level = Level::below(above, (&from, &to), level.tolerance);
        }
        // farther from the boundary the interval does not get narrower than this
        if best.as_ref().is_some_and(|best| best.width() <= level.tolerance) {
            break;
        }
    }
    best.ok_or_else(|| {
        failure.unwrap_or_else(|| Error::NoGeodesic {
            lowest: 0.0,
            tolerance,
            lower: 0.0,
            upper: f64::INFINITY,
            reason: "there was nothing to start from".into(),
        })
    })
}

/// The same run under another monitor.
fn heard_by<'a>(run: &Run<'a>, monitor: &'a dyn Monitor) -> Run<'a> {
    Run { monitor, ..*run }
}

/// What a failure of arithmetic says of the problem; any other failure stays what it is.
fn no_geodesic(first: &NearbyState, last: &NearbyState, tolerance: f64, error: Error) -> Error {
    if !error.is_of_arithmetic() {
        return error;
    }
    let states = first.state.iter().chain(&last.state);
    Error::NoGeodesic {
        lowest: states.fold(f64::INFINITY, |m, p| m.min(*p)),
        tolerance,
        lower: 0.0,
        upper: f64::INFINITY,
        reason: error.to_string(),
    }
}

/// The length of the straight step in the metric half way: the size of W₂, not a bound.
fn rough_distance(mobility: &Mobility, potentials: &Potentials, start: &[f64], end: &[f64]) -> Result<f64> {
    let total: f64 = start.iter().sum();
    let even = 1e-3 * total / start.len() as f64;
    let middle: Vec<f64> = start.iter().zip(end).map(|(a, b)| 0.5 * (a + b) + even).collect();
    let step: Vec<f64> = start.iter().zip(end).map(|(a, b)| b - a).collect();
    let mut conductances = Vec::new();
    mobility.values(&middle, &mut conductances);
    let power = potentials.solve(&conductances, &step)?.map_or(0.0, |psi| {
        psi.iter().zip(&step).map(|(psi, s)| psi * s).sum::<f64>()
    });
    Ok(power.max(0.0).sqrt())
}

impl Geodesic {
    pub(super) fn new(network: Arc<Network>, parts: Vec<Part>, tolerance: f64) -> Self {
        // components move independently and the action adds
        let root = |square: fn(&Part) -> f64| parts.iter().map(square).sum::<f64>().sqrt();
        Self {
            distance: root(|p| p.distance),
            lower_bound: root(|p| p.lower),
            upper_bound: root(|p| p.upper),
            network,
            parts,
            tolerance,
        }
    }

    /// W₂, as the discrete problem gives it: far nearer to the truth than the bounds are, and inside them.
    #[must_use]
    pub fn distance(&self) -> f64 {
        self.distance
    }

    /// A number that W₂ is not below, from a feasible potential.
    #[must_use]
    pub fn lower_bound(&self) -> f64 {
        self.lower_bound
    }

    /// A number that W₂ is not above, from a feasible path.
    #[must_use]
    pub fn upper_bound(&self) -> f64 {
        self.upper_bound
    }

    /// Width of the proven interval of W₂², relative to W₂²; 0 between equal distributions.
    #[must_use]
    pub fn relative_gap(&self) -> f64 {
        if self.upper_bound == 0.0 {
            return 0.0;
        }
        let ratio = self.lower_bound / self.upper_bound;
        (1.0 - ratio) * (1.0 + ratio)
    }

    /// Whether the interval is as narrow as was asked for.
    #[must_use]
    pub fn converged(&self) -> bool {
        self.relative_gap() <= self.tolerance
    }

    /// The part that moves on a component whose first state is given.
    pub(super) fn part(&self, first: usize) -> Option<&Part> {
        self.parts.iter().find(|part| part.states.first() == Some(&first))
    }

    /// The network it lives on.
    #[must_use]
    pub fn network(&self) -> &Arc<Network> {
        &self.network
    }

    /// Newton steps of all components and meshes.
    #[must_use]
    pub fn newton_steps(&self) -> usize {
        self.motions().map(|m| m.newton_steps).sum()
    }

    /// Largest number of meshes that a component needed.
    #[must_use]
    pub fn meshes(&self) -> usize {
        self.motions().map(|m| m.meshes).max().unwrap_or(0)
    }

    /// Ends of the elements of time on which the path is a polynomial, in ascending order: what a picture needs.
    #[must_use]
    pub fn times(&self) -> Vec<f64> {
        let mut times: Vec<f64> = self.motions().flat_map(|m| m.path.mesh.ends.clone()).collect();
        times.extend([0.0, 1.0]);
        times.sort_by(f64::total_cmp);
        times.dedup();
        times
    }

    fn motions(&self) -> impl Iterator<Item = &Motion> {
        self.parts.iter().filter_map(|p| p.motion.as_ref())
    }

    /// State, potential and currents at a time t in [0, 1].
    ///
    /// At an end where states are empty, potential and currents are those an instant inside: in the limit they diverge logarithmically.
    ///
    /// # Errors
    /// [`crate::Error::Domain`] for a time outside [0, 1].
    pub fn at(&self, time: f64) -> Result<Moment> {
        require_time(time)?;
        let (states, edges) = (self.network.states().len(), self.network.edges().len());
        let mut moment = Moment {
            state: vec![0.0; states],
            potential: vec![0.0; states],
            current: vec![0.0; edges],
        };
        for part in &self.parts {
            let mut inside = part.start.clone();
            if let Some(motion) = &part.motion {
                inside = motion.path.at(time);
                let psi = motion.potential.at(time);
                let mut across = Vec::new();
                differences(&motion.mobility, &psi, &mut across);
                motion
                    .mobility
                    .add_edge_currents(&inside, &across, &mut moment.current);
                // only differences matter: the mean over the component is removed
                let mean = psi.iter().sum::<f64>() / psi.len() as f64;
                for (&i, psi) in part.states.iter().zip(&psi) {
                    moment.potential[i] = psi - mean;
                }
                match time {
                    0.0 => inside.clone_from(&part.start),
                    1.0 => inside.clone_from(&part.end),
                    _ => {}
                }
            }
            for (&i, p) in part.states.iter().zip(&inside) {
                moment.state[i] = *p;
            }
        }
        Ok(moment)
    }
}

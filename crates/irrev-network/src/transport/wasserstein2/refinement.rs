//! From a straight path to a certified geodesic: Newton's method, bounds, and a finer mesh where the bounds are apart.
//!
//! A rough path is found on a few elements, settled on a mesh that resolves it, and refined under bounds.

use irrev_numerics::run::Stage;
use irrev_numerics::{Error as NumericsError, Run};

use rayon::prelude::*;

use super::action::{Action, Potentials};
use super::certificate::{Certified, ElementBounds};
use super::mesh::{Basis, TimeMesh};
use super::mobility::Mobility;
use super::newton::{NewtonSystem, progress};
use super::path::DiscretePath;
use super::potential::PotentialPath;
use crate::error::Result;

/// Elements and degree of the first mesh.
const FIRST_MESH: (usize, usize) = (4, 2);

/// Barriers of the first solution, as parts of its action per state; later ones start at the last.
const BARRIERS: [f64; 3] = [1e-2, 1e-4, 1e-6];

/// The last barrier costs at most this part of the tolerance.
const BARRIER_SHARE: f64 = 0.05;

/// A path is settled when Newton's decrement is this part of the tolerance.
const SETTLED: f64 = 0.1;

/// Newton's decrement on the meshes of the bounds is at most this part of the square of the tolerance: bounds feel the potentials, whose error is a root.
const POLISHED: f64 = 1e-3;

/// It is at most this in any case: what goes through nearly empty states hardly adds to the action, but decides the bound from below.
const FINEST: f64 = 1e-12;

/// Most meshes before the gap is given up.
const MESHES: usize = 16;

/// Most steps of the bounds per element, and in all.
const STEPS: (usize, usize) = (1 << 13, 1 << 20);

/// So many times fewer on a mesh of many elements that another must follow anyway.
const COARSE: usize = 128;

/// A component may change by this factor's logarithm on one element.
const VARIATION: f64 = 1.2;

/// A state with less than this part of an even share relaxes within any element: Gauss's points would not hold it.
const TOO_DRY_FOR_GAUSS: f64 = 1e-5;

/// No element is made shorter than this part of the time at which it ends: rounding of times would not resolve it.
const SHORTEST: f64 = 1e-11;

/// The first element may be as short as this.
const FIRST: f64 = 1e-40;

/// Elements that are many; and with more than the second number a mesh whose bounds still tell nothing is the last: rates of so many scales are beyond
/// what arithmetic resolves.
const MANY: (usize, usize) = (1024, 8192);

/// A piece may be longer than half of an element by this part of it.
const OVER_HALF: f64 = 0.05;

/// The part of what is ahead that one mesh counts for in the progress, if its interval does not say more,
const MESH_SHARE: f64 = 0.25;

/// and the part of a mesh that is Newton's method; the rest are the bounds.
const NEWTON_SHARE: f64 = 0.8;

/// Meshes without a narrower interval after which it will not get narrower.
const STALLED: usize = 2;

/// What an interior problem ends with.
pub(crate) struct Solved {
    pub(crate) path: DiscretePath,
    pub(crate) action: Action,
    pub(crate) potential: PotentialPath,
    /// Sum of the bounds over the elements.
    pub(crate) upper: f64,
    pub(crate) lower: f64,
    /// Whether the first or the last element has most of what is between the bounds.
    pub(crate) wide_at_ends: bool,
    pub(crate) newton_steps: usize,
    pub(crate) meshes: usize,
}

/// Degree of the polynomials for a relative gap.
fn degree(tolerance: f64) -> usize {
    match tolerance {
        t if t >= 1e-3 => 3,
        t if t >= 1e-5 => 4,
        t if t >= 1e-7 => 5,
        _ => 7,
    }
}

/// The basis to begin with: Gauss's, which is the cheaper, unless a state runs so dry that it relaxes within any element.
fn first_basis(path: &DiscretePath, tolerance: f64) -> Basis {
    let first = &path.nodes[0];
    let even = first.iter().sum::<f64>() / first.len() as f64;
    if path.lowest_at_points() < TOO_DRY_FOR_GAUSS * even {
        Basis::lobatto(degree(tolerance))
    } else {
        Basis::gauss(degree(tolerance))
    }
}

/// A path from which refinement can start, and the barrier that it minimises the action with.
#[derive(Debug, Clone)]
pub(crate) struct Guess {
    pub(crate) path: DiscretePath,
    /// Its length.
    pub(crate) length: f64,
    pub(crate) barrier: f64,
    pub(crate) newton_steps: usize,
}

impl Guess {
    /// A path near the geodesic, as from a problem nearby.
    pub(crate) fn warm(path: DiscretePath) -> Self {
        Self {
            path,
            length: f64::INFINITY,
            barrier: f64::INFINITY,
            newton_steps: 0,
        }
    }

    /// The barrier that costs little of a relative tolerance; not stronger than the one the path was found with.
    fn barrier_for(&self, mobility: &Mobility, potentials: &Potentials, tolerance: f64) -> Result<f64> {
        let action = Action::of(mobility, potentials, &self.path)?;
        let kinetic = action.map_or(f64::INFINITY, |action| action.kinetic);
        let share = BARRIER_SHARE * tolerance * kinetic / mobility.states as f64;
        Ok(self.barrier.min(share))
    }
}

/// Newton's system on a mesh, if its factors fit in memory.
fn planned<'a>(
    mobility: &'a Mobility,
    path: &DiscretePath,
    mesh: &TimeMesh,
    run: &Run<'_>,
) -> Result<NewtonSystem<'a>> {
    let system = NewtonSystem::new(mobility, path, mesh)?;
    run.require_memory("the factors of the geodesic's equations", system.memory())?;
    Ok(system)
}

/// A rough geodesic between positive states, by Newton's method on a few elements from a straight path.
pub(crate) fn rough(
    mobility: &Mobility,
    potentials: &Potentials,
    from: &[f64],
    to: &[f64],
    run: &Run<'_>,
) -> Result<Guess> {
    let coarse = TimeMesh::uniform(FIRST_MESH.0, Basis::gauss(FIRST_MESH.1));
    let mut path = DiscretePath::first(coarse, from, to);
    let start = Action::of(mobility, potentials, &path)?.ok_or(NumericsError::Domain {
        what: "the lowest component of the first path",
        value: path.lowest_at_points(),
        expected: "positive end states",
    })?;
    let (mut barrier, mut newton_steps) = (0.0, 0);
    let mut system = planned(mobility, &path, &path.mesh, run)?;
    let mut kinetic = start.kinetic;
    for (k, part) in BARRIERS.into_iter().enumerate() {
        barrier = part * kinetic / mobility.states as f64;
        let share = |k: usize| k as f64 / BARRIERS.len() as f64;
        let stage = Stage::new(run.monitor, (share(k), share(k + 1)), "rough path".into());
        let run = Run {
            monitor: &stage,
            ..*run
        };
        let minimum = system.minimise(potentials, path, barrier, 1e-6, &run)?;
        (path, newton_steps) = (minimum.path, newton_steps + minimum.steps);
        kinetic = minimum.action.kinetic;
    }
    Ok(Guess {
        path,
        length: (2.0 * kinetic).sqrt(),
        barrier,
        newton_steps,
    })
}

/// A path between positive states, minimised on one mesh that resolves it to about the relative tolerance.
pub(crate) fn settle(
    mobility: &Mobility,
    potentials: &Potentials,
    guess: Guess,
    tolerance: f64,
    run: &Run<'_>,
) -> Result<Guess> {
    let (path, barrier) = (&guess.path, guess.barrier_for(mobility, potentials, tolerance)?);
    let mesh = graded(path, first_basis(path, tolerance));
    let mut system = planned(mobility, path, &mesh, run)?;
    let minimum = system.minimise(potentials, path.on(mesh), barrier, SETTLED * tolerance, run)?;
    Ok(Guess {
        length: (2.0 * minimum.action.kinetic).sqrt(),
        path: minimum.path,
        barrier,
        newton_steps: guess.newton_steps + minimum.steps,
    })
}

/// Refines a path between positive states until the bounds on W₂² are within the relative tolerance, or as near as they get.
pub(crate) fn refine(
    mobility: &Mobility,
    potentials: &Potentials,
    guess: Guess,
    tolerance: f64,
    run: &Run<'_>,
) -> Result<Solved> {
    let barrier = guess.barrier_for(mobility, potentials, tolerance)?;
    let Guess {
        mut path,
        mut newton_steps,
        ..
    } = guess;
    let mut mesh = graded(&path, first_basis(&path, tolerance));
    let mut best: Option<Solved> = None;
    let (mut stalled, mut done) = (0, 0.0_f64);
    for meshes in 1..=MESHES {
        // what the last interval lacks, in orders of magnitude; it may be no number
        let width = best.as_ref().map_or(1.0, |b| (b.upper - b.lower) / b.upper);
        let begin = done.max(width.max(tolerance).ln() / tolerance.ln());
        done = begin + MESH_SHARE * (1.0 - begin);
        let name = format!("mesh {meshes} of {} elements", mesh.elements());
        let stage = Stage::new(run.monitor, (begin, done), name);
        let on_mesh = Run {
            monitor: &stage,
            ..*run
        };
        let newton = Stage::new(&stage, (0.0, NEWTON_SHARE), "path".into());
        let of_newton = Run {
            monitor: &newton,
            ..*run
        };
        let mut system = planned(mobility, &path, &mesh, run)?;
        let minimum = match system.minimise(
            potentials,
            path.on(mesh),
            barrier,
            FINEST.min(POLISHED * tolerance * tolerance),
            &of_newton,
        ) {
            Ok(minimum) => minimum,
            Err(error) if best.is_none() || run.monitor.cancelled() => return Err(error),
            // the last mesh's interval stands
            Err(_) => break,
        };
        newton_steps += minimum.steps;
        let potential = PotentialPath::of(mobility, &minimum.path.mesh, &minimum.action, barrier);
        let certified = Certified::new(mobility, &minimum.path, &potential, &minimum.action);
        let bounds = sampled(&certified, tolerance * 2.0 * minimum.action.kinetic, &on_mesh)?;
        let gaps: Vec<f64> = bounds
            .iter()
            .map(|b| b.as_ref().map_or(f64::INFINITY, ElementBounds::gap))
            .collect();
        let (upper, lower) = bounds.iter().fold((0.0, 0.0), |(u, l), b| match b {
            Some(b) => (u + b.upper, l + b.lower),
            None => (f64::INFINITY, f64::NEG_INFINITY),
        });
        let width = upper - lower;
        let refined = worst_is_refined(&gaps, &minimum.path.mesh, &path.mesh);
        mesh = finer(&minimum.path, &gaps, tolerance * 2.0 * minimum.action.kinetic);
        path = minimum.path.clone();
        let solved = Solved {
            path: minimum.path,
            action: minimum.action,
            potential,
            upper,
            lower,
            wide_at_ends: f64::max(gaps[0], gaps[gaps.len() - 1]) >= 0.5 * gaps.iter().sum::<f64>(),
            newton_steps,
            meshes,
        };
        let hopeless = gaps.len() > MANY.1 && !(width < upper);
        let done = upper.is_finite() && width <= tolerance * upper;
        let narrower = best.as_ref().is_none_or(|b| !(width >= b.upper - b.lower));
        if narrower {
            best = Some(solved);
        }
        // an interval without bounds, or wide for an element that was whole before, only says that the mesh is still too coarse there
        stalled = if narrower || !width.is_finite() || !refined {
            0
        } else {
            stalled + 1
        };
        if done || hopeless || stalled == STALLED || mesh.elements() == gaps.len() {
            break;
        }
    }
    best.ok_or_else(|| {
        NumericsError::Domain {
            what: "the number of meshes",
            value: 0.0,
            expected: "at least one",
        }
        .into()
    })
}

/// A mesh on which no component changes by more than a factor between the ends of an element.
pub(super) fn graded(path: &DiscretePath, basis: Basis) -> TimeMesh {
    let (crossed, _) = Track::of(path).march(VARIATION);
    let mut ends = vec![0.0];
    for end in crossed.into_iter().chain([1.0]) {
        let last = ends[ends.len() - 1];
        let pieces = ((end - last) * FIRST_MESH.0 as f64).ceil().max(1.0);
        ends.extend((1..pieces as usize).map(|k| last + (end - last) * k as f64 / pieces));
        ends.push(end);
    }
    TimeMesh::new(ends, basis)
}

/// Ends of the pieces of an element, after its start: at least so many, with bounded and nearly equal variation on each, and none longer than half of it.
fn split(path: &DiscretePath, element: usize, pieces: usize) -> Vec<f64> {
    let (start, end) = (path.mesh.ends[element], path.mesh.ends[element + 1]);
    let track = Track::on_element(path, element);
    let (crossed, rest) = track.march(VARIATION);
    let count = ((crossed.len() as f64 * VARIATION + rest) / VARIATION).ceil();
    let inner = if count > pieces as f64 {
        let (mut inner, last) = track.march((crossed.len() as f64 * VARIATION + rest) / count);
        if last < 0.5 * VARIATION && inner.len() > pieces {
            inner.pop();
        }
        inner
    } else {
        let part = |k: usize| start + (end - start) * k as f64 / pieces as f64;
        (1..pieces).map(part).collect()
    };
    let mut ends = Vec::with_capacity(inner.len() + 2);
    let mut last = start;
    for next in inner.into_iter().chain([end]) {
        if next - last > (0.5 + OVER_HALF) * (end - start) {
            ends.push(0.5 * (last + next));
        }
        ends.push(next);
        last = next;
    }
    ends
}

/// States along a path at the ends and points of elements; between them components are taken as linear in time.
struct Track {
    times: Vec<f64>,
    states: Vec<Vec<f64>>,
}

impl Track {
    fn of(path: &DiscretePath) -> Self {
        let (times, states) = path.pieces().into_iter().unzip();
        Self { times, states }
    }

    fn on_element(path: &DiscretePath, element: usize) -> Self {
        let (start, width) = (path.mesh.ends[element], path.mesh.width(element));
        let mut places = vec![0.0];
        places.extend(&path.mesh.basis.points);
        places.push(1.0);
        Self {
            times: places.iter().map(|s| start + width * s).collect(),
            states: places.iter().map(|s| path.inside(element, *s)).collect(),
        }
    }

    /// The largest |Δ ln x| of any component.
    fn variation(a: &[f64], b: &[f64]) -> f64 {
        let ratios = a.iter().zip(b).map(|(x, y)| (x / y).ln().abs());
        ratios.filter(|r| r.is_finite()).fold(0.0, f64::max)
    }

    /// Times at which the variation since the last one reaches `most`, and the variation that remains after them.
    fn march(&self, most: f64) -> (Vec<f64>, f64) {
        let mut crossed = Vec::new();
        let mut last = self.states[0].clone();
        let mut here = last.clone();
        for (k, pair) in self.states.windows(2).enumerate() {
            let (begin, end) = (self.times[k], self.times[k + 1]);
            let mut s = begin;
            while Self::variation(&last, &pair[1]) > most {
                let (mut low, mut high) = (s, end);
                for _ in 0..60 {
                    let middle = 0.5 * (low + high);
                    let part = (middle - begin) / (end - begin);
                    for ((h, a), b) in here.iter_mut().zip(&pair[0]).zip(&pair[1]) {
                        *h = (1.0 - part) * a + part * b;
                    }
                    if Self::variation(&last, &here) > most {
                        high = middle;
                    } else {
                        low = middle;
                    }
                }
                let before = crossed.last().copied().unwrap_or(self.times[0]);
                s = low.max(before * (1.0 + SHORTEST)).max(FIRST);
                if s >= end {
                    break;
                }
                let part = (s - begin) / (end - begin);
                for ((h, a), b) in last.iter_mut().zip(&pair[0]).zip(&pair[1]) {
                    *h = (1.0 - part) * a + part * b;
                }
                crossed.push(s);
            }
        }
        let rest = Self::variation(&last, &self.states[self.states.len() - 1]);
        (crossed, rest)
    }
}

/// Whether the element with the largest gap is a piece of one that the mesh before had whole.
fn worst_is_refined(gaps: &[f64], mesh: &TimeMesh, before: &TimeMesh) -> bool {
    let worst = gaps.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    worst.is_some_and(|(worst, _)| {
        let whole = |pair: &[f64]| pair[0] == mesh.ends[worst] && pair[1] == mesh.ends[worst + 1];
        !before.ends.windows(2).any(whole)
    })
}

/// Splits the elements whose gap exceeds their share, and the neighbours of one that has most of the gap: what is not resolved on it soon shows on them.
///
/// What Gauss's points did not resolve at once mostly relaxes fast, and is left to Lobatto's from then on.
pub(super) fn finer(path: &DiscretePath, gaps: &[f64], tolerance: f64) -> TimeMesh {
    let share = 0.5 * tolerance / gaps.len() as f64;
    let most = 0.5 * gaps.iter().filter(|gap| gap.is_finite()).sum::<f64>();
    let neighbours = |element: usize| {
        let others = [element.checked_sub(1), Some(element + 1)].into_iter().flatten();
        others.filter_map(|other| gaps.get(other))
    };
    let mut ends = vec![0.0];
    for (element, gap) in gaps.iter().enumerate() {
        let beside = neighbours(element).any(|gap| *gap > share && *gap >= most);
        if (*gap > share || beside)
            && path.mesh.width(element) > f64::max(FIRST, 2.0 * SHORTEST * path.mesh.ends[element + 1])
        {
            // where the path leaves the positive states between its points it is far from resolved
            ends.extend(split(path, element, if gap.is_finite() { 2 } else { 4 }));
        } else {
            ends.push(path.mesh.ends[element + 1]);
        }
    }
    TimeMesh::new(ends, Basis::lobatto(path.mesh.basis.degree))
}

/// Bounds on every element, with more steps where that still brings them together.
fn sampled(certified: &Certified<'_>, tolerance: f64, run: &Run<'_>) -> Result<Vec<Option<ElementBounds>>> {
    let elements = certified.path.mesh.elements();
    let mut steps = vec![4; elements];
    let mut bounds: Vec<Option<ElementBounds>> = (0..elements)
        .into_par_iter()
        .map(|e| certified.bounds(e, 4))
        .collect();
    let mut active = vec![true; elements];
    for round in 0.. {
        run.report(NEWTON_SHARE + (1.0 - NEWTON_SHARE) * progress(round), "bounds")?;
        let gap: f64 = bounds.iter().flatten().map(ElementBounds::gap).sum();
        let total: usize = steps.iter().sum();
        if gap <= 0.8 * tolerance || total > STEPS.1 {
            break;
        }
        let share = 0.5 * tolerance / elements as f64;
        let upper: f64 = bounds.iter().flatten().map(|b| b.upper).sum();
        // an element that the finest steps would leave with more than all of W₂² needs another mesh, for which the others are known well enough
        let hopeless = |e: usize, gap: f64| gap * (steps[e] as f64 / STEPS.0 as f64).powi(2) > upper;
        let another = (0..elements).any(|e| bounds[e].is_none_or(|b| hopeless(e, b.gap())));
        let most = if another && elements > MANY.0 {
            STEPS.0 / COARSE
        } else {
            STEPS.0
        };
        let finer: Vec<(usize, usize)> = (0..elements)
            .filter_map(|e| bounds[e].map(|b| (e, b.gap())))
            .filter(|&(e, gap)| active[e] && gap > share && steps[e] < most && !hopeless(e, gap))
            // the gap falls like the square of the step until the path's own error is left
            .map(|(e, gap)| (e, steps[e] * (gap / share).sqrt().ceil().clamp(2.0, 4.0) as usize))
            .collect();
        let found: Vec<_> = finer
            .par_iter()
            .map(|&(element, steps)| certified.bounds(element, steps))
            .collect();
        for (&(element, more), new) in finer.iter().zip(found) {
            steps[element] = more;
            let (Some(old), Some(new)) = (bounds[element], new) else {
                active[element] = false;
                continue;
            };
            active[element] = new.gap() * 1.5 < old.gap();
            if new.gap() < old.gap() {
                bounds[element] = Some(new);
            }
        }
        if finer.is_empty() {
            break;
        }
    }
    Ok(bounds)
}

//! From starting paths to the shortest stationary one: Newton's method, the exact length, and a finer mesh where the path is not yet stationary.

use irrev_numerics::quadrature::{integrate, panel_integral, panel_nodes};
use irrev_numerics::run::Stage;
use irrev_numerics::tolerance::Tolerance;
use irrev_numerics::{Error as NumericsError, Run};
use rayon::prelude::*;

use super::super::mesh::{Basis, TimeMesh};
use super::super::path::DiscretePath;
use super::super::potential::PotentialPath;
use super::super::refinement::{finer, graded};
use super::minimise::{Minimum, memory, minimise};
use super::problem::Problem;
use crate::error::{Error, Result};

/// Elements and degree of the mesh of the search.
pub(super) const FIRST_MESH: (usize, usize) = (6, 3);

/// Degree of the polynomials of the result.
const DEGREE: usize = 5;

/// Barriers of the search, as parts of its action per species;
const BARRIERS: (f64, f64) = (1e-3, 1e-5);

/// every mesh of the result has one lower by this factor,
const LOWERED: f64 = 0.01;

/// until it costs this part of the tolerance.
const BARRIER_SHARE: f64 = 0.05;

/// Decrement of the search, relative to the action.
const SEARCHED: f64 = 1e-8;

/// The part of the progress that is the search.
const SEARCH_SHARE: f64 = 0.5;

/// Most meshes.
const MESHES: usize = 14;

/// Minima whose coarse actions exceed the least by at most this part are refined, too,
const NEAR_BEST: f64 = 0.02;

/// and at most so many of them.
const MOST_REFINED: usize = 3;

/// A path of the search counts if its true squared length is at most so many times the one by its points.
const RESOLVED: f64 = 1.5;

/// Paths that differ by less than this part of the range of every species are the same.
const SAME_PATH: f64 = 0.01;

/// Instants at which paths are compared.
const COMPARED: [f64; 5] = [0.1, 0.3, 0.5, 0.7, 0.9];

/// Accuracy of the length relative to the tolerance, and at best.
const LENGTH: (f64, f64) = (1e-3, 1e-13);

/// A stationary path with its exact length.
pub(super) struct Traced {
    pub(super) path: DiscretePath,
    pub(super) potential: PotentialPath,
    pub(super) length: f64,
    pub(super) length_error: f64,
    /// Estimate of what a shorter path near this one may save of the squared length.
    pub(super) deficit: f64,
    pub(super) definite: bool,
    pub(super) meshes: usize,
    pub(super) steps: usize,
}

/// What the search found.
pub(super) struct Found {
    pub(super) best: Traced,
    /// Different minima that starts led to.
    pub(super) minima: usize,
    /// Starts that led to one.
    pub(super) successes: usize,
}

/// Descends from every start, and refines the shortest.
pub(super) fn search(
    problem: &Problem,
    starts: Vec<DiscretePath>,
    tolerance: f64,
    run: &Run<'_>,
) -> Result<Found> {
    let total = starts.len();
    let share = |k: usize| SEARCH_SHARE * k as f64 / total as f64;
    let mut minima: Vec<(f64, Minimum)> = Vec::new();
    let (mut successes, mut failure) = (0, None);
    for (k, start) in starts.into_iter().enumerate() {
        let name = format!("geodesic, start {} of {total}", k + 1);
        let stage = Stage::new(run.monitor, (share(k), share(k + 1)), name);
        let run = Run {
            monitor: &stage,
            ..*run
        };
        match descended(problem, start, &run) {
            Ok((cost, found)) => {
                successes += 1;
                if !minima.iter().any(|(_, old)| same(&old.path, &found.path)) {
                    minima.push((cost, found));
                }
            }
            Err(error) if run.monitor.cancelled() => return Err(error),
            // a start may fail; that all of them do is an error
            Err(error) => failure = Some(error),
        }
    }
    minima.sort_by(|a, b| a.0.total_cmp(&b.0));
    let count = minima.iter().filter(|(_, m)| m.definite).count();
    let least = minima.first().map_or(0.0, |(cost, _)| *cost);
    let mut best: Option<Traced> = None;
    for (k, (cost, minimum)) in minima.into_iter().enumerate() {
        // the first ones may change places on finer meshes; others stand in where none of them is resolved
        if best.is_some() && (k >= MOST_REFINED || cost > (1.0 + NEAR_BEST) * least) {
            break;
        }
        match refined(problem, minimum, tolerance, run) {
            Ok(traced) if best.as_ref().is_none_or(|b| traced.length < b.length) => best = Some(traced),
            Ok(_) => {}
            Err(error) if run.monitor.cancelled() => return Err(error),
            Err(error) => failure = Some(error),
        }
    }
    let missing = || NumericsError::Domain {
        what: "the number of starts",
        value: 0.0,
        expected: "at least one",
    };
    let best = best.ok_or_else(|| failure.unwrap_or_else(|| missing().into()))?;
    Ok(Found {
        best,
        minima: count,
        successes,
    })
}

/// A stationary path on the first mesh with its true squared length at constant speed.
fn descended(problem: &Problem, start: DiscretePath, run: &Run<'_>) -> Result<(f64, Minimum)> {
    let states = problem.kept.len() as f64;
    let first = problem.action(&start);
    let first_barrier = BARRIERS.0 * first.map_or(1.0, |action| action.kinetic) / states;
    let halves = [(0.0, 0.5), (0.5, 1.0)].map(|part| Stage::new(run.monitor, part, "path".into()));
    let [first_half, second_half] = halves.each_ref().map(|stage| Run {
        monitor: stage,
        ..*run
    });
    let rough = minimise(problem, start, first_barrier, SEARCHED, &first_half)?;
    let barrier = BARRIERS.1 * rough.action.kinetic / states;
    let found = minimise(problem, rough.path, barrier, SEARCHED, &second_half)?;
    let by_points = 2.0 * found.action.kinetic;
    let cost: f64 = squared_speeds(problem, &found.path).iter().sum();
    // a path may hide between its points what it costs; polynomials that leave the positive amounts there, near an end without some species, do not
    if cost.is_finite() && cost > RESOLVED * by_points {
        return Err(NumericsError::Domain {
            what: "the squared length of a path relative to that by its points",
            value: cost / by_points,
            expected: "a path resolved by the mesh of the search",
        }
        .into());
    }
    let cost = if cost.is_finite() { cost } else { by_points };
    Ok((
        cost,
        Minimum {
            steps: rough.steps + found.steps,
            ..found
        },
    ))
}

/// ∫ ψ·ẋ dt of every element by many points; infinite where amounts are not positive.
fn squared_speeds(problem: &Problem, path: &DiscretePath) -> Vec<f64> {
    let nodes = panel_nodes();
    (0..path.mesh.elements())
        .into_par_iter()
        .map(|element| {
            let mut speed = [0.0; 15];
            for (k, s) in nodes.iter().enumerate() {
                let (state, velocity) = (path.inside(element, *s), path.velocity_inside(element, *s));
                let Some(slice) = problem.slice(1.0, state, velocity) else {
                    return f64::INFINITY;
                };
                speed[k] = problem.squared_speed(&slice);
            }
            panel_integral(path.mesh.width(element), &speed).0
        })
        .collect()
}

/// A path on another mesh, straight on elements where its polynomials would leave the positive amounts.
fn transferred(path: &DiscretePath, mesh: TimeMesh) -> DiscretePath {
    let mut moved = path.on(mesh);
    let degree = moved.mesh.basis.degree;
    let states = moved.nodes[0].len();
    let (mut state, mut velocity) = (vec![0.0; states], vec![0.0; states]);
    for element in 0..moved.mesh.elements() {
        let mut positive = true;
        for point in 0..moved.mesh.basis.stages() {
            moved.at_point(element, point, &mut state, &mut velocity);
            positive &= state.iter().all(|x| *x > 0.0);
        }
        if positive {
            continue;
        }
        let (first, last) = (element * degree, (element + 1) * degree);
        let (start, end) = (moved.nodes[first].clone(), moved.nodes[last].clone());
        let (from, width) = (moved.mesh.node_time(first), moved.mesh.width(element));
        for node in first + 1..last {
            let s = (moved.mesh.node_time(node) - from) / width;
            for ((x, a), b) in moved.nodes[node].iter_mut().zip(&start).zip(&end) {
                *x = (1.0 - s) * a + s * b;
            }
        }
    }
    moved
}

/// Whether two paths between the same ends are the same but for discretisation.
fn same(one: &DiscretePath, other: &DiscretePath) -> bool {
    let pairs: Vec<_> = COMPARED.iter().map(|t| (one.at(*t), other.at(*t))).collect();
    (0..one.nodes[0].len()).all(|i| {
        let values = || one.nodes.iter().chain(&other.nodes).map(|x| x[i]);
        let range = values().fold(0.0, f64::max) - values().fold(f64::INFINITY, f64::min);
        pairs
            .iter()
            .all(|(a, b)| (a[i] - b[i]).abs() <= SAME_PATH * range)
    })
}

/// Solves on finer meshes until no element lacks more than its share.
fn refined(problem: &Problem, minimum: Minimum, tolerance: f64, run: &Run<'_>) -> Result<Traced> {
    let states = problem.kept.len() as f64;
    let Minimum {
        mut path,
        action,
        mut steps,
        ..
    } = minimum;
    let last_barrier = BARRIER_SHARE * tolerance * action.kinetic / states;
    let highest_barrier = BARRIERS.0 * action.kinetic / states;
    let mut barrier = BARRIERS.1 * action.kinetic / states;
    let mut mesh = graded(&path, Basis::gauss(DEGREE));
    let mut best: Option<Traced> = None;
    for meshes in 1..=MESHES {
        let share = |meshes: usize| SEARCH_SHARE + (1.0 - SEARCH_SHARE) * meshes as f64 / MESHES as f64;
        let name = format!("geodesic, mesh {meshes} of {} elements", mesh.elements());
        let stage = Stage::new(run.monitor, (share(meshes - 1), share(meshes)), name);
        let run = Run {
            monitor: &stage,
            ..*run
        };
        barrier = (LOWERED * barrier).max(last_barrier);
        let start = transferred(&path, mesh.clone());
        run.require_memory("the geodesic's equations", memory(problem, &start))?;
        let found = match minimise(problem, start, barrier, 1e-3 * tolerance, &run) {
            Ok(found) => found,
            Err(error) if run.monitor.cancelled() => return Err(error),
            // the last mesh's path stands
            Err(_) if best.is_some() => break,
            // where the path runs along the boundary a stronger barrier keeps it off to begin with
            Err(_) if barrier < highest_barrier => {
                barrier /= LOWERED * LOWERED;
                continue;
            }
            Err(error) => return Err(error),
        };
        steps += found.steps;
        let cost = 2.0 * found.action.kinetic;
        let potential = PotentialPath::of(&problem.mobility, &found.path.mesh, &found.action, barrier);
        let gaps = gaps(problem, &found, &potential);
        // a logarithmic barrier μ holds the action back by μ per species at most where it is convex
        let deficit = gaps.iter().sum::<f64>() + 2.0 * barrier * states;
        mesh = finer(&found.path, &gaps, tolerance * cost);
        path = found.path.clone();
        if deficit.is_finite() && best.as_ref().is_none_or(|b| deficit < b.deficit) {
            let (length, length_error) = length(problem, &found.path, tolerance)?;
            best = Some(Traced {
                path: found.path,
                potential,
                length,
                length_error,
                deficit,
                definite: found.definite,
                meshes,
                steps,
            });
        }
        if deficit <= tolerance * cost {
            break;
        }
    }
    best.ok_or_else(|| {
        NumericsError::Domain {
            what: "the lowest amount on a path between its points",
            value: path.lowest_at_points(),
            expected: "a positive number",
        }
        .into()
    })
}

/// Per element, how far the path is from stationary: ∫ Σ L (Sᵀe)² dt with e what its potential and that of the equations of motion differ by, which is what a
/// step of Newton's method among all paths would save of ∫ ψ·ẋ dt; with the error of the mesh's rule. Infinite where amounts are not positive.
fn gaps(problem: &Problem, found: &Minimum, potential: &PotentialPath) -> Vec<f64> {
    let (path, nodes) = (&found.path, panel_nodes());
    let stages = path.mesh.basis.stages();
    (0..path.mesh.elements())
        .into_par_iter()
        .map(|element| {
            let (mut lacking, mut speed) = ([0.0; 15], [0.0; 15]);
            for (k, s) in nodes.iter().enumerate() {
                let (state, velocity) = (path.inside(element, *s), path.velocity_inside(element, *s));
                let Some(slice) = problem.slice(1.0, state, velocity) else {
                    return f64::INFINITY;
                };
                let smooth = potential.inside(element, *s);
                let off: Vec<f64> = slice.potential.iter().zip(smooth).map(|(a, b)| a - b).collect();
                lacking[k] = problem.power(&slice.state, &off);
                speed[k] = problem.squared_speed(&slice);
            }
            let width = path.mesh.width(element);
            let slices = &found.action.slices[element * stages..][..stages];
            let summed: f64 = slices.iter().map(|s| s.weight * problem.squared_speed(s)).sum();
            panel_integral(width, &lacking).0.abs() + (panel_integral(width, &speed).0 - summed).abs()
        })
        .collect()
}

/// ∫ √(ψ·ẋ) dt with its error.
fn length(problem: &Problem, path: &DiscretePath, tolerance: f64) -> Result<(f64, f64)> {
    let relative = (LENGTH.0 * tolerance).max(LENGTH.1);
    let found = integrate::<Error>(
        &path.mesh.ends,
        1,
        Tolerance::relative(relative),
        |values, k| values[k],
        |t, out| {
            let (element, s) = path.mesh.locate(t);
            let (state, velocity) = (path.inside(element, s), path.velocity_inside(element, s));
            let slice = problem
                .slice(1.0, state, velocity)
                .ok_or(NumericsError::Singular {
                    what: "the metric of reactions",
                    residual: 1.0,
                })?;
            out[0] = problem.squared_speed(&slice).sqrt();
            Ok(())
        },
    )?;
    Ok((found.values[0], found.errors[0]))
}

/// The mesh of the search.
pub(super) fn first_mesh() -> TimeMesh {
    TimeMesh::uniform(FIRST_MESH.0, Basis::gauss(FIRST_MESH.1))
}

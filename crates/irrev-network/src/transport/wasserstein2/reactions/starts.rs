//! Paths that the search begins with: straight, and by way of some third state of the class.
//!
//! The third states are the geometric mean of the ends and the steady state next to their arithmetic mean, then seeded random ones, log-normal
//! about the mean. What a third state lacks in conserved amounts it gets by exponential factors, x = y exp(ηᵀℓ) with ℓ·x as it must be: the state of the
//! class nearest to y in relative entropy, positive wherever y is.

use irrev_numerics::linalg::{GramFactor, Matrix};
use irrev_numerics::streams::{Purpose, Stream};

use super::super::mesh::TimeMesh;
use super::super::path::DiscretePath;
use super::class::Class;
use super::problem::Problem;
use crate::reactions::ReactionSystem;
use crate::reactions::steady_state::steady_state_near;

/// Standard deviations of ln x of random third states, by turns.
const SPREADS: [f64; 3] = [0.7, 1.5, 3.0];

/// How near a path of degree p = 2, 4 comes to its third state: half of the way, and seven eighths.
const DEGREES: (i32, i32) = (2, 4);

/// Newton steps towards a class.
const STEPS: usize = 60;

/// Mismatch of conserved amounts, relative to their terms, at which a state is on the class.
const ON_CLASS: f64 = 1e-12;

/// Starting paths between two positive states, at most `number`; the first is straight where nothing has to be made.
pub(super) fn starts(
    problem: &Problem,
    system: &ReactionSystem,
    (from, to): (&[f64], &[f64]),
    mesh: &TimeMesh,
    number: usize,
    seed: u64,
) -> Vec<DiscretePath> {
    let inner = &problem.inner;
    let by_way_of = |third: &[f64], degree| bent(mesh, from, to, third, degree);
    let mut paths = vec![by_way_of(inner, DEGREES.0)];
    let geometric: Vec<f64> = from.iter().zip(to).map(|(a, b)| (a * b).sqrt()).collect();
    let fixed = [Some(geometric), steady(problem, system)];
    let random = (0..number).map(|index| {
        let mut stream = Stream::new(seed, Purpose::Search, index as u64);
        let spread = SPREADS[index % SPREADS.len()];
        let moved = inner.iter().map(|x| x * (spread * stream.normal()).exp());
        Some(moved.collect())
    });
    for third in fixed.into_iter().chain(random).flatten() {
        if paths.len() >= number {
            break;
        }
        if let Some(third) = on_class(&problem.class, inner, &third) {
            paths.push(by_way_of(&third, DEGREES.1));
        }
    }
    paths.truncate(number.max(1));
    paths
}

/// (1 − s)ᵖ a + sᵖ b + (1 − (1 − s)ᵖ − sᵖ) c: straight for p = 2 and c half way.
fn bent(mesh: &TimeMesh, from: &[f64], to: &[f64], third: &[f64], degree: i32) -> DiscretePath {
    let last = mesh.nodes() - 1;
    let nodes = (0..=last).map(|node| {
        let s = mesh.node_time(node);
        let (a, b) = ((1.0 - s).powi(degree), s.powi(degree));
        match node {
            0 => from.to_vec(),
            _ if node == last => to.to_vec(),
            _ => (0..from.len())
                .map(|i| a * from[i] + b * to[i] + (1.0 - a - b) * third[i])
                .collect(),
        }
    });
    DiscretePath {
        nodes: nodes.collect(),
        mesh: mesh.clone(),
    }
}

/// The steady state beside the inner one, if Newton's method finds one at which every species is present.
fn steady(problem: &Problem, system: &ReactionSystem) -> Option<Vec<f64>> {
    let mut guess = vec![0.0; system.dynamic().len()];
    for (&i, x) in problem.kept.iter().zip(&problem.inner) {
        guess[i] = *x;
    }
    let found = steady_state_near(system, &guess).ok()?;
    let amounts = problem.restricted(&found.amounts);
    amounts.iter().all(|x| *x > 0.0).then_some(amounts)
}

/// The state nearest to y in relative entropy among those with the conserved amounts of `anchor`; `None` if Newton's method does not get there.
fn on_class(class: &Class, anchor: &[f64], y: &[f64]) -> Option<Vec<f64>> {
    let laws = &class.laws;
    let mut eta = vec![0.0; laws.len()];
    let at = |eta: &[f64]| -> Vec<f64> {
        let mut exponent = vec![0.0; y.len()];
        for (law, eta) in laws.iter().zip(eta) {
            for &(i, a) in law {
                exponent[i] += eta * a as f64;
            }
        }
        y.iter().zip(exponent).map(|(y, e)| y * e.exp()).collect()
    };
    // the convex function Σ x − η·(conserved amounts), whose gradient vanishes on the class
    let dual = |eta: &[f64], x: &[f64]| {
        let conserved = laws
            .iter()
            .zip(eta)
            .map(|(law, eta)| eta * law.iter().map(|&(i, a)| a as f64 * anchor[i]).sum::<f64>());
        x.iter().sum::<f64>() - conserved.sum::<f64>()
    };
    let mut x = at(&eta);
    for _ in 0..STEPS {
        let missing: Vec<f64> = laws
            .iter()
            .map(|law| law.iter().map(|&(i, a)| a as f64 * (anchor[i] - x[i])).sum())
            .collect();
        let size = |law: &[(usize, i64)]| {
            law.iter()
                .map(|&(i, a)| (a as f64).abs() * (anchor[i] + x[i]))
                .sum::<f64>()
        };
        if missing
            .iter()
            .zip(laws)
            .all(|(m, law)| m.abs() <= ON_CLASS * size(law))
        {
            let found = class.with_independent(anchor, &x);
            return found.iter().all(|x| *x > 0.0 && x.is_finite()).then_some(found);
        }
        let mut rows = Matrix::zeros(y.len(), laws.len());
        for (k, law) in laws.iter().enumerate() {
            for &(i, a) in law {
                rows[(i, k)] = a as f64 * x[i].sqrt();
            }
        }
        let step = GramFactor::new(rows)?.solve(&missing);
        let (here, mut length) = (dual(&eta, &x), 1.0);
        loop {
            let moved: Vec<f64> = eta.iter().zip(&step).map(|(e, s)| e + length * s).collect();
            let candidate = at(&moved);
            let value = dual(&moved, &candidate);
            if value.is_finite() && value <= here + f64::EPSILON * here.abs() {
                (eta, x) = (moved, candidate);
                break;
            }
            length *= 0.5;
            if length < 1e-12 {
                return None;
            }
        }
    }
    None
}

//! States without probability at an end of the path: a positive state beside it, and a proven bound on the way there.
//!
//! The geodesic leaves a state on the boundary with infinite potential differences, so the problem is solved between positive states nearby
//! and the triangle inequality does the rest. Two steps lead off the boundary:
//!
//! * **Neighbours** of occupied states receive ε. On the way p_y = sε, and 1/L(p_x, sε) is convex in s and integrable.
//! * **Farther states** are reached by mixing with the uniform distribution u. On p(τ) = (1 − ετ²) p + ετ² u, τ from 0 to 1, with currents
//!   2τε j and B j = u − p, conductances are at least ετ² L(u) because L grows with p, so that the action is at most 4ε Σ j²/L(u).

use super::action::Potentials;
use super::mobility::Mobility;
use crate::error::Result;

/// The part of the tolerance on W₂ that each way off the boundary may take.
const SHARE: f64 = 0.05;

/// Neighbours of occupied states receive at most this to begin with.
const LARGEST: f64 = 1e-3;

/// Halvings of the interval of s over which 1/L is bounded by trapezoids.
const HALVINGS: i32 = 60;

/// A positive state near an end, and a bound on its distance from it.
pub(crate) struct NearbyState {
    pub(crate) state: Vec<f64>,
    /// W₂ to the end is at most this.
    pub(crate) distance: f64,
}

/// A positive state within about `tolerance · scale` of `end`, where W₂ has the size `scale`.
pub(crate) fn nearby(
    mobility: &Mobility,
    potentials: &Potentials,
    end: &[f64],
    scale: f64,
    tolerance: f64,
) -> Result<NearbyState> {
    let mut state = end.to_vec();
    let allowed = SHARE * tolerance * scale;
    let allowed = 0.25 * allowed;
    let mut distance = 0.0;
    let neighbours = neighbours_of_occupied(mobility, end);
    if !neighbours.is_empty() {
        let mut amount = LARGEST;
        loop {
            let (moved, bound) = step_to_neighbours(mobility, end, &neighbours, amount);
            if bound <= allowed || amount < f64::MIN_POSITIVE.sqrt() {
                (state, distance) = (moved, bound);
                break;
            }
            amount *= 0.25;
        }
    }
    if state.contains(&0.0) {
        let n = state.len() as f64;
        let total: f64 = state.iter().sum();
        let uniform = vec![total / n; state.len()];
        let velocity: Vec<f64> = uniform.iter().zip(&state).map(|(u, p)| u - p).collect();
        let mut conductances = Vec::new();
        mobility.values(&uniform, &mut conductances);
        if let Some(potential) = potentials.solve(&conductances, &velocity)? {
            let power: f64 = velocity.iter().zip(&potential).map(|(v, psi)| v * psi).sum();
            let part = (0.25 * allowed * allowed / power).clamp(f64::MIN_POSITIVE.sqrt(), LARGEST);
            for (p, u) in state.iter_mut().zip(&uniform) {
                *p += part * (u - *p);
            }
            distance += 2.0 * (part * power).sqrt();
        }
    }
    Ok(NearbyState { state, distance })
}

/// For every empty state beside an occupied one, the occupied neighbour with most probability and the bundle between them.
fn neighbours_of_occupied(mobility: &Mobility, end: &[f64]) -> Vec<(usize, usize, usize)> {
    let mut best: Vec<Option<(usize, usize)>> = vec![None; end.len()];
    for (k, bundle) in mobility.bundles.iter().enumerate() {
        let (x, y) = (bundle.depends[0], bundle.depends[1]);
        for (from, to) in [(x, y), (y, x)] {
            let better = best[to].is_none_or(|(old, _)| end[from] > end[old]);
            if end[from] > 0.0 && end[to] == 0.0 && better {
                best[to] = Some((from, k));
            }
        }
    }
    best.iter()
        .enumerate()
        .filter_map(|(to, found)| found.map(|(from, k)| (from, to, k)))
        .collect()
}

/// Moves up to `amount` to each neighbour; the new state, and a bound on the distance.
fn step_to_neighbours(
    mobility: &Mobility,
    end: &[f64],
    neighbours: &[(usize, usize, usize)],
    amount: f64,
) -> (Vec<f64>, f64) {
    let mut state = end.to_vec();
    let mut share = vec![0usize; end.len()];
    for &(from, _, _) in neighbours {
        share[from] += 1;
    }
    for &(from, to, _) in neighbours {
        let moved = amount.min(0.5 * end[from] / share[from] as f64);
        state[from] -= moved;
        state[to] = moved;
    }
    let mut action = 0.0;
    for &(from, to, bundle) in neighbours {
        // occupied states only lose on the way, so that they conduct at least what they conduct at its end
        let mut probe = state.clone();
        let mut resistance = |s: f64| {
            probe[to] = s * state[to];
            1.0 / mobility.value(bundle, &probe)
        };
        let mut integral = 0.0;
        let (mut end_of_piece, mut at_end) = (1.0, resistance(1.0));
        for _ in 0..HALVINGS {
            let start = 0.5 * end_of_piece;
            let at_start = resistance(start);
            integral += 0.5 * (end_of_piece - start) * (at_start + at_end);
            (end_of_piece, at_end) = (start, at_start);
        }
        // Λ(a, b) ≥ √(ab) grows like √s, so that the rest of the integral is at most 2 s/Σ √(ab) at its end
        probe[to] = end_of_piece * state[to];
        integral += 2.0 * end_of_piece / mobility.geometric(bundle, &probe);
        action += state[to] * state[to] * integral;
        debug_assert!(state[from] > 0.0);
    }
    (state, action.sqrt())
}

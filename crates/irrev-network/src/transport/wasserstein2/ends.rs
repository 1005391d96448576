//! States with no probability at an end of the path, or next to none: a positive state beside it, and a proven bound on the way there.
//!
//! The geodesic leaves a state on the boundary with infinite potential differences, so the problem is solved between positive states nearby and
//! the triangle inequality does the rest. Near the boundary probabilities are powers of time: what is k jumps from the occupied states, its
//! layer, grows like t^k. So every empty state is fed along a tree, from a state one layer nearer, and
//!
//! ```text
//! p_i(s) = p_i s^k,  J(s) = Σ k_j p_j s^(k_j − 1) ≤ M s^(k − 1)  over the branch j that hangs on the edge to i,  s from 0 to 1.
//! ```
//!
//! Occupied states only lose on this way, so that edges to the first layer conduct at least L(p_x, p_y s), whose inverse is convex in s; edges farther
//! out conduct at least √(ab) s^(k − 1/2), which leaves M²/√(ab)/(k − 1/2) for the action. Amounts in layers
//! from the second on, and the powers with which they grow, are read from a path found before from farther ends: with too little the path has to
//! fill them in no time, with too much to empty them.

use super::mobility::Mobility;
use super::path::DiscretePath;

/// A state with at most this part of the probability counts as empty: it is reached through the same layer of time.
const EMPTY: f64 = 1e-8;

/// The part of the tolerance on W₂ that each way off the boundary may take.
const SHARE: f64 = 0.0125;

/// The first layer receives at most this part of the probability to begin with.
const LARGEST: f64 = 1e-3;

/// Each further try is this part of the one before.
const SMALLER: f64 = 0.5;

/// Halvings of the interval of s over which 1/L is bounded by trapezoids.
const HALVINGS: i32 = 60;

/// Before a path is known farther layers receive this part of the square of what the first layer receives.
const FARTHER: f64 = 0.03;

/// A path's own amounts are read where its first layer holds so many times what it began with, and once more so many times that: earlier they still show
/// what farther layers began with.
const SETTLED: f64 = 30.0;

/// Least and largest power of the first layer's amount with which those of farther ones are taken to grow.
const POWERS: (f64, f64) = (1.25, 2.0);

/// A positive state near an end, and a bound on its distance from it.
#[derive(Debug, Clone)]
pub(crate) struct NearbyState {
    pub(crate) state: Vec<f64>,
    /// W₂ to the end is at most this.
    pub(crate) distance: f64,
}

/// An end of the path, with the trees on which its empty states hang.
#[derive(Debug)]
pub(crate) struct End<'a> {
    mobility: &'a Mobility,
    state: &'a [f64],
    /// Jumps from the nearest occupied state.
    layer: Vec<u32>,
    /// Empty states by layer, each with the state that feeds it and the bundle between them.
    branches: Vec<(usize, usize, usize)>,
    /// What a state receives when the first layer receives `amount` at most.
    fed: Vec<Fed>,
    amount: f64,
}

/// An amount that grows like a power of the first layer's.
#[derive(Debug, Clone, Copy)]
struct Fed {
    amount: f64,
    power: f64,
}

impl<'a> End<'a> {
    pub(crate) fn new(mobility: &'a Mobility, state: &'a [f64]) -> Self {
        let mass: f64 = state.iter().sum();
        let mut layer: Vec<u32> = state
            .iter()
            .map(|p| if *p > EMPTY * mass { 0 } else { u32::MAX })
            .collect();
        let mut branches = Vec::new();
        for depth in 1..=state.len() as u32 {
            let mut feeder: Vec<Option<(usize, usize)>> = vec![None; state.len()];
            for (k, bundle) in mobility.bundles.iter().enumerate() {
                let (x, y) = (bundle.depends[0], bundle.depends[1]);
                for (from, to) in [(x, y), (y, x)] {
                    let better = feeder[to].is_none_or(|(old, _)| state[from] > state[old]);
                    if layer[from] == depth - 1 && layer[to] == u32::MAX && better {
                        feeder[to] = Some((from, k));
                    }
                }
            }
            let found = feeder.iter().enumerate();
            let found: Vec<_> = found
                .filter_map(|(to, feeder)| feeder.map(|(from, bundle)| (to, from, bundle)))
                .collect();
            if found.is_empty() {
                break;
            }
            for &(to, _, _) in &found {
                layer[to] = depth;
            }
            branches.extend(found);
        }
        let fed = layer
            .iter()
            .map(|layer| Fed {
                amount: if *layer < 2 { mass } else { FARTHER * mass },
                power: if *layer < 2 { 1.0 } else { POWERS.1 },
            })
            .collect();
        Self {
            mobility,
            state,
            layer,
            branches,
            fed,
            amount: mass,
        }
    }

    /// Whether some states are empty.
    pub(crate) fn is_on_the_boundary(&self) -> bool {
        !self.branches.is_empty()
    }

    /// Takes the amounts of empty states, and how they grow with the first layer's, from the states along a path that begins beside this end.
    pub(crate) fn learn<'p>(&mut self, states: impl Iterator<Item = &'p Vec<f64>>) {
        let first = |state: &[f64]| {
            let first_layer = self.layer.iter().zip(state).filter(|(layer, _)| **layer == 1);
            first_layer.fold(0.0, |most, (_, p)| f64::max(most, *p))
        };
        let mut states = states.peekable();
        let begun = states.peek().map_or(0.0, |state| first(state));
        let Some(early) = states.find(|state| first(state) >= SETTLED * begun) else {
            return;
        };
        let Some(late) = states.find(|state| first(state) >= SETTLED * first(early)) else {
            return;
        };
        self.amount = first(early);
        let growth = (first(late) / self.amount).ln();
        for (place, fed) in self.fed.iter_mut().enumerate() {
            fed.amount = early[place];
            if self.layer[place] > 1 {
                fed.power = ((late[place] / early[place]).ln() / growth).clamp(POWERS.0, POWERS.1);
            }
        }
    }

    /// A positive state whose distance from this end is at most about `tolerance` times `scale`, the size of W₂.
    pub(crate) fn nearby(&self, scale: f64, tolerance: f64) -> NearbyState {
        if !self.is_on_the_boundary() {
            return NearbyState {
                state: self.state.to_vec(),
                distance: 0.0,
            };
        }
        let mut amount = LARGEST * self.state.iter().sum::<f64>();
        loop {
            let found = self.with(amount);
            let possible = found
                .as_ref()
                .is_some_and(|f| f.distance <= SHARE * tolerance * scale);
            if let Some(found) = found
                && (possible || amount < f64::MIN_POSITIVE.powf(0.25))
            {
                return found;
            }
            amount *= SMALLER;
        }
    }

    /// The state whose first layer has received at most the given amount; `None` if the occupied states cannot spare it.
    fn with(&self, amount: f64) -> Option<NearbyState> {
        // what empty states receive; what they hold already only makes edges conduct better
        let mut received = self.state.to_vec();
        for &(to, _, _) in &self.branches {
            let fed = self.fed[to];
            received[to] = fed.amount * (amount / self.amount).powf(fed.power);
        }
        // what goes through every state at the end of the way: Σ p and Σ k p over its branch
        let mut branch = vec![(0.0, 0.0); received.len()];
        for &(to, from, _) in self.branches.iter().rev() {
            branch[to].0 += received[to];
            branch[to].1 += f64::from(self.layer[to]) * received[to];
            let (mass, current) = branch[to];
            branch[from].0 += mass;
            branch[from].1 += current;
        }
        for (place, p) in received.iter_mut().enumerate() {
            if self.layer[place] == 0 {
                if branch[place].0 > 0.5 * *p {
                    return None;
                }
                *p -= branch[place].0;
            }
        }
        let mut action = 0.0;
        for &(to, _, bundle) in &self.branches {
            let current = branch[to].1;
            let resistance = match self.layer[to] {
                1 => self.first_resistance(&received, to, bundle),
                k => 1.0 / (self.mobility.geometric(bundle, &received) * (f64::from(k) - 0.5)),
            };
            action += current * current * resistance;
        }
        let mut state = received;
        for &(to, _, _) in &self.branches {
            state[to] += self.state[to];
        }
        Some(NearbyState {
            state,
            distance: action.sqrt(),
        })
    }

    /// At least the integral of 1/L(p_x, p_y s) over s from 0 to 1.
    fn first_resistance(&self, state: &[f64], to: usize, bundle: usize) -> f64 {
        let mut probe = state.to_vec();
        let mut resistance = |s: f64| {
            probe[to] = s * state[to];
            1.0 / self.mobility.value(bundle, &probe)
        };
        let mut integral = 0.0;
        let (mut end, mut at_end) = (1.0, resistance(1.0));
        for _ in 0..HALVINGS {
            let start = 0.5 * end;
            let at_start = resistance(start);
            integral += 0.5 * (end - start) * (at_start + at_end);
            (end, at_end) = (start, at_start);
        }
        // Λ(a, b) ≥ √(ab) grows like √s, so that the rest of the integral is at most 2 s/Σ √(ab) at its end
        probe[to] = end * state[to];
        integral + 2.0 * end / self.mobility.geometric(bundle, &probe)
    }
}

/// States along a path from its first end, or from its last.
pub(crate) fn states_from(path: &DiscretePath, last: bool) -> Vec<Vec<f64>> {
    let mut states: Vec<Vec<f64>> = path.pieces().into_iter().map(|(_, state)| state).collect();
    if last {
        states.reverse();
    }
    states
}

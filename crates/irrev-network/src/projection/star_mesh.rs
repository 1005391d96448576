//! Elimination of states from a network of conductances with electromotive forces.
//!
//! Each pair of states carries a conductance c and a force f (the ψ difference it would like). Minimising over ψ_k leaves, between any two
//! neighbours i, j of k, the conductance c_i c_j/Σc with the force f_kj − f_ki, in parallel with what was there. Conductances are
//! sums of products of non-negative numbers and forces are weighted means: nothing small is a difference of something large, so
//! ψ differences are accurate to a few ε of the largest force, whatever the conductances.
//!
//! This is the star-mesh transformation with Thévenin's theorem; order by smallest degree, found once per pattern.

use super::centre;
use crate::scaling::{exponent_towards, scaled};

/// Most pair updates of one elimination; beyond, blocked sparse elimination is faster.
const MOST_UPDATES: usize = 200_000;

/// Most states: the search for the smallest degree takes the square of their number.
const MOST_STATES: usize = 3000;

/// The largest conductance is scaled near 2⁸⁰⁰: ratios down to 1e-540 are kept, and forces up to 1e60 do not overflow.
const LARGEST_EXPONENT: i32 = 800;

/// One neighbour of a state at the time of its elimination.
#[derive(Debug, Clone, Copy)]
struct Spoke {
    state: u32,
    slot: u32,
    /// +1 if the slot's force points from the eliminated state to the neighbour.
    sign: f64,
}

/// One pair of neighbours, joined by the elimination.
#[derive(Debug, Clone, Copy)]
struct Update {
    slot: u32,
    sign: f64,
}

/// The elimination of one pattern, step by step.
pub(super) struct StarMesh {
    states: usize,
    slots: usize,
    /// Slot of every edge, and +1 if the edge points as the slot does.
    edges: Vec<(u32, f64)>,
    order: Vec<u32>,
    /// Spokes of the k-th state eliminated: `spokes[first[k]..first[k + 1]]`.
    first: Vec<usize>,
    spokes: Vec<Spoke>,
    updates: Vec<Update>,
}

impl StarMesh {
    /// Plans the elimination; `None` if it would take too many updates.
    pub(super) fn new(states: usize, edges: impl Iterator<Item = (usize, usize)>) -> Option<Self> {
        if states > MOST_STATES {
            return None;
        }
        // neighbours still to be eliminated, with the slot of the pair
        let mut neighbours: Vec<Vec<(u32, u32)>> = vec![Vec::new(); states];
        let mut slots = 0;
        let mut join = |x: u32, y: u32, neighbours: &mut Vec<Vec<(u32, u32)>>| {
            let (from, to) = if neighbours[x as usize].len() < neighbours[y as usize].len() {
                (x, y)
            } else {
                (y, x)
            };
            let known = neighbours[from as usize].iter().find(|n| n.0 == to).map(|n| n.1);
            let slot = known.unwrap_or_else(|| {
                neighbours[x as usize].push((y, slots));
                neighbours[y as usize].push((x, slots));
                slots += 1;
                slots - 1
            });
            // slots point from the lower to the higher index
            (slot, if x < y { 1.0 } else { -1.0 })
        };
        let edges: Vec<_> = edges
            .map(|(x, y)| join(x as u32, y as u32, &mut neighbours))
            .collect();
        let mut left: Vec<u32> = (0..states as u32).collect();
        let (mut order, mut first, mut spokes, mut updates) = (Vec::new(), vec![0], Vec::new(), Vec::new());
        while let Some(at) = (0..left.len()).min_by_key(|&i| neighbours[left[i] as usize].len()) {
            let k = left.swap_remove(at);
            let around = std::mem::take(&mut neighbours[k as usize]);
            if updates.len() + around.len() * around.len() / 2 > MOST_UPDATES {
                return None;
            }
            for (i, &(a, slot)) in around.iter().enumerate() {
                neighbours[a as usize].retain(|n| n.0 != k);
                spokes.push(Spoke {
                    state: a,
                    slot,
                    sign: if k < a { 1.0 } else { -1.0 },
                });
                for &(b, _) in &around[..i] {
                    let (slot, sign) = join(a, b, &mut neighbours);
                    updates.push(Update { slot, sign });
                }
            }
            order.push(k);
            first.push(spokes.len());
        }
        Some(Self {
            states,
            slots: slots as usize,
            edges,
            order,
            first,
            spokes,
            updates,
        })
    }

    /// ψ for conductances and forces per edge and currents injected per state; `None` if more than `limit` is left over at the last
    /// state of a component.
    pub(super) fn potential(
        &self,
        conductance: &[f64],
        force: &[f64],
        injected: &[f64],
        limit: f64,
    ) -> Option<Vec<f64>> {
        let largest = conductance.iter().copied().fold(0.0, f64::max);
        let scale = exponent_towards(LARGEST_EXPONENT, largest);
        // conductances, and their forces times conductances until every edge is in
        let (mut c, mut f) = (vec![0.0; self.slots], vec![0.0; self.slots]);
        for (&(slot, sign), (l, force)) in self.edges.iter().zip(conductance.iter().zip(force)) {
            let added = scaled(*l, scale);
            if added > 0.0 {
                merge(&mut c[slot as usize], &mut f[slot as usize], added, sign * force);
            }
        }
        let mut source: Vec<f64> = injected.iter().map(|s| scaled(*s, scale)).collect();
        let mut share = vec![0.0; self.spokes.len()];
        let mut wanted = vec![0.0; self.spokes.len()];
        let mut own = vec![0.0; self.order.len()];
        let mut update = self.updates.iter();
        let mut carried = true;
        for (step, &k) in self.order.iter().enumerate() {
            let range = self.first[step]..self.first[step + 1];
            let spokes = &self.spokes[range.clone()];
            let (share, wanted) = (&mut share[range.clone()], &mut wanted[range]);
            let total: f64 = spokes.iter().map(|s| c[s.slot as usize]).sum();
            let left = source[k as usize];
            if total == 0.0 {
                carried &= left.abs() <= scaled(limit, scale);
                update
                    .by_ref()
                    .take(spokes.len() * spokes.len().saturating_sub(1) / 2)
                    .for_each(drop);
                continue;
            }
            own[step] = left / total;
            for (i, spoke) in spokes.iter().enumerate() {
                let conductance = c[spoke.slot as usize];
                (share[i], wanted[i]) = (conductance / total, spoke.sign * f[spoke.slot as usize]);
                if left != 0.0 {
                    source[spoke.state as usize] += share[i] * left;
                }
                for (j, joint) in update.by_ref().take(i).enumerate() {
                    let added = conductance * share[j];
                    if added > 0.0 {
                        let slot = joint.slot as usize;
                        merge(
                            &mut c[slot],
                            &mut f[slot],
                            added,
                            joint.sign * (wanted[j] - wanted[i]),
                        );
                    }
                }
            }
        }
        carried.then(|| self.back_substituted(&share, &wanted, &own))
    }

    fn back_substituted(&self, share: &[f64], wanted: &[f64], own: &[f64]) -> Vec<f64> {
        let mut psi = vec![0.0; self.states];
        let mut component = vec![usize::MAX; self.states];
        let mut members: Vec<Vec<usize>> = Vec::new();
        for (step, &k) in self.order.iter().enumerate().rev() {
            let k = k as usize;
            let mut value = own[step];
            for at in self.first[step]..self.first[step + 1] {
                if share[at] > 0.0 {
                    let state = self.spokes[at].state as usize;
                    value += share[at] * (psi[state] - wanted[at]);
                    component[k] = component[state];
                }
            }
            if component[k] == usize::MAX {
                component[k] = members.len();
                members.push(Vec::new());
            }
            members[component[k]].push(k);
            psi[k] = value;
        }
        for states in &members {
            centre(&mut psi, states);
        }
        psi
    }
}

/// Puts a conductance with its force in parallel.
#[inline(always)]
fn merge(conductance: &mut f64, force: &mut f64, added: f64, its_force: f64) {
    let total = *conductance + added;
    // a small conductance may come with a large force: both products count, neither force alone
    *force = (*conductance * *force + added * its_force) / total;
    *conductance = total;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn potential(states: usize, edges: &[(usize, usize, f64, f64)], injected: &[f64]) -> Option<Vec<f64>> {
        let mesh = StarMesh::new(states, edges.iter().map(|e| (e.0, e.1))).unwrap();
        let (c, f): (Vec<f64>, Vec<f64>) = edges.iter().map(|e| (e.2, e.3)).unzip();
        mesh.potential(&c, &f, injected, 1e-12)
    }

    #[test]
    fn the_force_of_a_weak_bridge_between_strong_rings_survives() {
        // two rings with currents round them, joined by one edge fifty decades weaker: its force is a gradient and stays
        let ring = |o: usize| {
            [
                (o, o + 1, 1.0, 0.3),
                (o + 1, o + 2, 3.0, 0.7),
                (o + 2, o, 0.2, 1.1),
            ]
        };
        let mut edges: Vec<_> = ring(0).into_iter().chain(ring(3)).collect();
        edges.push((1, 4, 1e-50, 0.9));
        let psi = potential(6, &edges, &[0.0; 6]).unwrap();
        assert!((psi[4] - psi[1] - 0.9).abs() < 1e-15);
    }

    #[test]
    fn a_small_conductance_with_a_large_force_adds_its_product() {
        // 1e-9 · 1e17 against 1 · 2: neither force alone decides
        let psi = potential(2, &[(0, 1, 1e-9, -1e17), (1, 0, 1.0, -1e8 - 2.0)], &[0.0; 2]).unwrap();
        assert!((psi[1] - psi[0] - 2.0).abs() < 1e-6);
    }

    #[test]
    fn injected_currents_must_balance_on_each_component() {
        let edges = [(0, 1, 2.0, 0.0), (2, 3, 1.0, 0.0)];
        let psi = potential(4, &edges, &[-1.0, 1.0, 0.0, 0.0]).unwrap();
        assert_eq!(psi, [-0.25, 0.25, 0.0, 0.0]);
        assert_eq!(potential(4, &edges, &[-1.0, 0.0, 1.0, 0.0]), None);
    }
}

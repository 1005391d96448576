//! Conductances of a network as functions of its state: L(x) of every bundle of parallel channels, with two derivatives.
//!
//! A channel has L = Λ(a, b) with one-way fluxes a = k⁺ ∏ x^ν⁺ and b = k⁻ ∏ x^ν⁻. Channels with the same change of the state share one
//! potential difference, so a bundle of them conducts Σ L. For jumps between states ν is 1 at one state, and L is concave and homogeneous of
//! degree one in the probabilities, for any positive rates.

use std::collections::{BTreeMap, HashMap};

use irrev_numerics::special::{
    logarithmic_mean, logarithmic_mean_gradient, logarithmic_mean_mixed_derivative,
};

use crate::error::{Error, Result};
use crate::kinetics::{Kinetics, MarkovJump};
use crate::reactions::{Law, ReactionSystem};

/// One direction of a channel: k ∏ x^ν over (place in the bundle's `depends`, ν).
#[derive(Debug, Clone)]
struct Monomial {
    rate: f64,
    powers: Vec<(usize, f64)>,
}

impl Monomial {
    fn value(&self, depends: &[usize], x: &[f64]) -> f64 {
        self.powers.iter().fold(self.rate, |product, &(place, power)| {
            let x = x[depends[place]];
            product * if power == 1.0 { x } else { x.powf(power) }
        })
    }
}

/// A channel on its way into a bundle.
struct Member {
    edge: usize,
    /// Whether it runs along the bundle.
    along: bool,
    /// Rate, and powers of the states, of both directions.
    sides: [(f64, BTreeMap<usize, f64>); 2],
}

/// A change of the state, and the channels that make it.
type Group = (Vec<(usize, f64)>, Vec<Member>);

/// Rate of a one-way flux with the held amounts in it, and the powers of the states; `None` for these if one of the states is absent.
fn flux(
    system: &ReactionSystem,
    rate: f64,
    side: &[(usize, f64)],
    number: &[Option<usize>],
) -> (f64, Option<BTreeMap<usize, f64>>) {
    let (mut rate, mut powers) = (rate, Some(BTreeMap::new()));
    for &(species, power) in side {
        match system.state_of(species).map(|state| number[state]) {
            None => rate *= system.species()[species].held.unwrap_or(1.0).powf(power),
            Some(None) => powers = None,
            Some(Some(state)) => {
                if let Some(powers) = &mut powers {
                    *powers.entry(state).or_insert(0.0) += power;
                }
            }
        }
    }
    (rate, powers)
}

/// Parallel channels: what a forward jump changes, and the states that their fluxes depend on.
#[derive(Debug, Clone)]
pub(crate) struct Bundle {
    /// (state, change), as a column of B or S.
    pub(crate) change: Vec<(usize, f64)>,
    /// States on which the conductance depends, ascending.
    pub(crate) depends: Vec<usize>,
    /// Edges of the network in the bundle, each with +1 if it runs along the bundle and −1 against.
    pub(crate) edges: Vec<(usize, f64)>,
    channels: Vec<(Monomial, Monomial)>,
}

/// The conductances of a network.
#[derive(Debug, Clone)]
pub(crate) struct Mobility {
    /// Number of states.
    pub(crate) states: usize,
    /// Bundles of parallel channels.
    pub(crate) bundles: Vec<Bundle>,
    /// Where the gradient of each bundle starts in a flat array; the last entry is its length.
    pub(crate) slope_start: Vec<usize>,
    /// Where the Hessian of each bundle (full, by rows over `depends`) starts in a flat array.
    pub(crate) curvature_start: Vec<usize>,
    /// States whose potentials can be chosen freely: one for each conservation law.
    pub(crate) gauge: Vec<usize>,
    /// Whether the conductances are concave and homogeneous, so that the transport problem is convex.
    pub(crate) concave: bool,
}

/// Conductances and their derivatives at one state.
#[derive(Debug, Clone, Default)]
pub(crate) struct Conductances {
    /// L of every bundle.
    pub(crate) value: Vec<f64>,
    /// ∂L over the bundle's `depends`, flat.
    pub(crate) slope: Vec<f64>,
    /// ∂²L over pairs of `depends`, flat; empty unless asked for.
    pub(crate) curvature: Vec<f64>,
}

impl Mobility {
    /// The conductances of a jump process restricted to the given states, which are renumbered in that order.
    ///
    /// # Errors
    /// [`Error::OneWay`] if an edge between them has one zero rate.
    pub(crate) fn of_jumps(kinetics: &MarkovJump, kept: &[usize]) -> Result<Self> {
        let network = kinetics.network();
        let mut number = vec![usize::MAX; network.states().len()];
        for (new, old) in kept.iter().enumerate() {
            number[*old] = new;
        }
        let mut order: Vec<(usize, usize, usize)> = Vec::new();
        let mut one_way = Vec::new();
        for (e, edge) in network.edges().iter().enumerate() {
            let (x, y) = (number[edge.from], number[edge.to]);
            let (forward, backward) = (kinetics.forward_rate()[e], kinetics.backward_rate()[e]);
            if x == usize::MAX || (forward == 0.0 && backward == 0.0) {
                continue;
            }
            if forward == 0.0 || backward == 0.0 {
                one_way.push(edge.name.clone());
                continue;
            }
            order.push((x.min(y), x.max(y), e));
        }
        if !one_way.is_empty() {
            return Err(Error::OneWay {
                quantity: "the Wasserstein distance",
                edges: one_way,
            });
        }
        order.sort_unstable();
        let mut bundles: Vec<Bundle> = Vec::new();
        for (low, high, e) in order {
            let along = number[network.edges()[e].from] == low;
            let (k, back) = (kinetics.forward_rate()[e], kinetics.backward_rate()[e]);
            let (up, down) = if along { (k, back) } else { (back, k) };
            let monomial = |rate, place| Monomial {
                rate,
                powers: vec![(place, 1.0)],
            };
            let channel = (monomial(up, 0), monomial(down, 1));
            let member = (e, if along { 1.0 } else { -1.0 });
            match bundles.last_mut() {
                Some(bundle) if bundle.depends == [low, high] => {
                    bundle.channels.push(channel);
                    bundle.edges.push(member);
                }
                _ => bundles.push(Bundle {
                    change: vec![(low, -1.0), (high, 1.0)],
                    depends: vec![low, high],
                    edges: vec![member],
                    channels: vec![channel],
                }),
            }
        }
        Ok(Self::new(kept.len(), bundles, vec![0], true))
    }

    /// The conductances of the counted reactions of a system on some of its dynamic species, which are renumbered in that order; the others are
    /// absent, and so are reactions that need one of them on either side.
    ///
    /// # Errors
    /// [`Error::OneWay`] naming reactions with one zero rate, [`Error::MissingLaw`] one that is no mass action.
    pub(crate) fn of_reactions(system: &ReactionSystem, kept: &[usize]) -> Result<Self> {
        let mut number = vec![None; system.dynamic().len()];
        for (new, old) in kept.iter().enumerate() {
            number[*old] = Some(new);
        }
        let mut one_way = Vec::new();
        let mut place: HashMap<Vec<(usize, u64)>, usize> = HashMap::new();
        let mut groups: Vec<Group> = Vec::new();
        for (edge, &r) in system.counted().iter().enumerate() {
            let reaction = &system.reactions()[r];
            let Law::MassAction { forward, backward } = reaction.law else {
                return Err(Error::MissingLaw {
                    reaction: reaction.name.clone(),
                    reason: "it is no mass action, for which alone geodesics are computed",
                });
            };
            let up = flux(system, forward, &reaction.reactants, &number);
            let down = flux(system, backward, &reaction.products, &number);
            if (up.0 == 0.0) != (down.0 == 0.0) {
                one_way.push(reaction.name.clone());
            }
            let mut change: Vec<(usize, f64)> = system
                .change(r)
                .iter()
                .filter_map(|&(state, c)| number[state].map(|new| (new, c)))
                .collect();
            let ((up, Some(ups)), (down, Some(downs))) = (up, down) else {
                continue;
            };
            if change.is_empty() || up == 0.0 || down == 0.0 {
                continue;
            }
            change.sort_unstable_by_key(|(state, _)| *state);
            let along = change[0].1 > 0.0;
            if !along {
                change.iter_mut().for_each(|(_, c)| *c = -*c);
            }
            let sides = [(up, ups), (down, downs)];
            let member = Member { edge, along, sides };
            let key = change.iter().map(|&(state, c)| (state, c.to_bits())).collect();
            let group = *place.entry(key).or_insert_with(|| {
                groups.push((change, Vec::new()));
                groups.len() - 1
            });
            groups[group].1.push(member);
        }
        if !one_way.is_empty() {
            return Err(Error::OneWay {
                quantity: "the Wasserstein distance",
                edges: one_way,
            });
        }
        let bundles = groups
            .into_iter()
            .map(|(change, members)| Bundle::of_members(change, members))
            .collect();
        Ok(Self::new(kept.len(), bundles, Vec::new(), false))
    }

    /// Whether every one-way flux is of order at most one in the state, and so every L concave, as the logarithmic mean is concave and rises with
    /// its arguments.
    pub(crate) fn of_order_one(&self) -> bool {
        let order = |side: &Monomial| side.powers.iter().map(|(_, power)| power).sum::<f64>();
        let mut channels = self.bundles.iter().flat_map(|b| &b.channels);
        channels.all(|(forward, backward)| order(forward) <= 1.0 && order(backward) <= 1.0)
    }

    fn new(states: usize, bundles: Vec<Bundle>, gauge: Vec<usize>, concave: bool) -> Self {
        let starts = |size: &dyn Fn(&Bundle) -> usize| {
            let mut starts = vec![0];
            for bundle in &bundles {
                starts.push(starts[starts.len() - 1] + size(bundle));
            }
            starts
        };
        Self {
            slope_start: starts(&|b| b.depends.len()),
            curvature_start: starts(&|b| b.depends.len() * b.depends.len()),
            states,
            bundles,
            gauge,
            concave,
        }
    }

    /// L of every bundle at x.
    pub(crate) fn values(&self, x: &[f64], values: &mut Vec<f64>) {
        values.clear();
        values.extend(
            self.bundles
                .iter()
                .map(|bundle| bundle.mean_of_fluxes(x, logarithmic_mean)),
        );
    }

    /// L of one bundle at x.
    pub(crate) fn value(&self, bundle: usize, x: &[f64]) -> f64 {
        self.bundles[bundle].mean_of_fluxes(x, logarithmic_mean)
    }

    /// Σ √(ab) ≤ L of one bundle at x.
    pub(crate) fn geometric(&self, bundle: usize, x: &[f64]) -> f64 {
        self.bundles[bundle].mean_of_fluxes(x, |a, b| a.sqrt() * b.sqrt())
    }

    /// Currents L Bᵀψ of the network's edges, each channel with its own conductance, added to `currents`.
    pub(crate) fn add_edge_currents(&self, x: &[f64], across: &[f64], currents: &mut [f64]) {
        for (bundle, v) in self.bundles.iter().zip(across) {
            for ((forward, backward), &(edge, sign)) in bundle.channels.iter().zip(&bundle.edges) {
                let (a, b) = (
                    forward.value(&bundle.depends, x),
                    backward.value(&bundle.depends, x),
                );
                currents[edge] += sign * logarithmic_mean(a, b) * v;
            }
        }
    }

    /// L and ∂L of every bundle at x > 0, and ∂²L if asked for.
    pub(crate) fn evaluate(&self, x: &[f64], curvature: bool, out: &mut Conductances) {
        out.value.clear();
        out.slope.clear();
        out.slope.resize(self.slope_start[self.bundles.len()], 0.0);
        out.curvature.clear();
        if curvature {
            out.curvature
                .resize(self.curvature_start[self.bundles.len()], 0.0);
        }
        for (k, bundle) in self.bundles.iter().enumerate() {
            let size = bundle.depends.len();
            let slope = &mut out.slope[self.slope_start[k]..][..size];
            let mut total = 0.0;
            for (forward, backward) in &bundle.channels {
                let (a, b) = (
                    forward.value(&bundle.depends, x),
                    backward.value(&bundle.depends, x),
                );
                total += logarithmic_mean(a, b);
                let (by_a, by_b) = logarithmic_mean_gradient(a, b);
                for (monomial, value, by) in [(forward, a, by_a), (backward, b, by_b)] {
                    for &(place, power) in &monomial.powers {
                        slope[place] += by * power * (value / x[bundle.depends[place]]);
                    }
                }
                if curvature {
                    let matrix = &mut out.curvature[self.curvature_start[k]..][..size * size];
                    bundle.add_curvature(forward, backward, (a, b), (by_a, by_b), x, matrix);
                }
            }
            out.value.push(total);
        }
    }
}

impl Bundle {
    fn of_members(change: Vec<(usize, f64)>, members: Vec<Member>) -> Self {
        let sides = || members.iter().flat_map(|m| &m.sides);
        let mut depends: Vec<usize> = sides().flat_map(|(_, powers)| powers.keys().copied()).collect();
        depends.sort_unstable();
        depends.dedup();
        let monomial = |(rate, powers): &(f64, BTreeMap<usize, f64>)| Monomial {
            rate: *rate,
            powers: powers
                .iter()
                .map(|(state, power)| (depends.partition_point(|s| s < state), *power))
                .collect(),
        };
        let channel = |member: &Member| {
            let [up, down] = [&member.sides[0], &member.sides[1]].map(monomial);
            if member.along { (up, down) } else { (down, up) }
        };
        let sign = |member: &Member| if member.along { 1.0 } else { -1.0 };
        Self {
            channels: members.iter().map(channel).collect(),
            edges: members.iter().map(|m| (m.edge, sign(m))).collect(),
            change,
            depends,
        }
    }

    /// Sum over channels of a mean of their one-way fluxes.
    fn mean_of_fluxes(&self, x: &[f64], mean: impl Fn(f64, f64) -> f64) -> f64 {
        let fluxes = self
            .channels
            .iter()
            .map(|(forward, backward)| (forward.value(&self.depends, x), backward.value(&self.depends, x)));
        fluxes.map(|(a, b)| mean(a, b)).sum()
    }

    /// Adds the second derivatives of one channel: Λ'' through the fluxes, Λ' through the curvature of the fluxes themselves.
    fn add_curvature(
        &self,
        forward: &Monomial,
        backward: &Monomial,
        (a, b): (f64, f64),
        (by_a, by_b): (f64, f64),
        x: &[f64],
        matrix: &mut [f64],
    ) {
        let size = self.depends.len();
        let mixed = logarithmic_mean_mixed_derivative(a, b);
        let sides = [(forward, a, by_a), (backward, b, by_b)];
        let second = [[-mixed * (b / a), mixed], [mixed, -mixed * (a / b)]];
        for (s, (left, left_value, left_slope)) in sides.iter().enumerate() {
            for &(i, power) in &left.powers {
                let first = power * (left_value / x[self.depends[i]]);
                for (t, (right, right_value, _)) in sides.iter().enumerate() {
                    for &(j, other) in &right.powers {
                        matrix[i * size + j] +=
                            second[s][t] * first * other * (right_value / x[self.depends[j]]);
                    }
                }
                for &(j, other) in &left.powers {
                    let falling = if i == j { power - 1.0 } else { other };
                    if falling != 0.0 {
                        matrix[i * size + j] += left_slope * first * falling / x[self.depends[j]];
                    }
                }
            }
        }
    }
}

//! Random reaction networks as plain data, and as systems.
//!
//! Species take part in reactions with coefficients 0 to 3; about one reaction in four has a catalyst, one in five repeats the stoichiometry of an earlier
//! one, and nothing joins the parts of a network that fall apart.

use std::fmt;

use irrev_network::reactions::{Law, Reaction, ReactionSystem, Species};
use irrev_testing::random::rates;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// One side of a reaction: (species, coefficient), each species once, ascending.
pub(crate) type Side = Vec<(usize, i64)>;

/// A mass-action network with a state.
#[derive(Clone, PartialEq)]
pub(crate) struct RandomReactions {
    /// Amounts of all species.
    pub(crate) amounts: Vec<f64>,
    /// Whether a species is held.
    pub(crate) held: Vec<bool>,
    /// (reactants, products, k⁺, k⁻).
    pub(crate) reactions: Vec<(Side, Side, f64, f64)>,
}

/// On one line, so that a failing network can be pasted into a test.
impl fmt::Debug for RandomReactions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "amounts {:?}, held {:?}, reactions {:?}",
            self.amounts, self.held, self.reactions
        )
    }
}

impl RandomReactions {
    pub(crate) fn system(&self) -> ReactionSystem {
        let species = self.amounts.iter().zip(&self.held).enumerate();
        let species = species
            .map(|(i, (amount, held))| Species {
                name: format!("S{i}"),
                held: held.then_some(*amount),
            })
            .collect();
        let real = |side: &Side| side.iter().map(|&(s, c)| (s, c as f64)).collect();
        let reactions = self.reactions.iter().enumerate();
        let reactions = reactions
            .map(|(r, (left, right, forward, backward))| Reaction {
                name: format!("r{r}"),
                reactants: real(left),
                products: real(right),
                law: Law::MassAction {
                    forward: *forward,
                    backward: *backward,
                },
                counted: true,
            })
            .collect();
        ReactionSystem::new(species, reactions, None).unwrap()
    }

    /// Amounts of the dynamic species.
    pub(crate) fn state(&self) -> Vec<f64> {
        let all = self.amounts.iter().zip(&self.held);
        all.filter(|(_, held)| !**held).map(|(x, _)| *x).collect()
    }

    /// Columns of S over all species.
    pub(crate) fn columns(&self) -> Vec<Vec<i64>> {
        let column = |(left, right, _, _): &(Side, Side, f64, f64)| {
            let mut column = vec![0; self.amounts.len()];
            for &(s, c) in left {
                column[s] -= c;
            }
            for &(s, c) in right {
                column[s] += c;
            }
            column
        };
        self.reactions.iter().map(column).collect()
    }
}

/// Ranges that random networks are drawn from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ranges {
    pub(crate) species: usize,
    pub(crate) reactions: usize,
    /// Largest sum of the coefficients of a side.
    pub(crate) molecules: i64,
    /// Decades of rates.
    pub(crate) rates: f64,
    /// Decades of amounts.
    pub(crate) amounts: f64,
    /// Chance that a species is held.
    pub(crate) held: f64,
}

/// Far beyond what is comfortable: fluxes of up to eight molecules of amounts over six decades.
pub(crate) const WILD: Ranges = Ranges {
    species: 8,
    reactions: 12,
    molecules: 8,
    rates: 6.0,
    amounts: 6.0,
    held: 0.2,
};

/// What can be followed in time.
pub(crate) const MILD: Ranges = Ranges {
    species: 6,
    reactions: 8,
    molecules: 3,
    rates: 3.0,
    amounts: 2.0,
    held: 0.2,
};

fn side(entries: &[(Index, i64)], species: usize, most: i64) -> Side {
    let mut side = Side::new();
    let mut molecules = 0;
    for (index, c) in entries {
        let (s, c) = (index.index(species), (*c).min(most - molecules));
        if c > 0 && side.iter().all(|(other, _)| *other != s) {
            side.push((s, c));
            molecules += c;
        }
    }
    side.sort_unstable();
    side
}

/// Adds the same molecule to both sides.
fn with_catalyst((mut left, mut right): (Side, Side), s: usize) -> (Side, Side) {
    for side in [&mut left, &mut right] {
        match side.iter_mut().find(|(other, _)| *other == s) {
            Some(entry) => entry.1 += 1,
            None => side.push((s, 1)),
        }
        side.sort_unstable();
    }
    (left, right)
}

/// The two sides of every reaction.
fn stoichiometries(species: usize, ranges: Ranges) -> impl Strategy<Value = Vec<(Side, Side)>> {
    let entries = || vec((any::<Index>(), 1..=3_i64), 0..=3);
    let one = (entries(), entries(), any::<Index>(), any::<Index>(), 0..20_u8);
    vec(one, 1..=ranges.reactions).prop_map(move |drawn| {
        let mut made: Vec<(Side, Side)> = Vec::new();
        for (left, right, catalyst, earlier, kind) in drawn {
            if kind < 4 && !made.is_empty() {
                made.push(earlier.get(&made).clone());
                continue;
            }
            let room = ranges.molecules - 1;
            let (mut left, mut right) = (side(&left, species, room), side(&right, species, room));
            if left == right {
                // a reaction must change something
                (left, right) = (vec![], vec![(catalyst.index(species), 1)]);
            }
            made.push(if (4..9).contains(&kind) {
                with_catalyst((left, right), catalyst.index(species))
            } else {
                (left, right)
            });
        }
        made
    })
}

/// Random networks at random states, every direction of every reaction with a rate of its own.
pub(crate) fn networks(ranges: Ranges) -> impl Strategy<Value = RandomReactions> {
    (2..=ranges.species)
        .prop_flat_map(move |n| {
            (
                stoichiometries(n, ranges),
                vec(rates(ranges.amounts), n),
                held(n, ranges.held),
            )
        })
        .prop_flat_map(move |(sides, amounts, held)| {
            let number = sides.len();
            (
                Just((sides, amounts, held)),
                vec((rates(ranges.rates), rates(ranges.rates)), number),
            )
        })
        .prop_map(|((sides, amounts, held), constants)| RandomReactions {
            amounts,
            held,
            reactions: sides
                .into_iter()
                .zip(constants)
                .map(|((left, right), (up, down))| (left, right, up, down))
                .collect(),
        })
}

/// Which species are held; at least one is not.
fn held(species: usize, chance: f64) -> impl Strategy<Value = Vec<bool>> {
    (vec(prop::bool::weighted(chance), species), any::<Index>()).prop_map(move |(mut held, free)| {
        held[free.index(species)] = false;
        held
    })
}

/// A network with detailed balance, and its standard potentials: k⁺ = c exp(μ°·ν⁺), k⁻ = c exp(μ°·ν⁻).
pub(crate) fn balanced(ranges: Ranges) -> impl Strategy<Value = (RandomReactions, Vec<f64>)> {
    networks(ranges)
        .prop_flat_map(|network| {
            let n = network.amounts.len();
            (Just(network), vec(-2.0..2.0, n))
        })
        .prop_map(|(mut network, potentials)| {
            let exponential = |side: &Side| -> f64 {
                let exponent: f64 = side.iter().map(|&(s, c)| c as f64 * potentials[s]).sum();
                exponent.exp()
            };
            for (left, right, up, down) in &mut network.reactions {
                let c = (*up * *down).sqrt();
                (*up, *down) = (c * exponential(left), c * exponential(right));
            }
            (network, potentials)
        })
}

//! What stoichiometry alone decides: conservation laws, cycles, deficiency, and what chemostats break.
//!
//! Conservation laws are the ℓ with ℓᵀS = 0, cycles the c with S c = 0, found exactly in whole numbers. Holding a species from outside
//! breaks the conservation laws that contain it, or lets a combination of reactions run round although it changes what is held: an
//! *emergent cycle*, the place where a chemostat can drive a current for ever. Each chemostat does one or the other:
//!
//! number of held species = broken conservation laws + emergent cycles.
//!
//! A species that follows a rate of its own counts as held: no reaction changes it.
//!
//! The deficiency δ = complexes − linkage classes − rank S counts the cycles that are not closed paths on the graph of complexes; where
//! δ = 0 and reactions are reversible, mass action has one steady state per stoichiometric class, and it is detailed or complex balanced.
//!
//! Sources: Rao and Esposito, Phys. Rev. X 6, 041064 (2016); Polettini and Esposito, J. Chem. Phys. 141, 024117 (2014); Feinberg,
//! Arch. Ration. Mech. Anal. 49, 187 (1972).

use std::collections::{HashMap, HashSet};

use irrev_numerics::integer::{NullSpace, SparseRow, independent_of, null_space};

use super::ReactionSystem;
use crate::error::Result;

/// Null spaces and counts of a reaction system.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Structure {
    /// Rank of S on the dynamic species.
    pub rank: usize,
    /// Conserved combinations of the dynamic species: (state, coefficient); semi-positive where elimination finds them so.
    pub conservation_laws: Vec<SparseRow>,
    /// Cycles on the dynamic species: (reaction, coefficient) over all reactions.
    pub cycles: Vec<SparseRow>,
    /// Free reaction of each cycle: the only one of them with an entry there.
    pub cycle_chords: Vec<usize>,
    /// Conservation laws of all species, as if nothing were held: (species, coefficient).
    pub closed_conservation_laws: Vec<SparseRow>,
    /// Rank of S with nothing held.
    pub closed_rank: usize,
    /// Conservation laws of the closed network that the chemostats break.
    pub broken_conservation_laws: Vec<SparseRow>,
    /// Cycles that exist only because species are held.
    pub emergent_cycles: Vec<SparseRow>,
    /// Number of complexes, linkage classes and deficiency with nothing held.
    pub closed: Graph,
    /// The same for the dynamic species, where complexes that differ in held species only are one.
    pub open: Graph,
}

/// Counts on the graph of complexes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Graph {
    /// Number of different complexes.
    pub complexes: usize,
    /// Number of connected components.
    pub linkage_classes: usize,
    /// complexes − linkage classes − rank.
    pub deficiency: usize,
}

/// Conservation laws, cycles and deficiency of a system, over all its reactions.
///
/// ```
/// use irrev_network::reactions::{ReactionSystem, structure};
/// let enzyme = ReactionSystem::builder()
///     .species("E").species("ES").chemostat("S", 2.0).chemostat("P", 0.1)
///     .mass_action("bind", &[("E", 1.0), ("S", 1.0)], &[("ES", 1.0)], 2.0, 0.5)
///     .mass_action("release", &[("ES", 1.0)], &[("E", 1.0), ("P", 1.0)], 1.0, 0.3)
///     .build()?;
/// let found = structure(&enzyme)?;
/// assert_eq!(found.conservation_laws, [vec![(0, 1), (1, 1)]]);        // E + ES
/// assert_eq!(found.emergent_cycles, [vec![(0, 1), (1, 1)]]);          // S is turned into P
/// assert_eq!(found.broken_conservation_laws.len(), 1);                // S + ES + P
/// # Ok::<(), irrev_network::Error>(())
/// ```
///
/// # Errors
/// As [`null_space`], for coefficients that are no fractions.
pub fn structure(system: &ReactionSystem) -> Result<Structure> {
    let every: Vec<usize> = (0..system.reactions().len()).collect();
    structure_over(system, &every)
}

/// As [`structure`], over the reactions that count in the thermodynamics; cycles are numbered by the edges of the network.
///
/// # Errors
/// As [`structure`].
pub fn counted_structure(system: &ReactionSystem) -> Result<Structure> {
    structure_over(system, system.counted())
}

fn structure_over(system: &ReactionSystem, reactions: &[usize]) -> Result<Structure> {
    let all: Vec<usize> = (0..system.species().len()).collect();
    let open_columns: Vec<Vec<(usize, f64)>> = reactions.iter().map(|r| system.change(*r).to_vec()).collect();
    let closed_columns = columns(system, reactions, &all);
    let laws = null_space(&open_columns, system.dynamic().len())?;
    let closed_laws = null_space(&closed_columns, all.len())?;
    let cycles = null_space(
        &transposed(&open_columns, system.dynamic().len()),
        reactions.len(),
    )?;
    let closed_cycles = null_space(&transposed(&closed_columns, all.len()), reactions.len())?;
    let held = |s: usize| system.is_external(s);
    // what follows a rate of its own is no conserved quantity, although no reaction changes it
    let moves = |law: &SparseRow| law.iter().all(|(state, _)| !held(system.dynamic()[*state]));
    let closed_laws_basis = semi_positive(closed_laws.basis.clone());
    let broken = independent_parts(&closed_laws_basis, held, all.len())?;
    Ok(Structure {
        rank: laws.rank,
        conservation_laws: semi_positive(laws.basis.into_iter().filter(moves).collect()),
        emergent_cycles: beyond(&closed_cycles, &cycles, reactions.len())?,
        cycle_chords: cycles.free,
        cycles: cycles.basis,
        closed_conservation_laws: closed_laws_basis,
        closed_rank: closed_laws.rank,
        broken_conservation_laws: broken,
        closed: graph(system, reactions, closed_laws.rank, |_| true),
        open: graph(system, reactions, laws.rank, |s| !held(s)),
    })
}

/// Columns of S on the given species, one per reaction, by position in `species`.
fn columns(system: &ReactionSystem, reactions: &[usize], species: &[usize]) -> Vec<Vec<(usize, f64)>> {
    let place: HashMap<usize, usize> = species.iter().enumerate().map(|(k, s)| (*s, k)).collect();
    let column = |reaction: &super::Reaction| {
        let mut net: HashMap<usize, f64> = HashMap::new();
        for (side, sign) in [(&reaction.reactants, -1.0), (&reaction.products, 1.0)] {
            for (s, c) in side {
                if let Some(&k) = place.get(s) {
                    *net.entry(k).or_insert(0.0) += sign * c;
                }
            }
        }
        let mut column: Vec<(usize, f64)> = net.into_iter().filter(|(_, c)| *c != 0.0).collect();
        column.sort_unstable_by_key(|(k, _)| *k);
        column
    };
    reactions
        .iter()
        .map(|r| column(&system.reactions()[*r]))
        .collect()
}

fn transposed(columns: &[Vec<(usize, f64)>], rows: usize) -> Vec<Vec<(usize, f64)>> {
    let mut result = vec![Vec::new(); rows];
    for (r, column) in columns.iter().enumerate() {
        for &(k, c) in column {
            result[k].push((r, c));
        }
    }
    result
}

/// Vectors of `larger` that complete the space of `smaller`.
fn beyond(smaller: &NullSpace, larger: &NullSpace, columns: usize) -> Result<Vec<SparseRow>> {
    let new = independent_of(&smaller.basis, &larger.basis, columns)?;
    let pairs = larger.basis.iter().zip(new);
    Ok(pairs.filter(|(_, new)| *new).map(|(v, _)| v.clone()).collect())
}

/// Laws whose restrictions to the held species are independent: a maximal set of broken ones.
fn independent_parts(
    laws: &[SparseRow],
    held: impl Fn(usize) -> bool,
    species: usize,
) -> Result<Vec<SparseRow>> {
    let part = |law: &SparseRow| law.iter().copied().filter(|(s, _)| held(*s)).collect();
    let parts: Vec<SparseRow> = laws.iter().map(part).collect();
    let new = independent_of(&[], &parts, species)?;
    Ok(laws
        .iter()
        .zip(new)
        .filter(|(_, new)| *new)
        .map(|(law, _)| law.clone())
        .collect())
}

/// Adds laws to each other where that removes negative entries: moieties read better than differences.
pub(crate) fn semi_positive(mut laws: Vec<SparseRow>) -> Vec<SparseRow> {
    for k in 0..laws.len() {
        // each pass lowers the number of negative entries, so it ends
        while let Some(&(worst, amount)) = laws[k].iter().min_by_key(|(_, a)| *a).filter(|(_, a)| *a < 0) {
            let better = laws
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != k)
                .find_map(|(_, other)| {
                    let entry = other.iter().find(|(c, _)| *c == worst)?.1;
                    if entry <= 0 {
                        return None;
                    }
                    let sum = combination(&laws[k], entry, other, -amount);
                    (negatives(&sum) < negatives(&laws[k])).then_some(sum)
                });
            match better {
                Some(sum) => laws[k] = sum,
                None => break,
            }
        }
        if laws[k].iter().all(|(_, a)| *a <= 0) {
            laws[k].iter_mut().for_each(|(_, a)| *a = -*a);
        }
    }
    laws
}

fn negatives(vector: &SparseRow) -> usize {
    vector.iter().filter(|(_, a)| *a < 0).count()
}

/// a u + b v, divided by what the entries share; a > 0, so that it still completes the basis.
fn combination(u: &SparseRow, a: i64, v: &SparseRow, b: i64) -> SparseRow {
    let mut sum: std::collections::BTreeMap<usize, i64> = u.iter().map(|&(c, x)| (c, a * x)).collect();
    for &(c, x) in v {
        *sum.entry(c).or_insert(0) += b * x;
    }
    sum.retain(|_, x| *x != 0);
    let gcd = |mut a: i64, mut b: i64| {
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a.abs()
    };
    let shared = sum.values().fold(0, |g, &x| gcd(g, x)).max(1);
    sum.into_iter().map(|(c, x)| (c, x / shared)).collect()
}

/// Complexes and linkage classes on the species that `kept` admits.
fn graph(system: &ReactionSystem, reactions: &[usize], rank: usize, kept: impl Fn(usize) -> bool) -> Graph {
    let mut index: HashMap<Vec<(usize, u64)>, usize> = HashMap::new();
    let mut pairs = Vec::new();
    for &r in reactions {
        let reaction = &system.reactions()[r];
        let ends = [&reaction.reactants, &reaction.products].map(|side| {
            let mut key: Vec<(usize, u64)> = side
                .iter()
                .filter(|(s, _)| kept(*s))
                .map(|&(s, c)| (s, c.to_bits()))
                .collect();
            key.sort_unstable();
            let next = index.len();
            *index.entry(key).or_insert(next)
        });
        pairs.push(ends);
    }
    let mut sets = petgraph::unionfind::UnionFind::<usize>::new(index.len());
    for [a, b] in pairs {
        sets.union(a, b);
    }
    let classes: HashSet<usize> = sets.into_labeling().into_iter().collect();
    let (complexes, linkage_classes) = (index.len(), classes.len());
    Graph {
        complexes,
        linkage_classes,
        deficiency: complexes.saturating_sub(linkage_classes + rank),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn michaelis_menten(held: bool) -> ReactionSystem {
        let builder = ReactionSystem::builder().species("E").species("ES");
        let builder = if held {
            builder.chemostat("S", 2.0).chemostat("P", 0.1)
        } else {
            builder.species("S").species("P")
        };
        builder
            .mass_action("bind", &[("E", 1.0), ("S", 1.0)], &[("ES", 1.0)], 2.0, 0.5)
            .mass_action("release", &[("ES", 1.0)], &[("E", 1.0), ("P", 1.0)], 1.0, 0.3)
            .build()
            .unwrap()
    }

    #[test]
    fn every_chemostat_breaks_a_law_or_opens_a_cycle() {
        for held in [false, true] {
            let found = structure(&michaelis_menten(held)).unwrap();
            let chemostats = if held { 2 } else { 0 };
            assert_eq!(
                found.broken_conservation_laws.len() + found.emergent_cycles.len(),
                chemostats
            );
            assert_eq!(found.closed_conservation_laws.len(), 2);
            assert!(
                found
                    .closed_conservation_laws
                    .iter()
                    .flatten()
                    .all(|(_, a)| *a > 0)
            );
            assert_eq!(
                found.closed,
                Graph {
                    complexes: 3,
                    linkage_classes: 1,
                    deficiency: 0
                }
            );
        }
    }

    #[test]
    fn the_deficiency_of_the_brusselator_is_one() {
        let system = ReactionSystem::builder()
            .species("X")
            .species("Y")
            .mass_action("in", &[], &[("X", 1.0)], 1.0, 1.0)
            .mass_action("convert", &[("X", 1.0)], &[("Y", 1.0)], 3.0, 0.1)
            .mass_action("auto", &[("X", 2.0), ("Y", 1.0)], &[("X", 3.0)], 1.0, 0.1)
            .build()
            .unwrap();
        let found = structure(&system).unwrap();
        assert_eq!(found.cycles, [vec![(1, 1), (2, 1)]]);
        assert_eq!(found.open.deficiency, 1);
        assert!(found.conservation_laws.is_empty());
    }
}

//! Conservation laws, cycles and deficiency, exactly.

use std::collections::BTreeSet;

use irrev_network::reactions::{structure, structure::Graph};
use irrev_numerics::integer::{SparseRow, null_space};
use irrev_testing::random::cases;
use proptest::collection::vec;
use proptest::prelude::*;

use super::networks::{RandomReactions, WILD, networks};

/// A prime below 2⁶¹: a minor that is not zero is divisible by it with probability 4e-19.
const PRIME: i128 = (1 << 61) - 1;

/// Rank by elimination modulo a prime, which never exceeds the rank and almost surely is it.
fn rank_modulo(rows: &[Vec<i64>]) -> usize {
    let mut rows: Vec<Vec<i128>> = rows
        .iter()
        .map(|r| r.iter().map(|a| i128::from(*a).rem_euclid(PRIME)).collect())
        .collect();
    let columns = rows.first().map_or(0, Vec::len);
    let mut rank = 0;
    for column in 0..columns {
        let Some(pivot) = (rank..rows.len()).find(|r| rows[*r][column] != 0) else {
            continue;
        };
        rows.swap(rank, pivot);
        let (above, below) = rows.split_at_mut(rank + 1);
        let pivot = &above[rank];
        let inverse = power(pivot[column], PRIME - 2);
        for row in below {
            let factor = row[column] * inverse % PRIME;
            for (entry, p) in row.iter_mut().zip(pivot) {
                *entry = (*entry - factor * p).rem_euclid(PRIME);
            }
        }
        rank += 1;
    }
    rank
}

fn power(mut base: i128, mut exponent: i128) -> i128 {
    let mut result = 1;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        exponent >>= 1;
    }
    result
}

fn dense(rows: &[SparseRow], columns: usize) -> Vec<Vec<i64>> {
    let one = |row: &SparseRow| {
        let mut dense = vec![0; columns];
        for &(c, a) in row {
            dense[c] = a;
        }
        dense
    };
    rows.iter().map(one).collect()
}

/// Whether Σ v_i a_i vanishes in whole numbers.
fn annihilates(v: &SparseRow, a: impl Fn(usize) -> i64) -> bool {
    v.iter()
        .map(|&(i, v)| i128::from(v) * i128::from(a(i)))
        .sum::<i128>()
        == 0
}

/// Complexes and their connected components, where species that are not `seen` do not count.
fn graph(network: &RandomReactions, seen: &[bool]) -> (usize, usize) {
    let part = |side: &Vec<(usize, i64)>| side.iter().copied().filter(|(s, _)| seen[*s]).collect::<Vec<_>>();
    let pairs: Vec<_> = network
        .reactions
        .iter()
        .map(|r| (part(&r.0), part(&r.1)))
        .collect();
    let complexes: BTreeSet<_> = pairs.iter().flat_map(|(l, r)| [l.clone(), r.clone()]).collect();
    let mut class: Vec<usize> = (0..complexes.len()).collect();
    let place = |c: &Vec<(usize, i64)>| complexes.iter().position(|other| other == c).unwrap();
    for (left, right) in &pairs {
        let (a, b) = (class[place(left)], class[place(right)]);
        class.iter_mut().filter(|c| **c == b).for_each(|c| *c = a);
    }
    (complexes.len(), class.iter().collect::<BTreeSet<_>>().len())
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn laws_and_cycles_are_exact_complete_and_counted_by_the_rank(network in networks(WILD)) {
        let found = structure(&network.system()).unwrap();
        let columns = network.columns();
        let dynamic: Vec<usize> = (0..network.amounts.len()).filter(|s| !network.held[*s]).collect();
        let open: Vec<Vec<i64>> = columns.iter().map(|c| dynamic.iter().map(|s| c[*s]).collect()).collect();
        let (n, all, reactions) = (dynamic.len(), network.amounts.len(), columns.len());
        prop_assert_eq!(found.rank, rank_modulo(&open));
        prop_assert_eq!(found.closed_rank, rank_modulo(&columns));
        prop_assert_eq!(found.conservation_laws.len(), n - found.rank);
        prop_assert_eq!(found.closed_conservation_laws.len(), all - found.closed_rank);
        prop_assert_eq!(found.cycles.len(), reactions - found.rank);
        for law in &found.conservation_laws {
            prop_assert!(open.iter().all(|column| annihilates(law, |i| column[i])));
        }
        for law in &found.closed_conservation_laws {
            prop_assert!(columns.iter().all(|column| annihilates(law, |i| column[i])));
        }
        for cycle in &found.cycles {
            prop_assert!((0..n).all(|i| annihilates(cycle, |r| open[r][i])));
        }
        // bases, not just sets
        prop_assert_eq!(rank_modulo(&dense(&found.conservation_laws, n)), n - found.rank);
        prop_assert_eq!(rank_modulo(&dense(&found.cycles, reactions)), reactions - found.rank);
        for (cycle, chord) in found.cycles.iter().zip(&found.cycle_chords) {
            prop_assert!(cycle.iter().any(|(r, _)| r == chord));
            prop_assert_eq!(found.cycles.iter().filter(|c| c.iter().any(|(r, _)| r == chord)).count(), 1);
        }
    }

    #[test]
    fn every_chemostat_breaks_a_law_or_makes_a_cycle(network in networks(WILD)) {
        let found = structure(&network.system()).unwrap();
        let held = network.held.iter().filter(|h| **h).count();
        // a held species that no reaction changes still breaks the law that it is conserved
        prop_assert_eq!(held, found.broken_conservation_laws.len() + found.emergent_cycles.len());
        let columns = network.columns();
        for cycle in &found.emergent_cycles {
            // it leaves what is dynamic, and changes something that is held
            let changes = |s: usize| !annihilates(cycle, |r| columns[r][s]);
            prop_assert!((0..network.amounts.len()).all(|s| network.held[s] || !changes(s)));
            prop_assert!((0..network.amounts.len()).any(|s| network.held[s] && changes(s)));
        }
        for law in &found.broken_conservation_laws {
            prop_assert!(law.iter().any(|(s, _)| network.held[*s]));
        }
    }

    #[test]
    fn the_deficiency_counts_cycles_that_are_no_paths(network in networks(WILD)) {
        let found = structure(&network.system()).unwrap();
        let seen_all = vec![true; network.amounts.len()];
        let seen_dynamic: Vec<bool> = network.held.iter().map(|h| !h).collect();
        for (seen, rank, got) in [(seen_all, found.closed_rank, found.closed), (seen_dynamic, found.rank, found.open)] {
            let (complexes, linkage_classes) = graph(&network, &seen);
            // S = Y B has at most the rank of B, which is complexes − classes
            prop_assert!(complexes - linkage_classes >= rank);
            prop_assert_eq!(got, Graph { complexes, linkage_classes, deficiency: complexes - linkage_classes - rank });
        }
    }

    #[test]
    fn null_spaces_of_rank_deficient_rational_matrices_are_exact(
        (left, right) in (1..=7_usize, 1..=9_usize, 1..=4_usize).prop_flat_map(|(m, n, r)| (vec(vec(-3..=3_i64, r), m), vec(vec(-3..=3_i64, n), r))),
        denominators in vec(1..=12_i64, 7),
    ) {
        let n = right[0].len();
        let product: Vec<Vec<i64>> = left.iter().map(|row| (0..n).map(|c| row.iter().zip(&right).map(|(a, b)| a * b[c]).sum()).collect()).collect();
        // each row over a denominator of its own
        let rows: Vec<Vec<(usize, f64)>> = product.iter().zip(&denominators).map(|(row, d)| {
            row.iter().enumerate().filter(|(_, a)| **a != 0).map(|(c, a)| (c, *a as f64 / *d as f64)).collect()
        }).collect();
        let space = null_space(&rows, n).unwrap();
        prop_assert_eq!(space.rank, rank_modulo(&product));
        prop_assert!(space.rank <= right.len());
        prop_assert_eq!(space.basis.len(), n - space.rank);
        for v in &space.basis {
            prop_assert!(product.iter().all(|row| annihilates(v, |c| row[c])));
        }
        prop_assert_eq!(rank_modulo(&dense(&space.basis, n)), n - space.rank);
        // the independent columns are
        let kept: Vec<Vec<i64>> = product.iter().map(|row| space.independent.iter().map(|c| row[*c]).collect()).collect();
        prop_assert_eq!(rank_modulo(&kept), space.rank);
    }
}

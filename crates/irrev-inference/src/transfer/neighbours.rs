//! Terms of the nearest-neighbour estimator of transfer entropy, one for each sample.

use irrev_numerics::run::Run;
use rayon::prelude::*;

use super::histories::Histories;
use super::tree::{Search, Tree};
use crate::error::Result;
use crate::special::digamma_table;

/// Samples that one task takes.
const CHUNK: usize = 256;

/// Terms in the order of the samples, and how many samples have their k-th neighbour at distance zero.
pub(super) struct Terms {
    pub(super) terms: Vec<f64>,
    pub(super) ties: usize,
}

/// Numbers of points closer than a distance in one dimension: bisection in the sorted values.
struct Line(Vec<f64>);

impl Line {
    fn closer(&self, x: f64, distance: f64) -> usize {
        // the same differences as between pairs, so that rounding decides the same way
        let low = self.0.partition_point(|&v| x - v >= distance);
        let high = self.0.partition_point(|&v| v - x < distance);
        high.saturating_sub(low)
    }
}

/// Own past: a line for one step, a tree for more.
enum Own {
    Line(Line),
    Tree(Tree),
}

/// ψ(k) + ψ(n_own + 1) − ψ(n_own,next + 1) − ψ(n_own,source + 1) of every sample, n = other samples strictly closer than the k-th neighbour in
/// (next, own, source), maximum norm.
pub(super) fn terms(histories: &Histories, k: usize, run: &Run) -> Result<Terms> {
    let n = histories.samples();
    let own: Vec<&[f64]> = histories.own.iter().map(Vec::as_slice).collect();
    let source = histories.source.iter().map(Vec::as_slice);
    // (next, own, source): leading columns are (next, own), trailing ones (own, source)
    let all: Vec<&[f64]> = [histories.next.as_slice()]
        .into_iter()
        .chain(own.iter().copied())
        .chain(source)
        .collect();
    let with_next = own.len() + 1;
    let full = Tree::new(&all);
    let next_tree = Tree::new(&all[..with_next]);
    let source_tree = Tree::new(&all[1..]);
    let own_space = if own.len() == 1 {
        let mut sorted = own[0].to_vec();
        sorted.sort_by(f64::total_cmp);
        Own::Line(Line(sorted))
    } else {
        Own::Tree(Tree::new(&own))
    };
    let psi = digamma_table(n + 1);
    let term = |i: u32, point: &mut Vec<f64>, search: &mut Search| {
        point.clear();
        point.extend(all.iter().map(|column| column[i as usize]));
        let distance = full.nearest(point, i, k, search);
        // the point itself is strictly closer than any positive distance
        let itself = usize::from(distance > 0.0);
        let own_point = &point[1..with_next];
        let in_own = match &own_space {
            Own::Line(line) => line.closer(own_point[0], distance),
            Own::Tree(tree) => tree.closer(own_point, distance, search),
        };
        let in_next = next_tree.closer(&point[..with_next], distance, search);
        let in_source = source_tree.closer(&point[1..], distance, search);
        let value = |count: usize| psi[count - itself + 1];
        (
            psi[k] + value(in_own) - value(in_next) - value(in_source),
            distance == 0.0,
        )
    };
    let order = full.order();
    let by_place: Vec<(f64, bool)> = run.install(|| {
        order
            .par_chunks(CHUNK)
            .flat_map_iter(|chunk| {
                let (mut point, mut search) = (Vec::new(), Search::default());
                let values: Vec<(f64, bool)> =
                    chunk.iter().map(|&i| term(i, &mut point, &mut search)).collect();
                values
            })
            .collect()
    })?;
    let mut terms = vec![0.0; n];
    let mut ties = 0;
    for (&i, &(value, tied)) in order.iter().zip(&by_place) {
        terms[i as usize] = value;
        ties += usize::from(tied);
    }
    Ok(Terms { terms, ties })
}

//! Coordinates of a stoichiometric class: the amounts of independent species, which give the changes of all others by conservation.

use irrev_numerics::integer::{SparseRow, null_space};
use irrev_numerics::sum::compensated_sum;

use super::super::mobility::Mobility;
use crate::error::Result;
use crate::reactions::structure::semi_positive;

/// Amounts that a conservation law may gain or lose as a matter of rounding, relative to its terms.
const ROUNDING: f64 = 1e-10;

/// All states that reactions can reach from one another.
#[derive(Debug, Clone)]
pub(super) struct Class {
    /// Independent states.
    pub(super) independent: Vec<usize>,
    /// Place of every state among the independent ones.
    pub(super) places: Vec<Option<usize>>,
    /// Change of every state as (place, coefficient) over the changes of the independent ones.
    pub(super) rows: Vec<Vec<(usize, f64)>>,
    /// Conserved combinations, (state, coefficient).
    pub(super) laws: Vec<SparseRow>,
}

/// A conserved amount that differs between two states.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) law: SparseRow,
    pub(super) from: f64,
    pub(super) to: f64,
}

impl Class {
    /// The class of a network; where stoichiometry leaves a choice, states of small size are independent, so that none of them is a difference of
    /// large ones.
    ///
    /// # Errors
    /// As [`null_space`], for coefficients that are no fractions.
    pub(super) fn new(mobility: &Mobility, sizes: &[f64]) -> Result<Self> {
        let n = mobility.states;
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|a, b| sizes[*a].total_cmp(&sizes[*b]));
        let mut rank = vec![0; n];
        for (k, &state) in order.iter().enumerate() {
            rank[state] = k;
        }
        let changes: Vec<Vec<(usize, f64)>> = mobility
            .bundles
            .iter()
            .map(|b| b.change.iter().map(|&(state, c)| (rank[state], c)).collect())
            .collect();
        let space = null_space(&changes, n)?;
        let mut independent: Vec<usize> = space.independent.iter().map(|k| order[*k]).collect();
        independent.sort_unstable();
        let mut places = vec![None; n];
        for (place, &state) in independent.iter().enumerate() {
            places[state] = Some(place);
        }
        let mut rows: Vec<Vec<(usize, f64)>> = places
            .iter()
            .map(|place| place.map(|place| (place, 1.0)).into_iter().collect())
            .collect();
        let mut laws = Vec::with_capacity(space.basis.len());
        for (law, &free) in space.basis.iter().zip(&space.free) {
            let own = law.iter().find(|(k, _)| *k == free).map_or(1, |(_, a)| *a) as f64;
            rows[order[free]] = law
                .iter()
                .filter_map(|&(k, a)| places[order[k]].map(|place| (place, -(a as f64) / own)))
                .collect();
            let mut law: SparseRow = law.iter().map(|&(k, a)| (order[k], a)).collect();
            law.sort_unstable();
            laws.push(law);
        }
        Ok(Self {
            independent,
            places,
            rows,
            laws: semi_positive(laws),
        })
    }

    /// Number of independent directions.
    pub(super) fn dimension(&self) -> usize {
        self.independent.len()
    }

    /// The law by which two states are farthest from one class, if any is broken by more than rounding.
    pub(super) fn broken_law(&self, from: &[f64], to: &[f64]) -> Option<Broken> {
        let part = |law: &SparseRow| {
            let value = |x: &[f64]| compensated_sum(law.iter().map(|&(i, a)| a as f64 * x[i]));
            let size: f64 = law
                .iter()
                .map(|&(i, a)| (a as f64).abs() * (from[i] + to[i]))
                .sum();
            let (start, end) = (value(from), value(to));
            (((end - start) / size).abs(), start, end)
        };
        let judged = self.laws.iter().map(|law| (law, part(law)));
        let broken = judged.filter(|(_, (off, ..))| *off > ROUNDING);
        let worst = broken.max_by(|a, b| a.1.0.total_cmp(&b.1.0));
        worst.map(|(law, (_, from, to))| Broken {
            law: law.clone(),
            from,
            to,
        })
    }

    /// Changes of all states from those of the independent ones.
    pub(super) fn expanded(&self, change: &[f64]) -> Vec<f64> {
        let row = |row: &Vec<(usize, f64)>| row.iter().map(|&(place, c)| c * change[place]).sum();
        self.rows.iter().map(row).collect()
    }

    /// Entries of the independent states.
    pub(super) fn restricted(&self, x: &[f64]) -> Vec<f64> {
        self.independent.iter().map(|state| x[*state]).collect()
    }

    /// Derivative by the independent states from that by all.
    pub(super) fn pulled_back(&self, by_all: &[f64]) -> Vec<f64> {
        let mut gradient = vec![0.0; self.dimension()];
        for (row, by) in self.rows.iter().zip(by_all) {
            for &(place, c) in row {
                gradient[place] += c * by;
            }
        }
        gradient
    }

    /// The state of the class of `anchor` with the independent amounts of x.
    pub(super) fn with_independent(&self, anchor: &[f64], x: &[f64]) -> Vec<f64> {
        let change: Vec<f64> = self.independent.iter().map(|i| x[*i] - anchor[*i]).collect();
        let mut found: Vec<f64> = anchor
            .iter()
            .zip(self.expanded(&change))
            .map(|(a, d)| a + d)
            .collect();
        for &state in &self.independent {
            found[state] = x[state];
        }
        found
    }
}

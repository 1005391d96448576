//! Supplies that sum to zero on every component.

use super::Obstacle;
use super::forest::Forest;
use crate::sum::CompensatedSum;

/// Balanced supplies.
pub(super) struct Balance {
    pub(super) supply: Vec<f64>,
    /// Mismatch taken away, summed over components.
    pub(super) removed: f64,
}

impl Balance {
    /// Scales down the larger side of every component whose supplies do not cancel; an obstacle if more than `accepted` would go.
    pub(super) fn new(forest: &Forest, supply: &[f64], accepted: f64) -> Result<Self, Obstacle> {
        let mut given = vec![CompensatedSum::default(); forest.components];
        let mut wanted = vec![CompensatedSum::default(); forest.components];
        for (&s, &c) in supply.iter().zip(&forest.component) {
            let side = if s > 0.0 { &mut given } else { &mut wanted };
            side[c as usize].add(s.abs());
        }
        let sides: Vec<(f64, f64)> = given
            .iter()
            .zip(&wanted)
            .map(|(g, w)| (g.value(), w.value()))
            .collect();
        let worst = sides
            .iter()
            .enumerate()
            .max_by(|(_, a), (_, b)| (a.0 - a.1).abs().total_cmp(&(b.0 - b.1).abs()));
        if let Some((c, (given, wanted))) = worst
            && (given - wanted).abs() > accepted
        {
            let nodes = (0..supply.len())
                .filter(|&x| forest.component[x] as usize == c)
                .collect();
            return Err(Obstacle {
                nodes,
                surplus: given - wanted,
            });
        }
        let scaled = |(&s, &c): (&f64, &u32)| {
            let (given, wanted) = sides[c as usize];
            let (own, other) = if s > 0.0 { (given, wanted) } else { (wanted, given) };
            if own > other { s * (other / own) } else { s }
        };
        Ok(Self {
            supply: supply.iter().zip(&forest.component).map(scaled).collect(),
            removed: sides.iter().map(|(g, w)| (g - w).abs()).sum(),
        })
    }
}

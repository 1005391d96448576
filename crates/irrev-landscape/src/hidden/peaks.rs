//! Peaks of a density on a grid, and how far each stands out: persistent homology in dimension 0.
//!
//! Lowered from above, a level meets a peak at its height; at a saddle two hills join, and the lower of the two peaks ends there. Height less saddle is the
//! peak's persistence. If the density is nowhere off by more than ε, persistences are off by at most 2ε, so that a peak of more is no noise.
//!
//! Sources: H. Edelsbrunner and J. Harer, Computational Topology (2010), chapter VII; B. T. Fasy et al., Ann. Stat. 42, 2301 (2014).

use crate::error::{Error, Result};

/// Which cells at the ends of a grid of two dimensions are neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topology {
    /// None: a rectangle.
    Plane,
    /// Those at the ends of the first axis, which is a circle.
    Cylinder,
}

/// A peak of a density.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Peak {
    /// Its cell along either axis.
    pub cell: [usize; 2],
    /// Density there.
    pub height: f64,
    /// Density at the saddle to a higher peak; 0 for the highest.
    pub saddle: f64,
}

impl Peak {
    /// Height less saddle.
    #[must_use]
    pub fn persistence(&self) -> f64 {
        self.height - self.saddle
    }
}

/// All peaks of a density on a grid of `shape` cells, the last axis running fastest, by falling persistence; cells touch their eight neighbours. Values that are
/// not positive, or NaN, belong to no hill. O(n log n).
///
/// ```
/// use irrev_landscape::hidden::{Topology, peaks};
/// let found = peaks(&[1.0, 3.0, 1.5, 2.0, 0.0], [1, 5], Topology::Plane)?;
/// assert_eq!((found[0].height, found[1].height, found[1].saddle), (3.0, 2.0, 1.5));
/// # Ok::<(), irrev_landscape::Error>(())
/// ```
///
/// # Errors
/// [`Error::Size`] unless there is a value for each cell.
pub fn peaks(density: &[f64], shape: [usize; 2], topology: Topology) -> Result<Vec<Peak>> {
    Error::require_size("a density on a grid", density.len(), shape[0] * shape[1])?;
    let mut order: Vec<usize> = (0..density.len()).filter(|cell| density[*cell] > 0.0).collect();
    order.sort_by(|a, b| density[*b].total_cmp(&density[*a]).then(a.cmp(b)));
    // hill of each cell that is above the level: the cell of its peak, found by following links
    let mut link: Vec<Option<usize>> = vec![None; density.len()];
    let mut found = Vec::new();
    let end = |peak: usize, saddle: f64| Peak {
        cell: [peak / shape[1], peak % shape[1]],
        height: density[peak],
        saddle,
    };
    for cell in order {
        link[cell] = Some(cell);
        for other in neighbours(cell, shape, topology) {
            if link[other].is_none() {
                continue;
            }
            let (a, b) = (root(&mut link, cell), root(&mut link, other));
            if a == b {
                continue;
            }
            // cells come by falling density, and equal ones by their number: of two peaks the one that came first is the elder
            let first_is_elder = density[a].total_cmp(&density[b]).then(b.cmp(&a)).is_gt();
            let (elder, younger) = if first_is_elder { (a, b) } else { (b, a) };
            if density[younger] > density[cell] {
                found.push(end(younger, density[cell]));
            }
            link[younger] = Some(elder);
        }
    }
    found.extend(
        (0..density.len())
            .filter(|cell| link[*cell] == Some(*cell))
            .map(|cell| end(cell, 0.0)),
    );
    found.sort_by(|a, b| b.persistence().total_cmp(&a.persistence()));
    Ok(found)
}

/// The peak of a cell's hill; links on the way are halved.
fn root(link: &mut [Option<usize>], mut cell: usize) -> usize {
    while let Some(next) = link[cell].filter(|next| *next != cell) {
        link[cell] = link[next];
        cell = next;
    }
    cell
}

fn neighbours(cell: usize, shape: [usize; 2], topology: Topology) -> impl Iterator<Item = usize> {
    let (i, j) = (cell / shape[1], cell % shape[1]);
    let rows = [i.checked_sub(1), Some(i), Some(i + 1).filter(|i| *i < shape[0])];
    let round = match topology {
        Topology::Plane => None,
        Topology::Cylinder if i == 0 => Some(shape[0] - 1),
        Topology::Cylinder => (i + 1 == shape[0]).then_some(0),
    };
    let columns = j.saturating_sub(1)..(j + 2).min(shape[1]);
    rows.into_iter()
        .flatten()
        .chain(round)
        .flat_map(move |row| columns.clone().map(move |column| row * shape[1] + column))
        .filter(move |other| *other != cell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn flat_tops_are_one_peak_and_separate_islands_end_at_zero() {
        let flat = [0.0, 2.0, 2.0, 0.0, 0.0, 1.0, 1.0];
        let found = peaks(&flat, [1, 7], Topology::Plane).unwrap();
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|peak| peak.saddle == 0.0));
        assert!(peaks(&[f64::NAN; 4], [2, 2], Topology::Plane).unwrap().is_empty());
        assert!(matches!(
            peaks(&[1.0], [2, 2], Topology::Plane),
            Err(Error::Size { .. })
        ));
    }

    #[test]
    fn a_hill_across_the_ends_of_a_circle_is_one() {
        let ring = [3.0, 1.0, 0.5, 1.0, 2.5];
        let count = |topology| peaks(&ring, [5, 1], topology).unwrap().len();
        assert_eq!((count(Topology::Plane), count(Topology::Cylinder)), (2, 1));
    }

    proptest! {
        #[test]
        fn persistences_move_by_at_most_twice_the_change(
            values in prop::collection::vec(0.1..1.0_f64, 30),
            change in prop::collection::vec(-0.02..0.02_f64, 30),
        ) {
            let changed: Vec<f64> = values.iter().zip(&change).map(|(a, b)| a + b).collect();
            // what persists by more than 0.08 + 0.04 in one persists by more than 0.08 in the other
            let count = |values: &[f64], least: f64| {
                peaks(values, [5, 6], Topology::Plane).unwrap().iter().filter(|peak| peak.persistence() > least).count()
            };
            prop_assert!(count(&changed, 0.08) >= count(&values, 0.12));
            prop_assert!(count(&values, 0.08) >= count(&changed, 0.12));
        }
    }
}

//! Chains, ladders, square and hexagonal lattices.

use super::{Geometry, Lattice, require_sites};
use crate::error::{Error, Result};

/// What happens at the end of a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Boundary {
    /// The lattice ends.
    Open,
    /// The last site is joined with the first.
    Periodic,
}

/// A site of the unit cell, and a bond from it: (from, to, cells to the right, cells up).
type CellBond = (usize, usize, usize, usize);

/// A lattice vector or a position.
type Vector = [f64; 2];

impl Lattice {
    /// Sites 0 to length − 1 in a row, or in a ring.
    ///
    /// # Errors
    /// [`Error::NoSites`], [`Error::TooManySites`].
    ///
    /// ```
    /// use irrev_quantum::lattice::{Boundary, Lattice};
    /// assert_eq!(Lattice::chain(3, Boundary::Open)?.bonds(), [(0, 1), (1, 2)]);
    /// assert_eq!(Lattice::chain(3, Boundary::Periodic)?.bonds(), [(0, 1), (0, 2), (1, 2)]);
    /// # Ok::<(), irrev_quantum::Error>(())
    /// ```
    pub fn chain(length: usize, boundary: Boundary) -> Result<Self> {
        Self::square([length, 1], [boundary, Boundary::Open])
    }

    /// Chains side by side, joined by rungs; site x + length · leg. The legs end where they end, the length may be closed.
    ///
    /// # Errors
    /// [`Error::NoSites`], [`Error::TooManySites`].
    ///
    /// ```
    /// use irrev_quantum::lattice::{Boundary, Lattice};
    /// assert_eq!(Lattice::ladder(4, 2, Boundary::Open)?.bonds().len(), 3 + 3 + 4);
    /// # Ok::<(), irrev_quantum::Error>(())
    /// ```
    pub fn ladder(length: usize, legs: usize, boundary: Boundary) -> Result<Self> {
        Self::square([length, legs], [boundary, Boundary::Open])
    }

    /// Square lattice of n_x × n_y sites; site x + n_x y.
    ///
    /// # Errors
    /// [`Error::NoSites`], [`Error::TooManySites`].
    pub fn square(shape: [usize; 2], boundaries: [Boundary; 2]) -> Result<Self> {
        let bonds = [(0, 0, 1, 0), (0, 0, 0, 1)];
        Self::of_cells(
            shape,
            boundaries,
            &[[1.0, 0.0], [0.0, 1.0]],
            &[[0.0, 0.0]],
            &bonds,
        )
    }

    /// Hexagonal lattice (honeycomb) of n_x × n_y cells with two sites each, three bonds a site; site 2 (x + n_x y) + s with s = 0, 1.
    ///
    /// # Errors
    /// [`Error::NoSites`], [`Error::TooManySites`].
    ///
    /// ```
    /// use irrev_quantum::lattice::{Boundary, Lattice};
    /// let torus = Lattice::hexagonal([3, 3], [Boundary::Periodic; 2])?;
    /// assert_eq!((torus.sites(), torus.bonds().len()), (18, 27));
    /// # Ok::<(), irrev_quantum::Error>(())
    /// ```
    pub fn hexagonal(shape: [usize; 2], boundaries: [Boundary; 2]) -> Result<Self> {
        let height = 3.0_f64.sqrt();
        let bonds = [(0, 1, 0, 0), (1, 0, 1, 0), (1, 0, 0, 1)];
        // three bonds of length 1 around each site
        let vectors = [[1.5, -0.5 * height], [1.5, 0.5 * height]];
        Self::of_cells(shape, boundaries, &vectors, &[[0.0, 0.0], [1.0, 0.0]], &bonds)
    }

    fn of_cells(
        shape: [usize; 2],
        boundaries: [Boundary; 2],
        vectors: &[Vector; 2],
        cell: &[Vector],
        cell_bonds: &[CellBond],
    ) -> Result<Self> {
        let [nx, ny] = shape;
        let sites = nx.checked_mul(ny).and_then(|n| n.checked_mul(cell.len()));
        let sites = sites.ok_or(Error::TooManySites { sites: usize::MAX })?;
        require_sites(sites)?;
        let place = |x: usize, y: usize, s: usize| cell.len() * (x + nx * y) + s;
        let step = |at: usize, by: usize, along: usize| match boundaries[along] {
            Boundary::Open => Some(at + by).filter(|to| *to < shape[along]),
            Boundary::Periodic => Some((at + by) % shape[along]),
        };
        let mut bonds = Vec::new();
        let mut positions = Vec::new();
        for y in 0..ny {
            for x in 0..nx {
                for (s, offset) in cell.iter().enumerate() {
                    positions.push(combination(*offset, [x as f64, y as f64], vectors));
                    for &(_, to, right, up) in cell_bonds.iter().filter(|bond| bond.0 == s) {
                        let (Some(x1), Some(y1)) = (step(x, right, 0), step(y, up, 1)) else {
                            continue;
                        };
                        let (i, j) = (place(x, y, s), place(x1, y1, to));
                        if i != j {
                            bonds.push((i.min(j), i.max(j)));
                        }
                    }
                }
            }
        }
        bonds.sort_unstable();
        bonds.dedup();
        let periods = (0..2)
            .filter(|along| boundaries[*along] == Boundary::Periodic)
            .map(|along| vectors[along].map(|v| v * shape[along] as f64))
            .collect();
        Ok(Self {
            sites,
            bonds,
            positions,
            geometry: Geometry::Periods(periods),
        })
    }
}

fn combination(offset: Vector, cells: [f64; 2], vectors: &[Vector; 2]) -> Vector {
    [0, 1].map(|k| offset[k] + cells[0] * vectors[0][k] + cells[1] * vectors[1][k])
}

#[cfg(test)]
mod tests {
    use super::*;
    use Boundary::{Open, Periodic};

    #[test]
    fn short_periodic_directions_give_each_bond_once() {
        assert_eq!(Lattice::chain(1, Periodic).unwrap().bonds(), []);
        assert_eq!(Lattice::chain(2, Periodic).unwrap().bonds(), [(0, 1)]);
        assert_eq!(Lattice::square([4, 4], [Periodic; 2]).unwrap().bonds().len(), 32);
        assert_eq!(
            Lattice::square([2, 3], [Periodic; 2]).unwrap().bonds().len(),
            3 + 6
        );
        assert_eq!(
            Lattice::hexagonal([1, 1], [Periodic; 2]).unwrap().bonds(),
            [(0, 1)]
        );
    }

    #[test]
    fn a_lattice_that_is_too_large_is_refused() {
        let error = |shape| Lattice::square(shape, [Open; 2]).unwrap_err();
        assert_eq!(error([5, 13]), Error::TooManySites { sites: 65 });
        assert_eq!(error([usize::MAX, 3]), Error::TooManySites { sites: usize::MAX });
        assert_eq!(error([0, 3]), Error::NoSites);
    }

    #[test]
    fn bonds_of_open_lattices_have_length_one() {
        for lattice in [
            Lattice::square([4, 3], [Open; 2]).unwrap(),
            Lattice::hexagonal([3, 2], [Open; 2]).unwrap(),
        ] {
            for &(i, j) in lattice.bonds() {
                let [a, b] = [lattice.positions()[i], lattice.positions()[j]];
                assert!(((a[0] - b[0]).hypot(a[1] - b[1]) - 1.0).abs() < 1e-14);
            }
        }
    }
}

//! Mirror images of a lattice in space.

use super::Lattice;

/// Positions closer than this are the same site.
const SAME: f64 = 1e-6;

impl Lattice {
    /// Permutations of the sites that mirror the lattice: across the middle of each axis, and across the diagonal; `permutation[i]` is the image of site i. Those that map a site
    /// beside the lattice, or leave all sites where they are, are left out. A lattice given by its bonds is mirrored as it lies in pictures.
    ///
    /// Which of them leave a Hamiltonian as it is depends on its numbers; see [`crate::diagonalise::Symmetries::of_lattice`].
    ///
    /// ```
    /// use irrev_quantum::lattice::{Boundary, Lattice};
    /// assert_eq!(Lattice::chain(3, Boundary::Open)?.mirrors(), [[2, 1, 0]]);
    /// assert_eq!(Lattice::square([2, 2], [Boundary::Open; 2])?.mirrors().len(), 3);
    /// # Ok::<(), irrev_quantum::Error>(())
    /// ```
    #[must_use]
    pub fn mirrors(&self) -> Vec<Vec<usize>> {
        let ends = |axis: usize| {
            let along = self.positions().iter().map(|position| position[axis]);
            let [low, high] = along.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], x| {
                [low.min(x), high.max(x)]
            });
            low + high
        };
        let (x, y) = (ends(0), ends(1));
        let images: [&dyn Fn([f64; 2]) -> [f64; 2]; 3] =
            [&|p| [x - p[0], p[1]], &|p| [p[0], y - p[1]], &|p| [p[1], p[0]]];
        let identity: Vec<usize> = (0..self.sites()).collect();
        let mut found: Vec<Vec<usize>> = Vec::new();
        for image in images {
            let at = |place: [f64; 2]| {
                let near = |q: &[f64; 2]| (q[0] - place[0]).abs() < SAME && (q[1] - place[1]).abs() < SAME;
                self.positions().iter().position(near)
            };
            let permutation: Option<Vec<usize>> = self.positions().iter().map(|p| at(image(*p))).collect();
            if let Some(permutation) = permutation
                && !self.positions().is_empty()
                && permutation != identity
                && !found.contains(&permutation)
            {
                found.push(permutation);
            }
        }
        found
    }
}

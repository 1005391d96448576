//! Distances: along bonds, and in space.

use std::collections::VecDeque;

use super::{Geometry, Lattice};
use crate::error::{Error, Result};

/// Distances closer than this, in units of a bond, are the same distance.
const SAME: f64 = 1e-9;

impl Lattice {
    /// Fewest bonds from any of the given sites to every site; `None` where no path leads.
    ///
    /// # Errors
    /// [`Error::Site`] for a site that does not exist.
    ///
    /// ```
    /// use irrev_quantum::lattice::Lattice;
    /// let lattice = Lattice::from_bonds(4, &[(0, 1), (1, 2)])?;
    /// assert_eq!(lattice.distances(&[0])?, [Some(0), Some(1), Some(2), None]);
    /// # Ok::<(), irrev_quantum::Error>(())
    /// ```
    pub fn distances(&self, from: &[usize]) -> Result<Vec<Option<usize>>> {
        if let Some(&site) = from.iter().find(|site| **site >= self.sites) {
            return Err(Error::Site {
                what: "a start of distances".into(),
                site,
                sites: self.sites,
            });
        }
        let mut neighbours = vec![Vec::new(); self.sites];
        for &(i, j) in &self.bonds {
            neighbours[i].push(j);
            neighbours[j].push(i);
        }
        let mut distances = vec![None; self.sites];
        let mut reached: VecDeque<(usize, usize)> = from.iter().map(|&site| (site, 0)).collect();
        while let Some((site, distance)) = reached.pop_front() {
            if distances[site].is_none() {
                distances[site] = Some(distance);
                reached.extend(neighbours[site].iter().map(|&next| (next, distance + 1)));
            }
        }
        Ok(distances)
    }

    /// Pairs of sites at the n-th shortest distance in space, n ≥ 1, each once: nearest neighbours, next-nearest ones and so on. Around a periodic direction the
    /// shorter way counts. Empty if there are not that many distances.
    ///
    /// # Errors
    /// [`Error::NoGeometry`] for a lattice given by its bonds; [`Error::Domain`] for n = 0.
    ///
    /// ```
    /// use irrev_quantum::lattice::{Boundary, Lattice};
    /// let square = Lattice::square([4, 4], [Boundary::Periodic; 2])?;
    /// assert_eq!(square.shell(1)?, square.bonds());
    /// assert_eq!(square.shell(2)?.len(), 32);                           // diagonals
    /// # Ok::<(), irrev_quantum::Error>(())
    /// ```
    pub fn shell(&self, n: usize) -> Result<Vec<(usize, usize)>> {
        let Geometry::Periods(periods) = &self.geometry else {
            return Err(Error::NoGeometry);
        };
        Error::require(
            "shell",
            n as f64,
            n >= 1,
            "1 for nearest neighbours, 2 for the next",
        )?;
        let mut pairs = Vec::new();
        for j in 0..self.sites {
            for i in 0..j {
                pairs.push((self.distance_in_space(i, j, periods), i, j));
            }
        }
        let mut lengths: Vec<f64> = pairs.iter().map(|pair| pair.0).collect();
        lengths.sort_by(f64::total_cmp);
        lengths.dedup_by(|a, b| *a - *b < SAME);
        let Some(length) = lengths.get(n - 1) else {
            return Ok(Vec::new());
        };
        let mut shell: Vec<_> = pairs
            .iter()
            .filter(|pair| (pair.0 - length).abs() < SAME)
            .map(|&(_, i, j)| (i, j))
            .collect();
        shell.sort_unstable();
        Ok(shell)
    }

    fn distance_in_space(&self, i: usize, j: usize, periods: &[[f64; 2]]) -> f64 {
        let [a, b] = [self.positions[i], self.positions[j]];
        let mut images = vec![[b[0] - a[0], b[1] - a[1]]];
        for period in periods {
            let shifted = |image: &[f64; 2], by: f64| [image[0] + by * period[0], image[1] + by * period[1]];
            images = images
                .iter()
                .flat_map(|image| [-1.0, 0.0, 1.0].map(|by| shifted(image, by)))
                .collect();
        }
        images
            .iter()
            .map(|d| d[0].hypot(d[1]))
            .fold(f64::INFINITY, f64::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lattice::Boundary::{Open, Periodic};

    #[test]
    fn nearest_neighbours_in_space_are_the_bonds() {
        for lattice in [
            Lattice::chain(7, Periodic).unwrap(),
            Lattice::ladder(5, 2, Open).unwrap(),
            Lattice::square([3, 4], [Periodic, Open]).unwrap(),
            Lattice::hexagonal([3, 3], [Periodic; 2]).unwrap(),
            Lattice::hexagonal([2, 4], [Open; 2]).unwrap(),
        ] {
            assert_eq!(lattice.shell(1).unwrap(), lattice.bonds());
        }
    }

    #[test]
    fn further_neighbours_of_a_short_ring_are_merged() {
        let ring = Lattice::chain(4, Periodic).unwrap();
        assert_eq!(ring.shell(2).unwrap(), [(0, 2), (1, 3)]);
        assert_eq!(ring.shell(3).unwrap(), []);
        assert!(ring.shell(0).is_err());
    }

    #[test]
    fn a_list_of_bonds_has_no_shells() {
        let triangle = Lattice::from_bonds(3, &[(0, 1), (1, 2), (0, 2)]).unwrap();
        assert_eq!(triangle.shell(1), Err(Error::NoGeometry));
    }
}

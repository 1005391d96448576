//! Lattices: sites 0 to L − 1, the bonds that join them, where the sites lie, and how far they are from each other.
//!
//! A bond is an unordered pair of different sites. Builders of regular lattices list every bond once: a periodic direction of length 2 closes on the bond
//! that is there already, and one of length 1 would join a site with itself and gives none. Bonds that a user lists are kept as they are, repeated ones
//! too (their couplings add).
//!
//! Sites are bits of a 64-bit word, so that a lattice has at most 64 of them.

mod distance;
mod flux;
mod mirrors;
mod shapes;

pub use flux::landau_phases;
pub use shapes::Boundary;

use crate::error::{Error, Result};

/// Largest number of sites: the bits of a word.
pub const MOST_SITES: usize = 64;

/// Sites, bonds and positions.
///
/// ```
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// let torus = Lattice::square([3, 3], [Boundary::Periodic; 2])?;
/// assert_eq!((torus.sites(), torus.bonds().len()), (9, 18));
/// let small = Lattice::square([2, 2], [Boundary::Periodic; 2])?;       // wrapping adds nothing new
/// assert_eq!(small.bonds(), Lattice::square([2, 2], [Boundary::Open; 2])?.bonds());
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Lattice {
    sites: usize,
    bonds: Vec<(usize, usize)>,
    positions: Vec<[f64; 2]>,
    geometry: Geometry,
}

/// What distances in space mean.
#[derive(Debug, Clone, PartialEq)]
enum Geometry {
    /// Positions serve pictures only.
    None,
    /// Positions modulo the given vectors.
    Periods(Vec<[f64; 2]>),
}

impl Lattice {
    /// A lattice from its bonds, as listed; sites lie on a circle in pictures.
    ///
    /// # Errors
    /// [`Error::NoSites`], [`Error::TooManySites`], [`Error::SelfBond`], [`Error::Site`].
    pub fn from_bonds(sites: usize, bonds: &[(usize, usize)]) -> Result<Self> {
        require_sites(sites)?;
        require_bonds(sites, bonds)?;
        let turn = std::f64::consts::TAU / sites as f64;
        let radius = if sites < 3 { 0.5 } else { 0.5 / (0.5 * turn).sin() };
        let on_circle = |i: usize| {
            let (y, x) = (turn * i as f64).sin_cos();
            [radius * x, radius * y]
        };
        Ok(Self {
            sites,
            bonds: bonds.to_vec(),
            positions: (0..sites).map(on_circle).collect(),
            geometry: Geometry::None,
        })
    }

    /// The same sites with further bonds, as listed.
    ///
    /// # Errors
    /// [`Error::SelfBond`], [`Error::Site`].
    ///
    /// ```
    /// use irrev_quantum::lattice::{Boundary, Lattice};
    /// let chain = Lattice::chain(5, Boundary::Open)?;
    /// let further = chain.shell(2)?;                                    // sites at the second shortest distance
    /// assert_eq!(further, [(0, 2), (1, 3), (2, 4)]);
    /// assert_eq!(chain.with_bonds(&further)?.bonds().len(), 7);
    /// # Ok::<(), irrev_quantum::Error>(())
    /// ```
    pub fn with_bonds(&self, further: &[(usize, usize)]) -> Result<Self> {
        require_bonds(self.sites, further)?;
        let mut lattice = self.clone();
        lattice.bonds.extend_from_slice(further);
        Ok(lattice)
    }

    /// Number of sites L.
    #[must_use]
    pub fn sites(&self) -> usize {
        self.sites
    }

    /// The bonds, in their order.
    #[must_use]
    pub fn bonds(&self) -> &[(usize, usize)] {
        &self.bonds
    }

    /// Where the sites lie in a picture, in units of the shortest bond.
    #[must_use]
    pub fn positions(&self) -> &[[f64; 2]] {
        &self.positions
    }
}

/// One to 64 sites.
pub(crate) fn require_sites(sites: usize) -> Result<()> {
    match sites {
        0 => Err(Error::NoSites),
        1..=MOST_SITES => Ok(()),
        _ => Err(Error::TooManySites { sites }),
    }
}

/// Two different sites that exist.
pub(crate) fn require_bonds(sites: usize, bonds: &[(usize, usize)]) -> Result<()> {
    for (bond, &(i, j)) in bonds.iter().enumerate() {
        if i == j {
            return Err(Error::SelfBond { bond, site: i });
        }
        let site = i.max(j);
        if site >= sites {
            return Err(Error::Site {
                what: format!("bond {bond}"),
                site,
                sites,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_lattices_are_named() {
        assert_eq!(Lattice::from_bonds(0, &[]), Err(Error::NoSites));
        assert_eq!(
            Lattice::from_bonds(65, &[]),
            Err(Error::TooManySites { sites: 65 })
        );
        assert_eq!(
            Lattice::from_bonds(3, &[(0, 1), (2, 2)]),
            Err(Error::SelfBond { bond: 1, site: 2 })
        );
        let message = Lattice::from_bonds(3, &[(0, 3)]).unwrap_err().to_string();
        assert!(
            message.contains("bond 0") && message.contains("0 to 2"),
            "{message}"
        );
    }

    #[test]
    fn bonds_listed_twice_are_kept() {
        let twice = Lattice::from_bonds(2, &[(0, 1), (1, 0)]).unwrap();
        assert_eq!(twice.bonds(), [(0, 1), (1, 0)]);
    }
}

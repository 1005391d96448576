//! The Hamiltonian of hard-core bosons, which is that of XXZ spins.
//!
//! H = Σ_i w_i n_i − Σ_(ij) (J_ij c_i† c_j + J_ij* c_j† c_i) + Σ_(ij) V_ij n_i n_j, over bonds (i, j). At most one boson sits on a site, operators of different
//! sites commute, and no string of signs goes with a hop on any lattice. ħ = 1; w, J and V are energies.
//!
//! Spins: c† = S⁺ and n = S^z + 1/2, so that J_xy (S^x S^x + S^y S^y) is a hopping J = −J_xy / 2, and J_z S^z S^z is V = J_z up to site energies and a
//! constant. J > 0 favours a uniform phase; J < 0 on rings of odd length is frustrated, which is as legal.

use num_complex::Complex64;

use crate::error::{Error, Result};
use crate::lattice::{Lattice, require_bonds, require_sites};

/// What one bond does: −J c_i† c_j − J* c_j† c_i + V n_i n_j.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bond {
    /// Site i.
    pub i: usize,
    /// Site j, another one.
    pub j: usize,
    /// Hopping J_ij, an energy; the amplitude of a particle to go from j to i is −J_ij.
    pub hopping: Complex64,
    /// Density interaction V_ij, an energy; positive repels.
    pub interaction: f64,
}

/// Site energies and bonds of hard-core bosons on 1 to 64 sites. Hermitian by construction.
///
/// ```
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::Hamiltonian;
/// let grid = Lattice::square([4, 4], [Boundary::Open; 2])?;
/// let h = Hamiltonian::uniform(&grid, 1.0, 0.1, 1.0)?;
/// assert_eq!(h.diagonal(0b11), 2.1);                                     // two neighbours: 2 w + V
/// assert!(h.is_real());
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Hamiltonian {
    energies: Vec<f64>,
    bonds: Vec<Bond>,
}

impl Hamiltonian {
    /// From the energy w_i of every site and any list of bonds; those of one pair add up.
    ///
    /// # Errors
    /// [`Error::NoSites`], [`Error::TooManySites`], [`Error::SelfBond`], [`Error::Site`], [`Error::NotFinite`].
    pub fn new(energies: &[f64], bonds: &[Bond]) -> Result<Self> {
        require_sites(energies.len())?;
        let pairs: Vec<_> = bonds.iter().map(|bond| (bond.i, bond.j)).collect();
        require_bonds(energies.len(), &pairs)?;
        require_finite("energy of site", energies.iter().copied())?;
        require_finite("hopping of bond", bonds.iter().map(|bond| bond.hopping.re))?;
        require_finite("hopping of bond", bonds.iter().map(|bond| bond.hopping.im))?;
        require_finite("interaction of bond", bonds.iter().map(|bond| bond.interaction))?;
        Ok(Self {
            energies: energies.to_vec(),
            bonds: bonds.to_vec(),
        })
    }

    /// The same J, V and w everywhere on a lattice.
    ///
    /// # Errors
    /// [`Error::NotFinite`].
    pub fn uniform(lattice: &Lattice, hopping: f64, interaction: f64, energy: f64) -> Result<Self> {
        let bonds = lattice.bonds().len();
        Self::on_lattice(
            lattice,
            &vec![hopping; bonds],
            &vec![interaction; bonds],
            &vec![energy; lattice.sites()],
        )
    }

    /// J and V by bond, in the order of [`Lattice::bonds`], and w by site.
    ///
    /// # Errors
    /// [`Error::Size`], [`Error::NotFinite`].
    pub fn on_lattice(
        lattice: &Lattice,
        hoppings: &[f64],
        interactions: &[f64],
        energies: &[f64],
    ) -> Result<Self> {
        Error::require_size("hoppings", hoppings.len(), lattice.bonds().len())?;
        Error::require_size("interactions", interactions.len(), lattice.bonds().len())?;
        Error::require_size("site energies", energies.len(), lattice.sites())?;
        let bonds: Vec<Bond> = lattice
            .bonds()
            .iter()
            .zip(hoppings.iter().zip(interactions))
            .map(|(&(i, j), (&hopping, &interaction))| Bond {
                i,
                j,
                hopping: hopping.into(),
                interaction,
            })
            .collect();
        Self::new(energies, &bonds)
    }

    /// From rows `hoppings[i][j]` = J_ij and `interactions[i][j]` = V_ij, each pair of sites once in H: J must be Hermitian, V symmetric, and what stands on the
    /// diagonals is refused unless zero.
    ///
    /// # Errors
    /// [`Error::Size`], [`Error::NotHermitian`], and as [`Hamiltonian::new`].
    ///
    /// ```
    /// use irrev_quantum::{Complex64, Error, Hamiltonian};
    /// let (i, zero) = (Complex64::I, Complex64::ZERO);
    /// let none = vec![vec![0.0; 2]; 2];
    /// let h = Hamiltonian::from_rows(&[0.0, 0.0], &[vec![zero, i], vec![-i, zero]], &none)?;
    /// assert!(!h.is_real());
    /// let wrong = Hamiltonian::from_rows(&[0.0, 0.0], &[vec![zero, i], vec![i, zero]], &none);
    /// assert_eq!(wrong, Err(Error::NotHermitian { what: "hoppings", i: 1, j: 0 }));
    /// # Ok::<(), irrev_quantum::Error>(())
    /// ```
    pub fn from_rows(
        energies: &[f64],
        hoppings: &[Vec<Complex64>],
        interactions: &[Vec<f64>],
    ) -> Result<Self> {
        let sites = energies.len();
        Error::require_size("rows of hoppings", hoppings.len(), sites)?;
        Error::require_size("rows of interactions", interactions.len(), sites)?;
        let mut bonds = Vec::new();
        for i in 0..sites {
            Error::require_size("a row of hoppings", hoppings[i].len(), sites)?;
            Error::require_size("a row of interactions", interactions[i].len(), sites)?;
            for j in 0..=i {
                let (hopping, interaction) = (hoppings[i][j], interactions[i][j]);
                // written so that NaN is left to the check of finite numbers
                if hopping.is_finite() && hopping != hoppings[j][i].conj() {
                    return Err(Error::NotHermitian {
                        what: "hoppings",
                        i,
                        j,
                    });
                }
                if interaction.is_finite() && interaction != interactions[j][i] {
                    return Err(Error::NotHermitian {
                        what: "interactions",
                        i,
                        j,
                    });
                }
                if hopping != Complex64::ZERO || interaction != 0.0 {
                    bonds.push(Bond {
                        i,
                        j,
                        hopping,
                        interaction,
                    });
                }
            }
        }
        Self::new(energies, &bonds)
    }

    /// Number of sites L.
    #[must_use]
    pub fn sites(&self) -> usize {
        self.energies.len()
    }

    /// Energy w_i of every site.
    #[must_use]
    pub fn energies(&self) -> &[f64] {
        &self.energies
    }

    /// The bonds as they were given.
    #[must_use]
    pub fn bonds(&self) -> &[Bond] {
        &self.bonds
    }

    /// Whether every hopping is real, so that H maps real vectors to real ones.
    #[must_use]
    pub fn is_real(&self) -> bool {
        self.bonds.iter().all(|bond| bond.hopping.im == 0.0)
    }

    /// ⟨s|H|s⟩ of an occupation state, bit i of s for site i.
    #[must_use]
    pub fn diagonal(&self, state: u64) -> f64 {
        let occupied = |site: usize| state >> site & 1 == 1;
        let sites = (0..self.sites())
            .filter(|&i| occupied(i))
            .map(|i| self.energies[i]);
        let pairs = self
            .bonds
            .iter()
            .filter(|bond| occupied(bond.i) && occupied(bond.j))
            .map(|bond| bond.interaction);
        sites.sum::<f64>() + pairs.sum::<f64>()
    }

    /// The states that H reaches from an occupation state by one hop, with ⟨s'|H|s⟩; one entry a bond, so that a pair with two bonds occurs twice.
    ///
    /// ```
    /// use irrev_quantum::lattice::{Boundary, Lattice};
    /// use irrev_quantum::Hamiltonian;
    /// let h = Hamiltonian::uniform(&Lattice::chain(3, Boundary::Open)?, 1.0, 0.0, 0.0)?;
    /// let reached: Vec<u64> = h.hops(0b010).map(|(state, _)| state).collect();
    /// assert_eq!(reached, [0b001, 0b100]);
    /// # Ok::<(), irrev_quantum::Error>(())
    /// ```
    pub fn hops(&self, state: u64) -> impl Iterator<Item = (u64, Complex64)> + '_ {
        self.bonds.iter().filter_map(move |bond| {
            let (at_i, at_j) = (state >> bond.i & 1, state >> bond.j & 1);
            let amplitude = if at_j == 1 {
                -bond.hopping
            } else {
                -bond.hopping.conj()
            };
            let reached = state ^ (1 << bond.i | 1 << bond.j);
            (at_i != at_j && amplitude != Complex64::ZERO).then_some((reached, amplitude))
        })
    }
}

fn require_finite(what: &'static str, values: impl Iterator<Item = f64>) -> Result<()> {
    for (index, value) in values.enumerate() {
        if !value.is_finite() {
            return Err(Error::NotFinite { what, index, value });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_are_not_finite_are_named() {
        let bond = Bond {
            i: 0,
            j: 1,
            hopping: Complex64::ONE,
            interaction: f64::NAN,
        };
        let message = Hamiltonian::new(&[0.0; 2], &[bond]).unwrap_err().to_string();
        assert_eq!(message, "interaction of bond 0 is NaN; it must be finite");
        assert!(Hamiltonian::new(&[f64::INFINITY], &[]).is_err());
    }

    #[test]
    fn a_hop_and_the_hop_back_are_conjugates() {
        let bond = Bond {
            i: 0,
            j: 1,
            hopping: Complex64::new(0.5, 2.0),
            interaction: 0.0,
        };
        let h = Hamiltonian::new(&[0.0; 2], &[bond]).unwrap();
        let there: Vec<_> = h.hops(0b10).collect();
        let back: Vec<_> = h.hops(0b01).collect();
        assert_eq!(there, [(0b01, Complex64::new(-0.5, -2.0))]);
        assert_eq!(back, [(0b10, Complex64::new(-0.5, 2.0))]);
    }
}

//! The parts of the Hamiltonian of S + B.

use num_complex::Complex64;

use super::drive::{Drive, Factors};
use crate::error::{Error, Result};
use crate::lattice::Lattice;
use crate::model::{Bond, Hamiltonian};

/// Most sites of a system: its states are matrices of 2^m × 2^m numbers.
pub const MOST_SYSTEM_SITES: usize = 8;

/// A bond between a site of the system and a site of the bath: −J c_s† c_b − J* c_b† c_s + V n_s n_b.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contact {
    /// Site of the system, counted there.
    pub system: usize,
    /// Site of the bath, counted there.
    pub bath: usize,
    /// Hopping J, an energy.
    pub hopping: Complex64,
    /// Density interaction V, an energy.
    pub interaction: f64,
}

impl Contact {
    /// A contact that particles hop through, without interaction.
    #[must_use]
    pub fn hopping(system: usize, bath: usize, hopping: f64) -> Self {
        Self {
            system,
            bath,
            hopping: hopping.into(),
            interaction: 0.0,
        }
    }
}

/// H = H_S + H_I + H_B of a system of m ≤ 8 sites, its contacts and a bath of M sites, m + M ≤ 64; with a [`Drive`], a(t) H_S + g(t) H_I + H_B.
///
/// ```
/// use irrev_quantum::composite::{Composite, Contact};
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::Hamiltonian;
/// let bath = Hamiltonian::uniform(&Lattice::chain(3, Boundary::Open)?, 1.0, 0.5, 1.0)?;
/// let site = Hamiltonian::new(&[2.0], &[])?;
/// let composite = Composite::new(&site, &bath, &[Contact::hopping(0, 0, 0.3)])?;
/// assert_eq!(composite.whole().sites(), 4);
/// assert_eq!(composite.whole().bonds()[0].j, 1);                        // site 0 of the bath follows the system
/// assert_eq!(composite.whole().diagonal(0b0001), 2.0);
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Composite {
    system: Hamiltonian,
    bath: Hamiltonian,
    contacts: Vec<Contact>,
    whole: Hamiltonian,
    drive: Option<Drive>,
}

impl Composite {
    /// System, bath and the contacts between them; contacts of one pair add up.
    ///
    /// # Errors
    /// [`Error::Domain`] for a system of more than 8 sites; [`Error::TooManySites`] for the whole; [`Error::Site`], [`Error::NotFinite`] for a contact.
    pub fn new(system: &Hamiltonian, bath: &Hamiltonian, contacts: &[Contact]) -> Result<Self> {
        let (m, bath_sites) = (system.sites(), bath.sites());
        Error::require(
            "the number of sites of the system",
            m as f64,
            m <= MOST_SYSTEM_SITES,
            "at most 8; let the larger part be the bath",
        )?;
        for (index, contact) in contacts.iter().enumerate() {
            for (site, sites, part) in [(contact.system, m, "system"), (contact.bath, bath_sites, "bath")] {
                if site >= sites {
                    return Err(Error::Site {
                        what: format!("contact {index} on the side of the {part}"),
                        site,
                        sites,
                    });
                }
            }
        }
        Ok(Self {
            whole: whole(system, bath, contacts, Factors::ONE)?,
            system: system.clone(),
            bath: bath.clone(),
            contacts: contacts.to_vec(),
            drive: None,
        })
    }

    /// The same, driven in time.
    #[must_use]
    pub fn driven(&self, drive: Drive) -> Self {
        Self {
            drive: Some(drive),
            ..self.clone()
        }
    }

    /// The drive, if there is one.
    #[must_use]
    pub fn drive(&self) -> Option<&Drive> {
        self.drive.as_ref()
    }

    /// a and g at t, after a jump if there is one at t; both 1 without a drive.
    #[must_use]
    pub fn factors(&self, t: f64) -> Factors {
        self.drive.as_ref().map_or(Factors::ONE, |drive| drive.after(t))
    }

    /// a H_S + g H_I + H_B on all m + M sites.
    ///
    /// # Errors
    /// [`Error::NotFinite`] for factors beyond all numbers.
    pub fn with_factors(&self, factors: Factors) -> Result<Hamiltonian> {
        whole(&self.system, &self.bath, &self.contacts, factors)
    }

    /// H_S, on the sites of the system alone.
    #[must_use]
    pub fn system(&self) -> &Hamiltonian {
        &self.system
    }

    /// H_B, on the sites of the bath alone.
    #[must_use]
    pub fn bath(&self) -> &Hamiltonian {
        &self.bath
    }

    /// The contacts, as given.
    #[must_use]
    pub fn contacts(&self) -> &[Contact] {
        &self.contacts
    }

    /// H on all m + M sites, as it is without a drive.
    #[must_use]
    pub fn whole(&self) -> &Hamiltonian {
        &self.whole
    }

    /// H_S alone, on all m + M sites, as it is without a drive.
    ///
    /// # Errors
    /// None for a composite that exists.
    pub fn system_energy(&self) -> Result<Hamiltonian> {
        let mut energies = self.system.energies().to_vec();
        energies.resize(self.whole.sites(), 0.0);
        Hamiltonian::new(&energies, self.system.bonds())
    }

    /// H_I alone, on all m + M sites, as it is without a drive.
    ///
    /// # Errors
    /// None for a composite that exists.
    pub fn contact_energy(&self) -> Result<Hamiltonian> {
        let m = self.system.sites();
        let bonds: Vec<Bond> = self
            .contacts
            .iter()
            .map(|contact| contact_bond(contact, m))
            .collect();
        Hamiltonian::new(&vec![0.0; self.whole.sites()], &bonds)
    }

    /// The same without the bonds of the bath that do not have both ends among the given sites of the bath.
    ///
    /// # Errors
    /// [`Error::Site`] for a site that does not exist.
    pub fn with_cut_bath(&self, keep: &[usize]) -> Result<Self> {
        let sites = self.bath.sites();
        if let Some(&site) = keep.iter().find(|site| **site >= sites) {
            return Err(Error::Site {
                what: "the part of the bath to keep".into(),
                site,
                sites,
            });
        }
        let stays = |bond: &&Bond| keep.contains(&bond.i) && keep.contains(&bond.j);
        let bonds: Vec<Bond> = self.bath.bonds().iter().filter(stays).copied().collect();
        let bath = Hamiltonian::new(self.bath.energies(), &bonds)?;
        Ok(Self {
            drive: self.drive.clone(),
            ..Self::new(&self.system, &bath, &self.contacts)?
        })
    }

    /// Sites of the bath at most r bonds away from a contact, ascending.
    ///
    /// # Errors
    /// None for a composite that exists.
    pub fn bath_sites_within(&self, r: usize) -> Result<Vec<usize>> {
        let pairs: Vec<(usize, usize)> = self.bath.bonds().iter().map(|bond| (bond.i, bond.j)).collect();
        let contacts: Vec<usize> = self.contacts.iter().map(|contact| contact.bath).collect();
        let distances = Lattice::from_bonds(self.bath.sites(), &pairs)?.distances(&contacts)?;
        let near = |site: &usize| distances[*site].is_some_and(|distance| distance <= r);
        Ok((0..self.bath.sites()).filter(near).collect())
    }
}

/// a H_S + g H_I + H_B, the sites of the system first.
fn whole(
    system: &Hamiltonian,
    bath: &Hamiltonian,
    contacts: &[Contact],
    factors: Factors,
) -> Result<Hamiltonian> {
    let m = system.sites();
    let scaled = |bond: Bond, by: f64| Bond {
        hopping: bond.hopping * by,
        interaction: bond.interaction * by,
        ..bond
    };
    let mut energies: Vec<f64> = system.energies().iter().map(|w| factors.system * w).collect();
    energies.extend(bath.energies());
    let mut bonds: Vec<Bond> = Vec::new();
    bonds.extend(system.bonds().iter().map(|bond| scaled(*bond, factors.system)));
    bonds.extend(
        contacts
            .iter()
            .map(|contact| scaled(contact_bond(contact, m), factors.contact)),
    );
    bonds.extend(bath.bonds().iter().map(|bond| Bond {
        i: bond.i + m,
        j: bond.j + m,
        ..*bond
    }));
    Hamiltonian::new(&energies, &bonds)
}

/// A contact as a bond of the whole, with m sites of the system before those of the bath.
fn contact_bond(contact: &Contact, m: usize) -> Bond {
    Bond {
        i: contact.system,
        j: m + contact.bath,
        hopping: contact.hopping,
        interaction: contact.interaction,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_with_a_site_that_does_not_exist_is_named() {
        let site = Hamiltonian::new(&[0.0], &[]).unwrap();
        let bath = Hamiltonian::new(&[0.0; 3], &[]).unwrap();
        let message = |contact| Composite::new(&site, &bath, &[contact]).unwrap_err().to_string();
        assert_eq!(
            message(Contact::hopping(0, 3, 1.0)),
            "contact 0 on the side of the bath names site 3; the sites are 0 to 2"
        );
        assert!(message(Contact::hopping(1, 0, 1.0)).contains("side of the system"));
        assert!(Composite::new(&Hamiltonian::new(&[0.0; 9], &[]).unwrap(), &bath, &[]).is_err());
    }
}

//! How ⟨e^{−σ}⟩ leaves 1.

use num_complex::Complex64;

use irrev_numerics::Run;

use super::contact::ThermalContact;
use crate::composite::Contact;
use crate::error::{Error, Result};
use crate::evolution::{EvolutionOptions, evolve_in_imaginary_time};
use crate::kernel::SectorHamiltonian;
use crate::sector::Sector;
use crate::vector::inner;

/// c_2 in ⟨e^{−σ}⟩ = 1 + c_2 t² + O(t⁴), without dynamics; 1/time².
///
/// For one site S with ρ_S(0) = diag(p_0, p_1), both positive, real hoppings, and contacts by hopping only, and no drive:
/// c_2 = p_0 ⟨b K b†⟩ + p_1 ⟨b† K b⟩ − p_1 ⟨b b†⟩ − p_0 ⟨b† b⟩ in the state of the bath, with b = Σ_j J_j b_j and K = e^{−β(H_B − E_a) + α(N_B − N_a)}. In a Gibbs state the terms cancel (Kubo,
/// Martin and Schwinger), so that c_2 measures how far one eigenstate is from thermal for the operators of the contact.
///
/// Two evolutions in imaginary time a member of the bath. The law follows from perturbation theory in the contact to second order; with complex hoppings odd powers of t may appear.
///
/// # Errors
/// [`Error::ShortTime`] unless the system is one site with a diagonal state of full rank, contacts hop only, all hoppings are real, and nothing is driven; as [`evolve_in_imaginary_time`].
///
/// ```
/// use irrev_numerics::Run;
/// use irrev_quantum::bath::{BathSpectrum, BathState};
/// use irrev_quantum::composite::{Composite, Contact, SystemState};
/// use irrev_quantum::diagonalise::{Symmetries, Wanted};
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::temperature::Reservoir;
/// use irrev_quantum::thermodynamics::{ThermalContact, short_time_coefficient};
/// use irrev_quantum::Hamiltonian;
/// let run = Run::default();
/// let bath = Hamiltonian::uniform(&Lattice::chain(4, Boundary::Open)?, 1.0, 0.5, 1.0)?;
/// let composite = Composite::new(&Hamiltonian::new(&[1.0], &[])?, &bath, &[Contact::hopping(0, 0, 0.8)])?;
/// let spectrum = BathSpectrum::new(&bath, 0..=4, &Symmetries::none(&bath), Wanted::States, &run)?;
/// let reservoir = Reservoir { beta: 0.3, alpha: 0.2 };
/// let gibbs = BathState::gibbs(&spectrum, reservoir)?;
/// let contact = ThermalContact::new(&composite, &SystemState::diagonal(&[0.1, 0.9])?, &gibbs, reservoir)?;
/// assert!(short_time_coefficient(&contact, &run)?.abs() < 1e-12);
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn short_time_coefficient(contact: &ThermalContact, run: &Run<'_>) -> Result<f64> {
    let [empty, full] = populations(contact)?;
    if contact.composite.drive().is_some() {
        return Err(Error::ShortTime {
            what: "a system or a contact driven in time",
        });
    }
    let contacts = contact.composite.contacts();
    if contacts.iter().any(|contact| contact.interaction != 0.0) {
        return Err(Error::ShortTime {
            what: "contacts with density interactions",
        });
    }
    let bath = contact.composite.bath();
    if !bath.is_real() || contacts.iter().any(|contact| contact.hopping.im != 0.0) {
        return Err(Error::ShortTime {
            what: "complex hoppings",
        });
    }
    let reservoir = contact.reservoir;
    let mut sum = 0.0;
    for member in contact.bath.members() {
        let n = member.particles;
        let from = Sector::new(bath.sites(), n)?;
        // K is e^{−β(H − E)} times e^{±α} in the sectors beside
        for (change, weight, counter) in [(1_i32, empty, full), (-1, full, empty)] {
            let beside = n.checked_add_signed(change as isize);
            let Some(beside) = beside.filter(|number| *number <= bath.sites()) else {
                continue;
            };
            let to = Sector::new(bath.sites(), beside)?;
            let image = moved(contacts, &from, &to, &member.state);
            let length = inner(&image, &image).re;
            if length == 0.0 {
                continue;
            }
            let h = SectorHamiltonian::new(bath, to)?;
            let options = EvolutionOptions::default();
            let half = [0.5 * reservoir.beta];
            let cooled = evolve_in_imaginary_time(&h, &image, &half, member.energy, &options, run)?;
            let logarithm = 2.0 * cooled.logarithms[0] + reservoir.alpha * f64::from(change);
            let thermal = logarithm.exp() * inner(&cooled.states[0], &cooled.states[0]).re;
            sum += member.weight * (weight * thermal - counter * length);
        }
    }
    Ok(sum)
}

/// p_0 and p_1 of one site.
fn populations(contact: &ThermalContact) -> Result<[f64; 2]> {
    let system = &contact.system;
    if system.sites() != 1 {
        return Err(Error::ShortTime {
            what: "a system of several sites",
        });
    }
    let rho = system.to_matrix();
    if system.rank() != 2 || rho[(0, 1)] != Complex64::ZERO {
        return Err(Error::ShortTime {
            what: "a state of the system that is pure or no mixture of occupations; regularise it",
        });
    }
    Ok([rho[(0, 0)].re, rho[(1, 1)].re])
}

/// b† ψ into the sector above, or b ψ into the one below, for b = Σ_j J_j b_j.
fn moved(contacts: &[Contact], from: &Sector, to: &Sector, state: &[Complex64]) -> Vec<Complex64> {
    let up = to.particles() > from.particles();
    let mut image = vec![Complex64::ZERO; to.dimension() as usize];
    for (word, &amplitude) in from.words().zip(state) {
        for contact in contacts {
            let occupied = word >> contact.bath & 1 == 1;
            if occupied != up {
                let hopping = if up {
                    contact.hopping.conj()
                } else {
                    contact.hopping
                };
                image[to.rank_inside(word ^ (1 << contact.bath)) as usize] += hopping * amplitude;
            }
        }
    }
    image
}

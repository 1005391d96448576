//! Entropy, energies, particles and entropy production as functions of time.

use num_complex::Complex64;
use rayon::prelude::*;

use irrev_numerics::linalg::{Matrix, hermitian_eigen};
use irrev_numerics::special::x_ln_x;

use super::contact::ThermalContact;
use crate::composite::{Factors, JointEvolution, JointState, joint_start};
use crate::error::{Error, Result};
use crate::evolution::mean_energy;
use crate::kernel::SectorHamiltonian;
use crate::model::Hamiltonian;
use crate::sector::Sector;

/// The books at one time. Energies are those of H with ħ = 1, entropies in nats.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Balance {
    /// t.
    pub time: f64,
    /// Eigenvalues q_l of ρ_S(t), ascending.
    pub populations: Vec<f64>,
    /// S_S(t) = −Σ q_l ln q_l.
    pub entropy: f64,
    /// S_S(t) − S_S(0).
    pub entropy_change: f64,
    /// ⟨H_S⟩ as it is at the time: with a drive, a(t) times what it is without.
    pub system_energy: f64,
    /// ⟨H_I⟩ as it is at the time, which is not small at strong contact.
    pub contact_energy: f64,
    /// ⟨H_B⟩.
    pub bath_energy: f64,
    /// ⟨H_B⟩ − ⟨H_B⟩_0.
    pub bath_energy_change: f64,
    /// ⟨N_S⟩.
    pub system_number: f64,
    /// ⟨N_B⟩ − ⟨N_B⟩_0.
    pub bath_number_change: f64,
    /// W = ⟨H(t)⟩_t − ⟨H(0)⟩_0, done on the whole by a drive; a jump at t counts, and one at 0, too. 0 without a drive.
    pub work: f64,
    /// ΔE_B − μ ΔN_B with μ = α/β: heat, positive into the bath; without the second term at β = 0, where no μ exists.
    pub heat: f64,
    /// σ = ΔS_S + β ΔE_B − α ΔN_B.
    pub entropy_production: f64,
}

/// The books at all times, and how well the laws were kept.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct EntropyProduction {
    /// By time.
    pub balances: Vec<Balance>,
    /// Largest drift of the norm of a pure state.
    pub norm_drift: f64,
    /// Largest |E_S + E_I + E_B − the same at t = 0 − ∫ ⟨∂H/∂t⟩ dt|, an energy: the first law. The parts are computed apart, and the integral of the power along the way.
    pub energy_residual: f64,
    /// Largest |ΔN_S + ΔN_B|.
    pub number_residual: f64,
    /// Largest bound of an error by truncation, in norm.
    pub truncation: f64,
}

/// Entropy, energies, particles and σ along an evolution of this contact.
///
/// A drive does work on the system and on the contact, never on the bath: σ = ΔS_S + β ΔE_B − α ΔN_B holds as it stands, and with ΔE the change of ⟨H⟩, W = ΔE.
///
/// # Errors
/// [`Error::Size`] unless the evolution is one of this contact.
///
/// ```
/// use irrev_numerics::Run;
/// use irrev_quantum::bath::{BathSpectrum, BathState};
/// use irrev_quantum::composite::{Composite, Contact, SystemState};
/// use irrev_quantum::diagonalise::{Symmetries, Wanted};
/// use irrev_quantum::evolution::EvolutionOptions;
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::temperature::Matching;
/// use irrev_quantum::thermodynamics::{ThermalContact, entropy_production};
/// use irrev_quantum::Hamiltonian;
/// let run = Run::default();
/// let bath = Hamiltonian::uniform(&Lattice::chain(6, Boundary::Open)?, 1.0, 0.5, 1.0)?;
/// let site = Hamiltonian::new(&[1.0], &[])?;
/// let composite = Composite::new(&site, &bath, &[Contact::hopping(0, 0, 0.5)])?;
/// let spectrum = BathSpectrum::new(&bath, 0..=6, &Symmetries::none(&bath), Wanted::States, &run)?;
/// let state = BathState::eigenstate(&spectrum, 3, 6)?;
/// let reservoir = spectrum.temperature(3, state.mean_energy(), Matching::Grand)?.finite()?;
/// let contact = ThermalContact::new(&composite, &SystemState::diagonal(&[0.1, 0.9])?, &state, reservoir)?;
/// let evolution = contact.evolve(&[0.0, 1.0], &EvolutionOptions::default(), &run)?;
/// let books = entropy_production(&contact, &evolution)?;
/// assert!(books.balances[0].entropy_production.abs() < 1e-13);
/// assert!(books.balances[1].entropy_production > 0.0);
/// assert!(books.energy_residual < 1e-12 && books.number_residual < 1e-12);
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn entropy_production(contact: &ThermalContact, evolution: &JointEvolution) -> Result<EntropyProduction> {
    require_same(contact, evolution)?;
    let energies = PartEnergies::new(contact, evolution)?;
    let initial = Initial {
        entropy: contact.system.entropy(),
        bath_energy: contact.bath.mean_energy(),
        bath_number: contact.bath.mean_number(),
    };
    let mut balances = (0..evolution.times.len())
        .into_par_iter()
        .map(|time| {
            let factors = contact.composite.factors(evolution.times[time]);
            energies.balance(contact, evolution, &initial, (time, factors))
        })
        .collect::<Result<Vec<_>>>()?;

    let start = joint_start(&contact.composite, &contact.system, &contact.bath)?;
    let before = contact
        .composite
        .drive()
        .map_or(Factors::ONE, |drive| drive.before(0.0));
    let first = energies.balance(contact, &start, &initial, (0, before))?;
    let total = |books: &Balance| books.system_energy + books.contact_energy + books.bath_energy;
    if contact.composite.drive().is_some() {
        for books in &mut balances {
            books.work = total(books) - total(&first);
        }
    }
    let energy = balances
        .iter()
        .zip(&evolution.work)
        .map(|(books, work)| (total(books) - total(&first) - work).abs());
    let number = |books: &Balance| books.system_number + books.bath_number_change;
    let numbers = balances
        .iter()
        .map(|books| (number(books) - number(&first)).abs());
    Ok(EntropyProduction {
        norm_drift: evolution.norm_drift,
        energy_residual: energy.fold(0.0, f64::max),
        number_residual: numbers.fold(0.0, f64::max),
        truncation: evolution.truncation,
        balances,
    })
}

/// An evolution has one branch for every pair of this contact.
pub(super) fn require_same(contact: &ThermalContact, evolution: &JointEvolution) -> Result<()> {
    Error::require_size(
        "branches of the evolution",
        evolution.branches.len(),
        contact.system.rank() * contact.bath.members().len(),
    )
}

struct Initial {
    entropy: f64,
    bath_energy: f64,
    bath_number: f64,
}

/// H_B by number of particles in the bath, and H_I by total number.
struct PartEnergies {
    bath: Vec<Option<SectorHamiltonian>>,
    contact: Vec<Option<SectorHamiltonian>>,
}

impl PartEnergies {
    fn new(contact: &ThermalContact, evolution: &JointEvolution) -> Result<Self> {
        let composite = &contact.composite;
        let (m, bath_sites) = (composite.system().sites(), composite.bath().sites());
        let occurs = |n: usize| {
            let mut states = evolution.branches.iter().flat_map(|branch| branch.states.first());
            states.any(|state| (0..1 << m).any(|s| !state.part(s, n).is_empty()))
        };
        let some = |h: &Hamiltonian, n: usize, wanted: bool| -> Result<Option<SectorHamiltonian>> {
            if wanted {
                Ok(Some(SectorHamiltonian::new(h, Sector::new(h.sites(), n)?)?))
            } else {
                Ok(None)
            }
        };
        let totals = |total: usize| (0..=m.min(total)).any(|k| total - k <= bath_sites && occurs(total - k));
        let contacts = composite.contact_energy()?;
        Ok(Self {
            bath: (0..=bath_sites)
                .map(|n| some(composite.bath(), n, occurs(n)))
                .collect::<Result<_>>()?,
            contact: (0..=m + bath_sites)
                .map(|total| some(&contacts, total, totals(total)))
                .collect::<Result<_>>()?,
        })
    }

    fn balance(
        &self,
        contact: &ThermalContact,
        evolution: &JointEvolution,
        initial: &Initial,
        (time, factors): (usize, Factors),
    ) -> Result<Balance> {
        let Reduced { rho, populations, .. } = Reduced::new(evolution, time)?;
        let (mut bath_energy, mut bath_number, mut contact_energy) = (0.0, 0.0, 0.0);
        for branch in &evolution.branches {
            let state = &branch.states[time];
            let numbers = state.bath_numbers();
            let mean: f64 = numbers.iter().enumerate().map(|(n, p)| n as f64 * p).sum();
            bath_number += branch.weight * mean;
            bath_energy += branch.weight * self.bath_energy(state)?;
            contact_energy += branch.weight * self.contact_energy(state)?;
        }
        let entropy: f64 = -populations.iter().map(|&q| x_ln_x(q.max(0.0))).sum::<f64>();
        let entropy_change = entropy - initial.entropy;
        let bath_energy_change = bath_energy - initial.bath_energy;
        let bath_number_change = bath_number - initial.bath_number;
        let reservoir = contact.reservoir;
        let potential = reservoir.chemical_potential().unwrap_or(0.0);
        Ok(Balance {
            time: evolution.times[time],
            system_energy: factors.system * system_energy(contact.composite.system(), &rho),
            system_number: (0..rho.rows())
                .map(|s| f64::from(s.count_ones()) * rho[(s, s)].re)
                .sum(),
            populations,
            entropy,
            entropy_change,
            contact_energy: factors.contact * contact_energy,
            bath_energy,
            bath_energy_change,
            bath_number_change,
            work: 0.0,
            heat: bath_energy_change - potential * bath_number_change,
            entropy_production: entropy_change + reservoir.beta * bath_energy_change
                - reservoir.alpha * bath_number_change,
        })
    }

    /// Σ_s ⟨A_s|H_B|A_s⟩.
    fn bath_energy(&self, state: &JointState) -> Result<f64> {
        let mut sum = 0.0;
        for (n, h) in self.bath.iter().enumerate() {
            let Some(h) = h else { continue };
            for s in 0..state.configurations() {
                let part = state.part(s, n);
                if !part.is_empty() {
                    sum += mean_energy(h, part)?;
                }
            }
        }
        Ok(sum)
    }

    /// ⟨H_I⟩, which conserves the total number.
    fn contact_energy(&self, state: &JointState) -> Result<f64> {
        let mut sum = 0.0;
        for total in state.numbers() {
            if let Some(h) = &self.contact[total] {
                sum += mean_energy(h, &state.gathered(h.sector()))?;
            }
        }
        Ok(sum)
    }
}

/// ρ_S at a time with its eigenvalues q_l, ascending, and eigenvectors |l⟩ as columns.
pub(super) struct Reduced {
    pub rho: Matrix<Complex64>,
    pub populations: Vec<f64>,
    pub vectors: Matrix<Complex64>,
}

impl Reduced {
    pub(super) fn new(evolution: &JointEvolution, time: usize) -> Result<Self> {
        let rho = evolution.reduced(time).ok_or(Error::Size {
            what: "the list of times",
            found: evolution.times.len(),
            expected: time + 1,
        })?;
        let found = hermitian_eigen(&rho)?;
        Ok(Self {
            rho,
            populations: found.values,
            vectors: found.vectors,
        })
    }
}

/// Tr ρ_S H_S.
fn system_energy(h: &Hamiltonian, rho: &Matrix<Complex64>) -> f64 {
    let mut sum = 0.0;
    for s in 0..rho.rows() {
        sum += h.diagonal(s as u64) * rho[(s, s)].re;
        for (reached, amplitude) in h.hops(s as u64) {
            sum += (amplitude * rho[(s, reached as usize)]).re;
        }
    }
    sum
}

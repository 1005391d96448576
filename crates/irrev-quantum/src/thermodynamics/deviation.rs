//! Where the fluctuation theorem fails beside one eigenstate: near the contact, or beyond.
//!
//! ⟨e^{−σ}⟩ of a bath in an eigenstate is ⟨a|Y|a⟩, with Y = Σ_kl q_l B_kl† B_kl, B_kl = e^{−(βH_B − αN_B)/2} ⟨l|U|φ_k⟩ e^{(βH_B − αN_B)/2}, over k with p_k > 0. In a Gibbs state Tr ρ_G Y = 1 − λ,
//! whatever U and the normalised q_l are. Hence all of the deviation, ⟨a|Y|a⟩ − Tr ρ_G Y, is the failure of an eigenstate to be thermal for the one operator Y, which is not local.
//!
//! Without the bonds of the bath beyond some sites around the contact, in U and in both exponentials, far sites cancel and Y becomes Y_r, an operator of the near sites alone, with the same q_l. So
//! dG = [⟨a|Y_r|a⟩ − Tr ρ_G Y_r] + rest. The first part is eigenstate thermalisation of a local operator, and falls with the size of the bath at a given time and radius.
//! The rest is due to what lies beyond: while the cut is not felt it is small, and at late times it holds the reflections from the ends of a finite bath.
//!
//! Source: the proof of Iyoda, Kaneko and Sagawa, Phys. Rev. Lett. 119, 100601 (2017), takes these two steps.

use rayon::prelude::*;

use irrev_numerics::Run;

use super::balance::Reduced;
use super::contact::ThermalContact;
use super::fluctuation::EMPTY;
use crate::bath::{BathMember, BathSpectrum, BathState, SpectralMeasure};
use crate::composite::{Composite, JointState, evolve_states};
use crate::error::{Error, Result};
use crate::evolution::{EvolutionOptions, evolve_in_imaginary_time};
use crate::kernel::SectorHamiltonian;
use crate::sector::Sector;

/// ⟨e^{−σ}⟩ − (1 − λ) in two parts.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Deviation {
    /// All of it; the parts add up to it.
    pub total: f64,
    /// ⟨a|Y_r|a⟩ − Tr ρ_G Y_r: the bath's state is not thermal for what happens near the contact.
    pub thermalisation: f64,
    /// The rest: what lies beyond the near sites.
    pub finite_size: f64,
}

/// The deviation from the integral fluctuation theorem at a time, split at the bonds of the bath that do not have both ends in `keep`; see [`Composite::bath_sites_within`].
///
/// `spectrum` holds all eigenstates of the bath, since the Gibbs average of a truncated operator is no identity: all of them are evolved, with and without the cut.
///
/// # Errors
/// [`Error::OtherBath`] for a spectrum of another bath, [`Error::MissingSector`] unless it has all sectors; [`Error::Site`] for a site that does not exist; as [`ThermalContact::evolve`].
///
/// ```
/// use irrev_numerics::Run;
/// use irrev_quantum::bath::{BathSpectrum, BathState};
/// use irrev_quantum::composite::{Composite, Contact, SystemState};
/// use irrev_quantum::diagonalise::{Symmetries, Wanted};
/// use irrev_quantum::evolution::EvolutionOptions;
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::temperature::Matching;
/// use irrev_quantum::thermodynamics::{ThermalContact, deviation};
/// use irrev_quantum::Hamiltonian;
/// let run = Run::default();
/// let bath = Hamiltonian::uniform(&Lattice::chain(6, Boundary::Open)?, 1.0, 0.5, 1.0)?;
/// let composite = Composite::new(&Hamiltonian::new(&[1.0], &[])?, &bath, &[Contact::hopping(0, 0, 0.5)])?;
/// let spectrum = BathSpectrum::new(&bath, 0..=6, &Symmetries::none(&bath), Wanted::States, &run)?;
/// let state = BathState::eigenstate(&spectrum, 3, 6)?;
/// let reservoir = spectrum.temperature(3, state.mean_energy(), Matching::Grand)?.finite()?;
/// let contact = ThermalContact::new(&composite, &SystemState::diagonal(&[0.1, 0.9])?, &state, reservoir)?;
/// let near = composite.bath_sites_within(3)?;
/// let found = deviation(&contact, &spectrum, &near, 0.5, &EvolutionOptions::default(), &run)?;
/// assert!((found.total - found.thermalisation - found.finite_size).abs() < 1e-15);
/// assert!(found.finite_size.abs() < 0.05 * found.total.abs());           // the far end is not felt yet
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn deviation(
    contact: &ThermalContact,
    spectrum: &BathSpectrum,
    keep: &[usize],
    time: f64,
    options: &EvolutionOptions,
    run: &Run<'_>,
) -> Result<Deviation> {
    if spectrum.bath() != contact.composite.bath() {
        return Err(Error::OtherBath);
    }
    run.install(|| {
        let evolution = contact.evolve(&[time], options, run)?;
        let reduced = Reduced::new(&evolution, 0)?;
        let gibbs = BathState::gibbs(spectrum, contact.reservoir)?;
        let cut = contact.composite.with_cut_bath(keep)?;
        // bounds that are given belong to the whole
        let free = EvolutionOptions {
            bounds: None,
            ..*options
        };
        let departure = |composite: &Composite, options: &EvolutionOptions| -> Result<f64> {
            let operator = Operator {
                contact,
                composite,
                reduced: &reduced,
                time,
            };
            let own = operator.mean(&contact.bath, options, run)?;
            Ok(own - operator.mean(&gibbs, options, run)?)
        };
        let total = departure(&contact.composite, options)?;
        let thermalisation = departure(&cut, &free)?;
        Ok(Deviation {
            total,
            thermalisation,
            finite_size: total - thermalisation,
        })
    })?
}

/// Y of a composite, which may be cut.
struct Operator<'a> {
    contact: &'a ThermalContact,
    composite: &'a Composite,
    reduced: &'a Reduced,
    time: f64,
}

impl Operator<'_> {
    /// Σ_a w_a ⟨a|Y|a⟩.
    fn mean(&self, bath: &BathState, options: &EvolutionOptions, run: &Run<'_>) -> Result<f64> {
        let starts = bath
            .members()
            .par_iter()
            .map(|member| self.heated(member, run))
            .collect::<Result<Vec<_>>>()?
            .concat();
        let places: Vec<&JointState> = starts.iter().collect();
        let evolved = evolve_states(0.0, self.composite, &places, &[self.time], options, run)?;
        let rank = self.contact.system.rank();
        let terms = evolved
            .par_iter()
            .enumerate()
            .map(|(place, found)| {
                let member = &bath.members()[place / rank];
                Ok(member.weight * self.cooled(member, &found.states[0], run)?)
            })
            .collect::<Result<Vec<f64>>>()?;
        Ok(terms.iter().sum())
    }

    fn sector(&self, n: usize) -> Result<SectorHamiltonian> {
        let bath = self.composite.bath();
        SectorHamiltonian::new(bath, Sector::new(bath.sites(), n)?)
    }

    /// |φ_k⟩ e^{β(H_B − E_a)/2} |a⟩ for all k.
    fn heated(&self, member: &BathMember, run: &Run<'_>) -> Result<Vec<JointState>> {
        let h = self.sector(member.particles)?;
        let betas = [-0.5 * self.contact.reservoir.beta];
        let options = EvolutionOptions::default();
        let mut found = evolve_in_imaginary_time(&h, &member.state, &betas, member.energy, &options, run)?;
        let factor = found.logarithms[0].exp();
        let mut state = found.states.swap_remove(0);
        state.iter_mut().for_each(|x| *x *= factor);
        let sites = self.composite.bath().sites();
        let vectors = self.contact.system.vectors().iter();
        vectors
            .map(|phi| JointState::product(phi, sites, member.particles, &state))
            .collect()
    }

    /// Σ_l q_l ‖e^{−β(H_B − E_a)/2 + α(N_B − N_a)/2} ⟨l|ψ⟩‖².
    fn cooled(&self, member: &BathMember, state: &JointState, run: &Run<'_>) -> Result<f64> {
        let reservoir = self.contact.reservoir;
        let mut sum = 0.0;
        for (l, &q) in self.reduced.populations.iter().enumerate() {
            if q < EMPTY {
                continue;
            }
            for n in 0..=state.bath_sites() {
                let Some(chi) = state.conditional(self.reduced.vectors.column(l), n)? else {
                    continue;
                };
                let measure = SpectralMeasure::by_lanczos(&self.sector(n)?, &chi, reservoir.beta, run)?;
                let thermal = measure
                    .mean_exponential((-reservoir.beta).into(), member.energy)
                    .re;
                sum += q * thermal * (reservoir.alpha * (n as f64 - member.particles as f64)).exp();
            }
        }
        Ok(sum)
    }
}

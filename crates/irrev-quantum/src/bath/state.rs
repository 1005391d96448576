//! States of a bath.

use num_complex::Complex64;

use irrev_numerics::special::log_sum_exp;

use super::spectrum::BathSpectrum;
use crate::error::{Error, Result};
use crate::evolution::mean_energy;
use crate::kernel::SectorHamiltonian;
use crate::model::Hamiltonian;
use crate::sector::Sector;
use crate::temperature::Reservoir;
use crate::vector::norm;

/// Accepted error of normalisation of what a user gives.
const ROUNDING: f64 = 1e-9;

/// A pure state of the bath with a definite number of particles.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BathMember {
    /// w_a, its probability.
    pub weight: f64,
    /// N_a.
    pub particles: usize,
    /// E_a: its level, or ⟨H_B⟩ for a state that is no eigenstate.
    pub energy: f64,
    /// C(M, N_a) amplitudes in the order of the sector.
    pub state: Vec<Complex64>,
}

/// ρ_B = Σ_a w_a |a⟩⟨a|.
///
/// Energies exchanged are counted from E_a. For a state that is no eigenstate E_a is a mean, and the first of two measurements would find others: then σ holds as a
/// mean, while its distribution neglects the width of the energy.
///
/// ```
/// use irrev_numerics::Run;
/// use irrev_quantum::bath::{BathSpectrum, BathState};
/// use irrev_quantum::diagonalise::{Symmetries, Wanted};
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::temperature::Reservoir;
/// use irrev_quantum::Hamiltonian;
/// let chain = Hamiltonian::uniform(&Lattice::chain(4, Boundary::Open)?, 1.0, 0.5, 0.0)?;
/// let spectrum = BathSpectrum::new(&chain, 0..=4, &Symmetries::none(&chain), Wanted::States, &Run::default())?;
/// let one = BathState::eigenstate(&spectrum, 2, 1)?;
/// assert_eq!(one.members().len(), 1);
/// let thermal = BathState::gibbs(&spectrum, Reservoir { beta: 0.0, alpha: 0.0 })?;
/// assert_eq!(thermal.members().len(), 16);
/// assert!((thermal.mean_number() - 2.0).abs() < 1e-13);
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct BathState {
    sites: usize,
    members: Vec<BathMember>,
}

impl BathState {
    /// One energy eigenstate: index in ascending energy with n particles.
    ///
    /// # Errors
    /// As [`BathSpectrum::eigenstate`], which refuses degenerate levels.
    pub fn eigenstate(spectrum: &BathSpectrum, n: usize, index: usize) -> Result<Self> {
        Ok(Self {
            sites: spectrum.bath().sites(),
            members: vec![spectrum.eigenstate(n, index)?],
        })
    }

    /// One eigenstate of a symmetry block.
    ///
    /// # Errors
    /// As [`BathSpectrum::eigenstate_of_block`].
    pub fn eigenstate_of_block(
        spectrum: &BathSpectrum,
        n: usize,
        label: &[usize],
        index: usize,
    ) -> Result<Self> {
        Ok(Self {
            sites: spectrum.bath().sites(),
            members: vec![spectrum.eigenstate_of_block(n, label, index)?],
        })
    }

    /// exp(−β H_B + α N_B)/Ξ over all sectors, exactly. Where eigenstates are too many, [`super::typical_state`] has the same averages up to a scatter that it tells.
    ///
    /// # Errors
    /// [`Error::MissingSector`] unless all sectors were diagonalised, [`Error::NoStates`] unless with states; [`Error::Domain`] for β or α that is not finite.
    pub fn gibbs(spectrum: &BathSpectrum, reservoir: Reservoir) -> Result<Self> {
        let Reservoir { beta, alpha } = reservoir;
        for (what, value) in [("β of a Gibbs state", beta), ("α of a Gibbs state", alpha)] {
            Error::require(what, value, value.is_finite(), "a finite number")?;
        }
        let energies = spectrum.all_energies()?;
        let logarithm = |n: usize, energy: f64| -beta * energy + alpha * n as f64;
        let mut logarithms = Vec::new();
        for (n, energies) in energies.iter().enumerate() {
            logarithms.extend(energies.iter().map(|&e| logarithm(n, e)));
        }
        let partition = log_sum_exp(&logarithms);
        let mut members = Vec::with_capacity(logarithms.len());
        for (n, energies) in energies.iter().enumerate() {
            for index in 0..energies.len() {
                let mut member = spectrum.member(n, index)?;
                member.weight = (logarithm(n, member.energy) - partition).exp();
                if member.weight > 0.0 {
                    members.push(member);
                }
            }
        }
        Ok(Self {
            sites: spectrum.bath().sites(),
            members,
        })
    }

    /// Members whose weights sum to 1.
    pub(super) fn of_members(sites: usize, members: Vec<BathMember>) -> Self {
        Self { sites, members }
    }

    /// Any normalised vector with n particles, with E_a = ⟨H_B⟩.
    ///
    /// # Errors
    /// [`Error::Particles`], [`Error::Size`]; [`Error::Domain`] unless the norm is 1 within 1e-9.
    pub fn pure(bath: &Hamiltonian, n: usize, state: &[Complex64]) -> Result<Self> {
        let h = SectorHamiltonian::new(bath, Sector::new(bath.sites(), n)?)?;
        Error::require_size("the bath vector", state.len(), h.dimension())?;
        let length = norm(state);
        Error::require(
            "the norm of the bath vector",
            length,
            (length - 1.0).abs() <= ROUNDING,
            "1",
        )?;
        Ok(Self {
            sites: bath.sites(),
            members: vec![BathMember {
                weight: 1.0,
                particles: n,
                energy: mean_energy(&h, state)?,
                state: state.to_vec(),
            }],
        })
    }

    /// The occupation state of a word, bit j for site j of the bath.
    ///
    /// # Errors
    /// [`Error::Site`] for a bit beyond the sites.
    pub fn occupation(bath: &Hamiltonian, word: u64) -> Result<Self> {
        let n = word.count_ones() as usize;
        let highest = 63 - word.leading_zeros().min(63) as usize;
        let outside = Error::Site {
            what: "an occupation state".into(),
            site: highest,
            sites: bath.sites(),
        };
        if word != 0 && highest >= bath.sites() {
            return Err(outside);
        }
        let sector = Sector::new(bath.sites(), n)?;
        let mut state = vec![Complex64::ZERO; sector.dimension() as usize];
        state[sector.rank_inside(word) as usize] = Complex64::ONE;
        Self::pure(bath, n, &state)
    }

    /// A mixture of states of one bath with probabilities.
    ///
    /// # Errors
    /// [`Error::Size`] for unequal numbers of either or of sites; [`Error::Domain`] for probabilities that are negative or do not sum to 1 within 1e-9.
    pub fn mixture(probabilities: &[f64], states: &[Self]) -> Result<Self> {
        Error::require_size("states of a mixture", states.len(), probabilities.len())?;
        let sum: f64 = probabilities.iter().sum();
        Error::require(
            "the sum of the probabilities of the bath",
            sum,
            (sum - 1.0).abs() <= ROUNDING,
            "1",
        )?;
        let sites = states.first().map_or(0, |state| state.sites);
        let mut members = Vec::new();
        for (&p, state) in probabilities.iter().zip(states) {
            Error::require("a probability of the bath", p, p >= 0.0, "a number from 0 to 1")?;
            Error::require_size("sites of a state of a mixture", state.sites, sites)?;
            members.extend(state.members.iter().filter(|_| p > 0.0).map(|member| BathMember {
                weight: p * member.weight,
                ..member.clone()
            }));
        }
        Ok(Self { sites, members })
    }

    /// Number of sites M.
    #[must_use]
    pub fn sites(&self) -> usize {
        self.sites
    }

    /// The members, with positive weights that sum to 1.
    #[must_use]
    pub fn members(&self) -> &[BathMember] {
        &self.members
    }

    /// ⟨H_B⟩ = Σ_a w_a E_a.
    #[must_use]
    pub fn mean_energy(&self) -> f64 {
        self.members
            .iter()
            .map(|member| member.weight * member.energy)
            .sum()
    }

    /// ⟨N_B⟩ = Σ_a w_a N_a.
    #[must_use]
    pub fn mean_number(&self) -> f64 {
        let terms = self.members.iter();
        terms.map(|member| member.weight * member.particles as f64).sum()
    }
}

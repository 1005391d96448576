//! Generating function of σ measured at two points, forward and backward.
//!
//! G_F(u) = Σ_{k,a} p_k w_a Σ_l (p_k/q_l)^{iu} ⟨χ| e^{iu[β(H_B − E_a) − α(N_B − N_a)]} |χ⟩ with χ = ⟨l|ψ_ka(t)⟩, a bath vector, and q_l, |l⟩ the eigenpairs of ρ_S(t). Only the measure of
//! H_B in χ enters: from it follow G at every complex u and the distribution of σ. The backward process starts from ρ_S(t) ⊗ ρ_B(0), runs U† (e^{+iHt}, or a drive back
//! from t to 0) and ends with p_k.

use num_complex::Complex64;
use rayon::prelude::*;

use irrev_numerics::Run;

use super::balance::{Reduced, require_same};
use super::contact::ThermalContact;
use super::outcomes::{Outcome, OutcomeDistribution};
use crate::bath::{BathSpectrum, SpectralMeasure};
use crate::composite::{JointEvolution, JointState, SystemState, evolve_joint_from};
use crate::error::{Error, Result};
use crate::evolution::EvolutionOptions;
use crate::kernel::SectorHamiltonian;
use crate::sector::{Sector, binomial};

/// Eigenvalues of ρ_S(t) below this are no outcomes.
pub(super) const EMPTY: f64 = 1e-15;

/// How energies of the bath are measured.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum BathEnergies<'a> {
    /// In all eigenstates of the bath: exact, and gives the distribution of σ.
    Exact(&'a BathSpectrum),
    /// By Gauss's rule from Lanczos' recurrence, without diagonalisation: G(u) to rounding for all |u| up to this number.
    MatrixFree {
        /// Largest |u| that will be asked for; e^{−σ} needs 1.
        largest: f64,
    },
}

/// Which process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From ρ_S(0) ⊗ ρ_B(0) by U(t).
    Forward,
    /// From ρ_S(t) ⊗ ρ_B(0) by U(t)†, the drive run backwards.
    Backward,
}

/// A pair of outcomes of the system, and the bath's energies beside it.
#[derive(Debug, Clone, PartialEq)]
struct Path {
    /// Probability of the pure state it starts from.
    weight: f64,
    /// Logarithm of the system's initial probability minus that of its final one.
    log_ratio: f64,
    /// Energy and number of the bath at the start.
    start: (f64, usize),
    /// Number of the bath at the end.
    number: usize,
    measure: SpectralMeasure,
}

/// Everything that two measurements of −ln ρ_S + βH_B − αN_B can find, at one time and in one direction.
///
/// ```
/// use irrev_numerics::Run;
/// use irrev_quantum::bath::{BathSpectrum, BathState};
/// use irrev_quantum::composite::{Composite, Contact, SystemState};
/// use irrev_quantum::diagonalise::{Symmetries, Wanted};
/// use irrev_quantum::evolution::EvolutionOptions;
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::temperature::Reservoir;
/// use irrev_quantum::thermodynamics::{BathEnergies, Fluctuations, ThermalContact};
/// use irrev_quantum::Hamiltonian;
/// let run = Run::default();
/// let bath = Hamiltonian::uniform(&Lattice::chain(4, Boundary::Open)?, 1.0, 0.5, 1.0)?;
/// let composite = Composite::new(&Hamiltonian::new(&[1.0], &[])?, &bath, &[Contact::hopping(0, 0, 0.8)])?;
/// let spectrum = BathSpectrum::new(&bath, 0..=4, &Symmetries::none(&bath), Wanted::States, &run)?;
/// let reservoir = Reservoir { beta: 0.3, alpha: 0.2 };
/// let gibbs = BathState::gibbs(&spectrum, reservoir)?;
/// let contact = ThermalContact::new(&composite, &SystemState::diagonal(&[0.1, 0.9])?, &gibbs, reservoir)?;
/// let evolution = contact.evolve(&[1.0], &EvolutionOptions::default(), &run)?;
/// let found = Fluctuations::forward(&contact, &evolution, 0, BathEnergies::Exact(&spectrum), &run)?;
/// assert!((found.exponential_average()? - 1.0).abs() < 1e-12);           // a theorem for a Gibbs bath
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Fluctuations {
    direction: Direction,
    beta: f64,
    alpha: f64,
    /// |u| up to which averages are known; infinite from all eigenstates of the bath.
    largest: f64,
    paths: Vec<Path>,
}

impl Fluctuations {
    /// The forward process at a time of an evolution, by index.
    ///
    /// # Errors
    /// [`Error::Size`] unless the evolution is one of this contact and has that time; for exact energies [`Error::MissingSector`], [`Error::NoStates`] and
    /// [`irrev_numerics::Error::Memory`], since every outcome takes 16 bytes; as [`SpectralMeasure::by_lanczos`].
    pub fn forward(
        contact: &ThermalContact,
        evolution: &JointEvolution,
        time: usize,
        energies: BathEnergies<'_>,
        run: &Run<'_>,
    ) -> Result<Self> {
        require_same(contact, evolution)?;
        let reduced = Reduced::new(evolution, time)?;
        let ends: Vec<(f64, Vec<Complex64>)> = (0..reduced.populations.len())
            .filter(|&l| reduced.populations[l] >= EMPTY)
            .map(|l| (reduced.populations[l], reduced.vectors.column(l).to_vec()))
            .collect();
        let starts = contact.system.probabilities();
        Self::of(
            contact,
            Direction::Forward,
            evolution,
            time,
            (starts, &ends),
            energies,
            run,
        )
    }

    /// The backward process that belongs to a time of the forward evolution.
    ///
    /// # Errors
    /// As [`Fluctuations::forward`] and [`ThermalContact::evolve`].
    pub fn backward(
        contact: &ThermalContact,
        evolution: &JointEvolution,
        time: usize,
        energies: BathEnergies<'_>,
        options: &EvolutionOptions,
        run: &Run<'_>,
    ) -> Result<Self> {
        require_same(contact, evolution)?;
        let rho = Reduced::new(evolution, time)?.rho;
        let start = SystemState::from_matrix(&rho)?;
        let (composite, bath) = (&contact.composite, &contact.bath);
        let returned = evolve_joint_from(
            evolution.times[time],
            composite,
            &start,
            bath,
            &[0.0],
            options,
            run,
        )?;
        let probabilities = contact.system.probabilities().iter().copied();
        let ends: Vec<_> = probabilities
            .zip(contact.system.vectors().iter().cloned())
            .collect();
        let starts = start.probabilities();
        Self::of(
            contact,
            Direction::Backward,
            &returned,
            0,
            (starts, &ends),
            energies,
            run,
        )
    }

    fn of(
        contact: &ThermalContact,
        direction: Direction,
        evolution: &JointEvolution,
        time: usize,
        (starts, ends): (&[f64], &[(f64, Vec<Complex64>)]),
        energies: BathEnergies<'_>,
        run: &Run<'_>,
    ) -> Result<Self> {
        let meter = Meter::new(contact, energies)?;
        if matches!(energies, BathEnergies::Exact(_)) {
            let outcomes = ends.len() as u128 * bath_outcomes(evolution, time);
            Error::require_memory(run, "outcomes of two measurements", 16 * outcomes)?;
        }
        let paths: Vec<Vec<Path>> = evolution
            .branches
            .par_iter()
            .map(|branch| {
                let member = &contact.bath.members()[branch.member];
                let mut paths = Vec::new();
                for (end, vector) in ends {
                    for (number, measure) in meter.measured(&branch.states[time], vector, run)? {
                        paths.push(Path {
                            weight: branch.weight,
                            log_ratio: starts[branch.system].ln() - end.ln(),
                            start: (member.energy, member.particles),
                            number,
                            measure,
                        });
                    }
                }
                Ok(paths)
            })
            .collect::<Result<_>>()?;
        Ok(Self {
            direction,
            beta: contact.reservoir.beta,
            alpha: contact.reservoir.alpha,
            largest: match energies {
                BathEnergies::Exact(_) => f64::INFINITY,
                BathEnergies::MatrixFree { largest } => largest,
            },
            paths: paths.concat(),
        })
    }

    /// Which process this is.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// G(u) = ⟨e^{iuσ}⟩ for complex u.
    ///
    /// # Errors
    /// [`Error::Domain`] for a u that is not finite, or larger than energies of the bath were measured for.
    pub fn generating_function(&self, u: Complex64) -> Result<Complex64> {
        let size = u.norm();
        // 1 − i and the like may exceed their modulus by rounding
        Error::require(
            "|u|",
            size,
            size.is_finite() && size <= self.largest * (1.0 + 4.0 * f64::EPSILON),
            "at most the largest |u| that energies were measured for, or energies from all eigenstates of the bath",
        )?;
        Ok(self.summed(u))
    }

    /// G(u) whatever u.
    fn summed(&self, u: Complex64) -> Complex64 {
        let iu = Complex64::I * u;
        let term = |path: &Path| {
            let (energy, number) = path.start;
            // one exponent, so that factors that over- and underflow meet before
            let constant = path.log_ratio - self.alpha * (path.number as f64 - number as f64);
            let terms = path.measure.energies.iter().zip(&path.measure.weights);
            let sum: Complex64 = terms
                .map(|(e, w)| (iu * (constant + self.beta * (e - energy))).exp() * *w)
                .sum();
            sum * path.weight
        };
        self.paths.iter().map(term).sum()
    }

    /// ⟨e^{−σ}⟩ = G(i). For a Gibbs bath it is 1 − λ exactly.
    ///
    /// # Errors
    /// [`Error::Domain`] if energies of the bath were measured for smaller |u| than 1.
    pub fn exponential_average(&self) -> Result<f64> {
        Ok(self.generating_function(Complex64::I)?.re)
    }

    /// ⟨σ⟩ = −i G'(0), which for the forward process equals ΔS_S + β ΔE_B − α ΔN_B.
    #[must_use]
    pub fn mean(&self) -> f64 {
        let outcomes = self.outcomes();
        outcomes.map(|outcome| outcome.probability * outcome.sigma).sum()
    }

    /// The probability that the process ends where its end has weight: 1 forward; backward 1 − λ, with λ the absolute irreversibility Tr[(ρ_S(t) ⊗ ρ_B) U (1 − Π_S(0)) U†].
    #[must_use]
    pub fn reached(&self) -> f64 {
        self.summed(Complex64::ZERO).re
    }

    /// P(σ), with outcomes closer than 1e-9 in one bin, so that degenerate levels do not show.
    ///
    /// # Errors
    /// [`Error::NoOutcomes`] unless energies are those of all eigenstates of the bath: the nodes of Gauss's rule have the right averages, but are no outcomes.
    pub fn distribution(&self) -> Result<OutcomeDistribution> {
        if self.largest.is_finite() {
            return Err(Error::NoOutcomes);
        }
        Ok(OutcomeDistribution::new(self.outcomes()))
    }

    fn outcomes(&self) -> impl Iterator<Item = Outcome> + '_ {
        self.paths.iter().flat_map(move |path| {
            let (energy, number) = path.start;
            let constant = path.log_ratio - self.alpha * (path.number as f64 - number as f64);
            let terms = path.measure.energies.iter().zip(&path.measure.weights);
            terms.map(move |(e, w)| Outcome {
                sigma: constant + self.beta * (e - energy),
                probability: path.weight * w,
            })
        })
    }
}

/// Levels of the bath that may be found beside one vector of the system, over all branches.
fn bath_outcomes(evolution: &JointEvolution, time: usize) -> u128 {
    let of_branch = |state: &JointState| -> u128 {
        let occurs = |n: &usize| (0..state.configurations()).any(|s| !state.part(s, *n).is_empty());
        let numbers = (0..=state.bath_sites()).filter(occurs);
        numbers.map(|n| u128::from(binomial(state.bath_sites(), n))).sum()
    };
    evolution
        .branches
        .iter()
        .map(|branch| of_branch(&branch.states[time]))
        .sum()
}

/// The measurement of the bath, prepared once.
enum Meter<'a> {
    Exact(&'a BathSpectrum),
    MatrixFree {
        sectors: Vec<SectorHamiltonian>,
        exponent: f64,
    },
}

impl<'a> Meter<'a> {
    fn new(contact: &ThermalContact, energies: BathEnergies<'a>) -> Result<Self> {
        let bath = contact.composite.bath();
        match energies {
            BathEnergies::Exact(spectrum) => {
                if spectrum.bath() == bath {
                    Ok(Self::Exact(spectrum))
                } else {
                    Err(Error::OtherBath)
                }
            }
            BathEnergies::MatrixFree { largest } => {
                Error::require(
                    "the largest |u|",
                    largest,
                    largest >= 0.0 && largest.is_finite(),
                    "a finite number",
                )?;
                let members = contact.bath.members().iter();
                let numbers: Vec<usize> = members.map(|member| member.particles).collect();
                let m = contact.composite.system().sites();
                let near = |n: &usize| numbers.iter().any(|number| number.abs_diff(*n) <= m);
                let sectors = (0..=bath.sites())
                    .filter(near)
                    .map(|n| SectorHamiltonian::new(bath, Sector::new(bath.sites(), n)?))
                    .collect::<Result<_>>()?;
                let exponent = largest * contact.reservoir.beta;
                Ok(Self::MatrixFree { sectors, exponent })
            }
        }
    }

    /// By number of particles in the bath, the energies found beside a vector of the system.
    fn measured(
        &self,
        state: &JointState,
        vector: &[Complex64],
        run: &Run<'_>,
    ) -> Result<Vec<(usize, SpectralMeasure)>> {
        let mut found = Vec::new();
        for n in 0..=state.bath_sites() {
            let Some(chi) = state.conditional(vector, n)? else {
                continue;
            };
            let measure = match self {
                Self::Exact(spectrum) => SpectralMeasure::exact(spectrum.sector(n)?, &chi)?,
                Self::MatrixFree { sectors, exponent } => {
                    let h = sectors.iter().find(|h| h.sector().particles() == n);
                    let h = h.ok_or(Error::MissingSector { particles: n })?;
                    SpectralMeasure::by_lanczos(h, &chi, *exponent, run)?
                }
            };
            found.push((n, measure));
        }
        Ok(found)
    }
}

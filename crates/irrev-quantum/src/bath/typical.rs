//! Thermal states without eigenstates: one random vector in each number of particles, cooled.
//!
//! |a_n⟩ = e^{−βH_B/2} |r_n⟩ / ‖·‖ with |r_n⟩ uniform on the sphere of the sector, and weights w_n ∝ e^{αn} C(M, n) ⟨r_n|e^{−βH_B}|r_n⟩. Where numbers of particles are conserved, coherences between them never
//! show, and this mixture of M + 1 pure states has the averages of exp(−βH_B + αN_B)/Ξ up to their scatter over the choice of vectors: for an observable O
//! about √(Tr[ρ ΔO ρ ΔO]) ≤ ‖ΔO‖/√D_eff, with D_eff = Ξ(β, α)²/Ξ(2β, 2α) the number of states that take part, and √2 times that with real vectors, as real hoppings allow.
//!
//! Sources: Hams and De Raedt, Phys. Rev. E 62, 4365 (2000); Goldstein, Lebowitz, Tumulka and Zanghì, Phys. Rev. Lett. 96, 050403 (2006); Sugiura and Shimizu, Phys. Rev. Lett. 111, 010401 (2013).

use num_complex::Complex64;

use irrev_numerics::Run;
use irrev_numerics::special::log_sum_exp;

use super::state::{BathMember, BathState};
use crate::error::{Error, Result};
use crate::evolution::{EvolutionOptions, evolve_in_imaginary_time, mean_energy};
use crate::kernel::{Amplitude, SectorHamiltonian};
use crate::model::Hamiltonian;
use crate::random::random_state;
use crate::sector::{Sector, binomial};
use crate::temperature::Reservoir;
use crate::vector::inner;

/// Numbers of particles with less than this weight are left out.
const NEGLIGIBLE: f64 = 1e-12;

/// Most numbers of particles, each of which takes a random vector of its own.
const NUMBERS: u32 = 65;

/// Random vectors are told apart by 24 bits.
const INDICES: u32 = (1 << 24) / NUMBERS;

/// A typical state of a Gibbs ensemble.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TypicalState {
    /// One member for each number of particles. Their energies are means; the spread of energies is that of the ensemble.
    pub state: BathState,
    /// D_eff = Ξ(β, α)²/Ξ(2β, 2α), the number of states that take part, as these vectors estimate it.
    pub effective_dimension: f64,
    /// Scatter of averages of an observable, in units of its largest deviation from its mean: 1/√D_eff, or √(2/D_eff) of real vectors. A bound of the standard deviation.
    pub scatter: f64,
    /// Numbers of particles without a member, ascending, because their weight is below 1e-12.
    pub left_out: Vec<usize>,
}

/// A random pure state in each number of particles that together look like exp(−β H_B + α N_B)/Ξ, for β of either sign.
///
/// Where a Gibbs state needs all eigenstates, this needs one evolution in imaginary time for each number of particles. The same seed and index give the same bits; other indices give
/// independent states, whose averages scatter by [`TypicalState::scatter`]. Memory: 16 bytes for each of the 2^M occupations.
///
/// # Errors
/// [`Error::Domain`] for β or α that is not finite, and for an index beyond 258 110; [`irrev_numerics::Error::Memory`], [`irrev_numerics::Error::Cancelled`].
///
/// ```
/// use irrev_numerics::Run;
/// use irrev_quantum::bath::{BathSpectrum, BathState, typical_state};
/// use irrev_quantum::diagonalise::{Symmetries, Wanted};
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::temperature::Reservoir;
/// use irrev_quantum::Hamiltonian;
/// let chain = Hamiltonian::uniform(&Lattice::chain(10, Boundary::Open)?, 1.0, 0.5, 0.0)?;
/// let reservoir = Reservoir { beta: 0.2, alpha: 0.1 };
/// let found = typical_state(&chain, reservoir, 0, &Run::default())?;
/// assert_eq!(found.state.members().len(), 11);
/// let spectrum = BathSpectrum::new(&chain, 0..=10, &Symmetries::none(&chain), Wanted::States, &Run::default())?;
/// let gibbs = BathState::gibbs(&spectrum, reservoir)?;
/// // numbers deviate from their mean by 6 at most; 6 standard deviations
/// assert!((found.state.mean_number() - gibbs.mean_number()).abs() < 6.0 * 6.0 * found.scatter);
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn typical_state(
    bath: &Hamiltonian,
    reservoir: Reservoir,
    index: u32,
    run: &Run<'_>,
) -> Result<TypicalState> {
    run.install(|| {
        let Reservoir { beta, alpha } = reservoir;
        for (what, value) in [("β of a typical state", beta), ("α of a typical state", alpha)] {
            Error::require(what, value, value.is_finite(), "a finite number")?;
        }
        Error::require(
            "the index of a typical state",
            f64::from(index),
            index < INDICES,
            "at most 258 110",
        )?;
        let sites = bath.sites();
        let amplitudes: u128 = (0..=sites).map(|n| u128::from(binomial(sites, n))).sum();
        Error::require_memory(run, "a typical state of a bath", 16 * amplitudes)?;

        let mut cooled = Vec::with_capacity(sites + 1);
        for n in 0..=sites {
            run.report(n as f64 / (sites + 1) as f64, "typical state of the bath")?;
            let h = SectorHamiltonian::new(bath, Sector::new(sites, n)?)?;
            let stream = index * NUMBERS + n as u32;
            cooled.push(if h.is_real() {
                cool::<f64>(&h, reservoir, stream, run)?
            } else {
                cool::<Complex64>(&h, reservoir, stream, run)?
            });
        }
        let logarithms: Vec<f64> = cooled.iter().map(|sector| sector.log_weight).collect();
        let partition = log_sum_exp(&logarithms);
        let squares: Vec<f64> = cooled.iter().map(|sector| sector.log_square).collect();
        let effective_dimension = (2.0 * partition - log_sum_exp(&squares)).exp();

        let is_member = |logarithm: &f64| logarithm - partition >= NEGLIGIBLE.ln();
        let kept: Vec<f64> = logarithms.iter().copied().filter(is_member).collect();
        let total = log_sum_exp(&kept);
        let mut members = Vec::with_capacity(kept.len());
        let mut left_out = Vec::new();
        for (particles, sector) in cooled.into_iter().enumerate() {
            if is_member(&sector.log_weight) {
                members.push(BathMember {
                    weight: (sector.log_weight - total).exp(),
                    particles,
                    energy: sector.energy,
                    state: sector.state,
                });
            } else {
                left_out.push(particles);
            }
        }
        let of_real = if bath.is_real() { 2.0 } else { 1.0 };
        Ok(TypicalState {
            state: BathState::of_members(sites, members),
            effective_dimension,
            scatter: (of_real / effective_dimension).sqrt(),
            left_out,
        })
    })?
}

/// A cooled vector of a sector.
struct Cooled {
    /// Logarithm of e^{αn} C(M, n) ⟨r|e^{−βH}|r⟩.
    log_weight: f64,
    /// The same at 2β and 2α.
    log_square: f64,
    energy: f64,
    state: Vec<Complex64>,
}

fn cool<T: Amplitude>(
    h: &SectorHamiltonian,
    reservoir: Reservoir,
    stream: u32,
    run: &Run<'_>,
) -> Result<Cooled> {
    let start = random_state::<T>(h.dimension(), run.seed, stream);
    let betas = [0.5 * reservoir.beta, reservoir.beta];
    let found = evolve_in_imaginary_time(h, &start, &betas, 0.0, &EvolutionOptions::default(), run)?;
    let log_trace = |place: usize| {
        let state = &found.states[place];
        let square = inner(state, state).to_complex().re;
        (h.dimension() as f64).ln() + 2.0 * found.logarithms[place] + square.ln()
    };
    let particles = h.sector().particles() as f64;
    let square = inner(&found.states[0], &found.states[0]).to_complex().re;
    let length = square.sqrt();
    let state: Vec<Complex64> = found.states[0].iter().map(|x| x.to_complex() / length).collect();
    Ok(Cooled {
        log_weight: log_trace(0) + reservoir.alpha * particles,
        log_square: log_trace(1) + 2.0 * reservoir.alpha * particles,
        energy: mean_energy(h, &found.states[0])? / square,
        state,
    })
}

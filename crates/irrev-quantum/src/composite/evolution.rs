//! Evolution of all pure states that make up ρ_S(0) ⊗ ρ_B(0).

use std::collections::BTreeMap;

use num_complex::Complex64;
use rayon::prelude::*;

use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;

use super::driven::{DrivenSector, Path};
use super::joint::JointState;
use super::model::Composite;
use super::system_state::SystemState;
use crate::bath::BathState;
use crate::error::{Error, Result};
use crate::evolution::{Evolution, EvolutionOptions, evolve};
use crate::kernel::SectorHamiltonian;
use crate::sector::{Sector, binomial};

/// One |φ_k⟩|a⟩ and what becomes of it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Branch {
    /// k, counted in [`SystemState::probabilities`].
    pub system: usize,
    /// a, counted in [`BathState::members`].
    pub member: usize,
    /// p_k w_a.
    pub weight: f64,
    /// ψ_ka(t), by time.
    pub states: Vec<JointState>,
}

/// All branches at the times asked for, and how well the laws were kept.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct JointEvolution {
    /// The times, as asked.
    pub times: Vec<f64>,
    /// All pairs (k, a), the member of the bath running fastest.
    pub branches: Vec<Branch>,
    /// Largest drift of a norm.
    pub norm_drift: f64,
    /// Largest drift of ⟨H⟩ of a branch while H does not change, an energy.
    pub energy_drift: f64,
    /// Largest bound of an error by truncation, in norm; of a drive, the estimated errors of all steps.
    pub truncation: f64,
    /// Work ∫ ⟨∂H/∂t⟩ dt by time, from the power along the way and the jumps of ⟨H⟩, those at t = 0 and t among them; an energy, 0 without a drive.
    pub work: Vec<f64>,
}

impl JointEvolution {
    /// ρ_S at the time of an index, 2^m × 2^m; `None` if there are not that many times.
    #[must_use]
    pub fn reduced(&self, time: usize) -> Option<Matrix<Complex64>> {
        let states = self.branches.first()?.states.get(time)?;
        let size = states.reduced().rows();
        let parts: Vec<Matrix<Complex64>> = self
            .branches
            .par_iter()
            .map(|branch| branch.states[time].reduced().scaled(branch.weight.into()))
            .collect();
        let mut rho = Matrix::zeros(size, size);
        for part in &parts {
            for (sum, x) in rho.data_mut().iter_mut().zip(part.data()) {
                *sum += x;
            }
        }
        Some(rho)
    }
}

/// ψ_ka(t) = U(t) |φ_k⟩|a⟩ for all k, a and times of either sign, exact up to the tolerance of [`EvolutionOptions`]; U = e^{−iHt}, or with a drive the time-ordered exponential from 0.
///
/// A superposition of different numbers of particles splits over sectors, which are evolved apart and put together again. Memory: 16 bytes a state of each touched
/// sector, branch and time, and with a drive 64 more for each branch.
///
/// While the factors of a drive stand still, H is a constant like any other. Where they move, steps of fourth order are as short as the tolerance asks, which takes some
/// hundred times as many products with H at 1e-12, and ten times fewer for every four digits less. Bounds of the spectrum that are given are used without a drive only.
///
/// # Errors
/// [`Error::Size`] unless the states belong to the composite; as [`evolve`].
///
/// ```
/// use irrev_numerics::Run;
/// use irrev_quantum::bath::BathState;
/// use irrev_quantum::composite::{Composite, Contact, SystemState, evolve_joint};
/// use irrev_quantum::evolution::EvolutionOptions;
/// use irrev_quantum::Hamiltonian;
/// let site = Hamiltonian::new(&[0.0], &[])?;
/// let composite = Composite::new(&site, &site, &[Contact::hopping(0, 0, 1.0)])?;
/// let full = SystemState::diagonal(&[0.0, 1.0])?;
/// let empty = BathState::occupation(&site, 0)?;
/// let found = evolve_joint(&composite, &full, &empty, &[0.4], &EvolutionOptions::default(), &Run::default())?;
/// let rho = found.reduced(0).unwrap();
/// assert!((rho[(1, 1)].re - 0.4_f64.cos().powi(2)).abs() < 1e-12);       // the particle swings between two sites
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn evolve_joint(
    composite: &Composite,
    system: &SystemState,
    bath: &BathState,
    times: &[f64],
    options: &EvolutionOptions,
    run: &Run<'_>,
) -> Result<JointEvolution> {
    evolve_joint_from(0.0, composite, system, bath, times, options, run)
}

/// As [`evolve_joint`], from ρ_S ⊗ ρ_B at the time `begin`.
pub(crate) fn evolve_joint_from(
    begin: f64,
    composite: &Composite,
    system: &SystemState,
    bath: &BathState,
    times: &[f64],
    options: &EvolutionOptions,
    run: &Run<'_>,
) -> Result<JointEvolution> {
    run.install(|| evolve_all(begin, composite, (system, bath), times, options, run))?
}

fn evolve_all(
    begin: f64,
    composite: &Composite,
    (system, bath): (&SystemState, &BathState),
    times: &[f64],
    options: &EvolutionOptions,
    run: &Run<'_>,
) -> Result<JointEvolution> {
    let products = products(composite, system, bath)?;
    let starts: Vec<&JointState> = products.iter().map(|(_, _, start)| start).collect();
    let evolved = evolve_states(begin, composite, &starts, times, options, run)?;
    let mut found = JointEvolution {
        times: times.to_vec(),
        branches: Vec::with_capacity(evolved.len()),
        norm_drift: 0.0,
        energy_drift: 0.0,
        truncation: 0.0,
        work: vec![0.0; times.len()],
    };
    for (&(k, a, _), branch) in products.iter().zip(evolved) {
        let weight = system.probabilities()[k] * bath.members()[a].weight;
        found.norm_drift = found.norm_drift.max(branch.norm_drift);
        found.energy_drift = found.energy_drift.max(branch.energy_drift);
        found.truncation = found.truncation.max(branch.truncation);
        for (sum, part) in found.work.iter_mut().zip(&branch.work) {
            *sum += weight * part;
        }
        found.branches.push(Branch {
            system: k,
            member: a,
            weight,
            states: branch.states,
        });
    }
    Ok(found)
}

/// What becomes of one state of the whole; drifts and truncation are sums over its sectors.
#[derive(Clone)]
pub(crate) struct Evolved {
    pub(crate) states: Vec<JointState>,
    work: Vec<f64>,
    norm_drift: f64,
    energy_drift: f64,
    truncation: f64,
}

/// Evolves states of the whole, sector by sector, from the time `begin`.
pub(crate) fn evolve_states(
    begin: f64,
    composite: &Composite,
    starts: &[&JointState],
    times: &[f64],
    options: &EvolutionOptions,
    run: &Run<'_>,
) -> Result<Vec<Evolved>> {
    for &t in times {
        Error::require("a time", t, t.is_finite(), "a finite number")?;
    }
    let whole_sites = composite.whole().sites();
    let mut by_number: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, start) in starts.iter().enumerate() {
        for number in start.numbers() {
            by_number.entry(number).or_default().push(place);
        }
    }
    let states: u128 = by_number
        .iter()
        .map(|(&number, places)| u128::from(binomial(whole_sites, number)) * places.len() as u128)
        .sum();
    let largest = by_number
        .iter()
        .map(|(&number, places)| u128::from(binomial(whole_sites, number)) * places.len() as u128)
        .max();
    // those of the largest sector are held twice while they are put in their places
    let held = states + largest.unwrap_or(0);
    Error::require_memory(
        run,
        "joint states of system and bath at all times",
        16 * held * times.len() as u128,
    )?;

    let motions: Vec<(DrivenSector<'_>, &Vec<usize>)> = by_number
        .iter()
        .map(|(&number, places)| {
            let sector = Sector::new(whole_sites, number)?;
            Ok((DrivenSector::new(composite, sector, options.bounds, run)?, places))
        })
        .collect::<Result<_>>()?;
    let paths: Vec<Vec<Path>> = motions
        .par_iter()
        .map(|(motion, places)| {
            let gathered = |&place: &usize| starts[place].gathered(motion.sector());
            let starts: Vec<Vec<Complex64>> = places.iter().map(gathered).collect();
            motion.paths(&starts, begin, times, options.tolerance, run)
        })
        .collect::<Result<_>>()?;

    let zero = JointState::zero(composite.system().sites(), composite.bath().sites());
    let nothing = Evolved {
        states: vec![zero; times.len()],
        work: vec![0.0; times.len()],
        norm_drift: 0.0,
        energy_drift: 0.0,
        truncation: 0.0,
    };
    let mut found = vec![nothing; starts.len()];
    for ((motion, places), paths) in motions.iter().zip(paths) {
        for (&place, path) in places.iter().zip(paths) {
            let evolved = &mut found[place];
            // each is given back once it is scattered, so that states are held once
            for (state, amplitudes) in evolved.states.iter_mut().zip(path.states) {
                state.scatter(motion.sector(), &amplitudes);
            }
            for (sum, part) in evolved.work.iter_mut().zip(&path.work) {
                *sum += part;
            }
            evolved.norm_drift += path.norm_drift;
            evolved.energy_drift += path.energy_drift;
            evolved.truncation += path.truncation;
        }
    }
    Ok(found)
}

/// Largest ‖U(t)† U(t) ψ − ψ‖ over all ψ = |φ_k⟩|a⟩, evolved there and back: what an evolution loses, in norm. A drive runs backwards on the way back.
///
/// # Errors
/// As [`evolve_joint`].
///
/// ```
/// use irrev_numerics::Run;
/// use irrev_quantum::bath::BathState;
/// use irrev_quantum::composite::{Composite, Contact, SystemState, return_error};
/// use irrev_quantum::evolution::EvolutionOptions;
/// use irrev_quantum::lattice::{Boundary, Lattice};
/// use irrev_quantum::Hamiltonian;
/// let bath = Hamiltonian::uniform(&Lattice::chain(6, Boundary::Open)?, 1.0, 0.5, 0.0)?;
/// let composite = Composite::new(&Hamiltonian::new(&[0.5], &[])?, &bath, &[Contact::hopping(0, 0, 1.0)])?;
/// let (system, bath) = (SystemState::diagonal(&[0.2, 0.8])?, BathState::occupation(&bath, 0b110)?);
/// let error = return_error(&composite, &system, &bath, 20.0, &EvolutionOptions::default(), &Run::default())?;
/// assert!(error < 1e-10);
/// # Ok::<(), irrev_quantum::Error>(())
/// ```
pub fn return_error(
    composite: &Composite,
    system: &SystemState,
    bath: &BathState,
    time: f64,
    options: &EvolutionOptions,
    run: &Run<'_>,
) -> Result<f64> {
    run.install(|| {
        let products = products(composite, system, bath)?;
        let starts: Vec<&JointState> = products.iter().map(|(_, _, start)| start).collect();
        let there = evolve_states(0.0, composite, &starts, &[time], options, run)?;
        let ends: Vec<&JointState> = there.iter().map(|evolved| &evolved.states[0]).collect();
        let back = evolve_states(time, composite, &ends, &[0.0], options, run)?;
        let errors = starts
            .iter()
            .zip(&back)
            .map(|(start, evolved)| start.distance(&evolved.states[0]));
        Ok(errors.fold(0.0, f64::max))
    })?
}

/// k, a and |φ_k⟩|a⟩ of all pairs, the member of the bath running fastest.
fn products(
    composite: &Composite,
    system: &SystemState,
    bath: &BathState,
) -> Result<Vec<(usize, usize, JointState)>> {
    let (m, bath_sites) = (composite.system().sites(), composite.bath().sites());
    Error::require_size("sites of the state of the system", system.sites(), m)?;
    Error::require_size("sites of the state of the bath", bath.sites(), bath_sites)?;
    let mut found = Vec::with_capacity(system.rank() * bath.members().len());
    for (k, phi) in system.vectors().iter().enumerate() {
        for (a, member) in bath.members().iter().enumerate() {
            let start = JointState::product(phi, bath_sites, member.particles, &member.state)?;
            found.push((k, a, start));
        }
    }
    Ok(found)
}

/// ρ_S ⊗ ρ_B as an evolution that has not begun.
pub(crate) fn joint_start(
    composite: &Composite,
    system: &SystemState,
    bath: &BathState,
) -> Result<JointEvolution> {
    let starts = products(composite, system, bath)?;
    let branches = starts.into_iter().map(|(k, a, start)| Branch {
        system: k,
        member: a,
        weight: system.probabilities()[k] * bath.members()[a].weight,
        states: vec![start],
    });
    Ok(JointEvolution {
        times: vec![0.0],
        branches: branches.collect(),
        norm_drift: 0.0,
        energy_drift: 0.0,
        truncation: 0.0,
        work: vec![0.0],
    })
}

/// [`evolve`], in real arithmetic up to the last step where start and Hamiltonian are real up to a phase.
pub(crate) fn evolve_as_real_if_possible(
    h: &SectorHamiltonian,
    start: &[Complex64],
    times: &[f64],
    options: &EvolutionOptions,
    run: &Run<'_>,
) -> Result<Evolution> {
    if h.is_real() && start.iter().all(|z| z.im == 0.0) {
        let real: Vec<f64> = start.iter().map(|z| z.re).collect();
        evolve(h, &real, times, options, run)
    } else {
        evolve(h, start, times, options, run)
    }
}

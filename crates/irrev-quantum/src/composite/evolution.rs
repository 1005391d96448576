//! Evolution of all pure states that make up ρ_S(0) ⊗ ρ_B(0).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use num_complex::Complex64;
use rayon::prelude::*;

use irrev_numerics::Run;
use irrev_numerics::linalg::Matrix;

use super::joint::JointState;
use super::model::Composite;
use super::system_state::SystemState;
use crate::bath::BathState;
use crate::error::{Error, Result};
use crate::evolution::{Evolution, EvolutionOptions, evolve};
use crate::kernel::SectorHamiltonian;
use crate::lanczos::{SpectralBounds, spectral_bounds};
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
    /// Largest drift of ⟨H⟩ of a branch, an energy.
    pub energy_drift: f64,
    /// Largest bound of an error by truncation, in norm.
    pub truncation: f64,
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

/// ψ_ka(t) = e^{−iHt} |φ_k⟩|a⟩ for all k, a and times of either sign, exact up to the tolerance of [`EvolutionOptions`].
///
/// A superposition of different numbers of particles splits over sectors, which are evolved apart and put together again. Memory: 16 bytes a state of each touched
/// sector, branch and time.
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
    let starts = products(composite, system, bath)?;
    let whole_sites = composite.whole().sites();
    let states: u128 = starts
        .iter()
        .flat_map(|(_, _, start)| start.numbers())
        .map(|number| u128::from(binomial(whole_sites, number)))
        .sum();
    Error::require_memory(
        run,
        "joint states at all times",
        16 * states * times.len() as u128,
    )?;

    let mut sectors = BTreeMap::new();
    for number in starts.iter().flat_map(|(_, _, start)| start.numbers()) {
        if let Entry::Vacant(place) = sectors.entry(number) {
            let h = SectorHamiltonian::new(composite.whole(), Sector::new(whole_sites, number)?)?;
            let bounds = match options.bounds {
                Some(bounds) => bounds,
                None => spectral_bounds(&h, run)?,
            };
            place.insert((h, bounds));
        }
    }
    let evolved: Vec<(Vec<JointState>, [f64; 3])> = starts
        .par_iter()
        .map(|(_, _, start)| evolve_branch(&sectors, start, composite, times, options, run))
        .collect::<Result<_>>()?;
    let largest = |which: usize| {
        evolved
            .iter()
            .map(|(_, drifts)| drifts[which])
            .fold(0.0, f64::max)
    };
    let (norm_drift, energy_drift, truncation) = (largest(0), largest(1), largest(2));
    let branches = starts
        .iter()
        .zip(evolved)
        .map(|(&(k, a, _), (states, _))| Branch {
            system: k,
            member: a,
            weight: system.probabilities()[k] * bath.members()[a].weight,
            states,
        });
    Ok(JointEvolution {
        times: times.to_vec(),
        branches: branches.collect(),
        norm_drift,
        energy_drift,
        truncation,
    })
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
    })
}

/// One branch at all times; drifts of norm and energy, and the bound of truncation, summed over sectors.
fn evolve_branch(
    sectors: &BTreeMap<usize, (SectorHamiltonian, SpectralBounds)>,
    start: &JointState,
    composite: &Composite,
    times: &[f64],
    options: &EvolutionOptions,
    run: &Run<'_>,
) -> Result<(Vec<JointState>, [f64; 3])> {
    let zero = JointState::zero(composite.system().sites(), composite.bath().sites());
    let mut states = vec![zero; times.len()];
    let mut drifts = [0.0; 3];
    for number in start.numbers() {
        let (h, bounds) = &sectors[&number];
        let options = EvolutionOptions {
            bounds: Some(*bounds),
            ..*options
        };
        let found = evolve_as_real_if_possible(h, &start.gathered(h.sector()), times, &options, run)?;
        for (state, amplitudes) in states.iter_mut().zip(&found.states) {
            state.scatter(h.sector(), amplitudes);
        }
        drifts[0] += found.norm_drift;
        drifts[1] += found.energy_drift;
        drifts[2] += found.truncation;
    }
    Ok((states, drifts))
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

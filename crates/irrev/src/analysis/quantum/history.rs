//! The evolution of system and bath at one coupling: the books and ⟨e^{−σ}⟩ at every time.

use irrev_numerics::Run;
use irrev_quantum::evolution::EvolutionOptions;
use irrev_quantum::sector::Sector;
use irrev_quantum::thermodynamics::{
    Balance, BathEnergies, Fluctuations, ThermalContact, entropy_production,
};
use rayon::prelude::*;

use crate::lattices::{CHUNK, PreparedBath};
use crate::model::{BathStart, QuantumValues};

/// Accepted error of a driven evolution, whose steps cost more the shorter they are; without a drive rounding is as cheap.
const DRIVEN: f64 = 1e-11;

/// Entropy production below this is rounding.
const ROUNDING: f64 = 1e-12;

/// What happened at one coupling.
#[derive(Debug, Clone)]
pub(super) struct History {
    /// Hopping of the contact.
    pub(super) coupling: f64,
    /// By time.
    pub(super) balances: Vec<Balance>,
    /// ⟨e^{−σ}⟩ by time; empty beside a typical state, whose energies two measurements would tell apart.
    pub(super) averages: Vec<f64>,
    /// Largest difference of σ from the mean of the two-point measurement.
    pub(super) mean_residual: f64,
    pub(super) norm_drift: f64,
    pub(super) energy_residual: f64,
    pub(super) number_residual: f64,
    pub(super) truncation: f64,
}

/// System and bath at one coupling.
pub(super) fn contact(
    values: &QuantumValues,
    bath: &PreparedBath,
    coupling: f64,
) -> irrev_quantum::Result<ThermalContact> {
    ThermalContact::new(
        &values.composite(coupling)?,
        &values.state,
        &bath.state,
        bath.matched.finite()?,
    )
}

/// How accurately states are evolved.
pub(super) fn accuracy(values: &QuantumValues) -> EvolutionOptions {
    let plain = EvolutionOptions::default();
    match values.drive {
        Some(_) => EvolutionOptions {
            tolerance: DRIVEN,
            ..plain
        },
        None => plain,
    }
}

/// Bytes of the states at one time.
fn bytes_per_time(values: &QuantumValues, bath: &PreparedBath) -> irrev_quantum::Result<u128> {
    let (m, sites) = (values.system.sites(), values.bath.sites());
    let mut states = 0_u128;
    for member in bath.state.members() {
        // a configuration of the system touches the sector of all its particles
        for vector in values.state.vectors() {
            let touched = vector
                .iter()
                .enumerate()
                .filter(|(_, amplitude)| amplitude.norm() > 0.0);
            let mut numbers: Vec<u32> = touched.map(|(s, _)| s.count_ones()).collect();
            numbers.sort_unstable();
            numbers.dedup();
            for number in numbers {
                let sector = Sector::new(m + sites, member.particles + number as usize)?;
                states += u128::from(sector.dimension());
            }
        }
    }
    Ok(16 * states)
}

/// Follows the evolution, as many times together as fit into memory.
pub(super) fn follow(
    values: &QuantumValues,
    bath: &PreparedBath,
    coupling: f64,
    run: &Run<'_>,
) -> irrev_quantum::Result<History> {
    let contact = contact(values, bath, coupling)?;
    let mut history = History {
        coupling,
        balances: Vec::new(),
        averages: Vec::new(),
        mean_residual: 0.0,
        norm_drift: 0.0,
        energy_residual: 0.0,
        number_residual: 0.0,
        truncation: 0.0,
    };
    let together = (CHUNK / bytes_per_time(values, bath)?.max(1)).max(1);
    let together = usize::try_from(together).unwrap_or(usize::MAX);
    for times in values.times.chunks(together.min(values.times.len().max(1))) {
        let evolution = contact.evolve(times, &accuracy(values), run)?;
        let books = entropy_production(&contact, &evolution)?;
        let measured = match values.start {
            BathStart::Typical { .. } => 0..0,
            _ => 0..times.len(),
        };
        let found: Vec<(f64, f64)> = measured
            .into_par_iter()
            .map(|time| {
                let energies = BathEnergies::MatrixFree { largest: 1.0 };
                let found = Fluctuations::forward(&contact, &evolution, time, energies, run)?;
                let residual = (found.mean() - books.balances[time].entropy_production).abs();
                Ok((found.exponential_average()?, residual))
            })
            .collect::<irrev_quantum::Result<_>>()?;
        history.averages.extend(found.iter().map(|f| f.0));
        history.mean_residual = found.iter().map(|f| f.1).fold(history.mean_residual, f64::max);
        history.norm_drift = history.norm_drift.max(books.norm_drift);
        history.energy_residual = history.energy_residual.max(books.energy_residual);
        history.number_residual = history.number_residual.max(books.number_residual);
        history.truncation = history.truncation.max(books.truncation);
        history.balances.extend(books.balances);
    }
    Ok(history)
}

/// Entropy production, where rounding is 0.
pub(super) fn without_rounding(production: f64) -> f64 {
    if production.abs() < ROUNDING {
        0.0
    } else {
        production
    }
}

impl History {
    pub(super) fn last(&self) -> Option<&Balance> {
        self.balances.last()
    }

    /// The least entropy production.
    pub(super) fn lowest(&self) -> f64 {
        let values = self.balances.iter().map(|balance| balance.entropy_production);
        without_rounding(values.fold(f64::INFINITY, f64::min))
    }

    /// Mean, least and largest entropy production over the second half of the evolution, by the trapezoid rule; `None` if that has no two times.
    pub(super) fn late(&self) -> Option<[f64; 3]> {
        let half = 0.5 * self.last()?.time;
        let late: Vec<&Balance> = self.balances.iter().filter(|b| b.time >= half).collect();
        let span = late.last()?.time - late.first()?.time;
        if span <= 0.0 {
            return None;
        }
        let pairs = late.windows(2);
        let areas = pairs.map(|pair| {
            0.5 * (pair[0].entropy_production + pair[1].entropy_production) * (pair[1].time - pair[0].time)
        });
        let values = || late.iter().map(|b| b.entropy_production);
        Some([
            areas.sum::<f64>() / span,
            values().fold(f64::INFINITY, f64::min),
            values().fold(f64::NEG_INFINITY, f64::max),
        ])
    }

    /// Mean |ΔE_B| and |ΔN_B| over the second half of the evolution.
    pub(super) fn late_changes(&self) -> [f64; 2] {
        let half = self.last().map_or(0.0, |last| 0.5 * last.time);
        let late: Vec<&Balance> = self.balances.iter().filter(|b| b.time >= half).collect();
        let mean = |of: fn(&Balance) -> f64| {
            late.iter().map(|b| of(b).abs()).sum::<f64>() / late.len().max(1) as f64
        };
        [mean(|b| b.bath_energy_change), mean(|b| b.bath_number_change)]
    }

    /// A column of the books.
    pub(super) fn column(&self, of: impl Fn(&Balance) -> f64) -> Vec<f64> {
        self.balances.iter().map(of).collect()
    }
}

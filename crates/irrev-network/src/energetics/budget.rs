//! Heat, work and entropy per unit time, and the Clausius sum over an interval.

use irrev_numerics::sum::{CompensatedSum, compensated_sum};

use super::Energetics;
use crate::dynamics::Relaxation;
use crate::error::Result;
use crate::flow::Flow;
use crate::kinetics::{Kinetics, MarkovJump};
use crate::state::Distribution;

/// First and second law at one state, per unit time.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct EnergyBudget {
    /// Heat current into each reservoir, in energy per time.
    pub heat: Vec<f64>,
    /// Particle current into each reservoir, in particles per time.
    pub particles: Vec<f64>,
    /// Chemical work on the system per time: −Σ μ · particle current into the reservoir.
    pub chemical_work: f64,
    /// Work of the non-conservative forces on the system per time.
    pub driving_work: f64,
    /// dE/dt of the system.
    pub energy_rate: f64,
    /// dE/dt + Σ heat − chemical work − driving work: 0 up to rounding if every edge has a reservoir.
    pub first_law_defect: f64,
    /// dS/dt of the system, in nats per time (with the internal entropy ln g of the states).
    pub entropy_rate: f64,
    /// dS/dt + Σ heat/T, in nats per time: the entropy production rate if every edge has a reservoir and obeys local detailed balance.
    pub clausius_rate: f64,
}

/// Energy budget of a flow at a distribution. O(edges).
///
/// # Errors
/// [`crate::Error::Length`], [`crate::Error::Domain`].
pub fn energy_budget(
    flow: &Flow,
    distribution: &Distribution,
    energetics: &Energetics,
) -> Result<EnergyBudget> {
    let network = flow.network();
    let per_jump = energetics.heat_per_jump(network)?;
    let current = flow.current();
    let mut heat = vec![CompensatedSum::default(); network.reservoirs().len()];
    let mut particles = vec![CompensatedSum::default(); network.reservoirs().len()];
    let mut driving = CompensatedSum::default();
    for (edge, (j, (q, w))) in network
        .edges()
        .iter()
        .zip(current.iter().zip(per_jump.iter().zip(&energetics.driving_work)))
    {
        driving.add(j * w);
        if let (Some(r), Some(q)) = (edge.reservoir, q) {
            heat[r].add(j * q);
            particles[r].add(j * (energetics.numbers[edge.from] - energetics.numbers[edge.to]));
        }
    }
    let heat: Vec<f64> = heat.iter().map(CompensatedSum::value).collect();
    let particles: Vec<f64> = particles.iter().map(CompensatedSum::value).collect();
    let rate = flow.rate_of_change();
    let energy_rate = compensated_sum(rate.iter().zip(&energetics.energies).map(|(r, e)| r * e));
    let chemical_work = -compensated_sum(
        particles
            .iter()
            .zip(&energetics.reservoirs)
            .map(|(n, r)| n * r.chemical_potential),
    );
    let driving_work = driving.value();
    let first_law_defect =
        compensated_sum(
            heat.iter()
                .copied()
                .chain([energy_rate, -chemical_work, -driving_work]),
        );
    let logs = distribution
        .probabilities()
        .iter()
        .zip(&energetics.degeneracies)
        .map(|(p, g)| (p / g).ln());
    let terms = rate
        .iter()
        .zip(logs)
        .map(|(r, log)| if *r == 0.0 { 0.0 } else { -r * log });
    let entropy_rate = compensated_sum(terms);
    let flows_out = heat
        .iter()
        .zip(&energetics.reservoirs)
        .map(|(q, r)| q / r.temperature);
    let clausius_rate = entropy_rate + compensated_sum(flows_out);
    Ok(EnergyBudget {
        heat,
        particles,
        chemical_work,
        driving_work,
        energy_rate,
        first_law_defect,
        entropy_rate,
        clausius_rate,
    })
}

/// The Clausius sum ΔS + Σ Qᵢ/Tᵢ ≥ 0 over an interval.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ClausiusSum {
    /// Change of the system's entropy ΔS, in nats.
    pub entropy_change: f64,
    /// Heat Qᵢ into each reservoir, in units of energy.
    pub heat: Vec<f64>,
    /// Σ Qᵢ/Tᵢ: entropy change of the reservoirs, in nats.
    pub reservoir_entropy: f64,
    /// ΔS + Σ Qᵢ/Tᵢ, in nats: non-negative by the second law.
    pub total: f64,
    /// Change of the system's mean energy.
    pub energy_change: f64,
}

/// Clausius sum along a relaxation (see [`crate::dynamics::relaxation`]) that began at `start`.
///
/// The heat follows from the net number of jumps along each edge.
///
/// # Errors
/// [`crate::Error::Length`], [`crate::Error::Domain`].
pub fn clausius_sum(
    kinetics: &MarkovJump,
    energetics: &Energetics,
    start: &Distribution,
    relaxation: &Relaxation,
) -> Result<ClausiusSum> {
    let network = kinetics.network();
    let per_jump = energetics.heat_per_jump(network)?;
    let mut heat = vec![CompensatedSum::default(); network.reservoirs().len()];
    for (edge, (n, q)) in network
        .edges()
        .iter()
        .zip(relaxation.net_jumps.iter().zip(&per_jump))
    {
        if let (Some(r), Some(q)) = (edge.reservoir, q) {
            heat[r].add(n * q);
        }
    }
    let heat: Vec<f64> = heat.iter().map(CompensatedSum::value).collect();
    let end = &relaxation.final_distribution;
    let entropy_change = energetics.entropy(end)? - energetics.entropy(start)?;
    let reservoir_entropy = compensated_sum(
        heat.iter()
            .zip(&energetics.reservoirs)
            .map(|(q, r)| q / r.temperature),
    );
    Ok(ClausiusSum {
        entropy_change,
        reservoir_entropy,
        total: entropy_change + reservoir_entropy,
        energy_change: energetics.mean_energy(end)? - energetics.mean_energy(start)?,
        heat,
    })
}

//! Energies, reservoirs, heat and work.
//!
//! A jump x → y through a channel coupled to a reservoir at temperature T and chemical potential μ, on which a non-conservative
//! force does the work w, obeys local detailed balance
//!
//! T ln(k⁺/k⁻) = (E_x − E_y) − μ(N_x − N_y) + w + T ln(g_y/g_x) = heat into the reservoir + T ln(g_y/g_x),
//!
//! with degeneracies g of the states. First law: dE/dt = −Σ heat + chemical work + driving work. Second law: Σ̇ = dS/dt + Σ heat/T
//! with S = −Σ p ln(p/g); integrated, ΔS + Σ Qᵢ/Tᵢ ≥ 0 (Clausius).
//!
//! Conventions: k_B = 1; heat is positive into the reservoir, work positive on the system.
//!
//! Sources: Bergmann and Lebowitz, Phys. Rev. 99, 578 (1955); Esposito and Van den Broeck, Phys. Rev. E 82, 011143 (2010).

mod budget;
mod engine;
mod rates;

pub use budget::{ClausiusSum, EnergyBudget, clausius_sum, energy_budget};
pub use engine::{Engine, engine};
pub use rates::RateRule;

use crate::error::{Error, Result};
use crate::kinetics::{Kinetics, MarkovJump};
use crate::network::Network;
use crate::state::Distribution;

/// Accepted rounding in the energy and the symmetry of a work source, relative.
const WORK_SOURCE: f64 = 1e-12;

/// A heat and particle reservoir.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reservoir {
    /// Temperature T > 0, in units of energy.
    pub temperature: f64,
    /// Chemical potential μ, in units of energy.
    pub chemical_potential: f64,
}

/// Energies of the states and properties of the reservoirs of a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Energetics {
    /// E per state, in units of energy.
    pub energies: Vec<f64>,
    /// Particle number N per state.
    pub numbers: Vec<f64>,
    /// Degeneracy g > 0 per state.
    pub degeneracies: Vec<f64>,
    /// The reservoirs, in the order of the network.
    pub reservoirs: Vec<Reservoir>,
    /// Work w of the non-conservative force per forward jump of each edge, in units of energy.
    pub driving_work: Vec<f64>,
}

impl Energetics {
    /// Energies and temperatures, with no particles, no degeneracy and no driving.
    #[must_use]
    pub fn thermal(network: &Network, energies: Vec<f64>, temperatures: &[f64]) -> Self {
        let n = energies.len();
        let reservoirs = temperatures
            .iter()
            .map(|&temperature| Reservoir {
                temperature,
                chemical_potential: 0.0,
            })
            .collect();
        Self {
            energies,
            numbers: vec![0.0; n],
            degeneracies: vec![1.0; n],
            reservoirs,
            driving_work: vec![0.0; network.edges().len()],
        }
    }

    /// Checks lengths and domains against a network.
    ///
    /// # Errors
    /// [`Error::Length`], [`Error::Domain`].
    pub fn check(&self, network: &Network) -> Result<()> {
        network.check_states("energies", &self.energies)?;
        network.check_states("particle numbers", &self.numbers)?;
        network.check_states("degeneracies", &self.degeneracies)?;
        network.check_edges("driving work", &self.driving_work)?;
        if self.reservoirs.len() != network.reservoirs().len() {
            let (found, expected) = (self.reservoirs.len(), network.reservoirs().len());
            return Err(Error::Length {
                what: "reservoirs",
                found,
                expected,
            });
        }
        for (reservoir, name) in self.reservoirs.iter().zip(network.reservoirs()) {
            let Reservoir {
                temperature,
                chemical_potential,
            } = *reservoir;
            let good = temperature.is_finite() && temperature > 0.0;
            crate::require(
                &format!("temperature of \"{name}\""),
                temperature,
                good,
                "a finite number above 0",
            )?;
            let what = format!("chemical potential of \"{name}\"");
            crate::require(
                &what,
                chemical_potential,
                chemical_potential.is_finite(),
                "a finite number",
            )?;
        }
        for (i, name) in network.states().iter().enumerate() {
            let energy = self.energies[i];
            crate::require(
                &format!("energy of \"{name}\""),
                energy,
                energy.is_finite(),
                "a finite number",
            )?;
            let g = self.degeneracies[i];
            crate::require(
                &format!("degeneracy of \"{name}\""),
                g,
                g.is_finite() && g > 0.0,
                "a number above 0",
            )?;
        }
        Ok(())
    }

    /// Heat into the reservoir per forward jump of each edge, (E_x − E_y) − μ(N_x − N_y) + w; `None` without a reservoir.
    ///
    /// # Errors
    /// As [`Energetics::check`].
    pub fn heat_per_jump(&self, network: &Network) -> Result<Vec<Option<f64>>> {
        self.check(network)?;
        let heat = network
            .edges()
            .iter()
            .zip(&self.driving_work)
            .map(|(edge, work)| {
                edge.reservoir.map(|r| {
                    let mu = self.reservoirs[r].chemical_potential;
                    let particles = self.numbers[edge.from] - self.numbers[edge.to];
                    (self.energies[edge.from] - self.energies[edge.to]) - mu * particles + work
                })
            });
        Ok(heat.collect())
    }

    /// ln(k⁺/k⁻) that local detailed balance demands of each edge, in nats; `None` without a reservoir.
    ///
    /// # Errors
    /// As [`Energetics::check`].
    pub fn detailed_balance_log_ratio(&self, network: &Network) -> Result<Vec<Option<f64>>> {
        let heat = self.heat_per_jump(network)?;
        let ratio = heat.into_iter().zip(network.edges()).map(|(heat, edge)| {
            let (heat, r) = heat.zip(edge.reservoir)?;
            let degeneracy = (self.degeneracies[edge.to] / self.degeneracies[edge.from]).ln();
            Some(heat / self.reservoirs[r].temperature + degeneracy)
        });
        Ok(ratio.collect())
    }

    /// Largest deviation of ln(k⁺/k⁻) from local detailed balance, with the edge where it occurs; `None` if no edge has a reservoir.
    ///
    /// # Errors
    /// As [`Energetics::check`].
    pub fn detailed_balance_residual(&self, kinetics: &MarkovJump) -> Result<Option<(usize, f64)>> {
        let wanted = self.detailed_balance_log_ratio(kinetics.network())?;
        let found = kinetics.medium_entropy_change();
        let mut worst: Option<(usize, f64)> = None;
        for (e, (wanted, found)) in wanted.iter().zip(&found).enumerate() {
            if let Some(wanted) = wanted {
                let residual = (found - wanted).abs();
                if worst.is_none_or(|(_, w)| residual > w || residual.is_nan()) {
                    worst = Some((e, residual));
                }
            }
        }
        Ok(worst)
    }

    /// Whether the books of energy and entropy are complete: every edge exchanges with a reservoir, or is a work source, which
    /// takes the whole energy of the jump as work, (E_x − E_y) + w = 0, and jumps both ways equally but for degeneracy.
    ///
    /// # Errors
    /// As [`Energetics::check`].
    pub fn is_complete(&self, kinetics: &MarkovJump) -> Result<bool> {
        let network = kinetics.network();
        self.check(network)?;
        let medium = kinetics.medium_entropy_change();
        let scale = self
            .energies
            .iter()
            .fold(f64::MIN_POSITIVE, |m, e| m.max(e.abs()));
        Ok(network.edges().iter().enumerate().all(|(e, edge)| {
            let heat = (self.energies[edge.from] - self.energies[edge.to]) + self.driving_work[e];
            let degeneracy = (self.degeneracies[edge.to] / self.degeneracies[edge.from]).ln();
            let work_source =
                heat.abs() <= WORK_SOURCE * scale && (medium[e] - degeneracy).abs() <= WORK_SOURCE;
            edge.reservoir.is_some() || work_source
        }))
    }

    /// Refuses rates that break local detailed balance by more than a relative `tolerance`.
    ///
    /// # Errors
    /// [`Error::DetailedBalance`] naming the worst edge.
    pub fn require_detailed_balance(&self, kinetics: &MarkovJump, tolerance: f64) -> Result<()> {
        let wanted = self.detailed_balance_log_ratio(kinetics.network())?;
        let found = kinetics.medium_entropy_change();
        for (edge, (wanted, found)) in kinetics
            .network()
            .edges()
            .iter()
            .zip(wanted.into_iter().zip(found))
        {
            if let Some(expected) = wanted
                && !((found - expected).abs() <= tolerance * expected.abs().max(1.0))
            {
                return Err(Error::DetailedBalance {
                    edge: edge.name.clone(),
                    found,
                    expected,
                    tolerance,
                });
            }
        }
        Ok(())
    }

    /// Gibbs distribution g e^{−(E − μN)/T}/Z of one reservoir.
    ///
    /// # Errors
    /// [`Error::Unknown`] for a reservoir that does not exist.
    pub fn gibbs_distribution(&self, reservoir: usize) -> Result<Distribution> {
        let Some(bath) = self.reservoirs.get(reservoir) else {
            return Err(Error::Unknown {
                what: "reservoir",
                name: reservoir.to_string(),
            });
        };
        let exponent: Vec<f64> = (0..self.energies.len())
            .map(|i| {
                self.degeneracies[i].ln()
                    - (self.energies[i] - bath.chemical_potential * self.numbers[i]) / bath.temperature
            })
            .collect();
        let largest = exponent.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Ok(Distribution::from_weights(
            exponent.iter().map(|x| (x - largest).exp()).collect(),
        ))
    }

    /// Mean energy Σ p E.
    ///
    /// # Errors
    /// [`Error::Length`].
    pub fn mean_energy(&self, p: &Distribution) -> Result<f64> {
        if p.len() != self.energies.len() {
            return Err(Error::Length {
                what: "distribution",
                found: p.len(),
                expected: self.energies.len(),
            });
        }
        Ok(irrev_numerics::sum::inner_product(
            p.probabilities(),
            &self.energies,
        ))
    }

    /// Entropy of the system −Σ p ln(p/g), in nats.
    ///
    /// # Errors
    /// [`Error::Length`].
    pub fn entropy(&self, p: &Distribution) -> Result<f64> {
        if p.len() != self.degeneracies.len() {
            return Err(Error::Length {
                what: "distribution",
                found: p.len(),
                expected: self.degeneracies.len(),
            });
        }
        let logs: Vec<f64> = self.degeneracies.iter().map(|g| g.ln()).collect();
        Ok(p.entropy() + irrev_numerics::sum::inner_product(p.probabilities(), &logs))
    }

    /// Nonequilibrium free energy Σ p (E − μN) − T S with respect to one reservoir, in units of energy.
    ///
    /// Its excess over the equilibrium value −T ln Z is T D(p‖Gibbs) ≥ 0.
    ///
    /// # Errors
    /// [`Error::Unknown`], [`Error::Length`].
    pub fn free_energy(&self, p: &Distribution, reservoir: usize) -> Result<f64> {
        let Some(bath) = self.reservoirs.get(reservoir) else {
            return Err(Error::Unknown {
                what: "reservoir",
                name: reservoir.to_string(),
            });
        };
        let particles = irrev_numerics::sum::inner_product(p.probabilities(), &self.numbers);
        Ok(
            self.mean_energy(p)?
                - bath.chemical_potential * particles
                - bath.temperature * self.entropy(p)?,
        )
    }
}

//! Rates by rule: both directions from energies and a reservoir, so that local detailed balance holds by construction.

use super::{Energetics, Reservoir};
use crate::error::Result;
use crate::network::Edge;

/// A law for the pair of rates of a channel; D = (E_y − E_x) − μ(N_y − N_x) − w is the cost of the jump x → y.
///
/// Degeneracies g enter as √(g_y/g_x) and its inverse, so that k⁺/k⁻ = (g_y/g_x) e^{−D/T} for every rule.
///
/// | rule | k⁺ | k⁻ |
/// |---|---|---|
/// | Arrhenius | Γ e^{−(E_b − E_x)/T} | Γ e^{−(E_b − E_x − D)/T} |
/// | Metropolis | Γ min(1, e^{−D/T}) | Γ min(1, e^{D/T}) |
/// | Glauber | Γ/(1 + e^{D/T}) | Γ/(1 + e^{−D/T}) |
/// | Fermi | Γ f(D/T), f(u) = 1/(e^u + 1) | Γ (1 − f(D/T)) |
/// | Bose, D > 0 | Γ n(D/T), n(u) = 1/(e^u − 1) | Γ (1 + n(D/T)) |
/// | symmetric | Γ e^{−θD/T} | Γ e^{(1−θ)D/T} |
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum RateRule {
    /// Thermal activation over a saddle of energy E_b ("barrier"); chemical and driving work act on the way back.
    Arrhenius {
        /// Attempt rate Γ > 0, in 1/time.
        prefactor: f64,
        /// Energy of the saddle, in units of energy.
        barrier: f64,
    },
    /// Metropolis et al., J. Chem. Phys. 21, 1087 (1953).
    Metropolis {
        /// Attempt rate Γ > 0, in 1/time.
        prefactor: f64,
    },
    /// Glauber, J. Math. Phys. 4, 294 (1963) (heat bath).
    Glauber {
        /// Attempt rate Γ > 0, in 1/time.
        prefactor: f64,
    },
    /// Tunnelling from and into a Fermi sea.
    Fermi {
        /// Tunnelling rate Γ > 0, in 1/time.
        prefactor: f64,
    },
    /// Absorption and emission of bosons; needs D ≠ 0.
    Bose {
        /// Spontaneous rate Γ > 0, in 1/time.
        prefactor: f64,
    },
    /// Exponential in a share θ of the cost, as in load-dependent motors.
    Symmetric {
        /// Rate Γ > 0 at zero cost, in 1/time.
        prefactor: f64,
        /// Share θ in [0, 1] of the cost carried by the forward rate.
        load: f64,
    },
}

impl RateRule {
    fn prefactor(&self) -> f64 {
        match *self {
            Self::Arrhenius { prefactor, .. }
            | Self::Metropolis { prefactor }
            | Self::Glauber { prefactor }
            | Self::Fermi { prefactor }
            | Self::Bose { prefactor }
            | Self::Symmetric { prefactor, .. } => prefactor,
        }
    }

    /// The rates (k⁺, k⁻) of an edge coupled to a reservoir, `work` being done on the system per forward jump.
    ///
    /// ```
    /// use irrev_network::{Network, energetics::{Energetics, RateRule, Reservoir}};
    /// let dot = Network::builder().states(["0", "1"]).reservoir("lead").channel("hop", "0", "1", Some("lead")).build()?;
    /// let energetics = Energetics::thermal(&dot, vec![0.0, 2.0], &[1.0]);
    /// let lead = Reservoir { temperature: 1.0, chemical_potential: 0.0 };
    /// let (up, down) = RateRule::Fermi { prefactor: 1.0 }.rates(&energetics, &dot.edges()[0], lead, 0.0)?;
    /// assert!(((up / down).ln() + 2.0).abs() < 1e-14);
    /// # Ok::<(), irrev_network::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`crate::Error::Domain`] for Γ ≤ 0, θ outside [0, 1], or D = 0 in the Bose rule.
    pub fn rates(
        &self,
        energetics: &Energetics,
        edge: &Edge,
        reservoir: Reservoir,
        work: f64,
    ) -> Result<(f64, f64)> {
        let Reservoir {
            temperature,
            chemical_potential,
        } = reservoir;
        let (x, y) = (edge.from, edge.to);
        let (e, n, g) = (
            &energetics.energies,
            &energetics.numbers,
            &energetics.degeneracies,
        );
        let u = ((e[y] - e[x]) - chemical_potential * (n[y] - n[x]) - work) / temperature;
        let rate = self.prefactor();
        let name = &edge.name;
        crate::require(
            &format!("prefactor of \"{name}\""),
            rate,
            rate.is_finite() && rate > 0.0,
            "a number above 0",
        )?;
        let (forward, backward) = match *self {
            Self::Arrhenius { barrier, .. } => {
                let climb = (barrier - e[x]) / temperature;
                ((-climb).exp(), (u - climb).exp())
            }
            Self::Metropolis { .. } => ((-u).min(0.0).exp(), u.min(0.0).exp()),
            Self::Glauber { .. } | Self::Fermi { .. } => (1.0 / (1.0 + u.exp()), 1.0 / (1.0 + (-u).exp())),
            Self::Bose { .. } => {
                let what = format!("energy exchanged by \"{name}\"");
                crate::require(
                    &what,
                    u * temperature,
                    u != 0.0,
                    "a non-zero energy (a Bose rate diverges at 0)",
                )?;
                // absorption n(|u|) on the way up, emission 1 + n(|u|) = −1/expm1(−|u|) on the way down
                let (absorb, emit) = (1.0 / u.abs().exp_m1(), -1.0 / (-u.abs()).exp_m1());
                if u > 0.0 { (absorb, emit) } else { (emit, absorb) }
            }
            Self::Symmetric { load, .. } => {
                crate::require(
                    &format!("load of \"{name}\""),
                    load,
                    (0.0..=1.0).contains(&load),
                    "a share in [0, 1]",
                )?;
                ((-load * u).exp(), ((1.0 - load) * u).exp())
            }
        };
        let degeneracy = (g[y] / g[x]).sqrt();
        Ok((rate * forward * degeneracy, rate * backward / degeneracy))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Network;

    #[test]
    fn every_rule_obeys_local_detailed_balance_with_particles_work_and_degeneracy() {
        let network = Network::builder()
            .states(["x", "y"])
            .reservoir("r")
            .channel("e", "x", "y", Some("r"))
            .build()
            .unwrap();
        let reservoir = Reservoir {
            temperature: 0.7,
            chemical_potential: 0.4,
        };
        let energetics = Energetics {
            energies: vec![0.2, 1.1],
            numbers: vec![0.0, 1.0],
            degeneracies: vec![1.0, 3.0],
            reservoirs: vec![reservoir],
            driving_work: vec![0.15],
        };
        let wanted = energetics.detailed_balance_log_ratio(&network).unwrap()[0].unwrap();
        let prefactor = 2.0;
        for rule in [
            RateRule::Arrhenius {
                prefactor,
                barrier: 2.0,
            },
            RateRule::Metropolis { prefactor },
            RateRule::Glauber { prefactor },
            RateRule::Fermi { prefactor },
            RateRule::Bose { prefactor },
            RateRule::Symmetric { prefactor, load: 0.3 },
        ] {
            let (f, b) = rule
                .rates(&energetics, &network.edges()[0], reservoir, 0.15)
                .unwrap();
            assert!(((f / b).ln() - wanted).abs() < 1e-14, "{rule:?}");
        }
    }

    #[test]
    fn a_bose_rule_at_zero_energy_and_a_negative_prefactor_are_refused() {
        let network = Network::builder()
            .states(["x", "y"])
            .reservoir("r")
            .channel("e", "x", "y", Some("r"))
            .build()
            .unwrap();
        let energetics = Energetics::thermal(&network, vec![0.0, 0.0], &[1.0]);
        let reservoir = energetics.reservoirs[0];
        for rule in [
            RateRule::Bose { prefactor: 1.0 },
            RateRule::Metropolis { prefactor: -1.0 },
        ] {
            assert!(
                rule.rates(&energetics, &network.edges()[0], reservoir, 0.0)
                    .is_err()
            );
        }
    }
}

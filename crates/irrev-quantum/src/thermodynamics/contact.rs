//! The problem: a composite, its initial states, and the β and α of the bath.

use irrev_numerics::Run;

use crate::bath::BathState;
use crate::composite::{Composite, JointEvolution, SystemState, evolve_joint};
use crate::error::{Error, Result};
use crate::evolution::EvolutionOptions;
use crate::temperature::Reservoir;

/// S + B, ρ_S(0) ⊗ ρ_B(0), and the weights exp(−βH_B + αN_B) in which entropy production is counted.
#[derive(Debug, Clone, PartialEq)]
pub struct ThermalContact {
    pub(super) composite: Composite,
    pub(super) system: SystemState,
    pub(super) bath: BathState,
    pub(super) reservoir: Reservoir,
}

impl ThermalContact {
    /// Puts together what belongs together.
    ///
    /// # Errors
    /// [`Error::Size`] unless the states belong to the composite; [`Error::Domain`] for β or α that is not finite.
    pub fn new(
        composite: &Composite,
        system: &SystemState,
        bath: &BathState,
        reservoir: Reservoir,
    ) -> Result<Self> {
        Error::require_size(
            "sites of the state of the system",
            system.sites(),
            composite.system().sites(),
        )?;
        Error::require_size(
            "sites of the state of the bath",
            bath.sites(),
            composite.bath().sites(),
        )?;
        for (what, value) in [("β", reservoir.beta), ("α", reservoir.alpha)] {
            Error::require(what, value, value.is_finite(), "a finite number")?;
        }
        Ok(Self {
            composite: composite.clone(),
            system: system.clone(),
            bath: bath.clone(),
            reservoir,
        })
    }

    /// The Hamiltonian.
    #[must_use]
    pub fn composite(&self) -> &Composite {
        &self.composite
    }

    /// ρ_S(0).
    #[must_use]
    pub fn system(&self) -> &SystemState {
        &self.system
    }

    /// ρ_B(0).
    #[must_use]
    pub fn bath(&self) -> &BathState {
        &self.bath
    }

    /// β and α.
    #[must_use]
    pub fn reservoir(&self) -> Reservoir {
        self.reservoir
    }

    /// All pure states at the times asked for.
    ///
    /// # Errors
    /// As [`evolve_joint`].
    pub fn evolve(&self, times: &[f64], options: &EvolutionOptions, run: &Run<'_>) -> Result<JointEvolution> {
        evolve_joint(&self.composite, &self.system, &self.bath, times, options, run)
    }
}

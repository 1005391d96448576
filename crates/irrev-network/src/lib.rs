//! Stochastic thermodynamics of networks: what can happen, how fast, where we are, what is happening now, and what happens over time.
//!
//! | noun | type | answers |
//! |---|---|---|
//! | network | [`Network`] | what can happen: states and channels, incidence B |
//! | kinetics | [`Kinetics`], [`MarkovJump`], [`dynamics::DrivenJump`] | how fast: one-way fluxes j⁺, j⁻ at a state and a time |
//! | state | [`Distribution`] | where we are |
//! | flow | [`Flow`] | what is happening now: current J = j⁺ − j⁻, force F = ln(j⁺/j⁻), Onsager coefficient L = J/F, entropy production rate Σ J F |
//! | dynamics | [`dynamics`] | stationary states, evolution, spectra, counting statistics, first passage, driving |
//!
//! [`counts`] holds reactions on molecule counts, and [`simulation`] makes trajectories of them with thermodynamic books.
//!
//! [`decomposition`] splits the entropy production rate into excess and housekeeping, [`cycles`] into closed paths; [`energetics`] adds heat,
//! work and engines; [`bounds`] speed limits and uncertainty relations; [`information`] second laws of parts, projections and dual coordinates.
//!
//! Conventions: k_B = 1 and natural logarithms, so entropies are in nats; B has −1 where an edge starts and +1 where it ends; currents are positive
//! along the edge, heat is positive into the reservoir. Parallel channels are never merged. A flux one way only has infinite entropy production,
//! which is said by name and never cut off.
//!
//! ```
//! use irrev_network::{Distribution, MarkovJump, decomposition::geometric_decomposition};
//! let motor = MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])?;
//! let steady = motor.stationary_distribution()?;
//! let flow = motor.flow(&steady)?;
//! let split = geometric_decomposition(&flow)?;
//! assert!(split.excess < 1e-25 && (split.housekeeping - flow.entropy_production_rate()).abs() < 1e-13);
//! # Ok::<(), irrev_network::Error>(())
//! ```

pub mod bounds;
pub mod counts;
pub mod cycles;
pub mod decomposition;
pub mod dynamics;
pub mod energetics;
pub mod error;
pub mod flow;
pub mod gallery;
pub mod gradient_flow;
pub mod information;
pub mod kinetics;
pub mod network;
pub mod overview;
mod projection;
pub mod reactions;
mod scaling;
pub mod simulation;
pub mod state;
pub mod transport;

pub use error::{Error, Result};
pub use flow::Flow;
pub use kinetics::{Kinetics, MarkovJump};
pub use network::{Complex, Edge, Network, NetworkBuilder, Subsystem};
pub use state::Distribution;

/// `Err(Error::Domain)` unless the condition holds.
fn require(what: &str, value: f64, holds: bool, expected: &'static str) -> Result<()> {
    if holds {
        Ok(())
    } else {
        Err(Error::Domain {
            what: what.into(),
            value,
            expected,
        })
    }
}

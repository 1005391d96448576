//! Infinite networks, exactly: the asymmetric Sherrington–Kirkpatrick model with N → ∞.
//!
//! J_ij = J₀/N + ΔJ z_ij/√N with independent z_ij and z_ji. Since no spin feels an echo of what it did, the local field of a spin is normal at all
//! times, and everything follows from averages over one or two normal numbers. Results are per spin.
//!
//! | question | call |
//! |---|---|
//! | stationary state: m, q, entropies, entropy production of parallel updates, all branches | [`InfiniteNetwork::order_parameters`], [`InfiniteNetwork::solutions`] |
//! | parallel updates that alternate, where negative mean couplings leave the stationary state unstable | [`InfiniteNetwork::alternating`] |
//! | updates one at a time: autocorrelation C(τ), flip rate, entropy production rate | [`InfiniteNetwork::sequential`] |
//! | updates of a part of all spins, between the two | [`InfiniteNetwork::partly_parallel`] |
//! | where order begins | [`InfiniteNetwork::critical_inverse_temperature`], [`InfiniteNetwork::critical_spread`] |
//! | what is left at β = ∞ | [`InfiniteNetwork::zero_temperature`] |
//! | after a quench: m_t, C_{t,s}, entropy of bath and system | [`InfiniteNetwork::quench`] |
//! | how far one finite network is off because of its draw | [`InfiniteNetwork::draw_spread`] |
//! | maps over two parameters, with the critical line | [`PhaseDiagram`] |
//!
//! Two scenarios raise the entropy production and are told apart by the conditional entropy: near criticality both are large, while strong disorder at
//! low temperature dissipates without bound, σ ≃ √(2/π) βΔJ, and nearly deterministically.
//!
//! Sources: A. Crisanti and H. Sompolinsky, Phys. Rev. A 37, 4865 (1988); M. Aguilera, M. Igarashi and H. Shimazaki, Nat. Commun. 14, 3685 (2023).

pub mod alternating;
pub mod asynchronous;
mod chebyshev;
pub mod critical;
pub mod draws;
mod gaussian;
mod normal;
pub mod order_parameters;
mod overlap;
pub mod partly_parallel;
pub mod phase_diagram;
pub mod quench;
mod roots;
mod site;
pub mod zero_temperature;

pub use alternating::{AlternatingState, Phase};
pub use asynchronous::{Autocorrelation, SequentialState};
pub use draws::DrawSpread;
pub use order_parameters::{Branch, OrderParameters};

pub use partly_parallel::PartlyParallelState;
pub use phase_diagram::{Axis, MapPoint, Parameter, PhaseDiagram, Quantity};
pub use quench::Quench;
pub use zero_temperature::ZeroTemperature;

use crate::ensemble::FieldLaw;
use crate::error::{Error, Result};

/// Largest energy relative to temperature that is told from an infinite one.
const COLDEST: f64 = 1e8;

/// The asymmetric Sherrington–Kirkpatrick model with infinitely many spins; strengths in units of energy, k_B = 1.
///
/// ```
/// use irrev_ising::ensemble::FieldLaw;
/// use irrev_ising::infinite::{Branch, InfiniteNetwork};
/// let disordered = InfiniteNetwork {
///     inverse_temperature: 10.0,
///     mean_coupling: 1.0,
///     spread: 1.0,
///     fields: FieldLaw::Constant(0.0),
/// };
/// let state = disordered.order_parameters(Branch::Up)?;
/// assert_eq!(state.magnetization, 0.0);                         // no order at any temperature for ΔJ > √(2/π) J₀
/// assert!(state.entropy_production > 7.9 && state.conditional_entropy < 0.07);
/// # Ok::<(), irrev_ising::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InfiniteNetwork {
    /// β ≥ 0, in 1/energy; `f64::INFINITY` is allowed; finite ones up to 1e8 over the sum of the energies. It multiplies couplings and fields.
    pub inverse_temperature: f64,
    /// J₀.
    pub mean_coupling: f64,
    /// ΔJ ≥ 0.
    pub spread: f64,
    /// Law of the fields H_i.
    pub fields: FieldLaw,
}

impl InfiniteNetwork {
    /// Checks the parameters.
    ///
    /// # Errors
    /// [`Error::Domain`] that names the parameter.
    pub fn check(&self) -> Result<()> {
        Error::require(
            "the inverse temperature",
            self.inverse_temperature,
            self.inverse_temperature >= 0.0,
            "a number of at least 0, or infinity",
        )?;
        Error::require(
            "the mean coupling",
            self.mean_coupling,
            self.mean_coupling.is_finite(),
            "a finite number",
        )?;
        Error::require(
            "the spread of couplings",
            self.spread,
            self.spread >= 0.0 && self.spread.is_finite(),
            "a number of at least 0",
        )?;
        self.fields.check()?;
        let largest = match self.fields {
            FieldLaw::Constant(field) => field.abs(),
            FieldLaw::Uniform { low, high } => low.abs().max(high.abs()),
            FieldLaw::Gaussian { mean, spread } => mean.abs() + spread,
        };
        let strength = self.inverse_temperature * (self.mean_coupling.abs() + self.spread + largest);
        Error::require(
            "the sum of mean coupling, spread and fields relative to temperature",
            strength,
            !(strength > COLDEST) || self.inverse_temperature == f64::INFINITY,
            "at most 1e8: take an infinite inverse temperature, which gives the limit to all digits",
        )
    }

    /// The same network at another temperature.
    #[must_use]
    pub fn at_inverse_temperature(&self, inverse_temperature: f64) -> Self {
        Self {
            inverse_temperature,
            ..*self
        }
    }
}

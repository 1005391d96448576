//! What a recording can give and what it cannot: noise of positions, steps that are too long, and motion without inertia.
//!
//! The structure function D(k) = ⟨(r_{t+k} − r_t)²⟩ of positions with white noise of variance s² is 2 s² plus that of the motion: w (kh)² where velocities
//! exist, 2 D kh where motion is diffusive. Its exponent follows from lags 1, 2 and 4 with no regard to the noise, and tells which.
//!
//! * Inertial: s² = [4 D(1) − D(2)]/6. Central differences see w + s²/2h² and a + 2 s² (ln ρ)'/h²; both are corrected.
//! * Overdamped: s² = D(1) − D(2)/2, which is minus the covariance of neighbouring increments. ⟨Ṙ²; r⟩ diverges like 1/h, so that V_m does not exist: take
//!   drift and diffusion ([`kramers_moyal`](kramers_moyal())), from which G follows.

mod finite_differences;
mod kramers_moyal;
mod sampling;

pub use finite_differences::{FiniteDifferences, finite_differences};
pub use kramers_moyal::{KramersMoyal, at_finite_step, kramers_moyal};
pub(crate) use sampling::common_step;
pub use sampling::{Regime, Sampling, sampling};

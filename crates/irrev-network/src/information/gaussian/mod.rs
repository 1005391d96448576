//! Normal distributions and linear processes in closed form.
//!
//! | question | item |
//! |---|---|
//! | Fisher information of time of a normal distribution | [`normal_fisher_information`], [`gaussian_fisher_information`] |
//! | how far apart two normal distributions are | [`normal_distance`] |
//! | speed, length, action and dissipation of a relaxation in a harmonic trap | [`OrnsteinUhlenbeck`] |
//! | linear processes in discrete time: transfer entropy with any history, irreversibility, interaction | [`VectorAutoregression`] |
//! | integrated information Φ_G of a linear process | [`integrated_information`] |
//! | linear Langevin equations: dissipation, and what estimators find at a finite time step | [`SampledDiffusion`], [`bead_chain`] |
//!
//! Transport between normal distributions is in [`crate::transport::gaussian`].
//!
//! Conventions: nats; per unit time in continuous time, per step in discrete time.

mod beads;
mod currents;
mod divergence;
mod integrated;
mod normal;
mod ornstein_uhlenbeck;
mod riccati;
mod transfer;
mod vector_autoregression;

pub use beads::{SampledDiffusion, bead_chain};
pub use currents::SampledCurrents;
pub use integrated::{IntegratedInformation, IntegratedOptions, integrated_information};
pub use normal::{gaussian_fisher_information, normal_distance, normal_fisher_information};
pub use ornstein_uhlenbeck::{OrnsteinUhlenbeck, TrapSpeed, TrapSpeedAt};
pub use vector_autoregression::VectorAutoregression;

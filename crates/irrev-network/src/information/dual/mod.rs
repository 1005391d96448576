//! Dual coordinates η and θ of distributions and of amounts of species.
//!
//! On the simplex η_i = p_i and θ_i = ln(p_i/p_0), i = 1 … n − 1, are each other's gradients,
//!
//! ```text
//! ψ(θ) = −ln p_0,   φ(η) = Σ p ln p,   η = ∂ψ/∂θ,   θ = ∂φ/∂η,   ψ + φ = θ·η,
//! ```
//!
//! and D(p‖q) = φ(p) − φ(q) − θ(q)·(η(p) − η(q)). Counted from equilibrium, θ − θ_eq and ψ − ψ_eq, the potential φ is D(p‖p_eq) = β(F − F_eq).
//!
//! | question | item |
//! |---|---|
//! | coordinates, potentials, metrics of a distribution, and back | [`simplex_coordinates`], [`distribution_from_theta`], [`distribution_from_eta`] |
//! | free energy in the gauge of equilibrium | [`equilibrium_gauge`] |
//! | D(p‖q) as the Bregman divergence of φ | [`bregman_divergence`] |
//! | the distribution of least free energy with given means, or the proof that there is none | [`tilted_equilibrium`] |
//! | extents of reaction and affinities | [`chemical`] |
//!
//! Sources: S. Amari, Information Geometry and Its Applications (2016); Ohga and Ito, arXiv:2112.11008 (2021) and arXiv:2112.13813 (2021).

mod simplex;
mod tilted;

pub use simplex::{
    EquilibriumGauge, SimplexCoordinates, bregman_divergence, distribution_from_eta, distribution_from_theta,
    equilibrium_gauge, simplex_coordinates,
};
pub use tilted::{
    OnTheBoundary, OutOfReach, Tilted, TiltedEquilibrium, TiltedOptions, TiltedProblem, tilted_equilibrium,
};

pub use crate::reactions::dual_coordinates as chemical;

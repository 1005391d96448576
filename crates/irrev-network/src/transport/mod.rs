//! Optimal transport: how far apart two states are.
//!
//! | module | distance | between |
//! |---|---|---|
//! | [`mod@wasserstein1`] | W₁: least Σ length · \|flow\| that turns one distribution into the other | distributions, or any [`Masses`] of equal total, on a network or at any ground cost |
//! | [`mod@wasserstein2`] | W₂: least dissipation, with the edge Onsager coefficient as mobility | distributions under a jump process |
//! | [`wasserstein2::reactions`] | W₂ again, of locally shortest paths | amounts of species in a reaction network |
//! | [`line`] | W_q, q ≥ 1, by quantiles | samples and histograms on a line |
//! | [`gaussian`] | W₂, by covariances | normal distributions |
//!
//! What follows from W₂: [`mod@gradient_flow`] compares the master equation with steepest descent of relative entropy, [`mod@minimising_movement`] makes the
//! implicit steps of that descent, and [`protocol`] finds the rates that drive one distribution to another at the least dissipation, beside
//! [`mod@straight_path`].
//!
//! [`curvature`] says what this geometry means for relaxation to equilibrium.
//!
//! The total variation distance is [`Distribution::total_variation`](crate::Distribution::total_variation); on a network with all lengths ≥ ℓ,
//! W₁ ≥ ℓ · TV.

pub mod curvature;
pub mod gaussian;
pub mod gradient_flow;
pub mod line;
pub mod masses;
pub mod minimising_movement;
pub mod protocol;
pub mod straight_path;
pub mod wasserstein1;
pub mod wasserstein2;

pub use gradient_flow::{GradientFlow, Velocity, gradient_flow};
pub use masses::Masses;
pub use minimising_movement::{MinimisingMovement, MinimisingMovementOptions, minimising_movement};
pub use protocol::{LeftAlone, OptimalProtocol, ProtocolMoment, SimulatedProtocol, optimal_protocol};
pub use straight_path::{StraightPath, straight_path};
pub use wasserstein1::{Wasserstein1, wasserstein1, wasserstein1_with_cost};
pub use wasserstein2::reactions::{
    GlobalProof, Optimality, ReactionGeodesic, ReactionGeodesicOptions, ReactionWasserstein2,
    reaction_geodesic,
};
pub use wasserstein2::{
    Geodesic, Moment, Wasserstein2, Wasserstein2Options, wasserstein2, wasserstein2_near,
};

//! Optimal transport: how far apart two states are.
//!
//! | module | distance | between |
//! |---|---|---|
//! | [`mod@wasserstein1`] | W₁: least Σ length · \|flow\| that turns one distribution into the other | distributions on a network, or at any ground cost |
//! | [`mod@wasserstein2`] | W₂: least dissipation, with the edge Onsager coefficient as mobility | distributions under a jump process |
//! | [`wasserstein2::reactions`] | W₂ again, of locally shortest paths | amounts of species in a reaction network |
//! | [`line`] | W_q, q ≥ 1, by quantiles | samples and histograms on a line |
//! | [`gaussian`] | W₂, by covariances | normal distributions |
//!
//! [`curvature`] says what this geometry means for relaxation to equilibrium.
//!
//! The total variation distance is [`Distribution::total_variation`](crate::Distribution::total_variation); on a network with all lengths ≥ ℓ,
//! W₁ ≥ ℓ · TV.

pub mod curvature;
pub mod gaussian;
pub mod line;
pub mod wasserstein1;
pub mod wasserstein2;

pub use wasserstein1::{Wasserstein1, wasserstein1, wasserstein1_with_cost};
pub use wasserstein2::reactions::{
    Optimality, ReactionGeodesic, ReactionGeodesicOptions, ReactionWasserstein2, reaction_geodesic,
};
pub use wasserstein2::{Geodesic, Moment, Wasserstein2, Wasserstein2Options, wasserstein2};

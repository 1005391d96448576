//! Markov chains in discrete time: entropy production and its parts as projections.
//!
//! With the two-time distribution P(z', z) = T(z'|z) p(z) of a step, what is irreversible about it is its divergence from a manifold of
//! distributions that share something with a reversible step:
//!
//! | quantity | manifold | function |
//! |---|---|---|
//! | entropy production D | backward: T(z\|z') q(z') for any q | [`backward_projection`] |
//! | asymmetry in time | symmetric: Q(z', z) = Q(z, z') | [`symmetric_projections`] |
//! | partial entropy production D_k | local backward: T^k(z_k\|z'_k, z_{−k}) q(z'_k, z_{−k}, z'_{−k}) for any q | [`step_of_parts`] |
//! | stochastic interaction Φ_SI | independent parts: p(z) Π_k P(z'_k\|z_k) | [`step_of_parts`] |
//! | integrated information Φ_G | z'_k independent of z_{−k} given z_k, for every k | [`integrated_information`] |
//!
//! Conventions: `transition[(i, j)]` = Prob(i|j), columns sum to one; nats per step, no unit of time. States of a product are row-major, the
//! first part slowest, and the product is full, since a step back of one part may lead to any tuple. A step that has no reverse makes a
//! divergence +∞ and is named.
//!
//! Sources: Ito, Oizumi and Amari, Phys. Rev. Research 2, 033048 (2020); Oizumi, Tsuchiya and Amari, Proc. Natl. Acad. Sci. 113, 14817 (2016);
//! Schreiber, Phys. Rev. Lett. 85, 461 (2000).

mod integrated;
mod markov_chain;
mod parts;
mod projections;
mod transfer;

pub use integrated::{IntegratedInformation, integrated_information};
pub use markov_chain::MarkovChain;
pub use parts::{StepOfParts, step_of_parts};
pub use projections::{BackwardProjection, SymmetricProjections, backward_projection, symmetric_projections};
pub use transfer::{Histories, transfer_entropy};

//! Log-linear hierarchy: what interactions of k bodies explain.
//!
//! q_k is the distribution of largest entropy with all marginals of p on up to k axes: the m-projection of p onto the e-flat family whose logarithm is a sum of functions
//! of k axes each. q₁ is the product of the marginals, q_N = p. The divergences are Pythagorean,
//!
//! D(p‖q₁) = D(q₂‖q₁) + … + D(q_{N−1}‖q_{N−2}) + D(p‖q_{N−1}),
//!
//! and D(p‖q₁) = Σ_k H(x_k) − H(x) is the total correlation. The term D(q_k‖q_{k−1}) is what correlations of exactly k bodies carry.
//!
//! Conventions: tables are row-major, the first axis slowest; nats. A cell where a marginal on up to k axes vanishes has q_k = 0; labels that never occur are
//! left out. Where the kept marginals force further cells to zero, their logarithms run to −∞ and are followed until their weight is below rounding.
//!
//! Source: Amari, IEEE Trans. Inf. Theory 47, 1701 (2001).

mod newton;
mod projection;
mod spins;

pub use projection::{Hierarchy, LogLinearProjection, hierarchy, hierarchy_to_order};
pub use spins::{SpinCoordinates, spin_coordinates};

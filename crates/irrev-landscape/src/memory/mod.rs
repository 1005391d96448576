//! Memory of a coordinate: the kernel of its generalised Langevin equation.
//!
//! r̈ = f(r) − ∫₀ᵗ K(s) ṙ(t − s) ds + ξ(t), with ⟨ξ(t) ξ(0)⟩ = ⟨ṙ²⟩ K(t). Multiplied by ṙ(0) and averaged, with C(t) = ⟨ṙ(t) ṙ(0)⟩ and C_f(t) = ⟨f(r(t)) ṙ(0)⟩,
//!
//! F(t) ≡ C_f(t) − C'(t) = ∫₀ᵗ K(s) C(t − s) ds.
//!
//! This Volterra equation of the first kind, once differentiated, is one of the second kind, F'(t) = C(0) K(t) + ∫₀ᵗ K(s) C'(t − s) ds, which is solved by
//! the trapezoid rule in O(L log² L) ([`second_kind`]). C is even, but its odd derivatives jump at 0: derivatives there are taken from one side.
//!
//! Sources: R. Zwanzig, J. Stat. Phys. 9, 215 (1973); H. Mori, Prog. Theor. Phys. 33, 423 (1965); P. Linz, Analytical and Numerical Methods for Volterra
//! Equations (1985).

mod continued_fraction;
mod kernel;
mod stencil;
mod volterra;

pub use continued_fraction::ContinuedFraction;
pub use kernel::{
    KernelOptions, MeanForce, MemoryKernel, integral_from_correlations, kernel_from_correlations,
    memory_kernel,
};
pub use volterra::second_kind;

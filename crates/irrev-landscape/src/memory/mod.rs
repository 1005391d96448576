//! Memory of a coordinate: the kernel of its generalised Langevin equation.
//!
//! r̈ = f(r) − ∫₀ᵗ K(s) ṙ(t − s) ds + ξ(t), with ⟨ξ(t) ξ(0)⟩ = ⟨ṙ²⟩ K(t). Multiplied by ṙ(0) and averaged, with C(t) = ⟨ṙ(t) ṙ(0)⟩ and C_f(t) = ⟨f(r(t)) ṙ(0)⟩,
//!
//! F(t) ≡ C_f(t) − C'(t) = ∫₀ᵗ K(s) C(t − s) ds.
//!
//! This Volterra equation of the first kind, once differentiated, is one of the second kind, F'(t) = C(0) K(t) + ∫₀ᵗ K(s) C'(t − s) ds, which is solved by
//! the trapezoid rule in O(L log² L) ([`second_kind`]). C is even, but its odd derivatives jump at 0: derivatives there are taken from one side.
//!
//! | question | item |
//! |---|---|
//! | K of a recorded coordinate with its band | [`memory_kernel`] |
//! | K(r, t), or a matrix K_ij(t) of several coordinates | [`projected_kernel`] |
//! | does w = ⟨ṙ²; r⟩ call for K(r, t)? | [`position_dependence`] |
//! | ξ of a recording, and whether ⟨ξ ξ⟩ is ⟨ṙ²⟩ K | [`random_force`], [`fluctuation_dissipation`] |
//! | a sum of damped oscillations with a spectrum that is nowhere negative | [`passive_fit`], [`PronyKernel`] |
//! | variables that carry the memory, for simulation | [`MarkovEmbedding`] |
//! | the equation simulated, beside the recording | [`resimulated`], [`TabulatedForce`] |
//! | wells of a landscape, and how long it takes from one to another | [`two_wells`], [`transitions`] |
//! | continued fractions | [`ContinuedFraction`] |
//!
//! Sources: R. Zwanzig, J. Stat. Phys. 9, 215 (1973); H. Mori, Prog. Theor. Phys. 33, 423 (1965); P. Linz, Analytical and Numerical Methods for Volterra
//! Equations (1985).

mod basis;
mod continued_fraction;
mod embedding;
mod fluctuation_dissipation;
mod kernel;
mod passive_fit;
mod passivity;
mod position_dependence;
mod projected;
mod prony;
mod resimulation;
mod stencil;
mod tabulated_force;
mod transitions;
mod volterra;

pub use basis::Basis;
pub use continued_fraction::ContinuedFraction;
pub use embedding::MarkovEmbedding;
pub use fluctuation_dissipation::{FluctuationDissipation, fluctuation_dissipation, random_force};
pub use kernel::{
    KernelOptions, MeanForce, MemoryKernel, integral_from_correlations, kernel_from_correlations,
    memory_kernel,
};
pub use passive_fit::{FitOptions, PassiveFit, passive_fit, passive_fit_of_halves, passive_fit_of_values};
pub use passivity::Passivity;
pub use position_dependence::{PositionDependence, position_dependence};
pub use projected::{ProjectedKernel, ProjectedOptions, projected_kernel};
pub use prony::{PronyKernel, PronyTerm};
pub use resimulation::{Resimulation, ResimulationOptions, Side, resimulated};
pub use tabulated_force::TabulatedForce;
pub use transitions::{Transitions, transitions, two_wells};
pub use volterra::{second_kind, second_kind_matrix};

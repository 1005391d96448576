//! Relaxation by curvature: the entropic Ricci curvature κ of a jump process with detailed balance, and what follows from it.
//!
//! With detailed balance the master equation is the steepest descent of D(p‖π) in the metric K(p) = B L Bᵀ of [W₂](super::wasserstein2). Along a
//! geodesic, ṗ = Kψ, relative entropy has the second derivative
//!
//! ```text
//! D̈ = ψᵀ Hess ψ = ½ Σ (Bᵀψ)² (∂L·Wp) − ψᵀ W K ψ,      κ(p) = min ψᵀ Hess ψ / ψᵀ K ψ,      κ = inf κ(p) over p > 0,
//! ```
//!
//! and κ is the rate at which all descents approach each other: Σ̇ ≥ 2κ D, D(t) ≤ e^{−2κt} D(0), W₂(p(t), q(t)) ≤ e^{−κt} W₂(p(0), q(0)).
//!
//! | question | function | answer is |
//! |---|---|---|
//! | curvature at one state | [`curvature_at`] | a number, to rounding |
//! | its infimum κ | [`entropic_curvature`] | a value with its witness (from above), a bound from below where couplings give one |
//! | κ of independent parts together | [`product_curvature`] | the smallest of the parts' |
//! | largest α with Σ̇ ≥ 2α D | [`modified_log_sobolev`] | likewise from both sides: κ ≤ α ≤ spectral gap |
//! | how fast D(t) falls | [`relaxation_bounds`] | true values beside the bounds |
//!
//! The infimum is no convex problem: what a search finds is an upper estimate of κ. Inequalities that rest on it are called conditional; those that
//! rest on a lower bound or on the gap are proven.
//!
//! Conventions: each pair of states counts once; nats; curvatures have the unit 1/time. κ is finite (Mielke) and may be negative; κ(π) is the
//! spectral gap. Without detailed balance none of this holds, and it is refused.
//!
//! Sources: J. Maas, J. Funct. Anal. 261, 2250 (2011); M. Erbar and J. Maas, Arch. Ration. Mech. Anal. 206, 997 (2012); A. Mielke, Calc. Var. 48, 1
//! (2013); M. Fathi and J. Maas, Ann. Appl. Probab. 26, 1774 (2016); S. Bobkov and P. Tetali, J. Theor. Probab. 19, 289 (2006).

mod at_state;
mod couplings;
mod decay;
mod descent;
mod interval;
mod log_sobolev;
mod pencil;
mod product;
mod reversible;
mod search;
mod starts;

pub use at_state::{CurvatureAt, curvature_at};
pub use decay::{RelaxationBound, relaxation_bounds};
pub use interval::CurvatureInterval;
pub use log_sobolev::{ModifiedLogSobolev, modified_log_sobolev};
pub use product::{ProductCurvature, product_curvature};
pub use search::{CurvatureOptions, CurvatureSearch, EntropicCurvature, LocalMinimum, entropic_curvature};

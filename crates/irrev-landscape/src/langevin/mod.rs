//! Langevin dynamics in continuous space, with work, heat and entropy along every path.
//!
//! | motion | equation | item |
//! |---|---|---|
//! | overdamped | dx = (μ F + T ∂μ) dt + √(2 μ T) dW | [`Overdamped`] |
//! | underdamped | m v̇ = F − m γ v + √(2 m γ T) ξ | [`Underdamped`] |
//! | with memory | m v̇ = F − m ∫ K(t − s) v(s) ds + ξ, ⟨ξ(t) ξ(0)⟩ = m T K | [`Generalized`], [`MemoryKernel`] |
//!
//! F(x, t) = −∇V + f comes from a [`ForceField`]; each coordinate has a bath of its own, and ends as its [`Boundary`] says. [`simulate`] answers in one call; a [`Simulation`] goes on as long as one likes, is looked
//! at by an [`Observer`], set aside as [`Paused`], and restored from a checkpoint.
//!
//! Conventions: k_B = 1; noise of unit variance, ⟨ξ(t) ξ(t')⟩ = δ(t − t'), so that the factor 2 stands in the equation; heat is positive into a bath; entropies in nats. A protocol, that is a field which depends on
//! time, acts in the middle of a step: V changes by half a step while the walkers stand (work), they move, and V changes by the other half. Work is a difference of energies, so a protocol may jump,
//! at its ends too: V(x, t₀) is the energy before the jump.
//!
//! The noise of a walker is a function of seed, walker and step. The same seed gives the same bits on any number of threads, in any stretches, before and after a checkpoint.
//!
//! Sources: B. Leimkuhler and C. Matthews, Molecular Dynamics (2015); K. Sekimoto, Stochastic Energetics (2010); U. Seifert, Rep. Prog. Phys. 75, 126001 (2012).

mod block;
mod boundary;
mod checkpoints;
mod dynamics;
mod exact;
mod field;
mod inertial;
mod linear_step;
mod memory;
mod observer;
mod overdamped;
mod pace;
mod paused;
mod rows;
mod simulate;
mod simulation;
mod start;
mod stepper;
mod thermodynamics;
mod trajectories;
mod words;

pub use boundary::Boundary;
pub use checkpoints::{Keeping, Kept};
pub use dynamics::{
    Dynamics, Generalized, MemoryBath, MobilityField, Overdamped, OverdampedIntegrator, Underdamped,
    UnderdampedIntegrator,
};
pub use field::{ForceField, LinearField, Parts, PointField, Reversed};
pub use memory::{DampedCosine, MemoryKernel};
pub use observer::{Frame, Observer};
pub use paused::Paused;
pub use simulate::{Motion, simulate};
pub use simulation::{LangevinOptions, Simulation};
pub use start::Start;
pub use thermodynamics::{Energies, Thermodynamics};
pub use trajectories::Trajectories;

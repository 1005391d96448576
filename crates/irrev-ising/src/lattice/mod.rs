//! Ising spins on a periodic square lattice, refreshed one at a time: what neighbours tell each other, and what an input spin tells all of them.
//!
//! A chosen spin becomes +1 with probability ½ (1 + tanh(h/T)), h = J Σ of its four neighbours; energies are −J Σ over bonds s s', every site counting its
//! right and its lower neighbour, so that bonds are double where the lattice is two sites wide.
//!
//! | question | item |
//! |---|---|
//! | transfer entropy from one neighbour, and from the whole lattice, exactly for few sites | [`EnumeratedLattice`] |
//! | the same for many sites, by Monte Carlo, and the temperatures where they are largest | [`transfer_by_temperature`] |
//! | stationary state, dissipation and information flow beside an input that flips by itself | [`driven_lattice`] |
//!
//! **Transfer entropy.** In a step one site, chosen at random among n, is refreshed. Of a site i only the number u of neighbours that are up matters: given
//! them, its spin is up with probability g(u) = ½ (1 + tanh(J(2u − 4)/T)) before the step as after it. Hence P(s_i) and P(s_i'|s_i, all) follow from the
//! equilibrium law of u alone, with flipping probabilities (1 − g)/n of an up and g/n of a down spin, and
//!
//! ```text
//! T_global = I(s_i'; all|s_i) = Σ P(u, s_i) D(P(s_i'|s_i, u) ‖ P(s_i'|s_i)),   T_pair = I(s_i'; s_j|s_i)
//! ```
//!
//! where the joint law of u and one neighbour j suffices for the second. Five frequencies thus give both, and simulations count nothing else.
//!
//! Conventions: k_B = 1, nats; transfer entropies per step, which fall as 1/n, and per sweep of n steps, which do not. On a finite lattice up and down are
//! alike at any temperature.
//!
//! Sources: Barnett, Lizier, Harré, Seth and Bossomaier, Phys. Rev. Lett. 111, 177203 (2013); Meijers, Ito and ten Wolde, Phys. Rev. E 103, L010102 (2021).

mod driven;
mod enumeration;
mod geometry;
mod monte_carlo;
mod symmetry;
mod transfer;

pub use driven::{DrivenLattice, driven_lattice};
pub use enumeration::{EnumeratedLattice, LatticeEquilibrium};
pub use geometry::{Lattice, critical_temperature};
pub use monte_carlo::{LatticeSampling, TransferAt, largest, transfer_by_temperature};
pub use transfer::{LocalTransfer, Neighbourhood};

//! Kinetic Ising networks: N spins s_i = ±1 that turn in local fields h_i = β (H_i + Σ_j J_ij s_j), with couplings that need not be symmetric.
//!
//! | question | module |
//! |---|---|
//! | what is the network | [`KineticIsing`], [`Couplings`] |
//! | how are networks drawn | [`ensemble`] |
//! | what do small networks do exactly | [`enumeration`] |
//! | what do mean-field theories say | [`mean_field`] |
//! | what do infinitely many spins do, exactly | [`infinite`] |
//! | what does one spin do in a field | [`response`] |
//! | which network made these spikes, and how irreversible is it | [`inference`] |
//! | what does a large network do, by simulation | [`simulation`] |
//! | what do spins on a square lattice tell each other, near the transition and beside an input | [`lattice`] |
//!
//! Conventions: J_ij acts **from j to i**; β multiplies couplings and fields; k_B = 1 and natural logarithms, so entropies are in nats; a parallel step
//! refreshes all spins, a sequential unit of time refreshes every spin at rate 1.

pub mod couplings;
pub mod ensemble;
pub mod enumeration;
pub mod error;
pub mod inference;
pub mod infinite;
pub mod lattice;
pub mod mean_field;
pub mod network;
pub mod response;
pub mod simulation;

pub use couplings::Couplings;
pub use error::{Error, Result};
pub use network::{KineticIsing, Update};

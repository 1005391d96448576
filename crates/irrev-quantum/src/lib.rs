//! Hard-core bosons on lattices, which are XXZ spins: eigenstates and exact time evolution of pure states in sectors of fixed particle number.
//!
//! | question | module |
//! |---|---|
//! | which sites and bonds | [`lattice`] |
//! | which energies and hoppings | [`model`] |
//! | which states | [`sector`] |
//! | H acting on vectors | [`kernel`] |
//! | what a state becomes | [`evolution`] |
//! | which levels, from outside | [`lanczos`] |
//! | all levels, by symmetry | [`diagonalise`] |
//! | eigenstates and windows inside the spectrum | [`interior`] |
//! | what some sites know | [`reduced`] |
//! | random states | [`random`] |
//! | a system in contact with a bath | [`composite`] |
//! | eigenstates, Gibbs and typical states of a bath | [`bath`] |
//! | which temperature an eigenstate has | [`temperature`] |
//! | entropy production and its fluctuations | [`thermodynamics`] |
//! | whether eigenstates look thermal | [`thermalisation`] |
//! | when the far bath is felt | [`light_cone`] |
//!
//! Conventions: ħ = k_B = 1; bit i of a word is the occupation of site i; states of a sector are ordered by their words; entropies are in nats.

pub mod bath;
mod chebyshev;
pub mod composite;
pub mod diagonalise;
pub mod error;
pub mod evolution;
pub mod interior;
pub mod kernel;
pub mod lanczos;
pub mod lattice;
pub mod light_cone;
pub mod model;
pub mod random;
pub mod reduced;
pub mod sector;
pub mod temperature;
pub mod thermalisation;
pub mod thermodynamics;
mod vector;

pub use error::{Error, Result};
pub use kernel::{Amplitude, Combination, SectorHamiltonian};
pub use lattice::Lattice;
pub use model::{Bond, Hamiltonian};
pub use num_complex::Complex64;
pub use sector::Sector;

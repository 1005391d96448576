//! All levels of a sector by dense matrices, block by block of the lattice symmetries.
//!
//! A sector of dimension D costs D³ operations and D² numbers; with a group of g commuting symmetries it falls into g blocks of D/g states, which take g² times less
//! time. What is too large is refused beforehand with the memory it would need.

mod basis;
mod permutation;
mod spectrum;
mod symmetry;

pub(crate) use permutation::BitMap;
pub use spectrum::{Block, Level, Spectrum, Wanted, diagonalise, required_memory};
pub use symmetry::Symmetries;
pub(crate) use symmetry::point_group;

//! y = H x in a sector, without a matrix.
//!
//! A word is cut into a high half and a low half. The states of one high half are contiguous, one for every low word with as many particles as are left: a *block*.
//! A bond between low sites then acts inside each block in the same way, by a list that all blocks with as many low particles share ([`low`]); a bond between
//! high sites adds one whole block to another ([`high`]); a bond between the halves moves runs of one block to runs of another ([`mixed`]). The diagonal is a
//! sum of what each half knows. Nothing is stored per state.
//!
//! While every hopping is real, a complex vector is two real ones side by side, and several vectors side by side are more of them, so that one piece of code
//! serves all. Blocks are written independently, each in a fixed order: the bits do not depend on the number of threads.
//!
//! Sources: Lin, Phys. Rev. B 42, 6561 (1990), for the halves; Wietek and Läuchli, Phys. Rev. E 98, 033309 (2018), for contiguous blocks.

mod block;
mod hamiltonian;
mod high;
mod low;
mod mixed;
mod tables;

pub use hamiltonian::{Amplitude, Combination, SectorHamiltonian};

//! A small system S in contact with a bath B: H = H_S + H_I + H_B, a joint state, and its exact evolution.
//!
//! System sites are the low bits of a word and bath sites the high ones: word = s + (b << m). H_I holds the bonds between a site of S and a site of B. The
//! total number of particles is conserved, that of the bath is not. With ρ_S(0) = Σ_k p_k |φ_k⟩⟨φ_k| and a bath in Σ_a w_a |a⟩⟨a|, every |φ_k⟩|a⟩ is evolved as a pure
//! state, in each total number of particles that it touches; a density matrix of the whole never appears.
//!
//! A [`Drive`] changes H_S and H_I in time: work on the system, switching of the contact.
//!
//! The states are kept as bath vectors A_s beside the configurations s of the system: ρ_S = Σ p_k w_a A A†.
//!
//! Source: Iyoda, Kaneko and Sagawa, Phys. Rev. Lett. 119, 100601 (2017), for the setting.

mod drive;
mod driven;
mod evolution;
mod joint;
mod model;
mod system_state;

pub use drive::{Drive, Factors};
pub use evolution::{Branch, JointEvolution, evolve_joint, return_error};
pub(crate) use evolution::{evolve_joint_from, evolve_states, joint_start};
pub use joint::JointState;
pub use model::{Composite, Contact, MOST_SYSTEM_SITES};
pub use system_state::SystemState;

//! Tests of the front door, by the public interface.
//!
//! One binary for all files of this folder: every one of them would be linked, and run apart from the others.

mod chemistry;
#[path = "malformed/corpus.rs"]
mod corpus;
mod driven;
mod fluctuation_defaults;
mod gallery;
mod information;
mod ising;
mod ising_model_files;
#[path = "langevin/main.rs"]
mod langevin;
mod large_and_driven;
mod model_files;
mod quantum;
mod quantum_baths;
mod reactions;
mod recordings;
#[path = "sbml/main.rs"]
mod sbml;
mod spins;
mod stochastic_cases;
mod time_courses;
#[path = "trajectories/main.rs"]
mod trajectories;

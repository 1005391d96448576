//! Tests of kinetic Ising networks, by the public interface.
//!
//! One binary for all files of this folder: every one of them would be linked, and run apart from the others.

mod enumeration;
mod inference_laws;
mod inference_networks;
mod inference_references;
mod infinite_alternating;
mod infinite_draws;
mod infinite_limits;
mod infinite_partly_parallel;
mod infinite_properties;
mod infinite_quench;
mod infinite_references;
mod lattice;
mod mean_field;
mod reference_cases;
mod simulation;
mod small_networks;
mod small_networks_partial;
mod support;

//! Tests of the second law beside a quantum bath, by the public interface.
//!
//! One binary for all files of this folder: every one of them would be linked, and run apart from the others.

mod deviation;
mod driven;
mod eigenstates_and_light_cones;
mod evolution;
mod interior;
mod kernel;
mod lanczos;
mod references;
mod second_law;
mod symmetry;
mod temperatures;
mod thermal;
mod typical_baths;
mod whole_space;

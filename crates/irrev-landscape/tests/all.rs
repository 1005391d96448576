//! Tests of landscapes and continuous dynamics, by the public interface.
//!
//! One binary for all files of this folder: every one of them would be linked, and run apart from the others.

mod field;
mod fokker_planck;
mod gle;
mod hidden;
mod kernels;
mod landscapes;
#[path = "langevin/main.rs"]
mod langevin;
mod linear;
mod memory;
mod moments;
mod projections;
mod protocol;
mod recorded_field;
mod references;
mod resimulation;
mod transport1d;

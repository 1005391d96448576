//! Tests of the numerics, by the public interface.
//!
//! One binary for all files of this folder: every one of them would be linked, and run apart from the others.

mod elimination;
mod elimination_errors;
mod elimination_properties;
mod graphs;
mod ode;
mod ode_events;
mod ode_limits;
mod references;
mod systems;

//! Tests of estimators from data, by the public interface.
//!
//! One binary for all files of this folder: every one of them would be linked, and run apart from the others.

#[path = "discrete/coverage.rs"]
mod coverage;
mod currents;
#[path = "discrete/speed.rs"]
mod speed;
#[path = "discrete/states.rs"]
mod states;
mod support;
#[path = "discrete/systems.rs"]
mod systems;
#[path = "discrete/transfer.rs"]
mod transfer;

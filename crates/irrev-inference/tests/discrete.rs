//! Visited states, transfer entropy and ensembles of cells, by the public interface.

#![allow(clippy::unwrap_used)]

#[path = "discrete/coverage.rs"]
mod coverage;
#[path = "discrete/speed.rs"]
mod speed;
#[path = "discrete/states.rs"]
mod states;
#[path = "discrete/systems.rs"]
mod systems;
#[path = "discrete/transfer.rs"]
mod transfer;

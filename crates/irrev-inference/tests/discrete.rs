//! Visited states, transfer entropy and ensembles of cells, by the public interface.

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

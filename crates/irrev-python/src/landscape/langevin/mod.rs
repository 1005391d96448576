//! Langevin dynamics: a question in plain parts ([`parts`]), its answer in one call ([`simulate`]), and walkers that go on ([`simulation`]).

mod parts;
mod simulate;
mod simulation;
mod thermodynamics;

pub(crate) use parts::{check_langevin_field, langevin_memory, langevin_memory_at, memory_fields};
pub(crate) use simulate::langevin_simulate;
pub(crate) use simulation::LangevinSimulation;

//! Trajectories on an explicit graph of states, with thermodynamic books.

mod options;
mod simulator;
mod table;
mod trajectory;
mod waiting;
mod walk;

pub use options::{LogProbability, Running, Stop, SystemEntropy, TrajectoryOptions};
pub use simulator::{Simulation, Simulator};
pub use trajectory::{Ending, Extremes, Trajectory};

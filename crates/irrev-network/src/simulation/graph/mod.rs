//! Trajectories on an explicit graph of states, with thermodynamic books.

mod checkpoint;
mod driven;
mod ensemble;
mod hazard;
mod long_run;
mod options;
mod simulator;
mod table;
mod tally;
mod tilted;
mod trajectory;
mod waiting;
mod walk;

pub use driven::{BoundLaw, DrivenSimulator, JumpTimes};
pub use ensemble::{EnsembleOptions, Keep, ensemble};
pub use long_run::{LongRun, LongRunOptions, long_run};
pub use options::{LogProbability, Running, Stop, SystemEntropy, TrajectoryOptions};
pub use simulator::{Simulation, Simulator};
pub use tally::{Endings, Ensemble, Observable};
pub use tilted::{Guide, Tilt, TiltedSimulator};
pub use trajectory::{Ending, Extremes, Trajectory};

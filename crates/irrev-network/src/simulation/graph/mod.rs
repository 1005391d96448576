//! Trajectories on an explicit graph of states, with thermodynamic books.
//!
//! | rates | type | exact because |
//! |---|---|---|
//! | constant | [`Simulator`] | exponential waiting times, alias tables: constant time per jump whatever the number of channels |
//! | driven | [`DrivenSimulator`] | hazards are integrated and inverted to 10⁻¹², or thinned below a bound; never constant over a step |
//! | tilted | [`TiltedSimulator`] | every trajectory carries its likelihood ratio, computed from counts and residence times |
//!
//! [`ensemble`] makes any number of independent trajectories of any kind and keeps sums only; [`long_run`] follows a single one for time averages.
//! Books (all optional): jumps per channel and direction, residence times, currents, entropy delivered to the medium, total entropy with
//! its minimum and maximum, heat per reservoir, work, first passages to states and thresholds.
//!
//! With constant rates, currents, medium entropy and heat are integer counts times constants, multiplied once at the end: no drift, no
//! dependence on the order of jumps. The state at an output time is that before a jump at that very time.
//!
//! Conventions: Σ = S_medium + ln p₀(x₀) − ln p_t(x_t) in nats, k_B = 1; heat is positive into the reservoir, work positive on the system.
//! A jump without reverse makes the medium entropy +∞. Same seed, same bits, whatever the number of threads; random numbers come
//! from the streams (seed, trajectory, i) and (seed, initial state, i), and every record names its samplers with versions.
//!
//! Sources: Gillespie, J. Phys. Chem. 81, 2340 (1977); Seifert, Rep. Prog. Phys. 75, 126001 (2012).

mod checkpoint;
mod driven;
mod ensemble;
mod guide;
mod hazard;
mod ledger;
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

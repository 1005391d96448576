//! Trajectories: stochastic simulation with thermodynamic books, and estimators that carry their errors.
//!
//! [`graph`] follows a [`crate::MarkovJump`] or a [`crate::dynamics::DrivenJump`] jump by jump; [`estimators`] turns what the trajectories
//! brought home into numbers with error bars and checks of the fluctuation theorems.

pub mod estimators;
pub mod graph;

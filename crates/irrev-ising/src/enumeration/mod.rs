//! Small networks exactly: all 2^N states.
//!
//! Bit i of a state's number is set if spin i is +1. Probabilities are exact up to rounding (the residual of the stationary law is returned), and so are all
//! averages.
//!
//! **Parallel updates**, per step: entropy production σ = Σ π(s) P(s'|s) ln [P(s'|s)/P(s|s')] = β Σ_ij (J_ij − J_ji) ⟨s'_i s_j⟩, since fields and normalisations
//! cancel in a stationary state; conditional entropy Σ_i ⟨ln 2cosh h_i − h_i tanh h_i⟩, and the reversed one, which is larger by σ.
//!
//! **Partly parallel updates**, each spin with probability α: the same given which spins were refreshed.
//!
//! **Sequential updates**, per unit of time: spin i turns over with rate w_i = (1 − s_i tanh h_i)/2 and σ̇ = Σ_i ⟨w_i(s) ln [w_i(s)/w_i(F_i s)]⟩, F_i s being s with
//! spin i turned.
//!
//! Source: M. Aguilera, M. Igarashi and H. Shimazaki, Nat. Commun. 14, 3685 (2023).

mod correlations;
mod parallel;
mod partly_parallel;
mod sequential;
mod stationary;
mod turns;

pub use correlations::Correlations;
pub use parallel::{ParallelKernel, ParallelState, parallel_stationary_state};
pub use partly_parallel::{PartlyParallelState, partly_parallel_stationary_state};
pub use sequential::{SequentialState, sequential_stationary_state};

/// Up to so many spins the states are enumerated.
pub const MOST_SPINS: usize = 20;

//! Langevin dynamics against exact results, with finite steps where they are known.
//!
//! Statistical tests compare a mean over independent walkers with its exact value at five standard errors, two-sided: each cries wolf with a probability of 6e-7, and there are below 400 of them. Where the
//! exact value is that of vanishing steps, the bias of the step is estimated beside the test and is small against what a wrong equation would give.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod boundaries;
mod equilibrium;
mod faults;
mod fields;
mod heat;
mod memory;
mod reproducibility;
mod work;

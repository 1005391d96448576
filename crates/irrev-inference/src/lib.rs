//! What data tell of a system's thermodynamics: every number with its kind, its interval and what it assumes.
//!
//! | data | question | module |
//! |---|---|---|
//! | series of numbers, evenly spaced | how much entropy do they produce at least | [`currents`] |
//! | visits of states, with times or step by step | rates, entropy production, hidden states | [`states`] |
//! | two or more series | who informs whom | [`transfer`] |
//! | ensembles of cells | how fast do distributions change, at what cost | [`speed`] |
//!
//! Conventions: k_B = 1 and natural logarithms, so entropies are in nats; a number per time is per unit of the data's time; products at midpoints
//! (Stratonovich), because only they are odd under reversal of time. An estimate says whether it is a bound or an estimate, and what would make it wrong.

pub mod currents;
pub mod error;
mod packing;
mod replicas;
pub mod resampling;
mod special;
pub mod speed;
pub mod states;
pub mod transfer;

pub use error::{Error, Result};

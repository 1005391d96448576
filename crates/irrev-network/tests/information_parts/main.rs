//! Second laws of parts, steps of chains and the log-linear hierarchy by the public API: reference values (`data/information_parts.json`), identities on
//! random networks, analytic limits and edge cases.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

mod chain;
mod hierarchy;
mod parts;
mod random;
mod reference;

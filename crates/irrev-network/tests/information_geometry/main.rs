//! Information geometry: values computed elsewhere (`data/information_geometry.json`, 15 kinds), and laws on random systems.
//!
//! The values come from other algorithms in other languages (adaptive quadrature, Kronecker solves, best responses, Nelder–Mead). Each has the tolerance
//! |got − expected| ≤ relative |expected| + absolute of its case.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

mod dual;
mod game;
mod gaussian;
mod random;
mod reference;
mod stability;
mod time;

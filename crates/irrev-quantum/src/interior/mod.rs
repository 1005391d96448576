//! States inside the spectrum: eigenstates near an energy, and windows of energy.
//!
//! | question | function |
//! |---|---|
//! | which levels lie nearest to E | [`levels_near`] |
//! | what does a typical state with energies E ± δ look like | [`window_state`] |
//!
//! Levels inside are dense, D levels over a width of a few times L energies, and to resolve one takes as many products with H as the inverse spacing. An eigenstate says so by its residual: one
//! that is not small next to the distance to the next level belongs to a window state. Those cost little and exist at any size.

mod density;
mod filtered_lanczos;
mod window;

pub use filtered_lanczos::{InteriorLevels, InteriorOptions, levels_near};
pub use window::{WindowState, window_state};

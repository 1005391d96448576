//! Landscapes of projected coordinates from trajectories: the free energy of a coordinate, the mean force along it and its potential, and where the two differ.
//!
//! | question | module |
//! |---|---|
//! | which trajectories | [`record`] |
//! | which cells of the coordinate | [`grid`] |
//! | ρ(r), ⟨Ṙ²; r⟩, ⟨R̈; r⟩ with errors | [`moments`] |
//! | G, V_m, V*, where they differ, and barriers | [`landscape`] |
//! | w ρ from positions alone, and its identity | [`ching`] |
//! | noise, steps, motion without inertia; drift and diffusion | [`diagnose`] |
//! | time correlations over many segments | [`correlation`] |
//! | the kernel of the generalised Langevin equation | [`memory`] |
//! | landscapes at a coarser time scale | [`filter`] |
//! | what accelerations know of hidden dimensions | [`hidden`] |
//! | an oscillator of which every correlation is known | [`oscillator`] |
//! | walkers in a force field, with work, heat and entropy along their paths | [`langevin`] |
//! | linear diffusions: relaxation, dissipation and its parts, information flow, heat | [`linear`] |
//! | a Fokker–Planck equation as a jump process, with every quantity of networks | [`axes`], [`fokker_planck`] |
//! | a field as gradient and flux, and whether the flux dissipates | [`field`] |
//! | ρ, w and a of a model by integrals over level sets | [`projection`] |
//! | motion on a line with the least work or dissipation | [`protocol`] |
//! | W₂ on a line and on a circle, by quantiles | [`transport1d`] |
//!
//! Conventions: k_B = 1; ⟨F; r⟩ is the average of F over frames with R = r; energies are in the unit of kT; errors hold for correlated frames.

pub mod axes;
mod blocks;
pub mod ching;
pub mod correlation;
pub mod diagnose;
pub mod error;
mod estimates;
pub mod field;
pub mod filter;
pub mod fokker_planck;
pub mod grid;
pub mod hidden;
pub mod landscape;
pub mod langevin;
pub mod linear;
pub mod memory;
pub mod moments;
pub mod oscillator;
pub mod projection;
pub mod protocol;
pub mod record;
pub mod transport1d;

pub use error::{Error, Result};
pub use grid::Grid;
pub use landscape::{Landscape, LandscapeOptions};
pub use moments::{ConditionalMoments, conditional_moments};
pub use record::{Period, Record};

//! Information thermodynamics: the second law of parts, projections, time as a parameter, dual coordinates and games.
//!
//! | question | module |
//! |---|---|
//! | what does each part of a system dissipate, and what does it learn | [`parts`], on a [`product`] of the states of its parts |
//! | entropy production as a distance from what is reversible | [`chain`], [`hierarchy`] |
//! | how fast is a distribution changing, and what does that bound | [`time`] |
//! | is a stationary state stable | [`stability`] |
//! | coordinates in which free energy and entropy are each other's Legendre transforms | [`dual`] |
//! | what if every part minimises its own dissipation | [`game`] |
//! | the same for normal distributions, in closed form | [`gaussian`] |

pub mod chain;
mod definite;
pub mod dual;
pub mod game;
pub mod gaussian;
pub mod hierarchy;
mod joint;
mod moments;
pub mod parts;
pub mod product;
pub mod stability;
pub mod time;

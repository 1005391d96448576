//! irrev, the instrument for nonequilibrium thermodynamics: how irreversible is a system, where does it dissipate, and what bounds it?
//!
//! A system comes as a model file (or as objects of [`network`]); [`analysis::run`] turns it into a [`report::Report`] whose numbers carry
//! units, errors and checks, and [`report::write_folder`] writes the report as JSON, CSV, SVG and one self-contained HTML page.
//!
//! | module | is |
//! |---|---|
//! | [`network`] | stochastic thermodynamics of Markov networks |
//! | [`ising`] | kinetic Ising networks |
//! | [`landscape`] | landscapes of projected coordinates |
//! | [`numerics`] | the numerics under it |
//! | [`model`], [`expression`], [`source`] | model files and the formulas in them |
//! | [`sbml`] | reaction networks in SBML |
//! | [`system`] | from a model file to a network with kinetics and energetics |
//! | [`analysis`] | from a model to a report |
//! | [`ising`], [`spins`] | kinetic Ising networks, and from a model file to them |
//! | [`quantum`], [`lattices`] | hard-core bosons on lattices, and from a model file to a bath in its initial state |
//! | [`simulate`] | from a model to trajectories, and a report on them |
//! | [`recordings`] | recordings of activity: spikes, or bins of two values |
//! | [`trajectories`] | recordings of coordinates in continuous time: text, arrays, and atoms of simulations |
//! | [`landscapes`] | from such a recording to free energy, mean force and memory, as a report |
//! | [`landscape`] | the mathematics of landscapes and of continuous motion |
//! | [`estimation`] | from data without a model (series, states, cells) to entropy production and information, as a report |
//! | [`estimators`] | the estimators behind it |
//! | [`inference`] | from a recording to the network behind it, and a report on it |
//! | [`explain`] | what a quantity means, and where each number of a model comes from |
//! | [`gallery`] | built-in models |
//! | [`report`] | typed reports and their writers |
//!
//! ```
//! use irrev::network::MarkovJump;
//! let ring = MarkovJump::from_rates(3, &[(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])?;
//! let flow = ring.flow(&ring.stationary_distribution()?)?;
//! assert!((flow.entropy_production_rate() - 2.12337968146951).abs() < 1e-13);
//! # Ok::<(), irrev::network::Error>(())
//! ```

#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

pub mod analysis;
pub mod chemistry;
pub mod error;
pub mod estimation;
pub mod explain;
pub mod expression;
pub mod gallery;
pub mod inference;
pub mod landscapes;
pub mod lattices;
pub mod model;
pub mod recordings;
pub mod sbml;
pub mod simulate;
pub mod source;
pub mod spins;
pub mod system;
pub mod trajectories;

pub use error::{Error, Result, Scarcity};
pub use irrev_inference as estimators;
pub use irrev_ising as ising;
pub use irrev_landscape as landscape;
pub use irrev_network as network;
pub use irrev_numerics as numerics;
pub use irrev_quantum as quantum;
pub use irrev_report as report;

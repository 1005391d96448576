//! What a model of kind `langevin` says, checked and with every number under its key.
//!
//! Continuous motion in named coordinates with a potential V, forces f that need none, and heat baths:
//!
//! ```text
//! overdamped    dx_i = μ_i F_i dt + T_i ∂_i μ_i dt + √(2 μ_i T_i) dW_i,         F = −∇V + f,
//! underdamped   dx_i = v_i dt,  m_i dv_i = (F_i − m_i γ_i v_i) dt + √(2 m_i γ_i T_i) dW_i,
//! generalized   dx_i = v_i dt,  m_i dv_i = (F_i − m_i ∫ K_i(t − s) v_i(s) ds + ξ_i) dt,   ⟨ξ_i(t) ξ_i(0)⟩ = m_i T_i K_i(|t|),
//! ```
//!
//! with independent noises of unit variance, in the sense of Itô; see [`irrev_landscape`]. k_B = 1.
//!
//! Potential, forces and mobilities are expressions in the coordinates, the parameters and the time `t`. All other numbers are kept as a list of formulas, each with its dotted key,
//! which hold for the file, for `--set` and for sweeps alike.

mod curvature;
mod fields;
mod memory;
mod network;
mod numbers;
mod overrides;
mod projections;
mod read;
mod schema;
mod values;

pub use curvature::Curvature;
pub use fields::{FieldRows, Fields};
pub use memory::MemoryTerms;
pub use network::as_network;
pub use projections::{ProjectedFunction, ProjectionKind, ProjectionValues};
pub(super) use read::langevin;
pub(super) use schema::schema;
pub use values::{
    CoordinateValues, LangevinEnvironment, LangevinValues, PassageValues, RelaxationValues, SimulationValues,
};

use std::sync::Arc;

use super::diagnostic::Diagnostic;
use super::formula::Formula;
use super::keyed_changes::KeyedSweep;
use super::markov::Reference;
use super::parameters::ParameterTable;
use crate::source::{SourceFile, Span};

/// A checked model of kind `langevin`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Langevin {
    /// The file it was read from; errors at evaluation point into it.
    pub source: Arc<SourceFile>,
    /// One line for headings.
    pub title: Option<String>,
    /// What the model is, in the author's words.
    pub doc: Option<String>,
    /// Where the model comes from: bibliographic references.
    pub sources: Vec<String>,
    /// Dimension and label, such as `("length", "nm")`; numbers are never rescaled.
    pub units: Vec<(String, String)>,
    /// Named numbers.
    pub parameters: ParameterTable,
    /// The coordinates, in the order of the file; their ends and intervals are among the numbers.
    pub coordinates: Vec<Coordinate>,
    /// What moves.
    pub dynamics: DynamicsKind,
    /// Where `[dynamics]` is written.
    pub dynamics_span: Span,
    /// Potential, forces and mobilities, each with its dotted key.
    pub fields: Vec<Formula>,
    /// What the baths of generalised motion remember.
    pub memory: Vec<MemoryTerms>,
    /// Coordinates onto which the model is projected; their numbers are among the others.
    pub projections: Vec<ProjectionKind>,
    /// Whether the file asks for a passage between two points.
    pub has_passage: bool,
    /// Whether the file asks for a relaxation from a distribution.
    pub has_relaxation: bool,
    /// Whether the file asks what its protocol costs.
    pub has_protocol: bool,
    /// Whether the file asks for a simulation.
    pub has_simulation: bool,
    /// How it is integrated, if the file says so.
    pub integrator: Option<Integrator>,
    /// All other numbers, each with its dotted key: those of the file, and defaults.
    pub numbers: Vec<Formula>,
    /// Sweeps over numbers of the model; at most two.
    pub sweeps: Vec<KeyedSweep>,
    /// The sections to report; `None` leaves the choice to the analysis.
    pub report: Option<Vec<Reference>>,
    /// The seed of `[random]`.
    pub seed: Option<u64>,
    /// What the author may have meant otherwise.
    pub warnings: Vec<Diagnostic>,
}

/// A coordinate, and what is at its ends.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coordinate {
    /// Its name in expressions.
    pub name: String,
    /// What happens at its ends.
    pub ends: Ends,
    /// Where it is written.
    pub span: Span,
}

/// What is at the ends of a coordinate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// It goes on for ever; limits, if there are any, are where a grid ends.
    Open,
    /// It is a circle from `min` to `max`.
    Periodic,
    /// Walls at `min` and `max`.
    Walls(WallKind, WallKind),
}

/// What a wall does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WallKind {
    /// Nothing passes.
    Reflecting,
    /// What arrives does not return.
    Absorbing,
}

/// Whether inertia matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DynamicsKind {
    /// Velocities follow forces at once.
    Overdamped,
    /// Masses and frictions.
    Underdamped,
    /// Masses and baths with memory.
    Generalized,
}

impl DynamicsKind {
    /// Every kind with the word of the key `type`.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Overdamped, "overdamped"),
        (Self::Underdamped, "underdamped"),
        (Self::Generalized, "generalized"),
    ];

    /// The word of the kind.
    #[must_use]
    pub fn word(self) -> &'static str {
        let known = Self::ALL.iter().find(|(kind, _)| *kind == self);
        known.map_or("", |(_, word)| word)
    }

    /// Whether coordinates have masses and velocities.
    #[must_use]
    pub fn has_inertia(self) -> bool {
        self != Self::Overdamped
    }
}

/// How a simulation is integrated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integrator {
    /// Overdamped motion, weak order 1.
    EulerMaruyama,
    /// Overdamped motion of constant mobility, order 2 for stationary averages.
    LeimkuhlerMatthews,
    /// The exact transition of a linear force, overdamped or underdamped.
    ExactLinear,
    /// Motion with inertia, with or without memory, order 2.
    Baoab,
}

impl Integrator {
    /// Every integrator with its word.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::EulerMaruyama, "euler-maruyama"),
        (Self::LeimkuhlerMatthews, "leimkuhler-matthews"),
        (Self::ExactLinear, "exact-linear"),
        (Self::Baoab, "baoab"),
    ];

    /// Those of a kind of motion, its default first.
    #[must_use]
    pub fn of(kind: DynamicsKind) -> &'static [Self] {
        match kind {
            DynamicsKind::Overdamped => &[Self::EulerMaruyama, Self::LeimkuhlerMatthews, Self::ExactLinear],
            DynamicsKind::Underdamped => &[Self::Baoab, Self::ExactLinear],
            DynamicsKind::Generalized => &[Self::Baoab],
        }
    }

    /// The word of the key `integrator`.
    #[must_use]
    pub fn word(self) -> &'static str {
        let known = Self::ALL.iter().find(|(integrator, _)| *integrator == self);
        known.map_or("", |(_, word)| word)
    }
}

impl Langevin {
    /// The number or field under a dotted key, if the model has it.
    #[must_use]
    pub fn formula(&self, key: &str) -> Option<&Formula> {
        self.numbers
            .iter()
            .chain(&self.fields)
            .find(|formula| formula.key() == key)
    }
}

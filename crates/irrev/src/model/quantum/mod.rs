//! What a model of kind `quantum-lattice` says, checked and with every number under its key.
//!
//! Hard-core bosons, which are XXZ spins: H = Σ w_i n_i − Σ J (c_i† c_j + h.c.) + Σ V n_i n_j on a lattice, the bath, and on a small system that touches it; see
//! [`irrev_quantum`]. The bath starts in one energy eigenstate, a state of a window of energy, a Gibbs state or a typical state of one, the system in a mixture of occupations. System and contact
//! may be driven in time. ħ = k_B = 1.
//!
//! Numbers are kept as a list of formulas, each with its dotted key, which hold for the file, for `--set` and for sweeps alike.

mod bath;
mod faults;
mod numbers;
mod overrides;
mod parts;
mod read;
mod schema;
mod sized;
mod system;
mod values;

pub(super) use read::quantum;
pub(super) use schema::schema;
pub use values::{BathSizeValues, BathStart, QuantumEnvironment, QuantumValues};

use std::sync::Arc;

use irrev_quantum::lattice::Boundary;
use irrev_quantum::temperature::Matching;

use super::diagnostic::Diagnostic;
use super::formula::Formula;
use super::keyed_changes::KeyedSweep;
use super::markov::Reference;
use super::parameters::ParameterTable;
use crate::source::{SourceFile, Span};

/// A checked model of kind `quantum-lattice`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Quantum {
    /// The file it was read from; errors at evaluation point into it.
    pub source: Arc<SourceFile>,
    /// One line for headings.
    pub title: Option<String>,
    /// What the model is, in the author's words.
    pub doc: Option<String>,
    /// Where the model comes from: bibliographic references.
    pub sources: Vec<String>,
    /// Dimension and label, such as `("energy", "J")`; numbers are never rescaled.
    pub units: Vec<(String, String)>,
    /// Named numbers.
    pub parameters: ParameterTable,
    /// Where `[lattice]`, `[bath]`, `[system]` and `[contact]` are written: faults of each as a whole point there.
    pub spans: Spans,
    /// Which sites and bonds the bath has.
    pub lattice: LatticeKind,
    /// Ends of the lattice, by direction.
    pub boundaries: [Boundary; 2],
    /// What the bath starts in.
    pub state: StateKind,
    /// Which ensemble is matched to that state.
    pub matching: Matching,
    /// Pairs of sites of the system with a bond.
    pub system_bonds: Vec<(usize, usize)>,
    /// Pairs of a site of the system and a site of the bath with a bond.
    pub contacts: Vec<(usize, usize)>,
    /// All other numbers, each with its dotted key: those of the file, and defaults.
    pub numbers: Vec<Formula>,
    /// Whether the file asks for a scan over eigenstates.
    pub has_scan: bool,
    /// Other sizes of the bath to compare; their particles are among the numbers.
    pub sizes: Option<BathSizes>,
    /// Sweeps over numbers of the model; at most two.
    pub sweeps: Vec<KeyedSweep>,
    /// The sections to report; `None` leaves the choice to the analysis.
    pub report: Option<Vec<Reference>>,
    /// The seed of `[random]`.
    pub seed: Option<u64>,
    /// What the author may have meant otherwise.
    pub warnings: Vec<Diagnostic>,
}

/// Places of tables, and of pairs of sites that are listed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Spans {
    /// `[drive]`, if there is one.
    pub drive: Option<Span>,
    /// `[lattice]`.
    pub lattice: Span,
    /// `[bath]`.
    pub bath: Span,
    /// `[system]`.
    pub system: Span,
    /// `[contact]`.
    pub contact: Span,
    /// Each of `lattice.bonds`; none where the lattice has a type.
    pub bonds: Vec<Span>,
    /// Each of `system.bonds`.
    pub system_bonds: Vec<Span>,
    /// Each of `contact.sites`; none where the file does not list them.
    pub contacts: Vec<Span>,
}

/// Lattices of one type that are to be compared.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BathSizes {
    /// The lengths of each, as in `lattice.shape`.
    pub shapes: Vec<Vec<usize>>,
    /// Where each is written.
    pub spans: Vec<Span>,
}

/// Which sites and bonds there are; the numbers of a shape are among [`Quantum::numbers`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LatticeKind {
    /// Sites in a row.
    Chain,
    /// Rows side by side.
    Ladder,
    /// A rectangle.
    Square,
    /// Honeycomb.
    Hexagonal,
    /// Pairs of sites.
    Bonds(Vec<(usize, usize)>),
}

impl LatticeKind {
    /// The word of the key `type`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Chain => "chain",
            Self::Ladder => "ladder",
            Self::Square => "square",
            Self::Hexagonal => "hexagonal",
            Self::Bonds(_) => "bonds",
        }
    }
}

/// What the bath starts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StateKind {
    /// One energy eigenstate, by its index or near a temperature.
    Eigenstate,
    /// A random state of a narrow window of energy.
    Window,
    /// exp(−βH + αN)/Ξ.
    Gibbs,
    /// A random vector in each number of particles that together look like a Gibbs state.
    Typical,
}

impl StateKind {
    /// Every kind with the word of the key `state`.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Eigenstate, "eigenstate"),
        (Self::Window, "window"),
        (Self::Gibbs, "gibbs"),
        (Self::Typical, "typical"),
    ];
}

impl Quantum {
    /// The number under a dotted key, if the model has it.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<&Formula> {
        self.numbers.iter().find(|formula| formula.key() == key)
    }
}

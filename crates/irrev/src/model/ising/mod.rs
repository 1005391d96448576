//! What a model of kind `kinetic-ising` says, checked and with every number under its key.
//!
//! N spins s_i = ±1 in local fields h_i = β (H_i + Σ_j J_ij s_j), J_ij acting **from j to i**; see [`irrev_ising`]. The network is given, or drawn at random with
//! a law; there is one size, a list of sizes, or infinitely many spins. β multiplies couplings and fields; k_B = 1.
//!
//! Numbers are kept as a list of formulas, each with its dotted key: what may stand under a key is said once, in `numbers`, and holds for the file, for
//! `--set` and for sweeps alike.

mod files;
mod numbers;
mod overrides;
mod read;
mod schema;
mod values;

pub(super) use read::ising;
pub(super) use schema::schema;
pub use values::{
    CouplingValues, DiagramValues, FieldValues, IsingEnvironment, IsingValues, LatticeValues, SizeValues,
    TransferValues,
};

use std::sync::Arc;

use irrev_ising::Couplings;
use irrev_ising::infinite::Parameter;
use irrev_ising::simulation::Start;

use super::diagnostic::Diagnostic;
use super::formula::Formula;
use super::keyed_changes::KeyedSweep;
use super::markov::Reference;
use super::parameters::ParameterTable;
use crate::source::{SourceFile, Span};

/// A checked model of kind `kinetic-ising`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Ising {
    /// The file it was read from; errors at evaluation point into it.
    pub source: Arc<SourceFile>,
    /// One line for headings.
    pub title: Option<String>,
    /// What the model is, in the author's words.
    pub doc: Option<String>,
    /// Where the model comes from: bibliographic references.
    pub sources: Vec<String>,
    /// Dimension and label, such as `("energy", "kT")`; numbers are never rescaled.
    pub units: Vec<(String, String)>,
    /// Named numbers.
    pub parameters: ParameterTable,
    /// Where `[network]` is written: faults of the network as a whole point there.
    pub network_span: Span,
    /// How many spins there are.
    pub sizes: Sizes,
    /// How couplings come about.
    pub couplings: CouplingKind,
    /// How fields come about.
    pub fields: FieldKind,
    /// What becomes of couplings of spins to themselves; `None` leaves it to the updates.
    pub self_couplings: Option<SelfCouplingPolicy>,
    /// Which spins are refreshed together.
    pub update: UpdateRule,
    /// Axes of the phase diagram, horizontal first; `None` for no diagram.
    pub phase_diagram: Option<[Parameter; 2]>,
    /// Whether the file asks for a quench.
    pub has_quench: bool,
    /// Whether the file asks for mean-field theories.
    pub has_mean_field: bool,
    /// Where simulations start, if the file asks for one.
    pub simulation: Option<Start>,
    /// Whether the file asks for transfer entropies of a lattice.
    pub has_transfer: bool,
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

/// How many spins a network has.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Sizes {
    /// One number, or several for a study of finite sizes.
    Finite(Vec<Formula>),
    /// Infinitely many.
    Infinite,
    /// As many as the given couplings join.
    OfCouplings,
}

/// How couplings come about; the numbers of a law are among [`Ising::numbers`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CouplingKind {
    /// J₀/N + ΔJ z/√N.
    Gaussian,
    /// Each there with probability c/N, and then J₀/c + ΔJ z/√c.
    Diluted,
    /// Memory of random patterns.
    Patterns,
    /// Spins that only excite or only inhibit.
    ExcitatoryInhibitory,
    /// Between neighbours on a periodic square lattice.
    Lattice,
    /// Rows in the file: row i is what spin i receives.
    Rows(Vec<Vec<Formula>>),
    /// Entries (to, from, J) in the file.
    Entries(Vec<(usize, usize, Formula)>),
    /// A square matrix in another file.
    MatrixFile {
        /// Its name.
        file: String,
        /// What it holds.
        couplings: Couplings,
    },
    /// Entries (to, from, J) in another file.
    EntriesFile {
        /// Its name.
        file: String,
        /// What it holds.
        entries: Vec<(usize, usize, f64)>,
    },
}

impl CouplingKind {
    /// The word of the key `type`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Gaussian => "gaussian",
            Self::Diluted => "diluted",
            Self::Patterns => "patterns",
            Self::ExcitatoryInhibitory => "excitatory-inhibitory",
            Self::Lattice => "lattice",
            _ => "matrix",
        }
    }

    /// Whether couplings are drawn, and not given.
    #[must_use]
    pub fn is_random(&self) -> bool {
        !matches!(self.word(), "matrix" | "lattice")
    }
}

/// How fields come about; the numbers of a law are among [`Ising::numbers`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum FieldKind {
    /// The same everywhere.
    Constant,
    /// Uniform in mean ± half width.
    Uniform,
    /// Normal.
    Gaussian,
    /// Listed in the file, one for each spin.
    Listed(Vec<Formula>),
    /// Listed in another file.
    File {
        /// Its name.
        file: String,
        /// What it holds.
        values: Vec<f64>,
    },
}

impl FieldKind {
    /// The word of the key `type`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Uniform => "uniform",
            Self::Gaussian => "gaussian",
            Self::Listed(_) | Self::File { .. } => "given",
        }
    }
}

/// What becomes of couplings of spins to themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SelfCouplingPolicy {
    /// They act, which only parallel and partly parallel updates allow.
    Keep,
    /// They are set to zero.
    Drop,
    /// They are an error.
    Refuse,
}

/// Which spins are refreshed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UpdateRule {
    /// All, at every step.
    Parallel,
    /// One chosen at random, N times per unit of time.
    Sequential,
    /// One at a time in continuous time, each at rate 1.
    Continuous,
    /// Each with the probability `dynamics.probability`, at every step.
    Partial,
}

impl UpdateRule {
    /// Every rule with the word of the key `update`.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Parallel, "parallel"),
        (Self::Sequential, "sequential"),
        (Self::Continuous, "continuous"),
        (Self::Partial, "partial"),
    ];

    /// Whether one spin is refreshed at a time.
    #[must_use]
    pub fn is_one_at_a_time(self) -> bool {
        matches!(self, Self::Sequential | Self::Continuous)
    }

    /// The word of the key `update`.
    #[must_use]
    pub fn word(self) -> &'static str {
        let found = Self::ALL.iter().find(|(rule, _)| *rule == self);
        found.map_or("", |(_, word)| word)
    }
}

impl Ising {
    /// The number under a dotted key, if the model has it.
    #[must_use]
    pub fn number(&self, key: &str) -> Option<&Formula> {
        self.formulas().find(|formula| formula.key() == key)
    }

    /// Every number with a key, those of given couplings and fields last.
    pub fn formulas(&self) -> impl Iterator<Item = &Formula> {
        let sizes: &[Formula] = match &self.sizes {
            Sizes::Finite(sizes) => sizes,
            _ => &[],
        };
        let rows = match &self.couplings {
            CouplingKind::Rows(rows) => rows.as_slice(),
            _ => &[],
        };
        let entries = match &self.couplings {
            CouplingKind::Entries(entries) => entries.as_slice(),
            _ => &[],
        };
        let fields = match &self.fields {
            FieldKind::Listed(fields) => fields.as_slice(),
            _ => &[],
        };
        let given = rows.iter().flatten().chain(entries.iter().map(|entry| &entry.2));
        sizes.iter().chain(&self.numbers).chain(fields).chain(given)
    }

    /// As [`Ising::formulas`], to be changed.
    fn formulas_mut(&mut self) -> Vec<&mut Formula> {
        let mut all: Vec<&mut Formula> = Vec::new();
        if let Sizes::Finite(sizes) = &mut self.sizes {
            all.extend(sizes);
        }
        all.extend(&mut self.numbers);
        if let FieldKind::Listed(fields) = &mut self.fields {
            all.extend(fields);
        }
        match &mut self.couplings {
            CouplingKind::Rows(rows) => all.extend(rows.iter_mut().flatten()),
            CouplingKind::Entries(entries) => all.extend(entries.iter_mut().map(|entry| &mut entry.2)),
            _ => {}
        }
        all
    }
}

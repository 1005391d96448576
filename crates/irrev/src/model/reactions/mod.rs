//! What a model of kind `reactions` says, checked and with every name resolved to an index.
//!
//! Species in compartments, reactions between them, and how fast each runs. Written as a model file or read from SBML; both give the
//! same [`Reactions`].
//!
//! State and fluxes are amounts: a species of compartment size V and concentration c has amount V c, and a flux is an amount per
//! time. Without `[compartments]` there is one of size 1, so that amounts are concentrations. In formulas a species stands for its
//! concentration, unless [`Quantity::Amount`] says otherwise. Mass action in a compartment of size V is
//!
//! | law | flux |
//! |---|---|
//! | macroscopic | j = V k ∏ c^ν, without 1/ν! |
//! | on molecule counts, system size Ω | a = k (VΩ) ∏ n(n−1)…(n−ν+1)/(VΩ)^ν |
//!
//! A law given as a formula is the flux j itself (amount per time), as in SBML; on molecule counts it is Ω j at amounts n/Ω.
//!
//! Every formula is compiled over the symbols in one order: parameters, compartments, species, variables, then the time `t` and the
//! temperature `T`.

use std::sync::Arc;

mod environment;
pub(crate) mod equation;
mod mass_action;
mod overrides;
mod pairing;
mod read;
mod schema;
pub(crate) mod splitting;
mod symbols;
pub(crate) mod values;
mod write;

pub use environment::ReactionsEnvironment;
pub use overrides::ReactionTarget;
pub use pairing::{Pair, Pairing};
pub(super) use read::reactions;
pub(super) use schema::schema;
pub use write::{Written, write};

use super::diagnostic::Diagnostic;
use super::formula::Formula;
use super::markov::{Reference, TimeGrid};
use super::parameters::Parameter;
use crate::source::{SourceFile, Span};

/// A checked model of kind `reactions`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reactions {
    /// The file it was read from; errors at evaluation point into it.
    pub source: Arc<SourceFile>,
    /// One line for headings.
    pub title: Option<String>,
    /// What the model is, in the author's words.
    pub doc: Option<String>,
    /// Where the model comes from: bibliographic references.
    pub sources: Vec<String>,
    /// Dimension and label, such as `("concentration", "mM")`; numbers are never rescaled.
    pub units: Vec<(String, String)>,
    /// Named numbers, evaluated once, at time 0. They may use each other and, for SBML initial assignments, any other symbol.
    pub parameters: Vec<Parameter>,
    /// Compartments of constant size; empty stands for one of size 1.
    pub compartments: Vec<Compartment>,
    /// The species.
    pub species: Vec<Species>,
    /// Numbers that follow the state or the time.
    pub variables: Vec<Variable>,
    /// The reactions.
    pub reactions: Vec<Reaction>,
    /// k_B T, in the energy unit of the file; 1 if not stated.
    pub temperature: Option<Formula>,
    /// System size Ω: molecules per unit of amount, for the view by counts; 1 if not stated.
    pub system_size: Option<Formula>,
    /// What to do about reactions without a reverse rate.
    pub irreversible: Treatment,
    /// What to do about net laws that could not be split into forward and backward parts.
    pub unsplit: Treatment,
    /// What becomes of one-way reactions that undo each other.
    pub pairing: Pairing,
    /// What a power of a number of molecules means in laws that are formulas.
    pub powers: Powers,
    /// The times at which the evolution is wanted.
    pub time: Option<TimeGrid>,
    /// Trajectories of the view by counts to simulate for the report; `None` for none.
    pub trajectories: Option<u64>,
    /// Poincaré section of a limit cycle: species index and value, crossed upwards.
    pub section: Option<(usize, Formula)>,
    /// Sweeps over numbers of the model; at most two.
    pub sweeps: Vec<ReactionSweep>,
    /// The sections to report; `None` leaves the choice to the analysis.
    pub report: Option<Vec<Reference>>,
    /// The seed of `[random]`.
    pub seed: Option<u64>,
    /// Which format it was read from.
    pub origin: Origin,
    /// What the author may have meant otherwise, and what reading changed (renamed symbols, paired reactions, split laws).
    pub warnings: Vec<Diagnostic>,
}

/// The format a model was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// A TOML model file.
    ModelFile,
    /// SBML of this level and version.
    Sbml {
        /// Level, 2 or 3.
        level: u8,
        /// Version within the level.
        version: u8,
    },
}

/// A place of constant size that species live in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Compartment {
    /// Its name.
    pub name: String,
    /// Its size V, positive.
    pub size: Formula,
    /// Spatial dimensions, 0 … 3; in a compartment of none, concentrations have no meaning.
    pub dimensions: u8,
    /// Where it is written.
    pub span: Span,
}

/// What a number or a symbol of a species means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// Amount of substance.
    Amount,
    /// Amount per size of the compartment.
    Concentration,
}

/// A chemical species.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Species {
    /// Its name.
    pub name: String,
    /// Index of its compartment; `None` only if the model has no compartments.
    pub compartment: Option<usize>,
    /// Its value at time 0. For chemostats the value they are held at.
    pub initial: Formula,
    /// What `initial` states.
    pub initial_quantity: Quantity,
    /// What the species' name means in formulas.
    pub symbol: Quantity,
    /// How it changes.
    pub role: Role,
    /// Standard chemical potential μ°, in the energy unit of the file.
    pub standard_potential: Option<Formula>,
    /// What it is.
    pub doc: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// How the amount of a species changes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Role {
    /// By reactions.
    Dynamic,
    /// Not at all: a reservoir from outside holds it.
    Chemostat,
    /// It follows a formula (the value of its symbol); reactions do not change it.
    Assigned(Formula),
    /// Its symbol changes at this rate; reactions do not change it.
    Rate(Formula),
}

/// A number that follows the state or the time.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// How it follows.
    pub law: VariableLaw,
    /// Where it is written.
    pub span: Span,
}

/// How a variable follows the state or the time.
#[derive(Clone, Debug)]
pub enum VariableLaw {
    /// It is the value of a formula at every time.
    Assigned(Formula),
    /// It changes at a rate, from its value at time 0.
    Rate {
        /// Value at time 0.
        initial: Formula,
        /// Time derivative.
        rate: Formula,
    },
}

/// A reaction and its law.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reaction {
    /// Its name, unique.
    pub name: String,
    /// Species index and stoichiometric coefficient (positive), each species once.
    pub reactants: Vec<(usize, f64)>,
    /// Species index and stoichiometric coefficient (positive), each species once.
    pub products: Vec<(usize, f64)>,
    /// How fast it runs.
    pub law: Law,
    /// Compartment of a mass-action law; `None` takes that of the first reactant (else product), or size 1.
    pub compartment: Option<usize>,
    /// Treatment of this reaction if it has no reverse rate, in place of the model's.
    pub irreversible: Option<Treatment>,
    /// Whether the file says outright that it runs one way only, as SBML's `reversible="false"` does.
    pub stated_one_way: bool,
    /// The two one-way reactions that undo each other, if it was joined from such.
    pub paired: Option<Box<Pair>>,
    /// What it is.
    pub doc: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// The law of a reaction.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Law {
    /// Mass action with rate constants.
    MassAction {
        /// k⁺ of the forward direction, positive.
        forward: Formula,
        /// k⁻, or what it follows from.
        backward: Backward,
    },
    /// One-way fluxes as formulas.
    Flux {
        /// j⁺ ≥ 0.
        forward: Formula,
        /// j⁻ ≥ 0, or what it follows from. [`Backward::Rate`] holds the flux itself.
        backward: Backward,
    },
    /// Net flux j⁺ − j⁻ that could not be split: it drives the dynamics, and has no thermodynamics.
    Net(Formula),
}

/// The backward direction of a reaction.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Backward {
    /// None: the reaction is irreversible.
    None,
    /// Rate constant k⁻ (mass action) or flux j⁻ (formulas).
    Rate(Formula),
    /// Equilibrium constant K = ∏ c_eq^{ν products}/∏ c_eq^{ν reactants}: k⁻ = k⁺/K, or j⁻ = j⁺ ∏c^{products}/∏c^{reactants}/K.
    EquilibriumConstant(Formula),
    /// Standard reaction Gibbs energy ΔG° in the energy unit of the file: K = exp(−ΔG°/T).
    GibbsEnergy(Formula),
    /// ΔG° from the standard potentials of the species.
    StandardPotentials,
}

/// What to do about a reaction that has no finite entropy production.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Treatment {
    /// Report it as it is: an irreversible reaction makes the entropy production infinite, by name.
    Infinite,
    /// Leave it out of the thermodynamics, by name; it still drives the dynamics.
    LeaveOut,
    /// Refuse the thermodynamics of the model.
    Refuse,
}

/// What k X² means on counts where it is written as a formula; mass action with a rate constant is not concerned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Powers {
    /// What it says, k n²: SBML and model files evaluate a law as it stands.
    #[default]
    AsWritten,
    /// Mass action, k n(n − 1), for laws that are a constant times powers of numbers of molecules.
    FallingFactorials,
}

/// A number of the model that takes several values in turn.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReactionSweep {
    /// The dotted key, as for `--set`.
    pub key: String,
    /// The values.
    pub values: Vec<f64>,
    /// Names of the quantities to show against it; empty leaves the choice to the analysis.
    pub show: Vec<Reference>,
    /// Where it is written.
    pub span: Span,
}

/// What a symbol stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Symbol {
    /// Index into [`Reactions::parameters`].
    Parameter(usize),
    /// Index into [`Reactions::compartments`].
    Compartment(usize),
    /// Index into [`Reactions::species`].
    Species(usize),
    /// Index into [`Reactions::variables`].
    Variable(usize),
}

impl Reactions {
    /// The names of all symbols in the order of the slots of every formula.
    #[must_use]
    pub fn symbol_names(&self) -> Vec<String> {
        let parameters = self.parameters.iter().map(|p| &p.name);
        let compartments = self.compartments.iter().map(|c| &c.name);
        let species = self.species.iter().map(|s| &s.name);
        let variables = self.variables.iter().map(|v| &v.name);
        parameters
            .chain(compartments)
            .chain(species)
            .chain(variables)
            .cloned()
            .collect()
    }

    /// Number of symbols: the slots of the time and the temperature come after them.
    #[must_use]
    pub fn symbol_count(&self) -> usize {
        self.variable_slot(self.variables.len())
    }

    /// Slot of the compartment of this index.
    #[must_use]
    pub fn compartment_slot(&self, index: usize) -> usize {
        self.parameters.len() + index
    }

    /// Slot of the species of this index.
    #[must_use]
    pub fn species_slot(&self, index: usize) -> usize {
        self.compartment_slot(self.compartments.len()) + index
    }

    /// Slot of the variable of this index.
    #[must_use]
    pub fn variable_slot(&self, index: usize) -> usize {
        self.species_slot(self.species.len()) + index
    }

    /// Slot of the time `t`.
    #[must_use]
    pub fn time_slot(&self) -> usize {
        self.symbol_count()
    }

    /// Slot of the temperature `T`.
    #[must_use]
    pub fn temperature_slot(&self) -> usize {
        self.symbol_count() + 1
    }

    /// What the slot of this index stands for; `None` for the time and the temperature, which come last.
    #[must_use]
    pub fn symbol(&self, slot: usize) -> Option<Symbol> {
        let ends = [
            self.compartment_slot(0),
            self.species_slot(0),
            self.variable_slot(0),
            self.symbol_count(),
        ];
        match ends.iter().position(|end| slot < *end)? {
            0 => Some(Symbol::Parameter(slot)),
            1 => Some(Symbol::Compartment(slot - ends[0])),
            2 => Some(Symbol::Species(slot - ends[1])),
            _ => Some(Symbol::Variable(slot - ends[2])),
        }
    }
}

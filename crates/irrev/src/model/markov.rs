//! What a model file of kind `markov` says, checked and with every name resolved to an index.
//!
//! A continuous-time Markov jump process: states with energies and particle numbers, reservoirs with temperatures
//! and chemical potentials, and transitions, each a channel that joins two states and exchanges heat with at most
//! one reservoir. Several channels may join the same two states; they are never merged.
//!
//! Units are those of the file: energies, temperatures and forces share one energy unit (k_B = 1), rates are per
//! time unit. Indices count from 0 in the order of the file.

use std::sync::Arc;

use super::diagnostic::Diagnostic;
use super::formula::Formula;
use super::overrides::Target;
use super::parameters::ParameterTable;
use crate::source::{SourceFile, Span};

/// A checked model of kind `markov`. Evaluate it through an [`Environment`](super::Environment).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Markov {
    /// The file it was read from; errors at evaluation point into it.
    pub source: Arc<SourceFile>,
    /// One line for headings.
    pub title: Option<String>,
    /// What the model is, in the author's words.
    pub doc: Option<String>,
    /// Where the model comes from: bibliographic references.
    pub sources: Vec<String>,
    /// Dimension and label, such as `("energy", "kB*K")`; numbers are never rescaled.
    pub units: Vec<(String, String)>,
    /// The named numbers of the model.
    pub parameters: ParameterTable,
    /// The states; at least one.
    pub states: Vec<State>,
    /// The reservoirs; may be empty, and then no heat is defined.
    pub reservoirs: Vec<Reservoir>,
    /// The channels.
    pub transitions: Vec<Transition>,
    /// The matrix file the transitions were read from, if they were.
    pub matrix: Option<Matrix>,
    /// The distribution at time 0, if the file states one.
    pub initial: Option<Initial>,
    /// The times at which the evolution is wanted.
    pub time: Option<TimeGrid>,
    /// How the driving repeats or ends.
    pub protocol: Option<Protocol>,
    /// What is asked of the parts that the labels of the states name.
    pub subsystems: Option<Subsystems>,
    /// Currents the author asks for by name.
    pub observables: Vec<Observable>,
    /// Numbers computed from parameters, observables and results.
    pub derived: Vec<Derived>,
    /// Cycles the author asks for by name.
    pub cycles: Vec<Cycle>,
    /// At most two; two make a grid.
    pub sweeps: Vec<Sweep>,
    /// The quantities to report; `None` leaves the choice to the analysis.
    pub report: Option<Vec<Reference>>,
    /// The seed of `[random]`.
    pub seed: Option<u64>,
    /// What the author may have meant otherwise.
    pub warnings: Vec<Diagnostic>,
}

impl Markov {
    /// Whether any energy, rate or reservoir changes with the time `t`.
    #[must_use]
    pub fn is_driven(&self) -> bool {
        let reservoirs = self.reservoirs.iter().flat_map(|reservoir| {
            [
                Some(&reservoir.temperature),
                reservoir.chemical_potential.as_ref(),
            ]
        });
        let energies = self.states.iter().map(|state| state.energy.as_ref());
        let transitions = self.transitions.iter().flat_map(Transition::formulas).map(Some);
        reservoirs
            .chain(energies)
            .chain(transitions)
            .flatten()
            .any(Formula::depends_on_time)
    }

    /// Whether any state states its energy; without, heat and work have no meaning.
    #[must_use]
    pub fn has_energies(&self) -> bool {
        self.states.iter().any(|state| state.energy.is_some())
    }

    /// The formulas that may change with time, but for the parameters.
    pub(super) fn formulas_mut(&mut self) -> Vec<&mut Formula> {
        let mut formulas: Vec<&mut Formula> = self
            .states
            .iter_mut()
            .filter_map(|state| state.energy.as_mut())
            .collect();
        for reservoir in &mut self.reservoirs {
            formulas.push(&mut reservoir.temperature);
            formulas.extend(&mut reservoir.chemical_potential);
        }
        for transition in &mut self.transitions {
            formulas.extend(&mut transition.force);
            match &mut transition.law {
                RateLaw::Constant { .. } => {}
                RateLaw::Rates(rates) => {
                    formulas.push(&mut rates.forward);
                    formulas.extend(&mut rates.backward);
                }
                RateLaw::Rule(rule) => {
                    formulas.extend(
                        [&mut rule.prefactor, &mut rule.barrier, &mut rule.load]
                            .into_iter()
                            .flatten(),
                    );
                }
            }
        }
        formulas.extend(
            self.observables
                .iter_mut()
                .flat_map(|observable| &mut observable.weights)
                .map(|(_, weight)| weight),
        );
        formulas
    }

    /// The formulas that may not change with time.
    pub(super) fn constant_formulas(&self) -> Vec<&Formula> {
        let states = self
            .states
            .iter()
            .flat_map(|state| [&state.number, &state.degeneracy])
            .flatten();
        let mut formulas: Vec<&Formula> = states.collect();
        if let Some(grid) = &self.time {
            formulas.push(&grid.end);
            if let TimeSpacing::Logarithmic(start) = &grid.spacing {
                formulas.push(start);
            }
        }
        match &self.protocol {
            Some(Protocol::Period(formula) | Protocol::Duration(formula)) => formulas.push(formula),
            None => {}
        }
        formulas.extend(
            self.subsystems
                .iter()
                .filter_map(|subsystems| subsystems.interval.as_ref()),
        );
        if let Some(Initial {
            distribution: InitialDistribution::Table(table),
            ..
        }) = &self.initial
        {
            formulas.extend(table.iter().map(|(_, formula)| formula));
        }
        for sweep in &self.sweeps {
            match &sweep.values {
                SweepValues::List(list) => formulas.extend(list),
                SweepValues::Range { from, to, .. } => formulas.extend([from, to]),
            }
        }
        formulas
    }

    /// Names of the parts of the system: the labels of the states, in the order in which they first come, or those of them that `[subsystems]` includes.
    #[must_use]
    pub fn parts(&self) -> Vec<&str> {
        if let Some(included) = self.subsystems.as_ref().and_then(|s| s.include.as_ref()) {
            return included.iter().map(String::as_str).collect();
        }
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in self.states.iter().flat_map(|state| &state.labels) {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    }

    /// Index of the state of this name.
    #[must_use]
    pub fn state(&self, name: &str) -> Option<usize> {
        self.states.iter().position(|state| state.name == name)
    }

    /// Index of the reservoir of this name.
    #[must_use]
    pub fn reservoir(&self, name: &str) -> Option<usize> {
        self.reservoirs
            .iter()
            .position(|reservoir| reservoir.name == name)
    }

    /// Index of the transition of this name.
    #[must_use]
    pub fn transition(&self, name: &str) -> Option<usize> {
        self.transitions
            .iter()
            .position(|transition| transition.name == name)
    }
}

/// A state of the system.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct State {
    /// Its name; unique.
    pub name: String,
    /// Energy; 0 where not stated.
    pub energy: Option<Formula>,
    /// Number of particles (or another conserved label) that reservoirs exchange; 0 where not stated.
    pub number: Option<Formula>,
    /// Number of microstates, positive; 1 where not stated.
    pub degeneracy: Option<Formula>,
    /// Subsystem and its value, such as `("ligand", "bound")`.
    pub labels: Vec<(String, String)>,
    /// Where it is written.
    pub span: Span,
}

/// A reservoir of heat and particles.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reservoir {
    /// Its name; unique.
    pub name: String,
    /// Temperature in energy units; positive.
    pub temperature: Formula,
    /// Chemical potential; 0 where not stated.
    pub chemical_potential: Option<Formula>,
    /// Where it is written.
    pub span: Span,
}

/// A channel between two states.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Transition {
    /// Its name; unique. Where the file gives none: `a→b`, or `a→b (reservoir)`, numbered if that is taken.
    pub name: String,
    /// Index of the state a forward jump leaves.
    pub from: usize,
    /// Index of the state a forward jump reaches.
    pub to: usize,
    /// Index of the reservoir it exchanges heat and particles with.
    pub reservoir: Option<usize>,
    /// How its two rates are given.
    pub law: RateLaw,
    /// Non-conservative work done on the system per forward jump; 0 where not stated.
    pub force: Option<Formula>,
    /// Whether the author says that there is no backward jump.
    pub one_way: bool,
    /// Where it is written.
    pub span: Span,
}

impl Transition {
    /// Every formula of the transition.
    pub(super) fn formulas(&self) -> Vec<&Formula> {
        let mut formulas: Vec<&Formula> = self.force.iter().collect();
        match &self.law {
            RateLaw::Constant { .. } => {}
            RateLaw::Rates(rates) => formulas.extend(
                [Some(&rates.forward), rates.backward.as_ref()]
                    .into_iter()
                    .flatten(),
            ),
            RateLaw::Rule(rule) => {
                formulas.extend([&rule.prefactor, &rule.barrier, &rule.load].into_iter().flatten())
            }
        }
        formulas
    }
}

/// How the rates of a transition are given.
#[derive(Clone, Debug)]
pub enum RateLaw {
    /// Two numbers, from a matrix file.
    Constant {
        /// Forward rate, positive.
        forward: f64,
        /// Backward rate, positive, or 0 for a one-way transition.
        backward: f64,
    },
    /// Two formulas.
    Rates(Box<Rates>),
    /// A rule that makes both rates from energies, reservoir and force, so that local detailed balance holds.
    Rule(Box<Rule>),
}

/// Rates written out.
#[derive(Clone, Debug)]
pub struct Rates {
    /// Forward rate, positive.
    pub forward: Formula,
    /// Backward rate, positive; `None`, or 0, only for a one-way transition.
    pub backward: Option<Formula>,
}

/// The rule that makes rates from the work and heat of a jump.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RuleKind {
    /// Passing a saddle of given energy.
    Arrhenius,
    /// min(1, exp(−…)).
    Metropolis,
    /// 1/(1 + exp(…)).
    Glauber,
    /// Electrons from a Fermi sea.
    Fermi,
    /// Quanta of a Bose field.
    Bose,
    /// exp(∓…/2), or split by `load`.
    Symmetric,
}

impl RuleKind {
    /// Every rule with the name under which it is written.
    pub const ALL: [(RuleKind, &'static str); 6] = [
        (RuleKind::Arrhenius, "arrhenius"),
        (RuleKind::Metropolis, "metropolis"),
        (RuleKind::Glauber, "glauber"),
        (RuleKind::Fermi, "fermi"),
        (RuleKind::Bose, "bose"),
        (RuleKind::Symmetric, "symmetric"),
    ];

    /// The name under which it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        RuleKind::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, name)| name)
    }
}

/// A rule and its numbers.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Which rule.
    pub kind: RuleKind,
    /// Rate scale, positive; 1 where not stated.
    pub prefactor: Option<Formula>,
    /// Energy of the saddle: present for `arrhenius` and only there.
    pub barrier: Option<Formula>,
    /// Share of the driving that speeds up the forward jump, 0 … 1, only for `symmetric`; 1/2 where not stated.
    pub load: Option<Formula>,
}

/// The matrix file of a model.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Matrix {
    /// The path as written.
    pub file: String,
    /// What row and column mean.
    pub orientation: Orientation,
    /// Where it is written.
    pub span: Span,
}

/// What an entry of a rate matrix means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Orientation {
    /// Entry (i, j) is the rate from i to j: rows sum to zero with the diagonal.
    FromRowToColumn,
    /// Entry (i, j) is the rate from j to i: columns sum to zero with the diagonal.
    FromColumnToRow,
}

/// The distribution at time 0.
#[derive(Clone, Debug)]
pub struct Initial {
    /// Which distribution.
    pub distribution: InitialDistribution,
    /// Where it is written.
    pub span: Span,
}

/// Ways to state a distribution.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum InitialDistribution {
    /// Equal probability for every state.
    Uniform,
    /// The stationary distribution (at time 0, if the model is driven).
    Stationary,
    /// The Gibbs distribution of the reservoir of this index.
    Gibbs(usize),
    /// State index and probability; states left out have none. The sum is 1 within 1e-9.
    Table(Vec<(usize, Formula)>),
}

/// The times at which the evolution is wanted; see [`Environment::times`](super::Environment::times).
#[derive(Clone, Debug)]
pub struct TimeGrid {
    /// Last time, positive.
    pub end: Formula,
    /// Number of times, both ends included; 2 or more.
    pub points: usize,
    /// How they lie.
    pub spacing: TimeSpacing,
    /// Where it is written.
    pub span: Span,
}

/// How times lie between their ends.
#[derive(Clone, Debug)]
pub enum TimeSpacing {
    /// Equal differences, from 0.
    Linear,
    /// Equal ratios, from this first time, positive.
    Logarithmic(Formula),
}

/// How a driven model goes on.
#[derive(Clone, Debug)]
pub enum Protocol {
    /// The driving repeats with this period, positive.
    Period(Formula),
    /// The driving takes this long, positive, and then stops.
    Duration(Formula),
}

/// What is asked of the parts of a system.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Subsystems {
    /// The labels that are parts; `None` for all of them.
    pub include: Option<Vec<String>>,
    /// Views of an observer who sees some of the parts only; `None` leaves the choice to the analysis.
    pub views: Option<Vec<Vec<String>>>,
    /// Time between looks, positive; without it the parts are not looked at from time to time.
    pub interval: Option<Formula>,
    /// Where it is written.
    pub span: Span,
}

/// A weighted sum of the net currents of transitions.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Observable {
    /// Its name; unique among parameters, observables and derived quantities.
    pub name: String,
    /// Label of its unit.
    pub unit: Option<String>,
    /// What it is.
    pub doc: Option<String>,
    /// Transition index and weight of one net forward jump.
    pub weights: Vec<(usize, Formula)>,
    /// Where it is written.
    pub span: Span,
}

/// A number computed from parameters, observables and results.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Derived {
    /// Its name; unique among parameters, observables and derived quantities.
    pub name: String,
    /// The expression; see [`Environment::derived`](super::Environment::derived).
    pub value: Formula,
    /// The names in the expression that are neither parameters nor constants.
    pub inputs: Vec<String>,
    /// Label of its unit.
    pub unit: Option<String>,
    /// What it is.
    pub doc: Option<String>,
    /// Symbol in the report.
    pub symbol: Option<String>,
    /// Where it is written.
    pub span: Span,
}

/// Which way a transition is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From its first state to its second.
    Forward,
    /// From its second state to its first.
    Backward,
}

/// A closed path of transitions.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Cycle {
    /// Its name; unique among cycles.
    pub name: String,
    /// Transition indices and directions; each step begins where the one before ends, and the last ends at the first.
    pub steps: Vec<(usize, Direction)>,
    /// Where it is written.
    pub span: Span,
}

/// A number of the model that takes several values in turn.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Sweep {
    /// The dotted key.
    pub key: String,
    /// Which number of the model that is.
    pub target: Target,
    /// The values; see [`Environment::sweep_values`](super::Environment::sweep_values).
    pub values: SweepValues,
    /// Names of the quantities to show against it; empty leaves the choice to the analysis.
    pub show: Vec<Reference>,
    /// Where it is written.
    pub span: Span,
}

/// The values of a sweep.
#[derive(Clone, Debug)]
pub enum SweepValues {
    /// One by one; at least one.
    List(Vec<Formula>),
    /// From one end to the other.
    Range {
        /// First value.
        from: Formula,
        /// Last value.
        to: Formula,
        /// Number of values, both ends included; 2 or more.
        points: usize,
        /// Equal differences, or equal ratios.
        spacing: Spacing,
    },
}

/// How values lie between two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Spacing {
    /// Equal differences.
    Linear,
    /// Equal ratios; both ends are positive.
    Logarithmic,
}

/// A name that is used somewhere, with the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The name.
    pub name: String,
    /// Where it is written.
    pub span: Span,
}

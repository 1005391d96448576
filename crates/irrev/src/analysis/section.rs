//! The parts that a report may have.

use super::{MARKOV_SECTIONS, ising, langevin, quantum, reactions};
use crate::error::{Error, Result};
use crate::expression::nearest_name;
use crate::model::Model;

/// A part of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Section {
    /// Stationary distribution, currents, entropy production.
    SteadyState,
    /// Excess and housekeeping at the initial distribution.
    Decomposition,
    /// Cycles, affinities, cycle currents.
    Cycles,
    /// Heat, work, efficiency.
    Energetics,
    /// Counting statistics and uncertainty relations.
    Counting,
    /// Spectrum of the generator.
    Spectrum,
    /// Relaxation from the initial distribution.
    Relaxation,
    /// Entropic curvature, and what it says of the relaxation.
    Curvature,
    /// Time-dependent driving.
    Driven,
    /// Conservation laws, cycles and deficiency of a reaction network.
    Structure,
    /// The limit cycle of a reaction network.
    LimitCycle,
    /// Concentrations and dissipation over time.
    Evolution,
    /// Chemical potentials, and what pays for the dissipation.
    FreeEnergy,
    /// The initial state against the steady state.
    Stability,
    /// Response of the dissipation to changed rates.
    Response,
    /// Trajectories on molecule counts.
    Counts,
    /// Infinitely many spins, exactly.
    InfiniteSize,
    /// Infinitely many spins after a quench.
    Quench,
    /// Maps of infinitely many spins over two parameters.
    PhaseDiagram,
    /// Transfer entropies of a lattice over temperature.
    Transfer,
    /// All states of few spins.
    Enumeration,
    /// Mean-field theories of spins.
    MeanField,
    /// Averages of spins by simulation.
    Simulation,
    /// From several numbers of spins to infinitely many.
    FiniteSize,
    /// A quantum bath at the start, and its temperature.
    Bath,
    /// When the far end of a quantum bath is felt.
    LightCone,
    /// Entropy production beside a quantum bath.
    SecondLaw,
    /// ⟨e^{−σ}⟩ and the distribution of entropy production beside a quantum bath.
    FluctuationTheorem,
    /// Whether eigenstates of a quantum bath look thermal.
    Thermalization,
    /// The second law for other eigenstates of a quantum bath.
    Eigenstates,
    /// Quantum baths of several sizes.
    Sizes,
    /// Linear motion in closed form.
    Linear,
    /// A drift as gradient and flux.
    Field,
    /// Second laws of the parts of a system or a motion.
    Subsystems,
    /// Fisher information of time along a relaxation.
    Speed,
    /// Mean times between places.
    FirstPassage,
    /// What a protocol costs, and what it would cost at least.
    Protocol,
    /// Landscapes of projected coordinates.
    Projection,
    /// Sweeps over parameters.
    Sweep,
}

impl Section {
    /// Every section of any kind of model.
    pub const ALL: [Self; 39] = [
        Self::SteadyState,
        Self::Decomposition,
        Self::Cycles,
        Self::Energetics,
        Self::Counting,
        Self::Spectrum,
        Self::Relaxation,
        Self::Curvature,
        Self::Driven,
        Self::Structure,
        Self::LimitCycle,
        Self::Evolution,
        Self::FreeEnergy,
        Self::Stability,
        Self::Response,
        Self::Counts,
        Self::InfiniteSize,
        Self::Quench,
        Self::PhaseDiagram,
        Self::Transfer,
        Self::Enumeration,
        Self::MeanField,
        Self::Simulation,
        Self::FiniteSize,
        Self::Bath,
        Self::LightCone,
        Self::SecondLaw,
        Self::FluctuationTheorem,
        Self::Thermalization,
        Self::Eigenstates,
        Self::Sizes,
        Self::Linear,
        Self::Field,
        Self::Subsystems,
        Self::Speed,
        Self::FirstPassage,
        Self::Protocol,
        Self::Projection,
        Self::Sweep,
    ];

    /// The sections of a kind of model, in the order of the report.
    #[must_use]
    pub fn of(model: &Model) -> &'static [Self] {
        match model {
            Model::Markov(_) => &MARKOV_SECTIONS,
            Model::Reactions(_) => &reactions::SECTIONS,
            Model::Ising(_) => &ising::SECTIONS,
            Model::Quantum(_) => &quantum::SECTIONS,
            Model::Langevin(_) => &langevin::SECTIONS,
        }
    }

    /// Name in `[report] quantities`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SteadyState => "stationary",
            Self::Decomposition => "decomposition",
            Self::Cycles => "cycles",
            Self::Energetics => "energetics",
            Self::Counting => "counting",
            Self::Spectrum => "spectrum",
            Self::Relaxation => "relaxation",
            Self::Curvature => "curvature",
            Self::Driven => "driven",
            Self::Structure => "structure",
            Self::LimitCycle => "limit_cycle",
            Self::Evolution => "evolution",
            Self::FreeEnergy => "free_energy",
            Self::Stability => "stability",
            Self::Response => "response",
            Self::Counts => "counts",
            Self::InfiniteSize => "infinite_size",
            Self::Quench => "quench",
            Self::PhaseDiagram => "phase_diagram",
            Self::Transfer => "transfer",
            Self::Enumeration => "enumeration",
            Self::MeanField => "mean_field",
            Self::Simulation => "simulation",
            Self::FiniteSize => "finite_size",
            Self::Bath => "bath",
            Self::LightCone => "light_cone",
            Self::SecondLaw => "second_law",
            Self::FluctuationTheorem => "fluctuation_theorem",
            Self::Thermalization => "thermalization",
            Self::Eigenstates => "eigenstates",
            Self::Sizes => "sizes",
            Self::Linear => "linear",
            Self::Field => "field",
            Self::Subsystems => "subsystems",
            Self::Speed => "speed",
            Self::Protocol => "protocol",
            Self::FirstPassage => "first_passage",
            Self::Projection => "projection",
            Self::Sweep => "sweep",
        }
    }

    /// The section with a name.
    ///
    /// # Errors
    /// [`Error::UnknownSection`] with the nearest name and all there are.
    pub fn named(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|section| section.name() == name);
        found.ok_or_else(|| {
            let known = Self::ALL.map(Self::name);
            Error::UnknownSection {
                name: name.into(),
                suggestion: nearest_name(name, known).map(str::to_owned),
                known: known.map(str::to_owned).to_vec(),
            }
        })
    }

    /// What it holds, in words.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::SteadyState => {
                "steady state, currents, forces, entropy production per transition or reaction"
            }
            Self::Decomposition => {
                "excess and housekeeping at the start: geometric, information-geometric, and for jump processes Hatano–Sasa"
            }
            Self::Cycles => "cycles with affinities and currents",
            Self::Energetics => "heat, work, efficiency, first and second law",
            Self::Counting => "fluctuations of currents and entropy production, uncertainty relations",
            Self::Spectrum => "relaxation times and oscillations",
            Self::Relaxation => "state and entropy production over time from the initial distribution",
            Self::Curvature => {
                "entropic curvature and log-Sobolev constant, and what they say of the decay to equilibrium"
            }
            Self::Driven => "state, work and entropy production under time-dependent driving",
            Self::Structure => "reactions, conservation laws, cycles, deficiency",
            Self::LimitCycle => "period, stability, and excess and housekeeping of one turn",
            Self::Evolution => "concentrations, entropy production and its split over time, speed limits",
            Self::FreeEnergy => {
                "chemical potentials, free-energy balance, fundamental forces of the chemostats"
            }
            Self::Stability => {
                "the excess of the initial state against the steady state, and whether it is approached"
            }
            Self::Response => "what the steady entropy production depends on",
            Self::Counts => "trajectories on molecule counts, fluctuation theorems",
            Self::InfiniteSize => {
                "order, entropies and entropy production of infinitely many spins, and where order begins"
            }
            Self::Quench => {
                "infinitely many spins step by step: order, correlations between times, entropy of bath and spins"
            }
            Self::PhaseDiagram => {
                "maps of infinitely many spins over two numbers, with the line where order begins"
            }
            Self::Transfer => {
                "spins of a lattice over temperature: transfer entropy from a neighbour and from all, and what an input spin tells"
            }
            Self::Enumeration => {
                "all states of few spins: correlations, entropies, entropy production by spin and pair"
            }
            Self::MeanField => "mean-field theories, stationary and in time, and how good they are",
            Self::Simulation => "averages over simulated spins or walkers, with their errors",
            Self::FiniteSize => "several numbers of spins, extrapolated to infinitely many",
            Self::Bath => "state and temperature of a quantum bath at the start",
            Self::LightCone => "when the far end of a quantum bath is felt, proven and as it is",
            Self::SecondLaw => {
                "entropy production beside a quantum bath over time, with the books of energy, particles and entropy"
            }
            Self::FluctuationTheorem => {
                "⟨e^−σ⟩ over time, the distribution of entropy production, the backward process"
            }
            Self::Thermalization => "whether eigenstates of a quantum bath look thermal",
            Self::Eigenstates => "the second law for other eigenstates of a quantum bath",
            Self::Sizes => {
                "quantum baths of several sizes: fluctuation theorem and eigenstate thermalisation against their sites"
            }
            Self::Linear => "moments, dissipation and second laws of linear motion in closed form",
            Self::Subsystems => {
                "the second law of each subsystem or coordinate, and the information between them"
            }
            Self::Speed => {
                "how fast the distribution changes: Fisher information of time, length, bounds, and what hidden parts do to it"
            }
            Self::Protocol => "what a protocol dissipates, and what it would have to",
            Self::Field => "the drift as a gradient and a flux in the stationary density",
            Self::FirstPassage => "mean time from one place to another",
            Self::Projection => {
                "free energy and mean-force potential of projected coordinates, and where they differ"
            }
            Self::Sweep => "results over the values of one or two parameters",
        }
    }
}

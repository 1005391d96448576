"""Stochastic thermodynamics of Markov networks.

What can happen (`Network`), how fast (`MarkovJump`, `DrivenJump`), where we are (an array of probabilities), what is happening now (`Flow`),
and what happens over time.

Conventions: k_B = 1 and natural logarithms, so entropies are in nats; the incidence matrix has -1 where an edge starts and +1 where it ends;
currents are positive along the edge, heat is positive into the reservoir. Parallel channels are never merged. A flux one way only has
infinite entropy production, which is said by name and never cut off.

>>> from irrev.network import MarkovJump, geometric_decomposition
>>> motor = MarkovJump.from_rates(3, [(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])
>>> flow = motor.flow([0.5, 0.3, 0.2])
>>> split = geometric_decomposition(flow)
>>> round(split.excess, 12), round(split.housekeeping, 12)
(0.869412095561, 1.949201098372)
"""

from irrev._core import DrivenJump, Energetics, Flow, MarkovJump, Network, NetworkBuilder
from irrev.network._edge import Edge
from irrev.network.bounds import (
    FiniteTimeUncertainty,
    UncertaintyRelation,
    driven_uncertainty,
    finite_time_uncertainty,
    uncertainty_relation,
)
from irrev.network.counting import (
    CountDistribution,
    CountingStatistics,
    CurrentMoments,
    EntropyMoments,
    ScaledCumulants,
    ScaledGeneratingFunction,
    count_distribution,
    counting_statistics,
    current_moments,
    entropy_moments,
)
from irrev.network.cycles import (
    Cycle,
    CycleBasis,
    CycleDecomposition,
    cycle_decomposition,
    cycle_through_edges,
    cycle_through_states,
    fundamental_cycles,
)
from irrev.network.decomposition import (
    GeometricDecomposition,
    HatanoSasaDecomposition,
    InformationGeometricDecomposition,
    geometric_decomposition,
    hatano_sasa_decomposition,
    information_geometric_decomposition,
)
from irrev.network.driven import (
    DrivenRecord,
    PeriodicState,
    WorkStatistics,
    driven_process,
    periodic_state,
    work_statistics,
)
from irrev.network.dynamics import (
    ClosedClass,
    Evolved,
    FirstPassage,
    Limit,
    Relaxation,
    RelaxationSpectrum,
    closed_classes,
    evolve,
    first_passage,
    limiting_distribution,
    relaxation,
    relaxation_spectrum,
    stationary_distribution,
)
from irrev.network.energetics import (
    Arrhenius,
    Bose,
    ClausiusSum,
    Dissipator,
    EnergyBudget,
    Engine,
    Fermi,
    Glauber,
    HeatEngine,
    Metropolis,
    RateRule,
    Refrigerator,
    Reservoir,
    Symmetric,
    clausius_sum,
    energy_budget,
    engine,
)
from irrev.network.gallery import membrane_channel, three_state_ring, transported, transporter, two_level_two_baths
from irrev.network.gradient_flow import GradientFlowIdentity, gradient_flow_identity
from irrev.network.kinetics import from_generator
from irrev.network.overview import Overview, overview
from irrev.network.special import dissipation, log_ratio, logarithmic_mean, logarithmic_mean_gradient
from irrev.network.state import entropy, relative_entropy, total_variation

__all__ = [
    "Arrhenius",
    "Bose",
    "ClausiusSum",
    "ClosedClass",
    "CountDistribution",
    "CountingStatistics",
    "CurrentMoments",
    "Cycle",
    "CycleBasis",
    "CycleDecomposition",
    "Dissipator",
    "DrivenJump",
    "DrivenRecord",
    "Edge",
    "Energetics",
    "EnergyBudget",
    "Engine",
    "EntropyMoments",
    "Evolved",
    "Fermi",
    "FiniteTimeUncertainty",
    "FirstPassage",
    "Flow",
    "GeometricDecomposition",
    "Glauber",
    "GradientFlowIdentity",
    "HatanoSasaDecomposition",
    "HeatEngine",
    "InformationGeometricDecomposition",
    "Limit",
    "MarkovJump",
    "Metropolis",
    "Network",
    "NetworkBuilder",
    "Overview",
    "PeriodicState",
    "RateRule",
    "Refrigerator",
    "Relaxation",
    "RelaxationSpectrum",
    "Reservoir",
    "ScaledCumulants",
    "ScaledGeneratingFunction",
    "Symmetric",
    "UncertaintyRelation",
    "WorkStatistics",
    "clausius_sum",
    "closed_classes",
    "count_distribution",
    "counting_statistics",
    "current_moments",
    "cycle_decomposition",
    "cycle_through_edges",
    "cycle_through_states",
    "dissipation",
    "driven_process",
    "driven_uncertainty",
    "energy_budget",
    "engine",
    "entropy",
    "entropy_moments",
    "evolve",
    "finite_time_uncertainty",
    "first_passage",
    "from_generator",
    "fundamental_cycles",
    "geometric_decomposition",
    "gradient_flow_identity",
    "hatano_sasa_decomposition",
    "information_geometric_decomposition",
    "limiting_distribution",
    "log_ratio",
    "logarithmic_mean",
    "logarithmic_mean_gradient",
    "membrane_channel",
    "overview",
    "periodic_state",
    "relative_entropy",
    "relaxation",
    "relaxation_spectrum",
    "stationary_distribution",
    "three_state_ring",
    "total_variation",
    "transported",
    "transporter",
    "two_level_two_baths",
    "uncertainty_relation",
    "work_statistics",
]

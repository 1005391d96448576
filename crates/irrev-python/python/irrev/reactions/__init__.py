"""Chemical reaction networks: thermodynamics by amounts, and on molecule counts.

A `ReactionSystem` is species, reactions between complexes of them, and a law for each. At amounts x every reaction has one-way fluxes j⁺, j⁻; its
`Flow` is the flow of any network, with S = products - reactants in place of the incidence matrix, so that forces, Onsager coefficients and splits are the
same functions as in `irrev.network`. A `CountSystem` is the same on molecule counts: a Markov jump process.

Conventions: amounts are concentrations in a volume of 1; mass action is k ∏ x^ν by amounts and c ∏ n(n-1)…(n-ν+1) on counts, without 1/ν!. A reaction
without a reverse makes the entropy production infinite, which is said by name; it may be left out of the thermodynamics, by name, and still drives the
dynamics.

>>> from irrev.reactions import ReactionSystem, geometric_decomposition
>>> brusselator = ReactionSystem(
...     ["X", "Y"],
...     reactions=[("feed", "0 <=> X", 1, 1), ("convert", "X <=> Y", 3, 0.1), ("auto", "2 X + Y <=> 3 X", 1, 0.1)],
... )
>>> flow = brusselator.flow([1.3, 2.1])
>>> round(flow.entropy_production_rate, 10), round(geometric_decomposition(flow).excess, 10)
(20.1221421577, 0.1316046586)
"""

from irrev._core import CountSystem, ReactionSystem
from irrev.network.decomposition import (
    GeometricDecomposition,
    InformationGeometricDecomposition,
    geometric_decomposition,
    information_geometric_decomposition,
)
from irrev.reactions._reaction import CountReaction, Reaction
from irrev.reactions.bounds import scaled_diffusion, speed_limit, uncertainty_products
from irrev.reactions.building import from_arrays, load
from irrev.reactions.distance import Length, one_reaction_distance, wasserstein_speed
from irrev.reactions.information import (
    DualCoordinates,
    FisherSpeed,
    divergence,
    divergence_decay,
    dual_coordinates,
    fisher_speed,
    glansdorff_prigogine_excess,
)
from irrev.reactions.master_equation import StationaryCounts, TransientMoments, stationary_counts, transient_moments
from irrev.reactions.motion import (
    Branch,
    Budget,
    Evolution,
    LimitCycle,
    Response,
    SteadyState,
    evolve,
    limit_cycle,
    steady_branch,
    steady_response,
    steady_state,
)
from irrev.reactions.structure import ComplexGraph, Structure, structure
from irrev.reactions.thermodynamics import (
    Exchange,
    FreeEnergyBalance,
    StandardPotentials,
    driving_work_rate,
    free_energy_balance,
    standard_potentials,
)

__all__ = [
    "Branch",
    "Budget",
    "ComplexGraph",
    "CountReaction",
    "CountSystem",
    "DualCoordinates",
    "Evolution",
    "Exchange",
    "FisherSpeed",
    "FreeEnergyBalance",
    "GeometricDecomposition",
    "InformationGeometricDecomposition",
    "Length",
    "LimitCycle",
    "Reaction",
    "ReactionSystem",
    "Response",
    "StandardPotentials",
    "StationaryCounts",
    "SteadyState",
    "Structure",
    "TransientMoments",
    "divergence",
    "divergence_decay",
    "driving_work_rate",
    "dual_coordinates",
    "evolve",
    "fisher_speed",
    "free_energy_balance",
    "from_arrays",
    "geometric_decomposition",
    "glansdorff_prigogine_excess",
    "information_geometric_decomposition",
    "limit_cycle",
    "load",
    "one_reaction_distance",
    "scaled_diffusion",
    "speed_limit",
    "standard_potentials",
    "stationary_counts",
    "steady_branch",
    "steady_response",
    "steady_state",
    "structure",
    "transient_moments",
    "uncertainty_products",
    "wasserstein_speed",
]

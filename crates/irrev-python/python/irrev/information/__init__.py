"""Information thermodynamics: second laws of parts, projections, time as a parameter, stability, dual coordinates, games.

=================================================================  =============================================================
question                                                           answered by
=================================================================  =============================================================
what does each part dissipate, and what does it learn              `second_laws`, `multibody_information_flow`
what an observer of some parts sees                                `coarse_grained`, `conditional_current`
entropy production of a step as a projection, transfer entropy     the module `chain`
what interactions of k bodies explain                              `hierarchy`, `spin_coordinates`
how fast does a distribution change, and what can tell             `fisher_information`, `cramer_rao`
speed, length, action and their bounds along a path, and of parts  `speed_of_relaxation`, `speed_of_driven_process`, `Marginal`
the same for amounts of species, with the Gibbs energy             `speed_of_reactions`
how far apart two states are                                       `geodesic_between_distributions`, `geodesic_between_amounts`
is a state approached or left, is a steady state stable            `excess_entropy_production`, `reaction_stability`,
                                                                   `nonlinear_stability`
coordinates that are each other's gradients, free energy           `simplex_coordinates`, `equilibrium_gauge`
least free energy with given means, or why there is none           `tilted_equilibrium`
what if every part minimises its own dissipation                   `Game`, `nash_equilibrium`, `cooperative_optimum`,
                                                                   `pareto_front`
normal distributions and relaxation in a trap                      `normal_distance`, `OrnsteinUhlenbeck`
linear processes: transfer entropy, irreversibility, Φ_G           `VectorAutoregression`, `integrated_information`
what estimators of dissipation find on linear diffusions           `SampledDiffusion`, `bead_chain`
what looking now and then shows of the dissipation                 `sampled_irreversibility`, `short_time_uncertainty_optimum`
=================================================================  =============================================================

Conventions: nats; per time, or per step of a process in discrete time. İ > 0: the jumps of the part create correlation. dx = -A x dt + √(2D) dW.

>>> from irrev.information import Marginal, speed_of_relaxation
>>> from irrev.network import MarkovJump
>>> ring = MarkovJump.from_rates(3, [(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])
>>> found = speed_of_relaxation(ring, start=[0.8, 0.1, 0.1], to=2.0, times=[0.1], marginals=[Marginal("0 or not", [0, 1, 1])])
>>> found.path.geodesic <= found.path.length.value, found.path.least_time <= 2.0
(True, True)
>>> found.at[0].marginals[0].fisher_information <= found.at[0].fisher_information
True
"""

from irrev._bound import Side
from irrev.information import chain
from irrev.information.dual import (
    EquilibriumGauge,
    OnTheBoundary,
    OutOfReach,
    SimplexCoordinates,
    TiltedEquilibrium,
    bregman_divergence,
    distribution_from_eta,
    distribution_from_theta,
    equilibrium_gauge,
    simplex_coordinates,
    tilted_equilibrium,
)
from irrev.information.fisher import (
    CramerRao,
    cramer_rao,
    fisher_information,
    fisher_information_rate,
    geodesic_between_amounts,
    geodesic_between_distributions,
    sampled_irreversibility,
    short_time_uncertainty_optimum,
)
from irrev.information.game import (
    Game,
    Outcome,
    ParetoFront,
    ParetoPoint,
    cooperative_optimum,
    nash_equilibrium,
    pareto_front,
)
from irrev.information.gaussian import (
    OrnsteinUhlenbeck,
    TrapSpeed,
    TrapSpeedAt,
    gaussian_fisher_information,
    normal_distance,
    normal_fisher_information,
)
from irrev.information.linear import (
    IntegratedInformation,
    SampledCurrents,
    SampledDiffusion,
    VectorAutoregression,
    bead_chain,
    integrated_information,
)
from irrev.information.log_linear import Hierarchy, LogLinearProjection, SpinCoordinates, hierarchy, spin_coordinates
from irrev.information.parts import (
    CoarseGrained,
    MultibodyFlow,
    PartLaw,
    SecondLaws,
    coarse_grained,
    conditional_current,
    multibody_information_flow,
    product_process,
    second_laws,
    second_laws_of_flow,
)
from irrev.information.path import (
    DrivenSpeed,
    LocalMaximum,
    Marginal,
    MarginalSpeed,
    Monotonicity,
    ReactionSpeed,
    ReactionSpeedAt,
    RelaxationSpeed,
    SpeedAt,
    StatisticalLength,
    speed_of_driven_process,
    speed_of_reactions,
    speed_of_relaxation,
)
from irrev.information.stability import (
    AgainstSteadyState,
    ChannelSum,
    Excess,
    StateDependentRates,
    differentiated_rates,
    excess_entropy_production,
    nonlinear_stability,
    reaction_stability,
)

__all__ = [
    "AgainstSteadyState",
    "ChannelSum",
    "CoarseGrained",
    "CramerRao",
    "DrivenSpeed",
    "EquilibriumGauge",
    "Excess",
    "Game",
    "Hierarchy",
    "IntegratedInformation",
    "LocalMaximum",
    "LogLinearProjection",
    "Marginal",
    "MarginalSpeed",
    "Monotonicity",
    "MultibodyFlow",
    "OnTheBoundary",
    "OrnsteinUhlenbeck",
    "OutOfReach",
    "Outcome",
    "ParetoFront",
    "ParetoPoint",
    "PartLaw",
    "ReactionSpeed",
    "ReactionSpeedAt",
    "RelaxationSpeed",
    "SampledCurrents",
    "SampledDiffusion",
    "SecondLaws",
    "Side",
    "SimplexCoordinates",
    "SpeedAt",
    "SpinCoordinates",
    "StateDependentRates",
    "StatisticalLength",
    "TiltedEquilibrium",
    "TrapSpeed",
    "TrapSpeedAt",
    "VectorAutoregression",
    "bead_chain",
    "bregman_divergence",
    "chain",
    "coarse_grained",
    "conditional_current",
    "cooperative_optimum",
    "cramer_rao",
    "differentiated_rates",
    "distribution_from_eta",
    "distribution_from_theta",
    "equilibrium_gauge",
    "excess_entropy_production",
    "fisher_information",
    "fisher_information_rate",
    "gaussian_fisher_information",
    "geodesic_between_amounts",
    "geodesic_between_distributions",
    "hierarchy",
    "integrated_information",
    "multibody_information_flow",
    "nash_equilibrium",
    "nonlinear_stability",
    "normal_distance",
    "normal_fisher_information",
    "pareto_front",
    "product_process",
    "reaction_stability",
    "sampled_irreversibility",
    "second_laws",
    "second_laws_of_flow",
    "short_time_uncertainty_optimum",
    "simplex_coordinates",
    "speed_of_driven_process",
    "speed_of_reactions",
    "speed_of_relaxation",
    "spin_coordinates",
    "tilted_equilibrium",
]

"""Optimal transport: how far apart two states are, with certificates.

=======================  ===================================================  ==============================
distance                 is                                                   between
=======================  ===================================================  ==============================
`wasserstein1`           least Σ length · |flow| that turns one into another  distributions on a network
`wasserstein1_with_cost` the same at any ground cost                          distributions over any points
`wasserstein2`           least √∫ Σ J²/L dt, with the Onsager coefficient L   distributions under a process
`reaction_geodesic`      the same along the shortest path found               amounts in a reaction network
`line.wasserstein`       W_q by quantiles                                     samples, histograms on a line
`gaussian.wasserstein2`  W₂ by covariances                                    normal distributions
=======================  ===================================================  ==============================

`gradient_flow` compares the master equation with steepest descent of relative entropy, `minimising_movement` makes its implicit steps, and
`optimal_protocol` gives the rates that drive one distribution to another with the least dissipation.

`speed_limits` is the table of bounds that follow for a relaxation, `driven_speed_limits` that for a protocol, `langevin_speed_limit` the bound for
diffusion. `entropic_curvature` and `modified_log_sobolev` say how fast relaxations approach each other and equilibrium, `relaxation_bounds` what
that means for one of them.

A distance comes with a proven interval; the path of `reaction_geodesic` is locally shortest, its length exact. Where no path joins two distributions it is infinite, and the states that keep them apart are named.

>>> from irrev.network import MarkovJump
>>> from irrev.transport import wasserstein2
>>> triangle = MarkovJump.from_rates(3, [(0, 1, 1, 1), (0, 2, 1, 1), (1, 2, 1, 1)])
>>> found = wasserstein2(triangle, [0.6, 0.3, 0.1], [0.1, 0.2, 0.7])
>>> round(found.distance, 8)
0.79161374
>>> found.lower_bound <= found.distance <= found.upper_bound
True
"""

from irrev._bound import Bound, Side
from irrev._core import Geodesic, ReactionGeodesic
from irrev.transport import gaussian, line
from irrev.transport.curvature import (
    CurvatureAt,
    EntropicCurvature,
    ModifiedLogSobolev,
    ProductCurvature,
    RelaxationBounds,
    curvature_at,
    entropic_curvature,
    modified_log_sobolev,
    product_curvature,
    relaxation_bounds,
)
from irrev.transport.descent import GradientFlow, MinimisingMovement, Velocity, gradient_flow, minimising_movement
from irrev.transport.effort import TransportPlan, Wasserstein1, wasserstein1, wasserstein1_with_cost
from irrev.transport.geodesic import Moment, Wasserstein2, wasserstein2
from irrev.transport.limits import SpeedLimits, driven_speed_limits, langevin_speed_limit, speed_limits
from irrev.transport.protocol import (
    LeftAlone,
    OptimalProtocol,
    ProtocolRates,
    SimulatedProtocol,
    StraightPath,
    optimal_protocol,
    straight_path,
)
from irrev.transport.reactions import ReactionMoment, ReactionWasserstein2, reaction_geodesic

__all__ = [
    "Bound",
    "CurvatureAt",
    "EntropicCurvature",
    "Geodesic",
    "GradientFlow",
    "LeftAlone",
    "MinimisingMovement",
    "ModifiedLogSobolev",
    "Moment",
    "OptimalProtocol",
    "ProductCurvature",
    "ProtocolRates",
    "ReactionGeodesic",
    "ReactionMoment",
    "ReactionWasserstein2",
    "RelaxationBounds",
    "Side",
    "SimulatedProtocol",
    "SpeedLimits",
    "StraightPath",
    "TransportPlan",
    "Velocity",
    "Wasserstein1",
    "Wasserstein2",
    "curvature_at",
    "driven_speed_limits",
    "entropic_curvature",
    "gaussian",
    "gradient_flow",
    "langevin_speed_limit",
    "line",
    "minimising_movement",
    "modified_log_sobolev",
    "optimal_protocol",
    "product_curvature",
    "reaction_geodesic",
    "relaxation_bounds",
    "speed_limits",
    "straight_path",
    "wasserstein1",
    "wasserstein1_with_cost",
    "wasserstein2",
]

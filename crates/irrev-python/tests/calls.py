"""Every public function and method that takes arrays, as a call with one of its array arguments left open.

Each entry is (name of the argument, good value, function of the value); the names are those that messages must hold.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from irrev import inference as e
from irrev import information as f
from irrev import ising as i
from irrev import landscape as l
from irrev import network as n
from irrev import quantum as q
from irrev import reactions as r
from irrev import simulation as s
from irrev import transport as t

RING = n.MarkovJump.from_rates(3, [(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])
P = np.array([0.5, 0.3, 0.2])
PI = RING.stationary_distribution()
FLOW = RING.flow(P)
EDGE = np.array([0.25, 1.0, 2.0])
STATISTICS = n.counting_statistics(RING)
BATHS, ENERGETICS = n.two_level_two_baths(1.0, 2.0, 0.5, 1.0)
PROCESS = n.DrivenJump(RING.network, rates=(["1", "2", "3"], ["1", "1", "1"]))
TIMES = np.array([0.1, 0.2])
GAME = f.Game([[1.0, 1.0]], conductance=[1.0, 1.0], owner=[0, 1], weights=[2.0, 1.0], target=[1.0])

ENZYME = r.ReactionSystem(
    ["E", "S", "ES", "P"],
    reactions=[("bind", "E + S <=> ES", 2.0, 0.5), ("release", "ES <=> E + P", 1.0, 0.3)],
)
AMOUNTS = np.array([1.0, 2.0, 0.5, 0.25])
OPEN = r.ReactionSystem(
    ["E", "ES"],
    chemostats={"S": 2.0, "P": 0.1},
    reactions=[("bind", "E + S <=> ES", 2.0, 0.5), ("release", "ES <=> E + P", 1.0, 0.3)],
)
PAIR = r.ReactionSystem(["A", "B"], reactions=[("pair", "2 A <=> B", 1.0, 0.5)])
DIMERS = r.CountSystem(["A", "B"], reactions=[("pair", "2 A <=> B", 0.01, 0.3)], initial=[10, 0])
COUNTS = np.array([6, 2])
SERIES = np.sin(np.arange(300.0))
NOISE = np.sin(np.arange(300.0) ** 2)

REVERSIBLE = n.MarkovJump.from_rates(2, [(0, 1, 2.0, 0.5)])
GEODESIC = t.wasserstein2(RING, P, PI, tol=1e-3)
BISTABLE = n.MarkovJump.from_rates(2, [(0, 1, 1.0, 2.0)])
PROTOCOL = t.optimal_protocol(RING, from_=P, to=PI, duration=1.0, tol=1e-3)

WAY = t.reaction_geodesic(PAIR, [2.0, 0.125], [1.0, 0.625], tol=1e-3)

SPINS = i.KineticIsing([[0.0, 0.8], [-0.3, 0.1]], [0.1, -0.2])

TRIMER = q.Hamiltonian.uniform(q.Lattice.chain(3), hopping=1.0)
ONE_SITE = q.Composite(q.Hamiltonian([0.0]), TRIMER, [q.Contact(0, 0, hopping=0.5)])
CONTACT = q.ThermalContact(ONE_SITE, q.SystemState.diagonal([0.25, 0.75]), q.BathState.occupation(TRIMER, 1), 0.1)
BOND = q.lieb_robinson(TRIMER, from_=[0], to=[2])

TRAP = l.linear.LinearDiffusion([[1.5, 0.5], [0.25, 1.0]], 0.5)

Call = tuple[str, np.ndarray, Callable[[Any], Any]]

CALLS: dict[str, Call] = {
    "Network.from_edges": ("edges", np.array([[0, 1], [1, 2]]), lambda x: n.Network.from_edges(3, x)),
    "Network.divergence": ("current", EDGE, RING.network.divergence),
    "Network.gradient": ("potential", EDGE, RING.network.gradient),
    "MarkovJump": ("forward_rate", EDGE, lambda x: n.MarkovJump(RING.network, forward_rate=x, backward_rate=EDGE)),
    "MarkovJump backward": (
        "backward_rate",
        EDGE,
        lambda x: n.MarkovJump(RING.network, forward_rate=EDGE, backward_rate=x),
    ),
    "MarkovJump.from_rates": (
        "channels",
        np.array([[0.0, 1.0, 2.0, 1.0], [1.0, 2.0, 2.0, 1.0]]),
        lambda x: n.MarkovJump.from_rates(3, x),
    ),
    "MarkovJump.flow": ("distribution", P, RING.flow),
    "MarkovJump.stationarity_defect": ("distribution", P, RING.stationarity_defect),
    "Flow": ("forward_flux", EDGE, lambda x: n.Flow(RING.network, forward_flux=x, backward_flux=EDGE)),
    "Flow.weighted_current": ("weights", EDGE, FLOW.weighted_current),
    "hatano_sasa_decomposition": (
        "distribution",
        P,
        lambda x: n.hatano_sasa_decomposition(RING, distribution=x, stationary=PI),
    ),
    "hatano_sasa_decomposition stationary": (
        "stationary",
        PI,
        lambda x: n.hatano_sasa_decomposition(RING, distribution=P, stationary=x),
    ),
    "cycle_decomposition": (
        "divergence_free",
        np.ones(3),
        lambda x: n.cycle_decomposition(RING, cycles=n.fundamental_cycles(RING.network).cycles, divergence_free=x),
    ),
    "gradient_flow_identity": ("distribution", P, lambda x: n.gradient_flow_identity(RING, distribution=x)),
    "uncertainty_relation": (
        "weights",
        EDGE,
        lambda x: n.uncertainty_relation(STATISTICS, stationary_flow=RING.flow(PI), weights=x),
    ),
    "overview": ("distribution", P, lambda x: n.overview(RING, distribution=x)),
    "overview weights": ("weights", EDGE, lambda x: n.overview(RING, distribution=P, weights=x)),
    "limiting_distribution": ("start", P, lambda x: n.limiting_distribution(RING, start=x)),
    "evolve": ("p", P, lambda x: n.evolve(RING, p=x, t=0.5)),
    "relaxation": ("start", P, lambda x: n.relaxation(RING, start=x, duration=0.5)),
    "relaxation times": ("times", TIMES, lambda x: n.relaxation(RING, start=P, duration=0.5, times=x)),
    "first_passage": ("start", P, lambda x: n.first_passage(RING, start=x, targets=[2])),
    "first_passage times": ("times", TIMES, lambda x: n.first_passage(RING, start=P, targets=[2], times=x)),
    "scaled_cumulants": ("weights", EDGE, lambda x: STATISTICS.scaled_cumulants(x, order=2)),
    "scaled_generating_function": (
        "weights",
        EDGE,
        lambda x: STATISTICS.scaled_generating_function(x, chi=0.1),
    ),
    "scaled_generating_function chi": (
        "chi",
        TIMES,
        lambda x: STATISTICS.scaled_generating_function(EDGE, chi=x),
    ),
    "current_moments": ("weights", EDGE, lambda x: n.current_moments(RING, weights=x, start=P, t=0.5)),
    "current_moments start": ("start", P, lambda x: n.current_moments(RING, weights=EDGE, start=x, t=0.5)),
    "entropy_moments": ("start", P, lambda x: n.entropy_moments(RING, start=x, t=0.5)),
    "count_distribution": (
        "steps",
        np.array([1, 0, 0]),
        lambda x: n.count_distribution(RING, steps=x, start=P, t=0.5, largest=3),
    ),
    "count_distribution start": (
        "start",
        P,
        lambda x: n.count_distribution(RING, steps=[1, 0, 0], start=x, t=0.5, largest=3),
    ),
    "driven_process": ("start", P, lambda x: n.driven_process(PROCESS, start=x, to=0.5)),
    "driven_process times": ("times", TIMES, lambda x: n.driven_process(PROCESS, start=P, to=0.5, times=x)),
    "periodic_state": ("times", TIMES, lambda x: n.periodic_state(PROCESS, period=1.0, times=x)),
    "work_statistics": (
        "start",
        P,
        lambda x: n.work_statistics(PROCESS, energies=[0, "t", "2*t"], inverse_temperature=1.0, start=x, to=0.5),
    ),
    "DrivenJump.flow": ("distribution", P, lambda x: PROCESS.flow(0.0, x)),
    "Energetics": (
        "energies",
        np.array([0.0, 1.0]),
        lambda x: n.Energetics(BATHS.network, energies=x, reservoirs=ENERGETICS.reservoirs),
    ),
    "Energetics.thermal": (
        "temperatures",
        np.array([1.0, 2.0]),
        lambda x: n.Energetics.thermal(BATHS.network, energies=[0, 1], temperatures=x),
    ),
    "Energetics.mean_energy": ("distribution", np.array([0.25, 0.75]), ENERGETICS.mean_energy),
    "Energetics.entropy": ("distribution", np.array([0.25, 0.75]), ENERGETICS.entropy),
    "Energetics.free_energy": (
        "distribution",
        np.array([0.25, 0.75]),
        lambda x: ENERGETICS.free_energy(x, reservoir="hot"),
    ),
    "energy_budget": (
        "distribution",
        np.array([0.25, 0.75]),
        lambda x: n.energy_budget(BATHS.flow([0.25, 0.75]), distribution=x, energetics=ENERGETICS),
    ),
    "entropy": ("distribution", P, n.entropy),
    "relative_entropy": ("p", P, lambda x: n.relative_entropy(x, PI)),
    "relative_entropy q": ("q", PI, lambda x: n.relative_entropy(P, x)),
    "total_variation": ("p", P, lambda x: n.total_variation(x, PI)),
    "logarithmic_mean": ("a", EDGE, lambda x: n.logarithmic_mean(x, 2.0)),
    "logarithmic_mean_gradient": ("b", EDGE, lambda x: n.logarithmic_mean_gradient(2.0, x)),
    "log_ratio": ("a", EDGE, lambda x: n.log_ratio(x, 2.0)),
    "dissipation": ("a", EDGE, lambda x: n.dissipation(x, 2.0)),
    "fisher_information": ("state", P, lambda x: f.fisher_information(x, rate=[0.1, -0.2, 0.1])),
    "fisher_information rate": ("rate", P, lambda x: f.fisher_information(P, rate=x)),
    "cramer_rao": ("observable", EDGE, lambda x: f.cramer_rao(P, rate=[0.1, -0.2, 0.1], observable=x)),
    "geodesic_between_distributions": ("from_", P, lambda x: f.geodesic_between_distributions(x, PI)),
    "geodesic_between_amounts": ("to", EDGE, lambda x: f.geodesic_between_amounts(EDGE, x)),
    "sampled_irreversibility": ("distribution", P, lambda x: f.sampled_irreversibility(RING, distribution=x, dt=0.1)),
    "Marginal.sum": ("values", P, f.Marginal("x", [0, 1, 1]).sum),
    "speed_of_relaxation": ("start", P, lambda x: f.speed_of_relaxation(RING, start=x, to=0.5)),
    "speed_of_relaxation times": ("times", TIMES, lambda x: f.speed_of_relaxation(RING, start=P, to=0.5, times=x)),
    "speed_of_relaxation observables": (
        "observable",
        EDGE,
        lambda x: f.speed_of_relaxation(RING, start=P, to=0.5, times=[0.1], observables=[x]),
    ),
    "speed_of_driven_process": ("start", P, lambda x: f.speed_of_driven_process(PROCESS, start=x, to=0.5, tol=1e-6)),
    "speed_of_reactions": ("start", AMOUNTS, lambda x: f.speed_of_reactions(ENZYME, start=x, to=0.5)),
    "excess_entropy_production": (
        "state",
        P,
        lambda x: f.excess_entropy_production(FLOW, state=x, steady_flow=RING.flow(PI), steady=PI),
    ),
    "simplex_coordinates": ("distribution", P, f.simplex_coordinates),
    "distribution_from_eta": ("eta", np.array([0.25, 0.5]), f.distribution_from_eta),
    "equilibrium_gauge": (
        "energies",
        EDGE,
        lambda x: f.equilibrium_gauge(P, energies=x, inverse_temperature=1.0),
    ),
    "bregman_divergence": ("p", P, lambda x: f.bregman_divergence(x, PI)),
    "tilted_equilibrium": (
        "energies",
        EDGE,
        lambda x: f.tilted_equilibrium(x, observables=[[0, 1, 2]], means=[1.2]),
    ),
    "tilted_equilibrium observables": (
        "observable",
        np.array([[0.0, 1.0, 2.0]]),
        lambda x: f.tilted_equilibrium(EDGE, observables=x, means=[1.2]),
    ),
    "Game": (
        "conductance",
        np.array([0.5, 1.0]),
        lambda x: f.Game([[1, 1]], conductance=x, owner=[0, 1], weights=[1, 1], target=[1]),
    ),
    "pareto_front": (
        "shares",
        np.array([[0.25, 0.75]]),
        lambda x: f.pareto_front(GAME, shares=x),
    ),
    "VectorAutoregression": (
        "transition",
        np.array([[0.5, 0.25], [0.0, 0.5]]),
        lambda x: f.VectorAutoregression(x, noise=np.eye(2)),
    ),
    "SampledDiffusion": (
        "drift",
        np.array([[0.5, 0.25], [0.0, 0.5]]),
        lambda x: f.SampledDiffusion(x, diffusion=np.eye(2)),
    ),
    "second_laws": (
        "distribution",
        np.full(4, 0.25),
        lambda x: f.second_laws(n.membrane_channel(), distribution=x),
    ),
    "MarkovChain.step": ("distribution", np.array([0.25, 0.75]), f.chain.MarkovChain([[0.5, 0.2], [0.5, 0.8]]).step),
    "hierarchy": ("distribution", np.full(4, 0.25), lambda x: f.hierarchy(x, sizes=[2, 2])),
    "wasserstein1": ("from_", P, lambda x: t.wasserstein1(RING, x, PI)),
    "wasserstein1 to": ("to", P, lambda x: t.wasserstein1(RING, PI, x)),
    "wasserstein1 lengths": ("lengths", EDGE, lambda x: t.wasserstein1(RING, P, PI, lengths=x)),
    "wasserstein1_with_cost": (
        "cost",
        np.array([[0.0, 1.0, 2.0], [1.0, 0.0, 1.0], [2.0, 1.0, 0.5]]),
        lambda x: t.wasserstein1_with_cost(x, P, PI),
    ),
    "wasserstein2": ("from_", P, lambda x: t.wasserstein2(RING, x, PI, tol=1e-3)),
    "wasserstein2 to": ("to", P, lambda x: t.wasserstein2(RING, PI, x, tol=1e-3)),
    "reaction_geodesic": (
        "from_",
        np.array([2.0, 0.125]),
        lambda x: t.reaction_geodesic(PAIR, x, [1.0, 0.625], tol=1e-3),
    ),
    "reaction_geodesic to": (
        "to",
        np.array([2.0, 0.125]),
        lambda x: t.reaction_geodesic(PAIR, [1.0, 0.625], x, tol=1e-3),
    ),
    "ReactionGeodesic.states": ("times", TIMES, WAY.states),
    "Geodesic.states": ("times", TIMES, GEODESIC.states),
    "line.wasserstein": ("from_", EDGE, lambda x: t.line.wasserstein(x, P, order=2)),
    "line.wasserstein weights": (
        "weights",
        EDGE,
        lambda x: t.line.wasserstein(P, P, order=2, to_weights=x),
    ),
    "gradient_flow": ("distribution", P, lambda x: t.gradient_flow(RING, distribution=x)),
    "minimising_movement": ("start", np.array([0.7, 0.3]), lambda x: t.minimising_movement(BISTABLE, start=x, step=0.1)),
    "optimal_protocol": ("from_", P, lambda x: t.optimal_protocol(RING, from_=x, to=PI, duration=1.0, tol=1e-3)),
    "optimal_protocol to": ("to", P, lambda x: t.optimal_protocol(RING, from_=PI, to=x, duration=1.0, tol=1e-3)),
    "OptimalProtocol.at": ("times", TIMES, PROTOCOL.at),
    "straight_path": ("from_", P, lambda x: t.straight_path(RING, from_=x, to=PI)),
    "straight_path to": ("to", P, lambda x: t.straight_path(RING, from_=PI, to=x)),
    "gaussian.wasserstein2": (
        "covariance",
        np.array([[2.0, 0.5], [0.5, 1.0]]),
        lambda x: t.gaussian.wasserstein2(([0.0, 0.0], x), ([1.0, 0.0], np.eye(2))),
    ),
    "speed_limits": ("start", P, lambda x: t.speed_limits(RING, start=x, duration=0.5, wasserstein2_tol=None)),
    "curvature_at": (
        "distribution",
        np.array([0.25, 0.75]),
        lambda x: t.curvature_at(REVERSIBLE, distribution=x),
    ),
    "driven_speed_limits": (
        "start",
        P,
        lambda x: t.driven_speed_limits(PROCESS, start=x, to=0.5, tol=1e-6),
    ),
    "finite_time_uncertainty": (
        "weights",
        EDGE,
        lambda x: n.finite_time_uncertainty(RING, weights=x, start=P, duration=0.5),
    ),
    "driven_uncertainty": (
        "weights",
        EDGE,
        lambda x: n.driven_uncertainty(PROCESS, weights=x, start=P, to=0.5, tol=1e-6),
    ),
    "relaxation_bounds": (
        "start",
        np.array([0.25, 0.75]),
        lambda x: t.relaxation_bounds(REVERSIBLE, start=x, times=[0.1]),
    ),
    "relaxation_bounds times": (
        "times",
        TIMES,
        lambda x: t.relaxation_bounds(REVERSIBLE, start=[0.25, 0.75], times=x),
    ),
    "from_generator": ("generator", RING.generator(), n.from_generator),
    "ReactionSystem.flow": ("amounts", AMOUNTS, ENZYME.flow),
    "ReactionSystem.fluxes": ("amounts", AMOUNTS, ENZYME.fluxes),
    "ReactionSystem.rate_of_change": ("amounts", AMOUNTS, ENZYME.rate_of_change),
    "ReactionSystem.jacobian": ("amounts", AMOUNTS, ENZYME.jacobian),
    "from_arrays": (
        "reactants",
        np.array([[2.0, 0.0]]),
        lambda x: r.from_arrays(["A", "B"], reactants=x, products=[[0, 1]], forward_rate=[1], backward_rate=[1]),
    ),
    "from_arrays forward_rate": (
        "forward_rate",
        np.array([1.5]),
        lambda x: r.from_arrays(["A", "B"], reactants=[[2, 0]], products=[[0, 1]], forward_rate=x, backward_rate=[1]),
    ),
    "reactions.evolve": ("start", AMOUNTS, lambda x: r.evolve(ENZYME, start=x, duration=0.5)),
    "reactions.evolve times": ("times", TIMES, lambda x: r.evolve(ENZYME, start=AMOUNTS, duration=0.5, times=x)),
    "steady_state": ("start", AMOUNTS, lambda x: r.steady_state(ENZYME, start=x)),
    "steady_state guess": ("guess", AMOUNTS, lambda x: r.steady_state(ENZYME, guess=x)),
    "steady_response": ("steady", np.array([0.3, 0.7]), lambda x: r.steady_response(OPEN, steady=x)),
    "standard_potentials": ("amounts", AMOUNTS, lambda x: r.standard_potentials(ENZYME, amounts=x)),
    "free_energy_balance": ("amounts", np.array([0.4, 0.6]), lambda x: r.free_energy_balance(OPEN, amounts=x)),
    "free_energy_balance potentials": (
        "potentials",
        np.array([0.0, 0.1, 0.2, 0.3]),
        lambda x: r.free_energy_balance(OPEN, amounts=[0.4, 0.6], potentials=x),
    ),
    "driving_work_rate": (
        "held_rates",
        np.array([0.1, 0.2]),
        lambda x: r.driving_work_rate(OPEN, amounts=[0.4, 0.6], held_rates=x),
    ),
    "divergence_decay": (
        "steady",
        AMOUNTS,
        lambda x: r.divergence_decay(ENZYME, amounts=[1.0, 1.0, 1.0, 1.0], steady=x),
    ),
    "fisher_speed": ("amounts", AMOUNTS, lambda x: r.fisher_speed(ENZYME, amounts=x)),
    "dual_coordinates": (
        "stoichiometry",
        np.array([[-1.0, 0.0], [1.0, -1.0], [0.0, 1.0]]),
        lambda x: r.dual_coordinates(x, equilibrium=[1, 1, 1], extents=[0.1, 0.2]),
    ),
    "dual_coordinates extents": (
        "extents",
        np.array([0.25]),
        lambda x: r.dual_coordinates([[-1], [1]], equilibrium=[1, 1], extents=x),
    ),
    "divergence": ("x", AMOUNTS, lambda x: r.divergence(x, [1.0, 1.0, 1.0, 1.0])),
    "one_reaction_distance": (
        "origin",
        np.array([2.0, 0.125]),
        lambda x: r.one_reaction_distance(PAIR, origin=x, to=0.5),
    ),
    "wasserstein_speed": (
        "change",
        np.array([-1.0, 0.5]),
        lambda x: r.wasserstein_speed(PAIR, amounts=[1.0, 1.0], change=x),
    ),
    "stationary_counts": ("start", COUNTS, lambda x: r.stationary_counts(DIMERS, start=x)),
    "stationary_counts bounds": ("bounds", np.array([20, 10]), lambda x: r.stationary_counts(DIMERS, bounds=x)),
    "transient_moments": ("times", TIMES, lambda x: r.transient_moments(DIMERS, times=x)),
    "simulate": ("initial", COUNTS, lambda x: s.simulate(DIMERS, initial=x, times=[0.5], trajectories=3)),
    "simulate times": ("times", TIMES, lambda x: s.simulate(DIMERS, times=x, trajectories=3)),
    "sample_jump_process": (
        "start",
        P,
        lambda x: s.sample_jump_process(RING, start=x, horizon=1.0, trajectories=3, keep=True),
    ),
    "sample_jump_process currents": (
        "current",
        EDGE,
        lambda x: s.sample_jump_process(RING, start=P, horizon=1.0, trajectories=3, currents={"J": x}),
    ),
    "sample_driven_process": (
        "start",
        P,
        lambda x: s.sample_driven_process(PROCESS, start=x, horizon=0.5, trajectories=3),
    ),
    "sample_tilted_process": (
        "current",
        EDGE,
        lambda x: s.sample_tilted_process(RING, start=P, horizon=0.5, chi=0.1, current=x, trajectories=3),
    ),
    "long_run": ("start", PI, lambda x: s.long_run(RING, start=x, currents=[EDGE], increments=5)),
    "jarzynski": ("work", SERIES, lambda x: s.jarzynski(x, inverse_temperature=1.0)),
    "bennett_acceptance_ratio": (
        "reverse",
        SERIES,
        lambda x: s.bennett_acceptance_ratio(SERIES, reverse=x, inverse_temperature=1.0),
    ),
    "crooks": ("work", SERIES, lambda x: s.crooks(x, reverse=SERIES, inverse_temperature=1.0, width=1.0)),
    "scaled_cumulants of increments": ("increments", SERIES, lambda x: s.scaled_cumulants(x, duration=1.0)),
    "survival_function": (
        "times",
        TIMES,
        lambda x: s.survival_function([1.0, 2.0], passed=[True, False], times=x),
    ),
    "infimum_law": ("minima", -np.abs(SERIES), lambda x: s.infimum_law(x, levels=[1.0])),
    "infimum_law levels": ("levels", np.array([0.5, 1.0]), lambda x: s.infimum_law(-np.abs(SERIES), levels=x)),
    "autocorrelation_time": ("series", SERIES, s.autocorrelation_time),
    "KineticIsing": ("couplings", np.array([[0.0, 0.8], [-0.3, 0.1]]), i.KineticIsing),
    "KineticIsing fields": ("fields", np.array([0.5, -0.25]), lambda x: i.KineticIsing(SPINS.couplings, x)),
    "KineticIsing.local_fields": ("state", np.array([[1.0, -1.0], [1.0, 1.0]]), SPINS.local_fields),
    "independent_distribution": ("magnetizations", np.array([0.5, -0.25]), i.independent_distribution),
    "parallel_step": (
        "distribution",
        np.array([0.125, 0.25, 0.5, 0.125]),
        lambda x: i.parallel_step(SPINS, distribution=x),
    ),
    "MeanFieldState.independent": ("magnetizations", np.array([0.5, -0.25]), i.MeanFieldState.independent),
    "mean_field.stationary_state": (
        "start",
        np.array([0.5, -0.25]),
        lambda x: i.mean_field.stationary_state(SPINS, start=x),
    ),
    "mean_field.compare_theories": (
        "start",
        np.array([0.5, -0.25]),
        lambda x: i.mean_field.compare_theories(SPINS, start=x),
    ),
    "InfiniteNetwork.sequential_state": (
        "lags",
        np.array([0.5, 1.0]),
        lambda x: i.InfiniteNetwork(beta=2.0, spread=0.5).sequential_state(lags=x),
    ),
    "Hamiltonian": ("energies", np.array([0.5, 1.0]), lambda x: q.Hamiltonian(x, [(0, 1)], 1.0)),
    "Hamiltonian bonds": ("bonds", np.array([[0, 1], [1, 2]]), lambda x: q.Hamiltonian([0.0] * 3, x, 1.0)),
    "Hamiltonian interactions": (
        "interactions",
        np.array([0.5, 0.25]),
        lambda x: q.Hamiltonian([0.0] * 3, [(0, 1), (1, 2)], 1.0, x),
    ),
    "Lattice.from_bonds": ("bonds", np.array([[0, 1], [1, 2]]), lambda x: q.Lattice.from_bonds(3, x)),
    "Drive": ("contact", TIMES, lambda x: q.Drive(np.arange(float(len(TIMES))), contact=x)),
    "quantum.evolve": ("times", TIMES, lambda x: q.evolve(TRIMER, particles=1, start=[1.0, 0.0, 0.0], times=x)),
    "evolve_in_imaginary_time": (
        "betas",
        TIMES,
        lambda x: q.evolve_in_imaginary_time(TRIMER, particles=1, start=[1.0, 0.0, 0.0], betas=x),
    ),
    "echoes": ("times", TIMES, lambda x: q.echoes(TRIMER, back=TRIMER, particles=1, start=[1.0, 0.0, 0.0], times=x)),
    "ThermalContact.evolve": ("times", TIMES, lambda x: CONTACT.evolve(x).entropy_production()),
    "canonical_state": ("energies", EDGE, lambda x: q.canonical_state(x, beta=0.5)),
    "gap_ratio": ("energies", np.array([0.0, 1.0, 3.0, 3.5]), q.gap_ratio),
    "LiebRobinson.bound": ("times", TIMES, BOND.bound),
    "compare_with_cut_bath": (
        "times",
        TIMES,
        lambda x: q.compare_with_cut_bath(ONE_SITE, system=CONTACT.system, bath=CONTACT.bath, within=1, times=x),
    ),
    "measurement_noise": ("x", NOISE, lambda x: e.measurement_noise(x, step=0.1)),
    "Currents.field": ("coefficients", np.arange(4.0), lambda x: e.Currents.linear(2).field(x, x=[1.0, 2.0])),
    "jump_rates times": ("times", np.arange(4.0), lambda x: e.jump_rates(e.Visits([0, 1, 0, 1], x, 5.0)).dwell),
    "gaussian_transfer_entropy": ("target", NOISE, lambda x: e.gaussian_transfer_entropy(x, source=SERIES)),
    "gaussian_transfer_entropy source": ("source", NOISE, lambda x: e.gaussian_transfer_entropy(SERIES, source=x)),
    "VectorAutoregression": ("noise", np.eye(2), lambda x: e.VectorAutoregression([[[0.5, 0.25], [0.0, 0.5]]], noise=x).covariance),
    "record": ("positions", SERIES, lambda x: l.conditional_moments(l.record(x, step=0.1), edges=[-1, 0, 2])),
    "record times": ("times", np.arange(300.0), lambda x: l.conditional_moments(l.record(SERIES, times=x), edges=[-1, 0, 2])),
    "record velocities": (
        "velocities",
        SERIES,
        lambda x: l.conditional_moments(l.record(SERIES, step=0.1, velocities=x), edges=[-1, 0, 2], velocities="given"),
    ),
    "conditional_moments edges": ("edges", EDGE, lambda x: l.conditional_moments(SERIES, step=0.1, edges=x)),
    "Grid.from_edges": ("edges", EDGE, l.Grid.from_edges),
    "MomentPass.push": ("positions", SERIES, lambda x: pushed(x)),
    "surfaces": (
        "density",
        EDGE,
        lambda x: l.surfaces(
            l.Profile(points=EDGE, density=x, mean_square_velocity=EDGE, mean_acceleration=EDGE), temperature=1.0
        ),
    ),
    "barrier": ("values", EDGE, lambda x: l.barrier([0.0, 1.0, 2.0], values=x)),
    "wells": ("values", EDGE, l.wells),
    "kernel_from_correlations": (
        "velocity",
        np.exp(-0.1 * np.arange(20.0)),
        lambda x: l.kernel_from_correlations(x, force=np.zeros(20), step=0.1),
    ),
    "integral_from_correlations": (
        "force",
        np.zeros(20),
        lambda x: l.integral_from_correlations(np.exp(-0.1 * np.arange(20.0)), force=x, step=0.1),
    ),
    "second_kind": ("kernel", EDGE, lambda x: l.second_kind(1.0, kernel=x, right_side=EDGE, step=0.1)),
    "ContinuedFraction": ("rates", EDGE, lambda x: l.ContinuedFraction.from_exponentials(EDGE, rates=x)),
    "DampedOscillator.autocovariance": ("times", TIMES, l.DampedOscillator(omega_squared=1.0).autocovariance),
    "linear_hierarchy": (
        "direction",
        np.array([1.0, 0.5]),
        lambda x: l.linear_hierarchy([[2.0, -1.0], [-1.0, 2.0]], direction=x, temperature=1.0),
    ),
    "linear_hierarchy stiffness": (
        "stiffness",
        np.array([[2.0, -1.0], [-1.0, 2.0]]),
        lambda x: l.linear_hierarchy(x, direction=[1.0, 0.5], temperature=1.0),
    ),
    "LinearDiffusion": ("drift", np.array([[1.5, 0.5], [0.25, 1.0]]), lambda x: l.linear.LinearDiffusion(x, 0.5).stationary()),
    "LinearDiffusion.at": ("mean", np.array([1.0, 0.5]), lambda x: TRAP.at((x, np.eye(2)), time=0.5)),
    "linear.split": (
        "covariance",
        np.array([[1.0, 0.25], [0.25, 2.0]]),
        lambda x: l.linear.split([[-1.0, 0.5], [0.0, -2.0]], covariance=x),
    ),
    "Oscillators": (
        "friction",
        np.array([0.5, 1.0]),
        lambda x: l.underdamped.Oscillators([[2.0, -1.0], [-1.0, 2.0]], x, 1.0).stationary(),
    ),
    "project": (
        "points",
        np.array([0.5, 1.0]),
        lambda x: l.projection.project(
            l.projection.PlanarSystem(lambda x, y: x**2 + y**2, lambda x, y: (2 * x, 2 * y), 1.0, 6.0),
            coordinate=l.projection.LevelSets.distance(0.0, 0.0),
            points=x,
        ),
    ),
    "GaussianProtocol.at": (
        "times",
        TIMES,
        lambda x: l.protocol.gaussian_ends(from_=(0.0, 1.0), to=(2.0, 0.5), duration=1.5).at(x),
    ),
    "displacement": ("to", EDGE, lambda x: l.protocol.displacement(from_=[0.0, 1.0, 2.0], to=x, duration=1.0)),
    "Quantiles.of_sample": (
        "positions",
        EDGE,
        lambda x: l.transport1d.Quantiles.of_sample(x).squared_distance(l.transport1d.Quantiles.of_sample(EDGE)),
    ),
    "Quantiles.of_histogram": (
        "weights",
        np.array([0.5, 0.25]),
        lambda x: l.transport1d.Quantiles.of_histogram(EDGE, weights=x).squared_distance(l.transport1d.Quantiles.of_sample(EDGE)),
    ),
}


def pushed(positions: Any) -> l.ConditionalMoments:
    """Moments of one chunk."""
    run = l.MomentPass(l.Grid.uniform(-1.0, 2.0, cells=3))
    run.push(positions, step=0.1)
    return run.moments()

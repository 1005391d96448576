"""Time as a parameter, stability, dual coordinates and games."""

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from irrev.information import (
    AgainstSteadyState,
    Game,
    Marginal,
    cooperative_optimum,
    equilibrium_gauge,
    excess_entropy_production,
    nash_equilibrium,
    nonlinear_stability,
    reaction_stability,
    sampled_irreversibility,
    short_time_uncertainty_optimum,
    simplex_coordinates,
    speed_of_reactions,
    speed_of_relaxation,
    tilted_equilibrium,
)
from irrev.network import Network, from_generator
from irrev.reactions import ReactionSystem, dual_coordinates
from judging import Answers, Case, Judged, Kind, deviation

Rows = list[Mapping[str, Callable[[], Any]]]


def rows(case: Case, found: Callable[[], Rows]) -> Callable[[], list[dict[str, Any]]]:
    """What every row of the file asks for; keys that its rows do not have are left out."""

    def answers() -> list[dict[str, Any]]:
        asked = case.expected["rows"]
        return [{key: row[key]() for key in wanted} for wanted, row in zip(asked, found(), strict=True)]

    return answers


def fisher_time(case: Case) -> Answers:
    inputs = case.inputs
    sizes = inputs["marg_dims"]
    first = [] if sizes is None else [Marginal.of_factor("first", dimensions=sizes, factor=0)]
    begin, end = inputs["integration_window"]
    found = cache(
        lambda: speed_of_relaxation(
            from_generator(inputs["W"]),
            start=inputs["p0"],
            from_=begin,
            to=end,
            times=inputs["times"],
            observables=[inputs["observable"]],
            marginals=first,
        )
    )

    def table() -> Rows:
        return [
            {
                "t": lambda at=at: at.time,
                "p": lambda at=at: at.distribution,
                "fisher": lambda at=at: at.fisher_information,
                "speed": lambda at=at: at.speed,
                "dfisher_dt": lambda at=at: at.fisher_information_rate,
                "mean": lambda at=at: at.observables[0].mean,
                "var": lambda at=at: at.observables[0].variance,
                "velocity": lambda at=at: at.observables[0].velocity,
                "cramer_rao_slack": lambda at=at: at.observables[0].slack,
                "efficiency": lambda at=at: at.observables[0].efficiency,
                "epr": lambda at=at: at.entropy_production_rate,
                "fisher_marginal": lambda at=at: at.marginals[0].fisher_information,
                "dfisher_marginal_dt": lambda at=at: at.marginals[0].fisher_information_rate,
            }
            for at in found().at
        ]

    def maxima() -> Judged:
        """Times within their own tolerance, values within that of numbers."""
        expected, got = case.expected["marginal_local_maxima"], found().marginals[0].maxima
        if len(expected) != len(got):
            return Judged(math.inf)
        within = float(case.tolerance["local_maxima_t_abs"])
        parts = [abs(g.time - e["t"]) / within for e, g in zip(expected, got, strict=True)]
        heights = ([e["fisher"] for e in expected], [g.fisher_information for g in got])
        return Judged(max([*parts, deviation(*heights, case.relative, case.absolute)], default=0.0))

    def falls() -> bool:
        """Constant rates: dI/dt ≤ 0 of the whole, which is checked at the times asked for."""
        return all(at.fisher_information_rate <= 0.0 for at in found().at)

    return {
        "rows": rows(case, table),
        "length": lambda: found().path.length.value,
        "action_integral_fisher": lambda: found().path.action.value,
        "geodesic": lambda: found().path.geodesic,
        "time_bound_L2_over_action": lambda: found().path.least_time,
        "geodesic_efficiency": lambda: found().path.geodesic_efficiency,
        "full_monotone": falls,
        "marginal_local_maxima": maxima,
        "marginal_monotone": lambda: found().marginals[0].monotone,
    }


def gp(case: Case) -> Answers:
    process, p = from_generator(case.inputs["W"]), case.inputs["p"]
    steady = process.stationary_distribution()
    found = cache(
        lambda: excess_entropy_production(
            process.flow(p), state=p, steady_flow=process.flow(steady), steady=steady
        )
    )
    return {
        "p_ss": lambda: steady,
        "gp_excess": lambda: found().resolved.excess,
        "minus_dKLdt": lambda: found().divergence_decay,
        "epr": lambda: found().resolved.entropy_production_rate,
        "housekeeping": lambda: found().housekeeping,
        "second_variation_lyapunov": lambda: found().second_variation,
        "d_second_variation_dt": lambda: found().second_variation_rate,
        "fisher": lambda: found().fisher_information,
    }


def against(case: Case, found: Callable[[], AgainstSteadyState]) -> Answers:
    """What both nonlinear rings ask for at p, with the uniform state as reference."""
    return {
        "pdot": lambda: found().excess.rate,
        "minus_dKLdt": lambda: found().excess.divergence_decay,
        "fisher": lambda: found().excess.fisher_information,
        "dfisher_dt": lambda: found().fisher_information_rate,
        "eigenvalue_re": lambda: found().eigenvalues[0].real,
        "eigenvalue_im_abs": lambda: abs(found().eigenvalues[0].imag),
        # "null" is an answer here: neither decays nor grows
        "stable": lambda: Judged(0.0 if found().stable == case.expected["stable"] else math.inf),
    }


def gp_nonlinear(case: Case) -> Answers:
    k, a, b = (float(case.inputs[name]) for name in ("k", "a", "b"))
    ring = Network.from_edges(3, [(0, 1), (1, 2), (2, 0)])
    found = cache(
        lambda: nonlinear_stability(
            ring,
            state=case.inputs["p"],
            steady=np.full(3, 1 / 3),
            rates=lambda p: (k + a * np.roll(p, -1) ** 2, np.full(3, b)),
        )
    )
    return {
        **against(case, found),
        "gp_excess": lambda: found().excess.resolved.excess,
        "epr": lambda: found().excess.resolved.entropy_production_rate,
    }


def gp_massaction(case: Case) -> Answers:
    k, b1, a, b2 = (float(case.inputs[name]) for name in ("k", "b1", "a", "b2"))
    places = ("p0", "p1", "p2")
    pairs = [(places[i], places[(i + 1) % 3]) for i in range(3)]
    reactions = ReactionSystem(
        places,
        reactions=[
            *[(f"A {x}", f"{x} <=> {y}", k, b1) for x, y in pairs],
            *[(f"B {x}", f"{x} + 2 {y} <=> 3 {y}", a, b2) for x, y in pairs],
        ],
    )
    found = cache(lambda: reaction_stability(reactions, amounts=case.inputs["p"], steady=np.full(3, 1 / 3)))
    return {
        **against(case, found),
        "gp_excess_channel_resolved": lambda: found().excess.resolved.excess,
        "gp_excess_lumped": lambda: found().excess.lumped.excess,
        "epr_channel_resolved": lambda: found().excess.resolved.entropy_production_rate,
        "epr_lumped": lambda: found().excess.lumped.entropy_production_rate,
    }


def dual(case: Case) -> Answers:
    inputs = case.inputs
    at = cache(lambda: simplex_coordinates(inputs["p"]))
    gauge = cache(
        lambda: equilibrium_gauge(inputs["p"], energies=inputs["E"], inverse_temperature=inputs["beta"])
    )
    return {
        "eta": lambda: at().eta,
        "theta": lambda: at().theta,
        "psi": lambda: at().psi,
        "phi": lambda: at().phi,
        "theta_eq": lambda: gauge().theta_equilibrium,
        "psi_eq": lambda: gauge().psi_equilibrium,
        "KL_to_eq": lambda: gauge().divergence,
        "beta_free_energy_excess": lambda: gauge().free_energy_excess,
        "theta_gauge": lambda: gauge().theta,
        "psi_gauge": lambda: gauge().psi,
        "phi_gauge": lambda: gauge().phi,
        "metric_eta": lambda: at().metric_eta,
    }


def tilted(case: Case) -> Answers:
    inputs = case.inputs
    found: Callable[[], Any] = cache(
        lambda: tilted_equilibrium(
            inputs["E"],
            inverse_temperature=inputs["beta"],
            observables=inputs["observables"],
            means=inputs["eta"],
        )
    )
    return {
        "theta": lambda: found().theta,
        "psi": lambda: found().psi,
        "min_ep": lambda: found().least_entropy_production,
        "q": lambda: found().distribution,
        "metric_theta": lambda: found().metric_theta,
    }


def chem_dual(case: Case) -> Answers:
    inputs = case.inputs
    at = cache(lambda: dual_coordinates(inputs["S"], equilibrium=inputs["x_eq"], extents=inputs["xi"]))
    return {
        "x": lambda: at().amounts,
        "chemical_potential_shift": lambda: at().chemical_potential_shift,
        "affinity": lambda: at().affinity,
        "gibbs_difference": lambda: at().gibbs_difference,
        "metric_xi": lambda: at().metric,
        "theta_dual": lambda: at().dual,
        "legendre_dual_potential": lambda: at().legendre_dual_potential,
    }


def crn_speed(case: Case) -> Answers:
    (k0, k1), (r0, r1) = case.inputs["kplus"], case.inputs["kminus"]
    reactions = ReactionSystem(["A", "B"], reactions=[("auto", "A + B <=> 2 B", k0, r0), ("turn", "A <=> B", k1, r1)])
    times = np.asarray(case.inputs["times"], dtype=float)
    # the clock starts with the first time
    found = cache(
        lambda: speed_of_reactions(
            reactions, start=case.inputs["x0"], to=times[-1] - times[0], times=times - times[0]
        )
    )

    def table() -> Rows:
        return [
            {
                "t": lambda t=t: t,
                "x": lambda at=at: at.amounts,
                "speed_squared": lambda at=at: at.speed_squared,
                "epr": lambda at=at: at.entropy_production_rate,
                "gibbs_difference": lambda at=at: at.divergence,
                "minus_dGdt": lambda at=at: at.divergence_decay,
            }
            for t, at in zip(times, found().at, strict=True)
        ]

    return {
        "rows": rows(case, table),
        "length": lambda: found().path.length.value,
        "x_eq": lambda: found().reference,
    }


def game(case: Case) -> Game:
    """Player 0 owns the edges of X, which come first."""
    inputs = case.inputs
    names = ("ax", "ay") if "ax" in inputs else ("gx", "gy")
    own, other = (np.atleast_1d(inputs[name]) for name in names)
    law = {"mean_flux" if "ax" in inputs else "conductance": np.concatenate([own, other])}
    return Game(
        inputs["B"],
        **law,
        owner=[0] * len(own) + [1] * len(other),
        weights=[inputs["lamX"], inputs["lamY"]],
        target=inputs["target"],
    )


def nash(case: Case) -> Answers:
    found = cache(lambda: nash_equilibrium(game(case)))
    together = cache(lambda: cooperative_optimum(game(case)))
    return {
        "J": lambda: found().currents,
        "partial_epr_X": lambda: found().partial_entropy_production[0],
        "partial_epr_Y": lambda: found().partial_entropy_production[1],
        "total": lambda: found().total,
        "penalty": lambda: found().penalty,
        "achieved": lambda: found().achieved,
        "cooperative_J": lambda: together().currents,
        "cooperative_total": lambda: together().total,
    }


def jump_tur(case: Case) -> Answers:
    process = from_generator(case.inputs["W"])
    steady = process.stationary_distribution()
    flow = process.flow(steady)

    def currents() -> dict[str, float]:
        """Net current from i to j by "i->j", whichever way the edge points."""
        by_pair: dict[str, float] = {}
        for edge, current in zip(process.network.edges, flow.current, strict=True):
            by_pair[f"{edge.from_}->{edge.to}"] = current
            by_pair[f"{edge.to}->{edge.from_}"] = -current
        return {pair: by_pair.get(pair, 0.0) for pair in case.expected["currents"]}

    def by_name() -> Judged:
        expected, got = case.expected["currents"], currents()
        pairs = [(value, got[pair]) for pair, value in expected.items()]
        return Judged(max((deviation(e, g, case.relative, case.absolute) for e, g in pairs), default=0.0))

    return {
        "p": lambda: steady,
        "epr": lambda: flow.entropy_production_rate,
        "short_time_tur_optimum": lambda: short_time_uncertainty_optimum(flow),
        "gap": lambda: flow.entropy_production_rate - short_time_uncertainty_optimum(flow),
        "currents": by_name,
        "kld_rate_dt005": lambda: sampled_irreversibility(process, distribution=steady, dt=0.05),
    }


KINDS: dict[str, Kind] = {
    "fisher_time": fisher_time,
    "gp": gp,
    "gp_nonlinear": gp_nonlinear,
    "gp_massaction": gp_massaction,
    "dual": dual,
    "tilted": tilted,
    "chem_dual": chem_dual,
    "crn_speed": crn_speed,
    "nash": nash,
    "nash_nonlinear": nash,
    "jump_tur": jump_tur,
}

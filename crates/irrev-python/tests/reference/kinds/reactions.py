"""Mass-action networks by amounts: states, relaxations, limit cycles, W₂ of one reaction, and their information geometry."""

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from irrev.reactions import (
    ReactionSystem,
    divergence,
    divergence_decay,
    dual_coordinates,
    evolve,
    fisher_speed,
    from_arrays,
    geometric_decomposition,
    glansdorff_prigogine_excess,
    information_geometric_decomposition,
    limit_cycle,
    one_reaction_distance,
    scaled_diffusion,
    steady_state,
    structure,
    uncertainty_products,
)
from judging import Answers, Case, Judged, Kind


def system(inputs: Mapping[str, Any]) -> ReactionSystem:
    reactions = inputs["reactions_nuplus_numinus_kplus_kminus"]
    left, right, forward, backward = zip(*reactions, strict=True)
    return from_arrays(
        inputs["species"], reactants=left, products=right, forward_rate=forward, backward_rate=backward
    )


def same_span(expected: list[list[float]], found: np.ndarray) -> Judged:
    """Whether two sets of rows have one number and one span."""
    if len(expected) != len(found):
        return Judged(math.inf)
    if not expected:
        return Judged(0.0)
    together = np.vstack([np.asarray(expected, dtype=float), found.astype(float)])
    return Judged(0.0 if np.linalg.matrix_rank(together) == len(expected) else math.inf)


def reaction_state(case: Case) -> Answers:
    reactions = system(case.inputs)
    flow = reactions.flow(case.inputs["x"])
    split = cache(lambda: geometric_decomposition(flow))
    found = cache(lambda: structure(reactions))
    return {
        "J": lambda: flow.current,
        "F": lambda: flow.force,
        "L": lambda: flow.onsager_coefficient,
        "dxdt": lambda: flow.rate_of_change,
        "epr": lambda: flow.entropy_production_rate,
        "epr_excess": lambda: split().excess,
        "epr_housekeeping": lambda: split().housekeeping,
        "epr_excess_infogeom": lambda: information_geometric_decomposition(flow).excess,
        "D": lambda: scaled_diffusion(flow),
        "tur": lambda: uncertainty_products(flow),
        "tur_excess": lambda: uncertainty_products(flow, dissipation=split().excess),
        "rank": lambda: found().rank,
        "conservation": lambda: same_span(case.expected["conservation"], found().conservation_laws),
        "cycles": lambda: same_span(case.expected["cycles"], found().cycles),
    }


def reaction_relaxation(case: Case) -> Answers:
    path = cache(lambda: evolve(system(case.inputs), start=case.inputs["x0"], duration=case.inputs["tau"]))

    def budget() -> Any:
        return path().budget

    return {
        "x_tau": lambda: path().final_amounts,
        "EP": lambda: budget().entropy_production,
        "EP_excess": lambda: budget().excess,
        "intD": lambda: budget().diffusion,
        "W2_length_of_path": lambda: budget().wasserstein_length,
        "tau_bound": lambda: path().speed_limits,
    }


def reaction_limit_cycle(case: Case) -> Answers:
    inputs = case.inputs
    section = (inputs["section_species"], inputs["section_value"])
    cycle = cache(lambda: limit_cycle(system(inputs), start=inputs["x_start"], section=section))
    return {
        "period": lambda: cycle().period,
        "x_section": lambda: cycle().amounts,
        "EP_period": lambda: cycle().budget.entropy_production,
        "EPex_period": lambda: cycle().budget.excess,
        "EPhk_period": lambda: cycle().budget.housekeeping,
        "epr_mean": lambda: cycle().budget.entropy_production / cycle().period,
        "epr_excess_mean": lambda: cycle().budget.excess / cycle().period,
        "W2_length_of_cycle": lambda: cycle().budget.wasserstein_length,
        "intD": lambda: cycle().budget.diffusion,
    }


def w2_one_reaction(case: Case) -> Answers:
    inputs = case.inputs
    left, right, forward, backward = inputs["reaction"]
    one = from_arrays(
        [f"species {i}" for i in range(len(left))],
        reactants=[left],
        products=[right],
        forward_rate=[forward],
        backward_rate=[backward],
    )
    return {
        "W2": lambda: one_reaction_distance(one, origin=inputs["a0"], from_=inputs["xi0"], to=inputs["xi1"]).value,
        # information: the same number with more digits
        "W2_digits": lambda: Judged(0.0),
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
    start, times = case.inputs["x0"], case.inputs["times"]
    path = cache(lambda: evolve(reactions, start=start, duration=times[-1] - times[0], times=np.subtract(times, times[0])))
    equilibrium = cache(lambda: steady_state(reactions, start=start).amounts)

    def row(x: np.ndarray) -> dict[str, Callable[[], Any]]:
        return {
            "x": lambda: x,
            "speed_squared": lambda: fisher_speed(reactions, amounts=x).information,
            "epr": lambda: reactions.flow(x).entropy_production_rate,
            "gibbs_difference": lambda: divergence(x, equilibrium()),
            "minus_dGdt": lambda: divergence_decay(reactions, amounts=x, steady=equilibrium()),
        }

    def rows() -> list[Any]:
        """What every row of the file asks for, at its time."""
        found = []
        for expected, x in zip(case.expected["rows"], path().amounts, strict=True):
            answers = row(x)
            found.append({key: expected["t"] if key == "t" else answers[key]() for key in expected})
        return found

    def length() -> float:
        """∫ √I dt by Gauss's rule on 8 equal pieces of 16 points, along a path known to 1e-10."""
        nodes, weights = np.polynomial.legendre.leggauss(16)
        edges = np.linspace(0.0, times[-1] - times[0], 9)
        half = np.diff(edges) / 2
        at = (edges[:-1, None] + edges[1:, None]) / 2 + half[:, None] * nodes
        along = evolve(reactions, start=start, duration=edges[-1], times=at.ravel(), budget=False).amounts
        speeds = [math.sqrt(fisher_speed(reactions, amounts=x).information) for x in along]
        return float((half[:, None] * weights).ravel() @ speeds)

    return {"rows": rows, "length": length, "x_eq": equilibrium}


def uniform(reactions: ReactionSystem, case: Case) -> tuple[Answers, Any, Any]:
    """What both nonlinear rings ask for at p, with the uniform state as reference."""
    p = np.asarray(case.inputs["p"], dtype=float)
    even = np.full(3, 1 / 3)
    flow, steady = reactions.flow(p), reactions.flow(even)

    @cache
    def eigenvalue() -> complex:
        """One of the two that are not the conserved sum's zero."""
        values = np.linalg.eigvals(reactions.jacobian(even))
        return complex(max(values, key=lambda v: abs(v)))

    def stable() -> Judged:
        real = eigenvalue().real
        answer = None if abs(real) < 1e-9 else real < 0
        return Judged(0.0 if answer == case.expected["stable"] else math.inf)

    answers = {
        "pdot": lambda: reactions.rate_of_change(p),
        "minus_dKLdt": lambda: divergence_decay(reactions, amounts=p, steady=even),
        "fisher": lambda: fisher_speed(reactions, amounts=p).information,
        "dfisher_dt": lambda: fisher_speed(reactions, amounts=p).rate_of_change,
        "eigenvalue_re": lambda: eigenvalue().real,
        "eigenvalue_im_abs": lambda: abs(eigenvalue().imag),
        "stable": stable,
    }
    return answers, flow, steady


PLACES = ("p0", "p1", "p2")


def hop(i: int) -> str:
    return f"{PLACES[i]} <=> {PLACES[(i + 1) % 3]}"


def gp_nonlinear(case: Case) -> Answers:
    parameters = {name: float(case.inputs[name]) for name in ("k", "a", "b")}
    reactions = ReactionSystem(
        PLACES,
        reactions=[
            (f"hop {i}", hop(i), f"(k + a*{PLACES[(i + 1) % 3]}^2)*{PLACES[i]}", f"b*{PLACES[(i + 1) % 3]}")
            for i in range(3)
        ],
        parameters=parameters,
    )
    answers, flow, steady = uniform(reactions, case)
    return {
        **answers,
        "gp_excess": lambda: glansdorff_prigogine_excess(flow, steady=steady),
        "epr": lambda: flow.entropy_production_rate,
    }


def gp_massaction(case: Case) -> Answers:
    k, b1, a, b2 = (float(case.inputs[name]) for name in ("k", "b1", "a", "b2"))
    apart = ReactionSystem(
        PLACES,
        reactions=[
            *[(f"A {i}", hop(i), k, b1) for i in range(3)],
            *[(f"B {i}", f"{PLACES[i]} + 2 {PLACES[(i + 1) % 3]} <=> 3 {PLACES[(i + 1) % 3]}", a, b2) for i in range(3)],
        ],
    )
    lumped = ReactionSystem(
        PLACES,
        reactions=[
            (f"lumped {i}", hop(i), f"k*{x} + a*{x}*{y}^2", f"b1*{y} + b2*{y}^3")
            for i, (x, y) in enumerate((PLACES[i], PLACES[(i + 1) % 3]) for i in range(3))
        ],
        parameters={"k": k, "b1": b1, "a": a, "b2": b2},
    )
    answers, flow, steady = uniform(apart, case)
    _, flow_lumped, steady_lumped = uniform(lumped, case)
    return {
        **answers,
        "gp_excess_channel_resolved": lambda: glansdorff_prigogine_excess(flow, steady=steady),
        "gp_excess_lumped": lambda: glansdorff_prigogine_excess(flow_lumped, steady=steady_lumped),
        "epr_channel_resolved": lambda: flow.entropy_production_rate,
        "epr_lumped": lambda: flow_lumped.entropy_production_rate,
    }


KINDS: dict[str, Kind] = {
    "reaction_state": reaction_state,
    "reaction_relaxation": reaction_relaxation,
    "reaction_limit_cycle": reaction_limit_cycle,
    "w2_one_reaction": w2_one_reaction,
    "chem_dual": chem_dual,
    "crn_speed": crn_speed,
    "gp_nonlinear": gp_nonlinear,
    "gp_massaction": gp_massaction,
}

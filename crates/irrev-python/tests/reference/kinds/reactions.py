"""Mass-action networks by amounts: states, relaxations, limit cycles, and W₂ of one reaction."""

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from irrev.reactions import (
    ReactionSystem,
    evolve,
    from_arrays,
    geometric_decomposition,
    information_geometric_decomposition,
    limit_cycle,
    one_reaction_distance,
    scaled_diffusion,
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


KINDS: dict[str, Kind] = {
    "reaction_state": reaction_state,
    "reaction_relaxation": reaction_relaxation,
    "reaction_limit_cycle": reaction_limit_cycle,
    "w2_one_reaction": w2_one_reaction,
}

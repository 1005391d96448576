"""Second laws of parts, steps of chains as projections, and the log-linear hierarchy."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from irrev.information import (
    SecondLaws,
    chain,
    coarse_grained,
    conditional_current,
    hierarchy,
    multibody_information_flow,
    product_process,
    second_laws,
    spin_coordinates,
)
from irrev.network import log_ratio
from judging import Answers, Case, Judged, Kind

from .information import Rows, rows

LETTERS = "abcg"
"""Parts of the transporter, in the order of its sizes."""


def of_parts(found: Callable[[], SecondLaws], name: str) -> Callable[[], list[float]]:
    """One number per part."""
    return lambda: [getattr(part, name) for part in found().parts]


def bipartite4(case: Case) -> Answers:
    process = product_process(case.inputs["W"], sizes=case.inputs["dims"])
    given = case.inputs.get("p", "stationary")
    p = process.stationary_distribution() if given == "stationary" else given
    found = cache(lambda: second_laws(process, distribution=p))
    return {
        "p": lambda: p,
        "epr": lambda: found().entropy_production_rate,
        "partial_epr": of_parts(found, "entropy_production_rate"),
        "environment_flow": of_parts(found, "environment_flow"),
        "marginal_entropy_rate": of_parts(found, "marginal_entropy_rate"),
        "information_flow": of_parts(found, "information_flow"),
        "dIdt": lambda: found().total_correlation_rate,
        "activity": of_parts(found, "activity"),
        "second_law_slack": of_parts(found, "second_law_slack"),
    }


def transporter16(case: Case) -> Answers:
    process = product_process(case.inputs["W"], sizes=case.inputs["dims"])
    steady = process.stationary_distribution()
    flow = process.flow(steady)
    found = cache(lambda: second_laws(process, distribution=steady))
    parameters = case.inputs.get("parameters", {})

    def multibody() -> dict[str, Any]:
        split = multibody_information_flow(flow, distribution=steady)
        return {f"order{n + 2}": order for n, order in enumerate(split.orders)}

    def taken_up(site: str) -> float:
        return conditional_current(flow, part=str(LETTERS.index(site)), from_="0", to="1", while_in={"2": "0"})

    def drive(site: str) -> float:
        outside, inside = parameters[f"c{site}"]
        return float(log_ratio(outside, inside))

    def coarse() -> dict[str, dict[str, Any]]:
        views = {}
        for letters in case.expected["coarse"]:
            kept = [LETTERS.index(letter) for letter in letters]
            seen = coarse_grained(flow, distribution=steady, kept=kept)
            views[letters] = {
                "p": seen.distribution,
                "partial_epr": [part.entropy_production_rate for part in seen.laws.parts],
                "information_flow": [part.information_flow for part in seen.laws.parts],
                "environment_flow": [part.environment_flow for part in seen.laws.parts],
                "epr": seen.laws.entropy_production_rate,
            }
        return views

    return {
        "p": lambda: steady,
        "epr": lambda: found().entropy_production_rate,
        "partial_epr": of_parts(found, "entropy_production_rate"),
        "environment_flow": of_parts(found, "environment_flow"),
        "information_flow": of_parts(found, "information_flow"),
        "multibody_information_flow": multibody,
        "flux_a_outside_to_inside": lambda: taken_up("a"),
        "flux_b_outside_to_inside": lambda: taken_up("b"),
        "dmu_a": lambda: drive("a"),
        "dmu_b": lambda: drive("b"),
        "epr_from_fluxes": lambda: taken_up("a") * drive("a") + taken_up("b") * drive("b"),
        "coarse": coarse,
    }


def projection4(case: Case) -> Answers:
    inputs = case.inputs
    both = chain.MarkovChain.from_kernels([inputs["TX"], inputs["TY"]])
    sizes = np.shape(inputs["TX"])[1:]
    given = inputs.get("p", "stationary")
    p = both.stationary_distribution() if given == "stationary" else given
    found = cache(lambda: chain.step_of_parts(both, sizes=sizes, distribution=p))
    return {
        "p": lambda: p,
        "D_total": lambda: found().total.divergence,
        "D_X": lambda: found().partial[0],
        "D_Y": lambda: found().partial[1],
        "nonadditivity": lambda: found().nonadditivity,
        "stochastic_interaction": lambda: found().stochastic_interaction,
        "TE_X_to_Y": lambda: found().transfer_entropy[0, 1],
        "TE_Y_to_X": lambda: found().transfer_entropy[1, 0],
        "D_total_over_dt": lambda: found().total.divergence / inputs["dt"],
        "D_X_over_dt": lambda: found().partial[0] / inputs["dt"],
        "D_Y_over_dt": lambda: found().partial[1] / inputs["dt"],
    }


def projection_chain(case: Case) -> Answers:
    steps = chain.MarkovChain(case.inputs["T"])
    given = case.inputs.get("p", "stationary")
    p = steps.stationary_distribution() if given == "stationary" else given
    back = cache(lambda: chain.backward_projection(steps, distribution=p))
    symmetric = cache(lambda: chain.symmetric_projections(steps.two_time(p)))
    return {
        "p": lambda: p,
        "D_backward": lambda: back().divergence,
        "D_symmetric_m": lambda: symmetric().m_divergence,
        "D_symmetric_e": lambda: symmetric().e_divergence,
        "entropy_change": lambda: back().entropy_change,
    }


def log_linear(case: Case) -> Answers:
    found = cache(lambda: hierarchy(case.inputs["p"], sizes=case.inputs["dims"]))
    # of two spins the pair model is the whole
    of_pairs = [q.distribution for q in found().projections if q.order == 2]
    pairs = cache(lambda: spin_coordinates(of_pairs[0] if of_pairs else case.inputs["p"], order=2))
    return {
        "KL_to_order": lambda: found().divergences,
        "total_correlation": lambda: found().total_correlation,
        "pythagoras": lambda: found().pythagoras,
        "theta_order2_pm1_basis": lambda: pairs().natural,
        "eta_order2_pm1_basis": lambda: pairs().mean,
        "psi_order2": lambda: pairs().log_partition,
    }


def te_binary(case: Case) -> Answers:
    inputs = case.inputs
    both = chain.MarkovChain.from_kernels([inputs["TX"], inputs["TY"]])
    sizes = np.shape(inputs["TX"])[1:]
    stationary = cache(both.stationary_distribution)

    def transfer(source: int, target: int, row: dict[str, Any]) -> float:
        return chain.transfer_entropy(both, sizes=sizes, source=source, target=target, k=row["k"], l=row["l"])

    def table() -> Rows:
        return [
            {
                "k": lambda row=row: row["k"],
                "l": lambda row=row: row["l"],
                "TE_Y_to_X": lambda row=row: transfer(1, 0, row),
                "TE_X_to_Y": lambda row=row: transfer(0, 1, row),
            }
            for row in case.expected["rows"]
        ]

    return {
        "stationary": stationary,
        "rows": rows(case, table),
        "instantaneous_MI": lambda: hierarchy(stationary(), sizes=sizes).total_correlation,
        # "nats per step", for a reader
        "unit": lambda: Judged(0.0),
    }


KINDS: dict[str, Kind] = {
    "bipartite4": bipartite4,
    "transporter16": transporter16,
    "projection4": projection4,
    "projection_chain": projection_chain,
    "te_binary": te_binary,
}

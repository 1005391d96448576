"""Wasserstein distances on networks."""

import math
from functools import cache

from irrev.network import MarkovJump, Network, total_variation
from irrev.transport import Wasserstein2, wasserstein1, wasserstein2
from judging import Answers, Case, Judged, Kind, deviation


def w1_network(case: Case) -> Answers:
    network = Network.from_edges(case.inputs["n"], case.inputs["edges"])
    ends = (case.inputs["p0"], case.inputs["p1"])
    return {
        "W1": lambda: wasserstein1(network, *ends, lengths=case.inputs["lengths"]).distance,
        "TV": lambda: total_variation(*ends),
    }


def certified(case: Case) -> Wasserstein2:
    """W₂ with an interval a tenth as wide as the tolerance of the case, as far as one can be asked for."""
    process = MarkovJump.from_rates(case.inputs["n"], case.inputs["edges"])
    tol = min(max(0.1 * case.relative, 1e-10), 0.1)
    return wasserstein2(process, case.inputs["p0"], case.inputs["p1"], tol=tol)


def w2_network(case: Case) -> Answers:
    found = cache(lambda: certified(case))

    def midpoint() -> Judged:
        absolute = case.tolerance.get("midpoint_abs")
        relative, absolute = (case.relative, case.absolute) if absolute is None else (0.0, float(absolute))
        return Judged(deviation(case.expected["midpoint"], found().at(0.5).state, relative, absolute))

    not_compared = dict.fromkeys(
        ("W2_digits", "dual_bound_sq", "midpoint_rule_N24", "midpoint_rule_N48"), lambda: Judged(0.0)
    )
    return {
        "W2": lambda: found().distance,
        "W2sq": lambda: found().distance ** 2,
        "midpoint": midpoint,
        **not_compared,
    }


def w2_point_masses(case: Case) -> Answers:
    found = cache(lambda: certified(case))
    return {
        "W2_lower": lambda: Judged(0.0 if case.expected["W2_lower"] <= found().distance else math.inf),
        "W2_upper": lambda: Judged(0.0 if found().distance <= case.expected["W2_upper"] else math.inf),
        "W2_mid": lambda: Judged(0.0),
    }


def w2_product_graph(case: Case) -> Answers:
    """By factors: independent parts move independently, and the squares add up."""
    rate = case.inputs["rate"]

    def factor(states: int, start: list[float], end: list[float]) -> float:
        path = MarkovJump.from_rates(states, [(i, i + 1, rate, rate) for i in range(states - 1)])
        return wasserstein2(path, start, end, tol=1e-7).distance ** 2

    @cache
    def squares() -> list[float]:
        factors = zip(case.inputs["dims"], case.inputs["factors0"], case.inputs["factors1"], strict=True)
        return [factor(*one) for one in factors]

    return {
        "factor_W2sq": squares,
        "W2sq": lambda: sum(squares()),
        "W2": lambda: math.sqrt(sum(squares())),
        "W2_digits": lambda: Judged(0.0),
    }


KINDS: dict[str, Kind] = {
    "w1_network": w1_network,
    "w2_two_states": w2_network,
    "w2_network": w2_network,
    "w2_point_masses": w2_point_masses,
    "w2_product_graph": w2_product_graph,
}

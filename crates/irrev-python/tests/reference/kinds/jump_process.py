"""Jump processes: stationary, over long times, and over an interval; and the answers to processes that have none."""

import math
from functools import cache

import numpy as np

from irrev import ModelError
from irrev.network import (
    CountDistribution,
    closed_classes,
    count_distribution,
    counting_statistics,
    current_moments,
    entropy_moments,
    evolve,
)
from judging import Answers, Case, Judged, Kind

from .channels import process as build


def jump_process(case: Case) -> Answers:
    inputs, expected = case.inputs, case.expected
    process = build(inputs)
    pairs = len(inputs.get("pairs", []))
    one_way = len(inputs.get("directed_edges", []))

    @cache
    def weights() -> list[float]:
        return [*inputs["observable"]["weights_forward"], *[0.0] * one_way]

    stationary = cache(process.stationary_distribution)
    steady = cache(lambda: process.flow(stationary()))
    statistics = cache(lambda: counting_statistics(process))
    observable = cache(lambda: statistics().scaled_cumulants(weights(), order=4).values)
    moments = cache(lambda: current_moments(process, weights=weights(), start=inputs["p0"], t=inputs["t"]))
    entropy = cache(lambda: entropy_moments(process, start=inputs["p0"], t=inputs["t"]))

    def stationary_or_refusal() -> np.ndarray | Judged:
        if expected["stationary"] != "not unique":
            return stationary()
        # refused with the states of every class named, and each class has its own distribution
        try:
            stationary()
        except ModelError as refusal:
            classes = closed_classes(process)
            named = all(str(i) in str(refusal) for c in classes for i in c.states)
            return Judged(0.0 if named and len(classes) > 1 else math.inf)
        return Judged(math.inf)

    def entropy_production_rate() -> float | Judged:
        if expected["epr"] != "infinite":
            return steady().entropy_production_rate
        # infinite, with the edge named
        flagged = {steady().network.edges[e].name for e in steady().one_way_edges}
        right = steady().entropy_production_rate == math.inf and flagged == set(process.one_way_edges)
        return Judged(0.0 if right and flagged else math.inf)

    def generating_function() -> list[tuple[float, float]]:
        tilts = [chi for chi, _ in expected["scgf_of_medium_entropy"]]
        found = statistics().scaled_generating_function(process.medium_entropy_change, chi=tilts)
        return list(zip(tilts, found.value, strict=True))

    @cache
    def counts() -> CountDistribution:
        """Wide enough that what lies beyond weighs nothing: 40 standard deviations of the number of jumps and 60 more."""
        jumps = float(np.max(process.exit_rates)) * inputs["t"]
        asked = [abs(n) for n in expected.get("net_steps", [])]
        asked += [abs(row[0]) for row in expected.get("log_ratio_P_N_over_P_minus_N", [])]
        largest = max([math.ceil(jumps + 40 * math.sqrt(jumps) + 60), *asked])
        return count_distribution(process, steps=[1] * pairs, start=inputs["p0"], t=inputs["t"], largest=largest)

    def probability(n: int) -> float:
        return counts().probability(n)

    def log_ratios() -> list[tuple[int, float]]:
        listed = [row[0] for row in expected["log_ratio_P_N_over_P_minus_N"]]
        return [(n, math.log(probability(n) / probability(-n))) for n in listed]

    return {
        "stationary": stationary_or_refusal,
        "pair_currents": lambda: steady().current[:pairs],
        "epr": entropy_production_rate,
        "activity_rate": lambda: steady().activity,
        "observable_scaled_cumulants_1_to_4": observable,
        "entropy_scaled_cumulants_1_to_4": lambda: statistics().entropy_cumulants(order=4).values,
        "tur_ratio_var_times_epr_over_2_mean_squared": lambda: (
            observable()[1] * steady().entropy_production_rate / (2 * observable()[0] ** 2)
        ),
        "scgf_of_medium_entropy": generating_function,
        "p_at_t": lambda: evolve(process, p=inputs["p0"], t=inputs["t"]).distribution,
        "observable_mean_at_t": lambda: moments().mean,
        "observable_var_at_t": lambda: moments().variance,
        "total_entropy_mean_at_t": lambda: entropy().mean,
        "total_entropy_var_at_t": lambda: entropy().variance,
        "ift_mean_exp_minus_total_entropy": lambda: entropy().integral_fluctuation,
        "sd_of_exp_minus_total_entropy": lambda: entropy().integral_fluctuation_sd,
        "mean_exp_minus_total_entropy": lambda: entropy().integral_fluctuation,
        "missing_weight": lambda: entropy().missing_weight,
        # the counts asked for stand in the expected values: they are an input
        "net_steps": lambda: expected["net_steps"],
        "probability": lambda: [probability(n) for n in expected["net_steps"]],
        "entropy_per_step": lambda: process.medium_entropy_change[0],
        "log_ratio_P_N_over_P_minus_N": log_ratios,
        "probability_sigma_negative": lambda: counts().probabilities[counts().counts < 0].sum(),
    }


KINDS: dict[str, Kind] = {"jump_process": jump_process}

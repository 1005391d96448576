"""First-passage times."""

import math
from functools import cache

import numpy as np

from irrev.network import FirstPassage, MarkovJump
from irrev.network import first_passage as statistics
from judging import Answers, Case, Kind

from .channels import process as build


def first_passage(case: Case) -> Answers:
    inputs = case.inputs
    process = build(inputs)
    times = [row[0] for row in case.expected.get("cdf", [])]
    if isinstance(inputs["start"], list):
        start = np.array(inputs["start"])
    else:
        start = np.eye(inputs["states"])[inputs["start"]]
    passage = cache(lambda: statistics(process, start=start, targets=inputs["targets"], times=times))
    return {
        "mean": lambda: passage().mean,
        "variance": lambda: passage().variance,
        "third_central_moment": lambda: passage().third_central_moment,
        "skewness": lambda: passage().skewness,
        "fourth_raw_moment": lambda: passage().fourth_raw_moment,
        "cdf": lambda: list(zip(times, passage().cumulative, strict=True)),
        "splitting_probabilities": lambda: passage().splitting_probabilities,
        "conditional_means": lambda: passage().conditional_means,
    }


SMALLEST = 1e-18
"""Probability of coming back from the cut end of a walk, far below rounding."""


def current_threshold(case: Case) -> Answers:
    """The net steps on a uniform ring are a walk on the whole numbers, cut where it does not come back from."""
    inputs = case.inputs
    up, down = float(inputs["pairs"][0]["kf"]), float(inputs["pairs"][0]["kr"])
    reach = math.ceil(-math.log(SMALLEST) / abs(math.log(up / down))) + 1

    def walk(below: int, above: int) -> MarkovJump:
        """Steps from -below to above."""
        rungs = [(i, i + 1, up, down) for i in range(below + above)]
        return MarkovJump.from_rates(below + above + 1, rungs)

    @cache
    def passage() -> FirstPassage:
        chain = walk(reach, inputs["threshold"])
        last = reach + inputs["threshold"]
        return statistics(chain, start=np.eye(last + 1)[reach], targets=[last])

    def reaching_minus(steps: int) -> float:
        chain = walk(steps, reach)
        start = np.eye(steps + reach + 1)[steps]
        return float(statistics(chain, start=start, targets=[0, steps + reach]).splitting_probabilities[0])

    listed = [m for m, _ in case.expected.get("probability_ever_reaching_minus", [])]
    return {
        "mean": lambda: passage().mean,
        "variance": lambda: passage().variance,
        "probability_ever_reaching_minus": lambda: [(m, reaching_minus(m)) for m in listed],
    }


KINDS: dict[str, Kind] = {"first_passage": first_passage, "current_threshold": current_threshold}

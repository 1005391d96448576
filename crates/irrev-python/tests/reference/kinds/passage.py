"""First-passage times."""

from functools import cache

import numpy as np

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


KINDS: dict[str, Kind] = {"first_passage": first_passage}

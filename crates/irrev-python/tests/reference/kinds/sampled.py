"""Jump processes by trajectories: what their kinds know from `ssa_z` on."""

import math
from functools import cache

import numpy as np

from irrev.network import periodic_state
from irrev.simulation import JumpEnsemble, sample_driven_process, sample_jump_process
from judging import Case, Sampled, Sampler

from .channels import process as build
from .driven import two_level, two_state
from .sampling import LARGEST_SPREAD, Sampling


def jump_process(case: Case) -> Sampled:
    inputs, expected, sampling = case.inputs, case.expected, Sampling(case)
    process = build(inputs)
    pairs, edges = len(inputs.get("pairs", [])), len(process.forward_rate)
    knows_entropy = any("total_entropy" in key for key in expected) and not process.one_way_edges

    @cache
    def ensemble() -> JumpEnsemble:
        currents = {"net steps": [1.0] * pairs + [0.0] * (edges - pairs)}
        if "observable" in inputs:
            currents["observable"] = [*inputs["observable"]["weights_forward"], *[0.0] * (edges - pairs)]
        return sample_jump_process(
            process,
            start=inputs["p0"],
            horizon=inputs["t"],
            times=[inputs["t"]],
            currents=currents,
            total_entropy="ends" if knows_entropy else None,
            trajectories=sampling.n,
            seed=sampling.seed,
            keep=True,
        )

    def mean(observable: str, key: str) -> float:
        spread = expected[key.replace("_mean_", "_var_")]
        return sampling.mean(ensemble().mean_of(observable), expected[key], spread)

    def variance(observable: str, key: str) -> float:
        return sampling.variance(ensemble().variance_of(observable), expected[key])

    def exponential_average() -> float:
        spread = expected.get("sd_of_exp_minus_total_entropy")
        if spread is None or spread > LARGEST_SPREAD:
            return 0.0
        found = ensemble().integral_fluctuation
        assert found is not None
        return sampling.mean(found.mean, expected["ift_mean_exp_minus_total_entropy"], spread**2)

    def net_steps() -> float:
        steps = ensemble().samples_of("net steps")
        found = [int((steps == n).sum()) for n in expected["net_steps"]]
        return sampling.probabilities(found, expected["probability"])

    if "p0" not in inputs or "t" not in inputs:
        return {}
    return {
        "p_at_t": lambda: sampling.probabilities(ensemble().occupations[0].tolist(), expected["p_at_t"]),
        "observable_mean_at_t": lambda: mean("observable", "observable_mean_at_t"),
        "observable_var_at_t": lambda: variance("observable", "observable_var_at_t"),
        "total_entropy_mean_at_t": lambda: mean("total_entropy", "total_entropy_mean_at_t"),
        "total_entropy_var_at_t": lambda: variance("total_entropy", "total_entropy_var_at_t"),
        "ift_mean_exp_minus_total_entropy": exponential_average,
        "probability": net_steps,
    }


def driven_two_level(case: Case) -> Sampled:
    inputs, expected, sampling = case.inputs, case.expected, Sampling(case)
    process, energy = two_level(inputs)

    @cache
    def ensemble() -> JumpEnsemble:
        return sample_driven_process(
            process,
            start=inputs["p0"],
            horizon=inputs["tau"],
            energies=[0, energy],
            times=[inputs["tau"]],
            trajectories=sampling.n,
            seed=sampling.seed,
        )

    return {
        "mean_work": lambda: sampling.mean(ensemble().mean_of("work"), expected["mean_work"], expected["var_work"]),
        "var_work": lambda: sampling.variance(ensemble().variance_of("work"), expected["var_work"]),
        "p_end": lambda: sampling.probabilities(ensemble().occupations[0].tolist(), expected["p_end"]),
    }


def periodic_two_state(case: Case) -> Sampled:
    """One period from the periodic state: it must return to it, and its averages are those of the period."""
    expected, sampling = case.expected, Sampling(case)
    process, period = two_state(case.inputs)

    @cache
    def ensemble() -> JumpEnsemble:
        return sample_driven_process(
            process,
            start=periodic_state(process, period=period).distribution,
            horizon=period,
            times=[period],
            trajectories=sampling.n,
            seed=sampling.seed,
        )

    def rate(observable: str, key: str) -> float:
        found = ensemble().mean_of(observable)
        return sampling.within(found.value, expected[key] * period, found.standard_error)

    return {
        "p1_at_t0": lambda: sampling.probability(int(ensemble().occupations[0, 1]), expected["p1_at_t0"]),
        "jump_rate_period_average": lambda: rate("jumps", "jump_rate_period_average"),
        "epr_period_average": lambda: rate("medium_entropy", "epr_period_average"),
    }


def first_passage(case: Case) -> Sampled:
    inputs, expected, sampling = case.inputs, case.expected, Sampling(case)
    process = build(inputs)
    start = inputs["start"] if isinstance(inputs["start"], list) else np.eye(inputs["states"])[inputs["start"]]

    @cache
    def ensemble() -> JumpEnsemble:
        return sample_jump_process(
            process,
            start=start,
            horizon=math.inf,
            targets=inputs["targets"],
            trajectories=sampling.n,
            seed=sampling.seed,
            keep=True,
        )

    def cumulative() -> float:
        times = ensemble().samples_of("duration")
        return max(sampling.probability(int((times <= t).sum()), p) for t, p in expected["cdf"])

    def splitting() -> float:
        names = [process.network.states[state] for state in inputs["targets"]]
        found = [ensemble().endings[name] for name in names]
        return sampling.probabilities(found, expected["splitting_probabilities"])

    return {
        "mean": lambda: sampling.mean(ensemble().mean_of("duration"), expected["mean"], expected["variance"]),
        "variance": lambda: sampling.variance(ensemble().variance_of("duration"), expected["variance"]),
        "cdf": cumulative,
        "splitting_probabilities": splitting,
    }


def current_threshold(case: Case) -> Sampled:
    inputs, expected, sampling = case.inputs, case.expected, Sampling(case)
    process = build(inputs)
    states = inputs["states"]

    @cache
    def ensemble() -> JumpEnsemble:
        return sample_jump_process(
            process,
            start=np.full(states, 1 / states),
            horizon=math.inf,
            running=np.ones(len(process.forward_rate)),
            upper=float(inputs["threshold"]),
            trajectories=sampling.n,
            seed=sampling.seed,
        )

    return {
        "mean": lambda: sampling.mean(ensemble().mean_of("duration"), expected["mean"], expected["variance"]),
        "variance": lambda: sampling.variance(ensemble().variance_of("duration"), expected["variance"]),
    }


SAMPLERS: dict[str, Sampler] = {
    "jump_process": jump_process,
    "driven_two_level": driven_two_level,
    "periodic_two_state": periodic_two_state,
    "first_passage": first_passage,
    "current_threshold": current_threshold,
}

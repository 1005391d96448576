"""Reactions on molecule counts: the master equation, and trajectories."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from irrev.reactions import CountSystem, StationaryCounts, TransientMoments, stationary_counts, transient_moments
from irrev.simulation import Ensemble, simulate
from judging import Answers, Case, Kind, Sampled, Sampler

from .sampling import Sampling

OPTIONS = {"x0", "t", "truncation"}
"""Numbers among the inputs that are no parameters of propensities."""

INFORMATION = {"states", "residual", "truncation_mass_at_edge"}


def species(inputs: Mapping[str, Any]) -> list[str]:
    return list(inputs.get("species", ["X"]))


def side(text: str, names: list[str]) -> dict[str, float]:
    """Coefficients of the species on one side of an equation; other names are held or eliminated."""
    found: dict[str, float] = {}
    for term in text.split("+"):
        match = re.fullmatch(r"\s*(\d*)\s*([A-Za-z_]\w*)?\s*", term)
        assert match, f"no term of an equation: {term!r}"
        if match[2] in names:
            found[match[2]] = found.get(match[2], 0.0) + float(match[1] or 1)
    return found


def system(inputs: Mapping[str, Any]) -> CountSystem:
    names = species(inputs)
    parameters = {k: float(v) for k, v in inputs.items() if isinstance(v, int | float) and k not in OPTIONS}
    reactions = []
    for entry in inputs["reactions"]:
        if "equation" not in entry:
            parameters |= {k: float(v) for k, v in entry.items()}
            continue
        plain = re.sub(r"\(.*?\)", "", entry["equation"])
        left, right = re.split(r"<-+>|<=+>|-+>", plain)
        reverse = entry.get("reverse") or 0.0
        reactions.append((entry["id"], side(left, names), side(right, names), entry["forward"], reverse))
    initial = inputs["x0"] if isinstance(inputs["x0"], Mapping) else {names[0]: inputs["x0"]}
    return CountSystem(names, reactions=reactions, parameters=parameters, initial=dict(initial))


def crn(case: Case) -> Answers:
    inputs, expected = case.inputs, case.expected
    molecules = system(inputs)
    names = molecules.species
    bounds = inputs.get("truncation")

    @cache
    def stationary() -> StationaryCounts:
        if bounds is None:
            return stationary_counts(molecules, tol=1e-25)
        # the box of the case, whatever its edge holds
        return stationary_counts(molecules, bounds=bounds, grow=False, tol=1.0)

    @cache
    def at_the_end() -> TransientMoments:
        return transient_moments(molecules, times=[inputs["t"]], tol=1e-14)

    @cache
    def transient() -> list[dict[str, Any]]:
        times = [entry["t"] for entry in expected["transient"]]
        found = transient_moments(molecules, times=times, bounds=bounds, tol=1e-12)
        return [
            {
                "t": t,
                "mean": dict(zip(names, found.means[k], strict=True)),
                "var": dict(zip(names, found.variances[k], strict=True)),
                # information: how well the reference kept its probability
                "total_probability_error": expected["transient"][k].get("total_probability_error"),
            }
            for k, t in enumerate(times)
        ]

    def by_species(values: Any, key: str) -> Any:
        """A number for a single species, or a number by name, as the case has it."""
        return dict(zip(names, values, strict=True)) if isinstance(expected[key], Mapping) else values[0]

    def by_reaction(values: Any) -> dict[str, float]:
        return dict(zip([r.name for r in molecules.reactions], values, strict=True))

    return {
        "mean": lambda: at_the_end().means[0, 0],
        "var": lambda: at_the_end().variances[0, 0],
        "stationary_mean": lambda: by_species(stationary().means, "stationary_mean"),
        "stationary_var": lambda: by_species(stationary().variances, "stationary_var"),
        "stationary_epr": lambda: stationary().entropy_production_rate,
        "transient": transient,
        "epr_total": lambda: stationary().entropy_production_rate,
        "epr_by_channel": lambda: by_reaction(stationary().entropy_production_rate_by_reaction),
        "channel_currents": lambda: by_reaction(stationary().currents),
        "entropy_flow_to_medium": lambda: stationary().entropy_flow_to_medium,
        **{key: lambda key=key: expected[key] for key in INFORMATION},
    }


def sampled_crn(case: Case) -> Sampled:
    inputs, expected, sampling = case.inputs, case.expected, Sampling(case)
    molecules = system(inputs)

    @cache
    def ensemble(*times: float) -> Ensemble:
        return simulate(molecules, times=times, trajectories=sampling.n, seed=sampling.seed)

    def compared(name: str, time: int, times: tuple[float, ...], mean: float, variance: float) -> float:
        found = ensemble(*times)
        return max(
            sampling.mean(found.mean_of(name, time=time), mean, variance),
            sampling.variance(found.variance_of(name, time=time), variance),
        )

    def at_the_end() -> float:
        return compared(molecules.species[0], 0, (inputs["t"],), expected["mean"], expected["var"])

    def transient() -> float:
        entries = expected["transient"]
        times = tuple(entry["t"] for entry in entries)
        return max(
            compared(name, k, times, entry["mean"][name], entry["var"][name])
            for k, entry in enumerate(entries)
            for name in entry["mean"]
        )

    return {"mean": at_the_end, "transient": transient}


KINDS: dict[str, Kind] = {"crn": crn}
SAMPLERS: dict[str, Sampler] = {"crn": sampled_crn}

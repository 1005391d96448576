"""Kinetic Ising networks: enumerated, by mean-field theories, and with infinitely many spins.

A tolerance that a case does not name is zero here.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np

from irrev.ising import (
    InfiniteNetwork,
    KineticIsing,
    independent_distribution,
    mean_field,
    parallel_stationary_state,
    parallel_step,
    sequential_stationary_state,
)
from judging import Answers, Case, Judged, Kind, deviation

from .mixed_fields import MixedFields

NEAR_CRITICAL, WIDER = 1e-3, 1e-6
"""Within this of β_c, relative to it, an infinite network is compared with this absolute tolerance."""

THEORIES: dict[str, mean_field.Theory] = {
    "naive_mf": "naive",
    "tap": "TAP",
    "plefka_t_o1": "Plefka[t], order 1",
    "plefka_t_o2": "Plefka[t], order 2",
    "plefka_tm1_o1": "Plefka[t-1]",
    "plefka2_t_o2": "Plefka2[t]",
}
"""Names of the theories in reference files."""

Moments = Mapping[str, Any]


def within(case: Case, answers: Answers, *, absolute: str = "abs", least: float = 0.0) -> Answers:
    """The same answers, judged with the tolerances that the case names; the absolute one at least so wide."""
    relative = float(case.tolerance.get("rel", 0.0))
    allowed = max(float(case.tolerance.get(absolute, 0.0)), least)

    def judged(key: str, answer: Callable[[], Any]) -> Callable[[], Judged]:
        return lambda: Judged(deviation(case.expected[key], answer(), relative, allowed))

    return {key: judged(key, answer) for key, answer in answers.items()}


def given(case: Case) -> KineticIsing:
    return KineticIsing(case.inputs["J"], case.inputs["H"], float(case.inputs.get("beta", 1.0)))


def enum_sync(case: Case) -> Answers:
    network = given(case)
    found = cache(lambda: parallel_stationary_state(network))
    antisymmetric = network.couplings - network.couplings.T

    def antisymmetric_formula() -> float:
        m = found().magnetizations
        return float(network.beta * (antisymmetric * (found().delayed_correlations + np.outer(m, m))).sum())

    def flow_formula() -> float:
        """⟨Σ tanh(h_i) β [(Js)_i - (Jᵀs)_i]⟩."""
        states = network.states()
        terms = np.tanh(network.local_fields(states)) * network.beta * (states @ antisymmetric.T)
        return float(found().distribution @ terms.sum(axis=1))

    return within(
        case,
        {
            "m": lambda: found().magnetizations,
            "C": lambda: found().equal_time,
            "D_delayed": lambda: found().delayed_correlations,
            "EP": lambda: found().entropy_production,
            "EP_antisym": antisymmetric_formula,
            "EP_flow": flow_formula,
            "EP_per_spin_terms": lambda: found().entropy_production_of_spins,
            "S_cond": lambda: found().conditional_entropy,
            "S_rev": lambda: found().reversed_entropy,
            "S_state": lambda: found().state_entropy,
            "p_stationary": lambda: found().distribution,
        },
    )


def enum_async(case: Case) -> Answers:
    network = given(case)
    found = cache(lambda: sequential_stationary_state(network, self_couplings="keep"))

    def short_formula() -> float:
        """Σ_i ⟨(tanh h_i - s_i) h_i⟩."""
        states = network.states()
        h = network.local_fields(states)
        return float(found().distribution @ ((np.tanh(h) - states) * h).sum(axis=1))

    return within(
        case,
        {
            "m": lambda: found().magnetizations,
            "C": lambda: found().equal_time,
            "EP_rate": lambda: found().entropy_production_rate,
            "EP_rate_short": short_formula,
            "activity": lambda: found().activity,
            "S_attempt": lambda: found().attempt_entropy,
            "S_state": lambda: found().state_entropy,
            "p_stationary": lambda: found().distribution,
        },
    )


def infinite(case: Case) -> InfiniteNetwork:
    """The network of a case; a constant may be written as an empty interval."""
    name, *parameters = case.inputs["field"]
    if name == "const":
        (fields,) = parameters
    elif name == "uniform":
        low, high = parameters
        fields = low if low == high else ("uniform", low, high)
    else:
        raise ValueError(f'no law of fields "{name}" of infinite networks')
    beta = float(case.inputs.get("beta", 1.0))
    return InfiniteNetwork(beta, float(case.inputs["delta_J"]), float(case.inputs["J0"]), fields)


def nearly_critical(network: InfiniteNetwork) -> bool:
    """Whether β is so close to β_c that order parameters lose half of their digits."""
    balanced = network.fields == 0.0 or (isinstance(network.fields, tuple) and network.fields[1] == -network.fields[2])
    critical = network.critical_beta() if balanced else None
    return critical is not None and abs(network.beta / critical - 1.0) < NEAR_CRITICAL


def sk_of_mixed_fields(case: Case) -> Answers:
    _, values, weights = case.inputs["field"]
    network = MixedFields(case.inputs["beta"], case.inputs["delta_J"], case.inputs["J0"], values, weights)
    return within(
        case,
        {
            "m": lambda: network.magnetization,
            "q": lambda: network.overlap,
            "k": lambda: network.gain,
            "S_cond": lambda: network.conditional_entropy,
            "EP_sync": lambda: network.parallel_entropy_production,
            "S_rev": lambda: network.conditional_entropy + network.parallel_entropy_production,
            "EP_async": lambda: network.sequential_entropy_production_rate,
            "overlap_1mC": lambda: network.forgotten,
            "C_slope0": lambda: network.initial_slope,
        },
    )


def sk(case: Case) -> Answers:
    if case.inputs["field"][0] == "discrete":
        return sk_of_mixed_fields(case)
    network = infinite(case)
    found = cache(lambda: network.sequential_state(branch="up"))
    return within(
        case,
        {
            "m": lambda: found().order.magnetization,
            "q": lambda: found().order.overlap,
            "k": lambda: found().order.gain,
            "S_cond": lambda: found().order.conditional_entropy,
            "EP_sync": lambda: found().order.entropy_production,
            "S_rev": lambda: found().order.reversed_entropy,
            "EP_async": lambda: found().entropy_production_rate,
            "overlap_1mC": lambda: found().forgotten,
            "C_slope0": lambda: -2.0 * found().flip_rate,
        },
        least=WIDER if nearly_critical(network) else 0.0,
    )


def crit(case: Case) -> Answers:
    found = infinite(case).critical_beta()
    if case.expected["beta_c"] == "none":
        return {"beta_c": lambda: Judged(0.0 if found is None else float("inf"))}
    return within(case, {"beta_c": lambda: found})


def plefka(case: Case) -> Answers:
    """Theories and enumeration from the same independent spins; each is fed with its own last step."""
    network, m0, steps = given(case), case.inputs["m0"], int(case.inputs["steps"])

    @cache
    def exact() -> list[Moments]:
        p = independent_distribution(m0)
        found: list[Moments] = []
        for _ in range(steps):
            step = parallel_step(network, distribution=p)
            found.append({"m": step.magnetizations, "C": step.equal_time, "D": step.delayed_correlations})
            p = step.distribution
        return found

    @cache
    def by(theory: mean_field.Theory) -> list[Moments]:
        state = mean_field.MeanFieldState.independent(m0)
        found: list[Moments] = []
        for _ in range(steps):
            state = mean_field.step(network, before=state, theory=theory)
            found.append({"m": state.magnetizations, "C": state.equal_time, "D": state.delayed})
        return found

    def errors() -> dict[str, list[float]]:
        compared = mean_field.compare_theories(network, start=m0, steps=steps)
        columns = {name: compared.theories.index(theory) for name, theory in THEORIES.items()}
        tables = (compared.magnetization_error, compared.equal_time_error, compared.delayed_error)
        return {
            f"{name} step {row + 1}": [table[row, column] for table in tables]
            for name, column in columns.items()
            for row in range(steps)
        }

    theories = {name: lambda theory=theory: by(theory) for name, theory in THEORIES.items()}
    return {
        **within(case, {"exact": exact}, absolute="exact_abs"),
        **within(case, {**theories, "rms_error_against_exact_mCD": errors}),
    }


KINDS: dict[str, Kind] = {
    "enum-sync": enum_sync,
    "enum-async": enum_async,
    "sk": sk,
    "crit": crit,
    "plefka": plefka,
}

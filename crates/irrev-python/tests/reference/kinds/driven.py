"""Two states with rates that depend on time."""

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

from irrev.network import (
    DrivenJump,
    Energetics,
    Network,
    driven_process,
    entropy,
    periodic_state,
    work_statistics,
)
from judging import Answers, Case, Kind


def two_level(inputs: Mapping[str, Any]) -> tuple[DrivenJump, str]:
    """The process, and the energy of its upper state."""
    network = Network(["0", "1"], reservoirs=["bath"], channels=[("jump", "0", "1", "bath")])
    energy = "(E1_start + (E1_end - E1_start)*t/tau)"
    parameters = {name: float(inputs[name]) for name in ("E1_start", "E1_end", "tau", "gamma", "beta")}
    rates = ([f"gamma*exp(-beta*{energy}/2)"], [f"gamma*exp(beta*{energy}/2)"])
    return DrivenJump(network, rates=rates, parameters=parameters), energy


def two_state(inputs: Mapping[str, Any]) -> tuple[DrivenJump, float]:
    """The process and its period."""
    parameters = {name: float(inputs.get(name, 1.0)) for name in ("A", "w", "k")}
    rates = (["k*exp(A*cos(w*t)/2)"], ["k*exp(-A*cos(w*t)/2)"])
    process = DrivenJump(Network.from_edges(2, [(0, 1)]), rates=rates, parameters=parameters)
    return process, 2 * math.pi / parameters["w"]


def driven_two_level(case: Case) -> Answers:
    inputs = case.inputs
    process, energy = two_level(inputs)
    network = process.network
    start, beta, tau = inputs["p0"], float(inputs["beta"]), float(inputs["tau"])
    end = cache(lambda: driven_process(process, start=start, to=tau).final_distribution)
    work = cache(lambda: work_statistics(process, energies=[0, energy], inverse_temperature=beta, start=start, to=tau))

    def levels(e1: float) -> Energetics:
        return Energetics.thermal(network, energies=[0.0, e1], temperatures=[1 / beta])

    before, after = levels(inputs["E1_start"]), levels(inputs["E1_end"])

    def free_energy_change() -> float:
        first, last = (e.free_energy(e.gibbs_distribution("bath"), reservoir="bath") for e in (before, after))
        return last - first

    def heat_absorbed() -> float:
        return after.mean_energy(end()) - before.mean_energy(start) - work().mean

    return {
        "mean_work": lambda: work().mean,
        "var_work": lambda: work().variance,
        "delta_F": free_energy_change,
        "mean_exp_minus_beta_W": lambda: work().exponential_average,
        "mean_heat_absorbed": heat_absorbed,
        "mean_dissipated_work": lambda: work().mean - free_energy_change(),
        "total_entropy_production": lambda: entropy(end()) - entropy(start) - beta * heat_absorbed(),
        "p_end": end,
    }


def periodic_two_state(case: Case) -> Answers:
    process, period = two_state(case.inputs)
    state = cache(lambda: periodic_state(process, period=period))
    return {
        "p1_at_t0": lambda: state().distribution[1],
        "epr_period_average": lambda: state().record.entropy_production / period,
        "jump_rate_period_average": lambda: state().record.activity / period,
    }


KINDS: dict[str, Kind] = {"driven_two_level": driven_two_level, "periodic_two_state": periodic_two_state}

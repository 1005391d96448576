"""Logarithmic means, and the thermodynamics of a jump network at a state."""

from functools import cache

import numpy as np

from irrev.network import (
    MarkovJump,
    fundamental_cycles,
    geometric_decomposition,
    gradient_flow_identity,
    hatano_sasa_decomposition,
    information_geometric_decomposition,
    logarithmic_mean,
    logarithmic_mean_gradient,
)
from judging import Answers, Case, Judged, Kind, deviation


def logarithmic_means(case: Case) -> Answers:
    def rows() -> list[list[float | None]]:
        found: list[list[float | None]] = []
        for (a, b), asked in zip(case.inputs["pairs"], case.expected["L_dLda_dLdb"], strict=True):
            # the gradient is asked for positive arguments only
            gradient = logarithmic_mean_gradient(a, b) if any(v is not None for v in asked[1:]) else (None, None)
            found.append([logarithmic_mean(a, b), *gradient])
        return found

    return {"L_dLda_dLdb": rows}


def jump_network_state(case: Case) -> Answers:
    process = MarkovJump.from_rates(case.inputs["n"], case.inputs["edges"])
    p = np.array(case.inputs.get("p", np.full(case.inputs["n"], 1 / case.inputs["n"])))
    flow = process.flow(p)
    stationary = cache(process.stationary_distribution)
    steady = cache(lambda: process.flow(stationary()))
    geometric = cache(lambda: geometric_decomposition(flow))
    hatano_sasa = cache(lambda: hatano_sasa_decomposition(process, distribution=p, stationary=stationary()))
    basis = cache(lambda: fundamental_cycles(process.network))
    vectors = cache(lambda: basis().vectors(process.network))
    affinities = cache(lambda: basis().affinities(process))

    def listed_basis() -> bool:
        listed = case.expected.get("cycle_vectors")
        return listed is None or np.array_equal(np.reshape(listed, (-1, len(flow.current))), vectors())

    def by_cycle(got: np.ndarray) -> Judged | np.ndarray:
        """Values per cycle are compared in the listed basis only."""
        return got if listed_basis() else Judged(0.0)

    def by_current(current: np.ndarray, whole: str) -> Judged | np.ndarray:
        """In another basis the sum of currents times affinities is compared."""
        got = basis().currents(current)
        if listed_basis():
            return got
        total = case.expected.get(whole)
        return Judged(deviation(total, got @ affinities(), case.relative, case.absolute))

    return {
        "stationary": stationary,
        "J": lambda: flow.current,
        "F": lambda: flow.force,
        "L": lambda: flow.onsager_coefficient,
        "ss_J": lambda: steady().current,
        "ss_F": lambda: steady().force,
        "ss_L": lambda: steady().onsager_coefficient,
        "ss_epr": lambda: steady().entropy_production_rate,
        "dpdt": lambda: flow.rate_of_change,
        "Fstar": lambda: geometric().excess_force,
        "epr": lambda: flow.entropy_production_rate,
        "epr_excess": lambda: geometric().excess,
        "epr_housekeeping": lambda: geometric().housekeeping,
        "adiabatic": lambda: hatano_sasa().adiabatic,
        "nonadiabatic": lambda: hatano_sasa().nonadiabatic,
        "activity": lambda: flow.activity,
        "mobility": lambda: flow.mobility,
        "epr_excess_infogeom": lambda: information_geometric_decomposition(flow).excess,
        "n_cycles": lambda: len(basis().cycles),
        "cycle_vectors": lambda: by_cycle(vectors()),
        "cycle_affinities": lambda: by_cycle(affinities()),
        "cycle_currents_ss": lambda: by_current(steady().current, "ss_epr"),
        "cycle_currents_housekeeping": lambda: by_current(geometric().housekeeping_current, "epr_housekeeping"),
    }


def gradient_flow(case: Case) -> Answers:
    process = MarkovJump.from_rates(case.inputs["n"], case.inputs["edges"])
    identity = cache(lambda: gradient_flow_identity(process, distribution=case.inputs["p"]))
    return {
        "residual": lambda: identity().residual,
        "db_defect": lambda: identity().detailed_balance_defect,
        "dDdt": lambda: identity().relative_entropy_rate,
        "epr": lambda: identity().entropy_production_rate,
    }


KINDS: dict[str, Kind] = {
    "logarithmic_mean": logarithmic_means,
    "jump_network_state": jump_network_state,
    "gradient_flow_identity": gradient_flow,
}

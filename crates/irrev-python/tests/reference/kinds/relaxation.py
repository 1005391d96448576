"""Integrals along a relaxation."""

from functools import cache

from irrev.network import MarkovJump, relative_entropy, relaxation
from judging import Answers, Case, Kind


def relaxation_integrals(case: Case) -> Answers:
    process = MarkovJump.from_rates(case.inputs["n"], case.inputs["edges"])
    start = case.inputs["p0"]
    path = cache(lambda: relaxation(process, start=start, duration=case.inputs["tau"], tol=1e-10))
    stationary = cache(process.stationary_distribution)
    return {
        "p_tau": lambda: path().final_distribution,
        "epr_0": lambda: process.flow(start).entropy_production_rate,
        "D0": lambda: relative_entropy(start, stationary()),
        "Dtau": lambda: relative_entropy(path().final_distribution, stationary()),
        "EP": lambda: path().entropy_production,
        "EPex": lambda: path().excess,
        "EPhk": lambda: path().housekeeping,
        "EPad": lambda: path().adiabatic,
        "EPna": lambda: path().nonadiabatic,
        "activity": lambda: path().activity,
        "mobility": lambda: path().mobility,
        "len_ex": lambda: path().wasserstein_length,
        "flow": lambda: path().flow,
    }


KINDS: dict[str, Kind] = {"relaxation_integrals": relaxation_integrals}

"""Simulated networks of many spins against infinite size, per spin.

An average over draws passes within four of the standard errors that a case states and its relative tolerance, which is what finite size may cost.
"""

from functools import cache

from irrev.ising import EnsembleAverage, ensemble_average
from judging import Answers, Case, Judged, Kind

from .ising import infinite

ERRORS = 4.0

REPLICAS = {"sync": 48, "async": 8}
"""Copies of each network."""

QUANTITIES = {
    "EP_sync": "entropy_production",
    "EP_async": "entropy_production",
    "S_cond": "conditional_entropy",
    "flips": "activity",
}
"""Names in reference files."""


def sim(case: Case) -> Answers:
    given, update = case.inputs, case.inputs["update"]
    network = infinite(case)

    @cache
    def found() -> EnsembleAverage:
        return ensemble_average(
            int(given["N"]),
            couplings=("gaussian", network.mean_coupling, network.spread, 0.0),
            fields=network.fields,
            beta=network.beta,
            update="parallel" if update == "sync" else "sequential",
            draws=int(given["draws"]),
            replicas=REPLICAS[update],
            burn_in=int(given["burn_in"]),
            measured=int(given["measured"]),
            start="up",
        )

    def judged(key: str) -> Judged:
        expected = case.expected[key]
        allowed = ERRORS * float(expected["own_se"]) + float(case.tolerance["rel"]) * abs(float(expected["infinite"]))
        return Judged(abs(getattr(found(), QUANTITIES[key]).value - float(expected["infinite"])) / allowed)

    return {key: lambda key=key: judged(key) for key in QUANTITIES}


KINDS: dict[str, Kind] = {"sim": sim}

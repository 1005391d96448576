"""Uncertainty relations."""

from functools import cache

from irrev.network import MarkovJump, counting_statistics, uncertainty_relation
from judging import Answers, Case, Kind


def uncertainty(case: Case) -> Answers:
    process = MarkovJump.from_rates(case.inputs["n"], case.inputs["edges"])
    statistics = counting_statistics(process)
    flow = process.flow(statistics.stationary_distribution)
    relation = cache(lambda: uncertainty_relation(statistics, stationary_flow=flow, weights=case.inputs["weights"]))
    return {
        "mean": lambda: relation().mean,
        "variance_rate": lambda: relation().variance_rate,
        "epr": lambda: relation().entropy_production_rate,
        "activity": lambda: relation().activity,
        "tur_product": lambda: relation().thermodynamic_product,
        "kur_product": lambda: relation().kinetic_product,
        "short_time_tur_product": lambda: relation().short_time_product,
    }


KINDS: dict[str, Kind] = {"uncertainty_relation": uncertainty}

"""Normal distributions and linear processes: speed in a trap, transfer entropy, integrated information, chains of beads."""

from functools import cache
from typing import Any

import numpy as np

from irrev.information import (
    OrnsteinUhlenbeck,
    SampledDiffusion,
    VectorAutoregression,
    integrated_information,
)
from judging import Answers, Case, Kind

from .information import Rows, rows


def gauss_speed(case: Case) -> Answers:
    inputs = case.inputs
    trap = OrnsteinUhlenbeck(stiffness=inputs["k"], diffusion=inputs["D"], centre=inputs["m_target"])
    found = cache(
        lambda: trap.speed(
            mean=inputs["m0"], variance=inputs["V0"], duration=inputs["tau"], times=inputs["times"]
        )
    )

    def table() -> Rows:
        return [
            {
                "t": lambda at=at: at.time,
                "mean": lambda at=at: at.mean,
                "var": lambda at=at: at.variance,
                "fisher": lambda at=at: at.fisher_information,
                "speed": lambda at=at: at.speed,
                "epr": lambda at=at: at.entropy_production_rate,
                "cr_slack_for_x": lambda at=at: at.slack,
            }
            for at in found().at
        ]

    return {
        "rows": rows(case, table),
        "length": lambda: found().path.length.value,
        "action": lambda: found().path.action.value,
        "geodesic": lambda: found().path.geodesic,
        "tau_lower_bound": lambda: found().path.least_time,
        "efficiency_L2_over_tauJ": lambda: found().path.action_efficiency,
        "ep_total": lambda: found().entropy_production,
    }


def te_ar1(case: Case) -> Answers:
    pair = VectorAutoregression(case.inputs["A"], case.inputs["Q"])

    def table() -> Rows:
        lengths = [{"k": row["k"], "l": row["l"]} for row in case.expected["rows"]]
        return [
            {
                "k": lambda steps=steps: steps["k"],
                "l": lambda steps=steps: steps["l"],
                "TE_Y_to_X": lambda steps=steps: pair.transfer_entropy(source=[1], target=[0], **steps),
                "TE_X_to_Y": lambda steps=steps: pair.transfer_entropy(source=[0], target=[1], **steps),
            }
            for steps in lengths
        ]

    def infinite() -> dict[str, float]:
        return {
            "TE_Y_to_X": pair.transfer_entropy_of_all_history(source=[1], target=[0]),
            "TE_X_to_Y": pair.transfer_entropy_of_all_history(source=[0], target=[1]),
        }

    return {
        "covariance": lambda: pair.covariance,
        "rows": rows(case, table),
        "infinite_history": infinite,
        "instantaneous_MI": lambda: pair.instantaneous_information([0], [1]),
        "irreversibility_per_step": pair.irreversibility,
        "stochastic_interaction": lambda: pair.stochastic_interaction([[0], [1]]),
    }


def phi_gauss(case: Case) -> Answers:
    process = VectorAutoregression(case.inputs["A"], case.inputs["Q"])
    found = cache(lambda: integrated_information(process))
    return {
        "phi_G": lambda: found().value,
        "phi_G_diagonal": lambda: found().diagonal,
        "stochastic_interaction": lambda: found().stochastic_interaction,
        "past_future_MI": lambda: found().past_future_information,
        "covariance": lambda: process.covariance,
    }


def beads(case: Case) -> Answers:
    # files write dx = A x dt + √(2D) dW
    chain = SampledDiffusion(np.negative(case.inputs["A"]), case.inputs["D"])
    n = chain.dimension
    ends = np.zeros((n, n))
    ends[n - 1, 0], ends[0, n - 1] = 1.0, -1.0

    def finite_dt() -> list[dict[str, Any]]:
        found = []
        for dt in (row["dt"] for row in case.expected["finite_dt"]):
            currents = chain.currents(dt)
            found.append(
                {
                    "dt": dt,
                    "tur_value_of_optimal_force": currents.bound(chain.optimal_force),
                    "mean_rate": currents.mean_rate(chain.optimal_force),
                    "mtur_all_linear": currents.bound_of_all_linear(),
                    "mtur_antisymmetric": currents.bound_of_rotations(),
                    "kld_rate_pair": chain.sampled(dt).irreversibility() / dt,
                }
            )
        return found

    return {
        "epr": lambda: chain.entropy_production_rate,
        "covariance": lambda: chain.covariance,
        "optimal_force_matrix": lambda: chain.optimal_force,
        "end_to_end_rotation_tur": lambda: chain.short_time_bound(ends),
        "finite_dt": finite_dt,
    }


KINDS: dict[str, Kind] = {
    "gauss_speed": gauss_speed,
    "te_ar1": te_ar1,
    "phi_gauss": phi_gauss,
    "beads": beads,
}

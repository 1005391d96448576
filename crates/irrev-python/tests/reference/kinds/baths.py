"""Jump networks between several heat baths."""

from functools import cache

from irrev.network import (
    Energetics,
    MarkovJump,
    Network,
    Symmetric,
    clausius_sum,
    energy_budget,
    geometric_decomposition,
    relaxation,
)
from judging import Answers, Case, Kind


def several_baths(case: Case) -> Answers:
    energies, channels = case.inputs["energies"], case.inputs["edges_x_y_gamma_T"]
    temperatures = sorted({float(row[3]) for row in channels})
    baths = [f"T = {t!r}" for t in temperatures]
    states = [str(i) for i in range(len(energies))]
    network = Network(
        states,
        reservoirs=baths,
        channels=[
            (f"channel {e}", states[x], states[y], f"T = {float(t)!r}") for e, (x, y, _, t) in enumerate(channels)
        ],
    )
    energetics = Energetics.thermal(network, energies=energies, temperatures=temperatures)
    rates = [Symmetric(float(row[2]), 0.5).rates(energetics, edge=e) for e, row in enumerate(channels)]
    process = MarkovJump(network, forward_rate=[r[0] for r in rates], backward_rate=[r[1] for r in rates])
    p = case.inputs["p"]
    flow = process.flow(p)
    stationary = cache(process.stationary_distribution)
    steady = cache(lambda: process.flow(stationary()))
    budget = cache(lambda: energy_budget(flow, distribution=p, energetics=energetics))
    steady_budget = cache(lambda: energy_budget(steady(), distribution=stationary(), energetics=energetics))
    split = cache(lambda: geometric_decomposition(flow))
    path = cache(lambda: relaxation(process, start=p, duration=case.inputs["tau"], tol=1e-11))
    clausius = cache(lambda: clausius_sum(process, energetics=energetics, start=p, relaxation=path()))
    return {
        "edges": lambda: [(e.from_, e.to, *rates[i]) for i, e in enumerate(network.edges)],
        "heat_to_bath": lambda: dict(zip(temperatures, budget().heat, strict=True)),
        "dSdt": lambda: budget().entropy_rate,
        "epr": lambda: flow.entropy_production_rate,
        "epr_excess": lambda: split().excess,
        "epr_housekeeping": lambda: split().housekeeping,
        "stationary": stationary,
        "ss_heat_to_bath": lambda: dict(zip(temperatures, steady_budget().heat, strict=True)),
        "ss_epr": lambda: steady().entropy_production_rate,
        "p_tau": lambda: path().final_distribution,
        "dS_tau": lambda: clausius().entropy_change,
        "heat_tau": lambda: dict(zip(temperatures, clausius().heat, strict=True)),
        "EP_tau": lambda: clausius().total,
    }


KINDS: dict[str, Kind] = {"several_baths": several_baths}

"""How long does the distance W₂ with its geodesic take, and what is known of its error?"""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from harness.bumps import bump, cube, outer, travelling
from harness.networks import grid
from harness.report import CaseResult, seconds
from harness.task import Case, Irrev, Measurement, Peer, Target, save_inputs

TWO, GRID, CUBE, LARGE = "two states", "8 × 8 grid", "6-cube", "32 × 32 grid"
NOTES = (
    "All rates 1, each pair of states counted once. Two states: (0.9, 0.1) to (0.2, 0.8). 6-cube: six such pairs of states, independent of each other. Grids: a "
    "bump to another one, both products of a row and a column.",
    "irrev works to the relative width of the interval of W₂² that its row names, and proves it. graphot and jgot (the same method, primal–dual first order, "
    "in C++ and in JAX) give a number without error; steps and iterations are such that they come to about 1e-3, beyond which more iterations "
    "change little: the rest is their discretisation of time. Both handle reversible networks without parallel channels only.",
    "jgot compiles itself in its first call: that is timed apart, and “distance” is the second call.",
    "The error is |W₂ − the exact value| / W₂. Exact: squares of distances add over the factors of a product; two states by quadrature with 40 digits, chains by "
    "collocation of the geodesic equations, independent of irrev, to about 1e-10.",
)
#: Steps of time and iterations of the peers; `exact` is W₂² as a sum over factors.
CASES = (
    Case(TWO, {"factors": 1, "tolerances": [1e-10], "steps": 32, "iterations": 5000, "calls": 20, "exact": [1.0520443239354773]}, 3),
    Case(GRID, {"side": 8, "tolerances": [1e-4, 1e-6], "steps": 16, "iterations": 2000, "exact": [12.302226154745249, 7.037560648316599]}, 5, peer_repetitions=1),
    Case(CUBE, {"factors": 6, "tolerances": [1e-6], "steps": 16, "iterations": 400, "exact": [1.0520443239354773] * 6}, 5, peer_repetitions=2),
    Case(LARGE, {"side": 32, "tolerances": [1e-3], "steps": 0, "iterations": 0, "exact": [148.50114333645976, 76.56541818215504]}, 3),
)
QUICK_CASES = (
    Case("two states", CASES[0].parameters | {"iterations": 100}),
    Case("8 × 8 grid", CASES[1].parameters | {"iterations": 20}),
)
TOLERANCES = (1e-3, 1e-4, 1e-6, 1e-10)


def told(tolerance: float) -> str:
    return f"irrev to {tolerance:.0e}".replace("e-0", "e-")


IRREV = tuple(Irrev(told(tolerance), variant=str(tolerance), threads=(1,)) for tolerance in TOLERANCES)
WIDTH = "width of the interval of W₂²"
TARGETS = (
    Target(TWO, "distance", "seconds", 1e-3, told(1e-10)),
    Target(GRID, "distance", "ratio", 0.01, told(1e-4)),
    Target(GRID, "distance", "seconds", 1.0, told(1e-6)),
    Target(CUBE, "distance", "ratio", 0.05, told(1e-6)),
    Target(LARGE, "distance", "seconds", 30.0, told(1e-3)),
    Target(LARGE, "distance", "memory", 4e9, told(1e-3)),
    Target(TWO, WIDTH, "accuracy", 1e-10, told(1e-10)),
    Target(GRID, WIDTH, "accuracy", 1e-4, told(1e-4)),
    Target(GRID, WIDTH, "accuracy", 1e-6, told(1e-6)),
    Target(CUBE, WIDTH, "accuracy", 1e-6, told(1e-6)),
    Target(LARGE, WIDTH, "accuracy", 1e-3, told(1e-3)),
)


def prepare(folder: Path, parameters: Mapping[str, Any]) -> None:
    if factors := parameters.get("factors"):
        edges, p, q = cube(factors), outer([np.array([0.9, 0.1])] * factors), outer([np.array([0.2, 0.8])] * factors)
    elif parameters["side"] == 8:
        edges, p, q = grid(8), outer([bump(8, 1.5, 1.2), bump(8, 2, 1.5)]), outer([bump(8, 5.5, 1.2), bump(8, 5, 1)])
    else:
        edges, p, q = travelling(parameters["side"])
    save_inputs(folder, {"edges": edges, "from": p, "to": q}, {"calls": 1} | dict(parameters))


def by(name: str, measurement: Measurement) -> None:
    """graphot and jgot have the same interface."""
    from importlib import import_module

    module, iterations = import_module(name), measurement.parameter("iterations")
    if not iterations:
        return
    tail, head = measurement.array("edges").T
    states = len(measurement.array("from"))
    graph = module.GraphSpec.from_directed_rates(states, np.r_[tail, head], np.r_[head, tail], np.ones(2 * len(tail)), pi=np.full(states, 1 / states))
    problem = module.OTProblem(
        graph=graph,
        time=module.TimeDiscretization(num_steps=measurement.parameter("steps")),
        rho_a=measurement.array("from") * states,
        rho_b=measurement.array("to") * states,
        mean_ops=module.LogMeanOps(),
    )
    options = module.OTConfig(max_iters=iterations)
    if name == "jgot":
        with measurement.time("first call"):
            float(module.solve_ot(problem, options).distance)
    with measurement.time("distance"):
        found = module.solve_ot(problem, options)
        distance = float(found.distance)
    measurement.numbers["interval"] = {"distance": distance, "says converged": bool(found.converged)}


def by_graphot(measurement: Measurement) -> None:
    by("graphot", measurement)


def by_jgot(measurement: Measurement) -> None:
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    import jax

    jax.config.update("jax_enable_x64", True)
    by("jgot", measurement)


PEERS = (Peer("graphot", by_graphot), Peer("jgot", by_jgot, environment="jgot"))


def findings(folder: Path, outputs: Path) -> dict[str, Any]:
    """The distance, and the interval where there is one, with the exact value."""
    interval: dict[str, Any] = json.loads((outputs / "numbers.json").read_text()).get("interval")
    if not interval:
        return {}
    return interval | {"exact": float(np.sqrt(sum(json.loads((folder / "parameters.json").read_text())["exact"])))}


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    found = findings(folder, outputs)
    if not found:
        return {}
    errors = {"distance": abs(found["distance"] / found["exact"] - 1.0)}
    return errors | ({WIDTH: 1.0 - (found["lower"] / found["upper"]) ** 2} if "lower" in found else {})


def interval(found: Mapping[str, Any]) -> str:
    """The proven interval relative to the exact value."""
    if "lower" not in found:
        return "none"
    below, above = (f"{found[bound] / found['exact'] - 1:+.1e}" for bound in ("lower", "upper"))
    return f"{below} … {above}"


def summary(results: Sequence[CaseResult]) -> list[str]:
    """Error and interval beside the time."""
    lines = [
        "Accuracy beside time: what is proven, and how far the number is from the exact one.",
        "",
        "| case | solver | W₂ | off by | proven interval, relative to the exact value | processor time |",
        "|---|---|---|---|---|---|",
    ]
    for result in results:
        for row in result.rows:
            if found := row.findings:
                off = f"{found['distance'] / found['exact'] - 1:+.1e}"
                cpu = seconds(row.median("distance", "cpu"))
                lines.append(f"| {result.case.name} | {row.label} | {found['distance']:.12f} | {off} | {interval(found)} | {cpu} |")
        exact = next((row.findings["exact"] for row in result.rows if row.findings), None)
        lines += [f"| {result.case.name} | exact | {exact:.12f} | | | |"] if exact else []
    return [*lines, ""]

"""How does the time of W₂ and W₁ grow with the number of states, and with the accuracy?"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from harness.bumps import bump, travelling
from harness.networks import grid
from harness.report import CaseResult, Row, seconds
from harness.task import Case, Irrev

NOTES = (
    "All rates 1. Grids and chains carry a bump over a good part of their length; on complete graphs and for W₁ both distributions are uniform on the simplex (seed 1).",
    "W₂ is certified to 1e-4 in W₂² where sizes grow. On paper a step of Newton's method costs O(N n³) with dense matrices, which irrev takes up to 150 states, and "
    "about O(N n^1.5) with sparse ones on planar networks; N, the number of points in time, is the number of elements on the last mesh times the degree of the path.",
    "Exponents are slopes of the logarithm of the processor time, by least squares over the upper half of the sizes. One thread.",
    "The simplex method for W₁ has no useful bound on paper. There is no peer here: see transport_w1 and transport_w2.",
)
GRIDS, CHAINS, COMPLETE, ACCURACY, FIRST = "W₂ on r × r grids", "W₂ on chains", "W₂ on complete graphs", "W₂ on the 8 × 8 grid by accuracy", "W₁ on r × r grids"
CASES = (
    Case(GRIDS, {"distance": "W₂", "family": "grid", "sizes": [4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 32, 48]}, 1),
    Case(CHAINS, {"distance": "W₂", "family": "chain", "sizes": [8, 16, 32, 64, 128, 192, 256, 384, 512]}, 1),
    Case(COMPLETE, {"distance": "W₂", "family": "complete", "sizes": [4, 8, 16, 24, 32, 48, 64, 96, 128]}, 1),
    Case(ACCURACY, {"distance": "W₂", "family": "grid", "sizes": [8] * 8, "tolerances": [10.0**-k for k in range(2, 10)]}, 1),
    Case(FIRST, {"distance": "W₁", "family": "grid", "sizes": [8, 12, 16, 24, 32, 48, 64, 96, 128]}, 1),
)
QUICK_CASES = (
    Case(GRIDS, {"distance": "W₂", "family": "grid", "sizes": [4, 5, 6, 7, 8]}),
    Case(CHAINS, {"distance": "W₂", "family": "chain", "sizes": [8, 16, 32]}),
    Case(COMPLETE, {"distance": "W₂", "family": "complete", "sizes": [4, 8, 16]}),
    Case(ACCURACY, {"distance": "W₂", "family": "grid", "sizes": [8] * 3, "tolerances": [1e-2, 1e-3, 1e-4]}),
    Case(FIRST, {"distance": "W₁", "family": "grid", "sizes": [8, 12, 16]}),
)
IRREV = (Irrev(threads=(1,)),)
PEERS = ()
TARGETS = ()

Problem = tuple[np.ndarray, np.ndarray, np.ndarray]


def uniform(states: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    return random.dirichlet(np.ones(states)), random.dirichlet(np.ones(states))


def chain(states: int) -> Problem:
    first, last = (bump(states, states * place, states / 8) for place in (0.25, 0.7))
    return np.c_[np.arange(states - 1), np.arange(1, states)], first, last


def complete(states: int) -> Problem:
    return np.stack(np.triu_indices(states, 1), 1), *uniform(states)


FAMILIES: Mapping[str, Callable[[int], Problem]] = {"grid": travelling, "chain": chain, "complete": complete}


def prepare(folder: Path, parameters: Mapping[str, Any]) -> None:
    problems = []
    sizes = parameters["sizes"]
    for size, tolerance in zip(sizes, parameters.get("tolerances", [1e-4] * len(sizes)), strict=True):
        edges, p, q = FAMILIES[parameters["family"]](size)
        if parameters["distance"] == "W₁":
            edges, (p, q) = grid(size), uniform(size * size)
        problems.append(
            {
                "name": f"to {tolerance:.0e}" if "tolerances" in parameters else f"{len(p)} states",
                "states": len(p),
                "channels": [(int(x), int(y), 1.0, 1.0) for x, y in edges],
                "from": p.tolist(),
                "to": q.tolist(),
                "tolerance": tolerance,
                # short ones more than once
                "calls": 5 if len(p) <= 64 and tolerance > 1e-7 else 1,
            }
        )
    (folder / "problems.json").write_text(json.dumps(problems))
    (folder / "parameters.json").write_text(json.dumps(dict(parameters)))


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    return {}


def degree(tolerance: float) -> int:
    """Degree of the path that irrev takes for a tolerance."""
    return next(d for least, d in ((1e-3, 3), (1e-5, 4), (1e-7, 5), (0.0, 7)) if tolerance >= least * (1 - 1e-12))


def findings(folder: Path, outputs: Path) -> dict[str, Any]:
    """Per problem: states, channels, asked tolerance, and for W₂ the interval, Newton steps and points in time."""
    told = json.loads((outputs / "numbers.json").read_text())
    found = {}
    for given in json.loads((folder / "problems.json").read_text()):
        one = {"states": given["states"], "tolerance": given["tolerance"]} | told.get(given["name"], {})
        found[given["name"]] = one | ({"points": one["elements"] * degree(given["tolerance"])} if "elements" in one else {})
    return found


def measured(row: Row) -> tuple[list[dict[str, Any]], np.ndarray]:
    """What was found at each size that was solved, and processor times."""
    solved = {name: one for name, one in row.findings.items() if "error" not in one}
    return list(solved.values()), np.array([row.median(name, "cpu") for name in solved])


def exponent(sizes: np.ndarray, times: np.ndarray) -> float:
    """Slope of the logarithms over the upper half."""
    half = len(sizes) // 2
    return float(np.polyfit(np.log(sizes[half:]), np.log(times[half:]), 1)[0])


def column(found: Sequence[Mapping[str, Any]], name: str) -> np.ndarray:
    return np.array([one[name] for one in found], dtype=float)


def summary(results: Sequence[CaseResult]) -> list[str]:
    """Exponents first, then what stands behind them."""
    paper = {GRIDS: "n^1.5 (sparse, planar)", CHAINS: "n^1.5 at most (sparse, planar)", COMPLETE: "n^3 (dense)"}
    lines = ["| sizes | measured exponent of the time | of the time per Newton step and point in time | that on paper |", "|---|---|---|---|"]
    for result in results:
        found, times = measured(result.rows[0])
        name = result.case.name
        if name == ACCURACY:
            points = column(found, "points")
            lines.append(f"| {name}, {points[0]:.0f} to {points[-1]:.0f} points in time | N^{exponent(points, times):.2f} | – | N per Newton step |")
            continue
        per_point = "–"
        states = column(found, "states")
        if name in paper:
            per_point = f"n^{exponent(states, times / (column(found, 'steps') * column(found, 'points'))):.2f}"
        lines.append(f"| {name}, {found[0]['states']} to {found[-1]['states']} states | n^{exponent(states, times):.2f} | {per_point} | {paper.get(name, '–')} |")
    lines += ["", "![Processor time of W₂ and W₁ against the number of states, and of W₂ against points in time](transport_cost.svg)", ""]
    lines += ["| W₂ | width reached | elements | points in time N | Newton steps | meshes | processor time |", "|---|---|---|---|---|---|---|"]
    for result in results:
        row, family = result.rows[0], result.case.name.removeprefix("W₂ ")
        for name, one in row.findings.items():
            if "gap" in one:
                time = seconds(row.median(name, "cpu"))
                lines.append(f"| {family}, {name} | {one['gap']:.1e} | {one['elements']} | {one['points']} | {one['steps']} | {one['meshes']} | {time} |")
            elif "error" in one:
                lines.append(f"| {family}, {name} | **failed**: {one['error']} | | | | | |")
    return [*lines, ""]


def draw(results: Sequence[CaseResult], folder: Path) -> None:
    """Times against sizes, and against points in time."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "irrev", "svg.fonttype": "path", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False})
    from matplotlib import pyplot, ticker

    by_name = {result.case.name: result for result in results}
    figure, axes = pyplot.subplots(2, 2, figsize=(9.0, 7.2), layout="constrained")
    total, step, fine, first = axes.ravel()
    for (name, label), colour in zip({GRIDS: "r × r grid", CHAINS: "chain", COMPLETE: "complete graph"}.items(), ("#0b5394", "#b45f06", "#38761d"), strict=True):
        found, times = measured(by_name[name].rows[0])
        states = column(found, "states")
        each = times / (column(found, "steps") * column(found, "points"))
        total.loglog(states, times, "o-", color=colour, markersize=4, label=f"{label}: n^{exponent(states, times):.2f}")
        step.loglog(states, each, "o-", color=colour, markersize=4, label=f"{label}: n^{exponent(states, each):.2f}")
    for power, colour, name in ((1.5, "#0b5394", GRIDS), (3.0, "#38761d", COMPLETE)):
        found, times = measured(by_name[name].rows[0])
        states = column(found, "states")[len(found) // 2 :]
        last = times[-1] / (found[-1]["steps"] * found[-1]["points"])
        step.loglog(states, last * (states / states[-1]) ** power, "--", color=colour, linewidth=1, label=f"on paper: n^{power:g}")
    found, times = measured(by_name[ACCURACY].rows[0])
    points = column(found, "points")
    fine.loglog(points, times, "o-", color="#0b5394", markersize=4, label=f"N^{exponent(points, times):.2f}")
    for one, time in zip(found, times, strict=True):
        fine.annotate(f"{one['tolerance']:.0e}", (one["points"], time), textcoords="offset points", xytext=(6, -9), fontsize=7)
    fine.xaxis.set(major_locator=ticker.LogLocator(subs=(1, 2, 5)), minor_locator=ticker.NullLocator(), major_formatter=ticker.ScalarFormatter())
    found, times = measured(by_name[FIRST].rows[0])
    states = column(found, "states")
    first.loglog(states, times, "o-", color="#0b5394", markersize=4, label=f"r × r grid: n^{exponent(states, times):.2f}")
    total.set(title="W₂ certified to 1e-4", xlabel="states n", ylabel="processor time (s)")
    step.set(title="W₂ per Newton step and point in time", xlabel="states n", ylabel="processor time (s)")
    fine.set(title="W₂ on the 8 × 8 grid, by asked width", xlabel="points in time N (elements × degree)", ylabel="processor time (s)")
    first.set(title="W₁", xlabel="states n", ylabel="processor time (s)")
    for axis in axes.ravel():
        axis.legend(frameon=False, fontsize=8)
    for axis in (total, step):
        axis.axvline(150, color="#999999", linewidth=0.8, linestyle=":")
    total.text(150, total.get_ylim()[0], " sparse from here", fontsize=7, color="#666666", va="bottom")
    for axis in axes.ravel():
        axis.grid(which="major", color="#e5e5e5", linewidth=0.6)
    figure.savefig(folder / "transport_cost.svg", metadata={"Date": None})
    pyplot.close(figure)

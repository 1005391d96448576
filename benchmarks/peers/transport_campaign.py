"""Does W₂ keep what it promises on hundreds of random networks?"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from harness.random_networks import Process, interior, on_a_face, process, product, relabelled
from harness.report import CaseResult, seconds
from harness.task import Case, Irrev, Target

#: Half an hour.
LONG = True

INTERIOR, BOUNDARY = "300 networks, ends inside", "100 networks, ends on the boundary"
NOTES = (
    "Random connected networks of 5 to 60 states: a tree and up to 1.5 further edges per state, every second one with two or three channels on about 30 % of "
    "its pairs, odd seeds with detailed balance and even seeds without, log-normal rates of width 1 to 1.5. Nobody chose the seeds: they are 1, 2, 3, ….",
    "Ends inside: two states and a third one uniform on the simplex. The interval of W₂² must be at most 1e-6 of it wide (1e-8 up to 10 states) in every problem: "
    "there and back, to and from the third state, with states and channels relabelled, and on a product of two small networks with its factors.",
    "Laws are judged by what is proven: intervals of equal distances must overlap, the lower bound of a side of a triangle must not exceed the sum of the other "
    "two upper bounds, and the squares of factors must add to an interval that overlaps that of the product.",
    "Ends on the boundary: half between point masses, half between two faces of random size, at the default tolerance of 1e-6. Here the interval may stay wider.",
    "There is no peer: graphot and jgot know reversible networks without parallel channels only, and give no interval.",
)
CASES = (
    Case(INTERIOR, {"ends": "inside", "seeds": 300}, repetitions=1),
    Case(BOUNDARY, {"ends": "on the boundary", "seeds": 100}, repetitions=1),
)
QUICK_CASES = (Case("12 networks, ends inside", {"ends": "inside", "seeds": 12}), Case("8 networks, ends on the boundary", {"ends": "on the boundary", "seeds": 8}))
IRREV = (Irrev(threads=(2,)),)
PEERS = ()
TARGETS = (
    Target(INTERIOR, "width beyond what was asked", "accuracy", 0.0),
    Target(INTERIOR, "laws broken", "accuracy", 0.0),
)

#: Bounds are computed with rounding: laws are judged to this part of the distance.
ROUNDING = 1e-12


def problem(seed: int, role: str, given: Process, ends: tuple[np.ndarray, np.ndarray], tolerance: float) -> dict[str, Any]:
    """One call of wasserstein2: what `src/tasks/transport_campaign.rs` reads."""
    return {"seed": seed, "role": role, **asdict(given), "from": ends[0].tolist(), "to": ends[1].tolist(), "tolerance": tolerance}


def asked(states: int) -> float:
    return 1e-8 if states <= 10 else 1e-6


def inside(seed: int) -> Iterator[dict[str, Any]]:
    """All problems of one network with positive end states."""
    random, balanced = np.random.default_rng([seed, 0]), seed % 2 == 1
    given = process(random, int(random.integers(5, 61)), balanced)
    p, q, third = (interior(random, given.states) for _ in range(3))
    order = random.permutation(given.states)
    place = np.argsort(order)
    tolerance = asked(given.states)
    yield problem(seed, "there", given, (p, q), tolerance)
    yield problem(seed, "back", given, (q, p), tolerance)
    yield problem(seed, "to a third state", given, (p, third), tolerance)
    yield problem(seed, "from a third state", given, (third, q), tolerance)
    yield problem(seed, "relabelled", relabelled(given, order, random), (p[place], q[place]), tolerance)
    first, second = (process(random, int(random.integers(2, 7)), balanced) for _ in range(2))
    ends = [(interior(random, factor.states), interior(random, factor.states)) for factor in (first, second)]
    both = product(first, second)
    tolerance = asked(both.states)
    yield problem(seed, "first factor", first, ends[0], tolerance)
    yield problem(seed, "second factor", second, ends[1], tolerance)
    yield problem(seed, "product", both, (np.outer(ends[0][0], ends[1][0]).ravel(), np.outer(ends[0][1], ends[1][1]).ravel()), tolerance)


def on_the_boundary(seed: int) -> Iterator[dict[str, Any]]:
    """Between point masses (odd seeds of a pair of seeds) or between faces."""
    random = np.random.default_rng([seed, 1])
    given = process(random, int(random.integers(5, 61)), seed % 2 == 1)
    points = seed % 4 in (1, 2)
    occupied = [1, 1] if points else random.integers(1, given.states, 2).tolist()
    ends = (on_a_face(random, given.states, occupied[0]), on_a_face(random, given.states, occupied[1]))
    yield problem(seed, "between points" if points else "between faces", given, ends, 1e-6)


def prepare(folder: Path, parameters: Mapping[str, Any]) -> None:
    of_seed = inside if parameters["ends"] == "inside" else on_the_boundary
    problems = [each for seed in range(1, parameters["seeds"] + 1) for each in of_seed(seed)]
    (folder / "problems.json").write_text(json.dumps(problems))


def overlap(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return a[0] <= b[1] * (1 + ROUNDING) and b[0] <= a[1] * (1 + ROUNDING)


def laws(found: Mapping[str, Mapping[str, float]]) -> dict[str, tuple[bool, float]]:
    """Whether each law holds for the problems of one network, and by how much the distances themselves miss an equality, in parts of them."""
    bounds = {role: (one["lower"], one["upper"]) for role, one in found.items()}
    there, first, second, both = (found[role] for role in ("there", "first factor", "second factor", "product"))
    squares = {bound: np.hypot(first[bound], second[bound]) for bound in ("lower", "distance", "upper")}
    detour = found["to a third state"]["upper"] + found["from a third state"]["upper"]
    return {
        "symmetry": (overlap(bounds["there"], bounds["back"]), abs(found["back"]["distance"] / there["distance"] - 1)),
        "labels": (overlap(bounds["there"], bounds["relabelled"]), abs(found["relabelled"]["distance"] / there["distance"] - 1)),
        "products": (overlap(bounds["product"], (squares["lower"], squares["upper"])), abs(squares["distance"] / both["distance"] - 1)),
        "triangle": (there["lower"] <= detour * (1 + ROUNDING), 0.0),
        "distance between its bounds": (all(one["lower"] <= one["distance"] <= one["upper"] for one in found.values()), 0.0),
    }


def judged(problems: Sequence[Mapping[str, Any]], outcomes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the report says, with every failure."""
    failures, broken = [], 0
    misses: dict[str, float] = {}
    by_seed: dict[int, dict[str, Any]] = {}
    for given, found in zip(problems, outcomes, strict=True):
        by_seed.setdefault(given["seed"], {})[given["role"]] = found
        if found.get("gap", np.inf) > given["tolerance"]:
            what = found.get("error") or f"width {found['gap']:.2e} where {given['tolerance']:.0e} was asked, {found['meshes']} meshes"
            failures.append({"seed": given["seed"], "role": given["role"], "states": given["states"], "what": what})
    for seed, roles in by_seed.items():
        if "there" not in roles or any("error" in found for found in roles.values()):
            continue
        for law, (holds, miss) in laws(roles).items():
            misses[law] = max(miss, misses.get(law, 0.0))
            if not holds:
                broken += 1
                failures.append({"seed": seed, "role": law, "states": 0, "what": "does not hold"})
    gaps = [found.get("gap", np.inf) for found in outcomes]
    return {
        "networks": len(by_seed),
        "passed": len(by_seed) - len({failure["seed"] for failure in failures}),
        "problems": len(problems),
        "broken": broken,
        "excess": max(gap / given["tolerance"] for gap, given in zip(gaps, problems, strict=True)),
        "gaps": gaps,
        "seconds": [found["seconds"] for found in outcomes],
        "misses": misses,
        "failures": failures,
    }


def both_sides(folder: Path, outputs: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Problems and what became of them; JSON has no infinity."""
    problems, outcomes = json.loads((folder / "problems.json").read_text()), json.loads((outputs / "numbers.json").read_text())["outcomes"]
    return problems, [{name: np.inf if value is None else value for name, value in found.items()} for found in outcomes]


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    found = judged(*both_sides(folder, outputs))
    return {"width beyond what was asked": max(0.0, found["excess"] - 1.0), "laws broken": float(found["broken"])}


def findings(folder: Path, outputs: Path) -> dict[str, Any]:
    """For the summary; the problems that failed go with it, whole."""
    problems, outcomes = both_sides(folder, outputs)
    found = judged(problems, outcomes)
    failed = {(failure["seed"], failure["role"]) for failure in found["failures"]}
    return found | {"failed problems": [given for given in problems if (given["seed"], given["role"]) in failed]}


def summary(results: Sequence[CaseResult]) -> list[str]:
    """How many pass, what was worst, and every failure."""
    lines = []
    for result in results:
        for row in result.rows:
            found = row.findings
            if not found:
                continue
            widths, times = np.array(found["gaps"]), np.array(found["seconds"])
            low, middle, high = (f"{np.quantile(widths, part, method='lower'):.1e}" for part in (0.5, 0.9, 1.0))
            lines += [
                f"**{result.case.name}**: {found['passed']} of {found['networks']} pass ({found['problems']} problems). Relative width of the interval of W₂²: "
                f"median {low}, 90 % below {middle}, largest {high}. Time of a problem on two threads: median {seconds(np.median(times))}, longest {seconds(times.max())}.",
                "",
            ]
            if found["misses"]:
                told = ", ".join(f"{law} {found['misses'][law]:.1e}" for law in ("symmetry", "labels", "products"))
                lines += [f"Equal distances differ, in parts of themselves, by at most: {told}.", ""]
            if found["failures"]:
                lines += ["| seed | problem | states | what happens |", "|---|---|---|---|"]
                lines += [f"| {f['seed']} | {f['role']} | {f['states'] or '–'} | {f['what']} |" for f in found["failures"]]
                lines += [""]
    return lines

"""How long do chemical reaction networks take: to read, to split their dissipation, to follow over time, to find a limit cycle?"""

import json
import math
from collections.abc import Sequence
from decimal import Decimal, localcontext
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from harness.exact import solved
from harness.mechanisms import Mechanism, mechanism, write
from harness.task import Case, Irrev, Measurement, Peer, Target, save_inputs

NOTES = (
    "The mechanisms are synthetic: all species C_c H_h O_o up to a size, reversible reactions that conserve every element drawn at random (seed 1), four "
    "species held. load: from a file to a system that can be asked, with equations and laws checked; of SBML, irrev also tells the two directions of every "
    "net law apart. libRoadRunner compiles the laws to machine code when it loads, which pays back in long simulations.",
    "The splits are at a state with log-normal amounts. The peer is our own dense NumPy, written for clarity (information-geometric by SciPy's trust-exact); "
    "the error is that of the excess, relative, against 50 digits.",
    "Time course: BioModels 19 (100 species, 125 reactions) to t = 100 at 26 times. irrev at its default of 1e-10 and at 1e-6; libRoadRunner (CVODE) at a "
    "relative 1e-10, absolute 1e-14, and at its defaults. The error is the largest over species and times, relative to the species' largest value, against "
    "CVODE at a relative 1e-11, which favours libRoadRunner. Judge by equal errors: tolerances of the two mean different things, and irrev holds its own "
    "tighter, at a price. Where 1e-5 is enough libRoadRunner is the faster one.",
    "Limit cycle: the Brusselator, from (1, 2). irrev: period, orbit, dissipation and excess of a turn, Floquet multipliers. The peer is a loop of our own "
    "over SciPy's DOP853 at rtol 1e-12 with an event, for the period alone. The error is the largest relative one of what each gives.",
)

SIZES = {"325 reactions, 53 species": ((2, 5, 2), 325), "1000 reactions, 127 species": ((3, 7, 3), 1000)}
COURSE, CYCLE = "time course", "limit cycle"
GEOMETRIC, INFORMATION = "geometric split", "information-geometric split"
CASES = (
    *(Case(name, {"work": "mechanism", "size": name}, repetitions=5) for name in SIZES),
    Case(COURSE, {"work": COURSE}, repetitions=5),
    Case(CYCLE, {"work": CYCLE}, repetitions=5),
)
QUICK_CASES = tuple(case for case in CASES if not case.name.startswith("1000"))
IRREV = (Irrev("irrev", "", (1,)),)
PYTHON = "irrev from Python"
TARGETS = (
    *(Target(name, f"load {kind}", "seconds", 0.2, label) for name in SIZES for kind in ("TOML", "SBML") for label in ("irrev", PYTHON)),
    *(Target(name, split, "seconds", 0.05, label) for name in SIZES for split in (GEOMETRIC, INFORMATION) for label in ("irrev", PYTHON)),
    *(Target(name, GEOMETRIC, "accuracy", 1e-10) for name in SIZES),
    *(Target(name, INFORMATION, "accuracy", 1e-9) for name in SIZES),
    Target(COURSE, COURSE, "accuracy", 1e-7),
    # where the two are equally accurate
    Target(COURSE, COURSE, "ratio", 1.0, f"{PYTHON}, tol=1e-6", "libRoadRunner"),
    Target(COURSE, COURSE, "accuracy", 1e-8, f"{PYTHON}, tol=1e-6"),
    Target(CYCLE, CYCLE, "accuracy", 1e-10),
)

DATA = Path(__file__).resolve().parents[2] / "crates/irrev/tests/data/sbml"
BIOMODEL = "BIOMD0000000019"
SAMPLES = 5
#: Of one turn of the Brusselator: the same values as irrev's reference data.
TURN = {"period": 6.057370679692582, "entropy_production": 94.00183362285404, "excess": 1.577006853014716}


def made(size: str) -> Mechanism:
    return mechanism(*SIZES[size], seed=1)


def table() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DATA / "time_courses.json").read_text())[BIOMODEL]
    return found


def prepare(folder: Path, parameters: dict[str, Any]) -> None:
    arrays: dict[str, np.ndarray] = {}
    if parameters["work"] == "mechanism":
        given = made(parameters["size"])
        write(given, folder)
        arrays["amounts"] = np.array([given.amounts[name] for name in given.species if name not in given.held])
    elif parameters["work"] == COURSE:
        (folder / "model.xml").write_bytes((DATA / "biomodels" / f"{BIOMODEL}.xml").read_bytes())
        arrays["times"] = np.array([row[0] for row in table()["rows"]])
        parameters = {**parameters, "species": table()["species"]}
    save_inputs(folder, arrays, parameters)


# ---- irrev's Python package ----


def by_irrev(measurement: Measurement, tol: float = 1e-10) -> None:
    from irrev.reactions import (
        ReactionSystem,
        evolve,
        geometric_decomposition,
        information_geometric_decomposition,
        limit_cycle,
        load,
    )

    work, file = measurement.parameter("work"), measurement.inputs / "model.xml"
    if tol != 1e-10 and work != COURSE:
        return
    if work == "mechanism":
        for _ in range(SAMPLES):
            with measurement.time("load TOML"):
                load(measurement.inputs / "model.toml")
            with measurement.time("load SBML"):
                load(file)
        flow = load(file).flow(measurement.array("amounts"))
        for _ in range(SAMPLES):
            with measurement.time(GEOMETRIC):
                geometric = geometric_decomposition(flow)
            with measurement.time(INFORMATION):
                information = information_geometric_decomposition(flow)
        measurement.numbers[GEOMETRIC] = [geometric.excess, geometric.housekeeping]
        measurement.numbers[INFORMATION] = [information.excess, information.housekeeping]
    elif work == COURSE:
        system, times = load(file), measurement.array("times")
        columns = [system.state_names.index(name) for name in measurement.parameter("species")]
        for _ in range(SAMPLES):
            with measurement.time(COURSE):
                found = evolve(system, duration=times[-1], times=times, budget=False, tol=tol, threads=1)
        measurement.arrays["course"] = found.amounts[:, columns].ravel()
    else:
        brusselator = ReactionSystem(
            ["X", "Y"],
            reactions=[("feed", "0 <=> X", 1, 1), ("convert", "X <=> Y", 3, 0.1), ("autocatalysis", "2 X + Y <=> 3 X", 1, 0.1)],
        )
        for _ in range(SAMPLES):
            with measurement.time(CYCLE):
                cycle = limit_cycle(brusselator, start=[1.0, 2.0], threads=1)
        measurement.numbers |= {
            "period": cycle.period,
            "entropy_production": cycle.budget.entropy_production,
            "excess": cycle.budget.excess,
        }


# ---- libRoadRunner ----


def by_roadrunner(measurement: Measurement, defaults: bool) -> None:
    work, file = measurement.parameter("work"), str(measurement.inputs / "model.xml")
    if work == CYCLE or (defaults and work != COURSE):
        return
    import roadrunner

    if work == "mechanism":
        with measurement.time("load SBML"):
            roadrunner.RoadRunner(file)
        return
    model, times = roadrunner.RoadRunner(file), measurement.array("times")
    model.timeCourseSelections = measurement.parameter("species")
    if not defaults:
        model.integrator.relative_tolerance = 1e-10
        model.integrator.absolute_tolerance = 1e-14
        model.integrator.maximum_num_steps = 1_000_000
    for _ in range(SAMPLES):
        model.reset()
        with measurement.time(COURSE):
            found = model.simulate(0, times[-1], len(times))
    measurement.arrays["course"] = np.array(found).ravel()


# ---- NumPy and SciPy ----


def fluxes(given: Mechanism) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray]:
    """Dynamic species, S, j⁺ and j⁻ at the state of the task."""
    amounts = {**given.amounts, **given.held}
    dynamic = [name for name in given.species if name not in given.held]
    stoichiometry = np.array([[b.get(s, 0) - a.get(s, 0) for a, b, _, _ in given.reactions] for s in dynamic], float)
    forward = np.array([k * math.prod(amounts[s] ** n for s, n in a.items()) for a, _, k, _ in given.reactions])
    backward = np.array([k * math.prod(amounts[s] ** n for s, n in b.items()) for _, b, _, k in given.reactions])
    return dynamic, stoichiometry, forward, backward


def by_numpy(measurement: Measurement) -> None:
    if measurement.parameter("work") != "mechanism":
        return
    from scipy.optimize import minimize

    _, stoichiometry, out, back = fluxes(made(measurement.parameter("size")))
    current, force = out - back, np.log(out / back)
    production = current @ force

    def geometric() -> tuple[float, np.ndarray]:
        onsager = current / force
        potential = np.linalg.solve((stoichiometry * onsager) @ stoichiometry.T, stoichiometry @ current)
        return float(onsager @ (stoichiometry.T @ potential) ** 2), potential

    def minus_dual(phi: np.ndarray) -> tuple[float, np.ndarray]:
        d = stoichiometry.T @ phi
        value = current @ d - (back * np.expm1(d) + out * np.expm1(-d)).sum()
        return -value, -(stoichiometry @ (current - back * np.exp(d) + out * np.exp(-d)))

    def hessian(phi: np.ndarray) -> np.ndarray:
        d = stoichiometry.T @ phi
        curvature: np.ndarray = (stoichiometry * (back * np.exp(d) + out * np.exp(-d))) @ stoichiometry.T
        return curvature

    for _ in range(SAMPLES):
        with measurement.time(GEOMETRIC):
            excess, potential = geometric()
        with measurement.time(INFORMATION):
            _, start = geometric()
            least = minimize(minus_dual, start, jac=True, hess=hessian, method="trust-exact", options={"gtol": 1e-9 * production})
    measurement.numbers[GEOMETRIC] = [excess, production - excess]
    measurement.numbers[INFORMATION] = [-least.fun, production + least.fun]


def by_scipy(measurement: Measurement) -> None:
    if measurement.parameter("work") != CYCLE:
        return
    from scipy.integrate import solve_ivp

    def rate(_: float, state: Sequence[float]) -> list[float]:
        x, y = state
        feed, convert, auto = 1.0 - x, 3.0 * x - 0.1 * y, x * x * y - 0.1 * x**3
        return [feed - convert + auto, convert - auto]

    def crossing(_: float, state: Sequence[float]) -> float:
        return state[0] - 1.2

    crossing.direction = 1.0  # type: ignore[attr-defined]
    for _ in range(SAMPLES):
        with measurement.time(CYCLE):
            found = solve_ivp(rate, (0.0, 200.0), [1.0, 2.0], method="DOP853", rtol=1e-12, atol=1e-14, events=crossing)
            period = float(np.diff(found.t_events[0])[-1])
    measurement.numbers["period"] = period


PEERS = (
    Peer(PYTHON, by_irrev, from_irrev=True),
    Peer(f"{PYTHON}, tol=1e-6", lambda measurement: by_irrev(measurement, tol=1e-6), from_irrev=True),
    Peer("libRoadRunner", lambda measurement: by_roadrunner(measurement, defaults=False)),
    Peer("libRoadRunner, its defaults", lambda measurement: by_roadrunner(measurement, defaults=True)),
    Peer("dense NumPy", by_numpy),
    Peer("SciPy DOP853", by_scipy),
)


# ---- what is expected ----


@cache
def exact_excess(size: str) -> dict[str, float]:
    """Both excesses in 50 digits: one linear system, then Newton's method from its solution."""
    given = made(size)
    amounts = {name: Decimal(value) for name, value in {**given.amounts, **given.held}.items()}
    dynamic = [name for name in given.species if name not in given.held]
    place = {name: i for i, name in enumerate(dynamic)}
    n = len(dynamic)

    def weighted(weights: list[Decimal], columns: list[list[tuple[int, int]]]) -> list[list[Decimal]]:
        matrix = [[Decimal(0)] * n for _ in range(n)]
        for weight, column in zip(weights, columns, strict=True):
            for i, a in column:
                for j, b in column:
                    matrix[i][j] += weight * a * b
        return matrix

    def gathered(values: list[Decimal], columns: list[list[tuple[int, int]]]) -> list[Decimal]:
        sums = [Decimal(0)] * n
        for value, column in zip(values, columns, strict=True):
            for i, a in column:
                sums[i] += a * value
        return sums

    with localcontext(prec=50):
        out = [Decimal(k) * math.prod((amounts[s] ** m for s, m in a.items()), start=Decimal(1)) for a, _, k, _ in given.reactions]
        back = [Decimal(k) * math.prod((amounts[s] ** m for s, m in b.items()), start=Decimal(1)) for _, b, _, k in given.reactions]
        columns = [
            [(place[s], b.get(s, 0) - a.get(s, 0)) for s in {**a, **b} if s in place and a.get(s, 0) != b.get(s, 0)]
            for a, b, _, _ in given.reactions
        ]
        current = [p - m for p, m in zip(out, back, strict=True)]
        onsager = [j / (p / m).ln() for j, p, m in zip(current, out, back, strict=True)]
        right = gathered(current, columns)
        potential = solved(weighted(onsager, columns), right)
        geometric = sum((r * psi for r, psi in zip(right, potential, strict=True)), Decimal(0))

        # largest value of Σ J d - j⁻ (e^d - 1) - j⁺ (e^-d - 1) over d = Sᵀφ
        def dual(phi: list[Decimal]) -> tuple[Decimal, list[Decimal], list[Decimal]]:
            d = [sum((a * phi[i] for i, a in column), Decimal(0)) for column in columns]
            up = [m * x.exp() for m, x in zip(back, d, strict=True)]
            down = [p * (-x).exp() for p, x in zip(out, d, strict=True)]
            terms = zip(current, d, up, back, down, out, strict=True)
            value = sum((j * x - (u - m) - (w - p) for j, x, u, m, w, p in terms), Decimal(0))
            gradient = gathered([j - u + w for j, u, w in zip(current, up, down, strict=True)], columns)
            return value, gradient, [u + w for u, w in zip(up, down, strict=True)]

        phi = [psi / 2 for psi in potential]
        value, gradient, curvature = dual(phi)
        for _ in range(60):
            step = solved(weighted(curvature, columns), gradient)
            gain, length = sum((g * s for g, s in zip(gradient, step, strict=True)), Decimal(0)), Decimal(1)
            if gain < Decimal("1e-30") * value:
                break
            while dual([p + length * s for p, s in zip(phi, step, strict=True)])[0] < value:
                length /= 2
            phi = [p + length * s for p, s in zip(phi, step, strict=True)]
            value, gradient, curvature = dual(phi)
        return {GEOMETRIC: float(geometric), INFORMATION: float(value)}


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    parameters = json.loads((folder / "parameters.json").read_text())
    found = json.loads((outputs / "numbers.json").read_text())
    if parameters["work"] == "mechanism":
        exact = exact_excess(parameters["size"])
        return {phase: abs(excess - exact[phase]) / exact[phase] for phase, (excess, _) in found.items()}
    if parameters["work"] == COURSE:
        rows = np.array(table()["rows"])[:, 1:]
        course = np.load(outputs / "course.npy") if (outputs / "course.npy").exists() else None
        if course is None:
            return {}
        largest = np.maximum(np.abs(rows).max(axis=0), 1e-300)
        return {COURSE: float(np.max(np.abs(course.reshape(rows.shape) - rows) / largest))}
    return {CYCLE: max(abs(value - TURN[name]) / TURN[name] for name, value in found.items())} if found else {}

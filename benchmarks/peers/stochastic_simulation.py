"""How fast do molecules react: a trajectory of a reaction network, alone, with books, on a graph, and ten thousand of them?"""

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from harness import molecules
from harness.molecules import Counted
from harness.report import CaseResult
from harness.task import Case, Irrev, Measurement, Peer, Target, save_inputs

NOTES = (
    "One trajectory with 50 output points of all species. A time is that of one jump; 1000 over the nanoseconds is million jumps per second, listed below "
    "for CPU time. Jumps are counted by repeating the same seed with a count of jumps, outside the clock; a run is half a million to two million of them.",
    "irrev's moments of an ensemble of one are the trajectory. Full books: jumps per reaction and direction, time integrals of all counts, and the medium "
    "entropy with its running extremes; on the graph, jumps and residence and the total entropy with its extremes. No peer keeps any of these.",
    "rebop is called from Python: its default, and sparse=True on the two large networks, where its default falls back on a slow dense form (run there for a "
    "hundredth of the time, and returning five species of all). Its Rust macro, which needs a compiler, may be faster.",
    "The error is the largest |mean - expected| of the watched species in standard errors, over samples of short trajectories outside the clock. Expected "
    "means are exact (ring, Schlögl, multisite), deterministic (a million molecules, 20 trajectories), or from 100 000 trajectories of irrev "
    "(the others), for which rebop's agreement is the independent check. On the graph it is the number of jumps, Poisson with mean 3 T. A false alarm "
    "beyond 5 has a probability below 1e-3 for all comparisons together.",
    "The ensemble: 10 000 trajectories of the open Michaelis–Menten network to t = 1, moments kept; time of one trajectory. rebop makes two thousand of "
    "them in a loop of Python, a trajectory a call.",
)

GRAPH = "ring10 as a graph"
MEAN = "geometric mean"
CALL = "a call without jumps"
CASES = (
    Case("five small networks", {"work": "trajectory", "networks": [m().name for m in molecules.SMALL], "seeds": 3}, repetitions=5),
    Case("a million molecules", {"work": "trajectory", "networks": ["dimer"], "seeds": 3}, repetitions=5),
    Case("about a thousand reactions", {"work": "trajectory", "networks": [m().name for m in molecules.LARGE], "seeds": 1}, repetitions=5),
    Case(GRAPH, {"work": "graph", "networks": ["ring10"], "seeds": 3}, repetitions=5),
    Case("ten thousand trajectories", {"work": "ensemble", "networks": ["open Michaelis–Menten"], "samples": 10_000}, repetitions=5),
)
QUICK_CASES = tuple(Case(case.name, {**case.parameters, "seeds": 1, "shorter": 0.05, "samples": 500}, 1) for case in CASES)
IRREV = (
    Irrev("irrev", "", (0,)),
    Irrev("irrev, full books", "full books", (0,)),
    Irrev("irrev on two threads", "two threads", (0,)),
)
PYTHON, PYTHON_FULL = "irrev from Python", "irrev, full books, from Python"
TARGETS = (
    Target(CASES[0].name, MEAN, "ratio", 1.0, PYTHON, "rebop"),
    *(Target(CASES[0].name, make().name, "ratio", 1.25, PYTHON, "rebop") for make in molecules.SMALL),
    Target(CASES[0].name, MEAN, "ratio", 1 / 0.85, PYTHON_FULL, PYTHON),
    Target(CASES[0].name, MEAN, "ratio", 1 / 0.85, "irrev, full books", "irrev"),
    Target(CASES[0].name, CALL, "seconds", 1e-3, PYTHON),
    Target(CASES[1].name, "dimer", "ratio", 1.25, PYTHON, "rebop"),
    *(Target(CASES[2].name, make().name, "ratio", 1 / 8, PYTHON) for make in molecules.LARGE),
    *(Target(CASES[2].name, make().name, "seconds", 1 / 3e6, PYTHON) for make in molecules.LARGE),
    Target(CASES[3].name, GRAPH, "ratio", 0.25, "irrev", "rebop"),
    Target(CASES[3].name, GRAPH, "ratio", 0.25, PYTHON, "rebop"),
    Target(CASES[4].name, "open Michaelis–Menten", "ratio", 1 / 1.8, "irrev on two threads", "irrev"),
    *(
        Target(case.name, phase, "accuracy", 5.0, label)
        for case, phases in (
            (CASES[0], [make().name for make in molecules.SMALL]),
            (CASES[1], ["dimer"]),
            (CASES[2], [make().name for make in molecules.LARGE]),
            (CASES[3], [GRAPH]),
            (CASES[4], ["open Michaelis–Menten"]),
        )
        for phase in phases
        for label in ("irrev", PYTHON)
    ),
)

#: Means of the watched species at their sample time and standard errors, from 100 000 trajectories of irrev (seed 2).
SAMPLED: dict[str, tuple[list[float], list[float]]] = {
    "open Michaelis–Menten": (
        [44.08734, 362.20373, 55.91266, 83.99131],
        [0.0156, 0.0424, 0.0156, 0.0254],
    ),
    "Brusselator": (
        [105.23341, 241.77897],
        [0.0902, 0.113],
    ),
    "Vilar": (
        [0.04605, 0.08537, 0.95395, 0.91463, 47.62773, 26.31999, 1090.1871, 0.08398, 51.15997],
        [0.000663, 0.000884, 0.000663, 0.000884, 0.0221, 0.0178, 0.424, 0.00092, 0.0497],
    ),
    "lattice998": (
        [6.59409, 6.95818, 7.04931, 7.06743, 7.04814],
        [0.00689, 0.00753, 0.00766, 0.00766, 0.00765],
    ),
}


def networks() -> dict[str, Counted]:
    made = [make() for make in (*molecules.SMALL, molecules.dimer, *molecules.LARGE)]
    return {network.name: network for network in made}


def prepare(folder: Path, parameters: dict[str, Any]) -> None:
    known, shorter = networks(), parameters.get("shorter", 1.0)
    given = [known[name].parameters() for name in parameters["networks"]]
    for network in given:
        network["end"] *= shorter
        network["samples"] = parameters.get("samples", network["samples"])
    save_inputs(folder, {}, {**parameters, "networks": given})


# ---- irrev's Python package ----


def counted_jumps(ensemble: Any) -> float:
    return float(sum(r.forward.mean.value + r.backward.mean.value for r in ensemble.reactions))


def by_irrev(measurement: Measurement, full: bool) -> None:
    from irrev.reactions import CountSystem
    from irrev.simulation import Books, simulate

    work, books = measurement.parameter("work"), Books.full() if full else Books()
    if work == "graph":
        return graph_by_irrev(measurement, full)
    given = measurement.parameter("networks")
    for network in given:
        reactions = [(f"r{r}", a, b, forward, backward or 0.0) for r, (a, b, forward, backward) in enumerate(network["reactions"])]
        start = [network["initial"].get(s, 0) for s in network["species"]]
        system = CountSystem(network["species"], reactions=reactions, initial=start)

        def trajectory(seed: int, books: Books, end: float, system: CountSystem = system) -> Any:
            return simulate(system, times=np.linspace(0.0, end, 51)[1:], trajectories=1, books=books, seed=seed, threads=1)

        if work == "trajectory":
            for seed in range(1, measurement.parameter("seeds") + 1):
                jumps = counted_jumps(trajectory(seed, Books(jumps=True), network["end"]))
                with measurement.time(network["name"], jumps):
                    trajectory(seed, books, network["end"])
            if network is given[0]:
                with measurement.time(CALL, 100):
                    for _ in range(100):
                        trajectory(1, books, 1e-12)
            found = simulate(system, times=[network["sample_time"]], trajectories=network["samples"], threads=1)
        else:
            with measurement.time(network["name"], network["samples"]):
                found = simulate(system, times=[network["sample_time"]], trajectories=network["samples"], books=books, threads=1)
        means = [found.mean_of(species) for species in network["watched"]]
        measurement.numbers[network["name"]] = {
            "mean": [m.value for m in means],
            "error": [m.standard_error for m in means],
            "samples": network["samples"],
        }
    if len(given) > 1:
        measurement.geometric_mean(MEAN, [network["name"] for network in given])


def graph_by_irrev(measurement: Measurement, full: bool) -> None:
    from irrev.network import MarkovJump
    from irrev.simulation import sample_jump_process

    ring = MarkovJump.from_rates(10, [(i, (i + 1) % 10, 2.0, 1.0) for i in range(10)])
    start, end = np.eye(10)[0], measurement.parameter("networks")[0]["end"]
    books = {"total_entropy": "stationary", "running": "total_entropy"} if full else {}
    counted = []
    for seed in range(1, measurement.parameter("seeds") + 1):

        def sampled(seed: int = seed) -> Any:
            return sample_jump_process(
                ring, start=start, horizon=end, times=np.linspace(0, end, 51)[1:], trajectories=1, seed=seed, threads=1, **books
            )

        jumps = int(sampled().jump_counts.sum())
        with measurement.time(GRAPH, jumps):
            sampled()
        counted.append(jumps)
    measurement.numbers[GRAPH] = counted


# ---- rebop ----


def rebop_system(network: dict[str, Any], counting: bool = False) -> Any:
    """The network in rebop, with a species that counts the jumps if wanted; it changes no draw."""
    import rebop

    system = rebop.Gillespie()
    for a, b, forward, backward in network["reactions"]:
        left, right = ([name for name, n in side.items() for _ in range(n)] for side in (a, b))
        one_way = [(left, right, forward)] + ([] if backward is None else [(right, left, backward)])
        for reactants, products, constant in one_way:
            system.add_reaction(constant, reactants, products + ["jumps"] * counting)
    return system


def by_rebop(measurement: Measurement, sparse: bool | None) -> None:
    work, given = measurement.parameter("work"), measurement.parameter("networks")
    large = len(given[0]["species"]) > 100
    if sparse and not large:
        return
    for network in given:
        system, species = rebop_system(network), network["watched"] if large else None
        phase = GRAPH if work == "graph" else network["name"]
        end = network["end"] * (0.01 if large and not sparse else 1.0)
        # a call for each takes rebop a millisecond
        samples = network["samples"] // 5

        def ends(samples: int, system: Any = system, network: dict[str, Any] = network) -> np.ndarray:
            """The watched species at the sample time, one row per trajectory."""
            rows = []
            for seed in range(samples):
                found = system.run(
                    network["initial"], tmax=network["sample_time"], nb_steps=1, rng=seed, sparse=sparse, var_names=network["watched"]
                )
                rows.append([found[s].values[-1] for s in network["watched"]])
            return np.array(rows, float)

        if work == "ensemble":
            with measurement.time(phase, samples):
                sample = ends(samples)
        else:
            counted = []
            counting = rebop_system(network, counting=True)
            for seed in range(1, measurement.parameter("seeds") + 1):
                twin = counting.run(network["initial"], tmax=end, nb_steps=50, rng=seed, sparse=sparse)
                jumps = int(twin["jumps"].values[-1])
                with measurement.time(phase, jumps):
                    found = system.run(network["initial"], tmax=end, nb_steps=50, rng=seed, sparse=sparse, var_names=species)
                if any((found[s].values != twin[s].values).any() for s in network["watched"]):
                    raise ArithmeticError(f"counting the jumps of {phase} changed the trajectory")
                counted.append(jumps)
            if work == "graph":
                measurement.numbers[phase] = counted
                continue
            if network is given[0]:
                with measurement.time(CALL, 100):
                    for _ in range(100):
                        system.run(network["initial"], tmax=1e-12, nb_steps=50, rng=1, sparse=sparse, var_names=species)
            sample = ends(samples)
        errors = sample.std(axis=0, ddof=1) / np.sqrt(len(sample))
        measurement.numbers[phase] = {"mean": sample.mean(axis=0).tolist(), "error": errors.tolist(), "samples": samples}
    if work == "trajectory" and len(given) > 1:
        measurement.geometric_mean(MEAN, [network["name"] for network in given])


PEERS = (
    Peer(PYTHON, lambda measurement: by_irrev(measurement, full=False), from_irrev=True),
    Peer(PYTHON_FULL, lambda measurement: by_irrev(measurement, full=True), from_irrev=True),
    Peer("rebop", lambda measurement: by_rebop(measurement, sparse=None)),
    Peer("rebop, sparse=True", lambda measurement: by_rebop(measurement, sparse=True)),
)


# ---- what is expected ----


def ring_means(network: Counted) -> np.ndarray:
    from scipy.linalg import expm

    n = len(network.species)
    generator = 2.0 * np.roll(np.eye(n), 1, axis=0) + np.roll(np.eye(n), -1, axis=0) - 3.0 * np.eye(n)
    means: np.ndarray = expm(generator * network.sample_time)[:, 0]
    return means


def schloegl_means(network: Counted) -> np.ndarray:
    """By the master equation up to a count that is never reached."""
    from scipy.linalg import expm

    (_, _, up2, down3), (_, _, birth, death) = network.reactions
    n = np.arange(500.0)
    up = birth + up2 * n * (n - 1)
    down = (death or 0.0) * n + (down3 or 0.0) * n * (n - 1) * (n - 2)
    up[-1] = 0.0
    generator = np.diag(up[:-1], -1) + np.diag(down[1:], 1) - np.diag(up + down)
    return np.array([n @ expm(generator * network.sample_time)[:, network.initial["X"]]])


def multisite_means(network: Counted) -> np.ndarray:
    """Sites are independent: each is modified with probability k⁺/(k⁺ + k⁻) (1 - exp(-(k⁺ + k⁻) t))."""
    sites = (len(network.species) - 1).bit_length()
    on = 1.0 + 0.1 * np.arange(sites)
    modified = on / (on + 0.5) * -np.expm1(-(on + 0.5) * network.sample_time)
    patterns = [int(name[1:]) for name in network.watched]
    bits = np.array([[pattern >> site & 1 for site in range(sites)] for pattern in patterns])
    means: np.ndarray = network.initial["M0"] * np.prod(np.where(bits, modified, 1.0 - modified), axis=1)
    return means


def dimer_means(network: Counted) -> np.ndarray:
    """Deterministic: off by about one molecule of the ten thousands that move."""
    from scipy.integrate import solve_ivp

    ((_, _, pairing, parting),) = network.reactions
    total = network.initial["A"]
    moved = solve_ivp(
        lambda _, b: pairing * (total - 2 * b) * (total - 2 * b - 1) - (parting or 0.0) * b, (0, network.sample_time), [0.0], rtol=1e-10, atol=1e-6
    )
    pairs = moved.y[0, -1]
    return np.array([total - 2 * pairs, pairs])


EXACT: dict[str, Callable[[Counted], np.ndarray]] = {
    "ring10": ring_means,
    "Schlögl": schloegl_means,
    "multisite896": multisite_means,
    "dimer": dimer_means,
}


@cache
def expected(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Means of the watched species, and their standard errors."""
    if name in EXACT:
        means = EXACT[name](networks()[name])
        return means, np.zeros(len(means))
    sampled, errors = SAMPLED[name]
    return np.array(sampled), np.array(errors)


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    end = json.loads((folder / "parameters.json").read_text())["networks"][0]["end"]
    found = {}
    for phase, number in json.loads((outputs / "numbers.json").read_text()).items():
        if phase == GRAPH:
            found[phase] = float(max(abs(np.array(number) - 3.0 * end) / np.sqrt(3.0 * end)))
            continue
        means, errors = expected(phase)
        deviation = np.abs(np.array(number["mean"]) - means)
        error: np.ndarray = np.hypot(number["error"], errors)
        # a count that did not vary in the sample is as rare, or as certain, as Poisson's
        error = np.where(error > 0.0, error, np.sqrt(means / number["samples"]))
        found[phase] = float(np.max(deviation / error))
    return found


def summary(results: Sequence[CaseResult]) -> list[str]:
    """Speeds in the unit that simulators are compared in."""
    lines = ["Million jumps per second of CPU time (medians):", "", "| network | solver | million per second | against rebop |", "|---|---|---|---|"]
    for result in results:
        for phase in result.phases():
            # neither is a time of one jump
            if phase == CALL or result.case.parameters["work"] == "ensemble":
                continue
            what = f"{phase}, {result.case.name}" if phase == MEAN else phase
            peer = result.faster_peer(phase, "cpu")
            for row in result.rows:
                if row.sample(phase, "cpu"):
                    time = row.median(phase, "cpu")
                    ratio = f"{peer / time:.3g}" if peer else "–"
                    lines.append(f"| {what} | {row.name} | {1e-6 / time:.3g} | {ratio} |")
    return [*lines, ""]

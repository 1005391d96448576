"""How long does it take to learn dissipation and information flow from data?"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy import linalg
from scipy.spatial import cKDTree
from scipy.special import digamma

from harness.task import Case, Irrev, Measurement, Peer, Target, save_inputs

BEADS, NEIGHBOURS, SYMBOLS, STATES = (
    "two beads, 100 000 points",
    "transfer entropy, 10 000 points, 4 neighbours",
    "transfer entropy, 1 000 000 binary steps",
    "20 states, 500 000 steps",
)
NOTES = (
    "Two beads between baths of temperatures 10 and 1 (σ = 2.025), steps of 0.01. `estimate`: the closed-form bound of all linear currents at this step; the error is relative to NumPy's. "
    "`interval`: estimate extrapolated to a vanishing step, held-out bound and certificate, noise, 95 % interval from 1000 draws; StochasticForceInference: force field, diffusion and entropy "
    "production with its error estimate, the second call of a process (the first compiles). The error of `interval` is |estimate/σ − 1|, of one recording.",
    "Neighbours: Frenzel and Pompe's estimator, one step of past; SciPy's cKDTree in the way one writes it. Errors are differences from that.",
    "Symbols: plug-in transfer entropy with k = 1 and k = 5 steps of the target's past. pyinform gives bits. Errors are differences from NumPy's.",
    "States: irrev counts, and gives the transition matrix, the entropy production per step, its correction and standard error; deeptime counts and fits the matrix, from which the user computes "
    "the entropy production; NumPy counts. Errors are relative, of the plug-in entropy production.",
)
CASES = (
    Case(BEADS, {"what": "beads", "points": 100_000}, repetitions=9, peer_repetitions=3),
    Case(NEIGHBOURS, {"what": "neighbours", "points": 10_000}, repetitions=7, peer_repetitions=3),
    Case(SYMBOLS, {"what": "symbols", "points": 1_000_000}, repetitions=9, peer_repetitions=5),
    Case(STATES, {"what": "states", "points": 500_000}, repetitions=9, peer_repetitions=5),
)
QUICK_CASES = (
    Case("two beads, 4000 points", {"what": "beads", "points": 4000}),
    Case("transfer entropy, 500 points", {"what": "neighbours", "points": 500}),
    Case("transfer entropy, 5000 steps", {"what": "symbols", "points": 5000}),
    Case("20 states, 50 000 steps", {"what": "states", "points": 50_000}),
)
IRREV = (Irrev(threads=(1,)),)
TARGETS = (
    Target(BEADS, "interval", "ratio", 1 / 10, peer="StochasticForceInference"),
    Target(BEADS, "estimate", "ratio", 1 / 3, peer="NumPy"),
    Target(BEADS, "estimate", "accuracy", 1e-9),
    Target(NEIGHBOURS, "neighbours", "ratio", 1 / 4, peer="SciPy cKDTree"),
    Target(NEIGHBOURS, "neighbours", "accuracy", 1e-9),
    Target(SYMBOLS, "k = 1", "ratio", 1 / 3, peer="pyinform"),
    Target(SYMBOLS, "k = 5", "ratio", 1 / 3, peer="pyinform"),
    Target(SYMBOLS, "k = 1", "accuracy", 1e-12),
    Target(STATES, "counts", "ratio", 1 / 8, peer="deeptime"),
    Target(STATES, "counts", "accuracy", 1e-12),
)

STEP = 0.01
EXACT = 2.025
#: Length of the target's past.
PASTS = (1, 5)


def beads(points: int) -> np.ndarray:
    """A stationary recording, row by time."""
    drift, diffusion = np.array([[-2.0, 1.0], [1.0, -2.0]]), np.diag([10.0, 1.0])
    covariance = linalg.solve_continuous_lyapunov(drift, -2 * diffusion)
    decay = linalg.expm(drift * STEP)
    left = covariance - decay @ covariance @ decay.T
    random = np.random.default_rng(3)
    kicks = random.standard_normal((points, 2)) @ np.linalg.cholesky(left).T
    rows = np.empty((points, 2))
    state = np.linalg.cholesky(covariance) @ random.standard_normal(2)
    for row, kick in zip(rows, kicks, strict=True):
        row[:] = state
        state = decay @ state + kick
    return rows


def pair(points: int) -> np.ndarray:
    """A target that a source drives, row by time."""
    random = np.random.default_rng(1)
    kicks, state, rows = random.standard_normal((points, 2)), np.zeros(2), np.empty((points, 2))
    for row, kick in zip(rows, kicks, strict=True):
        state = np.array([0.5 * state[0] + 0.3 * state[1], 0.7 * state[1]]) + kick
        row[:] = state
    return rows


def symbols(points: int) -> tuple[np.ndarray, np.ndarray]:
    """A binary target and its source."""
    follows = np.array([[0.2, 0.7], [0.4, 0.9]])
    random = np.random.default_rng(2).random((points, 2))
    target, source = np.empty(points, dtype=int), np.empty(points, dtype=int)
    x = y = 0
    for t, (one, other) in enumerate(random):
        x, y = int(one < follows[x, y]), int(other < (0.8 if y else 0.3))
        target[t], source[t] = x, y
    return target, source


def states(points: int) -> np.ndarray:
    random = np.random.default_rng(5)
    chances = random.uniform(0.2, 1, (20, 20)) + 8 * np.eye(20)
    chances = (chances / chances.sum(1, keepdims=True)).cumsum(1)
    found, state = np.empty(points, dtype=int), 0
    for t, chance in enumerate(random.random(points)):
        state = min(int(np.searchsorted(chances[state], chance)), 19)
        found[t] = state
    return found


def prepare(folder: Path, parameters: Mapping[str, Any]) -> None:
    points = parameters["points"]
    arrays: dict[str, np.ndarray]
    match parameters["what"]:
        case "beads":
            arrays = {"points": beads(points).ravel()}
        case "neighbours":
            rows = pair(points)
            arrays = {"target": rows[:, 0], "source": rows[:, 1]}
        case "symbols":
            target, source = symbols(points)
            arrays = {"target": target.astype(float), "source": source.astype(float)}
        case _:
            arrays = {"states": states(points).astype(float)}
    save_inputs(folder, arrays, parameters)


def closed_form(points: np.ndarray) -> float:
    middle, step = 0.5 * (points[1:] + points[:-1]), np.diff(points, axis=0)
    currents = (middle[:, :, None] * step[:, None, :]).reshape(len(step), 4)
    mean = currents.mean(0)
    covariance = (currents.T @ currents - len(step) * np.outer(mean, mean)) / (len(step) - 1)
    return float(2 * mean @ np.linalg.solve(covariance, mean) / STEP)


def by_trees(target: np.ndarray, source: np.ndarray) -> float:
    future, own, other = target[1:], target[:-1], source[:-1]
    whole = np.c_[future, own, other]
    near = np.nextafter(cKDTree(whole).query(whole, k=5, p=np.inf)[0][:, -1], 0)

    def count(points: np.ndarray) -> np.ndarray:
        found: np.ndarray = cKDTree(points).query_ball_point(points, near, p=np.inf, return_length=True)
        return found

    counted = digamma(count(own[:, None])) - digamma(count(np.c_[future, own])) - digamma(count(np.c_[own, other]))
    return float(digamma(4) + counted.mean())


def entropy(counts: np.ndarray) -> float:
    part = counts[counts > 0] / counts.sum()
    return float(-(part * np.log(part)).sum())


def plug_in(target: np.ndarray, source: np.ndarray, past: int) -> float:
    history = np.zeros(len(target) - past, dtype=int)
    for lag in range(past):
        history = 2 * history + target[lag : len(target) - past + lag]
    joint = np.bincount((2 * history + source[past - 1 : -1]) * 2 + target[past:], minlength=4 << past).reshape(-1, 2, 2)
    return entropy(joint.sum(1)) - entropy(joint.sum((1, 2))) - entropy(joint) + entropy(joint.sum(2))


def production(counts: np.ndarray) -> float:
    part = counts / counts.sum()
    return float((part * np.log(part / part.T)).sum())


def by_numpy(measurement: Measurement) -> None:
    match measurement.parameter("what"):
        case "beads":
            points = measurement.array("points").reshape(-1, 2)
            with measurement.time("estimate"):
                found = closed_form(points)
            measurement.arrays["estimate"] = np.array([found])
        case "symbols":
            target, source = (measurement.array(name).astype(int) for name in ("target", "source"))
            for past in PASTS:
                with measurement.time(f"k = {past}"):
                    found = plug_in(target, source, past)
                measurement.arrays[f"k = {past}"] = np.array([found])
        case "states":
            visited = measurement.array("states").astype(int)
            with measurement.time("counts"):
                found = production(np.bincount(visited[:-1] * 20 + visited[1:], minlength=400).reshape(20, 20))
            measurement.arrays["counts"] = np.array([found])


def by_scipy(measurement: Measurement) -> None:
    if measurement.parameter("what") != "neighbours":
        return
    target, source = measurement.array("target"), measurement.array("source")
    with measurement.time("neighbours"):
        found = by_trees(target, source)
    measurement.arrays["neighbours"] = np.array([found])


def by_pyinform(measurement: Measurement) -> None:
    if measurement.parameter("what") != "symbols":
        return
    from pyinform.transferentropy import transfer_entropy

    target, source = (measurement.array(name).astype(np.int32) for name in ("target", "source"))
    for past in PASTS:
        with measurement.time(f"k = {past}"):
            found = transfer_entropy(source, target, k=past)
        measurement.arrays[f"k = {past}"] = np.array([found * np.log(2)])


def by_deeptime(measurement: Measurement) -> None:
    if measurement.parameter("what") != "states":
        return
    from deeptime.markov import TransitionCountEstimator
    from deeptime.markov.msm import MaximumLikelihoodMSM

    visited = measurement.array("states").astype(int)
    with measurement.time("counts"):
        counts = TransitionCountEstimator(lagtime=1, count_mode="sliding").fit_fetch(visited)
        MaximumLikelihoodMSM(reversible=False).fit_fetch(counts)
    measurement.arrays["counts"] = np.array([production(np.asarray(counts.count_matrix))])


def by_force_inference(measurement: Measurement) -> None:
    if measurement.parameter("what") != "beads":
        return
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    from SFI import OverdampedLangevinInference, TrajectoryCollection
    from SFI.bases import monomials_up_to

    points = measurement.array("points").reshape(-1, 2)

    def infer() -> Any:
        inference = OverdampedLangevinInference(TrajectoryCollection.from_arrays(X=points, dt=STEP))
        inference.compute_diffusion_constant()
        inference.infer_force_linear(monomials_up_to(order=1, dim=2, rank="vector"))
        return inference.compute_entropy_production()

    infer()  # compiles
    with measurement.time("interval"):
        found = infer()
    measurement.arrays["interval"] = np.array([float(found["Sdot_debiased"])])


PEERS = (
    Peer("NumPy", by_numpy),
    Peer("StochasticForceInference", by_force_inference),
    Peer("SciPy cKDTree", by_scipy),
    Peer("pyinform", by_pyinform),
    Peer("deeptime", by_deeptime),
)


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    reference = Measurement(folder, folder)
    by_numpy(reference)
    by_scipy(reference)
    errors = {}
    for name in ("estimate", "interval", "neighbours", "k = 1", "k = 5", "counts"):
        path = outputs / f"{name}.npy"
        if not path.exists():
            continue
        found = float(np.load(path)[0])
        if name == "interval":
            errors[name] = abs(found / EXACT - 1)
        elif name in ("estimate", "counts"):
            errors[name] = abs(found / float(reference.arrays[name][0]) - 1)
        else:
            errors[name] = abs(found - float(reference.arrays[name][0]))
    return errors

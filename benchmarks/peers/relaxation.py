"""How long does the distribution of a large network at a later time take?"""

from functools import cache
from pathlib import Path

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as spl

from harness.networks import driven_torus, generator
from harness.task import Case, Irrev, Measurement, Peer, Target, save_inputs

NOTES = (
    "p(t) = exp(W t) p(0) on a torus of 316 × 316 = 99 856 states with the rates of stationary_state, starting with certainty in the middle; q is the "
    "largest exit rate, so that q t counts the fastest jumps.",
    "irrev::network::dynamics::evolve at a tolerance of 1e-10 for Σ|error|, which includes preparing the process.",
    "SciPy's expm_multiply always works to double precision and cannot be asked for less: it is the more accurate one. It also takes any "
    "matrix, not only generators. Its matrix is assembled, and its trace is computed, before the clock starts.",
    "The second peer is a loop of our own over SciPy's sparse products by the method that irrev uses, at the same tolerance: what the choice of the "
    "method brings by itself.",
    "The error is Σ|p − reference|; the reference is that loop continued to 1e-17.",
)
CASES = (
    Case("q t = 50", {"side": 316, "jumps": 50.0}, repetitions=7),
    Case("q t = 1000", {"side": 316, "jumps": 1000.0}, repetitions=5),
)
QUICK_CASES = (Case("40 × 40, q t = 50", {"side": 40, "jumps": 50.0}),)
IRREV = (Irrev(),)
TARGETS = tuple(
    target
    for case in CASES
    for target in (
        Target(case.name, "evolve", "ratio", 1 / 3, peer="SciPy expm_multiply"),
        Target(case.name, "evolve", "accuracy", 1e-10),
    )
)


def prepare(folder: Path, parameters: dict[str, float]) -> None:
    side = int(parameters["side"])
    edges, forward, backward = driven_torus(side)
    initial = np.zeros(side * side)
    initial[(side // 2) * side + side // 2] = 1.0
    largest = -generator(edges, forward, backward, side * side).tocsr().diagonal().min()
    arrays = {"edges": edges, "forward": forward, "backward": backward, "initial": initial}
    save_inputs(folder, arrays, {**parameters, "duration": parameters["jumps"] / largest})


def poisson(mean: float, neglected: float) -> np.ndarray:
    """Poisson probabilities from 0 until what is left of the tail is neglected."""
    mode, last = int(mean), int(mean + 12 * mean**0.5 + 60)
    # by ratios outwards from the largest, then normalised: nothing overflows, and no logarithm loses digits
    below = np.cumprod(np.arange(mode, 0, -1) / mean)[::-1]
    above = np.cumprod(mean / np.arange(mode + 1, last))
    weights: np.ndarray = np.r_[below, 1.0, above]
    weights /= weights.sum()
    tail = np.cumsum(weights[::-1])[::-1]
    return weights[: 1 + int(np.argmax(tail < neglected))]


def uniformised(matrix: sp.csr_array, duration: float, initial: np.ndarray, neglected: float) -> np.ndarray:
    """exp(W t) p as a Poisson mixture of powers of I + W/q."""
    rate = -matrix.diagonal().min()
    step = (sp.eye_array(matrix.shape[0], format="csr") + matrix / rate).tocsr()
    state, total = initial, np.zeros_like(initial)
    for weight in poisson(rate * duration, neglected):
        total += weight * state
        state = step @ state
    return total


def inputs(measurement: Measurement) -> tuple[sp.csr_array, float, np.ndarray]:
    initial = measurement.array("initial")
    rates = measurement.array("forward"), measurement.array("backward")
    matrix = generator(measurement.array("edges"), *rates, len(initial)).tocsr()
    return matrix, measurement.parameter("duration"), initial


def by_expm_multiply(measurement: Measurement) -> None:
    matrix, duration, initial = inputs(measurement)
    exponent = matrix * duration
    trace = float(exponent.diagonal().sum())
    with measurement.time("evolve"):
        measurement.arrays["final"] = spl.expm_multiply(exponent, initial, traceA=trace)


def by_products(measurement: Measurement) -> None:
    matrix, duration, initial = inputs(measurement)
    with measurement.time("evolve"):
        measurement.arrays["final"] = uniformised(matrix, duration, initial, 1e-11)


PEERS = (Peer("SciPy expm_multiply", by_expm_multiply), Peer("SciPy products", by_products))


@cache
def reference(folder: Path) -> np.ndarray:
    matrix, duration, initial = inputs(Measurement(folder, folder))
    return uniformised(matrix, duration, initial, 1e-17)


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    return {"evolve": float(np.abs(np.load(outputs / "final.npy") - reference(folder)).sum())}

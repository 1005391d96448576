"""How long do the averages at a given value of a coordinate take on a long recording?"""

from collections.abc import Callable
from pathlib import Path

import numba
import numpy as np
from scipy.stats import binned_statistic

from harness.task import Case, Irrev, Measurement, Peer, Target, save_inputs

NOTES = (
    "A damped oscillator at kT = 1 with a friction of 0.5, at steps of 0.02, by its exact propagator; visits, ⟨Ṙ²; r⟩, ⟨R̈; r⟩ and ⟨R̈²; r⟩ in 100 cells. “Moments” has positions, velocities "
    "and accelerations, “from positions” has positions alone and takes central and second differences.",
    "irrev::landscape::moments::conditional_moments gives standard errors from blocks of correlated frames as well (and no ⟨R̈²; r⟩); none of the peers gives an error.",
    "SciPy's binned_statistic takes all four at once; NumPy cuts once with digitize and sums with bincount; the numba loop does all in one pass, and is compiled before the clock starts.",
    "The error is the largest difference of the means from those of the NumPy peer, relative to the largest mean.",
)
CASES = (Case("1e7 frames", {"frames": 10_000_000, "step": 0.02, "cells": 100}, repetitions=5),)
QUICK_CASES = (Case("2e5 frames", {"frames": 200_000, "step": 0.02, "cells": 100}),)
IRREV = (Irrev(),)
TARGETS = (
    Target("1e7 frames", "moments", "ratio", 1 / 60, peer="SciPy binned_statistic"),
    Target("1e7 frames", "moments", "ratio", 1 / 10, peer="NumPy digitize"),
    Target("1e7 frames", "moments", "ratio", 2.0, peer="numba loop"),
    Target("1e7 frames", "moments", "accuracy", 1e-9),
    Target("1e7 frames", "from positions", "accuracy", 1e-9),
)
EDGES = (-3.0, 3.0)


def oscillator(frames: int, step: float) -> np.ndarray:
    """x'' = −x − γ x' + √(2γ) ξ, exactly at the step, by a recursion of two numbers that a filter carries out."""
    from scipy.linalg import expm
    from scipy.signal import lfilter

    drift = np.array([[0.0, 1.0], [-1.0, -0.5]])
    kept = expm(drift * step)
    noise = np.linalg.cholesky(np.eye(2) - kept @ kept.T)
    random = np.random.default_rng(1)
    kicks = noise @ random.standard_normal((2, frames))
    # x alone obeys a recursion of second order whose input mixes the kicks of two steps
    trace, determinant = float(np.trace(kept)), float(np.linalg.det(kept))
    driven = kicks[0].copy()
    driven[1:] += kept[0, 1] * kicks[1][:-1] - kept[1, 1] * kicks[0][:-1]
    found: np.ndarray = lfilter([1.0], [1.0, -trace, determinant], driven)
    return found


def prepare(folder: Path, parameters: dict[str, float]) -> None:
    step = parameters["step"]
    x = oscillator(int(parameters["frames"]), step)
    velocities, accelerations = np.gradient(x, step), np.zeros_like(x)
    accelerations[1:-1] = (x[2:] - 2 * x[1:-1] + x[:-2]) / step**2
    save_inputs(folder, {"positions": x, "velocities": velocities, "accelerations": accelerations}, dict(parameters))


def edges(measurement: Measurement) -> np.ndarray:
    return np.linspace(*EDGES, int(measurement.parameter("cells")) + 1)


def differences(measurement: Measurement) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    x, step = measurement.array("positions"), measurement.parameter("step")
    return x[1:-1], (x[2:] - x[:-2]) / (2 * step), (x[2:] - 2 * x[1:-1] + x[:-2]) / step**2


def given(measurement: Measurement) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return measurement.array("positions"), measurement.array("velocities"), measurement.array("accelerations")


def keep(measurement: Measurement, suffix: str, counts: np.ndarray, squares: np.ndarray, accelerations: np.ndarray) -> None:
    measurement.arrays |= {f"square{suffix}": squares / counts, f"acceleration{suffix}": accelerations / counts}


Moments = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, ...]]


def both(measurement: Measurement, moments: Moments) -> None:
    """With velocities and accelerations, and from positions alone."""
    cuts = edges(measurement)
    arrays = given(measurement)
    with measurement.time("moments"):
        found = moments(*arrays, cuts)
    keep(measurement, "", *found[:3])
    with measurement.time("from positions"):
        found = moments(*differences(measurement), cuts)
    keep(measurement, "_of_positions", *found[:3])


def by_scipy(measurement: Measurement) -> None:
    def moments(r: np.ndarray, v: np.ndarray, a: np.ndarray, cuts: np.ndarray) -> tuple[np.ndarray, ...]:
        sums = binned_statistic(r, [v * v, a, a * a], "sum", bins=cuts)[0]
        return binned_statistic(r, None, "count", bins=cuts)[0], *sums

    both(measurement, moments)


def by_numpy(measurement: Measurement) -> None:
    def moments(r: np.ndarray, v: np.ndarray, a: np.ndarray, cuts: np.ndarray) -> tuple[np.ndarray, ...]:
        cell = np.digitize(r, cuts)
        sums = [np.bincount(cell, weights=weights, minlength=len(cuts) + 1)[1:-1] for weights in (None, v * v, a, a * a)]
        return tuple(sums)

    both(measurement, moments)


@numba.njit
def loop(r: np.ndarray, v: np.ndarray, a: np.ndarray, low: float, scale: float, cells: int) -> np.ndarray:
    sums = np.zeros((cells, 4))
    for k in range(len(r)):
        place = (r[k] - low) * scale
        if place >= 0 and place < cells:
            cell = int(place)
            sums[cell, 0] += 1
            sums[cell, 1] += v[k] * v[k]
            sums[cell, 2] += a[k]
            sums[cell, 3] += a[k] * a[k]
    return sums


def by_numba(measurement: Measurement) -> None:
    def moments(r: np.ndarray, v: np.ndarray, a: np.ndarray, cuts: np.ndarray) -> tuple[np.ndarray, ...]:
        cells = len(cuts) - 1
        return tuple(loop(r, v, a, cuts[0], cells / (cuts[-1] - cuts[0]), cells).T)

    few = np.zeros(10)
    moments(few, few, few, edges(measurement))
    both(measurement, moments)


PEERS = (Peer("SciPy binned_statistic", by_scipy), Peer("NumPy digitize", by_numpy), Peer("numba loop", by_numba))


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    reference = Measurement(folder, folder)
    by_numpy(reference)

    def worst(suffix: str) -> float:
        names = (f"square{suffix}", f"acceleration{suffix}")
        return max(
            float(np.nanmax(np.abs(np.load(outputs / f"{name}.npy") - reference.arrays[name])) / np.nanmax(np.abs(reference.arrays[name])))
            for name in names
        )

    return {"moments": worst(""), "from positions": worst("_of_positions")}

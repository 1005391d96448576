"""How long do the averages at a given value of a coordinate take on a long recording?"""

from pathlib import Path

import numba
import numpy as np
from scipy.stats import binned_statistic

from harness.task import Case, Irrev, Measurement, Peer, Target, save_inputs

NOTES = (
    "Positions of a damped oscillator at kT = 1 with a friction of 0.5, at steps of 0.02, by its exact propagator; ⟨Ṙ²; r⟩ and ⟨R̈; r⟩ from central and second differences in 100 cells.",
    "irrev::landscape::moments::conditional_moments gives standard errors from blocks of correlated frames as well; none of the peers gives an error.",
    "SciPy's binned_statistic is called for the two means; NumPy cuts once with digitize and sums with bincount; the numba loop does both in one pass, and is compiled before the clock starts.",
    "The error is the largest difference of the means from those of the NumPy peer, relative to the largest mean.",
)
CASES = (Case("1e7 frames", {"frames": 10_000_000, "step": 0.02, "cells": 100}, repetitions=5),)
QUICK_CASES = (Case("2e5 frames", {"frames": 200_000, "step": 0.02, "cells": 100}),)
IRREV = (Irrev(), Irrev(threads=(2,)))
TARGETS = (
    Target("1e7 frames", "moments", "ratio", 1 / 60, peer="SciPy binned_statistic"),
    Target("1e7 frames", "moments", "ratio", 1 / 10, peer="NumPy digitize"),
    Target("1e7 frames", "moments", "ratio", 2.0, peer="numba loop"),
    Target("1e7 frames", "moments", "accuracy", 1e-9),
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
    positions = oscillator(int(parameters["frames"]), parameters["step"])
    save_inputs(folder, {"positions": positions}, dict(parameters))


def differences(measurement: Measurement) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    x, step = measurement.array("positions"), measurement.parameter("step")
    edges = np.linspace(*EDGES, int(measurement.parameter("cells")) + 1)
    return x[1:-1], ((x[2:] - x[:-2]) / (2 * step)) ** 2, (x[2:] - 2 * x[1:-1] + x[:-2]) / step**2, edges


def by_scipy(measurement: Measurement) -> None:
    with measurement.time("moments"):
        r, square, acceleration, edges = differences(measurement)
        measurement.arrays["square"] = binned_statistic(r, square, bins=edges).statistic
        measurement.arrays["acceleration"] = binned_statistic(r, acceleration, bins=edges).statistic


def by_numpy(measurement: Measurement) -> None:
    with measurement.time("moments"):
        r, square, acceleration, edges = differences(measurement)
        cell = np.digitize(r, edges)
        counts = np.bincount(cell, minlength=len(edges) + 1)[1:-1]
        for name, values in (("square", square), ("acceleration", acceleration)):
            sums = np.bincount(cell, weights=values, minlength=len(edges) + 1)[1:-1]
            measurement.arrays[name] = sums / counts


@numba.njit
def loop(x: np.ndarray, step: float, low: float, high: float, cells: int) -> tuple[np.ndarray, np.ndarray]:
    count, squares, accelerations = np.zeros(cells), np.zeros(cells), np.zeros(cells)
    scale = cells / (high - low)
    for k in range(1, len(x) - 1):
        cell = int(np.floor((x[k] - low) * scale))
        if 0 <= cell < cells:
            velocity = (x[k + 1] - x[k - 1]) / (2 * step)
            count[cell] += 1
            squares[cell] += velocity * velocity
            accelerations[cell] += (x[k + 1] - 2 * x[k] + x[k - 1]) / step**2
    return squares / count, accelerations / count


def by_numba(measurement: Measurement) -> None:
    x, step, cells = measurement.array("positions"), measurement.parameter("step"), int(measurement.parameter("cells"))
    loop(x[:100], step, *EDGES, cells)
    with measurement.time("moments"):
        square, acceleration = loop(x, step, *EDGES, cells)
    measurement.arrays |= {"square": square, "acceleration": acceleration}


PEERS = (Peer("SciPy binned_statistic", by_scipy), Peer("NumPy digitize", by_numpy), Peer("numba loop", by_numba))


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    reference = Measurement(folder, folder)
    by_numpy(reference)
    worst = 0.0
    for name in ("square", "acceleration"):
        expected = reference.arrays[name]
        worst = max(worst, float(np.nanmax(np.abs(np.load(outputs / f"{name}.npy") - expected)) / np.nanmax(np.abs(expected))))
    return {"moments": worst}

"""How long does it take from spike times to the network behind them?"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from harness.task import Case, Irrev, Measurement, Peer, Target, save_inputs

FIT, BINS = "fit, 50 units, 40 000 steps", "1 500 000 spikes of 300 units in bins of 10 ms"
NOTES = (
    "Fit: couplings and fields of 50 units by maximum likelihood, from 40 000 transitions of a network with parallel updates (J₀ = 1, ΔJ = 0.5, β = 1). irrev to "
    "a gradient of 1e-9 per step. scikit-learn's LogisticRegression (L-BFGS) unit by unit with C = 1e12, tol = 1e-8: the same regressions, with slope 2. The third is "
    "Newton's method of our own in NumPy.",
    "The error is the largest difference of a coupling or field from those of a Newton iteration in NumPy continued to 1e-12.",
    "Bins: 300 trains of 5000 uniform spikes over 1000 s; whether a unit was active in a bin. irrev also counts what falls outside, on edges, and together. elephant's "
    "BinnedSpikeTrain needs SpikeTrain objects; making them does not count. The error is the number of bins by which a unit's activity differs from NumPy's.",
)
CASES = (
    Case(FIT, {"what": "fit", "units": 50, "steps": 40_000}, repetitions=5, peer_repetitions=2),
    Case(BINS, {"what": "bins", "unit_count": 300, "bin_count": 100_000, "width": 0.01, "spikes": 5000}, repetitions=7, peer_repetitions=3),
)
QUICK_CASES = (
    Case("fit, 8 units, 2000 steps", {"what": "fit", "units": 8, "steps": 2000}),
    Case("20 units", {"what": "bins", "unit_count": 20, "bin_count": 1000, "width": 0.01, "spikes": 50}),
)
IRREV = (Irrev(threads=(1,)),)
TARGETS = (
    Target(FIT, "fit", "ratio", 1 / 8, peer="scikit-learn"),
    Target(FIT, "fit", "accuracy", 1e-8),
    Target(BINS, "bin", "ratio", 1 / 5, peer="elephant"),
    Target(BINS, "bin", "accuracy", 0.0),
)


def recording(units: int, steps: int) -> np.ndarray:
    """Spins ±1 of a random network with parallel updates, row by step."""
    random = np.random.default_rng(1)
    couplings = 0.5 * random.standard_normal((units, units)) / np.sqrt(units) + 1 / units
    spins = np.empty((steps + 1, units))
    state = np.where(random.random(units) < 0.5, 1.0, -1.0)
    for row in spins:
        state = np.where(random.random(units) < 0.5 * (1 + np.tanh(couplings @ state)), 1.0, -1.0)
        row[:] = state
    return spins


def prepare(folder: Path, parameters: Mapping[str, Any]) -> None:
    if parameters["what"] == "fit":
        save_inputs(folder, {"spins": recording(parameters["units"], parameters["steps"]).ravel()}, parameters)
        return
    random = np.random.default_rng(1)
    length = parameters["bin_count"] * parameters["width"]
    trains = [np.sort(random.uniform(0, length, parameters["spikes"])) for _ in range(parameters["unit_count"])]
    units = np.repeat(np.arange(len(trains), dtype=float), parameters["spikes"])
    save_inputs(folder, {"units": units, "times": np.concatenate(trains)}, parameters)


def regressors(spins: np.ndarray) -> np.ndarray:
    return np.hstack([np.ones((len(spins) - 1, 1)), spins[:-1]])


def newton(spins: np.ndarray, tolerance: float) -> np.ndarray:
    """Field and couplings of every unit."""
    given, weights = regressors(spins), np.zeros((spins.shape[1], spins.shape[1] + 1))
    for unit, row in enumerate(weights):
        for _ in range(30):
            tanh = np.tanh(given @ row)
            step = np.linalg.solve((given * (1 - tanh**2)[:, None]).T @ given, given.T @ (spins[1:, unit] - tanh))
            row += step
            if np.abs(step).max() < tolerance:
                break
    return weights


def recorded(measurement: Measurement) -> np.ndarray:
    """Spins, row by step."""
    return measurement.array("spins").reshape(-1, measurement.parameter("units"))


def by_newton(measurement: Measurement) -> None:
    if measurement.parameter("what") != "fit":
        return
    spins = recorded(measurement)
    with measurement.time("fit"):
        weights = newton(spins, 1e-9)
    measurement.arrays["weights"] = weights.ravel()


def by_scikit_learn(measurement: Measurement) -> None:
    if measurement.parameter("what") != "fit":
        return
    from sklearn.linear_model import LogisticRegression

    spins = recorded(measurement)
    with measurement.time("fit"):
        fits = [LogisticRegression(C=1e12, tol=1e-8, max_iter=1000).fit(spins[:-1], unit > 0) for unit in spins[1:].T]
    measurement.arrays["weights"] = np.array([np.r_[fit.intercept_, fit.coef_[0]] / 2 for fit in fits]).ravel()


def trains(measurement: Measurement) -> list[np.ndarray]:
    units, times = measurement.array("units").astype(int), measurement.array("times")
    return np.split(times, np.flatnonzero(np.diff(units)) + 1)


def by_numpy(measurement: Measurement) -> None:
    if measurement.parameter("what") != "bins":
        return
    spikes, width = trains(measurement), measurement.parameter("width")
    with measurement.time("bin"):
        active = np.zeros((len(spikes), measurement.parameter("bin_count")), bool)
        for row, train in zip(active, spikes, strict=True):
            row[np.floor(train / width).astype(int)] = True
    measurement.arrays["active"] = active.sum(axis=1).astype(float)


def by_elephant(measurement: Measurement) -> None:
    if measurement.parameter("what") != "bins":
        return
    import neo
    import quantities as pq
    from elephant.conversion import BinnedSpikeTrain

    width, end = measurement.parameter("width"), measurement.parameter("bin_count") * measurement.parameter("width")
    spikes = [neo.SpikeTrain(train, units="s", t_start=0, t_stop=end) for train in trains(measurement)]
    with measurement.time("bin"):
        active = BinnedSpikeTrain(spikes, bin_size=width * pq.s, t_start=0 * pq.s, t_stop=end * pq.s).to_bool_array()
    measurement.arrays["active"] = active.sum(axis=1).astype(float)


PEERS = (
    Peer("scikit-learn", by_scikit_learn),
    Peer("NumPy, Newton", by_newton),
    Peer("NumPy", by_numpy),
    Peer("elephant", by_elephant),
)


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    if (outputs / "weights.npy").exists():
        weights = np.load(outputs / "weights.npy")
        units = round((-1 + np.sqrt(1 + 4 * len(weights))) / 2)
        exact = newton(np.load(folder / "spins.npy").reshape(-1, units), 1e-12)
        return {"fit": float(np.abs(weights - exact.ravel()).max())}
    if (outputs / "active.npy").exists():
        units, times = np.load(folder / "units.npy").astype(int), np.load(folder / "times.npy")
        # NumPy's own division, so that a spike on an edge falls where it falls
        cells = np.unique(np.stack([units, np.floor(times / 0.01).astype(int)]), axis=1)
        return {"bin": float(np.abs(np.bincount(cells[0]) - np.load(outputs / "active.npy")).max())}
    return {}

"""How long does the stationary state of a Fokker–Planck equation in the plane take, out of equilibrium?"""

from pathlib import Path

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as spl

from harness.task import Case, Irrev, Measurement, Peer, Target, save_inputs

NOTES = (
    "V = 2(x² − 1)² + 2y², a force (−y, x) that has no potential, unit mobility and temperature, on 121 × 121 nodes between reflecting walls at ±2, by the weights of Scharfetter and Gummel.",
    "irrev::landscape::fokker_planck::discretised and the stationary distribution of the network; SciPy assembles the same generator and solves with one row replaced by the normalisation (SuperLU).",
    "fplanck needs a NumPy that nothing else here runs on, and is left out.",
    "The error is the largest relative difference of the density from that of SciPy, where that is above 1e-8 of its maximum.",
)
CASES = (Case("121 × 121 nodes", {"intervals": 120}, repetitions=5),)
QUICK_CASES = (Case("33 × 33 nodes", {"intervals": 32}),)
IRREV = (Irrev(), Irrev(threads=(2,)))
TARGETS = (Target(CASES[0].name, "stationary state", "accuracy", 1e-6),)


def prepare(folder: Path, parameters: dict[str, float]) -> None:
    save_inputs(folder, {}, dict(parameters))


def bernoulli(d: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.where(np.abs(d) < 1e-12, 1.0, d / np.expm1(np.where(d == 0.0, 1.0, d)))
    return found


def density(intervals: int) -> np.ndarray:
    n, h = intervals + 1, 4.0 / intervals
    x = np.linspace(-2.0, 2.0, n)
    grid_x, grid_y = np.meshgrid(x, x, indexing="ij")
    v = 2 * (grid_x**2 - 1) ** 2 + 2 * grid_y**2
    width = np.full(n, h)
    width[[0, -1]] = h / 2
    index = np.arange(n * n).reshape(n, n)
    rows, columns, rates = [], [], []
    for axis in (0, 1):
        lower = (slice(None, -1), slice(None)) if axis == 0 else (slice(None), slice(None, -1))
        upper = (slice(1, None), slice(None)) if axis == 0 else (slice(None), slice(1, None))
        force = -grid_y[lower] if axis == 0 else grid_x[lower]
        d = v[upper] - v[lower] - force * h
        own = np.broadcast_to(width[:, None] if axis == 0 else width[None, :], (n, n))
        for origin, target, weight in ((lower, upper, bernoulli(d)), (upper, lower, bernoulli(-d))):
            rates.append((weight / (h * own[origin])).ravel())
            rows.append(index[target].ravel())
            columns.append(index[origin].ravel())
    matrix = sp.coo_array((np.concatenate(rates), (np.concatenate(rows), np.concatenate(columns))), shape=(n * n, n * n)).tocsr()
    matrix = (matrix - sp.diags_array(np.asarray(matrix.sum(axis=0)).ravel())).tolil()
    matrix[0, :] = 1.0
    right = np.zeros(n * n)
    right[0] = 1.0
    p = spl.spsolve(matrix.tocsc(), right)
    found: np.ndarray = p / np.outer(width, width).ravel()
    return found


def by_scipy(measurement: Measurement) -> None:
    with measurement.time("stationary state"):
        measurement.arrays["density"] = density(int(measurement.parameter("intervals")))


PEERS = (Peer("SciPy spsolve", by_scipy),)


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    expected = density(int(Measurement(folder, folder).parameter("intervals")))
    known = expected > 1e-8 * expected.max()
    return {"stationary state": float(np.abs(np.load(outputs / "density.npy")[known] / expected[known] - 1).max())}

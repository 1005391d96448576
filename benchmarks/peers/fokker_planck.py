"""How long do the stationary state and the motion of a Fokker–Planck equation in the plane take, out of equilibrium?"""

from pathlib import Path

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as spl

from harness.task import Case, Irrev, Measurement, Peer, Target, save_inputs

NOTES = (
    "V = (x² − 1)² + 2y² at kT = 1/2 and unit mobility between reflecting walls at ±2.5, and a force (−∂V/∂y, ∂V/∂x)/2 that has no potential and leaves the Boltzmann distribution "
    "as it is: the stationary density is known, the current is not zero. The motion starts from a Gaussian at (−1, 0) and goes to t = 1.",
    "Each clock runs from the field to the density. irrev: irrev::landscape::fokker_planck::discretised, then the stationary distribution of the network, or dynamics::evolve at 1e-8.",
    "fplanck takes rates with square roots of Boltzmann factors (irrev::landscape knows them too), kelvin and SI units, and lives in an environment of its own, because it needs an older NumPy. "
    "Where the potential is steep these make it stiff. Given a potential and a force it would add the rates of both, so that it is given the whole force.",
    "SciPy assembles the generator with the weights of Scharfetter and Gummel from arrays, solves with one row replaced by the normalisation (SuperLU), and moves by expm_multiply.",
    "The error is Σ|p − p'| over cells: for the stationary state p' is Boltzmann's, so that the error is that of the grid; for the motion p' is that of "
    "SciPy, from which fplanck also differs by its weights on the same grid.",
)
CASES = (Case("121 × 121 nodes", {"intervals": 120}, repetitions=5), Case("81 × 81 nodes", {"intervals": 80}, repetitions=5))
QUICK_CASES = (Case("41 × 41 nodes", {"intervals": 40}),)
IRREV = (Irrev(),)
TARGETS = (
    Target(CASES[0].name, "stationary state", "ratio", 1 / 5, peer="fplanck"),
    Target(CASES[1].name, "motion", "ratio", 1 / 30, peer="fplanck"),
    Target(CASES[1].name, "motion", "accuracy", 1e-8),
)
KT, WALL, TURN = 0.5, 2.5, 0.5


def prepare(folder: Path, parameters: dict[str, float]) -> None:
    save_inputs(folder, {}, dict(parameters))


def nodes(intervals: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, y and the areas of the cells; cells at walls are halved."""
    axis = np.linspace(-WALL, WALL, intervals + 1)
    width = np.full(intervals + 1, 2 * WALL / intervals)
    width[[0, -1]] /= 2
    x, y = np.meshgrid(axis, axis, indexing="ij")
    return x, y, np.outer(width, width)


def potential(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    found: np.ndarray = (x**2 - 1) ** 2 + 2 * y**2
    return found


def force(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """All of it: −∇V and what has no potential."""
    slope_x, slope_y = 4 * x * (x**2 - 1), 4 * y
    return np.array([-slope_x - TURN * slope_y, -slope_y + TURN * slope_x])


def gaussian(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.exp(-0.5 * ((x + 1) ** 2 + y**2) / 0.2**2)
    return found


def bernoulli(d: np.ndarray) -> np.ndarray:
    found: np.ndarray = np.where(np.abs(d) < 1e-12, 1.0, d / np.expm1(np.where(d == 0.0, 1.0, d)))
    return found


def rates(intervals: int) -> sp.csr_array:
    """The generator: of each jump the flow per density, D B(±d)/h over the width of the cell it leaves."""
    n, h = intervals + 1, 2 * WALL / intervals
    x, y, _ = nodes(intervals)
    v = potential(x, y)
    width = np.full(n, h)
    width[[0, -1]] = h / 2
    index = np.arange(n * n).reshape(n, n)
    rows, columns, values = [], [], []
    for axis in (0, 1):
        lower = (slice(None, -1), slice(None)) if axis == 0 else (slice(None), slice(None, -1))
        upper = (slice(1, None), slice(None)) if axis == 0 else (slice(None), slice(1, None))
        # the work of the turning force over the step, by its value at the middle
        middle_x, middle_y = (x[lower] + x[upper]) / 2, (y[lower] + y[upper]) / 2
        work = h * (-TURN * 4 * middle_y if axis == 0 else TURN * 4 * middle_x * (middle_x**2 - 1))
        d = (v[upper] - v[lower] - work) / KT
        own = np.broadcast_to(width[:, None] if axis == 0 else width[None, :], (n, n))
        for origin, target, weight in ((lower, upper, bernoulli(d)), (upper, lower, bernoulli(-d))):
            values.append((KT * weight / (h * own[origin])).ravel())
            rows.append(index[target].ravel())
            columns.append(index[origin].ravel())
    matrix = sp.coo_array((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(n * n, n * n)).tocsr()
    found: sp.csr_array = matrix - sp.diags_array(np.asarray(matrix.sum(axis=0)).ravel())
    return found


def start(intervals: int) -> np.ndarray:
    x, y, areas = nodes(intervals)
    p = gaussian(x, y) * areas
    found: np.ndarray = (p / p.sum()).ravel()
    return found


def moved(intervals: int) -> np.ndarray:
    matrix = rates(intervals)
    found: np.ndarray = spl.expm_multiply(matrix, start(intervals), traceA=matrix.trace())
    return found


def by_scipy(measurement: Measurement) -> None:
    intervals = int(measurement.parameter("intervals"))
    with measurement.time("stationary state"):
        matrix = rates(intervals).tolil()
        matrix[0, :] = 1.0
        right = np.zeros(matrix.shape[0])
        right[0] = 1.0
        measurement.arrays["stationary"] = spl.spsolve(matrix.tocsc(), right)
    with measurement.time("motion"):
        measurement.arrays["moved"] = moved(intervals)


def by_fplanck(measurement: Measurement) -> None:
    import fplanck

    intervals = int(measurement.parameter("intervals"))
    h = 2 * WALL / intervals
    # kelvin from k_B T; the extent is just short of one cell too many
    kelvin = KT / 1.380649e-23
    extent = [2 * WALL + h / 2] * 2

    def process() -> "fplanck.fokker_planck":
        return fplanck.fokker_planck(temperature=kelvin, drag=1.0, extent=extent, resolution=h, force=force, boundary=fplanck.boundary.reflecting)

    with measurement.time("stationary state"):
        measurement.arrays["stationary"] = process().steady_state().ravel()
    with measurement.time("motion"):
        measurement.arrays["moved"] = process().propagate(gaussian, 1.0).ravel()


PEERS = (Peer("SciPy", by_scipy), Peer("fplanck", by_fplanck, environment="fplanck"))


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    intervals = int(Measurement(folder, folder).parameter("intervals"))
    x, y, areas = nodes(intervals)
    boltzmann = np.exp(-potential(x, y) / KT) * areas
    boltzmann = (boltzmann / boltzmann.sum()).ravel()
    stationary = np.load(outputs / "stationary.npy")
    return {
        "stationary state": float(np.abs(stationary - boltzmann).sum()),
        "motion": float(np.abs(np.load(outputs / "moved.npy") - moved(intervals)).sum()),
    }

"""How long does the memory kernel of a long recording take, with its band, and the Volterra equation alone?"""

from pathlib import Path

import numba
import numpy as np

from harness.task import Case, Irrev, Measurement, Peer, Target, save_inputs

NOTES = (
    "Positions and velocities of a harmonic generalised Langevin equation with the kernel 3 exp(−1.5 t), at steps of 0.02, by its exact propagator in three dimensions.",
    "From the recording: ⟨ṙṙ⟩ and ⟨f ṙ⟩, f = −r, up to 4000 lags, then the Volterra equation. GLEqPy: calc_tcf twice, differences, calc_memory_dtrapz; it gives no error. irrev: "
    "irrev::landscape::memory; “kernel” from the correlations of the whole recording, “kernel and band” by memory_kernel with 100 draws of blocks.",
    "Volterra alone: the equation at the lags named, from exact correlations. GLEqPy's midpoint recursion takes a dot product per lag; irrev's takes FFTs.",
    "The error is the root mean square of K − 3 exp(−1.5 t) over the first 300 lags, a midpoint recursion's at the middles of the steps; mostly statistical where a recording is read.",
)
CASES = (
    Case("1e7 frames, 4000 lags", {"frames": 10_000_000, "lags": 4000}, repetitions=3),
    Case("Volterra, 4000 lags", {"frames": 0, "lags": 4000}, repetitions=5),
    Case("Volterra, 60 000 lags", {"frames": 0, "lags": 60_000}, repetitions=3, peer_repetitions=1),
)
QUICK_CASES = (Case("1e5 frames, 400 lags", {"frames": 100_000, "lags": 400}), Case("Volterra, 2000 lags", {"frames": 0, "lags": 2000}))
IRREV = (Irrev(),)
TARGETS = (
    Target(CASES[0].name, "kernel", "ratio", 1 / 5, peer="GLEqPy"),
    Target(CASES[0].name, "kernel and band", "ratio", 3 / 5, peer="GLEqPy"),
    Target(CASES[1].name, "Volterra", "ratio", 1 / 5, peer="GLEqPy"),
    Target(CASES[2].name, "Volterra", "ratio", 1 / 50, peer="GLEqPy"),
)
STEP = 0.02
DRIFT = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, -1.0], [0.0, 3.0, 1.5]])
SPREAD = np.diag([1.0, 1.0, 3.0])


@numba.njit
def recorded(kept: np.ndarray, factor: np.ndarray, frames: int) -> tuple[np.ndarray, np.ndarray]:
    np.random.seed(1)
    state = np.array([np.random.normal(), np.random.normal(), np.random.normal() * 3**0.5])
    positions, velocities, kick = np.empty(frames), np.empty(frames), np.empty(3)
    for k in range(frames):
        positions[k], velocities[k] = state[0], state[1]
        for j in range(3):
            kick[j] = np.random.normal()
        state = kept @ state + factor @ kick
    return positions, velocities


def correlations(lags: int) -> tuple[np.ndarray, np.ndarray]:
    """⟨ṙ(t) ṙ⟩ and −⟨r(t) ṙ⟩ exactly, by the eigenvalues of the drift."""
    values, vectors = np.linalg.eig(DRIFT)
    start = np.linalg.solve(vectors, SPREAD[:, 1].astype(complex))
    decays = np.exp(-np.outer(np.arange(lags) * STEP, values)) * start
    return (decays @ vectors[1]).real, -(decays @ vectors[0]).real


def prepare(folder: Path, parameters: dict[str, float]) -> None:
    from scipy.linalg import expm

    frames, lags = int(parameters["frames"]), int(parameters["lags"])
    if frames:
        kept = expm(-DRIFT * STEP)
        factor = np.linalg.cholesky(SPREAD - kept @ SPREAD @ kept.T + 1e-18 * np.eye(3))
        positions, velocities = recorded(kept, factor, frames)
        arrays = {"positions": positions, "velocities": velocities}
    else:
        velocity, force = correlations(lags)
        arrays = {"velocity": velocity, "force": force}
    save_inputs(folder, arrays, dict(parameters))


def derivatives(velocity: np.ndarray, force: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """dC/dt, and the correlation of the memory force with the velocity."""
    slope = np.gradient(velocity, STEP, edge_order=2)
    slope[0] = 0.0
    return slope, slope - force


def by_gleqpy(measurement: Measurement) -> None:
    from gleqpy.memory import time as gle

    lags = int(measurement.parameter("lags"))
    if not measurement.parameter("frames"):
        velocity, force = measurement.array("velocity"), measurement.array("force")
        _, memory = derivatives(velocity, force)
        with measurement.time("Volterra"):
            measurement.arrays["kernel"] = np.ravel(gle.calc_memory_midpt(velocity, memory, STEP))
        measurement.numbers["shift"] = 0.5
        return
    velocities = measurement.array("velocities")[:, None]
    forces = -measurement.array("positions")[:, None]
    with measurement.time("kernel"):
        velocity = gle.calc_tcf(velocities, velocities, lags)[:, 0]
        force = gle.calc_tcf(forces, velocities, lags)[:, 0]
        slope, memory = derivatives(velocity, force)
        kernel = gle.calc_memory_dtrapz(slope, np.gradient(memory, STEP, edge_order=2), velocity[0], STEP)
    # what it has to set against a kernel with a band
    measurement.phases["kernel and band"] = measurement.phases["kernel"]
    measurement.arrays["kernel"] = np.ravel(kernel)
    measurement.numbers["shift"] = 0.0


PEERS = (Peer("GLEqPy", by_gleqpy),)


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    import json

    kernel = np.load(outputs / "kernel.npy")[:300]
    shift = json.loads((outputs / "numbers.json").read_text()).get("shift", 0.0)
    error = float(np.sqrt(np.mean((kernel - 3 * np.exp(-1.5 * STEP * (np.arange(len(kernel)) + shift))) ** 2)))
    if Measurement(folder, folder).parameter("frames"):
        return {"kernel": error, "kernel and band": error}
    return {"Volterra": error}

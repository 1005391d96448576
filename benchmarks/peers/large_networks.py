"""How fast do large kinetic Ising networks turn over, and how long do their exact solutions take?"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from harness.task import Case, Irrev, Measurement, Peer, Target, save_inputs

TOGETHER, TOGETHER_LARGE = "parallel, 512 spins, 256 replicas", "parallel, 4096 spins, 256 replicas"
ALONE, ALONE_LARGE = "one at a time, 512 spins", "one at a time, 4096 spins"
EXACT, MEAN_FIELD = "infinite network, one point", "mean-field step, 512 spins"
NOTES = (
    "J₀ = 0, ΔJ = 1, β = 1: 39 % of attempts one at a time turn a spin. Times are for a million updates of a spin (parallel), or a million attempts (one at a time), everything "
    "included: fields, random numbers, outcomes. “Measured”, and one at a time, irrev averages entropy production and conditional entropy every fourth step besides, and prepares the network.",
    "NumPy, matrices: one product in single precision for all replicas per step, tanh and random numbers by NumPy. “Product alone” is that matrix product without "
    "the rest: as fast as any method can be that forms all fields anew.",
    "Numba: fields kept up to date in single precision, one replica, heat bath. openjij: simulated annealing at a temperature that stays the same, symmetric couplings; "
    "preparing its model is not counted.",
    "The error is |flips per attempt − that of infinite size|, or of parallel updates flips per update against one half; statistical.",
    "Infinite network: order parameters and entropies at β = 1.36, ΔJ = 0.5, 1 % from the critical line, for parallel updates, and with the autocorrelation and entropy production of "
    "sequential ones. Mean-field step: Plefka2[t] of second order from correlated spins.",
)
CASES = (
    Case(TOGETHER, {"what": "parallel", "spins": 512, "replicas": 256, "steps": 400}, repetitions=5, peer_repetitions=3),
    Case(TOGETHER_LARGE, {"what": "parallel", "spins": 4096, "replicas": 256, "steps": 24}, repetitions=3, peer_repetitions=3),
    Case(ALONE, {"what": "sequential", "spins": 512, "replicas": 128, "steps": 200}, repetitions=5, peer_repetitions=3),
    Case(ALONE_LARGE, {"what": "sequential", "spins": 4096, "replicas": 128, "steps": 24}, repetitions=3, peer_repetitions=3),
    Case(EXACT, {"what": "infinite"}, repetitions=7),
    Case(MEAN_FIELD, {"what": "mean field", "spins": 512}, repetitions=5),
)
QUICK_CASES = (
    Case("parallel, 64 spins", {"what": "parallel", "spins": 64, "replicas": 32, "steps": 100}),
    Case("one at a time, 64 spins", {"what": "sequential", "spins": 64, "replicas": 64, "steps": 50}),
    Case("infinite network", {"what": "infinite"}),
    Case("mean-field step, 32 spins", {"what": "mean field", "spins": 32}),
)
IRREV = (Irrev(threads=(1,)),)
TARGETS = (
    Target(TOGETHER, "updates", "ratio", 1 / 1.5, peer="NumPy, matrices"),
    Target(TOGETHER, "updates", "ratio", 1 / 0.75, peer="product alone"),
    Target(TOGETHER_LARGE, "updates", "ratio", 1 / 0.9, peer="product alone"),
    Target(ALONE, "attempts", "ratio", 1 / 1.5, peer="openjij"),
    Target(ALONE, "attempts", "ratio", 1 / 2, peer="Numba"),
    Target(EXACT, "parallel", "seconds", 2e-3),
    Target(EXACT, "with sequential", "seconds", 1e-2),
    Target(MEAN_FIELD, "Plefka2[t]", "seconds", 0.1),
)

MILLION = 1e6

FLIPS = 0.3938480359400296
"""Of an attempt one at a time, with infinitely many spins."""


def prepare(folder: Path, parameters: Mapping[str, Any]) -> None:
    spins = parameters.get("spins", 0)
    random = np.random.default_rng(1)
    couplings = random.standard_normal((spins, spins)) / np.sqrt(max(spins, 1))
    if parameters["what"] == "sequential":
        np.fill_diagonal(couplings, 0.0)
    save_inputs(folder, {"couplings": couplings.ravel()}, parameters)


def couplings(measurement: Measurement) -> np.ndarray:
    spins = measurement.parameter("spins")
    return measurement.array("couplings").reshape(spins, spins)


def by_matrices(measurement: Measurement) -> None:
    if measurement.parameter("what") != "parallel":
        return
    random, J = np.random.default_rng(2), couplings(measurement).astype(np.float32)
    steps, shape = measurement.parameter("steps"), (len(J), measurement.parameter("replicas"))
    S = np.where(random.random(shape) < 0.5, np.float32(1), np.float32(-1))
    with measurement.time("updates", steps * S.size / MILLION):
        for _ in range(steps):
            last, S = S, np.where(2 * random.random(shape, dtype=np.float32) - 1 < np.tanh(J @ S), np.float32(1), np.float32(-1))
    measurement.numbers["flips"] = float((last != S).mean())


def by_product_alone(measurement: Measurement) -> None:
    if measurement.parameter("what") != "parallel":
        return
    J = couplings(measurement).astype(np.float32)
    S, steps = np.ones((len(J), measurement.parameter("replicas")), np.float32), measurement.parameter("steps")
    with measurement.time("updates", steps * S.size / MILLION):
        for _ in range(steps):
            J @ S


def by_numba(measurement: Measurement) -> None:
    if measurement.parameter("what") != "sequential":
        return
    import numba

    @numba.njit(fastmath=True)
    def attempts(columns, fields, s, number):  # type: ignore[no-untyped-def]
        N, flips = len(fields), 0
        for _ in range(number):
            i = np.random.randint(N)
            new = np.float32(1) if np.random.random() < 0.5 * (1 + np.tanh(fields[i])) else np.float32(-1)
            if new != s[i]:
                change, s[i] = new - s[i], new
                flips += 1
                for k in range(N):
                    fields[k] += columns[i, k] * change
        return flips

    columns = np.ascontiguousarray(couplings(measurement).T.astype(np.float32))
    s = np.where(np.random.default_rng(2).random(len(columns)) < 0.5, np.float32(1), np.float32(-1))
    fields = s @ columns
    attempts(columns, fields, s, 10 * len(s))
    number = int(3e9 / len(s))
    with measurement.time("attempts", number / MILLION):
        flips = attempts(columns, fields, s, number)
    measurement.numbers["flips"] = flips / number


def by_openjij(measurement: Measurement) -> None:
    if measurement.parameter("what") != "sequential" or measurement.parameter("spins") > 1000:
        return
    import openjij

    J = np.triu(couplings(measurement), 1)
    N, sweeps = len(J), 1000
    sampler = openjij.SASampler()
    given = {(i, j): float(J[i, j]) for i in range(N) for j in range(i + 1, N)}

    def run(number: int) -> None:
        sampler.sample_ising({}, given, num_reads=5, num_sweeps=number, beta_min=1.0, beta_max=1.0 + 1e-6, seed=1)

    with measurement.time("preparing"):
        run(1)
    with measurement.time("preparing and attempts"):
        run(sweeps + 1)
    phases = measurement.phases
    for clock in ("wall", "cpu"):
        spent = phases["preparing and attempts"][clock][0] - phases["preparing"][clock][0]
        phases.setdefault("attempts", {"wall": [], "cpu": []})[clock].append(spent / (5 * sweeps * N / MILLION))


PEERS = (
    Peer("NumPy, matrices", by_matrices),
    Peer("product alone", by_product_alone),
    Peer("Numba", by_numba),
    Peer("openjij", by_openjij),
)


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    flips = json.loads((outputs / "numbers.json").read_text()).get("flips")
    if flips is None:
        return {}
    what = json.loads((folder / "parameters.json").read_text())["what"]
    return {"updates": abs(flips - 0.5), "updates, measured": abs(flips - 0.5)} if what == "parallel" else {"attempts": abs(flips - FLIPS)}

"""How long does the potential of the excess force take on a large network, and again when only the conductances have changed?"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as spl

from harness.networks import divergence, grid
from harness.task import Case, Irrev, Measurement, Peer, Target, save_inputs

NOTES = (
    "B L Bᵀ ψ = w on an open square grid; conductances L log-normal with width 1.5 (seed 5), w = B (L g) with g normal.",
    "first: everything from the edges to ψ, with one step of refinement in irrev; repeat: other conductances on the same grid, where irrev keeps "
    "its plan and the peers, which cannot, start again. plan, factor and solve are the parts of first.",
    "SciPy's splu with the ordering and the symmetric mode that suit it best; pyamg by smoothed aggregation with conjugate gradients to 1e-10. The "
    "peers' matrices are assembled before the clock starts; irrev reads the edges within its time.",
    "The error is ‖w − B L Bᵀ ψ‖ / ‖w‖ over all states. pyamg stops where it was asked to and needs the least memory; its time would fall with a "
    "looser tolerance, that of a factorisation would not.",
)
CASES = (
    Case("300 × 300 (90 000 states, 179 400 edges)", {"side": 300}, repetitions=7),
    Case("1000 × 1000 (1 000 000 states, 1 998 000 edges)", {"side": 1000}, repetitions=3),
)
QUICK_CASES = (Case("60 × 60", {"side": 60}),)
IRREV = (Irrev(),)
TARGETS = (
    Target(CASES[1].name, "first", "ratio", 0.5),
    Target(CASES[1].name, "repeat", "ratio", 0.2),
    Target(CASES[1].name, "first", "accuracy", 1e-10),
    Target(CASES[1].name, "repeat", "accuracy", 1e-10),
    Target(CASES[1].name, "first", "memory", 2e9),
    Target(CASES[0].name, "first", "ratio", 0.5),
    Target(CASES[0].name, "repeat", "ratio", 0.2),
)


def prepare(folder: Path, parameters: dict[str, int]) -> None:
    edges, random = grid(parameters["side"]), np.random.default_rng(5)
    conductances = np.exp(random.normal(0.0, 1.5, len(edges)))
    rate_of_change = divergence(edges, conductances * random.normal(size=len(edges)), parameters["side"] ** 2)
    other = np.exp(random.normal(0.0, 1.5, len(edges)))
    arrays = {"edges": edges, "conductances": conductances, "other_conductances": other, "rate_of_change": rate_of_change}
    save_inputs(folder, arrays, parameters)


def grounded(edges: np.ndarray, conductances: np.ndarray, states: int) -> sp.coo_array:
    """B L Bᵀ without its first row and column."""
    inner = edges[(edges > 0).all(axis=1)] - 1
    within = conductances[(edges > 0).all(axis=1)]
    diagonal = (np.bincount(edges[:, 0], conductances, states) + np.bincount(edges[:, 1], conductances, states))[1:]
    state = np.arange(states - 1)
    rows, columns = np.r_[state, inner[:, 0], inner[:, 1]], np.r_[state, inner[:, 1], inner[:, 0]]
    return sp.coo_array((np.r_[diagonal, -within, -within], (rows, columns)), shape=(states - 1, states - 1))


def solve_with(measurement: Measurement, solution: Callable[[Any, np.ndarray], np.ndarray], layout: str) -> None:
    """Times a solver from an assembled matrix, for both sets of conductances."""
    edges, right = measurement.array("edges"), measurement.array("rate_of_change")
    for phase, conductances, result in (
        ("first", "conductances", "potential"),
        ("repeat", "other_conductances", "other_potential"),
    ):
        matrix = grounded(edges, measurement.array(conductances), len(right)).asformat(layout)
        with measurement.time(phase):
            potential = solution(matrix, right[1:])
        measurement.arrays[result] = np.r_[0.0, potential]


def by_splu(measurement: Measurement) -> None:
    def solution(matrix: sp.csc_array, right: np.ndarray) -> np.ndarray:
        symmetric = {"SymmetricMode": True}
        factor = spl.splu(matrix, permc_spec="MMD_AT_PLUS_A", options=symmetric, diag_pivot_thresh=0.0)
        potential: np.ndarray = factor.solve(right)
        return potential

    solve_with(measurement, solution, "csc")


def by_aggregation(measurement: Measurement) -> None:
    import pyamg

    def solution(matrix: sp.csr_array, right: np.ndarray) -> np.ndarray:
        potential: np.ndarray = pyamg.smoothed_aggregation_solver(matrix).solve(right, tol=1e-10, accel="cg")
        return potential

    solve_with(measurement, lambda matrix, right: solution(sp.csr_matrix(matrix), right), "csr")


PEERS = (Peer("SciPy splu", by_splu), Peer("pyamg", by_aggregation))


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    edges, right = np.load(folder / "edges.npy"), np.load(folder / "rate_of_change.npy")

    def residual(conductances: str, potential: str) -> float:
        psi = np.load(outputs / f"{potential}.npy")
        current = np.load(folder / f"{conductances}.npy") * (psi[edges[:, 1]] - psi[edges[:, 0]])
        return float(np.linalg.norm(right - divergence(edges, current, len(right))) / np.linalg.norm(right))

    return {"first": residual("conductances", "potential"), "repeat": residual("other_conductances", "other_potential")}

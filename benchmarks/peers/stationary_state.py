"""How long does the stationary state of a large driven network take, and is every probability right?"""

from functools import cache
from pathlib import Path

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as spl

from harness.networks import driven_torus, generator, jumps
from harness.task import Case, Irrev, Measurement, Peer, Target, save_inputs

NOTES = (
    "A walk on a torus whose rates are log-normal with width 1, around exp(0.3) forwards and 1 backwards (seed 6).",
    "SciPy's splu of the generator without its first row and column, with the ordering and the symmetric mode that suit it best; the matrix is "
    "assembled before the clock starts.",
    "irrev: from a process, as a user asks; irrev elimination: the same by the numerics under it alone. The difference is the search for closed "
    "classes and copying.",
    "The error is max |p_i − π_i|/π_i against π from a sparse factorisation refined with residuals of 64-bit mantissa until corrections are below "
    "1e-16 in every component (the reference's own error is some 1e-16).",
)
CASES = (
    Case("300 × 300 (90 000 states)", {"side": 300}, repetitions=7),
    Case("1000 × 1000 (1 000 000 states)", {"side": 1000}, repetitions=3, peer_repetitions=1),
)
QUICK_CASES = (Case("40 × 40", {"side": 40}),)
IRREV = (Irrev(), Irrev("irrev elimination", "elimination"))
TARGETS = (
    Target(CASES[0].name, "stationary", "ratio", 0.7),
    Target(CASES[0].name, "stationary", "accuracy", 1e-12),
    Target(CASES[1].name, "stationary", "ratio", 0.7),
    Target(CASES[1].name, "stationary", "accuracy", 1e-12),
)


def prepare(folder: Path, parameters: dict[str, int]) -> None:
    edges, forward, backward = driven_torus(parameters["side"])
    states = parameters["side"] ** 2
    save_inputs(folder, {"edges": edges, "forward": forward, "backward": backward}, {**parameters, "states": states})


def factor(matrix: sp.csc_array) -> spl.SuperLU:
    """splu of a generator without its first row and column, with the ordering that suits it best."""
    return spl.splu(matrix, permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True}, diag_pivot_thresh=0.0)


def by_splu(measurement: Measurement) -> None:
    rates = measurement.array("forward"), measurement.array("backward")
    matrix = generator(measurement.array("edges"), *rates, measurement.parameter("states")).tocsc()
    reduced, column = matrix[1:, 1:], -matrix[1:, [0]].toarray().ravel()
    with measurement.time("stationary"):
        stationary = np.r_[1.0, factor(reduced).solve(column)]
        stationary /= stationary.sum()
    measurement.arrays["stationary"] = stationary


PEERS = (Peer("SciPy splu", by_splu),)


@cache
def reference(side: int) -> np.ndarray:
    """The stationary distribution with a longer mantissa, by iterative refinement."""
    edges, forward, backward = driven_torus(side)
    states = side * side
    source, target, rate = jumps(edges, forward, backward)
    rate = rate.astype(np.longdouble)
    # every state of a torus is the source and the target of some jump, so that the groups are those of the states in order
    by_source, by_target = np.argsort(source, kind="stable"), np.argsort(target, kind="stable")
    starts = [np.searchsorted(key, np.arange(states)) for key in (source[by_source], target[by_target])]
    exit_rate = np.add.reduceat(rate[by_source], starts[0])
    into, arriving = source[by_target], rate[by_target]
    inverse = factor(generator(edges, forward, backward, states).tocsc()[1:, 1:])
    weights = np.ones(states, np.longdouble)
    for _ in range(20):
        residual = np.add.reduceat(arriving * weights[into], starts[1]) - exit_rate * weights
        correction = inverse.solve(-residual[1:].astype(float))
        weights[1:] += correction
        if np.max(np.abs(correction) / weights[1:]) < 1e-16:
            exact: np.ndarray = weights / weights.sum()
            return exact
    raise ArithmeticError("the refinement of the reference does not converge")


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    stationary = np.load(outputs / "stationary.npy")
    exact = reference(round(len(stationary) ** 0.5))
    return {"stationary": float(np.max(np.abs(stationary - exact) / exact))}

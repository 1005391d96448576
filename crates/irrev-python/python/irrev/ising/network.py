"""A kinetic Ising network: couplings, fields and a temperature.

h_i = β (H_i + Σ_j J_ij s_j), where J_ij acts from j to i. A spin that is refreshed becomes +1 with probability (1 + tanh h_i)/2, whatever it was.

References: Glauber, J. Math. Phys. 4, 294 (1963); Little, Math. Biosci. 19, 101 (1974).
"""

from typing import Annotated, TypeAlias

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, real, vector, whole
from irrev._record import Record, means
from irrev.exceptions import LimitError, ModelError

Parts: TypeAlias = tuple[FloatArray, FloatArray, float]
"""Couplings, fields and β, as the extension takes them."""

MOST_LISTED = 20
"""Most spins whose states are listed: as many as can be enumerated."""


class KineticIsing(Record):
    """N spins ±1 that turn in local fields h_i = β (H_i + Σ_j J_ij s_j).

    Couplings need not be symmetric; fields are zero unless given. A network keeps copies of its arrays.

    Examples
    --------
    >>> from irrev.ising import KineticIsing
    >>> pair = KineticIsing([[0.0, 0.8], [-0.8, 0.0]], [0.1, 0.0], beta=2.0)
    >>> pair.spins
    2
    >>> pair.local_fields([1, -1]).round(12).tolist()
    [-1.4, -1.6]
    """

    couplings: Annotated[FloatArray, means("energy", "J_ij, from spin j (column) to spin i (row)")]
    fields: Annotated[FloatArray, means("energy", "H_i")]
    beta: Annotated[float, means("1/energy", "Inverse temperature β; it multiplies couplings and fields")]

    def __init__(self, couplings: npt.ArrayLike, fields: npt.ArrayLike | None = None, beta: float = 1.0) -> None:
        matrix = real(couplings, "couplings")
        if matrix.ndim != 2:
            raise ModelError(f"couplings has shape {matrix.shape}, expected two dimensions")
        # as many zeros as there are rows: if the matrix is not square, that is what is reported
        column = np.zeros(len(matrix)) if fields is None else vector(fields, "fields").copy()
        self.__dict__.update(couplings=matrix.copy(), fields=column, beta=float(beta))
        _core.check_ising(self._parts)
        self.__post_init__()

    @property
    def _parts(self) -> Parts:
        return self.couplings, self.fields, self.beta

    @property
    def spins(self) -> int:
        """Number of spins N."""
        return len(self.fields)

    def local_fields(self, state: npt.ArrayLike) -> FloatArray:
        """h_i = β (H_i + Σ_j J_ij s_j) in a state of spins ±1, or in each row of several."""
        s = real(state, "state")
        if s.ndim not in (1, 2) or s.shape[-1] != self.spins:
            raise ModelError(f"state has shape {s.shape}, expected ({self.spins},) or (states, {self.spins})")
        if (np.abs(s) != 1.0).any():
            raise ModelError("state holds a number other than -1 and 1")
        found: FloatArray = self.beta * (self.fields + s @ self.couplings.T)
        return found

    def states(self) -> FloatArray:
        """All 2^N states in the order of distributions, one per row: spin i is +1 in row s if bit i of s is set."""
        return spin_states(self.spins)


def spin_states(spins: int) -> FloatArray:
    """All 2^N states of N spins in the order of distributions, one per row: spin i is +1 in row s if bit i of s is set.

    Examples
    --------
    >>> from irrev.ising import spin_states
    >>> spin_states(2).tolist()
    [[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]]
    """
    count = whole(spins, "spins", 1)
    if count > MOST_LISTED:
        raise LimitError(f"{count} spins have 2^{count} states; they are listed up to {MOST_LISTED} spins")
    bits = np.arange(2**count)[:, None] >> np.arange(count) & 1
    return np.where(bits == 1, 1.0, -1.0)

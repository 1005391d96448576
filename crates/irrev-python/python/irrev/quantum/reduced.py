"""What some sites of a pure state know.

With the amplitudes as a matrix A[s, e] over configurations s of the chosen sites and e of the others, ρ = A A†. The number of particles is fixed, so that ρ has a block for every number of
particles on the chosen sites, and nothing between them.
"""

from typing import Annotated

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import ComplexArray, FloatArray, IntArray, complex_numbers
from irrev._record import Record, means
from irrev._run import Progress, options, require_memory
from irrev.quantum.sector import Sector


class ReducedState(Record):
    """Density matrix of m sites, in blocks of fixed particle number. Bit q of a configuration is the q-th of the sites as chosen."""

    sites: Annotated[IntArray, means("", "The sites, as chosen")]
    blocks: Annotated[
        tuple[ComplexArray, ...],
        means("", "By number of particles on these sites: ρ among their configurations in ascending order; empty if no state has that many"),
    ]
    probabilities: Annotated[FloatArray, means("", "Probability of each of the 2^m configurations")]
    eigenvalues: Annotated[FloatArray, means("", "All 2^m eigenvalues, ascending; rounding may leave some below zero")]
    entropy: Annotated[float, means("nats", "Von Neumann entropy -Tr ρ ln ρ")]
    purity: Annotated[float, means("", "Tr ρ²")]

    def to_matrix(self) -> ComplexArray:
        """ρ, shape (2^m, 2^m), rows and columns by configuration."""
        m = len(self.sites)
        require_memory("a density matrix", 16 * 4**m)
        found = np.zeros((2**m, 2**m), dtype=np.complex128)
        for ones, block in enumerate(self.blocks):
            if block.size:
                words = Sector(m, ones).words().astype(np.int64) if m else np.zeros(1, np.int64)
                found[np.ix_(words, words)] = block
        return found


def reduced_state(
    state: npt.ArrayLike,
    *,
    sector: Sector,
    sites: npt.ArrayLike,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> ReducedState:
    """Density matrix of some sites, at most 14, in the given order, for a pure state of a sector.

    A state that is not normalised gives Tr ρ = ‖ψ‖². O(dimension) operations for each row of a block.

    Raises ModelError for a state of another sector, for sites that do not exist or are listed twice, and for more than 14.

    Examples
    --------
    A particle shared by two sites:

    >>> from irrev.quantum import Sector, reduced_state
    >>> rho = reduced_state([0.5**0.5, 0.5**0.5], sector=Sector(2, 1), sites=[0])
    >>> round(rho.entropy, 12)  # ln 2
    0.69314718056
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    given = complex_numbers(state, "state", 1)
    return ReducedState(**_core.reduced_state((sector.sites, sector.particles), given, sites, run))

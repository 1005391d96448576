"""All levels of a sector, block by block of lattice symmetries.

A sector of dimension D costs D³ operations and D² numbers; g commuting symmetries make g blocks of D/g states, which take g² times less time. What is too large is refused
beforehand with the memory it would need.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import ComplexArray, FloatArray, IntArray, complex_numbers, integers, whole
from irrev._record import Record, means
from irrev._run import Options, Progress, options
from irrev.exceptions import ModelError
from irrev.quantum.model import Hamiltonian

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Label = tuple[int, ...]
"""(q_1, q_2, …): generator k of order o_k is multiplication by exp(2πi q_k/o_k). A reflection has q = 0 (even) and 1 (odd)."""


def label_of(label: Sequence[int] | None) -> list[int] | None:
    """A symmetry label as the extension takes it."""
    return None if label is None else [whole(q, "label", 0) for q in label]


def permutations(symmetries: Sequence[npt.ArrayLike]) -> list[list[int]]:
    """Generators of a group, each a permutation of the sites."""
    return [[whole(site, "symmetries", 0) for site in integers(one, "symmetries").tolist()] for one in symmetries]


class Spectrum(Record):
    """All levels of a sector in ascending order, and which symmetry each has; made by `diagonalise`.

    A pickle holds the question, which is answered again where it is opened: the same bits, at the same cost.
    """

    particles: Annotated[int, means("", "Number of particles N")]
    energies: Annotated[FloatArray, means("energy", "Levels, ascending; a degenerate one as often as it is degenerate")]
    gaps: Annotated[
        FloatArray, means("energy", "Distance of each to the nearer neighbour; infinite if there is no other, rounding if degenerate")
    ]
    labels: Annotated[tuple[Label, ...], means("", "Symmetry labels (q_1, q_2, …) that occur; one empty label without symmetries")]
    blocks: Annotated[IntArray, means("", "Label of each level, as an index into `labels`")]
    places: Annotated[IntArray, means("", "Place of each level within its block, ascending from 0")]
    has_states: Annotated[bool, means("", "Whether eigenvectors were computed")]
    eigenstates: Annotated[_core.Eigenstates, means("", "Where the eigenvectors are kept")]

    @classmethod
    def _of(cls, eigenstates: _core.Eigenstates, particles: int, has_states: bool) -> "Spectrum":
        levels = eigenstates.levels(particles)
        return cls(particles=particles, has_states=has_states, eigenstates=eigenstates, **levels)

    @property
    def dimension(self) -> int:
        """Number of states of the sector."""
        return len(self.energies)

    def block(self, label: Sequence[int]) -> FloatArray:
        """Levels of one symmetry label, ascending. Raises ModelError if no state has it."""
        found: FloatArray = self.energies[self._inside(label)]
        return found

    def _inside(self, label: Sequence[int]) -> IntArray:
        """Places of the levels of a label among all."""
        wanted = tuple(whole(q, "label", 0) for q in label)
        if wanted not in self.labels:
            raise ModelError(f"no state of this sector has the symmetry label {list(wanted)}")
        return np.flatnonzero(self.blocks == self.labels.index(wanted))

    def state(
        self, index: int, *, label: Sequence[int] | None = None, degenerate: Literal["refuse", "keep"] = "refuse"
    ) -> ComplexArray:
        """The normalised eigenvector of a level, shape (dimension,).

        Parameters
        ----------
        index : int
            Place among all levels, or within the block of `label`, from 0.
        label : sequence of int, optional
            Symmetry that tells levels apart which have one energy.
        degenerate : str
            An index inside a degenerate level (a neighbour within 1e-8 of the width) names no state and is refused; "keep" returns what the diagonalisation chose.

        Raises ModelError for a degenerate level, an index beyond the levels, or without eigenvectors.

        Examples
        --------
        >>> from irrev.quantum import Hamiltonian, Lattice, diagonalise
        >>> ring = diagonalise(Hamiltonian.uniform(Lattice.chain(4, periodic=True), hopping=1.0), particles=1)
        >>> (abs(ring.state(0)) ** 2).round(12).tolist()
        [0.25, 0.25, 0.25, 0.25]
        """
        if degenerate not in ("refuse", "keep"):
            raise ModelError(f'degenerate is {degenerate!r}; expected "refuse" or "keep"')
        place, keep = whole(index, "index", 0), degenerate == "keep"
        if keep and label is not None:
            inside = self._inside(label)
            if place >= len(inside):
                raise ModelError(f"level {place} of label {list(label)} was asked for; its levels are 0 to {len(inside) - 1}")
            return self.eigenstates.state(self.particles, int(inside[place]), None, True)
        return self.eigenstates.state(self.particles, place, label_of(label), keep)

    def populations(self, state: npt.ArrayLike) -> FloatArray:
        """|⟨a|ψ⟩|² of all levels, in their order; O(D²/g) operations with g symmetries."""
        return self.eigenstates.populations(self.particles, complex_numbers(state, "state", 1))

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: the number of levels up to each energy."""
        return {"energies": self.energies, "levels": np.arange(1.0, self.dimension + 1.0)}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Number of levels up to an energy; returns the axes."""
        from irrev._plot import lines

        data = self.plot_data()
        return lines(ax, data["energies"], data["levels"], ("levels",), "energy", "levels up to it")


def solved(
    hamiltonian: Hamiltonian,
    numbers: tuple[int, int],
    symmetries: Sequence[npt.ArrayLike],
    states: bool,
    run: Options,
) -> _core.Eigenstates:
    """The levels of a range of particle numbers."""
    return _core.Eigenstates(hamiltonian._parts, numbers, permutations(symmetries), bool(states), run)


def diagonalise(
    hamiltonian: Hamiltonian,
    *,
    particles: int,
    symmetries: Sequence[npt.ArrayLike] = (),
    states: bool = True,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Spectrum:
    """All levels of the sector of N particles, and their eigenvectors if wanted.

    Parameters
    ----------
    hamiltonian : Hamiltonian
        H.
    particles : int
        N.
    symmetries : sequence of array_like
        Commuting permutations of the sites that leave H as it is, such as translations and reflections: permutation k takes site i to `symmetries[k][i]`.
    states : bool
        Whether eigenvectors are wanted; levels alone take half of the memory, and less time.

    Raises ModelError for permutations that are no symmetries or do not commute; LimitError, beforehand, for what does not fit into memory, with the figure.

    Examples
    --------
    Momenta of a particle on a ring: E = -2 cos(2πq/6).

    >>> from irrev.quantum import Hamiltonian, Lattice, diagonalise
    >>> ring = Hamiltonian.uniform(Lattice.chain(6, periodic=True), hopping=1.0)
    >>> found = diagonalise(ring, particles=1, symmetries=[[1, 2, 3, 4, 5, 0]])
    >>> found.energies.round(12).tolist()
    [-2.0, -1.0, -1.0, 1.0, 1.0, 2.0]
    >>> found.block([1]).round(12).tolist()
    [-1.0]
    """
    number = whole(particles, "particles", 0)
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return Spectrum._of(solved(hamiltonian, (number, number), symmetries, states, run), number, bool(states))

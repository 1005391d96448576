"""Lattices: sites 0 to L - 1, the bonds that join them, where the sites lie, and how far they are from each other.

Builders of regular lattices list every bond once: a periodic direction of length 2 closes on the bond that is there already, and one of length 1 would join a site with
itself and gives none. Bonds that a user lists are kept as they are, repeated ones too: their couplings add.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, pairs, whole
from irrev._record import Record, means
from irrev.exceptions import ModelError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Shape: TypeAlias = tuple[str, tuple[int, int], tuple[bool, bool]]
"""Name of a regular lattice, its two numbers, and which of its directions are periodic."""


def site_pairs(value: object, name: str) -> IntArray:
    """Pairs of sites in two columns; none at all is an empty list."""
    rows: IntArray = pairs(value, name).reshape(-1, 2)
    return rows


class Lattice(Record):
    """Sites, bonds and positions; made by `chain`, `ladder`, `square`, `hexagonal` or `from_bonds`.

    Examples
    --------
    >>> from irrev.quantum import Lattice
    >>> Lattice.chain(3, periodic=True).bonds.tolist()
    [[0, 1], [0, 2], [1, 2]]
    >>> torus = Lattice.square(3, 3, periodic=True)
    >>> torus.sites, len(torus.bonds)
    (9, 18)
    """

    sites: Annotated[int, means("", "Number of sites L, at most 64")]
    bonds: Annotated[IntArray, means("", "Pairs of sites, one row each")]
    positions: Annotated[FloatArray, means("length of a bond", "Where the sites lie in a picture, one row each")]
    shape: Annotated[Shape | None, means("", "Regular lattice it was made as, which gives distances in space; None for a list of bonds")]

    def __post_init__(self) -> None:
        _core.check_lattice(self.sites, self.bonds)
        super().__post_init__()

    @classmethod
    def _regular(cls, name: str, numbers: tuple[object, object], periodic: tuple[bool, bool]) -> "Lattice":
        first, second = (whole(number, "a length of the lattice", 0) for number in numbers)
        shape = (name, (first, second), (bool(periodic[0]), bool(periodic[1])))
        return cls(**_core.lattice_shape(shape), shape=shape)

    @classmethod
    def chain(cls, length: int, *, periodic: bool = False) -> "Lattice":
        """Sites 0 to length - 1 in a row, or in a ring.

        Raises LimitError for more than 64 sites, ModelError for none.
        """
        return cls._regular("chain", (length, 1), (periodic, False))

    @classmethod
    def ladder(cls, length: int, *, legs: int = 2, periodic: bool = False) -> "Lattice":
        """Chains side by side, joined by rungs; site x + length · leg. The legs end where they end, the length may be closed.

        Examples
        --------
        >>> from irrev.quantum import Lattice
        >>> len(Lattice.ladder(4).bonds)
        10
        """
        return cls._regular("ladder", (length, legs), (periodic, False))

    @classmethod
    def square(cls, nx: int, ny: int, *, periodic: bool | tuple[bool, bool] = False) -> "Lattice":
        """Square lattice of n_x × n_y sites; site x + n_x y. Both directions are open or periodic, or each as said.

        Examples
        --------
        Wrapping a direction of length 2 adds nothing new:

        >>> from irrev.quantum import Lattice
        >>> Lattice.square(2, 2, periodic=True).bonds.tolist() == Lattice.square(2, 2).bonds.tolist()
        True
        """
        return cls._regular("square", (nx, ny), both(periodic))

    @classmethod
    def hexagonal(cls, nx: int, ny: int, *, periodic: bool | tuple[bool, bool] = False) -> "Lattice":
        """Honeycomb of n_x × n_y cells with two sites each, three bonds a site; site 2 (x + n_x y) + s with s = 0, 1.

        Examples
        --------
        >>> from irrev.quantum import Lattice
        >>> torus = Lattice.hexagonal(3, 3, periodic=True)
        >>> torus.sites, len(torus.bonds)
        (18, 27)
        """
        return cls._regular("hexagonal", (nx, ny), both(periodic))

    @classmethod
    def from_bonds(cls, sites: int, bonds: npt.ArrayLike) -> "Lattice":
        """A lattice from its bonds, as listed; sites lie on a circle in pictures.

        Parameters
        ----------
        sites : int
            L, from 1 to 64.
        bonds : array_like
            Pairs of different sites, shape (bonds, 2).

        Raises ModelError for a bond that joins a site with itself or names one that does not exist.
        """
        found = _core.lattice_on_circle(whole(sites, "sites", 0), site_pairs(bonds, "bonds"))
        return cls(**found, shape=None)

    def with_bonds(self, further: npt.ArrayLike) -> "Lattice":
        """The same sites with further bonds, as listed.

        Examples
        --------
        >>> from irrev.quantum import Lattice
        >>> chain = Lattice.chain(5)
        >>> chain.shell(2).tolist()
        [[0, 2], [1, 3], [2, 4]]
        >>> len(chain.with_bonds(chain.shell(2)).bonds)
        7
        """
        bonds = np.concatenate([self.bonds, site_pairs(further, "further")])
        return Lattice(sites=self.sites, bonds=bonds, positions=self.positions, shape=self.shape)

    def shell(self, n: int) -> IntArray:
        """Pairs of sites at the n-th shortest distance in space, n ≥ 1, each once: nearest neighbours, next-nearest ones and so on.

        Around a periodic direction the shorter way counts. Empty if there are not that many distances. Raises ModelError for a lattice given by its bonds, which has no distances.
        """
        if self.shape is None:
            raise ModelError(
                "the lattice was given by its bonds only, so that its sites have no distances in space; use graph distances, or list the bonds wanted"
            )
        return _core.lattice_shell(self.shape, whole(n, "n", 0))

    def distances(self, from_: npt.ArrayLike) -> IntArray:
        """Fewest bonds from any of the given sites to every site; -1 where no path leads.

        Examples
        --------
        >>> from irrev.quantum import Lattice
        >>> Lattice.from_bonds(4, [(0, 1), (1, 2)]).distances([0]).tolist()
        [0, 1, 2, -1]
        """
        return np.array(_core.lattice_distances(self.sites, self.bonds, from_), dtype=np.int64)

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: positions of the sites, and the two ends of every bond, shape (bonds, 2, 2)."""
        return {"positions": self.positions, "bonds": self.positions[self.bonds]}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Sites with their numbers, and bonds; bonds around a periodic direction cross the picture. Returns the axes."""
        from irrev._plot import axes

        ax = axes(ax)
        for ends in self.plot_data()["bonds"]:
            ax.plot(ends[:, 0], ends[:, 1], color="0.6", zorder=1)
        ax.scatter(self.positions[:, 0], self.positions[:, 1], zorder=2)
        for site, (x, y) in enumerate(self.positions):
            ax.annotate(str(site), (float(x), float(y)), xytext=(4, 4), textcoords="offset points")
        ax.set_aspect("equal")
        return ax


def both(periodic: bool | tuple[bool, bool]) -> tuple[bool, bool]:
    """One answer for both directions, or one each."""
    return periodic if isinstance(periodic, tuple) else (periodic, periodic)

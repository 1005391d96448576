"""Sectors of fixed particle number: which states there are, and in which order.

A state is a word: bit i is the occupation of site i. The states of a sector are ordered by their words, without a list of them being kept.
"""

from typing import Annotated

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import ComplexArray, FloatArray, whole
from irrev._record import Record, means
from irrev._run import require_memory
from irrev.quantum.model import occupations


class Sector(Record):
    """The states of N particles on L sites, C(L, N) of them.

    Raises ModelError for more particles than sites, LimitError beyond 64 sites.

    Examples
    --------
    >>> from irrev.quantum import Sector
    >>> sector = Sector(sites=4, particles=2)
    >>> sector.dimension, [bin(word) for word in sector.words()[:2]]
    (6, ['0b11', '0b101'])
    >>> Sector(sites=64, particles=32).dimension
    1832624140942590534
    """

    sites: Annotated[int, means("", "Number of sites L")]
    particles: Annotated[int, means("", "Number of particles N")]

    def __post_init__(self) -> None:
        self.__dict__.update(sites=whole(self.sites, "sites", 0), particles=whole(self.particles, "particles", 0))
        _core.sector_dimension(self.sites, self.particles)
        super().__post_init__()

    @property
    def dimension(self) -> int:
        """Number of states C(L, N)."""
        return _core.sector_dimension(self.sites, self.particles)

    def rank(self, words: npt.ArrayLike) -> list[int]:
        """Index of every word; a single word is one entry. Raises ModelError for a word of another sector.

        Examples
        --------
        >>> from irrev.quantum import Sector
        >>> Sector(sites=6, particles=3).rank([0b000111, 0b111000])
        [0, 19]
        """
        return _core.sector_ranks(self.sites, self.particles, occupations(words, "words"))

    def unrank(self, index: int) -> int:
        """The word with an index, from 0 to `dimension` - 1."""
        return _core.sector_state(self.sites, self.particles, whole(index, "index", 0))

    def words(self) -> npt.NDArray[np.uint64]:
        """All words, ascending: the basis in its order. Raises LimitError if they do not fit into memory."""
        return _core.sector_words(self.sites, self.particles)

    def occupation_state(self, word: int) -> FloatArray:
        """The vector of one word, shape (dimension,).

        Examples
        --------
        >>> from irrev.quantum import Sector
        >>> Sector(sites=3, particles=1).occupation_state(0b010).tolist()
        [0.0, 1.0, 0.0]
        """
        place = self.rank(word)[0]
        require_memory("an occupation state", 8 * self.dimension)
        state = np.zeros(self.dimension)
        state[place] = 1.0
        return state

    def random_state(self, *, real: bool = False, seed: int = 1, index: int = 0) -> FloatArray | ComplexArray:
        """A normalised vector with independent normal amplitudes, uniform on the sphere; a function of seed and index only.

        Examples
        --------
        >>> import numpy as np
        >>> from irrev.quantum import Sector
        >>> bool(abs(np.linalg.norm(Sector(sites=8, particles=4).random_state()) - 1.0) < 1e-14)
        True
        """
        at = (whole(seed, "seed", 0), whole(index, "index", 0))
        return _core.random_quantum_state(self.dimension, not real, *at)

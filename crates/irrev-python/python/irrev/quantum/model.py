"""The Hamiltonian of hard-core bosons, which is that of XXZ spins.

H = Σ_i w_i n_i - Σ_(ij) (J_ij c_i† c_j + J_ij* c_j† c_i) + Σ_(ij) V_ij n_i n_j over bonds (i, j). At most one boson sits on a site, operators of different sites
commute, and no string of signs goes with a hop on any lattice. ħ = 1; w, J and V are energies.

Spins: c† = S⁺ and n = S^z + 1/2, so that J_xy (S^x S^x + S^y S^y) is a hopping J = -J_xy/2, and J_z S^z S^z is V = J_z up to site energies and a constant.
"""

from typing import Annotated, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import ComplexArray, FloatArray, IntArray, complex_numbers, real, vector, whole
from irrev._record import Record, means
from irrev.exceptions import ModelError
from irrev.quantum.lattice import Lattice, site_pairs

Parts: TypeAlias = tuple[FloatArray, IntArray, ComplexArray, FloatArray]
"""Site energies, bonds, hoppings and interactions, as the extension takes them."""


Numbers = TypeVar("Numbers", FloatArray, ComplexArray)


def occupations(value: object, name: str) -> list[int]:
    """Words of occupations, bit i for site i: one whole number or several, of up to 64 bits."""
    listed = np.atleast_1d(np.asarray(value, dtype=object)).ravel().tolist()
    words = [whole(word.item() if isinstance(word, np.generic) else word, name, 0) for word in listed]
    for word in words:
        if word >= 2**64:
            raise ModelError(f"{name} is {word}, expected a whole number below 2^64: one bit a site")
    return words


def each(value: npt.ArrayLike, name: str, count: int, of: str = "bond") -> FloatArray:
    """One real number for all, or one for each."""
    array = real(value, name)
    if array.ndim == 0:
        return finite(np.full(count, float(array)), name)
    return counted(finite(vector(array, name), name), name, count, of)


def finite(array: FloatArray, name: str) -> FloatArray:
    """The array, if all of its numbers are finite."""
    wrong = np.flatnonzero(~np.isfinite(array))
    if len(wrong):
        raise ModelError(f"{name}[{wrong[0]}] is {array[wrong[0]]}, expected a finite number")
    return array


def each_complex(value: npt.ArrayLike, name: str, count: int) -> ComplexArray:
    """One real or complex number for all bonds, or one for each."""
    if np.ndim(value) == 0:
        return np.full(count, complex(complex_numbers(value, name, 0)))
    return counted(complex_numbers(value, name, 1), name, count, "bond")


def counted(array: Numbers, name: str, count: int, of: str) -> Numbers:
    """The array, if it has as many entries as are expected."""
    if len(array) != count:
        raise ModelError(f"{name} has {len(array)} entries where {count} are expected, one for each {of}")
    return array


class Hamiltonian(Record):
    """Site energies and bonds of hard-core bosons on 1 to 64 sites; Hermitian by construction.

    Parameters
    ----------
    energies : array_like
        w_i of every site, shape (L,).
    bonds : array_like
        Pairs (i, j) of different sites, shape (bonds, 2); those of one pair add up.
    hoppings : array_like
        J_ij, real or complex: one for every bond, or one for all. The amplitude of a particle to go from j to i is -J_ij, and its way back has the conjugate.
    interactions : array_like
        V_ij, real: one for every bond, or one for all.

    Raises ModelError for a bond that joins a site with itself or names one that does not exist, for wrong sizes and numbers that are not finite; LimitError beyond 64 sites.

    Examples
    --------
    A ring threaded by a flux, whose hoppings are complex:

    >>> import numpy as np
    >>> from irrev.quantum import Hamiltonian
    >>> ring = Hamiltonian([0.0, 0.0, 0.0], [(0, 1), (1, 2), (2, 0)], np.exp(0.3j))
    >>> ring.sites, ring.is_real
    (3, False)
    """

    energies: Annotated[FloatArray, means("energy", "w_i of every site")]
    bonds: Annotated[IntArray, means("", "Pairs of sites (i, j), one row each")]
    hoppings: Annotated[ComplexArray, means("energy", "J_ij of every bond")]
    interactions: Annotated[FloatArray, means("energy", "V_ij of every bond; positive repels")]

    def __init__(
        self,
        energies: npt.ArrayLike,
        bonds: npt.ArrayLike = (),
        hoppings: npt.ArrayLike = 0.0,
        interactions: npt.ArrayLike = 0.0,
    ) -> None:
        rows = site_pairs(bonds, "bonds")
        self.__dict__.update(
            energies=finite(vector(energies, "energies"), "energies").copy(),
            bonds=rows.copy(),
            hoppings=each_complex(hoppings, "hoppings", len(rows)).copy(),
            interactions=each(interactions, "interactions", len(rows)).copy(),
        )
        _core.check_hamiltonian(self._parts)
        self.__post_init__()

    @property
    def _parts(self) -> Parts:
        return self.energies, self.bonds, self.hoppings, self.interactions

    @classmethod
    def _of(cls, parts: Parts) -> "Hamiltonian":
        return cls(*parts)

    @classmethod
    def uniform(cls, lattice: Lattice, *, hopping: complex, interaction: float = 0.0, energy: float = 0.0) -> "Hamiltonian":
        """The same J, V and w everywhere on a lattice.

        Examples
        --------
        >>> from irrev.quantum import Hamiltonian, Lattice
        >>> h = Hamiltonian.uniform(Lattice.square(4, 4), hopping=1.0, interaction=0.1, energy=1.0)
        >>> h.diagonal([0b11]).tolist()  # two neighbours: 2 w + V
        [2.1]
        """
        return cls.on_lattice(lattice, hoppings=hopping, interactions=interaction, energies=energy)

    @classmethod
    def on_lattice(
        cls,
        lattice: Lattice,
        *,
        hoppings: npt.ArrayLike,
        interactions: npt.ArrayLike = 0.0,
        energies: npt.ArrayLike = 0.0,
    ) -> "Hamiltonian":
        """J and V by bond in the order of `lattice.bonds`, and w by site; one number of each kind stands for all.

        Raises ModelError for wrong sizes and numbers that are not finite.
        """
        return cls(each(energies, "energies", lattice.sites, "site"), lattice.bonds, hoppings, interactions)

    @classmethod
    def from_rows(
        cls, energies: npt.ArrayLike, *, hoppings: npt.ArrayLike, interactions: npt.ArrayLike | None = None
    ) -> "Hamiltonian":
        """From matrices J_ij and V_ij of shape (L, L), each pair of sites once in H.

        J must be Hermitian and V symmetric; what stands on the diagonals is refused unless zero. Raises ModelError with the place that fails.

        Examples
        --------
        >>> from irrev.quantum import Hamiltonian
        >>> Hamiltonian.from_rows([0.0, 0.0], hoppings=[[0.0, 1j], [1j, 0.0]])
        Traceback (most recent call last):
            ...
        irrev.exceptions.ModelError: hoppings from site 0 to site 1 and back are not complex conjugates of each other; the Hamiltonian would not be Hermitian
        """
        levels = vector(energies, "energies")
        jumps = complex_numbers(hoppings, "hoppings", 2)
        repulsions = np.zeros(jumps.shape) if interactions is None else real(interactions, "interactions")
        if repulsions.ndim != 2:
            raise ModelError(f"interactions has shape {repulsions.shape}, expected two dimensions")
        return cls._of(_core.hamiltonian_from_rows(levels, jumps, repulsions))

    @property
    def sites(self) -> int:
        """Number of sites L."""
        return len(self.energies)

    @property
    def is_real(self) -> bool:
        """Whether every hopping is real, so that H maps real vectors to real ones."""
        return not bool(self.hoppings.imag.any())

    def diagonal(self, words: npt.ArrayLike) -> FloatArray:
        """⟨s|H|s⟩ of occupation states, bit i of a word for site i."""
        return _core.hamiltonian_diagonal(self._parts, occupations(words, "words"))

    def apply(self, state: npt.ArrayLike, *, particles: int) -> ComplexArray:
        """H ψ in the sector of N particles; shape (C(L, N),), in the order of `Sector.words`."""
        vector_ = complex_numbers(state, "state", 1)
        return _core.apply_hamiltonian(self._parts, whole(particles, "particles", 0), vector_)

    def mean_energy(self, state: npt.ArrayLike, *, particles: int) -> float:
        """⟨ψ|H|ψ⟩ in the sector of N particles, for any norm of ψ; an energy times the norm squared."""
        vector_ = complex_numbers(state, "state", 1)
        return _core.mean_energy(self._parts, whole(particles, "particles", 0), vector_)

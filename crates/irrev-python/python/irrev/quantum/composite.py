"""A small system S in contact with a bath B: H = H_S + H_I + H_B, and the initial state of S.

System sites are the low bits of a word and bath sites the high ones: word = s + (b << m). H_I holds the bonds between a site of S and a site of B. The total number of particles is
conserved, that of the bath is not.

Reference: Iyoda, Kaneko and Sagawa, Phys. Rev. Lett. 119, 100601 (2017), for the setting.
"""

from collections.abc import Sequence
from typing import Annotated, TypeAlias

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import ComplexArray, FloatArray, IntArray, complex_numbers, vector, whole
from irrev._record import Record, means
from irrev.exceptions import ModelError
from irrev.quantum.model import Hamiltonian, Parts

DriveParts: TypeAlias = tuple[FloatArray, FloatArray, FloatArray]
"""Times of the knots and factors of system and contact there, as the extension takes them."""

CompositeParts: TypeAlias = tuple[Parts, Parts, IntArray, ComplexArray, FloatArray, DriveParts | None]
"""System, bath, contacts (system, bath), their hoppings and interactions, and a drive, as the extension takes them."""

ROUNDING = 1e-9
"""Accepted difference of a density matrix from its adjoint."""


class Contact(Record):
    """A bond between a site of the system and a site of the bath: -J c_s† c_b - J* c_b† c_s + V n_s n_b."""

    system: Annotated[int, means("", "Site of the system, counted there")]
    bath: Annotated[int, means("", "Site of the bath, counted there")]
    hopping: Annotated[complex, means("energy", "J, real or complex")] = 0.0
    interaction: Annotated[float, means("energy", "V")] = 0.0


class Drive(Record):
    """H(t) = a(t) H_S + g(t) H_I + H_B with factors that are linear between knots and constant before the first and after the last.

    Two knots at one time are a jump, a quench: at that time itself what stands after it holds. The bath is never driven, so that heat keeps its meaning.

    Parameters
    ----------
    times : array_like
        Times of the knots, ascending.
    system, contact : array_like, optional
        a and g at the knots; 1 everywhere by default.

    Raises ModelError for times that descend, three knots at one time, and lists of unequal length.

    Examples
    --------
    A contact that fades from t = 2 to 5:

    >>> from irrev.quantum import Drive
    >>> Drive([2.0, 5.0], contact=[1.0, 0.0]).factors([0.0, 3.5, 9.0])[1].tolist()
    [1.0, 0.5, 0.0]
    """

    times: Annotated[FloatArray, means("1/energy", "Times of the knots")]
    system: Annotated[FloatArray, means("", "a, factors of H_S")]
    contact: Annotated[FloatArray, means("", "g, factors of H_I")]

    def __init__(
        self, times: npt.ArrayLike, system: npt.ArrayLike | None = None, contact: npt.ArrayLike | None = None
    ) -> None:
        knots = vector(times, "times").copy()
        a, g = (
            np.ones(len(knots)) if factors is None else vector(factors, name).copy()
            for name, factors in (("system", system), ("contact", contact))
        )
        self.__dict__.update(times=knots, system=a, contact=g)
        _core.check_drive(self._parts)
        self.__post_init__()

    @property
    def _parts(self) -> DriveParts:
        return self.times, self.system, self.contact

    def factors(self, times: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
        """a and g at some times, after a jump where there is one."""
        return _core.drive_factors(self._parts, vector(times, "times"))


class Composite(Record):
    """H = H_S + H_I + H_B of a system of m ≤ 8 sites, its contacts and a bath of M sites, m + M ≤ 64; contacts of one pair add up.

    With a drive, a(t) H_S + g(t) H_I + H_B.

    Raises ModelError for a system of more than 8 sites and for contacts with sites that do not exist; LimitError beyond 64 sites.

    Examples
    --------
    >>> from irrev.quantum import Composite, Contact, Hamiltonian, Lattice
    >>> bath = Hamiltonian.uniform(Lattice.chain(3), hopping=1.0, interaction=0.5, energy=1.0)
    >>> composite = Composite(Hamiltonian([2.0]), bath, [Contact(0, 0, hopping=0.3)])
    >>> composite.whole.sites, composite.whole.bonds[0].tolist()  # site 0 of the bath follows the system
    (4, [0, 1])
    """

    system: Annotated[Hamiltonian, means("", "H_S, on the sites of the system alone")]
    bath: Annotated[Hamiltonian, means("", "H_B, on the sites of the bath alone")]
    contacts: Annotated[Sequence[Contact], means("", "Bonds between them")]
    drive: Annotated[Drive | None, means("", "How H_S and H_I change in time, if they do")] = None

    def __post_init__(self) -> None:
        given = tuple(self.contacts)
        for place, contact in enumerate(given):
            if not isinstance(contact, Contact):
                raise TypeError(f"contact {place} is {contact!r}, expected a Contact")
        if not isinstance(self.drive, Drive | None):
            raise TypeError(f"drive is {self.drive!r}, expected a Drive")
        self.__dict__.update(contacts=given)
        _core.check_composite(self._parts)
        super().__post_init__()

    @property
    def _parts(self) -> CompositeParts:
        ends = [(whole(c.system, "a site of the system", 0), whole(c.bath, "a site of the bath", 0)) for c in self.contacts]
        return (
            self.system._parts,
            self.bath._parts,
            np.array(ends, dtype=np.int64).reshape(-1, 2),
            complex_numbers([complex(c.hopping) for c in self.contacts], "hopping of the contacts", 1),
            vector([float(c.interaction) for c in self.contacts], "interaction of the contacts"),
            None if self.drive is None else self.drive._parts,
        )

    @property
    def whole(self) -> Hamiltonian:
        """H on all m + M sites, as it is without a drive."""
        return Hamiltonian._of(_core.whole_model(self._parts)[0])

    @property
    def contact_energy(self) -> Hamiltonian:
        """H_I alone, on all m + M sites, as it is without a drive."""
        return Hamiltonian._of(_core.whole_model(self._parts)[1])

    def bath_sites_within(self, distance: int) -> IntArray:
        """Sites of the bath at most so many bonds away from a contact, ascending."""
        return _core.bath_sites_within(self._parts, whole(distance, "distance", 0))

    def with_cut_bath(self, keep: npt.ArrayLike) -> "Composite":
        """The same without the bonds of the bath that do not have both ends among the given sites of the bath; sites, energies and contacts stay."""
        return Composite(self.system, Hamiltonian._of(_core.cut_bath(self._parts, keep)), self.contacts, self.drive)


class SystemState(Record):
    """ρ_S = Σ_k p_k |φ_k⟩⟨φ_k| with p_k > 0 and orthonormal φ_k, of 2^m amplitudes by configuration (bit i for site i).

    Parameters
    ----------
    probabilities : array_like
        p_k; those that are zero are dropped.
    vectors : array_like
        φ_k, one row each, shape (k, 2^m), real or complex. Superpositions of different numbers of particles are allowed.

    Raises ModelError for probabilities that are negative or do not sum to 1, and vectors that are not orthonormal, within 1e-9.

    Examples
    --------
    >>> from irrev.quantum import SystemState
    >>> full = SystemState.diagonal([0.0, 1.0])  # one site, occupied
    >>> full.rank, full.regularised(0.01).probabilities.tolist()
    (1, [0.99, 0.01])
    """

    probabilities: Annotated[FloatArray, means("", "p_k, all positive")]
    vectors: Annotated[ComplexArray, means("", "φ_k, one row each, amplitudes by configuration")]

    def __init__(self, probabilities: npt.ArrayLike, vectors: npt.ArrayLike) -> None:
        given = (vector(probabilities, "probabilities"), complex_numbers(vectors, "vectors", 2))
        p, rows = _core.system_state(given)
        self.__dict__.update(probabilities=p, vectors=rows)
        self.__post_init__()

    @property
    def _parts(self) -> tuple[FloatArray, ComplexArray]:
        return self.probabilities, self.vectors

    @classmethod
    def diagonal(cls, probabilities: npt.ArrayLike) -> "SystemState":
        """A mixture of configurations with the given probabilities, 2^m of them."""
        p = vector(probabilities, "probabilities")
        return cls(p, np.eye(len(p)))

    @classmethod
    def pure(cls, amplitudes: npt.ArrayLike) -> "SystemState":
        """A pure state of 2^m amplitudes."""
        return cls([1.0], complex_numbers(amplitudes, "amplitudes", 1)[None])

    @classmethod
    def from_matrix(cls, rho: npt.ArrayLike) -> "SystemState":
        """From a density matrix of shape (2^m, 2^m); eigenvalues below 1e-15, and negative ones down to -1e-9, count as zero.

        Raises ModelError for a matrix that is not square, not Hermitian within 1e-9, or has other eigenvalues than probabilities.
        """
        matrix = complex_numbers(rho, "rho", 2)
        if matrix.shape[0] == matrix.shape[1]:
            skew = np.abs(matrix - matrix.conj().T)
            if (skew > ROUNDING).any():
                i, j = np.unravel_index(int(skew.argmax()), skew.shape)
                raise ModelError(f"rho[{i}, {j}] and rho[{j}, {i}] are not complex conjugates of each other; a density matrix is Hermitian")
        return cls(*_core.system_state_from_matrix(matrix))

    def regularised(self, epsilon: float) -> "SystemState":
        """(1 - ε) ρ + ε (1 - Π)/(2^m - rank): what is orthogonal to the support of ρ becomes possible, so that no outcome is absolutely irreversible.

        A state of full rank stays as it is. Raises ModelError unless 0 < ε < 1.
        """
        return SystemState(*_core.regularised_system_state(self._parts, float(epsilon)))

    @property
    def sites(self) -> int:
        """Number of sites m."""
        found: int = _core.system_state_properties(self._parts)["sites"]
        return found

    @property
    def rank(self) -> int:
        """Number of p_k > 0."""
        return len(self.probabilities)

    @property
    def entropy(self) -> float:
        """Von Neumann entropy -Σ p_k ln p_k, in nats."""
        found: float = _core.system_state_properties(self._parts)["entropy"]
        return found

    def to_matrix(self) -> ComplexArray:
        """Σ_k p_k |φ_k⟩⟨φ_k|, shape (2^m, 2^m)."""
        found: ComplexArray = _core.system_state_properties(self._parts)["matrix"]
        return found

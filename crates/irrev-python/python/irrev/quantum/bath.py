"""Baths: all levels of a lattice, the temperature of its eigenstates, and its states.

A bath is an ensemble Σ_a w_a |a⟩⟨a| of states with a definite number of particles and an energy each: one eigenstate, all of them with the weights of Gibbs, a window of energy, or any
vector. Everything that is asked of a bath is asked through `BathState`.

Where particles flow between system and bath two numbers must be matched to an eigenstate, β and α = βμ. A temperature found inside the sector of fixed number makes the second law fail.
Temperatures of a spectrum that is bounded may be negative; those of extremal levels are infinite, which is told by name and not by a large number.
"""

from collections.abc import Sequence
from typing import Annotated, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import ComplexArray, FloatArray, IntArray, complex_numbers, whole
from irrev._record import Record, means
from irrev._run import Progress, options
from irrev.exceptions import ModelError
from irrev.quantum.levels import window_state
from irrev.quantum.model import Hamiltonian, occupations
from irrev.quantum.spectrum import Spectrum, label_of, solved

Matching: TypeAlias = Literal["grand", "sector", "fock"]
"""Which ensemble is matched to an energy E with N particles: "grand", weights exp(-βH + αN) over all sectors with ⟨H⟩ = E and ⟨N⟩ = N, right where particles are exchanged;
"sector", exp(-βH) with N particles and ⟨H⟩ = E; "fock", exp(-βH) over all sectors with ⟨H⟩ = E only. α = 0 in the last two."""


class Temperature(Record):
    """What matching an ensemble to an energy found: β and α = βμ, or the name of what is infinite."""

    kind: Annotated[
        str,
        means("", '"finite"; "lowest" or "highest" if no state has less or more energy; "empty" or "full" if no or every site is occupied'),
    ]
    beta: Annotated[float | None, means("1/energy", "β, of either sign; ±∞ at the lowest and highest energy, None where it is free")]
    alpha: Annotated[float | None, means("", "α = βμ; ∓∞ where empty or full, None where it is undetermined")]
    sign: Annotated[str | None, means("", 'Sign of 1/β: "positive", "infinite" (β = 0) or "negative"; None where β is free')]
    chemical_potential: Annotated[float | None, means("energy", "μ = α/β; None at β = 0, where it means nothing, and where β or α is infinite")]

    @property
    def finite(self) -> tuple[float, float]:
        """β and α. Raises ModelError with what is infinite."""
        _core.require_finite_temperature(self.kind)
        assert self.beta is not None and self.alpha is not None  # they are numbers where all is finite
        return self.beta, self.alpha


class BathSpectrum(Record):
    """All levels of a bath in some or all sectors of its particle number; made by `bath_spectrum`.

    A pickle holds the question, which is answered again where it is opened: the same bits, at the same cost.
    """

    bath: Annotated[Hamiltonian, means("", "H_B")]
    numbers: Annotated[tuple[int, int], means("", "Least and largest number of particles")]
    has_states: Annotated[bool, means("", "Whether eigenvectors were computed")]
    eigenstates: Annotated[_core.Eigenstates, means("", "Where levels and eigenvectors are kept")]

    def sector(self, particles: int) -> Spectrum:
        """All levels with N particles. Raises ModelError if that sector was not diagonalised."""
        return Spectrum._of(self.eigenstates, whole(particles, "particles", 0), self.has_states)

    def energies(self, particles: int) -> FloatArray:
        """Levels with N particles, ascending."""
        found: FloatArray = self.eigenstates.levels(whole(particles, "particles", 0))["energies"]
        return found

    def temperature(self, particles: int, energy: float, *, matching: Matching = "grand") -> Temperature:
        """β and α of an energy with N particles, by Newton's method to rounding.

        Raises ModelError if all levels that matter are equal, for an energy outside of the spectrum, and unless all sectors (with "sector", that of N particles) were diagonalised.

        Examples
        --------
        One particle on two sites of energies ±1, where ⟨H⟩ = -tanh β:

        >>> import math
        >>> from irrev.quantum import Hamiltonian, bath_spectrum
        >>> two = bath_spectrum(Hamiltonian([-1.0, 1.0]))
        >>> found = two.temperature(1, -0.5, matching="sector")
        >>> found.sign, abs(found.beta - math.atanh(0.5)) < 1e-14
        ('positive', True)
        >>> two.temperature(1, 1.0).kind
        'highest'
        """
        return Temperature(**self.eigenstates.temperature(whole(particles, "particles", 0), float(energy), matching))


def bath_spectrum(
    bath: Hamiltonian,
    *,
    particles: int | tuple[int, int] | None = None,
    symmetries: Sequence[npt.ArrayLike] = (),
    states: bool = True,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> BathSpectrum:
    """Diagonalises a bath in all sectors of its particle number, or in some, by blocks of its symmetries.

    Parameters
    ----------
    bath : Hamiltonian
        H_B.
    particles : int or (int, int), optional
        One number of particles, or the least and the largest; all sectors by default, which a temperature and a Gibbs state need.
    symmetries : sequence of array_like
        Commuting permutations of the sites, as in `diagonalise`.
    states : bool
        Whether eigenvectors are wanted; a temperature needs none.

    Raises ModelError as `diagonalise`; LimitError, beforehand, for what does not fit into memory, with the figure.

    Examples
    --------
    >>> from irrev.quantum import Hamiltonian, Lattice, bath_spectrum
    >>> chain = bath_spectrum(Hamiltonian.uniform(Lattice.chain(4), hopping=1.0))
    >>> [len(chain.energies(n)) for n in range(5)]
    [1, 4, 6, 4, 1]
    """
    numbers = (0, bath.sites) if particles is None else particles if isinstance(particles, tuple) else (particles, particles)
    low, high = (whole(n, "particles", 0) for n in numbers)
    if low > high:
        raise ModelError(f"particles is ({low}, {high}), expected the least number first")
    run = options(threads=threads, memory=memory_limit, progress=progress)
    found = solved(bath, (low, high), symmetries, states, run)
    return BathSpectrum(bath=bath, numbers=(low, high), has_states=bool(states), eigenstates=found)


class BathState(Record):
    """ρ_B = Σ_a w_a |a⟩⟨a|; made by `eigenstate`, `gibbs`, `pure`, `window`, `occupation` or `mixture`, and by `typical_state`.

    Energies exchanged are counted from E_a. For a state that is no eigenstate E_a is a mean, and the first of two measurements would find others: then σ holds as a mean, while its
    distribution neglects the width of the energy.
    """

    sites: Annotated[int, means("", "Number of sites M")]
    mean_energy: Annotated[float, means("energy", "⟨H_B⟩ = Σ_a w_a E_a")]
    mean_number: Annotated[float, means("", "⟨N_B⟩ = Σ_a w_a N_a")]
    weights: Annotated[FloatArray, means("", "w_a, all positive")]
    energies: Annotated[FloatArray, means("energy", "E_a: a level, or ⟨H_B⟩ of a member that is no eigenstate")]
    particles: Annotated[IntArray, means("", "N_a")]
    ensemble: Annotated[_core.BathEnsemble, means("", "Where the vectors are kept")]

    @classmethod
    def _of(cls, ensemble: _core.BathEnsemble) -> "BathState":
        return cls(ensemble=ensemble, **ensemble.figures())

    @classmethod
    def eigenstate(
        cls, spectrum: BathSpectrum, *, particles: int, index: int, label: Sequence[int] | None = None
    ) -> "BathState":
        """One energy eigenstate: its index in ascending energy with N particles, or within the block of a symmetry label.

        An index inside a degenerate level names no state. Raises ModelError for one, with the remedy: another index, the block of a symmetry, or the vector itself.

        Examples
        --------
        >>> from irrev.quantum import BathState, Hamiltonian, Lattice, bath_spectrum
        >>> ring = bath_spectrum(Hamiltonian.uniform(Lattice.chain(4, periodic=True), hopping=1.0), symmetries=[[1, 2, 3, 0]])
        >>> round(BathState.eigenstate(ring, particles=1, index=0).mean_energy, 12)
        -2.0
        >>> round(BathState.eigenstate(ring, particles=1, index=0, label=[1]).mean_energy, 12) + 0.0  # one of two momenta
        0.0
        """
        asked = (whole(particles, "particles", 0), whole(index, "index", 0), label_of(label))
        return cls._of(_core.BathEnsemble.eigenstate(spectrum.eigenstates, *asked))

    @classmethod
    def gibbs(
        cls,
        spectrum: BathSpectrum,
        *,
        beta: float,
        alpha: float = 0.0,
        threads: int = 0,
        memory_limit: int | None = None,
        progress: Progress = None,
    ) -> "BathState":
        """exp(-β H_B + α N_B)/Ξ over all sectors, exactly. Memory: 16 bytes for every amplitude of every eigenstate; `typical_state` needs none of them.

        Examples
        --------
        >>> from irrev.quantum import BathState, Hamiltonian, Lattice, bath_spectrum
        >>> chain = bath_spectrum(Hamiltonian.uniform(Lattice.chain(4), hopping=1.0))
        >>> hot = BathState.gibbs(chain, beta=0.0)
        >>> len(hot.weights), round(hot.mean_number, 12)
        (16, 2.0)
        """
        run = options(threads=threads, memory=memory_limit, progress=progress)
        return cls._of(_core.BathEnsemble.gibbs(spectrum.eigenstates, float(beta), float(alpha), run))

    @classmethod
    def pure(cls, bath: Hamiltonian, *, particles: int, state: npt.ArrayLike) -> "BathState":
        """Any normalised vector of N particles, shape (C(M, N),). Raises ModelError unless its norm is 1 within 1e-9."""
        vector = complex_numbers(state, "state", 1)
        return cls._of(_core.BathEnsemble.pure(bath._parts, whole(particles, "particles", 0), vector))

    @classmethod
    def window(
        cls,
        bath: Hamiltonian,
        *,
        particles: int,
        energy: float,
        width: float,
        seed: int = 1,
        index: int = 0,
        threads: int = 0,
        memory_limit: int | None = None,
        progress: Progress = None,
    ) -> "BathState":
        """A typical state of N particles with energies in a window, by `window_state`; needs no diagonalisation.

        Examples
        --------
        >>> from irrev.quantum import BathState, Hamiltonian, Lattice
        >>> grid = Hamiltonian.uniform(Lattice.square(4, 3), hopping=1.0, interaction=0.5)
        >>> abs(BathState.window(grid, particles=5, energy=-1.0, width=0.4).mean_energy + 1.0) < 0.1
        True
        """
        found = window_state(
            bath,
            particles=particles,
            energy=energy,
            width=width,
            seed=seed,
            index=index,
            threads=threads,
            memory_limit=memory_limit,
            progress=progress,
        )
        return cls.pure(bath, particles=particles, state=found.state)

    @classmethod
    def occupation(cls, bath: Hamiltonian, word: int) -> "BathState":
        """The occupation state of a word, bit j for site j of the bath."""
        return cls._of(_core.BathEnsemble.occupation(bath._parts, occupations(word, "word")[0]))

    @classmethod
    def mixture(cls, states: Sequence["BathState"], *, probabilities: npt.ArrayLike) -> "BathState":
        """A mixture of states of one bath. Raises ModelError for probabilities that are negative or do not sum to 1."""
        return cls._of(_core.BathEnsemble.mixture(probabilities, [state.ensemble for state in states]))

    def vector(self, member: int = 0) -> ComplexArray:
        """The vector of a member, in the order of `Sector.words`."""
        return self.ensemble.vector(whole(member, "member", 0))


class TypicalState(Record):
    """A state of a bath that looks like a Gibbs state, and how closely."""

    state: Annotated[BathState, means("", "One random vector for each number of particles; their energies are means, as spread as those of the ensemble")]
    effective_dimension: Annotated[float, means("", "D_eff = Ξ(β, α)²/Ξ(2β, 2α), the number of states that take part")]
    scatter: Annotated[
        float, means("", "Bound of the standard deviation of averages, in units of an observable's largest deviation: 1/√D_eff, √(2/D_eff) of real vectors")
    ]
    left_out: Annotated[IntArray, means("", "Numbers of particles without a vector, because their weight is below 1e-12")]


def typical_state(
    bath: Hamiltonian,
    *,
    beta: float,
    alpha: float = 0.0,
    seed: int = 1,
    index: int = 0,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> TypicalState:
    """A random pure state in each number of particles that together look like exp(-β H_B + α N_B)/Ξ, for β of either sign.

    Where a Gibbs state needs all eigenstates, this needs one evolution in imaginary time for each number of particles. Entropy production beside it is that beside the Gibbs state up
    to the scatter; the distribution of σ is not, since two measurements would tell its energies apart.

    Parameters
    ----------
    bath : Hamiltonian
        H_B.
    beta, alpha : float
        β and α = βμ.
    seed, index : int
        Each pair gives an independent state, the same bits on any number of threads.

    Raises ModelError for β or α that is not finite; LimitError, beforehand, for what does not fit into memory.

    References: Sugiura and Shimizu, Phys. Rev. Lett. 111, 010401 (2013); Goldstein, Lebowitz, Tumulka and Zanghì, Phys. Rev. Lett. 96, 050403 (2006).

    Examples
    --------
    >>> from irrev.quantum import Hamiltonian, Lattice, typical_state
    >>> chain = Hamiltonian.uniform(Lattice.chain(10), hopping=1.0)
    >>> hot = typical_state(chain, beta=0.0)
    >>> len(hot.state.weights), round(hot.state.mean_number, 12), round(hot.effective_dimension, 9)
    (11, 5.0, 1024.0)
    """
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    ensemble = _core.BathEnsemble.typical(bath._parts, float(beta), float(alpha), whole(index, "index", 0), run)
    figures = ensemble.typicality()
    assert figures is not None  # this ensemble is typical
    return TypicalState(state=BathState._of(ensemble), **figures)


class CanonicalState(Record):
    """exp(-βH)/Z in one sector."""

    beta: Annotated[float, means("1/energy", "β, of either sign")]
    probabilities: Annotated[FloatArray, means("", "Probability of every level")]
    log_partition: Annotated[float, means("", "ln Z")]
    energy: Annotated[float, means("energy", "⟨H⟩")]
    heat_capacity: Annotated[float, means("", "β² Var H")]
    entropy: Annotated[float, means("nats", "ln Z + β⟨H⟩")]
    effective_dimension: Annotated[float, means("", "Z(β)²/Z(2β): an average by one random vector scatters by its inverse root")]

    def mean(self, diagonal: npt.ArrayLike) -> float:
        """Σ_a p_a O_aa for the diagonal elements of an observable, by level."""
        elements = np.asarray(diagonal, dtype=float)
        if elements.shape != self.probabilities.shape:
            raise ModelError(f"diagonal has shape {elements.shape}, expected {self.probabilities.shape}: one element a level")
        return float(self.probabilities @ elements)


def canonical_state(energies: npt.ArrayLike, *, beta: float) -> CanonicalState:
    """Canonical averages at β of either sign from all energies of a sector; nothing overflows.

    Examples
    --------
    >>> import math
    >>> from irrev.quantum import canonical_state
    >>> two = canonical_state([-1.0, 1.0], beta=0.5)
    >>> abs(two.energy + math.tanh(0.5)) < 1e-15
    True
    """
    return CanonicalState(**_core.canonical_state(energies, float(beta)))

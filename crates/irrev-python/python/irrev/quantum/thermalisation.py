"""Whether eigenstates look thermal: averages of local observables, their scatter from level to level, elements between levels, and the statistics of gaps.

Weakly, the variance of O_aa in a window of energy goes to zero with the size of the lattice, for almost all lattices; strongly, every O_aa goes to the mean, unless the lattice is integrable.
Gaps of one symmetry are Poisson's in integrable lattices and repel each other in others. Inside a degenerate level O_aa depends on the basis: take one block of the symmetries.

References: Deutsch, Phys. Rev. A 43, 2046 (1991); Srednicki, Phys. Rev. E 50, 888 (1994); Biroli, Kollath and Läuchli, Phys. Rev. Lett. 105, 250401 (2010); Rigol, Dunjko and Olshanii,
Nature 452, 854 (2008).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray
from irrev._record import Record, means
from irrev._run import Progress, options
from irrev.quantum.model import Hamiltonian
from irrev.quantum.spectrum import Spectrum, label_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POISSON_GAP_RATIO, ORTHOGONAL_GAP_RATIO = _core.gap_ratio_limits()
"""Mean gap ratios of independent levels, 2 ln 2 - 1, and of large random matrices of the orthogonal ensemble."""


class Elements(Record):
    """⟨a|O|a⟩ of all levels of a sector, or of one block of its symmetries."""

    energies: Annotated[FloatArray, means("energy", "Energies of the levels, ascending")]
    diagonal: Annotated[FloatArray, means("", "O_aa, in their order, in the unit of O")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws."""
        return {"energies": self.energies, "diagonal": self.diagonal}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """O_aa against energy, a point for each level; returns the axes."""
        return _points(ax, self.energies, self.diagonal)


class EigenstateThermalisation(Record):
    """Eigenstate thermalisation of an observable in a window |E_a - E| ≤ δ around the canonical energy E at some β."""

    beta: Annotated[float, means("1/energy", "β of the centre")]
    centre: Annotated[float, means("energy", "E, the canonical energy at β")]
    half_width: Annotated[float, means("energy", "δ")]
    count: Annotated[int, means("", "Levels in the window")]
    mean: Annotated[float, means("", "Mean of O_aa in the window")]
    variance: Annotated[float, means("", "Mean of (O_aa - mean)² in the window: weak thermalisation")]
    largest_deviation: Annotated[float, means("", "Largest |O_aa - mean| in the window: strong thermalisation")]
    support: Annotated[tuple[float, float], means("", "Least and greatest O_aa in the window")]
    off_diagonal: Annotated[float | None, means("", "Mean of |O_ab|² over all a ≠ b in the window; None for fewer than two levels")]
    canonical_mean: Annotated[float, means("", "Σ_a p_a O_aa over all levels")]
    canonical_variance: Annotated[float, means("", "Σ_a p_a (O_aa - canonical mean)²")]
    smallest_gap: Annotated[float, means("energy", "Smallest gap of all levels; where it is rounding, O_aa is not unique")]
    epsilon: Annotated[float | None, means("", "ε, if one was asked for")]
    violating_fraction: Annotated[float | None, means("", "Part of the levels with |O_aa - ⟨O⟩ at their β_a| > ε")]
    energies: Annotated[FloatArray, means("energy", "Energies of all levels, ascending")]
    diagonal: Annotated[FloatArray, means("", "O_aa of all levels")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws."""
        return {"energies": self.energies, "diagonal": self.diagonal}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """O_aa against energy, a point for each level, and the window; returns the axes."""
        ax = _points(ax, self.energies, self.diagonal)
        ax.axvspan(self.centre - self.half_width, self.centre + self.half_width, alpha=0.2)
        return ax


class GapRatio(Record):
    """Mean of r = min/max of neighbouring gaps in the middle half of a spectrum."""

    mean: Annotated[float, means("", "Mean of r, between 0 and 1; 0.386 for independent levels, 0.531 for the orthogonal ensemble")]
    count: Annotated[int, means("", "Ratios that were averaged")]


def _points(ax: "Axes | None", energies: FloatArray, diagonal: FloatArray) -> "Axes":
    from irrev._plot import axes

    ax = axes(ax)
    ax.plot(energies, diagonal, ".")
    ax.set_xlabel("energy")
    ax.set_ylabel("diagonal element")
    return ax


def elements(
    spectrum: Spectrum,
    *,
    observable: Hamiltonian,
    label: Sequence[int] | None = None,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Elements:
    """Diagonal elements of an observable, which is a Hamiltonian on the same sites; of all levels, or of those of one symmetry label.

    Raises ModelError for an observable on other sites, a label without states, or a spectrum without eigenvectors.

    Examples
    --------
    >>> from irrev.quantum import Hamiltonian, Lattice, diagonalise, elements, observable
    >>> chain = diagonalise(Hamiltonian.uniform(Lattice.chain(6), hopping=1.0, interaction=0.5), particles=2)
    >>> found = elements(chain, observable=observable.density(6, site=2))
    >>> round(float(found.diagonal.sum()), 12)  # the trace: C(5, 1) states have site 2 occupied
    5.0
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    which = (spectrum.particles, label_of(label))
    return Elements(**_core.observable_elements(spectrum.eigenstates, which, observable._parts, run))


def eigenstate_thermalisation(
    spectrum: Spectrum,
    *,
    observable: Hamiltonian,
    beta: float,
    half_width: float,
    label: Sequence[int] | None = None,
    epsilon: float | None = None,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> EigenstateThermalisation:
    """Weak and strong thermalisation of an observable in the window of half width δ around the canonical energy at β.

    Parameters
    ----------
    observable : Hamiltonian
        O, on the same sites.
    beta, half_width : float
        β, of either sign, and δ > 0.
    label : sequence of int, optional
        Only levels of this symmetry.
    epsilon : float, optional
        Also counts the levels that deviate by more than ε from the canonical mean at their own energy; O(D²) operations a step of Newton's method.

    Memory: two vectors a level of the window. Raises ModelError for a window without levels.

    Examples
    --------
    >>> from irrev.quantum import Hamiltonian, Lattice, diagonalise, eigenstate_thermalisation, observable
    >>> chain = diagonalise(Hamiltonian.uniform(Lattice.chain(8), hopping=1.0, interaction=0.5), particles=3)
    >>> found = eigenstate_thermalisation(chain, observable=observable.density(8, site=2), beta=0.1, half_width=1.0)
    >>> 0.0 < found.variance <= found.largest_deviation**2
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    which, window = (spectrum.particles, label_of(label)), (float(beta), float(half_width))
    bound = None if epsilon is None else float(epsilon)
    found = _core.eigenstate_thermalisation(spectrum.eigenstates, which, observable._parts, window, bound, run)
    return EigenstateThermalisation(**found)


def gap_ratio(energies: npt.ArrayLike) -> GapRatio | None:
    """Mean ratio of neighbouring gaps of levels in ascending order, without a quarter of the ratios at either end; None for fewer than three levels.

    Levels must belong to one symmetry: of independent spectra put together the gaps look like Poisson's.

    References
    ----------
    Oganesyan and Huse, Phys. Rev. B 75, 155111 (2007); Atas, Bogomolny, Giraud and Roux, Phys. Rev. Lett. 110, 084101 (2013).

    Examples
    --------
    >>> from irrev.quantum import gap_ratio
    >>> gap_ratio([0.0, 1.0, 3.0])
    GapRatio(mean=0.5, count=1)
    """
    found = _core.gap_ratio(energies)
    return None if found is None else GapRatio(*found)

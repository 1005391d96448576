"""Levels without diagonalisation: from either end of the spectrum, and near an energy; states of an energy window.

Extremal levels by Lanczos' method with thick restarts, in whose complement copies of a degenerate level are searched for afterwards. Levels inside by block Lanczos on a polynomial of H
that is large near the energy: one that is not small next to the distance to the next level belongs to a window state, which its residual says.

References: Lanczos, J. Res. Natl. Bur. Stand. 45, 255 (1950); Wu and Simon, SIAM J. Matrix Anal. Appl. 22, 602 (2000); Sierant, Lewenstein and Zakrzewski, Phys. Rev. Lett. 125, 156601 (2020).
"""

from typing import Annotated, Literal

import numpy.typing as npt

from irrev import _core
from irrev._arrays import ComplexArray, FloatArray, complex_numbers, whole
from irrev._record import Convergence, Record, means
from irrev._run import Progress, options
from irrev.exceptions import ModelError
from irrev.quantum.model import Hamiltonian


class ExtremalLevels(Record):
    """Levels at one end of the spectrum."""

    energies: Annotated[FloatArray, means("energy", "From the end inwards; a degenerate level as often as it is degenerate")]
    states: Annotated[FloatArray | ComplexArray, means("", "Orthonormal eigenvectors, one row each; real if H is")]
    residuals: Annotated[FloatArray, means("energy", "‖Hv - Ev‖ of each: some level lies within this distance")]
    convergence: Annotated[Convergence, means("", "Products with H, largest residual, its target")]


class InteriorLevels(Record):
    """Levels near an energy."""

    energies: Annotated[FloatArray, means("energy", "Ascending")]
    states: Annotated[FloatArray | ComplexArray, means("", "Orthonormal eigenvectors, one row each; real if H is")]
    residuals: Annotated[FloatArray, means("energy", "‖Hv - Ev‖ of each")]
    gaps: Annotated[FloatArray, means("energy", "Distance to the nearest other level; rounding if degenerate")]
    degree: Annotated[int, means("", "Degree of the polynomial of H")]
    products: Annotated[int, means("", "Products of H with a vector")]
    convergence: Annotated[Convergence, means("", "Applications of the polynomial to a block, largest residual, its target")]


class WindowState(Record):
    """A typical state of an energy window, and how narrow it is."""

    state: Annotated[FloatArray | ComplexArray, means("", "The normalised state; real if H is")]
    mean_energy: Annotated[float, means("energy", "⟨H⟩")]
    energy_variance: Annotated[float, means("energy²", "⟨H²⟩ - ⟨H⟩²")]
    kept: Annotated[float, means("", "Part of the random vector that was kept: levels in the window over the dimension, about")]
    terms: Annotated[int, means("", "Products with H")]


class LanczosCoefficients(Record):
    """The tridiagonal image of H from a start: H v_j = β_{j+1} v_{j+1} + α_j v_j + β_j v_{j-1}."""

    alpha: Annotated[FloatArray, means("energy", "α_0, α_1, …")]
    beta: Annotated[FloatArray, means("energy", "β_1, β_2, …; the last is the norm of the final residual")]
    moments: Annotated[FloatArray, means("energy^q", "⟨v_0|H^q|v_0⟩ for q = 0 … steps")]


def extremal_levels(
    hamiltonian: Hamiltonian,
    *,
    particles: int,
    count: int = 1,
    end: Literal["lowest", "highest"] = "lowest",
    tol: float = 1e-10,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> ExtremalLevels:
    """The first levels at one end of the spectrum of N particles, each with ‖Hv - Ev‖ ≤ tol · max|E|; fewer if the sector has fewer.

    Memory: 2 · count + 30 vectors. Raises ConvergenceError, and LimitError for what does not fit into memory.

    Examples
    --------
    >>> from irrev.quantum import Hamiltonian, Lattice, extremal_levels
    >>> ring = Hamiltonian.uniform(Lattice.chain(6, periodic=True), hopping=1.0)
    >>> extremal_levels(ring, particles=1, count=3).energies.round(9).tolist()
    [-2.0, -1.0, -1.0]
    """
    if end not in ("lowest", "highest"):
        raise ModelError(f'end is {end!r}; expected "lowest" or "highest"')
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    asked = (whole(particles, "particles", 0), end == "lowest", whole(count, "count", 1), float(tol))
    return ExtremalLevels(**_core.extremal_levels(hamiltonian._parts, *asked, run))


def levels_near(
    hamiltonian: Hamiltonian,
    *,
    particles: int,
    energy: float,
    count: int = 1,
    tol: float = 1e-10,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> InteriorLevels:
    """The levels of N particles nearest to an energy, with eigenvectors, residuals ≤ tol · half the width of the spectrum, and gaps.

    Products with H are 10 to 25 times the dimension in number, whatever the count; memory is 6 · count + 60 vectors or so. Raises ModelError for an energy outside of the spectrum,
    ConvergenceError, and LimitError for what does not fit into memory.

    Examples
    --------
    >>> from irrev.quantum import Hamiltonian, Lattice, diagonalise, levels_near
    >>> chain = Hamiltonian.uniform(Lattice.chain(10), hopping=1.0, interaction=0.6)
    >>> near = levels_near(chain, particles=5, energy=0.5, count=2)
    >>> every = diagonalise(chain, particles=5, states=False).energies
    >>> [bool(abs(every - energy).min() < 1e-9) for energy in near.energies]
    [True, True]
    """
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    asked = (whole(particles, "particles", 0), float(energy), whole(count, "count", 1), float(tol))
    return InteriorLevels(**_core.levels_near(hamiltonian._parts, *asked, run))


def window_state(
    hamiltonian: Hamiltonian,
    *,
    particles: int,
    energy: float,
    width: float,
    seed: int = 1,
    index: int = 0,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> WindowState:
    """exp(-(H - E)²/(2δ²)) r, normalised, for a random vector r: a typical state of the window E ± δ/√2.

    Energies of the state are spread by exp(-(E_a - E)²/δ²), whose variance is δ²/2 while the density of levels does not change across the window; mean and variance are measured.

    Parameters
    ----------
    energy, width : float
        E and δ > 0.
    seed, index : int
        Which random vector.

    Raises ModelError for a window without levels, or one below some 1e-4 of the half width of the spectrum.

    Examples
    --------
    >>> from irrev.quantum import Hamiltonian, Lattice, window_state
    >>> grid = Hamiltonian.uniform(Lattice.square(4, 3), hopping=1.0, interaction=0.5)
    >>> window = window_state(grid, particles=5, energy=-1.0, width=0.4)
    >>> abs(window.mean_energy + 1.0) < 0.1, abs(window.energy_variance - 0.08) < 0.03
    (True, True)
    """
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    asked = (whole(particles, "particles", 0), float(energy), float(width), whole(index, "index", 0))
    return WindowState(**_core.window_state(hamiltonian._parts, *asked, run))


def lanczos_coefficients(
    hamiltonian: Hamiltonian,
    *,
    particles: int,
    start: npt.ArrayLike,
    steps: int,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> LanczosCoefficients:
    """Coefficients of Lanczos' recurrence from a start, and the moments of H that follow from them. Shorter if the start spans an invariant space.

    Examples
    --------
    >>> from irrev.quantum import Hamiltonian, Lattice, lanczos_coefficients
    >>> pair = Hamiltonian.uniform(Lattice.chain(3), hopping=1.0)
    >>> lanczos_coefficients(pair, particles=1, start=[0.0, 1.0, 0.0], steps=2).moments.round(12).tolist()
    [1.0, 0.0, 2.0]
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    vector = complex_numbers(start, "start", 1)
    asked = (whole(particles, "particles", 0), vector, whole(steps, "steps", 1))
    return LanczosCoefficients(**_core.lanczos_coefficients(hamiltonian._parts, *asked, run))


def spectral_bounds(
    hamiltonian: Hamiltonian, *, particles: int, seed: int = 1, threads: int = 0, progress: Progress = None
) -> tuple[float, float]:
    """An interval of energy that holds the spectrum of N particles, with a margin of 0.5 % of the width; by 40 Lanczos steps from a random vector, no proof.

    References
    ----------
    Zhou and Li, Linear Algebra Appl. 435, 480 (2011).

    Examples
    --------
    >>> from irrev.quantum import Hamiltonian, Lattice, spectral_bounds
    >>> low, high = spectral_bounds(Hamiltonian.uniform(Lattice.chain(6, periodic=True), hopping=1.0), particles=1)
    >>> -2.1 < low < -2.0 and 2.0 < high < 2.1
    True
    """
    run = options(threads=threads, progress=progress, seed=seed)
    return _core.spectral_bounds(hamiltonian._parts, whole(particles, "particles", 0), run)

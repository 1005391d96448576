"""Kernels that depend on position, kernels of several coordinates, and the random force that belongs to a kernel.

r̈_i = f_i(r) - Σ_j ∫₀ᵗ K_ij(s, q(t - s)) ṙ_j(t - s) ds + ξ_i, with K_ij(t, q) = Σ_k φ_k(q) K_{i,jk}(t) and q one of the coordinates. ξ is uncorrelated with all φ_k(q) ṙ_j at the start, which makes a Volterra equation of the correlations of
these; one function of one coordinate is the plain kernel.

References: Vroylandt and Monmarché, J. Chem. Phys. 156, 244105 (2022); Zwanzig, Phys. Rev. 124, 983 (1961); Kubo, Rep. Prog. Phys. 29, 255 (1966).
"""

from collections.abc import Sequence
from typing import Annotated

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, matrix, one_or_more, real, vector, whole
from irrev._record import Estimate, Record, means
from irrev._run import Progress, options
from irrev.exceptions import ModelError
from irrev.landscape.estimates import Estimates, with_estimates
from irrev.landscape.memory import MeanForce, force_parts
from irrev.landscape.moments import ConditionalMoments
from irrev.landscape.recording import Period
from irrev.landscape.recording import Record as Recorded
from irrev.landscape.recording import read


class Basis(Record):
    """Functions φ_k of a coordinate in which a kernel that depends on it is expanded.

    Examples
    --------
    >>> from irrev.landscape import Basis
    >>> Basis.hats([0.0, 1.0, 3.0]).at([1.5, -1.0]).tolist()
    [[0.0, 0.75, 0.25], [1.0, 0.0, 0.0]]
    """

    kind: Annotated[str, means("", '"constant", "hats", "polynomials" or "fourier"')]
    numbers: Annotated[FloatArray, means("", "Points of hats; centre and half width; or start and length of the period")]
    degree: Annotated[int, means("", "Highest degree, or multiple")]

    @classmethod
    def constant(cls) -> "Basis":
        """φ = 1: the kernel does not depend on position."""
        return cls("constant", np.zeros(0), 0)

    @classmethod
    def hats(cls, points: npt.ArrayLike) -> "Basis":
        """1 at one of these ascending points and 0 at the others, linear between; constant beyond the first and the last."""
        return cls("hats", np.array(vector(points, "points")), 0)

    @classmethod
    def polynomials(cls, *, centre: float, half_width: float, degree: int) -> "Basis":
        """Legendre polynomials of (r - centre)/half width."""
        return cls("polynomials", np.array([float(centre), float(half_width)]), whole(degree, "degree", 0))

    @classmethod
    def fourier(cls, period: Period, *, order: int) -> "Basis":
        """1, cos and sin of multiples of the angle of a periodic coordinate."""
        return cls("fourier", np.array([float(period[0]), float(period[1])]), whole(order, "order", 0))

    @property
    def _parts(self) -> tuple[str, FloatArray, int]:
        return self.kind, self.numbers, self.degree

    def at(self, values: npt.ArrayLike) -> FloatArray:
        """φ_k at values of the coordinate, shape (values, functions)."""
        return _core.basis_values(self._parts, one_or_more(values, "values"))


class ProjectedKernel(Record):
    """A kernel that depends on position, or a matrix of kernels, with confidence bands."""

    times: Annotated[FloatArray, means("time", "0, h, 2h, …")]
    points: Annotated[FloatArray, means("", "Values of q")]
    coordinates: Annotated[int, means("", "Number of coordinates")]
    conditioning: Annotated[float, means("", "Least eigenvalue of the correlations of the functions over the largest")]
    kernels: Annotated[tuple[Estimates, ...], means("1/time²", "K_ij at each point; the point varies slowest, then i, then j; see `kernel`")]
    coefficients: Annotated[FloatArray, means("", "K_{i,jk}(t), shape (coordinates, coordinates, functions, lags)")]
    basis: Annotated[Basis, means("", "φ_k")]

    def kernel(self, *, row: int = 0, column: int = 0, point: int = 0) -> Estimates:
        """K_ij(t, q) at one of the points, at all times. Raises IndexError for what is not there."""
        for index, count in ((row, self.coordinates), (column, self.coordinates), (point, len(self.points))):
            if not 0 <= index < count:
                raise IndexError(f"{index} was asked for; there are 0 to {count - 1}")
        return self.kernels[(point * self.coordinates + row) * self.coordinates + column]

    def at(self, q: float, *, row: int = 0, column: int = 0) -> FloatArray:
        """K_ij(t, q) at any q, without band."""
        found = np.zeros(len(self.times))
        for phi, coefficient in zip(self.basis.at([q])[0], self.coefficients[row, column], strict=True):
            found += phi * coefficient
        return found


def projected_kernel(
    record: Recorded,
    *,
    coordinates: Sequence[int] = (0,),
    mean_forces: Sequence[MeanForce] | None = None,
    lags: int = 200,
    basis: Basis | None = None,
    position: int = 0,
    points: npt.ArrayLike = 0.0,
    draws: int = 100,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> ProjectedKernel:
    """The kernel of some coordinates of a record with velocities, with a band from blocks drawn anew.

    Parameters
    ----------
    record : Record
    coordinates : sequence of int
        The coordinates r_i.
    mean_forces : sequence, optional
        f_i of each, as in `memory_kernel`; default none.
    lags : int
        Number of lags, in frames.
    basis : Basis, optional
        φ_k; default constant.
    position : int
        The coordinate q.
    points : array_like
        Values of q at which the kernel is wanted with its band.
    draws : int
        Draws of the bootstrap.

    Raises DataError without velocities or if no trajectory has all lags; ModelError for different steps, options out of range, and functions that the data do not tell apart.

    Examples
    --------
    An oscillator without a bath has no memory.

    >>> import numpy as np
    >>> from irrev.landscape import projected_kernel, record
    >>> t = 0.05 * np.arange(20_000)
    >>> found = projected_kernel(record(np.sin(t), step=0.05, velocities=np.cos(t)), mean_forces=[1.0], lags=20)
    >>> bool((abs(found.kernel().values) < 0.01).all())
    True
    """
    chosen = [whole(one, "coordinates", 0) for one in coordinates]
    forces = [None] * len(chosen) if mean_forces is None else list(mean_forces)
    functions = Basis.constant() if basis is None else basis
    asked = (chosen, whole(lags, "lags", 1), whole(position, "position", 0), one_or_more(points, "points"), whole(draws, "draws", 0))
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    handle = read(record, None)
    found = _core.landscape_projected_kernel(handle, asked, [force_parts(f) for f in forces], functions._parts, run)
    kernels = tuple(Estimates(**columns) for columns in found.pop("kernels"))
    return ProjectedKernel(kernels=kernels, basis=functions, **found)


class PositionDependence(Record):
    """How much w(r) = ⟨ṙ²; r⟩ varies."""

    lowest: Annotated[Estimate, means("", "The cell with the least w")]
    highest: Annotated[Estimate, means("", "The cell with the largest w")]
    spread: Annotated[float, means("", "Standard deviation of w over its mean, over frames, less what the errors of cells make of it")]
    range: Annotated[float, means("", "(highest - lowest)/mean")]
    advised: Annotated[
        bool, means("", "Whether the two differ by more than 10 % of the mean, and by more than three standard errors of the difference")
    ]
    sentence: Annotated[str, means("", "What follows")]


def position_dependence(moments: ConditionalMoments) -> PositionDependence | None:
    """Whether ⟨ṙ²; r⟩ varies so much that one kernel for all positions is not enough; None for fewer than two cells with ten independent visits.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.landscape import conditional_moments, position_dependence
    >>> x = np.sin(0.01 * np.arange(100_000))                                    # w = 1 - r²
    >>> position_dependence(conditional_moments(x, step=0.01, bins=5)).advised
    True
    """
    found = _core.landscape_position_dependence(moments.sums)
    return None if found is None else PositionDependence(**found)


class FluctuationDissipation(Record):
    """⟨ξ(t) ξ(0)⟩/⟨ṙ²⟩ beside K(t), with bands from the same blocks.

    They agree by construction where f is zero or linear; where f is not, the difference tells whether one kernel for all positions is enough, besides errors of K, accelerations that do not belong to the positions, and drift in time.
    """

    times: Annotated[FloatArray, means("time", "0, h, 2h, …")]
    kernel: Annotated[Estimates, means("1/time²", "K")]
    noise: Annotated[Estimates, means("1/time²", "⟨ξ(t) ξ(0)⟩/⟨ṙ²⟩")]
    difference: Annotated[Estimates, means("1/time²", "Noise less kernel, with errors of its own")]
    largest_deviation: Annotated[
        float, means("", "Largest difference in units of its error; 4 to 5 is much for some hundred times, which are not independent")
    ]


def fluctuation_dissipation(
    record: Recorded,
    *,
    coordinate: int = 0,
    lags: int = 200,
    mean_force: MeanForce = None,
    draws: int = 100,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> FluctuationDissipation:
    """The second fluctuation-dissipation relation: the correlation of the random force of a record with velocities and accelerations, beside its memory kernel. Arguments as for `memory_kernel`.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.landscape import fluctuation_dissipation, record
    >>> t = 0.05 * np.arange(20_000)                                             # neither memory nor noise
    >>> swing = record(np.sin(t), step=0.05, velocities=np.cos(t), accelerations=-np.sin(t))
    >>> found = fluctuation_dissipation(swing, lags=20, mean_force=1.0)
    >>> bool((abs(found.noise.values) < 0.01).all())
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    asked = (whole(coordinate, "coordinate", 0), whole(lags, "lags", 1), force_parts(mean_force), whole(draws, "draws", 0))
    found = _core.landscape_fluctuation_dissipation(read(record, None), *asked, run)
    return FluctuationDissipation(**with_estimates(found, "kernel", "noise", "difference"))


def random_force(
    record: Recorded, *, kernel: npt.ArrayLike, coordinate: int = 0, mean_force: MeanForce = None
) -> list[FloatArray]:
    """ξ(t) = r̈ - f(r) + ∫ K(s) ṙ(t - s) ds along each trajectory of a record with velocities and accelerations, from the frame on that has the whole kernel behind it.

    Parameters
    ----------
    kernel : array_like
        K at 0, h, 2h, …; what it is beyond is left out.

    Examples
    --------
    >>> from irrev.landscape import random_force, record
    >>> even = record([0.0, 1.0, 2.0, 3.0], step=1.0, velocities=[1.0] * 4, accelerations=[0.0] * 4)
    >>> random_force(even, kernel=[1.0, 1.0, 1.0])[0].tolist()
    [2.0, 2.0]
    """
    asked = (whole(coordinate, "coordinate", 0), force_parts(mean_force), vector(kernel, "kernel"))
    return _core.landscape_random_force(read(record, None), *asked)


def second_kind_matrix(c0: npt.ArrayLike, *, kernel: npt.ArrayLike, right_side: npt.ArrayLike, step: float) -> FloatArray:
    """Solves K(t) C₀ + ∫₀ᵗ K(s) G(t - s) ds = F(t) for matrices, at 0, h, 2h, … by the trapezoid rule; the error is of order h².

    Parameters
    ----------
    c0 : array_like, shape (n, n)
    kernel : array_like, shape (n, n, lags)
        G.
    right_side : array_like, shape (m, n, lags)
        F; the result has its shape.

    Examples
    --------
    K + ∫ K G ds = 1 with G = ((1, 1), (0, 2)) has the solution e^{-Gt}.

    >>> import numpy as np
    >>> from irrev.landscape import second_kind_matrix
    >>> series = lambda table: np.repeat(np.array(table)[:, :, None], 201, axis=2)
    >>> found = second_kind_matrix(np.eye(2), kernel=series([[1.0, 1.0], [0.0, 2.0]]), right_side=series(np.eye(2)), step=0.005)
    >>> bool(abs(found[0, 0, 200] - np.exp(-1)) < 1e-5)
    True
    """
    g, f = _series(kernel, "kernel"), _series(right_side, "right_side")
    if g.shape[0] != g.shape[1] or f.shape[1:] != g.shape[1:]:
        raise ModelError(f"kernel has shape {g.shape} and right_side {f.shape}, expected (n, n, lags) and (m, n, lags)")
    flat_g, flat_f = (np.ascontiguousarray(table.reshape(-1, table.shape[2])) for table in (g, f))
    found = _core.landscape_second_kind_matrix(matrix(c0, "c0"), flat_g, flat_f, float(step))
    return found.reshape(f.shape)


def _series(given: npt.ArrayLike, name: str) -> FloatArray:
    table = real(given, name)
    if table.ndim != 3:
        raise ModelError(f"{name} has shape {table.shape}, expected three dimensions")
    if not np.isfinite(table).all():
        raise ModelError(f"{name} holds a number that is not finite")
    return table

"""Entropic curvature: how fast relaxations with detailed balance approach each other.

κ(p) is the smallest eigenvalue of the Hessian of D(·‖π) in the metric of W₂, and κ = inf κ(p). Then D(p(t)‖π) ≤ e^{-2κt} D(p(0)‖π).

Reference: Erbar and Maas, Arch. Ration. Mech. Anal. 206, 997 (2012).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray
from irrev._core import MarkovJump
from irrev._record import Record, means
from irrev._run import Progress, options

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class CurvatureAt(Record):
    """The smallest curvature of relative entropy at a state."""

    value: Annotated[float, means("1/time", "κ(p)")]
    potential: Annotated[FloatArray, means("", "A minimising potential ψ with ψᵀKψ = 1 and Σψ = 0")]
    multiplicity: Annotated[int, means("", "Number of eigenvalues that equal the smallest to nine digits")]

    def __float__(self) -> float:
        return self.value


class EntropicCurvature(Record):
    """The infimum of κ(p), with what is known about it: a search gives an upper estimate, couplings a lower bound."""

    value: Annotated[float, means("1/time", "Upper estimate of κ: the lowest curvature that the search saw")]
    lower_bound: Annotated[float | None, means("1/time", "Proven lower bound of κ; None where couplings give none")]
    spectral_gap: Annotated[float, means("1/time", "Curvature at π; not below κ")]
    witness: Annotated[FloatArray, means("", "The state with that curvature")]
    potential: Annotated[FloatArray, means("", "The direction in which it is met there")]
    local_minimum: Annotated[bool, means("", "Whether the witness was verified to be a local minimum")]
    slope: Annotated[float, means("1/time", "Norm of ∂κ(p)/∂ ln p at the witness; zero at a minimum inside")]
    multiplicity: Annotated[int, means("", "Number of directions that attain the value, to six digits")]
    lowest_rise: Annotated[float, means("1/time", "Lowest rise among neighbours; not negative at a local minimum")]
    neighbours: Annotated[int, means("", "Number of neighbours looked at")]
    radius: Annotated[float, means("", "Standard deviation of their ln p from that of the witness")]
    at_the_boundary: Annotated[bool, means("", "Whether the witness lies where the search had to end")]
    starts: Annotated[int, means("", "States at which the search began")]
    descents: Annotated[int, means("", "Of these, followed downhill")]
    evaluations: Annotated[int, means("", "Evaluations of κ(p)")]
    descents_to_the_lowest: Annotated[int, means("", "Descents that ended at the lowest value, within 1e-6")]

    def __float__(self) -> float:
        return self.value


class ProductCurvature(Record):
    """κ of a system of parts that jump independently of each other."""

    value: Annotated[float, means("1/time", "Upper estimate of κ: the smallest of the parts'")]
    part: Annotated[int, means("", "The part that has it")]
    lower_bound: Annotated[float | None, means("1/time", "Proven lower bound, if each part has one")]
    spectral_gap: Annotated[float, means("1/time", "Spectral gap of the whole")]

    def __float__(self) -> float:
        return self.value


Curvature = EntropicCurvature | ProductCurvature
"""What `entropic_curvature` or `product_curvature` found of a process."""


class ModifiedLogSobolev(Record):
    """α = inf Σ̇/(2D) from both sides: D(p(t)‖π) ≤ e^{-2αt} D(p(0)‖π) from whatever start."""

    value: Annotated[float, means("1/time", "Upper bound of α: the lowest ratio that the search saw, or the gap")]
    lower_bound: Annotated[float | None, means("1/time", "Proven lower bound of α; None where κ has none that is positive")]
    conditional_lower_bound: Annotated[
        float | None, means("1/time", "Lower bound of α if the search for κ found its infimum; None if that is not positive")
    ]
    spectral_gap: Annotated[float, means("1/time", "Poincaré's constant; not below α")]
    witness: Annotated[FloatArray | None, means("", "The state with that ratio; None for the limit at π")]
    starts: Annotated[int, means("", "States at which the search began")]
    descents: Annotated[int, means("", "Of these, followed downhill")]
    evaluations: Annotated[int, means("", "Evaluations of Σ̇/D")]
    descents_to_the_lowest: Annotated[int, means("", "Descents that ended at the lowest value, within 1e-6")]

    def __float__(self) -> float:
        return self.value


class RelaxationBounds(Record):
    """Relaxation at given times: what is true, and what gap and curvature allow."""

    times: Annotated[FloatArray, means("time", "The times")]
    relative_entropy: Annotated[FloatArray, means("nats", "D(p(t)‖π)")]
    total_variation: Annotated[FloatArray, means("", "½ Σ|p(t) - π|")]
    chi_squared: Annotated[FloatArray, means("", "Σ (p(t) - π)²/π")]
    by_gap: Annotated[FloatArray, means("nats", "Proven bound ln(1 + χ²(0) e^{-2 gap t}) of D")]
    by_curvature: Annotated[
        FloatArray, means("nats", "Proven bound e^{-2κt} D(0) by the lower bound of κ; D(0) without one that is positive")
    ]
    by_curvature_estimate: Annotated[
        FloatArray, means("nats", "The same with κ as found: a bound if the search has found the infimum")
    ]
    total_variation_bound: Annotated[FloatArray, means("", "Proven bound of the total variation")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: D(p(t)‖π) and its bounds."""
        names = ("times", "relative_entropy", "by_gap", "by_curvature", "by_curvature_estimate")
        return {name: getattr(self, name) for name in names}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """D(p(t)‖π) beside its bounds, on a logarithmic axis; returns the axes."""
        import numpy as np

        from irrev._plot import lines

        data = self.plot_data()
        times = data.pop("times")
        ax = lines(ax, times, np.column_stack(list(data.values())), tuple(data), "time", "relative entropy (nats)")
        ax.set_yscale("log")
        return ax


def curvature_at(kinetics: MarkovJump, *, distribution: npt.ArrayLike) -> CurvatureAt:
    """κ(p) at a positive state; at the stationary one it is the spectral gap. Needs detailed balance.

    Examples
    --------
    >>> from irrev.network import MarkovJump
    >>> from irrev.transport import curvature_at
    >>> pair = MarkovJump.from_rates(2, [(0, 1, 1.0, 1.0)])
    >>> round(curvature_at(pair, distribution=[0.5, 0.5]).value, 12)
    2.0
    """
    return CurvatureAt(**_core.curvature_at(kinetics, distribution))


def entropic_curvature(
    kinetics: MarkovJump,
    *,
    random_starts: int = 128,
    descents: int = 48,
    largest_log_ratio: float = 40.0,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> EntropicCurvature:
    """κ = inf κ(p) over all positive states, by search from above and by couplings from below. Needs detailed balance.

    Parameters
    ----------
    kinetics : MarkovJump
    random_starts : int
        Random starts beside the stationary state, its mixtures with states and pairs, and states near faces.
    descents : int
        Starts that are followed downhill, the lowest first.
    largest_log_ratio : float
        Largest ln of one p/π over another that the search may reach, from 1 to 500.

    Examples
    --------
    >>> from irrev.network import MarkovJump
    >>> from irrev.transport import entropic_curvature
    >>> pair = MarkovJump.from_rates(2, [(0, 1, 1.0, 1.0)])
    >>> round(entropic_curvature(pair).value, 6)
    2.0
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return EntropicCurvature(
        **_core.entropic_curvature(kinetics, random_starts, descents, largest_log_ratio, run)
    )


def product_curvature(parts: Sequence[Curvature]) -> ProductCurvature:
    """κ of independent parts together: the smallest κ of a part, however many there are.

    Examples
    --------
    >>> from irrev.network import MarkovJump
    >>> from irrev.transport import entropic_curvature, product_curvature
    >>> spins = [MarkovJump.from_rates(2, [(0, 1, k, k)]) for k in (1.0, 3.0)]
    >>> whole = product_curvature([entropic_curvature(spin) for spin in spins])
    >>> round(whole.value, 6), whole.part
    (2.0, 0)
    """
    return ProductCurvature(**_core.product_curvature([_known(part) for part in parts]))


def modified_log_sobolev(
    kinetics: MarkovJump,
    *,
    curvature: Curvature,
    random_starts: int = 128,
    descents: int = 48,
    largest_log_ratio: float = 40.0,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> ModifiedLogSobolev:
    """α = inf Σ̇(p)/(2 D(p‖π)), by search from above and by the curvature of the same process from below. Needs detailed balance.

    Parameters
    ----------
    kinetics : MarkovJump
    curvature : EntropicCurvature or ProductCurvature
        That of the same process.
    random_starts, descents, largest_log_ratio
        As in `entropic_curvature`.

    References
    ----------
    Bobkov and Tetali, J. Theor. Probab. 19, 289 (2006).

    Examples
    --------
    >>> from irrev.network import MarkovJump
    >>> from irrev.transport import entropic_curvature, modified_log_sobolev
    >>> pair = MarkovJump.from_rates(2, [(0, 1, 2.0, 0.5)])
    >>> found = modified_log_sobolev(pair, curvature=entropic_curvature(pair))
    >>> found.lower_bound <= found.value <= found.spectral_gap
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return ModifiedLogSobolev(
        **_core.modified_log_sobolev(kinetics, _known(curvature), random_starts, descents, largest_log_ratio, run)
    )


def relaxation_bounds(
    kinetics: MarkovJump,
    *,
    start: npt.ArrayLike,
    times: npt.ArrayLike,
    curvature: Curvature | None = None,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> RelaxationBounds:
    """D(p(t)‖π), total variation and χ² at given times, with their bounds by gap and curvature. Needs detailed balance.

    Parameters
    ----------
    kinetics : MarkovJump
    start : array_like, shape (states,)
    times : array_like
        Times ≥ 0.
    curvature : EntropicCurvature or ProductCurvature, optional
        That of the same process; without it the bounds are those by the gap.

    References
    ----------
    Erbar and Maas, Arch. Ration. Mech. Anal. 206, 997 (2012); Gibbs and Su, Int. Stat. Rev. 70, 419 (2002).

    Examples
    --------
    >>> from irrev.network import MarkovJump
    >>> from irrev.transport import relaxation_bounds
    >>> pair = MarkovJump.from_rates(2, [(0, 1, 2.0, 0.5)])
    >>> decay = relaxation_bounds(pair, start=[1, 0], times=[0.0, 0.5, 1.0])
    >>> bool((decay.relative_entropy <= decay.by_gap * (1 + 1e-12)).all())
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    known = None if curvature is None else _known(curvature)
    return RelaxationBounds(**_core.relaxation_bounds(kinetics, start, times, known, run))


def _known(curvature: Curvature) -> tuple[float, float | None, float]:
    return curvature.value, curvature.lower_bound, curvature.spectral_gap

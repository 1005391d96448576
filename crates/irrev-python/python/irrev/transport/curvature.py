"""Entropic curvature: how fast relaxations with detailed balance approach each other.

κ(p) is the smallest eigenvalue of the Hessian of D(·‖π) in the metric of W₂, and κ = inf κ(p). Then D(p(t)‖π) ≤ e^{-2κt} D(p(0)‖π).

Reference: Erbar and Maas, Arch. Ration. Mech. Anal. 206, 997 (2012).
"""

from typing import Annotated

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray
from irrev._core import MarkovJump
from irrev._record import Record, means
from irrev._run import Progress, options


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

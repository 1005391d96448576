"""Shortest paths between amounts of species: locally optimal, with their exact length.

W₂² = inf ∫₀¹ Σ J²/L(x) dt over paths ẋ = S J in positive amounts, with the Onsager coefficient L = Λ(j⁺, j⁻) of mass action. Where every direction
of a reaction is of order at most one in the dynamic species, or there is one direction of change only, the path found is the shortest. Beyond
that the problem is not convex: the path is shortest among its neighbours, no certificate exists, and several starts are tried. Its length is exact, so that
the distance is not more.

Reference: Yoshimura, Kolchinsky, Dechant and Ito, Phys. Rev. Research 5, 013017 (2023).
"""

from typing import TYPE_CHECKING, Annotated

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray
from irrev._core import ReactionGeodesic, ReactionSystem
from irrev._record import Record, means
from irrev._run import Progress, options
from irrev.exceptions import ModelError
from irrev.transport.geodesic import DRAWN

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class ReactionMoment(Record):
    """A path of a reaction network at one time."""

    time: Annotated[float, means("", "From 0 to 1")]
    state: Annotated[FloatArray, means("amount", "Amounts of the dynamic species")]
    potential: Annotated[FloatArray, means("nats", "Potential ψ: the force on every reaction is Sᵀψ")]
    current: Annotated[FloatArray, means("amount", "Currents J = L(x) Sᵀψ of the counted reactions, per unit of t")]


class ReactionWasserstein2(Record):
    """The shortest path found between two states of a reaction network."""

    length: Annotated[float, means("√(amount·time)", "Exact length of the path; infinite if none leads there")]
    length_error: Annotated[float, means("√(amount·time)", "Estimated error of the quadrature in the length")]
    excess: Annotated[float, means("√(amount·time)", "Estimate of how much shorter a path near it may be")]
    optimality: Annotated[
        str, means("", "'global': none is shorter; 'local': none near it is; 'stationary': one near it may be")
    ]
    converged: Annotated[bool, means("", "Whether the excess is within the tolerance")]
    starts: Annotated[int, means("", "Starts that led to a stationary path")]
    minima: Annotated[int, means("", "Different locally shortest paths that these led to")]
    newton_steps: Annotated[int, means("", "Newton steps that led to the path")]
    meshes: Annotated[int, means("", "Meshes that were needed")]
    law: Annotated[
        dict[str, int] | None, means("", "Conserved combination of species that differs at the ends; None if finite")
    ]
    surplus: Annotated[float, means("amount", "Its value at the start less that at the end")]
    geodesic: Annotated[ReactionGeodesic | None, means("", "The path; None if no path leads there")]

    def __float__(self) -> float:
        return self.length

    def _path(self) -> ReactionGeodesic:
        if self.geodesic is None:
            raise ModelError("the distance is infinite: there is no path; `law` is the conserved combination that differs")
        return self.geodesic

    def at(self, t: float) -> ReactionMoment:
        """Amounts, potential and current of the path at a time from 0 to 1."""
        return self._path().at(t)

    def states(self, times: npt.ArrayLike) -> FloatArray:
        """The amounts along the path at times from 0 to 1, one row each."""
        return self._path().states(times)

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: times from 0 to 1 and the amounts along the path at them."""
        times = np.linspace(0.0, 1.0, DRAWN)
        return {"time": times, "amount": self.states(times)}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Amounts along the path; returns the axes."""
        from irrev._plot import lines

        data, names = self.plot_data(), self._path().network.states
        return lines(ax, data["time"], data["amount"], names, "time along the path", "amount")


def reaction_geodesic(
    system: ReactionSystem,
    from_: npt.ArrayLike,
    to: npt.ArrayLike,
    *,
    tol: float = 1e-8,
    starts: int = 12,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> ReactionWasserstein2:
    """The shortest path found between two states of a reaction network with mass action, and its exact length.

    Parameters
    ----------
    system : ReactionSystem
        Its counted reactions must be mass action and run both ways.
    from_, to : array_like, shape (dynamic species,)
        Amounts, zeros allowed.
    tol : float
        Part of the squared length that the discretisation may add, from 1e-11 to 0.1.
    starts : int
        Starting paths, tried beyond the first only where the problem is not convex.
    seed : int
        Of the random ones among them.

    Raises
    ------
    ModelError
        For a reaction without a reverse or of another law; amounts that are negative or of another number; a tolerance out of range.
    ConvergenceError
        Where the path is not resolved, or an end is infinitely far.

    Examples
    --------
    >>> from irrev.reactions import ReactionSystem
    >>> from irrev.transport import reaction_geodesic
    >>> dimers = ReactionSystem(
    ...     ["A", "B", "C"], reactions=[("pair", "2 A <=> B", 1.0, 0.5), ("turn", "B <=> C", 1.0, 1.0)]
    ... )
    >>> found = reaction_geodesic(dimers, [2.0, 0.1, 0.1], [0.2, 0.3, 0.8])
    >>> found.optimality, found.converged
    ('local', True)
    >>> reaction_geodesic(dimers, [2.0, 0.1, 0.1], [0.2, 0.3, 0.3]).law
    {'A': 1, 'B': 2, 'C': 2}
    """
    run = options(seed=seed, threads=threads, memory=memory_limit, progress=progress)
    return ReactionWasserstein2(**_core.reaction_geodesic(system, from_, to, tol, starts, run))

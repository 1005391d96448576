"""Games in which every part minimises its own dissipation.

Player a sets the currents on its own edges so as to minimise C_a = Σ D_e(J_e) + λ_a |B J - target|²: what it dissipates, and how far the common change of
state misses its target. A Nash equilibrium, where no player can do better alone, exists and is unique for λ_a > 0; with equal λ it is the cooperative
optimum.

References: Fujimoto and Ito, Phys. Rev. Research 6, 013023 (2024), for the four-state game.
"""

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, integers, matrix, vector
from irrev._record import Convergence, Record, means

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Game(Record):
    """Who owns which edge, what its current costs, and what all are to achieve together.

    Parameters
    ----------
    incidence : array_like, shape (states, edges)
        B.
    conductance : array_like, shape (edges,), optional
        g > 0, in 1/time, for the dissipation D = J²/g near equilibrium.
    mean_flux : array_like, shape (edges,), optional
        a > 0, in 1/time, for D = 2J asinh(J/2a): jumps both ways whose fluxes have the geometric mean a. Give one of the two.
    owner : array_like of int, shape (edges,)
        The player that every edge belongs to, from 0.
    weights : array_like, shape (players,)
        λ_a ≥ 0; a player with λ_a = 0 stands still.
    target : array_like, shape (states,)
        What B J is to be, in 1/time.

    Examples
    --------
    Two players feed one state, and both want it to gain 1.

    >>> from irrev.information import Game, cooperative_optimum, nash_equilibrium
    >>> game = Game([[1.0, 1.0]], conductance=[1.0, 1.0], owner=[0, 1], weights=[2.0, 1.0], target=[1.0])
    >>> nash_equilibrium(game).currents.round(12)                              # J_a = λ_a (1 - ΣJ)
    array([0.5 , 0.25])
    >>> cooperative_optimum(game).currents.round(12)
    array([0.375, 0.375])
    """

    incidence: Annotated[FloatArray, means("", "B, states × edges")]
    conductance: Annotated[FloatArray | None, means("1/time", "g per edge, of D = J²/g")]
    mean_flux: Annotated[FloatArray | None, means("1/time", "a per edge, of D = 2J asinh(J/2a)")]
    owner: Annotated[IntArray, means("", "The player that every edge belongs to")]
    weights: Annotated[FloatArray, means("time", "λ of every player")]
    target: Annotated[FloatArray, means("1/time", "What B J is to be")]

    def __init__(
        self,
        incidence: npt.ArrayLike,
        conductance: npt.ArrayLike | None = None,
        mean_flux: npt.ArrayLike | None = None,
        *,
        owner: npt.ArrayLike,
        weights: npt.ArrayLike,
        target: npt.ArrayLike,
    ) -> None:
        if (conductance is None) == (mean_flux is None):
            raise TypeError("give conductance or mean_flux, one of the two")
        self.__dict__.update(
            incidence=matrix(incidence, "incidence").copy(),
            conductance=None if conductance is None else vector(conductance, "conductance").copy(),
            mean_flux=None if mean_flux is None else vector(mean_flux, "mean_flux").copy(),
            owner=integers(owner, "owner").copy(),
            weights=vector(weights, "weights").copy(),
            target=vector(target, "target").copy(),
        )
        self.__post_init__()
        _core.check_game(self._parts)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, self._values()

    @property
    def _parts(self) -> tuple[Any, ...]:
        law = ("linear", self.conductance) if self.mean_flux is None else ("jumps", self.mean_flux)
        return self.incidence, *law, self.owner, self.weights, self.target

    @property
    def players(self) -> int:
        """Number of players."""
        return len(self.weights)


def _again(
    incidence: FloatArray,
    conductance: FloatArray | None,
    mean_flux: FloatArray | None,
    owner: IntArray,
    weights: FloatArray,
    target: FloatArray,
) -> Game:
    """A game from its attributes in their order, as pickle has them."""
    return Game(incidence, conductance, mean_flux, owner=owner, weights=weights, target=target)


class Outcome(Record):
    """Currents and what they cost."""

    currents: Annotated[FloatArray, means("1/time", "J per edge")]
    partial_entropy_production: Annotated[FloatArray, means("nats/time", "Σ D over the edges of every player")]
    total: Annotated[float, means("nats/time", "Their sum")]
    achieved: Annotated[FloatArray, means("1/time", "B J")]
    penalty: Annotated[float, means("1/time²", "|B J - target|²")]
    costs: Annotated[FloatArray, means("nats/time", "C_a of every player")]
    own_gradients: Annotated[
        FloatArray, means("nats", "Largest |∂C_a/∂J_e| on a player's own edges: 0 where it cannot do better alone")
    ]
    convergence: Annotated[Convergence, means("", "Newton steps, and the last of them relative to the largest current")]


class ParetoPoint(Record):
    """A point of the Pareto front: the minimum of Σ w_a C_a."""

    shares: Annotated[FloatArray, means("", "w_a > 0, one per player, with the sum 1")]
    outcome: Annotated[Outcome, means("", "What comes of it; its costs are the coordinates of the front")]


class ParetoFront(Record):
    """Points of the Pareto front beside the Nash equilibrium."""

    points: Annotated[tuple[ParetoPoint, ...], means("", "The points, in the order of the shares asked for")]
    nash: Annotated[Outcome, means("", "The Nash equilibrium")]
    better_for_all: Annotated[
        IntArray, means("", "Indices of points at which every player pays less than in the Nash equilibrium")
    ]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: costs of the players at the points, one row each, and in the Nash equilibrium."""
        costs = [point.outcome.costs for point in self.points]
        return {"front": np.reshape(costs, (len(costs), len(self.nash.costs))), "nash": self.nash.costs}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Costs of the first two players along the front, and the Nash equilibrium beside it; returns the axes."""
        from irrev._plot import axes

        if len(self.nash.costs) < 2:
            raise ValueError("a front of one player has no second axis")
        ax, data = axes(ax), self.plot_data()
        ax.plot(data["front"][:, 0], data["front"][:, 1], "o-", label="Pareto front")
        ax.plot(data["nash"][:1], data["nash"][1:2], "s", label="Nash equilibrium")
        ax.set_xlabel("cost of player 0 (nats/time)")
        ax.set_ylabel("cost of player 1 (nats/time)")
        ax.legend()
        return ax


def nash_equilibrium(game: Game, *, tol: float = 1e-12) -> Outcome:
    """The Nash equilibrium, which exists and is unique: the minimum of Σ D_e/λ_{a(e)} + |B J - target|².

    `tol` is the accepted last Newton step relative to the largest current.

    Examples
    --------
    >>> from irrev.information import Game, nash_equilibrium
    >>> game = Game([[1.0, 1.0]], mean_flux=[0.5, 2.0], owner=[0, 1], weights=[2.0, 1.0], target=[1.0])
    >>> bool(nash_equilibrium(game).own_gradients.max() < 1e-12)
    True
    """
    return Outcome(**_core.nash_equilibrium(game._parts, tol))


def cooperative_optimum(game: Game, *, tol: float = 1e-12) -> Outcome:
    """The minimum of Σ D_e + λ̄ |B J - target|² with the mean λ̄ of the weights: what all would choose together.

    Examples
    --------
    >>> from irrev.information import Game, cooperative_optimum
    >>> game = Game([[1.0, 1.0]], conductance=[1.0, 1.0], owner=[0, 1], weights=[2.0, 1.0], target=[1.0])
    >>> cooperative_optimum(game).currents.round(12)
    array([0.375, 0.375])
    """
    return Outcome(**_core.cooperative_optimum(game._parts, tol))


def pareto_front(game: Game, *, shares: npt.ArrayLike, tol: float = 1e-12) -> ParetoFront:
    """Points that no player can better without another's loss: minima of Σ w_a C_a, beside the Nash equilibrium.

    Parameters
    ----------
    game : Game
    shares : array_like, shape (points, players)
        w_a > 0, normalised here; for two players, rows (w, 1 - w) trace the front as a curve.
    tol : float
        Accepted last Newton step relative to the largest current.

    Examples
    --------
    >>> from irrev.information import Game, pareto_front
    >>> game = Game([[1.0, 1.0]], conductance=[1.0, 1.0], owner=[0, 1], weights=[2.0, 2.0], target=[1.0])
    >>> front = pareto_front(game, shares=[[0.3, 0.7], [0.5, 0.5], [0.7, 0.3]])
    >>> first = front.plot_data()["front"][:, 0]
    >>> bool(first[0] > first[1] > first[2])                                    # who counts more pays less
    True
    """
    fields = _core.pareto_front(game._parts, matrix(shares, "shares"), tol)
    points = tuple(ParetoPoint(shares=p["shares"], outcome=Outcome(**p["outcome"])) for p in fields["points"])
    return ParetoFront(points=points, nash=Outcome(**fields["nash"]), better_for_all=fields["better_for_all"])

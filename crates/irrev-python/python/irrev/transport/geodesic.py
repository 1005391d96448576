"""W₂: the distance by dissipation, generalised to any positive rates.

W₂² = inf ∫₀¹ Σ J²/L(P) dt over paths dP/dt = B J between two distributions, with the Onsager coefficient L of every channel as mobility, parallel
channels one by one, and no factor 1/2: driving the system in a time τ produces at least the entropy W₂²/τ. The upper bound is the length of a
path, the lower bound the value of a potential that obeys the Hamilton-Jacobi inequality; both are computed, never estimated.

References: Maas, J. Funct. Anal. 261, 2250 (2011); Yoshimura, Kolchinsky, Dechant and Ito, Phys. Rev. Research 5, 013017 (2023).
"""

from typing import TYPE_CHECKING, Annotated

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray
from irrev._core import Geodesic, MarkovJump
from irrev._record import Record, means
from irrev._run import Progress, options
from irrev.exceptions import ModelError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DRAWN = 101
"""Times at which a geodesic is drawn."""


class Moment(Record):
    """A geodesic at one time."""

    time: Annotated[float, means("", "From 0 to 1")]
    state: Annotated[FloatArray, means("", "Probabilities P")]
    potential: Annotated[
        FloatArray, means("nats", "Potential ψ, of mean 0 on each component: the force on every edge is Bᵀψ")
    ]
    current: Annotated[FloatArray, means("", "Currents J = L(P) Bᵀψ of the edges, per unit of t")]


class Wasserstein2(Record):
    """W₂ between two distributions, with a proven interval and the path that realises it."""

    distance: Annotated[float, means("√(nats·time)", "W₂; infinite if no path joins the distributions")]
    lower_bound: Annotated[float, means("√(nats·time)", "A number that W₂ is not below, from a feasible potential")]
    upper_bound: Annotated[float, means("√(nats·time)", "A number that W₂ is not above, from a feasible path")]
    relative_gap: Annotated[float, means("", "Width of the proven interval of W₂², relative to W₂²")]
    converged: Annotated[bool, means("", "Whether the interval is as narrow as was asked for")]
    times: Annotated[FloatArray, means("", "Ends of the elements of time of the path")]
    newton_steps: Annotated[int, means("", "Newton steps on all meshes")]
    meshes: Annotated[int, means("", "Largest number of meshes that a component of the network needed")]
    component: Annotated[
        tuple[str, ...] | None, means("", "States that would have to lose or gain probability; None if finite")
    ]
    surplus: Annotated[float, means("", "Their probability at the start less that at the end")]
    geodesic: Annotated[Geodesic | None, means("", "The shortest path; None if the distance is infinite")]

    def __float__(self) -> float:
        return self.distance

    def _path(self) -> Geodesic:
        if self.geodesic is None:
            raise ModelError("the distance is infinite: there is no geodesic; `component` names what keeps the states apart")
        return self.geodesic

    def at(self, t: float) -> Moment:
        """State, potential and current of the geodesic at a time from 0 to 1."""
        return self._path().at(t)

    def states(self, times: npt.ArrayLike) -> FloatArray:
        """The states of the geodesic at times from 0 to 1, one row each."""
        return self._path().states(times)

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: times from 0 to 1 and the states of the geodesic at them."""
        times = np.linspace(0.0, 1.0, DRAWN)
        return {"time": times, "probability": self.states(times)}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Probabilities along the geodesic; returns the axes."""
        from irrev._plot import lines

        data, names = self.plot_data(), self._path().network.states
        return lines(ax, data["time"], data["probability"], names, "time along the geodesic", "probability")


def wasserstein2(
    kinetics: MarkovJump,
    from_: npt.ArrayLike,
    to: npt.ArrayLike,
    *,
    tol: float = 1e-6,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Wasserstein2:
    """W₂ between two distributions under a jump process, with its geodesic and proven bounds.

    Parameters
    ----------
    kinetics : MarkovJump
        Rates of both directions of every channel, with or without detailed balance.
    from_, to : array_like, shape (states,)
        The distributions, on the boundary of the simplex, too.
    tol : float
        Asked width of the proven interval of W₂², relative to W₂², from 1e-10 to 0.1. Where a path comes too near the boundary the interval may
        stay wider, which `converged` says.

    Raises
    ------
    ModelError
        For an edge with one zero rate; distributions of another length; a tolerance out of range.
    ConvergenceError
        Where double precision does not resolve the path; the message has what is proven of W₂ all the same.

    Examples
    --------
    >>> from irrev.network import MarkovJump
    >>> from irrev.transport import wasserstein2
    >>> pair = MarkovJump.from_rates(2, [(0, 1, 1.0, 1.0)])
    >>> found = wasserstein2(pair, [0.9, 0.1], [0.2, 0.8])
    >>> round(found.distance, 10), found.converged
    (1.0256921195, True)
    >>> found.at(0.5).state.round(6)
    array([0.555783, 0.444217])
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return Wasserstein2(**_core.wasserstein2(kinetics, from_, to, tol, run))

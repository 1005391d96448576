"""W₁: the least effort of carrying one distribution to another.

W₁ = min Σ ℓ|J| over flows with B J = to - from = max Σ φ (to - from) over potentials with |Bᵀφ| ≤ ℓ; flow and potential prove each other.

References: Kantorovich, Dokl. Akad. Nauk SSSR 37, 199 (1942); Van Vu and Saito, Phys. Rev. X 13, 011013 (2023), for networks.
"""

from typing import TYPE_CHECKING, Annotated

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, matrix
from irrev._core import MarkovJump, Model, Network
from irrev._record import Record, means
from irrev._run import Progress, options

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Wasserstein1(Record):
    """W₁ on a network with the transport that attains it and the potential that proves it."""

    distance: Annotated[float, means("length", "W₁ = Σ ℓ|J|; infinite if a component would have to gain or lose probability")]
    lower_bound: Annotated[float, means("length", "A number that W₁ is certainly not below")]
    upper_bound: Annotated[float, means("length", "A number that W₁ is certainly not above")]
    dual: Annotated[float, means("length", "Σ φ (to - from), equal to the distance up to rounding")]
    flow: Annotated[FloatArray | None, means("", "Probability carried along every edge; None if infinite")]
    potential: Annotated[FloatArray | None, means("length", "Kantorovich potential φ of every state; None if infinite")]
    rebalanced: Annotated[float, means("", "Probability that was taken for rounding and removed")]
    pivots: Annotated[int, means("", "Pivots of the network simplex method; none on trees")]
    method: Annotated[str, means("", '"forest", "network simplex", or "none" if infinite')]
    component: Annotated[
        tuple[str, ...] | None, means("", "States that would have to lose or gain probability; None if finite")
    ]
    surplus: Annotated[float, means("", "Their probability at the start less that at the end")]

    def __float__(self) -> float:
        return self.distance

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: the probability carried along every edge."""
        return {"flow": np.empty(0) if self.flow is None else self.flow}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Bars of the probability carried along every edge; returns the axes."""
        from irrev._plot import bars

        flow = self.plot_data()["flow"]
        return bars(ax, [f"edge {e}" for e in range(len(flow))], flow, "probability carried")


class TransportPlan(Record):
    """Transport of least cost, and the potentials that prove it."""

    cost: Annotated[float, means("cost", "Σ cost · mass")]
    lower_bound: Annotated[float, means("cost", "A number that the least cost is certainly not below")]
    upper_bound: Annotated[float, means("cost", "A number that the least cost is certainly not above")]
    dual: Annotated[float, means("cost", "Σ φ_target · to - Σ φ_source · from")]
    sources: Annotated[IntArray, means("", "State that each step takes from")]
    targets: Annotated[IntArray, means("", "State that it carries to")]
    masses: Annotated[FloatArray, means("", "Probability that it carries, > 0")]
    source_potential: Annotated[FloatArray, means("cost", "φ per state of `from_`")]
    target_potential: Annotated[
        FloatArray, means("cost", "φ per state of `to`: φ_target - φ_source ≤ cost, equal where mass flows")
    ]
    rebalanced: Annotated[float, means("", "Probability that was taken for rounding and removed")]
    pivots: Annotated[int, means("", "Pivots of the network simplex method")]

    def __float__(self) -> float:
        return self.cost

    def matrix(self) -> FloatArray:
        """The plan as a dense matrix: row from, column to."""
        plan = np.zeros((len(self.source_potential), len(self.target_potential)))
        plan[self.sources, self.targets] = self.masses
        return plan


def wasserstein1(
    model: Network | MarkovJump | Model,
    from_: npt.ArrayLike,
    to: npt.ArrayLike,
    *,
    lengths: npt.ArrayLike | None = None,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Wasserstein1:
    """W₁ between two distributions on a network, whose channels carry both ways at the same length.

    Parameters
    ----------
    model : Network, MarkovJump or Model
        Anything with a network.
    from_, to : array_like, shape (states,)
        The distributions.
    lengths : array_like, shape (edges,), optional
        Lengths ≥ 0; default 1 for each edge, so that W₁ counts the jumps that are needed at least.

    Examples
    --------
    >>> from irrev.network import Network
    >>> from irrev.transport import wasserstein1
    >>> ring = Network.from_edges(4, [(0, 1), (1, 2), (2, 3), (3, 0)])
    >>> found = wasserstein1(ring, [1, 0, 0, 0], [0, 0.5, 0, 0.5])
    >>> found.distance, found.flow
    (1.0, array([ 0.5,  0. ,  0. , -0.5]))
    """
    network = model if isinstance(model, Network) else model.network
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return Wasserstein1(**_core.wasserstein1(network, from_, to, lengths, run))


def wasserstein1_with_cost(
    cost: npt.ArrayLike,
    from_: npt.ArrayLike,
    to: npt.ArrayLike,
    *,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> TransportPlan:
    """Least Σ cost · mass that turns one distribution into another; costs need not be a metric, and may have either sign.

    Parameters
    ----------
    cost : array_like, shape (states of from_, states of to)
        Cost of carrying a unit of probability.

    Examples
    --------
    >>> from irrev.transport import wasserstein1_with_cost
    >>> plan = wasserstein1_with_cost([[0, 2], [2, 0]], [0.5, 0.5], [0.25, 0.75])
    >>> plan.cost, plan.matrix()
    (0.5, array([[0.25, 0.25],
           [0.  , 0.5 ]]))
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return TransportPlan(**_core.wasserstein1_with_cost(matrix(cost, "cost"), from_, to, run))

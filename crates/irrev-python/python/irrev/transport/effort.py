"""W₁: the least effort of carrying one distribution, or any masses of equal total, to another.

W₁ = min Σ ℓ|J| over flows with B J = to - from = max Σ φ (to - from) over potentials with |Bᵀφ| ≤ ℓ; flow and potential prove each other. Masses are
taken as they are, in any unit, and W₁ is in units of mass times length; between distributions, whose total is 1, it is a length.

References: Kantorovich, Dokl. Akad. Nauk SSSR 37, 199 (1942); Van Vu and Saito, Phys. Rev. X 13, 011013 (2023), for networks.
"""

from typing import TYPE_CHECKING, Annotated

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, costs, masses
from irrev._core import MarkovJump, Model, Network
from irrev._record import Record, means
from irrev._run import Progress, options
from irrev.exceptions import ModelError

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Wasserstein1(Record):
    """W₁ on a network with the transport that attains it and the potential that proves it."""

    distance: Annotated[
        float, means("mass·length", "W₁ = Σ ℓ|J|; infinite if a component would have to gain or lose mass")
    ]
    total: Annotated[float, means("mass", "Total mass at either end; 1 for distributions")]
    lower_bound: Annotated[float, means("mass·length", "A number that W₁ is certainly not below")]
    upper_bound: Annotated[float, means("mass·length", "A number that W₁ is certainly not above")]
    dual: Annotated[float, means("mass·length", "Σ φ (to - from), equal to the distance up to rounding")]
    flow: Annotated[FloatArray | None, means("mass", "Mass carried along every edge; None if infinite")]
    potential: Annotated[FloatArray | None, means("length", "Kantorovich potential φ of every state; None if infinite")]
    rebalanced: Annotated[float, means("mass", "Mass that was taken for rounding and removed")]
    pivots: Annotated[int, means("", "Pivots of the network simplex method; none on trees")]
    method: Annotated[str, means("", '"forest", "network simplex", or "none" if infinite')]
    component: Annotated[
        tuple[str, ...] | None, means("", "States that would have to lose or gain mass; None if finite")
    ]
    surplus: Annotated[float, means("mass", "Their mass at the start less that at the end")]

    def __float__(self) -> float:
        return self.distance

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: the mass carried along every edge."""
        return {"flow": np.empty(0) if self.flow is None else self.flow}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Bars of the mass carried along every edge; returns the axes."""
        from irrev._plot import bars

        flow = self.plot_data()["flow"]
        return bars(ax, [f"edge {e}" for e in range(len(flow))], flow, "mass carried")


class TransportPlan(Record):
    """Transport of least cost, and the potentials that prove it."""

    cost: Annotated[float, means("mass·cost", "Σ cost · mass; infinite if every plan needs a pair without a way")]
    total: Annotated[float, means("mass", "Total mass at either end; 1 for distributions")]
    lower_bound: Annotated[float, means("mass·cost", "A number that the least cost is certainly not below")]
    upper_bound: Annotated[float, means("mass·cost", "A number that the least cost is certainly not above")]
    dual: Annotated[float, means("mass·cost", "Σ φ_target · to - Σ φ_source · from")]
    sources: Annotated[IntArray | None, means("", "State that each step takes from; None if infinite")]
    targets: Annotated[IntArray | None, means("", "State that it carries to; None if infinite")]
    masses: Annotated[FloatArray | None, means("mass", "Mass that it carries, > 0; None if infinite")]
    source_potential: Annotated[FloatArray | None, means("cost", "φ per state of `from_`; None if infinite")]
    target_potential: Annotated[
        FloatArray | None,
        means("cost", "φ per state of `to`: φ_target - φ_source ≤ cost, equal where mass flows; None if infinite"),
    ]
    rebalanced: Annotated[float, means("mass", "Mass that was taken for rounding and removed")]
    pivots: Annotated[int, means("", "Pivots of the network simplex method")]
    stranded_sources: Annotated[
        IntArray | None, means("", "States of `from_` whose mass has ways to the stranded targets only; None if finite")
    ]
    stranded_targets: Annotated[
        IntArray | None, means("", "States of `to` that hold less than that, or more than has a way to them; None if finite")
    ]
    surplus: Annotated[float, means("mass", "Mass of the stranded sources less that of the stranded targets")]

    def __float__(self) -> float:
        return self.cost

    def matrix(self) -> FloatArray:
        """The plan as a dense matrix: row from, column to."""
        if self.sources is None or self.source_potential is None or self.target_potential is None:
            raise ModelError(
                "the cost is infinite: there is no plan; `stranded_sources` and `stranded_targets` are the states in the way"
            )
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
    """W₁ between two distributions, or masses of equal total, on a network, whose channels carry both ways at the same length.

    Parameters
    ----------
    model : Network, MarkovJump or Model
        Anything with a network.
    from_, to : array_like, shape (states,)
        Masses ≥ 0 in any unit, such as probabilities or numbers of molecules; their totals agree within 1e-9 of them.
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
    >>> found = wasserstein1(ring, [6, 0, 0, 0], [0, 3, 0, 3])
    >>> found.distance, found.total
    (6.0, 6.0)
    """
    network = model if isinstance(model, Network) else model.network
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return Wasserstein1(**_core.wasserstein1(network, *masses(from_, to), lengths, run))


def wasserstein1_with_cost(
    cost: npt.ArrayLike,
    from_: npt.ArrayLike,
    to: npt.ArrayLike,
    *,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> TransportPlan:
    """Least Σ cost · mass that turns one distribution, or masses, into another; costs need not be a metric, and may have either sign.

    Parameters
    ----------
    cost : array_like, shape (states of from_, states of to)
        Cost of carrying a unit of mass; inf where there is no way.
    from_, to : array_like
        Masses ≥ 0 in any unit; their totals agree within 1e-9 of them.

    Examples
    --------
    >>> from irrev.transport import wasserstein1_with_cost
    >>> plan = wasserstein1_with_cost([[0, 2], [2, 0]], [0.5, 0.5], [0.25, 0.75])
    >>> plan.cost, plan.matrix()
    (0.5, array([[0.25, 0.25],
           [0.  , 0.5 ]]))

    Where every plan needs a pair without a way, the cost is infinite, and the states in the way are named:

    >>> none = wasserstein1_with_cost([[0, float("inf")], [2, 0]], [2, 2], [1, 3])
    >>> none.cost, none.stranded_sources, none.stranded_targets, none.surplus
    (inf, array([0]), array([0]), 1.0)
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return TransportPlan(**_core.wasserstein1_with_cost(costs(cost, "cost"), *masses(from_, to), run))

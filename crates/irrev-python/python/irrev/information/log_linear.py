"""Log-linear hierarchy: what interactions of k bodies explain.

q_k is the distribution of largest entropy with all marginals of p on up to k axes; q₁ is the product of the marginals, q_N = p. The divergences are
Pythagorean, D(p‖q₁) = D(q₂‖q₁) + … + D(p‖q_{N-1}), and D(q_k‖q_{k-1}) is what correlations of exactly k bodies carry.

References: Amari, IEEE Trans. Inf. Theory 47, 1701 (2001).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, whole
from irrev._record import Convergence, Record, means
from irrev._run import Progress, options

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class LogLinearProjection(Record):
    """The distribution of largest entropy with all marginals on up to k axes."""

    order: Annotated[int, means("", "k")]
    distribution: Annotated[FloatArray, means("", "q_k, row-major")]
    divergence: Annotated[float, means("nats", "D(p‖q_k)")]
    convergence: Annotated[
        Convergence, means("", "The residual is the Newton decrement, half of whose square is the divergence still to go")
    ]


class Hierarchy(Record):
    """Projections on all orders, and how their divergences add up."""

    projections: Annotated[tuple[LogLinearProjection, ...], means("", "q₁, q₂, … up to the highest order asked for")]
    divergences: Annotated[FloatArray, means("nats", "D(p‖q₁), D(p‖q₂), …")]
    pythagoras: Annotated[FloatArray, means("nats", "D(q₂‖q₁), D(q₃‖q₂), … and last D(p‖q) for the highest q")]
    pythagoras_residual: Annotated[
        FloatArray, means("nats", "D(p‖q_k) - D(p‖q_{k+1}) - D(q_{k+1}‖q_k) for each pair of orders: rounding")
    ]
    total_correlation: Annotated[float, means("nats", "D(p‖q₁) = Σ H(x_k) - H(x)")]

    def plot_data(self) -> dict[str, FloatArray | IntArray]:
        """What `plot` draws: the number of bodies, and what exactly so many carry; the last bar is all that is left."""
        return {"bodies": np.arange(2, 2 + len(self.pythagoras)), "divergence": self.pythagoras}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Bars of what correlations of each number of bodies carry; returns the axes."""
        from irrev._plot import bars

        data = self.plot_data()
        ax = bars(ax, [str(int(n)) for n in data["bodies"]], data["divergence"], "divergence (nats)")
        ax.set_xlabel("bodies")
        return ax


class SpinCoordinates(Record):
    """Coordinates of ln q(s) = Σ θ_A s_A - ψ with s_A = Π_{i∈A} s_i, s = ±1."""

    subsets: Annotated[tuple[tuple[int, ...], ...], means("", "The sets A: singles, then pairs, …, each lexicographic")]
    natural: Annotated[FloatArray, means("", "θ_A")]
    mean: Annotated[FloatArray, means("", "η_A = ⟨s_A⟩")]
    log_partition: Annotated[float, means("nats", "ψ = ln Σ e^{θ·s}; no base measure")]


def hierarchy(
    distribution: npt.ArrayLike,
    *,
    sizes: Sequence[int],
    highest: int | None = None,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Hierarchy:
    """Projects a joint distribution on the orders 1 … `highest` (default the last below the whole).

    Parameters
    ----------
    distribution : array_like, shape (product of sizes,)
        The joint distribution, row-major.
    sizes : sequence of int
        Number of labels of every axis.
    highest : int, optional
        Highest order; the projection of that order is exact to rounding, whatever it costs.

    Examples
    --------
    Parity: pairs are independent, the triple is not.

    >>> from irrev.information import hierarchy
    >>> found = hierarchy([0.25, 0, 0, 0.25, 0, 0.25, 0.25, 0], sizes=[2, 2, 2])
    >>> bool(abs(found.pythagoras[0]) < 1e-14), round(float(found.pythagoras[1]), 9)
    (True, 0.693147181)
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    axes = [whole(n, "sizes", 0) for n in sizes]
    order = None if highest is None else whole(highest, "highest", 0)
    fields = _core.log_linear_hierarchy(distribution, axes, order, run)
    projections = tuple(LogLinearProjection(**q) for q in fields["projections"])
    return Hierarchy(**{**fields, "projections": projections})


def spin_coordinates(distribution: npt.ArrayLike, *, order: int) -> SpinCoordinates:
    """θ and η of a distribution of spins ±1 on all sets of up to `order` spins; index bit 1 is spin +1, the first spin slowest.

    Examples
    --------
    >>> from irrev.information import hierarchy, spin_coordinates
    >>> p = [0.042, 0.0879, 0.2593, 0.1928, 0.0446, 0.1475, 0.1615, 0.0644]
    >>> pairs = hierarchy(p, sizes=[2, 2, 2]).projections[1].distribution
    >>> spin_coordinates(pairs, order=2).natural.round(6).tolist()
    [-0.068172, 0.397769, 0.122484, -0.297541, -0.071189, -0.393532]
    """
    fields = _core.spin_coordinates(distribution, whole(order, "order", 0))
    return SpinCoordinates(**{**fields, "subsets": tuple(map(tuple, fields["subsets"]))})

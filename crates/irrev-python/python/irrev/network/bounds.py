"""Uncertainty relations: how precise a current can be for what it dissipates.

For a current X with weights w in the stationary state, with mean rate c₁ and variance rate c₂:

============== ============================================
relation       statement
============== ============================================
thermodynamic  c₂ Σ̇/c₁² ≥ 2
kinetic        c₂ · activity/c₁² ≥ 1
short-time     Σ w²(j⁺ + j⁻) Σ̇/c₁² ≥ 2 (at any state)
============== ============================================

Over a finite time and from any start the same is said by `finite_time_uncertainty`, and for rates that change by `driven_uncertainty`: there the mean
is replaced by the response R = (τ∂_τ - v∂_v)⟨X⟩ to a change of pace at the same protocol, whose speed is v.

References: Barato and Seifert, Phys. Rev. Lett. 114, 158101 (2015); Gingrich, Horowitz, Perunov and England, Phys. Rev. Lett. 116, 120601
(2016); Di Terlizzi and Baiesi, J. Phys. A 52, 02LT03 (2019); Liu, Gong and Ueda, Phys. Rev. Lett. 125, 140602 (2020); Koyuk and
Seifert, Phys. Rev. Lett. 125, 260604 (2020).
"""

from typing import TYPE_CHECKING, Annotated, Any

import numpy.typing as npt

from irrev import _core
from irrev._bound import Bound, Side, found, read, with_sides
from irrev._core import DrivenJump, Flow, MarkovJump
from irrev._record import Record, means
from irrev._run import Progress, options
from irrev.network.counting import CountingStatistics

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class UncertaintyRelation(Record):
    """Both sides of the uncertainty relations of one current."""

    mean: Annotated[float, means("1/time", "Mean rate c₁ of the current")]
    variance_rate: Annotated[float, means("1/time", "Variance rate c₂ = lim Var X/t")]
    entropy_production_rate: Annotated[float, means("nats/time", "Entropy production rate")]
    activity: Annotated[float, means("1/time", "Jumps per unit time")]
    thermodynamic_product: Annotated[float, means("", "c₂ Σ̇/c₁² ≥ 2; NaN for c₁ = 0")]
    kinetic_product: Annotated[float, means("", "c₂ · activity/c₁² ≥ 1; NaN for c₁ = 0")]
    short_time_product: Annotated[float, means("", "Σ w²(j⁺ + j⁻) Σ̇/c₁² ≥ 2; NaN for c₁ = 0")]
    dissipation_bound: Annotated[
        float, means("nats/time", "Lower bound 2c₁²/c₂ on the entropy production rate that the current alone gives")
    ]

    def plot_data(self) -> dict[str, tuple[str, ...] | tuple[float, ...]]:
        """What `plot` draws: the products over their bounds."""
        names = ("thermodynamic", "kinetic", "short-time")
        values = (self.thermodynamic_product / 2, self.kinetic_product, self.short_time_product / 2)
        return {"relation": names, "product_over_bound": values}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Bars of the products over their bounds (1 is saturation); returns the axes."""
        from irrev._plot import bars

        data = self.plot_data()
        ax = bars(ax, [str(name) for name in data["relation"]], data["product_over_bound"], "product over bound")
        ax.axhline(1.0, color="black", linewidth=0.8)
        return ax


def uncertainty_relation(
    statistics: CountingStatistics, *, stationary_flow: Flow, weights: npt.ArrayLike
) -> UncertaintyRelation:
    """Uncertainty relations of the stationary current with the given weight per forward jump of each edge.

    Examples
    --------
    >>> from irrev.network import MarkovJump, counting_statistics, uncertainty_relation
    >>> ring = MarkovJump.from_rates(3, [(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])
    >>> statistics = counting_statistics(ring)
    >>> flow = ring.flow(statistics.stationary_distribution)
    >>> relation = uncertainty_relation(statistics, stationary_flow=flow, weights=[1, 0, 0])
    >>> round(relation.thermodynamic_product, 10)
    2.4370928043
    """
    fields = _core.uncertainty_relation(
        statistics.kinetics, statistics.stationary_distribution, stationary_flow, weights
    )
    return UncertaintyRelation(**fields)


class FiniteTimeUncertainty(Record):
    """Uncertainty relations of one current over an interval."""

    mean: Annotated[Side, means("", "⟨X⟩, in the unit of the weights")]
    variance: Annotated[Side, means("", "Var X")]
    response: Annotated[
        Side, means("", "τ ∂⟨X⟩/∂τ with constant rates (⟨X⟩ in the stationary state), (τ∂_τ - v∂_v)⟨X⟩ with a protocol of speed v")
    ]
    bounds: Annotated[tuple[Bound, ...], means("", "The bounds")]

    def find(self, name: str, *, paid: str = "entropy production") -> Bound:
        """The bound of a name on a cost; `KeyError` names those that there are."""
        return found(self.bounds, name, paid)


def _relations(fields: dict[str, Any]) -> FiniteTimeUncertainty:
    bounds = tuple(read(row) for row in fields.pop("bounds"))
    return FiniteTimeUncertainty(bounds=bounds, **with_sides(fields, ("mean", "variance", "response")))


def finite_time_uncertainty(
    kinetics: MarkovJump,
    *,
    weights: npt.ArrayLike,
    start: npt.ArrayLike,
    duration: float,
    tol: float = 1e-9,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> FiniteTimeUncertainty:
    """Uncertainty relations of a current over [0, duration], from any start.

    Parameters
    ----------
    kinetics : MarkovJump
    weights : array_like, shape (edges,)
        Weight per forward jump of each edge.
    start : array_like, shape (states,)
    duration : float
    tol : float
        Relative accuracy of the integrals along the path.

    Examples
    --------
    >>> from irrev.network import MarkovJump, finite_time_uncertainty
    >>> ring = MarkovJump.from_rates(3, [(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])
    >>> relations = finite_time_uncertainty(ring, weights=[1, 1, 1], start=[1, 0, 0], duration=2.0)
    >>> relations.find("thermodynamic").verdict, relations.find("kinetic", paid="jumps").verdict
    ('holds', 'holds')
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return _relations(_core.finite_time_uncertainty(kinetics, weights, start, duration, tol, run))


def driven_uncertainty(
    process: DrivenJump,
    *,
    weights: npt.ArrayLike,
    start: npt.ArrayLike,
    from_: float = 0.0,
    to: float,
    tol: float = 1e-9,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> FiniteTimeUncertainty:
    """Uncertainty relations of a current over the protocol's [from_, to], from any start, with rates that change.

    Parameters
    ----------
    process : DrivenJump
    weights : array_like, shape (edges,)
        Weight per forward jump of each edge.
    start : array_like, shape (states,)
        Distribution at `from_`.
    from_, to : float
    tol : float
        Relative accuracy of the integrals along the path.

    Examples
    --------
    >>> from irrev.network import DrivenJump, Network, driven_uncertainty
    >>> process = DrivenJump(Network.from_edges(2, [(0, 1), (0, 1)]), rates=(["exp(cos(t))", "1"], ["1", "exp(sin(t))"]))
    >>> relations = driven_uncertainty(process, weights=[1, -1], start=[0.5, 0.5], to=3.0, tol=1e-7)
    >>> relations.find("thermodynamic").verdict
    'holds'
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return _relations(_core.driven_uncertainty(process, weights, start, from_, to, tol, run))

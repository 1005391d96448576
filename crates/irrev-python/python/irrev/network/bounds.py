"""Uncertainty relations: how precise a current can be for what it dissipates.

For a current X with weights w in the stationary state, with mean rate c₁ and variance rate c₂:

============== ============================================
relation       statement
============== ============================================
thermodynamic  c₂ Σ̇/c₁² ≥ 2
kinetic        c₂ · activity/c₁² ≥ 1
short-time     Σ w²(j⁺ + j⁻) Σ̇/c₁² ≥ 2 (at any state)
============== ============================================

References: Barato and Seifert, Phys. Rev. Lett. 114, 158101 (2015); Gingrich, Horowitz, Perunov and England, Phys. Rev. Lett. 116, 120601
(2016); Di Terlizzi and Baiesi, J. Phys. A 52, 02LT03 (2019).
"""

from typing import TYPE_CHECKING, Annotated

import numpy.typing as npt

from irrev import _core
from irrev._core import Flow
from irrev._record import Record, means
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

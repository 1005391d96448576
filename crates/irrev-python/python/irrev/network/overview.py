"""Everything about one Markov network at once, sharing the work: what a report or a sweep asks for at every point."""

from typing import TYPE_CHECKING, Annotated

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray
from irrev._core import Flow, MarkovJump
from irrev._record import Record, means
from irrev.network.bounds import UncertaintyRelation
from irrev.network.cycles import CycleBasis, basis
from irrev.network.decomposition import (
    GeometricDecomposition,
    HatanoSasaDecomposition,
    InformationGeometricDecomposition,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Overview(Record):
    """Thermodynamics of a Markov network at one distribution, beside its stationary state."""

    stationary: Annotated[FloatArray, means("", "Stationary distribution")]
    stationary_flow: Annotated[Flow, means("", "Flow in the stationary state")]
    flow: Annotated[Flow, means("", "Flow at the distribution")]
    entropy_production_rate: Annotated[float, means("nats/time", "Entropy production rate at the distribution")]
    geometric: Annotated[GeometricDecomposition, means("", "Geometric excess/housekeeping split")]
    hatano_sasa: Annotated[HatanoSasaDecomposition, means("", "Hatano-Sasa split")]
    information_geometric: Annotated[InformationGeometricDecomposition, means("", "Information-geometric split")]
    cycles: Annotated[CycleBasis, means("", "Fundamental cycles")]
    affinities: Annotated[FloatArray, means("nats", "Affinity of each cycle")]
    cycle_currents: Annotated[FloatArray, means("1/time", "Stationary current around each cycle")]
    housekeeping_cycle_currents: Annotated[
        FloatArray, means("1/time", "Housekeeping current around each cycle at the distribution")
    ]
    uncertainty: Annotated[
        UncertaintyRelation, means("", "Uncertainty relations of the current with the given weights")
    ]

    def plot_data(self) -> dict[str, tuple[str, ...] | tuple[float, ...]]:
        """What `plot` draws: the parts of the entropy production rate in each split."""
        names = (
            "geometric excess",
            "geometric housekeeping",
            "nonadiabatic",
            "adiabatic",
            "information-geometric excess",
            "information-geometric housekeeping",
        )
        values = (
            self.geometric.excess,
            self.geometric.housekeeping,
            self.hatano_sasa.nonadiabatic,
            self.hatano_sasa.adiabatic,
            self.information_geometric.excess,
            self.information_geometric.housekeeping,
        )
        return {"part": names, "entropy_production_rate": values}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Bars of the parts of the entropy production rate in each split; returns the axes."""
        from irrev._plot import bars

        data = self.plot_data()
        labels = [str(name).replace(" ", "\n") for name in data["part"]]
        return bars(ax, labels, data["entropy_production_rate"], "entropy production rate (nats/time)")


def overview(kinetics: MarkovJump, *, distribution: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Overview:
    """Computes an `Overview` at a distribution.

    Parameters
    ----------
    kinetics : MarkovJump
    distribution : array_like, shape (states,)
    weights : array_like, shape (edges,), optional
        Weight per forward jump of the current whose uncertainty relations are wanted; default 1 on the first edge, 0 elsewhere.

    Examples
    --------
    >>> from irrev.network import MarkovJump, overview
    >>> ring = MarkovJump.from_rates(3, [(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])
    >>> all_of_it = overview(ring, distribution=[0.5, 0.3, 0.2])
    >>> round(all_of_it.geometric.excess, 12), round(all_of_it.uncertainty.thermodynamic_product, 10)
    (0.869412095561, 2.4370928043)
    """
    if weights is None:
        first = np.zeros(len(kinetics.forward_rate))
        first[:1] = 1.0
        weights = first
    fields = _core.overview(kinetics, distribution, weights)
    fields["geometric"] = GeometricDecomposition(**fields["geometric"])
    fields["hatano_sasa"] = HatanoSasaDecomposition(**fields["hatano_sasa"])
    fields["information_geometric"] = InformationGeometricDecomposition(**fields["information_geometric"])
    fields["cycles"] = basis(fields["cycles"])
    fields["uncertainty"] = UncertaintyRelation(**fields["uncertainty"])
    return Overview(**fields)

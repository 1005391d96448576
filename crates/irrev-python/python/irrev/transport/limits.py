"""Speed limits: what a change of state costs at least in a given time, and the least time at a given cost.

References: Shiraishi, Funo and Saito, Phys. Rev. Lett. 121, 070601 (2018); Vo, Van Vu and Hasegawa, Phys. Rev. E 102, 062132 (2020); Dechant, J.
Phys. A 55, 094001 (2022); Van Vu and Saito, Phys. Rev. X 13, 011013 (2023); Yoshimura, Kolchinsky, Dechant and Ito, Phys. Rev. Research 5, 013017
(2023).
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray
from irrev._bound import Bound, Side, found, read, with_sides
from irrev._core import DrivenJump, MarkovJump
from irrev._record import Record, means
from irrev._run import Progress, options

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


class SpeedLimits(Record):
    """What a relaxation cost, how far it went, and the table of bounds."""

    duration: Annotated[float, means("time", "Duration τ")]
    end: Annotated[FloatArray, means("", "The state at the end")]
    entropy_production: Annotated[Side, means("nats", "Σ; infinite if a channel jumps one way only")]
    excess: Annotated[Side, means("nats", "Geometric excess Σ_ex")]
    housekeeping: Annotated[Side, means("nats", "Σ - Σ_ex")]
    wasserstein_length: Annotated[Side, means("√(nats·time)", "∫ √excess dt: length of the path in the metric of W₂")]
    jumps: Annotated[Side, means("", "Expected number of jumps 𝒜; its time mean is 𝒜/τ")]
    mobility: Annotated[Side, means("", "∫ Σ L dt; its time mean is this over τ")]
    pseudo_entropy: Annotated[Side, means("", "∫ Σ J²/(j⁺ + j⁻) dt")]
    total_variation: Annotated[Side, means("", "½ Σ|Δp|")]
    wasserstein1: Annotated[Side | None, means("", "W₁ with unit lengths, as its proven lower bound")]
    weighted_wasserstein1: Annotated[Side | None, means("length", "W₁ with the given lengths; None without")]
    wasserstein2: Annotated[
        Side | None, means("√(nats·time)", "W₂ as its proven lower bound; None if left out or if it does not exist")
    ]
    obstacle: Annotated[str | None, means("", "Why a distance does not exist; None if all do")]
    length_ratio: Annotated[Side | None, means("", "Length of the path over W₂, at least 1; None without W₂")]
    bounds: Annotated[tuple[Bound, ...], means("", "The bounds")]

    def find(self, name: str, *, paid: str = "entropy production") -> Bound:
        """The bound of a name on a cost; `KeyError` names those that there are."""
        return found(self.bounds, name, paid)

    def plot_data(self) -> dict[str, list[str] | list[float]]:
        """What `plot` draws: bound over cost of every bound whose assumptions are met and that bounds something."""
        met = [b for b in self.bounds if b.tightness is not None and b.verdict != "nothing moves"]
        return {"bound": [b.statement for b in met], "tightness": [b.tightness or 0.0 for b in met]}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Bars of bound over cost (1 is saturation), from the first bound down; returns the axes."""
        from irrev._plot import lying_bars

        data = self.plot_data()
        # matplotlib's own font has no script letters
        labels = [str(name).replace("𝒜", "A").replace("𝓘", "I") for name in data["bound"]]
        ax = lying_bars(ax, labels, data["tightness"], "bound/cost")
        ax.axvline(1.0, color="black", linewidth=0.8)
        return ax

    def to_pandas(self) -> "pd.DataFrame":
        """One row per bound, as a `pandas.DataFrame`."""
        from irrev._plot import require

        def plain(side: Side | None) -> float | None:
            return None if side is None else side.value

        pandas: Any = require("pandas", "pandas")
        rows = [
            {
                "name": b.name,
                "subject": b.subject,
                "statement": b.statement,
                "cost": plain(b.cost),
                "bound": plain(b.bound),
                "slack": b.slack,
                "least_time": plain(b.least_time),
                "verdict": b.verdict,
                "unmet": b.unmet,
            }
            for b in self.bounds
        ]
        frame: pd.DataFrame = pandas.DataFrame(rows).set_index("name")
        return frame


def speed_limits(
    kinetics: MarkovJump,
    *,
    start: npt.ArrayLike,
    duration: float,
    tol: float = 1e-9,
    wasserstein2_tol: float | None = 1e-6,
    lengths: npt.ArrayLike | None = None,
    observables: Mapping[str, npt.ArrayLike] | None = None,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> SpeedLimits:
    """All speed limits of the relaxation dp/dt = W p from a start over a duration, as one table.

    A bound whose assumptions fail is not said to hold: it names the assumption.

    Parameters
    ----------
    kinetics : MarkovJump
    start : array_like, shape (states,)
    duration : float
    tol : float
        Relative accuracy of the integrals along the path.
    wasserstein2_tol : float, optional
        Relative width of the proven interval of W₂²; None leaves W₂ out, which is the costly part.
    lengths : array_like, shape (edges,), optional
        Lengths of the edges for one more W₁.
    observables : mapping of str to array_like, shape (states,), optional
        Observables whose change is bounded.

    Examples
    --------
    >>> from irrev.network import MarkovJump
    >>> from irrev.transport import speed_limits
    >>> ring = MarkovJump.from_rates(3, [(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])
    >>> table = speed_limits(ring, start=[0.8, 0.1, 0.1], duration=0.5)
    >>> nearest = table.find("wasserstein2", paid="excess")
    >>> nearest.statement, nearest.verdict, nearest.tightness > 0.5
    ('Σ_ex ≥ W₂²/τ', 'holds', True)
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    asked = (tol, wasserstein2_tol, lengths, dict(observables or {}))
    return _table(_core.speed_limits(kinetics, start, duration, asked, run))


def driven_speed_limits(
    process: DrivenJump,
    *,
    start: npt.ArrayLike,
    from_: float = 0.0,
    to: float,
    tol: float = 1e-9,
    lengths: npt.ArrayLike | None = None,
    observables: Mapping[str, npt.ArrayLike] | None = None,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> SpeedLimits:
    """All speed limits of a driven process from a start over [from_, to], as one table.

    With rates that change there is no one W₂ between the ends, and the bounds that need constant rates are not in the table.

    Parameters
    ----------
    process : DrivenJump
    start : array_like, shape (states,)
        Distribution at `from_`.
    from_, to : float
    tol : float
        Relative accuracy of the integrals along the path.
    lengths : array_like, shape (edges,), optional
        Lengths of the edges for one more W₁.
    observables : mapping of str to array_like, shape (states,), optional
        Observables whose change is bounded.

    Examples
    --------
    >>> from irrev.network import DrivenJump, Network
    >>> from irrev.transport import driven_speed_limits
    >>> process = DrivenJump(Network.from_edges(2, [(0, 1)]), rates=(["exp(t)"], ["exp(-t)"]))
    >>> table = driven_speed_limits(process, start=[0.5, 0.5], to=1.0, tol=1e-6)
    >>> table.find("wasserstein1_mobility").verdict
    'holds'
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    asked = (tol, None, lengths, dict(observables or {}))
    return _table(_core.driven_speed_limits(process, start, from_, to, asked, run))


def langevin_speed_limit(
    *,
    mobility: float,
    temperature: float,
    distance: float | Side,
    duration: float,
    dissipated: float | Side,
    excess: bool = False,
) -> Bound:
    """Σ ≥ W₂²/(μTτ) for overdamped diffusion dx = μ f dt + √(2μT) dW, in any dimension, with any force, and the least time.

    Parameters
    ----------
    mobility, temperature : float
        μ and T > 0; μT is the diffusion constant.
    distance : float or Side
        W₂ of Euclidean distance between the ends, from `line.wasserstein`, `gaussian.wasserstein2` or elsewhere.
    duration : float
        τ > 0.
    dissipated : float or Side
        Entropy production in nats, or its excess if `excess`.

    References
    ----------
    Aurell, Mejía-Monasterio and Muratore-Ginanneschi, Phys. Rev. Lett. 106, 250601 (2011); Nakazato and Ito, Phys. Rev. Research 3, 043093 (2021).

    Examples
    --------
    A normal distribution that is carried along unchanged at constant velocity dissipates no more than it must:

    >>> from irrev.transport import gaussian, langevin_speed_limit
    >>> distance = gaussian.wasserstein2(([0.0], [[0.4]]), ([3.0], [[0.4]])).distance
    >>> langevin_speed_limit(mobility=0.5, temperature=2.0, distance=distance, duration=2.0, dissipated=4.5).verdict
    'saturated'
    """

    def side(number: float | Side) -> tuple[float, float]:
        return (number.value, number.error) if isinstance(number, Side) else (number, 0.0)

    return read(
        _core.langevin_speed_limit(mobility, temperature, side(distance), duration, excess, side(dissipated))
    )


def _table(fields: dict[str, Any]) -> SpeedLimits:
    bounds = tuple(read(row) for row in fields.pop("bounds"))
    pairs = tuple(name for name, value in fields.items() if isinstance(value, tuple))
    return SpeedLimits(bounds=bounds, **with_sides(fields, pairs))

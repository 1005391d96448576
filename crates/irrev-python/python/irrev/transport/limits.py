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
from irrev._core import MarkovJump
from irrev._record import Record, means
from irrev._run import Progress, options

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


class Side(Record):
    """A number with a bound on its error."""

    value: Annotated[float, means("", "The number")]
    error: Annotated[float, means("", "It is off by at most this")]

    def __float__(self) -> float:
        return self.value


class SpeedLimit(Record):
    """One bound: cost ≥ bound, or the assumption that keeps it from saying anything."""

    name: Annotated[str, means("", "Its name")]
    subject: Annotated[str | None, means("", "The observable it is about, if it is about one")]
    paid: Annotated[
        str,
        means("", 'The cost: "entropy production", "excess", "nonadiabatic", "jumps", "pseudo-entropy", "constant speed"'),
    ]
    statement: Annotated[str, means("", "The bound as a formula")]
    source: Annotated[str, means("", "Where it comes from")]
    cost: Annotated[Side | None, means("", "What was paid; None if an assumption is unmet")]
    bound: Annotated[Side | None, means("", "What had to be paid at least")]
    least_time: Annotated[Side | None, means("time", "The least time at this cost; None if the bound is not one on time")]
    slack: Annotated[float | None, means("", "cost - bound")]
    tightness: Annotated[float | None, means("", "bound/cost, at most 1; None if nothing was paid")]
    verdict: Annotated[str, means("", '"holds", "saturated" (equal within the errors), "violated" or "unmet"')]
    unmet: Annotated[str | None, means("", "The assumption that fails, in words")]


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
    bounds: Annotated[tuple[SpeedLimit, ...], means("", "The bounds")]

    def find(self, name: str, *, paid: str = "entropy production") -> SpeedLimit:
        """The bound of a name on a cost; `KeyError` names those that there are."""
        for bound in self.bounds:
            if bound.name == name and bound.paid == paid:
                return bound
        there = ", ".join(f"{b.name} ({b.paid})" for b in self.bounds)
        raise KeyError(f"no bound {name} on {paid}; there are {there}")

    def plot_data(self) -> dict[str, list[str] | list[float]]:
        """What `plot` draws: bound over cost of every bound whose assumptions are met."""
        met = [b for b in self.bounds if b.tightness is not None]
        return {"bound": [b.statement for b in met], "tightness": [b.tightness or 0.0 for b in met]}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Bars of bound over cost (1 is saturation); returns the axes."""
        from irrev._plot import bars

        data = self.plot_data()
        ax = bars(ax, [str(name) for name in data["bound"]], data["tightness"], "bound/cost")
        ax.axhline(1.0, color="black", linewidth=0.8)
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


SIDES = ("cost", "bound", "least_time")
"""Fields of a bound that have errors."""


def _with_sides(fields: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """The fields with pairs (value, error) as records."""
    return {
        name: Side(value=value[0], error=value[1]) if name in names and value is not None else value
        for name, value in fields.items()
    }


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
    fields = _core.speed_limits(
        kinetics, start, duration, tol, wasserstein2_tol, lengths, dict(observables or {}), run
    )
    bounds = tuple(SpeedLimit(**_with_sides(row, SIDES)) for row in fields.pop("bounds"))
    pairs = tuple(name for name, value in fields.items() if isinstance(value, tuple))
    return SpeedLimits(bounds=bounds, **_with_sides(fields, pairs))

"""Entropy production of recorded continuous motion from its currents.

What is known of the mean m and the covariance C of many currents that are odd under reversal of time bounds the entropy production rate from below, σ ≥ 2 mᵀC⁻¹m/dt as dt → 0, with equality for overdamped
motion whose thermodynamic force D⁻¹ν is among the fields. From data the number is no certified bound: fitting biases it upward and a finite step downward. Both are taken out of the
*estimate*; what is *certified* is a bound by data that did not choose the current.

References: Otsubo, Ito, Dechant and Sagawa, Phys. Rev. E 101, 062106 (2020); Dechant, J. Phys. A 52, 035001 (2019); Otsubo, Manikandan, Sagawa and Krishnamurthy, Commun. Phys. 5, 11 (2022), in time.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeAlias

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, vector, whole
from irrev._record import Estimate, Record, means
from irrev._run import Progress, options
from irrev.inference.certificate import Certificate
from irrev.inference.currents import Basis, Currents, basis_parts
from irrev.inference.noise import MeasurementNoise
from irrev.inference.series import Points, series_parts

Motion: TypeAlias = Literal["stationary", "any"]
"""What is known of total derivatives. "stationary": stationary and confined, their means are zero, which is put in; "any": nothing is put in (relaxation, drift, or the plain formula)."""

Interval: TypeAlias = Literal["recentred", "percentile", "basic", "BCa", "student"]
"""How an interval follows from draws of blocks."""

Noise: TypeAlias = Literal["take out", "keep"]
"""What happens if noise of measurement is seen: it is taken out of second moments where the currents allow it and refused otherwise, or it stays in and lowers the bound."""

BoundParts: TypeAlias = tuple[str, int, float, str, float]

RANK_TOLERANCE = 1e-10
"""Pivots of the covariance relative to their diagonal entry below which a current counts as dependent on others."""


def bound_parts(motion: Motion, draws: int, level: float, interval: Interval, rank_tolerance: float) -> BoundParts:
    """Options of a bound as the extension takes them."""
    return motion, whole(draws, "draws", 0), float(level), interval, float(rank_tolerance)


def whole_strides(strides: Sequence[int]) -> list[int]:
    """Strides as the extension takes them."""
    return [whole(stride, "a stride", 1) for stride in strides]


class PlugIn(Record):
    """Plain numbers of one step length, with nothing put in and nothing taken out."""

    step: Annotated[float, means("time", "Length of the step")]
    steps: Annotated[int, means("", "Number of steps")]
    central: Annotated[float, means("nats/time", "2 mᵀC⁻¹m/dt with the unbiased covariance")]
    second_moment: Annotated[float, means("nats/time", "2 mᵀ⟨ggᵀ⟩⁻¹m/dt: of any fixed θ a bound at any step")]
    logarithmic: Annotated[float, means("nats/time", "ln(1 + 2 mᵀC⁻¹m)/dt: of any fixed θ a bound at any step")]


class UncertaintyBound(Record):
    """The short-time uncertainty bound of a family of currents."""

    estimate: Annotated[
        Estimate,
        means(
            "nats/time",
            "Best bound of the currents as dt → 0, with fitting bias and step length taken out: an estimate, which certifies nothing. May be negative where there is little to find",
        ),
    ]
    plug_in: Annotated[tuple[PlugIn, ...], means("nats/time", "Plain numbers of each step length")]
    step_error: Annotated[
        float, means("nats/time", "How much the last order of the extrapolation in dt changed; 0 with one step length")
    ]
    bias: Annotated[float, means("nats/time", "Bias of fitting that was taken out")]
    rank: Annotated[int, means("", "Number of independent currents")]
    currents: Annotated[Currents, means("", "The currents")]
    coefficients: Annotated[FloatArray, means("", "θ = 2C⁻¹m of the shortest step, one for each current")]
    blocks: Annotated[int, means("", "Blocks behind interval and bias")]
    correlation_time: Annotated[float, means("time", "Integrated correlation time of what the estimate is made of")]
    undefined_draws: Annotated[int, means("", "Draws that gave no number")]
    cap: Annotated[float, means("nats/time", "ln N/dt: no estimate from N steps can be trusted above")]

    def force(self, x: npt.ArrayLike) -> FloatArray:
        """The field of the optimal current at points (…, coordinates): D⁻¹ν(x) if it is among the fields of the currents, in units of 1/coordinate."""
        return self.currents.field(self.coefficients, x=x)


class RadialChoice(Record):
    """How radial currents were chosen."""

    centres: Annotated[int, means("", "Number of centres chosen")]
    tried: Annotated[IntArray, means("", "Numbers tried, as far as the data sufficed")]
    bounds: Annotated[
        FloatArray, means("nats/time", "Their bounds by data held out; the largest is biased by being the largest")
    ]


class Dissipation(UncertaintyBound):
    """Entropy production rate of a series: estimate, certified bound, and what both assume."""

    bound: Annotated[
        Estimate, means("nats/time", "Certified lower bound by data held out, at the step of the data; below zero it says nothing")
    ]
    in_sample: Annotated[
        float, means("nats/time", "The same expression with θ fitted to the data that evaluate it: for comparison only")
    ]
    certificate: Annotated[Certificate, means("", "What computes the bound again from the raw points")]
    noise: Annotated[
        tuple[MeasurementNoise, ...],
        means("", "Noise of measurement of each coordinate; empty if trajectories are too short to tell"),
    ]
    noise_taken_out: Annotated[bool, means("", "Whether noise was taken out of the estimate")]
    radial: Annotated[RadialChoice | None, means("", "How radial currents were chosen, if they were")]
    assumptions: Annotated[
        tuple[str, ...], means("", "What must hold for estimate and bound, and what was seen that speaks against it")
    ]


class WindowDissipation(UncertaintyBound):
    """The bound in a window of time, over trajectories that begin together."""

    from_: Annotated[float, means("time", "When the window begins")]
    to: Annotated[float, means("time", "When it ends")]
    trajectories: Annotated[int, means("", "Trajectories that reach its end")]


def with_records(fields: dict[str, Any]) -> dict[str, Any]:
    """Fields of a bound in which inner dictionaries have become records."""
    return {
        **fields,
        "plug_in": tuple(PlugIn(**one) for one in fields["plug_in"]),
        "currents": Currents(fields["currents"]),
    }


def entropy_production(
    x: Points,
    *,
    step: float,
    basis: Basis = "affine",
    motion: Motion = "stationary",
    noise: Noise = "take out",
    strides: Sequence[int] = (1, 2, 4),
    folds: int = 5,
    draws: int = 1000,
    level: float = 0.95,
    interval: Interval = "recentred",
    rank_tolerance: float = RANK_TOLERANCE,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Dissipation:
    """Entropy production rate of recorded overdamped motion, in nats per unit time.

    Parameters
    ----------
    x : array_like or list of array_like
        (points, coordinates), or a list of such trajectories, at equal steps.
    step : float
        Time between points.
    basis : str, Radial or Currents
        Which currents: "affine" (exact for linear systems), "linear", "antisymmetric", "radial" (fields that are not linear), or given ones.
    motion : str
        "stationary" (and confined), or "any".
    noise : str
        "take out" noise of measurement if it is seen, or "keep" it.
    strides : sequence of int
        Steps in units of the data's that the extrapolation to dt = 0 uses; (1,) does without.
    folds : int
        Contiguous folds of the certified bound.
    draws, level, interval
        Draws of blocks behind the interval of the estimate, its level, and how it follows: "recentred", "percentile", "basic", "BCa" or "student".
    rank_tolerance : float
        Currents whose variance beside the others is below this part count as dependent.

    Raises
    ------
    DataError
        For data too short for the currents (with the number needed), constant coordinates, numbers that are not finite.
    ModelError
        For options out of range, and noise that cannot be taken out of the currents asked for.

    Examples
    --------
    A particle in a trap that is driven round, dx = -x dt + 2 (-y, x) dt + √2 dW, exactly at steps of 0.01: σ = 8.

    >>> import numpy as np
    >>> from irrev.inference import entropy_production
    >>> kept, angle, rng = np.exp(-0.01), 0.02, np.random.default_rng(1)
    >>> turn = kept * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    >>> x = np.zeros((20_000, 2))
    >>> for k, kick in enumerate(np.sqrt(1 - kept**2) * rng.normal(size=(len(x) - 1, 2))):
    ...     x[k + 1] = turn @ x[k] + kick
    >>> found = entropy_production(x, step=0.01)
    >>> found.estimate.interval[0] < 8 < found.estimate.interval[1], found.estimate.kind
    (True, 'estimate')
    >>> 0 < found.bound.value < 8, found.bound.kind
    (True, 'lower bound')
    >>> found.force([1.0, 0.0]).round().tolist()            # D⁻¹ν = 2 (-y, x)
    [-0.0, 2.0]
    """
    asked = noise, whole_strides(strides), whole(folds, "folds", 0)
    bounding = bound_parts(motion, draws, level, interval, rank_tolerance)
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    found = _core.inference_dissipation(series_parts(x, step), basis_parts(basis), asked, bounding, run)
    fields = with_records(found)
    radial = fields.pop("radial")
    return Dissipation(
        **{
            **fields,
            "certificate": Certificate(fields["certificate"]),
            "noise": tuple(MeasurementNoise(**one) for one in fields["noise"]),
        },
        radial=None if radial is None else RadialChoice(**radial),
    )


def entropy_production_in_time(
    x: Points,
    *,
    step: float,
    window: int = 8,
    basis: Basis = "affine",
    motion: Motion = "any",
    strides: Sequence[int] = (1, 2, 4),
    draws: int = 1000,
    level: float = 0.95,
    interval: Interval = "recentred",
    rank_tolerance: float = RANK_TOLERANCE,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> tuple[WindowDissipation, ...]:
    """σ(t) in consecutive windows of so many steps, from trajectories that were prepared alike and begin together: relaxing or driven motion.

    Windows end where fewer than eight trajectories reach. Other parameters are those of `entropy_production`.

    Raises
    ------
    DataError
        If fewer than eight trajectories reach the end of the first window, and for data too few for the currents.
    ModelError
        For options out of range.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.inference import entropy_production_in_time
    >>> drift = np.cumsum(0.03 + 0.02**0.5 * np.random.default_rng(1).normal(size=(400, 17, 1)), axis=1)       # dx = 3 dt + √2 dW
    >>> found = entropy_production_in_time(drift, step=0.01)
    >>> [(round(one.to, 2), abs(one.estimate.value - 9) < 5 * one.estimate.standard_error) for one in found]
    [(0.08, True), (0.16, True)]
    """
    asked = bound_parts(motion, draws, level, interval, rank_tolerance)
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    parts = whole(window, "window", 1), whole_strides(strides)
    found = _core.inference_in_time(series_parts(x, step), basis_parts(basis), parts, asked, run)
    return tuple(WindowDissipation(**with_records(one)) for one in found)


def bound_of_current(
    x: Points,
    *,
    step: float,
    currents: Currents,
    coefficients: npt.ArrayLike,
    level: float = 0.95,
    threads: int = 0,
    progress: Progress = None,
) -> Estimate:
    """The bound ⟨2y - y²/2⟩/dt of one current y = θ·g that these data did not choose: what coefficients from elsewhere are worth here.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.inference import Currents, bound_of_current
    >>> x = np.cumsum(np.tile([1.0, 1.0, -1.0, 1.0], 100))         # three to one
    >>> only_dx = Currents.monomials([((0,), 0)])
    >>> found = bound_of_current(x, step=1.0, currents=only_dx, coefficients=[1.0])
    >>> round(found.value, 2), found.kind
    (0.5, 'lower bound')
    """
    run = options(threads=threads, progress=progress)
    theta = vector(coefficients, "coefficients")
    return _core.inference_bound_of_current(series_parts(x, step), currents._handle, theta, float(level), run)

"""What a recording can give and what it cannot: noise of positions, steps that are too long, and motion without inertia.

The structure function D(k) = ⟨(r_{t+k} - r_t)²⟩ of positions with white noise of variance s² is 2s² plus that of the motion: w (kh)² where velocities exist, 2D kh where motion is diffusive. Its exponent
follows from lags 1, 2 and 4 with no regard to the noise.

References: Risken, The Fokker-Planck equation (1989), section 4; Friedrich and Peinke, Phys. Rev. Lett. 78, 863 (1997); Ozaki, Statistica Sinica 2, 113 (1992), for local linearisation.
"""

from typing import TYPE_CHECKING, Annotated

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, whole
from irrev._record import Estimate, Record, means
from irrev._run import Options, Progress, options
from irrev.exceptions import DataError, ModelError
from irrev.landscape.estimates import Estimates, with_estimates
from irrev.landscape.grid import Grid, grid_of
from irrev.landscape.oscillator import Autocovariance, autocovariance_parts
from irrev.landscape.profiles import Profile
from irrev.landscape.recording import Record as Recorded
from irrev.landscape.recording import Trajectories, read

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COEFFICIENTS = ("drift_at_step", "diffusion_at_step", "drift", "diffusion")


class Sampling(Record):
    """What the steps of a recording say about its step and its noise."""

    step: Annotated[float, means("time", "Time step h")]
    structure: Annotated[Estimates, means("coordinate²", "D(1), D(2) and D(4)")]
    exponent: Annotated[Estimate, means("", "α of D(k) = 2s² + B k^α: 2 with inertia, 1 without")]
    regime: Annotated[str, means("", '"inertial" (α > 1.75), "overdamped" (α < 1.25; V_m is refused) or "between"')]
    noise: Annotated[
        Estimate, means("coordinate²", "s², the variance of the noise of a position; NaN between the regimes")
    ]
    noise_of_velocity: Annotated[float, means("", "Part of the mean of squared central differences that is noise")]
    step_of_velocity: Annotated[float, means("", "How much a step twice as long lowers w, over w")]
    warnings: Annotated[
        tuple[str, ...],
        means("", "Sentences for what should be known before w, a or V_m are believed; none if all is well"),
    ]
    steps: Annotated[_core.LandscapeSampling, means("", "Where the question is kept")]

    def require_velocities(self) -> None:
        """Raises DataError where there are none: ⟨Ṙ²; r⟩ of diffusive motion diverges like 1/h, and V_m does not exist."""
        self.steps.require_velocities()

    def corrected(self, profile: Profile) -> Profile:
        """A profile from central differences without what noise adds: w - s²/2h² and a - 2s² (ln ρ)'/h². ρ itself stays blurred by s.

        Examples
        --------
        >>> import numpy as np
        >>> from irrev.landscape import conditional_moments, sampling
        >>> t = 0.1 * np.arange(20_000)
        >>> noisy = np.sin(t) + 0.05 * np.random.default_rng(1).normal(size=len(t))
        >>> moments = conditional_moments(noisy, step=0.1, edges=[-0.3, -0.1, 0.1, 0.3])
        >>> found = sampling(noisy, step=0.1).corrected(moments.profile)
        >>> round(moments.profile.mean_square_velocity[1], 1), abs(found.mean_square_velocity[1] - 1.0) < 0.05
        (np.float64(1.1), np.True_)
        """
        return Profile(**self.steps.corrected(profile._parts()))


def _sampling(found: _core.LandscapeSampling) -> Sampling:
    return Sampling(steps=found, **with_estimates(found.figures(), "structure"))


def sampling(
    record: Recorded | Trajectories,
    *,
    step: float | None = None,
    coordinate: int = 0,
    seed: int = 1,
    threads: int = 0,
    progress: Progress = None,
) -> Sampling:
    """Step and noise of one coordinate of a record with equal steps.

    Raises ModelError for different steps or times instead of steps, and DataError if no trajectory has five frames.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.landscape import sampling
    >>> rng = np.random.default_rng(1)
    >>> noisy = np.sin(0.1 * np.arange(20_000)) + 0.02 * rng.normal(size=20_000)
    >>> found = sampling(noisy, step=0.1)
    >>> found.regime, round(found.noise.value ** 0.5, 3)
    ('inertial', 0.02)
    >>> sampling(np.cumsum(rng.normal(size=20_000)), step=0.1).regime
    'overdamped'
    """
    run = options(threads=threads, progress=progress, seed=seed)
    return _sampling(_core.LandscapeSampling(read(record, step), whole(coordinate, "coordinate", 0), run))


def sampling_before(handle: _core.LandscapeRecord, coordinate: int, refuse: bool, run: Options) -> tuple[str, ...]:
    """Warnings about differences of positions; none where steps are not equal or too few to tell."""
    try:
        found = _sampling(_core.LandscapeSampling(handle, coordinate, run))
    except (DataError, ModelError):
        # what is wrong with the data themselves is found by the pass that follows
        return ()
    if refuse:
        found.require_velocities()
    return found.warnings


class KramersMoyal(Record):
    """Drift and diffusion in cells, dx = D₁(x) dt + √(2 D₂(x)) dW (Itô); NaN where too few frames are."""

    points: Annotated[FloatArray, means("", "Centres of the cells")]
    step: Annotated[float, means("time", "Time step h")]
    counts: Annotated[IntArray, means("", "Frames in each cell that have a next one")]
    drift_at_step: Annotated[Estimates, means("coordinate/time", "⟨dx; x⟩/h")]
    diffusion_at_step: Annotated[Estimates, means("coordinate²/time", "Var(dx; x)/2h")]
    drift: Annotated[
        Estimates,
        means(
            "coordinate/time",
            "D₁ for h → 0; NaN where the drift brings the coordinate beyond its fixed point in one step",
        ),
    ]
    diffusion: Annotated[Estimates, means("coordinate²/time", "D₂ for h → 0, without the noise of positions")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws."""
        return {"points": self.points, "drift": self.drift.values, "diffusion": self.diffusion.values}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Drift and diffusion with bands; returns the axes."""
        from irrev._plot import axes

        ax = axes(ax)
        for label, found in (("drift", self.drift), ("diffusion", self.diffusion)):
            (line,) = ax.plot(self.points, found.values, label=label)
            ax.fill_between(self.points, found.lower, found.upper, alpha=0.2, color=line.get_color())
        ax.set_xlabel("coordinate")
        ax.legend()
        return ax


def kramers_moyal(
    record: Recorded | Trajectories,
    *,
    step: float | None = None,
    coordinate: int = 0,
    grid: Grid | None = None,
    bins: int | None = None,
    edges: npt.ArrayLike | None = None,
    noise: float = 0.0,
    least_count: int = 10,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> KramersMoyal:
    """Drift and diffusion of an overdamped coordinate, with the finite time step taken into account.

    The correction by the local slope of the drift is exact for Ornstein-Uhlenbeck processes, and of second order in h otherwise for a constant D₂.

    Parameters
    ----------
    record, step, coordinate, grid, bins, edges
        As for `conditional_moments`; steps must be equal.
    noise : float
        Variance s² of the noise of positions, which adds s²/h to what is seen of D₂.
    least_count : int
        Cells with fewer frames are left out.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.landscape import kramers_moyal
    >>> rng, kept, x = np.random.default_rng(1), np.exp(-0.2), np.zeros(100_000)        # dx = -x dt + √2 dW, exactly at steps of 0.2
    >>> for k, kick in enumerate(np.sqrt(1 - kept**2) * rng.normal(size=len(x) - 1)):
    ...     x[k + 1] = kept * x[k] + kick
    >>> found = kramers_moyal(x, step=0.2, edges=[-1.0, -0.5, 0.0, 0.5, 1.0])
    >>> abs(found.drift[3].value + 0.75) < 5 * found.drift[3].standard_error + 0.01
    True
    """
    handle = read(record, step)
    cells = grid_of(handle, coordinate, grid, bins, edges)
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    asked = (whole(coordinate, "coordinate", 0), cells.parts, noise, whole(least_count, "least_count", 0))
    return KramersMoyal(**with_estimates(_core.landscape_kramers_moyal(handle, *asked, run), *COEFFICIENTS))


def at_finite_step(*, drift: float, diffusion: float, k: float, step: float) -> tuple[float, float]:
    """What a step h makes of drift and diffusion where the drift has the slope -k: D₁ (1 - e^{-kh})/(kh) and D₂ (1 - e^{-2kh})/(2kh).

    Examples
    --------
    >>> from irrev.landscape import at_finite_step
    >>> [round(x, 12) for x in at_finite_step(drift=-2.0, diffusion=0.7, k=2.0, step=0.1)]
    [-1.81269246922, 0.576939919438]
    """
    return _core.at_finite_step(drift, diffusion, k, step)


class FiniteDifferences(Record):
    """Moments of finite differences of r + sξ, with independent noise ξ of unit variance in each frame."""

    forward_square: Annotated[float, means("coordinate²/time²", "⟨v²⟩ with v = (r₊ - r)/h: 2 (C(0) - C(h) + s²)/h²")]
    central_square: Annotated[float, means("coordinate²/time²", "⟨v²⟩ with v = (r₊ - r₋)/2h: (C(0) - C(2h) + s²)/2h²")]
    slope: Annotated[float, means("1/time²", "⟨a r⟩/⟨r²⟩ with a = (r₊ - 2r + r₋)/h², both with noise")]


def finite_differences(autocovariance: Autocovariance, *, step: float, noise: float = 0.0) -> FiniteDifferences:
    """What finite differences show of a stationary coordinate with the autocovariance C(t), at a step h and with noise of standard deviation s.

    `autocovariance` is a function of t, or a `DampedOscillator`.

    Examples
    --------
    >>> import math
    >>> from irrev.landscape import finite_differences
    >>> found = finite_differences(math.cos, step=0.1, noise=0.01)
    >>> abs(found.forward_square - 2 * (1 - math.cos(0.1) + 1e-4) / 0.01) < 1e-12
    True
    """
    return FiniteDifferences(**_core.finite_differences_of(autocovariance_parts(autocovariance), step, noise))

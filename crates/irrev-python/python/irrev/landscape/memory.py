"""Memory of a coordinate: time correlations, and the kernel of its generalised Langevin equation.

r̈ = f(r) - ∫₀ᵗ K(s) ṙ(t - s) ds + ξ(t), with ⟨ξ(t) ξ(0)⟩ = ⟨ṙ²⟩ K(t). With C(t) = ⟨ṙ(t) ṙ(0)⟩ and C_f(t) = ⟨f(r(t)) ṙ(0)⟩, C_f(t) - C'(t) = ∫₀ᵗ K(s) C(t - s) ds; once differentiated this is of the second kind and is solved by
the trapezoid rule in O(L log² L). The odd derivatives of C jump at 0 and are taken from one side.

References: Zwanzig, J. Stat. Phys. 9, 215 (1973); Mori, Prog. Theor. Phys. 33, 423 and 34, 399 (1965); Linz, Analytical and Numerical Methods for Volterra Equations (1985); Golub and Welsch, Math. Comput. 23, 221
(1969).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, vector, whole
from irrev._record import Record, means
from irrev._run import Progress, options
from irrev.exceptions import ModelError
from irrev.landscape.estimates import Estimates, with_estimates
from irrev.landscape.recording import Record as Recorded
from irrev.landscape.recording import read

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Signal: TypeAlias = npt.ArrayLike | Sequence[npt.ArrayLike]
"""One signal: an array, or a list of one array for each segment."""


class Correlations(Record):
    """C(k) = ⟨x_i(t + k) x_j(t)⟩ of pairs of signals at lags 0 to L - 1, in frames; means are not taken off."""

    pairs: Annotated[tuple[tuple[int, int], ...], means("", "Pairs (i, j) of signals")]
    correlations: Annotated[tuple[Estimates, ...], means("", "C at each lag, one for each pair")]
    blocks: Annotated[int, means("", "Number of blocks that errors come from")]

    def of(self, i: int, j: int) -> Estimates:
        """C of a pair; `KeyError` if it was not asked for."""
        if (i, j) not in self.pairs:
            raise KeyError(f"no correlation of signals ({i}, {j}); there are {list(self.pairs)}")
        return self.correlations[self.pairs.index((i, j))]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws."""
        return {f"{i},{j}": found.values for (i, j), found in zip(self.pairs, self.correlations, strict=True)}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """C against the lag, one line for each pair; returns the axes."""
        from irrev._plot import lines

        data = self.plot_data()
        columns = np.stack(list(data.values()), axis=1)
        return lines(ax, np.arange(len(columns)), columns, list(data), "lag, in frames", "correlation")


def correlations(
    signals: Sequence[Signal],
    *,
    lags: int,
    pairs: Sequence[tuple[int, int]] | None = None,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Correlations:
    """Correlations of pairs of signals over many segments, with errors from blocks; the same bits on any number of threads.

    Parameters
    ----------
    signals : sequence
        Each an array, or a list of one array for each segment; all of the same lengths. No pair of frames is taken from two segments.
    lags : int
        Number of lags.
    pairs : sequence of (int, int), optional
        Which ⟨x_i(t + k) x_j(t)⟩; default each signal with itself.

    Raises ModelError if signals differ in their segments, and DataError if no segment is longer than the last lag or for a number that is not finite.

    Examples
    --------
    >>> from irrev.landscape import correlations
    >>> correlations([[1.0, 2.0, 3.0]], lags=3).of(0, 0).values.round(3).tolist()
    [4.667, 4.0, 3.0]
    """

    def segments(signal: Signal) -> list[FloatArray]:
        several = isinstance(signal, list | tuple) and any(np.ndim(one) > 0 for one in signal)
        return [vector(one, "signals") for one in (signal if several else [signal])]  # type: ignore[union-attr]

    if isinstance(signals, np.ndarray) and signals.ndim == 1:
        raise ModelError("signals is one array; give a list of signals")
    listed = [segments(signal) for signal in signals]
    wanted = (
        [(i, i) for i in range(len(listed))]
        if pairs is None
        else [(whole(i, "pairs", 0), whole(j, "pairs", 0)) for i, j in pairs]
    )
    run = options(threads=threads, memory=memory_limit, progress=progress)
    blocks, found = _core.landscape_correlations(listed, wanted, whole(lags, "lags", 1), run)
    return Correlations(
        pairs=tuple(wanted), correlations=tuple(Estimates(**columns) for columns in found), blocks=blocks
    )


class MemoryKernel(Record):
    """A memory kernel with its confidence band."""

    times: Annotated[FloatArray, means("time", "0, h, 2h, …")]
    kernel: Annotated[Estimates, means("1/time²", "K at each")]
    integral: Annotated[Estimates, means("1/time", "∫₀ᵗ K ds at each: the friction once it is level")]
    velocity_correlation: Annotated[Estimates, means("coordinate²/time²", "C(t) = ⟨ṙ(t) ṙ(0)⟩")]
    halves: Annotated[
        tuple[FloatArray, FloatArray] | None,
        means("1/time²", "K from either half of the data, every other block; None if there are too few"),
    ]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws."""
        return {
            "times": self.times,
            "kernel": self.kernel.values,
            "lower": self.kernel.lower,
            "upper": self.kernel.upper,
        }

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """K against time with its band; returns the axes."""
        from irrev._plot import axes

        ax = axes(ax)
        (line,) = ax.plot(self.times, self.kernel.values)
        ax.fill_between(self.times, self.kernel.lower, self.kernel.upper, alpha=0.2, color=line.get_color())
        ax.set_xlabel("time")
        ax.set_ylabel("memory kernel")
        return ax


MeanForce: TypeAlias = float | tuple[npt.ArrayLike, npt.ArrayLike] | Sequence[float] | FloatArray | None
"""f of a generalised Langevin equation: none; -Ω² r with this Ω²; a pair (points, values), between whose points f is interpolated; or a list or array k, f = -Σ_j k_j r_j over all coordinates of the record."""


def force_parts(given: MeanForce) -> Any:
    """A mean force as the extension takes it."""
    if given is None:
        return None
    if isinstance(given, tuple):
        points, values = given
        return vector(points, "points of mean_force"), vector(values, "values of mean_force")
    if np.ndim(given) == 1:
        return (vector(given, "mean_force"),)
    return float(given)  # type: ignore[arg-type]


def memory_kernel(
    record: Recorded,
    *,
    coordinate: int = 0,
    lags: int = 200,
    mean_force: MeanForce = None,
    draws: int = 100,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> MemoryKernel:
    """The memory kernel of one coordinate of a record with velocities and equal steps, with a band from blocks drawn anew.

    Parameters
    ----------
    mean_force : None, float, (points, values) or array_like
        f of the equation: none; -Ω² r with this Ω²; a table between whose points f is interpolated: ⟨R̈; r⟩ of `conditional_moments`, which belongs to this equation; or k of -Σ_j k_j r_j over all coordinates of the record.
    lags : int
        Number of lags, in frames.
    draws : int
        Draws of the bootstrap.

    Raises DataError without velocities or if no trajectory has all lags, ModelError for different steps or a table that does not hold all positions.

    Examples
    --------
    Motion without memory: v' = -v + √2 ξ has a kernel that lasts for one step.

    >>> import numpy as np
    >>> from irrev.landscape import memory_kernel, record
    >>> rng, kept, v = np.random.default_rng(1), np.exp(-0.1), np.zeros(20_000)
    >>> for k, kick in enumerate(np.sqrt(1 - kept**2) * rng.normal(size=len(v) - 1)):
    ...     v[k + 1] = kept * v[k] + kick
    >>> found = memory_kernel(record(0.1 * np.cumsum(v), step=0.1, velocities=v), lags=20)
    >>> abs(found.integral.values[-1] - 1.0) < 0.3
    np.True_
    """
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    asked = (whole(coordinate, "coordinate", 0), whole(lags, "lags", 1), force_parts(mean_force), whole(draws, "draws", 0))
    fields = _core.landscape_memory_kernel(read(record, None), *asked, run)
    return MemoryKernel(**with_estimates(fields, "kernel", "integral", "velocity_correlation"))


def kernel_from_correlations(velocity: npt.ArrayLike, *, force: npt.ArrayLike, step: float) -> FloatArray:
    """K at 0, h, 2h, … from C(t) = ⟨ṙ(t) ṙ(0)⟩ and C_f(t) = ⟨f(r(t)) ṙ(0)⟩ at these times; the error is of order h².

    Examples
    --------
    No force and K(t) = e^{-2t}: C = (1 + t) e^{-t}.

    >>> import numpy as np
    >>> from irrev.landscape import kernel_from_correlations
    >>> t = 0.02 * np.arange(200)
    >>> found = kernel_from_correlations((1 + t) * np.exp(-t), force=np.zeros(200), step=0.02)
    >>> abs(found[100] - np.exp(-4)) < 2e-4
    np.True_
    """
    return _core.kernel_from_correlations(velocity, force, step)


def integral_from_correlations(velocity: npt.ArrayLike, *, force: npt.ArrayLike, step: float) -> FloatArray:
    """∫₀ᵗ K ds from the same correlations as `kernel_from_correlations`, with one derivative less, and less noise.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.landscape import integral_from_correlations
    >>> t = 0.02 * np.arange(200)
    >>> found = integral_from_correlations((1 + t) * np.exp(-t), force=np.zeros(200), step=0.02)
    >>> abs(found[100] - (1 - np.exp(-4)) / 2) < 1e-4
    np.True_
    """
    return _core.integral_from_correlations(velocity, force, step)


def second_kind(c0: float, *, kernel: npt.ArrayLike, right_side: npt.ArrayLike, step: float) -> FloatArray:
    """Solves c₀ K(t) + ∫₀ᵗ K(s) g(t - s) ds = f(t) at 0, h, 2h, … for `kernel` g and `right_side` f by the trapezoid rule, O(L log² L); the error is of order h².

    References: Linz (1985), section 7; Hairer, Lubich and Schlichte, SIAM J. Sci. Stat. Comput. 6, 532 (1985).

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.landscape import second_kind
    >>> found = second_kind(1.0, kernel=np.ones(101), right_side=np.ones(101), step=0.01)        # K + ∫ K ds = 1
    >>> abs(found[100] - np.exp(-1)) < 1e-5
    np.True_
    """
    return _core.second_kind(c0, kernel, right_side, step)


class ContinuedFraction(Record):
    """K(s) = D₁/(s + g₁ - D₂/(s + g₂ - …)), the transform of a sum of decaying exponentials. In Mori's form, with plus signs, D_n for n ≥ 2 are the negatives of these.

    Examples
    --------
    >>> from irrev.landscape import ContinuedFraction
    >>> fraction = ContinuedFraction.from_exponentials([1.0, 2.0], rates=[0.5, 3.0])
    >>> abs(fraction.transform(1.0) - (1 / 1.5 + 2 / 4)) < 1e-14
    True
    >>> [x.round(12).tolist() for x in fraction.exponentials()]
    [[1.0, 2.0], [0.5, 3.0]]
    """

    strengths: Annotated[FloatArray, means("1/time²", "D₁, D₂, …, positive")]
    rates: Annotated[FloatArray, means("1/time", "g₁, g₂, …, as many")]

    @classmethod
    def from_exponentials(cls, amplitudes: npt.ArrayLike, *, rates: npt.ArrayLike) -> "ContinuedFraction":
        """The fraction of Σ c_j e^{-a_j t}; equal rates count as one term. Raises ModelError for an amplitude that is not positive."""
        return cls(**_core.continued_fraction(amplitudes, rates))

    def transform(self, s: float) -> float:
        """K(s), from the innermost fraction outwards."""
        return _core.continued_fraction_transform(self.strengths, self.rates, s)

    def exponentials(self) -> tuple[FloatArray, FloatArray]:
        """Amplitudes c_j and ascending rates a_j of Σ c_j e^{-a_j t}."""
        return _core.continued_fraction_exponentials(self.strengths, self.rates)

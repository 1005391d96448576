"""Kernels that are sums of damped oscillations: passivity with its certificate, fits, and the variables that carry the memory.

Noise with the amplitudes b_j that drives modes with the poles λ_j has the correlation Σ_j e^{-λ_j t} Σ_k b_j b_k*/(λ_j + λ_k*). Every passive kernel with these poles is of this form, and every such sum is passive: least squares over λ and b need no
constraint.

References: Youla, IRE Trans. Inf. Theory 7, 172 (1961); Ceriotti, Bussi and Parrinello, J. Chem. Theory Comput. 6, 1170 (2010).
"""

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, vector, whole
from irrev._record import Record, means
from irrev._run import Progress, options
from irrev.landscape.memory import ContinuedFraction, MemoryKernel

if TYPE_CHECKING:
    from irrev.landscape.langevin import Memory


class Passivity(Record):
    """Bounds on the least value of the spectrum of a kernel, over all frequencies: (1 + ω²/κ) Re K(iω), which tends to -K'(0)/κ. Intervals of ω are halved until the bounds meet; no frequency is left out."""

    least: Annotated[tuple[float, float], means("1/time", "Nowhere is it below the first, and at `frequency` it is the second")]
    frequency: Annotated[float, means("1/time", "ω where the second was found; infinite for the limit of high frequencies")]
    scale: Annotated[float, means("1/time²", "κ")]
    certified: Annotated[bool, means("", "Whether the spectrum is positive at every frequency, beyond rounding")]


class MarkovEmbedding(Record):
    """The linear part of dx = -A x dt + B dW for x = (v, z): ż = -A z - g v + noise carries the memory K(t) = c·e^{-At} g of v̇ = f(r) + c·z and makes its random force. The mean force comes to the drift of v.

    Examples
    --------
    >>> from irrev.landscape import PronyKernel
    >>> variables = PronyKernel([2.0], rates=[0.4], frequencies=[3.0]).embedding(mean_square_velocity=0.7)
    >>> variables.drift.shape, bool(abs(variables.kernel([0.0])[0] - 2.0) < 1e-9)
    ((3, 3), True)
    """

    drift: Annotated[FloatArray, means("1/time", "A: first row (0, -c), first column (0, g)")]
    noise: Annotated[FloatArray, means("", "B, one column: no noise acts on v itself")]
    covariance: Annotated[FloatArray, means("", "Σ of the stationary state, A Σ + Σ Aᵀ = B Bᵀ")]

    def kernel(self, times: npt.ArrayLike) -> FloatArray:
        """K(t) = c·e^{-At} g of the variables."""
        return _core.embedding_kernel((self.drift, self.noise, self.covariance), times)

    def memory(self) -> "Memory":
        """The same memory for `irrev.landscape.langevin`: in coordinates in which the covariance of the variables is that of v."""
        from irrev.landscape.langevin import Memory

        return Memory(**_core.embedding_memory((self.drift, self.noise, self.covariance)))


class PronyKernel(Record):
    """K(t) = Σ c_j e^{-a_j t} cos(w_j t + φ_j).

    Parameters
    ----------
    amplitudes, rates : array_like
        c_j, in 1/time², and a_j > 0, in 1/time.
    frequencies, phases : array_like, optional
        w_j ≥ 0, in 1/time, and φ_j; default 0: plain exponentials.

    Examples
    --------
    >>> from irrev.landscape import PronyKernel
    >>> kernel = PronyKernel([3.0], rates=[1.5])
    >>> kernel.spectrum([0.0]).tolist(), kernel.passivity().certified          # ∫₀^∞ K dt, the friction
    ([2.0], True)
    >>> active = PronyKernel([2.0, -1.0], rates=[2.0, 0.5])                     # a negative friction at low frequencies
    >>> active.passivity().least[1] < 0
    True
    """

    amplitudes: Annotated[FloatArray, means("1/time²", "c_j")]
    rates: Annotated[FloatArray, means("1/time", "a_j")]
    frequencies: Annotated[FloatArray, means("1/time", "w_j")]
    phases: Annotated[FloatArray, means("", "φ_j, in radians")]

    def __init__(
        self,
        amplitudes: npt.ArrayLike,
        rates: npt.ArrayLike,
        frequencies: npt.ArrayLike | None = None,
        phases: npt.ArrayLike | None = None,
    ) -> None:
        c = np.array(vector(amplitudes, "amplitudes"))

        def column(values: npt.ArrayLike | None, name: str) -> FloatArray:
            found = np.zeros(len(c)) if values is None else np.array(vector(values, name))
            if len(found) != len(c):
                raise ValueError(f"{name} has {len(found)} entries, expected {len(c)} as amplitudes")
            return found

        columns = {"rates": rates, "frequencies": frequencies, "phases": phases}
        self.__dict__.update(amplitudes=c, **{name: column(values, name) for name, values in columns.items()})
        self.__post_init__()
        _core.prony_values(self._parts, "kernel", np.zeros(0))

    @property
    def _parts(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        return self.amplitudes, self.rates, self.frequencies, self.phases

    @property
    def order(self) -> int:
        """Number of variables that carry the memory: one for an exponential, two for an oscillation."""
        return len(self.amplitudes) + int(np.count_nonzero(self.frequencies))

    def at(self, times: npt.ArrayLike) -> FloatArray:
        """K(t), t ≥ 0."""
        return _core.prony_values(self._parts, "kernel", times)

    def spectrum(self, frequencies: npt.ArrayLike) -> FloatArray:
        """Re ∫₀^∞ K e^{-iωt} dt, half the spectrum of the random force over ⟨ṙ²⟩; the friction at ω = 0."""
        return _core.prony_values(self._parts, "spectrum", frequencies)

    def transform(self, s: npt.ArrayLike) -> FloatArray:
        """K(s) = ∫₀^∞ K e^{-st} dt, s ≥ 0."""
        return _core.prony_values(self._parts, "transform", s)

    def passivity(self) -> Passivity:
        """Whether the spectrum is nowhere negative, with bounds on its least value over all frequencies."""
        return Passivity(**_core.prony_passivity(self._parts))

    def embedding(self, mean_square_velocity: float) -> MarkovEmbedding:
        """Variables that carry this memory and make its random force at a given ⟨ṙ²⟩. Raises ModelError unless the spectrum is certified to be positive, or if two terms have the same rate and frequency."""
        return MarkovEmbedding(**_core.prony_embedding(self._parts, float(mean_square_velocity)))

    def continued_fraction(self) -> ContinuedFraction:
        """K(s) = D₁/(s + g₁ - D₂/(s + g₂ - …)). Raises ModelError where a strength so nearly vanishes that few digits are left."""
        return ContinuedFraction(**_core.prony_continued_fraction(self._parts))


class PassiveFit(Record):
    """A passive kernel fitted to another."""

    kernel: Annotated[PronyKernel, means("1/time²", "The fit")]
    passivity: Annotated[
        Passivity,
        means("", "Its certificate. By construction the spectrum is not negative; the lower bound may be by what bounds are apart"),
    ]
    misfit: Annotated[float, means("", "Root mean square deviation over the root mean square of the kernel")]
    held_out: Annotated[
        FloatArray,
        means("1/time²", "For 1, 2, … variables: deviation of the fits of either half of the data from the other half; empty if the number was given"),
    ]
    unit: Annotated[MarkovEmbedding, means("", "Its variables for ⟨ṙ²⟩ = 1")]

    def embedding(self, mean_square_velocity: float) -> MarkovEmbedding:
        """Variables that carry this memory and make its random force at a given ⟨ṙ²⟩ > 0: B and Σ grow like √⟨ṙ²⟩ and ⟨ṙ²⟩."""
        v2 = float(mean_square_velocity)
        if not (v2 > 0.0 and np.isfinite(v2)):
            raise ValueError(f"mean_square_velocity is {v2}, expected a positive number")
        return MarkovEmbedding(self.unit.drift, v2**0.5 * self.unit.noise, v2 * self.unit.covariance)


def passive_fit(
    kernel: MemoryKernel | npt.ArrayLike,
    *,
    times: npt.ArrayLike | None = None,
    order: int | None = None,
    most: int = 6,
    misfit: float = 0.2,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> PassiveFit:
    """The passive sum of damped oscillations nearest to a kernel, in the mean square over its lags.

    Parameters
    ----------
    kernel : MemoryKernel or array_like
        A kernel with its halves, or values at `times`.
    times : array_like, optional
        Ascending from 0, for values.
    order : int, optional
        Number of variables, one for an exponential and two for an oscillation, 1 to 12. Default: both halves of the data are fitted with 1, 2, … variables, and the smallest number wins that predicts the other half nearly as well as any;
        then all data are fitted.
    most : int
        Most variables that are tried where none are given.
    misfit : float
        Largest accepted deviation, over that of the kernel. Kernels that are not passive end here.

    Raises ModelError for an order out of range and for a kernel that is not met, and DataError if the order is not given and the kernel has no halves.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.landscape import passive_fit
    >>> t = 0.05 * np.arange(100)
    >>> fit = passive_fit(2 * np.exp(-0.4 * t) * np.cos(3 * t), times=t, order=2, misfit=1e-3)
    >>> bool(abs(fit.kernel.rates[0] - 0.4) < 1e-4), bool(abs(fit.kernel.frequencies[0] - 3) < 1e-4)
    (True, True)
    """
    halves: Any = None
    if isinstance(kernel, MemoryKernel):
        if times is not None:
            raise TypeError("times belong to values; a MemoryKernel has its own")
        at, values, halves = kernel.times, kernel.kernel.values, kernel.halves
    else:
        if times is None:
            raise TypeError("give times with values of a kernel")
        at, values = vector(times, "times"), vector(kernel, "kernel")
    asked = (None if order is None else whole(order, "order", 0), whole(most, "most", 0), float(misfit))
    run = options(threads=threads, memory=memory_limit, progress=progress)
    found = _core.landscape_passive_fit(at, values, halves, asked, run)
    return PassiveFit(
        kernel=PronyKernel(**found["kernel"]),
        passivity=Passivity(**found["passivity"]),
        misfit=found["misfit"],
        held_out=found["held_out"],
        unit=MarkovEmbedding(**found["unit"]),
    )

"""What a state becomes, in real and in imaginary time, by Chebyshev's polynomials of H.

e^{-iHt} = e^{-ict} Σ_n (2 - δ_n0) (-i)^n J_n(ht) T_n((H - c)/h) for a spectrum inside c ± h, and e^{-βH} likewise with modified Bessel functions. The error falls faster than any exponential
beyond n = ht and is bounded by the weights left out. One pass serves any number of times.

Reference: Tal-Ezer and Kosloff, J. Chem. Phys. 81, 3967 (1984).
"""

from typing import TYPE_CHECKING, Annotated

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import ComplexArray, FloatArray, complex_numbers, whole
from irrev._record import Record, means
from irrev._run import Progress, options
from irrev.quantum.model import Hamiltonian

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Evolution(Record):
    """States at the times asked for, and how well the laws were kept."""

    times: Annotated[FloatArray, means("1/energy", "The times, as asked")]
    states: Annotated[ComplexArray, means("", "ψ(t), one row for each time")]
    terms: Annotated[int, means("", "Products with H that the longest time took")]
    truncation: Annotated[float, means("", "Bound of the error by truncation in norm, the largest over the times")]
    norm_drift: Annotated[float, means("", "Largest | ‖ψ(t)‖ - ‖ψ(0)‖ |")]
    energy_drift: Annotated[float, means("energy", "Largest |⟨H⟩_t - ⟨H⟩_0|")]


class ImaginaryEvolution(Record):
    """e^{-β(H - E)} ψ as vectors and logarithms: e^{logarithm} · state."""

    betas: Annotated[FloatArray, means("1/energy", "The β, as asked")]
    states: Annotated[FloatArray | ComplexArray, means("", "Vectors of at most the norm of the start or of 1, one row each; real if H and the start are")]
    logarithms: Annotated[FloatArray, means("", "e^{-β(H - E)} ψ = e^{logarithm} · state; nothing overflows")]
    terms: Annotated[int, means("", "Products with H")]
    truncation: Annotated[float, means("", "Bound of the error of the vectors by truncation in norm")]


class Echoes(Record):
    """How well a state returns: under its own evolution, reversed, and reversed with another Hamiltonian."""

    times: Annotated[FloatArray, means("1/energy", "The times, as asked")]
    amplitudes: Annotated[ComplexArray, means("", "⟨ψ_0|e^{-iHt}|ψ_0⟩")]
    return_probabilities: Annotated[FloatArray, means("", "|⟨ψ_0|e^{-iHt}|ψ_0⟩|²")]
    loschmidt_echoes: Annotated[FloatArray, means("", "|⟨ψ_0|e^{iH't} e^{-iHt}|ψ_0⟩|²")]
    reversal_errors: Annotated[FloatArray, means("", "‖e^{iHt} e^{-iHt} ψ_0 - ψ_0‖, computed there and back: the error of the evolution")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws."""
        return {
            "times": self.times,
            "Loschmidt echo": self.loschmidt_echoes,
            "return probability": self.return_probabilities,
        }

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Loschmidt echo and return probability; returns the axes."""
        from irrev._plot import lines

        data = self.plot_data()
        times = data.pop("times")
        return lines(ax, times, np.column_stack(list(data.values())), tuple(data), "time", "probability")


def evolve(
    hamiltonian: Hamiltonian,
    *,
    particles: int,
    start: npt.ArrayLike,
    times: npt.ArrayLike,
    tol: float = 1e-12,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Evolution:
    """ψ(t) = e^{-iHt} ψ(0) at times in any order and of either sign, from one pass.

    Parameters
    ----------
    particles : int
        N.
    start : array_like
        ψ(0), real or complex, shape (C(L, N),) in the order of `Sector.words`.
    times : array_like
        t in units of 1/energy (ħ = 1).
    tol : float
        Accepted error of a state by truncation, in norm relative to the start.

    Memory: 2 to 8 vectors like the start, and 16 bytes a state and time; what does not fit is refused beforehand by LimitError with the figure. Raises IrrevError if the norm drifts.

    Examples
    --------
    A particle swings between two sites:

    >>> import numpy as np
    >>> from irrev.quantum import Hamiltonian, Lattice, evolve
    >>> pair = Hamiltonian.uniform(Lattice.chain(2), hopping=1.0)
    >>> found = evolve(pair, particles=1, start=[1.0, 0.0], times=[0.5, 2.0])
    >>> bool(np.allclose(abs(found.states[:, 1]) ** 2, np.sin(found.times) ** 2, atol=1e-12))
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    asked = (whole(particles, "particles", 0), complex_numbers(start, "start", 1), times, float(tol))
    return Evolution(**_core.evolve_quantum(hamiltonian._parts, *asked, run))


def evolve_in_imaginary_time(
    hamiltonian: Hamiltonian,
    *,
    particles: int,
    start: npt.ArrayLike,
    betas: npt.ArrayLike,
    reference: float = 0.0,
    tol: float = 1e-12,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> ImaginaryEvolution:
    """e^{-β(H - E)} ψ for each β of either sign, with a reference energy E; nothing overflows, at any β.

    The error is one in norm: of a start without any weight near the end of the spectrum that β prefers, small parts are lost.

    Examples
    --------
    >>> import math
    >>> from irrev.quantum import Hamiltonian, Lattice, evolve_in_imaginary_time
    >>> pair = Hamiltonian.uniform(Lattice.chain(2), hopping=1.0)
    >>> cooled = evolve_in_imaginary_time(pair, particles=1, start=[1.0, 0.0], betas=[0.7])
    >>> bool(abs(math.exp(cooled.logarithms[0]) * cooled.states[0, 1] - math.sinh(0.7)) < 1e-11)
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    asked = (whole(particles, "particles", 0), complex_numbers(start, "start", 1), betas, (float(reference), float(tol)))
    return ImaginaryEvolution(**_core.evolve_quantum_in_imaginary_time(hamiltonian._parts, *asked, run))


def echoes(
    hamiltonian: Hamiltonian,
    *,
    back: Hamiltonian,
    particles: int,
    start: npt.ArrayLike,
    times: npt.ArrayLike,
    tol: float = 1e-12,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Echoes:
    """Return amplitudes and Loschmidt echoes of a normalised state under H, with H' for the way back.

    References
    ----------
    Peres, Phys. Rev. A 30, 1610 (1984).

    Examples
    --------
    >>> import math
    >>> from irrev.quantum import Hamiltonian, Lattice, echoes
    >>> h, other = (Hamiltonian.uniform(Lattice.chain(2), hopping=j) for j in (1.0, 1.1))
    >>> found = echoes(h, back=other, particles=1, start=[1.0, 0.0], times=[2.0])
    >>> bool(abs(found.loschmidt_echoes[0] - math.cos(0.2) ** 2) < 1e-12)
    True
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    asked = (whole(particles, "particles", 0), complex_numbers(start, "start", 1), times, float(tol))
    return Echoes(**_core.loschmidt_echoes((hamiltonian._parts, back._parts), *asked, run))

"""The tightest bound of a family of currents at a step length: variational forms of the relative entropy.

With y = θ·g odd under reversal of a step and s its entropy production, ⟨y⟩ - ln⟨e^{-y}⟩ ≤ ⟨s⟩ (Donsker and Varadhan; maximum entropy) and ⟨y⟩ - ⟨e^{-y}⟩ + 1 ≤ ⟨s⟩ (NEEP) for every θ. Maxima in sample are biased
upward; the bound by data held out is not.

References: Donsker and Varadhan, Commun. Pure Appl. Math. 36, 183 (1983); Kim, Bae, Lee and Jeong, Phys. Rev. Lett. 125, 140604 (2020); Aguilera, Ito and Kolchinsky, arXiv:2505.10444.
"""

from typing import Annotated, Any, Literal, TypeAlias

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, whole
from irrev._record import Convergence, Estimate, Record, means
from irrev._run import Progress, options
from irrev.inference.currents import Basis, Currents, basis_parts
from irrev.inference.dissipation import RANK_TOLERANCE
from irrev.inference.series import Points, series_parts

Objective: TypeAlias = Literal["maximum entropy", "neep"]


class Maximum(Record):
    """A maximum over the data that chose it: biased upward, no bound."""

    value: Annotated[float, means("nats/time", "The maximum")]
    coefficients: Annotated[FloatArray, means("", "θ, one for each current")]
    convergence: Annotated[Convergence, means("", "How Newton's iteration ended")]
    currents: Annotated[Currents, means("", "The currents")]

    def force(self, x: npt.ArrayLike) -> FloatArray:
        """The field of the optimal current at points (…, coordinates)."""
        return self.currents.field(self.coefficients, x=x)


class Variational(Record):
    """Variational bounds of a family at the step of the data."""

    maximum_entropy: Annotated[Maximum, means("nats/time", "Maximum of ⟨y⟩ - ln⟨e^{-y}⟩ in sample")]
    neep: Annotated[Maximum, means("nats/time", "Maximum of ⟨y⟩ - ⟨e^{-y}⟩ + 1 in sample")]
    held_out: Annotated[
        Estimate, means("nats/time", "Lower bound by data that chose neither θ nor when to stop")
    ]
    cap: Annotated[float, means("nats/time", "ln N/dt: averages of e^{-y} over N steps support no more")]
    rank: Annotated[int, means("", "Number of independent currents")]


def _maximum(fields: dict[str, Any]) -> Maximum:
    return Maximum(**{**fields, "currents": Currents(fields["currents"])})


def variational(
    x: Points,
    *,
    step: float,
    basis: Basis = "affine",
    folds: int = 5,
    level: float = 0.95,
    iterations: int = 50,
    rank_tolerance: float = RANK_TOLERANCE,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Variational:
    """Maxima in sample of both forms, and the bound with data held out.

    Raises
    ------
    DataError
        For folds of fewer steps than ten for each current.
    ConvergenceError
        If a maximum is not found within so many iterations.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.inference import variational
    >>> turn = np.array([[0.86, -0.27], [0.27, 0.86]])
    >>> x = np.zeros((4000, 2))
    >>> for k, kick in enumerate(np.random.default_rng(1).normal(size=(len(x) - 1, 2))):
    ...     x[k + 1] = turn @ x[k] + kick
    >>> found = variational(x, step=1.0, basis="antisymmetric")
    >>> 0 < found.held_out.value < found.maximum_entropy.value, found.neep.value <= found.maximum_entropy.value
    (True, True)
    """
    asked = whole(folds, "folds", 0), float(level), float(rank_tolerance), whole(iterations, "iterations", 1)
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    fields = _core.inference_variational(series_parts(x, step), basis_parts(basis), asked, run)
    maxima = {name: _maximum(fields[name]) for name in ("maximum_entropy", "neep")}
    return Variational(**{**fields, **maxima})


def variational_maximum(
    x: Points,
    *,
    step: float,
    basis: Basis = "affine",
    objective: Objective = "maximum entropy",
    iterations: int = 50,
    rank_tolerance: float = RANK_TOLERANCE,
    seed: int = 1,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Maximum:
    """The maximum of one form over the data that choose it.

    Raises ConvergenceError if it is not found, as where all steps go one way and it is infinite.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.inference import Currents, variational_maximum
    >>> x = np.append(0.0, np.cumsum(np.tile([1.0, 1.0, -1.0, 1.0], 100)))           # three to one: θ = ln 3
    >>> found = variational_maximum(x, step=1.0, basis=Currents.monomials([((0,), 0)]))
    >>> abs(found.coefficients[0] - np.log(3)) < 1e-9, abs(found.value - np.log(3) / 2) < 1e-12
    (np.True_, np.True_)
    """
    asked = 5, 0.95, float(rank_tolerance), whole(iterations, "iterations", 1)
    run = options(threads=threads, memory=memory_limit, progress=progress, seed=seed)
    return _maximum(_core.inference_maximum(series_parts(x, step), basis_parts(basis), objective, asked, run))

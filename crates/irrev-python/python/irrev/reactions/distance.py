"""Distance and length in the metric of the Onsager coefficients: W₂ of one reaction, and the cost of a change.

No factor 1/2; amounts in a volume of 1, so that W₂ has the unit √(amount·time).

References: Yoshimura, Kolchinsky, Dechant and Ito, Phys. Rev. Research 5, 013017 (2023).
"""

from typing import Annotated

import numpy.typing as npt

from irrev import _core
from irrev._core import ReactionSystem
from irrev._record import Convergence, Record, means
from irrev._run import Progress, options


class Length(Record):
    """A length with its error."""

    value: Annotated[float, means("√(amount·time)", "The length; infinite where nothing can carry the change")]
    error: Annotated[float, means("√(amount·time)", "Estimate of the error of the integration")]
    convergence: Annotated[Convergence, means("", "Panels of the quadrature, and its largest error over the target")]

    def __float__(self) -> float:
        return self.value


def one_reaction_distance(
    system: ReactionSystem,
    *,
    origin: npt.ArrayLike | None = None,
    from_: float = 0.0,
    to: float,
    time: float = 0.0,
    tol: float = 1e-10,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> Length:
    """W₂ = ∫ dξ/√L(x(ξ)) between two extents of a system that moves along one direction, x(ξ) = origin + s ξ.

    Parameters
    ----------
    system : ReactionSystem
        All counted reactions change the species along one direction s, that of the first.
    origin : array_like, shape (dynamic species,), optional
        Amounts at extent 0; default the initial amounts of the system.
    from_, to : float
        The extents.
    tol : float
        Relative accuracy.

    Examples
    --------
    >>> from irrev.reactions import ReactionSystem, one_reaction_distance
    >>> dimer = ReactionSystem(["A", "B"], reactions=[("pair", "2 A <=> B", 1.0, 0.5)])
    >>> round(one_reaction_distance(dimer, origin=[2.0, 0.1], to=0.9).value, 9)
    1.239814114
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return Length(**_core.one_reaction_distance(system, origin, from_, to, time, tol, run))


def wasserstein_speed(
    system: ReactionSystem, *, amounts: npt.ArrayLike, change: npt.ArrayLike, time: float = 0.0
) -> float:
    """Norm √(min Σ J²/L over S J = change) of a change of the amounts; infinite if the reactions cannot carry it.

    For the motion of the system itself it is √excess.

    Examples
    --------
    >>> from irrev.reactions import ReactionSystem, wasserstein_speed
    >>> relax = ReactionSystem(["A", "B"], reactions=[("r", "A <=> B", 2.0, 2.0)])
    >>> round(wasserstein_speed(relax, amounts=[1.0, 1.0], change=[-3.0, 3.0]), 12)
    2.12132034356
    """
    return _core.wasserstein_speed(system, amounts, change, time)

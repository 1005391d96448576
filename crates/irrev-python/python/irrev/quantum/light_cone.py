"""How long the far part of a bath cannot be felt: a proven time from Lieb and Robinson's bound, and the time at which it is felt in fact.

‖[A(t), B]‖ ≤ 2 ‖A‖ ‖B‖ Σ_n (2|t|)^n/n! W_n, where W_n sums products of norms ‖h‖ = max(|J|, |V|) over chains of n bonds from A to B. Until then the second law cannot depend on
whether the whole bath is thermal.

References: Lieb and Robinson, Commun. Math. Phys. 28, 251 (1972); Hastings and Koma, Commun. Math. Phys. 265, 781 (2006).
"""

from typing import TYPE_CHECKING, Annotated

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import ComplexArray, FloatArray, IntArray, integers, one_or_more, whole
from irrev._record import Record, means
from irrev._run import Progress, options
from irrev.quantum.bath import BathState
from irrev.quantum.composite import Composite, SystemState
from irrev.quantum.model import Hamiltonian

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class LiebRobinson(Record):
    """The bound between two sets of sites; made by `lieb_robinson`."""

    hamiltonian: Annotated[Hamiltonian, means("", "H")]
    from_: Annotated[IntArray, means("", "Sites of A")]
    to: Annotated[IntArray, means("", "Sites of B")]
    distance: Annotated[int | None, means("", "Fewest bonds with a coupling from A to B; None if no path leads there")]

    def bound(self, times: npt.ArrayLike) -> FloatArray:
        """A bound of ‖[A(t), B]‖/(‖A‖ ‖B‖) at each time: the smaller of the sum and of 2, which always holds."""
        found = _core.lieb_robinson(self.hamiltonian._parts, (self.from_, self.to), one_or_more(times, "times"), [])
        return found[1]

    def time(self, disturbance: float = 1.0) -> float:
        """The time, in 1/energy, until which the bound stays below δ; infinite if A and B are not connected. Raises ModelError unless 0 < δ ≤ 2."""
        found = _core.lieb_robinson(self.hamiltonian._parts, (self.from_, self.to), [], [float(disturbance)])
        return float(found[2][0])

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: the bound up to twice the time at which it reaches 1."""
        end = self.time()
        times = np.linspace(0.0, 2.0 * end if np.isfinite(end) else 1.0, 201)
        return {"times": times, "bound": self.bound(times)}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """The bound as a function of time; returns the axes."""
        from irrev._plot import lines

        data = self.plot_data()
        return lines(ax, data["times"], data["bound"], ("bound",), "time", "bound of the commutator")


class CutBath(Record):
    """ρ_S(t) beside the whole bath and beside its near part only."""

    times: Annotated[FloatArray, means("1/energy", "The times, as asked")]
    keep: Annotated[IntArray, means("", "Sites of the bath whose bonds were kept")]
    whole: Annotated[ComplexArray, means("", "ρ_S with all bonds, shape (times, 2^m, 2^m)")]
    cut: Annotated[ComplexArray, means("", "ρ_S without the bonds that were cut")]
    distances: Annotated[FloatArray, means("", "Trace distances ½ Tr |ρ_S - ρ_S,cut|: the most that a measurement on S can tell")]
    epsilon: Annotated[float, means("", "ε")]
    felt: Annotated[
        tuple[float, float] | None,
        means("1/energy", "Neighbouring times between which the distance first exceeds ε; None if it never does, the first time twice if from the start"),
    ]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws."""
        return {"times": self.times, "distances": self.distances}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Trace distance as a function of time; returns the axes."""
        from irrev._plot import lines

        return lines(ax, self.times, self.distances, ("trace distance",), "time", "trace distance")


def lieb_robinson(hamiltonian: Hamiltonian, *, from_: npt.ArrayLike, to: npt.ArrayLike) -> LiebRobinson:
    """The bound for operators on two disjoint sets of sites.

    Raises ModelError for a site that does not exist or stands in both sets, and for an empty set.

    Examples
    --------
    >>> from irrev.quantum import Hamiltonian, Lattice, lieb_robinson
    >>> chain = Hamiltonian.uniform(Lattice.chain(10), hopping=1.0, interaction=0.5)
    >>> near, far = (lieb_robinson(chain, from_=[0], to=[site]) for site in (4, 9))
    >>> near.distance, far.distance, near.time() < far.time()
    (4, 9, True)
    """
    starts, ends = integers(from_, "from_"), integers(to, "to")
    distance = _core.lieb_robinson(hamiltonian._parts, (starts, ends), [], [])[0]
    return LiebRobinson(hamiltonian=hamiltonian, from_=starts, to=ends, distance=distance)


def compare_with_cut_bath(
    composite: Composite,
    *,
    system: SystemState,
    bath: BathState,
    times: npt.ArrayLike,
    keep: npt.ArrayLike | None = None,
    within: int | None = None,
    epsilon: float = 1e-3,
    tol: float = 1e-12,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> CutBath:
    """Evolves S beside its bath, and beside the same state of a bath without the bonds that do not have both ends among the sites to keep.

    Sites, site energies and contacts stay. Where the two differ, S has felt what lies beyond. A front of free particles moves at speed 2J on a chain.

    Parameters
    ----------
    keep : array_like
        Sites of the bath whose bonds stay; or instead
    within : int
        those at most so many bonds away from a contact.
    epsilon : float
        Trace distance from which the far part counts as felt.

    Examples
    --------
    >>> from irrev.quantum import BathState, Composite, Contact, Hamiltonian, Lattice, SystemState, compare_with_cut_bath
    >>> bath = Hamiltonian.uniform(Lattice.chain(6), hopping=1.0, interaction=0.5)
    >>> composite = Composite(Hamiltonian([0.0]), bath, [Contact(0, 0, hopping=1.0)])
    >>> full, state = SystemState.diagonal([0.0, 1.0]), BathState.occupation(bath, 0b101010)
    >>> found = compare_with_cut_bath(composite, system=full, bath=state, within=2, times=[0.1, 0.5, 1.0, 2.0, 4.0])
    >>> found.keep.tolist(), bool(found.distances[0] < 1e-8), found.felt is not None
    ([0, 1, 2], True, True)
    """
    if (keep is None) == (within is None):
        raise TypeError("give either keep, the sites whose bonds stay, or within, a distance from the contacts")
    kept = integers(keep, "keep") if within is None else composite.bath_sites_within(whole(within, "within", 0))
    run = options(threads=threads, memory=memory_limit, progress=progress)
    states = (system._parts, bath.ensemble)
    found = _core.compare_with_cut_bath(composite._parts, states, kept, times, (float(tol), float(epsilon)), run)
    return CutBath(keep=kept, **found)

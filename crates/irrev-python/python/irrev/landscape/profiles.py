"""The landscapes that follow from ρ, w and a at points of a coordinate, and their barriers and wells, without errors.

G = -kT ln ρ, V_m = -∫ a dr and V* = -kT ∫ (a/w) dr, with w = ⟨Ṙ²; r⟩ and a = ⟨R̈; r⟩; in equilibrium d(wρ)/dr = aρ, so that G = V* + kT ln(w/kT) up to a constant, whatever the coordinate.

References: Kawai, Ensemble 16 (2014), equations 9 to 21; Ching, Phys. Rev. Lett. 70, 283 (1993).
"""

from typing import TYPE_CHECKING, Annotated, Literal

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, vector, whole
from irrev._record import Record, means
from irrev.exceptions import ModelError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Kind = Literal["free_energy", "mean_force_potential", "normalised_mean_force_potential"]
KINDS: tuple[Kind, ...] = ("free_energy", "mean_force_potential", "normalised_mean_force_potential")
"""Names of landscapes, as options and attributes."""
LABELS = {
    "free_energy": "G",
    "mean_force_potential": "V_m",
    "normalised_mean_force_potential": "V*",
    "metric_term": "kT ln(w/kT)",
}


class Profile(Record):
    """ρ(r), w(r) = ⟨Ṙ²; r⟩ and a(r) = ⟨R̈; r⟩ at points of a coordinate: exact ones of a model, or averages in cells."""

    points: Annotated[FloatArray, means("", "Points r, ascending")]
    density: Annotated[FloatArray, means("1/coordinate", "ρ at each, normalised over all values of the coordinate")]
    mean_square_velocity: Annotated[FloatArray, means("coordinate²/time²", "w at each")]
    mean_acceleration: Annotated[FloatArray, means("coordinate/time²", "a at each")]

    def _parts(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        named = {
            name: getattr(self, name) for name in ("points", "density", "mean_square_velocity", "mean_acceleration")
        }
        points, density, square, acceleration = (vector(value, name) for name, value in named.items())
        return points, density, square, acceleration


class Barrier(Record):
    """The highest interior maximum of a landscape on an interval, and how high it stands above the lowest points on either side."""

    top: Annotated[float, means("", "Where its top is, in the unit of the coordinate")]
    from_left: Annotated[float, means("", "Top minus the lowest value between the left end and the top")]
    from_right: Annotated[float, means("", "Top minus the lowest value between the top and the right end")]


class Well(Record):
    """A minimum, and the least height over which one leaves it for a deeper one."""

    place: Annotated[int, means("", "Index of its lowest point")]
    depth: Annotated[
        float,
        means(
            "",
            "Its persistence: the lowest pass to a deeper well (of the deepest, the highest value) minus its lowest value",
        ),
    ]


class Surfaces(Record):
    """The four landscapes of a profile, each zero at the reference point; NaN where they are not defined."""

    points: Annotated[FloatArray, means("", "Points r")]
    free_energy: Annotated[FloatArray, means("energy", "G = -kT ln ρ")]
    mean_force_potential: Annotated[
        FloatArray,
        means("coordinate²/time²", "V_m = -∫ a dr: an energy where the coordinate is a mass-weighted length"),
    ]
    normalised_mean_force_potential: Annotated[FloatArray, means("energy", "V* = -kT ∫ (a/w) dr")]
    metric_term: Annotated[
        FloatArray, means("energy", "kT ln(w/kT) less its value at the reference: G = V* + this in equilibrium")
    ]
    circulation: Annotated[tuple[float, float] | None, means("", "∮ a dr and kT ∮ (a/w) dr on a whole circle")]

    def barrier(self, kind: Kind, *, interval: tuple[float, float] | None = None) -> Barrier | None:
        """The barrier of a landscape, of all points or of those in an interval; None if no interior point is higher than its neighbours."""
        if kind not in KINDS:
            raise ModelError(f"kind is {kind!r}; expected one of {', '.join(KINDS)}")
        inside = slice(None) if interval is None else (self.points >= interval[0]) & (self.points <= interval[1])
        return barrier(self.points[inside], values=getattr(self, kind)[inside])

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws: the points and the landscapes, by their names."""
        return {name: getattr(self, name) for name in ("points", *LABELS)}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """G, V_m, V* and kT ln(w/kT) against the coordinate; returns the axes."""
        from irrev._plot import axes

        ax = axes(ax)
        for name, label in LABELS.items():
            ax.plot(self.points, getattr(self, name), label=label)
        ax.set_xlabel("coordinate")
        ax.set_ylabel("landscape")
        ax.legend()
        return ax


def surfaces(
    profile: Profile,
    *,
    temperature: float,
    reference: int = 0,
    circle: float | None = None,
    jacobian_dimension: float | None = None,
) -> Surfaces:
    """G, V_m, V* and kT ln(w/kT) of a profile.

    Parameters
    ----------
    temperature : float
        kT, in the unit in which G and V* are wanted.
    reference : int
        Point at which the landscapes are zero.
    circle : float, optional
        Length of the period of a coordinate whose points go once round a circle, the last being a neighbour of the first.
    jacobian_dimension : float, optional
        d of a distance in d dimensions whose volume element r^(d-1) is removed from ρ, with the force that goes with it; default: kept.

    Examples
    --------
    A particle of mass 4 in x²/2, its coordinate not weighted by mass: w = kT/m, a = -x/m.

    >>> import numpy as np
    >>> from irrev.landscape import Profile, surfaces
    >>> x = np.linspace(-1.0, 1.0, 21)
    >>> profile = Profile(points=x, density=np.exp(-x**2 / 2), mean_square_velocity=np.full(21, 0.25), mean_acceleration=-x / 4)
    >>> found = surfaces(profile, temperature=1.0, reference=10)
    >>> found.free_energy[0].round(12), found.mean_force_potential[0].round(12), found.normalised_mean_force_potential[0].round(12)
    (np.float64(0.5), np.float64(0.125), np.float64(0.5))
    """
    fields = _core.exact_surfaces(
        profile._parts(), whole(reference, "reference", 0), circle, temperature, jacobian_dimension
    )
    return Surfaces(points=profile.points, **fields)


def barrier(points: npt.ArrayLike, *, values: npt.ArrayLike) -> Barrier | None:
    """The barrier of values at ascending points; None if no interior point is higher than its neighbours.

    Top and wells are those of parabolas through the three points around them.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.landscape import barrier
    >>> x = np.linspace(-1.5, 1.5, 121)
    >>> found = barrier(x, values=(x**2 - 1) ** 2)
    >>> round(found.from_left, 3), round(found.from_right, 3)
    (1.0, 1.0)
    >>> barrier(x, values=x) is None
    True
    """
    found = _core.barrier_of_values(points, values)
    return None if found is None else Barrier(top=found[0], from_left=found[1], from_right=found[2])


def wells(values: npt.ArrayLike, *, least_depth: float = 0.0) -> tuple[Well, ...]:
    """Wells at least `least_depth` deep, in the order of their places: what noise adds are wells of little depth, and they go first.

    Examples
    --------
    >>> from irrev.landscape import wells
    >>> [(well.place, well.depth) for well in wells([3.0, 0.0, 0.1, 0.05, 2.0, 1.0, 4.0], least_depth=0.5)]
    [(1, 4.0), (5, 1.0)]
    """
    return tuple(Well(place=place, depth=depth) for place, depth in _core.wells_of_values(values, least_depth))

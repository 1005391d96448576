"""A coordinate at a coarser time scale: what a box filter of width τ does to its landscapes.

r_τ(t) = (1/τ) ∫ r over the τ around t. For a linear system G and V_m stay parabolas, with curvatures kT/⟨r_τ²⟩ and ⟨ṙ_τ²⟩/⟨r_τ²⟩; their ratio kT/⟨ṙ_τ²⟩ grows with τ, for an undamped oscillator as 1/sinc²(ωτ/2). The
barrier of G seen at a coarser time scale is not that of a force.

Source of the question: Kawai, Ensemble 16 (2014); the box is our choice.
"""

from typing import Annotated

from irrev import _core
from irrev._arrays import whole
from irrev._record import Record, means
from irrev.landscape.oscillator import Autocovariance, autocovariance_parts
from irrev.landscape.recording import Record as Recorded
from irrev.landscape.recording import Trajectories, read


class Filtered(Record):
    """Variances of a filtered linear coordinate, and what follows for its landscapes."""

    variance: Annotated[float, means("coordinate²", "⟨r_τ²⟩")]
    mean_square_velocity: Annotated[float, means("coordinate²/time²", "⟨ṙ_τ²⟩")]
    free_energy_curvature: Annotated[float, means("energy/coordinate²", "Curvature of G, kT/⟨r_τ²⟩")]
    mean_force_curvature: Annotated[float, means("1/time²", "Curvature of V_m, ⟨ṙ_τ²⟩/⟨r_τ²⟩")]
    ratio: Annotated[float, means("", "Their ratio, kT/⟨ṙ_τ²⟩")]


def box_filtered(autocovariance: Autocovariance, *, temperature: float, width: float) -> Filtered:
    """What a box of width τ makes of a stationary normal coordinate with the autocovariance C(t), smooth for t > 0.

    `autocovariance` is a function of t, or a `DampedOscillator`.

    Examples
    --------
    >>> import math
    >>> from irrev.landscape import box_filtered
    >>> abs(box_filtered(math.cos, temperature=1.0, width=2.0).ratio - 1 / math.sin(1.0) ** 2) < 1e-12
    True
    """
    return Filtered(**_core.box_filtered(autocovariance_parts(autocovariance), temperature, width))


def box_filter(
    record: Recorded | Trajectories, *, steps: int, step: float | None = None, coordinate: int = 0
) -> Recorded:
    """The record of one coordinate after a box filter over `steps` time steps, with velocities and accelerations; both ends of the box count half.

    A trajectory of n frames leaves n - steps - 2, or none; on a circle frames are averaged along the path. Steps must be equal.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.landscape import box_filter
    >>> found = box_filter(np.arange(10.0) ** 2, step=1.0, steps=2)
    >>> found.positions()[0], found.velocities()[0], found.accelerations()[0]
    (array([4.5]), array([4.]), array([2.]))
    """
    handle = read(record, step)
    place = whole(coordinate, "coordinate", 0)
    found = _core.box_filter(handle, place, whole(steps, "steps", 0))
    segments = []
    for trajectory, (clock, columns) in enumerate(found):
        position, velocity, acceleration = (column.reshape(-1, 1) for column in columns)
        weight = handle.trajectory(trajectory)["weight"]
        segments.append((clock, position, velocity, acceleration, None, weight))
    return Recorded(_core.LandscapeRecord([handle.periods()[place]], segments, None))

"""Noise of measurement, told from motion by neighbouring increments.

If y = x + η is recorded with η independent from point to point, the covariance R_k of increments k steps apart is that of the motion plus 2⟨η²⟩, -⟨η²⟩, 0, 0 … for k = 0, 1, 2, 3 …;
⟨η²⟩ = -(R_1 - 2R_2 + R_3) and D = (R_0 + 2R_1)/(2dt).

References: Vestergaard, Blainey and Flyvbjerg, Phys. Rev. E 89, 022726 (2014).
"""

from typing import Annotated

from irrev import _core
from irrev._record import Record, means
from irrev._run import Progress, options
from irrev.inference.series import Points, series_parts


class MeasurementNoise(Record):
    """What increments of one coordinate tell."""

    coordinate: Annotated[int, means("", "Which coordinate")]
    variance: Annotated[float, means("coordinate²", "⟨η²⟩; may be below zero by chance")]
    standard_error: Annotated[float, means("coordinate²", "Its standard error")]
    share: Annotated[float, means("", "2⟨η²⟩/R_0: part of the mean square increment that is noise")]
    diffusion: Annotated[float, means("coordinate²/time", "D without noise")]
    seen: Annotated[bool, means("", "Whether noise is there by more than five standard errors")]
    smooth: Annotated[
        bool,
        means(
            "",
            "Whether neighbouring increments clearly go the same way: inertia or averaging, which overdamped motion at a short step has not",
        ),
    ]


def measurement_noise(
    x: Points, *, step: float, threads: int = 0, progress: Progress = None
) -> tuple[MeasurementNoise, ...]:
    """Noise of measurement of each coordinate.

    Raises DataError for fewer than 64 quadruples of steps, constant coordinates, and numbers that are not finite.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.inference import measurement_noise
    >>> rng = np.random.default_rng(1)
    >>> seen = np.cumsum(rng.normal(scale=0.02**0.5, size=20_000)) + rng.normal(scale=0.1, size=20_000)
    >>> (found,) = measurement_noise(seen, step=0.01)
    >>> found.seen, abs(found.variance - 0.01) < 5 * found.standard_error, round(found.diffusion, 1)
    (True, True, 1.0)
    """
    found = _core.inference_noise(series_parts(x, step), options(threads=threads, progress=progress))
    return tuple(MeasurementNoise(**one) for one in found)

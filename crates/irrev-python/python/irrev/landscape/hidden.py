"""Hidden dimensions of one coordinate: what its acceleration knows of the others.

From r₁ follow r₂ = r̈₁ - ⟨r̈₁; r₁⟩, r₃ = r̈₂ - ⟨r̈₂; r₁, r₂⟩, …. In a linear system q̈ = -K q at kT each level needs its two predecessors only, r̈_n = D_{n-1} r_{n-1} - W_n r_n + r_{n+1}: Lanczos' recurrence, which ends after as
many levels as r₁ excites modes.

References: Kawai, Ensemble 16 (2014), equations 26 to 31; Mori, Prog. Theor. Phys. 34, 399 (1965).
"""

from typing import Annotated

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, matrix
from irrev._record import Record, means


class LinearHierarchy(Record):
    """The levels of a linear system, seen along one direction."""

    levels: Annotated[FloatArray, means("", "Coefficients of q in r₁, r₂, …, a row each, not normalised")]
    variances: Annotated[FloatArray, means("", "⟨r_n²⟩")]
    frequencies_squared: Annotated[FloatArray, means("1/time²", "W_n = ⟨ṙ_n²⟩/⟨r_n²⟩, one for each level")]
    strengths: Annotated[FloatArray, means("1/time⁴", "D_n = ⟨r_{n+1}²⟩/⟨r_n²⟩, one fewer")]
    mean_forces: Annotated[
        FloatArray, means("", "Row n: coefficients of r₁, r₂, … in ⟨r̈_n; r₁, …, r_n⟩, zeros after the n-th")
    ]


def linear_hierarchy(stiffness: npt.ArrayLike, *, direction: npt.ArrayLike, temperature: float) -> LinearHierarchy:
    """The hierarchy of r₁ = a·q in q̈ = -K q with unit masses at kT, ⟨q qᵀ⟩ = kT K⁻¹.

    Raises ModelError unless K is symmetric and positive definite, and a is a direction.

    Examples
    --------
    >>> from irrev.landscape import linear_hierarchy
    >>> k = [[2.0, -1.0], [-1.0, 2.0]]
    >>> linear_hierarchy(k, direction=[1.0, 0.0], temperature=1.0).frequencies_squared.round(12).tolist()
    [1.5, 2.5]
    >>> len(linear_hierarchy(k, direction=[1.0, 1.0], temperature=1.0).levels)        # the sum is one mode
    1
    """
    return LinearHierarchy(**_core.linear_hierarchy(matrix(stiffness, "stiffness"), direction, temperature))

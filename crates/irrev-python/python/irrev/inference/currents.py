"""Families of currents g = d(x_mid)·dx, with x_mid the midpoint of a step and dx the step: odd under its reversal."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, real, vector, whole
from irrev.exceptions import ModelError


class Currents:
    """A family of currents, made by one of its class methods; frozen, can be compared and pickled.

    Examples
    --------
    >>> from irrev.inference import Currents
    >>> Currents.linear(2).labels
    ('x0 dx0', 'x0 dx1', 'x1 dx0', 'x1 dx1')
    >>> len(Currents.affine([0.5, 0.5])), len(Currents.antisymmetric(3))
    (6, 3)
    """

    __slots__ = ("_handle",)
    _handle: _core.InferenceCurrents

    def __init__(self, handle: _core.InferenceCurrents) -> None:
        object.__setattr__(self, "_handle", handle)

    @classmethod
    def linear(cls, dimension: int) -> "Currents":
        """All x_a dx_b, row-major in (a, b)."""
        return cls(_core.InferenceCurrents.linear(whole(dimension, "dimension", 1)))

    @classmethod
    def affine(cls, origin: npt.ArrayLike) -> "Currents":
        """dx_b, then (x_a - origin_a) dx_b row-major in (a, b). The span does not depend on the origin; one near the data's mean keeps digits."""
        return cls(_core.InferenceCurrents.affine(_finite(origin, "origin")))

    @classmethod
    def antisymmetric(cls, dimension: int) -> "Currents":
        """Rotations x_a dx_b - x_b dx_a, a < b. They alone do not saturate the bound where temperatures differ."""
        return cls(_core.InferenceCurrents.antisymmetric(whole(dimension, "dimension", 1)))

    @classmethod
    def radial(
        cls, origin: npt.ArrayLike, *, scales: npt.ArrayLike, centres: npt.ArrayLike, width: float
    ) -> "Currents":
        """The affine currents and exp(-|(x - c)/s|²/2w²) dx_b for each centre c: a row of `centres`, in units of the `scales` s."""
        array = real(centres, "centres")
        if array.ndim != 2:
            raise ModelError(f"centres has shape {array.shape}, expected (centres, coordinates)")
        return cls(
            _core.InferenceCurrents.radial(_finite(origin, "origin"), _finite(scales, "scales"), array, float(width))
        )

    @classmethod
    def monomials(cls, monomials: Sequence[tuple[Sequence[int], int]]) -> "Currents":
        """Power products x₀^e₀ x₁^e₁ … dx_b, each as (exponents, b).

        >>> from irrev.inference import Currents
        >>> Currents.monomials([((3, 0), 0), ((0, 1), 0), ((1, 0), 1)]).labels
        ('x0^3 dx0', 'x1 dx0', 'x0 dx1')
        """
        chosen = [
            ([whole(e, "an exponent", 0) for e in exponents], whole(component, "a component", 0))
            for exponents, component in monomials
        ]
        return cls(_core.InferenceCurrents.monomials(len(chosen[0][0]) if chosen else 1, chosen))

    @property
    def dimension(self) -> int:
        """Number of coordinates of the points that they are currents of."""
        return self._handle.dimension()

    @property
    def labels(self) -> tuple[str, ...]:
        """A name for each current."""
        return tuple(self._handle.labels())

    def field(self, coefficients: npt.ArrayLike, *, x: npt.ArrayLike) -> FloatArray:
        """Σ_k θ_k d_k(x) at points (…, coordinates): the field that coefficients stand for, in the shape of the points.

        Examples
        --------
        >>> from irrev.inference import Currents
        >>> Currents.linear(2).field([0, 2, -2, 0], x=[1.0, 0.5]).tolist()        # 2 (x dy - y dx)
        [-1.0, 2.0]
        """
        theta, points = vector(coefficients, "coefficients"), real(x, "x")
        for name, array in (("coefficients", theta), ("x", points)):
            if not np.isfinite(array).all():
                raise ModelError(f"{name} holds a number that is not finite")
        if points.ndim == 0 or points.shape[-1] != self.dimension:
            raise ModelError(f"x has shape {points.shape}, expected (..., {self.dimension})")
        rows = np.ascontiguousarray(points.reshape(-1, self.dimension))
        return self._handle.field(theta, rows).reshape(points.shape)

    def __len__(self) -> int:
        return len(self._handle.labels())

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("currents are frozen; make others")

    def __eq__(self, other: object) -> bool:
        return self._handle == other._handle if isinstance(other, Currents) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return Currents, (self._handle,)

    def __repr__(self) -> str:
        shown = self.labels[:4]
        return f"<{len(self)} currents: {', '.join(shown)}{', …' if len(self) > len(shown) else ''}>"


def _finite(value: npt.ArrayLike, name: str) -> list[float]:
    array = vector(value, name)
    if not np.isfinite(array).all():
        raise ModelError(f"{name} holds a number that is not finite")
    numbers: list[float] = array.tolist()
    return numbers


class Radial(NamedTuple):
    """Affine currents and Gaussians, as many as the first half of the data chooses; the bound is then certified by the second half."""

    centres: tuple[int, ...] = (0, 4, 8, 16, 32)
    """Numbers of centres that are tried, ascending; 0 are the affine currents alone."""
    width: float = 1.0
    """Of the Gaussians, in mean distances of a centre from the nearest other one."""


Basis: TypeAlias = Literal["affine", "linear", "antisymmetric", "radial"] | Radial | Currents
"""Which currents: "affine" are all dx_b and x_a dx_b, "linear" all x_a dx_b, "antisymmetric" rotations only."""

BasisParts: TypeAlias = str | tuple[list[int], float] | _core.InferenceCurrents


def basis_parts(basis: Basis) -> BasisParts:
    """The basis as the extension takes it."""
    if isinstance(basis, Currents):
        return basis._handle
    if isinstance(basis, Radial):
        return [whole(n, "a number of centres", 0) for n in basis.centres], float(basis.width)
    if isinstance(basis, str):
        return basis
    raise TypeError("basis must be a name, Radial(...) or Currents")

"""Where we are: quantities of distributions over the states."""

import numpy.typing as npt

from irrev import _core


def entropy(distribution: npt.ArrayLike) -> float:
    """Shannon entropy -Σ p ln p, in nats.

    Examples
    --------
    >>> from irrev.network import entropy
    >>> round(entropy([0.25, 0.75]), 12)
    0.562335144619
    """
    return _core.entropy(distribution)


def relative_entropy(p: npt.ArrayLike, q: npt.ArrayLike) -> float:
    """Relative entropy D(p‖q) = Σ p ln(p/q) ≥ 0, in nats; infinite where q = 0 < p."""
    return _core.relative_entropy(p, q)


def total_variation(p: npt.ArrayLike, q: npt.ArrayLike) -> float:
    """Total variation distance Σ |p - q|/2."""
    return _core.total_variation(p, q)

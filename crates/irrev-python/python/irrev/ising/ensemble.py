"""Networks drawn at random.

The same seed and draw give the same couplings and fields, on any machine and whatever else is drawn; other draws of a seed are independent.

References: Sherrington and Kirkpatrick, Phys. Rev. Lett. 35, 1792 (1975); Crisanti and Sompolinsky, Phys. Rev. A 36, 4922 (1987).
"""

from collections.abc import Sequence
from typing import Literal, TypeAlias

from irrev import _core
from irrev._arrays import whole
from irrev._run import require_memory
from irrev.ising.network import KineticIsing

Fields: TypeAlias = float | tuple[Literal["uniform", "gaussian"], float, float]
"""A law of fields, in units of energy: a number for the same everywhere, ("uniform", low, high) or ("gaussian", mean, spread)."""


def law(fields: object) -> tuple[str, list[float]]:
    """Name and parameters of a law of fields, as the extension takes them."""
    if isinstance(fields, Sequence) and not isinstance(fields, str) and len(fields) > 0 and isinstance(fields[0], str):
        return fields[0], [float(parameter) for parameter in fields[1:]]
    try:
        return "constant", [float(fields)]  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise TypeError(
            f'fields must be a number, ("uniform", low, high) or ("gaussian", mean, spread), not {fields!r}'
        ) from None


def sherrington_kirkpatrick(
    spins: int,
    *,
    mean: float = 1.0,
    spread: float,
    symmetry: float = 0.0,
    fields: Fields = 0.0,
    self_couplings: bool = True,
    beta: float = 1.0,
    seed: int = 1,
    draw: int = 0,
) -> KineticIsing:
    """Sherrington and Kirkpatrick's network: J_ij = J₀/N + ΔJ z_ij/√N with standard normal z.

    Parameters
    ----------
    spins : int
        N.
    mean, spread : float
        J₀ and ΔJ ≥ 0, in units of energy.
    symmetry : float
        Correlation of z_ij and z_ji: 0 is fully asymmetric, 1 symmetric (equilibrium), -1 antisymmetric disorder.
    fields : float or tuple
        A number for the same field everywhere, ("uniform", low, high) or ("gaussian", mean, spread).
    self_couplings : bool
        Whether J_ii are drawn like all others; updates one at a time need them removed.
    beta : float
        Inverse temperature.
    seed, draw : int
        Which random numbers.

    Examples
    --------
    >>> from irrev.ising import sherrington_kirkpatrick
    >>> network = sherrington_kirkpatrick(8, spread=0.5, symmetry=1.0, fields=("uniform", -0.1, 0.1))
    >>> bool((network.couplings == network.couplings.T).all())
    True
    >>> network == sherrington_kirkpatrick(8, spread=0.5, symmetry=1.0, fields=("uniform", -0.1, 0.1))
    True
    """
    parameters = [float(mean), float(spread), float(symmetry)]
    return _drawn(("gaussian", parameters), spins, fields, self_couplings, beta, seed, draw)


def diluted(
    spins: int,
    *,
    degree: float,
    mean: float = 1.0,
    spread: float,
    fields: Fields = 0.0,
    self_couplings: bool = True,
    beta: float = 1.0,
    seed: int = 1,
    draw: int = 0,
) -> KineticIsing:
    """A diluted network: each coupling is there with probability c/N, and then J₀/c + ΔJ z/√c.

    Parameters
    ----------
    spins : int
        N.
    degree : float
        c in (0, N]: mean number of spins that act on one.
    mean, spread : float
        J₀ and ΔJ ≥ 0, in units of energy.
    fields, self_couplings, beta, seed, draw
        As in `sherrington_kirkpatrick`.

    Examples
    --------
    >>> from irrev.ising import diluted
    >>> sparse = diluted(100, degree=3.0, spread=0.5)
    >>> 200 < int((sparse.couplings != 0).sum()) < 400
    True
    """
    parameters = [float(mean), float(spread), float(degree)]
    return _drawn(("diluted", parameters), spins, fields, self_couplings, beta, seed, draw)


def patterns(
    spins: int,
    *,
    patterns: int,
    sequence: float = 0.0,
    fields: Fields = 0.0,
    self_couplings: bool = True,
    beta: float = 1.0,
    seed: int = 1,
    draw: int = 0,
) -> KineticIsing:
    """A network that remembers P random patterns ξ = ±1: J = Σ_μ (ξ^μ ξ^μᵀ + λ ξ^{μ+1} ξ^μᵀ)/N, the second term cyclic.

    Parameters
    ----------
    spins : int
        N.
    patterns : int
        P ≥ 1.
    sequence : float
        λ: it recalls the patterns one after the other; 0 is Hopfield's network, with symmetric couplings.
    fields, self_couplings, beta, seed, draw
        As in `sherrington_kirkpatrick`.

    Examples
    --------
    >>> from irrev.ising import patterns
    >>> memory = patterns(6, patterns=1)
    >>> bool((abs(memory.couplings * 6) == 1).all())
    True
    """
    parameters = [float(whole(patterns, "patterns", 1)), float(sequence)]
    return _drawn(("patterns", parameters), spins, fields, self_couplings, beta, seed, draw)


def dale(
    spins: int,
    *,
    excitatory: float,
    means: tuple[float, float],
    spread: float,
    fields: Fields = 0.0,
    self_couplings: bool = True,
    beta: float = 1.0,
    seed: int = 1,
    draw: int = 0,
) -> KineticIsing:
    """A network in which every spin either only excites or only inhibits: J_ij = ±|J/N + ΔJ z/√N| with the sign of the sender j.

    Parameters
    ----------
    spins : int
        N.
    excitatory : float
        Part of the spins that excite, in [0, 1]; they come first.
    means : tuple of float
        J ≥ 0 of spins that excite, and of spins that inhibit, in units of energy.
    spread : float
        ΔJ ≥ 0.
    fields, self_couplings, beta, seed, draw
        As in `sherrington_kirkpatrick`.

    Examples
    --------
    >>> from irrev.ising import dale
    >>> network = dale(10, excitatory=0.8, means=(1.0, 4.0), spread=0.3)
    >>> bool((network.couplings[:, :8] >= 0).all() and (network.couplings[:, 8:] <= 0).all())
    True
    """
    exciting, inhibiting = means
    parameters = [float(excitatory), float(exciting), float(inhibiting), float(spread)]
    return _drawn(("dale", parameters), spins, fields, self_couplings, beta, seed, draw)


def _drawn(
    couplings: tuple[str, list[float]],
    spins: int,
    fields: Fields,
    self_couplings: bool,
    beta: float,
    seed: int,
    draw: int,
) -> KineticIsing:
    count = whole(spins, "spins", 1)
    # drawn, and copied once
    require_memory(f"the couplings of {count} spins", 16 * count**2)
    at = (whole(seed, "seed", 0), whole(draw, "draw", 0))
    return KineticIsing(
        _core.draw_couplings(couplings, count, bool(self_couplings), *at),
        _core.draw_fields(law(fields), count, *at),
        beta,
    )

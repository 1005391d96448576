"""Reaction systems from files and from arrays."""

from collections.abc import Mapping, Sequence
from os import PathLike, fspath

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import finite, matrix
from irrev._core import ReactionSystem
from irrev.exceptions import ModelError


def load(source: str | PathLike[str], *, set: Mapping[str, str | float] | None = None) -> ReactionSystem:
    """The reaction system of a model file or of SBML, given by its path or as text.

    Parameters
    ----------
    source : path or str
        A path; or the text itself, recognised by a line break or by the `<` of XML.
    set : mapping, optional
        Other values for numbers of the model, by dotted key, as in `{"species.A.initial": 2.0}`.

    Notes
    -----
    `irrev.load(path).reaction_system()` does the same; `.counts()` gives the model on molecule counts.

    Examples
    --------
    >>> from irrev.reactions import load
    >>> text = '''
    ... irrev = 1
    ... kind = "reactions"
    ... [species]
    ... A = 2.0
    ... B = 1.0
    ... [reactions]
    ... turn = { eq = "A <=> B", kf = 3.0, kr = 1.0 }
    ... '''
    >>> load(text, set={"reactions.turn.kf": 0.5}).flow([2.0, 1.0]).current
    array([0.])
    """
    overrides = None if set is None else dict(set)
    text = fspath(source)
    if "\n" in text or text.lstrip().startswith("<"):
        return _core.loads(text, "model", overrides).reaction_system()
    return _core.load(text, overrides).reaction_system()


def from_arrays(
    species: Sequence[str],
    *,
    reactants: npt.ArrayLike,
    products: npt.ArrayLike,
    forward_rate: npt.ArrayLike,
    backward_rate: npt.ArrayLike,
    names: Sequence[str] | None = None,
    chemostats: Mapping[str, float] | None = None,
    initial: npt.ArrayLike | None = None,
) -> ReactionSystem:
    """A mass-action system from matrices of stoichiometric coefficients.

    Parameters
    ----------
    species : sequence of str
        Names of the species, in the order of the columns; chemostats are among them.
    reactants, products : array_like, shape (reactions, species)
        Coefficients ν⁺ and ν⁻ from 0 on, whole or real.
    forward_rate, backward_rate : array_like, shape (reactions,)
        Constants k⁺ and k⁻ of j⁺ = k⁺ ∏ x^ν⁺ and j⁻ = k⁻ ∏ x^ν⁻.
    names : sequence of str, optional
        Names of the reactions; default "reaction 0", "reaction 1" and so on.
    chemostats : mapping of str to float, optional
        Which species are held, with their amounts.
    initial : array_like or mapping, optional
        Amounts of the dynamic species at time 0.

    Examples
    --------
    >>> from irrev.reactions import from_arrays
    >>> pair = from_arrays(["A", "B"], reactants=[[2, 0]], products=[[0, 1]], forward_rate=[1.0], backward_rate=[0.5])
    >>> pair.reactions[0].equation
    '2 A ⇌ B'
    """
    left, right = matrix(reactants, "reactants"), matrix(products, "products")
    if left.shape != right.shape or left.shape[1] != len(species):
        shapes = f"reactants and products have the shapes {left.shape} and {right.shape}"
        raise ModelError(f"{shapes}, expected both to be (reactions, {len(species)})")
    forward = finite(forward_rate, "forward_rate", len(left))
    backward = finite(backward_rate, "backward_rate", len(left))
    if names is None:
        names = [f"reaction {r}" for r in range(len(forward))]
    elif len(names) != len(forward):
        raise ModelError(f"names has {len(names)} entries, expected {len(forward)}")

    def side(row: npt.NDArray[np.float64]) -> dict[str, float]:
        return {name: float(nu) for name, nu in zip(species, row, strict=True) if nu != 0}

    held = dict(chemostats or {})
    return ReactionSystem(
        [name for name in species if name not in held],
        reactions=[
            (name, side(left[r]), side(right[r]), forward[r], backward[r])
            for r, name in enumerate(names)
        ],
        chemostats=held,
        initial=initial,
    )

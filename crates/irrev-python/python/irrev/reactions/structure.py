"""What stoichiometry alone decides: conservation laws, cycles, deficiency, and what chemostats break.

Conservation laws are the ℓ with ℓᵀS = 0, cycles the c with S c = 0, found exactly in whole numbers. Each chemostat breaks a conservation law, or
opens an emergent cycle: a combination of reactions that can run round for ever although it changes what is held.

References: Rao and Esposito, Phys. Rev. X 6, 041064 (2016); Polettini and Esposito, J. Chem. Phys. 141, 024117 (2014); Feinberg, Arch. Ration.
Mech. Anal. 49, 187 (1972).
"""

from typing import Annotated

from irrev import _core
from irrev._arrays import IntArray
from irrev._core import ReactionSystem
from irrev._record import Record, means


class ComplexGraph(Record):
    """Counts on the graph whose nodes are complexes and whose edges are reactions."""

    complexes: Annotated[int, means("", "Number of different complexes")]
    linkage_classes: Annotated[int, means("", "Number of connected components")]
    deficiency: Annotated[int, means("", "complexes - linkage classes - rank")]


class Structure(Record):
    """Null spaces and counts of a reaction system."""

    rank: Annotated[int, means("", "Rank of S on the dynamic species")]
    conservation_laws: Annotated[
        IntArray, means("", "Conserved combinations of the dynamic species, one row each; positive entries where possible")
    ]
    cycles: Annotated[IntArray, means("", "Cycles on the dynamic species, one row each, one column per reaction")]
    cycle_chords: Annotated[IntArray, means("", "Reaction of each cycle that no other cycle holds")]
    closed_rank: Annotated[int, means("", "Rank of S with nothing held")]
    closed_conservation_laws: Annotated[
        IntArray, means("", "Conservation laws with nothing held, one row each, one column per species")
    ]
    broken_conservation_laws: Annotated[IntArray, means("", "Those that the chemostats break")]
    emergent_cycles: Annotated[IntArray, means("", "Cycles that exist only because species are held")]
    closed: Annotated[ComplexGraph, means("", "Graph of complexes with nothing held")]
    open: Annotated[ComplexGraph, means("", "The same on the dynamic species alone")]


def structure(system: ReactionSystem, *, counted: bool = False) -> Structure:
    """Conservation laws, cycles and deficiency of a system.

    Parameters
    ----------
    system : ReactionSystem
    counted : bool
        Look only at the reactions that count in the thermodynamics, not at all of them.

    Examples
    --------
    >>> from irrev.reactions import ReactionSystem, structure
    >>> enzyme = ReactionSystem(
    ...     ["E", "ES"],
    ...     chemostats={"S": 2.0, "P": 0.1},
    ...     reactions=[("bind", "E + S <=> ES", 2.0, 0.5), ("release", "ES <=> E + P", 1.0, 0.3)],
    ... )
    >>> found = structure(enzyme)
    >>> found.conservation_laws.tolist(), found.emergent_cycles.tolist()
    ([[1, 1]], [[1, 1]])
    """
    fields = _core.reaction_structure(system, counted)
    fields["closed"] = ComplexGraph(**fields["closed"])
    fields["open"] = ComplexGraph(**fields["open"])
    return Structure(**fields)

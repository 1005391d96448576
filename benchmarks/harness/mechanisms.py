"""A synthetic mechanism of the kind that combustion has, as a model file and as SBML.

Species are C_c H_h O_o up to some size. Reactions exchange atoms between two species, or split one in two, and conserve every element. Rates in the two
directions follow from potentials, so that a closed vessel would come to equilibrium; held species drive it.
"""

from dataclasses import dataclass
from itertools import combinations_with_replacement, product
from pathlib import Path

import numpy as np

Side = dict[str, int]


@dataclass(frozen=True)
class Mechanism:
    """Species, the held ones with their amounts, reactions (reactants, products, k⁺, k⁻), and amounts of the others at a state far from equilibrium."""

    species: list[str]
    held: dict[str, float]
    reactions: list[tuple[Side, Side, float, float]]
    amounts: dict[str, float]


def formula(atoms: tuple[int, ...]) -> str:
    return "".join(f"{element}{n}" for element, n in zip("CHO", atoms, strict=True) if n)


def mechanism(largest: tuple[int, int, int], reactions: int, seed: int) -> Mechanism:
    """So many reactions drawn from all that conserve C, H and O among the species with at most so many atoms of each."""
    random = np.random.default_rng(seed)
    atoms = sorted(set(product(*(range(n + 1) for n in largest))) - {(0, 0, 0)}, key=lambda a: (sum(a), a))
    by_content: dict[tuple[int, ...], list[list[tuple[int, ...]]]] = {}
    for size in (1, 2):
        for members in combinations_with_replacement(atoms, size):
            by_content.setdefault(tuple(map(sum, zip(*members, strict=True))), []).append([*members])
    possible = [(a, b) for sides in by_content.values() for k, a in enumerate(sides) for b in sides[k + 1 :] if not set(a) & set(b)]
    # first a reaction for every species, in turn, so that none stays alone
    order = random.permutation(len(possible))
    chosen: dict[int, None] = {}
    for species in atoms:
        chosen.setdefault(next(int(k) for k in order if species in possible[k][0] or species in possible[k][1]))
    for k in order:
        if len(chosen) == reactions:
            break
        chosen.setdefault(int(k))
    potential = {a: random.normal(0.0, 0.5) for a in atoms}

    def side(of: list[tuple[int, ...]]) -> Side:
        return {formula(a): of.count(a) for a in of}

    written = []
    for k in chosen:
        a, b = possible[k]
        speed = random.normal(0.0, 1.5)
        half = (sum(potential[x] for x in a) - sum(potential[x] for x in b)) / 2
        written.append((side(a), side(b), float(np.exp(speed + half)), float(np.exp(speed - half))))
    names = [formula(a) for a in atoms]
    held = {"C1H4": 2.0, "O2": 1.0, "C1O2": 0.1, "H2O1": 0.1}
    amounts = {name: float(np.exp(random.normal(-1.0, 1.0))) for name in names if name not in held}
    return Mechanism(names, held, written, amounts)


def as_model_file(given: Mechanism) -> str:
    def side(of: Side) -> str:
        return " + ".join(f"{n} {name}" if n > 1 else name for name, n in of.items())

    species = [f"{name} = {{ chemostat = {given.held[name]!r} }}" if name in given.held else f"{name} = {given.amounts[name]!r}" for name in given.species]
    reactions = [
        f'r{k} = {{ eq = "{side(a)} <=> {side(b)}", kf = {forward!r}, kr = {backward!r} }}'
        for k, (a, b, forward, backward) in enumerate(given.reactions)
    ]
    return "\n".join(["irrev = 1", 'kind = "reactions"', "[species]", *species, "[reactions]", *reactions, ""])


def as_sbml(given: Mechanism) -> str:
    def references(tag: str, of: Side) -> str:
        each = "".join(f'<speciesReference species="{name}" stoichiometry="{n}" constant="true"/>' for name, n in of.items())
        return f"<listOf{tag}>{each}</listOf{tag}>" if each else ""

    def flux(constant: float, of: Side) -> str:
        factors = "".join(
            f"<ci>{name}</ci>" if n == 1 else f"<apply><power/><ci>{name}</ci><cn>{n}</cn></apply>" for name, n in of.items()
        )
        return f"<apply><times/><cn>{constant!r}</cn>{factors}</apply>"

    species = "".join(
        f'<species id="{name}" compartment="vessel" initialConcentration="{given.held.get(name, given.amounts.get(name))!r}" '
        f'hasOnlySubstanceUnits="false" boundaryCondition="{"true" if name in given.held else "false"}" '
        f'constant="{"true" if name in given.held else "false"}"/>\n'
        for name in given.species
    )
    reactions = "".join(
        f'<reaction id="r{k}" reversible="true">{references("Reactants", a)}{references("Products", b)}<kineticLaw>'
        f'<math xmlns="http://www.w3.org/1998/Math/MathML"><apply><minus/>{flux(forward, a)}{flux(backward, b)}</apply></math>'
        "</kineticLaw></reaction>\n"
        for k, (a, b, forward, backward) in enumerate(given.reactions)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">'
        '<model id="mechanism"><listOfCompartments><compartment id="vessel" spatialDimensions="3" size="1" constant="true"/></listOfCompartments>\n'
        f"<listOfSpecies>{species}</listOfSpecies>\n<listOfReactions>{reactions}</listOfReactions></model></sbml>\n"
    )


def write(given: Mechanism, folder: Path) -> None:
    """Both files."""
    (folder / "model.toml").write_text(as_model_file(given))
    (folder / "model.xml").write_text(as_sbml(given))

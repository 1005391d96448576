"""Hard-core bosons: ranks, spectra, symmetry blocks, Lanczos coefficients, reduced states, echoes, canonical averages and eigenstate thermalisation.

The tolerance of these kinds is a sentence. "abs e" and "rel e" stand for themselves, a relative one with a floor of 1e-9; a clause that names a key holds for that key only, and the first
one for all that none names. Counts are exact in any case. An expected list has one row for each question, in the order of the inputs.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from irrev.quantum import (
    Hamiltonian,
    Lattice,
    Sector,
    canonical_state,
    diagonalise,
    echoes,
    eigenstate_thermalisation,
    elements,
    evolve,
    gap_ratio,
    lanczos_coefficients,
    observable,
    reduced_state,
)
from judging import Answers, Case, Judged, Kind, deviation

FLOOR = 1e-9
"""Absolute tolerance beside every relative one."""

COUNTS = {"dim", "index", "distinct_levels", "lowest_level_multiplicities", "n_window", "L", "N", "k"}
"""Keys that are whole numbers."""

CLASSES = {"traces": ("tr_H", "tr_H2", "tr_H3"), "dims": ("dim",)}
"""Words for several keys."""


def allowed(case: Case, key: str) -> tuple[float, float]:
    """Relative and absolute tolerance of a key."""
    if key in COUNTS:
        return 0.0, 0.0
    first: tuple[float, float] | None = None
    for clause in re.split(r"[;,()]", case.tolerance["text"]):
        found = re.search(r"\b(abs|rel)\s+([0-9.]+(?:e[+-]?[0-9]+)?)", clause)
        if not found:
            continue
        size = float(found.group(2))
        here = (0.0, size) if found.group(1) == "abs" else (size, FLOOR)
        words = set(re.findall(r"\w+", clause))
        if key in words or any(key in CLASSES.get(word, ()) for word in words):
            return here
        first = first or here
    return first or (0.0, 0.0)


def off(case: Case, key: str, expected: Any, got: Any) -> float:
    """Deviation of one answer in units of its tolerance."""
    return deviation(expected, got, *allowed(case, key))


def row_off(case: Case, expected: Mapping[str, Any], got: Mapping[str, Any]) -> float:
    """Largest deviation in a row; a key that the row does not have is as wrong as can be."""
    parts = [off(case, key, value, got[key]) if key in got else math.inf for key, value in expected.items()]
    return max(parts, default=0.0)


def rows_off(case: Case, expected: Sequence[Mapping[str, Any]], got: Sequence[Mapping[str, Any]]) -> Judged:
    """Largest deviation among rows that follow one another as the inputs do."""
    if len(expected) != len(got):
        return Judged(math.inf)
    return Judged(max((row_off(case, e, g) for e, g in zip(expected, got, strict=True)), default=0.0))


def by_key(case: Case, answers: Answers) -> Answers:
    """The same answers, judged by the sentence of the case."""

    def judged(key: str, answer: Callable[[], Any]) -> Callable[[], Judged]:
        return lambda: Judged(off(case, key, case.expected[key], answer()))

    return {key: judged(key, answer) for key, answer in answers.items()}


def pair(z: complex) -> list[float]:
    """A complex number as reference files write it."""
    return [float(np.real(z)), float(np.imag(z))]


def lattice_model(lattice: Mapping[str, Any], couplings: Mapping[str, Any] | None = None) -> Hamiltonian:
    """H from a lattice with its couplings, or others on the same bonds."""
    given = couplings or lattice
    bonds = Lattice.from_bonds(lattice["sites"], lattice["bonds"])
    return Hamiltonian.on_lattice(bonds, hoppings=given["J"], interactions=given["V"], energies=given["w"])


def local(name: str, sites: int, i: int, j: int | None) -> Hamiltonian:
    """n_i, n_i n_j or c_i† c_j + h.c."""
    if name == "n":
        return observable.density(sites, site=i)
    if j is None:
        raise ValueError(f"{name} needs two sites")
    return {"nn": observable.pair_density, "hop": observable.hopping}[name](sites, pair=(i, j))


def reflections(nx: int, ny: int) -> list[list[int]]:
    """x → nx - 1 - x and y → ny - 1 - y for site x + nx y."""
    sites = range(nx * ny)
    return [[nx - 1 - i % nx + nx * (i // nx) for i in sites], [i % nx + nx * (ny - 1 - i // nx) for i in sites]]


def rank(case: Case) -> Answers:
    sector = Sector(case.inputs["L"], case.inputs["N"])
    states = [int(state) for state in case.inputs["states"]]
    return by_key(case, {"dim": lambda: sector.dimension, "index": lambda: sector.rank(states)})


def spec(case: Case) -> Answers:
    found = diagonalise(lattice_model(case.inputs["lattice"]), particles=case.inputs["N"], states=False)
    energies = found.energies
    # a level is another one if it lies more than 1e-8 above
    first = np.flatnonzero(np.diff(energies, prepend=-math.inf) > 1e-8)
    multiplicities = np.diff(np.append(first, len(energies)))
    return by_key(
        case,
        {
            "dim": lambda: found.dimension,
            "tr_H": lambda: math.fsum(energies),
            "tr_H2": lambda: math.fsum(energies**2),
            "tr_H3": lambda: math.fsum(energies**3),
            "log_Z_beta_0p3": lambda: canonical_state(energies, beta=0.3).log_partition,
            "distinct_levels": lambda: len(first),
            "eigenvalues": lambda: energies,
            "lowest": lambda: energies[:12],
            "highest": lambda: energies[-12:],
            "lowest_level_multiplicities": lambda: multiplicities[:8],
        },
    )


def sym(case: Case) -> Answers:
    if "L" in case.inputs:
        ring = Lattice.chain(case.inputs["L"], periodic=True)
        couplings = {"hopping": case.inputs["J"], "interaction": case.inputs["V"], "energy": case.inputs["w"]}
        model = Hamiltonian.uniform(ring, **couplings)
        generators = [[(i + 1) % ring.sites for i in range(ring.sites)]]
    else:
        model = lattice_model(case.inputs["lattice"])
        generators = reflections(case.inputs["nx"], case.inputs["ny"])
    found = diagonalise(model, particles=case.inputs["N"], symmetries=generators, states=False)

    def label(key: str) -> tuple[int, ...]:
        """A momentum, or the signs of two reflections."""
        return tuple({"+1": 0, "-1": 1}[sign] for sign in key.split(",")) if "," in key else (int(key),)

    def block(key: str) -> dict[str, Any]:
        energies = found.block(label(key)) if label(key) in found.labels else np.empty(0)
        return {
            "dim": len(energies),
            "eigenvalues": energies,
            "lowest": energies[:5],
            "highest": energies[-3:],
            "sum": math.fsum(energies),
        }

    def judged(key: str) -> Callable[[], Judged]:
        return lambda: Judged(row_off(case, case.expected[key], block(key)))

    return {key: judged(key) for key in case.expected}


def rdm(case: Case) -> Answers:
    model, particles = lattice_model(case.inputs["lattice"]), case.inputs["N"]
    state = diagonalise(model, particles=particles).state(case.inputs["eigen_index"])

    def row(sites: list[int], expected: Mapping[str, Any]) -> dict[str, Any]:
        found = reduced_state(state, sector=Sector(model.sites, particles), sites=sites)
        # those listed are the largest, and zeros follow them
        listed = len(expected["eigenvalues_desc"])
        descending = found.eigenvalues[::-1]
        rest = off(case, "eigenvalues_desc", [0.0] * len(descending[listed:]), descending[listed:])
        return {
            "subsystem": sites,
            "eigenvalues_desc": descending[:listed] if rest <= 1.0 else [math.nan] * listed,
            "entropy": found.entropy,
            "purity": found.purity,
            "diag": found.probabilities,
        }

    expected = case.expected["rows"]
    subsystems = zip(case.inputs["subsystems"], expected, strict=True)
    return {"rows": lambda: rows_off(case, expected, [row(sites, there) for sites, there in subsystems])}


def echo(case: Case) -> Answers:
    lattice, particles, times = case.inputs["lattice"], case.inputs["N"], case.inputs["times"]
    model, back = lattice_model(lattice), lattice_model(lattice, case.inputs["H_prime"])
    sector = Sector(model.sites, particles)
    start = sector.occupation_state(int(case.inputs["psi0"]))
    densities = [observable.density(model.sites, site=i) for i in range(model.sites)]

    def rows() -> list[dict[str, Any]]:
        found = echoes(model, back=back, particles=particles, start=start, times=times)
        states = evolve(model, particles=particles, start=start, times=times).states
        half = range(model.sites // 2)
        return [
            {
                "t": times[k],
                "return_probability": found.return_probabilities[k],
                "amplitude": pair(found.amplitudes[k]),
                "loschmidt_echo": found.loschmidt_echoes[k],
                "density": [n.mean_energy(state, particles=particles) for n in densities],
                "energy": model.mean_energy(state, particles=particles),
                "norm": float(np.linalg.norm(state)),
                "half_entropy": reduced_state(state, sector=sector, sites=list(half)).entropy,
            }
            for k, state in enumerate(states)
        ]

    return {"rows": lambda: rows_off(case, case.expected["rows"], rows())}


def lanczos(case: Case) -> Answers:
    model, particles = lattice_model(case.inputs["lattice"]), case.inputs["N"]
    start = Sector(model.sites, particles).occupation_state(int(case.inputs["psi0"]))
    steps = case.inputs["steps"]
    found = lanczos_coefficients(model, particles=particles, start=start, steps=steps)
    # the coefficients know one moment more than is listed
    answers = {"alpha": lambda: found.alpha, "beta": lambda: found.beta, "moments": lambda: found.moments[:steps]}
    return by_key(case, answers)


def ensemble(case: Case) -> Answers:
    model, particles = lattice_model(case.inputs["lattice"]), case.inputs["N"]
    name, i, *rest = case.inputs["op"]
    measured = local(name, model.sites, i, rest[0] if rest else None)

    def rows() -> list[dict[str, Any]]:
        found = elements(diagonalise(model, particles=particles), observable=measured)
        states = [canonical_state(found.energies, beta=row["beta"]) for row in case.expected["rows"]]
        return [
            {
                "beta": state.beta,
                "logZ": state.log_partition,
                "energy": state.energy,
                "heat_capacity": state.heat_capacity,
                "entropy": state.entropy,
                "O": state.mean(found.diagonal),
                "D_eff": state.effective_dimension,
            }
            for state in states
        ]

    return {"rows": lambda: rows_off(case, case.expected["rows"], rows())}


def eth(case: Case) -> Answers:
    def row(given: Mapping[str, Any]) -> dict[str, Any]:
        model = lattice_model(given["lattice"])
        spectrum = diagonalise(model, particles=given["N"])
        found = eigenstate_thermalisation(
            spectrum,
            observable=local(given["op"], model.sites, given["i"], given.get("j")),
            beta=case.inputs["beta_c"],
            half_width=case.inputs["half_width_per_site"] * model.sites,
        )
        gaps = gap_ratio(spectrum.energies)
        return {
            "L": model.sites,
            "N": given["N"],
            "dim": spectrum.dimension,
            "min_gap": found.smallest_gap,
            "E_center": found.centre,
            "n_window": found.count,
            "mean_mc": found.mean,
            "var_weak": found.variance,
            "max_dev_strong": found.largest_deviation,
            "canonical_mean": found.canonical_mean,
            "canonical_var_of_diag": found.canonical_variance,
            "mean_gap_ratio_middle_half": None if gaps is None else gaps.mean,
            "offdiag_var_window": found.off_diagonal,
        }

    return {"rows": lambda: rows_off(case, case.expected["rows"], [row(given) for given in case.inputs["rows"]])}


KINDS: dict[str, Kind] = {
    "rank": rank,
    "spec": spec,
    "sym": sym,
    "rdm": rdm,
    "echo": echo,
    "lanczos": lanczos,
    "ensemble": ensemble,
    "eth": eth,
}

"""How fast is a quantum state of hard-core bosons mapped, evolved, and a Hamiltonian diagonalised?"""

from collections.abc import Mapping
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix

from harness.task import Case, Irrev, Measurement, Peer, Target, save_inputs

SMALL, MIDDLE, LARGE = "H ψ, 184 756 states", "H ψ, 1 081 575 states", "H ψ, 2 704 156 states"
EVOLUTION, LEVELS = "evolution to t = 10, 184 756 states", "all eigenstates, 3003 states"
NOTES = (
    "Hard-core bosons on open grids of 5 × 4, 5 × 5 and 6 × 4 sites with 10, 8 and 12 particles, J = 1, V = 0.1, w = 1, complex vectors; 3003 states: 5 × 3 sites, 5 particles.",
    "QuSpin, stored: its sparse matrix, whose building is not counted. QuSpin, matrix-free: `quantum_LinearOperator`. irrev stores nothing for a state but two vectors.",
    "Evolution: QuSpin's `ExpmMultiplyParallel`, and Lanczos with 25 vectors in 20 steps; irrev's Chebyshev expansion at 1e-12.",
    "All eigenstates: NumPy's `eigh` of the dense matrix; irrev without symmetries, and in blocks of the grid's two reflections.",
    "The error of H ψ is that of ⟨ψ|H|ψ⟩ for a fixed ψ, relative; of the evolution the largest error of an occupation; of eigenstates that of Σ E², relative. All against sums over occupations.",
)
CASES = (
    Case(SMALL, {"what": "product", "shape": [5, 4], "particles": 10, "calls": 20}, repetitions=5, peer_repetitions=2),
    Case(MIDDLE, {"what": "product", "shape": [5, 5], "particles": 8, "calls": 4}, repetitions=5, peer_repetitions=1),
    Case(LARGE, {"what": "product", "shape": [6, 4], "particles": 12, "calls": 2}, repetitions=3, peer_repetitions=1),
    Case(EVOLUTION, {"what": "evolution", "shape": [5, 4], "particles": 10, "calls": 1}, repetitions=5, peer_repetitions=2),
    Case(LEVELS, {"what": "levels", "shape": [5, 3], "particles": 5, "calls": 1}, repetitions=3),
)
QUICK_CASES = (
    Case("H ψ, 924 states", {"what": "product", "shape": [4, 3], "particles": 6, "calls": 20}),
    Case("evolution, 924 states", {"what": "evolution", "shape": [4, 3], "particles": 6, "calls": 1}),
    Case("all eigenstates, 495 states", {"what": "levels", "shape": [4, 3], "particles": 4, "calls": 1}),
)
IRREV = (Irrev(threads=(1, 2)),)
TARGETS = (
    *(Target(case, "product", "ratio", 0.65, peer="QuSpin, stored") for case in (SMALL, MIDDLE, LARGE)),
    *(Target(case, "product", "ratio", 1 / 40, peer="QuSpin, matrix-free") for case in (SMALL, MIDDLE, LARGE)),
    Target(EVOLUTION, "evolution", "ratio", 0.25),
    Target(EVOLUTION, "evolution", "accuracy", 1e-10),
    Target(LEVELS, "levels", "ratio", 1.3, peer="NumPy"),
    Target(LEVELS, "levels, by symmetry", "ratio", 0.4, peer="NumPy"),
)

TIME = 10.0
GOLDEN = 0.6180339887498949


def bonds(shape: tuple[int, int]) -> list[tuple[int, int]]:
    """Of an open grid, rows one after the other."""
    columns, rows = shape
    across = [(x + columns * y, x + 1 + columns * y) for y in range(rows) for x in range(columns - 1)]
    return across + [(x + columns * y, x + columns * (y + 1)) for y in range(rows - 1) for x in range(columns)]


def prepare(folder: Path, parameters: Mapping[str, Any]) -> None:
    save_inputs(folder, {}, parameters)


def words_of(sites: int, particles: int) -> np.ndarray:
    """All occupations in ascending order; bit i is site i."""
    found = np.zeros(comb(sites, particles), dtype=np.int64)
    word, last = (1 << particles) - 1, 1 << sites
    for place in range(len(found)):
        found[place] = word
        low = word & -word
        high = word + low
        word = high | (((word ^ high) >> 2) // low)
    assert particles == 0 or word >= last
    return found


def state(words: np.ndarray) -> np.ndarray:
    """A fixed vector: amplitudes of modulus and phase that look random."""
    fraction = np.modf(words * GOLDEN)[0]
    psi = (1.0 + fraction) * np.exp(2j * np.pi * np.modf(words * GOLDEN * GOLDEN)[0])
    return psi / np.linalg.norm(psi)


def occupations(words: np.ndarray, psi: np.ndarray, sites: int) -> np.ndarray:
    weights = np.abs(psi) ** 2
    return np.array([weights[words >> site & 1 == 1].sum() for site in range(sites)])


def matrix(words: np.ndarray, shape: tuple[int, int]) -> csr_matrix:
    """H, bond by bond."""
    pairs, sites = bonds(shape), shape[0] * shape[1]
    diagonal = sum((words >> site & 1).astype(float) for site in range(sites))
    places = np.arange(len(words))
    rows, columns = [places], [places]
    for i, j in pairs:
        diagonal = diagonal + 0.1 * (words >> i & words >> j & 1)
        moves = places[(words >> i ^ words >> j) & 1 == 1]
        rows.append(moves)
        columns.append(np.searchsorted(words, words[moves] ^ (1 << i | 1 << j)))
    entries = np.concatenate([diagonal, -np.ones(sum(len(r) for r in rows[1:]))])
    return csr_matrix((entries, (np.concatenate(rows), np.concatenate(columns))), shape=(len(words), len(words)))


def size(measurement: Measurement) -> tuple[tuple[int, int], int]:
    columns, rows = measurement.parameter("shape")
    return (columns, rows), columns * rows


def quspin(measurement: Measurement, stored: bool) -> tuple[Any, Any, np.ndarray, np.ndarray]:
    """Its Hamiltonian, basis, words with site 0 in bit 0, and the fixed vector in its order."""
    from quspin.basis import boson_basis_general
    from quspin.operators import hamiltonian, quantum_LinearOperator

    shape, sites = size(measurement)
    basis = boson_basis_general(sites, Nb=measurement.parameter("particles"), sps=2)
    pairs = bonds(shape)
    hops = [[-1.0, i, j] for i, j in pairs]
    terms = [["+-", hops], ["-+", hops], ["nn", [[0.1, i, j] for i, j in pairs]], ["n", [[1.0, i] for i in range(sites)]]]
    checks = {"check_herm": False, "check_symm": False, "check_pcon": False}
    if stored:
        h = hamiltonian(terms, [], basis=basis, dtype=np.float64, **checks)
    else:
        h = quantum_LinearOperator(terms, basis=basis, dtype=np.float64, **checks)
    theirs = basis.states.astype(np.int64)
    # site 0 is their most significant bit
    words = sum((theirs >> (sites - 1 - site) & 1) << site for site in range(sites))
    return h, basis, words, state(words)


def product(measurement: Measurement, stored: bool) -> None:
    h, _, _, psi = quspin(measurement, stored)
    calls = measurement.parameter("calls")
    image = h.dot(psi)
    for _ in range(3):
        with measurement.time("product", calls):
            for _ in range(calls):
                image = h.dot(psi)
    measurement.numbers["energy"] = float(np.vdot(psi, image).real)


def by_stored(measurement: Measurement) -> None:
    what = measurement.parameter("what")
    if what == "product":
        product(measurement, True)
    if what == "evolution":
        from quspin.tools.evolution import ExpmMultiplyParallel

        h, _, words, psi = quspin(measurement, True)
        exponential = ExpmMultiplyParallel(h.tocsr(), a=-1j * TIME, dtype=np.complex128)
        with measurement.time("evolution"):
            psi = exponential.dot(psi)
        measurement.arrays["occupations"] = occupations(words, psi, size(measurement)[1])


def by_operator(measurement: Measurement) -> None:
    if measurement.parameter("what") == "product":
        product(measurement, False)


def by_lanczos(measurement: Measurement) -> None:
    if measurement.parameter("what") != "evolution":
        return
    from quspin.tools.lanczos import expm_lanczos, lanczos_full

    h, _, words, psi = quspin(measurement, True)
    with measurement.time("evolution"):
        for _ in range(20):
            energies, vectors, krylov = lanczos_full(h, psi, 25)
            psi = expm_lanczos(energies, vectors, krylov, a=-1j * TIME / 20)
    measurement.arrays["occupations"] = occupations(words, psi, size(measurement)[1])


def by_numpy(measurement: Measurement) -> None:
    if measurement.parameter("what") != "levels":
        return
    shape, sites = size(measurement)
    words = words_of(sites, measurement.parameter("particles"))
    dense = matrix(words, shape).toarray()
    with measurement.time("levels"):
        energies, _ = np.linalg.eigh(dense)
    # what irrev's blocks are to be compared with is the same matrix
    measurement.phases["levels, by symmetry"] = measurement.phases["levels"]
    measurement.numbers["squares"] = float((energies**2).sum())


PEERS = (Peer("QuSpin, stored", by_stored), Peer("QuSpin, matrix-free", by_operator), Peer("QuSpin, Lanczos", by_lanczos), Peer("NumPy", by_numpy))


def exact(folder: Path, parameters: Mapping[str, Any]) -> np.ndarray:
    """What a run should have found, computed once."""
    place = folder / "exact.npy"
    if not place.exists():
        shape = tuple(parameters["shape"])
        words = words_of(shape[0] * shape[1], parameters["particles"])
        psi = state(words)
        if parameters["what"] == "product":
            found = np.array([np.vdot(psi, matrix(words, shape) @ psi).real])
        elif parameters["what"] == "evolution":
            found = occupations(words, taylor(words, psi, shape), shape[0] * shape[1])
        else:
            # the trace of H²
            found = np.array([(matrix(words, shape).data ** 2).sum()])
        np.save(place, found)
    loaded: np.ndarray = np.load(place)
    return loaded


def taylor(words: np.ndarray, psi: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """e^{−iHt} ψ by its power series in short steps: slow and simple."""
    h, steps = matrix(words, shape), 200
    for _ in range(steps):
        term, total = psi, psi
        for order in range(1, 30):
            term = (h @ term) * (-1j * TIME / steps / order)
            total = total + term
            if np.linalg.norm(term) < 1e-17:
                break
        psi = total
    return psi


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    import json

    parameters = json.loads((folder / "parameters.json").read_text())
    numbers = json.loads((outputs / "numbers.json").read_text())
    expected = exact(folder, parameters)
    if "energy" in numbers:
        return {"product": abs(numbers["energy"] / expected[0] - 1)}
    if (outputs / "occupations.npy").exists():
        return {"evolution": float(np.abs(np.load(outputs / "occupations.npy") - expected).max())}
    names = {"squares": "levels", "squares by symmetry": "levels, by symmetry"}
    return {phase: abs(numbers[name] / expected[0] - 1) for name, phase in names.items() if name in numbers}

"""How long does the distance W₁ between two distributions on a grid take?"""

from pathlib import Path

import numpy as np

from harness.networks import grid
from harness.task import Case, Irrev, Measurement, Peer, Target, save_inputs

#: Mass in units that the peers with whole numbers need.
UNITS = 10**6

NOTES = (
    "Open square grid, all edges of length 1; two random distributions (Dirichlet, then multinomial with a million draws, seed 3), so that every mass is a whole "
    "number of millionths and all solvers have the same problem.",
    "irrev works on the edges with real masses, and returns flow, potential and a certified interval. OR-tools' minimum cost flow (cost scaling) works on the "
    "edges with whole numbers; networkx' network simplex is plain Python. POT works on the matrix of all distances, which is given; "
    "“net” gives it only the states that have a surplus and those that lack.",
    "Building a peer's problem from arrays counts for OR-tools, whose solver owns it; distances for POT, and networkx' graph, do not.",
    "The error is |W₁ − the exact value| / W₁; the exact value is computed in whole numbers by SciPy's HiGHS.",
)
CASES = (
    Case("32 × 32", {"side": 32, "repetitions": 20}, repetitions=5, peer_repetitions=3),
    Case("64 × 64", {"side": 64, "repetitions": 5}, repetitions=5, peer_repetitions=2),
    Case("128 × 128", {"side": 128, "repetitions": 1}, repetitions=5, peer_repetitions=3),
)
QUICK_CASES = (Case("16 × 16", {"side": 16, "repetitions": 1}),)
IRREV = (Irrev(threads=(1,)),)
TARGETS = (
    Target(CASES[0].name, "distance", "ratio", 1.0, peer="OR-tools"),
    Target(CASES[2].name, "distance", "ratio", 1.0, peer="OR-tools"),
    Target(CASES[0].name, "distance", "ratio", 0.1, peer="POT"),
    Target(CASES[0].name, "distance", "accuracy", 1e-12),
    Target(CASES[2].name, "distance", "accuracy", 1e-12),
)


def prepare(folder: Path, parameters: dict[str, int]) -> None:
    side, random = parameters["side"], np.random.default_rng(3)
    counts = [random.multinomial(UNITS, random.dirichlet(np.ones(side * side))) for _ in range(2)]
    edges = grid(side)
    arrays = {"edges": edges, "from": counts[0] / UNITS, "to": counts[1] / UNITS, "exact": np.array([exact(edges, counts[0] - counts[1])])}
    save_inputs(folder, arrays, parameters)


def exact(edges: np.ndarray, supply: np.ndarray) -> float:
    """The least number of units times edges, by linear programming; it is whole, so that rounding it is exact."""
    import scipy.sparse as sp
    from scipy.optimize import linprog

    number, edge = len(edges), np.arange(len(edges))
    ends = (np.r_[np.ones(number), -np.ones(number)], (np.r_[edges[:, 0], edges[:, 1]], np.r_[edge, edge]))
    leaving = sp.csr_matrix(ends, shape=(len(supply), number))
    found = linprog(np.ones(2 * number), A_eq=sp.hstack([leaving, -leaving]), b_eq=supply, bounds=(0, None), method="highs")
    return float(round(found.fun)) / UNITS


def units(measurement: Measurement, name: str) -> np.ndarray:
    return np.rint(measurement.array(name) * UNITS).astype(np.int64)


def distances(side: int, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Steps between sites of the grid."""
    place = np.stack(np.divmod(np.arange(side * side), side), 1)
    steps: np.ndarray = np.abs(place[rows, None] - place[None, columns]).sum(-1).astype(float)
    return steps


def by_ortools(measurement: Measurement) -> None:
    from ortools.graph.python import min_cost_flow

    edges, supply = measurement.array("edges"), units(measurement, "from") - units(measurement, "to")
    tails, heads = np.r_[edges[:, 0], edges[:, 1]].astype(np.int32), np.r_[edges[:, 1], edges[:, 0]].astype(np.int32)
    for _ in range(measurement.parameter("repetitions")):
        with measurement.time("distance"):
            solver = min_cost_flow.SimpleMinCostFlow()
            solver.add_arcs_with_capacity_and_unit_cost(tails, heads, np.full(len(tails), UNITS), np.ones(len(tails), np.int64))
            solver.set_nodes_supplies(np.arange(len(supply), dtype=np.int32), supply)
            if solver.solve() != solver.OPTIMAL:
                raise RuntimeError("not optimal")
    measurement.arrays["distance"] = np.array([solver.optimal_cost() / UNITS])


def by_networkx(measurement: Measurement) -> None:
    import networkx as nx

    if measurement.parameter("side") > 32:
        return
    graph = nx.DiGraph()
    for state, demand in enumerate(units(measurement, "to") - units(measurement, "from")):
        graph.add_node(state, demand=int(demand))
    for tail, head in measurement.array("edges"):
        graph.add_edge(int(tail), int(head), weight=1)
        graph.add_edge(int(head), int(tail), weight=1)
    with measurement.time("distance"):
        cost, _ = nx.network_simplex(graph)
    measurement.arrays["distance"] = np.array([cost / UNITS])


def by_pot(measurement: Measurement) -> None:
    import ot

    side = measurement.parameter("side")
    if side > 32:
        return
    everywhere = np.arange(side * side)
    matrix = distances(side, everywhere, everywhere)
    for _ in range(3):
        with measurement.time("distance"):
            value = ot.emd2(measurement.array("from"), measurement.array("to"), matrix, numItermax=10**7)
    measurement.arrays["distance"] = np.array([value])


def by_pot_net(measurement: Measurement) -> None:
    import ot

    side = measurement.parameter("side")
    if side > 64:
        return
    surplus = measurement.array("from") - measurement.array("to")
    sources, targets = np.flatnonzero(surplus > 0), np.flatnonzero(surplus < 0)
    given, wanted = surplus[sources], -surplus[targets]
    matrix, mass = distances(side, sources, targets), given.sum()
    with measurement.time("distance"):
        value = ot.emd2(given / mass, wanted / wanted.sum(), matrix, numItermax=10**7) * mass
    measurement.arrays["distance"] = np.array([value])


PEERS = (Peer("OR-tools", by_ortools), Peer("networkx", by_networkx), Peer("POT", by_pot), Peer("POT net", by_pot_net))


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    if not (outputs / "distance.npy").exists():
        return {}
    exact_value = float(np.load(folder / "exact.npy")[0])
    return {"distance": abs(float(np.load(outputs / "distance.npy")[0]) / exact_value - 1.0)}

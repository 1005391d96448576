"""How long does everything about a small network take: entropy production, three splits of it, cycles, uncertainty relations?"""

import json
from decimal import Decimal, localcontext
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from harness.exact import solved
from harness.task import Case, Irrev, Measurement, Peer, Target, save_inputs

NOTES = (
    "A random network of 30 states and 67 edges (38 cycles), whose exact values have more than 16 digits (irrev's own reference values, computed by "
    "independent means): stationary state, flow, geometric, Hatano–Sasa and information-geometric split, fundamental cycles with affinities and "
    "currents, and the uncertainty product of a current with normal weights (seed 11).",
    "irrev: one call of overview from Rust; irrev from Python: the same through the Python package. Each run is a process with 21 samples.",
    "The peer is our own dense NumPy, written for clarity and not tuned: no released package gives all of this. Its information-geometric split is by "
    "SciPy's trust-exact with gradient and Hessian.",
    "The error is the largest over all values, relative to the largest entry of each array. irrev certifies the information-geometric excess to "
    "1e-10 of itself or better.",
)
CASES = (Case("30 states", {}, repetitions=5),)
QUICK_CASES = CASES
IRREV = (Irrev(threads=(1,)),)
TARGETS = (
    Target("30 states", "overview", "seconds", 1e-4),
    Target("30 states", "overview", "seconds", 1e-3, label="irrev from Python"),
    Target("30 states", "overview", "accuracy", 1e-9),
)

REFERENCE = Path(__file__).resolve().parents[2] / "crates/irrev-network/tests/data/reference.json"
SAMPLES = 21


def case() -> dict[str, Any]:
    return next(entry for entry in json.loads(REFERENCE.read_text()) if entry["id"] == "random30")


def weights(edges: int) -> np.ndarray:
    return np.random.default_rng(11).normal(size=edges)


def prepare(folder: Path, parameters: dict[str, Any]) -> None:
    given = case()["inputs"]
    rows = given["edges"]
    arrays = {
        "edges": np.array([row[:2] for row in rows], dtype=np.int64),
        "forward": np.array([row[2] for row in rows]),
        "backward": np.array([row[3] for row in rows]),
        "distribution": np.array(given["p"]),
        "weights": weights(len(rows)),
    }
    save_inputs(folder, arrays, parameters)


def cycles(edges: np.ndarray, states: int) -> tuple[np.ndarray, np.ndarray]:
    """Fundamental cycles of a breadth-first tree from state 0: one row of ±1 per chord, and the chords."""
    path: dict[int, np.ndarray] = {0: np.zeros(len(edges))}
    incident: list[list[int]] = [[] for _ in range(states)]
    for e, (x, y) in enumerate(edges):
        incident[x].append(e)
        incident[y].append(e)
    queue, tree = [0], set()
    for x in queue:
        for e in incident[x]:
            y = int(edges[e].sum() - x)
            if y not in path:
                path[y] = path[x].copy()
                path[y][e] = 1.0 if edges[e][0] == x else -1.0
                tree.add(e)
                queue.append(y)
    chords = np.array([e for e in range(len(edges)) if e not in tree])
    unit = np.eye(len(edges))
    return np.array([unit[e] + path[edges[e][0]] - path[edges[e][1]] for e in chords]), chords


def everything(edges: np.ndarray, forward: np.ndarray, backward: np.ndarray, p: np.ndarray, w: np.ndarray) -> dict[str, Any]:
    """All quantities by dense linear algebra."""
    from scipy.optimize import minimize

    n, m = len(p), len(edges)
    x, y = edges.T
    incidence = np.zeros((n, m))
    incidence[x, np.arange(m)], incidence[y, np.arange(m)] = -1.0, 1.0
    tail, head = (incidence < 0).astype(float), (incidence > 0).astype(float)
    generator = incidence @ (forward[:, None] * tail.T - backward[:, None] * head.T)
    pi = np.linalg.solve(np.vstack([generator[1:], np.ones(n)]), np.r_[np.zeros(n - 1), 1.0])

    def flow(state: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        out, back = forward * state[x], backward * state[y]
        return out, back, out - back, np.log(out / back)

    out, back, current, force = flow(p)
    steady_out, steady_back, steady_current, steady_force = flow(pi)
    onsager = current / force
    reduced = incidence[1:]
    potential = np.linalg.solve((reduced * onsager) @ reduced.T, reduced @ current)
    excess_force = reduced.T @ potential
    rest = force - excess_force

    def minus_dual(phi: np.ndarray) -> tuple[float, np.ndarray]:
        d = reduced.T @ phi
        value = current @ d - (back * np.expm1(d) + out * np.expm1(-d)).sum()
        return -value, -(reduced @ (current - back * np.exp(d) + out * np.exp(-d)))

    def hessian(phi: np.ndarray) -> np.ndarray:
        d = reduced.T @ phi
        curvature: np.ndarray = (reduced * (back * np.exp(d) + out * np.exp(-d))) @ reduced.T
        return curvature

    least = minimize(minus_dual, potential, jac=True, hess=hessian, method="trust-exact", options={"gtol": 1e-11})
    basis, chords = cycles(edges, n)
    housekeeping_current = onsager * rest
    # the tilted generator's first derivative acting on π, and the group inverse of W
    first = head @ (w * steady_out) - tail @ (w * steady_back)
    mean = first.sum()
    response = np.linalg.solve(generator - np.outer(pi, np.ones(n)), -(first - mean * pi))
    through = w * (forward * response[x] - backward * response[y])
    variance = (w**2 * (steady_out + steady_back)).sum() + 2.0 * through.sum()
    steady_production = steady_current @ steady_force
    return {
        "epr": current @ force,
        "ss_epr": steady_production,
        "epr_excess": onsager @ excess_force**2,
        "epr_housekeeping": onsager @ rest**2,
        "epr_excess_infogeom": -least.fun,
        "adiabatic": current @ np.log(forward * pi[x] / (backward * pi[y])),
        "nonadiabatic": current @ np.log(p[x] * pi[y] / (p[y] * pi[x])),
        "cycle_affinities": (basis @ np.log(forward / backward)).tolist(),
        "cycle_currents_ss": steady_current[chords].tolist(),
        "cycle_currents_housekeeping": housekeeping_current[chords].tolist(),
        "uncertainty_product": variance * steady_production / mean**2,
    }


def by_numpy(measurement: Measurement) -> None:
    given = [measurement.array(name) for name in ("edges", "forward", "backward", "distribution", "weights")]
    measurement.numbers = everything(*given)
    for _ in range(SAMPLES):
        with measurement.time("overview"):
            everything(*given)


def by_irrev(measurement: Measurement) -> None:
    from irrev.network import MarkovJump, overview

    edges, p, w = (measurement.array(name) for name in ("edges", "distribution", "weights"))
    kinetics = MarkovJump.from_rates(len(p), edges, measurement.array("forward"), measurement.array("backward"))
    everything = overview(kinetics, distribution=p, weights=w)
    calls = 20
    for _ in range(SAMPLES):
        with measurement.time("overview", calls):
            for _ in range(calls):
                overview(kinetics, distribution=p, weights=w)
    measurement.numbers = {
        "epr": everything.entropy_production_rate,
        "ss_epr": everything.stationary_flow.entropy_production_rate,
        "epr_excess": everything.geometric.excess,
        "epr_housekeeping": everything.geometric.housekeeping,
        "epr_excess_infogeom": everything.information_geometric.excess,
        "adiabatic": everything.hatano_sasa.adiabatic,
        "nonadiabatic": everything.hatano_sasa.nonadiabatic,
        "cycle_affinities": list(everything.affinities),
        "cycle_currents_ss": list(everything.cycle_currents),
        "cycle_currents_housekeeping": list(everything.housekeeping_cycle_currents),
        "uncertainty_product": everything.uncertainty.thermodynamic_product,
    }


PEERS = (Peer("irrev from Python", by_irrev, from_irrev=True), Peer("dense NumPy", by_numpy))


@cache
def uncertainty_product() -> float:
    """Variance rate times entropy production rate over the squared mean, in 60 digits: `everything` does not check itself."""
    given = case()["inputs"]
    n, edges = given["n"], [(x, y, Decimal(f), Decimal(b)) for x, y, f, b in given["edges"]]
    w = [Decimal(float(value)) for value in weights(len(edges))]
    with localcontext(prec=60):
        generator = [[Decimal(0)] * n for _ in range(n)]
        for x, y, f, b in edges:
            for source, target, rate in ((x, y, f), (y, x, b)):
                generator[target][source] += rate
                generator[source][source] -= rate
        ones = [Decimal(1)] * n
        pi = solved([*generator[1:], ones], [Decimal(0)] * (n - 1) + [Decimal(1)])
        fluxes = [(f * pi[x], b * pi[y]) for x, y, f, b in edges]
        mean = sum(weight * (out - back) for weight, (out, back) in zip(w, fluxes, strict=True))
        source = [mean * value for value in pi]
        for weight, (x, y, _, _), (out, back) in zip(w, edges, fluxes, strict=True):
            source[y] -= weight * out
            source[x] += weight * back
        response = solved([*generator[1:], ones], [*source[1:], Decimal(0)])
        variance = sum(
            weight * weight * (out + back) + 2 * weight * (f * response[x] - b * response[y])
            for weight, (x, y, f, b), (out, back) in zip(w, edges, fluxes, strict=True)
        )
        production = sum((out - back) * (out / back).ln() for out, back in fluxes)
        return float(variance * production / mean**2)


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    exact = case()["expected"] | {"uncertainty_product": uncertainty_product()}
    found = json.loads((outputs / "numbers.json").read_text())
    errors = [
        float(np.max(np.abs(np.array(value) - np.array(exact[name]))) / np.max(np.abs(exact[name]))) for name, value in found.items()
    ]
    return {"overview": max(errors)}

"""Linear diffusions, fields as gradient and flux, Fokker-Planck equations, protocols, and transport on a line."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from math import erf
from typing import Any

import numpy as np

from irrev.landscape import Axis
from irrev.landscape.field import GridField, split
from irrev.landscape.fokker_planck import GridProcess, Overdamped, discretised, exits, extrapolated
from irrev.landscape.linear import (
    LinearDiffusion,
    convexity_bounds,
    part_of_transport_bound,
    produced_by_part,
    relative_entropy,
    two_parts,
)
from irrev.landscape.linear import split as linear_split
from irrev.landscape.protocol import gaussian_ends, moved_trap, stiffened_trap
from irrev.landscape.transport1d import Quantiles
from irrev.landscape.underdamped import Oscillators
from irrev.network import counting_statistics, relaxation_spectrum
from irrev.transport import gaussian
from judging import Answers, Case, Judged, Kind

from .tolerances import by_sentence

WEIGHTS = {"sg": "scharfetter-gummel", "sqra": "square root"}
RING_NODES, WELL_NODES = 2048, 960


def hodge(case: Case) -> Answers:
    if "r_interval" in case.inputs:
        return polar(case)
    if "omega" in case.inputs:
        k, omega, t = (case.inputs[key] for key in ("k", "omega", "T"))
        diffusion, probe = LinearDiffusion([[k, omega], [-omega, k]], case.inputs["mu"] * t), [1.0, 0.5]
    else:
        diffusion, probe = LinearDiffusion(case.inputs["B"], case.inputs["D"]), case.inputs["probe_x"]
    stationary = diffusion.stationary()
    found = linear_split(-diffusion.drift, covariance=stationary.covariance)
    x, p = np.array(probe), -found.curvature
    potential, flux = float(x @ p @ x / 2), found.flux @ x
    # both fields are linear: their mean product is a trace
    product = float(np.trace(p @ stationary.covariance @ found.flux.T))
    rate = diffusion.entropy_production(stationary).rate
    answers = {
        "variance": lambda: stationary.covariance[0, 0],
        "Vm_at_(1,0.5)": lambda: potential,
        "v_at_(1,0.5)": lambda: flux,
        "mean_square_v": lambda: found.mean_square_flux,
        "epr_rate": lambda: rate,
        "covariance": lambda: stationary.covariance.tolist(),
        "P": lambda: p.tolist(),
        "C": lambda: found.flux.tolist(),
        "Vm_at_probe": lambda: potential,
        "v_at_probe": lambda: flux,
        "mean_square_gradient_part": lambda: found.mean_square_gradient,
        "mean_square_flux_part": lambda: found.mean_square_flux,
        "orthogonality_<grad.v>": lambda: product,
    }
    return by_sentence(case, answers)


def polar(case: Case) -> Answers:
    """The mean force in polar coordinates, on two grids, and without its error of second order."""
    a, k, d, b = (float(case.inputs["potential"][key]) for key in ("A", "k", "d", "b"))
    kt, (low, high) = case.inputs["kBT"], case.inputs["r_interval"]

    def density(r: Any, phi: Any) -> Any:
        x, y = r * np.cos(phi), r * np.sin(phi)
        return r * np.exp(-(a * (x**2 - 1) ** 2 + d * x + k / 2 * (y - b * x**2) ** 2) / kt)

    def force(r: Any, phi: Any) -> Any:
        x, y = r * np.cos(phi), r * np.sin(phi)
        bent = k * (y - b * x**2)
        vx, vy = 4 * a * x * (x**2 - 1) + d - 2 * b * x * bent, bent
        return kt / r - (vx * np.cos(phi) + vy * np.sin(phi)), (vx * np.sin(phi) - vy * np.cos(phi)) / r

    def on(n: int) -> Any:
        axes = [Axis.line(low, high, intervals=n), Axis.circle(0.0, 2 * np.pi, intervals=n)]
        found = split(GridField.from_functions(axes, density=density, field=force))
        return np.array([found.mean_square, found.mean_square_gradient, found.mean_square_flux])

    @cache
    def squares() -> Any:
        coarse, fine = on(60), on(120)
        return fine + (fine - coarse) / 3

    answers: dict[str, Callable[[], Any]] = {
        "<F^2>": lambda: squares()[0],
        "<|grad Vm|^2>": lambda: squares()[1],
        "<v^2>": lambda: squares()[2],
        "pythagoras_residual": lambda: Judged(0.0),
    }
    return by_sentence(case, answers, "all")


def relax(case: Case) -> Answers:
    given = case.inputs
    diffusion, start = LinearDiffusion(given["B"], given["D"]), (given["mean0"], given["cov0"])
    stationary = diffusion.stationary()

    def row(expected: Mapping[str, Any]) -> dict[str, Any]:
        t = expected["t"]
        state = diffusion.at(start, time=t)
        rates = diffusion.entropy_production(state)
        found = {
            "t": t,
            "mean": state.mean,
            "cov": state.covariance.tolist(),
            "epr_rate": rates.rate,
            "excess_rate": rates.excess,
            "housekeeping_rate": rates.housekeeping,
            "total_EP": diffusion.produced(start, time=t),
            "W2sq_from_start": gaussian.wasserstein2(start, state).distance ** 2,
            "bound_W2sq_over_Dt": diffusion.transport_bound(start, to=state, time=t),
            "KL_to_stationary": relative_entropy(state, q=stationary),
            "W2sq_to_stationary": gaussian.wasserstein2(state, stationary).distance ** 2,
        }
        if "HWI_rhs" in expected:
            bounds = convexity_bounds(diffusion, state=state)
            found |= {"HWI_rhs": bounds.hwi, "log_sobolev_rhs": bounds.log_sobolev, "talagrand_rhs": bounds.talagrand}
        return found

    answers = {
        "stationary_cov": lambda: stationary.covariance.tolist(),
        "at": lambda: [row(expected) for expected in case.expected["at"]],
    }
    return by_sentence(case, answers)


def subsystem(case: Case) -> Answers:
    given = case.inputs
    diffusion = LinearDiffusion(given["B"], np.diag(given["D_diagonal"]))
    start = (given["mean0"], given["cov0"])

    def terms(state: gaussian.Gaussian) -> dict[str, float]:
        found = two_parts(diffusion, state=state, part=[0])
        rows = {
            f"{name}_{which}": value
            for which, part in (("X", found.part), ("Y", found.rest))
            for name, value in (
                ("sigma", part.rate),
                ("Idot", part.information_flow),
                ("dSsys", part.system),
                ("Senv", part.surroundings),
            )
        }
        total = diffusion.entropy_production(state).rate
        return {
            **rows,
            "I": found.mutual_information,
            "sum_minus_total": found.part.rate + found.rest.rate - total,
            "second_law_gap_X": found.part.system + found.part.surroundings - found.part.information_flow,
        }

    def row(t: float) -> dict[str, float]:
        state = diffusion.at(start, time=t)
        return {
            "t": t,
            **terms(state),
            "EP_X": produced_by_part(diffusion, start=start, part=[0], time=t, tol=1e-11).value,
            "marginal_W2sq_X_over_DX_t": part_of_transport_bound(diffusion, from_=start, to=state, part=[0], time=t),
        }

    answers = {
        "stationary": lambda: terms(diffusion.stationary()),
        "at": lambda: [row(expected["t"]) for expected in case.expected["at"]],
    }
    return by_sentence(case, answers)


def underdamped(case: Case) -> Answers:
    given = case.inputs
    system = Oscillators(given["K"], given["gamma"], given["T"])
    stationary = system.stationary()
    flows = system.heat_flows(stationary)
    n = len(flows.heat)
    answers = {
        "covariance": lambda: stationary.covariance.tolist(),
        "v2": lambda: np.diag(stationary.covariance)[n:],
        "heat": lambda: flows.heat,
        "heat_sum": lambda: Judged(abs(float(flows.heat.sum())) / 1e-10),
        "epr": lambda: flows.entropy_production_rate,
    }
    return by_sentence(case, answers)


def fp(case: Case) -> Answers:
    return ring(case) if "f" in case.inputs else double_well(case)


def ring(case: Case) -> Answers:
    given = case.inputs
    length, tilt = given["L"], given["f"]

    def potential(x: Any) -> Any:
        waves = [(2 * np.pi * m * x / length, a, b) for m, a, b in given["coefficients_(m,a,b)"]]
        return sum(a * np.cos(wave) + b * np.sin(wave) for wave, a, b in waves)

    motion = Overdamped(potential, given["T"], tilt, given["mu"])

    def stationary(process: GridProcess) -> tuple[Any, Any]:
        distribution = process.kinetics.stationary_distribution()
        return distribution, process.kinetics.flow(distribution)

    def quantities(process: GridProcess) -> list[float]:
        distribution, flow = stationary(process)
        weights = process.displacement()
        cumulants = counting_statistics(process.kinetics).scaled_cumulants(weights, order=2).values
        density = process.density(distribution)
        places = [float(density[process.state_at(x)]) for x in given["x"]]
        return [
            flow.current[0],
            flow.weighted_current(weights),
            flow.entropy_production_rate,
            cumulants[1] / 2,
            *places,
        ]

    @cache
    def continuum() -> list[float]:
        nodes = RING_NODES
        circle = Axis.circle(0.0, length, intervals=nodes)
        return [found.value for found in extrapolated(motion, axes=circle, quantities=quantities)]

    def network() -> dict[str, dict[str, float]]:
        rows = {}
        for name in case.expected["network_exact_values"]:
            weights, nodes = name.split("_")
            circle = Axis.circle(0.0, length, intervals=int(nodes))
            flow = stationary(discretised(motion, axes=circle, weights=WEIGHTS[weights]))[1]
            rows[name] = {"J": flow.current[0], "epr": flow.entropy_production_rate}
        return rows

    answers = {
        "J": lambda: continuum()[0],
        "mean_velocity": lambda: continuum()[1],
        "epr_rate": lambda: continuum()[2],
        "effective_diffusion": lambda: continuum()[3],
        "density": lambda: continuum()[4:],
        "network_exact_values": network,
    }
    groups = {"effective_diffusion": "Deff, density", "density": "Deff, density", "network_exact_values": "network"}
    return by_sentence(case, answers, lambda key: groups.get(key, "J, velocity, epr"))


def double_well(case: Case) -> Answers:
    h, t, mu = (float(case.inputs[key]) for key in ("h", "T", "mu"))
    motion = Overdamped(lambda x: h * (x**2 - 1) ** 2, t, None, mu)
    # where e^{-V/T} is below e^{-100}
    end = float(np.sqrt(1 + np.sqrt(100 * t / h)))

    @cache
    def rates() -> list[float]:
        def quantities(process: GridProcess) -> list[float]:
            return [-float(value.real) for value in relaxation_spectrum(process.kinetics).eigenvalues[:4]]

        line = Axis.line(-end, end, intervals=WELL_NODES)
        return [found.value for found in extrapolated(motion, axes=line, quantities=quantities)]

    def passage(key: str) -> float:
        a, b = map(float, re.findall(r"-?[0-9.]+", key))
        # the start is a node of every grid
        spacing = abs(b - a) / 960
        behind = 4 * int(np.ceil((end + np.sign(b - a) * a) / spacing / 4))
        far = a - np.sign(b - a) * behind * spacing
        low, high = ("reflecting", "absorbing") if b > a else ("absorbing", "reflecting")
        axis = Axis.between(min(far, b), max(far, b), intervals=960 + behind, low=low, high=high)

        def quantities(process: GridProcess) -> list[float]:
            wall = process.absorbing_walls[0][2]
            return [exits(process.kinetics, start=process.state_at(a), targets=[wall]).mean_time]

        return extrapolated(motion, axes=axis, quantities=quantities)[0].value

    kramers = mu * np.sqrt(8 * h * 4 * h) / (2 * np.pi) * np.exp(-h / t)
    answers: dict[str, Callable[[], Any]] = {
        "eigenvalues": rates,
        **{key: lambda key=key: passage(key) for key in case.expected if key.startswith("mfpt")},
        "kramers_rate_one_way": lambda: kramers,
        "2*kramers/lambda1": lambda: 2 * kramers / rates()[1],
    }
    return by_sentence(case, answers, lambda key: "mfpt" if key.startswith("mfpt") else "eigenvalues")


def protocol(case: Case) -> Answers:
    given = case.inputs
    if "lf" in given:
        moved = moved_trap(stiffness=given["k"], distance=given["lf"], duration=given["tau"], mobility=given["mu"])
        answers = {"W": moved.work, "jump": moved.jump, "lam_slope": moved.speed, "mean_slope": moved.speed}
    elif "kf" in given:
        stiff = stiffened_trap(
            from_=given["k0"], to=given["kf"], duration=given["tau"], temperature=given["T"], mobility=given["mu"]
        )
        answers = {
            "W": stiff.work,
            "dF": stiff.free_energy_difference,
            "Wdiss": stiff.work - stiff.free_energy_difference,
            "s_f": stiff.standard_deviation[1],
            "k_after_first_jump": stiff.inner_stiffness[0],
            "k_before_last_jump": stiff.inner_stiffness[1],
        }
    else:
        ends = {"from_": (given["m0"], given["s0"]), "to": (given["m1"], given["s1"])}
        best = gaussian_ends(**ends, duration=given["tau"], temperature=given["T"], mobility=given["mu"])
        traps = best.at([0.0, given["tau"] / 2, given["tau"]])
        answers = {"W2sq": best.squared_distance, "sigma_min": best.entropy_production}
        for k, name in enumerate(("0", "_mid", "1")):
            answers |= {f"k{name}": float(traps.stiffness[k]), f"center{name}": float(traps.centre[k])}
    return by_sentence(case, {key: lambda value=value: value for key, value in answers.items()})


def mixture(parts: list[list[float]], edges: Any) -> Quantiles:
    """A mixture of normal distributions by its exact probabilities in cells."""
    cdf = sum(
        w * np.array([0.5 * (1 + erf((x - m) / (s * 2**0.5))) for x in edges]) for w, m, s in zip(*parts, strict=True)
    )
    return Quantiles.of_histogram(edges, weights=np.diff(cdf))


def w2(case: Case) -> Answers:
    given = case.inputs
    if "pairs_(m,s)" in given:
        pairs = [
            [gaussian.Gaussian(mean=np.array([m]), covariance=np.array([[s**2]])) for m, s in pair]
            for pair in given["pairs_(m,s)"]
        ]
        return by_sentence(case, {"W2sq": lambda: [gaussian.wasserstein2(*pair).distance ** 2 for pair in pairs]})
    if "x" in given:
        p, q = (Quantiles.of_points(given["x"], weights=given[key]) for key in ("p", "q"))
        period = (0.0, given["period"])
        return by_sentence(
            case,
            {"W2sq_line": lambda: p.squared_distance(q), "W2sq_circle": lambda: p.squared_distance(q, period=period)},
        )
    a, b = given["a_(weights,means,sds)"], given["b"]
    low = min(m - 9 * s for parts in (a, b) for m, s in zip(*parts[1:], strict=True))
    high = max(m + 9 * s for parts in (a, b) for m, s in zip(*parts[1:], strict=True))

    def on(cells: int) -> float:
        edges = np.linspace(low, high, cells + 1)
        return mixture(a, edges).squared_distance(mixture(b, edges))

    # a histogram is off by the square of the width of its cells
    return by_sentence(case, {"W2sq": lambda: (4 * on(20_000) - on(10_000)) / 3})


def integrator(case: Case) -> Answers:
    """Stationary moments of linear maps: each step of a scheme on a harmonic well is a matrix and a covariance of noise."""
    omega, gamma, kt = (float(case.inputs[key]) for key in ("omega", "gamma", "kBT"))

    def stationary(steps: list[tuple[Any, float]]) -> Any:
        """Covariance of (x, v) that a cycle of (matrix, variance added to v) leaves as it is."""
        whole, noise = np.eye(2), np.zeros((2, 2))
        for matrix, added in steps:
            whole, noise = matrix @ whole, matrix @ noise @ matrix.T + np.diag([0.0, added])
        system = np.eye(4) - np.kron(whole, whole)
        return np.linalg.solve(system, noise.ravel()).reshape(2, 2)

    def row(h: float) -> dict[str, float]:
        def kick(t: float) -> tuple[Any, float]:
            return np.array([[1.0, 0.0], [-(omega**2) * t, 1.0]]), 0.0

        def drift(t: float) -> tuple[Any, float]:
            return np.array([[1.0, t], [0.0, 1.0]]), 0.0

        def bath(t: float) -> tuple[Any, float]:
            return np.diag([1.0, np.exp(-gamma * t)]), kt * -np.expm1(-2 * gamma * t)

        baoab = stationary([kick(h / 2), drift(h / 2), bath(h), drift(h / 2), kick(h / 2)])
        obabo = stationary([bath(h / 2), kick(h / 2), drift(h), kick(h / 2), bath(h / 2)])
        kept = 1 - h * omega**2
        return {
            "h": h,
            "BAOAB_x2": baoab[0, 0],
            "BAOAB_v2": baoab[1, 1],
            "OBABO_x2": obabo[0, 0],
            "OBABO_v2": obabo[1, 1],
            "EulerMaruyama_overdamped_x2": 2 * kt * h / (1 - kept**2),
        }

    return by_sentence(case, {"rows": lambda: [row(h) for h in case.inputs["h"]]})


KINDS: dict[str, Kind] = {
    "hodge": hodge,
    "relax": relax,
    "subsystem": subsystem,
    "underdamped": underdamped,
    "fp": fp,
    "protocol": protocol,
    "w2": w2,
    "integrator": integrator,
}

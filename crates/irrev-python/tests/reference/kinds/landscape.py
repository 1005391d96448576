"""Landscapes of models in a plane, and what estimators make of recordings and of explicit series."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from irrev.landscape import (
    DampedOscillator,
    Grid,
    Period,
    Profile,
    Surfaces,
    at_finite_step,
    box_filtered,
    conditional_moments,
    crossings,
    finite_differences,
    linear_hierarchy,
    record,
    surfaces,
    wells,
)
from irrev.landscape.projection import LevelSets, PlanarSystem, project
from judging import Answers, Case, Judged, Kind

from .tolerances import by_sentence, exactly, off

FINE = 4001
SURFACES = {"G": "free_energy", "Vm": "mean_force_potential", "Vstar": "normalised_mean_force_potential"}


def plane(potential: Mapping[str, Any], temperature: float) -> PlanarSystem:
    """V = A (q1² - 1)² + d q1 + k (q2 - b q1²)²/2, as far out as it is found at this temperature."""
    a, k, d, b = (float(potential[key]) for key in ("A", "k", "d", "b"))

    def v(x: Any, y: Any) -> Any:
        return a * (x**2 - 1) ** 2 + d * x + k / 2 * (y - b * x**2) ** 2

    def gradient(x: Any, y: Any) -> Any:
        bent = k * (y - b * x**2)
        return 4 * a * x * (x**2 - 1) + d - 2 * b * x * bent, bent

    radii, angles = np.meshgrid(np.arange(0.0, 40.0, 0.1), np.linspace(0.0, 2 * np.pi, 721), indexing="ij")
    least = v(radii * np.cos(angles), radii * np.sin(angles)).min(axis=1)
    populated = np.flatnonzero(least < least.min() + 42.0 * temperature)
    return PlanarSystem(v, gradient, temperature, float(radii[populated[-1] + 1, 0]))


def level_sets(given: Mapping[str, Any], reach: float) -> LevelSets:
    text = given["R"]
    if text == "cx*q1+cy*q2":
        return LevelSets.linear(given["cx"], given["cy"])
    if text == "sqrt((q1-ax)^2+(q2-ay)^2)":
        return LevelSets.distance(given["ax"], given["ay"])
    if text == "|q-(-f,0)| - |q-(f,0)|":
        return LevelSets.difference_of_distances(given["f"])
    if text.startswith("c*nu"):
        return LevelSets.elliptic_angle(given["f"], unit=given["c"])
    if text == "q2 + g*q1^2":
        return LevelSets.parabola(given["g"])
    if text == "atan2(q2-ay,q1-ax)":
        ax, ay = given["ax"], given["ay"]
        far = reach + float(np.hypot(ax, ay))
        return LevelSets.of_chart(
            lambda r, s: (ax + s * np.cos(r), ay + s * np.sin(r), s, -np.sin(r) / s, np.cos(r) / s, 0.0),
            range=lambda r: (0.0, far),
        )
    raise ValueError(f"unknown coordinate {text}")


def profile(system: PlanarSystem, coordinate: Mapping[str, Any], interval: list[float], more: list[float]) -> Profile:
    """At equal distances on an interval, and at some more points."""
    points = np.unique([*np.linspace(*interval, FINE), *more])
    # points that differ by rounding are one
    kept = points[np.append(True, np.diff(points) > 1e-9)]
    exact = [r for r in kept if not any(abs(r - other) <= 1e-9 for other in more)]
    return project(system, coordinate=level_sets(coordinate, system.reach), points=np.sort([*exact, *more]))


def proj(case: Case) -> Answers:
    given, temperature = case.inputs, case.inputs["kBT"]
    system, places, (low, high) = plane(given["potential"], temperature), given["grid_points_r"], given["interval"]

    @cache
    def found() -> Profile:
        return profile(system, given["coordinate"], [low, high], places)

    @cache
    def landscapes() -> Surfaces:
        return surfaces(found(), temperature=temperature)

    def inside() -> Any:
        return (found().points >= low - 1e-9) & (found().points <= high + 1e-9)

    def at_places(values: Any) -> Any:
        return np.asarray(values)[np.searchsorted(found().points, places)]

    def from_first(name: str) -> Any:
        values = at_places(getattr(landscapes(), name))
        return values - values[0]

    def difference() -> float:
        g, v = (getattr(landscapes(), name)[inside()] for name in ("free_energy", "mean_force_potential"))
        return float(np.abs((g - g[0]) - (v - v[0])).max())

    def peaks() -> list[float]:
        density, points = found().density[inside()], found().points[inside()]
        return [float(points[well.place]) for well in wells(-density) if 0 < well.place < len(points) - 1]

    def metric() -> list[float]:
        ratio = found().mean_square_velocity[inside()] / temperature
        return [float(ratio.min()), float(ratio.max())]

    answers = {
        "rho": lambda: at_places(found().density),
        "mean_square_velocity": lambda: at_places(found().mean_square_velocity),
        "mean_acceleration": lambda: at_places(found().mean_acceleration),
        **{key: lambda name=name: from_first(name) for key, name in SURFACES.items()},
        "peaks_of_rho": peaks,
        "n_peaks": lambda: exactly(case.expected["n_peaks"], len(peaks())),
        "w_over_kT_range_on_interval": metric,
        "max_abs_G_minus_Vm_on_interval": difference,
    }
    groups = {"peaks_of_rho": "peaks", "rho": "rho"}
    return by_sentence(case, answers, lambda key: key if key in case.tolerance else groups.get(key, "landscapes"))


def barrier(case: Case) -> Answers:
    given = case.inputs

    @cache
    def found() -> Surfaces:
        system = plane(given["potential"], given["kBT"])
        return surfaces(profile(system, given["coordinate"], given["search_interval"], []), temperature=given["kBT"])

    def judged(key: str) -> Judged:
        one, expected = found().barrier(SURFACES[key]), case.expected[key]
        if one is None:
            return Judged(np.inf)
        heights = off(
            [expected["barrier_from_left"], expected["barrier_from_right"]],
            [one.from_left, one.from_right],
            case.tolerance["barrier"],
        )
        return Judged(max(heights, off(expected["r_top"], one.top, case.tolerance["r_top"])))

    return {key: lambda key=key: judged(key) for key in SURFACES}


def mass(case: Case) -> Answers:
    a, m, temperature = (float(case.inputs[key]) for key in ("A", "m", "kBT"))
    x = np.arange(-1500, 1501) / 1000
    given = Profile(
        points=x,
        density=np.exp(-a * (x**2 - 1) ** 2 / temperature),
        mean_square_velocity=np.full(len(x), temperature / m),
        mean_acceleration=-4 * a * x * (x**2 - 1) / m,
    )
    found = surfaces(given, temperature=temperature)

    def height(name: str) -> float:
        values = getattr(found, name)
        return float(values[1500] - values[500])

    heights = {f"{key}_barrier": lambda name=name: height(name) for key, name in SURFACES.items()}
    return by_sentence(case, {"mean_square_velocity": lambda: given.mean_square_velocity[0], **heights})


def hierarchy_linear(case: Case) -> Answers:
    found = linear_hierarchy(case.inputs["K"], direction=case.inputs["a"], temperature=case.inputs["kBT"])

    def forces() -> Judged:
        """Row n has as many coefficients as levels that are averaged over."""
        rows = case.expected["mean_force_coefficients_of_r1..rn"]
        parts = zip(rows, found.mean_forces, strict=True)
        return Judged(max(off(row, got[: n + 1], case.tolerance["text"]) for n, (row, got) in enumerate(parts)))

    answers = {
        "levels": lambda: exactly(case.expected["levels"], len(found.levels)),
        "W": lambda: found.frequencies_squared,
        "D": lambda: found.strengths,
        "variances": lambda: found.variances,
        "r_n_as_vectors_in_q": lambda: found.levels.tolist(),
        "mean_force_coefficients_of_r1..rn": forces,
    }
    return by_sentence(case, answers)


def each_frame(
    x: list[float], *, times: list[float] | None, step: float, period: Period | None
) -> tuple[list[float], list[float]]:
    """Ṙ and R̈ of every frame with neighbours: each with its own as one record, and one cell that holds all."""
    velocities, accelerations = [], []
    cell = Grid.circle(period, cells=1) if period else Grid.uniform(min(x) - 1, max(x) + 1, cells=1)
    for k in range(len(x) - 2):
        clock: dict[str, Any] = {"step": step} if times is None else {"times": times[k : k + 3]}
        three = record(np.array(x[k : k + 3]), periods=period, **clock)
        found = conditional_moments(three, grid=cell)
        velocities.append(found.mean_velocity.values[0])
        accelerations.append(found.mean_acceleration.values[0])
    return velocities, accelerations


def estimator(case: Case) -> Answers:
    h, edges = case.inputs["h"], case.inputs["edges"]
    given = record([np.array(x) for x in case.inputs["trajectories"]], step=h)
    moments, passed = conditional_moments(given, edges=edges), crossings(given, edges=edges)
    scale = passed.duration / h
    positions, times = case.inputs["nonuniform_(x,t)"]
    length = case.inputs["period"]
    uneven = each_frame(positions, times=times, step=h, period=None)
    round_ = each_frame(case.inputs["periodic_series"], times=None, step=h, period=Period(-length / 2, length))
    above = passed.from_accelerations
    answers = {
        "counts": lambda: exactly(case.expected["counts"], moments.counts.tolist()),
        "outside": lambda: exactly(case.expected["outside"], sum(moments.outside)),
        "sum_v2": lambda: moments.mean_square_velocity.values * moments.counts,
        "sum_a": lambda: moments.mean_acceleration.values * moments.counts,
        "crossing_sum_per_edge (sum dx*dstep/h^2)": lambda: passed.at_edges.values * scale,
        "boundary_per_edge": lambda: np.asarray(passed.ends_above) * scale,
        "sum_a_above_edge": lambda: -np.asarray(above) * scale,
        "nonuniform_v": lambda: uneven[0],
        "nonuniform_a": lambda: uneven[1],
        "periodic_v": lambda: round_[0],
        "periodic_a": lambda: round_[1],
    }
    return by_sentence(case, answers)


def oscillator(given: Mapping[str, float], friction: float) -> DampedOscillator:
    return DampedOscillator(omega_squared=given["omega2"], friction=friction, temperature=given["kBT"])


def timescale(case: Case) -> Answers:
    def rows(friction: float) -> list[dict[str, float]]:
        system, found = oscillator(case.inputs, friction), []
        for width in case.inputs["taus"]:
            one = box_filtered(system, temperature=case.inputs["kBT"], width=width)
            found.append(
                {
                    "tau": width,
                    "var": one.variance,
                    "w": one.mean_square_velocity,
                    "kG": one.free_energy_curvature,
                    "kVm": one.mean_force_curvature,
                    "ratio": one.ratio,
                }
            )
        return found

    return by_sentence(case, {"damped": lambda: rows(case.inputs["gamma"]), "undamped": lambda: rows(0.0)})


def sampling(case: Case) -> Answers:
    system = oscillator(case.inputs, case.inputs["gamma"])

    def row(given: Mapping[str, float]) -> dict[str, float]:
        found = finite_differences(system, step=given["h"], noise=given["noise"])
        return {
            "h": given["h"],
            "noise": given["noise"],
            "v2_forward": found.forward_square,
            "v2_central": found.central_square,
            "slope_a": found.slope,
        }

    return by_sentence(case, {"rows": lambda: [row(given) for given in case.expected["rows"]]})


def kramers(case: Case) -> Answers:
    k, d, h = (float(case.inputs[key]) for key in ("k", "D", "h"))
    seen = [at_finite_step(drift=-k * x, diffusion=d, k=k, step=h) for x in case.inputs["x"]]
    answers = {
        "D1_h=<dx;x>/h": lambda: [drift for drift, _ in seen],
        "D2_h=<dx^2;x>/(2h)": lambda: [diffusion + h * drift**2 / 2 for drift, diffusion in seen],
        "D2_h_centred=var(dx;x)/(2h)": lambda: [diffusion for _, diffusion in seen],
        "exact_D1": lambda: [-k * x for x in case.inputs["x"]],
        "exact_D2": lambda: [d for _ in case.inputs["x"]],
    }
    return by_sentence(case, answers)


def ala2(case: Case) -> Answers:
    data = np.load(case.data(case.inputs["file"])).astype(float)
    columns, temperature = case.inputs["columns"], case.inputs["kT_Da_nm2_ps2"]
    r, velocity, metric = (data[:, columns[key]] for key in ("r", "rdot", "g"))
    period = Period(-case.inputs["period"] / 2, case.inputs["period"])
    given = record(r, step=case.inputs["dt_ps"], velocities=velocity, metrics=metric, periods=period)
    cells = Grid.circle(period, cells=24)
    of_velocities = conditional_moments(given, grid=cells, velocities="given", accelerations="not needed")
    of_metrics = conditional_moments(
        given, grid=cells, velocities="metrics", temperature=temperature, accelerations="not needed"
    )
    interior = conditional_moments(given, grid=cells)
    answers = {
        "counts": lambda: exactly(case.expected["counts"], of_velocities.counts.tolist()),
        "mean_v2": lambda: of_velocities.mean_square_velocity.values,
        "kT_mean_g": lambda: of_metrics.mean_square_velocity.values,
        "mean_acceleration_second_difference": lambda: interior.mean_acceleration.values,
        "counts_interior": lambda: exactly(case.expected["counts_interior"], interior.counts.tolist()),
        "mean_v2_central_difference": lambda: interior.mean_square_velocity.values,
        "largest_abs_step_after_wrap": lambda: interior.periodic_steps.largest,
        "wraps": lambda: exactly(case.expected["wraps"], interior.periodic_steps.wraps),
    }
    return by_sentence(case, answers)


KINDS: dict[str, Kind] = {
    "proj": proj,
    "barrier": barrier,
    "mass": mass,
    "hierarchy_linear": hierarchy_linear,
    "estimator": estimator,
    "timescale": timescale,
    "sampling": sampling,
    "kramers": kramers,
    "ala2": ala2,
}

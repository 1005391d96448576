"""Memory kernels from exact correlations and from trajectories, continued fractions, and a hidden well in a hierarchy."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from irrev.landscape import (
    ContinuedFraction,
    Grid,
    conditional_moments,
    kernel_from_correlations,
    memory_kernel,
    record,
    wells,
)
from irrev.landscape.projection import LevelSets, PlanarSystem, project
from judging import Answers, Case, Judged, Kind

from .landscape import plane
from .tolerances import by_sentence, exactly, number, off

Floats = np.ndarray[Any, np.dtype[np.float64]]


class Extended:
    """x' = v, v' = -Ω²x - Σ u, and for each mode (c, a, w) of the kernel u' = c v - a u + w y, y' = -w u - a y, with noise that makes the covariance diagonal."""

    def __init__(self, omega_squared: float, modes: list[list[float]], temperature: float) -> None:
        n = 2 + 2 * len(modes)
        self.modes, self.drift = modes, np.zeros((n, n))
        self.drift[0, 1], self.drift[1, 0] = 1.0, -omega_squared
        covariance = [temperature / omega_squared, temperature]
        for k, (c, a, w) in enumerate(modes):
            u, y = 2 + 2 * k, 3 + 2 * k
            self.drift[1, u], self.drift[u, 1] = -1.0, c
            self.drift[u, u], self.drift[u, y], self.drift[y, u], self.drift[y, y] = -a, w, -w, -a
            covariance += [temperature * c, temperature * c]
        self.covariance = np.array(covariance)

    def kernel(self, t: Any) -> Any:
        return sum(c * np.exp(-a * t) * np.cos(w * t) for c, a, w in self.modes)

    def propagator(self, step: float) -> Floats:
        """e^{Ah} by its series for a 2⁻¹⁰-th of the step, squared ten times."""
        small, term = np.eye(len(self.drift)), np.eye(len(self.drift))
        for k in range(1, 20):
            term = term @ self.drift * (step / 1024 / k)
            small = small + term
        for _ in range(10):
            small = small @ small
        return small

    def correlations(self, step: float, n: int) -> tuple[Floats, Floats, Floats]:
        """⟨x(t)x(0)⟩, ⟨v(t)v(0)⟩ and ⟨x(t)v(0)⟩ at 0, h, 2h, …."""
        propagator, start = self.propagator(step), np.diag(self.covariance)[:, :2]
        states = [start]
        for _ in range(n - 1):
            states.append(propagator @ states[-1])
        rows = np.array(states)
        return rows[:, 0, 0], rows[:, 1, 1], rows[:, 0, 1]

    def trajectories(self, step: float, number: int, frames: int, seed: int) -> tuple[Floats, Floats]:
        """Positions and velocities of stationary trajectories, by the exact propagator."""
        rng, propagator = np.random.default_rng(seed), self.propagator(step)
        added = np.diag(self.covariance) - propagator @ np.diag(self.covariance) @ propagator.T
        values, vectors = np.linalg.eigh(added)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        state = np.sqrt(self.covariance) * rng.normal(size=(number, len(self.covariance)))
        found = np.empty((frames, number, 2))
        for k in range(frames):
            found[k] = state[:, :2]
            state = state @ propagator.T + rng.normal(size=state.shape) @ root.T
        return found[:, :, 0].T.copy(), found[:, :, 1].T.copy()


def gle(case: Case) -> Answers:
    if "trajectories" in case.inputs:
        return kernel_of_data(case)
    if "bath_(omega,c)" in case.inputs:
        return finite_bath(case)
    given = case.inputs
    system = Extended(given["Omega2"], given["modes_(c,a,w)"], given["kBT"])
    step, n, times = given["dt"], given["n"], np.array(given["t"])
    every = round((times[1] - times[0]) / step)

    def error(step: float, n: int) -> float:
        _, vv, xv = system.correlations(step, n)
        found = kernel_from_correlations(vv, force=-given["Omega2"] * xv, step=step)
        return float(np.abs(found - system.kernel(step * np.arange(n))).max())

    def kernel() -> Judged:
        coarse, fine = error(step, n), error(step / 2, 2 * n - 1)
        allowed = number(case.tolerance["K_from_exact_correlations"], "max |error| <=")
        order = float(np.log2(coarse / fine))
        exact = off(case.expected["K"], system.kernel(times), case.tolerance["correlations"])
        return Judged(max(coarse / allowed, 0.0 if order >= 1.9 else np.inf, exact))

    def thinned(which: int) -> Floats:
        return system.correlations(step, n)[which][::every][: len(times)]

    answers: dict[str, Callable[[], Any]] = {
        "K": kernel,
        "C_xx": lambda: thinned(0),
        "C_vv": lambda: thinned(1),
        "C_xv": lambda: thinned(2),
        "friction_integral": lambda: sum(c * a / (a**2 + w**2) for c, a, w in given["modes_(c,a,w)"]),
    }
    return by_sentence(case, answers, "correlations")


def finite_bath(case: Case) -> Answers:
    given = case.inputs
    bath, times = given["bath_(omega,c)"], np.array(given["t"])
    hessian = np.diag([given["Omega2"] + sum((c / w) ** 2 for w, c in bath), *(w**2 for w, _ in bath)])
    hessian[0, 1:] = hessian[1:, 0] = [-c for _, c in bath]
    squares, vectors = np.linalg.eigh(hessian)
    frequencies, parts = np.sqrt(squares), given["kBT"] * vectors[0] ** 2

    def kernel(t: Any) -> Any:
        return sum((c / w) ** 2 * np.cos(w * t) for w, c in bath)

    def vv(t: Any) -> Any:
        return np.cos(np.outer(t, frequencies)) @ parts

    def xv(t: Any) -> Any:
        return np.sin(np.outer(t, frequencies)) @ (parts / frequencies)

    def judged() -> Judged:
        t = given["dt"] * np.arange(given["n"])
        found = kernel_from_correlations(vv(t), force=-given["Omega2"] * xv(t), step=given["dt"])
        error = float(np.abs(found - kernel(t)).max()) / number(case.tolerance["K from C"], "max |error| <=")
        return Judged(max(error, off(case.expected["K"], kernel(times), case.tolerance["exact"])))

    answers: dict[str, Callable[[], Any]] = {
        "K": judged,
        "C_vv": lambda: vv(times),
        "C_xv": lambda: xv(times),
        "normal_mode_frequencies": lambda: frequencies,
    }
    return by_sentence(case, answers, "exact")


def kernel_of_data(case: Case) -> Answers:
    given, seed = case.inputs, 1
    system, lags, step = Extended(given["Omega2"], given["modes_(c,a,w)"], given["kBT"]), given["lags"], given["dt"]
    x, v = system.trajectories(step, given["trajectories"], given["steps_each"], seed)
    found = memory_kernel(record(list(x), step=step, velocities=list(v)), lags=lags, mean_force=given["Omega2"])
    exact = system.kernel(found.times)
    integral = np.append(0.0, np.cumsum(step * (exact[1:] + exact[:-1]) / 2))
    errors = found.kernel.values - exact
    largest = number(case.tolerance["max error of G"], "<=")

    def kernel() -> Judged:
        rms = float(np.sqrt((errors**2).mean())) / number(case.tolerance["rms error of K"], "<=")
        worst = float(np.abs(found.integral.values - integral).max()) / largest
        listed = off(case.expected["K"], system.kernel(np.array(case.expected["t"])), "rel 1e-9")
        return Judged(max(rms, worst, listed))

    answers: dict[str, Callable[[], Any]] = {
        "K": kernel,
        "t": lambda: Judged(off(case.expected["t"], found.times[::10], "rel 1e-9")),
        "integral_of_K_to_last_lag": lambda: Judged(
            abs(float(found.integral.values[-1]) - case.expected["integral_of_K_to_last_lag"]) / largest
        ),
    }
    return by_sentence(case, answers)


def continued_fraction(case: Case) -> Answers:
    found = ContinuedFraction.from_exponentials(case.inputs["c"], rates=case.inputs["a"])
    at = {key: float(key.split("=")[1]) for key in case.expected if key.startswith("K_at_s=")}
    answers: dict[str, Callable[[], Any]] = {"D": lambda: found.strengths, "g": lambda: found.rates}
    return by_sentence(case, {**answers, **{key: lambda s=s: found.transform(s) for key, s in at.items()}})


def mutual_information(joint: Floats) -> float:
    independent = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    return float((joint * np.log(joint / independent)).sum())


def smoothed(cells: Floats) -> Floats:
    """Gaussian of two cells in both directions, zeros outside."""
    reach = np.arange(-16, 17)
    weights = np.exp(-(reach**2) / 8)
    weights /= weights.sum()
    for axis in (0, 1):
        cells = np.apply_along_axis(lambda line: np.convolve(np.pad(line, 16), weights, "valid"), axis, cells)
    return cells


def peaks(cells: Floats, edges: tuple[Floats, Floats]) -> list[list[float]]:
    """Cells that are the largest of their 11 x 11 neighbourhood and above a tenth of the largest, ascending in r1."""
    found, top = smoothed(cells), []
    around = np.pad(found, 5, constant_values=-np.inf)
    for i, j in np.argwhere(found > 0.1 * found.max()):
        if found[i, j] == around[i : i + 11, j : j + 11].max():
            centres = [float((e[k] + e[k + 1]) / 2) for e, k in zip(edges, (i, j), strict=True)]
            top.append([*centres, float(found[i, j] / found.max())])
    return sorted(top)


class Hidden:
    """V = A (q1² - 1)² + d q1 + k q2²/2 seen along r1 = q1 cos θ + q2 sin θ, and r2 = r1'' - ⟨r1''; r1⟩."""

    def __init__(self, case: Case) -> None:
        given = case.inputs
        self.a, self.k, self.d, self.kt = (float(given[key]) for key in ("A", "k", "d", "kBT"))
        angle = np.deg2rad(given["theta_deg"])
        self.cos, self.sin = float(np.cos(angle)), float(np.sin(angle))
        self.edges = (np.linspace(*given["hist_r1_edges"]), np.linspace(*given["hist_r2_edges"]))
        self.system: PlanarSystem = plane({"A": self.a, "k": self.k, "d": self.d, "b": 0.0}, self.kt)

    def profile(self, points: Any) -> Any:
        return project(self.system, coordinate=LevelSets.linear(self.cos, self.sin), points=points)

    def acceleration(self, q1: Any, r1: Any) -> Any:
        """r1'' at q1 and r1."""
        return -self.k * r1 + self.cos * (self.k * q1 - 4 * self.a * q1 * (q1**2 - 1) - self.d)

    @cache  # noqa: B019
    def joint(self) -> tuple[Floats, Floats, Floats]:
        """Probabilities of the cells, of the signs of (q1, r2), and of the signs of q1 as they add up along r1."""
        nodes, weights = np.polynomial.legendre.leggauss(6)
        reach = self.system.reach
        inside = self.edges[0]
        # cells of r1 inside, and as fine ones beyond, over all that is populated
        width = (inside[1] - inside[0]) / 2
        below = np.arange(inside[0] - width * np.ceil((inside[0] + reach) / width), inside[0] - width / 2, width)
        above = np.arange(inside[-1] + width, reach + width, width)
        fine = np.concatenate([below, np.repeat(inside, 2)[:-1] + np.tile([0.0, width], len(inside))[:-1], above])
        r1 = (fine[:-1, None] + np.diff(fine)[:, None] * (nodes + 1) / 2).ravel()
        measure = (np.diff(fine)[:, None] * weights / 2).ravel()
        populated = np.abs(r1) < reach
        r1, measure = r1[populated], measure[populated]
        found = self.profile(r1)
        s = np.linspace(-reach, reach, 40_001)
        cells, signs, along = (
            np.zeros((len(inside) - 1, len(self.edges[1]) - 1)),
            np.zeros((2, 2)),
            np.zeros((len(r1), 2)),
        )
        for k, (r, density, mean) in enumerate(zip(r1, found.density, found.mean_acceleration, strict=True)):
            # nodes that lie elsewhere for each r1, so that what is lost where a sign changes averages out
            at = s + (s[1] - s[0]) * (0.618034 * k % 1)
            q1, q2 = r * self.cos - at * self.sin, r * self.sin + at * self.cos
            v = self.a * (q1**2 - 1) ** 2 + self.d * q1 + self.k * q2**2 / 2
            weight = np.exp(-(v - v.min()) / self.kt)
            weight *= measure[k] * density / weight.sum()
            r2 = self.acceleration(q1, r) - mean
            row = int(np.searchsorted(inside, r, "right")) - 1
            if 0 <= row < len(cells):
                cells[row] += np.histogram(r2, self.edges[1], weights=weight)[0]
            for i, side in enumerate((q1 < 0, q1 >= 0)):
                along[k, i] = weight[side].sum()
                signs[i] += [weight[side & (r2 < 0)].sum(), weight[side & (r2 >= 0)].sum()]
        return cells, signs, np.column_stack([r1, along])

    @cache  # noqa: B019
    def trajectories(self, number: int, steps: int, h: float) -> tuple[float, Floats]:
        """P(sign r2 = sign q1) and the parts of all interior frames in the cells, by the recipe, from one seed."""
        rng, q = np.random.default_rng(1), np.linspace(-3.0, 3.0, 60_001)
        density = np.exp(-(self.a * (q**2 - 1) ** 2 + self.d * q) / self.kt)
        q1 = np.interp(rng.random(number), np.cumsum(density) / density.sum(), q)
        q2 = rng.normal(size=number) * (self.kt / self.k) ** 0.5
        v1, v2 = rng.normal(size=(2, number)) * self.kt**0.5

        def force(q1: Any, q2: Any) -> Any:
            return -(4 * self.a * q1 * (q1**2 - 1) + self.d), -self.k * q2

        seen, sides = np.empty((number, steps + 1)), np.empty((number, steps + 1))
        f1, f2 = force(q1, q2)
        for t in range(steps + 1):
            seen[:, t], sides[:, t] = self.cos * q1 + self.sin * q2, q1
            v1, v2 = v1 + h / 2 * f1, v2 + h / 2 * f2
            q1, q2 = q1 + h * v1, q2 + h * v2
            f1, f2 = force(q1, q2)
            v1, v2 = v1 + h / 2 * f1, v2 + h / 2 * f2
        moments = conditional_moments(record(list(seen), step=h), grid=Grid.uniform(-2.0, 2.0, cells=200))
        there = moments.counts > 0
        acceleration = (seen[:, 2:] - 2 * seen[:, 1:-1] + seen[:, :-2]) / h**2
        r1 = seen[:, 1:-1]
        r2 = acceleration - np.interp(r1, moments.points[there], moments.mean_acceleration.values[there])
        agree = float((np.sign(r2) == np.sign(sides[:, 1:-1])).mean())
        counts = np.histogram2d(r1.ravel(), r2.ravel(), bins=[*self.edges])[0]
        return agree, counts / r1.size


def hierarchy(case: Case) -> Answers:
    hidden, recipe = Hidden(case), case.inputs["trajectory_recipe"]

    def profile() -> Any:
        return hidden.profile(case.inputs["r1_points"])

    def sampled() -> tuple[float, Floats]:
        return hidden.trajectories(recipe["n_trajectories"], recipe["steps"], recipe["h"])

    @cache
    def tops() -> tuple[float, ...]:
        """Peaks of ρ(r1): between coarse points, then on fine ones around each."""
        coarse = np.linspace(-2.5, 2.5, 501)
        inside = [w.place for w in wells(-hidden.profile(coarse).density) if 0 < w.place < len(coarse) - 1]
        around = [np.linspace(coarse[k - 1], coarse[k + 1], 41) for k in inside]
        return tuple(float(r[hidden.profile(r).density.argmax()]) for r in around)

    def agreement() -> Judged:
        signs = hidden.joint()[1]
        key = "P(sign r2 = sign q1)"
        exact = off(case.expected[key], signs[0, 0] + signs[1, 1], case.tolerance["exact values"])
        return Judged(max(exact, off(case.expected[key], sampled()[0], case.tolerance["trajectory P(sign)"])))

    def threshold() -> float:
        _, left, right = hidden.joint()[2].T
        below = np.cumsum(left) + right.sum() - np.cumsum(right)
        above = np.cumsum(right) + left.sum() - np.cumsum(left)
        # P(sign(r1 - c) = sign q1): q1 < 0 where r1 < c, q1 > 0 where r1 > c; or the other way round
        return float(max(below.max(), above.max()))

    def by_sign() -> float:
        r1, left, right = hidden.joint()[2].T
        low = r1 < 0
        return mutual_information(
            np.array([[left[low].sum(), left[~low].sum()], [right[low].sum(), right[~low].sum()]])
        )

    def exact_peaks() -> list[list[float]]:
        return peaks(hidden.joint()[0], hidden.edges)

    def number_of_peaks() -> Judged:
        """Two from trajectories as well, each within two cells of its exact place."""
        found, exact = peaks(sampled()[1], hidden.edges), exact_peaks()
        equal = exactly(case.expected["n_peaks_r1_r2"], len(exact)).deviation
        if len(found) != len(exact):
            return Judged(np.inf)
        widths = [e[1] - e[0] for e in hidden.edges]
        cells = max(abs(a[i] - b[i]) / widths[i] for a, b in zip(found, exact, strict=True) for i in (0, 1))
        return Judged(max(equal, cells / 2.001))

    def probability() -> Judged:
        """The exact sum, and half the sum of what the cells of the trajectories are off."""
        cells = hidden.joint()[0]
        exact = off(case.expected["cell_probability_sum"], cells.sum(), case.tolerance["exact values"])
        variation = float(np.abs(sampled()[1] - cells).sum()) / 2
        return Judged(
            max(exact, variation / number(case.tolerance["trajectory total variation on the 40x60 cells"], "<="))
        )

    answers: dict[str, Callable[[], Any]] = {
        "rho_r1": lambda: profile().density,
        "mean_force_r1": lambda: profile().mean_acceleration,
        "peaks_of_rho_r1": lambda: Judged(off(case.expected["peaks_of_rho_r1"], list(tops()), "abs 1e-3")),
        "n_peaks_r1": lambda: exactly(case.expected["n_peaks_r1"], len(tops())),
        "peaks_r1_r2_smoothed": exact_peaks,
        "n_peaks_r1_r2": number_of_peaks,
        "P(sign r2 = sign q1)": agreement,
        "P(best threshold on r1 = sign q1)": threshold,
        "mutual_information_sign_r2_sign_q1_nats": lambda: mutual_information(hidden.joint()[1]),
        "mutual_information_sign_r1_sign_q1_nats": by_sign,
        "fold_of_r2_at_q1": lambda: ((hidden.k + 4 * hidden.a) / (12 * hidden.a)) ** 0.5,
        "cell_probability_sum": probability,
    }
    return by_sentence(case, answers, "exact values")


KINDS: dict[str, Kind] = {"gle": gle, "continued_fraction": continued_fraction}

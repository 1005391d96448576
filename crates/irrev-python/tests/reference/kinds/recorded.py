"""Estimators from data: entropy production of bead chains, rates of visits, transfer entropy, and ensembles of cells.

Statistical cases are drawn here, from chains stepped exactly; what is drawn is a function of fixed seeds.
"""

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from irrev.inference import (
    Currents,
    Moments,
    Visits,
    chord_length,
    discrete_transfer_entropy,
    ensemble_speed,
    gaussian_transfer_entropy,
    jump_rates,
    ksg_transfer_entropy,
    variational_maximum,
)
from irrev.landscape.linear import LinearDiffusion
from judging import Answers, Case, Judged, Kind, deviation

Numbers = npt.NDArray[np.float64]

RUNS = 20
RELATIVE, ABSOLUTE = 1e-8, 1e-11
"""Tolerances of numbers without chance in cases that are statistical otherwise."""

ON_THIS_FILE = 1e-4
"""Relative tolerance of lengths between frames of a file."""


def table(case: Case) -> Numbers:
    return np.loadtxt(case.data(case.inputs["csv"]), delimiter=",", skiprows=1)


def chain(inputs: Mapping[str, Any]) -> LinearDiffusion:
    """Beads between two walls, with temperatures linear from Th to Tc."""
    n, k, gamma = int(inputs["n"]), float(inputs.get("k", 1.0)), float(inputs.get("gamma", 1.0))
    drift = k / gamma * (2.0 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1))
    return LinearDiffusion(drift, np.diag(np.linspace(inputs["Th"], inputs["Tc"], n) / gamma))


def stepped(case: Case) -> tuple[Numbers, Numbers, Numbers]:
    """Stationary covariance, propagator and covariance of the noise of a step."""
    beads, dt = chain(case.inputs), float(case.inputs["dt"])
    covariance = np.asarray(beads.stationary().covariance)
    values, vectors = np.linalg.eigh(beads.drift)
    kept = (vectors * np.exp(-values * dt)) @ vectors.T
    return covariance, kept, covariance - kept @ covariance @ kept.T


def population_value(case: Case) -> float:
    """2 mᵀC⁻¹m/dt over all x_a dx_b, by Wick's theorem from the covariance of midpoint and difference."""
    covariance, kept, _ = stepped(case)
    after = kept @ covariance
    middle = 0.25 * (2.0 * covariance + after + after.T)
    difference = 2.0 * covariance - after - after.T
    across = 0.5 * (after.T - after)  # ⟨x_mid dxᵀ⟩
    n = len(covariance)
    products = np.einsum("ac,bd->abcd", middle, difference) + np.einsum("ad,cb->abcd", across, across)
    m = across.reshape(n * n)
    return float(2.0 * m @ np.linalg.solve(products.reshape(n * n, n * n), m) / float(case.inputs["dt"]))


def trajectories(case: Case) -> Numbers:
    """Runs × points × beads, from the stationary law."""
    covariance, kept, noise = stepped(case)
    steps = int(case.inputs["N_steps"])
    rng = np.random.default_rng(0)
    x = rng.normal(size=(RUNS, len(kept))) @ np.linalg.cholesky(covariance).T
    spread = np.linalg.cholesky(noise).T
    found = np.empty((RUNS, steps + 1, len(kept)))
    found[:, 0] = x
    for first in range(1, steps + 1, 1000):
        kicks = rng.normal(size=(min(1000, steps + 1 - first), *x.shape)) @ spread
        for t, kick in enumerate(kicks, start=first):
            x = x @ kept.T + kick
            found[:, t] = x
    return found


def off(expected: Any, got: Any) -> Judged:
    return Judged(deviation(expected, got, RELATIVE, ABSOLUTE))


def beads_stat(case: Case) -> Answers:
    expected, inputs = case.expected, case.inputs
    beads = chain(inputs)

    @cache
    def exact() -> float:
        return beads.entropy_production(beads.stationary()).rate

    @cache
    def estimates() -> Numbers:
        n, dt = int(inputs["n"]), float(inputs["dt"])
        moments = (Moments.of(x, currents=Currents.affine(np.zeros(n)), step=dt) for x in trajectories(case))
        return np.array([one.bound(draws=100).estimate.value for one in moments])

    def in_band() -> Judged:
        """Every run within the band, their mean within what its standard error allows."""
        low, high = expected["accept_band"]
        centre, half = 0.5 * (low + high), 0.5 * (high - low)
        known = abs(expected["reference_bias"]) + abs(expected["population_value_at_dt"] - expected["epr"])
        allowed = known + 4.0 * expected["reference_sd"] / math.sqrt(RUNS)
        each = np.abs(estimates() - centre).max() / half
        together = abs(estimates().mean() - expected["epr"]) / allowed
        return Judged(float(max(each, together)))

    told = {key: lambda: Judged(0.0) for key in expected if key.startswith(("reference_", "predicted_", "accept_one"))}
    return {
        **told,
        "population_value_at_dt": lambda: off(expected["population_value_at_dt"], population_value(case)),
        "epr": lambda: off(expected["epr"], exact()),
        "accept_band": in_band,
    }


def ep_file(case: Case) -> Answers:
    x, dt = table(case), float(case.inputs["dt"])
    beads = chain(case.inputs)

    def span(currents: Currents) -> dict[str, Any]:
        moments = Moments.of(x, currents=currents, step=dt, strides=(1,))
        (plain,) = moments.plug_in()
        maximum = variational_maximum(x, step=dt, basis=currents)
        return {
            "mean_currents": moments.means(),
            "tur": plain.central,
            "tur_second_moment_form": plain.second_moment,
            "mtur_log1p_form": plain.logarithmic,
            "maxent": maximum.value,
            "maxent_theta": maximum.coefficients,
            "neep": variational_maximum(x, step=dt, basis=currents, objective="neep").value,
        }

    return {
        "antisymmetric": lambda: span(Currents.antisymmetric(x.shape[1])),
        "all_linear": lambda: span(Currents.linear(x.shape[1])),
        "exact_epr": lambda: beads.entropy_production(beads.stationary()).rate,
    }


def ml_rates(case: Case) -> Answers:
    inputs = case.inputs

    @cache
    def found() -> Any:
        visits = Visits(inputs["states"], inputs["entry_times"], float(inputs["t_end"]))
        return jump_rates(visits, states=int(inputs["n"]), draws=20)

    return {
        "counts": lambda: found().counts,
        "dwell": lambda: found().dwell,
        "rates": lambda: found().rates,
        "standard_error": lambda: found().standard_errors,
        "log_likelihood": lambda: found().log_likelihood,
        "ep_rate_plugin": lambda: found().entropy_production.plugin,
        "ep_rate_pseudocount_half": lambda: found().entropy_production.pseudocount_half,
        "epr_of_fitted_stationary": lambda: found().entropy_production.fitted_stationary,
    }


def te_file(case: Case) -> Answers:
    columns = table(case).T
    named = {"TE_Y_to_X": (columns[0], columns[1]), "TE_X_to_Y": (columns[1], columns[0])}

    def nearest(k: int) -> dict[str, float]:
        return {
            name: ksg_transfer_entropy(target, source=source, neighbours=k, blocks=0).estimate.value
            for name, (target, source) in named.items()
        }

    def signs(name: str) -> Any:
        target, source = (np.asarray(series > 0, int) for series in named[name])
        return discrete_transfer_entropy(target, source=source, target_symbols=2, source_symbols=2)

    answers: dict[str, Any] = {
        "ksg": lambda: {k: nearest(int(k)) for k in case.expected["ksg"]},
        "gaussian": lambda: {
            name: gaussian_transfer_entropy(target, source=source).plugin for name, (target, source) in named.items()
        },
    }
    for name in named:
        answers[f"sign_plugin_{name}"] = lambda name=name: signs(name).plugin
        answers[f"miller_madow_{name}"] = lambda name=name: signs(name).miller_madow
    return answers


def fisher_information(inputs: Mapping[str, Any], t: Any, noise: float) -> Any:
    """ṁ²/V + V̇²/2V² of dx = -k (x - m_target) dt + √(2D) dW, with V + noise in the place of V."""
    k, d, m0, v0 = (float(inputs[name]) for name in ("k", "D", "m0", "V0"))
    velocity = -k * (m0 - float(inputs["m_target"])) * np.exp(-k * t)
    excess = (v0 - d / k) * np.exp(-2.0 * k * t)
    variance, change = d / k + excess + noise, -2.0 * k * excess
    return velocity**2 / variance + change**2 / (2.0 * variance**2)


def length(inputs: Mapping[str, Any], noise: float) -> float:
    """∫ √I dt by Gauss's rule on a hundred pieces."""
    nodes, weights = np.polynomial.legendre.leggauss(12)
    edges = np.linspace(0.0, float(inputs["tau"]), 101)
    half = 0.5 * np.diff(edges)[:, None]
    t = edges[:-1, None] + half * (1.0 + nodes)
    return float((half * weights * np.sqrt(fisher_information(inputs, t, noise))).sum())


def synthetic_cells(case: Case) -> Answers:
    expected, inputs = case.expected, case.inputs
    noise = float(inputs["noise_sd"]) ** 2
    times, cells, values = table(case).T
    long = {"times": times, "cells": cells.astype(int)}

    def profile() -> list[dict[str, float]]:
        """Times stand in what is expected."""
        moments = [float(entry["t"]) for entry in expected["fisher_true_at"]]
        return [
            {"t": t, "fisher": fisher_information(inputs, t, 0.0), "fisher_with_noise": fisher_information(inputs, t, noise)}
            for t in moments
        ]

    def chords() -> Judged:
        found = {s: chord_length(values, stride=int(s), **long) for s in expected["chord_estimator_on_this_file"]}
        return Judged(deviation(expected["chord_estimator_on_this_file"], found, ON_THIS_FILE, 0.0))

    def with_noise() -> Judged:
        """In closed form, and by the estimator within four standard deviations of the plain one at a stride of twenty."""
        known = deviation(expected["length_with_noise"], length(inputs, noise), RELATIVE, ABSOLUTE)
        _, spread = expected["chord_estimator_mean_sd"]["20"]
        found = ensemble_speed(values, **long).length.value
        return Judged(max(known, abs(found - expected["length_with_noise"]) / (4.0 * spread)))

    return {
        "fisher_true_at": lambda: off(expected["fisher_true_at"], profile()),
        "length_true": lambda: off(expected["length_true"], length(inputs, 0.0)),
        "length_with_noise": with_noise,
        "chord_estimator_on_this_file": chords,
        "chord_estimator_mean_sd": lambda: Judged(0.0),
    }


KINDS: dict[str, Kind] = {
    "beads_stat": beads_stat,
    "ep_file": ep_file,
    "ml_rates": ml_rates,
    "te_file": te_file,
    "synthetic_cells": synthetic_cells,
}

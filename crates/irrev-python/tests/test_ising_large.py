"""Large kinetic Ising networks by simulation, and networks from activity: limits, invariants, and refusals that name what is wrong."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import irrev
from irrev import DataError, LimitError, ModelError
from irrev.ising import (
    OBSERVABLES,
    KineticIsing,
    ensemble_average,
    finite_size_study,
    inference,
    parallel_stationary_state,
    sample,
    sequential_stationary_state,
    sherrington_kirkpatrick,
    simulate,
    two_starts,
)

ERRORS = 6.0
"""Standard errors within which a statistical test passes: a false alarm in 5e8 for a normal deviate, and below 1e-5 with the error of the error."""


def small(**options: Any) -> KineticIsing:
    return sherrington_kirkpatrick(6, spread=1.0, fields=("uniform", -0.3, 0.3), **options)


def test_parallel_averages_are_those_of_enumeration() -> None:
    network = small()
    found, exact = simulate(network, replicas=256, measured=2000), parallel_stationary_state(network)
    for estimate, value in [
        (found.magnetization, exact.magnetizations.mean()),
        (found.entropy_production, exact.entropy_production / 6),
        (found.conditional_entropy, exact.conditional_entropy / 6),
    ]:
        assert abs(estimate.value - value) < ERRORS * estimate.standard_error


@pytest.mark.parametrize("method", ["independent", "lockstep", "clocks", "rejection-free"])
def test_sequential_averages_are_those_of_enumeration(method: Any) -> None:
    network = small(self_couplings=False)
    found, exact = (
        simulate(network, update="sequential", replicas=256, measured=1000, method=method),
        sequential_stationary_state(network),
    )
    for estimate, value in [
        (found.entropy_production, exact.entropy_production_rate / 6),
        (found.activity, exact.activity / 6),
    ]:
        assert abs(estimate.value - value) < ERRORS * estimate.standard_error


def test_symmetric_parallel_updates_produce_nothing() -> None:
    found = simulate(small(symmetry=1.0), replicas=16, measured=40, precision="double")
    assert abs(found.entropy_production.value) < 1e-14


def test_threads_do_not_change_bits_and_seeds_do() -> None:
    network = small()
    one, two = simulate(network, threads=1, lags=3), simulate(network, threads=2, lags=3)
    assert one == two
    assert simulate(network, seed=2) != one
    assert one.lags.tolist() == [0.0, 4.0, 8.0, 12.0] and one.autocorrelation[0] == 1.0


def test_an_ensemble_continues_from_its_checkpoint(tmp_path: Path) -> None:
    options: dict[str, Any] = {"couplings": ("gaussian", 1.0, 0.5, 0.0), "draws": 4, "replicas": 8, "measured": 40}
    whole = ensemble_average(32, **options)

    def interrupt(fraction: float, what: str) -> None:
        if 0.0 < fraction < 1.0:
            raise RuntimeError("enough")

    try:
        ensemble_average(32, **options, checkpoint=tmp_path, progress=interrupt)
    except RuntimeError:
        pass
    assert ensemble_average(32, **options, checkpoint=tmp_path) == whole
    assert len(whole.draws) == 4 and len(whole.thermal_errors) == len(OBSERVABLES)
    spread = np.std([draw.entropy_production.value for draw in whole.draws], ddof=1) / 2.0
    assert math.isclose(whole.entropy_production.standard_error, spread, rel_tol=1e-12)


def test_a_study_names_its_sizes_and_controls_by_the_exact_magnetization() -> None:
    study = finite_size_study(
        [16, 32], couplings=("gaussian", 1.0, 0.5, 0.0), draws=5, replicas=8, measured=40, exact_magnetization=0.0
    )
    assert study.spins.tolist() == [16, 32]
    assert study.sizes[0].controlled.keys() == set(OBSERVABLES) - {"magnetization"}
    line = study.extrapolated["conditional_entropy"]
    assert line.degrees_of_freedom == 0 and np.allclose(line.residuals, 0.0, atol=1e-6)
    assert study.plot_data()["inverse size"].tolist() == [1 / 16, 1 / 32]


def test_an_ordered_network_has_two_starts_that_disagree() -> None:
    network = sherrington_kirkpatrick(64, spread=0.1, beta=3.0)
    assert not two_starts(network, replicas=32, measured=100).agree


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"replicas": 0}, "replicas is 0"),
        ({"measured": 1}, "measured time"),
        ({"start": "down"}, 'start is "down"'),
        ({"update": "backwards"}, 'update is "backwards"'),
        ({"update": 1.5}, "1.5"),
        ({"update": "sequential"}, "acts on itself"),
        ({"method": "best"}, 'method is "best"'),
    ],
)
def test_wrong_simulations_are_refused(options: dict[str, Any], named: str) -> None:
    with pytest.raises(ModelError, match=named):
        simulate(small(), **options)


def test_an_unknown_length_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="replica'"):
        simulate(small(), replica=3)  # type: ignore[call-arg]


def test_a_fit_is_where_the_gradient_vanishes() -> None:
    """⟨(s_i' - tanh h_i) s_j⟩ = λ J_ij, and ⟨s_i' - tanh h_i⟩ = 0."""
    spins = sample(small(), steps=3000).astype(float)
    found = inference.fit(spins, penalty=0.01)
    residual = spins[1:] - np.tanh(found.fields + spins[:-1] @ found.couplings.T)
    np.testing.assert_allclose(residual.T @ spins[:-1] / 2999, 0.01 * found.couplings, atol=1e-9)
    np.testing.assert_allclose(residual.mean(axis=0), 0.0, atol=1e-9)
    assert math.isclose(found.log_likelihood_of(spins), found.log_likelihood, rel_tol=1e-12)


@pytest.mark.parametrize("form", [lambda s: s > 0, lambda s: (s > 0).astype(np.int32), lambda s: s.astype(np.float32)])
def test_all_forms_of_activity_are_the_same(form: Any) -> None:
    spins = sample(small(), steps=500)
    assert inference.fit(form(spins)) == inference.fit(spins)


def test_parts_of_entropy_production_add_up() -> None:
    spins = sample(small(), steps=4000)
    found = inference.entropy_production(spins, nulls=4, draws=100)
    assert math.isclose(np.triu(found.pairs).sum(), found.cross_fit, rel_tol=1e-10)
    assert math.isclose(found.units.sum(), found.cross_fit, rel_tol=1e-10)
    assert math.isclose(found.plug_in - found.estimate.value, found.plug_in_bias, rel_tol=1e-10)
    low, high = found.estimate.interval
    assert low < found.estimate.value < high and len(found.shifted.cross_fit) == 4
    assert found == inference.entropy_production(spins, nulls=4, draws=100, threads=1)


def test_a_driven_ring_is_bounded_and_found() -> None:
    ring = KineticIsing(np.roll(np.eye(4), 1, axis=0))
    exact = parallel_stationary_state(ring).entropy_production
    spins = sample(ring, steps=20_000)
    found = inference.entropy_production(spins, nulls=2, draws=500).estimate
    assert abs(found.value - exact) < ERRORS * found.standard_error
    assert inference.lower_bound(spins, draws=200).estimate.value < exact + ERRORS * found.standard_error


def test_sparse_paths_start_from_nothing() -> None:
    path = inference.fit_sparse(sample(small(), steps=2000), steps=4)
    assert [one.coupling_count for one in path][0] == 0
    assert all(a.penalty > b.penalty for a, b in zip(path, path[1:], strict=False))
    found = inference.cross_validate(sample(small(), steps=2000), penalties=[1.0, 0.01], kind="absolute")
    assert found.best == 1


@pytest.mark.parametrize(("kind", "ends", "count"), [("quadratic", 1e5, 11), ("absolute", 1e2, 12)])
def test_penalties_that_nobody_gives_are_even_in_the_logarithm(kind: Any, ends: float, count: int) -> None:
    penalties = inference.cross_validate(sample(small(), steps=2000), kind=kind).penalties
    ratios = penalties[1:] / penalties[:-1]
    np.testing.assert_allclose(ratios, ratios[0], rtol=1e-9)
    assert len(penalties) == count
    assert math.isclose(max(penalties) / min(penalties), ends, rel_tol=1e-9)


def test_an_ellipse_has_the_axes_of_its_covariance() -> None:
    place = inference.scenario(sample(sherrington_kirkpatrick(12, spread=0.6), steps=4000), draws=300)
    axes = np.sqrt(np.linalg.eigvalsh(place.ellipse.covariance))[::-1]
    assert math.isclose(place.ellipse.half_axes[0] / place.ellipse.half_axes[1], axes[0] / axes[1], rel_tol=1e-9)
    assert math.isclose(place.distance_to_criticality, 1.0 - place.feedback, rel_tol=1e-12)
    assert 0.0 < place.uncertainty < 1.0


def test_every_spike_is_accounted_for() -> None:
    found = inference.bin_spikes([0, 1, 1, 0], [-0.1, 0.0, 0.01, 0.4], width=0.1, bins=3)
    assert (found.in_bins, found.repeated, found.before, found.after) == (2, 1, 1, 1)
    assert found.activity.tolist() == [[False, True], [False, False], [False, False]]


@pytest.mark.parametrize(
    ("activity", "named"),
    [
        ([[0, 1], [2, 0]], r"activity\[1, 0\] is 2; expected 0 or 1"),
        ([[0, 1], [-1, 1]], r"activity\[0, 0\] is 0; expected -1 or 1"),
        ([[0.0, math.nan]], r"activity\[0, 1\] is nan"),
        ([0, 1, 1], "shape"),
        ([[0, 1]], "a recording needs at least 1"),
        (np.zeros((50, 2)), "unit 0"),
        (np.zeros((50, 0)), "no units"),
    ],
)
def test_wrong_activity_is_refused(activity: Any, named: str) -> None:
    with pytest.raises(DataError, match=named):
        inference.fit(activity)


@pytest.mark.parametrize(
    ("units", "times", "options", "named"),
    [
        ([0, -1], [0.1, 0.2], {"width": 0.1}, "-1"),
        ([0, 3], [0.1, 0.2], {"width": 0.1, "count": 2}, "unit 3"),
        ([0], [0.1, 0.2], {"width": 0.1}, "1 unit numbers for 2 spike times"),
        ([0], [math.nan], {"width": 0.1, "bins": 2}, "finite"),
        ([0], [0.1], {"width": 0.0}, "width is 0.0"),
    ],
)
def test_wrong_spikes_are_refused(units: Any, times: Any, options: dict[str, Any], named: str) -> None:
    with pytest.raises((DataError, ModelError), match=named):
        inference.bin_spikes(units, times, **options)


PAIR = """
irrev = 1
kind = "kinetic-ising"
title = "a pair"
[network]
couplings = { rows = [[0.0, 1.0], [-1.0, 0.0]] }
[dynamics]
update = "parallel"
beta = 2.0
"""


def test_a_model_file_gives_its_network() -> None:
    model = irrev.loads(PAIR, name="pair.toml")
    assert (model.kind, model.title, model.warnings) == ("kinetic-ising", "a pair", [])
    network = model.kinetic_ising()
    assert network == KineticIsing([[0.0, 1.0], [-1.0, 0.0]], beta=2.0)
    assert model.with_set({"dynamics.beta": 1.0}).kinetic_ising().beta == 1.0
    report = irrev.run(model)
    exact = parallel_stationary_state(network).entropy_production / 2
    assert math.isclose(report.quantities["exact_entropy_production"].value, exact, rel_tol=1e-12)


def test_a_model_file_of_spins_has_no_rates_and_says_what_it_has() -> None:
    model = irrev.loads(PAIR, name="pair.toml")
    for asked in (model.kinetics, model.reaction_system):
        with pytest.raises(ModelError, match=r"kinetic_ising\(\)"):
            asked()
    many = irrev.loads(PAIR.replace("couplings = { rows = [[0.0, 1.0], [-1.0, 0.0]] }", 'size = [8, 16]\ncouplings = { type = "gaussian", mean = 1.0, spread = 0.5 }'), name="many.toml")
    with pytest.raises(ModelError, match="say how many"):
        many.kinetic_ising()
    assert many.kinetic_ising(spins=8, draw=1) != many.kinetic_ising(spins=8)
    with pytest.raises(ModelError, match="rows"):
        irrev.loads(PAIR.replace("[-1.0, 0.0]", "[-1.0]"), name="ragged.toml")


def test_arrays_that_cannot_be_are_refused_before_they_are_made() -> None:
    with pytest.raises(LimitError, match="1000000000 spins need about"):
        sherrington_kirkpatrick(10**9, spread=1.0)
    with pytest.raises(LimitError, match="bins of 1000000000001 units"):
        inference.bin_spikes([0, 10**12], [0.1, 0.2], width=0.1)

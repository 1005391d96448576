"""`irrev.inference`: known systems, agreement of ways to the same number, streams, and what is refused."""

import copy
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from irrev import DataError, IrrevError, ModelError
from irrev import inference as inf

ROTATION = 8.0
"""Entropy production rate of dx = -x dt + 2 (-y, x) dt + √2 dW: 2 · 2²."""


def driven_round(points: int, seed: int, runs: int = 1) -> np.ndarray:
    """Runs × points × 2 of the trap that is driven round, exactly at steps of 0.01."""
    kept, angle, rng = np.exp(-0.01), 0.02, np.random.default_rng(seed)
    turn = kept * np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    kicks = np.sqrt(1 - kept**2) * rng.normal(size=(points, runs, 2))
    x, found = rng.normal(size=(runs, 2)), np.empty((runs, points, 2))
    for t, kick in enumerate(kicks):
        found[:, t] = x
        x = x @ turn + kick
    return found


X = driven_round(30_000, 1)[0]


@pytest.fixture(scope="module")
def found() -> inf.Dissipation:
    return inf.entropy_production(X, step=0.01)


def test_the_whole_answer_for_a_series(found: inf.Dissipation) -> None:
    # 5 σ two-sided: 6e-7
    assert abs(found.estimate.value - ROTATION) < 5 * found.estimate.standard_error
    assert found.estimate.kind == "estimate" and found.bound.kind == "lower bound"
    assert found.bound.interval[0] < ROTATION and found.bound.value < found.in_sample
    assert found.rank == len(found.currents) == len(found.coefficients) == 6
    assert [one.step for one in found.plug_in] == pytest.approx([0.01, 0.02, 0.04])
    assert found.cap == pytest.approx(np.log(len(X) - 1) / 0.01)
    assert not any(one.seen or one.smooth for one in found.noise) and not found.noise_taken_out
    assert any("overdamped" in text for text in found.assumptions)


def test_the_force_is_that_of_the_motion(found: inf.Dissipation) -> None:
    points = np.array([[[1.0, 0.0], [0.0, 1.0]], [[-1.0, 0.5], [0.0, 0.0]]])
    force = found.force(points)
    assert force.shape == points.shape
    # coefficients scatter by about √(2/(N dt Var x)) ≈ 0.08
    np.testing.assert_allclose(force, 2 * np.stack([-points[..., 1], points[..., 0]], axis=-1), atol=0.6)
    np.testing.assert_array_equal(force[0, 1], found.force([0.0, 1.0]))
    with pytest.raises(ModelError, match=r"x has shape \(3,\), expected \(\.\.\., 2\)"):
        found.force([1.0, 2.0, 3.0])


def test_a_certificate_is_computed_again_from_the_file(found: inf.Dissipation, tmp_path: Path) -> None:
    found.certificate.save(tmp_path / "bound.json")
    loaded = inf.Certificate.load(tmp_path / "bound.json")
    assert loaded == found.certificate and loaded.bound == found.bound
    again = loaded.recheck(X)
    assert again.agrees and again.stated == found.bound.value and again.difference <= again.tolerance
    moved = X.copy()
    moved[100] += 0.1
    assert not loaded.recheck(moved).agrees
    with pytest.raises(DataError, match="29998 entries where 29999"):
        loaded.recheck(X[:-1])
    with pytest.raises(ModelError, match="that of the certificate"):
        loaded.recheck(X, step=0.02)
    (tmp_path / "wrong.json").write_text('{"format": 1}', encoding="utf-8")
    for name in ("wrong.json", "missing.json"):
        with pytest.raises(DataError, match=f"{name}.*cannot be read"):
            inf.Certificate.load(tmp_path / name)


def test_results_compare_copy_pickle_and_show_themselves(found: inf.Dissipation) -> None:
    moments = inf.Moments.of(X[:2000], currents=inf.Currents.linear(2), step=0.01)
    model = inf.VectorAutoregression([[[0.5, 0.3], [0.0, 0.7]]], noise=np.eye(2))
    for value in (found, found.certificate, found.currents, moments, model):
        assert pickle.loads(pickle.dumps(value)) == value and copy.deepcopy(value) == value
        assert repr(value)
    assert "nats/time" in found.summary() and found.to_dict()["estimate"]["value"] == found.estimate.value
    with pytest.raises(AttributeError):
        found.currents.labels = ()  # type: ignore[misc]


def test_threads_change_no_bit_and_seeds_change_the_interval_only(found: inf.Dissipation) -> None:
    assert inf.entropy_production(X, step=0.01, threads=1) == found
    other = inf.entropy_production(X, step=0.01, seed=2)
    assert other.estimate.value == found.estimate.value and other.estimate.interval != found.estimate.interval


def test_trajectories_in_a_list_and_in_an_array_are_the_same() -> None:
    runs = driven_round(1500, 2, runs=4)
    whole = inf.entropy_production(runs, step=0.01, draws=100)
    assert whole == inf.entropy_production(list(runs), step=0.01, draws=100)
    assert whole.certificate.steps == 4 * 1499


def test_pieces_change_no_bit_and_parts_add_up(tmp_path: Path) -> None:
    currents = inf.Currents.affine([0.1, -0.2])
    pieces = inf.Moments(currents, step=0.01)
    for piece in np.split(X, [1, 130, 131, 20_000]):
        pieces.push(piece)
    pieces.save(tmp_path / "moments.json")
    pieces.end_trajectory()
    whole = inf.Moments.of(X, currents=currents, step=0.01)
    assert pieces == whole and whole.steps == len(X) - 1
    again = inf.Moments.load(tmp_path / "moments.json")
    again.end_trajectory()
    assert again == whole
    half = [inf.Moments.of(part, currents=currents, step=0.01) for part in np.split(X, 2)]
    both = half[0] + half[1]
    assert both.steps == len(X) - 2
    assert both.point_estimate() == pytest.approx(whole.point_estimate(), rel=0.02)
    covariance = whole.covariance()
    assert covariance is not None and np.array_equal(covariance, covariance.T) and (np.linalg.eigvalsh(covariance) > 0).all()


def test_the_estimator_says_what_the_function_says_and_streams(found: inf.Dissipation) -> None:
    estimator = inf.EntropyProductionEstimator(step=0.01).fit(X)
    assert estimator.result_ == found and estimator.bound_ == found.bound
    assert estimator.entropy_production_ == float(found.estimate) and estimator.n_features_in_ == 2
    fresh = driven_round(20_000, 3)[0]
    held = estimator.bound_on(fresh)
    assert held.kind == "lower bound" and abs(held.value - ROTATION) < 5 * held.standard_error + 1.5
    stream = inf.EntropyProductionEstimator(step=0.01, origin=[0.0, 0.0])
    one, two = copy.deepcopy(stream).partial_fit(X[:15_000]), copy.deepcopy(stream).partial_fit(X[15_000:])
    both = one + two
    assert both.moments_.steps == len(X) - 2 and one.moments_.steps == 14_999
    assert both.entropy_production_ == pytest.approx(float(found.estimate), rel=0.02)
    with pytest.raises(AttributeError, match="nothing is certified"):
        _ = both.bound_
    with pytest.raises(ModelError, match="same origin"):
        _ = one + inf.EntropyProductionEstimator(step=0.01).partial_fit(X)
    with pytest.raises(ModelError, match="whole of the data"):
        inf.EntropyProductionEstimator(step=0.01, basis="radial").partial_fit(X)
    assert pickle.loads(pickle.dumps(both)).result_ == both.result_


@pytest.mark.parametrize(
    "estimator",
    [inf.EntropyProductionEstimator(step=0.1), inf.JumpRates(), inf.TransferEntropy(), inf.EnsembleSpeed()],
    ids=lambda one: type(one).__name__,
)
def test_parameters_are_set_by_name(estimator: Any) -> None:
    again = type(estimator)(**estimator.get_params())
    assert again.get_params() == estimator.get_params()
    assert again.set_params(seed=7) is again and again.seed == 7 and "seed=7" in repr(again)
    with pytest.raises(ValueError, match="no parameter 'phlogiston'"):
        again.set_params(phlogiston=1)
    assert not hasattr(again, "result_")


def test_fields_that_are_not_linear_need_radial_currents() -> None:
    """A force that turns near the origin only: affine currents find part of what it produces."""
    rng, dt, x = np.random.default_rng(4), 0.01, np.zeros((100, 2))
    found = np.empty((100, 400, 2))
    for t in range(400):
        found[:, t] = x
        turn = 6.0 * np.exp(-(x**2).sum(axis=1, keepdims=True)) * np.stack([-x[:, 1], x[:, 0]], axis=1)
        x = x + (turn - x) * dt + np.sqrt(2 * dt) * rng.normal(size=x.shape)
    radial = inf.entropy_production(found, step=dt, basis=inf.Radial(centres=(0, 6)), draws=100)
    assert radial.radial is not None and radial.radial.tried.tolist() == [0, 6]
    assert radial.certificate.labels == radial.currents.labels
    again = inf.entropy_production(found, step=dt, basis=radial.currents, draws=100)
    np.testing.assert_array_equal(again.coefficients, radial.coefficients)


def test_dissipation_in_time_finds_a_constant_drift() -> None:
    drift = np.cumsum(0.03 + np.sqrt(0.02) * np.random.default_rng(5).normal(size=(600, 25, 1)), axis=1)
    windows = inf.entropy_production_in_time(drift, step=0.01, window=8)
    assert [(round(w.from_, 3), round(w.to, 3), w.trajectories) for w in windows] == [
        (0.0, 0.08, 600),
        (0.08, 0.16, 600),
        (0.16, 0.24, 600),
    ]
    # 5 σ two-sided, three times: 2e-6
    assert all(abs(w.estimate.value - 9.0) < 5 * w.estimate.standard_error for w in windows)


def test_noise_of_measurement_is_seen_and_taken_out() -> None:
    rng = np.random.default_rng(6)
    noisy = X + 0.1 * rng.normal(size=X.shape)
    for one in inf.measurement_noise(noisy, step=0.01):
        assert one.seen and abs(one.variance - 0.01) < 5 * one.standard_error
    assert inf.entropy_production(noisy, step=0.01, draws=100).noise_taken_out
    kept = inf.entropy_production(noisy, step=0.01, draws=100, noise="keep")
    assert not kept.noise_taken_out and any("kept" in text for text in kept.assumptions)


def test_variational_forms_keep_their_order() -> None:
    chain = X[::20]
    found = inf.variational(chain, step=0.2)
    assert found.held_out.value < found.maximum_entropy.value and found.neep.value <= found.maximum_entropy.value
    assert found.maximum_entropy.convergence.converged and found.cap > found.maximum_entropy.value
    one = inf.variational_maximum(chain, step=0.2, objective="neep")
    assert one == found.neep and one.force([1.0, 0.0])[1] > 0


def test_rates_come_back_and_a_ring_dissipates() -> None:
    rng = np.random.default_rng(7)
    forward = rng.random(4000) < 0.75
    visits = inf.Visits(np.cumsum(np.where(forward, 1, 2)) % 3, np.cumsum(rng.exponential(size=4000)), 4100.0)
    found = inf.jump_rates(visits)
    exact = 0.5 * np.log(3)
    assert abs(found.entropy_production.corrected.value - exact) < 5 * found.entropy_production.corrected.standard_error
    assert found.counts.sum() == found.jumps == 3999
    drawn = inf.posterior_rates(visits, draws=200)
    assert drawn.shape == (200, 3, 3)
    spread = drawn.std(axis=0) / np.where(found.standard_errors > 0, found.standard_errors, 1.0)
    assert (abs(spread[found.rates > 0] - 1) < 0.35).all()  # relative error 1/√400 of each: 7 σ
    one = inf.JumpRates(states=3).partial_fit(visits)
    assert (one + one).counts_.sum() == 2 * found.jumps and np.array_equal(one.rates_, found.rates)
    assert pickle.loads(pickle.dumps(one)).result_ == one.result_
    assert one.score(visits) == pytest.approx(found.log_likelihood / found.duration)
    steps = inf.step_entropy_production(np.asarray(visits.states))
    assert abs(steps.corrected.value - exact) < 5 * steps.corrected.standard_error
    waiting = inf.waiting_time_divergence(visits)
    assert waiting.states is not None and len(waiting.states) == 6 and waiting.rate.kind == "estimate"


def test_jumps_seen_one_way_only_are_named() -> None:
    found = inf.jump_rates(inf.Visits([0, 1, 2] * 20, range(60), 60.0)).entropy_production
    assert found.plugin == np.inf and found.one_way == ((0, 1), (1, 2), (2, 0))
    assert np.isfinite(found.pseudocount_half)


def test_transfer_entropies_of_an_autoregression_agree_with_its_closed_form() -> None:
    rng, z = np.random.default_rng(8), np.zeros((8000, 2))
    a = np.array([[0.5, 0.3], [0.0, 0.7]])
    for t, kick in enumerate(rng.normal(size=(len(z) - 1, 2))):
        z[t + 1] = a @ z[t] + kick
    model = inf.VectorAutoregression([a], noise=np.eye(2))
    exact = model.transfer_entropy(target=0, source=1, target_history=1, source_history=1)
    gaussian = inf.gaussian_transfer_entropy(z[:, 0], source=z[:, 1], surrogates=19)
    assert abs(gaussian.estimate.value - exact) < 5 * gaussian.estimate.standard_error
    assert gaussian.surrogates is not None and gaussian.surrogates.p_value == 0.05
    full = inf.full_history_transfer_entropy(z[:, 0], source=z[:, 1], replicas=20)
    assert abs(full.estimate.value - model.transfer_entropy(target=0, source=1)) < 5 * full.estimate.standard_error
    np.testing.assert_allclose(full.model.lags[0], a, atol=0.06)  # 5 σ of 0.012
    nearest = inf.ksg_transfer_entropy(z[:2000, 0], source=z[:2000, 1], blocks=5)
    assert abs(nearest.estimate.value - exact) < 0.03
    nothing = inf.ksg_transfer_entropy(rng.normal(size=300), source=rng.normal(size=300), blocks=0)
    assert np.isnan(nothing.estimate.standard_error) and (nothing.estimate.value >= 0 or nothing.notes)
    by = inf.TransferEntropy(method="ksg", options={"blocks": 5}).fit(z[:2000])
    assert by.result_ == nearest


def test_cells_in_a_long_and_in_a_wide_table_are_the_same() -> None:
    t = np.arange(8.0)
    wide = 0.5 * t[:, None] + np.random.default_rng(9).normal(size=(8, 300))
    found = inf.ensemble_speed(wide, times=t, replicas=20)
    assert abs(found.length.value - 3.5) < 5 * found.length.standard_error
    assert found.strides.naive_length[0] == pytest.approx(inf.chord_length(wide, times=t))
    frame, cell = (index.ravel() for index in np.indices(wide.shape))
    named = np.array([f"cell {n:03d}" for n in range(300)])[cell]
    order = np.random.default_rng(1).permutation(frame.size)
    for cells in (cell, named):
        long = inf.ensemble_speed(
            wide.ravel()[order], times=t[frame][order], cells=cells[order], replicas=20
        )
        assert long == found
    assert inf.EnsembleSpeed(replicas=20).fit(wide, t).result_ == found


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: inf.entropy_production(X[:50], step=0.01), DataError, "needs at least"),
        (lambda: inf.entropy_production(X, step=0.0), ModelError, "step of time is 0"),
        (lambda: inf.entropy_production(X * [1, 0], step=0.01), DataError, "constant channel"),
        (lambda: inf.entropy_production([X, X[:, :1]], step=0.01), DataError, r"x\[1\] has 1 coordinates where x\[0\] has 2"),
        (lambda: inf.entropy_production([], step=0.01), IrrevError, "at least 1 steps"),
        (lambda: inf.entropy_production(np.where(X == X[7], np.nan, X), step=0.01), DataError, "entry 7 is NaN"),
        (lambda: inf.entropy_production(X, step=0.01, basis="cubic"), ModelError, '"affine"'),  # type: ignore[arg-type]
        (lambda: inf.entropy_production(X, step=0.01, strides=(2, 1)), ModelError, "ascending"),
        (lambda: inf.entropy_production(X, step=0.01, folds=1), ModelError, "2 to 64"),
        (lambda: inf.entropy_production(X, step=0.01, draws=3), ModelError, "at least 100"),
        (lambda: inf.entropy_production(X[:, :1], step=0.01, basis="antisymmetric"), ModelError, "number of currents"),
        (lambda: inf.Moments(inf.Currents.linear(2), step=0.1).push([1.0, 2.0]), ModelError, "x has 1 coordinates"),
        (lambda: inf.Currents.monomials([]), ModelError, "number of currents"),
        (lambda: inf.jump_rates(inf.Visits([0, 0], [0.0, 1.0], 2.0)), DataError, "join them"),
        (lambda: inf.jump_rates(inf.Visits([0, 1], [0.0, 0.0], 2.0)), DataError, "not later"),
        (lambda: inf.jump_rates(inf.Visits([0, 3], [0.0, 1.0], 2.0), states=2), DataError, "0 to 1"),
        (lambda: inf.jump_rates(inf.Visits([0, -1], [0.0, 1.0], 2.0)), DataError, "entry 1 is -1"),
        (lambda: inf.jump_rates(([0, 1], [0.0, 1.0], 2.0)), TypeError, "Visits"),  # type: ignore[arg-type]
        (lambda: inf.JumpRates().partial_fit(inf.Visits([0, 1], [0.0, 1.0], 2.0)), ModelError, "number of states"),
        (lambda: inf.waiting_time_divergence(inf.Transitions([0], [0.0])), ModelError, "reverse"),
        (lambda: inf.gaussian_transfer_entropy([1.0] * 200, source=range(200)), DataError, "constant"),
        (lambda: inf.gaussian_transfer_entropy(range(200), source=range(100)), DataError, "expected"),
        (lambda: inf.TransferEntropy(method="guess").fit(X), ModelError, "expected one of"),  # type: ignore[arg-type]
        (lambda: inf.ensemble_speed([[1.0] * 5] * 3, times=[0, 1, 2]), DataError, "5 cells"),
        (lambda: inf.ensemble_speed(np.ones(3), times=[0, 1, 2]), ModelError, r"\(frames, cells\)"),
        (lambda: inf.ensemble_speed([1.0, 2.0], times=[0, 0], cells=[4, 4]), DataError, "cell 4 has two values"),
    ],
)
def test_what_is_wrong_is_refused_in_words(call: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call()

"""Trajectories: what they are asked, what they refuse, and laws that ensembles obey.

Statistical tests: 5 standard errors two-sided, a false alarm of 6e-7 each, with seeds 1 and what the size of the sample allows.
"""

import math
from typing import Any

import numpy as np
import pytest

from irrev import ModelError
from irrev import network as n
from irrev import reactions as r
from irrev import simulation as s

BIRTH_DEATH = r.CountSystem(["X"], reactions=[("r", "0 <=> X", 10.0, 0.5)], initial=[3])
RING = n.MarkovJump.from_rates(3, [(0, 1, 2.0, 1.0), (1, 2, 2.0, 1.0), (2, 0, 2.0, 1.0)])
EVEN = [1 / 3] * 3
EXACT = [
    "dense",
    "direct",
    "sorted_direct",
    "next_reaction",
    "composition_rejection",
    "rejection",
    "integrated_hazard",
]


def close(estimate: Any, exact: float) -> bool:
    return bool(abs(estimate.value - exact) < 5 * estimate.standard_error)


@pytest.mark.parametrize("method", EXACT)
def test_every_exact_method_follows_the_master_equation(method: str) -> None:
    found = s.simulate(BIRTH_DEATH, times=[1.7], trajectories=4000, method=method)
    assert found.exact and method in found.algorithm and not found.warnings
    assert close(found.mean_of("X"), 12.733946156871646)
    assert close(found.variance_of("X"), 12.18589558471344)


@pytest.mark.parametrize("method", ["tau_leaping", "tau_leaping_midpoint", "langevin"])
def test_approximate_methods_say_so(method: str) -> None:
    many = r.CountSystem(["X"], reactions=[("r", "0 <=> X", 10_000.0, 0.5)], initial=[20_000])
    found = s.simulate(many, times=[1.0], trajectories=200, method=method)
    assert not found.exact and "approximate" in found.warnings[0]
    # stationary at 20 000, with a spread of 141 that the step may change by a few per cent
    assert abs(found.mean_of("X").value - 20_000) < 60


def test_the_books_are_those_of_every_trajectory() -> None:
    books = s.Books(jumps=True, residence=True, entropy=True, currents={"net": {"r": 1.0}}, histograms=["X"])
    found = s.simulate(BIRTH_DEATH, times=[0.5, 2.0], trajectories=50, books=books, keep=True)
    x, net = found.samples_of("X"), found.samples_of("net")
    np.testing.assert_array_equal(x - 3, net)
    np.testing.assert_array_equal(found.jumps[:, 0, 0] - found.jumps[:, 0, 1], net[:, -1])
    np.testing.assert_allclose(found.histograms[0].sum(axis=1), 2.0, rtol=1e-13)
    counts = np.arange(found.histograms[0].shape[1])
    np.testing.assert_allclose(found.histograms[0] @ counts, found.samples_of("integral(X)")[:, -1], rtol=1e-12)
    assert found.reactions[0].name == "r" and found.reactions[0].forward.count == 50


def test_passages_stop_trajectories_and_are_timed() -> None:
    stop = s.Passage(name="ten", counts={"X": 1.0}, threshold=10, stops=True)
    found = s.simulate(BIRTH_DEATH, times=[100.0], trajectories=2000, books=s.Books(passages=[stop]), keep=True)
    assert found.ends == {"time": 0, "jumps": 0, "passage": 2000}
    exact = n.first_passage(
        n.MarkovJump.from_rates(11, [(k, k + 1, 10.0, 0.5 * (k + 1)) for k in range(10)]),
        start=np.eye(11)[3],
        targets=[10],
    )
    assert close(found.passages[0].time.mean, exact.mean)
    np.testing.assert_array_equal(found.passage_times[:, 0], found.end_times)
    assert any("ended before" in warning for warning in found.warnings)


def test_a_jump_without_a_reverse_makes_the_entropy_infinite_and_is_named() -> None:
    drain = r.CountSystem(["X"], reactions=[("drain", "X -> 0", 1.0, 0.0)], initial=[5])
    found = s.simulate(drain, times=[10.0], trajectories=20, books=s.Books(entropy=True))
    assert found.mean_of("medium_entropy").value == math.inf
    assert any('"drain"' in warning for warning in found.warnings)


def test_a_wanted_error_ends_the_ensemble() -> None:
    found = s.simulate(BIRTH_DEATH, times=[1.0], trajectories=10**6, wanted_error=("X", 0.1))
    assert found.stopped_early and found.trajectories < 10_000
    assert found.mean_of("X").standard_error <= 0.1
    on_a_graph = s.sample_jump_process(
        RING, start=EVEN, horizon=1.0, currents={"J": [1, 1, 1]}, trajectories=10**7, wanted_error=("J", 0.02)
    )
    assert on_a_graph.trajectories < 10**6 and on_a_graph.mean_of("J").standard_error <= 0.02


def test_initial_counts_come_as_arrays_or_by_name() -> None:
    by_name = s.simulate(BIRTH_DEATH, initial={"X": 7}, times=[0.0], trajectories=1)
    assert by_name.mean_of("X").value == 7.0
    assert by_name == s.simulate(BIRTH_DEATH, initial=[7], times=0.0, trajectories=1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"times": []}, "output times"),
        ({"times": [2.0, 1.0]}, "ascending"),
        ({"times": [1.0], "trajectories": 0}, "trajectories"),
        ({"times": [1.0], "trajectories": 10.5}, "trajectories is 10.5, expected a whole number"),
        ({"times": [1.0], "method": "magic"}, "unknown method"),
        ({"times": [1.0], "method": "tau_leaping", "epsilon": 2.0}, "epsilon"),
        ({"times": [1.0], "books": s.Books(currents={"J": {"none": 1.0}})}, "unknown reaction"),
        ({"times": [1.0], "books": s.Books(currents={"J": [1.0, 2.0]})}, "expected 1"),
        ({"times": [1.0], "books": s.Books(histograms=["Y"])}, "unknown species"),
        ({"times": [1.0], "wanted_error": ("Y", 0.1)}, "unknown species"),
        ({"times": [1.0], "books": s.Books(passages=[s.Passage(name="p", threshold=1.0)])}, "give one of"),
        ({"times": [1.0], "initial": [-1]}, "initial count"),
    ],
)
def test_questions_that_make_no_sense_are_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises((ValueError, TypeError), match=words):
        s.simulate(BIRTH_DEATH, **options)


def test_a_memory_limit_is_kept() -> None:
    from irrev import LimitError

    with pytest.raises(LimitError, match="of memory, the limit is"):
        s.simulate(BIRTH_DEATH, times=np.linspace(0, 1, 100), trajectories=10**6, keep=True, memory_limit=10**7)


def test_trajectories_on_a_graph_obey_the_fluctuation_theorems() -> None:
    found = s.sample_jump_process(
        RING, start=EVEN, horizon=2.0, total_entropy="stationary", running="total_entropy", keep=True
    )
    sigma = found.samples_of("total_entropy")
    judged = s.integral_fluctuation(sigma)
    assert found.integral_fluctuation is not None and judged.isclose(found.integral_fluctuation)
    assert judged.reliability == "sound" and abs(judged.deviation) < 5
    detailed = s.detailed_fluctuation(sigma, width=math.log(2))
    assert close(detailed.slope, 1.0)
    law = s.infimum_law(found.samples_of("minimum"), levels=[math.log(2), 2 * math.log(2)])
    assert (law.excesses < 5).all() and law.mean_excess < 5
    assert close(s.cumulants(sigma).values[0], 2 * math.log(2))


def test_a_first_passage_sample_agrees_with_the_solver() -> None:
    walk = n.MarkovJump.from_rates(4, [(0, 1, 1.0, 0.5), (1, 2, 1.0, 0.5), (2, 3, 1.0, 0.5)])
    found = s.sample_jump_process(walk, start=[1, 0, 0, 0], horizon=math.inf, targets=[3], keep=True)
    exact = n.first_passage(walk, start=[1, 0, 0, 0], targets=[3], times=[2.0, 5.0])
    assert close(found.mean_of("duration"), exact.mean)
    survival = s.survival_function(found.samples_of("duration"), passed=np.ones(10_000), times=[2.0, 5.0])
    assert (np.abs(1 - survival.survival - exact.cumulative) < 5 * survival.standard_errors).all()
    assert set(found.sample_endings) == {"3"}


def test_work_gives_the_free_energy_back() -> None:
    network = n.Network.from_edges(2, [(0, 1)])

    def works(opening: bool) -> np.ndarray:
        gap = "2*t" if opening else "2*(1 - t)"
        process = n.DrivenJump(network, rates=([f"exp(-{gap}/2)"], [f"exp({gap}/2)"]))
        start = [0.5, 0.5] if opening else [1 / (1 + math.exp(-2)), 1 / (1 + math.exp(2))]
        found = s.sample_driven_process(process, start=start, horizon=1.0, energies=[0, gap], keep=True)
        return found.samples_of("work")

    forward, reverse = works(True), works(False)
    exact = -math.log((1 + math.exp(-2)) / 2)
    assert close(s.jarzynski(forward, inverse_temperature=1.0), exact)
    assert close(s.bennett_acceptance_ratio(forward, reverse=reverse, inverse_temperature=1.0), exact)
    fit = s.crooks(forward, reverse=reverse, inverse_temperature=1.0, width=0.25)
    assert close(fit.free_energy, exact) and close(fit.slope, 1.0)


def test_energies_by_a_function_are_energies_by_expressions() -> None:
    process = n.DrivenJump(n.Network.from_edges(2, [(0, 1)]), rates=(["exp(-t)"], ["exp(t)"]))
    options: dict[str, Any] = {"start": [0.5, 0.5], "horizon": 1.0, "trajectories": 200, "keep": True}
    by_text = s.sample_driven_process(process, energies=[0, "2*t"], **options)
    by_function = s.sample_driven_process(process, energies=lambda t: [0.0, 2 * t], **options)
    np.testing.assert_array_equal(by_text.samples, by_function.samples)
    with pytest.raises(ZeroDivisionError):
        s.sample_driven_process(process, energies=lambda t: 1 / 0, **options)  # type: ignore[arg-type, return-value]


def test_tilted_trajectories_know_what_plain_ones_never_see() -> None:
    strong = n.MarkovJump.from_rates(5, [(i, (i + 1) % 5, 10.0, 0.1) for i in range(5)])
    found = s.sample_tilted_process(
        strong, start=[0.2] * 5, horizon=1.0, chi=-1.0, total_entropy="stationary", trajectories=500
    )
    assert found.integral_fluctuation is not None
    assert found.integral_fluctuation.mean.value == pytest.approx(1.0, abs=1e-9)
    # and those that are common are the rare ones here: one trajectory holds nearly all of the likelihood
    assert found.normalisation.largest_share > 0.5


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: s.sample_jump_process(RING, start=EVEN, horizon=math.inf), "horizon"),
        (lambda: s.sample_jump_process(RING, start=EVEN, horizon=1.0, upper=1.0), "running"),
        (lambda: s.sample_jump_process(RING, start=EVEN, horizon=1.0, targets=["nowhere"]), "nowhere"),
        (lambda: s.sample_jump_process(RING, start=EVEN, horizon=1.0, total_entropy="some"), "total_entropy"),
        (lambda: s.sample_jump_process(RING, start=EVEN, horizon=1.0, running="some"), "running"),
        (lambda: s.sample_jump_process(RING, start=[1, 0], horizon=1.0), "expected"),
        (lambda: s.sample_jump_process(RING, start=EVEN, horizon=1.0, wanted_error=("work", 0.1)), "Work"),
        (lambda: s.sample_jump_process(RING, start=EVEN, horizon=1.0, wanted_error=("luck", 0.1)), "luck"),
        (lambda: s.sample_jump_process(RING, start=EVEN, horizon=1.0, checkpoint_interval=-1.0), "interval"),
        (lambda: s.sample_tilted_process(RING, start=EVEN, horizon=1.0, chi=1.0), "current"),
        (lambda: s.jarzynski([1.0], inverse_temperature=1.0), "at least 2"),
        (lambda: s.integral_fluctuation([1.0, math.nan]), "NaN"),
        (lambda: s.integral_fluctuation([1.0], log_weights=[1.0, 2.0]), "log_weights"),
        (lambda: s.proportion(3, trials=2), "successes"),
    ],
)
def test_questions_about_graphs_and_samples_that_make_no_sense_are_refused(call: Any, words: str) -> None:
    with pytest.raises((ValueError, TypeError), match=words):
        call()


def test_samples_that_were_not_kept_are_missed_with_the_way_out() -> None:
    found = s.sample_jump_process(RING, start=EVEN, horizon=1.0, trajectories=10)
    with pytest.raises(ModelError, match="keep=True"):
        found.samples_of("jumps")

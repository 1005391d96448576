"""What goes wrong says what, where and how to get out."""

import pickle
from typing import Any

import numpy as np
import pytest

import irrev
from irrev import network as n
from irrev import reactions


def test_the_classes_are_related_as_documented() -> None:
    for error in (irrev.ModelError, irrev.DataError):
        assert issubclass(error, irrev.IrrevError) and issubclass(error, ValueError)
    for error in (irrev.ConvergenceError, irrev.LimitError):
        assert issubclass(error, irrev.IrrevError) and not issubclass(error, ValueError)


def test_not_converged_carries_how_far_it_came() -> None:
    """A protocol of sixteen thousand periods needs more steps than are allowed."""
    fast = n.DrivenJump(n.Network.from_edges(2, [(0, 1)]), rates=(["exp(sin(1e5*t))"], ["1"]))
    with pytest.raises(irrev.ConvergenceError) as caught:
        n.driven_process(fast, start=[0.5, 0.5], to=1.0)
    convergence = caught.value.convergence
    assert convergence["reason"] == "iteration limit"
    assert convergence["iterations"] == 10_000 and convergence["target"] == 1e-10
    assert "did not converge" in str(caught.value)
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.convergence == convergence and str(again) == str(caught.value)


def test_what_is_not_found_is_no_wrong_model() -> None:
    """As geodesics that are not resolved and motions without a steady state, which the command answers with exit code 75."""
    pair = reactions.ReactionSystem(["A", "B"], reactions=[("turn", "A <=> B", 1.0, 0.5)], initial={"A": 1.0, "B": 0.2})
    with pytest.raises(irrev.ConvergenceError, match="no limit cycle was found") as caught:
        reactions.limit_cycle(pair)
    assert caught.value.convergence is None
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.convergence is None and str(again) == str(caught.value)


def test_one_way_edges_are_named_and_infinite_never_cut_off() -> None:
    wheel = n.MarkovJump.from_rates(["a", "b"], [(0, 1, 1.0, 0.0), (1, 0, 1.0, 1.0)])
    flow = wheel.flow([0.5, 0.5])
    assert flow.entropy_production_rate == float("inf")
    assert wheel.one_way_edges == ["a→b"] and flow.one_way_edges.tolist() == [0]
    with pytest.raises(irrev.ModelError, match="a→b"):
        n.entropy_moments(wheel, start=[0.5, 0.5], t=1.0)


def test_a_stationary_state_that_is_not_unique_names_its_classes() -> None:
    apart = n.MarkovJump.from_rates(["a", "b", "c", "d"], [(0, 1, 1.0, 2.0), (2, 3, 1.0, 2.0)])
    with pytest.raises(irrev.ModelError, match=r"\{a, b\} and \{c, d\}"):
        apart.stationary_distribution()
    assert [c.distribution.sum() for c in n.closed_classes(apart)] == [1.0, 1.0]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: n.Network([]), "no states"),
        (lambda: n.Network(["a", "a"]), "defined twice"),
        (lambda: n.Network(["a", "b"], channels=[("e", "a", "c")]), 'unknown state "c"'),
        (lambda: n.Network(["a", "b"], channels=[("e", "a", "a")]), "to itself"),
        (lambda: n.Network(["a", "b"], channels=[("e", "a", "b", "hot")]), 'unknown reservoir "hot"'),
        (lambda: n.Network(["a"], subsystems={"s": []}), "subsystem labels"),
        (lambda: n.Network.from_edges(2, [(0, 2)]), 'unknown state "2"'),
        (lambda: n.Network.from_edges(2, [(0, -1)]), r"edges\[1\] is -1"),
        (lambda: n.Network.from_edges(2, [(0, 0.5)]), "whole numbers"),
        (lambda: n.MarkovJump.from_rates(2, [(0, 1, -1.0, 1.0)]), "0→1"),
        (lambda: n.MarkovJump.from_rates(2, [(0, 1, 1.0)]), "channels has shape"),
        (lambda: n.from_generator([[1.0, 0.0], [0.0, 0.0]]), "column 0"),
        (lambda: n.three_state_ring(0.5, 1.0).network.edge("x"), 'unknown edge "x"'),
    ],
)
def test_wrong_networks_are_refused_in_words(wrong: Any, words: str) -> None:
    with pytest.raises(irrev.ModelError, match=words):
        wrong()


@pytest.mark.parametrize(
    ("rates", "error"),
    [
        ("text", TypeError),
        (1.0, TypeError),
        ((["1"], "1"), TypeError),
        ((["1"], [None]), TypeError),
        ((["x"], ["1"]), irrev.ModelError),
        ((["1 +"], ["1"]), irrev.ModelError),
        ((["1", "2"], ["1"]), irrev.ModelError),
    ],
)
def test_wrong_rate_laws_are_refused(rates: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        n.DrivenJump(n.Network.from_edges(2, [(0, 1)]), rates=rates)


@pytest.mark.parametrize(
    ("returned", "words"),
    [(([1, 2], [1]), "2 entries"), (([-1.0], [1.0]), "-1"), ((["a"], [1.0]), "forward rates"), (3, "pair")],
)
def test_wrong_answers_of_a_rate_function_are_refused(returned: Any, words: str) -> None:
    process = n.DrivenJump(n.Network.from_edges(2, [(0, 1)]), rates=lambda t: returned)
    with pytest.raises((ValueError, TypeError), match=words):
        process.rates_at(0.0)


def test_quantities_of_another_network_are_refused(ring: Any, p: np.ndarray, dot: Any) -> None:
    _, energetics = dot
    with pytest.raises(irrev.ModelError, match="another network"):
        n.energy_budget(ring.flow(p), distribution=p, energetics=energetics)
    with pytest.raises(irrev.ModelError, match="another network"):
        energetics.detailed_balance_residual(ring)
    other = n.three_state_ring(0.1, 1.0).flow(p)
    n.uncertainty_relation(n.counting_statistics(ring), stationary_flow=other, weights=[1, 0, 0])
    with pytest.raises(irrev.ModelError):
        foreign = n.MarkovJump.from_rates(2, [(0, 1, 1.0, 1.0)]).flow([0.5, 0.5])
        n.uncertainty_relation(n.counting_statistics(ring), stationary_flow=foreign, weights=[1, 0, 0])


def test_cycles_that_do_not_close_or_do_not_exist_are_refused(ring: Any) -> None:
    with pytest.raises(irrev.ModelError, match="not a cycle"):
        n.cycle_through_edges(ring.network, steps=[(0, 1.0), (2, 1.0)])
    with pytest.raises(irrev.ModelError, match="unknown edge"):
        n.cycle_through_edges(ring.network, steps=[(7, 1.0)])
    with pytest.raises(irrev.ModelError, match="sign"):
        n.cycle_through_edges(ring.network, steps=[(0, 0.5)])
    with pytest.raises(irrev.ModelError, match="not a basis"):
        n.cycle_decomposition(ring, cycles=[], divergence_free=[1, 1, 1])
    with pytest.raises(irrev.ModelError):
        n.fundamental_cycles(ring.network).currents([1.0])
    with pytest.raises(irrev.ModelError):
        n.fundamental_cycles(ring.network).cycles[0].sum([1.0])

"""Reaction systems: how they are written, what they refuse, and laws that their numbers obey."""

import math
from typing import Any

import numpy as np
import pytest

import irrev
from irrev import ModelError
from irrev import network as n
from irrev import reactions as r

MODEL = """
irrev = 1
kind = "reactions"
title = "A turnover"
[species]
S = 2.0
P = { chemostat = 0.5 }
[parameters]
k = 3.0
[reactions]
turn = { eq = "S <=> P", kf = "k", kr = 1.0 }
feed = { eq = "0 -> S", kf = 1.0 }
[volume]
omega = 10.0
"""
SBML = """<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model>
<listOfCompartments><compartment id="cell" size="2" constant="true"/></listOfCompartments>
<listOfSpecies>
  <species id="A" compartment="cell" initialConcentration="1"/>
  <species id="B" compartment="cell" initialConcentration="0"/>
</listOfSpecies>
<listOfReactions><reaction id="r" reversible="true">
  <listOfReactants><speciesReference species="A" stoichiometry="1" constant="true"/></listOfReactants>
  <listOfProducts><speciesReference species="B" stoichiometry="1" constant="true"/></listOfProducts>
  <kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><ci>cell</ci>
    <apply><minus/><ci>A</ci><apply><divide/><ci>B</ci><cn>10</cn></apply></apply></apply></math></kineticLaw>
</reaction></listOfReactions></model></sbml>"""


def enzyme(**more: Any) -> r.ReactionSystem:
    return r.ReactionSystem(
        ["E", "ES"],
        chemostats={"S": 2.0, "P": 0.1},
        reactions=[("bind", "E + S <=> ES", 2.0, 0.5), ("release", "ES <=> E + P", 1.0, 0.3)],
        **more,
    )


def test_three_ways_to_write_a_system_agree() -> None:
    by_equation = enzyme()
    by_mappings = r.ReactionSystem(
        ["E", "ES"],
        chemostats={"S": 2.0, "P": 0.1},
        reactions=[
            ("bind", {"E": 1, "S": 1}, {"ES": 1}, 2.0, 0.5),
            ("release", {"ES": 1}, {"E": 1, "P": 1}, 1.0, 0.3),
        ],
    )
    by_arrays = r.from_arrays(
        ["E", "ES", "S", "P"],
        reactants=[[1, 0, 1, 0], [0, 1, 0, 0]],
        products=[[0, 1, 0, 0], [1, 0, 0, 1]],
        forward_rate=[2.0, 1.0],
        backward_rate=[0.5, 0.3],
        names=["bind", "release"],
        chemostats={"S": 2.0, "P": 0.1},
    )
    assert by_equation == by_mappings == by_arrays
    assert by_equation.stoichiometry.tolist() == [[-1, 1], [1, -1]]


def test_formulas_give_the_fluxes_of_mass_action() -> None:
    formulas = r.ReactionSystem(
        ["E", "ES"],
        chemostats={"S": 2.0, "P": 0.1},
        reactions=[("bind", "E + S <=> ES", "2*E*S", "k*ES"), ("release", "ES <=> E + P", "ES", "0.3*E*P")],
        parameters={"k": 0.5},
    )
    x = [0.4, 0.6]
    for a, b in zip(formulas.fluxes(x), enzyme().fluxes(x), strict=True):
        np.testing.assert_allclose(a, b, rtol=4e-16)
    np.testing.assert_allclose(formulas.jacobian(x), enzyme().jacobian(x), rtol=1e-15)


def test_a_flow_of_reactions_is_a_flow_of_a_network() -> None:
    flow = enzyme().flow([0.4, 0.6])
    assert isinstance(flow, n.Flow)
    assert flow.entropy_production_rate == pytest.approx(float(flow.current @ flow.force), rel=1e-15)
    split = r.geometric_decomposition(flow)
    assert split.excess + split.housekeeping == pytest.approx(flow.entropy_production_rate, rel=1e-14)
    assert flow.network.complexes is not None and len(flow.network.complexes) == 3
    assert flow.to_pandas()["from_"].tolist() == ["E + S", "ES"]
    with pytest.raises(ModelError, match="complexes"):
        n.MarkovJump(flow.network, forward_rate=[1, 1], backward_rate=[1, 1])
    # no closed path on the graph of E + S, ES and E + P, although S = 2 and P = 0.1 close one in the dynamics
    assert not n.fundamental_cycles(flow.network).cycles


def test_the_free_energy_balance_closes_and_chemostats_pay_for_the_steady_state() -> None:
    system = enzyme()
    steady = r.steady_state(system, start=[0.4, 0.6])
    assert steady.stability == "stable"
    balance = r.free_energy_balance(system, amounts=steady.amounts)
    assert abs(balance.residual) < 1e-14
    assert balance.nonconservative_work_rate == pytest.approx(balance.entropy_production_rate, rel=1e-10)
    forces = [exchange.force for exchange in balance.exchanges]
    assert sum(force is not None for force in forces) == 1


def test_every_chemostat_breaks_a_law_or_opens_a_cycle() -> None:
    found = r.structure(enzyme())
    assert len(found.broken_conservation_laws) + len(found.emergent_cycles) == 2
    assert not (found.conservation_laws @ enzyme().stoichiometry).any()
    assert found.open.deficiency == 0


def test_other_amounts_and_rates_make_other_systems_and_leave_the_first_alone() -> None:
    system = enzyme(initial={"E": 1.0, "ES": 0.0})
    richer = system.with_held({"S": 4.0})
    assert richer.held_amounts == {"S": 4.0, "P": 0.1} and system.held_amounts["S"] == 2.0
    faster = system.with_rates("bind", 4.0, 0.5)
    assert faster.flow([0.4, 0.6]) == richer.flow([0.4, 0.6])
    with pytest.raises(ModelError, match="chemostat"):
        system.with_held({"E": 1.0})
    with pytest.raises(ModelError, match="reaction"):
        system.with_rates("nothing", 1.0, 1.0)


def test_a_reaction_without_a_reverse_is_named_and_may_be_left_out() -> None:
    reactions = [("turn", "A <=> B", 1.0, 1.0), ("drain", "B -> 0", 1.0, 0.0)]
    counted = r.ReactionSystem(["A", "B"], reactions=reactions)
    assert counted.one_way_reactions == ["drain"]
    assert counted.flow([1.0, 1.0]).entropy_production_rate == math.inf
    left_out = r.ReactionSystem(["A", "B"], reactions=reactions, left_out=["drain"])
    assert left_out.flow([1.0, 2.0]).entropy_production_rate == pytest.approx(math.log(2.0))
    assert left_out.rate_of_change([1.0, 2.0]).tolist() == [1.0, -3.0]
    with pytest.raises(ModelError, match="nobody"):
        r.ReactionSystem(["A", "B"], reactions=reactions, left_out=["nobody"])


@pytest.mark.parametrize(
    ("reactions", "error", "words"),
    [
        ([("r", "A <=> Z", 1, 1)], ModelError, "unknown species \"Z\""),
        ([("r", "A => B", 1, 1)], ModelError, "no arrow"),
        ([("r", "A -> B", 1, 1)], ModelError, "runs one way"),
        ([("r", "A <=> A", 1, 1)], ModelError, "nothing reacts"),
        ([("r", "A <=> B", -1, 1)], ModelError, "forward rate"),
        ([("r", "A <=> B", math.nan, 1)], ModelError, "finite"),
        ([("r", "A <=> B", "A*", "B")], ModelError, "forward rate"),
        ([("r", "A <=> B", "kB*A", "B")], ModelError, "kB"),
        ([("r", "A <=> B", "A", 2.0)], ModelError, "formula too"),
        ([("r", "A <=> B", 1, 1), ("r", "A <=> B", 2, 1)], ModelError, "twice"),
        ([("r", {"A": -1}, {"B": 1}, 1, 1)], ModelError, "coefficient"),
        ([("r", "A <=> B", None, 1)], TypeError, "forward rate"),
        ([("r", "A <=> B")], TypeError, "equation"),
        (["A <=> B"], TypeError, "equation"),
        ([("r", ["A"], ["B"], 1, 1)], TypeError, "mappings"),
    ],
)
def test_what_is_no_reaction_is_refused_with_its_place(reactions: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error) as caught:
        r.ReactionSystem(["A", "B"], reactions=reactions)
    assert words in str(caught.value), str(caught.value)


@pytest.mark.parametrize("initial", [[1.0], [-1.0, 1.0], {"E": 1.0}, {"E": 1.0, "ES": 1.0, "S": 1.0}, "many"])
def test_initial_amounts_that_do_not_fit_are_refused(initial: Any) -> None:
    with pytest.raises((ModelError, TypeError), match="initial"):
        enzyme(initial=initial)


def test_a_model_gives_both_systems_and_knows_its_numbers() -> None:
    model = irrev.loads(MODEL)
    assert model.kind == "reactions" and model.title == "A turnover"
    assert any("feed" in warning for warning in model.warnings)
    system = model.reaction_system()
    assert system.initial_amounts is not None and system.initial_amounts.tolist() == [2.0]
    assert system.model == model and model.network == system.network
    counts = model.counts()
    assert counts.system_size == 10.0 and counts.initial_counts is not None and counts.initial_counts.tolist() == [20]
    other = r.load(MODEL, set={"parameters.k": 6.0})
    assert other.reactions[0].forward_rate == 6.0 and other != system
    with pytest.raises(ModelError, match="with_set"):
        system.with_held({"P": 1.0})
    with pytest.raises(ModelError, match="reaction_system"):
        model.kinetics()
    with pytest.raises(ModelError, match="parameters.k"):
        r.load(MODEL, set={"parameters.kk": 1.0})


def test_a_markov_model_has_no_reactions() -> None:
    two = irrev.loads("""
irrev = 1
kind = "markov"
states = ["a", "b"]
transitions = [{ between = ["a", "b"], rates = { forward = 1.0, backward = 1.0 } }]
""")
    for question in (two.reaction_system, two.counts):
        with pytest.raises(ModelError, match="kinetics"):
            question()


def test_sbml_is_read_from_text_and_from_a_file(tmp_path: Any) -> None:
    file = tmp_path / "model.xml"
    file.write_text(SBML, encoding="utf-8")
    from_text, from_file = r.load(SBML), r.load(file)
    assert from_text == from_file
    assert from_text.state_names == ("A", "B")
    x = from_text.initial_amounts
    assert x is not None and x.tolist() == [2.0, 0.0]


def test_one_way_reactions_that_undo_each_other_are_joined_or_kept_apart(tmp_path: Any) -> None:
    one_way = """<reaction id="{0}" reversible="false">
  <listOfReactants><speciesReference species="{1}" stoichiometry="1" constant="true"/></listOfReactants>
  <listOfProducts><speciesReference species="{2}" stoichiometry="1" constant="true"/></listOfProducts>
  <kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><ci>cell</ci><ci>{1}</ci></apply></math></kineticLaw>
</reaction>"""
    head, _, rest = SBML.partition("<reaction ")
    tail = rest[rest.index("</listOfReactions>") :]
    file = tmp_path / "cycle.xml"
    file.write_text(head + one_way.format("kinase", "A", "B") + one_way.format("phosphatase", "B", "A") + tail, encoding="utf-8")
    joined, apart = irrev.load(file), irrev.load(file, set={"thermodynamics.pairing": "apart"})
    assert [x.name for x in joined.reaction_system().reactions] == ["kinase/phosphatase"]
    assert any("kinase" in warning and "undo each other" in warning for warning in joined.warnings)
    assert [x.name for x in apart.reaction_system().reactions] == ["kinase", "phosphatase"]
    assert not any("undo each other" in warning for warning in apart.warnings)
    assert math.isinf(apart.reaction_system().flow([1.0, 1.0]).entropy_production_rate)
    assert joined.reaction_system().flow([1.0, 1.0]).entropy_production_rate == 0.0


def test_a_branch_by_key_is_a_branch_by_function() -> None:
    def system(k: float) -> r.ReactionSystem:
        return r.load(MODEL, set={"parameters.k": k})

    options: dict[str, Any] = {"from_": 1.0, "start": [1.5], "range": (1.0, 4.0)}
    by_key = r.steady_branch(irrev.loads(MODEL), key="parameters.k", **options)
    assert by_key == r.steady_branch(system, **options)
    # S = (1 + P)/k with P = 0.5
    np.testing.assert_allclose(by_key.amounts[:, 0], 1.5 / by_key.parameters, rtol=1e-9)


def test_an_exception_in_a_family_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        r.steady_branch(lambda k: 1 / 0, from_=0.0, start=[1.0], range=(0.0, 1.0))  # type: ignore[arg-type, return-value]
    with pytest.raises(TypeError, match="ReactionSystem"):
        r.steady_branch(lambda k: None, from_=0.0, start=[1.0], range=(0.0, 1.0))  # type: ignore[arg-type, return-value]
    with pytest.raises(TypeError, match="key"):
        r.steady_branch(irrev.loads(MODEL), from_=0.0, start=[1.0], range=(0.0, 1.0))


def test_the_master_equation_is_a_jump_process_of_the_network() -> None:
    pair = r.CountSystem(["A", "B"], reactions=[("pair", "2 A <=> B", 0.01, 0.3)], initial={"A": 40, "B": 0})
    found = r.stationary_counts(pair)
    np.testing.assert_allclose(found.kinetics.stationary_distribution(), found.distribution, rtol=1e-14)
    assert found.means @ [1, 2] == pytest.approx(40.0, rel=1e-14)
    assert found.marginal(0).sum() == pytest.approx(1.0, rel=1e-14)
    assert found.entropy_production_rate == pytest.approx(0.0, abs=1e-15)


def test_counts_refuse_what_is_not_whole() -> None:
    with pytest.raises(ModelError, match="whole"):
        r.CountSystem(["A"], reactions=[("r", {"A": 0.5}, {}, 1.0, 0.0)])
    with pytest.raises(ModelError, match='initial count of "A" is -2'):
        r.CountSystem(["A"], reactions=[("r", "A -> 0", 1.0, 0.0)], initial=[-2])
    pair = r.CountSystem(["A", "B"], reactions=[("pair", "2 A <=> B", 0.01, 0.3)])
    with pytest.raises(TypeError, match="initial counts"):
        r.stationary_counts(pair)
    for start in ([1.5, 0], [-1, 0], [1], {"A": 1}, {"A": 1, "B": 1, "C": 1}):
        with pytest.raises(ModelError):
            r.stationary_counts(pair, start=start)

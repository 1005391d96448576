"""Model files: what `irrev.load` and `irrev.run` give."""

import json
import math
import pickle
import subprocess
from pathlib import Path

import numpy as np
import pytest

import irrev

RING = """
irrev = 1
kind = "markov"
title = "Ring"
states = ["a", "b", "c"]
[parameters]
k = 2.0
[[transitions]]
between = ["a", "b"]
rates = { forward = "k", backward = 0.5 }
[[transitions]]
between = ["b", "c"]
rates = { forward = 3.0, backward = 1.0 }
[[transitions]]
between = ["c", "a"]
rates = { forward = 1.5, backward = 0.25 }
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ring.toml"
    path.write_text(RING, encoding="utf-8")
    return path


def test_a_model_gives_its_network_and_rates(file: Path) -> None:
    model = irrev.load(file)
    assert model.kind == "markov" and model.title == "Ring"
    assert model.network.states == ("a", "b", "c")
    assert model.kinetics().forward_rate.tolist() == [2.0, 3.0, 1.5]
    assert model.energetics() is None
    np.testing.assert_array_equal(model.initial_distribution(), np.full(3, 1 / 3))
    assert model.possibilities()["stationary"] is None
    assert "reservoir" in (model.possibilities()["energetics"] or "").lower()
    assert "k" in model.summary()


def test_other_values_for_numbers_of_a_model(file: Path) -> None:
    model = irrev.load(file, set={"parameters.k": 4.0})
    assert model.kinetics().forward_rate[0] == 4.0
    again = model.with_set({"parameters.k": "2*3"})
    assert again.kinetics().forward_rate[0] == 6.0 and list(again.set) == ["parameters.k"]
    with pytest.raises(irrev.ModelError, match=r"parameters\.k"):
        irrev.load(file, set={"k": 1.0})
    with pytest.raises(irrev.ModelError):
        irrev.load(file, set={"parameters.k": math.nan})
    with pytest.raises(TypeError):
        irrev.load(file, set={"parameters.k": None})  # type: ignore[dict-item]


def test_two_doors_give_the_same_bits(file: Path) -> None:
    """A model file and the same network by hand."""
    result = irrev.run(file)
    process = irrev.load(file).kinetics()
    flow = process.flow(process.stationary_distribution())
    assert result["entropy_production_rate"].value.hex() == flow.entropy_production_rate.hex()
    assert result["activity"].value.hex() == flow.activity.hex()


def test_a_result_holds_numbers_tables_checks_and_pictures(file: Path) -> None:
    result = irrev.run(file)
    assert result.all_verified and all(c.passed for c in result.checks)
    assert float(result["entropy_production_rate"]) == pytest.approx(2.12337968146951, rel=1e-13)
    table = result.tables["stationary_distribution"]
    assert table.columns["state"] == ("a", "b", "c")
    assert table.to_pandas().shape[0] == 3
    assert "Ring" in result.summary() and "<" in result._repr_html_()
    assert result.figure_svg(result.figures[0]).lstrip().startswith("<")
    assert result.to_dict()["schema"] == "irrev.result/1"
    assert result.to_pandas().loc["activity", "value"] == result["activity"].value
    assert result.kind == "markov" and "Ring" in repr(result)
    with pytest.raises(AttributeError):
        result.title = "other"
    with pytest.raises(KeyError):
        result["phlogiston"]
    with pytest.raises(irrev.ModelError, match="no figure"):
        result.figure_svg("phlogiston")


def test_results_are_the_same_for_any_number_of_threads(file: Path) -> None:
    one = irrev.run(file, threads=1)
    assert all(irrev.run(file, threads=threads).to_json() == one.to_json() for threads in (2, 3, 7))


def test_results_and_models_survive_pickling(file: Path) -> None:
    model, result = irrev.load(file, set={"parameters.k": 3.0}), irrev.run(file)
    for again in (pickle.loads(pickle.dumps(model)), pickle.loads(pickle.dumps(irrev.loads(RING)))):
        assert again.network == model.network
    assert pickle.loads(pickle.dumps(model)).kinetics() == model.kinetics()
    assert pickle.loads(pickle.dumps(result)) == result


def test_a_result_is_saved_and_read_back(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    result = irrev.run(file, out=folder)
    assert (folder / "report.html").is_file()
    assert irrev.Result.load(folder) == result
    assert json.loads((folder / "result.json").read_text(encoding="utf-8")) == result.to_dict()
    with pytest.raises(irrev.IrrevError):
        result.save(folder)
    assert folder / "result.json" in result.save(folder, force=True, static_page=True)
    with pytest.raises(irrev.DataError):
        irrev.Result.load(tmp_path / "nowhere")


def test_infinities_in_a_result_are_numbers(tmp_path: Path) -> None:
    text = """
    irrev = 1
    kind = "markov"
    states = ["a", "b"]
    [[transitions]]
    between = ["a", "b"]
    rates = { forward = 1.0, backward = 2.0 }
    [[transitions]]
    between = ["b", "a"]
    name = "no way back"
    rates = { forward = 1.0 }
    one_way = true
    """
    result = irrev.run(irrev.loads(text))
    assert result["entropy_production_rate"].value == math.inf
    assert "no way back" in result.to_json()


def test_faults_of_a_file_are_shown_with_their_place(tmp_path: Path) -> None:
    with pytest.raises(irrev.ModelError, match=r"(?s)model\.toml:5.*states"):
        irrev.loads(RING.replace("states =", "stats ="))
    with pytest.raises(irrev.DataError):
        irrev.load(tmp_path / "nothing.toml")
    with pytest.raises(irrev.DataError):
        irrev.load(tmp_path)


def test_sections_can_be_chosen(file: Path) -> None:
    few = irrev.run(file, sections=["cycles"])
    assert "entropy_production_rate" not in few.quantities
    with pytest.raises(irrev.ModelError, match="unknown section"):
        irrev.run(file, sections=["alchemy"])
    with pytest.raises(irrev.ModelError, match="energetics"):
        irrev.run(file, sections=["energetics"])


REPOSITORY = Path(__file__).parents[3]
COMMAND = REPOSITORY / "target" / "release" / "irrev"


@pytest.mark.skipif(not COMMAND.is_file(), reason="the command irrev is not built")
@pytest.mark.parametrize("model", sorted((REPOSITORY / "examples" / "models").glob("*.toml")), ids=lambda m: m.stem)
def test_the_command_and_python_give_the_same_document(model: Path) -> None:
    done = subprocess.run([COMMAND, "run", model, "--json", "--quiet"], capture_output=True)
    assert irrev.run(model).to_json().encode() == done.stdout

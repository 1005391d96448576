"""The reference cases, by the same command that others use."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

FOLDER = Path(__file__).parent / "reference"
RUNNER = FOLDER / "run.py"
RECORDINGS = Path(__file__).parents[3] / "examples" / "recordings"
FILES = sorted(FOLDER.glob("*.json"))
CASES = {case["id"]: case for file in FILES for case in json.loads(file.read_text(encoding="utf-8"))}


def run(tmp_path: Path, *cases: Any) -> subprocess.CompletedProcess[str]:
    file = tmp_path / "cases.json"
    file.write_text(json.dumps(list(cases)), encoding="utf-8")
    return subprocess.run([sys.executable, RUNNER, file], capture_output=True, text=True, encoding="utf-8")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_case_passes(file: Path) -> None:
    command = [sys.executable, RUNNER, file, "--data", RECORDINGS]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].endswith(" passed, 0 failed")


def test_a_kind_that_is_not_known_fails_by_name(tmp_path: Path) -> None:
    done = run(tmp_path, {"id": "x", "kind": "perpetual_motion", "inputs": {}, "expected": {}, "tolerance": {}})
    assert done.returncode == 1
    assert "perpetual_motion" in done.stdout and "0 passed, 1 failed" in done.stdout


def test_a_key_that_is_not_known_fails(tmp_path: Path) -> None:
    case = copy.deepcopy(CASES["ring3"])
    case["expected"]["phlogiston"] = 1.0
    assert "unknown key phlogiston" in run(tmp_path, case).stdout


@pytest.mark.parametrize(
    ("name", "key"), [("ring3", "epr"), ("two_state", "p_at_t"), ("fpt_chain5", "cdf"), ("two_bath_2state", "heat_tau")]
)
def test_a_wrong_number_fails_and_is_located(tmp_path: Path, name: str, key: str) -> None:
    case = copy.deepcopy(CASES[name])

    def spoil(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: spoil(v) for k, v in value.items()}
        return [*value[:-1], spoil(value[-1])] if isinstance(value, list) else value * 1.001

    case["expected"][key] = spoil(case["expected"][key])
    done = run(tmp_path, case, CASES[name])
    assert done.returncode == 1 and f"at {key}" in done.stdout and "1 passed, 1 failed" in done.stdout


def test_another_cycle_basis_passes_by_its_sums(tmp_path: Path) -> None:
    """The listed cycle run the other way: entries, affinity and currents change sign, the sums do not."""
    case = copy.deepcopy(CASES["ring3"])
    for key in ("cycle_affinities", "cycle_currents_ss", "cycle_currents_housekeeping"):
        case["expected"][key] = [-x for x in case["expected"][key]]
    case["expected"]["cycle_vectors"] = [[-x for x in row] for row in case["expected"]["cycle_vectors"]]
    assert run(tmp_path, case).returncode == 0
    case["expected"]["ss_epr"] *= 1.001
    assert run(tmp_path, case).returncode == 1


def test_temperatures_are_matched_as_numbers(tmp_path: Path) -> None:
    case = copy.deepcopy(CASES["two_bath_2state"])
    case["expected"]["heat_to_bath"] = {f"{float(k):.3e}": v for k, v in case["expected"]["heat_to_bath"].items()}
    assert run(tmp_path, case).returncode == 0


def test_a_case_that_cannot_be_evaluated_fails_and_the_next_is_tried(tmp_path: Path) -> None:
    case = copy.deepcopy(CASES["ring3"])
    case["inputs"]["p"] = [0.5, 0.5]
    done = run(tmp_path, case, CASES["ring3"])
    assert "ModelError" in done.stdout and "1 passed, 1 failed" in done.stdout


def test_fields_of_a_few_values_agree_with_one_law_that_has_them(tmp_path: Path) -> None:
    """A constant field as two equal values, and a uniform law by the nodes of Gauss's rule that integrates it."""
    constant, uniform = copy.deepcopy(CASES["pub-sk-19"]), copy.deepcopy(CASES["pub-sk-16"])
    constant["inputs"]["field"] = ["discrete", [0.3, 0.3], [0.25, 0.75]]
    nodes, weights = np.polynomial.legendre.leggauss(8)
    uniform["inputs"]["field"] = ["discrete", (0.5 * nodes).tolist(), (0.5 * weights).tolist()]
    assert run(tmp_path, constant, uniform).returncode == 0
    constant["expected"]["overlap_1mC"] *= 1.001
    assert "at overlap_1mC" in run(tmp_path, constant).stdout

"""The same numbers, bit for bit, from a Rust program, the command and Python, for 1, 2 and 5 threads."""

import json
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

import irrev

ROOT = Path(__file__).resolve().parents[3]
MODELS = ROOT / "examples" / "models"
WORDS = {"infinity": float("inf"), "-infinity": float("-inf"), "nan": float("nan")}

pytestmark = pytest.mark.skipif(shutil.which("cargo") is None, reason="the other two doors need cargo")


def bits(value: float) -> str:
    return struct.pack(">d", value).hex()


def cargo(*arguments: str) -> str:
    command = ["cargo", "run", "--release", "--quiet", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def from_rust(model: Path, threads: int) -> dict[str, str]:
    lines = cargo("--example", "kinesin", "--", str(model), "--bits", f"--threads={threads}")
    return dict(line.rsplit(" ", 1) for line in lines.splitlines())


def from_command(model: Path, threads: int) -> dict[str, str]:
    document = json.loads(cargo("--bin", "irrev", "--", "run", "--json", str(model), "--threads", str(threads)))
    values = {name: q["value"] for name, q in document["quantities"].items()}
    return {name: bits(WORDS[v] if isinstance(v, str) else float(v)) for name, v in values.items()}


def from_python(model: Path, threads: int) -> dict[str, str]:
    result = irrev.run(model, threads=threads)
    return {name: bits(quantity.value) for name, quantity in result.quantities.items()}


@pytest.mark.parametrize("name", ["kinesin", "three-level-maser", "run-and-tumble-sensor"])
def test_three_doors_give_the_same_bits(name: str) -> None:
    model = MODELS / f"{name}.toml"
    expected = from_rust(model, 1)
    assert len(expected) > 15
    for threads in (1, 2, 5):
        assert from_rust(model, threads) == expected, f"Rust, {threads} threads"
        assert from_command(model, threads) == expected, f"command, {threads} threads"
        assert from_python(model, threads) == expected, f"Python, {threads} threads"


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_reactions_and_trajectories_have_the_same_bits_in_rust_and_python(threads: int) -> None:
    model = MODELS / "brusselator.toml"
    lines = cargo("--example", "brusselator", "--", str(model), "--bits", f"--threads={threads}")
    expected = dict(line.rsplit(" ", 1) for line in lines.splitlines())

    loaded = irrev.load(model)
    system = loaded.reaction_system()
    assert system.initial_amounts is not None
    found = {"entropy_production_rate": system.flow(system.initial_amounts).entropy_production_rate}
    path = irrev.reactions.evolve(system, duration=2.0, threads=threads)
    found |= {f"after 2({name})": x for name, x in zip(system.state_names, path.final_amounts, strict=True)}
    assert path.budget is not None
    found |= {"entropy_production": path.budget.entropy_production, "excess": path.budget.excess}
    ensemble = irrev.simulation.simulate(
        loaded, times=[0.5, 2.0], trajectories=100, books=irrev.simulation.Books.full(), seed=1, threads=threads
    )
    found |= {f"mean({name})": mean for name, mean in zip(ensemble.quantities, ensemble.mean[-1], strict=True)}
    assert {name: bits(float(value)) for name, value in found.items()} == expected

"""Every public name is documented, its examples run, its types hold, and its signature keeps the rules."""

import doctest
import importlib
import inspect
import pkgutil
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import irrev
from irrev import _core, inference, information, ising, landscape, network, quantum, reactions, simulation, transport

MODULES = [irrev] + [
    importlib.import_module(m.name) for m in pkgutil.walk_packages(irrev.__path__, "irrev.") if m.name != "irrev._core"
]
CLASSES = [
    _core.Network,
    _core.NetworkBuilder,
    _core.MarkovJump,
    _core.Flow,
    _core.DrivenJump,
    _core.Energetics,
    _core.Model,
    _core.ReactionSystem,
    _core.CountSystem,
    _core.Geodesic,
]


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__)
def test_examples_in_the_modules_run(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("cls", CLASSES, ids=lambda c: c.__name__)
def test_examples_of_the_compiled_classes_run(cls: type) -> None:
    finder, runner = doctest.DocTestFinder(), doctest.DocTestRunner()
    for example in finder.find(cls, cls.__name__, module=False, globs={}):  # type: ignore[arg-type]
        runner.run(example)
    assert runner.failures == 0


@pytest.mark.parametrize("chapter", ["python.md", "transport.md", "information.md", "ising.md", "quantum.md", "landscapes.md", "inference.md"])
def test_the_code_of_the_guide_runs(chapter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(__file__).parents[3]
    for model in (root / "examples" / "models").glob("*.toml"):
        shutil.copy(model, tmp_path)
    monkeypatch.chdir(tmp_path)
    text = (root / "docs" / "guide" / chapter).read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    for number, block in enumerate(re.findall(r"```python\n(.*?)```", text, re.DOTALL)):
        exec(compile(block, f"{chapter}, block {number}", "exec"), names)


def public() -> list[tuple[str, Any]]:
    parts = (
        landscape.langevin,
        landscape.linear,
        landscape.underdamped,
        landscape.fokker_planck,
        landscape.field,
        landscape.projection,
        landscape.protocol,
        landscape.transport1d,
    )
    modules = (irrev, network, reactions, simulation, transport, information, information.chain, ising, ising.inference, ising.mean_field, quantum, landscape, inference, *parts)
    named = [(f"{m.__name__}.{name}", getattr(m, name)) for m in modules for name in m.__all__]
    return [(name, value) for name, value in named if callable(value)]


@pytest.mark.parametrize(("name", "value"), public(), ids=[name for name, _ in public()])
def test_every_public_name_and_method_is_documented(name: str, value: Any) -> None:
    assert inspect.getdoc(value), name
    if inspect.isclass(value):
        for attribute, member in vars(value).items():
            if not attribute.startswith("_") and (callable(member) or inspect.isdatadescriptor(member)):
                if attribute in getattr(value, "__slots__", ()):
                    assert attribute in (value.__doc__ or "")
                else:
                    assert inspect.getdoc(member), f"{name}.{attribute}"


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, value in public() if inspect.isfunction(value)],
    ids=[name for name, value in public() if inspect.isfunction(value)],
)
def test_options_are_given_by_keyword(name: str, value: Any) -> None:
    """One positional argument, the data or the model; numbers and pairs of distributions may stand by themselves."""
    if value.__module__.rsplit(".", 1)[-1] in ("special", "state", "gallery") or value in (reactions.divergence, information.bregman_divergence, ising.inference.bin_spikes):
        return
    parameters = inspect.signature(value).parameters.values()
    positional = [p for p in parameters if p.kind not in (p.KEYWORD_ONLY, p.VAR_KEYWORD)]
    if [p.name for p in positional] == ["from_", "to"]:
        return
    ends = [p.name for p in positional[1:]]
    assert not ends or (ends == ["from_", "to"] and value.__name__.startswith(("wasserstein", "reaction_geodesic"))), name


def test_the_types_hold() -> None:
    pytest.importorskip("mypy")
    project = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", project / "pyproject.toml"],
        cwd=project,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_the_stub_declares_what_the_extension_holds() -> None:
    import ast

    stub = ast.parse((Path(irrev.__file__).parent / "_core.pyi").read_text(encoding="utf-8"))
    declared = {node.name for node in stub.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    held = {name for name in dir(_core) if not name.startswith("_")}
    assert declared == held
    for node in stub.body:
        if isinstance(node, ast.ClassDef):
            methods = {m.name for m in node.body if isinstance(m, ast.FunctionDef) and not m.name.startswith("_")}
            assert methods == {m for m in vars(getattr(_core, node.name)) if not m.startswith("_")}, node.name

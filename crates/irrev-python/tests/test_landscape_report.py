"""`irrev.landscape.report`: the numbers of the command from files and from arrays, and refusals."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import irrev
from irrev import IrrevError, landscape

ROOT = Path(__file__).resolve().parents[3]
OPTIONS: dict[str, Any] = {"kt": 0.5, "cells": 20, "draws": 100, "lags": 40, "scales": [3]}


def walkers() -> landscape.langevin.Motion:
    return landscape.langevin.simulate(
        landscape.langevin.Field("r", potential="(r^2 - 1)^2"),
        dynamics=landscape.langevin.Underdamped(0.5, 0.5),
        start=1.0,
        walkers=4,
        step=0.02,
        steps=6000,
        record_every=2,
    )


def written(motion: landscape.langevin.Motion, path: Path) -> Path:
    assert motion.velocities is not None
    np.save(path, np.concatenate([motion.positions, motion.velocities], axis=2))
    return path


def numbers(result: irrev.Result) -> dict[str, tuple[float, float | None]]:
    return {name: (q.value, q.error) for name, q in result.quantities.items()}


@pytest.mark.skipif(shutil.which("cargo") is None, reason="the command needs cargo")
def test_the_command_and_python_give_the_same_document(tmp_path: Path) -> None:
    path = written(walkers(), tmp_path / "run.npy")
    options = ["--coordinate", "0", "--velocity", "1", "--step", "0.04", "--kt", "0.5", "--cells", "20", "--draws", "100"]
    options += ["--lags", "40", "--scales", "3", "--json"]
    command = ["cargo", "run", "--release", "--quiet", "--bin", "irrev", "--", "landscape", str(path), *options]
    expected = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    for threads in (1, 2):
        found = landscape.report(path, coordinate=0, velocity=1, step=0.04, threads=threads, **OPTIONS)
        assert found.to_dict() == expected
    assert len(expected["quantities"]) > 5


def test_arrays_give_the_numbers_of_files(tmp_path: Path) -> None:
    motion = walkers()
    path = written(motion, tmp_path / "run.npy")
    from_file = landscape.report(str(path), coordinate=0, velocity=1, step=0.04, **OPTIONS)
    assert motion.velocities is not None
    record = landscape.record(list(motion.positions), step=0.04, velocities=list(motion.velocities))
    from_record = landscape.report(record, names=["column 0"], **OPTIONS)
    assert numbers(from_record) == numbers(from_file) and from_record.kind == "landscape"
    assert {name: table.columns.keys() for name, table in from_record.tables.items()} == {
        name: table.columns.keys() for name, table in from_file.tables.items()
    }
    # times at even steps are taken for steps
    timed = landscape.record(list(motion.positions), times=motion.times, velocities=list(motion.velocities))
    assert numbers(landscape.report(timed, names=["column 0"], **OPTIONS)) == numbers(from_file)
    plain = landscape.report(list(motion.positions), step=0.04, **OPTIONS)
    assert "given as arrays" in plain.summary() and "memory" in plain.left_out


def test_periods_are_told_and_results_are_written(tmp_path: Path) -> None:
    ring = landscape.langevin.simulate(
        landscape.langevin.Field("phi", potential="cos(2*phi)"),
        dynamics=landscape.langevin.Underdamped(1.0, 1.0),
        start=0.0,
        walkers=2,
        boundaries=landscape.Period.radians(),
        step=0.02,
        steps=4000,
        record_every=2,
    )
    found = landscape.report(
        list(ring.positions), step=0.04, period="radians", kt=0.5, draws=100, lags=0, levels=0, names="phi", out=tmp_path / "out", static_page=True
    )
    assert (tmp_path / "out" / "report.html").exists() and found.all_verified
    with pytest.raises(IrrevError, match="period"):
        landscape.report(list(ring.positions), step=0.04, names="phi")
    path = tmp_path / "ring.npy"
    np.save(path, ring.positions)
    same = landscape.report(path, coordinate=0, step=0.04, period="radians", kt=0.5, draws=100, lags=0, levels=0)
    assert [q[0] for q in numbers(same).values()] == [q[0] for q in numbers(found).values()]


@pytest.mark.parametrize(
    ("recording", "options", "message"),
    [
        (np.zeros(100), {}, "step"),
        (np.zeros(100), {"step": 0.1}, "0 in all frames"),
        (np.sin(np.arange(500)), {"step": 0.1, "velocity": 1}, "velocity belongs to files"),
        (np.sin(np.arange(500)), {"step": 0.1, "kt": -1.0}, "temperature"),
        (np.sin(np.arange(500)), {"step": 0.1, "cells": 2}, "cells"),
        (np.sin(np.arange(500)), {"step": 0.1, "range": (1.0, 0.0)}, "range"),
        (np.sin(np.arange(500)), {"step": 0.1, "velocities": "given"}, "velocities"),
        (np.sin(np.arange(500)), {"step": 0.1, "period": "gradians"}, "radians"),
        (np.sin(np.arange(500)), {"step": 0.1, "names": ["a", "b"]}, "names"),
        ("no_such_file.csv", {}, "no_such_file"),
        ("no_such_file.csv", {"time": "t", "step": 0.1}, "either time or step"),
        ("no_such_file.csv", {"define": "distance(0)"}, "has 1 atoms"),
        ("no_such_file.csv", {"names": ["a"]}, "names belong to arrays"),
    ],
)
def test_what_is_wrong_is_named(recording: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises((IrrevError, ValueError, TypeError), match=message):
        landscape.report(recording, **options)

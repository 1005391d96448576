"""One measured process, and what the rest of the machine did meanwhile."""

import json
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """Times per phase, peak memory in bytes, and the cores that other processes kept busy (stolen time included)."""

    phases: dict[str, dict[str, list[float]]]
    peak_memory: int
    others: float


class SolverFailed(Exception):
    """A solver ended with an error; the text is what it said."""


def machine_busy_seconds() -> float:
    """CPU seconds spent by everybody since the start of the machine, idle and waiting time left out."""
    user, nice, system, _idle, _waiting, interrupt, soft, stolen = map(int, Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + interrupt + soft + stolen) / os.sysconf("SC_CLK_TCK")


def run(words: list[str], outputs: Path, environment: dict[str, str], folder: Path) -> Outcome:
    """Runs a solver to its end and reads what it measured of itself."""
    outputs.mkdir(parents=True, exist_ok=True)
    busy, start = machine_busy_seconds(), time.perf_counter()
    own = os.times()
    done = subprocess.run(words, cwd=folder, env=os.environ | environment, capture_output=True, text=True)
    elapsed = time.perf_counter() - start
    after = os.times()
    used = sum(after[:4]) - sum(own[:4])
    others = max(0.0, machine_busy_seconds() - busy - used) / elapsed
    if done.returncode != 0:
        raise SolverFailed((done.stderr.strip() or f"exit status {done.returncode}").splitlines()[-1])
    measured: dict[str, Any] = json.loads((outputs / "measured.json").read_text())
    return Outcome(measured["phases"], measured["peak_memory"], others)

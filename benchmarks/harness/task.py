"""What a task is made of, and how solvers in Python are measured.

A task is a file in `peers` and a file of the same name in `src/tasks`. The file in `peers` has

- a docstring whose first line is the question a user would ask,
- `NOTES`: what a reader must know to judge the comparison, and what the peer does better,
- `CASES` and `QUICK_CASES`, `IRREV`, `PEERS` and `TARGETS`,
- `prepare(folder, parameters)`: makes the inputs and saves them by `save_inputs`,
- `accuracy(folder, outputs)`: the error of each phase, the same measure for everybody,
- if it has more to say, `summary(results)`: lines that follow the notes,
- if that needs more than times and errors, `findings(folder, outputs)`: what a run found, kept as `findings` of its row,
- if a picture says it better, `draw(results, folder)`: saves it in a folder,
- and, if it takes too long for every day, `LONG = True`: it runs when it is named, and with `--long`.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Case:
    """One size of a task. Peers are repeated `peer_repetitions` times where that differs."""

    name: str
    parameters: Mapping[str, Any]
    repetitions: int = 3
    peer_repetitions: int | None = None


@dataclass(frozen=True)
class Irrev:
    """A way through irrev by the Rust program, on each of these numbers of threads (0: as many as it likes)."""

    label: str = "irrev"
    variant: str = ""
    threads: tuple[int, ...] = (1, 2)


@dataclass(frozen=True)
class Peer:
    """A solver in Python. With `from_irrev` it is irrev's own Python package, run by the interpreter that has it; with `environment` it lives in a virtual
    environment of that name inside the peers', because it needs another Python."""

    label: str
    solve: Callable[["Measurement"], None]
    from_irrev: bool = False
    environment: str = ""


@dataclass(frozen=True)
class Target:
    """An upper limit for every row of irrev with this label: of `kind` ratio (to `peer`, which may be another row of irrev, or else to the
    faster peer), seconds, memory or accuracy."""

    case: str
    phase: str
    kind: str
    limit: float
    label: str = "irrev"
    peer: str | None = None


@dataclass
class Measurement:
    """Inputs, clocks and results of one solver in one process; the counterpart of `src/measure.rs`."""

    inputs: Path
    outputs: Path
    phases: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    numbers: dict[str, Any] = field(default_factory=dict)

    def array(self, name: str) -> np.ndarray:
        """An input array."""
        values: np.ndarray = np.load(self.inputs / f"{name}.npy")
        return values

    def parameter(self, name: str) -> Any:
        """An entry of the inputs' `parameters.json`."""
        return json.loads((self.inputs / "parameters.json").read_text())[name]

    @contextmanager
    def time(self, phase: str, calls: float = 1) -> Iterator[None]:
        """Adds wall and CPU time, per call, to the phase; several times of one phase are a sample."""
        cpu, wall = time.process_time(), time.perf_counter()
        yield
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        sample = self.phases.setdefault(phase, {"wall": [], "cpu": []})
        sample["wall"].append(wall / calls)
        sample["cpu"].append(cpu / calls)

    def geometric_mean(self, phase: str, parts: Sequence[str]) -> None:
        """Records the geometric mean of the medians of other phases."""
        for clock, sample in self.phases.setdefault(phase, {"wall": [], "cpu": []}).items():
            sample.append(geometric_mean([median(self.phases[part][clock]) for part in parts]))

    def finish(self) -> None:
        """Writes what was measured, then the results."""
        status = Path("/proc/self/status").read_text()
        peak = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:"))
        measured = {"phases": self.phases, "peak_memory": peak}
        (self.outputs / "measured.json").write_text(json.dumps(measured))
        (self.outputs / "numbers.json").write_text(json.dumps(self.numbers))
        for name, values in self.arrays.items():
            np.save(self.outputs / f"{name}.npy", values)


def save_inputs(folder: Path, arrays: Mapping[str, np.ndarray], parameters: Mapping[str, Any]) -> None:
    """Saves what both sides read."""
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", np.ascontiguousarray(values))
    (folder / "parameters.json").write_text(json.dumps(dict(parameters)))

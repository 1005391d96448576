"""What a case is, and how an answer is judged.

A number passes if |got - expected| <= rel * |expected| + abs, element by element; its deviation is the left side over the right. `null` is not
compared.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

INFORMATION = {"note", "notes", "symmetry", "allowed_answers", "not_allowed"}
"""Keys of `expected` that are text for a reader, in every kind."""


@dataclass(frozen=True)
class Case:
    """One entry of a reference file."""

    id: str
    kind: str
    inputs: Mapping[str, Any]
    expected: Mapping[str, Any]
    tolerance: Mapping[str, Any]
    """By name; kinds of quantum states read one from a sentence, which stands under "text"."""
    folders: list[Path]

    @classmethod
    def read(cls, entry: Mapping[str, Any], folders: list[Path]) -> "Case":
        expected, tolerance = entry.get("expected", {}), entry.get("tolerance", {})
        return cls(
            id=str(entry.get("id", "?")),
            kind=str(entry.get("kind", "")),
            inputs=entry.get("inputs", {}),
            expected={"rows": expected} if isinstance(expected, list) else expected,
            tolerance={"text": tolerance} if isinstance(tolerance, str) else tolerance,
            folders=folders,
        )

    @property
    def relative(self) -> float:
        return float(self.tolerance.get("rel", self.tolerance.get("rel_deterministic", 1e-10)))

    @property
    def absolute(self) -> float:
        """A geometry case that names no absolute tolerance has none; a simulation case has 1e-12."""
        missing = 0.0 if "rel" in self.tolerance else 1e-12
        return float(self.tolerance.get("abs", self.tolerance.get("abs_deterministic", missing)))

    def data(self, name: str) -> Path:
        """A data file by its base name: in the folder of the reference file, then anywhere under the others."""
        base = Path(name).name
        first = self.folders[0] / base
        if first.is_file():
            return first
        for folder in self.folders[1:]:
            for found in sorted(folder.rglob(base)):
                if found.is_file():
                    return found
        raise FileNotFoundError(f"no data file {base}")


Answers = Mapping[str, Callable[[], Any]]
"""For every key of a kind, how its value is had; only those that stand in `expected` are asked."""

Kind = Callable[[Case], Answers]

Sampled = Mapping[str, Callable[[], float]]
"""For every key that trajectories know, the deviation of their answer in units of the tolerance."""

Sampler = Callable[[Case], Sampled]


@dataclass(frozen=True)
class Judged:
    """A deviation in units of the tolerance that a kind has found by a rule of its own."""

    deviation: float


@dataclass(frozen=True)
class Verdict:
    """Outcome of a case."""

    id: str
    worst: float
    where: str
    problem: str

    @property
    def passed(self) -> bool:
        return not self.problem and self.worst <= 1.0

    def __str__(self) -> str:
        outcome = "pass" if self.passed else "fail"
        reason = self.problem or (f"at {self.where}" if self.where else "")
        return f"{self.id:<28} {self.worst:10.3g}  {outcome}  {reason}".rstrip()


def _matched(key: Any) -> Any:
    """Keys that are numbers are matched as numbers, others as text."""
    try:
        return float(key)
    except ValueError:
        return key


def deviation(expected: Any, got: Any, relative: float, absolute: float) -> float:
    """Largest |got - expected| in units of the tolerance; infinite if the shapes differ."""
    if expected is None:
        return 0.0
    if isinstance(expected, Mapping):
        found = {_matched(key): value for key, value in got.items()}
        parts = [deviation(v, found.get(_matched(k), math.nan), relative, absolute) for k, v in expected.items()]
        return max(parts, default=0.0)
    if isinstance(expected, list):
        if np.ndim(got) == 0 or len(expected) != len(got):
            return math.inf
        return max((deviation(e, g, relative, absolute) for e, g in zip(expected, got, strict=True)), default=0.0)
    if got is None:
        return math.inf
    difference = abs(float(got) - float(expected))
    allowed = relative * abs(float(expected)) + absolute
    if float(got) == float(expected):
        return 0.0
    if not math.isfinite(difference) or allowed == 0.0:
        return math.inf
    return difference / allowed


def judge(case: Case, kind: Kind | None, sampler: Sampler | None = None) -> Verdict:
    """Evaluates a case and compares every key that stands in `expected`, by solvers, and by trajectories if it has an `ssa_z`."""
    if kind is None:
        return Verdict(case.id, math.inf, "", f"unknown kind {case.kind}")
    worst, where = 0.0, ""
    try:
        answers = kind(case)
        for key, expected in case.expected.items():
            if key in INFORMATION or expected is None:
                continue
            if key not in answers:
                return Verdict(case.id, math.inf, key, f"unknown key {key} of kind {case.kind}")
            got = answers[key]()
            found = got.deviation if isinstance(got, Judged) else deviation(expected, got, case.relative, case.absolute)
            if found >= worst:
                worst, where = found, key
        if sampler is not None and "ssa_z" in case.tolerance:
            for key, sampled in sampler(case).items():
                if case.expected.get(key) is None:
                    continue
                where_now = f"{key} (sampled)"
                found = sampled()
                if not found < worst:
                    worst, where = found, where_now
    except Exception as error:  # a case that cannot be evaluated fails with its reason, and the next one is tried
        return Verdict(case.id, math.inf, where, f"{type(error).__name__}: {error}")
    return Verdict(case.id, worst, where, "")

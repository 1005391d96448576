"""Tolerances that are sentences: "rel 1e-8", "abs 1e-7*max", "<= 0.02".

Every relative tolerance carries an absolute one of 1e-9, since an expected 1e-16 stands for 0.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from judging import Answers, Case, Judged, deviation

NUMBER = r"([0-9.]+(?:e[-+]?[0-9]+)?)"
FLOOR = 1e-9


def number(text: str, before: str = "") -> float:
    """The first number after some words of a sentence."""
    found = re.search(re.escape(before) + r"\s*" + NUMBER, text)
    if found is None:
        raise ValueError(f"no number after {before!r} in the tolerance {text!r}")
    return float(found.group(1))


def off(expected: Any, got: Any, text: str) -> float:
    """Largest deviation in units of the tolerance that a sentence states."""
    relative, absolute = re.search(rf"rel {NUMBER}", text), re.search(rf"abs {NUMBER}(\*max)?", text)
    if relative is None and absolute is None:
        raise ValueError(f"no tolerance in {text!r}")
    allowed = FLOOR if absolute is None else float(absolute.group(1))
    if absolute is not None and absolute.group(2):
        allowed *= float(np.nanmax(np.abs(np.array(expected, float))))
    rel = 0.0 if relative is None else float(relative.group(1))
    return deviation(expected, got, rel, max(allowed, FLOOR) if relative is not None else allowed)


def by_sentence(
    case: Case, answers: Mapping[str, Callable[[], Any]], group: Callable[[str], str] | str | None = None
) -> Answers:
    """Answers that are judged by the sentence of their group of tolerances; figures of somebody else's estimator are not compared."""

    def sentence(key: str) -> str:
        if "text" in case.tolerance:
            return str(case.tolerance["text"])
        return str(case.tolerance[group(key) if callable(group) else group])

    def judged(key: str) -> Callable[[], Any]:
        def answer() -> Any:
            got = answers[key]()
            return got if isinstance(got, Judged) else Judged(off(case.expected[key], got, sentence(key)))

        return answer

    found: dict[str, Callable[[], Any]] = {key: judged(key) for key in answers}
    return {**{key: lambda: Judged(0.0) for key in case.expected if key.startswith("reference_")}, **found}


def exactly(expected: Any, got: Any) -> Judged:
    """Equal or not."""
    return Judged(deviation(expected, got, 0.0, 0.0))

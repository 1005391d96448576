"""How often does the interval of the entropy production of spikes hold the true value?"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from harness.report import CaseResult
from harness.task import Case, Irrev, Target, save_inputs

#: Minutes.
LONG = True

FULL = "200 networks of 10 units, 19 961 bins"
NOTES = (
    "Random networks with parallel updates (J₀ = 1, ΔJ = 0.5, all fields 0.3, β = 1; seeds 1, 2, 3, …) are recorded, and the entropy production is estimated from the "
    "recording with its 95 % interval, at λ = 1e-4; the true one comes from an enumeration of the 1024 states.",
    "Of 200 intervals at 95 %, between 184 and 196 hold the truth in 96 of 100 repetitions.",
    "There is no peer: other estimators give no interval.",
)
CASES = (Case(FULL, {"networks": 200, "units": 10, "bins": 19961}, repetitions=1),)
QUICK_CASES = (Case("8 networks of 5 units, 10,001 bins", {"networks": 8, "units": 5, "bins": 10001}, repetitions=1),)
IRREV = (Irrev(threads=(2,)),)
PEERS = ()
TARGETS = (Target(FULL, "one network", "accuracy", 0.03),)


def prepare(folder: Path, parameters: Mapping[str, Any]) -> None:
    save_inputs(folder, {}, parameters)


def column(outputs: Path, name: str) -> np.ndarray:
    values: np.ndarray = np.load(outputs / f"{name}.npy")
    return values


def held(outputs: Path) -> np.ndarray:
    return (column(outputs, "lower") <= column(outputs, "true")) & (column(outputs, "true") <= column(outputs, "upper"))


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    return {"one network": abs(float(held(outputs).mean()) - 0.95)}


def findings(folder: Path, outputs: Path) -> dict[str, Any]:
    deviation = (column(outputs, "estimate") - column(outputs, "true")) / column(outputs, "true")
    return {"held": int(held(outputs).sum()), "networks": len(deviation), "bias": float(deviation.mean()), "spread": float(deviation.std())}


def summary(results: Sequence[CaseResult]) -> list[str]:
    lines = []
    for result in results:
        for row in result.rows:
            if found := row.findings:
                lines += [
                    f"**{result.case.name}**: {found['held']} of {found['networks']} intervals hold the truth; the estimate is off by "
                    f"{100 * found['bias']:+.1f} % on average, with a spread of {100 * found['spread']:.1f} %.",
                    "",
                ]
    return lines

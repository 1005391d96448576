"""How narrow does the proven interval of W₂ get on ten thousand states, in ten minutes on one core?"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from harness.bumps import travelling
from harness.report import CaseResult, memory, seconds
from harness.task import Case, Irrev, save_inputs

#: Ten minutes.
LONG = True

NOTES = (
    "100 × 100 grid, all rates 1, a bump to another one, both products of a row and a column. Widths of the interval of W₂² of 1e-1, 1e-2, … are asked for in turn, each "
    "from the start, until ten minutes of wall time are over; the narrowest interval stands. One thread.",
    "What it is judged by: W₂² is the sum over the two factors, chains of 100 states, each certified to 1e-8.",
)
CASES = (Case("100 × 100 grid", {"side": 100, "seconds": 600.0}, repetitions=1),)
QUICK_CASES = (Case("16 × 16 grid", {"side": 16, "seconds": 5.0}),)
IRREV = (Irrev(threads=(1,)),)
PEERS = ()
TARGETS = ()


def prepare(folder: Path, parameters: Mapping[str, Any]) -> None:
    side = parameters["side"]
    edges, p, q = travelling(side)
    rows = {f"{end}_{factor}": of.reshape(side, side).sum(1 - k) for end, of in (("from", p), ("to", q)) for k, factor in enumerate(("rows", "columns"))}
    save_inputs(folder, {"edges": edges, "from": p, "to": q} | rows, parameters)


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    return {}


def findings(folder: Path, outputs: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((outputs / "numbers.json").read_text())
    return found


def summary(results: Sequence[CaseResult]) -> list[str]:
    lines = []
    for result in results:
        row = result.rows[0]
        if not row.findings:
            continue
        product = row.findings["factors"]
        lines += [
            f"{result.case.name}: the factors give {product['lower']:.10f} ≤ W₂ ≤ {product['upper']:.10f}. Peak memory {memory(row.peak_memory())}.",
            "",
            "| asked | proven interval of W₂ | width of that of W₂² | Newton steps | meshes | elements | wall time | processor time |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for asked, one in row.findings["intervals"].items():
            if "ended" in one:
                lines.append(f"| {asked} | – | {one['ended']} | | | | | |")
                continue
            wall, cpu = (seconds(row.median(f"to {asked}", clock)) for clock in ("wall", "cpu"))
            lines.append(f"| {asked} | {one['lower']:.7f} – {one['upper']:.7f} | {one['gap']:.1e} | {one['steps']} | {one['meshes']} | {one['elements']} | {wall} | {cpu} |")
        lines.append("")
    return lines

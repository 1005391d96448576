"""RESULTS.md: targets first, then a table per task and case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from types import ModuleType
from typing import Any

from harness.process import Outcome
from harness.task import Case, Target


@dataclass
class Row:
    """One solver on one case: all its runs."""

    label: str
    threads: str
    is_irrev: bool
    runs: list[Outcome] = field(default_factory=list)
    accuracy: dict[str, float] = field(default_factory=dict)
    findings: dict[str, Any] = field(default_factory=dict)
    skipped: str = ""

    def sample(self, phase: str, clock: str) -> list[float]:
        """All times of a phase in seconds, or none if this solver has no such phase."""
        return [t for run in self.runs for t in run.phases.get(phase, {}).get(clock, [])]

    def median(self, phase: str, clock: str = "wall") -> float:
        return median(self.sample(phase, clock))

    def peak_memory(self) -> int:
        return max(run.peak_memory for run in self.runs)

    @property
    def name(self) -> str:
        return f"{self.label}, {self.threads}" if self.threads else self.label


@dataclass
class CaseResult:
    """One case of a task: its rows, and what is to be said about it."""

    case: Case
    rows: list[Row]
    load: tuple[float, float]

    def phases(self) -> list[str]:
        """Phases in the order of their first mention."""
        return list(dict.fromkeys(phase for row in self.rows for run in row.runs for phase in run.phases))

    def faster_peer(self, phase: str, clock: str, label: str | None = None) -> float | None:
        """Median of the fastest peer, or of the row with this label, if any has this phase."""
        wanted = [row for row in self.rows if (row.label == label if label else not row.is_irrev)]
        peers = [row for row in wanted if row.sample(phase, clock)]
        return min((row.median(phase, clock) for row in peers), default=None)

    def others(self) -> float:
        return median([run.others for row in self.rows for run in row.runs] or [0.0])


def seconds(value: float) -> str:
    """Three digits and the unit that suits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value / 1e-9:.3g} ns"


def memory(value: float) -> str:
    return f"{value / 1e9:.2f} GB" if value >= 1e9 else f"{value / 1e6:.0f} MB"


def spread(sample: Sequence[float]) -> str:
    middle = seconds(median(sample))
    if len(sample) == 1:
        return f"{middle} (once)"
    return f"{middle} [{seconds(min(sample))} – {seconds(max(sample))}]"


def case_table(result: CaseResult) -> list[str]:
    """One line per phase and solver."""
    lines = [
        "| phase | solver | runs | wall time | CPU time | peak memory | error | to the faster peer: wall | CPU |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for phase in result.phases():
        peer = {clock: result.faster_peer(phase, clock) for clock in ("wall", "cpu")}
        for row in result.rows:
            sample = row.sample(phase, "wall")
            if not sample:
                continue
            ratio = {clock: f"{row.median(phase, clock) / p:.3g}" if p else "–" for clock, p in peer.items()}
            error = f"{row.accuracy[phase]:.1e}" if phase in row.accuracy else "–"
            lines.append(
                f"| {phase} | {row.name} | {len(row.runs)} | {spread(sample)} | {seconds(row.median(phase, 'cpu'))} | "
                f"{memory(row.peak_memory())} | {error} | {ratio['wall']} | {ratio['cpu']} |"
            )
    lines += [f"\nSkipped: {row.name}: {row.skipped}" for row in result.rows if row.skipped]
    return lines


def verdict(value: float, limit: float) -> str:
    return "**yes**" if value <= limit else "**no**"


def judged(target: Target, results: Sequence[CaseResult]) -> list[str]:
    """Lines of the table of targets: one per row of irrev that the target speaks of."""
    lines = []
    for result in results:
        if result.case.name != target.case:
            continue
        for row in result.rows:
            if not row.is_irrev or row.label != target.label:
                continue
            head = f"| {target.case}, {target.phase} | {row.name} |"
            measured = target.phase in row.accuracy if target.kind == "accuracy" else row.sample(target.phase, "wall")
            if row.skipped or not measured:
                lines.append(f"{head} – | not measured | – | – |")
            elif target.kind in ("ratio", "seconds"):
                unit = {clock: 1.0 for clock in ("wall", "cpu")}
                limit = f"≤ {seconds(target.limit)}"
                if target.kind == "ratio":
                    unit = {clock: result.faster_peer(target.phase, clock, target.peer) or float("nan") for clock in unit}
                    limit = f"≤ {target.limit:.3g} × {target.peer or 'the faster peer'}"
                value = {clock: row.median(target.phase, clock) / unit[clock] for clock in unit}
                shown = {c: f"{v:.3g} ×" if target.kind == "ratio" else seconds(v) for c, v in value.items()}
                met = {clock: verdict(v, target.limit) for clock, v in value.items()}
                lines.append(f"{head} {limit} | {shown['wall']} (CPU {shown['cpu']}) | {met['wall']} | {met['cpu']} |")
            elif target.kind == "memory":
                peak = row.peak_memory()
                lines.append(f"{head} peak ≤ {memory(target.limit)} | {memory(peak)} | {verdict(peak, target.limit)} | |")
            else:
                error = row.accuracy[target.phase]
                lines.append(f"{head} error ≤ {target.limit:.0e} | {error:.1e} | {verdict(error, target.limit)} | |")
    return lines


def page(machine: Mapping[str, str], tasks: Sequence[tuple[str, ModuleType, list[CaseResult]]], date: str, complete: bool) -> str:
    """The whole page in Markdown."""
    lines = ["# Benchmarks: irrev beside its peers", ""]
    if not complete:
        lines += ["**Not a full run**: fewer tasks, smaller sizes, or programs built earlier than the sources named here.", ""]
    lines += [
        f"Measured on {date} by `benchmarks/run`. Each figure is a median over processes that ran one after another, irrev and peers in turn, on",
        "identical inputs; [smallest – largest] beside it. Wall time is what a user waits for; CPU time, summed over threads, suffers less from other",
        "load. Peers run on one thread (`OMP_NUM_THREADS=1`); irrev on the number named. Peak memory is that of the whole process with its inputs, for",
        "peers also the interpreter. \"Others\" is the number of cores that other processes kept busy during the median run. A ratio below 1 means that",
        "irrev is faster. The ratio of CPU times compares the CPU time of irrev with the smallest of a peer. The error is the largest of all runs.",
        "",
        "| | |",
        "|---|---|",
        *(f"| {what} | {value} |" for what, value in machine.items()),
        "",
        "## Targets",
        "",
        "Met by the median wall time, and by the median CPU time: on one thread of a quiet machine the two agree; where others used the cores, the CPU",
        "time says better what an idle machine would show. For two threads the CPU time is no measure of speed.",
        "",
    ]
    for name, module, results in tasks:
        targets = [line for target in module.TARGETS for line in judged(target, results)]
        if targets:
            lines += [f"### {name}", "", "| what | solver | target | measured | met | met by CPU time |", "|---|---|---|---|---|---|", *targets, ""]
    for name, module, results in tasks:
        question, _, _ = (module.__doc__ or "").strip().partition("\n")
        lines += [f"## {name}", "", question, "", *(f"- {note}" for note in module.NOTES), ""]
        if hasattr(module, "summary"):
            lines += module.summary(results)
        for result in results:
            low, high = result.load
            lines += [
                f"### {name}: {result.case.name}",
                "",
                f"Others: {result.others():.2f} cores; load average {low:.1f} before, {high:.1f} after.",
                "",
                *case_table(result),
                "",
            ]
    return "\n".join(lines)

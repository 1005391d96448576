"""The command behind `benchmarks/run`."""

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from types import ModuleType

from harness import machine
from harness.process import SolverFailed, run
from harness.report import CaseResult, Row, page
from harness.task import Case, Irrev, Peer

FOLDER = Path(__file__).resolve().parent.parent
ROOT = FOLDER.parent
PROGRAM = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "irrev-benchmarks"
#: The interpreter that has irrev's Python package.
PYTHON_WITH_IRREV = Path(os.environ.get("IRREV_PYTHON", ROOT / ".venv" / "bin" / "python"))
ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


def solvers(module: ModuleType) -> list[tuple[Row, Irrev | Peer, int]]:
    """Who takes part: the row to fill, how to run it, and the threads."""
    found: list[tuple[Row, Irrev | Peer, int]] = []
    for irrev in module.IRREV:
        for threads in irrev.threads:
            named = f"{threads} thread{'s' if threads > 1 else ''}" if threads else ""
            found.append((Row(irrev.label, named, True), irrev, threads))
    return found + [(Row(peer.label, "", peer.from_irrev), peer, 1) for peer in module.PEERS]


def interpreter(peer: Peer) -> Path:
    """The Python that has a peer."""
    if peer.environment:
        return FOLDER / ".venv" / peer.environment / "bin" / "python"
    return PYTHON_WITH_IRREV if peer.from_irrev else Path(sys.executable)


def command(task: str, solver: Irrev | Peer, inputs: Path, outputs: Path) -> list[str]:
    """How a solver is started."""
    if isinstance(solver, Irrev):
        return [str(PROGRAM), task, str(inputs), str(outputs)] + ([solver.variant] if solver.variant else [])
    return [str(interpreter(solver)), "-m", "harness.solver", task, solver.label, str(inputs), str(outputs)]


def run_case(task: str, module: ModuleType, case: Case, repetitions: int | None, folder: Path) -> CaseResult:
    """Runs all solvers in turn, as often as the case asks."""
    inputs = folder / "inputs"
    inputs.mkdir(parents=True)
    module.prepare(inputs, case.parameters)
    participants = solvers(module)
    before = os.getloadavg()[0]
    for repetition in range(repetitions or case.repetitions):
        for row, solver, threads in participants:
            enough = repetitions or (case.peer_repetitions if not row.is_irrev and case.peer_repetitions else case.repetitions)
            if row.skipped or repetition >= enough:
                continue
            environment = ({"RAYON_NUM_THREADS": str(threads)} if threads else {}) if isinstance(solver, Irrev) else ONE_THREAD
            outputs = folder / f"{row.name.replace(' ', '_').replace('/', '_')}"
            print(f"{task}, {case.name}: {row.name}, run {repetition + 1}", file=sys.stderr, flush=True)
            try:
                row.runs.append(run(command(task, solver, inputs, outputs), outputs, environment, FOLDER))
            except (SolverFailed, OSError) as problem:
                row.skipped = str(problem)
                print(f"  skipped: {problem}", file=sys.stderr, flush=True)
                continue
            for phase, error in module.accuracy(inputs, outputs).items():
                row.accuracy[phase] = max(error, row.accuracy.get(phase, 0.0))
            if hasattr(module, "findings"):
                row.findings = module.findings(inputs, outputs)
    return CaseResult(case, [row for row, _, _ in participants], (before, os.getloadavg()[0]))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/run", description="Every task in irrev and in its peers, alternately.")
    parser.add_argument("--quick", action="store_true", help="small sizes, once each: does everything still work?")
    parser.add_argument("--only", metavar="NAME", action="append", help="this task only (repeatable)")
    parser.add_argument("--long", action="store_true", help="the long tasks, too")
    parser.add_argument("--repetitions", type=int, metavar="N", help="runs of every solver [default: as each case asks]")
    parser.add_argument("--no-build", action="store_true", help="take the programs as they were built")
    return parser.parse_args()


def main() -> int:
    options = arguments()
    names = sorted(path.stem for path in (FOLDER / "peers").glob("*.py") if path.stem != "__init__")
    unknown = [name for name in options.only or [] if name not in names]
    if unknown:
        print(f"no such task: {', '.join(unknown)}; there are: {', '.join(names)}", file=sys.stderr)
        return 2
    raw = FOLDER / "raw"
    raw.mkdir(exist_ok=True)
    # programs built earlier may not be those of the revision that the page names
    complete = options.long and not (options.quick or options.only or options.repetitions or options.no_build)
    description = machine.description(ROOT)
    tasks = []
    for name in options.only or names:
        module = import_module(f"peers.{name}")
        if getattr(module, "LONG", False) and not (options.long or options.only):
            continue
        results = []
        for case in module.QUICK_CASES if options.quick else module.CASES:
            with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                results.append(run_case(name, module, case, 1 if options.quick else options.repetitions, Path(folder)))
        (raw / f"{name}{'-quick' if options.quick else ''}.json").write_text(
            json.dumps({"machine": description, "cases": [asdict(result) for result in results]}, indent=1)
        )
        if hasattr(module, "draw"):
            module.draw(results, FOLDER if complete else raw)
        tasks.append((name, module, results))
    text = page(description, tasks, time.strftime("%Y-%m-%d"), complete)
    place = FOLDER / "RESULTS.md" if complete else raw / "latest.md"
    place.write_text(text)
    print(text if not complete else f"wrote {place.relative_to(ROOT)}")
    failed = [row for _, _, results in tasks for result in results for row in result.rows if row.skipped and row.is_irrev]
    # the Python package need not be installed; it is then marked as skipped
    return 1 if any(not row.label.endswith("from Python") for row in failed) else 0


if __name__ == "__main__":
    sys.exit(main())

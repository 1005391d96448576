"""Evaluates reference cases through the public Python interface of irrev.

    run.py FILE.json … [--data DIR]

A case is dispatched on its `kind`, never on its id. Per case one line: id, worst deviation in units of the tolerance, pass or fail; then
`N passed, M failed`. Exit code 1 if any failed.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from judging import Case, Verdict, judge
from kinds import KINDS, SAMPLERS


def cases(file: Path, data: list[Path]) -> list[Case]:
    """The cases of a reference file: a list, or a table with the list under "cases"."""
    content: Any = json.loads(file.read_text(encoding="utf-8"))
    listed = content["cases"] if isinstance(content, dict) else content
    return [Case.read(entry, [file.parent, *data]) for entry in listed]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE.json")
    parser.add_argument("--data", action="append", default=[], type=Path, metavar="DIR", help="folder of data files")
    options = parser.parse_args(arguments)
    verdicts: list[Verdict] = []
    for file in options.files:
        for case in cases(file, options.data):
            verdict = judge(case, KINDS.get(case.kind), SAMPLERS.get(case.kind))
            verdicts.append(verdict)
            print(verdict, flush=True)
    failed = sum(not verdict.passed for verdict in verdicts)
    print(f"{len(verdicts) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

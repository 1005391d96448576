"""How long does the command take, from its start to its end?"""

import math
import random
from pathlib import Path

from harness.task import Case, Irrev, Target, save_inputs

NOTES = (
    "Whole processes: start, work, end; output is thrown away, files are in the cache of the system. CPU time and peak memory are those of the command.",
    "The model has 50 states on a ring, driven around it, with 25 random chords (seed 7), two observables and 201 points in time; the report has all "
    "sections that are possible.",
    "There is no peer.",
)
CASES = (
    Case("irrev --help", {"arguments": ["--help"]}, repetitions=25),
    Case("report of 50 states", {"arguments": ["run", "MODEL", "--out", "REPORT", "--force", "--quiet"]}, repetitions=9),
    Case("report of 50 states, still pictures", {"arguments": ["run", "MODEL", "--out", "REPORT", "--static", "--force", "--quiet"]}, repetitions=9),
)
QUICK_CASES = CASES
IRREV = (Irrev(threads=(0,)),)
PEERS = ()
TARGETS = (Target(CASES[0].name, "process", "seconds", 0.02), Target(CASES[1].name, "process", "seconds", 0.3))

PROGRAM = Path(__file__).resolve().parents[2] / "target" / "release" / "irrev"


def model(states: int, chords: int) -> str:
    """A driven ring with chords as a model file."""
    draw = random.Random(7)
    pairs = {(i, (i + 1) % states): 1.0 for i in range(states)}
    while len(pairs) < states + chords:
        x, y = sorted(draw.sample(range(states), 2))
        if y - x not in (1, states - 1):
            pairs.setdefault((x, y), 0.0)
    lines = ["irrev = 1", 'kind = "markov"', 'title = "Driven ring with chords"', ""]
    lines += [f'[[states]]\nname = "s{i}"' for i in range(states)]
    for (x, y), drive in pairs.items():
        forward, backward = math.exp(draw.gauss(drive, 1.0)), math.exp(draw.gauss(0.0, 1.0))
        lines += [
            f'[[transitions]]\nname = "e{x}_{y}"\nbetween = ["s{x}", "s{y}"]',
            f"rates = {{ forward = {forward!r}, backward = {backward!r} }}",
        ]
    lines += ["[initial]", "distribution = { s0 = 1.0 }", "[time]", "end = 5.0", "points = 201"]
    around = ", ".join(f"e{x}_{y} = {1 / states!r}" for (x, y), drive in pairs.items() if drive)
    lines += ['[[observables]]\nname = "rotation_rate"\nunit = "1/time"', f"weights = {{ {around} }}"]
    lines += ['[[observables]]\nname = "first_step_rate"\nunit = "1/time"', "weights = { e0_1 = 1.0 }"]
    return "\n".join(lines) + "\n"


def prepare(folder: Path, parameters: dict[str, list[str]]) -> None:
    (folder / "model.toml").write_text(model(50, 25))
    places = {"MODEL": str(folder / "model.toml"), "REPORT": str(folder / "report")}
    words = [str(PROGRAM)] + [places.get(word, word) for word in parameters["arguments"]]
    save_inputs(folder, {}, {"command": words})


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    return {}

"""Reaction rates and rates of change of the models beside this file, from libRoadRunner 2.10.0.

    python -m venv venv && venv/bin/pip install libroadrunner==2.10.0
    venv/bin/python oracle.py > oracle.json

For every file and a few states: the time, the amounts of all species, the values of all parameters of the model, the rates of all
reactions, and the rates of change of the amounts of the species that change. The states are the initial one and three with every
floating amount moved by a factor that depends on its place in the list, zeros to a small amount; a smaller move where rules have no
value so far away.
"""

import json
import math
import pathlib
import sys

import roadrunner

roadrunner.Logger.setLevel(roadrunner.Logger.LOG_ERROR)
HERE = pathlib.Path(__file__).parent


def numbers(values):
    return [float(value) for value in values]


def states(path):
    runner = roadrunner.RoadRunner(str(path))
    model = runner.model
    floating = list(model.getFloatingSpeciesIds())
    start = numbers(model.getFloatingSpeciesAmounts())
    largest = max(start, default=1.0) or 1.0
    ruled = set(runner.getAssignmentRuleIds())
    for state in range(4):
        for width in [1.0, 0.3, 0.1]:
            for place, (name, amount) in enumerate(zip(floating, start)):
                if state and name not in ruled:
                    factor = 1.0 + width * (0.1 * ((7 * place + 5 * state) % 13) - 0.7)
                    model.setFloatingSpeciesAmounts([place], [amount * factor or 0.01 * largest * factor])
            model.setTime(3.0 * state)
            rates = numbers(model.getReactionRates())
            if all(map(math.isfinite, rates)):
                break
        yield {
            "time": 3.0 * state,
            "amounts": dict(zip(floating, numbers(model.getFloatingSpeciesAmounts())))
            | dict(zip(model.getBoundarySpeciesIds(), numbers(model.getBoundarySpeciesAmounts()))),
            "parameters": dict(zip(model.getGlobalParameterIds(), numbers(model.getGlobalParameterValues()))),
            "rates": dict(zip(model.getReactionIds(), rates)),
            "changes": {name: float(runner.getValue(name + "'")) for name in floating if name not in ruled},
        }


answers = {}
for path in sorted(HERE.glob("*/*.xml")):
    if "<event " in path.read_text():
        continue
    name = f"{path.parent.name}/{path.name}"
    try:
        answers[name] = list(states(path))
    except Exception as error:
        print(name, error, file=sys.stderr)
lines = (json.dumps(name) + ":" + json.dumps(states, separators=(",", ":")) for name, states in answers.items())
print("{\n" + ",\n".join(lines) + "\n}")

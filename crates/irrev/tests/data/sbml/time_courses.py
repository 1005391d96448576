"""Time courses of the BioModels files by libRoadRunner (CVODE), as an independent check: prints time_courses.json.

    python time_courses.py biomodels > time_courses.json        # libroadrunner 2.10.0

Amounts of the floating species at 26 times; tolerances are a thousandth of what the comparison accepts.
"""
import json
import pathlib
import sys

import roadrunner

# how long each model is followed, in its own unit of time: past its transient, or over a few periods
ENDS = {"005": 100.0, "009": 100.0, "010": 4000.0, "012": 400.0, "019": 100.0, "026": 2000.0, "064": 1.0}
POINTS = 26

cases = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.xml")):
    model = roadrunner.RoadRunner(str(path))
    model.integrator.absolute_tolerance = 1e-14
    model.integrator.relative_tolerance = 1e-11
    model.integrator.maximum_num_steps = 1_000_000
    end = ENDS[path.stem[-3:]]
    species = list(model.model.getFloatingSpeciesIds())
    model.timeCourseSelections = ["time"] + species
    rows = model.simulate(0, end, POINTS)
    cases[path.stem] = {"species": species, "rows": [[float(v) for v in row] for row in rows]}
print(json.dumps(cases))

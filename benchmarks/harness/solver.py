"""Runs one solver of one task: `python -m harness.solver TASK LABEL INPUTS OUTPUTS`."""

import sys
from importlib import import_module
from pathlib import Path

from harness.task import Measurement

if __name__ == "__main__":
    task, label, inputs, outputs = sys.argv[1:]
    module = import_module(f"peers.{task}")
    solver = next(peer for peer in module.PEERS if peer.label == label)
    measurement = Measurement(Path(inputs), Path(outputs))
    solver.solve(measurement)
    measurement.finish()

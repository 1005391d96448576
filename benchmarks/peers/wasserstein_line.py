"""How long does W₂ between two large samples on a line take?"""

from pathlib import Path

import numpy as np
import ot

from harness.task import Case, Irrev, Measurement, Peer, Target, save_inputs

NOTES = (
    "Two normal samples of a million numbers each; W₂² is the mean square difference of the sorted samples.",
    "irrev::landscape::transport1d::Quantiles takes samples of any two sizes and weights; two NumPy sorts need equal sizes.",
    "The error is relative to the two sorts.",
)
CASES = (Case("1e6 + 1e6 numbers", {"numbers": 1_000_000}, repetitions=9),)
QUICK_CASES = (Case("2e4 + 2e4 numbers", {"numbers": 20_000}),)
IRREV = (Irrev(),)
TARGETS = (
    Target(CASES[0].name, "distance", "ratio", 1 / 12, peer="POT wasserstein_1d"),
    Target(CASES[0].name, "distance", "ratio", 1.0, peer="two NumPy sorts"),
    Target(CASES[0].name, "distance", "accuracy", 1e-12),
)


def prepare(folder: Path, parameters: dict[str, float]) -> None:
    random = np.random.default_rng(1)
    n = int(parameters["numbers"])
    save_inputs(folder, {"first": random.standard_normal(n), "second": 0.3 + 1.2 * random.standard_normal(n)}, dict(parameters))


def by_sorts(measurement: Measurement) -> None:
    first, second = measurement.array("first"), measurement.array("second")
    with measurement.time("distance"):
        difference = np.sort(first) - np.sort(second)
        squared = float(difference @ difference) / len(difference)
    measurement.arrays["squared"] = np.array([squared])


def by_pot(measurement: Measurement) -> None:
    first, second = measurement.array("first"), measurement.array("second")
    with measurement.time("distance"):
        squared = float(ot.wasserstein_1d(first, second, p=2))
    measurement.arrays["squared"] = np.array([squared])


PEERS = (Peer("POT wasserstein_1d", by_pot), Peer("two NumPy sorts", by_sorts))


def accuracy(folder: Path, outputs: Path) -> dict[str, float]:
    reference = Measurement(folder, folder)
    by_sorts(reference)
    expected = reference.arrays["squared"][0]
    return {"distance": float(abs(np.load(outputs / "squared.npy")[0] / expected - 1))}

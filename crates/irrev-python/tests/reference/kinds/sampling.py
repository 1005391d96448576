"""How what trajectories say is judged: in units of z standard errors.

Unless its tolerance says otherwise a case is sampled with 20,000 trajectories of seed 1. A mean is compared with √(exact variance/n), a variance with
√((m₄ - variance²)/n) of the sample, a probability with its binomial error where at least 20 successes and 20 failures are expected.
"""

import math
from collections.abc import Sequence

from irrev import Estimate
from judging import Case

FEWEST = 20
"""Expected successes and failures below which a proportion says nothing by its standard error."""

LARGEST_SPREAD = 30.0
"""An exponential average with a larger standard deviation has no normal error."""


class Sampling:
    """Size, seed and tolerance of a sampled case."""

    def __init__(self, case: Case) -> None:
        self.z = float(case.tolerance["ssa_z"])
        self.n = int(case.tolerance.get("ssa_n", 20_000))
        self.seed = int(case.tolerance.get("ssa_seed", 1))

    def within(self, found: float, expected: float, error: float) -> float:
        """Deviation in units of z standard errors; numbers without spread agree to rounding."""
        difference = abs(found - expected)
        if difference <= 1e-9 * max(abs(expected), 1.0):
            return 0.0
        return difference / (self.z * error) if error > 0 else math.inf

    def mean(self, found: Estimate, expected: float, variance: float) -> float:
        return self.within(found.value, expected, math.sqrt(variance / self.n))

    def variance(self, found: Estimate, expected: float) -> float:
        return self.within(found.value, expected, found.standard_error)

    def probability(self, successes: int, expected: float) -> float:
        if self.n * min(expected, 1 - expected) < FEWEST:
            return 0.0
        return self.within(successes / self.n, expected, math.sqrt(expected * (1 - expected) / self.n))

    def probabilities(self, successes: Sequence[int], expected: Sequence[float]) -> float:
        return max(self.probability(k, p) for k, p in zip(successes, expected, strict=True))

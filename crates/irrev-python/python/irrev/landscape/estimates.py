"""Lists of estimates, as columns."""

from typing import Annotated, Any

import numpy as np

from irrev._arrays import FloatArray, IntArray
from irrev._record import Estimate, Record, means


class Estimates(Record):
    """Numbers that come from data, each with what is needed to judge it; NaN where there is none. `estimates[k]` is one of them, and `np.asarray(estimates)` are their values."""

    values: Annotated[FloatArray, means("", "Point estimates")]
    standard_errors: Annotated[
        FloatArray, means("", "Standard errors, in the unit of the values; 0 where a value is zero by convention")
    ]
    lower: Annotated[FloatArray, means("", "Lower ends of the confidence intervals")]
    upper: Annotated[FloatArray, means("", "Upper ends of the confidence intervals")]
    level: Annotated[float, means("", "Confidence level of the intervals")]
    sample_sizes: Annotated[IntArray, means("", "Number of blocks, or of independent samples, that each rests on")]

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, index: int) -> Estimate:
        return Estimate(
            value=float(self.values[index]),
            standard_error=float(self.standard_errors[index]),
            interval=(float(self.lower[index]), float(self.upper[index])),
            level=self.level,
            sample_size=int(self.sample_sizes[index]),
            bias_correction=0.0,
            kind="estimate",
        )

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> FloatArray:
        return np.array(self.values, dtype=dtype) if copy or dtype is not None else self.values


def with_estimates(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    """The fields with the columns of these names as records."""
    return {name: Estimates(**value) if name in names else value for name, value in fields.items()}

"""What can go wrong.

A wrong dtype is a `TypeError`, as everywhere in numpy; everything else that irrev refuses is an `IrrevError`.
"""

from typing import Any


class IrrevError(Exception):
    """Anything that irrev refuses or fails at."""


class ModelError(IrrevError, ValueError):
    """A model, or a question asked of it, is wrong; the message names the place, the value and the way out."""


class DataError(IrrevError, ValueError):
    """Data are wrong, or cannot be read."""


class LimitError(IrrevError):
    """The work would exceed a limit, such as `memory_limit`; the message has the estimate."""


class ConvergenceError(IrrevError):
    """A computation did not reach its answer: an iteration stopped before its target, or nothing was found or resolved.

    Attributes
    ----------
    convergence : dict or None
        `iterations`, `residual`, `target` and `reason`: how far an iteration came; None where the message alone says what was in the way.
    """

    def __init__(self, message: str, convergence: dict[str, Any] | None = None) -> None:
        super().__init__(message, convergence)
        self.convergence = convergence

    def __str__(self) -> str:
        return str(self.args[0])

"""Bounds that anybody can compute again from the raw data, without fitting anything."""

from os import PathLike
from pathlib import Path
from typing import Annotated, Any

from irrev import _core
from irrev._arrays import FloatArray
from irrev._record import Estimate, Record, means
from irrev._run import Progress, options
from irrev.exceptions import DataError
from irrev.inference.series import Points, series_parts


class Recheck(Record):
    """What a certificate gave when it was computed again."""

    agrees: Annotated[bool, means("", "Whether the bound, and that of every fold, came out again")]
    value: Annotated[float, means("nats/time", "The bound from these data")]
    stated: Annotated[float, means("nats/time", "The bound that the certificate states")]
    difference: Annotated[float, means("nats/time", "The largest difference of a fold")]
    tolerance: Annotated[float, means("nats/time", "What rounding explains")]


class Certificate:
    """A lower bound by data that did not choose the current: currents, folds, and the coefficients that each fold got from the others. Frozen, can be compared, pickled and saved.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.inference import Certificate, entropy_production
    >>> turn = np.array([[0.86, -0.27], [0.27, 0.86]])
    >>> x = np.zeros((20_000, 2))
    >>> for k, kick in enumerate(np.random.default_rng(1).normal(size=(len(x) - 1, 2))):
    ...     x[k + 1] = turn @ x[k] + kick
    >>> certificate = entropy_production(x, step=1.0).certificate
    >>> certificate.recheck(x).agrees
    True
    >>> certificate.recheck(x[::-1]).agrees        # backwards, the same current says that nothing is produced
    False
    """

    __slots__ = ("_handle",)
    _handle: _core.InferenceCertificate

    def __init__(self, handle: _core.InferenceCertificate) -> None:
        object.__setattr__(self, "_handle", handle)

    @classmethod
    def load(cls, path: str | PathLike[str]) -> "Certificate":
        """From a file that `save` has written, in Python or by the command.

        Raises DataError for a file that is not there or holds no certificate.
        """
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{path} cannot be read: {error}") from None
        try:
            return cls(_core.InferenceCertificate.from_json(text))
        except DataError as error:
            raise DataError(f"{path}: {error}") from None

    def save(self, path: str | PathLike[str]) -> None:
        """Writes the certificate as JSON."""
        Path(path).write_text(self._handle.to_json() + "\n", encoding="utf-8")

    @property
    def bound(self) -> Estimate:
        """The bound with its interval, nats per unit time."""
        found: Estimate = self._handle.figures()["bound"]
        return found

    @property
    def folds(self) -> FloatArray:
        """The bound on each fold."""
        found: FloatArray = self._handle.figures()["folds"]
        return found

    @property
    def labels(self) -> tuple[str, ...]:
        """A name for each current."""
        found: tuple[str, ...] = self._handle.figures()["labels"]
        return found

    @property
    def step(self) -> float:
        """Time between points."""
        found: float = self._handle.figures()["step"]
        return found

    @property
    def steps(self) -> int:
        """Steps of the data that it belongs to."""
        found: int = self._handle.figures()["steps"]
        return found

    def recheck(
        self, x: Points, *, step: float | None = None, threads: int = 0, progress: Progress = None
    ) -> Recheck:
        """The bound once more from the raw points, term by term, with the coefficients as they are.

        `x` and `step` (default: that of the certificate) are those that the bound came from; data of another size are refused, other numbers do not agree.
        """
        parts = series_parts(x, self.step if step is None else step)
        return Recheck(**self._handle.recheck(parts, options(threads=threads, progress=progress)))

    def to_dict(self) -> dict[str, Any]:
        """Step, steps, segments, bound, the bound on each fold, and names of the currents."""
        return {name: v.to_dict() if isinstance(v, Estimate) else v for name, v in self._handle.figures().items()}

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("a certificate is frozen")

    def __eq__(self, other: object) -> bool:
        return self._handle == other._handle if isinstance(other, Certificate) else NotImplemented

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return Certificate, (self._handle,)

    def __repr__(self) -> str:
        bound = self.bound
        return f"<Certificate of {bound.value:.6g} ± {bound.standard_error:.2g} from {self.steps} steps in {len(self.folds)} folds>"

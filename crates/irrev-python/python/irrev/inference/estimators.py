"""Estimator objects beside the functions, in the style of scikit-learn: parameters in the constructor, data in `fit`, numbers in attributes that end in an underscore."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray
from irrev._record import Estimate
from irrev._run import options
from irrev.exceptions import DataError, ModelError
from irrev.inference._estimator import Estimator
from irrev.inference.currents import Basis, Currents
from irrev.inference.dissipation import (
    RANK_TOLERANCE,
    Dissipation,
    Interval,
    Motion,
    Noise,
    UncertaintyBound,
    bound_of_current,
    entropy_production,
)
from irrev.inference.moments import Moments
from irrev.inference.series import Points, is_list_of_trajectories, trajectories
from irrev.inference.speed import Family, SpeedOfEnsemble, ensemble_speed
from irrev.inference.states import FittedRates, Visits, fitted_rates, jump_counts, listed_visits
from irrev.inference.transfer import (
    DiscreteTransferEntropy,
    FullHistoryTransferEntropy,
    GaussianTransferEntropy,
    KsgTransferEntropy,
    discrete_transfer_entropy,
    full_history_transfer_entropy,
    gaussian_transfer_entropy,
    ksg_transfer_entropy,
)

TransferEntropies = DiscreteTransferEntropy | GaussianTransferEntropy | KsgTransferEntropy | FullHistoryTransferEntropy


class EntropyProductionEstimator(Estimator):
    """Entropy production rate of recorded continuous motion from its currents, from whole recordings or from a stream.

    `fit` says all that `entropy_production` says; `partial_fit` takes points as they come, in constant memory, and gives the estimate with its interval, but no certified bound and no noise of
    measurement, which need the points again. Streams that were seen apart are added, `a + b`.

    Parameters
    ----------
    step : float
        Time between points.
    basis, motion, noise, strides, folds, draws, level, interval, rank_tolerance, seed, threads
        As for `entropy_production`; `noise` and `folds` are used by `fit` only.
    origin : array_like
        Where the affine currents of a stream have their origin; default the mean of its first piece. Streams that shall be added need the same one.

    Attributes
    ----------
    result_
        `Dissipation` after `fit`, `UncertaintyBound` after `partial_fit`.
    estimate_, entropy_production_, interval_
        The estimate, its value, and its interval, in nats per unit time.
    bound_
        The certified lower bound; after `fit` only.
    coefficients_
        Of the optimal current.
    n_features_in_
        Number of coordinates.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.inference import EntropyProductionEstimator
    >>> turn, x = np.array([[0.86, -0.27], [0.27, 0.86]]), np.zeros((30_000, 2))
    >>> for k, kick in enumerate(np.random.default_rng(1).normal(size=(len(x) - 1, 2))):
    ...     x[k + 1] = turn @ x[k] + kick
    >>> whole = EntropyProductionEstimator(step=1.0, strides=(1,)).fit(x[:20_000])
    >>> 0 < whole.score(x[20_000:]) < whole.entropy_production_
    True
    >>> first, second = (EntropyProductionEstimator(step=1.0, strides=(1,), origin=[0, 0]) for _ in range(2))
    >>> for piece in np.split(x[:15_000], 3):
    ...     _ = first.partial_fit(piece)
    >>> both = first + second.partial_fit(x[15_000:])
    >>> both.moments_.steps, abs(both.entropy_production_ - whole.entropy_production_) < 5 * both.estimate_.standard_error
    (29998, True)
    """

    def __init__(
        self,
        *,
        step: float,
        basis: Basis = "affine",
        origin: npt.ArrayLike | None = None,
        motion: Motion = "stationary",
        noise: Noise = "take out",
        strides: Sequence[int] = (1, 2, 4),
        folds: int = 5,
        draws: int = 1000,
        level: float = 0.95,
        interval: Interval = "recentred",
        rank_tolerance: float = RANK_TOLERANCE,
        seed: int = 1,
        threads: int = 0,
    ) -> None:
        self.step = step
        self.basis = basis
        self.origin = origin
        self.motion = motion
        self.noise = noise
        self.strides = strides
        self.folds = folds
        self.draws = draws
        self.level = level
        self.interval = interval
        self.rank_tolerance = rank_tolerance
        self.seed = seed
        self.threads = threads

    def _bounding(self) -> dict[str, Any]:
        names = ("motion", "draws", "level", "interval", "rank_tolerance", "seed", "threads")
        return {name: getattr(self, name) for name in names}

    def _forget(self) -> None:
        for name in ("_found", "moments_"):
            self.__dict__.pop(name, None)

    def fit(self, X: Points, y: None = None) -> Self:
        """From whole trajectories, as `entropy_production` takes them; what was seen before is forgotten."""
        self._forget()
        whole: dict[str, Any] = {"basis": self.basis, "noise": self.noise, "strides": self.strides, "folds": self.folds}
        if self.origin is not None and self.basis == "affine":
            whole["basis"] = Currents.affine(self.origin)
        self._found: UncertaintyBound = entropy_production(X, step=self.step, **whole, **self._bounding())
        return self

    def partial_fit(self, X: Points, y: None = None) -> Self:
        """The next points of a stream: an array goes on where the one before ended, a list or an array of three dimensions holds trajectories that end each."""
        tables = trajectories(X)
        ended = is_list_of_trajectories(X) or np.ndim(X) == 3  # type: ignore[arg-type]
        if "moments_" not in self.__dict__:
            self._forget()
            self.moments_ = Moments(self._currents(tables[0]), step=self.step, strides=self.strides)
        if ended:
            self.end_trajectory()
            for table in tables:
                self.moments_.push(table)
                self.moments_.end_trajectory()
        else:
            self.moments_.push(tables[0])
        self.__dict__.pop("_found", None)
        return self

    def end_trajectory(self) -> Self:
        """Ends the open trajectory of a stream, so that no step is taken to what comes next."""
        if "moments_" in self.__dict__:
            self.moments_.end_trajectory()
        return self

    def _currents(self, first: FloatArray) -> Currents:
        """Those of a stream, which cannot look at all points before it chooses."""
        if isinstance(self.basis, Currents):
            return self.basis
        if self.basis == "affine":
            return Currents.affine(first.mean(axis=0) if self.origin is None else self.origin)
        if self.basis in ("linear", "antisymmetric"):
            of: Any = getattr(Currents, self.basis)
            chosen: Currents = of(first.shape[1])
            return chosen
        raise ModelError("radial currents are chosen by the whole of the data: use fit, or give the Currents that an earlier fit has chosen")

    def merge(self, other: "EntropyProductionEstimator") -> Self:
        """Adds what another estimator of the same currents has seen as a stream."""
        for one in (self, other):
            if "moments_" not in one.__dict__:
                raise ModelError("only estimators that have seen a stream can be added: call partial_fit")
        try:
            self.moments_ = self.moments_ + other.moments_
        except ModelError as error:
            raise ModelError(f"{error}; give both estimators the same origin") from None
        self.__dict__.pop("_found", None)
        return self

    def __add__(self, other: "EntropyProductionEstimator") -> "EntropyProductionEstimator":
        if not isinstance(other, EntropyProductionEstimator):
            return NotImplemented
        both = type(self)(**self.get_params())
        if "moments_" in self.__dict__:
            both.moments_ = self.moments_
        return both.merge(other)

    @property
    def result_(self) -> UncertaintyBound:
        """All that was found."""
        if "_found" not in self.__dict__:
            if "moments_" not in self.__dict__:
                raise self._unfitted("result_")
            self._found = self.moments_.bound(**self._bounding())
        return self._found

    @property
    def estimate_(self) -> Estimate:
        """The estimate with its interval, nats per unit time."""
        return self.result_.estimate

    @property
    def entropy_production_(self) -> float:
        """Its value."""
        return self.result_.estimate.value

    @property
    def interval_(self) -> tuple[float, float]:
        """Its interval."""
        return self.result_.estimate.interval

    @property
    def bound_(self) -> Estimate:
        """The certified lower bound, after `fit`."""
        if not isinstance(self.result_, Dissipation):
            raise AttributeError("a stream is not held out from itself, so that nothing is certified: use fit, or score on other data")
        return self.result_.bound

    @property
    def coefficients_(self) -> FloatArray:
        """Of the optimal current, one for each current."""
        return self.result_.coefficients

    @property
    def n_features_in_(self) -> int:
        """Number of coordinates."""
        return self.result_.currents.dimension

    def force(self, x: npt.ArrayLike) -> FloatArray:
        """The field of the optimal current at points (…, coordinates)."""
        return self.result_.force(x)

    def bound_on(self, X: Points) -> Estimate:
        """What the fitted current is worth on other data: a lower bound on their entropy production rate, with interval, if they did not choose it."""
        found = self.result_
        return bound_of_current(
            X, step=self.step, currents=found.currents, coefficients=found.coefficients, level=self.level, threads=self.threads
        )

    def score(self, X: Points, y: None = None) -> float:
        """Value of `bound_on`: the higher, the better the current."""
        return self.bound_on(X).value


class JumpRates(Estimator):
    """Rates of a Markov jump process behind fully observed visits, with the entropy production that follows.

    Parameters
    ----------
    states : int
        Number of states; default one more than the largest seen by `fit`. A stream needs it.
    draws, level, seed, threads
        As for `jump_rates`.

    Attributes
    ----------
    result_
        `FittedRates`.
    rates_, standard_errors_, counts_, dwell_
        Rates of maximum likelihood (j → i), their errors, numbers of jumps and times.
    entropy_production_
        Entropy production rate less what noise adds, nats per unit time.

    Examples
    --------
    >>> from irrev.inference import JumpRates, Visits
    >>> first = JumpRates(states=2).partial_fit(Visits([0, 1] * 50, range(100), 100.0))
    >>> both = first + JumpRates(states=2).partial_fit(Visits([1, 0] * 25, range(50), 50.0))
    >>> both.rates_.round(2).tolist(), float(both.dwell_.sum())
    ([[0.0, 0.99], [0.99, 0.0]], 150.0)
    """

    def __init__(
        self, *, states: int | None = None, draws: int = 400, level: float = 0.95, seed: int = 1, threads: int = 0
    ) -> None:
        self.states = states
        self.draws = draws
        self.level = level
        self.seed = seed
        self.threads = threads

    def fit(self, X: Visits | Sequence[Visits], y: None = None) -> Self:
        """From visits of one trajectory or several; what was seen before is forgotten."""
        self._jumps = jump_counts(listed_visits(X), self.states)
        self.__dict__.pop("result_", None)
        return self

    def partial_fit(self, X: Visits | Sequence[Visits], y: None = None) -> Self:
        """Adds visits of further trajectories."""
        if self.states is None:
            raise ModelError("states is None; a stream needs the number of states beforehand")
        jumps = jump_counts(listed_visits(X), self.states)
        self._jumps = self._jumps.merged(jumps) if "_jumps" in self.__dict__ else jumps
        self.__dict__.pop("result_", None)
        return self

    def merge(self, other: "JumpRates") -> Self:
        """Adds what another estimator has seen."""
        self._jumps = self._seen().merged(other._seen())
        self.__dict__.pop("result_", None)
        return self

    def __add__(self, other: "JumpRates") -> "JumpRates":
        if not isinstance(other, JumpRates):
            return NotImplemented
        both = type(self)(**self.get_params())
        both._jumps = self._seen()
        return both.merge(other)

    def _seen(self) -> _core.InferenceJumps:
        if "_jumps" not in self.__dict__:
            raise self._unfitted("rates")
        return self._jumps

    @cached_property
    def result_(self) -> FittedRates:
        """All that was found."""
        return fitted_rates(self._seen(), self.draws, self.level, options(threads=self.threads, progress=False, seed=self.seed))

    @property
    def rates_(self) -> FloatArray:
        """Rates of maximum likelihood, j → i."""
        return self.result_.rates

    @property
    def standard_errors_(self) -> FloatArray:
        """Standard errors of the rates."""
        return self.result_.standard_errors

    @property
    def counts_(self) -> FloatArray:
        """Numbers of jumps j → i."""
        return self.result_.counts

    @property
    def dwell_(self) -> FloatArray:
        """Time spent in each state."""
        return self.result_.dwell

    @property
    def entropy_production_(self) -> float:
        """Entropy production rate less what noise adds, nats per unit time."""
        return self.result_.entropy_production.corrected.value

    def score(self, X: Visits | Sequence[Visits], y: None = None) -> float:
        """Logarithm of the likelihood of other visits under the fitted rates, per unit time; minus infinity for jumps that were never seen."""
        rates = self.rates_
        other = jump_counts(listed_visits(X), len(rates)).figures()
        counts, dwell = other["counts"], other["dwell"]
        with np.errstate(divide="ignore", invalid="ignore"):
            jumped = np.where(counts > 0, counts * np.log(rates), 0.0).sum()
        return float((jumped - (rates.sum(axis=0) * dwell).sum()) / other["duration"])


class TransferEntropy(Estimator):
    """Transfer entropy from a source to a target by one of four methods.

    Parameters
    ----------
    method : str
        "gaussian", "ksg" (nearest neighbours), "discrete" (symbols) or "full history" (an autoregression and the endless past).
    target_history, source_history : int
        Steps of both pasts; not used by "full history".
    surrogates, seed, threads
        As for `discrete_transfer_entropy`.
    options : dict
        Further arguments of the function behind the method, such as {"neighbours": 10}.

    Attributes
    ----------
    result_
        What the function behind the method returns.
    estimate_, transfer_entropy_
        The estimate and its value, nats per step.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.inference import TransferEntropy
    >>> y = np.random.default_rng(1).integers(2, size=10_000)
    >>> data = np.column_stack([np.roll(y, 1), y])                          # target, source
    >>> round(TransferEntropy(method="discrete").fit(data).transfer_entropy_, 2)
    0.69
    """

    def __init__(
        self,
        *,
        method: Literal["gaussian", "ksg", "discrete", "full history"] = "gaussian",
        target_history: int = 1,
        source_history: int = 1,
        surrogates: int = 0,
        options: dict[str, Any] | None = None,
        seed: int = 1,
        threads: int = 0,
    ) -> None:
        self.method = method
        self.target_history = target_history
        self.source_history = source_history
        self.surrogates = surrogates
        self.options = options
        self.seed = seed
        self.threads = threads

    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike | None = None) -> Self:
        """From the target X and the source y, or from X alone with both as its columns."""
        target, source = np.asarray(X), y
        if source is None:
            if target.ndim != 2 or target.shape[1] != 2:
                raise DataError(f"X has shape {target.shape}, expected (steps, 2) with target and source, or give the source as y")
            target, source = target[:, 0], target[:, 1]
        functions: dict[str, Any] = {
            "gaussian": gaussian_transfer_entropy,
            "ksg": ksg_transfer_entropy,
            "discrete": discrete_transfer_entropy,
            "full history": full_history_transfer_entropy,
        }
        if self.method not in functions:
            raise ModelError(f"method is {self.method!r}, expected one of {', '.join(map(repr, functions))}")
        asked: dict[str, Any] = {"seed": self.seed, "threads": self.threads, **(self.options or {})}
        if self.method != "full history":
            for name in ("target_history", "source_history", "surrogates"):
                asked[name] = getattr(self, name)
        self._found: TransferEntropies = functions[self.method](target, source=source, **asked)
        return self

    @property
    def result_(self) -> TransferEntropies:
        """All that was found."""
        if "_found" not in self.__dict__:
            raise self._unfitted("result_")
        return self._found

    @property
    def estimate_(self) -> Estimate:
        """The estimate with its interval, nats per step."""
        return self.result_.estimate

    @property
    def transfer_entropy_(self) -> float:
        """Its value."""
        return self.result_.estimate.value


class EnsembleSpeed(Estimator):
    """Speed, length and cost of an ensemble of cells.

    Parameters
    ----------
    family, splits, stride, replicas, level, seed, threads
        As for `ensemble_speed`.

    Attributes
    ----------
    result_
        `SpeedOfEnsemble`.
    length_, cost_, efficiency_
        Values of length, cost and efficiency.

    Examples
    --------
    >>> import numpy as np
    >>> from irrev.inference import EnsembleSpeed
    >>> t = np.arange(12.0)
    >>> x = 0.25 * t[:, None] + np.random.default_rng(1).normal(size=(12, 400))
    >>> found = EnsembleSpeed(replicas=40).fit(x, t)
    >>> abs(found.length_ - 11 / 4) < 5 * found.result_.length.standard_error
    True
    """

    def __init__(
        self,
        *,
        family: Family = "normal",
        splits: int = 64,
        stride: int | None = None,
        replicas: int = 200,
        level: float = 0.95,
        seed: int = 1,
        threads: int = 0,
    ) -> None:
        self.family = family
        self.splits = splits
        self.stride = stride
        self.replicas = replicas
        self.level = level
        self.seed = seed
        self.threads = threads

    def fit(self, X: npt.ArrayLike, y: npt.ArrayLike, *, cells: npt.ArrayLike | None = None) -> Self:
        """From values X (frames, cells) and times y; or from the columns of values, times and cells of a long table."""
        self._found: SpeedOfEnsemble = ensemble_speed(X, times=y, cells=cells, **self.get_params())
        return self

    @property
    def result_(self) -> SpeedOfEnsemble:
        """All that was found."""
        if "_found" not in self.__dict__:
            raise self._unfitted("result_")
        return self._found

    @property
    def length_(self) -> float:
        """Length of the path of distributions."""
        return self.result_.length.value

    @property
    def cost_(self) -> float:
        """Duration times action, at least the squared length."""
        return self.result_.cost.value

    @property
    def efficiency_(self) -> float:
        """Squared length over cost: 1 at constant speed."""
        return self.result_.efficiency.value

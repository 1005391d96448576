"""Markov chains in discrete time: entropy production and its parts as projections.

With the two-time distribution P(z', z) = T(z'|z) p(z) of a step, what is irreversible about it is its divergence from a manifold of distributions that
share something with a reversible step:

=============================  ================================================================  ========================
quantity                       manifold                                                          answered by
=============================  ================================================================  ========================
entropy production D           backward: T(z|z') q(z') for any q                                 `backward_projection`
asymmetry in time              symmetric: Q(z', z) = Q(z, z')                                    `symmetric_projections`
partial entropy production     local backward: T^k(z_k|z'_k, z_{-k}) q(z'_k, z_{-k}, z'_{-k})    `step_of_parts`
stochastic interaction         independent parts: p(z) Π P(z'_k|z_k)                             `step_of_parts`
integrated information Φ_G     z'_k independent of z_{-k} given z_k, for every k                 `integrated_information`
=============================  ================================================================  ========================

Conventions: transition[i, j] = Prob(i|j); nats per step. States of a product are row-major, the first part slowest. A step that has no reverse makes a
divergence infinite and is named.

References: Ito, Oizumi and Amari, Phys. Rev. Research 2, 033048 (2020); Oizumi, Tsuchiya and Amari, PNAS 113, 14817 (2016); Schreiber, Phys. Rev. Lett.
85, 461 (2000).
"""

from collections.abc import Sequence
from typing import Annotated, Any, Self

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, matrix, real, whole
from irrev._core import MarkovJump
from irrev._record import Convergence, Record, means
from irrev._run import Progress, options

__all__ = [
    "BackwardProjection",
    "IntegratedInformation",
    "MarkovChain",
    "StepOfParts",
    "SymmetricProjections",
    "backward_projection",
    "integrated_information",
    "step_of_parts",
    "symmetric_projections",
    "transfer_entropy",
]


def _sizes(given: Sequence[int]) -> list[int]:
    return [whole(n, "sizes", 0) for n in given]


class MarkovChain(Record):
    """A Markov chain in discrete time.

    Parameters
    ----------
    transition : array_like, shape (states, states)
        T[i, j] = Prob(i|j); every column sums to 1.

    Examples
    --------
    >>> from irrev.information.chain import MarkovChain
    >>> chain = MarkovChain([[0.5, 0.1, 0.3], [0.4, 0.6, 0.2], [0.1, 0.3, 0.5]])
    >>> chain.stationary_distribution().round(9)
    array([0.26923077, 0.42307692, 0.30769231])
    """

    transition: Annotated[FloatArray, means("", "T[i, j] = Prob(i|j)")]

    def __init__(self, transition: npt.ArrayLike) -> None:
        self.__dict__.update(transition=matrix(transition, "transition").copy())
        self.__post_init__()
        _core.check_chain(self.transition)

    @classmethod
    def from_kernels(cls, kernels: Sequence[npt.ArrayLike]) -> Self:
        """Parts that step independently given the present; `kernels[k][z'_k, z_1, …, z_N]`, as TX[x'][x][y] of the first of two parts."""
        arrays = [real(kernel, f"kernels[{k}]") for k, kernel in enumerate(kernels)]
        sizes = list(arrays[0].shape[1:]) if arrays else []
        return cls(_core.chain_of_kernels(sizes, [array.ravel() for array in arrays]))

    @classmethod
    def sampled(cls, kinetics: MarkovJump, *, interval: float) -> Self:
        """What a jump process does from look to look, T = exp(W · interval), to full relative accuracy in every entry."""
        return cls(_core.chain_of_process(kinetics, interval))

    def stationary_distribution(self) -> FloatArray:
        """T π = π by elimination without subtraction, accurate in every component."""
        return _core.chain_stationary(self.transition)

    def step(self, distribution: npt.ArrayLike) -> FloatArray:
        """T p: the distribution one step later."""
        return _core.chain_step(self.transition, distribution)

    def two_time(self, distribution: npt.ArrayLike) -> FloatArray:
        """P[i, j] = T[i, j] p_j: the probability of j now and i one step later."""
        return _core.chain_two_time(self.transition, distribution)


class BackwardProjection(Record):
    """Projection of a step onto the backward manifold {Q = T(j|i) q(i)}."""

    divergence: Annotated[float, means("nats/step", "Entropy production D; infinite if a step has no reverse")]
    law: Annotated[FloatArray, means("", "The q at the minimum, T p")]
    entropy_change: Annotated[float, means("nats/step", "H(q) - H(p)")]
    environment_change: Annotated[
        float, means("nats/step", "Σ P ln[T(i|j)/T(j|i)], what the surroundings receive; D is the sum of the two")
    ]
    one_way: Annotated[tuple[tuple[int, int], ...], means("", "Steps (j, i), from j to i, that occur without a reverse")]


class SymmetricProjections(Record):
    """Divergences of a two-time distribution from the time-symmetric ones, in both directions."""

    m_divergence: Annotated[float, means("nats", "min D(P‖Q), at Q = (P + Pᵀ)/2; at most ln 2")]
    e_divergence: Annotated[float, means("nats", "min D(Q‖P), at Q ∝ √(P Pᵀ): -ln Σ √(P Pᵀ)")]


class StepOfParts(Record):
    """One step of a chain on a product of parts."""

    total: Annotated[BackwardProjection, means("", "The whole: entropy production D of the step")]
    partial: Annotated[
        FloatArray, means("nats/step", "Partial entropy production D_k ≥ 0; infinite if a step of the part has no reverse")
    ]
    nonadditivity: Annotated[
        float | None, means("nats/step", "D - Σ D_k, which vanishes as the step gets short; None if both are infinite")
    ]
    transfer_entropy: Annotated[
        FloatArray, means("nats/step", "transfer_entropy[i, k] = I(z'_k; z_i|z_k), from part i to part k")
    ]
    received: Annotated[FloatArray, means("nats/step", "I(z'_k; z_{-k}|z_k): what part k receives from all others together")]
    stochastic_interaction: Annotated[float, means("nats/step", "Φ_SI = Σ H(z'_k|z_k) - H(z'|z) ≥ 0")]
    past_future_information: Annotated[float, means("nats", "I(z; z') of the whole")]


class IntegratedInformation(Record):
    """Φ_G of a step."""

    value: Annotated[float, means("nats/step", "Φ_G = min D(P‖Q)")]
    gap: Annotated[float, means("nats/step", "Φ_G is not below value - gap")]
    stochastic_interaction: Annotated[float, means("nats/step", "Φ_SI, at least Φ_G")]
    past_future_information: Annotated[float, means("nats", "I(z; z'), at least Φ_G")]
    kernel: Annotated[FloatArray, means("", "K[z', z] at the minimum; columns of zeros where p = 0")]
    convergence: Annotated[Convergence, means("", "The residual is the gap")]


def _backward(fields: dict[str, Any]) -> BackwardProjection:
    return BackwardProjection(**{**fields, "one_way": tuple(fields["one_way"])})


def backward_projection(chain: MarkovChain, *, distribution: npt.ArrayLike) -> BackwardProjection:
    """Entropy production of a step: D = H(q) - H(p) + Σ P ln[T(i|j)/T(j|i)] at q = T p, its divergence from all that steps back.

    Examples
    --------
    >>> from irrev.information.chain import MarkovChain, backward_projection
    >>> chain = MarkovChain([[0.5, 0.1, 0.3], [0.4, 0.6, 0.2], [0.1, 0.3, 0.5]])
    >>> round(backward_projection(chain, distribution=[0.7, 0.2, 0.1]).divergence, 9)
    0.570422342
    """
    return _backward(_core.backward_projection(chain.transition, distribution))


def symmetric_projections(two_time: npt.ArrayLike) -> SymmetricProjections:
    """Projects a two-time distribution P[i, j], such as `MarkovChain.two_time`, onto Q(i, j) = Q(j, i), both ways.

    Examples
    --------
    >>> from irrev.information.chain import MarkovChain, symmetric_projections
    >>> chain = MarkovChain([[0.5, 0.1, 0.3], [0.4, 0.6, 0.2], [0.1, 0.3, 0.5]])
    >>> found = symmetric_projections(chain.two_time(chain.stationary_distribution()))
    >>> round(found.m_divergence, 9), round(found.e_divergence, 9)
    (0.045277764, 0.047336269)
    """
    return SymmetricProjections(**_core.symmetric_projections(matrix(two_time, "two_time")))


def step_of_parts(chain: MarkovChain, *, sizes: Sequence[int], distribution: npt.ArrayLike) -> StepOfParts:
    """Splits a step by the parts, states being row-major in `sizes`.

    For a chain sampled from a multipartite jump process, D_k over the interval tends to σ_k of `second_laws`.

    Examples
    --------
    >>> from irrev.information import second_laws
    >>> from irrev.information.chain import MarkovChain, step_of_parts
    >>> from irrev.network import membrane_channel
    >>> channel = membrane_channel()
    >>> steady = channel.stationary_distribution()
    >>> step = step_of_parts(MarkovChain.sampled(channel, interval=1e-5), sizes=[2, 2], distribution=steady)
    >>> rate = second_laws(channel, distribution=steady).parts[0].entropy_production_rate
    >>> bool(abs(step.partial[0] / 1e-5 / rate - 1.0) < 1e-3)
    True
    """
    fields = _core.step_of_parts(chain.transition, _sizes(sizes), distribution)
    return StepOfParts(**{**fields, "total": _backward(fields["total"])})


def transfer_entropy(
    chain: MarkovChain,
    *,
    sizes: Sequence[int],
    source: int,
    target: int,
    k: int = 1,
    l: int = 1,  # noqa: E741
) -> float:
    """I(x_{t+1}; y^{(l)} | x^{(k)}) from part y = `source` to part x = `target` of the stationary chain, in nats per step, exactly.

    The distribution over histories is carried forward: tables have |x|^{k+1} |y|^l entries times the states of the other parts, at most 2²⁴.

    Examples
    --------
    >>> from irrev.information.chain import MarkovChain, transfer_entropy
    >>> x = [[[0.247, 0.405], [0.311, 0.87]], [[0.753, 0.595], [0.689, 0.13]]]
    >>> y = [[[0.382, 0.067], [0.569, 0.849]], [[0.618, 0.933], [0.431, 0.151]]]
    >>> chain = MarkovChain.from_kernels([x, y])
    >>> round(transfer_entropy(chain, sizes=[2, 2], source=1, target=0, k=2), 9)
    0.083015402
    """
    ends = (whole(source, "source", 0), whole(target, "target", 0))
    history = (whole(k, "k", 0), whole(l, "l", 0))
    return _core.chain_transfer_entropy(chain.transition, _sizes(sizes), ends, history)


def integrated_information(
    chain: MarkovChain,
    *,
    sizes: Sequence[int],
    distribution: npt.ArrayLike,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> IntegratedInformation:
    """Φ_G of one step: its divergence from those in which no part is told anything by the others, by convex minimisation with a certified gap.

    Examples
    --------
    Each part mostly takes the state of the other.

    >>> from irrev.information.chain import MarkovChain, integrated_information
    >>> swap = MarkovChain.from_kernels(
    ...     [[[[0.9, 0.1], [0.9, 0.1]], [[0.1, 0.9], [0.1, 0.9]]], [[[0.9, 0.9], [0.1, 0.1]], [[0.1, 0.1], [0.9, 0.9]]]]
    ... )
    >>> found = integrated_information(swap, sizes=[2, 2], distribution=[0.25] * 4)
    >>> round(found.value, 9), found.value < found.stochastic_interaction
    (0.514374721, True)
    """
    run = options(threads=threads, memory=memory_limit, progress=progress)
    return IntegratedInformation(**_core.chain_integrated(chain.transition, _sizes(sizes), distribution, run))

"""The second law of each part of a system.

In a multipartite network every jump changes one part k, so that the entropy production rate splits into terms that are non-negative one by one,
σ_k = env_k + dS_k/dt - İ_k ≥ 0. The information flow İ_k is positive where the jumps of k create correlation with the rest, negative where they use it up;
Σ İ_k = d/dt (Σ S_k - S), which vanishes in a stationary state. A part is called a demon where env_k + dS_k/dt < 0: alone it would break the second law, and
does so on information that other parts pay for.

References: Horowitz and Esposito, Phys. Rev. X 4, 031015 (2014); Hartich, Barato and Seifert, J. Stat. Mech. P02016 (2014); Horowitz, J. Stat. Mech. P03006
(2015); Yoshida, Okada, Muneyuki and Ito, arXiv:2112.04024 (2021).
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray, IntArray, matrix, whole
from irrev._core import Flow, MarkovJump
from irrev._record import Record, means

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class PartLaw(Record):
    """The second law of one part: σ = env + dS/dt - İ ≥ 0."""

    name: Annotated[str, means("", "Name of the part")]
    entropy_production_rate: Annotated[
        float, means("nats/time", "σ_k ≥ 0; infinite if a channel of the part carries flux one way only")
    ]
    environment_flow: Annotated[float, means("nats/time", "env_k = Σ J ln(k⁺/k⁻): what the part's jumps deliver outside")]
    marginal_entropy_rate: Annotated[float, means("nats/time", "dS_k/dt of the part's own entropy")]
    information_flow: Annotated[
        float, means("nats/time", "İ_k (learning rate): positive where the part's jumps create correlation with the rest")
    ]
    second_law_slack: Annotated[float, means("nats/time", "env_k + dS_k/dt - İ_k, summed from these: σ_k but for rounding")]
    activity: Annotated[float, means("1/time", "Jumps of the part, Σ (j⁺ + j⁻)")]
    rounding: Annotated[float, means("nats/time", "What rounding may have left in the flows, as a bound")]
    one_way: Annotated[tuple[str, ...], means("", "Channels with flux one way only, which make σ_k infinite")]
    is_demon: Annotated[bool, means("", "Whether env_k + dS_k/dt < 0 beyond rounding: the part lives on information")]


class SecondLaws(Record):
    """The second laws of all parts, which add up to that of the whole."""

    parts: Annotated[tuple[PartLaw, ...], means("", "One law per part, in the order of the subsystems")]
    entropy_production_rate: Annotated[float, means("nats/time", "σ = Σ σ_k")]
    total_correlation_rate: Annotated[float, means("nats/time", "Σ İ_k = d/dt (Σ S_k - S): 0 in a stationary state")]
    total_correlation: Annotated[float, means("nats", "Σ S_k - S ≥ 0: the mutual information for two parts")]

    @property
    def demons(self) -> tuple[PartLaw, ...]:
        """The parts that live on information."""
        return tuple(part for part in self.parts if part.is_demon)

    def part(self, name: str) -> PartLaw:
        """The law of a part; `KeyError` names those that there are."""
        for part in self.parts:
            if part.name == name:
                return part
        raise KeyError(f"no part {name}; there are {', '.join(part.name for part in self.parts)}")

    def plot_data(self) -> dict[str, Any]:
        """What `plot` draws: for every part its name, and the terms of its second law."""
        terms = ("environment_flow", "marginal_entropy_rate", "information_flow", "entropy_production_rate")
        values = {name: np.array([getattr(part, name) for part in self.parts]) for name in terms}
        return {"part": [part.name for part in self.parts], **values}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """Bars of environment flow, own entropy, minus information flow, and their sum σ for every part; returns the axes."""
        from irrev._plot import axes

        ax, data = axes(ax), self.plot_data()
        places = np.arange(len(self.parts))
        shown = (
            ("environment flow", data["environment_flow"]),
            ("dS/dt", data["marginal_entropy_rate"]),
            ("-information flow", -data["information_flow"]),
            ("σ", data["entropy_production_rate"]),
        )
        for i, (label, heights) in enumerate(shown):
            ax.bar(places + 0.2 * (i - 1.5), heights, width=0.2, label=label)
        ax.axhline(0.0, color="black", linewidth=0.8)
        ax.set_xticks(places, data["part"])
        ax.set_ylabel("nats/time")
        ax.legend()
        return ax


class MultibodyFlow(Record):
    """Information flows of all parts, split by the number of parts that share the information."""

    orders: Annotated[
        FloatArray, means("nats/time", "orders[n - 2, k] = İ_k⁽ⁿ⁾, n = 2 … N; their sum over n is İ_k")
    ]
    amplification: Annotated[
        FloatArray, means("", "Largest factor by which roundings of the flows of ln p_T enter each order")
    ]


class CoarseGrained(Record):
    """Apparent thermodynamics of some of the parts at one state."""

    kept: Annotated[IntArray, means("", "Indices of the parts that were kept, in the order asked for")]
    coarse_state: Annotated[IntArray, means("", "Coarse state of every fine one")]
    process: Annotated[
        MarkovJump, means("1/time", "Apparent rates, of use at this state only: the coarse dynamics has memory")
    ]
    distribution: Annotated[FloatArray, means("", "Probabilities of the coarse states")]
    laws: Annotated[SecondLaws, means("", "Apparent second laws of the kept parts")]
    loss: Annotated[FloatArray, means("nats/time", "What each kept part dissipates unseen, at least 0")]
    total_loss: Annotated[
        float, means("nats/time", "What the whole dissipates unseen: the losses, and all of the parts that are not kept")
    ]


def _laws(fields: dict[str, Any]) -> SecondLaws:
    parts = [PartLaw(**{**part, "one_way": tuple(part["one_way"])}) for part in fields["parts"]]
    return SecondLaws(**{**fields, "parts": tuple(parts)})


def product_process(rates: npt.ArrayLike, *, sizes: Sequence[int]) -> MarkovJump:
    """A jump process on a full product of parts from its generator, rates[i, j] = rate j → i, with states row-major in `sizes`.

    Subsystems are called "0" … "N-1" and their labels "0" …; state (1, 0) is called "1 0".

    Examples
    --------
    >>> from irrev.information import product_process
    >>> w = [[-1.8, 0.5, 0.3, 0.0], [0.8, -0.7, 0.0, 1.5], [1.0, 0.0, -2.3, 0.1], [0.0, 0.2, 2.0, -1.6]]
    >>> product_process(w, sizes=[2, 2]).network.subsystems
    {'0': ('0', '0', '1', '1'), '1': ('0', '1', '0', '1')}
    """
    return _core.product_process([whole(n, "sizes", 0) for n in sizes], matrix(rates, "rates"))


def second_laws(kinetics: MarkovJump, *, distribution: npt.ArrayLike) -> SecondLaws:
    """Second laws of the parts of a process at a distribution; the parts are the subsystems of its network.

    Raises ModelError with the channel that changes several parts at once.

    Examples
    --------
    >>> from irrev.information import second_laws
    >>> from irrev.network import membrane_channel
    >>> channel = membrane_channel()
    >>> found = second_laws(channel, distribution=channel.stationary_distribution())
    >>> [(law.name, round(law.environment_flow, 6), round(law.information_flow, 6)) for law in found.parts]
    [('a', 0.296047, 0.195634), ('c', 0.0, -0.195634)]
    >>> abs(found.total_correlation_rate) < 1e-14
    True
    """
    return _laws(_core.second_laws(kinetics, distribution))


def second_laws_of_flow(flow: Flow, *, distribution: npt.ArrayLike) -> SecondLaws:
    """Second laws of the parts of a flow at the distribution that it belongs to; rates are j/p.

    Raises ModelError for an empty state that a channel enters or leaves, whose rate a flow does not show.

    Examples
    --------
    >>> from irrev.information import second_laws, second_laws_of_flow
    >>> from irrev.network import membrane_channel
    >>> channel = membrane_channel()
    >>> steady = channel.stationary_distribution()
    >>> found = second_laws_of_flow(channel.flow(steady), distribution=steady)
    >>> found.isclose(second_laws(channel, distribution=steady), rtol=1e-12, atol=1e-14)
    True
    """
    return _laws(_core.second_laws_of_flow(flow, distribution))


def multibody_information_flow(flow: Flow, *, distribution: npt.ArrayLike) -> MultibodyFlow:
    """Splits the information flow of every part into contributions of pairs, triples, … of up to 16 parts.

    İ_k⁽ⁿ⁾ = Σ_{|S|=n, S∋k} Σ J [ι_S(z') - ι_S(z)] over the jumps of k, ι_S(z) = Σ_{∅≠T⊆S} (-1)^{|S|-|T|} ln p_T(z_T).

    Examples
    --------
    >>> from irrev.information import multibody_information_flow, second_laws
    >>> from irrev.network import transporter
    >>> symport = transporter("symport")
    >>> steady = symport.stationary_distribution()
    >>> split = multibody_information_flow(symport.flow(steady), distribution=steady)
    >>> whole = second_laws(symport, distribution=steady).part("a").information_flow
    >>> split.orders.shape, bool(abs(split.orders[:, 0].sum() - whole) < 1e-14)
    ((3, 4), True)
    """
    return MultibodyFlow(**_core.multibody_information_flow(flow, distribution))


def coarse_grained(
    flow: Flow, *, distribution: npt.ArrayLike, kept: Sequence[str | int], resolution: str = "states"
) -> CoarseGrained:
    """What an observer of some of the parts sees: apparent rates, the second laws they obey, and what is lost.

    Parameters
    ----------
    flow : Flow
    distribution : array_like, shape (states,)
        The distribution that the flow belongs to.
    kept : sequence of str or int
        The parts that are seen.
    resolution : "states" or "reservoirs"
        Whether channels between two coarse states are one, or one per reservoir.

    Examples
    --------
    >>> from irrev.information import coarse_grained
    >>> from irrev.network import transporter
    >>> symport = transporter("symport")
    >>> steady = symport.stationary_distribution()
    >>> seen = coarse_grained(symport.flow(steady), distribution=steady, kept=["a", "b"])
    >>> round(seen.laws.part("a").information_flow, 9), bool(seen.loss.min() >= 0.0)
    (0.001668616, True)
    """
    fields = _core.coarse_grained(flow, distribution, list(kept), resolution)
    return CoarseGrained(**{**fields, "laws": _laws(fields["laws"])})


def conditional_current(
    flow: Flow, *, part: str, from_: str, to: str, while_in: Mapping[str, str] | None = None
) -> float:
    """Net current of a part from one label to another, in 1/time, over the channels along which other parts have the given labels.

    Examples
    --------
    What the site takes up while it is open to the outside, it releases inside.

    >>> from irrev.information import conditional_current
    >>> from irrev.network import membrane_channel
    >>> channel = membrane_channel()
    >>> flow = channel.flow(channel.stationary_distribution())
    >>> taken = conditional_current(flow, part="a", from_="0", to="1", while_in={"c": "0"})
    >>> round(taken, 9), abs(taken - conditional_current(flow, part="a", from_="1", to="0", while_in={"c": "1"})) < 1e-14
    (0.128571429, True)
    """
    return _core.conditional_current(flow, part, from_, to, list((while_in or {}).items()))

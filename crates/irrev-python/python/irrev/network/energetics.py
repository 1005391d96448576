"""Energies, reservoirs, heat and work.

A jump x -> y through a channel coupled to a reservoir at temperature T and chemical potential μ, on which a non-conservative force does the work
w, obeys local detailed balance T ln(k⁺/k⁻) = (E_x - E_y) - μ(N_x - N_y) + w + T ln(g_y/g_x). Heat is positive into the reservoir, work positive on the
system.

References: Bergmann and Lebowitz, Phys. Rev. 99, 578 (1955); Esposito and Van den Broeck, Phys. Rev. E 82, 011143 (2010).
"""

from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray
from irrev._core import Energetics, Flow, MarkovJump
from irrev._record import Record, means

if TYPE_CHECKING:
    from irrev.network.dynamics import Relaxation


class Reservoir(Record):
    """A heat and particle reservoir."""

    temperature: Annotated[float, means("energy", "Temperature T > 0")]
    chemical_potential: Annotated[float, means("energy", "Chemical potential μ")] = 0.0


class RateRule(Record):
    """A law for the pair of rates of a channel, such that local detailed balance holds by construction.

    With D = (E_y - E_x) - μ(N_y - N_x) - w the cost of the jump x -> y, and √(g_y/g_x) and its inverse as further factors:

    ============ ======================================== ==========================
    rule         k⁺                                       k⁻
    ============ ======================================== ==========================
    `Arrhenius`  Γ e^{-(E_b - E_x)/T}                     Γ e^{-(E_b - E_x - D)/T}
    `Metropolis` Γ min(1, e^{-D/T})                       Γ min(1, e^{D/T})
    `Glauber`    Γ/(1 + e^{D/T})                          Γ/(1 + e^{-D/T})
    `Fermi`      Γ f(D/T), f(u) = 1/(e^u + 1)             Γ (1 - f(D/T))
    `Bose`       Γ n(D/T), n(u) = 1/(e^u - 1), D > 0      Γ (1 + n(D/T))
    `Symmetric`  Γ e^{-θD/T}                              Γ e^{(1-θ)D/T}
    ============ ======================================== ==========================
    """

    _second: ClassVar[str | None] = None

    prefactor: Annotated[float, means("1/time", "Rate Γ > 0 of attempts, tunnelling or spontaneous jumps")]

    def rates(
        self, energetics: Energetics, *, edge: int | str, reservoir: Reservoir | None = None, work: float | None = None
    ) -> tuple[float, float]:
        """The rates (k⁺, k⁻) of an edge, given by name or index; reservoir and work default to those of the edge.

        Examples
        --------
        >>> from math import log
        >>> from irrev.network import Energetics, Fermi, Network
        >>> dot = Network(["0", "1"], reservoirs=["lead"], channels=[("hop", "0", "1", "lead")])
        >>> energetics = Energetics.thermal(dot, energies=[0.0, 2.0], temperatures=[1.0])
        >>> up, down = Fermi(1.0).rates(energetics, edge="hop")
        >>> round(log(up / down), 12)
        -2.0
        """
        second = getattr(self, self._second) if self._second else 0.0
        return _core.rule_rates(type(self).__name__, self.prefactor, second, energetics, edge, reservoir, work)


class Arrhenius(RateRule):
    """Thermal activation over a saddle; chemical and driving work act on the way back."""

    _second = "barrier"

    barrier: Annotated[float, means("energy", "Energy E_b of the saddle")]


class Metropolis(RateRule):
    """Metropolis et al., J. Chem. Phys. 21, 1087 (1953)."""


class Glauber(RateRule):
    """Glauber, J. Math. Phys. 4, 294 (1963) (heat bath)."""


class Fermi(RateRule):
    """Tunnelling from and into a Fermi sea."""


class Bose(RateRule):
    """Absorption and emission of bosons; needs D ≠ 0."""


class Symmetric(RateRule):
    """Exponential in a share θ of the cost, as in load-dependent motors."""

    _second = "load"

    load: Annotated[float, means("", "Share θ in [0, 1] of the cost carried by the forward rate")]


class EnergyBudget(Record):
    """First and second law at one state, per unit time."""

    heat: Annotated[FloatArray, means("energy/time", "Heat current into each reservoir")]
    particles: Annotated[FloatArray, means("1/time", "Particle current into each reservoir")]
    chemical_work: Annotated[float, means("energy/time", "Chemical work on the system")]
    driving_work: Annotated[float, means("energy/time", "Work of the non-conservative forces on the system")]
    energy_rate: Annotated[float, means("energy/time", "dE/dt of the system")]
    first_law_defect: Annotated[
        float, means("energy/time", "dE/dt + Σ heat - chemical work - driving work: 0 if every edge has a reservoir")
    ]
    entropy_rate: Annotated[
        float, means("nats/time", "dS/dt of the system, with the internal entropy ln g of the states")
    ]
    clausius_rate: Annotated[float, means("nats/time", "dS/dt + Σ heat/T")]


class ClausiusSum(Record):
    """The Clausius sum ΔS + Σ Q/T ≥ 0 over an interval."""

    entropy_change: Annotated[float, means("nats", "Change of the system's entropy ΔS")]
    heat: Annotated[FloatArray, means("energy", "Heat into each reservoir")]
    reservoir_entropy: Annotated[float, means("nats", "Σ Q/T: entropy change of the reservoirs")]
    total: Annotated[float, means("nats", "ΔS + Σ Q/T, non-negative by the second law")]
    energy_change: Annotated[float, means("energy", "Change of the system's mean energy")]


class Engine(Record):
    """Use of a stationary system between a hottest and a coldest reservoir."""

    power: Annotated[float, means("energy/time", "Power delivered by a heat engine, or consumed by the others")]


class HeatEngine(Engine):
    """Turns heat into work."""

    efficiency: Annotated[float, means("", "Power over heat taken from all reservoirs hotter than the coldest")]
    carnot: Annotated[float, means("", "Carnot's bound 1 - T_c/T_h")]


class Refrigerator(Engine):
    """Takes heat from the coldest reservoir by using work."""

    coefficient_of_performance: Annotated[float, means("", "Heat taken from the coldest reservoir over power")]
    carnot: Annotated[float, means("", "Carnot's bound T_c/(T_h - T_c)")]


class Dissipator(Engine):
    """Turns work into heat, or conducts heat from hot to cold, without use."""


def energy_budget(flow: Flow, *, distribution: npt.ArrayLike, energetics: Energetics) -> EnergyBudget:
    """First and second law of a flow at a distribution, per unit time.

    Examples
    --------
    >>> from irrev.network import energy_budget, two_level_two_baths
    >>> kinetics, energetics = two_level_two_baths(1.0, 2.0, 0.5, 1.0)
    >>> p = kinetics.stationary_distribution()
    >>> budget = energy_budget(kinetics.flow(p), distribution=p, energetics=energetics)
    >>> bool(abs(budget.heat.sum()) < 1e-15), bool(budget.heat[1] > 0)
    (True, True)
    """
    return EnergyBudget(**_core.energy_budget(flow, distribution, energetics))


def clausius_sum(
    kinetics: MarkovJump, *, energetics: Energetics, start: npt.ArrayLike, relaxation: "Relaxation"
) -> ClausiusSum:
    """Clausius sum along a relaxation (see `relaxation`) that began at `start`."""
    fields = _core.clausius_sum(kinetics, energetics, start, relaxation.final_distribution, relaxation.net_jumps)
    return ClausiusSum(**fields)


def engine(budget: EnergyBudget, *, energetics: Energetics) -> Engine | None:
    """What a stationary system is used as; None with fewer than two different temperatures.

    Examples
    --------
    >>> from irrev.network import energy_budget, engine, two_level_two_baths
    >>> kinetics, energetics = two_level_two_baths(1.0, 2.0, 0.5, 1.0)
    >>> p = kinetics.stationary_distribution()
    >>> type(engine(energy_budget(kinetics.flow(p), distribution=p, energetics=energetics), energetics=energetics)).__name__
    'Dissipator'
    """
    found = _core.engine(budget.heat, budget.chemical_work, budget.driving_work, energetics)
    if found is None:
        return None
    kinds: dict[str, type[Engine]] = {"HeatEngine": HeatEngine, "Refrigerator": Refrigerator, "Dissipator": Dissipator}
    return kinds[found[0]](**found[1])

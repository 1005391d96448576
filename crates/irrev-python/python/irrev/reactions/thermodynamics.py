"""Chemical potentials, Gibbs energy, and where the dissipation is paid for.

In an ideal dilute solution μ = μ° + ln x, in units of RT, and local detailed balance says F = ln(j⁺/j⁻) = -Sᵀμ. With exchange currents I_y
into the network,

    Σ̇ = -dG/dt + Σ_y μ_y I_y + Σ_r a_r J_r,    G = Σ x (μ° + ln x - 1) over the dynamic species,

where a are forces that no species accounts for.

References: Rao and Esposito, Phys. Rev. X 6, 041064 (2016).
"""

from typing import Annotated

import numpy.typing as npt

from irrev import _core
from irrev._arrays import FloatArray
from irrev._core import ReactionSystem
from irrev._record import Record, means


class StandardPotentials(Record):
    """Standard potentials that explain the rate constants, as far as any can."""

    potentials: Annotated[
        FloatArray, means("RT", "μ° per species, orthogonal to the conservation laws, which leave it undetermined")
    ]
    logarithmic_equilibrium_constants: Annotated[FloatArray, means("nats", "ln K per counted reaction")]
    leftover_forces: Annotated[
        FloatArray, means("nats", "ln K + Sᵀμ° per counted reaction: forces that no species accounts for")
    ]
    is_consistent: Annotated[bool, means("", "Whether the Wegscheider conditions hold: no force is left over")]


class Exchange(Record):
    """A chemostat at work."""

    species: Annotated[str, means("", "Name of the species")]
    chemical_potential: Annotated[float, means("RT", "μ")]
    current: Annotated[float, means("amount/time", "What flows from the reservoir into the network")]
    force: Annotated[
        float | None, means("RT", "Fundamental force; None for a chemostat that only sets a reference")
    ]


class FreeEnergyBalance(Record):
    """Where the entropy production comes from, in units of R."""

    entropy_production_rate: Annotated[float, means("amount/time", "Entropy production rate of the counted reactions")]
    gibbs_energy: Annotated[float, means("RT·amount", "G of the dynamic species")]
    gibbs_energy_rate: Annotated[float, means("RT·amount/time", "dG/dt through the counted reactions")]
    chemical_work_rate: Annotated[float, means("RT·amount/time", "Σ μ I: chemical work of all reservoirs")]
    semigrand_energy: Annotated[float, means("RT·amount", "𝒢 = G - Σ_p μ_p M_p over the broken conservation laws")]
    semigrand_energy_rate: Annotated[float, means("RT·amount/time", "d𝒢/dt at fixed reservoirs")]
    nonconservative_work_rate: Annotated[
        float, means("RT·amount/time", "Work of the fundamental forces, which can drive currents for ever")
    ]
    leftover_work_rate: Annotated[
        float, means("RT·amount/time", "Work of the forces that no species accounts for")
    ]
    residual: Annotated[
        float, means("amount/time", "Σ̇ - (-d𝒢/dt + nonconservative + leftover work): zero but for rounding")
    ]
    exchanges: Annotated[tuple[Exchange, ...], means("", "Every chemostat")]


def standard_potentials(system: ReactionSystem, *, amounts: npt.ArrayLike, time: float = 0.0) -> StandardPotentials:
    """Standard potentials that best explain ln(j⁺/j⁻) at a state; for mass action they do not depend on the state.

    Raises
    ------
    ModelError
        For a counted reaction without a reverse, or a species with no amount.

    Examples
    --------
    >>> from irrev.reactions import ReactionSystem, standard_potentials
    >>> isomers = ReactionSystem(["A", "B"], reactions=[("r", "A <=> B", 4.0, 1.0)])
    >>> standard_potentials(isomers, amounts=[1.0, 1.0]).potentials.round(6)
    array([ 0.693147, -0.693147])
    """
    return StandardPotentials(**_core.standard_potentials(system, amounts, time))


def free_energy_balance(
    system: ReactionSystem, *, amounts: npt.ArrayLike, time: float = 0.0, potentials: npt.ArrayLike | None = None
) -> FreeEnergyBalance:
    """Decomposes the entropy production rate at a state into free energy and work of the reservoirs.

    Parameters
    ----------
    system : ReactionSystem
    amounts : array_like, shape (dynamic species,)
    time : float
    potentials : array_like, shape (species,), optional
        Standard potentials in units of RT; default those of `standard_potentials`.

    Examples
    --------
    >>> from irrev.reactions import ReactionSystem, free_energy_balance
    >>> enzyme = ReactionSystem(
    ...     ["E", "ES"],
    ...     chemostats={"S": 2.0, "P": 0.1},
    ...     reactions=[("bind", "E + S <=> ES", 2.0, 0.5), ("release", "ES <=> E + P", 1.0, 0.3)],
    ... )
    >>> balance = free_energy_balance(enzyme, amounts=[0.4, 0.6])
    >>> abs(balance.residual) < 1e-14
    True
    """
    fields = _core.free_energy_balance(system, amounts, time, potentials)
    fields["exchanges"] = tuple(Exchange(**exchange) for exchange in fields["exchanges"])
    return FreeEnergyBalance(**fields)


def driving_work_rate(
    system: ReactionSystem, *, amounts: npt.ArrayLike, held_rates: npt.ArrayLike, time: float = 0.0
) -> float:
    """Work per time of changing the held amounts at the given rates (one per chemostat), in RT."""
    return _core.driving_work_rate(system, amounts, held_rates, time)

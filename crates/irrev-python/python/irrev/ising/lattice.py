"""Spins on a periodic square lattice, exactly: what neighbours tell each other, and what an input spin tells all of them.

A chosen spin becomes +1 with probability ½ (1 + tanh(h/T)), h = J Σ of its four neighbours. Sites are counted row by row; bonds are double where the lattice
is two sites wide. By brute force over classes of states, up to 16 sites; larger lattices by Monte Carlo with `irrev run` and in Rust.
"""

from typing import Annotated

from irrev import _core
from irrev._arrays import FloatArray, whole
from irrev._record import Convergence, Record, means
from irrev._run import Progress, options
from irrev.exceptions import ModelError


class LatticeEquilibrium(Record):
    """Equilibrium of a lattice, with the transfer entropies of random-site refreshes."""

    energy_per_site: Annotated[float, means("energy", "⟨-J Σ over bonds s s'⟩/n")]
    mean_absolute_magnetization: Annotated[float, means("", "⟨|Σ s|⟩/n")]
    pair_per_step: Annotated[float, means("nats per step", "I(s_i'; s_j | s_i) for a neighbour j")]
    global_per_step: Annotated[float, means("nats per step", "I(s_i'; all | s_i)")]
    pair_per_sweep: Annotated[float, means("nats per sweep", "The same times the number of sites")]
    global_per_sweep: Annotated[float, means("nats per sweep", "The same times the number of sites")]
    neighbour_information: Annotated[float, means("nats", "I(s_i; s_j) of neighbours")]


class DrivenLattice(Record):
    """Stationary state of a lattice whose spin 0 flips by itself."""

    distribution: Annotated[FloatArray, means("", "π over the 2^n states; spin k is up where bit k is set")]
    partial_entropy_production_rate: Annotated[FloatArray, means("nats per time", "σ_k of each spin; they add up to the whole")]
    environment_flow: Annotated[FloatArray, means("nats per time", "Σ J ln(k⁺/k⁻) of the flips of each spin")]
    information_flow: Annotated[FloatArray, means("nats per time", "İ_k: positive where the flips of a spin create correlation")]
    information_flow_of_the_rest: Annotated[float, means("nats per time", "İ of all spins but the input about the input")]
    information_about_input: Annotated[FloatArray, means("nats", "I(s_k; s_0) of every spin; the entropy of the input for itself")]
    information_of_the_rest: Annotated[float, means("nats", "I(all others; s_0)")]
    entropy_production_rate: Annotated[float, means("nats per time", "Σ_k σ_k")]
    convergence: Annotated[Convergence, means("", "Residual of the stationary law")]


def _sides(shape: tuple[int, int]) -> tuple[int, int]:
    """Columns and rows."""
    if len(shape) != 2:
        raise ModelError(f"shape has {len(shape)} entries, expected columns and rows")
    return whole(shape[0], "columns", 1), whole(shape[1], "rows", 1)


def lattice_equilibrium(shape: tuple[int, int], *, coupling: float, temperature: float) -> LatticeEquilibrium:
    """Energy, magnetisation and transfer entropies of a lattice in equilibrium, by enumeration of all states; `shape` is (columns, rows).

    Source: Barnett, Lizier, Harré, Seth and Bossomaier, Phys. Rev. Lett. 111, 177203 (2013).

    Raises
    ------
    ModelError
        More than 16 sites, or a temperature that is not positive.

    Examples
    --------
    >>> from irrev.ising import lattice_equilibrium
    >>> found = lattice_equilibrium((4, 4), coupling=1.0, temperature=2.6)
    >>> round(found.global_per_sweep / found.pair_per_sweep, 2) > 1.5
    True
    """
    columns, rows = _sides(shape)
    found = _core.lattice_equilibrium(columns, rows, float(coupling), float(temperature))
    return LatticeEquilibrium(**found)


def driven_lattice(
    shape: tuple[int, int],
    *,
    coupling: float,
    temperature: float,
    input_rate: float,
    threads: int = 0,
    memory_limit: int | None = None,
    progress: Progress = None,
) -> DrivenLattice:
    """Dissipation and information flow beside an input spin that flips at `input_rate` whatever the others do; `shape` is (columns, rows), time such that a spin is refreshed at rate 1.

    Source: Meijers, Ito and ten Wolde, Phys. Rev. E 103, L010102 (2021), on a small lattice.

    Raises
    ------
    ModelError
        More than 16 sites, or numbers out of range.
    ConvergenceError
        No stationary law to rounding.

    Examples
    --------
    >>> from irrev.ising import driven_lattice
    >>> slow = driven_lattice((3, 3), coupling=1.0, temperature=2.5, input_rate=0.05)
    >>> round(slow.information_flow_of_the_rest, 6)
    0.035761
    """
    columns, rows = _sides(shape)
    found = _core.driven_lattice(
        columns,
        rows,
        float(coupling),
        float(temperature),
        float(input_rate),
        options(threads=threads, memory=memory_limit, progress=progress),
    )
    return DrivenLattice(**found)

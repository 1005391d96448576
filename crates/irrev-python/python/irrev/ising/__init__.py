"""Kinetic Ising networks: spins ±1 that turn in local fields, with couplings that need not be symmetric.

===============================  ================================================================
question                         name
===============================  ================================================================
what is the network              `KineticIsing`
how are networks drawn           `sherrington_kirkpatrick`, `diluted`, `patterns`, `dale`
what do small networks do        `parallel_stationary_state`, `sequential_stationary_state`, `partly_parallel_stationary_state`, `parallel_step`, `jump_process`
what do mean-field theories say  `mean_field.step`, `mean_field.stationary_state`, `mean_field.compare_theories`
what do infinitely many spins    `InfiniteNetwork`
what do large networks do        `simulate`, `two_starts`, `sample`, `ensemble_average`, `finite_size_study`
what neighbours tell each other  `lattice_equilibrium`, `driven_lattice`
which network made these spikes  `inference.fit`, `inference.entropy_production`, `inference.scenario`, …
===============================  ================================================================

Conventions: J_ij acts from j to i; h_i = β (H_i + Σ_j J_ij s_j), where β multiplies couplings and fields; a parallel step refreshes all spins, a sequential
unit of time refreshes every spin at rate 1. Entropies of small networks are those of the whole, of infinite ones per spin; in nats.

>>> from irrev.ising import KineticIsing, parallel_stationary_state
>>> ring = KineticIsing([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
>>> round(parallel_stationary_state(ring).entropy_production, 12)  # 3 tanh 1
2.284782467867
"""

from irrev.ising import inference, mean_field
from irrev.ising.ensemble import dale, diluted, patterns, sherrington_kirkpatrick
from irrev.ising.exact import (
    ParallelState,
    ParallelStep,
    PartlyParallelState,
    SequentialState,
    independent_distribution,
    jump_process,
    parallel_stationary_state,
    parallel_step,
    partly_parallel_stationary_state,
    sequential_stationary_state,
)
from irrev.ising.infinite import (
    AlternatingOrder,
    AlternatingPhase,
    DrawSpread,
    InfiniteNetwork,
    OrderParameters,
    PartlyParallelOrder,
    PhaseDiagram,
    Quench,
    SequentialOrder,
    ZeroTemperature,
)
from irrev.ising.lattice import DrivenLattice, LatticeEquilibrium, driven_lattice, lattice_equilibrium
from irrev.ising.mean_field import MeanFieldState, StationaryMeanField, TheoryComparison
from irrev.ising.network import KineticIsing, spin_states
from irrev.ising.simulation import (
    OBSERVABLES,
    EnsembleAverage,
    Extrapolation,
    FiniteSizeStudy,
    NetworkAverages,
    TwoStarts,
    ensemble_average,
    finite_size_study,
    sample,
    simulate,
    two_starts,
)

__all__ = [
    "OBSERVABLES",
    "AlternatingOrder",
    "AlternatingPhase",
    "DrawSpread",
    "DrivenLattice",
    "EnsembleAverage",
    "Extrapolation",
    "FiniteSizeStudy",
    "InfiniteNetwork",
    "KineticIsing",
    "LatticeEquilibrium",
    "MeanFieldState",
    "NetworkAverages",
    "OrderParameters",
    "ParallelState",
    "ParallelStep",
    "PartlyParallelOrder",
    "PartlyParallelState",
    "PhaseDiagram",
    "Quench",
    "SequentialOrder",
    "SequentialState",
    "StationaryMeanField",
    "TheoryComparison",
    "TwoStarts",
    "ZeroTemperature",
    "dale",
    "diluted",
    "driven_lattice",
    "ensemble_average",
    "finite_size_study",
    "independent_distribution",
    "inference",
    "jump_process",
    "lattice_equilibrium",
    "mean_field",
    "parallel_stationary_state",
    "parallel_step",
    "partly_parallel_stationary_state",
    "patterns",
    "sample",
    "sequential_stationary_state",
    "sherrington_kirkpatrick",
    "simulate",
    "spin_states",
    "two_starts",
]

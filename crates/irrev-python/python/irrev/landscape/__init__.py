"""Projected landscapes: free energy, mean force and its potential, from recordings and from models, with errors; memory, overdamped motion, protocols.

======================================  =============================================================================
question                                name
======================================  =============================================================================
trajectories, checked                   `record`, `Record`, `Period`; cells of a coordinate: `Grid`
G, V_m, V* and where they differ        `landscape` (`.verdict`, `.barrier`, `.plot`)
averages at a value of the coordinate   `conditional_moments`, `MomentPass` (chunks), `crossings` (positions alone)
what a recording can give               `sampling`, `kramers_moyal`, `finite_differences`, `at_finite_step`
all of it at once, as a report          `report`: what the command `irrev landscape` says
correlations and memory                 `correlations`, `memory_kernel`, `kernel_from_correlations`, `ContinuedFraction`
kernels of position, of coordinates     `projected_kernel`, `Basis`, `position_dependence`, `second_kind_matrix`
passive kernels and their variables     `passive_fit`, `PronyKernel`, `Passivity`, `MarkovEmbedding`
the random force                        `fluctuation_dissipation`, `random_force`
coarser time scales                     `box_filter`, `box_filtered`
hidden dimensions                       `hierarchy`, `explore`, `peaks`; of a linear system `linear_hierarchy`
what follows from ρ, w and a            `Profile`, `surfaces`, `barrier`, `wells`
a yardstick                             `DampedOscillator`
landscapes of a model                   `projection`
walkers with work, heat and entropy     `langevin`
linear diffusions in closed form        `linear`; oscillators with a bath each: `underdamped`
Fokker-Planck equations as networks     `fokker_planck`, on nodes given by `Axis`
fields as gradient and flux             `field`
protocols of least dissipation          `protocol`; W₂ on a line and a circle: `transport1d`
======================================  =============================================================================

Conventions: k_B = 1 and energies are in the unit of kT as given; G = -kT ln ρ, V_m = -∫⟨R̈; r⟩dr and V* = -kT ∫⟨R̈; r⟩/⟨Ṙ²; r⟩ dr; the noise of diffusions has unit variance, dx = μF dt + √(2μT) dW. V_m is an energy only where the coordinate is a
mass-weighted length. Cells are closed on the left; what is not there is NaN, and never filled.

A coordinate that is not weighted by mass: w = kT/m is constant, so that G is m times V_m and nothing is wrong.

>>> import numpy as np
>>> from irrev.landscape import landscape
>>> rng, t, m = np.random.default_rng(1), 0.1 * np.arange(40), 4.0
>>> x, v = rng.normal(size=(2, 4000, 1, 1))
>>> light = (x * np.cos(t)[:, None] + v * np.sin(t)[:, None]) / m**0.5
>>> found = landscape(light, step=0.1, edges=np.linspace(-0.75, 0.75, 16))
>>> found.comparisons[0].verdict, 3.9 < found.comparisons[0].ratio < 4.1
('proportional', True)
"""

from irrev.landscape import field, fokker_planck, langevin, linear, projection, protocol, transport1d, underdamped
from irrev.landscape.axes import Axis
from irrev.landscape.ching import Crossings, crossings
from irrev.landscape.diagnose import (
    FiniteDifferences,
    KramersMoyal,
    Sampling,
    at_finite_step,
    finite_differences,
    kramers_moyal,
    sampling,
)
from irrev.landscape.estimates import Estimates
from irrev.landscape.filter import Filtered, box_filter, box_filtered
from irrev.landscape.grid import Grid
from irrev.landscape.hidden import (
    BlindSpot,
    Exploration,
    Hierarchy,
    JointDensity,
    JointPeak,
    Level,
    LinearHierarchy,
    NoiseFloor,
    Peak,
    explore,
    hierarchy,
    linear_hierarchy,
    peaks,
)
from irrev.landscape.landscapes import (
    Circulation,
    Comparison,
    Component,
    EstimatedBarrier,
    Landscape,
    landscape,
)
from irrev.landscape.memory import (
    ContinuedFraction,
    Correlations,
    MemoryKernel,
    correlations,
    integral_from_correlations,
    kernel_from_correlations,
    memory_kernel,
    second_kind,
)
from irrev.landscape.moments import ConditionalMoments, MomentPass, PeriodicSteps, conditional_moments
from irrev.landscape.oscillator import DampedOscillator
from irrev.landscape.profiles import Barrier, Profile, Surfaces, Well, barrier, surfaces, wells
from irrev.landscape.projected import (
    Basis,
    FluctuationDissipation,
    PositionDependence,
    ProjectedKernel,
    fluctuation_dissipation,
    position_dependence,
    projected_kernel,
    random_force,
    second_kind_matrix,
)
from irrev.landscape.prony import MarkovEmbedding, PassiveFit, Passivity, PronyKernel, passive_fit
from irrev.landscape.recording import Period, Record, record
from irrev.landscape.reporting import report

__all__ = [
    "Axis",
    "Barrier",
    "Basis",
    "BlindSpot",
    "Circulation",
    "Comparison",
    "Component",
    "ConditionalMoments",
    "ContinuedFraction",
    "Correlations",
    "Crossings",
    "DampedOscillator",
    "EstimatedBarrier",
    "Estimates",
    "Exploration",
    "Filtered",
    "FiniteDifferences",
    "FluctuationDissipation",
    "Grid",
    "Hierarchy",
    "JointDensity",
    "JointPeak",
    "KramersMoyal",
    "Landscape",
    "Level",
    "LinearHierarchy",
    "MarkovEmbedding",
    "MemoryKernel",
    "MomentPass",
    "NoiseFloor",
    "PassiveFit",
    "Passivity",
    "Peak",
    "Period",
    "PeriodicSteps",
    "PositionDependence",
    "Profile",
    "ProjectedKernel",
    "PronyKernel",
    "Record",
    "Sampling",
    "Surfaces",
    "Well",
    "at_finite_step",
    "barrier",
    "box_filter",
    "box_filtered",
    "conditional_moments",
    "correlations",
    "crossings",
    "explore",
    "field",
    "finite_differences",
    "fluctuation_dissipation",
    "fokker_planck",
    "hierarchy",
    "integral_from_correlations",
    "kernel_from_correlations",
    "kramers_moyal",
    "landscape",
    "langevin",
    "linear",
    "linear_hierarchy",
    "memory_kernel",
    "passive_fit",
    "peaks",
    "position_dependence",
    "projected_kernel",
    "projection",
    "protocol",
    "random_force",
    "record",
    "report",
    "sampling",
    "second_kind",
    "second_kind_matrix",
    "surfaces",
    "transport1d",
    "underdamped",
    "wells",
]

"""Langevin dynamics of many walkers, with work, heat and entropy along every path.

==============  ======================================================  ================================
motion          equation                                                class
==============  ======================================================  ================================
overdamped      dx = (μ F + T ∂μ) dt + √(2 μ T) dW                      `Overdamped`
underdamped     m v̇ = F - m γ v + √(2 m γ T) ξ                          `Underdamped`
with memory     m v̇ = F - m ∫ K(t - s) v(s) ds + ξ, ⟨ξ ξ⟩ = m T K       `Generalized`, with a `Memory`
==============  ======================================================  ================================

F(x, t) = -∇V + f is a `Field` of formulas in the coordinates, in parameters and in the time `t`, or a `LinearField`. Formulas are differentiated and compiled once, and run on rows of 64 walkers; no function of Python is called
while walkers move. `simulate` answers in one call, a `Simulation` goes on as long as one likes.

Conventions: k_B = 1; noise of unit variance, so that the factor 2 stands in the equation; each coordinate has a bath of its own; heat is positive into a bath; entropies in nats. A protocol, a field that depends on `t`, moves V by half a step
while the walkers stand (work), they move, and V moves by the other half. The noise of a walker is a function of seed, walker and step: the same seed gives the same bits on any number of threads, in any stretches, before and after a checkpoint.

References: Leimkuhler and Matthews, Molecular Dynamics (2015); Sekimoto, Stochastic Energetics (2010); Seifert, Rep. Prog. Phys. 75, 126001 (2012).
"""

from irrev.landscape.langevin.dynamics import Generalized, Memory, Overdamped, Underdamped
from irrev.landscape.langevin.fields import Field, LinearField
from irrev.landscape.langevin.walkers import Motion, Reflecting, Simulation, Thermodynamics, simulate

__all__ = [
    "Field",
    "Generalized",
    "LinearField",
    "Memory",
    "Motion",
    "Overdamped",
    "Reflecting",
    "Simulation",
    "Thermodynamics",
    "Underdamped",
    "simulate",
]

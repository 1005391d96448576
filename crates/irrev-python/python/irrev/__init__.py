"""irrev: the instrument for nonequilibrium thermodynamics.

How irreversible is a system, where does it dissipate, and what bounds it?

=================== ==========================================================
`irrev.load`        a model file, checked
`irrev.run`         from a model to a report: numbers with units, tables, figures and checks
`irrev.infer`       from recorded spikes to the network behind them, and what it produces
`irrev.network`     stochastic thermodynamics of Markov networks
`irrev.reactions`   chemical reaction networks, by amounts and on molecule counts
`irrev.simulation`  trajectories with thermodynamic books, and estimators
`irrev.transport`   distances with certificates, geodesics, curvature, speed limits
`irrev.information` second laws of parts, projections, time as a parameter, dual coordinates, games
`irrev.ising`       kinetic Ising networks: exact, mean-field and with infinitely many spins
`irrev.quantum`     hard-core bosons, and the second law from pure quantum states
`irrev.inference`   entropy production, information flow and speed from data without a model
`irrev.landscape`   free energy, mean force and memory of projected coordinates, Fokker-Planck equations
`irrev.exceptions`  what can go wrong
=================== ==========================================================

Conventions: k_B = 1 and natural logarithms, so entropies are in nats; currents are positive along an edge, heat is positive into the reservoir.
Arguments may be anything numpy can read as real numbers; they are never changed. Results are frozen, and can be compared, copied and pickled.
`from` is a word of Python: where the Rust library says `from`, an argument or attribute here is spelt `from_`.
"""

from irrev import inference, information, ising, landscape, network, quantum, reactions, simulation, transport
from irrev._core import Model, __version__
from irrev._experiment import Bound, Check, Quantity, Result, Series, Table, infer, load, loads, run
from irrev._record import Convergence, Estimate
from irrev.exceptions import ConvergenceError, DataError, IrrevError, LimitError, ModelError

__all__ = [
    "Bound",
    "Check",
    "Convergence",
    "ConvergenceError",
    "DataError",
    "Estimate",
    "IrrevError",
    "LimitError",
    "Model",
    "ModelError",
    "Quantity",
    "Result",
    "Series",
    "Table",
    "__version__",
    "infer",
    "inference",
    "information",
    "ising",
    "landscape",
    "load",
    "loads",
    "network",
    "quantum",
    "reactions",
    "run",
    "simulation",
    "transport",
]

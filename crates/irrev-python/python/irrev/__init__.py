"""irrev: the instrument for nonequilibrium thermodynamics.

How irreversible is a system, where does it dissipate, and what bounds it?

=================  ==========================================================
`irrev.network`    stochastic thermodynamics of Markov networks
`irrev.exceptions` what can go wrong
=================  ==========================================================

Conventions: k_B = 1 and natural logarithms, so entropies are in nats; currents are positive along an edge, heat is positive into the reservoir.
Arguments may be anything numpy can read as real numbers; they are never changed. Results are frozen, and can be compared, copied and pickled.
`from` is a word of Python: where the Rust library says `from`, an argument or attribute here is spelt `from_`.
"""

from irrev import network
from irrev._core import __version__
from irrev._record import Convergence
from irrev.exceptions import ConvergenceError, DataError, IrrevError, LimitError, ModelError

__all__ = [
    "Convergence",
    "ConvergenceError",
    "DataError",
    "IrrevError",
    "LimitError",
    "ModelError",
    "__version__",
    "network",
]

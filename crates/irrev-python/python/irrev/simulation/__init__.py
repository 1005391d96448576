"""Stochastic simulation with thermodynamic books, and estimators that carry their errors.

========================= ==========================================================================
`simulate`                ensembles of molecule counts: moments, jumps, entropies, first passages
`sample_path`             one trajectory of molecule counts, jump by jump
`sample_jump_process`     trajectories of a `irrev.network.MarkovJump`
`sample_driven_process`   trajectories under a protocol, with work
`sample_tilted_process`   rare trajectories made common, with their likelihood ratios
`long_run`                one long trajectory for time averages
========================= ==========================================================================

Conventions: k_B = 1, entropies in nats; the state at an output time is that before a jump at that time. Same seed, same bits, whatever the number of
threads. Every record names its method with a version; approximate methods are labelled as such.

>>> from irrev.reactions import CountSystem
>>> from irrev.simulation import Books, simulate
>>> pair = CountSystem(["A", "B"], reactions=[("pair", "2 A <=> B", 0.01, 0.3)], initial={"A": 40, "B": 0})
>>> ensemble = simulate(pair, times=[0.5, 2.0], trajectories=2000, books=Books.full())
>>> ensemble.exact, ensemble.quantities[:2], ensemble.mean.shape
(True, ('A', 'B'), (2, 8))
"""

from irrev.simulation.books import Books, Passage
from irrev.simulation.estimators import (
    AutocorrelationTime,
    CrooksFit,
    Cumulants,
    DetailedFluctuation,
    InfimumLaw,
    IntegralFluctuation,
    ScaledCumulantEstimates,
    Survival,
    autocorrelation_time,
    bennett_acceptance_ratio,
    crooks,
    cumulants,
    detailed_fluctuation,
    infimum_law,
    integral_fluctuation,
    jarzynski,
    proportion,
    scaled_cumulants,
    stationary_integral_fluctuation,
    survival_function,
)
from irrev.simulation.graph import (
    Average,
    JumpEnsemble,
    LongRun,
    long_run,
    sample_driven_process,
    sample_jump_process,
    sample_tilted_process,
)
from irrev.simulation.molecules import (
    Ensemble,
    Moments,
    PassageSummary,
    Path,
    ReactionSummary,
    sample_path,
    simulate,
)

__all__ = [
    "AutocorrelationTime",
    "Average",
    "Books",
    "CrooksFit",
    "Cumulants",
    "DetailedFluctuation",
    "Ensemble",
    "InfimumLaw",
    "IntegralFluctuation",
    "JumpEnsemble",
    "LongRun",
    "Moments",
    "Passage",
    "PassageSummary",
    "Path",
    "ReactionSummary",
    "ScaledCumulantEstimates",
    "Survival",
    "autocorrelation_time",
    "bennett_acceptance_ratio",
    "crooks",
    "cumulants",
    "detailed_fluctuation",
    "infimum_law",
    "integral_fluctuation",
    "jarzynski",
    "long_run",
    "proportion",
    "sample_driven_process",
    "sample_jump_process",
    "sample_path",
    "sample_tilted_process",
    "scaled_cumulants",
    "simulate",
    "stationary_integral_fluctuation",
    "survival_function",
]

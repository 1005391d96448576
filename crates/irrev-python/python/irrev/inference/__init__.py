"""What data tell of a system's thermodynamics: every number with its kind, its interval and what it assumes.

=====================================  ======================================================================================
data                                   question and name
=====================================  ======================================================================================
series of numbers, evenly spaced       how much entropy do they produce: `entropy_production` (`.certificate`, `.force`)
the same                               the tightest bound at a step: `variational`, `variational_maximum`
ensembles of trajectories              when: `entropy_production_in_time`
points that arrive in pieces           `Moments`, mergeable; which currents: `Currents`, `Radial`
what was recorded                      `measurement_noise`
visits of states with their times      `jump_rates`, `posterior_rates` of `Visits`
states step by step                    `step_entropy_production`, `word_divergences`
some transitions, hidden states        `waiting_time_divergence` of `Transitions` or `Visits`
numbers of occurrences                 `entropy_of_counts`
two series                             who informs whom: `gaussian_transfer_entropy`, `ksg_transfer_entropy`, `discrete_transfer_entropy`, `full_history_transfer_entropy`,
                                       `VectorAutoregression`, `quantile_symbols`
a stimulus and spikes                  `stimulus_to_spikes` of `Trial`
ensembles of cells                     how fast do distributions change: `ensemble_speed`, `chord_length`, `hellinger_steps`
=====================================  ======================================================================================

Beside the functions stand objects in the style of scikit-learn, which need not be installed: `EntropyProductionEstimator`, `JumpRates`, `TransferEntropy`, `EnsembleSpeed`, with `fit`, `partial_fit` and `a + b` where data can
stream, and `get_params`.

Conventions: k_B = 1 and natural logarithms, so entropies are in nats; a number per time is per unit of the data's time; products at midpoints (Stratonovich). An estimate says whether it is a bound or an estimate, and what would make
it wrong. The network behind spikes is `irrev.infer` and `irrev.ising.inference`.

>>> import numpy as np
>>> from irrev.inference import entropy_production
>>> rng, x = np.random.default_rng(1), np.zeros((20_000, 2))
>>> turn = np.array([[0.86, -0.27], [0.27, 0.86]])
>>> for k, kick in enumerate(rng.normal(size=(len(x) - 1, 2))):
...     x[k + 1] = turn @ x[k] + kick
>>> found = entropy_production(x, step=1.0)
>>> found.bound.kind, bool(found.bound.interval[0] > 0.1)               # a lower bound by data that did not choose the current
('lower bound', True)
"""

from irrev.inference.certificate import Certificate, Recheck
from irrev.inference.currents import Currents, Radial
from irrev.inference.dissipation import (
    Dissipation,
    PlugIn,
    RadialChoice,
    UncertaintyBound,
    WindowDissipation,
    bound_of_current,
    entropy_production,
    entropy_production_in_time,
)
from irrev.inference.estimators import EnsembleSpeed, EntropyProductionEstimator, JumpRates, TransferEntropy
from irrev.inference.moments import Moments
from irrev.inference.noise import MeasurementNoise, measurement_noise
from irrev.inference.speed import (
    HellingerSteps,
    SpeedOfEnsemble,
    StrideLengths,
    chord_length,
    ensemble_speed,
    hellinger_steps,
)
from irrev.inference.states import (
    FittedRates,
    JumpEntropyProduction,
    StepEntropyProduction,
    Transitions,
    Visits,
    WaitingTimes,
    WordDivergence,
    WordDivergences,
    entropy_of_counts,
    jump_rates,
    posterior_rates,
    step_entropy_production,
    waiting_time_divergence,
    word_divergences,
)
from irrev.inference.transfer import (
    DiscreteTransferEntropy,
    FullHistoryTransferEntropy,
    GaussianTransferEntropy,
    KsgTransferEntropy,
    StimulusToSpikes,
    SurrogateTest,
    Trial,
    VectorAutoregression,
    discrete_transfer_entropy,
    full_history_transfer_entropy,
    gaussian_transfer_entropy,
    ksg_transfer_entropy,
    quantile_symbols,
    stimulus_to_spikes,
)
from irrev.inference.variational import Maximum, Variational, variational, variational_maximum

__all__ = [
    "Certificate",
    "Currents",
    "DiscreteTransferEntropy",
    "Dissipation",
    "EnsembleSpeed",
    "EntropyProductionEstimator",
    "FittedRates",
    "FullHistoryTransferEntropy",
    "GaussianTransferEntropy",
    "HellingerSteps",
    "JumpEntropyProduction",
    "JumpRates",
    "KsgTransferEntropy",
    "Maximum",
    "MeasurementNoise",
    "Moments",
    "PlugIn",
    "Radial",
    "RadialChoice",
    "Recheck",
    "SpeedOfEnsemble",
    "StepEntropyProduction",
    "StimulusToSpikes",
    "StrideLengths",
    "SurrogateTest",
    "TransferEntropy",
    "Transitions",
    "Trial",
    "UncertaintyBound",
    "Variational",
    "VectorAutoregression",
    "Visits",
    "WaitingTimes",
    "WindowDissipation",
    "WordDivergence",
    "WordDivergences",
    "bound_of_current",
    "chord_length",
    "discrete_transfer_entropy",
    "ensemble_speed",
    "entropy_of_counts",
    "entropy_production",
    "entropy_production_in_time",
    "full_history_transfer_entropy",
    "gaussian_transfer_entropy",
    "hellinger_steps",
    "jump_rates",
    "ksg_transfer_entropy",
    "measurement_noise",
    "posterior_rates",
    "quantile_symbols",
    "step_entropy_production",
    "stimulus_to_spikes",
    "variational",
    "variational_maximum",
    "waiting_time_divergence",
    "word_divergences",
]

"""Hard-core bosons on lattices, which are XXZ spins: eigenstates, exact evolution, and the second law from pure quantum states.

=======================================  ================================================================
question                                 name
=======================================  ================================================================
which sites and bonds                    `Lattice`
which energies and hoppings              `Hamiltonian`, `observable.density`, `observable.hopping`, …
which states                             `Sector`
all levels, by symmetry                  `diagonalise`
levels at an end, or near an energy      `extremal_levels`, `levels_near`, `window_state`
what a state becomes                     `evolve`, `evolve_in_imaginary_time`, `echoes`
what some sites know                     `reduced_state`
a system in contact with a bath          `Composite`, `Contact`, `SystemState`, `Drive`
levels and temperatures of a bath        `bath_spectrum`, `BathSpectrum.temperature`
states of a bath                         `BathState`, `typical_state`
entropy production, fluctuations         `ThermalContact`
whether eigenstates look thermal         `eigenstate_thermalisation`, `elements`, `gap_ratio`
when the far bath is felt                `lieb_robinson`, `compare_with_cut_bath`
=======================================  ================================================================

Conventions: ħ = k_B = 1, so that times are in 1/energy; bit i of a word is the occupation of site i; states of a sector are ordered by their words; entropies are in nats; weights of a
bath are exp(-βH + αN) with α = βμ; heat is positive into the bath.

A particle at a corner of a grid whose particles are in one energy eigenstate:

>>> from irrev.quantum import BathState, Composite, Contact, Hamiltonian, Lattice, SystemState, ThermalContact, bath_spectrum
>>> bath = Hamiltonian.uniform(Lattice.square(3, 3), hopping=1.0, interaction=0.1, energy=1.0)
>>> composite = Composite(Hamiltonian([1.0]), bath, [Contact(0, 0, hopping=1.0)])
>>> spectrum = bath_spectrum(bath)
>>> state = BathState.eigenstate(spectrum, particles=4, index=46)
>>> temperature = spectrum.temperature(4, state.mean_energy)
>>> contact = ThermalContact.matched(composite, system=SystemState.diagonal([0.01, 0.99]), bath=state, temperature=temperature)
>>> evolution = contact.evolve([0.0, 1.0, 10.0])
>>> bool((evolution.entropy_production().entropy_production >= -1e-13).all())
True
>>> abs(evolution.fluctuations(1).exponential_average - 1.0) < 0.05
True
"""

from irrev.quantum import observable
from irrev.quantum.bath import (
    BathSpectrum,
    BathState,
    CanonicalState,
    Temperature,
    TypicalState,
    bath_spectrum,
    canonical_state,
    typical_state,
)
from irrev.quantum.composite import Composite, Contact, Drive, SystemState
from irrev.quantum.lattice import Lattice
from irrev.quantum.levels import (
    ExtremalLevels,
    InteriorLevels,
    LanczosCoefficients,
    WindowState,
    extremal_levels,
    lanczos_coefficients,
    levels_near,
    spectral_bounds,
    window_state,
)
from irrev.quantum.light_cone import CutBath, LiebRobinson, compare_with_cut_bath, lieb_robinson
from irrev.quantum.model import Hamiltonian
from irrev.quantum.motion import Echoes, Evolution, ImaginaryEvolution, echoes, evolve, evolve_in_imaginary_time
from irrev.quantum.reduced import ReducedState, reduced_state
from irrev.quantum.sector import Sector
from irrev.quantum.spectrum import Spectrum, diagonalise
from irrev.quantum.thermalisation import (
    ORTHOGONAL_GAP_RATIO,
    POISSON_GAP_RATIO,
    EigenstateThermalisation,
    Elements,
    GapRatio,
    eigenstate_thermalisation,
    elements,
    gap_ratio,
)
from irrev.quantum.thermodynamics import (
    Deviation,
    EntropyProduction,
    Fluctuations,
    FluctuationTheorem,
    JointEvolution,
    OutcomeDistribution,
    ThermalContact,
)

__all__ = [
    "ORTHOGONAL_GAP_RATIO",
    "POISSON_GAP_RATIO",
    "BathSpectrum",
    "BathState",
    "CanonicalState",
    "Composite",
    "Contact",
    "CutBath",
    "Deviation",
    "Drive",
    "Echoes",
    "EigenstateThermalisation",
    "Elements",
    "EntropyProduction",
    "Evolution",
    "ExtremalLevels",
    "FluctuationTheorem",
    "Fluctuations",
    "GapRatio",
    "Hamiltonian",
    "ImaginaryEvolution",
    "InteriorLevels",
    "JointEvolution",
    "LanczosCoefficients",
    "Lattice",
    "LiebRobinson",
    "OutcomeDistribution",
    "ReducedState",
    "Sector",
    "Spectrum",
    "SystemState",
    "Temperature",
    "ThermalContact",
    "TypicalState",
    "WindowState",
    "bath_spectrum",
    "canonical_state",
    "compare_with_cut_bath",
    "diagonalise",
    "echoes",
    "eigenstate_thermalisation",
    "elements",
    "evolve",
    "evolve_in_imaginary_time",
    "extremal_levels",
    "gap_ratio",
    "lanczos_coefficients",
    "levels_near",
    "lieb_robinson",
    "observable",
    "reduced_state",
    "spectral_bounds",
    "typical_state",
    "window_state",
]

"""Second law and fluctuation theorem for a system in contact with a bath that starts in one pure state.

σ = ΔS_S + β ΔE_B - α ΔN_B: what the system's von Neumann entropy gained, plus what went to the bath at the β and α of its eigenstate. Measured twice, A = -ln ρ_S + βH_B - αN_B has
differences with mean σ, and G(u) = ⟨e^{iuσ}⟩. For a Gibbs bath σ ≥ 0 is a relative entropy, ⟨e^{-σ}⟩ = G(i) = 1 - λ, with λ the weight of states that no path reaches, and
G_F(u) = G_R(i - u). For one eigenstate these hold as far as the bath looks thermal, which is what the deviations tell.

References: Iyoda, Kaneko and Sagawa, Phys. Rev. Lett. 119, 100601 (2017) and Phys. Rev. E 105, 044106 (2022); Esposito, Lindenberg and Van den Broeck, New J. Phys. 12, 013013 (2010);
Murashita, Funo and Ueda, Phys. Rev. E 90, 042110 (2014), for absolute irreversibility.
"""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import numpy as np
import numpy.typing as npt

from irrev import _core
from irrev._arrays import ComplexArray, FloatArray, complex_numbers, vector, whole
from irrev._record import Record, means
from irrev._run import Progress, options
from irrev.exceptions import ModelError
from irrev.quantum.bath import BathSpectrum, BathState, Temperature
from irrev.quantum.composite import Composite, CompositeParts, SystemState

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ContactParts: TypeAlias = tuple[CompositeParts, tuple[FloatArray, ComplexArray], _core.BathEnsemble, float, float]
"""Composite, state of the system, state of the bath, β and α, as the extension takes them."""

LARGEST = 1.5
"""Default of |u| up to which G(u) is known without diagonalisation: √2 is the largest in a fluctuation theorem for 0 ≤ u ≤ 1."""


class EntropyProduction(Record):
    """The books at all times, and how well the laws were kept. Energies are those of H with ħ = 1."""

    times: Annotated[FloatArray, means("1/energy", "The times, as asked")]
    populations: Annotated[FloatArray, means("", "Eigenvalues q_l of ρ_S(t), ascending, one row for each time")]
    entropy: Annotated[FloatArray, means("nats", "S_S(t) = -Σ q_l ln q_l")]
    entropy_change: Annotated[FloatArray, means("nats", "S_S(t) - S_S(0)")]
    system_energy: Annotated[FloatArray, means("energy", "⟨H_S⟩ as it is at the time")]
    contact_energy: Annotated[FloatArray, means("energy", "⟨H_I⟩ as it is at the time, which is not small at strong contact")]
    bath_energy: Annotated[FloatArray, means("energy", "⟨H_B⟩")]
    bath_energy_change: Annotated[FloatArray, means("energy", "⟨H_B⟩ - ⟨H_B⟩ at the start")]
    system_number: Annotated[FloatArray, means("", "⟨N_S⟩")]
    bath_number_change: Annotated[FloatArray, means("", "⟨N_B⟩ - ⟨N_B⟩ at the start")]
    work: Annotated[FloatArray, means("energy", "⟨H(t)⟩ - ⟨H(0)⟩, done by a drive; jumps at 0 and at t count. 0 without a drive")]
    heat: Annotated[FloatArray, means("energy", "ΔE_B - μ ΔN_B with μ = α/β, positive into the bath; ΔE_B at β = 0, where no μ exists")]
    entropy_production: Annotated[FloatArray, means("nats", "σ = ΔS_S + β ΔE_B - α ΔN_B")]
    norm_drift: Annotated[float, means("", "Largest drift of the norm of a pure state")]
    energy_residual: Annotated[
        float, means("energy", "Largest |E_S + E_I + E_B - the same at the start - ∫⟨∂H/∂t⟩dt|; the parts are computed apart, the power along the way")
    ]
    number_residual: Annotated[float, means("", "Largest |ΔN_S + ΔN_B|")]
    truncation: Annotated[float, means("", "Largest bound of an error by truncation, in norm")]

    def plot_data(self, quantity: str = "entropy_production") -> dict[str, FloatArray]:
        """What `plot` draws: the times and one quantity at each."""
        known = [name for name in self._names() if name not in ("times", "populations") and isinstance(getattr(self, name), np.ndarray)]
        if quantity not in known:
            raise ValueError(f'quantity is "{quantity}"; expected one of {", ".join(known)}')
        return {"times": self.times, quantity: getattr(self, quantity)}

    def plot(self, quantity: str = "entropy_production", *, ax: "Axes | None" = None) -> "Axes":
        """One quantity as a function of time; returns the axes."""
        from irrev._plot import lines

        label, unit = quantity.replace("_", " "), self._meanings[quantity].unit if quantity in self._meanings else ""
        data = self.plot_data(quantity)
        return lines(ax, self.times, data[quantity], (label,), "time", f"{label} ({unit})" if unit else label)


class OutcomeDistribution(Record):
    """P(σ) as a sum of peaks; outcomes closer than 1e-9 share one, so that degenerate levels do not show."""

    sigma: Annotated[FloatArray, means("nats", "Places of the peaks, ascending")]
    probability: Annotated[FloatArray, means("", "Their probabilities")]
    total: Annotated[float, means("", "Σ P, which is 1 for the forward process")]
    mean: Annotated[float, means("nats", "Σ P σ")]

    def below(self, epsilon: float = 0.0) -> float:
        """Probability of σ < -ε."""
        return float(self.probability[self.sigma < -epsilon].sum())

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws."""
        return {"sigma": self.sigma, "probability": self.probability}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """A line for every peak, as high as its probability; returns the axes."""
        from irrev._plot import axes

        ax = axes(ax)
        ax.vlines(self.sigma, 0.0, self.probability)
        ax.set_ylim(bottom=0.0)
        ax.set_xlabel("entropy production (nats)")
        ax.set_ylabel("probability")
        return ax


class Fluctuations(Record):
    """Everything that two measurements of -ln ρ_S + βH_B - αN_B can find, at one time and in one direction."""

    time: Annotated[float, means("1/energy", "t")]
    direction: Annotated[str, means("", '"forward" from ρ_S(0) ⊗ ρ_B by U(t), or "backward" from ρ_S(t) ⊗ ρ_B by U(t)†')]
    mean: Annotated[float, means("nats", "⟨σ⟩; for the forward process ΔS_S + β ΔE_B - α ΔN_B")]
    exponential_average: Annotated[float | None, means("", "⟨e^{-σ}⟩ = G(i); None if |u| = 1 was not asked for")]
    reached: Annotated[float, means("", "Probability to end where the end has weight: 1 forward, 1 - λ backward")]
    paths: Annotated[_core.Fluctuations, means("", "Where the outcomes are kept")]

    def generating_function(self, u: npt.ArrayLike) -> ComplexArray:
        """G(u) = ⟨e^{iuσ}⟩ for complex u, shape as u.

        Raises ModelError for |u| larger than the energies of the bath were measured for.
        """
        asked = np.asarray(u)
        values = _core.Fluctuations.generating_function(self.paths, complex_numbers(asked.reshape(-1), "u", 1))
        return values.reshape(asked.shape)

    def distribution(self) -> OutcomeDistribution:
        """P(σ). Raises ModelError unless energies are those of all eigenstates of the bath: without diagonalisation averages are known, but no outcomes."""
        return OutcomeDistribution(**self.paths.distribution())


class FluctuationTheorem(Record):
    """The integral and the detailed fluctuation theorem at one time, and how far they are from true; both are exact for a Gibbs bath."""

    time: Annotated[float, means("1/energy", "t")]
    exponential_average: Annotated[float, means("", "⟨e^{-σ}⟩")]
    irreversibility: Annotated[float, means("", "λ: weight of states that no path of the forward process reaches; 0 if ρ_S(0) has full rank")]
    integral_error: Annotated[float, means("", "⟨e^{-σ}⟩ - (1 - λ)")]
    u: Annotated[ComplexArray, means("1/nats", "The u asked for")]
    forward: Annotated[ComplexArray, means("", "G_F(u)")]
    backward: Annotated[ComplexArray, means("", "G_R(i - u)")]
    detailed_error: Annotated[FloatArray, means("", "|G_F(u) - G_R(i - u)|")]

    def plot_data(self) -> dict[str, FloatArray]:
        """What `plot` draws."""
        return {"u": self.u.real, "detailed_error": self.detailed_error}

    def plot(self, *, ax: "Axes | None" = None) -> "Axes":
        """The error of the detailed theorem along Re u; returns the axes."""
        from irrev._plot import lines

        return lines(ax, self.u.real, self.detailed_error, ("detailed error",), "Re u", "|G_F(u) - G_R(i - u)|")


class Deviation(Record):
    """The deviation from the integral fluctuation theorem in two parts, which add up to it."""

    total: Annotated[float, means("", "⟨e^{-σ}⟩ - (1 - λ)")]
    thermalisation: Annotated[float, means("", "The same with the bath cut: its state is not thermal for what happens near the contact")]
    finite_size: Annotated[float, means("", "The rest: what lies beyond the cut")]


class JointEvolution(Record):
    """All pure states |φ_k⟩|a⟩ that a contact starts from, evolved to some times; made by `ThermalContact.evolve`.

    A pickle holds the question, which is answered again where it is opened: the same bits, at the same cost.
    """

    contact: Annotated["ThermalContact", means("", "The contact")]
    times: Annotated[FloatArray, means("1/energy", "The times, as asked")]
    branches: Annotated[int, means("", "Number of pure states")]
    norm_drift: Annotated[float, means("", "Largest drift of a norm")]
    energy_drift: Annotated[float, means("energy", "Largest drift of ⟨H⟩ of a pure state while H does not change")]
    truncation: Annotated[float, means("", "Largest bound of an error by truncation, in norm")]
    states: Annotated[_core.JointEvolution, means("", "Where the states are kept")]

    def reduced(self, time: int) -> ComplexArray:
        """ρ_S at the time of an index, shape (2^m, 2^m)."""
        return self.states.reduced(whole(time, "time", 0))

    def entropy_production(self, *, threads: int = 0, progress: Progress = None) -> EntropyProduction:
        """Entropy, energies, particles and σ at all times."""
        return EntropyProduction(**self.states.entropy_production(options(threads=threads, progress=progress)))

    def fluctuations(
        self,
        time: int,
        *,
        direction: str = "forward",
        spectrum: BathSpectrum | None = None,
        largest: float = LARGEST,
        threads: int = 0,
        memory_limit: int | None = None,
        progress: Progress = None,
    ) -> Fluctuations:
        """What two measurements find, at the time of an index.

        Parameters
        ----------
        time : int
            Index of the time, from 0.
        direction : str
            "forward", or "backward": from ρ_S(t) ⊗ ρ_B by U(t)†, with a drive run backwards.
        spectrum : BathSpectrum, optional
            All eigenstates of the bath, which give outcomes and their distribution; sectors that are reached must be among them. Without it averages G(u) follow from Lanczos' recurrence.
        largest : float
            Without a spectrum, |u| up to which G(u) is asked for.

        Raises ModelError for a spectrum of another bath.
        """
        if direction not in ("forward", "backward"):
            raise ModelError(f'direction is {direction!r}; expected "forward" or "backward"')
        run = options(threads=threads, memory=memory_limit, progress=progress)
        place = whole(time, "time", 0)
        levels = None if spectrum is None else spectrum.eigenstates
        paths = _core.Fluctuations(self.states, place, levels, float(largest), direction == "backward", run)
        return Fluctuations(time=float(self.times[place]), direction=direction, paths=paths, **paths.figures())

    def fluctuation_theorem(
        self,
        time: int,
        *,
        u: npt.ArrayLike | None = None,
        spectrum: BathSpectrum | None = None,
        threads: int = 0,
        memory_limit: int | None = None,
        progress: Progress = None,
    ) -> FluctuationTheorem:
        """The integral theorem, and the detailed one at each u (by default eleven from 0 to 1), at the time of an index."""
        grid = np.linspace(0.0, 1.0, 11).astype(np.complex128) if u is None else np.atleast_1d(np.asarray(u))
        grid = complex_numbers(grid, "u", 1)
        mirrored = 1j - grid
        # without a spectrum energies are measured for the u that occur
        largest = float(np.abs(np.concatenate([grid, mirrored, [1.0]])).max())
        there, back = (
            self.fluctuations(
                time,
                direction=direction,
                spectrum=spectrum,
                largest=largest,
                threads=threads,
                memory_limit=memory_limit,
                progress=progress,
            )
            for direction in ("forward", "backward")
        )
        forward, backward = there.generating_function(grid), back.generating_function(mirrored)
        average = float(there.generating_function(1j).real)
        return FluctuationTheorem(
            time=there.time,
            exponential_average=average,
            irreversibility=1.0 - back.reached,
            integral_error=average - back.reached,
            u=grid,
            forward=forward,
            backward=backward,
            detailed_error=np.abs(forward - backward),
        )


class ThermalContact(Record):
    """S + B, ρ_S(0) ⊗ ρ_B(0), and the weights exp(-βH_B + αN_B) in which entropy production is counted.

    Raises ModelError unless the states belong to the composite, and for β or α that is not finite.

    Examples
    --------
    A site beside a chain in one energy eigenstate:

    >>> from irrev.quantum import BathState, Composite, Contact, Hamiltonian, Lattice, SystemState, ThermalContact, bath_spectrum
    >>> bath = Hamiltonian.uniform(Lattice.chain(6), hopping=1.0, interaction=0.5, energy=1.0)
    >>> composite = Composite(Hamiltonian([1.0]), bath, [Contact(0, 0, hopping=0.5)])
    >>> spectrum = bath_spectrum(bath)
    >>> state = BathState.eigenstate(spectrum, particles=3, index=6)
    >>> temperature = spectrum.temperature(3, state.mean_energy)
    >>> system = SystemState.diagonal([0.1, 0.9])
    >>> contact = ThermalContact.matched(composite, system=system, bath=state, temperature=temperature)
    >>> books = contact.evolve([0.0, 1.0]).entropy_production()
    >>> bool(abs(books.entropy_production[0]) < 1e-13), bool(books.entropy_production[1] > 0.0)
    (True, True)
    >>> books.energy_residual < 1e-12 and books.number_residual < 1e-12
    True
    """

    composite: Annotated[Composite, means("", "The Hamiltonian")]
    system: Annotated[SystemState, means("", "ρ_S(0)")]
    bath: Annotated[BathState, means("", "ρ_B(0)")]
    beta: Annotated[float, means("1/energy", "β, of either sign")]
    alpha: Annotated[float, means("", "α = βμ")] = 0.0

    def __post_init__(self) -> None:
        self.__dict__.update(beta=float(self.beta), alpha=float(self.alpha))
        _core.check_thermal_contact(self._parts)
        super().__post_init__()

    @property
    def _parts(self) -> ContactParts:
        return self.composite._parts, self.system._parts, self.bath.ensemble, self.beta, self.alpha

    @classmethod
    def matched(
        cls, composite: Composite, *, system: SystemState, bath: BathState, temperature: Temperature
    ) -> "ThermalContact":
        """With the β and α of a temperature. Raises ModelError if they are infinite."""
        beta, alpha = temperature.finite
        return cls(composite, system, bath, beta, alpha)

    def evolve(
        self,
        times: npt.ArrayLike,
        *,
        tol: float = 1e-12,
        threads: int = 0,
        memory_limit: int | None = None,
        progress: Progress = None,
    ) -> JointEvolution:
        """All pure states at times of either sign, exact up to the tolerance by truncation, in norm.

        A superposition of different numbers of particles splits over sectors, which are evolved apart. Memory: 16 bytes a state of each touched sector, pure state and time; what does not
        fit is refused beforehand by LimitError with the figure. While a drive moves, steps are as short as the tolerance asks: ten times fewer for four digits less.
        """
        run = options(threads=threads, memory=memory_limit, progress=progress)
        states = _core.JointEvolution(self._parts, vector(times, "times"), float(tol), run)
        return JointEvolution(contact=self, states=states, **states.figures())

    def deviation(
        self,
        time: float,
        *,
        spectrum: BathSpectrum,
        within: int,
        tol: float = 1e-12,
        threads: int = 0,
        memory_limit: int | None = None,
        progress: Progress = None,
    ) -> Deviation:
        """⟨e^{-σ}⟩ - (1 - λ) at a time, split where bonds of the bath are farther than `within` from the contact.

        Beside an eigenstate ⟨e^{-σ}⟩ is the mean of an operator whose Gibbs average is 1 - λ. Without the far bonds it is an operator of the near sites, and its deviation is eigenstate
        thermalisation; the rest comes from beyond. All eigenstates of the spectrum are evolved, with and without the cut, so that this is for baths of some ten sites.

        Raises ModelError unless the spectrum is one of this bath with all sectors and their states.
        """
        run = options(threads=threads, memory=memory_limit, progress=progress)
        when = (float(time), float(tol))
        return Deviation(**_core.theorem_deviation(self._parts, spectrum.eigenstates, whole(within, "within", 0), when, run))

    def short_time_coefficient(self, *, threads: int = 0, progress: Progress = None) -> float:
        """c_2 in ⟨e^{-σ}⟩ = 1 + c_2 t² + O(t⁴), in energy², without dynamics.

        For one site S with ρ_S(0) = diag(p_0, p_1), both positive, real hoppings, contacts by hopping only, and no drive. In a Gibbs state it vanishes (Kubo, Martin and Schwinger), so that c_2
        measures how far one eigenstate is from thermal for the operators of the contact. Raises ModelError with what is not covered.
        """
        return _core.short_time_coefficient(self._parts, options(threads=threads, progress=progress))

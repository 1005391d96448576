"""Small systems whose thermodynamics is known, and transport through a membrane."""

from irrev import _core
from irrev._core import Energetics, Flow, MarkovJump


def three_state_ring(force: float, rate: float) -> MarkovJump:
    """Ring of three states, each edge with rates k e^{±force/2}.

    The stationary state is uniform, with entropy production rate 2k sinh(force/2) · force.

    Parameters
    ----------
    force : float
        Force per edge, in nats.
    rate : float
        k, in 1/time.
    """
    return _core.three_state_ring(force, rate)


def two_level_two_baths(gap: float, hot: float, cold: float, rate: float) -> tuple[MarkovJump, Energetics]:
    """Two levels with an energy gap, coupled to a hot and a cold reservoir at equal rates γ e^{∓gap/2T}."""
    return _core.two_level_two_baths(gap, hot, cold, rate)


def membrane_channel(
    *,
    binding: float | None = None,
    dissociation: float | None = None,
    concentrations: tuple[float, float] | None = None,
    turning: tuple[float, float] | None = None,
) -> MarkovJump:
    """Four-state membrane channel: a site a (0 empty, 1 bound), and the side c it is open to (0 outside, 1 inside).

    The one cycle carries a molecule across and has the affinity ln(c_out/c_in). The subsystems are "a" and "c".

    Parameters
    ----------
    binding : float
        k, per concentration and time; default 1.
    dissociation : float
        K, a concentration: molecules leave at rate k K; default 1.
    concentrations : pair of float
        Outside and inside; default (10, 1).
    turning : pair of float
        Rate of turning while empty and while bound, the same both ways, in 1/time; default (1, 1).

    Examples
    --------
    >>> from irrev.network import membrane_channel
    >>> channel = membrane_channel()
    >>> channel.network.states
    ('a0 c0', 'a0 c1', 'a1 c0', 'a1 c1')
    """
    return _core.membrane_channel(binding, dissociation, concentrations, turning)


def transporter(
    kind: str = "symport",
    *,
    binding: tuple[float, float] | None = None,
    dissociation: tuple[float, float] | None = None,
    concentrations_a: tuple[float, float] | None = None,
    concentrations_b: tuple[float, float] | None = None,
    turning: tuple[tuple[float, float], tuple[float, float]] | None = None,
    gating: float | None = None,
    leak: float | None = None,
) -> MarkovJump:
    """Sixteen-state transporter: sites a and b (0 empty, 1 bound), the side c it is open to (0 outside, 1 inside) and a gate g (0 closed, 1 open).

    a binds at rate k c γ from the side that c names and leaves at k K γ, and so does b, with γ = 1 while the gate is open and the leak while it is closed;
    c turns at the rate of what is bound, times the leak while the gate is open; g flips freely. In a stationary state
    σ = J_a ln(a_out/a_in) + J_b ln(b_out/b_in). The rates are this library's, in the spirit of Yoshida, Okada, Muneyuki and Ito, arXiv:2112.04024.

    Parameters
    ----------
    kind : "symport", "antiport" or "uniport"
        It turns with both sites bound or both empty; with one bound; whatever is bound.
    binding, dissociation : pair of float
        Of a and b; default (1, 1).
    concentrations_a, concentrations_b : pair of float
        Outside and inside; default (10, 1) and (1, 2).
    turning : pair of pairs of float
        Rate with a = 0, 1 (first) and b = 0, 1 bound, in 1/time; default 1 where the kind allows it and 0.01 elsewhere.
    gating : float
        Rate at which the gate opens and closes; default 1.
    leak : float
        Factor on binding while the gate is closed, and on turning while it is open; default 0.02.

    Examples
    --------
    The symporter carries b uphill.

    >>> from irrev.network import transported, transporter
    >>> symport = transporter("symport")
    >>> a, b = transported(symport.flow(symport.stationary_distribution()))
    >>> round(a, 6), round(b, 6)
    (0.010323, 0.008845)
    """
    asked = (binding, dissociation, concentrations_a, concentrations_b, turning, gating, leak)
    return _core.transporter(kind, asked)


def transported(flow: Flow) -> tuple[float, float]:
    """Net currents of a and b from outside into the sites of a `transporter`, in molecules per time; in a stationary state what arrives inside."""
    return _core.transported(flow)

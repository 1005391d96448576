"""What limits speed and precision of reactions: scaled diffusion, uncertainty products, speed limits.

For every species D_i = Σ_r S_ir² (j⁺ + j⁻), and Σ̇ D_i/(dx_i/dt)² ≥ 2, with the entropy production rate or its geometric excess for Σ̇. Over an
interval, τ ≥ 2 Δx_i²/(Σ D̄_i) with the time average D̄_i.

References: Yoshimura and Ito, Phys. Rev. Lett. 127, 160601 (2021).
"""

from irrev import _core
from irrev._arrays import FloatArray
from irrev._core import Flow


def scaled_diffusion(flow: Flow) -> FloatArray:
    """D_i = Σ S_ir² (j⁺ + j⁻) per dynamic species, in amount per time.

    Examples
    --------
    >>> from irrev.reactions import ReactionSystem, scaled_diffusion
    >>> pair = ReactionSystem(["A", "B"], reactions=[("pair", "2 A <=> B", 1.0, 1.0)])
    >>> scaled_diffusion(pair.flow([1.0, 2.0]))
    array([12.,  3.])
    """
    return _core.scaled_diffusion(flow)


def uncertainty_products(flow: Flow, *, dissipation: float | None = None) -> FloatArray:
    """Σ̇ D_i/(dx_i/dt)² ≥ 2 per dynamic species; NaN where a species does not change.

    Parameters
    ----------
    flow : Flow
        Of a reaction system.
    dissipation : float, optional
        The entropy production rate (default) or its geometric excess.

    Examples
    --------
    >>> from irrev.reactions import ReactionSystem, geometric_decomposition, uncertainty_products
    >>> relax = ReactionSystem(["A", "B"], reactions=[("r", "A <=> B", 2.0, 1.0)])
    >>> flow = relax.flow([3.0, 1.0])
    >>> bool((uncertainty_products(flow, dissipation=geometric_decomposition(flow).excess) >= 2).all())
    True
    """
    if dissipation is None:
        dissipation = flow.entropy_production_rate
    return _core.uncertainty_products(flow, dissipation)


def speed_limit(
    change: float, *, entropy_production: float, diffusion_integral: float, duration: float
) -> float:
    """Lower bound 2 Δx²/(Σ D̄) on the duration of a change, D̄ = (∫ D dt)/duration; 0 where nothing changed.

    Examples
    --------
    >>> from irrev.reactions import speed_limit
    >>> speed_limit(0.5, entropy_production=2.0, diffusion_integral=1.0, duration=1.0)
    0.25
    """
    return _core.speed_limit(change, entropy_production, diffusion_integral, duration)

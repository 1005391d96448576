"""Local observables. Each is a Hamiltonian with few terms: its mean in a state is `mean_energy`."""

from irrev import _core
from irrev._arrays import whole
from irrev.quantum.model import Hamiltonian


def _made(sites: int, at: tuple[int, ...], hops: bool) -> Hamiltonian:
    places = [whole(site, "a site of the observable", 0) for site in at]
    return Hamiltonian._of(_core.observable_model(whole(sites, "sites", 1), places, hops))


def density(sites: int, *, site: int) -> Hamiltonian:
    """n_i on a lattice of L sites.

    Examples
    --------
    >>> from irrev.quantum import observable
    >>> observable.density(3, site=1).diagonal([0b010, 0b101]).tolist()
    [1.0, 0.0]
    """
    return _made(sites, (site,), False)


def pair_density(sites: int, *, pair: tuple[int, int]) -> Hamiltonian:
    """n_i n_j of two different sites.

    Examples
    --------
    >>> from irrev.quantum import observable
    >>> observable.pair_density(3, pair=(0, 2)).diagonal([0b101, 0b100]).tolist()
    [1.0, 0.0]
    """
    return _made(sites, tuple(pair), False)


def hopping(sites: int, *, pair: tuple[int, int]) -> Hamiltonian:
    """c_i† c_j + c_j† c_i of two different sites.

    Examples
    --------
    >>> from irrev.quantum import observable
    >>> observable.hopping(2, pair=(0, 1)).apply([1.0, 0.0], particles=1).real.tolist()
    [0.0, 1.0]
    """
    return _made(sites, tuple(pair), True)

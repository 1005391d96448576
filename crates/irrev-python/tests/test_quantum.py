"""Hard-core bosons and the second law from their pure states: laws, limits, agreement of independent ways, and refusals that name what is wrong."""

import math
import pickle
from functools import cache
from typing import Any

import numpy as np
import pytest

from irrev import IrrevError, LimitError, ModelError
from irrev.quantum import (
    ORTHOGONAL_GAP_RATIO,
    POISSON_GAP_RATIO,
    BathSpectrum,
    BathState,
    Composite,
    Contact,
    Drive,
    Hamiltonian,
    Lattice,
    Sector,
    SystemState,
    ThermalContact,
    bath_spectrum,
    canonical_state,
    compare_with_cut_bath,
    diagonalise,
    echoes,
    eigenstate_thermalisation,
    elements,
    evolve,
    evolve_in_imaginary_time,
    extremal_levels,
    gap_ratio,
    lanczos_coefficients,
    levels_near,
    lieb_robinson,
    observable,
    reduced_state,
    spectral_bounds,
    typical_state,
    window_state,
)

CHAIN = Hamiltonian.uniform(Lattice.chain(6), hopping=1.0, interaction=0.5, energy=1.0)
SITE = Hamiltonian([1.0])
MIXED = SystemState.diagonal([0.1, 0.9])


@cache
def chain() -> BathSpectrum:
    return bath_spectrum(CHAIN)


def eigenstate_contact(hopping: float = 0.5, system: SystemState = MIXED) -> ThermalContact:
    state = BathState.eigenstate(chain(), particles=3, index=6)
    composite = Composite(SITE, CHAIN, [Contact(0, 0, hopping=hopping)])
    temperature = chain().temperature(3, state.mean_energy)
    return ThermalContact.matched(composite, system=system, bath=state, temperature=temperature)


def gibbs_contact(beta: float, alpha: float, system: SystemState = MIXED) -> ThermalContact:
    bath = BathState.gibbs(chain(), beta=beta, alpha=alpha)
    return ThermalContact(Composite(SITE, CHAIN, [Contact(0, 0, 0.8)]), system, bath, beta, alpha)


def dense(hamiltonian: Hamiltonian, particles: int) -> np.ndarray:
    """H written out from its definition, word by word."""
    words = Sector(hamiltonian.sites, particles).words().tolist()
    place = {word: k for k, word in enumerate(words)}
    matrix = np.zeros((len(words), len(words)), dtype=complex)
    for word, k in place.items():
        matrix[k, k] += sum(w for i, w in enumerate(hamiltonian.energies) if word >> i & 1)
        for (i, j), hop, repulsion in zip(
            hamiltonian.bonds.tolist(), hamiltonian.hoppings, hamiltonian.interactions, strict=True
        ):
            at_i, at_j = word >> i & 1, word >> j & 1
            if at_i and at_j:
                matrix[k, k] += repulsion
            if at_i != at_j:
                matrix[place[word ^ (1 << i | 1 << j)], k] -= hop if at_j else np.conj(hop)
    return matrix


def complex_ring() -> Hamiltonian:
    """A ring of five sites with a flux, and no symmetry."""
    bonds = [(i, (i + 1) % 5) for i in range(5)]
    return Hamiltonian([0.1, -0.3, 0.2, 0.0, 0.5], bonds, np.exp(0.4j), [0.3, 0.1, 0.7, 0.2, 0.5])


@pytest.mark.parametrize("hamiltonian", [CHAIN, complex_ring()], ids=["real", "complex"])
@pytest.mark.parametrize("particles", [0, 2, 5])
def test_a_hamiltonian_does_as_its_definition_says(hamiltonian: Hamiltonian, particles: int) -> None:
    matrix = dense(hamiltonian, particles)
    state = Sector(hamiltonian.sites, particles).random_state()
    np.testing.assert_allclose(hamiltonian.apply(state, particles=particles), matrix @ state, atol=1e-13)
    np.testing.assert_allclose(hamiltonian.diagonal(Sector(hamiltonian.sites, particles).words()), matrix.diagonal().real)
    found = diagonalise(hamiltonian, particles=particles)
    np.testing.assert_allclose(found.energies, np.linalg.eigvalsh(matrix), atol=1e-12)
    mean = hamiltonian.mean_energy(state, particles=particles)
    assert abs(mean - (state.conj() @ matrix @ state).real) < 1e-13
    assert abs(found.populations(state) @ found.energies - mean) < 1e-12


def test_hamiltonians_are_made_in_several_ways() -> None:
    lattice = Lattice.chain(3)
    uniform = Hamiltonian.uniform(lattice, hopping=1.0, interaction=0.5, energy=0.2)
    listed = Hamiltonian.on_lattice(lattice, hoppings=[1.0, 1.0], interactions=0.5, energies=[0.2] * 3)
    rows = np.diag([1.0, 1.0], 1) + np.diag([1.0, 1.0], -1)
    matrices = Hamiltonian.from_rows([0.2] * 3, hoppings=rows, interactions=0.5 * rows)
    assert uniform == listed
    # the same up to the direction in which a bond is named
    np.testing.assert_array_equal(np.sort(matrices.bonds, axis=1), uniform.bonds)
    np.testing.assert_allclose(dense(matrices, 2), dense(uniform, 2))
    flux = Hamiltonian.from_rows([0.0, 0.0], hoppings=[[0.0, 1j], [-1j, 0.0]])
    assert not flux.is_real and uniform.is_real


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: Lattice.chain(0), "no sites"),
        (lambda: Lattice.from_bonds(3, [(0, 3)]), "0 to 2"),
        (lambda: Lattice.from_bonds(3, [(1, 1)]), "joins site 1 with itself"),
        (lambda: Lattice.from_bonds(3, [(0, -1)]), "numbered from 0"),
        (lambda: Lattice.from_bonds(3, [(0, 1, 2)]), "bonds has shape"),
        (lambda: Lattice.from_bonds(3, [(0, 1)]).shell(1), "no distances in space"),
        (lambda: Lattice.chain(3).shell(0), "shell is 0"),
        (lambda: Lattice.chain(3).distances([7]), "site 7"),
        (lambda: Hamiltonian([0.0, 0.0], [(0, 1)], [1.0, 2.0]), "one for each bond"),
        (lambda: Hamiltonian([0.0, math.nan]), "finite"),
        (lambda: Hamiltonian([0.0, 0.0], [(0, 1)], math.inf), "hoppings"),
        (lambda: Hamiltonian.on_lattice(Lattice.chain(3), hoppings=1.0, energies=[1.0]), "one for each site"),
        (lambda: Hamiltonian.from_rows([0.0] * 2, hoppings=[[0.0, 1j], [1j, 0.0]]), "not be Hermitian"),
        (lambda: Hamiltonian.from_rows([0.0] * 2, hoppings=[[0, 1], [1, 0]], interactions=[[0, 1], [2, 0]]), "Hermitian"),
        (lambda: Hamiltonian.from_rows([0.0] * 2, hoppings=[[1.0, 0], [0, 0]]), "itself"),
        (lambda: Sector(3, 4), "do not fit"),
        (lambda: Sector(3, 1).rank([0b11]), "none of 1 particles"),
        (lambda: Sector(3, 1).unrank(3), "3 states"),
        (lambda: Sector(3, 1).rank([-1]), "at least 0"),
        (lambda: diagonalise(CHAIN, particles=7), "do not fit"),
        (lambda: diagonalise(CHAIN, particles=2, symmetries=[[1, 2, 3, 4, 5, 0]]), "no symmetry"),
        (lambda: diagonalise(CHAIN, particles=2, symmetries=[[5, 4, 3]]), "permutation"),
        (lambda: diagonalise(CHAIN, particles=2, symmetries=[5, 4, 3, 2, 1, 0]), "symmetries has shape"),
        (lambda: diagonalise(CHAIN, particles=2, symmetries=[[5, 4, 3, 2, 1, -1]]), "at least 0"),
        (lambda: diagonalise(CHAIN, particles=2, states=False).state(0), "only the levels"),
        (lambda: diagonalise(CHAIN, particles=2).state(15), "0 to 14"),
        (lambda: diagonalise(CHAIN, particles=2).block([1]), "symmetry label"),
        (lambda: evolve(CHAIN, particles=1, start=[1.0, 0.0], times=[1.0]), "6"),
        (lambda: evolve(CHAIN, particles=1, start=np.eye(6)[0], times=[math.nan]), "times"),
        (lambda: evolve(CHAIN, particles=1, start=np.eye(6)[0], times=[1.0], tol=0.0), "tol is 0"),
        (lambda: reduced_state(np.eye(6)[0], sector=Sector(6, 1), sites=[1, 1]), "twice"),
        (lambda: reduced_state(np.eye(6)[0], sector=Sector(6, 1), sites=[6]), "site 6"),
        (lambda: window_state(CHAIN, particles=3, energy=100.0, width=0.1), "window"),
        (lambda: levels_near(CHAIN, particles=3, energy=100.0), "inside the spectrum"),
        (lambda: extremal_levels(CHAIN, particles=3, count=0), "count is 0"),
        (lambda: observable.hopping(3, pair=(0, 3)), "site 3"),
        (lambda: observable.pair_density(3, pair=(1, 1)), "itself"),
        (lambda: SystemState.diagonal([0.5, 0.6]), "sum"),
        (lambda: SystemState.pure([1.0, 1.0]), "orthonormal"),
        (lambda: SystemState.from_matrix([[0.5, 0.1], [0.2, 0.5]]), "Hermitian"),
        (lambda: SystemState.from_matrix([[1.5, 0.0], [0.0, -0.5]]), "probability"),
        (lambda: MIXED.regularised(1.0), "between 0 and 1"),
        (lambda: Composite(SITE, CHAIN, [Contact(0, 6, 1.0)]), "contact 0 on the side of the bath"),
        (lambda: Composite(Hamiltonian([0.0] * 9), CHAIN, []), "at most 8"),
        (lambda: BathState.eigenstate(chain(), particles=3, index=20), "0 to 19"),
        (lambda: BathState.pure(CHAIN, particles=1, state=[2.0, 0, 0, 0, 0, 0]), "norm"),
        (lambda: BathState.occupation(CHAIN, 1 << 6), "site 6"),
        (lambda: BathState.mixture([BathState.occupation(CHAIN, 1)], probabilities=[0.5]), "sum"),
        (lambda: BathState.occupation(CHAIN, 1).vector(1), "0 to 0"),
        (lambda: chain().temperature(3, 1e3), "inside the spectrum"),
        (lambda: chain().temperature(3, 1.0, matching="micro"), "grand"),  # type: ignore[arg-type]
        (lambda: bath_spectrum(CHAIN, particles=3).temperature(3, 3.0), "include that sector"),
        (lambda: bath_spectrum(CHAIN, particles=(3, 1)), "least number first"),
        (lambda: lieb_robinson(CHAIN, from_=[0], to=[0]), "0"),
        (lambda: lieb_robinson(CHAIN, from_=[0], to=[5]).time(3.0), "disturbance"),
    ],
)
def test_what_is_wrong_is_named(wrong: Any, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        wrong()


def test_what_is_too_large_is_refused_beforehand_with_the_figure() -> None:
    with pytest.raises(LimitError, match="65 sites"):
        Lattice.square(5, 13)
    grid = Hamiltonian.uniform(Lattice.square(6, 6), hopping=1.0)
    with pytest.raises(LimitError, match=r"diagonalisation of the bath needs .*EB"):
        diagonalise(grid, particles=18, memory_limit=10**9)
    with pytest.raises(LimitError, match="B"):
        extremal_levels(grid, particles=9, memory_limit=10**6)
    with pytest.raises(LimitError, match="joint states"):
        eigenstate_contact().evolve([0.0, 1.0], memory_limit=100)
    with pytest.raises(LimitError, match="Gibbs"):
        BathState.gibbs(chain(), beta=0.1, memory_limit=1000)
    with pytest.raises(LimitError, match="outcomes of two measurements"):
        eigenstate_contact().evolve([1.0]).fluctuations(0, spectrum=chain(), memory_limit=1000)
    with pytest.raises(LimitError, match="words of a sector"):
        Sector(64, 32).words()


def test_an_index_inside_a_degenerate_level_is_refused_with_the_remedy() -> None:
    ring = Hamiltonian.uniform(Lattice.chain(6, periodic=True), hopping=1.0)
    shift = [1, 2, 3, 4, 5, 0]
    whole = bath_spectrum(ring, symmetries=[shift])
    with pytest.raises(ModelError, match=r"level 1 is degenerate.*block of lattice symmetries.*the vector itself"):
        BathState.eigenstate(whole, particles=1, index=1)
    one, other = (BathState.eigenstate(whole, particles=1, index=0, label=[q]) for q in (1, 5))
    assert math.isclose(one.mean_energy, other.mean_energy) and abs(np.vdot(one.vector(), other.vector())) < 1e-14
    sector = whole.sector(1)
    with pytest.raises(ModelError, match="degenerate"):
        sector.state(1)
    kept = sector.state(1, degenerate="keep")
    np.testing.assert_allclose(ring.apply(kept, particles=1), sector.energies[1] * kept, atol=1e-13)


def test_symmetry_blocks_put_together_are_the_sector() -> None:
    grid = Hamiltonian.uniform(Lattice.square(4, 3), hopping=1.0, interaction=0.3)
    across = [3 - i % 4 + 4 * (i // 4) for i in range(12)]
    along = [i % 4 + 4 * (2 - i // 4) for i in range(12)]
    blocks = diagonalise(grid, particles=3, symmetries=[across, along])
    assert sorted(blocks.labels) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    np.testing.assert_allclose(blocks.energies, diagonalise(grid, particles=3).energies, atol=1e-12)
    assert sum(len(blocks.block(label)) for label in blocks.labels) == blocks.dimension == 220
    state = blocks.state(0, label=(1, 0))
    np.testing.assert_allclose(
        grid.apply(state, particles=3), blocks.block((1, 0))[0] * state, atol=1e-12
    )


def test_levels_from_outside_and_near_an_energy_are_those_of_the_sector() -> None:
    for model, particles in ((Hamiltonian.uniform(Lattice.chain(10), hopping=1.0, interaction=0.6), 5), (complex_ring(), 2)):
        every = diagonalise(model, particles=particles).energies
        low = extremal_levels(model, particles=particles, count=3)
        high = extremal_levels(model, particles=particles, count=2, end="highest")
        np.testing.assert_allclose(low.energies, every[:3], atol=1e-9)
        np.testing.assert_allclose(high.energies, every[::-1][:2], atol=1e-9)
        assert low.convergence.converged and low.states.dtype == (float if model.is_real else complex)
        near = levels_near(model, particles=particles, energy=0.3, count=2)
        nearest = np.sort(every[np.argsort(abs(every - 0.3))[:2]])
        np.testing.assert_allclose(near.energies, nearest, atol=1e-8)
        bounds = spectral_bounds(model, particles=particles)
        assert bounds[0] < every[0] and every[-1] < bounds[1]
        krylov = lanczos_coefficients(model, particles=particles, start=low.states[0], steps=1)
        assert abs(krylov.alpha[0] - every[0]) < 1e-9


@pytest.mark.parametrize(("model", "particles"), [(CHAIN, 3), (complex_ring(), 2)], ids=["real", "complex"])
def test_evolution_agrees_with_the_exponential_and_goes_back(model: Hamiltonian, particles: int) -> None:
    levels, vectors = np.linalg.eigh(dense(model, particles))
    start = np.asarray(Sector(model.sites, particles).random_state())
    found = evolve(model, particles=particles, start=start, times=[0.7, -3.0])
    for t, state in zip(found.times, found.states, strict=True):
        expected = vectors @ (np.exp(-1j * levels * t) * (vectors.conj().T @ start))
        np.testing.assert_allclose(state, expected, atol=1e-11)
    assert found.norm_drift < 1e-12 and found.energy_drift < 1e-11
    cold = evolve_in_imaginary_time(model, particles=particles, start=start, betas=[0.4, -0.4])
    for beta, state, logarithm in zip(cold.betas, cold.states, cold.logarithms, strict=True):
        expected = vectors @ (np.exp(-beta * levels) * (vectors.conj().T @ start))
        np.testing.assert_allclose(np.exp(logarithm) * state, expected, atol=1e-10)
    same = echoes(model, back=model, particles=particles, start=start, times=[1.0, 5.0])
    np.testing.assert_allclose(same.loschmidt_echoes, 1.0, atol=1e-11)
    np.testing.assert_allclose(same.return_probabilities, abs(same.amplitudes) ** 2, atol=1e-15)
    assert (same.reversal_errors < 1e-10).all()


def test_a_subsystem_and_its_complement_know_the_same() -> None:
    sector = Sector(6, 3)
    state = sector.random_state()
    one = reduced_state(state, sector=sector, sites=[4, 0])
    rest = reduced_state(state, sector=sector, sites=[1, 2, 3, 5])
    assert abs(one.entropy - rest.entropy) < 1e-13 and abs(one.purity - rest.purity) < 1e-14
    matrix = one.to_matrix()
    np.testing.assert_allclose(np.linalg.eigvalsh(matrix), one.eigenvalues, atol=1e-15)
    np.testing.assert_allclose(matrix.diagonal().real, one.probabilities, atol=1e-15)
    density = observable.density(6, site=4)
    assert abs(one.probabilities[[1, 3]].sum() - density.mean_energy(state, particles=3)) < 1e-14
    nothing = reduced_state(state, sector=sector, sites=[])
    assert abs(nothing.to_matrix()[0, 0] - 1.0) < 1e-14


def test_temperatures_put_back_into_their_ensembles_give_the_energy() -> None:
    energy = float(chain().energies(3)[6])
    weights = [(e, n) for n in range(7) for e in chain().energies(n)]
    e, n = np.array(weights).T
    for matching in ("grand", "fock"):
        found = chain().temperature(3, energy, matching=matching)  # type: ignore[arg-type]
        beta, alpha = found.finite
        p = np.exp(-beta * (e - energy) + alpha * (n - 3))
        assert abs(p @ e / p.sum() - energy) < 1e-12
        assert matching == "fock" or abs(p @ n / p.sum() - 3) < 1e-12
    beta, alpha = chain().temperature(3, energy, matching="sector").finite
    assert alpha == 0.0 and abs(canonical_state(chain().energies(3), beta=beta).energy - energy) < 1e-12


def test_negative_and_infinite_temperatures_are_named() -> None:
    energies = chain().energies(3)
    assert chain().temperature(3, energies[2]).sign == "positive"
    assert chain().temperature(3, energies[-3]).sign == "negative"
    lowest = chain().temperature(3, energies[0], matching="sector")
    assert (lowest.kind, lowest.beta, lowest.alpha) == ("lowest", math.inf, None)
    highest = chain().temperature(3, energies[-1], matching="sector")
    assert (highest.kind, highest.beta, highest.sign) == ("highest", -math.inf, "negative")
    empty, full = chain().temperature(0, 0.0), chain().temperature(6, chain().energies(6)[0])
    assert (empty.kind, empty.beta, empty.alpha) == ("empty", None, -math.inf)
    assert (full.kind, full.alpha) == ("full", math.inf)
    state = BathState.occupation(CHAIN, 0)
    composite = Composite(SITE, CHAIN, [Contact(0, 0, 1.0)])
    with pytest.raises(ModelError, match=r"α = -∞|α = −∞"):
        ThermalContact.matched(composite, system=MIXED, bath=state, temperature=empty)
    with pytest.raises(ModelError, match="β"):
        ThermalContact(composite, MIXED, state, math.inf)
    flat = bath_spectrum(Hamiltonian([1.0, 1.0]), states=False)
    with pytest.raises(ModelError, match="all levels are equal"):
        flat.temperature(1, 1.0)
    # hopping on an open chain at half filling: E and -E come in pairs
    middle = bath_spectrum(Hamiltonian.uniform(Lattice.chain(4), hopping=1.0), states=False).temperature(2, 0.0)
    assert abs(middle.finite[0]) < 1e-15


@pytest.mark.parametrize("hopping", [0.1, 1.0, 4.0])
def test_the_books_of_a_bath_in_an_eigenstate_balance(hopping: float) -> None:
    times = [0.0, 0.3, 1.0, 5.0]
    evolution = eigenstate_contact(hopping).evolve(times, tol=1e-14)
    books = evolution.entropy_production()
    assert books.energy_residual < 1e-12 and books.number_residual < 1e-12 and books.norm_drift < 1e-12
    total = books.system_energy + books.contact_energy + books.bath_energy
    np.testing.assert_allclose(total, total[0], atol=1e-12)
    np.testing.assert_allclose(books.bath_number_change, books.system_number[0] - books.system_number, atol=1e-12)
    beta, alpha = evolution.contact.beta, evolution.contact.alpha
    np.testing.assert_allclose(
        books.entropy_production,
        books.entropy_change + beta * books.bath_energy_change - alpha * books.bath_number_change,
        atol=1e-14,
    )
    np.testing.assert_allclose(books.heat, books.bath_energy_change - alpha / beta * books.bath_number_change, atol=1e-13)
    assert (books.entropy_production > -1e-12).all() and abs(books.entropy_production[0]) < 1e-13
    for k in range(len(times)):
        rho = evolution.reduced(k)
        np.testing.assert_allclose(np.linalg.eigvalsh(rho), books.populations[k], atol=1e-14)
        exact = evolution.fluctuations(k, spectrum=chain())
        free = evolution.fluctuations(k)
        u = np.array([0.3, 1j, 0.5 + 0.2j])
        np.testing.assert_allclose(exact.generating_function(u), free.generating_function(u), atol=1e-12)
        assert abs(exact.mean - books.entropy_production[k]) < 1e-12
        distribution = exact.distribution()
        assert abs(distribution.total - 1.0) < 1e-12 and abs(distribution.mean - exact.mean) < 1e-12
        assert 0.0 <= distribution.below() <= distribution.total
        average = distribution.probability @ np.exp(-distribution.sigma)
        assert exact.exponential_average is not None and abs(average - exact.exponential_average) < 1e-11


@pytest.mark.parametrize(("beta", "alpha"), [(0.3, 0.2), (-0.4, 0.1), (0.0, 0.0)])
def test_theorems_hold_exactly_for_a_gibbs_bath(beta: float, alpha: float) -> None:
    contact = gibbs_contact(beta, alpha)
    evolution = contact.evolve([0.5, 3.0], tol=1e-14)
    books = evolution.entropy_production()
    assert (books.entropy_production >= 0.0).all()
    assert abs(contact.short_time_coefficient()) < 1e-12
    for k in (0, 1):
        for spectrum in (chain(), None):
            found = evolution.fluctuation_theorem(k, spectrum=spectrum)
            assert abs(found.exponential_average - 1.0) < 1e-12
            assert abs(found.irreversibility) < 1e-12 and (found.detailed_error < 1e-12).all()


def test_a_pure_system_is_absolutely_irreversible_even_beside_a_gibbs_bath() -> None:
    evolution = gibbs_contact(0.3, 0.2, SystemState.diagonal([0.0, 1.0])).evolve([1.0], tol=1e-14)
    found = evolution.fluctuation_theorem(0, spectrum=chain(), u=[0.2, 0.5 + 0.1j])
    assert 0.01 < found.irreversibility < 1.0
    assert abs(found.integral_error) < 1e-12 and (found.detailed_error < 1e-12).all()
    regular = gibbs_contact(0.3, 0.2, SystemState.diagonal([0.0, 1.0]).regularised(0.01)).evolve([1.0], tol=1e-14)
    assert abs(regular.fluctuation_theorem(0).exponential_average - 1.0) < 1e-12


def test_the_law_of_short_times_rules_the_dynamics() -> None:
    contact = eigenstate_contact(1.0)
    coefficient = contact.short_time_coefficient()
    t = 1e-3
    average = contact.evolve([t], tol=1e-14).fluctuations(0, spectrum=chain()).exponential_average
    assert average is not None
    # the next term is of relative order (J t)² = 1e-6, rounding of 1e-15 counts 1e-9 here
    assert abs((average - 1.0) / t**2 - coefficient) < 1e-4 * abs(coefficient) + 1e-8
    with pytest.raises(ModelError, match="law of short times"):
        eigenstate_contact(1.0, SystemState.diagonal([0.0, 1.0])).short_time_coefficient()


def test_a_shift_of_all_site_energies_changes_alpha_only() -> None:
    shift = 0.7
    moved = Hamiltonian.uniform(Lattice.chain(6), hopping=1.0, interaction=0.5, energy=1.0 + shift)
    spectrum = bath_spectrum(moved)
    state = BathState.eigenstate(spectrum, particles=3, index=6)
    temperature = spectrum.temperature(3, state.mean_energy)
    composite = Composite(Hamiltonian([1.0 + shift]), moved, [Contact(0, 0, hopping=0.5)])
    there = ThermalContact.matched(composite, system=MIXED, bath=state, temperature=temperature)
    here = eigenstate_contact()
    assert abs(there.beta - here.beta) < 1e-12 and abs(there.alpha - here.alpha - here.beta * shift) < 1e-12
    sigma = [contact.evolve([1.0, 4.0]).entropy_production().entropy_production for contact in (here, there)]
    np.testing.assert_allclose(*sigma, atol=1e-11)


def test_superpositions_and_several_sites_of_the_system_are_allowed() -> None:
    half = math.sqrt(0.5)
    pair = Hamiltonian([0.3, -0.2], [(0, 1)], 0.6j, 0.1)
    composite = Composite(pair, CHAIN, [Contact(0, 0, hopping=0.5), Contact(1, 3, hopping=0.2j, interaction=0.4)])
    system = SystemState.pure([half, 0.0, 0.0, half * 1j]).regularised(0.02)
    assert system.rank == 4 and system.sites == 2
    np.testing.assert_allclose(SystemState.from_matrix(system.to_matrix()).entropy, system.entropy, atol=1e-14)
    bath = BathState.gibbs(chain(), beta=0.2, alpha=-0.3)
    found = ThermalContact(composite, system, bath, 0.2, -0.3).evolve([2.0], tol=1e-14)
    assert found.branches == 4 * 64
    assert abs(found.fluctuation_theorem(0, spectrum=chain(), u=[0.3]).exponential_average - 1.0) < 1e-12
    assert found.entropy_production().energy_residual < 1e-11
    with pytest.raises(ModelError, match="law of short times"):
        found.contact.short_time_coefficient()


def test_a_window_state_and_a_mixture_are_baths_too() -> None:
    energy = float(chain().energies(3)[6])
    window = BathState.window(CHAIN, particles=3, energy=energy, width=0.5)
    temperature = chain().temperature(3, window.mean_energy)
    composite = Composite(SITE, CHAIN, [Contact(0, 0, hopping=0.5)])
    contact = ThermalContact.matched(composite, system=MIXED, bath=window, temperature=temperature)
    assert contact.evolve([1.0]).entropy_production().energy_residual < 1e-12
    states = [BathState.eigenstate(chain(), particles=3, index=k) for k in (5, 6)]
    both = BathState.mixture(states, probabilities=[0.25, 0.75])
    assert both.weights.tolist() == [0.25, 0.75]
    assert abs(both.mean_energy - 0.25 * states[0].mean_energy - 0.75 * states[1].mean_energy) < 1e-14
    assert states[0] != states[1] and pickle.loads(pickle.dumps(both)) == both


def test_what_belongs_to_another_is_refused() -> None:
    other = bath_spectrum(Hamiltonian.uniform(Lattice.chain(6), hopping=1.1))
    evolution = eigenstate_contact().evolve([1.0])
    with pytest.raises(ModelError, match="another bath"):
        evolution.fluctuations(0, spectrum=other)
    with pytest.raises(ModelError, match="time 1"):
        evolution.fluctuations(1)
    with pytest.raises(ModelError, match="time 1"):
        evolution.reduced(1)
    with pytest.raises(ModelError, match="forward"):
        evolution.fluctuations(0, direction="sideways")
    free = evolution.fluctuations(0, largest=0.5)
    assert free.exponential_average is None
    with pytest.raises(ModelError, match=r"\|u\|"):
        free.generating_function(1j)
    with pytest.raises(ModelError, match="without diagonalisation"):
        free.distribution()
    small = BathState.occupation(Hamiltonian([0.0]), 1)
    with pytest.raises(ModelError, match="sites of the state of the bath"):
        ThermalContact(Composite(SITE, CHAIN, []), MIXED, small, 0.1)


def test_eigenstates_of_a_chaotic_chain_look_more_thermal_in_larger_chains() -> None:
    """Next-nearest-neighbour hopping and a defect at the end: the scatter of O_aa falls with size, and gaps repel."""
    found = []
    for sites, particles in ((9, 3), (12, 4)):
        open_chain = Lattice.chain(sites)
        model = Hamiltonian.on_lattice(
            open_chain.with_bonds(open_chain.shell(2)),
            hoppings=1.0,
            interactions=0.5,
            energies=[0.3] + [0.0] * (sites - 1),
        )
        spectrum = diagonalise(model, particles=particles)
        window = {"beta": 0.1, "half_width": 0.1 * sites}
        measured = observable.density(sites, site=sites // 3)
        found.append(eigenstate_thermalisation(spectrum, observable=measured, epsilon=0.1, **window))
        assert found[-1].off_diagonal is not None and found[-1].off_diagonal < found[-1].variance
        diagonal = elements(spectrum, observable=measured).diagonal
        np.testing.assert_array_equal(diagonal, found[-1].diagonal)
        assert abs(diagonal.mean() - particles / sites) < 1e-12
    small, large = found
    assert large.variance < 0.5 * small.variance and large.largest_deviation < small.largest_deviation
    assert large.violating_fraction is not None and small.violating_fraction is not None
    assert large.violating_fraction < small.violating_fraction
    ratio = gap_ratio(spectrum.energies)
    assert ratio is not None and ratio.mean > 0.5 * (POISSON_GAP_RATIO + ORTHOGONAL_GAP_RATIO)
    assert gap_ratio([0.0, 1.0]) is None
    with pytest.raises(ModelError, match="no level lies within"):
        eigenstate_thermalisation(spectrum, observable=measured, beta=0.1, half_width=1e-9)


def test_the_proven_time_lies_before_the_far_bath_is_felt() -> None:
    bath = Hamiltonian.uniform(Lattice.chain(9), hopping=1.0, interaction=0.5)
    composite = Composite(Hamiltonian([0.0]), bath, [Contact(0, 0, hopping=1.0)])
    times = np.linspace(0.1, 3.0, 30)
    found = compare_with_cut_bath(
        composite,
        system=SystemState.diagonal([0.0, 1.0]),
        bath=BathState.occupation(bath, 0b101010010),
        within=3,
        times=times,
    )
    assert found.keep.tolist() == [0, 1, 2, 3] and found.felt is not None
    far = lieb_robinson(composite.whole, from_=[0], to=[5, 6, 7, 8, 9])
    assert far.distance == 5 and 0.0 < far.time(1e-3) < found.felt[1]
    assert abs(far.bound(far.time())[0] - 1.0) < 1e-9
    cut = composite.with_cut_bath(found.keep)
    assert len(cut.bath.bonds) == 3 and cut.bath.sites == 9
    apart = lieb_robinson(Hamiltonian([0.0, 0.0]), from_=[0], to=[1])
    assert apart.distance is None and apart.time() == math.inf
    with pytest.raises(TypeError, match="either keep"):
        compare_with_cut_bath(composite, system=MIXED, bath=BathState.occupation(bath, 1), times=[1.0])


@cache
def results() -> list[Any]:
    """One of every kind of result."""
    evolution = eigenstate_contact().evolve([0.0, 1.0])
    exact = evolution.fluctuations(1, spectrum=chain())
    spectrum = diagonalise(CHAIN, particles=2)
    state = Sector(6, 2).random_state()
    lattice = Lattice.hexagonal(2, 2)
    return [
        lattice,
        CHAIN,
        Sector(6, 2),
        spectrum,
        chain(),
        chain().temperature(3, float(chain().energies(3)[6])),
        canonical_state(spectrum.energies, beta=0.2),
        BathState.gibbs(chain(), beta=0.1, alpha=0.2),
        BathState.occupation(CHAIN, 0b101),
        BathState.pure(CHAIN, particles=2, state=state),
        Contact(0, 1, 0.3),
        evolution.contact.composite,
        MIXED,
        evolution.contact,
        evolution,
        evolution.entropy_production(),
        exact,
        exact.distribution(),
        evolution.fluctuation_theorem(1),
        extremal_levels(CHAIN, particles=2),
        levels_near(CHAIN, particles=2, energy=1.5),
        window_state(CHAIN, particles=3, energy=3.0, width=0.8),
        lanczos_coefficients(CHAIN, particles=2, start=state, steps=3),
        evolve(CHAIN, particles=2, start=state, times=[1.0]),
        evolve_in_imaginary_time(CHAIN, particles=2, start=state, betas=[1.0]),
        echoes(CHAIN, back=CHAIN, particles=2, start=state, times=[1.0]),
        reduced_state(state, sector=Sector(6, 2), sites=[0, 3]),
        elements(spectrum, observable=observable.density(6, site=1)),
        eigenstate_thermalisation(spectrum, observable=observable.density(6, site=1), beta=0.1, half_width=1.0),
        gap_ratio(spectrum.energies),
        lieb_robinson(CHAIN, from_=[0], to=[4]),
        compare_with_cut_bath(
            evolution.contact.composite, system=MIXED, bath=evolution.contact.bath, within=1, times=[0.5, 1.0]
        ),
    ]


def test_results_are_frozen_and_pickled() -> None:
    for found in results():
        again = pickle.loads(pickle.dumps(found))
        assert again == found and type(again) is type(found)
        with pytest.raises(AttributeError):
            found.energies = 0.0
        for value in vars(found).values():
            assert not isinstance(value, np.ndarray) or not value.flags.writeable


def test_results_show_themselves() -> None:
    pytest.importorskip("matplotlib").use("Agg")
    for found in results():
        assert type(found).__name__ in found.summary() and "<table" in found._repr_html_()
        if hasattr(found, "plot"):
            assert found.plot_data() and found.plot() is not None


def test_a_pickled_distribution_of_outcomes_is_measured_again_with_the_same_bits() -> None:
    found = eigenstate_contact().evolve([1.0]).fluctuations(0, spectrum=chain())
    again = pickle.loads(pickle.dumps(found))
    assert again.distribution() == found.distribution()
    assert again.generating_function([0.3]).tobytes() == found.generating_function([0.3]).tobytes()


@pytest.mark.parametrize("threads", [2, 5])
def test_results_have_the_same_bits_for_any_number_of_threads(threads: int) -> None:
    contact = eigenstate_contact()
    one, several = (contact.evolve([1.0, 7.0], threads=n).entropy_production(threads=n) for n in (1, threads))
    assert one == several
    grid = Hamiltonian.uniform(Lattice.square(4, 4), hopping=1.0, interaction=0.1)
    ends = [extremal_levels(grid, particles=6, threads=n) for n in (1, threads)]
    assert ends[0] == ends[1]


def test_a_callback_hears_of_progress_and_can_stop() -> None:
    class Stop(Exception):
        pass

    def stop(fraction: float, what: str) -> None:
        if fraction < 1.0:
            raise Stop

    grid = Hamiltonian.uniform(Lattice.square(5, 4), hopping=1.0, interaction=0.1)
    start = Sector(20, 10).occupation_state(2**10 - 1)
    with pytest.raises(Stop):
        evolve(grid, particles=10, start=start, times=[200.0], progress=stop)


def test_arguments_are_read_as_numpy_reads_them_and_never_changed() -> None:
    start = np.eye(6)[0]
    expected = evolve(CHAIN, particles=1, start=start, times=[0.5]).states
    for given in (start.tolist(), start.astype(np.float32), start.astype(complex), start[::-1][::-1], start.astype(">c16")):
        np.testing.assert_array_equal(evolve(CHAIN, particles=1, start=given, times=[0.5]).states, expected)
    with pytest.raises(TypeError, match="start must hold real or complex numbers"):
        evolve(CHAIN, particles=1, start=["a"] * 6, times=[0.5])
    with pytest.raises(IrrevError, match="start has shape"):
        evolve(CHAIN, particles=1, start=start[None], times=[0.5])
    with pytest.raises(IrrevError, match="start holds a number that is not finite"):
        evolve(CHAIN, particles=1, start=start * math.nan, times=[0.5])
    assert start.tolist() == [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]


def test_a_drive_does_work_and_leaves_the_theorems() -> None:
    drive = Drive([0.0, 0.5, 1.0, 1.0, 2.0], contact=[0.0, 1.0, 1.0, 1.0, 0.0], system=[1.0, 1.0, 1.0, 0.4, 0.4])
    composite = Composite(SITE, CHAIN, [Contact(0, 0, 0.8)], drive)
    assert composite.with_cut_bath([0, 1]).drive == drive
    bath = BathState.gibbs(chain(), beta=0.3, alpha=0.2)
    contact = ThermalContact(composite, MIXED, bath, 0.3, 0.2)
    evolution = contact.evolve([0.0, 0.7, 2.0, 4.0], tol=1e-11)
    books = evolution.entropy_production()
    assert books.energy_residual < 1e-9 and (books.entropy_production > -1e-12).all()
    # the contact is off again: work is what system and bath gained
    gained = books.system_energy - 0.9 + books.bath_energy_change
    np.testing.assert_allclose(books.work[2:], gained[2:], atol=1e-9)
    assert books.contact_energy[3] == 0.0 and abs(books.work[3]) > 1e-3
    theorem = evolution.fluctuation_theorem(2, u=[0.3, 1.0])
    assert abs(theorem.exponential_average - 1.0) < 1e-9 and (theorem.detailed_error < 1e-9).all()
    assert pickle.loads(pickle.dumps(evolution)) == evolution
    plain = gibbs_contact(0.3, 0.2).evolve([1.0]).entropy_production()
    assert plain.work.tolist() == [0.0]
    with pytest.raises(ModelError, match="driven in time"):
        contact.short_time_coefficient()
    for wrong, message in [
        (lambda: Drive([1.0, 0.0]), "knot 1 of the drive"),
        (lambda: Drive([1.0], contact=[1.0, 2.0]), "factors of the contact"),
        (lambda: Drive([]), "number of knots"),
    ]:
        with pytest.raises(ModelError, match=message):
            wrong()
    with pytest.raises(TypeError, match="expected a Drive"):
        Composite(SITE, CHAIN, [Contact(0, 0, 0.8)], drive=[0.0, 1.0])  # type: ignore[arg-type]


def test_a_typical_state_stands_for_a_gibbs_state() -> None:
    found = typical_state(CHAIN, beta=0.3, alpha=0.2)
    exact = BathState.gibbs(chain(), beta=0.3, alpha=0.2)
    # numbers deviate from their mean by less than 4 of 6: 6 standard deviations, 2e-9
    assert abs(found.state.mean_number - exact.mean_number) < 6.0 * 4.0 * found.scatter
    assert 30.0 < found.effective_dimension < 64.0 and len(found.left_out) == 0
    assert abs(found.scatter - math.sqrt(2.0 / found.effective_dimension)) < 1e-14
    assert typical_state(CHAIN, beta=0.3, alpha=0.2, threads=3) == found
    assert typical_state(CHAIN, beta=0.3, alpha=0.2, index=1) != found
    assert pickle.loads(pickle.dumps(typical_state(CHAIN, beta=0.3, seed=9).state)) == typical_state(CHAIN, beta=0.3, seed=9).state
    books = ThermalContact(Composite(SITE, CHAIN, [Contact(0, 0, 0.8)]), MIXED, found.state, 0.3, 0.2).evolve([1.0])
    assert books.branches == 14
    with pytest.raises(ModelError, match="β of a typical state"):
        typical_state(CHAIN, beta=math.inf)


def test_the_deviation_of_an_eigenstate_has_two_parts() -> None:
    contact = eigenstate_contact()
    found = contact.deviation(1.0, spectrum=chain(), within=3)
    assert abs(found.total - found.thermalisation - found.finite_size) < 1e-14
    average = contact.evolve([1.0]).fluctuations(0).exponential_average
    assert average is not None and abs(found.total - (average - 1.0)) < 1e-11
    assert contact.deviation(1.0, spectrum=chain(), within=5).finite_size == 0.0

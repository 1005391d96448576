"""The second law from pure quantum states: temperatures of eigenstates, entropy production and its fluctuations, the law of short times, light cones."""

import json
import math
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from irrev import ModelError
from irrev.quantum import (
    BathSpectrum,
    BathState,
    Composite,
    Contact,
    Hamiltonian,
    JointEvolution,
    Lattice,
    SystemState,
    Temperature,
    ThermalContact,
    bath_spectrum,
    compare_with_cut_bath,
)
from judging import Answers, Case, Judged, Kind

from .quantum import by_key, lattice_model, off, pair, reflections, rows_off

TIGHT = 1e-14
"""Tolerance of evolutions, far below that of the cases."""

ALL_STATES = 12
"""Largest bath of which all eigenstates are kept; energies of larger ones are measured without diagonalisation."""


def part(model: Mapping[str, Any], name: str) -> Hamiltonian:
    return Hamiltonian(model[f"{name}_w"], model[f"{name}_bonds"], model[f"{name}_J"], model[f"{name}_V"])


def composite(model: Mapping[str, Any]) -> Composite:
    bonds = zip(model["I_bonds_S_B"], model["I_J"], model["I_V"], strict=True)
    return Composite(part(model, "S"), part(model, "B"), [Contact(s, b, j, v) for (s, b), j, v in bonds])


def system_state(rho: Mapping[str, Any]) -> SystemState:
    vectors = np.array(rho["phi"], dtype=float)
    return SystemState(rho["p"], vectors[..., 0] + 1j * vectors[..., 1])


def complex_list(values: list[list[float]]) -> list[complex]:
    return [complex(re, im) for re, im in values]


def matched(spectrum: BathSpectrum, particles: int, energy: float, matching: Any) -> Temperature | None:
    """The temperature, if there is a finite one."""
    try:
        found = spectrum.temperature(particles, energy, matching=matching)
    except ModelError:
        return None
    return found if found.kind == "finite" else None


def beta(case: Case) -> Answers:
    bath, particles = lattice_model(case.inputs["lattice"]), case.inputs["N"]

    def judged() -> Judged:
        spectrum = bath_spectrum(bath, states=False)
        energies = spectrum.energies(particles)
        worst = 0.0
        for row in case.expected["rows"]:
            energy = float(energies[row["k"]])
            sector, grand, fock = (matched(spectrum, particles, energy, m) for m in ("sector", "grand", "fock"))
            found = {
                "k": row["k"],
                "E": energy,
                "beta_sector": sector and sector.beta,
                "beta_grand": grand and grand.beta,
                "alpha_grand": grand and grand.alpha,
                "mu_grand": grand and grand.chemical_potential,
                "beta_fock": fock and fock.beta,
            }
            for key, expected in row.items():
                # null says that there is no finite solution, and is an answer here
                none = math.inf if (expected is None) != (found[key] is None) else 0.0
                worst = max(worst, none or off(case, key, expected, found[key]))
        return Judged(worst)

    return {"rows": judged}


def books(case: Case, evolution: JointEvolution, spectrum: BathSpectrum | None) -> list[dict[str, Any]]:
    """The rows of an evolution: what was exchanged, σ, and G at the u of the case, forward and backward."""
    found = evolution.entropy_production()
    u = complex_list(case.inputs["u"])
    largest = max(1.0, *(abs(z) for z in u))

    def generating(time: int, direction: str) -> list[list[float]]:
        paths = evolution.fluctuations(time, direction=direction, spectrum=spectrum, largest=largest)
        return [pair(g) for g in paths.generating_function(u)]

    return [
        {
            "t": found.times[k],
            "rhoS_eigs": found.populations[k],
            "dS": found.entropy_change[k],
            "dE_B": found.bath_energy_change[k],
            "dN_B": found.bath_number_change[k],
            "E_S": found.system_energy[k],
            "E_I": found.contact_energy[k],
            "E_tot": found.system_energy[k] + found.contact_energy[k] + found.bath_energy[k],
            "sigma": found.entropy_production[k],
            "G": generating(k, "forward"),
            "G_R": generating(k, "backward"),
        }
        for k in range(len(found.times))
    ]


def eigenstate_contact(case: Case, system: SystemState) -> tuple[BathSpectrum, ThermalContact]:
    """The contact with a bath in an eigenstate, at the temperature of the ensemble that the case names."""
    whole = composite(case.inputs["model"])
    spectrum = bath_spectrum(whole.bath, states=whole.bath.sites <= ALL_STATES)
    particles, index = case.inputs["N_B"], case.inputs["bath_eigen_index"]
    states = spectrum if spectrum.has_states else bath_spectrum(whole.bath, particles=particles)
    bath = BathState.eigenstate(states, particles=particles, index=index)
    temperature = spectrum.temperature(particles, bath.mean_energy, matching=case.inputs["ensemble"])
    return spectrum, ThermalContact.matched(whole, system=system, bath=bath, temperature=temperature)


def dyn(case: Case) -> Answers:
    spectrum, contact = eigenstate_contact(case, system_state(case.inputs["rho_S0"]))
    levels = spectrum.sector(case.inputs["N_B"])
    exact = spectrum if spectrum.has_states else None

    @cache
    def table() -> list[dict[str, Any]]:
        return books(case, contact.evolve(case.inputs["times"], tol=TIGHT), exact)

    def total() -> Judged:
        """One number, which every row must have."""
        return Judged(max(off(case, "E_tot", case.expected["E_tot"], row["E_tot"]) for row in table()))

    answers = {
        "E_a": lambda: contact.bath.mean_energy,
        "gap_to_neighbours": lambda: levels.gaps[case.inputs["bath_eigen_index"]],
        "beta": lambda: contact.beta,
        "alpha": lambda: contact.alpha,
    }
    return {
        **by_key(case, answers),
        "E_tot": total,
        "table": lambda: rows_off(case, case.expected["table"], table()),
    }


def gibbs(case: Case) -> Answers:
    whole = composite(case.inputs["model"])
    spectrum = bath_spectrum(whole.bath)
    at = (case.inputs["beta"], case.inputs["alpha"])
    bath = BathState.gibbs(spectrum, beta=at[0], alpha=at[1])
    contact = ThermalContact(whole, system_state(case.inputs["rho_S0"]), bath, *at)

    def rows() -> list[dict[str, Any]]:
        return books(case, contact.evolve(case.inputs["times"], tol=TIGHT), spectrum)

    return {"rows": lambda: rows_off(case, case.expected["rows"], rows())}


def c2(case: Case) -> Answers:
    _, contact = eigenstate_contact(case, SystemState.diagonal(case.inputs["rho_S0_diag"]))
    answers = {
        "beta": lambda: contact.beta,
        "alpha": lambda: contact.alpha,
        "c2": contact.short_time_coefficient,
    }
    return by_key(case, answers)


@cache
def grid_spectrum(bath: str, particles: int | None) -> BathSpectrum:
    """All levels of a grid by its reflections, or the eigenstates of one sector; several cases share them."""
    given = json.loads(bath)
    generators = reflections(given["nx"], given["ny"])
    return bath_spectrum(grid(given), particles=particles, symmetries=generators, states=particles is not None)


def grid(bath: Mapping[str, Any]) -> Hamiltonian:
    lattice = Lattice.square(bath["nx"], bath["ny"], periodic=bool(bath["periodic"]))
    return Hamiltonian.uniform(lattice, hopping=bath["J"], interaction=bath["V"], energy=bath["w"])


def seed44(case: Case) -> Answers:
    given, particles = case.inputs["bath"], case.inputs["N_B"]
    contacts = [Contact(0, site, hopping=case.inputs["J_contact"]) for site in case.inputs["contacts"]]
    whole = Composite(Hamiltonian([case.inputs["w_S"]]), grid(given), contacts)
    name = json.dumps(given, sort_keys=True)
    states = grid_spectrum(name, particles)
    bath = BathState.eigenstate(states, particles=particles, index=case.inputs["bath_eigen_index"])
    system = SystemState.diagonal(case.inputs["rho_S0_diag"])
    grand = grid_spectrum(name, None).temperature(particles, bath.mean_energy)
    sector = states.temperature(particles, bath.mean_energy, matching="sector")

    def rows() -> list[dict[str, Any]]:
        times = [row["t"] for row in case.expected["table"]]
        found: list[dict[str, Any]] = [{"t": t} for t in times]
        for name, temperature in (("grand", grand), ("sector", sector)):
            contact = ThermalContact.matched(whole, system=system, bath=bath, temperature=temperature)
            evolution = contact.evolve(times, tol=TIGHT)
            kept = evolution.entropy_production()
            for k, row in enumerate(found):
                row["n_S"] = kept.system_number[k]
                row["dS"] = kept.entropy_change[k]
                row["dE_B"] = kept.bath_energy_change[k]
                row["dN_B"] = kept.bath_number_change[k]
                row[f"sigma_{name}"] = kept.entropy_production[k]
                row[f"expm_sigma_{name}"] = evolution.fluctuations(k, largest=1.0).exponential_average
        return found

    answers = {
        "E_a": lambda: bath.mean_energy,
        "beta": lambda: grand.beta,
        "alpha": lambda: grand.alpha,
        "beta_sector": lambda: sector.beta,
    }
    return {**by_key(case, answers), "table": lambda: rows_off(case, case.expected["table"], rows())}


def lightcone(case: Case) -> Answers:
    whole, p = composite(case.inputs["model"]), case.inputs["p1"]

    def rows() -> list[dict[str, Any]]:
        found = compare_with_cut_bath(
            whole,
            system=SystemState.diagonal([1.0 - p, p]),
            bath=BathState.occupation(whole.bath, int(case.inputs["bath_state"])),
            keep=case.inputs["keep"],
            times=case.inputs["times"],
            tol=TIGHT,
        )
        full, cut = found.whole[:, 1, 1].real, found.cut[:, 1, 1].real
        return [
            {"t": t, "nS_full": n, "nS_cut": m, "diff": abs(n - m)}
            for t, n, m in zip(found.times, full, cut, strict=True)
        ]

    return {"rows": lambda: rows_off(case, case.expected["rows"], rows())}


KINDS: dict[str, Kind] = {
    "beta": beta,
    "dyn": dyn,
    "gibbs": gibbs,
    "c2": c2,
    "seed44": seed44,
    "lightcone": lightcone,
}

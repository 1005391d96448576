"""Spins on a square lattice: transfer entropy in equilibrium, and information flow from a driven spin."""

from irrev.ising import driven_lattice, lattice_equilibrium
from judging import Answers, Case, Kind


def equilibrium(case: Case) -> Answers:
    """Rows over temperatures."""
    shape, coupling = (case.inputs["Lx"], case.inputs["Ly"]), case.inputs["J"]

    def row(expected: dict[str, float]) -> dict[str, float]:
        found = lattice_equilibrium(shape, coupling=coupling, temperature=expected["T"])
        known = {
            "T": expected["T"],
            "te_pair_per_step": found.pair_per_step,
            "te_global_per_step": found.global_per_step,
            "te_pair_per_sweep": found.pair_per_sweep,
            "te_global_per_sweep": found.global_per_sweep,
            "nn_mutual_information": found.neighbour_information,
            "energy_per_site": found.energy_per_site,
            "mean_abs_magnetisation": found.mean_absolute_magnetization,
        }
        return {key: known[key] for key in expected}

    return {"rows": lambda: [row(expected) for expected in case.expected["rows"]]}


def driven(case: Case) -> Answers:
    """Spin 0 flips by itself."""
    given = case.inputs
    found = driven_lattice(
        (given["Lx"], given["Ly"]), coupling=given["J"], temperature=given["T"], input_rate=given["input_flip_rate"]
    )
    return {
        "partial_epr": lambda: found.partial_entropy_production_rate,
        "epr": lambda: found.entropy_production_rate,
        "information_flow_input": lambda: found.information_flow[0],
        "information_flow_rest": lambda: found.information_flow_of_the_rest,
        "environment_flow_rest": lambda: found.environment_flow[1:].sum(),
        "mutual_information_with_input": lambda: found.information_about_input[1:],
        "mean_energy_flow_check": lambda: found.partial_entropy_production_rate[1:].sum(),
    }


KINDS: dict[str, Kind] = {"ising_te": equilibrium, "ising_driven": driven}

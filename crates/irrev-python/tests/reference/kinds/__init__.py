"""All kinds of reference cases, by name. Each file evaluates the kinds of one subject and lists them in `KINDS`."""

from judging import Answers, Case, Kind, Sampler

from . import (
    baths,
    bounds,
    continuous,
    driven,
    information,
    ising,
    jump_network,
    jump_process,
    landscape,
    large_networks,
    lattices,
    limits,
    linear_processes,
    memory,
    molecules,
    parts,
    passage,
    quantum,
    quantum_thermodynamics,
    reactions,
    recorded,
    relaxation,
    sampled,
    spikes,
    transport,
)


def hierarchy(case: Case) -> Answers:
    """Two subjects have a kind of this name: hidden coordinates, and interactions in a joint distribution on axes of given sizes."""
    return parts.log_linear(case) if "dims" in case.inputs else memory.hierarchy(case)


KINDS: dict[str, Kind] = {
    **jump_network.KINDS,
    **baths.KINDS,
    **relaxation.KINDS,
    **bounds.KINDS,
    **jump_process.KINDS,
    **driven.KINDS,
    **passage.KINDS,
    **reactions.KINDS,
    **molecules.KINDS,
    **information.KINDS,
    **linear_processes.KINDS,
    **parts.KINDS,
    **transport.KINDS,
    **limits.KINDS,
    **ising.KINDS,
    **large_networks.KINDS,
    **lattices.KINDS,
    **spikes.KINDS,
    **quantum.KINDS,
    **quantum_thermodynamics.KINDS,
    **landscape.KINDS,
    **memory.KINDS,
    **continuous.KINDS,
    **recorded.KINDS,
    "hierarchy": hierarchy,
}

SAMPLERS: dict[str, Sampler] = {**sampled.SAMPLERS, **molecules.SAMPLERS}
"""Kinds whose answers trajectories know, too."""

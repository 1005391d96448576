"""All kinds of reference cases, by name. Each file evaluates the kinds of one subject and lists them in `KINDS`."""

from judging import Kind, Sampler

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
    limits,
    linear_processes,
    memory,
    molecules,
    parts,
    passage,
    quantum,
    quantum_thermodynamics,
    reactions,
    relaxation,
    sampled,
    spikes,
    transport,
)

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
    **spikes.KINDS,
    **quantum.KINDS,
    **quantum_thermodynamics.KINDS,
    **landscape.KINDS,
    **memory.KINDS,
    **continuous.KINDS,
}

SAMPLERS: dict[str, Sampler] = {**sampled.SAMPLERS, **molecules.SAMPLERS}
"""Kinds whose answers trajectories know, too."""

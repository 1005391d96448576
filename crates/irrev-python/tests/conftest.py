"""Systems that several tests ask about."""

import numpy as np
import pytest

from irrev.network import Energetics, MarkovJump, Network, Reservoir


@pytest.fixture
def ring() -> MarkovJump:
    return MarkovJump.from_rates(3, [(0, 1, 2.0, 0.5), (1, 2, 3.0, 1.0), (2, 0, 1.5, 0.25)])


@pytest.fixture
def p() -> np.ndarray:
    return np.array([0.5, 0.3, 0.2])


@pytest.fixture
def dot() -> tuple[MarkovJump, Energetics]:
    """A level between two leads at different temperatures and chemical potentials, rates by Fermi's rule."""
    network = Network(
        ["empty", "filled"],
        reservoirs=["hot", "cold"],
        channels=[("hot lead", "empty", "filled", "hot"), ("cold lead", "empty", "filled", "cold")],
        subsystems={"level": ["empty", "filled"]},
    )
    energetics = Energetics(
        network,
        energies=[0.0, 2.0],
        reservoirs=[Reservoir(2.0, 0.0), Reservoir(0.5, 1.2)],
        numbers=[0, 1],
    )
    from irrev.network import Fermi

    rates = [Fermi(1.0).rates(energetics, edge=e) for e in ("hot lead", "cold lead")]
    process = MarkovJump(network, forward_rate=[r[0] for r in rates], backward_rate=[r[1] for r in rates])
    return process, energetics


def large_ring(states: int, seed: int = 1) -> MarkovJump:
    """Ring with chords of random rates."""
    rng = np.random.default_rng(seed)
    i = np.arange(states)
    channels = np.concatenate([np.stack([i, (i + 1) % states], 1), np.stack([i, (i + 7) % states], 1)])
    return MarkovJump.from_rates(states, channels, rng.random(len(channels)) + 0.1, rng.random(len(channels)) + 0.1)

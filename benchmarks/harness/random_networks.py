"""Random jump processes with random distributions on them, and what may be done to them without changing a distance."""

from dataclasses import dataclass

import numpy as np

Channel = tuple[int, int, float, float]


@dataclass(frozen=True)
class Process:
    """States and channels (x, y, rate x → y, rate y → x); several channels may join the same pair."""

    states: int
    channels: list[Channel]


def process(random: np.random.Generator, states: int, balanced: bool) -> Process:
    """A random tree with up to 1.5 further edges per state; in every second network some pairs have two or three channels.

    Rates are log-normal with a width from 1 to 1.5: independent both ways, or, with detailed balance, of the form exp(s ± (E_x − E_y)/2) with one energy per
    state and one s per channel.
    """
    width = random.uniform(1.0, 1.5)
    pairs = {(int(random.integers(y)), y) for y in range(1, states)}
    for _ in range(int(random.uniform(0.0, 1.5) * states)):
        x, y = sorted(map(int, random.choice(states, 2, replace=False)))
        pairs.add((x, y))
    share = 0.3 if random.random() < 0.5 else 0.0
    energy = random.normal(0.0, width, states)
    channels = []
    for x, y in sorted(pairs):
        for _ in range(int(random.integers(2, 4)) if random.random() < share else 1):
            if balanced:
                speed, half = random.normal(0.0, width), (energy[x] - energy[y]) / 2
                rates = (speed + half, speed - half)
            else:
                rates = tuple(random.normal(0.0, width, 2))
            channels.append((x, y, float(np.exp(rates[0])), float(np.exp(rates[1]))))
    return Process(states, channels)


def relabelled(given: Process, order: np.ndarray, random: np.random.Generator) -> Process:
    """State x becomes order[x]; channels come in another sequence, and half of them are written the other way round."""
    moved = []
    for k in random.permutation(len(given.channels)):
        x, y, forward, backward = given.channels[k]
        a, b = int(order[x]), int(order[y])
        moved.append((a, b, forward, backward) if random.random() < 0.5 else (b, a, backward, forward))
    return Process(given.states, moved)


def product(a: Process, b: Process) -> Process:
    """Both at once, each jumping on its own; state (x, y) has the index x · b.states + y."""
    of_a = [(x * b.states + z, y * b.states + z, forward, backward) for x, y, forward, backward in a.channels for z in range(b.states)]
    of_b = [(z * b.states + x, z * b.states + y, forward, backward) for x, y, forward, backward in b.channels for z in range(a.states)]
    return Process(a.states * b.states, of_a + of_b)


def interior(random: np.random.Generator, states: int) -> np.ndarray:
    """Dirichlet with all parameters 1: uniform on the simplex."""
    return random.dirichlet(np.ones(states))


def on_a_face(random: np.random.Generator, states: int, occupied: int) -> np.ndarray:
    """As many occupied states as said, the others empty; one is a point mass."""
    p = np.zeros(states)
    p[random.choice(states, occupied, replace=False)] = interior(random, occupied)
    return p

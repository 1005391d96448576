"""Jump processes as the simulation cases write them: pairs of rates, and one-way channels."""

from collections.abc import Mapping
from typing import Any

from irrev.network import MarkovJump, Network


def process(inputs: Mapping[str, Any]) -> MarkovJump:
    """Pairs first, in their order, then the directed edges as channels without reverse."""
    states = [str(i) for i in range(inputs["states"])]
    rows = [
        (f"pair {i}: {p.get('id', '')}", p["a"], p["b"], p["kf"], p["kr"])
        for i, p in enumerate(inputs.get("pairs", []))
    ]
    rows += [
        (f"one way {i}: {e['a']}->{e['b']}", e["a"], e["b"], e["rate"], 0.0)
        for i, e in enumerate(inputs.get("directed_edges", []))
    ]
    network = Network(states, channels=[(name, states[a], states[b]) for name, a, b, _, _ in rows])
    return MarkovJump(network, forward_rate=[row[3] for row in rows], backward_rate=[row[4] for row in rows])

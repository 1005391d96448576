"""The generator of the reference files, the same in any language: splitmix64."""

import math

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Spins = npt.NDArray[np.int8]

WORD = (1 << 64) - 1


class SplitMix:
    """state += golden ratio; the output is the state, mixed twice."""

    def __init__(self, seed: int) -> None:
        self.state = seed & WORD

    def u64(self) -> int:
        self.state = (self.state + 0x9E3779B97F4A7C15) & WORD
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & WORD
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & WORD
        return z ^ (z >> 31)

    def uniform(self) -> float:
        """53 bits in [0, 1)."""
        return (self.u64() >> 11) * 2.0**-53

    def normal(self) -> float:
        """Box and Muller's cosine; the sine is dropped."""
        radius = math.sqrt(-2.0 * math.log(1.0 - self.uniform()))
        return radius * math.cos(2.0 * math.pi * self.uniform())


def instance(spins: int, mean: float, spread: float, seed: int, half_width: float) -> tuple[Numbers, Numbers]:
    """Fields, uniform in ± half_width, then couplings J₀/N + ΔJ z/√N row by row."""
    source = SplitMix(seed)
    fields = [half_width * (2.0 * source.uniform() - 1.0) for _ in range(spins)]
    couplings = [
        [mean / spins + spread * source.normal() / math.sqrt(spins) for _ in range(spins)] for _ in range(spins)
    ]
    return np.array(fields), np.array(couplings)


def parallel_updates(fields: Numbers, couplings: Numbers, seed: int, rows: int) -> Spins:
    """States from random spins on, one row each; a spin is +1 if its uniform number is below 1/(1 + e^{-2h})."""
    source, spins = SplitMix(seed), len(fields)
    states = np.empty((rows, spins), np.int8)
    states[0] = [1 if source.uniform() < 0.5 else -1 for _ in range(spins)]
    for row in range(1, rows):
        h = fields + couplings @ states[row - 1]
        states[row] = [1 if source.uniform() < 1.0 / (1.0 + math.exp(-2.0 * x)) else -1 for x in h]
    return states


def fnv1a(states: npt.NDArray[np.bool_]) -> str:
    """64-bit FNV-1a over a byte per spin, row by row: 1 for +1, 0 for -1; as 16 hexadecimal digits."""
    found = 0xCBF29CE484222325
    for byte in states.astype(np.uint8).tobytes():
        found = ((found ^ byte) * 0x100000001B3) & WORD
    return f"{found:016x}"

"""Options of long computations: threads, memory and progress."""

import os
import sys
import time
from collections.abc import Callable
from functools import cache
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from irrev.exceptions import LimitError

if TYPE_CHECKING:
    from irrev._core import Model

Progress: TypeAlias = bool | Callable[[float, str], object] | None
"""Who is told about progress: None, a line on a terminal if it takes longer than a second; True, a line in any case; False, nobody; or a
function of (fraction, what), called about forty times a second at most."""

Options: TypeAlias = tuple[int, int, int, Callable[[float, str], object] | None]


class _Line:
    """One line on stderr, rewritten as the work goes on."""

    def __init__(self, delay: float) -> None:
        self.begin = time.monotonic()
        self.delay = delay
        self.shown = False

    def __call__(self, fraction: float, what: str) -> None:
        if time.monotonic() - self.begin < self.delay:
            return
        self.shown = True
        sys.stderr.write(f"\r{what}: {100 * fraction:3.0f} %")
        if fraction >= 1.0:
            sys.stderr.write("\n")
        sys.stderr.flush()


@cache
def memory_limit() -> int:
    """Default of `memory_limit`: four fifths of the memory of the machine, or of the container, in bytes."""
    limits = []
    try:
        limits.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, ValueError, OSError):
        pass
    for place in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            limits.append(int(Path(place).read_text()))
        except (OSError, ValueError):
            pass
    return min([*limits, 2**63 - 1]) // 5 * 4


def require_memory(what: str, needed: int) -> None:
    """Refuses arrays of more bytes than the default limit of memory."""
    if needed > (limit := memory_limit()):
        raise LimitError(f"{what} need about {needed / 1e9:.3g} GB of memory, the limit is {limit / 1e9:.3g} GB")


def chosen_seed(seed: int | None, model: "Model | None") -> int:
    """The seed that was given, or that of the model file, or 1."""
    asked = None if model is None else model.seed
    return seed if seed is not None else asked if asked is not None else 1


def options(*, threads: int = 0, memory: int | None = None, progress: Progress = None, seed: int = 1) -> Options:
    """(seed, threads, memory limit, callback) as the extension takes them."""
    for name, value in (("threads", threads), ("memory_limit", memory), ("seed", seed)):
        if value is not None and not 0 <= index(value) < 2**63:
            raise ValueError(f"{name} is {value}, expected a whole number from 0 (threads: 0 for all cores)")
    callback: Callable[[float, str], object] | None
    if progress is None:
        callback = _Line(1.0) if sys.stderr is not None and sys.stderr.isatty() else None
    elif isinstance(progress, bool):
        callback = _Line(0.0) if progress else None
    elif callable(progress):
        callback = progress
    else:
        raise TypeError("progress must be None, a bool, or a function of (fraction, what)")
    return seed, threads, memory_limit() if memory is None else memory, callback

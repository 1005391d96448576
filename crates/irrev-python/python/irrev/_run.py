"""Options of long computations: threads, memory and progress."""

import os
import sys
import time
from collections.abc import Callable
from typing import TypeAlias

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


def memory_limit() -> int:
    """Default of `memory_limit`: four fifths of the machine's memory, in bytes."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 5 * 4
    except (AttributeError, ValueError, OSError):
        return 2**63 - 1


_DEFAULT_MEMORY = memory_limit()


def options(*, threads: int = 0, memory: int | None = None, progress: Progress = None, seed: int = 1) -> Options:
    """(seed, threads, memory limit, callback) as the extension takes them."""
    if threads < 0:
        raise ValueError(f"threads is {threads}, expected 0 (all cores) or more")
    callback: Callable[[float, str], object] | None
    if progress is None:
        callback = _Line(1.0) if sys.stderr is not None and sys.stderr.isatty() else None
    elif isinstance(progress, bool):
        callback = _Line(0.0) if progress else None
    elif callable(progress):
        callback = progress
    else:
        raise TypeError("progress must be None, a bool, or a function of (fraction, what)")
    return seed, threads, _DEFAULT_MEMORY if memory is None else memory, callback

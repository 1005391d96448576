"""What the figures were measured on and with: no names of machines, users or folders."""

import os
import subprocess
from importlib.metadata import version
from pathlib import Path


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "unknown processor")


def memory_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def said_by(*words: str, folder: Path) -> str:
    try:
        return subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def description(root: Path) -> dict[str, str]:
    """Processor, cores, memory, kernel, and the versions of everything that was timed."""
    revision = said_by("git", "rev-parse", "--short", "HEAD", folder=root)
    # results of an earlier run do not make the sources different
    changed = said_by("git", "status", "--porcelain", "--", "crates", "benchmarks/src", "Cargo.lock", folder=root)
    system = os.uname()
    return {
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{memory_bytes() / 2**30:.0f} GiB",
        "system": f"{system.sysname} {system.release.split('-')[0]} {system.machine}",
        "irrev": f"{revision}{' with changes not committed' if changed else ''}",
        "rustc": said_by("rustc", "--version", folder=root).split(" (")[0].removeprefix("rustc "),
        "Python": said_by("python3", "--version", folder=root).removeprefix("Python "),
        **{package: version(package) for package in ("numpy", "scipy", "pyamg", "rebop", "libroadrunner", "ortools", "POT", "networkx", "graphot")},
    }

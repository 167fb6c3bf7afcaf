"""How much memory the process holds, by what Linux tells of it; NaN elsewhere."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def resident() -> float:
    """Return the bytes of memory that the process holds."""
    return status("VmRSS:")


def highest() -> float:
    """Return the most bytes of memory that the process has held so far, or since `forget_highest`."""
    return status("VmHWM:")


def forget_highest() -> None:
    """Have `highest` count from now on, where the system allows it."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def status(name: str) -> float:
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return float("nan")
    return next((float(line.split()[1]) * 1024 for line in lines if line.startswith(name)), float("nan"))

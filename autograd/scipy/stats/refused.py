"""What is said of SciPy's distributions that are not there for Values."""

from __future__ import annotations

from typing import Any

from ..passing import missing
from .modules import DISTRIBUTIONS


def __getattr__(name: str) -> Any:
    here = str(__package__)
    if name.startswith("__"):  # which Python and its tools look for
        raise AttributeError(f"module {here!r} has no attribute {name!r}", name=name)
    there = ", ".join(sorted(DISTRIBUTIONS))
    raise missing(here, name, (), f"for Values there are {there}; for plain numbers take scipy.stats")

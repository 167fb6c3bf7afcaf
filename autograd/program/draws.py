"""Random numbers that a function draws from generators which it reads from outside.

What it draws would be part of the program that is recorded. Where a decision hangs on it, two calls may well
do the same: so the generators are looked at, and not the results alone.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from pickle import dumps
from types import ModuleType
from typing import Any

from .visiting import Visit

_NAMES = {"random", "numpy.random", "rvs"}
"""How code names what draws from a generator that all share; `rvs` is that of SciPy's distributions."""


def generators(visit: Visit) -> list[Any]:
    """Return the generators of random numbers that were visited, and the modules with one that were named."""
    reads = visit.reads
    named = not _NAMES.isdisjoint(reads.names | reads.attributes | reads.modules)
    shared = [random, sys.modules.get("numpy.random")] if named else []
    return [thing for thing in (*visit.things, *shared) if _is_generator(thing)]


def states(generators: Sequence[Any]) -> list[bytes]:
    """Return what tells the state of each generator."""
    return [_state(generator) for generator in generators]


def _is_generator(thing: Any) -> bool:
    kind = type(thing)
    if issubclass(kind, random.Random):
        return not issubclass(kind, random.SystemRandom)
    if kind is ModuleType:
        return thing is random or thing is sys.modules.get("numpy.random")
    return str(kind.__module__).startswith("numpy.random")


def _state(generator: Any) -> bytes:
    if isinstance(generator, random.Random) or generator is random:
        return dumps(generator.getstate())
    if hasattr(generator, "get_state"):  # NumPy's older one, and its module
        return dumps(generator.get_state())
    return dumps(getattr(getattr(generator, "bit_generator", generator), "state", None))

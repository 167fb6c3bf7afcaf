"""What tests of single calls as machine code have in common."""

from __future__ import annotations

import gc
import struct
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import compile
from autograd.program import ways
from autograd.program.ways import nowhere

Function = Callable[..., Any]


def bits(x: Any) -> Any:
    """What tells floats from each other: the bits, all NaN alike; and containers by those of their parts."""
    if isinstance(x, float):
        return struct.pack("<d", x) if x == x else "nan"
    if isinstance(x, np.ndarray):
        return "array", x.shape, str(x.dtype), [bits(y) for y in x.ravel().tolist()]
    if isinstance(x, (list, tuple)):
        return type(x), [bits(y) for y in x]
    if isinstance(x, dict):
        return [(key, bits(y)) for key, y in x.items()]
    return x


def both(f: Function, argnums: Any = 0) -> tuple[Any, Any]:
    """A function compiled to Python and to machine code."""
    return compile(f, argnums, backend="python"), compile(f, argnums, backend="llvm")


def outcome(function: Function, *args: Any, **kwargs: Any) -> Any:
    """The bits of a result, or the error and what it says."""
    try:
        return bits(function(*args, **kwargs))
    except Exception as error:
        return type(error), str(error)


def chain_of(fast: Any, mode: str) -> Function:
    """The first way alone, which gives None where it hands on."""
    return ways.chained(fast._modes[mode]._ways[:1], nowhere)


def leaks(call: Callable[[], Any], times: int = 3000) -> int:
    """How many blocks of memory calls leave behind."""
    call()
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(times):
        call()
    gc.collect()
    return sys.getallocatedblocks() - before

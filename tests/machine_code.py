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


def leaks(call: Callable[[], Any], times: int = 300) -> int:
    """How many blocks of memory calls leave behind."""
    call()
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(times):
        call()
    gc.collect()
    return sys.getallocatedblocks() - before


def sum_of(*args: Any, **kwargs: Any) -> Any:
    """A function of any structure: a sum of squares of all numbers in it, each times another factor."""
    numbers: list[Any] = []

    def take(x: Any) -> None:
        if isinstance(x, (list, tuple, dict)):
            for y in x.values() if isinstance(x, dict) else x:
                take(y)
        elif isinstance(x, np.ndarray):
            for y in x.ravel():
                take(y)
        elif not (x is None or isinstance(x, (bool, str, int))):
            numbers.append(x)

    for arg in (*args, *kwargs.values()):
        take(arg)
    return sum(x * x * (i + 1.5) for i, x in enumerate(numbers))


ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "a float": (3.0,),
    "floats": (3.0, 4.0, -1.5, 2.0, 7.0, 8.0),
    "an array": (np.linspace(1.0, 2.0, 20),),
    "arrays and floats": (np.arange(3.0), 2.0, np.arange(6.0).reshape(2, 3), -4.0),
    "an array without numbers": (1.5, np.zeros((0, 3))),
    "a list": ([1.0, 2.0, 3.0],),
    "nested": ([1.0, (2.0, 3.0)], ((), [np.arange(2.0)]), 4.0),
    "a dict": ({"a": 1.0, 2: [3.0, np.arange(4.0)], "c": {}}, {"x": 5.0, "n": None}),
    "constants": (1.0, None, True, False, "text", 1000),
}

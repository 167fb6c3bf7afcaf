"""What tests of calls of functions with loops as machine code have in common."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from machine_code import Function, bits, both, chain_of

from autograd.program.loops.program import LoopProgram


def program_of(fast: Any, mode: str, path: int = 0) -> Any:
    """The program of a path, in a mode, of the last recording."""
    return fast._recordings.latest().paths[path].derived(mode).program


def in_mode(fast: Any, mode: str) -> Function:
    """The function itself, or one of its derivatives."""
    function: Function = fast if mode == "value" else getattr(fast, mode)
    return function


def check(f: Function, argnums: Any, mode: str, *args: Any, loops: bool = True) -> Any:
    """Hold machine code against Python, and return what was compiled to machine code."""
    python, machine = both(f, argnums)
    wanted, found = in_mode(python, mode)(*args), in_mode(machine, mode)(*args)
    if machine._recordings.latest().paths[0].products.get(mode) is not None:
        # It runs as a batch, which rounds otherwise.
        np.testing.assert_allclose(found, wanted, rtol=1e-13)
        return machine
    assert bits(found) == bits(wanted)
    assert isinstance(program_of(machine, mode), LoopProgram) or not loops
    assert bits(chain_of(machine, mode)(*args)) == bits(wanted)
    return machine


def rosenbrock(x: Any) -> Any:
    """A function whose loop reads an array at two places in each turn."""
    return sum(100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2 for i in range(len(x) - 1))


def root(x: Any) -> Any:
    """The square root by Newton's method, in an open number of turns."""
    y = x
    while abs(y * y - x) > 1e-12 * x:
        y = 0.5 * (y + x / y)
    return y


def open_points(count: int, seed: int = 5) -> list[float]:
    """Points at which loops have different numbers of turns."""
    draw = random.Random(seed)
    return [draw.uniform(0.01, 900.0) for _ in range(count)]

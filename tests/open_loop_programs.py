"""Programs with a loop that a guard ends, for tests of the ways in which many points go through them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from loop_writers import path_of

from autograd import math
from autograd.program.kernels import Batch
from autograd.program.loops.program import LoopProgram
from autograd.program.paths import RecordedPath

STARTS = (1.0, 1.2, 1.5, 2.0, 2.2, 2.9, 3.0, 4.1, 5.0, 8.0, 11.0, 20.0, 28.0)


def carrying(x: Any, y: Any) -> Any:
    """Carry numbers on from two turns before, and use those of the last turn."""
    last = before = x
    total = 0.0
    while x < 50.0:
        last, before = x, last
        x = x * 1.07 + 0.01 * before * y + 0.1 * math.sqrt(x * before)
        total = total + x * last
    return total * x + last * before


def in_the_middle(x: Any, y: Any) -> Any:
    """End a loop in the middle of a turn."""
    while True:
        y = y * 0.9 + 0.01 * x
        if x + y > 40.0:
            break
        x = x * 1.1 + y * y
    return x * y


def opened(f: Callable[..., Any]) -> RecordedPath:
    """The path of a function for all numbers of turns but one."""
    path = path_of(f, 0.9, 0.5)
    for x in STARTS:
        path.takes_in(path_of(f, x, 0.5))
    return path


def program_of(path: RecordedPath, mode: str) -> LoopProgram:
    program = path.derived(mode).program
    assert isinstance(program, LoopProgram)
    assert program.open is not None
    assert len(program.open.known) > 5
    return program


def points() -> Any:
    """Points of which some have a number of turns that is not known."""
    x = np.array([*STARTS, 0.9, *np.linspace(0.7, 60.0, 60), np.nan, np.inf, -1.0, 0.0, 1.3, 1.31, 1.32])
    return np.stack([x, np.full(len(x), 0.5)], axis=1)


def results(kernel: Any, program: LoopProgram, rows: Any) -> tuple[Any, Any]:
    count = len(rows)
    out, valid, suspect = (
        np.full((count, len(program.outputs)), 99.0),
        np.zeros(count, bool),
        np.ones(count, bool),
    )
    kernel(Batch(count, [rows], [out], [False], valid, suspect))
    return out, valid & ~suspect


def meant(program: LoopProgram, rows: Any) -> list[list[float] | None]:
    found: list[list[float] | None] = []
    for row in rows.tolist():
        try:
            found.append(program.run(row))
        except (ArithmeticError, ValueError):
            found.append(None)
    return found


def assert_as_meant(found: tuple[Any, Any], program: LoopProgram, rows: Any) -> None:
    out, good = found
    expected = meant(program, rows)
    assert good.tolist() == [run is not None for run in expected]
    assert 10 < sum(good) < len(good) - 3
    for row, run in zip(out.tolist(), expected, strict=True):
        assert run is None or row == run

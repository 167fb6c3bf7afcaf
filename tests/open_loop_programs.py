"""Programs with a loop that a guard ends, for tests of the ways in which many points go through them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from loop_writers import path_of

from autograd import math
from autograd.program.kernels import Batch
from autograd.program.loops.program import Element, LoopProgram, Open
from autograd.program.paths import RecordedPath
from autograd.program.straight_line.program import Node

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


def near_the_end(x: Any, y: Any) -> Any:
    """Do in a turn what would raise, or turn out otherwise, in one more."""
    total = 0.0
    while x < 50.0:
        total = total + math.sqrt(51.5 - x)
        if x > 50.2 or math.sqrt(50.5 - x) > 9.0:
            total = total + y
        x = x * 1.07 + 0.01 * y
    return total * x


CASES = [(f, mode) for f in (carrying, in_the_middle) for mode in ("value", "value_and_grad", "hessian")]
CASES += [(near_the_end, "value"), (near_the_end, "value_and_grad")]
"""Functions, and modes of which they have programs with an open loop."""


def waiting() -> LoopProgram:
    """A program whose second loop goes through the first one backward, and stores beside what is there."""
    program = LoopProgram(["x"])
    program.arrays = [9, 10]
    program.number(0.5)
    program.nodes += [Node("loop", (), 9.0), Node("phi", (0, 5)), Node("<", (3, 1))]
    program.nodes += [Node("*", (3, 1)), Node("store", (5,)), Node("end"), Node("<", (5, 1))]
    program.nodes += [Node("store", (1,)), Node("loop", (), 9.0), Node("element"), Node("*", (11, 11))]
    program.nodes += [Node("store", (12,)), Node("end"), Node("element"), Node("+", (15, 12))]
    program.guards = {4: False, 8: True}
    program.elements = {6: Element(0, 0, 1), 9: Element(1, 0), 11: Element(0, 8, -1)}
    program.elements |= {13: Element(1, 1, 1), 15: Element(1, 0)}
    program.outputs = (16,)
    program.open = Open(2, 4, {1, 2, 3, 5, 6, 8, 9}, 0, {2: 1, 10: 1, 11: 1})
    return program


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

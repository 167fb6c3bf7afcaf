"""Straight-line programs for tests: of functions and of single operations, and how their results compare."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd.derivatives.variables import variable
from autograd.program.straight_line.program import Program, computed
from autograd.program.straight_line.simplify import simplified, watched
from autograd.program.straight_line.sweeps import with_gradient
from autograd.program.tracing import Trace


def recorded(f: Callable[..., Any], *inputs: float) -> Program:
    """The program of a function, as it was recorded."""
    variables: list[Any] = [variable(float(x)) for x in inputs]
    trace = Trace(f, variables, lambda: f(*variables))
    return trace.program([f"x{i}" for i in range(len(inputs))], [])


def with_derivatives(f: Callable[..., Any], *inputs: float) -> Program:
    """The program of a function and its gradient."""
    return simplified(with_gradient(recorded(f, *inputs), range(len(inputs))))


def of_one(op: str, count: int, ieee: bool = False) -> Program:
    """The program of one operation."""
    program = Program([f"x{i}" for i in range(count)])
    program.outputs = (program.add(op, *range(count), ieee=ieee),)
    return program


def at_point(program: Program, point: Sequence[float]) -> tuple[list[float], bool, bool]:
    """The outputs at a point, whether all guards hold there, and whether it is suspect."""
    values: list[Any] = list(map(float, point))
    holds, suspect = True, False
    looked_at = watched(program)
    for place in range(len(values), len(program.nodes)):
        node = program.nodes[place]
        values.append(computed(node._replace(ieee=True), [values[i] for i in node.operands]))
        holds &= values[place] is program.guards.get(place, values[place])
        suspect |= place in looked_at and not math.isfinite(values[place])
    return [values[i] for i in program.outputs], holds, suspect


def same(x: float, y: float, ulps: float = 0.0) -> bool:
    """Say whether numbers are equal, and zeros of the same sign, but for so many units in the last place."""
    if x != x or y != y:
        return x != x and y != y
    if x == y:
        return x != 0.0 or math.copysign(1.0, x) == math.copysign(1.0, y)
    return math.isfinite(x) and math.isfinite(y) and abs(x - y) <= ulps * math.ulp(y)


def arithmetic(x: Any, y: Any, z: Any) -> Any:
    """A function whose derivatives are sums and products too, so that they come out alike to the last bit."""
    s = x * y - z
    return s * s * (x + 2.0 * z) - y * (s - 0.5)


def branching(x: Any, y: Any) -> Any:
    """A function of three paths."""
    z = x * y
    if z > 2.0:
        return z * z + x
    return z - y if x < y else z * x + y


def uniform(count: int, columns: int) -> Any:
    """The same points each time."""
    return np.random.default_rng(count).uniform(-3.0, 3.0, (count, columns))


def views(rows: int, columns: int) -> list[Any]:
    """Arrays of one shape that lie in memory in different ways."""
    wide = np.zeros((3 * rows, 2 * columns))
    return [
        np.zeros((rows, columns)),
        np.zeros((columns, rows)).T,
        np.zeros((rows, columns))[::-1],
        np.zeros((rows, columns))[:, ::-1],
        np.zeros((columns, rows))[::-1, ::-1].T,
        wide[1 : 3 * rows : 3, ::2],
        wide.T[: 2 * columns : 2, ::3].T,
    ]

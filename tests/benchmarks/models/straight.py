"""A program of any length without a pattern: what each line does, and with what, is drawn at random."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import Any

from ..works import flat

INPUTS = 10
NODES = 2  # of a line
EVERY = 100  # one line of so many is a term of the result, so that all lines have a say in it
RECENT = 60


def lines(size: int) -> list[tuple[int, int, int]]:
    """Return what each line does and with which two of the values before it, for that many nodes."""
    draw = random.Random(size).random
    found = []
    for line in range(INPUTS, INPUTS + size // NODES):
        recent = min(RECENT, line)
        first, second = (
            int(draw() * INPUTS) if draw() < 0.1 else line - 1 - int(draw() * recent) for _ in range(2)
        )
        found.append((int(draw() * 8), first, second))
    return found


def kinds(functions: Any) -> list[Callable[[Any, Any], Any]]:
    """Return what a line may do, by the functions of a `math`: two nodes each. From 0 to 1, if those are."""
    sin, cos, exp, tanh = functions.sin, functions.cos, functions.exp, functions.tanh
    return [
        lambda a, b: (a + b) * 0.5,
        lambda a, b: 1.0 - a * b,
        lambda a, b: cos(a) * b,
        lambda a, b: cos(a * b),
        lambda a, b: exp(a) * 0.36,
        lambda a, b: sin(a) * 1.18,
        lambda a, b: 1.0 / (1.0 + a),
        lambda a, b: tanh(a) + 0.2,
    ]


def slopes(kind: int, a: float, b: float) -> tuple[float, float]:
    """Return the derivatives of a line by its two values, written out by hand."""
    return (
        lambda: (0.5, 0.5),
        lambda: (-b, -a),
        lambda: (-math.sin(a) * b, math.cos(a)),
        lambda: (-math.sin(a * b) * b, -math.sin(a * b) * a),
        lambda: (0.36 * math.exp(a), 0.0),
        lambda: (1.18 * math.cos(a), 0.0),
        lambda: (-1.0 / (1.0 + a) ** 2, 0.0),
        lambda: (1.0 - math.tanh(a) ** 2, 0.0),
    )[kind]()


def result(x: Sequence[Any], lines: Sequence[tuple[int, int, int]], functions: Any) -> Any:
    """Return the sum of one line of every hundred, from the last one back."""
    does = kinds(functions)
    values = [x[i] for i in range(INPUTS)]
    for kind, i, j in lines:
        values.append(does[kind](values[i], values[j]))
    return sum(values[-1 : INPUTS - 1 : -EVERY])


def point() -> list[float]:
    return [0.1 + 0.08 * i for i in range(INPUTS)]


def expected(size: int) -> list[float]:
    """Return value and gradient: the reverse sweep written out."""
    program, values = lines(size), point()
    does = kinds(math)
    for kind, i, j in program:
        values.append(does[kind](values[i], values[j]))
    adjoints = [0.0] * len(values)
    adjoints[-1 : INPUTS - 1 : -EVERY] = [1.0] * len(adjoints[-1 : INPUTS - 1 : -EVERY])
    for line, (kind, i, j) in reversed(list(enumerate(program, INPUTS))):
        first, second = slopes(kind, values[i], values[j])
        adjoints[i] += first * adjoints[line]
        adjoints[j] += second * adjoints[line]
    return flat((sum(values[-1 : INPUTS - 1 : -EVERY]), adjoints[:INPUTS]))

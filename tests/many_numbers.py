"""Operations on many numbers at once, and points that tell whether they are rounded once."""

from __future__ import annotations

import math
import random
from fractions import Fraction

from autograd.program.straight_line.program import Program


def whole(name: str, count: int, *more: float) -> Program:
    """The program of an operation on its inputs, and on more numbers."""
    program = Program([f"a{i}" for i in range(count)])
    program.outputs = (program.add(f"{name}…", *range(count), *map(program.number, more)),)
    return program


def spread(draw: random.Random, count: int, exponents: int) -> list[float]:
    """Numbers of many sizes, of which some cancel."""
    numbers = [math.ldexp(draw.uniform(-1.0, 1.0), draw.randint(-exponents, exponents)) for _ in range(count)]
    for i in range(0, count - 1, 3):
        numbers[i + 1] = -numbers[i]
    draw.shuffle(numbers)
    return numbers


def exactly(x: Fraction) -> float:
    """The nearest float."""
    try:
        return float(x)
    except OverflowError:
        return math.inf if x > 0 else -math.inf

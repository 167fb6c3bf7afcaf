"""Programs of one operation, awkward numbers for it, and what it gives there: for tests of kernels."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from autograd.calls import variable
from autograd.ops import TABLE
from autograd.primitive import inf, nan
from autograd.program.straight_line import RELATIONS, WHOLE, Node, Program, related
from autograd.program.tracing import Trace

LARGEST = 1.7976931348623157e308

AWKWARD = [
    0.0, 5e-324, 1e-310, 2.2250738585072014e-308, 1e-300, 1e-20, 1e-8, 0.1, 0.3, 0.46, 0.5, 0.84375, 1.0 -
    2.0**-53, 1.0, 1.0 + 2.0**-52, 1.5, 2.0, 2.5, 3.0, math.pi / 2.0, math.pi, 5.0, 6.0, 10.0, 12.5, 20.5,
    26.5, 27.0, 100.0, 170.5, 171.7, 700.0, 709.7, 709.9, 745.2, 1023.9, 1024.0, 1075.0, 1e5, 1e15, 1e16,
    2.0**53 + 2.0, 1e22, 1e100, 1e300, LARGEST, inf,
]  # fmt: skip
AWKWARD += [-x for x in AWKWARD] + [nan]

ARITY = {name: len(primitive.domain) for name, primitive in TABLE.items()}

EXACT = {
    "+", "-", "*", "/", "neg", "identity", "abs", "fabs", "sqrt", "//", "%", "fmod", "remainder", "fsum",
    "copysign", "sign", "ldexp", "fraction", "whole", "nextafter", "ulp", "floor", "ceil", "trunc",
    "round", "round_to", "relu", "leaky_relu", "max", "min", "fmax", "fmin", "clip_below", "clip_above",
}  # fmt: skip
"""Operations that are the same everywhere, to the last bit."""


def points_for(arity: int) -> list[tuple[float, ...]]:
    """Return awkward operands and ordinary ones."""
    source = random.Random(arity)
    if arity == 1:
        ordinary: list[tuple[float, ...]] = [(source.gauss(0.0, 3.0),) for _ in range(2000)]
        small: list[tuple[float, ...]] = [
            (source.choice((1.0, -1.0)) * 10.0 ** source.uniform(-12.0, 3.0),) for _ in range(2000)
        ]
        return [*[(x,) for x in AWKWARD], *ordinary, *small]
    pairs: list[tuple[float, ...]] = [(x, y) for x in AWKWARD for y in AWKWARD]
    return pairs + [(source.gauss(0.0, 3.0), source.gauss(0.0, 3.0)) for _ in range(2000)]


def one_operation(op: str, arity: int) -> Program:
    """Return the program of one operation on inputs."""
    program = Program([f"x{i}" for i in range(arity)])
    program.outputs = (program.add(op, *range(arity)),)
    return program


def in_ieee(op: str, operands: Sequence[float]) -> float:
    """Return what an operation gives, inf or NaN where Python raises."""
    try:
        return TABLE[op].ieee(*operands)
    except TypeError:  # ldexp with an exponent that is not whole
        return nan


WHOLE_POINTS: dict[str, list[tuple[float, ...]]] = {
    "fsum": [
        (0.1,) * 6, (1e16, 1.0, -1e16, 1.0, 1e-30, 0.0), (1e308, 1e308, -1e308, 1.0, 2.0, 3.0), (-0.0,) *
        6, (inf, 1.0, 2.0, 3.0, 4.0, 5.0), (inf, -inf, 2.0, 3.0, 4.0, 5.0), (nan, 1.0, 2.0, 3.0, 4.0,
        inf), (-1e308, -1e308, 1.0, 1.0, 1.0, 1.0), (5e-324, 1.0, 1e-17, 2.0**-53, 2.0**-106, -0.0), (1.0,
        2.0**-53, 5e-324, 0.0, 0.0, 0.0), (1.0, 2.0**-53, -5e-324, 0.0, 0.0, 0.0), (1.0 + 2.0**-52,
        2.0**-53, 0.0, 0.0, 0.0, 0.0), (LARGEST, 2.0**969, 0.0, 0.0, 0.0, 0.0), (1e100, 1.0, -1e100,
        1e-100, -1.0, 3.0), (5e-324, 5e-324, -1e-323, 0.0, 0.0, 0.0),
    ],
    "hypot": [
        (3.0, 4.0, 12.0), (1e200, 1e200, 1e200), (5e-324, 0.0, 5e-324), (inf, nan, 1.0), (nan, 1.0, 2.0),
        (-inf, 1.0, 2.0), (0.0, -0.0, 0.0), (LARGEST, LARGEST, 1.0), (1e-200, 1e-200, 3e-200), (-3.0,
        -4.0, 0.5),
    ],
    "sumprod": [
        (1.0, 2.0, 3.0, 4.0, 5.0, 6.0), (1e16, 1.0, -1e16, 1.0, 1.0, 1.0), (0.1, 0.2, 0.3, 0.4, 0.5,
        -0.6), (inf, 1.0, 2.0, 0.0, 1.0, 2.0), (inf, 1.0, 2.0, 1.0, 1.0, 2.0), (nan, 1.0, 2.0, 1.0, 1.0,
        2.0), (1e200, 1.0, 1.0, 1e100, 1.0, 1.0), (1e200, 1.0, -1e200, 1e200, 1.0, 1e200), (1.0 +
        2.0**-52, 1.0, 1.0, 1.0 + 2.0**-52, -1.0, 0.0), (0.0, -0.0, 0.0, -1.0, 1.0, -1.0), (1e-200,
        1e-200, 0.0, 1e-100, -1e-100, 0.0),
    ],
    "fma": [
        (2.0, 3.0, 4.0), (1.0 + 2.0**-52, 1.0 + 2.0**-52, -1.0), (0.1, 10.0, -1.0), (inf, 0.0, 1.0), (inf,
        1.0, -inf), (1e200, 1e200, 1.0), (-1e200, 1e200, 1.0), (1e200, 1e200, -inf), (nan, 1.0, 2.0),
        (inf, 0.0, nan), (0.0, -1.0, 0.0), (-0.0, 1.0, -0.0), (5e-324, 0.5, 0.0), (5e-324, 0.5, -5e-324),
        (1e-200, -1e-200, 0.0), (2.0, 3.0, -6.0), (LARGEST, 2.0, -LARGEST), (1e308, 10.0, -LARGEST),
        (2.0**-540, 2.0**-535, 2.0**-1074), (1.0 + 2.0**-52, 1.0 - 2.0**-53, 2.0**-300), (3.0, 1.0 / 3.0,
        -1.0), (1e16, 1e-16, -1.0), (134217729.0, 134217729.0, -5e-324), (2.0**-537, 2.0**-538,
        2.0**-1022), (2.0**600, 2.0**-650, 1e-300),
    ],
    "nextafter": [
        (1.0, 2.0, 3.0), (1.0, 0.0, 3.0), (1.0, 1.0, 5.0), (0.0, -1.0, 1.0), (-0.0, 1.0, 2.0), (1.0, 2.0,
        0.0), (nan, 1.0, 2.0), (1.0, nan, 2.0), (1.0, nan, 0.0), (LARGEST, inf, 5.0), (5e-324, -1.0, 1.0),
        (-5e-324, 1.0, 1.0), (-5e-324, 1.0, 4.0), (inf, 0.0, 2.0), (1.0, 1.0 + 2.0**-52, 9.0), (0.0, -0.0,
        1.0), (-1.0, -inf, 1e6), (1.0, -1.0, 9.3e18), (-inf, inf, 9e18),
    ],
}  # fmt: skip
"""Operands of the operations whose result is rounded once."""


def whole_in_ieee(name: str, operands: Sequence[float]) -> float:
    """Return what an operation that is rounded once gives; where Python raises, NaN or an infinity."""
    try:
        return WHOLE[name](*operands)
    except ValueError:
        return nan
    except OverflowError:
        x, y, *rest = map(Fraction, operands)
        return inf if (x * y + rest[0] if name == "fma" else x + y + sum(rest)) > 0 else -inf


def apart(got: float, expected: float) -> float:
    """Return how many units in the last place two numbers are apart: inf if they are of different kinds.

    0.0 and -0.0 are, and an infinity and a number.
    """
    if expected != expected:
        return 0.0 if got != got else inf
    if got == expected:
        return 0.0 if math.copysign(1.0, got) == math.copysign(1.0, expected) else inf
    if math.isinf(got) or math.isinf(expected) or got != got:
        return inf
    return abs(got - expected) / math.ulp(expected)


def program_of(f: Callable[..., Any], inputs: Sequence[float]) -> Program:
    """Return the program of a function of as many numbers as are given."""
    variables: list[Any] = [variable(x) for x in inputs]
    trace = Trace(f, variables, lambda: f(*variables))
    return trace.program([f"x{i}" for i in range(len(inputs))], trace.others)


def run_in_ieee(program: Program, inputs: Sequence[float]) -> list[float] | None:
    """Return the outputs of a program of which every operation gives inf and NaN where Python raises."""
    values: list[Any] = list(inputs)
    for place in range(len(inputs), len(program.nodes)):
        node: Node = program.nodes[place]
        operands = [values[i] for i in node.operands]
        if node.op == "number":
            values.append(node.number)
        elif node.op == "where":
            values.append(operands[1] if operands[0] else operands[2])
        elif node.op == "detached":
            values.append(operands[0])
        elif node.op in RELATIONS:
            values.append(related(node.op, *operands))
            if values[place] is not program.guards.get(place, values[place]):
                return None
        elif node.op[-1] == "…":
            values.append(whole_in_ieee(node.op[:-1], operands))
        else:
            values.append(in_ieee(node.op, operands))
    return [values[i] for i in program.outputs]


def all_nodes(program: Program) -> tuple[Program, list[int]]:
    """Return a program that gives every number on its way, and the places of these."""
    places = [i for i, node in enumerate(program.nodes) if node.op not in RELATIONS]
    return program.copy(places), places


def check_every_node(
    program: Program, places: Sequence[int], numbers: Sequence[float], allowed: Callable[[str], float]
) -> None:
    """Hold each number that a program gave against its operation, done with the operands that it gave.

    So it does not matter how much the errors of operands grow further on.
    """
    values: dict[int, Any] = dict(zip(places, numbers, strict=True))
    for place, node in enumerate(program.nodes):
        if node.op == "input":
            continue
        operands = [values[i] for i in node.operands]
        if node.op in RELATIONS:
            values[place] = related(node.op, *operands)
            continue
        got = values[place]
        if node.op == "number":
            expected = node.number
        elif node.op in ("detached", "where"):
            expected = operands[0] if node.op == "detached" else operands[1 if operands[0] else 2]
        elif node.op[-1] == "…":
            expected = whole_in_ieee(node.op[:-1], operands)
        else:
            expected = in_ieee(node.op, operands)
        assert apart(got, expected) <= allowed(node.op), (place, node, operands, got, expected)

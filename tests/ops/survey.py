"""How accurate the derivatives of the primitives are: of orders 1, 2 and 3, forward and in reverse.

    PYTHONPATH=.:tests/ops python tests/ops/survey.py             # every primitive, in some minutes
    PYTHONPATH=.:tests/ops python tests/ops/survey.py sin hypot   # these

It prints, for each primitive and order, the largest error and where that is. The numbers are of all sizes
that floats have, of both signs, also close to the ends of domains. The error is that of

    |result - exact| / max(|exact|, |x times the next derivative| / 1000)

where the divisor is a normal number: 1e-12 is what is promised. Where it is smaller than those, the result
must be too, and where the exact derivative is beyond the largest float, it must be that infinity or NaN; an
error of inf is that it is not.
"""

from __future__ import annotations

import math
import random
import sys
import zlib
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any, NamedTuple

from exact import EXACT, variables
from mpmath import mp

from autograd import derivative, grad
from autograd.ops import TABLE, Primitive

PROMISED = 1e-12
DIGITS = 1300
_SMALLEST, _LARGEST = sys.float_info.min, sys.float_info.max
_SLOW = {"gamma", "lgamma", "digamma", "polygamma"}
"""Those that take mpmath long, but need no more than 400 digits."""


_NEAR: dict[str, Callable[[float, float], float]] = {
    **dict.fromkeys(["**", "pow"], lambda x, y: min(abs(x), 1.0 / (1.0 + abs(y)))),
    **dict.fromkeys(["atan2", "atan2′", "hypot", "hypot′"], math.hypot),
}
"""What must be 1e-100 or more for derivatives of orders 2 and 3. Nearer to 0, and for powers with exponents
beyond 1e100, a factor of a finite derivative, as 1 / hypot(x, y)**3, may be beyond the largest float, and so
the derivative inf or NaN."""


class Error(NamedTuple):
    """An error, and where it is."""

    size: float = 0.0
    way: str = ""
    operands: tuple[float, ...] = ()
    orders: tuple[int, ...] = ()


def points(primitive: Primitive, step: int = 1) -> list[tuple[float, ...]]:
    """Return operands of all sizes at which a primitive has a number as value; of them every step-th."""
    rng = random.Random(zlib.crc32(primitive.name.encode()))
    found: list[tuple[float, ...]]
    if len(primitive.domain) == 1:
        found = [(x,) for x in _numbers(rng)]
    elif None in primitive.derivatives:
        whole = primitive.derivatives.index(None)
        found = [
            (float(n), x) if whole == 0 else (x, float(n)) for x in _numbers(rng)[::3] for n in (0, 1, 2, 5)
        ]
    else:
        found = [*_pairs(rng)]
    return [operands for operands in found[::step] if _is_number(primitive, operands)]


def _numbers(rng: random.Random) -> list[float]:
    sizes = [10.0**k * rng.uniform(1.0, 9.9) for k in range(-300, 308, 4)]
    sizes += [10.0 ** rng.uniform(-9.0, 3.2) for _ in range(120)]
    sizes += [rng.uniform(0.0, 5.0) for _ in range(60)] + [1e-300, 1.0, 1e300, 1.7e308]
    sizes += [1.0 + sign * 10.0**-k for k in range(1, 16) for sign in (1.0, -1.0)]
    return [sign * size for size in sizes for sign in (1.0, -1.0)]


def _pairs(rng: random.Random) -> Iterator[tuple[float, float]]:
    powers = (-300, -200, -120, -40, -9, -1, 0, 1, 8, 40, 120, 200, 300)
    for a, b in product(powers, powers):
        yield _signed(rng, 10.0**a), _signed(rng, 10.0**b)
    for _ in range(250):
        yield _signed(rng, 10.0 ** rng.uniform(-9.0, 2.0)), _signed(rng, 10.0 ** rng.uniform(-2.0, 2.0))
    for k in range(1, 16):
        x = rng.uniform(0.1, 9.0)
        yield x, x * (1.0 + 10.0**-k)
        yield x, -x * (1.0 - 10.0**-k)


def _signed(rng: random.Random, size: float) -> float:
    return rng.choice([-1.0, 1.0, 1.0]) * size * rng.uniform(1.0, 1.7)


def _is_number(primitive: Primitive, operands: tuple[float, ...]) -> bool:
    if primitive.name in _SLOW and operands[-1] < -170.0:
        return False
    if primitive.name in ("**", "pow") and operands[0] <= 0.0:
        return False
    try:
        return math.isfinite(primitive.value(*operands))
    except (ArithmeticError, ValueError):
        return False


def forward(f: Callable[..., Any], orders: tuple[int, ...], operands: tuple[float, ...]) -> float:
    """Return a derivative of mixed orders by sweeps forward."""
    if len(operands) == 1:
        return float(derivative(f, orders[0])(operands[0]))
    x, y = operands
    if not orders[1]:
        return float(derivative(lambda a: f(a, y), orders[0])(x))
    if not orders[0]:
        return float(derivative(lambda b: f(x, b), orders[1])(y))
    return float(derivative(lambda b: derivative(lambda a: f(a, b), orders[0])(x), orders[1])(y))


def reverse(f: Callable[..., Any], orders: tuple[int, ...], operands: tuple[float, ...]) -> float:
    """Return a derivative of mixed orders by sweeps in reverse."""
    for index, order in enumerate(orders):
        for _ in range(order):
            f = grad(f, index)
    return float(f(*operands))


def errors(primitive: Primitive, operands: tuple[float, ...]) -> Iterator[Error]:
    """Give the error of each derivative of orders 1, 2 and 3, forward and in reverse."""
    count = len(operands)
    with mp.workdps(100 if primitive.name in _SLOW else DIGITS):
        try:
            exact = EXACT[primitive.name](*variables(*operands))
        except ZeroDivisionError:  # an end of the domain, where there is no derivative
            return
        known = [d is not None for d in primitive.derivatives]
        for orders in product(range(4), repeat=count):
            if not 1 <= sum(orders) <= 3 or any(n and not k for n, k in zip(orders, known, strict=True)):
                continue
            if sum(orders) > 1 and primitive.name in _NEAR and _NEAR[primitive.name](*operands) < 1e-100:
                continue
            expected = exact.derivative(*orders, *[0] * (2 - count))
            allowed = abs(expected)
            for i, x in enumerate(operands):
                if known[i]:
                    following = [n + (k == i) for k, n in enumerate(orders)] + [0] * (2 - count)
                    allowed = max(allowed, abs(x * exact.derivative(*following)) / 1000)
            for way in (forward, reverse):
                got = way(primitive, orders, operands)
                yield Error(_error(got, expected, allowed), way.__name__, operands, orders)


def _error(got: float, expected: Any, allowed: Any) -> float:
    if abs(expected) > _LARGEST:
        return 0.0 if got != got or got == math.copysign(math.inf, float(mp.sign(expected))) else math.inf
    if allowed < _SMALLEST:
        return 0.0 if abs(got) <= 2.0 * _SMALLEST else math.inf
    if not math.isfinite(got):
        return math.inf
    return float(min(abs(got - expected) / allowed, 1e300))


def worst(primitive: Primitive, step: int = 1) -> dict[int, Error]:
    """Return the largest error of each order."""
    found = dict.fromkeys((1, 2, 3), Error())
    for operands in points(primitive, step):
        for error in errors(primitive, operands):
            order = sum(error.orders)
            if error.size > found[order].size:
                found[order] = error
    return found


if __name__ == "__main__":
    for name in sys.argv[1:] or EXACT:
        for order, error in worst(TABLE[name]).items():
            at = ", ".join(map(repr, error.operands))
            print(
                f"{name:12} {order}  {error.size:7.1e}  {error.way} {error.orders or ''} at ({at})",
                flush=True,
            )

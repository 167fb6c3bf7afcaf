"""What every primitive of the table computes, in mpmath, to as many digits as are asked for.

Nothing here knows a derivative: those come from differences of these functions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
from mpmath import mp, mpf

from autograd.ops import Primitive


def polygamma(n: Any, x: Any) -> Any:
    """Return mpmath's psi, by reflection (DLMF 5.15.6) where it would take as many steps as x is below 0."""
    n = int(n)
    if x > -100 or n == 0:
        return mp.psi(n, x)
    cotangent = mp.cot(mp.pi * (x - mp.nint(x)))
    slope = [mpf(0), mp.pi]  # pi cot(pi x), and then its derivatives, as a polynomial in the cotangent
    for _ in range(n):  # d cot(pi x)/dx = -pi (1 + cot(pi x)**2)
        terms = [-mp.pi * k * slope[k] for k in range(1, len(slope))]
        slope = [a + b for a, b in zip([*terms, 0, 0], [0, 0, *terms], strict=True)]
    return (-1) ** n * mp.psi(n, 1 - x) - mp.polyval(slope[::-1], cotangent)


def sign_of(x: Any) -> Any:
    """Return 1 or -1; for 0, whose sign mpmath does not know, that is an error."""
    if not x:
        raise ValueError("mpmath has one zero only")
    return mp.sign(x)


ORACLE: dict[str, Callable[..., Any]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
    "**": lambda x, y: x**y,
    "//": lambda x, y: mp.floor(x / y),
    "%": lambda x, y: x - y * mp.floor(x / y),
    "neg": lambda x: -x,
    "identity": lambda x: x,
    "abs": abs,
    "fabs": abs,
    "pow": lambda x, y: x**y,
    "asin′": lambda x: 1 / mp.sqrt(1 - x * x),
    "acosh′": lambda x: 1 / mp.sqrt(x * x - 1),
    "atan′": lambda x: 1 / (1 + x * x),
    "atan2′": lambda x, y: y / (x * x + y * y),
    "atanh′": lambda x: 1 / (1 - x * x),
    "erf′": lambda x: 2 / mp.sqrt(mp.pi) * mp.exp(-x * x),
    "hypot′": lambda x, y: x / mp.hypot(x, y) if x or y else mpf(0),
    "root": mp.sqrt,
    "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x)),
    "exp2": lambda x: mpf(2) ** x,
    "log2": lambda x: mp.log(x, 2),
    "log10": lambda x: mp.log(x, 10),
    "fsum": lambda x, y: x + y,
    "lgamma": lambda x: mp.log(abs(mp.gamma(x))),
    "polygamma": polygamma,
    "copysign": lambda x, y: abs(x) * sign_of(y),
    "fmod": lambda x, y: x - y * int(x / y),
    "remainder": lambda x, y: x - y * mp.nint(x / y),
    "ldexp": lambda x, y: x * mpf(2) ** y,
    "fraction": lambda x: x - int(x),
    "nextafter": lambda x, y: x,
    "ulp": lambda x: mpf(2) ** (mp.floor(mp.log(abs(x), 2)) - 52),
    "trunc": lambda x: mpf(int(x)),
    "whole": lambda x: mpf(int(x)),
    "round": mp.nint,
    "round_to": lambda x, y: mp.nint(x * mpf(10) ** y) / mpf(10) ** y,
    "relu": lambda x: max(x, mpf(0)),
    "leaky_relu": lambda x, y: x if x > 0 else y * x,
    "elu": lambda x, y: x if x > 0 else y * mp.expm1(x),
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "logsigmoid": lambda x: -mp.log(1 + mp.exp(-x)),
    "softplus": lambda x: mp.log(1 + mp.exp(x)),
    "sigmoid′": lambda x: 1 / (1 + mp.exp(-x)) / (1 + mp.exp(x)),
    "silu": lambda x: x / (1 + mp.exp(-x)),
    "silu′": lambda x: (1 + x / (1 + mp.exp(x))) / (1 + mp.exp(-x)),
    "gelu": lambda x: x * mp.ncdf(x),
    "gelu′": lambda x: mp.ncdf(x) + x * mp.npdf(x),
    "logaddexp": lambda x, y: mp.log(mp.exp(x) + mp.exp(y)),
    "max": max,
    "min": min,
    "fmax": max,
    "fmin": min,
    "clip_below": max,
    "clip_above": min,
}


def oracle(primitive: Primitive) -> Callable[..., Any]:
    """Return the function on mpmath's numbers that belongs to a primitive."""
    if primitive.name in ORACLE:
        return ORACLE[primitive.name]
    assert hasattr(mpmath, primitive.name), f"no high-precision counterpart of {primitive.name!r}"
    return lambda *operands: getattr(mp, primitive.name)(*operands)

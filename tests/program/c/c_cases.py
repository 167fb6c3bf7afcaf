"""What tests of programs in C have in common: numbers, primitives, and a function of several paths."""

from __future__ import annotations

import math
from typing import Any

from autograd.ops import TABLE
from autograd.ops.primitive import is_ours

LARGEST, SMALLEST = 1.7976931348623157e308, 5e-324
AWKWARD = [
    0.0, SMALLEST, 1e-310, 2.2250738585072014e-308, 1e-200, 1e-20, 1e-10, 1e-3, 0.1, 0.125, 0.3, 0.5,
    0.9999999999999999, 1.0, 1.0000000000000002, 1.4616321449683623, 1.5, math.pi / 2, 2.0, 2.5, 2.675,
    3.0, math.pi, 7.0, 20.5, 22.0, 23.0, 35.08, 37.5, 38.51, 170.0, 171.0, 323.0, 700.0, 709.0, 710.0, 712.0,
    745.14, 745.5, 1000.0, 1024.0,
    1074.0, 12345.678, 4503599627370497.0, 9007199254740992.0, 1e22, 1e200, LARGEST, math.inf,
]  # fmt: skip
AWKWARD += [-x for x in AWKWARD]
AWKWARD.append(math.nan)

GAMMA = {"gamma", "lgamma", "gammaln"}
"""Primitives of which C libraries have better versions than Python has, which are tested by themselves."""

PRIMITIVES = {name: primitive for name, primitive in TABLE.items() if is_ours(primitive)}


def branching(x: Any, y: Any) -> Any:
    """A function of three paths."""
    z = x * y
    if z > 2.0:
        return z * z + x
    return z - y if x < y else z * x + y

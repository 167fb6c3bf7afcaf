"""What tests of `scan` in compiled functions have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd import math, scan

N = 300
DATA = [math.sin(7.0 * i) for i in range(N)]
OTHERS = [1.5 + math.cos(3.0 * i) for i in range(N)]
POINT = [0.7, 0.4]


class Calls:
    """Counts the calls of a function."""

    def __init__(self, f: Callable[..., Any]) -> None:
        self.f = f
        self.count = 0

    def __call__(self, *args: Any) -> Any:
        self.count += 1
        return self.f(*args)


def decay(p: Any, xs: Any) -> Any:
    rate, start = p

    def body(carry: Any, x: Any) -> Any:
        level, total = carry
        level = level * rate + x
        return (level, total + level * level), None

    return scan(body, (start, 0.0), xs)[0][1]


def path_of(fast: Any) -> Any:
    """Return the only path of a compiled function."""
    ((path,),) = [signature.paths for signature in fast._recordings.signatures]
    return path

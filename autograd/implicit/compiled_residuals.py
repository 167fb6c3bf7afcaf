"""The function of an equation with one unknown as a program, where a program solves the equation many times.

A compiled function promises to give what the function gives, and what its own functions read from outside is
guarded. So its equations may be programs as well. Where one of these does not give a finite number, or cannot
be made, the function itself is asked, and says what there is to say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any

from ..support import extensions

OFTEN = 100
"""How many times a program solves an equation before that is compiled, which takes some milliseconds."""


class CompiledResidual:
    """A function of floats and of anything else, and its derivatives by some arguments, by programs.

    Args:
        f: the function.
        argnums: by which arguments.
    """

    def __init__(self, f: Callable[..., Any], argnums: tuple[int, ...]) -> None:
        try:
            self._compiled: Any = extensions.compiled(f, argnums)
        except Exception:  # it cannot be compiled
            self._compiled = None

    def value(self, args: Sequence[Any]) -> float | None:
        """Return the number; None where the function itself is to be asked."""
        if self._compiled is None:
            return None
        try:
            out = self._compiled(*args)
        except Exception:  # of any kind: the function itself is asked, and raises its own
            out = None
        if type(out) is not float:
            self._compiled = None
            return None
        return out if isfinite(out) else None

    def derivatives(self, args: Sequence[Any]) -> list[float] | None:
        """Return the derivatives; None where the function is to be recorded for them."""
        if self._compiled is None:
            return None
        try:
            slopes = [*self._compiled.grad(*args)]
        except Exception:  # as for `value`
            slopes = []
        if {*map(type, slopes)} != {float}:
            self._compiled = None
            return None
        return slopes if all(map(isfinite, slopes)) else None

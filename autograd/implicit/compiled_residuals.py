"""The function of equations as a program, where a program solves them many times.

A compiled function promises to give what the function gives, and what its own functions read from outside is
guarded. So its equations may be programs as well. Where one of these does not give finite numbers, or cannot
be made, the function itself is asked, and says what there is to say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any

from ..derivatives.trees import Structure, is_array
from ..engine import Value
from ..support import extensions

OFTEN = 100
"""How many times a program solves equations before these are compiled, which takes some milliseconds."""


class CompiledResidual:
    """A function of unknowns and of anything else, and its derivatives, by programs.

    Args:
        f: the function.
        unknowns: makes what f takes first of a list of the unknowns.
        args: its other arguments, with Values in the places of the numbers that it is differentiated by.
    """

    def __init__(self, f: Callable[..., Any], unknowns: Callable[[Any], Any], args: Sequence[Any]) -> None:
        try:
            self._chosen = {i + 1: _places(x) for i, x in enumerate(args) if _holds_values(x)}
            self._simple = all(places is None for places in self._chosen.values())
            self._compiled: Any = extensions.compiled(_of_lists(f, unknowns), (0, *self._chosen))
        except Exception:  # it cannot be compiled
            self._compiled = None

    def value(self, x: list[float], args: Sequence[Any]) -> list[float] | None:
        """Return the numbers; None where the function itself is to be asked."""
        if self._compiled is None:
            return None
        try:
            out: list[float] = self._compiled(x, *args)
        except Exception:  # of any kind: the function itself is asked, and raises its own
            out = []
        if not are_floats(out) or not out:
            self._compiled = None
            return None
        return out if isfinite(sum(out)) else None

    def height(self, args: Sequence[Any], otherwise: Callable[[float], float]) -> Callable[[float], float]:
        """Return one equation with one unknown as a function of a float, for solvers, which call it often.

        Args:
            args: as for `value`.
            otherwise: the same function, which is asked where a program is not.
        """
        run = self._compiled
        if run is None:
            return otherwise

        def height(x: float) -> float:
            try:
                [out] = run([x], *args)
                if type(out) is float and isfinite(out):
                    return out
            except Exception:  # of any kind, as for `value`
                pass
            return otherwise(x)

        return height

    def derivatives(self, x: list[float], args: Sequence[Any]) -> list[list[float]] | None:
        """Return for each number its derivatives; None where the function is to be recorded for them."""
        if self._compiled is None:
            return None
        try:
            found = self._compiled.jacobian(x, *args)
            rows = [[*row[0], *row[1:]] if self._simple else self._row(row) for row in found]
        except Exception:  # as for `value`
            rows = []
        if not rows or not all(map(are_floats, rows)):
            self._compiled = None
            return None
        return rows if isfinite(sum(map(sum, rows))) else None

    def _row(self, found: Sequence[Any]) -> list[float]:
        row: list[float] = [*found[0]]
        for by, places in zip(found[1:], self._chosen.values(), strict=True):
            if places is None:
                row.append(by)
            else:
                numbers: Any = by.ravel().tolist() if is_array(by) else Structure(by).numbers
                row += [numbers[i] for i in places]
        return row


def are_floats(numbers: Sequence[Any]) -> bool:
    """Say whether all of some numbers are floats."""
    for x in numbers:  # noqa: SIM110  # quicker than any other way, for few
        if type(x) is not float:
            return False
    return True


def _of_lists(f: Callable[..., Any], unknowns: Callable[[Any], Any]) -> Callable[..., list[Any]]:
    """Return a function of the list of the unknowns that returns a list."""

    def residuals(x: list[Any], *args: Any) -> list[Any]:
        out = Structure(f(unknowns(x), *args))
        if out.others:
            raise TypeError("it returns something else than numbers")
        return out.numbers

    return residuals


def _holds_values(thing: Any) -> bool:
    return isinstance(thing, Value) or bool(Structure(thing, values_only=True).numbers)


def _places(thing: Any) -> list[int] | None:
    """Return which numbers of an argument are Values; None if it is one itself.

    Raises:
        TypeError: there is something in it that a program would take for a number, and is none, or whole.
    """
    if isinstance(thing, Value):
        return None
    structure = Structure(thing)
    numbers = structure.numbers
    if structure.others or not all(isinstance(x, Value) or type(x) is float for x in numbers):
        raise TypeError("it is not made of numbers alone")
    return [i for i, x in enumerate(numbers) if isinstance(x, Value)]

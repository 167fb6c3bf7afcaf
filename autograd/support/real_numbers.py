"""Real numbers: what may become the number of a Value, and how it becomes a float."""

from __future__ import annotations

import math
from numbers import Real
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

inf: Final = math.inf
nan: Final = math.nan


def real(x: object) -> float:
    """Return the real number `x` (int, float, bool, Fraction, NumPy scalar) as a float.

    Raises:
        TypeError: `x` is anything else; text, complex numbers and containers are never guessed at.
        OverflowError: `x` is an int or a Fraction beyond the range of a float.
    """
    if type(x) is float:
        return x
    if type(x) is int:
        return float(x)
    if isinstance(x, Real) or _is_numpy_bool(x):
        return float(x)  # type: ignore[arg-type]
    kind = type(x).__name__
    if hasattr(x, "tocsr"):
        advice = "it is a sparse matrix; take the array that its .toarray() is"
    elif isinstance(x, (list, tuple, dict, set)) or hasattr(x, "__array__"):
        advice = "make a Value of each of its numbers"
    elif isinstance(x, complex):
        advice = "derivatives here are those of real numbers; use its .real or .imag"
    elif x is None:
        advice = "does a function lack its return?"
    else:
        advice = "convert it with float() first"
    raise TypeError(f"cannot use {kind!r} in Value arithmetic; {advice}")


def _is_numpy_bool(x: object) -> bool:
    return getattr(getattr(x, "dtype", None), "kind", "") == "b" and getattr(x, "shape", None) == ()


def same_number(x: float, y: float) -> bool:
    """Say whether two numbers are equal, or both NaN."""
    return x == y or (x != x and y != y)


MANY = 100
"""From how many numbers on it is quicker to collect their types."""


def only_floats(numbers: Sequence[Any]) -> bool:
    """Say whether all numbers are floats, and of no class derived from that."""
    if len(numbers) > MANY:
        return {*map(type, numbers)} == {float}
    for x in numbers:  # noqa: SIM110 (quicker than a generator)
        if type(x) is not float:
            return False
    return True


def comparable(x: Any) -> Any:
    """Return a NumPy scalar as the plain number it is, so that comparing gives a plain bool."""
    if getattr(x, "shape", None) != ():
        return x
    item = x.item()
    return float(item) if hasattr(item, "dtype") else item  # a long double is its own item

"""A float that a followed function is given, and that is not differentiated by: a float to the function.

For the program it is an input. Where the function needs it as a plain number (a key of a dictionary, int(x),
its text), the function is followed once more with that number, and the path holds for it alone.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ..derivatives.variables import Variable, serial
from ..engine import Value
from .asking import of_the_library

if TYPE_CHECKING:
    from typing import NoReturn


_hash = object.__hash__
_WRITER = f"{__package__}.tracing"  # which asks again and again


class NeedsNumber(BaseException):  # not an Exception, which the function might catch
    """The function needs the number of a float as it is."""


class FollowedFloat(Variable):
    """A Value in the place of a float, which says so where the function needs a float.

    Attributes:
        place: which of the inputs it is.
        needed: the places of those of which the number was needed; all that one call is given share it.
    """

    __slots__ = ("needed", "place")

    needed: set[int]
    place: int

    def _as_number(self) -> NoReturn:
        self.needed.add(self.place)
        raise NeedsNumber

    def __hash__(self) -> int:
        if sys._getframe(1).f_globals.get("__name__") != _WRITER and not _asked_by_the_library():
            self._as_number()
        return _hash(self)

    __eq__ = Value.__eq__  # which a class with a hash of its own would not inherit

    @property  # type: ignore[misc]  # what isinstance() looks at, and `match`
    def __class__(self) -> Any:
        return FollowedFloat if _asked_by_the_library() else float

    def __float__(self) -> float:
        self._as_number()

    def __int__(self) -> int:
        self._as_number()

    def __complex__(self) -> complex:
        self._as_number()

    def as_integer_ratio(self) -> tuple[int, int]:
        self._as_number()

    def __repr__(self) -> str:
        if not _asked_by_the_library():
            self._as_number()
        return super().__repr__()

    def __str__(self) -> str:
        return repr(self) if _asked_by_the_library() else self._as_number()

    def __format__(self, spec: Any) -> str:
        return super().__format__(spec) if _asked_by_the_library() else self._as_number()

    def __getattr__(self, name: str) -> Any:
        if hasattr(float, name):
            self._as_number()
        raise AttributeError(f"'float' object has no attribute {name!r}", name=name, obj=self)


def followed_float(x: float, place: int, needed: set[int]) -> FollowedFloat:
    """Return a FollowedFloat with the number x."""
    followed = FollowedFloat(x)
    followed.serial, followed.place, followed.needed = next(serial), place, needed
    return followed


def _asked_by_the_library() -> bool:
    return of_the_library(sys._getframe(2))

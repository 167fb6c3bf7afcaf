"""Where a function has a value, and the library no derivative of it."""

from __future__ import annotations

from typing import ClassVar


class NoDerivativeError(ValueError):
    """A derivative is asked for that is not there, or not known here, of a function that has a value.

    It is no error of the function that is differentiated: called with floats, that gives a number. So a
    compiled function gives that number where a value is wanted; and a batch, in which an error of the
    function at a point makes the results there NaN, is refused where a derivative is.

    Attributes:
        made: how many there were; so that one can be told of that a function caught.
    """

    made: ClassVar[int] = 0

    def __init__(self, *args: object) -> None:
        super().__init__(*args)
        NoDerivativeError.made += 1

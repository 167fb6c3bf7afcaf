"""Arrays of plain numbers that a derivative will need, which nobody may change until then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zlib import crc32

from .trees import is_array, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGE = 2**20
"""Of an array of more bytes than that, some numbers are looked at."""

SOME = 1000
"""How many, about."""


class KeptArrays:
    """The arrays of plain numbers in a structure, and what is in them."""

    def __init__(self, thing: Any) -> None:
        found = {id(array): array for array in _arrays(thing)}
        self._arrays = [(array, _contents(array)) for array in found.values()]

    def check(self, name: str) -> None:
        """Check that the arrays are as they were.

        Raises:
            RuntimeError: one was changed in place.
        """
        for array, contents in self._arrays:
            if _contents(array) != contents:
                raise RuntimeError(
                    f"an array of shape {array.shape} that {name} was called with, or keeps for its "
                    "derivative, was changed in place before the derivative was computed; call it with a "
                    "copy, as of the array `a` with a.copy()"
                )


def _arrays(thing: Any) -> Iterator[Any]:
    if is_array(thing):
        if thing.dtype.hasobject:
            return
        yield thing
    elif (kind := kind_of(thing)) is not None:
        for _, part in kind.items(thing):
            yield from _arrays(part)


def _contents(array: Any) -> int:
    some = array.flat[:: array.size // SOME + 1] if array.nbytes > LARGE else array
    return crc32(some.tobytes())

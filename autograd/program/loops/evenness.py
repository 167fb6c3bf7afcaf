"""Lists of nodes compared with themselves, further on: where symbols come again, and operands move evenly.

The symbols and the operands of all nodes are whole numbers of many digits, a digit a node. So to compare all
nodes of a stretch with those after as many others takes a few operations.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from struct import pack

LEAST = 4
"""How many turns make a loop: fewer may be alike by chance."""

Operands = tuple[int, ...]

_RANKS = 3  # of a node with more operands the others are compared by themselves
_DIGIT = 8  # bytes
_INPUT = 1 << 59
_BIAS = 1 << 61
_FLAGS = bytes([0] + [1] * 255)
_OTHER = re.compile(b"[^\0]")


class Stretch:
    """Symbols of some nodes, of which those are found that come again after a period.

    Args:
        planes: the bytes of the symbols of all nodes, the lowest ones first.
        begin, end: of which nodes.
    """

    def __init__(self, planes: Sequence[bytes], begin: int, end: int) -> None:
        self._numbers = [int.from_bytes(plane[begin:end], "little") for plane in planes]
        self._begin, self._size = begin, end - begin

    def runs(self, period: int) -> Iterator[tuple[int, int]]:
        """Yield stretches, of LEAST turns or more, in which every symbol comes again after a period."""
        least, size = (LEAST - 1) * period, self._size - period
        if size < least:
            return
        other = 0
        for number in self._numbers:
            other |= number ^ (number >> 8 * period)
        differ = other.to_bytes(self._size, "little")
        same, start = bytes(least), 0
        while (start := differ.find(same, start, size)) >= 0:
            match = _OTHER.search(differ, start + least, size)
            stop = match.start() if match is not None else size
            yield self._begin + start, self._begin + stop + period
            start = stop


class Compared:
    """All nodes of a list.

    Args:
        symbols: for each node a character that says what is done, and to how many operands.
        operands: for each node the places of what it is done to.
        first: the place of the first node that is no input.
    """

    def __init__(self, symbols: str, operands: Sequence[Operands], first: int) -> None:
        code = symbols.encode("utf-32-le", "surrogatepass")
        self._planes = [part for part in (code[i::4] for i in range(4)) if any(part)]
        self._operands = operands
        most = max(map(len, operands), default=0)
        self._ranks = [_digits(operands, i, first) for i in range(min(most, _RANKS))]
        self._wide = [i for i, its in enumerate(operands) if len(its) > _RANKS] if most > _RANKS else []
        self._first = first

    def stretch(self, begin: int, end: int) -> Stretch:
        """Return the symbols of some nodes."""
        return Stretch(self._planes, begin, end)

    def uneven(self, period: int, start: int, stop: int) -> bytes:
        """Say which nodes of a stretch are uneven: an operand does not move evenly in the two turns after, or
        goes from inputs to nodes there.

        Args:
            period, start, stop: of the stretch, whose symbols repeat.

        Returns:
            For each node, but for those of the last two turns, 1 or 0.
        """
        count = stop - start - 2 * period
        at, last, far = _DIGIT * start, _DIGIT * count, _DIGIT * period
        found = 0
        for rank in self._ranks:
            now, ahead, further = [
                int.from_bytes(rank[i : i + last], "little") for i in range(at, at + 2 * far + 1, far)
            ]
            found |= (now + further) ^ (ahead << 1)
        if not found and not self._wide:
            return bytes(count)
        for bits in (32, 16, 8):  # into the lowest byte of each digit
            found |= found >> bits
        uneven = found.to_bytes(last, "little")[::_DIGIT].translate(_FLAGS)
        return self._with_wide(bytearray(uneven), period, start) if self._wide else uneven

    def _with_wide(self, uneven: bytearray, period: int, start: int) -> bytes:
        """Add what is uneven of more operands than have digits."""
        wide, rows = self._wide, self._operands
        for i in wide[bisect_left(wide, start) : bisect_left(wide, start + len(uneven))]:
            for x, y, z in zip(rows[i], rows[i + period], rows[i + 2 * period], strict=True):
                if not is_even(x, y, z, self._first):
                    uneven[i - start] = 1
        return bytes(uneven)


def is_even(x: int, y: int, z: int, first: int) -> bool:
    """Say whether the places of an operand in three turns lie evenly, and all of them at inputs or nodes."""
    return x + z == y + y and (x < first) == (z < first)


def _digits(operands: Sequence[Operands], which: int, first: int) -> bytes:
    """Return a digit for an operand of each node. Inputs are so far from nodes that none lies between."""
    bias, far = _BIAS, _BIAS - _INPUT
    return pack(
        f"<{len(operands)}Q",
        *[
            0 if len(its) <= which else x + bias if (x := its[which]) >= first else x + far
            for its in operands
        ],
    )

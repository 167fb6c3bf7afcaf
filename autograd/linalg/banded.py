"""Systems of Values with a band matrix, by elimination within the band."""

from __future__ import annotations

from typing import Any

from .elimination import place_of_largest
from .matrices import Rows


class SingularBandError(Exception):
    """A band matrix is singular."""


def solve_band(bands: Rows, below: int, above: int, b: Rows) -> Rows:
    """Return x of A x = b, with partial pivoting: the work is proportional to the length of the band.

    Args:
        bands: the diagonals of A from the uppermost one on, each so that what is in one column stands below
            another.
        below: how many diagonals there are below the main one.
        above: how many above it.
        b: the rows of the right sides.

    Raises:
        SingularBandError: a pivot is 0.
    """
    n = len(b)
    entering = [
        [bands[above + i - j][j] for j in range(max(0, i - below), min(n, i + above + 1))] for i in range(n)
    ]
    window: list[tuple[list[Any], list[Any]]] = [(entering[i], b[i]) for i in range(min(below, n))]
    upper: list[tuple[list[Any], list[Any]]] = []
    for k in range(n):
        if k + below < n:
            window.append((entering[k + below], b[k + below]))
        place = place_of_largest([row[0] for row, _ in window], 0)
        window[0], window[place] = window[place], window[0]
        (pivot, *rest), right = window[0]
        if pivot == 0.0:
            raise SingularBandError
        upper.append(([pivot, *rest], right))
        window = [
            (_combined(row[1:], row[0] / -pivot, rest), _combined(side, row[0] / -pivot, right))
            for row, side in window[1:]
        ]
    x: Rows = []
    for row, right in reversed(upper):
        side = right
        for factor, known in zip(row[1:], reversed(x), strict=False):
            side = [y - factor * z for y, z in zip(side, known, strict=True)]
        x.append([y / row[0] for y in side])
    return x[::-1]


def _combined(row: list[Any], factor: Any, pivots: list[Any]) -> list[Any]:
    """Return a row plus a factor times that of the pivot, which may be longer or shorter."""
    common = min(len(row), len(pivots))
    out = [x + factor * y for x, y in zip(row, pivots, strict=False)]
    return out + row[common:] + [factor * y for y in pivots[common:]]

"""A gather on arrays: at each point one of many numbers, straight from where they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .functions import Array, ArrayFunction


def gather_from(rows: Array, numbers: Array, table: Sequence[int], first: int) -> ArrayFunction:
    """Return a function of an index for each point, and of the array that the result is written to.

    Where the index is beyond the table, as where a guard fails, it takes the nearest number.

    Args:
        rows: an array with a row for each of the numbers that differ from point to point.
        numbers: those that are the same at all points.
        table: where the numbers are that are chosen from: in that row or, from `first` on, at that place less
            `first` among `numbers`.
        first: as above.
    """
    places = np.array(table)
    uniform = places >= first
    row, place = np.where(uniform, 0, places), np.where(uniform, places - first, 0)
    last = len(table) - 1.0
    columns = np.arange(rows.shape[1])

    def whole(index: Array) -> Array:
        return np.fmin(np.fmax(index, 0.0), last).astype(np.intp)

    def of_numbers(index: Array, out: Array) -> None:
        np.take(numbers, place[whole(index)], out=out, mode="clip")

    def of_rows(index: Array, out: Array) -> None:
        out[:] = rows[row[whole(index)], columns]

    def of_both(index: Array, out: Array) -> None:
        here = whole(index)
        of_rows(index, out)
        np.copyto(out, numbers[place[here]], where=uniform[here])

    return of_numbers if uniform.all() else of_both if uniform.any() else of_rows

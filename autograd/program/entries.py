"""What is known of the entries of a sparse derivative of a path, and the arrays that are made of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any
from weakref import WeakValueDictionary

from ..sparse import Pattern, in_blocks
from .arguments import Arguments
from .straight_line.entries import (
    rows_of_hessian,
    rows_of_jacobian,
    with_hessian_entries,
    with_jacobian_entries,
)
from .straight_line.program import Program

SPARSE = {"sparse_jacobian": "jacobian", "sparse_hessian": "hessian"}
"""The modes that give entries, and what of."""

HOW = {"sparse_jacobian": with_jacobian_entries, "sparse_hessian": with_hessian_entries}
"""What makes their programs."""

_numbers = count()
_known: WeakValueDictionary[int, Entries] = WeakValueDictionary()


class Entries:
    """The entries of a Jacobian or a Hessian of a path.

    A program gives the numbers of a Jacobian row by row, and of a Hessian those up to the diagonal.

    Attributes:
        number: by which these entries are known; what a program gives comes with it.
        rows: for each row the columns of its entries.
        count: how many numbers a program gives.

    Args:
        mode: one of SPARSE.
        program: what was recorded, as straight lines.
        by: the places of what is differentiated by.
        arguments: those it was recorded with.
    """

    def __init__(self, mode: str, program: Program, by: Sequence[int], arguments: Arguments) -> None:
        import numpy as np

        self._mode = SPARSE[mode]
        self._widths = [len(arguments.args[i]) for i in arguments.positions]
        of = rows_of_jacobian if self._mode == "jacobian" else rows_of_hessian
        self.rows = of(program, by)
        self._pattern = Pattern(self.rows, len(by))
        self.count = self._pattern.count
        self._spread: Any = None
        if self._mode == "hessian":
            columns: Any = self._pattern.columns
            rows = np.repeat(np.arange(len(by)), np.diff(self._pattern.starts))
            lower = columns <= rows
            self.count = int(np.count_nonzero(lower))
            # Of each entry beyond the diagonal that which mirrors it is given.
            known = np.flatnonzero(lower)
            keys = rows[known] * len(by) + columns[known]
            mirrored = np.maximum(rows, columns) * len(by) + np.minimum(rows, columns)
            if self.count < self._pattern.count:
                self._spread = np.searchsorted(keys, mirrored)
        self.number = next(_numbers)
        _known[self.number] = self

    def array(self, numbers: Any, single: bool) -> Any:
        """Return the sparse array, or the tuple of them, with the numbers that a program gave.

        Args:
            numbers: an array of them.
            single: whether there is one argument, and no tuple wanted.
        """
        whole = self._pattern.array(numbers if self._spread is None else numbers[self._spread])
        return whole if single else in_blocks(self._mode, whole, self._widths, single)


def entries_of(number: int) -> Entries:
    """Return the entries that are known by a number."""
    return _known[number]

"""The places of the entries of a sparse matrix, and the array of SciPy that has numbers there."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from ..support.installation import how_to_install

if TYPE_CHECKING:
    from collections.abc import Sequence


class Pattern:
    """The places of the entries of a matrix: for each row the columns, in order.

    Attributes:
        shape: that of the matrix.
        count: how many entries there are.
        starts: where the entries of each row begin, and where the last ones end, as an array.
        columns: the column of each entry, as an array.
    """

    __slots__ = ("_first", "columns", "count", "shape", "starts")

    def __init__(self, rows: Sequence[Sequence[int]], width: int) -> None:
        """Take the entries of each row.

        Args:
            rows: for each row the columns of its entries, in order.
            width: how many columns there are.
        """
        import numpy as np

        self.shape = len(rows), width
        self._first: Any = None  # an array without entries
        self.starts = np.zeros(len(rows) + 1, dtype=np.int64)
        np.cumsum(np.fromiter(map(len, rows), np.int64, len(rows)), out=self.starts[1:])
        self.count = int(self.starts[-1])
        kind = np.int32 if max(self.count, width) < 2**31 else np.int64
        self.starts = self.starts.astype(kind)
        self.columns = np.fromiter(chain.from_iterable(rows), kind, self.count)

    def array(self, numbers: Any) -> Any:
        """Return the `scipy.sparse.csr_array` with these numbers, row by row.

        Args:
            numbers: an array of them, which becomes a part of the result.
        """
        if self._first is None:
            self._first = csr_array()((numbers[:0], self.columns[:0], self.starts * 0), shape=self.shape)
            self._first.has_canonical_format = True  # in each row the columns are in order, each once
        # What SciPy makes, and checks, in ten times as long. A user may change the places in place.
        kind: Any = type(self._first)
        made = kind.__new__(kind)
        made.__dict__.update(self._first.__dict__)
        made.data, made.indices, made.indptr = numbers, self.columns.copy(), self.starts.copy()
        return made


def csr_array() -> Any:
    """Return the class of sparse arrays.

    Raises:
        ImportError: SciPy is not installed.
    """
    try:
        from scipy.sparse import csr_array
    except ImportError as error:
        raise ImportError(
            f"SciPy is needed for sparse arrays; install it with {how_to_install('scipy')} ({error})"
        ) from error
    return csr_array

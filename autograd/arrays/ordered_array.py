"""Numbers in order: the methods for which np.sort, np.partition, np.median and np.quantile ask an array."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import numpy as np

from ..engine import Value
from ..engine.ordering import STABLE, in_order
from . import finding

nan_spreads: ContextVar[bool] = ContextVar(
    "inside a function that gives NaN where there is one", default=False
)


class OrderedArray(np.ndarray[Any, Any]):
    """An array of Values so far as it is brought in order, and searched."""

    def sort(
        self, axis: Any = -1, kind: Any = None, order: Any = None, *, stable: bool | None = None
    ) -> None:
        """Bring the numbers along an axis in rising order, NaN last, as one operation where there is no path
        for each order."""
        array = self.view(np.ndarray)
        plain = order is not None or not all(isinstance(x, (Value, float, int)) for x in array.flat)
        rows = np.moveaxis(array, axis, -1)
        if plain or ((stable or kind in ("stable", "mergesort")) and rows.shape[-1] > STABLE):
            array.sort(axis, kind, order)
            return
        for index in np.ndindex(rows.shape[:-1]):
            numbers = in_order(rows[index].tolist())
            if numbers and nan_spreads.get() and numbers[-1] != numbers[-1]:
                numbers = [numbers[-1]] * len(numbers)
            for i, x in enumerate(numbers):
                rows[(*index, i)] = x

    def argsort(
        self, axis: Any = -1, kind: Any = None, order: Any = None, *, stable: bool | None = None
    ) -> Any:
        """Return the places of the numbers along an axis in rising order, NaN last."""
        return finding.argsort(self.view(np.ndarray), axis)

    def argpartition(self, kth: Any, axis: Any = -1, kind: Any = "introselect", order: Any = None) -> Any:
        """Return the places of the numbers in rising order, which is a partition at every place."""
        np.empty(self.shape).argpartition(kth, axis)  # where places are none, an error
        return finding.argsort(self.view(np.ndarray), axis)

    def argmax(self, axis: Any = None, out: Any = None, *, keepdims: Any = False) -> Any:
        """Return the place of the first of the largest numbers, of the first NaN if there is one."""
        return _into(out, finding.argmax(self.view(np.ndarray), axis, bool(keepdims)))

    def argmin(self, axis: Any = None, out: Any = None, *, keepdims: Any = False) -> Any:
        """Return the place of the first of the smallest numbers, of the first NaN if there is one."""
        return _into(out, finding.argmin(self.view(np.ndarray), axis, bool(keepdims)))

    def searchsorted(self, v: Any, side: Any = "left", sorter: Any = None) -> Any:
        """Return the places at which numbers would be put into this array, which is in rising order."""
        return finding.searchsorted(self.view(np.ndarray), v, side, sorter)

    def partition(self, kth: Any, axis: Any = -1, kind: Any = "introselect", order: Any = None) -> None:
        """Bring the numbers along an axis in rising order, which is a partition at every place."""
        np.empty(self.shape).partition(kth, axis, kind)  # where places are none, an error
        self.sort(axis, order=order)


def _into(out: Any, found: Any) -> Any:
    """Return what was found, in the array that it is to be written to if there is one."""
    if out is None:
        return found
    out[...] = found
    return out

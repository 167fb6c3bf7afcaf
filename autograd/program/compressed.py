"""Sparse Jacobians and Hessians of products with compressed directions, where those cost less than entries.

There is a product for each colour of `sparse`'s colourings, along all columns of it at once, or for a
Jacobian along all rows. Entries are found by a sweep for each row, which is a loop where products are, as a
rule. Where it is not, as what comes out of each turn of a loop depends on all turns before, or where a long
way is common to many rows, products are shorter.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from ..sparse import coloured, found_in, star_coloured
from .kernels import available
from .paths import RecordedPath
from .products import WRITTEN_OUT, inputs_of, products_with
from .straight_line.entries import work_of_rows
from .straight_line.sweeps import with_gradient

LEAST = 600
"""From how many nodes on products are looked at: what is shorter is soon found entry by entry."""

LARGE = 3000
"""From how many nodes on, written out, entries that make no loops are made of products that do."""

LONG = 10_000
"""How many nodes entries are made of, at most, that make no loops where products do: to make a program of
more takes seconds."""


class Compressed:
    """The products of which the entries of a sparse derivative of a path are.

    Attributes:
        product: their mode: "hvp", "jvp" or "vjp".

    Args:
        path: the path.
        mode: one of SPARSE.
    """

    def __init__(self, path: RecordedPath, mode: str) -> None:
        import numpy as np

        rows, width = path.sparse_entries(mode).rows, len(path.by)
        if mode == "sparse_hessian":
            self.product, colours = "hvp", star_coloured(rows)
            places = [(colour, i) for i, colour in found_in(rows, colours)]
        else:
            columns: list[list[int]] = [[] for _ in range(width)]
            for i, row in enumerate(rows):
                for j in row:
                    columns[j].append(i)
            # No fewer colours than a row, or a column, has entries.
            if max(map(len, rows), default=0) <= max(map(len, columns), default=0):
                self.product, colours = "jvp", coloured(rows, width)
                places = [(colours[j], i) for i, row in enumerate(rows) for j in row]
            else:
                self.product, colours = "vjp", coloured(columns, len(rows))
                places = [(colours[i], j) for i, row in enumerate(rows) for j in row]
        self._directions = np.zeros((max(colours, default=-1) + 1, len(colours)))
        self._directions[colours, range(len(colours))] = 1.0
        self._places = np.array(places, dtype=np.intp).reshape(-1, 2).T

    def is_cheaper(self, path: RecordedPath, mode: str) -> bool:
        """Say whether the products cost less than the entries one by one."""
        straight, loops = path.recorded, path.has_loops and path.is_in_loops(self.product)
        if loops and len(straight.nodes) >= LARGE:
            return True
        work = len(self._directions) * path.derived(self.product).program.work
        if mode == "sparse_hessian":
            straight = with_gradient(straight, path.by, keep=False)
        limit = min(work, LONG if loops else WRITTEN_OUT)
        return work_of_rows(straight, path.by, limit) > limit

    def numbers(self, path: RecordedPath, numbers: Sequence[float], backend: str | None) -> Any:
        """Return the numbers of the entries at a point as an array; None if it does not take the path."""
        inputs = inputs_of(path, self.product, numbers)
        path.calls += 1
        if backend == "llvm" or (backend is None and path.calls > 1 and available("llvm")):
            products = products_with(path, self.product, inputs, self._directions)
        else:
            products = self._by_python(path, inputs)
        return None if products is None else products[tuple(self._places)]

    def _by_python(self, path: RecordedPath, inputs: Sequence[float]) -> Any:
        import numpy as np

        run = path.function(self.product)
        found = [run(*inputs, *direction) for direction in self._directions.tolist()]
        return None if None in found else np.array(found)


def are_compressed(paths: Sequence[RecordedPath], mode: str) -> bool:
    """Say whether a sparse derivative of some paths is computed like this: of one at least it costs less."""
    return any(_is_cheaper(path, mode) for path in paths)


def _is_cheaper(path: RecordedPath, mode: str) -> bool:
    if mode not in path.compressed:
        path.compressed[mode] = None
        if path.program.work >= LEAST and path.sparse_entries(mode).count and not path.is_in_loops(mode):
            found = Compressed(path, mode)
            if found.is_cheaper(path, mode):
                path.compressed[mode] = found
    return path.compressed[mode] is not None


def of_compressed(
    paths: Sequence[RecordedPath], mode: str, numbers: Sequence[float], backend: str | None
) -> tuple[bool, Any]:
    """Return the result of a mode at a point, as `of_products` does.

    Args:
        paths: the paths of the function, all of which are gone through like this if one of them is.
        mode: one of SPARSE.
        numbers: those of the arguments.
        backend: that of the function.
    """
    for path in [*paths]:
        if path.compressed.get(mode) is None:
            path.compressed[mode] = Compressed(path, mode)
        with suppress(ArithmeticError, ValueError):
            found = path.compressed[mode].numbers(path, numbers, backend)
            if found is not None:
                return True, None if (found != found).any() else path.assembled(mode, [found])
    return False, None

"""Functions with a gradient of their own that take arrays of points: called once for all points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..support.messages import shown
from .trees import Leaf, Structure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .maps import Form


def filled(form: Form, columns: Sequence[Any]) -> Any:
    """Return a structure with arrays of points in the place of its numbers.

    Args:
        form: the structure. A number becomes an array with one for each point, and an array one with that
            many rows of its shape.
        columns: for each number an array of those of all points.
    """
    import numpy as np

    it = iter(columns)
    leaves = []
    for leaf in form.structure.leaves:
        own = [next(it) for _ in leaf.numbers]
        leaves.append(own[0] if leaf.shape is None else np.stack(own, -1).reshape(-1, *leaf.shape))
    return form.structure.with_leaves(leaves, others=True)


def columns_of(out: Any, form: Form, points: int, name: str) -> list[Any]:
    """Return the numbers of a result, for each an array of those of all points.

    Args:
        out: the result, with an axis of points before all others.
        form: what it is for one point.
        points: how many there are.
        name: what returned it.
    """
    found = leaves_of(out, name)
    columns: list[Any] = []
    for leaf in form.structure.leaves:
        columns += rows_of(found.get(leaf.path), points, leaf.shape or (), leaf.path, name)
    return columns


def leaves_of(out: Any, name: str) -> dict[str, Leaf]:
    """Return the leaves of what was returned, by their paths."""
    return {leaf.path: leaf for leaf in Structure(out, f"the result of {name}").leaves}


def rows_of(leaf: Leaf | None, points: int, shape: tuple[int, ...], path: str, name: str) -> list[Any]:
    """Return the numbers of a leaf, for each an array of those of all points.

    Raises:
        TypeError: it has another shape.
    """
    import numpy as np

    size = int(np.prod(shape))
    if leaf is not None and leaf.shape in (None, ()):  # the same at all points
        return [np.full(points, leaf.numbers[0])] * size
    if leaf is None or leaf.shape != (points, *shape):
        there = "nothing" if leaf is None else f"shape {leaf.shape}"
        raise TypeError(
            f"{name} is called with vectorized=True for {points} points at once and must return an array of "
            f"shape {(points, *shape)}{f' at {path}' if path else ''}, but there is {there}"
        )
    return [*np.array(leaf.numbers).reshape(points, size).T]


def checked_flag(vectorized: Any) -> bool:
    """Return whether a function takes arrays of points.

    Raises:
        TypeError: that is no flag.
    """
    if not isinstance(vectorized, bool):
        raise TypeError(f"vectorized is True or False, not {shown(vectorized)}")
    return vectorized

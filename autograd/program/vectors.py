"""The vector of `hvp` for a batch: one for each point, or the same at all points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..derivatives.trees import Structure, array_of
from .batches import BatchLeaves, Given
from .signature import Signature


def along_leaves(
    vector: Sequence[Any], signature: Signature, leaves: BatchLeaves, points: int, at: Any
) -> list[tuple[Any, bool]]:
    """Return the leaves of a vector, with the points first, and which of them are batches.

    Raises:
        TypeError: one has neither the shape of what it belongs to, nor that of a batch of these.
        ValueError: one is a batch of another length.
    """
    places = signature.arguments.differentiated
    if len(vector) != len(places):
        raise TypeError(
            f"the vector needs the structure of what it belongs to: {len(places)} numbers or arrays, not "
            f"{len(vector)}"
        )
    found = []
    for leaf, i in zip(vector, places, strict=True):
        axis = leaves.rows[i].axis if i in leaves.rows else 0
        rows = _in_front(leaf, signature.shapes[i], axis, points)
        if rows is None:
            found.append((leaf if type(leaf) is float or leaf.shape else leaf.item(), False))
        else:
            found.append((rows if at is None else rows[at], True))
    return found


def vector_at_each_point(
    given: Given, positions: Sequence[int], vector: tuple[Any, ...], batched: Sequence[bool]
) -> list[dict[str, Any]]:
    """Return for each point what comes besides the arguments, by keyword: its vector, or nothing."""
    if not vector:
        return [{}] * given.points
    there = given.at(0)
    wanted = [leaf for i in positions for leaf in Structure(there[i]).leaves]
    structure = Structure(vector[0], "the vector")
    rows = []
    for leaf, its in zip(structure.leaves, wanted, strict=True):
        whole = leaf.numbers[0] if leaf.shape is None else array_of(leaf.numbers, leaf.shape)
        rows.append((whole, _in_front(whole, its.shape, 0, given.points)))
    return [
        {"vector": structure.with_leaves([whole if x is None else x[i] for whole, x in rows])}
        for i in range(given.points)
    ]


def _in_front(leaf: Any, shape: tuple[int, ...] | None, axis: int, points: int) -> Any:
    """Return a leaf of a vector with the points first; None where it is the same at all points.

    Args:
        leaf: a number or an array.
        shape: that of what it belongs to at a point; None for a number.
        axis: where the points are if it has a value for each.
        points: how many there are.

    Raises:
        TypeError: it has another shape.
        ValueError: it has another number of points.
    """
    found, at_a_point = getattr(leaf, "shape", ()), shape or ()
    if found == at_a_point:
        return None
    if len(found) != len(at_a_point) + 1 or found[:axis] + found[axis + 1 :] != at_a_point:
        raise TypeError(
            f"the vector needs the structure of what it belongs to: shape {at_a_point}, or that of a batch "
            f"of these, not {found}"
        )
    if found[axis] != points:
        raise ValueError(f"the batches have different lengths: {points}, {found[axis]} (the vector)")
    if axis == 0:
        return leaf
    import numpy as np

    return np.moveaxis(leaf, axis, 0)

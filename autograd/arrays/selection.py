"""The piece of a function in which a number lies, chosen without a comparison: for who follows a function.

To compare a number with the places of samples would be a branch for each place. Here each piece has a mask,
which is 1.0 for the piece in which the number lies and 0.0 for all others, and has no slope; so what is
followed holds for all numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from .. import ops

LARGEST = 5000
"""For how many numbers times places masks are made; for more, comparisons are branches."""


def on_its_piece(x: Any, xp: Sequence[Any], fp: Sequence[Any]) -> Any:
    """Return a number of a piecewise linear function, which beyond its ends is as at them.

    Args:
        x: where to look.
        xp: at least two places of samples, finite, each greater than the one before.
        fp: the samples, finite.

    >>> on_its_piece(1.5, [0.0, 1.0, 2.0], [0.0, 10.0, 30.0])
    20.0
    """
    inside = ops.clip_above(ops.clip_below(x, xp[0]), xp[-1])
    slopes = [(fp[j + 1] - fp[j]) / (xp[j + 1] - xp[j]) for j in range(len(xp) - 1)]
    slopes.append(slopes[-1])  # at the last place
    masks = _masks(inside, xp)
    return _chosen(masks, slopes) * (inside - _chosen(masks, xp)) + _chosen(masks, fp)


def _masks(x: Any, places: Sequence[Any]) -> list[Any]:
    """Return for each place whether it is the last one that is no greater than x, as 1.0 and 0.0."""
    reached = [ops.clip_above(ops.sign(x - place) + 1.0, 1.0) for place in places[1:]]
    return [1.0 - reached[0], *[a - b for a, b in pairwise(reached)], reached[-1]]


def _chosen(masks: Sequence[Any], numbers: Sequence[Any]) -> Any:
    """Return the number whose mask is 1.0."""
    total = masks[0] * numbers[0]
    for mask, number in zip(masks[1:], numbers[1:], strict=True):
        total = total + mask * number
    return total

"""Every primitive of the table for a test, with points to try it at."""

from __future__ import annotations

import random

import pytest

from autograd.ops import TABLE, Primitive

EVERY = pytest.mark.parametrize("primitive", list(TABLE.values()), ids=list(TABLE))

OF_AN_ORDER = {"polygamma", "iv", "jv", "yn", *(name for name in TABLE if name.endswith("⁽ⁿ⁾"))}


def points(primitive: Primitive) -> list[tuple[float, ...]]:
    """Random points of the domain; whole numbers where the operation takes nothing else."""
    chance = random.Random(primitive.name)
    whole = {"ldexp": 1, "round_to": 1, **dict.fromkeys(OF_AN_ORDER, 0)}.get(primitive.name)
    result = []
    for _ in range(20):
        point = [chance.uniform(max(low, -20.0), min(high, 20.0)) for low, high in primitive.domain]
        if whole is not None:
            point[whole] = float(round(point[whole]))
        result.append(tuple(point))
    return result


def derivatives(primitive: Primitive) -> list[int]:
    return [index for index, rule in enumerate(primitive.derivatives) if rule is not None]

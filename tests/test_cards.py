"""The colours and sizes of numbers in a picture."""

from __future__ import annotations

import math

import pytest

from autograd.cards import color_of, largest_of, strength_of, tint_of


@pytest.mark.parametrize(
    ("x", "largest", "expected"),
    [(0.0, 2.0, 0.0), (0.0, 0.0, 0.0), (-1.0, 2.0, 0.5), (2.0, 2.0, 1.0), (3.0, 2.0, 1.0), (1.0, 0.0, 1.0),
     (math.inf, 2.0, 1.0), (math.nan, 2.0, 1.0), (1e308, 1e-308, 1.0)],
)  # fmt: skip
def test_strength_is_a_part_of_the_largest(x: float, largest: float, expected: float) -> None:
    assert strength_of(x, largest) == expected


def test_the_largest_is_that_of_the_finite_numbers() -> None:
    assert largest_of([1.0, -3.0, math.inf, math.nan]) == 3.0
    assert largest_of([]) == 0.0


def test_colours_tell_the_sign() -> None:
    assert len({color_of(x) for x in (1.0, -1.0, 0.0, math.nan)}) == 4
    assert color_of(0.5) == color_of(math.inf) == "#2563eb"


def test_a_tint_is_white_at_0_and_no_stronger_than_that_of_the_largest() -> None:
    assert tint_of(0.0, 1.0) == "#ffffff"
    assert tint_of(5.0, 1.0) == tint_of(1.0, 1.0) != tint_of(0.5, 1.0)

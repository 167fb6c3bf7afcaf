"""Text fits into the columns of a terminal, of which a Chinese character takes two."""

from __future__ import annotations

import pytest

from autograd.support.terminal import columns, fitted


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("speed", "speed"),
        ("speeds", "spee…"),
        ("速度", "速度"),
        ("速度x", "速度x"),
        ("速度速", "速度…"),
        ("x速度速", "x速…"),
    ],
)
def test_a_text_is_fitted_into_five_columns(text: str, kept: str) -> None:
    assert fitted(text, 5) == kept
    assert columns(kept) <= 5


def test_what_takes_no_column_does_not_count() -> None:
    assert fitted("e\u0301" * 5, 5) == "e\u0301" * 5

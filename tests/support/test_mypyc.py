"""The error of a call that does not fit is Python's own, also where compiled code was called."""

from __future__ import annotations

from typing import Any

import pytest

from autograd.support.mypyc import misuse, mypyc_attr


class Value:
    """What is called wrongly, in plain Python."""

    def scale(self, by: object, *, twice: bool = False) -> None:
        """Take one argument, and a keyword."""


@pytest.mark.parametrize(
    ("given", "keywords"),
    [((), {}), ((1, 2), {}), ((1,), {"thrice": True}), ((1,), {"by": 2}), ((1, 2, 3), {"twice": True})],
)
def test_the_message_is_the_one_of_python(given: tuple[int, ...], keywords: dict[str, bool]) -> None:
    value: Any = Value()
    error = misuse("Value.scale(self, by, *, twice=False)", (value, *given), keywords)
    with pytest.raises(TypeError) as of_python:
        value.scale(*given, **keywords)
    assert str(error) == str(of_python.value)
    assert error.__traceback__ is None


def test_a_call_that_fits_python_is_an_error_all_the_same() -> None:
    error = misuse("Value.scale(self, by)", (Value(), 1), {})
    assert str(error) == "Value.scale() cannot be called like this"


def test_a_class_that_is_told_to_mypyc_stays_what_it_is() -> None:
    assert mypyc_attr(allow_interpreted_subclasses=True)(Value) is Value

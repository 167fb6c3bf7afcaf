"""The types that mypy is told agree with what there is when the program runs."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import public_face
import pytest

FUNCTIONS = [
    function
    for function in vars(public_face).values()
    if inspect.isfunction(function) and function.__module__ == "public_face" and function.__name__ != "square"
]


def agrees(value: object, kind: Any) -> bool:
    """Whether a value is of a type; in a union, Any stands for nothing."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is None:
        return value is None
    if kind is Any:
        return True
    if origin in (types.UnionType, Union):
        return any(agrees(value, one) for one in arguments if one is not Any)
    if origin is tuple and isinstance(value, tuple):
        if arguments[1:] == (...,):
            return all(agrees(x, arguments[0]) for x in value)
        return len(value) == len(arguments) and all(map(agrees, value, arguments))
    if origin is list and isinstance(value, list):
        return all(agrees(x, arguments[0]) for x in value)
    if origin is dict and isinstance(value, dict):
        return all(agrees(k, arguments[0]) and agrees(x, arguments[1]) for k, x in value.items())
    if kind is float:
        return type(value) is float
    return isinstance(value, origin or kind)


@pytest.mark.parametrize("function", FUNCTIONS, ids=[function.__name__ for function in FUNCTIONS])
def test_what_comes_out_is_of_the_type_that_is_told(
    function: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    met = []

    def assert_type(value: object, kind: object) -> object:
        met.append(kind)
        assert agrees(value, kind), f"{value!r} is no {kind}"
        return value

    monkeypatch.setattr(public_face, "assert_type", assert_type)
    function(*([tmp_path] if inspect.signature(function).parameters else []))
    assert met


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (1, float),
        ("1", Union[float, Any]),  # noqa: UP007 (the other spelling is tested by what is imported)
        ([1], list[str]),
        ((1.0, 1), tuple[float, ...]),
        ((1.0,), tuple[float, float]),
        ({"a": 1}, dict[str, float]),
        (0, None),
        ([1.0], tuple[float]),
        ("f", Callable[[], None]),
    ],
)
def test_other_types_do_not_agree(value: object, kind: Any) -> None:
    assert not agrees(value, kind)

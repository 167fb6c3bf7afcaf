"""No text that is given as a formula does harm."""

from __future__ import annotations

import builtins
import math
from typing import NoReturn

import pytest
from expressions import VARIABLES, error_of, gradients, number
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd.cli.expression import MAX_DEPTH, MAX_LENGTH, ExpressionError, evaluate
from autograd.cli.vocabulary import FUNCTIONS


@pytest.mark.parametrize(("opening", "closing"), [("(", ")"), ("sin(", ")"), ("-", ""), ("1**", "")])
def test_formulas_may_be_nested_a_hundred_levels_deep_and_no_deeper(opening: str, closing: str) -> None:
    inside = MAX_DEPTH - 1
    assert math.isfinite(number(opening * inside + "1" + closing * inside))
    error_of(opening * MAX_DEPTH + "1" + closing * MAX_DEPTH)


def test_a_formula_of_the_greatest_length_is_computed() -> None:
    text = "x" + "+x" * ((MAX_LENGTH - 1) // 2)
    assert gradients(text, x=1.0) == [(MAX_LENGTH + 1) // 2]
    assert number("hypot(" + "1," * 4000 + "1)") == math.sqrt(4001)


@pytest.mark.parametrize(
    "text",
    [
        "1" * (MAX_LENGTH - 2) + "__",
        "1." * (MAX_LENGTH // 2),
        "a" * MAX_LENGTH + "(",
        "_" * MAX_LENGTH,
        "x" + " " * (MAX_LENGTH - 2) + "!",
        "\ufdfa" * MAX_LENGTH,
        "ldexp(1, " + "9" * 300 + ")",
        "9**" * 90 + "9",
    ],
)
def test_no_text_takes_long(text: str) -> None:
    evaluate_or_refuse(text)


def test_no_text_is_run_as_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*arguments: object, **options: object) -> NoReturn:
        raise AssertionError("a formula was handed to Python")

    with monkeypatch.context() as patch:
        for name in ("eval", "exec", "compile"):
            patch.setattr(builtins, name, forbidden)
        results = [
            evaluate_or_refuse(text) for text in ("sin(x) + 1", "__import__('os').getcwd()", "exec(x)")
        ]
    assert results == [True, False, False]


def evaluate_or_refuse(text: str) -> bool:
    try:
        result, _ = evaluate(text, VARIABLES)
    except ExpressionError as error:
        str(error)
        return False
    result.backward()
    return True


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_computed_or_refused(text: str) -> None:
    evaluate_or_refuse(text)


PIECES = (
    *"xy+-*/%(),.^=_ \n\0'\"[]{}:;!",
    "**",
    "//",
    "1e5",
    "0",
    "1e-300",
    "1e300",
    "速度",
    "é",
    "inf",
    "nan",
    "e",
)
CALLS = tuple(f"{name}(" for name in sorted(FUNCTIONS))


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.sampled_from(CALLS), max_size=25).map("".join))
def test_any_soup_of_pieces_is_computed_or_refused(text: str) -> None:
    evaluate_or_refuse(text)


@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from(sorted(FUNCTIONS)),
    st.lists(
        st.sampled_from(
            ["x", "y", "0", "-0", "x-2", "1", "-1", "0.5", "-2.5", "171", "1e9", "1e300", "-1e300"]
        )
        | st.sampled_from(["5e-324", "inf", "-inf", "nan", "inf*x", "1e200*x", "x/1e300/1e9"]),
        min_size=1,
        max_size=3,
    ),
)
def test_any_function_at_any_edge_is_computed_or_refused(name: str, arguments: list[str]) -> None:
    evaluate_or_refuse(f"{name}({', '.join(arguments)})")

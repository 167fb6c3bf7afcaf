"""What a live page says where there is no number, or hardly any gradient."""

from __future__ import annotations

import math
from typing import Any

import pytest

from autograd import Value, custom_gradient
from autograd import math as math_

from .headless import Shoot
from .live_page import Open, expected


def test_an_error_is_shown_in_the_card_where_it_happens(opened: Open, shoot: Shoot) -> None:
    def make() -> Value:
        x = Value(2.0, label="x")
        return (x - 1.0).log() * x

    page = opened(make())
    page.type("x", "0.5")
    shoot("fault")
    assert page.cards == [["0.5", "—"], ["−0.5", "—"], ["ValueError", "—"], ["—", "—"]]
    assert page.sentence == "v2 has no value: log(−0.5) gives ValueError. What depends on it is not known."
    page.type("x", "3")
    assert page.cards == expected(make, x=3.0)


@pytest.mark.parametrize(
    ("make", "number", "error", "operation"),
    [
        (lambda x: 1.0 / x, 0.0, "ZeroDivisionError", "1 / 0"),
        (lambda x: x**0.5, -4.0, "ValueError", "(−4) ** 0.5"),
        (lambda x: x.exp(), 1000.0, "OverflowError", "exp(1000)"),
        (lambda x: x**-1.0, 0.0, "ZeroDivisionError", "0 ** (−1)"),
        (lambda x: math_.fmod(x, 3.0), math.inf, "ValueError", "fmod(∞, 3)"),
    ],
)
def test_errors_have_pythons_names_and_operations_pythons_signs(
    opened: Open, make: Any, number: float, error: str, operation: str
) -> None:
    page = opened(make(Value(2.0, label="x")))
    page.type("x", repr(number))
    assert page.cards[-1] == [error, "—"]
    assert f" has no value: {operation} gives {error}." in page.sentence
    with pytest.raises(ArithmeticError if error != "ValueError" else ValueError) as raised:
        make(Value(number))
    assert type(raised.value).__name__ == error


def test_saturated_activations_and_dead_relus_are_marked(opened: Open) -> None:
    x = Value(1.0, label="x")
    page = opened(x.tanh() + x.relu() + x.sigmoid())
    assert page.run("return root.querySelectorAll('.saturated, .dead').length") == 0
    page.type("x", "-9")
    marks = page.run("return [...root.querySelectorAll('.mark')].map((x) => x.textContent).filter((x) => x)")
    assert sorted(marks) == ["dead", "saturated", "saturated"]
    page.find("#v1 .name").click()
    assert "hardly any gradient" in page.find(".products").text


def test_a_function_of_python_is_known_for_its_recorded_numbers_only(opened: Open) -> None:
    double = custom_gradient(lambda x: 2.0)(lambda x: 2.0 * x)
    x, y = Value(3.0, label="x"), Value(4.0, label="y")
    page = opened(double(x) * y)
    page.type("y", "5")
    assert page.cards[-1] == ["30", "1"]
    assert page.cards[0] == ["3", "10"]
    page.type("x", "1")
    assert "a function of Python" in page.sentence
    assert page.cards[-1] == ["—", "—"]


def test_sums_are_rounded_once(opened: Open) -> None:
    x = Value(1.0, label="x")
    page = opened(math_.fsum([1e16, x, -1e16]))
    assert page.cards[-1] == ["1", "1"]
    page.type("x", "3")
    assert page.cards[-1] == ["3", "1"]

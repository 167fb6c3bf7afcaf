"""How a Value behaves where people stumble, a row a case: the value, and its gradient by each input.

Values are those of Python's floats; gradients follow PyTorch where there is no single derivative.
"""

from __future__ import annotations

import math as std
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from autograd import Value, math
from autograd.nn import MLP, Neuron

INF, NAN = std.inf, std.nan
ANY = object()  # the contract leaves it open


@dataclass
class Case:
    """A function of Values, where it is evaluated, and what must come out."""

    text: str
    function: Callable[..., Any]
    at: tuple[float, ...]
    value: float
    gradient: tuple[Any, ...]


CASES = [
    Case("relu(0.0)", lambda x: x.relu(), (0.0,), 0.0, (0.0,)),
    Case("relu(-0.0)", lambda x: x.relu(), (-0.0,), 0.0, (0.0,)),
    Case("relu(nan)", lambda x: x.relu(), (NAN,), NAN, (ANY,)),
    Case("math.relu(nan)", math.relu, (NAN,), NAN, (ANY,)),
    Case("maximum(nan, 1)", math.maximum, (NAN, 1.0), NAN, (ANY, ANY)),
    Case("maximum(1, nan)", math.maximum, (1.0, NAN), NAN, (ANY, ANY)),
    Case("minimum(nan, 1)", math.minimum, (NAN, 1.0), NAN, (ANY, ANY)),
    Case("minimum(1, nan)", math.minimum, (1.0, NAN), NAN, (ANY, ANY)),
    Case("maximum(x, x)", lambda x: math.maximum(x, x), (3.0,), 3.0, (1.0,)),
    Case("minimum(x, x)", lambda x: math.minimum(x, x), (3.0,), 3.0, (1.0,)),
    Case("sqrt(0)", math.sqrt, (0.0,), 0.0, (INF,)),
    Case("abs(0)", abs, (0.0,), 0.0, (0.0,)),
    Case("x**0 at 0", lambda x: x**0, (0.0,), 1.0, (0.0,)),
    Case("x**0.0 at 0", lambda x: x**0.0, (0.0,), 1.0, (0.0,)),
    Case("x**1 at 0", lambda x: x**1, (0.0,), 0.0, (1.0,)),
    Case("x**2 at -3", lambda x: x**2, (-3.0,), 9.0, (-6.0,)),
    Case("x**y at (0, 2)", lambda x, y: x**y, (0.0, 2.0), 0.0, (0.0, 0.0)),
    Case("x**y at (-3, 2)", lambda x, y: x**y, (-3.0, 2.0), 9.0, (-6.0, NAN)),
    Case("0.0**x at 2", lambda x: 0.0**x, (2.0,), 0.0, (0.0,)),
    Case("x/y at (1e200, 1e200)", lambda x, y: x / y, (1e200, 1e200), 1.0, (1e-200, -1e-200)),
    Case("1/x at 1e200", lambda x: 1 / x, (1e200,), 1e-200, (0.0,)),
    Case("1/x at 1e-200", lambda x: 1 / x, (1e-200,), 1e200, (-INF,)),
    Case("x/y at (5, 49)", lambda x, y: x / y, (5.0, 49.0), 5 / 49, (1 / 49, -(5 / 49) / 49)),
    Case("sigmoid(-1000)", math.sigmoid, (-1000.0,), 0.0, (0.0,)),
    Case("sigmoid(1000)", math.sigmoid, (1000.0,), 1.0, (0.0,)),
    Case("sigmoid(-40)", math.sigmoid, (-40.0,), 4.248354255291589e-18, (4.248354255291589e-18,)),
    Case("tanh(1000)", math.tanh, (1000.0,), 1.0, (0.0,)),
    Case("tanh(1e-20)", math.tanh, (1e-20,), 1e-20, (1.0,)),
    Case("logsumexp(1000, 1000)", math.logsumexp, (1000.0, 1000.0), 1000.6931471805599, (0.5, 0.5)),
    Case("logsumexp(-inf, 0)", math.logsumexp, (-INF, 0.0), 0.0, (0.0, 1.0)),
    Case("asin(1)", math.asin, (1.0,), std.pi / 2, (INF,)),
    Case("atan2(0, 0)", math.atan2, (0.0, 0.0), 0.0, (ANY, ANY)),
    Case("floor(2.5)", math.floor, (2.5,), 2.0, (0.0,)),
    Case("inf - inf", lambda x: x - x, (INF,), NAN, (ANY,)),
    Case("prod", lambda x, y, z: math.prod([x, y, z]), (2.0, 3.0, 4.0), 24.0, (12.0, 8.0, 6.0)),
    Case("sum", lambda x, y, z: sum([x, y, z]), (2.0, 3.0, 4.0), 9.0, (1.0, 1.0, 1.0)),
    Case("sorted", lambda x, y, z: sorted([x, y, z])[1], (4.0, 3.0, 2.0), 3.0, (0.0, 1.0, 0.0)),
    Case("min", lambda x, y, z: min(x, y, z), (4.0, 3.0, 2.0), 2.0, (0.0, 0.0, 1.0)),
    Case("max", lambda x, y, z: max([x, y, z]), (4.0, 3.0, 2.0), 4.0, (1.0, 0.0, 0.0)),
    Case("np.float64(3) - x", lambda x: np.float64(3) - x, (1.0,), 2.0, (-1.0,)),
]


def agrees(got: float, expected: object) -> bool:
    return expected is ANY or repr(got + 0.0) == repr(expected)  # to the last bit; -0.0 counts as 0.0


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.text)
def test_value_and_gradient(case: Case) -> None:
    inputs = [Value(x) for x in case.at]
    out = case.function(*inputs)
    assert type(out) is Value
    assert agrees(out.data, case.value), out
    out.backward()
    for x, expected in zip(inputs, case.gradient, strict=True):
        assert agrees(x.grad, expected), x


@pytest.mark.parametrize(
    ("function", "error"),
    [
        (lambda: 1 / Value(0), ZeroDivisionError),
        (lambda: Value(1) / 0, ZeroDivisionError),
        (lambda: Value(1) // 0, ZeroDivisionError),
        (lambda: Value(1) % 0, ZeroDivisionError),
        (lambda: Value(0.0) ** -1, ZeroDivisionError),
        (lambda: 0.0 ** Value(-1.0), ZeroDivisionError),
        (lambda: Value(-1.0) ** 0.5, ValueError),
        (lambda: Value(-1.0) ** 1.5, ValueError),
        (lambda: (-1.0) ** Value(0.5), ValueError),
        (lambda: Value(10.0) ** 400, OverflowError),
        (lambda: math.log(Value(-1)), ValueError),
        (lambda: math.log(Value(0)), ValueError),
        (lambda: math.exp(Value(1000)), OverflowError),
        (lambda: math.sqrt(Value(-1)), ValueError),
        (lambda: Value(2) * [1, 2], TypeError),
        (lambda: Value(2) + "1", TypeError),
        (lambda: Value(2) + None, TypeError),
        (lambda: Value(2) + 1j, TypeError),
    ],
)
def test_errors_are_those_of_floats(function: Callable[[], Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        function()


def test_an_error_in_an_operation_records_nothing_and_loses_nothing() -> None:
    x = Value(0.0)
    y = x + 1
    with pytest.raises(ZeroDivisionError):
        y / x
    y.backward()
    assert x.grad == 1.0


@pytest.mark.parametrize(
    ("call", "sizes"),
    [
        (lambda: Neuron(2)([1.0]), "2.*1|1.*2"),
        (lambda: MLP(3, [4, 1])([1, 2]), "3.*2|2.*3"),
        (lambda: Neuron(0), "0"),
        (lambda: MLP(2, []), r"2.*\[\]|\[\]"),
    ],
)
def test_networks_of_wrong_sizes_are_value_errors_that_name_them(call: Callable[[], Any], sizes: str) -> None:
    with pytest.raises(ValueError, match=sizes):
        call()

"""The functions as methods, under Python's names and NumPy's, and NumPy's ufuncs on arrays of Values."""

from __future__ import annotations

import inspect
import math as std
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Value, math
from autograd.engine.methods import Methods

METHODS = [name for name in vars(Methods) if name[0] != "_" and hasattr(Methods, name)]
ONE = [name for name in METHODS if callable(getattr(math, name, None))]
ALIASES = {
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arcsinh": "asinh", "arccosh": "acosh",
    "arctanh": "atanh", "arctan2": "atan2", "rad2deg": "degrees", "deg2rad": "radians",
}  # fmt: skip
INSIDE = {"acosh": 1.5, "arccosh": 1.5}
UFUNCS = ["exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "cbrt", "sin", "cos", "tan",
          "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh", "degrees",
          "radians", "rad2deg", "deg2rad", "fabs", "absolute", "floor", "ceil", "trunc", "rint", "square",
          "reciprocal", "negative", "positive", "conjugate", "sign"]  # fmt: skip
UFUNCS_OF_TWO = ["add", "subtract", "multiply", "divide", "power", "arctan2", "hypot", "maximum", "minimum",
                 "fmax", "fmin", "fmod", "floor_divide", "remainder"]  # fmt: skip


def test_there_is_a_method_for_every_primitive_that_math_offers_for_a_value() -> None:
    assert len(ONE) > 45


@pytest.mark.parametrize("name", ONE)
def test_a_method_is_the_function_of_math(name: str) -> None:
    x = Value(INSIDE.get(name, 0.3))
    arguments = [0.7] * (len(inspect.signature(getattr(Value, name)).parameters) - 1)
    got, expected = getattr(x, name)(*arguments), getattr(math, name)(x, *arguments)
    assert (got.data, got.op, got.partials) == (expected.data, expected.op, expected.partials)


@pytest.mark.parametrize("name", [name for name in METHODS if name != "as_integer_ratio"])
def test_a_method_says_what_it_does(name: str) -> None:
    documentation = inspect.getdoc(getattr(Value, name))
    assert documentation is not None
    assert documentation.startswith("Return ")
    assert "this Value" in documentation


@pytest.mark.parametrize(("alias", "name"), ALIASES.items())
def test_numpys_names_are_aliases(alias: str, name: str) -> None:
    x = Value(INSIDE.get(name, 0.3))
    arguments = [0.7] * (len(inspect.signature(getattr(Value, name)).parameters) - 1)
    got, expected = getattr(x, alias)(*arguments), getattr(x, name)(*arguments)
    assert (got.data, got.op, got.partials) == (expected.data, expected.op, expected.partials)
    assert inspect.getdoc(getattr(Value, alias)) == inspect.getdoc(getattr(Value, name))


@pytest.mark.parametrize("name", UFUNCS)
def test_numpys_ufuncs_of_one_array_give_values_with_the_right_gradient(name: str) -> None:
    at = INSIDE.get(name, 0.3)
    x = Value(at)
    (out,) = getattr(np, name)(np.array([x]))
    assert float(getattr(out, "data", out)) == pytest.approx(getattr(np, name)(at), rel=1e-15)
    if name == "sign":  # NumPy compares, and gives a plain number
        return
    out.backward()
    step = 1e-6
    slope = (getattr(np, name)(at + step) - getattr(np, name)(at - step)) / (2 * step)
    assert x.grad == pytest.approx(slope, rel=1e-8, abs=1e-8)


@pytest.mark.parametrize("name", UFUNCS_OF_TWO)
def test_numpys_ufuncs_of_two_arrays_give_values_with_the_right_gradient(name: str) -> None:
    ufunc = getattr(np, name)
    x, y = Value(2.3), Value(1.7)
    (out,) = ufunc(np.array([x]), np.array([y]))
    assert out.data == pytest.approx(ufunc(2.3, 1.7), rel=1e-15)
    out.backward()
    step = 1e-6
    by_x = (ufunc(2.3 + step, 1.7) - ufunc(2.3 - step, 1.7)) / (2 * step)
    by_y = (ufunc(2.3, 1.7 + step) - ufunc(2.3, 1.7 - step)) / (2 * step)
    assert (x.grad, y.grad) == pytest.approx((by_x, by_y), rel=1e-8, abs=1e-8)


def test_defaults_are_those_of_math() -> None:
    x = Value(-2.0)
    assert x.leaky_relu().data == math.leaky_relu(x).data == -0.02
    assert x.elu().data == math.elu(x).data == std.expm1(-2.0)


def test_rounding_methods_round() -> None:
    x = Value(-2.5)
    assert [v.data for v in (x.floor(), x.ceil(), x.trunc(), x.rint())] == [-3.0, -2.0, -2.0, -2.0]
    assert x.conjugate() is x


NAN = float("nan")


@pytest.mark.parametrize(
    ("apply", "expected", "slope"),
    [
        (lambda x: np.maximum(x, 3.0), 3.0, 0.5),  # at 3 a tie
        (lambda x: np.minimum(3.0, x), 3.0, 0.5),
        (lambda x: np.maximum(x, NAN), NAN, None),
        (lambda x: np.fmax(x, NAN), 3.0, 1.0),
        (lambda x: np.logaddexp(x, 3.0), 3.0 + std.log(2.0), 0.5),
        (lambda x: np.copysign(x, -1.0), -3.0, -1.0),
        (lambda x: np.sign(x) * x, 3.0, 1.0),
        (lambda x: np.add(x, np.float32(1.0)), 4.0, 1.0),
        (lambda x: np.longdouble(4.0) / x, 4.0 / 3.0, -4.0 / 9.0),
        (lambda x: np.sum(np.array([1.0, 2.0], dtype=np.longdouble) * x), 9.0, 3.0),
        (lambda x: np.divmod(np.array(7.0), x)[1], 1.0, -2.0),
        (lambda x: np.exp(x, dtype=object), std.exp(3.0), std.exp(3.0)),
    ],
)
def test_numpys_ufuncs_take_a_single_value(
    apply: Callable[[Any], Any], expected: float, slope: float
) -> None:
    x = Value(3.0)
    out = apply(x)
    assert type(out) is Value
    assert out.data == pytest.approx(expected, rel=1e-15, nan_ok=True)
    out.backward()
    if slope is not None:
        assert x.grad == pytest.approx(slope, rel=1e-15)


def test_numpys_questions_about_a_single_value_are_answered_with_a_bool() -> None:
    x: Any = Value(3.0)
    nothing: Any = Value(NAN)
    answers = [np.isnan(x), np.isnan(nothing), np.isfinite(x), np.isinf(nothing), np.signbit(-x)]
    assert answers == [False, True, True, False, True]
    comparisons = [np.float64(3) == x, np.longdouble(2) < x, x > np.longdouble(2), np.array(4.0) < x,
                   np.float64(NAN) < x, np.less(x, 4)]  # fmt: skip
    assert comparisons == [True, True, True, False, False, True]
    assert {type(answer) for answer in (*answers, *comparisons)} == {bool}

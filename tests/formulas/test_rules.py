"""The rules of every primitive as formulas, which evaluate to what the rules compute."""

from __future__ import annotations

import math

import pytest
from every_primitive import EVERY, derivatives, points

from autograd import ops
from autograd.formulas import (
    Applied,
    Cases,
    Symbol,
    decided_derivative,
    derivative_of,
    rule_of,
    value_of,
)
from autograd.formulas.mathematics import written
from autograd.ops import TABLE, Primitive
from autograd.ops.primitive import Ieee

x, y = Symbol("x"), Symbol("y")


@EVERY
def test_a_rule_evaluates_to_what_the_primitive_computes_bit_for_bit(primitive: Primitive) -> None:
    for point in points(primitive):
        out = primitive.value(*point)
        numbers = dict(zip("xy", point, strict=False)) | {"out": out}
        assert rule_of(primitive).evaluate(numbers) == out
        for index in derivatives(primitive):
            assert rule_of(primitive, index).evaluate(numbers) == primitive.local(index, point, out)
            put_in = rule_of(primitive, index).put(numbers)
            assert put_in.evaluate({}) == primitive.local(index, point, out)


@EVERY
def test_a_rule_tidied_for_reading_has_the_same_value(primitive: Primitive) -> None:
    for point in points(primitive):
        out = primitive.value(*point)
        numbers = dict(zip("xy", map(Ieee, point), strict=False))
        for index in derivatives(primitive):
            expected = primitive.local(index, point, out)
            assert derivative_of(primitive, index).evaluate(numbers) == pytest.approx(expected, rel=1e-11)
            symbols = list(map(Symbol, "xy"[: len(point)]))
            decided = decided_derivative(primitive.name, index, symbols, point, out, math.nan)
            assert decided.evaluate(numbers) == pytest.approx(expected, rel=1e-11)


@EVERY
def test_an_operation_is_what_mathematics_writes_for_it(primitive: Primitive) -> None:
    formula = rule_of(primitive)
    assert isinstance(formula, Applied)
    for point in points(primitive):
        numbers = dict(zip("xy", map(Ieee, point), strict=False))
        assert written(formula).evaluate(numbers) == pytest.approx(primitive.value(*point), rel=1e-9)


def test_ieee_numbers_give_what_plain_ones_raise_at() -> None:
    assert (
        rule_of(ops.divide, 0).evaluate({"x": Ieee(1.0), "y": Ieee(0.0), "out": Ieee(math.inf)}) == math.inf
    )


def test_conditions_are_decided_where_numbers_are_put_in() -> None:
    rule = rule_of(ops.relu, 0)
    assert isinstance(rule, Cases)
    assert rule.put({"x": 2.0}).text == "1"
    assert rule.put({"x": -2.0}).text == "0"
    power = rule_of(ops.power, 0)
    assert power.put({"x": 2.0, "y": 3.0}).text == "3 · 2^(3 − 1)"
    assert power.put({"x": 1e-200, "y": 0.0}).text == "0"
    for x_, y_ in ((0.0, 0.0), (0.0, 2.0), (2.0, 0.0), (2.0, 3.0)):
        together = derivative_of(ops.power, 0).evaluate({"x": Ieee(x_), "y": Ieee(y_)})
        assert together == ops.power.local(0, (x_, y_), x_**y_)
    assert rule.put({"x": Symbol("a")}).text == "{1 [a > 0]; 0 [otherwise]}"
    assert rule_of(ops.maximum, 0).decided({"x": 1.0, "y": 1.0}).text == "0.5"


def test_a_derivative_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(TypeError, match="no derivative with respect to its argument 1"):
        derivative_of(ops.polygamma, 0)
    assert decided_derivative("polygamma", 0, [x, y], [1.0, 2.0], 3.0, 7.0).text == "7"


def test_a_primitive_of_the_user_is_read_like_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    cauchy = Primitive(
        "cauchy", lambda x: 1.0 / (1.0 + x * x), (lambda x, out: -2.0 * x * out * out,), ((-3.0, 3.0),), ""
    )
    monkeypatch.setitem(TABLE, "cauchy", cauchy)
    assert value_of(cauchy).text == "cauchy(x)"
    assert derivative_of(cauchy, 0).text == "−2 · x · cauchy²(x)"
    assert rule_of(cauchy, 0).evaluate({"x": 2.0, "out": 0.2}) == pytest.approx(-0.16)

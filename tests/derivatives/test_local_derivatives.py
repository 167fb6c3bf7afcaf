"""Derivatives of derivatives, by reading the table of rules with Values: every primitive against mpmath."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf
from oracle import ONCE, oracle

from autograd import Value, derivative, grad, gradients, ops
from autograd.ops import TABLE, Primitive

EVERY = pytest.mark.parametrize("primitive", TABLE.values(), ids=list(TABLE))


def smooth(primitive: Primitive, order: int = 1) -> list[int]:
    """The operands by which there are derivatives up to an order."""
    once = ONCE.get(primitive.name, ()) if order > 1 else ()
    return [i for i, rule in enumerate(primitive.derivatives) if rule is not None and i not in once]


def points(primitive: Primitive) -> st.SearchStrategy[tuple[float, ...]]:
    """Points of the domain not far out, where derivatives of all orders are ordinary numbers."""

    def inside(index: int) -> st.SearchStrategy[float]:
        low, high = primitive.domain[index]
        if index not in smooth(primitive):
            return st.integers(math.ceil(low), math.floor(high)).map(float)
        low, high = max(low, -3.0), min(high, low + 3.0 if low >= 0.0 else 3.0)
        return st.floats(low + 0.05 * (high - low), high - 0.05 * (high - low))

    return st.tuples(*[inside(i) for i in range(len(primitive.domain))])


def exact(primitive: Primitive, operands: tuple[float, ...], by: tuple[int, ...]) -> Any:
    """The derivative by these operands, one after the other, at 60 digits."""
    orders = tuple(by.count(i) for i in range(len(operands)))
    return mp.diff(oracle(primitive), tuple(map(mpf, operands)), orders)


def recorded(primitive: Primitive, operands: tuple[float, ...], by: tuple[int, ...]) -> float:
    """The same by nested gradients."""
    function: Any = primitive
    for i in by:
        function = grad(function, i)
    return float(function(*operands))


@EVERY
@pytest.mark.parametrize("order", [2, 3])
def test_higher_derivatives_of_every_primitive_agree_with_mpmath(primitive: Primitive, order: int) -> None:
    @settings(max_examples=6 if order == 2 else 3, deadline=None, database=None)
    @given(points(primitive))
    def check(operands: tuple[float, ...]) -> None:
        with mp.workdps(60):
            for by in itertools.combinations_with_replacement(smooth(primitive, order), order):
                expected = exact(primitive, operands, by)
                # Rounding in the operands, and terms that cancel, are no larger than the derivatives around.
                around = sum(
                    abs(exact(primitive, operands, by[:k]))
                    + abs(exact(primitive, operands, (*by, i)) * operands[i])
                    for k in range(1, order)
                    for i in smooth(primitive, order)
                )
                got = recorded(primitive, operands, by)
                assert abs(got - expected) <= 1e-12 * (abs(expected) + around) + 1e-25, (operands, by)

    check()


@EVERY
def test_a_recorded_derivative_has_the_bits_of_the_one_in_numbers(primitive: Primitive) -> None:
    @settings(max_examples=30, deadline=None, database=None)
    @given(points(primitive))
    def check(operands: tuple[float, ...]) -> None:
        inputs = [Value(x) if i in smooth(primitive, 2) else x for i, x in enumerate(operands)]
        xs = [x for x in inputs if isinstance(x, Value)]
        y = primitive(*inputs)
        assert [g.data for g in gradients(y, xs, create_graph=True)] == gradients(y, xs)

    check()


@pytest.mark.parametrize("primitive", [ops.sin, ops.exp, ops.tanh, ops.sigmoid, ops.log, ops.atan, ops.erf])
def test_forward_over_forward_agrees_with_reverse_over_reverse(primitive: Primitive) -> None:
    for order in (2, 3, 4):
        forward = derivative(primitive, order)(0.7)
        assert recorded(primitive, (0.7,), (0,) * order) == pytest.approx(forward, rel=1e-14)


# Where float arithmetic raises, the expression is read in IEEE arithmetic, with Values as with floats.


@pytest.mark.usefixtures("table_as_it_was")
def test_arithmetic_that_would_raise_gives_infinities_with_values_too() -> None:
    everything = ops.unary(
        "everything",
        lambda x: x,
        lambda x, out: (
            (2.0 + 1.0 / x - 3.0) * 1.0 + (2.0 * x - x - x) + abs(x) + (-x) ** 2.0 + 2.0**x
            + (x + 1.0) // 2.0 + 3.0 // (x + 2.0) + (4.0 - x)
        ),
        "Return x, with a derivative in which every operator stands.",
    )  # fmt: skip
    x = Value(0.0)
    (slope,) = gradients(everything(x), [x], create_graph=True)
    assert slope.data == math.inf
    assert gradients(slope, x) == -math.inf
    one = Value(1.0)  # where nothing raises
    (slope,) = gradients(everything(one), [one], create_graph=True)
    assert slope.data == 0.0 + 1.0 + 1.0 + 2.0 + 1.0 + 1.0 + 3.0
    assert gradients(slope, one) == pytest.approx(-1.0 + 1.0 + 2.0 + 2.0 * math.log(2.0) - 1.0, rel=1e-15)


@pytest.mark.usefixtures("table_as_it_was")
@pytest.mark.parametrize("compare", ["<", "<=", ">", ">=", "==", "!="])
def test_comparisons_in_an_expression_are_those_of_the_numbers(compare: str) -> None:
    left = eval(f"lambda x: 1.0 if x {compare} 0.0 else 0.0")
    right = eval(f"lambda x: 1.0 if 0.0 {compare} x else 0.0")

    def slope(x: Any, out: Any) -> Any:
        return left(x) + 2.0 * right(x) + (4.0 if x else 0.0) + 1.0 / (1.0 / (x - x))  # 1/0 is inf, 1/inf 0

    steep = ops.unary("steep", lambda x: x, slope, "Return x.")
    for number in (-1.0, 0.0, 1.0):
        x = Value(number)
        recorded_slope = gradients(steep(x), x, create_graph=True)
        expected = left(number) + 2.0 * right(number) + 4.0 * bool(number)
        assert recorded_slope.data == gradients(steep(x), x) == expected

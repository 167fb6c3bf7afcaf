"""Derivatives of orders 1, 2 and 3 have 12 digits, forward and in reverse; `survey.py` has the grid."""

from __future__ import annotations

import itertools
import math

import pytest
from exact import EXACT, variables
from mpmath import mp, mpf
from survey import PROMISED, errors, worst

from autograd import derivative, grad, hessian, ops
from autograd.ops import CONSTANT, TABLE, Primitive

FLAT = {"//", "ceil", "floor", "round", "round_to", "sign", "trunc", "ulp", "whole"}
"""Primitives that have no derivative but 0."""

AWKWARD = [0.0, 5e-324, 1e-300, 1e-17, 0.3, 1.0, 1.5, 20.0, 700.0, 1e160, 1.7e308, math.inf, math.nan]


@pytest.mark.parametrize("name", EXACT)
def test_a_slice_of_the_grid_has_the_accuracy_that_is_promised(name: str) -> None:
    for order, error in worst(TABLE[name], step=29).items():
        assert error.size <= PROMISED, (order, error)


@pytest.mark.parametrize(
    ("primitive", "operands"),
    [
        (ops.hypot, (1e8, 3.0)),
        (ops.hypot, (-2e-9, 1.5)),
        (ops.hypot, (1e-300, 1.0)),
        (ops.hypot_slope, (1e8, 3.0)),
        (ops.atan2, (1e-9, -3.0)),
        (ops.atan2, (6.421525724142248, -6.421525717720723)),
        (ops.sigmoid, (1e-9,)),
        (ops.sigmoid, (-3e-300,)),
        (ops.sigmoid, (1.3169578969248166,)),  # a zero of the third derivative
        (ops.softplus, (1e-9,)),
        (ops.softplus, (-700.0,)),
        (ops.logsigmoid, (1e-300,)),
        (ops.silu, (1e-12,)),
        (ops.silu, (2.399357280520051,)),  # a zero of the second derivative
        (ops.gelu, (1.4142135623730951,)),
        (ops.gelu, (4.593006390544973e156,)),
        (ops.logaddexp, (1e-300, -1e-300)),
        (ops.atan, (0.5773502691896258,)),
        (ops.atan, (-1e100,)),
        (ops.atan, (1.7e308,)),
        (ops.atanh, (1e-17,)),
        (ops.atanh, (-1e-300,)),
        (ops.atanh, (1.0 - 2.0**-53,)),
        (ops.acosh, (4e108,)),
        (ops.erf, (1.7e308,)),
        (ops.erfc, (-1e200,)),
        (ops.fmod, (1.6e-200, 1.2e-300)),
        (ops.remainder, (7.3, -1.1)),
        (ops.power, (1.0889094030061242e-100, 1e-50)),
    ],
)
def test_derivatives_near_their_zeros_and_far_out(primitive: Primitive, operands: tuple[float, ...]) -> None:
    for error in errors(primitive, operands):
        assert error.size <= PROMISED, error


def test_the_exact_derivatives_know_every_primitive_that_has_one() -> None:
    # Special functions are in `exact_special`, which test_special.py has.
    assert {*EXACT} | FLAT == {
        name for name, primitive in TABLE.items() if primitive.home == ops.table.__name__
    }


@pytest.mark.parametrize(
    "name", ["sin", "tanh", "silu", "gelu", "lgamma", "asinh", "cbrt", "atan2", "**", "elu"]
)
def test_the_exact_derivatives_are_those_that_differences_give(name: str) -> None:
    operands = (-0.7, 1.3)[: len(TABLE[name].domain)] if name != "**" else (0.7, 1.3)
    with mp.workdps(60):
        series = EXACT[name](*variables(*operands))
        for orders in itertools.product(range(4), repeat=len(operands)):
            if sum(orders) > 4:
                continue
            numbers = tuple(map(mpf, operands))
            expected = mp.diff(
                lambda *x: EXACT[name](*variables(*x)).value, numbers if len(numbers) > 1 else numbers[0],
                orders if len(numbers) > 1 else orders[0],
            )  # fmt: skip
            got = series.derivative(*orders, *[0] * (2 - len(orders)))
            assert abs(got - expected) <= 1e-20 * max(1, abs(expected)), orders


@pytest.mark.parametrize("name", [name for name, primitive in TABLE.items() if any(primitive.slopes)])
def test_a_slope_is_the_derivative_to_the_last_bit(name: str) -> None:
    primitive = TABLE[name]
    numbers = [sign * x for x in AWKWARD for sign in (1.0, -1.0)]
    for operands in itertools.product(numbers, repeat=len(primitive.domain)):
        out = primitive.ieee(*operands)
        for index, slope in enumerate(primitive.slopes):
            if slope is not None and slope is not CONSTANT and math.isfinite(out):
                got = TABLE[slope.name].ieee(*[operands[i] for i in slope.places])
                got = -got if slope.negative else got
                expected = primitive.local(index, operands, out)
                assert got == expected or (got != got and expected != expected), (operands, got, expected)


def test_the_second_derivative_of_hypot_far_from_the_diagonal() -> None:
    second = hessian(ops.hypot, (0, 1))(1e8, 3.0)  # y**2 / r**3, -x y / r**3, x**2 / r**3
    assert second[0][0] == pytest.approx(9e-24, rel=1e-14)
    assert second[0][1] == pytest.approx(-3e-16, rel=1e-14)
    assert second[1][1] == pytest.approx(1e-8, rel=1e-14)


def test_second_derivatives_of_hypot_at_0_are_0() -> None:
    assert hessian(ops.hypot, (0, 1))(0.0, 0.0) == ((0.0, 0.0), (0.0, 0.0))


def test_second_derivatives_near_their_zeros() -> None:
    assert derivative(ops.sigmoid, 2)(1e-9) == pytest.approx(-1.25e-10, rel=1e-14)
    assert grad(grad(ops.atanh))(1e-17) == pytest.approx(2e-17, rel=1e-14)
    assert derivative(ops.softplus, 3)(1e-9) == pytest.approx(-1.25e-10, rel=1e-14)

"""Derivatives of derivatives: any order, any nesting, and what functions take from around them."""

from __future__ import annotations

import math as std
from typing import Any

import numpy as np
import pytest

from autograd import (
    Value,
    custom_gradient,
    derivative,
    grad,
    gradients,
    hessian,
    hvp,
    jacobian,
    jvp,
    math,
    no_grad,
    value_and_grad,
    vjp,
)


def cubic(x: Any) -> Any:
    """Return x cubed, plus x."""
    return x**3 + x


def test_an_inner_function_may_close_over_an_outer_variable() -> None:
    # The trap called perturbation confusion: Siskind and Pearlmutter, 2005.
    assert grad(lambda x: x * grad(lambda y: x + y)(x))(5.0) == 1.0
    assert derivative(lambda x: x * derivative(lambda y: x + y)(1.0))(1.0) == 1.0
    assert grad(lambda x: x * grad(lambda y: x * y)(2.0))(5.0) == 10.0
    assert grad(lambda x: jvp(lambda y: x * y * y, (x,), (1.0,))[1])(3.0) == 12.0  # 2 x**2
    assert grad(lambda x: vjp(lambda y: x * y, 2.0)[1](x)[0])(3.0) == 6.0  # x**2
    assert grad(lambda x: hessian(lambda y: x**2 * y**3)(x))(2.0) == 72.0  # 6 x**3
    assert grad(lambda x: hvp(lambda y: y**3, 0)(2.0, x))(3.0) == 12.0
    assert grad(lambda x: jacobian(lambda y: [x * y, y])(1.0)[0] ** 2)(3.0) == 6.0
    assert grad(lambda x: value_and_grad(lambda y: x * y)(x)[0])(3.0) == 6.0


def test_three_levels_of_closures_see_each_other() -> None:
    def f(x: Any) -> Any:
        return grad(lambda y: grad(lambda z: x * y**2 * z**3)(y) * y)(x)

    # inner: 3 x y**2 z**2 at z = y, times y: 3 x y**5; by y at y = x: 15 x**5; by x: 75 x**4
    assert f(2.0) == 15 * 32
    assert grad(f)(2.0) == 75 * 16


def test_mixed_partial_derivatives_agree_in_either_order() -> None:
    def f(x: Any, y: Any) -> Any:
        return math.sin(x * y) * x

    at = (0.5, 0.8)
    # d2/dxdy x sin(xy) = 2x cos(xy) - x**2 y sin(xy)
    exact = 2 * 0.5 * std.cos(0.4) - 0.25 * 0.8 * std.sin(0.4)
    assert grad(grad(f, 0), 1)(*at) == pytest.approx(exact, rel=1e-14)
    assert grad(grad(f, 1), 0)(*at) == pytest.approx(exact, rel=1e-14)
    assert hessian(f, (0, 1))(*at)[0][1] == pytest.approx(exact, rel=1e-14)


def test_an_inner_derivative_of_plain_numbers_is_plain_inside_an_outer_function() -> None:
    def f(x: Any) -> Any:
        slope = grad(lambda y: y * y)(3.0)
        assert type(slope) is float
        return x * slope

    assert grad(f)(2.0) == 6.0


def test_newtons_method_inside_a_function_has_the_implicit_derivative() -> None:
    def root(a: Any) -> Any:
        x = 1.0
        for _ in range(8):
            x = x - (x * x - a) / grad(lambda x: x * x - a)(x)
        return x

    assert root(2.0) == pytest.approx(std.sqrt(2.0), rel=1e-15)
    assert grad(root)(2.0) == pytest.approx(0.5 / std.sqrt(2.0), rel=1e-14)
    assert grad(grad(root))(2.0) == pytest.approx(-0.25 * 2.0**-1.5, rel=1e-13)


def test_a_value_as_argument_gives_values_that_go_on_recording() -> None:
    x = Value(3.0)
    slope = grad(cubic)(x)
    assert type(slope) is Value
    assert slope.data == 28.0
    slope.backward()
    assert x.grad == 18.0
    value, second = value_and_grad(grad(cubic))(x)
    assert (value.data, second.data) == (28.0, 18.0)
    assert hessian(cubic)(Value(2.0)).data == 12.0
    array = grad(lambda x: np.sum(x**3))(np.array([Value(1.0), Value(2.0)]))
    assert [x.data for x in array] == [3.0, 12.0]


def test_a_transformation_leaves_every_grad_as_it_is() -> None:
    weight, x = Value(2.0), Value(3.0)
    weight.grad = 7.0
    for result in (grad(lambda t: weight * t * t)(3.0), jvp(lambda t: weight * t * t, (3.0,), (1.0,))[1]):
        assert result == 12.0
    assert grad(lambda t: weight * t * t)(x).data == 12.0
    gradients(weight * x, [weight, x])
    assert (weight.grad, x.grad) == (7.0, 0.0)


def test_a_variable_that_the_function_kept_is_a_value_afterwards_but_for_later_transformations() -> None:
    kept: list[Any] = []

    def f(x: Any) -> Any:
        kept.append(x)
        return x * x

    assert grad(f)(3.0) == 6.0
    (x,) = kept
    y = x * 2.0
    y.backward()
    assert (y.data, x.grad) == (6.0, 2.0)
    assert grad(f)(4.0) == 8.0  # and it disturbs no later call
    assert grad(lambda t: x.detach() * t)(5.0) == 3.0
    with pytest.raises(RuntimeError, match=r"uses a number, 3\.0, that an earlier call .* left behind"):
        grad(lambda t: x * t)(5.0)


def test_no_grad_around_a_transformation_makes_its_result_a_constant() -> None:
    x = Value(3.0)
    with no_grad():
        assert grad(cubic)(2.0) == 13.0
        slope = grad(cubic)(x)
        value, _ = value_and_grad(cubic)(x)
    assert (slope.data, slope.operands, value.data, value.operands) == (28.0, (), 30.0, ())
    assert (x * x).operands == (x, x)


def test_what_was_computed_in_no_grad_has_no_derivatives() -> None:
    x = Value(3.0)
    twice = custom_gradient(lambda x: 2.0)(lambda x: 2.0 * x)
    with no_grad():
        made = [x * x, grad(cubic)(x), value_and_grad(cubic)(x)[0], twice(x), jvp(cubic, (x,), (1.0,))[0]]
    for y in made:
        with pytest.raises(RuntimeError, match=r"^backward\(\) of .*, which was computed inside no_grad\(\)"):
            y.backward()
        for create_graph in (False, True):
            with pytest.raises(
                RuntimeError, match=r"^gradients\(\) of .*, which was computed inside no_grad"
            ):
                gradients(y, x, create_graph=create_graph)
        assert gradients(y, [y, x]) == [1.0, 0.0]  # by itself, it has
        assert gradients(y * x, [y, x]) == [3.0, y.data]
        with pytest.raises(RuntimeError, match="computed inside no_grad"):
            gradients(y, Value(y.data))  # another one of the same number


def test_a_function_that_computes_all_in_no_grad_returns_a_constant() -> None:
    square = no_grad()(lambda x: x * x)
    assert grad(square)(3.0) == derivative(square)(3.0) == jacobian(square)(3.0) == 0.0


def test_no_grad_inside_a_function_hides_what_is_in_it() -> None:
    def f(x: Any) -> Any:
        with no_grad():
            y = x * x
        return x * y

    assert grad(f)(3.0) == 9.0


def test_an_error_in_the_function_comes_through_and_leaves_recording_as_it_was() -> None:
    with no_grad():
        with pytest.raises(ZeroDivisionError):
            grad(lambda x: 1 / x)(0.0)
        assert (Value(1.0) + 1).operands == ()
    assert (Value(1.0) + 1).operands != ()

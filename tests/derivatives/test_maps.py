"""Maps: functions of numbers that are called as a whole, and the derivatives that they have."""

from __future__ import annotations

import math as std
import pickle
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from autograd import (
    Value,
    compile,
    custom_gradient,
    derivative,
    detect_anomaly,
    grad,
    gradients,
    jacobian,
    jvp,
    math,
    no_grad,
    vmap,
)
from autograd.derivatives.maps import Map, NumericMap, apply_map


def polar(*numbers: Any) -> list[Any]:
    return [*apply_map(Polar(), [*numbers])]


class Polar(NumericMap):
    """From a radius and an angle to x and y."""

    def __init__(self) -> None:
        super().__init__("polar", 2, 2)

    def of_numbers(self, numbers: list[Any]) -> Sequence[Any]:
        radius, angle = numbers
        return [radius * math.cos(angle), radius * math.sin(angle)]


def product(radius: Any, angle: Any) -> Any:
    x, y = polar(radius, angle)
    return x * y  # radius**2 sin(2 angle) / 2


def test_a_map_has_derivatives_of_all_orders_both_ways() -> None:
    r, a = 2.0, 0.3
    assert product(r, a) == pytest.approx(0.5 * r * r * std.sin(2.0 * a))
    assert grad(product, (0, 1))(r, a) == pytest.approx((r * std.sin(0.6), r * r * std.cos(0.6)))
    assert grad(grad(grad(product, 1), 1), 1)(r, a) == pytest.approx(-4.0 * r * r * std.cos(0.6), rel=1e-12)
    by_angle = [derivative(lambda t: product(r, t), order)(a) for order in (1, 2, 3)]
    wanted = [r * r * std.cos(0.6), -2.0 * r * r * std.sin(0.6), -4.0 * r * r * std.cos(0.6)]
    assert by_angle == pytest.approx(wanted, rel=1e-12)
    assert jvp(product, (r, a), (1.0, 1.0))[1] == pytest.approx(r * std.sin(0.6) + r * r * std.cos(0.6))
    assert grad(lambda t: jvp(product, (t, a), (1.0, 0.0))[1])(r) == pytest.approx(std.sin(0.6))


def test_numbers_alone_give_numbers() -> None:
    assert apply_map(Polar(), [2.0, 0.0]) == [2.0, 0.0]
    assert Polar().of_arrays([]) is None


def test_a_constant_among_the_numbers_has_no_node() -> None:
    x, y = polar(Value(2.0), 0.5)
    assert (x.data, y.data) == (2.0 * std.cos(0.5), 2.0 * std.sin(0.5))
    assert derivative(lambda r: polar(r, 0.5)[0])(2.0) == std.cos(0.5)
    held = polar(Value(2.0), 0.5)[0]
    assert derivative(lambda t: t * held)(3.0) == held.data
    assert grad(lambda r: 3.0 - polar(r, 0.5)[0])(2.0) == -std.cos(0.5)


def test_backward_goes_through_a_map_and_elsewhere() -> None:
    r = Value(2.0)
    x, _ = polar(r, 0.5)
    (3.0 - x).backward()
    assert r.grad == -std.cos(0.5)
    other = Value(2.0)
    (other * other).backward()  # while the call is there
    assert other.grad == 4.0
    y = Value(1.0)
    (polar(r, 0.5)[0] * 0.0 + y).backward()
    assert y.grad == 1.0


def test_what_a_map_must_say_is_said_by_none() -> None:
    class Nothing(Map):
        name, inputs, results = "nothing", 1, 1

    for ask in (lambda: Nothing()([1.0]), Nothing().pulled, Nothing().pushed):
        with pytest.raises(NotImplementedError):
            ask()

    class Numeric(NumericMap):
        pass

    with pytest.raises(NotImplementedError):
        Numeric("numeric", 1, 1)([1.0])


def test_an_error_is_that_of_the_map_whoever_watches() -> None:
    class Broken(Polar):
        def of_numbers(self, numbers: list[Any]) -> Sequence[Any]:
            raise ZeroDivisionError("in the map")

    with pytest.raises(ZeroDivisionError, match="in the map"):
        apply_map(Broken(), [Value(1.0), 0.0])
    with detect_anomaly(), pytest.raises(ZeroDivisionError, match="in the map"):
        apply_map(Broken(), [Value(1.0), 0.0])


def test_a_map_of_no_results_is_recorded() -> None:
    class Silent(NumericMap):
        def of_numbers(self, numbers: list[Any]) -> Sequence[Any]:
            return []

    assert apply_map(Silent("silent", 1, 0), [Value(1.0)]) == []


# Functions with a gradient of their own as maps


def hypotenuse(x: Any, y: Any) -> Any:
    return std.hypot(x, y), x - y


def by_both(x: Any, y: Any) -> Any:
    length = math.hypot(x, y)
    return (x / length, y / length), (1.0, -1.0)


measured = custom_gradient(by_both)(hypotenuse)


def test_in_a_compiled_function_its_derivatives_go_both_ways() -> None:
    def f(x: Any, y: Any) -> Any:
        length, difference = measured(x, y)
        return length * length * difference  # (x**2 + y**2) (x - y)

    x, y = 1.5, 2.0
    first = compile(lambda x, y: grad(f, (0, 1))(x, y))
    assert first(x, y) == pytest.approx(
        (2.0 * x * (x - y) + x * x + y * y, 2.0 * y * (x - y) - x * x - y * y)
    )
    along = compile(lambda x, y: jvp(f, (x, y), (1.0, 1.0))[1])
    assert along(x, y) == pytest.approx(2.0 * (x + y) * (x - y))
    second = compile(lambda x, y: derivative(lambda t: f(t, y), 2)(x))
    assert second(x, y) == pytest.approx(6.0 * x - 2.0 * y)
    constant = compile(lambda x: grad(lambda t: measured(t, 2.0)[0])(x))
    assert constant(x) == pytest.approx(x / std.hypot(x, 2.0))


def test_in_a_batch_it_is_called_at_each_point() -> None:
    lengths = vmap(compile(lambda x: measured(x, 1.0)[0]))
    x = np.array([1.0, 2.0])
    np.testing.assert_allclose(lengths(x), np.hypot(x, 1.0), rtol=1e-15)
    np.testing.assert_allclose(lengths.grad(x), x / np.hypot(x, 1.0), rtol=1e-15)


def test_arrays_and_constants_in_arguments_are_told_apart() -> None:
    scaled = custom_gradient(lambda v, c: (np.array([[c, 0.0], [0.0, c]]), v))(lambda v, c: v * c)

    def total(x: Any, y: Any) -> Any:
        return np.sum(scaled(np.array([x, 2.0]), y) ** 2)

    compiled = compile(total, argnums=(0, 1))
    for point in ((1.5, 3.0), (2.5, -1.0)):
        assert compiled(*point) == total(*point)
        assert compiled.grad(*point) == pytest.approx(grad(total, (0, 1))(*point), rel=1e-14)


def test_a_constant_in_an_array_with_values_is_no_mistake() -> None:
    doubled = custom_gradient(lambda v: 2.0 * np.eye(2))(lambda v: 2.0 * v)
    assert grad(lambda x: np.sum(doubled(np.array([x, 2.0])) ** 2))(1.5) == 12.0
    assert grad(grad(lambda x: np.sum(doubled(np.array([x, 2.0])) ** 2)))(1.5) == 8.0


def test_inside_no_grad_a_followed_call_has_no_derivative() -> None:
    def f(x: Any) -> Any:
        with no_grad():
            length = measured(x, 1.0)[0]
        return length * x

    compiled = compile(f)
    assert [compiled.grad(x) for x in (1.0, 2.0)] == pytest.approx([std.hypot(x, 1.0) for x in (1.0, 2.0)])


def test_changed_data_is_noticed() -> None:
    r = Value(2.0)
    x = polar(r, 0.5)[0]
    r.data = 3.0
    with pytest.raises(RuntimeError, match="call it again after you change"):
        gradients(x, r, create_graph=True)


# Many points at once

sizes: list[Any] = []


@custom_gradient(lambda x: 2.0 * x, vectorized=True)
def squared(x: Any) -> Any:
    """Return the square of a number, or of all numbers of an array."""
    sizes.append(np.shape(x))
    return x * x


def test_a_function_that_takes_arrays_is_called_once_for_a_batch() -> None:
    x = np.array([1.0, 2.0, -3.0])
    batched = vmap(compile(lambda x: squared(x) + x))
    batched(x)
    sizes.clear()
    np.testing.assert_array_equal(batched(x), x * x + x)
    assert sizes == [(3,)]
    np.testing.assert_array_equal(batched.grad(x), 2.0 * x + 1.0)
    along = vmap(compile(derivative(squared)))
    np.testing.assert_array_equal(along(x), 2.0 * x)
    assert squared(3.0) == 9.0
    assert grad(squared)(3.0) == 6.0


def test_arrays_of_arguments_and_results_have_an_axis_of_points_first() -> None:
    linear = custom_gradient(lambda v: np.broadcast_to(np.diag([2.0, 3.0]), (*v.shape, 2)), vectorized=True)(
        lambda v: v * np.array([2.0, 3.0])
    )

    def total(x: Any, y: Any) -> Any:
        first, second = linear(np.array([x, y]))
        return first * second

    x, y = np.array([1.0, 2.0, 4.0]), np.array([0.5, 3.0, -1.0])
    batched = vmap(compile(total, argnums=(0, 1)))
    np.testing.assert_array_equal(batched(x, y), 6.0 * x * y)
    np.testing.assert_array_equal(batched.grad(x, y), (6.0 * y, 6.0 * x))
    by = jacobian(lambda v: linear(v))(np.array([1.0, 1.0]))
    np.testing.assert_array_equal(by, np.diag([2.0, 3.0]))


def test_what_is_the_same_at_all_points_may_be_one_number() -> None:
    shifted = custom_gradient(lambda x: 1.0, vectorized=True)(lambda x: x + 1.0)
    np.testing.assert_array_equal(vmap(compile(shifted)).grad(np.array([1.0, 2.0])), [1.0, 1.0])


def test_a_result_of_another_shape_is_an_error() -> None:
    lost = custom_gradient(lambda x: 1.0, vectorized=True)(lambda x: x[:1] if np.shape(x) else x)
    with pytest.raises(TypeError, match=r"must return an array of shape \(2,\), but there is shape \(1,\)"):
        vmap(compile(lost))(np.array([1.0, 2.0]))
    missing = custom_gradient(lambda x: [1.0], vectorized=True)(
        lambda x: [x, x] if np.shape(x) == () else [x]
    )
    with pytest.raises(TypeError, match=r"shape \(2,\) at \[1\], but there is nothing"):
        vmap(compile(lambda x: missing(x)[1]))(np.array([1.0, 2.0]))
    with pytest.raises(TypeError, match="vectorized is True or False, not 1"):
        custom_gradient(lambda x: 1.0, vectorized=1)  # type: ignore[arg-type]


def test_it_can_be_pickled_with_what_it_takes() -> None:
    twin = pickle.loads(pickle.dumps(custom_gradient(by_both, vectorized=True)(hypotenuse)))
    assert twin.vectorized

"""Derivatives against differences: what passes, what is found, and what the message says of it."""

from __future__ import annotations

import itertools
import math as std
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Value, check_grads, check_primitive, custom_gradient, math, ops
from autograd.derivatives.differences import extrapolated_differences
from autograd.ops import Primitive

pytestmark = pytest.mark.usefixtures("table_as_it_was")


def complaint(f: Callable[..., Any], *args: Any, order: int = 2) -> str:
    with pytest.raises(AssertionError) as caught:
        check_grads(f, args, order)
    return str(caught.value)


@pytest.mark.parametrize(
    ("f", "args"),
    [
        (lambda x, y: x * math.exp(y) / (1 + x * x), (2.0, 0.5)),
        (lambda p: p["a"] * math.sin(p["b"][1]), ({"a": 2.0, "b": [1.0, 0.7], "name": "p"},)),
        (lambda x: np.sum(np.exp(x) * np.sin(x[::-1])), (np.array([0.1, 0.2, 0.3]),)),
        (lambda x: {"square": x**2, "all": [math.exp(x), 1.0]}, (3.0,)),
        (lambda x, flag, name: x**3 if flag else x, (2.0, True, "cubic")),
        (lambda x: math.sqrt(x), (1e-9,)),
        (lambda x: math.relu(x), (1e-3,)),
        (lambda x: math.cos(x), (0.0,)),
        (lambda x: x * x, (1e8,)),
        (lambda x: math.sin(300 * x), (1.0,)),
        (lambda x: math.sin(x), (1e9,)),
        (lambda x: math.log(x), (1e-100,)),
        (lambda x: 3.0, (1.0,)),
        (lambda x: x - x, (1.0,)),
    ],
)
def test_right_derivatives_pass(f: Callable[..., Any], args: tuple[Any, ...]) -> None:
    check_grads(f, args)


def test_the_third_order_can_be_checked_too() -> None:
    check_grads(lambda x, y: math.sin(x * y) * x, (0.5, 0.8), order=3)


@pytest.mark.parametrize("primitive", ops.TABLE.values(), ids=list(ops.TABLE))
def test_every_primitive_passes(primitive: Primitive) -> None:
    check_primitive(primitive, samples=5)


@pytest.mark.parametrize("factor", [2.0, 3.0])
def test_a_primitive_with_a_first_derivative_only_is_checked_by_that(factor: float) -> None:
    slope = ops.binary("slope", lambda x, y: factor * x * y, None, lambda x, y, out: factor * x, "Return it.")
    square = ops.unary("square_once", lambda x: x * x, lambda x, out: slope(x, 1.0), "Return x squared.")
    if factor == 2.0:
        check_primitive(square, samples=5)
    else:
        with pytest.raises(AssertionError, match="the derivative of square_once"):
            check_primitive(square, samples=5)


def test_a_rule_that_cannot_be_differentiated_is_an_error() -> None:
    sine = ops.unary("own_sine", std.sin, lambda x, out: std.cos(x), "Return the sine.")
    with pytest.raises(TypeError, match=r"autograd\.math"):
        check_primitive(sine, samples=2)


def wrong_cube() -> Primitive:
    return ops.unary("wrong_cube", lambda x: x**3, lambda x, out: 2.0 * x * x, "Return x cubed.")


def test_a_wrong_rule_is_named_with_the_argument_and_both_numbers() -> None:
    cube = wrong_cube()
    text = complaint(lambda p, y: math.sin(cube(p["w"][1])) * y, {"w": [1.0, 0.7]}, 2.0)
    assert "with respect to argument 0['w'][1] at 0.7: autograd gives 1.84582" in text
    assert "differences give 2.76874" in text  # 2 cos(0.343) 3 0.49
    assert "the operation at fault is 'wrong_cube': its derivative with respect to operand 1 at (0.7)" in text
    assert text.endswith("is given as 0.9799999999999999, where differences give 1.47")


def test_the_first_wrong_operation_is_named_not_what_comes_after_it() -> None:
    cube = wrong_cube()
    other = ops.unary("wrong_square", lambda x: x * x, lambda x, out: x, "Return x squared.")
    assert "'wrong_cube'" in complaint(lambda x: other(cube(x)), 0.7)
    assert "'wrong_square'" in complaint(lambda x: cube(other(x)), 0.7)


def test_a_rule_that_is_wrong_in_one_operand_is_named_with_it() -> None:
    ratio = ops.binary(
        "ratio", lambda x, y: x / y, lambda x, y, out: 1.0 / y, lambda x, y, out: out / y, "Return x / y."
    )
    text = complaint(lambda x, y: ratio(x, y) + x, 1.0, 2.0)
    assert "argument 1 at 2.0: autograd gives 0.25, differences give -0.25" in text
    assert "'ratio': its derivative with respect to operand 2 at (1, 2)" in text


def test_a_derivative_that_is_right_but_cannot_be_differentiated_is_found_at_order_2() -> None:
    def slope(x: Any, out: Any) -> Any:
        number = x.data if isinstance(x, Value) else x
        return 3.0 * number * number

    cut = ops.unary("cut_cube", lambda x: x**3, slope, "Return x cubed.")
    check_grads(lambda x: cut(x) + x, (0.7,), order=1)
    text = complaint(lambda x: cut(x) + x, 0.7)
    assert "the derivative of order 2 of" in text
    assert "'cut_cube': its second derivative with respect to operand 1 at (0.7) is given as 0.0" in text
    with pytest.raises(AssertionError, match="the derivative of order 2 of cut_cube"):
        check_primitive(cut)


def test_a_wrong_custom_gradient_is_named() -> None:
    @custom_gradient(lambda x, scale, y: (y, None, 2 * x))
    def weighted(x: Any, scale: str, y: Any) -> Any:
        return x * y

    text = complaint(lambda x, y: weighted(x, "unused", y) * 1.0, 0.7, 0.3)
    assert "'weighted': its derivative with respect to operand 2 at (0.7, 0.3) is given as 1.4" in text


def test_a_wrong_derivative_of_a_constant_is_named() -> None:
    constant = custom_gradient(lambda x: 1.0)(lambda x: 5.0)
    text = complaint(lambda x: x + constant(x), 0.7)
    assert (
        "its derivative with respect to operand 1 at (0.7) is given as 1.0, where differences give 0" in text
    )
    text = complaint(
        lambda x: constant(math.hypot(x, 2.4)), 0.7
    )  # what ends a longer operation is passed over
    assert "operand 1 at (2.5) is given as 1.0, where differences give 0" in text


def test_an_operation_at_the_end_of_its_domain_is_not_accused() -> None:
    text = complaint(lambda x: math.sqrt(x - x) + x, 1.0)
    assert "autograd gives nan, differences give 1" in text
    assert "each operation that was recorded has the right derivative" in text


def test_a_function_with_a_hole_around_the_point_is_still_compared() -> None:
    def f(x: Any) -> Any:
        if 0.0 < abs(x - 1.0) < 1e-5:
            raise ValueError
        return x * x.data

    assert "autograd gives 1.0, differences give 2" in complaint(f, 1.0)


def test_where_every_operation_is_right_the_function_is_suspected() -> None:
    text = complaint(lambda x: x * x.data, 0.3)
    assert "autograd gives 0.3, differences give 0.6" in text
    assert "does the function use .data, detach() or no_grad()" in text


@pytest.mark.parametrize(
    ("f", "x", "slopes"),
    [
        (lambda x: math.relu(x), 0.0, "-0 on the left and 1 on the right"),
        (lambda x: 3 * x if x > 0 else x, 0.0, "1 on the left and 3 on the right"),
        (lambda x: abs(x), 0.0, r"1e\+08 on the left and 1e\+08 on the right"),  # of the gradient
        (lambda x: math.floor(x), 2.0, r"5e\+06 on the left and 0 on the right"),
    ],
)
def test_a_kink_is_told_from_an_error(f: Callable[..., Any], x: float, slopes: str) -> None:
    with pytest.raises(AssertionError, match=f"there is a kink or a jump: the slope is {slopes}"):
        check_grads(f, (x,))


def test_a_point_at_the_end_of_the_domain_is_refused() -> None:
    assert "cannot be checked at 0.0, for there is no finite number on both sides" in complaint(
        math.sqrt, 0.0
    )


@pytest.mark.parametrize("x", [5e-324, -5e-324, 1e-320, 2.0**-1022, 1e-300, 0.0, -0.0, 1e300, 1e308, -1e308])
def test_the_smallest_and_the_largest_numbers_are_points_like_others(x: float) -> None:
    check_grads(lambda x: 0.5 * x + 1.0, (x,), 2)
    check_grads(lambda x, y: 0.25 * x - y, (x, -0.5 * x), 2)
    check_grads(math.tanh, (x,), 2)
    if abs(x) < 1.0:
        check_grads(lambda x: math.exp(x) * math.sin(x), (x,), 3)
    wrong = custom_gradient(lambda x: 0.75)(lambda x: 0.5 * x)
    assert "autograd gives 0.75, differences give 0.5" in complaint(wrong, x, order=1)


@pytest.mark.parametrize("x", [1e-320, 1e-310, 2.0**-1022, 1e-200, 1e-9])
def test_near_the_end_of_the_domain_steps_stay_inside_of_it(x: float) -> None:
    for f in (math.sqrt, lambda x: math.sqrt(x) * 2.0):
        check_grads(f, (x,), 1)
    wrong = custom_gradient(lambda x: 0.51 / std.sqrt(x))(std.sqrt)
    assert "differences give" in complaint(wrong, x, order=1)
    check_grads(lambda x: math.acos(1.0 - x), (1e-9,), 1)


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (math.sqrt, 5e-324),
        (math.sqrt, -0.0),
        (math.acosh, 1.0),
        (lambda x: x * 1.0, std.inf),
        (lambda x: x * 1.0, -std.inf),
        (lambda x: x * 1.0, std.nan),
        (lambda x: x * 2.0, 1e308),
        (lambda x: x * 0.5, 1.7976931348623157e308),
    ],
)
def test_without_numbers_on_both_sides_the_point_is_refused(f: Callable[..., Any], x: float) -> None:
    text = complaint(f, x)
    assert f"cannot be checked at {x!r}, for there is no finite number on both sides of it" in text


def test_steps_that_the_floats_around_a_point_cannot_take_are_not_taken() -> None:
    def f(t: float) -> list[float]:
        return [std.sin(1e300 + t) if abs(t) < 1e290 else std.inf]

    assert extrapolated_differences(f, 1e300) is None


def test_differences_that_are_too_uncertain_are_not_taken_for_agreement() -> None:
    assert "too uncertain to tell" in complaint(
        lambda x: x + 0.02 * abs(x) * math.sin(1 / x) if x else x, 0.0
    )


def test_a_function_that_changes_its_mind_is_refused() -> None:
    numbers = itertools.count()
    assert "returns other numbers when it is called again" in complaint(lambda x: x * next(numbers), 1.0)


def test_the_tolerance_can_be_set() -> None:
    nearly = custom_gradient(lambda x: 2.0001 * x)(lambda x: x * x)
    check_grads(nearly, (1.0,), order=1, rtol=1e-3)
    with pytest.raises(AssertionError):
        check_grads(nearly, (1.0,), order=1)


def test_misuse_is_explained() -> None:
    with pytest.raises(TypeError, match=r"args is the tuple of the arguments, not 1\.0"):
        check_grads(math.sin, 1.0)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="there is no number in the arguments"):
        check_grads(math.sin, ("x",))
    for order in (0, -1, True, 1.5):
        with pytest.raises(ValueError, match="the order of check_grads is a whole number of 1 or more"):
            check_grads(math.sin, (1.0,), order=order)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("f", "exact"),
    [
        (lambda t: [std.exp(t), std.sin(t)], [1.0, 1.0]),
        (lambda t: [std.cos(t), 1 / (1 + t)], [0.0, -1.0]),
        (lambda t: [t**3 + 2 * t, std.tan(2 * t)], [2.0, 2.0]),
    ],
)
def test_differences_come_with_an_error_that_covers_what_they_miss(
    f: Callable[[float], list[float]], exact: list[float]
) -> None:
    estimates = extrapolated_differences(f, 1.0)
    assert estimates is not None
    for (slope, error), true in zip(estimates, exact, strict=True):
        assert abs(slope - true) <= 10 * error
        assert error < 1e-10


def test_there_are_no_differences_where_the_function_has_no_numbers() -> None:
    assert extrapolated_differences(lambda t: [std.sqrt(t)], 0.0) is None
    assert extrapolated_differences(lambda t: [std.inf], 0.0) is None

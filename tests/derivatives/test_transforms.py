"""Derivatives of functions: in every transformation, of any argument, at awkward points; what is refused."""

from __future__ import annotations

import inspect
import math as std
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mp

from autograd import (
    Value,
    derivative,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    linearize,
    math,
    value_and_grad,
    vjp,
)

TRANSFORMATIONS = [grad, value_and_grad, jacobian, hessian, hvp, vjp, jvp, linearize, derivative]
every_transformation = pytest.mark.parametrize("transform", TRANSFORMATIONS, ids=lambda t: str(t.__name__))


def cubic(x: Any) -> Any:
    """Return x cubed, plus x."""
    return x**3 + x


# A function of one number


def test_the_derivative_of_a_cubic_is_the_textbooks_in_every_transformation() -> None:
    # x**3 + x at 5: 130, 3x**2 + 1 = 76, 6x = 30, 6
    assert grad(cubic)(5.0) == 76.0
    assert value_and_grad(cubic)(5.0) == (130.0, 76.0)
    assert jacobian(cubic)(5.0) == 76.0
    assert hessian(cubic)(5.0) == 30.0
    assert hvp(cubic)(5.0, 2.0) == 60.0
    assert jvp(cubic, (5.0,), (2.0,)) == (130.0, 152.0)
    assert jvp(cubic)((5.0,), (2.0,)) == (130.0, 152.0)
    value, pull_back = vjp(cubic, 5.0)
    assert (value, pull_back(2.0), pull_back(-1.0)) == (130.0, (152.0,), (-76.0,))
    assert vjp(cubic)(5.0)[0] == 130.0
    assert [derivative(cubic, order)(5.0) for order in range(6)] == [130.0, 76.0, 30.0, 6.0, 0.0, 0.0]


def test_plain_numbers_in_give_plain_floats_out() -> None:
    for result in (
        grad(cubic)(5),
        value_and_grad(cubic)(5.0)[0],
        hessian(cubic)(5.0),
        derivative(cubic, 4)(5),
    ):
        assert type(result) is float


@pytest.mark.parametrize("x", [3, np.int64(3), np.float32(3.0), Fraction(3), np.float64(3.0)])
def test_any_real_number_may_be_the_argument(x: Any) -> None:
    gradient = grad(lambda x: x * x)(x)
    assert (gradient, type(gradient)) == (6.0, float)


def test_minus_zero_is_not_a_gradient() -> None:
    assert str(grad(lambda x: -x * 0.0)(2.0)) == "0.0"
    assert str(jvp(lambda x: -x * 0.0, (2.0,), (1.0,))[1]) == "0.0"


@pytest.mark.parametrize("order", range(1, 8))
def test_high_orders_of_the_sine_are_sines_and_cosines(order: int) -> None:
    exact = (std.sin(0.7), std.cos(0.7), -std.sin(0.7), -std.cos(0.7))[order % 4]
    assert derivative(math.sin, order)(0.7) == exact


@pytest.mark.parametrize("order", range(1, 7))
def test_high_orders_of_a_composition_agree_with_mpmath(order: int) -> None:
    def f(x: Any, m: Any = math) -> Any:
        return m.exp(m.sin(x)) * x / (1 + x * x)

    with mp.workdps(60):
        exact = mp.diff(lambda x: f(x, mp), mpmath.mpf("0.7"), order)
    assert derivative(f, order=order)(0.7) == pytest.approx(float(exact), rel=1e-12)


# Names, decorators


@every_transformation
def test_a_transformation_keeps_name_and_documentation(transform: Callable[..., Any]) -> None:
    derived = transform(cubic)
    assert derived.__name__ == "cubic"
    assert derived.__doc__ == "Return x cubed, plus x."
    assert derived.__module__ == __name__
    assert derived.__wrapped__ is cubic
    assert list(inspect.signature(derived).parameters) == ["x"]
    assert f"{transform.__name__} of cubic" in repr(derived)


def test_a_transformation_is_a_decorator_with_and_without_options() -> None:
    @grad
    def plain(x: Any) -> Any:
        return x * x

    @grad(argnums=1)
    def chosen(x: Any, y: Any) -> Any:
        return x * y * y

    @derivative(order=2)
    def second(x: Any) -> Any:
        return x**3

    @value_and_grad(argnums=(0, 1), has_aux=True)
    def pair(x: Any, y: Any) -> Any:
        return x * y, "aux"

    @jacobian(argnums=-1)
    def last(x: Any, y: Any) -> Any:
        return [x * y, y]

    @hessian(argnums=1)
    def curvature(x: Any, y: Any) -> Any:
        return x * y**3

    @hvp(argnums=1)
    def product(x: Any, y: Any) -> Any:
        return x * y**3

    assert plain(3.0) == 6.0
    assert chosen(2.0, 3.0) == 12.0
    assert second(2.0) == 12.0
    assert pair(2.0, 3.0) == ((6.0, "aux"), (3.0, 2.0))
    assert last(2.0, 3.0) == [2.0, 1.0]
    assert curvature(2.0, 3.0) == 36.0
    assert product(2.0, 3.0, 0.5) == 18.0


def test_a_decorated_method_is_a_method() -> None:
    class Spring:
        stiffness = 4.0

        @grad(argnums=1)
        def force(self, x: Any) -> Any:
            return self.stiffness * x * x / 2

    assert Spring().force(3.0) == 12.0


# Which arguments


def test_argnums_chooses_arguments_and_a_sequence_gives_a_tuple() -> None:
    def f(x: Any, y: Any, z: Any) -> Any:
        return x * y**2 * z**3

    assert grad(f, 1)(2.0, 3.0, 4.0) == 2 * 2 * 3 * 64
    assert grad(f, -1)(2.0, 3.0, 4.0) == 2 * 9 * 3 * 16
    assert grad(f, (2, 0))(2.0, 3.0, 4.0) == (2 * 9 * 3 * 16, 9 * 64)
    assert grad(f, [0])(2.0, 3.0, 4.0) == (9 * 64,)
    assert grad(f, np.int64(1))(2.0, 3.0, 4.0) == 2 * 2 * 3 * 64
    assert hessian(f, (0, 1))(2.0, 3.0, 1.0) == ((0.0, 6.0), (6.0, 4.0))
    assert hvp(f, (0, 1))(2.0, 3.0, (1.0, 10.0), 1.0) == (60.0, 46.0)


def test_other_arguments_pass_through_as_they_are() -> None:
    seen: list[Any] = []

    def f(x: Any, *others: Any, **more: Any) -> Any:
        seen.extend((*others, *more.values()))
        return x * x

    things = (True, "text", None, len, [1, 2], {"a": 1}, 7)
    assert grad(f)(3.0, *things, flag=False, scale=2) == 6.0
    assert all(a is b or a == b for a, b in zip(seen, (*things, False, 2), strict=True))
    assert type(seen[0]) is bool
    assert type(seen[-1]) is int


@every_transformation
def test_keyword_arguments_reach_the_function(transform: Callable[..., Any]) -> None:
    def f(x: Any, power: int = 1) -> Any:
        return x**power

    def result(**keywords: Any) -> Any:
        if transform is jvp:
            return jvp(f)((3.0,), (1.0,), **keywords)
        if transform in (vjp, linearize):
            return transform(f)(3.0, **keywords)[0]
        return transform(f)(*([3.0, 1.0] if transform is hvp else [3.0]), **keywords)

    assert result(power=3) != result()


@pytest.mark.parametrize("argnums", [1, 5, -2, (0, 1)])
def test_an_argument_that_is_not_there_is_a_type_error_that_says_so(argnums: Any) -> None:
    for transform in (grad, value_and_grad, jacobian, hessian):
        with pytest.raises(TypeError, match=r"argnums=.*cubic was called with 1 positional"):
            transform(cubic, argnums)(2.0)
    with pytest.raises(TypeError, match="called with 0 positional arguments"):
        grad(cubic)(x=2.0)
    with pytest.raises(TypeError, match="called with 0 positional arguments"):
        derivative(cubic)()


@pytest.mark.parametrize("argnums", [True, 1.0, "x", None, ("x",), [1.5]])
def test_argnums_must_be_whole_numbers(argnums: Any) -> None:
    with pytest.raises(TypeError, match="argnums is a whole number or a sequence of them"):
        grad(cubic, argnums)


def test_argnums_names_each_argument_once_and_at_least_one() -> None:
    with pytest.raises(ValueError, match=r"names an argument of .* twice"):
        grad(lambda x, y: x, (0, -2))(1.0, 2.0)
    with pytest.raises(ValueError, match="argnums is empty"):
        grad(cubic, ())


@every_transformation
def test_what_is_no_function_is_refused(transform: Callable[..., Any]) -> None:
    with pytest.raises(TypeError, match=rf"{transform.__name__} takes a function, not 3\.0 \(float\)"):
        transform(3.0)


# Directions


@pytest.mark.parametrize(
    ("vector", "message"),
    [
        (1.0, r"the vector must be nothing, not a number|the vector\[0\] must be a number, not nothing"),
        ([1.0], r"the vector\[1\] must be a number, not nothing"),
        ([1.0, 2.0, 3.0], r"the vector\[2\] must be nothing, not a number"),
        ([1.0, np.ones(2)], r"the vector\[1\] must be a number, not shape \(2,\)"),
        ([1.0, 1j], r"the vector\[1\]: cannot use 'complex'"),
    ],
)
def test_a_vector_of_another_structure_is_refused(vector: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        hvp(lambda v: v[0] * v[1])([1.0, 2.0], vector)


def scaled(x: Any, a: Any, power: int = 3) -> Any:
    return np.sum(a * x**power)


def test_the_vector_of_hvp_follows_what_is_differentiated_by_as_scipy_gives_it() -> None:
    x, v, a = np.array([1.0, 2.0]), np.array([0.5, -1.0]), np.array([3.0, 5.0])  # the Hessian is diag(6 a x)
    assert hvp(scaled)(x, v, a).tolist() == (6.0 * a * x * v).tolist()
    assert hvp(scaled)(x, v, a, 2).tolist() == (2.0 * a * v).tolist()
    assert hvp(scaled)(x, v, a=a, power=2).tolist() == (2.0 * a * v).tolist()
    assert hvp(scaled, -2)(x, v, a).tolist() == (6.0 * a * x * v).tolist()
    assert hvp(scaled, argnums=1)(x, a, v).tolist() == [0.0, 0.0]
    for both in ((0, 1), (1, 0)):
        parts = dict(zip(both, hvp(scaled, both)(x, a, ((v, a) if both[0] == 0 else (a, v)), 3), strict=True))
        assert parts[0].tolist() == (6.0 * a * x * v + 3.0 * x**2 * a).tolist()
        assert parts[1].tolist() == (3.0 * x**2 * v).tolist()


def test_hvp_needs_a_vector() -> None:
    with pytest.raises(TypeError, match="hvp needs a vector after the argument"):
        hvp(cubic)(2.0)


def test_the_vector_of_hvp_may_be_given_by_keyword() -> None:
    x, v, a = np.array([1.0, 2.0]), np.array([0.5, -1.0]), np.array([3.0, 5.0])
    assert hvp(scaled)(x, a, vector=v).tolist() == (6.0 * a * x * v).tolist()
    assert hvp(scaled)(x, a, 2, vector=v).tolist() == (2.0 * a * v).tolist()
    assert hvp(scaled)(x, vector=v, a=a).tolist() == (6.0 * a * x * v).tolist()
    assert hvp(cubic)(5.0, vector=2.0) == 60.0


def test_a_vector_that_is_not_like_the_argument_is_refused_before_anything_is_computed() -> None:
    def f(x: Any, a: Any) -> Any:
        raise AssertionError("called")

    x, v = np.ones(2), np.ones(2)
    for args, kwargs in [((x, 10.0, v), {}), ((x, 10.0), {"vector": 1.0}), ((x, np.ones(3), 10.0), {})]:
        with pytest.raises(TypeError, match=r"f: the vector needs .* it comes after the last argument"):
            hvp(f)(*args, **kwargs)
    with pytest.raises(TypeError, match=r"argnums=1: .*f was called with 1 positional arguments"):
        hvp(f, argnums=1)(x, v)


# At the awkward points


@pytest.mark.parametrize(
    ("f", "x", "first", "second"),
    [
        (lambda x: math.sqrt(x), 0.0, std.inf, -std.inf),
        (lambda x: x**0.5, 0.0, std.inf, -std.inf),
        (lambda x: abs(x), 0.0, 0.0, 0.0),
        (lambda x: math.relu(x), 0.0, 0.0, 0.0),
        (lambda x: math.relu(x) ** 2, -1.0, 0.0, 0.0),
        (lambda x: math.relu(x) ** 2, 3.0, 6.0, 2.0),
        (lambda x: x**2, 0.0, 0.0, 2.0),
        (lambda x: x**1, 0.0, 1.0, 0.0),
        (lambda x: x**0, 0.0, 0.0, 0.0),
        (lambda x: x**2.0, -3.0, -6.0, 2.0),
        (lambda x: x * x * x, 0.0, 0.0, 0.0),
        (lambda x: 1 / x, 1e-200, -std.inf, std.inf),
        (lambda x: math.maximum(x, x), 3.0, 1.0, 0.0),
        (lambda x: math.floor(x) * x, 2.5, 2.0, 0.0),
        (lambda x: math.sigmoid(x), 1000.0, 0.0, 0.0),
        (lambda x: math.tanh(x), 1000.0, 0.0, 0.0),
        (lambda x: math.softplus(x), -1000.0, 0.0, 0.0),
        (lambda x: math.asin(x), 1.0, std.inf, std.inf),
        (lambda x: math.asin(x), -1.0, std.inf, -std.inf),
        (lambda x: math.acos(x), 1.0, -std.inf, -std.inf),
        (lambda x: math.acosh(x), 1.0, std.inf, -std.inf),
        (lambda x: math.asinh(x), 1e200, 1e-200, 0.0),
        (lambda x: math.erf(x), 1e200, 0.0, 0.0),
        (lambda x: math.gelu(x), -1e200, 0.0, 0.0),
        (lambda x: 0.0**x, 2.0, 0.0, 0.0),
        (lambda x: math.hypot(x, 0.0), 0.0, 0.0, 0.0),
    ],
)
def test_first_and_second_derivatives_at_awkward_points(
    f: Callable[[Any], Any], x: float, first: float, second: float
) -> None:
    assert grad(f)(x) == first
    assert grad(grad(f))(x) == second
    assert hessian(f)(x) == second
    assert derivative(f, 2)(x) == second


def test_a_base_that_is_negative_does_not_spoil_what_does_not_depend_on_the_exponent() -> None:
    def f(x: Any, y: Any) -> Any:
        return x**y

    assert grad(f)(-3.0, 2.0) == -6.0
    assert grad(f)(-3.0, Value(2.0)) == -6.0
    assert grad(grad(f))(-3.0, 2.0) == 2.0
    first = grad(f, (0, 1))(-3.0, 2.0)
    assert first[0] == -6.0
    assert std.isnan(first[1])


# Orders of derivative()


@pytest.mark.parametrize("order", [1.0, True, "2", None])
def test_the_order_is_a_whole_number(order: Any) -> None:
    with pytest.raises(TypeError, match="the order of a derivative is a whole number"):
        derivative(cubic, order)


def test_the_order_is_not_negative_and_order_0_is_the_function() -> None:
    with pytest.raises(ValueError, match="the order of a derivative is 0 or more, not -1"):
        derivative(cubic, -1)
    assert derivative(cubic, 0)(2.0) == 10.0


def test_derivative_is_for_functions_of_one_number_and_of_any_result() -> None:
    with pytest.raises(TypeError, match=r"derivative takes a function of one number, not of .*array"):
        derivative(cubic)(np.ones(3))
    with pytest.raises(TypeError, match=r"not of \[1\.0\] \(list\)"):
        derivative(cubic)([1.0])
    curve = derivative(lambda t: {"x": math.cos(t), "y": np.array([t, t * t])})(2.0)
    assert curve["x"] == -std.sin(2.0)
    assert curve["y"].tolist() == [1.0, 4.0]


# Sparse ones, which the room for them makes


def test_sparse_derivatives_have_the_entries_that_the_graph_has() -> None:
    found = jacobian(lambda x: [x[0] * x[1], x[2]], sparse=True)([2.0, 3.0, 5.0])
    assert found.nnz == 3
    assert found.toarray().tolist() == [[3.0, 2.0, 0.0], [0.0, 0.0, 1.0]]
    found = hessian(lambda x: x[0] * x[1] + x[2], sparse=True)([2.0, 3.0, 5.0])
    assert found.nnz == 2
    assert found.toarray().tolist() == [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 0.0]]


def test_what_a_transformation_made_tells_of_what() -> None:
    made: Any = jacobian(cubic, argnums=(0,), sparse=True)
    assert made.made == ("jacobian", cubic, {"argnums": (0,), "has_aux": False, "sparse": True})

"""Derivatives of loops as functions, held against closed forms and mpmath."""

from __future__ import annotations

import math as std
from typing import Any

import numpy as np
import pytest
from loops_as_functions import added, logistic, newton, pendulum
from mpmath import mp, mpf

from autograd import Value, derivative, fori_loop, grad, hessian, jacobian, scan, while_loop


def test_a_linear_recurrence_has_the_gradient_of_its_closed_form() -> None:
    # c(n) = a c(n-1) + x(n): the derivative of the last by x(k) is a to the power of n - k.
    def last(a: Any, xs: Any) -> Any:
        return scan(lambda c, x: (a * c + x, None), 1.0, xs)[0]

    xs = [0.5, -1.0, 2.0, 0.25]
    for given in (xs, np.array(xs)):
        by_a, by_xs = grad(last, (0, 1))(0.5, given)
        assert list(by_xs) == [0.125, 0.25, 0.5, 1.0]
        # a^4 + xs[0] a^3 + xs[1] a^2 + xs[2] a + xs[3]
        assert by_a == 4 * 0.125 + 3 * 0.5 * 0.25 - 2 * 0.5 + 2.0
        assert hessian(last)(0.5, given) == 12 * 0.25 + 6 * 0.5 * 0.5 - 2.0


def test_what_is_kept_of_each_turn_has_derivatives() -> None:
    # Partial products of x, x + 1, ...: jacobian by hand.
    def f(x: Any) -> Any:
        return scan(lambda c, i: (c * (x + i), c), 1.0, range(4))[1]

    assert f(2.0) == [1.0, 2.0, 6.0, 24.0]
    assert jacobian(f)(2.0) == [0.0, 1.0, 2 * 2.0 + 1.0, 3 * 4.0 + 6 * 2.0 + 2.0]
    rows = jacobian(lambda x: scan(lambda c, r: (c + r, c * r), np.zeros(2), x)[1])(
        np.array([[1.0, 2.0], [3.0, 4.0]])
    )
    assert rows.shape == (2, 2, 2, 2)
    wanted = np.zeros((2, 2, 2, 2))  # y[1] = x[0] x[1], element by element
    for i, (a, b) in enumerate([(1.0, 3.0), (2.0, 4.0)]):
        wanted[1, i, 0, i], wanted[1, i, 1, i] = b, a
    assert rows.tolist() == wanted.tolist()
    values = scan(added, Value(0.0), [1.0, 2.0])[1]
    assert [type(x) for x in values] == [Value, Value]
    mixed = scan(lambda c, x: (c, np.array([1.0]) if x < 2 else np.array([c])), Value(5.0), [1.0, 2.0])[1]
    assert (mixed.shape, mixed[1, 0].data) == ((2, 1), 5.0)


def test_the_logistic_map_has_the_derivatives_of_mpmath() -> None:
    def exact(*orders: int) -> float:
        with mp.workdps(60):
            return float(mp.diff(logistic, (mpf(0.3), mpf(3.2)), orders))

    assert grad(logistic, (0, 1))(0.3, 3.2) == pytest.approx((exact(1, 0), exact(0, 1)), rel=1e-12)
    (xx, xr), (_, rr) = hessian(logistic, (0, 1))(0.3, 3.2)
    assert (xx, xr, rr) == pytest.approx((exact(2, 0), exact(1, 1), exact(0, 2)), rel=1e-11)


def test_newtons_square_root_has_the_derivatives_of_the_square_root() -> None:
    for x in (0.3, 2.0, 50.0):
        assert newton(x) == pytest.approx(std.sqrt(x), rel=1e-14)
        assert derivative(newton)(x) == pytest.approx(0.5 / std.sqrt(x), rel=1e-12)
        # Of the derivatives Newton's iteration is a turn behind.
        assert derivative(newton, 2)(x) == pytest.approx(-0.25 * x**-1.5, rel=1e-6)


@pytest.mark.parametrize("checkpoint", [False, True])
def test_a_pendulum_has_the_derivatives_of_mpmath(checkpoint: bool) -> None:
    def exact(*orders: int) -> float:
        with mp.workdps(50):
            return float(mp.diff(lambda a, b: pendulum(a, b, sine=mp.sin), (mpf(1.2), mpf(0.8)), orders))

    def f(angle: Any, length: Any) -> Any:
        return pendulum(angle, length, checkpoint=checkpoint)

    assert f(1.2, 0.8) == pytest.approx(exact(0, 0), rel=1e-13)
    assert grad(f, (0, 1))(1.2, 0.8) == pytest.approx((exact(1, 0), exact(0, 1)), rel=1e-12)
    (aa, al), (la, ll) = hessian(f, (0, 1))(1.2, 0.8)
    assert (aa, al, la, ll) == pytest.approx((exact(2, 0), exact(1, 1), exact(1, 1), exact(0, 2)), rel=1e-11)


def test_a_loop_over_whole_numbers_is_a_polynomial() -> None:
    # Horner's scheme for 1 + 2 x + 3 x² + 4 x³.
    f = lambda x: fori_loop(0, 4, lambda i, y: y * x + (4 - i), 0.0)  # noqa: E731
    assert [derivative(f, order)(2.0) for order in range(4)] == [49.0, 62.0, 54.0, 24.0]
    assert fori_loop(3, 3, lambda i, x: None, 1.0) == 1.0
    assert fori_loop(5, 3, lambda i, x: None, 1.0) == 1.0
    assert fori_loop(np.int64(0), np.int64(2), lambda i, x: x + type(i).__name__, "") == "intint"


def test_a_condition_may_be_one_of_numpy() -> None:
    end = while_loop(lambda x: np.all(x < 10.0), lambda x: 2.0 * x, np.array([1.0, 3.0]))
    assert end.tolist() == [4.0, 12.0]
    assert while_loop(lambda x: np.array(False), lambda x: x, 1.0) == 1.0
    slopes = grad(lambda x: np.sum(while_loop(lambda x: np.all(x < 10.0), lambda x: 2.0 * x, x)))(
        np.array([1.0, 3.0])
    )
    assert slopes.tolist() == [4.0, 4.0]


def test_loops_of_loops_and_derivatives_inside() -> None:
    def root(s: Any) -> Any:  # by Newton's method, with the derivative taken inside
        def f(v: Any) -> Any:
            return v**3 + v - s

        return fori_loop(0, 8, lambda _, v: v - f(v) / grad(f)(v), 1.0)

    def total(s: Any) -> Any:
        return scan(lambda c, k: (c + root(s * k), None), 0.0, [1.0, 2.0, 3.0])[0]

    def wanted(order: int) -> float:
        with mp.workdps(40):
            exact = lambda s: mp.findroot(lambda v: v**3 + v - s, 1.0)  # noqa: E731
            return float(mp.fsum(k**order * mp.diff(exact, mpf(2.0) * k, order) for k in (1, 2, 3)))

    for order in range(3):
        assert derivative(total, order)(2.0) == pytest.approx(wanted(order), rel=1e-11)

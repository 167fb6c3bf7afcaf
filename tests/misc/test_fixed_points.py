"""Fixed points: where iterations lead, and derivatives by what they depend on, against closed forms."""

from __future__ import annotations

from typing import Any

import numpy
import pytest

import autograd.numpy as np
from autograd import derivative, grad, jacobian
from autograd.misc.fixed_points import fixed_point


def distance(x: Any, y: Any) -> Any:
    return np.max(np.abs(x - y))


def root(a: Any) -> Any:
    return fixed_point(lambda a: lambda x: 0.5 * (x + a / x), a, 1.0, lambda x, y: abs(x - y), 1e-14)


def test_a_square_root_has_its_derivatives_of_three_orders() -> None:
    assert root(2.0) == pytest.approx(2.0**0.5, rel=1e-15)
    first, second = grad(root), grad(grad(root))
    assert first(2.0) == pytest.approx(0.5 * 2.0**-0.5, rel=1e-12)
    assert second(2.0) == pytest.approx(-0.25 * 2.0**-1.5, rel=1e-12)
    assert grad(second)(2.0) == pytest.approx(0.375 * 2.0**-2.5, rel=1e-11)
    assert derivative(root)(2.0) == pytest.approx(0.5 * 2.0**-0.5, rel=1e-12)


def test_a_linear_system_has_the_derivatives_of_its_solution() -> None:
    matrix, right = numpy.array([[0.2, 0.1], [-0.3, 0.4]]), numpy.array([1.0, 2.0])

    def solution(a: Any) -> Any:
        def step(a: Any) -> Any:
            return lambda x: a["matrix"] @ x + a["right"]

        return fixed_point(step, a, numpy.zeros(2), distance, 1e-15)

    inverse = numpy.linalg.inv(numpy.eye(2) - matrix)
    x = inverse @ right
    found = jacobian(solution)({"matrix": matrix, "right": right})
    assert solution({"matrix": matrix, "right": right}) == pytest.approx(x, rel=1e-14)
    assert found["right"] == pytest.approx(inverse, rel=1e-13)
    assert found["matrix"] == pytest.approx(numpy.einsum("ij,k->ijk", inverse, x), rel=1e-13)


def test_by_where_it_begins_the_derivative_is_0() -> None:
    def found(x0: Any) -> Any:
        return fixed_point(lambda a: lambda x: 0.5 * (x + a / x), 2.0, x0, lambda x, y: abs(x - y), 1e-14)

    assert grad(found)(1.5) == 0.0

"""Determinants where elimination comes to an end."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import Value, grad, hessian, value_and_grad
from autograd.arrays import array_of


def test_the_determinant_of_a_singular_matrix_has_the_derivative_of_the_polynomial() -> None:
    """The adjugate, transposed; of a matrix of rank n - 2 and less, 0."""
    np.testing.assert_array_equal(
        grad(np.linalg.det)(np.array([[0.0, 1.0], [0.0, 0.0]])), [[0.0, 0.0], [-1.0, 0.0]]
    )
    a = np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 0.0, 5.0]])
    cofactors = [[20.0, -4.0, -4.0], [-10.0, 2.0, 2.0], [0.0, 0.0, 0.0]]
    np.testing.assert_allclose(grad(np.linalg.det)(a), cofactors, atol=1e-14)
    a[:, [0, 2]] = a[:, [2, 0]]
    np.testing.assert_allclose(grad(np.linalg.det)(a), -np.array(cofactors)[:, ::-1], atol=1e-14)
    assert not grad(np.linalg.det)(np.ones((3, 3))).any()


def test_second_derivatives_are_right_where_all_is_zero() -> None:
    second = hessian(np.linalg.det)(np.zeros((2, 2))).reshape(4, 4)
    np.testing.assert_array_equal(second, [[0, 0, 0, 1], [0, 0, -1, 0], [0, -1, 0, 0], [1, 0, 0, 0]])
    second = hessian(np.linalg.det)(np.diag([0.0, 0.0, 5.0]))[0, 0]
    np.testing.assert_array_equal(second, [[0, 0, 0], [0, 5, 0], [0, 0, 0]])
    third = grad(lambda a: hessian(np.linalg.det)(a)[0, 0, 1, 1])(np.zeros((3, 3)))
    np.testing.assert_array_equal(third, np.diag([0.0, 0.0, 1.0]))
    fourth = grad(lambda t: hessian(lambda s: np.linalg.det(np.eye(4) * (s * t) ** 0.5))(1.0))(1.0)
    assert fourth == pytest.approx(4.0, rel=1e-12)


def test_a_determinant_that_is_too_small_or_large_has_the_derivatives_that_are_not() -> None:
    small, large = (value_and_grad(np.linalg.det)(np.diag([x, x, x])) for x in (1e-150, 1e150))
    assert (small[0], large[0]) == (0.0, np.inf)
    np.testing.assert_allclose(np.diag(small[1]), [1e-300] * 3, rtol=1e-15)
    np.testing.assert_allclose(np.diag(large[1]), [1e300] * 3, rtol=1e-15)


def test_a_product_of_pivots_that_is_no_number_is_found_by_logarithms() -> None:
    a = np.diag([1e200, 1e200, 1e-200, 1e-200])
    value, slopes = value_and_grad(np.linalg.det)(a)
    assert value == pytest.approx(1.0, rel=1e-12)
    np.testing.assert_allclose(np.diagonal(slopes), [1e-200, 1e-200, 1e200, 1e200], rtol=1e-12)
    assert value_and_grad(np.linalg.det)(np.diag([1e200, 1e200]))[0] == np.inf


def test_the_logarithm_of_a_singular_matrix_is_minus_infinity_without_a_derivative() -> None:
    sign, logarithm = np.linalg.slogdet(array_of([Value(1.0)] * 4, (2, 2)))
    assert (sign.data, logarithm.data) == (0.0, -np.inf)
    assert np.isnan(grad(lambda a: np.linalg.slogdet(a)[1])(np.ones((2, 2)))).all()


def test_the_sign_has_derivative_zero() -> None:
    slopes = grad(lambda a: np.linalg.slogdet(a).sign)(np.array([[0.0, 1.0], [2.0, 0.0]]))
    np.testing.assert_array_equal(slopes, np.zeros((2, 2)))

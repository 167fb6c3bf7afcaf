"""Q and R where LAPACK's signs change, and where numbers are very large or small."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Value, check_grads, compile, grad, value_and_grad
from autograd.arrays import ValueArray

A = np.array([[3.0, 1.0, 2.0], [4.0, -1.0, 0.5], [0.0, 2.0, 1.0]])
WEIGHTS = np.arange(9.0).reshape(3, 3)


def weighted(a: Any) -> Any:
    """Return a number that depends on all of Q and R."""
    q, r = np.linalg.qr(a)
    return np.sum(q * np.cos(WEIGHTS)) + np.sum(r * np.sin(WEIGHTS))


@pytest.mark.parametrize(
    "a", [np.triu(A), A[::-1], -A, np.array([[0.0, 1.0, 2.0], [-0.0, 3.0, 1.0], [2.0, 1.0, 1.0]])]
)
def test_where_a_column_lies_on_its_axis_signs_and_derivatives_are_right(a: Any) -> None:
    """LAPACK's signs jump there, so differences are those of factors with signs of their own."""
    assert value_and_grad(weighted)(a)[0] == pytest.approx(weighted(a), rel=1e-13)

    def with_positive_diagonal(a: Any) -> Any:
        q, r = np.linalg.qr(a)
        signs = np.sign(np.diagonal(r))
        return np.sum(q * signs * np.cos(WEIGHTS)) + np.sum(r * signs[:, None] * np.sin(WEIGHTS))

    check_grads(with_positive_diagonal, (a,), order=1)


def test_an_upper_triangle_has_the_derivatives_of_the_limit() -> None:
    """Q is the unit matrix there, which LAPACK gives by not reflecting at all: it changes nonetheless."""
    slopes = grad(lambda a: np.linalg.qr(a)[0][1, 0])(np.diag([2.0, 5.0]))
    np.testing.assert_allclose(slopes, [[0.0, 0.0], [0.5, 0.0]], atol=1e-16)


@pytest.mark.parametrize("scale", [1e-310, 1e-170, 1e-126, 1e125, 1e170, 1e307])
def test_squares_that_are_no_numbers_do_no_harm(scale: float) -> None:
    value, slopes = value_and_grad(lambda a: np.linalg.qr(a)[1][0, 0])(A * scale)
    assert value == pytest.approx(np.linalg.qr(A * scale)[1][0, 0], rel=1e-15)
    np.testing.assert_allclose(slopes[:, 0], [-0.6, -0.8, 0.0], rtol=1e-15)


def test_a_compiled_function_may_be_called_with_numbers_of_any_size() -> None:
    compiled = compile(value_and_grad(weighted))
    for scale in (1.0, 1e-170, 1e160, 2.0, 1e-310, 1e307, 1e-126, 1e126):
        (x, dx), (y, dy) = compiled(A * scale), value_and_grad(weighted)(A * scale)
        assert x == y
        np.testing.assert_allclose(dx, dy, rtol=1e-12, atol=1e-300)


def test_a_column_without_direction_is_refused() -> None:
    with pytest.raises(np.linalg.LinAlgError, match=r"column 1 .* Q has no derivative"):
        grad(lambda a: np.linalg.qr(a)[0][0, 0])(np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]]))


def test_the_mode_of_reflections_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no mode 'raw'"):
        np.linalg.qr(A.astype(object).view(ValueArray) * Value(1.0), "raw")

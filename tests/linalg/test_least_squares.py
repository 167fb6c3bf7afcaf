"""Least squares where a matrix has not full rank, or nearly so."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import compile, grad, value_and_grad

A = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 7.0]])
B = np.array([1.0, -1.0, 2.0])


def squares(a: Any) -> Any:
    """Return a number that depends on the solution and on its residuals."""
    x, residuals, _, _ = np.linalg.lstsq(a, B[: len(a)], rcond=None)
    return np.sum(x**2) + (residuals[0] if len(residuals) else 0.0)


@pytest.mark.parametrize("function", [squares, lambda a: np.linalg.pinv(a).sum()], ids=["lstsq", "pinv"])
def test_where_the_rank_is_not_full_there_is_no_derivative(function: Any) -> None:
    compiled = compile(grad(function))
    for f in (grad(function), compiled):
        with pytest.raises(np.linalg.LinAlgError, match="the matrix has rank 1 of 2"):
            f(np.ones((3, 2)))
        np.testing.assert_allclose(f(A), grad(function)(A), rtol=1e-12)
    with pytest.raises(np.linalg.LinAlgError, match="the matrix has rank 1 of 2"):
        compiled(np.ones((3, 2)) * 2.0)


def test_what_counts_as_zero_can_be_said() -> None:
    nearly = np.array([[1.0, 0.0], [0.0, 1e-3]])
    for f in (np.linalg.pinv, lambda a, rcond: np.linalg.lstsq(a, B[:2], rcond=rcond)[0]):
        grad(lambda a: f(a, rcond=1e-4).sum())(nearly)  # noqa: B023 (called at once)
        with pytest.raises(np.linalg.LinAlgError, match="rank 1 of 2"):
            grad(lambda a: f(a, rcond=1e-2).sum())(nearly)  # noqa: B023


@pytest.mark.parametrize("a", [A, A.T.copy(), A[:2]], ids=["tall", "wide", "square"])
def test_compiled_it_is_the_same(a: Any) -> None:
    compiled = compile(value_and_grad(squares))
    for factor in (1.0, 1.1, -0.5):
        (x, dx), (y, dy) = compiled(a * factor), value_and_grad(squares)(a * factor)
        assert x == pytest.approx(y, rel=1e-14)
        np.testing.assert_allclose(dx, dy, rtol=1e-11, atol=1e-13)


def test_a_matrix_that_is_nearly_singular_is_compiled_by_its_singular_values() -> None:
    """Singular need not be small: here 0.85 of the largest one counts as 0."""
    plain = value_and_grad(lambda a: np.linalg.pinv(a, rcond=0.85).sum())
    compiled = compile(plain)
    for a in (np.diag([1.0, 0.9]), np.diag([0.95, 1.0])):
        assert compiled(a)[0] == plain(a)[0]
    with pytest.raises(np.linalg.LinAlgError, match="rank 1 of 2"):
        compiled(np.diag([1.0, 0.8]))


def test_singular_values_are_differentiated_too() -> None:
    slopes = grad(lambda a: np.linalg.lstsq(a, B, rcond=None)[3].sum())(A)
    u, _, vh = np.linalg.svd(A, full_matrices=False)
    np.testing.assert_allclose(slopes, u @ vh, rtol=1e-13)

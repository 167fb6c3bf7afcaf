"""Condition and rank of matrices that are singular, and what counts as 0."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Value, compile, grad, linalg
from autograd.arrays import array_of

NUMPYS: Any = np.linalg


def values_in(a: Any) -> Any:
    """Return an array of numbers as an array of Values."""
    return array_of([Value(float(x)) for x in np.ravel(a)], np.shape(a))


def test_the_condition_of_a_singular_matrix_is_infinite() -> None:
    singular = np.zeros((2, 2))
    assert np.linalg.cond(values_in(singular), 1) == np.linalg.cond(singular, 1) == np.inf
    assert NUMPYS.cond(values_in(np.diag([2.0, 0.0]))).data == np.inf
    with pytest.raises(np.linalg.LinAlgError, match="Singular"):
        np.linalg.cond(values_in(np.zeros((2, 2, 2))), 1)


@pytest.mark.parametrize("p", [None, 2, -2])
def test_the_condition_of_a_matrix_of_zeros_is_infinite_in_compiled_functions_too(p: Any) -> None:
    stack = np.stack([np.zeros((2, 2)), np.diag([4.0, 2.0])])
    assert NUMPYS.cond(values_in(np.zeros((2, 2))), p) == np.linalg.cond(np.zeros((2, 2)), p) == np.inf
    found = NUMPYS.cond(values_in(stack), p)
    assert [getattr(x, "data", x) for x in found.tolist()] == np.linalg.cond(stack, p).tolist()
    fast = compile(lambda a: np.linalg.cond(a, p))
    assert fast(stack[1]) == np.linalg.cond(stack[1], p)
    assert fast(stack[0]) == np.inf


@pytest.mark.parametrize("tol", [0.5, 1.5, 3.0])
def test_up_to_which_size_singular_values_are_zero_can_be_said(tol: float) -> None:
    a = np.stack([np.diag([1.0, 2.0]), np.diag([4.0, 0.1])])
    np.testing.assert_array_equal(np.linalg.matrix_rank(values_in(a), tol), np.linalg.matrix_rank(a, tol))
    assert linalg.matrix_rank(values_in(a[1]), rtol=tol / 100.0) == (2 if tol < 2.0 else 1)


def test_the_rank_of_a_vector_is_whether_it_is_zero() -> None:
    assert np.linalg.matrix_rank(values_in([0.0, 2.0])) == 1
    assert np.linalg.matrix_rank(values_in([0.0, 0.0])) == 0


def test_a_power_of_zero_is_the_unit_matrix() -> None:
    power = np.linalg.matrix_power(values_in([[1.0, 2.0], [3.0, 4.0]]), 0)
    np.testing.assert_array_equal(power, np.eye(2))
    slopes = grad(lambda a: np.sum(a * np.linalg.matrix_power(a, 0)))(np.ones((2, 2)))
    np.testing.assert_array_equal(slopes, np.eye(2))


def test_tensors_that_are_no_square_matrices_are_refused() -> None:
    with pytest.raises(np.linalg.LinAlgError, match=r"shape \(2, 3\) and b \(2,\)"):
        np.linalg.tensorsolve(values_in(np.ones((2, 3))), np.ones(2))
    with pytest.raises(ValueError, match="ind"):
        np.linalg.tensorinv(values_in(np.ones((2, 2))), 0)

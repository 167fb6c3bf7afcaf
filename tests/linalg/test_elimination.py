"""Elimination: which row is the pivot, and what a program asks of that."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import compile, grad, value_and_grad, vmap
from autograd.linalg.elimination import eliminated, place_of_largest

A = np.array([[0.0, 2.0, 1.0], [3.0, 1.0, 0.0], [1.0, 1.0, 4.0]])


def total(a: Any) -> Any:
    """Return a number that depends on all of a solution."""
    return np.sum(np.linalg.solve(a, np.array([1.0, 2.0, 3.0])) ** 2)


def test_the_pivot_is_the_first_of_the_largest_numbers() -> None:
    assert place_of_largest([9.0, 1.0, -3.0, 3.0], 1) == 2
    assert place_of_largest([0.0, 0.0], 0) == 0
    elimination = eliminated([[1.0, 2.0], [-4.0, 4.0]])
    assert elimination.order == [1, 0]
    assert elimination.places == [1, 1]
    assert elimination.odd
    assert elimination.minus == [[], [0.25]]
    assert elimination.upper == [[-4.0, 4.0], [3.0]]


def test_without_the_exchange_of_rows_digits_would_be_lost() -> None:
    a = np.array([[1e-20, 1.0], [1.0, 1.0]])
    slopes = grad(lambda a: np.linalg.solve(a, np.array([1.0, 2.0]))[1])(a)
    np.testing.assert_allclose(slopes, [[-1.0, -1.0], [1e-20, 1e-20]], rtol=1e-15)


def test_a_compiled_function_follows_the_order_of_rows() -> None:
    compiled, plain = compile(value_and_grad(total)), value_and_grad(total)
    for a in (A, A[::-1], A[[1, 2, 0]], -A, 2.0 * A, A.T):
        (x, dx), (y, dy) = compiled(a), plain(a)
        assert x == y
        np.testing.assert_allclose(dx, dy, rtol=1e-12, atol=1e-14)


def test_a_smooth_problem_is_recorded_once() -> None:
    calls: list[None] = []
    first = 0

    def f(a: Any) -> Any:
        calls.append(None)
        return total(a)

    compiled = compile(value_and_grad(f))
    for t in np.linspace(0.0, 1.0, 50):
        a = A[[1, 0, 2]] + 0.4 * np.sin(t * np.arange(9.0)).reshape(3, 3)
        assert compiled(a)[0] == pytest.approx(total(a), rel=1e-13)
        first = first or len(calls)
    assert len(calls) == first <= 2


def test_there_is_one_path_for_each_order_of_rows() -> None:
    calls: list[None] = []

    def f(a: Any) -> Any:
        calls.append(None)
        return np.linalg.det(a)

    compiled = compile(f)
    random = np.random.default_rng(0)
    for _ in range(100):
        a = random.normal(size=(3, 3))
        assert compiled(a) == pytest.approx(np.linalg.det(a), rel=1e-12)
    assert len(calls) <= 2 * 6  # each is recorded by two calls at most


def test_rows_of_equal_size_are_no_further_path() -> None:
    compiled = compile(grad(total))
    equal = np.array([[1.0, 2.0, 0.0], [-1.0, 1.0, 3.0], [1.0, 0.0, 1.0]])
    for a in (equal, np.ones((3, 3)) - 2.0 * np.eye(3)):
        np.testing.assert_allclose(compiled(a), grad(total)(a), rtol=1e-13)


def test_a_compiled_function_raises_where_the_plain_one_does() -> None:
    compiled = compile(grad(total))
    compiled(A)
    for _ in range(2):
        with pytest.raises(np.linalg.LinAlgError, match="Singular matrix"):
            compiled(np.ones((3, 3)))
    np.testing.assert_allclose(compiled(A), grad(total)(A), rtol=1e-13)
    definite = compile(lambda a: np.linalg.cholesky(a)[1, 1])
    assert definite(np.diag([1.0, 4.0])) == 2.0
    with pytest.raises(np.linalg.LinAlgError, match="not positive definite"):
        definite(np.diag([1.0, -4.0]))


def test_a_batch_may_have_points_of_several_orders() -> None:
    points = np.stack([A, A[::-1], 2.0 * A])
    np.testing.assert_allclose(vmap(total)(points), [total(a) for a in points], rtol=1e-14)


def test_nan_flows_on_as_in_numpy() -> None:
    a = A * np.nan
    assert np.isnan(np.linalg.solve(a, np.ones(3))).all()
    assert np.isnan(value_and_grad(total)(a)[0])
    infinite = np.diag([np.inf, 1.0, 2.0])
    assert value_and_grad(total)(infinite)[0] == total(infinite)

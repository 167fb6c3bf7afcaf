"""Counts, sums by places, and statistics of arrays of Values: closed forms, NaN, and what is refused."""

from __future__ import annotations

from math import nan
from typing import Any

import numpy as np
import pytest

from autograd import compile, grad, jacobian, vjp
from autograd.arrays import ValueArray

X = np.array([0.3, -1.2, 2.5, 0.7, -0.4])


def numbers(f: Any, x: Any) -> Any:
    """Return the numbers of what f gives for Values."""
    return vjp(f, x)[0]


def test_counts_have_no_derivatives_and_are_whole_numbers() -> None:
    seen: list[Any] = []

    def f(x: Any) -> Any:
        seen[:] = np.histogram(x, [-2.0, 0.0, 1.0, 3.0])
        return np.sum(seen[0]) * x[0]

    assert grad(f)(X).tolist() == [5.0, 0.0, 0.0, 0.0, 0.0]
    assert (seen[0].tolist(), seen[0].dtype.kind) == ([2, 2, 1], "i")


def test_edges_of_equal_bins_move_with_the_ends_of_the_data() -> None:
    # min + (max - min) i / 2
    found = jacobian(lambda x: np.histogram(x, bins=2)[1])(X)
    np.testing.assert_array_equal(found[:, [1, 2]], [[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
    assert np.sum(found) == 3.0
    assert numbers(lambda x: np.histogram(x[:1], bins=2)[1], X).tolist() == [-0.2, 0.3, 0.8]
    assert numbers(lambda x: np.histogram(x[:0], bins=2)[1] + 0.0 * x[0], X).tolist() == [0.0, 0.5, 1.0]


def test_a_nan_is_in_no_bin() -> None:
    x = np.array([0.3, nan, 2.5, 0.7, -0.4])
    edges = [-2.0, 0.0, 1.0, 3.0]
    for f in (
        lambda x: np.histogram(x, edges)[0],
        lambda x: np.histogram(x, edges, weights=X)[0],
        lambda x: np.histogram2d(x, X, [edges, edges])[0],
        lambda x: np.histogramdd(x[:, None], [edges], density=True)[0],
    ):
        np.testing.assert_array_equal(numbers(lambda x, f=f: f(x) + 0.0 * x[0], x), f(x))


def test_sums_by_places_have_the_derivative_of_a_sum() -> None:
    found = jacobian(lambda w: np.bincount([0, 1, 1, 3, 0], weights=w, minlength=5))(X)
    np.testing.assert_array_equal(found.argmax(axis=0), [0, 1, 1, 3, 0])
    assert np.sum(found) == 5.0


def test_counting_is_guarded_where_it_is_compiled() -> None:
    def f(x: Any) -> Any:
        return np.sum(np.histogram(x, [-2.0, 0.0, 1.0, 3.0])[0] * [1.0, 10.0, 100.0]) * x[0]

    compiled = compile(f)
    for x in (X, -X, X * 0.1, X):
        assert compiled(x) == f(x)


@pytest.mark.parametrize(
    ("f", "words"),
    [
        (lambda x: np.histogram(x, "auto"), "NumPy's histogram does not work on Values"),
        (lambda x: np.bincount(x), "NumPy's bincount does not work on Values|Cannot cast"),
        (lambda x: np.nanmedian(x, out=np.zeros(())), "an array of plain numbers cannot hold|does not work"),
    ],
)
def test_what_has_no_derivative_is_refused(f: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        grad(lambda x: np.sum(f(np.abs(x))[0]))(X)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.histogram(x, 0),
        lambda x: np.histogram(x, [1.0, 0.0]),
        lambda x: np.histogram(x, 3, range=(2.0, 1.0)),
        lambda x: np.digitize(x, [0.0, 2.0, 1.0]),
        lambda x: np.bincount([0, -1, 0, 0, 0], weights=x),
        lambda x: np.bincount([0, 1], weights=x),
        lambda x: np.cov(x[None, None]),
        lambda x: np.cov(x, ddof=1.5),
        lambda x: np.cov(x, fweights=[1, 2]),
        lambda x: np.pad(x, -1, mode="mean"),
        lambda x: np.quantile(x, 1.5, weights=np.ones(5), method="inverted_cdf"),
    ],
)
def test_numpys_errors_are_given(f: Any) -> None:
    with pytest.raises((ValueError, TypeError, RuntimeError)) as expected:
        f(X)
    with pytest.raises(expected.type) as found:
        grad(lambda x: np.sum(f(x)))(X)
    assert str(found.value) == str(expected.value)


# Covariances


def test_a_covariance_has_the_derivative_of_the_books() -> None:
    # d cov(x, y) / dx_i = (y_i - mean y) / (n - 1)
    y = np.array([1.5, 0.2, -0.7, 2.2, 0.9])
    found = jacobian(lambda x: np.cov(x, y))(X)
    np.testing.assert_allclose(found[0, 1], (y - y.mean()) / 4.0, rtol=1e-14)
    np.testing.assert_allclose(found[0, 0], (X - X.mean()) / 2.0, rtol=1e-14)
    assert not found[1, 1].any()


def test_a_correlation_has_no_derivative_along_a_line() -> None:
    found = grad(lambda x: np.corrcoef(x, 2.0 * X + 1.0)[0, 1])(X)
    np.testing.assert_allclose(found, np.zeros(5), atol=1e-15)
    assert numbers(np.corrcoef, X) == 1.0


def test_variables_without_observations_have_numpys_warnings() -> None:
    def f(x: Any) -> Any:
        return np.cov(x[:1])

    with pytest.warns(RuntimeWarning) as expected:
        f(X)
    with pytest.warns(RuntimeWarning) as found:
        assert np.isnan(numbers(f, X))
    assert [str(w.message) for w in found] == [str(w.message) for w in expected]
    assert numbers(lambda x: np.cov(x.reshape(5, 1)[:0]) + 0.0 * x[0], X).shape == (0, 0)


# What NumPy itself does


def test_functions_that_are_numpys_where_it_can_do_it() -> None:
    np.testing.assert_allclose(numbers(np.average, X), X.mean(), rtol=1e-15)
    assert numbers(
        lambda x: np.polydiv(np.poly1d([1.0, 2.0, 1.0]), np.poly1d([1.0, 1.0]))[0](x), X
    ).tolist() == ((X + 1.0).tolist())
    assert numbers(lambda x: np.array_equal(x, X, equal_nan=True) * x, X).tolist() == X.tolist()


def test_what_is_written_may_come_by_keyword_or_not_at_all() -> None:
    def f(x: Any) -> Any:
        z = np.zeros_like(x)
        np.copyto(z, src=x)
        np.copyto(dst=z, src=x)
        np.put(z, [0], v=[3])
        assert isinstance(z, ValueArray)
        return np.sum(z)

    assert grad(f)(X).tolist() == [0.0, 1.0, 1.0, 1.0, 1.0]
    put: Any = np.put
    with pytest.raises(TypeError, match="required positional argument"):
        grad(lambda x: put(x * 1.0, [0]))(X)

"""The Cholesky factor: what is read, and how much is recorded."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Value, grad, topological_order
from autograd.arrays import array_of


def test_one_triangle_is_read() -> None:
    a = np.array([[4.0, np.nan], [2.0, 5.0]])
    np.testing.assert_array_equal(
        grad(lambda a: np.linalg.cholesky(a)[1, 1])(a), [[0.0625, 0.0], [-0.25, 0.25]]
    )
    numpys: Any = np.linalg
    if np.lib.NumpyVersion(np.__version__) >= "2.0.0":
        upper = grad(lambda a: numpys.cholesky(a, upper=True)[1, 1])(a.T)
        np.testing.assert_array_equal(upper, [[0.0625, -0.25], [0.0, 0.25]])


def test_hardly_more_is_recorded_than_the_products_and_sums_of_the_factor() -> None:
    n = 30
    a = np.random.default_rng(0).normal(size=(n, n))
    a = a @ a.T + n * np.eye(n)
    factor = np.linalg.cholesky(array_of([Value(x) for x in a.ravel().tolist()], a.shape))
    nodes = topological_order(factor.sum())
    products = n * (n * n - 1) // 6
    assert sum(node.op == "*" for node in nodes) == products
    assert sum(bool(node.op) for node in nodes) - (n * n - 1) <= 1.2 * 2 * products  # those of the sum apart

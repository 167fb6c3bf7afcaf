"""Losses of many observations by a few parameters: the derivatives by these are alike, and no loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import compile, hessian, hvp, jacobian, math, value_and_grad

RNG = np.random.default_rng(11)
TABLE = RNG.normal(size=(200, 16))
ROWS = TABLE.tolist()
POINT = RNG.normal(size=16)


def of_arrays(x: Any) -> Any:
    return np.sum(np.log1p(np.exp(-(TABLE[:, : len(x)] @ x))))


def of_lists(x: Any) -> Any:
    total = 0.0
    for row in ROWS:
        score = sum([row[j] * x[j] for j in range(len(x))])
        total = total + math.log(1.0 + math.exp(-score))
    return total


def of_names(x: Any) -> Any:
    """Return a sum in which the parameters stand one by one."""
    total = 0.0
    for row in ROWS:
        score = row[0] * x[0]
        for j in range(1, len(x)):
            score += row[j] * x[j]
        total -= math.log(math.sigmoid(score))
    return total


def worked_out(x: Any) -> tuple[Any, Any, Any]:
    """Return value, gradient and Hessian of the loss, by the textbook of logistic regression."""
    table = TABLE[:, : len(x)]
    p = 1.0 / (1.0 + np.exp(table @ x))
    return -np.log1p(-p).sum(), -table.T @ p, (table.T * (p * (1.0 - p))) @ table


@pytest.mark.parametrize("backend", ["python", "llvm"])
@pytest.mark.parametrize("count", [2, 4, 5, 6, 7, 8, 12, 15])
@pytest.mark.parametrize("f", [of_arrays, of_lists, of_names])
def test_derivatives_of_a_loss_are_loops(f: Callable[..., Any], count: int, backend: str) -> None:
    fast = compile(f, backend=backend)
    for x in (POINT[:count], -0.5 * POINT[:count]):
        value, gradient, curvature = worked_out(x)
        found = value_and_grad(fast)(x)
        np.testing.assert_allclose(found[0], value, rtol=1e-13)
        np.testing.assert_allclose(found[1], gradient, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(hessian(fast)(x), curvature, rtol=1e-12, atol=1e-12)
        direction = np.cos(np.arange(count))
        np.testing.assert_allclose(hvp(fast)(x, direction), curvature @ direction, rtol=1e-12, atol=1e-12)
    (path,) = fast._recordings.latest().paths
    for mode in ("value_and_grad", "hessian", "hvp"):
        assert path.is_in_loops(mode)
        assert path.derived(mode).program.operations < 150 * count


@pytest.mark.parametrize("count", [3, 5, 7, 9])
def test_rows_of_a_jacobian_are_loops_each(count: int) -> None:
    """The turns of each loop are few operations, so that the rows are no products."""

    def moments(x: Any) -> Any:
        return [sum([x[0] * row[j] for row in ROWS]) ** 2 + x[1] for j in range(count)]

    fast = compile(moments)
    sums = TABLE[:, :count].sum(0)
    for x in ([0.5, 2.0], [-1.5, 1.0]):
        found = np.array(jacobian(fast)(x))
        np.testing.assert_allclose(found[:, 0], 2.0 * x[0] * sums**2, rtol=1e-11)
        assert (found[:, 1] == 1.0).all()
    (path,) = fast._recordings.latest().paths
    assert path.is_in_loops("jacobian")

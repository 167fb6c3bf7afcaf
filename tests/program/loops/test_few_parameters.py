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
    for mode in ("value_and_grad", path.products["hessian"] or "hessian", "hvp"):
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


# Models in which loops stand in the way of each other


def garch(p: Any) -> Any:
    """Return the deviance of returns with variances that follow each other."""
    base, new, old = math.exp(p[0]), math.sigmoid(p[1]), math.sigmoid(p[2])
    variance, total = 1.0, 0.0
    for row in ROWS:
        total = total + math.log(variance) + row[0] ** 2 / variance
        variance = base + new * row[0] ** 2 + old * variance
    return total


def kalman(p: Any) -> Any:
    """Return the deviance of a local level that is filtered."""
    level, uncertain, total = p[2], 1.0, 0.0
    for row in ROWS:
        spread = uncertain + p[1]
        gain, error = uncertain / spread, row[0] - level
        total = total + math.log(spread) + error * error / spread
        level, uncertain = p[3] * (level + gain * error), uncertain * (1.0 - gain) + p[0]
    return total


def negative_binomial(p: Any) -> Any:
    """Return a log-likelihood in which a term is the same in all turns: there is a number of turns."""
    counts = np.arange(200.0) % 7.0
    mean = np.exp(TABLE[:, : len(p) - 1] @ p[:-1] * 0.1)
    both = p[-1] + mean
    return np.sum(counts * np.log(mean / both) + p[-1] * np.log(p[-1] / both) - p[-1] ** 3)


def mixture(p: Any) -> Any:
    """Return a log-likelihood with operations on the elements of a matrix, and on its rows."""
    terms = np.exp(p[:3] - 0.5 * (TABLE[:, :1] - p[3:]) ** 2)
    return np.sum(np.log(np.sum(terms, axis=1)))


def levels(p: Any) -> Any:
    """Return a log-likelihood of ordered levels, between limits that are sums."""
    limits = np.cumsum(p[:4])
    scores = TABLE[:, :2] @ p[4:]
    inside = 1.0 / (1.0 + np.exp(scores[:, None] - limits[None, :]))
    return np.sum(np.log(inside[:, 2] - inside[:, 0]))


def classes(p: Any) -> Any:
    """Return a log-likelihood of three classes."""
    scores = TABLE[:, :2] @ p.reshape(2, 3)
    return np.sum(np.logaddexp(np.logaddexp(scores[:, 0], scores[:, 1]), scores[:, 2]) - scores[:, 0])


def epidemic(p: Any) -> Any:
    """Return the squares of what is seen of a simulation at every tenth step."""
    healthy, ill, total = 0.99, 0.01, 0.0
    for k in range(400):
        new = p[0] * healthy * ill
        healthy, ill = healthy - 0.1 * new, ill + 0.1 * (new - p[1] * ill)
        if k % 10 == 0:
            total = total + (ill * p[2] - p[3]) ** 2
    return total


def predators(p: Any) -> Any:
    """Return the squares of what is seen, after every fourth step, of two kinds that live on each other."""
    x, y, total = 1.0, 0.5, 0.0
    for k in range(200):
        half_x = x + 0.005 * (p[0] * x - p[1] * x * y)
        half_y = y + 0.005 * (x * y - p[2] * y)
        x += 0.01 * (p[0] * half_x - p[1] * half_x * half_y)
        y += 0.01 * (half_x * half_y - p[2] * half_y)
        if k % 4 == 3:
            total = total + (x - ROWS[k][0]) ** 2 + (y - ROWS[k][1]) ** 2
    return total


MODELS = {
    garch: [-2.0, -1.0, 0.5], kalman: [0.3, 0.9, 0.1, 0.8], negative_binomial: [0.3, -0.2, 0.4, 1.5],
    mixture: [0.1, 0.3, -0.2, -1.0, 0.2, 1.1], levels: [-1.0, 0.4, 0.7, 0.9, 0.5, -0.3],
    classes: [0.1, -0.3, 0.4, 0.2, 0.6, -0.5], epidemic: [0.8, 0.3, 1.0, 0.1], predators: [0.9, 1.2, 0.7],
}  # fmt: skip


def differences(f: Callable[..., Any], x: Any) -> Any:
    """Return the derivatives of what f gives by differences of sixth order."""
    weights = {1: 0.75, 2: -0.15, 3: 1.0 / 60.0}
    rows = []
    for i in range(len(x)):
        step = np.zeros(len(x))
        step[i] = h = 2e-3
        rows.append(sum([w * (f(x + k * step) - f(x - k * step)) for k, w in weights.items()]) / h)
    return np.array(rows)


@pytest.mark.parametrize("backend", ["python", "llvm"])
@pytest.mark.parametrize("f", MODELS, ids=lambda f: f.__name__)
def test_derivatives_of_models_are_loops(f: Callable[..., Any], backend: str) -> None:
    fast = compile(f, backend=backend)
    point = np.array(MODELS[f])
    for x in (point, 0.9 * point, 1.1 * point):
        value, gradient = value_and_grad(fast)(x)
        assert value == pytest.approx(f(x), rel=1e-13)
        np.testing.assert_allclose(gradient, differences(f, x), rtol=1e-8, atol=1e-8)
        curvature = differences(lambda x: fast.grad(x), x)
        scale = abs(curvature).max()
        np.testing.assert_allclose(hessian(fast)(x), curvature, rtol=1e-8, atol=1e-9 * scale)
    (path,) = fast._recordings.latest().paths
    assert path.is_in_loops("value_and_grad")
    assert path.is_in_loops(mode := path.products["hessian"] or "hessian")
    assert path.derived(mode).program.operations < 3000  # written out they are 15,000 and more

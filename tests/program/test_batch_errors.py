"""Points of a batch at which the function raises: NaN there, or the error of the first."""

from __future__ import annotations

import math as stdmath
from typing import Any

import numpy as np
import pytest
from batches import close

from autograd import CompileError, compile, grad, hessian, math, vmap


def inverted(x: Any) -> Any:
    return 1.0 / (1.0 / x)


def hidden(x: Any) -> Any:
    return x if math.log(x) > 0.0 else 2.0 * x


def of_its_own(x: Any) -> Any:
    if x > 5.0:
        raise OverflowError("big")
    return x / (x - 1.0)


@pytest.mark.parametrize(
    ("f", "points", "bad"),
    [
        (math.log, [-3.0, 2.0, 0.0], [0, 2]),
        (inverted, [2.0, 0.0, -1.0], [1]),
        (hidden, [-1.0, 3.0, 0.5, 0.0], [0, 3]),
        (of_its_own, [2.0, 7.0, 1.0, 8.0], [1, 2, 3]),
        (lambda x: math.tanh(math.exp(x)), [1.0, 1000.0], [1]),
        (lambda x: math.fsum([x, 1.0]) * 0.0 + math.sqrt(x), [np.inf, -1.0, 4.0], [1]),
        (lambda x: max(math.log(x), 3.0), [-1.0, 2.0], [0]),
    ],
)
def test_a_point_at_which_the_function_raises_is_nan_in_value_and_derivatives(
    backend: str, f: Any, points: list[float], bad: list[int]
) -> None:
    good = [i for i in range(len(points)) if i not in bad]
    for before in ([], [points[i] for i in good], [points[i] for i in reversed(good)]):
        compiled = compile(f, backend=backend)
        for x in before:
            compiled(x)
        batch = vmap(compiled)
        found = [
            batch(np.array(points)),
            *batch.value_and_grad(np.array(points)),
            batch.hessian(np.array(points)),
        ]
        wanted = [f, f, grad(f), hessian(f)]
        for numbers, transformed in zip(found, wanted, strict=True):
            assert np.isnan(numbers[bad]).all()
            np.testing.assert_allclose(numbers[good], [transformed(points[i]) for i in good], rtol=1e-12)
        each = [batch(np.array([x])) for x in points]
        np.testing.assert_allclose(np.concatenate(each), found[0], rtol=1e-14)
    # So is a sum over points of which one is bad.
    shared = vmap(compile(lambda w, x: w * f(x), backend=backend), (None, 0))
    assert np.isnan(shared.grad(2.0, np.array(points)))
    close(shared.grad(2.0, np.array(points)[good]), sum(f(points[i]) for i in good))


def test_a_batch_of_bad_points_alone_is_nan(backend: str) -> None:
    for mode in ("__call__", "grad", "jacobian", "hessian"):
        assert np.isnan(getattr(vmap(compile(math.log, backend=backend)), mode)(np.array([-3.0, 0.0]))).all()
    values, slopes = vmap(compile(lambda v: math.log(v[0]), backend=backend)).value_and_grad(-np.ones((3, 2)))
    assert np.isnan(values).all()
    assert slopes.shape == (3, 2)
    assert np.isnan(slopes).all()


def test_infinities_and_nan_that_come_in_flow_on(backend: str) -> None:
    f = lambda x: math.exp(-x) + math.sqrt(x)  # noqa: E731
    values = vmap(compile(f, backend=backend))(np.array([np.inf, np.nan, 4.0]))
    np.testing.assert_allclose(values, [np.inf, np.nan, stdmath.exp(-4.0) + 2.0], rtol=1e-14)
    # An infinite derivative is no error.
    slopes = vmap(compile(math.sqrt, backend=backend, errors="raise")).grad(np.array([0.0, 4.0]))
    np.testing.assert_array_equal(slopes, [np.inf, 0.25])


@pytest.mark.parametrize("before", [[], [2.0], [3.0, 0.5]])
@pytest.mark.parametrize(
    ("points", "error", "place"),
    [
        ([2.0, 7.0, 1.0], OverflowError, 1),
        ([2.0, 1.0, 7.0], ZeroDivisionError, 1),
        ([1.0, 2.0], ZeroDivisionError, 0),
        ([7.0, 1.0], OverflowError, 0),
        ([2.0, 0.5, -2.0, 1.0, 7.0, -1.0], ValueError, 2),
        ([0.5, 2.0, 1.0, -2.0], ZeroDivisionError, 2),
    ],
)
def test_the_error_of_the_first_bad_point_is_raised_in_the_order_of_the_batch(
    backend: str, points: list[float], error: type[Exception], place: int, before: list[float]
) -> None:
    f: Any = lambda x: of_its_own(x) if x > 0.75 else math.sqrt(x)  # noqa: E731
    compiled = compile(f, backend=backend, errors="raise")
    for x in before:
        compiled(x)
    for call in (vmap(compiled), vmap(compiled).grad):
        with pytest.raises(error) as caught:
            call(np.array(points))
        assert type(caught.value) is error
        assert f"at point {place} of the batch, counted from 0" in caught.value.__notes__
    close(vmap(compiled)(np.array([2.0, 0.5, 4.0])), [f(2.0), f(0.5), f(4.0)])


def test_mistakes_in_a_function_are_raised_and_give_no_nan() -> None:
    def wrong(x: Any) -> Any:
        if x > 1.0:
            raise KeyError("a mistake")
        return x

    with pytest.raises(KeyError, match="a mistake") as caught:
        vmap(wrong)(np.array([0.5, 2.0]))
    assert caught.value.__notes__ == ["at point 1 of the batch, counted from 0"]
    with pytest.raises(ValueError, match="truth value"):
        vmap(lambda v: v if v > 0.0 else -v)(np.ones((2, 2)))


@pytest.mark.parametrize("mode", ["value", "grad"])
def test_a_batch_after_one_that_raises_everywhere_is_recorded(mode: str) -> None:
    fast = vmap(lambda x: math.log(x))
    call: Any = fast if mode == "value" else fast.grad
    assert np.isnan(call(np.array([-1.0, -2.0]))).all()
    assert call(np.array([1.0, 2.0])).tolist() == ([0.0, math.log(2.0)] if mode == "value" else [1.0, 0.5])


def test_what_cannot_be_followed_is_no_point_where_the_function_raises() -> None:
    def f(x: Any, n: int) -> Any:
        if str(x).startswith("Value"):
            return x * n
        raise ValueError("not of a Value")

    assert grad(f)(2.0, 3) == 3.0
    for mode in ("grad", "value_and_grad"):
        with pytest.raises(CompileError, match="it makes text of a number"):
            getattr(vmap(f), mode)(np.array([1.0, 2.0]), np.array([1, 2]))

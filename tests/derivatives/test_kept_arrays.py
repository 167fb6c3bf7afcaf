"""Arrays that a function with a derivative of its own was called with, changed before the derivative."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import compile, custom_gradient, custom_vjp, grad, vjp
from autograd.derivatives.kept_arrays import LARGE, KeptArrays
from autograd.extend import defvjp, primitive


@custom_vjp
def scaled(x: Any, by: Any) -> Any:
    return x * by


scaled.defvjp(lambda x, by: (x * by, by), lambda by, g: (np.sum(g * by), None))


@custom_vjp
def by_what_is_kept(x: Any, by: Any) -> Any:
    return x * by


workspace = np.ones(2)


def _filled(x: Any, by: Any) -> Any:
    workspace[:] = by
    return x * by, {"by": [workspace]}


by_what_is_kept.defvjp(_filled, lambda kept, g: (np.sum(g * kept["by"][0]), None))


@primitive
def scaled_too(x: Any, by: Any) -> Any:
    return x * by


defvjp(scaled_too, lambda ans, x, by: lambda g: np.sum(g * by), None)
cubed = custom_gradient(lambda x, by: (3.0 * x**2 * by[0], np.array([x**3])))(lambda x, by: x**3 * by[0])

EACH: list[tuple[Callable[[Any, Any], Any], int]] = [
    (lambda x, by: np.sum(scaled(x, by)), 1),
    (lambda x, by: np.sum(scaled(x, by)) ** 2, 2),
    (lambda x, by: np.sum(by_what_is_kept(x, by)), 1),
    (lambda x, by: np.sum(scaled_too(x, by)), 1),
    (lambda x, by: np.sum(scaled_too(x, by)) ** 2, 2),
    (cubed, 2),
]


@pytest.mark.parametrize(("f", "order"), EACH)
def test_an_array_that_is_changed_in_place_before_the_derivative_is_an_error(
    f: Callable[[Any, Any], Any], order: int
) -> None:
    def changing(x: Any) -> Any:
        by = np.array([1.0, 2.0])
        y = f(x, by)
        by += 1.0
        return y + f(x, by)

    def copying(x: Any) -> Any:
        by = np.array([1.0, 2.0])
        y = f(x, by.copy())
        by += 1.0
        return y * 0.0 + f(x, by)

    slope = (grad if order == 1 else lambda f: grad(grad(f)))(changing)
    with pytest.raises(RuntimeError, match="changed in place before the derivative"):
        slope(3.0)
    if f is not EACH[2][0]:  # which keeps one array for all calls
        expected = {1: 5.0, 2: 50.0}[order] if f is not cubed else 36.0
        assert (grad if order == 1 else lambda f: grad(grad(f)))(copying)(3.0) == expected


def test_an_array_may_be_changed_after_the_derivative_and_between_calls_of_a_program() -> None:
    by = np.array([1.0, 2.0])

    def f(x: Any) -> Any:
        return np.sum(scaled(x, by))

    fast = compile(f)
    for expected in (3.0, 5.0, 7.0):
        assert grad(f)(2.0) == fast.grad(2.0) == expected
        by += 1.0
    _, pull_back = vjp(f, 2.0)
    by += 1.0
    with pytest.raises(RuntimeError, match="shape \\(2,\\) that scaled was called with"):
        pull_back(1.0)


def test_arrays_are_found_in_structures() -> None:
    a, b = np.zeros((2, 3)), np.zeros(LARGE)
    kept = KeptArrays(({"a": [a[:, ::2]], "b": b}, "text", np.array([None])))
    kept.check("f")
    pickle.loads(pickle.dumps(kept)).check("f")
    a[:, 1] = 1.0
    kept.check("f")
    b += 1.0
    with pytest.raises(RuntimeError, match="of shape"):
        kept.check("f")

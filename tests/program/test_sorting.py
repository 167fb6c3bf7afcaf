"""Sorting and what is made of it: one path for all orders, on every backend."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import compile, grad, hessian, hvp, jacobian, math, no_grad, value_and_grad

BACKENDS = ["python", "numpy", "llvm"]
WEIGHTS = np.array([0.5, -2.0, 3.0, 7.0, -1.5, 11.0])


def running(v: Any) -> Any:
    largest, total = v[0], 0.0
    for x, weight in zip(v, WEIGHTS, strict=True):
        largest = math.maximum(largest, x)
        total = total + largest * weight
    return total


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "sort": lambda v: np.sort(v) @ WEIGHTS,
    "method": lambda v: (-np.sort(-v * v)) @ WEIGHTS,
    "sort in place": lambda v: _sorted_in_place(v * 2.0) @ WEIGHTS,
    "list": lambda v: sum(x * w for x, w in zip(math.sort(v.tolist()), WEIGHTS.tolist(), strict=True)),
    "rows": lambda v: np.sum(np.sort(np.outer(v[:3], v[3:]), axis=0) * WEIGHTS[:3]),
    "all": lambda v: np.sort(np.outer(v[:2], v[2:5]), axis=None) @ WEIGHTS,
    "median": lambda v: np.median(v * v),
    "median of five": lambda v: np.median(v[:5]) * v[5],
    "quantile": lambda v: np.quantile(v, 0.3) + np.percentile(v, 90.0),
    "partition": lambda v: np.sum(np.partition(v, 2)[:3] * v[0]),
    "largest three": lambda v: np.sum(np.exp(np.sort(v)[-3:] / 4.0)),
    "against itself": lambda v: np.sum(np.sort(v) * v + np.abs(np.sort(v)[::-1] - v)),
    "with numbers": lambda v: np.sum(np.sort(np.concatenate([v[:3], [0.5, -1.0, 2.0]])) * WEIGHTS),
    "maxima": lambda v: np.max(v) * np.min(v * 2.0) + v.max() - np.ptp(v),
    "running": running,
    "accumulate": lambda v: np.sum(np.maximum.accumulate(v) * WEIGHTS),
    "clip": lambda v: np.sum(np.clip(v, -1.0, 1.5) * WEIGHTS),
    "roots": lambda v: np.sum(np.sqrt(np.sort(v * v))[3:] * WEIGHTS[3:]) if WEIGHTS.size else v[0],
}


def _sorted_in_place(v: Any) -> Any:
    v.sort()
    return v


def points(count: int, size: int = 6) -> list[Any]:
    """Points in a random order, some of which have equal numbers."""
    draw = np.random.default_rng(5)
    return [
        draw.normal(size=size) if i % 3 else draw.integers(-2, 3, size).astype(float) for i in range(count)
    ]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_there_is_one_path_for_all_orders(name: str, backend: str) -> None:
    f = FUNCTIONS[name]
    calls = []

    def counted(v: Any) -> Any:
        calls.append(v)
        return f(v)

    fast = compile(counted, backend=backend)
    for v in points(40):
        assert fast(v) == pytest.approx(f(v), rel=1e-14)
        np.testing.assert_allclose(fast.grad(v), grad(f)(v), rtol=1e-13, atol=1e-14)
    assert len(calls) == 2


def test_all_orders_of_four_numbers_two_of_them_equal() -> None:
    weights = np.array([1.0, 10.0, 100.0, 1000.0])
    fast = compile(lambda v: np.sort(v) @ weights)
    for numbers in itertools.product([0.0, 1.0, 2.0, 3.0], repeat=4):
        v = np.array(numbers)
        assert fast(v) == np.sort(v) @ weights
        assert fast.grad(v).tolist() == weights[np.argsort(np.argsort(v, kind="stable"))].tolist()
    assert len(fast._recordings.signatures[0].paths) == 1


@pytest.mark.parametrize("count", [16, 17, 50])
def test_equal_numbers_of_many_share_as_without_compile(count: int) -> None:
    weights = np.arange(float(count)) ** 2
    fast = compile(lambda v: np.sort(v) @ weights)
    for v in [np.round(v * 2.0) for v in points(30, count)]:
        assert fast(v) == np.sort(v) @ weights
        assert fast.grad(v).tolist() == grad(lambda v: np.sort(v) @ weights)(v).tolist()


@pytest.mark.parametrize("kind", ["quicksort", "stable", "mergesort"])
@pytest.mark.parametrize("count", [6, 20])
def test_a_stable_sort_is_stable(kind: Any, count: int) -> None:
    weights = np.arange(float(count)) ** 2

    def f(v: Any) -> Any:
        return np.sort(v, kind=kind) @ weights

    fast = compile(f, max_paths=100)
    for v in [np.round(v) for v in points(20, count)]:
        stable = weights[np.argsort(np.argsort(v, kind="stable"))].tolist()
        assert fast.grad(v).tolist() == grad(f)(v).tolist()
        if count <= 16 or kind != "quicksort":
            assert grad(f)(v).tolist() == stable


@pytest.mark.parametrize("backend", BACKENDS)
def test_second_derivatives_follow_the_order(backend: str) -> None:
    def f(v: Any) -> Any:
        s = np.sort(v)
        return s[0] * s[1] + s[2] ** 3 * s[0] + np.sin(s[1])

    fast = compile(f, backend=backend)
    for v in points(12, 3):
        np.testing.assert_allclose(fast.hessian(v), hessian(f)(v), rtol=1e-12, atol=1e-13)
        np.testing.assert_allclose(fast.hvp(v, v + 1.0), hvp(f)(v, v + 1.0), rtol=1e-12, atol=1e-13)
    rows = compile(lambda v: np.sort(v * v), backend=backend)
    for v in points(12, 3):
        np.testing.assert_allclose(rows.jacobian(v), jacobian(lambda v: np.sort(v * v))(v), rtol=1e-14)
    assert len(fast._recordings.signatures[0].paths) == len(rows._recordings.signatures[0].paths) == 1


def test_a_derivative_taken_inside_is_that_of_the_order_there() -> None:
    """A sweep over the graph goes through the order of the call that was recorded, so that is a branch."""

    def f(v: Any) -> Any:
        inner = grad(lambda u: np.sort(u * 1.5) @ WEIGHTS[:3] + u[0] * v[1])(v)
        return np.sum(inner * v) + np.sort(v)[0]

    fast = compile(f)
    for numbers in itertools.product([0.0, 1.0, 2.5], repeat=3):
        assert fast(np.array(numbers)) == f(np.array(numbers))


def test_nothing_flows_through_an_order_inside_no_grad() -> None:
    def f(v: Any) -> Any:
        with no_grad():
            low = math.sort(list(v))[0]
        return low * v[0]

    fast = compile(f)
    for v in points(10, 3):
        assert fast(v) == f(v)
        assert fast.grad(v).tolist() == grad(f)(v).tolist() == [min(v), 0.0, 0.0]


@pytest.mark.parametrize("backend", BACKENDS)
def test_nan_is_last_wherever_it_was(backend: str) -> None:
    nan = float("nan")
    fast = compile(lambda v: np.sort(v)[:2] @ np.array([1.0, 10.0]), backend=backend)
    for v in (
        [3.0, 1.0, 2.0],
        [nan, 1.0, 2.0],
        [3.0, nan, 1.0],
        [1.0, 2.0, nan],
        [2.0, 3.0, 1.0],
        [nan, 5.0, 4.0],
    ):
        x = np.array(v)
        assert fast(x) == np.sort(x)[:2] @ np.array([1.0, 10.0])
        assert fast.grad(x).sum() == 11.0
        assert fast.grad(x)[np.isnan(x)].sum() == 0.0


@pytest.mark.parametrize(
    "function", [np.median, lambda v: np.quantile(v, 0.25), lambda v: np.percentile(v, 50)]
)
def test_medians_and_quantiles_with_a_nan_are_nan(function: Callable[[Any], Any]) -> None:
    fast = compile(lambda v: function(v * 2.0))
    for v in ([3.0, 1.0, 2.0], [float("nan"), 1.0, 2.0], [3.0, 2.0, float("nan")], [5.0, 3.0, 4.0]):
        x = np.array(v)
        assert repr(fast(x)) == repr(float(function(x * 2.0)))
        assert repr(value_and_grad(lambda v: function(v * 2.0))(x)[0]) == repr(float(function(x * 2.0)))
    rows = np.array([[1.0, float("nan")], [2.0, 4.0]])
    medians = jacobian(lambda v: np.median(v, axis=1))(rows)
    assert medians[1].tolist() == [[0.0, 0.0], [0.5, 0.5]]
    value = compile(lambda v: np.median(v, axis=1))(rows)
    assert np.isnan(value[0])
    assert value[1] == 3.0


def test_what_is_infinite_beside_the_chosen_does_no_harm() -> None:
    fast = compile(lambda v: math.sort([math.sqrt(v[0]), math.sqrt(v[1]), math.sqrt(v[2])])[1])
    fast.grad([1.0, 4.0, 9.0])
    assert fast.grad([0.0, 4.0, 9.0]) == [0.0, 0.25, 0.0]
    assert fast.grad([16.0, 4.0, 0.0]) == [0.0, 0.25, 0.0]
    assert fast.grad([0.0, 0.0, 4.0]) == [0.0, float("inf"), 0.0]
    assert len(fast._recordings.signatures[0].paths) == 1


def test_more_than_there_is_a_network_for_are_sorted_along_paths() -> None:
    weights = np.arange(300.0)
    fast = compile(lambda v: np.sort(v) @ weights, check=False)
    for v in points(3, 300):
        assert fast(v) == pytest.approx(np.sort(v) @ weights, rel=1e-13)
        assert fast.grad(v).tolist() == grad(lambda v: np.sort(v) @ weights)(v).tolist()


def test_what_is_no_number_is_sorted_as_numpy_sorts_it() -> None:
    def f(v: Any) -> Any:
        with pytest.raises(ValueError, match="kth"):
            np.partition(v, 7)
        mixed = np.array([v[2], 1, True], dtype=object)
        return np.sort(mixed)[0] + np.sort(v)[1]

    for v in points(5, 3):
        assert compile(f)(v) == f(v)


def test_written_in_python_and_in_c_it_needs_one_path_too() -> None:
    fast = compile(FUNCTIONS["sort"]).record(np.arange(6.0))
    namespace: dict[str, Any] = {}
    exec(fast.source, namespace)
    (name,) = [name for name in namespace if name.endswith("_value_and_grad")]
    numbers = [*range(6)]
    for _ in range(20):
        random.Random(2).shuffle(numbers)
        v = np.array(numbers, float)
        value, gradient = namespace[name](v.tolist())
        assert value == np.sort(v) @ WEIGHTS
        assert gradient == WEIGHTS[np.argsort(np.argsort(v))].tolist()
    assert "? " in fast.to_c()

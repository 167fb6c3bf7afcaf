"""Loops that a guard ends: which numbers of turns a path is for, and what it gives for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from autograd import Value, compile, hvp, math, value_and_grad

pytestmark = pytest.mark.usefixtures("table_as_it_was")

STARTS = (1.0, 1.03, 1.1, 1.2, 1.5, 2.0, 3.0, 1.05, 7.0)
"""Points that lead to different numbers of turns, fewer ones first and last."""


def growing(x: Any) -> Any:
    """Grow until it is large: more turns for smaller numbers."""
    turns = 0
    while x < 50.0:
        x = x * 1.05 + 0.1 * math.sin(x)
        turns += 1
    return x


def paths_of(f: Callable[..., Any]) -> list[Any]:
    paths: list[Any] = f._recordings.latest().paths  # type: ignore[attr-defined]
    return paths


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("backend", ["python", None])
def test_one_path_is_for_all_numbers_of_turns(order: int, backend: str | None) -> None:
    fast = compile(growing, backend=backend)
    for _ in range(2):
        for x in STARTS[::order]:
            assert fast(x) == growing(x)
            assert fast.value_and_grad(x) == value_and_grad(growing)(x)
    assert len(paths_of(fast)) == 1


def test_turns_that_take_in_the_same_from_other_values_are_other_paths() -> None:
    # Both weights have one number at first: only which of them it is tells the paths apart.
    weights = [Value(2.0), Value(2.0)]

    def f(x: Any) -> Any:
        turns = 0
        while x < 50.0:
            x = x * 1.05 + 0.1
            turns += 1
        return x * weights[turns % 2]

    fast = compile(f, backend="python")
    for x in STARTS:
        assert fast(x) == f(x).data
    weights[1].data = 5.0
    for x in STARTS:
        assert fast(x) == f(x).data
    assert len(paths_of(fast)) == 2


def test_a_number_that_counts_turns_makes_other_paths() -> None:
    def f(x: Any) -> Any:
        turns = 0
        while x < 50.0:
            x = x * 1.3
            turns += 1
        return x / turns

    fast = compile(f, backend="python")
    for x in (*STARTS, *STARTS[::-1]):
        assert fast(x) == f(x)
    assert len(paths_of(fast)) > 1


def test_whole_numbers_that_are_returned_are_those_of_the_turns() -> None:
    def f(x: Any) -> Any:
        turns = 0
        while x < 50.0:
            x = x * 1.3
            turns += 1
        return x, turns

    fast = compile(f, backend="python")
    for x in (*STARTS, *STARTS[::-1]):
        assert fast(x) == f(x)


def test_a_limit_that_only_long_loops_reach_is_kept() -> None:
    def f(x: Any) -> Any:
        total = 0.0
        for t in range(30):
            x = x * 0.9
            total = total + (x if t < 20 else 2.0 * x)
            if x < 0.5:
                break
        return total

    fast = compile(f, backend="python")
    for x in (1.0, 2.0, 4.0, 6.0, 8.0, 30.0, 3.0, 100.0, 1.5):
        assert fast(x) == f(x)
        assert fast.grad(x) == value_and_grad(f)(x)[1]


def test_two_loops_that_guards_end_one_after_the_other() -> None:
    def f(x: Any, y: Any) -> Any:
        while x < 50.0:
            x = x * 1.2
        while y < x:
            y = y * 1.1 + 0.1
        return x * y

    fast = compile(f, argnums=(0, 1), backend="python", max_paths=100)
    for x in STARTS:
        for y in STARTS[::3]:
            assert fast(x, y) == f(x, y)
            assert fast.value_and_grad(x, y) == value_and_grad(f, (0, 1))(x, y)


def test_a_loop_of_fewer_turns_than_samples_have() -> None:
    # Four turns, which are what a loop of three numbers a turn goes through: samples have seven or more.
    def f(x: Any) -> Any:
        total, kept = x, []
        while total < 9.1:
            total = total + 0.48 + x * x * 0.1
            kept += [total] * 3
        return sum(kept)

    for x in (2.225, 2.0, 1.5, 2.5, 3.0, 4.0):
        fast = compile(f, backend="python")
        assert fast.hvp(x, 1.0) == hvp(f)(x, 1.0)
        assert fast.value_and_grad(x) == value_and_grad(f)(x)

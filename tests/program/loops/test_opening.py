"""Loops that a guard ends: which numbers of turns a path is for, and what it gives for them."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest

import autograd
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


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("backend", ["python", "llvm"])
@pytest.mark.parametrize("mode", ["value", "value_and_grad", "grad", "jacobian", "hessian"])
def test_a_sweep_that_has_no_turn_where_the_loop_has_one(mode: str, backend: str, order: int) -> None:
    def kepler(mean: Any, eccentricity: Any) -> Any:
        angle = mean + eccentricity * math.sin(mean)
        while True:
            step = (angle - eccentricity * math.sin(angle) - mean) / (1.0 - eccentricity * math.cos(angle))
            angle = angle - step
            if abs(step) < 1e-12:
                return angle

    fast = compile(kepler, argnums=(0, 1), backend=backend)
    call = fast if mode == "value" else getattr(fast, mode)
    points = [(2.9, 0.01), (3.0, 0.1), (2.0, 0.3), (1.0, 0.6), (0.2, 0.75), (0.06, 0.79)][::order]
    for _ in range(3):
        for point in points:
            if mode == "value":
                assert call(*point) == kepler(*point)
            else:
                assert call(*point) == getattr(autograd, mode)(kepler, (0, 1))(*point)
    turns = [len(path.program.guards) for path in paths_of(fast)]
    assert turns == [max(turns)], turns


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


def path_at(f: Callable[..., Any], *args: Any) -> Any:
    return paths_of(compile(f).record(*args))[0]


def test_a_path_takes_in_one_of_fewer_turns_once() -> None:
    long, short = path_at(growing, 1.0), path_at(growing, 7.0)
    assert not short.takes_in(long)
    assert long.function("value")(7.0) is None
    assert long.takes_in(short)
    assert long.function("value")(7.0) == (growing(7.0),)
    assert not long.takes_in(short)  # it is for as many already
    assert long.function("value")(1.5) is None  # for no other number
    assert long.function("value_and_grad")(7.0) == value_and_grad(growing)(7.0)


def test_a_path_covers_shorter_ones_and_what_they_have_taken_in() -> None:
    longest, long, short = [path_at(growing, x) for x in (1.0, 1.5, 7.0)]
    assert long.takes_in(short)
    assert not long.covers(longest)
    assert longest.covers(long)
    for x in (1.0, 1.5, 7.0):
        assert longest.function("value")(x) == (growing(x),)
    assert longest.function("value")(2.0) is None


@pytest.mark.parametrize(
    "other",
    [
        lambda x: growing(x) * 2.0,
        lambda x: (growing(x), 1.0),
        lambda x: {"x": growing(x)},
        lambda x: (growing(x), 3),
    ],
)
def test_what_is_another_function_is_not_taken_in(other: Callable[..., Any]) -> None:
    long, short = path_at(growing, 1.0), path_at(other, 7.0)
    assert not long.takes_in(short)
    assert not long.covers(short)


def test_data_that_are_read_from_where_a_loop_ended() -> None:
    data = [math.sin(float(i * i)) for i in range(400)]

    def f(x: Any) -> Any:
        turns, y = 0, x
        while y < 50.0:
            y = y * 1.05 + 0.1
            turns += 1
        total = x
        for i in range(60):
            total = total * 0.9 + math.sin(y * data[turns + i]) * x + math.cos(total) * 0.1 + math.tanh(total)
        return total

    fast = compile(f, backend="python")
    rising = sorted(STARTS, reverse=True)
    for x in (*rising, *rising[::-1]):
        assert fast(x) == f(x)
        assert fast.value_and_grad(x) == value_and_grad(f)(x)
        if x == rising[-1]:
            paths = [*paths_of(fast)]
    assert paths_of(fast) == paths  # none of which was for the turns of another one
    assert len(paths) > 5


def test_a_function_that_went_through_a_pickle_begins_anew_with_its_paths() -> None:
    fast = compile(growing_twice, backend="python")
    for x in STARTS:
        fast(x)
    again = pickle.loads(pickle.dumps(fast))
    for x in (*STARTS, 4.0, 1.01):
        assert again(x) == growing_twice(x)
        assert again.grad(x) == value_and_grad(growing_twice)(x)[1]


def growing_twice(x: Any) -> Any:
    return growing(growing(x) * 0.2 + x * 0.01)


def test_threads_share_the_numbers_of_turns() -> None:
    fast = compile(growing, backend="python")
    found: dict[tuple[int, float], float] = {}

    def work(first: int) -> None:
        for x in (*STARTS[first:], *STARTS[:first]):
            found[first, x] = fast(x)

    threads = [Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 * len(STARTS)
    assert all(value == growing(x) for (_, x), value in found.items())

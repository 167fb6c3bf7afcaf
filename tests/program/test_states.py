"""What a function changes itself, and how many states of what is outside it are kept."""

from __future__ import annotations

import operator
import pickle
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from ways_of_reading import Model

from autograd import CompileError, Value, compile, vmap
from autograd.program import signature

# What the function changes itself


def test_what_the_function_counts_does_not_make_it_record_for_ever() -> None:
    calls = 0
    history: list[float] = []
    space = SimpleNamespace(counted=0)
    table = {"turns": 0, "latest": 0}

    def f(x: Any) -> Any:
        nonlocal calls
        calls += 1
        space.counted += 1
        table["turns"] += 1
        table["latest"] = calls_of(x)
        history.append(1.0)
        return x * x if x > 0.0 else -x

    fast = compile(f)
    for _ in range(5):
        assert (fast(3.0), fast(-3.0), fast.grad(2.0)) == (9.0, 3.0, 4.0)
    assert calls == len(history) == space.counted == table["turns"] == 4  # two paths, each called twice


def counted(space: Any) -> int:
    space.n += 1
    return int(space.n)


def calls_of(x: Any) -> int:
    """Return another number at every call."""
    return id(x)


@pytest.mark.parametrize(
    "change_and_read",
    [
        counted,
        lambda space: space.calls.append(1) or len(space.calls),
        lambda space: space.calls.append(1) or sum(space.calls),
        lambda space: operator.setitem(space.table, "n", space.table["n"] + 1) or space.table["n"],
    ],
)
def test_what_every_call_changes_and_reads_is_an_error(change_and_read: Callable[[Any], int]) -> None:
    space = SimpleNamespace(n=0, calls=[], table={"n": 0})
    f: Any = lambda x: x if change_and_read(space) < 100 else 2.0 * x  # noqa: E731
    with pytest.raises(
        CompileError, match=r"every call changes the attribute '\w+' of SimpleNamespace, which"
    ):
        compile(f)(3.0)
    assert compile(f, check=False)(3.0) == 3.0


def test_what_the_function_changes_and_returns_is_an_error_that_names_it() -> None:
    count = 0

    def f(x: Any) -> Any:
        nonlocal count
        count += 1
        return x * count

    with pytest.raises(CompileError, match=r"changes itself: the variable 'count' of f"):
        compile(f)(3.0)


def test_what_the_first_call_sets_up_is_guarded_too() -> None:
    model = Model(None)

    def f(x: Any) -> Any:
        if model.k is None:
            model.k = 2.0
        return model.k * x

    fast = compile(f)
    assert fast(3.0) == 6.0
    model.k = 5.0
    assert fast(3.0) == 15.0
    model.k = None
    assert fast(3.0) == 6.0


def test_a_number_that_changes_at_every_call_is_no_error_and_is_let_go() -> None:
    k = 0.0
    fast = compile(lambda x: k * x)
    rows = vmap(fast)
    for i in range(4 * signature.STATES):
        k = float(i)
        assert fast.grad(3.0) == k
        assert rows(np.array([1.0, 2.0])).tolist() == [k, 2.0 * k]
        assert len(fast._recordings.signatures) == min(i + 1, signature.STATES)


def test_the_states_used_most_recently_are_kept() -> None:
    k, calls = 0.0, 0

    def f(x: Any) -> Any:
        nonlocal calls
        calls += 1
        return k * x

    fast = compile(f)
    for i in (*range(signature.STATES), 0, signature.STATES):
        k = float(i)
        assert fast(3.0) == 3.0 * k
    for i, times in ((0, 0), (signature.STATES, 0), (2, 0), (1, 2)):
        k, calls = float(i), 0
        assert fast(3.0) == 3.0 * k
        assert calls == times


def test_forms_are_bounded_apart_from_their_states() -> None:
    k = 0.0
    fast = compile(lambda x, flag: k * x if flag else k + x, max_forms=1)
    for i in range(3):
        k = float(i)
        assert fast(3.0, True) == 3.0 * k
    assert len(fast._recordings.signatures) == 3
    assert fast(3.0, False) == 5.0
    assert len(fast._recordings.signatures) == 1
    k = 1.0
    assert (fast(3.0, True), fast(3.0, False)) == (3.0, 4.0)


def test_a_path_that_raises_is_passed_over_in_every_state() -> None:
    k = 1.0

    def f(x: Any) -> Any:
        try:
            return k / x
        except ZeroDivisionError:
            return -k

    fast = compile(f)
    for other in (1.0, 2.0, 1.0, 3.0):
        k = other
        for x in (2.0, 0.0, 4.0, 0.0):
            assert fast(x) == f(x)
    assert [len(s.paths) for s in fast._recordings.signatures] == [2, 2, 2]


def test_whole_numbers_are_inputs_in_every_state() -> None:
    k = 1.0
    fast = compile(lambda x, n: x * n + k)
    for other in (1.0, 2.0, 1.0):
        k = other
        for n in range(1, 6):
            assert fast(3.0, n) == 3.0 * n + k
    assert len(fast._recordings.signatures) <= 4


def test_a_whole_number_that_is_kept_outside_is_an_input() -> None:
    calls: list[Any] = []

    def f(x: Any, n: Any) -> Any:
        calls.append((x, n))
        return x * n

    fast = compile(f)
    for n in range(2, 20):
        assert fast(3.0, n) == 3.0 * n
    assert len(calls) <= 8


def times_length(x: Any, s: set[int]) -> Any:
    return x * len(s)


def test_a_kept_set_is_the_one_that_was_given() -> None:
    s = {1}
    fast = compile(times_length)
    assert fast(3.0, s) == 3.0
    s.add(2)
    again = pickle.loads(pickle.dumps(fast))
    assert len(again._recordings.signatures[0].paths) == 1
    assert (fast(3.0, s), again(3.0, s), again(3.0, {1})) == (6.0, 6.0, 3.0)


def test_a_value_from_outside_stays_an_input_where_calls_close_by_take_another_path() -> None:
    weight = Value(0.7)

    def f(x: Any, y: Any) -> Any:
        return weight * x if x > y else weight * y + 1.0

    fast = compile(f, argnums=(0, 1))
    for number in (0.7, -0.75, 2.0):
        weight.data = number
        assert fast(2.0, 2.0) == number * 2.0 + 1.0  # a tie, which any change of x and y breaks

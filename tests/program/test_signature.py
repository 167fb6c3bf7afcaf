"""Forms of arguments: found at once, and of too many those that were used least recently are let go."""

from __future__ import annotations

import gc
import pickle
import random
import threading
import tracemalloc
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from autograd import compile, grad, math


def counted(f: Callable[..., Any]) -> tuple[Callable[..., Any], list[Any]]:
    """Return the function, and a list that gets the arguments of each of its calls after the first."""
    calls: list[Any] = []

    def called(x: Any, *rest: Any) -> Any:
        calls.append(rest)
        return f(x, *rest)

    return called, calls


def test_the_form_used_least_recently_is_recorded_again() -> None:
    f, calls = counted(lambda x, name: x * len(name))
    fast = compile(f, max_forms=2, check=False)
    for name in ["a", "bb", "a", "a", "bb", "a"]:
        assert fast.grad(3.0, name) == len(name)
    assert calls == [("a",), ("bb",)]
    fast.grad(3.0, "ccc")  # in the place of "bb"
    fast.grad(3.0, "a")
    assert calls == [("a",), ("bb",), ("ccc",)]
    assert fast.grad(3.0, "bb") == 2.0
    assert calls == [("a",), ("bb",), ("ccc",), ("bb",)]
    assert len(fast._recordings.signatures) == 2


def test_paths_and_forms_have_bounds_of_their_own() -> None:
    fast = compile(lambda x, name: x * len(name) if x > 0.0 else x, max_paths=2, max_forms=3)
    for name in ["a", "bb", "ccc", "dddd", "eeeee"] * 2:
        assert (fast(2.0, name), fast(-2.0, name)) == (2.0 * len(name), -2.0)
    assert [len(signature.paths) for signature in fast._recordings.signatures] == [2, 2, 2]


@pytest.mark.parametrize("backend", ["python", "numpy", "llvm"])
def test_what_is_let_go_is_free(backend: str) -> None:
    def call(i: int) -> None:
        assert fast.grad(2.0, f"form {i}") == 4.0
        assert fast(np.full(2, 2.0), f"form {i}").tolist() == [4.0, 4.0]

    fast = compile(lambda x, name: x * x, backend=backend, max_forms=4)
    for i in range(12):
        call(i)
    first = weakref.ref(fast._recordings.signatures[0])
    path = weakref.ref(fast._recordings.signatures[0].paths[0])
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for i in range(12, 60):
        call(i)
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert first() is None
    assert path() is None
    assert grown < 300_000  # as the four have that are kept; all would have a million


def test_forms_from_a_pickle_are_bounded_too() -> None:
    again = pickle.loads(pickle.dumps(compile(sum_of, max_forms=2).record([1.0]).record([1.0, 2.0])))
    assert again([1.0, 2.0, 3.0]) == 6.0
    assert len(again._recordings.signatures) == 2


def sum_of(numbers: list[Any]) -> Any:
    total: Any = 0.0
    for x in numbers:
        total = total + x
    return total


def test_threads_that_bring_new_forms_all_the_time_get_their_own_results() -> None:
    fast = compile(lambda x, name: x * len(name), max_forms=3)

    def call(i: int) -> bool:
        name = "n" * (i * 7 % 11)
        return bool(fast.grad(float(i), name) == len(name) and fast(float(i), name) == i * float(len(name)))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(call, range(400)))
    assert len(fast._recordings.signatures) <= 3


def until(x: Any, limit: Any) -> Any:
    total = 0.0 * x
    while total < limit:
        total = total + abs(x) + 0.5
    return total * x if x > 0.0 else math.sin(x)


def test_threads_may_call_it_on_new_paths_while_another_pickles_it() -> None:
    fast = compile(until, max_paths=500)
    done = threading.Event()

    def call(seed: int) -> None:
        rng = random.Random(seed)
        for _ in range(60):
            x, limit = rng.uniform(-2.0, 2.0), rng.uniform(0.0, 8.0)
            assert fast(x, limit) == until(x, limit)
            assert fast.grad(x, limit) == pytest.approx(grad(until)(x, limit), rel=1e-14)

    def pickle_it() -> None:
        while not done.is_set():
            assert pickle.loads(pickle.dumps(fast))(1.0, 2.0) == until(1.0, 2.0)

    with ThreadPoolExecutor(6) as pool:
        pickling = pool.submit(pickle_it)
        try:
            for future in [pool.submit(call, seed) for seed in range(5)]:
                future.result()
        finally:
            done.set()
        pickling.result()
    assert len(fast._recordings.signatures[0].paths) >= 6

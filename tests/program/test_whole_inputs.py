"""Whole numbers that change: inputs where the function lets them, else part of the program."""

from __future__ import annotations

import gc
import math as python_math
import operator
import pickle
import random
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograd import Value, compile, grad, math

BACKENDS = ["python", "numpy", "llvm"]
HUGE = [2**52, -(2**52), 2**53 - 1, 2**53 + 1, 2**60 + 1, -(2**53) - 1, 10**40]


def outcome(call: Callable[[], Any]) -> str:
    try:
        return repr(float(call()))  # which NumPy's numbers are in what is compiled
    except Exception as error:
        return repr(error)


def recordings(f: Callable[..., Any], arguments: Iterable[tuple[Any, ...]], **options: Any) -> int:
    """Return how often a function is called where a compiled one is; it gives what the function gives."""
    calls = []

    def counted(*args: Any) -> Any:
        calls.append(1)
        return f(*args)

    fast = compile(counted, **options)
    count = 0
    for args in arguments:
        got = [outcome(lambda: mode(*args)) for mode in (fast, fast.grad)]  # noqa: B023
        count, calls[:] = count + len(calls), []
        want = [outcome(lambda: g(*args)) for g in (f, grad(f))]  # noqa: B023
        if options.get("backend") in (None, "python"):
            assert got == want, args
        else:
            assert [float(x) for x in got] == pytest.approx([float(x) for x in want], rel=1e-13), args
    return count


def shuffled(*wholes: int) -> list[tuple[float, int]]:
    points = [(x, n) for n in (*range(-4, 20), *wholes) for x in (0.75, 2.5)]
    random.Random(3).shuffle(points)
    return points


AS_A_FLOAT: list[Callable[[Any, Any], Any]] = [
    lambda x, n: math.sin(x) * n,
    lambda x, n: n * x + n,
    lambda x, n: (n + 1) * x - (3 - n) / x,
    lambda x, n: x**n,
    lambda x, n: 0.9**n * x,
    lambda x, n: x / (1.0 - 0.9 ** (n + 5)),
    lambda x, n: x // (n + 0.5) + x % (n + 0.5),
    lambda x, n: (2 * n - 1) / 4 * x,
    lambda x, n: math.copysign(x, (-n) * 1.0) + math.copysign(x, (n * -3) * 1.0),
    lambda x, n: math.copysign(x, (n - n) / -3),
    lambda x, n: x * n if n > 3 else x + n,
    lambda x, n: x * (2.0 if n else 3.0),
    lambda x, n: x * sum([n, 1, 2.5]),
    lambda x, n: x * grad(lambda a: a * a * n)(1.5),
    lambda x, n: x * np.float64(1.5) * n + n * np.float64(2.5),
    lambda x, n: np.sum(np.array([1.0, 2.0]) * n * x),
    lambda x, n: +n * x,
]


@pytest.mark.parametrize("f", AS_A_FLOAT)
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_whole_number_in_arithmetic_with_floats_is_an_input(
    f: Callable[[Any, Any], Any], backend: str
) -> None:
    assert recordings(f, shuffled(), backend=backend) <= 12


@pytest.mark.parametrize("f", AS_A_FLOAT)
def test_beyond_the_floats_it_is_itself(f: Callable[[Any, Any], Any]) -> None:
    recordings(f, shuffled(*HUGE))


AS_ITSELF: list[Callable[[Any, Any], Any]] = [
    lambda x, n: x * (n // 2),
    lambda x, n: x * (n % 3),
    lambda x, n: x * divmod(n, 3)[1],
    lambda x, n: x * [1.0, 2.0, 5.0][n % 3],
    lambda x, n: x * [1.0, 2.0, 5.0][min(max(n, 0), 2)],
    lambda x, n: x * sum(range(n)),
    lambda x, n: x * len(f"{n}"),
    lambda x, n: x * len(str(n)) * len(format(n, "d")) * len(repr(n)),
    lambda x, n: x * (2.0 if isinstance(n, int) else 3.0),
    lambda x, n: x * (2.0 if isinstance(n, (float, Value)) else 3.0),
    lambda x, n: x * {1: 2.0, 3: 5.0}.get(n, 7.0),
    lambda x, n: x * (2.0 if n in {1, 3} else 5.0),
    lambda x, n: x * (n & 5) * (n ^ 3) * (1 << (n & 3)) * ~n,
    lambda x, n: x * n.bit_length(),
    lambda x, n: x * python_math.sqrt(abs(n)),
    lambda x, n: x * python_math.floor(n) * math.floor(n),
    lambda x, n: x * abs(n) * round(n) * int(n),
    lambda x, n: x * n**3,
    lambda x, n: x * 2**n,
    lambda x, n: x * pow(n, 2, 5),
    lambda x, n: x * math.maximum(n, 3),
    lambda x, n: x * len([0] * n),
    lambda x, n: x * float(Fraction(1, 3) + n),
    lambda x, n: x * random.Random(n).random(),
    lambda x, n: x * np.full(3, n).sum() * np.arange(3)[n % 3],
    lambda x, n: x * float(np.sin(n) + np.array([n, 2]).sum()),
    lambda x, n: x * np.sum(np.arange(3) * n),
    lambda x, n: x * operator.index(n) * complex(n).real,
    lambda x, n: x * Value(n).data,
    lambda x, n: x * math.fsum([n, 1]) * math.prod([n, 2]),
]


@pytest.mark.parametrize("f", AS_ITSELF)
def test_where_it_differs_from_a_float_it_is_itself(f: Callable[[Any, Any], Any]) -> None:
    recordings(f, shuffled())


def test_what_is_returned_stays_whole() -> None:
    fast = compile(lambda x, n: (x * n, n, [n * 2]))
    for n in (1, 2, 3, 2**60, -4, 2**53, 2):
        assert fast(1.5, n) == (1.5 * n, n, [n * 2])


@dataclass
class Settings:
    rate: float
    step: int
    name: str


@pytest.mark.parametrize("backend", BACKENDS)
def test_it_may_stand_in_any_container(backend: str) -> None:
    def f(x: Any, options: Any, *, last: int = 1) -> Any:
        settings, (first, second), rest = options
        return x * settings.step * settings.rate + first * x - second / x + rest["n"] * last

    def options(n: int) -> Any:
        return [Settings(0.5, n, "a"), (n + 1, 2.5), {"n": n * n}]

    calls = []

    def counted(*args: Any, **kwargs: Any) -> Any:
        calls.append(1)
        return f(*args, **kwargs)

    fast = compile(counted, backend=backend)
    for n in range(20):
        assert fast.value_and_grad(1.5, options(n)) == (f(1.5, options(n)), grad(f)(1.5, options(n)))
        assert fast(1.5, options(n), last=n) == f(1.5, options(n), last=n)
    assert len(calls) <= 8


def test_one_may_be_an_input_where_another_is_not() -> None:
    points = [(1.5, power, step) for step in range(9) for power in (1, 2, 3)]
    assert recordings(lambda x, power, step: math.prod([x] * power) * step, points) <= 14


def test_flags_and_other_kinds_of_whole_numbers_are_part_of_the_program() -> None:
    fast = compile(lambda x, n: x * n + (1.0 if type(n) is bool else 0.0))
    for n in (1, True, 2, False, np.int64(3), 0, np.int8(100)):
        assert fast(2.0, n) == 2.0 * int(n) + (type(n) is bool)


def test_a_number_at_which_the_function_raises_does_not_make_it_part_of_the_program() -> None:
    points = [(2.0, n) for n in (3, 2, 0, 1, 0, *range(4, 30))]
    assert recordings(lambda x, n: x / n, points) <= 12


def test_what_a_function_keeps_of_it_is_as_good_as_the_number() -> None:
    kept: list[Any] = []

    def f(x: Any, n: Any) -> Any:
        before = kept[-1][0] if kept else 1
        kept.append((n, n + 1))
        return x * n + (before * n - before * n + (before < n) - (n > before)) * x

    fast = compile(f, check=False)  # which would refuse what reads what it changes
    for n in range(2, 5):
        assert fast(1.5, n) == 1.5 * n
    n, m = kept[-1]
    for x in (n * 1.5, n / 2, 3 - m, n * m, n**0.5, np.ones(2) * n, n < 3.5, -n, bool(n), n == int(n)):
        assert type(x) in (bool, int, float) or np.array_equal(x, [4.0, 4.0])
    assert [10, 20, 30, 40, 50, 60][n] == 10 * (n + 1)
    assert f"{n} {m}" == repr(n) + " " + repr(m)


def test_a_loop_that_compares_with_it_is_recorded_for_each_when_paths_run_out() -> None:
    def f(x: Any, n: Any) -> Any:
        i = 0
        while i < n:
            i, x = i + 1, x * 1.25
        return x

    recordings(f, [(1.5, n) for n in [*range(12), *range(12)]], max_paths=4)


def test_what_changes_is_not_kept_for_ever() -> None:
    for f in (lambda x, n: math.sin(x) * n, lambda x, n: math.sin(x) * (n // 2)):
        fast = compile(f, max_forms=4, check=False)
        for n in range(20):
            fast.grad(1.0, n)
        gc.collect()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        for n in range(20, 220):
            fast.grad(1.0, n)
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        assert grown < 200_000


def scaled(x: Any, n: Any) -> Any:
    return x * n


def test_it_is_an_input_after_a_pickle_too() -> None:
    fast = compile(scaled)
    for n in range(3):
        fast(1.5, n)
    again = pickle.loads(pickle.dumps(fast))
    for n in range(5, 9):
        assert again.grad(1.5, n) == n
    assert sum(len(signature.paths) for signature in again._recordings.signatures) == 2


def test_the_source_and_c_take_it_as_a_number() -> None:
    fast = compile(scaled)
    for n in range(3):
        fast(1.5, n)
    namespace: dict[str, Any] = {}
    exec(fast.source, namespace)
    assert namespace["scaled_value_and_grad"](1.5, 7) == (10.5, 7.0)
    assert "y[0] = x_ * n;" in fast.to_c()

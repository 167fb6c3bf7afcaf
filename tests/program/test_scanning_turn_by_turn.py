"""`scan` in compiled functions, where its body cannot be recorded once: it is gone through turn by turn."""

from __future__ import annotations

from typing import Any

import pytest
from scans import DATA, Calls, N, path_of

from autograd import (
    Value,
    compile,
    grad,
    gradients,
    jvp,
    math,
    scan,
)
from autograd.program.loops.program import LoopProgram

_counted = 0


def test_whole_numbers_are_no_numbers_to_compute_with() -> None:
    def f(x: float) -> Any:
        return scan(lambda c, i: (c * 0.9 + (x if i % 3 else x * x) / (1 + i), None), 0.0, range(N))[0]

    assert compile(f)(0.7) == f(0.7)


def test_a_counter_that_is_carried() -> None:
    def f(x: float) -> Any:
        (i, total), _ = scan(lambda c, _: ((c[0] + 1, c[1] + x / (1 + c[0] % 7)), None), (0, 0.0), length=N)
        return total / i

    assert compile(f)(0.7) == f(0.7)


def test_a_whole_zero_to_begin_with() -> None:
    def f(x: float) -> Any:
        return scan(lambda c, d: (c + x * math.sin(d + x), None), 0, DATA)[0]

    fast = compile(f)
    assert fast(0.7) == f(0.7)
    assert isinstance(path_of(fast).program, LoopProgram)


@pytest.mark.parametrize("kind", ["nonlocal", "list", "iterator", "attribute", "global", "values", "nested"])
def test_bodies_that_change_something(kind: str) -> None:
    def f(x: float) -> Any:
        count, log, it, state = 0, [], iter(DATA), Calls(len)
        state.extra = 0.0  # type: ignore[attr-defined]

        def body(c: Any, d: Any) -> Any:
            nonlocal count
            global _counted
            if kind == "nonlocal":
                count += 1
            elif kind == "list":
                log.append(1.0)
            elif kind == "iterator":
                c = c + next(it) * x
            elif kind == "attribute":
                state.count += 2
            elif kind == "global":
                _counted += 1
            elif kind == "values":
                log.append(c)
            elif kind == "nested":
                noted()
            return c * x + d, None

        def noted() -> None:
            log.append(2.0)

        global _counted
        _counted = 0
        total, _ = scan(body, 0.5, DATA)
        return total + count + sum(log) * x + state.count * x + _counted * x

    fast = compile(f)
    assert fast(0.7) == f(0.7)
    assert fast.grad(0.7) == pytest.approx(grad(f)(0.7), rel=1e-13)


def test_turns_that_branch() -> None:
    def f(x: float, xs: Any) -> Any:
        return scan(lambda c, d: ((c * x + d) if d > 0.0 else c - x * d, None), 0.5, xs)[0]

    fast = compile(f)
    assert fast(0.7, DATA) == f(0.7, DATA)
    assert fast(0.3, DATA[::-1]) == f(0.3, DATA[::-1])


def test_a_comparison_that_turns_out_otherwise_later() -> None:
    def f(p: Any, xs: Any) -> Any:
        return scan(lambda c, x: (c * p if c < 5.0 else 5.0 / c, None), 1.0, xs)[0]

    fast = compile(f)
    for p in (0.9, 1.001, 1.1, 0.99, 3.0):
        assert fast(p, DATA) == f(p, DATA)
        assert fast.grad(p, DATA) == pytest.approx(grad(f)(p, DATA), rel=1e-12)


def test_an_error_in_a_turn() -> None:
    def f(x: float) -> Any:
        return scan(lambda c, d: (c + 1.0 / (d - x), None), 0.0, DATA)[0]

    fast = compile(f, errors="raise")
    with pytest.raises(ZeroDivisionError):
        fast(DATA[77])
    assert fast(2.0) == f(2.0)


def test_an_error_that_the_body_catches() -> None:
    def f(x: float) -> Any:
        def body(c: Any, d: Any) -> Any:
            try:
                return c + math.log(d - x), None
            except ValueError:
                return c - 1.0, None

        return scan(body, 0.0, DATA)[0]

    assert compile(f)(-2.0) == f(-2.0)
    assert compile(f)(0.1) == f(0.1)


def test_a_derivative_through_the_scan() -> None:
    """An inner derivative needs the graph of all turns."""

    def f(x: float) -> Any:
        inner = grad(lambda z: scan(lambda c, d: (math.sin(c * z) + d, None), z, DATA)[0])
        return inner(x) * x

    fast = compile(f)
    assert fast(0.7) == f(0.7)
    assert fast.grad(0.7) == pytest.approx(grad(f)(0.7), rel=1e-12)


def test_gradients_by_an_argument_through_the_scan() -> None:
    def f(x: Any) -> Any:
        y = scan(lambda c, d: (math.sin(c * x) + d, None), 0.3, DATA)[0]
        return gradients(y, x) if isinstance(x, Value) else grad(f_of)(x)

    def f_of(x: Any) -> Any:
        return scan(lambda c, d: (math.sin(c * x) + d, None), 0.3, DATA)[0]

    assert compile(f)(0.7) == grad(f_of)(0.7)


def test_a_derivative_forward_through_the_scan() -> None:
    def inner(z: Any) -> Any:
        return scan(lambda c, d: (math.sin(c * z) + d, None), z, DATA)[0]

    def f(x: float) -> Any:
        return jvp(inner, (x,), (1.0,))[1]

    assert compile(f)(0.7) == f(0.7)


def test_a_scan_in_a_scan() -> None:
    def f(x: float) -> Any:
        def body(c: Any, d: Any) -> Any:
            inner, _ = scan(lambda s, e: (s * x + e, None), c, DATA[:40])
            return math.tanh(inner + d), None

        return scan(body, 0.5, DATA)[0]

    fast = compile(f)
    assert fast(0.7) == f(0.7)
    assert fast.grad(0.7) == pytest.approx(grad(f)(0.7), rel=1e-12)


def test_two_scans_of_which_one_goes_turn_by_turn() -> None:
    def f(x: float) -> Any:
        log: list[float] = []

        def noting(c: Any, d: Any) -> Any:
            log.append(1.0)
            return c * x + d, None

        first, _ = scan(noting, 0.5, DATA)
        second, _ = scan(lambda c, d: (math.sin(c * x) + d, None), first, DATA)
        return second + len(log)

    fast = compile(f)
    assert fast(0.7) == f(0.7)
    assert isinstance(path_of(fast).program, LoopProgram)

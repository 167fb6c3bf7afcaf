"""Loops that a guard ends, at many points at once: one path, whatever their numbers of turns."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, isnan, nan
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import compile, math, vmap

pytestmark = pytest.mark.usefixtures("table_as_it_was")

BACKENDS = ["llvm", "numpy"]
MODES = ["value", "value_and_grad", "grad", "jacobian", "hessian", "hvp"]


def growing(x: Any, y: Any) -> Any:
    """Grow until it is large: more turns for smaller numbers."""
    while x < 50.0:
        x = x * 1.07 + 0.1 * math.sin(x) * y
    return x


def carrying(x: Any, y: Any) -> Any:
    """Carry numbers on from two turns before, and use those of the last turn."""
    last = before = x
    total = 0.0
    while x < 50.0:
        last, before = x, last
        x = x * 1.07 + 0.01 * before * y + 0.1 * math.sin(x * before)
        total = total + x * last
    return total * x + last * before


def stepping(x: Any, y: Any) -> Any:
    """Solve an equation with steps as long as their error allows."""
    t, step = 0.0, 0.1 + 0.05 * y
    while t < 3.0:
        slope = math.sin(x) + t * 0.1
        error = abs(slope - math.sin(x + step * slope) - (t + step) * 0.1) * step
        factor = 0.9 * math.sqrt(1e-2 / (error + 1e-12))
        step = math.minimum(step * math.minimum(2.0, math.maximum(0.3, factor)), 0.4)
        x, t = x + step * slope, t + step
    return x


def kepler(mean: Any, eccentricity: Any) -> Any:
    """Solve Kepler's equation by Newton's method, of which each step is taken in part: many turns."""
    angle = mean
    while True:
        step = (angle - eccentricity * math.sin(angle) - mean) / (1.0 - eccentricity * math.cos(angle))
        angle = angle - 0.7 * step
        if abs(step) < 1e-9:
            return angle


def swapping(x: Any, y: Any) -> Any:
    """Change places in each turn."""
    while x + y < 30.0:
        x, y = y * 1.1 + 0.1, x + 0.01 * math.cos(y)
    return x * x - y


def numbers(found: Any) -> list[float]:
    """All numbers of a result, one after the other."""
    if isinstance(found, (tuple, list)):
        return [x for part in found for x in numbers(part)]
    return [float(found)]


def plainly(f: Callable[..., Any], mode: str, x: float, y: float) -> list[float] | None:
    """What the function itself gives at a point; None where it raises."""
    vector = ((1.0, 0.5),) if mode == "hvp" else ()
    try:
        return numbers((f if mode == "value" else getattr(autograd, mode)(f, (0, 1)))(x, y, *vector))
    except (ArithmeticError, ValueError):
        return None


def in_a_batch(fast: Any, mode: str, x: Any, y: Any) -> list[list[float]]:
    """What a compiled function gives at many points, point by point."""
    batch = vmap(fast)
    vector = ((1.0, 0.5),) if mode == "hvp" else ()
    found = (batch if mode == "value" else getattr(batch, mode))(x, y, *vector)

    def rows(part: Any) -> list[Any]:
        return [x for p in part for x in rows(p)] if isinstance(part, (tuple, list)) else [part]

    return [[float(x) for x in point] for point in zip(*rows(found), strict=True)]


def assert_same(found: list[list[float]], f: Callable[..., Any], mode: str, x: Any, y: Any) -> None:
    for row, a, b in zip(found, x.tolist(), y.tolist(), strict=True):
        expected = plainly(f, mode, a, b)
        if expected is None:
            assert all(map(isnan, row)), (a, b)
        else:
            assert row == pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True), (a, b)


def points(count: int) -> tuple[Any, Any]:
    return tuple(np.random.default_rng(7).uniform((0.8, 0.2), (9.0, 0.9), (count, 2)).T)


def paths(fast: Any) -> list[Any]:
    return [*fast._recordings.latest().paths]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("f", [growing, carrying, kepler, swapping])
def test_all_points_take_one_path(f: Callable[..., Any], mode: str, backend: str) -> None:
    alone = f is kepler and mode == "hvp"  # whose program does not grow evenly
    fast = compile(f, argnums=(0, 1), backend=backend, max_paths=100 if alone else 2)
    x, y = points(30)
    assert_same(in_a_batch(fast, mode, x, y), f, mode, x, y)
    assert alone or len(paths(fast)) == 1
    assert_same(in_a_batch(fast, mode, x[::-1], y[::-1]), f, mode, x[::-1], y[::-1])


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("mode", ["value", "value_and_grad", "grad", "jacobian", "hessian"])
def test_from_one_turn_on(mode: str, backend: str) -> None:
    def newton(mean: Any, eccentricity: Any) -> Any:
        angle = mean + eccentricity * math.sin(mean)
        while True:
            step = (angle - eccentricity * math.sin(angle) - mean) / (1.0 - eccentricity * math.cos(angle))
            angle = angle - step
            if abs(step) < 1e-12:
                return angle

    fast = compile(newton, argnums=(0, 1), backend=backend, max_paths=8)
    x, y = points(120)
    x, y = x % 3.0, y * 0.8
    y[:20] *= 0.05
    for _ in range(2):
        assert_same(in_a_batch(fast, mode, x, y), newton, mode, x, y)
    assert len(paths(fast)) == 1
    (known,) = [family.known for family in paths(fast)[0]._derivation._families if family.open >= 0]
    assert {1, 2, 3, 4} <= known


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("mode", ["value", "value_and_grad"])
def test_steps_that_adapt(mode: str, backend: str) -> None:
    fast = compile(stepping, argnums=(0, 1), backend=backend, max_paths=2)
    x, y = points(200)
    assert_same(in_a_batch(fast, mode, x, y), stepping, mode, x, y)
    assert len(paths(fast)) == 1


@pytest.mark.parametrize("mode", MODES)
def test_arrays_give_what_single_calls_do_to_the_last_bit(mode: str) -> None:
    fast = compile(carrying, argnums=(0, 1), backend="numpy")
    x, y = points(30)
    batch = in_a_batch(fast, mode, x, y)
    vector = ((1.0, 0.5),) if mode == "hvp" else ()
    call = fast if mode == "value" else getattr(fast, mode)
    for row, a, b in zip(batch, x.tolist(), y.tolist(), strict=True):
        assert row == numbers(call(a, b, *vector))


@pytest.mark.parametrize("backend", BACKENDS)
def test_thousands_of_points_with_many_numbers_of_turns(backend: str) -> None:
    def slowly(x: float, y: float) -> Any:
        while x < 50.0:
            x = x * 1.03 + 0.001 * y
        return x * y

    fast = compile(slowly, argnums=(0, 1), backend=backend, max_paths=2)
    x, y = points(3000)
    found = np.array(in_a_batch(fast, "value_and_grad", x, y))
    assert len(paths(fast)) == 1
    some = range(0, 3000, 150)
    assert_same(found[some].tolist(), slowly, "value_and_grad", x[some], y[some])
    total = vmap(fast, in_axes=(0, None)).grad(x, 0.5)[1]
    each = vmap(fast, in_axes=(0, None), reduce=None).grad(x, 0.5)[1]
    assert total == pytest.approx(each.sum(), rel=1e-12)
    assert len(paths(fast)) == 1


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("backend", BACKENDS)
def test_each_number_of_turns_is_recorded_once(order: int, backend: str) -> None:
    calls = []

    def f(x: Any) -> Any:
        calls.append(turns := [0])
        while x < 50.0:
            x = x * 1.2 + 0.1
            turns[0] += 1
        return x

    fast = compile(f, backend=backend, check=False)
    x = np.linspace(1.0, 40.0, 500)[::order]
    vmap(fast)(x)
    recorded = [turns[0] for turns in calls]
    assert sorted(recorded) == sorted({*recorded})
    assert vmap(fast)(x).tolist() == pytest.approx([f(a) for a in x.tolist()], rel=1e-14)
    calls.clear()
    vmap(fast)(x)
    assert fast(x[3]) == pytest.approx(f(x[3]), rel=1e-14)
    assert len(calls) == 1  # that of this test


@pytest.mark.parametrize("backend", BACKENDS)
def test_more_turns_than_there_were_make_the_program_longer(backend: str) -> None:
    fast = compile(growing, argnums=(0, 1), backend=backend, max_paths=2)
    for low in (30.0, 10.0, 3.0, 0.5):
        x, y = np.linspace(low, 45.0, 40), np.linspace(0.1, 0.9, 40)
        assert_same(in_a_batch(fast, "value_and_grad", x, y), growing, "value_and_grad", x, y)
    assert len(paths(fast)) == 1
    assert_same(in_a_batch(fast, "value_and_grad", x[:1], y[:1]), growing, "value_and_grad", x[:1], y[:1])


@pytest.mark.parametrize("backend", BACKENDS)
def test_paths_of_few_turns_become_one_with_a_longer_one_before_there_are_too_many(backend: str) -> None:
    fast = compile(growing, argnums=(0, 1), backend=backend, max_paths=2)
    x, y = np.array([45.0, 42.0, 38.0, 30.0, 20.0, 10.0, 5.0, 40.0]), np.full(8, 0.2)
    assert_same(in_a_batch(fast, "value_and_grad", x, y), growing, "value_and_grad", x, y)
    assert len(paths(fast)) == 1


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("f", [growing, carrying])
def test_points_without_a_turn_and_those_without_an_end(f: Callable[..., Any], backend: str) -> None:
    x, y = points(40)
    x[:9] = [60.0, nan, inf, 50.0, -inf, 49.9999, 1e308, 8.0, 8.0]
    y[7:9] = [nan, inf]
    for mode in ("value", "value_and_grad"):
        fast = compile(f, argnums=(0, 1), backend=backend, max_paths=8)
        for _ in range(2):
            assert_same(in_a_batch(fast, mode, x, y), f, mode, x, y)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_error_of_the_first_point_is_raised(backend: str) -> None:
    def f(x: Any) -> Any:
        total = 0.0
        while x < 50.0:
            total = total + math.sqrt(x - 1.0)
            x = x * 1.2
        return total

    x = np.linspace(5.0, 1.1, 40)
    x[17], x[30] = 0.9, 0.8
    fast = compile(f, backend=backend, errors="raise")
    for _ in range(2):
        with pytest.raises(ValueError, match="math domain error") as caught:
            vmap(fast)(x)
        assert "at point 17" in caught.value.__notes__[0]
    fast = compile(f, backend=backend)
    assert np.flatnonzero(np.isnan(vmap(fast).grad(x))).tolist() == [17, 30]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("mode", ["value", "value_and_grad", "hvp"])
def test_guards_in_the_turns(mode: str, backend: str) -> None:
    def f(x: Any, y: Any) -> Any:
        total = 0.0
        while x < 50.0:
            if x > 49.0:  # before what ends the loop, and after it
                total = total + y
            total = total + math.sqrt(x - 0.1)
            x = x * 1.08 + 0.05 * y
            if total > 150.0:
                total = total - 1.0
        return total * x

    fast = compile(f, argnums=(0, 1), backend=backend, max_paths=100)
    x, y = points(20)
    for _ in range(2):
        assert_same(in_a_batch(fast, mode, x, y), f, mode, x, y)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_function_that_counts_turns(backend: str) -> None:
    def f(x: Any, y: Any) -> Any:
        turns, total = 0, x
        while x < 50.0:
            x = x * 1.3 + y * 0.1
            total, turns = total + x, turns + 1
        return total / turns if turns != 7 else total * 3.0

    fast = compile(f, argnums=(0, 1), backend=backend, max_paths=100)
    x, y = points(60)
    for mode in ("value", "value_and_grad"):
        assert_same(in_a_batch(fast, mode, x, y), f, mode, x, y)


def test_how_many_turns_there_were_is_returned() -> None:
    def f(x: Any) -> Any:
        turns = 0
        while x < 50.0:
            x, turns = x * 1.3, turns + 1
        return x, turns

    x = np.linspace(1.0, 40.0, 30)
    values, turns = vmap(compile(f, max_paths=100))(x)
    assert turns.tolist() == [f(a)[1] for a in x.tolist()]
    assert values.tolist() == pytest.approx([f(a)[0] for a in x.tolist()], rel=1e-14)


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_decides_is_the_same_at_all_points(backend: str) -> None:
    def f(x: Any, y: Any) -> Any:
        while x < 50.0:
            x, y = x * 1.2, y * 0.9 + math.sin(y)
        return x * y

    fast = compile(f, argnums=(0, 1), backend=backend, max_paths=2)
    y = np.linspace(-1.0, 1.0, 9)
    batch = vmap(fast, in_axes=(None, 0), reduce=None)
    for x in (1.0, 7.0, 3.0, 2.0, 8.0):
        values, (by_x, by_y) = batch.value_and_grad(x, y)
        rows = [list(row) for row in zip(values.tolist(), by_x.tolist(), by_y.tolist(), strict=True)]
        assert_same(rows, f, "value_and_grad", np.full(9, x), y)
    assert len(paths(fast)) == 1


def test_a_short_path_that_was_there_first_becomes_one_of_a_longer_one() -> None:
    fast = compile(growing, argnums=(0, 1), max_paths=2)
    fast(45.0, 0.5)  # one turn or two, which are no loop
    x, y = points(20)
    in_a_batch(fast, "value", x, y)
    assert len(paths(fast)) == 1
    assert fast(45.0, 0.5) == growing(45.0, 0.5)

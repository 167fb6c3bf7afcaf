"""Errors of operations that a compiled function catches: paths of their own, held against plain calls."""

from __future__ import annotations

import contextlib
import math as std
import pickle
import random
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import permutations
from typing import Any

import numpy as np
import pytest

from autograd import Value, compile, grad, hessian, math, no_grad, ops, value_and_grad, vmap
from autograd.program.errors import CompileError
from autograd.program.ways import chained, nowhere

BACKENDS = ("python", "numpy", "llvm")
inf, nan = std.inf, std.nan
Function = Callable[..., Any]


def outcome(f: Function, *args: Any) -> Any:
    """Return what a call gives, or the type of the error that it raises."""
    try:
        return f(*args)
    except (ArithmeticError, ValueError) as error:
        return type(error)


def agree(got: Any, wanted: Any, tolerance: float = 1e-9) -> bool:
    if isinstance(got, type) or isinstance(wanted, type):
        return got is wanted
    if isinstance(wanted, tuple):
        return len(got) == len(wanted) and all(map(lambda x, y: agree(x, y, tolerance), got, wanted))
    return bool(
        got == wanted
        or (got != got and wanted != wanted)
        or std.isclose(got, wanted, rel_tol=tolerance, abs_tol=tolerance * 1e-6)
    )


# Functions that catch errors, and numbers that lead to all their paths


def suppressed(x: Any) -> Any:
    with contextlib.suppress(ValueError):
        return math.log(x)
    return x * x


def told_apart(x: Any) -> Any:
    try:
        return math.exp(x * 100.0) / math.sqrt(x)
    except ZeroDivisionError:
        return 7.0 * x
    except OverflowError:
        return x * x
    except ValueError:
        return -x


def cleaned_up(x: Any) -> Any:
    try:
        y = 1.0 / (x - 1.0)
    except ZeroDivisionError:
        y = 3.0 * x
    finally:
        x = x + 1.0
    return x * y


def until_an_error(x: Any) -> Any:
    total = 0.0 * x
    with contextlib.suppress(ValueError):
        while True:
            x = math.sqrt(x) - 1.0
            total += x
    return total + x


def unrecorded(x: Any) -> Any:
    try:
        with no_grad():
            factor = math.log(x)
    except ValueError:
        factor = 2.0
    return factor * x


def nested_derivative(x: Any) -> Any:
    try:
        return grad(lambda t: math.sqrt(t) * t)(x)
    except ValueError:
        return x * x


def own_error(x: Any) -> Any:
    def inner() -> Any:
        if x > 5.0:
            raise ValueError("too large")
        return math.acosh(x)

    try:
        return inner() + 1.0 / (x - 2.0)
    except ValueError:
        return x * 3.0


def error_in_the_handler(x: Any) -> Any:
    try:
        try:
            return math.asin(x)
        except ValueError:
            return math.acosh(x)
    except ValueError:
        return x * x


def twice_the_inverse(x: Any) -> Any:
    try:
        return 1.0 / (1.0 / x)  # finite where IEEE arithmetic goes on
    except ZeroDivisionError:
        return 5.0 + x


def exact_sum(x: Any) -> Any:
    try:
        return math.fsum([x, 1e308, 0.7e308]) * 1e-300
    except OverflowError:
        return x * 1e-300


FUNCTIONS: list[tuple[Function, list[float]]] = [
    (suppressed, [4.0, -1.0, 0.0, -3.0, 9.0]),
    (told_apart, [1.0, 0.0, 8.0, -1.0, 2.0, -5.0]),
    (cleaned_up, [1.0, 3.0, -2.0]),
    (until_an_error, [50.0, 4.0, 0.5, -1.0, 20.0]),
    (unrecorded, [2.0, -1.0, 0.0]),
    (nested_derivative, [4.0, -2.0, 1.0]),
    (own_error, [4.0, 0.5, 6.0, 2.5, 1.0]),
    (error_in_the_handler, [0.5, 3.0, -4.0]),
    (twice_the_inverse, [4.0, 0.0, -2.0]),
    (exact_sum, [1.0, 0.5e308, -1e308]),
]
EVERY = pytest.mark.parametrize(("f", "points"), FUNCTIONS, ids=[f.__name__ for f, _ in FUNCTIONS])


@EVERY
@pytest.mark.parametrize("backend", BACKENDS)
def test_calls_in_any_order_give_what_the_function_gives(
    f: Function, points: list[float], backend: str
) -> None:
    for order in (points, points[::-1], points[1:] + points[:1]):
        fast = compile(f, backend=backend)
        for x in [*order, *order]:
            assert agree(outcome(fast, x), outcome(f, x)), x
            assert agree(outcome(fast.value_and_grad, x), outcome(value_and_grad(f), x)), x
            assert agree(outcome(fast.hessian, x), outcome(hessian(f), x)), x


@EVERY
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_batch_gives_each_point_the_value_of_its_path(
    f: Function, points: list[float], backend: str
) -> None:
    shared = lambda x, w: f(x) * w  # noqa: E731
    for first in points:
        fast = compile(f, backend=backend).record(first)
        values, slopes = vmap(fast).value_and_grad(np.array(points))
        for x, value, slope in zip(points, values.tolist(), slopes.tolist(), strict=True):
            assert agree((value, slope), outcome(value_and_grad(f), x)), x
        recorded = compile(shared, 1, backend=backend).record(first, 2.0)
        total = vmap(recorded, in_axes=(0, None)).grad(np.array(points), 2.0)
        assert agree(total, std.fsum(map(f, points))), first


def test_a_path_that_was_recorded_runs_no_function_any_more() -> None:
    calls = []

    def f(x: Any) -> Any:
        calls.append(1)
        return suppressed(x)

    fast = compile(f)
    for x in (4.0, -1.0):
        fast(x)
    before = len(calls)
    assert [fast(x) for x in (9.0, -2.0, 0.5, -4.0)] == [suppressed(x) for x in (9.0, -2.0, 0.5, -4.0)]
    assert fast.grad(-2.0) == -4.0
    assert len(calls) == before


def test_the_short_way_goes_on_to_another_path_where_one_raises() -> None:
    fast = compile(suppressed)
    for x in (-1.0, 4.0):
        fast(x)
    short = chained(fast._modes["value"]._ways, nowhere)
    assert [short(x) for x in (-3.0, 4.0)] == [9.0, std.log(4.0)]


def test_an_error_that_is_not_caught_is_raised_and_nothing_kept() -> None:
    fast = compile(lambda x: math.log(x) / (x - 2.0))
    for x in (-1.0, 2.0, 3.0, -1.0, 2.0):
        expected = {-1.0: ValueError, 2.0: ZeroDivisionError}.get(x)
        if expected is None:
            assert fast(x) == std.log(3.0)
        else:
            with pytest.raises(expected):
                fast.grad(x)
            with pytest.raises(expected):
                fast(x)
    assert len(fast._recordings.signatures[0].paths) == 1


def test_an_error_says_what_it_says_of_floats() -> None:
    def f(x: Any) -> Any:
        if x < 0.0:
            raise ValueError(f"not {x}")
        return math.sqrt(x)

    for first in (-1.5, 4.0):
        fast = compile(f)
        outcome(fast, first)
        with pytest.raises(ValueError, match=r"not -1\.5$"):
            fast(-1.5)


def test_several_numbers_decide_whether_an_operation_raises() -> None:
    def f(x: Any, y: Any) -> Any:
        try:
            return math.pow(x, y)
        except OverflowError:
            return x
        except ValueError:
            return y

    points = [(2.0, 3.0), (2.0, 2000.0), (-2.0, 0.5), (0.0, -1.0), (1e200, 2.0), (-3.0, 2.0), (0.0, 2.0)]
    for order in list(permutations(points))[::271]:
        fast = compile(f, (0, 1))
        for x, y in order:
            assert agree(outcome(fast.value_and_grad, x, y), outcome(value_and_grad(f, (0, 1)), x, y)), (x, y)


def test_what_is_the_same_at_all_points_may_raise_in_a_batch() -> None:
    def f(x: Any, k: Any) -> Any:
        try:
            return x / k
        except ZeroDivisionError:
            return x

    for backend in ("numpy", "llvm"):
        fast = compile(f, backend=backend).record(1.0, 2.0)
        batch = vmap(fast, in_axes=(0, None))
        assert batch(np.array([1.0, 3.0]), 0.0).tolist() == [1.0, 3.0]
        assert batch(np.array([1.0, 3.0]), 2.0).tolist() == [0.5, 1.5]


def test_an_infinity_that_comes_in_is_no_error() -> None:
    fast = compile(told_apart).record(1.0)
    got = vmap(fast)(np.array([inf, nan, 0.0, 1.0])).tolist()
    assert all(map(agree, got, [told_apart(x) for x in (inf, nan, 0.0, 1.0)]))


def test_an_error_that_stops_a_batch_is_one_that_the_function_does_not_catch() -> None:
    def f(x: Any) -> Any:
        try:
            return math.log(x)
        except ValueError:
            return 1.0 / x

    fast = compile(f, errors="raise").record(2.0)
    assert vmap(fast)(np.array([1.0, -2.0])).tolist() == [0.0, -0.5]
    with pytest.raises(ZeroDivisionError) as caught:
        vmap(fast)(np.array([1.0, -2.0, 0.0]))
    assert caught.value.__notes__ == ["at point 2 of the batch, counted from 0"]


def test_pickles_keep_paths_of_caught_errors() -> None:
    fast = compile(suppressed)
    for x in (4.0, -1.0):
        fast(x)
    copy = pickle.loads(pickle.dumps(fast))
    assert [path.caught for path in copy._recordings.signatures[0].paths] == [True, False]
    assert [copy(x) for x in (9.0, -3.0)] == [std.log(9.0), 9.0]


def test_the_source_tries_another_path_where_one_raises() -> None:
    fast = compile(told_apart)
    for x in (1.0, 0.0, 8.0):
        fast(x)
    names: dict[str, Any] = {}
    exec(fast.source, names)
    for x in (2.0, 0.0, 9.0):
        assert agree(names["told_apart"](x), told_apart(x))
        assert agree(names["told_apart_value_and_grad"](x), value_and_grad(told_apart)(x))
    assert outcome(names["told_apart"], -1.0) is ValueError  # a path that was not recorded


def test_c_takes_no_path_on_which_an_operation_raises() -> None:
    fast = compile(suppressed).record(2.0)
    assert "isfinite" not in fast.to_c()
    fast(-1.0)
    text = fast.to_c("value")
    assert re.search(r"v1 = log\(x_\);\n    if \(!isfinite\(v1\)\)\n        return 1;", text)
    assert "or an operation that may\n * raise an error gives inf or NaN" in text


# Primitives of the user's own


def _above(x: float, y: float) -> float:
    if x < y:
        raise ValueError("too low")
    return x - y


@pytest.fixture
def entered() -> Iterator[Callable[..., ops.Primitive]]:
    """Give what enters a primitive that is x - 1 and raises below 1, for as long as a test runs."""

    def enter(**facts: Any) -> ops.Primitive:
        value = lambda x: _above(x, 1.0)  # noqa: E731
        return ops.unary("lowest", value, lambda x, out: 1.0, "x - 1 for x >= 1.", (1.0, 9.0), **facts)

    yield enter
    del ops.TABLE["lowest"]


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_primitive_whose_entry_tells_of_its_error_needs_one_path_for_it(
    backend: str, entered: Callable[..., ops.Primitive]
) -> None:
    lowest = entered(error=lambda x: ValueError if x < 1.0 else None)

    def f(x: Any) -> Any:
        try:
            return lowest(x) * x
        except ValueError:
            return 2.0 * x

    fast = compile(f, backend=backend)
    for i in range(100):
        assert fast(0.01 * i) == 2.0 * (0.01 * i)
        assert fast(1.0 + i) == i * (1.0 + i)
    assert len(fast._recordings.signatures[0].paths) == 2
    assert vmap(fast)(np.array([0.5, 3.0])).tolist() == [1.0, 6.0]


def test_one_whose_entry_tells_nothing_needs_a_path_for_each_number(
    entered: Callable[..., ops.Primitive],
) -> None:
    lowest = entered()

    def f(x: Any) -> Any:
        try:
            return lowest(x) * x
        except ValueError:
            return 2.0 * x

    fast = compile(f, max_paths=4)
    for x in (0.5, 3.0, -0.0, 0.25, 4.0, 0.5):
        assert fast(x) == f(x)
        assert fast.grad(x) == grad(f)(x)
    with pytest.raises(CompileError, match="max_paths"):
        fast(0.125)


# Random functions

ATTEMPTS = (
    "math.log({a})", "math.sqrt({a})", "1.0 / {a}", "{a} / {b}", "math.exp({a} * 50.0)", "math.asin({a})",
    "math.acosh({a})", "math.atanh({a})", "math.log1p({a} - 1.0)", "math.pow({a}, {b})", "{a} % {b}",
    "math.fmod({a}, {b})", "math.sinh({a} * 90.0)", "math.gamma({a})", "math.lgamma({a})", "{a} // {b}",
    "math.sin({a} * 1e300 * 1e300)", "math.floor({a} * 1e300 * 1e10)", "{a} ** 60.0 ** 2", "math.tanh({a})",
    "{a} * {b}", "{a} - {b}", "math.digamma({a})", "math.log(math.sqrt({a}), {b})",
)  # fmt: skip
ERRORS = (
    "ValueError", "ZeroDivisionError", "OverflowError", "(ValueError, OverflowError)", "ArithmeticError",
    "Exception",
)  # fmt: skip
NUMBERS = (-2.5, -1.0, -0.0, 0.0, 0.25, 1.0, 2.0, 3.0, 17.0, 1e200)


class Writer:
    """Writes a function that catches errors, at random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines = ["def f(x, y):"]
        names = ["x", "y"]
        for _ in range(self.random.randint(1, 3)):
            names.append(self.attempt(1, names, f"t{len(names)}"))
        self.lines.append(f"    return {names[-1]} + 0.5 * {self.random.choice(names)}")

    def attempt(self, depth: int, names: Sequence[str], result: str) -> str:
        indent = "    " * depth
        choose = self.random.choice
        inner = [*names]
        self.lines.append(f"{indent}try:")
        for i in range(self.random.randint(1, 2)):
            if depth < 3 and self.random.random() < 0.25:
                inner.append(self.attempt(depth + 1, inner, f"{result}_{i}"))
            else:
                step = choose(ATTEMPTS).format(a=choose(inner), b=choose(inner))
                inner.append(f"{result}_{i}")
                self.lines.append(f"{indent}    {inner[-1]} = {step}")
        self.lines.append(f"{indent}    {result} = {inner[-1]} * {choose(inner)}")
        for error in self.random.sample(ERRORS, self.random.randint(1, 2)):
            self.lines.append(f"{indent}except {error}:")
            self.lines.append(f"{indent}    {result} = {choose(names)} * {self.random.randint(1, 9)}.0")
        return result

    def function(self) -> tuple[Function, str]:
        names: dict[str, Any] = {"math": math}
        text = "\n".join(self.lines)
        exec(text, names)
        return names["f"], text


@pytest.mark.parametrize("seed", range(60))
def test_random_functions_that_catch_errors_are_followed(seed: int) -> None:
    f, text = Writer(seed).function()
    chance = random.Random(seed)
    slopes = value_and_grad(f, (0, 1))
    points = [(chance.choice(NUMBERS), chance.choice(NUMBERS)) for _ in range(12)]
    wanted = {repr(point): outcome(slopes, *point) for point in points}  # -0.0 is another point than 0.0
    good = [point for point in points if not isinstance(wanted[repr(point)], type)]
    for backend, tolerance in (("python", 0.0), ("numpy", 1e-6), ("llvm", 1e-6)):
        fast = compile(f, (0, 1), backend=backend)
        for point in points:
            got = outcome(fast.value_and_grad, *point)
            assert agree(got, wanted[repr(point)], tolerance), (
                f"{backend} at {point}: {got}, {wanted[repr(point)]}\n{text}"
            )
        if not good:
            continue
        fast = compile(f, (0, 1), backend=backend).record(*good[0])
        xs, ys = (np.array(column) for column in zip(*good, strict=True))
        values, (dx, dy) = vmap(fast, in_axes=(0, 0)).value_and_grad(xs, ys)
        for i, point in enumerate(good):
            got = values[i], (dx[i], dy[i])
            assert agree(got, wanted[repr(point)], 1e-6), f"{backend} in a batch at {point}: {got}\n{text}"


def test_values_are_told_of_as_they_are_where_nothing_is_followed() -> None:
    x = Value(-1.0)
    assert outcome(math.sqrt, x) is ValueError
    assert suppressed(x).data == 1.0

"""`scan` in compiled functions: its body is recorded once, and results are those of plain calls."""

from __future__ import annotations

import contextlib
import contextvars
import dataclasses
import functools
import io
import itertools
import pickle
import random
import threading
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograd import (
    Value,
    compile,
    fori_loop,
    grad,
    gradients,
    hessian,
    jvp,
    math,
    scan,
    value_and_grad,
    vmap,
)
from autograd.program.loops.program import LoopProgram
from autograd.program.scanning import _Numbers, _Turn
from autograd.program.straight_line.program import Program

N = 300
DATA = [math.sin(7.0 * i) for i in range(N)]
OTHERS = [1.5 + math.cos(3.0 * i) for i in range(N)]
_counted = 0


class Calls:
    """Counts the calls of a function."""

    def __init__(self, f: Callable[..., Any]) -> None:
        self.f = f
        self.count = 0

    def __call__(self, *args: Any) -> Any:
        self.count += 1
        return self.f(*args)


def decay(p: Any, xs: Any) -> Any:
    rate, start = p

    def body(carry: Any, x: Any) -> Any:
        level, total = carry
        level = level * rate + x
        return (level, total + level * level), None

    return scan(body, (start, 0.0), xs)[0][1]


def kept(p: Any, xs: Any) -> Any:
    """The ys are used after the scan."""
    _, ys = scan(lambda c, x: (c * p[0] + x * p[1], math.tanh(c)), p[1], xs)
    total = 0.0
    for y in ys:
        total = total + y * y
    return total


def backwards(p: Any, xs: Any) -> Any:
    last, ys = scan(lambda c, x: (math.sin(c + x * p[0]), c * x), p[1], xs, reverse=True)
    return last + ys[0] - 2.0 * ys[-1] + sum(ys)


def through_two(p: Any, xs: Any) -> Any:
    """The second scan goes through what the first has kept."""
    _, ys = scan(lambda c, x: (c * p[0] + x, c), p[1], xs)
    return scan(lambda c, y: (0.9 * c + y * p[1], None), 0.0, ys, reverse=True)[0]


def pairs(p: Any, xs: Any) -> Any:
    scanned = {"a": xs, "b": OTHERS}
    carry = {"sum": p[0], "last": (0.0, p[1])}

    def body(c: Any, x: Any) -> Any:
        before, last = c["last"]
        return {
            "sum": c["sum"] + x["a"] * before * x["b"],
            "last": (last, math.exp(-abs(last)) + x["a"]),
        }, None

    out, _ = scan(body, carry, scanned)
    return out["sum"] * out["last"][0]


def delayed(p: Any, xs: Any) -> Any:
    """What was scanned, and what stays, is carried on."""
    (_, _, total, same), _ = scan(
        lambda c, x: ((x, c[0], c[2] + c[0] * c[1] * c[3], c[3]), None), (p[0], p[1], 0.0, p[0]), xs
    )
    return total * same


def without_xs(p: Any, xs: Any) -> Any:
    return scan(lambda c, _: (c + p[0] * math.cos(c), None), p[1], length=N)[0]


def guarded(p: Any, xs: Any) -> Any:
    """Each turn asks, and the answer is always the same."""

    def body(c: Any, x: Any) -> Any:
        c = c * p[0] + (x if x < 10.0 else -x)
        if c > 1e6:
            c = c - 1e6
        return c, None

    return scan(body, p[1], xs)[0]


def inner_derivative(p: Any, xs: Any) -> Any:
    slope = grad(lambda z, x: math.sin(z * p[0]) * x)
    return scan(lambda c, x: (c + 0.1 * slope(c, x), None), p[1], xs)[0]


FUNCTIONS = [
    decay, kept, backwards, through_two, pairs, delayed, without_xs, guarded, inner_derivative,
]  # fmt: skip
POINT = [0.7, 0.4]


def path_of(fast: Any) -> Any:
    """Return the only path of a compiled function."""
    ((path,),) = [signature.paths for signature in fast._recordings.signatures]
    return path


@pytest.mark.parametrize("f", FUNCTIONS)
@pytest.mark.parametrize("xs", [DATA, np.array(DATA)], ids=["list", "array"])
@pytest.mark.parametrize("backend", ["python", "llvm", "numpy"])
def test_results_are_those_of_plain_calls(f: Any, xs: Any, backend: str) -> None:
    fast = compile(f, backend=backend)
    for point in (POINT, [0.65, -0.3]):
        assert fast(point, xs) == f(point, xs)
        value, gradient = fast.value_and_grad(point, xs)
        plain_value, plain_gradient = value_and_grad(f)(point, xs)
        assert value == plain_value
        tolerance = 0.0 if backend == "python" else 1e-13
        assert gradient == pytest.approx(plain_gradient, rel=tolerance, abs=tolerance)


@pytest.mark.parametrize("f", FUNCTIONS)
def test_the_programs_have_loops(f: Any) -> None:
    fast = compile(f)
    fast.value_and_grad(POINT, DATA)
    path = path_of(fast)
    assert isinstance(path.program, LoopProgram)
    program = path.derived("value_and_grad").program
    assert isinstance(program, LoopProgram)
    assert len(program.nodes) - len(program.inputs) < N


@pytest.mark.parametrize("f", FUNCTIONS)
def test_the_recorded_program_unrolled_is_that_of_the_turns(f: Any) -> None:
    fast = compile(f)
    fast(POINT, DATA)
    program = path_of(fast).program
    numbers = [*POINT, *DATA]
    assert program.run(numbers) == program.unrolled().run(numbers) == [f(POINT, DATA)]


def test_the_body_is_called_in_a_few_turns() -> None:
    body = Calls(lambda c, x: (c * 0.9 + math.sin(x * c), None))
    fast = compile(lambda c, xs: scan(body.f, c, xs)[0])
    counted = compile(lambda c, xs: scan(lambda c, x: body(c, x), c, xs)[0])
    assert fast(0.5, DATA) == scan(body.f, 0.5, DATA)[0]
    assert body.count == 0
    counted(0.5, DATA)
    # A counter is changed by every call, so these are all called.
    assert body.count >= 2 * N


def test_a_body_without_effects_is_called_ten_times() -> None:
    log: list[int] = []

    def body(c: Any, x: Any) -> Any:
        noted()
        return c * 0.9 + math.sin(x * c), None

    def noted() -> None:
        sink.write("x")

    class Sink:
        def write(self, text: str) -> None:
            log.append(1)

    sink = Sink()
    assert compile(lambda c, xs: scan(body, c, xs)[0])(0.5, DATA) == scan(body, 0.5, DATA)[0]


@pytest.mark.parametrize("mode", ["grad", "hessian", "jacobian"])
def test_other_derivatives(mode: str) -> None:
    import autograd

    for f in (decay, through_two, guarded):
        expected = np.array(getattr(autograd, mode if mode != "jacobian" else "grad")(f)(POINT, DATA))
        found = np.array(getattr(compile(f), mode)(POINT, DATA))
        assert found == pytest.approx(expected, rel=1e-12, abs=1e-12)


def test_hessian_vector_products() -> None:
    vector = [0.3, -1.2]
    expected = np.array(hessian(decay)(POINT, DATA)) @ vector
    assert compile(decay).hvp(POINT, DATA, vector=vector) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("backend", ["python", "llvm", "numpy"])
def test_batches(backend: str) -> None:
    points = np.column_stack([np.linspace(0.1, 0.9, 40), np.linspace(-1.0, 1.0, 40)])
    fast = compile(lambda p: decay(p, DATA), backend=backend)
    values, slopes = vmap(fast.value_and_grad)(points)
    for value, slope, point in zip(values, slopes, points, strict=True):
        assert value == decay(point.tolist(), DATA)
        assert slope == pytest.approx(grad(lambda p: decay(p, DATA))(point.tolist()), rel=1e-12)


def test_what_is_kept_is_returned() -> None:
    def f(p: Any) -> Any:
        return scan(lambda c, x: (c * p + x, {"c": c, "pair": (c * c, None)}), 0.5, DATA)

    assert compile(f)(0.7) == f(0.7)


def test_what_is_kept_is_returned_as_arrays() -> None:
    def f(p: Any, xs: Any) -> Any:
        return scan(lambda c, x: (c * p + x, (c * c, x * np.array([c, p]))), 0.5, xs, reverse=True)

    carry, (squares, products) = compile(f)(0.7, np.array(DATA))
    plain_carry, (plain_squares, plain_products) = f(0.7, np.array(DATA))
    assert carry == plain_carry
    assert squares.tolist() == plain_squares.tolist()
    assert products.tolist() == plain_products.tolist()
    assert products.shape == (N, 2)


def test_rows_and_carried_arrays() -> None:
    rows = np.array([DATA, OTHERS]).T

    def f(state: Any, rows: Any) -> Any:
        matrix = np.array([[0.5, 0.2], [-0.3, 0.6]])
        last, _ = scan(lambda s, row: (matrix @ s + row * s[0], None), state, rows)
        return last[0] * last[1]

    state = np.array([0.3, 0.4])
    fast = compile(f)
    assert fast(state, rows) == pytest.approx(f(state, rows), rel=1e-13)
    assert fast.grad(state, rows) == pytest.approx(grad(f)(state, rows), rel=1e-12)
    assert isinstance(path_of(fast).program, LoopProgram)


def test_derivatives_by_what_is_scanned() -> None:
    def f(xs: Any) -> Any:
        return scan(lambda c, x: (0.5 * c + x * x, None), 0.0, xs)[0]

    assert compile(f).grad(DATA) == grad(f)(DATA)


def test_values_from_outside_are_read_at_every_call() -> None:
    weight = Value(0.5)
    fast = compile(lambda x: scan(lambda c, d: (c * weight + d * x, None), 0.0, DATA)[0])
    for number in (0.5, -0.25):
        weight.data = number
        assert fast(2.0) == scan(lambda c, d, w=number: (c * w + d * 2.0, None), 0.0, DATA)[0]
    assert isinstance(path_of(fast).program, LoopProgram)


def a_step(i: Any, y: Any, x: Any) -> Any:
    return y + x * i / (i + 1) - y * 0.01


def test_a_loop_over_whole_numbers() -> None:
    def f(x: float) -> Any:
        return fori_loop(3, N, lambda i, y: a_step(i, y, x), 0.5)

    fast = compile(f)
    assert fast(0.7) == f(0.7)
    assert fast.grad(0.7) == grad(f)(0.7)
    assert isinstance(path_of(fast).program, LoopProgram)


@pytest.mark.parametrize(
    "body",
    [
        lambda i, y, x: y + x * DATA[i],
        lambda i, y, x: y * x if i % 2 else y + x,
        lambda i, y, x: y + x**i,
        lambda i, y, x: y + x * (i if isinstance(i, int) else 0.5),
        lambda i, y, x: y + (x if i < 100 else 1.0),
        lambda i, y, x: y + x * len(str(i)),
        lambda i, y, x: (y + x) * (2**-i),
    ],
    ids=["index", "odd", "power", "int", "bound", "text", "shift"],
)
def test_loops_over_whole_numbers_that_are_more_than_numbers(body: Any) -> None:
    def f(x: float) -> Any:
        return fori_loop(0, N, lambda i, y: body(i, y, x), 0.5)

    fast = compile(f)
    assert fast(0.7) == f(0.7)
    assert fast.grad(0.7) == pytest.approx(grad(f)(0.7), rel=1e-13)


def test_whole_numbers_that_are_scanned() -> None:
    def f(x: float) -> Any:
        scanned = {"i": range(N), "row": [(float(i), 2 * i, "same") for i in range(N)]}
        return scan(lambda c, t: (c * 0.9 + x * t["i"] - t["row"][0] / (1 + t["row"][1]), None), 0.0, scanned)

    fast = compile(lambda x: f(x)[0])
    assert fast(0.7) == f(0.7)[0]
    assert isinstance(path_of(fast).program, LoopProgram)


# What cannot be recorded once is gone through turn by turn


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


def test_it_can_be_pickled() -> None:
    fast = compile(decay)
    expected = fast.value_and_grad(POINT, DATA)
    assert pickle.loads(pickle.dumps(fast)).value_and_grad(POINT, DATA) == expected


def test_carries_of_another_form_are_errors_as_ever() -> None:
    with pytest.raises(TypeError, match="must return a carry of the form"):
        compile(lambda x: scan(lambda c, d: ((c, d), None), x, DATA)[0])(0.5)


# Bodies whose effects no guard sees


class Random:
    """A generator of Python code, with a method that is a loop's own."""

    def __init__(self) -> None:
        self.generator = random.Random(3)

    def rarely(self) -> bool:
        return self.generator.random() < 0.01


def _iterator() -> Iterator[float]:
    yield from [2.0 if i == 77 else 1.0 for i in range(N)]


def _counting(kind: str) -> Callable[[], float]:
    """Return a function that gives something else in turn 77, or in some turns by chance."""
    generator, it, local = Random(), _iterator(), threading.local()
    counted, log, text, numpy = itertools.count(), list[int](), io.StringIO(), np.random.default_rng(3)
    note, variable = log.append, contextvars.ContextVar("variable", default=0)
    local.n = 0

    def of_local() -> float:
        local.n += 1
        return 2.0 if local.n == 78 else 1.0

    def of_variable() -> float:
        variable.set(variable.get() + 1)
        return 2.0 if variable.get() == 78 else 1.0

    def of_text() -> float:
        text.write("x")
        return 2.0 if text.tell() == 78 else 1.0

    def of_a_bound_method() -> float:
        note(1)
        return 2.0 if len(note.__self__) == 78 else 1.0  # type: ignore[attr-defined]

    def of_globals() -> float:
        globals()["_counted"] += 1
        return 2.0 if globals()["_counted"] == 78 else 1.0

    kinds: dict[str, Callable[[], float]] = {
        "generator": lambda: next(it),
        "random": lambda: 2.0 if generator.rarely() else 1.0,
        "the module random": lambda: 2.0 if random.random() < 0.01 else 1.0,
        "numpy": lambda: 2.0 if numpy.random() < 0.01 else 1.0,
        "count": lambda: 2.0 if next(counted) == 77 else 1.0,
        "partial": functools.partial(next, it),
        "map": functools.partial(next, map(float, it)),
        "local": of_local, "variable": of_variable, "text": of_text, "bound method": of_a_bound_method,
        "globals": of_globals,
    }  # fmt: skip
    return kinds[kind]


@pytest.mark.parametrize(
    "kind",
    [
        "generator", "random", "the module random", "numpy", "count", "partial", "map", "local", "variable",
        "text", "bound method", "globals",
    ],
)  # fmt: skip
def test_bodies_that_change_what_no_guard_sees(kind: str) -> None:
    def f(x: float) -> Any:
        global _counted
        _counted = 0
        random.seed(3)
        factor = _counting(kind)
        return scan(lambda c, d: (c * factor() * x + d, None), 0.5, DATA)[0]

    fast = compile(f)
    assert fast(0.99) == f(0.99)
    assert fast.grad(0.99) == pytest.approx(grad(f)(0.99), rel=1e-13)


def test_a_method_of_a_list_that_is_a_variable() -> None:
    def f(x: float) -> Any:
        log: list[float] = []
        note = log.append

        def body(c: Any, d: Any) -> Any:
            note(1.0)
            return c * x + d, None

        return scan(body, 0.5, DATA)[0] + len(log)

    assert compile(f)(0.7) == f(0.7)


def test_a_carry_that_is_changed_in_place() -> None:
    def of_dict(x: float) -> Any:
        state = {"level": x, "sums": [0.0]}

        def body(c: Any, d: Any) -> Any:
            c["level"] = c["level"] * x + d
            c["sums"][0] = c["sums"][0] + c["level"]
            return c, None

        scan(body, state, DATA)
        return state["level"] * state["sums"][0]  # type: ignore[index]

    def of_array(x: float) -> Any:
        state = np.array([0.5 * x, 0.3 * x])

        def body(c: Any, d: Any) -> Any:
            c *= 0.7
            c += d * x
            return c, None

        scan(body, state, DATA)
        return state[0] * state[1]

    def of_integers(x: float) -> Any:
        state = {"level": 0}

        def body(c: Any, d: Any) -> Any:
            c["level"] = c["level"] * x + d
            return c, None

        scan(body, state, DATA)
        return state["level"]

    def of_rows(x: float) -> Any:
        rows = [[d, 0.0] for d in DATA]

        def body(c: Any, row: Any) -> Any:
            row[1] = c * row[0]
            return c * x + row[0], None

        last, _ = scan(body, 0.5, rows)
        return last + sum(row[1] for row in rows)

    for f in (of_dict, of_array, of_integers, of_rows):
        assert compile(f)(0.7) == f(0.7)
        assert compile(f).grad(0.7) == pytest.approx(grad(f)(0.7), rel=1e-12)


def test_objects_that_are_carried_and_scanned() -> None:
    def f(x: float, scanned: bool) -> Any:
        counter = Calls(lambda: None)

        def body(c: Any, d: Any) -> Any:
            it, level = c if not scanned else (d[0], c[1])
            it.count += 1
            d = d[1]
            return (c[0], level * x + (2.0 * d if it.count == 78 else d)), None

        return scan(body, (counter if not scanned else 1.0, 0.5), [(counter, d) for d in DATA])[0][1]

    for scanned in (False, True):
        assert compile(f)(0.99, scanned) == f(0.99, scanned)


def test_keys_in_another_order() -> None:
    def of_carry(x: float) -> Any:
        def body(c: Any, d: Any) -> Any:
            return {"b": c["a"] * 0.5 + d, "a": c["b"] * x}, None

        out, _ = scan(body, {"a": 1.0, "b": 2.0}, DATA)
        return out["a"] + 3.0 * out["b"]

    def of_rows(x: float) -> Any:
        rows = [{"a": d, "b": 2.0} if i % 2 else {"b": 2.0, "a": d} for i, d in enumerate(DATA)]
        return scan(lambda c, row: (c * x + row["a"] - row["b"] ** 2, None), 0.5, rows)[0]

    for f in (of_carry, of_rows):
        assert compile(f)(0.7) == f(0.7)


def test_numbers_that_are_neither_floats_nor_ints() -> None:
    def f(x: float, kind: Any) -> Any:
        rows = [kind(i) / kind(8) for i in range(N)]

        def body(c: Any, row: Any) -> Any:
            exact = row * row * row + row.numerator if kind is Fraction else row * row * row
            return c * x + exact, None

        return scan(body, Value(0.5), rows)[0].data if not isinstance(x, Value) else scan(body, 0.5, rows)[0]

    for kind in (Fraction, np.float32, np.float64, np.longdouble):
        assert compile(lambda x, k=kind: f(x, k))(0.7) == f(0.7, kind)


def test_classes_of_numpy_and_of_floats() -> None:
    def f(x: float, which: str) -> Any:
        def body(c: Any, d: Any) -> Any:
            known = isinstance(d, np.floating) if which == "numpy" else type(d) is float
            return c * x + (d if known else 2.0 * d), None

        return scan(body, 0.5, np.array(DATA) if which == "numpy" else DATA)[0]

    for which in ("numpy", "float"):
        assert compile(f)(0.7, which) == f(0.7, which)


@pytest.mark.parametrize("cycle", [2, 3, 4, 5, 6])
@pytest.mark.parametrize("start", [0, 0.5])
def test_a_counter_that_begins_anew(cycle: int, start: float) -> None:
    def f(x: float) -> Any:
        count = 0

        def body(c: Any, d: Any) -> Any:
            nonlocal count
            count = (count + 1) % cycle
            return c * x + d, None

        return scan(body, start, [*DATA, 0.3])[0] + count

    assert compile(f)(0.7) == f(0.7)


@pytest.mark.parametrize("how", ["caught", "retried", "finally", "raised", "suppressed", "inner"])
def test_functions_that_catch_everything(how: str) -> None:
    """They would catch, too, that the scan is to be gone through turn by turn."""

    def slope(x: Any) -> Any:
        return grad(lambda z: scan(lambda c, d: (c * z + d, None), 0.5, DATA)[0])(x)

    def f(x: float) -> Any:
        count = 0

        def body(c: Any, d: Any) -> Any:
            nonlocal count
            count += 1
            return c * x + d, None

        while True:
            try:
                if how == "suppressed":
                    with contextlib.suppress(BaseException):
                        return scan(body, 0.5, DATA)[0]
                    return 0.0
                return slope(x) if how == "inner" else scan(body, 0.5, DATA)[0] * count
            except BaseException:
                if how == "raised":
                    raise KeyError("not to be seen") from None
                if how != "retried":
                    return 0.0
                count = 0
            finally:
                if how == "finally":
                    return count * x  # noqa: B012

    fast = compile(f)
    assert fast(0.7) == f(0.7)
    assert fast.grad(0.7) == pytest.approx(grad(f)(0.7), rel=1e-13)


def test_a_large_array_that_is_changed_in_places() -> None:
    def f(x: float) -> Any:
        counts = np.zeros(1 << 18)

        def body(c: Any, d: Any) -> Any:
            counts[777] += 1.0
            return c * x + d, None

        return scan(body, 0.5, DATA)[0] + counts[777]

    assert compile(f)(0.7) == f(0.7)


def test_a_large_array_that_is_only_read() -> None:
    weights = np.full(1 << 18, 0.25)
    fast = compile(lambda x: scan(lambda c, d: (c * x + d * weights[777], None), 0.5, DATA)[0])
    assert fast(0.7) == scan(lambda c, d: (c * 0.7 + d * weights[777], None), 0.5, DATA)[0]
    assert isinstance(path_of(fast).program, LoopProgram)


class Tagged:
    """Makes records with an attribute that is no field."""

    @dataclasses.dataclass
    class Level:
        level: Any

    def __new__(cls, level: Any, tag: int) -> Any:
        made = cls.Level(level)
        made.tag = tag  # type: ignore[attr-defined]
        return made


def test_attributes_that_are_no_fields() -> None:
    def f(x: float) -> Any:
        out, _ = scan(lambda c, d: (Tagged(c.level * x + d, c.tag + 1), None), Tagged(x, 0), DATA)
        return out.level + out.tag

    assert compile(f)(0.7) == f(0.7)


@pytest.mark.parametrize("name", ["fsum", "hypot", "sumprod"])
def test_operations_on_what_is_kept_of_all_turns(name: str) -> None:
    def f(x: float) -> Any:
        _, ys = scan(lambda c, d: (c * x + d, c), 0.5, DATA)
        arguments = {"fsum": [ys], "hypot": ys, "sumprod": [ys, DATA]}
        return getattr(math, name)(*arguments[name])

    fast = compile(f)
    assert fast(0.7) == f(0.7)
    assert fast.grad(0.7) == pytest.approx(grad(f)(0.7), rel=1e-13)
    assert fast.hessian(0.7) == pytest.approx(hessian(f)(0.7), rel=1e-12)


def turn_of(number: float, carry: Any, y: Any, guard: bool = True, outside: tuple[Value, ...] = ()) -> Any:
    """Return what a call of a body did that adds a number to what is carried."""
    program = Program(["c"])
    program.guards[program.add("<", 0, program.number(9.0))] = guard
    program.outputs = (program.add("+", 0, program.number(number)),)
    return _Turn(program, [*outside], _Numbers(carry), _Numbers(y), y)


def test_turns_did_the_same_only_if_every_bit_is_alike() -> None:
    """This is asked beside what guards see, for what nothing else can see."""
    a, b = Value(2.0), Value(2.0)
    turn = turn_of(0.0, (1.0, "mode"), [1.0, None], outside=(a,))
    assert turn.does_what(turn_of(0.0, (3.0, "mode"), [4.0, None], outside=(a,)))
    for other in (
        turn_of(-0.0, (1.0, "mode"), [1.0, None], outside=(a,)),
        turn_of(1e-300, (1.0, "mode"), [1.0, None], outside=(a,)),
        turn_of(0.0, (1.0, "other"), [1.0, None], outside=(a,)),
        turn_of(0.0, (1.0, "mode"), [1.0, None, None], outside=(a,)),
        turn_of(0.0, (1.0, "mode"), [1.0, None], guard=False, outside=(a,)),
        turn_of(0.0, (1.0, "mode"), [1.0, None], outside=(b,)),
    ):
        assert not turn.does_what(other)

"""`scan` in compiled functions, where its body changes what no guard sees."""

from __future__ import annotations

import contextlib
import contextvars
import dataclasses
import functools
import io
import itertools
import random
import threading
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scans import DATA, Calls, N, path_of

from autograd import (
    Value,
    compile,
    grad,
    scan,
)
from autograd.program.loops.program import LoopProgram
from autograd.program.scanning import _Numbers, _Turn
from autograd.program.straight_line.program import Program

_counted = 0


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

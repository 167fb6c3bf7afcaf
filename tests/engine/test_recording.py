"""Observers: who is told of what happens to Values, and what it costs nobody where nobody observes."""

from __future__ import annotations

import copy
import pickle
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pytest

from autograd import Value, derivative, detect_anomaly, grad, jvp, math, no_grad
from autograd.engine.recording import Block, Observer, blocks, observers


class Diary(Observer):
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.lines: list[Any] = []

    def recorded(self, node: Value) -> None:
        self.lines.append((str(node.op), node.operands))

    def whole(self, node: Value, name: str, operands: Iterable[Any]) -> None:
        self.lines.append((name, tuple(operands)))

    def raised(self, op: str, operands: Iterable[Any], error: Exception) -> None:
        self.lines.append((op, tuple(operands), type(error)))

    def compared(self, relation: str, x: Value, y: Any, answer: bool) -> None:
        self.lines.append((relation, x, y, answer))

    def read(self, node: Value, what: str) -> None:
        self.lines.append(("read", node, what))

    def copied(self, twin: Value, node: Value, attached: bool) -> None:
        self.lines.append(("copied", twin.data, node, attached))

    def backward(self, node: Value) -> None:
        self.lines.append(("backward", node))

    def reverse_sweep(self, order: Sequence[Value], seeds: Mapping[Value, float]) -> None:
        self.lines.append(("reverse", [str(node.op) for node in order], dict(seeds)))

    def forward_sweep(self, order: Sequence[Value], seeds: Mapping[Value, float]) -> None:
        self.lines.append(("forward", [str(node.op) for node in order if node.op], len(seeds)))


class Watched(Block):
    """A block that an observer watches."""

    _setting = observers

    def __init__(self, observer: Observer) -> None:
        super().__init__()
        self._observer = observer

    def _inside(self, outside: tuple[Observer, ...]) -> tuple[Observer, ...]:
        return (*outside, self._observer)


def test_an_observer_is_told_of_operations_with_their_operands() -> None:
    diary, x, y = Diary(), Value(2.0), Value(3.0)
    with Watched(diary):
        product = x * y
        _ = 1.0 - product
        math.sin(x)
    assert diary.lines == [("*", (x, y)), ("-", (1.0, product)), ("sin", (x,))]
    assert blocks == []


def test_it_is_told_of_operations_that_raise_once_each() -> None:
    diary, x, zero = Diary(), Value(-2e200), Value(0.0)
    attempts: list[tuple[Callable[[], Any], tuple[Any, ...]]] = [
        (lambda: x / zero, ("/", (x, zero), ZeroDivisionError)),
        (lambda: x / 0, ("/", (x, 0.0), ZeroDivisionError)),
        (lambda: 1.0 / zero, ("/", (1.0, zero), ZeroDivisionError)),
        (lambda: x // zero, ("//", (x, zero), ZeroDivisionError)),
        (lambda: 5 % zero, ("%", (5.0, zero), ZeroDivisionError)),
        (lambda: x**2, ("**", (x, 2.0), OverflowError)),
        (lambda: (-x) ** 1.8, ("**", (2e200, 1.8), OverflowError)),
        (lambda: 0.0 ** (zero - 1.0), ("**", (0.0, -1.0), ZeroDivisionError)),
        (lambda: math.sqrt(x), ("sqrt", (x,), ValueError)),
        (lambda: math.exp(-x), ("exp", (2e200,), OverflowError)),
        (lambda: math.fsum([x, math.inf, -math.inf]), ("fsum", (x, math.inf, -math.inf), ValueError)),
        (lambda: math.fma(x, 1e200, 1.0), ("fma", (x, 1e200, 1.0), OverflowError)),
    ]
    for attempt, (op, operands, error) in attempts:
        diary.lines.clear()
        with Watched(diary), pytest.raises(error) as caught:
            attempt()
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
        *_, (told, numbers, kind) = diary.lines
        assert (told, kind) == (op, error)
        assert [
            y.data if isinstance(y, Value) and type(z) is float else y
            for y, z in zip(numbers, operands, strict=True)
        ] == [*operands]
        assert sum(len(line) == 3 and line[0] == op for line in diary.lines) == 1
    assert blocks == []


def test_it_is_told_of_comparisons_and_of_numbers_that_are_read() -> None:
    diary, x = Diary(), Value(2.0)
    with Watched(diary):
        assert x > 1.0
        assert x != 3
        assert bool(x)
        assert x.data == 2.0
    assert diary.lines == [(">", x, 1.0, True), ("!=", x, 3, True), ("!=", x, 0.0, True), ("read", x, "data")]


def test_it_is_told_what_the_number_of_a_node_is_really_computed_from() -> None:
    diary, x, y = Diary(), Value(3.0), Value(4.0)
    with Watched(diary):
        x.detach()
        math.fsum([x, y, 1.0])
    assert diary.lines[0] == ("detached", (x,))
    assert diary.lines[-1] == ("fsum", (x, y, 1.0))


def test_it_is_told_of_all_ways_in_which_a_number_is_taken_out() -> None:
    diary, x = Diary(), Value(2.0)
    with Watched(diary):
        _ = x.grad, repr(x), f"{x}", f"{x:.1f}", pickle.dumps(x)
    assert [line[2] for line in diary.lines] == ["grad", "text", "text", "text", "pickle"]


def test_it_is_told_of_copies() -> None:
    diary, x = Diary(), Value(2.0)
    y = x * 3.0
    with Watched(diary):
        copy.copy(x), copy.copy(y), copy.deepcopy(y)
    told = [line for line in diary.lines if line[0] == "copied"]
    assert ("copied", ("read", "data")) not in told
    assert [line[2:] for line in told[:2]] == [(x, False), (y, True)]
    assert [line[2:] for line in told if line[2] is y][-1] == (y, False)


def test_it_is_told_of_sweeps_before_they_start() -> None:
    diary, x = Diary(), Value(2.0)
    y = (x * x).sin()
    with Watched(diary):
        y.backward(3.0)
    assert diary.lines == [("backward", y), ("reverse", ["sin", "*"], {y: 3.0})]
    diary.lines.clear()
    cases: list[tuple[Callable[[float], Any], str]] = [
        (grad(math.sin), "reverse"),
        (grad(grad(math.sin)), "reverse"),
        (lambda x: jvp(math.sin, (x,), (1.0,)), "forward"),
        (derivative(math.sin, order=2), "forward"),
    ]
    for derive, kind in cases:
        diary.lines.clear()
        with Watched(diary):
            derive(2.0)
        assert kind in [line[0] for line in diary.lines]


def test_what_happens_in_no_grad_is_told_and_not_kept() -> None:
    diary, x = Diary(), Value(2.0)
    with Watched(diary), no_grad():
        y = x * x
    assert diary.lines == [("*", (x, x))]
    assert y.operands == ()


def test_what_anomaly_detection_refuses_is_told_to_nobody_else() -> None:
    diary, x = Diary(), Value(1e308)
    with Watched(diary), detect_anomaly():
        _ = x + 1.0
        with pytest.raises(FloatingPointError):
            _ = x * 10.0
    assert [line[0] for line in diary.lines] == ["+"]


def test_an_observer_watches_its_own_thread() -> None:
    diary, x = Diary(), Value(2.0)
    with Watched(diary):
        thread = threading.Thread(target=lambda: x * x)
        thread.start()
        thread.join()
    assert diary.lines == []


def test_an_observer_need_not_want_to_know_everything() -> None:
    x = Value(2.0)
    with Watched(Observer()):
        y = x * x
        assert y > x
        y.backward()
        y.detach()
        jvp(math.sin, (2.0,), (1.0,))
    assert x.grad == 4.0

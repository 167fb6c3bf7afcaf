"""What compiled functions read from arguments; guards in batches, threads and pickles, and their price."""

from __future__ import annotations

import pickle
import threading
from array import array
from collections import UserDict, UserList, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from ways_of_reading import Model, agree, set_item

import autograd
from autograd import compile, math, vmap
from autograd.program import visiting

# Arguments


def test_an_attribute_of_an_argument_is_noticed() -> None:
    f: Any = lambda x, model: model.loss(x)  # noqa: E731
    fast = compile(f)
    model = Model(2.0)
    agree(fast, f, model)
    model.k = [1.0, 3.0]
    agree(fast, f, model)
    model.k.append(5.0)
    agree(fast, f, model)
    agree(fast, f, Model(7.0))
    agree(fast, f, model)


@dataclass
class Settings:
    model: Model
    scale: float = 2.0
    kinds: list[str] = field(default_factory=list)


def test_objects_in_containers_in_arguments_are_noticed() -> None:
    def f(x: Any, settings: Settings) -> Any:
        return settings.model.loss(x) * settings.scale * float(len(settings.kinds))

    fast = compile(f)
    settings = Settings(Model(2.0), 3.0, ["a"])
    agree(fast, f, settings)
    settings.model.k = 5.0
    agree(fast, f, settings)
    settings.kinds.append("b")
    agree(fast, f, settings)


class Equal:
    def __init__(self, name: str, k: float) -> None:
        self.name, self.k = name, k

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Equal) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


def test_objects_that_call_themselves_equal_are_compared_attribute_by_attribute() -> None:
    f: Any = lambda x, thing: thing.k * x  # noqa: E731
    fast = compile(f)
    agree(fast, f, Equal("a", 2.0))
    agree(fast, f, Equal("a", 5.0))
    agree(fast, f, Equal("a", 2.0))
    assert len(fast._recordings.signatures) == 2


def test_attributes_that_come_and_go_are_noticed_in_objects_that_call_themselves_equal() -> None:
    f: Any = lambda x, thing: x * getattr(thing, "extra", 1.0)  # noqa: E731
    fast = compile(f)
    plain, richer, integer = Equal("a", 2.0), Equal("a", 2.0), Equal("a", 2.0)
    richer.extra, integer.extra = 5.0, 5  # type: ignore[attr-defined]
    for thing in (plain, richer, integer, plain):
        agree(fast, f, thing)


class Sulking:
    """Raises where it is compared."""

    def __init__(self, k: float) -> None:
        self.k = k

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("not comparable")

    __hash__ = object.__hash__


def test_objects_that_cannot_be_compared_are_told_apart() -> None:
    f: Any = lambda x, thing: thing.k * x  # noqa: E731
    fast = compile(f)
    for k in (2.0, 5.0):
        agree(fast, f, Sulking(k))


@pytest.mark.parametrize(
    ("make", "change"),
    [
        (lambda: np.array([1, 0, 1]), lambda k: set_item(k, 1, 5)),
        (lambda: np.array([True, False]), lambda k: set_item(k, 1, True)),
        (lambda: np.array([1, 2], dtype=object), lambda k: set_item(k, 1, 5)),
        (lambda: {1, 2}, lambda k: k.add(3)),
        (lambda: deque([1, 2]), lambda k: k.append(3)),
        (lambda: bytearray(b"ab"), lambda k: k.append(3)),
        (lambda: array("i", [1, 2]), lambda k: k.append(3)),
        (lambda: [1, np.array([2])], lambda k: set_item(k[1], 0, 7)),
        (lambda: {"a": {1, 2}}, lambda k: k["a"].add(5)),
        (lambda: UserList([1, 2]), lambda k: k.append(3)),
        (lambda: UserDict(a=1), lambda k: k.update(b=3)),
    ],
)
def test_an_argument_that_changes_in_place_is_noticed(
    make: Callable[[], Any], change: Callable[[Any], Any]
) -> None:
    def total(k: Any) -> int:
        if isinstance(k, (dict, UserDict)):
            return sum(total(x) for x in k.values())
        return (
            int(k)
            if isinstance(k, (int, np.integer, np.bool_))
            else sum((i + 2) * total(x) for i, x in enumerate(k))
        )

    f: Any = lambda x, k: x * total(k) if x > 0.0 else x - total(k)  # noqa: E731
    fast = compile(f)
    k = make()
    agree(fast, f, k)
    change(k)
    agree(fast, f, k)
    fast = compile(f)
    other = make()
    assert fast(2.0, other) == f(2.0, other)
    change(other)  # and then another path of what was recorded before
    assert fast(-2.0, make()) == f(-2.0, make())
    assert fast(-2.0, other) == f(-2.0, other)


def test_what_the_function_does_to_its_argument_is_done_to_a_copy() -> None:
    def f(x: Any, k: Any) -> Any:
        first = int(k[0])
        k[0] = 99
        return x * first

    fast = compile(f)
    for x in (1.0, -2.0):
        assert fast(x, np.array([3, 4])) == x * 3


# Backends, batches, threads, pickles


@pytest.mark.parametrize("backend", ["python", "numpy", "llvm"])
def test_every_backend_asks_the_guards(backend: str) -> None:
    pytest.importorskip("llvmlite") if backend == "llvm" else None
    k = 2.0
    f: Any = lambda x: math.sin(x * k) * k  # noqa: E731
    fast = compile(f, backend=backend).record(1.0)
    rows, points = vmap(fast), np.array([0.5, 1.0, 2.0])
    for other in (2.0, 3.0, 2.0, 4.0):
        k = other
        for _ in range(2):
            assert fast(0.5) == pytest.approx(f(0.5), rel=1e-14)
            assert rows.grad(points) == pytest.approx([autograd.grad(f)(float(x)) for x in points], rel=1e-14)


def test_batches_with_many_paths_ask_the_guards() -> None:
    k = 2.0
    f: Any = lambda x: k * x if x > k else x * x  # noqa: E731
    fast = compile(f).record(1.0)
    rows, points = vmap(fast), np.array([0.5, 2.5, 5.0])
    for other in (2.0, 3.0, 2.0, 1.0):
        k = other
        assert rows(points).tolist() == [f(x) for x in points.tolist()]
        assert rows.grad(points).tolist() == [autograd.grad(f)(x) for x in points.tolist()]


@pytest.mark.parametrize("in_axes", [0, (0, None), (None, 0)])
def test_batches_of_functions_that_are_mapped_ask_the_guards(in_axes: Any) -> None:
    k = 2.0
    inner = vmap(lambda x, y: x * y * k, in_axes=in_axes)
    given: list[Any] = [np.array([1.0, 2.0]) if axis == 0 else 3.0 for axis in in_axes or (0, 0)]
    x, y = given
    fast = compile(lambda c: c * inner(x, y).sum())
    for other in (2.0, 5.0, 2.0):
        k = other
        assert inner(x, y).tolist() == (x * y * k).tolist()
        assert fast(3.0) == 3.0 * (x * y * k).sum()


def test_threads_record_states_at_once() -> None:
    class Local(threading.local):
        k = 1.0

    models = [Model(float(i)) for i in range(4)]
    fast = compile(lambda x, model: model.loss(x))
    failures: list[Any] = []

    def work(model: Model) -> None:
        for i in range(60):
            model.k = float(i % 5)
            result = fast.grad(3.0, model)
            if result != 6.0 * model.k:
                failures.append((result, model.k))

    threads = [threading.Thread(target=work, args=(model,)) for model in models]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


SCALE = 2.0
TABLE = np.array([1.0, 2.0])


def of_this_module(x: Any) -> Any:
    return SCALE * x * x + float(TABLE[1]) * Model(3.0).loss(x)


def test_a_pickle_goes_on_where_all_is_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = compile(of_this_module)
    agree(fast, of_this_module)
    copy = pickle.loads(pickle.dumps(fast))
    assert len(copy._recordings.signatures[0].paths) == 1
    monkeypatch.setattr(autograd.program.signature, "record", None)  # so that nothing is recorded anew
    assert copy(3.0) == of_this_module(3.0)
    monkeypatch.undo()
    monkeypatch.setitem(globals(), "SCALE", 5.0)
    agree(copy, of_this_module)
    agree(pickle.loads(pickle.dumps(fast)), of_this_module)


@pytest.mark.parametrize(
    ("name", "other"), [("SCALE", 5.0), ("TABLE", np.array([1.0, 4.0])), ("number", len)]
)
def test_a_pickle_from_another_state_is_recorded_anew(
    name: str, other: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = compile(of_this_module)
    fast(3.0)
    data = pickle.dumps(fast)
    monkeypatch.setitem(globals(), name, (lambda k: 4.0) if name == "number" else other)
    copy = pickle.loads(data)
    agree(copy, of_this_module)


def test_pickles_that_come_again_and_again_are_kept_once() -> None:
    fast = compile(of_this_module)
    fast(3.0)
    recorded = fast._recordings.portable()
    for _ in range(3):
        fast._recordings.add(pickle.loads(pickle.dumps(recorded)))
    assert len(fast._recordings.signatures) == 1


# What it costs, and what is not guarded


def test_a_function_that_reads_nothing_has_no_guards() -> None:
    fast = compile(lambda x: math.sin(x) * np.pi * x)
    fast(2.0)
    assert fast._recordings.signatures[0].state.guards == []


def test_very_much_is_guarded_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visiting, "MOST", 20)
    models = [Model(1.0) for _ in range(50)]
    fast = compile(lambda x: sum([model.loss(x) for model in models]))
    assert fast(3.0) == 450.0
    assert len(fast._recordings.signatures[0].state.guards) <= 25


def test_a_large_array_is_compared_in_part() -> None:
    table = np.zeros(1_000_000)
    f: Any = lambda x: x * float(table[0])  # noqa: E731
    fast = compile(f)
    assert fast(3.0) == 0.0
    table += 2.0
    assert fast(3.0) == 6.0

"""The cyclic collector: its thresholds are left alone, and it sees what a circle can go through."""

from __future__ import annotations

import copy
import gc
import pickle
import subprocess
import sys
import weakref
from collections.abc import Callable
from typing import Any

import pytest

import autograd
from autograd import Value, checkpoint, custom_gradient, grad, nn
from autograd.engine import weighted_sum

THRESHOLDS = """
import gc
first = gc.get_threshold(), gc.isenabled(), gc.callbacks[:]
from autograd import Value, compile, grad, nn
x = y = Value(1.0)
for _ in range(50_000):
    y = y + x
y.backward()
grad(lambda z: z * z)(1.0)
nn.MLP(2, [3, 1])([1.0, 2.0]).backward()
assert (gc.get_threshold(), gc.isenabled(), gc.callbacks[:]) == first
"""


def test_the_thresholds_of_the_process_are_left_alone() -> None:
    subprocess.run([sys.executable, "-c", THRESHOLDS], check=True)


class Own(Value):
    """A Value that may have attributes, and so may refer to anything."""


class Name(str):
    """Text that may refer to anything."""

    refers_to: Any


class Mark:
    """What a weak reference can be had of, and so can be seen to be gone."""


@custom_gradient(lambda x: 2 * x)
def squared(x: float) -> float:
    return x * x


def halved(x: Any) -> Any:
    for _ in range(20):
        x = 0.5 * x
    return x


def loaded(x: Value) -> Value:
    return pickle.loads(pickle.dumps(x))  # type: ignore[no-any-return]


def labelled(x: Value) -> Value:
    x.label = "x"
    return x


def differentiated() -> Value:
    kept: list[Value] = []

    def f(x: Any) -> Any:
        kept.append(x * grad(lambda y: y * x * y)(x))
        return kept[0]

    grad(f)(2.0)
    return kept[0]


PLAIN: list[Callable[[], Value]] = [
    lambda: Value(2.0),
    lambda: Value(2.0, label="x"),
    lambda: labelled(Value(2.0) * 3.0),
    lambda: 2.0 * Value(3.0).exp() - Value(1.0) ** Value(2.0),
    lambda: weighted_sum([Value(1.0)] * 3, [Value(2.0)] * 3, Value(3.0)),
    lambda: nn.MLP(2, [3, 1])([1.0, 2.0]),
    differentiated,
    lambda: copy.copy(Value(2.0) * 3.0),
    lambda: copy.deepcopy(Value(2.0, label="x") * 3.0),
    lambda: loaded(Value(2.0, label="x") * 3.0),
    lambda: loaded(nn.MLP(2, [3, 1])([1.0, 2.0])),
]


@pytest.mark.parametrize("make", PLAIN)
def test_what_no_circle_can_go_through_is_searched_in_plain_python_only(make: Callable[[], Value]) -> None:
    nodes = autograd.topological_order(make())
    assert {gc.is_tracked(node) for node in nodes} == {not autograd.compiled}


SEEN: list[Callable[[], Value]] = [
    lambda: Own(2.0),
    lambda: Own(2.0) * 3.0,
    lambda: (3.0 - Value(1.0) / Own(2.0)).tanh(),
    lambda: weighted_sum([Value(1.0)], [Own(2.0)], Value(3.0)),
    lambda: weighted_sum([Value(1.0)], [Value(1.0)], Own(3.0)),
    lambda: squared(Value(2.0)) + 1.0,
    lambda: checkpoint(halved)(Value(2.0)) + 1.0,
    lambda: copy.copy(Own(2.0) * 3.0),
    lambda: loaded(Own(2.0) * 3.0),
    lambda: copy.deepcopy(squared(Value(2.0))),
]


@pytest.mark.parametrize("make", SEEN)
def test_what_may_refer_to_anything_and_all_computed_from_it_is_seen(make: Callable[[], Value]) -> None:
    assert gc.is_tracked(make())


def through_an_attribute(mark: Mark) -> None:
    x = Own(2.0)
    x.there = (x * 3.0 + 1.0).exp(), mark  # type: ignore[attr-defined]


def through_a_custom_call(mark: Mark) -> None:
    held: list[Any] = [mark]
    rule = custom_gradient(lambda x, held: 2 * x)(lambda x, held: x * x)
    held.append(rule(Value(2.0), held=held) * 3.0)


def through_a_checkpoint(mark: Mark) -> None:
    held: list[Any] = [mark]
    call = checkpoint(lambda x: halved(x) if held else x)
    held.append(call(Value(2.0)) * 3.0)
    assert held[-1].operands[0].op == "<lambda>"


def through_a_label(mark: Mark) -> None:
    x = Value(2.0)
    y = x * 3.0
    name = Name("x")
    name.refers_to = y, mark
    x.label = name
    assert type(x.label) is str


def through_a_copy(mark: Mark) -> None:
    x = Own(2.0)
    twin = copy.deepcopy(x * 3.0)
    twin.operands[0].there = twin, mark  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "circle",
    [through_an_attribute, through_a_custom_call, through_a_checkpoint, through_a_label, through_a_copy],
)
def test_a_circle_of_nodes_is_freed_by_the_collector(circle: Callable[[Mark], None]) -> None:
    mark = Mark()
    there = weakref.ref(mark)
    circle(mark)
    del mark
    gc.collect()
    assert there() is None

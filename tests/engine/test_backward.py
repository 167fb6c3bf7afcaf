"""`backward()`: which gradients it leaves where, and the order in which it visits nodes."""

from __future__ import annotations

import copy
import math
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, compiled, topological_order
from autograd.engine import value as engine

# The reverse sweep


def test_gradients_accumulate_over_calls_in_leaves_only() -> None:
    x = Value(3.0)
    y = x**3
    y.backward()
    assert x.grad == 27.0
    y.backward()
    assert (x.grad, y.grad) == (54.0, 1.0)


def test_a_second_root_does_not_count_the_first_ones_inner_gradient() -> None:
    x = Value(3.0)
    b = x * x
    y, z = 2 * b, 3 * b
    y.backward()
    z.backward()
    assert x.grad == 30.0
    assert b.grad == 3.0


def test_changing_data_afterwards_changes_no_gradient() -> None:
    x = Value(3.0)
    y = x * x
    x.data = 10.0
    y.backward()
    assert (y.data, x.grad) == (9.0, 6.0)


def test_a_shared_operand_counts_once_for_each_use() -> None:
    x = Value(3.0)
    (x + x).backward()
    assert x.grad == 2.0
    x.zero_grad()
    a = x * 2
    (a * a + a).backward()
    assert x.grad == (2 * 6 + 1) * 2


def test_backward_on_a_leaf_adds_to_it() -> None:
    x = Value(3.0)
    x.backward()
    x.backward(2.5)
    assert x.grad == 3.5


def test_backward_takes_an_upstream_gradient() -> None:
    x = Value(3.0)
    (x * x).backward(10)
    assert x.grad == 60.0
    with pytest.raises(TypeError, match="a gradient is a number, not 'str'"):
        x.backward("1")


def test_a_bad_upstream_gradient_changes_nothing() -> None:
    x = Value(3.0)
    y = x * x
    y.backward()
    with pytest.raises(TypeError):
        y.backward(None)
    assert (x.grad, y.grad) == (6.0, 1.0)


def test_zero_grad_reaches_the_whole_graph() -> None:
    x = Value(3.0)
    b = x * x
    y = b + x
    y.backward()
    y.zero_grad()
    assert (x.grad, b.grad, y.grad) == (0.0, 0.0, 0.0)


def test_detach_cuts_the_history() -> None:
    x = Value(3.0)
    d = (x * x).detach()
    assert (d.data, d.operands) == (9.0, ())
    (d * x).backward()
    assert x.grad == 9.0


@pytest.mark.skipif(compiled, reason="compiled code goes to the end of a sweep before it can be interrupted")
def test_after_an_interrupt_zero_grad_and_backward_give_the_right_answer() -> None:
    class Interrupted(float):
        armed = True

        def __rmul__(self, other: float) -> float:
            if Interrupted.armed:
                raise KeyboardInterrupt
            return float(other) * float(self)

        __mul__ = __rmul__

    x, y = Value(3.0), Value(2.0)
    inner = x * y
    out = inner * x + inner
    inner._da = Interrupted(2.0)  # an interrupt arrives in the middle of the sweep
    with pytest.raises(KeyboardInterrupt):
        out.backward()
    Interrupted.armed = False
    out.zero_grad()
    out.backward()
    assert (x.grad, y.grad) == (2 * 3 * 2 + 2, 3 * 3 + 3)


@pytest.mark.skipif(compiled, reason="compiled code goes to the end of a sweep before it can be interrupted")
@pytest.mark.parametrize("event", range(1, 43, 3))
def test_after_an_interrupt_while_the_order_is_found_backward_gives_the_right_answer(event: int) -> None:
    x, y = Value(3.0), Value(2.0)
    inner = x * y
    out = inner * x + inner
    seen = 0

    def interrupt(frame: Any, kind: str, argument: object) -> Any:
        nonlocal seen
        if frame.f_code.co_name != "_cleared":
            return None
        seen += kind == "line"
        if seen == event:
            raise KeyboardInterrupt
        return interrupt

    before = sys.gettrace()
    sys.settrace(interrupt)
    try:
        with pytest.raises(KeyboardInterrupt):
            out.backward()
    finally:
        sys.settrace(before)
    assert (x.grad, y.grad) == (0.0, 0.0)
    out.backward()
    assert (x.grad, y.grad) == (2 * 3 * 2 + 2, 3 * 3 + 3)


def test_nodes_of_an_earlier_sweep_are_met_again_from_another_root() -> None:
    x, y = Value(3.0), Value(2.0)
    inner = x * y
    first, second = inner * x, inner.tanh() + inner
    first.backward()
    assert (x.grad, y.grad) == (12.0, 9.0)
    second.backward()
    slope = 2.0 - math.tanh(6.0) ** 2
    assert inner.grad == pytest.approx(slope, rel=1e-15)
    assert (x.grad, y.grad) == pytest.approx((12.0 + 2 * slope, 9.0 + 3 * slope), rel=1e-15)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda node: pickle.loads(pickle.dumps(node))])
def test_copies_of_what_a_sweep_met_can_be_differentiated(copied: Callable[[Value], Value]) -> None:
    x = Value(3.0)
    y = (x * x) * x
    y.backward()
    twin = copied(y)
    leaf = topological_order(twin)[0]
    leaf.grad = 0.0
    twin.backward()
    assert leaf.grad == 27.0


USE_UP_THE_NUMBERS = """
from autograd import Value
from autograd.engine import value as engine

x, y = Value(3.0), Value(2.0)
product = x * y
out = product * x + product
engine.sweep_numbers.__setstate__(2**31 - 5)
for sweep in range(1, 9):
    out.backward()
    assert (x.grad, y.grad) == (14.0 * sweep, 12.0 * sweep), sweep
assert next(engine.sweep_numbers, None) is None
print("same")
"""


def test_when_the_numbers_of_sweeps_are_used_up_gradients_are_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    command = [sys.executable, "-c", USE_UP_THE_NUMBERS]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (result.stdout, result.stderr) == ("same\n", "")

    monkeypatch.setattr(engine, "sweep_numbers", iter(()))  # compiled code has its own
    x = Value(3.0)
    y = x * x
    for sweep in range(1, 4):
        (y * x).backward()
        assert (x.grad, y.grad) == (27.0 * sweep, 3.0)


def test_overflow_in_a_gradient_is_infinite_and_no_error() -> None:
    x = Value(1e-200)
    (1 / x).backward()
    assert x.grad == -math.inf
    y = Value(1e200)
    out = y * 1e200 * 1e200
    out.backward()
    assert (out.data, y.grad) == (math.inf, math.inf)


# Order


def test_topological_order_goes_to_the_first_operand_first() -> None:
    a, b, c = Value(1.0), Value(2.0), Value(3.0)
    p = a * b
    s = p + c
    assert [id(v) for v in topological_order(s)] == [id(v) for v in (a, b, p, c, s)]
    assert topological_order(a) == [a]


def test_topological_order_of_several_roots_has_each_node_once() -> None:
    a, b = Value(1.0), Value(2.0)
    p, q = a * b, a + b
    order = topological_order(p, q, p, a)
    assert [id(v) for v in order] == [id(v) for v in (a, b, p, q)]
    assert topological_order() == []


def test_what_only_later_roots_need_comes_later() -> None:
    a, b, c = Value(1.0), Value(2.0), Value(3.0)
    p, q = -a, b * c
    assert [id(v) for v in topological_order(q, p)] == [id(v) for v in (b, c, q, a, p)]
    assert [id(v) for v in topological_order(p, q)] == [id(v) for v in (a, p, b, c, q)]


def test_the_reverse_order_has_nodes_before_operands_and_the_first_operand_first() -> None:
    a, b, c = Value(1.0), Value(2.0), Value(3.0)
    p = a * b
    q = c * a
    s = p + q
    order = topological_order(s, reverse=True)
    assert [id(v) for v in order] == [id(v) for v in (s, p, b, q, c, a)]
    assert [id(v) for v in topological_order(p, q, reverse=True)] == [id(v) for v in (p, b, q, c, a)]


@st.composite
def graphs(draw: st.DrawFn) -> list[Value]:
    nodes = [Value(draw(st.floats(-2, 2))) for _ in range(draw(st.integers(1, 4)))]
    for _ in range(draw(st.integers(0, 40))):
        a = draw(st.sampled_from(nodes))
        b = draw(st.sampled_from([*nodes, 0.5]))
        nodes.append(draw(st.sampled_from([a + b, a * b, a - b, -a, a.tanh(), b * a])))
    return nodes


@settings(max_examples=100, deadline=None, database=None)
@given(graphs())
def test_every_node_stands_once_after_its_operands(nodes: list[Value]) -> None:
    root = nodes[-1]
    order = topological_order(root)
    place = {id(v): i for i, v in enumerate(order)}
    assert len(place) == len(order)
    assert order[-1] is root
    for node in order:
        for operand in node._prev:
            assert place[id(operand)] < place[id(node)]
    backwards = {id(v): i for i, v in enumerate(topological_order(root, reverse=True))}
    assert backwards.keys() == place.keys()
    for node in order:
        for operand in node._prev:
            assert backwards[id(operand)] > backwards[id(node)]


@settings(max_examples=100, deadline=None, database=None)
@given(graphs())
def test_backward_is_the_sum_over_all_paths(nodes: list[Value]) -> None:
    """Against the definition: forward accumulation of derivatives along every edge, one input at a time."""
    root = nodes[-1]
    order = topological_order(root)
    root.backward()
    for leaf in order:
        if leaf.op:
            continue
        tangent = {id(v): float(v is leaf) for v in order}
        for node in order:
            for operand, partial in zip(node.operands, node.partials, strict=True):
                if isinstance(operand, Value) and partial is not None:
                    tangent[id(node)] += partial * tangent[id(operand)]
        assert leaf.grad == pytest.approx(tangent[id(root)], rel=1e-9, abs=1e-9)

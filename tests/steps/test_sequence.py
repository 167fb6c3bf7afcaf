"""A walk through a graph: the records of the forward and the backward pass, and how they print."""

from __future__ import annotations

import copy
import math
import pickle
import random
import time
import tracemalloc
from collections.abc import Callable
from itertools import islice

import pytest

import autograd.math as m
from autograd import Value, custom_gradient, topological_order, walk
from autograd.nn import MLP
from autograd.ops import TABLE, Primitive
from autograd.steps.step import BACKWARD, FORWARD


def neuron() -> tuple[Value, dict[str, Value]]:
    leaves = {name: Value(data, label=name) for name, data in {"w": -3.0, "x": 2.0, "b": 6.9}.items()}
    y = (leaves["w"] * leaves["x"] + leaves["b"]).tanh()
    y.label = "y"
    return y, leaves


OPERATIONS: tuple[Callable[[Value, Value], Value], ...] = (
    lambda a, b: a + b,
    lambda a, b: a * b,
    lambda a, b: a - b,
    lambda a, b: a * 0.5,
    lambda a, b: 1.5 - a,
    lambda a, b: -a,
    lambda a, b: a.relu(),
    lambda a, b: a.tanh(),
    lambda a, b: m.maximum(a, b),
)


def random_graph(seed: int) -> Value:
    chance = random.Random(seed)
    nodes: list[Value] = [Value(chance.uniform(-2, 2)) for _ in range(4)]
    for _ in range(60):
        a, b = chance.choice(nodes[-12:]), chance.choice(nodes[-12:])
        nodes.append(chance.choice(OPERATIONS)(a, b))
    return nodes[-1]


@pytest.mark.parametrize("seed", range(30))
def test_the_running_sums_end_in_the_gradients_of_backward_bit_for_bit(seed: int) -> None:
    y = random_graph(seed)
    steps = walk(y)
    ends = dict.fromkeys(range(len(steps.nodes)), 0.0)
    for step in steps:
        if step.phase == BACKWARD:
            assert step.target is not None
            assert step.after is not None
            assert step.before == ends[step.target]
            ends[step.target] = step.after
    twin = copy.deepcopy(y)
    twin.backward()
    for place, node in enumerate(topological_order(twin)):
        assert ends[place] == node.grad == steps.gradient(place)


@pytest.mark.parametrize("seed", range(10))
def test_each_edge_is_one_step_in_the_order_of_backward(seed: int) -> None:
    y = random_graph(seed)
    steps = walk(y)
    ids = {id(node): place for place, node in enumerate(topological_order(y))}
    edges = [
        (ids[id(node)], index, ids[id(operand)], partial)
        for node in topological_order(y, reverse=True)
        for index, (operand, partial) in enumerate(zip(node.operands, node.partials, strict=True))
        if isinstance(operand, Value)
    ]
    back = [step for step in steps if step.phase == BACKWARD]
    assert (back[0].node, back[0].target, back[0].operand, back[0].after) == (
        len(ids) - 1,
        len(ids) - 1,
        None,
        1.0,
    )
    assert [(step.node, step.operand, step.target, step.local) for step in back[1:]] == edges
    for step in back[1:]:
        assert step.upstream == steps.gradient(step.node)
        assert step.local is not None
        assert step.upstream is not None
        assert step.before is not None
        assert step.contribution is not None
        assert step.contribution == step.local * step.upstream
        assert step.after == step.before + step.contribution


def test_forward_steps_compute_the_nodes_in_topological_order() -> None:
    y, _ = neuron()
    steps = walk(y)
    order = topological_order(y)
    assert steps.forward == len(order)
    for place, (step, node) in enumerate(zip(steps[: steps.forward], order, strict=True)):
        assert (step.phase, step.index, step.node) == (FORWARD, place, place)
        assert (step.operation, step.data) == (node.op, node.data)
        expected = [order.index(x) if isinstance(x, Value) else None for x in node.operands]
        assert [operand.node for operand in step.operands] == expected


def test_a_walk_is_a_sequence() -> None:
    y, _ = neuron()
    steps = walk(y)
    everything = list(steps)
    assert len(steps) == len(everything) == 6 + 1 + 5
    assert [steps[i] for i in range(len(steps))] == everything
    assert steps[-1] == everything[-1]
    assert steps[2:9:3] == everything[2:9:3]
    assert steps[::-1] == list(reversed(steps)) == everything[::-1]
    assert everything[3] in steps
    for outside in (len(steps), -len(steps) - 1):
        with pytest.raises(IndexError, match="the walk has 12 steps"):
            steps[outside]


def test_steps_cannot_be_changed_and_travel_by_themselves() -> None:
    step = walk(neuron()[0])[-1]
    with pytest.raises(AttributeError):
        step.after = 0.0  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(step)) == step


def test_the_graph_is_left_as_it_was() -> None:
    y, leaves = neuron()
    for node in topological_order(y):
        node.grad = 7.0
    before = [(node.data, node.grad, node.op, node.label) for node in topological_order(y)]
    print(walk(y))
    assert list(walk(y))
    assert [(node.data, node.grad, node.op, node.label) for node in topological_order(y)] == before
    leaves["x"].data = 100.0  # as an optimiser does
    assert y.grad == 7.0


def test_a_walk_remembers_the_numbers_it_began_with() -> None:
    y, leaves = neuron()
    steps = walk(y)
    leaves["x"].data = 100.0
    assert steps[1].data == 2.0
    assert steps[2].numbers.text == "v2 = (−3) · 2 = −6"


def test_the_table_shows_rules_and_numbers() -> None:
    # 1 - tanh(0.9)**2 = 0.486917, times 2 and -3
    assert (
        str(walk(neuron()[0]))
        == """\
forward
 0  w = −3
 1  x = 2
 2  v2 = w · x       = (−3) · 2 = −6
 3  b = 6.9
 4  v4 = v2 + b      = −6 + 6.9 = 0.9
 5  y = tanh(v4)     = tanh(0.9) = 0.716298
backward
 6  ∂y/∂y = 1
 7  ∂y/∂v4 = 1 − y²  ∂y/∂v4 = 0 + 0.486917 · 1 = 0.486917
 8  ∂v4/∂v2 = 1      ∂y/∂v2 = 0 + 1 · 0.486917 = 0.486917
 9  ∂v4/∂b = 1       ∂y/∂b = 0 + 1 · 0.486917 = 0.486917
10  ∂v2/∂w = x       ∂y/∂w = 0 + 2 · 0.486917 = 0.973835
11  ∂v2/∂x = w       ∂y/∂x = 0 + (−3) · 0.486917 = −1.46075"""
    )


def test_the_middle_of_a_long_table_is_left_out() -> None:
    y = Value(1.0)
    for _ in range(1000):
        y = y + 1.0
    lines = walk(y).table(limit=11).splitlines()
    assert "... 1991 steps left out ..." in lines
    assert len(lines) == 11 + 1 + 2  # and the names of the phases
    assert lines[-1].startswith("2001  ")
    assert "left out" not in walk(y).table(limit=None)


def test_formulas_of_a_step_in_three_notations() -> None:
    x, w = Value(2.0, label="x"), Value(5.0, label="w")
    p = x * w
    p.label = "p"
    loss = p * p
    loss.label = "L"
    step = walk(loss)[-2]
    assert step.target_name == "x"
    assert step.rule.text == "∂p/∂x = w"
    assert step.numbers.text == "∂p/∂x = 5"
    assert step.update is not None
    assert step.update_numbers is not None
    assert step.update.text == "∂L/∂x ← ∂L/∂x + ∂p/∂x · ∂L/∂p"
    assert step.update_numbers.text == "∂L/∂x = 0 + 5 · 20 = 100"
    assert step.rule.latex == r"\frac{\partial p}{\partial x} = w"
    assert "<mfrac>" in step.update.mathml
    start = walk(loss)[4]
    assert (start.rule.text, start.update) == ("∂L/∂L = 1", None)


@pytest.mark.parametrize("primitive", list(TABLE.values()), ids=list(TABLE))
def test_every_primitive_is_told(primitive: Primitive) -> None:
    numbers = [low + 0.4 * (min(high, low + 8.0) - low) for low, high in primitive.domain]
    operands: list[Value | float] = [
        Value(x) if rule is not None else float(round(x))
        for x, rule in zip(numbers, primitive.derivatives, strict=True)
    ]
    y = primitive(*operands)
    steps = walk(y)
    for step in steps:
        assert step.rule.text
        assert step.numbers.latex
    for step in steps[steps.forward + 1 :]:
        assert step.numbers.members[1].evaluate({}) == pytest.approx(step.local, rel=1e-12)


def test_constants_are_operands_without_a_node() -> None:
    x = Value(2.0, label="x")
    steps = walk(3 * x**2)
    assert [step.rule.text for step in steps] == [
        "x = 2", "v1 = x²", "v2 = 3 · v1", "∂v2/∂v2 = 1", "∂v2/∂v1 = 3", "∂v1/∂x = 2 · x",
    ]  # fmt: skip
    assert steps[2].operands[0] == (None, "", 3.0)


def test_an_operand_used_twice_gets_two_products() -> None:
    x = Value(3.0, label="x")
    steps = walk(x * x)
    assert [(step.operand, step.contribution, step.after) for step in steps[3:]] == [
        (0, 3.0, 3.0),
        (1, 3.0, 6.0),
    ]


def test_a_leaf_is_two_steps() -> None:
    steps = walk(Value(4.0, label="x"))
    assert [step.rule.text for step in steps] == ["x = 4", "∂x/∂x = 1"]
    assert steps[1].after == 1.0


def test_infinities_and_nan_are_shown() -> None:
    x = Value(0.0, label="x")
    text = str(walk(m.sqrt(x) * 0.0))
    assert "∂v2/∂v1 = 0 + 0 · 1 = 0" in text
    assert "∂v2/∂x = 0 + ∞ · 0 = NaN" in text


def test_nodes_that_share_a_label_are_told_apart_and_made_up_names_are_free() -> None:
    a, b, c = Value(1.0, label="a"), Value(2.0, label="a"), Value(3.0, label="v3")
    steps = walk(a * b + c)
    names = [steps.name(place) for place in range(len(steps.nodes))]
    assert names == ["a[u0]", "a[u1]", "u2", "v3", "u4"]


def test_functions_with_a_gradient_of_their_own_show_it_as_a_number() -> None:
    @custom_gradient(lambda x: 10.0)
    def tanh(x: float) -> float:  # the table has another one of this name
        return math.tanh(x)

    steps = walk(tanh(Value(0.0, label="x")))
    assert steps[1].rule.text == "v1 = tanh(x)"
    assert steps[-1].rule.text == "∂v1/∂x = 10"
    assert steps[-1].custom


def test_a_network_is_walked() -> None:
    random.seed(1)
    network = MLP(2, [4, 1])
    y = network([0.5, -0.25])
    steps = walk(y)
    grads = {id(node): steps.gradient(place) for place, node in enumerate(steps.nodes)}
    y.backward()
    assert all(grads[id(p)] == p.grad for p in network.parameters() if id(p) in grads)


@pytest.mark.slow
def test_a_million_nodes_stream() -> None:
    y = Value(0.5)
    for _ in range(500_000):
        y = (y + 1.0) * 0.5
    steps = walk(y)
    assert len(steps) == 2 * 1_000_001
    assert steps[-1].after == 0.0  # 2**-500000
    stream = iter(steps)
    next(stream)
    tracemalloc.start()
    for step in islice(stream, 20_000):
        assert step.data <= 2.0
    grown = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert grown < 500_000  # 20,000 steps take more than 10 MB; Python itself keeps some empty tuples


def test_looking_up_a_step_does_not_walk_there() -> None:
    y = Value(0.5)
    for _ in range(50_000):
        y = y + y
    steps = walk(y)
    begin = time.process_time()
    for i in range(0, len(steps), 1000):
        assert steps[i].index == i
    assert time.process_time() - begin < 1.0

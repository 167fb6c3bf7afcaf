"""The copy of a graph in which the numbers of its data points are leaves."""

from __future__ import annotations

import random

import pytest

from autograd import Value, nn, topological_order
from autograd.drawing.graphs import folding_of
from autograd.live.data_points import DataPoints


def points_of(value: Value, net: nn.Module) -> DataPoints:
    order = topological_order(value)
    folding = folding_of(order, net.named_parameters(), (), False)
    assert folding is not None
    return DataPoints(order, folding, "target")


def xor(net: nn.MLP) -> Value:
    points = [[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]]
    loss: Value = nn.mse([net(x) for x in points], [-1.0, 1.0, 1.0, 0.0])
    return loss


def test_the_numbers_that_weights_are_multiplied_by_become_leaves() -> None:
    net = nn.MLP(2, [3, 1], seed=1)
    found = points_of(net([0.5, -1.0]), net).leaves
    assert {name: leaf.data for name, leaf in found.items()} == {"x0": 0.5, "x1": -1.0}


def test_a_number_that_an_output_is_compared_with_becomes_a_target() -> None:
    net = nn.MLP(1, [2, 1], seed=1)
    for loss in ((net([0.5]) - 3.0) ** 2, (3.0 - net([0.5])) ** 2):
        found = points_of(loss, net)
        assert found.leaves["target"].data == 3.0
        found.value.backward()
        assert found.leaves["target"].grad == pytest.approx(-2.0 * (net([0.5]).data - 3.0))


def test_points_are_numbered_where_there_are_several() -> None:
    net = nn.MLP(2, [3, 1], seed=1)
    found = points_of(xor(net), net).leaves
    assert {name: leaf.data for name, leaf in found.items() if name.startswith("x1")} == {
        "x1(1)": -1.0, "x1(2)": -1.0, "x1(3)": 1.0, "x1(4)": 1.0,
    }  # fmt: skip
    targets = {name: leaf.data for name, leaf in found.items() if name.startswith("target")}
    assert targets == {"target(1)": -1.0, "target(2)": 1.0, "target(3)": 1.0, "target(4)": 0.0}


def test_the_copy_has_the_same_numbers_and_gradients() -> None:
    net = nn.MLP(2, [4, 3, 1], activation="tanh", seed=2)
    loss = xor(net)
    loss.backward()
    gradients = [p.grad for p in net.parameters()]
    net.zero_grad()
    copied = points_of(loss, net).value
    assert copied.data == loss.data
    copied.backward()
    assert [p.grad for p in net.parameters()] == gradients


def test_the_gradient_of_a_point_is_that_of_a_point_of_values() -> None:
    draw = random.Random(3)
    net = nn.MLP(2, [4, 3, 1], activation="tanh", seed=2)
    for _ in range(5):
        a, b, t = (draw.uniform(-2.0, 2.0) for _ in range(3))
        found = points_of((net([a, b]) - t) ** 2, net)
        found.value.backward()
        x, y, target = Value(a), Value(b), Value(t)
        ((net([x, y]) - target) ** 2).backward()
        got = [found.leaves[name].grad for name in ("x0", "x1", "target")]
        assert got == pytest.approx([x.grad, y.grad, target.grad], rel=1e-14)


def test_the_graph_itself_stays_as_it_is() -> None:
    net = nn.MLP(2, [3, 1], seed=1)
    loss = (net([0.5, -1.0]) - 1.0) ** 2
    before = [(id(node), node.data, node.grad, node.op, node.partials) for node in topological_order(loss)]
    points_of(loss, net)
    assert [
        (id(node), node.data, node.grad, node.op, node.partials) for node in topological_order(loss)
    ] == before


def test_points_that_are_values_are_the_leaves_that_they_were() -> None:
    net = nn.MLP(2, [3, 1], seed=1)
    x, y = Value(0.5, label="x"), Value(2.0, label="y")
    found = points_of(net([x, y]), net)
    assert found.leaves == {}
    assert any(node is x for node in found.order)


def test_a_leaf_is_not_called_as_another_value_is() -> None:
    net = nn.MLP(2, [3, 1], seed=1)
    found = points_of(net([0.5, -1.0]) * Value(2.0, label="x0"), net)
    assert "x0" not in found.leaves
    assert len(found.leaves) == 2


def test_other_constants_stay_constants() -> None:
    net = nn.MLP(2, [3, 1], seed=1)
    found = points_of(net([0.5, -1.0]) * 3.0 + 1.0, net)
    assert list(found.leaves) == ["x0", "x1"]

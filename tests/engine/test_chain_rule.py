"""A sweep, product by product, makes the sums that backward() makes, and changes nothing."""

from __future__ import annotations

from autograd import Value, math, topological_order
from autograd.engine.chain_rule import products


def test_the_products_add_up_to_the_gradients_in_the_order_of_backward() -> None:
    x, w = Value(0.1, label="x"), Value(0.7, label="w")
    y = math.tanh(x * w + x / 3.0) * (x - w) + x * x
    order = topological_order(y, reverse=True)
    sums = {y: 1.0}
    for node, operand, local, upstream, before in products(order, {y: 1.0}):
        assert (upstream, before) == (sums[node], sums.get(operand, 0.0))
        assert local in node.partials
        sums[operand] = before + local * upstream
    assert {node.grad for node in order} == {0.0}
    y.backward()
    assert {node: node.grad for node in order} == sums


def test_several_may_be_differentiated_at_once_each_with_its_weight() -> None:
    x = Value(2.0)
    square, double = x * x, 2.0 * x
    got = [
        (node, *numbers) for node, _, *numbers in products([square, double, x], {square: 10.0, double: 3.0})
    ]
    assert got == [(square, 2.0, 10.0, 0.0), (square, 2.0, 10.0, 20.0), (double, 2.0, 3.0, 40.0)]


def test_what_is_not_differentiated_flows_as_zero() -> None:
    x = Value(2.0)
    assert [numbers for _, _, *numbers in products([-x, x], {})] == [[-1.0, 0.0, 0.0]]

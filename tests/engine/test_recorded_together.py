"""Operations that are recorded in one loop: nodes as the operators make them, told to those who observe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from autograd import Value, math, no_grad
from autograd.engine import topological_order
from autograd.engine.recording import Block, Observer, observers
from autograd.engine.together import new_nodes, new_products, new_sums

X, Y = [2.0, -3.0, 0.5], [1.5, 4.0, -2.0]


def values(numbers: Sequence[float]) -> list[Value]:
    return [Value(x) for x in numbers]


def shape_of(y: Value) -> list[Any]:
    """Return what a graph is made of, in order, without which Values they are."""
    order = topological_order(y)
    places = {x: i for i, x in enumerate(order)}
    return [
        (x.op, x.data, [places[a] for a in x.operands if isinstance(a, Value)], x.partials) for x in order
    ]


def test_nodes_are_those_of_the_operators() -> None:
    a, b = values(X), values(Y)
    products = new_nodes("*", [x * y for x, y in zip(X, Y, strict=True)], a, Y, b, X)
    for node, x, y in zip(products, X, Y, strict=True):
        assert shape_of(node) == shape_of(Value(x) * Value(y))
        node.backward()
    assert ([x.grad for x in a], [x.grad for x in b]) == (Y, X)


def test_constants_stand_on_either_side() -> None:
    numbers = [x * y for x, y in zip(X, Y, strict=True)]
    for node, x, y in zip(new_nodes("*", numbers, values(X), Y, None, Y), X, Y, strict=True):
        assert shape_of(node) == shape_of(Value(x) * y)
    for node, x, y in zip(new_nodes("*", numbers, None, X, values(Y), X), X, Y, strict=True):
        assert shape_of(node) == shape_of(x * Value(y))


def test_sums_are_made_one_term_after_the_other() -> None:
    first, second = new_sums([values(X), values(Y)])
    for total, numbers in ((first, X), (second, Y)):
        terms = values(numbers)
        assert shape_of(total) == shape_of(terms[0] + terms[1] + terms[2])
    alone = Value(7.0)
    assert new_sums([[alone]])[0] is alone


@pytest.mark.parametrize("which", ["both", "first", "second"])
def test_inner_products_are_sums_of_products(which: str) -> None:
    a = values(X) if which != "second" else None
    b = values(Y) if which != "first" else None
    (total,) = new_products([(X, Y, a, b)])
    lefts: Any = values(X) if a else X
    rights: Any = values(Y) if b else Y
    products = [x * y for x, y in zip(lefts, rights, strict=True)]
    assert shape_of(total) == shape_of(products[0] + products[1] + products[2])


class Noted(Observer, Block):
    """An observer, and the block that it watches."""

    _setting = observers

    def _inside(self, outside: tuple[Observer, ...]) -> tuple[Observer, ...]:
        return (*outside, self)

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, str]] = []

    def recorded(self, node: Value) -> None:
        self.seen.append(("recorded", node.op))

    def ieee(self, node: Value) -> None:
        self.seen.append(("ieee", node.op))


def test_those_who_observe_are_told_of_each_node() -> None:
    noted = Noted()
    with noted:
        new_nodes("exp", [math.exp(x) for x in X], values(X), [1.0] * 3, None, [0.0] * 3, True)
        new_sums([values(X)])
        new_sums([[Value(1.0)]])
        new_products([(X[:2], Y[:2], values(X[:2]), None)])
    assert noted.seen == [
        *[("recorded", "exp"), ("ieee", "exp")] * 3,
        *[("recorded", "+")] * 2,
        ("recorded", "*"),
        ("recorded", "*"),
        ("recorded", "+"),
    ]


def test_without_gradients_nothing_is_kept() -> None:
    with no_grad():
        found = [
            *new_nodes("*", X, values(X), Y, values(Y), X),
            *new_sums([values(X)]),
            *new_products([(X, Y, values(X), None)]),
        ]
    assert all(x.operands == () for x in found)

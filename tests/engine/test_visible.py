"""A graph as it is told: a call of many operands is one node, with the derivatives that its rule gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd.linalg as linalg
from autograd import Value, checkpoint, custom_gradient, custom_vjp, draw, explain, jacobian, math, play, walk
from autograd.engine import topological_order
from autograd.engine.visible import inputs_of, op_of, parts_of, primitive_of, visible


@custom_gradient(lambda x, y, z: (y * z, x * z, x * y))
def product(x: Any, y: Any, z: Any) -> Any:
    return x * y * z


@custom_vjp
def distance(p: Any) -> Any:
    return math.hypot(*p)


distance.defvjp(lambda p: (distance(p), p), lambda p, g: ([g * x / math.hypot(*p) for x in p],))


def leaves(*numbers: float) -> list[Value]:
    return [Value(x, label=f"x{i}") for i, x in enumerate(numbers)]


def test_an_operation_of_the_table_is_told_as_it_stands() -> None:
    x, y = leaves(2.0, 3.0)
    for node in (x * y, x + 1.0, math.sin(x), x):
        assert inputs_of(node) == node.operands
        assert parts_of(node) == (node.operands, node.partials)
        assert op_of(node) == node.op
        assert visible(topological_order(node)) == topological_order(node)
    assert primitive_of(x * y).symbol == "×"


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_call_has_all_its_operands_and_its_derivatives_by_them(count: int) -> None:
    given = [*leaves(2.0, 3.0, 4.0)[:count], *[2.0, 3.0, 4.0][count:]]
    node = product(*given)
    values = [x for x in given if isinstance(x, Value)]
    assert list(inputs_of(node)) == values
    assert parts_of(node)[1] == (12.0, 8.0, 6.0)[:count]
    assert [id(x) for x in visible(topological_order(node))] == [id(x) for x in (*values, node)]
    assert primitive_of(node) is None
    assert op_of(node) == "product"


def test_under_checkpoint_too() -> None:
    def long(x: Any, y: Any, z: Any) -> Any:
        for _ in range(9):
            x = math.sin(x * y + z)
        return x

    x, y, z = leaves(0.2, 0.3, 0.4)
    node = checkpoint(long)(x, y, z)
    expected = long(x, y, z)
    expected.backward()
    assert len(visible(topological_order(node))) == 4
    assert parts_of(node)[1] == pytest.approx((x.grad, y.grad, z.grad), rel=1e-14)


def test_a_result_of_a_call_that_is_known_as_a_whole_has_a_row_of_its_jacobian() -> None:
    a, b, c = numbers = leaves(2.0, 1.0, 3.0)
    found, vectors = linalg.eigh([[a, b], [b, c]])
    expected = jacobian(lambda x: linalg.eigvalsh([[x[0], 0.0], [x[1], x[2]]]))(np.array([2.0, 1.0, 3.0]))
    for i in range(2):
        assert inputs_of(found[i]) == (a, b, c)
        assert np.allclose(np.array(parts_of(found[i])[1], float), expected[i], rtol=1e-13)
        assert op_of(found[i]) == f"eigh[{i}]"
    assert len(visible(topological_order(*found, *vectors.ravel()))) == len(numbers) + 6


# What shows it


def test_a_drawing_has_one_card_for_a_call_and_an_arrow_from_each_operand() -> None:
    points = leaves(3.0, 4.0, 12.0)
    for node in (product(*points), distance(points)):
        node.backward()
        text = draw(node).text()
        assert "…" not in text
        assert len(text.splitlines()) == 5
        assert all(f"{local:.4g}" in text for local in parts_of(node)[1] if local is not None)


def test_arrows_of_a_large_call_meet_in_a_card() -> None:
    rows = [leaves(*row) for row in np.diag([1.0, 2.0, 4.0, 8.0]) + 0.1]
    found, vectors = linalg.eigh(rows)
    (found[0] * vectors[0, 0]).backward()
    drawing = draw(*found, *vectors.ravel())
    assert repr(drawing) == f"<Drawing: {10 + 20 + 1} cards, {10 + 20} edges>"
    assert "carried back as a whole" in drawing.source
    assert "eigh k0" in drawing.text()
    assert "<svg" in drawing.svg()


def test_a_walk_goes_through_calls_and_finds_what_backward_finds() -> None:
    a, b, c = leaves(2.0, 1.0, 3.0)
    found, vectors = linalg.eigh([[a, b], [b, c]])
    y = found[0] * vectors[1, 1] + distance([a, b, found[1]]) * product(a, b, c)
    y.backward()
    steps = walk(y)
    for leaf in (a, b, c):
        place = steps.id(leaf)
        assert place is not None
        assert steps.gradient(place) == pytest.approx(leaf.grad, rel=1e-13)
    assert any(step.rule.text == "v3 = eigh[0](x0, x1, x2)" for step in steps)
    assert "eigh[1](x0, x1, x2)" in str(explain(y, a))
    assert "eigh[1](2, 1, 3)" in str(walk(y, lang="zh"))


def test_a_page_plays_with_a_graph_and_with_a_function_that_calls() -> None:
    def f(a: Any, b: Any, c: Any) -> Any:
        found, vectors = linalg.eigh([[a, b], [b, c]])
        return product(a, b, found[0]) if found[0] > 0.5 else vectors[0, 0]

    for page in (play(f, 2.0, 1.0, 3.0), play(f(*leaves(2.0, 1.0, 3.0)))):
        html = page._page()
        assert "eigh[0]" in html
        assert "product" in html


@pytest.mark.parametrize("name", ["root", "relu", "exp", "iv", "neg"])
def test_a_function_with_the_name_of_a_primitive_is_told_by_its_name(name: str) -> None:
    def f(x: Any, y: Any) -> Any:
        return 3.0 * x + y

    f.__name__ = f.__qualname__ = name
    x, y = leaves(2.0, 1.0)
    z = custom_gradient(lambda x, y: (3.0, 1.0))(f)(x, y)
    assert walk(z)[2].rule.text == f"v2 = {name}(x0, x1)"
    assert walk(z)[2].numbers.text == f"v2 = {name}(2, 1) = 7"
    assert f"{name}(x0, x1)" in str(explain(z))
    assert draw(z).text().splitlines()[1].startswith(f"{name} ")
    assert name in play(z)._page()

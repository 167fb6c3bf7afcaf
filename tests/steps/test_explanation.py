"""Explanations: a derivative as the sum over paths, counted, chosen by size, in two languages."""

from __future__ import annotations

import math
import random
import re
import time
import tracemalloc
import xml.etree.ElementTree as ElementTree

import mpmath
import pytest

import autograd.math as m
from autograd import Value, explain, topological_order
from autograd.steps import Explanation


def all_paths(y: Value, x: Value) -> list[float]:
    """The products of all paths, by recursion: the definition."""
    if y is x:
        return [1.0]
    return [
        local * product
        for operand, local in zip(y.operands, y.partials, strict=True)
        if isinstance(operand, Value) and local is not None
        for product in all_paths(operand, x)
    ]


def random_graph(seed: int) -> tuple[Value, Value]:
    chance = random.Random(seed)
    x = Value(chance.uniform(0.5, 1.5), label="x")
    nodes = [x, Value(0.7)]
    for _ in range(14):
        a, b = chance.choice(nodes[-4:]), chance.choice(nodes[-4:])
        nodes.append(chance.choice([a + b, a * b, a - b, m.sin(a), a * 0.9]))
    return nodes[-1], x


@pytest.mark.parametrize("seed", range(25))
def test_paths_are_counted_and_the_largest_found(seed: int) -> None:
    y, x = random_graph(seed)
    products = sorted(all_paths(y, x), key=abs, reverse=True)
    explanation = explain(y, x, limit=4)
    assert explanation.count == len(products)
    assert len(explanation.paths) == min(4, len(products))
    assert explanation.others == max(0, len(products) - 4)
    sizes = [abs(path.contribution) for path in explanation.paths]
    assert sizes == pytest.approx([abs(p) for p in products[:4]], rel=1e-12)
    assert explanation.rest == pytest.approx(math.fsum(products[4:]), abs=1e-9)


@pytest.mark.parametrize("seed", range(25))
def test_the_paths_shown_are_different_and_are_paths(seed: int) -> None:
    y, x = random_graph(seed)
    explanation = explain(y, x, limit=10_000)
    order = topological_order(y)
    steps = {(path.nodes, path.route) for path in explanation.paths}
    assert len(steps) == explanation.count == len(explanation.paths)
    for path in explanation.paths:
        assert order[path.nodes[0]] is x
        assert order[path.nodes[-1]] is y
        for below, above in zip(path.nodes, path.nodes[1:], strict=False):
            assert any(operand is order[below] for operand in order[above].operands)
        assert path.contribution == pytest.approx(math.prod(path.locals), rel=1e-12)


@pytest.mark.parametrize("seed", range(25))
def test_the_derivative_is_that_of_backward_and_the_sum_of_the_paths(seed: int) -> None:
    y, x = random_graph(seed)
    explanation = explain(y, x, limit=10_000)
    y.backward()
    assert explanation.derivative == (x.grad if y is not x else 1.0)
    total = math.fsum(path.contribution for path in explanation.paths)
    assert total == pytest.approx(explanation.derivative, rel=1e-9, abs=1e-12)


def test_the_numbers_agree_with_a_closed_form() -> None:
    x, y = Value(2.0, label="x"), Value(5.0, label="y")
    z = x.log() + x * y - y.sin()
    with mpmath.workdps(30):
        exact = float(1 / mpmath.mpf(2) + 5), float(2 - mpmath.cos(5))
    assert explain(z, x).derivative == pytest.approx(exact[0], rel=1e-15)
    assert explain(z, y).derivative == pytest.approx(exact[1], rel=1e-15)
    assert [path.contribution for path in explain(z, x).paths] == [5.0, 0.5]


def example() -> tuple[Value, Value, Value]:
    x, w = Value(2.0, label="x"), Value(5.0, label="w")
    p = x * w
    p.label = "p"
    y = p.relu() + x * x
    y.label = "y"
    return y, x, p


def test_symbols_rules_numbers_and_result_in_this_order() -> None:
    y, x, _ = example()
    sentence, *lines = explain(y, x).text.splitlines()
    assert sentence == (
        "The chain rule: ∂y/∂x is the sum over the 3 paths from x to y "
        "of the product of the local derivatives along each."
    )
    assert lines == [
        "",
        "  x → p → v3 → y",
        "    ∂y/∂v3 · ∂v3/∂p · ∂p/∂x = 1 · 1 · w = 1 · 1 · 5 = 5",
        "",
        "  x →₁ v4 → y",
        "    ∂y/∂v4 · ∂v4/∂x = 1 · x = 1 · 2 = 2",
        "",
        "  x →₂ v4 → y",
        "    ∂y/∂v4 · ∂v4/∂x = 1 · x = 1 · 2 = 2",
        "",
        "∂y/∂x = 5 + 2 + 2 = 9",
    ]


def test_chinese() -> None:
    y, x, p = example()
    text = str(explain(y, x, limit=1, lang="zh"))
    assert text.startswith("链式法则：从 x 到 y 共有 3 条路径")
    assert "其余 2 条路径之和: 4" in text
    assert "∂y/∂x = 5 + 4 = 9" in text
    assert not re.search(r"\b(chain|paths?|the|sum)\b", text)
    assert "只有一条路径" in str(explain(y, p, lang="zh"))
    assert "y 对自身的导数为 1" in str(explain(y, y, lang="zh"))
    assert "x 与 y 无关" in str(explain(x, y, lang="zh"))
    assert 'lang="zh"' in explain(y, x, lang="zh")._repr_html_()


def test_a_value_by_itself_and_by_what_it_does_not_depend_on() -> None:
    y, x, _ = example()
    itself = explain(y, y)
    assert (itself.count, itself.derivative) == (1, 1.0)
    assert itself.text == "The derivative of y with respect to itself is 1.\n\n∂y/∂y = 1"
    nothing = explain(x, y)
    assert (nothing.count, nothing.derivative, nothing.paths) == (0, 0.0, ())
    assert (
        "x does not depend on y: y is not one of the Values that x was computed from, so no path leads"
        in nothing.text
    )
    assert nothing.total.text == "∂x/∂y = 0"


def test_an_inner_value() -> None:
    y, _, p = example()
    explanation = explain(y, p)
    assert (explanation.count, explanation.derivative) == (1, 1.0)
    assert "one path leads from p to y" in explanation.text


def test_two_to_the_thousandth_paths_are_counted_at_once() -> None:
    x = Value(1.0, label="x")
    y = x
    for i in range(1000):
        y = y * 0.5 + y * (0.25 if i == 500 else 0.5)
    begin = time.perf_counter()
    explanation = explain(y, x, limit=3)
    text = explanation.text
    assert time.perf_counter() - begin < 2.0
    assert explanation.count == 2**1000
    assert explanation.others == 2**1000 - 3
    # All paths avoid the smaller factor that can, and 2**-1000 is each of them.
    assert [path.contribution for path in explanation.paths] == [2.0**-1000] * 3
    assert explanation.derivative == pytest.approx(0.75, rel=1e-12)
    assert "≈ 1.071×10³⁰¹ paths" in text
    assert len(text) < 4000


def test_a_deep_graph_of_many_paths_takes_little_memory() -> None:
    x = Value(1.0)
    y = x
    for _ in range(20_000):
        y = y * 0.5 + y * 0.5
    tracemalloc.start()
    explanation = explain(y, x, limit=2)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert explanation.count == 2**20_000
    assert peak < 200e6  # beginnings of paths that were copied would take gigabytes
    assert "≈ 3.98×10⁶⁰²⁰ paths" in explanation.text  # log10(2) * 20000 = 6020.5999


def test_the_graph_is_left_as_it_was() -> None:
    y, x, _ = example()
    for node in topological_order(y):
        node.grad = 7.0
    str(explain(y, x))
    assert all(node.grad == 7.0 for node in topological_order(y))


def test_infinite_and_nan_contributions_come_first() -> None:
    x = Value(0.0, label="x")
    infinite = explain(m.sqrt(x) + 3 * x, x, limit=1)
    assert infinite.paths[0].contribution == infinite.derivative == math.inf
    assert infinite.text.endswith("∂v3/∂x = ∞ + … = ∞")
    undefined = explain(m.sqrt(x) * 0.0 + 3 * x, x, limit=1)
    assert math.isnan(undefined.paths[0].contribution)
    assert math.isnan(undefined.derivative)
    assert "0 · ∞ = NaN" in undefined.text


def test_a_long_path_is_shortened_where_it_is_shown() -> None:
    x = Value(1.0, label="x")
    y = x
    for _ in range(5000):
        y = y.sin()
    explanation = explain(y, x)
    assert len(explanation.paths[0].locals) == 5000
    assert len(explanation.text) < 2000
    assert "→ … →" in explanation.text


def test_the_case_that_holds_is_the_rule_that_is_shown() -> None:
    x = Value(-2.0, label="x")
    assert "[otherwise]" not in explain(x.relu(), x).text
    assert explain(x.relu(), x).derivative == 0.0


@pytest.mark.parametrize(
    "label", ['a"b', "</script><b>x</b>", "a & b", "$x$", "\\alpha{", "损失", "🙂", "x" * 300]
)
def test_html_and_latex_show_labels_as_typed(label: str) -> None:
    x = Value(2.0, label=label)
    explanation = explain(x * x * 3, x, limit=1)
    root = ElementTree.fromstring(explanation._repr_html_().replace("<br>", "<br/>"))
    shown = "".join(root.itertext())
    assert label in shown or len(label) == 300
    assert root.find(".//script") is None
    assert root.find(".//b") is None
    assert "</" not in explanation._repr_latex_()
    assert not re.search(r"(?<![\\$])\$(?!\$)", explanation._repr_latex_())


def test_html_has_the_formula_of_each_path_and_the_sum() -> None:
    y, x, _ = example()
    explanation = explain(y, x, limit=2)
    root = ElementTree.fromstring(explanation._repr_html_().replace("<br>", "<br/>"))
    assert len(root.findall(".//li")) == 3
    for path in explanation.paths:
        assert path.formula.mathml in explanation._repr_html_()
    assert explanation.total.mathml in explanation._repr_html_()


def test_latex_is_a_line_for_each_path_and_one_for_the_sum() -> None:
    y, x, _ = example()
    lines = explain(y, x).latex.splitlines()
    assert (lines[0], lines[-1]) == (r"\begin{aligned}", r"\end{aligned}")
    assert len(lines) == 2 + 3 + 1
    assert all(line.count("&") == 1 for line in lines[1:-1])
    assert lines[-2] == r"\frac{\partial y}{\partial x} &= 5 + 2 + 2 = 9"


def test_repr_is_short() -> None:
    y, x, _ = example()
    assert isinstance(explain(y, x), Explanation)
    assert repr(explain(y, x)) == "<Explanation: ∂y/∂x = 5 + 2 + 2 = 9, 3 paths>"


def test_mistakes_are_told() -> None:
    x = Value(1.0)
    with pytest.raises(TypeError, match="takes two Values, not 'float'"):
        explain(x, 1.0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="'en' or 'zh', not 'de'"):
        explain(x, x, lang="de")
    with pytest.raises(ValueError, match="1 or more, not 0"):
        explain(x, x, limit=0)


def test_a_value_of_the_same_name_that_is_not_in_the_graph_is_told_from_the_one_that_is() -> None:
    x = Value(3.0, label="x")
    y = x * x
    y.label = "y"
    old, x = x, Value(3.0, label="x")  # as a cell does that is run again
    told = explain(y, x)
    assert told.derivative == 0.0
    assert told.text == (
        "y does not depend on x[new]: x[new] is not one of the Values that y was computed from, "
        "though one of these has the same name. Was the cell that makes it run again? "
        "Then compute y again, too. As it is, the derivative is 0.\n\n∂y/∂x[new] = 0"
    )
    assert "∂y/∂x = " in explain(y, old).text
    assert repr(told) == "<Explanation: ∂y/∂x[new] = 0, 0 paths>"
    chinese = explain(y, x, lang="zh")
    assert chinese.text.startswith("y 与 x[new] 无关：x[new] 不在 y 的计算图中，图中另有一个同名的节点。")
    assert "重新运行" in chinese.text
    assert "not one of the Values" in told._repr_html_()
    ElementTree.fromstring(told._repr_html_())


@pytest.mark.parametrize(
    ("labels", "stranger", "name"),
    [
        (("a", "b"), "", "x"),
        (("x", "b"), "", "z"),
        (("x", "z"), "", "w"),
        (("x", "w"), "x", "x[new]"),
        (("x", "x[new]"), "x", "x[new2]"),
        (("", "b"), "v0", "v0[new]"),
        (("", "b"), "v7", "v7"),
        (("x", "x"), "x", "x[new]"),
    ],
)
def test_a_stranger_has_the_name_of_no_node(labels: tuple[str, str], stranger: str, name: str) -> None:
    a, b = (Value(2.0, label=label) for label in labels)
    told = explain(a * b, Value(1.0, label=stranger))
    assert f"∂v2/∂{name} = 0" in told.text
    assert f"v2 does not depend on {name}: {name} is not one of the Values" in told.text
    assert ("same name" in told.text) == (stranger in labels and stranger != "")


def test_three_named_values_leave_a_stranger_without_a_name_one_of_its_own() -> None:
    x, z, w = (Value(2.0, label=label) for label in "xzw")
    assert "does not depend on w[new]: w[new] is not one of" in explain(x * z * w, Value(1.0)).text

"""Explanations: a derivative as the sum over paths, counted, chosen by size, in two languages."""

from __future__ import annotations

import math
import random
import re
import time
import tracemalloc

import mpmath
import pytest

import autograd.math as m
from autograd import Value, explain, topological_order, walk
from autograd.steps import Explanation, Explanations
from autograd.support.terminal import columns


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
        "where",
        "  v3 = max(0, p) = 10",
        "  v4 = x² = 4",
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
    text = explain(y, x, limit=1, lang="zh").text
    assert text.startswith("链式法则：从 x 到 y 共有 3 条路径")
    assert "其余 2 条路径之和：4" in text
    assert "∂y/∂x = 5 + 4 = 9" in text
    assert not re.search(r"\b(chain|paths?|the|sum)\b", text)
    assert "只有一条路径" in str(explain(y, p, lang="zh"))
    assert "y 对自身的导数为 1" in str(explain(y, y, lang="zh"))
    assert "x 与 y 无关" in str(explain(x, y, lang="zh"))
    assert "其中" in explain(y, x, lang="zh").markdown


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
    begin = time.process_time()
    explanation = explain(y, x, limit=3)
    text = explanation.text
    assert time.process_time() - begin < 2.0
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
def test_markdown_and_latex_hold_any_label(label: str) -> None:
    x = Value(2.0, label=label)
    explanation = explain(x * x * 3, x, limit=1)
    assert "</" not in explanation.latex
    assert not re.search(r"(?<![\\$])\$(?!\$)", explanation.latex)
    told = explanation._repr_markdown_()
    assert "</" not in told
    assert not re.search(r"[<>`*~]", told)  # nothing that Markdown or a browser would read as its own
    unescaped = re.findall(r"(?<!\\)\$", told)
    assert len(unescaped) % 2 == 0
    words = re.sub(r"(?<!\\)\$.*?(?<!\\)\$", "", told)  # a label stands between dollar signs only
    assert re.fullmatch(r"[\w\s.,:\-]*", words)


def test_markdown_has_the_formula_of_each_path_and_the_sum() -> None:
    y, x, _ = example()
    lines = explain(y, x, limit=2).markdown.split("\n")
    assert [line for line in lines if line.startswith("- ")] == [
        r"- $x$ $\to p$ $\to v_{3}$ $\to y$  ",
        r"- $x$ $\to_1 v_{4}$ $\to y$  ",
        r"- the other 1 paths together: $\displaystyle 2$",
    ]
    assert (
        r"  $\displaystyle \frac{\partial y}{\partial v_{4}} \cdot \frac{\partial v_{4}}{\partial x}$ "
        r"$\displaystyle {} = 1 \cdot x$ $\displaystyle {} = 1 \cdot 2$ $\displaystyle {} = 2$" in lines
    )
    d = r"\frac{\partial y}{\partial x}"
    assert lines[-1] == rf"$\displaystyle {d}$ $\displaystyle {{}} = 5 + 2 + 2$ $\displaystyle {{}} = 9$"


def test_a_notebook_is_given_nothing_that_its_sanitiser_drops() -> None:
    from IPython.core.formatters import DisplayFormatter

    y, x, _ = example()
    for told in (explain(y, x), explain(y)):
        formats, _ = DisplayFormatter().format(told)  # type: ignore[no-untyped-call]
        assert set(formats) == {"text/plain", "text/markdown"}
        assert not re.search(r"<\w", formats["text/markdown"])
        # Each fraction is as large as on a line of its own.
        for piece in re.findall(r"\$.*?\$", formats["text/markdown"]):
            assert r"\frac" not in piece or piece.startswith(r"$\displaystyle ")


def test_long_products_are_in_pieces_that_fit_a_narrow_window() -> None:
    x = Value(1.0, label="x")
    y = x
    for _ in range(30):
        y = y.sin()
    pieces = re.findall(r"\$.*?\$", explain(y, x).markdown)
    assert max(piece.count(r"\frac") for piece in pieces) == 3
    assert max(piece.count(r"\cdot") for piece in pieces) <= 3


@pytest.mark.parametrize("width", [24, 30, 40, 79])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_lines_are_broken_between_words_only(width: int, lang: str) -> None:
    y, x, _ = example()
    told = explain(y * y.tanh(), x, lang=lang)
    narrow = told.wrapped(width)
    assert "".join(narrow.split()) == "".join(told.text.split())  # nothing is lost
    words = set(re.split(r"[\s，。：；]+", told.text))
    for line in narrow.split("\n"):
        assert columns(line) <= width
        assert not re.match(r"\s*[，。：；）]", line)
        if lang == "en":
            assert set(line.split()) <= words | set(told.text.split())
    assert str(told) == told.wrapped(79)


def test_a_line_of_fewer_than_twenty_columns_is_refused() -> None:
    y, x, _ = example()
    with pytest.raises(ValueError, match="20 or more, not 10"):
        explain(y, x).wrapped(10)


def test_latex_is_a_line_for_each_path_and_one_for_the_sum() -> None:
    y, x, _ = example()
    lines = explain(y, x).latex.splitlines()
    assert (lines[0], lines[-1]) == (r"\begin{aligned}", r"\end{aligned}")
    assert len(lines) == 2 + 2 + 3 + 1  # v3 and v4 are said to be something before the paths
    assert lines[1:3] == [r"v_{3} &= \max\left(0, p\right) = 10 \\", r"v_{4} &= x^{2} = 4 \\"]
    assert all(line.count("&") == 1 for line in lines[1:-1])
    assert lines[-2] == r"\frac{\partial y}{\partial x} &= 5 + 2 + 2 = 9"


def test_names_that_nobody_gave_are_said_to_be_something() -> None:
    w, x = Value(-3.0), Value(2.0, label="x")
    y = (w * x + 6.9).tanh()
    text = explain(y, x).text
    names = set(re.findall(r"v\d+", text))
    defined = re.findall(r"^  (v\d+) = ", text, re.MULTILINE)
    assert names == set(defined)
    assert "  v0 = −3\n  v2 = v0 · x = −6\n  v3 = v2 + 6.9 = 0.9\n  v4 = tanh(v3) = 0.716298\n" in text


def test_what_a_name_is_said_to_be_is_said_to_be_something_too() -> None:
    x, a = Value(2.0, label="x"), Value(3.0)
    y = (a * a + a) * x  # v0 and v1 are no part of the path, nor of its rules
    lines = explain(y, x).text.splitlines()
    assert lines[2:8] == [
        "where",
        "  v0 = 3",
        "  v1 = v0² = 9",
        "  v2 = v1 + v0 = 12",
        "  v4 = v2 · x = 24",
        "",
    ]


def test_of_very_many_names_the_first_are_said_to_be_something() -> None:
    x = Value(0.5, label="x")
    y = x
    for _ in range(400):
        y = y.sin()
    text = explain(y, x).text
    assert len(re.findall(r"^  v\d+ = ", text, re.MULTILINE)) <= 24
    x = Value(0.5, label="x")
    y = x
    for _ in range(40):
        y = (y + x).sin()
    text = explain(y, x, limit=40).text
    assert len(re.findall(r"^  v\d+ = ", text, re.MULTILINE)) == 24
    assert "  … walk(v80) shows the others" in text


def test_the_textbooks_derivatives_of_tanh_and_sigmoid() -> None:
    x = Value(0.9, label="x")
    a, b = x.tanh(), m.sigmoid(x)
    a.label, b.label = "a", "b"
    # 1 - tanh(0.9)**2 and s(0.9) * (1 - s(0.9)), by mpmath
    with mpmath.workdps(30):
        slopes = [1 - mpmath.tanh(0.9) ** 2, 1 / (2 + 2 * mpmath.cosh(0.9))]
    assert f"∂a/∂x = 1 − a² = {float(slopes[0]):.6g}" in explain(a, x).text
    assert f"∂b/∂x = b · (1 − b) = {float(slopes[1]):.6g}" in explain(b, x).text
    assert explain(a, x).derivative == pytest.approx(float(slopes[0]), rel=1e-15)
    assert walk(a)[-1].numbers.text == "∂a/∂x = 1 − 0.716298² = 0.486917"
    assert walk(b)[-1].numbers.text == "∂b/∂x = 0.71095 · 0.28905 = 0.2055"


def test_numbers_are_not_put_into_a_textbooks_rule_that_they_are_too_short_for() -> None:
    x = Value(18.0, label="x")
    a = x.tanh()
    a.label = "a"
    with mpmath.workdps(30):
        slope = float(mpmath.sech(18) ** 2)
    assert walk(a)[-1].rule.text == "∂a/∂x = 1 − a²"
    numbers = walk(a)[-1].numbers.text  # 1 - 1**2 would be 0
    assert numbers.startswith("∂a/∂x = sech²(18) = ")
    assert explain(a, x).derivative == pytest.approx(slope, rel=1e-14)
    assert walk(Value(1.0 - 1e-9).atanh())[-1].numbers.text.startswith("∂v1/∂v0 = 1/(10⁻⁹ · 2) = ")


def test_names_are_those_of_the_callers_variables_as_in_draw() -> None:
    x = Value(2.0)
    weights = [Value(5.0), Value(7.0)]
    hidden = x * weights[0]
    loss = hidden.tanh() + weights[1]
    for told in (explain(loss, x, names=True), explain(loss, x, names=locals())):
        assert told.paths[0].route == "x → hidden → v3 → loss"
        assert told.total.text.startswith("∂loss/∂x = ")
    assert explain(loss, "weights[1]", names=True).derivative == 1.0
    assert walk(loss, names=True)[-1].update is not None
    assert str(walk(loss, names=True)[2].rule) == "hidden = x · weights[0]"
    assert str(walk(loss)[2].rule) == "v2 = v0 · v1"


def test_a_label_comes_before_a_variable() -> None:
    x = Value(2.0, label="speed")
    assert explain(x * x, names=True)[0].total.text == "∂v1/∂speed = 2 + 2 = 4"


def test_an_input_is_told_by_its_name() -> None:
    y, x, p = example()
    assert explain(y, "x").text == explain(y, x).text
    assert explain(y, "p").text == explain(y, p).text
    assert explain(y, "v3").derivative == 1.0


def test_a_name_that_nothing_has_is_told() -> None:
    y, _, _ = example()
    with pytest.raises(ValueError, match=r"is called 'z'; there are 'x', 'w', 'p', 'y'"):
        explain(y, "z")
    with pytest.raises(ValueError, match="give Values a label, or pass the Value"):
        explain(Value(1.0) * Value(2.0), "z")
    a, b = Value(1.0, label="x"), Value(2.0, label="x")
    with pytest.raises(ValueError, match=r"several Values are called 'x'; write one of 'x\[v0\]', 'x\[v1\]'"):
        explain(a * b, "x")
    assert explain(a * b, "x[v1]").derivative == 1.0


def test_without_an_input_all_are_explained() -> None:
    y, x, _ = example()
    told = explain(y)
    assert isinstance(told, Explanations)
    assert [each.derivative for each in told] == [9.0, 2.0]
    assert told[0].total.text == explain(y, x).total.text
    assert [each.derivative for each in told[:1]] == [9.0]
    assert repr(told) == "<Explanations: y by 2 inputs>"
    assert told.text.startswith("The derivatives of y by its 2 inputs.\n\nwhere\n  v3 = max(0, p) = 10\n")
    assert told.text.count("where") == 1
    assert "∂y/∂x = 5 + 2 + 2 = 9" in told.text
    assert told.text.endswith("∂y/∂w = 2")
    assert explain(y, lang="zh").text.startswith("y 对 2 个输入的导数。")
    assert (
        explain(Value(1.0, label="a")).text == "The derivative of a with respect to itself is 1.\n\n∂a/∂a = 1"
    )


def test_of_very_many_inputs_the_first_are_explained() -> None:
    y = sum(Value(float(i), label=f"x{i}") for i in range(30))
    assert isinstance(y, Value)
    told = explain(y)
    assert len(told) == 30
    assert told.text.count("∂v59/∂x") >= 20
    assert "∂v59/∂x20" not in told.text
    assert told.text.split("\n\n")[-1].startswith("10 more inputs: explain(v")


def test_repr_is_short() -> None:
    y, x, _ = example()
    assert isinstance(explain(y, x), Explanation)
    assert repr(explain(y, x)) == "<Explanation: ∂y/∂x = 5 + 2 + 2 = 9, 3 paths>"


def test_mistakes_are_told() -> None:
    x = Value(1.0)
    with pytest.raises(TypeError, match="takes two Values, not 'float'"):
        explain(x, 1.0)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="takes two Values, not 'float'"):
        explain(1.0)  # type: ignore[call-overload]
    with pytest.raises(ValueError, match=r"'en' \(English\) or 'zh' \(Chinese\), not 'de'"):
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
    assert "not one of the Values" in told._repr_markdown_()


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

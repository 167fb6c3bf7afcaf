"""Drawings without Graphviz: trees and tables of text, Mermaid, and the card of a Value in HTML."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, draw
from autograd.nn import MLP


def sample() -> Value:
    x, w = Value(2.0, label="x"), Value(-3.0, label="w")
    y = (x * w + x).tanh()
    y.label = "y"
    y.backward()
    return y


def tokens(text: str) -> list[list[str]]:
    return [re.findall(r"[^\s│├└─]+", line) for line in text.splitlines()]


# Trees of text


def test_a_tree_has_a_line_for_each_value_with_its_numbers_and_local_derivative() -> None:
    x, w = Value(2.0, label="x"), Value(-3.0, label="w")
    y = x * w + 1
    y.backward()
    assert tokens(str(draw(y))) == [
        ["data", "grad", "local"],
        ["+", "1", "-5", "1"],
        ["×", "-6", "1", "1"],
        ["x", "2", "-3", "-3"],
        ["w", "-3", "2", "2"],
    ]


def test_a_value_used_twice_is_shown_in_full_once() -> None:
    text = str(draw(sample()))
    assert len(re.findall(r"─ x +2 ", text)) == 1
    assert len(re.findall(r"─ x, above", text)) == 1


def test_a_value_without_a_name_that_is_used_twice_gets_one() -> None:
    a = Value(3.0)
    b = a.exp()
    text = draw(b * b).text()
    assert "exp v1 " in text
    assert "v1, above" in text


def test_the_columns_of_a_tree_stand_below_each_other() -> None:
    lines = str(draw(sample())).splitlines()
    ends = {line.rindex(" 2") for line in lines if re.search(r"x +2 ", line)}
    assert len(ends) == 1
    assert lines[0].index("data") < lines[0].index("grad") < lines[0].index("local")


def test_a_deep_graph_is_no_wider_than_a_shallow_one() -> None:
    y = Value(1.0, label="start")
    for _ in range(300):
        y = y + 1
    lines = draw(y).text().splitlines()
    assert max(map(len, lines)) < 100
    assert sum(", below" in line for line in lines) == 300 // 16
    assert sum("start" in line for line in lines) == 1


def test_labels_of_any_kind_stay_on_their_line() -> None:
    text = draw(Value(1.0, label="two\nlines\x1b[31m") * 2).text()
    assert len(text.splitlines()) == 3
    assert "\x1b" not in text


def test_a_network_is_a_table_by_layers() -> None:
    net = MLP(2, [3, 1], activation="tanh", seed=1)
    loss = (net([0.5, -1.0]) - 1) ** 2
    loss.backward()
    text = draw(loss, module=net).text()
    assert [line for line in text.splitlines() if not line.startswith(" ")][:3] == [
        "inputs", "layer 0", "layer 1",
    ]  # fmt: skip
    (line,) = [line for line in text.splitlines() if "L0.n1" in line]
    out = net.layers[0]([0.5, -1.0])[1]
    assert f"out {out.data:.4g}" in line


# Mermaid


def test_mermaid_has_every_card_and_arrow() -> None:
    drawing = draw(sample())
    text = drawing.mermaid()
    assert text.startswith("flowchart LR\n")
    nodes = dict(re.findall(r'^  (v\d+)\["(.*)"\]$', text, re.MULTILINE))
    slope = 1 - math.tanh(2 * -3 + 2) ** 2  # dy/dx = slope * (w + 1)
    assert nodes["v0"] == f"<b>x</b><br/>data 2<br/>grad {slope * -2:.4g}"
    assert nodes["v1"] == f"<b>w</b><br/>data -3<br/>grad {slope * 2:.4g}"
    assert len(nodes) == 5
    arrows = re.findall(r'^  (v\d) (-->|--o)\|"(.*)"\| (v\d)$', text, re.MULTILINE)
    assert [(a, d) for a, _, _, d in arrows] == [
        ("v0", "v2"), ("v1", "v2"), ("v2", "v3"), ("v0", "v3"), ("v3", "v4"),
    ]  # fmt: skip
    assert len(re.findall(r"^  linkStyle \d ", text, re.MULTILINE)) == 5
    assert "class v0 input" in text
    assert "class v1 parameter" in text


def test_mermaid_tells_signs_without_colours() -> None:
    x = Value(2.0)
    y = x * -3 + x
    y.backward()
    assert re.findall(r"v0 (-->|--o)", draw(y).mermaid()) == ["--o", "-->"]


def test_mermaid_has_frames_for_layers_and_follows_the_theme() -> None:
    net = MLP(2, [3, 1], seed=1)
    text = draw(net, theme="dark", rankdir="TB").mermaid()
    assert text.startswith("flowchart TB\n")
    assert re.findall(r'subgraph \w+\["(.*)"\]', text) == ["inputs", "layer 0", "layer 1"]
    assert text.count("subgraph") == len(re.findall(r"^ *end$", text, re.MULTILINE))
    assert "color:#f1f5f9" in text


@given(st.text(max_size=50))
def test_no_label_is_markup_in_mermaid(label: str) -> None:
    text = draw(Value(1.0, label=label)).mermaid()
    (shown,) = re.findall(r'^  v0\["(.*)<br/>data 1<br/>grad 0"\]$', text, re.MULTILINE) or [""]
    inside = shown.removeprefix("<b>").removesuffix("</b>")
    assert not set(inside) & set("<>\"'`[]{}()|&*_~$%\\\n")
    assert text.count("\n") == draw(Value(1.0, label="x")).mermaid().count("\n")


def test_a_markdown_file_has_a_fence_around_it() -> None:
    drawing = draw(sample())
    assert drawing._content("md").decode() == f"```mermaid\n{drawing.mermaid()}```\n"


# The card of a Value


def cells(value: Value) -> list[str]:
    return ["".join(cell.itertext()) for cell in ET.fromstring(value._repr_html_()).iter("td")]


def test_the_card_of_a_value_has_label_number_gradient_and_operation() -> None:
    a, b = Value(2.0, label="a"), Value(0.1)
    y = a * b
    y.label = "y"
    y.backward()
    assert cells(y) == ["y", "data", "0.2", "grad", "1.0", "× of a = 2, 0.1"]
    assert cells(a) == ["a", "data", "2.0", "grad", "0.1"]
    assert cells(a**3) == ["data", "8.0", "grad", "0.0", "^ of a = 2, 3"]


def test_the_card_of_a_value_is_small_however_large_the_graph() -> None:
    y = Value(1.0)
    for _ in range(100_000):
        y = y + 1.0
    assert len(y._repr_html_()) < 2000


@pytest.mark.parametrize("label", ["</script><b>x", "a\"b'c", "&amp;", "$x^2$", "😀 中文", "two\nlines"])
def test_any_label_stands_on_the_card_as_typed(label: str) -> None:
    value = Value(1.0, label=label)
    assert cells(value)[0] == label.replace("\n", r"\n")
    assert "<b>x" not in value._repr_html_()
    assert "$" not in value._repr_html_()
    assert cells(value + 1)[-1].startswith("+ of ")


def test_in_a_terminal_a_value_is_shown_as_before() -> None:
    assert repr(Value(1.0, label="x")) == "Value(data=1.0, grad=0.0, label='x')"

"""Drawings in the language of Mermaid."""

from __future__ import annotations

import math
import re

from drawn import sample
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value, draw
from autograd.nn import MLP


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

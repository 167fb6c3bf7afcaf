"""Pictures in a real browser: text stays inside its card, and a wide picture inside its cell."""

from __future__ import annotations

import base64
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from selenium import webdriver

from autograd import Value, draw
from autograd.drawing import Drawing

sys.path.append(str(Path(__file__).parents[1]))
from graphs import GRAPHS

CELL = 600
TEXTS_OUTSIDE = """
const outside = [], nodes = [...document.querySelectorAll("g.node")];
for (const node of nodes) {
  const shapes = [...node.querySelectorAll("polygon, path")].map((x) => x.getBoundingClientRect());
  const left = Math.min(...shapes.map((b) => b.left)), right = Math.max(...shapes.map((b) => b.right));
  const top = Math.min(...shapes.map((b) => b.top)), bottom = Math.max(...shapes.map((b) => b.bottom));
  for (const text of node.querySelectorAll("text")) {
    const b = text.getBoundingClientRect();
    const sticks_out = Math.max(left - b.left, b.right - right, top - b.top, b.bottom - bottom);
    if (text.textContent.trim() && sticks_out > 1.5) outside.push([text.textContent, sticks_out]);
  }
}
return [nodes.length, outside];
"""


def chain(length: int) -> Value:
    y = Value(0.5, label="x")
    for _ in range(length):
        y = (y * 2.0).tanh()
    return y


@pytest.mark.parametrize(("length", "shrunk"), [(1, False), (12, True)])
def test_a_picture_is_no_wider_than_its_cell(
    window: webdriver.Chrome, tmp_path: Path, length: int, shrunk: bool
) -> None:
    svg = draw(chain(length))._repr_mimebundle_()[0]["image/svg+xml"]
    address = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
    inline = svg.partition("?>")[2]
    page = tmp_path / "cells.html"
    page.write_text(
        f'<meta charset="utf-8"><div style="width:{CELL}px">{inline}</div>'
        f'<div style="width:{CELL}px"><img src="{address}"></div>',
        encoding="utf-8",
    )
    window.get(page.as_uri())
    shown = window.execute_script(
        "return [...document.querySelectorAll('div > svg, img')].map((x) => {"
        "  const {width, height} = x.getBoundingClientRect(); return [width, height]; })"
    )
    assert len(shown) == 2
    for width, height in shown:
        assert width == pytest.approx(CELL, abs=1) if shrunk else width < CELL - 50
        assert 5 < height < width


@pytest.mark.parametrize("make", GRAPHS.values(), ids=list(GRAPHS))
def test_text_stays_inside_its_card(
    window: webdriver.Chrome, tmp_path: Path, make: Callable[[], Drawing]
) -> None:
    page = tmp_path / "graph.html"
    page.write_text('<meta charset="utf-8">' + make().svg().partition("?>")[2], encoding="utf-8")
    window.get(page.as_uri())
    cards, outside = window.execute_script(TEXTS_OUTSIDE)
    assert cards > 0
    assert outside == []

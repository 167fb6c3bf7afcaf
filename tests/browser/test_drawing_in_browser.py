"""Pictures in a real browser: text stays inside its card, and what is too wide for its cell scrolls."""

from __future__ import annotations

import base64
import io
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.by import By

from autograd import Value, draw
from autograd.drawing import Drawing, DrawingError, output

sys.path.append(str(Path(__file__).parents[1]))
from graphs import GRAPHS

CELL, JUPYTER = 600, 760  # pixels
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


SHOWN = """
return [...document.querySelectorAll("div")].map((x) => {
  const picture = x.querySelector("svg, img"), text = x.querySelector("text");
  return [picture.getBoundingClientRect().width, x.scrollWidth > x.clientWidth,
          text ? text.getBoundingClientRect().height : 0];
});
"""


@pytest.mark.parametrize(("length", "scrolls"), [(1, False), (12, True)])
def test_a_picture_fits_its_cell_or_that_scrolls_where_it_could_not_be_read(
    window: webdriver.Chrome, tmp_path: Path, length: int, scrolls: bool
) -> None:
    drawing = draw(chain(length))
    bundle, how = drawing._repr_mimebundle_()
    assert how["image/svg+xml"] == {"unconfined": True}
    address = "data:image/svg+xml;base64," + base64.b64encode(bundle["image/svg+xml"].encode()).decode()
    page = tmp_path / "cells.html"
    style = f"width:{CELL}px;overflow:auto"
    page.write_text(
        f'<meta charset="utf-8"><div style="{style}">{drawing.svg().partition("?>")[2]}</div>'
        f'<div style="width:{JUPYTER}px;overflow:auto"><img src="{address}"></div>',
        encoding="utf-8",
    )
    window.get(page.as_uri())
    (_, inline_scrolls, letters), (_, image_scrolls, _) = window.execute_script(SHOWN)
    assert (inline_scrolls, image_scrolls) == (scrolls, scrolls)
    assert letters > 9.5  # pixels, from the highest to the lowest


def test_in_a_dark_page_of_jupyter_a_picture_is_dark(window: webdriver.Chrome, tmp_path: Path) -> None:
    drawing = draw(chain(1), theme="auto")
    page = tmp_path / "themes.html"
    for dark, background in (("false", [15, 23, 42]), ("true", [255, 255, 255])):
        page.write_text(
            f'<meta charset="utf-8"><body data-jp-theme-light="{dark}">'
            + drawing._repr_mimebundle_()[0]["text/html"],
            encoding="utf-8",
        )
        window.get(page.as_uri())
        image = window.find_element(By.CSS_SELECTOR, "img")
        shown = Image.open(io.BytesIO(image.screenshot_as_png)).convert("RGB")
        assert np.asarray(shown)[-6, shown.width // 2].tolist() == background


@pytest.fixture(params=["graphviz", "none"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "none":
        monkeypatch.setattr(output, "make_picture", missing)


def missing(source: str, kind: str, engine: str = "dot") -> bytes:
    raise DrawingError("a picture needs Graphviz; install it")


@pytest.mark.usefixtures("engine")
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
